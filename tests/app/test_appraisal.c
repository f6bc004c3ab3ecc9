/* SPDX-License-Identifier: Apache-2.0 */
/* A secretary's appraisal (CT-9): notes, interviews, organisations that do not
 * move. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "app/campaign_board.h"
#include "app/improving.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static int low_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	int r = 0;
	(void)info;
	for (int year = 2022; r == 0 && year <= 2025; year++)
		for (int i = 0; r == 0 && i < 2; i++) {
			/* The second one was better in 2024. */
			const struct past_result past = {
				.org = desk->branch[i], .year = year, .scheme_title = "", .score = "",
				.grade = "较差", .place = i == 1 && year == 2024 ? 2 : 3, .places = 4,
				.stars = -1, .ledger = "", .note = ""};
			r = store_past_put(tx, &past);
		}
	return r;
}

static void notes_and_interviews_are_kept_and_the_stuck_are_named(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct appraisal_view v;
	campaign_desk_field(desk, desk->township, FIELD_AREA);
	campaign_desk_write(desk, low_fn, desk);
	int64_t campaign = campaign_desk_open(desk, desk->county, "appraisal");
	struct caller county = desk_caller(desk_account(desk, desk->county, "周", ROLE_OFFICER), 7000);
	struct caller town = desk_caller(desk_account(desk, desk->township, "陈", ROLE_TOWNSHIP), 7000);

	struct appraisal_note note = {.org = desk->township, .kind = APPRAISAL_FACT, .day = 20260105,
				      .by_whom = "第一调研组", .text = "上坪村三年没有变化"};
	/* Nobody notes down his own. */
	assert_int_equal(appraisal_note_add(&desk->app, &town, campaign, &note, &info), ERR_DENIED);
	assert_int_equal(appraisal_note_add(&desk->app, &county, campaign, &note, &info), 0);
	note.day = 20270101;
	assert_int_equal(appraisal_note_add(&desk->app, &county, campaign, &note, &info), ERR_INPUT);
	note.day = 20260110;
	note.kind = APPRAISAL_COMMENT;
	note.text = "";
	assert_int_equal(appraisal_note_add(&desk->app, &county, campaign, &note, &info), ERR_INPUT);
	note.text = "党建工作抓得不紧";
	assert_int_equal(appraisal_note_add(&desk->app, &county, campaign, &note, &info), 0);
	struct interview talk = {.org = desk->township, .person = "孙某 书记", .by_whom = "县委书记",
				 .day = 20260201, .reason = "工作不力", .outcome = ""};
	assert_int_equal(interview_add(&desk->app, &county, campaign, &talk, &info), ERR_INPUT);
	talk.outcome = "半年内转化";
	assert_int_equal(interview_add(&desk->app, &county, campaign, &talk, &info), 0);

	assert_int_equal(appraisal_get(&desk->app, &county, campaign, desk->township, &arena, &v, &info), 0);
	assert_int_equal(v.n_notes, 2);
	assert_int_equal(v.notes[1].kind, APPRAISAL_COMMENT);
	assert_int_equal(v.n_interviews, 1);
	assert_string_equal(v.interviews[0].outcome, "半年内转化");
	assert_int_equal(v.stuck_years, 3);
	assert_int_equal(v.n_stuck, 1);
	assert_int_equal(v.stuck[0].org, desk->branch[0]);
	assert_true(v.may_write);
	assert_int_equal(appraisal_get(&desk->app, &town, campaign, desk->township, &arena, &v, &info), 0);
	assert_false(v.may_write);
}

struct put {
	struct desk *desk;
	int64_t campaign;
};

static int result_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct put *put = arg;
	struct desk *desk = put->desk;
	AUTO(arena) struct arena arena = {0};
	const struct result result = {
		.org = desk->township, .path = desk_get(desk, desk->township, &arena).path, .category = 0,
		.status = "graded", .composite = "84", .score = 8400, .places = 2, .sources = "", .grade = 1,
		.computed = 1, .by_score = 1, .quota = -1, .stars = -1, .rank = 1, .approval = -1};
	(void)info;
	return store_result_put(tx, put->campaign, &result);
}

/* Of the county's figures the township learns when they are decided, not before. */
static void the_appraised_see_what_is_decided(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct campaign_board board;
	campaign_desk_field(desk, desk->township, FIELD_AREA);
	int64_t campaign = campaign_desk_open(desk, desk->county, "appraisal");
	struct caller county = desk_caller(desk_account(desk, desk->county, "周", ROLE_OFFICER), 7000);
	struct caller town = desk_caller(desk_account(desk, desk->township, "陈", ROLE_TOWNSHIP), 7000);
	struct put put = {desk, campaign};
	campaign_desk_write(desk, result_fn, &put);
	assert_int_equal(campaign_board_get(&desk->app, &county, campaign, desk->township, &arena, &board, &info), 0);
	assert_int_equal(board.result.score, 8400);
	assert_int_equal(campaign_board_get(&desk->app, &town, campaign, desk->township, &arena, &board, &info), 0);
	assert_int_equal(board.result.score, 0);
	campaign_desk_step(desk, campaign, desk->township,
			   campaign_step_of(board.detail.scheme, STEP_GRADING), STEP_DONE);
	assert_int_equal(campaign_board_get(&desk->app, &town, campaign, desk->township, &arena, &board, &info), 0);
	assert_int_equal(board.result.score, 8400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(notes_and_interviews_are_kept_and_the_stuck_are_named),
		ON_DESK(the_appraised_see_what_is_decided),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
