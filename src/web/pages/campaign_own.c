/* SPDX-License-Identifier: Apache-2.0 */
/* A campaign's days, their history, and its end: for its owner. */
#include "app/campaign_grading.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"

#define CAMPAIGN_FIELD \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field campaign_id_fields[] = {CAMPAIGN_FIELD, {0}};
const struct web_field campaign_days_fields[] = {
	CAMPAIGN_FIELD,
	{.name = "step", .label = "步骤", .type = WEB_INT, .required = true, .min = 1, 
	 .max = INT64_MAX},
	{.name = "from_day", .label = "开始", .type = WEB_DATE},
	{.name = "to_day", .label = "结束", .type = WEB_DATE},
	{.name = "reason", .label = "理由", .type = WEB_AREA, .required = true, .max = 1000},
	{0},
};
const struct web_field campaign_reason_fields[] = {
	CAMPAIGN_FIELD,
	{.name = "reason", .label = "理由", .type = WEB_AREA, .max = 1000},
	{0},
};
const struct web_field campaign_reopen_fields[] = {
	CAMPAIGN_FIELD,
	{.name = "reason", .label = "理由", .type = WEB_AREA, .required = true, .max = 1000},
	{0},
};
const struct web_field campaign_grade_fields[] = {
	CAMPAIGN_FIELD,
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};

/* ---- shared ---- */

void campaign_crumbs(struct web_call *call, const struct campaign *campaign,
		     const struct campaign_org *crumbs, int n, const char *last, struct page *page)
{
	struct crumb *out = arena_zalloc(call->arena, (size_t)n + 2, sizeof(*out));
	int at = 0;

	if (!out)
		return;
	out[at++] = (struct crumb){"年度工作", "/campaigns"};
	for (int i = 0; i < n; i++)
		out[at++] = (struct crumb){crumbs[i].name,
					   page_text(call, "/campaigns/%lld?node=%lld",
						     (long long)campaign->id, (long long)crumbs[i].id)};
	if (last)
		out[at++] = (struct crumb){last, NULL};
	page->crumbs = out;
	page->n_crumbs = at;
	page->menu = "/campaigns";
}

int campaign_grade_look(const struct scheme *scheme, int grade)
{
	static const unsigned char four[] = {1, 2, 4, 5}, three[] = {1, 3, 5};
	int n = scheme->n_grades;
	if (n == 4)
		return four[grade & 3];
	if (n == 3 && grade < 3)
		return three[grade];
	return n <= 5 ? grade + 1 : 1 + grade * 4 / (n - 1);
}

const char *campaign_stars_label(int stars)
{
	static const char *const labels[] = {"不定星", "一星", "二星", "三星", "四星", "五星"};
	return stars < 0 || stars > SCHEME_STARS_MAX ? "" : labels[stars];
}

const char *campaign_state_label(enum step_state state)
{
	static const char *const labels[] = {"未开始", "进行中", "完成", "免予办理", "退回"};
	return labels[state];
}

/* ---- the page ---- */

int act_campaign_own(struct web_call *call)
{
	struct campaign_detail *d = arena_zalloc(call->arena, 1, sizeof(*d));
	struct caller caller = page_caller(call);

	if (!d)
		return err_nomem(&call->info);
	call->model = d;
	int r = campaigns_get(call->web->app, &caller, web_number(call, "campaign", 0), 0, call->arena, d,
			      &call->info);
	if (r == 0 && !d->owner)
		r = err_set(&call->info, ERR_DENIED, "只有开展这项工作的组织部能改日期、结束和归档");
	return r;
}

static const char *address(struct web_call *call, const char *what)
{
	return page_text(call, "/campaigns/%lld/%s", (long long)web_number(call, "campaign", 0), what);
}

static void write_days(struct web_call *call, struct html *h, const struct campaign_detail *d)
{
	html(h, "<div class='sec'><h2 id='h-d'>步骤和日期</h2></div>\n");
	for (int i = 0; i < d->scheme->n_steps; i++) {
		const struct campaign_step *s = &d->steps[i];
		const char *days = page_text(call, "%s：%s 至 %s", d->scheme->steps[i].label,
					     s->from_day ? page_day(call, s->from_day, false) : "未定",
					     s->to_day ? page_day(call, s->to_day, false) : "未定");
		if (d->campaign.state != CAMPAIGN_OPEN) {
			html(h, "<p>{}</p>\n", days);
			continue;
		}
		struct form form = form_fold(call, h, days, address(call, "days"), campaign_days_fields,
					     "step", page_text(call, "%d", i + 1));
		form_row(&form, "from_day", page_day(call, s->from_day, false));
		form_row(&form, "to_day", page_day(call, s->to_day, false));
		form_row(&form, "reason", NULL);
		form_end(&form, "改日期", "", NULL);
		html(h, "</details>\n");
	}
}

static void write_moves(struct web_call *call, struct html *h, const struct campaign_detail *d)
{
	html(h, "<div class='sec'><h2>改过的日期</h2></div>");
	if (!d->n_moves) {
		html(h, "<p class='note'>没有改过</p>\n");
		return;
	}
	html(h, "<ul class='list'>");
	for (int i = 0; i < d->n_moves; i++) {
		const struct campaign_step_move *m = &d->moves[i];
		html(h, "<li>{} 原为 {} 至 {}<p>{} {}：{}</p></li>",
		     m->step < d->scheme->n_steps ? d->scheme->steps[m->step].label : "",
		     m->from_day ? page_day(call, m->from_day, false) : "未定",
		     m->to_day ? page_day(call, m->to_day, false) : "未定", page_time(call, m->at_ms),
		     *m->account_label ? m->account_label : "系统", m->reason);
	}
	html(h, "</ul>\n");
}

static void write_end(struct web_call *call, struct html *h, const struct campaign_detail *d)
{
	struct form form;
	html(h, "<div class='sec gap'><h2>结束和归档</h2></div>\n");
	if (d->campaign.state == CAMPAIGN_OPEN) {
		form = form_fold(call, h, "结束这项工作", address(call, "close"), campaign_reason_fields, NULL, NULL);
		html(h, "<p class='box warn gap-b'>结束以后什么都不能再改，等次、星级和得分转为往年结果。"
			"还有没审定的党组织时，要写明理由。</p>");
		form_row(&form, "reason", NULL);
		form_end(&form, "确定结束", "danger", NULL);
		html(h, "</details>\n");
		return;
	}
	html(h, "<p>{} 已结束{}。</p>", page_time(call, d->campaign.closed_ms),
	     d->campaign.state == CAMPAIGN_ARCHIVED ? "，已归档" : "");
	if (d->campaign.state == CAMPAIGN_ARCHIVED)
		return;
	form = form_fold(call, h, "归档", address(call, "archive"), campaign_id_fields, NULL, NULL);
	html(h, "<p class='box gap-b'>归档以后不再出现在列表里，随时可以在“含已归档的”里查看。</p>");
	form_end(&form, "确定归档", "danger", NULL);
	html(h, "</details>\n");
	form = form_fold(call, h, "重新打开", address(call, "reopen"), campaign_reopen_fields, NULL, NULL);
	form_row(&form, "reason", NULL);
	form_end(&form, "重新打开", "danger", NULL);
	html(h, "</details>\n");
}

void page_campaign_own(struct web_call *call, struct html *h)
{
	const struct campaign_detail *d = call->model;
	struct page page = {.title = "日期和结束"};

	campaign_crumbs(call, &d->campaign, &d->org, 1, "日期和结束", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>方案：{}。日期只是提醒：早做晚做都可以，晚了会显示逾期。</p>"
		"</div></div>\n<div class='cols half'><section aria-labelledby='h-d'>", d->campaign.title,
	     d->scheme->title);
	write_days(call, h, d);
	html(h, "</section><section>");
	write_moves(call, h, d);
	write_end(call, h, d);
	html(h, "</section></div>\n");
	page_end(call, h);
}

json_t *json_campaign_own(struct web_call *call)
{
	const struct campaign_detail *d = call->model;
	json_t *steps = json_array();

	for (int i = 0; i < d->scheme->n_steps; i++)
		json_array_append_new(steps, json_pack("{s:s, s:s, s:s, s:s}", "id",
			d->scheme->steps[i].id, "label", d->scheme->steps[i].label, "from",
			page_day(call, d->steps[i].from_day, false), "to",
			page_day(call, d->steps[i].to_day, false)));
	return json_pack("{s:I, s:s, s:i, s:o, s:s}", "id", (json_int_t)d->campaign.id, "title",
			 d->campaign.title, "state", (int)d->campaign.state, "steps", steps, "csrf",
			 call->csrf);
}

/* ---- acts ---- */

static int back(struct web_call *call, int r, const char *to, const char *note)
{
	if (r == 0) {
		call->location = to;
		call->note = note;
	}
	return r;
}

int act_campaign_days(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct campaign_step step = {(int)web_number(call, "step", 0) - 1,
					   (int32_t)web_number(call, "from_day", 0),
					   (int32_t)web_number(call, "to_day", 0)};
	int r = campaigns_move_step(call->web->app, &caller, web_number(call, "campaign", 0), &step,
				    web_text(call, "reason"), &call->info);
	return back(call, r, address(call, "settings"), "日期已改");
}

int act_campaign_close(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = campaigns_close(call->web->app, &caller, web_number(call, "campaign", 0),
				web_text(call, "reason"), &call->info);
	return back(call, r, address(call, "settings"), "这项年度工作已结束");
}

int act_campaign_reopen(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = campaigns_reopen(call->web->app, &caller, web_number(call, "campaign", 0),
				 web_text(call, "reason"), &call->info);
	return back(call, r, address(call, "settings"), "已重新打开");
}

int act_campaign_archive(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = campaigns_archive(call->web->app, &caller, web_number(call, "campaign", 0), &call->info);
	return back(call, r, "/campaigns", "已归档");
}

int act_campaign_grade(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct campaign_graded graded = {0};
	int64_t id = web_number(call, "campaign", 0), node = web_number(call, "node", 0);
	int r = campaign_grading_run(call->web->app, &caller, id, node, &graded, &call->info);
	return back(call, r, page_text(call, "/campaigns/%lld?node=%lld", (long long)id, (long long)node),
		    page_text(call, "已重新计算：%lld 个党组织中 %lld 个有等次，%lld 个有变动",
			      (long long)graded.orgs, (long long)graded.graded,
			      (long long)graded.changed));
}
