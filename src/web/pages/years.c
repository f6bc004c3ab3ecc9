/* SPDX-License-Identifier: Apache-2.0 */
/* The years of one organisation, and last years' results from a sheet. */
#include "app/years.h"

#include "app/past_import.h"
#include "app/schemes.h"
#include "report/sheet_xlsx.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"

enum { ITEMS_SHOWN = 500, COLUMNS_MAX = 12 };

#define NODE \
	{.name = "node", .label = "导入到", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define SCHEME \
	{.name = "scheme", .label = "方案", .type = WEB_TEXT, .max = 60, .pattern = "a-z0-9-", \
	 .hint = "表里没有写方案的行用这个；用来知道等次排第几"}

const struct web_field years_fields[] = {
	{.name = "id", .label = "党组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field past_page_fields[] = {NODE, {0}};
const struct web_field past_try_fields[] = {
	NODE, SCHEME,
	{.name = "file", .label = "表格文件", .type = WEB_FILE, .required = true,
	 .max = WEB_UPLOAD_MAX - WEB_BODY_MAX, .hint = ".xlsx、.xls 或 .csv，最多 20 万行、31 MB"},
	{0},
};
const struct web_field past_run_fields[] = {
	NODE, SCHEME,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

/* ---- the years ---- */

int act_years(struct web_call *call)
{
	struct years_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);
	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return years_get(call->web->app, &caller, web_number(call, "id", 0), call->arena, v, &call->info);
}

static void write_year(struct html *h, const struct year_row *row, int64_t org)
{
	html(h, "<tr aria-selected='{}'><td>{}</td>", row->running ? "true" : "false", row->year);
	if (row->running)
		html(h, "<th scope='row'><a href='/campaigns/{}/orgs/{}/why'>{}</a></th>", row->campaign, org,
		     row->scheme);
	else
		html(h, "<th scope='row'>{}</th>", *row->scheme ? row->scheme : "（没有写方案）");
	html(h, "<td class='n' data-l='得分'>{}</td><td class='nw' data-l='等次'>{}", row->score,
	     *row->grade ? row->grade : row->state);
	if (row->compared && row->moved)
		html(h, " <span class='{}'>{} {} 等</span>", row->moved > 0 ? "up" : "down",
		     row->moved > 0 ? "▲" : "▼", row->moved > 0 ? row->moved : -row->moved);
	html(h, "</td><td class='nw' data-l='星级'>");
	decide_stars(h, row->stars);
	html(h, "</td><td class='n' data-l='名次'>");
	if (row->rank)
		html(h, "{}", row->rank);
	html(h, "</td><td data-l='整顿'>{}</td><td>{}</td></tr>\n", row->ledger, row->note);
}

static void write_cases(struct web_call *call, struct html *h, const struct years_view *v)
{
	if (!v->n_cases)
		return;
	html(h, "<section class='gap' aria-labelledby='h-cases'><div class='sec'><h2 id='h-cases'>整顿 {} 次</h2></div>"
		"<ul class='list'>\n", v->n_cases);
	for (int i = 0; i < v->n_cases; i++) {
		const struct ledger_case *c = &v->cases[i];
		html(h, "<li><span class='r'><span class='light {}'>{}</span></span><a href='/cases/{}'>{} 年度列入整顿</a><p>{} 建档",
		     case_is_open(c->state) ? "warn" : c->state == CASE_RELAPSED ? "bad" : "ok",
		     case_state_label(c->state), c->id, c->year, page_day(call, c->opened_day, false));
		if (c->written_off_day)
			html(h, "，{} 销号", page_day(call, c->written_off_day, false));
		html(h, "</p></li>\n");
	}
	html(h, "</ul></section>\n");
}

void page_years(struct web_call *call, struct html *h)
{
	const struct years_view *v = call->model;
	struct page page = {.title = page_text(call, "历年 · %s", v->org.name), .menu = "/orgs"};

	page_org_crumbs(call, v->crumbs, v->n_crumbs, "历年", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} · 历年</h1><p class='note'>星级一年有效，每年重新评定</p></div>"
		"<div class='acts'><button class='btn' type='button' data-print='1'>打印</button></div></div>\n",
	     v->org.name);
	if (v->n == 0) {
		html(h, "<div class='empty'><b>还没有历年结果</b><p>县委组织部可以从表格导入往年的等次和星级。</p></div>\n");
	} else {
		html(h, "<table class='data sort stack'><caption class='vh'>历年的等次、星级和得分</caption><thead><tr>"
			"<th scope='col'>年度</th><th scope='col'>方案</th><th scope='col' class='n'>得分</th>"
			"<th scope='col'>等次</th><th scope='col'>星级</th><th scope='col' class='n'>名次</th>"
			"<th scope='col'>整顿情况</th><th scope='col'>备注</th></tr></thead><tbody>\n");
		for (int i = 0; i < v->n; i++)
			write_year(h, &v->rows[i], v->org.id);
		html(h, "</tbody></table>\n");
	}
	write_cases(call, h, v);
	page_end(call, h);
}

json_t *json_years(struct web_call *call)
{
	const struct years_view *v = call->model;
	json_t *list = json_array();
	for (int i = 0; i < v->n; i++) {
		const struct year_row *row = &v->rows[i];
		json_array_append_new(list, json_pack(
			"{s:i, s:s, s:s, s:s, s:i, s:I, s:s, s:b, s:i}", "year", row->year, "scheme",
			row->scheme, "score", row->score, "grade", row->grade, "stars", row->stars, "rank",
			(json_int_t)row->rank, "ledger", row->ledger, "running", row->running, "moved",
			row->moved));
	}
	json_t *cases = json_array();
	for (int i = 0; i < v->n_cases; i++)
		json_array_append_new(cases, json_pack("{s:I, s:i, s:s, s:i, s:i}", "case",
						       (json_int_t)v->cases[i].id, "year", v->cases[i].year,
						       "state", case_state_id(v->cases[i].state), "opened",
						       (int)v->cases[i].opened_day, "written_off",
						       (int)v->cases[i].written_off_day));
	return json_pack("{s:s, s:s, s:o, s:o}", "code", v->org.code, "name", v->org.name, "years", list,
			 "cases", cases);
}

/* ---- last years from a sheet ---- */

struct trial {
	struct import_trial trial;
	int64_t node;
	const char *scheme;
	struct past_import import;
};

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct trial *result = (struct trial *)trial;
	struct caller caller = page_caller(call);

	result->scheme = web_text(call, "scheme");
	return past_import(call->web->app, &caller, result->node, result->scheme, table, trial->file,
			   dry_run, call->arena, &trial->diag, &result->import, &call->info);
}

static const struct import_kind past = {"表格", past_is_head, .run = import};

int act_past_try(struct web_call *call)
{
	struct trial *result = arena_zalloc(call->arena, 1, sizeof(*result));

	if (!result)
		return err_nomem(&call->info);
	call->model = result;
	result->node = web_number(call, "node", 0);
	return import_try(call, &result->trial, &past);
}

int act_past_run(struct web_call *call)
{
	struct trial result = {.node = web_number(call, "node", 0)};
	int r = import_run(call, &result.trial, &past);

	if (r)
		return r;
	call->location = page_text(call, "/campaigns/last-year?node=%lld", (long long)result.node);
	call->note = page_text(call, "已导入：新增 %d，修改 %d，没有变化 %d", result.import.count[PAST_ADDED],
			       result.import.count[PAST_CHANGED], result.import.count[PAST_SAME]);
	return 0;
}

int act_past_template(struct web_call *call)
{
	static const char *const lines[] = {
		"在第一张表里从第二行起填写，一行是一个党组织的一年；红色的列名必须填",
		"年度：四位年份，例如 2025",
		"等次：按当年方案的叫法，例如 好、较好、一般、较差",
		"方案：方案的名称或代码；全表一样的可以不填，导入时选",
		"星级：0 到 5，或者 四星、不定星；没有评星的不填",
		"整顿情况：当年在整顿台账里的，写 整顿中、已销号 等",
		"有一行不对，整张表都不导入；本系统评定过的年度不能用表格覆盖",
	};
	struct sheet_xlsx_column columns[COLUMNS_MAX] = {0};
	struct sheet_xlsx *sheet;
	int n = 0;

	for (; n < COLUMNS_MAX; n++) {
		columns[n].label = past_column(n, &columns[n].required);
		if (!columns[n].label)
			break;
		columns[n].width = 16;
	}
	int r = sheet_xlsx_new(&sheet, "往年结果", n, columns, &call->info);
	if (r < 0)
		return r;
	sheet_xlsx_notes(sheet, "填写说明", (int)ARRAY_LEN(lines), lines);
	r = sheet_xlsx_finish(sheet, &call->response->body, &call->info);
	sheet_xlsx_free(sheet);
	if (r == 0)
		web_file_response(call, "往年结果导入模板.xlsx",
				  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
	return r;
}

static void write_choose(struct web_call *call, struct html *h, int64_t node)
{
	struct caller caller = page_caller(call);
	struct scheme_entry *all;
	int n, n_choices = 0;
	if (schemes_list(call->web->app, &caller, call->arena, &all, &n, &call->info) < 0)
		n = 0;
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)n + 1, sizeof(*choices));
	struct form form = form_begin(call, h, "/campaigns/last-year", past_try_fields);

	for (int i = 0; choices && i < n; i++)
		if (all[i].scheme && all[i].scheme->n_grades)
			choices[n_choices++] = (struct web_choice){all[i].name, all[i].title};
	form_hidden(&form, "node", page_text(call, "%lld", (long long)node));
	form_row(&form, "file", NULL);
	form_row_choice(&form, "scheme", NULL, choices);
	form_end(&form, "试导入", "main", NULL);
}

static void begin(struct web_call *call, struct html *h, const char *title, const char *note)
{
	struct crumb *crumbs = arena_zalloc(call->arena, 2, sizeof(*crumbs));
	struct page page = {.title = title, .menu = "/campaigns"};
	if (crumbs) {
		crumbs[0] = (struct crumb){"年度工作", "/campaigns"};
		crumbs[1] = (struct crumb){title, NULL};
		page.crumbs = crumbs;
		page.n_crumbs = 2;
	}
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{}</p></div>"
		"<div class='acts'><a class='btn' hx-boost='false' href='/campaigns/last-year/template'>"
		"下载 Excel 模板</a></div></div>\n", title, note);
}

void page_past(struct web_call *call, struct html *h)
{
	const struct org_detail *d = call->model;
	begin(call, h, "导入往年结果", page_text(call, "%s 和下级党组织往年的等次、得分、星级", d->org.name));
	html(h, "<ul class='list gap-b'><li>导入以后，第一年就能看到与上年比、历年变化和结转整顿</li>"
		"<li>必须有“组织代码”“年度”“等次”三列</li><li>先试导入，看清楚再确认</li></ul>\n");
	write_choose(call, h, d->org.id);
	page_end(call, h);
}

static void write_items(struct html *h, const struct past_import *im)
{
	int shown = 0;
	html(h, "<table class='data sort stack'><caption class='vh'>会有哪些变化</caption><thead><tr>"
		"<th scope='col' class='n'>行</th><th scope='col'>党组织</th><th scope='col'>年度</th>"
		"<th scope='col'>会怎样</th><th scope='col'>之前</th><th scope='col'>之后</th></tr></thead><tbody>\n");
	for (int i = 0; i < im->n && shown < ITEMS_SHOWN; i++) {
		const struct past_item *item = &im->items[i];
		if (item->act == PAST_SAME)
			continue;
		shown++;
		html(h, "<tr><td class='n' data-l='行'>{}</td><th scope='row' class='full'>{}</th><td data-l='年度'>{}</td>"
			"<td class='nw'>{}</td><td data-l='之前'>{}</td><td data-l='之后'>{}</td></tr>\n",
		     item->line, item->name, item->year, item->act == PAST_ADDED ? "新增" : "修改",
		     item->before, item->after);
	}
	html(h, "</tbody></table>\n");
	if (shown == ITEMS_SHOWN)
		html(h, "<p class='note'>只列出前 {} 行</p>", (int)ITEMS_SHOWN);
}

static void write_good(struct web_call *call, struct html *h, const struct trial *r)
{
	html(h, "<p class='box gap-b'>新增 {} 行，修改 {} 行，没有变化 {} 行。{}</p>\n",
	     r->import.count[PAST_ADDED], r->import.count[PAST_CHANGED], r->import.count[PAST_SAME],
	     r->import.unplaced ? page_text(call, "有 %d 行不知道等次排第几，不能和别的年度比高低。",
					    r->import.unplaced) : "");
	if (*r->import.ignored)
		html(h, "<p class='note'>这些列不认识，没有用到：{}</p>\n", r->import.ignored);
	struct form form = form_begin(call, h, "/campaigns/last-year/run", past_run_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)r->node));
	form_hidden(&form, "held", r->trial.held);
	form_hidden(&form, "scheme", r->scheme);
	form_end(&form, "确认导入", "main",
		 page_text(call, "/campaigns/last-year?node=%lld", (long long)r->node));
	write_items(h, &r->import);
}

void page_past_result(struct web_call *call, struct html *h)
{
	const struct trial *r = call->model;
	begin(call, h, "试导入往年结果",
	      page_text(call, "%s：%s", r->trial.file, *r->trial.held ? "还没有改动，确认以后才生效" : "没有导入"));
	if (!*r->trial.held) {
		import_write_errors(h, &r->trial);
		write_choose(call, h, r->node);
	} else {
		write_good(call, h, r);
	}
	page_end(call, h);
}

json_t *json_past_result(struct web_call *call)
{
	const struct trial *r = call->model;
	return json_pack("{s:s, s:i, s:i, s:i, s:o}", "held", r->trial.held, "added",
			 r->import.count[PAST_ADDED], "changed", r->import.count[PAST_CHANGED], "same",
			 r->import.count[PAST_SAME], "errors",
			 import_json_errors(&r->trial));
}
