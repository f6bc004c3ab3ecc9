/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results of past years from a sheet, so that change on last year, carried-over
 * and history work from the first day (ZJ-6, LD-3): 组织代码, 年度 and 等次, and
 * optionally 方案, 得分, 星级, 名次, 整顿情况, 备注.
 *
 * One bad row changes nothing. What a sheet says of an organisation and year
 * replaces what was imported before; a year that a campaign here has graded is
 * never overwritten. A dry run does the same work and undoes it.
 */
#ifndef JW_APP_PAST_IMPORT_H
#define JW_APP_PAST_IMPORT_H

#include "app/app.h"
#include "base/diag.h"
#include "import/table.h"

enum { PAST_IMPORT_MAX = 200000 };

enum past_act { PAST_SAME, PAST_ADDED, PAST_CHANGED, PAST_ACTS };

struct past_item {
	uint64_t line;
	enum past_act act;
	const char *code, *name;
	int year;
	const char *before, *after;	/* "好 91.20 ★4"; "" where there was none */
};

struct past_import {
	struct past_item *items;	/* as in the sheet */
	int n;
	int count[PAST_ACTS];
	int unplaced;			/* grades whose place among the grades is not known */
	const char *ignored;		/* headings that mean nothing, "、" between; "" */
};

/* Reads `table` to its end; `file` is its name for messages. All organisations
 * must stand below `node` (0: anywhere, only for the machine's operator).
 * `scheme` (may be NULL or "") is the id or title of the scheme of rows that name
 * none; from it comes the place of a grade among the grades.
 * ACTION_CAMPAIGN_WRITE. ERR_INPUT with all that is wrong in `diag`. */
int past_import(struct app *app, const struct caller *caller, int64_t node, const char *scheme,
		struct table *table, const char *file, bool dry_run, struct arena *arena,
		struct diag *diag, struct past_import *ret_import, struct err_info *info);

/* The headings of the sheet, in order; NULL at the end. */
const char *past_column(int i, bool *ret_required);

/* Tells whether a row of a workbook is the head; for table_open. */
bool past_is_head(void *unused, int n, const struct str *cells);

#endif
