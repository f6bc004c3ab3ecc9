/* SPDX-License-Identifier: Apache-2.0 */
/* From the notice to the city: publicity, objections, review, stars, goals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/decide_desk.h"
#include "app/improving.h"
#include "app/meeting.h"
#include "app/publicizing.h"
#include "app/review.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

enum { GOOD, FAIR, AVERAGE, POOR };

static struct hold hold_of(struct decide_desk *d, int64_t org, struct arena *arena)
{
	struct review_view v;
	struct err_info info = {0};
	if (review_get(&d->desk->app, &d->desk->machine, d->campaign, d->desk->county, arena, &v, &info))
		fail_msg("%s", info.text);
	return decide_find(&v.tree, org)->hold;
}

static void meet_and_publish(struct decide_desk *d)
{
	struct err_info info = {0};
	int64_t id;
	if (decide_desk_meet(d, &id, &info) < 0 || decide_desk_publish(d, &id, &info) < 0)
		fail_msg("%s", info.text);
}

static int submit(struct decide_desk *d, const struct caller *caller, int64_t node, int *orgs,
		  struct err_info *info)
{
	return review_submit(&d->desk->app, caller, d->campaign, node, "孙书记", "", orgs, info);
}

/* ---- publicity ---- */

static void a_notice_waits_for_the_meeting_and_locks_what_it_shows(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct publicity_view v;
	struct notice n;
	int64_t id;
	assert_int_equal(decide_desk_publish(&d, &id, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "还不能公示，因为还有 3 个的等次没有经会议定"));
	meet_and_publish(&d);
	assert_int_equal(hold_of(&d, desk->branch[1], &arena).state, HOLD_PUBLISHED);
	assert_int_equal(meeting_adjust(&desk->app, &d.township, d.campaign, desk->township,
					desk->branch[1], AVERAGE, "晚了", &info), ERR_STATE);
	assert_int_equal(publicity_get(&desk->app, &d.township, d.campaign, desk->township, 0, &arena, &v,
				       &info), 0);
	assert_int_equal(v.n, 1);
	assert_int_equal(notice_public(&desk->app, v.list[0].token, 20260312, &arena, &n, &info), 0);
	assert_int_equal(n.n_rows, 3);
	assert_string_equal(n.rows[0].grade, "好");
	assert_string_equal(n.rows[0].stars, "四星级");
	assert_string_equal(n.rows[0].score, "");
	assert_int_equal(n.counts[POOR], 2);
	assert_false(n.over);
	assert_int_equal(notice_public(&desk->app, v.list[0].token, 20260310, &arena, &n, &info),
			 ERR_NOT_FOUND);
	assert_int_equal(notice_public(&desk->app, "abcdabcdabcdabcd", 20260312, &arena, &n, &info),
			 ERR_NOT_FOUND);
	/* Taken down: no address, nothing locked. */
	assert_int_equal(publicity_withdraw(&desk->app, &d.township, d.campaign, v.list[0].id, "", &info),
			 ERR_INPUT);
	assert_int_equal(publicity_withdraw(&desk->app, &d.township, d.campaign, v.list[0].id, "写错了",
					    &info), 0);
	assert_int_equal(notice_public(&desk->app, v.list[0].token, 20260312, &arena, &n, &info),
			 ERR_NOT_FOUND);
	assert_int_equal(hold_of(&d, desk->branch[1], &arena).state, HOLD_NONE);
}

static void scores_of_few_voters_are_never_public(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct publicity_view v;
	int64_t id;
	decide_desk_few(&d, desk->branch[0]);
	decide_desk_grade(&d);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	const struct publicity p = {
		.campaign = d.campaign, .node = desk->township, .from_day = 20260311,
		.to_day = 20260315, .show = SHOW_GRADE | SHOW_SCORE | SHOW_RANK, .scope = "公开栏",
		.office = "党群办", .phone = "电话",
	};
	assert_int_equal(publicity_begin(&desk->app, &d.township, &p, &id, &info), 0);
	assert_int_equal(publicity_get(&desk->app, &d.township, d.campaign, desk->township, id, &arena, &v,
				       &info), 0);
	assert_int_equal(v.notice.withheld, 1);
	assert_string_equal(v.notice.rows[0].grade, "好");
	assert_string_equal(v.notice.rows[0].score, "");
	assert_int_equal(v.notice.rows[0].rank, 0);
	assert_string_equal(v.notice.rows[1].score, "72.00");
	/* A gap in the ranks would tell. */
	assert_int_equal(v.notice.rows[1].rank, 0);
}

static void an_objection_is_answered_and_may_reopen_one(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct publicity_view v;
	int64_t id;
	int orgs;
	meet_and_publish(&d);
	assert_int_equal(publicity_get(&desk->app, &d.township, d.campaign, desk->township, 0, &arena, &v,
				       &info), 0);
	struct objection o = {.campaign = d.campaign, .publicity = v.list[0].id, .org = desk->branch[1],
			      .day = 20260312, .text = "公示的等次低了"};
	assert_int_equal(objection_add(&desk->app, &d.county, &o, &id, &info), ERR_DENIED);
	o.day = 20260301;
	assert_int_equal(objection_add(&desk->app, &d.township, &o, &id, &info), ERR_INPUT);
	o.day = 20260312;
	o.org = d.school;
	assert_int_equal(objection_add(&desk->app, &d.township, &o, &id, &info), ERR_INPUT);
	o.org = desk->branch[1];
	assert_int_equal(objection_add(&desk->app, &d.township, &o, &id, &info), 0);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "还有 1 件异议没有答复"));
	assert_int_equal(objection_answer(&desk->app, &d.township, d.campaign, id, "属实", true, &info), 0);
	assert_int_equal(hold_of(&d, desk->branch[1], &arena).state, HOLD_REOPENED);
	assert_int_equal(hold_of(&d, desk->branch[2], &arena).state, HOLD_PUBLISHED);
	/* It must be decided again before anything is handed in. */
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), ERR_STATE);
	assert_int_equal(meeting_adjust(&desk->app, &d.township, d.campaign, desk->township,
					desk->branch[1], AVERAGE, "复核属实", &info), 0);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	assert_int_equal(decide_desk_publish(&d, &id, &info), 0);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
	assert_int_equal(orgs, 3);
	assert_int_equal(decide_desk_result(&d, desk->branch[1], &arena).grade, AVERAGE);
}

static void nothing_is_handed_in_before_the_days_are_over(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	struct err_info info = {0};
	int64_t id;
	int orgs;
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "没有公示"));
	const struct publicity p = {
		.campaign = d.campaign, .node = desk->township, .from_day = 20260318,
		.to_day = 20260324, .show = SHOW_GRADE, .scope = "公开栏", .office = "党群办",
		.phone = "电话",
	};
	assert_int_equal(publicity_begin(&desk->app, &d.township, &p, &id, &info), 0);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "公示到 2026-03-24 才满"));
	d.township.today = 20260325;
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
}

/* ---- review ---- */

static void a_return_unlocks_exactly_what_it_names(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct review_view v;
	int orgs;
	int64_t id;
	meet_and_publish(&d);
	const int64_t one[] = {desk->branch[2]}, rest[] = {desk->branch[0], desk->branch[1]};
	assert_int_equal(review_decide(&desk->app, &d.county, d.campaign, desk->township, one, 1, true,
				       NULL, &info), ERR_STATE);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), ERR_STATE);

	/* Who handed it in does not judge it. */
	assert_int_equal(review_decide(&desk->app, &d.township, d.campaign, desk->township, one, 1, true,
				       NULL, &info), ERR_DENIED);
	assert_int_equal(review_decide(&desk->app, &d.county, d.campaign, desk->township, one, 1, false,
				       "", &info), ERR_INPUT);
	assert_int_equal(review_decide(&desk->app, &d.county, d.campaign, desk->township, one, 1, false,
				       "测评票没有签字", &info), 0);
	struct hold h = hold_of(&d, desk->branch[2], &arena);
	assert_int_equal(h.state, HOLD_RETURNED);
	assert_string_equal(h.reason, "测评票没有签字");
	assert_int_equal(hold_of(&d, desk->branch[1], &arena).state, HOLD_SUBMITTED);
	assert_int_equal(review_decide(&desk->app, &d.county, d.campaign, desk->township, rest, 2, true,
				       NULL, &info), 0);
	assert_int_equal(hold_of(&d, desk->branch[0], &arena).state, HOLD_ACCEPTED);

	/* The county itself can't go on yet; and hears why. */
	assert_int_equal(submit(&d, &d.county, desk->county, &orgs, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "下级还有 2 个没有审查通过"));
	assert_int_equal(review_get(&desk->app, &d.county, d.campaign, desk->county, &arena, &v, &info), 0);
	assert_true(v.may_review);
	assert_false(v.gate.open);
	assert_string_equal(v.above, "临江市");

	/* Decided anew and handed in again: only that one. */
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), ERR_STATE);
	assert_int_equal(decide_desk_meet(&d, &id, &info), 0);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
	assert_int_equal(orgs, 1);
	assert_int_equal(review_decide(&desk->app, &d.county, d.campaign, desk->township, one, 1, true,
				       NULL, &info), 0);
}

static void figures_are_seen_above_only_once_handed_in(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct review_view v;
	int orgs;
	meet_and_publish(&d);
	assert_int_equal(review_get(&desk->app, &d.county, d.campaign, desk->county, &arena, &v, &info), 0);
	for (int i = 0; i < v.tree.n; i++)
		if (v.tree.orgs[i].org.category >= 0)
			assert_false(v.visible[i]);
	assert_int_equal(review_get(&desk->app, &d.township, d.campaign, desk->township, &arena, &v, &info),
			 0);
	assert_true(v.visible[1]);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
	assert_int_equal(review_get(&desk->app, &d.county, d.campaign, desk->township, &arena, &v, &info),
			 0);
	assert_true(v.visible[1]);
	/* The branch sees its own once it is public. */
	struct improvement_view plan;
	assert_int_equal(improvement_get(&desk->app, &d.clerk, d.campaign, desk->branch[1], &arena, &plan,
					 &info), 0);
	assert_true(plan.visible);
}

static void what_is_accepted_is_unlocked_only_with_a_reason(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	int orgs;
	meet_and_publish(&d);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
	assert_int_equal(review_unlock(&desk->app, &d.township, d.campaign, desk->branch[0], "想改", &info),
			 ERR_DENIED);
	assert_int_equal(review_unlock(&desk->app, &d.county, d.campaign, desk->branch[0], "", &info),
			 ERR_INPUT);
	assert_int_equal(review_unlock(&desk->app, &d.county, d.campaign, desk->branch[0], "信访核实",
				       &info), 0);
	assert_int_equal(hold_of(&d, desk->branch[0], &arena).state, HOLD_REOPENED);
	assert_int_equal(review_unlock(&desk->app, &d.county, d.campaign, desk->branch[0], "再来", &info),
			 ERR_STATE);
}

/* Four stars by the county, five by the city (ZJ-5). */
static void stars_are_approved_where_the_scheme_says(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	int orgs;
	meet_and_publish(&d);
	struct result r = decide_desk_result(&d, desk->branch[0], &arena);
	assert_int_equal(r.stars, 4);
	assert_int_equal(r.approval, LEVEL_COUNTY);
	assert_int_equal(submit(&d, &d.township, desk->township, &orgs, &info), 0);
	assert_int_equal(review_stars(&desk->app, &d.county, d.campaign, desk->branch[0], true, NULL,
				      &info), ERR_STATE);
	const int64_t all[] = {desk->branch[0], desk->branch[1], desk->branch[2]};
	assert_int_equal(review_decide(&desk->app, &d.county, d.campaign, desk->township, all, 3, true,
				       NULL, &info), 0);
	assert_int_equal(review_stars(&desk->app, &d.township, d.campaign, desk->branch[0], true, NULL,
				      &info), ERR_DENIED);
	assert_int_equal(review_stars(&desk->app, &d.county, d.campaign, desk->branch[0], false, "",
				      &info), ERR_INPUT);
	assert_int_equal(review_stars(&desk->app, &d.county, d.campaign, desk->branch[0], false,
				      "有一票否决事项", &info), 0);
	r = decide_desk_result(&d, desk->branch[0], &arena);
	assert_true(r.stars < 4);
	/* A refusal can be taken back, by who refused. */
	assert_int_equal(review_stars(&desk->app, &d.township, d.campaign, desk->branch[0], true, NULL,
				      &info), ERR_DENIED);
	assert_int_equal(review_stars(&desk->app, &d.county, d.campaign, desk->branch[0], true, NULL,
				      &info), 0);
	r = decide_desk_result(&d, desk->branch[0], &arena);
	assert_int_equal(r.stars, 4);
}

static void goals_follow_the_grade(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct improvement_view v;
	struct improvement plan = {.org = desk->branch[1], .goal = "转化晋位", .owner = "谭某",
				   .measures = "", .problems = "", .due_day = 20261231};
	assert_int_equal(improvement_put(&desk->app, &d.clerk, d.campaign, &plan, &info), ERR_STATE);
	meet_and_publish(&d);
	assert_int_equal(improvement_get(&desk->app, &d.clerk, d.campaign, desk->branch[1], &arena, &v,
					 &info), 0);
	assert_true(v.measures && v.may_write);
	assert_non_null(strstr(v.goal, "整顿转化"));
	/* The lowest grade asks for written measures (GZ-6). */
	assert_int_equal(improvement_put(&desk->app, &d.clerk, d.campaign, &plan, &info), ERR_INPUT);
	plan.measures = "补齐支委，恢复主题党日";
	assert_int_equal(improvement_put(&desk->app, &d.clerk, d.campaign, &plan, &info), 0);
	assert_int_equal(improvement_put(&desk->app, &d.county, d.campaign, &plan, &info), ERR_DENIED);
	plan.org = desk->branch[0];
	assert_int_equal(improvement_put(&desk->app, &d.clerk, d.campaign, &plan, &info), ERR_DENIED);
	plan.measures = "";
	assert_int_equal(improvement_put(&desk->app, &d.township, d.campaign, &plan, &info), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_notice_waits_for_the_meeting_and_locks_what_it_shows),
		ON_DESK(scores_of_few_voters_are_never_public),
		ON_DESK(an_objection_is_answered_and_may_reopen_one),
		ON_DESK(nothing_is_handed_in_before_the_days_are_over),
		ON_DESK(a_return_unlocks_exactly_what_it_names),
		ON_DESK(figures_are_seen_above_only_once_handed_in),
		ON_DESK(what_is_accepted_is_unlocked_only_with_a_reason),
		ON_DESK(stars_are_approved_where_the_scheme_says),
		ON_DESK(goals_follow_the_grade),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
