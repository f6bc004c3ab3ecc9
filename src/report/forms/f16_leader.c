/* SPDX-License-Identifier: Apache-2.0 */
/* F16: one page for a leader: how it stands, what changed, what is late, who
 * is first and last, what to decide. */
#include "report/forms/forms.h"

enum { SHOWN = 3, NAMES = 3 };	/* of each list: it is one page */

static void put_counts(struct doc *doc, const struct f16 *in)
{
	static const struct doc_column columns[] = {
		{"等次", 36, DOC_CENTER}, {"今年（个）", 30, DOC_CENTER}, {"占比（%）", 30, DOC_CENTER},
		{"去年（个）", 30, DOC_CENTER}, {"增减", 30, DOC_CENTER},
	};
	doc_table(doc, 5, columns);
	for (int i = 0; i < in->n_counts; i++) {
		const struct form_count *c = &in->counts[i];
		int64_t change = c->now - c->before;
		doc_row(doc);
		doc_text(doc, c->label);
		if (in->head.blank) {
			for (int k = 0; k < 4; k++)
				doc_text(doc, NULL);
			continue;
		}
		doc_int(doc, c->now);
		doc_figure(doc, c->figure);
		if (in->graded > 0)
			doc_decimal(doc, form_share_e1(c->now, in->graded), 1);
		else
			doc_text(doc, NULL);
		form_number(doc, c->before);
		if (c->before != FORM_UNKNOWN)
			doc_figure(doc, c->figure_before);
		if (c->before == FORM_UNKNOWN)
			doc_text(doc, "——");
		else
			doc_textf(doc, "%s%lld", change > 0 ? "▲ " : change < 0 ? "▼ " : "",
				  (long long)(change < 0 ? -change : change));
	}
}

static void put_list(struct doc *doc, const char *title, const struct form_lines *lines)
{
	doc_para(doc, DOC_HEAD1, "%s", title);
	for (int i = 0; i < lines->n && i < SHOWN; i++) {
		doc_para(doc, DOC_BODY, "%d. ", i + 1);
		form_add_line(doc, &lines->at[i]);
	}
	if (lines->n > SHOWN)
		doc_para(doc, DOC_BODY, "……共 %d 项", lines->n);
	if (lines->n == 0)
		doc_para(doc, DOC_BODY, "没有。");
}

static void put_names(struct doc *doc, const char *label, const struct form_lines *lines)
{
	doc_para(doc, DOC_BODY, "%s：", label);
	for (int i = 0; i < lines->n && i < NAMES; i++) {
		if (i)
			doc_add(doc, "、");
		form_add_line(doc, &lines->at[i]);
	}
	doc_add(doc, "%s。", lines->n ? "" : "没有");
}

static void put_late(struct doc *doc, const struct f16 *in)
{
	doc_para(doc, DOC_HEAD1, "二、逾期的");
	for (int i = 0; i < in->n_late && i < SHOWN; i++) {
		doc_para(doc, DOC_BODY, "%d. ", i + 1);
		form_add_late(doc, &in->late[i], "逾期");
	}
	if (in->n_late > SHOWN)
		doc_para(doc, DOC_BODY, "……共 %d 项", in->n_late);
	if (in->n_late == 0)
		doc_para(doc, DOC_BODY, "没有。");
}

static void put_sums(struct doc *doc, const struct f16 *in)
{
	doc_para(doc, DOC_BODY, "应定级 ");
	doc_add_figure(doc, in->orgs, "all");
	doc_add(doc, " 个，已定级 ");
	doc_add_figure(doc, in->graded, "graded");
	doc_add(doc, " 个，还差 ");
	doc_add_figure(doc, in->orgs - in->graded, "ungraded");
	doc_add(doc, " 个。");
}

void f16_make(struct doc *doc, const struct f16 *in)
{
	doc_init(doc, "F16", "领导一页纸");
	doc_sheet(doc, "一页纸", false, true);
	doc_title(doc, "%s\n%s情况", form_place_name(doc, in->head.unit), in->campaign ? in->campaign : "分类定级");
	doc_heads(doc, 1, &(struct doc_head){"截至：", in->head.blank ? NULL : in->head.day, true});
	doc_para(doc, DOC_HEAD1, "一、定级");
	if (in->head.blank)
		doc_para(doc, DOC_BODY, "应定级____个，已定级____个。");
	else
		put_sums(doc, in);
	if (in->n_counts)
		put_counts(doc, in);
	put_late(doc, in);
	doc_para(doc, DOC_HEAD1, "三、先进和后进");
	put_names(doc, "靠前的", &in->first);
	put_names(doc, "靠后的", &in->last);
	put_list(doc, "四、请领导定的事", &in->decide);
}
