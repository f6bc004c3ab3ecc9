/* SPDX-License-Identifier: Apache-2.0 */
/* The roll-up: odd trees, and means that lie exactly on a half-up line. */
#include <stdio.h>

#include "tests/domain/town.h"

/* Only a source by points, so that means can be set out by hand. */
static const char points_only[] =
	"id: points\n"
	"title: 平均\n"
	"source: 测试用，无此文件\n"
	"categories:\n"
	"  - {id: village, label: 行政村, fields: [village]}\n"
	"  - {id: other, label: 其他, fields: [soe]}\n"
	"indicators:\n"
	"  - {id: all, label: 全部, max: 100}\n"
	"sources:\n"
	"  - {id: units, label: 单位评, weight: 100%, by: points}\n"
	"grades:\n"
	"  - {id: good, label: 好, from: 80}\n"
	"  - {id: poor, label: 差}\n"
	"stars:\n"
	"  - {stars: 5, grade: good}\n";

static uint64_t mean_of(struct summary *s, uint32_t node, uint8_t category)
{
	struct summary_cell cell;
	uint64_t mean = 0;
	assert_true(summary_get(s, node, category, &cell));
	assert_int_equal(summary_mean(s, node, category, &cell, &mean), 0);
	return mean;
}

/* The mean of three organisations of three raters each, whose nine figures add
 * to `sum_e4`. */
static uint64_t mean_of_nine(uint64_t sum_e4)
{
	struct town t;
	struct summary s;
	town_init(&t, points_only, NULL);
	uint32_t top = town_add(&t, "T", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	town_add(&t, "A", "T", LEVEL_UNIT, FIELD_VILLAGE);
	town_add(&t, "B", "T", LEVEL_UNIT, FIELD_VILLAGE);
	town_add(&t, "C", "T", LEVEL_UNIT, FIELD_SOE);
	town_open(&t);
	uint64_t left = sum_e4;
	for (uint32_t i = 0; i < 9; i++) {
		/* Uneven, so that no organisation's score is a whole number. */
		uint64_t points = i < 8 ? sum_e4 / 9 - 5 + i : left;
		left -= points;
		town_points(&t, 1 + i / 3, "units", 1 + i % 3, (uint32_t)points);
	}
	town_grade(&t, 1);
	assert_int_equal(summary_run(&s, &t.graded), 0);
	uint64_t mean = mean_of(&s, top, CATEGORY_NONE);
	summary_done(&s);
	town_done(&t);
	return mean;
}

static void exact_ties_are_rounded_up(void **state)
{
	(void)state;
	/* 80.005 · 9 = 720.045 points */
	assert_int_equal(mean_of_nine(7200450), 8001);
	assert_int_equal(mean_of_nine(7200449), 8000);
	assert_int_equal(mean_of_nine(7200451), 8001);
	assert_int_equal(mean_of_nine(7200000), 8000);
	assert_int_equal(mean_of_nine(7199550), 8000);
	assert_int_equal(mean_of_nine(7199549), 7999);
}

static void ties_of_large_ballots_too(void **state)
{
	struct town t;
	struct summary s;
	(void)state;
	/* 30 % · 90 + 20 % · 50 + 30 % · m + 20 % · r with m and r off 80.01 by as
	 * much up as down: their denominators are large, the mean is exact. */
	town_init(&t, town_scheme_text, NULL);
	uint32_t top = town_add(&t, "T", NULL, LEVEL_COUNTY, FIELD_NONE);
	town_add(&t, "A", "T", LEVEL_UNIT, FIELD_VILLAGE);
	town_add(&t, "B", "T", LEVEL_UNIT, FIELD_VILLAGE);
	town_open(&t);
	for (uint32_t i = 1; i <= 2; i++) {
		const uint32_t n = 1000000007, up = i == 1 ? 700000001 : 300000006;
		town_points(&t, i, "committee", 1, 900000);
		town_points(&t, i, "units", 1, 500000 + (i == 1 ? 500 : 0));
		town_vote(&t, i, VOTERS_MEMBER, 0, up);	/* the two shares add to 1 */
		town_vote(&t, i, VOTERS_MEMBER, 2, n - up);
		town_vote(&t, i, VOTERS_RESIDENT, 0, up);
		town_vote(&t, i, VOTERS_RESIDENT, 2, n - up);
	}
	town_grade(&t, 2);
	assert_int_equal(summary_run(&s, &t.graded), 0);
	/* (2·(27 + 10) + 20 % · 0.05 + 50) ÷ 2 = 62.005 */
	assert_int_equal(mean_of(&s, top, CATEGORY_NONE), 6201);
	summary_done(&s);
	town_done(&t);
}

static void add_up(struct summary *s, uint32_t node, uint8_t category, uint32_t orgs,
		   uint32_t graded, uint32_t good)
{
	struct summary_cell cell;
	assert_true(summary_has(s, node));
	assert_int_equal(summary_get(s, node, category, &cell), orgs || category == CATEGORY_NONE);
	assert_int_equal(cell.orgs, orgs);
	assert_int_equal(cell.graded, graded);
	assert_int_equal(cell.grades[0], good);
	assert_int_equal(cell.grades[1], graded - good);
	assert_int_equal(cell.stars[5], good);
}

static void odd_trees_add_up(void **state)
{
	struct town t;
	struct summary s;
	(void)state;
	town_init(&t, points_only, NULL);
	/* Children may stand before their parents; levels may be skipped. */
	uint32_t u1 = town_add(&t, "u1", "branch", LEVEL_UNIT, FIELD_VILLAGE);
	uint32_t province = town_add(&t, "P", NULL, LEVEL_PROVINCE, FIELD_NONE);
	uint32_t town = town_add(&t, "T", "P", LEVEL_TOWNSHIP, FIELD_NONE);
	uint32_t branch = town_add(&t, "branch", "T", LEVEL_UNIT, FIELD_SOE);
	uint32_t direct = town_add(&t, "direct", "P", LEVEL_UNIT, FIELD_VILLAGE);
	uint32_t school = town_add(&t, "school", "T", LEVEL_UNIT, FIELD_SCHOOL);
	uint32_t county = town_add(&t, "K", NULL, LEVEL_COUNTY, FIELD_NONE);
	uint32_t empty = town_add(&t, "E", "K", LEVEL_TOWNSHIP, FIELD_NONE);
	uint32_t root = town_add(&t, "root", NULL, LEVEL_UNIT, FIELD_SOE);
	uint32_t u2 = town_add(&t, "u2", "u1", LEVEL_UNIT, FIELD_VILLAGE);
	town_open(&t);
	town_points(&t, u1, "units", 1, 900000);
	town_points(&t, branch, "units", 1, 100000);
	town_points(&t, direct, "units", 1, 810000);
	town_points(&t, root, "units", 1, 990000);
	town_points(&t, school, "units", 1, 990000);
	town_grade(&t, 3);
	assert_int_equal(summary_run(&s, &t.graded), 0);

	add_up(&s, town, CATEGORY_NONE, 4, 2, 1);	/* u1, u2 (missing), branch, school */
	add_up(&s, town, 0, 2, 1, 1);
	add_up(&s, town, 1, 1, 1, 0);
	add_up(&s, province, CATEGORY_NONE, 5, 3, 2);
	add_up(&s, province, 0, 3, 2, 2);
	add_up(&s, county, CATEGORY_NONE, 0, 0, 0);
	add_up(&s, county, 0, 0, 0, 0);
	add_up(&s, empty, CATEGORY_NONE, 0, 0, 0);
	assert_false(summary_has(&s, root));
	assert_false(summary_has(&s, branch));
	assert_false(summary_has(&s, u2));
	assert_int_equal(mean_of(&s, town, CATEGORY_NONE), 5000);
	assert_int_equal(mean_of(&s, town, 0), 9000);
	assert_int_equal(mean_of(&s, province, CATEGORY_NONE), 6033);
	assert_int_equal(mean_of(&s, province, 0), 8550);
	summary_done(&s);
	town_done(&t);
}

static void nodes_below_the_graded_level_are_left_out(void **state)
{
	struct town t;
	struct summary s;
	(void)state;
	town_init(&t, points_only, "graded: county\n");
	uint32_t city = town_add(&t, "C", NULL, LEVEL_CITY, FIELD_NONE);
	uint32_t county = town_add(&t, "K", "C", LEVEL_COUNTY, FIELD_SOE);
	uint32_t town = town_add(&t, "T", "K", LEVEL_TOWNSHIP, FIELD_SOE);
	uint32_t unit = town_add(&t, "U", "T", LEVEL_UNIT, FIELD_SOE);
	town_open(&t);
	town_points(&t, county, "units", 1, 800000);
	town_grade(&t, 1);
	assert_int_equal(summary_run(&s, &t.graded), 0);
	add_up(&s, city, CATEGORY_NONE, 1, 1, 1);
	add_up(&s, city, 1, 1, 1, 1);
	assert_false(summary_has(&s, county) || summary_has(&s, town) || summary_has(&s, unit));
	assert_int_equal(t.graded.status[town], STATUS_NODE);
	assert_int_equal(mean_of(&s, city, 1), 8000);
	summary_done(&s);
	town_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_ties_are_rounded_up),
		cmocka_unit_test(ties_of_large_ballots_too),
		cmocka_unit_test(odd_trees_add_up),
		cmocka_unit_test(nodes_below_the_graded_level_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
