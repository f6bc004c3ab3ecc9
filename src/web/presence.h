/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands in which cell of a grid right now, for the others in the same grid.
 * Only in memory, for some seconds; a hint, never a lock.
 */
#ifndef JW_WEB_PRESENCE_H
#define JW_WEB_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum {
	PRESENCE_MAX = 512,		/* people; the one not seen longest gives way */
	PRESENCE_S = 20,		/* after that one has gone */
	PRESENCE_NAME_MAX = 96,
};

struct presence;

struct presence_one {
	int64_t grid[4];		/* campaign, source, rater and what else tells grids apart */
	int64_t account;
	char name[PRESENCE_NAME_MAX];
	int64_t org;			/* 0: in no cell */
	int leaf;
	int64_t seen;			/* UTC seconds */
};

/* NULL without memory. */
struct presence *presence_new(void);
void presence_free(struct presence *presence);

/* Says where somebody is now. */
void presence_set(struct presence *presence, const struct presence_one *one);

/* The others in the same grid, copied into `arena`; fewer without memory. */
int presence_others(struct presence *presence, const struct presence_one *own, struct arena *arena,
		    struct presence_one **ret_others);

#endif
