/* SPDX-License-Identifier: Apache-2.0 */
/* F11: the explanations for every organisation of the first and the last grade,
 * and the summary of the year's work (ZJ-15). What only people can say has
 * room to be written. */
#include "base/buf.h"
#include "report/forms/forms.h"

#define LINE_TO_WRITE_ON "________________________________________"

static int count(const struct graded_list *list, int grade)
{
	int n = 0;
	for (int i = 0; i < list->n; i++)
		n += list->orgs[i].grade == grade;
	return n;
}

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
		doc_para(doc, DOC_BODY, "调查摸底发现：%s", o->findings);
}

static void put_grade(struct doc *doc, const struct graded_list *list, int grade, const char *ask)
{
	int n = 0;
	for (int i = 0; i < list->n; i++) {
		if (list->orgs[i].grade != grade)
			continue;
		doc_para(doc, DOC_HEAD2, "（%d）%s", ++n, list->orgs[i].name);
		put_facts(doc, list, &list->orgs[i]);
		doc_para(doc, DOC_BODY, "%s：" LINE_TO_WRITE_ON, ask);
	}
	if (n == 0)
		doc_para(doc, DOC_BODY, "没有。");
}

static void put_explanations(struct doc *doc, const struct f11 *in)
{
	const struct graded_list *list = in->list;
	const char *unit = list->head.unit ? list->head.unit : "";
	doc_sheet(doc, "情况说明", false, false);
	doc_title(doc, "%s关于%d年度被评为“%s”和“%s”的\n基层党组织情况说明", unit, list->head.year,
		  list->grades[in->first], list->grades[in->last]);
	doc_para(doc, DOC_HEAD1, "一、评为“%s”的党组织（%d 个）", list->grades[in->first],
		 count(list, in->first));
	put_grade(doc, list, in->first, "主要做法和成效");
	doc_para(doc, DOC_HEAD1, "二、评为“%s”的党组织（%d 个）", list->grades[in->last],
		 count(list, in->last));
	put_grade(doc, list, in->last, "主要问题和整顿打算");
	doc_para(doc, DOC_SIGN, "%s", unit);
	doc_para_passing(doc, DOC_SIGN, list->head.day);
}

static void put_summary(struct doc *doc, const struct f11 *in)
{
	const struct graded_list *list = in->list;
	const char *unit = list->head.unit ? list->head.unit : "";
	AUTO(buf) struct buf grades = {0};
	int graded = 0;
	for (int g = 0; g < list->n_grades; g++) {
		graded += count(list, g);
		buf_addf(&grades, "%s“%s” %d 个", g ? "，" : "", list->grades[g], count(list, g));
	}
	doc->failed |= grades.failed;
	doc_sheet(doc, "工作总结", false, false);
	doc_title(doc, "%s%d年度\n基层党组织分类定级工作总结", unit, list->head.year);
	doc_para(doc, DOC_HEAD1, "一、工作开展情况");
	for (int i = 0; i < in->n_steps; i++)
		doc_para(doc, DOC_BODY, "%d. %s%s%s：%lld 个党组织中完成 %lld 个。", i + 1, in->steps[i].label,
			 in->steps[i].days && *in->steps[i].days ? "，" : "",
			 in->steps[i].days ? in->steps[i].days : "", (long long)in->steps[i].all,
			 (long long)in->steps[i].done);
	if (in->n_steps == 0)
		doc_para(doc, DOC_BODY, LINE_TO_WRITE_ON);
	doc_para(doc, DOC_HEAD1, "二、定级结果");
	doc_para(doc, DOC_BODY, "应定级 %d 个，已定级 %d 个：%s。", list->n, graded, buf_str(&grades));
	doc_para(doc, DOC_HEAD1, "三、主要做法");
	doc_para(doc, DOC_BODY, LINE_TO_WRITE_ON);
	doc_para(doc, DOC_HEAD1, "四、存在问题和下一步打算");
	doc_para(doc, DOC_BODY, LINE_TO_WRITE_ON);
	doc_para(doc, DOC_SIGN, "%s", unit);
	doc_para_passing(doc, DOC_SIGN, list->head.day);
}

void f11_make(struct doc *doc, const struct f11 *in)
{
	doc_init(doc, "F11", "情况说明和工作总结");
	put_explanations(doc, in);
	put_summary(doc, in);
}
