/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots one a row, `org,voters,option` in order of arrival: each row is another
 * organisation, and what takes time is waiting for memory. Here hardly any row does:
 * organisations are found by their runs (org_runs.h), which fit the cache, and ballots
 * are put on piles first, by the part of the tally they belong to; a full pile is
 * counted at once, and its part fits the cache, too. Rows that are not plain go to
 * grade_rows.h.
 */
#ifndef JW_IMPORT_BALLOTS_SINGLE_H
#define JW_IMPORT_BALLOTS_SINGLE_H

#include "import/grade_fast.h"
#include "import/words.h"

struct singles;

/* `votes`: cells of the tally by "voters,option", borrowed. *ret_singles is NULL where
 * another way is as good: with a column of counts, other orders of columns, codes that do
 * not count upwards. ERR_NOMEM. */
int singles_new(struct singles **ret_singles, struct grade_reader *reader, const struct words *votes,
		unsigned threads);
void singles_free(struct singles *singles);

/* Counts the ballots of a block with marks, on thread `part`. Returns 0 or what grade_row
 * returns; ERR_LIMIT where one organisation has too many. */
int singles_block(struct singles *singles, unsigned part, const struct csv_block *block);

/* Counts what still waits, and adds all to the book. ERR_LIMIT. */
int singles_count(struct singles *singles);

#endif
