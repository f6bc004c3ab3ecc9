/* SPDX-License-Identifier: Apache-2.0 */
/* One organisation: all its fields, what stands below it and its past. */
#include <stdlib.h>
#include <string.h>

#include "domain/day.h"
#include "web/chart.h"
#include "web/pages/pages.h"

enum { CHILDREN_SHOWN = 200 };

const struct web_field org_id_fields[] = {
	{.name = "id", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};

struct org_show {
	struct org_detail detail;
	struct org_version *versions;
	int n_versions;
};

int act_org_show(struct web_call *call)
{
	struct org_show *show = arena_zalloc(call->arena, 1, sizeof(*show));
	struct caller caller = page_caller(call);
	int64_t id = web_number(call, "id", 0);

	if (!show)
		return err_nomem(&call->info);
	call->model = show;
	int r = roster_detail(call->web->app, &caller, id, call->arena, &show->detail, &call->info);
	if (r)
		return r;
	return roster_history(call->web->app, &caller, id, call->arena, &show->versions,
			    &show->n_versions, &call->info);
}

/* ---- the page ---- */

static void write_buttons(struct html *h, const struct org_detail *d)
{
	bool edit = d->may >> ACTION_ORG_EDIT & 1, structure = d->may >> ACTION_ORG_STRUCTURE & 1;
	int64_t id = d->org.id;
	bool active = d->org.state == ORG_ACTIVE;

	html(h, "<div class='acts'>");
	/* Its place in the tree is for who may build where it stands. */
	if (structure && active && (d->may_above >> ACTION_ORG_STRUCTURE & 1)) {
		html(h, "<a class='btn' href='/orgs/{}/move'>划转</a>", id);
		html(h, "<a class='btn' href='/orgs/{}/merge'>合并</a>", id);
		html(h, "<a class='btn' href='/orgs/{}/split'>分设</a>", id);
	}
	if (structure && !active)
		html(h, "<a class='btn' href='/orgs/{}/establish'>{}</a>", id,
		     d->org.state == ORG_SHOULD_EXIST ? "已经成立" : "恢复");
	/* One that should exist, and was a mistake, too. */
	if (structure && d->org.state != ORG_DISSOLVED && d->org.state != ORG_MERGED &&
	    (d->may_above >> ACTION_ORG_STRUCTURE & 1))
		html(h, "<a class='btn' href='/orgs/{}/dissolve'>撤销</a>", id);
	if (edit && (active || d->org.state == ORG_SHOULD_EXIST))
		html(h, "<a class='btn main' href='/orgs/{}/edit'>修改资料</a>", id);
	html(h, "</div>");
}

static void write_fields(struct html *h, const struct org *org)
{
	html(h, "<dl class='kv wide'><dt>代码</dt><dd class='mono'>{}</dd>", org->code);
	for (int i = 0; i < org_n_fields; i++) {
		char scratch[32];
		const char *text = org_field_format(&org_fields[i], org, scratch);
		html(h, "<dt>{}</dt>", org_fields[i].label);
		if (*text)
			html(h, "<dd>{}</dd>", text);
		else
			html(h, "<dd class='mut'>—</dd>");
	}
	html(h, "</dl>\n");
}

static void write_children(struct html *h, const struct org_detail *d)
{
	if (d->n_children == 0)
		return;
	html(h, "<section aria-labelledby='h-c'><div class='sec'><h2 id='h-c'>直接下级 {} 个</h2>"
		"<span class='note'></span><a href='/orgs?node={}'>列表</a></div><ul class='list'>",
	     d->n_children, d->org.id);
	for (int i = 0; i < d->n_children && i < CHILDREN_SHOWN; i++) {
		const struct org_child *c = &d->children[i];
		html(h, "<li>");
		if (c->below)
			html(h, "<span class='r mut'>下有 {} 个</span>", c->below);
		html(h, "<a href='/orgs/{}'>{}</a></li>", c->org.id, c->org.name);
	}
	if (d->n_children > CHILDREN_SHOWN)
		html(h, "<li class='mut'>只列出前 {} 个，全部在列表里</li>", (int)CHILDREN_SHOWN);
	html(h, "</ul></section>\n");
}

/* Active organisations below and with it, by field and level. */
static void write_counts(struct web_call *call, struct html *h, const struct org_detail *d)
{
	static const enum chart_fill fills[LEVEL_COUNT] = {CHART_FILL_4, CHART_FILL_3, CHART_FILL_5,
							   CHART_FILL_2, CHART_FILL_1};
	int64_t counts[FIELD_COUNT + 1][LEVEL_COUNT] = {{0}}, values[(FIELD_COUNT + 1) * LEVEL_COUNT];
	struct chart_series series[LEVEL_COUNT];
	struct chart_row rows[FIELD_COUNT + 1];
	enum level levels[LEVEL_COUNT];
	int n_levels = 0, n_rows = 0;
	int64_t n_units = 0;

	for (int i = 0; i < d->n_counts; i++)
		if (d->counts[i].state == ORG_ACTIVE)
			counts[d->counts[i].field == ORG_UNSET ? FIELD_COUNT : d->counts[i].field]
			      [d->counts[i].level] += d->counts[i].n;
	for (int l = 0; l < LEVEL_COUNT; l++) {
		int64_t sum = 0;
		for (int f = 0; f <= FIELD_COUNT; f++)
			sum += counts[f][l];
		n_units += sum;
		if (sum == 0)
			continue;
		series[n_levels] = (struct chart_series){level_label((enum level)l), fills[l]};
		levels[n_levels++] = (enum level)l;
	}
	for (int f = 0; f <= FIELD_COUNT; f++) {
		int64_t sum = 0;
		for (int l = 0; l < n_levels; l++)
			sum += values[n_rows * n_levels + l] = counts[f][levels[l]];
		if (sum == 0)
			continue;
		rows[n_rows++] = f == FIELD_COUNT ? (struct chart_row){"未填领域", NULL}
			: (struct chart_row){field_label((enum field)f),
					     page_text(call, "/orgs?node=%lld&field=%s&state=active",
						       (long long)d->org.id, field_id((enum field)f))};
	}
	if (n_units < 2)
		return;
	const struct chart chart = {
		.id = "counts", .title = "各领域的党组织", .note = "本级和下级，正常的", .row_head = "领域",
		.unit = "个", .series = series, .n_series = n_levels, .rows = rows, .n_rows = n_rows,
		.values = values, .sums = true,
	};
	html(h, "<section class='gap'>");
	chart_write(h, &chart);
	html(h, "</section>\n");
}

static const char *link_words(const struct org_link *k, bool from_here)
{
	if (k->act == ORG_MERGED_INTO)
		return from_here ? "并入" : "并进来";
	return from_here ? "从这里分出来" : "分出";
}

static void write_links(struct web_call *call, struct html *h, const struct org_detail *d)
{
	if (d->n_links == 0)
		return;
	html(h, "<section aria-labelledby='h-k'><div class='sec'><h2 id='h-k'>来龙去脉</h2></div>"
		"<ul class='list'>");
	for (int i = 0; i < d->n_links; i++) {
		const struct org_link *k = &d->links[i];
		bool from_here = k->org == d->org.id;
		html(h, "<li><span class='r mut'>{}</span>", page_day(call, k->since_day, false));
		html(h, "{} <a href='/orgs/{}'>{}</a></li>", link_words(k, from_here),
		     from_here ? k->other : k->org, k->other_name);
	}
	html(h, "</ul></section>\n");
}

/* What a version changed against the one before it (versions: newest first). */
static void write_change(struct html *h, const struct org_show *show, int i)
{
	AUTO(buf) struct buf before = {0};
	AUTO(buf) struct buf after = {0};

	if (i + 1 < show->n_versions && show->versions[i].org.parent != show->versions[i + 1].org.parent)
		html(h, "<p>上级：{} → {}</p>", show->versions[i + 1].parent_name,
		     show->versions[i].parent_name);
	if (i + 1 < show->n_versions && show->versions[i].org.state != show->versions[i + 1].org.state)
		html(h, "<p>状态：{} → {}</p>", org_state_label(show->versions[i + 1].org.state),
		     org_state_label(show->versions[i].org.state));
	if (i + 1 >= show->n_versions ||
	    !org_diff(&show->versions[i + 1].org, &show->versions[i].org, &before, &after))
		return;
	html(h, "<p>{} → {}</p>", buf_str(&before), buf_str(&after));
}

static void write_history(struct web_call *call, struct html *h, const struct org_show *show)
{
	html(h, "<section aria-labelledby='h-h'><div class='sec'><h2 id='h-h'>变更经过</h2>"
		"<span class='note'>最近的在上面；日期是生效那天</span></div><ol class='tl'>");
	for (int i = 0; i < show->n_versions; i++) {
		const struct org_version *v = &show->versions[i];
		html(h, "<li");
		if (i == 0)
			html(h, " class='now'");
		html(h, "><time>{}</time><b>{}</b>", v->stamp.since_day ? page_day(call, v->stamp.since_day, false) : "首次启动",
		     org_act_label(v->stamp.act));
		write_change(h, show, i);
		if (v->stamp.reason && *v->stamp.reason)
			html(h, "<p>理由：{}</p>", v->stamp.reason);
		html(h, "<p class='mut'>{} {} 记录</p></li>",
		     v->account_label && *v->account_label ? v->account_label : "系统",
		     page_time(call, v->stamp.now_ms));
	}
	html(h, "</ol></section>\n");
}

void page_org_show(struct web_call *call, struct html *h)
{
	const struct org_show *show = call->model;
	const struct org_detail *d = &show->detail;
	struct page page = {.title = d->org.name, .menu = "/orgs"};

	page_org_crumbs(call, d->crumbs, d->n_crumbs, NULL, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}", d->org.name);
	if (d->org.state != ORG_ACTIVE)
		html(h, " <span class='tag red'>{}</span>", org_state_label(d->org.state));
	html(h, "</h1>");
	if (*d->successor_name)
		html(h, "<p class='note'>已并入 <a href='/orgs/{}'>{}</a></p>", d->org.successor,
		     d->successor_name);
	html(h, "</div>");
	write_buttons(h, d);
	html(h, "</div>\n<div class='cols'><section aria-labelledby='h-f'>"
		"<div class='sec'><h2 id='h-f'>基本情况</h2></div>");
	write_fields(h, &d->org);
	write_counts(call, h, d);
	html(h, "</section><div>\n");
	write_children(h, d);
	write_links(call, h, d);
	write_history(call, h, show);
	html(h, "</div></div>\n");
	page_end(call, h);
}

static json_t *json_day(int32_t day)
{
	char text[16];

	if (!day)
		return json_null();
	day_format(day, text);
	return json_string(text);
}

/* What is not known is null. */
static json_t *json_text(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

static json_t *links_to_json(const struct org_detail *d)
{
	json_t *links = json_array();

	for (int i = 0; i < d->n_links; i++) {
		const struct org_link *k = &d->links[i];
		bool from_here = k->org == d->org.id;
		json_t *link = json_object();
		json_object_set_new(link, "act", json_string(link_words(k, from_here)));
		json_object_set_new(link, "id", json_integer(from_here ? k->other : k->org));
		json_object_set_new(link, "name", json_string(k->other_name));
		json_object_set_new(link, "since", json_day(k->since_day));
		json_array_append_new(links, link);
	}
	return links;
}

static json_t *org_to_json(const struct org *org)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_integer(org->id));
	json_object_set_new(json, "parent", org->parent ? json_integer(org->parent) : json_null());
	json_object_set_new(json, "code", json_string(org->code));
	json_object_set_new(json, "version", json_integer(org->version));
	json_object_set_new(json, "state", json_string(org_state_label(org->state)));
	for (int i = 0; i < org_n_fields; i++) {
		char scratch[32];
		const char *text = org_field_format(&org_fields[i], org, scratch);
		json_t *value = json_text(text);
		if (*text && org_fields[i].kind == ORG_NUMBER) {
			json_decref(value);
			value = json_integer(strtoll(text, NULL, 10));
		}
		json_object_set_new(json, org_fields[i].id, value);
	}
	return json;
}

json_t *json_org_detail(struct web_call *call)
{
	const struct org_detail *detail = call->model;
	return org_to_json(&detail->org);
}

json_t *json_org_show(struct web_call *call)
{
	const struct org_show *show = call->model;
	json_t *json = org_to_json(&show->detail.org);
	json_t *children = json_array(), *history = json_array();

	for (int i = 0; i < show->detail.n_children; i++)
		json_array_append_new(children, org_to_json(&show->detail.children[i].org));
	for (int i = 0; i < show->n_versions; i++) {
		json_t *version = org_to_json(&show->versions[i].org);
		json_object_set_new(version, "act", json_string(org_act_label(
							    show->versions[i].stamp.act)));
		json_object_set_new(version, "since", json_day(show->versions[i].stamp.since_day));
		json_object_set_new(version, "reason", json_text(show->versions[i].stamp.reason));
		json_object_set_new(version, "by", json_text(show->versions[i].account_label));
		json_object_set_new(version, "recorded",
				    json_text(page_time(call, show->versions[i].stamp.now_ms)));
		json_array_append_new(history, version);
	}
	json_object_set_new(json, "children", children);
	json_object_set_new(json, "links", links_to_json(&show->detail));
	json_object_set_new(json, "history", history);
	return json;
}
