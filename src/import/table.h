/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file as rows of text cells: CSV (UTF-8 with or without BOM, GB18030, UTF-16
 * with BOM; LF or CR LF; RFC 4180 quotes) or the first visible sheet of an .xlsx
 * or .xls (Excel 97 on). What the file is shows in its first bytes, not in its
 * name; but text named as a workbook is refused, for one of the two is a mistake.
 * All cells are valid UTF-8 without NUL bytes.
 *
 * Cells come as they stand, not trimmed. Sheets have no ragged rows: missing
 * cells at the end are empty. Rows with only empty cells are skipped.
 *
 * CSV: a text that is not UTF-8 is read as GB18030, unless all but a few of its
 * characters are UTF-8: then it is damaged and refused. A lone CR ends a line
 * only in a file without any LF (old Macintosh); else it belongs to its cell.
 * UTF-16 is what Excel calls "Unicode text": where its head has tabs and no
 * comma, tabs separate the cells.
 *
 * In a workbook the head may be untidy: title rows above it are skipped and a
 * head of two or three rows with merged cells is folded into one (of a column
 * the lowest cell that isn't empty); `table_open` is told which headings show
 * the head row, and looks among the first 30 filled rows. Where none is a head
 * the first row stands for it. All rows are as wide as the widest from the head
 * on, so that nothing beside the table goes unseen; such columns have an empty
 * heading. Hidden rows and columns count like others.
 *
 * Cells of a workbook: numbers as Excel shows them (15 significant digits, no
 * exponent), dates YYYY-MM-DD, truth TRUE or FALSE, of formulas the value that
 * was saved and, where none was saved, the formula (=…), errors by name (#N/A).
 * Cells of blanks alone are empty.
 */
#ifndef JW_IMPORT_TABLE_H
#define JW_IMPORT_TABLE_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
	TABLE_COLUMNS_MAX = 1024,
	TABLE_CELL_MAX = 1 << 20,		/* bytes of one cell */
};
/* Bytes of one CSV file read whole (the fast reader has no such limit), of a
 * workbook as it lies on disk, and of all its parts when inflated. */
#define TABLE_CSV_MAX ((uint64_t)16 << 30)
#define TABLE_XLSX_MAX ((uint64_t)1 << 30)
#define TABLE_XLSX_INFLATED_MAX ((uint64_t)4 << 30)

struct table;

/* One row. Cells are borrowed from the table, valid until the next call. */
struct table_row {
	uint64_t line;		/* CSV: line where the record starts; sheet: row number; from 1 */
	int n;			/* cells */
	const struct str *cells;
	/* CSV: the record breaks the quoting rules or a limit; `why` says how.
	 * The next row begins on the line after the one where that cell starts. */
	bool broken;
	const char *why;
	int why_cell;		/* the cell (from 0) where it breaks */
};

/* Tells whether a row is the head: called with trimmed cells of a candidate
 * row of a workbook. NULL: the first row is the head. */
typedef bool (*table_is_head)(void *arg, int n, const struct str *cells);

/* Opens `path` ("-": standard input). ERR_IO, ERR_NOMEM, ERR_LIMIT; ERR_INPUT
 * for a file that is broken or of a kind that can't be read, with a message
 * that says what to do (e.g. how to save .et as .xlsx). */
int table_open(struct table **ret_table, const char *path, table_is_head is_head, void *arg,
	       struct err_info *info);

/* As table_open, from memory (borrowed until table_free); `name` is for
 * messages. */
int table_open_memory(struct table **ret_table, const char *name, const void *data, size_t len,
		      table_is_head is_head, void *arg, struct err_info *info);

void table_free(struct table *table);

/* The next row: 1, 0 at the end, or an error. The first is the head. */
int table_next(struct table *table, struct table_row *ret_row, struct err_info *info);

/* The ending of a name that says the file is a workbook or a document of WPS
 * (.xlsx, .et, …, in capitals or not), or NULL. Text under such a name is
 * refused; who reads text without table_open asks here first. */
const char *table_workbook_name(const char *name);

/* Whether it is a sheet, whose columns have letters (messages name the cell by them). */
bool table_is_sheet(const struct table *table);

/* Column letters of a sheet: 0 → "A", 26 → "AA". `out` holds 8 bytes. */
void table_column_name(int column, char out[8]);

#endif
