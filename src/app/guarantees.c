/* SPDX-License-Identifier: Apache-2.0 */
#include "app/guarantees.h"

#include <stdlib.h>
#include <string.h>

#include "domain/exact.h"
#include "store/id.h"
#include "store/money.h"

enum { CODE = GUARANTEES, YEAR, COLUMNS };
#define CENTS_MAX INT64_C(1000000000000)	/* ten billion yuan */

static const char *const names[COLUMNS][3] = {
	{"running", "运转经费", "基层组织运转经费"}, {"venue", "活动阵地", "活动阵地经费"},
	{"pay", "干部报酬", "基层干部报酬"}, {"service", "服务群众专项经费", "基层组织服务群众专项经费"},
	[CODE] = {"code", "组织代码", "代码"}, [YEAR] = {"year", "年度", "年份"},
};

const char *guarantee_id(int i) { return names[i][0]; }
const char *guarantee_label(int i) { return names[i][1]; }

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t node;
	int year, n, changed;
	struct arena *arena;		/* of the caller, for what is returned */
	struct arena own;		/* emptied when the function runs again */
	const struct guarantee_edit *edits;
	struct guarantees out;
};

static int check_year(int year, struct err_info *info)
{
	return year >= GUARANTEE_YEAR_MIN && year <= GUARANTEE_YEAR_MAX ? 0 : err_set(info, ERR_INPUT, "年度不对");
}

/* ---- reading ---- */

static int kind_of(const char *kind)
{
	for (int i = 0; i < GUARANTEES; i++)
		if (strcmp(names[i][0], kind) == 0)
			return i;
	return -1;
}

int guarantees_sums(struct db_tx *tx, int64_t node, int year, struct arena *arena, int64_t cents[GUARANTEES],
		    int64_t n[GUARANTEES])
{
	struct money_sum *sums;
	int n_sums, r = store_money_sums(tx, node, year, arena, &sums, &n_sums);
	memset(cents, 0, GUARANTEES * sizeof(*cents));
	memset(n, 0, GUARANTEES * sizeof(*n));
	for (int i = 0; r == 0 && i < n_sums; i++) {
		int k = kind_of(sums[i].kind);
		if (k >= 0) {
			cents[k] = sums[i].cents;
			n[k] = sums[i].n;
		}
	}
	return r;
}

static int add_children(struct db_tx *tx, struct job *job, int year, bool before)
{
	struct money_sum *sums;
	int n, r = store_money_of_children(tx, job->node, year, job->arena, &sums, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		int k = kind_of(sums[i].kind);
		for (int c = 0; k >= 0 && c < job->out.n; c++)
			if (job->out.rows[c].org == sums[i].node) {
				(before ? job->out.rows[c].before : job->out.rows[c].cents)[k] = sums[i].cents;
				(before ? job->out.rows[c].n_before : job->out.rows[c].n)[k] = sums[i].n;
			}
	}
	return r;
}

static int read_children(struct db_tx *tx, struct job *job)
{
	struct org_child *children;
	int n, r = store_org_children(tx, job->node, job->arena, &children, &n);
	job->out.rows = r < 0 ? NULL : arena_zalloc(job->arena, (size_t)n + 1, sizeof(*job->out.rows));
	if (r == 0 && !job->out.rows)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < n; i++) {
		const struct org *o = &children[i].org;
		bool unit = o->level == LEVEL_UNIT;
		if (o->state == ORG_ACTIVE)
			job->out.rows[job->out.n++] = (struct guarantee_row){
				.org = o->id, .code = o->code, .name = o->name, .unit = unit,
				.units = children[i].below + unit};
	}
	if (r == 0)
		r = add_children(tx, job, job->year, false);
	return r < 0 ? r : add_children(tx, job, job->year - 1, true);
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct guarantees *out = &job->out;
	struct access access;
	char path[ORG_PATH_MAX];
	*out = (struct guarantees){.year = job->year};
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->node, job->arena, &access, path, info);
	if (r < 0 || (r = store_org_get(tx, job->node, job->arena, &out->node)) < 0 ||
	    (r = store_org_breadcrumb(tx, path, job->arena, &out->crumbs, &out->n_crumbs)) < 0 ||
	    (r = guarantees_sums(tx, job->node, job->year, job->arena, out->own.cents, out->own.n)) < 0 ||
	    (r = guarantees_sums(tx, job->node, job->year - 1, job->arena, out->own.before,
				 out->own.n_before)) < 0)
		return r;
	app_cut_crumbs(&access, &out->crumbs, &out->n_crumbs);
	out->may_write = right_check(&access.holder, ACTION_CASE_WRITE, path);
	out->own.org = job->node;
	out->own.code = out->node.code;
	out->own.name = out->node.name;
	out->own.unit = out->node.level == LEVEL_UNIT;
	if ((r = read_children(tx, job)) < 0)
		return r;
	out->own.units = out->own.unit;
	for (int i = 0; i < out->n; i++)
		out->own.units += out->rows[i].units;
	return 0;
}

int guarantees_get(struct app *app, const struct caller *caller, int64_t node, int year, struct arena *arena,
		   struct guarantees *ret, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .year = year, .arena = arena};
	int r = check_year(year, info);
	if (r == 0)
		r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret = job.out;
	return r;
}

/* ---- writing ---- */

/* "12345.67", also "12,345.67" as Excel shows it; -1 for "". False: no amount. */
static bool read_amount(const char *text, int64_t *ret_cents)
{
	char plain[32];
	size_t n = 0;
	int64_t e4;
	for (const char *p = text; *p; p++) {
		if (*p == ',')
			continue;
		if (n + 1 == sizeof(plain))
			return false;
		plain[n++] = *p;
	}
	plain[n] = '\0';
	*ret_cents = -1;
	if (!n)
		return true;
	if (!decimal_parse_e4(str_from(plain), &e4) || e4 % 100 || e4 / 100 > CENTS_MAX)
		return false;
	*ret_cents = e4 / 100;
	return true;
}

/* 1: changed, 2: new, 0: as it was, or an error. */
static int put_one(struct db_tx *tx, int64_t org, int year, int k, int64_t cents)
{
	const struct money m = {.org = org, .year = year, .kind = names[k][0], .label = names[k][2], .note = "",
				.cents = cents};
	int64_t before = -1;
	int had = store_money_get(tx, org, year, m.kind, &before);
	if (had < 0 || before == cents)
		return had < 0 ? had : 0;
	int r = store_money_set(tx, &m);
	return r < 0 ? r : had ? 1 : 2;
}

static int put_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	arena_done(&job->own);
	job->changed = 0;
	int r = app_enter(tx, job->caller, ACTION_CASE_WRITE, job->node, &job->own, &access, path, info);
	for (int i = 0; r >= 0 && i < job->n; i++) {
		const struct guarantee_edit *e = &job->edits[i];
		struct org org = {0};
		int64_t cents;
		if ((r = store_org_get(tx, e->org, &job->own, &org)) < 0)
			return r;
		if (!r || strncmp(org.path, path, strlen(path)) != 0 || org.level != LEVEL_UNIT)
			return err_set(info, ERR_INPUT, "有的党组织不在这里，请刷新页面再填");
		if (!read_amount(e->text, &cents))
			return err_set(info, ERR_INPUT, "%s的%s“%s”不对，应为元数，最多两位小数", org.name,
				       names[e->guarantee][1], e->text);
		if ((r = put_one(tx, e->org, job->year, e->guarantee, cents)) > 0)
			job->changed++;
	}
	if (r < 0 || !job->changed)
		return r < 0 ? r : 0;
	return app_audit(tx, &access, "guarantee.put", job->node, arena_printf(&job->own, "%d 年四项保障", job->year),
			 "", arena_printf(&job->own, "改 %d 格", job->changed));
}

int guarantees_put(struct app *app, const struct caller *caller, int64_t node, int year,
		   const struct guarantee_edit *edits, int n, int *ret_n, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .year = year, .edits = edits, .n = n};
	if (n > GUARANTEE_EDITS_MAX)
		return err_set(info, ERR_LIMIT, "一次最多保存 %d 格，请从 Excel 导入", GUARANTEE_EDITS_MAX);
	int r = check_year(year, info);
	if (r == 0)
		r = db_write(app->db, id_region(node), put_fn, &job, info);
	arena_done(&job.own);
	if (r == 0)
		*ret_n = job.changed;
	return r;
}

/* ---- from a sheet ---- */

struct line {
	uint64_t line;
	const char *code;
	int year;
	int64_t cents[GUARANTEES];	/* -1: the cell is empty */
};
struct work {
	const struct caller *caller;
	int64_t node;
	int year;
	const char *file;
	bool dry_run, dry_done;
	struct diag *diag;
	struct arena *arena;
	struct line *lines;
	int n, cap;
	int at[COLUMNS];		/* cell of each column, or -1 */
	struct guarantee_import result;
};

static int column_of(struct str heading)
{
	heading = str_trim(heading);
	for (int i = 0; i < COLUMNS; i++)
		for (int k = 0; k < 3; k++) {
			size_t len = strlen(names[i][k]);
			/* "运转经费（元）" too. */
			if (heading.len >= len && memcmp(heading.data, names[i][k], len) == 0 &&
			    (heading.len == len || str_eqs((struct str){heading.data + len, heading.len - len}, "（元）")))
				return i;
		}
	return -1;
}

bool guarantees_is_head(void *unused, int n, const struct str *cells)
{
	(void)unused;
	bool code = false, amount = false;
	for (int i = 0; i < n; i++) {
		int column = column_of(cells[i]);
		code |= column == CODE;
		amount |= column >= 0 && column < GUARANTEES;
	}
	return code && amount;
}

static int read_head(struct work *w, const struct table_row *head, struct err_info *info)
{
	AUTO(buf) struct buf ignored = {0};
	bool amount = false;
	for (int i = 0; i < COLUMNS; i++)
		w->at[i] = -1;
	for (int i = 0; i < head->n; i++) {
		int column = column_of(head->cells[i]);
		struct str name = str_trim(head->cells[i]);
		if (column >= 0 && w->at[column] >= 0)
			return err_set(info, ERR_INPUT, "%s：列“%s”重复", w->file, names[column][1]);
		if (column >= 0)
			w->at[column] = i;
		else if (name.len && !str_eqs(name, "名称") && !str_eqs(name, "党组织"))
			buf_addf(&ignored, "%s%.*s", ignored.len ? "、" : "", (int)name.len, name.data);
		amount |= column >= 0 && column < GUARANTEES;
	}
	if (w->at[CODE] < 0 || !amount)
		return err_set(info, ERR_INPUT, "%s：要有“组织代码”和至少一项保障（运转经费、活动阵地、干部报酬、服务群众专项经费）", w->file);
	w->result.ignored = arena_strdup(w->arena, buf_str(&ignored));
	return w->result.ignored ? 0 : err_nomem(info);
}

static const char *cell_of(struct work *w, const struct table_row *row, int column)
{
	struct str cell = {0};
	if (w->at[column] >= 0 && w->at[column] < row->n)
		cell = str_trim(row->cells[w->at[column]]);
	return arena_strndup(w->arena, cell.len ? cell.data : "", cell.len);
}

static int read_line(struct work *w, const struct table_row *row, struct err_info *info)
{
	if (w->n == w->cap) {
		int cap = w->cap ? w->cap * 2 : 256;
		struct line *lines = reallocarray(w->lines, (size_t)cap, sizeof(*lines));
		if (!lines)
			return err_nomem(info);
		w->lines = lines;
		w->cap = cap;
	}
	struct line *l = &w->lines[w->n++];
	*l = (struct line){.line = row->line, .code = cell_of(w, row, CODE), .year = w->year};
	const char *year = cell_of(w, row, YEAR);
	uint64_t number;
	if (!l->code || !year)
		return err_nomem(info);
	if (*year && (!digits_parse(str_from(year), GUARANTEE_YEAR_MAX, &number) || number < GUARANTEE_YEAR_MIN))
		diag_add(w->diag, "%s 第 %llu 行：年度“%s”不对，应为四位年份", w->file, (unsigned long long)l->line, year);
	else if (*year)
		l->year = (int)number;
	for (int k = 0; k < GUARANTEES; k++) {
		const char *text = cell_of(w, row, k);
		if (!text)
			return err_nomem(info);
		if (!read_amount(text, &l->cents[k]))
			diag_add(w->diag, "%s 第 %llu 行：%s“%s”不对，应为元数，最多两位小数", w->file,
				 (unsigned long long)l->line, names[k][1], text);
	}
	return 0;
}

static int read_table(struct work *w, struct table *table, struct err_info *info)
{
	struct table_row row;
	int r = table_next(table, &row, info);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_INPUT, "%s 是空的", w->file);
	if ((r = read_head(w, &row, info)) < 0)
		return r;
	while ((r = table_next(table, &row, info)) > 0) {
		if (w->n == GUARANTEE_IMPORT_MAX)
			return err_set(info, ERR_LIMIT, "%s 太长：一次最多 %d 行", w->file, GUARANTEE_IMPORT_MAX);
		if (row.broken)
			diag_add(w->diag, "%s 第 %llu 行：%s", w->file, (unsigned long long)row.line, row.why);
		else if ((r = read_line(w, &row, info)) < 0)
			return r;
	}
	return r;
}

static int put_line(struct db_tx *tx, struct work *w, const struct line *l, const char *within)
{
	struct org org;
	int r = store_org_by_code(tx, l->code, w->arena, &org);
	if (r < 0)
		return r;
	if (!r || strncmp(org.path, within, strlen(within)) != 0 || org.level != LEVEL_UNIT) {
		diag_add(w->diag, "%s 第 %llu 行：没有代码为“%s”的基层党组织，或不在您管理的范围内", w->file,
			 (unsigned long long)l->line, l->code);
		return 0;
	}
	for (int k = 0; k < GUARANTEES; k++) {
		if (l->cents[k] < 0)
			continue;
		if ((r = put_one(tx, org.id, l->year, k, l->cents[k])) < 0)
			return r;
		w->result.n_new += r == 2;
		w->result.n_changed += r == 1;
		w->result.n_same += r == 0;
	}
	w->result.n_rows++;
	return 0;
}

static int import_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	const char *ignored = w->result.ignored;
	diag_done(w->diag);	/* this may run again */
	w->result = (struct guarantee_import){.ignored = ignored};
	int r = app_enter(tx, w->caller, ACTION_CASE_WRITE, w->node, w->arena, &access, path, info);
	for (int i = 0; r == 0 && i < w->n; i++)
		r = put_line(tx, w, &w->lines[i], path);
	if (r == 0 && w->diag->total)
		return err_set(info, ERR_INPUT, "%s 有 %llu 处错误，没有导入", w->file,
			       (unsigned long long)w->diag->total);
	if (r == 0 && w->dry_run) {
		w->dry_done = true;	/* an error, so that nothing is kept */
		return err_set(info, ERR_STATE, "试运行");
	}
	return r < 0 ? r : app_audit(tx, &access, "guarantee.put", w->node, w->file, "",
				     arena_printf(w->arena, "新增 %d 格，修改 %d 格", w->result.n_new,
						  w->result.n_changed));
}

int guarantees_import(struct app *app, const struct caller *caller, int64_t node, int year,
		      struct table *table, const char *file, bool dry_run, struct arena *arena,
		      struct diag *diag, struct guarantee_import *ret_import, struct err_info *info)
{
	struct work w = {.caller = caller, .node = node, .year = year, .file = file, .dry_run = dry_run,
			 .diag = diag, .arena = arena};
	int r = check_year(year, info);
	if (r == 0)
		r = read_table(&w, table, info);
	if (r == 0 && diag->total)
		r = err_set(info, ERR_INPUT, "%s 有 %llu 处错误，没有导入", file, (unsigned long long)diag->total);
	if (r == 0)
		r = db_write(app->db, id_region(node), import_fn, &w, info);
	free(w.lines);
	if (r < 0 && !w.dry_done)
		return r;
	*ret_import = w.result;
	return 0;
}
