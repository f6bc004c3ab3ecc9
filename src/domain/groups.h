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
	uint32_t most;   /* nodes in the runs of one group, at the most */
	uint32_t *first; /* [n + 1]: of group g from first[g] to first[g + 1] */
	struct run *runs;
};

/* The groups of a scope, made when they are first asked for; graded->groups owns
 * them. ERR_NOMEM. */
int groups_need(struct graded *graded, const struct scope *scope, unsigned threads,
		const struct groups **ret_groups);

/* Whether each group is better worked on as a whole, while it is in the cache: else one
 * thread might be left with most of the work. */
static inline bool groups_are_small(const struct groups *groups)
{
	return groups->most <= 1 << 16;
}

/* How many organisations of a group have one of these bytes, `from` to `to`; at: a byte
 * a node. */
size_t groups_count(const struct groups *groups, size_t group, const uint8_t *at, uint8_t from,
		    uint8_t to);

/* Frees a list of them. NULL is fine. */
void groups_free(struct groups *groups);

/*
 * The k highest (or lowest) of some nodes, found while passing over them: those that
 * may be among them are listed, without a branch; where they are many, from time to time
 * the ones that are plainly not.
 */
struct pick {
	uint64_t value; /* less is better: the key without its lowest bit, or its complement */
	uint32_t node;
};

struct picker {
	const struct graded *graded;
	bool lowest;      /* of the lowest keys; else of the highest */
	size_t k, n;      /* wanted; listed */
	uint64_t bound;   /* greater values are beyond the k-th */
	struct pick *at;  /* [room], and as many again to work in */
	size_t room;
	struct pick edge; /* the k-th, once closed */
	bool failed;      /* there was no memory, here or for a comparison */
};

/* Who may be picked: these grades from this key on. */
struct offer {
	uint8_t from, to;	/* grades */
	bool starless;		/* only who has no stars yet */
	uint64_t least;
};

/* Begins anew, to find k ≥ 1. ERR_NOMEM. */
int picker_begin(struct picker *picker, size_t k);
void picker_done(struct picker *picker);

/* Passes over the nodes of a group. ERR_NOMEM. */
int picker_offer(struct picker *picker, const struct groups *groups, size_t group,
		 const struct offer *offer);

/* Ends the offers and finds the k-th; false if there were fewer. */
bool picker_close(struct picker *picker);

/* Two nodes with the same value: < 0 if `a` is the better one. */
int picker_compare_behind(struct picker *picker, uint32_t a, uint32_t b);

/* Where one who is listed stands from the k-th: < 0 before it, 0 equal to it, > 0 beyond
 * it. */
static inline int picker_side(struct picker *picker, struct pick pick)
{
	if (pick.value != picker->edge.value)
		return pick.value < picker->edge.value ? -1 : 1;
	return picker_compare_behind(picker, pick.node, picker->edge.node);
}

#endif
