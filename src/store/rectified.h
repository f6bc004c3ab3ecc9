/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a year's rectification as they were when an appraisal was decided
 * (HN-7), and the changes of state that they are counted from. */
#ifndef JW_STORE_RECTIFIED_H
#define JW_STORE_RECTIFIED_H

#include "base/arena.h"
#include "db/db.h"
#include "domain/rectified.h"

enum { TURNS_MAX = 100000 };		/* of one question */

/* All that was ever decided on cases below a path: approved, dropped, rejected,
 * written off, relapsed; by case, then as it happened. */
struct case_turn {
	int64_t case_id;
	struct rectified_turn turn;
};
int store_case_turns(struct db_tx *tx, const char *path, struct arena *arena,
		     struct case_turn **ret_turns, int *ret_n);

/* One figure of an appraised organisation, with the cases behind it. */
struct rectified_fixed {
	int64_t org;
	enum rectified figure;
	const char *cases;		/* numbers, commas between; "": none */
	int32_t as_of;
	int64_t meeting;		/* that decided; 0: the campaign was closed without one */
	int64_t at_ms;
};
int store_rectified_put(struct db_tx *tx, int64_t campaign, const struct rectified_fixed *fixed);
/* Of one organisation, or of all (0) of a campaign; by organisation and figure. */
int store_rectified_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			 struct rectified_fixed **ret_list, int *ret_n);

#endif
