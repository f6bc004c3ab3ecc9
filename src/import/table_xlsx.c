/* SPDX-License-Identifier: Apache-2.0 */
/*
 * .xlsx (also .xlsm): the first visible worksheet, as Excel, WPS and
 * LibreOffice save it, in the transitional and the strict flavour.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/sheet.h"
#include "import/sheet_format.h"
#include "import/xlsx_part.h"

enum {
	PATH_MAX_LEN = 512,
	SHEETS_MAX = 1024,	/* hidden ones included */
	STYLES_MAX = 1 << 16,
	CUSTOMS_MAX = 4096,	/* number formats */
};

struct custom_format {
	unsigned id;
	enum sheet_format format;
};

enum cell_type {
	CELL_NUMBER,
	CELL_SHARED,
	CELL_BOOLEAN,
	CELL_TEXT,		/* inline, or a formula's; an error's name */
	CELL_ISO_DATE,
};

struct xlsx {
	struct package package;
	struct sheet *sheet;
	char workbook[PATH_MAX_LEN], strings[PATH_MAX_LEN], styles[PATH_MAX_LEN];
	bool date1904;
	struct buf wanted;	/* relationship ids of visible sheets, in order, NUL behind each */
	int wanted_n;
	struct buf names;	/* of those sheets, NUL behind each */
	int only;		/* the place of the one that is looked for; -1: the first there is */
	const struct xlsx_sink *sink;	/* NULL: into `sheet` */
	char part[PATH_MAX_LEN];	/* of the sheet */
	int part_rank;		/* its place among the wanted */
	struct buf customs;	/* struct custom_format */
	struct buf formats;	/* enum sheet_format of each cell style */

	/* The string or cell being read */
	struct buf text, formula;
	int64_t row, column;	/* the last ones, from 0; -1: none yet */
	enum cell_type type;
	bool has_formula;
	uint64_t style;
};

static int broken(const struct xlsx *x, const char *what, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s：工作簿已损坏（%s），" TABLE_COPY_AGAIN, x->package.name,
		       what);
}

/* A whole number without sign. False where it is none or over `most`. */
static bool read_uint(const char *text, uint64_t most, uint64_t *ret_value)
{
	uint64_t value = 0;
	if (!text || !*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > most)
			return false;
	}
	*ret_value = value;
	return true;
}

static bool is_true(const char *text)
{
	return text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0 ||
			strcmp(text, "on") == 0);
}

/* Relationships ---------------------------------------------------------- */

enum { RELS = 1, REL };

static const struct part_rule rels_rules[] = {
	{0, "Relationships", RELS},
	{RELS, "Relationship", REL},
	{0, NULL, 0},
};

/* The part that `target` means, seen from the part `from`. False if it is too
 * long or climbs out. */
static bool resolve(const char *from, const char *target, char out[PATH_MAX_LEN])
{
	size_t n = 0;
	if (target[0] != '/') {
		const char *slash = strrchr(from, '/');
		n = slash ? (size_t)(slash - from) + 1 : 0;
		memcpy(out, from, n);
	}
	while (*target) {
		size_t len = strcspn(target, "/");
		if (len == 2 && memcmp(target, "..", 2) == 0) {
			if (!n)
				return false;
			for (n--; n && out[n - 1] != '/'; n--)
				;
		} else if (len && !(len == 1 && *target == '.')) {
			if (n + len + 2 > PATH_MAX_LEN)
				return false;
			memcpy(out + n, target, len);
			n += len;
			if (target[len])
				out[n++] = '/';
		}
		target += len + (target[len] != 0);
	}
	out[n] = '\0';
	return n > 0;
}

/* What is wanted of the relationships of a part. */
struct rels {
	struct xlsx *x;
	const char *from;
	bool of_package;
};

/* The place of an id among the wanted sheets, -1 if it isn't one. */
static int wanted_rank(const struct xlsx *x, const char *id)
{
	const char *p = x->wanted.data;
	for (int i = 0; i < x->wanted_n; i++, p += strlen(p) + 1)
		if (strcmp(p, id) == 0)
			return i;
	return -1;
}

static int rel_start(void *arg, int state, const char **attrs, struct err_info *info)
{
	struct rels *rels = arg;
	struct xlsx *x = rels->x;
	const char *type = part_attr(attrs, "Type"), *target = part_attr(attrs, "Target");
	const char *id = part_attr(attrs, "Id"), *mode = part_attr(attrs, "TargetMode");
	char path[PATH_MAX_LEN] = "";
	if (state != REL || !type || !target || (mode && strcmp(mode, "External") == 0))
		return 0;
	type = strrchr(type, '/');
	if (!type || !resolve(rels->from, target, path))
		return 0;
	if (rels->of_package) {
		if (strcmp(type, "/officeDocument") == 0 && !x->workbook[0])
			memcpy(x->workbook, path, sizeof(path));
	} else if (strcmp(type, "/sharedStrings") == 0) {
		memcpy(x->strings, path, sizeof(path));
	} else if (strcmp(type, "/styles") == 0) {
		memcpy(x->styles, path, sizeof(path));
	} else if (strcmp(type, "/worksheet") == 0 && id) {
		int rank = wanted_rank(x, id);
		bool fits = x->only < 0 ? x->part_rank < 0 || rank < x->part_rank : rank == x->only;
		if (rank >= 0 && fits) {
			x->part_rank = rank;
			memcpy(x->part, path, sizeof(path));
		}
	}
	(void)info;
	return 0;
}

/* Reads the relationships of `from` ("": the package's). */
static int read_rels(struct xlsx *x, const char *from, struct err_info *info)
{
	struct rels rels = {x, from, !*from};
	struct part_reader reader = {.rules = rels_rules, .start = rel_start, .arg = &rels};
	char part[PATH_MAX_LEN + 16];
	const char *slash = strrchr(from, '/');
	int dir = slash ? (int)(slash - from) + 1 : 0;
	snprintf(part, sizeof(part), "%.*s_rels/%s.rels", dir, from, from + dir);
	return package_read(&x->package, part, &reader, info);
}

/* Workbook ---------------------------------------------------------------- */

enum { WORKBOOK = 1, WORKBOOK_PR, SHEETS, SHEET };

static const struct part_rule workbook_rules[] = {
	{0, "workbook", WORKBOOK},
	{WORKBOOK, "workbookPr", WORKBOOK_PR},
	{WORKBOOK, "sheets", SHEETS},
	{SHEETS, "sheet", SHEET},
	{0, NULL, 0},
};

static int workbook_start(void *arg, int state, const char **attrs, struct err_info *info)
{
	struct xlsx *x = arg;
	if (state == WORKBOOK_PR)
		x->date1904 = is_true(part_attr(attrs, "date1904"));
	if (state != SHEET)
		return 0;
	const char *hidden = part_attr(attrs, "state"), *id = part_attr_rid(attrs);
	if (!id || (hidden && strcmp(hidden, "visible") != 0))
		return 0;
	if (x->wanted_n == SHEETS_MAX)
		return err_set(info, ERR_LIMIT, "%s：工作表太多，上限是 %d 张", x->package.name,
			       SHEETS_MAX);
	buf_add(&x->wanted, id, strlen(id) + 1);
	const char *name = part_attr(attrs, "name");
	buf_add(&x->names, name ? name : "", name ? strlen(name) + 1 : 1);
	x->wanted_n++;
	return x->wanted.failed || x->names.failed ? err_nomem(info) : 0;
}

/* Styles ------------------------------------------------------------------ */

enum { STYLES = 1, NUM_FMTS, NUM_FMT, CELL_XFS, XF };

static const struct part_rule styles_rules[] = {
	{0, "styleSheet", STYLES},
	{STYLES, "numFmts", NUM_FMTS},
	{NUM_FMTS, "numFmt", NUM_FMT},
	{STYLES, "cellXfs", CELL_XFS},
	{CELL_XFS, "xf", XF},
	{0, NULL, 0},
};

static enum sheet_format format_of(const struct xlsx *x, uint64_t id)
{
	const struct custom_format *c = (const void *)buf_str(&x->customs);
	for (size_t n = x->customs.len / sizeof(*c); n; n--, c++)
		if (c->id == id)
			return c->format;
	return sheet_format_builtin((unsigned)id);
}

static int styles_start(void *arg, int state, const char **attrs, struct err_info *info)
{
	struct xlsx *x = arg;
	uint64_t id = 0;
	if (state == NUM_FMT) {
		const char *code = part_attr(attrs, "formatCode");
		if (!code || !read_uint(part_attr(attrs, "numFmtId"), UINT32_MAX, &id))
			return 0;
		struct custom_format custom = {(unsigned)id, sheet_format_custom(str_from(code))};
		if (x->customs.len / sizeof(custom) >= CUSTOMS_MAX)
			return err_set(info, ERR_LIMIT, "%s：自定义数字格式太多，上限是 %d 种",
				       x->package.name, CUSTOMS_MAX);
		buf_add(&x->customs, &custom, sizeof(custom));
	} else if (state == XF) {
		if (x->formats.len / sizeof(enum sheet_format) >= STYLES_MAX)
			return err_set(info, ERR_LIMIT, "%s：单元格样式太多，上限是 %d 种",
				       x->package.name, STYLES_MAX);
		read_uint(part_attr(attrs, "numFmtId"), UINT32_MAX, &id);
		enum sheet_format format = format_of(x, id);
		buf_add(&x->formats, &format, sizeof(format));
	}
	return x->customs.failed || x->formats.failed ? err_nomem(info) : 0;
}

/* Strings ----------------------------------------------------------------- */

/* Shared by the parts that hold rich text: <t>, or <r><t> in pieces. Phonetic
 * runs are no part of the text. */
enum { SST = 1, SI, RUN, TEXT };

static const struct part_rule strings_rules[] = {
	{0, "sst", SST},
	{SST, "si", SI},
	{SI, "t", TEXT},
	{SI, "r", RUN},
	{RUN, "t", TEXT},
	{0, NULL, 0},
};

static int add_text(struct xlsx *x, struct buf *buf, struct str text, struct err_info *info)
{
	if (text.len > TABLE_CELL_MAX - buf->len)
		return err_set(info, ERR_LIMIT, "%s：有单元格超过 1 MB 的上限", x->package.name);
	buf_add(buf, text.data, text.len);
	return buf->failed ? err_nomem(info) : 0;
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character that `_xHHHH_` at `p` stands for; 0 if it is none. */
static unsigned escape_at(const char *p, size_t len)
{
	unsigned c = 0;
	if (len < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
		return 0;
	for (int i = 2; i < 6; i++) {
		int h = hex_value(p[i]);
		if (h < 0)
			return 0;
		c = c << 4 | (unsigned)h;
	}
	return c >= 0xD800 && c <= 0xDFFF ? 0 : c;
}

/* Puts the characters that XML can't hold in place of their escapes. */
static struct str unescape(struct buf *buf)
{
	char *out = buf->data, *p = out, *end = p + buf->len;
	if (!buf->len || !memmem(p, buf->len, "_x", 2))
		return (struct str){buf_str(buf), buf->len};
	while (p < end) {
		unsigned c = escape_at(p, (size_t)(end - p));
		if (!c) {
			*out++ = *p++;
			continue;
		}
		p += 7;
		if (c < 0x80) {
			*out++ = (char)c;
		} else if (c < 0x800) {
			*out++ = (char)(0xC0 | c >> 6);
			*out++ = (char)(0x80 | (c & 0x3F));
		} else {
			*out++ = (char)(0xE0 | c >> 12);
			*out++ = (char)(0x80 | (c >> 6 & 0x3F));
			*out++ = (char)(0x80 | (c & 0x3F));
		}
	}
	return (struct str){buf->data, (size_t)(out - buf->data)};
}

static int strings_text(void *arg, int state, struct str text, struct err_info *info)
{
	struct xlsx *x = arg;
	return state == TEXT ? add_text(x, &x->text, text, info) : 0;
}

static int strings_end(void *arg, int state, struct err_info *info)
{
	struct xlsx *x = arg;
	if (state != SI)
		return 0;
	if (x->sink && sheet_strings(x->sheet) >= XLSX_SINK_STRINGS)
		return err_set(info, ERR_LIMIT, "%s：文字太多，上限是 %d 条", x->package.name,
			       XLSX_SINK_STRINGS);
	int r = sheet_add_string(x->sheet, unescape(&x->text), info);
	buf_clear(&x->text);
	return r;
}

/* Sheet ------------------------------------------------------------------- */

enum { WORKSHEET = 1, SHEET_DATA, ROW, CELL, VALUE, FORMULA, INLINE, INLINE_RUN, INLINE_TEXT,
       MERGES, MERGE };

static const struct part_rule sheet_rules[] = {
	{CELL, "v", VALUE},
	{ROW, "c", CELL},
	{CELL, "f", FORMULA},
	{SHEET_DATA, "row", ROW},
	{CELL, "is", INLINE},
	{INLINE, "t", INLINE_TEXT},
	{INLINE, "r", INLINE_RUN},
	{INLINE_RUN, "t", INLINE_TEXT},
	{MERGES, "mergeCell", MERGE},
	{0, "worksheet", WORKSHEET},
	{WORKSHEET, "sheetData", SHEET_DATA},
	{WORKSHEET, "mergeCells", MERGES},
	{0, NULL, 0},
};

/* Reads "BC12" and returns what follows; NULL where there is no such place. */
static const char *read_place(const char *p, int64_t *ret_row, int64_t *ret_column)
{
	int64_t row = 0, column = 0;
	for (; *p >= 'A' && *p <= 'Z' && column <= SHEET_COLUMNS_MAX; p++)
		column = column * 26 + (*p - 'A' + 1);
	for (; *p >= '0' && *p <= '9' && row <= SHEET_ROWS_MAX; p++)
		row = row * 10 + (*p - '0');
	if (row < 1 || row > SHEET_ROWS_MAX || column < 1 || column > SHEET_COLUMNS_MAX)
		return NULL;
	*ret_row = row - 1;
	*ret_column = column - 1;
	return p;
}

static int start_row(struct xlsx *x, const char **attrs, struct err_info *info)
{
	const char *r = part_attr(attrs, "r");
	uint64_t number = (uint64_t)(x->row + 2);
	if (r && !read_uint(r, SHEET_ROWS_MAX, &number))
		return broken(x, "行号不对", info);
	if (number > SHEET_ROWS_MAX)
		return err_set(info, ERR_LIMIT, "%s：超过 %d 行的上限", x->package.name,
			       SHEET_ROWS_MAX);
	if ((int64_t)number - 1 <= x->row)
		return broken(x, "行的次序乱了", info);
	x->row = (int64_t)number - 1;
	x->column = -1;
	sheet_begin_row(x->sheet, (uint32_t)x->row);
	return 0;
}

static enum cell_type type_of(const char *t)
{
	if (!t || strcmp(t, "n") == 0)
		return CELL_NUMBER;
	if (strcmp(t, "s") == 0)
		return CELL_SHARED;
	if (strcmp(t, "b") == 0)
		return CELL_BOOLEAN;
	if (strcmp(t, "d") == 0)
		return CELL_ISO_DATE;
	return CELL_TEXT;
}

static int start_cell(struct xlsx *x, const char **attrs, struct err_info *info)
{
	const char *r = part_attr(attrs, "r");
	int64_t row = x->row, column = x->column + 1;
	if (r) {
		r = read_place(r, &row, &column);
		if (!r || *r || row != x->row)
			return broken(x, "单元格的位置不对", info);
	}
	if (column <= x->column)
		return broken(x, "单元格的次序乱了", info);
	if (column >= SHEET_COLUMNS_MAX)
		return err_set(info, ERR_LIMIT, "%s：超过 %d 列的上限", x->package.name,
			       SHEET_COLUMNS_MAX);
	x->column = column;
	x->type = type_of(part_attr(attrs, "t"));
	x->has_formula = false;
	x->style = UINT64_MAX;
	read_uint(part_attr(attrs, "s"), STYLES_MAX, &x->style);
	buf_clear(&x->text);
	buf_clear(&x->formula);
	return 0;
}

static int add_merge(struct xlsx *x, const char **attrs, struct err_info *info)
{
	const char *ref = part_attr(attrs, "ref");
	int64_t row, column, row_end, column_end;
	if (!ref || !(ref = read_place(ref, &row, &column)) || *ref != ':' ||
	    !(ref = read_place(ref + 1, &row_end, &column_end)) || *ref ||
	    row > row_end || column > column_end)
		return 0;
	struct sheet_merge merge = {(uint32_t)row, (uint32_t)row_end, (uint32_t)column,
				    (uint32_t)column_end};
	return sheet_add_merge(x->sheet, &merge, info);
}

static int sheet_start(void *arg, int state, const char **attrs, struct err_info *info)
{
	struct xlsx *x = arg;
	switch (state) {
	case ROW:
		return start_row(x, attrs, info);
	case CELL:
		return start_cell(x, attrs, info);
	case FORMULA:
		x->has_formula = true;
		return 0;
	case MERGE:
		return add_merge(x, attrs, info);
	default:
		return 0;
	}
}

static int sheet_text(void *arg, int state, struct str text, struct err_info *info)
{
	struct xlsx *x = arg;
	if (state == VALUE || state == INLINE_TEXT)
		return add_text(x, &x->text, text, info);
	if (state == FORMULA)
		return add_text(x, &x->formula, text, info);
	return 0;
}

/* The number or date that the cell shows. What is no number stays as it is, so
 * that the importer finds it. */
static struct str number_text(const struct xlsx *x, struct str text, char out[SHEET_TEXT_MAX])
{
	enum sheet_format format = FORMAT_NUMBER;
	if (x->style < x->formats.len / sizeof(format))
		format = ((const enum sheet_format *)(const void *)x->formats.data)[x->style];
	size_t n = format == FORMAT_NUMBER ? 0 : sheet_date(text, format, x->date1904, out);
	if (!n)
		n = sheet_number(text, out);
	return n ? (struct str){out, n} : text;
}

/* Hands a cell on: to the sheet, or as it stands to whoever takes all sheets. */
static int put_cell(struct xlsx *x, struct str text, struct err_info *info)
{
	if (!x->sink)
		return sheet_add_cell(x->sheet, (uint32_t)x->column, text, info);
	struct str formula = {buf_str(&x->formula), x->formula.len};
	return x->sink->cell(x->sink->arg, (uint32_t)x->row, (uint32_t)x->column, text,
			     x->has_formula ? &formula : NULL, info);
}

static int end_cell(struct xlsx *x, struct err_info *info)
{
	char out[SHEET_TEXT_MAX];
	struct str text = {buf_str(&x->text), x->text.len};
	uint64_t index;
	switch (x->type) {
	case CELL_NUMBER:
		/* Written by a program that can't calculate: not silently empty. */
		if (!text.len && x->has_formula) {
			buf_adds(&x->text, "=");
			buf_add(&x->text, x->formula.data, x->formula.len);
			if (x->text.failed)
				return err_nomem(info);
			text = (struct str){buf_str(&x->text), x->text.len};
		} else {
			text = number_text(x, text, out);
		}
		break;
	case CELL_SHARED:
		if (!text.len)
			return 0;
		if (!read_uint(buf_str(&x->text), UINT32_MAX, &index) ||
		    index >= sheet_strings(x->sheet))
			return broken(x, "单元格的文字找不到", info);
		if (x->sink)
			return put_cell(x, sheet_string(x->sheet, (uint32_t)index), info);
		return sheet_add_shared(x->sheet, (uint32_t)x->column, (uint32_t)index, info);
	case CELL_BOOLEAN:
		if (str_eqs(text, "1") || str_eqs(text, "true"))
			text = STR("TRUE");
		else if (str_eqs(text, "0") || str_eqs(text, "false"))
			text = STR("FALSE");
		break;
	case CELL_TEXT:
		text = unescape(&x->text);
		break;
	case CELL_ISO_DATE:
		if (text.len > 10 && text.data[10] == 'T' &&
		    (text.len < 19 || memcmp(text.data + 11, "00:00:00", 8) == 0))
			text.len = 10;
		break;
	}
	return put_cell(x, text, info);
}

static int sheet_end(void *arg, int state, struct err_info *info)
{
	return state == CELL ? end_cell(arg, info) : 0;
}

/* The whole --------------------------------------------------------------- */

/* What an archive without a workbook is. */
static int not_a_workbook(struct xlsx *x, struct err_info *info)
{
	static const char save[] = "不能直接读取；请用 Excel 或 WPS 打开后另存为 .xlsx",
			  copy[] = "不是表格；请把里面的表格复制到 Excel 或 WPS 表格里，另存为 .xlsx";
	char mime[64] = "";
	const char *kind = "压缩包", *advice = "不是工作簿；请先解压，再选里面的表格文件";
	size_t n = package_peek(&x->package, "mimetype", mime, sizeof(mime) - 1);
	mime[n] = '\0';
	if (strstr(mime, "opendocument.spreadsheet"))
		kind = " OpenDocument 表格（.ods）", advice = save;
	else if (strstr(mime, "opendocument"))
		kind = " OpenDocument 文档", advice = copy;
	else if (package_has(&x->package, "word/document.xml"))
		kind = " Word 文档（.docx）", advice = copy;
	else if (package_has(&x->package, "ppt/presentation.xml"))
		kind = "演示文稿（.pptx）", advice = copy;
	else if (package_has(&x->package, "xl/workbook.bin"))
		kind = "二进制工作簿（.xlsb）", advice = save;
	else if (package_has(&x->package, "xl/workbook.xml"))
		return broken(x, "缺少目录", info);
	return err_set(info, ERR_INPUT, "%s：这是%s，%s", x->package.name, kind, advice);
}

/* Finds the parts: the workbook, its strings and styles, the first visible
 * worksheet. */
static int find_parts(struct xlsx *x, struct err_info *info)
{
	struct part_reader reader = {.rules = workbook_rules, .start = workbook_start, .arg = x};
	int r = read_rels(x, "", info);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (!x->workbook[0])
		snprintf(x->workbook, sizeof(x->workbook), "xl/workbook.xml");
	/* Other documents have an officeDocument too, in other folders. */
	const char *slash = strrchr(x->workbook, '.');
	if (!package_has(&x->package, x->workbook) || !slash || strcasecmp(slash, ".xml") != 0 ||
	    package_has(&x->package, "word/document.xml") ||
	    package_has(&x->package, "ppt/presentation.xml"))
		return not_a_workbook(x, info);
	r = package_read(&x->package, x->workbook, &reader, info);
	if (r == 0)
		r = read_rels(x, x->workbook, info);
	if (r == ERR_NOT_FOUND)
		return broken(x, "缺少目录", info);
	if (r == 0 && x->part_rank < 0)
		return err_set(info, ERR_INPUT, "%s：没有可见的工作表", x->package.name);
	return r;
}

static int read_part(struct xlsx *x, const char *part, const struct part_reader *how, bool must,
		     struct err_info *info)
{
	struct part_reader reader = *how;
	reader.arg = x;
	int r = part[0] ? package_read(&x->package, part, &reader, info) : 0;
	if (r == ERR_NOT_FOUND)
		return must ? broken(x, "缺少工作表", info) : 0;
	return r;
}

/* Styles and strings, which all sheets share. */
static int read_shared(struct xlsx *x, struct err_info *info)
{
	static const struct part_reader styles = {
		.rules = styles_rules, .start = styles_start,
	};
	static const struct part_reader strings = {
		.rules = strings_rules, .text = strings_text, .end = strings_end,
	};
	int r = read_part(x, x->styles, &styles, false, info);
	return r < 0 ? r : read_part(x, x->strings, &strings, false, info);
}

static int read_sheet(struct xlsx *x, struct err_info *info)
{
	static const struct part_reader sheet = {
		.rules = sheet_rules, .start = sheet_start, .text = sheet_text, .end = sheet_end,
	};
	return read_part(x, x->part, &sheet, true, info);
}

static int open_xlsx(struct xlsx **ret_xlsx, const struct table_input *in, struct err_info *info)
{
	if (in->len > TABLE_XLSX_MAX)
		return err_set(info, ERR_LIMIT, "%s 太大：工作簿的上限是 %llu MB", in->name,
			       (unsigned long long)(TABLE_XLSX_MAX >> 20));
	struct xlsx *x = calloc(1, sizeof(*x));
	if (!x)
		return err_nomem(info);
	*ret_xlsx = x;
	x->part_rank = x->only = -1;
	x->row = -1;
	int r = package_open(&x->package, in->name, in->data, in->len, info);
	if (r == 0)
		r = sheet_new(&x->sheet, in->name, info);
	return r < 0 ? r : find_parts(x, info);
}

static void close_xlsx(struct xlsx *x)
{
	if (!x)
		return;
	sheet_free(x->sheet);
	package_done(&x->package);
	buf_done(&x->wanted);
	buf_done(&x->names);
	buf_done(&x->customs);
	buf_done(&x->formats);
	buf_done(&x->text);
	buf_done(&x->formula);
	free(x);
}

int xlsx_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	      struct err_info *info)
{
	struct xlsx *x = NULL;
	int r = open_xlsx(&x, in, info);
	if (r == 0)
		r = read_shared(x, info);
	if (r == 0)
		r = read_sheet(x, info);
	if (r == 0)
		r = sheet_finish(x->sheet, is_head, arg, info);
	if (r == 0) {
		*ret_table = &x->sheet->table;
		x->sheet = NULL;
	}
	close_xlsx(x);
	return r;
}

/* One sheet after the other, each found anew among the relationships. */
static int sink_sheets(struct xlsx *x, struct err_info *info)
{
	const char *name = x->names.data;
	int r = 0;
	for (int i = 0; i < x->wanted_n && r == 0; i++, name += strlen(name) + 1) {
		x->only = i;
		x->part_rank = -1;
		x->row = -1;
		if ((r = read_rels(x, x->workbook, info)) < 0)
			break;
		if (x->part_rank < 0)
			continue;	/* a chart's sheet */
		r = x->sink->sheet(x->sink->arg, name, info);
		if (r == 0)
			r = read_sheet(x, info);
	}
	return r;
}

int xlsx_each(const struct table_input *in, const struct xlsx_sink *sink, struct err_info *info)
{
	struct xlsx *x = NULL;
	int r = open_xlsx(&x, in, info);
	if (r == 0) {
		x->sink = sink;
		x->package.inflated_max = XLSX_SINK_INFLATED;
		r = read_shared(x, info);
	}
	if (r == 0)
		r = sink_sheets(x, info);
	close_xlsx(x);
	return r;
}
