/* SPDX-License-Identifier: Apache-2.0 */
/* The X indicators that a committee sets itself (ZY-1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "app/score_setup.h"

enum { NOW_MS = 1774000000 };

static void a_committee_sets_its_own_indicators_within_the_schemes_total(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zunyi");
	int64_t account = desk_account(desk, desk->township, "township", ROLE_TOWNSHIP),
		beside = desk_account(desk, desk->other_township, "beside", ROLE_TOWNSHIP);
	struct caller caller = desk_caller(account, NOW_MS), stranger = desk_caller(beside, NOW_MS);
	struct local_draft draft = {-1, "tea", "茶产业发展", "6.5"};
	struct local_list list;

	if (locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info),
			 ERR_CONFLICT);
	assert_int_equal(locals_put(&desk->app, &stranger, campaign, desk->township, &draft, &info),
			 ERR_DENIED);
	draft = (struct local_draft){-1, "road", "修路", "100000"};
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info),
			 ERR_INPUT);
	draft = (struct local_draft){-1, "Road", "修路", "1"};
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info),
			 ERR_INPUT);
	draft = (struct local_draft){-1, "road", "修路", "1"};
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info), 0);
	assert_int_equal(locals_list(&desk->app, &caller, campaign, desk->township, &arena, &list, &info),
			 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.sum_e4, 75000);
	assert_true(list.may_write);

	/* They stand in the grid of its branches, behind the scheme's. */
	const struct score_query query = {.at = {SCORE_COMMITTEE, campaign, desk->township, "", 0},
					  .category = -1, .page = 1};
	struct score_grid grid;
	assert_int_equal(scores_grid(&desk->app, &caller, &query, &arena, &grid, &info), 0);
	const struct score_column *last = &grid.columns[grid.n_columns - 1];
	assert_int_equal(grid.size, SCORES_PAGE_ROWS);	/* two more columns leave room for all */
	assert_string_equal(last->label, "修路");
	assert_int_equal(last->max_e4, 10000);
	assert_int_equal(last->leaf, grid.scheme->n_leaves + 1);

	/* Once somebody has scored it, only its name may change. */
	struct score_put put = {.org = desk->branch[0], .leaf = last->leaf, .value = "0.5", .seen = ""};
	struct score_saved saved;
	assert_int_equal(scores_save(&desk->app, &caller, &query.at, &put, 1, &arena, &saved, &info), 0);
	assert_null(put.wrong);
	draft = (struct local_draft){1, "road", "修路", "2"};
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info),
			 ERR_STATE);
	draft = (struct local_draft){1, "road", "修组组通公路", "1"};
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info), 0);
	assert_int_equal(locals_delete(&desk->app, &caller, campaign, desk->township, 1, &info),
			 ERR_STATE);
	assert_int_equal(locals_delete(&desk->app, &caller, campaign, desk->township, 0, &info), 0);
	assert_int_equal(locals_delete(&desk->app, &caller, campaign, desk->township, 0, &info),
			 ERR_NOT_FOUND);
	/* A place is not given twice. */
	draft = (struct local_draft){-1, "tea", "茶产业发展", "1"};
	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info), 0);
	assert_int_equal(locals_list(&desk->app, &caller, campaign, desk->township, &arena, &list, &info),
			 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.rows[1].place, 2);
}

static void where_the_scheme_has_none_nobody_sets_any(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t account = desk_account(desk, desk->township, "township", ROLE_TOWNSHIP);
	struct caller caller = desk_caller(account, NOW_MS);
	const struct local_draft draft = {-1, "tea", "茶产业发展", "6.5"};
	struct local_list list;

	assert_int_equal(locals_put(&desk->app, &caller, campaign, desk->township, &draft, &info),
			 ERR_STATE);
	assert_int_equal(locals_list(&desk->app, &caller, campaign, desk->township, &arena, &list, &info),
			 0);
	assert_false(list.may_write);
	assert_string_equal(list.why_not, "这个方案没有自设指标");
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(a_committee_sets_its_own_indicators_within_the_schemes_total),
		DESK(where_the_scheme_has_none_nobody_sets_any),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
