/* SPDX-License-Identifier: Apache-2.0 */
/* F14: the ledger of the year's survey and grading (GZ-7): what the survey
 * found, what the scores say, what the committee's meeting concluded. */
#include "report/forms/forms.h"

enum { BEFORE = 6, AFTER = 7 };

void f14_make(struct doc *doc, const struct graded_list *in)
{
	static const struct doc_column before[BEFORE] = {
		{"序号", 11, DOC_CENTER}, {"党组织名称", 34, DOC_LEFT}, {"类别", 20, DOC_CENTER},
		{"党员数", 16, DOC_CENTER}, {"书记姓名", 19, DOC_CENTER}, {"调查摸底发现的问题", 42, DOC_LEFT},
	};
	static const struct doc_column after[AFTER] = {
		{"综合得分", 19, DOC_CENTER}, {"等次", 13, DOC_CENTER}, {"星级", 17, DOC_CENTER},
		{"党委会议研究意见", 38, DOC_LEFT}, {"下年目标", 24, DOC_LEFT}, {"整改措施", 32, DOC_LEFT},
		{"责任人", 17, DOC_CENTER},
	};
	struct doc_column columns[DOC_COLUMNS_MAX];
	int n = 0;
	for (int i = 0; i < BEFORE; i++)
		columns[n++] = before[i];
	for (int i = 0; i < in->n_sources; i++)
		columns[n++] = (struct doc_column){in->sources[i], 16, DOC_CENTER};
	for (int i = 0; i < AFTER; i++)
		columns[n++] = after[i];
	doc_init(doc, "F14", "基层党组织调查摸底和分类定级台账");
	doc_sheet(doc, "台账", true, true);
	doc_draft(doc, in->draft);
	doc_title(doc, "基层党组织调查摸底和分类定级台账");
	form_heads(doc, &in->head, &(struct doc_head){"依据：", in->scheme, false});
	doc_table(doc, n, columns);
	for (int i = 0; i < in->n && !in->head.blank; i++) {
		const struct graded_org *o = &in->orgs[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, o->name);
		doc_org(doc, o->id);
		doc_text(doc, o->category);
		form_number(doc, o->members);
		doc_text(doc, o->secretary);
		doc_text(doc, o->findings);
		for (int s = 0; s < in->n_sources; s++)
			form_score(doc, o->scores ? o->scores[s] : NULL);
		form_score(doc, o->score);
		doc_text(doc, o->grade < 0 ? NULL : in->grades[o->grade]);
		doc_text(doc, form_stars(o->stars));
		doc_text(doc, o->decision);
		doc_text(doc, o->goal);
		doc_text(doc, o->measures);
		doc_text(doc, o->owner);
	}
	if (in->head.blank || in->n == 0)
		form_blank_rows(doc, n, FORM_BLANK_ROWS);
	form_signs(doc);
}
