/* SPDX-License-Identifier: Apache-2.0 */
/* What a sheet of cells would change, or has changed: scores, survey answers. */
#ifndef JW_APP_SHEET_IMPORT_H
#define JW_APP_SHEET_IMPORT_H

enum { SHEET_ITEMS_MAX = 500 /* changes that are listed */ };

/* One cell that would be, or was, changed. */
struct sheet_item {
	const char *code, *name, *label, *before, *after;
};

struct sheet_import {
	int n_cells;			/* filled ones in the file */
	int n_orgs;			/* organisations that have one */
	int n_new, n_changed, n_same;
	struct sheet_item *items;	/* new and changed ones, at most SHEET_ITEMS_MAX */
	int n_items;
};

#endif
