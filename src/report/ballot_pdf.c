/* SPDX-License-Identifier: Apache-2.0 */
#include "report/ballot_pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

/* Lengths are in points; MM(1) is one millimetre. */
#define MM(x) ((x) * 72.0 / 25.4)
#define SERIF "Noto Serif CJK SC"
#define MONO "Noto Sans Mono CJK SC"

enum { PAGES_MAX = 8000 };
static const double page_w = MM(210), page_h = MM(297);

struct pen {
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	struct buf *out;
};

static cairo_status_t write_out(void *arg, const unsigned char *data, unsigned len)
{
	struct buf *out = arg;
	buf_add(out, data, len);
	return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void pen_init(struct pen *pen, struct buf *out, const char *title)
{
	*pen = (struct pen){.out = out};
	pen->surface = cairo_pdf_surface_create_for_stream(write_out, out, page_w, page_h);
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_TITLE, title);
	/* When a slip was printed is nobody's business. */
	cairo_pdf_surface_set_metadata(pen->surface, CAIRO_PDF_METADATA_CREATE_DATE,
				       "2000-01-01T00:00:00Z");
	pen->cr = cairo_create(pen->surface);
	pen->layout = pango_cairo_create_layout(pen->cr);
	pango_context_set_language(pango_layout_get_context(pen->layout),
				   pango_language_from_string("zh-cn"));
	pango_layout_set_wrap(pen->layout, PANGO_WRAP_WORD_CHAR);
}

static int pen_end(struct pen *pen, struct err_info *info)
{
	g_object_unref(pen->layout);
	cairo_status_t status = cairo_status(pen->cr);
	cairo_destroy(pen->cr);
	cairo_surface_finish(pen->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(pen->surface);
	cairo_surface_destroy(pen->surface);
	return status != CAIRO_STATUS_SUCCESS || pen->out->failed ? err_nomem(info) : 0;
}

struct font {
	const char *family;
	double size;
	bool bold;
	double leading;		/* of the size */
};

/* Lays the text out and returns its height. */
static double measure(struct pen *pen, const struct font *font, double width, PangoAlignment align,
		      const char *text)
{
	PangoFontDescription *description = pango_font_description_new();
	int height;

	pango_font_description_set_family(description, font->family);
	pango_font_description_set_absolute_size(description, font->size * PANGO_SCALE);
	if (font->bold)
		pango_font_description_set_weight(description, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(pen->layout, description);
	pango_font_description_free(description);
	pango_layout_set_width(pen->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_alignment(pen->layout, align);
	pango_layout_set_line_spacing(pen->layout, (float)(font->leading * 0.7));
	pango_layout_set_text(pen->layout, text, -1);
	pango_layout_get_size(pen->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static double put(struct pen *pen, const struct font *font, double x, double y, double width,
		  PangoAlignment align, const char *text)
{
	double height = measure(pen, font, width, align, text);
	cairo_move_to(pen->cr, x, y);
	pango_cairo_show_layout(pen->cr, pen->layout);
	return height;
}

static void line(struct pen *pen, double x1, double y1, double x2, double y2, double width, bool cut)
{
	const double dashes[] = {3, 3};

	cairo_set_dash(pen->cr, dashes, cut ? 2 : 0, 0);
	cairo_set_line_width(pen->cr, width);
	cairo_move_to(pen->cr, x1, y1);
	cairo_line_to(pen->cr, x2, y2);
	cairo_stroke(pen->cr);
	cairo_set_dash(pen->cr, dashes, 0, 0);
}

/* ---- slips ---- */

static int draw_qr(struct pen *pen, const char *address, const char *code, double x, double y,
		   double side)
{
	enum { TEXT_MAX = 400, QUIET = 4 };
	char text[TEXT_MAX];

	if (snprintf(text, sizeof(text), "%s#%s", address, code) >= TEXT_MAX)
		return ERR_INPUT;
	QRcode *qr = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	explicit_bzero(text, sizeof(text));
	if (!qr)
		return ERR_INPUT;
	/* A dot a module, as a stencil: a tenth of the time and size of rectangles. */
	cairo_surface_t *dots = cairo_image_surface_create(CAIRO_FORMAT_A8, qr->width, qr->width);
	cairo_surface_flush(dots);
	unsigned char *pixels = cairo_image_surface_get_data(dots);
	int stride = cairo_image_surface_get_stride(dots);
	for (int r = 0; pixels && r < qr->width; r++)
		for (int c = 0; c < qr->width; c++)
			pixels[r * stride + c] = qr->data[r * qr->width + c] & 1 ? 0xFF : 0;
	cairo_surface_mark_dirty(dots);
	cairo_pattern_t *stencil = cairo_pattern_create_for_surface(dots);
	cairo_pattern_set_filter(stencil, CAIRO_FILTER_NEAREST);
	double module = side / (qr->width + 2 * QUIET);
	cairo_save(pen->cr);
	cairo_translate(pen->cr, x + QUIET * module, y + QUIET * module);
	cairo_scale(pen->cr, module, module);
	cairo_mask(pen->cr, stencil);
	cairo_restore(pen->cr);
	cairo_pattern_destroy(stencil);
	cairo_surface_destroy(dots);
	QRcode_free(qr);
	return 0;
}

static const struct font slip_title = {SERIF, 13, true, 1.3}, slip_text = {SERIF, 8.6, false, 1.25},
			 slip_address = {MONO, 8.6, true, 1.25}, slip_small = {SERIF, 8, false, 1.25},
			 slip_code = {MONO, 12, true, 1.2};

static const char *without_scheme(const char *address)
{
	const char *at = strstr(address, "://");
	return at ? at + 3 : address;
}

struct slip_box {
	double pad, qr, inner, code_y;
};

static struct slip_box slip_box_of(double w, double h)
{
	const double pad = MM(4);
	return (struct slip_box){pad, MM(31), w - 2 * pad, h - pad - MM(5.5)};
}

/* What all slips say. */
static void draw_words(struct pen *pen, const struct ballot_slips *slips, const struct slip_box *b)
{
	const double x = b->pad, beside = b->inner - b->qr - MM(1);
	char text[400];
	double at = b->pad;

	at += put(pen, &slip_title, x, at, beside, PANGO_ALIGN_LEFT, slips->title);
	snprintf(text, sizeof(text), "%.200s（%s票）", slips->org, slips->class_label);
	at += MM(0.8) + put(pen, &slip_text, x, at + MM(0.8), beside, PANGO_ALIGN_LEFT, text);
	at += MM(1) + put(pen, &slip_text, x, at + MM(1), beside, PANGO_ALIGN_LEFT,
			  "1. 扫右边的码，或者上网打开下面的网址、输入代码：");
	at += put(pen, &slip_address, x, at, beside, PANGO_ALIGN_LEFT, without_scheme(slips->address));
	at += MM(0.5) + put(pen, &slip_text, x, at + MM(0.5), beside, PANGO_ALIGN_LEFT,
			    "2. 选好，核对，按“确认投票”。");
	put(pen, &slip_text, x, at, beside, PANGO_ALIGN_LEFT, "3. 想用纸投的，凭本票换纸质票。");
	const char *promise =
		"关箱后，由两名监票人一起开箱一次。没有人登记谁抽到哪张票。管理员、数据库、日志和备份，"
		"都查不出这张票投了什么。防不住的：有人看着你的手机，服务器在投票前被改过，两名监票人串通。"
		"大家都投得一样，人人也就知道了。";
	double small_h = measure(pen, &slip_small, b->inner, PANGO_ALIGN_LEFT, promise);
	put(pen, &slip_small, x, b->code_y - small_h - MM(1.2), b->inner, PANGO_ALIGN_LEFT, promise);
	line(pen, x, b->code_y, x + b->inner, b->code_y, 0.5, false);
}

/* The same for all, laid out once: a picture that every slip shows. NULL: no memory. */
static cairo_surface_t *record_words(struct pen *pen, const struct ballot_slips *slips,
				     const struct slip_box *b, double w, double h)
{
	const cairo_rectangle_t bounds = {0, 0, w, h};
	cairo_surface_t *picture = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &bounds);
	struct pen on = *pen;

	on.cr = cairo_create(picture);
	draw_words(&on, slips, b);
	cairo_status_t status = cairo_status(on.cr);
	cairo_destroy(on.cr);
	if (status == CAIRO_STATUS_SUCCESS)
		return picture;
	cairo_surface_destroy(picture);
	return NULL;
}

/* At the pen's origin. */
static int draw_slip(struct pen *pen, const struct ballot_slips *slips, cairo_surface_t *words,
		     const struct slip_box *b, const char *code)
{
	char printed[BALLOT_PRINTED_LEN + 1];

	cairo_set_source_surface(pen->cr, words, 0, 0);
	cairo_paint(pen->cr);
	cairo_set_source_rgb(pen->cr, 0, 0, 0);
	int r = draw_qr(pen, slips->address, code, b->pad + b->inner - b->qr + MM(2), b->pad - MM(2), b->qr);
	ballot_code_print(code, printed);
	put(pen, &slip_code, b->pad, b->code_y + MM(0.8), b->inner, PANGO_ALIGN_CENTER, printed);
	explicit_bzero(printed, sizeof(printed));
	return r;
}

int ballot_slips_pdf(const struct ballot_slips *slips, struct buf *out, struct err_info *info)
{
	const double margin = MM(10), w = (page_w - 2 * margin) / 2, h = (page_h - 2 * margin) / 4;
	const struct slip_box box = slip_box_of(w, h);
	struct pen pen;
	int r = 0;

	if (slips->n > PAGES_MAX * SLIPS_A_PAGE)
		return err_set(info, ERR_LIMIT, "一次最多印 %d 张", PAGES_MAX * SLIPS_A_PAGE);
	pen_init(&pen, out, slips->title);
	cairo_surface_t *words = record_words(&pen, slips, &box, w, h);
	for (int i = 0; i < slips->n && r == 0 && words; i++) {
		int place = i % SLIPS_A_PAGE;
		cairo_save(pen.cr);
		cairo_translate(pen.cr, margin + place % 2 * w, margin + place / 2 % 4 * h);
		r = draw_slip(&pen, slips, words, &box, slips->codes[i]);
		cairo_restore(pen.cr);
		if (place < SLIPS_A_PAGE - 1 && i < slips->n - 1)
			continue;
		for (int k = 0; k <= 2; k++)
			line(&pen, margin + k * w, margin, margin + k * w, page_h - margin, 0.4, true);
		for (int k = 0; k <= 4; k++)
			line(&pen, margin, margin + k * h, page_w - margin, margin + k * h, 0.4, true);
		cairo_show_page(pen.cr);
	}
	cairo_surface_destroy(words);	/* NULL is fine */
	int ended = pen_end(&pen, info);
	if (r)
		return err_set(info, ERR_INPUT, "投票网址太长，印不成二维码");
	return words ? ended : err_nomem(info);
}

/* ---- tables ---- */

static const struct font cell_font = {SERIF, 10.5, false, 1.3}, head_font = {SERIF, 10.5, true, 1.3};

static const struct font *font_of_row(int row)
{
	return row == 0 ? &head_font : &cell_font;
}

/* The first column takes what the others, all alike, leave. */
static double column_width(const struct ballot_table *t, double width, int column)
{
	double narrow = t->n_columns > 1 ? width * 0.62 / (t->n_columns - 1) : 0;
	if (narrow > MM(24))
		narrow = MM(24);
	return column ? narrow : width - narrow * (t->n_columns - 1);
}

static double row_height(struct pen *pen, const struct ballot_table *t, int row, double width)
{
	double most = 0;
	for (int c = 0; c < t->n_columns; c++) {
		double h = measure(pen, font_of_row(row), column_width(t, width, c) - MM(2),
				   PANGO_ALIGN_LEFT, t->cells[row * t->n_columns + c]);
		most = h > most ? h : most;
	}
	return most + MM(2.4);
}

static double draw_row(struct pen *pen, const struct ballot_table *t, int row, double x, double y,
		       double width)
{
	double h = row_height(pen, t, row, width), at = x;

	for (int c = 0; c < t->n_columns; c++) {
		double w = column_width(t, width, c);
		put(pen, font_of_row(row), at + MM(1), y + MM(1.2), w - MM(2),
		    c ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT, t->cells[row * t->n_columns + c]);
		cairo_rectangle(pen->cr, at, y, w, h);
		at += w;
	}
	cairo_set_line_width(pen->cr, 0.5);
	cairo_stroke(pen->cr);
	return h;
}

/* ---- sheets ---- */

static const struct font sheet_title = {SERIF, 17, true, 1.3}, sheet_text = {SERIF, 11.5, false, 1.4};

static double draw_sheet(struct pen *pen, const struct ballot_sheets *sheets,
			 const struct ballot_table *table, double top)
{
	const double margin = MM(18), width = page_w - 2 * margin;
	double y = top + MM(14);

	y += put(pen, &sheet_title, margin, y, width, PANGO_ALIGN_CENTER, sheets->title) + MM(1.5);
	y += put(pen, &sheet_text, margin, y, width, PANGO_ALIGN_CENTER, sheets->org) + MM(3);
	y += put(pen, &sheet_text, margin, y, width, PANGO_ALIGN_LEFT,
		 "每行选一格，打“√”。一行里多选或不选的，这一行不算。不写名字，不做记号。") + MM(2);
	for (int r = 0; r < table->n_rows; r++)
		y += draw_row(pen, table, r, margin, y, width);
	return y + MM(10) - top;
}

int ballot_sheets_pdf(const struct ballot_sheets *sheets, struct buf *out, struct err_info *info)
{
	enum { CELLS = (BALLOT_ITEMS_MAX + 1) * (BALLOT_OPTIONS_MAX + 1) };
	const char *cells[CELLS];
	struct ballot_table table = {.cells = cells, .n_rows = sheets->n_rows + 1,
				     .n_columns = sheets->n_options + 1};
	struct pen pen;

	if (sheets->n_rows > BALLOT_ITEMS_MAX || sheets->n_options > BALLOT_OPTIONS_MAX ||
	    sheets->n > PAGES_MAX)
		return err_set(info, ERR_LIMIT, "一次最多印 %d 张", PAGES_MAX);
	cells[0] = "测评内容";
	for (int o = 0; o < sheets->n_options; o++)
		cells[1 + o] = sheets->options[o];
	for (int r = 0; r < sheets->n_rows; r++) {
		cells[(r + 1) * table.n_columns] = sheets->rows[r];
		for (int o = 0; o < sheets->n_options; o++)
			cells[(r + 1) * table.n_columns + 1 + o] = "□";
	}
	pen_init(&pen, out, sheets->title);
	double half = page_h / 2;
	bool two = false;
	for (int i = 0; i < sheets->n; i++) {
		double used = draw_sheet(&pen, sheets, &table, i % 2 && two ? half : 0);
		if (i == 0)
			two = used <= half;
		if (two)
			line(&pen, MM(6), half, page_w - MM(6), half, 0.4, true);
		if (!two || i % 2 || i == sheets->n - 1)
			cairo_show_page(pen.cr);
	}
	return pen_end(&pen, info);
}

/* ---- the record ---- */

struct flow {
	struct pen *pen;
	double y;
};

static const double record_margin = MM(24), record_bottom = MM(275);

static void keep(struct flow *flow, double height)
{
	if (flow->y + height <= record_bottom)
		return;
	cairo_show_page(flow->pen->cr);
	flow->y = MM(22);
}

static void paragraph(struct flow *flow, const struct font *font, PangoAlignment align,
		      const char *text, double after)
{
	const double width = page_w - 2 * record_margin;

	keep(flow, measure(flow->pen, font, width, align, text));
	flow->y += put(flow->pen, font, record_margin, flow->y, width, align, text) + after;
}

static void table(struct flow *flow, const struct ballot_table *t)
{
	const double width = page_w - 2 * record_margin;

	if (t->heading)
		paragraph(flow, &head_font, PANGO_ALIGN_LEFT, t->heading, MM(1.5));
	for (int r = 0; r < t->n_rows; r++) {
		keep(flow, row_height(flow->pen, t, r, width));
		/* On a new page the head comes again. */
		if (r && flow->y == MM(22))
			flow->y += draw_row(flow->pen, t, 0, record_margin, flow->y, width);
		flow->y += draw_row(flow->pen, t, r, record_margin, flow->y, width);
	}
	flow->y += MM(4);
}

static void signatures(struct flow *flow, const struct ballot_record *record)
{
	const double width = (page_w - 2 * record_margin) / 2;

	for (int i = 0; i < record->n_signers; i += 2) {
		keep(flow, MM(14));
		flow->y += MM(9);
		for (int k = 0; k < 2 && i + k < record->n_signers; k++) {
			double x = record_margin + k * width;
			double text_w = width * 0.5;
			put(flow->pen, &cell_font, x, flow->y - MM(4), text_w, PANGO_ALIGN_LEFT,
			    record->signers[i + k]);
			line(flow->pen, x + text_w, flow->y + MM(1.5), x + width - MM(6),
			     flow->y + MM(1.5), 0.5, false);
		}
		flow->y += MM(5);
	}
}

int ballot_record_pdf(const struct ballot_record *record, struct buf *out, struct err_info *info)
{
	static const struct font title = {SERIF, 19, true, 1.3}, small = {SERIF, 9, false, 1.4};
	struct pen pen;
	struct flow flow = {&pen, MM(24)};

	pen_init(&pen, out, record->title);
	paragraph(&flow, &title, PANGO_ALIGN_CENTER, record->title, MM(2));
	paragraph(&flow, &sheet_text, PANGO_ALIGN_CENTER, record->subtitle, MM(5));
	for (int i = 0; i < record->n_lines; i++)
		paragraph(&flow, &cell_font, PANGO_ALIGN_LEFT, record->lines[i], MM(1.2));
	flow.y += MM(3);
	for (int i = 0; i < record->n_tables; i++)
		table(&flow, &record->tables[i]);
	signatures(&flow, record);
	flow.y += MM(4);
	if (record->foot)
		paragraph(&flow, &small, PANGO_ALIGN_LEFT, record->foot, 0);
	cairo_show_page(pen.cr);
	return pen_end(&pen, info);
}
