/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roster_import.h"

#include <stdio.h>
#include <stdlib.h>

#include "domain/day.h"
#include "store/id.h"

enum { COLUMN_IGNORED = -1, COLUMN_CODE = -2, COLUMN_PARENT = -3, DEPTH_MAX = ORG_DEPTH_MAX + 2 };
enum { SAID_MAX = 4096 };		/* far more than are shown */

/* What is wrong with a row; told in the order of the sheet. */
struct said {
	uint64_t line;
	int order;
	const char *text;
};

struct row {
	uint64_t line;
	const char *code, *parent;	/* parent NULL: not given */
	struct org given;		/* with what the sheet says, else blank */
	uint32_t fields;		/* a bit per field that the sheet gives */
	bool wrong;			/* a cell of it is: only its place is looked at */
	bool repeated;			/* a row above has its code */
	/* While it is carried out. */
	bool done, busy;
	bool unsure;			/* whether its level still fits those around it */
	const struct org *known;	/* as it is now; NULL: in the tables, if anywhere */
	struct roster_import_item *item;
};

/* Rows whose organisations are asked for together. */
struct batch {
	int from, n;			/* n 0: none, each is asked for */
	struct org *orgs;
	int n_orgs;
	struct arena arena;
};

struct work {
	struct app *app;
	const struct caller *caller;
	int64_t node;
	const char *file;
	bool dry_run, dry_done;
	struct diag *diag;
	struct said *said;		/* SAID_MAX */
	int n_said, n_read;		/* all of them, those of reading */
	struct arena *arena;		/* rows and results: live on */
	struct arena scratch;		/* one run */
	struct org_stamp stamp;
	struct access access;
	char within[ORG_PATH_MAX];	/* path of node; "/" for all */
	int n_columns;
	int columns[TABLE_COLUMNS_MAX];
	bool sheet;
	struct row *rows;
	struct row **by_code;
	int n, cap;
	struct batch batch;
	int64_t parent;			/* the last that was asked for its code; 0: none */
	const char *parent_code;
	bool moved;			/* one has been: paths that were known are not any more */
	struct roster_import result;
};

_Static_assert(sizeof(uint32_t) * 8 >= 20, "a bit per field");

/* ---- head ---- */

static int column_of(struct str heading)
{
	const struct org_field *f;
	heading = str_trim(heading);
	if (str_eqs(heading, "code") || str_eqs(heading, "组织代码") || str_eqs(heading, "代码"))
		return COLUMN_CODE;
	if (str_eqs(heading, "parent") || str_eqs(heading, "上级代码") ||
	    str_eqs(heading, "上级组织代码"))
		return COLUMN_PARENT;
	f = org_field_find(heading);
	return f ? (int)(f - org_fields) : COLUMN_IGNORED;
}

bool roster_is_head(void *unused, int n, const struct str *cells)
{
	(void)unused;
	for (int i = 0; i < n; i++)
		if (column_of(cells[i]) == COLUMN_CODE)
			return true;
	return false;
}

static int read_head(struct work *w, const struct table_row *head, struct err_info *info)
{
	AUTO(buf) struct buf ignored = {0};
	bool code = false;
	w->n_columns = head->n;
	for (int i = 0; i < head->n; i++) {
		int column = column_of(head->cells[i]);
		struct str heading = str_trim(head->cells[i]);
		for (int j = 0; column != COLUMN_IGNORED && j < i; j++)
			if (w->columns[j] == column)
				return err_set(info, ERR_INPUT, "%s：列“%.*s”重复", w->file,
					       STR_ARG(heading));
		w->columns[i] = column;
		code |= column == COLUMN_CODE;
		if (column == COLUMN_IGNORED && heading.len)
			buf_addf(&ignored, "%s%.*s", ignored.len ? "、" : "", STR_ARG(heading));
	}
	if (!code)
		return err_set(info, ERR_INPUT, "%s：缺少“组织代码”这一列", w->file);
	w->result.ignored = arena_strdup(w->arena, buf_str(&ignored));
	return w->result.ignored ? 0 : err_nomem(info);
}

/* ---- rows ---- */

/* "名册.xlsx 第 3 行 C 列" */
static void complain(struct work *w, uint64_t line, int column, const char *what)
{
	char name[8] = "";
	if (w->sheet && column >= 0)
		table_column_name(column, name);
	int at = w->n_said++;
	if (at < SAID_MAX)
		w->said[at] = (struct said){line, at,
					    arena_printf(w->arena, "%s 第 %llu 行%s%s%s：%s", w->file,
							 (unsigned long long)line, *name ? " " : "",
							 name, *name ? " 列" : "", what)};
}

static int by_line(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void tell(struct work *w)
{
	int kept = w->n_said < SAID_MAX ? w->n_said : SAID_MAX;
	qsort(w->said, (size_t)kept, sizeof(*w->said), by_line);
	for (int i = 0; i < kept; i++)
		diag_add(w->diag, "%s", w->said[i].text ? w->said[i].text : "");
	w->diag->total += (uint64_t)(w->n_said - kept);
}

static int add_row(struct work *w, struct row **ret_row)
{
	if (w->n == w->cap) {
		int cap = w->cap ? w->cap * 2 : 256;
		struct row *rows = arena_zalloc(w->arena, (size_t)cap, sizeof(*rows));
		if (!rows)
			return ERR_NOMEM;
		if (w->n)
			memcpy(rows, w->rows, (size_t)w->n * sizeof(*rows));
		w->rows = rows;
		w->cap = cap;
	}
	*ret_row = &w->rows[w->n++];
	return 0;
}

static int read_row(struct work *w, const struct table_row *in, struct err_info *info)
{
	struct row *row;
	struct err_info local;
	int before = w->n_said;
	if (add_row(w, &row) < 0)
		return err_nomem(info);
	*row = (struct row){.line = in->line, .code = "", .given = org_blank()};
	if (in->n > w->n_columns)
		complain(w, in->line, w->n_columns, "单元格比列名多");
	for (int i = 0; i < in->n && i < w->n_columns; i++) {
		struct str cell = str_trim(in->cells[i]);
		int column = w->columns[i];
		const char *text;
		if (column == COLUMN_IGNORED || !cell.len)
			continue;
		if (column >= 0) {
			local = (struct err_info){0};
			int r = org_field_parse(&org_fields[column], cell, w->arena, &row->given, &local);
			if (r == ERR_NOMEM)
				return err_nomem(info);
			if (r < 0)
				complain(w, in->line, i, local.text);
			row->fields |= 1u << column;
			continue;
		}
		if (!(text = arena_strndup(w->arena, cell.data, cell.len)))
			return err_nomem(info);
		local = (struct err_info){0};
		if (org_check_code(text, &local) < 0)
			complain(w, in->line, i, local.text);
		if (column == COLUMN_CODE)
			row->code = text;
		else
			row->parent = text;
	}
	if (!*row->code)
		complain(w, in->line, -1, "没有组织代码");
	row->wrong = w->n_said > before;
	return 0;
}

static int by_code(const void *a, const void *b)
{
	return strcmp((*(struct row *const *)a)->code, (*(struct row *const *)b)->code);
}

/* And, with one code, as they stand in the sheet. */
static int by_code_and_line(const void *a, const void *b)
{
	const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
	int c = strcmp(x->code, y->code);
	return c ? c : (x->line > y->line) - (x->line < y->line);
}

static struct row *find_row(struct work *w, const char *code)
{
	struct row key = {.code = code}, *at = &key;
	struct row **found = bsearch(&at, w->by_code, (size_t)w->n, sizeof(*w->by_code), by_code);
	return found ? *found : NULL;
}

static int index_rows(struct work *w, struct err_info *info)
{
	w->by_code = arena_zalloc(w->arena, (size_t)w->n + 1, sizeof(*w->by_code));
	w->result.items = arena_zalloc(w->arena, (size_t)w->n + 1, sizeof(*w->result.items));
	if (!w->by_code || !w->result.items)
		return err_nomem(info);
	for (int i = 0; i < w->n; i++) {
		w->by_code[i] = &w->rows[i];
		w->rows[i].item = &w->result.items[i];
	}
	qsort(w->by_code, (size_t)w->n, sizeof(*w->by_code), by_code_and_line);
	for (int i = 1; i < w->n; i++) {
		struct row *a = w->by_code[i - 1], *b = w->by_code[i];
		char text[96];
		if (!*a->code || strcmp(a->code, b->code) != 0)
			continue;
		snprintf(text, sizeof(text), "组织代码与第 %llu 行重复", (unsigned long long)a->line);
		complain(w, b->line, -1, text);
		b->repeated = true;
	}
	return 0;
}

static int read_table(struct work *w, struct table *table, struct err_info *info)
{
	struct table_row row;
	int r = table_next(table, &row, info);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_INPUT, "%s 是空的", w->file);
	w->sheet = table_is_sheet(table);
	if ((r = read_head(w, &row, info)) < 0)
		return r;
	while ((r = table_next(table, &row, info)) > 0) {
		if (row.broken) {
			complain(w, row.line, row.why_cell, row.why);
			continue;
		}
		if (w->n == ROSTER_IMPORT_MAX)
			return err_set(info, ERR_LIMIT, "%s 太长：一次最多 %d 行", w->file,
				       ROSTER_IMPORT_MAX);
		if ((r = read_row(w, &row, info)) < 0)
			return r;
	}
	return r < 0 ? r : index_rows(w, info);
}

/* ---- carrying out ---- */

static int carry_out(struct work *w, struct db_tx *tx, struct row *row, int depth,
		     struct err_info *info);

/* Asks for what the next rows are about at once. */
static int look_ahead(struct work *w, struct db_tx *tx, int from)
{
	struct batch *b = &w->batch;
	const char *codes[ORG_CODES_MAX];
	arena_done(&b->arena);
	*b = (struct batch){.from = from};
	while (!w->moved && b->n < ORG_CODES_MAX && from + b->n < w->n) {
		codes[b->n] = w->rows[from + b->n].code;
		b->n++;
	}
	return b->n ? store_orgs_by_codes(tx, codes, b->n, &b->arena, &b->orgs, &b->n_orgs) : 0;
}

/* The row's organisation as it was before: 1, 0 or an error. */
static int find_old(struct work *w, struct db_tx *tx, const struct row *row, struct org *ret_org)
{
	const struct batch *b = &w->batch;
	int at = (int)(row - w->rows);
	if (w->moved || at < b->from || at >= b->from + b->n)
		return store_org_by_code(tx, row->code, &w->scratch, ret_org);
	for (int i = 0; i < b->n_orgs; i++)
		if (strcmp(b->orgs[i].code, row->code) == 0) {
			*ret_org = b->orgs[i];
			return 1;
		}
	return 0;
}

/* Those below it are to come. */
static int keep_added(struct work *w, struct row *row, const struct org *org, const char *above)
{
	struct org *known = arena_zalloc(w->arena, 1, sizeof(*known));
	const char *path = arena_printf(w->arena, "%s%lld/", above, (long long)org->id);
	if (!known || !path)
		return ERR_NOMEM;
	*known = row->given;		/* whose texts live as long */
	known->id = org->id;
	known->path = path;
	row->known = known;
	return 0;
}

/* The organisation that a parent's code names, after its own row was carried
 * out. 1, 0 with a complaint, or an error. */
static int find_parent(struct work *w, struct db_tx *tx, struct row *row, int depth,
		       struct org *ret_parent, struct err_info *info)
{
	struct row *above = find_row(w, row->parent);
	struct err_info local;
	int r = 0;
	if (above == row || (above && above->busy) || depth > DEPTH_MAX) {
		complain(w, row->line, -1, "上级代码绕成了圈，或层数太多");
		return 0;
	}
	if (above && !above->done && (r = carry_out(w, tx, above, depth + 1, info)) < 0)
		return r;
	if (above && above->known && !w->moved)
		*ret_parent = *above->known;
	else if ((r = store_org_by_code(tx, row->parent, &w->scratch, ret_parent)) < 0)
		return r;
	else if (!r) {
		/* A row that failed has been complained about already. */
		if (!above) {
			err_set(&local, ERR_INPUT, "没有代码为“%s”的上级组织", row->parent);
			complain(w, row->line, -1, local.text);
		}
		return 0;
	}
	if (strncmp(ret_parent->path, w->within, strlen(w->within)) != 0) {
		complain(w, row->line, -1, "上级不在您管理的范围内");
		return 0;
	}
	if (ret_parent->state != ORG_ACTIVE) {
		complain(w, row->line, -1, "上级已并入、撤销或尚未建立");
		return 0;
	}
	return 1;
}

static bool fits(struct work *w, const struct row *row, const struct org *parent,
		 const struct org *org)
{
	struct err_info local;

	if (!parent || org_level_fits(parent->level, org->level))
		return true;
	err_set(&local, ERR_INPUT, "层级“%s”不对，应低于上级“%s”的层级“%s”", level_label(org->level),
		parent->name, level_label(parent->level));
	complain(w, row->line, -1, local.text);
	return false;
}

static int finish(struct work *w, struct db_tx *tx, struct row *row, const struct org *org,
		  enum roster_import_act act, const struct buf *before, const struct buf *after)
{
	static const char *const acts[] = {"", "org.add", "org.change", "org.move"};
	struct roster_import_item *item = row->item;
	if (before->failed || after->failed)
		return db_doom_nomem(tx);
	item->before = arena_strdup(w->arena, buf_str(before));
	item->after = arena_strdup(w->arena, buf_str(after));
	item->name = arena_strdup(w->arena, org->name);
	const char *object = arena_printf(&w->scratch, "%s %s（导入）", org->code, org->name);
	if (!item->before || !item->after || !item->name || !object)
		return db_doom_nomem(tx);
	item->act = act;
	w->result.count[act]++;
	return act == IMPORT_SAME ? 0 : app_audit(tx, &w->access, acts[act], org->id, object,
						  buf_str(before), buf_str(after));
}

/* Whether a new organisation's row has what it must. What a cell says wrongly is known. */
static bool check_new(struct work *w, const struct row *row)
{
	struct err_info local = {0};
	bool good = !row->wrong;
	for (int i = 0; i < org_n_fields; i++) {
		if (!org_fields[i].required || row->fields & 1u << i)
			continue;
		err_set(&local, ERR_INPUT, "新组织要填%s", org_fields[i].label);
		complain(w, row->line, -1, local.text);
		good = false;
	}
	if (good && org_validate(&row->given, &local) < 0) {
		complain(w, row->line, -1, local.text);
		good = false;
	}
	return good;
}

static int add_new(struct work *w, struct db_tx *tx, struct row *row, int depth,
		   struct err_info *info)
{
	AUTO(buf) struct buf before = {0}, after = {0};
	struct org org = row->given, blank = org_blank(), parent;
	bool good = check_new(w, row);
	int r;
	org.code = row->code;
	org.path = "";
	if (row->parent) {
		if ((r = find_parent(w, tx, row, depth, &parent, info)) <= 0)
			return r;
		org.parent = parent.id;
	} else if (w->node || !w->access.holder.machine) {
		complain(w, row->line, -1, "新组织要填上级代码");
		return 0;
	}
	if (!good || !fits(w, row, row->parent ? &parent : NULL, &org))
		return 0;
	if ((r = org_make_searchable(w->app, &org, &w->scratch, info)) < 0)
		return r;
	org_diff(&blank, &org, &before, &after);
	const char *above = row->parent ? parent.path : "/";
	r = store_org_insert(tx, &org, above, &w->stamp);
	if (r == ERR_LIMIT) {
		complain(w, row->line, -1, "组织的层数太多");
		return 0;
	}
	buf_clear(&before);
	if (r == 0 && keep_added(w, row, &org, above) < 0)
		r = db_doom_nomem(tx);
	return r < 0 ? r : finish(w, tx, row, &org, IMPORT_ADDED, &before, &after);
}

/* What the sheet says, over what is known. */
static struct org overlay(const struct org *old, const struct row *row)
{
	struct org org = *old;
	for (int i = 0; i < org_n_fields; i++) {
		const struct org_field *f = &org_fields[i];
		size_t size = f->kind == ORG_TEXT ? sizeof(char *)
			      : f->kind == ORG_NUMBER ? sizeof(int64_t) : sizeof(int32_t);
		if (row->fields & 1u << i)
			memcpy((char *)&org + f->offset, (const char *)&row->given + f->offset, size);
	}
	return org;
}

/* The code of the organisation above; siblings follow each other. */
static int parent_code(struct work *w, struct db_tx *tx, int64_t parent, const char **ret_code)
{
	struct org org;
	int r = 1;
	if (parent != w->parent) {
		if ((r = store_org_get(tx, parent, &w->scratch, &org)) < 0)
			return r;
		w->parent_code = r ? arena_strdup(w->arena, org.code) : "";
		w->parent = parent;
	}
	*ret_code = w->parent_code;
	return w->parent_code ? 0 : db_doom_nomem(tx);
}

static int change_known(struct work *w, struct db_tx *tx, struct row *row, const struct org *old,
			int depth, struct err_info *info)
{
	AUTO(buf) struct buf before = {0}, after = {0};
	struct org org = overlay(old, row), to;
	const char *from = "";
	struct err_info local = {0};
	bool moved = false;
	int r;
	if (strncmp(old->path, w->within, strlen(w->within)) != 0) {
		complain(w, row->line, -1, "这个代码的组织不在您管理的范围内");
		return 0;
	}
	if (old->parent && (r = parent_code(w, tx, old->parent, &from)) < 0)
		return r;
	if (row->wrong) {
		if (row->parent && strcmp(row->parent, from) != 0)
			r = find_parent(w, tx, row, depth, &to, info);
		else
			r = 0;
		return r < 0 ? r : 0;
	}
	if (row->parent && strcmp(row->parent, from) != 0) {
		if ((r = find_parent(w, tx, row, depth, &to, info)) <= 0)
			return r;
		/* It may have been moved meanwhile, with one above it. */
		if ((r = store_org_get(tx, old->id, &w->scratch, &org)) <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
		org = overlay(&org, row);
		moved = true;
		if (id_region(to.id) != id_region(org.id)) {
			complain(w, row->line, -1, "不能跨县划转（各县的账、考评和日志分开记）：请在原县撤销，再到新的县登记");
			return 0;
		}
		if (!fits(w, row, &to, &org))
			return 0;
		buf_addf(&before, "上级：%s", from);
		buf_addf(&after, "上级：%s", to.code);
		org_diff(old, &org, &before, &after);
	} else if (!org_diff(old, &org, &before, &after)) {
		return finish(w, tx, row, old, IMPORT_SAME, &before, &after);
	}
	if (org_validate(&org, &local) < 0 ||
	    roster_check_day(old, w->stamp.since_day, w->caller->today, &local) < 0) {
		complain(w, row->line, -1, local.text);
		return 0;
	}
	if ((r = org_make_searchable(w->app, &org, &w->scratch, info)) < 0)
		return r;
	w->moved |= moved;
	row->unsure = moved || org.level != old->level;
	r = moved ? store_org_move(tx, &org, to.id, &w->stamp) : store_org_change(tx, old, &org, &w->stamp);
	if (r == ERR_STATE || r == ERR_LIMIT) {
		complain(w, row->line, -1, r == ERR_STATE ? "不能划到自己的下级之下" : "组织的层数太多");
		return 0;
	}
	return r < 0 ? r : finish(w, tx, row, &org, moved ? IMPORT_MOVED : IMPORT_CHANGED, &before,
				  &after);
}

static int carry_out(struct work *w, struct db_tx *tx, struct row *row, int depth,
		     struct err_info *info)
{
	struct org old;
	if (row->repeated || !*row->code) {
		row->done = true;
		return 0;
	}
	row->busy = true;
	int r = find_old(w, tx, row, &old);
	if (r > 0)
		r = change_known(w, tx, row, &old, depth, info);
	else if (r == 0)
		r = add_new(w, tx, row, depth, info);
	row->busy = false;
	row->done = true;
	return r;
}

/* Levels that a change has put out of order with a parent or a child that the
 * sheet does not name. */
static int check_levels(struct work *w, struct db_tx *tx)
{
	for (int i = 0; i < w->n; i++) {
		struct row *row = &w->rows[i];
		struct org org, parent;
		struct org_child *children;
		int n, r;
		bool good = true;
		if (!row->unsure)
			continue;
		arena_done(&w->scratch);
		if ((r = store_org_by_code(tx, row->code, &w->scratch, &org)) <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
		if (org.parent && (r = store_org_get(tx, org.parent, &w->scratch, &parent)) > 0)
			good = org_level_fits(parent.level, org.level);
		if (r < 0 || (r = store_org_children(tx, org.id, &w->scratch, &children, &n)) < 0)
			return r;
		for (int j = 0; j < n; j++)
			good = good && org_level_fits(org.level, children[j].org.level);
		if (!good)
			complain(w, row->line, -1, "层级与上级或下级的层级不合");
	}
	return 0;
}

static int enter(struct work *w, struct db_tx *tx, struct err_info *info)
{
	if (w->node)
		return app_enter(tx, w->caller, ACTION_ORG_STRUCTURE, w->node, w->arena, &w->access,
				 w->within, info);
	int r = app_who(tx, w->caller, w->arena, &w->access, info);
	if (r == 0 && !w->access.holder.machine)
		return err_set(info, ERR_DENIED, "请选择导入到哪个组织之下");
	memcpy(w->within, "/", 2);
	return r;
}

static int import_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	int r = enter(w, tx, info);
	/* It may run again: complaints and results of the first time are void. */
	w->n_said = w->n_read;
	memset(w->result.count, 0, sizeof(w->result.count));
	w->dry_done = w->moved = false;
	w->batch.n = 0;
	w->parent = 0;
	for (int i = 0; i < w->n; i++) {
		struct row *row = &w->rows[i];
		row->done = row->busy = row->unsure = false;
		row->known = NULL;
		*row->item = (struct roster_import_item){.line = row->line, .code = row->code,
							 .name = "", .before = "", .after = ""};
	}
	for (int i = 0; r == 0 && i < w->n; i++) {
		arena_done(&w->scratch);
		if (i % ORG_CODES_MAX == 0)
			r = look_ahead(w, tx, i);
		if (r == 0 && !w->rows[i].done)
			r = carry_out(w, tx, &w->rows[i], 0, info);
	}
	if (r == 0 && !w->n_said)
		r = check_levels(w, tx);
	arena_done(&w->scratch);
	if (r < 0)
		return r;
	if (w->n_said)
		return err_set(info, ERR_INPUT, "%s 有 %d 处错误，没有导入", w->file, w->n_said);
	if (w->dry_run) {
		w->dry_done = true;
		return err_set(info, ERR_STATE, "试运行");
	}
	return 0;
}

int roster_import(struct app *app, const struct caller *caller, int64_t node,
		  struct table *table, const char *file, const struct org_when *when, bool dry_run,
		  struct arena *arena, struct diag *diag, struct roster_import *ret_import,
		  struct err_info *info)
{
	struct work *w = calloc(1, sizeof(*w));
	if (!w)
		return err_nomem(info);
	*w = (struct work){.app = app, .caller = caller, .node = node, .file = file,
			   .dry_run = dry_run, .diag = diag, .arena = arena};
	w->stamp = (struct org_stamp){ORG_IMPORTED, caller->account,
				      when->since_day ? when->since_day : caller->today,
				      caller->now_ms, when->reason ? when->reason : ""};
	w->said = arena_zalloc(arena, SAID_MAX, sizeof(*w->said));
	int r = w->said ? read_table(w, table, info) : err_nomem(info);
	w->n_read = w->n_said;
	if (r == 0)
		r = roster_check_day(NULL, w->stamp.since_day, caller->today, info);
	if (r == 0) {
		r = db_write(app->db, id_region(node), import_fn, w, info);
		if (r < 0 && w->dry_done)
			r = 0;
	}
	if (w->said)
		tell(w);
	if (r == 0) {
		w->result.n = w->n;
		*ret_import = w->result;
	}
	arena_done(&w->scratch);
	arena_done(&w->batch.arena);
	free(w);
	return r;
}
