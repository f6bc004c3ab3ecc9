/* SPDX-License-Identifier: Apache-2.0 */
#include "app/scores_sheet.h"

#include <stddef.h>
#include <stdlib.h>

#include "app/campaign_tree.h"
#include "app/scores_in.h"
#include "base/buf.h"
#include "domain/exact.h"
#include "import/grade_sheet.h"
#include "store/id.h"

enum { SHEET_ORGS_MAX = 10000 };	/* that a rater scores */

/* One figure as read. */
struct figure_row {
	int64_t org;
	int leaf;
	const char *text;
};

struct sheet_job {
	struct score_desk desk;
	struct campaign_tree tree;
	const char *file;
	struct diag *errors;
	struct figure_row *figures;
	int n, cap;
	bool nomem, dry_run, blank;
	struct sheet_import import;
	struct score_export export;
};

/* ---- reading the file ---- */

static int load_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct sheet_job *job = arg;
	int r = score_desk_open(tx, &job->desk, info);
	return r < 0 ? r : campaign_tree_load(tx, job->desk.call.scheme, job->desk.at->campaign,
					      job->desk.call.path, job->desk.arena, &job->tree, info);
}

static bool rater_fits(const struct sheet_job *job, struct str rater)
{
	return !rater.len || str_eqs(rater, job->desk.rater.label);
}

static void take_figure(void *arg, uint32_t node, uint64_t line, int source, struct str rater,
			int leaf, int64_t points_e4)
{
	struct sheet_job *job = arg;
	const struct scheme *scheme = job->desk.call.scheme;
	AUTO(buf) struct buf text = {0};

	if (source != job->desk.source) {
		diag_add(job->errors, "%s 第 %llu 行：这一行是“%s”，这里只导入“%s”", job->file,
			 (unsigned long long)line, scheme->sources[source].label,
			 scheme->sources[job->desk.source].label);
		return;
	}
	if (!rater_fits(job, rater)) {
		diag_add(job->errors, "%s 第 %llu 行：评价人应为“%s”或留空", job->file,
			 (unsigned long long)line, job->desk.rater.label);
		return;
	}
	if (job->n == job->cap) {
		int cap = job->cap ? job->cap * 2 : 1024;
		struct figure_row *figures = reallocarray(job->figures, (size_t)cap, sizeof(*figures));
		job->nomem |= !figures;
		if (!figures)
			return;
		job->figures = figures;
		job->cap = cap;
	}
	decimal_format_e4(&text, points_e4);
	const char *copy = arena_strdup(job->desk.arena, buf_str(&text));
	job->nomem |= !copy || text.failed;
	job->figures[job->n++] = (struct figure_row){
		job->tree.at[node].id,
		leaf < 0 ? 0 : campaign_tree_cell(&job->tree, scheme, node, leaf), copy};
}

static int read_figures(struct sheet_job *job, struct table *table, struct err_info *info)
{
	struct book book;
	const struct score_listener listener = {.code = "", .every = take_figure, .arg = job};
	int r = book_init(&book, job->desk.call.scheme, &job->tree.orgs, &job->tree.local);
	if (r < 0)
		return err_nomem(info);
	r = grade_sheet_read(FILE_SCORES, job->desk.call.scheme, &job->tree.orgs, &job->tree.local,
			     &book, table, job->file, &listener, job->errors, info);
	book_done(&book);
	if (job->nomem)
		return err_nomem(info);
	if (r == 0 && job->errors->total)
		r = err_set(info, ERR_INPUT, "%s", job->errors->at[0]);
	return r;
}

/* ---- writing it ---- */

static int by_org(const void *a, const void *b)
{
	const struct figure_row *x = a, *y = b;
	if (x->org != y->org)
		return x->org < y->org ? -1 : 1;
	return x->leaf - y->leaf;
}

static void list_item(struct sheet_job *job, const struct campaign_org *org,
		      const struct figure_row *figure, const char *before)
{
	struct sheet_import *im = &job->import;
	const struct scheme *scheme = job->desk.call.scheme;
	if (im->n_items == SHEET_ITEMS_MAX)
		return;
	im->items[im->n_items++] = (struct sheet_item){
		org->code, org->name,
		scheme->sources[job->desk.source].by == BY_POINTS
			? scheme->sources[job->desk.source].label
			: score_leaf_label(scheme, job->desk.locals, job->desk.n_locals, figure->leaf,
					   job->desk.arena),
		before, figure->text};
}

/* What is looked up of the organisations of a sheet, all at once; each by organisation. */
struct known {
	struct campaign_org *orgs;
	struct campaign_org *assigned;	/* SCORE_UNIT: to the rater */
	struct hold *holds;
	struct org_step *steps;
	struct score_sheet *sheets;
	struct score_last *lasts;
	int n_orgs, n_assigned, n_holds, n_steps, n_sheets, n_lasts;
};
_Static_assert(offsetof(struct campaign_org, id) == 0 && offsetof(struct hold, org) == 0 &&
	       offsetof(struct org_step, org) == 0 && offsetof(struct score_sheet, org) == 0 &&
	       offsetof(struct score_last, org) == 0, "by_number");

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void sort_rows(void *rows, int n, size_t size)
{
	if (n)
		qsort(rows, (size_t)n, size, by_number);
}

/* The row of an organisation, the first of several; NULL: there is none. */
static const void *find_row(const void *rows, int n, size_t size, int64_t org)
{
	const char *row = n ? bsearch(&org, rows, (size_t)n, size, by_number) : NULL;
	while (row && row > (const char *)rows && by_number(row - size, &org) == 0)
		row -= size;
	return row;
}

static int load_known(struct db_tx *tx, struct score_desk *desk, struct known *k)
{
	const char *within = desk->township ? desk->township : desk->call.path;
	const struct score_key any = score_desk_key(desk, 0);
	int64_t campaign = desk->at->campaign, total;
	int step = campaign_step_of(desk->call.scheme, STEP_GRADING);
	*k = (struct known){0};
	int r = store_campaign_orgs(tx, campaign, within, true, desk->arena, &k->orgs, &k->n_orgs);
	if (r == 0 && desk->at->door == SCORE_UNIT)
		r = store_rater_orgs_page(tx, campaign, desk->rater.id, within, 0, SHEET_ORGS_MAX, desk->arena,
					  &k->assigned, &k->n_assigned, &total);
	if (r == 0)
		r = store_hold_list(tx, campaign, within, desk->arena, &k->holds, &k->n_holds);
	if (r == 0 && step >= 0)
		r = store_org_steps_below(tx, campaign, within, step, desk->arena, &k->steps, &k->n_steps);
	if (r == 0)
		r = store_score_below(tx, &any, within, desk->arena, &k->sheets, &k->n_sheets);
	if (r == 0)
		r = store_score_lasts_below(tx, &any, within, desk->arena, &k->lasts, &k->n_lasts);
	if (r < 0)
		return r;
	sort_rows(k->orgs, k->n_orgs, sizeof(*k->orgs));
	sort_rows(k->assigned, k->n_assigned, sizeof(*k->assigned));
	sort_rows(k->holds, k->n_holds, sizeof(*k->holds));
	sort_rows(k->steps, k->n_steps, sizeof(*k->steps));
	return 0;
}

/* The organisation and what was before, if its figures may change now. */
static int find_org(const struct score_desk *desk, const struct known *k, int64_t id,
		    const struct campaign_org **ret_org, struct score_before *before, struct err_info *info)
{
	const struct campaign_org *org = find_row(k->orgs, k->n_orgs, sizeof(*org), id);
	const struct hold *hold = find_row(k->holds, k->n_holds, sizeof(*hold), id);
	const struct org_step *step = find_row(k->steps, k->n_steps, sizeof(*step), id);
	const struct score_sheet *sheet = find_row(k->sheets, k->n_sheets, sizeof(*sheet), id);
	const struct score_last *lasts = find_row(k->lasts, k->n_lasts, sizeof(*lasts), id);
	bool assigned = desk->at->door != SCORE_UNIT ||
			find_row(k->assigned, k->n_assigned, sizeof(*k->assigned), id);
	int r = score_desk_fits(desk, org, assigned, info);
	if (r == 0)
		r = score_desk_is_open(desk, org, hold ? hold->state : HOLD_NONE, info);
	if (r == ERR_STATE) {
		const char *why = arena_printf(desk->arena, "“%s”：%s", org->name, info->text);
		return err_set(info, r, "%s", why ? why : "");
	}
	const struct score_key key = score_desk_key(desk, id);
	*ret_org = org;
	*before = (struct score_before){
		.was.sheet = sheet ? *sheet : (struct score_sheet){.org = id, .source = key.source, .rater = key.rater},
		.was.lasts = lasts, .step = step ? step->state : STEP_NOT_BEGUN};
	while (lasts && lasts < k->lasts + k->n_lasts && lasts->org == id) {
		before->was.n_lasts++;
		lasts++;
	}
	return r;
}

static int apply_org(struct db_tx *tx, struct sheet_job *job, const struct known *known,
		     const struct figure_row *figures, int n, struct err_info *info)
{
	struct score_desk *desk = &job->desk;
	const struct campaign_org *org = NULL;
	struct score_before was;
	struct score_sheet sheet;
	struct score_edit *edits = arena_zalloc(desk->arena, (size_t)n, sizeof(*edits));
	int changed, r = find_org(desk, known, figures[0].org, &org, &was, info);

	if (!edits)
		return db_doom_nomem(tx);
	if (r < 0)
		return r;
	for (int i = 0; i < n; i++) {
		const char *before = score_cell(&was.was.sheet, figures[i].leaf);
		edits[i] = (struct score_edit){.leaf = figures[i].leaf, .value = figures[i].text};
		job->import.n_new += !*before;
		job->import.n_same += strcmp(before, figures[i].text) == 0;
		job->import.n_changed += *before && strcmp(before, figures[i].text) != 0;
		if (strcmp(before, figures[i].text) != 0)
			list_item(job, org, &figures[i], before);
	}
	return job->dry_run ? 0 : score_desk_write(tx, desk, org, &was, edits, n, &sheet, &changed);
}

static int apply_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct sheet_job *job = arg;
	struct sheet_import *im = &job->import;
	struct known known;
	int r = score_desk_open(tx, &job->desk, info);

	*im = (struct sheet_import){
		.n_cells = job->n,
		.items = arena_zalloc(job->desk.arena, SHEET_ITEMS_MAX, sizeof(*im->items))};
	if (!im->items)
		return db_doom_nomem(tx);
	if (r == 0)
		r = load_known(tx, &job->desk, &known);
	for (int i = 0, end; r == 0 && i < job->n; i = end) {
		for (end = i; end < job->n && job->figures[end].org == job->figures[i].org; end++)
			;
		r = apply_org(tx, job, &known, &job->figures[i], end - i, info);
		im->n_orgs++;
	}
	return r;
}

int scores_import(struct app *app, const struct caller *caller, const struct score_at *at,
		  struct table *table, const char *file, bool dry_run, struct arena *arena,
		  struct diag *errors, struct sheet_import *ret_import, struct err_info *info)
{
	struct sheet_job job = {.desk = {.app = app, .caller = caller, .at = at, .arena = arena,
					 .write = true}, .file = file, .errors = errors,
				.dry_run = dry_run};
	int r = db_read(app->db, load_fn, &job, info);
	if (r == 0)
		r = read_figures(&job, table, info);
	if (r == 0 && job.n) {
		qsort(job.figures, (size_t)job.n, sizeof(*job.figures), by_org);
		r = dry_run ? db_read(app->db, apply_fn, &job, info)
			    : db_write(app->db, id_region(at->node), apply_fn, &job, info);
	}
	free(job.figures);
	campaign_tree_done(&job.tree);
	if (r == 0)
		*ret_import = job.import;
	return r;
}

/* ---- out ---- */

/* The cells that any category has, in the scheme's order, items behind their
 * indicator; local ones last. */
static int export_cells(const struct sheet_job *job, int cells[SHEET_CELLS_MAX])
{
	const struct scheme *scheme = job->desk.call.scheme;
	const struct scheme_source *source = &scheme->sources[job->desk.source];
	int n = 0;

	if (source->by == BY_POINTS) {
		cells[0] = 0;
		return 1;
	}
	for (int i = 0; i < scheme->n_indicators; i++)
		for (int leaf = 0; leaf < scheme->n_leaves; leaf++) {
			bool asked = false;
			for (int c = 0; c < scheme->n_categories; c++) {
				struct sheet_rules rules = {.scheme = scheme, .category = c,
							    .by = source->by};
				asked |= sheet_asks(&rules, leaf);
			}
			if (asked && scheme->leaves[leaf].indicator == i)
				cells[n++] = leaf;
		}
	for (int place = 0; place < LOCAL_MAX; place++)
		for (int i = 0; i < job->desk.n_locals; i++)
			if (job->desk.locals[i].place == place) {
				cells[n++] = scheme->n_leaves + place;
				break;
			}
	return n;
}

static int export_orgs(struct db_tx *tx, struct sheet_job *job)
{
	struct score_desk *desk = &job->desk;
	struct score_export *ex = &job->export;
	int64_t total;
	if (!desk->rater.id)
		return store_campaign_orgs(tx, desk->at->campaign, desk->call.path, true, desk->arena,
					   &ex->orgs, &ex->n_rows);
	return store_rater_orgs_page(tx, desk->at->campaign, desk->rater.id, desk->call.path, 0,
				     SHEET_ORGS_MAX, desk->arena, &ex->orgs, &ex->n_rows, &total);
}

/* Sheets of all, by organisation, and what is known of those that the caller may see. */
static int load_sheets(struct db_tx *tx, struct sheet_job *job, struct score_sheet **ret_sheets, int *ret_n)
{
	struct score_desk *desk = &job->desk;
	const struct score_export *ex = &job->export;
	const struct score_key any = score_desk_key(desk, 0);
	bool self = desk->call.scheme->sources[desk->source].who == RATED_BY_SELF;
	int r = store_score_below(tx, &any, desk->call.path, desk->arena, ret_sheets, ret_n);
	if (r == 0 && (self || !right_check(&desk->call.access.holder, ACTION_SCORE_WRITE, desk->call.path)))
		r = store_holds_know(tx, desk->at->campaign, ex->orgs, ex->n_rows);
	return r < 0 || !self ? r : score_desk_know_selfs(tx, desk, ex->orgs, ex->n_rows);
}

static int sheet_by_org(const void *a, const void *b)
{
	const struct score_sheet *x = a, *y = b;
	return (x->org > y->org) - (x->org < y->org);
}

static int export_row(struct db_tx *tx, struct sheet_job *job, int row, const int *cells,
		      const struct score_sheet *sheets, int n)
{
	struct score_desk *desk = &job->desk;
	struct score_export *ex = &job->export;
	const struct score_sheet empty = {.org = ex->orgs[row].id}, *sheet = NULL;
	struct sheet_rules rules;
	bool may = false;
	int r = job->blank ? 0 : score_desk_may_see(tx, desk, &ex->orgs[row], &may);
	if (r == 0 && may && n)
		sheet = bsearch(&empty, sheets, (size_t)n, sizeof(*sheets), sheet_by_org);
	if (!sheet)
		sheet = &empty;

	score_desk_rules(desk, &ex->orgs[row], &rules);
	for (int c = 0; r == 0 && c < ex->n_labels; c++) {
		const char *text = score_cell(sheet, cells[c]);
		bool there = *text || sheet_asks(&rules, cells[c]);
		ex->cells[(size_t)row * (size_t)ex->n_labels + (size_t)c] = there ? text : NULL;
	}
	return r;
}

static int export_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct sheet_job *job = arg;
	struct score_desk *desk = &job->desk;
	int cells[SHEET_CELLS_MAX];
	int r = score_desk_open(tx, desk, info);

	if (r < 0)
		return r;
	if (desk->source < 0)
		return err_set(info, ERR_NOT_FOUND, "%s", desk->empty);
	const struct scheme_source *source = &desk->call.scheme->sources[desk->source];
	struct score_export ex = {.scheme = desk->call.scheme, .source = source->label,
				  .rater = desk->rater, .by_points = source->by == BY_POINTS,
				  .n_labels = export_cells(job, cells)};
	job->export = ex;
	if ((r = export_orgs(tx, job)) < 0)
		return r;
	ex = job->export;
	ex.labels = arena_zalloc(desk->arena, (size_t)ex.n_labels + 1, sizeof(*ex.labels));
	ex.cells = arena_zalloc(desk->arena, (size_t)(ex.n_labels + 1) * (size_t)(ex.n_rows + 1),
				sizeof(*ex.cells));
	if (!ex.labels || !ex.cells)
		return db_doom_nomem(tx);
	for (int c = 0; c < ex.n_labels; c++)
		ex.labels[c] = ex.by_points ? "得分"
			: score_leaf_label(ex.scheme, desk->locals, desk->n_locals, cells[c], desk->arena);
	job->export = ex;
	struct score_sheet *sheets = NULL;
	int n = 0;
	if (!job->blank)
		r = load_sheets(tx, job, &sheets, &n);
	for (int i = 0; r == 0 && i < ex.n_rows; i++)
		r = export_row(tx, job, i, cells, sheets, n);
	return r;
}

static int export_audit_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct sheet_job *job = arg;
	int r = score_desk_open(tx, &job->desk, info);
	return r < 0 ? r : app_audit(tx, &job->desk.call.access, "score.export", job->desk.at->node,
				     job->export.source, "",
				     arena_printf(job->desk.arena, "%d 个党组织%s", job->export.n_rows,
						  job->blank ? "，空表" : ""));
}

int scores_export(struct app *app, const struct caller *caller, const struct score_at *at,
		  bool blank, struct arena *arena, struct score_export *ret_export,
		  struct err_info *info)
{
	struct sheet_job job = {.desk = {.app = app, .caller = caller, .at = at, .arena = arena},
				.blank = blank};
	int r = db_read(app->db, export_fn, &job, info);
	if (r == 0)
		r = db_write(app->db, id_region(at->node), export_audit_fn, &job, info);
	if (r == 0)
		*ret_export = job.export;
	return r;
}
