/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that read workbooks back share. Internal to app/. */
#ifndef JW_APP_TEMPLATE_READ_IN_H
#define JW_APP_TEMPLATE_READ_IN_H

#include "app/campaigns.h"
#include "app/org_field.h"
#include "app/template_read.h"
#include "import/grid.h"
#include "store/case.h"

enum { READ_COLUMNS_MAX = 100 };

/* A cell of one field within a block of rows. */
struct read_column {
	uint32_t offset, column;	/* row within the block; column from 0 */
	const char *field;		/* "书记" */
};

/* Rows that each stand for one of a list. */
struct read_block {
	const char *list;		/* "组织", "问题" */
	uint32_t first, last;		/* rows of the sheet, from 1 */
	uint32_t height;
	int n;
	struct read_column columns[READ_COLUMNS_MAX];
};

struct known_org {
	int64_t id;
	const char *code, *name;
};
struct org_edit {
	struct org old, now;
	const char *sheet;
	uint32_t row;			/* where it was met, from 0 */
	bool changed, denied;
};
struct problem_edit {
	struct case_problem old, now;
	bool changed;
};
struct score_edit_cell {
	int64_t org;
	int leaf;
	const char *value;
};

struct reading {
	struct app *app;
	struct db_tx *tx;
	const struct caller *caller;
	const struct read_ask *ask;
	struct arena *arena;
	struct access access;
	char path[ORG_PATH_MAX];
	const struct grid *grid;
	const struct grid *now;		/* an official form as it would be printed now; NULL */
	const struct grid_sheet *shown;	/* of it: the sheet being read, and its list; NULL */
	struct read_block shown_block;
	struct read_result result;
	struct known_org *by_code, *by_name;
	int n_known, cap_known;
	struct org_edit *orgs;
	int n_orgs, cap_orgs;
	struct problem_edit *problems;
	int n_problems, cap_problems;
	struct score_edit_cell *scores;
	int n_scores, cap_scores;
	bool known, nomem;
};

/* Notes one; `cell` is row and column from 0. */
void read_wrong(struct reading *rd, const char *sheet, uint32_t row, uint32_t column,
		const char *object, const char *format, ...) __attribute__((format(printf, 6, 7)));
void read_note(struct reading *rd, const char *sheet, uint32_t row, uint32_t column,
	       const char *object, const char *format, ...) __attribute__((format(printf, 6, 7)));
void read_change(struct reading *rd, const char *sheet, uint32_t row, uint32_t column,
		 const char *object, const char *label, const char *before, const char *after);

/* Room for one more; NULL without memory. */
void *read_grow(struct reading *rd, void *list, int n, int *cap, size_t size);

const struct grid_sheet *read_sheet(const struct grid *grid, const char *name);

/* The rows of a block: each is recognised and its cells are taken. Sums of columns
 * are then known by read_sum. */
int read_rows(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
	      struct err_info *info);
/* The organisation of that name or code below the node; 0: none, -1: several. */
int64_t read_find_org(struct reading *rd, struct str code, struct str name, struct err_info *info);

/* A number in a cell, in units of 10^-4; false: none. */
bool read_number(struct str text, int64_t *ret_e4);
/* The sum of a column's numbers in these rows (from 1, both included). */
int64_t read_sum(const struct grid_sheet *sheet, uint32_t first, uint32_t last, uint32_t height,
		 uint32_t offset, uint32_t column);
const char *read_e4_text(struct reading *rd, int64_t e4);

/* A piece of a found text, for a message. */
struct str read_cut(struct str text);
const struct read_column *read_column_of(const struct read_block *block, const char *field);

/* template_own.c: own templates. */
int read_own(struct reading *rd, struct err_info *info);

/* form_read.c: the form as it is now (outside a transaction; NULL where there is
 * none), */
int read_form_now(struct reading *rd, struct grid *ret_grid, struct err_info *info);
/* official forms. Without a transaction for F5, whose grids are their own. */
int read_form(struct reading *rd, struct err_info *info);
int read_form_scores(struct reading *rd, struct err_info *info);

#endif
