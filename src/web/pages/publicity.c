/* SPDX-License-Identifier: Apache-2.0 */
/* A committee's notices: begin, take down, objections and their answers. */
#include "app/publicizing.h"

#include <string.h>

#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"
#include "web/pages/publicity_in.h"

#define PUBLICITY \
	{.name = "publicity", .label = "公示", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field publicity_fields[] = {DECIDE_CAMPAIGN, DECIDE_NODE, {0}};
const struct web_field publicity_begin_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "from", .label = "从", .type = WEB_DATE, .required = true},
	{.name = "to", .label = "到", .type = WEB_DATE, .required = true},
	{.name = "stars", .label = "公示星级", .type = WEB_FLAG},
	{.name = "score", .label = "公示得分", .type = WEB_FLAG,
	 .hint = "参加测评不到 5 人的，得分和名次不会公示"},
	{.name = "rank", .label = "公示名次", .type = WEB_FLAG},
	{.name = "plans", .label = "公示整改方案", .type = WEB_FLAG},
	{.name = "scope", .label = "范围", .type = WEB_TEXT, .required = true, .max = 200,
	 .hint = "在哪里张贴，例如：镇、村公开栏"},
	{.name = "office", .label = "受理地点", .type = WEB_TEXT, .required = true, .max = 200},
	{.name = "phone", .label = "受理电话", .type = WEB_TEXT, .required = true, .max = 60},
	{0},
};
const struct web_field publicity_withdraw_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE, PUBLICITY,
	{.name = "why", .label = "撤下的理由", .type = WEB_TEXT, .required = true, .max = 500},
	{0},
};
const struct web_field objection_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE, PUBLICITY,
	{.name = "about", .label = "关于哪个党组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "day", .label = "收到日期", .type = WEB_DATE, .required = true},
	{.name = "by", .label = "反映人", .type = WEB_TEXT, .max = 100, .hint = "可以不填，不署名也受理"},
	{.name = "text", .label = "反映的内容", .type = WEB_AREA, .required = true, .max = 2000},
	{0},
};
const struct web_field objection_answer_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "objection", .label = "异议", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "answer", .label = "答复", .type = WEB_AREA, .required = true, .max = 2000},
	{.name = "reopen", .label = "情况属实，重新评定这个党组织", .type = WEB_FLAG},
	{0},
};
const struct web_field notice_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "publicity", .label = "公示", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{0},
};

int act_publicity(struct web_call *call)
{
	struct publicity_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);
	const bool chosen = web_field_find(call->route->fields, STR("publicity")) >= 0;

	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return publicity_get(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0),
			     chosen ? web_number(call, "publicity", 0) : 0, call->arena, v, &call->info);
}

static const char *base(struct web_call *call, const struct publicity_view *v, const char *what)
{
	return page_text(call, "/campaigns/%lld/publicity%s", (long long)v->call.campaign.id, what);
}

static const char *node_text(struct web_call *call, const struct publicity_view *v)
{
	return page_text(call, "%lld", (long long)v->call.org.id);
}

/* ---- the parts ---- */

static void write_current(struct web_call *call, struct html *h, const struct publicity_view *v)
{
	const struct publicity *p = &v->notice.publicity;
	html(h, "<section aria-labelledby='h-now'><div class='sec'><h2 id='h-now'>{}</h2>"
		"<span class='note'>{} 至 {}</span></div><dl class='kv'>",
	     v->notice.over ? "公示期已满" : "正在公示", page_day(call, p->from_day, true),
	     page_day(call, p->to_day, true));
	html(h, "<dt>网上查看</dt><dd><a href='/p/{}'>/p/{}</a>（不用登录）</dd><dt>张贴</dt>"
		"<dd><a class='btn' href='/campaigns/{}/publicity/notice?node={}&publicity={}'>打印公示</a></dd>",
	     p->token, p->token, v->call.campaign.id, v->call.org.id, p->id);
	html(h, "<dt>范围</dt><dd>{}</dd><dt>受理</dt><dd>{} {}</dd></dl>\n", p->scope, p->office, p->phone);
	if (v->notice.withheld)
		html(h, "<p class='note'>有 {} 个参加测评的人太少，得分和名次不公示。</p>\n", v->notice.withheld);
	notice_write_table(h, &v->notice);
	if (v->may_write) {
		struct form f = form_fold(call, h, "撤下这次公示", base(call, v, "/withdraw"),
					  publicity_withdraw_fields, "publicity",
					  page_text(call, "%lld", (long long)p->id));
		form_hidden(&f, "node", node_text(call, v));
		form_row(&f, "why", NULL);
		form_end(&f, "撤下公示", "danger", NULL);
		html(h, "</details>\n");
	}
	html(h, "</section>\n");
}

static void write_begin(struct web_call *call, struct html *h, const struct publicity_view *v)
{
	const struct scheme_publicity *rule = &v->call.scheme->publicity;
	html(h, "<section class='gap' aria-labelledby='h-new'><div class='sec'><h2 id='h-new'>开始公示</h2>"
		"<span class='note'>{}</span></div>\n",
	     rule->given ? page_text(call, "方案要求公示 %d 天", rule->days) : "公示后得分和等次锁定");
	struct form f = form_begin(call, h, base(call, v, ""), publicity_begin_fields);
	form_hidden(&f, "node", node_text(call, v));
	form_row(&f, "from", page_day(call, page_today(call), false));
	form_row(&f, "to", NULL);
	form_row(&f, "stars", rule->given && !(rule->show & SHOW_STARS) ? NULL : "1");
	form_row(&f, "score", rule->show & SHOW_SCORE ? "1" : NULL);
	form_row(&f, "rank", rule->show & SHOW_RANK ? "1" : NULL);
	form_row(&f, "plans", NULL);
	form_row(&f, "scope", "镇、村公开栏");
	form_row(&f, "office", NULL);
	form_row(&f, "phone", NULL);
	form_end(&f, "开始公示", "main", NULL);
	html(h, "</section>\n");
}

static void write_objection(struct web_call *call, struct html *h, const struct publicity_view *v,
			    const struct objection *o)
{
	html(h, "<li id='b{}'><span class='r'><span class='light {}'>{}</span></span><b>{}</b> {}<p>{}：{}</p>",
	     o->id, o->outcome == OBJECTION_OPEN ? "warn" : "ok", objection_outcome_label(o->outcome),
	     o->org_name, page_day(call, o->day, true), *o->by_whom ? o->by_whom : "没有署名", o->text);
	if (o->outcome != OBJECTION_OPEN) {
		html(h, "<p>答复（{}）：{}</p>", page_time(call, o->answer_ms), o->answer);
	} else if (v->may_write) {
		struct form f = form_fold(call, h, "答复", base(call, v, "/answer"), objection_answer_fields,
					  "objection", page_text(call, "%lld", (long long)o->id));
		form_hidden(&f, "node", node_text(call, v));
		form_row(&f, "answer", NULL);
		form_row(&f, "reopen", NULL);
		form_end(&f, "存答复", "", NULL);
		html(h, "</details>");
	}
	html(h, "</li>\n");
}

static void write_objection_form(struct web_call *call, struct html *h,
				 const struct publicity_view *v)
{
	int n = 0;
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)v->tree.n + 1, sizeof(*choices));

	for (int i = 0; choices && i < v->tree.n; i++)
		if (v->tree.orgs[i].org.category >= 0 && v->tree.orgs[i].committee == &v->tree.orgs[0])
			choices[n++] = (struct web_choice){
				page_text(call, "%lld", (long long)v->tree.orgs[i].org.id),
				v->tree.orgs[i].org.name};
	struct form f = form_fold(call, h, "登记一件异议", base(call, v, "/objections"), objection_fields,
				  "publicity", page_text(call, "%lld", (long long)v->notice.publicity.id));
	form_hidden(&f, "node", node_text(call, v));
	form_row_choice(&f, "about", NULL, choices);
	form_row(&f, "day", page_day(call, page_today(call), false));
	form_row(&f, "by", NULL);
	form_row(&f, "text", NULL);
	form_end(&f, "登记", "", NULL);
	html(h, "</details>\n");
}

static void write_objections(struct web_call *call, struct html *h, const struct publicity_view *v)
{
	html(h, "<section aria-labelledby='h-ob'><div class='sec'><h2 id='h-ob'>异议 {} 件</h2>"
		"<span class='note'>逐条登记，逐条答复</span></div><ul class='list'>\n", v->n_objections);
	for (int i = 0; i < v->n_objections; i++)
		write_objection(call, h, v, &v->objections[i]);
	html(h, "</ul>\n");
	if (v->n_objections == 0)
		html(h, "<p class='note'>还没有收到异议。</p>\n");
	if (v->may_write && v->notice.rows)
		write_objection_form(call, h, v);
	html(h, "</section>\n");
}

void page_publicity(struct web_call *call, struct html *h)
{
	const struct publicity_view *v = call->model;
	struct page page = {.title = page_text(call, "%s %d 年度公示", v->call.org.name,
					       v->call.campaign.year)};

	decide_crumbs(call, &v->call, "公示", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度公示</h1><p class='note'>"
		"公示名称和等次，公示期内谁都可以反映</p></div></div>\n",
	     v->call.org.name, v->call.campaign.year);
	decide_tabs(call, h, &v->call, "publicity");
	html(h, "<div class='cols'><div>\n");
	if (v->notice.rows)
		write_current(call, h, v);
	else
		html(h, "<div class='empty'><b>还没有公示</b><p>会议定了等次，就可以公示。</p></div>\n");
	if (v->may_write && v->gate.open)
		write_begin(call, h, v);
	html(h, "</div><div>\n");
	if (!v->notice.rows || v->gate.open)
		decide_gate(call, h, GATE_PUBLISH, &v->gate);
	write_objections(call, h, v);
	html(h, "</div></div>\n");
	page_end(call, h);
}

json_t *json_publicity(struct web_call *call)
{
	const struct publicity_view *v = call->model;
	json_t *list = json_array(), *objections = json_array();

	for (int i = 0; i < v->n; i++)
		json_array_append_new(list, json_pack("{s:I, s:s, s:i, s:i, s:s}", "publicity",
						      (json_int_t)v->list[i].id, "address",
						      page_text(call, "/p/%s", v->list[i].token), "from",
						      (int)v->list[i].from_day, "to",
						      (int)v->list[i].to_day, "withdrawn",
						      v->list[i].withdrawn));
	for (int i = 0; i < v->n_objections; i++)
		json_array_append_new(objections, json_pack(
			"{s:I, s:I, s:s, s:s, s:i}", "objection", (json_int_t)v->objections[i].id, "org",
			(json_int_t)v->objections[i].org, "text", v->objections[i].text, "answer",
			v->objections[i].answer, "outcome", (int)v->objections[i].outcome));
	return json_pack("{s:o, s:o, s:o, s:o, s:s}", "publicity", list, "objections", objections,
			 "notice", v->notice.rows ? notice_json(call, &v->notice) : json_null(), "gates",
			 decide_gate_json(&v->gate), "csrf", call->csrf);
}

/* ---- doing ---- */

static int done(struct web_call *call, int r, const char *note)
{
	if (r < 0)
		return r;
	call->location = page_text(call, "/campaigns/%lld/publicity?node=%lld",
				   (long long)web_number(call, "campaign", 0),
				   (long long)web_number(call, "node", 0));
	call->note = note;
	return 0;
}

int act_publicity_begin(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct publicity p = {
		.campaign = web_number(call, "campaign", 0), .node = web_number(call, "node", 0),
		.from_day = (int32_t)web_number(call, "from", 0),
		.to_day = (int32_t)web_number(call, "to", 0),
		.show = SHOW_GRADE | (web_number(call, "stars", 0) ? SHOW_STARS : 0u) |
			(web_number(call, "score", 0) ? SHOW_SCORE : 0u) |
			(web_number(call, "rank", 0) ? SHOW_RANK : 0u),
		.plans = web_number(call, "plans", 0) != 0, .scope = web_text(call, "scope"),
		.office = web_text(call, "office"), .phone = web_text(call, "phone"),
	};
	int64_t id;
	return done(call, publicity_begin(call->web->app, &caller, &p, &id, &call->info), "已开始公示");
}

int act_publicity_withdraw(struct web_call *call)
{
	struct caller caller = page_caller(call);
	return done(call, publicity_withdraw(call->web->app, &caller, web_number(call, "campaign", 0),
					     web_number(call, "publicity", 0), web_text(call, "why"),
					     &call->info), "已撤下公示，结果可以再改");
}

int act_objection(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct objection o = {
		.campaign = web_number(call, "campaign", 0),
		.publicity = web_number(call, "publicity", 0), .org = web_number(call, "about", 0),
		.day = (int32_t)web_number(call, "day", 0), .by_whom = web_text(call, "by"),
		.text = web_text(call, "text"),
	};
	int64_t id;
	return done(call, objection_add(call->web->app, &caller, &o, &id, &call->info), "已登记异议");
}

int act_objection_answer(struct web_call *call)
{
	struct caller caller = page_caller(call);
	return done(call, objection_answer(call->web->app, &caller, web_number(call, "campaign", 0),
					   web_number(call, "objection", 0), web_text(call, "answer"),
					   web_number(call, "reopen", 0) != 0, &call->info), "已存答复");
}
