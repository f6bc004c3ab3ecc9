/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worksheet in memory, as the workbook readers fill it and table_next hands
 * it out. Merges stand behind the rows in a file but decide what the head is,
 * so the rows are kept, packed: 8 bytes and the text a cell.
 *
 * Filling: strings, then rows in ascending order with cells in ascending
 * order, then merges, then sheet_finish. Cells that hold nothing but blanks
 * count as missing, rows without cells too.
 */
#ifndef JW_IMPORT_SHEET_H
#define JW_IMPORT_SHEET_H

#include "base/buf.h"
#include "import/table_impl.h"

enum {
	SHEET_ROWS_MAX = 1048576,	/* as Excel */
	SHEET_COLUMNS_MAX = 16384,	/* as Excel; filled ones: TABLE_COLUMNS_MAX */
	SHEET_STRINGS_MAX = 1 << 26,
	SHEET_HEAD_ROWS = 30,		/* filled rows among which the head is looked for */
	SHEET_HEAD_LAST = 200,		/* the last row it can be in */
	SHEET_HEAD_HEIGHT = 3,		/* rows of a folded head */
};

/* Rows and columns from 0, both ends included. */
struct sheet_merge {
	uint32_t row, row_end, column, column_end;
};

struct sheet {
	struct table table;
	const char *name;	/* the file's, for messages; only until sheet_finish */
	struct buf packed;	/* struct packed_cell and text in turn */
	struct buf strings;	/* shared strings, one behind another */
	struct buf string_ends;	/* size_t each */
	struct buf merges;	/* struct sheet_merge that start among the first rows */
	uint32_t row;		/* being filled */
	bool row_marked;	/* it has a cell already */

	/* Reading */
	size_t at;		/* in packed */
	int width;
	uint64_t head_line;
	bool head_given;
	struct str head[TABLE_COLUMNS_MAX];
	struct str cells[TABLE_COLUMNS_MAX];
};

/* A sheet to fill. ERR_NOMEM. */
int sheet_new(struct sheet **ret_sheet, const char *name, struct err_info *info);
void sheet_free(struct sheet *sheet);

/* Adds a shared string (copied). ERR_NOMEM; ERR_LIMIT. */
int sheet_add_string(struct sheet *sheet, struct str text, struct err_info *info);
/* How many there are, and one of them: valid until the next is added. */
size_t sheet_strings(const struct sheet *sheet);
struct str sheet_string(const struct sheet *sheet, uint32_t index);

/* The following cells are in `row` (from 0). */
void sheet_begin_row(struct sheet *sheet, uint32_t row);

/* Adds a cell to the row. ERR_NOMEM; ERR_LIMIT beyond TABLE_COLUMNS_MAX or
 * TABLE_CELL_MAX, naming the cell. */
int sheet_add_cell(struct sheet *sheet, uint32_t column, struct str text, struct err_info *info);
/* As sheet_add_cell with a shared string's index, which must exist. */
int sheet_add_shared(struct sheet *sheet, uint32_t column, uint32_t index, struct err_info *info);

/* Notes a merge; those that can't belong to the head are dropped. ERR_NOMEM. */
int sheet_add_merge(struct sheet *sheet, const struct sheet_merge *merge, struct err_info *info);

/* Finds the head; the sheet is ready to be read. ERR_INPUT if it is empty. */
int sheet_finish(struct sheet *sheet, table_is_head is_head, void *arg, struct err_info *info);

#endif
