/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations from a sheet. */
#include <string.h>

#include "app/roster_import.h"
#include "web/form.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"

enum { ITEMS_SHOWN = 500 };

#define NODE \
	{.name = "node", .label = "导入到", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field org_import_page_fields[] = {NODE, {0}};
const struct web_field org_import_fields[] = {
	NODE,
	{.name = "file", .label = "表格文件", .type = WEB_FILE, .required = true,
	 .max = WEB_UPLOAD_MAX - WEB_BODY_MAX, .hint = ".xlsx、.xls 或 .csv，最多 20 万行、31 MB"},
	{0},
};
const struct web_field org_import_run_fields[] = {
	NODE,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{.name = "since_day", .label = "生效日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{.name = "reason", .label = "变更理由", .type = WEB_TEXT, .max = 200},
	{0},
};

struct result {
	struct import_trial trial;
	int64_t node;
	struct roster_import import;
};

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct result *result = (struct result *)trial;
	struct caller caller = page_caller(call);
	struct org_when when = {0};

	if (!dry_run)
		when = (struct org_when){(int32_t)web_number(call, "since_day", 0), web_text(call, "reason")};
	return roster_import(call->web->app, &caller, result->node, table, trial->file, &when, dry_run,
			     call->arena, &trial->diag, &result->import, &call->info);
}

static const struct import_kind roster = {"表格", roster_is_head, .run = import};

int act_org_import(struct web_call *call)
{
	struct result *result = arena_zalloc(call->arena, 1, sizeof(*result));

	if (!result)
		return err_nomem(&call->info);
	call->model = result;
	result->node = web_number(call, "node", 0);
	return import_try(call, &result->trial, &roster);
}

int act_org_import_run(struct web_call *call)
{
	struct result result = {.node = web_number(call, "node", 0)};
	int r = import_run(call, &result.trial, &roster);

	if (r)
		return r;
	const int *n = result.import.count;
	call->location = page_text(call, "/orgs?node=%lld", (long long)result.node);
	call->note = page_text(call, "已导入：新增 %d，修改 %d，划转 %d，没有变化 %d", n[IMPORT_ADDED],
			       n[IMPORT_CHANGED], n[IMPORT_MOVED], n[IMPORT_SAME]);
	return 0;
}

/* ---- the pages ---- */

static void write_choose(struct web_call *call, struct html *h, int64_t node, const char *button)
{
	struct form form = form_begin(call, h, "/orgs/import", org_import_fields);

	form_hidden(&form, "node", page_text(call, "%lld", (long long)node));
	form_row(&form, "file", NULL);
	form_end(&form, button, "main", page_text(call, "/orgs?node=%lld", (long long)node));
}

void page_org_import(struct web_call *call, struct html *h)
{
	const struct org_detail *d = call->model;
	struct page page = {.title = "从表格导入", .menu = "/orgs"};

	page_org_crumbs(call, d->crumbs, d->n_crumbs, "从表格导入", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>从表格导入</h1><p class='note'>导入到 {} 下面</p></div>"
		"<div class='acts'><a class='btn' hx-boost='false' "
		"href='/orgs/template?format=xlsx'>下载 Excel 模板</a><a class='btn' hx-boost='false' "
		"href='/orgs/template?format=csv'>下载 CSV 模板</a></div></div>\n"
		"<ul class='list gap-b'><li>第一行是列名，必须有“代码”；新组织还要有“上级代码”“名称”和“层级”</li>"
		"<li>代码已经有的就更新，没有的就新增；表里没写到的组织不动</li>"
		"<li>空格子不改，填“-”清空；有一行不对，整张表都不导入</li>"
		"<li>先试导入，看清楚再确认</li></ul>\n", d->org.name);
	write_choose(call, h, d->org.id, "试导入");
	page_end(call, h);
}

static void write_errors(struct web_call *call, struct html *h, const struct result *result)
{
	import_write_errors(h, &result->trial);
	html(h, "<section><div class='sec'><h2>改好以后再选一次</h2></div>");
	write_choose(call, h, result->node, "试导入");
	html(h, "</section>\n");
}

static void write_tiles(struct html *h, const struct roster_import *im)
{
	static const struct {
		enum roster_import_act act;
		const char *label;
	} tiles[] = {{IMPORT_ADDED, "新增"}, {IMPORT_CHANGED, "修改"}, {IMPORT_MOVED, "划转"},
		     {IMPORT_SAME, "没有变化"}};

	html(h, "<dl class='tiles'>");
	for (size_t i = 0; i < ARRAY_LEN(tiles); i++)
		html(h, "<div class='tile'><dt>{}</dt><dd>{} <small>个</small></dd></div>",
		     tiles[i].label, im->count[tiles[i].act]);
	html(h, "</dl>\n");
}

static void write_items(struct html *h, const struct roster_import *im)
{
	static const char *const words[] = {"没有变化", "新增", "修改", "划转"};
	int shown = 0;

	html(h, "<table class='data sort stack'><caption class='vh'>会有哪些变化</caption><thead><tr>"
		"<th scope='col' class='n'>行</th><th scope='col'>党组织</th><th scope='col'>代码</th>"
		"<th scope='col'>会怎样</th><th scope='col'>之前</th><th scope='col'>之后</th></tr></thead><tbody>\n");
	for (int i = 0; i < im->n && shown < ITEMS_SHOWN; i++) {
		const struct roster_import_item *item = &im->items[i];
		if (item->act == IMPORT_SAME)
			continue;
		shown++;
		html(h, "<tr><td class='n' data-l='行'>{}</td><th scope='row' class='full'>{}</th>"
			"<td class='mono' data-l='代码'>{}</td><td class='nw'>{}</td>",
		     item->line, item->name, item->code, words[item->act]);
		html(h, "<td data-l='之前'>{}</td><td data-l='之后'>{}</td></tr>\n", item->before,
		     item->after);
	}
	html(h, "</tbody></table>\n");
	if (shown == ITEMS_SHOWN)
		html(h, "<p class='note'>只列出前 {} 行</p>", (int)ITEMS_SHOWN);
}

static void write_confirm(struct web_call *call, struct html *h, const struct result *result)
{
	const struct roster_import *im = &result->import;
	const char *back = page_text(call, "/orgs?node=%lld", (long long)result->node);

	write_tiles(h, im);
	if (im->ignored && *im->ignored)
		html(h, "<p class='box'>这些列不认识，没有用到：{}</p>\n", im->ignored);
	if (im->count[IMPORT_SAME] == im->n) {
		html(h, "<div class='empty'><b>没有要改的</b><p>{}</p>"
			"<a class='btn' href='{}'>回到列表</a></div>\n",
		     im->n ? "表里的内容和现在的一样。" : "表里只有表头，没有一行组织。", back);
		return;
	}
	struct form form = form_begin(call, h, "/orgs/import/run", org_import_run_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)result->node));
	form_hidden(&form, "held", result->trial.held);
	form_row(&form, "since_day", NULL);
	form_row(&form, "reason", NULL);
	form_end(&form, "确认导入", "main", back);
	write_items(h, im);
}

void page_org_import_result(struct web_call *call, struct html *h)
{
	const struct result *result = call->model;
	bool wrong = !*result->trial.held;
	struct page page = {.title = "试导入", .menu = "/orgs"};
	struct crumb crumbs[] = {
		{"组织", page_text(call, "/orgs?node=%lld", (long long)result->node)},
		{"从表格导入", page_text(call, "/orgs/import?node=%lld", (long long)result->node)},
		{"试导入", NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>试导入</h1><p class='note'>{}：{}</p></div></div>\n",
	     result->trial.file, wrong ? "没有导入" :
	     result->import.count[IMPORT_SAME] == result->import.n ? "不用导入" : "还没有改动，确认以后才生效");
	if (wrong)
		write_errors(call, h, result);
	else
		write_confirm(call, h, result);
	page_end(call, h);
}

json_t *json_org_import(struct web_call *call)
{
	const struct result *result = call->model;
	const int *n = result->import.count;
	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:o}", "held", result->trial.held, "added",
			 n[IMPORT_ADDED], "changed", n[IMPORT_CHANGED], "moved", n[IMPORT_MOVED],
			 "same", n[IMPORT_SAME], "errors", import_json_errors(&result->trial));
}
