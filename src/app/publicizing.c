/* SPDX-License-Identifier: Apache-2.0 */
#include "app/publicizing.h"

#include <sodium.h>
#include <stdlib.h>

#include "app/scheme_cache.h"
#include "domain/day.h"
#include "domain/exact.h"
#include "domain/floor.h"
#include "store/id.h"
#include "store/meeting.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node, id;
	struct arena *arena;		/* of the caller, for what is returned */
	struct arena own;		/* emptied when the function runs again */
	const struct publicity *publicity;
	const struct objection *objection;
	const char *text;
	bool reopen;
	const char *token;
	int32_t today;
	struct notice notice;
	struct publicity_view view;
};

static int write_job(struct job *job, int64_t region, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, region, fn, job, info);
	arena_done(&job->own);
	return r;
}

/* ---- the notice ---- */

static const char *stars_text(int stars)
{
	static const char *const words[] = {"不定星", "一星级", "二星级", "三星级", "四星级", "五星级"};
	return stars >= 0 && stars < (int)ARRAY_LEN(words) ? words[stars] : "";
}

/* Score and rank of an organisation whose ballots don't forbid it. */
static int add_figures(struct db_tx *tx, const struct campaign_call *call, struct notice *n,
		       const struct decide_org *o, struct notice_row *row, struct arena *arena)
{
	AUTO(buf) struct buf score = {0};
	unsigned show;
	int r = decide_floor(tx, call, o->org.id, false, arena, &show);
	if (r < 0)
		return r;
	if (!(show & FLOOR_COMPOSITE)) {
		n->withheld++;
		return 0;
	}
	if (n->publicity.show & SHOW_RANK)
		row->rank = o->result.rank;
	if (!(n->publicity.show & SHOW_SCORE))
		return 0;
	decimal_format_places(&score, (uint64_t)o->result.score, o->result.places);
	row->score = arena_strdup(arena, buf_str(&score));
	return row->score ? 0 : db_doom_nomem(tx);
}

static int add_row(struct db_tx *tx, const struct campaign_call *call, struct notice *n,
		   const struct decide_org *o, struct arena *arena)
{
	const struct scheme *s = call->scheme;
	struct notice_row *row = &n->rows[n->n_rows++];
	int category = o->org.category;
	*row = (struct notice_row){
		.name = o->org.name, .category = s->categories[category].label, .grade = "", .stars = "",
		.score = "",
		.reopened = o->hold.state == HOLD_RETURNED || o->hold.state == HOLD_REOPENED,
	};
	if (row->reopened || o->result.grade < 0)
		return 0;
	n->counts[o->result.grade]++;
	if (n->publicity.show & SHOW_GRADE)
		row->grade = s->grades[o->result.grade].label;
	if (n->publicity.show & SHOW_STARS)
		row->stars = stars_text(o->result.stars);
	if (n->publicity.show & (SHOW_SCORE | SHOW_RANK))
		return add_figures(tx, call, n, o, row, arena);
	return 0;
}

static int by_grade(const void *a, const void *b)
{
	const struct decide_org *x = *(const struct decide_org *const *)a;
	const struct decide_org *y = *(const struct decide_org *const *)b;
	int gx = x->result.grade < 0 ? SCHEME_GRADES_MAX : x->result.grade;
	int gy = y->result.grade < 0 ? SCHEME_GRADES_MAX : y->result.grade;
	if (gx != gy)
		return gx - gy;
	if (x->result.stars != y->result.stars)
		return y->result.stars - x->result.stars;
	return strcmp(x->org.code, y->org.code);
}

/* Plans go to the rows by name: the order of rows is that of `orgs`. */
static int add_plans(struct db_tx *tx, const struct campaign_call *call, struct notice *n,
		     struct decide_org **orgs, struct arena *arena)
{
	struct improvement *plans;
	int count, r = store_improvement_list(tx, call->campaign.id, call->path, arena, &plans, &count);
	for (int i = 0; r == 0 && i < n->n_rows; i++)
		for (int k = 0; k < count; k++)
			if (plans[k].org == orgs[i]->org.id && !n->rows[i].reopened)
				n->rows[i].plan = &plans[k];
	return r;
}

/* The committee's organisations as the notice shows them. */
static int make_notice(struct db_tx *tx, const struct campaign_call *call,
		       const struct decide_tree *tree, struct notice *n, struct arena *arena)
{
	struct decide_org **orgs = arena_zalloc(arena, (size_t)tree->n + 1, sizeof(struct decide_org *));
	struct meeting *meetings;
	int count = 0, n_meetings, r = 0;
	n->rows = arena_zalloc(arena, (size_t)tree->n + 1, sizeof(*n->rows));
	if (!orgs || !n->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < tree->n; i++)
		if (tree->orgs[i].org.category >= 0 && tree->orgs[i].committee == &tree->orgs[0])
			orgs[count++] = &tree->orgs[i];
	if (count)
		qsort(orgs, (size_t)count, sizeof(struct decide_org *), by_grade);
	for (int i = 0; r == 0 && i < count; i++)
		r = add_row(tx, call, n, orgs[i], arena);
	bool hides = true;
	if (r == 0)
		r = decide_hides_ranks(tx, NULL, &call->campaign, call->scheme, call->path, arena, &hides);
	/* The ranks around a gap tell what stands in it. */
	for (int i = 0; hides && i < n->n_rows; i++)
		n->rows[i].rank = 0;
	if (r == 0 && n->publicity.plans)
		r = add_plans(tx, call, n, orgs, arena);
	if (r == 0)
		r = store_meeting_list(tx, call->campaign.id, call->org.id, arena, &meetings, &n_meetings);
	for (int i = 0; r == 0 && i < n_meetings && !n->meeting; i++)
		if (meetings[i].kind == MEETING_GRADING)
			n->meeting = &meetings[i];
	n->campaign = call->campaign;
	n->scheme = call->scheme;
	return r;
}

static int public_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct notice n = {0};
	struct campaign_call call = {0};
	struct decide_tree tree;
	int r = store_publicity_by_token(tx, job->token, job->arena, &n.publicity);
	if (r < 0)
		return r;
	if (!r || n.publicity.from_day > job->today)
		return err_set(info, ERR_NOT_FOUND, "没有这个公示，或者已经撤下");
	if ((r = store_campaign_get(tx, n.publicity.campaign, job->arena, &call.campaign)) <= 0 ||
	    (r = store_campaign_org_get(tx, n.publicity.campaign, n.publicity.node, job->arena,
					&call.org)) <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个公示，或者已经撤下");
	r = scheme_cache_get(job->app->schemes, call.campaign.scheme_text, &call.scheme, info);
	if (r < 0)
		return r;
	memcpy(call.path, call.org.path, strlen(call.org.path) + 1);
	if ((r = decide_load(tx, &call, job->arena, &tree)) < 0 ||
	    (r = make_notice(tx, &call, &tree, &n, job->arena)) < 0)
		return r;
	n.over = n.publicity.to_day < job->today;
	job->notice = n;
	return 0;
}

int notice_public(struct app *app, const char *token, int32_t today, struct arena *arena,
		  struct notice *ret_notice, struct err_info *info)
{
	struct job job = {.app = app, .token = token, .today = today, .arena = arena};
	int r = db_read(app->db, public_fn, &job, info);
	if (r == 0)
		*ret_notice = job.notice;
	return r;
}

/* ---- reading ---- */

static void add_gates(struct publicity_view *v)
{
	v->facts = campaign_facts(&v->call);
	for (int i = 0; i < v->tree.n; i++) {
		const struct decide_org *o = &v->tree.orgs[i];
		if (o->org.category < 0 || o->committee != &v->tree.orgs[0])
			continue;
		gate_count_one(&v->facts.own, true, o->org.id);
		gate_count_one(&v->facts.undecided, o->grading != STEP_DONE && o->grading != STEP_WAIVED,
			  o->org.id);
		gate_count_one(&v->facts.to_show, !hold_locks(o->hold.state) && o->result.grade >= 0 &&
			  o->grading == STEP_DONE, o->org.id);
	}
	gate_read(GATE_PUBLISH, &v->facts, &v->gate);
}

/* The notice asked for, or the latest that was not taken down. */
static int choose(const struct job *job, struct publicity_view *v)
{
	for (int i = 0; i < v->n; i++)
		if (job->id ? v->list[i].id == job->id : !*v->list[i].withdrawn)
			return i;
	return -1;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct publicity_view v = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->node,
			       job->arena, &v.call, info);
	if (r == 0)
		r = decide_load(tx, &v.call, job->arena, &v.tree);
	if (r == 0)
		r = store_publicity_list(tx, job->campaign, job->node, job->arena, &v.list, &v.n);
	if (r == 0)
		r = store_objection_list(tx, job->campaign, job->node, job->arena, &v.objections,
					 &v.n_objections);
	if (r < 0)
		return r;
	add_gates(&v);
	v.may_write = right_check(&v.call.access.holder, ACTION_PUBLICITY_WRITE, v.call.path) &&
		      v.call.campaign.state == CAMPAIGN_OPEN;
	int chosen = choose(job, &v);
	if (chosen < 0 && job->id)
		return err_set(info, ERR_NOT_FOUND, "没有这次公示");
	if (chosen >= 0) {
		v.notice.publicity = v.list[chosen];
		v.notice.over = v.list[chosen].to_day < job->caller->today;
		r = make_notice(tx, &v.call, &v.tree, &v.notice, job->arena);
	}
	if (r == 0)
		job->view = v;
	return r;
}

int publicity_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  int64_t publicity, struct arena *arena, struct publicity_view *ret_view,
		  struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .id = publicity, .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}

/* ---- beginning and taking down ---- */

static int check_publicity(const struct publicity *p, struct err_info *info)
{
	int r = decide_need(p->scope, "公示范围", info);
	if (r == 0)
		r = decide_need(p->office, "受理异议的地点", info);
	if (r == 0)
		r = decide_need(p->phone, "受理异议的电话", info);
	if (r < 0)
		return r;
	if (!p->from_day || !p->to_day || !day_valid(p->from_day) || !day_valid(p->to_day) ||
	    p->from_day % 100 == 0 || p->to_day % 100 == 0)
		return err_set(info, ERR_INPUT, "请写明公示从哪天到哪天");
	if (p->to_day < p->from_day)
		return err_set(info, ERR_INPUT, "公示结束的日期早于开始的日期");
	if (!(p->show & SHOW_GRADE))
		return err_set(info, ERR_INPUT, "公示至少要有等次");
	return 0;
}

/* Random, readable and without signs: "7kq2…". */
static void make_token(char token[PUBLICITY_TOKEN_LEN + 1])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	for (int i = 0; i < PUBLICITY_TOKEN_LEN; i++)
		token[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
	token[PUBLICITY_TOKEN_LEN] = '\0';
}

static int hold_all(struct db_tx *tx, const struct publicity_view *v, int64_t node)
{
	int r = 0;
	for (int i = 0; r == 0 && i < v->tree.n; i++) {
		const struct decide_org *o = &v->tree.orgs[i];
		if (o->org.category < 0 || o->committee != &v->tree.orgs[0] ||
		    hold_locks(o->hold.state) || o->grading != STEP_DONE || o->result.grade < 0)
			continue;
		r = decide_hold(tx, &v->call, &o->org, HOLD_PUBLISHED, node, NULL);
		if (r == 0)
			r = decide_step(tx, &v->call, o->org.id, STEP_PUBLICITY, STEP_BEGUN, "");
	}
	return r;
}

static int begin_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct publicity_view v = {0};
	struct publicity p = *job->publicity;
	char token[PUBLICITY_TOKEN_LEN + 1], from[16], to[16];
	arena_done(&job->own);
	int r = campaign_enter(tx, job->app, job->caller, ACTION_PUBLICITY_WRITE, job->campaign,
			       job->node, &job->own, &v.call, info);
	if (r == 0)
		r = check_publicity(&p, info);
	if (r == 0)
		r = decide_load(tx, &v.call, &job->own, &v.tree);
	if (r < 0)
		return r;
	add_gates(&v);
	if ((r = gate_check(GATE_PUBLISH, &v.facts, info)) < 0)
		return r;
	make_token(token);
	p.token = token;
	p.account = job->caller->account;
	p.at_ms = job->caller->now_ms;
	if ((r = store_publicity_insert(tx, &p)) < 0 || (r = hold_all(tx, &v, job->node)) < 0)
		return r;
	job->id = p.id;
	day_format(p.from_day, from);
	day_format(p.to_day, to);
	return app_audit(tx, &v.call.access, "publicity.begin", job->node, v.call.campaign.title, "",
			 arena_printf(&job->own, "%s 至 %s，范围：%s", from, to, p.scope));
}

int publicity_begin(struct app *app, const struct caller *caller, const struct publicity *publicity,
		    int64_t *ret_id, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = publicity->campaign,
			  .node = publicity->node, .publicity = publicity};
	int r = write_job(&job, id_region(publicity->node), begin_fn, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

static int enter_publicity(struct db_tx *tx, struct job *job, struct publicity *p,
			   struct campaign_call *call, struct err_info *info)
{
	arena_done(&job->own);
	int r = store_publicity_get(tx, job->campaign, job->id, &job->own, p);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这次公示");
	r = campaign_enter(tx, job->app, job->caller, ACTION_PUBLICITY_WRITE, job->campaign, p->node,
			   &job->own, call, info);
	return r < 0 ? r : campaign_gate(call, GATE_NOTICE, info);
}

static int withdraw_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct publicity p = {0};
	struct campaign_call call = {0};
	struct decide_tree tree = {0};
	int r = decide_need(job->text, "撤下的理由", info);
	if (r == 0)
		r = enter_publicity(tx, job, &p, &call, info);
	if (r == 0 && *p.withdrawn)
		r = err_set(info, ERR_CONFLICT, "这次公示已经撤下");
	if (r == 0)
		r = decide_load(tx, &call, &job->own, &tree);
	if (r == 0)
		r = store_publicity_withdraw(tx, job->campaign, job->id, job->text);
	for (int i = 0; r == 0 && i < tree.n; i++) {
		const struct decide_org *o = &tree.orgs[i];
		if (o->org.category < 0 || o->hold.state != HOLD_PUBLISHED || o->hold.node != p.node)
			continue;
		r = decide_hold(tx, &call, &o->org, HOLD_NONE, p.node, job->text);
		if (r == 0)
			r = decide_step(tx, &call, o->org.id, STEP_PUBLICITY, STEP_NOT_BEGUN, "");
	}
	return r < 0 ? r : app_audit(tx, &call.access, "publicity.withdraw", p.node,
				     call.campaign.title, "", job->text);
}

int publicity_withdraw(struct app *app, const struct caller *caller, int64_t campaign,
		       int64_t publicity, const char *why, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .id = publicity,
			  .text = why};
	return write_job(&job, id_region(publicity), withdraw_fn, info);
}

/* ---- objections ---- */

const char *objection_outcome_label(enum objection_outcome outcome)
{
	static const char *const labels[] = {"未答复", "已答复，维持", "已答复，重新评定"};
	return outcome >= 0 && outcome < (int)ARRAY_LEN(labels) ? labels[outcome] : "";
}

static int objection_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct objection o = *job->objection;
	struct publicity p = {0};
	struct campaign_call call = {0};
	struct campaign_org org;
	int r = decide_need(o.text, "反映的内容", info);
	if (r == 0)
		r = enter_publicity(tx, job, &p, &call, info);
	if (r < 0)
		return r;
	if (!o.day || !day_valid(o.day) || o.day % 100 == 0 || o.day > job->caller->today ||
	    o.day < p.from_day)
		return err_set(info, ERR_INPUT, "收到的日期不对，应在公示开始之后、今天或以前");
	if ((r = store_campaign_org_get(tx, job->campaign, o.org, &job->own, &org)) < 0)
		return r;
	if (!r || org.category < 0 || strncmp(org.path, call.path, strlen(call.path)) != 0)
		return err_set(info, ERR_INPUT, "这次公示里没有这个党组织");
	o.node = p.node;
	o.account = job->caller->account;
	o.at_ms = job->caller->now_ms;
	o.by_whom = o.by_whom ? o.by_whom : "";
	if ((r = store_objection_insert(tx, &o)) < 0)
		return r;
	job->node = o.id;
	/* Who objected stands in the register, not in the log. */
	return app_audit(tx, &call.access, "objection.add", o.org, call.campaign.title, "", o.text);
}

int objection_add(struct app *app, const struct caller *caller, const struct objection *objection,
		  int64_t *ret_id, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = objection->campaign,
			  .id = objection->publicity, .objection = objection};
	int r = write_job(&job, id_region(objection->publicity), objection_fn, info);
	if (r == 0)
		*ret_id = job.node;
	return r;
}

static int answer_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct objection o = {0};
	struct campaign_call call;
	arena_done(&job->own);
	int r = decide_need(job->text, "答复", info);
	if (r == 0 && (r = store_objection_get(tx, job->campaign, job->id, &job->own, &o)) == 0)
		r = err_set(info, ERR_NOT_FOUND, "没有这件异议");
	if (r > 0)
		r = campaign_enter(tx, job->app, job->caller, ACTION_PUBLICITY_WRITE, job->campaign,
				   o.org, &job->own, &call, info);
	if (r == 0)
		r = campaign_gate(&call, job->reopen ? GATE_REGRADE : GATE_NOTICE, info);
	if (r < 0)
		return r;
	o.answer = job->text;
	o.outcome = job->reopen ? OBJECTION_REOPENED : OBJECTION_KEPT;
	o.answer_account = job->caller->account;
	o.answer_ms = job->caller->now_ms;
	if ((r = store_objection_answer(tx, &o)) < 0)
		return r;
	if (job->reopen && (r = decide_hold(tx, &call, &call.org, HOLD_REOPENED, o.node,
					    job->text)) < 0)
		return r;
	return app_audit(tx, &call.access, "objection.answer", o.org, call.campaign.title, "",
			 arena_printf(&job->own, "%s：%s", objection_outcome_label(o.outcome), o.answer));
}

int objection_answer(struct app *app, const struct caller *caller, int64_t campaign,
		     int64_t objection, const char *answer, bool reopen, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .id = objection,
			  .text = answer, .reopen = reopen};
	return write_job(&job, id_region(objection), answer_fn, info);
}
