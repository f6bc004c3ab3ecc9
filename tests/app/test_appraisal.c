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
#include "store/case.h"

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

struct filed {
	struct desk *desk;
	int64_t org, id;
	int32_t approved, off, deadline;	/* days; off 0: still in the ledger */
	bool back;				/* a relapse in March 2026 instead */
};

static int turn(struct db_tx *tx, const struct filed *f, enum case_act act, int32_t day)
{
	const struct case_event e = {.round = 1, .at_ms = 1, .day = day, .who = "陈", .act = act, .text = ""};
	return day ? store_case_event_add(tx, f->id, &e) : 0;
}

static int file_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct filed *f = arg;
	struct ledger_case c = {.org = f->org, .year = f->approved / 10000, .state = CASE_RECTIFYING, .round = 1,
				.opened_day = f->approved, .deadline = f->deadline, .accepted_day = f->off,
				.seen = "", .shows = "", .meeting_no = "", .decision = "", .election_note = "",
				.support_kind = -1};
	(void)info;
	int r = store_case_insert(tx, &c);
	f->id = c.id;
	if (r == 0 && (r = turn(tx, f, CASE_APPROVE, f->approved)) == 0)
		r = turn(tx, f, f->back ? CASE_RELAPSE : CASE_WRITE_OFF, f->off);
	return r;
}

static int write_off_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	return turn(tx, arg, CASE_WRITE_OFF, 20260310);
}

struct fixing {
	struct desk *desk;
	int64_t campaign, meeting;
};

static int fix_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	const struct fixing *f = arg;
	struct campaign_call call;
	int r = campaign_enter(tx, &f->desk->app, &f->desk->machine, ACTION_MEETING_WRITE, f->campaign,
			       f->desk->county, &arena, &call, info);
	return r < 0 ? r : rectified_fix(tx, &call, f->meeting, &arena);
}

static const struct rectified_year *year_of(struct desk *desk, const struct caller *who, int64_t campaign,
					    struct arena *arena)
{
	struct err_info info = {0};
	struct appraisal_view v;
	assert_int_equal(appraisal_get(&desk->app, who, campaign, desk->township, arena, &v, &info), 0);
	assert_non_null(v.year);
	return v.year;
}

/* HN-7: counted from the ledger until the meeting, then as the meeting had them. */
static void the_year_of_rectification_comes_from_the_ledger_and_is_fixed(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct rectified_list list;
	campaign_desk_field(desk, desk->township, FIELD_AREA);
	campaign_desk_field(desk, desk->other_township, FIELD_AREA);
	int64_t campaign = campaign_desk_open(desk, desk->county, "appraisal");
	int64_t school = desk_add(desk, desk->other_township, "08-900", "中学党支部", LEVEL_UNIT);
	struct caller county = desk_caller(desk_account(desk, desk->county, "周", ROLE_OFFICER), 7000);
	struct caller town = desk_caller(desk_account(desk, desk->township, "陈", ROLE_TOWNSHIP), 7000);
	struct caller other = desk_caller(desk_account(desk, desk->other_township, "何", ROLE_TOWNSHIP), 7000);
	struct filed files[] = {
		{desk, desk->branch[0], 0, 20250301, 20260201, 20260228, false},
		{desk, desk->branch[1], 0, 20260105, 0, 20260131, false},
		{desk, desk->branch[2], 0, 20250105, 20260301, 20260630, true},
		{desk, school, 0, 20260106, 0, 20260630, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		campaign_desk_write(desk, file_fn, &files[i]);

	const struct rectified_year *y = year_of(desk, &county, campaign, &arena);
	assert_false(y->fixed);
	assert_int_equal(y->of[RECTIFIED_CARRIED].n, 2);
	assert_int_equal(y->of[RECTIFIED_LISTED].n, 1);
	assert_int_equal(y->of[RECTIFIED_WRITTEN_OFF].n, 1);
	assert_int_equal(y->of[RECTIFIED_IN_TIME].n, 1);
	assert_int_equal(y->of[RECTIFIED_IN_TIME].cases[0].id, files[0].id);
	assert_int_equal(y->of[RECTIFIED_OPEN].n, 2);
	assert_int_equal(y->of[RECTIFIED_OVERDUE].n, 1);
	assert_int_equal(y->of[RECTIFIED_OVERDUE].cases[0].org, desk->branch[1]);
	assert_int_equal(y->of[RECTIFIED_RELAPSED].n, 1);
	/* Who is appraised sees his own, not the other's, and nobody's side by side. */
	assert_int_equal(year_of(desk, &town, campaign, &arena)->of[RECTIFIED_OPEN].n, 2);
	assert_int_equal(rectified_get(&desk->app, &town, campaign, desk->county, &arena, &list, &info), ERR_DENIED);
	assert_int_equal(rectified_get(&desk->app, &other, campaign, desk->other_township, &arena, &list, &info), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.years[0].of[RECTIFIED_LISTED].n, 1);
	assert_int_equal(rectified_get(&desk->app, &county, campaign, desk->county, &arena, &list, &info), 0);
	assert_int_equal(list.n, 2);

	struct fixing fixing = {desk, campaign, 7};
	campaign_desk_write(desk, fix_fn, &fixing);
	campaign_desk_write(desk, write_off_fn, &files[1]);
	y = year_of(desk, &county, campaign, &arena);
	assert_true(y->fixed);
	assert_int_equal(y->meeting, 7);
	assert_int_equal(y->of[RECTIFIED_WRITTEN_OFF].n, 1);
	assert_int_equal(y->of[RECTIFIED_OVERDUE].n, 1);
	assert_string_equal(y->of[RECTIFIED_OVERDUE].cases[0].name, desk_get(desk, desk->branch[1], &arena).name);
	/* A further meeting decides anew; closing fixes only what no meeting has. */
	fixing.meeting = 8;
	campaign_desk_write(desk, fix_fn, &fixing);
	y = year_of(desk, &county, campaign, &arena);
	assert_int_equal(y->of[RECTIFIED_WRITTEN_OFF].n, 2);
	assert_int_equal(y->of[RECTIFIED_OVERDUE].n, 0);
	assert_int_equal(campaigns_close(&desk->app, &county, campaign, "到此为止", &info), 0);
	assert_int_equal(year_of(desk, &county, campaign, &arena)->meeting, 8);
}

static int64_t graded_campaign(struct desk *desk)
{
	campaign_desk_fill(desk);
	return campaign_desk_open(desk, desk->county, "zhangji-town");
}

static void only_an_appraisal_takes_the_ledger_over(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct rectified_list list;
	struct caller county = desk_caller(desk_account(desk, desk->county, "周", ROLE_OFFICER), 7000);
	int64_t campaign = graded_campaign(desk);
	assert_int_equal(rectified_get(&desk->app, &county, campaign, desk->county, &arena, &list, &info), 0);
	assert_int_equal(list.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(notes_and_interviews_are_kept_and_the_stuck_are_named),
		ON_DESK(the_appraised_see_what_is_decided),
		ON_DESK(the_year_of_rectification_comes_from_the_ledger_and_is_fixed),
		ON_DESK(only_an_appraisal_takes_the_ledger_over),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
