/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Self-evaluation (spec: campaign.md, "self"; ZJ-9, XS-1): score sheet, report,
 * proposed grade and seal; handed in, confirmed by the resident cadre or sent
 * back with a reason. A township may enter it for a branch only with the sealed
 * original attached (ATTACHED_SELF of the campaign).
 */
#ifndef JW_APP_SELFS_H
#define JW_APP_SELFS_H

#include "app/listed.h"
#include "app/scores.h"
#include "store/attachment.h"
#include "store/self_report.h"

enum {
	SELF_REPORT_MAX = 30000,	/* bytes: 10,000 characters */
	SELF_REASON_MAX = 1500,		/* bytes: 500 characters */
};

const char *self_state_label(enum self_state state);

struct self_view {
	struct score_grid grid;		/* one row, or none; source -1: the scheme scores none */
	struct self_report report;
	struct attachment *files;
	int n_files;
	bool may_write;			/* fill in and hand in */
	bool may_confirm;		/* the resident cadre, when it is handed in */
	bool may_return;
	bool as_township;		/* the caller would enter it for the branch */
	bool hidden;			/* it is not for the caller yet (sight.h): cells, report, grade
					 * are empty; if he enters it for the branch, he enters all of it */
	const char *why_not;		/* why it can't be changed; NULL: it can, or isn't his */
};
/* ACTION_CAMPAIGN_READ at the organisation. */
int selfs_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	      struct arena *arena, struct self_view *ret_view, struct err_info *info);

struct self_draft {
	const char *report;
	int grade;			/* -1: none */
	bool sealed;
	bool hand_in;			/* refused with what is missing (ERR_INPUT, all kept) */
};
/* Saves cells (wrong ones are marked and left out) and the rest, and hands it in
 * where nothing is missing; ACTION_SELF_WRITE. Who enters for a branch what it had
 * begun itself enters all of it: what he leaves out is emptied. `ret_missing`: why it was not
 * handed in though asked for, or NULL. */
int selfs_save(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	       struct score_put *puts, int n, const struct self_draft *draft, struct arena *arena,
	       const char **ret_missing, struct err_info *info);

/* Saves cells alone, within a transaction that writes more; report and state stay. ERR_INPUT where
 * one is wrong, ERR_STATE where it is handed in. */
int selfs_scores_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		    int64_t campaign, int64_t org, struct score_put *puts, int n,
		    struct arena *arena, struct err_info *info);

/* Confirms (ACTION_SELF_CONFIRM) or sends back (that, or ACTION_SCORE_WRITE)
 * with a reason. ERR_STATE where it is not handed in. */
int selfs_decide(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 bool confirm, const char *reason, struct err_info *info);

/* The organisations below a node with how far they are. */
struct self_row {
	struct campaign_org org;
	struct self_report report;
	const char *sum;		/* "" while cells are missing */
	int missing;
	bool hidden;			/* as in struct self_view */
};
struct self_list {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	struct listed listed;
	struct self_row *rows;		/* [listed.n] */
};
int selfs_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       struct arena *arena, struct self_list *ret_list,
	       struct err_info *info);

#endif
