/* SPDX-License-Identifier: Apache-2.0 */
/* The survey as a sheet: blank ones by category, the export, and the import with
 * its dry run. */
#include <string.h>

#include "app/survey_sheet.h"
#include "report/sheet_xlsx.h"
#include "web/form.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"
#include "web/pages/pages_score.h"
#include "web/pages/pages_survey.h"
#include "web/table.h"

enum { FIXED = 3 /* code, name, category */ };

#define SHEET_FIELDS \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

const struct web_field survey_export_fields[] = {
	SHEET_FIELDS,
	{.name = "category", .label = "类别", .type = WEB_INT, .min = 1, .max = SCHEME_CATEGORIES_MAX,
	 .hint = "方案里的第几类；不填就是全部"},
	{.name = "blank", .label = "空表", .type = WEB_FLAG},
	TABLE_FORMAT,
	{0},
};
const struct web_field survey_import_page_fields[] = {SHEET_FIELDS, {0}};
const struct web_field survey_import_fields[] = {
	SHEET_FIELDS,
	{.name = "file", .label = "调查表", .type = WEB_FILE, .required = true,
	 .max = WEB_UPLOAD_MAX - WEB_BODY_MAX, .hint = ".xlsx、.xls 或 .csv，最多 31 MB"},
	{0},
};
const struct web_field survey_import_run_fields[] = {
	SHEET_FIELDS,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

/* ---- out ---- */

static const char *category_label(const struct survey_export *ex, int row)
{
	return ex->scheme->categories[ex->orgs[row].category].label;
}

static void fill_row(const struct survey_export *ex, int row, const char **cells)
{
	cells[0] = ex->orgs[row].code;
	cells[1] = ex->orgs[row].name;
	cells[2] = category_label(ex, row);
	for (int i = 0; i < ex->n_columns; i++)
		cells[FIXED + i] = ex->cells[(size_t)row * (size_t)ex->n_columns + (size_t)i];
}

/* What a cell of the question offers; NULL: anything may be typed. */
static const char *const *choices_of(struct web_call *call, const struct scheme_question *q)
{
	static const char *const yes_no[] = {"是", "否", NULL};
	if (!q || (q->ask != ASK_YES_NO && q->ask != ASK_CHOICE))
		return NULL;
	if (q->ask == ASK_YES_NO)
		return yes_no;
	const char **choices = arena_zalloc(call->arena, (size_t)q->choices.n + 1, sizeof(*choices));
	for (int i = 0; choices && i < q->choices.n; i++)
		choices[i] = q->choices.at[i];
	return choices;
}

/* As wide as its heading, two for a Chinese character, within reason. */
static int width_of(const char *label)
{
	int width = 4;
	for (const char *p = label; *p; p++)
		width += (*p & 0xC0) == 0xC0 ? 2 : (*p & 0x80) ? 0 : 1;
	return width < 10 ? 10 : width > 44 ? 44 : width;
}

static int write_workbook(struct web_call *call, const struct survey_export *ex, const char **cells)
{
	static const char *const notes[] = {
		"一行一个党组织，一列一道题；红色的列是组织代码，不要改；不用的列可以删，列的先后可以换",
		"问“是不是”的题填“是”或“否”，有几项可选的题点单元格从列表里选，问数的题只填数字，不写单位",
		"空着的格子不改动原来的回答，要清空的填“-”；表头写着各类都有的题，不问这一类的就空着",
		"“听取意见的党员”“听取意见的群众”只填人数，不写姓名",
		"填好以后在“调查摸底”里点“导入 Excel”；有一格不对，整张表都不导入，并说明是哪一格"};
	int n = FIXED + ex->n_columns;
	struct sheet_xlsx_column *columns = arena_zalloc(call->arena, (size_t)n, sizeof(*columns));
	struct sheet_xlsx *sheet = NULL;

	if (!columns)
		return err_nomem(&call->info);
	columns[0] = (struct sheet_xlsx_column){.label = "组织代码", .width = 16, .required = true};
	columns[1] = (struct sheet_xlsx_column){.label = "名称", .width = 28};
	columns[2] = (struct sheet_xlsx_column){.label = "类别", .width = 14};
	for (int i = 0; i < ex->n_columns; i++) {
		const struct scheme_question *q = ex->columns[i].question;
		columns[FIXED + i] = (struct sheet_xlsx_column){
			.label = ex->columns[i].label, .width = width_of(ex->columns[i].label),
			.number = q && q->ask == ASK_NUMBER, .choices = choices_of(call, q)};
	}
	int r = sheet_xlsx_new(&sheet, "调查表", n, columns, &call->info);
	for (int row = 0; r == 0 && row < ex->n_rows; row++) {
		fill_row(ex, row, cells);
		r = sheet_xlsx_row(sheet, cells, &call->info);
	}
	if (r == 0) {
		sheet_xlsx_notes(sheet, "填写说明", (int)ARRAY_LEN(notes), notes);
		r = sheet_xlsx_finish(sheet, &call->response->body, &call->info);
	}
	sheet_xlsx_free(sheet);
	return r;
}

static void csv_line(struct buf *out, const char *const *cells, int n)
{
	for (int i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		csv_add(out, str_from(cells[i]));
	}
	buf_adds(out, "\r\n");
}

static int write_csv(struct web_call *call, const struct survey_export *ex, const char **cells)
{
	struct buf *out = &call->response->body;

	buf_adds(out, "\xEF\xBB\xBF");
	cells[0] = "组织代码";
	cells[1] = "名称";
	cells[2] = "类别";
	for (int i = 0; i < ex->n_columns; i++)
		cells[FIXED + i] = ex->columns[i].label;
	csv_line(out, cells, FIXED + ex->n_columns);
	for (int row = 0; row < ex->n_rows; row++) {
		fill_row(ex, row, cells);
		csv_line(out, cells, FIXED + ex->n_columns);
	}
	return out->failed ? err_nomem(&call->info) : 0;
}

int act_survey_export(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct survey_export ex;
	int category = (int)web_number(call, "category", 0) - 1;
	bool blank = web_number(call, "blank", 0) != 0;

	int r = surveys_export(call->web->app, &caller, web_number(call, "campaign", 0),
			       web_number(call, "node", 0), category, blank, call->arena, &ex, &call->info);
	const char **cells = r < 0 ? NULL
		: arena_zalloc(call->arena, (size_t)(FIXED + ex.n_columns), sizeof(*cells));
	if (r == 0)
		r = !cells ? err_nomem(&call->info)
		    : table_wants_xlsx(call) ? write_workbook(call, &ex, cells) : write_csv(call, &ex, cells);
	if (r == 0)
		table_file(call, page_text(call, "调查表%s%s-%s-%s", blank ? "空表" : "",
					   category < 0 ? "" : ex.scheme->categories[category].label,
					   ex.node.name, page_day(call, page_today(call), false)));
	return r;
}

/* ---- in ---- */

struct trial {
	struct import_trial trial;
	struct survey_list list;
	const char *address, *back, *ignored;
	struct sheet_import import;
};

/* The node's survey behind it, for names and the way back. */
static int load(struct web_call *call, struct trial **ret_trial)
{
	struct trial *t = arena_zalloc(call->arena, 1, sizeof(*t));
	struct caller caller = page_caller(call);
	int64_t campaign = web_number(call, "campaign", 0), node = web_number(call, "node", 0);

	if (!t)
		return err_nomem(&call->info);
	t->address = page_text(call, "/campaigns/%lld/survey/import", (long long)campaign);
	t->back = page_text(call, "/campaigns/%lld/survey?node=%lld", (long long)campaign, (long long)node);
	*ret_trial = t;
	return surveys_list(call->web->app, &caller, campaign, node, call->arena, &t->list, &call->info);
}

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct trial *t = (struct trial *)trial;
	struct caller caller = page_caller(call);

	return surveys_import(call->web->app, &caller, web_number(call, "campaign", 0),
			      web_number(call, "node", 0), table, trial->file, dry_run, call->arena,
			      &trial->diag, &t->import, &t->ignored, &call->info);
}

static const struct import_kind surveys = {"调查表", survey_is_head, .run = import};

int act_survey_import_page(struct web_call *call)
{
	struct trial *t = NULL;
	int r = load(call, &t);
	call->model = t;
	return r;
}

int act_survey_import(struct web_call *call)
{
	struct trial *t = NULL;
	int r = load(call, &t);

	if (r)
		return r;
	call->model = t;
	return import_try(call, &t->trial, &surveys);
}

int act_survey_import_run(struct web_call *call)
{
	struct trial *t = NULL;
	int r = load(call, &t);

	if (r == 0)
		r = import_run(call, &t->trial, &surveys);
	if (r)
		return r;
	call->location = t->back;
	call->note = page_text(call, "已导入 %d 个党组织的调查表：新填 %d 格，改动 %d 格", t->import.n_orgs,
			       t->import.n_new, t->import.n_changed);
	return 0;
}

/* ---- pages ---- */

static void write_choose(struct web_call *call, struct html *h, const struct trial *t)
{
	struct form form = form_begin(call, h, t->address, survey_import_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)t->list.node.id));
	form_row(&form, "file", NULL);
	form_end(&form, "试导入", "main", t->back);
}

static void begin(struct web_call *call, struct html *h, const struct trial *t, const char *title)
{
	struct page page = {.title = title};

	score_crumbs(call, &t->list.campaign, &t->list.node, title, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{} {} 年度</p></div></div>\n", title,
	     t->list.node.name, t->list.campaign.year);
}

void survey_write_blanks(struct html *h, const struct survey_list *l)
{
	html(h, "<p class='note gap-b'>空表，党组织已经列好：");
	for (int i = 0; i < l->scheme->n_categories; i++)
		html(h, "<a hx-boost='false' href='/campaigns/{}/survey/export?node={}&amp;category={}&amp;blank=1"
			"&amp;format=xlsx'>{}</a> · ", l->campaign.id, l->node.id, i + 1, l->scheme->categories[i].label);
	html(h, "<a hx-boost='false' href='/campaigns/{}/survey/export?node={}&amp;blank=1&amp;format=xlsx'>"
		"各类在一张表</a></p>\n", l->campaign.id, l->node.id);
}

void page_survey_import(struct web_call *call, struct html *h)
{
	const struct trial *t = call->model;

	begin(call, h, t, "导入调查表");
	survey_write_blanks(h, &t->list);
	html(h, "<ul class='list gap-b'><li>一行一个党组织，一列一道题；“是否”填“是”或“否”，选择题填选项的字</li>"
		"<li>空格子不改动，填“-”清空；有一格不对，整张表都不导入，并说明是哪一行、哪一列</li>"
		"<li>先试导入，看清楚再确认</li></ul>\n");
	write_choose(call, h, t);
	page_end(call, h);
}

static void write_run(struct web_call *call, struct html *h)
{
	const struct trial *t = call->model;
	struct form form = form_begin(call, h, page_text(call, "%s/run", t->address),
				      survey_import_run_fields);
	if (*t->ignored)
		html(h, "<p class='note'>这些列不认识，没有用到：{}</p>\n", t->ignored);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)t->list.node.id));
	form_hidden(&form, "held", t->trial.held);
	form_end(&form, "确认导入", "main", t->back);
}

void page_survey_import_result(struct web_call *call, struct html *h)
{
	const struct trial *t = call->model;

	begin(call, h, t, "试导入调查表");
	if (!*t->trial.held) {
		import_write_errors(h, &t->trial);
		html(h, "<section><div class='sec'><h2>改好以后再选一次</h2></div>");
		write_choose(call, h, t);
		html(h, "</section>\n");
	} else {
		import_write_changes(call, h, &t->import, "题", false, t->back, write_run);
	}
	page_end(call, h);
}

json_t *json_survey_import(struct web_call *call)
{
	const struct trial *t = call->model;
	return import_json(&t->import, &t->trial);
}
