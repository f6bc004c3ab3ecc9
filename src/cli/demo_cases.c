/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_cases.h"

#include <stdio.h>
#include <string.h>

#include "app/attachments.h"
#include "app/campaigns.h"
#include "app/ledger.h"
#include "app/roster.h"
#include "cli/demo_photo.h"
#include "cli/demo_rules.h"
#include "domain/day_math.h"

/* How far a case is taken. */
enum goal {
	TO_CANDIDATE, TO_ASSESSED, TO_REVIEWED, TO_APPROVED, TO_PLANNED, TO_HALF, TO_LATE, TO_SOON,
	TO_STUCK, TO_ABANDONED, TO_REPORTED, TO_QUICK, TO_ACCEPTED, TO_WRITTEN_OFF, TO_RELAPSED, TO_DROPPED, TO_SETTLED,
};

/* One after the other along the list of candidates. */
static const enum goal goals[] = {
	TO_HALF, TO_LATE, TO_RELAPSED, TO_SOON, TO_WRITTEN_OFF, TO_HALF, TO_REPORTED, TO_PLANNED,
	TO_SETTLED, TO_HALF, TO_APPROVED, TO_ACCEPTED, TO_LATE, TO_WRITTEN_OFF, TO_CANDIDATE, TO_HALF,
	TO_ASSESSED, TO_SOON, TO_DROPPED, TO_REVIEWED, TO_HALF, TO_WRITTEN_OFF, TO_REPORTED, TO_PLANNED,
};

/* What rings (CT-5, CT-9): one each, out of the order. */
static const struct {
	int index;
	enum goal goal;
} alarms[] = {{5, TO_STUCK}, {9, TO_ABANDONED}, {11, TO_QUICK}};

static const struct {
	const char *title, *cause, *measure, *goal, *owner, *post;
} problems[] = {
	{"书记空缺，委员缺 2 名", "原书记因病辞职，35 岁以下党员少", "镇里下派书记；补选支部委员 2 名",
	 "四个月内配齐 5 名委员", "何平", "镇党建办主任"},
	{"主题党日开不起来", "在外党员多，没有固定日子", "每月 5 日固定开，在外党员连线", "连续开满 6 次，到会不少于八成",
	 "罗群", "第一书记"},
	{"村务财务不公开，旧账不清", "会计兼出纳，一年没有结账", "账目交镇里代管，按季公开", "旧账清完，公开 3 期",
	 "赵德明", "镇农经站站长"},
	{"集体经济薄弱", "茶园荒了四年，没有其他收入", "茶园出租，办烘干点", "年收入不少于 5 万元", "林峰", "驻村工作队队长"},
	{"服务窗口没有人", "没有排班，群众办事找不到人", "干部轮流坐班，公布电话", "工作日有人在岗", "宋玉兰", "支部委员"},
};

static const char *const findings[] = {
	"书记空缺七个月，今年主题党日只开了三次", "两委各说各话，一年没有开成一次支部大会",
	"账目不公开，群众反映集中", "党员活动室常年锁着，群众办事找不到人", "发展党员三年没有一名",
};

struct cases {
	struct app *app;
	struct caller officer, other;
	int32_t today;
	int64_t now_ms;
	int64_t case_id, org;
	int index;
	const struct demo_leader *leader;	/* who is linked to it */
	int shift;			/* everything was so many days earlier */
	enum goal goal;
	struct err_info *info;
};

/* Everybody lives `days` ago. */
static void go_back(struct cases *d, int days)
{
	days += d->shift;
	d->officer.today = d->other.today = day_plus(d->today, -days);
	d->officer.now_ms = d->other.now_ms = d->now_ms - (int64_t)days * 86400000;
}

static int move(struct cases *d, const struct caller *who, enum case_act act, struct ledger_step step)
{
	return ledger_move(d->app, who, d->case_id, act, &step, d->info);
}

static int add_problems(struct cases *d, int n, int32_t deadline, int64_t ids[3])
{
	int r = 0;
	for (int i = 0; r == 0 && i < n; i++) {
		size_t k = (size_t)(d->index + i * 2) % ARRAY_LEN(problems);
		struct case_problem p = {
			.case_id = d->case_id, .title = problems[k].title, .ref = "", .cause = problems[k].cause,
			.measure = problems[k].measure, .goal = problems[k].goal,
			.deadline = day_plus(deadline, i * 16), .owner = problems[k].owner,
			.post = problems[k].post, .phone = "0000-0146",
		};
		r = ledger_put_problem(d->app, &d->officer, &p, &ids[i], d->info);
	}
	return r;
}

/* Every fourth is helped by the unit that leaves early (withdraw). */
static const struct helping_unit {
	const char *name, *contact, *did;
	enum support_kind kind;
} units[] = {
	{"县民政局", "联系人 钟晓梅", "帮着清理低保名单", SUPPORT_WEAK},
	{"县司法局", "联系人 宋玉兰", "帮两户写调解协议", SUPPORT_DISORDERLY},
	{"县财政局", "联系人 廖志强", "帮着理旧账，看项目", SUPPORT_POOR},
	{"县农业农村局", "联系人 彭国栋", "请技术员看茶园", SUPPORT_INDUSTRY},
};

static const struct helping_unit *unit_of(const struct cases *d)
{
	return &units[(size_t)d->index % ARRAY_LEN(units)];
}

static const char *team_of(const struct cases *d)
{
	static const char *const teams[] = {"罗群", "戴永刚", "蒋明辉", "黎芳", "汪春生", "龙小平"};
	/* The account "bangfu" helps in 石桥镇, as the leader's "lingdao" does. */
	bool own = d->leader == demo_leader_of(0, "02-");
	return teams[own ? 0 : (size_t)d->index % ARRAY_LEN(teams)];
}

static int add_helpers(struct cases *d)
{
	const struct case_helper helpers[] = {
		{.kind = HELPER_LEADER, .name = d->leader->name, .post = d->leader->post, .every_days = 90},
		{.kind = HELPER_UNIT, .name = unit_of(d)->name, .post = unit_of(d)->contact, .every_days = 45,
		 .support_kind = unit_of(d)->kind},
		{.kind = HELPER_TEAM, .name = team_of(d), .post = "驻村工作队队长", .every_days = 30},
	};
	int r = 0;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(helpers); i++) {
		struct case_helper h = helpers[i];
		h.phone = "0000-0009";
		h.why = "";
		h.support_kind = h.kind == HELPER_UNIT ? h.support_kind : -1;
		r = ledger_put_helper(d->app, &d->officer, d->case_id, &h, d->info);
	}
	return r;
}

static int visit(struct cases *d, int helper, const char *name, const char *text)
{
	struct case_visit v = {.helper = helper, .name = name, .text = text};
	return ledger_add_visit(d->app, &d->officer, d->case_id, &v, d->info);
}

static int progress(struct cases *d, int64_t problem, int percent, const char *text)
{
	struct case_progress p = {.percent = percent, .text = text};
	return ledger_progress(d->app, &d->other, problem, &p, percent == 100 ? "按目标完成" : "", d->info);
}

/* Papers differ from case to case, but for one pair that the checks are to find. */
static int attach(struct cases *d, enum attachment_kind kind, int64_t object, const char *what)
{
	AUTO(buf) struct buf text = {0};
	int64_t id;
	buf_addf(&text, "%%PDF-1.4\n%% 演示材料，没有内容：%s，%lld\n%%%%EOF\n", what,
		 d->index == 30 ? 22LL : (long long)d->index);
	struct attachment_new in = {.org = d->org, .kind = kind, .object = object, .name = STR("材料.pdf"),
				    .what = what, .day = day_plus(d->officer.today, -2),
				    .data = {text.data, text.len}};
	return attachments_add(d->app, &d->officer, &in, &id, d->info);
}

static int attach_photo(struct cases *d, int64_t problem)
{
	AUTO(buf) struct buf photo = {0};
	int64_t id;
	int r = demo_photo((unsigned)d->index, &photo);
	const struct attachment_new in = {.org = d->org, .kind = ATTACHED_PROBLEM, .object = problem,
					  .name = STR("现场.png"), .what = "现场照片（演示，画出来的）",
					  .day = day_plus(d->officer.today, -1), .data = {photo.data, photo.len}};
	return r < 0 ? err_nomem(d->info) : attachments_add(d->app, &d->officer, &in, &id, d->info);
}

/* The new secretary, the election, the money of one case in three. */
static int add_particulars(struct cases *d)
{
	const struct case_secretary s = {
		.was = SECRETARY_VACANT, .since_day = day_plus(d->today, -520), .old_name = "",
		.new_name = d->index % 2 ? "黄小军" : "吴玉兰", .source = d->index % 2 ? "上级选派" : "外出务工人员",
		.new_day = day_plus(d->officer.today, -3), .training_days = d->index % 9 == 0 ? 2 : 5, .note = ""};
	const struct case_money m = {.year = d->officer.today / 10000, .kind = "support",
				     .cents = 3000000 + d->index * 50000, .note = "县财政，修活动室"};
	int r = ledger_put_secretary(d->app, &d->officer, d->case_id, &s, d->info);
	if (r == 0)
		r = ledger_set_election(d->app, &d->officer, d->case_id, ELECTION_PLANNED, day_plus(d->today, 45),
					"先整顿，再换届", d->info);
	return r < 0 ? r : ledger_put_money(d->app, &d->officer, d->case_id, &m, d->info);
}

/* Candidate to approved. */
static int pick(struct cases *d, enum goal goal)
{
	char number[40];
	int r;
	if (goal == TO_CANDIDATE)
		return 0;
	go_back(d, 322);
	if (goal == TO_DROPPED)
		return move(d, &d->officer, CASE_DROP, (struct ledger_step){.text = "核实后是计票录错，已经更正，不列入"});
	r = move(d, &d->other, CASE_ASSESS,
		 (struct ledger_step){.text = findings[(size_t)d->index % ARRAY_LEN(findings)],
				      .priority = d->index % 5 == 1});
	if (r < 0 || goal == TO_ASSESSED)
		return r;
	go_back(d, 318);
	r = move(d, &d->officer, CASE_REVIEW, (struct ledger_step){.text = "到现场看过，情况属实"});
	if (r < 0 || goal == TO_REVIEWED)
		return r;
	go_back(d, 310);
	snprintf(number, sizeof(number), "云常〔%d〕1 号", d->officer.today / 10000);
	return move(d, &d->officer, CASE_APPROVE,
		    (struct ledger_step){.text = "同意列入台账", .number = number, .day = d->officer.today,
					 .deadline = day_plus(d->officer.today, 349)});
}

static int plan(struct cases *d, enum goal goal, int64_t ids[3])
{
	static const int ends[] = {[TO_HALF] = 20, [TO_LATE] = -6, [TO_SOON] = 5, [TO_STUCK] = 12, [TO_ABANDONED] = 26};
	int32_t deadline = day_plus(d->today, goal >= TO_HALF && goal <= TO_ABANDONED ? ends[goal]
						      : goal == TO_PLANNED ? 60 : 30);
	int r;
	go_back(d, goal == TO_PLANNED ? 12 : 300);
	if ((r = add_problems(d, 3, deadline, ids)) < 0 || (r = add_helpers(d)) < 0 ||
	    (r = move(d, &d->officer, CASE_PLAN,
		      (struct ledger_step){.shows = findings[(size_t)d->index % ARRAY_LEN(findings)]})) < 0 ||
	    goal == TO_PLANNED)
		return r;
	if (d->index % 7 == 2 &&
	    ((r = move(d, &d->officer, CASE_RETURN_PLAN, (struct ledger_step){.text = "措施太空，没有写谁来办"})) < 0 ||
	     (r = move(d, &d->officer, CASE_PLAN, (struct ledger_step){0})) < 0))
		return r;
	go_back(d, goal == TO_QUICK ? 24 : 292);
	return move(d, &d->officer, CASE_START, (struct ledger_step){.text = "同意，抓紧整改"});
}

/* The support unit goes before the write-off, and another comes (CT-5). */
static int withdraw(struct cases *d)
{
	struct case_helper gone = {.seq = 2, .kind = HELPER_UNIT, .name = "县司法局", .post = "联系人 宋玉兰",
				   .phone = "0000-0009", .support_kind = SUPPORT_DISORDERLY, .every_days = 45,
				   .from_day = day_plus(d->today, -300), .to_day = d->officer.today,
				   .why = "联系人借调省里，司法局另有任务"};
	struct case_helper next = {.kind = HELPER_UNIT, .name = "县农业农村局", .post = "联系人 彭国栋", .why = "",
				   .phone = "0000-0019", .support_kind = SUPPORT_POOR, .every_days = 45};
	int r = ledger_put_helper(d->app, &d->officer, d->case_id, &gone, d->info);
	return r < 0 ? r : ledger_put_helper(d->app, &d->officer, d->case_id, &next, d->info);
}

static int work(struct cases *d, const int64_t ids[3], int finished)
{
	int r = 0;
	for (int i = 0; r == 0 && i < 3; i++) {
		go_back(d, d->goal == TO_QUICK ? 20 - i * 2 : 200 - i * 30);
		r = progress(d, ids[i], 40 + i * 10, "已动员，责任人到位");
	}
	for (int i = 0; r == 0 && i < 3; i++) {
		go_back(d, d->goal == TO_QUICK ? 12 - i * 2 : 60 - i * 8);
		if (r == 0 && i >= 3 - finished) {
			r = progress(d, ids[i], 100, "办结");
			if (r == 0)
				r = attach(d, ATTACHED_PROBLEM, ids[i], "会议记录");
			if (r == 0 && i == 2)
				r = attach_photo(d, ids[i]);
		} else if (r == 0) {
			r = progress(d, ids[i], 70 + i * 10, "还差最后一步");
		}
	}
	go_back(d, d->goal == TO_QUICK ? 15 : 25);
	if (r == 0)
		r = visit(d, 1, d->leader->name, "听整改情况，看账目");
	if (r == 0 && d->index % 8)
		r = visit(d, 2, unit_of(d)->name, unit_of(d)->did);
	if (r == 0)
		r = visit(d, 3, team_of(d), "驻村，帮开支部大会");
	if (r == 0 && d->goal == TO_ABANDONED)
		r = withdraw(d);
	return r < 0 || d->index % 3 ? r : add_particulars(d);
}

static int finish(struct cases *d, const int64_t ids[3], int days, enum goal goal)
{
	struct case_sheet sheet = {
		.items = "党组织班子配齐配强\t250000\t230000\n能组织党员正常活动\t250000\t210000\n能解决自身突出问题\t250000\t200000\n服务群众\t250000\t220000\n",
		.score_e4 = 860000, .acceptors = "郑华、宋波", .on_spot = true, .heard = 46, .satisfied = 39,
		.dissatisfied = 3, .how = "票箱，计票人 冯雪、何平", .veto = "", .opinion = "问题基本解决",
	};
	int r;
	go_back(d, days);
	if ((r = attach(d, ATTACHED_CASE, d->case_id, "自查报告")) < 0 ||
	    (r = attach(d, ATTACHED_CASE, d->case_id, "自查报告盖章扫描件")) < 0 ||
	    (r = move(d, &d->other, CASE_REPORT, (struct ledger_step){.text = "三个问题全部办结"})) < 0 ||
	    goal == TO_REPORTED)
		return r;
	for (int i = 0; r == 0 && i < 3; i++)
		r = ledger_verify(d->app, &d->officer, ids[i], PROBLEM_VERIFIED, "", d->info);
	if (r < 0 || (r = ledger_put_sheet(d->app, &d->officer, d->case_id, &sheet, d->info)) < 0 ||
	    (r = move(d, &d->officer, CASE_ACCEPT, (struct ledger_step){.text = "验收合格"})) < 0 ||
	    goal == TO_ACCEPTED || goal == TO_QUICK)
		return r;
	return move(d, &d->officer, CASE_WRITE_OFF, (struct ledger_step){0});
}

/* Far enough back that all look-backs lie in the past. */
static int look_back(struct cases *d, enum goal goal)
{
	AUTO(arena) struct arena arena = {0};
	struct ledger_file file;
	int r = ledger_get(d->app, &d->officer, d->case_id, &arena, &file, d->info);
	for (int i = 0; r == 0 && i < file.n_lookbacks; i++) {
		int32_t due = file.lookbacks[i].due_day;
		bool good = goal != TO_RELAPSED;
		if (due > d->today || (goal == TO_RELAPSED && i > 0))
			break;
		d->officer.today = due;
		r = ledger_look_back(d->app, &d->officer, d->case_id, file.lookbacks[i].seq, due, good,
				     good ? "活动正常，账目按季公开" : "书记又外出务工，活动停了", d->info);
	}
	if (r == 0 && goal == TO_RELAPSED)
		r = move(d, &d->officer, CASE_RELAPSE, (struct ledger_step){.text = "回访不合格，按原案重开"});
	if (r == 0 && goal == TO_SETTLED)
		r = move(d, &d->officer, CASE_SETTLE, (struct ledger_step){.text = "三次回访都合格"});
	return r;
}

static int bring(struct cases *d, enum goal goal)
{
	int64_t ids[3];
	bool ends = goal >= TO_REPORTED && goal != TO_DROPPED;
	int r = pick(d, goal);
	if (r < 0 || goal <= TO_APPROVED || goal == TO_DROPPED)
		return r;
	if ((r = plan(d, goal, ids)) < 0)
		return r;
	if (goal == TO_STUCK)
		d->shift = 0;	/* begun long ago, worked on to this day */
	if (goal == TO_PLANNED || (r = work(d, ids, ends ? 3 : 1)) < 0 || !ends)
		return r;
	if ((r = finish(d, ids, goal == TO_REPORTED ? 6 : goal == TO_ACCEPTED || goal == TO_QUICK ? 4 : 21, goal)) < 0 ||
	    goal < TO_WRITTEN_OFF)
		return r;
	return goal == TO_WRITTEN_OFF ? 0 : look_back(d, goal);
}

/* Last year's campaign: its year is over. */
static int find_campaign(struct cases *d, struct arena *arena, int64_t *ret_campaign)
{
	struct campaign *list;
	int n, r = campaigns_list(d->app, &d->officer, true, arena, &list, &n, d->info);
	for (int i = 0; r == 0 && i < n; i++)
		if (list[i].kind == CAMPAIGN_GRADING && list[i].year < d->today / 10000) {
			*ret_campaign = list[i].id;
			return 0;
		}
	return r < 0 ? r : err_set(d->info, ERR_STATE, "演示数据没有上年的年度工作");
}

static enum goal goal_of(int i)
{
	for (size_t k = 0; k < ARRAY_LEN(alarms); k++)
		if (alarms[k].index == i)
			return alarms[k].goal;
	return goals[(size_t)i % ARRAY_LEN(goals)];
}

static bool is_open_goal(enum goal goal)
{
	return goal >= TO_APPROVED && goal <= TO_ACCEPTED;
}

/* How to reach the secretary (F2): a made-up number. */
static int add_phone(struct cases *d, int64_t case_id, int i)
{
	const struct org_when when = {.reason = "登记书记电话"};
	AUTO(arena) struct arena arena = {0};
	struct ledger_file file;
	char phone[16];
	int r = ledger_get(d->app, &d->officer, case_id, &arena, &file, d->info);
	if (r < 0 || !*file.org.secretary_name)
		return r;
	snprintf(phone, sizeof(phone), "0000-%04d", 1100 + i);
	file.org.secretary_phone = phone;
	return roster_change(d->app, &d->officer, &file.org, &when, d->info);
}

/* Which of the six criteria hold (LD-1), and villages whose election waits (F3). */
static int add_criteria(struct cases *d, const struct ledger_candidate *at, int64_t campaign, int i)
{
	static const char *const criteria[] = {"vacancy,idle", "divided", "idle", "dissatisfied", "unfit",
					       "overdue,idle", "vacancy", "dissatisfied,idle"};
	struct ledger_listing in = {.campaign = campaign, .org = at->org.id,
				    .criteria = criteria[(size_t)i % ARRAY_LEN(criteria)],
				    .seen = findings[(size_t)i % ARRAY_LEN(findings)]};
	int64_t case_id;
	int r;
	if (!is_open_goal(goal_of(i)))
		return 0;
	if ((r = ledger_list(d->app, &d->officer, &in, &case_id, d->info)) < 0 ||
	    (r = add_phone(d, case_id, i)) < 0 || i % 3 != 0 || at->org.field != FIELD_VILLAGE)
		return r;
	return ledger_set_election(d->app, &d->officer, case_id, ELECTION_POSTPONED, day_plus(d->today, 60 + i),
				   "先整顿、再换届", d->info);
}

/* Those whom this year's grading brings become candidates; what is new of closed
 * cases, and the last one, wait for somebody to see them. */
static int list_new(struct cases *d, int64_t county, struct arena *arena)
{
	struct campaign *campaigns;
	struct ledger_candidates list = {0};
	int64_t campaign = 0, id;
	int n, left = 0;
	go_back(d, 2);
	int r = campaigns_list(d->app, &d->officer, false, arena, &campaigns, &n, d->info);
	for (int i = 0; r == 0 && i < n && !campaign; i++)
		if (campaigns[i].kind == CAMPAIGN_GRADING && campaigns[i].year == d->today / 10000)
			campaign = campaigns[i].id;
	if (r == 0 && campaign)
		r = ledger_candidates(d->app, &d->officer, campaign, county, arena, &list, d->info);
	for (int i = 0; i < list.n; i++)
		left += !list.at[i].ledger;
	for (int i = 0; r == 0 && i < list.n; i++) {
		const struct ledger_listing in = {.campaign = campaign, .org = list.at[i].org.id, .seen = ""};
		if (!list.at[i].ledger && left-- > 1)
			r = ledger_list(d->app, &d->officer, &in, &id, d->info);
	}
	return r;
}

/* Last year's rectification, by the document whose forms are F1 to F3; it is over
 * and out of the lists. */
static int rectify(struct cases *d, int64_t county, const struct ledger_candidates *list)
{
	const struct campaign_draft draft = {.node = county, .year = d->today / 10000 - 1,
					     .scheme = "loudi-2014"};
	int64_t campaign;
	go_back(d, 5);
	int r = campaigns_open(d->app, &d->officer, &draft, &campaign, d->info);
	for (int i = 0; r == 0 && i < list->n; i++)
		r = add_criteria(d, &list->at[i], campaign, i);
	if (r == 0)
		r = campaigns_close(d->app, &d->officer, campaign, "演示数据", d->info);
	return r < 0 ? r : campaigns_archive(d->app, &d->officer, campaign, d->info);
}

int demo_cases(struct app *app, const struct caller *officer, const struct caller *township,
	       int64_t county, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct cases d = {.app = app, .officer = *officer, .today = officer->today,
			  .now_ms = officer->now_ms, .info = info};
	const struct caller machine = {.machine = true, .origin = "演示", .now_ms = officer->now_ms,
				       .today = officer->today};
	struct ledger_candidates list;
	int64_t campaign = 0;
	int r = find_campaign(&d, &arena, &campaign);
	if (r == 0)
		r = ledger_candidates(app, officer, campaign, county, &arena, &list, info);
	for (int i = 0; r == 0 && i < list.n; i++) {
		enum goal goal = goal_of(i);
		d.org = list.at[i].org.id;
		d.index = i;
		/* So that look-backs lie in the past. */
		d.shift = goal == TO_RELAPSED ? 110 : goal == TO_SETTLED ? 380 : goal == TO_STUCK ? 830 : 0;
		d.goal = goal;
		d.other = strncmp(list.at[i].org.code, "02-", 3) == 0 ? *township : machine;
		d.leader = demo_leader_of(i, list.at[i].org.code);
		go_back(&d, 330);
		const struct ledger_listing in = {.campaign = campaign, .org = d.org, .seen = ""};
		r = ledger_list(app, &d.officer, &in, &d.case_id, info);
		if (r == 0)
			r = bring(&d, goal);
	}
	d.shift = 0;
	if (r == 0)
		r = rectify(&d, county, &list);
	return r < 0 ? r : list_new(&d, county, &arena);
}
