/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a node's dashboard of a campaign shows, from kept sums: how far the steps
 * are, grades and stars by category, change on last year; and the list of
 * organisations behind each figure. Who is late with what, for the chasing text
 * (F17).
 */
#ifndef JW_APP_CAMPAIGN_BOARD_H
#define JW_APP_CAMPAIGN_BOARD_H

#include "app/campaigns.h"
#include "app/guarantees.h"
#include "domain/ledger.h"
#include "store/campaign_board.h"
#include "store/case.h"

enum { BOARD_CASES_MAX = 2000 };	/* up to which alarms are looked for */

struct campaign_board {
	struct campaign_detail detail;
	struct campaign_org *crumbs;	/* the part of the path that the caller may see */
	int n_crumbs;
	bool leaf;			/* the node itself is graded: `own` and `result` are set */
	struct org_step *own;		/* [scheme->n_steps] */
	struct result result;		/* org 0: none */
	struct step_count *counts;	/* [scheme->n_steps], below the node */
	struct step_child *children;
	int n_children;
	/* Of the node and its children. Who stands above the committee that decides
	 * sees figures only once they are handed in (campaign.md, "Review"): then the
	 * node's are those of its children that are. */
	struct result_summary *summaries;
	int n_summaries;
	bool partial;			/* some are not handed in yet: no mean, no change */
	bool *seen;			/* [n_children] figures of the child may be shown */
	struct result_change *changes;
	int n_changes;
	bool may_cases;			/* ACTION_CASE_READ here: */
	int64_t cases[CASE_STATE_COUNT];	/* of rectification, of all years, by state */
	int64_t alarms[CASE_ALARMS];	/* cases that have it; -1: there are too many to look */
	/* ACTION_REPORT_READ here: four guarantees (CT-8) of the campaign's year and of the last,
	 * for the node as it stands today; with how many organisations have them. */
	bool may_money;
	int64_t money[GUARANTEES], money_n[GUARANTEES], money_before[GUARANTEES], money_n_before[GUARANTEES];
	struct past_result *past;	/* of a leaf, latest year first */
	int n_past;
	bool withheld;			/* the floor takes the leaf's score from whoever looks: -1 */
};
int campaign_board_get(struct app *app, const struct caller *caller, int64_t campaign,
		       int64_t node, struct arena *arena, struct campaign_board *ret_board,
		       struct err_info *info);

/* A node's summary of a category (-1: all); NULL: none. */
const struct result_summary *campaign_board_summary(const struct campaign_board *board,
						    int64_t node, int category);

/* Organisations of a step that are through with it, those that are not, all. */
int64_t step_count_done(const struct step_count *count);
int64_t step_count_all(const struct step_count *count);

/* Days that a step is late for somebody not through with it; 0: it is not. */
int campaign_step_late(const struct campaign_step *days, int32_t today);

/* ---- the list ---- */

struct campaign_board_page {
	struct campaign_detail detail;
	struct campaign_org *crumbs;
	int n_crumbs;
	struct board_row *rows;
	int n;
	int64_t total;
	bool handed_in;			/* results only of those that were handed in */
	int n_withheld;			/* scores that the floor withholds from whoever looks, in all
					 * he may see; then nobody's rank is shown, nor an order by it */
};
/* filter->path, year and n_grades are filled in here. `export`: for a file, which
 * takes ACTION_REPORT_READ and is logged. */
int campaign_board_list(struct app *app, const struct caller *caller, int64_t campaign,
			int64_t node, const struct board_filter *filter, bool export,
			struct arena *arena, struct campaign_board_page *ret_page,
			struct err_info *info);

#endif
