/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The score book: what every rater gave every organisation, and the counts of
 * its ballots. It is filled row by row in any order, by several threads at
 * once, and then closed (book_finish) into one figure per organisation and
 * source. The sums are exact; rows are never kept.
 *
 * A *card* is what one rater of one source gave one organisation: the sum of
 * the points and a set of the leaves (indicators or items) seen so far.
 */
#ifndef JW_DOMAIN_BOOK_H
#define JW_DOMAIN_BOOK_H

#include <stdint.h>

#include "base/err.h"
#include "domain/local.h"
#include "domain/org_index.h"
#include "domain/scheme.h"

enum {
	BOOK_LEAVES_MAX = SCHEME_LEAVES_MAX + LOCAL_MAX,
	BOOK_WORDS_MAX = (BOOK_LEAVES_MAX + 63) / 64,
	BOOK_RATERS_MAX = 65534,	/* raters of one source for one organisation */
};
#define BOOK_VOTES_MAX UINT32_MAX	/* ballots of one organisation, class and option */

/* One source's figure: sum of all raters' points (0.0001 point) and how many
 * raters; no raters: the source is missing. */
struct figure {
	uint64_t sum_e4 : 48;
	uint64_t raters : 16;
};
enum { FIGURE_LARGE = 0xFFFF };	/* more than `raters` can say (never of a card) */
_Static_assert(sizeof(struct figure) == 8, "one word a figure");

struct book_shard;

struct book {
	const struct scheme *scheme;	/* borrowed, as the next two */
	const struct orgs *orgs;
	const struct local *local;	/* NULL: none */

	int card_of[SCHEME_SOURCES_MAX];	/* a source's place among those with cards; -1: ballots */
	int n_cards;				/* sources with cards */
	int words;				/* 64-bit words of a card's set */
	bool compact;				/* first raters' cards are one word each */
	size_t card_size;			/* of those */
	char *cards;				/* [node][card source]: first raters' cards */
	struct book_shard *shards;		/* further raters' cards; freed by book_finish */
	bool simple;				/* no items, no local indicators, one word */
	uint64_t need[SCHEME_CATEGORIES_MAX];	/* if simple: leaves a card must have */

	uint32_t questions;			/* answers a ballot gives; 1 unless set after book_init */
	/* The same per organisation where some ask another number (0: that one): a box
	 * may ask for each indicator. Borrowed; NULL: none does. */
	const uint8_t *asked;
	int options;				/* options and spoiled */
	int stride;				/* counters per organisation */
	/* Ballots, [node][voters][option], the last option is spoiled: book_count.
	 * If they fit, their low bytes stand in the organisations' lines
	 * (org_index.h), so that a row touches one line of memory, and `carry` holds
	 * the rest; where there is a rest, book_finish makes `votes`. */
	uint32_t *votes;			/* NULL: the lines have them */
	uint32_t *carry;
	bool carried;				/* something is in it */
};

/* ERR_NOMEM. Borrows everything, which must not move until book_done. */
int book_init(struct book *book, const struct scheme *scheme, const struct orgs *orgs,
	      const struct local *local);
void book_done(struct book *book);

/* Forgets all scores, or all ballots, read so far. */
int book_clear_scores(struct book *book);
void book_clear_votes(struct book *book);

/* The most points of a leaf for an organisation, in 0.0001 point; leaves from
 * scheme->n_leaves on are those of its committee (local.h). */
int64_t book_max_e4(const struct book *book, uint32_t node, int leaf);

enum {
	BOOK_TWICE = ERR_CONFLICT,	/* a leaf of this card was scored before */
	BOOK_MIXED = ERR_STATE,		/* an indicator is scored as a whole and by items */
};

/* Adds to the card of (node, source, rater): `seen` has book->words words with
 * a bit per leaf, `sum_e4` their points, each checked against book_max_e4.
 * `rater` counts from 1. For sources by points: leaf 0.
 * BOOK_TWICE, BOOK_MIXED, ERR_NOMEM. Safe for threads. */
int book_add(struct book *book, uint32_t node, int source, uint32_t rater, const uint64_t *seen,
	     uint32_t sum_e4);

/* The leaves that (node, source, rater) has by now, book->words words, all zero
 * where there are none. For messages; not while others add. */
void book_seen(const struct book *book, uint32_t node, int source, uint32_t rater, uint64_t *ret_seen);

/* The figure of a node's source with cards (by its place among those), from
 * book_finish on. It stands where the card stood. */
static inline struct figure *book_figure(const struct book *book, uint32_t node, int card)
{
	size_t place = (size_t)node * (size_t)book->n_cards + (size_t)card;
	return (struct figure *)(void *)(book->cards + place * book->card_size);
}

/* Fetches a node's cards, for passes over many. */
static inline void book_prefetch(const struct book *book, uint32_t node)
{
	__builtin_prefetch(book->cards + (size_t)node * (size_t)book->n_cards * book->card_size, 1);
}

/* Adds ballots to a cell (class * options + option); ERR_LIMIT over
 * BOOK_VOTES_MAX. Safe for threads. */
static inline int book_vote_cell(struct book *book, uint32_t node, int cell, uint32_t count)
{
	size_t place = (size_t)node * (size_t)book->stride + (size_t)cell;
	if (book->votes) {
		uint32_t before = __atomic_fetch_add(&book->votes[place], count, __ATOMIC_RELAXED);
		return before > BOOK_VOTES_MAX - count ? ERR_LIMIT : 0;
	}
	uint8_t low = (uint8_t)count;
	uint8_t was = __atomic_fetch_add(&book->orgs->lines[node].tally[cell], low,
					 __ATOMIC_RELAXED);
	uint32_t high = (count >> 8) + (((uint32_t)was + low) >> 8);
	if (!high)
		return 0;
	__atomic_store_n(&book->carried, true, __ATOMIC_RELAXED);
	uint32_t before = __atomic_fetch_add(&book->carry[place], high, __ATOMIC_RELAXED);
	return before + high > BOOK_VOTES_MAX >> 8 ? ERR_LIMIT : 0;
}

static inline int book_vote(struct book *book, uint32_t node, enum voters voters, int option,
			    uint32_t count)
{
	return book_vote_cell(book, node, (int)voters * book->options + option, count);
}

/* Ballots of one organisation that are collected before they are added at once:
 * what they add to the second half of its line. */
struct book_votes {
	uint8_t at[sizeof(struct org_line) / 2];
};

/* Collects ballots; false where book_vote_cell must take them. */
static inline bool book_collect(const struct book *book, struct book_votes *votes, int cell,
				uint32_t count)
{
	uint8_t *low = &votes->at[ORG_TALLY_AT % sizeof(votes->at) + (size_t)cell];
	if (book->votes || count > (uint32_t)UINT8_MAX - *low)
		return false;
	*low = (uint8_t)(*low + count);
	return true;
}

/* Adds what was collected for a node. ERR_LIMIT. Safe for threads. */
int book_add_votes(struct book *book, uint32_t node, const struct book_votes *votes);

/* Ballots of a node, after book_finish_votes; cell: class * options + option. */
static inline uint32_t book_count(const struct book *book, uint32_t node, int cell)
{
	return book->votes ? book->votes[(size_t)node * (size_t)book->stride + (size_t)cell] :
			     book->orgs->lines[node].tally[cell];
}

/* Ends the counting of ballots; the lines of the organisations are still needed
 * unless there are `votes`. book_finish does it, too. ERR_NOMEM. */
int book_finish_votes(struct book *book, unsigned threads);

/* Gives back what book_count reads, but for what stands in the organisations' lines. */
void book_drop_votes(struct book *book);

/* Gives back the figures of sources with cards. */
void book_drop_cards(struct book *book);

/* Closes the book: figures are complete, cards are freed. ERR_NOMEM; ERR_LIMIT
 * with more than BOOK_RATERS_MAX raters. */
int book_finish(struct book *book, unsigned threads);

#endif
