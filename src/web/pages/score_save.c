/* SPDX-License-Identifier: Apache-2.0 */
/* Saving cells, the history of a cell, who else is in the grid; and what a
 * related unit is to score. */
#include <string.h>

#include "domain/exact.h"
#include "web/pages/pages.h"
#include "web/pages/pages_score.h"
#include "web/presence.h"
#include "web/router.h"

/* ---- saving ---- */

/* "120000035:2:9.5": organisation, leaf, and what was seen there. */
static bool read_key(struct web_call *call, struct str key, struct score_put *put)
{
	const char *end = key.data + key.len, *p = memchr(key.data, ':', key.len);
	const char *q = p ? memchr(p + 1, ':', (size_t)(end - p - 1)) : NULL;
	uint64_t org, leaf;

	if (!q || !digits_parse((struct str){key.data, (size_t)(p - key.data)}, INT64_MAX, &org) ||
	    !digits_parse((struct str){p + 1, (size_t)(q - p - 1)}, SHEET_CELLS_MAX - 1, &leaf))
		return false;
	put->org = (int64_t)org;
	put->leaf = (int)leaf;
	put->seen = arena_strndup(call->arena, q + 1, (size_t)(end - q - 1));
	return put->seen != NULL;
}

static int read_puts(struct web_call *call, struct score_put **ret_puts, int *ret_n)
{
	const struct web_value *keys = web_value(call, "key"), *values = web_value(call, "value");
	int n = 0;

	if (keys->n != values->n)
		return err_set(&call->info, ERR_INPUT, "格子和得分的个数不一样");
	struct score_put *puts = arena_zalloc(call->arena, (size_t)keys->n + 1, sizeof(*puts));
	if (!puts)
		return err_nomem(&call->info);
	for (int i = 0; i < keys->n; i++) {
		if (!read_key(call, keys->texts[i], &puts[n]))
			return err_set(&call->info, ERR_INPUT, "格子写法不对");
		puts[n].value = arena_strndup(call->arena, values->texts[i].data ? values->texts[i].data : "",
					      values->texts[i].len);
		if (!puts[n].value)
			return err_nomem(&call->info);
		/* What was not touched is not sent on: others may be writing there. */
		n += strcmp(puts[n].value, puts[n].seen) != 0;
	}
	*ret_puts = puts;
	*ret_n = n;
	return 0;
}

/* Back to the page one came from. */
static const char *same_page(struct web_call *call, const char *address)
{
	return page_text(call, "%s?node=%lld&source=%s&rater=%s&category=%s&page=%lld%s", address,
			 (long long)web_number(call, "node", 0), web_text(call, "source"),
			 web_value(call, "rater")->given
				 ? page_text(call, "%lld", (long long)web_number(call, "rater", 0)) : "",
			 web_text(call, "category"), (long long)web_number(call, "page", 1),
			 web_number(call, "todo", 0) ? "&todo=1" : "");
}

int act_score_save(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct score_at at = score_at_of(call);
	struct score_put *puts = NULL;
	struct score_saved saved = {0};
	struct score_view *view = arena_zalloc(call->arena, 1, sizeof(*view));
	int n = 0, r = view ? read_puts(call, &puts, &n) : err_nomem(&call->info);

	call->model = view;
	if (r == 0 && n)
		r = scores_save(call->web->app, &caller, &at, puts, n, call->arena, &saved, &call->info);
	/* A page with wrong cells shows all; who types is waiting for his cell only. */
	if (r == 0 && saved.n_wrong && !router_wants_json(call->request))
		r = act_score_grid(call);
	if (r)
		return r;
	view = call->model;
	view->saved = saved;
	view->puts = puts;
	view->n_puts = n;
	if (saved.n_wrong) {
		call->problem_status = 422;
		return 0;
	}
	call->location = same_page(call, score_address(call));
	call->note = n ? page_text(call, "已保存 %d 格", saved.n_saved) : "没有改动";
	return 0;
}

json_t *json_score_save(struct web_call *call)
{
	const struct score_view *view = call->model;
	json_t *wrong = json_array(), *rows = json_array();

	for (int i = 0; i < view->n_puts; i++)
		if (view->puts[i].wrong)
			json_array_append_new(wrong, json_pack("{s:I, s:i, s:s, s:s*}", "org",
							       (json_int_t)view->puts[i].org, "leaf",
							       view->puts[i].leaf, "why",
							       view->puts[i].wrong, "now",
							       view->puts[i].now));
	for (int i = 0; i < view->saved.n_rows; i++) {
		const struct score_row *row = &view->saved.rows[i];
		json_array_append_new(rows, json_pack("{s:I, s:s, s:i, s:s*, s:I}", "org",
						      (json_int_t)row->org.id, "sum", row->sum, "missing",
						      row->missing, "mixed", row->mixed_label,
						      "version", (json_int_t)row->version));
	}
	return json_pack("{s:i, s:o, s:o}", "saved", view->saved.n_saved, "wrong", wrong, "rows", rows);
}

/* ---- history ---- */

struct history {
	struct score_grid grid;
	const char *address;
	int64_t org;
	struct score_change *changes;
	int n;
};

int act_score_history(struct web_call *call)
{
	struct history *history = arena_zalloc(call->arena, 1, sizeof(*history));
	struct caller caller = page_caller(call);
	struct score_at at = score_at_of(call);

	int r = history ? act_score_grid(call) : err_nomem(&call->info);
	if (r)
		return r;
	const struct score_view *view = call->model;
	history->grid = view->grid;
	history->address = view->address;
	history->org = web_number(call, "unit", 0);
	call->model = history;
	if (view->grid.source < 0 || !history->org)
		return 0;
	return scores_history(call->web->app, &caller, &at, history->org,
			      (int)web_number(call, "leaf", -1), call->arena, &history->changes,
			      &history->n, &call->info);
}

static const char *leaf_label(const struct score_grid *g, int leaf)
{
	for (int i = 0; i < g->n_columns; i++)
		if (g->columns[i].leaf == leaf)
			return g->columns[i].label;
	return "";
}

void page_score_history(struct web_call *call, struct html *h)
{
	const struct history *history = call->model;
	struct page page = {.title = "修改记录"};

	score_crumbs(call, &history->grid.campaign, &history->grid.node, "修改记录", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>修改记录</h1><p class='note'>最近的在前，最多 {} 条</p></div></div>\n",
	     (int)SCORE_HISTORY_MAX);
	if (!history->n) {
		html(h, "<div class='empty'><b>还没有填过</b></div>\n");
	} else {
		html(h, "<table class='data sort stack'><caption class='vh'>修改记录</caption><thead><tr>"
			"<th scope='col'>时间</th><th scope='col'>指标</th><th scope='col'>谁</th>"
			"<th scope='col' class='n'>之前</th><th scope='col' class='n'>之后</th></tr></thead><tbody>\n");
		for (int i = 0; i < history->n; i++) {
			const struct score_change *c = &history->changes[i];
			html(h, "<tr><td class='nw'>{}</td><th scope='row'>{}</th><td>{}</td>"
				"<td class='n' data-l='之前'>{}</td><td class='n' data-l='之后'>{}</td></tr>\n",
			     page_time(call, c->at_ms), leaf_label(&history->grid, c->leaf),
			     c->account_label, *c->before ? c->before : "空", *c->after ? c->after : "空");
		}
		html(h, "</tbody></table>\n");
	}
	page_end(call, h);
}

json_t *json_score_history(struct web_call *call)
{
	const struct history *history = call->model;
	json_t *changes = json_array();

	for (int i = 0; i < history->n; i++) {
		const struct score_change *c = &history->changes[i];
		json_array_append_new(changes, json_pack("{s:i, s:s, s:s, s:s, s:s}", "leaf", c->leaf, "at",
							 page_time(call, c->at_ms), "who",
							 c->account_label, "before", c->before, "after",
							 c->after));
	}
	return json_pack("{s:o}", "changes", changes);
}

/* ---- who else ---- */

struct now {
	struct presence_one *others;
	int n;
};

int act_score_now(struct web_call *call)
{
	struct now *now = arena_zalloc(call->arena, 1, sizeof(*now));
	int r = now ? act_score_grid(call) : err_nomem(&call->info);

	if (r)
		return r;
	struct score_view *view = call->model;
	struct presence_one own = {
		.grid = {view->grid.campaign.id, view->grid.source, view->grid.rater.id, view->grid.door},
		.account = call->session.account, .org = web_number(call, "unit", 0),
		.leaf = (int)web_number(call, "leaf", -1), .seen = call->request->now};
	snprintf(own.name, sizeof(own.name), "%s", call->session.name);
	presence_set(call->web->presence, &own);
	now->n = presence_others(call->web->presence, &own, call->arena, &now->others);
	view->puts = NULL;
	view->now = now;
	return 0;
}

json_t *json_score_now(struct web_call *call)
{
	const struct score_view *view = call->model;
	json_t *json = json_score_grid(call), *others = json_array();

	for (int i = 0; i < view->now->n; i++)
		json_array_append_new(others, json_pack("{s:s, s:I, s:i}", "name", view->now->others[i].name,
							"org", (json_int_t)view->now->others[i].org, "leaf",
							view->now->others[i].leaf));
	json_object_set_new(json, "others", others);
	return json;
}

/* ---- what a related unit is to score ---- */

struct duties {
	struct score_duty *at;
	int n;
};

int act_score_duties(struct web_call *call)
{
	struct duties *duties = arena_zalloc(call->arena, 1, sizeof(*duties));
	struct caller caller = page_caller(call);

	if (!duties)
		return err_nomem(&call->info);
	call->model = duties;
	return scores_duties(call->web->app, &caller, call->arena, &duties->at, &duties->n, &call->info);
}

void page_score_duties(struct web_call *call, struct html *h)
{
	const struct duties *duties = call->model;
	struct page page = {.title = "要打的分", .menu = "/unit-scores"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>要打的分</h1><p class='note'>分配给您单位的党组织，只看得到自己打的分</p>"
		"</div></div>\n");
	if (!duties->n)
		html(h, "<div class='empty'><b>现在没有要打的分</b><p>县委组织部分配以后，这里就有。</p></div>\n");
	else
		html(h, "<ul class='list'>\n");
	for (int i = 0; i < duties->n; i++) {
		const struct score_duty *d = &duties->at[i];
		html(h, "<li><a href='/campaigns/{}/unit-scores?node={}&amp;rater={}'>{}</a>"
			"<p>{} · {} · {} 个党组织</p></li>\n", d->duty.campaign, d->node, d->duty.rater.id,
		     d->duty.title, d->source_label, d->duty.rater.label, d->duty.rater.assigned);
	}
	if (duties->n)
		html(h, "</ul>\n");
	page_end(call, h);
}

json_t *json_score_duties(struct web_call *call)
{
	const struct duties *duties = call->model;
	json_t *list = json_array();

	for (int i = 0; i < duties->n; i++) {
		const struct score_duty *d = &duties->at[i];
		json_array_append_new(list, json_pack("{s:I, s:s, s:I, s:s, s:s, s:I, s:I}", "campaign",
						      (json_int_t)d->duty.campaign, "title", d->duty.title,
						      "rater", (json_int_t)d->duty.rater.id, "label",
						      d->duty.rater.label, "source", d->source, "assigned",
						      (json_int_t)d->duty.rater.assigned, "node",
						      (json_int_t)d->node));
	}
	return json_pack("{s:o}", "duties", list);
}
