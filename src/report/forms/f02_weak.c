/* SPDX-License-Identifier: Apache-2.0 */
/* F2 and F3: exactly as annexes 2 and 3 of the source (LD-11). */
#include "report/forms/forms.h"

void f02_make(struct doc *doc, const struct f02 *in)
{
	static const struct doc_column columns[] = {
		{"序号", 14, DOC_CENTER}, {"软弱涣散基层党组织名称", 62, DOC_LEFT},
		{"党员数", 18, DOC_CENTER}, {"主要问题", 100, DOC_LEFT},
		{"党组织书记姓名", 30, DOC_CENTER}, {"党组织书记联系方式", 43, DOC_CENTER},
	};
	doc_init(doc, "F2", "软弱涣散基层党组织简要情况一览表");
	doc_sheet(doc, "一览表", true, true);
	doc_para(doc, DOC_ANNEX, "附件2");
	doc_title(doc, "软弱涣散基层党组织简要情况一览表");
	form_heads(doc, &in->head, NULL);
	doc_table(doc, 6, columns);
	for (int i = 0; i < in->n && !in->head.blank; i++) {
		const struct weak_org *o = &in->orgs[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, o->name);
		doc_org(doc, o->org);
		form_number(doc, o->members);
		doc_text(doc, o->problems);
		doc_text(doc, o->secretary);
		doc_text(doc, o->phone);
	}
	if (in->head.blank || in->n == 0)
		form_blank_rows(doc, 6, FORM_BLANK_ROWS);
}

void f03_make(struct doc *doc, const struct f02 *in)
{
	static const struct doc_column columns[] = {
		{"序号", 14, DOC_CENTER}, {"村党组织名称", 50, DOC_LEFT}, {"党员数", 16, DOC_CENTER},
		{"主要问题", 58, DOC_LEFT}, {"整顿措施", 58, DOC_LEFT},
		{"换届选举完成时间", 24, DOC_CENTER}, {"党组织书记姓名", 22, DOC_CENTER},
		{"党组织书记联系方式", 30, DOC_CENTER},
	};
	doc_init(doc, "F3", "党组织换届选举难点村简要情况一览表");
	doc_sheet(doc, "一览表", true, true);
	doc_para(doc, DOC_ANNEX, "附件3");
	doc_title(doc, "党组织换届选举难点村简要情况一览表");
	form_heads(doc, &in->head, NULL);
	doc_table(doc, 8, columns);
	for (int i = 0; i < in->n && !in->head.blank; i++) {
		const struct weak_org *o = &in->orgs[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, o->name);
		doc_org(doc, o->org);
		form_number(doc, o->members);
		doc_text(doc, o->problems);
		doc_text(doc, o->measures);
		doc_text(doc, o->election);
		doc_text(doc, o->secretary);
		doc_text(doc, o->phone);
	}
	if (in->head.blank || in->n == 0)
		form_blank_rows(doc, 8, FORM_BLANK_ROWS);
}
