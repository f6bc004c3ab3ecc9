/* SPDX-License-Identifier: Apache-2.0 */
/* F10: the public notice of the results, with the list as its annex (ZJ-13). */
#include <string.h>

#include "base/buf.h"
#include "report/forms/forms.h"

static void add_counts(struct buf *b, const struct graded_list *list)
{
	const char *between = "";
	for (int g = 0; g < list->n_grades; g++) {
		int n = 0;
		for (int i = 0; i < list->n; i++)
			n += list->orgs[i].grade == g;
		if (n) {
			buf_addf(b, "%s“%s” %d 个", between, list->grades[g], n);
			between = "，";
		}
	}
}

/* "中共石桥镇委员会" is of 石桥镇, and signs with its whole name; "石桥镇" signs as
 * 中共石桥镇委员会. Others do with their name. */
static bool is_committee(const char *unit)
{
	size_t len = strlen(unit), front = strlen("中共"), back = strlen("委员会");
	return len > front + back && strncmp(unit, "中共", front) == 0 &&
	       strcmp(unit + len - back, "委员会") == 0;
}

static const char *place_of(struct doc *doc, const char *unit)
{
	size_t front = strlen("中共"), back = strlen("委员会");
	if (!is_committee(unit))
		return unit;
	const char *place = arena_strndup(&doc->arena, unit + front, strlen(unit) - front - back);
	doc->failed |= !place;
	return place ? place : unit;
}

static void put_letter(struct doc *doc, const struct f10 *in)
{
	const struct form_head *head = &in->head;
	const char *place = place_of(doc, head->unit);
	const struct graded_list *list = in->list;
	AUTO(buf) struct buf counts = {0};
	add_counts(&counts, list);
	doc->failed |= counts.failed;
	doc_sheet(doc, "公示", false, false);
	doc_title(doc, "关于%s %d 年度\n基层党组织分类定级结果的公示", place, head->year);
	doc_para(doc, DOC_BODY, "根据%s，经调查摸底、基层党组织自评、党员群众测评和%s考评，%s研究，"
		 "拟定 %d 个基层党组织的等次%s：%s。现予公示。",
		 in->scheme ? in->scheme : "上级党组织关于基层党组织分类定级的要求",
		 in->office ? in->office : "党委", in->meeting ? in->meeting : "____年__月__日会议",
		 list->n, in->show_stars ? "和星级" : "", buf_str(&counts));
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
	doc_para(doc, DOC_SIGN, " ");
	doc_para(doc, DOC_SIGN, is_committee(head->unit) ? "%s" : "中共%s委员会", head->unit);
	doc_para_passing(doc, DOC_SIGN, head->day);
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
	doc_title(doc, "%s %d 年度\n基层党组织分类定级结果", place_of(doc, in->head.unit), in->head.year);
	doc_table(doc, n, columns);
	for (int i = 0; i < list->n; i++) {
		const struct graded_org *o = &list->orgs[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, o->name);
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
