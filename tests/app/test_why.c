/* SPDX-License-Identifier: Apache-2.0 */
/* Why this score: the campaign's figures, put into files, give byte by byte what
 * `jinwei explain` says of them; the years; the floor under small groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/decide_desk.h"
#include "app/explaining.h"
#include "app/meeting.h"
#include "app/publicizing.h"
#include "app/why.h"
#include "app/years.h"
#include "base/file.h"
#include "domain/floor.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static void view(struct decide_desk *d, const struct caller *who, int64_t org, struct arena *arena,
		 struct why_view *v)
{
	struct err_info info = {0};
	if (why_get(&d->desk->app, who, d->campaign, org, arena, v, &info) < 0)
		fail_msg("%s", info.text);
}

static void write_file(const char *folder, const char *name, const struct buf *text)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text->data, 1, text->len, f), text->len);
	assert_int_equal(fclose(f), 0);
}

/* Points as decide_desk_score gives them. */
static void add_scores(struct buf *b, const struct scheme *s, const char *code, int category,
		       int percent)
{
	for (int i = 0; i < s->n_sources; i++)
		for (int k = 0; s->sources[i].by != BY_BALLOTS && k < s->n_indicators; k++) {
			int max = s->leaves[s->indicators[k].leaf].max_by_category_e4[category] / 10000;
			buf_addf(b, "%s,%s,,%s,%d.%02d\n", code, s->sources[i].id, s->indicators[k].id,
				 max * percent / 100, max * percent % 100);
		}
}

/* The campaign of decide_desk_open, as files. */
static void write_files(const char *folder, const struct scheme *s)
{
	AUTO(buf) struct buf orgs = {0}, scores = {0}, ballots = {0};
	static const char *const codes[] = {"07-101", "07-602", "07-603", "08-701"};
	static const int percents[] = {95, 60, 60, 85}, categories[] = {1, 0, 0, 1};
	buf_adds(&orgs, "code,parent,name,level,field,members,residents,kind,present_members,present_residents\n"
		 "4301,,云岭县,county,,,,,,\n4301-07,4301,龙泉镇,township,,,,,,\n"
		 "4301-08,4301,柳河镇,township,,,,,,\n"
		 "07-101,4301-07,龙泉社区党总支,unit,community,40,300,党支部,20,20\n"
		 "07-602,4301-07,长坡村党支部,unit,village,40,300,党支部,20,20\n"
		 "07-603,4301-07,上坪村党支部,unit,village,40,300,党支部,20,20\n"
		 "08-701,4301-08,柳河中学党支部,unit,school,40,300,党支部,20,20\n");
	buf_adds(&scores, "org,source,rater,indicator,points\n");
	buf_adds(&ballots, "org,voters,option,count\n");
	for (int i = 0; i < 4; i++) {
		add_scores(&scores, s, codes[i], categories[i], percents[i]);
		buf_addf(&ballots, "%s,member,good,20\n%s,resident,good,20\n", codes[i], codes[i]);
	}
	write_file(folder, "orgs.csv", &orgs);
	write_file(folder, "scores.csv", &scores);
	write_file(folder, "ballots.csv", &ballots);
}

static void it_is_what_explain_says_to_the_letter(void **state)
{
	struct desk *desk = desk_of(state);
	struct engine *engine = *state;
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	static const char *const codes[] = {"07-101", "07-602", "07-603", "08-701"};
	const int64_t orgs[] = {desk->branch[0], desk->branch[1], desk->branch[2], d.school};
	struct why_view v;
	char path[3][128];
	for (int i = 0; i < 4; i++) {
		AUTO(buf) struct buf page = {0}, command = {0};
		AUTO(diag) struct diag errors = {0}, warnings = {0};
		struct err_info info = {0};
		view(&d, &desk->machine, orgs[i], &arena, &v);
		if (i == 0)
			write_files(engine->folder, v.call.scheme);
		assert_int_equal(why_json(&v, &page, &info), 0);
		why_view_done(&v);
		snprintf(path[0], sizeof(path[0]), "%s/orgs.csv", engine->folder);
		snprintf(path[1], sizeof(path[1]), "%s/scores.csv", engine->folder);
		snprintf(path[2], sizeof(path[2]), "%s/ballots.csv", engine->folder);
		const struct grading_job job = {.scheme = "zhangji-town",
						.paths = {path[0], path[1], path[2], NULL, NULL}};
		if (explaining_run(&job, codes[i], true, &command, &errors, &warnings, &info) < 0)
			fail_msg("%s", errors.n ? errors.at[0] : info.text);
		assert_string_equal(buf_str(&page), buf_str(&command));
	}
}

static void what_a_meeting_made_of_it_is_told(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct why_view v;
	int64_t id;
	view(&d, &d.clerk, desk->branch[1], &arena, &v);
	assert_false(v.visible);
	why_view_done(&v);
	assert_int_equal(meeting_adjust(&desk->app, &d.township, d.campaign, desk->township,
					desk->branch[1], 2, "班子齐全", &info), 0);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	view(&d, &d.county, desk->branch[1], &arena, &v);
	assert_false(v.visible);
	why_view_done(&v);
	assert_int_equal(decide_desk_publish(&d, &id, &info), 0);
	view(&d, &d.clerk, desk->branch[1], &arena, &v);
	assert_true(v.visible);
	assert_string_equal(v.adjustment->reason, "班子齐全");
	assert_non_null(v.meeting);
	assert_int_equal(v.n_events, 1);
	why_view_done(&v);

	struct years_view years;
	assert_int_equal(years_get(&desk->app, &d.clerk, desk->branch[1], &arena, &years, &info), 0);
	assert_int_equal(years.n, 1);
	assert_string_equal(years.rows[0].grade, "一般");
	assert_string_equal(years.rows[0].score, "72.00");
	assert_int_equal(years_get(&desk->app, &d.county, desk->branch[1], &arena, &years, &info), 0);
	assert_string_equal(years.rows[0].grade, "");
	assert_int_equal(years_get(&desk->app, &d.clerk, desk->branch[0], &arena, &years, &info),
			 ERR_DENIED);
}

static void few_voters_are_not_given_away(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf text = {0};
	struct err_info info = {0};
	struct why_view v;
	decide_desk_few(&d, desk->branch[0]);
	decide_desk_grade(&d);
	view(&d, &d.township, desk->branch[0], &arena, &v);
	assert_true(v.visible);
	assert_false(v.floor & (FLOOR_COMPOSITE | FLOOR_POOLED | FLOOR_BY_CLASS));
	assert_int_equal(why_json(&v, &text, &info), ERR_DENIED);
	why_view_done(&v);
	/* Nor from the page of the one below it. */
	view(&d, &d.township, desk->branch[1], &arena, &v);
	for (int i = 0; i < v.call.scheme->n_quotas; i++)
		if (v.explanation.quotas[i].first_spared == campaign_grading_node(&v.grading, desk->branch[0]))
			assert_false(why_shows(&v, v.explanation.quotas[i].first_spared));
	why_view_done(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(it_is_what_explain_says_to_the_letter),
		ON_DESK(what_a_meeting_made_of_it_is_told),
		ON_DESK(few_voters_are_not_given_away),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
