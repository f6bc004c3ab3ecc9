/* SPDX-License-Identifier: Apache-2.0 */
/* The survey: answers by category, red ones rolled up, coverage, teams, sheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "app/conditions.h"
#include "app/survey_sheet.h"
#include "app/surveys.h"

enum { NOW_MS = 1774000000, QUESTIONS_MAX = 64 };

struct people {
	struct desk *desk;
	struct caller surveyor, clerk;
	int64_t campaign, org;
	struct arena arena;
	struct err_info info;
};

static void begin(struct people *p, void **state, const char *scheme)
{
	*p = (struct people){.desk = desk_of(state)};
	struct desk *d = p->desk;
	campaign_desk_fill(d);
	p->campaign = campaign_desk_open(d, d->county, scheme);
	p->org = d->branch[1];
	p->surveyor = desk_caller(desk_account(d, d->township, "surveyor", ROLE_SURVEYOR), NOW_MS);
	p->clerk = desk_caller(desk_account(d, p->org, "clerk", ROLE_CLERK), NOW_MS);
}

static struct survey_view look(struct people *p)
{
	struct survey_view view = {0};
	if (surveys_get(&p->desk->app, &p->surveyor, p->campaign, p->org, &p->arena, &view, &p->info) < 0)
		fail_msg("%s", p->info.text);
	return view;
}

static int save(struct people *p, const struct caller *caller, struct survey_put *puts, int n,
		const int64_t *reached, const char *waiver, int *wrong)
{
	return surveys_save(&p->desk->app, caller, p->campaign, p->org, puts, n, reached, waiver, &p->arena,
			    wrong, &p->info);
}

struct reds {
	struct people *people;
	struct survey_red_row *at;
	int n;
};

static int reds_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct reds *reds = arg;
	char path[ORG_PATH_MAX];
	(void)info;
	int r = store_org_path(tx, reds->people->desk->county, path);
	return r < 0 ? r : store_survey_reds(tx, reds->people->campaign, path, &reds->people->arena,
					     &reds->at, &reds->n);
}

static void answers_are_checked_and_red_ones_are_found(void **state)
{
	struct people p;
	struct reds reds = {.people = &p};
	struct survey_list list;
	int wrong;
	begin(&p, state, "zhangji-town");
	/* Five asked with yes or no, where no is a warning, the score sheet's seven (ZJ-8),
	 * and one text. */
	struct survey_put puts[] = {{0, "yes", NULL}, {1, "no", NULL}, {2, "maybe", NULL},
				    {12, " 缺经费 ", NULL}};

	assert_int_equal(save(&p, &p.clerk, puts, 4, NULL, "", &wrong), ERR_DENIED);
	assert_int_equal(save(&p, &p.surveyor, puts, 4, NULL, "", &wrong), 0);
	assert_int_equal(wrong, 1);
	assert_string_equal(puts[2].wrong, "请选“是”或“否”");
	struct survey_view view = look(&p);
	assert_int_equal(view.asked, 13);
	assert_int_equal(view.answered, 3);
	assert_int_equal(view.red, 1);
	assert_true(view.answers[1].red);
	assert_string_equal(view.answers[12].answer, "缺经费");
	assert_int_equal(view.state, STEP_BEGUN);
	assert_int_equal(db_read(p.desk->app.db, reds_fn, &reds, &p.info), 0);
	assert_int_equal(reds.n, 1);
	assert_int_equal(reds.at[0].org, p.org);
	assert_int_equal(reds.at[0].question, 1);

	struct survey_put rest[] = {{1, "yes", NULL}, {2, "yes", NULL}, {3, "yes", NULL}, {4, "no", NULL}};
	assert_int_equal(save(&p, &p.surveyor, rest, 4, NULL, "", &wrong), 0);
	assert_int_equal(look(&p).state, STEP_BEGUN);	/* the sheet's items are still open */
	for (int i = 5; i < 12; i++) {
		struct survey_put item = {i, "yes", NULL};
		assert_int_equal(save(&p, &p.surveyor, &item, 1, NULL, "", &wrong), 0);
	}
	assert_int_equal(look(&p).state, STEP_DONE);
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.listed.total, 3);
	assert_int_equal(list.red_counts[1], 0);
	assert_int_equal(list.red_counts[4], 1);
	arena_done(&p.arena);
}

static void coverage_is_counted_by_channel_and_waived_with_a_reason(void **state)
{
	struct people p;
	struct survey_put puts[QUESTIONS_MAX];
	int64_t reached[64];
	int n = 0, wrong;
	begin(&p, state, "guiyang");
	struct survey_view view = look(&p);
	int channels = survey_n_channels(view.scheme);

	assert_true(channels > 1 && VOTERS_COUNT * channels <= 64);
	for (int i = 0; i < view.scheme->n_survey && n < QUESTIONS_MAX; i++)
		if (survey_asks(&view.scheme->survey[i], view.org.category))
			puts[n++] = (struct survey_put){
				.question = i, .value = view.scheme->survey[i].ask == ASK_YES_NO ? "yes" : "1"};
	for (int i = 0; i < VOTERS_COUNT * channels; i++)
		reached[i] = -1;
	reached[0] = 38;		/* members in person */
	reached[1] = 1;			/* by the first channel */
	reached[channels] = 30;		/* residents */
	assert_int_equal(save(&p, &p.surveyor, puts, n, reached, "", &wrong), 0);
	assert_int_equal(wrong, 0);
	view = look(&p);
	/* All 40 members, a tenth of 300 residents (GY-1). */
	assert_int_equal(view.need[VOTERS_MEMBER], 40);
	assert_int_equal(view.reach[VOTERS_MEMBER], 39);
	assert_int_equal(view.need[VOTERS_RESIDENT], 30);
	assert_false(view.covered);
	assert_int_equal(view.state, STEP_BEGUN);
	assert_int_equal(save(&p, &p.surveyor, puts, 0, NULL, "一人在外，多次联系不上", &wrong), 0);
	view = look(&p);
	assert_int_equal(view.state, STEP_WAIVED);
	assert_string_equal(view.note, "一人在外，多次联系不上");
	reached[1] = 2;
	assert_int_equal(save(&p, &p.surveyor, puts, 0, reached, "", &wrong), 0);
	assert_int_equal(look(&p).state, STEP_DONE);
	arena_done(&p.arena);
}

static void teams_have_an_area_and_stay_within_it(void **state)
{
	struct people p;
	struct survey_list list;
	begin(&p, state, "zhangji-town");
	struct survey_team team = {.name = "第一调查组", .leader = "陈立新", .members = "王某、李某",
				   .node = p.desk->township};

	assert_int_equal(surveys_team(&p.desk->app, &p.surveyor, p.campaign, &team, &p.info), 0);
	team.node = p.desk->other_township;
	assert_int_equal(surveys_team(&p.desk->app, &p.surveyor, p.campaign, &team, &p.info), ERR_DENIED);
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.n_teams, 1);
	assert_string_equal(list.teams[0].leader, "陈立新");
	assert_string_equal(list.teams[0].node_name, "龙泉镇");
	team = (struct survey_team){.team = 1, .name = "", .leader = "", .members = "",
				    .node = p.desk->township};
	assert_int_equal(surveys_team(&p.desk->app, &p.surveyor, p.campaign, &team, &p.info), 0);
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.n_teams, 0);
	arena_done(&p.arena);
}

/* ---- sheets ---- */

/* Head and rows, as a CSV with what the form asks in words. */
static int import(struct people *p, const struct caller *caller, const char *text, bool dry_run,
		  struct diag *errors, struct sheet_import *ret_import, const char **ret_ignored)
{
	struct table *table = NULL;
	int r = table_open_memory(&table, "调查表.csv", text, strlen(text), survey_is_head, NULL, &p->info);
	assert_int_equal(r, 0);
	r = surveys_import(&p->desk->app, caller, p->campaign, p->desk->township, table, "调查表.csv", dry_run,
			   &p->arena, errors, ret_import, ret_ignored, &p->info);
	table_free(table);
	return r;
}

/* The branches' codes are 0, 1 and 2 behind the township's. */
static const char *code_of(struct people *p, int branch)
{
	return desk_get(p->desk, p->desk->branch[branch], &p->arena).code;
}

static void a_sheet_is_tried_then_written_and_shows_each_change(void **state)
{
	struct people p;
	struct sheet_import im;
	struct survey_list list;
	const char *ignored;
	int wrong;
	begin(&p, state, "zhangji-town");
	struct survey_put puts[] = {{0, "yes", NULL}, {1, "yes", NULL}};
	assert_int_equal(save(&p, &p.surveyor, puts, 2, NULL, "", &wrong), 0);
	const struct scheme *scheme = look(&p).scheme;
	const char *text = arena_printf(
		&p.arena, "组织代码,名称,%s,%s,%s,听取意见的党员（当面）,谁填的\r\n"
			  "%s,随便,是,否,缺经费,12,张三\r\n%s,,√,,-,,\r\n",
		scheme->survey[0].label, scheme->survey[1].id, scheme->survey[12].label,
		code_of(&p, 1), code_of(&p, 0));

	AUTO(diag) struct diag errors = {0};
	assert_int_equal(import(&p, &p.clerk, text, true, &errors, &im, &ignored), ERR_DENIED);
	assert_int_equal(import(&p, &p.surveyor, text, true, &errors, &im, &ignored), 0);
	assert_string_equal(ignored, "谁填的");
	assert_int_equal(im.n_orgs, 2);
	/* Of the first: same, changed, new, new; of the second: new, and nothing taken back. */
	assert_int_equal(im.n_same, 2);
	assert_int_equal(im.n_changed, 1);
	assert_int_equal(im.n_new, 3);
	assert_int_equal(im.n_items, 4);
	assert_string_equal(im.items[0].before, "是");
	assert_string_equal(im.items[0].after, "否");
	assert_int_equal(look(&p).answered, 2);		/* only tried */

	assert_int_equal(import(&p, &p.surveyor, text, false, &errors, &im, &ignored), 0);
	struct survey_view view = look(&p);
	assert_int_equal(view.answered, 3);
	assert_int_equal(view.red, 1);
	assert_string_equal(view.answers[12].answer, "缺经费");
	assert_int_equal(view.reach[VOTERS_MEMBER], 12);
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.red_counts[1], 1);
	/* Again: nothing is left to do. */
	assert_int_equal(import(&p, &p.surveyor, text, true, &errors, &im, &ignored), 0);
	assert_int_equal(im.n_new + im.n_changed, 0);
	arena_done(&p.arena);
}

static void one_wrong_cell_is_named_and_nothing_is_written(void **state)
{
	struct people p;
	struct sheet_import im;
	const char *ignored;
	begin(&p, state, "guizhou");
	const char *code = code_of(&p, 1), *other = code_of(&p, 2);
	const char *text = arena_printf(
		&p.arena, "组织代码,班子是否健全有力,班子建设状况,村级集体经济年收入（万元）,社区办公用房面积\n"
			  "%s,也许,很好,十二,\n%s,是,好,12.5,\n%s,是,,,\n99999,是,,,\n,是,,,\n",
		code, other, other);
	AUTO(diag) struct diag errors = {0};

	assert_int_equal(import(&p, &p.surveyor, text, false, &errors, &im, &ignored), ERR_INPUT);
	const char *const expected[] = {
		"调查表.csv 第 2 行“班子是否健全有力”：“也许”不对，请填“是”或“否”",
		"调查表.csv 第 2 行“班子建设状况”：“很好”不对，请填这几项里的一项：好、一般、差",
		"调查表.csv 第 2 行“村级集体经济年收入（万元）”：“十二”不对，请填数字，例如 12 或 3.5",
		arena_printf(&p.arena, "调查表.csv 第 4 行：“%s”不对，和第 3 行重复", other),
		"调查表.csv 第 5 行：“99999”不对，这里没有这个代码的党组织，或者它不参加评定",
		"调查表.csv 第 6 行：没有组织代码",
	};
	assert_int_equal(errors.total, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_string_equal(errors.at[i], expected[i]);
	assert_int_equal(look(&p).answered, 0);

	/* A question of another category; a head without the code. */
	diag_done(&errors);
	text = arena_printf(&p.arena, "组织代码,社区办公用房面积\n%s,200\n", code);
	assert_int_equal(import(&p, &p.surveyor, text, true, &errors, &im, &ignored), ERR_INPUT);
	assert_string_equal(errors.at[0], "调查表.csv 第 2 行“社区办公用房面积”：这一题不问“农村”，请空着");
	diag_done(&errors);
	assert_int_equal(import(&p, &p.surveyor, "名称\n甲\n", true, &errors, &im, &ignored), ERR_INPUT);
	assert_string_equal(p.info.text, "调查表.csv：缺少“组织代码”这一列");
	arena_done(&p.arena);
}

static void what_goes_out_comes_back_unchanged(void **state)
{
	struct people p;
	struct survey_export ex;
	struct sheet_import im;
	const char *ignored;
	int wrong;
	begin(&p, state, "guiyang");
	struct survey_view view = look(&p);
	struct survey_put puts[QUESTIONS_MAX];
	int64_t reached[64];
	int n = 0;
	for (int i = 0; i < view.scheme->n_survey && n < QUESTIONS_MAX; i++)
		if (survey_asks(&view.scheme->survey[i], view.org.category))
			puts[n++] = (struct survey_put){
				.question = i, .value = view.scheme->survey[i].ask == ASK_YES_NO ? "no" : "1"};
	for (int i = 0; i < VOTERS_COUNT * survey_n_channels(view.scheme); i++)
		reached[i] = i;
	assert_int_equal(save(&p, &p.surveyor, puts, n, reached, "一人在外", &wrong), 0);
	assert_int_equal(wrong, 0);

	assert_int_equal(surveys_export(&p.desk->app, &p.clerk, p.campaign, p.desk->township, -1, false,
					&p.arena, &ex, &p.info), ERR_DENIED);
	assert_int_equal(surveys_export(&p.desk->app, &p.surveyor, p.campaign, p.desk->township, -1, true,
					&p.arena, &ex, &p.info), 0);
	for (int i = 0; i < ex.n_rows * ex.n_columns; i++)
		assert_string_equal(ex.cells[i], "");
	assert_int_equal(surveys_export(&p.desk->app, &p.surveyor, p.campaign, p.desk->township, -1, false,
					&p.arena, &ex, &p.info), 0);
	assert_int_equal(ex.n_rows, 3);
	AUTO(buf) struct buf sheet = {0};
	buf_adds(&sheet, "组织代码");
	for (int c = 0; c < ex.n_columns; c++)
		buf_addf(&sheet, ",%s", ex.columns[c].label);
	for (int row = 0; row < ex.n_rows; row++) {
		buf_addf(&sheet, "\n%s", ex.orgs[row].code);
		for (int c = 0; c < ex.n_columns; c++)
			buf_addf(&sheet, ",%s", ex.cells[row * ex.n_columns + c]);
	}
	buf_addc(&sheet, '\n');
	AUTO(diag) struct diag errors = {0};
	int r = import(&p, &p.surveyor, buf_str(&sheet), true, &errors, &im, &ignored);
	if (r < 0)
		fail_msg("%s", p.info.text);
	assert_string_equal(ignored, "");
	/* All answers, the numbers but the nought, and the reason. */
	assert_int_equal(im.n_same, n + VOTERS_COUNT * survey_n_channels(view.scheme));
	assert_int_equal(im.n_new + im.n_changed, 0);
	arena_done(&p.arena);
}

static void a_locked_form_does_not_change_by_sheet(void **state)
{
	struct people p;
	struct sheet_import im;
	const char *ignored;
	begin(&p, state, "zhangji-town");
	const char *text = arena_printf(&p.arena, "组织代码,%s\n%s,是\n", look(&p).scheme->survey[0].label,
					code_of(&p, 1));
	assert_int_equal(campaigns_close(&p.desk->app, &p.desk->machine, p.campaign, "试", &p.info), 0);
	AUTO(diag) struct diag errors = {0};
	assert_int_equal(import(&p, &p.surveyor, text, true, &errors, &im, &ignored), ERR_STATE);
	assert_non_null(strstr(p.info.text, "还不能填调查表，因为"));
	arena_done(&p.arena);
}

/* CT-7: whoever reads figures sees the sums below him, and which organisations these are. */
static void conditions_are_rolled_up_for_leaders(void **state)
{
	struct people p;
	struct conditions c;
	int wrong;
	begin(&p, state, "zhangji-town");
	struct desk *d = p.desk;
	struct caller leader = desk_caller(desk_account(d, d->county, "leader", ROLE_LEADER), NOW_MS);
	struct caller other = desk_caller(desk_account(d, d->other_township, "town", ROLE_TOWNSHIP), NOW_MS);
	struct survey_put puts[] = {{1, "no", NULL}, {2, "yes", NULL}};
	assert_int_equal(save(&p, &p.surveyor, puts, 2, NULL, "", &wrong), 0);
	assert_int_equal(conditions_get(&d->app, &leader, p.campaign, d->county, 1, &p.arena, &c, &p.info), 0);
	assert_int_equal(c.own.total, 4);
	assert_int_equal(c.own.counts[1], 1);
	assert_int_equal(c.own.counts[2], 0);
	assert_int_equal(c.n, 2);
	for (int i = 0; i < c.n; i++)
		assert_int_equal(c.rows[i].counts[1], c.rows[i].node == d->township);
	assert_int_equal(c.n_orgs, 1);
	assert_int_equal(c.orgs[0].id, p.org);
	assert_int_equal(conditions_get(&d->app, &leader, p.campaign, d->county, 900, &p.arena, &c, &p.info), 0);
	assert_int_equal(c.n_orgs, 0);
	assert_int_equal(conditions_get(&d->app, &other, p.campaign, d->township, -1, &p.arena, &c, &p.info), ERR_DENIED);
	assert_int_equal(conditions_get(&d->app, &other, p.campaign, d->other_township, -1, &p.arena, &c, &p.info), 0);
	assert_int_equal(c.own.counts[1], 0);
	assert_int_equal(conditions_get(&d->app, &p.clerk, p.campaign, p.org, -1, &p.arena, &c, &p.info), ERR_DENIED);
	arena_done(&p.arena);
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(answers_are_checked_and_red_ones_are_found),
		DESK(conditions_are_rolled_up_for_leaders),
		DESK(coverage_is_counted_by_channel_and_waived_with_a_reason),
		DESK(teams_have_an_area_and_stay_within_it),
		DESK(a_sheet_is_tried_then_written_and_shows_each_change),
		DESK(one_wrong_cell_is_named_and_nothing_is_written),
		DESK(what_goes_out_comes_back_unchanged),
		DESK(a_locked_form_does_not_change_by_sheet),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
