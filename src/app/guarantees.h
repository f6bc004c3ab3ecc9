/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four guarantees (CT-8): running costs, venue, pay and service fund of every
 * organisation and year, in the ledger or not; entered in a grid or from a sheet,
 * summed for every node, compared with last year. Amounts in 0.01 yuan.
 */
#ifndef JW_APP_GUARANTEES_H
#define JW_APP_GUARANTEES_H

#include "app/app.h"
#include "base/diag.h"
#include "import/table.h"

enum {
	GUARANTEES = 4,
	GUARANTEE_YEAR_MIN = 2000, GUARANTEE_YEAR_MAX = 2199,
	GUARANTEE_IMPORT_MAX = 20000,	/* rows of one sheet */
	GUARANTEE_EDITS_MAX = 4000,	/* cells saved at once */
};

const char *guarantee_id(int i);	/* "running"; as a scheme names it */
const char *guarantee_label(int i);	/* "运转经费" */

struct guarantee_row {
	int64_t org;
	const char *code, *name;
	bool unit;			/* a branch: its amounts are its own */
	int64_t cents[GUARANTEES], n[GUARANTEES];	/* of it and all below; n 0: nothing entered */
	int64_t before[GUARANTEES], n_before[GUARANTEES];	/* last year */
	int64_t units;			/* branches that could have amounts */
};
struct guarantees {
	struct org node;
	struct org *crumbs;
	int n_crumbs;
	int year;
	struct guarantee_row own;
	struct guarantee_row *rows;	/* its children, by code */
	int n;
	bool may_write;
};
/* ACTION_REPORT_READ at the node. */
int guarantees_get(struct app *app, const struct caller *caller, int64_t node, int year, struct arena *arena,
		   struct guarantees *ret, struct err_info *info);

/* Only the sums of a node, inside a transaction. */
int guarantees_sums(struct db_tx *tx, int64_t node, int year, struct arena *arena, int64_t cents[GUARANTEES],
		    int64_t n[GUARANTEES]);

struct guarantee_edit {
	int64_t org;
	int guarantee;
	const char *text;		/* yuan, at most two decimals; "" takes it away */
};
/* Saves amounts of branches below `node`, those that differ. ACTION_CASE_WRITE at the
 * node. One wrong amount changes nothing (ERR_INPUT names it). `ret_n`: how many changed. */
int guarantees_put(struct app *app, const struct caller *caller, int64_t node, int year,
		   const struct guarantee_edit *edits, int n, int *ret_n, struct err_info *info);

struct guarantee_import {
	int n_rows, n_new, n_changed, n_same;
	const char *ignored;		/* headings that mean nothing */
};
/* 组织代码, 年度 (else `year`) and columns named as the guarantees; empty cells stay as they
 * are. One bad row changes nothing; all that is wrong in `diag`. A dry run does the
 * same and undoes it. */
int guarantees_import(struct app *app, const struct caller *caller, int64_t node, int year,
		      struct table *table, const char *file, bool dry_run, struct arena *arena,
		      struct diag *diag, struct guarantee_import *ret_import, struct err_info *info);
/* For table_open. */
bool guarantees_is_head(void *unused, int n, const struct str *cells);

#endif
