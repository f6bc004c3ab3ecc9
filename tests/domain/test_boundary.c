/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands next to the lines, and what one point would change. */
#include <stdio.h>

#include "domain/boundary.h"
#include "tests/domain/town.h"

static const char plan[] =
	"id: town\ntitle: 测试方案\nsource: 测试用，无此文件\n"
	"categories:\n  - {id: village, label: 行政村, fields: [village]}\n"
	"  - {id: other, label: 其他, fields: [agency]}\n"
	"indicators:\n  - {id: all, label: 全部, max: 100}\n"
	"sources:\n  - {id: self, label: 自评, weight: 50%, by: points}\n"
	"  - {id: committee, label: 党委评定, weight: 50%, by: indicators, who: committee}\n"
	"score: {places: 1}\n"
	"grades:\n  - {id: good, label: 好, from: 90}\n  - {id: average, label: 一般, from: 60}\n"
	"  - {id: poor, label: 较差}\n"
	"quotas:\n  - {grade: poor, at_least: 30%, within: township}\n"
	"stars:\n  - {stars: 5, grade: good, at_most: 50%}\n  - {stars: 4, grade: good}\n"
	"  - {stars: 2, grade: average}\n";

enum { GOOD, AVERAGE, POOR };

/* Two townships; nodes 2 … 7 stand in the first, 8 in the second. */
static void open_town(struct town *t)
{
	static const uint32_t points[] = {94, 91, 89, 70, 61, 61, 99};
	char code[8];
	town_init(t, plan, NULL);
	town_add(t, "A", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	town_add(t, "B", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	for (int i = 2; i <= 8; i++) {
		snprintf(code, sizeof(code), "U%d", i);
		town_add(t, code, i < 8 ? "A" : "B", LEVEL_UNIT, i == 4 ? FIELD_AGENCY : FIELD_VILLAGE);
	}
	town_open(t);
	for (uint32_t i = 2; i <= 8; i++) {
		town_points(t, i, "committee", 1, points[i - 2] * 10000);
		town_points(t, i, "self", 1, points[i - 2] * 10000);
	}
	town_grade(t, 1);
}

static const uint32_t nodes[] = {2, 3, 4, 5, 6, 7};

static void every_line_names_who_stands_next_to_it(void **state)
{
	struct town t;
	struct boundary b;
	(void)state;
	open_town(&t);
	assert_int_equal(boundary_run(&b, &t.graded, &t.orgs, nodes, 6, 1), 0);
	assert_int_equal(b.n, 4);
	assert_false(b.more);

	assert_int_equal(b.lines[0].kind, BOUNDARY_GRADE);
	assert_int_equal(b.lines[0].index, GOOD);
	assert_int_equal(b.lines[0].above, 3);
	assert_int_equal(b.lines[0].below, 4);
	/* Nobody stands below 60; two stand level above. */
	assert_int_equal(b.lines[1].index, AVERAGE);
	assert_true(b.lines[1].above == 6 || b.lines[1].above == 7);
	assert_int_equal(b.lines[1].above_equals, 1);
	assert_int_equal(b.lines[1].below, ORG_NONE);

	/* Six, 30 %: two must be poor; the two equals are. The other township's
	 * quota is not this committee's. */
	assert_int_equal(b.lines[2].kind, BOUNDARY_QUOTA);
	assert_int_equal(b.lines[2].quota.in_scope, 6);
	assert_int_equal(b.lines[2].quota.required, 2);
	assert_int_equal(b.lines[2].quota.moved, 2);
	assert_int_equal(b.lines[2].above, 5);
	assert_int_equal(b.lines[2].above_equals, 0);
	assert_int_equal(b.lines[2].below_equals, 1);

	/* The only one of the other township had to be poor: of the two good ones
	 * that are left one gets five stars. */
	assert_int_equal(t.graded.grade[8], POOR);
	assert_int_equal(b.lines[3].kind, BOUNDARY_STARS);
	assert_int_equal(b.lines[3].stars.cap, 1);
	assert_int_equal(b.lines[3].above, 2);
	assert_int_equal(b.lines[3].below, 3);
	boundary_done(&b);
	town_done(&t);
}

static void one_point_is_the_committees(void **state)
{
	struct town t;
	(void)state;
	open_town(&t);
	assert_int_equal(boundary_source(&t.scheme), 1);
	town_done(&t);
}

static void a_what_if_is_a_grading_with_that_figure(void **state)
{
	struct town t;
	struct graded scratch = {0};
	struct boundary_change c;
	(void)state;
	open_town(&t);
	/* 89 + 0.5: still below 90. */
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 4, 1, 1, 1, &c), 0);
	assert_true(c.possible && !c.changes);
	assert_int_equal(c.score, 895);
	assert_int_equal(c.grade, AVERAGE);
	/* 61.5: it stays average, the quota takes the other equal and the next. */
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 6, 1, 1, 1, &c), 0);
	assert_true(c.possible);
	assert_int_equal(c.grade, POOR);
	assert_false(c.changes);
	/* 91 - 0.5 = 90.5 stays good. */
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 3, 1, -1, 1, &c), 0);
	assert_int_equal(c.score, 905);
	assert_false(c.changes);
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 2, 1, 1, 1, &c), 0);
	assert_int_equal(c.stars, 5);
	/* The book is as before. */
	graded_done(&scratch);
	assert_int_equal(grade_run(&scratch, &t.scheme, &t.orgs, &t.book, 1), 0);
	assert_memory_equal(scratch.key, t.graded.key, t.orgs.n * sizeof(*scratch.key));
	graded_done(&scratch);
	town_done(&t);
}

static void a_change_names_the_others_it_touches(void **state)
{
	static const uint32_t points[] = {70, 61, 61};
	struct town t;
	struct graded scratch = {0};
	struct boundary_change c;
	(void)state;
	town_init(&t, plan, NULL);
	town_add(&t, "A", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	town_add(&t, "U1", "A", LEVEL_UNIT, FIELD_VILLAGE);
	town_add(&t, "U2", "A", LEVEL_UNIT, FIELD_VILLAGE);
	town_add(&t, "U3", "A", LEVEL_UNIT, FIELD_VILLAGE);
	town_open(&t);
	for (uint32_t i = 1; i <= 3; i++) {
		town_points(&t, i, "committee", 1, points[i - 1] * 10000);
		town_points(&t, i, "self", 1, points[i - 1] * 10000);
	}
	town_grade(&t, 1);
	/* One of three must be poor; the two equals are, together. One point more
	 * keeps one of them up; one point less saves the other. */
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 2, 1, 1, 1, &c), 0);
	assert_true(c.changes);
	assert_int_equal(c.grade, AVERAGE);
	assert_int_equal(c.n_others, 0);
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 2, 1, -1, 1, &c), 0);
	assert_int_equal(c.grade, POOR);
	assert_int_equal(c.n_others, 1);
	assert_int_equal(c.others[0], 3);
	assert_int_equal(c.others_grade[0], AVERAGE);
	graded_done(&scratch);
	town_done(&t);
}

static void points_stay_within_their_limits(void **state)
{
	struct town t;
	struct graded scratch = {0};
	struct boundary_change c;
	(void)state;
	town_init(&t, plan, NULL);
	town_add(&t, "U1", NULL, LEVEL_UNIT, FIELD_VILLAGE);
	town_open(&t);
	town_points(&t, 0, "committee", 1, 1000000);
	town_points(&t, 0, "committee", 2, 995000);
	town_points(&t, 0, "self", 1, 0);
	town_grade(&t, 1);
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 0, 1, 1, 1, &c), 0);
	assert_false(c.possible);
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 0, 0, -1, 1, &c), 0);
	assert_false(c.possible);
	assert_int_equal(boundary_point(&t.graded, &t.book, &t.orgs, &scratch, 0, 1, -1, 1, &c), 0);
	assert_true(c.possible);
	graded_done(&scratch);
	town_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_names_who_stands_next_to_it),
		cmocka_unit_test(one_point_is_the_committees),
		cmocka_unit_test(a_what_if_is_a_grading_with_that_figure),
		cmocka_unit_test(a_change_names_the_others_it_touches),
		cmocka_unit_test(points_stay_within_their_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
