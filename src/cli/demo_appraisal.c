/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_appraisal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/campaign_grading.h"
#include "app/live.h"
#include "cli/demo_dice.h"
#include "domain/candidate.h"
#include "domain/day_math.h"
#include "store/id.h"
#include "store/improve.h"
#include "store/score.h"
#include "store/survey.h"

enum {
	PHONES = 24,		/* delegates and others who scored */
	PRESENT = 26,
	WEAK = 70,		/* below it: people are called in */
	STRONG = 92,
};

struct hall {
	struct app *app;
	const struct caller *officer;
	int64_t county, campaign;
	const struct scheme *scheme;
	struct campaign_org *orgs;	/* the townships' committees */
	int n;
	struct arena arena;
};

static uint32_t dice(const struct campaign_org *org, uint32_t what, uint32_t below)
{
	return demo_dice(7, org->code, what, below);
}

/* How good, of 100. */
static int quality(const struct campaign_org *org)
{
	static const unsigned char of[] = {88, 84, 94, 76, 91, 85, 82, 96, 63, 87, 72, 89, 86, 79, 93, 83, 90,
					   81, 74, 88};
	int number = (int)strtol(org->code, NULL, 10);
	return number >= 1 && number <= (int)ARRAY_LEN(of) ? of[number - 1] : 80;
}

/* Two working groups have not come back yet. */
static bool looked_at(const struct campaign_org *org)
{
	return strcmp(org->code, "11") != 0 && strcmp(org->code, "17") != 0;
}

/* ---- fact-finding ---- */

static const char *const found_good[] = {
	"书记带头包了最难的村，整顿台账一月一议，群众代表普遍知道整顿了什么。",
	"软弱涣散村的书记已调整到位，新书记参加了县里的培训，账目按季公开。",
	"驻村干部吃住在村，走访有记录；后备干部库 14 人，结构较好。",
};
static const char *const found_middle[] = {
	"整顿措施写得全，但两个村的集体经济项目还停在纸上，责任人没有按月报进度。",
	"“三会一课”记录齐，内容偏虚；外出党员的联系名单没有更新。",
	"村级活动阵地基本达标，有一处活动室被企业借用，要限期收回。",
};
static const char *const found_bad[] = {
	"抽查 3 个村，2 个驻村干部不在村；上年转化的一个村班子又不团结，有反弹的苗头。",
	"软弱涣散村整顿进展慢，镇党委全年只研究过一次。",
};

static const char *found_text(const struct campaign_org *org)
{
	int good = quality(org);
	return good < WEAK + 7 ? found_bad[dice(org, 1, ARRAY_LEN(found_bad))]
	     : good < 88 ? found_middle[dice(org, 1, ARRAY_LEN(found_middle))]
			 : found_good[dice(org, 1, ARRAY_LEN(found_good))];
}

static const char *answer_of(const struct campaign_org *org, const struct scheme_question *q)
{
	int good = quality(org);
	if (q->ask == ASK_TEXT)
		return found_text(org);
	return good < WEAK + 5 && strcmp(q->id, "funds") != 0 ? "no" : "yes";
}

static int put_survey(struct db_tx *tx, struct hall *hall, const struct campaign_org *org)
{
	int r = 0;
	for (int i = 0; r == 0 && i < hall->scheme->n_survey; i++) {
		const struct scheme_question *q = &hall->scheme->survey[i];
		struct survey_answer answer = {.question = i, .answer = answer_of(org, q),
					       .account = hall->officer->account,
					       .at_ms = hall->officer->now_ms};
		if (!answer.answer)
			return db_doom_nomem(tx);
		answer.red = survey_answer_is_red(q, str_from(answer.answer));
		r = store_survey_put(tx, hall->campaign, org->id, &answer);
	}
	return r;
}

/* A figure a leaf near the quality; half points. */
static int put_scores(struct db_tx *tx, struct hall *hall, const struct campaign_org *org, int source)
{
	struct score_edit edits[SCHEME_LEAVES_MAX];
	const struct score_key key = {hall->campaign, org->id, source, 0};
	struct score_sheet sheet;
	bool points = hall->scheme->sources[source].by == BY_POINTS;
	int n = 0, changed, leaves = points ? 1 : hall->scheme->n_leaves;
	for (int leaf = 0; leaf < leaves; leaf++) {
		int max = points ? 100 : hall->scheme->leaves[leaf].max_by_category_e4[org->category] / 10000;
		int of = quality(org) + (int)dice(org, (uint32_t)(10 * source + leaf), 7) - 3;
		int halves = max * 2 * (of > 99 ? 99 : of) / 100;
		const char *text = arena_printf(&hall->arena, halves % 2 ? "%d.5" : "%d", halves / 2);
		if (!text)
			return db_doom_nomem(tx);
		edits[n++] = (struct score_edit){.leaf = leaf, .value = text};
	}
	return store_score_save(tx, &key, edits, n, hall->officer->account, hall->officer->now_ms,
				&hall->arena, &sheet, &changed);
}

/* ---- the meeting ---- */

static int note(struct db_tx *tx, const struct hall *hall, const struct campaign_org *org,
		enum appraisal_kind kind, int days_ago, const char *by_whom, const char *text)
{
	const struct appraisal_note n = {
		.org = org->id, .kind = kind, .day = day_plus(hall->officer->today, -days_ago),
		.by_whom = by_whom, .text = text,
		.account = hall->officer->account, .at_ms = hall->officer->now_ms,
	};
	return store_appraisal_note_add(tx, hall->campaign, &n);
}

static int put_notes(struct db_tx *tx, struct hall *hall, const struct campaign_org *org)
{
	static const char *const groups[] = {"第一调研组", "第二调研组", "第三调研组"};
	static const char *const reports[] = {
		"抓基层党建的三件事：整顿一个村、培养一批带头人、办成一批实事；不足是抓机关支部少。",
		"牵头包联最难的村，全年下村 40 多次；存在问题是集体经济项目见效慢。",
		"组织生活逐月调度，党员积分管理已覆盖全部支部；流动党员管理还不到位。",
	};
	static const char *const comments[] = {
		"成绩讲得实，问题也敢讲；明年要把两个薄弱村的书记人选先落实。",
		"抓面上多、抓点上少，整顿要一个村一个村销号，不能只看材料。",
		"阵地和经费有保障，关键是让组织生活有内容。",
	};
	static const char *const delegates[] = {
		"书记到我们村来得勤，水渠的事半年就修好了。",
		"村账公开了，看得懂；希望多来听听外出打工人员的意见。",
		"活动室有了，平时开门的时间还不够。",
	};
	int good = quality(org), r = 0;
	if (looked_at(org))
		r = note(tx, hall, org, APPRAISAL_FACT, 9 + (int)dice(org, 3, 10),
			 groups[dice(org, 4, ARRAY_LEN(groups))], found_text(org));
	if (r == 0)
		r = note(tx, hall, org, APPRAISAL_REPORT, 1, *org->secretary ? org->secretary : "党委书记",
			 reports[dice(org, 5, ARRAY_LEN(reports))]);
	if (r == 0)
		r = note(tx, hall, org, APPRAISAL_COMMENT, 1, "县委书记",
			 good < WEAK ? "整顿进展慢，书记要到村里去蹲点；今天会后组织部就约谈。"
				     : comments[dice(org, 6, ARRAY_LEN(comments))]);
	if (r == 0)
		r = note(tx, hall, org, APPRAISAL_DELEGATE, 1, "党代表",
			 good < WEAK ? "我们村的书记长期在外，有事找不到人。"
				     : delegates[dice(org, 7, ARRAY_LEN(delegates))]);
	if (r == 0 && good > STRONG)
		r = note(tx, hall, org, APPRAISAL_PRAISE, 0, "县委", "会上表扬：整顿抓得实，做法在全县介绍。");
	return r;
}

static int put_interviews(struct db_tx *tx, struct hall *hall, const struct campaign_org *org)
{
	struct interview talk = {
		.org = org->id, .path = org->path, .by_whom = "县委组织部部长",
		.person = *org->secretary ? arena_printf(&hall->arena, "%s（党委书记）", org->secretary)
					  : "党委书记",
		.day = hall->officer->today, .reason = "软弱涣散村整顿进展慢，镇党委抓得不紧",
		.outcome = "一个月内拿出一村一策，半年内转化；到期没有变化的按规定问责。",
		.account = hall->officer->account, .at_ms = hall->officer->now_ms,
	};
	if (quality(org) >= WEAK)
		return 0;
	if (!talk.person)
		return db_doom_nomem(tx);
	return store_interview_insert(tx, hall->campaign, &talk);
}

static int step_by_id(const struct scheme *scheme, const char *id)
{
	for (int i = 0; i < scheme->n_steps; i++)
		if (strcmp(scheme->steps[i].id, id) == 0)
			return i;
	return -1;
}

static int set_steps(struct db_tx *tx, const struct hall *hall, const struct campaign_org *org)
{
	static const char *const held[] = {"report-meeting", "comment", "delegates"};
	const struct caller *o = hall->officer;
	int step = campaign_step_of(hall->scheme, STEP_SURVEY), r = 0;
	if (step >= 0)
		r = store_org_step_set(tx, hall->campaign, org->id, step, looked_at(org) ? STEP_DONE : STEP_BEGUN,
				       o->account, o->now_ms, "");
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(held); i++)
		if ((step = step_by_id(hall->scheme, held[i])) >= 0)
			r = store_org_step_set(tx, hall->campaign, org->id, step, STEP_DONE, o->account,
					       o->now_ms, "");
	if (r == 0 && (step = campaign_step_of(hall->scheme, STEP_GRADING)) >= 0)
		r = store_org_step_set(tx, hall->campaign, org->id, step, STEP_BEGUN, o->account, o->now_ms, "");
	return r;
}

static int enter_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct hall *hall = arg;
	char path[ORG_PATH_MAX];
	(void)info;
	arena_done(&hall->arena);
	int r = store_org_path(tx, hall->county, path);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = store_campaign_orgs(tx, hall->campaign, path, true, &hall->arena, &hall->orgs, &hall->n);
	for (int i = 0; r == 0 && i < hall->n; i++) {
		const struct campaign_org *org = &hall->orgs[i];
		r = set_steps(tx, hall, org);
		if (r == 0 && looked_at(org))
			r = put_survey(tx, hall, org);
		for (int s = 0; r == 0 && s < hall->scheme->n_sources; s++)
			if (hall->scheme->sources[s].who == RATED_BY_COMMITTEE &&
			    (looked_at(org) || hall->scheme->sources[s].by == BY_POINTS))
				r = put_scores(tx, hall, org, s);
		if (r == 0)
			r = put_notes(tx, hall, org);
		if (r == 0)
			r = put_interviews(tx, hall, org);
	}
	return r;
}

/* Phones in the hall, as they would. */
static int score_live(struct hall *hall, struct err_info *info)
{
	const struct live_draft draft = {.title = "述职评议会", .present = PRESENT};
	struct live_view view = {0};
	int64_t session;
	int r = live_open(hall->app, hall->officer, hall->campaign, hall->county, &draft, &session, info);
	if (r == 0)
		r = live_show(hall->app, hall->officer, session, &hall->arena, &view, info);
	struct str *figures = r < 0 ? NULL
		: arena_zalloc(&hall->arena, (size_t)view.n_orgs + 1, sizeof(*figures));
	if (r == 0 && !figures)
		return err_nomem(info);
	for (int phone = 0; r == 0 && phone < PHONES; phone++) {
		char device[32];
		int wrong;
		snprintf(device, sizeof(device), "demo-phone-%02d", phone);
		for (int i = 0; i < view.n_orgs; i++) {
			const struct campaign_org *org = NULL;
			for (int k = 0; k < hall->n; k++)
				if (hall->orgs[k].id == view.orgs[i].org)
					org = &hall->orgs[k];
			int of = org ? quality(org) + (int)dice(org, 100 + (uint32_t)phone, 13) - 6 : 80;
			const char *text = arena_printf(&hall->arena, "%d", of > 100 ? 100 : of);
			if (!text)
				return err_nomem(info);
			figures[i] = str_from(text);
		}
		r = live_send(hall->app, view.session.code, str_from(device), figures, view.n_orgs, &wrong, info);
	}
	return r ? r : live_close(hall->app, hall->officer, session, PRESENT, info);
}

/* Days around today. */
static int step_days(const struct hall *hall, struct campaign_step steps[static 16])
{
	static const struct {
		const char *id;
		int from, to;
	} days[] = {
		{"survey", -20, -3}, {"report-meeting", -1, 0}, {"comment", -1, 0}, {"delegates", -1, 0},
		{"grading", 1, 12}, {"improvement", 13, 180},
	};
	int n = 0;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		int step = step_by_id(hall->scheme, days[i].id);
		if (step >= 0)
			steps[n++] = (struct campaign_step){step, day_plus(hall->officer->today, days[i].from),
							    day_plus(hall->officer->today, days[i].to)};
	}
	return n;
}

static int begin(struct hall *hall, struct err_info *info)
{
	struct campaign_step steps[16];
	struct campaign_draft draft = {.node = hall->county, .year = hall->officer->today / 10000,
				       .scheme = "appraisal"};
	struct campaign_preview preview;
	struct campaign_detail detail;
	int r = campaigns_preview(hall->app, hall->officer, &draft, &hall->arena, &preview, info);
	if (r < 0)
		return r;
	hall->scheme = preview.scheme;
	draft.steps = steps;
	draft.n_steps = step_days(hall, steps);
	draft.title = arena_printf(&hall->arena, "云岭县 %d 年度乡镇党委书记抓党建述职评议", draft.year);
	if ((r = campaigns_open(hall->app, hall->officer, &draft, &hall->campaign, info)) < 0)
		return r;
	r = campaigns_get(hall->app, hall->officer, hall->campaign, hall->county, &hall->arena, &detail, info);
	if (r == 0)
		hall->scheme = detail.scheme;	/* the frozen one */
	return r;
}

int demo_appraisal(struct app *app, const struct caller *officer, int64_t county,
		   struct err_info *info)
{
	struct hall hall = {.app = app, .officer = officer, .county = county};
	struct campaign_graded graded;
	int r = begin(&hall, info);
	if (r == 0)
		r = db_write(app->db, id_region(county), enter_fn, &hall, info);
	if (r == 0)
		r = score_live(&hall, info);
	if (r == 0)
		r = campaign_grading_run(app, officer, hall.campaign, county, &graded, info);
	arena_done(&hall.arena);
	return r;
}
