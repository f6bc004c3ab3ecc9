/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What those who help are to do, whether they are there, and how the level above judges it
 * at the end of a period (CT-7b): every helper of an open case with his goals, the visits
 * within each period and the verdict.
 */
#ifndef JW_APP_HELPERS_H
#define JW_APP_HELPERS_H

#include "app/ledger.h"
#include "store/helper_goal.h"

enum { HELPERS_ROWS_MAX = 5000 };

struct helpers_goal {
	struct helper_goal goal;
	int visits;			/* within the period so far */
};
struct helpers_row {
	const struct ledger_case *c;
	struct case_helper helper;
	int32_t last_day;		/* of his last visit; 0: never */
	bool absent;			/* never there, or not for longer than he should be away (90 days
					 * where nothing is said) */
	struct helpers_goal *goals;
	int n_goals;
	bool may_set, may_judge;
};
struct helpers {
	struct org node;
	struct org *crumbs;
	int n_crumbs;
	struct helpers_row *rows;	/* by organisation, then kind */
	int n, n_absent, n_without_goal;
};
/* ACTION_REPORT_READ at the node. */
int helpers_get(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct helpers *ret, struct err_info *info);

/* A goal for a period (seq 0: a new one). ACTION_CASE_WRITE at the case. ERR_STATE once it is
 * judged. */
int helpers_set_goal(struct app *app, const struct caller *caller, const struct helper_goal *goal,
		     struct err_info *info);
/* Met, partly or not, with a reason unless it is met. ACTION_CASE_ACCEPT. */
int helpers_judge(struct app *app, const struct caller *caller, int64_t case_id, int seq,
		  enum goal_verdict verdict, const char *reason, struct err_info *info);

const char *goal_verdict_label(enum goal_verdict verdict);

#endif
