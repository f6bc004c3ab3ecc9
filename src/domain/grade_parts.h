/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of grade.h: the passes of one grading, in their order, each over all
 * nodes in `threads` parts.
 */
#ifndef JW_DOMAIN_GRADE_PARTS_H
#define JW_DOMAIN_GRADE_PARTS_H

#include "domain/grade.h"

/* Rule 7: the quotas in file order. ERR_NOMEM. */
int grade_quotas(struct graded *graded, unsigned threads);

/* Rule 8. ERR_NOMEM. */
int grade_ranks(struct graded *graded, unsigned threads);

/* Rule 9. ERR_NOMEM. */
int grade_stars(struct graded *graded, unsigned threads);

/* scope_group for a pass over all nodes. */
struct grouping {
	const uint32_t *ancestor;	/* NULL: all */
	const uint8_t *category;	/* NULL: not by category */
	uint32_t n_categories;
	size_t groups;
};

struct grouping grouping_of(const struct graded *graded, const struct scope *scope);

static inline size_t group_of(const struct grouping *g, uint32_t node)
{
	size_t group = g->ancestor ? g->ancestor[node] : 0;
	return g->category ? group * g->n_categories + g->category[node] : group;
}

/* The k highest (or lowest) of each group, kept in heaps while passing over
 * all nodes: the worst of the kept ones is on top. */
struct pick {
	uint64_t key;
	uint32_t node;
};

struct picks {
	const struct graded *graded;
	bool lowest;		/* keep the lowest; else the highest */
	size_t groups;
	size_t *first;		/* [groups + 1]: a group's place in `at` */
	uint32_t *n;		/* kept so far */
	struct pick *at;
	bool failed;		/* a comparison had no memory */
};

/* Room for first[g + 1] - first[g] picks of each group; borrows `first`. */
int picks_init(struct picks *picks, const struct graded *graded, bool lowest, size_t groups,
	       size_t *first);
void picks_done(struct picks *picks);
void picks_offer(struct picks *picks, size_t group, uint32_t node);
/* Takes all of `other` over. */
void picks_merge(struct picks *picks, const struct picks *other);
/* The last one that is still kept; the group must have some. */
static inline uint32_t picks_last(const struct picks *picks, size_t group)
{
	return picks->at[picks->first[group]].node;
}

#endif
