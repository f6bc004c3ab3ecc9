/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotas, stars and ranks among equals in groups small and large: the picks and
 * sorts against what the rules say, counted out one by one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/domain/town.h"

/* So many that picks are forgotten while they are listed (groups.c). */
enum { TOWNSHIPS = 12, ORGS_MAX = 4000 };

static uint64_t seed = 99;

/* The second quota wants nearly as many, of everybody: of whom the first has moved some
 * stand above others whom it has not. */
static const char rules[] =
	"ties: [members]\n"
	"ranking: {within: township, by_category: true}\n"
	"quotas:\n"
	"  - {grade: fair, at_least: 60%, within: township}\n"
	"  - {grade: poor, at_least: 55%, within: all, by_category: true}\n"
	"stars:\n"
	"  - {stars: 5, grade: good, at_most: 50%, within: township}\n"
	"  - {stars: 4, grade: good, from: 92}\n"
	"  - {stars: 3, grade: fair, at_most: 33.3333%, within: all, from: 80}\n"
	"  - {stars: 1, grade: fair}\n";

/* Few different scores, so that equals are everywhere; some lack a source. */
static void fill(struct town *t, uint32_t orgs)
{
	char code[16], parent[16];
	town_init(t, town_scheme_text, rules);
	for (int i = 0; i < TOWNSHIPS; i++) {
		snprintf(code, sizeof(code), "T%d", i);
		town_add(t, code, NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	}
	for (uint32_t i = 0; i < orgs; i++) {
		static const uint8_t field[] = {FIELD_VILLAGE, FIELD_SOE, FIELD_AGENCY, FIELD_SCHOOL};
		snprintf(code, sizeof(code), "U%u", i);
		snprintf(parent, sizeof(parent), "T%u", (unsigned)town_random(&seed, TOWNSHIPS));
		town_add(t, code, town_random(&seed, 20) ? parent : NULL, LEVEL_UNIT,
			 field[town_random(&seed, 12) % 4 < 3 ? town_random(&seed, 3) : 3]);
	}
	town_open(t);
	for (uint32_t i = TOWNSHIPS; i < t->orgs.n; i++) {
		uint32_t high = 900000 + 20000 * (uint32_t)town_random(&seed, 4);
		uint32_t low = 500000 + 100000 * (uint32_t)town_random(&seed, 4);
		town_points(t, i, "committee", 1, town_random(&seed, 2) ? high : low);
		if (town_random(&seed, 15))
			town_points(t, i, "units", 1, high);
		town_vote(t, i, VOTERS_MEMBER, (int)town_random(&seed, 2), 3);
		town_vote(t, i, VOTERS_RESIDENT, 0, 1 + (uint32_t)town_random(&seed, 4));
	}
	town_grade(t, 1 + (unsigned)town_random(&seed, 4));
}

static bool together(const struct town *t, const struct scope *scope, uint32_t a, uint32_t b)
{
	if (scope->by_category && t->orgs.category[a] != t->orgs.category[b])
		return false;
	return scope->all || orgs_parent(&t->orgs, a) == orgs_parent(&t->orgs, b);
}

static bool graded(const struct town *t, uint32_t node)
{
	return t->graded.status[node] == STATUS_GRADED;
}

static int compare(const struct town *t, uint32_t a, uint32_t b)
{
	bool failed = false;
	int c = compose_compare(&t->graded.compose, a, b, &failed);
	assert_false(failed);
	return c;
}

/* One quota on `grade`, node by node: it goes down if, counting all in its
 * group that are low already and all strictly lower ones, too few are low. */
static void expect_quota(const struct town *t, int q, uint8_t *grade)
{
	const struct scheme_quota *quota = &t->scheme.quotas[q];
	uint8_t after[ORGS_MAX + TOWNSHIPS];
	memcpy(after, grade, t->orgs.n);
	for (uint32_t i = 0; i < t->orgs.n; i++) {
		if (!graded(t, i) || grade[i] >= quota->grade)
			continue;
		uint64_t in_scope = 0, low = 0, lower = 0;
		for (uint32_t k = 0; k < t->orgs.n; k++) {
			uint8_t status = t->graded.status[k];
			if (status == STATUS_NODE || status == STATUS_OUTSIDE ||
			    !together(t, &quota->scope, i, k))
				continue;
			in_scope++;
			if (status != STATUS_GRADED)
				continue;
			if (grade[k] >= quota->grade)
				low++;
			else
				lower += compare(t, k, i) < 0;
		}
		uint64_t required = (in_scope * quota->at_least_e6 + E6 - 1) / E6;
		if (low + lower < required)
			after[i] = (uint8_t)quota->grade;
	}
	memcpy(grade, after, t->orgs.n);
}

static void quotas_move_the_lowest_and_their_equals(void **state)
{
	static const uint32_t sizes[] = {0, 1, 5, 40, 250, 600, ORGS_MAX};
	int moved = 0;
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
		struct town t;
		uint8_t grade[ORGS_MAX + TOWNSHIPS];
		fill(&t, sizes[k]);
		memcpy(grade, t.graded.score_grade, t.orgs.n);
		for (int q = 0; q < t.scheme.n_quotas; q++)
			expect_quota(&t, q, grade);
		assert_memory_equal(t.graded.grade, grade, t.orgs.n);
		for (uint32_t i = 0; i < t.orgs.n; i++) {
			bool by_quota = t.graded.quota[i] != QUOTA_NONE;
			assert_int_equal(by_quota, t.graded.grade[i] != t.graded.score_grade[i]);
			moved += by_quota;
		}
		town_done(&t);
	}
	assert_true(moved > 20);
}

/* One rule on `stars`: as many of the highest as fit whole under the cap. */
static void expect_stars(const struct town *t, const struct scheme_star_rule *rule, uint8_t *stars)
{
	uint8_t after[ORGS_MAX + TOWNSHIPS];
	memcpy(after, stars, t->orgs.n);
	for (uint32_t i = 0; i < t->orgs.n; i++) {
		uint64_t of_grade = 0, not_lower = 0;
		if (t->graded.grade[i] != rule->grade || stars[i] != STARS_NONE ||
		    (rule->has_from && graded_score(&t->graded, i) * 100 < (uint64_t)rule->from_e4))
			continue;
		for (uint32_t k = 0; k < t->orgs.n; k++) {
			if (t->graded.grade[k] != rule->grade || !together(t, &rule->scope, i, k))
				continue;
			of_grade++;
			not_lower += stars[k] == STARS_NONE && compare(t, k, i) >= 0;
		}
		if (!rule->has_cap || not_lower <= of_grade * rule->at_most_e6 / E6)
			after[i] = (uint8_t)rule->stars;
	}
	memcpy(stars, after, t->orgs.n);
}

static void stars_go_to_whole_sets_of_equals(void **state)
{
	int given[SCHEME_STARS_MAX + 1] = {0};
	(void)state;
	for (int round = 0; round < 7; round++) {
		struct town t;
		uint8_t stars[ORGS_MAX + TOWNSHIPS];
		fill(&t, round < 6 ? 30 + 100 * (uint32_t)round : ORGS_MAX);
		memset(stars, STARS_NONE, t.orgs.n);
		for (int i = 0; i < t.scheme.n_stars; i++)
			expect_stars(&t, &t.scheme.stars[i], stars);
		assert_memory_equal(t.graded.stars, stars, t.orgs.n);
		for (uint32_t i = 0; i < t.orgs.n; i++)
			if (stars[i] != STARS_NONE)
				given[stars[i]]++;
		town_done(&t);
	}
	assert_true(given[5] && given[4] && given[3] && given[1]);
}

static void ranks_count_those_above(void **state)
{
	struct town t;
	(void)state;
	fill(&t, 600);
	for (uint32_t i = 0; i < t.orgs.n; i++) {
		uint32_t above = 0;
		for (uint32_t k = 0; graded(&t, i) && k < t.orgs.n; k++)
			above += graded(&t, k) && together(&t, &t.scheme.ranking, i, k) &&
				 compare(&t, k, i) > 0;
		assert_int_equal(t.graded.rank[i], graded(&t, i) ? above + 1 : 0);
	}
	town_done(&t);
}

static void expect_same(const struct graded *a, const struct graded *b, size_t n)
{
	assert_memory_equal(a->status, b->status, n);
	assert_memory_equal(a->rank, b->rank, n * sizeof(*a->rank));
	assert_memory_equal(a->score_grade, b->score_grade, n);
	assert_memory_equal(a->grade, b->grade, n);
	assert_memory_equal(a->stars, b->stars, n);
	assert_memory_equal(a->quota, b->quota, n);
	for (size_t i = 0; i < n; i++)
		assert_true(a->status[i] != STATUS_GRADED || a->key[i] == b->key[i]);
	assert_int_equal(a->n_graded, b->n_graded);
}

/* Grading again gives what a first grading by these rules gives. */
static void expect_as_fresh(struct town *t, const struct scheme *rules_now, unsigned threads)
{
	struct graded fresh = {0};
	assert_int_equal(grade_again(&t->graded, rules_now, &t->orgs, threads), 0);
	assert_int_equal(grade_run(&fresh, rules_now, &t->orgs, &t->book, 1), 0);
	expect_same(&t->graded, &fresh, t->orgs.n);
	graded_done(&fresh);
}

/* Who grades once gets the same, and the same scores of each source, without the
 * ballots. Where they are too many for a figure they stay. */
static void expect_the_same_once(struct town *t, bool ballots_stay)
{
	struct graded once = {0};
	struct fraction (*before)[SCHEME_SOURCES_MAX] = calloc(t->orgs.n, sizeof(*before));
	assert_non_null(before);
	for (uint32_t i = 0; i < t->orgs.n; i++)
		for (int k = 0; graded(t, i) && k < t->scheme.n_sources; k++)
			before[i][k] = compose_source(&t->graded.compose, i, k);
	assert_int_equal(grade_once(&once, &t->scheme, &t->orgs, &t->book,
				    1 + (unsigned)town_random(&seed, 4)), 0);
	expect_same(&t->graded, &once, t->orgs.n);
	assert_int_equal(t->orgs.lines || t->book.votes, ballots_stay);
	for (uint32_t i = 0; i < t->orgs.n; i++)
		for (int k = 0; graded(t, i) && k < t->scheme.n_sources; k++) {
			struct fraction f = compose_source(&once.compose, i, k);
			assert_true(f.num == before[i][k].num && f.den == before[i][k].den);
		}
	free(before);
	graded_done(&once);
}

static void once_gives_the_same_without_the_ballots(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct town t;
		fill(&t, 1 + (uint32_t)town_random(&seed, 600));
		expect_the_same_once(&t, false);
		town_done(&t);
	}
}

static void rules_may_change_and_the_memory_stays(void **state)
{
	struct town t;
	struct scheme other;
	(void)state;
	fill(&t, 300);
	other = t.scheme;
	other.ranking = (struct scope){.all = true};
	other.n_quotas = 0;
	other.n_ties = 0;
	other.places = 0;
	for (unsigned threads = 3; threads > 0; threads--)
		expect_as_fresh(&t, &other, threads);
	town_done(&t);
}

static void what_ballots_say_follows_their_rules(void **state)
{
	struct town t;
	struct scheme other;
	struct scheme_option options[3];
	struct scheme_source sources[4];
	struct scheme_turnout turnout = {1u << VOTERS_RESIDENT, 500000, 0};
	(void)state;
	fill(&t, 300);
	uint32_t before = t.graded.n_graded;
	other = t.scheme;
	memcpy(options, other.options, sizeof(options));
	memcpy(sources, other.sources, sizeof(sources));
	other.options = options;
	other.sources = sources;
	options[0].points_e4 = 950000;
	expect_as_fresh(&t, &other, 2);
	sources[2].voters |= 1u << VOTERS_RESIDENT;
	expect_as_fresh(&t, &other, 2);
	other.turnout = &turnout;
	other.n_turnout = 1;
	expect_as_fresh(&t, &other, 2);
	expect_as_fresh(&t, &t.scheme, 1);
	assert_int_equal(t.graded.n_graded, before);
	town_done(&t);
}

static void many_ballots_are_counted_as_few_are(void **state)
{
	struct town t[2];
	(void)state;
	/* Shares decide: 70,000 times as many ballots of all sorts change nothing. */
	for (int k = 0; k < 2; k++) {
		uint32_t times = k ? 70000 : 1;
		town_init(&t[k], town_scheme_text, rules);
		for (uint32_t i = 0; i < 40; i++) {
			char code[16];
			snprintf(code, sizeof(code), "U%u", i);
			town_add(&t[k], code, NULL, LEVEL_UNIT, FIELD_VILLAGE);
		}
		town_open(&t[k]);
		for (uint32_t i = 0; i < 40; i++) {
			town_points(&t[k], i, "committee", 1, 900000);
			town_points(&t[k], i, "units", 1, 900000);
			town_vote(&t[k], i, VOTERS_MEMBER, 0, (1 + i % 5) * times);
			town_vote(&t[k], i, VOTERS_MEMBER, 1, (i % 3) * times);
			town_vote(&t[k], i, VOTERS_RESIDENT, 0, (1 + i % 2) * times);
			town_vote(&t[k], i, VOTERS_RESIDENT, 2, (i % 4) * times);
		}
		town_grade(&t[k], 2);
	}
	assert_memory_equal(t[0].graded.rank, t[1].graded.rank, 40 * sizeof(uint32_t));
	assert_memory_equal(t[0].graded.grade, t[1].graded.grade, 40);
	assert_memory_equal(t[0].graded.stars, t[1].graded.stars, 40);
	for (int k = 0; k < 2; k++) {
		expect_the_same_once(&t[k], k == 1);
		town_done(&t[k]);
	}
}

static void thresholds_are_what_is_published(void **state)
{
	(void)state;
	assert_int_equal(score_in_places(900000, 2), 9000);
	assert_int_equal(score_in_places(899999, 2), 9000);
	assert_int_equal(score_in_places(900001, 2), 9001);
	assert_int_equal(score_in_places(900001, 4), 900001);
	assert_int_equal(score_in_places(895000, 0), 90);
	assert_int_equal(score_in_places(0, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotas_move_the_lowest_and_their_equals),
		cmocka_unit_test(stars_go_to_whole_sets_of_equals),
		cmocka_unit_test(ranks_count_those_above),
		cmocka_unit_test(once_gives_the_same_without_the_ballots),
		cmocka_unit_test(rules_may_change_and_the_memory_stays),
		cmocka_unit_test(what_ballots_say_follows_their_rules),
		cmocka_unit_test(many_ballots_are_counted_as_few_are),
		cmocka_unit_test(thresholds_are_what_is_published),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
