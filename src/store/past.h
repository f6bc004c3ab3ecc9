/* SPDX-License-Identifier: Apache-2.0 */
/* Past years across organisations and campaigns: who does not move, and what one
 * organisation has been through. */
#ifndef JW_STORE_PAST_H
#define JW_STORE_PAST_H

#include "store/campaign.h"

/* Organisations below and with a path that had the lowest grade in each of the
 * `years` years up to `last`; by path, at most 2000. */
struct past_low {
	int64_t org;
	const char *code, *name;
};
int store_past_low(struct db_tx *tx, const char *path, int last, int years, struct arena *arena,
		   struct past_low **ret_low, int *ret_n);

/* Campaigns (not closed, that grade) in which an organisation is graded, latest
 * year first. */
struct past_campaign {
	int64_t campaign;
	int year;
	const char *title;
};
int store_past_campaigns(struct db_tx *tx, int64_t org, struct arena *arena,
			 struct past_campaign **ret_campaigns, int *ret_n);

#endif
