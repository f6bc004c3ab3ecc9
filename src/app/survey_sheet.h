/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The survey as a sheet (GZ-2, ZJ-8, GY-1): a row an organisation, a column a
 * question in plain Chinese, then how many people were heard by which channel;
 * out (filled or blank), and in with a dry run.
 *
 * The first row names the columns: 组织代码, and any of the scheme's questions by
 * label (a unit in brackets may follow) or id. An empty cell leaves what is
 * known, "-" takes an answer back. What a question does not ask of an
 * organisation's category must be empty.
 */
#ifndef JW_APP_SURVEY_SHEET_H
#define JW_APP_SURVEY_SHEET_H

#include "app/sheet_import.h"
#include "app/surveys.h"
#include "base/diag.h"
#include "import/table.h"

enum { SURVEY_SHEET_MAX = 10000 /* rows of a sheet, organisations of an export */ };

/* Reads `table` to its end and writes all of it, or with `dry_run` nothing. One
 * wrong cell and nothing is written: ERR_INPUT, all that is wrong in `errors`.
 * All organisations must stand below `node`. `ret_ignored`: headings that mean
 * nothing, "、" between. ACTION_SURVEY_WRITE at the node. */
int surveys_import(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   struct table *table, const char *file, bool dry_run, struct arena *arena,
		   struct diag *errors, struct sheet_import *ret_import, const char **ret_ignored,
		   struct err_info *info);

/* Tells whether a row of a workbook is the head; for table_open. */
bool survey_is_head(void *unused, int n, const struct str *cells);

struct survey_column {
	const char *label;
	const struct scheme_question *question;	/* NULL: a number of people, or the reason */
};
struct survey_export {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	int n_columns;			/* after code, name and category */
	struct survey_column *columns;
	int n_rows;
	struct campaign_org *orgs;	/* by code */
	const char **cells;		/* [n_rows][n_columns]; "" where there is none */
};

/* The forms of the organisations below the node, of one category (-1: all), with
 * an entry in the log. `blank`: without the answers, to be filled in.
 * ACTION_SURVEY_WRITE. ERR_LIMIT over SURVEY_SHEET_MAX organisations. */
int surveys_export(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int category, bool blank, struct arena *arena, struct survey_export *ret_export,
		   struct err_info *info);

#endif
