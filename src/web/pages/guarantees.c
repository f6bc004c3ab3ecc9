/* SPDX-License-Identifier: Apache-2.0 */
/* The four guarantees of a node's organisations in a year (CT-8): sums, the grid of a
 * township's branches, and a sheet. */
#include "app/guarantees.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/sheet_xlsx.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ledger.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define MUST_NODE {.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define AT_YEAR {.name = "year", .label = "年度", .type = WEB_INT, .min = GUARANTEE_YEAR_MIN, .max = GUARANTEE_YEAR_MAX, \
	.hint = "不填就是今年"}

const struct web_field guarantees_fields[] = {NODE, AT_YEAR, {0}};
const struct web_field guarantees_put_fields[] = {
	MUST_NODE, AT_YEAR,
	{.name = "branch", .label = "党组织", .type = WEB_TEXT, .many = true, .max = 20, .pattern = "0-9"},
	{.name = "amount", .label = "金额", .type = WEB_TEXT, .many = true, .blanks = true, .max = 30},
	{0}};
const struct web_field guarantees_import_fields[] = {
	MUST_NODE, AT_YEAR,
	{.name = "file", .label = "表格", .type = WEB_FILE, .required = true, .max = WEB_UPLOAD_MAX,
	 .hint = "Excel（.xlsx、.xls）或 CSV"},
	{0}};
const struct web_field guarantees_run_fields[] = {
	MUST_NODE, AT_YEAR,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0}};

static int year_of(struct web_call *call)
{
	return (int)web_number(call, "year", page_today(call) / 10000);
}

int act_guarantees(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct guarantees *g = arena_zalloc(call->arena, 1, sizeof(*g));
	int64_t node;
	if (!g)
		return err_nomem(&call->info);
	call->model = g;
	int r = page_node(call, &node);
	return r < 0 ? r : guarantees_get(call->web->app, &caller, node, year_of(call), call->arena, g, &call->info);
}

/* "12,345.67" */
static const char *yuan(struct web_call *call, int64_t cents)
{
	char digits[32];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)(cents / 100));
	char out[48];
	int at = 0;
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return page_text(call, "%s.%02lld", out, (long long)(cents % 100));
}

/* "▲ 1,200.00", against last year; "" where either has nothing. */
static const char *change(struct web_call *call, const struct guarantee_row *r, int k)
{
	int64_t d = r->cents[k] - r->before[k];
	if (!r->n[k] || !r->n_before[k])
		return "";
	return d ? page_text(call, "%s %s", d > 0 ? "▲" : "▼", yuan(call, d > 0 ? d : -d)) : "没有变化";
}

/* "12.35" of ten thousand yuan, rounded. */
static const char *wan(struct web_call *call, int64_t cents)
{
	int64_t e2 = (cents + 5000) / 10000;
	return page_text(call, "%lld.%02lld", (long long)(e2 / 100), (long long)(e2 % 100));
}

static void write_tiles(struct web_call *call, struct html *h, const struct guarantees *g)
{
	html(h, "<dl class='tiles wide'>");
	for (int k = 0; k < GUARANTEES; k++) {
		const struct guarantee_row *o = &g->own;
		int64_t by = o->cents[k] - o->before[k];
		html(h, "<div class='tile'><dt>{}</dt><dd>{} <small>万元</small></dd><p>{} 个党组织有数{}", guarantee_label(k),
		     wan(call, o->cents[k]), o->n[k],
		     o->units > o->n[k] ? page_text(call, "，%lld 个没有", (long long)(o->units - o->n[k])) : "");
		if (o->n_before[k])
			html(h, "</p><p>上年 {}（{} 个）{} {}", wan(call, o->before[k]), o->n_before[k], by >= 0 ? "▲" : "▼",
			     wan(call, by >= 0 ? by : -by));
		html(h, "</p></div>");
	}
	html(h, "</dl>\n");
}

static const char *plain(struct web_call *call, const struct guarantee_row *r, int k)
{
	return r->n[k] ? page_text(call, "%lld.%02lld", (long long)(r->cents[k] / 100), (long long)(r->cents[k] % 100)) : "";
}

static void write_cell(struct web_call *call, struct html *h, const struct guarantees *g,
		       const struct guarantee_row *r, int k)
{
	if (r->unit && g->may_write) {
		html(h, "<td class='n' data-l='{}'><input name='amount' inputmode='decimal' maxlength='30' size='10' aria-label='{}，{}' value='{}'>",
		     guarantee_label(k), r->name, guarantee_label(k), plain(call, r, k));
		if (*change(call, r, k))
			html(h, "<br><span class='note'>{}</span>", change(call, r, k));
	} else {
		html(h, "<td class='n' data-l='{}'>{}", guarantee_label(k), r->n[k] ? yuan(call, r->cents[k]) : "没有");
		if (*change(call, r, k))
			html(h, "<br><span class='note'>{}</span>", change(call, r, k));
	}
	html(h, "</td>");
}

static void write_rows(struct web_call *call, struct html *h, const struct guarantees *g)
{
	const struct guarantee_row *rows = g->own.unit ? &g->own : g->rows;
	int n = g->own.unit ? 1 : g->n, units = 0;
	for (int i = 0; i < n; i++)
		units += rows[i].unit;
	bool form = units && g->may_write;
	if (form)
		html(h, "<form method='post' action='/guarantees'><input type='hidden' name='_csrf' value='{}'>"
			"<input type='hidden' name='node' value='{}'><input type='hidden' name='year' value='{}'>\n", call->csrf,
		     g->node.id, g->year);
	html(h, "<table class='data sort stack'><caption class='vh'>四项保障</caption><thead><tr><th scope='col'>组织</th>");
	for (int k = 0; k < GUARANTEES; k++)
		html(h, "<th scope='col' class='n'>{}（元）</th>", guarantee_label(k));
	html(h, "<th scope='col' class='n'>有数</th></tr></thead><tbody>\n");
	for (int i = 0; i < n; i++) {
		const struct guarantee_row *r = &rows[i];
		int64_t filled = 0;
		for (int k = 0; k < GUARANTEES; k++)
			filled += r->n[k];
		html(h, "<tr><th scope='row'>");
		if (r->unit && g->may_write)
			html(h, "<input type='hidden' name='branch' value='{}'>", r->org);
		if (r->unit)
			html(h, "<a href='/orgs/{}'>{}</a></th>", r->org, r->name);
		else
			html(h, "<a href='/guarantees?node={}&amp;year={}'>{}</a></th>", r->org, g->year, r->name);
		for (int k = 0; k < GUARANTEES; k++)
			write_cell(call, h, g, r, k);
		html(h, "<td class='n' data-l='有数'>{}/{} 格</td></tr>\n", filled, r->units * GUARANTEES);
	}
	html(h, "</tbody></table>\n");
	if (form)
		html(h, "<div class='acts gap-t'><button class='btn main'>保存四项保障</button></div></form>\n");
}

static void begin(struct web_call *call, struct html *h, const struct guarantees *g)
{
	struct page page = {.title = "四项保障", .menu = "/cases"};
	page_org_crumbs(call, g->crumbs, g->n_crumbs, "四项保障", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>{} 年四项保障</span></h1><p class='note'>运转经费、活动阵地、干部报酬、服务群众专项经费，每个基层党组织每年都要有数</p></div>"
		"<div class='acts'>", g->node.name, g->year);
	html(h, "<a class='btn' href='/guarantees?node={}&amp;year={}'>{} 年</a>", g->node.id, g->year - 1, g->year - 1);
	if (g->year < page_today(call) / 10000)
		html(h, "<a class='btn' href='/guarantees?node={}&amp;year={}'>{} 年</a>", g->node.id, g->year + 1, g->year + 1);
	html(h, "</div></div>\n");
}

static void write_choose(struct web_call *call, struct html *h, const struct guarantees *g)
{
	if (!g->may_write)
		return;
	struct form form = form_fold(call, h, "从 Excel 导入", "/guarantees/import", guarantees_import_fields, NULL, NULL);
	html(h, "<p class='note'>要有“组织代码”和四项保障的列，一行一个党组织；空着的格不改。<a hx-boost='false' href='/guarantees/template?node={}&amp;year={}'>下载填好名单的表</a></p>\n",
	     g->node.id, g->year);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)g->node.id));
	form_row(&form, "year", page_text(call, "%d", g->year));
	form_row(&form, "file", NULL);
	form_end(&form, "试导入", "main", NULL);
	html(h, "</details>\n");
}

void page_guarantees(struct web_call *call, struct html *h)
{
	const struct guarantees *g = call->model;
	begin(call, h, g);
	form_problem(call, h, guarantees_put_fields);
	write_tiles(call, h, g);
	if (g->n || g->own.unit)
		write_rows(call, h, g);
	else
		html(h, "<div class='empty'>这里没有党组织<p>请在路径里换一个组织</p></div>\n");
	write_choose(call, h, g);
	page_end(call, h);
}

static json_t *row_json(const struct guarantee_row *r)
{
	json_t *kinds = json_object();
	for (int k = 0; k < GUARANTEES; k++)
		json_object_set_new(kinds, guarantee_id(k), json_pack("{s:I, s:I, s:I, s:I}", "cents", (json_int_t)r->cents[k],
			"n", (json_int_t)r->n[k], "last_year", (json_int_t)r->before[k], "n_last_year",
			(json_int_t)r->n_before[k]));
	return json_pack("{s:I, s:s, s:s, s:b, s:I, s:o}", "org", (json_int_t)r->org, "code", r->code, "name", r->name,
			 "unit", r->unit, "units", (json_int_t)r->units, "guarantees", kinds);
}

json_t *json_guarantees(struct web_call *call)
{
	const struct guarantees *g = call->model;
	json_t *json = row_json(&g->own), *rows = json_array();
	for (int i = 0; i < g->n; i++)
		json_array_append_new(rows, row_json(&g->rows[i]));
	json_object_set_new(json, "year", json_integer(g->year));
	json_object_set_new(json, "rows", rows);
	json_object_set_new(json, "csrf", json_string(call->csrf));
	return json;
}

int act_guarantees_put(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_value *orgs = web_value(call, "branch"), *amounts = web_value(call, "amount");
	struct guarantee_edit *edits = arena_zalloc(call->arena, (size_t)amounts->n + 1, sizeof(*edits));
	int64_t node = web_number(call, "node", 0);
	int changed = 0;
	if (!edits)
		return err_nomem(&call->info);
	if (amounts->n != orgs->n * GUARANTEES)
		return err_set(&call->info, ERR_INPUT, "金额的个数不对，请刷新页面再填");
	for (int i = 0; i < amounts->n; i++) {
		const struct str *org = &orgs->texts[i / GUARANTEES];
		const char *id = arena_strndup(call->arena, org->data, org->len);
		const char *text = arena_strndup(call->arena, amounts->texts[i].len ? amounts->texts[i].data : "",
						 amounts->texts[i].len);
		if (!id || !text)
			return err_nomem(&call->info);
		edits[i] = (struct guarantee_edit){strtoll(id, NULL, 10), i % GUARANTEES, text};
	}
	int r = guarantees_put(call->web->app, &caller, node, year_of(call), edits, amounts->n, &changed, &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/guarantees?node=%lld&year=%d", (long long)node, year_of(call));
	call->note = changed ? page_text(call, "已保存，改了 %d 格", changed) : "没有变化";
	return 0;
}

/* ---- from a sheet ---- */

/* The node's branches, with what is there, to be filled in and sent back. */
int act_guarantees_template(struct web_call *call)
{
	static const struct sheet_xlsx_column columns[] = {
		{.label = "组织代码", .width = 16, .required = true}, {.label = "党组织", .width = 30}, {.label = "年度", .width = 10},
		{.label = "运转经费", .width = 16}, {.label = "活动阵地", .width = 16}, {.label = "干部报酬", .width = 16},
		{.label = "服务群众专项经费", .width = 20},
	};
	static const char *const lines[] = {
		"一行是一个基层党组织的一年；金额写元，最多两位小数",
		"空着的格不改；有一行不对，整张表都不导入",
	};
	struct sheet_xlsx *sheet = NULL;
	int r = act_guarantees(call);
	const struct guarantees *g = call->model;
	if (r == 0)
		r = sheet_xlsx_new(&sheet, "四项保障", (int)ARRAY_LEN(columns), columns, &call->info);
	if (r < 0)
		return r;
	const struct guarantee_row *rows = g->own.unit ? &g->own : g->rows;
	for (int i = 0; i < (g->own.unit ? 1 : g->n); i++) {
		const char *cells[ARRAY_LEN(columns)] = {rows[i].code, rows[i].name, page_text(call, "%d", g->year)};
		for (int k = 0; k < GUARANTEES; k++)
			cells[3 + k] = plain(call, &rows[i], k);
		if (r == 0 && rows[i].unit)
			r = sheet_xlsx_row(sheet, cells, &call->info);
	}
	sheet_xlsx_notes(sheet, "填写说明", (int)ARRAY_LEN(lines), lines);
	if (r == 0)
		r = sheet_xlsx_finish(sheet, &call->response->body, &call->info);
	sheet_xlsx_free(sheet);
	if (r == 0)
		web_file_response(call, "四项保障.xlsx",
				  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
	return r;
}

struct trial {
	struct import_trial trial;
	struct guarantees view;
	struct guarantee_import import;
};

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct trial *t = (struct trial *)trial;
	struct caller caller = page_caller(call);
	return guarantees_import(call->web->app, &caller, web_number(call, "node", 0), year_of(call), table,
				 trial->file, dry_run, call->arena, &trial->diag, &t->import, &call->info);
}

static const struct import_kind money = {"表格", guarantees_is_head, .run = import};

int act_guarantees_import(struct web_call *call)
{
	struct trial *t = arena_zalloc(call->arena, 1, sizeof(*t));
	struct caller caller = page_caller(call);
	if (!t)
		return err_nomem(&call->info);
	call->model = t;
	int r = guarantees_get(call->web->app, &caller, web_number(call, "node", 0), year_of(call), call->arena, &t->view,
			       &call->info);
	return r < 0 ? r : import_try(call, &t->trial, &money);
}

int act_guarantees_run(struct web_call *call)
{
	struct trial t = {0};
	int r = import_run(call, &t.trial, &money);
	if (r < 0)
		return r;
	call->location = page_text(call, "/guarantees?node=%lld&year=%d", (long long)web_number(call, "node", 0),
				   year_of(call));
	call->note = page_text(call, "已导入：新填 %d 格，改动 %d 格", t.import.n_new, t.import.n_changed);
	return 0;
}

void page_guarantees_result(struct web_call *call, struct html *h)
{
	const struct trial *t = call->model;
	const char *node = page_text(call, "%lld", (long long)t->view.node.id);
	begin(call, h, &t->view);
	if (!*t->trial.held) {
		import_write_errors(h, &t->trial);
		write_choose(call, h, &t->view);
		page_end(call, h);
		return;
	}
	html(h, "<p class='box gap-b'><b>{}</b>：{} 个党组织，新填 {} 格，改动 {} 格，没有变化 {} 格。还没有改动，确认以后才生效。</p>\n", t->trial.file,
	     t->import.n_rows, t->import.n_new, t->import.n_changed, t->import.n_same);
	if (*t->import.ignored)
		html(h, "<p class='note'>这些列不认识，没有用到：{}</p>\n", t->import.ignored);
	struct form form = form_begin(call, h, "/guarantees/import/run", guarantees_run_fields);
	form_hidden(&form, "node", node);
	form_hidden(&form, "year", page_text(call, "%d", t->view.year));
	form_hidden(&form, "held", t->trial.held);
	form_end(&form, "确认导入", "main", page_text(call, "/guarantees?node=%s&year=%d", node, t->view.year));
	page_end(call, h);
}

json_t *json_guarantees_import(struct web_call *call)
{
	const struct trial *t = call->model;
	const struct sheet_import im = {.n_new = t->import.n_new, .n_changed = t->import.n_changed,
					.n_same = t->import.n_same};
	return import_json(&im, &t->trial);
}
