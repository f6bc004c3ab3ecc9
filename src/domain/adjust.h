/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a meeting makes of a computed grading (campaign.md, "Meeting"): grades
 * it changes with a reason, and then, by the same rules, whether the quotas
 * still hold and who gets which stars. Quotas are checked, never applied again:
 * the committee decides, and is told what does not add up.
 */
#ifndef JW_DOMAIN_ADJUST_H
#define JW_DOMAIN_ADJUST_H

#include "domain/explain.h"

/* A grade given by a meeting. */
struct adjust_item {
	uint32_t node;		/* graded */
	uint8_t grade;		/* as decided; GRADE_NONE: as computed */
	uint8_t computed;	/* out: as it was before */
};

/* A quota that does not hold in a group. */
struct adjust_fault {
	int quota;
	struct explain_group group;
	uint32_t required, have;
};

/* Gives the grades of `items` in order (the last one of a node holds; nodes that
 * are not graded are passed over) and draws the stars again (rule 9). ERR_NOMEM. */
int adjust_run(struct graded *graded, struct adjust_item *items, size_t n, unsigned threads);

/* Quotas that do not hold in the groups of `nodes` with the grades as they are,
 * at most `max`, each group once. The number found. A quota that nobody could
 * fill (all are that low already, or not graded) is no fault. ERR_NOMEM. */
int adjust_check(const struct graded *graded, const uint32_t *nodes, size_t n,
		 struct adjust_fault *ret_faults, int max);

/* A level above has not approved these stars (ZJ-5): the organisation gets what
 * the next rules without a cap give to its grade, or none. */
void adjust_refuse_stars(struct graded *graded, uint32_t node);

/* How many of those moved down by a quota may be restored so that it still
 * holds: more went down than had to, since equals go together (rule 7). */
static inline uint32_t adjust_spare(const struct explain_quota *q)
{
	uint32_t have = q->had + q->moved;
	uint32_t spare = have > q->required ? have - q->required : 0;
	return spare < q->moved ? spare : q->moved;
}

#endif
