/* SPDX-License-Identifier: Apache-2.0 */
/* F5: the quantified score sheet of one organisation (ZJ-9): 100 points,
 * watched and confirmed by the resident cadre, sealed. And the standards of a
 * field, once for all its organisations (XN-5). */
#include "report/forms/forms.h"

/* Lines of the same indicator after this one, with it. */
static int lines_of(const struct f05_line *lines, int n, int from)
{
	int same = 1;
	while (from + same < n && lines[from + same].indicator == lines[from].indicator)
		same++;
	return same;
}

/* What is asked, and how many points it is worth. */
static void put_asked(struct doc *doc, const struct f05_line *lines, int n, int i)
{
	const struct f05_line *l = &lines[i];
	doc_row(doc);
	doc_row_height(doc, 11);
	if (i == 0 || lines[i - 1].indicator != l->indicator) {
		doc_text(doc, l->indicator);
		doc_span(doc, l->item ? 1 : 2, lines_of(lines, n, i));
		doc_align(doc, DOC_CENTER);
	}
	if (l->item)
		doc_text(doc, l->item);
	doc_text(doc, l->notes);
	form_points(doc, l->max_e4);
}

/* The foot's label, and what all lines are worth. */
static void put_total_of(struct doc *doc, const struct f05_line *lines, int n)
{
	int64_t max = 0;
	for (int i = 0; i < n; i++)
		max += lines[i].max_e4;
	doc_row(doc);
	doc_row_height(doc, 11);
	doc_text(doc, "合计");
	doc_span(doc, 3, 1);
	doc_align(doc, DOC_CENTER);
	doc_bold(doc);
	form_points(doc, max);
}

static void put_line(struct doc *doc, const struct f05 *in, const struct f05_org *o, int i)
{
	const struct f05_line *l = &o->lines[i];
	put_asked(doc, o->lines, o->n, i);
	form_points(doc, in->head.blank ? FORM_UNKNOWN : l->self_e4);
	form_points(doc, in->head.blank ? FORM_UNKNOWN : l->committee_e4);
}

static void put_total(struct doc *doc, const struct f05 *in, const struct f05_org *o)
{
	int64_t self = 0, committee = 0;
	bool self_whole = o->n > 0 && !in->head.blank, committee_whole = self_whole;
	for (int i = 0; i < o->n; i++) {
		const struct f05_line *l = &o->lines[i];
		self += l->self_e4;
		committee += l->committee_e4;
		self_whole &= l->self_e4 != FORM_UNKNOWN;
		committee_whole &= l->committee_e4 != FORM_UNKNOWN;
	}
	put_total_of(doc, o->lines, o->n);
	form_points(doc, self_whole ? self : FORM_UNKNOWN);
	form_points(doc, committee_whole ? committee : FORM_UNKNOWN);
}

static void put_sheet(struct doc *doc, const struct f05 *in, const struct f05_org *o)
{
	static const struct doc_column columns[] = {
		{"指标", 26, DOC_CENTER}, {"内容", 42, DOC_LEFT}, {"评分说明", 60, DOC_LEFT},
		{"分值", 14, DOC_CENTER}, {"自评得分", 19, DOC_CENTER}, {"党委评定得分", 19, DOC_CENTER},
	};
	const struct doc_head name = {"党组织名称：", o->name, false, NULL, o->org};
	const struct doc_head heads[] = {{"类别：", o->category, false},
					 {"填表时间：", in->head.blank ? NULL : in->head.day, true}};
	static const struct doc_head signs[] = {{"党组织书记签字：", NULL, false},
						{"包村干部签字：", NULL, false}, {"（党组织盖章）", NULL, false}};
	doc_sheet(doc, o->name ? o->name : "评分表", false, true);
	doc_draft(doc, in->head.blank ? NULL : o->draft);
	if (in->head.year)
		doc_title(doc, "%d年度基层党组织分类定级量化评分表", in->head.year);
	else
		doc_title(doc, "基层党组织分类定级量化评分表");
	doc_heads(doc, 1, &name);
	doc_heads(doc, 2, heads);
	doc_table(doc, 6, columns);
	for (int i = 0; i < o->n; i++)
		put_line(doc, in, o, i);
	put_total(doc, in, o);
	doc_signs(doc, 3, signs);
}

void f05_make(struct doc *doc, const struct f05 *in)
{
	doc_init(doc, "F5", "基层党组织分类定级量化评分表");
	for (int i = 0; i < in->n; i++)
		put_sheet(doc, in, &in->orgs[i]);
}

/* ---- the standards ---- */

static void put_grades(struct doc *doc, const struct f05_standard *in)
{
	doc_row(doc);
	doc_row_height(doc, 9);
	doc_text(doc, "等次");
	doc_align(doc, DOC_CENTER);
	doc_bold(doc);
	doc_text(doc, "综合得分");
	doc_align(doc, DOC_CENTER);
	doc_bold(doc);
	doc_text(doc, "下一年目标");
	doc_span(doc, 2, 1);
	doc_align(doc, DOC_CENTER);
	doc_bold(doc);
	for (int g = 0; g < in->n_grades; g++) {
		doc_row(doc);
		doc_row_height(doc, 9);
		doc_text(doc, in->grades[g].label);
		doc_align(doc, DOC_CENTER);
		doc_text(doc, in->grades[g].range);
		doc_align(doc, DOC_CENTER);
		doc_text(doc, in->grades[g].goal);
		doc_span(doc, 2, 1);
	}
}

static void put_field(struct doc *doc, const struct f05_standard *in, const struct f05_field *field)
{
	static const struct doc_column columns[] = {
		{"指标", 28, DOC_CENTER}, {"内容", 44, DOC_LEFT}, {"参考标准", 90, DOC_LEFT}, {"分值", 18, DOC_CENTER},
	};
	const struct doc_head heads[] = {{"领域：", field->category, false, NULL, 0},
					 {"适用党组织：", field->n_orgs, false, field->figure, 0}};
	doc_sheet(doc, field->category, false, true);
	doc_title(doc, "基层党组织分类定级参考标准");
	doc_heads(doc, 2, heads);
	doc_heads(doc, 1, &(struct doc_head){"依据：", in->scheme, false, NULL, 0});
	doc_table(doc, 4, columns);
	for (int i = 0; i < field->n; i++)
		put_asked(doc, field->lines, field->n, i);
	put_total_of(doc, field->lines, field->n);
	put_grades(doc, in);
	doc_para(doc, DOC_NOTE, "注：各党委（工委）参照本标准，结合实际制定和细化本地标准。");
}

void f05_standards_make(struct doc *doc, const struct f05_standard *in)
{
	doc_init(doc, "F5", "各领域分类定级参考标准");
	for (int i = 0; i < in->n; i++)
		put_field(doc, in, &in->fields[i]);
}
