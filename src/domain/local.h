/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Indicators that a committee adds itself, of its own number and points
 * (ZY-1, "5+2+X"). They hold for every organisation below the committee that
 * has set them: the nearest ancestor of the scheme's level for it.
 */
#ifndef JW_DOMAIN_LOCAL_H
#define JW_DOMAIN_LOCAL_H

#include "base/arena.h"
#include "domain/orgs.h"

enum { LOCAL_MAX = 32 };	/* indicators one committee may add */

struct local_indicator {
	const char *id, *label;
	int32_t max_e4;
};

/* All that one node adds. */
struct local_set {
	uint32_t node;
	int n;
	int64_t max_sum_e4;
	struct local_indicator at[LOCAL_MAX];
};

struct local {
	struct arena arena;
	uint32_t n, cap;
	struct local_set *sets;
	uint32_t *set_of;	/* per node: index into sets, ORG_NONE without; NULL: none at all */
};

/* Frees everything. NULL and zeroed are fine. */
void local_done(struct local *local);

/* Adds an indicator of `node`; copies the texts. ERR_NOMEM; ERR_LIMIT over
 * LOCAL_MAX; ERR_CONFLICT where the node has that id or label already. */
int local_add(struct local *local, uint32_t node, struct str id, struct str label, int32_t max_e4);

/* After all are added: finds each node's set. ERR_NOMEM. */
int local_finish(struct local *local, const struct orgs *orgs);

/* The set that holds for a node; NULL: none. */
static inline const struct local_set *local_of(const struct local *local, uint32_t node)
{
	if (!local || !local->set_of || local->set_of[node] == ORG_NONE)
		return NULL;
	return &local->sets[local->set_of[node]];
}

/* The position of an indicator by id or label, or ERR_NOT_FOUND. */
int local_find(const struct local_set *set, struct str text);

/* True if any set has an indicator of that id or label. */
bool local_knows(const struct local *local, struct str text);

#endif
