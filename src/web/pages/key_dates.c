/* SPDX-License-Identifier: Apache-2.0 */
/* Key dates of a year's rectification: a row for each committee, a column for each
 * date, who is late; its liaison beside it (HN-4, HN-5). */
#include <string.h>

#include "app/key_dates.h"
#include "domain/day.h"
#include "web/pages/pages_ledger.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define CAMPAIGN {.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 1, .max = INT64_MAX}

const struct web_field key_dates_fields[] = {NODE, CAMPAIGN, {0}};
const struct web_field key_dates_mark_fields[] = {
	NODE, CAMPAIGN,
	{.name = "report", .label = "报送什么", .type = WEB_TEXT, .required = true, .max = 40,
	 .pattern = "a-z0-9-"},
	{.name = "day", .label = "收到日期", .type = WEB_DATE, .hint = "不填是收回登记"},
	{.name = "reason", .label = "说明", .type = WEB_TEXT, .max = 200, .hint = "例如：纸质档、电子档都有"},
	{0}};

int act_key_dates(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct key_dates *k = arena_zalloc(call->arena, 1, sizeof(*k));
	int64_t node = 0, campaign = 0;
	if (!k)
		return err_nomem(&call->info);
	call->model = k;
	int r = ledger_places_of(call, &node, &campaign);
	k->node.id = node;
	return r < 0 || !campaign ? r : key_dates_get(call->web->app, &caller, campaign, node, call->arena, k,
						      &call->info);
}

int act_key_dates_mark(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = 0, campaign = 0;
	int32_t day = (int32_t)web_number(call, "day", 0);
	int r = ledger_places_of(call, &node, &campaign);
	if (r == 0)
		r = key_dates_mark(call->web->app, &caller, campaign, node, web_text(call, "report"), day,
				   web_text(call, "reason"), &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases/dates?campaign=%lld", (long long)campaign);
	call->note = day ? "已登记收到" : "已收回登记";
	return 0;
}

/* ---- the page ---- */

static const char *who_label(enum scheme_who who)
{
	static const char *const labels[WHO_COUNT] = {"省里", "市里", "县里", "乡镇党委", "党支部", "调查组", "督查组"};
	return labels[who];
}

static void write_dates(struct web_call *call, struct html *h, const struct key_dates *k)
{
	int32_t today = page_today(call);
	html(h, "<ul class='list'>\n");
	for (int i = 0; i < k->n_dates; i++) {
		const struct key_date *d = &k->dates[i];
		html(h, "<li><span class='r'><b class='nw'>");
		if (d->from_day)
			html(h, "{} 至 ", page_day(call, d->from_day, true));
		html(h, "{}{}</b> ", page_day(call, d->day, true), d->from_day ? "" : " 前");
		if (d->sort == KEY_NOTE)
			html(h, "<span class='light off'>{}</span>", d->day < today ? "已过" :
			     d->from_day && d->from_day > today ? "还没到" : "进行中");
		else if (d->n_late)
			html(h, "<span class='light bad'>{} 个逾期</span>", d->n_late);
		else if (!d->n_done_late)
			ledger_write_light(h, d->day, d->day < today, today);
		if (d->sort != KEY_NOTE && d->n_done_late)
			html(h, " <span class='light warn'>{} 个迟了</span>", d->n_done_late);
		html(h, "</span>{} <span class='note'>{}</span>", d->label, who_label(d->who));
		if (*d->notes)
			html(h, "<p>{}</p>", d->notes);
		html(h, "</li>\n");
	}
	html(h, "</ul>\n");
}

static void write_receive(struct web_call *call, struct html *h, const struct key_dates *k,
			  const struct key_committee *c, const struct key_date *d)
{
	char today[16];
	day_format(page_today(call), today);
	html(h, "<details class='menu'><summary class='btn sm'>登记收到</summary><form method='post' action='/cases/dates'>"
		"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='campaign' value='{}'>"
		"<input type='hidden' name='node' value='{}'><input type='hidden' name='report' value='{}'>"
		"<label>收到日期 <input class='day' name='day' value='{}'></label> "
		"<label>说明 <input name='reason' maxlength='200'></label> <button class='btn sm'>登记</button></form></details>",
	     call->csrf, k->campaign.id, c->id, d->id, today);
}

static void write_cell(struct web_call *call, struct html *h, const struct key_dates *k,
		       const struct key_committee *c, int i)
{
	const struct key_date *d = &k->dates[i];
	const struct key_cell *cell = &c->cells[i];
	html(h, "<td data-l='{}'>", d->label);
	if (cell->open < 0) {
		html(h, "<span class='note'>—</span></td>");
		return;
	}
	if (cell->done && cell->done_day)
		html(h, "<span class='light {}'>{}</span> ", cell->late ? "warn" : "ok",
		     page_day(call, cell->done_day, true));
	else if (cell->done)
		html(h, "<span class='light ok'>已办</span>");
	if (cell->late)
		html(h, "<span class='light {}'>{} {} 天</span> ", cell->done ? "warn" : "bad",
		     cell->done ? "迟了" : "逾期", cell->late);
	else if (!cell->done)
		ledger_write_light(h, d->day, false, page_today(call));
	if (cell->open > 0)
		html(h, " <a class='nw' href='/cases?node={}'>还有 {} 个</a>", c->id, cell->open);
	if (*cell->note)
		html(h, "<p class='note'>{}</p>", cell->note);
	if (d->sort == KEY_PAPER && !cell->done && k->may_mark)
		write_receive(call, h, k, c, d);
	html(h, "</td>");
}

static void write_committees(struct web_call *call, struct html *h, const struct key_dates *k)
{
	html(h, "<div class='scroll'><table class='data sort stack stick'><caption class='vh'>各党委到哪一步了</caption><thead><tr>"
		"<th scope='col'>党委</th><th scope='col'>第一责任人、联络员</th>");
	for (int i = 0; i < k->n_dates; i++)
		if (k->dates[i].sort != KEY_NOTE)
			html(h, "<th scope='col'>{}<br><span class='note nw'>{}</span></th>", k->dates[i].label,
			     page_day(call, k->dates[i].day, true));
	html(h, "</tr></thead><tbody>\n");
	for (int n = 0; n < k->n_committees; n++) {
		const struct key_committee *c = &k->committees[n];
		html(h, "<tr><th scope='row' class='full'>{}</th><td class='full'>书记 {}<br>", c->name,
		     *c->secretary ? c->secretary : "空缺");
		if (*c->liaison)
			html(h, "联络员 {} <span class='nw'>{}</span> {}", c->liaison, c->phone, c->other);
		else
			html(h, "<span class='light bad'>没有联络员</span>");
		if (page_may_open(call, "/orgs/{id}/edit"))
			html(h, " <a href='/orgs/{}/edit'>改</a>", c->id);
		html(h, "</td>");
		for (int i = 0; i < k->n_dates; i++)
			if (k->dates[i].sort != KEY_NOTE)
				write_cell(call, h, k, c, i);
		html(h, "</tr>\n");
	}
	html(h, "</tbody></table></div>\n");
}

void page_key_dates(struct web_call *call, struct html *h)
{
	const struct key_dates *k = call->model;
	struct page page = {.title = "关键日期", .menu = "/cases"};
	page_node_crumbs(call, k->node.id, "关键日期", &page);
	page_begin(call, h, &page);
	if (!k->scheme || !k->n_dates) {
		html(h, "<h1>关键日期</h1><div class='empty'>没有定日期<p>方案里写了报送日期，或者年度工作定了各步的日期，这里就列出来</p></div>\n");
		page_end(call, h);
		return;
	}
	html(h, "<div class='head'><div><h1>{} <span class='nw'>关键日期</span></h1><p class='note'>{}</p></div>"
		"<div class='acts'><a class='btn' href='/cases?node={}'>整顿台账</a></div></div>\n", k->node.name,
	     k->campaign.title, k->node.id);
	write_dates(call, h, k);
	html(h, "<div class='sec gap'><h2>各党委</h2><span class='note'>逾期的一直看得见；纸质材料由收的一方登记</span></div>\n");
	write_committees(call, h, k);
	if (k->cut)
		html(h, "<p class='note'>只列前 {} 个党委，选下一级再看。</p>\n", (int)KEY_COMMITTEES_MAX);
	page_end(call, h);
}

json_t *json_key_dates(struct web_call *call)
{
	static const char *const sorts[] = {"liaison", "pick", "plan", "work", "accept", "paper", "note"};
	const struct key_dates *k = call->model;
	json_t *dates = json_array(), *committees = json_array();
	char day[16];
	for (int i = 0; i < k->n_dates; i++) {
		day_format(k->dates[i].day, day);
		json_array_append_new(dates, json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i}", "id", k->dates[i].id, "label",
						       k->dates[i].label, "sort", sorts[k->dates[i].sort], "day", day,
						       "done", k->dates[i].n_done, "late", k->dates[i].n_late,
						       "done_late", k->dates[i].n_done_late));
	}
	for (int n = 0; n < k->n_committees; n++) {
		const struct key_committee *c = &k->committees[n];
		json_t *cells = json_object();
		for (int i = 0; i < k->n_dates; i++)
			if (c->cells[i].open >= 0)
				json_object_set_new(cells, k->dates[i].id, json_pack("{s:b, s:i, s:i}", "done", c->cells[i].done,
							"open", c->cells[i].open, "late", c->cells[i].late));
		json_array_append_new(committees, json_pack("{s:I, s:s, s:s, s:s, s:o}", "id", (json_int_t)c->id, "name",
							    c->name, "liaison", c->liaison, "phone", c->phone, "dates",
							    cells));
	}
	return json_pack("{s:o, s:o}", "dates", dates, "committees", committees);
}
