/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger on both engines: a village's case by the rules of Loudi 2014, from
 * candidate to a relapse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/attachments.h"
#include "app/ballot_case.h"
#include "app/ballot_vote.h"
#include "app/desk.h"
#include "app/draws.h"
#include "app/ledger.h"
#include "store/id.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

struct scene {
	struct desk *d;
	int64_t campaign, village, other;
	struct caller officer, township, second, clerk, helper;
	int64_t case_id;
};

static int64_t add_village(struct desk *d, const char *code, const char *name)
{
	struct org org = org_blank();
	struct err_info info = {0};
	int64_t id = 0;
	org.parent = d->township;
	org.code = code;
	org.name = name;
	org.level = LEVEL_UNIT;
	org.field = FIELD_VILLAGE;
	org.kind = "党支部";
	if (roster_add(&d->app, &d->machine, &org, &desk_today, &id, &info) < 0)
		fail_msg("%s", info.text);
	return id;
}

static struct caller somebody(struct desk *d, int64_t node, const char *name, enum role role)
{
	return desk_caller(desk_account(d, node, name, role), 1000);
}

static void open_campaign(struct scene *s, const char *scheme, int year)
{
	struct err_info info = {0};
	struct campaign_draft draft = {.node = s->d->county, .year = year, .scheme = scheme};
	if (campaigns_open(&s->d->app, &s->d->machine, &draft, &s->campaign, &info) < 0)
		fail_msg("%s", info.text);
}

static struct scene set_scene(void **state, const char *scheme)
{
	struct scene s = {.d = desk_of(state)};
	s.village = add_village(s.d, "07-701", "柳树沟村党支部");
	s.other = add_village(s.d, "07-702", "三岔口村党支部");
	s.officer = somebody(s.d, s.d->county, "officer", ROLE_OFFICER);
	s.township = somebody(s.d, s.d->township, "township", ROLE_TOWNSHIP);
	s.second = somebody(s.d, s.d->township, "second", ROLE_TOWNSHIP);
	s.clerk = somebody(s.d, s.village, "clerk", ROLE_CLERK);
	s.helper = somebody(s.d, s.village, "helper", ROLE_HELPER);
	open_campaign(&s, scheme, 2026);
	return s;
}

static void all_today(struct scene *s, int32_t day)
{
	struct caller *all[] = {&s->officer, &s->township, &s->second, &s->clerk, &s->helper};
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		all[i]->today = day;
		all[i]->now_ms = (int64_t)day * 1000;
	}
}

#define OK(call) do { \
		struct err_info info_ = {0}; \
		struct err_info *info = &info_; \
		int r_ = (call); \
		if (r_ != 0) \
			fail_msg("%s: %d %s", #call, r_, info_.text); \
	} while (0)

/* Refused, and the words say why. */
#define REFUSED(call, code, words) do { \
		struct err_info info_ = {0}; \
		struct err_info *info = &info_; \
		int r_ = (call); \
		if (r_ != (code) || !strstr(info_.text, words)) \
			fail_msg("%s: %d “%s”, not “%s”", #call, r_, info_.text, words); \
	} while (0)

static void list_village(struct scene *s)
{
	struct ledger_listing in = {.campaign = s->campaign, .org = s->village,
				    .criteria = "vacancy,idle", .seen = "书记空缺七个月，今年只开会两次",
				    .day = s->township.today};
	OK(ledger_list(&s->d->app, &s->township, &in, &s->case_id, info));
}

#define MOVE(who, act, ...) ledger_move(&s->d->app, &s->who, s->case_id, act, \
		&(struct ledger_step){__VA_ARGS__}, info)

static void pick(struct scene *s)
{
	list_village(s);
	REFUSED(MOVE(township, CASE_ASSESS), ERR_STATE, "看到了什么");
	OK(MOVE(township, CASE_ASSESS, .text = "班子缺两人", .aggravating = "disorder"));
	REFUSED(MOVE(township, CASE_REVIEW), ERR_STATE, "换一个人");
	REFUSED(MOVE(clerk, CASE_REVIEW), ERR_DENIED, "权限");
	OK(MOVE(second, CASE_REVIEW));
	REFUSED(MOVE(township, CASE_APPROVE, .text = "列入"), ERR_STATE, "会议日期");
	OK(MOVE(township, CASE_APPROVE, .text = "同意列入", .day = 20260310, .number = "龙党纪〔2026〕3 号"));
}

static int64_t add_problem(struct scene *s, const char *title, int32_t deadline)
{
	int64_t id = 0;
	struct case_problem p = {.case_id = s->case_id, .title = title, .ref = "vacancy", .cause = "原书记辞职",
				 .measure = "镇里下派书记", .goal = "四月底前到岗", .deadline = deadline,
				 .owner = "陈立新", .post = "组织委员", .phone = "13900000146"};
	OK(ledger_put_problem(&s->d->app, &s->township, &p, &id, info));
	return id;
}

static void help(struct scene *s, enum helper_kind kind, const char *name)
{
	struct case_helper h = {.kind = kind, .name = name, .post = "", .phone = "", .support_kind = -1,
				.why = ""};
	OK(ledger_put_helper(&s->d->app, &s->township, s->case_id, &h, info));
}

static void plan(struct scene *s, int64_t problem[2])
{
	REFUSED(MOVE(township, CASE_PLAN), ERR_STATE, "问题清单是空的");
	problem[0] = add_problem(s, "书记空缺", 20260420);
	problem[1] = add_problem(s, "活动开不起来", 20260425);
	REFUSED(MOVE(township, CASE_PLAN, .shows = "没人管事"), ERR_STATE, "联系领导");
	help(s, HELPER_LEADER, "吴建华");
	help(s, HELPER_UNIT, "县司法局");
	help(s, HELPER_TEAM, "林峰");
	OK(MOVE(township, CASE_PLAN, .shows = "没人管事"));
	REFUSED(MOVE(township, CASE_START), ERR_DENIED, "权限");
	REFUSED(MOVE(officer, CASE_RETURN_PLAN), ERR_INPUT, "理由");
	OK(MOVE(officer, CASE_RETURN_PLAN, .text = "措施太空"));
	OK(MOVE(township, CASE_PLAN));
	OK(MOVE(officer, CASE_START));
}

static void attach(struct scene *s, enum attachment_kind kind, int64_t object, const char *what)
{
	int64_t id;
	struct attachment_new in = {.org = s->village, .kind = kind, .object = object,
				    .name = STR("a.pdf"), .what = what, .day = s->clerk.today,
				    .data = STR("%PDF-1.7 x")};
	OK(attachments_add(&s->d->app, &s->clerk, &in, &id, info));
}

static void work_on(struct scene *s, int64_t problem)
{
	struct case_progress half = {.percent = 50, .text = "谈话两次"}, done = {.percent = 100, .text = "配齐"};
	OK(ledger_progress(&s->d->app, &s->clerk, problem, &half, "", info));
	REFUSED(ledger_progress(&s->d->app, &s->clerk, problem, &done, "", info), ERR_INPUT, "结果");
	OK(ledger_progress(&s->d->app, &s->clerk, problem, &done, "五名委员全部到岗", info));
}

static void report(struct scene *s, const int64_t problem[2])
{
	work_on(s, problem[0]);
	REFUSED(MOVE(clerk, CASE_REPORT), ERR_STATE, "佐证");
	attach(s, ATTACHED_PROBLEM, problem[0], "任职文件");
	REFUSED(MOVE(clerk, CASE_REPORT), ERR_STATE, "自查报告没有交");
	attach(s, ATTACHED_CASE, s->case_id, "自查报告");
	attach(s, ATTACHED_CASE, s->case_id, "自查报告盖章扫描件");
	OK(MOVE(clerk, CASE_REPORT));
}

static struct case_sheet sheet_of(int64_t points, const char *acceptors, int dissatisfied)
{
	return (struct case_sheet){.items = "班子\t1000000\t800000\n", .score_e4 = points * 10000,
				   .acceptors = acceptors, .on_spot = true, .heard = 40, .satisfied = 5,
				   .dissatisfied = dissatisfied, .how = "当场清点", .veto = "", .opinion = ""};
}

static void accept(struct scene *s, const int64_t problem[2])
{
	struct case_sheet bad = sheet_of(69, "周敏", 21), good = sheet_of(80, "周敏、李强", 20);
	struct ledger_file file;
	AUTO(arena) struct arena arena = {0};
	REFUSED(MOVE(officer, CASE_ACCEPT), ERR_STATE, "评分表");
	OK(ledger_put_sheet(&s->d->app, &s->officer, s->case_id, &bad, info));
	REFUSED(MOVE(officer, CASE_ACCEPT), ERR_STATE, "不满意 21 人");
	REFUSED(MOVE(officer, CASE_REJECT, .text = "群众不满意"), ERR_INPUT, "新的期限");
	OK(MOVE(officer, CASE_REJECT, .text = "群众不满意", .deadline = 20260630));
	OK(MOVE(officer, CASE_START));
	OK(ledger_get(&s->d->app, &s->officer, s->case_id, &arena, &file, info));
	assert_int_equal(file.c.attempt, 2);
	assert_int_equal(file.sheets[0].outcome, SHEET_FAILED);
	work_on(s, problem[1]);
	attach(s, ATTACHED_PROBLEM, problem[1], "签到表");
	OK(MOVE(clerk, CASE_REPORT));
	OK(ledger_put_sheet(&s->d->app, &s->officer, s->case_id, &good, info));
	REFUSED(MOVE(officer, CASE_ACCEPT), ERR_STATE, "没有核实");
	OK(ledger_verify(&s->d->app, &s->officer, problem[0], PROBLEM_VERIFIED, "", info));
	OK(ledger_verify(&s->d->app, &s->officer, problem[1], PROBLEM_WAIVED, "改由镇里办", info));
	REFUSED(MOVE(officer, CASE_ACCEPT), ERR_STATE, "2026-04-30 起统一验收");
	all_today(s, 20260502);
	OK(MOVE(officer, CASE_ACCEPT));
}

static void a_village_from_candidate_to_relapse(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	AUTO(arena) struct arena arena = {0};
	struct ledger_file file;
	int64_t problem[2];
	all_today(s, 20260311);
	pick(s);
	plan(s, problem);
	all_today(s, 20260410);
	report(s, problem);
	accept(s, problem);
	REFUSED(MOVE(township, CASE_WRITE_OFF), ERR_DENIED, "权限");
	OK(MOVE(officer, CASE_WRITE_OFF));
	OK(ledger_get(&s->d->app, &s->clerk, s->case_id, &arena, &file, info));
	assert_int_equal(file.c.number, 1);
	assert_int_equal(file.c.number_year, 2026);
	assert_int_equal(file.n_lookbacks, 3);
	assert_int_equal(file.lookbacks[2].due_day, 20270502);
	assert_true(file.c.priority);
	/* Not by evidence from before the write-off. */
	REFUSED(MOVE(township, CASE_RELAPSE, .text = "又散了"), ERR_STATE, "晚于销号日期");
	struct ledger_listing again = {.campaign = s->campaign, .org = s->village, .criteria = "divided",
				       .seen = "两委不和", .day = 20260501};
	REFUSED(ledger_list(&s->d->app, &s->township, &again, &s->case_id, info), ERR_INPUT, "晚于销号日期");
	all_today(s, 20260802);
	OK(ledger_look_back(&s->d->app, &s->officer, s->case_id, 1, 0, false, "书记又走了", info));
	REFUSED(MOVE(officer, CASE_SETTLE), ERR_STATE, "不合格");
	OK(MOVE(township, CASE_RELAPSE, .text = "书记又走了"));
	OK(ledger_get(&s->d->app, &s->clerk, s->case_id, &arena, &file, info));
	assert_int_equal(file.c.state, CASE_RELAPSED);
	assert_int_equal(file.c.round, 2);
	assert_int_equal(file.n_problems, 2);
	/* Nothing was lost: every step is an event. */
	int moves = 0;
	for (int i = 0; i < file.n_events; i++)
		moves += file.events[i].act < CASE_ACT_COUNT;
	assert_int_equal(moves, 14);
	assert_int_equal(file.events[file.n_events - 1].round, 2);
	assert_int_equal(file.n_next, 1);
	assert_int_equal(file.next[0].act, CASE_PLAN);
	/* The new round needs a list of its own. */
	REFUSED(MOVE(township, CASE_PLAN, .shows = "又散了"), ERR_STATE, "问题清单是空的");
}

/* ---- residents' opinion by a box ---- */

static const struct ballot_cost cheap = {1, 8};
static const struct ballot_counter_in box_counters[] = {
	{"田国富", "月亮在白莲花般的云朵里穿行"}, {"彭秀英", "二十年陈的米酒要慢慢喝"},
};
static const struct ballot_pair box_pair = {0, 1, "月亮在白莲花般的云朵里穿行", "二十年陈的米酒要慢慢喝"};

/* A box for the case in which `n` people vote: the first `against` 不满意, the
 * others in turns 满意 and 基本满意. */
static int64_t hear(struct scene *s, int n, int against)
{
	struct app *app = &s->d->app;
	struct ballot_mismatch *rows;
	AUTO(arena) struct arena arena = {0};
	char (*codes)[BALLOT_CODE_LEN + 1];
	int64_t box = 0, done;
	int n_codes, n_rows;

	OK(ballot_case_create(app, &s->township, s->case_id, (int64_t[]){0, n}, s->township.now_ms - 1,
			      s->township.now_ms + 5000, &box, info));
	REFUSED(ballot_case_create(app, &s->township, s->case_id, (int64_t[]){0, n}, s->township.now_ms - 1,
				   s->township.now_ms + 5000, &done, info), ERR_STATE, "已经有票箱了");
	OK(ballot_set_counters(app, &s->township, box, box_counters, 2, &cheap, info));
	OK(ballot_test(app, &s->township, box, &box_pair, (unsigned char[]){1}, info));
	OK(ballot_print(app, &s->township, box, VOTERS_RESIDENT, n, &arena, &codes, &n_codes, info));
	OK(ballot_set_present(app, &s->township, box, VOTERS_RESIDENT, n, info));
	OK(ballot_act_on(app, &s->township, box, BALLOT_ACTIVATE_REST, VOTERS_RESIDENT, STR(""), &done, info));
	OK(ballot_start(app, &s->township, box, info));
	for (int i = 0; i < n; i++) {
		enum ballot_refusal refusal;
		const unsigned char answer = i < against ? 2 : (unsigned char)(i % 2);
		OK(ballot_cast_vote(app, str_from(codes[i]), STR("nonce-0123456789"), 0, &answer, 1,
				    s->township.now_ms, &refusal, info));
		assert_int_equal(refusal, BALLOT_FINE);
	}
	OK(ballot_close(app, &s->township, box, info));
	OK(ballot_open(app, &s->township, box, &box_pair, &arena, &rows, &n_rows, info));
	return box;
}

static void the_counts_of_a_box_become_the_opinion_on_a_case(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	struct app *app = &s->d->app;
	struct ballot_opinion opinion;
	struct ledger_file file;
	AUTO(arena) struct arena arena = {0};
	int64_t problem[2], box;

	all_today(s, 20260311);
	pick(s);
	plan(s, problem);
	all_today(s, 20260410);
	REFUSED(ballot_case_create(app, &s->township, s->case_id, (int64_t[]){0, 8}, s->township.now_ms, s->township.now_ms + 5000, &box, info),
		ERR_STATE, "自查上报以后");
	report(s, problem);
	REFUSED(ballot_case_create(app, &s->clerk, s->case_id, (int64_t[]){0, 8}, s->township.now_ms, s->township.now_ms + 5000, &box, info),
		ERR_DENIED, "权限");
	OK(ballot_case_opinion(app, &s->officer, s->case_id, &arena, &opinion, info));
	assert_int_equal(opinion.box, 0);

	/* Typed before: the box's counts go over it when it is opened. */
	struct case_sheet sheet = sheet_of(80, "周敏、李强", 0);
	OK(ledger_put_sheet(app, &s->officer, s->case_id, &sheet, info));
	box = hear(s, 9, 5);
	OK(ballot_case_opinion(app, &s->officer, s->case_id, &arena, &opinion, info));
	assert_true(opinion.box == box && opinion.state == BOX_COUNTED && !opinion.silent);
	assert_true(opinion.heard == 9 && opinion.satisfied == 4 && opinion.dissatisfied == 5);
	OK(ledger_get(app, &s->officer, s->case_id, &arena, &file, info));
	assert_true(file.n_sheets == 1 && file.sheets[0].heard == 9 && file.sheets[0].dissatisfied == 5);
	assert_non_null(strstr(file.sheets[0].how, "田国富"));
	assert_non_null(strstr(file.events[file.n_events - 1].text, "不满意 5 票"));
	REFUSED(MOVE(officer, CASE_ACCEPT), ERR_STATE, "不满意 5 人");
	/* Nor does typing change them. */
	sheet.dissatisfied = 0;
	OK(ledger_put_sheet(app, &s->officer, s->case_id, &sheet, info));
	REFUSED(MOVE(officer, CASE_ACCEPT), ERR_STATE, "不满意 5 人");

	/* The next attempt hears again; of four ballots nothing is told. */
	OK(MOVE(officer, CASE_REJECT, .text = "群众不满意", .deadline = 20260630));
	OK(MOVE(officer, CASE_START));
	OK(MOVE(clerk, CASE_REPORT));
	OK(ballot_case_opinion(app, &s->officer, s->case_id, &arena, &opinion, info));
	assert_int_equal(opinion.box, 0);
	hear(s, 4, 4);
	OK(ballot_case_opinion(app, &s->officer, s->case_id, &arena, &opinion, info));
	assert_true(opinion.silent && opinion.heard == -1 && opinion.dissatisfied == -1);
	sheet = sheet_of(80, "周敏、李强", 3);
	OK(ledger_put_sheet(app, &s->officer, s->case_id, &sheet, info));
	OK(ledger_get(app, &s->officer, s->case_id, &arena, &file, info));
	assert_int_equal(file.sheets[1].dissatisfied, 3);
}

static void reasons_are_told_once_and_must_hold(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	AUTO(arena) struct arena arena = {0};
	struct ledger_candidates list;
	all_today(s, 20260311);
	list_village(s);
	OK(ledger_candidates(&s->d->app, &s->township, s->campaign, s->d->township, &arena, &list, info));
	assert_int_equal(list.n, 1);
	assert_int_equal(list.at[0].n_reasons, 2);
	assert_string_equal(list.at[0].reasons[1].ref, "idle");
	assert_int_equal(list.n_left_out, 0);
	/* The same again brings nothing new; a further criterion does. */
	struct ledger_listing in = {.campaign = s->campaign, .org = s->village, .criteria = "idle",
				    .seen = "没有活动", .day = 20260311};
	REFUSED(ledger_list(&s->d->app, &s->township, &in, &s->case_id, info), ERR_CONFLICT, "没有新的依据");
	in.criteria = "overdue";
	OK(ledger_list(&s->d->app, &s->township, &in, &s->case_id, info));
	in.criteria = "nonsense";
	REFUSED(ledger_list(&s->d->app, &s->township, &in, &s->case_id, info), ERR_INPUT, "没有这条标准");
	in.criteria = "";
	in.org = s->other;
	REFUSED(ledger_list(&s->d->app, &s->township, &in, &s->case_id, info), ERR_INPUT, "没有一条");
	REFUSED(ledger_list(&s->d->app, &s->clerk, &in, &s->case_id, info), ERR_DENIED, "权限");
	in.nominate = true;
	REFUSED(ledger_list(&s->d->app, &s->township, &in, &s->case_id, info), ERR_INPUT, "没有提名");
}

static void a_university_names_one_each(void **state)
{
	struct scene scene = set_scene(state, "hnust-2019"), *s = &scene;
	AUTO(arena) struct arena arena = {0};
	struct ledger_candidates list;
	struct org org = org_blank();
	int64_t branch = 0;
	org.parent = s->d->other_township;
	org.code = "08-1";
	org.name = "教师第一党支部";
	org.level = LEVEL_UNIT;
	org.field = FIELD_UNIVERSITY;
	OK(roster_add(&s->d->app, &s->d->machine, &org, &desk_today, &branch, info));
	open_campaign(s, "hnust-2019", 2027);
	OK(ledger_candidates(&s->d->app, &s->officer, s->campaign, s->d->county, &arena, &list, info));
	assert_int_equal(list.n, 0);
	bool told = false;
	for (int i = 0; i < list.n_floors; i++)
		told = told || strcmp(list.floors[i].name, "柳河镇") == 0;
	assert_true(told);
	struct ledger_listing in = {.campaign = s->campaign, .org = branch, .nominate = true,
				    .seen = "双带头人没有配", .day = 20260320};
	OK(ledger_list(&s->d->app, &s->officer, &in, &s->case_id, info));
	OK(ledger_candidates(&s->d->app, &s->officer, s->campaign, s->d->county, &arena, &list, info));
	assert_int_equal(list.n, 1);
	for (int i = 0; i < list.n_floors; i++)
		assert_string_not_equal(list.floors[i].name, "柳河镇");
}

static void support_leaves_early_only_with_a_reason_and_rings(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	AUTO(arena) struct arena arena = {0};
	struct ledger_file file;
	int64_t problem[2];
	all_today(s, 20260311);
	pick(s);
	plan(s, problem);
	struct case_helper gone = {.seq = 2, .kind = HELPER_UNIT, .name = "县司法局", .post = "", .phone = "",
				   .support_kind = -1, .from_day = 20260311, .to_day = 20260311, .why = ""};
	REFUSED(ledger_put_helper(&s->d->app, &s->township, s->case_id, &gone, info), ERR_INPUT, "撤出理由");
	gone.why = "人手不够";
	OK(ledger_put_helper(&s->d->app, &s->township, s->case_id, &gone, info));
	OK(ledger_get(&s->d->app, &s->officer, s->case_id, &arena, &file, info));
	assert_int_equal(file.alarms, ALARM_WITHDRAWN);
	struct case_secretary secretary = {.was = SECRETARY_VACANT, .since_day = 20250801, .old_name = "",
					   .new_name = "黄小军", .source = "上级选派", .new_day = 20260311,
					   .training_days = 2, .note = ""};
	OK(ledger_put_secretary(&s->d->app, &s->township, s->case_id, &secretary, info));
	OK(ledger_get(&s->d->app, &s->officer, s->case_id, &arena, &file, info));
	assert_int_equal(file.alarms, ALARM_WITHDRAWN | ALARM_UNTRAINED);
	struct case_visit visit = {.name = "", .text = "听账目清理情况", .day = 20260311};
	OK(ledger_add_visit(&s->d->app, &s->helper, s->case_id, &visit, info));
	REFUSED(ledger_add_visit(&s->d->app, &s->clerk, s->case_id, &visit, info), ERR_DENIED, "权限");
}

static int put_years_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct past_result *past = arg;
	(void)info;
	int r = 0;
	for (int i = 0; r == 0 && past[i].year; i++)
		r = store_past_put(tx, &past[i]);
	return r;
}

static uint32_t board_alarms(struct scene *s)
{
	AUTO(arena) struct arena arena = {0};
	struct ledger_board board;
	OK(ledger_board(&s->d->app, &s->officer, s->d->county, &arena, &board, info));
	assert_int_equal(board.n_cases, 1);
	return board.alarms[0];
}

static void three_years_lowest_in_a_row_ring(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	struct err_info info = {0};
	struct past_result past[4] = {{0}};
	all_today(s, 20260311);
	list_village(s);
	for (int i = 0; i < 3; i++)
		past[i] = (struct past_result){.org = s->village, .year = 2023 + i, .scheme_title = "", .score = "",
					       .grade = "较差", .place = 3, .places = 4, .stars = -1, .ledger = "",
					       .note = "", .examination = ""};
	past[1].place = 2;	/* better in between */
	assert_int_equal(db_write(s->d->app.db, id_region(s->village), put_years_fn, past, &info), 0);
	assert_int_equal(board_alarms(s), 0);
	past[1].place = 3;
	assert_int_equal(db_write(s->d->app.db, id_region(s->village), put_years_fn, past, &info), 0);
	assert_int_equal(board_alarms(s), ALARM_STUCK);
	/* Three bad years long ago are over. */
	all_today(s, 20280311);
	assert_int_equal(board_alarms(s), 0);
}

static void deadlines_move_only_with_a_reason_once_work_began(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	AUTO(arena) struct arena arena = {0};
	struct ledger_task *tasks;
	int64_t problem[2];
	int n;
	unsigned char hash[32] = {7};
	all_today(s, 20260311);
	pick(s);
	plan(s, problem);
	struct case_problem p = {.id = problem[0], .case_id = s->case_id, .title = "书记空缺", .ref = "",
				 .cause = "x", .measure = "x", .goal = "x", .deadline = 20260501,
				 .owner = "x", .post = "", .phone = ""};
	REFUSED(ledger_put_problem(&s->d->app, &s->township, &p, NULL, info), ERR_STATE, "申请延期");
	REFUSED(ledger_extend(&s->d->app, &s->township, problem[0], 20260501, "", info), ERR_INPUT, "理由");
	REFUSED(ledger_extend(&s->d->app, &s->township, problem[0], 20260401, "早了", info), ERR_INPUT, "晚于");
	OK(ledger_extend(&s->d->app, &s->township, problem[0], 20260501, "候选人在外地", info));
	all_today(s, 20260426);
	REFUSED(MOVE(clerk, CASE_REPORT), ERR_STATE, "逾期");
	OK(ledger_tasks(&s->d->app, &s->township, &arena, &tasks, &n, info));
	assert_int_equal(n, 2);
	assert_int_equal(tasks[0].light, LIGHT_RED);
	assert_int_equal(tasks[1].light, LIGHT_AMBER);
	OK(ledger_calendar_set(&s->d->app, &s->township, hash, info));
	struct caller nobody = s->township;
	nobody.account = 0;
	OK(ledger_calendar(&s->d->app, &nobody, hash, &arena, &tasks, &n, info));
	assert_int_equal(n, 2);
	hash[0] = 8;
	REFUSED(ledger_calendar(&s->d->app, &nobody, hash, &arena, &tasks, &n, info), ERR_NOT_FOUND, "日历");
	struct ledger_bulletin b;
	OK(ledger_bulletin(&s->d->app, &s->officer, s->d->county, 20260101, 20261231, &arena, &b, info));
	assert_int_equal(b.board.n_cases, 1);
	REFUSED(ledger_board(&s->d->app, &s->township, s->d->other_township, &arena, &b.board, info),
		ERR_DENIED, "权限");
}

static void a_draw_can_be_repeated_and_findings_sent_twice_are_one(void **state)
{
	struct scene scene = set_scene(state, "loudi-2014"), *s = &scene;
	AUTO(arena) struct arena arena = {0};
	struct draws list;
	int64_t draw, check, again;
	OK(draw_make(&s->d->app, &s->officer, s->d->county, LEVEL_TOWNSHIP, 1, false, &draw, info));
	REFUSED(draw_make(&s->d->app, &s->township, s->d->township, LEVEL_TOWNSHIP, 1, false, &draw, info),
		ERR_DENIED, "权限");
	/* Before the visits whoever might be visited sees neither seed nor list. */
	OK(draw_list(&s->d->app, &s->officer, s->d->county, &arena, &list, info));
	assert_true(list.secret[0]);
	assert_int_equal(list.at[0].seed[0] | list.at[0].seed[1] | list.at[0].seed[31], 0);
	OK(draw_reveal(&s->d->app, &s->officer, draw, info));
	REFUSED(draw_reveal(&s->d->app, &s->officer, draw, info), ERR_CONFLICT, "公开过");
	OK(draw_list(&s->d->app, &s->officer, s->d->county, &arena, &list, info));
	char seed[DRAW_HEX_LEN + 1], fingerprint[DRAW_HEX_LEN + 1];
	for (int i = 0; i < 32; i++) {
		snprintf(seed + 2 * i, 3, "%02x", list.at[0].seed[i]);
		snprintf(fingerprint + 2 * i, 3, "%02x", list.at[0].fingerprint[i]);
	}
	const struct spot_draw *d = &list.at[0];
	OK(draw_verify(seed, fingerprint, d->population, 1, d->drawn, info));
	REFUSED(draw_verify(seed, fingerprint, d->population, 2, d->drawn, info), ERR_STATE, "名单与种子不符");
	seed[0] = seed[0] == '0' ? '1' : '0';
	REFUSED(draw_verify(seed, fingerprint, d->population, 1, d->drawn, info), ERR_STATE, "指纹不符");
	struct spot_check found = {.org = s->village, .finding = "门锁着", .position = "", .sent = "1-2"};
	OK(check_add(&s->d->app, &s->officer, &found, &check, info));
	OK(check_add(&s->d->app, &s->officer, &found, &again, info));
	assert_int_equal(check, again);
	OK(check_close(&s->d->app, &s->officer, check, "已开门", info));
	REFUSED(check_close(&s->d->app, &s->officer, check, "已开门", info), ERR_CONFLICT, "已经销过");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_village_from_candidate_to_relapse),
		ON_DESK(the_counts_of_a_box_become_the_opinion_on_a_case),
		ON_DESK(reasons_are_told_once_and_must_hold),
		ON_DESK(a_university_names_one_each),
		ON_DESK(support_leaves_early_only_with_a_reason_and_rings),
		ON_DESK(three_years_lowest_in_a_row_ring),
		ON_DESK(deadlines_move_only_with_a_reason_once_work_began),
		ON_DESK(a_draw_can_be_repeated_and_findings_sent_twice_are_one),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
