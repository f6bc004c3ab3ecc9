/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Organisations from a sheet: new codes are added, known ones updated. One bad
 * row changes nothing.
 *
 * The first row names the columns (ids or labels of org_field.h, 组织代码 and
 * 上级代码); others are ignored. An empty cell, and a column that is not there,
 * leave what is known; "-" makes it unknown. Organisations that the sheet does
 * not name are left alone. Rows may come in any order.
 *
 * A dry run does the same work and undoes it, so it finds whatever the real one
 * would; on SQLite other writers wait meanwhile. Limit: 200,000 rows.
 */
#ifndef JW_APP_ROSTER_IMPORT_H
#define JW_APP_ROSTER_IMPORT_H

#include "app/roster.h"
#include "base/diag.h"
#include "import/table.h"

enum { ROSTER_IMPORT_MAX = 200000 };

enum roster_import_act {
	IMPORT_SAME,
	IMPORT_ADDED,
	IMPORT_CHANGED,
	IMPORT_MOVED,		/* and perhaps changed */
};

struct roster_import_item {
	uint64_t line;
	enum roster_import_act act;
	const char *code, *name;
	const char *before, *after;	/* "" where nothing changed */
};

struct roster_import {
	struct roster_import_item *items;	/* as in the sheet */
	int n;
	int count[4];				/* by act */
	const char *ignored;			/* headings that mean nothing, "、" between; "" */
};

/*
 * Reads `table` to its end; `file` is its name for messages. New organisations
 * must stand below `node`, known ones must stand there already; node 0: anywhere
 * and also new roots, only for the machine's operator. ACTION_ORG_STRUCTURE.
 * ERR_INPUT with all that is wrong in `diag`.
 */
int roster_import(struct app *app, const struct caller *caller, int64_t node,
		  struct table *table, const char *file, const struct org_when *when, bool dry_run,
		  struct arena *arena, struct diag *diag, struct roster_import *ret_import,
		  struct err_info *info);

/* Tells whether a row of a workbook is the head; for table_open. */
bool roster_is_head(void *unused, int n, const struct str *cells);

#endif
