/* SPDX-License-Identifier: Apache-2.0 */
/* Official forms that come back filled in by hand: found by their heads. */
#include <stdio.h>
#include <string.h>

#include "app/forms.h"
#include "app/template_read_in.h"
#include "domain/exact.h"

enum { HEAD_ROWS = 12 /* among which a head is looked for */ };

/* ---- lists ---- */

/* What a head means; F18's are those of its columns. */
static const struct {
	const char *head, *list, *field;
	const char *form;		/* only there; NULL: anywhere */
} heads[] = {
	{"序号", "组织", "序号", NULL}, {"软弱涣散基层党组织名称", "组织", "名称", NULL},
	{"村党组织名称", "组织", "名称", NULL}, {"党组织名称", "组织", "名称", NULL}, {"代码", "组织", "代码", NULL},
	{"党员数", "组织", "党员数", NULL}, {"党组织书记姓名", "组织", "书记", NULL}, {"书记姓名", "组织", "书记", NULL},
	{"党组织书记联系方式", "组织", "书记电话", NULL}, {"换届选举完成时间", "组织", "换届", "f3"},
	{"主要问题", "组织", "问题", "f7"}, {"原因分析", "组织", "原因", "f7"}, {"整顿措施", "组织", "措施", "f7"},
	{"下年目标", "组织", "下年目标", "f14"}, {"整改措施", "组织", "整改措施", "f14"},
	{"责任人", "组织", "责任人", "f14"},
	{"序号", "问题", "序号", NULL}, {"党组织名称", "问题", "党组织", NULL}, {"存在问题", "问题", "问题", NULL},
	{"整顿措施", "问题", "措施", NULL}, {"整顿目标", "问题", "目标", NULL}, {"责任人", "问题", "职务和责任人", NULL},
	{"完成时限", "问题", "时限", NULL},
};

static const struct {
	const char *form, *list;	/* list NULL: by figures alone */
	int heads;			/* that make a head of it */
} forms[] = {
	{"f1", NULL, 0}, {"f2", "组织", 3}, {"f3", "组织", 3}, {"f4", "组织", 3}, {"f5", NULL, 0}, {"f7", "组织", 3},
	{"f8", "问题", 3}, {"f14", "组织", 3}, {"f15", "组织", 2}, {"f18", "组织", 2},
};

bool template_read_knows(const char *form)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (form && strcmp(form, forms[i].form) == 0)
			return true;
	return false;
}

static const char *list_of(const char *form, int *ret_heads)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (strcmp(form, forms[i].form) == 0) {
			*ret_heads = forms[i].heads;
			return forms[i].list;
		}
	return NULL;
}

/* The chosen column (F18) under this head; NULL. */
static const struct form_column *column_named(struct str head)
{
	for (const struct form_column *c = form_columns; c->id; c++)
		if (str_eqs(head, c->label))
			return c;
	return NULL;
}

/* What stands under this head; NULL: nothing that is read. */
static const char *field_of(const char *form, const char *list, struct str head)
{
	const struct form_column *c = strcmp(form, "f18") == 0 ? column_named(head) : NULL;
	const char *id = c ? form_column_field(c) : NULL;
	if (id)
		return id;
	for (size_t h = 0; h < ARRAY_LEN(heads); h++)
		if (strcmp(heads[h].list, list) == 0 && str_eqs(head, heads[h].head) &&
		    (!heads[h].form || strcmp(heads[h].form, form) == 0))
			return heads[h].field;
	return NULL;
}

/* The columns of the head in this row (from 0); how many of them are known. What the
 * others show is only compared: their field is "=" and the head. */
static int read_head(struct reading *rd, const struct grid_sheet *sheet, uint32_t row, const char *list,
		     struct read_block *block)
{
	int known = 0;
	block->n = 0;
	for (int i = grid_row(sheet, row); i < sheet->n && sheet->cells[i].row == row; i++) {
		struct str text = str_trim(sheet->cells[i].text);
		const char *field = field_of(rd->ask->form, list, text);
		known += field != NULL;
		if (!field)
			field = arena_printf(rd->arena, "=%.*s", STR_ARG(text));
		rd->nomem |= !field;
		if (field && text.len && block->n < READ_COLUMNS_MAX)
			block->columns[block->n++] = (struct read_column){0, sheet->cells[i].column, field};
	}
	return known;
}

bool read_begins(struct str text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && memcmp(text.data, with, len) == 0;
}

/* By which a row is told from what stands below the list. */
static const struct read_column *key_column(const struct read_block *block)
{
	const struct read_column *name = read_column_of(block, strcmp(block->list, "问题") == 0 ? "问题" : "名称");
	return name ? name : read_column_of(block, "代码");
}

/* The first row (from 0) below the head that is none of the list's: totals, signatures,
 * a note, or nothing at all. */
static uint32_t list_end(const struct grid_sheet *sheet, const struct read_block *block, uint32_t row)
{
	const struct read_column *name = key_column(block);
	for (;; row++) {
		int i = grid_row(sheet, row);
		if (i >= sheet->n)
			return row;
		if (sheet->cells[i].row > row) {
			/* Empty rows between are no end. */
			row = sheet->cells[i].row - 1;
			continue;
		}
		struct str first = str_trim(sheet->cells[i].text);
		int64_t number;
		bool numbered = sheet->cells[i].column == 0 && read_number(first, &number);
		bool named = name && str_trim(grid_text(sheet, row, name->column)).len;
		if (!numbered && (!named || read_begins(first, "合计") || read_begins(first, "党委书记签字") || read_begins(first, "注：")))
			return row;
	}
}

static int count_rows(const struct grid_sheet *sheet, const struct read_block *block, uint32_t column,
		      struct str value)
{
	int n = 0;
	for (uint32_t row = block->first; row <= block->last; row++) {
		struct str text = str_trim(grid_text(sheet, row - 1, column));
		n += value.len ? str_eq(text, value) : text.len > 0;
	}
	return n;
}

/* A number of organisations that was reported, and how many the rows tell. */
static void read_count(struct reading *rd, const struct grid_sheet *sheet, uint32_t row, uint32_t column,
		       const char *what, int64_t told, int64_t rows)
{
	read_total(rd, rd->ask->node, sheet, row, column, what ? what : "", told * 10000, rows * 10000);
}

/* One "较好 16 个，占 66.7%" or "五星级 3 个" against the rows whose column says so; false: it is none. */
static bool check_count(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
			uint32_t column, struct str text, uint32_t at_row, uint32_t at_column)
{
	static const char unit[] = " 个", of_all[] = "，占 ";
	const char *blank = memchr(text.data, ' ', text.len);
	const char *end = blank ? memmem(blank, text.len - (size_t)(blank - text.data), unit, sizeof(unit) - 1) : NULL;
	uint64_t told;
	int64_t share;
	if (!end || end <= blank)
		return false;
	struct str value = {text.data, (size_t)(blank - text.data)}, digits = {blank + 1, (size_t)(end - blank) - 1};
	int n = count_rows(sheet, block, column, value), all = count_rows(sheet, block, column, (struct str){0});
	bool number = digits_parse(digits, 1000000, &told);
	if (number)
		read_count(rd, sheet, at_row, at_column, arena_printf(rd->arena, "%.*s个数", STR_ARG(value)), (int64_t)told, n);
	if (!number || (int)told != n) {
		read_wrong(rd, sheet->name, at_row, at_column, "", "写的是“%.*s”，各行里“%.*s”有 %d 个",
			   STR_ARG(read_cut(text)), STR_ARG(value), n);
		return true;
	}
	struct str rest = {end + sizeof(unit) - 1, (size_t)(text.data + text.len - end) - (sizeof(unit) - 1)};
	if (!read_begins(rest, of_all) || !all)
		return true;
	struct str figure = {rest.data + sizeof(of_all) - 1, rest.len - (sizeof(of_all) - 1)};
	figure.len -= figure.len > 0 && figure.data[figure.len - 1] == '%';
	int64_t right = (2000 * (int64_t)n + all) / (2 * (int64_t)all);
	if (!read_number(figure, &share) || share != right * 1000)
		read_wrong(rd, sheet->name, at_row, at_column, "", "占比写的是“%.*s%%”，按个数算是 %lld.%lld%%",
			   STR_ARG(read_cut(figure)), (long long)(right / 10), (long long)(right % 10));
	return true;
}

/* The foot of F4 (grades, a cell each) and F15 (stars, one line) against the rows. */
static void check_foot(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block)
{
	static const char all[] = "合计：", between[] = "，", stop[] = "。";
	bool stars = strcmp(rd->ask->form, "f15") == 0;
	const struct read_column *of = read_column_of(block, stars ? "=星级" : "=等次");
	for (int i = grid_row(sheet, block->last); of && i < sheet->n; i++) {
		const struct grid_cell *c = &sheet->cells[i];
		struct str text = str_trim(c->text);
		if (!stars) {
			if (c->row > block->last)
				return;
			check_count(rd, sheet, block, of->column, text, c->row, c->column);
			continue;
		}
		if (!read_begins(text, all))
			continue;
		text = (struct str){text.data + sizeof(all) - 1, text.len - (sizeof(all) - 1)};
		text.len -= text.len >= sizeof(stop) - 1 &&
			    memcmp(text.data + text.len - (sizeof(stop) - 1), stop, sizeof(stop) - 1) == 0 ? sizeof(stop) - 1 : 0;
		while (text.len) {
			const char *next = memmem(text.data, text.len, between, sizeof(between) - 1);
			struct str part = {text.data, next ? (size_t)(next - text.data) : text.len};
			size_t taken = part.len + (next ? sizeof(between) - 1 : 0);
			check_count(rd, sheet, block, of->column, part, c->row, c->column);
			text = (struct str){text.data + taken, text.len - taken};
		}
		return;
	}
}

/* "党组织数：24" above the list of F18. */
static void check_number(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block)
{
	static const char label[] = "党组织数：";
	for (int i = 0; i < sheet->n && sheet->cells[i].row + 1 < block->first; i++) {
		const struct grid_cell *c = &sheet->cells[i];
		struct str text = str_trim(c->text);
		int n = count_rows(sheet, block, key_column(block)->column, (struct str){0});
		int64_t told;
		if (!read_begins(text, label))
			continue;
		struct str figure = str_trim((struct str){text.data + sizeof(label) - 1, text.len - (sizeof(label) - 1)});
		bool number = read_number(figure, &told);
		if (number)
			read_total(rd, rd->ask->node, sheet, c->row, c->column, "党组织数", told, (int64_t)n * 10000);
		if (figure.len && (!number || told != (int64_t)n * 10000))
			read_wrong(rd, sheet->name, c->row, c->column, "", "写的是 %.*s 个，下面列着 %d 个",
				   STR_ARG(read_cut(figure)), n);
	}
}

/* The list of a sheet, by its head; false: it has none. */
static bool find_list(struct reading *rd, const struct grid_sheet *sheet, struct read_block *block)
{
	int want = 0;
	const char *list = list_of(rd->ask->form, &want);
	*block = (struct read_block){.list = list, .height = 1};
	for (uint32_t row = 0; list && row < HEAD_ROWS; row++) {
		if (read_head(rd, sheet, row, list, block) < want || !key_column(block))
			continue;
		block->first = row + 2;
		block->last = list_end(sheet, block, row + 1);
		return true;
	}
	return false;
}

static int read_list(struct reading *rd, const struct grid_sheet *sheet, bool *ret_met, struct err_info *info)
{
	struct read_block block;
	int r = 0;
	if (!find_list(rd, sheet, &block))
		return 0;
	*ret_met = true;
	rd->shown = rd->now ? read_sheet(rd->now, sheet->name) : NULL;
	if (!rd->shown && rd->now && rd->now->n == 1)
		rd->shown = rd->now->sheets;	/* somebody gave it another name */
	rd->n_shown_rows = 0;
	if (rd->shown && !find_list(rd, rd->shown, &rd->shown_block))
		rd->shown = NULL;
	if (rd->shown)
		r = read_index_shown(rd, info);
	if (r == 0 && block.last >= block.first)
		r = read_rows(rd, sheet, &block, info);
	if (r == 0 && (strcmp(rd->ask->form, "f4") == 0 || strcmp(rd->ask->form, "f15") == 0))
		check_foot(rd, sheet, &block);
	if (r == 0 && strcmp(rd->ask->form, "f18") == 0)
		check_number(rd, sheet, &block);
	return r;
}

/* The columns of a returned F18, by the heads of its first list. */
static const char *chosen_columns(struct reading *rd)
{
	AUTO(buf) struct buf ids = {0};
	struct read_block block;
	for (int i = 0; i < rd->grid->n && !ids.len; i++) {
		const struct grid_sheet *sheet = &rd->grid->sheets[i];
		if (!find_list(rd, sheet, &block))
			continue;
		int n = 0;
		for (int k = 0; k < block.n && n < FORM_COLUMNS_MAX; k++) {
			const struct form_column *c = column_named(str_trim(grid_text(sheet, block.first - 2,
										       block.columns[k].column)));
			if (!c || (c->campaign && !rd->ask->campaign))
				continue;
			buf_addf(&ids, "%s%s", n++ ? "," : "", c->id);
		}
	}
	return ids.len ? arena_strdup(rd->arena, buf_str(&ids)) : NULL;
}

/* Has none of the sheets that came back. */
static bool is_other(const struct reading *rd, const struct grid *now)
{
	for (int i = 0; i < rd->grid->n; i++)
		if (read_sheet(now, rd->grid->sheets[i].name))
			return false;
	return true;
}

/* Keeps the organisations of the rows of a sheet's first table. */
static int keep_orgs(struct reading *rd, const struct doc_sheet *sheet, struct err_info *info)
{
	AUTO(buf) struct buf ids = {0};
	const struct doc_table *table = NULL;
	const struct doc_row *row;
	struct doc_walk walk;
	int64_t org = 0;
	int r = 0;
	for (const struct doc_block *b = sheet->first; b && !table; b = b->next)
		table = b->table;
	if (table)
		doc_walk_begin(&walk, table);
	while (table && (r = doc_walk_next(&walk, &row, info)) > 0) {
		for (int i = 0; i < table->n_columns; i++)
			if (row->cells[i].kind != DOC_COVERED && row->cells[i].org)
				org = row->cells[i].org;
		if (!row->head)
			buf_add(&ids, &org, sizeof(org));
	}
	struct shown_sheet *list = read_grow(rd, rd->shown_sheets, rd->n_shown_sheets, &rd->cap_shown_sheets,
					     sizeof(*list));
	int64_t *copy = arena_alloc(rd->arena, ids.len + 1);
	const char *name = arena_strdup(rd->arena, sheet->name);
	if (r < 0 || ids.failed || !list || !copy || !name)
		return r < 0 ? r : err_nomem(info);
	if (ids.len)
		memcpy(copy, ids.data, ids.len);
	rd->shown_sheets = list;
	list[rd->n_shown_sheets++] = (struct shown_sheet){name, (int)(ids.len / sizeof(org)), copy};
	return 0;
}

static int make_now(struct reading *rd, const struct form_ask *ask, struct grid *ret_grid, struct err_info *info)
{
	AUTO(buf) struct buf book = {0};
	struct err_info why = {0};
	struct doc doc;
	int r = forms_make(rd->app, rd->caller, ask, rd->arena, &doc, &why);
	if (r == ERR_NOMEM || r == ERR_IO || r == ERR_DENIED)
		return err_set(info, r, "%s", why.text);
	if (r < 0)
		return 0;
	rd->n_shown_sheets = 0;
	for (const struct doc_sheet *s = doc.first; s && r == 0; s = s->next)
		r = keep_orgs(rd, s, info);
	if (r == 0)
		r = doc_write(&doc, DOC_XLSX, &book, info);
	doc_done(&doc);
	if (r == 0)
		r = grid_read(ret_grid, "表", (struct str){buf_str(&book), book.len}, rd->arena, info);
	return r < 0 ? r : 1;
}

/* 1, or 0 where there is no such form now (nobody to rectify, not graded yet). */
int read_form_now(struct reading *rd, struct grid *ret_grid, struct err_info *info)
{
	int want;
	struct form_ask ask = {.form = rd->ask->form, .node = rd->ask->node, .campaign = rd->ask->campaign};
	if (!list_of(rd->ask->form, &want))
		return 0;
	if (strcmp(rd->ask->form, "f18") == 0)
		ask.columns = chosen_columns(rd);
	int r = make_now(rd, &ask, ret_grid, info);
	/* One sheet for each township. */
	struct grid townships;
	ask.each = true;
	if (r <= 0 || !is_other(rd, ret_grid))
		return r;
	struct shown_sheet *sheets = rd->shown_sheets;
	int n = rd->n_shown_sheets;
	rd->shown_sheets = NULL;
	rd->cap_shown_sheets = rd->n_shown_sheets = 0;
	if (make_now(rd, &ask, &townships, info) > 0 && !is_other(rd, &townships)) {
		*ret_grid = townships;
	} else {
		rd->shown_sheets = sheets;
		rd->n_shown_sheets = n;
	}
	return r;
}

/* ---- F1: figures against each other ---- */

enum { F1_ORGS, F1_KINDS = 1, F1_WEAK = 4, F1_CRITERIA = 5, F1_LINES = 11 };

struct f1_sheet {
	const struct grid_sheet *sheet;
	uint32_t rows[F1_LINES];	/* from 0; UINT32_MAX: not there */
	int64_t n[F1_LINES];		/* -1: empty or wrong */
};

static void find_lines(const struct grid_sheet *sheet, struct f1_sheet *f)
{
	static const char *const labels[F1_LINES] = {"所辖基层党组织", "党委", "党总支", "党支部", "软弱涣散基层党组织",
						     "（1）", "（2）", "（3）", "（4）", "（5）", "（6）"};
	*f = (struct f1_sheet){.sheet = sheet};
	for (int l = 0; l < F1_LINES; l++) {
		f->rows[l] = UINT32_MAX;
		f->n[l] = -1;
		for (int i = 0; i < sheet->n && f->rows[l] == UINT32_MAX; i++) {
			struct str text = str_trim(sheet->cells[i].text);
			if (sheet->cells[i].column == 0 &&
			    (l < F1_CRITERIA ? str_eqs(text, labels[l]) : read_begins(text, labels[l])))
				f->rows[l] = sheet->cells[i].row;
		}
	}
}

static void read_counts(struct reading *rd, struct f1_sheet *f)
{
	for (int l = 0; l < F1_LINES; l++) {
		struct str text = {0};
		int64_t e4;
		if (f->rows[l] != UINT32_MAX)
			text = str_trim(grid_text(f->sheet, f->rows[l], 1));
		if (!text.len)
			continue;
		if (!read_number(text, &e4) || e4 % 10000)
			read_wrong(rd, f->sheet->name, f->rows[l], 1, "", "数量“%.*s”不对，应为不小于 0 的整数",
				   text.len > 40 ? 40 : (int)text.len, text.data);
		else
			f->n[l] = e4 / 10000;
	}
}

static void check_share(struct reading *rd, const struct f1_sheet *f, int line, uint32_t column, int64_t whole)
{
	struct str text = str_trim(grid_text(f->sheet, f->rows[line], column));
	int64_t e4;
	if (!text.len || read_begins(text, "—") || f->n[line] < 0 || whole <= 0)
		return;
	int64_t right = (2000 * f->n[line] + whole) / (2 * whole);	/* tenths of a percent, half up */
	if (!read_number(text, &e4) || e4 != right * 1000)
		read_wrong(rd, f->sheet->name, f->rows[line], column, "", "比例“%.*s”不对，按数量算是 %lld.%lld",
			   text.len > 40 ? 40 : (int)text.len, text.data, (long long)(right / 10), (long long)(right % 10));
}

static void check_sheet(struct reading *rd, const struct f1_sheet *f)
{
	const char *name = f->sheet->name;
	int64_t orgs = f->n[F1_ORGS], weak = f->n[F1_WEAK], kinds = 0;
	for (int i = 0; i < 3; i++)
		kinds += f->n[F1_KINDS + i] > 0 ? f->n[F1_KINDS + i] : 0;
	if (orgs >= 0)
		read_count(rd, f->sheet, f->rows[F1_ORGS], 1, "所辖基层党组织", orgs, kinds > orgs ? kinds : orgs);
	if (orgs >= 0 && kinds > orgs)
		read_wrong(rd, name, f->rows[F1_ORGS], 1, "", "所辖基层党组织是 %lld 个，党委、党总支、党支部加起来是 %lld 个",
			   (long long)orgs, (long long)kinds);
	if (orgs >= 0 && weak > orgs)
		read_wrong(rd, name, f->rows[F1_WEAK], 1, "", "软弱涣散 %lld 个，比所辖的 %lld 个还多", (long long)weak,
			   (long long)orgs);
	for (int l = F1_CRITERIA; l < F1_LINES; l++)
		if (weak >= 0 && f->n[l] > weak)
			read_wrong(rd, name, f->rows[l], 1, "", "这一类 %lld 个，比软弱涣散的 %lld 个还多",
				   (long long)f->n[l], (long long)weak);
	for (int l = F1_KINDS; l < F1_LINES; l++)
		if (f->rows[l] != UINT32_MAX)
			check_share(rd, f, l, 2, orgs);
	for (int l = F1_CRITERIA; l < F1_LINES; l++)
		if (f->rows[l] != UINT32_MAX)
			check_share(rd, f, l, 3, weak);
}

/* The sheet of all against the sum of the others; some belong to no category. */
static void check_all(struct reading *rd, const struct f1_sheet *sheets, int n)
{
	const struct f1_sheet *all = NULL;
	for (int i = 0; i < n; i++)
		if (strcmp(sheets[i].sheet->name, "全部") == 0)
			all = &sheets[i];
	for (int l = 0; all && n > 1 && l < F1_LINES; l++) {
		int64_t sum = 0;
		for (int i = 0; i < n; i++)
			sum += &sheets[i] != all && sheets[i].n[l] > 0 ? sheets[i].n[l] : 0;
		if (all->n[l] >= 0 && sum > all->n[l])
			read_count(rd, all->sheet, all->rows[l], 1, "各类合计", all->n[l], sum);
		if (all->n[l] >= 0 && sum > all->n[l])
			read_wrong(rd, all->sheet->name, all->rows[l], 1, "", "全部是 %lld 个，各类加起来是 %lld 个",
				   (long long)all->n[l], (long long)sum);
	}
}

static int read_f1(struct reading *rd, bool *ret_met, struct err_info *info)
{
	struct f1_sheet *sheets = arena_zalloc(rd->arena, (size_t)rd->grid->n + 1, sizeof(*sheets));
	int n = 0;
	if (!sheets)
		return err_nomem(info);
	for (int i = 0; i < rd->grid->n; i++) {
		find_lines(&rd->grid->sheets[i], &sheets[n]);
		if (sheets[n].rows[F1_ORGS] == UINT32_MAX || sheets[n].rows[F1_WEAK] == UINT32_MAX)
			continue;
		read_counts(rd, &sheets[n]);
		check_sheet(rd, &sheets[n]);
		rd->result.rows += F1_LINES;
		n++;
	}
	*ret_met = n > 0;
	check_all(rd, sheets, n);
	return 0;
}

/* ---- any of them ---- */

int read_form(struct reading *rd, struct err_info *info)
{
	bool met = false;
	int want, r = 0;
	bool scores = strcmp(rd->ask->form, "f5") == 0;
	if ((scores || strcmp(rd->ask->form, "f14") == 0) && !rd->ask->campaign)
		return err_set(info, ERR_INPUT, "请先选择年度工作");
	if (scores) {
		/* Names are looked up here; the grids come later. */
		int64_t none = read_find_org(rd, STR("-"), (struct str){0}, info);
		return none < -1 ? (int)none : 0;
	}
	if (strcmp(rd->ask->form, "f1") == 0)
		r = read_f1(rd, &met, info);
	for (int i = 0; i < rd->grid->n && r == 0 && list_of(rd->ask->form, &want); i++)
		r = read_list(rd, &rd->grid->sheets[i], &met, info);
	if (r == 0 && !met)
		return err_set(info, ERR_INPUT, "这不是这张表：没有找到它的表头");
	return r;
}
