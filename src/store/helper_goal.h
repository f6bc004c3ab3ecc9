/* SPDX-License-Identifier: Apache-2.0 */
/* What a helper of a case is to do in a period, and what came of it (CT-7b). */
#ifndef JW_STORE_HELPER_GOAL_H
#define JW_STORE_HELPER_GOAL_H

#include "store/case.h"

/* Stored; never renumber. */
enum goal_verdict { GOAL_OPEN = 0, GOAL_MET = 1, GOAL_PARTLY = 2, GOAL_MISSED = 3, GOAL_VERDICTS };

struct helper_goal {
	int64_t case_id;
	int helper;			/* seq of the helper in its case */
	int seq;			/* from 1 within the case; 0: new */
	int32_t from_day, to_day;	/* the period, both ends in it */
	int visits;			/* at least so many; 0: not said */
	const char *text;
	enum goal_verdict verdict;
	const char *reason, *judge;	/* why, and who says so */
	int32_t judged_day;
};
/* Sets `seq` of a new one. */
int store_goal_put(struct db_tx *tx, struct helper_goal *goal);
/* Of a case, by helper, then as entered; at most CASE_ROWS_MAX. */
int store_goals(struct db_tx *tx, int64_t case_id, struct arena *arena, struct helper_goal **ret_goals,
		int *ret_n);
/* As store_visits_know. */
int store_goals_know(struct db_tx *tx, const char *path);

#endif
