/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Covered nodes dealt out to inspection groups (GZ-9: 15 groups for 88 counties), so that
 * anybody can repeat it: the codes of the covered nodes, each once, are put in the order of
 * SHA-256 over the seed in hex, a line end, "group", a tab and the code; the first goes to
 * group 1, the next to group 2 … and after the last group to 1 again. So no group has two
 * more than another. The number of groups is fixed with the seed: where there are groups,
 * a line "groups", tab, number stands behind the population in what the fingerprint is
 * taken of.
 */
#ifndef JW_APP_DRAW_GROUPS_H
#define JW_APP_DRAW_GROUPS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { DRAW_GROUPS_MAX = 200 };

struct draw_deal {
	const char *node;		/* code */
	int group;			/* from 1 */
};
/* Of a population (lines "node\tcode\tname"); by group, then as dealt. ERR_INPUT where there are
 * fewer nodes than groups. */
int draw_deal(const char *seed_hex, const char *population, int groups, struct arena *arena,
	      struct draw_deal **ret_deals, int *ret_n, struct err_info *info);

/* Adds what stands behind the population in the fingerprint; nothing for 0 groups. */
void draw_add_groups(struct buf *population, int groups);

/* Repeats a dealing: `dealt` has lines "node\tgroup". ERR_STATE where it differs. */
int draw_verify_deal(const char *seed_hex, const char *population, int groups, const char *dealt,
		     struct err_info *info);

#endif
