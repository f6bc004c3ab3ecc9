/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of paper ballots as two counters key them, one after the other and
 * apart; equal ones become the tally (campaign.h). */
#ifndef JW_STORE_COUNT_H
#define JW_STORE_COUNT_H

#include "store/campaign.h"

enum {
	COUNT_SLOTS = 2,
	COUNT_CELLS_MAX = VOTERS_COUNT * 8 * (SCHEME_OPTIONS_MAX + 1),	/* 8 questions */
};

struct count_entry {
	int n;				/* figures; 0: not keyed yet */
	int64_t counts[COUNT_CELLS_MAX];	/* class of voters, question, option; the last spoiled */
	const char *counters;		/* who counted, separated by 、 */
	int64_t account, at_ms;
	const char *account_label;	/* read only */
};

/* What a slot (0 or 1) holds; n 0 where it is empty. */
int store_count_get(struct db_tx *tx, int64_t campaign, int64_t org, int slot, struct arena *arena,
		    struct count_entry *ret_entry);
/* Calls with each that is not empty below a path, by organisation and slot. */
int store_count_each(struct db_tx *tx, int64_t campaign, const char *path,
		     void (*each)(void *arg, int64_t org, int slot, const struct count_entry *entry),
		     void *arg);
int store_count_put(struct db_tx *tx, int64_t campaign, int64_t org, int slot,
		    const struct count_entry *entry);

/* Paper ballots handed out to a class; -1 forgets the number. */
int store_issued_put(struct db_tx *tx, int64_t campaign, int64_t org, enum voters voters,
		     int64_t issued);
/* Of one organisation, -1 where nobody has said. */
int store_issued_get(struct db_tx *tx, int64_t campaign, int64_t org,
		     int64_t ret_issued[VOTERS_COUNT]);

/* What has been said of those below the path, by organisation. */
struct paper_issued {
	int64_t org, issued;
	int voters;
};
int store_issued_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		      struct paper_issued **ret_issued, int *ret_n);

#endif
