/* SPDX-License-Identifier: Apache-2.0 */
/* The committee's meeting: proposal, adjustments, the record, what holds after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/decide_desk.h"
#include "app/meeting.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

enum { GOOD, FAIR, AVERAGE, POOR };

static const struct meeting_row *row_of(const struct meeting_view *v, int64_t org)
{
	for (int i = 0; i < v->n_rows; i++)
		if (v->rows[i].org->org.id == org)
			return &v->rows[i];
	fail_msg("no such row");
	return v->rows;
}

static void view(struct decide_desk *d, struct arena *arena, struct meeting_view *v)
{
	struct err_info info = {0};
	if (meeting_get(&d->desk->app, &d->township, d->campaign, d->desk->township, arena, v, &info) < 0)
		fail_msg("%s", info.text);
}

static int adjust(struct decide_desk *d, int64_t org, int grade, const char *why,
		  struct err_info *info)
{
	return meeting_adjust(&d->desk->app, &d->township, d->campaign, d->desk->township, org, grade,
			      why, info);
}

static void the_proposal_comes_with_the_boundary_table(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct meeting_view v;
	view(&d, &arena, &v);
	assert_int_equal(v.n_rows, 3);
	assert_int_equal(v.rows[0].org->org.id, desk->branch[0]);
	assert_int_equal(v.rows[0].proposed.grade, GOOD);
	/* One of three must be poor; the two equals go together. */
	assert_int_equal(row_of(&v, desk->branch[1])->proposed.grade, POOR);
	assert_int_equal(row_of(&v, desk->branch[2])->proposed.grade, POOR);
	assert_int_equal(row_of(&v, desk->branch[2])->proposed.by_score, AVERAGE);
	bool quota = false;
	for (int i = 0; i < v.boundary.n; i++) {
		if (v.boundary.lines[i].kind != BOUNDARY_QUOTA)
			continue;
		quota = true;
		assert_int_equal(v.boundary.lines[i].quota.required, 1);
		assert_int_equal(adjust_spare(&v.boundary.lines[i].quota), 1);
		assert_int_equal(v.boundary.lines[i].below_equals, 1);
	}
	assert_true(quota);
	/* One point more for one equal keeps it; then only the other goes. */
	bool told = false;
	for (int i = 0; i < v.n_what_ifs; i++)
		told |= v.what_ifs[i].sign > 0 && v.what_ifs[i].change.changes &&
			v.what_ifs[i].change.grade == AVERAGE;
	assert_true(told);
	assert_true(v.gate.open && v.may_write);
	meeting_view_done(&v);
}

static void an_adjustment_needs_a_reason_and_waits_for_the_meeting(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct meeting_view v;
	int64_t id;
	assert_int_equal(adjust(&d, desk->branch[1], AVERAGE, "", &info), ERR_INPUT);
	assert_int_equal(adjust(&d, desk->branch[1], POOR, "同", &info), ERR_INPUT);
	assert_int_equal(adjust(&d, d.school, POOR, "别的镇", &info), ERR_DENIED);
	assert_int_equal(adjust(&d, desk->branch[1], AVERAGE, "班子齐全", &info), 0);
	assert_int_equal(decide_desk_result(&d, desk->branch[1], &arena).grade, POOR);
	view(&d, &arena, &v);
	assert_int_equal(v.n_notes, 1);
	assert_int_equal(row_of(&v, desk->branch[1])->preview.grade, AVERAGE);
	assert_int_equal(row_of(&v, desk->branch[1])->preview.stars, 2);
	assert_int_equal(v.n_faults, 0);
	meeting_view_done(&v);

	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	struct result r = decide_desk_result(&d, desk->branch[1], &arena);
	assert_int_equal(r.grade, AVERAGE);
	assert_int_equal(r.computed, POOR);
	assert_int_equal(r.meeting, id);
	assert_int_equal(r.stars, 2);
	assert_int_equal(decide_desk_result(&d, desk->branch[2], &arena).meeting, 0);

	/* Afterwards nothing is left to decide; a further one needs a new meeting. */
	assert_int_equal(decide_desk_meet(&d, &id, &info), ERR_STATE);
	assert_int_equal(adjust(&d, desk->branch[0], FAIR, "发生事故", &info), 0);
	assert_int_equal(decide_desk_result(&d, desk->branch[0], &arena).grade, GOOD);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	assert_int_equal(decide_desk_result(&d, desk->branch[0], &arena).grade, FAIR);
	assert_int_equal(decide_desk_result(&d, desk->branch[1], &arena).grade, AVERAGE);
	/* And a third takes it back to what was computed. */
	assert_int_equal(adjust(&d, desk->branch[0], GOOD, "通报撤销", &info), 0);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	r = decide_desk_result(&d, desk->branch[0], &arena);
	assert_int_equal(r.grade, GOOD);
}

static void equals_are_restored_only_while_the_quota_holds(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct meeting_view v;
	int64_t id;
	assert_int_equal(adjust(&d, desk->branch[1], AVERAGE, "班子齐全", &info), 0);
	assert_int_equal(adjust(&d, desk->branch[2], AVERAGE, "也齐全", &info), 0);
	view(&d, &arena, &v);
	assert_int_equal(v.n_faults, 1);
	assert_false(v.gate.open);
	meeting_view_done(&v);
	assert_int_equal(decide_desk_meet(&d, &id, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "“较差”不少于 1 个"));
	assert_int_equal(meeting_forget(&desk->app, &d.township, d.campaign, desk->township,
					desk->branch[2], &info), 0);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	assert_int_equal(decide_desk_result(&d, desk->branch[2], &arena).grade, POOR);
}

static void a_meeting_without_quorum_decides_nothing(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	struct err_info info = {0};
	int64_t id;
	struct meeting m = {
		.campaign = d.campaign, .node = desk->township, .day = 20260318, .title = "党委会",
		.number = "1", .chair = "孙", .recorder = "陈", .expected = 9, .present = 4,
		.absent = "", .guests = "", .votes_yes = 4, .decision = "同意",
	};
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), ERR_STATE);
	m.present = 8;
	m.votes_no = 6;
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), ERR_INPUT);
	m.votes_no = 4;
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), ERR_STATE);
	m.votes_no = 1;
	m.votes_yes = 7;
	m.day = 20260321;
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), ERR_INPUT);
	m.day = 20260320;
	m.chair = "";
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), ERR_INPUT);
	m.chair = "孙";
	assert_int_equal(meeting_record(&desk->app, &d.county, &m, &id, &info), ERR_DENIED);
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), 0);
	/* One on the problems needs no scores and decides no grade (GZ-7). */
	m.kind = MEETING_PROBLEMS;
	assert_int_equal(meeting_record(&desk->app, &d.township, &m, &id, &info), 0);
}

static void the_county_sees_the_table_only_once_it_is_handed_in(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct meeting_view v;
	const struct {
		const struct caller *who;
		int64_t node;
		const char *why;
	} cases[] = {{&d.county, desk->township, "还没有报送"}, {&d.township, desk->branch[1], "自己参加定级"},
		     {&d.clerk, desk->branch[1], "自己参加定级"}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(meeting_get(&desk->app, cases[i].who, d.campaign, cases[i].node, &arena, &v,
					     &info), 0);
		assert_non_null(strstr(v.why_not, cases[i].why));
		assert_int_equal(v.n_rows, 0);
		meeting_view_done(&v);
	}
	assert_int_equal(meeting_get(&desk->app, &d.clerk, d.campaign, desk->township, &arena, &v, &info),
			 ERR_DENIED);
}

static void regulators_are_heard_before_the_grade_is_fixed(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = {.desk = desk};
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct meeting_view v;
	struct opinion_view o;
	campaign_desk_fill(desk);
	campaign_desk_field(desk, desk->branch[0], FIELD_PRIVATE);
	d.campaign = campaign_desk_open(desk, desk->county, "county-notice");
	d.township = desk_caller(desk_account(desk, desk->township, "陈", ROLE_TOWNSHIP), 7000);
	struct caller regulator = desk_caller(desk_account(desk, desk->branch[0], "工信", ROLE_REGULATOR),
					      7000);
	view(&d, &arena, &v);
	assert_true(row_of(&v, desk->branch[0])->consult);
	assert_false(row_of(&v, desk->branch[1])->consult);
	assert_false(v.gate.open);
	meeting_view_done(&v);
	struct opinion opinion = {.org = desk->branch[0], .regulator = "县工信局党组",
				  .stance = OPINION_DISAGREES, .text = "", .day = 20260318};
	assert_int_equal(opinion_add(&desk->app, &regulator, d.campaign, &opinion, &info), ERR_INPUT);
	opinion.text = "拖欠工资未解决";
	assert_int_equal(opinion_add(&desk->app, &regulator, d.campaign, &opinion, &info), 0);
	opinion.org = desk->branch[1];
	assert_int_equal(opinion_add(&desk->app, &regulator, d.campaign, &opinion, &info), ERR_DENIED);
	assert_int_equal(opinion_add(&desk->app, &d.township, d.campaign, &opinion, &info), ERR_INPUT);
	assert_int_equal(opinion_get(&desk->app, &regulator, d.campaign, desk->branch[0], &arena, &o,
				     &info), 0);
	assert_true(o.consult && o.may_write);
	assert_int_equal(o.n, 1);
	view(&d, &arena, &v);
	assert_int_equal(row_of(&v, desk->branch[0])->opinion->stance, OPINION_DISAGREES);
	meeting_view_done(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(the_proposal_comes_with_the_boundary_table),
		ON_DESK(an_adjustment_needs_a_reason_and_waits_for_the_meeting),
		ON_DESK(equals_are_restored_only_while_the_quota_holds),
		ON_DESK(a_meeting_without_quorum_decides_nothing),
		ON_DESK(the_county_sees_the_table_only_once_it_is_handed_in),
		ON_DESK(regulators_are_heard_before_the_grade_is_fixed),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
