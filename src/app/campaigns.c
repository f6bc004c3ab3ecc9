/* SPDX-License-Identifier: Apache-2.0 */
#include "app/campaigns.h"

#include <assert.h>
#include <stdio.h>

#include "app/rectified.h"
#include "app/scheme_cache.h"
#include "app/schemes.h"
#include "domain/day.h"
#include "store/id.h"

int campaign_step_of(const struct scheme *scheme, enum scheme_step_kind kind)
{
	for (int i = 0; i < scheme->n_steps; i++)
		if (scheme->steps[i].kind == kind)
			return i;
	return -1;
}

/* ---- how everything in a campaign begins ---- */

static int load(struct db_tx *tx, struct app *app, int64_t id, struct arena *arena,
		struct campaign *ret_campaign, const struct scheme **ret_scheme,
		struct err_info *info)
{
	int r = store_campaign_get(tx, id, arena, ret_campaign);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这项年度工作");
	return scheme_cache_get(app->schemes, ret_campaign->scheme_text, ret_scheme, info);
}

/* By the path in the campaign's tree, or by that of today: whoever has got an
 * organisation meanwhile may go on with it, and who had it, too. Leaves in the
 * holder what right.h must know of a campaign that grades committees. */
static int check_right(struct db_tx *tx, struct campaign_call *call, enum action action,
		       struct arena *arena, struct err_info *info)
{
	struct right_holder *holder = &call->access.holder;
	const char *path = call->org.path;
	char today[ORG_PATH_MAX];
	holder->committees = call->scheme->graded < LEVEL_UNIT;
	bool graded = holder->committees && call->org.level >= call->scheme->graded;
	holder->graded = graded ? path : NULL;
	if (call->access.must_change)
		return app_may(tx, &call->access, action, call->org.id, NULL, info);
	if (right_check(holder, action, path))
		return 0;
	int r = graded ? store_org_path(tx, call->org.id, today) : 0;
	if (r < 0)
		return r;
	if (r > 0 && !(holder->graded = arena_strdup(arena, today)))
		return db_doom_nomem(tx);
	return app_may(tx, &call->access, action, call->org.id, NULL, info);
}

int campaign_enter(struct db_tx *tx, struct app *app, const struct caller *caller,
		   enum action action, int64_t campaign, int64_t node, struct arena *arena,
		   struct campaign_call *ret_call, struct err_info *info)
{
	struct campaign_call call = {0};
	int r = app_who(tx, caller, arena, &call.access, info);
	if (r == 0)
		r = load(tx, app, campaign, arena, &call.campaign, &call.scheme, info);
	if (r < 0)
		return r;
	if ((r = store_campaign_org_get(tx, campaign, node, arena, &call.org)) < 0)
		return r;
	if (!r)
		return err_set(info, ERR_NOT_FOUND, "“%s”里没有这个组织", call.campaign.title);
	if ((r = check_right(tx, &call, action, arena, info)) < 0)
		return r;
	if (call.org.category >= 0 &&
	    (r = store_org_steps(tx, campaign, node, call.scheme->n_steps, arena, &call.steps)) < 0)
		return r;
	struct hold hold = {0};
	if (call.org.category >= 0 && (r = store_hold_get(tx, campaign, node, arena, &hold)) < 0)
		return r;
	call.hold = hold.state;
	snprintf(call.path, sizeof(call.path), "%s", call.org.path);
	*ret_call = call;
	return 0;
}

struct may_job {
	struct app *app;
	const struct caller *caller;
	enum action action;
	int64_t campaign, node;
};

static int may_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct may_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct campaign_call call;
	return campaign_enter(tx, job->app, job->caller, job->action, job->campaign, job->node, &arena,
			      &call, info);
}

int campaigns_may(struct app *app, const struct caller *caller, enum action action,
		  int64_t campaign, int64_t node, struct err_info *info)
{
	struct may_job job = {app, caller, action, campaign, node};
	return db_read(app->db, may_fn, &job, info);
}

struct gate_facts campaign_facts(const struct campaign_call *call)
{
	return (struct gate_facts){
		.campaign = call->campaign.title, .org = call->org.name,
		.state = call->campaign.state == CAMPAIGN_OPEN	   ? GATE_CAMPAIGN_OPEN
			 : call->campaign.state == CAMPAIGN_CLOSED ? GATE_CAMPAIGN_CLOSED
								   : GATE_CAMPAIGN_ARCHIVED,
		.outside = call->org.category < 0 && call->org.level == call->scheme->graded,
		.hold = call->hold, .publicity = call->scheme->publicity.given,
		.quotas = call->scheme->n_quotas > 0,
	};
}

int campaign_gate(const struct campaign_call *call, enum gate_action action, struct err_info *info)
{
	const struct gate_facts facts = campaign_facts(call);
	return gate_check(action, &facts, info);
}

int campaign_gate_of(struct db_tx *tx, const struct campaign_call *call,
		     const struct campaign_org *org, enum gate_action action, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct campaign_call at = *call;
	struct hold hold;
	int r = store_hold_get(tx, call->campaign.id, org->id, &arena, &hold);
	if (r < 0)
		return r;
	at.org = *org;
	at.hold = hold.state;
	return campaign_gate(&at, action, info);
}

/* ---- opening ---- */

struct job {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;		/* of the caller, for what is returned */
	struct arena own;		/* emptied when the function runs again */
	const struct campaign_draft *draft;
	struct campaign_preview preview;
	int64_t campaign, node;
	const struct campaign_step *step;
	const char *reason;
	enum campaign_state state;
	bool archived;
	struct campaign *campaigns;
	int n;
	struct campaign_detail detail;
	int64_t id;
};

static int write_job(struct job *job, int64_t region, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, region, fn, job, info);
	arena_done(&job->own);
	return r;
}

static int32_t day_in(int year, struct scheme_date date)
{
	return date.month ? year * 10000 + date.month * 100 + date.day : 0;
}

/* The scheme's days in a year; those of the draft instead, where it has any. */
static int make_steps(const struct campaign_draft *draft, const struct scheme *scheme,
		      struct arena *arena, struct campaign_step **ret_steps, struct err_info *info)
{
	struct campaign_step *steps = arena_zalloc(arena, (size_t)scheme->n_steps + 1, sizeof(*steps));
	if (!steps)
		return err_nomem(info);
	for (int i = 0; i < scheme->n_steps; i++) {
		const struct scheme_step *s = &scheme->steps[i];
		steps[i] = (struct campaign_step){i, day_in(draft->year, s->from),
						  day_in(draft->year, s->to)};
		if (steps[i].from_day && steps[i].to_day && steps[i].to_day < steps[i].from_day)
			steps[i].to_day += 10000;
	}
	for (int i = 0; i < draft->n_steps; i++)
		if (draft->steps[i].step >= 0 && draft->steps[i].step < scheme->n_steps)
			steps[draft->steps[i].step] = draft->steps[i];
	*ret_steps = steps;
	return 0;
}

static int check_days(const struct scheme *scheme, const struct campaign_step *step,
		      struct err_info *info)
{
	const char *label = scheme->steps[step->step].label;
	if (!day_valid(step->from_day) || !day_valid(step->to_day) ||
	    (step->from_day && step->from_day % 100 == 0) || (step->to_day && step->to_day % 100 == 0))
		return err_set(info, ERR_INPUT, "“%s”的日期不对，应写成 2026-03-27 的样子", label);
	if (step->from_day && step->to_day && step->to_day < step->from_day)
		return err_set(info, ERR_INPUT, "“%s”的结束日期早于开始日期", label);
	return 0;
}

enum campaign_kind campaign_kind_of(const struct scheme *scheme)
{
	return scheme->kind == SCHEME_RECTIFICATION ? CAMPAIGN_RECTIFICATION
	       : scheme->graded < LEVEL_UNIT	    ? CAMPAIGN_APPRAISAL
						    : CAMPAIGN_GRADING;
}

/* The text the draft's scheme has now. */
static int find_text(struct db_tx *tx, const struct access *access, struct campaign *c,
		     const struct campaign_draft *draft, struct arena *arena, struct err_info *info)
{
	struct scheme_version version = {0};
	struct scheme_ref ref;
	int r = scheme_ref_parse(draft->scheme ? draft->scheme : "", &ref, info);
	if (r == 0)
		r = schemes_text(tx, access, &ref, arena, &version, info);
	if (r < 0)
		return r;
	if (version.state != SCHEME_PUBLISHED)
		return err_set(info, ERR_STATE, "“%s”%s，不能用来开展工作", version.title,
			       version.state == SCHEME_DRAFT ? "还是草稿，先发布" : "已经停用");
	c->scheme_text = version.text;
	c->scheme_version = version.scheme;
	return 0;
}

/* What the draft asks for, checked against everything but other campaigns. */
static int draft_check(struct db_tx *tx, struct job *job, const struct access *access,
		       struct arena *arena, struct campaign *ret, const struct scheme **ret_scheme,
		       struct campaign_step **ret_steps, struct err_info *info)
{
	const struct campaign_draft *draft = job->draft;
	struct campaign c = {.node = draft->node, .year = draft->year};
	const struct scheme *scheme;
	struct campaign_step *steps;
	struct org node;
	int this_year = job->caller->today / 10000;
	int r = find_text(tx, access, &c, draft, arena, info);
	if (r == 0)
		r = scheme_cache_get(job->app->schemes, c.scheme_text, &scheme, info);
	if (r < 0)
		return r;
	if (draft->year < this_year - 20 || draft->year > this_year + 1)
		return err_set(info, ERR_INPUT, "年度应在 %d 到 %d 之间", this_year - 20, this_year + 1);
	if ((r = store_org_get(tx, draft->node, arena, &node)) <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if (node.state != ORG_ACTIVE || node.level >= scheme->graded)
		return err_set(info, ERR_INPUT, "“%s”不能开展这项工作：方案给%s定级，要由它们的上级来开展",
			       node.name, scheme->level_label[scheme->graded]);
	c.title = draft->title && *draft->title
		? draft->title : arena_printf(arena, "%d年度%s", draft->year, scheme->title);
	if (!c.title)
		return err_nomem(info);
	if (strlen(c.title) > CAMPAIGN_TITLE_MAX)
		return err_set(info, ERR_INPUT, "名称太长，应在 100 字以内");
	if ((r = make_steps(draft, scheme, arena, &steps, info)) < 0)
		return r;
	for (int i = 0; i < scheme->n_steps; i++)
		if ((r = check_days(scheme, &steps[i], info)) < 0)
			return r;
	c.path = node.path;
	c.kind = campaign_kind_of(scheme);
	c.scheme_name = scheme->id;
	c.scheme_title = scheme->title;
	c.account = job->caller->account;
	c.opened_ms = job->caller->now_ms;
	*ret = c;
	*ret_scheme = scheme;
	*ret_steps = steps;
	return 0;
}

/* Nothing may be graded twice in a year; the campaign of the year before. */
static int check_others(struct db_tx *tx, struct arena *arena, struct campaign *c,
			struct err_info *info)
{
	struct campaign *others;
	int n, year = 0;
	int r = store_campaign_list(tx, c->path, true, arena, &others, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		const struct campaign *o = &others[i];
		if (o->kind != c->kind)
			continue;
		bool same = strcmp(o->scheme_name, c->scheme_name) == 0;
		if (o->year == c->year && o->state != CAMPAIGN_ARCHIVED &&
		    (c->kind == CAMPAIGN_GRADING || same))
			return err_set(info, ERR_CONFLICT, "“%s”%d年度已经在开展“%s”，同一年度不能重复",
				       o->node_name ? o->node_name : "", o->year, o->title);
		if (o->year < c->year && o->year > year && (c->kind == CAMPAIGN_GRADING || same)) {
			year = o->year;
			c->previous = o->id;
		}
	}
	return r;
}

static int preview_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	struct campaign c = {0};
	struct campaign_preview p = {0};
	int r = app_enter(tx, job->caller, ACTION_CAMPAIGN_WRITE, job->draft->node, job->arena, &access,
			  NULL, info);
	if (r == 0)
		r = draft_check(tx, job, &access, job->arena, &c, &p.scheme, &p.steps, info);
	if (r == 0)
		r = store_campaign_preview(tx, c.path, p.scheme, p.by_category, &p.outside);
	struct err_info conflict = {0};
	if (r == 0 && (r = check_others(tx, job->arena, &c, &conflict)) == ERR_CONFLICT)
		r = (p.conflict = arena_strdup(job->arena, conflict.text)) ? 0 : db_doom_nomem(tx);
	if (r < 0)
		return r;
	assert(p.scheme);
	p.title = c.title;
	for (int i = 0; i < p.scheme->n_categories; i++)
		p.graded += p.by_category[i];
	job->preview = p;
	return 0;
}

int campaigns_preview(struct app *app, const struct caller *caller,
		      const struct campaign_draft *draft, struct arena *arena,
		      struct campaign_preview *ret_preview, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .draft = draft, .arena = arena};
	int r = db_read(app->db, preview_fn, &job, info);
	if (r == 0)
		*ret_preview = job.preview;
	return r;
}

static int open_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	struct campaign c = {0};
	const struct scheme *scheme = NULL;
	struct campaign_step *steps = NULL;
	arena_done(&job->own);
	int r = app_enter(tx, job->caller, ACTION_CAMPAIGN_WRITE, job->draft->node, &job->own, &access,
			  NULL, info);
	if (r == 0)
		r = draft_check(tx, job, &access, &job->own, &c, &scheme, &steps, info);
	if (r == 0)
		r = check_others(tx, &job->own, &c, info);
	if (r == 0)
		r = store_campaign_insert(tx, &c, scheme);
	for (int i = 0; r == 0 && i < scheme->n_steps; i++)
		r = store_campaign_step_put(tx, c.id, &steps[i]);
	if (r == 0)
		r = store_step_counts_begin(tx, c.id, scheme->n_steps);
	if (r < 0)
		return r;
	job->id = c.id;
	return app_audit(tx, &access, "campaign.open", c.node, c.title, "",
			 arena_printf(&job->own, "方案：%s\n年度：%d", c.scheme_title, c.year));
}

int campaigns_open(struct app *app, const struct caller *caller, const struct campaign_draft *draft,
		   int64_t *ret_id, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .draft = draft};
	int r = write_job(&job, id_region(draft->node), open_fn, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

/* ---- reading ---- */

static int newest_first(const void *a, const void *b)
{
	const struct campaign *x = a, *y = b;
	if (x->year != y->year)
		return x->year > y->year ? -1 : 1;
	if (x->opened_ms != y->opened_ms)
		return x->opened_ms > y->opened_ms ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static bool listed(const struct campaign *campaigns, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (campaigns[i].id == id)
			return true;
	return false;
}

static int list_at(struct db_tx *tx, struct job *job, const char *path)
{
	struct campaign *some;
	int n, r = store_campaign_list(tx, path, job->archived, job->arena, &some, &n);
	if (r < 0 || !n)
		return r;
	struct campaign *all = arena_alloc(job->arena, (size_t)(job->n + n) * sizeof(*all));
	if (!all)
		return db_doom_nomem(tx);
	if (job->n)
		memcpy(all, job->campaigns, (size_t)job->n * sizeof(*all));
	for (int i = 0; i < n; i++)
		if (!listed(all, job->n, some[i].id))
			all[job->n++] = some[i];
	job->campaigns = all;
	return 0;
}

int campaigns_around(struct campaign *list, int n, const char *path, int year)
{
	int first = 0, kept = 0;
	for (int i = 0; i < n; i++)
		if (strncmp(path, list[i].path, strlen(list[i].path)) == 0)
			list[kept++] = list[i];
	while (first < kept && (list[first].year > year || list[first].kind == CAMPAIGN_APPRAISAL))
		first++;
	if (first && first < kept) {
		const struct campaign now = list[first];
		memmove(list + 1, list, (size_t)first * sizeof(*list));
		list[0] = now;
	}
	return kept;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	job->n = 0;
	int r = app_who(tx, job->caller, job->arena, &access, info);
	if (r == 0 && access.holder.machine)
		r = list_at(tx, job, "/");
	for (int i = 0; r == 0 && i < access.holder.n; i++) {
		const struct right_holder one = {&access.holder.grants[i], 1, false};
		if (right_check(&one, ACTION_CAMPAIGN_READ, access.holder.grants[i].path))
			r = list_at(tx, job, access.holder.grants[i].path);
	}
	if (r == 0 && job->n)
		qsort(job->campaigns, (size_t)job->n, sizeof(*job->campaigns), newest_first);
	if (r < 0 || !job->node || !job->n)
		return r;
	if ((r = store_org_path(tx, job->node, path)) <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	job->n = campaigns_around(job->campaigns, job->n, path, job->caller->today / 10000);
	return 0;
}

static int list_job(struct job *job, struct campaign **ret_campaigns, int *ret_n, struct err_info *info)
{
	int r = db_read(job->app->db, list_fn, job, info);
	if (r == 0) {
		*ret_campaigns = job->campaigns;
		*ret_n = job->n;
	}
	return r;
}

int campaigns_list(struct app *app, const struct caller *caller, bool archived, struct arena *arena,
		   struct campaign **ret_campaigns, int *ret_n, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .archived = archived, .arena = arena};
	return list_job(&job, ret_campaigns, ret_n, info);
}

int campaigns_of(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		 struct campaign **ret_campaigns, int *ret_n, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .arena = arena};
	return list_job(&job, ret_campaigns, ret_n, info);
}

/* The topmost organisation of the campaign that the caller may read: its own
 * node, or one of his places below it. */
static int find_place(struct db_tx *tx, const struct caller *caller, int64_t campaign,
		      struct arena *arena, int64_t *ret_node, struct err_info *info)
{
	struct access access;
	struct campaign c = {0};
	struct campaign_org org;
	int64_t best = 0;
	size_t best_len = ORG_PATH_MAX;
	int r = app_who(tx, caller, arena, &access, info);
	if (r == 0 && (r = store_campaign_get(tx, campaign, arena, &c)) == 0)
		return err_set(info, ERR_NOT_FOUND, "没有这项年度工作");
	if (r < 0)
		return r;
	if (right_check(&access.holder, ACTION_CAMPAIGN_READ, c.path)) {
		*ret_node = c.node;
		return 0;
	}
	for (int i = 0; i < access.holder.n; i++) {
		const char *path = access.holder.grants[i].path;
		const struct right_holder one = {&access.holder.grants[i], 1, false};
		size_t len = strlen(path);
		if (len < 3 || !right_check(&one, ACTION_CAMPAIGN_READ, path))
			continue;
		const char *last = path + len - 1;
		while (last > path && last[-1] != '/')
			last--;
		int64_t id = strtoll(last, NULL, 10);
		if ((r = store_campaign_org_get(tx, campaign, id, arena, &org)) < 0)
			return r;
		if (r > 0 && strlen(org.path) < best_len) {
			best = id;
			best_len = strlen(org.path);
		}
	}
	if (!best)
		return err_set(info, ERR_DENIED, "您没有权限查看这项年度工作");
	*ret_node = best;
	return 0;
}

int campaigns_get_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		     int64_t campaign, int64_t node, struct arena *arena,
		     struct campaign_detail *ret_detail, struct access *ret_access,
		     struct err_info *info)
{
	struct campaign_call call = {0};
	struct campaign_detail d = {0};
	int n = 0, r = node ? 0 : find_place(tx, caller, campaign, arena, &node, info);
	if (r == 0)
		r = campaign_enter(tx, app, caller, ACTION_CAMPAIGN_READ, campaign, node, arena, &call,
				   info);
	if (r == 0)
		r = store_campaign_steps(tx, campaign, arena, &d.steps, &n);
	if (r == 0)
		r = store_campaign_step_moves(tx, campaign, arena, &d.moves, &d.n_moves);
	if (r < 0)
		return r;
	assert(call.scheme);
	if (n != call.scheme->n_steps)
		return err_set(info, ERR_STATE, "“%s”的步骤与方案不符", call.campaign.title);
	d.campaign = call.campaign;
	d.scheme = call.scheme;
	d.org = call.org;
	d.owner = right_check(&call.access.holder, ACTION_CAMPAIGN_WRITE, call.campaign.path);
	for (int i = 0; i < ACTION_COUNT; i++)
		if (right_check(&call.access.holder, (enum action)i, call.path))
			d.may |= UINT64_C(1) << i;
	*ret_detail = d;
	*ret_access = call.access;
	return 0;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	return campaigns_get_in(tx, job->app, job->caller, job->campaign, job->node, job->arena,
				&job->detail, &access, info);
}

int campaigns_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct campaign_detail *ret_detail, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_detail = job.detail;
	return r;
}

/* ---- the owner's acts ---- */

/* Enters at the campaign's own node. */
static int enter_own(struct db_tx *tx, struct job *job, struct campaign_call *ret_call,
		     struct err_info *info)
{
	struct campaign c;
	arena_done(&job->own);
	int r = store_campaign_get(tx, job->campaign, &job->own, &c);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这项年度工作");
	return campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_WRITE, job->campaign, c.node,
			      &job->own, ret_call, info);
}

static int check_reason(const char *reason, const char *what, struct err_info *info)
{
	if (!reason || !*reason)
		return err_set(info, ERR_INPUT, "%s要写明理由", what);
	if (strlen(reason) > CAMPAIGN_REASON_MAX)
		return err_set(info, ERR_INPUT, "理由太长，应在 1000 字以内");
	return 0;
}

static const char *days_text(struct arena *arena, const struct campaign_step *s)
{
	char from[16], to[16];
	day_format(s->from_day, from);
	day_format(s->to_day, to);
	return arena_printf(arena, "%s 至 %s", *from ? from : "未定", *to ? to : "未定");
}

static int move_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	struct campaign_step *steps;
	int n, step = job->step->step, r = enter_own(tx, job, &call, info);
	if (r < 0)
		return r;
	if ((r = campaign_gate(&call, GATE_DAYS, info)) < 0)
		return r;
	if (step < 0 || step >= call.scheme->n_steps)
		return err_set(info, ERR_NOT_FOUND, "没有这个步骤");
	if ((r = check_days(call.scheme, job->step, info)) < 0 ||
	    (r = check_reason(job->reason, "改日期", info)) < 0 ||
	    (r = store_campaign_steps(tx, job->campaign, &job->own, &steps, &n)) < 0)
		return r;
	if (step >= n || (steps[step].from_day == job->step->from_day &&
			  steps[step].to_day == job->step->to_day))
		return err_set(info, ERR_INPUT, "日期没有变");
	r = store_campaign_step_move(tx, job->campaign, job->step, job->reason, job->caller->account,
				     job->caller->now_ms);
	if (r < 0)
		return r;
	const char *after = days_text(&job->own, job->step);
	return app_audit(tx, &call.access, "campaign.days", call.campaign.node,
			 arena_printf(&job->own, "%s %s", call.campaign.title,
				      call.scheme->steps[step].label),
			 days_text(&job->own, &steps[step]),
			 arena_printf(&job->own, "%s\n理由：%s", after ? after : "", job->reason));
}

int campaigns_move_step(struct app *app, const struct caller *caller, int64_t campaign,
			const struct campaign_step *step, const char *reason,
			struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .step = step,
			  .reason = reason};
	return write_job(&job, id_region(campaign), move_fn, info);
}

/* How many are not through the last step up to the review. */
static int count_open(struct db_tx *tx, struct job *job, const struct campaign_call *call,
		      int64_t *ret_open, const char **ret_label)
{
	const struct scheme *s = call->scheme;
	struct step_count *counts;
	int last = campaign_step_of(s, STEP_REVIEW);
	if (last < 0)
		last = campaign_step_of(s, STEP_GRADING);
	*ret_open = 0;
	*ret_label = "";
	if (last < 0)
		return 0;
	int r = store_step_counts(tx, job->campaign, call->campaign.node, s->n_steps, &job->own, &counts);
	if (r < 0)
		return r;
	*ret_open = counts[last].n[STEP_NOT_BEGUN] + counts[last].n[STEP_BEGUN] +
		    counts[last].n[STEP_RETURNED];
	*ret_label = s->steps[last].label;
	return 0;
}

static int keep_past(struct db_tx *tx, const struct campaign_call *call)
{
	int r = 0;
	if (call->campaign.kind == CAMPAIGN_RECTIFICATION)
		return 0;
	for (int g = 0; r == 0 && g < call->scheme->n_grades; g++)
		r = store_past_from_results(tx, &call->campaign, g, call->scheme->grades[g].label,
					    call->scheme->n_grades, call->scheme->places);
	return r;
}

static int close_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	int64_t open = 0;
	const char *label = "";
	int r = enter_own(tx, job, &call, info);
	if (r == 0)
		r = count_open(tx, job, &call, &open, &label);
	if (r < 0)
		return r;
	struct gate_facts facts = campaign_facts(&call);
	facts.step = label;
	facts.open.n = job->reason && *job->reason ? 0 : open;
	if ((r = gate_check(GATE_CLOSE, &facts, info)) < 0)
		return r;
	if (job->reason && strlen(job->reason) > CAMPAIGN_REASON_MAX)
		return err_set(info, ERR_INPUT, "理由太长，应在 1000 字以内");
	r = keep_past(tx, &call);
	if (r == 0)
		r = rectified_fix(tx, &call, 0, &job->own);
	if (r == 0)
		r = store_campaign_set_state(tx, job->campaign, CAMPAIGN_CLOSED, job->caller->now_ms);
	return r < 0 ? r : app_audit(tx, &call.access, "campaign.close", call.campaign.node,
				     call.campaign.title, "", job->reason);
}

int campaigns_close(struct app *app, const struct caller *caller, int64_t campaign,
		    const char *reason, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .reason = reason};
	return write_job(&job, id_region(campaign), close_fn, info);
}

static int reopen_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	int r = enter_own(tx, job, &call, info);
	if (r == 0)
		r = campaign_gate(&call, GATE_RERUN, info);
	if (r == 0)
		r = check_reason(job->reason, "重新打开", info);
	if (r == 0)
		r = store_campaign_set_state(tx, job->campaign, CAMPAIGN_OPEN, job->caller->now_ms);
	return r < 0 ? r : app_audit(tx, &call.access, "campaign.reopen", call.campaign.node,
				     call.campaign.title, "", job->reason);
}

int campaigns_reopen(struct app *app, const struct caller *caller, int64_t campaign,
		     const char *reason, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .reason = reason};
	return write_job(&job, id_region(campaign), reopen_fn, info);
}

static int archive_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_call call;
	int r = enter_own(tx, job, &call, info);
	if (r == 0)
		r = campaign_gate(&call, GATE_ARCHIVE, info);
	if (r == 0)
		r = store_campaign_set_state(tx, job->campaign, CAMPAIGN_ARCHIVED, job->caller->now_ms);
	return r < 0 ? r : app_audit(tx, &call.access, "campaign.archive", call.campaign.node,
				     call.campaign.title, "", "");
}

int campaigns_archive(struct app *app, const struct caller *caller, int64_t campaign,
		      struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign};
	return write_job(&job, id_region(campaign), archive_fn, info);
}
