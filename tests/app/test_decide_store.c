/* SPDX-License-Identifier: Apache-2.0 */
/* Meetings, adjustments, opinions, publicity, holds, improvement: the rows, on
 * both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/desk.h"
#include "store/hold.h"
#include "store/id.h"
#include "store/improve.h"
#include "store/meeting.h"
#include "store/publicity.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static void write(struct desk *desk, db_fn fn)
{
	struct err_info info = {0};
	if (db_write(desk->app.db, id_region(desk->county), fn, desk, &info) < 0)
		fail_msg("%s", info.text);
}

enum { CAMPAIGN = 7 };

static int meetings_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	AUTO(arena) struct arena arena = {0};
	struct meeting m = {.campaign = CAMPAIGN, .node = desk->township, .day = 20260405,
			    .title = "党委会", .number = "龙党会〔2026〕3号", .chair = "甲",
			    .recorder = "乙", .expected = 9, .present = 8, .absent = "丙", .guests = "",
			    .votes_yes = 7, .votes_no = 1, .decision = "同意", .account = 3, .at_ms = 5};
	struct meeting *list, got;
	int n;
	(void)info;
	assert_int_equal(store_meeting_insert(tx, &m), 0);
	assert_int_equal(id_region(m.id), id_region(desk->county));
	assert_int_equal(store_meeting_get(tx, CAMPAIGN, m.id, &arena, &got), 1);
	assert_string_equal(got.number, "龙党会〔2026〕3号");
	assert_int_equal(got.votes_no, 1);
	assert_string_equal(got.node_name, "龙泉镇");
	assert_int_equal(store_meeting_get(tx, CAMPAIGN + 1, m.id, &arena, &got), 0);
	int64_t first = m.id;
	m.day = 20260501;
	assert_int_equal(store_meeting_insert(tx, &m), 0);
	assert_true(m.id != first);
	assert_int_equal(store_meeting_list(tx, CAMPAIGN, desk->township, &arena, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, m.id);
	assert_int_equal(store_meeting_list(tx, CAMPAIGN, desk->other_township, &arena, &list, &n), 0);
	assert_int_equal(n, 0);
	return 0;
}

static void a_meeting_is_kept_as_recorded(void **state)
{
	write(desk_of(state), meetings_fn);
}

static int opinions_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	AUTO(arena) struct arena arena = {0};
	struct opinion o = {.org = desk->branch[0], .regulator = "县工信局党组",
			    .stance = OPINION_DISAGREES, .text = "欠薪未处理", .day = 20260401};
	struct opinion *list;
	int n;
	(void)info;
	assert_int_equal(store_opinion_add(tx, CAMPAIGN, &o), 0);
	o.stance = OPINION_AGREES;
	assert_int_equal(store_opinion_add(tx, CAMPAIGN, &o), 0);
	assert_int_equal(store_opinion_list(tx, CAMPAIGN, desk->branch[0], &arena, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].stance, OPINION_DISAGREES);
	assert_int_equal(list[1].number, 2);
	return 0;
}

static void opinions_are_added_never_replaced(void **state)
{
	write(desk_of(state), opinions_fn);
}

static int holds_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	AUTO(arena) struct arena arena = {0};
	struct hold h, *list;
	int n;
	(void)info;
	assert_int_equal(store_hold_get(tx, CAMPAIGN, desk->branch[1], &arena, &h), 0);
	assert_int_equal(h.state, HOLD_NONE);
	assert_false(hold_locks(h.state));
	h.path = "/1/2/3/";
	h.state = HOLD_SUBMITTED;
	h.node = desk->township;
	assert_int_equal(store_hold_set(tx, CAMPAIGN, &h), 0);
	h.state = HOLD_RETURNED;
	h.reason = "佐证材料不全";
	assert_int_equal(store_hold_set(tx, CAMPAIGN, &h), 0);
	assert_int_equal(store_hold_get(tx, CAMPAIGN, desk->branch[1], &arena, &h), 0);
	assert_int_equal(h.state, HOLD_RETURNED);
	assert_string_equal(h.reason, "佐证材料不全");
	assert_int_equal(store_hold_events(tx, CAMPAIGN, desk->branch[1], &arena, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].state, HOLD_SUBMITTED);
	assert_int_equal(store_hold_list(tx, CAMPAIGN, "/1/2/", &arena, &list, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_hold_list(tx, CAMPAIGN, "/1/20/", &arena, &list, &n), 0);
	assert_int_equal(n, 0);

	struct submission s = {.node = desk->township, .signed_by = "甲", .note = "", .orgs = 3}, *subs;
	assert_int_equal(store_submission_add(tx, CAMPAIGN, &s), 0);
	assert_int_equal(s.number, 1);
	assert_int_equal(store_submission_add(tx, CAMPAIGN, &s), 0);
	assert_int_equal(s.number, 2);
	assert_int_equal(store_submission_list(tx, CAMPAIGN, 0, &arena, &subs, &n), 0);
	assert_int_equal(n, 2);

	struct star_approval a = {.org = desk->branch[1], .level = LEVEL_CITY, .stars = 5,
				  .reason = "有一票否决事项"}, *stars;
	assert_int_equal(store_star_approval_put(tx, CAMPAIGN, &a), 0);
	a.approved = true;
	assert_int_equal(store_star_approval_put(tx, CAMPAIGN, &a), 0);
	assert_int_equal(store_star_approval_list(tx, CAMPAIGN, 0, &arena, &stars, &n), 0);
	assert_int_equal(n, 1);
	assert_true(stars[0].approved);
	assert_int_equal(store_star_approval_drop(tx, CAMPAIGN, desk->branch[1]), 0);
	assert_int_equal(store_star_approval_list(tx, CAMPAIGN, 0, &arena, &stars, &n), 0);
	assert_int_equal(n, 0);
	return 0;
}

static void holds_know_the_present_and_remember_the_past(void **state)
{
	write(desk_of(state), holds_fn);
}

static int publicity_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	AUTO(arena) struct arena arena = {0};
	struct publicity p = {.campaign = CAMPAIGN, .node = desk->township, .token = "abcd",
			      .from_day = 20260406, .to_day = 20260412, .show = 3, .plans = true,
			      .scope = "镇、村公开栏", .office = "党群办", .phone = "0000"};
	struct publicity got;
	(void)info;
	assert_int_equal(store_publicity_insert(tx, &p), 0);
	assert_int_equal(store_publicity_by_token(tx, "abcd", &arena, &got), 1);
	assert_int_equal(got.id, p.id);
	assert_true(got.plans);
	assert_int_equal(store_publicity_by_token(tx, "abce", &arena, &got), 0);

	struct objection o = {.campaign = CAMPAIGN, .publicity = p.id, .node = desk->township,
			      .org = desk->branch[1], .day = 20260407, .by_whom = "",
			      .text = "公示的等次与实际不符"}, *list, one;
	int n;
	assert_int_equal(store_objection_insert(tx, &o), 0);
	o.answer = "已核实";
	o.outcome = OBJECTION_REOPENED;
	o.answer_account = 4;
	o.answer_ms = 9;
	assert_int_equal(store_objection_answer(tx, &o), 0);
	assert_int_equal(store_objection_get(tx, CAMPAIGN, o.id, &arena, &one), 1);
	assert_string_equal(one.answer, "已核实");
	assert_int_equal(one.outcome, OBJECTION_REOPENED);
	assert_int_equal(store_objection_list(tx, CAMPAIGN, desk->township, &arena, &list, &n), 0);
	assert_int_equal(n, 1);

	assert_int_equal(store_publicity_withdraw(tx, CAMPAIGN, p.id, "写错了"), 0);
	assert_int_equal(store_publicity_by_token(tx, "abcd", &arena, &got), 0);
	assert_int_equal(store_publicity_get(tx, CAMPAIGN, p.id, &arena, &got), 1);
	assert_string_equal(got.withdrawn, "写错了");
	return 0;
}

static void a_notice_taken_down_has_no_address_any_more(void **state)
{
	write(desk_of(state), publicity_fn);
}

static int improve_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	AUTO(arena) struct arena arena = {0};
	struct improvement i, *list;
	int n;
	(void)info;
	assert_int_equal(store_improvement_get(tx, CAMPAIGN, desk->branch[1], &arena, &i), 0);
	assert_int_equal(i.at_ms, 0);
	i.path = "/1/2/3/";
	i.goal = "晋位";
	i.owner = "书记";
	i.at_ms = 8;
	assert_int_equal(store_improvement_put(tx, CAMPAIGN, &i), 0);
	i.measures = "补齐班子";
	assert_int_equal(store_improvement_put(tx, CAMPAIGN, &i), 0);
	assert_int_equal(store_improvement_list(tx, CAMPAIGN, "/1/", &arena, &list, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].measures, "补齐班子");

	struct appraisal_note note = {.org = desk->township, .kind = APPRAISAL_FACT, .day = 20260105,
				      .by_whom = "调研组", .text = "软弱涣散村三年未转化"}, *notes;
	assert_int_equal(store_appraisal_note_add(tx, CAMPAIGN, &note), 0);
	assert_int_equal(store_appraisal_notes(tx, CAMPAIGN, desk->township, &arena, &notes, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(notes[0].number, 1);

	struct interview v = {.org = desk->township, .path = "/1/2/", .person = "某某 书记",
			      .by_whom = "县委书记", .day = 20260201, .reason = "工作不力",
			      .outcome = "限期整改"}, *talks;
	assert_int_equal(store_interview_insert(tx, CAMPAIGN, &v), 0);
	assert_int_equal(store_interview_list(tx, CAMPAIGN, "/1/", &arena, &talks, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(talks[0].outcome, "限期整改");
	return 0;
}

static void goals_notes_and_interviews_are_kept(void **state)
{
	write(desk_of(state), improve_fn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_meeting_is_kept_as_recorded),
		ON_DESK(opinions_are_added_never_replaced),
		ON_DESK(holds_know_the_present_and_remember_the_past),
		ON_DESK(a_notice_taken_down_has_no_address_any_more),
		ON_DESK(goals_notes_and_interviews_are_kept),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
