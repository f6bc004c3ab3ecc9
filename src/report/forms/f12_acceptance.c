/* SPDX-License-Identifier: Apache-2.0 */
/* F12: acceptance against the standard of those who accept, and the notice of
 * the write-off (LD-10, CT-5). */
#include "report/forms/forms.h"

static void put_wide(struct doc *doc, const char *label, const char *text, int mm)
{
	doc_row(doc);
	doc_row_height(doc, mm);
	doc_text(doc, label);
	doc_text(doc, text);
	doc_span(doc, 3, 1);
	doc_align(doc, DOC_LEFT);
}

static void put_items(struct doc *doc, const struct f12 *in)
{
	int64_t max = 0, points = 0;
	bool whole = in->n_items > 0 && !in->head.blank;
	for (int i = 0; i < in->n_items; i++) {
		const struct f12_item *item = &in->items[i];
		doc_row(doc);
		doc_row_height(doc, 12);
		if (i == 0) {
			doc_text(doc, "验收评分");
			doc_span(doc, 1, in->n_items + 1);
		}
		doc_text(doc, item->label);
		doc_align(doc, DOC_LEFT);
		form_points(doc, item->max_e4);
		form_points(doc, in->head.blank ? FORM_UNKNOWN : item->points_e4);
		max += item->max_e4;
		points += item->points_e4;
		whole &= item->points_e4 != FORM_UNKNOWN;
	}
	doc_row(doc);
	doc_row_height(doc, 12);
	if (in->n_items == 0)
		doc_text(doc, "验收评分");
	doc_textf(doc, "合计（%lld 分合格）", (long long)(in->pass_e4 / 10000));
	form_points(doc, max);
	form_points(doc, whole ? points : FORM_UNKNOWN);
}

static void put_sheet(struct doc *doc, const struct f12 *in)
{
	static const struct doc_column columns[] = {
		{NULL, 32, DOC_CENTER}, {NULL, 88, DOC_CENTER}, {NULL, 30, DOC_CENTER},
		{NULL, 30, DOC_CENTER},
	};
	static const struct doc_head signs[] = {{"验收人（两人）签字：", NULL, false},
						{"验收单位（盖章）", NULL, false}};
	const struct form_case *c = in->of;
	doc_sheet(doc, c->name ? c->name : "验收表", false, true);
	doc_title(doc, "软弱涣散基层党组织整顿验收表");
	form_heads(doc, &in->head, NULL);
	doc_table(doc, 4, columns);
	put_wide(doc, "党组织名称", c->name, 11);
	doc_org(doc, c->org);
	put_wide(doc, "所属党委", c->parent, 11);
	put_wide(doc, "软弱涣散的\n具体表现", c->signs, 24);
	doc_head_row(doc);
	doc_text(doc, "项目");
	doc_text(doc, "验收标准");
	doc_text(doc, "分值");
	doc_text(doc, "得分");
	put_items(doc, in);
	put_wide(doc, "群众意见", in->head.blank ? NULL : in->residents, 20);
	put_wide(doc, "验收结论", in->head.blank ? NULL : in->verdict, 20);
	put_wide(doc, "验收人", in->head.blank ? NULL : in->inspectors, 11);
	put_wide(doc, "验收时间", in->head.blank ? NULL : in->day, 11);
	doc_signs(doc, 2, signs);
}

void f12_sheet(struct doc *doc, int n, const struct f12 *in)
{
	doc_init(doc, "F12", "验收表");
	for (int i = 0; i < n; i++)
		put_sheet(doc, &in[i]);
}

static void put_notice(struct doc *doc, const struct f12 *in)
{
	const struct form_case *c = in->of;
	const char *name = c->name ? c->name : "__________";
	doc_sheet(doc, c->name ? c->name : "销号通知", false, false);
	form_red_head(doc, &in->head);
	doc_title(doc, "销号通知");
	doc_para(doc, DOC_MIDDLE, "%s", in->number ? in->number : "〔　　〕第　　号");
	doc_para(doc, DOC_FLAT, "%s：", c->parent ? c->parent : "__________");
	doc_para(doc, DOC_BODY, "你单位所属");
	doc_add_link(doc, name, NULL, c->org);
	doc_add(doc, "列入软弱涣散基层党组织整顿以来，逐条落实整顿措施。经%s验收，达到整顿目标，同意销号。",
		in->day ? in->day : "____年__月__日");
	doc_para(doc, DOC_BODY, "销号以后，联系帮扶按规定调整，并定期“回头看”。发现反弹的，重新列入整顿。");
	form_sign(doc, &in->head, in->office);
}

void f12_notice(struct doc *doc, int n, const struct f12 *in)
{
	doc_init(doc, "F12", "销号通知");
	for (int i = 0; i < n; i++)
		put_notice(doc, &in[i]);
}
