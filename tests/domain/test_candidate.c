/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "domain/candidate.h"
#include "import/scheme_yaml.h"

static void load(struct scheme *scheme, const char *id)
{
	struct diag diag = {0};
	struct err_info info = {0};
	if (scheme_load(scheme, id, &diag, &info) < 0)
		fail_msg("%s: %s", id, info.text);
	diag_done(&diag);
}

static void fractions_are_compared_exactly(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		int order;
	} cases[] = {
		{"1/2", "2/4", 0}, {"90", "90/1", 0}, {"1/3", "33333333/100000000", 1},
		{"18123/200", "90", 1}, {"0", "0/7", 0}, {"0", "1/9", -1}, {"7/2", "10/3", 1},
		{"123456789012345678901234567890123456789/1000000000000000000000000000000000000000",
		 "123456789012345678901234567890123456788/1000000000000000000000000000000000000000", 1},
		{"355/113", "22/7", -1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool bad = false;
		assert_int_equal(fraction_compare(cases[i].a, cases[i].b, &bad), cases[i].order);
		assert_int_equal(fraction_compare(cases[i].b, cases[i].a, &bad), -cases[i].order);
		assert_false(bad);
	}
	for (const char *const *p = (const char *const[]){"", "/2", "1/", "1/0", "x", "-1", NULL}; *p; p++) {
		bool bad = false;
		fraction_compare(*p, "1", &bad);
		assert_true(bad);
	}
}

/* 云岭县, 2020 rules: the lowest tenth of villages and communities. */
static void the_lowest_tenth_with_its_equals(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(arena) struct arena arena = {0};
	struct candidate_org orgs[40] = {0};
	struct candidate_reason *reasons;
	char text[40][16];
	int n;
	load(&scheme, "city-2020");
	/* 21 villages and communities, 9 others (lower still); ⌈10 % × 21⌉ = 3, the
	 * third and fourth are equal. */
	for (int i = 0; i < 30; i++) {
		int points = i < 2 ? 60 + i : i < 4 ? 62 : 60 + i;
		if (i >= 21)
			points = 10;
		snprintf(text[i], sizeof(text[i]), "%d/2", 2 * points);
		orgs[i] = (struct candidate_org){.id = i + 1, .category = i >= 21 ? 2 : i % 2, .graded = true,
						 .grade = 2, .composite = text[i], .ballot_e4 = -1,
						 .examination = "", .ancestor = {[LEVEL_COUNTY] = 7}};
	}
	orgs[5].composite = "";
	orgs[5].graded = false;		/* 20 are graded: ⌈2⌉ = 2 */
	assert_int_equal(candidates_find(&scheme, orgs, 30, &arena, &reasons, &n), 0);
	assert_int_equal(n, 2);
	orgs[5].composite = "99";
	orgs[5].graded = true;
	assert_int_equal(candidates_find(&scheme, orgs, 30, &arena, &reasons, &n), 0);
	assert_int_equal(n, 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(reasons[i].org, i);
		assert_int_equal(reasons[i].of, 21);
	}
	assert_int_equal(reasons[0].place, 21);
	/* Another county's are a group of their own. */
	for (int i = 0; i < 21; i++)
		orgs[i].ancestor[LEVEL_COUNTY] = i < 10 ? 7 : 8;
	assert_int_equal(candidates_find(&scheme, orgs, 30, &arena, &reasons, &n), 0);
	assert_int_equal(n, 3);		/* ⌈1⌉ of 10, ⌈1.1⌉ = 2 of 11 */
	assert_int_equal(reasons[1].org, 10);
}

static void every_reason_that_holds_is_told(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(arena) struct arena arena = {0};
	struct candidate_reason *reasons;
	int n;
	load(&scheme, "loudi-2014");
	struct candidate_org orgs[] = {
		{.id = 1, .category = 0, .grade = -1, .composite = "", .ballot_e4 = 599900,
		 .criteria = 1 << 0 | 1 << 4, .carried_over = true, .examination = "较差"},
		{.id = 2, .category = 1, .grade = -1, .composite = "", .ballot_e4 = 600000,
		 .examination = "好"},
		{.id = 3, .category = -1, .grade = -1, .composite = "", .ballot_e4 = 0, .criteria = 1,
		 .examination = ""},
	};
	assert_int_equal(candidates_find(&scheme, orgs, 3, &arena, &reasons, &n), 0);
	assert_int_equal(n, 5);
	int because[5] = {BECAUSE_CARRIED_OVER, BECAUSE_CRITERIA, BECAUSE_CRITERIA, BECAUSE_EXAMINATION,
			  BECAUSE_BALLOT};
	for (int i = 0; i < 5; i++) {
		assert_int_equal(reasons[i].org, 0);
		assert_int_equal(scheme.rectify[reasons[i].rule].because, because[i]);
	}
	assert_int_equal(reasons[1].criterion, 0);
	assert_int_equal(reasons[2].criterion, 4);
}

static void each_committee_names_at_least_one(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(arena) struct arena arena = {0};
	struct candidate_floor *floors;
	struct candidate_reason *reasons;
	int n;
	load(&scheme, "hnust-2019");
	struct candidate_org orgs[] = {
		{.id = 1, .ancestor = {[LEVEL_TOWNSHIP] = 11}, .composite = "", .examination = "", .nominated = true},
		{.id = 2, .ancestor = {[LEVEL_TOWNSHIP] = 12}, .composite = "", .examination = ""},
		{.id = 3, .ancestor = {[LEVEL_TOWNSHIP] = 11}, .composite = "", .examination = ""},
		{.id = 4, .ancestor = {[LEVEL_TOWNSHIP] = 13}, .composite = "", .examination = "", .nominated = true},
	};
	assert_int_equal(candidates_floors(&scheme, orgs, 4, &arena, &floors, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(floors[0].node, 12);
	assert_int_equal(floors[0].wanted, 1);
	assert_int_equal(candidates_find(&scheme, orgs, 4, &arena, &reasons, &n), 0);
	assert_int_equal(n, 2);
}

static void answers_speak_for_criteria_and_kinds_of_support(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(arena) struct arena arena = {0};
	load(&scheme, "loudi-2014");
	static const struct {
		const char *id, *answer, *words;
		bool red;
	} given[] = {{"secretary", "yes", "是", true}, {"team", "yes", "是", false},
		     {"activity", "0", "0 次", true}, {"activity", "1", "1 次", false},
		     {"service", "59.9", "59.9 %", true}, {"service", "60", "60 %", false},
		     {"economy", "0", "0 万元", true}, {"petitions", "no", "否", false},
		     {"role", "2", "差", true}, {"role", "1", "一般", false}, {"role", "3", "", false}};
	int red[16], n = 0;
	for (int i = 0; i < scheme.n_survey; i++)
		for (size_t j = 0; j < ARRAY_LEN(given); j++) {
			const struct scheme_question *q = &scheme.survey[i];
			if (strcmp(q->id, given[j].id) != 0)
				continue;
			assert_int_equal(survey_answer_is_red(q, str_from(given[j].answer)), given[j].red);
			assert_string_equal(survey_answer_words(q, given[j].answer, &arena), given[j].words);
			if (given[j].red)
				red[n++] = i;
		}
	/* vacancy, idle, dissatisfied. */
	assert_int_equal(survey_criteria(&scheme, red, n), 1 << 0 | 1 << 4 | 1 << 5);
	/* One warning each for weak and poor: the scheme names weak first. */
	assert_int_equal(survey_support_kind(&scheme, red, n), SUPPORT_WEAK);
	assert_int_equal(survey_support_kind(&scheme, red, 0), -1);
	assert_int_equal(survey_criteria(&scheme, red, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fractions_are_compared_exactly),
		cmocka_unit_test(the_lowest_tenth_with_its_equals),
		cmocka_unit_test(every_reason_that_holds_is_told),
		cmocka_unit_test(each_committee_names_at_least_one),
		cmocka_unit_test(answers_speak_for_criteria_and_kinds_of_support),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
