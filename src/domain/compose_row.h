/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside of compose.h: one organisation's figures, loaded once, and what is
 * computed of them; inline, since grading a nation is little else.
 */
#ifndef JW_DOMAIN_COMPOSE_ROW_H
#define JW_DOMAIN_COMPOSE_ROW_H

#include <assert.h>
#include <string.h>

#include "domain/compose.h"

/* Composites below this denominator are computed in 128 bits: a weight times D
 * fits 64 bits, and N·2^23, with N ≤ 10^12·D, fits 128. */
#define COMPOSE_DEN_LIMIT ((uint64_t)1 << 43)

/* Each source as num ÷ den in 0.0001 point before scaling; den 0: missing. */
struct compose_row {
	uint64_t num[SCHEME_SOURCES_MAX], den[SCHEME_SOURCES_MAX];
	/* Ballots of a class, spoiled ones included; a ballot that hears several
	 * questions is one (XN-2a). */
	uint64_t cast[VOTERS_COUNT];
};

/* What the ballots of a node come to, by class. */
static inline void row_ballots(const struct compose *c, uint32_t node, struct compose_row *row,
			       uint64_t *ret_sum, uint64_t *ret_valid)
{
	const struct book *book = c->book;
	uint32_t questions = book->asked && book->asked[node] ? book->asked[node] : book->questions;
	uint64_t *sum = ret_sum, *valid = ret_valid;

	for (int v = 0; v < VOTERS_COUNT; v++) {
		int cell = v * book->options;
		sum[v] = valid[v] = 0;
		for (int o = 0; o < c->n_options; o++) {
			uint32_t votes = book_count(book, node, cell + o);
			sum[v] += c->points_e4[o] * votes;
			valid[v] += votes;
		}
		row->cast[v] = valid[v] + book_count(book, node, cell + c->n_options);
		if (questions > 1)
			row->cast[v] = (row->cast[v] + questions - 1) / questions;
	}
}

/* `cast` is zero where what ballots come to is kept (compose->kept). */
static inline void row_load(const struct compose *c, uint32_t node, struct compose_row *row)
{
	uint64_t sum[VOTERS_COUNT] = {0}, valid[VOTERS_COUNT] = {0};
	memset(row->cast, 0, sizeof(row->cast));
	if (!c->kept)
		row_ballots(c, node, row, sum, valid);
	for (int i = 0; i < c->n_sources; i++) {
		int card = c->source[i].card;
		const struct figure *f = c->source[i].by != BY_BALLOTS ? book_figure(c->book, node, card) :
					 c->kept ? &c->kept[(size_t)node * (size_t)c->n_ballots + (size_t)card] :
						   NULL;
		if (f) {
			row->num[i] = f->sum_e4;
			row->den[i] = f->raters;
			continue;
		}
		row->num[i] = row->den[i] = 0;
		for (int v = 0; v < VOTERS_COUNT; v++)
			if (c->source[i].voters >> v & 1) {
				row->num[i] += sum[v];
				row->den[i] += valid[v];
			}
	}
}

/* The sum of the maxima that hold for an organisation, in 0.0001 point. */
static inline uint64_t compose_max_sum(const struct compose *c, uint32_t node)
{
	uint8_t category = c->book->orgs->category[node];
	uint64_t sum = (uint64_t)c->scheme->categories[category].max_sum_e4;
	const struct local_set *set = local_of(c->book->local, node);
	return set ? sum + (uint64_t)set->max_sum_e4 : sum;
}

/* The score of a source, scaled if the scheme says so. */
static inline struct fraction row_source(const struct compose *c, const struct compose_row *row,
					 uint32_t node, int source)
{
	struct fraction f = {row->num[source], row->den[source]};
	if (c->scale && f.den && c->source[source].by == BY_INDICATORS) {
		f.num *= (u128)100 * E4;
		f.den *= compose_max_sum(c, node);
	}
	return f;
}

/* N ÷ D += weight · num ÷ den. False where D would not stay below the limit. */
static inline bool row_add(u128 *n, uint64_t *d, uint64_t weight, uint64_t num, uint64_t den)
{
	uint64_t product;
	if (__builtin_mul_overflow(*d, den, &product) || product >= COMPOSE_DEN_LIMIT)
		return false;
	*n = *n * den + (u128)(weight * *d) * num;
	*d = product;
	return true;
}

/* The composite in 128 bits; false where that does not do. With scaling the
 * sources by indicators share the factor 100 ÷ sum of maxima. */
static inline bool row_weigh(const struct compose *c, const struct compose_row *row, uint32_t node,
			     u128 *ret_n, uint64_t *ret_d)
{
	u128 n = 0;
	uint64_t d = 1;
	if (c->scale) {
		for (int i = 0; i < c->n_sources; i++)
			if (c->source[i].by == BY_INDICATORS &&
			    !row_add(&n, &d, c->source[i].weight_e6, row->num[i], row->den[i]))
				return false;
		uint64_t product;
		if (__builtin_mul_overflow(d, compose_max_sum(c, node), &product) ||
		    product >= COMPOSE_DEN_LIMIT)
			return false;
		n *= (u128)100 * E4;
		d = product;
	}
	for (int i = 0; i < c->n_sources; i++)
		if (!(c->scale && c->source[i].by == BY_INDICATORS) &&
		    !row_add(&n, &d, c->source[i].weight_e6, row->num[i], row->den[i]))
			return false;
	*ret_n = n;
	*ret_d = d;
	return true;
}

/* ⌊n ÷ d⌋, which must fit 64 bits. */
static inline uint64_t row_divide(u128 n, uint64_t d)
{
	assert((uint64_t)(n >> 64) < d);
#if defined(__x86_64__)
	uint64_t low = (uint64_t)n, high = (uint64_t)(n >> 64), quotient, rest;
	__asm__("divq %4" : "=a"(quotient), "=d"(rest) : "a"(low), "d"(high), "r"(d) : "cc");
	return quotient;
#else
	return (uint64_t)(n / d);
#endif
}

/* As row_weigh in 64 bits: N ≤ 10^12·D fits as long as D stays below this. */
#define COMPOSE_SMALL_DEN ((uint64_t)1 << 20)

static inline uint64_t key_of(u128 n, uint64_t d)
{
	return row_divide(n << KEY_FRACTION_BITS, d) << 1 | (d > KEY_EXACT_DEN);
}

/* Division by a small number as a multiplication: ⌊n ÷ d⌋ = ⌊n · inverse ÷ 2^64⌋ for
 * 1 < d < INVERSES and n < 2^54, as inverse · d passes 2^64 by less than d. */
enum { INVERSES = 1024, INVERSE_BITS = 54 };

static inline uint64_t inverse_of(uint64_t d)
{
	return UINT64_MAX / d + 1;
}

static inline uint64_t inverse_divide(uint64_t n, uint64_t inverse)
{
	return (uint64_t)((u128)n * inverse >> 64);
}

/* As key_of for such a d: n ≤ 10^12·d is less than 2^50. */
static inline uint64_t key_by_inverse(uint64_t n, uint64_t d, uint64_t inverse)
{
	uint64_t whole = inverse_divide(n, inverse);
	uint64_t part = inverse_divide((n - whole * d) << KEY_FRACTION_BITS, inverse);
	return (whole << KEY_FRACTION_BITS | part) << 1;
}
_Static_assert((int)INVERSES <= (int)KEY_EXACT_DEN, "such keys are never coarse");

static inline int row_key(const struct compose *c, const struct compose_row *row, uint32_t node,
			  uint64_t *ret_key)
{
	u128 n;
	uint64_t d;
	if (!row_weigh(c, row, node, &n, &d))
		return compose_big_key(c, node, ret_key);
	*ret_key = key_of(n, d);
	return 0;
}

/* The short form of the first tie-breaker: 31 bits that grow with its score, and
 * a lowest one that says "coarse": without it, equal means equal. */
static inline uint32_t tie_of(const struct compose *c, u128 num, uint64_t den)
{
	unsigned bits = c->tie_fraction_bits;
	uint64_t units = den * c->tie_unit;
	uint64_t value = num >> (64 - TIE_BITS) ? row_divide(num << bits, units) :
						  ((uint64_t)num << bits) / units;
	return (uint32_t)value << 1 | (den >> bits / 2 != 0);
}

static inline uint32_t row_tie(const struct compose *c, const struct compose_row *row,
			       uint32_t node)
{
	struct fraction f = row_source(c, row, node, c->ties[0]);
	return tie_of(c, f.num, f.den);
}

/* The same of a node whose figures are not loaded; 0 without ties. */
static inline uint32_t compose_tie(const struct compose *c, uint32_t node)
{
	if (!c->n_ties)
		return 0;
	int source = c->ties[0], card = c->source[source].card;
	bool ballots = c->source[source].by == BY_BALLOTS;
	if (!c->scale && (!ballots || c->kept)) {
		const struct figure *f =
			ballots ? &c->kept[(size_t)node * (size_t)c->n_ballots + (size_t)card] :
				  book_figure(c->book, node, card);
		return tie_of(c, f->sum_e4, f->raters);
	}
	struct compose_row row = {0};
	row_load(c, node, &row);
	return row_tie(c, &row, node);
}

#endif
