/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Composites where 128 bits do not do, and where keys collide: what the engine
 * computes in its quick way must be what plain fractions of any size say.
 */
#include <stdio.h>

#include "domain/compose_row.h"
#include "tests/domain/town.h"

enum { ORGS = 72, CLOSE = 16 };

static uint64_t seed = 7;

/* Ballots of one class with a valid total near `scale`, so that many orders of
 * magnitude meet; multiples of a few patterns, so that many are equal. */
static void vote(struct town *t, uint32_t node, enum voters voters, uint32_t scale)
{
	static const uint32_t pattern[][3] = {{1, 1, 1}, {2, 1, 0}, {1, 0, 1}, {7, 3, 1}, {0, 1, 0}};
	const uint32_t *p = pattern[town_random(&seed, ARRAY_LEN(pattern))];
	uint32_t times = scale / (p[0] + p[1] + p[2]);
	uint32_t odd = town_random(&seed, 4) == 0;	/* a hair's breadth from the pattern */
	for (int o = 0; o < 3; o++)
		town_vote(t, node, voters, o, p[o] * (times ? times : 1) + (o == 1 ? odd : 0));
}

/* Pairs that differ by 72 ÷ (V·W) point: their keys are mostly the same. */
static void vote_closely(struct town *t, uint32_t node, uint32_t a, bool second)
{
	const uint32_t v = 3999999999, w = 3999999997;
	uint32_t members = 2 * (a + 1 + second), residents = 3 * (a + 2 - second);
	town_vote(t, node, VOTERS_MEMBER, 1, members);
	town_vote(t, node, VOTERS_MEMBER, 2, v - members);
	town_vote(t, node, VOTERS_RESIDENT, 1, residents);
	town_vote(t, node, VOTERS_RESIDENT, 2, w - residents);
}

static void fill(struct town *t, const char *more)
{
	static const uint32_t scale[] = {3, 30, 1000, 1 << 22, 900000000, 3000000000};
	char code[16];
	town_init(t, town_scheme_text, more);
	for (int i = 0; i < ORGS; i++) {
		snprintf(code, sizeof(code), "U%d", i);
		town_add(t, code, NULL, LEVEL_UNIT, i % 2 ? FIELD_VILLAGE : FIELD_SOE);
	}
	town_open(t);
	for (uint32_t i = 0; i < ORGS; i++) {
		uint32_t points = i >= ORGS - CLOSE ? 100000 : 600000 + 50000 * (uint32_t)town_random(&seed, 2);
		uint32_t raters = town_random(&seed, 6) ? 1 : 3 + (uint32_t)town_random(&seed, 30);
		for (uint32_t r = 1; r <= raters; r++)
			town_points(t, i, "committee", r, points);
		town_points(t, i, "units", 1, 800000);
		if (i >= ORGS - CLOSE) {
			vote_closely(t, i, (i - (ORGS - CLOSE)) / 2, i % 2);
			continue;
		}
		vote(t, i, VOTERS_MEMBER, scale[town_random(&seed, ARRAY_LEN(scale))]);
		vote(t, i, VOTERS_RESIDENT, scale[town_random(&seed, ARRAY_LEN(scale))]);
	}
	town_grade(t, 1);
}

/* Σ weight · num · (product of the other denominators), and the product of all. */
static void plainly(const struct town *t, uint32_t node, struct nat *num, struct nat *den)
{
	struct nat part = {0};
	int n = t->scheme.n_sources;
	nat_set(num, 0);
	nat_set(den, 1);
	for (int i = 0; i < n; i++)
		nat_mul(den, compose_source(&t->graded.compose, node, i).den);
	for (int i = 0; i < n; i++) {
		struct fraction f = compose_source(&t->graded.compose, node, i);
		assert_true(f.den && f.num >> 64 == 0);
		nat_set(&part, f.num);
		nat_mul(&part, t->scheme.sources[i].weight_e6);
		for (int k = 0; k < n; k++)
			if (k != i)
				nat_mul(&part, compose_source(&t->graded.compose, node, k).den);
		nat_add(num, &part);
	}
	assert_false(num->failed || den->failed || part.failed);
	nat_done(&part);
}

static int sign(int value)
{
	return value < 0 ? -1 : value > 0;
}

static void times(struct nat *ret, const struct nat *a, const struct nat *b)
{
	struct nat part = {0};
	nat_set(ret, 0);
	for (uint32_t i = b->n; i-- > 0;) {
		nat_mul(ret, (uint64_t)1 << 63);
		nat_mul(ret, 2);
		nat_copy(&part, a);
		nat_mul(&part, b->limb[i]);
		nat_add(ret, &part);
	}
	nat_done(&part);
}

static int compare_plainly(const struct town *t, uint32_t a, uint32_t b)
{
	struct nat na = {0}, da = {0}, nb = {0}, db = {0}, left = {0}, right = {0};
	plainly(t, a, &na, &da);
	plainly(t, b, &nb, &db);
	times(&left, &na, &db);
	times(&right, &nb, &da);
	int r = nat_cmp(&left, &right);
	for (struct nat *all[] = {&na, &da, &nb, &db, &left, &right}, **p = all; p < all + 6; p++) {
		assert_false((*p)->failed);
		nat_done(*p);
	}
	return r;
}

static bool is_large(const struct town *t, uint32_t node)
{
	u128 d = 1;
	for (int i = 0; i < t->scheme.n_sources; i++)
		d *= compose_source(&t->graded.compose, node, i).den;
	return d >= (u128)1 << 43;
}

/* Each denominator with the numerators around its multiples, up to the largest. */
static void an_inverse_divides_exactly(void **state)
{
	(void)state;
	for (uint64_t d = 2; d < INVERSES; d++) {
		uint64_t inverse = inverse_of(d), most = 1000000000000 * d;
		for (int i = 0; i < 200; i++) {
			uint64_t whole = i ? town_random(&seed, UINT32_MAX) * 232 + (uint64_t)i :
					     1000000000000;
			for (uint64_t n = whole * d - 1; n <= whole * d + 1 && n <= most; n++) {
				assert_true(key_by_inverse(n, d, inverse) == key_of(n, d));
				assert_true(inverse_divide(n, inverse) == n / d);
			}
		}
	}
}

static void keys_are_floors(void **state)
{
	struct town t;
	int large = 0;
	(void)state;
	fill(&t, NULL);
	for (uint32_t i = 0; i < ORGS; i++) {
		struct nat num = {0}, den = {0}, n = {0}, d = {0};
		uint64_t big;
		plainly(&t, i, &num, &den);
		assert_int_equal(compose_fraction(&t.graded.compose, i, &n, &d), 0);
		assert_int_equal(nat_cmp(&num, &n), 0);
		assert_int_equal(nat_cmp(&den, &d), 0);
		large += is_large(&t, i);
		nat_mul(&num, (uint64_t)1 << KEY_FRACTION_BITS);
		assert_true(nat_quotient(&num, &den) == t.graded.key[i] >> 1);
		/* Beyond 128 bits or not, the slow way gives the same key. */
		assert_int_equal(compose_big_key(&t.graded.compose, i, &big), 0);
		assert_true(big >> 1 == t.graded.key[i] >> 1 && big & 1);
		nat_done(&num);
		nat_done(&den);
		nat_done(&n);
		nat_done(&d);
	}
	assert_in_range(large, ORGS / 8, ORGS * 7 / 8);	/* both ways are taken */
	town_done(&t);
}

static void order_is_exact_at_every_size(void **state)
{
	struct town t;
	int equal = 0, collisions = 0, mixed = 0;
	bool failed = false;
	(void)state;
	fill(&t, NULL);
	for (uint32_t a = 0; a < ORGS; a++)
		for (uint32_t b = 0; b < ORGS; b++) {
			uint64_t ka = t.graded.key[a], kb = t.graded.key[b];
			int c = sign(compose_compare(&t.graded.compose, a, b, &failed));
			assert_int_equal(c, compare_plainly(&t, a, b));
			assert_int_equal(c, sign(graded_compare(&t.graded, a, b, &failed)));
			assert_int_equal(c, -sign(compose_compare(&t.graded.compose, b, a, &failed)));
			if (ka >> 1 != kb >> 1)
				assert_int_equal(c, ka < kb ? -1 : 1);
			else if (!((ka | kb) & 1))
				assert_int_equal(c, 0);
			equal += a != b && c == 0;
			collisions += c != 0 && ka >> 1 == kb >> 1;
			mixed += c == 0 && is_large(&t, a) != is_large(&t, b);
		}
	assert_false(failed);
	/* The case is what it is meant to be. */
	assert_true(equal > 0 && collisions > 0 && mixed > 0);
	town_done(&t);
}

static void ranks_follow(const char *more, const char *const *ties, int n_ties)
{
	struct town t;
	bool failed = false;
	fill(&t, more);
	assert_int_equal(t.scheme.n_ties, n_ties);
	for (uint32_t a = 0; a < ORGS; a++) {
		uint32_t better = 0;
		for (uint32_t b = 0; b < ORGS; b++) {
			int c = compare_plainly(&t, b, a);
			for (int k = 0; c == 0 && k < n_ties; k++) {
				int s = scheme_find_source(&t.scheme, str_from(ties[k]));
				struct fraction x = compose_source(&t.graded.compose, b, s);
				struct fraction y = compose_source(&t.graded.compose, a, s);
				c = x.num * y.den < y.num * x.den ? -1 : x.num * y.den > y.num * x.den;
			}
			better += c > 0;
			assert_int_equal(c, sign(compose_compare(&t.graded.compose, b, a, &failed)));
		}
		assert_int_equal(t.graded.rank[a], better + 1);
	}
	assert_false(failed);
	town_done(&t);
}

static void ranks_are_by_fractions(void **state)
{
	static const char *const ties[] = {"residents", "members", "committee"};
	(void)state;
	for (int i = 0; i < 2; i++) {
		ranks_follow(NULL, ties, 0);
		ranks_follow("ties: [residents]\n", ties, 1);
		ranks_follow("ties: [residents, members]\n", ties, 2);
		ranks_follow("ties: [residents, members, committee]\n", ties, 3);
	}
}

static void threads_change_nothing(void **state)
{
	struct town t;
	struct graded again = {0};
	(void)state;
	fill(&t, "ties: [members]\n"
		 "quotas:\n  - {grade: poor, at_least: 33%, within: all, by_category: true}\n"
		 "stars:\n  - {stars: 5, grade: fair, at_most: 50%, within: all}\n");
	for (unsigned threads = 1; threads <= 9; threads += 2) {
		assert_int_equal(grade_run(&again, &t.scheme, &t.orgs, &t.book, threads), 0);
		assert_memory_equal(again.rank, t.graded.rank, ORGS * sizeof(*again.rank));
		assert_memory_equal(again.key, t.graded.key, ORGS * sizeof(*again.key));
		assert_memory_equal(again.grade, t.graded.grade, ORGS);
		assert_memory_equal(again.quota, t.graded.quota, ORGS);
		assert_memory_equal(again.stars, t.graded.stars, ORGS);
		graded_done(&again);
	}
	town_done(&t);
}

static void a_published_score_is_rounded_half_up(void **state)
{
	(void)state;
	/* 79.995 and a hair less, in 10^-10 point. */
	uint64_t tie = (uint64_t)799950000000 << (KEY_FRACTION_BITS + 1);
	assert_int_equal(key_published(tie, 2), 8000);
	assert_int_equal(key_published(tie - 2, 2), 7999);
	assert_int_equal(key_published(tie, 3), 79995);
	assert_int_equal(key_published(tie - 2, 4), 799950);
	assert_int_equal(key_published(tie, 0), 80);
	uint64_t half = (uint64_t)795000000000 << (KEY_FRACTION_BITS + 1);
	assert_int_equal(key_published(half, 0), 80);
	assert_int_equal(key_published(half - 2, 0), 79);
	assert_int_equal(key_published(half - 2, 1), 795);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_inverse_divides_exactly),
		cmocka_unit_test(keys_are_floors),
		cmocka_unit_test(order_is_exact_at_every_size),
		cmocka_unit_test(ranks_are_by_fractions),
		cmocka_unit_test(threads_change_nothing),
		cmocka_unit_test(a_published_score_is_rounded_half_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
