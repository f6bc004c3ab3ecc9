/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots on paper (ZJ-10, XN-2a): numbers present, counts keyed by two
 * counters apart, turnout, and the tally they become when both agree. Where the
 * anonymous box has counted, nothing is keyed. ACTION_BALLOT_WRITE.
 */
#ifndef JW_APP_COUNTS_H
#define JW_APP_COUNTS_H

#include "app/campaigns.h"
#include "app/listed.h"
#include "domain/floor.h"
#include "domain/turnout.h"
#include "store/count.h"

struct diag;
struct table;

enum {
	COUNTS_COUNTERS_MAX = 300,	/* bytes of the counters' names */
	COUNTS_REASON_MAX = 1500,
};
#define COUNTS_FIGURE_MAX 100000000	/* ballots in one figure */

struct count_view {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org org;
	uint32_t voters;		/* bit per class that is asked */
	int n_questions;		/* at least 1 */
	struct count_entry entry[COUNT_SLOTS];
	int n_wrong;			/* figures in which both differ */
	struct tally *tallies;		/* what counts; none: not yet */
	int n_tallies;
	bool box;			/* counted by the anonymous box */
	unsigned floor;			/* of what counts: bits of enum floor_show */
	int64_t n_waiting;		/* boxes for it that are not counted yet */
	int64_t issued[VOTERS_COUNT];	/* paper handed out; -1: not entered */
	int n_rules;
	struct turnout_now turnout[SCHEME_RULES_MAX];	/* by the scheme's rules */
	bool met;
	bool waived;
	const char *waived_why;
	bool may_write;
	const char *why_not;
	bool may_count_people;		/* numbers present, waiver: for a box, too */
};

/* A figure's place: class of voters, question, option (the last: spoiled). */
int count_cell(const struct count_view *view, int voters, int question, int option);
int count_n_cells(const struct count_view *view);

int counts_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	       struct arena *arena, struct count_view *ret_view, struct err_info *info);

/* People present and paper handed out (ZJ-10); -1: not entered. ERR_INPUT: more
 * paper than people, or less than was counted. */
struct count_heads {
	int64_t present[VOTERS_COUNT], issued[VOTERS_COUNT];
};
int counts_present(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		   const struct count_heads *heads, struct err_info *info);

/* One counter's figures; slot 0 or 1. ERR_INPUT: more ballots than people, or
 * questions with different numbers of ballots. */
int counts_key(struct app *app, const struct caller *caller, int64_t campaign, int64_t org, int slot,
	       const char *counters, const int64_t *counts, int n, bool *ret_agree,
	       struct err_info *info);

/* The turnout need not be met, with a reason; "" takes it back. */
int counts_waive(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 const char *reason, struct err_info *info);

/*
 * Within a transaction: counts of the organisation have come from a box. `heads`
 * of those who could vote are the base of the turnout where nothing else was
 * entered (-1: leave it). Its step is done when the turnout is met and no other box
 * for it waits.
 */
int counts_settle(struct db_tx *tx, struct app *app, const struct caller *caller, int64_t campaign,
		  int64_t org, const int64_t heads[VOTERS_COUNT], struct arena *arena,
		  struct err_info *info);

/* ---- below a node: ACTION_REPORT_READ; nothing of options is shown ---- */

struct count_row {
	struct campaign_org org;
	enum step_state state;
	bool counted, differ, box;
	int keyed;			/* counters that have keyed */
	int64_t cast, need;		/* of the first rule; -1 */
	bool met;
	const char *note;		/* of a waiver */
};
struct count_list {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	struct listed listed;
	struct count_row *rows;		/* [listed.n] */
	bool may_write;
};
int counts_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct count_list *ret_list,
		struct err_info *info);

/* A ballot file (grading.md) for organisations below a node: all rows or none.
 * What was counted before is replaced, but not what a box has counted. */
struct count_import {
	int n_orgs, n_replaced;
	int64_t n_ballots;
};
int counts_import(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct table *table, const char *file, bool dry_run, struct diag *errors,
		  struct count_import *ret_import, struct err_info *info);

#endif
