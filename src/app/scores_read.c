/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a grid, a cell's history, and what is to be scored. */
#include <stdlib.h>

#include "app/scores_in.h"

struct looking {
	struct score_desk desk;
	const struct score_query *query;
	struct score_grid grid;
	int64_t org;
	int leaf;
	struct score_change *changes;
	struct score_duty *duties;
	int n;
};

/* ---- organisations of the page ---- */

static int load_peers(struct db_tx *tx, struct looking *l, int64_t offset, int64_t limit,
		      struct campaign_org **ret_orgs, int *ret_n, int64_t *ret_total)
{
	struct score_desk *desk = &l->desk;
	/* The peer himself asks, or his committee looks at what he gave. */
	const int64_t own = desk->rater.org ? desk->rater.org : desk->call.org.id;
	struct campaign_org *all;
	int n, kept = 0;
	int r = store_campaign_orgs_page(tx, desk->at->campaign,
					 desk->township ? desk->township : desk->call.path, -1, 0,
					 SCORES_PEERS_MAX, desk->arena, &all, &n, ret_total);
	if (r < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (all[i].id != own)
			all[kept++] = all[i];
	*ret_total = kept;
	int64_t from = offset < kept ? offset : kept;
	*ret_orgs = all + from;
	*ret_n = (int)(kept - from < limit ? kept - from : limit);
	return 0;
}

static int load_orgs(struct db_tx *tx, struct looking *l, int64_t offset, int64_t limit,
		     struct campaign_org **ret_orgs, int *ret_n, int64_t *ret_total)
{
	struct score_desk *desk = &l->desk;
	if (desk->at->door == SCORE_SELF) {
		*ret_orgs = &desk->call.org;
		*ret_n = 1;
		*ret_total = 1;
		return 0;
	}
	if (desk->at->door == SCORE_PEER || desk->rater.org)
		return load_peers(tx, l, offset, limit, ret_orgs, ret_n, ret_total);
	/* What was assigned to a rater is all there is for it. */
	if (desk->rater.id)
		return store_rater_orgs_page(tx, desk->at->campaign, desk->rater.id, desk->call.path,
					     offset, limit, desk->arena, ret_orgs, ret_n, ret_total);
	return store_campaign_orgs_page(tx, desk->at->campaign, desk->call.path, l->query->category,
					offset, limit, desk->arena, ret_orgs, ret_n, ret_total);
}

/* ---- how many are filled in ---- */

struct counting {
	const struct looking *l;
	const struct campaign_org *orgs;	/* by id */
	int n;
	int64_t *done;
	bool *todo;			/* per organisation: the asked sheet is not full */
	struct rater *raters;		/* of the asked source */
	int n_raters;
};

static int by_id(const void *a, const void *b)
{
	const struct campaign_org *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static int count_sheet(void *arg, const struct score_sheet *sheet)
{
	struct counting *c = arg;
	const struct score_desk *desk = &c->l->desk;
	struct campaign_org key = {.id = sheet->org};
	struct sheet_rules rules;
	const struct campaign_org *org = bsearch(&key, c->orgs, (size_t)c->n, sizeof(key), by_id);

	if (!org || sheet->source >= desk->call.scheme->n_sources)
		return 0;
	if (desk->call.scheme->sources[sheet->source].by == BY_BALLOTS)
		return 0;
	struct score_desk other = *desk;
	other.source = sheet->source;
	score_desk_rules(&other, org, &rules);
	struct sheet_total total = sheet_total(&rules, sheet->cells, sheet->n);
	if (total.missing || total.mixed >= 0)
		return 0;
	if (!sheet->rater)
		c->done[sheet->source]++;
	for (int i = 0; sheet->source == desk->source && i < c->n_raters; i++)
		c->raters[i].done += c->raters[i].id == sheet->rater;
	if (sheet->source == desk->source && sheet->rater == desk->rater.id)
		c->todo[org - c->orgs] = false;
	return 0;
}

/* Looks through all sheets where there are few enough, and keeps those not
 * filled in where only they are wanted. */
static int count_all(struct db_tx *tx, struct looking *l, struct campaign_org **ret_todo,
		     int *ret_n)
{
	struct score_desk *desk = &l->desk;
	struct campaign_org *orgs;
	int64_t total;
	int n, kept = 0;
	*ret_n = 0;
	int r = store_campaign_orgs_page(tx, desk->at->campaign, desk->call.path, -1, 0,
					 SCORES_COUNTED_MAX, desk->arena, &orgs, &n, &total);
	if (r < 0)
		return r;
	l->grid.n_orgs = total;
	if (!total || total > SCORES_COUNTED_MAX)
		return 0;
	struct campaign_org *sorted = arena_zalloc(desk->arena, (size_t)n + 1, sizeof(*sorted));
	bool *todo = arena_zalloc(desk->arena, (size_t)n + 1, sizeof(*todo));
	if (!sorted || !todo)
		return db_doom_nomem(tx);
	memcpy(sorted, orgs, (size_t)n * sizeof(*orgs));
	qsort(sorted, (size_t)n, sizeof(*sorted), by_id);
	memset(todo, true, (size_t)n);
	struct counting c = {l, sorted, n, l->grid.done, todo, l->grid.raters, l->grid.n_raters};
	if ((r = store_score_each(tx, desk->at->campaign, desk->call.path, count_sheet, &c)) < 0)
		return r;
	l->grid.counted = true;
	for (int i = 0; i < n; i++) {
		const struct campaign_org *at = bsearch(&orgs[i], sorted, (size_t)n, sizeof(*at), by_id);
		if (todo[at - sorted] &&
		    (l->query->category < 0 || orgs[i].category == l->query->category))
			orgs[kept++] = orgs[i];
	}
	*ret_todo = orgs;
	*ret_n = kept;
	return 0;
}

/* ---- columns ---- */

/* A leaf becomes a column where some row of the page asks for it, or has it. */
static bool wanted(const struct score_desk *desk, const struct campaign_org *orgs,
		   const struct score_sheet *sheets, int n, int leaf, int64_t *ret_max)
{
	bool any = false;
	*ret_max = -1;
	for (int i = 0; i < n; i++) {
		struct sheet_rules rules;
		score_desk_rules(desk, &orgs[i], &rules);
		int64_t max = sheet_max_e4(&rules, leaf);
		if (!sheet_asks(&rules, leaf) && !*score_cell(&sheets[i], leaf))
			continue;
		any = true;
		*ret_max = *ret_max < 0 || *ret_max == max ? max : 0;
	}
	return any;
}

static const char *notes_of(const struct scheme *scheme, int leaf, const struct campaign_org *orgs,
			    int n)
{
	if (leaf >= scheme->n_leaves)
		return "";
	const struct scheme_leaf *l = &scheme->leaves[leaf];
	const struct scheme_indicator *indicator = &scheme->indicators[l->indicator];
	if (l->item >= 0)
		return indicator->items[l->item].notes;
	for (int i = 1; i < n; i++)
		if (orgs[i].category != orgs[0].category)
			return indicator->notes;
	const char *own = n ? indicator->notes_by_category[orgs[0].category] : NULL;
	return own ? own : indicator->notes;
}

static void set_column(const struct looking *l, struct score_column *column, int leaf, int64_t max,
		       const struct campaign_org *orgs, int n)
{
	const struct scheme *scheme = l->desk.call.scheme;
	const struct scheme_source *source = &scheme->sources[l->desk.source];
	*column = (struct score_column){.leaf = leaf, .label = source->label, .group = "", .notes = "",
					.max_e4 = max};
	if (source->by == BY_POINTS)
		return;
	column->notes = notes_of(scheme, leaf, orgs, n);
	column->label = score_leaf_label(scheme, l->desk.locals, l->desk.n_locals, leaf, l->desk.arena);
	if (leaf < scheme->n_leaves && scheme->leaves[leaf].item >= 0) {
		const struct scheme_indicator *of = &scheme->indicators[scheme->leaves[leaf].indicator];
		column->group = of->label;
		column->label = of->items[scheme->leaves[leaf].item].label;
	}
}

/* In the order of people: an indicator, its items, the next … local ones last. */
static int order_of(const struct scheme *scheme, int leaf)
{
	if (leaf >= scheme->n_leaves)
		return (1 << 20) + leaf;
	return scheme->leaves[leaf].indicator * 512 + scheme->leaves[leaf].item + 1;
}

static int make_columns(struct db_tx *tx, struct looking *l, const struct campaign_org *orgs,
			const struct score_sheet *sheets, int n)
{
	const struct scheme *scheme = l->desk.call.scheme;
	struct sheet_rules rules;
	struct score_column *columns = arena_zalloc(l->desk.arena, SHEET_CELLS_MAX, sizeof(*columns));
	int n_columns = 0, n_cells;

	if (!columns)
		return db_doom_nomem(tx);
	l->grid.columns = columns;
	if (!n)
		return 0;
	score_desk_rules(&l->desk, &orgs[0], &rules);
	n_cells = sheet_n_cells(&rules);
	for (int leaf = 0; leaf < n_cells; leaf++) {
		int64_t max;
		if (!wanted(&l->desk, orgs, sheets, n, leaf, &max))
			continue;
		int at = n_columns++;
		for (; rules.by != BY_POINTS && at &&
		     order_of(scheme, columns[at - 1].leaf) > order_of(scheme, leaf); at--)
			columns[at] = columns[at - 1];
		set_column(l, &columns[at], leaf, max, orgs, n);
	}
	l->grid.n_columns = n_columns;
	return 0;
}

/* ---- rows ---- */

/* Where its figures are not for whoever looks the sheet is empty; who enters it for
 * a branch fills in all of it anew. */
static int fill_row(struct db_tx *tx, struct looking *l, const struct campaign_org *org,
		    const struct score_sheet *sheet, struct score_row *row)
{
	struct score_desk *desk = &l->desk;
	struct score_key key = score_desk_key(desk, org->id);
	bool changed[SCORE_CELLS_MAX] = {false};
	struct sheet_rules rules;
	struct err_info why = {0};
	int r = row->hidden ? 0 : store_score_changed(tx, &key, changed);

	if (r < 0)
		return r;
	score_desk_rules(desk, org, &rules);
	row->org = *org;
	row->cells = arena_zalloc(desk->arena, (size_t)l->grid.n_columns + 1, sizeof(*row->cells));
	if (!row->cells)
		return db_doom_nomem(tx);
	row->sum = row->max = "";
	for (int i = 0; row->hidden && i < l->grid.n_columns; i++)
		row->cells[i].text = "";
	if (row->hidden && desk->at->door != SCORE_SELF)
		return 0;
	for (int i = 0; i < l->grid.n_columns; i++) {
		int leaf = l->grid.columns[i].leaf;
		row->cells[i] = (struct score_cell){score_cell(sheet, leaf), 0, changed[leaf]};
		if (sheet_asks(&rules, leaf) || *row->cells[i].text)
			row->cells[i].max_e4 = sheet_max_e4(&rules, leaf);
	}
	if (l->grid.may_write && (r = score_desk_may_change(tx, desk, org, &why)) < 0) {
		if (r != ERR_STATE)
			return r;
		row->locked = arena_strdup(desk->arena, why.text);
		if (!row->locked)
			return db_doom_nomem(tx);
	}
	return score_desk_total(tx, desk, &rules, sheet, row);
}

int score_desk_know_selfs(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *orgs, int n)
{
	int64_t *ids = arena_zalloc(desk->arena, (size_t)n + 1, sizeof(*ids));
	if (!ids)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		ids[i] = orgs[i].id;
	int r = store_selfs_know(tx, desk->at->campaign, orgs, n);
	return r ? r : store_orgs_know(tx, ids, n);
}

static int fill_rows(struct db_tx *tx, struct looking *l, const struct campaign_org *orgs, int n)
{
	struct score_desk *desk = &l->desk;
	struct score_sheet *sheets = arena_zalloc(desk->arena, (size_t)n + 1, sizeof(*sheets));
	bool *seen = arena_zalloc(desk->arena, (size_t)n + 1, sizeof(*seen));
	int r = 0;

	l->grid.rows = arena_zalloc(desk->arena, (size_t)n + 1, sizeof(*l->grid.rows));
	if (!sheets || !seen || !l->grid.rows)
		return db_doom_nomem(tx);
	const struct score_key any = score_desk_key(desk, 0);
	if ((r = store_holds_know(tx, desk->at->campaign, orgs, n)) == 0)
		r = store_scores_know(tx, &any, orgs, n);
	if (r == 0 && desk->call.scheme->sources[desk->source].who == RATED_BY_SELF)
		r = score_desk_know_selfs(tx, desk, orgs, n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct score_key key = score_desk_key(desk, orgs[i].id);
		/* A peer that has scored nothing yet is no rater. */
		if (desk->at->door == SCORE_PEER && !desk->rater.id)
			continue;
		r = score_desk_may_see(tx, desk, &orgs[i], &seen[i]);
		if (r == 0 && seen[i])
			r = store_score_get(tx, &key, desk->arena, &sheets[i]);
	}
	if (r == 0)
		r = make_columns(tx, l, orgs, sheets, n);
	for (int i = 0; r == 0 && i < n; i++) {
		l->grid.rows[i].hidden = !seen[i] && desk->at->door != SCORE_PEER;
		r = fill_row(tx, l, &orgs[i], &sheets[i], &l->grid.rows[i]);
	}
	l->grid.n_rows = n;
	return r;
}

/* ---- the grid ---- */

/* Whether this caller may write what he reads here. */
static int may_write(struct db_tx *tx, struct looking *l)
{
	struct score_desk *desk = &l->desk;
	const struct scheme_source *source = &desk->call.scheme->sources[desk->source];
	struct err_info why = {0};

	if (!score_door_writes(desk->at->door, source, &desk->rater)) {
		l->grid.why_not = source->who == RATED_BY_SELF ? "自评分由党支部在自评页填写，这里只能看"
			: source->who == RATED_BY_LIVE ? "现场评分由到会人员用手机打，这里只能看"
			: source->who == RATED_BY_MUTUAL
				? desk->rater.id ? "互相评由各党支部自己打，这里只能看" : "还没有党支部打过分；互相评由它们自己打"
			: desk->rater.id ? "由这个单位自己的账号打分，这里只能看"
					 : "还没有登记评分单位，由县委组织部登记和分配";
		return 0;
	}
	if (desk->at->door == SCORE_COMMITTEE) {
		int r = app_may(tx, &desk->call.access, ACTION_SCORE_WRITE, desk->call.org.id, NULL,
				&why);
		if (r == ERR_DENIED) {
			l->grid.why_not = "由乡镇党委打分，这里只能看";
			return 0;
		}
		if (r < 0)
			return r;
	}
	if (desk->call.campaign.state != CAMPAIGN_OPEN && campaign_gate(&desk->call, GATE_SCORE, &why) < 0) {
		l->grid.why_not = arena_strdup(desk->arena, why.text);
		return l->grid.why_not ? 0 : db_doom_nomem(tx);
	}
	l->grid.may_write = true;
	return 0;
}

/* The most that one committee has set: an organisation has those of one. */
static int most_locals(const struct score_desk *desk)
{
	int most = 0;
	for (int i = 0, run = 0; i < desk->n_locals; i++) {
		run = i && desk->locals[i].node == desk->locals[i - 1].node ? run + 1 : 1;
		most = run > most ? run : most;
	}
	return most;
}

/* Rows of a page: as many as a form without script can send at once. */
static int rows_of_page(const struct looking *l)
{
	const struct scheme *scheme = l->desk.call.scheme;
	int most = 1;

	if (l->query->size)
		return l->query->size < SCORES_PAGE_MAX ? l->query->size : SCORES_PAGE_MAX;
	for (int c = 0; c < scheme->n_categories; c++) {
		struct sheet_rules rules = {.scheme = scheme, .category = c,
					    .by = scheme->sources[l->desk.source].by};
		int n = rules.by == BY_POINTS ? 0 : most_locals(&l->desk);
		for (int leaf = 0; leaf < sheet_n_cells(&rules); leaf++)
			n += sheet_asks(&rules, leaf);
		most = n > most ? n : most;
	}
	int rows = SCORES_PUTS_MAX / most;
	return rows < 1 ? 1 : rows > SCORES_PAGE_ROWS ? SCORES_PAGE_ROWS : rows;
}

/* Who scores besides the committee; where nobody is named the first, since the
 * committee has no figures of its own there. */
static int load_raters(struct db_tx *tx, struct looking *l)
{
	struct score_desk *desk = &l->desk;
	const enum source_who who = desk->call.scheme->sources[desk->source].who;
	struct score_grid *g = &l->grid;
	int r = who != RATED_BY_MUTUAL
			? store_raters(tx, desk->at->campaign, desk->source, desk->arena, &g->raters, &g->n_raters)
		: desk->call.org.level < LEVEL_TOWNSHIP ? 0
		: store_rater_peers(tx, desk->at->campaign, desk->source, desk->call.path, desk->arena, &g->raters,
				    &g->n_raters);
	if (r == 0 && !desk->rater.id && g->n_raters && (who == RATED_BY_UNITS || who == RATED_BY_MUTUAL))
		g->rater = desk->rater = g->raters[0];
	return r;
}

static int grid_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct looking *l = arg;
	struct score_desk *desk = &l->desk;
	struct campaign_org *orgs = NULL, *todo = NULL;
	int n = 0, n_todo = 0, r = score_desk_open(tx, desk, info);

	if (r < 0)
		return r;
	l->grid = (struct score_grid){
		.campaign = desk->call.campaign, .scheme = desk->call.scheme, .node = desk->call.org,
		.door = desk->at->door, .source = desk->source, .rater = desk->rater, .page = 1,
		.size = 1, .why_not = desk->empty};
	if (desk->source >= 0 && desk->at->door == SCORE_SELF && desk->call.org.category < 0) {
		l->grid.source = -1;
		l->grid.why_not = "这个组织不参加评定，不用自评";
	}
	if (l->grid.source < 0)
		return 0;
	l->grid.size = rows_of_page(l);
	l->grid.page = l->query->page > 0 ? l->query->page : 1;
	int64_t offset = (int64_t)(l->grid.page - 1) * l->grid.size;
	if (desk->at->door == SCORE_COMMITTEE && (r = load_raters(tx, l)) < 0)
		return r;
	r = may_write(tx, l);
	if (r == 0 && desk->at->door == SCORE_COMMITTEE)
		r = count_all(tx, l, &todo, &n_todo);
	if (r < 0 || l->query->counts)
		return r;
	if (r == 0 && l->query->todo && l->grid.counted && !desk->rater.id) {
		int64_t from = offset < n_todo ? offset : n_todo;
		orgs = todo + from;
		n = n_todo - (int)from < l->grid.size ? n_todo - (int)from : l->grid.size;
		l->grid.total = n_todo;
	} else if (r == 0) {
		r = load_orgs(tx, l, offset, l->grid.size, &orgs, &n, &l->grid.total);
	}
	return r < 0 ? r : fill_rows(tx, l, orgs, n);
}

int scores_grid(struct app *app, const struct caller *caller, const struct score_query *query,
		struct arena *arena, struct score_grid *ret_grid, struct err_info *info)
{
	struct looking l = {.desk = {.app = app, .caller = caller, .at = &query->at, .arena = arena},
			    .query = query};
	int r = db_read(app->db, grid_fn, &l, info);
	if (r == 0)
		*ret_grid = l.grid;
	return r;
}

/* ---- neighbours ---- */

static int left_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct looking *l = arg;
	struct score_desk *desk = &l->desk;
	struct campaign_org *orgs = NULL;
	int n = 0, r = score_desk_open(tx, desk, info);
	l->n = 0;
	l->grid.total = 0;
	if (r < 0 || desk->source < 0)
		return r;
	const struct score_key any = score_desk_key(desk, 0);
	r = load_peers(tx, l, 0, SCORES_PEERS_MAX, &orgs, &n, &l->grid.total);
	if (r == 0 && desk->rater.id)
		r = store_scores_know(tx, &any, orgs, n);
	for (int i = 0; r == 0 && i < n; i++) {
		const struct score_key key = score_desk_key(desk, orgs[i].id);
		struct score_sheet sheet = {0};
		if (desk->rater.id)
			r = store_score_get(tx, &key, desk->arena, &sheet);
		l->n += !*score_cell(&sheet, 0);
	}
	return r;
}

int scores_peers_left(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		      int64_t *ret_left, int64_t *ret_all, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	const struct score_at at = {SCORE_PEER, campaign, org, "", 0};
	struct looking l = {.desk = {.app = app, .caller = caller, .at = &at, .arena = &arena}};
	int r = db_read(app->db, left_fn, &l, info);
	if (r == 0) {
		*ret_left = l.n;
		*ret_all = l.grid.total;
	}
	return r;
}

/* ---- history ---- */

/* Who entered a self-evaluation for the branch sees what he typed, not what the branch
 * had typed before: that only once it is handed in. */
static int past_drafts(struct db_tx *tx, const struct looking *l, const struct campaign_org *org, bool *ret_may)
{
	const struct score_desk *desk = &l->desk;
	struct self_report report;
	if (desk->call.scheme->sources[desk->source].who != RATED_BY_SELF ||
	    sight_own(&desk->call.access, org->path))
		return 0;
	int r = store_self_get(tx, desk->at->campaign, org->id, desk->arena, &report);
	*ret_may = report.state == SELF_HANDED_IN || report.state == SELF_CONFIRMED;
	return r < 0 ? r : 0;
}

static int history_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct looking *l = arg;
	struct campaign_org org = {0};
	int r = score_desk_open(tx, &l->desk, info);
	if (r == 0 && l->desk.source < 0)
		return err_set(info, ERR_NOT_FOUND, "%s", l->desk.empty);
	if (r == 0)
		r = score_desk_org(tx, &l->desk, l->org, &org, info);
	bool may = false;
	if (r == 0)
		r = score_desk_may_see(tx, &l->desk, &org, &may);
	if (r == 0 && may)
		r = past_drafts(tx, l, &org, &may);
	if (r < 0)
		return r;
	if (!may)
		return err_set(info, ERR_DENIED, "“%s”的得分还没有报送，报送以后上级才看得到", org.name);
	struct score_key key = score_desk_key(&l->desk, l->org);
	return store_score_history(tx, &key, l->leaf, l->desk.arena, &l->changes, &l->n);
}

int scores_history(struct app *app, const struct caller *caller, const struct score_at *at,
		   int64_t org, int leaf, struct arena *arena, struct score_change **ret_changes,
		   int *ret_n, struct err_info *info)
{
	struct looking l = {.desk = {.app = app, .caller = caller, .at = at, .arena = arena},
			    .org = org, .leaf = leaf};
	int r = db_read(app->db, history_fn, &l, info);
	if (r == 0) {
		*ret_changes = l.changes;
		*ret_n = l.n;
	}
	return r;
}

/* ---- what is to be scored ---- */

/* Where a unit's grid begins: the topmost of its places within the campaign; 0:
 * it has none there. */
static int64_t unit_begin(const struct access *access, const struct campaign *campaign)
{
	for (int i = 0; i < access->holder.n; i++) {
		const char *path = access->holder.grants[i].path;
		bool above = strncmp(campaign->path, path, strlen(path)) == 0;
		bool below = strncmp(path, campaign->path, strlen(campaign->path)) == 0;
		if (access->holder.grants[i].role != ROLE_UNIT || (!above && !below))
			continue;
		if (above)
			return campaign->node;
		size_t at = strlen(path) - 1;
		while (at && path[at - 1] != '/')
			at--;
		return strtoll(path + at, NULL, 10);
	}
	return 0;
}

/* 1 and the duty, 0 where the account can't open it, or an error. */
static int fill_duty(struct db_tx *tx, struct looking *l, const struct access *access,
		     struct score_duty *duty)
{
	const struct rater *rater = &duty->duty.rater;
	struct campaign campaign;
	struct campaign_call call;
	struct err_info why = {0};
	int r = store_campaign_get(tx, duty->duty.campaign, l->desk.arena, &campaign);
	if (r <= 0)
		return r;
	if (!(duty->node = unit_begin(access, &campaign)))
		return 0;
	r = campaign_enter(tx, l->desk.app, l->desk.caller, ACTION_SCORE_UNIT, campaign.id, duty->node,
			   l->desk.arena, &call, &why);
	if (r == ERR_DENIED || r == ERR_NOT_FOUND || r == ERR_STATE ||
	    (r == 0 && rater->source >= call.scheme->n_sources))
		return 0;
	if (r < 0)
		return r;
	duty->source = call.scheme->sources[rater->source].id;
	duty->source_label = call.scheme->sources[rater->source].label;
	return 1;
}

static int duties_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct looking *l = arg;
	struct access access;
	struct rater_duty *duties = NULL;
	int n = 0, r = app_who(tx, l->desk.caller, l->desk.arena, &access, info);
	if (r == 0)
		r = store_raters_of_account(tx, l->desk.caller->account, l->desk.arena, &duties, &n);
	if (r < 0)
		return r;
	l->n = 0;
	l->duties = arena_zalloc(l->desk.arena, (size_t)n + 1, sizeof(*l->duties));
	if (!l->duties)
		return db_doom_nomem(tx);
	for (int i = 0; r >= 0 && i < n; i++) {
		l->duties[l->n] = (struct score_duty){.duty = duties[i]};
		r = fill_duty(tx, l, &access, &l->duties[l->n]);
		l->n += r > 0;
	}
	return r < 0 ? r : 0;
}

int scores_duties(struct app *app, const struct caller *caller, struct arena *arena,
		  struct score_duty **ret_duties, int *ret_n, struct err_info *info)
{
	struct looking l = {.desk = {.app = app, .caller = caller, .arena = arena}};
	int r = db_read(app->db, duties_fn, &l, info);
	if (r == 0) {
		*ret_duties = l.duties;
		*ret_n = l.n;
	}
	return r;
}
