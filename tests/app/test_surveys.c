/* SPDX-License-Identifier: Apache-2.0 */
/* The survey: answers by category, red ones rolled up, coverage, teams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
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
	/* Five asked with yes or no, where no is a warning, and one text. */
	struct survey_put puts[] = {{0, "yes", NULL}, {1, "no", NULL}, {2, "maybe", NULL},
				    {5, " 缺经费 ", NULL}};

	assert_int_equal(save(&p, &p.clerk, puts, 4, NULL, "", &wrong), ERR_DENIED);
	assert_int_equal(save(&p, &p.surveyor, puts, 4, NULL, "", &wrong), 0);
	assert_int_equal(wrong, 1);
	assert_string_equal(puts[2].wrong, "请选“是”或“否”");
	struct survey_view view = look(&p);
	assert_int_equal(view.asked, 6);
	assert_int_equal(view.answered, 3);
	assert_int_equal(view.red, 1);
	assert_true(view.answers[1].red);
	assert_string_equal(view.answers[5].answer, "缺经费");
	assert_int_equal(view.state, STEP_BEGUN);
	assert_int_equal(db_read(p.desk->app.db, reds_fn, &reds, &p.info), 0);
	assert_int_equal(reds.n, 1);
	assert_int_equal(reds.at[0].org, p.org);
	assert_int_equal(reds.at[0].question, 1);

	struct survey_put rest[] = {{1, "yes", NULL}, {2, "yes", NULL}, {3, "yes", NULL}, {4, "no", NULL}};
	assert_int_equal(save(&p, &p.surveyor, rest, 4, NULL, "", &wrong), 0);
	assert_int_equal(look(&p).state, STEP_DONE);
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township, 0, 50,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.total, 3);
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
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township, 0, 50,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.n_teams, 1);
	assert_string_equal(list.teams[0].leader, "陈立新");
	assert_string_equal(list.teams[0].node_name, "龙泉镇");
	team = (struct survey_team){.team = 1, .name = "", .leader = "", .members = "",
				    .node = p.desk->township};
	assert_int_equal(surveys_team(&p.desk->app, &p.surveyor, p.campaign, &team, &p.info), 0);
	assert_int_equal(surveys_list(&p.desk->app, &p.surveyor, p.campaign, p.desk->township, 0, 50,
				      &p.arena, &list, &p.info), 0);
	assert_int_equal(list.n_teams, 0);
	arena_done(&p.arena);
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(answers_are_checked_and_red_ones_are_found),
		DESK(coverage_is_counted_by_channel_and_waived_with_a_reason),
		DESK(teams_have_an_area_and_stay_within_it),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
