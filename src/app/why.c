/* SPDX-License-Identifier: Apache-2.0 */
#include "app/why.h"

#include "app/grading.h"
#include "domain/floor.h"
#include "report/explain.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, org;
	struct arena *arena;
	struct why_view *view;
};

void why_view_done(struct why_view *v)
{
	if (!v)
		return;
	explanation_done(&v->explanation);
	campaign_grading_done(&v->grading);
	*v = (struct why_view){0};
}

/* May the caller see the figures, and which? */
static int find_out(struct db_tx *tx, struct job *job, struct err_info *info)
{
	struct why_view *v = job->view;
	struct campaign_org committee;
	int r = decide_committee(tx, &v->call, job->arena, &committee, info);
	if (r == 0)
		r = store_hold_get(tx, job->campaign, job->org, job->arena, &v->hold);
	if (r == 0)
		r = store_result_get(tx, job->campaign, job->org, job->arena, &v->result);
	if (r < 0)
		return r;
	if (!r)
		v->result = (struct result){.status = "", .grade = -1, .stars = -1, .score = -1,
					    .approval = -1, .computed = -1, .by_score = -1, .quota = -1};
	v->visible = decide_may_see(&v->call.access, committee.path, v->call.path, v->hold.state);
	if (!v->visible) {
		v->why_not = v->hold.state == HOLD_RETURNED || v->hold.state == HOLD_REOPENED
			? "结果正在重新评定" : "结果还没有公示、报送";
		return 0;
	}
	r = decide_approves(tx, &v->call.access, v->call.path, v->result.approval, job->arena,
			    &v->approves);
	if (r == 0)
		r = decide_floor(tx, &v->call, job->org, v->approves, job->arena, &v->floor);
	return r < 0 ? r : decide_hides_ranks(tx, &v->call.access, &v->call.campaign, v->call.scheme, v->call.path,
					      job->arena, &v->hides_ranks);
}

static int explain(struct db_tx *tx, struct job *job, struct err_info *info)
{
	struct why_view *v = job->view;
	const struct campaign_grading_wish wish = {.computed = true};
	struct explain_cell *cells;
	size_t n;
	int r = campaign_grading_load(tx, &v->call.campaign, v->call.scheme, &wish, &v->grading, info);
	if (r < 0)
		return r;
	v->node = campaign_grading_node(&v->grading, job->org);
	if (v->node == ORG_NONE)
		return err_set(info, ERR_NOT_FOUND, "“%s”不参加定级", v->call.org.name);
	r = campaign_grading_cells(tx, &v->grading, job->campaign, v->node, job->arena, &cells, &n, info);
	if (r < 0)
		return r;
	if (explain_run(&v->explanation, &v->grading.graded, &v->grading.orgs, v->node, cells, n,
			grading_threads()) < 0)
		return err_nomem(info);
	return 0;
}

/* A neighbour's score is shown where its own page would show it. */
static int check_neighbour(struct db_tx *tx, struct job *job, uint32_t node)
{
	struct why_view *v = job->view;
	struct campaign_call at = v->call;
	struct campaign_org committee = {.path = ""};
	struct err_info none = {0};
	struct result result = {0};
	struct hold hold = {0};
	bool approves = false;
	unsigned show = 0;
	if (node == ORG_NONE || v->n_hidden == WHY_HIDDEN_MAX || !why_shows(v, node))
		return 0;
	int64_t org = v->grading.ids[node];
	int r = store_campaign_org_get(tx, job->campaign, org, job->arena, &at.org);
	if (r > 0)
		r = store_hold_get(tx, job->campaign, org, job->arena, &hold);
	if (r == 0)
		r = store_result_get(tx, job->campaign, org, job->arena, &result);
	if (r > 0)
		r = decide_approves(tx, &v->call.access, at.org.path, result.approval, job->arena,
				    &approves);
	if (r == 0)
		r = decide_floor(tx, &v->call, org, approves, job->arena, &show);
	if (r < 0)
		return r;
	if (decide_committee(tx, &at, job->arena, &committee, &none) < 0 ||
	    !decide_may_see(&v->call.access, committee.path, at.org.path, hold.state) ||
	    !(show & FLOOR_COMPOSITE))
		v->hidden[v->n_hidden++] = node;
	return 0;
}

/* Whoever stands next to one line often stands next to another, too. */
static void add_neighbour(uint32_t node, uint32_t *nodes, int *n)
{
	for (int i = 0; i < *n; i++)
		if (nodes[i] == node)
			return;
	if (node != ORG_NONE && *n < WHY_HIDDEN_MAX)
		nodes[(*n)++] = node;
}

static int check_neighbours(struct db_tx *tx, struct job *job)
{
	const struct why_view *v = job->view;
	const struct explanation *e = &v->explanation;
	const struct scheme *s = v->call.scheme;
	uint32_t nodes[WHY_HIDDEN_MAX];
	struct campaign_org *orgs = arena_zalloc(job->arena, WHY_HIDDEN_MAX, sizeof(*orgs));
	int64_t ids[2 * WHY_HIDDEN_MAX];
	int n = 0;
	if (!orgs)
		return db_doom_nomem(tx);
	if (v->hides_ranks || v->grading.graded.status[v->node] != STATUS_GRADED)
		return 0;
	add_neighbour(e->above, nodes, &n);
	add_neighbour(e->below, nodes, &n);
	for (int i = 0; i < s->n_quotas; i++) {
		add_neighbour(e->quotas[i].last_moved, nodes, &n);
		add_neighbour(e->quotas[i].first_spared, nodes, &n);
	}
	for (int i = 0; i < s->n_stars; i++) {
		add_neighbour(e->stars[i].last_given, nodes, &n);
		add_neighbour(e->stars[i].first_left, nodes, &n);
	}
	for (int i = 0; i < n; i++) {
		uint32_t above = orgs_parent(&v->grading.orgs, nodes[i]);
		ids[2 * i] = orgs[i].id = v->grading.ids[nodes[i]];
		ids[2 * i + 1] = above == ORG_NONE ? 0 : v->grading.ids[above];
	}
	int r = store_holds_know(tx, job->campaign, orgs, n);
	if (r == 0)
		r = store_results_know(tx, job->campaign, orgs, n);
	if (r == 0)
		r = store_campaign_orgs_know(tx, job->campaign, ids, 2 * n);
	if (r == 0)
		r = store_orgs_know(tx, ids, 2 * n);
	for (int i = 0; r == 0 && i < n; i++)
		r = check_neighbour(tx, job, nodes[i]);
	return r;
}

bool why_shows(const struct why_view *v, uint32_t node)
{
	for (int i = 0; !v->hides_ranks && i < v->n_hidden; i++)
		if (v->hidden[i] == node)
			return false;
	return !v->hides_ranks;
}

/* What was decided since. */
static int load_decisions(struct db_tx *tx, struct job *job)
{
	struct why_view *v = job->view;
	struct adjustment *list;
	struct meeting *meetings;
	struct campaign_org committee;
	struct err_info none = {0};
	int n, r = store_adjustment_list(tx, job->campaign, job->org, job->arena, &list, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (list[i].meeting)
			v->adjustment = &list[i];
	if (r == 0 && decide_committee(tx, &v->call, job->arena, &committee, &none) == 0)
		r = store_meeting_list(tx, job->campaign, committee.id, job->arena, &meetings, &n);
	else
		n = 0;
	for (int i = 0; r == 0 && i < n && !v->meeting; i++)
		if (meetings[i].kind == MEETING_GRADING)
			v->meeting = &meetings[i];
	if (r == 0)
		r = store_hold_events(tx, job->campaign, job->org, job->arena, &v->events, &v->n_events);
	if (r == 0)
		r = store_past_list(tx, job->org, job->arena, &v->past, &v->n_past);
	if (r == 0)
		r = decide_past(tx, job->app, &v->call.access, v->call.path, v->past, v->n_past, job->arena);
	return r;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct why_view *v = job->view;
	why_view_done(v);
	v->node = ORG_NONE;
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->org,
			       job->arena, &v->call, info);
	if (r < 0)
		return r;
	if (v->call.org.category < 0) {
		v->why_not = "它不参加定级";
		return 0;
	}
	r = find_out(tx, job, info);
	if (r == 0 && v->visible)
		r = explain(tx, job, info);
	if (r == 0 && v->visible)
		r = check_neighbours(tx, job);
	if (r == 0 && v->visible)
		r = load_decisions(tx, job);
	return r;
}

int why_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	    struct arena *arena, struct why_view *ret_view, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .org = org, .arena = arena,
			  .view = ret_view};
	*ret_view = (struct why_view){0};
	int r = db_read(app->db, get_fn, &job, info);
	if (r < 0)
		why_view_done(ret_view);
	return r;
}

int why_json(const struct why_view *v, struct buf *buf, struct err_info *info)
{
	const unsigned all = FLOOR_COMPOSITE | FLOOR_SHARES | FLOOR_BY_CLASS;
	if (!v->visible)
		return err_set(info, ERR_DENIED, "还不能看，因为%s", v->why_not);
	if ((v->floor & all) != all)
		return err_set(info, ERR_DENIED, "参加测评的人太少，为了保密只公布等次");
	if (v->hides_ranks)
		return err_set(info, ERR_DENIED, "一起排名的有的参加测评的人太少，为了保密不给出全部算法");
	if (v->n_hidden)
		return err_set(info, ERR_DENIED, "线边的党组织有的还不能看得分，不能给出全部算法");
	return explain_write_json(&v->explanation, buf) < 0 ? err_nomem(info) : 0;
}
