/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of an import share: what is wrong with a file, and which cells
 * it would change. */
#ifndef JW_WEB_PAGES_IMPORT_PAGE_H
#define JW_WEB_PAGES_IMPORT_PAGE_H

#include "app/sheet_import.h"
#include "base/diag.h"
#include "web/web.h"

/* The messages outlive the diag's arena, which the request's does not know. */
void import_keep(struct web_call *call, struct diag *diag);

/* The box that says what is wrong; `why` (may be NULL): it could not be read at
 * all. What follows asks for the file again. */
void import_write_errors(struct html *h, const char *file, const char *why, const struct diag *diag);

/* Tiles of what would happen, then, before the list: `confirm`, with a form; or
 * "nothing to change" with the way `back`. `cells` is what a cell is: 指标; with
 * `numbers` they are to be compared. */
void import_write_changes(struct web_call *call, struct html *h, const struct sheet_import *im,
			  const char *cells, bool numbers, const char *back,
			  void (*confirm)(struct web_call *call, struct html *h));

/* {held, new, changed, same, errors}. */
json_t *import_json(const struct sheet_import *im, const char *held, const char *why,
		    const struct diag *diag);

#endif
