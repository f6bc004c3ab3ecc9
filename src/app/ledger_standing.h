/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the committees of a ledger stand beside each other, for the bulletin on
 * the screen and on paper (LD-9): one order, so that both name the same ones.
 */
#ifndef JW_APP_LEDGER_STANDING_H
#define JW_APP_LEDGER_STANDING_H

#include "base/arena.h"
#include "store/case.h"

/* A committee and the problems of the open cases right below it. */
struct ledger_standing {
	const char *name;	/* borrowed from the case */
	int64_t committee;
	int problems;		/* at least 1 */
	int done;		/* of them; no longer open */
	int late;		/* of them; open, their deadline before `day` */
	int place;		/* from 1; equals share one: 1, 1, 3 */
};

/* The committees with problems to solve, the best first: by the exact share of
 * problems done, then by fewer late ones. `cases` may be in any order, and hold some
 * whose problems are not listed. The list is in the arena. ERR_NOMEM. */
int ledger_standings(const struct ledger_case *const *cases, int n_cases,
		     const struct case_problem *problems, int n_problems, int32_t day,
		     struct arena *arena, struct ledger_standing **ret_list, int *ret_n);

#endif
