/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What meeting, publicity, review and history share: which committee decides on
 * an organisation, where its result stands (store/hold.h), and who may see the
 * figures by then: the committee always, whoever stands below it once they are
 * public, those above once they are handed in (campaign.md, "Review").
 */
#ifndef JW_APP_DECIDING_H
#define JW_APP_DECIDING_H

#include "app/campaigns.h"
#include "domain/floor.h"
#include "store/hold.h"

enum { DECIDE_TEXT_MAX = 6000 /* bytes: 2000 characters */ };

/* A campaign's organisations below a node, with what is known of each. */
struct decide_org {
	struct campaign_org org;
	struct hold hold;
	struct result result;		/* status "" where it was never graded */
	enum step_state grading;	/* STEP_DONE where the scheme has no such step */
	const struct decide_org *committee;	/* that decides on it; NULL: above the node */
};

struct decide_tree {
	struct decide_org *orgs;	/* by path; the first is the node itself */
	int n, n_graded;
};

/* Everything below and with the organisation of `call`. Grading states come from
 * the step `grading`. */
int decide_load(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		struct decide_tree *ret_tree);

/* By organisation; NULL where it is not in the tree. */
struct decide_org *decide_find(const struct decide_tree *tree, int64_t org);

/* The committee that decides on an organisation of the campaign: its nearest
 * ancestor above the graded level. ERR_STATE where it has none. */
int decide_committee(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		     struct campaign_org *ret_committee, struct err_info *info);

/* May the holder see an organisation's figures? `committee_path` is the path of
 * the committee that decides on it. */
bool decide_may_see(const struct access *access, const char *committee_path, const char *org_path,
		    enum hold_state state);

/* Sets the hold and, where the scheme has it, the review step that others read.
 * `reason` may be NULL. */
int decide_hold(struct db_tx *tx, const struct campaign_call *call, const struct campaign_org *org,
		enum hold_state state, int64_t node, const char *reason);

/* Sets a step of this kind, if the scheme has one. */
int decide_step(struct db_tx *tx, const struct campaign_call *call, int64_t org,
		enum scheme_step_kind kind, enum step_state state, const char *note);

/* ERR_INPUT unless `text` has 1 to DECIDE_TEXT_MAX bytes; `what` names it. */
int decide_need(const char *text, const char *what, struct err_info *info);

/* The ballots there are of an organisation, for the floor: its tallies stand
 * together in `tallies`. */
void decide_ballots(const struct tally *tallies, int n, struct floor_case *of);

/* Which rows of a table show what the small-group floor withholds (ballots.md):
 * may the composite and the sources of this organisation be shown to
 * one who does not approve? By the counts of its ballots, in one place. */
int decide_floor(struct db_tx *tx, const struct campaign_call *call, int64_t org, bool approves,
		 struct arena *arena, unsigned *ret_show);

/* Does the holder stand at the level that approves this result (or above)? */
int decide_approves(struct db_tx *tx, const struct access *access, const char *org_path, int level,
		    struct arena *arena, bool *ret_approves);

/* Organisations at or below a path whose scores the floor withholds from the caller;
 * `access` NULL: from anybody below the approving level. */
struct decide_withheld {
	struct decide_withheld_org {
		int64_t org;
		int category;
		const char *path;
	} *at;
	int n;
};
int decide_withheld(struct db_tx *tx, const struct access *access, int64_t campaign,
		    const struct scheme *scheme, const char *path, struct arena *arena,
		    struct decide_withheld *ret);
bool decide_withholds(const struct decide_withheld *withheld, int64_t org);

/* Are ranks at or below a path told to the caller? Not where one that they are
 * counted against is withheld: its place would tell its score. */
int decide_hides_ranks(struct db_tx *tx, const struct access *access, const struct campaign *campaign,
		       const struct scheme *scheme, const char *path, struct arena *arena,
		       bool *ret_hides);

/* The same where `withheld` is known to be of everything below `top`: mostly that is
 * what ranks are counted against. */
int decide_hides_ranks_with(struct db_tx *tx, const struct access *access, const struct campaign *campaign,
			    const struct scheme *scheme, const char *path, const char *top,
			    const struct decide_withheld *withheld, struct arena *arena, bool *ret_hides);

/* Takes scores and ranks out of past results that come from campaigns kept here and
 * that the floor withholds from the caller. */
int decide_past(struct db_tx *tx, struct app *app, const struct access *access, const char *org_path,
		struct past_result *past, int n, struct arena *arena);

#endif
