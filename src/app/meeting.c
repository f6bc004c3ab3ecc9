/* SPDX-License-Identifier: Apache-2.0 */
#include "app/meeting_in.h"
#include "app/rectified.h"

#include <stddef.h>

#include "domain/day.h"
#include "store/id.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node, org;
	struct arena own;		/* emptied when the function runs again */
	const struct meeting *meeting;
	int grade;
	const char *reason;
	const struct opinion *opinion;
	int64_t id;
};

static int write_job(struct job *job, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, id_region(job->node), fn, job, info);
	arena_done(&job->own);
	return r;
}

/* Enters at a committee of the campaign that is open. */
static int enter_committee(struct db_tx *tx, struct job *job, struct campaign_call *call,
			   struct err_info *info)
{
	arena_done(&job->own);
	int r = campaign_enter(tx, job->app, job->caller, ACTION_MEETING_WRITE, job->campaign, job->node,
			       &job->own, call, info);
	if (r == 0 && call->org.level >= call->scheme->graded)
		r = err_set(info, ERR_INPUT, "“%s”自己参加定级，由它的上级开会", call->org.name);
	return r;
}

/* ---- noting down ---- */

/* The organisation, which the committee decides on and may still change. */
static int enter_org(struct db_tx *tx, struct job *job, const struct campaign_call *call,
		     struct campaign_org *ret_org, struct err_info *info)
{
	struct campaign_call at = *call;
	struct campaign_org committee;
	int r = store_campaign_org_get(tx, job->campaign, job->org, &job->own, &at.org);
	if (r < 0)
		return r;
	if (!r || at.org.category < 0)
		return err_set(info, ERR_INPUT, "“%s”里没有这个参加定级的组织", call->campaign.title);
	if ((r = decide_committee(tx, &at, &job->own, &committee, info)) < 0)
		return r;
	if (committee.id != job->node)
		return err_set(info, ERR_DENIED, "“%s”的等次由“%s”研究", at.org.name, committee.name);
	*ret_org = at.org;
	return 0;
}

static const char *grade_label(const struct scheme *scheme, int grade, const char *none)
{
	return grade >= 0 && grade < scheme->n_grades ? scheme->grades[grade].label : none;
}

static int may_adjust(struct db_tx *tx, const struct job *job, const struct campaign_call *call,
		      const struct campaign_org *org, bool scored, struct err_info *info)
{
	struct campaign_call at = *call;
	struct hold hold;
	AUTO(arena) struct arena arena = {0};
	int r = store_hold_get(tx, job->campaign, org->id, &arena, &hold);
	if (r < 0)
		return r;
	at.org = *org;
	at.hold = hold.state;
	struct gate_facts facts = campaign_facts(&at);
	facts.scored = scored;
	return gate_check(GATE_ADJUST, &facts, info);
}

static int adjust_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	struct campaign_org org = {0};
	struct result result = {0};
	int r = enter_committee(tx, job, &call, info);
	if (r == 0)
		r = decide_need(job->reason, "调整的理由", info);
	if (r == 0 && (job->grade < -1 || job->grade >= call.scheme->n_grades))
		r = err_set(info, ERR_INPUT, "方案里没有这个等次");
	if (r == 0)
		r = enter_org(tx, job, &call, &org, info);
	if (r < 0)
		return r;
	r = store_result_get(tx, job->campaign, job->org, &job->own, &result);
	if (r >= 0)
		r = may_adjust(tx, job, &call, &org, r && result.computed >= 0, info);
	if (r < 0)
		return r;
	if (job->grade == result.grade)
		return err_set(info, ERR_INPUT, "“%s”现在就是“%s”，不用调整", org.name,
			       grade_label(call.scheme, job->grade, ""));
	const struct adjustment a = {
		.org = job->org, .node = job->node, .from_grade = result.computed,
		.to_grade = job->grade == result.computed ? -1 : job->grade, .reason = job->reason,
		.account = job->caller->account, .at_ms = job->caller->now_ms,
	};
	if ((r = store_adjustment_note(tx, job->campaign, &a)) < 0)
		return r;
	return app_audit(tx, &call.access, "meeting.note", job->org, call.campaign.title,
			 grade_label(call.scheme, result.grade, ""),
			 arena_printf(&job->own, "%s，理由：%s",
				      grade_label(call.scheme, job->grade, "照测算"), job->reason));
}

int meeting_adjust(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int64_t org, int grade, const char *reason, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node, .org = org,
			  .grade = grade, .reason = reason};
	return write_job(&job, adjust_fn, info);
}

static int forget_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	struct campaign_org org = {0};
	int r = enter_committee(tx, job, &call, info);
	if (r == 0)
		r = enter_org(tx, job, &call, &org, info);
	if (r == 0)
		r = may_adjust(tx, job, &call, &org, true, info);
	if (r == 0 && (r = store_adjustment_drop(tx, job->campaign, job->org)) == ERR_NOT_FOUND)
		r = err_set(info, ERR_NOT_FOUND, "“%s”没有记下的调整", org.name);
	return r < 0 ? r : app_audit(tx, &call.access, "meeting.forget", job->org, call.campaign.title,
				     "", "");
}

int meeting_forget(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int64_t org, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node, .org = org};
	return write_job(&job, forget_fn, info);
}

/* ---- recording ---- */

static int check_texts(const struct meeting *m, int32_t today, struct err_info *info)
{
	static const struct {
		size_t at;
		const char *what;
		bool required;
	} texts[] = {
		{offsetof(struct meeting, title), "会议名称", true},
		{offsetof(struct meeting, number), "编号", true},
		{offsetof(struct meeting, chair), "主持人", true},
		{offsetof(struct meeting, recorder), "记录人", true},
		{offsetof(struct meeting, decision), "决定", true},
		{offsetof(struct meeting, absent), "缺席人员", false},
		{offsetof(struct meeting, guests), "列席人员", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *text = *(const char *const *)((const char *)m + texts[i].at);
		if (!text)
			return err_set(info, ERR_INPUT, "请写明%s", texts[i].what);
		int r = texts[i].required || *text ? decide_need(text, texts[i].what, info) : 0;
		if (r < 0)
			return r;
	}
	if (!m->day || !day_valid(m->day) || m->day % 100 == 0 || m->day > today)
		return err_set(info, ERR_INPUT, "会议日期不对，应为今天或以前的某一天");
	return 0;
}

static int check_people(const struct meeting *m, struct err_info *info)
{
	if (m->expected < 1 || m->expected > MEETING_PEOPLE_MAX)
		return err_set(info, ERR_INPUT, "应到人数应在 1 到 %d 之间", (int)MEETING_PEOPLE_MAX);
	if (m->present < 0 || m->present > m->expected)
		return err_set(info, ERR_INPUT, "实到人数不能多于应到 %d 人", m->expected);
	if (m->present * 2 <= m->expected)
		return err_set(info, ERR_STATE, "到会 %d 人，没有超过应到 %d 人的半数，会议不能作出决定",
			       m->present, m->expected);
	if (m->votes_yes < 0 || m->votes_no < 0 || m->votes_abstain < 0 ||
	    m->votes_yes > m->present || m->votes_no > m->present || m->votes_abstain > m->present ||
	    m->votes_yes + m->votes_no + m->votes_abstain > m->present)
		return err_set(info, ERR_INPUT, "表决票数合计多于到会 %d 人", m->present);
	if (m->kind == MEETING_GRADING && m->votes_yes * 2 <= m->present)
		return err_set(info, ERR_STATE, "同意 %d 票，没有超过到会 %d 人的半数，没有通过",
			       m->votes_yes, m->present);
	return 0;
}

/* All of the committee's graded organisations are decided now. */
static int decide_all(struct db_tx *tx, const struct meeting_view *v)
{
	int r = 0;
	for (int i = 0; r == 0 && i < v->n_rows; i++) {
		const struct decide_org *o = v->rows[i].org;
		if (hold_locks(o->hold.state) || v->rows[i].proposed.grade < 0)
			continue;
		r = decide_step(tx, &v->call, o->org.id, STEP_GRADING, STEP_DONE, "");
		/* What was sent back or reopened is published anew. */
		if (r == 0 && o->hold.state == HOLD_REOPENED)
			r = decide_step(tx, &v->call, o->org.id, STEP_PUBLICITY, STEP_NOT_BEGUN, "");
	}
	return r;
}

static int record_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct meeting_view v = {0};
	struct meeting m = *job->meeting;
	int r = enter_committee(tx, job, &v.call, info);
	m.account = job->caller->account;
	m.at_ms = job->caller->now_ms;
	if (r == 0)
		r = check_texts(&m, job->caller->today, info);
	if (r == 0)
		r = check_people(&m, info);
	if (r == 0 && m.kind == MEETING_GRADING)
		r = meeting_view_load(tx, &job->own, &v, false, info);
	if (r == 0)
		r = m.kind == MEETING_GRADING ? gate_check(GATE_MEETING, &v.facts, info)
					      : campaign_gate(&v.call, GATE_GRADE, info);
	if (r == 0)
		r = store_meeting_insert(tx, &m);
	if (r == 0 && m.kind == MEETING_GRADING)
		r = store_adjustments_decide(tx, job->campaign, job->node, m.id);
	if (r == 0 && m.kind == MEETING_GRADING)
		r = decide_all(tx, &v);
	if (r == 0 && m.kind == MEETING_GRADING)
		r = rectified_fix(tx, &v.call, m.id, &job->own);
	const struct campaign_call call = v.call;
	int notes = v.n_notes, rows = v.n_rows;
	meeting_view_done(&v);
	if (r < 0)
		return r;
	job->id = m.id;
	const char *what = m.kind == MEETING_GRADING
		? arena_printf(&job->own, "%s %s，研究 %d 个，调整 %d 个", m.title, m.number, rows, notes)
		: arena_printf(&job->own, "%s %s", m.title, m.number);
	return app_audit(tx, &call.access, "meeting.record", job->node, call.campaign.title, "", what);
}

int meeting_record(struct app *app, const struct caller *caller, const struct meeting *meeting,
		   int64_t *ret_id, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = meeting->campaign,
			  .node = meeting->node, .meeting = meeting};
	struct campaign_graded graded;
	int r = write_job(&job, record_fn, info);
	if (r == 0 && meeting->kind == MEETING_GRADING)
		r = campaign_grading_run(app, caller, meeting->campaign, meeting->node, &graded, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

/* ---- regulators ---- */

const char *opinion_stance_label(enum opinion_stance stance)
{
	static const char *const labels[OPINION_STANCES] = {"同意", "不同意", "没有意见"};
	return stance >= 0 && stance < OPINION_STANCES ? labels[stance] : "";
}

static bool is_consulted(const struct campaign_call *call)
{
	int field = call->org.field;
	return field >= 0 && field < FIELD_COUNT && (call->scheme->consult >> field & 1);
}

struct opinion_job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, org;
	struct arena *arena;
	struct opinion_view view;
};

static int opinion_get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct opinion_job *job = arg;
	struct opinion_view v = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_OPINION_WRITE, job->campaign, job->org,
			       job->arena, &v.call, info);
	if (r == ERR_DENIED)
		r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign,
				   job->org, job->arena, &v.call, info);
	if (r == 0)
		r = store_opinion_list(tx, job->campaign, job->org, job->arena, &v.opinions, &v.n);
	if (r < 0)
		return r;
	v.consult = is_consulted(&v.call);
	v.may_write = right_check(&v.call.access.holder, ACTION_OPINION_WRITE, v.call.path) ||
		      right_check(&v.call.access.holder, ACTION_MEETING_WRITE, v.call.path);
	struct err_info why = {0};
	if (campaign_gate(&v.call, GATE_OPINION, &why) < 0) {
		v.may_write = false;
		v.why_not = arena_strdup(job->arena, why.text);
		if (!v.why_not)
			return db_doom_nomem(tx);
	}
	job->view = v;
	return 0;
}

int opinion_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		struct arena *arena, struct opinion_view *ret_view, struct err_info *info)
{
	struct opinion_job job = {.app = app, .caller = caller, .campaign = campaign, .org = org,
				  .arena = arena};
	int r = db_read(app->db, opinion_get_fn, &job, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}

static int check_opinion(const struct opinion *o, int32_t today, struct err_info *info)
{
	int r = decide_need(o->regulator, "行业主管部门", info);
	if (r == 0 && (o->stance < 0 || o->stance >= OPINION_STANCES))
		return err_set(info, ERR_INPUT, "请选择意见");
	if (r == 0 && (o->stance == OPINION_DISAGREES || (o->text && *o->text)))
		r = decide_need(o->text, "意见内容", info);
	if (r == 0 && (!o->day || !day_valid(o->day) || o->day % 100 == 0 || o->day > today))
		return err_set(info, ERR_INPUT, "意见的日期不对，应为今天或以前的某一天");
	return r;
}

static int opinion_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	struct opinion o = *job->opinion;
	arena_done(&job->own);
	int r = campaign_enter(tx, job->app, job->caller, ACTION_OPINION_WRITE, job->campaign, o.org,
			       &job->own, &call, info);
	if (r == ERR_DENIED)
		r = campaign_enter(tx, job->app, job->caller, ACTION_MEETING_WRITE, job->campaign, o.org,
				   &job->own, &call, info);
	if (r == 0)
		r = campaign_gate(&call, GATE_OPINION, info);
	if (r == 0 && !is_consulted(&call))
		r = err_set(info, ERR_INPUT, "方案没有要求就“%s”征求行业主管意见", call.org.name);
	if (r == 0)
		r = check_opinion(&o, job->caller->today, info);
	o.account = job->caller->account;
	o.at_ms = job->caller->now_ms;
	if (r == 0)
		r = store_opinion_add(tx, job->campaign, &o);
	if (r < 0)
		return r;
	const char *what = arena_printf(&job->own, "%s：%s %s", o.regulator,
					opinion_stance_label(o.stance), o.text);
	return app_audit(tx, &call.access, "opinion.add", o.org, call.campaign.title, "", what);
}

int opinion_add(struct app *app, const struct caller *caller, int64_t campaign,
		const struct opinion *opinion, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = opinion->org,
			  .opinion = opinion};
	return write_job(&job, opinion_fn, info);
}
