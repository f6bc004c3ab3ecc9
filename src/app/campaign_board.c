/* SPDX-License-Identifier: Apache-2.0 */
#include "app/campaign_board.h"

#include "domain/day.h"
#include "store/id.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;
	struct campaign_board board;
	const struct board_filter *filter;
	bool export;
	struct campaign_board_page page;
};

int64_t step_count_done(const struct step_count *c)
{
	return c->n[STEP_DONE] + c->n[STEP_WAIVED];
}

int64_t step_count_all(const struct step_count *c)
{
	int64_t n = 0;
	for (int i = 0; i < STEP_STATE_COUNT; i++)
		n += c->n[i];
	return n;
}

int campaign_step_late(const struct campaign_step *days, int32_t today)
{
	return days->to_day && days->to_day < today ? day_serial(today) - day_serial(days->to_day) : 0;
}

const struct result_summary *campaign_board_summary(const struct campaign_board *board,
						    int64_t node, int category)
{
	for (int i = 0; i < board->n_summaries; i++)
		if (board->summaries[i].node == node && board->summaries[i].category == category)
			return &board->summaries[i];
	return NULL;
}

/* What stands above the caller's reach is not shown. */
static int load_crumbs(struct db_tx *tx, const struct access *access, int64_t campaign,
		       const char *path, struct arena *arena, struct campaign_org **ret_crumbs,
		       int *ret_n)
{
	struct campaign_org *crumbs;
	int n, first = 0, r = store_board_crumbs(tx, campaign, path, arena, &crumbs, &n);
	if (r < 0)
		return r;
	while (first < n - 1 && !right_check(&access->holder, ACTION_CAMPAIGN_READ, crumbs[first].path))
		first++;
	*ret_crumbs = crumbs + first;
	*ret_n = n - first;
	return 0;
}

static int load_leaf(struct db_tx *tx, struct job *job, struct campaign_board *b)
{
	int64_t node = b->detail.org.id;
	int r = store_org_steps(tx, job->campaign, node, b->detail.scheme->n_steps, job->arena, &b->own);
	b->leaf = true;
	if (r == 0 && (r = store_result_get(tx, job->campaign, node, job->arena, &b->result)) == 0)
		b->result = (struct result){0};
	return r < 0 ? r : store_past_list(tx, node, job->arena, &b->past, &b->n_past);
}

static int board_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_board b = {0};
	struct access access;
	int r = campaigns_get_in(tx, job->app, job->caller, job->campaign, job->node, job->arena,
				 &b.detail, &access, info);
	if (r < 0)
		return r;
	const struct campaign_org *org = &b.detail.org;
	int n_steps = b.detail.scheme->n_steps;
	if ((r = load_crumbs(tx, &access, job->campaign, org->path, job->arena, &b.crumbs,
			     &b.n_crumbs)) < 0 ||
	    (org->category >= 0 && (r = load_leaf(tx, job, &b)) < 0) ||
	    (r = store_step_counts(tx, job->campaign, org->id, n_steps, job->arena, &b.counts)) < 0 ||
	    (r = store_step_children(tx, job->campaign, org->id, n_steps, job->arena, &b.children,
				     &b.n_children)) < 0 ||
	    (r = store_result_summaries(tx, job->campaign, org->id, true, job->arena, &b.summaries,
					&b.n_summaries)) < 0 ||
	    (r = store_result_changes(tx, job->campaign, org->id, job->arena, &b.changes,
				      &b.n_changes)) < 0)
		return r;
	job->board = b;
	return 0;
}

int campaign_board_get(struct app *app, const struct caller *caller, int64_t campaign,
		       int64_t node, struct arena *arena, struct campaign_board *ret_board,
		       struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .arena = arena};
	int r = db_read(app->db, board_fn, &job, info);
	if (r == 0)
		*ret_board = job.board;
	return r;
}

/* ---- the list ---- */

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_board_page page = {0};
	struct board_filter filter = *job->filter;
	struct access access;
	int r = campaigns_get_in(tx, job->app, job->caller, job->campaign, job->node, job->arena,
				 &page.detail, &access, info);
	if (r == 0 && job->export &&
	    !right_check(&access.holder, ACTION_REPORT_READ, page.detail.org.path))
		r = err_set(info, ERR_DENIED, "您没有权限导出这个名单");
	if (r == 0)
		r = load_crumbs(tx, &access, job->campaign, page.detail.org.path, job->arena, &page.crumbs,
				&page.n_crumbs);
	if (r < 0)
		return r;
	if (filter.step >= page.detail.scheme->n_steps)
		filter.step = BOARD_ANY;
	filter.path = page.detail.org.path;
	filter.year = page.detail.campaign.year;
	filter.n_grades = page.detail.scheme->n_grades;
	r = store_board_list(tx, job->campaign, &filter, job->arena, &page.rows, &page.n, &page.total);
	if (r == 0 && job->export)
		r = app_audit(tx, &access, "campaign.export", page.detail.org.id,
			      page.detail.campaign.title, "", arena_printf(job->arena, "%d 行", page.n));
	job->page = page;
	return r;
}

int campaign_board_list(struct app *app, const struct caller *caller, int64_t campaign,
			int64_t node, const struct board_filter *filter, bool export,
			struct arena *arena, struct campaign_board_page *ret_page,
			struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .arena = arena, .filter = filter, .export = export};
	int r = export ? db_write(app->db, id_region(campaign), list_fn, &job, info)
		       : db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_page = job.page;
	return r;
}
