/* SPDX-License-Identifier: Apache-2.0 */
/* What scores.c and its sisters share: a grid opened inside a transaction. */
#ifndef JW_APP_SCORES_IN_H
#define JW_APP_SCORES_IN_H

#include "app/scores.h"
#include "app/sight.h"

struct score_desk {
	struct app *app;
	const struct caller *caller;
	const struct score_at *at;
	struct arena *arena;
	bool write;
	struct campaign_call call;	/* at at->node */
	int source;			/* -1: none for this door */
	const char *empty;		/* why there is nothing to fill in; NULL */
	struct rater rater;		/* id 0: the only one */
	struct local_row *locals;	/* that can hold below the node */
	int n_locals;
	const char *township;		/* SCORE_PEER: the path within which peers stand */
	struct sight sight;
};

/* Checks right, source and rater; where the door has none, `source` is -1 and
 * `empty` says why, but with `write` that is an error. */
int score_desk_open(struct db_tx *tx, struct score_desk *desk, struct err_info *info);

/* The organisation, if it belongs to this grid; else ERR_NOT_FOUND. */
int score_desk_org(struct db_tx *tx, struct score_desk *desk, int64_t org,
		   struct campaign_org *ret_org, struct err_info *info);

/* The same of what this function has read: `org` NULL where the campaign has none, `assigned`
 * whether the rater has it (SCORE_UNIT). */
int score_desk_fits(const struct score_desk *desk, const struct campaign_org *org, bool assigned,
		    struct err_info *info);

/* May the caller see the organisation's figures here? Who looks into a committee's
 * grid or at a self-evaluation from above, only once they are handed in (sight.h). */
int score_desk_may_see(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
		       bool *ret_may);

/* On a page, asks at once for what score_desk_may_see looks at where a self-evaluation is
 * seen: who may hangs on how far it is, and on where the branch is now. */
int score_desk_know_selfs(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *orgs, int n);

/* ERR_STATE with the reason where this organisation's figures may not change now. */
int score_desk_may_change(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
			  struct err_info *info);

/* The same of a state that this function has read. */
int score_desk_is_open(const struct score_desk *desk, const struct campaign_org *org, enum hold_state hold,
		       struct err_info *info);

void score_desk_rules(const struct score_desk *desk, const struct campaign_org *org,
		      struct sheet_rules *ret_rules);

struct score_key score_desk_key(const struct score_desk *desk, int64_t org);

/* Sum, maximum and what is missing, into the row. */
int score_desk_total(struct db_tx *tx, const struct score_desk *desk, const struct sheet_rules *rules,
		     const struct score_sheet *sheet, struct score_row *row);

/* What was before an organisation's cells are written. */
struct score_before {
	struct score_was was;
	enum step_state step;		/* of grading, where the scheme has it */
};

/* Writes checked cells of one organisation with history, step and audit entry. `before`:
 * NULL, or what this function has read, and then nobody is asked. */
int score_desk_write(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
		     const struct score_before *before, struct score_edit *edits, int n,
		     struct score_sheet *ret_sheet, int *ret_changed);

#endif
