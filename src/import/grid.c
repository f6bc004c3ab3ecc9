/* SPDX-License-Identifier: Apache-2.0 */
#include "import/grid.h"

#include <stdio.h>

#include "import/table_impl.h"
#include "import/xlsx_part.h"

/* Cells are kept in chunks of their own until a sheet's number is known. */
struct taking {
	struct arena *arena;
	const char *name;		/* the file's */
	struct buf sheets;		/* struct grid_sheet; cells NULL */
	struct buf cells;		/* struct grid_cell of all sheets */
	size_t text;			/* bytes of all texts */
};

static int take_sheet(void *arg, const char *name, struct err_info *info)
{
	struct taking *t = arg;
	struct grid_sheet sheet = {.name = arena_strdup(t->arena, name)};
	if (!sheet.name)
		return err_nomem(info);
	buf_add(&t->sheets, &sheet, sizeof(sheet));
	return t->sheets.failed ? err_nomem(info) : 0;
}

static struct str keep(struct taking *t, const char *before, struct str text)
{
	size_t len = strlen(before) + text.len;
	char *copy = arena_alloc(t->arena, len + 1);
	if (!copy)
		return (struct str){0};
	memcpy(copy, before, strlen(before));
	if (text.len)
		memcpy(copy + strlen(before), text.data, text.len);
	copy[len] = '\0';
	t->text += len;
	return (struct str){copy, len};
}

static int take_cell(void *arg, uint32_t row, uint32_t column, struct str text,
		     const struct str *formula, struct err_info *info)
{
	struct taking *t = arg;
	if (!str_trim(text).len && !formula)
		return 0;
	struct grid_sheet *sheet =
		(struct grid_sheet *)(void *)(t->sheets.data + t->sheets.len - sizeof(*sheet));
	struct grid_cell cell = {row, column, keep(t, "", text), {0}};
	if (formula)
		cell.formula = keep(t, "=", *formula);
	if (!cell.text.data || (formula && !cell.formula.data))
		return err_nomem(info);
	if (t->cells.len / sizeof(cell) >= GRID_CELLS_MAX || t->text > GRID_TEXT_MAX)
		return err_set(info, ERR_LIMIT, "%s：填写的格子超过 %d 个或 %d MB 的上限", t->name,
			       GRID_CELLS_MAX, GRID_TEXT_MAX >> 20);
	buf_add(&t->cells, &cell, sizeof(cell));
	sheet->n++;
	return t->cells.failed ? err_nomem(info) : 0;
}

/* Moves everything into the arena. */
static int settle(struct taking *t, struct grid *ret_grid, struct err_info *info)
{
	struct grid grid = {.n = (int)(t->sheets.len / sizeof(struct grid_sheet))};
	grid.sheets = arena_alloc(t->arena, t->sheets.len + 1);
	struct grid_cell *cells = arena_alloc(t->arena, t->cells.len + 1);
	if (!grid.sheets || !cells)
		return err_nomem(info);
	if (t->sheets.len)
		memcpy(grid.sheets, t->sheets.data, t->sheets.len);
	if (t->cells.len)
		memcpy(cells, t->cells.data, t->cells.len);
	for (int i = 0; i < grid.n; i++) {
		grid.sheets[i].cells = cells;
		cells += grid.sheets[i].n;
	}
	*ret_grid = grid;
	return 0;
}

int grid_read(struct grid *ret_grid, const char *name, struct str data, struct arena *arena,
	      struct err_info *info)
{
	struct taking t = {.arena = arena, .name = name};
	const struct table_input in = {.name = name, .data = data.data, .len = data.len};
	const struct xlsx_sink sink = {&t, take_sheet, take_cell};
	int r;
	if (data.len < 4 || memcmp(data.data, "PK\x03\x04", 4) != 0)
		r = err_set(info, ERR_INPUT, "%s：这不是 .xlsx 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx", name);
	else
		r = xlsx_each(&in, &sink, info);
	if (r == 0)
		r = settle(&t, ret_grid, info);
	buf_done(&t.sheets);
	buf_done(&t.cells);
	return r;
}

int grid_row(const struct grid_sheet *sheet, uint32_t row)
{
	int low = 0, high = sheet->n;
	while (low < high) {
		int middle = low + (high - low) / 2;
		if (sheet->cells[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct str grid_text(const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	for (int i = grid_row(sheet, row); i < sheet->n && sheet->cells[i].row == row; i++)
		if (sheet->cells[i].column == column)
			return sheet->cells[i].text;
	return (struct str){0};
}

void grid_ref(uint32_t row, uint32_t column, char out[GRID_REF_LEN])
{
	char letters[8];
	table_column_name((int)column, letters);
	snprintf(out, GRID_REF_LEN, "%s%u", letters, row + 1);
}
