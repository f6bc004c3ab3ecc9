/* SPDX-License-Identifier: Apache-2.0 */
#include "import/sheet.h"

#include <assert.h>
#include <string.h>

enum {
	ROW_MARK = 1u << 31,	/* no cell: `size` is the row that begins */
	SHARED = 1u << 30,	/* `size` is a shared string's index */
};

struct packed_cell {
	uint32_t column;
	uint32_t size;		/* bytes of text behind it */
};

static int sheet_next(struct table *table, struct table_row *ret_row, struct err_info *info);

static void table_free_sheet(struct table *table)
{
	sheet_free((struct sheet *)table);
}

int sheet_new(struct sheet **ret_sheet, const char *name, struct err_info *info)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));
	if (!sheet)
		return err_nomem(info);
	sheet->table = (struct table){
		.sheet = true,
		.next = sheet_next,
		.free = table_free_sheet,
	};
	sheet->name = name;
	*ret_sheet = sheet;
	return 0;
}

void sheet_free(struct sheet *sheet)
{
	if (!sheet)
		return;
	buf_done(&sheet->packed);
	buf_done(&sheet->strings);
	buf_done(&sheet->string_ends);
	buf_done(&sheet->merges);
	free(sheet);
}

static int cell_limit(const struct sheet *sheet, uint32_t column, const char *what,
		      struct err_info *info)
{
	char name[8];
	table_column_name((int)column, name);
	return err_set(info, ERR_LIMIT, "%s：%s%u 单元格%s", sheet->name, name, sheet->row + 1,
		       what);
}

int sheet_add_string(struct sheet *sheet, struct str text, struct err_info *info)
{
	if (sheet_strings(sheet) >= SHEET_STRINGS_MAX)
		return err_set(info, ERR_LIMIT, "%s：文字太多，上限是 %d 条", sheet->name,
			       SHEET_STRINGS_MAX);
	buf_add(&sheet->strings, text.data, text.len);
	size_t end = sheet->strings.len;
	buf_add(&sheet->string_ends, &end, sizeof(end));
	return sheet->strings.failed || sheet->string_ends.failed ? err_nomem(info) : 0;
}

size_t sheet_strings(const struct sheet *sheet)
{
	return sheet->string_ends.len / sizeof(size_t);
}

struct str sheet_string(const struct sheet *sheet, uint32_t index)
{
	const size_t *ends = (const size_t *)(const void *)sheet->string_ends.data;
	size_t begin = index ? ends[index - 1] : 0;
	return (struct str){buf_str(&sheet->strings) + begin, ends[index] - begin};
}

void sheet_begin_row(struct sheet *sheet, uint32_t row)
{
	sheet->row = row;
	sheet->row_marked = false;
}

/* Appends a cell's header, and its row's before the first. */
static int add_packed(struct sheet *sheet, struct packed_cell cell, struct str text,
		      struct err_info *info)
{
	uint32_t column = cell.column & ~(uint32_t)SHARED;
	if (column >= TABLE_COLUMNS_MAX)
		return cell_limit(sheet, column, "超出 1024 列的上限", info);
	if (!sheet->row_marked) {
		struct packed_cell mark = {ROW_MARK, sheet->row};
		buf_add(&sheet->packed, &mark, sizeof(mark));
		sheet->row_marked = true;
	}
	buf_add(&sheet->packed, &cell, sizeof(cell));
	buf_add(&sheet->packed, text.data, text.len);
	return sheet->packed.failed ? err_nomem(info) : 0;
}

int sheet_add_cell(struct sheet *sheet, uint32_t column, struct str text, struct err_info *info)
{
	if (!str_trim(text).len)
		return 0;
	if (text.len > TABLE_CELL_MAX)
		return cell_limit(sheet, column, "超过 1 MB 的上限", info);
	return add_packed(sheet, (struct packed_cell){column, (uint32_t)text.len}, text, info);
}

int sheet_add_shared(struct sheet *sheet, uint32_t column, uint32_t index, struct err_info *info)
{
	assert(index < sheet_strings(sheet));
	if (!str_trim(sheet_string(sheet, index)).len)
		return 0;
	return add_packed(sheet, (struct packed_cell){column | SHARED, index}, (struct str){0},
			  info);
}

int sheet_add_merge(struct sheet *sheet, const struct sheet_merge *merge, struct err_info *info)
{
	/* No more than the rows have cells: merges do not overlap. */
	size_t most = (size_t)SHEET_HEAD_LAST * TABLE_COLUMNS_MAX;
	if (merge->row >= SHEET_HEAD_LAST || sheet->merges.len / sizeof(*merge) >= most)
		return 0;
	buf_add(&sheet->merges, merge, sizeof(*merge));
	return sheet->merges.failed ? err_nomem(info) : 0;
}

/* Unpacks the row at sheet->at into cells[width], which it clears before, and
 * moves on. Returns its width; 0 at the end. */
static int unpack_row(struct sheet *sheet, struct str *cells, int width, uint32_t *ret_row)
{
	const char *p = sheet->packed.data + sheet->at;
	const char *end = sheet->packed.data + sheet->packed.len;
	struct packed_cell cell;
	int n = 0;
	if (sheet->at == sheet->packed.len)
		return 0;
	for (int i = 0; i < width; i++)
		cells[i] = (struct str){"", 0};
	memcpy(&cell, p, sizeof(cell));
	*ret_row = cell.size;
	for (p += sizeof(cell); p < end; ) {
		memcpy(&cell, p, sizeof(cell));
		if (cell.column & ROW_MARK)
			break;
		p += sizeof(cell);
		uint32_t column = cell.column & ~(uint32_t)SHARED;
		struct str text = {p, cell.size};
		if (cell.column & SHARED)
			text = sheet_string(sheet, cell.size);
		else
			p += cell.size;
		if ((int)column < width)
			cells[column] = text;
		n = (int)column + 1;
	}
	sheet->at = (size_t)(p - sheet->packed.data);
	return n;
}

static int sheet_next(struct table *table, struct table_row *ret_row, struct err_info *info)
{
	(void)info;
	struct sheet *sheet = (struct sheet *)table;
	struct table_row row = {.n = sheet->width, .cells = sheet->cells};
	if (!sheet->head_given) {
		sheet->head_given = true;
		row.line = sheet->head_line;
		row.cells = sheet->head;
	} else {
		uint32_t number = 0;
		if (!unpack_row(sheet, sheet->cells, sheet->width, &number))
			return 0;
		row.line = (uint64_t)number + 1;
	}
	*ret_row = row;
	return 1;
}

/* The first filled rows, and how a head is looked for among them. */
struct top {
	int n;
	struct {
		uint32_t row;
		size_t at, end;		/* in packed */
		struct str cells[TABLE_COLUMNS_MAX];
	} rows[SHEET_HEAD_ROWS];
	const struct sheet *sheet;
	table_is_head is_head;
	void *arg;
	struct str folded[TABLE_COLUMNS_MAX];
};

static bool is_blank(struct str cell)
{
	return !str_trim(cell).len;
}

static int count_filled(const struct str *cells)
{
	int n = 0;
	for (int i = 0; i < TABLE_COLUMNS_MAX; i++)
		n += !is_blank(cells[i]);
	return n;
}

/* Folds `height` rows into top->folded: of a column the lowest cell that isn't
 * empty. */
static void fold(struct top *top, int first, int height)
{
	memcpy(top->folded, top->rows[first].cells, sizeof(top->folded));
	for (int i = first + 1; i < first + height; i++)
		for (int c = 0; c < TABLE_COLUMNS_MAX; c++)
			if (!is_blank(top->rows[i].cells[c]))
				top->folded[c] = top->rows[i].cells[c];
}

/* Whether the rows folded are the head. */
static bool accepted(struct top *top, int first, int height)
{
	struct str trimmed[TABLE_COLUMNS_MAX];
	int n = 0;
	fold(top, first, height);
	for (int c = 0; c < TABLE_COLUMNS_MAX; c++) {
		trimmed[c] = str_trim(top->folded[c]);
		if (trimmed[c].len)
			n = c + 1;
	}
	return top->is_head(top->arg, n, trimmed);
}

/* Whether row i is tied to row i + 1: a merge that starts in row `first` or
 * later reaches down into it, or a wide one stands over cells of it. */
static bool tied(const struct top *top, int first, int i)
{
	const struct sheet_merge *m = (const void *)buf_str(&top->sheet->merges);
	size_t n = top->sheet->merges.len / sizeof(*m);
	const struct str *below = top->rows[i + 1].cells;
	uint32_t filled_at[TABLE_COLUMNS_MAX + 1];	/* the next filled cell below, from each on */
	filled_at[TABLE_COLUMNS_MAX] = UINT32_MAX;
	for (uint32_t c = TABLE_COLUMNS_MAX; c--; )
		filled_at[c] = is_blank(below[c]) ? filled_at[c + 1] : c;
	for (; n; n--, m++) {
		if (m->row < top->rows[first].row || m->row > top->rows[i].row)
			continue;
		if (m->row_end >= top->rows[i + 1].row)
			return true;
		if (m->row_end >= top->rows[i].row && m->column < TABLE_COLUMNS_MAX - 1 &&
		    filled_at[m->column + 1] <= m->column_end)
			return true;
	}
	/* Where nobody merged: a gap in the row with something below. */
	bool filled = false;
	for (uint32_t c = 0; c < TABLE_COLUMNS_MAX; c++) {
		if (!is_blank(top->rows[i].cells[c]))
			filled = true;
		else if (filled && filled_at[c] == c)
			return true;
	}
	return false;
}

/* The height of the head that starts at row i; 0 if none does. A row with a
 * single cell is a title, which is not folded into a head. */
static int head_height(struct top *top, int i)
{
	int most = 1;
	bool title = count_filled(top->rows[i].cells) < 2;
	while (!title && most < SHEET_HEAD_HEIGHT && i + most < top->n &&
	       top->rows[i + most].row - top->rows[i].row < SHEET_HEAD_HEIGHT &&
	       tied(top, i, i + most - 1))
		most++;
	for (int h = most; h; h--)
		if (accepted(top, i, h))
			return h;
	return 0;
}

/* The same for heads whose parts nobody merged. */
static int loose_head_height(struct top *top, int i)
{
	for (int h = 2; h <= SHEET_HEAD_HEIGHT && i + h <= top->n; h++) {
		if (top->rows[i + h - 1].row - top->rows[i].row >= SHEET_HEAD_HEIGHT)
			break;
		if (count_filled(top->rows[i].cells) > 1 && accepted(top, i, h))
			return h;
	}
	return 0;
}

/* Finds the head: its first row and height. Without one the first row stands
 * for it, so that the importer can say what is missing. */
static void find_head(struct top *top, int *ret_first, int *ret_height)
{
	*ret_first = 0;
	*ret_height = 1;
	for (int loose = 0; top->is_head && loose < 2; loose++) {
		for (int i = 0; i < top->n; i++) {
			int h = loose ? loose_head_height(top, i) : head_height(top, i);
			if (h) {
				*ret_first = i;
				*ret_height = h;
				return;
			}
		}
	}
}

int sheet_finish(struct sheet *sheet, table_is_head is_head, void *arg, struct err_info *info)
{
	struct top *top = calloc(1, sizeof(*top));
	if (!top)
		return err_nomem(info);
	top->sheet = sheet;
	top->is_head = is_head;
	top->arg = arg;
	sheet->at = 0;
	while (top->n < SHEET_HEAD_ROWS) {
		size_t at = sheet->at;
		uint32_t row = 0;
		if (!unpack_row(sheet, top->rows[top->n].cells, TABLE_COLUMNS_MAX, &row) ||
		    (top->n && row >= SHEET_HEAD_LAST))
			break;
		top->rows[top->n].row = row;
		top->rows[top->n].at = at;
		top->rows[top->n++].end = sheet->at;
	}
	if (!top->n) {
		free(top);
		return err_set(info, ERR_INPUT, "%s：工作表是空的，第一行应是列名", sheet->name);
	}
	int first, height;
	find_head(top, &first, &height);
	fold(top, first, height);
	memcpy(sheet->head, top->folded, sizeof(sheet->head));
	sheet->head_line = (uint64_t)top->rows[first + height - 1].row + 1;

	/* As wide as the widest row from the head on. */
	int n;
	uint32_t row;
	sheet->at = top->rows[first].at;
	while ((n = unpack_row(sheet, NULL, 0, &row)))
		if (n > sheet->width)
			sheet->width = n;
	sheet->at = top->rows[first + height - 1].end;
	sheet->name = NULL;
	free(top);
	return 0;
}
