/* SPDX-License-Identifier: Apache-2.0 */
/* F11: the explanations for every organisation of the first and the last grade,
 * and the summary of the year's work (ZJ-15). What only people can say has
 * room to be written. */
#include <stdio.h>

#include "base/buf.h"
#include "report/forms/forms.h"

static void put_facts(struct doc *doc, const struct graded_list *list, const struct graded_org *o)
{
	AUTO(buf) struct buf b = {0};
	buf_addf(&b, "%s", o->category ? o->category : "");
	if (o->members != FORM_UNKNOWN)
		buf_addf(&b, "，党员 %lld 名", (long long)o->members);
	if (o->secretary && *o->secretary)
		buf_addf(&b, "，书记%s", o->secretary);
	for (int s = 0; s < list->n_sources && o->scores; s++)
		if (o->scores[s] && *o->scores[s])
			buf_addf(&b, "，%s %s 分", list->sources[s], o->scores[s]);
	if (o->score && *o->score)
		buf_addf(&b, "，综合得分 %s 分", o->score);
	if (o->rank > 0)
		buf_addf(&b, "，排第 %lld 名", (long long)o->rank);
	if (o->stars != FORM_UNKNOWN)
		buf_addf(&b, "，%s", form_stars(o->stars));
	doc->failed |= b.failed;
	doc_para(doc, DOC_BODY, "%s。", buf_str(&b));
	if (o->findings && *o->findings)
		doc_para(doc, DOC_BODY, "调查摸底发现：%s%s", o->findings, form_ends(o->findings) ? "" : "。");
}

static void put_grade(struct doc *doc, const struct graded_list *list, int grade, const char *ask)
{
	int n = 0;
	for (int i = 0; i < list->n; i++) {
		if (list->orgs[i].grade != grade)
			continue;
		doc_para(doc, DOC_HEAD2, "（%d）", ++n);
		doc_add_link(doc, list->orgs[i].name, NULL, list->orgs[i].id);
		put_facts(doc, list, &list->orgs[i]);
		doc_para(doc, DOC_BODY, "%s：" FORM_WRITE, ask);
	}
	if (n == 0)
		doc_para(doc, DOC_BODY, "没有。");
}

static void put_head(struct doc *doc, const struct graded_list *list, const char *number, int grade)
{
	char figure[24];
	snprintf(figure, sizeof(figure), "grade%d", grade);
	doc_para(doc, DOC_HEAD1, "%s、评为“%s”的党组织（", number, list->grades[grade]);
	doc_add_figure(doc, graded_count(list, grade), figure);
	doc_add(doc, " 个）");
}

static void put_explanations(struct doc *doc, const struct f11 *in)
{
	const struct graded_list *list = in->list;
	doc_sheet(doc, "情况说明", false, false);
	doc_draft(doc, list->draft);
	form_red_head(doc, &list->head);
	doc_title(doc, "%s %d 年度\n“%s”“%s”基层党组织情况说明", form_place_name(doc, list->head.unit),
		  list->head.year, list->grades[in->first], list->grades[in->last]);
	put_head(doc, list, "一", in->first);
	put_grade(doc, list, in->first, "主要做法和成效");
	put_head(doc, list, "二", in->last);
	put_grade(doc, list, in->last, "主要问题和整顿打算");
	form_sign(doc, &list->head, NULL);
}

static void put_step(struct doc *doc, const struct f11_step *step, int i)
{
	char all[24], done[24];
	snprintf(all, sizeof(all), "step%d-all", i);
	snprintf(done, sizeof(done), "step%d-done", i);
	doc_para(doc, DOC_BODY, "%d. %s", i + 1, step->label);
	if (step->days && *step->days)
		doc_add(doc, "，%s", step->days);
	doc_add(doc, "：");
	doc_add_figure(doc, step->all, all);
	doc_add(doc, " 个党组织中完成 ");
	doc_add_figure(doc, step->done, done);
	doc_add(doc, " 个。");
}

static void put_summary(struct doc *doc, const struct f11 *in)
{
	const struct graded_list *list = in->list;
	doc_sheet(doc, "工作总结", false, false);
	doc_draft(doc, list->draft);
	form_red_head(doc, &list->head);
	doc_title(doc, "%s %d 年度\n基层党组织分类定级工作总结", form_place_name(doc, list->head.unit),
		  list->head.year);
	doc_para(doc, DOC_HEAD1, "一、工作开展情况");
	for (int i = 0; i < in->n_steps; i++)
		put_step(doc, &in->steps[i], i);
	if (in->n_steps == 0)
		doc_para(doc, DOC_BODY, FORM_WRITE);
	doc_para(doc, DOC_HEAD1, "二、定级结果");
	doc_para(doc, DOC_BODY, "应定级 ");
	doc_add_figure(doc, list->n, "all");
	doc_add(doc, " 个，已定级 ");
	doc_add_figure(doc, list->n - graded_count(list, FORM_UNKNOWN), "graded");
	doc_add(doc, " 个：");
	graded_add_counts(doc, list, true);
	doc_add(doc, "。");
	doc_para(doc, DOC_HEAD1, "三、主要做法");
	doc_para(doc, DOC_BODY, FORM_WRITE);
	doc_para(doc, DOC_HEAD1, "四、存在问题和下一步打算");
	doc_para(doc, DOC_BODY, FORM_WRITE);
	form_sign(doc, &list->head, NULL);
}

void f11_make(struct doc *doc, const struct f11 *in)
{
	doc_init(doc, "F11", "情况说明和工作总结");
	put_explanations(doc, in);
	put_summary(doc, in);
}
