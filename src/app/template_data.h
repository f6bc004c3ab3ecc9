/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept, as the values of a template. Internal to app/. */
#ifndef JW_APP_TEMPLATE_DATA_H
#define JW_APP_TEMPLATE_DATA_H

#include "app/forms_fill.h"
#include "app/templates.h"

enum { TEMPLATE_ROWS_MAX = 50000 };	/* of one list */

/* The lists, in the order of template_lists. */
enum template_list_id {
	LIST_ORGS, LIST_RANKED, LIST_CHILDREN, LIST_CASES, LIST_PROBLEMS, LIST_GRADES, LIST_COUNT
};

/* Which names a template uses: only those are looked up. */
struct template_wants {
	struct {
		const char **fields;
		int *at;		/* indexes into the list's names */
		int n;
		bool any;
	} lists[LIST_COUNT];
	bool sums, cases;		/* single values that must be counted */
};
int template_wants(const struct template_found *found, int n, struct arena *arena,
		   struct template_wants *ret_wants, struct err_info *info);

/* A node's values inside one transaction; `source` is what template_fill takes. */
struct template_context {
	struct form_fill fill;
	struct form_ask ask;
	const struct template_wants *wants;
	struct template_data data;
	struct template_source source;
	int64_t *ids[LIST_COUNT];	/* the organisation of each row */
};
int template_context(struct template_context *c, struct app *app, struct db_tx *tx,
		     const struct caller *caller, const struct template_ask *ask,
		     const struct template_wants *wants, struct arena *arena,
		     struct err_info *info);

/* ---- for templates that are read, inside a transaction ---- */

struct template_opened {
	struct form_template template;
	struct buf bytes;
	struct template_part *parts;
	int n_parts;
	enum template_kind kind;
	struct template_found *found;
	int n_found;
};
void template_opened_done(struct template_opened *opened);
/* Enters at the node with ACTION_REPORT_READ and reads a template that is visible
 * there. ERR_NOT_FOUND, ERR_DENIED. */
int template_open(struct db_tx *tx, const struct caller *caller, const struct template_ask *ask,
		  struct arena *arena, struct template_opened *ret_opened, struct access *ret_access,
		  struct err_info *info);
/* Unpacks and scans the bytes of a template. */
int template_unpack(const char *name, struct str data, struct arena *arena,
		    struct template_opened *opened, struct err_info *info);

#endif
