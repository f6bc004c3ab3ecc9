/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 8: ranks, bucket by bucket (struct ranking). */
#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/grade_parts.h"

enum {
	BUCKET_GOAL = 16384, /* records a bucket should have */
	BUCKET_BITS_MAX = 20,
	BUCKETS_AT_ONCE = 16, /* that a thread takes */
	CHUNK_BITS_MIN = 2,   /* one cache line */
	CHUNK_BITS_MAX = 8,
	AHEAD = 32,        /* ranks that are fetched before they are written */
	SMALL = 16,        /* sorted by insertion */
	SPREAD_MAX = 4096, /* places of one distribution step */
	PLACE_BITS = 14,   /* of the places of a bucket's first step */
};

struct rank_run {
	struct graded *graded;
	struct ranking *ranking;
	atomic_size_t next;
	atomic_int error;
};

/* What a thread needs to sort a bucket. */
struct sorter {
	const struct graded *graded;
	struct rank_record *records, *scratch;	/* room for one bucket each */
	size_t room;
	bool failed;				/* a comparison had no memory */
};

/* --- sorting one bucket --- */

static inline uint64_t value_of(const struct rank_record *r, bool by_tie)
{
	return by_tie ? r->tie : r->key;
}

static void spread(struct rank_record *to, struct rank_record *from, size_t n, bool by_tie);

/* Spreads what stands in large places further. Each count is where the next
 * place begins. */
static void spread_large(struct rank_record *to, struct rank_record *scratch, const uint32_t *count,
			 size_t places, bool by_tie)
{
	for (size_t p = 0, begin = 0; p < places; begin = count[p++]) {
		size_t more = count[p] - begin;
		if (more <= SMALL)
			continue;
		memcpy(scratch + begin, to + begin, more * sizeof(*to));
		spread(to + begin, scratch + begin, more, by_tie);
	}
}

static void sum_up(uint32_t *count, size_t places)
{
	for (size_t p = 1; p <= places; p++)
		count[p] += count[p - 1];
}

/* Moves n records from `from`, whose contents become void, to `to`, descending
 * by key and then tie, but for places of up to SMALL records: those lie between
 * their neighbours in no order. Values are spread evenly over about n places
 * between the lowest and the highest, then large places in the same way. */
static void spread(struct rank_record *to, struct rank_record *from, size_t n, bool by_tie)
{
	uint32_t count[SPREAD_MAX + 1];
	uint64_t min = UINT64_MAX, max = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = value_of(&from[i], by_tie);
		min = v < min ? v : min;
		max = v > max ? v : max;
	}
	if (n <= SMALL || (min == max && by_tie)) {
		memcpy(to, from, n * sizeof(*to));
		return;
	}
	if (min == max) {
		spread(to, from, n, true);
		return;
	}
	size_t places = 8;
	while (places < n && places < SPREAD_MAX)
		places *= 2;
	unsigned shift = 0;
	if ((max - min) / places)
		shift = 64 - (unsigned)__builtin_clzll((max - min) / places);
	places = ((max - min) >> shift) + 1;
	memset(count, 0, (places + 1) * sizeof(*count));
	for (size_t i = 0; i < n; i++)
		count[((max - value_of(&from[i], by_tie)) >> shift) + 1]++;
	sum_up(count, places);
	for (size_t i = 0; i < n; i++)
		to[count[(max - value_of(&from[i], by_tie)) >> shift]++] = from[i];
	spread_large(to, from, count, places, by_tie);
}

static inline bool stands_above(const struct rank_record *a, const struct rank_record *b)
{
	/* As one number: two comparisons would be two guesses. */
	return ((u128)a->key << 64 | a->tie) > ((u128)b->key << 64 | b->tie);
}

/* Puts what spread() left near its place into it. */
static void settle_places(struct rank_record *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (!stands_above(&a[i], &a[i - 1]))
			continue;
		struct rank_record moved = a[i];
		size_t j = i;
		do
			a[j] = a[j - 1];
		while (--j && stands_above(&moved, &a[j - 1]));
		a[j] = moved;
	}
}

static int exact_order(const void *a, const void *b, void *arg)
{
	struct sorter *s = arg;
	uint32_t na = ((const struct rank_record *)a)->node, nb = ((const struct rank_record *)b)->node;
	return compose_compare(&s->graded->compose, nb, na, &s->failed);
}

/* Whether keys and ties alone decide between records with equal keys. */
static bool ties_suffice(const struct graded *g, const struct rank_record *a, size_t n)
{
	uint64_t coarse = g->compose.n_ties > 1;
	for (size_t i = 0; i < n; i++)
		coarse |= a[i].key | a[i].tie;
	return !(coarse & 1);
}

/* Where keys or ties do not suffice, records with equal keys are compared by
 * what lies behind them. Equal ones get the same tie, others different ones. */
static void settle_exactly(struct sorter *s, struct rank_record *a, size_t n)
{
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && a[j].key >> 1 == a[i].key >> 1;)
			j++;
		if (j - i == 1 || ties_suffice(s->graded, a + i, j - i))
			continue;
		qsort_r(a + i, j - i, sizeof(*a), exact_order, s);
		uint32_t tie = 0;
		for (size_t k = i + 1; k < j; k++) {
			tie += compose_compare(&s->graded->compose, a[k - 1].node, a[k].node, &s->failed) != 0;
			a[k].tie = tie;
			a[k].key = a[i].key;
		}
		a[i].tie = 0;
	}
}

/* A way through a bucket's records: thread by thread, chunk by chunk. */
struct walk {
	const struct ranking *ranking;
	size_t bucket;
	unsigned thread;	/* the next one */
	uint32_t chunk, left;	/* of the thread before it */
	const struct rank_record *at;
	const struct rank_record *ahead;	/* the chunk that follows, to be fetched */
	uint32_t n;		/* records at `at` */
};

static bool walk_on(struct walk *w)
{
	const struct ranking *ranking = w->ranking;
	while (!w->left) {
		if (w->thread == ranking->threads)
			return false;
		const struct rank_place *place = &ranking->place[w->thread++ * ranking->buckets + w->bucket];
		w->left = place->n;
		w->chunk = place->first;
	}
	w->at = ranking->records + ((size_t)w->chunk << ranking->chunk_bits);
	w->n = w->left >> ranking->chunk_bits ? 1u << ranking->chunk_bits : w->left;
	w->left -= w->n;
	w->chunk = ranking->following[w->chunk];
	w->ahead = ranking->records + ((size_t)w->chunk << ranking->chunk_bits);
	return true;
}

/* Moves a bucket's n records to s->records as spread() does. Where the group has
 * several buckets, the highest bits of all keys are the same, and the next ones
 * tell the places. */
static void spread_bucket(struct sorter *s, const struct ranking *ranking, size_t bucket, size_t n)
{
	unsigned bits = ranking->bits[ranking->group_of_bucket[bucket]], place_bits = 3;
	struct walk walk = {.ranking = ranking, .bucket = bucket};
	uint32_t count[(1 << PLACE_BITS) + 1];

	if (!bits || n <= SMALL) {
		for (size_t at = 0; walk_on(&walk); at += walk.n)
			memcpy(s->scratch + at, walk.at, walk.n * sizeof(*walk.at));
		spread(s->records, s->scratch, n, false);
		return;
	}
	while ((size_t)1 << place_bits < n && place_bits < PLACE_BITS)
		place_bits++;
	memset(count, 0, (((size_t)1 << place_bits) + 1) * sizeof(*count));
	while (walk_on(&walk))
		for (uint32_t i = 0; i < walk.n; i++) {
			__builtin_prefetch(&walk.ahead[i]);
			count[(~walk.at[i].key << bits >> (64 - place_bits)) + 1]++;
		}
	sum_up(count, (size_t)1 << place_bits);
	walk = (struct walk){.ranking = ranking, .bucket = bucket};
	while (walk_on(&walk))
		for (uint32_t i = 0; i < walk.n; i++)
			s->records[count[~walk.at[i].key << bits >> (64 - place_bits)]++] = walk.at[i];
	spread_large(s->records, s->scratch, count, (size_t)1 << place_bits, false);
}

static void rank_bucket(struct rank_run *run, struct sorter *s, size_t bucket)
{
	const struct ranking *ranking = run->ranking;
	size_t group = ranking->group_of_bucket[bucket];
	uint32_t before = ranking->start[bucket] - ranking->start[ranking->first_bucket[group]];
	uint32_t *ranks = run->graded->rank;
	struct rank_record *a = s->records;
	size_t n = ranking->start[bucket + 1] - ranking->start[bucket];

	spread_bucket(s, ranking, bucket, n);
	settle_places(a, n);
	if (!ties_suffice(s->graded, a, n))
		settle_exactly(s, a, n);
	uint32_t rank = 0;
	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(&ranks[a[i + AHEAD].node], 1);
		bool same = i && a[i].key == a[i - 1].key && a[i].tie == a[i - 1].tie;
		rank = same ? rank : before + (uint32_t)i + 1;
		ranks[a[i].node] = rank;
	}
}

static bool sorter_room(struct sorter *s, size_t n)
{
	if (n <= s->room)
		return true;
	free(s->records);
	free(s->scratch);
	s->room = n > BUCKET_GOAL * 2 ? n : BUCKET_GOAL * 2;
	s->records = calloc(s->room, sizeof(*s->records));
	s->scratch = calloc(s->room, sizeof(*s->scratch));
	return s->records && s->scratch;
}

static void rank_part(void *arg, unsigned part)
{
	struct rank_run *run = arg;
	const struct ranking *ranking = run->ranking;
	struct sorter s = {.graded = run->graded};
	(void)part;
	for (;;) {
		size_t first = atomic_fetch_add(&run->next, BUCKETS_AT_ONCE);
		if (first >= ranking->buckets)
			break;
		for (size_t b = first; b < first + BUCKETS_AT_ONCE && b < ranking->buckets; b++) {
			size_t n = ranking->start[b + 1] - ranking->start[b];
			if (!n)
				continue;
			if (!sorter_room(&s, n)) {
				atomic_store(&run->error, ERR_NOMEM);
				goto out;
			}
			rank_bucket(run, &s, b);
		}
	}
	if (s.failed)
		atomic_store(&run->error, ERR_NOMEM);
out:
	free(s.records);
	free(s.scratch);
}

/* --- the layout --- */

void ranking_free(struct ranking *ranking)
{
	if (!ranking)
		return;
	free(ranking->bits);
	free(ranking->first_bucket);
	free(ranking->group_of_bucket);
	free(ranking->start);
	free(ranking->place);
	big_free(ranking->following, ranking->following_size);
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
	ranking->start = malloc((buckets + 1) * sizeof(*ranking->start));
	ranking->group_of_bucket = malloc(buckets * sizeof(*ranking->group_of_bucket));
	if (!ranking->start || !ranking->group_of_bucket)
		return ERR_NOMEM;
	for (size_t group = 0; group < groups; group++)
		for (uint32_t b = ranking->first_bucket[group]; b < ranking->first_bucket[group + 1]; b++)
			ranking->group_of_bucket[b] = (uint32_t)group;
	return 0;
}

/* Room for chunks: as large as may be without wasting much in each bucket, of which
 * each thread has one chunk that is not full. */
static int make_chunks(struct ranking *ranking, struct graded *g)
{
	uint32_t nodes = g->orgs->n;
	size_t open = ranking->buckets < nodes ? ranking->buckets : nodes;
	assert(ranking->buckets);
	size_t typical = nodes / ranking->buckets / ranking->threads;
	ranking->chunk_bits = CHUNK_BITS_MIN;
	while (ranking->chunk_bits < CHUNK_BITS_MAX && typical >> ranking->chunk_bits > 1)
		ranking->chunk_bits++;
	uint64_t chunks = 1 + (nodes >> ranking->chunk_bits) + (uint64_t)open * ranking->threads;
	if (chunks << ranking->chunk_bits > UINT32_MAX)
		return ERR_LIMIT;
	/* Pages that are never touched cost nothing. */
	ranking->records_size = (chunks << ranking->chunk_bits) * sizeof(*ranking->records);
	ranking->following_size = chunks * sizeof(*ranking->following);
	if (g->spare && g->spare_size >= ranking->records_size) {
		size_t ranks_size = nodes * sizeof(*g->rank);
		uint32_t *ranks = big_cut(g->spare, g->spare_size, ranking->records_size, ranks_size,
					  &g->spare_size);
		if (ranks) {
			big_free(g->rank, ranks_size);
			g->rank = ranks;
			/* Of the others every rank is set. */
			for (uint32_t i = 0; i < nodes; i++)
				if (g->status[i] != STATUS_GRADED)
					ranks[i] = 0;
		}
		ranking->records = g->spare;
		ranking->records_size = g->spare_size;
		g->spare = NULL;
	} else {
		ranking->records = big_zalloc(ranking->records_size);
	}
	ranking->following = big_zalloc(ranking->following_size);
	ranking->place = malloc(ranking->buckets * ranking->threads * sizeof(*ranking->place));
	return ranking->records && ranking->following && ranking->place ? 0 : ERR_NOMEM;
}

static int make_layout(struct ranking *ranking, struct graded *g)
{
	const struct orgs *orgs = g->orgs;
	size_t groups = ranking->grouping.groups;
	uint32_t *sizes = calloc(groups, sizeof(*sizes));
	int r = sizes ? 0 : ERR_NOMEM;

	ranking->bits = malloc(groups);
	ranking->first_bucket = malloc((groups + 1) * sizeof(*ranking->first_bucket));
	for (uint32_t i = 0; r == 0 && i < orgs->n; i++)
		if (orgs->level[i] == g->scheme->graded && orgs->category[i] != CATEGORY_NONE)
			sizes[group_of(&ranking->grouping, i)]++;
	if (!ranking->bits || !ranking->first_bucket)
		r = ERR_NOMEM;
	if (r == 0)
		r = lay_out(ranking, sizes);
	if (r == 0)
		r = make_chunks(ranking, g);
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

static void empty_buckets(struct ranking *ranking)
{
	memset(ranking->place, 0, ranking->buckets * ranking->threads * sizeof(*ranking->place));
	ranking->next_chunk = 1;
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
	empty_buckets(g->ranking);
	return 0;
}

/* How many records stand in the buckets before each. */
static void count_buckets(struct ranking *ranking)
{
	uint32_t sum = 0;
	for (size_t bucket = 0; bucket < ranking->buckets; bucket++) {
		ranking->start[bucket] = sum;
		for (unsigned t = 0; t < ranking->threads; t++)
			sum += ranking->place[t * ranking->buckets + bucket].n;
	}
	ranking->start[ranking->buckets] = sum;
}

int grade_ranks(struct graded *g, unsigned threads)
{
	struct rank_run run = {.graded = g, .ranking = g->ranking};
	count_buckets(g->ranking);
	par_run(threads, rank_part, &run);
	return atomic_load(&run.error);
}
