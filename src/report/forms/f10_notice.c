/* SPDX-License-Identifier: Apache-2.0 */
/* F10: the public notice of the results, with the list as its annex (ZJ-13). */
#include "report/forms/forms.h"

static void put_letter(struct doc *doc, const struct f10 *in)
{
	const struct form_head *head = &in->head;
	const char *place = form_place_name(doc, head->unit);
	const struct graded_list *list = in->list;
	doc_sheet(doc, "公示", false, false);
	form_red_head(doc, head);
	doc_title(doc, "关于%s %d 年度\n基层党组织分类定级结果的公示", place, head->year);
	doc_para(doc, DOC_BODY, "根据%s，经调查摸底、基层党组织自评、党员群众测评和%s考评，%s研究，拟定 ",
		 in->scheme ? in->scheme : "上级党组织关于基层党组织分类定级的要求",
		 in->office ? in->office : "党委", in->meeting ? in->meeting : "____年__月__日会议");
	doc_add_figure(doc, list->n, "all");
	doc_add(doc, " 个基层党组织的等次%s", in->show_stars ? "和星级" : "");
	if (graded_count(list, FORM_UNKNOWN) < list->n) {
		doc_add(doc, "：");
		graded_add_counts(doc, list, false);
	}
	doc_add(doc, "。现予公示。");
	doc_para(doc, DOC_BODY, "公示时间：%s至%s。", in->from ? in->from : "____年__月__日",
		 in->to ? in->to : "____年__月__日");
	doc_para(doc, DOC_BODY, "对公示结果有不同意见的，可以在公示期内向%s反映，署名、不署名都可以。"
		 "收到的意见逐条登记，逐条答复。", in->office ? in->office : "党委");
	doc_para(doc, DOC_BODY, "受理地点：%s", in->place ? in->place : "____________________");
	doc_para(doc, DOC_BODY, "受理电话：%s", in->phone ? in->phone : "____________________");
	if (in->address)
		doc_para(doc, DOC_BODY, "网上查看：%s", in->address);
	doc_para(doc, DOC_BODY, " ");
	doc_para(doc, DOC_BODY, "附件：%s %d 年度基层党组织分类定级结果", place, head->year);
	form_sign(doc, head, NULL);
}

static void put_list(struct doc *doc, const struct f10 *in)
{
	struct doc_column columns[8] = {{"序号", 12, DOC_CENTER}, {"党组织名称", 62, DOC_LEFT},
					{"类别", 26, DOC_CENTER}, {"等次", 16, DOC_CENTER}};
	const struct graded_list *list = in->list;
	int n = 4;
	if (in->show_stars)
		columns[n++] = (struct doc_column){"星级", 18, DOC_CENTER};
	if (in->show_score)
		columns[n++] = (struct doc_column){"得分", 16, DOC_CENTER};
	if (in->show_rank)
		columns[n++] = (struct doc_column){"排名", 12, DOC_CENTER};
	columns[n++] = (struct doc_column){"备注", 24, DOC_LEFT};
	doc_sheet(doc, "结果", false, false);
	doc_para(doc, DOC_ANNEX, "附件");
	doc_title(doc, "%s %d 年度\n基层党组织分类定级结果", form_place_name(doc, in->head.unit), in->head.year);
	doc_table(doc, n, columns);
	for (int i = 0; i < list->n; i++) {
		const struct graded_org *o = &list->orgs[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, o->name);
		doc_org(doc, o->id);
		doc_text(doc, o->category);
		doc_text(doc, o->grade < 0 ? "未定级" : list->grades[o->grade]);
		if (in->show_stars)
			doc_text(doc, form_stars(o->stars));
		if (in->show_score)
			form_score(doc, o->score);
		if (in->show_rank)
			form_number(doc, o->rank > 0 ? o->rank : FORM_UNKNOWN);
		doc_text(doc, o->note);
	}
}

void f10_make(struct doc *doc, const struct f10 *in)
{
	doc_init(doc, "F10", "分类定级结果公示");
	put_letter(doc, in);
	put_list(doc, in);
}
