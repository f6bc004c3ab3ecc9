/* SPDX-License-Identifier: Apache-2.0 */
/* F9: one organisation, one plan, one team, one set of measures (LD-5). */
#include "base/auto.h"
#include "report/forms/forms.h"

static const char *or_line(const char *text)
{
	return text && *text ? text : FORM_WRITE;
}

static void put_problems(struct doc *doc, const struct form_case *c)
{
	static const struct doc_column columns[] = {
		{"序号", 11, DOC_CENTER}, {"具体问题", 29, DOC_LEFT}, {"原因", 24, DOC_LEFT},
		{"整顿措施", 29, DOC_LEFT}, {"目标", 21, DOC_LEFT}, {"时限", 24, DOC_CENTER},
		{"责任人", 18, DOC_CENTER},
	};
	doc_table(doc, 7, columns);
	for (int i = 0; i < c->n; i++) {
		const struct form_problem *p = &c->problems[i];
		doc_row(doc);
		doc_int(doc, i + 1);
		doc_text(doc, p->text);
		doc_text(doc, p->cause);
		doc_text(doc, p->measure);
		doc_text(doc, p->goal);
		doc_text(doc, p->deadline);
		doc_text(doc, p->owner);
	}
	if (c->n == 0)
		form_blank_rows(doc, 7, 4);
}

static void put_plan(struct doc *doc, const struct form_head *head, const struct form_case *c)
{
	static const char *const aims[] = {
		"党组织班子配齐配强；", "能组织带领党员正常开展活动；",
		"能解决自身建设和党员作风方面存在的突出问题；", "努力做好服务群众的各项工作。",
	};
	const char *parent = c->parent && *c->parent ? c->parent : "____________";
	doc_sheet(doc, c->name ? c->name : "整顿方案", false, false);
	form_red_head(doc, head);
	doc_title(doc, "%s整顿方案", c->name ? c->name : "__________党组织");
	doc_para(doc, DOC_HEAD1, "一、基本情况");
	doc_para(doc, DOC_BODY, "%s", "");
	doc_add_link(doc, c->name ? c->name : "____________", NULL, c->org);
	doc_add(doc, "隶属%s，现有党员", parent);
	if (c->members != FORM_UNKNOWN)
		doc_add(doc, " %lld 名", (long long)c->members);
	else
		doc_add(doc, "____名");
	doc_add(doc, "，党组织书记%s。", c->secretary && *c->secretary ? c->secretary : "________");
	doc_para(doc, DOC_HEAD1, "二、软弱涣散的具体表现");
	doc_para(doc, DOC_BODY, "%s", or_line(c->signs));
	doc_para(doc, DOC_HEAD1, "三、整顿目标");
	for (size_t i = 0; i < ARRAY_LEN(aims); i++)
		doc_para(doc, DOC_BODY, "%zu. %s", i + 1, aims[i]);
	doc_para(doc, DOC_HEAD1, "四、工作班子");
	doc_para(doc, DOC_BODY, "联系领导：%s", or_line(c->leader));
	doc_para(doc, DOC_BODY, "帮扶单位：%s", or_line(c->support));
	doc_para(doc, DOC_BODY, "工作组：%s", or_line(c->team));
	if (c->first_secretary && *c->first_secretary)
		doc_para(doc, DOC_BODY, "第一书记：%s", c->first_secretary);
	doc_para(doc, DOC_HEAD1, "五、问题、措施、时限和责任人");
	put_problems(doc, c);
	if (c->until && *c->until)
		doc_para(doc, DOC_BODY, "整顿工作于%s前完成，逐个验收，合格一个销号一个。", c->until);
	form_sign(doc, head, NULL);
}

void f09_make(struct doc *doc, const struct case_list *in)
{
	static const struct form_case empty = {.members = FORM_UNKNOWN};
	doc_init(doc, "F9", "整顿方案");
	for (int i = 0; i < in->n && !in->head.blank; i++)
		put_plan(doc, &in->head, &in->cases[i]);
	if (in->head.blank || in->n == 0)
		put_plan(doc, &in->head, &empty);
}
