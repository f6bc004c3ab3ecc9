/* SPDX-License-Identifier: Apache-2.0 */
/* The score grid: what each door may see and write, cells as typed, history,
 * two writers, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/campaign_desk.h"
#include "app/score_setup.h"
#include "app/scores_sheet.h"
#include "base/buf.h"
#include "store/id.h"

enum { NOW_MS = 1774000000 };

/* In zhangji-town: leaves 0 … 6 are the indicators, source 0 the committee. */
enum { LEADER = 0, IDEAS = 1, VENUE = 3 };

static struct score_put put(int64_t org, int leaf, const char *value, const char *seen)
{
	return (struct score_put){.org = org, .leaf = leaf, .value = value, .seen = seen};
}

static int save(struct desk *desk, int64_t account, const struct score_at *at, struct score_put *puts,
		int n, struct arena *arena, struct score_saved *saved, struct err_info *info)
{
	struct caller caller = desk_caller(account, NOW_MS);
	return scores_save(&desk->app, &caller, at, puts, n, arena, saved, info);
}

static struct score_grid grid_of(struct desk *desk, int64_t account, const struct score_at *at,
				 struct arena *arena)
{
	struct caller caller = desk_caller(account, NOW_MS);
	const struct score_query query = {.at = *at, .category = -1, .page = 1};
	struct score_grid grid = {0};
	struct err_info info = {0};
	if (scores_grid(&desk->app, &caller, &query, arena, &grid, &info) < 0)
		fail_msg("%s", info.text);
	return grid;
}

static const struct score_row *row_of(const struct score_grid *grid, int64_t org)
{
	int i = 0;
	while (i < grid->n_rows && grid->rows[i].org.id != org)
		i++;
	assert_true(i < grid->n_rows);
	return &grid->rows[i];
}

static const struct score_cell *cell_of(const struct score_grid *grid, int64_t org, int leaf)
{
	int c = 0;
	while (c < grid->n_columns && grid->columns[c].leaf != leaf)
		c++;
	assert_true(c < grid->n_columns);
	return &row_of(grid, org)->cells[c];
}

static void cells_are_kept_as_typed_and_wrong_ones_are_told(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t clerk = desk_account(desk, desk->township, "shiqiao", ROLE_TOWNSHIP);
	const struct score_at at = {SCORE_COMMITTEE, campaign, desk->township, "", 0};
	int64_t village = desk->branch[1], community = desk->branch[0];

	struct score_put puts[] = {
		put(village, LEADER, " 18.50", ""), put(village, IDEAS, "11", ""),
		put(community, VENUE, "5", ""), put(community, LEADER, "8,5", ""),
		put(desk->other_township, LEADER, "1", ""),
	};
	assert_int_equal(save(desk, clerk, &at, puts, 5, &arena, &saved, &info), 0);
	assert_int_equal(saved.n_saved, 2);
	assert_int_equal(saved.n_wrong, 3);
	assert_null(puts[0].wrong);
	assert_string_equal(puts[1].wrong, "11 超过满分 10");
	assert_null(puts[2].wrong);
	assert_string_equal(puts[3].wrong, "“8,5” 不是数字，应写 8.5");
	assert_string_equal(puts[4].wrong, "这张表里没有这个党组织");

	struct score_grid grid = grid_of(desk, clerk, &at, &arena);
	assert_true(grid.may_write);
	assert_int_equal(grid.total, 3);
	assert_string_equal(cell_of(&grid, village, LEADER)->text, "18.50");
	assert_string_equal(cell_of(&grid, village, IDEAS)->text, "");
	/* 活动阵地: 10 points for villages, 5 for others. */
	assert_int_equal(cell_of(&grid, village, VENUE)->max_e4, 100000);
	assert_int_equal(cell_of(&grid, community, VENUE)->max_e4, 50000);
	assert_int_equal(grid.columns[VENUE].max_e4, 0);
	assert_int_equal(row_of(&grid, village)->missing, 6);
	assert_string_equal(row_of(&grid, village)->sum, "");
	assert_string_equal(row_of(&grid, village)->max, "100");
	assert_int_equal(grid.done[0], 0);

	struct score_put rest[7];
	for (int i = 0; i < 7; i++)
		rest[i] = put(village, i, i == 1 ? "9.25" : i ? "9" : "18.50", NULL);
	assert_int_equal(save(desk, clerk, &at, rest, 7, &arena, &saved, &info), 0);
	assert_int_equal(saved.n_saved, 6);
	assert_string_equal(saved.rows[0].sum, "72.75");
	grid = grid_of(desk, clerk, &at, &arena);
	assert_int_equal(grid.done[0], 1);
}

static void a_cell_that_another_has_changed_is_not_overwritten(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t one = desk_account(desk, desk->township, "one", ROLE_TOWNSHIP),
		other = desk_account(desk, desk->township, "other", ROLE_TOWNSHIP);
	const struct score_at at = {SCORE_COMMITTEE, campaign, desk->township, "committee", 0};
	int64_t org = desk->branch[1];

	struct score_put first = put(org, LEADER, "15", "");
	assert_int_equal(save(desk, one, &at, &first, 1, &arena, &saved, &info), 0);
	struct score_put late[] = {put(org, LEADER, "16", ""), put(org, IDEAS, "7", "")};
	assert_int_equal(save(desk, other, &at, late, 2, &arena, &saved, &info), 0);
	assert_int_equal(saved.n_saved, 1);
	assert_string_equal(late[0].wrong, "刚被别人改成了 15，没有覆盖");
	assert_string_equal(late[0].now, "15");
	assert_null(late[1].wrong);
	/* The same value is no conflict; with the right one seen it is a change. */
	struct score_put same = put(org, LEADER, "15", ""), again = put(org, LEADER, "16.5", "15");
	assert_int_equal(save(desk, other, &at, &same, 1, &arena, &saved, &info), 0);
	assert_null(same.wrong);
	assert_int_equal(save(desk, other, &at, &again, 1, &arena, &saved, &info), 0);
	assert_null(again.wrong);

	struct caller caller = desk_caller(one, NOW_MS);
	struct score_change *changes;
	int n;
	assert_int_equal(scores_history(&desk->app, &caller, &at, org, LEADER, &arena, &changes, &n,
					&info), 0);
	assert_int_equal(n, 2);
	assert_string_equal(changes[0].before, "15");
	assert_string_equal(changes[0].after, "16.5");
	assert_string_equal(changes[0].account_label, "other");
	assert_string_equal(changes[1].before, "");
	struct score_grid grid = grid_of(desk, one, &at, &arena);
	assert_true(cell_of(&grid, org, LEADER)->changed);
	assert_false(cell_of(&grid, org, IDEAS)->changed);
}

static void only_the_township_writes_and_the_county_reads(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t officer = desk_account(desk, desk->county, "officer", ROLE_OFFICER),
		beside = desk_account(desk, desk->other_township, "beside", ROLE_TOWNSHIP),
		clerk = desk_account(desk, desk->branch[1], "clerk", ROLE_CLERK);
	struct score_at at = {SCORE_COMMITTEE, campaign, desk->township, "committee", 0};
	struct score_put one = put(desk->branch[1], LEADER, "15", "");
	const int64_t strangers[] = {officer, beside, clerk};

	for (int i = 0; i < 3; i++)
		assert_int_equal(save(desk, strangers[i], &at, &one, 1, &arena, &saved, &info),
				 ERR_DENIED);
	struct score_grid grid = grid_of(desk, officer, &at, &arena);
	assert_false(grid.may_write);
	assert_non_null(grid.why_not);
	struct caller caller = desk_caller(clerk, NOW_MS);
	const struct score_query query = {.at = {SCORE_COMMITTEE, campaign, desk->branch[1], "", 0},
					  .category = -1};
	assert_int_equal(scores_grid(&desk->app, &caller, &query, &arena, &grid, &info), ERR_DENIED);
	/* Self-evaluation is not typed here, ballots are not points. */
	int64_t township = desk_account(desk, desk->township, "township", ROLE_TOWNSHIP);
	at.source = "self";
	assert_int_equal(save(desk, township, &at, &one, 1, &arena, &saved, &info), ERR_DENIED);
	at.source = "ballots";
	assert_int_equal(save(desk, township, &at, &one, 1, &arena, &saved, &info), ERR_NOT_FOUND);
}

struct handing_in {
	int64_t campaign, org, node;
};

static int hand_in_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct handing_in *in = arg;
	char path[ORG_PATH_MAX];
	int r = store_org_path(tx, in->org, path);
	const struct hold hold = {.org = in->org, .path = path, .state = HOLD_SUBMITTED, .node = in->node,
				  .reason = ""};
	(void)info;
	return r < 0 ? r : store_hold_set(tx, in->campaign, &hold);
}

static void the_county_sees_figures_once_they_are_handed_in(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	struct score_change *changes;
	int n;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t officer = desk_account(desk, desk->county, "officer", ROLE_OFFICER),
		township = desk_account(desk, desk->township, "township", ROLE_TOWNSHIP);
	const struct score_at at = {SCORE_COMMITTEE, campaign, desk->township, "committee", 0};
	struct score_put puts[] = {put(desk->branch[1], LEADER, "15", ""), put(desk->branch[2], LEADER, "14", "")};
	struct caller caller = desk_caller(officer, NOW_MS);

	assert_int_equal(save(desk, township, &at, puts, 2, &arena, &saved, &info), 0);
	struct score_grid grid = grid_of(desk, officer, &at, &arena);
	assert_true(row_of(&grid, desk->branch[1])->hidden);
	for (int i = 0; i < grid.n_columns; i++)
		assert_string_equal(row_of(&grid, desk->branch[1])->cells[i].text, "");
	assert_int_equal(scores_history(&desk->app, &caller, &at, desk->branch[1], -1, &arena, &changes, &n,
					&info), ERR_DENIED);
	/* One of them is handed in. */
	struct handing_in in = {campaign, desk->branch[1], desk->township};
	campaign_desk_write(desk, hand_in_fn, &in);
	grid = grid_of(desk, officer, &at, &arena);
	assert_false(row_of(&grid, desk->branch[1])->hidden);
	assert_string_equal(cell_of(&grid, desk->branch[1], LEADER)->text, "15");
	assert_true(row_of(&grid, desk->branch[2])->hidden);
	assert_int_equal(scores_history(&desk->app, &caller, &at, desk->branch[1], -1, &arena, &changes, &n,
					&info), 0);
	assert_int_equal(n, 1);
	/* The committee itself sees all of it all the time. */
	grid = grid_of(desk, township, &at, &arena);
	assert_string_equal(cell_of(&grid, desk->branch[2], LEADER)->text, "14");
}

static void a_closed_campaign_takes_no_figure(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	int64_t township = desk_account(desk, desk->township, "township", ROLE_TOWNSHIP);
	const struct score_at at = {SCORE_COMMITTEE, campaign, desk->township, "", 0};
	struct score_put one = put(desk->branch[1], LEADER, "15", "");

	if (campaigns_close(&desk->app, &desk->machine, campaign, "到期", &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(save(desk, township, &at, &one, 1, &arena, &saved, &info), 0);
	assert_int_equal(saved.n_saved, 0);
	assert_non_null(one.wrong);
	struct score_grid grid = grid_of(desk, township, &at, &arena);
	assert_false(grid.may_write);
	assert_non_null(strstr(grid.why_not, "已经结束"));
}

static void a_related_unit_sees_what_was_assigned_and_only_its_own_figures(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	int64_t school = campaign_desk_fill(desk), id, n;
	int64_t campaign = campaign_desk_open(desk, desk->county, "guizhou");
	int64_t jiwei = desk_account(desk, desk->county, "jiwei", ROLE_UNIT),
		xinfang = desk_account(desk, desk->county, "xinfang", ROLE_UNIT),
		officer = desk_account(desk, desk->county, "officer", ROLE_OFFICER);
	struct caller as_officer = desk_caller(officer, NOW_MS), as_jiwei = desk_caller(jiwei, NOW_MS);
	struct rater_draft draft = {.source = "units", .label = "县纪委", .login = "jiwei"};

	if (raters_put(&desk->app, &as_officer, campaign, desk->county, &draft, &id, &info) < 0)
		fail_msg("%s", info.text);
	draft.login = "nobody";		/* told at the form, not as a page that is not there */
	assert_int_equal(raters_put(&desk->app, &as_officer, campaign, desk->county, &draft, &n, &info), ERR_INPUT);
	draft.login = "officer";
	draft.label = "错";
	assert_int_equal(raters_put(&desk->app, &as_officer, campaign, desk->county, &draft, &n, &info), ERR_INPUT);
	assert_int_equal(raters_assign(&desk->app, &as_officer, campaign, id, desk->township, -1, true, &n,
				       &info), 0);
	assert_int_equal(n, 3);
	draft = (struct rater_draft){.source = "units", .label = "县信访局", .login = "xinfang"};
	assert_int_equal(raters_put(&desk->app, &as_officer, campaign, desk->county, &draft, &n, &info), 0);

	struct rater_list raters;
	assert_int_equal(raters_list(&desk->app, &as_officer, campaign, desk->county, &arena, &raters, &info), 0);
	assert_null(raters.why_not);
	struct score_duty *duties;
	int n_duties;
	assert_int_equal(scores_duties(&desk->app, &as_jiwei, &arena, &duties, &n_duties, &info), 0);
	assert_int_equal(n_duties, 1);
	assert_int_equal(duties[0].node, desk->county);
	assert_string_equal(duties[0].source, "units");

	const struct score_at at = {SCORE_UNIT, campaign, desk->county, "", 0};
	struct score_put puts[] = {put(desk->branch[0], 0, "88.5", ""), put(school, 0, "90", "")};
	assert_int_equal(save(desk, jiwei, &at, puts, 2, &arena, &saved, &info), 0);
	assert_null(puts[0].wrong);
	assert_string_equal(puts[1].wrong, "“柳河中学党支部”没有分配给您打分");
	struct score_grid grid = grid_of(desk, jiwei, &at, &arena);
	assert_int_equal(grid.total, 3);
	assert_string_equal(row_of(&grid, desk->branch[0])->sum, "88.5");
	grid = grid_of(desk, xinfang, &at, &arena);
	assert_int_equal(grid.total, 0);
	/* Whoever has scored can't be taken away. */
	assert_int_equal(raters_delete(&desk->app, &as_officer, campaign, desk->county, id, &info), ERR_STATE);
	assert_int_equal(raters_delete(&desk->app, &as_officer, campaign, desk->county, n, &info), 0);
	grid = grid_of(desk, xinfang, &at, &arena);
	assert_int_equal(grid.source, -1);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, campaign, "到期", &info), 0);
	assert_int_equal(raters_list(&desk->app, &as_officer, campaign, desk->county, &arena, &raters, &info), 0);
	assert_non_null(strstr(raters.why_not, "已经结束"));
}

static void branches_score_each_other_but_not_themselves(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct score_saved saved;
	int64_t school = campaign_desk_fill(desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "qiannan");
	int64_t clerk = desk_account(desk, desk->branch[1], "clerk", ROLE_CLERK);
	struct score_at at = {SCORE_PEER, campaign, desk->branch[1], "", 0};
	struct score_put puts[] = {put(desk->branch[0], 0, "90", ""), put(desk->branch[1], 0, "100", ""),
				   put(school, 0, "80", "")};

	assert_int_equal(save(desk, clerk, &at, puts, 3, &arena, &saved, &info), 0);
	assert_null(puts[0].wrong);
	assert_non_null(puts[1].wrong);
	assert_non_null(puts[2].wrong);
	struct score_grid grid = grid_of(desk, clerk, &at, &arena);
	assert_int_equal(grid.total, 2);
	assert_string_equal(cell_of(&grid, desk->branch[0], 0)->text, "90");
	assert_string_equal(cell_of(&grid, desk->branch[2], 0)->text, "");
	/* Nobody scores for another branch. */
	at.node = desk->branch[0];
	assert_int_equal(save(desk, clerk, &at, puts, 1, &arena, &saved, &info), ERR_DENIED);
	/* The examination's figure is the township's to enter. */
	int64_t township = desk_account(desk, desk->township, "township", ROLE_TOWNSHIP);
	const struct score_at exam = {SCORE_COMMITTEE, campaign, desk->township, "examination", 0};
	struct score_put figure = put(desk->branch[0], 0, "92.5", "");
	assert_int_equal(save(desk, township, &exam, &figure, 1, &arena, &saved, &info), 0);
	assert_null(figure.wrong);
}

/* A round trip for each organisation would take PostgreSQL minutes over a network. */
static void a_sheet_of_scores_asks_no_more_for_more_organisations(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	enum { N = 60 };
	campaign_desk_fill(desk);
	for (int i = 0; i < N; i++) {
		char code[32];
		snprintf(code, sizeof(code), "07-9%02d", i);
		campaign_desk_field(desk, desk_add(desk, desk->township, code, "新村党支部", LEVEL_UNIT),
				    FIELD_VILLAGE);
	}
	int64_t campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	struct caller clerk = desk_caller(desk_account(desk, desk->township, "shiqiao", ROLE_TOWNSHIP), NOW_MS);
	const struct score_at at = {SCORE_COMMITTEE, campaign, desk->township, "", 0};
	struct score_export ex;
	assert_int_equal(scores_export(&desk->app, &clerk, &at, true, &arena, &ex, &info), 0);
	assert_in_range(ex.n_rows, N, N + 10);
	for (int round = 0; round < 2; round++) {
		AUTO(diag) struct diag errors = {0};
		AUTO(buf) struct buf csv = {0};
		struct table *table = NULL;
		struct sheet_import im;
		buf_addf(&csv, "组织代码,评价主体,评价人,%s\n", ex.labels[IDEAS]);
		for (int i = 0; i < ex.n_rows; i++)
			buf_addf(&csv, "%s,%s,,%d\n", ex.orgs[i].code, ex.source, round + 5);
		assert_int_equal(table_open_memory(&table, "分.csv", csv.data, csv.len, NULL, NULL, &info), 0);
		uint64_t before = db_asked(desk->app.db);
		int r = scores_import(&desk->app, &clerk, &at, table, "分.csv", false, &arena, &errors, &im, &info);
		table_free(table);
		if (r < 0)
			fail_msg("%s", info.text);
		assert_in_range(db_asked(desk->app.db) - before, 1, N);
		assert_int_equal(im.n_new, round ? 0 : ex.n_rows);
		assert_int_equal(im.n_changed, round ? ex.n_rows : 0);
	}
	/* Who has begun, and what was there before, is kept as of a single cell. */
	struct score_change *changes;
	int n;
	const struct score_at look = {SCORE_COMMITTEE, campaign, desk->township, ex.scheme->sources[0].id, 0};
	assert_int_equal(scores_history(&desk->app, &clerk, &look, ex.orgs[3].id, IDEAS, &arena, &changes, &n,
					&info), 0);
	assert_int_equal(n, 2);
	assert_string_equal(changes[0].before, "5");
	assert_string_equal(changes[0].after, "6");
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(cells_are_kept_as_typed_and_wrong_ones_are_told),
		DESK(a_cell_that_another_has_changed_is_not_overwritten),
		DESK(only_the_township_writes_and_the_county_reads),
		DESK(the_county_sees_figures_once_they_are_handed_in),
		DESK(a_closed_campaign_takes_no_figure),
		DESK(a_related_unit_sees_what_was_assigned_and_only_its_own_figures),
		DESK(branches_score_each_other_but_not_themselves),
		DESK(a_sheet_of_scores_asks_no_more_for_more_organisations),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
