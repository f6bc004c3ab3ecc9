/* SPDX-License-Identifier: Apache-2.0 */
/* F5: the quantified score sheet of one organisation (ZJ-9): 100 points,
 * watched and confirmed by the resident cadre, sealed. */
#include "report/forms/forms.h"

/* Lines of the same indicator after this one, with it. */
static int lines_of(const struct f05_org *o, int from)
{
	int n = 1;
	while (from + n < o->n && o->lines[from + n].indicator == o->lines[from].indicator)
		n++;
	return n;
}

static void put_line(struct doc *doc, const struct f05 *in, const struct f05_org *o, int i)
{
	const struct f05_line *l = &o->lines[i];
	bool first = i == 0 || o->lines[i - 1].indicator != l->indicator;
	doc_row(doc);
	doc_row_height(doc, 11);
	if (first) {
		doc_text(doc, l->indicator);
		doc_span(doc, l->item ? 1 : 2, lines_of(o, i));
		doc_align(doc, DOC_CENTER);
	}
	if (l->item)
		doc_text(doc, l->item);
	doc_text(doc, l->notes);
	form_points(doc, l->max_e4);
	form_points(doc, in->head.blank ? FORM_UNKNOWN : l->self_e4);
	form_points(doc, in->head.blank ? FORM_UNKNOWN : l->committee_e4);
}

static void put_total(struct doc *doc, const struct f05 *in, const struct f05_org *o)
{
	int64_t max = 0, self = 0, committee = 0;
	bool self_whole = o->n > 0 && !in->head.blank, committee_whole = self_whole;
	for (int i = 0; i < o->n; i++) {
		const struct f05_line *l = &o->lines[i];
		max += l->max_e4;
		self += l->self_e4;
		committee += l->committee_e4;
		self_whole &= l->self_e4 != FORM_UNKNOWN;
		committee_whole &= l->committee_e4 != FORM_UNKNOWN;
	}
	doc_row(doc);
	doc_row_height(doc, 11);
	doc_text(doc, "合计");
	doc_span(doc, 3, 1);
	doc_align(doc, DOC_CENTER);
	doc_bold(doc);
	form_points(doc, max);
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
