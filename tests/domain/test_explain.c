/* SPDX-License-Identifier: Apache-2.0 */
/* Why this score: exact numbers, and quotas and stars as the engine gave them. */
#include <stdio.h>

#include "domain/explain.h"
#include "tests/domain/town.h"

static void is(const struct explain_number *n, const char *num, const char *den, const char *decimal)
{
	assert_string_equal(n->num, num);
	assert_string_equal(n->den, den);
	assert_string_equal(n->decimal, decimal);
}

static void explain(struct explanation *e, struct town *t, uint32_t node)
{
	assert_int_equal(explain_run(e, &t->graded, &t->orgs, node, NULL, 0, 2), 0);
}

static void open_one(struct town *t, const char *more)
{
	town_init(t, town_scheme_text, more);
	town_add(t, "A", NULL, LEVEL_UNIT, FIELD_VILLAGE);
	town_open(t);
}

static void fractions_are_reduced(void **state)
{
	struct town t;
	struct explanation e;
	(void)state;
	open_one(&t, NULL);
	for (uint32_t r = 1; r <= 3; r++)
		town_points(&t, 0, "committee", r, r == 1 ? 850000 : 860000);
	town_points(&t, 0, "units", 1, 755000);
	town_vote(&t, 0, VOTERS_MEMBER, 0, 5);
	town_vote(&t, 0, VOTERS_MEMBER, 1, 2);
	town_vote(&t, 0, VOTERS_MEMBER, 3, 4);	/* spoiled */
	town_vote(&t, 0, VOTERS_RESIDENT, 1, 1);
	town_grade(&t, 1);
	explain(&e, &t, 0);
	is(&e.sources[0].score, "257", "3", "85.6666666666…");
	is(&e.sources[0].product, "257", "10", "25.7");
	is(&e.sources[1].score, "151", "2", "75.5");
	is(&e.sources[2].score, "620", "7", "88.5714285714…");
	is(&e.sources[3].score, "60", "1", "60");
	/* 25.7 + 15.1 + 186/7 + 12 = 52.8 + 186/7 */
	is(&e.composite, "2778", "35", "79.3714285714…");
	assert_int_equal(e.sources[0].raters, 3);
	assert_int_equal(e.sources[0].sum_e4, 2570000);
	assert_int_equal(e.sources[2].valid, 7);
	explanation_done(&e);
	town_done(&t);
}

static void fractions_of_any_size_are_reduced(void **state)
{
	struct town t;
	struct explanation e;
	(void)state;
	/* Whole scores out of many raters and ballots: the common divisor of
	 * numerator and denominator does not fit 64 bits. */
	open_one(&t, NULL);
	for (uint32_t r = 1; r <= 50000; r++)
		town_points(&t, 0, "committee", r, 800000);
	town_points(&t, 0, "units", 1, 800000);
	town_vote(&t, 0, VOTERS_MEMBER, 0, 2000000000);
	town_vote(&t, 0, VOTERS_MEMBER, 1, 2000000000);
	town_vote(&t, 0, VOTERS_RESIDENT, 0, 1500000000);
	town_vote(&t, 0, VOTERS_RESIDENT, 1, 1500000000);
	town_grade(&t, 1);
	explain(&e, &t, 0);
	is(&e.composite, "80", "1", "80");
	explanation_done(&e);
	town_done(&t);

	/* And one that does not reduce: both primes stay. */
	open_one(&t, NULL);
	town_points(&t, 0, "committee", 1, 800000);
	town_points(&t, 0, "units", 1, 800000);
	town_vote(&t, 0, VOTERS_MEMBER, 0, 1);
	town_vote(&t, 0, VOTERS_MEMBER, 2, 4294967290);
	town_vote(&t, 0, VOTERS_RESIDENT, 0, 1);
	town_vote(&t, 0, VOTERS_RESIDENT, 2, 4294967278);
	town_grade(&t, 1);
	explain(&e, &t, 0);
	/* 40 + 30/4294967291 + 20/4294967279 */
	is(&e.composite, "737869759383559211750", "18446743979220271189", "40.0000000116…");
	explanation_done(&e);
	town_done(&t);
}

static void missing_sources_have_no_number(void **state)
{
	struct town t;
	struct explanation e;
	(void)state;
	open_one(&t, NULL);
	town_vote(&t, 0, VOTERS_MEMBER, 3, 9);
	town_grade(&t, 1);
	explain(&e, &t, 0);
	for (int i = 0; i < 4; i++)
		assert_null(e.sources[i].score.num);
	assert_null(e.composite.num);
	explanation_done(&e);
	town_done(&t);
}

/* Ten organisations of 95, 94, … points; every second pair are equals. */
static void open_ten(struct town *t, const char *more)
{
	char code[8];
	town_init(t, town_scheme_text, more);
	for (uint32_t i = 0; i < 10; i++) {
		snprintf(code, sizeof(code), "U%u", i);
		town_add(t, code, NULL, LEVEL_UNIT, FIELD_VILLAGE);
	}
	town_open(t);
	for (uint32_t i = 0; i < 10; i++) {
		uint32_t points = 950000 - 10000 * (i - (i % 4 == 3));
		town_points(t, i, "committee", 1, points);
		town_points(t, i, "units", 1, points);
		for (int v = 0; v < VOTERS_COUNT; v++) {	/* points · 10^-4 = 100 a ÷ 10^6 */
			town_vote(t, i, (enum voters)v, 0, points);
			town_vote(t, i, (enum voters)v, 2, 1000000 - points);
		}
	}
	town_grade(t, 1);
}

static void quotas_and_stars_are_the_engines(void **state)
{
	struct town t;
	struct explanation e;
	(void)state;
	open_ten(&t, "quotas:\n"
		     "  - {grade: fair, at_least: 70%}\n"
		     "  - {grade: poor, at_least: 10%}\n"
		     "stars:\n"
		     "  - {stars: 5, grade: good, at_most: 50%}\n"
		     "  - {stars: 4, grade: good}\n"
		     "  - {stars: 3, grade: fair, from: 90}\n");
	/* Scores 95 94 93 93 91 90 89 89 87 86: good are 95 … 90, six; low are
	 * four, seven needed: three go down, and the equal of the third too. */
	explain(&e, &t, 3);
	assert_int_equal(e.quotas[0].in_scope, 10);
	assert_int_equal(e.quotas[0].required, 7);
	assert_int_equal(e.quotas[0].had, 4);
	assert_int_equal(e.quotas[0].moved, 4);
	assert_true(e.quotas[0].moves_this);
	assert_true(e.quotas[0].last_moved == 2 || e.quotas[0].last_moved == 3);
	assert_int_equal(e.quotas[0].first_spared, 1);
	assert_int_equal(e.quotas[1].moved, 1);
	assert_false(e.quotas[1].moves_this);
	assert_int_equal(e.quotas[1].last_moved, 9);
	assert_int_equal(e.quotas[1].first_spared, 8);
	assert_int_equal(e.rank_of, 10);
	assert_int_equal(e.rank_equals, 1);
	assert_int_equal(t.graded.rank[3], 3);
	assert_int_equal(e.above, 1);
	assert_int_equal(e.below, 4);
	assert_int_equal(e.stars[0].of_grade, 2);
	assert_int_equal(e.stars[0].cap, 1);
	assert_int_equal(e.stars[0].given, 1);
	assert_int_equal(e.stars[0].last_given, 0);
	assert_int_equal(e.stars[0].first_left, 1);
	assert_false(e.stars[0].grade_fits);
	assert_int_equal(e.stars[1].given, 1);
	assert_true(e.stars[2].grade_fits && e.stars[2].score_fits && e.stars[2].gives_this);
	assert_int_equal(e.stars[2].given, 4);
	explanation_done(&e);
	explain(&e, &t, 6);
	assert_true(e.stars[2].grade_fits && !e.stars[2].score_fits && !e.stars[2].gives_this);
	assert_int_equal(t.graded.stars[6], STARS_NONE);
	explanation_done(&e);
	town_done(&t);
}

static void turnout_says_what_was_needed(void **state)
{
	struct town t;
	struct explain_turnout x;
	(void)state;
	town_init(&t, town_scheme_text, NULL);
	town_add(&t, "A", NULL, LEVEL_UNIT, FIELD_VILLAGE);
	t.orgs.eligible[0][VOTERS_MEMBER] = 10;
	t.orgs.eligible[0][VOTERS_RESIDENT] = 31;
	struct scheme_turnout rule[2] = {
		{.voters = 3, .at_least_e6 = 300000, .everyone_below = 20},
		{.voters = 1, .at_least_e6 = 300000, .everyone_below = 20},
	};
	t.scheme.turnout = rule;
	t.scheme.n_turnout = 2;
	town_open(&t);
	town_points(&t, 0, "committee", 1, 800000);
	town_points(&t, 0, "units", 1, 800000);
	town_vote(&t, 0, VOTERS_MEMBER, 0, 9);
	town_vote(&t, 0, VOTERS_RESIDENT, 2, 3);
	town_vote(&t, 0, VOTERS_RESIDENT, 3, 1);
	town_grade(&t, 1);
	assert_int_equal(t.graded.status[0], STATUS_TURNOUT);
	x = explain_turnout_of(&t.graded, 0, 0);
	assert_true(x.cast == 13 && x.eligible == 41 && x.needed == 13 && !x.everyone && x.holds);
	x = explain_turnout_of(&t.graded, 1, 0);
	assert_true(x.cast == 9 && x.eligible == 10 && x.needed == 10 && x.everyone && !x.holds);
	assert_int_equal(graded_failed_turnout(&t.graded, 0), 2);
	town_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fractions_are_reduced),
		cmocka_unit_test(fractions_of_any_size_are_reduced),
		cmocka_unit_test(missing_sources_have_no_number),
		cmocka_unit_test(quotas_and_stars_are_the_engines),
		cmocka_unit_test(turnout_says_what_was_needed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
