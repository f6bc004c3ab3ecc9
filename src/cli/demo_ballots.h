/* SPDX-License-Identifier: Apache-2.0 */
/* Ballot boxes of the demo county: one counted, one in which people vote, one
 * that hears residents on a rectification. The
 * votes are made up and cast as everybody casts his; the pass phrases stand in
 * demo_ballots.c and in the manual (ballot.md): anybody may open the second. */
#ifndef JW_CLI_DEMO_BALLOTS_H
#define JW_CLI_DEMO_BALLOTS_H

#include "app/app.h"
#include "domain/ballot.h"

/* Slips of the open box that nobody has used, as they are printed: for whoever wants
 * to try. Their codes are kept nowhere. */
enum { DEMO_SLIPS = 2 };
struct demo_slips {
	char codes[DEMO_SLIPS][BALLOT_PRINTED_LEN + 1];
};

/* `township` holds the ballots at the two organisations. */
int demo_ballots(struct app *app, const struct caller *township, int64_t counted, int64_t open,
		 struct demo_slips *ret_slips, struct err_info *info);

/* `township` hears the residents on a case at or below `node` that awaits acceptance,
 * if there is one. */
int demo_opinions(struct app *app, const struct caller *township, int64_t node,
		  struct err_info *info);

#endif
