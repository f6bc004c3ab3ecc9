/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/turnout.h"

#include "domain/exact.h"

struct turnout_now turnout_of(const struct scheme_turnout *rule,
			      const int64_t eligible[VOTERS_COUNT],
			      const int64_t cast[VOTERS_COUNT])
{
	struct turnout_now now = {0};

	for (int v = 0; v < VOTERS_COUNT; v++) {
		if (!(rule->voters >> v & 1))
			continue;
		now.cast += cast[v];
		if (eligible[v] < 0)
			now.eligible = -1;
		else if (now.eligible >= 0)
			now.eligible += eligible[v];
	}
	if (now.eligible < 0) {
		now.need = -1;
		return now;
	}
	now.everyone = now.eligible < rule->everyone_below;
	now.need = now.everyone ? now.eligible
		: (int64_t)(((u128)rule->at_least_e6 * (u128)now.eligible + E6 - 1) / E6);
	now.met = now.cast >= now.need;
	return now;
}
