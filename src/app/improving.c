/* SPDX-License-Identifier: Apache-2.0 */
#include "app/improving.h"

#include "domain/day.h"
#include "store/id.h"
#include "store/past.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, org;
	struct arena *arena;		/* of the caller, for what is returned */
	struct arena own;		/* emptied when the function runs again */
	const struct improvement *plan;
	bool seen;			/* plan->at_ms is what the writer saw */
	const struct appraisal_note *note;
	const struct interview *interview;
	struct improvement_view improvement;
	struct appraisal_view appraisal;
};

static int write_job(struct job *job, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, id_region(job->org), fn, job, info);
	arena_done(&job->own);
	return r;
}

/* The result, if there is one and the caller may see it. */
static int get_result(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		      struct result *ret_result, bool *ret_visible)
{
	struct campaign_org committee = {.path = call->path};
	struct err_info none = {0};
	struct hold hold;
	int r = store_result_get(tx, call->campaign.id, call->org.id, arena, ret_result);
	if (r == 0)
		*ret_result = (struct result){.status = "", .grade = -1, .stars = -1, .score = -1};
	if (r >= 0)
		r = store_hold_get(tx, call->campaign.id, call->org.id, arena, &hold);
	if (r < 0)
		return r;
	r = decide_committee(tx, call, arena, &committee, &none);
	if (r < 0 && r != ERR_STATE)
		return r;
	*ret_visible = decide_may_see(&call->access, committee.path, call->path, hold.state);
	return 0;
}

/* Why the table of gates forbids it now; NULL where it does not. */
static int ask(const struct gate_facts *facts, enum gate_action action, struct arena *arena,
	       const char **ret_why)
{
	struct err_info why = {0};
	*ret_why = NULL;
	if (gate_check(action, facts, &why) == 0)
		return 0;
	*ret_why = arena_strdup(arena, why.text);
	return *ret_why ? 0 : ERR_NOMEM;
}

/* ---- improvement ---- */

static int improvement_get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct improvement_view v = {.goal = ""};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->org,
			       job->arena, &v.call, info);
	if (r == 0)
		r = store_improvement_get(tx, job->campaign, job->org, job->arena, &v.plan);
	if (r == 0)
		r = get_result(tx, &v.call, job->arena, &v.result, &v.visible);
	if (r < 0)
		return r;
	if (v.visible && v.result.grade >= 0) {
		const struct scheme_grade *g = &v.call.scheme->grades[v.result.grade];
		v.goal = g->goal;
		v.measures = g->measures;
	}
	struct gate_facts facts = campaign_facts(&v.call);
	facts.decided = v.result.grade >= 0;
	v.may_write = v.call.org.category >= 0 &&
		      right_check(&v.call.access.holder, ACTION_SELF_WRITE, v.call.path);
	if ((r = ask(&facts, GATE_IMPROVEMENT, job->arena, &v.why_not)) < 0)
		return r;
	v.may_write &= !v.why_not;
	job->improvement = v;
	return 0;
}

int improvement_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		    struct arena *arena, struct improvement_view *ret_view, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = org, .arena = arena};
	int r = db_read(app->db, improvement_get_fn, &job, info);
	if (r == 0)
		*ret_view = job.improvement;
	return r;
}

static int check_plan(const struct improvement *p, const struct scheme_grade *grade,
		      struct err_info *info)
{
	int r = decide_need(p->goal, "目标", info);
	if (r == 0)
		r = decide_need(p->owner, "责任人", info);
	if (r == 0 && (grade->measures || (p->measures && *p->measures)))
		r = decide_need(p->measures, "措施", info);
	if (r == 0 && p->problems && *p->problems)
		r = decide_need(p->problems, "存在的问题", info);
	if (r == 0 && p->due_day && (!day_valid(p->due_day) || p->due_day % 100 == 0))
		return err_set(info, ERR_INPUT, "完成的日期不对，应写成 2026-03-27 的样子");
	return r;
}

/* Enters for the plan and looks whether it may be written. */
static int improvement_enter(struct db_tx *tx, struct job *job, struct campaign_call *ret_call,
			     struct err_info *info)
{
	struct result result = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_SELF_WRITE, job->campaign, job->org,
			       &job->own, ret_call, info);
	if (r == 0)
		r = store_result_get(tx, job->campaign, job->org, &job->own, &result);
	if (r < 0)
		return r;
	struct gate_facts facts = campaign_facts(ret_call);
	facts.decided = r && result.grade >= 0;
	r = gate_check(GATE_IMPROVEMENT, &facts, info);
	return r < 0 ? r : check_plan(job->plan, &ret_call->scheme->grades[result.grade], info);
}

int improvement_check(struct db_tx *tx, struct app *app, const struct caller *caller, int64_t campaign,
		      const struct improvement *plan, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = plan->org,
			  .plan = plan};
	struct campaign_call call;
	int r = improvement_enter(tx, &job, &call, info);
	arena_done(&job.own);
	return r;
}

static int improvement_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct improvement p = *job->plan, before;
	struct campaign_call call;
	arena_done(&job->own);
	int r = improvement_enter(tx, job, &call, info);
	if (r < 0 ||
	    (r = store_improvement_get(tx, job->campaign, job->org, &job->own, &before)) < 0)
		return r;
	if (job->seen && before.at_ms != p.at_ms)
		return err_set(info, ERR_CONFLICT, "“%s”的目标和措施刚被别人改过，请再试一次", call.org.name);
	p.org = job->org;
	p.path = call.path;
	p.problems = p.problems ? p.problems : "";
	p.measures = p.measures ? p.measures : "";
	p.account = job->caller->account;
	p.at_ms = job->caller->now_ms;
	if ((r = store_improvement_put(tx, job->campaign, &p)) < 0 ||
	    (r = decide_step(tx, &call, job->org, STEP_IMPROVEMENT, STEP_DONE, "")) < 0)
		return r;
	return app_audit(tx, &call.access, "improvement.put", job->org, call.campaign.title,
			 before.at_ms ? arena_printf(&job->own, "%s\n%s\n%s", before.goal,
						     before.measures, before.owner) : "",
			 arena_printf(&job->own, "%s\n%s\n%s", p.goal, p.measures, p.owner));
}

int improvement_put_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		       int64_t campaign, const struct improvement *plan, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = plan->org,
			  .plan = plan, .seen = true};
	int r = improvement_fn(tx, &job, info);
	arena_done(&job.own);
	return r;
}

int improvement_put(struct app *app, const struct caller *caller, int64_t campaign,
		    const struct improvement *plan, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = plan->org,
			  .plan = plan};
	return write_job(&job, improvement_fn, info);
}

/* ---- appraisal ---- */

const char *appraisal_kind_label(enum appraisal_kind kind)
{
	static const char *const labels[APPRAISAL_KINDS] = {
		[APPRAISAL_FACT] = "述职前调研", [APPRAISAL_REPORT] = "述职",
		[APPRAISAL_COMMENT] = "现场点评", [APPRAISAL_DELEGATE] = "党代表发言",
		[APPRAISAL_PRAISE] = "表彰",
	};
	return kind >= 0 && kind < APPRAISAL_KINDS ? labels[kind] : "";
}

static int find_stuck(struct db_tx *tx, struct job *job, struct appraisal_view *v)
{
	struct past_low *low = NULL;
	int n = 0;
	char path[ORG_PATH_MAX];
	v->stuck_years = v->call.scheme->cases.stuck_years;
	int r = store_org_path(tx, job->org, path);
	if (r > 0)
		r = store_past_low(tx, path, v->call.campaign.year - 1, v->stuck_years, job->arena, &low, &n);
	else if (r == 0)
		return 0;
	if (r < 0)
		return r;
	v->stuck = arena_zalloc(job->arena, (size_t)n + 1, sizeof(*v->stuck));
	if (!v->stuck)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		v->stuck[v->n_stuck++] = (struct stuck_org){low[i].org, low[i].code, low[i].name,
							    v->stuck_years};
	return 0;
}

/* Who judges it, what the caller may do there, and the live scoring held there. */
static int find_sessions(struct db_tx *tx, struct job *job, struct appraisal_view *v)
{
	const struct right_holder *who = &v->call.access.holder;
	struct err_info none = {0};
	struct live_session *all;
	int n, r = decide_committee(tx, &v->call, job->arena, &v->committee, &none);
	if (r < 0)
		return r == ERR_STATE ? 0 : r;
	v->may_score = right_check(who, ACTION_SCORE_WRITE, v->call.path);
	for (int i = 0; i < v->call.scheme->n_sources; i++)
		v->may_live |= v->call.scheme->sources[i].who == RATED_BY_LIVE &&
			       right_check(who, ACTION_LIVE_WRITE, v->call.path);
	if ((r = store_live_list(tx, job->campaign, job->arena, &all, &n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (all[i].node == v->committee.id)
			all[v->n_sessions++] = all[i];
	v->sessions = all;
	return 0;
}

static int find_year(struct db_tx *tx, struct job *job, struct appraisal_view *v)
{
	struct rectified_year *years;
	int n;
	if (v->call.campaign.kind != CAMPAIGN_APPRAISAL || v->call.org.category < 0)
		return 0;
	int r = rectified_load(tx, &v->call, job->arena, &years, &n);
	v->year = r == 0 && n ? years : NULL;
	return r;
}

static int appraisal_get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct appraisal_view v = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->org,
			       job->arena, &v.call, info);
	if (r == 0)
		r = store_appraisal_notes(tx, job->campaign, job->org, job->arena, &v.notes, &v.n_notes);
	if (r == 0)
		r = store_interview_list(tx, job->campaign, v.call.path, job->arena, &v.interviews,
					 &v.n_interviews);
	if (r == 0)
		r = get_result(tx, &v.call, job->arena, &v.result, &v.visible);
	if (r == 0)
		r = find_stuck(tx, job, &v);
	if (r < 0)
		return r;
	const struct gate_facts facts = campaign_facts(&v.call);
	v.may_write = right_check(&v.call.access.holder, ACTION_REVIEW, v.call.path);
	if ((r = ask(&facts, GATE_APPRAISAL, job->arena, &v.why_not)) == 0)
		r = find_sessions(tx, job, &v);
	if (r == 0)
		r = find_year(tx, job, &v);
	v.may_write &= !v.why_not;
	job->appraisal = v;
	return r;
}

int appraisal_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		  struct arena *arena, struct appraisal_view *ret_view, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = org, .arena = arena};
	int r = db_read(app->db, appraisal_get_fn, &job, info);
	if (r == 0)
		*ret_view = job.appraisal;
	return r;
}

static int enter_appraisal(struct db_tx *tx, struct job *job, struct campaign_call *call,
			   struct err_info *info)
{
	arena_done(&job->own);
	int r = campaign_enter(tx, job->app, job->caller, ACTION_REVIEW, job->campaign, job->org,
			       &job->own, call, info);
	return r < 0 ? r : campaign_gate(call, GATE_APPRAISAL, info);
}

static int check_day(int32_t day, int32_t today, struct err_info *info)
{
	if (!day || !day_valid(day) || day % 100 == 0 || day > today)
		return err_set(info, ERR_INPUT, "日期不对，应为今天或以前的某一天");
	return 0;
}

static int note_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct appraisal_note n = *job->note;
	struct campaign_call call;
	int r = enter_appraisal(tx, job, &call, info);
	if (r == 0 && (n.kind < 0 || n.kind >= APPRAISAL_KINDS))
		r = err_set(info, ERR_INPUT, "请选择是哪一类记录");
	if (r == 0 && call.org.category < 0)
		r = err_set(info, ERR_INPUT, "“%s”不参加这次述职评议", call.org.name);
	if (r == 0)
		r = decide_need(n.text, "内容", info);
	if (r == 0)
		r = decide_need(n.by_whom, "是谁", info);
	if (r == 0)
		r = check_day(n.day, job->caller->today, info);
	n.account = job->caller->account;
	n.at_ms = job->caller->now_ms;
	if (r == 0)
		r = store_appraisal_note_add(tx, job->campaign, &n);
	if (r < 0)
		return r;
	return app_audit(tx, &call.access, "appraisal.note", job->org, call.campaign.title, "",
			 arena_printf(&job->own, "%s（%s）：%s", appraisal_kind_label(n.kind), n.by_whom,
				      n.text));
}

int appraisal_note_add(struct app *app, const struct caller *caller, int64_t campaign,
		       const struct appraisal_note *note, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = note->org,
			  .note = note};
	return write_job(&job, note_fn, info);
}

static int interview_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct interview v = *job->interview;
	struct campaign_call call;
	int r = enter_appraisal(tx, job, &call, info);
	if (r == 0)
		r = decide_need(v.person, "约谈对象", info);
	if (r == 0)
		r = decide_need(v.by_whom, "约谈人", info);
	if (r == 0)
		r = decide_need(v.reason, "约谈原因", info);
	if (r == 0)
		r = decide_need(v.outcome, "提出的要求", info);
	if (r == 0)
		r = check_day(v.day, job->caller->today, info);
	v.path = call.path;
	v.account = job->caller->account;
	v.at_ms = job->caller->now_ms;
	if (r == 0)
		r = store_interview_insert(tx, job->campaign, &v);
	if (r < 0)
		return r;
	return app_audit(tx, &call.access, "interview.add", job->org, call.campaign.title, "",
			 arena_printf(&job->own, "%s 约谈 %s：%s", v.by_whom, v.person, v.reason));
}

int interview_add(struct app *app, const struct caller *caller, int64_t campaign,
		  const struct interview *interview, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = interview->org,
			  .interview = interview};
	return write_job(&job, interview_fn, info);
}
