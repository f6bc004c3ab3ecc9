/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All visible sheets of an .xlsx as they stand, cell by cell: for workbooks
 * whose layout is known and that come back filled in. Texts are as table.h says
 * of workbooks; cells of blanks alone are left out. The same parser reads them.
 */
#ifndef JW_IMPORT_GRID_H
#define JW_IMPORT_GRID_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
	GRID_CELLS_MAX = 500000,	/* with something in them, of all sheets */
	GRID_TEXT_MAX = 64 << 20,	/* bytes of all texts */
	GRID_REF_LEN = 16,
};

struct grid_cell {
	uint32_t row, column;	/* from 0 */
	struct str text;	/* "=…" of a formula that nobody calculated */
	struct str formula;	/* empty: none */
};

struct grid_sheet {
	const char *name;
	int n;
	struct grid_cell *cells;	/* by row, then column */
};

struct grid {
	int n;
	struct grid_sheet *sheets;
};

/* Reads a workbook in memory; everything is in `arena`. `name` is for messages.
 * ERR_INPUT: broken, or no .xlsx; ERR_LIMIT; ERR_NOMEM. */
int grid_read(struct grid *ret_grid, const char *name, struct str data, struct arena *arena,
	      struct err_info *info);

/* The cell's text, {0} where there is none. */
struct str grid_text(const struct grid_sheet *sheet, uint32_t row, uint32_t column);

/* The first cell of the row or, where it has none, of a later one: an index. */
int grid_row(const struct grid_sheet *sheet, uint32_t row);

/* "B12". */
void grid_ref(uint32_t row, uint32_t column, char out[GRID_REF_LEN]);

#endif
