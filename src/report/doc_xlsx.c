/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document as a workbook, ready to print. Rows are written once and in
 * order, in the library's constant memory, unless a cell reaches down over
 * several rows (which loses cells there).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/apart.h"
#include "report/doc_font.h"
#include "report/doc_write.h"
#include "report/xlsx_check.h"

enum {
	STYLES_MAX = 96,
	TITLE_POINTS = 20,
	CELL_POINTS = 11,
	HEAD_POINTS = 11,
	ROW_POINTS_MAX = 409,		/* what a row can be high */
	FORMULA_TEXT_MAX = 255,		/* longer texts are shown as #### in the text format */
	FLAT_ROW_POINTS = 20,
	PAGE_BREAKS_MAX = 1000,
	SPARE_PERCENT = 4,		/* of a page, for other programs' widths and heights */
};

/* What tells one format from another. */
struct look {
	uint8_t font, points, align, places, flags;
};
enum { LOOK_BORDER = 1, LOOK_WRAP = 2, LOOK_BOLD = 4, LOOK_TEXT = 8, LOOK_RED = 16, LOOK_TOP = 32,
       LOOK_LINK = 64 };

struct style {
	struct look look;
	lxw_format *format;
};

struct out {
	const struct doc *doc;
	lxw_workbook *workbook;
	lxw_worksheet *sheet;
	struct style styles[STYLES_MAX];
	int n_styles;
	int n_columns;
	int width_mm[DOC_COLUMNS_MAX];
	lxw_row_t row;
	lxw_row_t breaks[PAGE_BREAKS_MAX + 1];
	int n_breaks;
	int page_points;		/* what fits onto a page; 0: pages break anywhere */
	int used_points;		/* of the page at hand */
	bool failed, nomem;
};

static void check(struct out *o, lxw_error error)
{
	if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
		o->nomem = true;
	else if (error != LXW_NO_ERROR)
		o->failed = true;
}

/* ---- formats, each made once ---- */

static lxw_format *make_format(struct out *o, const struct look *look)
{
	static const char *const decimals[] = {"0", "0.0", "0.00", "0.000", "0.0000"};
	static const uint8_t aligns[] = {[DOC_CENTER] = LXW_ALIGN_CENTER, [DOC_LEFT] = LXW_ALIGN_LEFT,
					 [DOC_RIGHT] = LXW_ALIGN_RIGHT};
	lxw_format *f = workbook_add_format(o->workbook);
	if (!f) {
		o->nomem = true;
		return NULL;
	}
	format_set_font_name(f, doc_font_names((enum doc_font)look->font)->name);
	format_set_font_size(f, look->points);
	format_set_align(f, look->flags & LOOK_TOP ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER);
	format_set_align(f, aligns[look->align]);
	format_set_num_format(f, look->flags & LOOK_TEXT ? "@" : decimals[look->places]);
	if (look->flags & LOOK_BORDER)
		format_set_border(f, LXW_BORDER_THIN);
	if (look->flags & LOOK_WRAP)
		format_set_text_wrap(f);
	if (look->flags & LOOK_BOLD)
		format_set_bold(f);
	if (look->flags & LOOK_RED)
		format_set_font_color(f, 0xD00000);
	return f;
}

static lxw_format *format_of(struct out *o, struct look look)
{
	for (int i = 0; i < o->n_styles; i++)
		if (memcmp(&o->styles[i].look, &look, sizeof(look)) == 0)
			return o->styles[i].format;
	if (o->n_styles == STYLES_MAX)
		return o->styles[STYLES_MAX - 1].format;
	o->styles[o->n_styles] = (struct style){look, make_format(o, &look)};
	return o->styles[o->n_styles++].format;
}

/* A person who edits the cell must not wake up a formula. */
static bool looks_like_formula(const char *text)
{
	return strchr("=+-@\t\r", text[0]) && text[0] && text[1] && strlen(text) <= FORMULA_TEXT_MAX;
}

/* ---- lines across the whole sheet ---- */

/* Half characters of `points` that fit into so many millimetres. */
static int fit(int mm, int points)
{
	/* A point is 0.3528 mm, half a character half of it; the cell has edges. */
	return mm < 4 ? 2 : (mm - 3) * 10000 / (points * 1764);
}

static int total_width(const struct out *o, int from, int to)
{
	int sum = 0;
	for (int i = from; i < to; i++)
		sum += o->width_mm[i];
	return sum;
}

static void height(struct out *o, lxw_row_t row, int points)
{
	points = points > ROW_POINTS_MAX ? ROW_POINTS_MAX : points;
	o->used_points += points;
	check(o, worksheet_set_row(o->sheet, row, points, NULL));
}

static void put_across(struct out *o, int from, int to, const char *text, lxw_format *format)
{
	if (to - from > 1)
		check(o, worksheet_merge_range(o->sheet, o->row, (lxw_col_t)from, o->row,
					       (lxw_col_t)(to - 1), text, format));
	else
		check(o, worksheet_write_string(o->sheet, o->row, (lxw_col_t)from, text, format));
}

static void put_line(struct out *o, const char *text, struct look look, int line_points)
{
	int lines = doc_text_lines(text, fit(total_width(o, 0, o->n_columns), look.points));
	look.flags |= LOOK_WRAP;
	height(o, o->row, lines * line_points);
	put_across(o, 0, o->n_columns, text, format_of(o, look));
	o->row++;
}

static void put_para(struct out *o, const struct doc_block *b)
{
	AUTO(buf) struct buf text = {0};
	struct look look = {(uint8_t)doc_style_font(b->style),
			    (uint8_t)(doc_style_half_points(b->style) / 2), DOC_LEFT, 0, 0};
	if (b->style == DOC_SIGN)
		look.align = DOC_RIGHT;
	else if (b->style == DOC_MIDDLE)
		look.align = DOC_CENTER;
	if (b->style == DOC_BODY || b->style == DOC_HEAD1 || b->style == DOC_HEAD2)
		buf_adds(&text, "　　");
	buf_adds(&text, b->text);
	o->nomem |= text.failed;
	put_line(o, buf_str(&text), look, b->style == DOC_NOTE ? 18 : 28);
}

/* Where each head ends, by columns: the edges nearest to what it needs. Returns
 * how many lines the longest takes. */
static int share_columns(struct out *o, const struct doc_block *b, int ret_to[DOC_HEADS_MAX])
{
	AUTO(buf) struct buf text = {0};
	int total = total_width(o, 0, o->n_columns), whole = fit(total, HEAD_POINTS);
	int ends[DOC_HEADS_MAX], lines = 1;
	doc_heads_split(b, whole, ends);
	for (int i = 0, from = 0; i < b->n_heads; from = ret_to[i++]) {
		int to = from + 1, last = o->n_columns - (b->n_heads - 1 - i);
		int64_t wish = (int64_t)total * ends[i] / whole;
		while (to < last && (i == b->n_heads - 1 ||
		       total_width(o, 0, to) + total_width(o, 0, to + 1) <= 2 * wish))
			to++;
		ret_to[i] = to;
		doc_head_text(b, i, &text);
		int here = doc_text_lines(buf_str(&text), fit(total_width(o, from, to), HEAD_POINTS));
		lines = here > lines ? here : lines;
	}
	o->nomem |= text.failed;
	return lines;
}

static void put_heads(struct out *o, const struct doc_block *b)
{
	AUTO(buf) struct buf text = {0};
	bool signs = b->kind == DOC_SIGNS;
	int to[DOC_HEADS_MAX] = {0}, lines = b->n_heads <= o->n_columns ? share_columns(o, b, to) : 2;
	/* Too narrow side by side: the first on a line of its own. */
	if (lines > 1 && b->n_heads > 1) {
		struct doc_block first = *b, rest = *b;
		first.n_heads = 1;
		rest.n_heads--;
		memmove(rest.heads, b->heads + 1, (size_t)rest.n_heads * sizeof(rest.heads[0]));
		put_heads(o, &first);
		put_heads(o, &rest);
		return;
	}
	for (int i = 0, from = 0; i < b->n_heads; from = to[i++]) {
		enum doc_align align = i == 0 ? DOC_LEFT : i == b->n_heads - 1 && !signs ? DOC_RIGHT : DOC_CENTER;
		doc_head_text(b, i, &text);
		o->nomem |= text.failed;
		put_across(o, from, to[i], buf_str(&text),
			   format_of(o, (struct look){FONT_BODY, HEAD_POINTS, (uint8_t)align, 0, LOOK_WRAP}));
	}
	height(o, o->row, lines * 18 + (signs ? 18 : 6));
	o->row++;
}

/* ---- tables ---- */

static int row_height(struct out *o, const struct doc_row *row)
{
	int most = row->min_mm * 2835 / 1000;
	char scratch[DOC_NUMBER_LEN];
	for (int i = 0; i < o->n_columns; i++) {
		const struct doc_cell *c = &row->cells[i];
		int to = i + (c->across > 1 ? c->across : 1);
		if (c->kind == DOC_EMPTY || c->kind == DOC_COVERED || c->down > 1)
			continue;
		int lines = doc_text_lines(doc_cell_text(c, scratch),
					   fit(total_width(o, i, to), CELL_POINTS));
		int points = lines * 15 + (row->head ? 12 : 9);
		most = points > most ? points : most;
	}
	return most < FLAT_ROW_POINTS ? FLAT_ROW_POINTS : most;
}

static void put_number(struct out *o, lxw_row_t row, int column, const struct doc_cell *c,
		       lxw_format *format)
{
	static const double unit[] = {1, 10, 100, 1000, 10000};
	check(o, worksheet_write_number(o->sheet, row, (lxw_col_t)column,
					(double)c->number / unit[c->places], format));
}

static void put_cell(struct out *o, int i, const struct doc_row *row)
{
	const struct doc_cell *c = &row->cells[i];
	const char *text = c->text ? c->text : "";
	struct look look = {row->head ? FONT_HEAD : FONT_BODY, CELL_POINTS, c->align, 0,
			    LOOK_BORDER | LOOK_WRAP};
	if (c->bold)
		look.flags |= LOOK_BOLD;
	if (c->kind == DOC_NUMBER)
		look.places = c->places;
	else if (looks_like_formula(text))
		look.flags |= LOOK_TEXT;
	lxw_format *format = format_of(o, look);
	if (c->across > 1 || c->down > 1)
		check(o, worksheet_merge_range(o->sheet, o->row, (lxw_col_t)i,
					       o->row + (c->down > 1 ? c->down - 1u : 0),
					       (lxw_col_t)(i + (c->across > 1 ? c->across - 1 : 0)),
					       c->kind == DOC_TEXT ? text : "", format));
	if (c->kind == DOC_NUMBER)
		put_number(o, o->row, i, c, format);
	else if (c->kind == DOC_TEXT && c->across <= 1 && c->down <= 1)
		check(o, worksheet_write_string(o->sheet, o->row, (lxw_col_t)i, text, format));
	else if (c->kind == DOC_EMPTY && c->across <= 1 && c->down <= 1)
		check(o, worksheet_write_blank(o->sheet, o->row, (lxw_col_t)i, format));
}

/* A row before it is written. */
struct planned {
	int points;
	int rows;			/* from here that a cell holds together */
	bool head;
};

static int plan_rows(struct out *o, const struct doc_table *t, struct buf *plan, struct err_info *info)
{
	struct doc_walk walk;
	const struct doc_row *row;
	int r;
	doc_walk_begin(&walk, t);
	while ((r = doc_walk_next(&walk, &row, info)) > 0) {
		struct planned p = {row_height(o, row), 1, row->head};
		for (int i = 0; i < t->n_columns; i++)
			if (row->cells[i].kind != DOC_COVERED && row->cells[i].down > p.rows)
				p.rows = row->cells[i].down;
		buf_add(plan, &p, sizeof(p));
	}
	o->nomem |= plan->failed;
	return r;
}

/* A new page before rows that belong together and would be torn; the head stands
 * there again. */
static void keep_together(struct out *o, const struct buf *plan, int at)
{
	const struct planned *rows = (const struct planned *)(const void *)plan->data;
	int n = (int)(plan->len / sizeof(*rows)), together = 0, heads = 0;
	if (at >= n || plan->failed)
		return;
	for (int i = 0; i < n && rows[i].head; i++)
		heads += rows[i].points;
	for (int i = at; i < n && i < at + rows[at].rows; i++)
		together += rows[i].points;
	if (o->used_points + together <= o->page_points)
		return;
	if (o->used_points > heads && together + heads <= o->page_points && o->n_breaks < PAGE_BREAKS_MAX)
		o->breaks[o->n_breaks++] = o->row;
	o->used_points = heads;
}

static int put_table(struct out *o, const struct doc_table *t, struct err_info *info)
{
	AUTO(buf) struct buf plan = {0};
	struct doc_walk walk;
	const struct doc_row *row;
	lxw_row_t first = o->row, heads = 0;
	int r = o->page_points ? plan_rows(o, t, &plan, info) : 0;

	if (r < 0)
		return r;
	doc_walk_begin(&walk, t);
	while ((r = doc_walk_next(&walk, &row, info)) > 0 && !o->failed && !o->nomem) {
		if (o->row == LXW_ROW_MAX)
			return err_set(info, ERR_LIMIT, "一张工作表最多 %d 行，放不下", LXW_ROW_MAX);
		if (o->page_points)
			keep_together(o, &plan, (int)(o->row - first));
		height(o, o->row, row_height(o, row));
		for (int i = 0; i < t->n_columns; i++)
			if (row->cells[i].kind != DOC_COVERED)
				put_cell(o, i, row);
		heads += row->head && o->row == first + heads;
		o->row++;
	}
	if (heads)
		check(o, worksheet_repeat_rows(o->sheet, first, first + heads - 1));
	return r;
}

/* ---- a sheet ---- */

static bool reaches_down(const struct doc_sheet *s)
{
	for (const struct doc_block *b = s->first; b; b = b->next)
		if (b->table && b->table->spans_down)
			return true;
	return false;
}

/* As wide as the page; where rows belong together, how much of them fits onto it. */
static void set_scale(struct out *o, const struct doc_sheet *s, int margins_mm, int head_foot_mm)
{
	int width = total_width(o, 0, o->n_columns), page_mm = (s->landscape ? 297 : 210) - margins_mm;
	int scale = page_mm < width ? 100 * page_mm / width : 100;
	worksheet_fit_to_pages(o->sheet, 1, 0);
	page_mm = (s->landscape ? 210 : 297) - head_foot_mm;
	o->page_points = reaches_down(s) && scale ? page_mm * 2835 / 1000 * (100 - SPARE_PERCENT) / scale : 0;
}

static void set_page(struct out *o, const struct doc_sheet *s)
{
	AUTO(buf) struct buf foot = {0};
	worksheet_set_paper(o->sheet, 9);	/* A4 */
	if (s->landscape)
		worksheet_set_landscape(o->sheet);
	if (s->dense)
		worksheet_set_margins(o->sheet, 0.55, 0.55, 0.7, 0.75);
	else
		worksheet_set_margins(o->sheet, 1.1, 1.02, 1.45, 1.2);
	worksheet_center_horizontally(o->sheet);
	if (s->dense)
		set_scale(o, s, 28, 37);
	else
		set_scale(o, s, 54, 68);
	if (s->draft) {
		AUTO(buf) struct buf head = {0};
		buf_addf(&head, "&R&\"黑体\"&11&KD00000%s", s->draft);
		o->nomem |= head.failed;
		check(o, worksheet_set_header(o->sheet, buf_str(&head)));
	}
	if (o->doc->unmarked)
		return;
	buf_adds(&foot, "&C&\"宋体\"&14— &P —");
	if (o->doc->imprint)
		buf_addf(&foot, "&R&\"宋体\"&8%s", o->doc->imprint);
	o->nomem |= foot.failed;
	check(o, worksheet_set_footer(o->sheet, buf_str(&foot)));
}

static void set_columns(struct out *o, const struct doc_sheet *s)
{
	const struct doc_table *t = NULL;
	for (const struct doc_block *b = s->first; b && !t; b = b->next)
		t = b->table;
	o->n_columns = t ? t->n_columns : 1;
	for (int i = 0; i < o->n_columns; i++) {
		o->width_mm[i] = t ? t->columns[i].width_mm : 156;
		/* A digit of the default font is 8 pixels of 1/96 inch, the edges 5. */
		double pixels = o->width_mm[i] * 96 / 25.4;
		check(o, worksheet_set_column(o->sheet, (lxw_col_t)i, (lxw_col_t)i, (pixels - 5) / 8, NULL));
	}
}

static int put_block(struct out *o, const struct doc_block *b, struct err_info *info)
{
	switch (b->kind) {
	case DOC_RED_HEAD:
		put_line(o, b->text, (struct look){FONT_TITLE, 26, DOC_CENTER, 0, LOOK_RED}, 42);
		if (b->number)
			put_line(o, b->number, (struct look){FONT_BODY, 16, DOC_CENTER, 0, 0}, 28);
		return 0;
	case DOC_TITLE:
		put_line(o, b->text, (struct look){FONT_TITLE, TITLE_POINTS, DOC_CENTER, 0, 0}, 34);
		return 0;
	case DOC_PARA:
		put_para(o, b);
		return 0;
	case DOC_HEADS:
	case DOC_SIGNS:
		put_heads(o, b);
		return 0;
	case DOC_TABLE:
		return put_table(o, b->table, info);
	case DOC_CUT:
	case DOC_BREAK:
		if (o->n_breaks < PAGE_BREAKS_MAX)
			o->breaks[o->n_breaks++] = o->row;
		return 0;
	}
	return 0;
}

static int put_sheet(struct out *o, const struct doc_sheet *s, struct err_info *info)
{
	o->sheet = workbook_add_worksheet(o->workbook, s->name);
	if (!o->sheet)
		return err_nomem(info);
	o->row = 0;
	o->n_breaks = 0;
	o->used_points = 0;
	set_columns(o, s);
	set_page(o, s);
	for (const struct doc_block *b = s->first; b; b = b->next) {
		int r = put_block(o, b, info);
		if (r < 0)
			return r;
	}
	o->breaks[o->n_breaks] = 0;
	if (o->n_breaks)
		check(o, worksheet_set_h_pagebreaks(o->sheet, o->breaks));
	if (o->row)
		check(o, worksheet_print_area(o->sheet, 0, 0, o->row - 1, (lxw_col_t)(o->n_columns - 1)));
	return 0;
}

static void set_properties(struct out *o)
{
	/* The library copies the strings, it only forgot to say so. */
	lxw_doc_properties properties = {.title = (char *)(uintptr_t)o->doc->title,
					 .company = (char *)(uintptr_t)"晋位",
					 .created = (time_t)o->doc->made_s};
	check(o, workbook_set_properties(o->workbook, &properties));
}

/* Columns are measured in characters of the default font: one that is on every
 * machine here, also on those that have no Calibri. */
static void set_default_font(struct out *o)
{
	lxw_format *first = STAILQ_FIRST(o->workbook->formats);
	if (first)
		format_set_font_name(first, doc_font_names(FONT_SONG)->name);
}

struct work {
	const struct doc *doc;
	char path[64];
	struct out out;
};

static int work_apart(void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct out *o = &w->out;
	lxw_workbook_options options = {.constant_memory = LXW_TRUE, .use_zip64 = LXW_FALSE};
	int r = 0;
	for (const struct doc_sheet *s = w->doc->first; s; s = s->next)
		options.constant_memory &= !reaches_down(s);
	errno = 0;
	o->doc = w->doc;
	o->workbook = workbook_new_opt(w->path, &options);
	if (!o->workbook)
		return err_nomem(info);
	set_properties(o);
	set_default_font(o);
	for (const struct doc_sheet *s = w->doc->first; s && r == 0; s = s->next)
		r = put_sheet(o, s, info);
	lxw_error error = workbook_close(o->workbook);
	if (r < 0)
		return r;
	check(o, error);
	if (o->nomem || errno == ENOMEM)
		return err_nomem(info);
	if (o->failed)
		return err_set(info, ERR_IO, "无法写出工作簿：%s", lxw_strerror(error));
	/* The library does not notice a full disk under its temporary files. */
	return xlsx_check(w->path, info);
}

int doc_write_xlsx(const struct doc *doc, int fd, struct err_info *info)
{
	struct work w = {.doc = doc};
	snprintf(w.path, sizeof(w.path), "/proc/self/fd/%d", fd);
	return apart_run(work_apart, &w, info);
}
