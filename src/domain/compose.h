/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From figures to the composite: source scores as exact fractions, their
 * weighted sum, and comparisons that are never wrong (grading.md, rules 1–5).
 *
 * The composite is a fraction N ÷ D in units of 10^-10 point. Its *key* is
 * ⌊N·2^23 ÷ D⌋ with one more bit below that says "coarse": two keys without
 * that bit are equal only if the composites are, since two fractions with
 * denominators up to KEY_EXACT_DEN differ by more than 2^-23. So a sort needs
 * the fractions themselves only for equal coarse keys.
 *
 * A tie-breaker is short: a source's score is a multiple of what its options'
 * points have in common, over a denominator; so 31 bits, and one for "coarse",
 * tell any two apart that have up to some thousand ballots.
 */
#ifndef JW_DOMAIN_COMPOSE_H
#define JW_DOMAIN_COMPOSE_H

#include <stdint.h>

#include "domain/book.h"
#include "domain/exact.h"

enum {
	KEY_FRACTION_BITS = 23,
	KEY_EXACT_DEN = 2896,		/* 2896² < 2^23 */
	TIE_BITS = 31,
};

/* A source's score in units of 0.0001 point; den 0: missing. */
struct fraction {
	u128 num;
	uint64_t den;
};

/* The book and what of the scheme the composite needs, laid out for speed. */
struct compose {
	const struct scheme *scheme;
	const struct book *book;
	bool scale;
	int n_sources;
	struct {
		uint64_t weight_e6;
		enum source_by by;
		int card;		/* place among card sources, or among those by ballots */
		uint32_t voters;
	} source[SCHEME_SOURCES_MAX];
	int n_ballots;			/* sources by ballots */
	/* [node][source by ballots]: what the ballots come to, once that is known (grade_run)
	 * and a figure says it; NULL: the book is asked. */
	const struct figure *kept;
	int n_options;
	uint64_t points_e4[SCHEME_OPTIONS_MAX];
	int n_ties;
	int ties[SCHEME_SOURCES_MAX];
	/* Of the first tie-breaker: scores are multiples of tie_unit ÷ denominator,
	 * and its short form has this many bits behind the point. */
	uint64_t tie_unit;
	unsigned tie_fraction_bits;
};

/* Borrows scheme and (finished) book. */
void compose_init(struct compose *compose, const struct scheme *scheme, const struct book *book);

/* The score of a source; den 0 where it is missing. For organisations that are
 * not outside. */
struct fraction compose_source(const struct compose *compose, uint32_t node, int source);

/* The composite's key where it does not fit 128 bits. ERR_NOMEM. */
int compose_big_key(const struct compose *compose, uint32_t node, uint64_t *ret_key);

/* Compares two organisations by composite, then by the ties: > 0 if `a` is the
 * higher. Exact at every size. Without memory for numbers beyond 128 bits the
 * answer is by key alone and *failed is set. */
int compose_compare(const struct compose *compose, uint32_t a, uint32_t b, bool *failed);

/* As compose_compare for two with the same composite: by the ties alone. */
int compose_compare_ties(const struct compose *compose, uint32_t a, uint32_t b);

/* As compose_fraction where both fit; false where they do not. */
bool compose_fraction_small(const struct compose *compose, uint32_t node, u128 *ret_n,
			    uint64_t *ret_d);

/* The composite as N ÷ D in units of 10^-10 point, not reduced. ERR_NOMEM. */
int compose_fraction(const struct compose *compose, uint32_t node, struct nat *num,
		     struct nat *den);

/* ⌊composite in 10^-10 point⌋ from a key, and the published score from that:
 * rounded half up to `places`, in units of 10^-places (rule 5). */
static inline uint64_t key_floor_e10(uint64_t key)
{
	return key >> (KEY_FRACTION_BITS + 1);
}
static inline uint64_t key_published(uint64_t key, int places)
{
	/* ⌊(N/D + h) ÷ t⌋ = ⌊(⌊N/D⌋ + h) ÷ t⌋ as h and t are whole. */
	uint64_t floor_e10 = key_floor_e10(key);
	switch (places) {
	case 0: return (floor_e10 + 5000000000) / 10000000000;
	case 1: return (floor_e10 + 500000000) / 1000000000;
	case 2: return (floor_e10 + 50000000) / 100000000;
	case 3: return (floor_e10 + 5000000) / 10000000;
	default: return (floor_e10 + 500000) / 1000000;
	}
}


/* The least key that is published as `score` (in units of 10^-places) or more. */
static inline uint64_t key_reaching(uint64_t score, int places)
{
	static const uint64_t unit[5] = {10000000000, 1000000000, 100000000, 10000000, 1000000};
	uint64_t t = unit[places];
	return score ? (score * t - t / 2) << (KEY_FRACTION_BITS + 1) : 0;
}

#endif
