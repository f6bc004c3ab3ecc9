/* SPDX-License-Identifier: Apache-2.0 */
/* What the survey found, rolled up level by level for whoever reads figures there (CT-7:
 * five conditions), and the organisations behind each figure. */
#ifndef JW_APP_CONDITIONS_H
#define JW_APP_CONDITIONS_H

#include "app/campaigns.h"

enum { CONDITION_ORGS_MAX = 500 };	/* organisations that are listed */

struct condition_row {
	int64_t node;
	const char *name;
	int64_t total;			/* organisations that are graded or surveyed there */
	int64_t *counts;		/* [scheme->n_survey] of these with the condition */
};
struct conditions {
	struct campaign_call call;
	struct condition_row own;
	struct condition_row *rows;	/* of the children that have any organisations */
	int n;
	int question;			/* asked for; -1: none */
	struct condition_org {
		int64_t id;
		const char *name, *answer;
	} *orgs;			/* that have it, by path */
	int n_orgs;
};
/* ACTION_REPORT_READ at the node. */
int conditions_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int question, struct arena *arena, struct conditions *ret, struct err_info *info);

#endif
