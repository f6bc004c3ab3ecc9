/* SPDX-License-Identifier: Apache-2.0 */
/* F13: the bulletin: what moved, what is late, first and last (LD-9). */
#include "base/buf.h"
#include "report/forms/forms.h"

static void put_lines(struct doc *doc, const struct form_lines *lines, const char *none)
{
	for (int i = 0; i < lines->n; i++)
		doc_para(doc, DOC_BODY, "%d. %s", i + 1, lines->at[i]);
	if (lines->n == 0)
		doc_para(doc, DOC_BODY, "%s", none);
}

static void put_late(struct doc *doc, const struct f13 *in)
{
	for (int i = 0; i < in->n_late; i++) {
		const struct form_late *l = &in->late[i];
		if (l->days > 0)
			doc_para(doc, DOC_BODY, "%d. %s：%s，逾期 %lld 天。", i + 1, l->name, l->what,
				 (long long)l->days);
		else
			doc_para(doc, DOC_BODY, "%d. %s：%s。", i + 1, l->name, l->what);
	}
	if (in->n_late == 0)
		doc_para(doc, DOC_BODY, "没有逾期的事项。");
}

static void put_names(struct doc *doc, const char *label, const struct form_lines *lines)
{
	AUTO(buf) struct buf b = {0};
	for (int i = 0; i < lines->n; i++)
		buf_addf(&b, "%s%s", i ? "、" : "", lines->at[i]);
	doc->failed |= b.failed;
	if (lines->n)
		doc_para(doc, DOC_BODY, "%s：%s。", label, buf_str(&b));
}

void f13_make(struct doc *doc, const struct f13 *in)
{
	const char *unit = in->head.unit ? in->head.unit : "";
	doc_init(doc, "F13", "督查通报");
	doc_sheet(doc, "督查通报", false, false);
	doc_red_head(doc, "督 查 通 报", in->number ? in->number : "（　　　　年第　　期）");
	doc_title(doc, "关于%s软弱涣散基层党组织\n整顿工作情况的通报", unit);
	doc_para(doc, DOC_BODY, "现将%s至%s整顿工作情况通报如下。", in->from ? in->from : "____年__月__日",
		 in->to ? in->to : "____年__月__日");
	doc_para(doc, DOC_HEAD1, "一、总体情况");
	if (in->head.blank)
		doc_para(doc, DOC_BODY, "列入整顿____个，已销号____个，正在整顿____个。");
	else
		doc_para(doc, DOC_BODY, "共有基层党组织 %lld 个，列入整顿 %lld 个，已销号 %lld 个，正在整顿 %lld 个。",
			 (long long)in->orgs, (long long)in->cases, (long long)in->written_off,
			 (long long)(in->cases - in->written_off));
	doc_para(doc, DOC_HEAD1, "二、进展");
	put_lines(doc, &in->moved, in->head.blank ? "____________________" : "这段时间没有变化。");
	doc_para(doc, DOC_HEAD1, "三、逾期事项");
	put_late(doc, in);
	doc_para(doc, DOC_HEAD1, "四、先进和后进");
	put_names(doc, "进度靠前的", &in->first);
	put_names(doc, "进度靠后的", &in->last);
	if (!in->first.n && !in->last.n)
		doc_para(doc, DOC_BODY, "%s", in->head.blank ? "____________________" : "各单位进度相当。");
	doc_para(doc, DOC_SIGN, " ");
	doc_para(doc, DOC_SIGN, "%s", unit);
	doc_para_passing(doc, DOC_SIGN, in->head.blank ? "　　年　月　日" : in->head.day);
}
