/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/compose.h"

#include "domain/compose_row.h"

/* What the points of all options are multiples of. */
static uint64_t common_unit(const struct compose *c)
{
	uint64_t unit = 0;
	for (int i = 0; i < c->n_options; i++)
		unit = gcd_u64(unit, c->points_e4[i]);
	return unit ? unit : 1;
}

void compose_init(struct compose *c, const struct scheme *scheme, const struct book *book)
{
	*c = (struct compose){.scheme = scheme, .book = book, .scale = scheme->scale_to_100};
	c->n_sources = scheme->n_sources;
	for (int i = 0; i < scheme->n_sources; i++) {
		c->source[i].weight_e6 = scheme->sources[i].weight_e6;
		c->source[i].by = scheme->sources[i].by;
		bool ballots = scheme->sources[i].by == BY_BALLOTS;
		c->source[i].card = ballots ? c->n_ballots : book->card_of[i];
		c->source[i].voters = scheme->sources[i].voters;
		c->n_ballots += ballots;
	}
	c->n_options = scheme->n_options;
	for (int i = 0; i < scheme->n_options; i++)
		c->points_e4[i] = (uint64_t)scheme->options[i].points_e4;
	c->n_ties = scheme->n_ties;
	for (int i = 0; i < scheme->n_ties; i++)
		c->ties[i] = scheme->ties[i];
	bool ballots = c->n_ties && c->source[c->ties[0]].by == BY_BALLOTS;
	c->tie_unit = ballots ? common_unit(c) : 1;
	c->tie_fraction_bits = TIE_BITS;
	for (uint64_t most = (uint64_t)100 * E4 / c->tie_unit; most; most /= 2)
		c->tie_fraction_bits--;
}

struct fraction compose_source(const struct compose *c, uint32_t node, int source)
{
	struct compose_row row;
	row_load(c, node, &row);
	return row_source(c, &row, node, source);
}

bool compose_fraction_small(const struct compose *c, uint32_t node, u128 *ret_n, uint64_t *ret_d)
{
	struct compose_row row;
	row_load(c, node, &row);
	return row_weigh(c, &row, node, ret_n, ret_d);
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

int compose_big_key(const struct compose *c, uint32_t node, uint64_t *ret_key)
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

int compose_compare_ties(const struct compose *c, uint32_t a, uint32_t b)
{
	int r = 0;
	for (int i = 0; r == 0 && i < c->n_ties; i++) {
		struct fraction fa = compose_source(c, a, c->ties[i]);
		struct fraction fb = compose_source(c, b, c->ties[i]);
		r = cross(fa.num, fa.den, fb.num, fb.den);
	}
	return r;
}

int compose_compare(const struct compose *c, uint32_t a, uint32_t b, bool *failed)
{
	u128 na, nb;
	uint64_t da, db;
	int r = compose_fraction_small(c, a, &na, &da) && compose_fraction_small(c, b, &nb, &db) ?
		cross(na, da, nb, db) :
								 compare_big(c, a, b, failed);
	return r ? r : compose_compare_ties(c, a, b);
}
