/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

enum { STEPS = 6, SELF = 1 };	/* of zhangji-town */

struct look {
	struct arena arena;
	int64_t campaign, node;
	const char *path;
	struct step_count *counts;
	struct step_child *children;
	struct org_step *steps;
	int n, n_children;
};

static int look_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	int r = store_step_counts(tx, look->campaign, look->node, STEPS, &look->arena, &look->counts);
	(void)info;
	if (r == 0)
		r = store_step_children(tx, look->campaign, look->node, STEPS, &look->arena,
					&look->children, &look->n_children);
	if (r == 0)
		r = store_org_steps_below(tx, look->campaign, "/", SELF, &look->arena, &look->steps,
					  &look->n);
	return r;
}

static void look_at(struct desk *desk, struct look *look, int64_t node)
{
	struct err_info info = {0};
	look->node = node;
	if (db_read(desk->app.db, look_fn, look, &info) < 0)
		fail_msg("%s", info.text);
}

static void at_first_nothing_has_begun(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {0};
	campaign_desk_fill(desk);
	look.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	look_at(desk, &look, desk->county);
	assert_int_equal(look.counts[SELF].n[STEP_NOT_BEGUN], 4);
	assert_int_equal(look.counts[SELF].n[STEP_DONE], 0);
	assert_int_equal(look.n, 0);
	assert_int_equal(look.n_children, 2);
	assert_string_equal(look.children[0].name, "龙泉镇");
	assert_int_equal(look.children[0].counts[STEPS - 1].n[STEP_NOT_BEGUN], 3);
	assert_int_equal(look.children[1].counts[0].n[STEP_NOT_BEGUN], 1);
	arena_done(&look.arena);
}

static void sums_follow_every_change(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {0};
	campaign_desk_fill(desk);
	look.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	campaign_desk_step(desk, look.campaign, desk->branch[1], SELF, STEP_BEGUN);
	campaign_desk_step(desk, look.campaign, desk->branch[1], SELF, STEP_DONE);
	campaign_desk_step(desk, look.campaign, desk->branch[2], SELF, STEP_WAIVED);
	campaign_desk_step(desk, look.campaign, desk->branch[2], SELF, STEP_WAIVED);
	/* One that is not graded counts nowhere. */
	campaign_desk_step(desk, look.campaign, desk->township, SELF, STEP_DONE);
	look_at(desk, &look, desk->county);
	assert_int_equal(look.counts[SELF].n[STEP_NOT_BEGUN], 2);
	assert_int_equal(look.counts[SELF].n[STEP_BEGUN], 0);
	assert_int_equal(look.counts[SELF].n[STEP_DONE], 1);
	assert_int_equal(look.counts[SELF].n[STEP_WAIVED], 1);
	assert_int_equal(look.children[0].counts[SELF].n[STEP_NOT_BEGUN], 1);
	assert_int_equal(look.children[1].counts[SELF].n[STEP_NOT_BEGUN], 1);
	assert_int_equal(look.n, 2);
	assert_int_equal(look.steps[0].org, desk->branch[1]);
	assert_int_equal(look.steps[0].state, STEP_DONE);
	assert_string_equal(look.steps[0].note, "说明");
	arena_done(&look.arena);
}

static void above_counties_their_sums_are_added(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {0};
	campaign_desk_fill(desk);
	int64_t far = desk_add(desk, desk->other_county, "02-001", "石桥机关党支部", LEVEL_UNIT);
	int64_t direct = desk_add(desk, desk->city, "43-001", "市直党支部", LEVEL_UNIT);
	campaign_desk_field(desk, far, FIELD_AGENCY);
	campaign_desk_field(desk, direct, FIELD_AGENCY);
	look.campaign = campaign_desk_open(desk, desk->city, "zhangji-town");
	campaign_desk_step(desk, look.campaign, far, SELF, STEP_DONE);
	campaign_desk_step(desk, look.campaign, direct, SELF, STEP_RETURNED);
	look_at(desk, &look, desk->city);
	assert_int_equal(look.counts[SELF].n[STEP_NOT_BEGUN], 4);
	assert_int_equal(look.counts[SELF].n[STEP_DONE], 1);
	assert_int_equal(look.counts[SELF].n[STEP_RETURNED], 1);
	assert_int_equal(look.n_children, 3);
	assert_int_equal(look.children[0].node, direct);
	assert_true(look.children[0].category >= 0);
	assert_int_equal(look.children[1].counts[SELF].n[STEP_NOT_BEGUN], 4);
	assert_int_equal(look.children[2].counts[SELF].n[STEP_DONE], 1);
	arena_done(&look.arena);
}

static void branches_under_a_general_branch_count_there_too(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {0};
	campaign_desk_fill(desk);
	int64_t below = desk_add(desk, desk->branch[0], "07-101-1", "一支部", LEVEL_UNIT);
	campaign_desk_field(desk, below, FIELD_COMMUNITY);
	look.campaign = campaign_desk_open(desk, desk->township, "zhangji-town");
	campaign_desk_step(desk, look.campaign, below, SELF, STEP_DONE);
	look_at(desk, &look, desk->branch[0]);
	assert_int_equal(look.counts[SELF].n[STEP_DONE], 1);
	look_at(desk, &look, desk->township);
	assert_int_equal(look.counts[SELF].n[STEP_DONE], 1);
	assert_int_equal(look.counts[SELF].n[STEP_NOT_BEGUN], 3);
	assert_int_equal(look.children[0].counts[SELF].n[STEP_DONE], 1);
	assert_int_equal(look.children[0].counts[SELF].n[STEP_NOT_BEGUN], 1);
	assert_int_equal(look.children[1].counts[SELF].n[STEP_NOT_BEGUN], 1);
	arena_done(&look.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(at_first_nothing_has_begun),
		ON_DESK(sums_follow_every_change),
		ON_DESK(above_counties_their_sums_are_added),
		ON_DESK(branches_under_a_general_branch_count_there_too),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
