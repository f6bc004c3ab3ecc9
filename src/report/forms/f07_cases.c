/* SPDX-License-Identifier: Apache-2.0 */
/* F7, F8: the organisations to be rectified, as lists (XN-5, HN-3). */
#include <stddef.h>

#include "base/buf.h"
#include "report/forms/forms.h"

enum { F07_COLUMNS = 14, F08_COLUMNS = 10 };

/* One text of all problems, a line each, by the problem's number: "1.…" */
static void put_joined(struct doc *doc, const struct form_case *c, size_t offset)
{
	AUTO(buf) struct buf b = {0};
	for (int i = 0; i < c->n; i++) {
		const char *text = *(const char *const *)((const char *)&c->problems[i] + offset);
		if (!text || !*text)
			continue;
		if (c->n > 1)
			buf_addf(&b, "%s%d.%s", b.len ? "\n" : "", i + 1, text);
		else
			buf_adds(&b, text);
	}
	doc->failed |= b.failed;
	doc_text(doc, buf_str(&b));
}

void f07_make(struct doc *doc, const struct case_list *in)
{
	static const struct doc_column columns[F07_COLUMNS] = {
		{"序号", 12, DOC_CENTER}, {"所属党委", 20, DOC_CENTER}, {"党组织名称", 28, DOC_LEFT},
		{"类别", 14, DOC_CENTER}, {"党员数", 15, DOC_CENTER}, {"书记姓名", 18, DOC_CENTER},
		{"最近定级", 18, DOC_CENTER}, {"定级得分", 18, DOC_CENTER}, {"以往定级", 37, DOC_LEFT},
		{"主要问题", 34, DOC_LEFT}, {"原因分析", 28, DOC_LEFT}, {"整顿措施", 32, DOC_LEFT},
		{"联系领导", 18, DOC_CENTER}, {"整顿时限", 22, DOC_CENTER},
	};
	doc_init(doc, "F7", "全县重点整顿的后进党组织调查摸底表");
	doc_sheet(doc, "调查摸底表", true, true);
	doc_title(doc, "全县重点整顿的后进党组织调查摸底表");
	form_heads(doc, &in->head, NULL);
	doc_table(doc, F07_COLUMNS, columns);
	for (int i = 0; i < in->n && !in->head.blank; i++) {
		const struct form_case *c = &in->cases[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, c->parent);
		doc_text(doc, c->name);
		doc_org(doc, c->org);
		doc_text(doc, c->category);
		form_number(doc, c->members);
		doc_text(doc, c->secretary);
		doc_text(doc, c->graded);
		form_score(doc, c->score);
		doc_text(doc, c->before);
		put_joined(doc, c, offsetof(struct form_problem, text));
		put_joined(doc, c, offsetof(struct form_problem, cause));
		put_joined(doc, c, offsetof(struct form_problem, measure));
		doc_text(doc, c->leader);
		doc_text(doc, c->until);
	}
	if (in->head.blank || in->n == 0)
		form_blank_rows(doc, F07_COLUMNS, FORM_BLANK_ROWS);
	doc_signs(doc, 2, (struct doc_head[]){{"党委书记签字：", NULL, false}, {"（盖章）", NULL, false}});
}

static void put_problem(struct doc *doc, const struct form_case *c, int number, int i)
{
	const struct form_problem *p = i < c->n ? &c->problems[i] : &(const struct form_problem){0};
	doc_row(doc);
	if (i == 0) {
		doc_int(doc, number);
		doc_span(doc, 1, c->n > 1 ? c->n : 1);
		doc_text(doc, c->name);
		doc_org(doc, c->org);
		doc_span(doc, 1, c->n > 1 ? c->n : 1);
	}
	doc_text(doc, p->text);
	doc_text(doc, p->measure);
	doc_text(doc, p->goal);
	doc_text(doc, p->leader ? p->leader : c->leader);
	doc_text(doc, p->owner);
	doc_text(doc, p->deadline);
	doc_text(doc, p->progress);
	doc_text(doc, p->done);
}

void f08_make(struct doc *doc, const struct case_list *in)
{
	static const struct doc_column columns[F08_COLUMNS] = {
		{"序号", 11, DOC_CENTER}, {"党组织名称", 33, DOC_LEFT}, {"存在问题", 39, DOC_LEFT},
		{"整顿措施", 43, DOC_LEFT}, {"整顿目标", 32, DOC_LEFT}, {"责任领导", 22, DOC_CENTER},
		{"责任人", 24, DOC_CENTER}, {"完成时限", 24, DOC_CENTER}, {"进展情况", 30, DOC_LEFT},
		{"是否销号", 12, DOC_CENTER},
	};
	doc_init(doc, "F8", "菜单式整顿台账");
	doc_sheet(doc, "整顿台账", true, true);
	doc_title(doc, "软弱涣散基层党组织菜单式整顿台账");
	form_heads(doc, &in->head, NULL);
	doc_table(doc, F08_COLUMNS, columns);
	for (int i = 0; i < in->n && !in->head.blank; i++)
		for (int p = 0; p < (in->cases[i].n ? in->cases[i].n : 1); p++)
			put_problem(doc, &in->cases[i], i + 1, p);
	if (in->head.blank || in->n == 0)
		form_blank_rows(doc, F08_COLUMNS, FORM_BLANK_ROWS);
	form_signs(doc);
}
