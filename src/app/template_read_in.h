/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that read workbooks back share. Internal to app/. */
#ifndef JW_APP_TEMPLATE_READ_IN_H
#define JW_APP_TEMPLATE_READ_IN_H

#include "app/campaigns.h"
#include "app/org_field.h"
#include "app/template_read.h"
#include "import/grid.h"
#include "store/case.h"
#include "store/case_check.h"
#include "store/improve.h"

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
	const char *value, *seen;	/* seen: what the cell held */
	bool self;			/* of the self-evaluation; else the committee's */
	const char *name;		/* of the organisation */
};
struct plan_edit {
	struct improvement now;		/* at_ms: of what was there */
	const char *name, *sheet;
	uint32_t row;
	bool changed;
};
struct case_edit {
	struct ledger_case now;
	bool changed;
};
/* A row of an official form as it would be printed now, by what it tells of. */
struct shown_row {
	struct str key, more;		/* organisation (code or name); problem, or nothing */
	struct str number;		/* 序号: tells two of one name apart */
	uint32_t row;			/* from 1 */
	int64_t org;			/* 0: not known */
};
/* The organisations that the rows of a sheet's list tell of. */
struct shown_sheet {
	const char *name;
	int n;
	int64_t *orgs;
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
	struct shown_row *shown_rows;	/* by key */
	int n_shown_rows;
	uint32_t shown_row;		/* the row being read, there; 0: it is not there */
	int64_t shown_org;
	struct shown_row at;		/* the row being read */
	struct shown_sheet *shown_sheets;
	int n_shown_sheets, cap_shown_sheets;
	struct read_result result;
	const char *title;		/* of the form or template: what reported totals are kept under */
	struct reported_sum *sums;	/* totals that are not what their rows add up to */
	int n_sums, cap_sums;
	int64_t *summed;		/* organisations whose totals were compared */
	int n_summed, cap_summed;
	struct known_org *by_code, *by_name;
	int n_known, cap_known;
	struct org_edit *orgs;
	int n_orgs, cap_orgs;
	struct problem_edit *problems;
	int n_problems, cap_problems;
	struct score_edit_cell *scores;
	int n_scores, cap_scores;
	struct plan_edit *plans;
	int n_plans, cap_plans;
	struct case_edit *cases;	/* NULL: not asked for yet */
	int n_cases;
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

/* A total that was reported in this cell beside what its rows add up to, of a node; where
 * they differ it becomes a finding of integrity.md (the caller tells it too). */
void read_total(struct reading *rd, int64_t node, const struct grid_sheet *sheet, uint32_t row, uint32_t column,
		const char *what, int64_t reported_e4, int64_t rows_e4);
/* form_read_sum.c: keeps them in place of those of an earlier reading of this form. Where
 * there is no campaign, or the caller hands nothing in there, nothing is kept. */
int read_keep_sums(struct reading *rd, struct err_info *info);

/* A piece of a found text, for a message. */
struct str read_cut(struct str text);
const struct read_column *read_column_of(const struct read_block *block, const char *field);

/* What stands in this row's cell of a field today; {0}: nothing, or the form is not there. */
struct str read_printed(const struct reading *rd, const char *field);
/* Makes shown_rows of shown and shown_block. */
int read_index_shown(struct reading *rd, struct err_info *info);

/* template_take.c: a cell's text becomes a change, or is told to be wrong. Rows and columns from 0. */
int read_take_org(struct reading *rd, struct org_edit *edit, const struct org_field *field,
		  struct str text, const struct grid_sheet *sheet, uint32_t row, uint32_t column);
int read_take_problem(struct reading *rd, struct problem_edit *edit, const char *field, struct str text,
		      const struct grid_sheet *sheet, uint32_t row, uint32_t column);
/* A line for each of the organisation's problems: "1.…"; rd->problems are known. */
int read_take_lines(struct reading *rd, const struct org *org, const char *field, struct str text,
		    const struct grid_sheet *sheet, uint32_t row, uint32_t column, struct err_info *info);
/* `printed`: the form itself says so, nobody typed it. */
int read_take_plan(struct reading *rd, const struct org *org, const char *field, struct str text, bool printed,
		   const struct grid_sheet *sheet, uint32_t row, uint32_t column, struct err_info *info);
int read_take_election(struct reading *rd, const struct org *org, struct str text,
		       const struct grid_sheet *sheet, uint32_t row, uint32_t column, struct err_info *info);

/* template_own.c: own templates. */
int read_own(struct reading *rd, struct err_info *info);

/* template_write.c: everything that changed, in one transaction, with an entry in
 * the log; result.written is set. */
int read_write(struct reading *rd, const char *name, struct err_info *info);

/* form_read.c: the form as it is now (outside a transaction; NULL where there is
 * none), */
int read_form_now(struct reading *rd, struct grid *ret_grid, struct err_info *info);
/* official forms. */
int read_form(struct reading *rd, struct err_info *info);
/* form_read_score.c: F5, without a transaction: its grids are their own. */
int read_form_scores(struct reading *rd, struct err_info *info);
/* Words at the beginning of a text? */
bool read_begins(struct str text, const char *with);

#endif
