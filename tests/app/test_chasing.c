/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "app/chasing.h"
#include "store/self_report.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

/* zhangji-town: survey to 30 March, self-evaluation to 1 April, ballot to 3 April. */
static struct caller on_day(struct desk *desk, int32_t today)
{
	struct caller caller = desk->machine;
	caller.today = today;
	return caller;
}

static struct chasing chase(struct desk *desk, int64_t campaign, int64_t node, int32_t today,
			    struct arena *arena)
{
	struct chasing c;
	struct err_info info = {0};
	struct caller caller = on_day(desk, today);
	if (chasing_list(&desk->app, &caller, campaign, node, arena, &c, &info) != 0)
		fail_msg("%s", info.text);
	return c;
}

static void nothing_is_chased_before_it_is_due(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	assert_int_equal(chase(desk, campaign, desk->county, 20260326, &arena).n, 0);
	/* Three days before, one line a township. */
	struct chasing c = chase(desk, campaign, desk->county, 20260327, &arena);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.rows[0].days, -3);
	assert_int_equal(c.rows[0].n, 3);
	assert_string_equal(c.rows[0].name, "龙泉镇");
}

static void who_is_through_is_not_named(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	campaign_desk_step(desk, campaign, desk->branch[0], 0, STEP_DONE);
	campaign_desk_step(desk, campaign, desk->branch[1], 0, STEP_RETURNED);
	campaign_desk_step(desk, campaign, desk->branch[2], 0, STEP_WAIVED);
	struct chasing c = chase(desk, campaign, desk->county, 20260331, &arena);
	assert_int_equal(c.rows[0].n, 1);
	assert_int_equal(c.rows[0].days, 1);
	assert_non_null(strstr(c.rows[0].what, "“调查摸底”还有 1 个没有完成：长坡村党支部"));
	/* Below the township each branch is a line of its own. */
	c = chase(desk, campaign, desk->township, 20260331, &arena);
	assert_int_equal(c.rows[0].node, desk->branch[1]);
	assert_string_equal(c.rows[0].what, "“调查摸底”没有完成");
}

static void a_neighbour_is_not_told(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct chasing c;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	struct caller other = desk_caller(desk_account(desk, desk->other_township, "liuhe", ROLE_TOWNSHIP),
					  5000);
	assert_int_equal(chasing_list(&desk->app, &other, campaign, desk->township, &arena, &c, NULL),
			 ERR_DENIED);
}

static struct duty *duties(struct desk *desk, int64_t account, int32_t today, struct arena *arena,
			   int *ret_n)
{
	struct duty *list;
	struct caller caller = desk_caller(account, 5000);
	caller.today = today;
	assert_int_equal(duties_list(&desk->app, &caller, arena, &list, ret_n, NULL), 0);
	return list;
}

static void a_clerk_sees_his_own_steps_and_why_one_came_back(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	int n;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t clerk = desk_account(desk, desk->branch[1], "clerk", ROLE_CLERK);
	struct duty *d = duties(desk, clerk, 20260330, &arena, &n);
	assert_int_equal(n, 2);			/* self-evaluation and improvement */
	assert_int_equal(d[0].kind, STEP_SELF);
	assert_int_equal(d[0].days, -2);
	campaign_desk_step(desk, campaign, desk->branch[1], d[0].step, STEP_RETURNED);
	d = duties(desk, clerk, 20260405, &arena, &n);
	assert_int_equal(d[0].state, STEP_RETURNED);
	assert_int_equal(d[0].days, 4);
	campaign_desk_step(desk, campaign, desk->branch[1], d[0].step, STEP_DONE);
	d = duties(desk, clerk, 20260405, &arena, &n);
	assert_int_equal(d[1].kind, STEP_SELF);	/* what is done comes last */
	assert_int_equal(d[1].state, STEP_DONE);
}

static void a_township_sees_how_much_of_its_steps_is_left(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	int n;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t township = desk_account(desk, desk->township, "longquan", ROLE_TOWNSHIP);
	campaign_desk_step(desk, campaign, desk->branch[0], 0, STEP_DONE);
	struct duty *d = duties(desk, township, 20260330, &arena, &n);
	assert_int_equal(n, 3);			/* survey, ballot, grading */
	assert_true(d[0].below);
	assert_int_equal(d[0].kind, STEP_SURVEY);
	assert_int_equal(d[0].all, 3);
	assert_int_equal(d[0].open, 2);
	assert_int_equal(d[0].state, STEP_BEGUN);
}

static int hand_in_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	struct campaign *campaigns;
	AUTO(arena) struct arena arena = {0};
	const struct self_report report = {.org = desk->branch[1], .report = "", .grade = -1, .reason = "",
					   .state = SELF_HANDED_IN, .saved_by = 7, .handed_by = 7};
	char path[ORG_PATH_MAX];
	int n, r = store_org_path(tx, desk->county, path);
	(void)info;
	r = r < 0 ? r : store_campaign_list(tx, path, false, &arena, &campaigns, &n);
	return r < 0 ? r : store_self_put(tx, campaigns[0].id, &report);
}

static void a_cadre_sees_what_waits_for_him_and_a_surveyor_his_area(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	int n;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t cadre = desk_account(desk, desk->township, "cadre", ROLE_CADRE);
	int64_t surveyor = desk_account(desk, desk->township, "surveyor", ROLE_SURVEYOR);
	/* A draft is not his business yet. */
	campaign_desk_step(desk, campaign, desk->branch[1], 1, STEP_BEGUN);
	campaign_desk_step(desk, campaign, desk->branch[0], 1, STEP_BEGUN);
	duties(desk, cadre, 20260330, &arena, &n);
	assert_int_equal(n, 0);
	campaign_desk_write(desk, hand_in_fn, desk);
	struct duty *d = duties(desk, cadre, 20260330, &arena, &n);
	assert_int_equal(n, 1);
	assert_true(d[0].confirm);
	assert_int_equal(d[0].org, desk->branch[1]);
	d = duties(desk, surveyor, 20260330, &arena, &n);
	assert_int_equal(n, 1);
	assert_int_equal(d[0].kind, STEP_SURVEY);
	assert_int_equal(d[0].open, 3);
}

static void a_step_that_nothing_completes_is_marked_by_hand_and_taken_back(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	int64_t changed = 0;
	int n, hand = -1;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "guizhou");
	int64_t account = desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER);
	struct caller officer = desk_caller(account, 5000);
	struct caller clerk = desk_caller(desk_account(desk, desk->branch[1], "clerk", ROLE_CLERK), 5000);
	struct duty *d = duties(desk, account, 20260330, &arena, &n);
	for (int i = 0; i < n; i++)
		if (d[i].kind == STEP_OTHER)
			hand = i;
	assert_true(hand >= 0 && d[hand].may_mark);
	const int step = d[hand].step;
	assert_int_equal(d[hand].open, d[hand].all);

	assert_int_equal(duties_mark(&desk->app, &clerk, campaign, desk->branch[1], step, true, &changed,
				     &info), ERR_DENIED);
	assert_int_equal(duties_mark(&desk->app, &officer, campaign, desk->township, step, true, &changed,
				     &info), 0);
	assert_int_equal(changed, 3);
	assert_int_equal(duties_mark(&desk->app, &officer, campaign, desk->county, step, true, &changed,
				     &info), 0);
	assert_int_equal(changed, 1);		/* the school; the others are through */
	d = duties(desk, account, 20260330, &arena, &n);
	assert_int_equal(d[n - 1].step, step);	/* done comes last */
	assert_int_equal(d[n - 1].state, STEP_DONE);
	assert_int_equal(duties_mark(&desk->app, &officer, campaign, desk->county, step, false, &changed,
				     &info), 0);
	assert_int_equal(changed, 4);

	/* What the system knows itself is not claimed. */
	assert_int_equal(duties_mark(&desk->app, &officer, campaign, desk->county, 0, true, &changed, &info),
			 ERR_INPUT);
	assert_non_null(strstr(info.text, "会自动登记"));
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, campaign, "试", &info), 0);
	assert_int_equal(duties_mark(&desk->app, &officer, campaign, desk->county, step, true, &changed,
				     &info), ERR_STATE);
}

static void whoever_is_appraised_sees_his_own_state(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	int n;
	campaign_desk_field(desk, desk->township, FIELD_AREA);
	int64_t campaign = campaign_desk_open(desk, desk->county, "appraisal");
	int64_t township = desk_account(desk, desk->township, "longquan", ROLE_TOWNSHIP);
	struct duty *d = duties(desk, township, 20261231, &arena, &n);
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		assert_false(d[i].below);
		assert_int_equal(d[i].state, STEP_NOT_BEGUN);
	}
	campaign_desk_step(desk, campaign, desk->township, d[0].step, STEP_DONE);
	assert_int_equal(duties(desk, township, 20261231, &arena, &n)[n - 1].state, STEP_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(nothing_is_chased_before_it_is_due),
		ON_DESK(who_is_through_is_not_named),
		ON_DESK(a_neighbour_is_not_told),
		ON_DESK(a_clerk_sees_his_own_steps_and_why_one_came_back),
		ON_DESK(a_township_sees_how_much_of_its_steps_is_left),
		ON_DESK(a_cadre_sees_what_waits_for_him_and_a_surveyor_his_area),
		ON_DESK(a_step_that_nothing_completes_is_marked_by_hand_and_taken_back),
		ON_DESK(whoever_is_appraised_sees_his_own_state),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
