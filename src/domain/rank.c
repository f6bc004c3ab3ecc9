/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule 8: ranks. All graded organisations are dealt into buckets (a group, and
 * in large groups a narrow range of keys) that fit the cache; each bucket is
 * sorted by itself.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/grade_parts.h"

enum {
	BUCKET_GOAL = 4096,	/* records a bucket should have */
	BUCKET_BITS_MAX = 20,
	SMALL = 16,		/* sorted by insertion */
	SPREAD_MAX = 4096,	/* places of one distribution step */
};

struct record {
	uint64_t key;		/* composite */
	uint64_t tie;		/* first tie-breaker */
	uint32_t node;
};

struct rank_run {
	struct graded *graded;
	unsigned threads;
	struct grouping grouping;
	uint32_t *group_count;	/* [threads][groups] */
	uint8_t *bits;		/* [groups]: a group has 2^bits buckets */
	uint32_t *first_bucket;	/* [groups + 1] */
	uint32_t *group_of_bucket;
	size_t buckets;
	uint32_t *place;	/* [buckets][threads]: count, then where to write */
	uint32_t *start;	/* [buckets + 1] */
	struct record *records;
	atomic_size_t next;
	atomic_int error;
};

static inline size_t bucket_of(const struct rank_run *run, size_t group, uint64_t key)
{
	unsigned bits = run->bits[group];
	uint32_t low = bits ? (uint32_t)(key >> (64 - bits)) : 0;
	return run->first_bucket[group] + ((1u << bits) - 1 - low);
}

static void count_groups_part(void *arg, unsigned part)
{
	struct rank_run *run = arg;
	const struct graded *g = run->graded;
	uint32_t *count = run->group_count + part * run->grouping.groups;
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, run->threads);
	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, run->threads); i < end; i++)
		if (g->status[i] == STATUS_GRADED)
			count[group_of(&run->grouping, i)]++;
}

static void count_buckets_part(void *arg, unsigned part)
{
	struct rank_run *run = arg;
	const struct graded *g = run->graded;
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, run->threads);
	uint32_t *count = run->place + part * run->buckets;
	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, run->threads); i < end; i++)
		if (g->status[i] == STATUS_GRADED)
			count[bucket_of(run, group_of(&run->grouping, i), g->key[i])]++;
}

static void deal_part(void *arg, unsigned part)
{
	struct rank_run *run = arg;
	const struct graded *g = run->graded;
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, run->threads);
	uint32_t *place = run->place + part * run->buckets;
	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, run->threads); i < end; i++) {
		if (g->status[i] != STATUS_GRADED) {
			g->rank[i] = 0;
			continue;
		}
		size_t bucket = bucket_of(run, group_of(&run->grouping, i), g->key[i]);
		run->records[place[bucket]++] = (struct record){
			.key = g->key[i],
			.tie = g->compose.n_ties ?
				       compose_tie_key(&g->compose, i, g->compose.ties[0]) : 0,
			.node = i,
		};
	}
}

/* --- sorting one bucket --- */

static inline uint64_t value_of(const struct record *r, bool by_tie)
{
	return (by_tie ? r->tie : r->key) >> 1;
}

static void insertion_sort(struct record *a, size_t n, bool by_tie)
{
	for (size_t i = 1; i < n; i++) {
		struct record moved = a[i];
		uint64_t v = value_of(&moved, by_tie);
		size_t j = i;
		for (; j && value_of(&a[j - 1], by_tie) < v; j--)
			a[j] = a[j - 1];
		a[j] = moved;
	}
}

/* Descending. Values are spread evenly over about n/2 places between the
 * lowest and the highest, then each place is sorted in the same way. */
static void spread_sort(struct record *a, struct record *scratch, size_t n, bool by_tie)
{
	if (n <= SMALL) {
		insertion_sort(a, n, by_tie);
		return;
	}
	uint64_t min = UINT64_MAX, max = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = value_of(&a[i], by_tie);
		min = v < min ? v : min;
		max = v > max ? v : max;
	}
	if (min == max)
		return;
	uint32_t count[SPREAD_MAX + 1];
	size_t places = 8;
	while (places < n / 2 && places < SPREAD_MAX)
		places *= 2;
	unsigned shift = 0;
	while ((max - min) >> shift >= places)
		shift++;
	places = ((max - min) >> shift) + 1;
	memset(count, 0, (places + 1) * sizeof(*count));
	for (size_t i = 0; i < n; i++)
		count[((max - value_of(&a[i], by_tie)) >> shift) + 1]++;
	for (size_t p = 1; p <= places; p++)
		count[p] += count[p - 1];
	for (size_t i = 0; i < n; i++)
		scratch[count[(max - value_of(&a[i], by_tie)) >> shift]++] = a[i];
	memcpy(a, scratch, n * sizeof(*a));
	size_t begin = 0;
	for (size_t p = 0; p < places; p++) {
		size_t end = count[p];	/* now where the next place begins */
		if (end - begin > 1)
			spread_sort(a + begin, scratch, end - begin, by_tie);
		begin = end;
	}
}

struct exact {
	const struct graded *graded;
	bool failed;
};

static int exact_order(const void *a, const void *b, void *arg)
{
	struct exact *e = arg;
	uint32_t na = ((const struct record *)a)->node, nb = ((const struct record *)b)->node;
	return compose_compare(&e->graded->compose, nb, na, &e->failed);
}

/* Puts records with equal keys in order by what lies behind the keys. */
static void settle_equals(struct exact *e, struct record *a, struct record *scratch, size_t n)
{
	bool coarse = e->graded->compose.n_ties > 1;
	for (size_t i = 0; i < n; i++)
		coarse |= (a[i].key | a[i].tie) & 1;
	if (coarse)
		qsort_r(a, n, sizeof(*a), exact_order, e);
	else if (e->graded->compose.n_ties)
		spread_sort(a, scratch, n, true);
}

static bool equal(struct exact *e, const struct record *a, const struct record *b)
{
	if (a->key >> 1 != b->key >> 1)
		return false;
	if (((a->key | b->key | a->tie | b->tie) & 1) || e->graded->compose.n_ties > 1)
		return compose_compare(&e->graded->compose, a->node, b->node, &e->failed) == 0;
	return a->tie == b->tie;
}

static void sort_bucket(struct rank_run *run, struct exact *e, size_t bucket,
			struct record *scratch)
{
	struct record *a = run->records + run->start[bucket];
	size_t n = run->start[bucket + 1] - run->start[bucket];
	uint32_t before = run->start[bucket] -
			  run->start[run->first_bucket[run->group_of_bucket[bucket]]];

	spread_sort(a, scratch, n, false);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && a[j].key >> 1 == a[i].key >> 1;)
			j++;
		if (j - i > 1)
			settle_equals(e, a + i, scratch, j - i);
	}
	uint32_t rank = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || !equal(e, &a[i - 1], &a[i]))
			rank = before + (uint32_t)i + 1;
		run->graded->rank[a[i].node] = rank;
	}
}

static void sort_part(void *arg, unsigned part)
{
	struct rank_run *run = arg;
	struct exact e = {.graded = run->graded};
	struct record *scratch = NULL;
	size_t room = 0;
	(void)part;
	for (;;) {
		size_t bucket = atomic_fetch_add(&run->next, 1);
		if (bucket >= run->buckets)
			break;
		size_t n = run->start[bucket + 1] - run->start[bucket];
		if (!n)
			continue;
		if (n > room) {
			free(scratch);
			room = n > BUCKET_GOAL * 2 ? n : BUCKET_GOAL * 2;
			scratch = malloc(room * sizeof(*scratch));
			if (!scratch) {
				atomic_store(&run->error, ERR_NOMEM);
				return;
			}
		}
		sort_bucket(run, &e, bucket, scratch);
	}
	free(scratch);
	if (e.failed)
		atomic_store(&run->error, ERR_NOMEM);
}

/* --- laying out the buckets --- */

static int lay_out(struct rank_run *run)
{
	size_t groups = run->grouping.groups, buckets = 0;
	for (size_t group = 0; group < groups; group++) {
		uint32_t count = 0;
		for (unsigned t = 0; t < run->threads; t++)
			count += run->group_count[t * groups + group];
		unsigned bits = 0;
		while (bits < BUCKET_BITS_MAX && count >> bits > BUCKET_GOAL / 2)
			bits++;
		/* Scores huddle together: a quarter of the range holds most. */
		run->bits[group] = (uint8_t)(bits ? bits + 1 : 0);
		run->first_bucket[group] = (uint32_t)buckets;
		buckets += (size_t)1 << run->bits[group];
		if (buckets > UINT32_MAX)
			return ERR_LIMIT;
	}
	run->first_bucket[groups] = (uint32_t)buckets;
	run->buckets = buckets;
	run->place = calloc(buckets * run->threads, sizeof(*run->place));
	run->start = malloc((buckets + 1) * sizeof(*run->start));
	run->group_of_bucket = malloc(buckets * sizeof(*run->group_of_bucket));
	if (!run->place || !run->start || !run->group_of_bucket)
		return ERR_NOMEM;
	for (size_t group = 0; group < groups; group++)
		for (uint32_t b = run->first_bucket[group]; b < run->first_bucket[group + 1]; b++)
			run->group_of_bucket[b] = (uint32_t)group;
	return 0;
}

/* From counts to the places where each thread writes. */
static void place_buckets(struct rank_run *run)
{
	uint32_t sum = 0;
	for (size_t bucket = 0; bucket < run->buckets; bucket++) {
		run->start[bucket] = sum;
		for (unsigned t = 0; t < run->threads; t++) {
			uint32_t *at = &run->place[t * run->buckets + bucket];
			uint32_t count = *at;
			*at = sum;
			sum += count;
		}
	}
	run->start[run->buckets] = sum;
}

int grade_ranks(struct graded *g, unsigned threads)
{
	struct rank_run run = {
		.graded = g,
		.threads = threads,
		.grouping = grouping_of(g, &g->scheme->ranking),
	};
	size_t groups = run.grouping.groups;
	size_t size = (size_t)(g->n_graded ? g->n_graded : 1) * sizeof(*run.records);
	int r = 0;

	run.group_count = calloc(groups * threads, sizeof(*run.group_count));
	run.bits = malloc(groups);
	run.first_bucket = malloc((groups + 1) * sizeof(*run.first_bucket));
	run.records = big_zalloc(size);
	if (!run.group_count || !run.bits || !run.first_bucket || !run.records)
		r = ERR_NOMEM;
	if (r == 0) {
		par_run(threads, count_groups_part, &run);
		r = lay_out(&run);
	}
	if (r == 0) {
		par_run(threads, count_buckets_part, &run);
		place_buckets(&run);
		par_run(threads, deal_part, &run);
		par_run(threads, sort_part, &run);
		r = atomic_load(&run.error);
	}
	free(run.group_count);
	free(run.bits);
	free(run.first_bucket);
	free(run.group_of_bucket);
	free(run.place);
	free(run.start);
	big_free(run.records, size);
	return r;
}
