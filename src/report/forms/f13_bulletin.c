/* SPDX-License-Identifier: Apache-2.0 */
/* F13: the bulletin: what moved, what is late, first and last (LD-9). */
#include "report/forms/forms.h"

static void put_lines(struct doc *doc, const struct form_lines *lines, const char *none)
{
	for (int i = 0; i < lines->n; i++) {
		doc_para(doc, DOC_BODY, "%d. ", i + 1);
		form_add_line(doc, &lines->at[i]);
	}
	if (lines->n == 0)
		doc_para(doc, DOC_BODY, "%s", none);
}

static void put_late(struct doc *doc, const struct f13 *in)
{
	for (int i = 0; i < in->n_late; i++) {
		doc_para(doc, DOC_BODY, "%d. ", i + 1);
		form_add_late(doc, &in->late[i], "逾期");
		doc_add(doc, "。");
	}
	if (in->n_late == 0)
		doc_para(doc, DOC_BODY, "%s", in->head.blank ? FORM_WRITE : "没有逾期的事项。");
}

static void put_names(struct doc *doc, const char *label, const struct form_lines *lines)
{
	if (!lines->n)
		return;
	doc_para(doc, DOC_BODY, "%s：", label);
	for (int i = 0; i < lines->n; i++) {
		if (i)
			doc_add(doc, "、");
		form_add_line(doc, &lines->at[i]);
	}
	doc_add(doc, "。");
}

static void put_sums(struct doc *doc, const struct f13 *in)
{
	const struct {
		const char *before, *figure;
		int64_t n;
	} sums[] = {{"共有基层党组织 ", "orgs", in->orgs}, {" 个，列入整顿 ", "cases", in->cases},
		    {" 个，已销号 ", "written-off", in->written_off},
		    {" 个，正在整顿 ", "open", in->cases - in->written_off}};
	doc_para(doc, DOC_BODY, "%s", "");
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		doc_add(doc, "%s", sums[i].before);
		doc_add_figure(doc, sums[i].n, sums[i].figure);
	}
	doc_add(doc, " 个。");
}

void f13_make(struct doc *doc, const struct f13 *in)
{
	doc_init(doc, "F13", "督查通报");
	doc_sheet(doc, "督查通报", false, false);
	doc_red_head(doc, "督 查 通 报", in->number ? in->number : "（　　　　年第　　期）");
	doc_title(doc, "关于%s软弱涣散基层党组织\n整顿工作情况的通报", form_place_name(doc, in->head.unit));
	doc_para(doc, DOC_BODY, "现将%s至%s整顿工作情况通报如下。", in->from ? in->from : "____年__月__日",
		 in->to ? in->to : "____年__月__日");
	doc_para(doc, DOC_HEAD1, "一、总体情况");
	if (in->head.blank)
		doc_para(doc, DOC_BODY, "列入整顿____个，已销号____个，正在整顿____个。");
	else
		put_sums(doc, in);
	doc_para(doc, DOC_HEAD1, "二、进展");
	put_lines(doc, &in->moved, in->head.blank ? FORM_WRITE : "这段时间没有变化。");
	doc_para(doc, DOC_HEAD1, "三、逾期事项");
	put_late(doc, in);
	doc_para(doc, DOC_HEAD1, "四、先进和后进");
	put_names(doc, "进度靠前的", &in->first);
	put_names(doc, "进度靠后的", &in->last);
	if (!in->first.n && !in->last.n)
		doc_para(doc, DOC_BODY, "%s", in->head.blank ? FORM_WRITE : "各单位进度相当。");
	form_sign(doc, &in->head, NULL);
}
