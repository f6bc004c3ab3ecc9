/* SPDX-License-Identifier: Apache-2.0 */
/* How far a turnout rule is met while ballots are counted (grading.md, rule 4;
 * ZJ-10), for people who still can collect more. */
#ifndef JW_DOMAIN_TURNOUT_H
#define JW_DOMAIN_TURNOUT_H

#include "domain/scheme.h"

struct turnout_now {
	int64_t eligible;	/* -1: not known */
	int64_t cast, need;	/* need -1: not known */
	bool everyone;		/* so few that all must take part */
	bool met;
};

/* `eligible` and `cast` per enum voters; eligible -1: not known. */
struct turnout_now turnout_of(const struct scheme_turnout *rule,
			      const int64_t eligible[VOTERS_COUNT],
			      const int64_t cast[VOTERS_COUNT]);

#endif
