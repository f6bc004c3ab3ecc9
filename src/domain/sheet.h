/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sheet that one rater fills in for one organisation: which cells there
 * are for its category, what each may hold, and what they add up to. The same
 * rules as those of the score book (book.h), for cells that are typed one by one.
 *
 * Cells are the scheme's leaves, then the local indicators by their place
 * (ZY-1). A source by points has one cell: leaf 0, from 0 to 100.
 */
#ifndef JW_DOMAIN_SHEET_H
#define JW_DOMAIN_SHEET_H

#include "base/err.h"
#include "domain/local.h"
#include "domain/scheme.h"

enum {
	SHEET_CELLS_MAX = SCHEME_LEAVES_MAX + LOCAL_MAX,
	SHEET_TEXT_MAX = 16,	/* bytes of a figure: "100000.0000" */
};

struct sheet_rules {
	const struct scheme *scheme;
	enum source_by by;		/* BY_INDICATORS or BY_POINTS */
	int category;			/* of the organisation, not -1 */
	int64_t local_max_e4[LOCAL_MAX];	/* by place; 0: none there */
};

/* Cells of a sheet, applicable or not. */
int sheet_n_cells(const struct sheet_rules *rules);

/* The most a cell may hold; 0: it does not apply to this category. */
int64_t sheet_max_e4(const struct sheet_rules *rules, int leaf);

/* True for the cells that are to be filled in: those that apply, but of an
 * indicator with items only the items. */
bool sheet_asks(const struct sheet_rules *rules, int leaf);

/* Reads what was typed: trimmed and folded into `ret_text` ("" empties the
 * cell), otherwise as typed ("9.50" stays). ERR_INPUT says in Chinese what is
 * wrong; ERR_STATE where the cell does not apply. */
int sheet_read(const struct sheet_rules *rules, int leaf, struct str typed,
	       char ret_text[SHEET_TEXT_MAX + 1], struct err_info *info);

struct sheet_total {
	int64_t sum_e4;		/* of what is filled in */
	int64_t max_e4;		/* of what is asked */
	int filled, missing;	/* cells that are asked for */
	int mixed;		/* an indicator scored as a whole and by items; -1: none */
};

/* Adds up `n` cells (those behind are empty; texts that sheet_read has passed). */
struct sheet_total sheet_total(const struct sheet_rules *rules, const char *const *cells, int n);

#endif
