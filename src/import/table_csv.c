/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV, slowly and precisely. The whole text lies in memory as UTF-8; cells
 * point into it, except those with doubled quotes, which are unfolded into
 * `unfolded`.
 *
 * A record that breaks the quoting rules ends there, and reading goes on at the
 * line after the one where the broken cell starts, so that a quote nobody
 * closed hides nothing. This stays linear: between the opening quote and the
 * place where it went wrong all runs of quotes are even, and an even run closes
 * what it opens.
 */
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "import/table_impl.h"

#define WHY_STRAY "单元格中间有引号：含引号的单元格要整个用引号括起来，里面的每个引号写两遍"
#define WHY_AFTER "右引号后面还有文字：单元格里面的引号要写两遍"
#define WHY_OPEN "引号没有闭合"
#define WHY_LONG "单元格超过 1 MB 的上限，常见原因是引号没有闭合"
#define WHY_WIDE "超过 1024 列的上限"

struct csv {
	struct table table;
	struct buf own;			/* the text where it is not borrowed */
	const char *at, *end;
	uint64_t line;			/* of `at` */
	char comma, eol;
	struct str cells[TABLE_COLUMNS_MAX];
	bool doubled[TABLE_COLUMNS_MAX];	/* holds doubled quotes */
	struct buf unfolded;
};

static uint64_t count_char(const char *data, const char *end, char c)
{
	uint64_t n = 0;
	while (data < end && (data = memchr(data, c, (size_t)(end - data)))) {
		n++;
		data++;
	}
	return n;
}

/* The end of the quoted cell that opens at `p`: its closing quote. NULL where
 * it isn't closed within the limit; *ret_why says which. */
static const char *scan_quoted(const struct csv *csv, const char *p, bool *ret_doubled,
			       const char **ret_why)
{
	/* Doubled quotes count twice here: the limit is on the cell as written. */
	const char *stop = csv->end;
	bool cut = stop - p > TABLE_CELL_MAX + 2;
	if (cut)
		stop = p + TABLE_CELL_MAX + 2;
	*ret_doubled = false;
	for (p++; p < stop && (p = memchr(p, '"', (size_t)(stop - p))); p += 2) {
		if (p + 1 == csv->end || p[1] != '"')
			return p;
		*ret_doubled = true;
	}
	*ret_why = cut ? WHY_LONG : WHY_OPEN;
	return NULL;
}

/* The end of the unquoted cell at `p`: a comma, line end, the text's end, or
 * what breaks it. */
static const char *scan_plain(const struct csv *csv, const char *p)
{
	while (p < csv->end && *p != csv->comma && *p != csv->eol && *p != '"')
		p++;
	return p;
}

/* Skips the CR of CR LF, or a last one. */
static const char *skip_cr(const struct csv *csv, const char *p)
{
	bool cr = p < csv->end && *p == '\r' && csv->eol == '\n' &&
		  (p + 1 == csv->end || p[1] == '\n');
	return cr ? p + 1 : p;
}

/* Reads the cell at *p, moves *p behind it and returns why it is broken. */
static const char *read_cell(struct csv *csv, struct table_row *row, const char **p)
{
	const char *why = NULL, *start = *p, *end;
	int i = row->n;

	if (i == TABLE_COLUMNS_MAX)
		return WHY_WIDE;
	csv->doubled[i] = false;
	if (start < csv->end && *start == '"') {
		start++;
		end = scan_quoted(csv, *p, &csv->doubled[i], &why);
		if (!end) {
			csv->doubled[i] = false;
			end = start;
		} else {
			*p = skip_cr(csv, end + 1);
			if (*p < csv->end && **p != csv->comma && **p != csv->eol)
				why = WHY_AFTER;
		}
	} else {
		end = *p = scan_plain(csv, start);
		if (end < csv->end && *end == '"')
			why = WHY_STRAY;
		else if (end > start && skip_cr(csv, end - 1) == end)
			end--;
		if (end - start > TABLE_CELL_MAX) {
			why = WHY_LONG;
			end = start;
		}
	}
	csv->cells[i] = (struct str){start, (size_t)(end - start)};
	row->n++;
	return why;
}

/* Reads the record at csv->at and moves on. */
static void read_record(struct csv *csv, struct table_row *ret_row)
{
	struct table_row row = {.line = csv->line, .cells = csv->cells};
	const char *p = csv->at;
	for (;;) {
		const char *cell = p;
		const char *why = read_cell(csv, &row, &p);
		if (why) {
			row.broken = true;
			row.why = why;
			row.why_cell = row.n - 1;
			p = memchr(cell, csv->eol, (size_t)(csv->end - cell));
			if (!p)
				p = csv->end;
		} else {
			csv->line += count_char(cell, p, csv->eol);
		}
		if (p < csv->end && *p == csv->comma && !why) {
			p++;
			continue;
		}
		break;
	}
	if (p < csv->end) {
		p++;
		csv->line++;
	}
	csv->at = p;
	*ret_row = row;
}

static bool is_blank(const struct table_row *row)
{
	for (int i = 0; i < row->n; i++)
		if (str_trim(row->cells[i]).len)
			return false;
	return !row->broken;
}

/* Makes two quotes one in the cells that have doubled ones. */
static bool unfold_quotes(struct csv *csv, int n)
{
	size_t need = 0;
	for (int i = 0; i < n; i++)
		if (csv->doubled[i])
			need += csv->cells[i].len;
	if (!need)
		return true;
	buf_clear(&csv->unfolded);
	if (!buf_reserve(&csv->unfolded, need))
		return false;
	char *out = csv->unfolded.data;
	for (int i = 0; i < n; i++) {
		if (!csv->doubled[i])
			continue;
		const char *p = csv->cells[i].data, *end = p + csv->cells[i].len;
		csv->cells[i].data = out;
		for (; p < end; p++) {
			*out++ = *p;
			if (*p == '"')
				p++;
		}
		csv->cells[i].len = (size_t)(out - csv->cells[i].data);
	}
	return true;
}

static int csv_next(struct table *table, struct table_row *ret_row, struct err_info *info)
{
	struct csv *csv = (struct csv *)table;
	struct table_row row;
	do {
		if (csv->at == csv->end)
			return 0;
		read_record(csv, &row);
	} while (is_blank(&row));
	if (!unfold_quotes(csv, row.n))
		return err_nomem(info);
	*ret_row = row;
	return 1;
}

static void csv_free(struct table *table)
{
	struct csv *csv = (struct csv *)table;
	buf_done(&csv->own);
	buf_done(&csv->unfolded);
	free(csv);
}

/* Appends the text in encoding `from` to `out` as UTF-8. ERR_INPUT where it
 * breaks the encoding: *ret_line is the line. */
static int convert(const char *from, struct str text, struct buf *out, uint64_t *ret_line,
		   struct err_info *info)
{
	iconv_t cd = iconv_open("UTF-8", from);
	if (cd == (iconv_t)-1)
		return errno == ENOMEM ? err_nomem(info) :
			err_set(info, ERR_IO, "本机的 C 库不支持 %s 编码", from);
	char *in = (char *)text.data;
	size_t left = text.len;
	int r = 0;
	while (left && r == 0) {
		/* Most texts grow by half; whatever is missing comes in steps. */
		if (!buf_reserve(out, left + left / 2 + 64)) {
			r = err_nomem(info);
			break;
		}
		char *to = out->data + out->len;
		size_t room = out->cap - out->len - 1, before = room;
		size_t n = iconv(cd, &in, &left, &to, &room);
		int e = errno;
		out->len += before - room;
		out->data[out->len] = '\0';
		if (n == (size_t)-1 && e != E2BIG)
			r = ERR_INPUT;
	}
	iconv_close(cd);
	if (r == ERR_INPUT)
		*ret_line = 1 + count_char(buf_str(out), buf_str(out) + out->len, '\n');
	return r;
}

/* The first byte that is no UTF-8; text.len if there is none. *ret_mostly:
 * the text is UTF-8 but for a few bytes, so that reading it as GB18030 would
 * only make a mess of it. */
static size_t first_broken_utf8(struct str text, bool *ret_mostly)
{
	if (str_is_utf8(text.data, text.len))
		return text.len;
	size_t first = text.len, good = 0, bad = 0;
	for (size_t i = 0; i < text.len;) {
		size_t n = str_utf8_len(text.data + i, text.len - i);
		if (!n && first == text.len)
			first = i;
		bad += !n;
		good += n > 1;
		i += n ? n : 1;
	}
	/* GB18030 taken for UTF-8 has far more broken bytes than lucky ones. */
	*ret_mostly = good >= 4 * bad;
	return first;
}

/* The text as UTF-8 without a byte order mark: *ret_text, in `out` where it
 * had to be converted. */
static int to_utf8(const struct table_input *in, struct buf *out, struct str *ret_text,
		   bool *ret_utf16, struct err_info *info)
{
	struct str text = {in->data, in->len};
	const char *from = "GB18030", *advice = "它既不是 UTF-8 也不是 GB18030";
	uint64_t line = 0;
	bool bom = text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;
	*ret_utf16 = text.len >= 2 && (memcmp(text.data, "\xFF\xFE", 2) == 0 ||
				       memcmp(text.data, "\xFE\xFF", 2) == 0);
	if (*ret_utf16) {
		from = text.data[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
		advice = "UTF-16 编码有错";
		text.data += 2;
		text.len -= 2;
	} else {
		if (bom) {
			text.data += 3;
			text.len -= 3;
		}
		bool mostly = false;
		size_t broken = first_broken_utf8(text, &mostly);
		if (broken == text.len) {
			*ret_text = text;
			return 0;
		}
		if (bom || mostly) {
			line = 1 + count_char(text.data, text.data + broken, '\n');
			return err_set(info, ERR_INPUT, "%s：第 %llu 行有损坏的 UTF-8 字符，"
				       "请重新保存为“CSV UTF-8”", in->name, (unsigned long long)line);
		}
	}
	int r = convert(from, text, out, &line, info);
	if (r == ERR_INPUT)
		return err_set(info, r, "%s：第 %llu 行的文字无法识别（%s），"
			       "请在 Excel 或 WPS 中另存为“CSV UTF-8”或 .xlsx", in->name,
			       (unsigned long long)line, advice);
	if (r == 0)
		*ret_text = (struct str){buf_str(out), out->len};
	return r;
}

/* Refuses NUL bytes and decides on separators. */
static int inspect(struct csv *csv, const char *name, struct str text, bool utf16,
		   struct err_info *info)
{
	const char *nul = text.len ? memchr(text.data, '\0', text.len) : NULL;
	if (nul)
		return err_set(info, ERR_INPUT, "%s：第 %llu 行有空字节（NUL），这不是 CSV 文本，"
			       "请在 Excel 或 WPS 中另存为“CSV UTF-8”或 .xlsx", name,
			       (unsigned long long)(1 + count_char(text.data, nul, '\n')));
	csv->at = text.len ? text.data : "";
	csv->end = csv->at + text.len;
	csv->line = 1;
	csv->eol = count_char(csv->at, csv->end, '\n') ? '\n' : '\r';
	csv->comma = ',';
	/* Excel's "Unicode text" is UTF-16 separated by tabs. */
	const char *line_end = memchr(csv->at, csv->eol, text.len);
	size_t head = line_end ? (size_t)(line_end - csv->at) : text.len;
	if (utf16 && memchr(csv->at, '\t', head) && !memchr(csv->at, ',', head))
		csv->comma = '\t';

	struct table_row row = {0};
	const char *at = csv->at;
	while (csv->at < csv->end && (read_record(csv, &row), is_blank(&row)))
		at = csv->at;
	if (csv->at == at || is_blank(&row))
		return err_set(info, ERR_INPUT, "%s：是空的，第一行应是列名", name);
	csv->at = at;
	csv->line = row.line;
	return 0;
}

int csv_open(struct table **ret_table, struct table_input *in, struct err_info *info)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	if (!csv)
		return err_nomem(info);
	csv->table = (struct table){.next = csv_next, .free = csv_free};
	struct str text = {0};
	bool utf16 = false;
	int r = to_utf8(in, &csv->own, &text, &utf16, info);
	if (r == 0)
		r = inspect(csv, in->name, text, utf16, info);
	if (r < 0) {
		csv_free(&csv->table);
		return r;
	}
	if (!csv->own.data) {	/* the text is the input itself */
		csv->own = in->own;
		in->own = (struct buf){0};
	}
	*ret_table = &csv->table;
	return 0;
}
