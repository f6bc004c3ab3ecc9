/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Campaigns: open, list, move days, close, archive; and how everything that
 * works within one begins (campaign_enter) and is refused (campaign_may_change).
 */
#ifndef JW_APP_CAMPAIGNS_H
#define JW_APP_CAMPAIGNS_H

#include "app/app.h"
#include "domain/scheme.h"
#include "store/campaign.h"
#include "store/campaign_step.h"
#include "store/hold.h"

enum { CAMPAIGN_TITLE_MAX = 300 /* bytes: 100 characters */, CAMPAIGN_REASON_MAX = 3000 };

/* Who calls within which campaign, at which of its organisations. */
struct campaign_call {
	struct campaign campaign;
	const struct scheme *scheme;	/* the frozen one; lives as long as the app */
	struct access access;
	struct campaign_org org;	/* as it stood when the campaign opened */
	char path[ORG_PATH_MAX];	/* its path in the campaign's tree */
	struct org_step *steps;		/* [scheme->n_steps], of `org` if it is graded; else NULL */
	enum hold_state hold;		/* of `org`: shown, handed in … */
};

/*
 * Loads campaign, scheme and the organisation `node` (which must be in the
 * campaign's tree) and checks the action there: by the tree as it stands today
 * or as it stood when the campaign opened. Texts in `arena`. ERR_NOT_FOUND,
 * ERR_DENIED, ERR_STATE.
 */
int campaign_enter(struct db_tx *tx, struct app *app, const struct caller *caller,
		   enum action action, int64_t campaign, int64_t node, struct arena *arena,
		   struct campaign_call *ret_call, struct err_info *info);

/* May the caller do this in the campaign? As campaign_enter; ERR_DENIED. */
int campaigns_may(struct app *app, const struct caller *caller, enum action action,
		  int64_t campaign, int64_t node, struct err_info *info);

/* What the table of gates (domain/gate.h) asks of the call's organisation; what
 * only some actions ask is for the caller to add. */
struct gate_facts campaign_facts(const struct campaign_call *call);

/* gate_check with just these facts: ERR_STATE, "还不能…，因为…". */
int campaign_gate(const struct campaign_call *call, enum gate_action action, struct err_info *info);

/* The same for another organisation of the campaign. */
int campaign_gate_of(struct db_tx *tx, const struct campaign_call *call,
		     const struct campaign_org *org, enum gate_action action,
		     struct err_info *info);

/* The first step of a kind in the scheme, or -1. */
int campaign_step_of(const struct scheme *scheme, enum scheme_step_kind kind);

/* ---- opening ---- */

struct campaign_draft {
	int64_t node;
	int year;
	const char *title;		/* "" or NULL: made of year and scheme */
	const char *scheme;		/* "zhangji-town"; an own one "120000001.2" */
	/* Days of the scheme's steps instead of its own; n_steps 0: the scheme's. */
	const struct campaign_step *steps;
	int n_steps;
};

/* What a campaign by this scheme is. */
enum campaign_kind campaign_kind_of(const struct scheme *scheme);

/* The scheme and its days in the draft's year, before anything is opened.
 * `ret_scheme` lives as long as the app. ERR_NOT_FOUND, ERR_INPUT. */
struct campaign_preview {
	const struct scheme *scheme;
	const char *title;
	struct campaign_step *steps;
	int64_t graded;			/* organisations that will be graded; by category: */
	int64_t by_category[SCHEME_CATEGORIES_MAX];
	int64_t outside;		/* of the graded level, but in no category or of another kind */
	const char *conflict;		/* why it can't be opened; NULL: it can */
};
int campaigns_preview(struct app *app, const struct caller *caller,
		      const struct campaign_draft *draft, struct arena *arena,
		      struct campaign_preview *ret_preview, struct err_info *info);

/* ACTION_CAMPAIGN_WRITE at the node. ERR_INPUT, ERR_CONFLICT where an
 * organisation would be graded twice in a year. */
int campaigns_open(struct app *app, const struct caller *caller, const struct campaign_draft *draft,
		   int64_t *ret_id, struct err_info *info);

/* ---- reading ---- */

/* Those at, above and below the places where the caller may read campaigns. */
int campaigns_list(struct app *app, const struct caller *caller, bool archived, struct arena *arena,
		   struct campaign **ret_campaigns, int *ret_n, struct err_info *info);

/* The same, but only those in whose tree `node` stands. First stands the one that a page
 * speaks of unless told: the latest that is no appraisal and not of a coming year, if there is one
 * (one tries out what is to come). */
int campaigns_of(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		 struct campaign **ret_campaigns, int *ret_n, struct err_info *info);

/* Does that with a list that has the latest year first: a node's path, the year that
 * it is now. Returns how many are left. */
int campaigns_around(struct campaign *list, int n, const char *path, int year);

struct campaign_detail {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org org;	/* the node asked for */
	struct campaign_step *steps;	/* days, [scheme->n_steps] */
	struct campaign_step_move *moves;
	int n_moves;
	uint64_t may;			/* a bit per action, at the node */
	bool owner;			/* may move days, close, archive */
};
/* `node` 0: the topmost place in the campaign where the caller may read it. */
int campaigns_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct campaign_detail *ret_detail, struct err_info *info);

/* The same inside a transaction. */
int campaigns_get_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		     int64_t campaign, int64_t node, struct arena *arena,
		     struct campaign_detail *ret_detail, struct access *ret_access,
		     struct err_info *info);

/* ---- the owner's acts: ACTION_CAMPAIGN_WRITE at the campaign's node ---- */

/* Other days of a step, with a reason. ERR_INPUT. */
int campaigns_move_step(struct app *app, const struct caller *caller, int64_t campaign,
			const struct campaign_step *step, const char *reason,
			struct err_info *info);

/* Keeps the results as past ones and ends all changes. Where not every
 * organisation is through the last of grading's steps a reason is required. */
int campaigns_close(struct app *app, const struct caller *caller, int64_t campaign,
		    const char *reason, struct err_info *info);

/* Opens a closed one again, with a reason. */
int campaigns_reopen(struct app *app, const struct caller *caller, int64_t campaign,
		     const char *reason, struct err_info *info);

/* Out of the lists; only a closed one. */
int campaigns_archive(struct app *app, const struct caller *caller, int64_t campaign,
		      struct err_info *info);

#endif
