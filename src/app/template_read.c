/* SPDX-License-Identifier: Apache-2.0 */
#include "app/template_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/improving.h"
#include "app/template_read_in.h"
#include "domain/exact.h"

enum { SHOWN_MAX = 120 /* bytes of what was found, in a message */ };

/* ---- items ---- */

void *read_grow(struct reading *rd, void *list, int n, int *cap, size_t size)
{
	if (n < *cap)
		return list;
	int more = *cap ? *cap * 2 : 64;
	void *grown = arena_zalloc(rd->arena, (size_t)more, size);
	if (!grown) {
		rd->nomem = true;
		return NULL;
	}
	if (n)
		memcpy(grown, list, (size_t)n * size);
	*cap = more;
	return grown;
}

static struct read_item *add(struct reading *rd, enum read_item_kind kind, const char *sheet,
			     const char *cell, const char *object)
{
	struct read_result *result = &rd->result;
	if (!result->items)
		result->items = arena_zalloc(rd->arena, (size_t)READ_ITEMS_MAX * READ_KINDS, sizeof(*result->items));
	int listed = result->count[kind]++;
	if (!result->items || listed >= READ_ITEMS_MAX)
		return NULL;
	struct read_item *item = &result->items[result->n++];
	*item = (struct read_item){.kind = kind, .sheet = arena_strdup(rd->arena, sheet),
				   .cell = arena_strdup(rd->arena, cell), .object = arena_strdup(rd->arena, object),
				   .label = "", .before = "", .after = "", .text = ""};
	rd->nomem |= !item->sheet || !item->cell || !item->object;
	return item;
}

static void say(struct reading *rd, enum read_item_kind kind, const char *sheet, const char *cell,
		const char *object, const char *format, va_list args)
{
	struct err_info text;
	struct read_item *item = add(rd, kind, sheet, cell, object);
	err_vset(&text, ERR_INPUT, format, args);
	if (item && !(item->text = arena_strdup(rd->arena, text.text)))
		rd->nomem = true;
}

void read_wrong(struct reading *rd, const char *sheet, uint32_t row, uint32_t column,
		const char *object, const char *format, ...)
{
	char cell[GRID_REF_LEN];
	va_list args;
	grid_ref(row, column, cell);
	va_start(args, format);
	say(rd, READ_WRONG, sheet, cell, object, format, args);
	va_end(args);
}

void read_note(struct reading *rd, const char *sheet, uint32_t row, uint32_t column,
	       const char *object, const char *format, ...)
{
	char cell[GRID_REF_LEN];
	va_list args;
	grid_ref(row, column, cell);
	va_start(args, format);
	say(rd, READ_NOTE, sheet, cell, object, format, args);
	va_end(args);
}

void read_change(struct reading *rd, const char *sheet, uint32_t row, uint32_t column,
		 const char *object, const char *label, const char *before, const char *after)
{
	char cell[GRID_REF_LEN];
	grid_ref(row, column, cell);
	struct read_item *item = add(rd, READ_CHANGE, sheet, cell, object);
	if (!item)
		return;
	item->label = arena_strdup(rd->arena, label);
	item->before = arena_strdup(rd->arena, before);
	item->after = arena_strdup(rd->arena, after);
	rd->nomem |= !item->label || !item->before || !item->after;
}

const struct grid_sheet *read_sheet(const struct grid *grid, const char *name)
{
	for (int i = 0; i < grid->n; i++)
		if (strcmp(grid->sheets[i].name, name) == 0)
			return &grid->sheets[i];
	return NULL;
}

struct str read_cut(struct str text)
{
	size_t n = 0;
	while (n < text.len && n < SHOWN_MAX) {
		size_t step = str_utf8_len(text.data + n, text.len - n);
		n += step ? step : 1;
	}
	return (struct str){text.data, n < text.len ? n : text.len};
}

/* ---- numbers ---- */

bool read_number(struct str text, int64_t *ret_e4)
{
	char folded[64];
	text = str_trim(text);
	if (!text.len || text.len > sizeof(folded))
		return false;
	text.len = str_fold_width(text, folded);
	text.data = folded;
	return decimal_parse_e4(text, ret_e4);
}

int64_t read_sum(const struct grid_sheet *sheet, uint32_t first, uint32_t last, uint32_t height,
		 uint32_t offset, uint32_t column)
{
	int64_t sum = 0, one;
	for (uint32_t row = first + offset; row <= last; row += height)
		if (read_number(grid_text(sheet, row - 1, column), &one) && __builtin_add_overflow(sum, one, &sum))
			return INT64_MAX;
	return sum;
}

const char *read_e4_text(struct reading *rd, int64_t e4)
{
	AUTO(buf) struct buf b = {0};
	decimal_format_e4(&b, e4);
	const char *text = arena_strdup(rd->arena, buf_str(&b));
	return text ? text : "";
}

/* ---- who is meant ---- */

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct known_org *)a)->code, ((const struct known_org *)b)->code);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct known_org *)a)->name, ((const struct known_org *)b)->name);
}

static int know_org(void *arg, const struct org *org, const char *parent_code)
{
	struct reading *rd = arg;
	(void)parent_code;
	if (org->state != ORG_ACTIVE)
		return 0;
	struct known_org *list = read_grow(rd, rd->by_code, rd->n_known, &rd->cap_known, sizeof(*list));
	if (!list)
		return ERR_NOMEM;
	rd->by_code = list;
	list[rd->n_known] = (struct known_org){org->id, arena_strdup(rd->arena, org->code),
					       arena_strdup(rd->arena, org->name)};
	return list[rd->n_known].code && list[rd->n_known++].name ? 0 : ERR_NOMEM;
}

static int know_orgs(struct reading *rd, struct err_info *info)
{
	if (rd->known)
		return 0;
	rd->known = true;
	int r = store_org_each(rd->tx, rd->path, know_org, rd);
	rd->by_name = arena_alloc(rd->arena, ((size_t)rd->n_known + 1) * sizeof(*rd->by_name));
	if (r == ERR_NOMEM || !rd->by_name)
		return err_nomem(info);
	if (r < 0 || !rd->n_known)
		return r;
	memcpy(rd->by_name, rd->by_code, (size_t)rd->n_known * sizeof(*rd->by_name));
	qsort(rd->by_code, (size_t)rd->n_known, sizeof(*rd->by_code), by_code);
	qsort(rd->by_name, (size_t)rd->n_known, sizeof(*rd->by_name), by_name);
	return 0;
}

int64_t read_find_org(struct reading *rd, struct str code, struct str name, struct err_info *info)
{
	code = str_trim(code);
	name = str_trim(name);
	int r = know_orgs(rd, info);
	const char *text = arena_strndup(rd->arena, code.len ? code.data : name.data ? name.data : "",
					 code.len ? code.len : name.len);
	if (r < 0 || !text)
		return r < 0 ? r : err_nomem(info);
	const struct known_org key = {.code = text, .name = text};
	if (!rd->n_known || !*text)
		return 0;
	struct known_org *hit = code.len ? bsearch(&key, rd->by_code, (size_t)rd->n_known, sizeof(key), by_code) :
					   bsearch(&key, rd->by_name, (size_t)rd->n_known, sizeof(key), by_name);
	if (!hit || code.len)
		return hit ? hit->id : 0;
	bool before = hit > rd->by_name && strcmp(hit[-1].name, text) == 0;
	bool after = hit + 1 < rd->by_name + rd->n_known && strcmp(hit[1].name, text) == 0;
	return before || after ? -1 : hit->id;
}

static struct org_edit *edit_of(struct reading *rd, int64_t id, const char *sheet, uint32_t row,
				struct err_info *info)
{
	for (int i = 0; i < rd->n_orgs; i++)
		if (rd->orgs[i].old.id == id)
			return &rd->orgs[i];
	struct org_edit *list = read_grow(rd, rd->orgs, rd->n_orgs, &rd->cap_orgs, sizeof(*list));
	if (!list)
		return NULL;
	rd->orgs = list;
	struct org_edit *edit = &list[rd->n_orgs];
	*edit = (struct org_edit){.sheet = sheet, .row = row};
	if (store_org_get(rd->tx, id, rd->arena, &edit->old) <= 0)
		return NULL;
	edit->now = edit->old;
	struct err_info none;
	edit->denied = app_may(rd->tx, &rd->access, ACTION_ORG_EDIT, id, NULL, &none) < 0;
	(void)info;
	rd->n_orgs++;
	return edit;
}

/* ---- rows ---- */

const struct read_column *read_column_of(const struct read_block *block, const char *field)
{
	for (int i = 0; i < block->n; i++)
		if (strcmp(block->columns[i].field, field) == 0)
			return &block->columns[i];
	return NULL;
}

static struct str text_at(const struct grid_sheet *sheet, const struct read_column *c, uint32_t row)
{
	return c ? str_trim(grid_text(sheet, row - 1 + c->offset, c->column)) : (struct str){0};
}

static bool row_is_empty(const struct grid_sheet *sheet, const struct read_block *block, uint32_t row)
{
	for (int i = 0; i < block->n; i++)
		if (strcmp(block->columns[i].field, "序号") != 0 && text_at(sheet, &block->columns[i], row).len)
			return false;
	return true;
}

/* ---- an official form as it would be printed now ---- */

static int compare(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int r = n ? memcmp(a.data, b.data, n) : 0;
	return r ? r : (a.len > b.len) - (a.len < b.len);
}

static int by_key(const void *a, const void *b)
{
	const struct shown_row *x = a, *y = b;
	int r = compare(x->key, y->key);
	return r ? r : compare(x->more, y->more);
}

/* What a row tells of: its organisation and, in a list of problems, the problem. Merged cells
 * have their text in the first row: `above` is the row before. */
static struct shown_row key_of(const struct reading *rd, const struct grid_sheet *sheet,
			       const struct read_block *block, uint32_t row, const struct shown_row *above)
{
	struct shown_row key = {.number = text_at(sheet, read_column_of(block, "序号"), row), .row = row};
	if (strcmp(block->list, "问题") == 0) {
		key.key = text_at(sheet, read_column_of(block, "党组织"), row);
		key.more = text_at(sheet, read_column_of(block, "问题"), row);
		if (!key.key.len) {
			key.key = above->key;
			key.number = above->number;
		}
		return key;
	}
	bool code = read_column_of(block, "代码") && read_column_of(&rd->shown_block, "代码");
	key.key = text_at(sheet, read_column_of(block, code ? "代码" : "名称"), row);
	return key;
}

int read_index_shown(struct reading *rd, struct err_info *info)
{
	const struct read_block *b = &rd->shown_block;
	const struct shown_sheet *ids = NULL;
	struct shown_row above = {0};
	rd->n_shown_rows = 0;
	if (b->last < b->first)
		return 0;
	for (int i = 0; i < rd->n_shown_sheets; i++)
		if (strcmp(rd->shown_sheets[i].name, rd->shown->name) == 0)
			ids = &rd->shown_sheets[i];
	rd->shown_rows = arena_zalloc(rd->arena, (size_t)(b->last - b->first) + 1, sizeof(*rd->shown_rows));
	if (!rd->shown_rows)
		return err_nomem(info);
	for (uint32_t row = b->first; row <= b->last; row++) {
		above = key_of(rd, rd->shown, b, row, &above);
		above.org = ids && (int)(row - b->first) < ids->n ? ids->orgs[row - b->first] : 0;
		rd->shown_rows[rd->n_shown_rows++] = above;
	}
	qsort(rd->shown_rows, (size_t)rd->n_shown_rows, sizeof(*rd->shown_rows), by_key);
	return 0;
}

/* Finds the row there that tells of the same; of several the one of this number. */
static void find_shown(struct reading *rd, const struct shown_row *key)
{
	const struct shown_row *rows = rd->shown_rows;
	int from = 0, to = rd->shown ? rd->n_shown_rows : 0, n = to;
	rd->shown_row = 0;
	rd->shown_org = 0;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (by_key(&rows[middle], key) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	for (to = from; to < n && by_key(&rows[to], key) == 0; to++)
		if (str_eq(rows[to].number, key->number)) {
			rd->shown_row = rows[to].row;
			rd->shown_org = rows[to].org;
		}
	if (!rd->shown_row && to == from + 1) {
		rd->shown_row = rows[from].row;
		rd->shown_org = rows[from].org;
	}
}

struct str read_printed(const struct reading *rd, const char *field)
{
	return rd->shown_row ? text_at(rd->shown, read_column_of(&rd->shown_block, field), rd->shown_row) :
			       (struct str){0};
}

/* Whether the official form itself says so in this row: a campaign's figures are
 * those of the day it began, and who left them alone meant nothing by them. */
static bool is_as_printed(const struct reading *rd, const char *field, struct str text)
{
	return rd->shown_row && read_column_of(&rd->shown_block, field) && str_eq(read_printed(rd, field), text);
}

/* What the system works out is never taken; that somebody changed it is told. */
static void tell_fixed(struct reading *rd, const struct grid_sheet *sheet, const struct read_column *c, uint32_t row,
		       const char *object, struct str text)
{
	struct str printed = read_printed(rd, c->field);
	if (!rd->shown_row || !read_column_of(&rd->shown_block, c->field) || str_eq(printed, text))
		return;
	read_note(rd, sheet->name, row - 1 + c->offset, c->column, object,
		  "“%s”不从表里读：系统里是“%.*s”，表上是“%.*s”，没有写入", c->field + 1, STR_ARG(read_cut(printed)),
		  STR_ARG(read_cut(text)));
}

/* ---- rows ---- */

static int know_problems(struct reading *rd, struct err_info *info);

/* A cell that only an official form has. */
static int take_form_cell(struct reading *rd, const struct org *org, const struct read_column *c, struct str text,
			  const struct grid_sheet *sheet, uint32_t row, struct err_info *info)
{
	static const char *const lines[] = {"问题", "原因", "措施"};
	static const char *const plan[] = {"下年目标", "整改措施", "责任人"};
	bool printed = is_as_printed(rd, c->field, text);
	uint32_t at = row - 1 + c->offset;
	if (rd->ask->template)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(plan); i++)
		if (strcmp(c->field, plan[i]) == 0)
			return read_take_plan(rd, org, c->field, text, printed, sheet, at, c->column, info);
	if (printed)
		return 0;
	if (strcmp(c->field, "换届") == 0)
		return read_take_election(rd, org, text, sheet, at, c->column, info);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		int r = strcmp(c->field, lines[i]) == 0 ? know_problems(rd, info) : 1;
		if (r <= 0)
			return r < 0 ? r : read_take_lines(rd, org, c->field, text, sheet, at, c->column, info);
	}
	return 0;
}

static int read_org_row(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
			uint32_t row, int64_t id, struct err_info *info)
{
	int r = 0;
	struct org_edit *edit = edit_of(rd, id, sheet->name, row - 1, info);
	if (!edit)
		return rd->nomem ? err_nomem(info) : err_set(info, ERR_CONFLICT, "组织刚被别人改过，请再试一次");
	bool by_code = read_column_of(block, "代码") && text_at(sheet, read_column_of(block, "代码"), row).len;
	for (int i = 0; i < block->n && r == 0; i++) {
		const struct read_column *c = &block->columns[i];
		const struct org_field *field = org_field_find(str_from(c->field));
		struct str text = text_at(sheet, c, row);
		/* By its name it was found; by its code it may get another one. */
		if (!text.len || (strcmp(c->field, "名称") == 0 && !by_code))
			continue;
		if (*c->field == '=')
			tell_fixed(rd, sheet, c, row, edit->old.name, text);
		else if (!field)
			r = take_form_cell(rd, &edit->old, c, text, sheet, row, info);
		else if (!is_as_printed(rd, c->field, text))
			r = read_take_org(rd, edit, field, text, sheet, row - 1 + c->offset, c->column);
	}
	return r;
}

/* The open problem of this number, or of this title at the organisation. */
static struct problem_edit *find_problem(struct reading *rd, struct str number, int64_t org, struct str title)
{
	uint64_t id = 0;
	if (number.len && !digits_parse(number, INT64_MAX, &id))
		return NULL;
	for (int i = 0; i < rd->n_problems; i++) {
		struct problem_edit *p = &rd->problems[i];
		if (number.len ? p->old.id == (int64_t)id : p->old.org == org && str_eqs(title, p->old.title))
			return p;
	}
	return NULL;
}

static int know_problems(struct reading *rd, struct err_info *info)
{
	struct case_problem *problems;
	int n, r;
	if (rd->problems)
		return 0;
	r = store_problems_below(rd->tx, rd->path, rd->arena, &problems, &n);
	rd->problems = r < 0 ? NULL : arena_zalloc(rd->arena, (size_t)n + 1, sizeof(*rd->problems));
	if (!rd->problems)
		return r < 0 ? r : err_nomem(info);
	for (int i = 0; i < n; i++)
		if (case_is_open(problems[i].case_state))
			rd->problems[rd->n_problems++] = (struct problem_edit){.old = problems[i], .now = problems[i]};
	return 0;
}

/* Something was written in a row that names no problem. */
static void tell_nameless(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
			  uint32_t row)
{
	static const char *const others[] = {"序号", "党组织", "代码"};
	for (int i = 0; i < block->n; i++) {
		const struct read_column *c = &block->columns[i];
		bool other = *c->field == '=';
		for (size_t k = 0; k < ARRAY_LEN(others); k++)
			other |= strcmp(c->field, others[k]) == 0;
		struct str text = text_at(sheet, c, row);
		if (other || !text.len || is_as_printed(rd, c->field, text))
			continue;
		read_wrong(rd, sheet->name, row - 1 + c->offset, c->column, "",
			   "这一行没有写是哪个问题，“%.*s”写不进去；新的问题请先在台账里登记", STR_ARG(read_cut(text)));
		return;
	}
}

static int read_problem_row(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
			    uint32_t row, struct err_info *info)
{
	const struct read_column *number = read_column_of(block, "编号"), *title = read_column_of(block, "问题");
	struct str key = text_at(sheet, number, row), words = text_at(sheet, title, row);
	const struct read_column *at = key.len ? number : title ? title : &block->columns[0];
	int64_t org = 0;
	int r = know_problems(rd, info);
	if (r < 0)
		return r;
	if (!key.len) {
		if (!words.len) {
			tell_nameless(rd, sheet, block, row);
			return 0;
		}
		org = read_find_org(rd, text_at(sheet, read_column_of(block, "代码"), row), rd->at.key, info);
		if (org < -1)
			return (int)org;
		org = org < 0 && rd->shown_org ? rd->shown_org : org;
	}
	struct problem_edit *edit = find_problem(rd, key, org, words);
	if (!edit) {
		read_wrong(rd, sheet->name, row - 1 + at->offset, at->column, "",
			   key.len ? "没有编号“%.*s”的问题，应为正在整顿的问题的编号" :
				     "“%.*s”不是这里正在整顿的问题；新的问题请在台账里登记",
			   STR_ARG(read_cut(key.len ? key : words)));
		return 0;
	}
	rd->result.rows++;
	for (int i = 0; i < block->n && r == 0; i++) {
		const struct read_column *c = &block->columns[i];
		struct str text = text_at(sheet, c, row);
		if (!text.len || (!key.len && c == title) || is_as_printed(rd, c->field, text))
			continue;
		if (*c->field == '=')
			tell_fixed(rd, sheet, c, row, edit->old.title, text);
		else
			r = read_take_problem(rd, edit, c->field, text, sheet, row - 1 + c->offset, c->column);
	}
	return r;
}

static int read_row(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
		    uint32_t row, struct buf *seen, struct err_info *info)
{
	rd->at = key_of(rd, sheet, block, row, &rd->at);
	find_shown(rd, &rd->at);
	if (strcmp(block->list, "问题") == 0)
		return read_problem_row(rd, sheet, block, row, info);
	const struct read_column *code = read_column_of(block, "代码"), *name = read_column_of(block, "名称");
	const struct read_column *at = code ? code : name;
	struct str key = text_at(sheet, code, row), words = text_at(sheet, name, row);
	int64_t id = read_find_org(rd, key, words, info);
	if (id < -1)
		return (int)id;
	/* Two of one name: the one that stood there. */
	id = id < 0 && rd->shown_org ? rd->shown_org : id;
	if (id <= 0) {
		struct str found = read_cut(key.len ? key : words);
		if (!found.len)
			read_wrong(rd, sheet->name, row - 1 + at->offset, at->column, "", "这一行没有%s，认不出是哪个党组织",
				   code ? "代码" : "名称");
		else if (id < 0)
			read_wrong(rd, sheet->name, row - 1 + at->offset, at->column, "", "有几个党组织都叫“%.*s”，认不出是哪一个：%s",
				   STR_ARG(found), rd->ask->template ? "请在模板里加上“代码”一列" :
				   "序号不要改，或者到所在的乡镇读回");
		else
			read_wrong(rd, sheet->name, row - 1 + at->offset, at->column, "",
				   "找不到“%.*s”，应为这个单位和下级的党组织的%s", STR_ARG(found), key.len ? "代码" : "名称");
		return 0;
	}
	const int64_t *ids = (const int64_t *)(const void *)seen->data;
	for (size_t i = 0; i < seen->len / sizeof(*ids); i++)
		if (ids[i] == id) {
			read_wrong(rd, sheet->name, row - 1 + at->offset, at->column, "", "“%.*s”在表里出现了两次",
				   STR_ARG(read_cut(key.len ? key : words)));
			return 0;
		}
	buf_add(seen, &id, sizeof(id));
	rd->result.rows++;
	return read_org_row(rd, sheet, block, row, id, info);
}

int read_rows(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
	      struct err_info *info)
{
	AUTO(buf) struct buf seen = {0};
	int r = 0;
	rd->at = (struct shown_row){0};
	for (uint32_t row = block->first; row + block->height - 1 <= block->last && r == 0; row += block->height)
		if (!row_is_empty(sheet, block, row))
			r = read_row(rd, sheet, block, row, &seen, info);
	return r == ERR_NOMEM || seen.failed || rd->nomem ? err_nomem(info) : r;
}

/* ---- the whole ---- */

struct job {
	struct reading *rd;
};

/* What is true of an organisation as a whole. */
static void check_whole(struct reading *rd)
{
	for (int i = 0; i < rd->n_orgs; i++) {
		struct err_info why = {0};
		if (rd->orgs[i].changed && org_validate(&rd->orgs[i].now, &why) < 0)
			read_wrong(rd, rd->orgs[i].sheet, rd->orgs[i].row, 0, rd->orgs[i].old.name, "%s", why.text);
	}
}

/* What is true of a plan as a whole, and who may write it. */
static int check_plans(struct reading *rd)
{
	int r = 0;
	for (int i = 0; i < rd->n_plans && r == 0; i++) {
		struct err_info why = {0};
		if (!rd->plans[i].changed)
			continue;
		r = improvement_check(rd->tx, rd->app, rd->caller, rd->ask->campaign, &rd->plans[i].now, &why);
		if (r == ERR_INPUT || r == ERR_STATE || r == ERR_DENIED || r == ERR_NOT_FOUND) {
			read_wrong(rd, rd->plans[i].sheet, rd->plans[i].row, 0, rd->plans[i].name, "%s", why.text);
			r = 0;
		}
	}
	return r;
}

static int look_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct reading *rd = ((struct job *)arg)->rd;
	const struct reading fresh = {.app = rd->app, .tx = tx, .caller = rd->caller, .ask = rd->ask,
				      .arena = rd->arena, .grid = rd->grid, .now = rd->now,
				      .shown_sheets = rd->shown_sheets, .n_shown_sheets = rd->n_shown_sheets};
	*rd = fresh;
	int r = app_enter(tx, rd->caller, ACTION_REPORT_READ, rd->ask->node, rd->arena, &rd->access, rd->path,
			  info);
	if (r == 0)
		r = rd->ask->template ? read_own(rd, info) : read_form(rd, info);
	if (r == 0)
		check_whole(rd);
	if (r == 0)
		r = check_plans(rd);
	if (r == 0 && rd->nomem)
		return err_nomem(info);
	return r;
}

/* Wrong ones first, then changes, then notes; each in the order of the sheets. */
static int sort_items(struct reading *rd, struct err_info *info)
{
	static const enum read_item_kind order[READ_KINDS] = {READ_WRONG, READ_CHANGE, READ_NOTE};
	struct read_item *sorted = arena_alloc(rd->arena, ((size_t)rd->result.n + 1) * sizeof(*sorted));
	int n = 0;
	if (!sorted)
		return err_nomem(info);
	for (int k = 0; k < READ_KINDS; k++)
		for (int i = 0; i < rd->result.n; i++)
			if (rd->result.items[i].kind == order[k])
				sorted[n++] = rd->result.items[i];
	rd->result.items = sorted;
	return 0;
}

int template_read(struct app *app, const struct caller *caller, const struct read_ask *ask,
		  const char *name, struct str data, bool dry_run, struct arena *arena,
		  struct read_result *ret_result, struct err_info *info)
{
	struct grid grid;
	struct reading rd = {.app = app, .caller = caller, .ask = ask, .arena = arena, .grid = &grid};
	struct job job = {&rd};
	if (!data.len || data.len > READ_FILE_MAX)
		return err_set(info, data.len ? ERR_LIMIT : ERR_INPUT, "%s：文件是空的，或超过 %d MB", name,
			       READ_FILE_MAX >> 20);
	if (!ask->template && !template_read_knows(ask->form))
		return err_set(info, ERR_INPUT, "这种表不能读回，可以读回的是 F1、F2、F3、F4、F5、F7、F8、F14、F15、F18");
	int r = grid_read(&grid, name, data, arena, info);
	if (r == 0 && grid.n > READ_SHEETS_MAX)
		r = err_set(info, ERR_LIMIT, "%s：工作表超过 %d 张", name, READ_SHEETS_MAX);
	struct grid now;
	if (r == 0 && !ask->template) {
		r = read_form_now(&rd, &now, info);
		rd.now = r > 0 ? &now : NULL;
	}
	if (r >= 0)
		r = db_read(app->db, look_fn, &job, info);
	if (r == 0 && !ask->template && strcmp(ask->form, "f5") == 0)
		r = read_form_scores(&rd, info);
	if (r == 0)
		r = read_keep_sums(&rd, info);
	if (r < 0)
		return r;
	if (!dry_run && rd.result.count[READ_WRONG]) {
		r = err_set(info, ERR_INPUT, "表里有 %d 处不对，什么也没有写入", rd.result.count[READ_WRONG]);
	} else if (!dry_run) {
		r = read_write(&rd, name, info);
	}
	struct err_info nomem;
	if (sort_items(&rd, &nomem) < 0)
		return err_nomem(info);
	*ret_result = rd.result;
	return r;
}
