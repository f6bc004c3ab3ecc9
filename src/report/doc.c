/* SPDX-License-Identifier: Apache-2.0 */
#include "report/doc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

enum { SHEET_NAME_MAX = 31 };	/* characters; what Excel takes */

void doc_done(struct doc *doc)
{
	if (!doc)
		return;
	/* The next one lies in this one's arena. */
	struct doc *taken = doc->taken;
	if (taken)
		doc_done(taken);
	arena_done(&doc->arena);
	*doc = (struct doc){0};
}

static const char *keep(struct doc *doc, const char *text)
{
	const char *copy = text ? arena_strdup(&doc->arena, text) : NULL;
	doc->failed |= text && !copy;
	return copy;
}

static const char *vkeep(struct doc *doc, const char *format, va_list args)
{
	char text[8192];
	/* Longer ones are cut at a character's edge. */
	int n = vsnprintf(text, sizeof(text), format, args);
	if (n >= (int)sizeof(text)) {
		size_t len = sizeof(text) - 1;
		while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
		text[len] = '\0';
	}
	return keep(doc, text);
}

void doc_init(struct doc *doc, const char *form, const char *title)
{
	*doc = (struct doc){.column = -1};
	doc->form = keep(doc, form);
	doc->title = keep(doc, title);
}

/* ---- sheets ---- */

static bool name_is_taken(const struct doc *doc, const char *name)
{
	for (const struct doc_sheet *s = doc->first; s; s = s->next)
		if (strcmp(s->name, name) == 0)
			return true;
	return false;
}

void doc_name_add(struct buf *out, const char *name, int characters)
{
	size_t len = strlen(name);
	for (size_t i = 0, n; i < len && characters > 0; i += n, characters--) {
		n = str_utf8_len(name + i, len - i);
		if (n == 0) {
			n = 1;
			continue;
		}
		if (n > 1 || ((unsigned char)name[i] >= ' ' && !strchr("[]:*?/\\'", name[i])))
			buf_add(out, name + i, n);
	}
}

static const char *sheet_name(struct doc *doc, const char *name)
{
	AUTO(buf) struct buf b = {0};
	doc_name_add(&b, name, SHEET_NAME_MAX);
	if (!b.len)
		buf_adds(&b, "表");
	/* Among thousands the number of the sheet does; nobody compares them all. */
	if (doc->n_sheets >= 100 || name_is_taken(doc, buf_str(&b))) {
		buf_clear(&b);
		doc_name_add(&b, name, SHEET_NAME_MAX - 7);
		buf_addf(&b, " %d", doc->n_sheets + 1);
	}
	return keep(doc, buf_str(&b));
}

void doc_sheet(struct doc *doc, const char *name, bool landscape, bool dense)
{
	struct doc_sheet *sheet = arena_zalloc(&doc->arena, 1, sizeof(*sheet));
	const char *own = sheet_name(doc, name);
	doc->table = NULL;
	if (!sheet || !own || doc->n_sheets == DOC_SHEETS_MAX) {
		doc->failed = true;
		return;
	}
	*sheet = (struct doc_sheet){.name = own, .landscape = landscape, .dense = dense};
	if (doc->last)
		doc->last->next = sheet;
	else
		doc->first = sheet;
	doc->last = sheet;
	doc->n_sheets++;
}

void doc_draft(struct doc *doc, const char *why)
{
	if (doc->last && why && *why)
		doc->last->draft = keep(doc, why);
}

static struct doc_block *add_block(struct doc *doc, enum doc_block_kind kind)
{
	struct doc_block *block = arena_zalloc(&doc->arena, 1, sizeof(*block));
	if (!block || !doc->last) {
		doc->failed = true;
		return NULL;
	}
	block->kind = kind;
	if (doc->last->last)
		doc->last->last->next = block;
	else
		doc->last->first = block;
	doc->last->last = block;
	return block;
}

void doc_red_head(struct doc *doc, const char *office, const char *number)
{
	struct doc_block *b = add_block(doc, DOC_RED_HEAD);
	if (!b)
		return;
	b->text = keep(doc, office);
	b->number = keep(doc, number);
}

void doc_title(struct doc *doc, const char *format, ...)
{
	struct doc_block *b = add_block(doc, DOC_TITLE);
	va_list args;
	if (!b)
		return;
	va_start(args, format);
	b->text = vkeep(doc, format, args);
	va_end(args);
}

void doc_para(struct doc *doc, enum doc_style style, const char *format, ...)
{
	struct doc_block *b = add_block(doc, DOC_PARA);
	va_list args;
	if (!b)
		return;
	va_start(args, format);
	b->text = vkeep(doc, format, args);
	va_end(args);
	b->style = style;
}

/* The paragraph that goes on; NULL where the document failed. */
static struct doc_block *last_para(struct doc *doc)
{
	struct doc_block *b = doc->last ? doc->last->last : NULL;
	assert(doc->failed || (b && b->kind == DOC_PARA));
	return doc->failed ? NULL : b;
}

static void add_text(struct doc *doc, struct doc_block *b, const char *text)
{
	b->text = text ? arena_printf(&doc->arena, "%s%s", b->text, text) : NULL;
	doc->failed |= !b->text;
}

void doc_add(struct doc *doc, const char *format, ...)
{
	struct doc_block *b = last_para(doc);
	va_list args;
	if (!b)
		return;
	va_start(args, format);
	add_text(doc, b, vkeep(doc, format, args));
	va_end(args);
}

void doc_add_link(struct doc *doc, const char *text, const char *figure, int64_t org)
{
	struct doc_block *b = last_para(doc);
	struct doc_span *span = b ? arena_zalloc(&doc->arena, 1, sizeof(*span)) : NULL;
	if (!span) {
		doc->failed = true;
		return;
	}
	*span = (struct doc_span){NULL, strlen(b->text), strlen(text), keep(doc, figure), org};
	struct doc_span **end = &b->spans;
	while (*end)
		end = &(*end)->next;
	*end = span;
	add_text(doc, b, text);
}

void doc_add_figure(struct doc *doc, int64_t number, const char *figure)
{
	char text[DOC_NUMBER_LEN];
	snprintf(text, sizeof(text), "%lld", (long long)number);
	doc_add_link(doc, text, figure, 0);
}

void doc_para_passing(struct doc *doc, enum doc_style style, const char *text)
{
	struct doc_block *b = add_block(doc, DOC_PARA);
	if (!b)
		return;
	b->text = keep(doc, text);
	b->style = style;
	b->passing = true;
}

static void add_heads(struct doc *doc, enum doc_block_kind kind, int n, const struct doc_head *heads)
{
	struct doc_block *b = add_block(doc, kind);
	assert(n > 0 && n <= DOC_HEADS_MAX);
	if (!b)
		return;
	b->n_heads = n;
	for (int i = 0; i < n; i++)
		b->heads[i] = (struct doc_head){keep(doc, heads[i].label), keep(doc, heads[i].value),
						heads[i].passing, keep(doc, heads[i].figure), heads[i].org};
}

void doc_heads(struct doc *doc, int n, const struct doc_head *heads)
{
	add_heads(doc, DOC_HEADS, n, heads);
}

void doc_signs(struct doc *doc, int n, const struct doc_head *heads)
{
	add_heads(doc, DOC_SIGNS, n, heads);
}

void doc_cut(struct doc *doc) { add_block(doc, DOC_CUT); }
void doc_break(struct doc *doc) { add_block(doc, DOC_BREAK); }

void doc_take(struct doc *to, struct doc *from, const char *name, int64_t node)
{
	struct doc *own = arena_zalloc(&to->arena, 1, sizeof(*own));
	struct doc_sheet *first = from->first;
	if (!own || to->n_sheets + from->n_sheets > DOC_SHEETS_MAX) {
		to->failed = true;
		doc_done(from);
		return;
	}
	to->failed |= from->failed;
	for (struct doc_sheet *s = first, *next; s; s = next) {
		AUTO(buf) struct buf whole = {0};
		buf_adds(&whole, name);
		if (from->n_sheets > 1)
			buf_addf(&whole, " %s", s->name);
		to->failed |= whole.failed;
		const char *label = sheet_name(to, buf_str(&whole));
		next = s->next;
		s->next = NULL;
		s->name = label ? label : s->name;
		s->node = node;
		if (to->last)
			to->last->next = s;
		else
			to->first = s;
		to->last = s;
		to->n_sheets++;
	}
	from->first = from->last = NULL;
	*own = *from;
	/* A chain: each holds the one taken before it. */
	struct doc **end = &own->taken;
	while (*end)
		end = &(*end)->taken;
	*end = to->taken;
	to->taken = own;
	*from = (struct doc){0};
}

/* ---- tables ---- */

void doc_table(struct doc *doc, int n, const struct doc_column *columns)
{
	struct doc_block *b = add_block(doc, DOC_TABLE);
	struct doc_table *t = arena_zalloc(&doc->arena, 1, sizeof(*t));
	struct doc_column *own = arena_zalloc(&doc->arena, (size_t)n, sizeof(*own));
	assert(n > 0 && n <= DOC_COLUMNS_MAX);
	doc->table = NULL;
	if (!b || !t || !own) {
		doc->failed = true;
		return;
	}
	bool heads = false;
	for (int i = 0; i < n; i++) {
		own[i] = columns[i];
		own[i].head = keep(doc, columns[i].head);
		heads |= columns[i].head != NULL;
	}
	t->n_columns = n;
	t->columns = own;
	b->table = doc->table = t;
	if (!heads)
		return;
	doc_head_row(doc);
	for (int i = 0; i < n; i++)
		doc_text(doc, own[i].head);
}

static void add_row(struct doc *doc, bool head)
{
	struct doc_table *t = doc->table;
	struct doc_row *row = arena_zalloc(&doc->arena, 1, sizeof(*row));
	struct doc_row *before = t ? t->last : NULL;
	if (!t || !row || t->n_rows == DOC_ROWS_MAX) {
		doc->failed = true;
		return;
	}
	row->cells = arena_zalloc(&doc->arena, (size_t)t->n_columns, sizeof(*row->cells));
	if (!row->cells) {
		doc->failed = true;
		return;
	}
	for (int i = 0; i < t->n_columns; i++)
		row->cells[i].align = head ? DOC_CENTER : (uint8_t)t->columns[i].align;
	row->head = head;
	/* What reaches down from above goes on: `down` of a covered cell counts
	 * how many rows are still covered below it. */
	for (int i = 0; before && t->spans_down && i < t->n_columns; i++)
		if (before->cells[i].down > 1) {
			row->cells[i].kind = DOC_COVERED;
			row->cells[i].down = (uint16_t)(before->cells[i].down - 1);
			row->cells[i].across = before->cells[i].across;
		}
	if (before)
		before->next = row;
	else
		t->first = row;
	t->last = row;
	t->n_rows++;
	doc->column = -1;
}

void doc_row(struct doc *doc) { add_row(doc, false); }
void doc_head_row(struct doc *doc) { add_row(doc, true); }

void doc_row_height(struct doc *doc, int mm)
{
	if (doc->table && doc->table->last)
		doc->table->last->min_mm = mm;
}

/* The next free cell; NULL where the document failed. */
static struct doc_cell *next_cell(struct doc *doc)
{
	struct doc_table *t = doc->table;
	if (doc->failed || !t || !t->last)
		return NULL;
	do
		doc->column++;
	while (doc->column < t->n_columns && t->last->cells[doc->column].kind == DOC_COVERED);
	assert(doc->column < t->n_columns);
	return &t->last->cells[doc->column];
}

void doc_text(struct doc *doc, const char *text)
{
	struct doc_cell *cell = next_cell(doc);
	if (!cell || !text || !*text)
		return;
	cell->text = keep(doc, text);
	cell->kind = DOC_TEXT;
}

void doc_textf(struct doc *doc, const char *format, ...)
{
	struct doc_cell *cell = next_cell(doc);
	va_list args;
	if (!cell)
		return;
	va_start(args, format);
	cell->text = vkeep(doc, format, args);
	va_end(args);
	cell->kind = DOC_TEXT;
}

void doc_int(struct doc *doc, int64_t number)
{
	doc_decimal(doc, number, 0);
}

void doc_decimal(struct doc *doc, int64_t number, int places)
{
	struct doc_cell *cell = next_cell(doc);
	assert(places >= 0 && places <= 4);
	if (!cell)
		return;
	cell->number = number;
	cell->places = (uint8_t)places;
	cell->kind = DOC_NUMBER;
}

static struct doc_cell *this_cell(struct doc *doc)
{
	return doc->failed || !doc->table || doc->column < 0 ? NULL :
							      &doc->table->last->cells[doc->column];
}

void doc_span(struct doc *doc, int across, int down)
{
	struct doc_cell *cell = this_cell(doc);
	if (!cell)
		return;
	assert(across >= 1 && down >= 1 && doc->column + across <= doc->table->n_columns);
	cell->across = (uint16_t)across;
	cell->down = (uint16_t)down;
	doc->table->spans_down |= down > 1;
	for (int i = 1; i < across; i++) {
		cell[i].kind = DOC_COVERED;
		cell[i].down = (uint16_t)down;
	}
}

void doc_align(struct doc *doc, enum doc_align align)
{
	struct doc_cell *cell = this_cell(doc);
	if (cell)
		cell->align = (uint8_t)align;
}

void doc_bold(struct doc *doc)
{
	struct doc_cell *cell = this_cell(doc);
	if (cell)
		cell->bold = true;
}

void doc_figure(struct doc *doc, const char *figure)
{
	struct doc_cell *cell = this_cell(doc);
	if (cell)
		cell->figure = keep(doc, figure);
}

void doc_org(struct doc *doc, int64_t org)
{
	struct doc_cell *cell = this_cell(doc);
	if (cell)
		cell->org = org;
}

/* ---- for the writers ---- */

void doc_walk_begin(struct doc_walk *walk, const struct doc_table *table)
{
	walk->table = table;
	walk->at = table->first;
	if (table->source.row && table->source.rewind)
		table->source.rewind(table->source.arg);
}

int doc_walk_next(struct doc_walk *walk, const struct doc_row **ret_row, struct err_info *info)
{
	const struct doc_table *t = walk->table;
	if (walk->at) {
		*ret_row = walk->at;
		walk->at = walk->at->next;
		return 1;
	}
	if (!t->source.row)
		return 0;
	memset(walk->cells, 0, (size_t)t->n_columns * sizeof(walk->cells[0]));
	for (int i = 0; i < t->n_columns; i++)
		walk->cells[i].align = (uint8_t)t->columns[i].align;
	walk->made = (struct doc_row){.cells = walk->cells};
	*ret_row = &walk->made;
	return t->source.row(t->source.arg, walk->cells, info);
}

void doc_number_format(const struct doc_cell *cell, char ret_text[DOC_NUMBER_LEN])
{
	char digits[24];
	bool minus = cell->number < 0;
	uint64_t rest = minus ? -(uint64_t)cell->number : (uint64_t)cell->number;
	size_t at = sizeof(digits), out = 0;
	/* From the last digit on; the point stands where `places` are written. */
	for (int n = 0; n <= cell->places || rest; n++, rest /= 10) {
		if (n && n == cell->places)
			digits[--at] = '.';
		digits[--at] = (char)('0' + rest % 10);
	}
	if (minus)
		ret_text[out++] = '-';
	memcpy(ret_text + out, digits + at, sizeof(digits) - at);
	ret_text[out + sizeof(digits) - at] = '\0';
}

const char *doc_cell_text(const struct doc_cell *cell, char scratch[DOC_NUMBER_LEN])
{
	if (cell->kind == DOC_TEXT)
		return cell->text ? cell->text : "";
	if (cell->kind != DOC_NUMBER)
		return "";
	doc_number_format(cell, scratch);
	return scratch;
}

static size_t character(const char *p, int *ret_width)
{
	size_t n = 1;
	*ret_width = (unsigned char)*p < 0x80 ? 1 : 2;
	while (((unsigned char)p[n] & 0xC0) == 0x80)
		n++;
	return n;
}

int doc_text_width(const char *text)
{
	int widest = 0, here = 0, w;
	for (const char *p = text; *p;) {
		bool end = *p == '\n';
		p += character(p, &w);
		here = end ? 0 : here + w;
		widest = here > widest ? here : widest;
	}
	return widest;
}

int doc_text_lines(const char *text, int width)
{
	int lines = 1, here = 0, w;
	if (width < 2)
		width = 2;
	for (const char *p = text; *p;) {
		bool end = *p == '\n';
		p += character(p, &w);
		if (end || here + w > width) {
			lines++;
			here = end ? 0 : w;
		} else {
			here += w;
		}
	}
	return lines;
}

void doc_head_text(const struct doc_block *block, int i, struct buf *ret_text)
{
	const struct doc_head *head = &block->heads[i];
	bool room = !head->value && block->kind != DOC_SIGNS;
	buf_clear(ret_text);
	buf_addf(ret_text, "%s%s", head->label, head->value ? head->value : room ? "　　　　　　" : "");
}

void doc_heads_split(const struct doc_block *block, int total, int ret_ends[DOC_HEADS_MAX])
{
	int need[DOC_HEADS_MAX], sum = 0, n = block->n_heads;
	bool even = true;
	for (int i = 0; i < n; i++) {
		AUTO(buf) struct buf text = {0};
		doc_head_text(block, i, &text);
		need[i] = doc_text_width(buf_str(&text)) + 2;
		even &= need[i] <= total / n;
		sum += need[i];
	}
	for (int i = 0, at = 0; i < n; i++) {
		if (even)
			at = total * (i + 1) / n;
		else if (sum <= total)
			at += need[i] + (total - sum) / n;
		else
			at += (int)((int64_t)need[i] * total / sum);
		ret_ends[i] = i == n - 1 ? total : at;
	}
}

int doc_sign_half_characters(const struct doc_sheet *sheet)
{
	int widest = 30;	/* the day's fourteen, and eight at either side */
	for (const struct doc_block *b = sheet->first; b; b = b->next)
		if (b->kind == DOC_PARA && b->style == DOC_SIGN) {
			int width = doc_text_width(b->text);
			widest = width > widest ? width : widest;
		}
	return widest;
}
