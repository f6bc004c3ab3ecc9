/* SPDX-License-Identifier: Apache-2.0 */
/* Ballot boxes of the demo county: one counted, one in which people vote. The
 * votes are made up and cast as everybody casts his; the pass phrases stand in
 * demo_ballots.c and in the manual (ballot.md): anybody may open the second. */
#ifndef JW_CLI_DEMO_BALLOTS_H
#define JW_CLI_DEMO_BALLOTS_H

#include "app/app.h"

/* `township` holds the ballots at the two organisations. */
int demo_ballots(struct app *app, const struct caller *township, int64_t counted, int64_t open,
		 struct err_info *info);

#endif
