/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/book.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/big.h"
#include "base/par.h"

enum {
	SHARD_BITS = 6,
	SHARD_CAP_MIN = 64,
	RATERS_MISSING = 0xFFFF,	/* some rater's card is incomplete */
};
#define CARD_LOCK 0x80000000u

struct card {
	uint32_t rater;		/* 0: free; the top bit is a lock */
	uint32_t sum_e4;
	uint64_t seen[];
};

/* A first rater's card in one word, where leaves are few and their points small:
 * the rater (0: free) and the leaves in the low bits, the sum in the others. */
enum {
	COMPACT_RATER_BITS = 22,	/* raters with larger numbers never come first */
	COMPACT_LEAVES = 20,
	COMPACT_SUM_BITS = 64 - COMPACT_RATER_BITS - COMPACT_LEAVES,
	POINTS_MAX_E4 = 1000000,	/* 100 points */
};
struct compact {
	uint32_t rater, seen, sum_e4;
};

static inline struct compact compact_load(uint64_t word)
{
	return (struct compact){
		.rater = (uint32_t)(word & (((uint64_t)1 << COMPACT_RATER_BITS) - 1)),
		.seen = (uint32_t)(word >> COMPACT_RATER_BITS & ((1u << COMPACT_LEAVES) - 1)),
		.sum_e4 = (uint32_t)(word >> (COMPACT_RATER_BITS + COMPACT_LEAVES)),
	};
}

static inline uint64_t compact_word(struct compact c)
{
	return c.rater | (uint64_t)c.seen << COMPACT_RATER_BITS |
	       (uint64_t)c.sum_e4 << (COMPACT_RATER_BITS + COMPACT_LEAVES);
}

/* Cards of second and further raters, found by hash. */
struct extra {
	uint64_t place;		/* node * n_cards + card source, plus 1; 0: free */
	uint64_t rater;
	struct card card;
};

struct book_shard {
	pthread_mutex_t lock;
	size_t n, cap;
	char *at;
};

static size_t extra_size(const struct book *book)
{
	return sizeof(struct extra) + (size_t)book->words * sizeof(uint64_t);
}

static void shards_free(struct book *book)
{
	if (!book->shards)
		return;
	for (int i = 0; i < 1 << SHARD_BITS; i++) {
		pthread_mutex_destroy(&book->shards[i].lock);
		free(book->shards[i].at);
	}
	free(book->shards);
	book->shards = NULL;
}

static size_t cards_size(const struct book *book)
{
	return (size_t)book->orgs->n * (size_t)book->n_cards * book->card_size;
}

static size_t votes_size(const struct book *book)
{
	return (size_t)book->orgs->n * (size_t)book->stride * sizeof(uint32_t);
}

int book_clear_scores(struct book *book)
{
	if (book->cards)
		big_free(book->cards, cards_size(book));
	shards_free(book);
	book->cards = big_zalloc(cards_size(book));
	book->shards = calloc((size_t)1 << SHARD_BITS, sizeof(*book->shards));
	if (!book->cards || !book->shards)
		return ERR_NOMEM;
	for (int i = 0; i < 1 << SHARD_BITS; i++)
		pthread_mutex_init(&book->shards[i].lock, NULL);
	return 0;
}

void book_clear_votes(struct book *book)
{
	if (book->votes) {
		memset(book->votes, 0, votes_size(book));
		return;
	}
	if (book->carried)
		memset(book->carry, 0, votes_size(book));
	book->carried = false;
	for (uint32_t i = 0; i < book->orgs->n; i++)
		memset(book->orgs->lines[i].tally, 0, sizeof(book->orgs->lines[i].tally));
}

/* Where no indicator has items, a card is complete if it has these leaves. */
static void need_leaves(struct book *book)
{
	int64_t most = POINTS_MAX_E4;	/* of a source by points */
	const struct scheme *s = book->scheme;
	book->simple = book->words == 1 && !(book->local && book->local->n);
	for (int i = 0; i < s->n_indicators; i++) {
		if (s->indicators[i].n_items)
			book->simple = false;
		for (int c = 0; c < s->n_categories && book->simple; c++)
			if (s->leaves[s->indicators[i].leaf].max_by_category_e4[c] > 0)
				book->need[c] |= (uint64_t)1 << s->indicators[i].leaf;
	}
	int64_t sum = 0;
	for (int i = 0; i < s->n_leaves; i++) {
		int64_t max = s->leaves[i].max_e4;
		for (int c = 0; c < s->n_categories; c++)
			max = s->leaves[i].max_by_category_e4[c] > max ? s->leaves[i].max_by_category_e4[c] : max;
		sum += max;
	}
	most = sum > most ? sum : most;
	book->compact = book->simple && s->n_leaves <= COMPACT_LEAVES && most >> COMPACT_SUM_BITS == 0;
}

int book_init(struct book *book, const struct scheme *scheme, const struct orgs *orgs,
	      const struct local *local)
{
	*book = (struct book){.scheme = scheme, .orgs = orgs, .local = local, .questions = 1};
	for (int i = 0; i < scheme->n_sources; i++)
		book->card_of[i] = scheme->sources[i].by == BY_BALLOTS ? -1 : book->n_cards++;
	int leaves = scheme->n_leaves + (local && local->n ? LOCAL_MAX : 0);
	book->words = leaves ? (leaves + 63) / 64 : 1;
	book->options = scheme->n_options + 1;
	book->stride = book->options * VOTERS_COUNT;
	need_leaves(book);
	book->card_size = book->compact ? sizeof(uint64_t) :
					  sizeof(struct card) + (size_t)book->words * sizeof(uint64_t);
	/* Pages of the carry that are never touched cost nothing. */
	if (book->stride <= ORG_TALLY_MAX && orgs->lines)
		book->carry = big_zalloc(votes_size(book));
	else
		book->votes = big_zalloc(votes_size(book));
	return book->votes || book->carry ? book_clear_scores(book) : ERR_NOMEM;
}

void book_done(struct book *book)
{
	if (!book || !book->orgs)
		return;
	big_free(book->cards, cards_size(book));
	big_free(book->votes, votes_size(book));
	big_free(book->carry, votes_size(book));
	shards_free(book);
	*book = (struct book){0};
}

int64_t book_max_e4(const struct book *book, uint32_t node, int leaf)
{
	const struct scheme *s = book->scheme;
	if (leaf >= s->n_leaves) {
		const struct local_set *set = local_of(book->local, node);
		return set && leaf - s->n_leaves < set->n ? set->at[leaf - s->n_leaves].max_e4 : 0;
	}
	uint8_t c = book->orgs->category[node];
	return c == CATEGORY_NONE ? s->leaves[leaf].max_e4 : s->leaves[leaf].max_by_category_e4[c];
}

static inline bool bit(const uint64_t *set, int i)
{
	return set[i / 64] >> (i % 64) & 1;
}

/* Is an indicator scored both as a whole and by items? */
static bool mixed(const struct book *book, const uint64_t *seen)
{
	const struct scheme *s = book->scheme;
	for (int i = 0; i < s->n_indicators; i++) {
		const struct scheme_indicator *in = &s->indicators[i];
		if (!in->n_items || !bit(seen, in->leaf))
			continue;
		for (int j = 0; j < in->n_items; j++)
			if (bit(seen, in->items[j].leaf))
				return true;
	}
	return false;
}

static int card_merge(const struct book *book, struct card *card, const uint64_t *seen,
		      uint32_t sum_e4)
{
	for (int w = 0; w < book->words; w++)
		if (card->seen[w] & seen[w])
			return BOOK_TWICE;
	for (int w = 0; w < book->words; w++)
		card->seen[w] |= seen[w];
	card->sum_e4 += sum_e4;
	return book->simple || !mixed(book, card->seen) ? 0 : BOOK_MIXED;
}

static size_t extra_hash(uint64_t place, uint64_t rater)
{
	uint64_t h = (place * 0x9E3779B97F4A7C15ull) ^ (rater * 0xD6E8FEB86659FD93ull);
	return (size_t)((h ^ h >> 29) * 0xBF58476D1CE4E5B9ull >> SHARD_BITS);
}

static struct extra *extra_find(const struct book *book, char *at, size_t cap, uint64_t place,
				uint64_t rater)
{
	for (size_t i = extra_hash(place, rater) & (cap - 1);; i = (i + 1) & (cap - 1)) {
		struct extra *e = (struct extra *)(at + i * extra_size(book));
		if (!e->place || (e->place == place && e->rater == rater))
			return e;
	}
}

static int shard_grow(const struct book *book, struct book_shard *shard)
{
	size_t cap = shard->cap ? shard->cap * 2 : SHARD_CAP_MIN, size = extra_size(book);
	char *at = calloc(cap, size);
	if (!at)
		return ERR_NOMEM;
	for (size_t i = 0; i < shard->cap; i++) {
		struct extra *e = (struct extra *)(shard->at + i * size);
		if (e->place)
			memcpy(extra_find(book, at, cap, e->place, e->rater), e, size);
	}
	free(shard->at);
	shard->at = at;
	shard->cap = cap;
	return 0;
}

static int extra_add(struct book *book, uint64_t place, uint32_t rater, const uint64_t *seen,
		     uint32_t sum_e4)
{
	struct book_shard *shard = &book->shards[place & ((1 << SHARD_BITS) - 1)];
	int r = 0;
	pthread_mutex_lock(&shard->lock);
	if (shard->n + 1 > shard->cap / 2)
		r = shard_grow(book, shard);
	if (r == 0) {
		struct extra *e = extra_find(book, shard->at, shard->cap, place, rater);
		if (!e->place) {
			e->place = place;
			e->rater = rater;
			shard->n++;
		}
		r = card_merge(book, &e->card, seen, sum_e4);
	}
	pthread_mutex_unlock(&shard->lock);
	return r;
}

static int compact_add(struct book *book, uint64_t place, uint32_t rater, const uint64_t *seen,
		       uint32_t sum_e4)
{
	uint64_t *word = (uint64_t *)(void *)(book->cards + place * sizeof(uint64_t));
	uint64_t was = __atomic_load_n(word, __ATOMIC_RELAXED), now;
	do {
		struct compact card = compact_load(was);
		if ((card.rater && card.rater != rater) || rater >> COMPACT_RATER_BITS)
			return extra_add(book, place + 1, rater, seen, sum_e4);
		if (card.seen & seen[0])
			return BOOK_TWICE;
		assert((card.sum_e4 + sum_e4) >> COMPACT_SUM_BITS == 0);
		now = compact_word((struct compact){rater, card.seen | (uint32_t)seen[0],
						    card.sum_e4 + sum_e4});
	} while (!__atomic_compare_exchange_n(word, &was, now, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return 0;
}

int book_add(struct book *book, uint32_t node, int source, uint32_t rater, const uint64_t *seen,
	     uint32_t sum_e4)
{
	uint64_t place = (uint64_t)node * (uint64_t)book->n_cards + (uint64_t)book->card_of[source];
	if (book->compact)
		return compact_add(book, place, rater, seen, sum_e4);
	struct card *card = (struct card *)(book->cards + place * book->card_size);
	uint32_t holder = __atomic_load_n(&card->rater, __ATOMIC_RELAXED);

	/* Take the card: free ones become this rater's. */
	do {
		while (holder & CARD_LOCK)
			holder = __atomic_load_n(&card->rater, __ATOMIC_RELAXED);
		if (holder && holder != rater)
			return extra_add(book, place + 1, rater, seen, sum_e4);
	} while (!__atomic_compare_exchange_n(&card->rater, &holder, rater | CARD_LOCK, false,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	int r = card_merge(book, card, seen, sum_e4);
	__atomic_store_n(&card->rater, rater, __ATOMIC_RELEASE);
	return r;
}

/* A first rater's card, wherever it is kept; its leaves are *ret_seen. */
static struct compact first_card(const struct book *book, uint64_t place, const uint64_t **ret_seen,
				 uint64_t *room)
{
	const char *at = book->cards + place * book->card_size;
	if (!book->compact) {
		const struct card *card = (const struct card *)(const void *)at;
		*ret_seen = card->seen;
		return (struct compact){.rater = card->rater, .sum_e4 = card->sum_e4};
	}
	struct compact card = compact_load(*(const uint64_t *)(const void *)at);
	*room = card.seen;
	*ret_seen = room;
	return card;
}

void book_seen(const struct book *book, uint32_t node, int source, uint32_t rater, uint64_t *ret_seen)
{
	uint64_t place = (uint64_t)node * (uint64_t)book->n_cards + (uint64_t)book->card_of[source];
	uint64_t room;
	const uint64_t *seen = NULL;
	if (first_card(book, place, &seen, &room).rater != rater) {
		const struct book_shard *shard = &book->shards[(place + 1) & ((1 << SHARD_BITS) - 1)];
		const struct extra *e =
			shard->cap ? extra_find(book, shard->at, shard->cap, place + 1, rater) : NULL;
		seen = e && e->place ? e->card.seen : NULL;
	}
	for (int w = 0; w < book->words; w++)
		ret_seen[w] = seen ? seen[w] : 0;
}

static bool card_complete(const struct book *book, uint32_t node, int source,
			  const uint64_t *seen)
{
	const struct scheme *s = book->scheme;
	uint8_t c = book->orgs->category[node];

	if (s->sources[source].by == BY_POINTS)
		return true;
	if (book->simple)
		return (seen[0] & book->need[c]) == book->need[c];
	for (int i = 0; i < s->n_indicators; i++) {
		const struct scheme_indicator *in = &s->indicators[i];
		if (s->leaves[in->leaf].max_by_category_e4[c] <= 0 || bit(seen, in->leaf))
			continue;
		/* By items, if any belong to this category. */
		bool by_items = false;
		for (int j = 0; j < in->n_items; j++) {
			if (s->leaves[in->items[j].leaf].max_by_category_e4[c] <= 0)
				continue;
			if (!bit(seen, in->items[j].leaf))
				return false;
			by_items = true;
		}
		if (!by_items)
			return false;
	}
	const struct local_set *set = local_of(book->local, node);
	for (int i = 0; set && i < set->n; i++)
		if (set->at[i].max_e4 > 0 && !bit(seen, s->n_leaves + i))
			return false;
	return true;
}

struct closing {
	struct book *book;
	unsigned threads;
	bool alone;	/* nobody was scored by a second rater */
	int source_of[SCHEME_SOURCES_MAX];	/* the source of a card source */
};

static void close_part(void *arg, unsigned part)
{
	const struct closing *closing = arg;
	const struct book *book = closing->book;
	size_t n = (size_t)book->n_cards;
	uint32_t end = (uint32_t)par_begin(book->orgs->n, part + 1, closing->threads);

	for (uint32_t i = (uint32_t)par_begin(book->orgs->n, part, closing->threads); i < end; i++)
		for (size_t k = 0; k < n; k++) {
			uint64_t room;
			const uint64_t *seen;
			struct compact card = first_card(book, i * n + k, &seen, &room);
			struct figure f = {0};
			if (card.rater && book->orgs->category[i] != CATEGORY_NONE) {
				f.sum_e4 = card.sum_e4;
				f.raters = card_complete(book, i, closing->source_of[k], seen) ?
						   1 : RATERS_MISSING;
				if (closing->alone && f.raters == RATERS_MISSING)
					f = (struct figure){0};
			}
			*book_figure(book, i, (int)k) = f;
		}
}

static int add_extra(struct book *book, const struct closing *closing, const struct extra *e)
{
	uint64_t place = e->place - 1;
	uint32_t node = (uint32_t)(place / (uint64_t)book->n_cards);
	int source = closing->source_of[place % (uint64_t)book->n_cards];
	struct figure *f = book_figure(book, node, (int)(place % (uint64_t)book->n_cards));

	if (book->orgs->category[node] == CATEGORY_NONE || f->raters == RATERS_MISSING)
		return 0;
	if (!card_complete(book, node, source, e->card.seen)) {
		f->raters = RATERS_MISSING;
		return 0;
	}
	if (f->raters == BOOK_RATERS_MAX)
		return ERR_LIMIT;
	f->raters++;
	f->sum_e4 += e->card.sum_e4;
	return 0;
}

static void missing_part(void *arg, unsigned part)
{
	const struct closing *closing = arg;
	const struct book *book = closing->book;
	uint32_t end = (uint32_t)par_begin(book->orgs->n, part + 1, closing->threads);
	for (uint32_t i = (uint32_t)par_begin(book->orgs->n, part, closing->threads); i < end; i++)
		for (int k = 0; k < book->n_cards; k++) {
			struct figure *f = book_figure(book, i, k);
			if (f->raters == RATERS_MISSING)
				*f = (struct figure){0};
		}
}

/* Adds the bytes of `more` to those of the word, all at once; false where one of
 * them would not fit. NOLINTNEXTLINE(readability-non-const-parameter): atomics write it. */
static bool add_bytes(org_line_word_t *word, uint64_t more)
{
	const uint64_t tops = 0x8080808080808080u;
	org_line_word_t was = __atomic_load_n(word, __ATOMIC_RELAXED), sum;
	do {
		sum = ((was & ~tops) + (more & ~tops)) ^ ((was ^ more) & tops);
		if (((was & more) | ((was | more) & ~sum)) & tops)
			return false;
	} while (!__atomic_compare_exchange_n(word, &was, sum, true, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	return true;
}

int book_add_votes(struct book *book, uint32_t node, const struct book_votes *votes)
{
	enum { WORD = sizeof(uint64_t), TALLY = ORG_TALLY_AT % sizeof(votes->at) };
	struct org_line *line = &book->orgs->lines[node];
	for (size_t i = 0; i < sizeof(votes->at); i += WORD) {
		uint64_t more;
		memcpy(&more, votes->at + i, WORD);
		if (!more || add_bytes(org_line_word(line, sizeof(votes->at) + i), more))
			continue;
		for (size_t k = i < TALLY ? TALLY : i; k < i + WORD; k++) {
			int r = book_vote_cell(book, node, (int)(k - TALLY), votes->at[k]);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static void votes_part(void *arg, unsigned part)
{
	const struct closing *closing = arg;
	struct book *book = closing->book;
	size_t stride = (size_t)book->stride;
	uint32_t end = (uint32_t)par_begin(book->orgs->n, part + 1, closing->threads);
	for (uint32_t i = (uint32_t)par_begin(book->orgs->n, part, closing->threads); i < end; i++)
		for (size_t k = 0; k < stride; k++) {
			book->votes[i * stride + k] = book->carry[i * stride + k] << 8 |
						      book->orgs->lines[i].tally[k];
		}
}

int book_finish_votes(struct book *book, unsigned threads)
{
	struct closing closing = {.book = book, .threads = threads};
	if (book->carried) {
		uint32_t *votes = big_zalloc(votes_size(book));
		if (!votes)
			return ERR_NOMEM;
		book->votes = votes;
		par_run(threads, votes_part, &closing);
	}
	book->carried = false;
	big_free(book->carry, votes_size(book));
	book->carry = NULL;
	return 0;
}

void book_drop_cards(struct book *book)
{
	big_free(book->cards, cards_size(book));
	book->cards = NULL;
}

void book_drop_votes(struct book *book)
{
	big_free(book->votes, votes_size(book));
	book->votes = NULL;
}

int book_finish(struct book *book, unsigned threads)
{
	struct closing closing = {.book = book, .threads = threads};
	int r = book_finish_votes(book, threads);

	if (r < 0)
		return r;
	for (int i = 0; i < book->scheme->n_sources; i++)
		if (book->card_of[i] >= 0)
			closing.source_of[book->card_of[i]] = i;
	closing.alone = true;
	for (int i = 0; i < 1 << SHARD_BITS; i++)
		closing.alone = closing.alone && !book->shards[i].cap;
	par_run(threads, close_part, &closing);
	for (int i = 0; r == 0 && i < 1 << SHARD_BITS; i++) {
		struct book_shard *shard = &book->shards[i];
		for (size_t j = 0; r == 0 && j < shard->cap; j++) {
			const struct extra *e =
				(const struct extra *)(shard->at + j * extra_size(book));
			if (e->place)
				r = add_extra(book, &closing, e);
		}
	}
	if (!closing.alone)
		par_run(threads, missing_part, &closing);
	shards_free(book);
	return r;
}
