/* SPDX-License-Identifier: Apache-2.0 */
/* One's own page: what is due in the year's work and in the ledger, why something
 * came back, what is done. Large type, for a phone. */
#include "app/chasing.h"
#include "app/meeting.h"
#include "app/scores.h"
#include "domain/day.h"
#include "web/pages/pages.h"
#include "web/pages/pages_chase.h"
#include "web/pages/pages_ledger.h"

enum { TASKS_SHOWN = 8 /* of each part; the others are folded */ };

struct my_page {
	struct duty *duties;
	struct ledger_task *tasks;
	struct opinion_duty *opinions;
	struct score_duty *scores;
	int n, n_tasks, n_opinions, n_scores, owed;
};

static bool may(const struct web_call *call, enum action action)
{
	return call->session.may >> action & 1;
}

int act_my(struct web_call *call)
{
	struct my_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);
	struct app *app = call->web->app;
	int r = 0;

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	if (may(call, ACTION_CAMPAIGN_READ) || may(call, ACTION_SURVEY_WRITE))
		r = duties_list(app, &caller, call->arena, &p->duties, &p->n, &call->info);
	if (r == 0 && may(call, ACTION_CASE_READ))
		r = ledger_tasks(app, &caller, call->arena, &p->tasks, &p->n_tasks, &call->info);
	if (r == 0 && may(call, ACTION_OPINION_WRITE))
		r = opinions_owed(app, &caller, call->arena, &p->opinions, &p->n_opinions, &call->info);
	if (r == 0 && may(call, ACTION_SCORE_UNIT))
		r = scores_duties(app, &caller, call->arena, &p->scores, &p->n_scores, &call->info);
	for (int i = 0; r == 0 && i < p->n_opinions; i++)
		p->owed += !p->opinions[i].last;
	return r;
}

/* ---- the year's work ---- */

/* Where a step is done: for one organisation, or for all below a committee. */
static const char *place_of(struct web_call *call, const struct duty *d)
{
	static const struct {
		enum scheme_step_kind kind;
		const char *one, *all;
	} places[] = {
		{STEP_SELF, "self", "selfs"}, {STEP_SURVEY, "survey", "survey"},
		{STEP_IMPROVEMENT, "improvement", NULL}, {STEP_BALLOT, NULL, "counts"},
		{STEP_GRADING, NULL, "meeting"}, {STEP_PUBLICITY, NULL, "publicity"},
		{STEP_REVIEW, NULL, "review"},
	};
	if (d->mutual)
		return page_text(call, "/campaigns/%lld/peer-scores?node=%lld", (long long)d->campaign, (long long)d->org);
	if (d->source)
		return page_text(call, "/campaigns/%lld/scores?node=%lld&source=%s&todo=1", (long long)d->campaign,
				 (long long)d->org, d->source);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (places[i].kind == d->kind && d->below && places[i].all)
			return page_text(call, "/campaigns/%lld/%s?node=%lld", (long long)d->campaign,
					 places[i].all, (long long)d->org);
		else if (places[i].kind == d->kind && !d->below && places[i].one)
			return page_text(call, "/campaigns/%lld/orgs/%lld/%s", (long long)d->campaign,
					 (long long)d->org, places[i].one);
	return page_text(call, "/campaigns/%lld?node=%lld", (long long)d->campaign, (long long)d->org);
}

/* What no act completes is marked by whoever knows. */
static void write_mark(struct web_call *call, struct html *h, const struct duty *d, bool done)
{
	html(h, "<form method='post' action='/campaigns/{}/step'><input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='node' value='{}'><input type='hidden' name='step' value='{}'>"
		"<input type='hidden' name='done' value='{}'><button class='{}'>{}</button></form>",
	     d->campaign, call->csrf, d->org, d->step + 1, done ? "no" : "yes", done ? "link" : "btn",
	     done ? "没有办完，改回来" : "办完了，登记");
}

static bool is_done(const struct duty *d)
{
	return d->state == STEP_DONE || d->state == STEP_WAIVED;
}

static void write_duty(struct web_call *call, struct html *h, const struct duty *d)
{
	bool done = is_done(d), back = d->state == STEP_RETURNED;

	html(h, "<li class='{}'><h2>{}{}</h2>", done ? "done" : back ? "back" : "due", d->confirm ? "确认" : "",
	     d->label);
	if (done)
		html(h, "<p><span class='light ok'>已经完成</span></p>");
	else if (back)
		html(h, "<p><span class='light bad'>退回来了</span></p><blockquote>{}</blockquote>", d->reason);
	else if (d->days == INT64_MIN)
		html(h, "<p><span class='light off'>没有定日期</span></p>");
	else
		html(h, "<p><span class='light {}'>{}</span></p>",
		     d->days > 0 ? "bad" : d->days >= -7 ? "warn" : "ok", chase_when(call, d->days, d->to_day));
	if (d->confirm)
		html(h, "<p>支部的自评已经报来，请核对后确认，或者写明理由退回。</p>");
	if (d->mutual && !done)
		html(h, "<p>给同一个乡镇的 {} 个党组织打分，不给自己打；还有 <b>{}</b> 个没有打。</p>", d->all, d->unscored);
	if (d->source)
		html(h, "<p>{} 个党组织里还有 <b>{}</b> 个没有打齐“{}”的分，打齐了再开会定等次。</p>", d->all, d->unscored,
		     d->source_label);
	else if (d->below && d->open && d->kind == STEP_GRADING)
		html(h, "<p>{} 个党组织里还有 <b>{}</b> 个没有经会议定等次。</p>", d->all, d->open);
	else if (d->below && d->open)
		html(h, "<p>{} 个党组织里还有 <b>{}</b> 个没有完成。</p>", d->all, d->open);
	if (!done && *d->notes)
		html(h, "<p class='note'>{}</p>", d->notes);
	html(h, "<div class='acts'><a class='btn {}' href='{}'>{}</a>", done ? "" : "main", place_of(call, d),
	     done ? "看一看" : back ? "去改" : d->confirm ? "去确认" : d->source || d->mutual ? "去打分"
	     : d->below && d->kind == STEP_GRADING ? "去开会定级" : d->below ? "去办" : "去填");
	if (d->may_mark)
		write_mark(call, h, d, done);
	html(h, "</div></li>\n");
}

/* Those that are left, or those that are done. */
static void write_duties(struct web_call *call, struct html *h, const struct my_page *p, bool done)
{
	int64_t campaign = 0, org = 0;

	for (int i = 0; i < p->n; i++) {
		const struct duty *d = &p->duties[i];
		if (is_done(d) != done)
			continue;
		if (d->campaign != campaign || d->org != org) {
			if (campaign)
				html(h, "</ul>\n");
			html(h, "<p class='of'>{}<br>{}</p><ul class='duties'>\n", d->campaign_title,
			     d->org_name);
			campaign = d->campaign;
			org = d->org;
		}
		write_duty(call, h, d);
	}
	if (campaign)
		html(h, "</ul>\n");
}

/* ---- others' questions ---- */

static void write_asked(struct html *h, const struct my_page *p)
{
	if (!p->n_opinions && !p->n_scores)
		return;
	html(h, "<ul class='duties'>\n");
	if (p->n_opinions)
		html(h, "<li class='{}'><h2>征求意见</h2><p>{} 个党组织征求您单位的意见，还有 <b>{}</b> 个没有答复。</p>"
			"<a class='btn {}' href='/opinions'>{}</a></li>\n", p->owed ? "due" : "done", p->n_opinions,
		     p->owed, p->owed ? "main" : "", p->owed ? "去答复" : "看一看");
	if (p->n_scores)
		html(h, "<li class='due'><h2>打分</h2><p>有 {} 张打分表分配给您单位。</p>"
			"<a class='btn main' href='/unit-scores'>去打分</a></li>\n", p->n_scores);
	html(h, "</ul>\n");
}

/* ---- the ledger ---- */

static void write_task(struct web_call *call, struct html *h, const struct ledger_task *t)
{
	html(h, "<li><span class='r'>");
	if (t->day)
		html(h, "{} ", page_day(call, t->day, true));
	ledger_write_light(h, t->day, false, page_today(call));
	html(h, "</span><a href='{}'>{}</a> {}</li>\n", t->href, t->org_name, t->what);
}

/* Those of today, or those to come. */
static void write_part(struct web_call *call, struct html *h, const struct my_page *p, const char *title,
		       bool today)
{
	int32_t now = page_today(call);
	int n = 0, all = 0;

	for (int i = 0; i < p->n_tasks; i++)
		all += (!p->tasks[i].day || p->tasks[i].day <= now) == today;
	if (!all)
		return;
	html(h, "<h3>{}（{} 件）</h3><ul class='list'>\n", title, all);
	for (int i = 0; i < p->n_tasks; i++) {
		if ((!p->tasks[i].day || p->tasks[i].day <= now) != today)
			continue;
		if (n++ == TASKS_SHOWN)
			html(h, "</ul>\n<details><summary>还有 {} 件</summary><ul class='list'>\n", all - TASKS_SHOWN);
		write_task(call, h, &p->tasks[i]);
	}
	html(h, "</ul>\n");
	if (n > TASKS_SHOWN)
		html(h, "</details>\n");
}

static void write_tasks(struct web_call *call, struct html *h, const struct my_page *p)
{
	html(h, "<section aria-labelledby='h-t'><p class='of' id='h-t'>整顿台账</p>\n");
	if (!p->n_tasks)
		html(h, "<p class='note'>台账里没有要办的。</p>\n");
	write_part(call, h, p, "今天要办", true);
	write_part(call, h, p, "30 天内", false);
	html(h, "<form method='post' action='/calendar'><input type='hidden' name='_csrf' value='{}'>"
		"<button class='btn'>订阅到手机日历</button></form></section>\n", call->csrf);
}

/* ---- the page ---- */

void page_my(struct web_call *call, struct html *h)
{
	const struct my_page *p = call->model;
	struct page page = {.title = "我要办的", .menu = "/my"};
	int open = p->owed + p->n_tasks + p->n_scores;

	for (int i = 0; i < p->n; i++)
		open += !is_done(&p->duties[i]);
	page_begin(call, h, &page);
	html(h, "<div class='big-page'><h1>我要办的</h1>");
	if (open)
		html(h, "<p>还有 <b>{}</b> 件没有办完。</p>\n", open);
	else if (p->n || p->n_opinions)
		html(h, "<p>都办完了。</p>\n");
	else
		html(h, "<p class='empty'>现在没有要办的事。年度工作开始以后，要办的事会列在这里。</p>\n");
	write_asked(h, p);
	write_duties(call, h, p, false);
	if (may(call, ACTION_CASE_READ))
		write_tasks(call, h, p);
	write_duties(call, h, p, true);
	html(h, "</div>\n");
	page_end(call, h);
}

static json_t *tasks_json(const struct my_page *p)
{
	static const char *const lights[] = {"none", "green", "amber", "red"};
	json_t *tasks = json_array();

	for (int i = 0; i < p->n_tasks; i++) {
		const struct ledger_task *t = &p->tasks[i];
		char day[16];
		day_format(t->day, day);
		json_array_append_new(tasks, json_pack("{s:I, s:s, s:s, s:s, s:s}", "case",
						       (json_int_t)t->case_id, "name", t->org_name, "what",
						       t->what, "day", day, "light", lights[t->light]));
	}
	return tasks;
}

json_t *json_my(struct web_call *call)
{
	static const char *const states[STEP_STATE_COUNT] = {"not-begun", "begun", "done", "waived",
							     "returned"};
	const struct my_page *p = call->model;
	json_t *list = json_array();

	for (int i = 0; i < p->n; i++) {
		const struct duty *d = &p->duties[i];
		json_array_append_new(list, json_pack(
			"{s:I, s:I, s:s, s:i, s:s, s:s, s:s, s:i, s:b, s:b, s:s}", "campaign",
			(json_int_t)d->campaign, "org", (json_int_t)d->org, "org_name", d->org_name, "number",
			d->step + 1, "step", d->label, "state", states[d->state], "reason", d->reason,
			"to_day", (int)d->to_day, "confirm", d->confirm, "may_mark", d->may_mark, "place",
			place_of(call, d)));
	}
	return json_pack("{s:o, s:o, s:i, s:i, s:s}", "duties", list, "tasks", tasks_json(p), "opinions",
			 p->owed, "scores", p->n_scores, "csrf", call->csrf);
}

/* ---- a step marked by hand ---- */

static const struct web_choice yes_no[] = {{"yes", "办完了"}, {"no", "没有办完"}, {0}};

const struct web_field step_mark_fields[] = {
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "step", .label = "步骤", .type = WEB_INT, .required = true, .min = 1,
	 .max = SCHEME_LIST_MAX, .hint = "方案里的第几步"},
	{.name = "done", .label = "办完没有", .type = WEB_CHOICE, .required = true, .choices = yes_no},
	{0},
};

int act_step_mark(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t n = 0;
	bool done = web_number(call, "done", 0) == 0;
	int r = duties_mark(call->web->app, &caller, web_number(call, "campaign", 0),
			    web_number(call, "node", 0), (int)web_number(call, "step", 0) - 1, done, &n,
			    &call->info);
	if (r)
		return r;
	call->location = "/my";
	call->note = page_text(call, done ? "已登记 %lld 个党组织办完" : "已改回 %lld 个党组织没有办完", (long long)n);
	return 0;
}
