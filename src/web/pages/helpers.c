/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers: their goals, whether they are there, and how they are judged (CT-7b). */
#include "app/helpers.h"

#include <stdlib.h>

#include "domain/day.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ledger.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define CASE {.name = "case", .label = "台账", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

static const struct web_choice verdicts[] = {
	{"met", "完成"}, {"partly", "部分完成"}, {"missed", "没有完成"}, {0}};

const struct web_field helpers_fields[] = {
	NODE,
	{.name = "absent", .label = "只看不到位的", .type = WEB_FLAG},
	{.name = "of", .label = "台账", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "helper", .label = "帮扶人", .type = WEB_INT, .min = 1, .max = 1000},
	{0}};
const struct web_field helper_goal_fields[] = {
	CASE,
	{.name = "helper", .label = "帮扶人", .type = WEB_TEXT, .required = true, .max = 4, .pattern = "0-9"},
	{.name = "from", .label = "从", .type = WEB_DATE, .required = true},
	{.name = "to", .label = "到", .type = WEB_DATE, .required = true},
	{.name = "visits", .label = "至少走访几次", .type = WEB_INT, .min = 0, .max = 1000},
	{.name = "text", .label = "做到什么", .type = WEB_AREA, .required = true, .max = 500},
	{0}};
const struct web_field helper_judge_fields[] = {
	CASE,
	{.name = "which", .label = "目标", .type = WEB_TEXT, .required = true, .max = 4, .pattern = "0-9"},
	{.name = "verdict", .label = "完成得怎么样", .type = WEB_CHOICE, .required = true, .choices = verdicts},
	{.name = "reason", .label = "理由", .type = WEB_TEXT, .max = 200, .hint = "没有完成、部分完成的要写"},
	{0}};

int act_helpers(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct helpers *l = arena_zalloc(call->arena, 1, sizeof(*l));
	int64_t node;
	if (!l)
		return err_nomem(&call->info);
	call->model = l;
	int r = page_node(call, &node);
	return r < 0 ? r : helpers_get(call->web->app, &caller, node, call->arena, l, &call->info);
}

static bool is_chosen(struct web_call *call, const struct helpers_row *r)
{
	return web_number(call, "of", 0) == r->c->id && web_number(call, "helper", 0) == r->helper.seq;
}

void helpers_write_goal(struct web_call *call, struct html *h, const struct helper_goal *g, int visits)
{
	static const char *const lights[] = {"off", "ok", "warn", "bad"};
	html(h, "{} 至 {}：{}", page_day(call, g->from_day, true), page_day(call, g->to_day, true), g->text);
	if (g->visits)
		html(h, "，走访 {}/{} 次", visits, g->visits);
	html(h, " <span class='light {}'>{}</span>", lights[g->verdict], goal_verdict_label(g->verdict));
	if (g->verdict)
		html(h, " <span class='note'>{} {} {}</span>", g->reason, g->judge, page_day(call, g->judged_day, true));
}

static void write_row(struct web_call *call, struct html *h, const struct helpers *l, const struct helpers_row *r)
{
	html(h, "<tr><th scope='row' class='nw'>{}</th><td>{}{}{}</td><td data-l='帮'><a href='/cases/{}#helpers'>{}</a></td><td class='full'>",
	     r->helper.name, helper_kind_label(r->helper.kind), *r->helper.post ? " · " : "", r->helper.post, r->c->id,
	     r->c->org_name);
	for (int i = 0; i < r->n_goals; i++) {
		html(h, "<p>");
		helpers_write_goal(call, h, &r->goals[i].goal, r->goals[i].visits);
		html(h, "</p>");
	}
	if (!r->n_goals)
		html(h, "<span class='light warn'>没有目标</span>");
	html(h, "</td><td class='nw'>");
	if (r->absent)
		html(h, "<span class='light bad'>{}</span>", r->last_day
			? page_text(call, "%s 以后没来", page_day(call, r->last_day, true)) : "没有走访记录");
	else
		html(h, "<span class='light ok'>{} 来过</span>", page_day(call, r->last_day, true));
	html(h, "</td><td class='nw'>");
	if (r->may_set || r->may_judge)
		html(h, "<a href='/cases/helpers?node={}&amp;of={}&amp;helper={}#goal'>目标和考核</a>", l->node.id, r->c->id, r->helper.seq);
	html(h, "</td></tr>\n");
}

static void write_judge(struct web_call *call, struct html *h, const struct helpers_row *r, const struct helpers_goal *g)
{
	struct form form = form_fold(call, h, page_text(call, "考核：%s", g->goal.text),
				     page_text(call, "/cases/%lld/goal/judge", (long long)r->c->id), helper_judge_fields, "which",
				     page_text(call, "%d", g->goal.seq));
	form_hidden(&form, "which", page_text(call, "%d", g->goal.seq));
	form_row(&form, "verdict", NULL);
	form_row(&form, "reason", g->goal.reason);
	form_end(&form, "记下考核", "main", NULL);
	html(h, "</details>\n");
}

static void write_chosen(struct web_call *call, struct html *h, const struct helpers_row *r)
{
	int32_t today = page_today(call);
	html(h, "<section class='gap' id='goal'><div class='sec'><h2>{}：{}</h2><span class='note'>{}</span></div>\n", r->helper.name,
	     r->c->org_name, helper_kind_label(r->helper.kind));
	for (int i = 0; r->may_judge && i < r->n_goals; i++)
		write_judge(call, h, r, &r->goals[i]);
	if (r->may_set) {
		struct form form = form_fold(call, h, "定一段时间的目标", page_text(call, "/cases/%lld/goal", (long long)r->c->id),
					     helper_goal_fields, NULL, NULL);
		form_hidden(&form, "helper", page_text(call, "%d", r->helper.seq));
		form_row(&form, "from", page_day(call, today / 10000 * 10000 + 101, false));
		form_row(&form, "to", page_day(call, today / 10000 * 10000 + 1231, false));
		form_row(&form, "visits", NULL);
		form_row(&form, "text", NULL);
		form_end(&form, "定下目标", "", NULL);
		html(h, "</details>\n");
	}
	html(h, "</section>\n");
}

void page_helpers(struct web_call *call, struct html *h)
{
	const struct helpers *l = call->model;
	bool absent = web_number(call, "absent", 0) != 0;
	struct page page = {.title = "帮扶力量", .menu = "/cases"};
	page_org_crumbs(call, l->crumbs, l->n_crumbs, "帮扶力量", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>帮扶力量的目标和考核</span></h1><p class='note'>{} 名（个），{} 名不到位，{} 名没有目标"
		"</p></div><div class='acts'>", l->node.name, l->n, l->n_absent, l->n_without_goal);
	if (absent)
		html(h, "<a class='btn' href='/cases/helpers?node={}'>看全部</a>", l->node.id);
	else if (l->n_absent)
		html(h, "<a class='btn' href='/cases/helpers?node={}&amp;absent=1'>只看不到位的</a>", l->node.id);
	html(h, "</div></div>\n");
	for (int i = 0; i < l->n; i++)
		if (is_chosen(call, &l->rows[i]))
			write_chosen(call, h, &l->rows[i]);
	if (!l->n)
		html(h, "<div class='empty'>还没有帮扶力量<p>在台账的“帮扶和走访”里登记</p></div>\n");
	else
		html(h, "<table class='data sort stack'><caption class='vh'>帮扶力量</caption><thead><tr><th scope='col'>谁</th><th scope='col'>哪一类</th>"
			"<th scope='col'>帮哪个</th><th scope='col'>目标和考核</th><th scope='col'>到没到</th><th scope='col'></th></tr></thead><tbody>\n");
	for (int i = 0; i < l->n; i++)
		if (!absent || l->rows[i].absent)
			write_row(call, h, l, &l->rows[i]);
	if (l->n)
		html(h, "</tbody></table>\n");
	page_end(call, h);
}

json_t *json_helpers(struct web_call *call)
{
	const struct helpers *l = call->model;
	json_t *rows = json_array();
	for (int i = 0; i < l->n; i++) {
		json_t *goals = json_array();
		for (int k = 0; k < l->rows[i].n_goals; k++) {
			const struct helpers_goal *g = &l->rows[i].goals[k];
			json_array_append_new(goals, json_pack("{s:i, s:i, s:i, s:i, s:i, s:s, s:s, s:s}", "goal", g->goal.seq, "from",
				(int)g->goal.from_day, "to", (int)g->goal.to_day, "visits_wanted", g->goal.visits, "visits",
				g->visits, "text", g->goal.text, "verdict", goal_verdict_label(g->goal.verdict), "reason",
				g->goal.reason));
		}
		json_array_append_new(rows, json_pack("{s:I, s:i, s:s, s:s, s:s, s:b, s:o}", "case", (json_int_t)l->rows[i].c->id,
			"helper", l->rows[i].helper.seq, "name", l->rows[i].helper.name, "kind",
			helper_kind_label(l->rows[i].helper.kind), "org", l->rows[i].c->org_name, "absent", l->rows[i].absent,
			"goals", goals));
	}
	return json_pack("{s:o, s:i, s:i, s:s}", "helpers", rows, "absent", l->n_absent, "without_goal", l->n_without_goal,
			 "csrf", call->csrf);
}

static int done(struct web_call *call, int r, const char *note)
{
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases/%lld#helpers", (long long)web_number(call, "case", 0));
	call->note = note;
	return 0;
}

int act_helper_goal(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct helper_goal g = {
		.case_id = web_number(call, "case", 0), .helper = (int)strtol(web_text(call, "helper"), NULL, 10),
		.from_day = (int32_t)web_number(call, "from", 0), .to_day = (int32_t)web_number(call, "to", 0),
		.visits = (int)web_number(call, "visits", 0), .text = web_text(call, "text")};
	return done(call, helpers_set_goal(call->web->app, &caller, &g, &call->info), "目标已定下");
}

int act_helper_judge(struct web_call *call)
{
	static const enum goal_verdict of[] = {GOAL_MET, GOAL_PARTLY, GOAL_MISSED};
	struct caller caller = page_caller(call);
	int r = helpers_judge(call->web->app, &caller, web_number(call, "case", 0), (int)strtol(web_text(call, "which"), NULL, 10),
			      of[web_number(call, "verdict", 0)], web_text(call, "reason"), &call->info);
	return done(call, r, "考核已记下");
}
