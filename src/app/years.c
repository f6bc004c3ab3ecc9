/* SPDX-License-Identifier: Apache-2.0 */
#include "app/years.h"

#include <stdlib.h>

#include "domain/exact.h"
#include "domain/floor.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t org;
	struct access access;
	char path[ORG_PATH_MAX];
	struct arena *arena;
	struct years_view view;
};

static int add_past(struct db_tx *tx, struct job *job)
{
	struct years_view *v = &job->view;
	struct past_result *past;
	int n, r = store_past_list(tx, job->org, job->arena, &past, &n);
	if (r == 0)
		r = decide_past(tx, job->app, &job->access, job->path, past, n, job->arena);
	if (r < 0)
		return r;
	v->rows = arena_zalloc(job->arena, (size_t)n + 64, sizeof(*v->rows));
	if (!v->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		v->rows[v->n++] = (struct year_row){
			.year = past[i].year, .campaign = past[i].campaign,
			.scheme = past[i].scheme_title, .score = past[i].score, .grade = past[i].grade,
			.place = past[i].place, .places = past[i].places, .stars = past[i].stars,
			.rank = past[i].rank, .ledger = past[i].ledger, .note = past[i].note, .state = "",
		};
	return 0;
}

static int fill_running(struct db_tx *tx, struct job *job, const struct campaign_call *call,
			struct year_row *row)
{
	struct campaign_org committee = {.path = call->path};
	struct err_info none = {0};
	struct result result;
	struct hold hold;
	bool approves, hides;
	unsigned show;
	AUTO(buf) struct buf score = {0};
	int r = store_result_get(tx, call->campaign.id, job->org, job->arena, &result);
	if (r <= 0)
		return r;
	if ((r = store_hold_get(tx, call->campaign.id, job->org, job->arena, &hold)) < 0)
		return r;
	row->state = hold.state ? hold_label(hold.state) : "还没有公示";
	if (decide_committee(tx, call, job->arena, &committee, &none) < 0 || result.grade < 0 ||
	    !decide_may_see(&call->access, committee.path, call->path, hold.state))
		return 0;
	if ((r = decide_approves(tx, &call->access, call->path, result.approval, job->arena,
				 &approves)) < 0 ||
	    (r = decide_floor(tx, call, job->org, approves, job->arena, &show)) < 0 ||
	    (r = decide_hides_ranks(tx, &call->access, &call->campaign, call->scheme, call->path, job->arena,
				    &hides)) < 0)
		return r;
	row->grade = call->scheme->grades[result.grade].label;
	row->place = result.grade;
	row->places = call->scheme->n_grades;
	row->stars = result.stars;
	if (!(show & FLOOR_COMPOSITE))
		return 0;
	row->rank = hides ? 0 : result.rank;
	decimal_format_places(&score, (uint64_t)result.score, result.places);
	row->score = arena_strdup(job->arena, buf_str(&score));
	return row->score ? 0 : db_doom_nomem(tx);
}

static int add_running(struct db_tx *tx, struct job *job, struct err_info *info)
{
	struct years_view *v = &job->view;
	struct past_campaign *list;
	int n, r = store_past_campaigns(tx, job->org, job->arena, &list, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct campaign_call call;
		struct year_row *row = &v->rows[v->n++];
		*row = (struct year_row){.year = list[i].year, .campaign = list[i].campaign,
					 .running = true, .scheme = list[i].title, .score = "",
					 .grade = "", .place = -1, .stars = -1, .ledger = "", .note = "",
					 .state = "正在开展"};
		r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, list[i].campaign,
				   job->org, job->arena, &call, info);
		if (r == 0)
			r = fill_running(tx, job, &call, row);
	}
	return r;
}

static int latest_case_first(const void *a, const void *b)
{
	const struct ledger_case *x = a, *y = b;
	return x->opened_day != y->opened_day ? y->opened_day - x->opened_day
					      : (x->id < y->id) - (x->id > y->id);
}

static int add_cases(struct db_tx *tx, struct job *job)
{
	struct years_view *v = &job->view;
	struct ledger_case *all;
	int n, r;
	if (!right_check(&job->access.holder, ACTION_CASE_READ, job->path))
		return 0;
	if ((r = store_case_list(tx, job->path, -1, job->arena, &all, &n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (all[i].org == job->org)
			all[v->n_cases++] = all[i];
	v->cases = all;
	if (v->n_cases)
		qsort(all, (size_t)v->n_cases, sizeof(*all), latest_case_first);
	return 0;
}

static int latest_first(const void *a, const void *b)
{
	const struct year_row *x = a, *y = b;
	return x->year != y->year ? y->year - x->year : (int)y->running - (int)x->running;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct years_view *v = &job->view;
	*v = (struct years_view){0};
	int r = app_enter(tx, job->caller, ACTION_CAMPAIGN_READ, job->org, job->arena, &job->access, job->path, info);
	if (r == 0)
		r = store_org_get(tx, job->org, job->arena, &v->org);
	if (r >= 0)
		r = store_org_breadcrumb(tx, job->path, job->arena, &v->crumbs, &v->n_crumbs);
	if (r == 0)
		r = add_past(tx, job);
	if (r == 0)
		r = add_running(tx, job, info);
	if (r == 0)
		r = add_cases(tx, job);
	if (r < 0)
		return r;
	app_cut_crumbs(&job->access, &v->crumbs, &v->n_crumbs);
	if (v->n)
		qsort(v->rows, (size_t)v->n, sizeof(*v->rows), latest_first);
	for (int i = 0; i + 1 < v->n; i++) {
		struct year_row *now = &v->rows[i], *before = &v->rows[i + 1];
		now->compared = now->place >= 0 && before->place >= 0 && now->places == before->places &&
				now->year == before->year + 1;
		if (now->compared)
			now->moved = before->place - now->place;
	}
	return 0;
}

int years_get(struct app *app, const struct caller *caller, int64_t org, struct arena *arena,
	      struct years_view *ret_view, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .org = org, .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}
