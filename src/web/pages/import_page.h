/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages of an import share: a file is chosen and tried, what would happen is shown,
 * and a second click does it. Between the two it is held, so that nobody has to choose it
 * twice.
 */
#ifndef JW_WEB_PAGES_IMPORT_PAGE_H
#define JW_WEB_PAGES_IMPORT_PAGE_H

#include "app/sheet_import.h"
#include "base/diag.h"
#include "import/table.h"
#include "web/held.h"
#include "web/web.h"

/* What is kept of a file. */
struct import_trial {
	const char *file;		/* its name */
	char held[HELD_ID_LEN + 1];	/* "": something is wrong */
	const char *why;		/* it could not be read at all; or NULL */
	struct diag diag;		/* what is wrong with it */
};

struct import_kind {
	const char *nameless;		/* what a file without a name is called */
	table_is_head is_head;		/* may be NULL */
	bool once;			/* let go before it is done: the second of two quick clicks
					 * makes nothing */
	/* Does, or only tries, what the table says. */
	int (*run)(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run);
};

/* The file that was sent. What is wrong with it is the answer, no error. */
int import_try(struct web_call *call, struct import_trial *trial, const struct import_kind *kind);

/* The file that is held. */
int import_run(struct web_call *call, struct import_trial *trial, const struct import_kind *kind);

/* The box that says what is wrong. What follows asks for the file again. */
void import_write_errors(struct html *h, const struct import_trial *trial);

/* Tiles of what would happen, then, before the list: `confirm`, with a form; or
 * "nothing to change" with the way `back`. `cells` is what a cell is: 指标; with
 * `numbers` they are to be compared. */
void import_write_changes(struct web_call *call, struct html *h, const struct sheet_import *im,
			  const char *cells, bool numbers, const char *back,
			  void (*confirm)(struct web_call *call, struct html *h));

/* {held, new, changed, same, errors}. */
json_t *import_json(const struct sheet_import *im, const struct import_trial *trial);
/* The errors of it. */
json_t *import_json_errors(const struct import_trial *trial);

#endif
