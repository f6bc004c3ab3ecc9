/* SPDX-License-Identifier: Apache-2.0 */
/*
 * .xls (BIFF8: Excel 97 to 2003, WPS, LibreOffice): the first visible
 * worksheet. Read by hand, since freexl ignores formulas and would take a
 * calculated score for a missing one; nor does it know merges and hidden sheets.
 *
 * What else lies in an OLE container is named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/bytes.h"
#include "import/ole.h"
#include "import/sheet.h"
#include "import/sheet_format.h"

enum {
	CUSTOMS_MAX = 4096,	/* number formats */
	STYLES_MAX = 1 << 16,
	BIFF8 = 0x0600,

	/* Records */
	FORMULA = 0x0006,
	END = 0x000A,
	DATE1904 = 0x0022,
	FILEPASS = 0x002F,
	CONTINUE = 0x003C,
	BOUNDSHEET = 0x0085,
	MULRK = 0x00BD,
	RSTRING = 0x00D6,
	XF = 0x00E0,
	MERGECELLS = 0x00E5,
	SST = 0x00FC,
	LABELSST = 0x00FD,
	NUMBER = 0x0203,
	LABEL = 0x0204,
	BOOLERR = 0x0205,
	STRING = 0x0207,
	RK = 0x027E,
	FORMAT = 0x041E,
	BOF = 0x0809,
};

/* A place in the stream of records. `p` is within the current record's body. */
struct cursor {
	struct str stream;
	size_t next;		/* the record behind */
	unsigned type;
	const char *p, *end;
};

enum cell_kind {
	CELL_DOUBLE,
	CELL_RK,
	CELL_STRING,
	CELL_BOOLEAN,
	CELL_ERROR,
};

struct cell {
	uint16_t row, column, style;
	uint8_t kind;
	union {
		double number;
		uint32_t bits;	/* RK, a string's index, truth, error code */
	};
};

struct custom_format {
	unsigned id;
	enum sheet_format format;
};

struct xls {
	const char *name;
	struct sheet *sheet;
	bool date1904;
	struct buf customs;	/* struct custom_format */
	struct buf formats;	/* enum sheet_format of each cell style */
	struct buf cells;	/* struct cell */
	bool unsorted;
	bool found;		/* a visible worksheet */
	uint32_t at;		/* where it starts */
	struct buf units, text;	/* a string in UTF-16 and in UTF-8 */
};

static int broken(const struct xls *x, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s：文件已损坏，不完整，" TABLE_COPY_AGAIN, x->name);
}

static int refuse(const char *name, const char *kind, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s：这是%s另存为 .xlsx", name, kind);
}

/* Records and strings ----------------------------------------------------- */

/* Goes to the next record. False at the stream's end or a cut record. */
static bool next_record(struct cursor *c)
{
	if (c->stream.len - c->next < 4)
		return false;
	const char *head = c->stream.data + c->next;
	size_t size = u16_at(head + 2);
	if (c->stream.len - c->next - 4 < size)
		return false;
	c->type = u16_at(head);
	c->p = head + 4;
	c->end = c->p + size;
	c->next += 4 + size;
	return true;
}

static size_t left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* At the record's end, goes on into its continuation. */
static bool continued(struct cursor *c)
{
	while (c->p == c->end) {
		if (c->stream.len - c->next < 4 ||
		    u16_at(c->stream.data + c->next) != CONTINUE || !next_record(c))
			return false;
	}
	return true;
}

static bool take_number(struct cursor *c, int bytes, uint32_t *ret_value)
{
	uint32_t value = 0;
	for (int i = 0; i < bytes; i++) {
		if (!continued(c))
			return false;
		value |= (uint32_t)(unsigned char)*c->p++ << (8 * i);
	}
	*ret_value = value;
	return true;
}

static bool skip_bytes(struct cursor *c, uint64_t n)
{
	while (n) {
		if (!continued(c))
			return false;
		size_t step = n < left(c) ? (size_t)n : left(c);
		c->p += step;
		n -= step;
	}
	return true;
}

/* Reads `n` characters into x->units. A continuation starts with a byte that
 * says anew whether characters have two bytes. */
static bool take_units(struct xls *x, struct cursor *c, uint32_t n, bool wide)
{
	buf_clear(&x->units);
	while (n) {
		if (c->p == c->end) {
			if (!continued(c))
				return false;
			wide = *c->p++ & 1;
			continue;
		}
		if (wide && left(c) < 2)
			return false;
		uint16_t unit = wide ? u16_at(c->p) : (unsigned char)*c->p;
		c->p += wide ? 2 : 1;
		buf_add(&x->units, &unit, sizeof(unit));
		n--;
	}
	return true;
}

static void add_character(struct buf *text, uint32_t c)
{
	char out[4];
	size_t n;
	if (c < 0x80) {
		out[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		n = 2;
	} else if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		n = 3;
	} else {
		out[0] = (char)(0xF0 | c >> 18);
		n = 4;
	}
	for (size_t i = 1; i < n; i++)
		out[i] = (char)(0x80 | (c >> (6 * (n - 1 - i)) & 0x3F));
	buf_add(text, out, n);
}

/* x->units as UTF-8 in x->text; half a pair and NUL become U+FFFD. */
static void units_to_text(struct xls *x)
{
	const uint16_t *u = (const uint16_t *)(const void *)x->units.data;
	size_t n = x->units.len / sizeof(*u);
	buf_clear(&x->text);
	for (size_t i = 0; i < n; i++) {
		uint32_t c = u[i];
		if (c >= 0xD800 && c <= 0xDBFF && i + 1 < n && u[i + 1] >= 0xDC00 &&
		    u[i + 1] <= 0xDFFF)
			c = 0x10000 + ((c - 0xD800) << 10) + (u[++i] - 0xDC00u);
		else if (!c || (c >= 0xD800 && c <= 0xDFFF))
			c = 0xFFFD;
		add_character(&x->text, c);
	}
}

/* Reads a string (length in 2 bytes, flags, perhaps formatting runs and
 * phonetic data behind it) into x->text. */
static int take_string(struct xls *x, struct cursor *c, struct err_info *info)
{
	uint32_t n, flags, runs = 0, extra = 0;
	if (!take_number(c, 2, &n) || !take_number(c, 1, &flags) ||
	    ((flags & 8) && !take_number(c, 2, &runs)) ||
	    ((flags & 4) && !take_number(c, 4, &extra)) ||
	    !take_units(x, c, n, flags & 1) ||
	    !skip_bytes(c, (uint64_t)runs * 4 + extra))
		return broken(x, info);
	units_to_text(x);
	return x->units.failed || x->text.failed ? err_nomem(info) : 0;
}

/* The workbook's globals -------------------------------------------------- */

static int read_sst(struct xls *x, struct cursor *c, struct err_info *info)
{
	uint32_t total, n;
	if (!take_number(c, 4, &total) || !take_number(c, 4, &n))
		return broken(x, info);
	/* Some programs count wrongly: an index too high is found at its cell. */
	for (; n && continued(c); n--) {
		int r = take_string(x, c, info);
		if (r == 0)
			r = sheet_add_string(x->sheet, (struct str){buf_str(&x->text), x->text.len},
					     info);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_format(struct xls *x, struct cursor *c, struct err_info *info)
{
	uint32_t id;
	if (!take_number(c, 2, &id))
		return broken(x, info);
	int r = take_string(x, c, info);
	if (r < 0)
		return r;
	struct custom_format custom = {
		id, sheet_format_custom((struct str){buf_str(&x->text), x->text.len}),
	};
	if (x->customs.len / sizeof(custom) >= CUSTOMS_MAX)
		return broken(x, info);
	buf_add(&x->customs, &custom, sizeof(custom));
	return x->customs.failed ? err_nomem(info) : 0;
}

static enum sheet_format format_of(const struct xls *x, unsigned id)
{
	const struct custom_format *c = (const void *)buf_str(&x->customs);
	for (size_t n = x->customs.len / sizeof(*c); n; n--, c++)
		if (c->id == id)
			return c->format;
	return sheet_format_builtin(id);
}

/* A cell style; formats stand before it. */
static int read_style(struct xls *x, struct cursor *c, struct err_info *info)
{
	if (left(c) < 4)
		return broken(x, info);
	enum sheet_format format = format_of(x, u16_at(c->p + 2));
	if (x->formats.len / sizeof(format) < STYLES_MAX)
		buf_add(&x->formats, &format, sizeof(format));
	return x->formats.failed ? err_nomem(info) : 0;
}

static int read_globals_record(struct xls *x, struct cursor *c, struct err_info *info)
{
	switch (c->type) {
	case FILEPASS:
		return refuse(x->name, "有打开密码的文件，读不了；请用 Excel 或 WPS 输入密码打开，去掉密码后", info);
	case DATE1904:
		x->date1904 = left(c) >= 2 && u16_at(c->p) != 0;
		return 0;
	case FORMAT:
		return read_format(x, c, info);
	case XF:
		return read_style(x, c, info);
	case BOUNDSHEET:
		if (left(c) < 6)
			return broken(x, info);
		if (!x->found && (c->p[4] & 3) == 0 && c->p[5] == 0) {
			x->found = true;
			x->at = u32_at(c->p);
		}
		return 0;
	case SST:
		return read_sst(x, c, info);
	default:
		return 0;
	}
}

/* A start of substream (BOF) at the cursor's next record. */
static int read_bof(struct xls *x, struct cursor *c, struct err_info *info)
{
	if (!next_record(c) || (c->type & 0xFF) != (BOF & 0xFF) || left(c) < 4)
		return broken(x, info);
	if (c->type != BOF || u16_at(c->p) != BIFF8)
		return refuse(x->name, "很旧的 .xls 表格（Excel 95 或更早），不能直接读取；请用 Excel 或 WPS 打开后", info);
	return 0;
}

static int read_globals(struct xls *x, struct cursor *c, struct err_info *info)
{
	int r = read_bof(x, c, info);
	while (r == 0) {
		if (!next_record(c))
			return broken(x, info);
		if (c->type == END)
			break;
		r = read_globals_record(x, c, info);
	}
	if (r == 0 && !x->found)
		return err_set(info, ERR_INPUT, "%s：没有可见的工作表", x->name);
	return r;
}

/* The sheet --------------------------------------------------------------- */

static int add_cell(struct xls *x, struct cell cell, struct err_info *info)
{
	size_t n = x->cells.len / sizeof(cell);
	const struct cell *last = n ? (const void *)(x->cells.data + (n - 1) * sizeof(cell)) : NULL;
	if (last && (last->row > cell.row ||
		     (last->row == cell.row && last->column >= cell.column)))
		x->unsorted = true;
	buf_add(&x->cells, &cell, sizeof(cell));
	return x->cells.failed ? err_nomem(info) : 0;
}

/* Adds the cell with the string at the cursor. */
static int add_string_cell(struct xls *x, struct cell cell, struct cursor *c,
			   struct err_info *info)
{
	int r = take_string(x, c, info);
	if (r < 0)
		return r;
	cell.kind = CELL_STRING;
	cell.bits = (uint32_t)sheet_strings(x->sheet);
	r = sheet_add_string(x->sheet, (struct str){buf_str(&x->text), x->text.len}, info);
	return r < 0 ? r : add_cell(x, cell, info);
}

/* The text that a formula gave stands in a STRING record soon behind it. */
static int add_formula_text(struct xls *x, struct cell cell, struct cursor *c,
			    struct err_info *info)
{
	struct cursor ahead = *c;
	for (int i = 0; i < 4 && next_record(&ahead); i++) {
		if (ahead.type == STRING) {
			*c = ahead;
			return add_string_cell(x, cell, c, info);
		}
		if (ahead.type == FORMULA || ahead.type == END)
			break;
	}
	return broken(x, info);
}

static int read_formula(struct xls *x, struct cell cell, struct cursor *c, struct err_info *info)
{
	const char *result = c->p;
	if (left(c) < 8)
		return broken(x, info);
	if (u16_at(result + 6) != 0xFFFF) {
		cell.kind = CELL_DOUBLE;
		memcpy(&cell.number, result, sizeof(cell.number));
		return add_cell(x, cell, info);
	}
	switch (result[0]) {
	case 0:
		return add_formula_text(x, cell, c, info);
	case 1:
	case 2:
		cell.kind = result[0] == 1 ? CELL_BOOLEAN : CELL_ERROR;
		cell.bits = (unsigned char)result[2];
		return add_cell(x, cell, info);
	case 3:		/* an empty text */
		return 0;
	default:
		return broken(x, info);
	}
}

static int read_mulrk(struct xls *x, struct cell cell, struct cursor *c, struct err_info *info)
{
	cell.kind = CELL_RK;
	for (c->p -= 2; left(c) >= 8; c->p += 6) {	/* the last column follows */
		cell.style = u16_at(c->p);
		cell.bits = u32_at(c->p + 2);
		int r = add_cell(x, cell, info);
		if (r < 0)
			return r;
		cell.column++;
	}
	return 0;
}

static int read_merges(struct xls *x, struct cursor *c, struct err_info *info)
{
	size_t n = left(c) < 2 ? 0 : u16_at(c->p);
	for (c->p += n ? 2 : 0; n && left(c) >= 8; n--, c->p += 8) {
		struct sheet_merge merge = {
			u16_at(c->p), u16_at(c->p + 2), u16_at(c->p + 4), u16_at(c->p + 6),
		};
		int r = merge.row > merge.row_end || merge.column > merge.column_end ? 0 :
			sheet_add_merge(x->sheet, &merge, info);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_sheet_record(struct xls *x, struct cursor *c, struct err_info *info)
{
	struct cell cell = {0};
	switch (c->type) {
	case MERGECELLS:
		return read_merges(x, c, info);
	case FORMULA: case MULRK: case RSTRING: case LABELSST: case NUMBER: case LABEL:
	case BOOLERR: case RK:
		break;
	default:
		return 0;
	}
	if (left(c) < 8)
		return broken(x, info);
	cell.row = u16_at(c->p);
	cell.column = u16_at(c->p + 2);
	cell.style = u16_at(c->p + 4);
	c->p += 6;
	switch (c->type) {
	case FORMULA:
		return read_formula(x, cell, c, info);
	case MULRK:
		return read_mulrk(x, cell, c, info);
	case RSTRING:
	case LABEL:
		return add_string_cell(x, cell, c, info);
	case BOOLERR:
		cell.kind = c->p[1] ? CELL_ERROR : CELL_BOOLEAN;
		cell.bits = (unsigned char)c->p[0];
		return add_cell(x, cell, info);
	case NUMBER:
		if (left(c) < 8)
			return broken(x, info);
		cell.kind = CELL_DOUBLE;
		memcpy(&cell.number, c->p, sizeof(cell.number));
		return add_cell(x, cell, info);
	default:
		if (left(c) < 4)
			return broken(x, info);
		cell.bits = u32_at(c->p);
		cell.kind = c->type == RK ? CELL_RK : CELL_STRING;
		if (cell.kind == CELL_STRING && cell.bits >= sheet_strings(x->sheet))
			return broken(x, info);
		return add_cell(x, cell, info);
	}
}

/* Reads the sheet's records; charts within it have their own start and end. */
static int read_records(struct xls *x, struct cursor *c, struct err_info *info)
{
	int r = read_bof(x, c, info);
	for (unsigned depth = 1; r == 0; ) {
		if (!next_record(c))
			return broken(x, info);
		if (c->type == BOF)
			depth++;
		else if (c->type == END && --depth == 0)
			break;
		else if (depth == 1)
			r = read_sheet_record(x, c, info);
	}
	return r;
}

/* Cells as text ----------------------------------------------------------- */

static int compare_cells(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	return x->row != y->row ? (x->row < y->row ? -1 : 1) :
	       (x->column > y->column) - (x->column < y->column);
}

/* A number as decimal text. The file holds doubles: 17 digits are all there is
 * in one, and from here on it is text. An RK number is a whole one or the upper
 * half of a double, perhaps in hundredths. */
static void decimal_text(const struct cell *cell, char out[SHEET_TEXT_MAX])
{
	double number = cell->number;
	if (cell->kind == CELL_RK) {
		bool hundredths = cell->bits & 1;
		if (cell->bits & 2) {
			int n = (int32_t)cell->bits >> 2;
			snprintf(out, SHEET_TEXT_MAX, "%de%d", n, hundredths ? -2 : 0);
			return;
		}
		uint64_t bits = (uint64_t)(cell->bits & ~3u) << 32;
		memcpy(&number, &bits, sizeof(number));
		if (hundredths) {
			snprintf(out, SHEET_TEXT_MAX, "%.16e", number / 100);
			return;
		}
	}
	snprintf(out, SHEET_TEXT_MAX, "%.16e", number);
}

static struct str number_text(const struct xls *x, const struct cell *cell,
			      char out[SHEET_TEXT_MAX])
{
	char text[SHEET_TEXT_MAX];
	enum sheet_format format = FORMAT_NUMBER;
	if (cell->style < x->formats.len / sizeof(format))
		format = ((const enum sheet_format *)(const void *)x->formats.data)[cell->style];
	decimal_text(cell, text);
	size_t n = format == FORMAT_NUMBER ? 0 :
		   sheet_date(str_from(text), format, x->date1904, out);
	if (!n)
		n = sheet_number(str_from(text), out);
	if (!n)
		n = (size_t)snprintf(out, SHEET_TEXT_MAX, "%s", text);
	return (struct str){out, n};
}

static struct str error_name(uint32_t code)
{
	switch (code) {
	case 0x00: return STR("#NULL!");
	case 0x07: return STR("#DIV/0!");
	case 0x0F: return STR("#VALUE!");
	case 0x17: return STR("#REF!");
	case 0x1D: return STR("#NAME?");
	case 0x24: return STR("#NUM!");
	case 0x2A: return STR("#N/A");
	default: return STR("#ERROR!");
	}
}

static int copy_cell(struct xls *x, const struct cell *cell, struct err_info *info)
{
	char out[SHEET_TEXT_MAX];
	switch ((enum cell_kind)cell->kind) {
	case CELL_STRING:
		return sheet_add_shared(x->sheet, cell->column, cell->bits, info);
	case CELL_BOOLEAN:
		return sheet_add_cell(x->sheet, cell->column,
				      cell->bits ? STR("TRUE") : STR("FALSE"), info);
	case CELL_ERROR:
		return sheet_add_cell(x->sheet, cell->column, error_name(cell->bits), info);
	default:
		return sheet_add_cell(x->sheet, cell->column, number_text(x, cell, out), info);
	}
}

static int copy_cells(struct xls *x, struct err_info *info)
{
	struct cell *cells = (void *)x->cells.data;
	size_t n = x->cells.len / sizeof(*cells);
	if (x->unsorted)
		qsort(cells, n, sizeof(*cells), compare_cells);
	for (size_t i = 0; i < n; i++) {
		if (i && compare_cells(&cells[i - 1], &cells[i]) == 0)
			return broken(x, info);
		if (!i || cells[i - 1].row != cells[i].row)
			sheet_begin_row(x->sheet, cells[i].row);
		int r = copy_cell(x, &cells[i], info);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The whole --------------------------------------------------------------- */

/* What can't be read as .xls and what to do before saving it anew, or NULL. */
static const char *foreign_kind(const struct ole *ole, const char *name)
{
	if (ole_has(ole, "EncryptedPackage"))
		return "有打开密码的文件，读不了；请用 Excel 或 WPS 输入密码打开，去掉密码后";
	if (table_ends_with(name, ".et") || table_ends_with(name, ".ett"))
		return " WPS 表格的专用格式（.et），不能直接读取；请用 WPS 打开后";
	if (table_ends_with(name, ".wps") || table_ends_with(name, ".wpt"))
		return " WPS 文字文档（.wps），不是表格；请把里面的表格复制到 Excel 或 WPS 表格里，";
	if (ole_has(ole, "WordDocument"))
		return " Word 文档（.doc），不是表格；请把里面的表格复制到 Excel 或 WPS 表格里，";
	if (ole_has(ole, "PowerPoint Document"))
		return "演示文稿（.ppt），不是表格；请把里面的表格复制到 Excel 或 WPS 表格里，";
	if (ole_has(ole, "Workbook"))
		return NULL;
	if (ole_has(ole, "Book"))
		return "很旧的 .xls 表格（Excel 95 或更早），不能直接读取；请用 Excel 或 WPS 打开后";
	return "不认识的旧格式文件（可能是 WPS 的 .et），不能直接读取；请用 Excel 或 WPS 打开后";
}

static int read_book(struct xls *x, struct str stream, struct err_info *info)
{
	struct cursor c = {.stream = stream};
	int r = read_globals(x, &c, info);
	if (r < 0)
		return r;
	if (x->at > stream.len)
		return broken(x, info);
	c.next = x->at;
	r = read_records(x, &c, info);
	return r < 0 ? r : copy_cells(x, info);
}

int xls_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	     struct err_info *info)
{
	if (in->len > TABLE_XLSX_MAX)
		return err_set(info, ERR_LIMIT, "%s 太大：工作簿的上限是 %llu MB", in->name,
			       (unsigned long long)(TABLE_XLSX_MAX >> 20));
	struct xls x = {.name = in->name};
	struct ole ole = {0};
	struct buf stream = {0};
	int r = ole_open(&ole, (struct str){in->data, in->len});
	const char *kind = r == 0 ? foreign_kind(&ole, in->name) : NULL;
	if (kind)
		r = refuse(in->name, kind, info);
	else if (r == 0)
		r = ole_read(&ole, "Workbook", &stream);
	if (r < 0 && !kind)
		r = r == ERR_NOMEM ? err_nomem(info) : broken(&x, info);
	ole_done(&ole);
	if (r == 0)
		r = sheet_new(&x.sheet, in->name, info);
	if (r == 0)
		r = read_book(&x, (struct str){stream.data, stream.len}, info);
	if (r == 0)
		r = sheet_finish(x.sheet, is_head, arg, info);
	if (r == 0) {
		*ret_table = &x.sheet->table;
		x.sheet = NULL;
	}
	sheet_free(x.sheet);
	buf_done(&stream);
	buf_done(&x.customs);
	buf_done(&x.formats);
	buf_done(&x.cells);
	buf_done(&x.units);
	buf_done(&x.text);
	return r;
}
