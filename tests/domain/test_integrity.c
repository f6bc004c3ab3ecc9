/* SPDX-License-Identifier: Apache-2.0 */
/* Honest counties have no finding; in each planted one exactly the fraud is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/auto.h"
#include "domain/integrity.h"

enum { COMMITTEES = 4, EACH = 8, ORGS = COMMITTEES * EACH };

struct county {
	struct integrity_org orgs[ORGS];
	char texts[ORGS][5][160];
	struct integrity_quota quotas[COMMITTEES];
	struct integrity_sum sum;
};

/* Numbers that look like chance, the same on every run. */
static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7FFF;
}

static void honest(struct county *c, unsigned seed)
{
	*c = (struct county){.sum = {1, "云岭县", "较差个数", 40000, 40000}};
	for (int i = 0; i < ORGS; i++) {
		struct integrity_org *o = &c->orgs[i];
		bool weak = i % EACH == 0;
		int sum = 0, points[7];
		char *t = c->texts[i][0];
		for (int k = 0; k < 7; k++)
			sum += points[k] = 5 + (int)(next(&seed) % 96);
		snprintf(t, 160, "%d\t%d\t%d\t%d\t%d\t%d\t%d", points[0], points[1], points[2], points[3], points[4],
			 points[5], points[6]);
		snprintf(c->texts[i][1], 160, "%d\t%d\t%u", points[0], points[1], next(&seed));
		int yes = 31 + (int)(next(&seed) % 200), no = 3 + i;
		snprintf(c->texts[i][2], 160, "%d,%d,0", yes, no);
		snprintf(c->texts[i][3], 160, "下派书记一名，补选支部委员两名，每月五日固定开展主题党日活动，编号 %d", i);
		snprintf(c->texts[i][4], 160, "一年来抓了党员教育和村里的路灯，不足是会开得少，自评第 %d 号", i);
		*o = (struct integrity_org){
			.id = 100 + i, .parent = 10 + i / EACH, .name = "某村", .parent_name = "某镇", .graded = true,
			.grade = weak ? 3 : (int)(next(&seed) % 3), .n_grades = 4, .last_grade = weak ? 3 : 1,
			.sheet = t, .last_sheet = c->texts[i][1], .sum_e4 = sum * INT64_C(10000),
			.self_e4 = 880000 + (int64_t)(next(&seed) % 40) * 1000, .ballot_e4 = 850000 + (int64_t)(next(&seed) % 40) * 1000,
			.tally = c->texts[i][2], .voted = yes + no, .base = yes + no + 9, .counters = true,
			.reason = weak, .listed = weak, .open = weak, .measures = weak ? c->texts[i][3] : "",
			.report = c->texts[i][4], .paper = "", .why = "", .unvisited = "", .last_ballot_e4 = -1, .graded_day = 20261101,
			.started_day = weak ? 20260301 : 0, .n_problems = weak ? 3 : 0, .n_closed_one_day = weak,
			.n_helpers = weak ? 3 : 0,
		};
	}
	for (int i = 0; i < COMMITTEES; i++)
		c->quotas[i] = (struct integrity_quota){10 + i, "某镇", "较差", 1, 1};
}

static int find(struct county *c, struct arena *arena, struct integrity_finding **found)
{
	int n;
	struct integrity_input in = {c->orgs, ORGS, c->quotas, COMMITTEES, &c->sum, 1};
	assert_int_equal(integrity_find(&in, &integrity_defaults, arena, found, &n), 0);
	return n;
}

static void honest_counties_have_no_finding(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 300; seed++) {
		AUTO(arena) struct arena arena = {0};
		struct integrity_finding *found;
		static struct county c;
		honest(&c, seed);
		int n = find(&c, &arena, &found);
		if (n)
			fail_msg("county %u: %s %s", seed, integrity_id(found[0].check), found[0].figures);
	}
}

static void plant_reused(struct county *c) { c->orgs[2].last_sheet = c->orgs[2].sheet; }
static void plant_copied(struct county *c) { c->orgs[3].sheet = c->orgs[4].sheet = c->orgs[2].sheet; }
static void plant_inflated(struct county *c) { c->orgs[5].self_e4 = 990000; c->orgs[5].ballot_e4 = 600000; }
static void plant_flat(struct county *c)
{
	for (int i = 0; i < EACH; i++)
		c->orgs[EACH + i].sum_e4 = 900000;
}
static void plant_same_tally(struct county *c) { c->orgs[6].tally = c->orgs[7].tally; c->orgs[6].voted = c->orgs[7].voted; }
static void plant_one_option(struct county *c) { c->orgs[6].one_option = true; }
static void plant_full_turnout(struct county *c)
{
	for (int i = 0; i < EACH; i++)
		c->orgs[i].base = c->orgs[i].voted;
}
static void plant_weak_as_good(struct county *c)
{
	c->orgs[1].grade = 0;
	c->orgs[1].criterion = c->orgs[1].reason = c->orgs[1].listed = true;
}
static void plant_good_for_weak(struct county *c) { c->orgs[1].grade = 1; c->orgs[1].listed = c->orgs[1].open = true; }
static void plant_absent(struct county *c) { c->orgs[0].n_unvisited = 2; }
static void plant_left_out(struct county *c) { c->orgs[8].listed = c->orgs[8].open = false; c->orgs[8].measures = ""; }
static void plant_below_quota(struct county *c) { c->quotas[2].have = 0; }
static void plant_quick(struct county *c) { c->orgs[0].accepted_day = 20260330; }
static void plant_one_day(struct county *c) { c->orgs[0].n_closed_one_day = 3; }
static void plant_eve(struct county *c) { c->orgs[0].n_closed_on_eve = 3; }
static void plant_paper(struct county *c) { c->orgs[0].open = false; c->orgs[0].written_off_day = 20260601; }
/* A middling grade again after a write-off, and a ballot that went down. */
static void plant_no_better(struct county *c)
{
	c->orgs[1].written_off_day = 20260601;
	c->orgs[1].grade = c->orgs[1].last_grade = 2;
}
static void plant_worse_ballot(struct county *c)
{
	c->orgs[1].written_off_day = 20260601;
	c->orgs[1].grade = 0;
	c->orgs[1].last_grade = 3;
	c->orgs[1].last_ballot_e4 = c->orgs[1].ballot_e4 + 1;
}
static void plant_same_measures(struct county *c) { c->orgs[16].parent = 10; c->orgs[16].measures = c->orgs[0].measures; }
static void plant_same_reports(struct county *c) { c->orgs[4].report = c->orgs[5].report; }
static void plant_same_papers(struct county *c) { c->orgs[4].paper = c->orgs[5].paper = "0a1b"; }
static void plant_no_sheet(struct county *c) { c->orgs[9].sheet = ""; c->orgs[9].sum_e4 = -1; }
static void plant_no_meeting(struct county *c) { c->orgs[9].no_meeting = true; }
static void plant_unproved(struct county *c) { c->orgs[0].n_unproved = 2; }
static void plant_no_counters(struct county *c) { c->orgs[9].counters = false; }
static void plant_sums(struct county *c) { c->sum.reported_e4 = 50000; }

static void exactly_the_planted_fraud_is_found(void **state)
{
	(void)state;
	static const struct {
		void (*plant)(struct county *);
		enum integrity_check check;
		int64_t object;
	} frauds[] = {
		{plant_reused, CHECK_REUSED, 102}, {plant_copied, CHECK_COPIED, 102},
		{plant_inflated, CHECK_INFLATED, 105}, {plant_flat, CHECK_FLAT, 11},
		{plant_same_tally, CHECK_BALLOT_PATTERN, 106}, {plant_one_option, CHECK_BALLOT_PATTERN, 106},
		{plant_full_turnout, CHECK_BALLOT_PATTERN, 10}, {plant_weak_as_good, CHECK_WEAK_AS_GOOD, 101},
		{plant_good_for_weak, CHECK_GOOD_FOR_WEAK, 101}, {plant_absent, CHECK_ABSENT_HELPERS, 100},
		{plant_left_out, CHECK_LEFT_OUT, 108}, {plant_below_quota, CHECK_BELOW_QUOTA, 12},
		{plant_quick, CHECK_QUICK, 100}, {plant_one_day, CHECK_QUICK, 100}, {plant_eve, CHECK_QUICK, 100},
		{plant_paper, CHECK_PAPER_CONVERSION, 100}, {plant_no_counters, CHECK_NO_SOURCE, 109},
		{plant_sums, CHECK_SUMS, 1}, {plant_no_better, CHECK_PAPER_CONVERSION, 101},
		{plant_worse_ballot, CHECK_PAPER_CONVERSION, 101}, {plant_same_measures, CHECK_COPIED, 100},
		{plant_same_reports, CHECK_COPIED, 104}, {plant_same_papers, CHECK_COPIED, 104},
		{plant_no_sheet, CHECK_NO_SOURCE, 109}, {plant_no_meeting, CHECK_NO_SOURCE, 109},
		{plant_unproved, CHECK_NO_SOURCE, 100},
	};
	for (size_t i = 0; i < ARRAY_LEN(frauds); i++) {
		AUTO(arena) struct arena arena = {0};
		struct integrity_finding *found;
		static struct county c;
		honest(&c, (unsigned)i + 7);
		frauds[i].plant(&c);
		int n = find(&c, &arena, &found);
		if (n != 1 || found[0].check != frauds[i].check || found[0].object != frauds[i].object)
			fail_msg("fraud %zu: %d findings, first %s of %lld: %s", i, n, n ? integrity_id(found[0].check) : "",
				 n ? (long long)found[0].object : 0, n ? found[0].figures : "");
	}
}

/* Where nearly everybody in the county has the same figures, equal sheets are no
 * copies; the same sheets among others that differ are. */
static void equal_by_chance_is_not_copied(void **state)
{
	(void)state;
	AUTO(arena) struct arena arena = {0};
	struct integrity_finding *found;
	static struct county c;
	honest(&c, 5);
	for (int i = 0; i < ORGS; i++) {
		/* Full marks but for one figure of three, which goes up and down. */
		snprintf(c.texts[i][0], 160, "10\t10\t%d", 8 + i % 3);
		c.orgs[i].sum_e4 = (28 + i % 3) * INT64_C(10000);
	}
	assert_int_equal(find(&c, &arena, &found), 0);
	honest(&c, 5);
	plant_copied(&c);
	assert_int_equal(find(&c, &arena, &found), 1);
}

/* Each threshold, set to its bounds, changes what is found and nothing else. */
static void thresholds_are_named_bounded_and_work(void **state)
{
	(void)state;
	AUTO(arena) struct arena arena = {0};
	struct integrity_limits limits = integrity_defaults;
	struct integrity_finding *found;
	static struct county c;
	int n;
	for (int i = 0; i < INTEGRITY_LIMITS; i++) {
		const struct integrity_limit *l = &integrity_limit_table[i];
		int value = *integrity_limit_of(&limits, i);
		assert_true(value >= l->min && value <= l->max);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(l->id, integrity_limit_table[k].id);
	}
	honest(&c, 5);
	c.orgs[0].accepted_day = 20260401;	/* 31 days */
	struct integrity_input in = {c.orgs, ORGS, c.quotas, COMMITTEES, &c.sum, 1};
	assert_int_equal(integrity_find(&in, &limits, &arena, &found, &n), 0);
	assert_int_equal(n, 0);
	limits.quick_days = 32;
	assert_int_equal(integrity_find(&in, &limits, &arena, &found, &n), 0);
	assert_int_equal(n, 1);
	plant_copied(&c);
	limits.quick_days = 30;
	limits.copied_sheets = 4;
	assert_int_equal(integrity_find(&in, &limits, &arena, &found, &n), 0);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_counties_have_no_finding),
		cmocka_unit_test(exactly_the_planted_fraud_is_found),
		cmocka_unit_test(equal_by_chance_is_not_copied),
		cmocka_unit_test(thresholds_are_named_bounded_and_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
