/* SPDX-License-Identifier: Apache-2.0 */
#include "app/past_import.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/schemes.h"
#include "domain/exact.h"
#include "store/campaign.h"
#include "store/id.h"

enum column { CODE, YEAR, GRADE, SCHEME, SCORE, STARS, RANK, LEDGER, NOTE, EXAMINATION, COLUMNS };

enum {
	YEAR_MIN = 1990,
	SCORE_MAX_E4 = 100000 * 10000,
	TEXT_MAX = 600,		/* bytes of a text: 200 characters */
	STARS_LABELS = SCHEME_STARS_MAX + 1,
};

static const struct {
	const char *id, *label;
	bool required;
} columns[COLUMNS] = {
	[CODE] = {"code", "组织代码", true},
	[YEAR] = {"year", "年度", true},
	[GRADE] = {"grade", "等次", false},
	[SCHEME] = {"scheme", "方案", false},
	[SCORE] = {"score", "得分", false},
	[STARS] = {"stars", "星级", false},
	[RANK] = {"rank", "名次", false},
	[LEDGER] = {"ledger", "整顿情况", false},
	[NOTE] = {"note", "备注", false},
	[EXAMINATION] = {"examination", "年度考核", false},
};

struct row {
	uint64_t line;
	const char *cells[COLUMNS];
	struct past_result past;
};

struct work {
	const struct caller *caller;
	int64_t node;
	const char *scheme, *file;
	bool dry_run, dry_done;
	struct diag *diag;
	struct arena *arena;
	struct row *rows;
	int n, cap;
	int at[COLUMNS];		/* cell of each column, or -1 */
	struct scheme_entry *schemes;	/* their grades, from the top */
	int n_schemes;
	struct diag_mark read;		/* what is wrong with the file by itself */
	struct past_import result;
};

static int column_of(struct str heading)
{
	heading = str_trim(heading);
	for (int i = 0; i < COLUMNS; i++)
		if (str_eqs(heading, columns[i].id) || str_eqs(heading, columns[i].label))
			return i;
	return -1;
}

bool past_is_head(void *unused, int n, const struct str *cells)
{
	(void)unused;
	bool code = false, year = false;
	for (int i = 0; i < n; i++) {
		int column = column_of(cells[i]);
		code |= column == CODE;
		year |= column == YEAR;
	}
	return code && year;
}

const char *past_column(int i, bool *ret_required)
{
	if (i >= COLUMNS)
		return NULL;
	*ret_required = columns[i].required;
	return columns[i].label;
}

static void complain(struct work *w, uint64_t line, const char *label, const char *found,
		     const char *expected)
{
	diag_add(w->diag, "%s 第 %llu 行：%s“%s”不对，应为%s", w->file, (unsigned long long)line,
		 label, found, expected);
}

/* ---- reading ---- */

static int read_head(struct work *w, const struct table_row *head, struct err_info *info)
{
	AUTO(buf) struct buf ignored = {0};
	for (int i = 0; i < COLUMNS; i++)
		w->at[i] = -1;
	for (int i = 0; i < head->n; i++) {
		int column = column_of(head->cells[i]);
		struct str name = str_trim(head->cells[i]);
		if (column >= 0 && w->at[column] >= 0)
			return err_set(info, ERR_INPUT, "%s：列“%s”重复", w->file, columns[column].label);
		if (column >= 0)
			w->at[column] = i;
		else if (name.len && !str_eqs(name, "名称") && !str_eqs(name, "name"))
			buf_addf(&ignored, "%s%.*s", ignored.len ? "、" : "", (int)name.len, name.data);
	}
	w->result.ignored = arena_strdup(w->arena, buf_str(&ignored));
	if (!w->result.ignored)
		return err_nomem(info);
	for (int i = 0; i < COLUMNS; i++)
		if (columns[i].required && w->at[i] < 0)
			return err_set(info, ERR_INPUT, "%s：缺少“%s”这一列", w->file, columns[i].label);
	return 0;
}

static struct row *add_row(struct work *w)
{
	if (w->n == w->cap) {
		int cap = w->cap ? w->cap * 2 : 256;
		struct row *rows = reallocarray(w->rows, (size_t)cap, sizeof(*rows));
		if (!rows)
			return NULL;
		w->rows = rows;
		w->cap = cap;
	}
	w->rows[w->n] = (struct row){0};
	return &w->rows[w->n++];
}

/* "四星", "4星", "★★★★", "4", "四星级", "无", "不定星" … */
static bool read_stars(const char *text, int *ret_stars)
{
	static const char *const words[STARS_LABELS] = {"零", "一", "二", "三", "四", "五"};
	int n = 0;
	if (!*text || strcmp(text, "-") == 0 || strcmp(text, "无") == 0) {
		*ret_stars = -1;
		return true;
	}
	if (strcmp(text, "不定星") == 0 || strcmp(text, "无星") == 0) {
		*ret_stars = 0;
		return true;
	}
	while (strncmp(text, "★", strlen("★")) == 0) {
		text += strlen("★");
		n++;
	}
	if (n) {
		*ret_stars = n;
		return !*text && n <= SCHEME_STARS_MAX;
	}
	const char *rest = NULL;
	for (int i = 0; i < STARS_LABELS; i++)
		if (strncmp(text, words[i], strlen(words[i])) == 0) {
			n = i;
			rest = text + strlen(words[i]);
		}
	if (!rest && *text >= '0' && *text <= '0' + SCHEME_STARS_MAX) {
		n = *text - '0';
		rest = text + 1;
	}
	*ret_stars = n;
	return rest && (!*rest || strcmp(rest, "星") == 0 || strcmp(rest, "星级") == 0);
}

/* Looks a scheme up by code or title; NULL: not one of them. */
static const struct scheme *scheme_of(struct work *w, const char *name)
{
	for (int i = 0; i < w->n_schemes; i++)
		if (strcmp(w->schemes[i].name, name) == 0 || strcmp(w->schemes[i].title, name) == 0)
			return w->schemes[i].scheme;
	return NULL;
}

static void find_place(struct work *w, const struct row *row, struct past_result *p)
{
	const char *name = *row->cells[SCHEME] ? row->cells[SCHEME] : w->scheme;
	const struct scheme *scheme = name && *name ? scheme_of(w, name) : NULL;
	p->place = -1;
	p->scheme_title = scheme ? scheme->title : name ? name : "";
	for (int i = 0; scheme && i < scheme->n_grades; i++)
		if (strcmp(scheme->grades[i].label, p->grade) == 0 ||
		    strcmp(scheme->grades[i].id, p->grade) == 0) {
			p->place = i;
			p->places = scheme->n_grades;
			p->grade = scheme->grades[i].label;
		}
	if (scheme && p->place < 0 && *p->grade)
		diag_add(w->diag, "%s 第 %llu 行：方案“%s”里没有等次“%s”", w->file,
			 (unsigned long long)row->line, scheme->title, p->grade);
	w->result.unplaced += p->place < 0 && *p->grade;
}

static void read_values(struct work *w, struct row *row)
{
	struct past_result *p = &row->past;
	int64_t score;
	uint64_t number;
	if (!digits_parse(str_from(row->cells[YEAR]), (uint64_t)w->caller->today / 10000, &number) ||
	    number < YEAR_MIN)
		complain(w, row->line, "年度", row->cells[YEAR], "四位年份，例如 2025，不晚于今年");
	else
		p->year = (int)number;
	p->grade = row->cells[GRADE];
	p->examination = row->cells[EXAMINATION];
	if (!*p->grade && !*p->examination)
		diag_add(w->diag, "%s 第 %llu 行：没有等次，也没有年度考核", w->file,
			 (unsigned long long)row->line);
	if (*row->cells[SCORE] && (!decimal_parse_e4(str_from(row->cells[SCORE]), &score) ||
				   score > SCORE_MAX_E4))
		complain(w, row->line, "得分", row->cells[SCORE], "数，最多四位小数");
	p->score = row->cells[SCORE];
	if (!read_stars(row->cells[STARS], &p->stars))
		complain(w, row->line, "星级", row->cells[STARS], "0 到 5，或“四星”“★★★★”“不定星”");
	number = 0;
	if (*row->cells[RANK] && !digits_parse(str_from(row->cells[RANK]), 1000000000, &number))
		complain(w, row->line, "名次", row->cells[RANK], "整数");
	p->rank = (int64_t)number;
	p->ledger = row->cells[LEDGER];
	p->note = row->cells[NOTE];
	find_place(w, row, p);
}

static int read_row(struct work *w, const struct table_row *in, struct err_info *info)
{
	struct row *row = add_row(w);
	if (!row)
		return err_nomem(info);
	row->line = in->line;
	for (int i = 0; i < COLUMNS; i++) {
		struct str cell = {0};
		if (w->at[i] >= 0 && w->at[i] < in->n)
			cell = str_trim(in->cells[w->at[i]]);
		if (cell.len > TEXT_MAX) {
			diag_add(w->diag, "%s 第 %llu 行：%s太长，应在 200 字以内", w->file,
				 (unsigned long long)in->line, columns[i].label);
			cell.len = 0;
		}
		row->cells[i] = arena_strndup(w->arena, cell.len ? cell.data : "", cell.len);
		if (!row->cells[i])
			return err_nomem(info);
	}
	read_values(w, row);
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
		if (w->n == PAST_IMPORT_MAX)
			return err_set(info, ERR_LIMIT, "%s 太长：一次最多 %d 行", w->file, PAST_IMPORT_MAX);
		if (row.broken)
			diag_add(w->diag, "%s 第 %llu 行：%s", w->file, (unsigned long long)row.line,
				 row.why);
		else if ((r = read_row(w, &row, info)) < 0)
			return r;
	}
	return r;
}

/* The same organisation twice in a year. */
static int by_code_and_year(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
	int r = strcmp(x->cells[CODE], y->cells[CODE]);
	if (r == 0)
		r = x->past.year - y->past.year;
	return r ? r : x->line < y->line ? -1 : 1;
}

static int find_twice(struct work *w, struct err_info *info)
{
	struct row **order = arena_zalloc(w->arena, (size_t)w->n + 1, sizeof(struct row *));
	if (!order)
		return err_nomem(info);
	for (int i = 0; i < w->n; i++)
		order[i] = &w->rows[i];
	if (w->n)
		qsort(order, (size_t)w->n, sizeof(struct row *), by_code_and_year);
	for (int i = 1; i < w->n; i++)
		if (order[i]->past.year && order[i]->past.year == order[i - 1]->past.year &&
		    strcmp(order[i]->cells[CODE], order[i - 1]->cells[CODE]) == 0)
			diag_add(w->diag, "%s 第 %llu 行：“%s”%d 年度与第 %llu 行重复", w->file,
				 (unsigned long long)order[i]->line, order[i]->cells[CODE],
				 order[i]->past.year, (unsigned long long)order[i - 1]->line);
	return 0;
}

/* ---- writing ---- */

static const char *in_words(const struct past_result *p, struct arena *arena)
{
	const char *stars = p->stars < 0 ? "" : arena_printf(arena, " %d 星", p->stars);
	return arena_printf(arena, "%s%s%s%s%s%s%s%s", p->grade, *p->score ? " " : "", p->score,
			    stars ? stars : "", *p->ledger ? " " : "", p->ledger,
			    *p->examination ? " 考核" : "", p->examination);
}

/* Rows that are looked up together. */
struct batch {
	struct arena arena;
	struct org *orgs;
	int n_orgs;
	struct past_result *past;	/* of these, all years */
	int n_past;
};

static int look_up(struct db_tx *tx, const struct row *rows, int n, struct batch *b)
{
	const char *codes[ORG_CODES_MAX];
	int64_t ids[ORG_CODES_MAX] = {0};
	for (int i = 0; i < n; i++)
		codes[i] = rows[i].cells[CODE];
	int r = store_orgs_by_codes(tx, codes, n, &b->arena, &b->orgs, &b->n_orgs);
	for (int i = 0; r == 0 && i < b->n_orgs; i++)
		ids[i] = b->orgs[i].id;
	return r < 0 ? r : store_past_of_orgs(tx, ids, b->n_orgs, &b->arena, &b->past, &b->n_past);
}

static const struct org *find_org(const struct batch *b, const char *code)
{
	for (int i = 0; i < b->n_orgs; i++)
		if (strcmp(b->orgs[i].code, code) == 0)
			return &b->orgs[i];
	return NULL;
}

static const struct past_result *find_before(const struct batch *b, int64_t org, int year)
{
	for (int i = 0; i < b->n_past; i++)
		if (b->past[i].org == org && b->past[i].year == year)
			return &b->past[i];
	return NULL;
}

static bool same(const struct past_result *a, const struct past_result *b)
{
	return strcmp(a->grade, b->grade) == 0 && strcmp(a->score, b->score) == 0 &&
	       strcmp(a->scheme_title, b->scheme_title) == 0 && a->place == b->place &&
	       a->places == b->places && a->stars == b->stars && a->rank == b->rank &&
	       strcmp(a->ledger, b->ledger) == 0 && strcmp(a->note, b->note) == 0 &&
	       strcmp(a->examination, b->examination) == 0;
}

static int put_row(struct db_tx *tx, struct work *w, const struct row *row, const struct batch *batch,
		   const char *within, struct past_item *item, struct err_info *info)
{
	struct past_result past = row->past;
	const struct org *org = find_org(batch, row->cells[CODE]);
	if (!org || (within && strncmp(org->path, within, strlen(within)) != 0)) {
		diag_add(w->diag, "%s 第 %llu 行：没有代码为“%s”的组织，或不在您管理的范围内", w->file,
			 (unsigned long long)row->line, row->cells[CODE]);
		return 0;
	}
	past.org = org->id;
	const struct past_result *before = find_before(batch, org->id, past.year);
	/* A result of this system stays; only what it does not know is added. */
	if (before && before->campaign && *past.examination &&
	    (!*past.grade || strcmp(past.grade, before->grade) == 0)) {
		past = *before;
		past.examination = row->past.examination;
	} else if (before && before->campaign) {
		diag_add(w->diag, "%s 第 %llu 行：“%s”%d 年度的结果由本系统评定，不能用表格覆盖", w->file,
			 (unsigned long long)row->line, org->name, past.year);
		return 0;
	}
	*item = (struct past_item){
		.line = row->line, .code = row->cells[CODE], .name = arena_strdup(w->arena, org->name),
		.year = past.year,
		.act = !before ? PAST_ADDED : same(before, &past) ? PAST_SAME : PAST_CHANGED,
		.before = before ? in_words(before, w->arena) : "",
		.after = in_words(&past, w->arena),
	};
	if (!item->name || !item->before || !item->after)
		return err_nomem(info);
	w->result.count[item->act]++;
	/* Nothing is kept of a file that is wrong. */
	return item->act == PAST_SAME || w->diag->total ? 0 : store_past_put(tx, &past);
}

static int put_rows(struct db_tx *tx, struct work *w, const char *within, struct err_info *info)
{
	int r = 0;
	for (int from = 0, n; r == 0 && from < w->n; from += n) {
		struct batch batch = {0};
		n = w->n - from < ORG_CODES_MAX ? w->n - from : ORG_CODES_MAX;
		r = look_up(tx, &w->rows[from], n, &batch);
		for (int i = from; r == 0 && i < from + n; i++)
			r = put_row(tx, w, &w->rows[i], &batch, within, &w->result.items[i], info);
		arena_done(&batch.arena);
	}
	return r;
}

static int enter(struct db_tx *tx, struct work *w, struct access *access, char *path,
		 struct err_info *info)
{
	if (w->node)
		return app_enter(tx, w->caller, ACTION_CAMPAIGN_WRITE, w->node, w->arena, access, path,
				 info);
	int r = app_who(tx, w->caller, w->arena, access, info);
	if (r == 0 && !access->holder.machine)
		return err_set(info, ERR_DENIED, "请选择导入到哪个组织之下");
	return r;
}

static int import_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	diag_back(w->diag, w->read);	/* this may run again */
	memset(w->result.count, 0, sizeof(w->result.count));
	int r = enter(tx, w, &access, path, info);
	if (r == 0)
		r = put_rows(tx, w, w->node ? path : NULL, info);
	if (r == 0 && w->diag->total)
		return err_set(info, ERR_INPUT, "%s 有 %llu 处错误，没有导入", w->file,
			       (unsigned long long)w->diag->total);
	if (r == 0 && w->dry_run) {
		w->dry_done = true;	/* an error, so that nothing is kept */
		return err_set(info, ERR_STATE, "试运行");
	}
	if (r == 0) {
		const char *what = arena_printf(w->arena, "新增 %d，修改 %d", w->result.count[PAST_ADDED],
						w->result.count[PAST_CHANGED]);
		r = what ? app_audit(tx, &access, "past.import", w->node, w->file, "", what)
			 : err_nomem(info);
	}
	return r;
}

static int import(struct app *app, struct work *w, struct table *table, struct err_info *info)
{
	int r = schemes_list(app, w->caller, w->arena, &w->schemes, &w->n_schemes, info);
	if (r == 0 && w->scheme && *w->scheme && !scheme_of(w, w->scheme) && w->caller->machine)
		return err_set(info, ERR_NOT_FOUND, "没有方案“%s”；jinwei scheme list 列出全部方案", w->scheme);
	if (r == 0)
		r = read_table(w, table, info);
	if (r == 0)
		r = find_twice(w, info);
	if (r < 0)
		return r;
	w->read = diag_mark(w->diag);
	w->result.n = w->n;
	w->result.items = arena_zalloc(w->arena, (size_t)w->n + 1, sizeof(*w->result.items));
	if (!w->result.items)
		return err_nomem(info);
	r = db_write(app->db, id_region(w->node), import_fn, w, info);
	return r < 0 && w->dry_done ? 0 : r;
}

int past_import(struct app *app, const struct caller *caller, int64_t node, const char *scheme,
		struct table *table, const char *file, bool dry_run, struct arena *arena,
		struct diag *diag, struct past_import *ret_import, struct err_info *info)
{
	struct work w = {.caller = caller, .node = node, .scheme = scheme, .file = file,
			 .dry_run = dry_run, .diag = diag, .arena = arena};
	int r = import(app, &w, table, info);
	free(w.rows);
	if (r == 0)
		*ret_import = w.result;
	return r;
}
