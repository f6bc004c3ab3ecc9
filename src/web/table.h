/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of things, once described and shown three ways: as a table of the
 * page (sortable heads, totals, pages, one line per thing on a phone), as JSON
 * and as CSV that Excel opens.
 *
 * A route with a table declares TABLE_FIELDS among its fields.
 */
#ifndef JW_WEB_TABLE_H
#define JW_WEB_TABLE_H

#include "web/web.h"

enum {
	TABLE_ROWS = 50,		/* rows of a page unless asked otherwise */
	TABLE_EXPORT_MAX = 200000,	/* rows of one export */
	TABLE_ALL = 10000,		/* rows of a page that is read for a file (page_file.h) */
	TABLE_WIDTH_MAX = 32,
};

/* What the address of a list may say. */
#define TABLE_FIELDS \
	{.name = "sort", .label = "排序", .type = WEB_TEXT, .max = 40, .pattern = "a-z_-"}, \
	{.name = "page", .label = "页", .type = WEB_INT, .min = 1, .max = 1000000}, \
	{.name = "size", .label = "每页", .type = WEB_INT, .min = 1, .max = 200}

/* In which form a list is to be exported; a route with TABLE_FORMAT among its
 * fields answers with table_export. */
extern const struct web_choice table_formats[];	/* xlsx, csv */
enum table_format { TABLE_XLSX, TABLE_CSV };
#define TABLE_FORMAT \
	{.name = "format", .label = "格式", .type = WEB_CHOICE, .choices = table_formats, \
	 .hint = "不填就是 CSV"}
bool table_wants_xlsx(const struct web_call *call);

enum column_kind {
	COLUMN_TEXT,
	COLUMN_SHORT,	/* a word or two, never broken */
	COLUMN_NAME,	/* what the row is about: its head, linked */
	COLUMN_CODE,
	COLUMN_NUMBER,
	COLUMN_DATE,
	COLUMN_LIGHT,	/* a state in words with its sign; cell.tone says which */
};

/* Where there is little room: */
enum column_room {
	ROOM_ALWAYS,
	ROOM_WIDE,	/* not on phones, nor below 1300 px */
	ROOM_MIDDLE,	/* not on phones, nor below 900 px */
	ROOM_OFFICE,	/* not on phones */
};

struct table_column {
	const char *key;	/* in JSON, CSV heads come from label; sort key */
	const char *label;
	enum column_kind kind;
	enum column_room room;
	bool sortable;
	bool sum;		/* of a table with `whole`: summed over all rows */
};

enum tone { TONE_OK, TONE_WARN, TONE_BAD, TONE_OFF };

struct table_cell {
	const char *text;	/* NULL: nothing; numbers too are given as text where formatted */
	const char *href;	/* NULL: no link */
	int64_t number;		/* COLUMN_NUMBER with a NULL text */
	bool none;		/* COLUMN_NUMBER: not known */
	enum tone tone;
};

struct web_table {
	const char *id;			/* of the element; also names the caption */
	const char *caption;		/* what it lists, for screen readers */
	const struct table_column *columns;	/* ends with a NULL key */
	const struct table_cell *cells;	/* row by row */
	int n_rows;
	const struct table_cell *totals;	/* one row over all pages; NULL: none */
	const char *totals_label;
	int64_t n_all;			/* rows on all pages; -1: not counted */
	bool more;			/* n_all -1: there is a next page */
	bool whole;			/* all rows are here: page_sort.h sorts them, sums them and shows
					 * a page; JSON gets the page asked for */
	int page, size;			/* from 1 */
	const char *sort;		/* key, "-key" for descending; "" */
	const char *empty, *empty_hint;	/* said where there is no row */
	const char *empty_href, *empty_action;	/* what to do then; may be NULL */
	const char *nth;		/* table of the page whose pages these are (page_sort.h); NULL */
};

/* Page, size and sort from the call's TABLE_FIELDS; a sort by a column that
 * can't be sorted becomes `sort`. */
void table_from_call(struct web_call *call, const struct table_column *columns, const char *sort,
		     struct web_table *ret_table);

void table_write(struct web_call *call, struct html *h, const struct web_table *table);

/* The number with a comma after each three digits: 1,017. */
void table_number(struct html *h, int64_t number);

/* Links to the other pages: what table_write ends with, for tables of a page's
 * own. Reads page, size, n_rows, n_all and more. */
void table_pager(struct web_call *call, struct html *h, const struct web_table *table);

/* {"rows": […], "total": n, "page": …}; a new reference. */
json_t *table_json(const struct web_table *table);

/* Makes the response a file with all rows, as the call's TABLE_FORMAT wants it: a
 * workbook, or CSV (UTF-8 with BOM, CRLF) in which cells that a spreadsheet would
 * take for a formula get an apostrophe in front. `name` has no ending; ERR_LIMIT
 * above TABLE_EXPORT_MAX rows. */
int table_export(struct web_call *call, const struct web_table *table, const char *name);

/* The two links of a list to `path` with the query of the page shown. */
void table_export_links(struct web_call *call, struct html *h, const char *path);

/* Makes the response, whose body is filled, a file of the wanted form. */
void table_file(struct web_call *call, const char *name);

/* Adds one CSV field, quoted where needed and made harmless; no separator. */
void csv_add(struct buf *out, struct str text);

#endif
