/* SPDX-License-Identifier: Apache-2.0 */
/* One worksheet: which rows are repeated, and the sheet written anew around
 * what stays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/template_in.h"

enum { ROWS_MAX = 1048576 };

static int broken(const struct template_sheet *sheet, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "模板的工作表已损坏（%s），请用 Excel 或 WPS 打开后重新保存", sheet->part);
}

static bool read_number(struct str text, uint32_t most, uint32_t *ret_number)
{
	uint64_t number = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(text.data[i] - '0');
		if (number > most)
			return false;
	}
	*ret_number = (uint32_t)number;
	return text.len > 0;
}

/* The row's number, from 1, after the row `before`; 0: broken. */
static uint32_t row_number(const struct template_sheet *sheet, const struct xml_cut *row,
			   uint32_t before)
{
	struct str r = xml_attr(sheet->raw, row, "r");
	uint32_t number = before + 1;
	if (r.data && !read_number(r, ROWS_MAX, &number))
		return 0;
	return number > before && number <= ROWS_MAX ? number : 0;
}

/* The letters of a cell's place; the column that follows where it has none. */
static void cell_letters(const struct template_sheet *sheet, const struct xml_cut *cell,
			 uint32_t *column, char out[8])
{
	struct str r = xml_attr(sheet->raw, cell, "r");
	uint32_t c = 0;
	for (size_t i = 0; i < r.len && i < 3 && r.data[i] >= 'A' && r.data[i] <= 'Z'; i++)
		c = c * 26 + (uint32_t)(r.data[i] - 'A' + 1);
	c = c ? c : *column + 1;
	*column = c;
	char reversed[8];
	int n = 0, k = 0;
	for (; c && n < 7; c = (c - 1) / 26)
		reversed[n++] = (char)('A' + (c - 1) % 26);
	while (n)
		out[k++] = reversed[--n];
	out[k] = '\0';
}

/* The element whose <t>s are the cell's text, and the text it stands in. */
static const struct xml_cut *cell_string(const struct template_sheet *sheet,
					 const struct template_strings *strings,
					 const struct xml_cut *cell, struct str *ret_raw)
{
	struct str t = xml_attr(sheet->raw, cell, "t");
	const struct xml_cut *v = xml_child(cell, "v");
	uint32_t index;
	*ret_raw = sheet->raw;
	if (str_eqs(t, "inlineStr"))
		return xml_child(cell, "is");
	if (!str_eqs(t, "s") || !v || xml_child(cell, "f"))
		return NULL;
	struct str digits = {sheet->raw.data + v->inner, v->inner_end - v->inner};
	*ret_raw = strings->raw;
	return read_number(str_trim(digits), INT32_MAX, &index) && (int)index < strings->n ?
	       strings->items[index] : NULL;
}

/* Its words; phonetic runs are none. */
static int string_text(struct str raw, const struct xml_cut *string, struct arena *arena,
		       struct xml_cut ***ret_texts, int *ret_n, struct buf *out, struct err_info *info)
{
	int r = template_texts(string, "t", "rPh", arena, ret_texts, ret_n, info);
	if (r == 0)
		template_join(raw, *ret_texts, *ret_n, out);
	return r == 0 && out->failed ? err_nomem(info) : r;
}

int template_sheet_open(struct template_sheet *sheet, const struct template_file *file,
			const char *part, struct err_info *info)
{
	const struct template_part *p = template_part(file, part);
	*sheet = (struct template_sheet){.part = part};
	if (!p)
		return broken(sheet, info);
	sheet->raw = p->data;
	int r = xml_cut(sheet->raw, file->arena, &sheet->root, info);
	if (r < 0)
		return r;
	struct xml_cut *worksheet = xml_child(&sheet->root, "worksheet");
	sheet->data = worksheet ? xml_child(worksheet, "sheetData") : NULL;
	return worksheet && sheet->data ? 0 : broken(sheet, info);
}

/* ---- looking ---- */

int template_sheet_scan(const struct template_sheet *sheet, const struct template_strings *strings,
			const char *name, struct template_finds *finds, struct err_info *info)
{
	uint32_t before = 0;
	int r = 0;
	for (struct xml_cut *row = xml_child(sheet->data, "row"); row && r == 0; row = xml_from(row->next, "row")) {
		uint32_t number = row_number(sheet, row, before), column = 0;
		if (!number)
			return broken(sheet, info);
		before = number;
		const char *list = NULL;
		for (struct xml_cut *c = xml_child(row, "c"); c && r == 0; c = xml_from(c->next, "c")) {
			AUTO(buf) struct buf text = {0};
			struct str raw;
			struct xml_cut **texts;
			int n;
			char letters[8];
			cell_letters(sheet, c, &column, letters);
			const struct xml_cut *string = cell_string(sheet, strings, c, &raw);
			if (!string)
				continue;
			r = string_text(raw, string, finds->arena, &texts, &n, &text, info);
			struct str words = {buf_str(&text), text.len};
			if (r < 0 || !template_has(words))
				continue;
			const char *where = arena_printf(finds->arena, "%s!%s%u", name, letters, number);
			if (!where)
				return err_nomem(info);
			r = template_note(finds, words, where, info);
			if (r == 0)
				r = template_list_of(words, where, finds->arena, &list, info);
		}
	}
	return r;
}

/* The list a row repeats; NULL. */
static int row_list(const struct template_sheet *sheet, const struct template_strings *strings,
		    const struct xml_cut *row, struct arena *arena, const char **ret_list,
		    struct err_info *info)
{
	int r = 0;
	*ret_list = NULL;
	for (struct xml_cut *c = xml_child(row, "c"); c && r == 0; c = xml_from(c->next, "c")) {
		AUTO(buf) struct buf text = {0};
		struct str raw;
		struct xml_cut **texts;
		int n;
		const struct xml_cut *string = cell_string(sheet, strings, c, &raw);
		if (!string)
			continue;
		r = string_text(raw, string, arena, &texts, &n, &text, info);
		struct str words = {buf_str(&text), text.len};
		if (r == 0 && template_has(words))
			r = template_list_of(words, sheet->part, arena, ret_list, info);
	}
	return r;
}

static int add_shift(struct template_sheet *sheet, int *cap, struct template_shift shift,
		     const char *list, struct arena *arena, struct err_info *info)
{
	struct template_shifts *s = &sheet->shifts;
	if (s->n == *cap) {
		int more = *cap ? *cap * 2 : 8;
		struct template_shift *at = arena_alloc(arena, (size_t)more * sizeof(*at));
		const char **lists = arena_alloc(arena, (size_t)more * sizeof(*lists));
		if (!at || !lists)
			return err_nomem(info);
		if (s->n) {
			memcpy(at, s->at, (size_t)s->n * sizeof(*at));
			memcpy(lists, sheet->lists, (size_t)s->n * sizeof(*lists));
		}
		s->at = at;
		sheet->lists = lists;
		*cap = more;
	}
	s->at[s->n] = shift;
	sheet->lists[s->n++] = list;
	return 0;
}

int template_sheet_rows(struct template_sheet *sheet, const struct template_strings *strings,
			const struct template_data *data, struct arena *arena, struct err_info *info)
{
	uint32_t before = 0;
	uint64_t rows = 0;
	int cap = 0, r = 0;
	sheet->shifts.n = 0;
	for (struct xml_cut *row = xml_child(sheet->data, "row"); row && r == 0; row = xml_from(row->next, "row")) {
		uint32_t number = row_number(sheet, row, before);
		const char *name;
		if (!number)
			return broken(sheet, info);
		before = number;
		if ((r = row_list(sheet, strings, row, arena, &name, info)) < 0 || !name)
			continue;
		const struct template_list *list = template_list(data, str_from(name));
		struct template_shift *last = sheet->shifts.n ? &sheet->shifts.at[sheet->shifts.n - 1] : NULL;
		if (!list)
			continue;	/* unknown: left standing */
		uint32_t copies = list->n > 0 ? (uint32_t)list->n : 1;
		if (last && last->row + last->height == number &&
		    strcmp(sheet->lists[sheet->shifts.n - 1], name) == 0)
			last->height++;
		else
			r = add_shift(sheet, &cap, (struct template_shift){number, 1, copies}, name, arena, info);
	}
	for (int i = 0; i < sheet->shifts.n; i++)
		rows += (uint64_t)sheet->shifts.at[i].height * sheet->shifts.at[i].copies;
	if (r == 0 && rows + before > ROWS_MAX)
		return err_set(info, ERR_LIMIT, "填好以后超过 %d 行，请选择下一级分别填写", ROWS_MAX);
	return r;
}

/* ---- writing ---- */

struct master {
	struct str si;
	const struct xml_cut *f;
	uint32_t row, column;
};

struct writing {
	const struct template_source *source;
	const char *name;		/* of the sheet, as it is written */
	const struct template_sheet *sheet;
	const struct template_strings *strings;
	struct template_at at;
	struct template_spot spot;
	uint32_t from, to;		/* the row's number in the template, and now */
	struct master *masters;
	int n_masters;
	struct arena *arena;		/* lives on */
	struct arena scratch;		/* of one row */
	struct buf *out;
	struct err_info *info;
};

/* Keeps what a cell may hold. */
static struct str cut_text(struct str text, struct buf *scratch)
{
	size_t i = 0;
	for (int n = 0; i < text.len; n++) {
		size_t len = str_utf8_len(text.data + i, text.len - i);
		if (n == TEMPLATE_CELL_CHARS) {
			buf_add(scratch, text.data, i);
			buf_adds(scratch, "…");
			return (struct str){buf_str(scratch), scratch->len};
		}
		i += len ? len : 1;
	}
	return text;
}

/* Where the whole text is one placeholder that is known. */
static bool is_alone(const struct template_at *at, struct str words, struct template_hole *ret_hole,
		     struct template_value *ret_value, char scratch[32])
{
	struct str trimmed = str_trim(words);
	return template_next(trimmed, 0, ret_hole) && ret_hole->start == 0 && ret_hole->end == trimmed.len &&
	       template_value(at, ret_hole->name, scratch, ret_value);
}

static int tell(struct writing *w, const char *name, uint32_t column)
{
	if (!w->source->placed)
		return 0;
	const struct template_placed placed = {
		.sheet = w->name, .row = w->to, .column = column - 1, .name = name, .block = w->spot.shift,
		.item = w->at.list ? w->at.row : -1,
		.offset = w->spot.shift < 0 ? 0 : w->from - w->sheet->shifts.at[w->spot.shift].row};
	return w->source->placed(w->source->placed_arg, &placed, w->info);
}

static int write_string(struct writing *w, const struct xml_cut *cell, struct str raw,
			const struct xml_cut *string, struct xml_cut *const *texts, int n,
			struct str words)
{
	int p = (int)cell->prefix.len;
	const char *prefix = p ? cell->prefix.data : "";
	AUTO(buf) struct buf plain = {0}, scratch = {0};
	bool same = str_eq(cell->prefix, string->prefix);
	int r = 0;
	buf_addf(w->out, "<%.*sis>", p, prefix);
	template_fill_plain(&w->at, words, &plain);
	struct str now = {buf_str(&plain), plain.len}, cut = cut_text(now, &scratch);
	if (same && cut.data == now.data) {
		/* Its runs with their fonts; phonetics would no longer be true. */
		struct template_edits edits = {.arena = &w->scratch};
		for (struct xml_cut *c = string->first; c && r == 0; c = c->next)
			if (xml_is(c, "rPh") || xml_is(c, "phoneticPr"))
				r = template_edit(&edits, c->start, c->end, (struct str){0}, w->info);
		if (r == 0)
			r = template_fill_runs(&w->at, raw, texts, n, &edits, w->info);
		template_write(raw, string->inner, string->inner_end, &edits, w->out);
	} else {
		buf_addf(w->out, "<%.*st xml:space=\"preserve\">", p, prefix);
		xml_escape(cut, w->out);
		buf_addf(w->out, "</%.*st>", p, prefix);
	}
	buf_addf(w->out, "</%.*sis>", p, prefix);
	return r < 0 ? r : plain.failed || scratch.failed ? err_nomem(w->info) : 0;
}

/* Formulas that other cells share, found once. */
static int find_masters(struct writing *w)
{
	struct str raw = w->sheet->raw;
	uint32_t before = 0;
	int cap = 0;
	for (struct xml_cut *row = xml_child(w->sheet->data, "row"); row; row = xml_from(row->next, "row")) {
		uint32_t number = row_number(w->sheet, row, before), column = 0;
		before = number;
		for (struct xml_cut *c = xml_child(row, "c"); c; c = xml_from(c->next, "c")) {
			char letters[8];
			struct xml_cut *f = xml_child(c, "f");
			cell_letters(w->sheet, c, &column, letters);
			if (!f || f->inner == f->inner_end || !str_eqs(xml_attr(raw, f, "t"), "shared"))
				continue;
			if (w->n_masters == cap) {
				cap = cap ? cap * 2 : 16;
				struct master *more = arena_alloc(w->arena, (size_t)cap * sizeof(*more));
				if (!more)
					return err_nomem(w->info);
				if (w->n_masters)
					memcpy(more, w->masters, (size_t)w->n_masters * sizeof(*more));
				w->masters = more;
			}
			w->masters[w->n_masters++] = (struct master){xml_attr(raw, f, "si"), f, number, column};
		}
	}
	return 0;
}

/* The formula that another cell shares, as it would stand in this one. */
static void write_shared(struct writing *w, const struct xml_cut *f, uint32_t column,
			 struct buf *out)
{
	struct str raw = w->sheet->raw, si = xml_attr(raw, f, "si");
	for (int i = 0; i < w->n_masters; i++) {
		const struct master *m = &w->masters[i];
		if (!str_eq(m->si, si))
			continue;
		template_move((struct str){raw.data + m->f->inner, m->f->inner_end - m->f->inner},
			      (int32_t)w->from - (int32_t)m->row, (int32_t)column - (int32_t)m->column, out);
		return;
	}
}

static void write_formula(struct writing *w, const struct xml_cut *f, uint32_t column)
{
	struct str raw = w->sheet->raw, type = xml_attr(raw, f, "t");
	struct str text = {raw.data + f->inner, f->inner_end - f->inner};
	AUTO(buf) struct buf expanded = {0}, ref = {0};
	if (str_eqs(type, "shared") && !text.len) {
		write_shared(w, f, column, &expanded);
		text = (struct str){buf_str(&expanded), expanded.len};
	}
	int p = (int)f->prefix.len;
	const char *prefix = p ? f->prefix.data : "";
	struct str area = xml_attr(raw, f, "ref");
	if (str_eqs(type, "array") && area.data) {
		template_map(&w->spot, area, &ref);
		buf_addf(w->out, "<%.*sf t=\"array\" ref=\"%s\">", p, prefix, buf_str(&ref));
	} else {
		buf_addf(w->out, "<%.*sf>", p, prefix);
	}
	template_map(&w->spot, text, w->out);
	buf_addf(w->out, "</%.*sf>", p, prefix);
	w->out->failed |= expanded.failed || ref.failed;
}

/* A formula stays one; what it came to before is forgotten. */
static void write_formula_cell(struct writing *w, const struct xml_cut *c, const char *place,
			       uint32_t column)
{
	const struct xml_set sets[] = {{"r", str_from(place)}, {"t", {0}}};
	struct str raw = w->sheet->raw;
	xml_copy_tag(raw, c, sets, 2, true, w->out);
	for (struct xml_cut *child = c->first; child; child = child->next) {
		if (xml_is(child, "f"))
			write_formula(w, child, column);
		else if (!xml_is(child, "v"))
			xml_copy(raw, child->start, child->end, w->out);
	}
	xml_copy(raw, c->inner_end, c->end, w->out);
}

static int write_cell(struct writing *w, const struct xml_cut *c, uint32_t *column)
{
	AUTO(buf) struct buf words = {0};
	struct template_value value;
	struct str raw;
	struct xml_cut **texts = NULL;
	char letters[8], place[20], scratch[32];
	int n = 0, r = 0;
	cell_letters(w->sheet, c, column, letters);
	snprintf(place, sizeof(place), "%s%u", letters, w->to);
	if (xml_child(c, "f")) {
		write_formula_cell(w, c, place, *column);
		return 0;
	}
	const struct xml_cut *string = cell_string(w->sheet, w->strings, c, &raw);
	if (string)
		r = string_text(raw, string, &w->scratch, &texts, &n, &words, w->info);
	struct str text = {buf_str(&words), words.len};
	const struct xml_set here[] = {{"r", str_from(place)}, {"t", {0}}};
	if (r < 0 || !string || !template_has(text)) {
		xml_copy_tag(w->sheet->raw, c, here, 1, false, w->out);
		xml_copy(w->sheet->raw, c->inner, c->end, w->out);
		return r;
	}
	int p = (int)c->prefix.len;
	const char *prefix = p ? c->prefix.data : "";
	struct template_hole hole;
	bool alone = is_alone(&w->at, text, &hole, &value, scratch);
	if (alone && (r = tell(w, hole.name, *column)) < 0)
		return r;
	if (alone && (value.number || !value.text)) {
		xml_copy_tag(w->sheet->raw, c, here, 2, true, w->out);
		if (value.text)
			buf_addf(w->out, "<%.*sv>%s</%.*sv>", p, prefix, value.text, p, prefix);
	} else {
		const struct xml_set inline_string[] = {{"r", str_from(place)}, {"t", STR("inlineStr")}};
		xml_copy_tag(w->sheet->raw, c, inline_string, 2, true, w->out);
		r = write_string(w, c, raw, string, texts, n, text);
	}
	buf_addf(w->out, "</%.*sc>", p, prefix);
	return r;
}

static int write_row(struct writing *w, const struct xml_cut *row)
{
	char number[12];
	uint32_t column = 0;
	int r = 0;
	arena_done(&w->scratch);
	snprintf(number, sizeof(number), "%u", w->to);
	const struct xml_set set = {"r", str_from(number)};
	xml_copy_tag(w->sheet->raw, row, &set, 1, false, w->out);
	if (row->empty)
		return 0;
	for (struct xml_cut *c = row->first; c && r == 0; c = c->next) {
		if (xml_is(c, "c"))
			r = write_cell(w, c, &column);
		else
			xml_copy(w->sheet->raw, c->start, c->end, w->out);
	}
	xml_copy(w->sheet->raw, row->inner_end, row->end, w->out);
	if (w->out->len > TEMPLATE_OUT_MAX)
		return err_set(w->info, ERR_LIMIT, "填好以后超过 %d MB，请选择下一级分别填写", TEMPLATE_OUT_MAX >> 20);
	return r;
}

/* The rows of one shift, as often as it says. `*row` moves behind them. */
static int write_repeated(struct writing *w, int shift, struct xml_cut **row)
{
	const struct template_shift *s = &w->sheet->shifts.at[shift];
	const struct template_list *list = template_list(w->at.data, str_from(w->sheet->lists[shift]));
	uint32_t first = template_row_first(&w->sheet->shifts, s->row);
	struct xml_cut *after = *row;
	int r = 0;
	for (uint32_t copy = 0; copy < s->copies && r == 0; copy++) {
		struct xml_cut *one = *row;
		w->at.list = list->name;
		w->at.row = list->n ? (int)copy : -1;
		w->spot.shift = shift;
		w->spot.copy = copy;
		for (uint32_t k = 0; k < s->height && one && r == 0; k++, one = xml_from(one->next, "row")) {
			w->from = s->row + k;
			w->to = first + copy * s->height + k;
			r = write_row(w, one);
		}
		after = one;
	}
	w->at.list = NULL;
	w->spot.shift = -1;
	*row = after;
	return r;
}

static int write_rows(struct writing *w)
{
	const struct template_sheet *sheet = w->sheet;
	uint32_t before = 0;
	int r = 0, shift = 0;
	xml_copy_tag(sheet->raw, sheet->data, NULL, 0, false, w->out);
	if (sheet->data->empty)
		return 0;
	for (struct xml_cut *row = xml_child(sheet->data, "row"); row && r == 0; ) {
		uint32_t number = row_number(sheet, row, before);
		if (!number)
			return broken(sheet, w->info);
		if (shift < sheet->shifts.n && sheet->shifts.at[shift].row == number) {
			before = number + sheet->shifts.at[shift].height - 1;
			r = write_repeated(w, shift++, &row);
			continue;
		}
		before = number;
		w->from = number;
		w->to = template_row_first(&sheet->shifts, number);
		r = write_row(w, row);
		row = xml_from(row->next, "row");
	}
	xml_copy(sheet->raw, sheet->data->inner_end, sheet->data->end, w->out);
	return r;
}

/* ---- what stands around the rows ---- */

/* Attributes that name cells. */
static int place_sets(struct writing *w, const struct xml_cut *node, struct buf scratch[3],
		      struct xml_set sets[3])
{
	static const struct {
		const char *element, *attribute;
	} places[] = {
		{"dimension", "ref"}, {"selection", "sqref"}, {"selection", "activeCell"},
		{"pane", "topLeftCell"}, {"sheetView", "topLeftCell"}, {"mergeCell", "ref"},
		{"conditionalFormatting", "sqref"}, {"dataValidation", "sqref"}, {"hyperlink", "ref"},
		{"autoFilter", "ref"}, {"ignoredError", "sqref"}, {"protectedRange", "sqref"},
		{"sortState", "ref"}, {"brk", "id"},
	};
	int n = 0;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct str value;
		uint32_t row;
		if (n == 3 || !xml_is(node, places[i].element) ||
		    !(value = xml_attr(w->sheet->raw, node, places[i].attribute)).data)
			continue;
		if (xml_is(node, "brk")) {
			if (!xml_is(node->parent, "rowBreaks") || !read_number(value, ROWS_MAX, &row) || !row)
				continue;
			buf_addf(&scratch[n], "%u", template_row_last(&w->sheet->shifts, row));
		} else {
			template_map(&w->spot, value, &scratch[n]);
		}
		sets[n] = (struct xml_set){places[i].attribute, {buf_str(&scratch[n]), scratch[n].len}};
		n++;
	}
	return n;
}

/* A merge that lies within repeated rows is repeated with them. */
static bool write_merge(struct writing *w, const struct xml_cut *merge)
{
	struct str ref = xml_attr(w->sheet->raw, merge, "ref");
	uint32_t rows[2] = {0};
	int end = 0;
	for (size_t i = 0; i < ref.len && end < 2; i++) {
		if (ref.data[i] == ':')
			end++;
		else if (ref.data[i] >= '0' && ref.data[i] <= '9' && rows[end] < ROWS_MAX)
			rows[end] = rows[end] * 10 + (uint32_t)(ref.data[i] - '0');
	}
	for (int i = 0; i < w->sheet->shifts.n; i++) {
		const struct template_shift *s = &w->sheet->shifts.at[i];
		if (rows[0] < s->row || rows[1] >= s->row + s->height || rows[1] < rows[0])
			continue;
		struct template_spot spot = w->spot;
		spot.shift = i;
		for (spot.copy = 0; spot.copy < s->copies; spot.copy++) {
			AUTO(buf) struct buf mapped = {0};
			template_map(&spot, ref, &mapped);
			const struct xml_set set = {"ref", {buf_str(&mapped), mapped.len}};
			xml_copy_tag(w->sheet->raw, merge, &set, 1, false, w->out);
			xml_copy(w->sheet->raw, merge->inner, merge->end, w->out);
		}
		return true;
	}
	return false;
}

static void write_node(struct writing *w, const struct xml_cut *node);

static void write_inner(struct writing *w, const struct xml_cut *node)
{
	size_t from = node->inner;
	for (const struct xml_cut *c = node->first; c; c = c->next) {
		xml_copy(w->sheet->raw, from, c->start, w->out);
		write_node(w, c);
		from = c->end;
	}
	xml_copy(w->sheet->raw, from, node->inner_end, w->out);
}

static bool is_formula(const struct xml_cut *node)
{
	return !node->first && (xml_is(node, "formula") || xml_is(node, "formula1") ||
				xml_is(node, "formula2") || xml_is(node, "f") || xml_is(node, "sqref"));
}

/* &C{{单位}}: in a head or foot an ampersand is written twice. */
static void write_header(struct writing *w, const struct xml_cut *node)
{
	AUTO(buf) struct buf plain = {0}, filled = {0};
	struct template_hole hole;
	struct template_value value;
	char scratch[32];
	size_t from = 0;
	xml_text(w->sheet->raw, node, &plain);
	struct str text = {buf_str(&plain), plain.len};
	while (template_next(text, from, &hole)) {
		bool known = template_value(&w->at, hole.name, scratch, &value);
		buf_add(&filled, text.data + from, (known ? hole.start : hole.end) - from);
		for (const char *p = known && value.text ? value.text : ""; *p; p++) {
			buf_addc(&filled, *p);
			if (*p == '&')
				buf_addc(&filled, '&');
		}
		from = hole.end;
	}
	buf_add(&filled, text.data + from, text.len - from);
	xml_copy(w->sheet->raw, node->start, node->inner, w->out);
	xml_escape((struct str){buf_str(&filled), filled.len}, w->out);
	xml_copy(w->sheet->raw, node->inner_end, node->end, w->out);
	w->out->failed |= plain.failed || filled.failed;
}

static void write_node(struct writing *w, const struct xml_cut *node)
{
	struct buf scratch[3] = {{0}, {0}, {0}};
	struct xml_set sets[3];
	struct str raw = w->sheet->raw;
	if (xml_is(node, "mergeCell") && write_merge(w, node))
		return;
	if (xml_is(node->parent, "headerFooter") && !node->first && !node->empty) {
		write_header(w, node);
		return;
	}
	int n = place_sets(w, node, scratch, sets);
	if (xml_is(node, "mergeCells") || xml_is(node, "rowBreaks"))
		sets[n++] = (struct xml_set){"count", {0}};	/* it may have changed; it need not be told */
	if (n)
		xml_copy_tag(raw, node, sets, n, false, w->out);
	else
		xml_copy(raw, node->start, node->inner, w->out);
	if (!node->empty) {
		if (is_formula(node))
			template_map(&w->spot, (struct str){raw.data + node->inner, node->inner_end - node->inner},
				     w->out);
		else
			write_inner(w, node);
		xml_copy(raw, node->inner_end, node->end, w->out);
	}
	for (int i = 0; i < 3; i++)
		buf_done(&scratch[i]);
}

int template_sheet_fill(const struct template_sheet *sheet, const struct template_strings *strings,
			const struct template_data *data, const struct template_spot *spot,
			const struct template_source *source, const char *name, struct arena *arena,
			struct buf *out, struct err_info *info)
{
	struct writing w = {.source = source, .name = name, .sheet = sheet, .strings = strings, .at = {.data = data}, .spot = *spot,
			    .arena = arena, .out = out, .info = info};
	const struct xml_cut *worksheet = sheet->data->parent;
	size_t from = worksheet->inner;
	int r = 0;
	w.spot.shift = -1;
	if ((r = find_masters(&w)) < 0)
		return r;
	xml_copy(sheet->raw, 0, from, out);
	for (const struct xml_cut *c = worksheet->first; c && r == 0; c = c->next) {
		xml_copy(sheet->raw, from, c->start, out);
		if (c == sheet->data)
			r = write_rows(&w);
		else
			write_node(&w, c);
		from = c->end;
	}
	xml_copy(sheet->raw, from, sheet->raw.len, out);
	arena_done(&w.scratch);
	return r < 0 ? r : out->failed ? err_nomem(info) : 0;
}
