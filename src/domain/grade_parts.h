/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of grade.h: the passes of one grading, in their order, each over all
 * nodes in `threads` parts.
 */
#ifndef JW_DOMAIN_GRADE_PARTS_H
#define JW_DOMAIN_GRADE_PARTS_H

#include "domain/grade.h"

/* Rules 1–6: status, composite, grade by score; deals the graded ones to the
 * ranking's buckets (counts only). ERR_NOMEM. */
int grade_scores(struct graded *graded, unsigned threads);

/* Rule 7: the quotas in file order. ERR_NOMEM. */
int grade_quotas(struct graded *graded, unsigned threads);

/* Rule 8, after grade_scores. ERR_NOMEM. */
int grade_ranks(struct graded *graded, unsigned threads);

/* Rule 9. ERR_NOMEM. */
int grade_stars(struct graded *graded, unsigned threads);

/* A scope's groups, numbered for a pass over all nodes. */
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

/*
 * The ranking deals all graded organisations into buckets: a group, and in
 * large groups a narrow range of keys; each bucket fits the cache and is sorted
 * by itself. The layout depends on the groups' sizes only and is kept.
 */
struct rank_record;

struct ranking {
	struct scope scope;	/* the layout's */
	int n_categories;
	unsigned threads;
	struct grouping grouping;
	uint8_t *bits;		/* [groups]: a group has 2^bits buckets */
	uint32_t *first_bucket;	/* [groups + 1] */
	uint32_t *group_of_bucket;
	size_t buckets;
	uint32_t *place;	/* [threads][buckets]: counts, then where to write */
	uint32_t *start;	/* [buckets + 1] */
	struct rank_record *records;
	size_t records_size;
};

/* Makes graded->ranking fit the scheme, with all counts 0. ERR_NOMEM. */
int ranking_prepare(struct graded *graded, unsigned threads);
void ranking_free(struct ranking *ranking);

static inline size_t ranking_bucket(const struct ranking *ranking, uint32_t node, uint64_t key)
{
	size_t group = group_of(&ranking->grouping, node);
	unsigned bits = ranking->bits[group];
	uint32_t low = bits ? (uint32_t)(key >> (64 - bits)) : 0;
	return ranking->first_bucket[group] + ((1u << bits) - 1 - low);
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
void picks_offer_slow(struct picks *picks, size_t group, uint32_t node);
static inline void picks_offer(struct picks *picks, size_t group, uint32_t node)
{
	size_t room = picks->first[group + 1] - picks->first[group];
	uint64_t key = picks->graded->key[node] >> 1;
	uint64_t top = picks->n[group] == room && room ? picks->at[picks->first[group]].key >> 1 : 0;
	/* Most are plainly no better than the worst that is kept. */
	if (picks->n[group] < room || (room && (picks->lowest ? key <= top : key >= top)))
		picks_offer_slow(picks, group, node);
}
/* Takes all of `other` over. */
void picks_merge(struct picks *picks, const struct picks *other);
/* The last one that is still kept; the group must have some. */
static inline uint32_t picks_last(const struct picks *picks, size_t group)
{
	return picks->at[picks->first[group]].node;
}

#endif
