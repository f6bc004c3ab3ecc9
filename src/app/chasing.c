/* SPDX-License-Identifier: Apache-2.0 */
#include "app/chasing.h"

#include <stdlib.h>

#include "app/scores.h"
#include "base/buf.h"
#include "domain/day_math.h"
#include "store/id.h"
#include "store/self_report.h"

/* ---- who is late ---- */

struct look {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;
	struct chasing *out;
	struct campaign_org *orgs;	/* the tree below the node, by path */
	int n_orgs;
	struct duty *duties;
	int n_duties, cap;
};

/* Organisations of one group that are not through a step. */
struct group {
	const struct campaign_org *node;
	int64_t n;
	int named;
	struct buf names;
};

static bool through(enum step_state state)
{
	return state == STEP_DONE || state == STEP_WAIVED;
}

static int add_row(struct look *look, const struct campaign_step *step, struct group *group)
{
	struct chasing *out = look->out;
	const char *label = out->detail.scheme->steps[step->step].label;

	if (!group->n)
		return 0;
	if (out->n == CHASE_ROWS_MAX) {
		out->cut = true;
		return 0;
	}
	struct chase_row *row = &out->rows[out->n];
	*row = (struct chase_row){
		.step = step->step, .node = group->node->id,
		.name = arena_strdup(look->arena, group->node->name), .n = group->n,
		.to_day = step->to_day, .days = day_between(step->to_day, look->caller->today),
	};
	if (group->node->category >= 0)
		row->what = arena_printf(look->arena, "“%s”没有完成", label);
	else
		row->what = arena_printf(look->arena, "“%s”还有 %lld 个没有完成：%s%s", label,
					 (long long)group->n, buf_str(&group->names),
					 group->n > group->named ? "等" : "");
	if (!row->name || !row->what || group->names.failed)
		return ERR_NOMEM;
	out->n++;
	return 0;
}

static void count_one(struct group *group, const struct campaign_org *org)
{
	group->n++;
	if (group->named == CHASE_NAMES)
		return;
	buf_addf(&group->names, "%s%s", group->named ? "、" : "", org->name);
	group->named++;
}

/* One step: the children of the node below it are the groups; below a township
 * each branch is one. Both lists are by path. */
static int chase_step(struct db_tx *tx, struct look *look, const struct campaign_step *step)
{
	const struct campaign_org *top = look->orgs;
	struct org_step *states;
	struct group group = {0};
	int n, at = 0, r;

	r = store_org_steps_below(tx, look->campaign, top->path, step->step, look->arena, &states, &n);
	for (int i = 0; r == 0 && i < look->n_orgs; i++) {
		const struct campaign_org *org = &look->orgs[i];
		if (org->parent == top->id || i == 0) {
			r = group.node ? add_row(look, step, &group) : 0;
			group.node = org;
			group.n = group.named = 0;
			buf_clear(&group.names);
		}
		if (org->category < 0)
			continue;
		bool has = at < n && states[at].org == org->id;
		if (!has || !through(states[at].state))
			count_one(&group, org);
		at += has;
	}
	if (r == 0 && group.node)
		r = add_row(look, step, &group);
	buf_done(&group.names);
	return r < 0 ? (r == ERR_NOMEM ? db_doom_nomem(tx) : r) : 0;
}

static int chase_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct chasing *out = look->out;
	struct campaign_call call;

	int r = campaign_enter(tx, look->app, look->caller, ACTION_CAMPAIGN_READ, look->campaign,
			       look->node, look->arena, &call, info);
	if (r == 0)
		r = store_campaign_orgs(tx, look->campaign, call.path, false, look->arena, &look->orgs,
					&look->n_orgs);
	if (r < 0)
		return r;
	out->n = 0;
	out->cut = false;
	out->rows = arena_zalloc(look->arena, CHASE_ROWS_MAX, sizeof(*out->rows));
	if (!out->rows)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < call.scheme->n_steps; i++) {
		const struct campaign_step *step = &out->detail.steps[i];
		if (step->to_day &&
		    day_between(look->caller->today, step->to_day) <= CHASE_SOON_DAYS)
			r = chase_step(tx, look, step);
	}
	return r;
}

int chasing_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		 struct arena *arena, struct chasing *ret_chasing, struct err_info *info)
{
	struct chasing out = {0};
	int r = campaigns_get(app, caller, campaign, node, arena, &out.detail, info);
	if (r < 0)
		return r;
	struct look look = {.app = app, .caller = caller, .campaign = campaign,
			    .node = out.detail.org.id, .arena = arena, .out = &out};
	r = db_read(app->db, chase_fn, &look, info);
	if (r == 0)
		*ret_chasing = out;
	return r;
}

/* ---- what a branch is to do ---- */

static int add_duty(struct db_tx *tx, struct look *look, const struct duty *duty)
{
	if (look->n_duties == look->cap) {
		int cap = look->cap ? 2 * look->cap : 16;
		struct duty *duties = arena_zalloc(look->arena, (size_t)cap, sizeof(*duties));
		if (!duties)
			return db_doom_nomem(tx);
		if (look->n_duties)
			memcpy(duties, look->duties, (size_t)look->n_duties * sizeof(*duties));
		look->duties = duties;
		look->cap = cap;
	}
	look->duties[look->n_duties++] = *duty;
	return 0;
}

/* Whose a step is: by the scheme's word, but what is asked of voters and of the
 * committee is never the branch's. */
static bool is_of(const struct scheme *scheme, const struct scheme_step *step, enum role role, enum level level)
{
	bool above = step->kind == STEP_BALLOT || step->kind == STEP_GRADING;
	switch (role) {
	case ROLE_CLERK:
		return step->who == WHO_UNIT && !above;
	case ROLE_TOWNSHIP:
		return step->who == WHO_TOWNSHIP || step->who == WHO_TEAM ||
		       (step->who == WHO_UNIT && above);
	case ROLE_SURVEYOR:
		return step->kind == STEP_SURVEY;
	case ROLE_OFFICER:
		/* Who looks into committees is sent by the level above them (CT-9). */
		return (int)step->who == (int)level || (step->who == WHO_INSPECTOR && level == LEVEL_COUNTY) ||
		       (step->who == WHO_TEAM && scheme->graded < LEVEL_UNIT && level + 1 == scheme->graded);
	default:
		return false;
	}
}

static int duty_of(struct db_tx *tx, struct look *look, const struct campaign_call *call, int i,
		   const struct campaign_step *days, const struct step_count *counts)
{
	const struct scheme_step *step = &call->scheme->steps[i];
	struct duty duty = {
		.campaign = call->campaign.id, .org = call->org.id,
		.campaign_title = call->campaign.title, .org_name = call->org.name,
		.step = i, .kind = step->kind, .label = step->label, .notes = step->notes,
		.reason = "", .from_day = days[i].from_day, .to_day = days[i].to_day,
		.days = days[i].to_day ? day_between(days[i].to_day, look->caller->today) : INT64_MIN,
		.may_mark = step->kind == STEP_OTHER &&
			    right_check(&call->access.holder, ACTION_SUBMIT, call->path),
	};
	if (counts) {
		duty.below = true;
		for (int s = 0; s < STEP_STATE_COUNT; s++)
			duty.all += counts[i].n[s];
		if (!duty.all)
			return 0;
		duty.open = duty.all - counts[i].n[STEP_DONE] - counts[i].n[STEP_WAIVED];
		duty.state = !duty.open ? STEP_DONE : duty.open < duty.all ? STEP_BEGUN : STEP_NOT_BEGUN;
	} else {
		duty.state = call->steps[i].state;
		if (duty.state == STEP_RETURNED)
			duty.reason = call->steps[i].note;
	}
	return add_duty(tx, look, &duty);
}

/* A branch scores its neighbours while the committee grades. */
static int mutual_of(struct db_tx *tx, struct look *look, const struct campaign_call *call,
		     const struct campaign_step *days)
{
	int step = campaign_step_of(call->scheme, STEP_GRADING), source = 0;
	while (source < call->scheme->n_sources && call->scheme->sources[source].who != RATED_BY_MUTUAL)
		source++;
	if (step < 0 || source == call->scheme->n_sources)
		return 0;
	int r = duty_of(tx, look, call, step, days, NULL);
	if (r < 0)
		return r;
	struct duty *d = &look->duties[look->n_duties - 1];
	d->mutual = true;
	d->may_mark = false;
	d->label = call->scheme->sources[source].label;
	d->notes = "";
	return 0;
}

static int duties_of(struct db_tx *tx, struct look *look, const struct campaign *campaign,
		     const struct right_grant *grant, int64_t org, struct err_info *info)
{
	struct campaign_call call;
	struct campaign_step *days = NULL;
	struct step_count *counts = NULL;
	int n_days, r;

	r = campaign_enter(tx, look->app, look->caller,
			   grant->role == ROLE_SURVEYOR ? ACTION_SURVEY_WRITE : ACTION_CAMPAIGN_READ,
			   campaign->id, org, look->arena, &call, info);
	if (r == ERR_NOT_FOUND || r == ERR_DENIED || (r == 0 && grant->role == ROLE_CLERK && !call.steps))
		return 0;	/* it is not in this campaign, not graded, or judged by others */
	if (r == 0)
		r = store_campaign_steps(tx, campaign->id, look->arena, &days, &n_days);
	if (r == 0 && !call.steps)	/* what is itself graded acts for itself */
		r = store_step_counts(tx, campaign->id, org, call.scheme->n_steps, look->arena, &counts);
	for (int i = 0; r == 0 && i < call.scheme->n_steps; i++)
		if (is_of(call.scheme, &call.scheme->steps[i], grant->role, call.org.level) &&
		    (call.scheme->steps[i].kind != STEP_SURVEY ||
		     right_check(&call.access.holder, ACTION_SURVEY_WRITE, call.path)))
			r = duty_of(tx, look, &call, i, days, counts);
	return r || grant->role != ROLE_CLERK ? r : mutual_of(tx, look, &call, days);
}

/* What a cadre has to confirm: self-evaluations that were handed in, of the graded
 * organisations where he is (ZJ-9). */
static int confirmations_of(struct db_tx *tx, struct look *look, const struct campaign *campaign,
			    int64_t org, struct err_info *info)
{
	struct campaign_call call;
	struct campaign_step *days;
	struct campaign_org *orgs;
	int n_days, n, r = campaign_enter(tx, look->app, look->caller, ACTION_CAMPAIGN_READ, campaign->id,
					  org, look->arena, &call, info);
	if (r == ERR_NOT_FOUND || r == ERR_DENIED)
		return 0;
	int step = r < 0 ? -1 : campaign_step_of(call.scheme, STEP_SELF);
	if (r < 0 || step < 0 || !call.scheme->self.confirm)
		return r < 0 ? r : 0;
	r = store_campaign_steps(tx, campaign->id, look->arena, &days, &n_days);
	if (r == 0)
		r = store_campaign_orgs(tx, campaign->id, call.path, true, look->arena, &orgs, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct self_report report;
		call.org = orgs[i];
		r = store_org_steps(tx, campaign->id, orgs[i].id, call.scheme->n_steps, look->arena,
				    &call.steps);
		if (r < 0 || call.steps[step].state != STEP_BEGUN)
			continue;
		if ((r = store_self_get(tx, campaign->id, orgs[i].id, look->arena, &report)) < 0)
			return r;
		if (report.state != SELF_HANDED_IN)
			continue;
		r = duty_of(tx, look, &call, step, days, NULL);
		if (r == 0)
			look->duties[look->n_duties - 1].confirm = true;
	}
	return r;
}

/* The last number of "/1/12/". */
static int64_t last_of(const char *path)
{
	const char *p = path + strlen(path) - 1;
	while (p > path && p[-1] != '/')
		p--;
	return strtoll(p, NULL, 10);
}

static int duties_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	int r = app_who(tx, look->caller, look->arena, &access, info);

	look->n_duties = look->cap = 0;
	for (int i = 0; r == 0 && i < access.holder.n; i++) {
		const struct right_grant *grant = &access.holder.grants[i];
		struct campaign *campaigns;
		int n;
		if (grant->role != ROLE_CLERK && grant->role != ROLE_TOWNSHIP &&
		    grant->role != ROLE_OFFICER && grant->role != ROLE_CADRE && grant->role != ROLE_SURVEYOR)
			continue;
		r = store_campaign_list(tx, grant->path, false, look->arena, &campaigns, &n);
		for (int c = 0; r == 0 && c < n; c++)
			if (campaigns[c].state == CAMPAIGN_OPEN)
				r = grant->role == ROLE_CADRE
					? confirmations_of(tx, look, &campaigns[c], last_of(grant->path), info)
					: duties_of(tx, look, &campaigns[c], grant, last_of(grant->path), info);
	}
	return r;
}

static int urgency(const struct duty *d)
{
	if (d->state == STEP_RETURNED)
		return 0;
	return through(d->state) ? 2 : 1;
}

static int most_urgent_first(const void *a, const void *b)
{
	const struct duty *x = a, *y = b;
	if (urgency(x) != urgency(y))
		return urgency(x) - urgency(y);
	if (x->days != y->days)
		return x->days > y->days ? -1 : 1;
	if (x->campaign != y->campaign)
		return x->campaign < y->campaign ? -1 : 1;
	return x->org != y->org ? (x->org < y->org ? -1 : 1) : x->step - y->step;
}

/* The committee's own figures come before its meeting. */
static int find_unscored(struct look *look, struct duty *d, struct err_info *info)
{
	const struct score_query query = {.at = {SCORE_COMMITTEE, d->campaign, d->org, "", 0},
					  .category = -1, .counts = true};
	const struct rater none = {0};
	struct score_grid grid;
	if (d->kind != STEP_GRADING || !d->below || through(d->state))
		return 0;
	int r = scores_grid(look->app, look->caller, &query, look->arena, &grid, info);
	if (r == ERR_DENIED)
		return 0;
	if (r < 0 || !grid.counted || !grid.may_write)
		return r;
	for (int i = 0; i < grid.scheme->n_sources && !d->source; i++) {
		const struct scheme_source *source = &grid.scheme->sources[i];
		if (!score_door_writes(SCORE_COMMITTEE, source, &none) || grid.done[i] >= grid.n_orgs)
			continue;
		d->source = source->id;
		d->source_label = source->label;
		d->unscored = grid.n_orgs - grid.done[i];
	}
	return 0;
}

static int find_mutual(struct look *look, struct duty *d, struct err_info *info)
{
	if (!d->mutual)
		return 0;
	int r = scores_peers_left(look->app, look->caller, d->campaign, d->org, &d->unscored, &d->all, info);
	if (r == 0 && !through(d->state))
		d->state = !d->unscored ? STEP_DONE : d->unscored < d->all ? STEP_BEGUN : STEP_NOT_BEGUN;
	return r == ERR_DENIED ? 0 : r;
}

int duties_list(struct app *app, const struct caller *caller, struct arena *arena,
		struct duty **ret_duties, int *ret_n, struct err_info *info)
{
	struct look look = {.app = app, .caller = caller, .arena = arena};
	int r = db_read(app->db, duties_fn, &look, info);
	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < look.n_duties; i++)
		r = find_mutual(&look, &look.duties[i], info);
	if (look.n_duties)
		qsort(look.duties, (size_t)look.n_duties, sizeof(*look.duties), most_urgent_first);
	for (int i = 0; r == 0 && i < look.n_duties; i++)
		r = find_unscored(&look, &look.duties[i], info);
	*ret_duties = look.duties;
	*ret_n = look.n_duties;
	return r;
}

/* ---- steps marked by hand ---- */

struct mark {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node, n;
	int step;
	bool done;
	struct arena arena;
};

static int mark_all(struct db_tx *tx, struct mark *m, const struct campaign_call *call,
		    struct err_info *info)
{
	enum step_state state = m->done ? STEP_DONE : STEP_NOT_BEGUN;
	struct campaign_org *orgs;
	struct org_step *states;
	int n, n_states, at = 0, r;

	r = store_campaign_orgs(tx, m->campaign, call->path, true, &m->arena, &orgs, &n);
	if (r == 0 && n > MARK_MAX)
		return err_set(info, ERR_LIMIT, "一次最多登记 %d 个党组织，请分县登记", MARK_MAX);
	if (r == 0)
		r = store_org_steps_below(tx, m->campaign, call->path, m->step, &m->arena, &states, &n_states);
	/* Both are by path. */
	for (int i = 0; r == 0 && i < n; i++) {
		bool has = at < n_states && states[at].org == orgs[i].id;
		enum step_state before = has ? states[at].state : STEP_NOT_BEGUN;
		at += has;
		if (before == state)
			continue;
		m->n++;
		r = store_org_step_set(tx, m->campaign, orgs[i].id, m->step, state, m->caller->account,
				       m->caller->now_ms, "");
	}
	return r;
}

static int mark_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct mark *m = arg;
	struct campaign_call call;

	arena_done(&m->arena);
	m->n = 0;
	int r = campaign_enter(tx, m->app, m->caller, ACTION_SUBMIT, m->campaign, m->node, &m->arena, &call,
			       info);
	if (r == 0)
		r = campaign_gate(&call, GATE_MARK, info);
	if (r < 0)
		return r;
	if (m->step < 0 || m->step >= call.scheme->n_steps)
		return err_set(info, ERR_INPUT, "没有这个步骤");
	const struct scheme_step *step = &call.scheme->steps[m->step];
	if (step->kind != STEP_OTHER)
		return err_set(info, ERR_INPUT, "“%s”办完以后会自动登记，不用手工登记", step->label);
	if ((r = mark_all(tx, m, &call, info)) < 0)
		return r;
	return app_audit(tx, &call.access, "campaign.step", m->node,
			 arena_printf(&m->arena, "%s %s", call.campaign.title, step->label), "",
			 arena_printf(&m->arena, "%s：%lld 个党组织%s", call.org.name, (long long)m->n,
				      m->done ? "办完" : "改回没有办完"));
}

int duties_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node, int step,
		bool done, int64_t *ret_n, struct err_info *info)
{
	struct mark m = {.app = app, .caller = caller, .campaign = campaign, .node = node, .step = step,
			 .done = done};
	int r = db_write(app->db, id_region(node), mark_fn, &m, info);
	arena_done(&m.arena);
	if (r == 0)
		*ret_n = m.n;
	return r;
}
