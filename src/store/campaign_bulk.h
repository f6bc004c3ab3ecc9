/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole campaigns read for grading: each table once along its key, region by
 * region, so that a hundred thousand organisations take a fraction of a second.
 * Texts live until the next call of `each`, which runs no statement of its own;
 * its error ends the reading.
 */
#ifndef JW_STORE_CAMPAIGN_BULK_H
#define JW_STORE_CAMPAIGN_BULK_H

#include "store/campaign.h"
#include "store/campaign_step.h"

/* The regions that have organisations of the campaign, rising. */
int store_bulk_regions(struct db_tx *tx, int64_t campaign, struct arena *arena,
		       int64_t **ret_regions, int *ret_n);

/* The organisations of a region by number; texts are borrowed. */
int store_bulk_orgs(struct db_tx *tx, int64_t region, int64_t campaign,
		    int (*each)(void *arg, const struct campaign_org *org, struct str code,
				struct str name, struct str path), void *arg);

/* Score sheets of a region by organisation, source and rater. */
struct bulk_sheet {
	int64_t org, rater;
	int source;
	struct str cells;		/* as typed, tabs between */
};
int store_bulk_sheets(struct db_tx *tx, int64_t region, int64_t campaign,
		      int (*each)(void *arg, const struct bulk_sheet *sheet), void *arg);

/* Counts of ballots of a region by organisation; without who counted. */
int store_bulk_tallies(struct db_tx *tx, int64_t region, int64_t campaign,
		       int (*each)(void *arg, const struct tally *tally), void *arg);

/* Organisations of a region whose step is in this state, by number. */
int store_bulk_steps(struct db_tx *tx, int64_t region, int64_t campaign, int step,
		     enum step_state state, int (*each)(void *arg, int64_t org), void *arg);

/* Results of a region by organisation, without path, code and name. */
int store_bulk_results(struct db_tx *tx, int64_t region, int64_t campaign,
		       int (*each)(void *arg, const struct result *result, struct str status,
				   struct str composite, struct str sources), void *arg);

#endif
