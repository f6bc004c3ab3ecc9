/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what a campaign's steps gate, whole: every action with all that it
 * waits for, each cause alone, in the words people read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/gate.h"

/* One thing that is wrong, and how it is said. */
struct cause {
	enum gate_condition condition;
	void (*break_it)(struct gate_facts *f);
	const char *said;
};

static void end_it(struct gate_facts *f) { f->state = GATE_CAMPAIGN_CLOSED; }
static void reopen_it(struct gate_facts *f) { f->state = GATE_CAMPAIGN_OPEN; }
static void leave_some(struct gate_facts *f) { f->open = (struct gate_count){7, 0}; }
static void leave_out(struct gate_facts *f) { f->outside = true; }
static void show_it(struct gate_facts *f) { f->hold = HOLD_PUBLISHED; }
static void hand_it_in(struct gate_facts *f) { f->hold = HOLD_SUBMITTED; }
static void accept_it(struct gate_facts *f) { f->hold = HOLD_ACCEPTED; }
static void put_back(struct gate_facts *f) { f->hold = HOLD_RETURNED; }
static void write_self(struct gate_facts *f) { f->handed_in = true; }
static void take_self_back(struct gate_facts *f) { f->handed_in = false; }
static void confirm_self(struct gate_facts *f) { f->confirmed = true; }
static void box_it(struct gate_facts *f) { f->boxed = true; }
static void lose_score(struct gate_facts *f) { f->scored = false; }
static void hand_in_elsewhere(struct gate_facts *f) { f->waiting = false; }
static void lose_stars(struct gate_facts *f) { f->starred = false; }
static void lose_grade(struct gate_facts *f) { f->decided = false; }
static void have_all_decided(struct gate_facts *f) { f->to_decide.n = 0; }
static void lack_scores(struct gate_facts *f) { f->unscored = (struct gate_count){2, 41}; }
static void hear_nobody(struct gate_facts *f) { f->unheard = (struct gate_count){3, 42}; }
static void break_quota(struct gate_facts *f)
{
	f->quota_grade = "较差";
	f->quota_required = 2;
	f->quota_have = 1;
}
static void own_nothing(struct gate_facts *f) { f->own.n = 0; }
static void decide_less(struct gate_facts *f) { f->undecided = (struct gate_count){4, 43}; }
static void show_all(struct gate_facts *f) { f->to_show.n = 0; }
static void hand_all_in(struct gate_facts *f) { f->to_hand_in.n = 0; }
static void hide_some(struct gate_facts *f) { f->unshown = (struct gate_count){5, 44}; }
static void hang_on(struct gate_facts *f) { f->shown_up_to = 20260410; }
static void object(struct gate_facts *f) { f->unanswered = (struct gate_count){1, 45}; }
static void return_below(struct gate_facts *f) { f->below_open = (struct gate_count){6, 46}; }

#define RUNNING {GATE_IS_RUNNING, end_it, "“年度”已经结束"}
#define OPEN_AND_OWN RUNNING, {GATE_TAKES_PART, leave_out, "“甲村”不参加评定"}, \
	{GATE_NOT_SHOWN, show_it, \
	 "“甲村”的结果已经公示，要改请先撤下公示或者答复异议重新评定"}, \
	{GATE_NOT_HANDED_IN, hand_it_in, "“甲村”的结果已经报送上级，正在审查"}, \
	{GATE_NOT_ACCEPTED, accept_it, "“甲村”的结果已经审定并锁定，要改请先由上级退回"}

static const struct {
	const char *doing;
	enum scheme_step_kind step;
	struct cause causes[GATE_ROWS_MAX + 1];
} all[GATE_ACTIONS] = {
	[GATE_DAYS] = {"改日期", STEP_OTHER, {RUNNING}},
	[GATE_CLOSE] = {"结束", STEP_OTHER,
			{RUNNING, {GATE_IS_THROUGH, leave_some,
				   "还有 7 个党组织没有完成“审查”；确实要结束的请写明理由"}}},
	[GATE_RERUN] = {"重新打开", STEP_OTHER, {{GATE_IS_CLOSED, reopen_it, "“年度”还没有结束"}}},
	[GATE_ARCHIVE] = {"归档", STEP_OTHER, {{GATE_IS_CLOSED, reopen_it, "“年度”还没有结束"}}},
	[GATE_GRADE] = {"重新计算", STEP_GRADING, {RUNNING}},
	[GATE_MARK] = {"登记这一步", STEP_OTHER, {RUNNING}},
	[GATE_SURVEY] = {"填调查表", STEP_SURVEY, {OPEN_AND_OWN}},
	[GATE_SELF] = {"填自评", STEP_SELF,
		       {OPEN_AND_OWN,
			{GATE_SELF_OPEN, write_self, "“甲村”的自评已经上报，退回以后才能改"}}},
	[GATE_SELF_CONFIRM] = {"确认自评", STEP_SELF,
			       {OPEN_AND_OWN,
				{GATE_SELF_HANDED_IN, take_self_back, "“甲村”的自评还没有上报"},
				{GATE_SELF_UNCONFIRMED, confirm_self, "“甲村”的自评已经确认过了"}}},
	[GATE_SELF_RETURN] = {"退回自评", STEP_SELF,
			      {OPEN_AND_OWN,
			       {GATE_SELF_HANDED_IN, take_self_back, "“甲村”的自评还没有上报"}}},
	[GATE_BALLOT] = {"录入票数", STEP_BALLOT,
			 {OPEN_AND_OWN,
			  {GATE_NOT_BOXED, box_it, "“甲村”已由不记名测评箱计票，不用再录入"}}},
	[GATE_BOX] = {"用票箱测评", STEP_BALLOT, {OPEN_AND_OWN}},
	[GATE_SCORE] = {"打分", STEP_GRADING, {OPEN_AND_OWN}},
	[GATE_OPINION] = {"记行业主管意见", STEP_GRADING, {OPEN_AND_OWN}},
	[GATE_ADJUST] = {"调整等次", STEP_GRADING,
			 {OPEN_AND_OWN, {GATE_IS_SCORED, lose_score, "“甲村”的得分还不齐"}}},
	[GATE_REGRADE] = {"重新评定", STEP_PUBLICITY,
			  {RUNNING,
			   {GATE_NOT_HANDED_IN, hand_it_in, "“甲村”的结果已经报送上级，正在审查"},
			   {GATE_NOT_ACCEPTED, accept_it,
			    "“甲村”的结果已经审定并锁定，要改请先由上级退回"}}},
	[GATE_REVIEW] = {"审查", STEP_REVIEW,
			 {RUNNING,
			  {GATE_IS_WAITING, put_back, "“甲村”没有等待审查的结果（退回）"},
			  {GATE_IS_WAITING, hand_in_elsewhere, "“甲村”没有等待审查的结果（已报送）"}}},
	[GATE_UNLOCK] = {"解锁", STEP_REVIEW,
			 {RUNNING, {GATE_IS_LOCKED, put_back, "“甲村”的结果没有锁定，不用解锁"}}},
	[GATE_STARS] = {"审定星级", STEP_REVIEW,
			{RUNNING, {GATE_HAS_STARS, lose_stars, "“甲村”没有评上星级"},
			 {GATE_IS_ACCEPTED, hand_it_in, "“甲村”的结果还没有审查通过"}}},
	[GATE_IMPROVEMENT] = {"写整改目标", STEP_IMPROVEMENT,
			      {RUNNING, {GATE_GRADE_SHOWN, put_back, "“甲村”的等次还没有公示"},
			       {GATE_GRADE_SHOWN, lose_grade, "“甲村”的等次还没有公示"}}},
	[GATE_APPRAISAL] = {"记述职评议", STEP_OTHER, {RUNNING}},
	[GATE_MEETING] = {"开会定等次", STEP_GRADING,
			  {RUNNING,
			   {GATE_HAS_TO_DECIDE, have_all_decided, "没有要研究的，等次都已经定了"},
			   {GATE_ALL_SCORED, lack_scores, "还有 2 个的得分不齐或测评人数不够"},
			   {GATE_ALL_HEARD, hear_nobody, "还有 3 个没有征求行业主管意见"},
			   {GATE_QUOTAS_HOLD, break_quota, "“较差”不少于 2 个，按现在的调整只有 1 个"}}},
	[GATE_PUBLISH] = {"公示", STEP_PUBLICITY,
			  {RUNNING, {GATE_HAS_OWN, own_nothing, "没有由这里定级的党组织"},
			   {GATE_ALL_DECIDED, decide_less, "还有 4 个的等次没有经会议定"},
			   {GATE_HAS_TO_SHOW, show_all, "没有可以公示的结果"}}},
	[GATE_NOTICE] = {"改公示", STEP_PUBLICITY, {RUNNING}},
	[GATE_SUBMIT] = {"报送", STEP_REVIEW,
			 {RUNNING, {GATE_HAS_TO_HAND_IN, hand_all_in, "没有要报送的结果"},
			  {GATE_ALL_DECIDED, decide_less, "还有 4 个的等次没有经会议定"},
			  {GATE_ALL_SHOWN, hide_some, "还有 5 个的结果没有公示"},
			  {GATE_NOTICE_OVER, hang_on, "公示到 2026-04-10 才满"},
			  {GATE_ALL_ANSWERED, object, "还有 1 件异议没有答复"},
			  {GATE_BELOW_ACCEPTED, return_below, "下级还有 6 个没有审查通过"}}},
};

/* Facts with which the action may be done. */
static struct gate_facts good(enum gate_action action)
{
	struct gate_facts f = {
		.campaign = "年度", .org = "甲村", .step = "审查", .own = {9, 1}, .to_decide = {9, 1},
		.asked = {3, 1}, .to_show = {9, 1}, .to_hand_in = {9, 1}, .below = {9, 1},
		.publicity = true, .quotas = true, .scored = true, .starred = true, .decided = true,
		.waiting = true, .handed_in = action == GATE_SELF_CONFIRM || action == GATE_SELF_RETURN,
	};
	if (action == GATE_RERUN || action == GATE_ARCHIVE)
		f.state = GATE_CAMPAIGN_CLOSED;
	if (action == GATE_REVIEW)
		f.hold = HOLD_SUBMITTED;
	if (action == GATE_UNLOCK || action == GATE_STARS)
		f.hold = HOLD_ACCEPTED;
	if (action == GATE_IMPROVEMENT || action == GATE_NOTICE || action == GATE_REGRADE)
		f.hold = HOLD_PUBLISHED;
	return f;
}

static void every_action_is_open_when_all_is_well(void **state)
{
	(void)state;
	for (int a = 0; a < GATE_ACTIONS; a++) {
		struct gate_facts f = good((enum gate_action)a);
		struct err_info info = {0};
		struct gate_view view;
		assert_string_equal(gate_doing((enum gate_action)a), all[a].doing);
		assert_int_equal(gate_step((enum gate_action)a), all[a].step);
		assert_int_equal(gate_check((enum gate_action)a, &f, &info), 0);
		assert_string_equal(info.text, "");
		gate_read((enum gate_action)a, &f, &view);
		assert_true(view.open);
		for (int i = 0; i < view.n; i++) {
			assert_true(view.rows[i].open);
			assert_int_equal(view.rows[i].org, 0);
			assert_null(strpbrk(view.rows[i].text, "{}"));
			assert_true(strlen(view.rows[i].text) > 0);
		}
	}
}

static void every_cause_closes_it_alone_and_says_so(void **state)
{
	(void)state;
	for (int a = 0; a < GATE_ACTIONS; a++)
		for (const struct cause *c = all[a].causes; c->said; c++) {
			struct gate_facts f = good((enum gate_action)a);
			struct err_info info = {0};
			struct gate_view view;
			char said[GATE_TEXT_MAX + 100];
			c->break_it(&f);
			assert_int_equal(gate_check((enum gate_action)a, &f, &info), ERR_STATE);
			snprintf(said, sizeof(said), "还不能%s，因为%s", all[a].doing, c->said);
			assert_string_equal(info.text, said);
			gate_read((enum gate_action)a, &f, &view);
			assert_false(view.open);
			int closed = 0;
			for (int i = 0; i < view.n; i++)
				if (!view.rows[i].open) {
					closed++;
					assert_int_equal(view.rows[i].condition, c->condition);
					assert_string_equal(view.rows[i].text, c->said);
				}
			assert_int_equal(closed, 1);
		}
}

/* Nothing is gated by what is not listed above. */
static void the_table_holds_no_more_than_this(void **state)
{
	(void)state;
	for (int a = 0; a < GATE_ACTIONS; a++) {
		struct gate_facts f = good((enum gate_action)a);
		struct gate_view view;
		gate_read((enum gate_action)a, &f, &view);
		for (int i = 0; i < view.n; i++) {
			bool found = false;
			for (const struct cause *c = all[a].causes; c->said; c++)
				found |= c->condition == view.rows[i].condition;
			assert_true(found);
		}
	}
}

static void what_a_scheme_does_not_have_is_not_asked(void **state)
{
	(void)state;
	struct gate_facts f = good(GATE_SUBMIT);
	struct gate_view view;
	f.publicity = false;
	f.below.n = 0;
	hide_some(&f);
	hang_on(&f);
	object(&f);
	gate_read(GATE_SUBMIT, &f, &view);
	assert_true(view.open);
	assert_int_equal(view.n, 3);
	f = good(GATE_MEETING);
	f.quotas = false;
	f.asked.n = 0;
	break_quota(&f);
	gate_read(GATE_MEETING, &f, &view);
	assert_true(view.open);
	assert_int_equal(view.n, 3);
}

static void the_first_it_is_about_is_named_and_states_have_words(void **state)
{
	(void)state;
	struct gate_facts f = good(GATE_SUBMIT);
	struct err_info info = {0};
	struct gate_view view;
	decide_less(&f);
	object(&f);
	gate_read(GATE_SUBMIT, &f, &view);
	assert_int_equal(view.rows[2].org, 43);
	assert_int_equal(view.rows[5].org, 45);
	assert_int_equal(gate_check(GATE_SUBMIT, &f, &info), ERR_STATE);
	assert_string_equal(info.text, "还不能报送，因为还有 4 个的等次没有经会议定");
	f = good(GATE_RERUN);
	f.state = GATE_CAMPAIGN_ARCHIVED;
	assert_int_equal(gate_check(GATE_RERUN, &f, &info), ERR_STATE);
	assert_string_equal(info.text, "还不能重新打开，因为“年度”已经归档");
	f = good(GATE_REVIEW);
	f.hold = HOLD_NONE;
	assert_int_equal(gate_check(GATE_REVIEW, &f, &info), ERR_STATE);
	assert_string_equal(info.text, "还不能审查，因为“甲村”没有等待审查的结果（没有报送）");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_is_open_when_all_is_well),
		cmocka_unit_test(every_cause_closes_it_alone_and_says_so),
		cmocka_unit_test(the_table_holds_no_more_than_this),
		cmocka_unit_test(what_a_scheme_does_not_have_is_not_asked),
		cmocka_unit_test(the_first_it_is_about_is_named_and_states_have_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
