/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/compose.h"

#include <assert.h>
#include <string.h>

/* Composites below this denominator are computed in 128 bits: N ≤ 10^12·D and
 * N·2^23 then fit. */
#define DEN_LIMIT ((uint64_t)1 << 62)

void compose_init(struct compose *c, const struct scheme *scheme, const struct book *book)
{
	*c = (struct compose){.scheme = scheme, .book = book, .scale = scheme->scale_to_100};
	c->n_sources = scheme->n_sources;
	for (int i = 0; i < scheme->n_sources; i++) {
		c->source[i].weight_e6 = scheme->sources[i].weight_e6;
		c->source[i].by = scheme->sources[i].by;
		c->source[i].card = book->card_of[i];
		c->source[i].voters = scheme->sources[i].voters;
	}
	c->n_options = scheme->n_options;
	for (int i = 0; i < scheme->n_options; i++)
		c->points_e4[i] = (uint64_t)scheme->options[i].points_e4;
	c->n_ties = scheme->n_ties;
	for (int i = 0; i < scheme->n_ties; i++)
		c->ties[i] = scheme->ties[i];
}

static inline const uint32_t *votes_of(const struct compose *c, uint32_t node)
{
	return c->book->votes + (size_t)node * (size_t)c->book->stride;
}

/* Σ points·count and the number of valid ballots, pooled over `voters`. */
static inline void ballots(const struct compose *c, uint32_t node, uint32_t voters,
			   uint64_t *ret_sum_e4, uint64_t *ret_valid)
{
	const uint32_t *row = votes_of(c, node);
	uint64_t sum = 0, valid = 0;
	for (int v = 0; v < VOTERS_COUNT; v++, row += c->book->options) {
		if (!(voters >> v & 1))
			continue;
		for (int o = 0; o < c->n_options; o++) {
			sum += c->points_e4[o] * row[o];
			valid += row[o];
		}
	}
	*ret_sum_e4 = sum;
	*ret_valid = valid;
}

/* The sum of the maxima that hold for an organisation, in 0.0001 point. */
static inline uint64_t max_sum(const struct compose *c, uint32_t node)
{
	uint8_t category = c->book->orgs->category[node];
	uint64_t sum = (uint64_t)c->scheme->categories[category].max_sum_e4;
	const struct local_set *set = local_of(c->book->local, node);
	return set ? sum + (uint64_t)set->max_sum_e4 : sum;
}

static inline struct figure figure_of(const struct compose *c, uint32_t node, int card)
{
	return c->book->figures[(size_t)node * (size_t)c->book->n_cards + (size_t)card];
}

struct fraction compose_source(const struct compose *c, uint32_t node, int source)
{
	struct fraction f = {0};
	if (c->source[source].by == BY_BALLOTS) {
		uint64_t sum, valid;
		ballots(c, node, c->source[source].voters, &sum, &valid);
		f.num = sum;
		f.den = valid;
		return f;
	}
	struct figure figure = figure_of(c, node, c->source[source].card);
	f.num = figure.sum_e4;
	f.den = figure.raters;
	if (c->scale && f.den && c->source[source].by == BY_INDICATORS) {
		f.num *= (u128)100 * E4;
		f.den *= max_sum(c, node);
	}
	return f;
}

void compose_cast(const struct compose *c, uint32_t node, enum voters voters, uint64_t *ret_cast,
		  uint64_t *ret_valid)
{
	const uint32_t *row = votes_of(c, node) + (int)voters * c->book->options;
	uint64_t valid = 0;
	for (int o = 0; o < c->n_options; o++)
		valid += row[o];
	*ret_valid = valid;
	*ret_cast = valid + row[c->n_options];
}

/* N ÷ D += weight · num ÷ den. False where D would not stay below DEN_LIMIT. */
static inline bool add(u128 *n, uint64_t *d, uint64_t weight, uint64_t num, uint64_t den)
{
	uint64_t product;
	if (__builtin_mul_overflow(*d, den, &product) || product >= DEN_LIMIT)
		return false;
	*n = *n * den + (u128)weight * num * *d;
	*d = product;
	return true;
}

/* The composite in 128 bits; false where that does not do. With scaling the
 * sources by indicators share the factor 100 ÷ sum of maxima. */
static inline bool weigh(const struct compose *c, uint32_t node, u128 *ret_n, uint64_t *ret_d)
{
	u128 n = 0;
	uint64_t d = 1;
	for (int i = 0; i < c->n_sources; i++) {
		if (c->source[i].by != BY_INDICATORS)
			continue;
		struct figure f = figure_of(c, node, c->source[i].card);
		if (!add(&n, &d, c->source[i].weight_e6, f.sum_e4, f.raters))
			return false;
	}
	if (c->scale && n) {
		uint64_t product;
		if (__builtin_mul_overflow(d, max_sum(c, node), &product) || product >= DEN_LIMIT)
			return false;
		n *= (u128)100 * E4;
		d = product;
	}
	for (int i = 0; i < c->n_sources; i++) {
		uint64_t num, den;
		if (c->source[i].by == BY_INDICATORS)
			continue;
		if (c->source[i].by == BY_BALLOTS) {
			ballots(c, node, c->source[i].voters, &num, &den);
		} else {
			struct figure f = figure_of(c, node, c->source[i].card);
			num = f.sum_e4;
			den = f.raters;
		}
		if (!add(&n, &d, c->source[i].weight_e6, num, den))
			return false;
	}
	*ret_n = n;
	*ret_d = d;
	return true;
}

/* ⌊n ÷ d⌋, which must fit 64 bits. */
static inline uint64_t divide(u128 n, uint64_t d)
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

int compose_fraction(const struct compose *c, uint32_t node, struct nat *num, struct nat *den)
{
	/* Source by source: N·den + weight·num·D, D·den. */
	struct nat part = {0};
	nat_set(num, 0);
	nat_set(den, 1);
	for (int i = 0; i < c->n_sources; i++) {
		struct fraction f = compose_source(c, node, i);
		nat_copy(&part, den);
		/* A source's numerator may pass 64 bits only by its factor 10^6. */
		uint64_t factor = f.num >> 64 ? (uint64_t)100 * E4 : 1;
		nat_mul(&part, (uint64_t)(f.num / factor));
		nat_mul(&part, factor);
		nat_mul(&part, c->source[i].weight_e6);
		nat_mul(num, f.den);
		nat_add(num, &part);
		nat_mul(den, f.den);
	}
	int r = num->failed || den->failed || part.failed ? ERR_NOMEM : 0;
	nat_done(&part);
	return r;
}

static int big_key(const struct compose *c, uint32_t node, uint64_t *ret_key)
{
	struct nat n = {0}, d = {0};
	int r = compose_fraction(c, node, &n, &d);
	if (r == 0) {
		nat_mul(&n, (uint64_t)1 << KEY_FRACTION_BITS);
		uint64_t quotient = nat_quotient(&n, &d);
		r = n.failed ? ERR_NOMEM : 0;
		*ret_key = quotient << 1 | 1;
	}
	nat_done(&n);
	nat_done(&d);
	return r;
}

int compose_key(const struct compose *c, uint32_t node, uint64_t *ret_key)
{
	u128 n;
	uint64_t d;
	if (!weigh(c, node, &n, &d))
		return big_key(c, node, ret_key);
	*ret_key = divide(n << KEY_FRACTION_BITS, d) << 1 | (d > KEY_EXACT_DEN);
	return 0;
}

uint64_t compose_tie_key(const struct compose *c, uint32_t node, int source)
{
	struct fraction f = compose_source(c, node, source);
	return divide(f.num << TIE_FRACTION_BITS, f.den) << 1 | (f.den > TIE_EXACT_DEN);
}

uint64_t key_published(uint64_t key, int places)
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

/* Compares n1·d2 with n2·d1 in 192 bits. */
static int cross(u128 n1, uint64_t d1, u128 n2, uint64_t d2)
{
	u128 low1 = (u128)(uint64_t)n1 * d2, low2 = (u128)(uint64_t)n2 * d1;
	u128 high1 = (n1 >> 64) * d2 + (low1 >> 64), high2 = (n2 >> 64) * d1 + (low2 >> 64);
	if (high1 != high2)
		return high1 < high2 ? -1 : 1;
	uint64_t l1 = (uint64_t)low1, l2 = (uint64_t)low2;
	return l1 < l2 ? -1 : l1 > l2;
}

static int compare_big(const struct compose *c, uint32_t a, uint32_t b, bool *failed)
{
	struct nat na = {0}, da = {0}, nb = {0}, db = {0};
	int r = 0;
	if (compose_fraction(c, a, &na, &da) < 0 || compose_fraction(c, b, &nb, &db) < 0)
		*failed = true;
	/* Multiply by the other's denominators, source by source. */
	for (int i = 0; i < c->n_sources && !*failed; i++) {
		nat_mul(&na, compose_source(c, b, i).den);
		nat_mul(&nb, compose_source(c, a, i).den);
	}
	if (na.failed || nb.failed)
		*failed = true;
	if (!*failed)
		r = nat_cmp(&na, &nb);
	nat_done(&na);
	nat_done(&da);
	nat_done(&nb);
	nat_done(&db);
	return r;
}

int compose_compare(const struct compose *c, uint32_t a, uint32_t b, bool *failed)
{
	u128 na, nb;
	uint64_t da, db;
	int r = weigh(c, a, &na, &da) && weigh(c, b, &nb, &db) ? cross(na, da, nb, db) :
								 compare_big(c, a, b, failed);
	for (int i = 0; r == 0 && i < c->n_ties; i++) {
		struct fraction fa = compose_source(c, a, c->ties[i]);
		struct fraction fb = compose_source(c, b, c->ties[i]);
		r = cross(fa.num, fa.den, fb.num, fb.den);
	}
	return r;
}
