/* SPDX-License-Identifier: Apache-2.0 */
/* A returned workbook against the same template filled anew: where each thing
 * stood is known, and rows are followed where they moved. */
#include <stdio.h>
#include <string.h>

#include "app/template_data.h"
#include "app/template_read_in.h"

struct spot {
	char *sheet;
	struct template_placed at;	/* sheet and name are copies */
};

struct trace {
	struct arena *arena;
	struct spot *spots;
	int n, cap;
	struct reading *rd;
};

static int placed(void *arg, const struct template_placed *p, struct err_info *info)
{
	struct trace *t = arg;
	struct spot *list = read_grow(t->rd, t->spots, t->n, &t->cap, sizeof(*list));
	if (!list)
		return err_nomem(info);
	t->spots = list;
	struct spot *spot = &list[t->n++];
	bool same = t->n > 1 && strcmp(list[t->n - 2].sheet, p->sheet) == 0;
	*spot = (struct spot){same ? list[t->n - 2].sheet : arena_strdup(t->arena, p->sheet), *p};
	spot->at.name = arena_strdup(t->arena, p->name);
	return spot->sheet && spot->at.name ? 0 : err_nomem(info);
}

/* A row below `last` (from 1) of the filled workbook whose words stay: how we
 * find where the rows of the returned one end. 0: there is none. */
static uint32_t find_anchor(const struct trace *t, const struct grid_sheet *filled, uint32_t last,
			    uint32_t *ret_column)
{
	for (int i = grid_row(filled, last); i < filled->n; i++) {
		const struct grid_cell *c = &filled->cells[i];
		bool told = c->formula.len > 0;
		for (int k = 0; k < t->n && !told; k++)
			told = t->spots[k].at.row == c->row + 1 && t->spots[k].at.column == c->column &&
			       strcmp(t->spots[k].sheet, filled->name) == 0;
		if (told || !str_trim(c->text).len)
			continue;
		*ret_column = c->column;
		return c->row + 1;
	}
	return 0;
}

/* The last row of the returned sheet that belongs to the block; false: its end
 * was not found. */
static bool find_end(const struct trace *t, const struct grid_sheet *filled, const struct grid_sheet *sheet,
		     const struct read_block *block, uint32_t first, uint32_t *ret_last, struct str *ret_words)
{
	uint32_t column = 0, anchor = find_anchor(t, filled, block->last, &column);
	if (!anchor) {
		*ret_last = sheet->n ? sheet->cells[sheet->n - 1].row + 1 : first;
		return true;
	}
	struct str words = str_trim(grid_text(filled, anchor - 1, column));
	*ret_words = words;
	for (int i = grid_row(sheet, first - 1); i < sheet->n; i++) {
		const struct grid_cell *c = &sheet->cells[i];
		if (c->column == column && str_eq(str_trim(c->text), words) && c->row + 1 + block->last >= anchor + first - 1) {
			*ret_last = c->row + 1 - (anchor - block->last);
			return true;
		}
	}
	return false;
}

/* Sums of the block's columns: placeholders {{合计.…}} and formulas SUM over it. */
static void check_totals(struct reading *rd, const struct trace *t, const struct grid_sheet *filled,
			 const struct grid_sheet *sheet, const struct read_block *block, uint32_t first,
			 uint32_t last)
{
	uint32_t moved = last - block->last;	/* may wrap: added back below */
	for (int i = 0; i < filled->n; i++) {
		const struct grid_cell *c = &filled->cells[i];
		const struct read_column *of = NULL;
		if (c->row + 1 <= block->last && c->row + 1 >= block->first)
			continue;
		for (int k = 0; k < t->n && !of; k++) {
			const struct template_placed *p = &t->spots[k].at;
			struct template_name name = template_name_of(p->name);
			if (name.kind != TEMPLATE_SUM || p->row != c->row + 1 || p->column != c->column ||
			    strcmp(t->spots[k].sheet, filled->name) != 0 || !str_eqs(name.list, block->list))
				continue;
			for (int m = 0; m < block->n; m++)
				if (str_eqs(name.field, block->columns[m].field))
					of = &block->columns[m];
		}
		if (!of && c->formula.len > 5 && memcmp(c->formula.data, "=SUM(", 5) == 0)
			for (int m = 0; m < block->n && !of; m++) {
				char from[GRID_REF_LEN], to[GRID_REF_LEN];
				grid_ref(block->first - 1, block->columns[m].column, from);
				grid_ref(block->last - 1, block->columns[m].column, to);
				const char *text = arena_printf(rd->arena, "=SUM(%s:%s)", from, to);
				const char *bare = arena_printf(rd->arena, "=SUM(%s)", from);
				if ((text && str_eqs(c->formula, text)) ||
				    (bare && block->first == block->last && str_eqs(c->formula, bare)))
					of = &block->columns[m];
			}
		if (!of)
			continue;
		uint32_t row = c->row + 1 > block->last ? c->row + moved : c->row;
		struct str shown = str_trim(grid_text(sheet, row, c->column));
		int64_t told, sum = read_sum(sheet, first, last, block->height, of->offset, of->column);
		if (!shown.len || shown.data[0] == '=')
			continue;	/* nobody has worked it out */
		bool number = read_number(shown, &told);
		if (number)
			read_total(rd, rd->ask->node, sheet, row, c->column,
				   arena_printf(rd->arena, "%s合计", of->field), told, sum);
		if (!number)
			read_wrong(rd, sheet->name, row, c->column, "", "合计“%.*s”不对，应为数字 %s", STR_ARG(read_cut(shown)),
				   read_e4_text(rd, sum));
		else if (told != sum)
			read_wrong(rd, sheet->name, row, c->column, "", "合计是 %s，各行的%s加起来是 %s",
				   read_e4_text(rd, told), of->field, read_e4_text(rd, sum));
	}
}

/* Figures that the system works out: changed ones are told, never taken. */
static void compare_fixed(struct reading *rd, const struct trace *t, const struct grid_sheet *filled,
			  const struct grid_sheet *sheet)
{
	for (int k = 0; k < t->n; k++) {
		const struct template_placed *p = &t->spots[k].at;
		if (p->block >= 0 || strcmp(t->spots[k].sheet, sheet->name) != 0 ||
		    template_name_of(p->name).kind != TEMPLATE_ONE || strcmp(p->name, "填表时间") == 0)
			continue;
		struct str was = str_trim(grid_text(filled, p->row - 1, p->column));
		struct str is = str_trim(grid_text(sheet, p->row - 1, p->column));
		if (!str_eq(was, is))
			read_note(rd, sheet->name, p->row - 1, p->column, "", "%s是系统填的，现在是“%.*s”，表上是“%.*s”，没有写入",
				  p->name, STR_ARG(read_cut(was)), STR_ARG(read_cut(is)));
	}
}

static void make_block(const struct trace *t, const struct grid_sheet *filled, int number,
		       struct read_block *block)
{
	*block = (struct read_block){.list = "", .height = 1};
	for (int k = 0; k < t->n; k++) {
		const struct template_placed *p = &t->spots[k].at;
		struct template_name name = template_name_of(p->name);
		if (p->block != number || strcmp(t->spots[k].sheet, filled->name) != 0)
			continue;
		uint32_t first = p->row - p->offset;
		block->first = block->first && block->first < first ? block->first : first;
		block->last = p->row > block->last ? p->row : block->last;
		block->height = p->offset + 1 > block->height ? p->offset + 1 : block->height;
		if (name.kind != TEMPLATE_EACH || p->item > 0 || block->n == READ_COLUMNS_MAX)
			continue;
		block->columns[block->n++] = (struct read_column){p->offset, p->column, name.field.data};
		block->list = strncmp(p->name, "问题.", strlen("问题.")) == 0 ? "问题" :
			      strncmp(p->name, "组织.", strlen("组织.")) == 0 ? "组织" :
			      strncmp(p->name, "下级.", strlen("下级.")) == 0 ? "下级" : "";
	}
}

static int read_own_sheet(struct reading *rd, const struct trace *t, const struct grid_sheet *filled,
			  struct err_info *info)
{
	const struct grid_sheet *sheet = read_sheet(rd->grid, filled->name);
	int blocks = 0, r = 0;
	uint32_t moved = 0;		/* rows added so far; wraps where some were taken out */
	for (int k = 0; k < t->n; k++)
		if (strcmp(t->spots[k].sheet, filled->name) == 0 && t->spots[k].at.block >= blocks)
			blocks = t->spots[k].at.block + 1;
	if (!sheet) {
		read_note(rd, filled->name, 0, 0, "", "交回的文件里没有这张工作表，没有读");
		return 0;
	}
	compare_fixed(rd, t, filled, sheet);
	for (int b = 0; b < blocks && r == 0; b++) {
		struct read_block block, found;
		struct str words = {0};
		uint32_t first, last;
		make_block(t, filled, b, &block);
		if (!block.n)
			continue;
		first = block.first + moved;
		if (!find_end(t, filled, sheet, &block, first, &last, &words)) {
			read_wrong(rd, sheet->name, block.last, 0, "", "找不到“%.*s”这一行，表的格式变了；请在系统填好的表上改",
				   STR_ARG(read_cut(words)));
			return 0;
		}
		found = block;
		found.first = first;
		found.last = last;
		bool key = read_column_of(&block, "代码") || read_column_of(&block, "名称") || read_column_of(&block, "编号") ||
			   (read_column_of(&block, "问题") && read_column_of(&block, "党组织"));
		if (key && (strcmp(block.list, "组织") == 0 || strcmp(block.list, "问题") == 0))
			r = read_rows(rd, sheet, &found, info);
		if (r == 0)
			check_totals(rd, t, filled, sheet, &block, first, last);
		moved = last - block.last;
	}
	return r;
}

int read_own(struct reading *rd, struct err_info *info)
{
	AUTO(buf) struct buf bytes = {0};
	struct template_opened opened = {0};
	struct template_wants wants;
	struct template_context context;
	struct trace trace = {.arena = rd->arena, .rd = rd};
	struct grid filled;
	struct access access;
	const struct template_ask ask = {rd->ask->template, rd->ask->node, rd->ask->campaign};
	int r = template_open(rd->tx, rd->caller, &ask, rd->arena, &opened, &access, info);
	if (r == 0 && !(rd->title = arena_strdup(rd->arena, opened.template.name)))
		r = err_nomem(info);
	if (r == 0 && opened.kind != TEMPLATE_XLSX)
		r = err_set(info, ERR_INPUT, "Word 模板不能读回，只有 Excel 模板可以");
	if (r == 0)
		r = template_wants(opened.found, opened.n_found, rd->arena, &wants, info);
	if (r == 0)
		r = template_context(&context, rd->app, rd->tx, rd->caller, &ask, &wants, rd->arena, info);
	if (r == 0) {
		context.source.placed = placed;
		context.source.placed_arg = &trace;
		r = template_fill(opened.kind, opened.parts, opened.n_parts, &context.source, 0, rd->arena, &bytes,
				  info);
	}
	template_opened_done(&opened);
	if (r == 0)
		r = grid_read(&filled, "模板", (struct str){buf_str(&bytes), bytes.len}, rd->arena, info);
	int met = 0;
	for (int i = 0; r == 0 && i < filled.n; i++) {
		met += read_sheet(rd->grid, filled.sheets[i].name) != NULL;
		r = read_own_sheet(rd, &trace, &filled.sheets[i], info);
	}
	if (r == 0 && !met)
		r = err_set(info, ERR_INPUT, "这不是用这个模板填的表：没有“%s”这张工作表",
			    filled.n ? filled.sheets[0].name : "");
	return r;
}
