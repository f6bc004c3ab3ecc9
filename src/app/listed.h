/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graded organisations of a list below a node, by code, where they are few enough
 * to be read, sorted and summed at once; where they are more, the units right below
 * with how many of theirs are how far, from kept sums: one goes down until the
 * organisations themselves are listed. What belongs to organisations is read by path,
 * not one by one.
 */
#ifndef JW_APP_LISTED_H
#define JW_APP_LISTED_H

#include "store/campaign_step.h"

enum { LISTED_WHOLE = 3000 };		/* organisations; the largest counties have fewer */

struct listed {
	int64_t total;			/* graded organisations */
	struct campaign_org *orgs;	/* [n] all of them; else n is 0 */
	int n;
	const int *by_id;
	struct step_child *units;	/* [n_units], `n_steps` sums each; where there are too many */
	int n_units;
};

/* Those below and with the node, which has this path. */
int listed_load(struct db_tx *tx, int64_t campaign, int64_t node, const char *path, int n_steps,
		struct arena *arena, struct listed *ret_listed);

/* The organisation's place, or -1. */
int listed_find(const struct listed *listed, int64_t org);

#endif
