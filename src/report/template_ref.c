/* SPDX-License-Identifier: Apache-2.0 */
/* References of formulas and ranges after rows have been repeated. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/template_in.h"

enum { ROWS_MAX = 1048576, COLUMNS_MAX = 16384 };

uint32_t template_row_first(const struct template_shifts *s, uint32_t row)
{
	uint64_t moved = 0;
	for (int i = 0; i < s->n && s->at[i].row + s->at[i].height <= row; i++)
		moved += (uint64_t)s->at[i].height * (s->at[i].copies - 1);
	return row + moved > ROWS_MAX ? ROWS_MAX : (uint32_t)(row + moved);
}

static int shift_of(const struct template_shifts *s, uint32_t row)
{
	for (int i = 0; i < s->n; i++)
		if (row >= s->at[i].row && row < s->at[i].row + s->at[i].height)
			return i;
	return -1;
}

uint32_t template_row_last(const struct template_shifts *s, uint32_t row)
{
	int i = shift_of(s, row);
	uint64_t last = template_row_first(s, row);
	if (i >= 0)
		last += (uint64_t)s->at[i].height * (s->at[i].copies - 1);
	return last > ROWS_MAX ? ROWS_MAX : (uint32_t)last;
}

/* One end of a reference: $A$5, $5 or $A. */
struct ref {
	bool column_fixed, row_fixed;
	uint32_t column, row;		/* from 1; 0: none */
	size_t len;
};

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct ref read_ref(struct str text, size_t at)
{
	struct ref ref = {0};
	size_t i = at;
	bool dollar = i < text.len && text.data[i] == '$';
	size_t letters = i + dollar;
	while (letters < text.len && is_letter(text.data[letters]) && ref.column <= COLUMNS_MAX)
		ref.column = ref.column * 26 + (uint32_t)((text.data[letters++] & 31));
	if (ref.column) {
		ref.column_fixed = dollar;
		i = letters;
		dollar = i < text.len && text.data[i] == '$';
	}
	size_t digits = i + dollar;
	while (digits < text.len && is_digit(text.data[digits]) && ref.row <= ROWS_MAX)
		ref.row = ref.row * 10 + (uint32_t)(text.data[digits++] - '0');
	if (ref.row) {
		ref.row_fixed = dollar;
		i = digits;
	}
	if (ref.row > ROWS_MAX || ref.column > COLUMNS_MAX || (!ref.row && !ref.column))
		return (struct ref){0};
	ref.len = i - at;
	return ref;
}

static void write_ref(const struct ref *ref, struct buf *out)
{
	char letters[8];
	int n = 0;
	if (ref->column) {
		if (ref->column_fixed)
			buf_addc(out, '$');
		for (uint32_t c = ref->column; c; c = (c - 1) / 26)
			letters[n++] = (char)('A' + (c - 1) % 26);
		while (n)
			buf_addc(out, letters[--n]);
	}
	if (ref->row) {
		if (ref->row_fixed)
			buf_addc(out, '$');
		buf_addu(out, ref->row);
	}
}

/* What happens to references: rows are mapped, or everything is moved. */
struct mapping {
	const struct template_spot *spot;	/* NULL: moved */
	int32_t rows, columns;
};

/* The sheet that a prefix names: its index, -1: none of ours. */
static int sheet_named(const struct template_spot *spot, struct str name)
{
	if (!name.len)
		return spot->sheet;
	for (int i = 0; i < spot->n_all; i++)
		if (str_eqs(name, spot->all[i].sheet))
			return i;
	return -1;
}

/* A row inside the rows that this very copy repeats stays with its copy. */
static bool own_copy(const struct template_spot *spot, int sheet, uint32_t row, uint32_t *ret_row)
{
	const struct template_shifts *s = &spot->all[sheet];
	if (sheet != spot->sheet || spot->shift < 0 || shift_of(s, row) != spot->shift)
		return false;
	*ret_row = template_row_first(s, row) + spot->copy * s->at[spot->shift].height;
	return true;
}

static uint32_t clamp(int64_t value, uint32_t most)
{
	return value < 1 ? 1 : value > most ? most : (uint32_t)value;
}

static void map_one(const struct mapping *m, int sheet, struct ref *ref, bool last)
{
	uint32_t row = ref->row;
	if (!m->spot) {
		if (ref->row && !ref->row_fixed)
			ref->row = clamp((int64_t)ref->row + m->rows, ROWS_MAX);
		if (ref->column && !ref->column_fixed)
			ref->column = clamp((int64_t)ref->column + m->columns, COLUMNS_MAX);
		return;
	}
	if (!row || sheet < 0 || own_copy(m->spot, sheet, row, &ref->row))
		return;
	const struct template_shifts *s = &m->spot->all[sheet];
	ref->row = last ? template_row_last(s, row) : template_row_first(s, row);
}

/* Whether text[begin, end) is all of an argument of a function that takes ranges: the
 * bare C5 of SUM(C5). */
static bool is_whole_argument(struct str text, size_t begin, size_t end)
{
	static const char *const takes[] = {"SUM", "AVERAGE", "COUNT", "COUNTA", "MAX", "MIN"};
	int depth = 0;
	while (end < text.len && text.data[end] == ' ')
		end++;
	while (begin > 0 && text.data[begin - 1] == ' ')
		begin--;
	if (end >= text.len || !strchr(",;)", text.data[end]) || begin == 0 || !strchr(",;(", text.data[begin - 1]))
		return false;
	for (; begin > 0 && (depth > 0 || text.data[begin - 1] != '('); begin--)
		depth += text.data[begin - 1] == ')' ? 1 : text.data[begin - 1] == '(' ? -1 : 0;
	if (begin-- == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(takes); i++) {
		size_t len = strlen(takes[i]);
		if (begin >= len && strncasecmp(text.data + begin - len, takes[i], len) == 0 &&
		    (begin == len || !is_letter(text.data[begin - len - 1])))
			return true;
	}
	return false;
}

/* Whether a single reference, from elsewhere, means every copy of its row. */
static bool means_all(const struct mapping *m, int sheet, struct str text, size_t begin, size_t end, uint32_t row)
{
	const struct template_spot *spot = m->spot;
	if (!spot || sheet < 0 || !row)
		return false;
	int shift = shift_of(&spot->all[sheet], row);
	bool own = sheet == spot->sheet && spot->shift >= 0 && shift == spot->shift;
	return shift >= 0 && !own && spot->all[sheet].at[shift].copies > 1 && is_whole_argument(text, begin, end);
}

/* A reference or a range at `at`; the bytes taken, 0: there is none. `begin`: where the name of its sheet
 * stands, if it has one. */
static size_t map_ref(const struct mapping *m, int sheet, struct str text, size_t begin, size_t at, struct buf *out)
{
	struct ref from = read_ref(text, at), to = {0};
	size_t end = at + from.len;
	if (!from.len)
		return 0;
	if (end < text.len && text.data[end] == ':')
		to = read_ref(text, end + 1);
	bool range = to.len && !to.row == !from.row && !to.column == !from.column;
	if (!range && (!from.row || !from.column))
		return 0;
	size_t after = range ? end + 1 + to.len : end;
	if (after < text.len && (is_letter(text.data[after]) || is_digit(text.data[after]) ||
				 strchr("_.!($", text.data[after]) || (unsigned char)text.data[after] >= 0x80))
		return 0;
	if (!range && means_all(m, sheet, text, begin, end, from.row)) {
		to = from;
		range = true;
	}
	if (range && sheet >= 0 && m->spot && from.row && from.row == to.row &&
	    own_copy(m->spot, sheet, from.row, &from.row)) {
		to.row = from.row;
	} else if (range && m->spot && sheet >= 0 && from.row && shift_of(&m->spot->all[sheet], from.row) >= 0 &&
		   shift_of(&m->spot->all[sheet], from.row) != shift_of(&m->spot->all[sheet], to.row)) {
		/* From within repeated rows to beyond them: all of them, in every copy. */
		from.row = template_row_first(&m->spot->all[sheet], from.row);
		to.row = template_row_last(&m->spot->all[sheet], to.row);
	} else {
		map_one(m, sheet, &from, false);
		if (range)
			map_one(m, sheet, &to, true);
	}
	write_ref(&from, out);
	if (range) {
		buf_addc(out, ':');
		write_ref(&to, out);
	}
	return after - at;
}

static bool in_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '$' || c == '\\' || c == '?' ||
	       (unsigned char)c >= 0x80;
}

/* 'It''s' at `at` without its quotes, the bytes it takes. */
static size_t read_quoted(struct str text, size_t at, struct buf *name)
{
	size_t i = at + 1;
	while (i < text.len) {
		if (text.data[i] == '\'' && i + 1 < text.len && text.data[i + 1] == '\'')
			i++;
		else if (text.data[i] == '\'')
			return i + 1 - at;
		buf_addc(name, text.data[i++]);
	}
	return text.len - at;
}

static void write_sheet(const struct mapping *m, int sheet, struct str raw, struct buf *out)
{
	const char *renamed = m->spot && sheet >= 0 ? m->spot->all[sheet].renamed : NULL;
	if (!renamed) {
		buf_add(out, raw.data, raw.len);
		return;
	}
	buf_addc(out, '\'');
	for (const char *p = renamed; *p; p++) {
		if (*p == '\'')
			buf_addc(out, '\'');
		buf_addc(out, *p);
	}
	buf_addc(out, '\'');
}

/* A quoted text, or what stands in brackets: copied. The bytes it takes; 0. */
static size_t skip(struct str text, size_t at, struct buf *out)
{
	size_t i = at + 1;
	int depth = 1;
	if (text.data[at] == '"') {
		while (i < text.len && text.data[i] != '"')
			i++;
	} else if (text.data[at] == '[') {
		for (; i < text.len && depth; i++)
			depth += text.data[i] == '[' ? 1 : text.data[i] == ']' ? -1 : 0;
		i--;
	} else {
		return 0;
	}
	i = i < text.len ? i + 1 : text.len;
	buf_add(out, text.data + at, i - at);
	return i - at;
}

static void map_plain(const struct mapping *m, struct str text, struct buf *out)
{
	int home = m->spot ? m->spot->sheet : 0;
	bool foreign = false;		/* in another workbook */
	for (size_t i = 0, n; i < text.len; i += n) {
		AUTO(buf) struct buf name = {0};
		size_t word = i;
		if ((n = skip(text, i, out)) > 0) {
			foreign = text.data[i] == '[';
			continue;
		}
		if (text.data[i] == '\'') {
			n = read_quoted(text, i, &name);
			foreign = name.len && name.data[0] == '[';
		} else {
			while (word < text.len && in_word(text.data[word]))
				word++;
			n = word - i;
			buf_add(&name, text.data + i, n);
		}
		if (i + n < text.len && text.data[i + n] == '!' && n) {
			int sheet = foreign ? -1 : m->spot ? sheet_named(m->spot, (struct str){buf_str(&name), name.len}) : 0;
			write_sheet(m, sheet, (struct str){text.data + i, n}, out);
			buf_addc(out, '!');
			n++;
			foreign = false;
			/* The one reference that follows is that sheet's. */
			size_t taken = map_ref(m, sheet, text, i, i + n, out);
			n += taken;
			continue;
		}
		foreign = false;
		size_t taken = n && text.data[i] != '\'' ? map_ref(m, home, text, i, i, out) : 0;
		if (taken) {
			n = taken;
		} else {
			n = n ? n : 1;
			buf_add(out, text.data + i, n);
		}
	}
}

static void map_raw(const struct mapping *m, struct str formula, struct buf *out)
{
	AUTO(buf) struct buf plain = {0}, mapped = {0};
	xml_unescape(formula, &plain);
	map_plain(m, (struct str){buf_str(&plain), plain.len}, &mapped);
	xml_escape((struct str){buf_str(&mapped), mapped.len}, out);
	out->failed |= plain.failed || mapped.failed;
}

void template_map(const struct template_spot *spot, struct str formula, struct buf *out)
{
	map_raw(&(struct mapping){.spot = spot}, formula, out);
}

void template_move(struct str formula, int32_t rows, int32_t columns, struct buf *out)
{
	map_raw(&(struct mapping){.rows = rows, .columns = columns}, formula, out);
}
