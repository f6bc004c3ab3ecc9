/* SPDX-License-Identifier: Apache-2.0 */
/* A campaign from the store into the engine's books. */
#include <assert.h>
#include <stdlib.h>

#include "app/campaign_grading.h"
#include "domain/adjust.h"
#include "store/campaign_bulk.h"
#include "store/hold.h"
#include "store/local.h"
#include "store/meeting.h"

/* A reading pass: nodes come in the order of their numbers. */
struct pass {
	struct campaign_grading *g;
	uint32_t at;			/* the node that came last, or before it */
	struct err_info *info;
	/* Organisations. */
	struct loaded *rows;
	uint32_t n, cap;
	/* Sheets. */
	int64_t org;
	int source;
	uint32_t rater;			/* those of (org, source) so far */
	/* Tallies. */
	uint8_t *asked;
};

/* An organisation before all are known. */
struct loaded {
	int64_t id, parent;
	struct org_row row;
	const char *path;
};

void campaign_grading_done(struct campaign_grading *g)
{
	if (!g)
		return;
	graded_done(&g->graded);
	book_done(&g->book);
	local_done(&g->local);
	orgs_done(&g->orgs);
	free(g->local_place);
	arena_done(&g->arena);
	*g = (struct campaign_grading){0};
}

uint32_t campaign_grading_node(const struct campaign_grading *g, int64_t org)
{
	uint32_t low = 0, high = g->orgs.n;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (g->ids[mid] < org)
			low = mid + 1;
		else
			high = mid;
	}
	return low < g->orgs.n && g->ids[low] == org ? low : ORG_NONE;
}

/* The node of `org`, not before the one that came last; ORG_NONE. */
static uint32_t next_node(struct pass *p, int64_t org)
{
	const struct campaign_grading *g = p->g;
	while (p->at < g->orgs.n && g->ids[p->at] < org)
		p->at++;
	return p->at < g->orgs.n && g->ids[p->at] == org ? p->at : ORG_NONE;
}

/* ---- organisations ---- */

static uint32_t eligible_of(int64_t present, int64_t all)
{
	int64_t n = present != ORG_UNSET ? present : all;
	return n == ORG_UNSET ? ORG_EMPTY : n > ORG_COUNT_MAX ? ORG_COUNT_MAX : (uint32_t)n;
}

static struct str keep(struct arena *arena, struct str text)
{
	return (struct str){arena_strndup(arena, text.data ? text.data : "", text.len), text.len};
}

static int add_org(void *arg, const struct campaign_org *o, struct str code, struct str name,
		   struct str path)
{
	struct pass *p = arg;
	struct arena *arena = &p->g->arena;
	if (p->n == p->cap) {
		uint32_t cap = p->cap ? p->cap * 2 : 1024;
		struct loaded *rows = reallocarray(p->rows, cap, sizeof(*rows));
		if (!rows)
			return err_nomem(p->info);
		p->rows = rows;
		p->cap = cap;
	}
	struct loaded *to = &p->rows[p->n];
	*to = (struct loaded){
		.id = o->id, .parent = o->parent, .path = keep(arena, path).data,
		.row = {.code = keep(arena, code), .name = keep(arena, name),
			.level = (uint8_t)o->level, .kind = KIND_GRADED,
			.field = o->category >= 0 ? (uint8_t)o->field : FIELD_NONE},
	};
	to->row.eligible[VOTERS_MEMBER] = eligible_of(o->present[VOTERS_MEMBER], o->members);
	to->row.eligible[VOTERS_RESIDENT] = eligible_of(o->present[VOTERS_RESIDENT], o->residents);
	if (!to->path || !to->row.code.data || !to->row.name.data)
		return err_nomem(p->info);
	p->n++;
	return 0;
}

static const struct loaded *find_loaded(const struct pass *p, int64_t id)
{
	uint32_t low = 0, high = p->n;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (p->rows[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->n && p->rows[low].id == id ? &p->rows[low] : NULL;
}

static int make_tree(struct pass *p)
{
	struct campaign_grading *g = p->g;
	size_t n = p->n ? p->n : 1;
	g->ids = arena_zalloc(&g->arena, n, sizeof(*g->ids));
	g->paths = arena_zalloc(&g->arena, n, sizeof(*g->paths));
	g->computed = arena_zalloc(&g->arena, n, 1);
	g->meetings = arena_zalloc(&g->arena, n, sizeof(*g->meetings));
	g->locked = arena_zalloc(&g->arena, n, sizeof(*g->locked));
	if (!g->ids || !g->paths || !g->computed || !g->meetings || !g->locked)
		return err_nomem(p->info);
	int r = orgs_reserve(&g->orgs, p->n);
	for (uint32_t i = 0; r == 0 && i < p->n; i++) {
		struct loaded *row = &p->rows[i];
		const struct loaded *parent = find_loaded(p, row->parent);
		g->ids[i] = row->id;
		g->paths[i] = row->path;
		if (parent)
			row->row.parent = parent->row.code;
		r = orgs_add(&g->orgs, &row->row);
	}
	if (r == 0)
		r = orgs_finish(&g->orgs, 1, NULL, NULL);
	if (r == ERR_INPUT)
		return err_set(p->info, ERR_STATE, "这项年度工作的组织名册不完整，不能计算");
	if (r == 0)
		r = orgs_categorise(&g->orgs, g->scheme, 1);
	return r == ERR_NOMEM ? err_nomem(p->info) : r;
}

static int load_orgs(struct db_tx *tx, struct pass *p, int64_t campaign, const int64_t *regions,
		     int n_regions)
{
	int r = 0;
	for (int i = 0; r == 0 && i < n_regions; i++)
		r = store_bulk_orgs(tx, regions[i], campaign, add_org, p);
	if (r == 0)
		r = make_tree(p);
	free(p->rows);
	p->rows = NULL;
	return r;
}

/* ---- local indicators (ZY-1) ---- */

static int load_local(struct db_tx *tx, struct pass *p, int64_t campaign, const char *path)
{
	struct campaign_grading *g = p->g;
	struct local_row *rows;
	int n, r = store_local_list(tx, campaign, path, &g->arena, &rows, &n);
	if (r < 0 || !n)
		return r;
	/* At most a set a row; places are filled when the sets are known. */
	g->local_place = malloc((size_t)n * sizeof(*g->local_place));
	if (!g->local_place)
		return err_nomem(p->info);
	memset(g->local_place, -1, (size_t)n * sizeof(*g->local_place));
	for (int i = 0; r == 0 && i < n; i++) {
		uint32_t node = campaign_grading_node(g, rows[i].node);
		if (node == ORG_NONE || rows[i].place < 0 || rows[i].place >= LOCAL_MAX)
			continue;
		r = local_add(&g->local, node, str_from(rows[i].ident), str_from(rows[i].label),
			      (int32_t)rows[i].max_e4);
		for (uint32_t s = 0; r == 0 && s < g->local.n; s++)
			if (g->local.sets[s].node == node)
				g->local_place[s][rows[i].place] = (int8_t)(g->local.sets[s].n - 1);
	}
	if (r == 0)
		r = local_finish(&g->local, &g->orgs);
	return r == ERR_NOMEM ? err_nomem(p->info) : r;
}

/* The book's leaf of a cell, or -1 where it does not count for the node. */
static int leaf_of(const struct campaign_grading *g, uint32_t node, int cell)
{
	int place = cell - g->scheme->n_leaves;
	if (place < 0)
		return cell;
	if (!g->local.set_of || place >= LOCAL_MAX || g->local.set_of[node] == ORG_NONE)
		return -1;
	int at = g->local_place[g->local.set_of[node]][place];
	return at < 0 ? -1 : g->scheme->n_leaves + at;
}

/* ---- scores and ballots ---- */

/* Reads a cell; false where it is empty, does not apply or is over its limit. */
static bool read_cell(const struct campaign_grading *g, uint32_t node, int source, int cell,
		      struct str text, int *ret_leaf, int64_t *ret_e4)
{
	bool points = g->scheme->sources[source].by == BY_POINTS;
	int leaf = points ? cell : leaf_of(g, node, cell);
	int64_t max = leaf < 0 || (points && leaf) ? 0 : points ? (int64_t)100 * E4
								: book_max_e4(&g->book, node, leaf);
	if (!text.len || max <= 0 || !decimal_parse_e4(text, ret_e4) || *ret_e4 > max)
		return false;
	*ret_leaf = leaf;
	return true;
}

/* The next cell of a sheet. */
static struct str cut(struct str *cells)
{
	const char *tab = cells->len ? memchr(cells->data, '\t', cells->len) : NULL;
	size_t len = tab ? (size_t)(tab - cells->data) : cells->len;
	struct str cell = {cells->data, len};
	size_t skip = tab ? len + 1 : len;
	cells->data += skip;
	cells->len -= skip;
	return cell;
}

static bool scores(const struct campaign_grading *g, uint32_t node, int source)
{
	return node != ORG_NONE && source >= 0 && source < g->scheme->n_sources &&
	       g->book.card_of[source] >= 0 && g->orgs.category[node] != CATEGORY_NONE &&
	       g->orgs.level[node] == g->scheme->graded;
}

static bool has(const uint64_t *seen, int leaf)
{
	return seen[leaf / 64] >> leaf % 64 & 1;
}

/* An indicator that is filled in as a whole and by items, too, is not scored:
 * nobody can tell which is meant. */
static void leave_out_mixed(const struct scheme *scheme, uint64_t *seen)
{
	for (int i = 0; i < scheme->n_indicators; i++) {
		const struct scheme_indicator *in = &scheme->indicators[i];
		bool items = false;
		for (int k = 0; k < in->n_items; k++)
			items |= has(seen, in->items[k].leaf);
		if (!items || !has(seen, in->leaf))
			continue;
		seen[in->leaf / 64] &= ~(UINT64_C(1) << in->leaf % 64);
		for (int k = 0; k < in->n_items; k++)
			seen[in->items[k].leaf / 64] &= ~(UINT64_C(1) << in->items[k].leaf % 64);
	}
}

static int add_sheet(void *arg, const struct bulk_sheet *sheet)
{
	struct pass *p = arg;
	struct campaign_grading *g = p->g;
	uint64_t seen[BOOK_WORDS_MAX] = {0}, sum = 0;
	int64_t points[BOOK_LEAVES_MAX];
	uint32_t node = next_node(p, sheet->org);
	struct str rest = sheet->cells;
	bool any = false;

	if (!scores(g, node, sheet->source))
		return 0;
	for (int i = 0; rest.len && i < BOOK_LEAVES_MAX; i++) {
		int leaf;
		int64_t e4;
		if (!read_cell(g, node, sheet->source, i, cut(&rest), &leaf, &e4))
			continue;
		seen[leaf / 64] |= UINT64_C(1) << leaf % 64;
		points[leaf] = e4;
		any = true;
	}
	/* A sheet without a figure is no rater. */
	if (!any)
		return 0;
	if (!g->book.simple)
		leave_out_mixed(g->scheme, seen);
	for (int i = 0; i < BOOK_LEAVES_MAX; i++)
		if (has(seen, i))
			sum += (uint64_t)points[i];
	if (p->org != sheet->org || p->source != sheet->source)
		p->rater = 0;
	p->org = sheet->org;
	p->source = sheet->source;
	int r = book_add(&g->book, node, sheet->source, ++p->rater, seen, (uint32_t)sum);
	assert(r == 0 || r == ERR_NOMEM);
	return r < 0 ? err_nomem(p->info) : 0;
}

static int add_tally(void *arg, const struct tally *t)
{
	struct pass *p = arg;
	struct campaign_grading *g = p->g;
	uint32_t node = next_node(p, t->org);
	if (node == ORG_NONE || (unsigned)t->voters >= VOTERS_COUNT ||
	    t->n_options != g->scheme->n_options)
		return 0;
	if (t->question > 0 && t->question < UINT8_MAX && (uint32_t)t->question >= g->book.questions) {
		if (!p->asked && !(p->asked = arena_zalloc(&g->arena, (size_t)g->orgs.n + 1, 1)))
			return err_nomem(p->info);
		g->book.asked = p->asked;
		if (p->asked[node] <= t->question)
			p->asked[node] = (uint8_t)(t->question + 1);
	}
	for (int i = 0; i <= t->n_options; i++)
		if (book_vote(&g->book, node, t->voters, i, t->counts[i]) < 0)
			return err_set(p->info, ERR_LIMIT, "“%.*s”的票数太多",
				       STR_ARG(orgs_name(&g->orgs, node)));
	return 0;
}

/* Whoever need not reach a turnout has nobody who must vote. */
static int waive(void *arg, int64_t org)
{
	struct pass *p = arg;
	uint32_t node = next_node(p, org);
	for (int v = 0; node != ORG_NONE && v < VOTERS_COUNT; v++)
		p->g->orgs.eligible[node][v] = 0;
	return 0;
}

static int load_book(struct db_tx *tx, struct pass *p, int64_t campaign, const int64_t *regions,
		     int n_regions)
{
	struct campaign_grading *g = p->g;
	int ballot = campaign_step_of(g->scheme, STEP_BALLOT), r;
	if ((r = book_init(&g->book, g->scheme, &g->orgs, g->local.n ? &g->local : NULL)) < 0)
		return err_nomem(p->info);
	if (g->scheme->n_questions > 1)
		g->book.questions = (uint32_t)g->scheme->n_questions;
	p->at = 0;
	for (int i = 0; r == 0 && i < n_regions; i++)
		r = store_bulk_sheets(tx, regions[i], campaign, add_sheet, p);
	p->at = 0;
	for (int i = 0; r == 0 && i < n_regions; i++)
		r = store_bulk_tallies(tx, regions[i], campaign, add_tally, p);
	p->at = 0;
	for (int i = 0; r == 0 && ballot >= 0 && i < n_regions; i++)
		r = store_bulk_steps(tx, regions[i], campaign, ballot, STEP_WAIVED, waive, p);
	if (r < 0)
		return r;
	r = book_finish(&g->book, 1);
	if (r == 0)
		r = grade_run(&g->graded, g->scheme, &g->orgs, &g->book, 1);
	if (r == ERR_LIMIT)
		return err_set(p->info, r, "同一评价主体的评分人太多（最多 %d 人）", BOOK_RATERS_MAX);
	return r < 0 ? err_nomem(p->info) : 0;
}

/* ---- what was decided ---- */

static int add_stored(void *arg, const struct result *result, struct str status,
		      struct str composite, struct str sources)
{
	struct pass *p = arg;
	struct campaign_grading *g = p->g;
	uint32_t node = next_node(p, result->org);
	if (node == ORG_NONE)
		return 0;
	struct result *to = &g->stored[node];
	*to = *result;
	to->path = g->paths[node];
	to->status = keep(&g->arena, status).data;
	to->composite = keep(&g->arena, composite).data;
	to->sources = keep(&g->arena, sources).data;
	return to->status && to->composite && to->sources ? 0 : err_nomem(p->info);
}

static int load_stored(struct db_tx *tx, struct pass *p, int64_t campaign, const int64_t *regions,
		       int n_regions)
{
	struct campaign_grading *g = p->g;
	int r = 0;
	g->stored = arena_zalloc(&g->arena, (size_t)g->orgs.n + 1, sizeof(*g->stored));
	if (!g->stored)
		return err_nomem(p->info);
	p->at = 0;
	for (int i = 0; r == 0 && i < n_regions; i++)
		r = store_bulk_results(tx, regions[i], campaign, add_stored, p);
	return r;
}

static int load_locks(struct db_tx *tx, struct pass *p, int64_t campaign, const char *path,
		      size_t *ret_n)
{
	struct campaign_grading *g = p->g;
	struct hold *holds;
	int n, r = store_hold_list(tx, campaign, path, &g->arena, &holds, &n);
	*ret_n = 0;
	for (int i = 0; r == 0 && i < n; i++) {
		uint32_t node = campaign_grading_node(g, holds[i].org);
		if (node == ORG_NONE || !hold_locks(holds[i].state))
			continue;
		g->locked[node] = true;
		++*ret_n;
	}
	return r;
}

/* What a meeting (or, so asked, only a note) made of an organisation. */
static bool counts(const struct adjustment *a, const struct campaign_grading_wish *wish)
{
	return a->meeting || (wish->notes_of && a->node == wish->notes_of);
}

static int adjust(struct db_tx *tx, struct pass *p, int64_t campaign,
		  const struct campaign_grading_wish *wish, size_t n_locked)
{
	struct campaign_grading *g = p->g;
	struct adjustment *adjustments = NULL;
	struct star_approval *approvals = NULL;
	int n = 0, n_approvals = 0, r = store_adjustment_list(tx, campaign, 0, &g->arena, &adjustments, &n);
	if (r == 0)
		r = store_star_approval_list(tx, campaign, 0, &g->arena, &approvals, &n_approvals);
	if (r < 0)
		return r;
	struct adjust_item *items = arena_zalloc(&g->arena, n_locked + (size_t)n + 1, sizeof(*items));
	size_t n_items = 0;
	if (!items)
		return err_nomem(p->info);
	for (uint32_t i = 0; n_locked && i < g->orgs.n; i++)
		if (g->locked[i] && g->stored[i].org && g->stored[i].grade >= 0) {
			items[n_items++] = (struct adjust_item){i, (uint8_t)g->stored[i].grade, 0};
			g->computed[i] = (uint8_t)g->stored[i].computed;
			g->meetings[i] = g->stored[i].meeting;
		}
	for (int i = 0; i < n; i++) {
		const struct adjustment *a = &adjustments[i];
		uint32_t node = campaign_grading_node(g, a->org);
		if (node == ORG_NONE || g->locked[node] || !counts(a, wish) ||
		    a->to_grade >= g->scheme->n_grades)
			continue;
		g->meetings[node] = a->to_grade < 0 ? 0 : a->meeting;
		items[n_items++] = (struct adjust_item){
			node, a->to_grade < 0 ? GRADE_NONE : (uint8_t)a->to_grade, 0};
	}
	if (n_items && adjust_run(&g->graded, items, n_items, 1) < 0)
		return err_nomem(p->info);
	for (int i = 0; i < n_approvals; i++) {
		uint32_t node = campaign_grading_node(g, approvals[i].org);
		if (node != ORG_NONE && !approvals[i].approved &&
		    g->graded.status[node] == STATUS_GRADED &&
		    g->graded.stars[node] == approvals[i].stars)
			adjust_refuse_stars(&g->graded, node);
	}
	return 0;
}

static int load(struct db_tx *tx, struct pass *p, const struct campaign *campaign,
		const struct campaign_grading_wish *wish)
{
	struct campaign_grading *g = p->g;
	int64_t *regions, id = campaign->id;
	size_t n_locked = 0;
	int n, r = store_bulk_regions(tx, id, &g->arena, &regions, &n);
	if (r == 0)
		r = load_orgs(tx, p, id, regions, n);
	if (r == 0 && g->scheme->local.given)
		r = load_local(tx, p, id, campaign->path);
	if (r == 0)
		r = load_book(tx, p, id, regions, n);
	if (r < 0)
		return r;
	memcpy(g->computed, g->graded.grade, g->orgs.n);
	if (!wish->computed)
		r = load_locks(tx, p, id, campaign->path, &n_locked);
	if (r == 0 && (n_locked || wish->stored))
		r = load_stored(tx, p, id, regions, n);
	return r < 0 || wish->computed ? r : adjust(tx, p, id, wish, n_locked);
}

int campaign_grading_load(struct db_tx *tx, const struct campaign *campaign,
			  const struct scheme *scheme, const struct campaign_grading_wish *wish,
			  struct campaign_grading *ret, struct err_info *info)
{
	struct pass pass = {.g = ret, .info = info};
	*ret = (struct campaign_grading){.scheme = scheme};
	if (scheme->kind == SCHEME_RECTIFICATION)
		return err_set(info, ERR_STATE, "“%s”只管整顿，不定级", campaign->title);
	int r = load(tx, &pass, campaign, wish);
	if (r < 0)
		campaign_grading_done(ret);
	return r;
}

/* ---- one organisation's cells ---- */

/* Labels of raters by number. */
static const char *rater_label(const struct rater *raters, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (raters[i].id == id)
			return raters[i].label;
	return "";
}

int campaign_grading_cells(struct db_tx *tx, const struct campaign_grading *g, int64_t campaign,
			   uint32_t node, struct arena *arena, struct explain_cell **ret_cells,
			   size_t *ret_n, struct err_info *info)
{
	struct score_sheet *sheets = NULL;
	struct rater *raters = NULL;
	size_t total = 0, n = 0;
	int n_sheets = 0, n_raters = 0;
	int r = store_score_list(tx, campaign, g->ids[node], -1, arena, &sheets, &n_sheets);
	if (r == 0)
		r = store_raters(tx, campaign, -1, arena, &raters, &n_raters);
	if (r < 0)
		return r;
	for (int i = 0; i < n_sheets; i++)
		total += (size_t)sheets[i].n;
	struct explain_cell *cells = arena_zalloc(arena, total + 1, sizeof(*cells));
	if (!cells)
		return err_nomem(info);
	for (int i = 0; i < n_sheets; i++) {
		const struct score_sheet *s = &sheets[i];
		if (!scores(g, node, s->source))
			continue;
		bool points = g->scheme->sources[s->source].by == BY_POINTS;
		for (int k = 0; k < s->n; k++) {
			int leaf;
			int64_t e4;
			if (read_cell(g, node, s->source, k, str_from(s->cells[k]), &leaf, &e4))
				cells[n++] = (struct explain_cell){
					s->source, str_from(rater_label(raters, n_raters, s->rater)),
					points ? -1 : leaf, e4};
		}
	}
	*ret_cells = cells;
	*ret_n = n;
	return 0;
}
