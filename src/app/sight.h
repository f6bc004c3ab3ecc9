/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may see what a branch or a committee has written before it is handed in
 * (campaign.md, "Review": submitted figures are shown to the level above only once
 * submitted), the one check behind pages, JSON, exports, forms and files. Of many
 * organisations one after the other it asks for a committee once.
 */
#ifndef JW_APP_SIGHT_H
#define JW_APP_SIGHT_H

#include "app/deciding.h"
#include "store/self_report.h"

struct sight {
	const struct campaign_call *call;
	struct arena *arena;
	int64_t parent;			/* whose branches' committee is kept; 0: none yet */
	const char *committee;		/* its path */
};

static inline struct sight sight_of(const struct campaign_call *call, struct arena *arena)
{
	return (struct sight){.call = call, .arena = arena};
}

/* Does the caller act for the organisation itself: is its self-evaluation his own? */
bool sight_own(const struct access *access, const char *org_path);

/* What a committee gives an organisation whose result stands at `hold`:
 * decide_may_see. Where nobody above grades it, everybody. */
int sight_results(struct db_tx *tx, struct sight *sight, const struct campaign_org *org,
		  enum hold_state hold, bool *ret_may);

/*
 * What an organisation writes of itself: its own people always; whoever may enter
 * it for the branch what was entered so (代录), or came in a sheet before the branch
 * wrote anything; committee and resident cadre once it
 * is handed in; those above the committee once its results are, or, where the
 * scheme has no grades to hand in, as the committee does.
 */
int sight_self(struct db_tx *tx, struct sight *sight, const struct campaign_org *org,
	       enum hold_state hold, const struct self_report *report, bool *ret_may);

/* The same for one organisation of which nothing is loaded yet. */
int sight_self_get(struct db_tx *tx, struct sight *sight, const struct campaign_org *org,
		   bool *ret_may);

#endif
