/* SPDX-License-Identifier: Apache-2.0 */
#include "app/review.h"

#include "app/campaign_grading.h"

#include "domain/day.h"
#include "store/id.h"
#include "store/publicity.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;		/* of the caller, for what is returned */
	struct arena own;		/* emptied when the function runs again */
	struct review_view view;
	const char *signed_by, *note, *reason;
	const int64_t *orgs;
	int n;
	bool accept;
	int count;
};

static int write_job(struct job *job, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, id_region(job->node), fn, job, info);
	arena_done(&job->own);
	return r;
}

static bool is_below(const char *path, const char *top)
{
	return strncmp(path, top, strlen(top)) == 0;
}

/* The organisation above one of the campaign, in the tree of today. */
static int find_above(struct db_tx *tx, const struct campaign_org *org, struct arena *arena,
		      struct org *ret_above)
{
	struct org self;
	int r = store_org_get(tx, org->id, arena, &self);
	if (r > 0)
		r = self.parent ? store_org_get(tx, self.parent, arena, ret_above) : 0;
	return r;
}

/* ---- what is missing before it can be handed in ---- */

/* Handed in by the node, or by one above it. */
static bool is_handed_in(const struct decide_tree *t, const struct decide_org *o)
{
	if (o->hold.state != HOLD_SUBMITTED && o->hold.state != HOLD_ACCEPTED)
		return false;
	const struct decide_org *by = decide_find(t, o->hold.node);
	/* Those above the node are not in its tree. */
	return !by || by == &t->orgs[0];
}

static bool is_own(const struct decide_tree *t, const struct decide_org *o)
{
	return o->committee == &t->orgs[0];
}

static void count_missing(const struct decide_tree *t, struct gate_facts *f)
{
	for (int i = 0; i < t->n; i++) {
		const struct decide_org *o = &t->orgs[i];
		int64_t org = o->org.id;
		bool own = is_own(t, o);
		if (o->org.category < 0)
			continue;
		gate_count_one(&f->below, !own, org);
		if (is_handed_in(t, o))
			continue;
		gate_count_one(&f->to_hand_in, true, org);
		gate_count_one(&f->below_open, !own && o->hold.state != HOLD_ACCEPTED, org);
		gate_count_one(&f->undecided, own && o->grading != STEP_DONE && o->grading != STEP_WAIVED, org);
		/* What came back was shown before. */
		gate_count_one(&f->unshown, own && o->hold.state == HOLD_NONE, org);
	}
}

/* Notices of the node that are still up, and objections without an answer. */
static int count_notices(struct db_tx *tx, struct job *job, struct gate_facts *f,
			 struct arena *arena)
{
	struct publicity *list;
	struct objection *objections;
	int n, r = store_publicity_list(tx, job->campaign, job->node, arena, &list, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (!*list[i].withdrawn && list[i].to_day >= job->caller->today &&
		    list[i].to_day > f->shown_up_to)
			f->shown_up_to = list[i].to_day;
	if (r == 0)
		r = store_objection_list(tx, job->campaign, job->node, arena, &objections, &n);
	for (int i = 0; r == 0 && i < n; i++)
		gate_count_one(&f->unanswered, objections[i].outcome == OBJECTION_OPEN, objections[i].org);
	return r;
}

/* What gates handing in. */
static int make_gates(struct db_tx *tx, struct job *job, struct review_view *v, struct arena *arena)
{
	v->facts = campaign_facts(&v->call);
	count_missing(&v->tree, &v->facts);
	int r = count_notices(tx, job, &v->facts, arena);
	if (r == 0)
		gate_read(GATE_SUBMIT, &v->facts, &v->gate);
	return r;
}

/* ---- reading ---- */

/* The committees right below the node that hand in to it, and the node itself
 * where branches hang on it. */
static int make_children(struct db_tx *tx, struct review_view *v, struct arena *arena)
{
	struct decide_tree *t = &v->tree;
	v->children = arena_zalloc(arena, (size_t)t->n + 1, sizeof(*v->children));
	if (!v->children)
		return db_doom_nomem(tx);
	for (int i = 0; i < t->n; i++)
		if (t->orgs[i].committee == &t->orgs[0] && t->orgs[i].org.level < v->call.scheme->graded)
			v->children[v->n_children++].node = &t->orgs[i];
	for (int k = 0; k < v->n_children; k++) {
		struct review_child *c = &v->children[k];
		for (int i = 0; i < t->n; i++) {
			const struct decide_org *o = &t->orgs[i];
			if (o->org.category < 0 || !is_below(o->org.path, c->node->org.path))
				continue;
			c->orgs++;
			c->states[o->hold.state]++;
			c->ready += o->hold.state == HOLD_SUBMITTED && o->hold.node == c->node->org.id;
		}
	}
	return 0;
}

static int find_rights(struct db_tx *tx, struct job *job, struct review_view *v, struct arena *arena)
{
	const struct right_holder *who = &v->call.access.holder;
	struct org above;
	(void)job;
	v->may_submit = right_check(who, ACTION_SUBMIT, v->call.path);
	v->may_review = right_check(who, ACTION_REVIEW, v->call.path);
	v->may_unlock = right_check(who, ACTION_CAMPAIGN_WRITE, v->call.path);
	int r = find_above(tx, &v->call.org, arena, &above);
	if (r < 0)
		return r;
	v->above = r ? above.name : "";
	v->may_review_own = r && right_check(who, ACTION_REVIEW, above.path);
	v->visible = arena_zalloc(arena, (size_t)v->tree.n + 1, sizeof(*v->visible));
	if (!v->visible)
		return db_doom_nomem(tx);
	for (int i = 0; i < v->tree.n; i++) {
		const struct decide_org *o = &v->tree.orgs[i];
		const char *committee = o->committee ? o->committee->org.path : v->call.path;
		v->visible[i] = decide_may_see(&v->call.access, committee, o->org.path, o->hold.state);
	}
	return 0;
}

static int find_approving(struct db_tx *tx, struct review_view *v, struct arena *arena)
{
	const struct right_holder *who = &v->call.access.holder;
	struct org self, *crumbs;
	int n, r = store_org_get(tx, v->call.org.id, arena, &self);
	if (r > 0)
		r = store_org_breadcrumb(tx, self.path, arena, &crumbs, &n);
	else
		n = 0;
	for (int i = 0; r == 0 && i < n; i++)
		if (right_check(who, ACTION_REVIEW, crumbs[i].path))
			v->approves[crumbs[i].level] = true;
	return r;
}

bool review_stars_wait(const struct review_view *v, const struct decide_org *o)
{
	enum level committee = o->committee ? o->committee->org.level : v->call.org.level;
	for (int i = 0; i < v->n_approvals; i++)
		if (v->approvals[i].org == o->org.id && v->approvals[i].stars == o->result.stars)
			return false;
	return o->hold.state == HOLD_ACCEPTED && o->result.stars >= 0 && o->result.approval >= 0 &&
	       o->result.approval + 1 < (int)committee;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct review_view v = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->node,
			       job->arena, &v.call, info);
	if (r == 0)
		r = decide_load(tx, &v.call, job->arena, &v.tree);
	if (r == 0)
		r = make_children(tx, &v, job->arena);
	if (r == 0)
		r = make_gates(tx, job, &v, job->arena);
	if (r == 0)
		r = find_rights(tx, job, &v, job->arena);
	if (r == 0)
		r = find_approving(tx, &v, job->arena);
	if (r == 0)
		r = store_submission_list(tx, job->campaign, job->node, job->arena, &v.submissions,
					  &v.n_submissions);
	if (r == 0)
		r = store_star_approval_list(tx, job->campaign, 0, job->arena, &v.approvals,
					     &v.n_approvals);
	if (r == 0)
		job->view = v;
	return r;
}

int review_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       struct arena *arena, struct review_view *ret_view, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}

/* ---- handing in ---- */

static int submit_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct review_view v = {0};
	arena_done(&job->own);
	job->count = 0;
	int r = campaign_enter(tx, job->app, job->caller, ACTION_SUBMIT, job->campaign, job->node,
			       &job->own, &v.call, info);
	if (r == 0 && v.call.org.level >= v.call.scheme->graded)
		r = err_set(info, ERR_INPUT, "“%s”自己参加定级，由它的上级报送", v.call.org.name);
	if (r == 0)
		r = decide_need(job->signed_by, "签字的负责人", info);
	if (r == 0)
		r = decide_load(tx, &v.call, &job->own, &v.tree);
	if (r == 0)
		r = make_gates(tx, job, &v, &job->own);
	if (r == 0)
		r = gate_check(GATE_SUBMIT, &v.facts, info);
	for (int i = 0; r == 0 && i < v.tree.n; i++) {
		const struct decide_org *o = &v.tree.orgs[i];
		if (o->org.category < 0 || is_handed_in(&v.tree, o))
			continue;
		r = decide_hold(tx, &v.call, &o->org, HOLD_SUBMITTED, job->node, NULL);
		if (r == 0 && is_own(&v.tree, o))
			r = decide_step(tx, &v.call, o->org.id, STEP_PUBLICITY, STEP_DONE, "");
		job->count++;
	}
	struct submission s = {.node = job->node, .signed_by = job->signed_by,
			       .note = job->note ? job->note : "", .orgs = job->count,
			       .account = job->caller->account, .at_ms = job->caller->now_ms};
	if (r == 0)
		r = store_submission_add(tx, job->campaign, &s);
	if (r < 0)
		return r;
	const char *what = arena_printf(&job->own, "%d 个，签字：%s", job->count, job->signed_by);
	return app_audit(tx, &v.call.access, "review.submit", job->node, v.call.campaign.title, "", what);
}

int review_submit(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  const char *signed_by, const char *note, int *ret_orgs, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .signed_by = signed_by, .note = note};
	int r = write_job(&job, submit_fn, info);
	if (r == 0)
		*ret_orgs = job.count;
	return r;
}

/* ---- accepting and returning ---- */

/* Enters at the node whose results are judged; the right is asked above it. */
static int enter_above(struct db_tx *tx, struct job *job, struct campaign_call *ret_call,
		       struct err_info *info)
{
	struct campaign_org node;
	struct campaign_call call = {0};
	struct org above;
	int r = campaign_enter(tx, job->app, job->caller, ACTION_REVIEW, job->campaign, job->node,
			       &job->own, &call, info);
	if (r < 0)
		return r;
	node = call.org;
	if ((r = find_above(tx, &node, &job->own, &above)) < 0)
		return r;
	if (!r || !right_check(&call.access.holder, ACTION_REVIEW, above.path))
		return err_set(info, ERR_DENIED, "“%s”报送的结果由它的上级审查", node.name);
	*ret_call = call;
	return 0;
}

static int decide_one(struct db_tx *tx, struct job *job, const struct campaign_call *call,
		      int64_t id, struct err_info *info)
{
	struct campaign_org org;
	struct hold hold;
	int r = store_campaign_org_get(tx, job->campaign, id, &job->own, &org);
	if (r < 0)
		return r;
	if (!r || !is_below(org.path, call->path))
		return err_set(info, ERR_NOT_FOUND, "“%s”没有报送这个组织", call->org.name);
	if ((r = store_hold_get(tx, job->campaign, id, &job->own, &hold)) < 0)
		return r;
	struct gate_facts facts = campaign_facts(call);
	facts.org = org.name;
	facts.hold = hold.state;
	facts.waiting = hold.node == job->node;
	if ((r = gate_check(GATE_REVIEW, &facts, info)) < 0)
		return r;
	r = decide_hold(tx, call, &org, job->accept ? HOLD_ACCEPTED : HOLD_RETURNED, job->node,
			job->accept ? NULL : job->reason);
	/* A result that came back is not the one whose stars were approved. */
	if (r == 0 && !job->accept)
		r = store_star_approval_drop(tx, job->campaign, id);
	return r < 0 ? r : app_audit(tx, &call->access, job->accept ? "review.accept" : "review.return",
				     id, call->campaign.title, hold_label(HOLD_SUBMITTED),
				     job->accept ? hold_label(HOLD_ACCEPTED) : job->reason);
}

static int decide_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	arena_done(&job->own);
	int r = enter_above(tx, job, &call, info);
	if (r == 0 && !job->accept)
		r = decide_need(job->reason, "退回的理由", info);
	if (r == 0 && (job->n < 1 || job->n > REVIEW_ORGS_MAX))
		r = err_set(info, ERR_INPUT, "请选择党组织，一次最多 %d 个", (int)REVIEW_ORGS_MAX);
	for (int i = 0; r == 0 && i < job->n; i++)
		r = decide_one(tx, job, &call, job->orgs[i], info);
	return r;
}

int review_decide(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  const int64_t *orgs, int n, bool accept, const char *reason,
		  struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .orgs = orgs, .n = n, .accept = accept, .reason = reason};
	return write_job(&job, decide_fn, info);
}

/* ---- unlocking ---- */

static int unlock_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call = {0};
	struct hold hold = {0};
	arena_done(&job->own);
	int r = decide_need(job->reason, "解锁的理由", info);
	if (r == 0)
		r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_WRITE, job->campaign,
				   job->node, &job->own, &call, info);
	if (r == 0)
		r = campaign_gate(&call, GATE_UNLOCK, info);
	if (r == 0)
		r = store_hold_get(tx, job->campaign, job->node, &job->own, &hold);
	if (r < 0)
		return r;
	r = decide_hold(tx, &call, &call.org, HOLD_REOPENED, hold.node, job->reason);
	if (r == 0)
		r = store_star_approval_drop(tx, job->campaign, job->node);
	return r < 0 ? r : app_audit(tx, &call.access, "review.unlock", job->node, call.campaign.title,
				     hold_label(hold.state), job->reason);
}

int review_unlock(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		  const char *reason, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = org,
			  .reason = reason};
	return write_job(&job, unlock_fn, info);
}

/* ---- stars ---- */

/* The stars that are asked about: those of the result, or those once refused,
 * whose refusal may be taken back. */
static int stars_asked(struct db_tx *tx, struct job *job, const struct campaign_call *call,
		       int *ret_stars, int *ret_level, struct err_info *info)
{
	struct result result;
	struct star_approval *past;
	int n, r = store_result_get(tx, job->campaign, job->node, &job->own, &result);
	if (r == 0)
		return err_set(info, ERR_STATE, "“%s”还没有结果", call->org.name);
	if (r > 0)
		r = store_star_approval_list(tx, job->campaign, job->node, &job->own, &past, &n);
	if (r < 0)
		return r;
	bool refused = n && !past[0].approved;
	*ret_stars = refused ? past[0].stars : result.stars;
	*ret_level = refused ? past[0].level : result.approval;
	return 0;
}

static int stars_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call = {0};
	bool approves = false;
	int stars = -1, level = -1;
	arena_done(&job->own);
	int r = job->accept ? 0 : decide_need(job->reason, "不批准的理由", info);
	if (r == 0)
		r = campaign_enter(tx, job->app, job->caller, ACTION_REVIEW, job->campaign, job->node,
				   &job->own, &call, info);
	if (r == 0)
		r = stars_asked(tx, job, &call, &stars, &level, info);
	if (r == 0)
		r = decide_approves(tx, &call.access, call.org.path, level, &job->own, &approves);
	if (r < 0)
		return r;
	if (!approves)
		return err_set(info, ERR_DENIED, "“%s”的星级由%s审定", call.org.name,
			       level >= 0 ? call.scheme->level_label[level] : "上级");
	struct gate_facts facts = campaign_facts(&call);
	facts.starred = stars >= 0;
	if ((r = gate_check(GATE_STARS, &facts, info)) < 0)
		return r;
	const struct star_approval a = {
		.org = job->node, .level = level, .stars = stars,
		.approved = job->accept, .reason = job->accept ? "" : job->reason,
		.account = job->caller->account, .at_ms = job->caller->now_ms,
	};
	if ((r = store_star_approval_put(tx, job->campaign, &a)) < 0)
		return r;
	return app_audit(tx, &call.access, job->accept ? "stars.approve" : "stars.refuse", job->node,
			 call.campaign.title, "",
			 arena_printf(&job->own, "%d 星%s%s", stars, job->accept ? "" : "，",
				      job->accept ? "" : job->reason));
}

int review_stars(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 bool approve, const char *reason, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = org,
			  .accept = approve, .reason = reason};
	struct campaign_graded graded;
	int r = write_job(&job, stars_fn, info);
	/* What is refused goes down to the next rule's stars. */
	return r < 0 ? r : campaign_grading_run(app, caller, campaign, org, &graded, info);
}
