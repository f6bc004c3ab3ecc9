/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an organisation's result stands between the committees (domain/gate.h),
 * who put it there and why; what was handed in; stars approved above.
 */
#ifndef JW_STORE_HOLD_H
#define JW_STORE_HOLD_H

#include <stdbool.h>

#include "base/arena.h"
#include "db/db.h"
#include "domain/gate.h"

struct hold {
	int64_t org;
	const char *path;
	enum hold_state state;
	int64_t node;		/* who showed it or handed it in; 0: nobody yet */
	const char *reason;	/* why it came back; "" */
	int64_t account, at_ms;	/* 0: never */
};

/* Sets the state and remembers it. */
int store_hold_set(struct db_tx *tx, int64_t campaign, const struct hold *hold);

/* Where a page holds its snapshot (db_hold): one question for those that are going to be
 * asked for one by one. */
struct campaign_org;
int store_holds_know(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n);

/* The state of one organisation; HOLD_NONE where nothing is known. */
int store_hold_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		   struct hold *ret_hold);

/* Of all below and with a path that have one, by path. */
int store_hold_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		    struct hold **ret_holds, int *ret_n);

/* All states of an organisation, oldest first, at most 500. */
int store_hold_events(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		      struct hold **ret_events, int *ret_n);

/* ---- what was handed in ---- */

struct submission {
	int64_t node;
	int number;			/* from 1; set on insert */
	const char *signed_by, *note;
	int orgs;
	int64_t account, at_ms;
};
int store_submission_add(struct db_tx *tx, int64_t campaign, struct submission *submission);

/* Of one node (0: all), by node and number, at most 2000. */
int store_submission_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			  struct submission **ret_submissions, int *ret_n);

/* ---- stars approved above (ZJ-5) ---- */

struct star_approval {
	int64_t org;
	int level;			/* enum level that decided */
	int stars;			/* asked for */
	bool approved;
	const char *reason;		/* where it was not approved */
	int64_t account, at_ms;
};
int store_star_approval_put(struct db_tx *tx, int64_t campaign, const struct star_approval *approval);

/* Forgets it: what it spoke of has changed. */
int store_star_approval_drop(struct db_tx *tx, int64_t campaign, int64_t org);

/* Of one organisation, or of all (`org` 0), by organisation. */
int store_star_approval_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			     struct star_approval **ret_approvals, int *ret_n);

#endif
