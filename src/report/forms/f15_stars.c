/* SPDX-License-Identifier: Apache-2.0 */
/* F15: who gets how many stars, one sheet for each level that approves them
 * (ZJ-5). */
#include <stdio.h>

#include "report/forms/forms.h"

enum { COLUMNS = 8 };

static int put_orgs(struct doc *doc, const struct graded_list *in, int level, int stars, int number)
{
	for (int i = 0; i < in->n; i++) {
		const struct graded_org *o = &in->orgs[i];
		if (o->approval != level || o->stars != stars)
			continue;
		doc_row(doc);
		doc_int(doc, ++number);
		doc_text(doc, o->name);
		doc_org(doc, o->id);
		doc_text(doc, o->parent);
		doc_text(doc, o->category);
		form_score(doc, o->score);
		doc_text(doc, o->grade < 0 ? NULL : in->grades[o->grade]);
		doc_text(doc, form_stars(o->stars));
		doc_text(doc, o->approved);
	}
	return number;
}

/* "合计：五星级 3 个，四星级 2 个": what the signature stands for. */
static void put_totals(struct doc *doc, const struct graded_list *in, int level)
{
	const char *between = "";
	doc_para(doc, DOC_NOTE, "合计：");
	for (int stars = 5; stars >= 0; stars--) {
		char figure[32];
		int n = 0;
		for (int i = 0; i < in->n; i++)
			n += in->orgs[i].approval == level && in->orgs[i].stars == stars;
		if (!n)
			continue;
		snprintf(figure, sizeof(figure), "stars%d-%d", stars, level);
		doc_add(doc, "%s%s ", between, form_stars(stars));
		doc_add_figure(doc, n, figure);
		doc_add(doc, " 个");
		between = "，";
	}
	doc_add(doc, "。");
}

static bool has(const struct graded_list *in, int level)
{
	for (int i = 0; i < in->n; i++)
		if (in->orgs[i].approval == level)
			return true;
	return false;
}

static void put_level(struct doc *doc, const struct graded_list *in, const char *level, int at)
{
	static const struct doc_column columns[COLUMNS] = {
		{"序号", 12, DOC_CENTER}, {"党组织名称", 58, DOC_LEFT}, {"上级党组织", 34, DOC_LEFT},
		{"类别", 24, DOC_CENTER}, {"综合得分", 18, DOC_CENTER}, {"等次", 16, DOC_CENTER},
		{"星级", 20, DOC_CENTER}, {"审定意见", 36, DOC_LEFT},
	};
	int number = 0;
	doc_sheet(doc, level, true, true);
	doc_draft(doc, in->draft);
	doc_title(doc, "基层党组织评星结果（%s审定）", level);
	form_heads(doc, &in->head, NULL);
	doc_table(doc, COLUMNS, columns);
	for (int stars = 5; stars >= 0 && !in->head.blank; stars--)
		number = put_orgs(doc, in, at, stars, number);
	if (in->head.blank || number == 0)
		form_blank_rows(doc, COLUMNS, FORM_BLANK_ROWS);
	else
		put_totals(doc, in, at);
	doc_signs(doc, 2, (struct doc_head[]){{"审定单位负责人签字：", NULL, false}, {"（盖章）", NULL, false}});
}

void f15_make(struct doc *doc, const struct graded_list *in)
{
	int sheets = 0;
	doc_init(doc, "F15", "基层党组织评星结果");
	for (int l = 0; l < in->n_levels; l++)
		if (in->head.blank ? in->approving >> l & 1 : has(in, l)) {
			put_level(doc, in, in->levels[l], l);
			sheets++;
		}
	if (sheets == 0)
		put_level(doc, in, "上级", FORM_UNKNOWN);
}
