/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every action × role × relation of the organisation, generated from a table
 * written down a second time, from the specification's words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/right.h"
#include "base/auto.h"

/* One letter a role, in the order of enum role:
 * o officer, t township, c clerk, v surveyor, d cadre, g regulator, h helper,
 * u unit, i inspector, l leader, S system, P security, A auditor */
static const char letters[] = "otcvdghuilSPA";

static const struct {
	const char *action, *roles;
} allowed[] = {
	{"org.read", "otcvdghuilSP"},
	{"org.edit", "otS"},
	{"org.structure", "oS"},
	{"org.export", "otilS"},
	{"account.read", "SP"},
	{"account.write", "S"},
	{"role.read", "SP"},
	{"role.grant", "P"},
	{"policy.write", "P"},
	{"audit.read", "A"},
	{"scheme.read", "otcvdghuil"},
	{"scheme.write", "o"},
	{"campaign.read", "otcdil"},
	{"campaign.write", "o"},
	{"survey.write", "otv"},
	{"self.write", "tc"},
	{"self.confirm", "d"},
	{"score.write", "t"},
	{"score.unit", "u"},
	{"ballot.write", "t"},
	{"opinion.write", "g"},
	{"meeting.write", "t"},
	{"publicity.write", "t"},
	{"submit", "ot"},
	{"review", "o"},
	{"case.read", "otcdhil"},
	{"case.write", "ot"},
	{"case.progress", "tc"},
	{"case.accept", "o"},
	{"visit.write", "dh"},
	{"check.read", "oil"},
	{"check.write", "oi"},
	{"report.read", "otil"},
	{"live.write", "ot"},
	{"my.work", "otcvdghuil"},
};

/* The role is held at /1/12/. */
static const struct {
	const char *relation, *path;
	bool within;
} relations[] = {
	{"own", "/1/12/", true},
	{"child", "/1/12/120/", true},
	{"grandchild", "/1/12/120/1200/", true},
	{"parent", "/1/", false},
	{"sibling", "/1/13/", false},
	{"sibling whose number begins alike", "/1/123/", false},
	{"sibling's child", "/1/13/120/", false},
	{"foreign", "/2/12/", false},
	{"nothing", "", false},
};

static const char *roles_of(const char *action)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		if (strcmp(allowed[i].action, action) == 0)
			return allowed[i].roles;
	return NULL;
}

static void every_action_role_and_relation(void **state)
{
	(void)state;
	int checked = 0;
	assert_int_equal(sizeof(letters) - 1, ROLE_COUNT);
	for (int action = 0; action < ACTION_COUNT; action++) {
		if (action == ACTION_SELF)
			continue;
		const char *roles = roles_of(action_id((enum action)action));
		if (!roles)
			fail_msg("no expectation for %s", action_id((enum action)action));
		for (int role = 0; role < ROLE_COUNT; role++)
			for (size_t r = 0; r < ARRAY_LEN(relations); r++) {
				const struct right_grant grant = {(enum role)role, "/1/12/"};
				const struct right_holder who = {&grant, 1, false};
				bool expected = relations[r].within && strchr(roles, letters[role]);
				bool got = right_check(&who, (enum action)action, relations[r].path);
				if (got != expected)
					fail_msg("%s, %s, %s: %d", action_id((enum action)action),
						 role_id((enum role)role), relations[r].relation, got);
				checked++;
			}
	}
	assert_int_equal(checked, (ACTION_COUNT - 1) * ROLE_COUNT * (int)ARRAY_LEN(relations));
	assert_int_equal(ARRAY_LEN(allowed), ACTION_COUNT - 1);
}

static void nobody_may_nothing_but_his_own(void **state)
{
	(void)state;
	const struct right_holder nobody = {0};
	for (int action = 0; action < ACTION_COUNT; action++) {
		bool own = action == ACTION_SELF;
		assert_int_equal(right_check(&nobody, (enum action)action, "/1/"), own);
		assert_int_equal(right_anywhere(&nobody, (enum action)action), own);
	}
}

static void several_grants_add_up_each_where_it_is_held(void **state)
{
	(void)state;
	const struct right_grant grants[] = {{ROLE_CLERK, "/1/12/"}, {ROLE_CADRE, "/1/13/"}};
	const struct right_holder who = {grants, 2, false};
	assert_true(right_check(&who, ACTION_SELF_WRITE, "/1/12/"));
	assert_false(right_check(&who, ACTION_SELF_WRITE, "/1/13/"));
	assert_true(right_check(&who, ACTION_SELF_CONFIRM, "/1/13/"));
	assert_false(right_check(&who, ACTION_SELF_CONFIRM, "/1/12/"));
}

static void a_broken_grant_reaches_nothing(void **state)
{
	(void)state;
	const struct right_grant grants[] = {
		{ROLE_OFFICER, ""}, {ROLE_OFFICER, NULL}, {ROLE_OFFICER, "/"}, {ROLE_OFFICER, "/1/1"},
		{(enum role)99, "/1/"}, {(enum role)-1, "/1/"},
	};
	const struct right_holder who = {grants, ARRAY_LEN(grants), false};
	assert_false(right_check(&who, ACTION_ORG_READ, "/1/12/"));
}

/* ---- campaigns that grade committees (CT-9) ---- */

/* Who may do it, and where the role is held: A above the graded one, G at it, B
 * below it, E beside it. What is not in the list is as it is everywhere. */
static const struct {
	enum action action;
	const char *officer, *township, *surveyor;
} judged[] = {
	{ACTION_CAMPAIGN_WRITE, "A", "", ""}, {ACTION_SURVEY_WRITE, "A", "", "A"},
	{ACTION_SCORE_WRITE, "A", "", ""},    {ACTION_BALLOT_WRITE, "A", "", ""},
	{ACTION_MEETING_WRITE, "A", "", ""},  {ACTION_PUBLICITY_WRITE, "A", "", ""},
	{ACTION_LIVE_WRITE, "A", "", ""},     {ACTION_SUBMIT, "A", "", ""},
	{ACTION_REVIEW, "A", "", ""},	      {ACTION_SELF_WRITE, "G", "AG", ""},
};

static void who_judges_a_committee_stands_above_it(void **state)
{
	(void)state;
	/* A county graded by its city, and a township graded by its county. */
	static const char *const graded[] = {"/1/12/", "/1/12/123/"};
	static const char *const at[2][4] = {{"/1/", "/1/12/", "/1/12/123/", "/1/13/"},
					     {"/1/12/", "/1/12/123/", "/1/12/123/7/", "/1/12/124/"}};
	static const char places[] = "AGBE";
	for (int g = 0; g < 2; g++)
		for (size_t i = 0; i < ARRAY_LEN(judged); i++)
			for (int role = 0; role < ROLE_COUNT; role++)
				for (int p = 0; p < 4; p++) {
					const struct right_grant grant = {(enum role)role, at[g][p]};
					const struct right_holder who = {&grant, 1, false, true, graded[g]};
					const char *wanted = role == ROLE_OFFICER    ? judged[i].officer
							     : role == ROLE_TOWNSHIP ? judged[i].township
							     : role == ROLE_SURVEYOR ? judged[i].surveyor
							     : role == ROLE_CLERK &&
									judged[i].action == ACTION_SELF_WRITE
								     ? "AG" : "";
					assert_int_equal(right_check(&who, judged[i].action, graded[g]),
							 strchr(wanted, places[p]) != NULL);
				}
}

static void above_the_graded_ones_and_to_read_all_is_as_ever(void **state)
{
	(void)state;
	const struct right_grant officer = {ROLE_OFFICER, "/1/12/"}, township = {ROLE_TOWNSHIP, "/1/12/"};
	const struct right_holder county = {&officer, 1, false, true, NULL};
	const struct right_holder town = {&township, 1, false, true, NULL};
	assert_true(right_check(&county, ACTION_MEETING_WRITE, "/1/12/"));
	assert_true(right_check(&county, ACTION_SUBMIT, "/1/12/"));
	assert_false(right_check(&county, ACTION_REVIEW, "/1/"));
	assert_false(right_check(&town, ACTION_MEETING_WRITE, "/1/12/"));
	for (int action = 0; action < ACTION_COUNT; action++)
		for (int role = 0; role < ROLE_COUNT; role++) {
			const struct right_grant grant = {(enum role)role, "/1/12/"};
			const struct right_holder plain = {&grant, 1, false, false, NULL};
			const struct right_holder who = {&grant, 1, false, true, "/1/12/123/"};
			bool listed = false;
			for (size_t i = 0; i < ARRAY_LEN(judged); i++)
				listed |= judged[i].action == (enum action)action;
			if (!listed)
				assert_int_equal(right_check(&who, (enum action)action, "/1/12/123/"),
						 right_check(&plain, (enum action)action, "/1/12/123/"));
		}
}

static void the_three_administrators_are_kept_apart(void **state)
{
	(void)state;
	for (int a = 0; a < ROLE_COUNT; a++)
		for (int b = 0; b < ROLE_COUNT; b++) {
			bool admin = a >= ROLE_SYSTEM || b >= ROLE_SYSTEM;
			assert_int_equal(right_compatible((enum role)a, (enum role)b), a == b || !admin);
		}
}

static void roles_are_found_by_id_and_label(void **state)
{
	(void)state;
	enum role role;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(role_find(str_from(role_id((enum role)i)), &role), 0);
		assert_int_equal(role, i);
		assert_int_equal(role_find(str_from(role_label((enum role)i)), &role), 0);
		assert_int_equal(role, i);
	}
	assert_true(role_find(STR("root"), &role) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_role_and_relation),
		cmocka_unit_test(nobody_may_nothing_but_his_own),
		cmocka_unit_test(several_grants_add_up_each_where_it_is_held),
		cmocka_unit_test(a_broken_grant_reaches_nothing),
		cmocka_unit_test(who_judges_a_committee_stands_above_it),
		cmocka_unit_test(above_the_graded_ones_and_to_read_all_is_as_ever),
		cmocka_unit_test(the_three_administrators_are_kept_apart),
		cmocka_unit_test(roles_are_found_by_id_and_label),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
