/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 8: ranks, bucket by bucket (struct ranking). */
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

struct rank_record {
	uint64_t key;		/* composite */
	uint32_t tie;		/* the high half of the first tie-breaker */
	uint32_t node;
};
_Static_assert(sizeof(struct rank_record) == 16, "four a cache line");

struct rank_run {
	struct graded *graded;
	struct ranking *ranking;
	atomic_size_t next;
	atomic_int error;
};

static void deal_part(void *arg, unsigned part)
{
	struct rank_run *run = arg;
	struct ranking *ranking = run->ranking;
	const struct graded *g = run->graded;
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, ranking->threads);
	uint32_t *place = ranking->place + part * ranking->buckets;
	bool ties = g->compose.n_ties != 0;
	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, ranking->threads); i < end; i++) {
		if (g->status[i] != STATUS_GRADED)
			continue;
		ranking->records[place[ranking_bucket(ranking, i, g->key[i])]++] =
			(struct rank_record){g->key[i], ties ? (uint32_t)(g->tie[i] >> 32) : 0, i};
	}
}

/* --- sorting one bucket --- */

static inline uint64_t value_of(const struct rank_record *r, bool by_tie)
{
	return by_tie ? r->tie : r->key >> 1;
}

/* Moves n records from `from` to `to`, descending. */
static inline void insert_sorted(struct rank_record *to, const struct rank_record *from, size_t n,
				 bool by_tie)
{
	for (size_t i = 0; i < n; i++) {
		struct rank_record moved = from[i];
		uint64_t v = value_of(&moved, by_tie);
		size_t j = i;
		for (; j && value_of(&to[j - 1], by_tie) < v; j--)
			to[j] = to[j - 1];
		to[j] = moved;
	}
}

/* Descending. Values are spread evenly over about n/2 places between the
 * lowest and the highest, then each place is sorted in the same way. */
static void spread_sort(struct rank_record *a, struct rank_record *scratch, size_t n, bool by_tie)
{
	uint64_t min = UINT64_MAX, max = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = value_of(&a[i], by_tie);
		min = v < min ? v : min;
		max = v > max ? v : max;
	}
	if (n < 2 || min == max)
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
	size_t begin = 0;
	for (size_t p = 0; p < places; p++) {
		size_t end = count[p];	/* now where the next place begins */
		if (end - begin <= SMALL) {
			insert_sorted(a + begin, scratch + begin, end - begin, by_tie);
		} else {
			memcpy(a + begin, scratch + begin, (end - begin) * sizeof(*a));
			spread_sort(a + begin, scratch + begin, end - begin, by_tie);
		}
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
	uint32_t na = ((const struct rank_record *)a)->node, nb = ((const struct rank_record *)b)->node;
	return compose_compare(&e->graded->compose, nb, na, &e->failed);
}

/* Whether keys and ties alone decide between records with equal keys. */
static bool ties_suffice(const struct graded *g, const struct rank_record *a, size_t n)
{
	if (g->compose.n_ties > 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((a[i].key & 1) || (g->compose.n_ties && (g->tie[a[i].node] & 1)))
			return false;
	return true;
}

/* Descending by the whole tie-breaker. */
static int tie_order(const void *a, const void *b, void *arg)
{
	const struct exact *e = arg;
	uint64_t x = e->graded->tie[((const struct rank_record *)a)->node];
	uint64_t y = e->graded->tie[((const struct rank_record *)b)->node];
	return (x < y) - (x > y);
}

/* Puts records with equal keys in order by what lies behind the keys. */
static void settle_equals(struct exact *e, struct rank_record *a, struct rank_record *scratch,
			  size_t n)
{
	if (!ties_suffice(e->graded, a, n)) {
		qsort_r(a, n, sizeof(*a), exact_order, e);
		return;
	}
	if (!e->graded->compose.n_ties)
		return;
	if (n <= SMALL) {
		struct rank_record copy[SMALL];
		memcpy(copy, a, n * sizeof(*a));
		insert_sorted(a, copy, n, true);
	} else {
		spread_sort(a, scratch, n, true);
	}
	for (size_t i = 0, j; i < n; i = j) {
		bool same = true;
		for (j = i + 1; j < n && a[j].tie == a[i].tie; j++)
			same &= e->graded->tie[a[j].node] == e->graded->tie[a[i].node];
		if (!same)
			qsort_r(a + i, j - i, sizeof(*a), tie_order, e);
	}
}

static bool equal(struct exact *e, const struct rank_record *a, const struct rank_record *b)
{
	const struct graded *g = e->graded;
	const struct rank_record both[] = {*a, *b};
	if (a->key >> 1 != b->key >> 1)
		return false;
	if (!ties_suffice(g, both, 2))
		return compose_compare(&g->compose, a->node, b->node, &e->failed) == 0;
	return !g->compose.n_ties || g->tie[a->node] == g->tie[b->node];
}

static void sort_bucket(struct rank_run *run, struct exact *e, size_t bucket,
			struct rank_record *scratch)
{
	const struct ranking *ranking = run->ranking;
	struct rank_record *a = ranking->records + ranking->start[bucket];
	size_t n = ranking->start[bucket + 1] - ranking->start[bucket];
	size_t group = ranking->group_of_bucket[bucket];
	uint32_t before = ranking->start[bucket] - ranking->start[ranking->first_bucket[group]];

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
	const struct ranking *ranking = run->ranking;
	struct exact e = {.graded = run->graded};
	struct rank_record *scratch = NULL;
	size_t room = 0;
	(void)part;
	for (;;) {
		size_t bucket = atomic_fetch_add(&run->next, 1);
		if (bucket >= ranking->buckets)
			break;
		size_t n = ranking->start[bucket + 1] - ranking->start[bucket];
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

/* --- the layout --- */

void ranking_free(struct ranking *ranking)
{
	if (!ranking)
		return;
	free(ranking->bits);
	free(ranking->first_bucket);
	free(ranking->group_of_bucket);
	free(ranking->place);
	free(ranking->start);
	big_free(ranking->records, ranking->records_size);
	free(ranking);
}

/* Buckets for groups of these sizes. */
static int lay_out(struct ranking *ranking, const uint32_t *sizes)
{
	size_t groups = ranking->grouping.groups, buckets = 0;
	for (size_t group = 0; group < groups; group++) {
		unsigned bits = 0;
		while (bits < BUCKET_BITS_MAX && sizes[group] >> bits > BUCKET_GOAL / 2)
			bits++;
		/* Scores huddle together: a quarter of the range holds most. */
		ranking->bits[group] = (uint8_t)(bits ? bits + 1 : 0);
		ranking->first_bucket[group] = (uint32_t)buckets;
		buckets += (size_t)1 << ranking->bits[group];
		if (buckets > UINT32_MAX)
			return ERR_LIMIT;
	}
	ranking->first_bucket[groups] = (uint32_t)buckets;
	ranking->buckets = buckets;
	ranking->place = malloc(buckets * ranking->threads * sizeof(*ranking->place));
	ranking->start = malloc((buckets + 1) * sizeof(*ranking->start));
	ranking->group_of_bucket = malloc(buckets * sizeof(*ranking->group_of_bucket));
	if (!ranking->place || !ranking->start || !ranking->group_of_bucket)
		return ERR_NOMEM;
	for (size_t group = 0; group < groups; group++)
		for (uint32_t b = ranking->first_bucket[group]; b < ranking->first_bucket[group + 1]; b++)
			ranking->group_of_bucket[b] = (uint32_t)group;
	return 0;
}

static int make_layout(struct ranking *ranking, const struct graded *g)
{
	const struct orgs *orgs = g->orgs;
	size_t groups = ranking->grouping.groups;
	uint32_t *sizes = calloc(groups, sizeof(*sizes));
	uint32_t n = 0;
	int r = sizes ? 0 : ERR_NOMEM;

	ranking->bits = malloc(groups);
	ranking->first_bucket = malloc((groups + 1) * sizeof(*ranking->first_bucket));
	for (uint32_t i = 0; r == 0 && i < orgs->n; i++)
		if (orgs->level[i] == g->scheme->graded && orgs->category[i] != CATEGORY_NONE) {
			sizes[group_of(&ranking->grouping, i)]++;
			n++;
		}
	ranking->records_size = (size_t)(n ? n : 1) * sizeof(*ranking->records);
	ranking->records = big_zalloc(ranking->records_size);
	if (!ranking->bits || !ranking->first_bucket || !ranking->records)
		r = ERR_NOMEM;
	if (r == 0)
		r = lay_out(ranking, sizes);
	free(sizes);
	return r;
}

static bool layout_fits(const struct ranking *ranking, const struct scheme *scheme, unsigned threads)
{
	const struct scope *a = &ranking->scope, *b = &scheme->ranking;
	return a->all == b->all && (a->all || a->level == b->level) &&
	       a->by_category == b->by_category &&
	       ranking->n_categories == scheme->n_categories && ranking->threads == threads;
}

int ranking_prepare(struct graded *g, unsigned threads)
{
	if (g->ranking && !layout_fits(g->ranking, g->scheme, threads)) {
		ranking_free(g->ranking);
		g->ranking = NULL;
	}
	if (!g->ranking) {
		g->ranking = calloc(1, sizeof(*g->ranking));
		if (!g->ranking)
			return ERR_NOMEM;
		g->ranking->scope = g->scheme->ranking;
		g->ranking->n_categories = g->scheme->n_categories;
		g->ranking->threads = threads;
		g->ranking->grouping = grouping_of(g, &g->scheme->ranking);
		int r = make_layout(g->ranking, g);
		if (r < 0) {
			ranking_free(g->ranking);
			g->ranking = NULL;
			return r;
		}
	}
	memset(g->ranking->place, 0,
	       g->ranking->buckets * threads * sizeof(*g->ranking->place));
	return 0;
}

/* From counts to the places where each thread writes. */
static void place_buckets(struct ranking *ranking)
{
	uint32_t sum = 0;
	for (size_t bucket = 0; bucket < ranking->buckets; bucket++) {
		ranking->start[bucket] = sum;
		for (unsigned t = 0; t < ranking->threads; t++) {
			uint32_t *at = &ranking->place[t * ranking->buckets + bucket];
			uint32_t count = *at;
			*at = sum;
			sum += count;
		}
	}
	ranking->start[ranking->buckets] = sum;
}

int grade_ranks(struct graded *g, unsigned threads)
{
	struct rank_run run = {.graded = g, .ranking = g->ranking};
	place_buckets(g->ranking);
	par_run(threads, deal_part, &run);
	par_run(threads, sort_part, &run);
	return atomic_load(&run.error);
}
