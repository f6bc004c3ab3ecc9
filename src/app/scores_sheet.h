/* SPDX-License-Identifier: Apache-2.0 */
/* A grid as a sheet: out (filled or blank), and in, with a dry run. */
#ifndef JW_APP_SCORES_SHEET_H
#define JW_APP_SCORES_SHEET_H

#include "app/scores.h"
#include "app/sheet_import.h"
#include "base/diag.h"
#include "import/table.h"

/* Reads a score file (grading.md: long or wide) of this grid's source and
 * writes all of it, or with `dry_run` nothing. One wrong row and nothing is
 * written: ERR_INPUT, all that is wrong in `errors`. */
int scores_import(struct app *app, const struct caller *caller, const struct score_at *at,
		  struct table *table, const char *file, bool dry_run, struct arena *arena,
		  struct diag *errors, struct sheet_import *ret_import, struct err_info *info);

/* The grid's organisations with all their cells, and an entry in the log. */
struct score_export {
	const struct scheme *scheme;
	const char *source;		/* label */
	struct rater rater;
	bool by_points;
	int n_labels;
	const char **labels;		/* of the columns */
	int n_rows;
	struct campaign_org *orgs;
	const char **cells;		/* [n_rows][n_labels]; NULL: not applicable */
};
int scores_export(struct app *app, const struct caller *caller, const struct score_at *at,
		  bool blank, struct arena *arena, struct score_export *ret_export,
		  struct err_info *info);

#endif
