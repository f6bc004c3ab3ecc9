/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/day_math.h"
#include "domain/ledger.h"

static void days_are_counted_over_months_and_leap_years(void **state)
{
	(void)state;
	static const struct {
		int32_t from, to, days;
	} cases[] = {
		{20260101, 20260101, 0}, {20260228, 20260301, 1}, {20240228, 20240301, 2},
		{19991231, 20000101, 1}, {20260301, 20260228, -1}, {20250101, 20260101, 365},
		{19700101, 20261122, 20779},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(day_between(cases[i].from, cases[i].to), cases[i].days);
		assert_int_equal(day_plus(cases[i].from, cases[i].days), cases[i].to);
	}
	for (int32_t n = -10000; n < 60000; n += 7)
		assert_int_equal(day_to_number(day_from_number(n)), n);
	assert_int_equal(day_plus_months(20260131, 1), 20260228);
	assert_int_equal(day_plus_months(20240131, 1), 20240229);
	assert_int_equal(day_plus_months(20261118, 3), 20270218);
	assert_int_equal(day_plus_months(20261130, 12), 20271130);
	assert_int_equal(day_plus_months(20261231, 6), 20270630);
}

/* The diagram of rectification.md, written down a second time. */
static const char *const diagram[] = {
	"candidate assess assessed", "assessed review reviewed", "reviewed approve approved",
	"candidate drop dropped", "assessed drop dropped", "reviewed drop dropped",
	"dropped take-up candidate", "approved plan planned", "planned return-plan approved",
	"planned start rectifying", "rectifying report self-reported",
	"self-reported accept accepted", "self-reported reject planned", "accepted reject planned",
	"accepted write-off written-off", "written-off settle settled",
	"written-off relapse relapsed", "settled relapse relapsed", "relapsed plan planned",
};

static void the_table_is_the_diagram_and_nothing_else(void **state)
{
	(void)state;
	int n = 0;
	for (int a = 0; a < CASE_ACT_COUNT; a++) {
		const struct case_transition *t = case_transition((enum case_act)a);
		for (int s = 0; s < CASE_STATE_COUNT; s++) {
			if (!(t->from >> s & 1))
				continue;
			bool drawn = false;
			for (size_t i = 0; i < ARRAY_LEN(diagram); i++) {
				AUTO(arena) struct arena arena = {0};
				drawn = drawn || strcmp(diagram[i], arena_printf(&arena, "%s %s %s",
					case_state_id((enum case_state)s), case_act_id((enum case_act)a),
					case_state_id(t->to))) == 0;
			}
			if (!drawn)
				fail_msg("%s from %s is not in the diagram", case_act_id((enum case_act)a),
					 case_state_id((enum case_state)s));
			n++;
		}
	}
	assert_int_equal(n, ARRAY_LEN(diagram));
}

/* Everything is there; today is 2026-11-22. */
static struct case_facts good(enum case_state at)
{
	return (struct case_facts){
		.state = at, .round = 1, .today = 20261122, .caller = 2, .n_reasons = 1, .seen = true,
		.assessed_by = 1, .reviewed_by = 2, .meeting_day = 20261101, .meeting_no = true,
		.decision = true, .shows = true, .n_problems = 2, .has_leader = true,
		.has_support = true, .has_team = true, .report_file = true, .report_scan = true,
		.started_day = 20260901, .sheet = true, .score_e4 = 800000, .pass_e4 = 700000,
		.n_acceptors = 2, .on_spot = true, .heard = 40, .dissatisfied = 20,
		.dissatisfied_e6 = 500000, .n_lookbacks = 3, .n_good = 3, .n_new_reasons = 1,
	};
}

static enum case_state any_from(enum case_act act)
{
	return (enum case_state)__builtin_ctz(case_transition(act)->from);
}

/* How many lines say no, and whether one of them has `words`. */
static int missing(enum case_act act, const struct case_facts *facts, const char *words)
{
	AUTO(arena) struct arena arena = {0};
	struct gate gate;
	bool found = !words;
	assert_int_equal(case_gate(act, facts, &arena, &gate), 0);
	for (int i = 0; i < gate.n; i++)
		found = found || (!gate.lines[i].ok && strstr(gate.lines[i].text, words));
	if (!found)
		fail_msg("no line says “%s”", words);
	return gate.n_missing;
}

static void with_everything_there_every_step_is_free(void **state)
{
	(void)state;
	for (int a = 0; a < CASE_ACT_COUNT; a++) {
		struct case_facts f = good(any_from((enum case_act)a));
		if (missing((enum case_act)a, &f, NULL))
			fail_msg("%s is not free", case_act_id((enum case_act)a));
	}
}

static void no_step_leads_from_a_wrong_state(void **state)
{
	(void)state;
	for (int a = 0; a < CASE_ACT_COUNT; a++)
		for (int s = 0; s < CASE_STATE_COUNT; s++) {
			AUTO(arena) struct arena arena = {0};
			struct case_facts f = good((enum case_state)s);
			struct gate gate;
			bool way = case_transition((enum case_act)a)->from >> s & 1;
			assert_int_equal(case_gate((enum case_act)a, &f, &arena, &gate), way ? 0 : ERR_STATE);
		}
}

#define LACKS(act, member, value, words) do { \
		struct case_facts f_ = good(any_from(act)); \
		f_.member = (value); \
		assert_int_equal(missing(act, &f_, words), 1); \
	} while (0)

static void each_thing_that_lacks_is_told_in_a_line(void **state)
{
	(void)state;
	LACKS(CASE_ASSESS, n_reasons, 0, "列入的依据");
	LACKS(CASE_ASSESS, seen, false, "看到了什么");
	LACKS(CASE_REVIEW, caller, 1, "换一个人");
	LACKS(CASE_APPROVE, meeting_day, 0, "会议日期");
	LACKS(CASE_APPROVE, meeting_no, false, "文号");
	LACKS(CASE_APPROVE, decision, false, "决定");
	LACKS(CASE_PLAN, shows, false, "具体表现");
	LACKS(CASE_PLAN, n_problems, 0, "清单是空的");
	LACKS(CASE_PLAN, incomplete, 2, "问题 2 还缺");
	LACKS(CASE_PLAN, has_leader, false, "联系领导");
	LACKS(CASE_PLAN, has_support, false, "帮扶单位");
	LACKS(CASE_PLAN, has_team, false, "工作班子");
	LACKS(CASE_START, n_past_deadline, 1, "早于今天");
	LACKS(CASE_REPORT, n_no_evidence, 1, "佐证");
	LACKS(CASE_REPORT, n_no_deadline, 1, "没有期限");
	LACKS(CASE_REPORT, n_past_deadline, 1, "逾期");
	LACKS(CASE_REPORT, report_file, false, "自查报告没有交");
	LACKS(CASE_REPORT, report_scan, false, "扫描件");
	LACKS(CASE_ACCEPT, sheet, false, "评分表");
	LACKS(CASE_ACCEPT, score_e4, 699999, "69.99");
	LACKS(CASE_ACCEPT, n_acceptors, 1, "两个人");
	LACKS(CASE_ACCEPT, on_spot, false, "现场");
	LACKS(CASE_ACCEPT, heard, 0, "听取党员群众意见");
	LACKS(CASE_ACCEPT, veto, true, "一票否决");
	LACKS(CASE_ACCEPT, n_unverified, 1, "没有核实");
	LACKS(CASE_SETTLE, n_good, 2, "合格 2 次");
	LACKS(CASE_RELAPSE, n_new_reasons, 0, "晚于销号日期");
}

static void half_dissatisfied_passes_and_one_more_fails(void **state)
{
	(void)state;
	struct case_facts f = good(CASE_REPORTED);
	assert_int_equal(missing(CASE_ACCEPT, &f, NULL), 0);
	f.dissatisfied = 21;
	assert_int_equal(missing(CASE_ACCEPT, &f, "不满意"), 1);
	f.heard = 41;			/* 21 of 41 is still more than half */
	assert_int_equal(missing(CASE_ACCEPT, &f, "不满意"), 1);
	f.heard = 42;
	assert_int_equal(missing(CASE_ACCEPT, &f, NULL), 0);
}

static void acceptance_at_the_end_waits_for_the_end(void **state)
{
	(void)state;
	struct case_facts f = good(CASE_REPORTED);
	f.at_end = true;
	f.end_day = 20261123;
	assert_int_equal(missing(CASE_ACCEPT, &f, "统一验收"), 1);
	f.end_day = 20261122;
	assert_int_equal(missing(CASE_ACCEPT, &f, NULL), 0);
}

static void a_bad_look_back_is_evidence_of_a_relapse(void **state)
{
	(void)state;
	struct case_facts f = good(CASE_WRITTEN_OFF);
	f.n_new_reasons = 0;
	f.n_bad = 1;
	assert_int_equal(missing(CASE_RELAPSE, &f, NULL), 0);
	assert_int_equal(missing(CASE_SETTLE, &f, "不合格"), 1);
}

static void lights_turn_amber_a_week_before_and_red_the_day_after(void **state)
{
	(void)state;
	static const struct {
		int32_t deadline;
		bool done;
		enum light light;
	} cases[] = {
		{0, false, LIGHT_NONE}, {20261121, true, LIGHT_NONE}, {20261121, false, LIGHT_RED},
		{20261122, false, LIGHT_AMBER}, {20261129, false, LIGHT_AMBER},
		{20261130, false, LIGHT_GREEN}, {20271122, false, LIGHT_GREEN},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(ledger_light(cases[i].deadline, cases[i].done, 20261122), cases[i].light);
}

static const struct scheme_case rules = {.n_lookbacks = 3, .lookback_months = {3, 6, 12},
					 .training_days = 3, .quick_days = 30, .stuck_years = 3};

/* ZJ-16, as a township's scheme says it; one that says nothing takes any day, or none. */
static void a_case_lasts_half_a_year_to_a_year(void **state)
{
	(void)state;
	static const struct scheme_case span = {.at_least_months = 6, .at_most_months = 12};
	static const struct {
		int32_t asked, day;
	} cases[] = {
		{0, 20270407}, {20261006, -1}, {20261007, 20261007}, {20270407, 20270407}, {20270408, -1},
	};
	struct err_info info = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int32_t day = -1;
		assert_int_equal(ledger_case_deadline(&span, 20260407, cases[i].asked, &day, &info),
				 cases[i].day < 0 ? ERR_INPUT : 0);
		assert_int_equal(day, cases[i].day);
	}
	assert_non_null(strstr(info.text, "2026-10-07 到 2027-04-07"));
	int32_t day = -1;
	assert_int_equal(ledger_case_deadline(&rules, 20260407, 0, &day, &info), 0);
	assert_int_equal(day, 0);
	assert_int_equal(ledger_case_deadline(&rules, 20260407, 20260501, &day, &info), 0);
	assert_int_equal(day, 20260501);
}

static void look_backs_come_after_3_6_and_12_months(void **state)
{
	(void)state;
	int32_t days[LOOKBACKS_MAX];
	assert_int_equal(ledger_lookbacks(&rules, 20241118, days), 3);
	assert_int_equal(days[0], 20250218);
	assert_int_equal(days[1], 20250518);
	assert_int_equal(days[2], 20251118);
}

static void alarms_ring_for_what_they_are_for(void **state)
{
	(void)state;
	static const struct {
		struct alarm_facts facts;
		uint32_t alarms;
	} cases[] = {
		{{.state = CASE_RECTIFYING, .opened_day = 20231122, .started_day = 20261001,
		  .today = 20261122}, ALARM_STUCK},
		{{.state = CASE_RECTIFYING, .opened_day = 20231123, .started_day = 20261001,
		  .today = 20261122}, 0},
		{{.state = CASE_WRITTEN_OFF, .opened_day = 20201122, .started_day = 20210101,
		  .accepted_day = 20210131, .written_off_day = 20210201, .today = 20261122}, 0},
		/* A candidate that nobody decides on; one that was dropped is decided. */
		{{.state = CASE_CANDIDATE, .opened_day = 20231122, .today = 20261122}, ALARM_STUCK},
		{{.state = CASE_DROPPED, .opened_day = 20231122, .today = 20261122}, 0},
		/* Lowest three years in a row, whatever the papers say in between. */
		{{.state = CASE_WRITTEN_OFF, .opened_day = 20260901, .written_off_day = 20261101,
		  .lowest_years = 3, .today = 20261122}, ALARM_STUCK},
		{{.state = CASE_RECTIFYING, .opened_day = 20260901, .started_day = 20261001,
		  .lowest_years = 2, .today = 20261122}, 0},
		{{.state = CASE_SETTLED, .opened_day = 20240901, .lowest_years = 3, .today = 20261122}, 0},
		{{.state = CASE_ACCEPTED, .opened_day = 20260901, .started_day = 20261001,
		  .accepted_day = 20261030, .today = 20261122}, ALARM_QUICK},
		{{.state = CASE_RECTIFYING, .opened_day = 20260901, .started_day = 20261001,
		  .support_ended_day = 20261101, .today = 20261122}, ALARM_WITHDRAWN},
		{{.state = CASE_WRITTEN_OFF, .written_off_day = 20261101, .support_ended_day = 20261101,
		  .today = 20261122}, 0},
		{{.state = CASE_PLANNED, .new_secretary_day = 20261001, .training_days = 2,
		  .today = 20261122}, ALARM_UNTRAINED},
		{{.state = CASE_PLANNED, .new_secretary_day = 20261001, .training_days = 3,
		  .deadline = 20261121, .today = 20261122}, ALARM_LATE},
		{{.state = CASE_RECTIFYING, .started_day = 20260801, .last_visit_day = 20260823,
		  .today = 20261122}, ALARM_UNHELPED},
		{{.state = CASE_RECTIFYING, .started_day = 20260801, .last_visit_day = 20260824,
		  .today = 20261122}, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (ledger_alarms(&rules, &cases[i].facts) != cases[i].alarms)
			fail_msg("case %zu: %x", i, ledger_alarms(&rules, &cases[i].facts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_counted_over_months_and_leap_years),
		cmocka_unit_test(the_table_is_the_diagram_and_nothing_else),
		cmocka_unit_test(with_everything_there_every_step_is_free),
		cmocka_unit_test(no_step_leads_from_a_wrong_state),
		cmocka_unit_test(each_thing_that_lacks_is_told_in_a_line),
		cmocka_unit_test(half_dissatisfied_passes_and_one_more_fails),
		cmocka_unit_test(acceptance_at_the_end_waits_for_the_end),
		cmocka_unit_test(a_bad_look_back_is_evidence_of_a_relapse),
		cmocka_unit_test(lights_turn_amber_a_week_before_and_red_the_day_after),
		cmocka_unit_test(a_case_lasts_half_a_year_to_a_year),
		cmocka_unit_test(look_backs_come_after_3_6_and_12_months),
		cmocka_unit_test(alarms_ring_for_what_they_are_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
