/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_campaign.h"

#include <stdio.h>
#include <string.h>

#include "app/campaign_grading.h"
#include "app/roster.h"
#include "app/schemes.h"
#include "base/buf.h"
#include "cli/demo_dice.h"
#include "cli/demo_people.h"
#include "cli/demo_selfs.h"
#include "domain/day_math.h"
#include "store/count.h"
#include "store/hold.h"
#include "store/id.h"
#include "store/improve.h"
#include "store/meeting.h"
#include "store/publicity.h"
#include "store/score.h"
#include "store/self_report.h"
#include "store/survey.h"

#define SENT_BACK "“工作制度”一项打了满分，但上半年缺两次支委会记录，请核对后再报"

/* How far a township is. */
enum stage {
	LATE,		/* the survey is not even done */
	SURVEYED,
	EVALUATED,	/* self-evaluations are in */
	VOTED,		/* ballots are counted */
	SCORED,		/* the committee has scored; the meeting is next */
	DECIDED,
	SHOWN,		/* the notice hangs */
	HANDED_IN,
	ACCEPTED,
};

/* By the first two digits of a code: 01–20 townships, 81–86 committees. */
static enum stage stage_of(const char *code)
{
	static const struct {
		char prefix[3];
		enum stage stage;
	} stages[] = {
		{"01", ACCEPTED}, {"02", SCORED}, {"03", SHOWN}, {"04", VOTED}, {"05", ACCEPTED},
		{"06", EVALUATED}, {"07", HANDED_IN}, {"08", DECIDED}, {"09", LATE}, {"10", VOTED},
		{"11", SURVEYED}, {"12", EVALUATED}, {"13", SHOWN}, {"14", SCORED}, {"15", DECIDED},
		{"16", HANDED_IN}, {"17", EVALUATED}, {"18", VOTED}, {"19", SURVEYED}, {"20", SHOWN},
		{"81", ACCEPTED}, {"82", DECIDED}, {"83", SCORED}, {"84", VOTED}, {"85", SURVEYED},
		{"86", EVALUATED},
	};
	char committee[8];
	demo_committee(code, committee);
	for (size_t i = 0; i < ARRAY_LEN(stages); i++)
		if (strcmp(stages[i].prefix, committee) == 0)
			return stages[i].stage;
	return SURVEYED;
}

/* A campaign while it is filled. */
struct year {
	struct app *app;
	struct demo_people *people;
	struct caller caller;		/* the officer, at the day that is being filled */
	int64_t county, campaign;
	const struct scheme *scheme;
	bool past;			/* everything is done */
	int number;			/* 2026 */
	int64_t now_ms;
	int32_t day;			/* around which the steps lie: today, or a year ago */
	const struct campaign_org *end;	/* behind the last one of each_org */
	struct arena arena;
};

static uint32_t dice(const struct year *y, const char *code, uint32_t what, uint32_t below)
{
	return demo_dice(y->number, code, what, below);
}

/* How good an organisation is, of 100: most are middling, some are weak; much
 * of it stays from year to year. */
static int quality(const struct year *y, const char *code)
{
	const struct year always = {0};
	int base = (int)(dice(&always, code, 1, 40) + dice(&always, code, 2, 36));
	int now = (int)dice(y, code, 3, 24);
	int sum = base + now;
	return dice(&always, code, 4, 14) == 0 ? sum / 3 - 66 : sum;
}

/* Days before which a step was worked on; who is further has begun earlier. */
enum { DAY_MS = 86400000 };
enum { OPENED = 42, SURVEYING = 38, RATING_SELF = 28, VOTING = 16, SCORING = 6, MEETING = 5, NOTICE = 4 };

/* Some days before (after: negative) the day around which the steps lie, in working hours. */
static void go_to(struct year *y, const char *code, int days)
{
	int64_t minute = 8 * 60 + 30 + dice(y, code, 200 + (uint32_t)(days & 63), 9 * 60);
	y->caller.today = day_plus(y->day, -days);
	y->caller.now_ms = day_begins_ms(y->caller.today) + minute * 60000;
	if (y->caller.now_ms > y->now_ms)
		y->caller.now_ms = y->now_ms;
}

/* Not all on the same day. */
static void go_about(struct year *y, const char *code, int days)
{
	go_to(y, code, days - (int)dice(y, code, 190 + (uint32_t)days, 6));
}

static int64_t by(const struct year *y, const char *code, enum role role)
{
	int64_t account = demo_person(y->people, code, role);
	return account ? account : y->caller.account;
}

static enum stage stage_in(const struct year *y, const struct campaign_org *org)
{
	return y->past ? ACCEPTED : stage_of(org->code);
}

/* ---- scores and counts ---- */

/* Half points: 12, 12.5. */
static const char *half_points(struct year *y, int64_t halves)
{
	return arena_printf(&y->arena, halves % 2 ? "%lld.5" : "%lld", (long long)(halves / 2));
}

/* What a source gives of a leaf's maximum: the better the organisation, the kinder, the more. */
static const char *figure_of(struct year *y, const struct campaign_org *org, int source, int i, int32_t max_e4,
			     int kindness)
{
	int64_t halves = max_e4 / 5000;
	int64_t lost = halves * (97 - kindness - quality(y, org->code) +
				 (int64_t)dice(y, org->code, (uint32_t)(source * 100 + i), 22)) / 370;
	return half_points(y, halves - (lost < 0 ? 0 : lost));
}

static int put_sheet(struct db_tx *tx, struct year *y, const struct campaign_org *org, int source,
		     int kindness, bool leave_one)
{
	struct score_edit edits[SCHEME_LEAVES_MAX];
	const struct score_key key = {y->campaign, org->id, source, 0};
	struct score_sheet sheet;
	int n = 0, changed;

	for (int i = 0; i < y->scheme->n_indicators; i++) {
		int leaf = y->scheme->indicators[i].leaf;
		int32_t max_e4 = y->scheme->leaves[leaf].max_by_category_e4[org->category];
		if (!max_e4 || (leave_one && i == 3))
			continue;
		edits[n++] = (struct score_edit){.leaf = leaf,
						 .value = figure_of(y, org, source, i, max_e4, kindness)};
	}
	bool self = y->scheme->sources[source].who == RATED_BY_SELF;
	return store_score_save(tx, &key, edits, n, by(y, org->code, self ? ROLE_CLERK : ROLE_TOWNSHIP),
				y->caller.now_ms, &y->arena, &sheet, &changed);
}

/* What the checks are to find this year (integrity.md), beside what the dice bring. */
enum plant { PLANT_NONE, PLANT_SAME_TALLY, PLANT_NO_COUNTERS, PLANT_INFLATED, PLANT_COPIED };

static enum plant planted(const struct year *y, const char *code)
{
	static const struct {
		const char *code;
		enum plant plant;
	} all[] = {
		{"05-603", PLANT_SAME_TALLY}, {"05-604", PLANT_SAME_TALLY}, {"16-602", PLANT_NO_COUNTERS},
		{"13-603", PLANT_INFLATED}, {"03-602", PLANT_COPIED}, {"03-603", PLANT_COPIED},
	};
	for (size_t i = 0; i < ARRAY_LEN(all) && !y->past; i++)
		if (strcmp(all[i].code, code) == 0)
			return all[i].plant;
	return PLANT_NONE;
}

/* `share` percent of `n`, rounded up: of three ballots one is no tenth. */
static uint32_t share_of(uint32_t n, uint32_t share)
{
	return (n * share + 99) / 100;
}

static int put_counts(struct db_tx *tx, struct year *y, const struct campaign_org *org)
{
	enum plant plant = planted(y, org->code);
	int good = quality(y, org->code), r = 0;
	for (int v = 0; r == 0 && v < VOTERS_COUNT; v++) {
		int64_t all = v == VOTERS_MEMBER ? org->members : org->residents;
		int64_t present = all < 0 ? 20 : v == VOTERS_MEMBER ? all * 4 / 5 : all / 8;
		if (present < 1)
			present = all > 0 ? 1 : 0;
		if (!present)
			continue;
		uint32_t cast = (uint32_t)(present < 20 ? present
					   : present * (50 + (int)dice(y, org->code, 40, 40)) / 100);
		struct tally t = {
			.org = org->id, .voters = (enum voters)v, .n_options = y->scheme->n_options,
			.origin = TALLY_COUNTED, .counters = plant == PLANT_NO_COUNTERS ? "" : "周建国、李秀英",
			.account = by(y, org->code, ROLE_TOWNSHIP), .at_ms = y->caller.now_ms,
		};
		int best_share = 38 + good * 62 / 100 - (plant == PLANT_INFLATED ? 30 : 0);
		uint32_t best = share_of(cast, best_share > 5 ? best_share < 100 ? (uint32_t)best_share : 100 : 5);
		uint32_t second = share_of(cast - best, 60), third = share_of(cast - best - second, 70);
		if (plant == PLANT_SAME_TALLY) {
			best = v == VOTERS_MEMBER ? 19 : 84;
			second = v == VOTERS_MEMBER ? 4 : 21;
			third = v == VOTERS_MEMBER ? 1 : 6;
			cast = best + second + third + (v == VOTERS_MEMBER ? 0 : 2);
			present = cast > present ? cast : present;
		}
		t.counts[0] = best;
		t.counts[1] = second;
		t.counts[2] = third;
		t.counts[3] = cast - best - second - third;
		if (!plant && t.counts[3] > 2 && dice(y, org->code, 41, 4) == 0) {
			t.counts[3]--;
			t.counts[t.n_options]++;	/* spoiled */
		}
		r = store_campaign_org_set_present(tx, y->campaign, org->id, (enum voters)v, present);
		if (r == 0)
			r = store_tally_put(tx, y->campaign, &t);
		if (r == 0)
			r = store_issued_put(tx, y->campaign, org->id, (enum voters)v, present);
	}
	return r;
}

/* ---- self-evaluations ---- */

/* Three sentences of many, so that hardly two reports are the same by chance. */
static const char *self_report(struct year *y, const char *code)
{
	static const char *const done[] = {
		"活动室已翻新", "修通组路 1.2 公里", "办起老年助餐点", "调解邻里纠纷 11 起", "帮 7 户办好了危房改造手续",
		"清理了陈年旧账", "集体茶园重新发包", "开办了暑期托管班", "建起党员积分榜", "发展党员 2 名", "值班电话贴到了每户门口",
		"村务按季公开", "接待群众来访 36 人次",
	};
	static const char *const lacks[] = {
		"外出党员联系不够经常", "组织生活记录还不够规范", "党务人员偏少", "年轻党员少", "集体收入来源单一", "会议有时凑不齐人",
		"对老党员走访不够", "公开栏更新不及时", "两名委员长期外出", "学习形式单一", "后备干部没有着落",
	};
	static const char *const next[] = {
		"明年重点发展年轻党员", "明年把组织生活排到月", "明年争取项目资金修活动室", "明年每季度走访一遍", "明年配齐委员",
		"明年把账目公开到组", "明年办好两件实事",
	};
	if (planted(y, code) == PLANT_COPIED)
		code = "03-602";
	return arena_printf(&y->arena, "全年召开支委会 %u 次、党员大会 %u 次，%s，%s。不足是%s。%s。", 9 + dice(y, code, 70, 5),
			    3 + dice(y, code, 71, 3), done[dice(y, code, 72, 7)], done[7 + dice(y, code, 73, 6)],
			    lacks[dice(y, code, 74, ARRAY_LEN(lacks))], next[dice(y, code, 75, ARRAY_LEN(next))]);
}

/* Of 石桥镇 they come in as people send them. */
static bool by_hand(const struct year *y, const struct campaign_org *org)
{
	return !y->past && strncmp(org->code, "02-", 3) == 0;
}

static int put_self(struct db_tx *tx, struct year *y, const struct campaign_org *org)
{
	const struct self_report report = {
		.org = org->id, .report = self_report(y, org->code),
		.grade = -1, .sealed = true, .state = SELF_CONFIRMED,
		.saved_by = by(y, org->code, ROLE_CLERK), .saved_ms = y->caller.now_ms,
		.handed_by = by(y, org->code, ROLE_CLERK), .handed_ms = y->caller.now_ms,
		.decided_by = by(y, org->code, ROLE_CADRE), .decided_ms = y->caller.now_ms + DAY_MS,
		.reason = "",
	};
	return report.report ? store_self_put(tx, y->campaign, &report) : db_doom_nomem(tx);
}

/* ---- the survey ---- */

static const char *const difficulties[] = {
	"年轻党员外出多，活动不容易组织。", "集体收入少，办事缺经费。", "活动室年久失修，冬天没法用。",
	"班子有一名委员长期外出。", "没有突出困难。",
};

static int put_survey(struct db_tx *tx, struct year *y, const struct campaign_org *org)
{
	int r = 0;
	for (int i = 0; r == 0 && i < y->scheme->n_survey; i++) {
		const struct scheme_question *q = &y->scheme->survey[i];
		/* The weaker, the more answers are a warning. */
		bool bad = (int)dice(y, org->code, 90 + (uint32_t)i, 120) > quality(y, org->code) + 60;
		struct survey_answer answer = {.question = i, .account = by(y, org->code, ROLE_TOWNSHIP),
					       .at_ms = y->caller.now_ms};
		if (!(q->categories >> org->category & 1) || (q->ask != ASK_YES_NO && q->ask != ASK_TEXT))
			continue;
		if (q->ask == ASK_TEXT) {
			answer.answer = difficulties[dice(y, org->code, 89, ARRAY_LEN(difficulties))];
		} else {
			answer.red = bad && (q->red == RED_NO || q->red == RED_YES);
			answer.answer = answer.red == (q->red == RED_YES) ? "yes" : "no";
		}
		r = store_survey_put(tx, y->campaign, org->id, &answer);
	}
	for (int v = 0; r == 0 && v < VOTERS_COUNT; v++) {
		int64_t all = v == VOTERS_MEMBER ? org->members : org->residents;
		const struct survey_reach reach = {(enum voters)v, -1, v == VOTERS_MEMBER ? all : all / 8 + 1};
		if (all > 0)
			r = store_survey_reach_put(tx, y->campaign, org->id, &reach,
						   by(y, org->code, ROLE_TOWNSHIP), y->caller.now_ms);
	}
	return r;
}

static int put_team(struct db_tx *tx, struct year *y, const struct campaign_org *township)
{
	static const char *const leaders[] = {"何平", "罗群", "梁英", "宋波", "陈立新"};
	struct survey_team team = {
		.name = arena_printf(&y->arena, "%s调查组", township->name), .node = township->id,
		.leader = leaders[dice(y, township->code, 95, ARRAY_LEN(leaders))],
		.members = "周建国、李秀英、王强",
	};
	return team.name ? store_survey_team_put(tx, y->campaign, &team) : db_doom_nomem(tx);
}

/* ---- steps ---- */

static int set_step(struct db_tx *tx, const struct year *y, const struct campaign_org *org,
		    enum scheme_step_kind kind, enum step_state state)
{
	int step = campaign_step_of(y->scheme, kind);
	enum role role = kind == STEP_SELF || kind == STEP_IMPROVEMENT ? ROLE_CLERK
			 : kind == STEP_REVIEW ? ROLE_OFFICER : ROLE_TOWNSHIP;
	if (step < 0 || state == STEP_NOT_BEGUN)
		return 0;
	return store_org_step_set(tx, y->campaign, org->id, step, state, by(y, org->code, role),
				  y->caller.now_ms, "");
}

static int set_steps(struct db_tx *tx, struct year *y, const struct campaign_org *org)
{
	enum stage stage = stage_in(y, org);
	bool lazy = dice(y, org->code, 50, 3) == 0;	/* has not done what others have */
	const struct {
		enum scheme_step_kind kind;
		int days;
		enum step_state state;
	} steps[] = {
		{STEP_SURVEY, SURVEYING, stage > LATE ? STEP_DONE : lazy ? STEP_BEGUN : STEP_NOT_BEGUN},
		{STEP_SELF, RATING_SELF, by_hand(y, org) ? STEP_NOT_BEGUN : stage > SURVEYED ? STEP_DONE
					 : stage == SURVEYED && !lazy ? STEP_BEGUN : STEP_NOT_BEGUN},
		{STEP_BALLOT, VOTING, stage > EVALUATED ? STEP_DONE
				      : stage == EVALUATED && lazy ? STEP_BEGUN : STEP_NOT_BEGUN},
		{STEP_GRADING, SCORING, stage >= DECIDED ? STEP_DONE : stage == SCORED ? STEP_BEGUN : STEP_NOT_BEGUN},
		{STEP_REVIEW, NOTICE, stage == ACCEPTED ? STEP_DONE : stage == HANDED_IN ? STEP_BEGUN : STEP_NOT_BEGUN},
	};
	int r = 0;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(steps); i++) {
		go_about(y, org->code, steps[i].days);
		r = set_step(tx, y, org, steps[i].kind, steps[i].state);
	}
	return r;
}

/* ---- regulators (XN-4) ---- */

static const char *regulator_of(const char *name)
{
	static const struct {
		const char *part, *regulator;
	} of[] = {
		{"养老", "县卫健局党组"}, {"老年", "县卫健局党组"}, {"律师", "县司法局党组"}, {"幼儿园", "县教育局党委"},
		{"建筑", "县住建局党组"}, {"运输", "县交通局党组"}, {"百货", "县商务局党组"}, {"餐饮", "县商务局党组"},
		{"合作社", "县农业农村局党组"}, {"茶", "县农业农村局党组"}, {"食品", "县市场监管局党组"},
		{"协会", "县民政局党组"}, {"商会", "县民政局党组"},
	};
	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if (strstr(name, of[i].part))
			return of[i].regulator;
	return "县工信局党组";
}

static int put_opinion(struct db_tx *tx, const struct year *y, const struct campaign_org *org)
{
	static const char *const agree[] = {
		"依法经营，党组织活动正常，同意拟定的等次。", "全年没有安全和信访问题，党员发挥了作用，同意。",
		"党组织负责人经常到会，配合行业管理，同意拟定的等次。",
	};
	uint32_t roll = dice(y, org->code, 110, 10);
	const struct opinion opinion = {
		.org = org->id, .regulator = regulator_of(org->name),
		.stance = roll == 0 ? OPINION_DISAGREES : roll == 1 ? OPINION_NONE : OPINION_AGREES,
		.text = roll == 0 ? "上半年两次安全检查有整改事项没有办结，建议等次从严。"
		      : roll == 1 ? "不属于本行业日常管理的事项，没有意见。"
				  : agree[roll % ARRAY_LEN(agree)],
		.day = y->caller.today, .account = y->caller.account, .at_ms = y->caller.now_ms,
	};
	bool owed = strcmp(org->code, "14-501") == 0;	/* its committee waits for it */
	if (org->field < 0 || !(y->scheme->consult >> org->field & 1) || owed)
		return 0;
	return store_opinion_add(tx, y->campaign, &opinion);
}

/* Those whose notice is over were two days earlier. */
static int lead(enum stage stage)
{
	return stage > SHOWN ? 2 : 0;
}

static int fill_org(struct db_tx *tx, struct year *y, const struct campaign_org *org)
{
	enum stage stage = stage_in(y, org);
	int self = -1, committee = -1, r;

	for (int s = 0; s < y->scheme->n_sources; s++) {
		if (y->scheme->sources[s].who == RATED_BY_SELF)
			self = s;
		if (y->scheme->sources[s].who == RATED_BY_COMMITTEE)
			committee = s;
	}
	r = set_steps(tx, y, org);
	go_about(y, org->code, SURVEYING);
	if (r == 0 && stage > LATE)
		r = put_survey(tx, y, org);
	go_about(y, org->code, RATING_SELF);
	if (r == 0 && self >= 0 && stage > SURVEYED && !by_hand(y, org))
		r = put_sheet(tx, y, org, self, 5, false);
	if (r == 0 && self >= 0 && stage > SURVEYED && !by_hand(y, org))
		r = put_self(tx, y, org);
	go_about(y, org->code, VOTING);
	if (r == 0 && stage > EVALUATED)
		r = put_counts(tx, y, org);
	go_to(y, org->code, lead(stage) + SCORING);
	/* Where the committee has just scored, it has forgotten a cell or two. */
	if (r == 0 && committee >= 0 && stage > VOTED)
		r = put_sheet(tx, y, org, committee, 0,
			      stage == SCORED && dice(y, org->code, 60, 9) == 0);
	if (r == 0 && stage >= SCORED)
		r = put_opinion(tx, y, org);
	return r;
}

/* ---- those who send it in themselves ---- */

static bool self_when(void *arg, const struct campaign_org *org, struct caller *ret_now)
{
	struct year *y = arg;
	go_about(y, org ? org->code : "02", RATING_SELF);
	*ret_now = y->caller;
	return true;
}

static const char *self_figure(void *arg, const struct campaign_org *org, int column, int64_t max_e4)
{
	struct year *y = arg;
	int self = 0;
	while (y->scheme->sources[self].who != RATED_BY_SELF)
		self++;
	/* What its cadre sends it back for. */
	bool full = column == 2 && strcmp(org->code, "02-602") == 0;
	return full ? half_points(y, max_e4 / 5000) : figure_of(y, org, self, column, (int32_t)max_e4, 5);
}

static const char *self_words(void *arg, const struct campaign_org *org)
{
	return self_report(arg, org->code);
}

static int send_in(struct year *y, struct err_info *info)
{
	struct demo_selfs selfs = {.app = y->app, .people = y->people, .campaign = y->campaign,
				   .sent_back = "02-602", .reason = SENT_BACK, .arg = y, .when = self_when,
				   .figure = self_figure, .report = self_words};
	int r = roster_find(y->app, &y->caller, "02", &selfs.node, info);
	return r ? r : demo_selfs(&selfs, info);
}

/* ---- what committees decided ---- */

static int add_meeting(struct db_tx *tx, struct year *y, const struct campaign_org *township)
{
	go_to(y, township->code, lead(stage_in(y, township)) + MEETING);
	struct meeting meeting = {
		.campaign = y->campaign, .node = township->id, .kind = MEETING_GRADING,
		.day = y->caller.today, .title = "研究基层党组织分类定级", .chair = "党委书记",
		.number = arena_printf(&y->arena, "%d 年第 %u 次", y->number,
				       12 + dice(y, township->code, 70, 12)),
		.recorder = "党政办", .expected = 11, .present = 10, .absent = "一名委员出差",
		.guests = "包村干部", .votes_yes = 10,
		.decision = "会议听取了组织委员的汇报，逐个研究了基层党组织的等次，同意按综合得分和比例要求确定等次，按规定公示。",
		.account = by(y, township->code, ROLE_TOWNSHIP), .at_ms = y->caller.now_ms,
	};
	return store_meeting_insert(tx, &meeting);
}

static int hold(struct db_tx *tx, struct year *y, const struct campaign_org *org, int64_t node,
		enum hold_state state)
{
	int days = state == HOLD_PUBLISHED ? lead(stage_in(y, org)) + NOTICE : state == HOLD_SUBMITTED ? 1 : 0;
	go_to(y, org->code, days);
	const struct hold h = {org->id, org->path, state, node, "",
			       by(y, org->code, state == HOLD_ACCEPTED ? ROLE_OFFICER : ROLE_TOWNSHIP), y->caller.now_ms};
	return store_hold_set(tx, y->campaign, &h);
}

static int publish(struct db_tx *tx, struct year *y, const struct campaign_org *township)
{
	/* On a real notice it is drawn by lot; PUBLICITY_TOKEN_LEN characters. */
	char token[40];
	go_to(y, township->code, lead(stage_in(y, township)) + NOTICE);
	snprintf(token, sizeof(token), "demo%.2s%010llu", township->code,
		 (unsigned long long)y->campaign % 10000000000);
	struct publicity p = {
		.campaign = y->campaign, .node = township->id, .token = token, .from_day = y->caller.today,
		.to_day = day_plus(y->caller.today, NOTICE), .show = y->scheme->publicity.show,
		.plans = y->scheme->publicity.plans, .scope = "党务公开栏和各村（社区）公示栏",
		.office = "党委组织办", .phone = "0000-0030", .withdrawn = "",
		.account = by(y, township->code, ROLE_TOWNSHIP), .at_ms = y->caller.now_ms,
	};
	return store_publicity_insert(tx, &p);
}

static const char *const measures[] = {
	"班子补选 1 名委员；每月一次集中学习；村账每季度公开。",
	"按季度排好“三会一课”计划，由包村干部到场督促并拍照留存。",
	"盘活闲置校舍出租，年内集体收入达到 3 万元；争取帮扶资金修缮活动室。",
	"书记每周三在便民服务点值班，群众反映的事项十天内答复。",
};

static int add_goals(struct db_tx *tx, struct year *y, const struct campaign_org *org)
{
	if (!y->past && dice(y, org->code, 80, 3) == 0)
		return 0;
	go_to(y, org->code, y->past ? -20 : 0);
	const struct improvement improvement = {
		.org = org->id, .path = org->path, .problems = "制度执行不够经常，集体经济底子薄。",
		.goal = "下一年度上升一个等次", .measures = measures[dice(y, org->code, 81, 4)],
		.owner = *org->secretary ? org->secretary : "支部书记", .due_day = day_plus_months(y->caller.today, 12),
		.account = by(y, org->code, ROLE_CLERK), .at_ms = y->caller.now_ms,
	};
	int r = store_improvement_put(tx, y->campaign, &improvement);
	return r ? r : set_step(tx, y, org, STEP_IMPROVEMENT, STEP_DONE);
}

/* ---- all of them ---- */

static int each_org(struct db_tx *tx, struct year *y,
		    int (*fn)(struct db_tx *, struct year *, const struct campaign_org *,
			      const struct campaign_org *township))
{
	struct campaign_org *orgs, *township = NULL;
	char path[ORG_PATH_MAX];
	int n, r = store_org_path(tx, y->county, path);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = store_campaign_orgs(tx, y->campaign, path, false, &y->arena, &orgs, &n);
	/* Parents stand before their children. */
	y->end = orgs + n;
	for (int i = 0; r == 0 && i < n; i++) {
		if (orgs[i].level == LEVEL_TOWNSHIP)
			township = &orgs[i];
		if (township && (orgs[i].category >= 0 || &orgs[i] == township))
			r = fn(tx, y, &orgs[i], township);
	}
	return r;
}

static int enter_one(struct db_tx *tx, struct year *y, const struct campaign_org *org,
		     const struct campaign_org *township)
{
	if (org->category >= 0)
		return fill_org(tx, y, org);
	int r = y->past ? 0 : put_team(tx, y, township);
	return r == 0 && stage_in(y, township) >= DECIDED ? add_meeting(tx, y, township) : r;
}

static int enter_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct year *y = arg;
	(void)info;
	arena_done(&y->arena);
	return each_org(tx, y, enter_one);
}

/* How many are graded below a township, which follow it. */
static int n_below(const struct year *y, const struct campaign_org *township)
{
	int n = 0;
	for (const struct campaign_org *org = township + 1; org < y->end && org->level > LEVEL_TOWNSHIP; org++)
		n += org->category >= 0;
	return n;
}

static int decide_one(struct db_tx *tx, struct year *y, const struct campaign_org *org,
		      const struct campaign_org *township)
{
	enum stage stage = stage_in(y, township);
	int r = 0;

	if (org == township) {
		go_to(y, org->code, 1);
		struct submission submission = {
			.node = org->id, .signed_by = "党委书记", .note = "", .orgs = n_below(y, org),
			.account = by(y, org->code, ROLE_TOWNSHIP), .at_ms = y->caller.now_ms,
		};
		if (stage >= SHOWN)
			r = publish(tx, y, org);
		return r == 0 && stage >= HANDED_IN
			? store_submission_add(tx, y->campaign, &submission) : r;
	}
	if (stage >= SHOWN)
		r = hold(tx, y, org, township->id, HOLD_PUBLISHED);
	if (r == 0 && stage >= HANDED_IN)
		r = hold(tx, y, org, township->id, HOLD_SUBMITTED);
	if (r == 0 && stage >= ACCEPTED)
		r = hold(tx, y, org, township->id, HOLD_ACCEPTED);
	return r == 0 && stage >= ACCEPTED ? add_goals(tx, y, org) : r;
}

static int decide_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct year *y = arg;
	(void)info;
	arena_done(&y->arena);
	return each_org(tx, y, decide_one);
}

/* ---- the years before the system, as a county brings them in from its old sheets ---- */

enum { EARLIER_YEARS = 2 };

/* One organisation, years before the campaign. Nobody had the lowest grade in the year
 * just before it: who has been lowest for years is told elsewhere. */
static int put_earlier(struct db_tx *tx, struct year *y, const struct campaign_org *org, int years)
{
	struct year then = *y;
	then.number -= years;
	int lost_e2 = (97 - quality(&then, org->code) + (int)dice(&then, org->code, 90, 22)) * 10000 / 370;
	int score_e2 = 10000 - (lost_e2 > 120 ? lost_e2 : 120), g = 0;
	int least_e2 = years == 1 ? 6040 : 5260;
	score_e2 = score_e2 > least_e2 ? score_e2 : least_e2 + (int)dice(&then, org->code, 91, 300);
	static const int from_e2[] = {9000, 8000, 6000}, stars[] = {4, 3, 2, 0};
	while (g < (int)ARRAY_LEN(from_e2) && score_e2 < from_e2[g])
		g++;
	const struct past_result past = {
		.org = org->id, .year = then.number, .scheme_title = y->scheme->title,
		.score = arena_printf(&y->arena, "%d.%02d", score_e2 / 100, score_e2 % 100),
		.grade = y->scheme->grades[g].label, .place = g, .places = y->scheme->n_grades,
		.stars = g == 2 && score_e2 < 7000 ? 1 : stars[g], .ledger = g == 3 ? "已整顿销号" : "",
		.note = "", .examination = "",
	};
	return past.score ? store_past_put(tx, &past) : ERR_NOMEM;
}

static int earlier_one(struct db_tx *tx, struct year *y, const struct campaign_org *org,
		       const struct campaign_org *township)
{
	int r = 0;
	(void)township;
	for (int years = 1; years <= EARLIER_YEARS && org->category >= 0 && r == 0; years++)
		r = put_earlier(tx, y, org, years);
	return r;
}

static int earlier_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct year *y = arg;
	(void)info;
	arena_done(&y->arena);
	return each_org(tx, y, earlier_one);
}

/* The steps lie around the day, so that this year's are over or to come. */
static int step_days(const struct year *y, struct campaign_step steps[static 16])
{
	static const struct {
		enum scheme_step_kind kind;
		int from, to;
	} days[] = {
		{STEP_SURVEY, -40, -30}, {STEP_SELF, -29, -18}, {STEP_BALLOT, -17, -8},
		{STEP_GRADING, -7, 3}, {STEP_REVIEW, 4, 14}, {STEP_IMPROVEMENT, 15, 200},
	};
	int n = 0;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		int step = campaign_step_of(y->scheme, days[i].kind);
		if (step >= 0)
			steps[n++] = (struct campaign_step){step, day_plus(y->day, days[i].from),
							    day_plus(y->day, days[i].to)};
	}
	return n;
}

/* What the townships hand in besides, first of all who their liaison is (HN-4, HN-5):
 * dates that lie behind us, so that somebody is late. */
static int add_reports(struct buf *text, struct str scheme)
{
	static const char head[] = "\nreports:\n";
	const char *at = memmem(scheme.data, scheme.len, head, sizeof(head) - 1);
	if (!at)
		return ERR_INPUT;
	size_t before = (size_t)(at - scheme.data) + sizeof(head) - 1;
	buf_add(text, scheme.data, before);
	buf_adds(text, "  - {id: liaison, label: 报联络员, who: township, by: 03-28, notes: 姓名、电话，党委书记是第一责任人}\n"
		       "  - {id: survey-report, label: 调查摸底情况报告, who: township, by: 03-30, notes: 纸质档盖章，电子档发组织部}\n");
	buf_add(text, scheme.data + before, scheme.len - before);
	return text->failed ? ERR_NOMEM : 0;
}

/* The county's own scheme: 张纪镇's as it is, published; and a second version in which
 * regulators are heard. Into `ret_ref`, in the arena. */
static int own_scheme(struct year *y, const char **ret_ref, struct err_info *info)
{
	const struct scheme_ref from = {.shipped = "zhangji-town"};
	AUTO(diag) struct diag faults = {0};
	struct scheme_ref own = {0};
	int version = 0;
	int r = schemes_clone(y->app, &y->caller, &from, y->county, "yunling",
			      "云岭县基层党组织分类定级和评星晋位方案", &own.scheme, info);
	for (int i = 0; r == 0 && i < 2; i++) {
		AUTO(buf) struct buf text = {0};
		struct scheme_shown shown = {0};
		if ((r = schemes_show(y->app, &y->caller, &own, &y->arena, &shown, info)) < 0)
			return r;
		if (i == 1 && add_reports(&text, str_from(shown.version.text)) < 0)
			return err_set(info, ERR_STATE, "方案里没有 reports");
		if (i == 0)
			buf_adds(&text, shown.version.text);
		else
			buf_adds(&text, "\n# 非公有制经济组织和社会组织定级前征求行业主管部门党组织意见\n"
					"consult: [private, social]\n");
		const struct scheme_edit edit = {
			.scheme = own.scheme, .version = shown.version.version,
			.saved_ms = shown.version.saved_ms, .text = buf_str(&text), .publish = true,
			.note = i ? "按省里要求，增加征求行业主管意见、报联络员和调查摸底情况" : "按张纪镇方案制定",
		};
		r = schemes_save(y->app, &y->caller, &edit, &faults, &version, info);
		scheme_shown_done(&shown);
	}
	*ret_ref = arena_printf(&y->arena, "%lld.%d", (long long)own.scheme, version);
	return r ? r : *ret_ref ? 0 : err_nomem(info);
}

static int open_year(struct year *y, struct err_info *info)
{
	struct campaign_step steps[16];
	struct campaign_draft draft = {.node = y->county, .year = y->number, .scheme = "zhangji-town"};
	struct campaign_preview preview = {0};
	struct campaign_detail detail;

	go_to(y, "scheme", OPENED + 8);
	int r = y->past ? 0 : own_scheme(y, &draft.scheme, info);
	go_to(y, "open", OPENED);
	draft.steps = steps;
	if (r == 0)
		r = campaigns_preview(y->app, &y->caller, &draft, &y->arena, &preview, info);
	if (r < 0)
		return r;
	y->scheme = preview.scheme;
	draft.n_steps = step_days(y, steps);
	draft.title = arena_printf(&y->arena, "云岭县 %d 年度基层党组织分类定级", y->number);
	if ((r = campaigns_open(y->app, &y->caller, &draft, &y->campaign, info)) < 0)
		return r;
	r = campaigns_get(y->app, &y->caller, y->campaign, y->county, &y->arena, &detail, info);
	if (r == 0)
		y->scheme = detail.scheme;	/* the frozen one */
	return r;
}

static int run_year(struct year *y, struct err_info *info)
{
	struct campaign_graded graded;
	int64_t region = id_region(y->county);
	int r = open_year(y, info);
	if (r == 0)
		r = db_write(y->app->db, region, enter_fn, y, info);
	if (r == 0 && !y->past)
		r = send_in(y, info);
	go_to(y, "grade", y->past ? MEETING : 0);
	if (r == 0)
		r = campaign_grading_run(y->app, &y->caller, y->campaign, y->county, &graded, info);
	if (r == 0)
		r = db_write(y->app->db, region, decide_fn, y, info);
	if (r == 0 && y->past)
		r = db_write(y->app->db, region, earlier_fn, y, info);
	go_to(y, "close", -300);
	if (r == 0 && y->past)
		r = campaigns_close(y->app, &y->caller, y->campaign, "年度工作结束", info);
	arena_done(&y->arena);
	return r;
}

int demo_campaigns(struct app *app, const struct caller *officer, struct demo_people *people, int64_t county,
		   struct err_info *info)
{
	int this_year = officer->today / 10000;
	struct year past = {.app = app, .caller = *officer, .people = people, .county = county, .past = true,
			    .number = this_year - 1, .now_ms = officer->now_ms,
			    .day = day_plus(officer->today, -365)};
	struct year now = {.app = app, .caller = *officer, .people = people, .county = county,
			   .number = this_year, .now_ms = officer->now_ms, .day = officer->today};
	int r = run_year(&past, info);
	return r ? r : run_year(&now, info);
}
