/* SPDX-License-Identifier: Apache-2.0 */
#include "web/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/sheet_xlsx.h"
#include "web/layout.h"

static int count_columns(const struct table_column *columns)
{
	int n = 0;
	while (columns[n].key)
		n++;
	return n;
}

static const struct table_column *sorted_by(const struct table_column *columns, const char *sort)
{
	sort += *sort == '-';
	for (; columns->key; columns++)
		if (columns->sortable && strcmp(columns->key, sort) == 0)
			return columns;
	return NULL;
}

void table_from_call(struct web_call *call, const struct table_column *columns, const char *sort,
		     struct web_table *ret_table)
{
	const char *asked = web_text(call, "sort");

	*ret_table = (struct web_table){
		.columns = columns,
		.page = call->file ? 1 : (int)web_number(call, "page", 1),
		.size = call->file ? TABLE_ALL : (int)web_number(call, "size", TABLE_ROWS),
		.sort = sorted_by(columns, asked) ? asked : sort,
	};
}

/* Classes of a column: alignment, and where it gives way. */
static const char *align_of(const struct table_column *column)
{
	switch (column->kind) {
	case COLUMN_NUMBER: return "n";
	case COLUMN_SHORT: return "nw";
	case COLUMN_CODE: return "nw mono mut";
	case COLUMN_NAME: return "full";
	case COLUMN_DATE:
	case COLUMN_LIGHT: return "nw";
	default: return "";
	}
}

static const char *room_of(const struct table_column *column)
{
	static const char *const classes[] = {"", "skipc w1", "skipc w2", "skipc"};
	return classes[column->room];
}

static void write_head(struct web_call *call, struct html *h, const struct web_table *t)
{
	const struct table_column *by = sorted_by(t->columns, t->sort);

	if (t->whole)
		html(h, "<thead><tr>");
	else
		html(h, "<thead class='so'><tr>");
	for (const struct table_column *c = t->columns; c->key; c++) {
		html(h, "<th scope='col' class='{} {}'", c->kind != COLUMN_NUMBER ? "" : c->sum && t->whole ? "n sum" : "n",
		     room_of(c));
		if (c->sortable)
			html(h, " data-so='1'");
		if (c == by)
			html(h, " aria-sort='{}'", *t->sort == '-' ? "descending" : "ascending");
		if (!c->sortable) {
			html(h, ">{}</th>", c->label);
			continue;
		}
		/* A second click turns the order round. */
		const char *next = c == by && *t->sort != '-'
					   ? arena_printf(call->arena, "-%s", c->key)
					   : c->key;
		html(h, "><a href='{}'>{}</a></th>", page_query_with(call, "sort", next), c->label);
	}
	html(h, "</tr></thead>\n");
}

void table_number(struct html *h, int64_t number)
{
	char digits[24], out[32];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, number), at = 0;

	for (int i = 0; i < n; i++) {
		out[at++] = digits[i];
		if (i < n - 1 && (n - 1 - i) % 3 == 0 && digits[i] != '-')
			out[at++] = ',';
	}
	struct str text = {out, (size_t)at};
	html(h, "{}", text);
}

static void write_content(struct html *h, const struct table_column *column,
			  const struct table_cell *cell)
{
	static const char *const tones[] = {"ok", "warn", "bad", "off"};

	if (cell->href)
		html(h, "<a href='{}'>", cell->href);
	if (column->kind == COLUMN_LIGHT && cell->text)
		html(h, "<span class='light {}'>{}</span>", tones[cell->tone], cell->text);
	else if (column->kind == COLUMN_NUMBER && !cell->text && !cell->none)
		table_number(h, cell->number);
	else
		html(h, "{}", cell->text);
	if (cell->href)
		html(h, "</a>");
}

/* Telling cells apart on a phone: the label stands before the value. */
static void write_cell(struct html *h, const struct table_column *column,
		       const struct table_cell *cell)
{
	bool name = column->kind == COLUMN_NAME;
	bool empty = (!cell->text || !*cell->text) && (column->kind != COLUMN_NUMBER || cell->none);

	if (name)
		html(h, "<th scope='row'");
	else
		html(h, "<td");
	html(h, " class='{} {}", align_of(column), room_of(column));
	if (empty)
		html(h, " skipc");
	html(h, "'");
	if (!name && column->kind != COLUMN_LIGHT && column->room == ROOM_ALWAYS) {
		const char *unit = strstr(column->label, "（");	/* stands in the head only */
		struct str label = {column->label, unit ? (size_t)(unit - column->label)
							: strlen(column->label)};
		html(h, " data-l='{}'", label);
	}
	html(h, ">");
	write_content(h, column, cell);
	if (name)
		html(h, "</th>");
	else
		html(h, "</td>");
}

static void write_totals(struct html *h, const struct web_table *t)
{
	bool said = false;

	html(h, "<tfoot><tr>");
	for (int i = 0; t->columns[i].key; i++) {
		struct table_cell cell = t->totals[i];
		cell.none = cell.none || t->columns[i].kind != COLUMN_NUMBER;
		if (t->columns[i].kind == COLUMN_NAME && !said) {
			cell = (struct table_cell){.text = t->totals_label};
			said = true;
		}
		write_cell(h, &t->columns[i], &cell);
	}
	html(h, "</tr></tfoot>\n");
}

static void write_page_link(struct web_call *call, struct html *h, const struct web_table *t, int page,
			    const char *label)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", page);
	if (t->nth)
		html(h, "<a href='{}#t{}'>", page_query_with(call, arena_printf(call->arena, "page%s", t->nth),
							     number), t->nth);
	else
		html(h, "<a href='{}'>", page_query_with(call, "page", number));
	html(h, "{}</a>", label ? label : number);
}

void table_pager(struct web_call *call, struct html *h, const struct web_table *t)
{
	int64_t first = (int64_t)(t->page - 1) * t->size + 1;
	int last_page = t->n_all > 0 ? (int)((t->n_all + t->size - 1) / t->size) : t->page + t->more;

	if (last_page <= 1 && t->page == 1)
		return;
	html(h, "<nav class='pager' aria-label='翻页'><span>第 {}–{} 个", first,
	     first + t->n_rows - 1);
	if (t->n_all >= 0)
		html(h, "，共 {} 个", t->n_all);
	html(h, "</span>");
	if (t->page > 1)
		write_page_link(call, h, t, t->page - 1, "上一页");
	int from = t->page > 3 ? t->page - 2 : 1;
	if (from > 1)
		write_page_link(call, h, t, 1, NULL);
	if (from > 2)
		html(h, "<span>…</span>");
	for (int p = from; p <= t->page + 2 && p <= last_page; p++)
		if (p == t->page)
			html(h, "<b aria-current='page'>{}</b>", p);
		else
			write_page_link(call, h, t, p, NULL);
	if (t->n_all >= 0 && t->page + 3 < last_page)
		html(h, "<span>…</span>");
	if (t->n_all >= 0 && t->page + 2 < last_page)
		write_page_link(call, h, t, last_page, NULL);
	if (t->page < last_page)
		write_page_link(call, h, t, t->page + 1, "下一页");
	html(h, "</nav>\n");
}

static void write_empty(struct html *h, const struct web_table *t)
{
	html(h, "<div class='empty' id='{}'><b>{}</b><p>{}</p>", t->id, t->empty, t->empty_hint);
	if (t->empty_href)
		html(h, "<a class='btn' href='{}'>{}</a>", t->empty_href, t->empty_action);
	html(h, "</div>\n");
}

void table_write(struct web_call *call, struct html *h, const struct web_table *t)
{
	int columns = count_columns(t->columns);

	if (t->n_rows == 0) {
		write_empty(h, t);
		return;
	}
	html(h, "<div id='{}'><table class='data {} stick stack'><caption class='vh'>{}</caption>\n",
	     t->id, t->whole ? "sort" : "", t->caption);
	write_head(call, h, t);
	html(h, "<tbody>\n");
	for (int r = 0; r < t->n_rows; r++) {
		html(h, "<tr>");
		for (int c = 0; c < columns; c++)
			write_cell(h, &t->columns[c], &t->cells[(size_t)r * columns + c]);
		html(h, "</tr>\n");
	}
	html(h, "</tbody>\n");
	if (t->totals)
		write_totals(h, t);
	html(h, "</table>\n");
	if (!t->whole)
		table_pager(call, h, t);
	html(h, "</div>\n");
}

static json_t *cell_json(const struct table_column *column, const struct table_cell *cell)
{
	if (column->kind == COLUMN_NUMBER && !cell->text)
		return cell->none ? json_null() : json_integer(cell->number);
	return cell->text ? json_string(cell->text) : json_null();
}

json_t *table_json(const struct web_table *t)
{
	int columns = count_columns(t->columns);
	json_t *rows = json_array(), *out = json_object();
	int from = t->whole ? (t->page - 1) * t->size : 0;
	int to = t->whole && from + t->size < t->n_rows ? from + t->size : t->n_rows;

	for (int r = from; r < to; r++) {
		json_t *row = json_object();
		for (int c = 0; c < columns; c++) {
			const struct table_cell *cell = &t->cells[(size_t)r * columns + c];
			json_object_set_new(row, t->columns[c].key,
					    cell_json(&t->columns[c], cell));
			if (cell->href && t->columns[c].kind == COLUMN_NAME)
				json_object_set_new(row, "href", json_string(cell->href));
		}
		json_array_append_new(rows, row);
	}
	json_object_set_new(out, "rows", rows);
	if (t->n_all >= 0)
		json_object_set_new(out, "total", json_integer(t->n_all));
	json_object_set_new(out, "page", json_integer(t->page));
	json_object_set_new(out, "size", json_integer(t->size));
	json_object_set_new(out, "sort", json_string(t->sort));
	return out;
}

void csv_add(struct buf *out, struct str text)
{
	bool formula = text.len && strchr("=+-@\t\r", text.data[0]);
	bool number = text.len > 1 && text.data[0] == '-', quote = formula;

	for (size_t i = 1; i < text.len && number; i++)
		number = text.data[i] == '.' || (text.data[i] >= '0' && text.data[i] <= '9');
	for (size_t i = 0; i < text.len && !quote; i++)
		quote = strchr(",\"\r\n", text.data[i]) != NULL;
	if (!quote || number) {
		buf_add(out, text.data, text.len);
		return;
	}
	buf_addc(out, '"');
	if (formula)
		buf_addc(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, text.data[i]);
	}
	buf_addc(out, '"');
}

/* ---- export ---- */

const struct web_choice table_formats[] = {{"xlsx", "Excel 工作簿"}, {"csv", "CSV"}, {0}};

bool table_wants_xlsx(const struct web_call *call)
{
	if (call->file)
		return call->file == TAKE_XLSX;
	return web_number(call, "format", TABLE_CSV) == TABLE_XLSX;
}

void table_file(struct web_call *call, const char *name)
{
	bool xlsx = table_wants_xlsx(call);
	const char *full = arena_printf(call->arena, "%s.%s", name, xlsx ? "xlsx" : "csv");

	web_file_response(call, full ? full : name,
			  xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			       : "text/csv; charset=utf-8");
}

/* What a cell says as text; numbers into `digits`. */
static const char *cell_text(const struct table_column *column, const struct table_cell *cell,
			     char digits[24])
{
	if (column->kind != COLUMN_NUMBER || cell->text || cell->none)
		return cell->text ? cell->text : "";
	snprintf(digits, 24, "%" PRId64, cell->number);
	return digits;
}

static int write_csv(struct web_call *call, const struct web_table *t, int columns)
{
	struct buf *out = &call->response->body;
	char digits[24];

	buf_adds(out, "\xEF\xBB\xBF");
	for (int c = 0; c < columns; c++) {
		if (c)
			buf_addc(out, ',');
		csv_add(out, str_from(t->columns[c].label));
	}
	buf_adds(out, "\r\n");
	for (size_t i = 0; i < (size_t)t->n_rows * (size_t)columns; i++) {
		int c = (int)(i % (size_t)columns);
		csv_add(out, str_from(cell_text(&t->columns[c], &t->cells[i], digits)));
		buf_adds(out, c == columns - 1 ? "\r\n" : ",");
	}
	return out->failed ? err_nomem(&call->info) : 0;
}

static int width_of(const struct table_column *column)
{
	switch (column->kind) {
	case COLUMN_NUMBER: return 10;
	case COLUMN_NAME: return 34;
	case COLUMN_TEXT: return 32;
	default: return 17;
	}
}

static int write_xlsx(struct web_call *call, const struct web_table *t, int columns)
{
	struct sheet_xlsx_column heads[TABLE_WIDTH_MAX];
	const char *cells[TABLE_WIDTH_MAX];
	char digits[TABLE_WIDTH_MAX][24];
	struct sheet_xlsx *sheet;

	assert(columns <= TABLE_WIDTH_MAX);
	for (int c = 0; c < columns; c++)
		heads[c] = (struct sheet_xlsx_column){.label = t->columns[c].label,
						      .width = width_of(&t->columns[c]),
						      .number = t->columns[c].kind == COLUMN_NUMBER};
	int r = sheet_xlsx_new(&sheet, t->caption, columns, heads, &call->info);
	if (r < 0)
		return r;
	for (int row = 0; r == 0 && row < t->n_rows; row++) {
		for (int c = 0; c < columns; c++)
			cells[c] = cell_text(&t->columns[c], &t->cells[(size_t)row * (size_t)columns + (size_t)c],
					     digits[c]);
		r = sheet_xlsx_row(sheet, cells, &call->info);
	}
	if (r == 0)
		r = sheet_xlsx_finish(sheet, &call->response->body, &call->info);
	sheet_xlsx_free(sheet);
	return r;
}

int table_export(struct web_call *call, const struct web_table *t, const char *name)
{
	int columns = count_columns(t->columns);

	if (t->n_rows > TABLE_EXPORT_MAX)
		return err_set(&call->info, ERR_LIMIT, "一次最多导出 %d 行，请缩小范围", TABLE_EXPORT_MAX);
	int r = table_wants_xlsx(call) ? write_xlsx(call, t, columns) : write_csv(call, t, columns);
	if (r == 0)
		table_file(call, name);
	return r;
}

void table_export_links(struct web_call *call, struct html *h, const char *path)
{
	html(h, "<a class='btn' hx-boost='false' href='{}'>导出 Excel</a>"
		"<a class='btn hide' hx-boost='false' href='{}'>导出 CSV</a>",
	     arena_printf(call->arena, "%s%s", path, page_query_with(call, "format", "xlsx")),
	     arena_printf(call->arena, "%s%s", path, page_query_with(call, "format", "csv")));
}
