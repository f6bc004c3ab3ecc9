/* SPDX-License-Identifier: Apache-2.0 */
/* CT-7b: helpers have goals, are missed where they are not, and are judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/decide_desk.h"
#include "app/helpers.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static struct helpers look(struct decide_desk *d, const struct caller *who, int64_t node, struct arena *arena)
{
	struct err_info info = {0};
	struct helpers l;
	if (helpers_get(&d->desk->app, who, node, arena, &l, &info) < 0)
		fail_msg("%s", info.text);
	return l;
}

static void helpers_have_goals_and_are_judged_by_the_level_above(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	struct app *app = &desk->app;
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct helpers l;
	struct caller leader = desk_caller(desk_account(desk, desk->county, "唐", ROLE_LEADER), 7000);
	decide_desk_case(&d, desk->branch[0], CASE_RECTIFYING, 1);
	l = look(&d, &d.county, desk->county, &arena);
	assert_int_equal(l.n, 0);
	struct ledger_board board;
	assert_int_equal(ledger_board(app, &d.county, desk->county, &arena, &board, &info), 0);
	const int64_t id = board.cases[0].id;
	const struct case_helper cadre = {.kind = HELPER_CADRE, .name = "罗群", .post = "", .phone = "", .support_kind = -1,
					  .every_days = 30, .from_day = 20260105, .why = ""},
				 unit = {.kind = HELPER_UNIT, .name = "县司法局", .post = "", .phone = "", .support_kind = -1,
					 .from_day = 20260105, .why = ""};
	assert_int_equal(ledger_put_helper(app, &d.township, id, &cadre, &info), 0);
	assert_int_equal(ledger_put_helper(app, &d.township, id, &unit, &info), 0);
	const struct case_visit visit = {.helper = 1, .name = "罗群", .text = "开支部大会", .day = 20260310},
				early = {.helper = 1, .name = "罗群", .text = "认门", .day = 20260106};
	assert_int_equal(ledger_add_visit(app, &d.township, id, &early, &info), 0);
	assert_int_equal(ledger_add_visit(app, &d.township, id, &visit, &info), 0);

	struct helper_goal g = {.case_id = id, .helper = 1, .from_day = 20260301, .to_day = 20260331, .visits = 2,
				.text = "按月走访，开成支部大会"};
	assert_int_equal(helpers_set_goal(app, &leader, &g, &info), ERR_DENIED);
	assert_int_equal(helpers_set_goal(app, &d.township, &g, &info), 0);
	g.helper = 9;
	assert_int_equal(helpers_set_goal(app, &d.township, &g, &info), ERR_INPUT);
	g.helper = 2;
	g.to_day = 20260201;
	assert_int_equal(helpers_set_goal(app, &d.township, &g, &info), ERR_INPUT);

	l = look(&d, &leader, desk->county, &arena);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.n_absent, 1);
	assert_int_equal(l.n_without_goal, 1);
	assert_string_equal(l.rows[0].helper.name, "罗群");
	assert_false(l.rows[0].absent);
	assert_true(l.rows[1].absent);
	assert_int_equal(l.rows[0].goals[0].visits, 1);	/* within the period */
	assert_false(l.rows[0].may_judge);

	/* The township sets, the county judges. */
	assert_int_equal(helpers_judge(app, &d.township, id, 1, GOAL_MET, "", &info), ERR_DENIED);
	assert_int_equal(helpers_judge(app, &d.county, id, 1, GOAL_PARTLY, "", &info), ERR_INPUT);
	assert_int_equal(helpers_judge(app, &d.county, id, 1, GOAL_OPEN, "x", &info), ERR_INPUT);
	assert_int_equal(helpers_judge(app, &d.county, id, 7, GOAL_MET, "", &info), ERR_INPUT);
	assert_int_equal(helpers_judge(app, &d.county, id, 1, GOAL_PARTLY, "只去了一次", &info), 0);
	struct ledger_file file;
	assert_int_equal(ledger_get(app, &d.county, id, &arena, &file, &info), 0);
	assert_int_equal(file.n_goals, 1);
	assert_int_equal(file.goals[0].verdict, GOAL_PARTLY);
	assert_string_equal(file.goals[0].reason, "只去了一次");
	assert_int_equal(file.goals[0].judged_day, 20260320);
	/* What is judged stays. */
	g = file.goals[0];
	g.visits = 1;
	assert_int_equal(helpers_set_goal(app, &d.county, &g, &info), ERR_STATE);
	/* Nothing is judged before it begins. */
	g = (struct helper_goal){.case_id = id, .helper = 2, .from_day = 20260401, .to_day = 20260630, .text = "调解两件"};
	assert_int_equal(helpers_set_goal(app, &d.township, &g, &info), 0);
	assert_int_equal(helpers_judge(app, &d.county, id, 2, GOAL_MISSED, "没有来", &info), ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(helpers_have_goals_and_are_judged_by_the_level_above),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
