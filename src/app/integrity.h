/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of domain/integrity.h over a campaign and the ledger. Findings stay;
 * an officer marks them explained (with a reason) or confirmed.
 */
#ifndef JW_APP_INTEGRITY_H
#define JW_APP_INTEGRITY_H

#include "app/ledger.h"
#include "domain/integrity.h"
#include "import/table.h"

struct integrity_report {
	struct campaign campaign;
	int64_t node;
	const char *node_name;
	/* What is found now; then what was marked and is found no more, as it was when it
	 * was marked (integrity.md: it stays in the report). */
	struct integrity_finding *findings;
	const char **keys;		/* [n] to mark it by: "left-out:120000035:…" */
	const struct finding_mark **marks;	/* [n] or NULL each */
	int n, n_open;			/* not marked */
	int n_gone;			/* of n: the last ones, found no more */
	struct integrity_limits limits;
	bool may_set, may_mark;
};

/* ACTION_CHECK_READ at `node`, an organisation of the campaign. */
int integrity_run(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct integrity_report *ret_report, struct err_info *info);

/* ACTION_CHECK_WRITE at `node`. ERR_INPUT: without a reason; ERR_CONFLICT: `key` is
 * no finding there, nor was it marked before. */
int integrity_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   const char *key, bool confirmed, const char *reason, struct err_info *info);

/* The campaign's thresholds: its own over the defaults. */
int integrity_read_limits(struct db_tx *tx, int64_t campaign, struct arena *arena,
			  struct integrity_limits *ret_limits);

/* All thresholds of a campaign, in the order of integrity_limit_table. ERR_INPUT:
 * out of bounds. ACTION_CAMPAIGN_WRITE at the campaign's node; each change is in the
 * audit log. */
int integrity_set_limits(struct app *app, const struct caller *caller, int64_t campaign,
			 const int values[INTEGRITY_LIMITS], struct err_info *info);

/* A summary sheet as it was reported: its rows of totals (合计, 总计 over all rows
 * above, 小计 since the last one) are kept beside what the rows add up to, and figures of
 * rows that name a committee (organisations, graded, of a grade, in the ledger) beside
 * what is known here; a sheet of
 * the same name at the same node replaces the older one. ACTION_CHECK_WRITE at
 * `node`. ERR_INPUT: no totals. */
struct integrity_sheet {
	int n_rows, n_totals, n_wrong;
	int n_known, n_differ;		/* figures that are known here; those that differ */
};
int integrity_add_up(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		     struct table *table, const char *file, struct arena *arena,
		     struct integrity_sheet *ret_sheet, struct err_info *info);

#endif
