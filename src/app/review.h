/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Review (campaign.md): a committee hands its results in to the one above, which
 * accepts or returns each with a reason; when all children are accepted the node
 * itself can be handed in. Accepted data is locked; unlocking is an act with a
 * reason. Five stars are approved by the city (ZJ-5).
 */
#ifndef JW_APP_REVIEW_H
#define JW_APP_REVIEW_H

#include "app/deciding.h"

enum { REVIEW_ORGS_MAX = 10000 };

/* A committee below (or the node itself), and how far its results are. */
struct review_child {
	const struct decide_org *node;
	int orgs;			/* that it hands in */
	int states[HOLD_STATES];	/* of them */
	int ready;			/* handed in and waiting for this node */
};

struct review_view {
	struct campaign_call call;
	struct decide_tree tree;
	struct review_child *children;
	int n_children;
	struct submission *submissions;	/* of the node */
	int n_submissions;
	struct gate_facts facts;
	struct gate_view gate;		/* for handing in */
	bool may_submit;		/* the right */
	const char *above;		/* who reviews the node's own; "" where nobody does */
	bool may_review;		/* what the children handed in */
	bool may_review_own;		/* what the node handed in: a right above */
	bool may_unlock;
	struct star_approval *approvals;
	int n_approvals;
	bool *visible;			/* [tree.n]: the caller may see the figures */
	bool approves[LEVEL_COUNT];	/* the caller reviews at the ancestor of that level */
};

/* Must a level above the one that accepted it approve the stars still (ZJ-5)?
 * What the accepting level approves is approved by that. */
bool review_stars_wait(const struct review_view *view, const struct decide_org *org);

/* ACTION_CAMPAIGN_READ at `node`. */
int review_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       struct arena *arena, struct review_view *ret_view, struct err_info *info);

/* Hands in all results below `node` that are not handed in yet. ACTION_SUBMIT.
 * ERR_STATE with what is missing. */
int review_submit(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  const char *signed_by, const char *note, int *ret_orgs, struct err_info *info);

/* Accepts or returns organisations that `node` handed in; a return needs a
 * reason and unlocks exactly them. ACTION_REVIEW at the organisation above
 * `node`. */
int review_decide(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  const int64_t *orgs, int n, bool accept, const char *reason,
		  struct err_info *info);

/* Unlocks one organisation, with a reason. ACTION_CAMPAIGN_WRITE. */
int review_unlock(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		  const char *reason, struct err_info *info);

/* Approves or refuses stars that a level above the reviewing one must approve
 * (ZJ-5), or takes a refusal back. ACTION_REVIEW at the ancestor of that level.
 * Refusing needs a reason; the campaign is graded again, and what was refused has
 * the stars of the next rule. */
int review_stars(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 bool approve, const char *reason, struct err_info *info);

#endif
