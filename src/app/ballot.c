/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ballot.h"

#include <string.h>

#include "app/ballot_in.h"
#include "app/campaigns.h"
#include "app/scheme_cache.h"
#include "store/id.h"

#define HASH_KEY_SETTING "ballot_slip_key"

/* ---- shared ---- */

static int split_items(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_view *view)
{
	struct ballot_item *items;
	int n, r = store_item_list(tx, id, arena, &items, &n);
	if (r < 0)
		return r;
	/* They come by kind. */
	for (int i = 0; i < n; i++)
		switch (items[i].kind) {
		case ITEM_OPTION:
			view->options = view->n_options ? view->options : &items[i];
			view->n_options++;
			break;
		case ITEM_QUESTION:
			view->questions = view->n_questions ? view->questions : &items[i];
			view->n_questions++;
			break;
		case ITEM_ORG:
			view->orgs = view->n_orgs ? view->orgs : &items[i];
			view->n_orgs++;
			break;
		}
	return 0;
}

static int load_paper(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_view *view)
{
	struct ballot_paper *papers;
	int n, r = store_paper_list(tx, id, arena, &papers, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (papers[i].class < VOTERS_COUNT && papers[i].counter < BALLOT_COUNTERS_MAX)
			view->keyed[papers[i].class][papers[i].counter] = true;
	return r;
}

int box_load_ballot(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_view *ret_view)
{
	struct ballot_view view = {0};
	int r = store_box_get(tx, id, arena, &view.box);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	if ((r = store_counter_list(tx, id, arena, view.counters, &view.n_counters)) < 0 ||
	    (r = split_items(tx, id, arena, &view)) < 0)
		return r;
	*ret_view = view;
	return 0;
}

int box_load(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_view *ret_view)
{
	struct ballot_view view = {0};
	int r = box_load_ballot(tx, id, arena, &view);
	if (r < 0)
		return r;
	bool gone = view.box.state == BOX_COUNTED || view.box.state == BOX_VOID;
	if ((r = store_class_list(tx, id, gone, view.figures, view.there)) < 0 ||
	    (r = load_paper(tx, id, arena, &view)) < 0 ||
	    (r = store_count_list(tx, id, arena, &view.counts, &view.n_counts)) < 0)
		return r;
	for (int c = 0; c < VOTERS_COUNT; c++) {
		const struct ballot_figures *f = &view.figures[c];
		view.present += f->present;
		view.voted += f->by_state[SLIP_SPENT] +
			      (f->sheets >= 0 ? f->sheets : f->by_state[SLIP_EXCHANGED]);
	}
	*ret_view = view;
	return 0;
}

int box_enter(struct db_tx *tx, struct box_job *job, enum action action, unsigned states,
	      struct err_info *info)
{
	arena_done(&job->arena);
	int r = box_load(tx, job->id, &job->arena, &job->view);
	if (r == ERR_NOT_FOUND)
		return err_set(info, r, "没有这个票箱");
	if (r == 0)
		r = app_enter(tx, job->caller, action, job->view.box.node, &job->arena, &job->access,
			      job->view.path, info);
	if (r == 0 && !(states >> job->view.box.state & 1))
		return err_set(info, ERR_STATE, "这个票箱现在%s，不能做这一步",
			       box_state_label(job->view.box.state));
	return r;
}

int box_audit(struct db_tx *tx, struct box_job *job, const char *act, const char *before,
	      const char *after)
{
	return app_audit(tx, &job->access, act, job->view.box.node, job->view.box.title, before, after);
}

int box_read(struct box_job *job, db_fn fn, struct err_info *info)
{
	return db_read(job->app->db, fn, job, info);
}

int box_write(struct box_job *job, db_fn fn, struct err_info *info)
{
	return db_write(job->app->db, id_region(job->id), fn, job, info);
}

int box_hash_key(struct db_tx *tx, unsigned char ret_key[BALLOT_HASH_LEN])
{
	return app_key(tx, HASH_KEY_SETTING, false, ret_key);
}

/* ---- set up ---- */

static int check_text(const char *text, size_t max, const char *what, struct err_info *info)
{
	size_t n = 0;
	for (const char *p = text; *p; p++)
		n += ((unsigned char)*p & 0xC0) != 0x80;
	if (!n || n > max)
		return err_set(info, ERR_INPUT, "%s应有 1 到 %zu 个字", what, max);
	return 0;
}

static int check_setup(const struct ballot_setup *in, int64_t now_ms, struct err_info *info)
{
	enum { YEAR_S = 366 * 24 * 3600, LABEL_MAX = 60, OPTION_MAX = 8 };
	int r = check_text(in->title, BALLOT_TITLE_MAX, "名称", info);
	if (r == 0 && (in->n_options < 2 || in->n_options > BALLOT_OPTIONS_MAX))
		return err_set(info, ERR_INPUT, "选项应有 2 到 %d 个", BALLOT_OPTIONS_MAX);
	if (r == 0 && (in->n_questions < 1 || in->n_questions > BALLOT_QUESTIONS_MAX))
		return err_set(info, ERR_INPUT, "测评内容应有 1 到 %d 项", BALLOT_QUESTIONS_MAX);
	if (r == 0 && (in->n_orgs < 1 || in->n_orgs > BALLOT_ORGS_MAX))
		return err_set(info, ERR_INPUT, "一个票箱可测评 1 到 %d 个组织", BALLOT_ORGS_MAX);
	int cells = in->n_orgs * in->n_questions;
	if (r == 0 && (cells > BALLOT_ITEMS_MAX || cells * in->n_options > BALLOT_CELLS_MAX))
		return err_set(info, ERR_INPUT, "一张票上要选 %d 处，太多了（最多 %d 处），请分开设票箱", cells,
			       BALLOT_ITEMS_MAX < BALLOT_CELLS_MAX / in->n_options
				       ? BALLOT_ITEMS_MAX : BALLOT_CELLS_MAX / in->n_options);
	for (int i = 0; r == 0 && i < in->n_options; i++)
		r = check_text(in->options[i], OPTION_MAX, "选项", info);
	for (int i = 0; r == 0 && i < in->n_questions; i++)
		r = check_text(in->questions[i], LABEL_MAX, "测评内容", info);
	int64_t all = 0;
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++) {
		if (in->heads[c] < 0 || in->heads[c] > BALLOT_HEADS_MAX)
			return err_set(info, ERR_INPUT, "%s人数应在 0 到 %d 之间", voters_label((enum voters)c),
				       BALLOT_HEADS_MAX);
		all += in->heads[c];
	}
	if (r == 0 && !all)
		return err_set(info, ERR_INPUT, "请填写党员或群众人数");
	if (r == 0 && (in->closes_ms <= in->opens_ms || in->closes_ms <= now_ms))
		return err_set(info, ERR_INPUT, "关箱时间应在开箱时间以后，也不能已经过去");
	if (r == 0 && in->closes_ms > now_ms + (int64_t)YEAR_S * 1000)
		return err_set(info, ERR_INPUT, "关箱时间太远，应在一年以内");
	return r;
}

/* Each rated organisation stands at or below the node, and once. */
static int add_orgs(struct db_tx *tx, struct box_job *job, const struct ballot_setup *in,
		    const char *path, struct err_info *info)
{
	for (int i = 0; i < in->n_orgs; i++) {
		struct org org;
		int r = store_org_get(tx, in->orgs[i], &job->arena, &org);
		if (r < 0)
			return r;
		if (!r || strncmp(org.path, path, strlen(path)) != 0)
			return err_set(info, ERR_INPUT, "被测评的组织应是本组织或它的下级");
		for (int j = 0; j < i; j++)
			if (in->orgs[j] == in->orgs[i])
				return err_set(info, ERR_INPUT, "“%s”选了两次", org.name);
		const struct ballot_item item = {ITEM_ORG, i, org.id, org.name, ""};
		if ((r = store_item_add(tx, job->id, &item)) < 0)
			return r;
	}
	return 0;
}

static int add_items(struct db_tx *tx, int64_t box, const struct ballot_setup *in)
{
	int r = 0;
	for (int i = 0; r == 0 && i < in->n_options; i++) {
		const struct ballot_item item = {ITEM_OPTION, i, 0, in->options[i],
						 in->option_notes ? in->option_notes[i] : ""};
		r = store_item_add(tx, box, &item);
	}
	for (int i = 0; r == 0 && i < in->n_questions; i++) {
		const struct ballot_item item = {ITEM_QUESTION, i, 0, in->questions[i], ""};
		r = store_item_add(tx, box, &item);
	}
	return r;
}

static int write_box(struct db_tx *tx, struct box_job *job, const struct ballot_setup *in,
		     struct err_info *info)
{
	struct ballot_box box = {.node = in->node, .campaign = in->campaign, .title = in->title,
				 .opens_ms = in->opens_ms, .closes_ms = in->closes_ms};
	char path[ORG_PATH_MAX];
	int r = store_org_path(tx, in->node, path);
	if (r == 1)
		r = store_box_insert(tx, &box);
	job->id = box.id;
	if (r == 0)
		r = add_items(tx, box.id, in);
	if (r == 0)
		r = add_orgs(tx, job, in, path, info);
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		if (in->heads[c]) {
			const struct ballot_figures figures = {.head = in->heads[c], .sheets = -1};
			r = store_class_put(tx, box.id, (enum voters)c, &figures);
		}
	unsigned char key[BALLOT_HASH_LEN];
	return r ? r : app_key(tx, HASH_KEY_SETTING, true, key);
}

/* The counts go back into the campaign by the number of the option. */
static int check_options(const struct campaign_call *call, const struct ballot_setup *in,
			 struct err_info *info)
{
	const struct scheme *scheme = call->scheme;
	bool same = in->n_options == scheme->n_options;

	for (int i = 0; same && i < in->n_options; i++)
		same = strcmp(in->options[i], scheme->options[i].label) == 0;
	return same ? 0 : err_set(info, ERR_INPUT, "选项应和“%s”方案里的一样", call->campaign.title);
}

/* The counts of a class come from one box; a second would take their place. */
static int check_others(struct db_tx *tx, const struct campaign_call *call,
			const struct ballot_setup *in, struct err_info *info)
{
	for (int c = 0; c < VOTERS_COUNT; c++) {
		int64_t n;
		int r = in->heads[c] ? store_boxes_waiting(tx, call->campaign.id, call->org.id,
							   (enum voters)c, &n) : 0;
		if (r < 0)
			return r;
		if (in->heads[c] && n)
			return err_set(info, ERR_STATE, "“%s”的%s票已经有一个票箱，还没有计票；要重来请先作废那一个",
				       call->org.name, voters_label((enum voters)c));
	}
	return 0;
}

static int check_campaign(struct db_tx *tx, struct box_job *job, const struct ballot_setup *in,
			  struct err_info *info)
{
	int r = 0;

	for (int i = 0; r == 0 && in->campaign && i < in->n_orgs; i++) {
		struct campaign_call call;
		r = campaign_enter(tx, job->app, job->caller, ACTION_BALLOT_WRITE, in->campaign,
				   in->orgs[i], &job->arena, &call, info);
		if (r == 0 && call.org.category < 0)
			return err_set(info, ERR_INPUT, "“%s”不在“%s”的定级范围内", call.org.name,
				       call.campaign.title);
		if (r == 0)
			r = campaign_gate(&call, GATE_BOX, info);
		if (r == 0)
			r = check_options(&call, in, info);
		if (r == 0)
			r = check_others(tx, &call, in, info);
	}
	return r;
}

static int create_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	const struct ballot_setup *in = job->arg;
	AUTO(buf) struct buf after = {0};

	arena_done(&job->arena);
	int r = check_setup(in, job->caller->now_ms, info);
	if (r < 0)
		return r;
	r = app_enter(tx, job->caller, ACTION_BALLOT_WRITE, in->node, &job->arena, &job->access, NULL,
			  info);
	if (r == 0)
		r = check_campaign(tx, job, in, info);
	if (r == 0)
		r = write_box(tx, job, in, info);
	if (r < 0)
		return r;
	for (int c = 0; c < VOTERS_COUNT; c++)
		if (in->heads[c])
			buf_addf(&after, "%s %lld 人；", voters_label((enum voters)c),
				 (long long)in->heads[c]);
	buf_addf(&after, "%d 个组织，%d 项，%d 个选项", in->n_orgs, in->n_questions, in->n_options);
	return app_audit(tx, &job->access, "ballot.create", in->node, in->title, "", buf_str(&after));
}

int box_create(struct db_tx *tx, struct app *app, const struct caller *caller,
	       const struct ballot_setup *setup, int64_t *ret_box, struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .arg = (void *)setup};
	int r = create_fn(tx, &job, info);
	if (r == 0)
		*ret_box = job.id;
	arena_done(&job.arena);
	return r;
}

int ballot_create(struct app *app, const struct caller *caller, const struct ballot_setup *setup,
		  int64_t *ret_box, struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .arg = (void *)setup};
	int r = db_write(app->db, id_region(setup->node), create_fn, &job, info);
	if (r == 0)
		*ret_box = job.id;
	arena_done(&job.arena);
	return r;
}

/* ---- looking ---- */

struct look {
	struct box_job job;
	enum action action;
	struct arena *arena;
	int64_t node, campaign;
	struct ballot_boxes list;
};

static int find_class_scores(struct db_tx *tx, struct look *look, struct err_info *info)
{
	struct ballot_view *view = &look->job.view;
	const struct scheme *scheme;
	struct campaign campaign;
	int r = store_campaign_get(tx, view->box.campaign, look->arena, &campaign);
	if (r > 0 && (r = scheme_cache_get(look->job.app->schemes, campaign.scheme_text, &scheme, info)) == 0)
		view->sees_classes = floor_class_alone(scheme);
	return r < 0 ? r : 0;
}

static int view_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct ballot_view *view = &look->job.view;
	int r = box_enter(tx, &look->job, look->action, ~0u, info);
	/* Into the caller's memory. */
	if (r == 0)
		r = box_load(tx, look->job.id, look->arena, view);
	if (r == 0)
		r = store_org_path(tx, view->box.node, view->path) == 1 ? 0 : ERR_NOT_FOUND;
	view->may_hold = right_check(&look->job.access.holder, ACTION_BALLOT_WRITE, view->path);
	if (r == 0 && view->box.campaign && right_check(&look->job.access.holder, ACTION_REVIEW, view->path))
		r = find_class_scores(tx, look, info);
	return r;
}

int ballot_view(struct app *app, const struct caller *caller, enum action action, int64_t box,
		struct arena *arena, struct ballot_view *ret_view, struct err_info *info)
{
	struct look look = {.job = {.app = app, .caller = caller, .id = box}, .action = action,
			    .arena = arena};
	int r = db_read(app->db, view_fn, &look, info);
	if (r == 0)
		*ret_view = look.job.view;
	arena_done(&look.job.arena);
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	int r = app_enter(tx, look->job.caller, ACTION_REPORT_READ, look->node, look->arena, &access,
			  path, info);
	look->list.may_hold = r == 0 && right_check(&access.holder, ACTION_BALLOT_WRITE, path);
	return r ? r : store_box_list(tx, path, look->campaign, BALLOT_BOXES_SHOWN, look->arena,
				      &look->list.boxes, &look->list.n);
}

int ballot_list(struct app *app, const struct caller *caller, int64_t node, int64_t campaign,
		struct arena *arena, struct ballot_boxes *ret_boxes, struct err_info *info)
{
	struct look look = {.job = {.app = app, .caller = caller}, .arena = arena, .node = node,
			    .campaign = campaign};
	int r = db_read(app->db, list_fn, &look, info);
	if (r == 0)
		*ret_boxes = look.list;
	return r;
}

unsigned ballot_floor(const struct ballot_view *view)
{
	/* Both scores and the pool would tell each class's counts. */
	struct floor_case what = {.class_alone = view->sees_classes, .approves = view->sees_classes};
	for (int c = 0; c < VOTERS_COUNT; c++)
		what.ballots[c] = (uint64_t)ballot_cast(&view->figures[c]);
	return floor_of(&what);
}

int64_t ballot_count_shown(const struct ballot_view *view, int org, int question, int class,
			   int option)
{
	unsigned floor = ballot_floor(view);
	int64_t sum = 0;

	if (view->box.state != BOX_COUNTED ||
	    !(floor & (class == VOTERS_COUNT ? FLOOR_POOLED : FLOOR_BY_CLASS)))
		return -1;
	for (int i = 0; i < view->n_counts; i++) {
		const struct ballot_count *c = &view->counts[i];
		if (c->org == org && c->question == question && c->option == option &&
		    (class == VOTERS_COUNT || (int)c->class == class))
			sum += c->count;
	}
	return sum;
}
