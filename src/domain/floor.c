/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/floor.h"

bool floor_class_alone(const struct scheme *scheme)
{
	for (int i = 0; i < scheme->n_sources; i++)
		if (scheme->sources[i].by == BY_BALLOTS &&
		    scheme->sources[i].voters != (1u << VOTERS_COUNT) - 1)
			return true;
	return false;
}

unsigned floor_of(const struct floor_case *what)
{
	uint64_t all = 0;
	bool small = false;

	for (int c = 0; c < VOTERS_COUNT; c++) {
		all += what->ballots[c];
		small |= what->ballots[c] > 0 && what->ballots[c] < FLOOR_BALLOTS;
	}
	unsigned scores = FLOOR_SHARES | FLOOR_COMPOSITE;
	if (!small)
		return FLOOR_ALL;
	if (all < FLOOR_BALLOTS)
		return FLOOR_GRADE | (what->approves ? scores : 0);
	/* Pooled counts and the share of the pool tell the same; the share of one
	 * class tells its counts. */
	if (what->class_alone && !what->approves)
		return FLOOR_GRADE | FLOOR_POOLED;
	/* Whoever sees the scores of both classes must not see the pool, too. */
	if (what->class_alone)
		return FLOOR_GRADE | scores;
	return FLOOR_GRADE | FLOOR_POOLED | scores;
}

bool floor_sum(uint64_t hidden, uint64_t ballots)
{
	return hidden == 0 || (hidden > 1 && ballots >= FLOOR_BALLOTS);
}
