/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of grade.h: the groups of a scope (all, or those below one node of a level,
 * each of a category or of all), and who of a group stands highest or lowest.
 */
#ifndef JW_DOMAIN_GROUPS_H
#define JW_DOMAIN_GROUPS_H

#include "domain/grade.h"

/* Numbers the groups of a scope. */
struct grouping {
	const uint32_t *above;    /* as in struct orgs */
	const uint32_t *ancestor; /* by `above`; NULL: all */
	const uint8_t *category;  /* NULL: not by category */
	uint32_t n_categories;
	size_t groups;
};

struct grouping grouping_of(const struct graded *graded, const struct scope *scope);

static inline size_t group_of(const struct grouping *g, uint32_t node)
{
	size_t group = g->ancestor ? g->ancestor[g->above[node]] : 0;
	return g->category ? group * g->n_categories + g->category[node] : group;
}

/* Nodes that follow each other; those of them that are organisations of the graded
 * level with a category are of one group. */
struct run {
	uint32_t begin, end;
};

/* The runs of each group of a scope, so that a group is worked on as a whole, while
 * it is in the cache. They depend on the tree only and are kept. */
struct groups {
	struct groups *next;
	struct scope scope;
	int n_categories;
	enum level graded;
	size_t n;
	uint32_t *first; /* [n + 1]: of group g from first[g] to first[g + 1] */
	struct run *runs;
};

/* The groups of a scope, made when they are first asked for; graded->groups owns
 * them. ERR_NOMEM. */
int groups_need(struct graded *graded, const struct scope *scope, unsigned threads,
		const struct groups **ret_groups);

/* How many organisations of a group have one of these bytes, `from` to `to`; at: a byte
 * a node. */
size_t groups_count(const struct groups *groups, size_t group, const uint8_t *at, uint8_t from,
		    uint8_t to);

/* Frees a list of them. NULL is fine. */
void groups_free(struct groups *groups);

/*
 * The k highest (or lowest) of some nodes, found while passing over them: a few are kept
 * in order, of more up to twice as many, then the worse half goes.
 */
struct pick {
	uint64_t key; /* composite (compose.h) */
	uint32_t node;
};

struct picker {
	const struct graded *graded;
	bool lowest;     /* keep the lowest; else the highest */
	size_t k, n;     /* to be kept; kept so far */
	uint64_t bound;  /* keys (without their lowest bit) beyond it are plainly worse */
	struct pick *at; /* the last one in front where k are kept in order, or closed */
	size_t room;
	bool failed; /* there was no memory, here or for a comparison */
};

/* Begins anew, to keep k ≥ 1. ERR_NOMEM. */
int picker_begin(struct picker *picker, size_t k);
void picker_done(struct picker *picker);

/* Whether a key is beyond what there is any use for. */
static inline bool picker_beyond(const struct picker *picker, uint64_t key)
{
	return picker->lowest ? key >> 1 > picker->bound : key >> 1 < picker->bound;
}
void picker_take(struct picker *picker, uint32_t node);
static inline void picker_offer(struct picker *picker, uint32_t node)
{
	if (!picker_beyond(picker, picker->graded->key[node]))
		picker_take(picker, node);
}
/* Ends the offers: false if there were fewer than k, so that nobody is beyond. */
bool picker_close(struct picker *picker);

/* Where a node stands from the last of the k that are kept: < 0 before it, 0 equal to
 * it, > 0 beyond it. */
int picker_side(struct picker *picker, uint32_t node);

#endif
