/* SPDX-License-Identifier: Apache-2.0 */
#include "app/campaign_board.h"

#include <stdlib.h>
#include <string.h>

#include "app/deciding.h"
#include "app/ledger_in.h"
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

/* ---- who sees figures before they are handed in ---- */

/* Where the caller stands in the campaign: the grant that reads figures at `path`,
 * the nearest to it. `ret_own` 0: he belongs to no office there (the machine). */
static int find_own(struct db_tx *tx, const struct access *access, const struct campaign_detail *d,
		    struct arena *arena, int64_t *ret_own, bool *ret_all)
{
	const char *best = NULL;
	*ret_own = 0;
	*ret_all = access->holder.machine;
	for (int i = 0; i < access->holder.n; i++) {
		const struct right_grant *g = &access->holder.grants[i];
		struct right_holder one = access->holder;
		one.grants = g;
		one.n = 1;
		if (right_check(&one, ACTION_REPORT_READ, d->org.path) &&
		    (!best || strlen(g->path) > strlen(best)))
			best = g->path;
	}
	if (!best)
		return 0;
	size_t len = strlen(best) - 1;
	while (len && best[len - 1] != '/')
		len--;
	struct campaign_org org;
	*ret_own = strtoll(best + len, NULL, 10);
	int r = store_campaign_org_get(tx, d->campaign.id, *ret_own, arena, &org);
	/* All below it is the own decision of a committee right above the graded. */
	if (r > 0)
		*ret_all |= org.level + 1 == d->scheme->graded;
	return r < 0 ? r : 0;
}

/* Everything of these counts was handed in or accepted. */
static bool is_handed_in(const struct scheme *scheme, const struct step_count *counts)
{
	int review = campaign_step_of(scheme, STEP_REVIEW);
	if (review < 0)
		return true;	/* nothing is ever handed in */
	return !counts[review].n[STEP_NOT_BEGUN] && !counts[review].n[STEP_RETURNED];
}

static void add_summary(struct result_summary *to, const struct result_summary *s, int sign)
{
	to->orgs += sign * s->orgs;
	to->graded += sign * s->graded;
	for (int g = 0; g < SCHEME_GRADES_MAX; g++)
		to->grades[g] += sign * s->grades[g];
	for (int k = 0; k <= SCHEME_STARS_MAX; k++)
		to->stars[k] += sign * s->stars[k];
}

static bool is_seen(const struct campaign_board *b, int64_t node)
{
	for (int i = 0; i < b->n_children; i++)
		if (b->children[i].node == node)
			return b->seen[i];
	return false;
}

/* Takes out of the node's own sums what its children have not handed in. */
static void hide_figures(struct campaign_board *b, bool own)
{
	int64_t node = b->detail.org.id;
	b->n_changes = 0;
	b->partial = true;
	for (int i = 0; i < b->n_summaries; i++) {
		struct result_summary *sum = &b->summaries[i];
		if (sum->node != node)
			continue;
		struct result_summary children = {0}, seen = {0};
		for (int k = 0; k < b->n_summaries; k++) {
			const struct result_summary *s = &b->summaries[k];
			if (s->node == node || s->category != sum->category)
				continue;
			add_summary(&children, s, 1);
			if (is_seen(b, s->node))
				add_summary(&seen, s, 1);
		}
		/* What hangs right on the node is its own decision. */
		if (own) {
			add_summary(&seen, sum, 1);
			add_summary(&seen, &children, -1);
		}
		int64_t orgs = sum->orgs;
		*sum = (struct result_summary){.node = node, .category = sum->category, .mean_e2 = -1};
		add_summary(sum, &seen, 1);
		sum->orgs = orgs;
	}
	int kept = 0;
	for (int i = 0; i < b->n_summaries; i++)
		if (b->summaries[i].node == node || is_seen(b, b->summaries[i].node))
			b->summaries[kept++] = b->summaries[i];
	b->n_summaries = kept;
}

static int check_seen(struct db_tx *tx, const struct access *access, struct arena *arena,
		      struct campaign_board *b)
{
	const struct scheme *scheme = b->detail.scheme;
	bool all, whole = true;
	int64_t own;
	int r = find_own(tx, access, &b->detail, arena, &own, &all);
	if (r < 0)
		return r;
	b->seen = arena_zalloc(arena, (size_t)b->n_children + 1, sizeof(*b->seen));
	if (!b->seen)
		return db_doom_nomem(tx);
	const bool decides = all;
	all = all || is_handed_in(scheme, b->counts);
	for (int i = 0; i < b->n_children; i++) {
		b->seen[i] = all || is_handed_in(scheme, b->children[i].counts);
		whole &= b->seen[i];
	}
	if (b->leaf && !decides && own != b->detail.org.parent) {
		struct hold hold;
		if ((r = store_hold_get(tx, b->detail.campaign.id, b->detail.org.id, arena, &hold)) < 0)
			return r;
		/* Where nothing is handed in, the decision is what one waits for (CT-9). */
		int grading = campaign_step_of(scheme, STEP_GRADING);
		bool ready = campaign_step_of(scheme, STEP_REVIEW) >= 0
				     ? all || hold.state == HOLD_SUBMITTED || hold.state == HOLD_ACCEPTED
				     : grading < 0 || b->own[grading].state == STEP_DONE;
		if (!ready)
			b->result = (struct result){0};
	}
	if (all || scheme->kind != SCHEME_GRADING)
		return 0;
	bool here = own == b->detail.org.id;
	if (here && whole)
		return 0;
	hide_figures(b, here);
	return 0;
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

/* A node with somebody withheld at or below it. */
struct tainted {
	int64_t node;
	int category;
};

static int by_node(const void *a, const void *b)
{
	const struct tainted *x = a, *y = b;
	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->category - y->category;
}

static int withhold_means(struct db_tx *tx, const struct decide_withheld *w, struct arena *arena,
			  struct campaign_board *b)
{
	size_t n = 0;
	struct tainted *at = arena_zalloc(arena, (size_t)w->n * 2 * ORG_DEPTH_MAX + 1, sizeof(*at));
	if (!at)
		return db_doom_nomem(tx);
	for (int k = 0; k < w->n; k++) {
		char *end;
		int depth = 0;
		for (const char *p = w->at[k].path; *p == '/' && p[1] && depth < ORG_DEPTH_MAX; p = end, depth++) {
			int64_t node = strtoll(p + 1, &end, 10);
			at[n++] = (struct tainted){node, w->at[k].category};
			at[n++] = (struct tainted){node, -1};
		}
	}
	qsort(at, n, sizeof(*at), by_node);
	for (int i = 0; i < b->n_summaries; i++) {
		struct result_summary *s = &b->summaries[i];
		struct tainted key = {s->node, s->category < 0 ? -1 : s->category};
		if (bsearch(&key, at, n, sizeof(*at), by_node))
			s->mean_e2 = -1;
	}
	return 0;
}

/* Scores that the floor withholds: of a leaf its own, of a node the means with such
 * an organisation in them, for whoever knows the others' could subtract them. Ranks
 * go too: a gap between neighbours tells. */
static int withhold(struct db_tx *tx, const struct access *access, struct job *job,
		    struct campaign_board *b)
{
	struct decide_withheld w;
	int r = decide_withheld(tx, access, job->campaign, b->detail.scheme, b->crumbs[0].path, job->arena,
				&w);
	if (r < 0)
		return r;
	if ((r = withhold_means(tx, &w, job->arena, b)) < 0)
		return r;
	if (!b->leaf)
		return 0;
	bool hides;
	r = decide_hides_ranks_with(tx, access, &b->detail.campaign, b->detail.scheme, b->detail.org.path,
				    b->crumbs[0].path, &w, job->arena, &hides);
	if (r < 0)
		return r;
	if (hides)
		b->result.rank = 0;
	b->withheld = decide_withholds(&w, b->detail.org.id);
	if (b->withheld)
		b->result.score = -1;
	return decide_past(tx, job->app, access, b->detail.org.path, b->past, b->n_past, job->arena);
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

/* Alarms hang on the day, so they are not kept but looked for, where the page can wait. */
static int load_alarms(struct db_tx *tx, struct job *job, struct campaign_board *b, struct err_info *info)
{
	struct ledger_case *cases;
	uint32_t *alarms;
	int64_t all = 0;
	int n, r;
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		all += b->cases[i];
	for (int k = 0; k < CASE_ALARMS; k++)
		b->alarms[k] = all > BOARD_CASES_MAX ? -1 : 0;
	if (!all || all > BOARD_CASES_MAX)
		return 0;
	r = store_case_list(tx, b->detail.org.path, -1, job->arena, &cases, &n);
	if (r == 0)
		r = ledger_alarms_below(tx, job->app, b->detail.org.path, cases, n, job->caller->today, job->arena, &alarms,
					info);
	for (int i = 0; r == 0 && i < n; i++)
		for (int k = 0; k < CASE_ALARMS; k++)
			b->alarms[k] += alarms[i] >> k & 1;
	return r;
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
				      &b.n_changes)) < 0 ||
	    (r = check_seen(tx, &access, job->arena, &b)) < 0 ||
	    (r = withhold(tx, &access, job, &b)) < 0)
		return r;
	b.may_cases = right_check(&access.holder, ACTION_CASE_READ, org->path);
	if (b.may_cases && ((r = store_case_counts(tx, org->path, b.cases)) < 0 ||
			    (r = load_alarms(tx, job, &b, info)) < 0))
		return r;
	b.may_money = right_check(&access.holder, ACTION_REPORT_READ, org->path);
	const int year = b.detail.campaign.year;
	if (b.may_money &&
	    ((r = guarantees_sums(tx, org->id, year, job->arena, b.money, b.money_n)) < 0 ||
	     (r = guarantees_sums(tx, org->id, year - 1, job->arena, b.money_before, b.money_n_before)) < 0))
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

static void mask_rows(struct campaign_board_page *page, const struct decide_withheld *w, bool hides_ranks)
{
	page->n_withheld = w->n;
	for (int i = 0; i < page->n; i++) {
		if (hides_ranks)
			page->rows[i].rank = 0;
		if (decide_withholds(w, page->rows[i].org))
			page->rows[i].score = -1;
	}
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct campaign_board_page page = {0};
	struct board_filter filter = *job->filter;
	struct access access;
	struct decide_withheld withheld = {0};
	int r = campaigns_get_in(tx, job->app, job->caller, job->campaign, job->node, job->arena,
				 &page.detail, &access, info);
	if (r == 0 && job->export &&
	    !right_check(&access.holder, ACTION_REPORT_READ, page.detail.org.path))
		r = err_set(info, ERR_DENIED, "您没有权限导出这个名单");
	if (r == 0)
		r = load_crumbs(tx, &access, job->campaign, page.detail.org.path, job->arena, &page.crumbs,
				&page.n_crumbs);
	if (r == 0)
		r = decide_withheld(tx, &access, job->campaign, page.detail.scheme, page.crumbs[0].path,
				    job->arena, &withheld);
	if (r < 0)
		return r;
	if (withheld.n && (filter.order == BOARD_BY_SCORE || filter.order == BOARD_BY_RANK))
		filter.order = BOARD_BY_PATH;
	if (filter.step >= page.detail.scheme->n_steps)
		filter.step = BOARD_ANY;
	filter.path = page.detail.org.path;
	filter.year = page.detail.campaign.year;
	filter.n_grades = page.detail.scheme->n_grades;
	bool all, hides = true;
	if ((r = find_own(tx, &access, &page.detail, job->arena, &filter.own, &all)) < 0)
		return r;
	/* Where nothing is ever handed in there is nothing to wait for. */
	filter.handed_in = !all && campaign_step_of(page.detail.scheme, STEP_REVIEW) >= 0;
	page.handed_in = filter.handed_in;
	r = store_board_list(tx, job->campaign, &filter, job->arena, &page.rows, &page.n, &page.total);
	if (r == 0)
		r = decide_hides_ranks_with(tx, &access, &page.detail.campaign, page.detail.scheme,
					    page.detail.org.path, page.crumbs[0].path, &withheld, job->arena,
					    &hides);
	mask_rows(&page, &withheld, hides);
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
