/* SPDX-License-Identifier: Apache-2.0 */
/* A campaign (campaign_desk.h) with scores: 张纪's scheme over 云岭县, the branches
 * of 龙泉镇 scored, and the people who decide on them. */
#ifndef JW_TESTS_DECIDE_DESK_H
#define JW_TESTS_DECIDE_DESK_H

#include "app/campaign_desk.h"
#include "app/campaign_grading.h"
#include "store/case.h"

struct decide_desk {
	struct desk *desk;
	int64_t campaign, school;
	struct caller township, county, city, clerk;
};

/* Opens the campaign and scores the branches: the first 95, the two villages 70
 * each and alike; the school of 柳河镇 85. Graded once. */
struct decide_desk decide_desk_open(struct desk *desk);

/* Every indicator of committee and self at `percent` of its maximum, and ten
 * members and ten residents of twenty each who all say "好". */
void decide_desk_score(struct decide_desk *d, int64_t org, int percent);

/* The same with these ballots of each class, by option and spoiled. */
void decide_desk_fill(struct decide_desk *d, int64_t org, int percent,
		      const uint32_t votes[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1]);

/* So few voters that nobody may see their ballots. */
void decide_desk_few(struct decide_desk *d, int64_t org);

/* Grades; fails the test if it can't. */
void decide_desk_grade(struct decide_desk *d);

/* The stored result. */
struct result decide_desk_result(struct decide_desk *d, int64_t org, struct arena *arena);

/* Records a meeting of the township on the grading; the error. */
int decide_desk_meet(struct decide_desk *d, int64_t *ret_id, struct err_info *info);

/* Shows the township's results for the days before today, so that they are over;
 * the error. */
int decide_desk_publish(struct decide_desk *d, int64_t *ret_id, struct err_info *info);

/* Puts it into the ledger with so many problems, the first "三会一课不经常". */
void decide_desk_case(struct decide_desk *d, int64_t org, enum case_state state, int problems);

/* Its case has a postponed election, for that reason. */
void decide_desk_postpone(struct decide_desk *d, int64_t org, const char *note);

#endif
