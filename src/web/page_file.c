/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/audits.h"
#include "base/buf.h"
#include "domain/exact.h"
#include "web/layout.h"
#include "web/page_read.h"
#include "web/pages/pages.h"
#include "web/table.h"

enum { TABLES_MAX = 20, ROWS_LEAST = 2 };

/* ---- rows ---- */

/* A table as it is read: rows of TABLE_WIDTH_MAX cells, heads first. */
struct grid {
	const char *(*rows)[TABLE_WIDTH_MAX];
	int n, cap, heads, width;
	int down[TABLE_WIDTH_MAX];	/* rows for which a cell above still reaches down */
};

static int span_of(const char *tag, const char *end, const char *name)
{
	struct str text = page_attribute(tag, end, name);
	int n = 0;
	for (size_t i = 0; i < text.len && n < TABLE_WIDTH_MAX; i++)
		n = n * 10 + (text.data[i] - '0');
	return n > 0 ? n : 1;
}

static bool add_row(struct grid *g)
{
	if (g->n == g->cap) {
		int cap = g->cap ? g->cap * 2 : 64;
		void *rows = reallocarray(g->rows, (size_t)cap, sizeof(*g->rows));
		if (!rows)
			return false;
		g->rows = rows;
		g->cap = cap;
	}
	for (int i = 0; i < TABLE_WIDTH_MAX; i++)
		g->rows[g->n][i] = "";
	g->n++;
	return true;
}

/* The cells of one row; where one spans several columns the others stay empty,
 * and in the head it stands over each. */
static bool read_row(struct web_call *call, struct grid *g, struct str row, bool head)
{
	const char *end = row.data + row.len;
	int column = 0;
	if (!add_row(g))
		return false;
	const char **cells = g->rows[g->n - 1];
	for (const char *at = row.data; at < end;) {
		const char *tag = page_find(at, end, "<t");
		if (tag == end)
			break;
		const char *tag_end = page_find(tag, end, ">");
		const char *close = page_find(tag_end, end, tag[2] == 'h' ? "</th>" : "</td>");
		while (column < TABLE_WIDTH_MAX && g->down[column] > 0)
			g->down[column++]--;
		const char *text = page_text_of(call, page_between(tag_end + 1, close));
		int wide = span_of(tag, tag_end, "colspan='"), high = span_of(tag, tag_end, "rowspan='");
		for (int i = 0; i < wide && column < TABLE_WIDTH_MAX; i++, column++) {
			cells[column] = i == 0 || head ? text : "";
			g->down[column] = high - 1;
			if (!cells[column])
				return false;
		}
		at = close;
	}
	for (; column < TABLE_WIDTH_MAX && g->down[column] > 0; column++)
		g->down[column]--;
	g->width = column > g->width ? column : g->width;
	return true;
}

static bool read_grid(struct web_call *call, struct str table, struct grid *g)
{
	const char *end = table.data + table.len, *body = page_find(table.data, end, "</thead>");
	for (const char *at = page_find(table.data, end, "<tr"); at < end;) {
		const char *inner = page_find(at, end, ">"), *close = page_find(at, end, "</tr>");
		bool head = body < end && at < body;
		if (!read_row(call, g, page_between(inner + 1, close), head))
			return false;
		g->heads += head;
		at = page_find(close, end, "<tr");
	}
	return true;
}

/* ---- as a table to be exported ---- */

static bool looks_like_number(const char *text)
{
	size_t digits = 0, others = 0;
	for (const char *p = text + (*text == '-'); *p; p++) {
		digits += *p >= '0' && *p <= '9';
		others += (*p < '0' || *p > '9') && *p != ',';
	}
	return digits && !others && (*text != '0' || digits == 1);
}

/* 1,017 is written for people. */
static const char *without_commas(struct web_call *call, const char *text)
{
	char *out = arena_strdup(call->arena, text), *to = out;
	for (const char *from = out; from && *from; from++)
		if (*from != ',')
			*to++ = *from;
	if (out)
		*to = '\0';
	return out ? out : text;
}

static enum column_kind kind_of(const struct grid *g, int column)
{
	bool some = false;
	for (int i = g->heads; i < g->n; i++) {
		const char *text = g->rows[i][column];
		if (*text && !looks_like_number(text))
			return COLUMN_TEXT;
		some = some || *text;
	}
	return some ? COLUMN_NUMBER : COLUMN_TEXT;
}

static const char *label_of(struct web_call *call, const struct grid *g, int column)
{
	const char *label = "";
	for (int i = 0; i < g->heads; i++) {
		const char *text = g->rows[i][column];
		if (*text && strcmp(text, label) != 0)
			label = *label ? arena_printf(call->arena, "%s %s", label, text) : text;
	}
	return label ? label : "";
}

static bool has_any(const struct grid *g, int column)
{
	for (int i = 0; i < g->n; i++)
		if (*g->rows[i][column])
			return true;
	return false;
}

static int export_grid(struct web_call *call, const struct grid *g, const char *name)
{
	struct table_column columns[TABLE_WIDTH_MAX + 1] = {0};
	int kept[TABLE_WIDTH_MAX], n = 0, rows = g->n - g->heads;
	for (int c = 0; c < g->width; c++)
		if (has_any(g, c)) {
			kept[n] = c;
			columns[n++] = (struct table_column){.key = "c", .label = label_of(call, g, c),
							     .kind = kind_of(g, c)};
		}
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)rows * (size_t)n + 1, sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int r = 0; r < rows; r++)
		for (int c = 0; c < n; c++) {
			const char *text = g->rows[g->heads + r][kept[c]];
			cells[(size_t)r * (size_t)n + (size_t)c].text =
				columns[c].kind == COLUMN_NUMBER ? without_commas(call, text) : text;
		}
	const struct web_table table = {.caption = "表", .columns = columns, .cells = cells, .n_rows = rows};
	return n ? table_export(call, &table, name) : err_set(&call->info, ERR_NOT_FOUND, "这张表是空的");
}

/* ---- for the router and the layout ---- */

void page_file_read(struct web_call *call, const struct web_params *params)
{
	for (int i = 0; i < params->n; i++) {
		struct str value = params->at[i].value;
		if (!str_eqs(params->at[i].name, "table"))
			continue;
		bool xlsx = page_begins(value, "xlsx");
		if (!xlsx && !page_begins(value, "csv"))
			continue;
		size_t at = xlsx ? 4 : 3;
		uint64_t table = 0;
		call->file = xlsx ? TAKE_XLSX : TAKE_CSV;
		digits_parse((struct str){value.data + at, value.len - at}, TABLES_MAX - 1, &table);
		call->file_table = (int)table;
	}
}

void page_file_links(struct web_call *call, struct html *h)
{
	struct str page = str_from(buf_str(&h->out));
	const size_t len = page.len;
	struct page_table piece;
	int written = 0;
	if (!call->session.signed_in || !call->route || call->route->method != WEB_GET ||
	    memmem(page.data, page.len, "format=xlsx", 11))
		return;
	for (int i = 0; i < TABLES_MAX && page_find_table(page, i, &piece); i++) {
		int rows = 0;
		const char *end = piece.inner.data + piece.inner.len;
		for (const char *at = page_find(piece.inner.data, end, "<tr"); at < end; at = page_find(at + 3, end, "<tr"))
			rows++;
		if (!piece.data || rows <= ROWS_LEAST)
			continue;
		const char *name = page_text_of(call, piece.name);
		/* From here on the page may stand elsewhere: it grows. */
		if (!written++)
			html(h, "<p class='note noprint'>把表存成文件：");
		html(h, "{}<a hx-boost='false' href='{}'>{} Excel</a> · <a hx-boost='false' href='{}'>CSV</a>",
		     written > 1 ? "　" : "",
		     page_query_with(call, "table", page_text(call, "xlsx%d", i)), name && *name ? name : "表",
		     page_query_with(call, "table", page_text(call, "csv%d", i)));
		page = (struct str){buf_str(&h->out), len};
	}
	if (written)
		html(h, "</p>\n");
}

int page_file_answer(struct web_call *call, struct str page)
{
	struct page_table piece;
	struct grid grid = {0};
	struct caller caller = page_caller(call);
	if (!page_find_table(page, call->file_table, &piece))
		return err_set(&call->info, ERR_NOT_FOUND, "这一页没有这张表");
	const char *name = page_text_of(call, piece.name);
	int r = !name || !read_grid(call, piece.inner, &grid) ? err_nomem(&call->info) : 0;
	if (r == 0 && grid.n - grid.heads > TABLE_ALL + 1)
		r = err_set(&call->info, ERR_LIMIT, "一次最多存 %d 行，请缩小范围", TABLE_ALL);
	if (r == 0)
		r = export_grid(call, &grid, name && *name ? name : "表");
	if (r == 0)
		r = audits_note_export(call->web->app, &caller, name, grid.n - grid.heads, &call->info);
	free(grid.rows);
	return r;
}
