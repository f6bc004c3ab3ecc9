/* SPDX-License-Identifier: Apache-2.0 */
/* What dashboards of a campaign show beside sums of steps and results: change
 * on last year, and the list of organisations behind every figure. */
#ifndef JW_STORE_CAMPAIGN_BOARD_H
#define JW_STORE_CAMPAIGN_BOARD_H

#include "store/campaign_step.h"

/* ---- change on last year ---- */

/* Organisations below a node by last year's grade and this year's; only where
 * last year had as many grades. Written with each grading. */
struct result_change {
	int64_t node;
	int before, after;		/* places from the top, 0 first */
	int64_t n;
};
int store_result_changes_clear(struct db_tx *tx, int64_t campaign, int64_t region);
int store_result_change_put(struct db_tx *tx, int64_t campaign, const struct result_change *change);
int store_result_changes(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct result_change **ret_changes, int *ret_n);

/* Calls `each` with every organisation of a region that has a past result of
 * that year with `places` grades, by number. */
int store_bulk_past(struct db_tx *tx, int64_t region, int64_t campaign, int year, int places,
		    int (*each)(void *arg, int64_t org, int place), void *arg);

/* ---- the list ---- */

enum board_order {
	BOARD_BY_PATH,
	BOARD_BY_CODE,
	BOARD_BY_NAME,
	BOARD_BY_SCORE,
	BOARD_BY_RANK,
};

enum { BOARD_ANY = -1, BOARD_NONE = -2, BOARD_STATE_OPEN = 9 /* neither done nor waived */ };

struct board_filter {
	const char *path;		/* required */
	int category;			/* BOARD_ANY; an index */
	int grade, stars;		/* … or BOARD_NONE: has none */
	int step, state;		/* both or neither; BOARD_STATE_OPEN */
	int before;			/* last year's place; BOARD_ANY */
	int n_grades;			/* of the scheme: `before` counts only among as many */
	const char *text;		/* part of code or name, as it is written; "" any */
	int year;			/* of the campaign */
	/* Results only of those that were handed in, and of what stands right below
	 * `own` (0: nothing does); others are as if they had none. */
	bool handed_in;
	int64_t own;
	enum board_order order;
	bool descending;
	int64_t offset, limit;		/* limit at most 200,000 */
};

struct board_row {
	int64_t org;
	const char *code, *name, *parent_name;
	int category;
	enum step_state state;		/* of filter->step */
	int64_t score;			/* -1: none */
	int places, grade, stars, quota;
	int64_t rank, meeting;
	const char *status;		/* "": never graded */
	int hold;			/* enum hold_state */
	const char *past_grade;		/* "" if not known */
	int past_place, past_places;
};
int store_board_list(struct db_tx *tx, int64_t campaign, const struct board_filter *filter,
		     struct arena *arena, struct board_row **ret_rows, int *ret_n,
		     int64_t *ret_total);

/* From the campaign's node down to the organisation with this path. */
int store_board_crumbs(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		       struct campaign_org **ret_orgs, int *ret_n);

#endif
