/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A flat list as a workbook, row by row, ending in a buffer: exports and
 * templates. Every text cell is written as a text, whatever it looks like, so
 * that "=1+1" stays what somebody typed.
 */
#ifndef JW_REPORT_SHEET_XLSX_H
#define JW_REPORT_SHEET_XLSX_H

#include "base/buf.h"
#include "base/err.h"

enum {
	SHEET_XLSX_ROWS = 200000,	/* below the head */
	SHEET_XLSX_BYTES = 128 << 20,	/* of the workbook, and of all its texts */
};

struct sheet_xlsx;

struct sheet_xlsx_column {
	const char *label;
	int width;			/* characters */
	bool number;			/* 1 to 9 digits become a number */
	bool required;			/* its head stands out */
	const char *const *choices;	/* offered in the cell, but not forced; ends with NULL */
};

/* Begins a workbook with one sheet and its head; borrows name and columns.
 * ERR_IO, ERR_NOMEM. */
int sheet_xlsx_new(struct sheet_xlsx **ret_sheet, const char *name, int n,
		   const struct sheet_xlsx_column *columns, struct err_info *info);
void sheet_xlsx_free(struct sheet_xlsx *sheet);

/* As many cells as columns; copied. ERR_LIMIT, ERR_NOMEM. */
int sheet_xlsx_row(struct sheet_xlsx *sheet, const char *const *cells, struct err_info *info);

/* A further sheet of lines to read: how to fill in the first. Borrows the name. */
void sheet_xlsx_notes(struct sheet_xlsx *sheet, const char *name, int n, const char *const *lines);

/* Finishes it and adds it to `out`. ERR_IO (a full disk), ERR_LIMIT, ERR_NOMEM. */
int sheet_xlsx_finish(struct sheet_xlsx *sheet, struct buf *out, struct err_info *info);

#endif
