/* SPDX-License-Identifier: Apache-2.0 */
#include "import/ballots_single.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/org_runs.h"

enum {
	BATCH = 64,		/* rows whose runs are fetched before they are found */
	VOTE_SLOTS = 128,
	VOTE_MIN = 8,		/* bytes of "voters,option" */
	TRIES = 1000,		/* multipliers for a table without collisions */
	AHEAD = 32,		/* ballots of a pile: fetched before they are put there */
	PILES = 64,		/* parts of the tally, each of which fits the cache */
	PILE_BALLOTS = 1 << 16,	/* of a pile: enough to meet each line of its part often */
};

/* "voters,option" by its first and last eight bytes. */
struct vote {
	uint64_t head, tail;
	uint32_t len;		/* 0: free */
	int32_t cell;
};

/* Ballots that wait, by the part of the tally they belong to: their places in it. A
 * thread's own. */
struct piles {
	uint32_t n[PILES];
	uint32_t (*at)[PILE_BALLOTS];
};

struct singles {
	struct grade_reader *reader;
	struct org_runs runs;
	uint64_t multiplier;
	struct vote votes[VOTE_SLOTS];
	unsigned threads;
	unsigned pile_shift;		/* a node's pile: node >> pile_shift */
	size_t stride, size;		/* bytes of the tally */
	uint8_t *tally;			/* [node][cell] */
	pthread_mutex_t lock[PILES];	/* of that part of it */
	struct piles piles[PAR_THREADS_MAX];
	atomic_int error;
};

/* A row between the two rounds of a batch. */
struct ballot {
	struct org_run_key key;
	uint32_t row;
	int32_t cell;
};

static inline uint64_t load_word(const char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof(word));
	return word;
}

static inline struct vote *vote_slot(struct singles *s, uint64_t head, uint64_t tail)
{
	return &s->votes[(head + (tail << 7 | tail >> 57)) * s->multiplier >> 57];
}
_Static_assert(VOTE_SLOTS == 1 << (64 - 57), "a hash names every place");

/* Puts the words where no two fall on one place; false with this multiplier. */
static bool place_votes(struct singles *s, const struct words *words)
{
	memset(s->votes, 0, sizeof(s->votes));
	for (size_t i = 0; i < WORD_SLOTS; i++) {
		const struct word *w = &words->slots[i];
		if (!w->value || w->len < VOTE_MIN)
			continue;
		char text[WORD_MAX];
		memcpy(text, w->part, WORD_MAX);
		struct vote vote = {load_word(text), load_word(text + w->len - 8), w->len, w->value - 1};
		struct vote *at = vote_slot(s, vote.head, vote.tail);
		/* The same words may stand there twice, an id that is its own label. */
		if (at->len && (at->head != vote.head || at->tail != vote.tail || at->len != vote.len))
			return false;
		if (!at->len)
			*at = vote;
	}
	return true;
}

static bool learn_votes(struct singles *s, const struct words *words)
{
	s->multiplier = 0x9E3779B97F4A7C15u;
	for (int i = 0; i < TRIES; i++) {
		if (place_votes(s, words))
			return true;
		s->multiplier = s->multiplier * 0xD6E8FEB86659FD93u | 1;
	}
	return false;
}

int singles_new(struct singles **ret_singles, struct grade_reader *reader, const struct words *votes,
		unsigned threads)
{
	const struct book *book = reader->book;
	const struct orgs *orgs = reader->orgs;
	*ret_singles = NULL;
	if (reader->column[BALLOTS_COUNT] != COLUMN_NONE || book->votes || !orgs->n ||
	    reader->column[BALLOTS_OPTION] != reader->column[BALLOTS_VOTERS] + 1)
		return 0;
	struct singles *s = calloc(1, sizeof(*s));
	if (!s)
		return ERR_NOMEM;
	for (int i = 0; i < PILES; i++)
		pthread_mutex_init(&s->lock[i], NULL);
	s->reader = reader;
	s->threads = threads;
	s->stride = (size_t)book->stride;
	s->size = s->stride * orgs->n;
	while ((orgs->n - 1) >> s->pile_shift >= PILES)
		s->pile_shift++;
	int r = org_runs_init(&s->runs, orgs, reader->scheme->graded);
	/* Few in runs: a batch of look-ups does better than one by one. */
	if (r < 0 || s->runs.nodes < orgs->n / 10 * 9 || !learn_votes(s, votes)) {
		singles_free(s);
		return r;
	}
	s->tally = big_zalloc(s->size);
	bool ok = s->tally != NULL;
	/* Pages of piles that are never touched cost nothing. */
	for (unsigned i = 0; i < threads && ok; i++)
		ok = (s->piles[i].at = big_zalloc(PILES * sizeof(*s->piles->at))) != NULL;
	if (!ok) {
		singles_free(s);
		return ERR_NOMEM;
	}
	*ret_singles = s;
	return 0;
}

void singles_free(struct singles *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < s->threads; i++)
		big_free(s->piles[i].at, PILES * sizeof(*s->piles->at));
	big_free(s->tally, s->size);
	for (int i = 0; i < PILES; i++)
		pthread_mutex_destroy(&s->lock[i]);
	org_runs_done(&s->runs);
	free(s);
}

/* Counts the ballots of a pile. A byte that is full goes to the book. */
static int count_pile(struct singles *s, struct piles *piles, size_t pile)
{
	const uint32_t *at = piles->at[pile];
	size_t first = pile << s->pile_shift, n = piles->n[pile];
	uint8_t *tally = s->tally + first * s->stride;
	int r = 0;
	pthread_mutex_lock(&s->lock[pile]);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (++tally[at[i]])
			continue;
		r = book_vote_cell(s->reader->book, (uint32_t)(first + at[i] / s->stride),
				   (int)(at[i] % s->stride), UINT8_MAX + 1);
	}
	pthread_mutex_unlock(&s->lock[pile]);
	piles->n[pile] = 0;
	return r;
}

static inline int put_ballot(struct singles *s, struct piles *piles, uint32_t node, int32_t cell)
{
	uint32_t pile = node >> s->pile_shift, in_pile = node & (((uint32_t)1 << s->pile_shift) - 1);
	uint32_t n = piles->n[pile]++;
	__builtin_prefetch(&piles->at[pile][n] + AHEAD, 1);
	piles->at[pile][n] = in_pile * (uint32_t)s->stride + (uint32_t)cell;
	return n + 1 < PILE_BALLOTS ? 0 : count_pile(s, piles, pile);
}

/* A ballot's cell of the tally, or -1: it needs a closer look. */
static inline int32_t vote_cell(struct singles *s, const char *vote, size_t len)
{
	if (len - VOTE_MIN > WORD_MAX - VOTE_MIN)
		return -1;
	uint64_t head = load_word(vote), tail = load_word(vote + len - 8);
	const struct vote *at = vote_slot(s, head, tail);
	return at->head == head && at->tail == tail && at->len == len ? at->cell : -1;
}

/* Rows `first` to `end` - 1, BATCH at most. */
static int singles_batch(struct singles *s, struct piles *piles, const struct csv_block *block,
			 size_t first, size_t end)
{
	const int org = s->reader->column[BALLOTS_ORG], voters = s->reader->column[BALLOTS_VOTERS];
	const uint32_t *mark = block->marks + first * (size_t)block->columns;
	struct ballot ballots[BATCH];
	size_t n = 0;
	int r = 0;
	for (size_t row = first; row < end && r == 0; row++, mark += block->columns) {
		struct ballot *b = &ballots[n];
		b->row = (uint32_t)row;
		b->cell = vote_cell(s, block->data + mark[voters] + 1, mark[voters + 2] - mark[voters] - 1);
		if (b->cell < 0 || !org_run_key(block->data + mark[org] + 1,
						mark[org + 1] - mark[org] - 1, &b->key)) {
			r = grade_fast_row(s->reader, block, row);
			continue;
		}
		org_runs_fetch(&s->runs, &b->key);
		n++;
	}
	for (size_t i = 0; i < n && r == 0; i++) {
		const struct ballot *b = &ballots[i];
		uint32_t node = org_runs_find(&s->runs, &b->key);
		r = node == ORG_NONE ? grade_fast_row(s->reader, block, b->row) :
				       put_ballot(s, piles, node, b->cell);
	}
	return r;
}

int singles_block(struct singles *s, unsigned part, const struct csv_block *block)
{
	int r = 0;
	for (size_t first = 0; first < block->n && r == 0; first += BATCH) {
		size_t end = block->n - first < BATCH ? block->n : first + BATCH;
		r = singles_batch(s, &s->piles[part], block, first, end);
	}
	return r;
}

/* What waits in one pile of all threads, and its part of the tally. */
static void count_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct singles *s = arg;
	struct book *book = s->reader->book;
	(void)part;
	for (size_t pile = begin; pile < end; pile++) {
		int r = 0;
		for (unsigned t = 0; t < s->threads && r == 0; t++)
			r = count_pile(s, &s->piles[t], pile);
		size_t stop = (pile + 1) << s->pile_shift;
		stop = stop < book->orgs->n ? stop : book->orgs->n;
		for (size_t i = pile << s->pile_shift; i < stop && r == 0; i++) {
			struct book_votes votes = {0};
			memcpy(&votes.at[ORG_TALLY_AT % sizeof(votes.at)], s->tally + i * s->stride,
			       s->stride);
			r = book_add_votes(book, (uint32_t)i, &votes);
		}
		if (r < 0)
			atomic_store(&s->error, r);
	}
}

int singles_count(struct singles *s)
{
	par_each(s->threads, PILES, 1, count_part, s);
	return atomic_load(&s->error);
}
