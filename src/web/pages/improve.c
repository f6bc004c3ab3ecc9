/* SPDX-License-Identifier: Apache-2.0 */
/* Goals and measures after the grading, regulators' opinions, and a secretary's
 * appraisal with interviews. */
#include "app/improving.h"

#include <string.h>

#include "app/meeting.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"

static bool stance_choice(int i, struct web_choice *ret)
{
	static const char *const ids[OPINION_STANCES] = {"agrees", "disagrees", "none"};
	if (i >= OPINION_STANCES)
		return false;
	*ret = (struct web_choice){ids[i], opinion_stance_label((enum opinion_stance)i)};
	return true;
}

static bool kind_choice(int i, struct web_choice *ret)
{
	static const char *const ids[APPRAISAL_KINDS] = {"fact", "report", "comment", "delegate", "praise"};
	if (i >= APPRAISAL_KINDS)
		return false;
	*ret = (struct web_choice){ids[i], appraisal_kind_label((enum appraisal_kind)i)};
	return true;
}

const struct web_field org_in_campaign_fields[] = {DECIDE_CAMPAIGN, DECIDE_ORG, {0}};
const struct web_field improvement_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG,
	{.name = "problems", .label = "存在的问题", .type = WEB_AREA, .max = 2000},
	{.name = "goal", .label = "下年目标", .type = WEB_AREA, .required = true, .max = 1000},
	{.name = "measures", .label = "措施", .type = WEB_AREA, .max = 2000,
	 .hint = "一条一行，写清做什么、做到什么程度"},
	{.name = "owner", .label = "责任人", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "due", .label = "完成时限", .type = WEB_DATE},
	{0},
};
const struct web_field opinion_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG,
	{.name = "regulator", .label = "行业主管", .type = WEB_TEXT, .required = true, .max = 100,
	 .hint = "行业主管部门的党组织，例如：县工信局党组"},
	{.name = "stance", .label = "意见", .type = WEB_CHOICE, .required = true,
	 .choice_at = stance_choice},
	{.name = "text", .label = "意见内容", .type = WEB_AREA, .max = 2000},
	{.name = "day", .label = "日期", .type = WEB_DATE, .required = true},
	{0},
};
const struct web_field appraisal_note_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG,
	{.name = "kind", .label = "记什么", .type = WEB_CHOICE, .required = true, .choice_at = kind_choice},
	{.name = "by", .label = "谁", .type = WEB_TEXT, .required = true, .max = 60,
	 .hint = "调研组、点评人、发言的党代表"},
	{.name = "day", .label = "日期", .type = WEB_DATE, .required = true},
	{.name = "text", .label = "内容", .type = WEB_AREA, .required = true, .max = 2000},
	{0},
};
const struct web_field interview_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG,
	{.name = "person", .label = "约谈对象", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "by", .label = "约谈人", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "day", .label = "日期", .type = WEB_DATE, .required = true},
	{.name = "reason", .label = "原因", .type = WEB_AREA, .required = true, .max = 1000},
	{.name = "outcome", .label = "提出的要求", .type = WEB_AREA, .required = true, .max = 1000},
	{0},
};

static const char *org_path(struct web_call *call, const char *what)
{
	return page_text(call, "/campaigns/%lld/orgs/%lld/%s", (long long)web_number(call, "campaign", 0),
			 (long long)web_number(call, "org", 0), what);
}

static int done(struct web_call *call, int r, const char *what, const char *note)
{
	if (r < 0)
		return r;
	call->location = org_path(call, what);
	call->note = note;
	return 0;
}

static void begin(struct web_call *call, struct html *h, const struct campaign_call *at,
		  const char *title, const char *note)
{
	struct page page = {.title = page_text(call, "%s · %s", title, at->org.name)};
	decide_crumbs(call, at, title, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} · {}</h1><p class='note'>{}</p></div></div>\n", at->org.name,
	     title, note);
}

/* ---- goals and measures ---- */

int act_improvement(struct web_call *call)
{
	struct improvement_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);
	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return improvement_get(call->web->app, &caller, web_number(call, "campaign", 0),
			       web_number(call, "org", 0), call->arena, v, &call->info);
}

static void write_plan(struct web_call *call, struct html *h, const struct improvement *p)
{
	html(h, "<dl class='kv wide'><dt>存在的问题</dt><dd>{}</dd><dt>目标</dt><dd>{}</dd><dt>措施</dt><dd>{}</dd>"
		"<dt>责任人</dt><dd>{}</dd><dt>完成时限</dt><dd>{}</dd><dt>写于</dt><dd>{}</dd></dl>\n",
	     p->problems, p->goal, p->measures, p->owner, page_day(call, p->due_day, false),
	     page_time(call, p->at_ms));
}

void page_improvement(struct web_call *call, struct html *h)
{
	const struct improvement_view *v = call->model;
	const struct improvement *p = &v->plan;

	begin(call, h, &v->call, "整改提升", "定级以后，每个党组织都要有目标、措施和责任人");
	if (v->visible && v->result.grade >= 0) {
		html(h, "<p>{} 年度等次：", v->call.campaign.year);
		decide_grade(h, v->call.scheme, v->result.grade);
		html(h, "　{}</p>\n", v->measures ? "这个等次要写明措施" : "");
		if (*v->goal)
			html(h, "<p class='box gap-b'>方案对这个等次的要求：{}</p>\n", v->goal);
	}
	page_not_yet(h, v->why_not);
	if (v->may_write) {
		struct form f = form_begin(call, h, org_path(call, "improvement"), improvement_fields);
		form_row(&f, "problems", p->problems);
		form_row(&f, "goal", p->at_ms ? p->goal : v->goal);
		form_row(&f, "measures", p->measures);
		form_row(&f, "owner", p->at_ms ? p->owner : v->call.org.secretary);
		form_row(&f, "due", page_day(call, p->due_day, false));
		form_end(&f, "存目标和措施", "main", NULL);
	} else if (p->at_ms) {
		write_plan(call, h, p);
	} else {
		html(h, "<p class='note'>还没有写。</p>\n");
	}
	page_end(call, h);
}

json_t *json_improvement(struct web_call *call)
{
	const struct improvement_view *v = call->model;
	const struct improvement *p = &v->plan;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s}", "problems", p->problems, "goal",
			 p->goal, "measures", p->measures, "owner", p->owner, "due",
			 page_day(call, p->due_day, false), "scheme_goal", v->goal, "asks_measures",
			 v->measures, "may_write", v->may_write, "csrf", call->csrf);
}

int act_improvement_put(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct improvement p = {
		.org = web_number(call, "org", 0), .problems = web_text(call, "problems"),
		.goal = web_text(call, "goal"), .measures = web_text(call, "measures"),
		.owner = web_text(call, "owner"), .due_day = (int32_t)web_number(call, "due", 0),
	};
	return done(call, improvement_put(call->web->app, &caller, web_number(call, "campaign", 0), &p,
					  &call->info), "improvement", "已存");
}

/* ---- opinions ---- */

int act_opinion(struct web_call *call)
{
	struct opinion_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);
	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return opinion_get(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "org", 0), call->arena, v, &call->info);
}

/* The regulator's own address, or the committee's. */
static const char *opinion_path(struct web_call *call)
{
	return strstr(call->route->path, "/opinions/")
		? page_text(call, "/campaigns/%lld/opinions/%lld", (long long)web_number(call, "campaign", 0),
			    (long long)web_number(call, "org", 0))
		: org_path(call, "opinion");
}

void page_opinion(struct web_call *call, struct html *h)
{
	const struct opinion_view *v = call->model;

	begin(call, h, &v->call, "行业主管意见", "等次定之前，征求行业主管部门党组织的意见");
	if (!v->consult)
		html(h, "<p class='box gap-b'>方案没有要求就这个党组织征求行业主管意见。</p>\n");
	if (v->consult)
		page_not_yet(h, v->why_not);
	html(h, "<ul class='list gap-b'>\n");
	for (int i = v->n - 1; i >= 0; i--)
		html(h, "<li><b>{}：{}</b> {}<p>{}</p></li>\n", v->opinions[i].regulator,
		     opinion_stance_label(v->opinions[i].stance), page_day(call, v->opinions[i].day, true),
		     v->opinions[i].text);
	html(h, "</ul>\n");
	if (v->n == 0)
		html(h, "<p class='note'>还没有意见。</p>\n");
	if (v->may_write && v->consult) {
		struct form f = form_begin(call, h, opinion_path(call), opinion_fields);
		form_row(&f, "regulator", NULL);
		form_row(&f, "stance", NULL);
		form_row(&f, "text", NULL);
		form_row(&f, "day", page_day(call, page_today(call), false));
		form_end(&f, "记下意见", "main", NULL);
	}
	page_end(call, h);
}

json_t *json_opinion(struct web_call *call)
{
	const struct opinion_view *v = call->model;
	json_t *list = json_array();
	for (int i = 0; i < v->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:i}", "regulator",
						      v->opinions[i].regulator, "stance",
						      (int)v->opinions[i].stance, "text",
						      v->opinions[i].text, "day",
						      (int)v->opinions[i].day));
	return json_pack("{s:o, s:b, s:s}", "opinions", list, "consult", v->consult, "csrf", call->csrf);
}

int act_opinion_add(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct opinion o = {
		.org = web_number(call, "org", 0), .regulator = web_text(call, "regulator"),
		.stance = (enum opinion_stance)web_number(call, "stance", OPINION_STANCES),
		.text = web_text(call, "text"), .day = (int32_t)web_number(call, "day", 0),
	};
	int r = opinion_add(call->web->app, &caller, web_number(call, "campaign", 0), &o, &call->info);
	if (r < 0)
		return r;
	call->location = opinion_path(call);
	call->note = "已记下意见";
	return 0;
}

/* ---- what a regulator was asked ---- */

struct opinion_duties {
	struct opinion_duty *at;
	int n, owed;
};

int act_opinion_duties(struct web_call *call)
{
	struct opinion_duties *d = arena_zalloc(call->arena, 1, sizeof(*d));
	struct caller caller = page_caller(call);
	if (!d)
		return err_nomem(&call->info);
	call->model = d;
	int r = opinions_owed(call->web->app, &caller, call->arena, &d->at, &d->n, &call->info);
	for (int i = 0; r == 0 && i < d->n; i++)
		d->owed += !d->at[i].last;
	return r;
}

static void write_duty(struct web_call *call, struct html *h, const struct opinion_duty *d)
{
	html(h, "<li><span class='r'>");
	if (d->last)
		html(h, "<span class='light ok'>{}</span>", opinion_stance_label(d->last->stance));
	else
		html(h, "<span class='light warn'>还没有答复</span>");
	html(h, "</span><a href='/campaigns/{}/orgs/{}/opinion'>{}</a><p>{}。{}{}</p></li>\n", d->campaign,
	     d->org, d->name, d->parent, d->title,
	     d->last ? page_text(call, "　%s 答复", page_day(call, d->last->day, true)) : "");
}

void page_opinion_duties(struct web_call *call, struct html *h)
{
	const struct opinion_duties *d = call->model;
	struct page page = {.title = "征求意见", .menu = "/opinions"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>征求意见</h1><p class='note'>定等次以前，乡镇党委要听取行业主管部门党组织的意见</p>"
		"</div></div>\n");
	if (!d->n)
		html(h, "<div class='empty'><b>现在没有征求意见的党组织</b><p>年度工作开始以后，要您单位答复的会列在这里。</p></div>\n");
	else
		html(h, "<p class='gap-b'>{} 个党组织，{}</p><ul class='list'>\n", d->n,
		     d->owed ? page_text(call, "还有 %d 个没有答复。", d->owed) : "都已经答复。");
	for (int i = 0; i < d->n; i++)
		write_duty(call, h, &d->at[i]);
	if (d->n)
		html(h, "</ul>\n");
	page_end(call, h);
}

json_t *json_opinion_duties(struct web_call *call)
{
	const struct opinion_duties *d = call->model;
	json_t *list = json_array();
	for (int i = 0; i < d->n; i++)
		json_array_append_new(list, json_pack(
			"{s:I, s:s, s:I, s:s, s:s, s:b}", "campaign", (json_int_t)d->at[i].campaign, "title",
			d->at[i].title, "org", (json_int_t)d->at[i].org, "name", d->at[i].name, "parent",
			d->at[i].parent, "owed", !d->at[i].last));
	return json_pack("{s:o, s:i}", "opinions", list, "owed", d->owed);
}

/* ---- appraisal ---- */

int act_appraisal(struct web_call *call)
{
	struct appraisal_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);
	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return appraisal_get(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "org", 0), call->arena, v, &call->info);
}

static void write_notes(struct web_call *call, struct html *h, const struct appraisal_view *v)
{
	html(h, "<section aria-labelledby='h-n'><div class='sec'><h2 id='h-n'>调研、述职、点评、发言</h2></div><ol class='tl'>\n");
	for (int i = 0; i < v->n_notes; i++) {
		const struct appraisal_note *n = &v->notes[i];
		html(h, "<li><time>{}</time><b>{}</b> {}<p>{}</p></li>\n", page_day(call, n->day, true),
		     appraisal_kind_label(n->kind), n->by_whom, n->text);
	}
	html(h, "</ol>\n");
	if (v->n_notes == 0)
		html(h, "<p class='note'>还没有记录。</p>\n");
	if (v->may_write && v->call.org.category >= 0) {
		struct form f = form_fold(call, h, "记一条", org_path(call, "appraisal"), appraisal_note_fields,
					  NULL, NULL);
		form_row(&f, "kind", NULL);
		form_row(&f, "by", NULL);
		form_row(&f, "day", page_day(call, page_today(call), false));
		form_row(&f, "text", NULL);
		form_end(&f, "记下", "main", NULL);
		html(h, "</details>\n");
	}
	html(h, "</section>\n");
}

static void write_interviews(struct web_call *call, struct html *h, const struct appraisal_view *v)
{
	html(h, "<section class='gap' aria-labelledby='h-i'><div class='sec'><h2 id='h-i'>约谈 {} 次</h2></div><ul class='list'>\n",
	     v->n_interviews);
	for (int i = 0; i < v->n_interviews; i++) {
		const struct interview *x = &v->interviews[i];
		html(h, "<li><span class='r'>{}</span><b>{}</b> 约谈 <b>{}</b>（{}）<p>原因：{}</p><p>要求：{}</p></li>\n",
		     page_day(call, x->day, true), x->by_whom, x->person, x->org_name, x->reason, x->outcome);
	}
	html(h, "</ul>\n");
	if (v->may_write) {
		struct form f = form_fold(call, h, "记一次约谈", org_path(call, "interviews"), interview_fields,
					  NULL, NULL);
		form_row(&f, "person", *v->call.org.secretary ? v->call.org.secretary : NULL);
		form_row(&f, "by", NULL);
		form_row(&f, "day", page_day(call, page_today(call), false));
		form_row(&f, "reason", NULL);
		form_row(&f, "outcome", NULL);
		form_end(&f, "记下约谈", "main", NULL);
		html(h, "</details>\n");
	}
	html(h, "</section>\n");
}

/* Where its points come from: the committee's sheets and the hall. */
static void write_scoring(struct web_call *call, struct html *h, const struct appraisal_view *v)
{
	long long campaign = (long long)web_number(call, "campaign", 0);
	if (!v->committee.id || v->call.org.category < 0)
		return;
	html(h, "<section class='gap-b' aria-labelledby='h-sc'><div class='sec'><h2 id='h-sc'>打分</h2></div><ul class='list'>\n");
	if (v->may_score)
		html(h, "<li><a href='/campaigns/{}/scores?node={}'>调研和点评打分</a></li>\n", campaign,
		     v->committee.id);
	if (v->may_live)
		html(h, "<li><a href='/campaigns/{}/live?node={}'>现场测评：开一次，用手机打分</a></li>\n",
		     campaign, v->committee.id);
	for (int i = 0; i < v->n_sessions; i++) {
		const struct live_session *s = &v->sessions[i];
		const char *state = s->state == LIVE_OPEN ? "正在评分"
			: s->state == LIVE_VOID ? "作废" : page_text(call, "收到 %lld 份", (long long)s->papers);
		html(h, "<li><span class='r'>{}</span>", state);
		if (v->may_live)
			html(h, "<a href='/live/{}'>{}</a></li>\n", s->id, s->title);
		else
			html(h, "{}</li>\n", s->title);
	}
	html(h, "<li><a href='{}'>得分怎么来的</a></li></ul></section>\n", org_path(call, "why"));
}

void page_appraisal(struct web_call *call, struct html *h)
{
	const struct appraisal_view *v = call->model;

	begin(call, h, &v->call, "述职评议考核", "述职前调研、述职、现场点评、党代表发言和测评、约谈");
	page_not_yet(h, v->why_not);
	html(h, "<div class='cols'><div>\n");
	write_notes(call, h, v);
	write_interviews(call, h, v);
	html(h, "</div><div>\n");
	if (v->year)
		rectified_write(call, h, v->year);
	write_scoring(call, h, v);
	html(h, "<section aria-labelledby='h-st'><div class='sec'><h2 id='h-st'>连续 {} 年没有明显变化</h2></div>\n",
	     v->stuck_years);
	if (v->n_stuck)
		html(h, "<p class='box warn'><b class='light bad'>{} 个党组织连续 {} 年都是最低等次</b>，按规定要严肃问责。</p><ul class='list'>",
		     v->n_stuck, v->stuck_years);
	for (int i = 0; i < v->n_stuck; i++)
		html(h, "<li><a href='/orgs/{}/years'>{}</a></li>", v->stuck[i].org, v->stuck[i].name);
	if (v->n_stuck)
		html(h, "</ul>");
	else
		html(h, "<p class='note'>没有。</p>");
	html(h, "</section></div></div>\n");
	page_end(call, h);
}

json_t *json_appraisal(struct web_call *call)
{
	const struct appraisal_view *v = call->model;
	json_t *notes = json_array(), *talks = json_array(), *stuck = json_array();
	for (int i = 0; i < v->n_notes; i++)
		json_array_append_new(notes, json_pack("{s:s, s:s, s:s, s:i}", "kind",
						       appraisal_kind_label(v->notes[i].kind), "by",
						       v->notes[i].by_whom, "text", v->notes[i].text, "day",
						       (int)v->notes[i].day));
	for (int i = 0; i < v->n_interviews; i++)
		json_array_append_new(talks, json_pack("{s:s, s:s, s:s, s:s}", "person",
						       v->interviews[i].person, "by",
						       v->interviews[i].by_whom, "reason",
						       v->interviews[i].reason, "outcome",
						       v->interviews[i].outcome));
	for (int i = 0; i < v->n_stuck; i++)
		json_array_append_new(stuck, json_pack("{s:I, s:s, s:i}", "org",
						       (json_int_t)v->stuck[i].org, "name",
						       v->stuck[i].name, "years", v->stuck[i].years));
	return json_pack("{s:o, s:o, s:o, s:o*, s:s}", "notes", notes, "interviews", talks, "stuck", stuck,
			 "rectified", v->year ? rectified_json(v->year) : NULL, "csrf", call->csrf);
}

int act_appraisal_note(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct appraisal_note n = {
		.org = web_number(call, "org", 0),
		.kind = (enum appraisal_kind)web_number(call, "kind", APPRAISAL_KINDS),
		.day = (int32_t)web_number(call, "day", 0), .by_whom = web_text(call, "by"),
		.text = web_text(call, "text"),
	};
	return done(call, appraisal_note_add(call->web->app, &caller, web_number(call, "campaign", 0), &n,
					     &call->info), "appraisal", "已记下");
}

int act_interview(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct interview v = {
		.org = web_number(call, "org", 0), .person = web_text(call, "person"),
		.by_whom = web_text(call, "by"), .day = (int32_t)web_number(call, "day", 0),
		.reason = web_text(call, "reason"), .outcome = web_text(call, "outcome"),
	};
	return done(call, interview_add(call->web->app, &caller, web_number(call, "campaign", 0), &v,
					&call->info), "appraisal", "已记下约谈");
}
