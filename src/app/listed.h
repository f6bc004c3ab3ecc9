/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The graded organisations of a list below a node, by code: all of them where they
 * are few enough to be read at once (so that the list can be sorted and summed),
 * else one page. What belongs to them is read by path, not one by one.
 */
#ifndef JW_APP_LISTED_H
#define JW_APP_LISTED_H

#include "store/campaign.h"

enum { LISTED_WHOLE = 3000 };		/* organisations; the largest counties have fewer */

struct listed {
	struct campaign_org *orgs;
	int n;
	int64_t total;			/* n: all are here */
	const char *path;		/* of the node */
	const int *by_id;
};

/* Those below and with the node with this path; `offset` and `limit` count where not
 * all are read. */
int listed_load(struct db_tx *tx, int64_t campaign, const char *path, int64_t offset, int64_t limit,
		struct arena *arena, struct listed *ret_listed);

/* The i-th path to read below, from 0; NULL after the last. */
const char *listed_path(const struct listed *listed, int i);

/* The organisation's place, or -1. */
int listed_find(const struct listed *listed, int64_t org);

#endif
