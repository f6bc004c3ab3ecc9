/* SPDX-License-Identifier: Apache-2.0 */
/* Scores as a sheet: the blank one, the export, and the import with its dry run. */
#include <string.h>

#include "app/scores_sheet.h"
#include "report/sheet_xlsx.h"
#include "web/form.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"
#include "web/pages/pages_score.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
enum { FIXED = 4 /* code, name, source, rater */ };

#define SHEET_FIELDS \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "source", .label = "评价主体", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"}, \
	{.name = "rater", .label = "评分人", .type = WEB_INT, .min = 0, .max = 1000000}

const struct web_field score_export_fields[] = {
	SHEET_FIELDS, {.name = "blank", .label = "空表", .type = WEB_FLAG}, {0}};
const struct web_field score_import_page_fields[] = {SHEET_FIELDS, {0}};
const struct web_field score_import_fields[] = {
	SHEET_FIELDS,
	{.name = "file", .label = "打分表", .type = WEB_FILE, .required = true,
	 .max = WEB_UPLOAD_MAX - WEB_BODY_MAX, .hint = ".xlsx、.xls 或 .csv，最多 31 MB"},
	{0},
};
const struct web_field score_import_run_fields[] = {
	SHEET_FIELDS,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

/* ---- out ---- */

static int write_workbook(struct web_call *call, const struct score_export *ex)
{
	int n = FIXED + ex->n_labels;
	struct sheet_xlsx_column *columns = arena_zalloc(call->arena, (size_t)n, sizeof(*columns));
	const char **cells = arena_zalloc(call->arena, (size_t)n, sizeof(*cells));
	struct sheet_xlsx *sheet = NULL;
	int r;

	if (!columns || !cells)
		return err_nomem(&call->info);
	columns[0] = (struct sheet_xlsx_column){.label = "组织代码", .width = 16, .required = true};
	columns[1] = (struct sheet_xlsx_column){.label = "名称", .width = 28};
	columns[2] = (struct sheet_xlsx_column){.label = "评价主体", .width = 14, .required = true};
	columns[3] = (struct sheet_xlsx_column){.label = "评价人", .width = 14};
	for (int i = 0; i < ex->n_labels; i++)
		columns[FIXED + i] = (struct sheet_xlsx_column){.label = ex->labels[i], .width = 12,
								.number = true};
	r = sheet_xlsx_new(&sheet, "打分表", n, columns, &call->info);
	for (int row = 0; r == 0 && row < ex->n_rows; row++) {
		cells[0] = ex->orgs[row].code;
		cells[1] = ex->orgs[row].name;
		cells[2] = ex->source;
		cells[3] = ex->rater.label;
		for (int i = 0; i < ex->n_labels; i++) {
			const char *text = ex->cells[(size_t)row * (size_t)ex->n_labels + (size_t)i];
			cells[FIXED + i] = text ? text : "";
		}
		r = sheet_xlsx_row(sheet, cells, &call->info);
	}
	if (r == 0) {
		static const char *const notes[] = {
			"一行一个党组织，在指标那几列填分；组织代码和评价主体不要改，不适用的格子空着",
			"分数写成 8 或 8.5 这样，最多 4 位小数，不超过满分",
			"填好以后在打分页点“导入 Excel”；有一行不对，整张表都不导入"};
		sheet_xlsx_notes(sheet, "填写说明", (int)ARRAY_LEN(notes), notes);
		r = sheet_xlsx_finish(sheet, &call->response->body, &call->info);
	}
	sheet_xlsx_free(sheet);
	return r;
}

int act_score_export(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct score_at at = score_at_of(call);
	struct score_export ex;
	bool blank = web_number(call, "blank", 0) != 0;

	int r = scores_export(call->web->app, &caller, &at, blank, call->arena, &ex, &call->info);
	if (r == 0)
		r = write_workbook(call, &ex);
	if (r == 0)
		web_file_response(call, page_text(call, "%s%s-%s.xlsx", ex.source, blank ? "空表" : "",
						  page_day(call, page_today(call), false)), XLSX_TYPE);
	return r;
}

/* ---- in ---- */

struct sheet_result {
	struct import_trial trial;
	struct score_grid grid;
	const char *address, *back;
	struct sheet_import import;
};

/* The grid behind it, for names and the way back. */
static int load_result(struct web_call *call, struct sheet_result **ret_result)
{
	struct sheet_result *result = arena_zalloc(call->arena, 1, sizeof(*result));
	struct caller caller = page_caller(call);
	const struct score_query query = {.at = score_at_of(call), .category = -1, .page = 1, .size = 1};

	if (!result)
		return err_nomem(&call->info);
	int r = scores_grid(call->web->app, &caller, &query, call->arena, &result->grid, &call->info);
	result->address = page_text(call, "/campaigns/%lld/scores/import",
				    (long long)query.at.campaign);
	result->back = page_text(call, "/campaigns/%lld/scores?node=%lld&source=%s",
				 (long long)query.at.campaign, (long long)query.at.node, query.at.source);
	*ret_result = result;
	return r;
}

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct sheet_result *result = (struct sheet_result *)trial;
	struct caller caller = page_caller(call);
	struct score_at at = score_at_of(call);

	return scores_import(call->web->app, &caller, &at, table, trial->file, dry_run, call->arena,
			     &trial->diag, &result->import, &call->info);
}

static const struct import_kind scores = {"打分表", .run = import};

int act_score_import_page(struct web_call *call)
{
	struct sheet_result *result;
	int r = load_result(call, &result);
	if (r == 0)
		call->model = result;
	return r;
}

int act_score_import(struct web_call *call)
{
	struct sheet_result *result;
	int r = load_result(call, &result);

	if (r)
		return r;
	call->model = result;
	return import_try(call, &result->trial, &scores);
}

int act_score_import_run(struct web_call *call)
{
	struct sheet_result *result;
	int r = load_result(call, &result);

	if (r == 0)
		r = import_run(call, &result->trial, &scores);
	if (r)
		return r;
	call->location = result->back;
	call->note = page_text(call, "已导入：新填 %d 格，改动 %d 格，没有变化 %d 格", result->import.n_new,
			       result->import.n_changed, result->import.n_same);
	return 0;
}

static void form_target(struct web_call *call, const struct form *form)
{
	form_hidden(form, "node", page_text(call, "%lld", (long long)web_number(call, "node", 0)));
	form_hidden(form, "source", web_text(call, "source"));
	if (web_number(call, "rater", 0))
		form_hidden(form, "rater", page_text(call, "%lld", (long long)web_number(call, "rater", 0)));
}

static void write_choose(struct web_call *call, struct html *h, const struct sheet_result *result)
{
	struct form form = form_begin(call, h, result->address, score_import_fields);
	form_target(call, &form);
	form_row(&form, "file", NULL);
	form_end(&form, "试导入", "main", result->back);
}

static void begin(struct web_call *call, struct html *h, const struct sheet_result *result,
		  const char *title)
{
	const struct score_grid *g = &result->grid;
	struct page page = {.title = title};

	score_crumbs(call, &g->campaign, &g->node, title, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{} · {}</p></div><div class='acts'>"
		"<a class='btn' hx-boost='false' href='/campaigns/{}/scores/export?node={}&amp;source={}&amp;blank=1'>"
		"下载空表</a></div></div>\n", title, g->node.name,
	     g->source < 0 ? "" : g->scheme->sources[g->source].label, g->campaign.id, g->node.id,
	     g->source < 0 ? "" : g->scheme->sources[g->source].id);
}

void page_score_import(struct web_call *call, struct html *h)
{
	const struct sheet_result *result = call->model;

	begin(call, h, result, "导入打分表");
	html(h, "<ul class='list gap-b'><li>先下载空表：党组织已经列好，在指标那几列填分</li>"
		"<li>空格子不改动；有一行不对，整张表都不导入，并说明是哪一行、哪一列</li>"
		"<li>先试导入，看清楚再确认</li></ul>\n");
	write_choose(call, h, result);
	page_end(call, h);
}

static void write_run(struct web_call *call, struct html *h)
{
	const struct sheet_result *result = call->model;
	struct form form = form_begin(call, h, page_text(call, "%s/run", result->address),
				      score_import_run_fields);
	form_target(call, &form);
	form_hidden(&form, "held", result->trial.held);
	form_end(&form, "确认导入", "main", result->back);
}

void page_score_import_result(struct web_call *call, struct html *h)
{
	const struct sheet_result *result = call->model;

	begin(call, h, result, "试导入");
	if (!*result->trial.held) {
		import_write_errors(h, &result->trial);
		html(h, "<section><div class='sec'><h2>改好以后再选一次</h2></div>");
		write_choose(call, h, result);
		html(h, "</section>\n");
	} else {
		import_write_changes(call, h, &result->import, "指标", true, result->back, write_run);
	}
	page_end(call, h);
}

json_t *json_score_import(struct web_call *call)
{
	const struct sheet_result *result = call->model;
	return import_json(&result->import, &result->trial);
}
