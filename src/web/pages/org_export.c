/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations as a sheet: the export, and the empty template for the import;
 * as a workbook for people, as CSV for programs. */
#include <string.h>

#include "report/sheet_xlsx.h"
#include "web/pages/pages.h"
#include "web/table.h"

enum {
	EXPORT_MAX = 128 << 20,		/* bytes of one CSV; the command line has no such limit */
	OWN_COLUMNS = 2,		/* code and parent, before the table of org_field.h */
	COLUMNS_MAX = 32,
	NOTES_MAX = COLUMNS_MAX + 8,
};

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static const struct web_choice formats[] = {{"xlsx", "Excel 工作簿"}, {"csv", "CSV"}, {0}};
enum { FORMAT_XLSX, FORMAT_CSV };

#define FORMAT \
	{.name = "format", .label = "格式", .type = WEB_CHOICE, .choices = formats, \
	 .hint = "不填就是 CSV"}

const struct web_field org_template_fields[] = {FORMAT, {0}};

/* ---- CSV ---- */

static void write_heads(struct buf *out)
{
	buf_adds(out, "\xEF\xBB\xBF代码,上级代码");
	for (int i = 0; i < org_n_fields; i++) {
		buf_addc(out, ',');
		csv_add(out, str_from(org_fields[i].label));
	}
	buf_adds(out, "\r\n");
}

static void restart(void *arg)
{
	struct buf *out = arg;
	buf_clear(out);
	write_heads(out);
}

static int add_row(void *arg, const struct org *org, const char *parent_code,
		   struct err_info *info)
{
	struct buf *out = arg;

	csv_add(out, str_from(org->code));
	buf_addc(out, ',');
	csv_add(out, str_from(parent_code));
	for (int i = 0; i < org_n_fields; i++) {
		char scratch[32];
		buf_addc(out, ',');
		csv_add(out, str_from(org_field_format(&org_fields[i], org, scratch)));
	}
	buf_adds(out, "\r\n");
	if (out->failed)
		return err_nomem(info);
	if (out->len > EXPORT_MAX)
		return err_set(info, ERR_LIMIT, "组织太多，一次最多导出 %d MB，请按乡镇分别导出",
			       EXPORT_MAX >> 20);
	return 0;
}

/* ---- a workbook ---- */

struct workbook {
	struct sheet_xlsx_column columns[COLUMNS_MAX];
	const char *levels[LEVEL_UNIT + 2];
	int n;
	struct sheet_xlsx *sheet;	/* NULL where it could not begin */
	struct err_info why;
	int error;
};

static int width_of(const struct org_field *f)
{
	if (f->kind == ORG_DAY)
		return 14;
	if (f->kind != ORG_TEXT)
		return 10;
	return f->max >= 100 ? 34 : 16;
}

static void set_columns(struct workbook *w)
{
	for (int i = 0; i <= LEVEL_UNIT; i++)
		w->levels[i] = level_label((enum level)i);
	w->columns[0] = (struct sheet_xlsx_column){.label = "代码", .width = 16, .required = true};
	w->columns[1] = (struct sheet_xlsx_column){.label = "上级代码", .width = 16};
	w->n = OWN_COLUMNS;
	for (int i = 0; i < org_n_fields && w->n < COLUMNS_MAX; i++) {
		const struct org_field *f = &org_fields[i];
		w->columns[w->n++] = (struct sheet_xlsx_column){
			.label = f->label, .width = width_of(f), .number = f->kind == ORG_NUMBER,
			.required = f->required, .choices = f->kind == ORG_LEVEL ? w->levels : NULL};
	}
}

static void workbook_restart(void *arg)
{
	struct workbook *w = arg;

	sheet_xlsx_free(w->sheet);
	w->sheet = NULL;
	w->error = sheet_xlsx_new(&w->sheet, "党组织", w->n, w->columns, &w->why);
}

static int workbook_row(void *arg, const struct org *org, const char *parent_code,
			struct err_info *info)
{
	struct workbook *w = arg;
	const char *cells[COLUMNS_MAX];
	char scratch[COLUMNS_MAX][32];

	if (w->error)
		return err_set(info, w->error, "%s", w->why.text);
	cells[0] = org->code;
	cells[1] = parent_code;
	for (int i = OWN_COLUMNS; i < w->n; i++)
		cells[i] = org_field_format(&org_fields[i - OWN_COLUMNS], org, scratch[i]);
	return sheet_xlsx_row(w->sheet, cells, info);
}

static int export_workbook(struct web_call *call, const struct caller *caller, int64_t node,
			   const struct org_filter *filter)
{
	struct workbook w = {0};
	const struct roster_sink sink = {&w, workbook_restart, workbook_row};

	set_columns(&w);
	int r = roster_export(call->web->app, caller, node, filter, &sink, &call->info);
	if (r == 0 && !w.sheet)
		r = err_set(&call->info, w.error ? w.error : ERR_NOMEM, "%s", w.why.text);
	if (r == 0)
		r = sheet_xlsx_finish(w.sheet, &call->response->body, &call->info);
	sheet_xlsx_free(w.sheet);
	return r;
}

/* How the sheet is filled in, a line a column. */
static int template_notes(struct web_call *call, const char **lines)
{
	int n = 0;

	lines[n++] = "在第一张表里从第二行起填写，一行一个党组织；红色的列名必须填，列的先后可以换，不用的列可以删";
	lines[n++] = "代码：1 到 40 个字符，不能有空格，登记后不能改；已有的代码是更新，没有的是新增";
	lines[n++] = "上级代码：新组织必须填";
	for (int i = 0; i < org_n_fields && n < NOTES_MAX; i++) {
		const struct org_field *f = &org_fields[i];
		if (f->kind == ORG_NUMBER)
			lines[n++] = page_text(call, "%s：整数", f->label);
		else if (f->kind == ORG_DAY)
			lines[n++] = page_text(call, "%s：年-月-日，例如 2026-01-31", f->label);
		else if (f->kind == ORG_LEVEL)
			lines[n++] = page_text(call, "%s：点单元格从列表里选", f->label);
		else if (f->kind == ORG_TEXT)
			lines[n++] = page_text(call, "%s：最多 %d 个字", f->label, f->max);
	}
	lines[n++] = "更新时空格子不改，填“-”清空；有一行不对，整张表都不导入";
	return n;
}

static int template_workbook(struct web_call *call)
{
	struct workbook w = {0};
	const char *lines[NOTES_MAX + 1];

	set_columns(&w);
	workbook_restart(&w);
	if (w.error)
		return err_set(&call->info, w.error, "%s", w.why.text);
	sheet_xlsx_notes(w.sheet, "填写说明", template_notes(call, lines), lines);
	int r = sheet_xlsx_finish(w.sheet, &call->response->body, &call->info);
	sheet_xlsx_free(w.sheet);
	return r;
}

/* ---- the routes ---- */

int act_org_export(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct buf *out = &call->response->body;
	const struct roster_sink sink = {out, restart, add_row};
	struct org_filter filter;
	int64_t node;
	int r = org_list_read(call, &node, &filter);

	if (r)
		return r;
	if (table_wants_xlsx(call)) {
		r = export_workbook(call, &caller, node, &filter);
	} else {
		restart(out);
		r = roster_export(call->web->app, &caller, node, &filter, &sink, &call->info);
	}
	if (r == 0)
		table_file(call, page_text(call, "党组织-%s", page_day(call, page_today(call), false)));
	return r;
}

int act_org_template(struct web_call *call)
{
	int r = 0;

	if (table_wants_xlsx(call))
		r = template_workbook(call);
	else
		write_heads(&call->response->body);
	if (r == 0 && call->response->body.failed)
		r = err_nomem(&call->info);
	if (r == 0)
		table_file(call, "党组织导入模板");
	return r;
}
