/* SPDX-License-Identifier: Apache-2.0 */
/* The years of one organisation (campaign.md, "History"; ZJ-6): grades, stars and
 * scores of all years, and what changed from one to the next. */
#ifndef JW_APP_YEARS_H
#define JW_APP_YEARS_H

#include "app/deciding.h"
#include "store/case.h"
#include "store/past.h"

struct year_row {
	int year;
	int64_t campaign;		/* 0: imported */
	bool running;			/* of a campaign that is not closed */
	const char *scheme, *score, *grade;	/* "" where not known or not yet shown */
	int place, places;		/* of the grade; -1 and 0: not known */
	int stars;			/* -1: none */
	int64_t rank;
	const char *ledger, *note;
	const char *state;		/* running: "公示", "还没有公示" … */
	int moved;			/* places up (+) or down (-) on the year before; 0: none */
	bool compared;			/* both places are known and of as many grades */
};

struct years_view {
	struct org org;
	struct org *crumbs;
	int n_crumbs;
	struct year_row *rows;		/* latest first */
	int n;
	struct ledger_case *cases;	/* its rectifications, latest first; none without ACTION_CASE_READ */
	int n_cases;
};

/* ACTION_CAMPAIGN_READ at the organisation as it stands today. */
int years_get(struct app *app, const struct caller *caller, int64_t org, struct arena *arena,
	      struct years_view *ret_view, struct err_info *info);

#endif
