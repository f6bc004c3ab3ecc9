/* SPDX-License-Identifier: Apache-2.0 */
/* F4: the results a committee hands in, signed and sealed (ZJ-14). */
#include <stdio.h>

#include "report/forms/forms.h"

enum { BEFORE_SOURCES = 5, AFTER_SOURCES = 5 };

static int set_columns(const struct graded_list *in, struct doc_column *columns)
{
	static const struct doc_column before[BEFORE_SOURCES] = {
		{"序号", 12, DOC_CENTER}, {"党组织名称", 51, DOC_LEFT}, {"类别", 24, DOC_CENTER},
		{"书记姓名", 20, DOC_CENTER}, {"党员数", 16, DOC_CENTER},
	};
	static const struct doc_column after[AFTER_SOURCES] = {
		{"综合得分", 20, DOC_CENTER}, {"等次", 15, DOC_CENTER}, {"星级", 18, DOC_CENTER},
		{"排名", 12, DOC_CENTER}, {"备注", 26, DOC_LEFT},
	};
	int n = 0;
	for (int i = 0; i < BEFORE_SOURCES; i++)
		columns[n++] = before[i];
	for (int i = 0; i < in->n_sources; i++)
		columns[n++] = (struct doc_column){in->sources[i], 20, DOC_CENTER};
	for (int i = 0; i < AFTER_SOURCES; i++)
		columns[n++] = after[i];
	return n;
}

static void put_org(struct doc *doc, const struct graded_list *in, int i)
{
	const struct graded_org *o = &in->orgs[i];
	doc_row(doc);
	doc_int(doc, i + 1);
	doc_text(doc, o->name);
	doc_org(doc, o->id);
	doc_text(doc, o->category);
	doc_text(doc, o->secretary);
	form_number(doc, o->members);
	for (int s = 0; s < in->n_sources; s++)
		form_score(doc, o->scores ? o->scores[s] : NULL);
	form_score(doc, o->score);
	doc_text(doc, o->grade < 0 ? NULL : in->grades[o->grade]);
	doc_text(doc, form_stars(o->stars));
	form_number(doc, o->rank > 0 ? o->rank : FORM_UNKNOWN);
	doc_text(doc, o->note);
}

/* "好 6 个，占 25.0%" in one cell a grade, spread over the row. */
static void put_totals(struct doc *doc, const struct graded_list *in, int n_columns)
{
	int graded = 0, left = n_columns - 2;
	for (int i = 0; i < in->n; i++)
		graded += in->orgs[i].grade >= 0;
	doc_row(doc);
	doc_row_height(doc, 10);
	doc_text(doc, "合计");
	doc_span(doc, 2, 1);
	doc_bold(doc);
	for (int g = 0; g < in->n_grades; g++) {
		int n = graded_count(in, g), across = left / (in->n_grades - g);
		char figure[24];
		left -= across;
		if (in->head.blank || !graded) {
			doc_textf(doc, "%s　　个，占　　%%", in->grades[g]);
		} else {
			int64_t share = form_share_e1(n, graded);
			doc_textf(doc, "%s %d 个，占 %lld.%lld%%", in->grades[g], n,
				  (long long)(share / 10), (long long)(share % 10));
			snprintf(figure, sizeof(figure), "grade%d", g);
			doc_figure(doc, figure);
		}
		doc_span(doc, across, 1);
		doc_align(doc, DOC_CENTER);
	}
}

void f04_make(struct doc *doc, const struct graded_list *in)
{
	struct doc_column columns[DOC_COLUMNS_MAX];
	int n = set_columns(in, columns);
	const struct doc_head signs[] = {{"党委书记签字：", NULL, false}, {"（盖章）", NULL, false},
					 {"填报时间：", in->head.blank ? NULL : in->head.day, true}};

	doc_init(doc, "F4", "基层党组织分类定级结果汇总表");
	doc_sheet(doc, "结果汇总表", true, true);
	doc_draft(doc, in->draft);
	doc_title(doc, "基层党组织分类定级结果汇总表");
	form_heads(doc, &in->head, &(struct doc_head){"依据：", in->scheme, false});
	doc_table(doc, n, columns);
	for (int i = 0; i < in->n && !in->head.blank; i++)
		put_org(doc, in, i);
	if (in->head.blank || in->n == 0)
		form_blank_rows(doc, n, FORM_BLANK_ROWS);
	if (in->n_grades > 0)
		put_totals(doc, in, n);
	doc_signs(doc, 3, signs);
}
