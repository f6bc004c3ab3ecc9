/* SPDX-License-Identifier: Apache-2.0 */
#include "app/helpers.h"

#include <string.h>

#include "app/ledger_in.h"
#include "domain/day.h"
#include "domain/day_math.h"

enum { AWAY_DAYS = 90 };

const char *goal_verdict_label(enum goal_verdict verdict)
{
	static const char *const labels[GOAL_VERDICTS] = {"还没有考核", "完成", "部分完成", "没有完成"};
	return verdict >= 0 && verdict < GOAL_VERDICTS ? labels[verdict] : "";
}

struct job {
	const struct caller *caller;
	int64_t node;
	struct arena *arena;
	struct access access;
	struct helpers out;
};

static bool is_his(const struct case_visit *v, const struct case_helper *h)
{
	return v->helper == h->seq || (!v->helper && strcmp(v->name, h->name) == 0);
}

static int add_goals(struct db_tx *tx, struct job *job, struct helpers_row *row, const struct helper_goal *goals,
		     int n, const struct case_visit *visits, int n_visits)
{
	row->goals = arena_zalloc(job->arena, (size_t)n + 1, sizeof(*row->goals));
	if (!row->goals)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		if (goals[i].helper != row->helper.seq)
			continue;
		struct helpers_goal *g = &row->goals[row->n_goals++];
		g->goal = goals[i];
		for (int v = 0; v < n_visits; v++)
			g->visits += is_his(&visits[v], &row->helper) && visits[v].day >= g->goal.from_day &&
				     visits[v].day <= g->goal.to_day;
	}
	return 0;
}

static int add_case(struct db_tx *tx, struct job *job, const struct ledger_case *c)
{
	struct helpers *out = &job->out;
	struct case_helper *helpers;
	struct case_visit *visits;
	struct helper_goal *goals;
	int n, n_visits, n_goals, r = store_helpers(tx, c->id, job->arena, &helpers, &n);
	if (r == 0)
		r = store_visits(tx, c->id, job->arena, &visits, &n_visits);
	if (r == 0)
		r = store_goals(tx, c->id, job->arena, &goals, &n_goals);
	for (int i = 0; r == 0 && i < n && out->n < HELPERS_ROWS_MAX; i++) {
		struct helpers_row *row = &out->rows[out->n];
		if (helpers[i].to_day)
			continue;
		*row = (struct helpers_row){.c = c, .helper = helpers[i],
			.may_set = right_check(&job->access.holder, ACTION_CASE_WRITE, c->org_path),
			.may_judge = right_check(&job->access.holder, ACTION_CASE_ACCEPT, c->org_path)};
		for (int v = 0; v < n_visits; v++)
			if (is_his(&visits[v], &row->helper) && visits[v].day > row->last_day)
				row->last_day = visits[v].day;
		int away = row->helper.every_days ? row->helper.every_days : AWAY_DAYS;
		int32_t since = row->last_day ? row->last_day : row->helper.from_day;
		row->absent = !row->last_day || day_between(since, job->caller->today) > away;
		r = add_goals(tx, job, row, goals, n_goals, visits, n_visits);
		out->n++;
		out->n_absent += row->absent;
		out->n_without_goal += !row->n_goals;
	}
	return r;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct helpers *out = &job->out;
	struct ledger_case *cases;
	char path[ORG_PATH_MAX];
	int n;
	*out = (struct helpers){0};
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->node, job->arena, &job->access, path, info);
	if (r < 0 || (r = store_org_get(tx, job->node, job->arena, &out->node)) < 0 ||
	    (r = store_org_breadcrumb(tx, path, job->arena, &out->crumbs, &out->n_crumbs)) < 0 ||
	    (r = store_case_list(tx, path, -1, job->arena, &cases, &n)) < 0 ||
	    (r = store_helpers_know(tx, path)) < 0 || (r = store_visits_know(tx, path)) < 0 ||
	    (r = store_goals_know(tx, path)) < 0)
		return r;
	app_cut_crumbs(&job->access, &out->crumbs, &out->n_crumbs);
	out->rows = arena_zalloc(job->arena, HELPERS_ROWS_MAX, sizeof(*out->rows));
	if (!out->rows)
		return db_doom_nomem(tx);
	for (int i = 0; r >= 0 && i < n; i++)
		if (case_is_open(cases[i].state))
			r = add_case(tx, job, &cases[i]);
	return r < 0 ? r : 0;
}

int helpers_get(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct helpers *ret, struct err_info *info)
{
	struct job job = {.caller = caller, .node = node, .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret = job.out;
	return r;
}

/* ---- writing ---- */

static int find_helper(struct db_tx *tx, struct ledger_work *work, int seq, const char **ret_name,
		       struct err_info *info)
{
	struct case_helper *helpers;
	int n, r = store_helpers(tx, work->c.id, &work->arena, &helpers, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (helpers[i].seq == seq) {
			*ret_name = helpers[i].name;
			return 0;
		}
	return r < 0 ? r : err_set(info, ERR_INPUT, "台账里没有这名帮扶人");
}

static int find_goal(struct db_tx *tx, struct ledger_work *work, int seq, struct helper_goal *ret_goal,
		     struct err_info *info)
{
	struct helper_goal *goals;
	int n, r = store_goals(tx, work->c.id, &work->arena, &goals, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (goals[i].seq == seq) {
			*ret_goal = goals[i];
			return 0;
		}
	return r < 0 ? r : err_set(info, ERR_INPUT, "没有这个目标");
}

static int set_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct helper_goal g = *(const struct helper_goal *)work->in, before = {0};
	const char *name = "";
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r == 0)
		r = ledger_check_open(work, info);
	if (r == 0 && g.seq && (r = find_goal(tx, work, g.seq, &before, info)) == 0 && before.verdict != GOAL_OPEN)
		r = err_set(info, ERR_STATE, "这个目标已经考核过，不能再改");
	if (r == 0)
		r = find_helper(tx, work, g.helper, &name, info);
	if (r == 0)
		r = ledger_check_text("做到什么", g.text, true, info);
	if (r == 0 && (!day_valid(g.from_day) || !day_valid(g.to_day) || g.from_day % 100 == 0 || g.to_day % 100 == 0 ||
		       g.from_day > g.to_day))
		r = err_set(info, ERR_INPUT, "起止日期不对，开始不能晚于结束");
	if (r == 0 && (g.visits < 0 || g.visits > 1000))
		r = err_set(info, ERR_INPUT, "走访次数不对");
	g.case_id = work->c.id;
	g.verdict = GOAL_OPEN;
	g.reason = g.judge = "";
	g.judged_day = 0;
	if (r < 0 || (r = store_goal_put(tx, &g)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_HELPER, work->c.state, 0,
			    arena_printf(&work->arena, "%s的目标：%s", name, g.text), info);
}

int helpers_set_goal(struct app *app, const struct caller *caller, const struct helper_goal *goal,
		     struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = goal->case_id, .fn = set_fn, .in = goal};
	return ledger_run(&work, info);
}

static int judge_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct helper_goal g = {0};
	const char *name = "";
	int r = ledger_may(work, ACTION_CASE_ACCEPT, ACTION_CASE_ACCEPT, info);
	if (r == 0)
		r = find_goal(tx, work, (int)work->number, &g, info);
	if (r == 0)
		r = find_helper(tx, work, g.helper, &name, info);
	if (r == 0 && (work->choice <= GOAL_OPEN || work->choice >= GOAL_VERDICTS))
		r = err_set(info, ERR_INPUT, "请选择完成得怎么样");
	if (r == 0 && work->caller->today < g.from_day)
		r = err_set(info, ERR_STATE, "这段时间还没有开始，不能考核");
	if (r == 0)
		r = ledger_check_text("理由", work->text, work->choice != GOAL_MET, info);
	if (r < 0)
		return r;
	g.verdict = (enum goal_verdict)work->choice;
	g.reason = work->text;
	g.judge = work->access.label;
	g.judged_day = work->caller->today;
	if ((r = store_goal_put(tx, &g)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_HELPER, work->c.state, 0,
			    arena_printf(&work->arena, "%s的目标考核：%s%s%s", name, goal_verdict_label(g.verdict),
					 *g.reason ? "，" : "", g.reason), info);
}

int helpers_judge(struct app *app, const struct caller *caller, int64_t case_id, int seq,
		  enum goal_verdict verdict, const char *reason, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = judge_fn,
				   .number = seq, .choice = (int)verdict, .text = reason};
	return ledger_run(&work, info);
}
