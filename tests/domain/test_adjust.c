/* SPDX-License-Identifier: Apache-2.0 */
/* What a meeting makes of a computed grading: 石桥镇's meeting and small cases. */
#include <stdio.h>

#include "domain/adjust.h"
#include "tests/domain/town.h"

static const char plan[] =
	"id: town\ntitle: 测试方案\nsource: 测试用，无此文件\n"
	"categories:\n  - {id: village, label: 行政村, fields: [village]}\n"
	"indicators:\n  - {id: all, label: 全部, max: 100}\n"
	"sources:\n  - {id: committee, label: 党委评定, weight: 100%, by: indicators}\n"
	"grades:\n  - {id: good, label: 好, from: 90}\n  - {id: fair, label: 较好, from: 80}\n"
	"  - {id: average, label: 一般, from: 60}\n  - {id: poor, label: 较差}\n"
	"quotas:\n  - {grade: poor, at_least: 5%, within: township}\n"
	"stars:\n  - {stars: 5, grade: good, at_most: 20%, within: city}\n"
	"  - {stars: 4, grade: good}\n  - {stars: 3, grade: fair}\n"
	"  - {stars: 2, grade: average, from: 70}\n  - {stars: 1, grade: average}\n"
	"  - {stars: 0, grade: poor}\n";

enum { GOOD, FAIR, AVERAGE, POOR };

/* A township of 24: four good, eleven fair, eight average with two equals at
 * the bottom, one poor. Node 0 is the township, U1 the highest. */
static const uint32_t points_e2[24] = {
	9456, 9304, 9173, 9015, 8993, 8901, 8812, 8779, 8683, 8581, 8517, 8426, 8342, 8143, 8004,
	7962, 7834, 7653, 7477, 7092, 6210, 6135, 6135, 5784,
};

static void open_town(struct town *t)
{
	char code[8];
	town_init(t, plan, NULL);
	town_add(t, "T", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	for (int i = 1; i <= 24; i++) {
		snprintf(code, sizeof(code), "U%d", i);
		town_add(t, code, "T", LEVEL_UNIT, FIELD_VILLAGE);
	}
	town_open(t);
	for (uint32_t i = 1; i <= 24; i++)
		town_points(t, i, "committee", 1, points_e2[i - 1] * 100);
	town_grade(t, 1);
}

static void a_grade_given_by_a_meeting_draws_the_stars_again(void **state)
{
	struct town t;
	struct adjust_item down = {.node = 1, .grade = FAIR};
	struct adjust_fault faults[4];
	const uint32_t nodes[] = {1, 2};
	(void)state;
	open_town(&t);
	/* 20 % of four good ones is none: nobody has five stars. */
	assert_int_equal(t.graded.stars[1], 4);
	assert_int_equal(adjust_run(&t.graded, &down, 1, 1), 0);
	assert_int_equal(down.computed, GOOD);
	assert_int_equal(t.graded.grade[1], FAIR);
	assert_int_equal(t.graded.stars[1], 3);
	assert_int_equal(t.graded.stars[2], 4);
	/* Raised by the meeting beyond its score: the rule asks for the grade. */
	struct adjust_item up[] = {{.node = 5, .grade = GOOD}, {.node = 1, .grade = GRADE_NONE}};
	assert_int_equal(adjust_run(&t.graded, up, 2, 1), 0);
	assert_int_equal(t.graded.stars[5], 4);
	assert_int_equal(adjust_check(&t.graded, nodes, 2, faults, 4), 0);
	town_done(&t);
}

static void five_good_ones_have_room_for_one_with_five_stars(void **state)
{
	struct town t;
	struct adjust_item up = {.node = 5, .grade = GOOD};
	(void)state;
	open_town(&t);
	assert_int_equal(adjust_run(&t.graded, &up, 1, 1), 0);
	assert_int_equal(t.graded.stars[1], 5);
	assert_int_equal(t.graded.stars[2], 4);
	/* The city does not approve: the next rule without a cap. */
	adjust_refuse_stars(&t.graded, 1);
	assert_int_equal(t.graded.stars[1], 4);
	town_done(&t);
}

static void equals_moved_down_together_may_be_restored_while_the_quota_holds(void **state)
{
	struct town t;
	struct explanation e;
	struct adjust_fault faults[4];
	const uint32_t nodes[] = {24, 22};
	(void)state;
	open_town(&t);
	/* Two are needed, one is there; the two equals go together: three. */
	assert_int_equal(t.graded.grade[22], POOR);
	assert_int_equal(t.graded.grade[23], POOR);
	assert_int_equal(explain_run(&e, &t.graded, &t.orgs, 22, NULL, 0, 1), 0);
	assert_int_equal(e.quotas[0].required, 2);
	assert_int_equal(e.quotas[0].moved, 2);
	assert_int_equal(adjust_spare(&e.quotas[0]), 1);
	explanation_done(&e);

	struct adjust_item one = {.node = 22, .grade = AVERAGE};
	assert_int_equal(adjust_run(&t.graded, &one, 1, 1), 0);
	assert_int_equal(t.graded.grade[22], AVERAGE);
	assert_int_equal(t.graded.stars[22], 1);
	assert_int_equal(adjust_check(&t.graded, nodes, 2, faults, 4), 0);

	struct adjust_item both = {.node = 23, .grade = AVERAGE};
	assert_int_equal(adjust_run(&t.graded, &both, 1, 1), 0);
	assert_int_equal(adjust_check(&t.graded, nodes, 2, faults, 4), 1);
	assert_int_equal(faults[0].quota, 0);
	assert_int_equal(faults[0].required, 2);
	assert_int_equal(faults[0].have, 1);
	assert_int_equal(faults[0].group.node, 0);
	town_done(&t);
}

static void the_last_of_two_grades_for_one_organisation_holds(void **state)
{
	struct town t;
	struct adjust_item twice[] = {{.node = 3, .grade = POOR}, {.node = 3, .grade = FAIR}};
	(void)state;
	open_town(&t);
	assert_int_equal(adjust_run(&t.graded, twice, 2, 1), 0);
	assert_int_equal(t.graded.grade[3], FAIR);
	assert_int_equal(twice[0].computed, GOOD);
	assert_int_equal(twice[1].computed, GOOD);
	town_done(&t);
}

static void one_that_is_not_graded_is_passed_over(void **state)
{
	struct town t;
	struct adjust_item item = {.node = 1, .grade = GOOD};
	(void)state;
	town_init(&t, plan, NULL);
	town_add(&t, "T", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	town_add(&t, "U", "T", LEVEL_UNIT, FIELD_VILLAGE);
	town_open(&t);
	town_grade(&t, 1);
	assert_int_equal(adjust_run(&t.graded, &item, 1, 1), 0);
	assert_int_equal(t.graded.grade[1], GRADE_NONE);
	assert_int_equal(t.graded.stars[1], STARS_NONE);
	/* Nobody could fill the quota: that is no fault of the meeting. */
	struct adjust_fault faults[1];
	const uint32_t nodes[] = {1};
	assert_int_equal(adjust_check(&t.graded, nodes, 1, faults, 1), 0);
	town_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grade_given_by_a_meeting_draws_the_stars_again),
		cmocka_unit_test(five_good_ones_have_room_for_one_with_five_stars),
		cmocka_unit_test(equals_moved_down_together_may_be_restored_while_the_quota_holds),
		cmocka_unit_test(the_last_of_two_grades_for_one_organisation_holds),
		cmocka_unit_test(one_that_is_not_graded_is_passed_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
