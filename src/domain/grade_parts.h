/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of grade.h: the passes of one grading, in their order, each over all
 * nodes in `threads` parts.
 */
#ifndef JW_DOMAIN_GRADE_PARTS_H
#define JW_DOMAIN_GRADE_PARTS_H

#include "base/par.h"
#include "domain/groups.h"

/* Rules 1–4: statuses, and what ballots come to, unless their rules are the same as
 * before. `spent`: the organisations where their numbers of voters may be given back,
 * else NULL. ERR_NOMEM. */
int grade_standing(struct graded *graded, struct orgs *spent, unsigned threads);

/* What the ballots come to, [node][source by ballots]; NULL where some are too many
 * for a figure. */
const struct figure *standing_figures(const struct standing *standing);
void standing_free(struct standing *standing);

/* Rules 5–6, after grade_standing: composite, grade by score; deals the graded ones to
 * the ranking's buckets. A first quota of small groups is settled on the way, group by
 * group; *ret_quotas: how many were. ERR_NOMEM. */
int grade_scores(struct graded *graded, unsigned threads, int *ret_quotas);

/* Rule 7: the quotas in file order, from `first` on. ERR_NOMEM. */
int grade_quotas(struct graded *graded, int first, unsigned threads);

/* One quota: begun, settled group by group by any of the threads, ended. ERR_NOMEM. */
struct quota_run {
	struct graded *graded;
	const struct groups *groups;
	unsigned threads;
	uint64_t at_least_e6;
	uint8_t index;			/* the quota's place in the scheme */
	int grade;
	struct picker pickers[PAR_THREADS_MAX];
};
int quota_begin(struct quota_run *run, struct graded *graded, int index, unsigned threads);
int quota_settle(struct quota_run *run, unsigned part, size_t group);
int quota_end(struct quota_run *run);

/* Rule 8, after grade_scores. ERR_NOMEM. */
int grade_ranks(struct graded *graded, unsigned threads);

/* Rule 9. ERR_NOMEM. */
int grade_stars(struct graded *graded, unsigned threads);

/*
 * The ranking deals all graded organisations into buckets: a group, and in
 * large groups a narrow range of keys; each bucket fits the cache and is sorted
 * by itself. They are dealt while they are scored, each thread into chunks of
 * its own that are linked bucket by bucket. The layout depends on the groups'
 * sizes only and is kept.
 */
struct rank_record {
	uint64_t key;		/* composite (compose.h) */
	uint32_t tie;		/* the first tie-breaker's short form; 0 without ties */
	uint32_t node;
};
_Static_assert(sizeof(struct rank_record) == 16, "four a cache line");

/* One thread's records of one bucket. Chunk 0 is never used. */
struct rank_place {
	uint32_t n;
	uint32_t next;		/* where the next record goes; at a chunk's end: to a new one */
	uint32_t first;		/* chunk */
};

struct ranking {
	struct scope scope;	/* the layout's */
	int n_categories;
	unsigned threads;
	struct grouping grouping;
	uint8_t *bits;		/* [groups]: a group has 2^bits buckets */
	uint32_t *first_bucket;	/* [groups + 1] */
	uint32_t *group_of_bucket;
	size_t buckets;
	uint32_t *start;	/* [buckets + 1]: records before, all threads together */
	struct rank_place *place;	/* [threads][buckets] */
	unsigned chunk_bits;	/* a chunk has 2^chunk_bits records */
	uint32_t *following;	/* [chunks]: the chunk after this one in its bucket */
	uint32_t next_chunk;	/* the first that is not yet used */
	struct rank_record *records;
	size_t records_size, following_size;
};

/* Makes graded->ranking fit the scheme, with all buckets empty. graded->spare may become
 * part of it. ERR_NOMEM. */
int ranking_prepare(struct graded *graded, unsigned threads);
void ranking_free(struct ranking *ranking);

static inline size_t ranking_bucket(const struct ranking *ranking, uint32_t node, uint64_t key)
{
	size_t group = group_of(&ranking->grouping, node);
	unsigned bits = ranking->bits[group];
	uint32_t low = bits ? (uint32_t)(key >> (64 - bits)) : 0;
	return ranking->first_bucket[group] + ((1u << bits) - 1 - low);
}

/* Fetches what ranking_deal will write to. */
static inline void ranking_prefetch(const struct ranking *ranking, unsigned part, size_t bucket)
{
	__builtin_prefetch(&ranking->records[ranking->place[part * ranking->buckets + bucket].next], 1);
}

/* Deals a graded organisation to its bucket, by thread `part`. */
static inline void ranking_deal(struct ranking *ranking, unsigned part, size_t bucket,
				struct rank_record record)
{
	struct rank_place *place = &ranking->place[part * ranking->buckets + bucket];
	uint32_t at = place->next;
	if (!(at & ((1u << ranking->chunk_bits) - 1))) {
		uint32_t chunk = __atomic_fetch_add(&ranking->next_chunk, 1, __ATOMIC_RELAXED);
		if (place->n)
			ranking->following[(at - 1) >> ranking->chunk_bits] = chunk;
		else
			place->first = chunk;
		at = chunk << ranking->chunk_bits;
	}
	ranking->records[at] = record;
	place->next = at + 1;
	place->n++;
}

#endif
