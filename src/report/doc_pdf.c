/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document as PDF: the page of GB/T 9704 (22 lines of 28 points, 28
 * characters of 16 points), the fonts subset and inside.
 */
#include "report/doc_pdf.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/apart.h"
#include "report/doc_write.h"

#define MM (72 / 25.4)

enum {
	LINE = 28,
	HEAD_POINTS = 12,
	HEAD_LINE = 20,
	SIGN_ROOM = 26,
	PAGE_NUMBER_POINTS = 14,
	IMPRINT_POINTS = 8,
	DRAFT_POINTS = 11,
	TABLE_GAP = 7,		/* between a table and the text below it */
};

/* ---- fonts: the first of its names that is installed ---- */

static bool installed(PangoFontFamily **families, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcasecmp(pango_font_family_get_name(families[i]), name) == 0)
			return true;
	return false;
}

static bool first_installed(PangoFontFamily **families, int n, const char *list, char ret_name[64])
{
	while (*list) {
		size_t len = strcspn(list, ",");
		if (len < 64) {
			memcpy(ret_name, list, len);
			ret_name[len] = '\0';
			if (installed(families, n, ret_name))
				return true;
		}
		list += len + (list[len] == ',');
	}
	return false;
}

static void find_fonts(struct pdf *p)
{
	PangoFontFamily **families = NULL;
	int n = 0;
	pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &n);
	for (int f = 0; f < FONT_COUNT; f++) {
		const struct doc_font_names *names = doc_font_names((enum doc_font)f);
		char name[64] = "serif";
		bool bold = false;
		p->font[f] = pango_font_description_new();
		if (!first_installed(families, n, names->name, name) &&
		    !first_installed(families, n, names->others, name))
			bold = first_installed(families, n, names->free_ones, name) && names->free_bold;
		pango_font_description_set_family(p->font[f], name);
		if (bold)
			pango_font_description_set_weight(p->font[f], PANGO_WEIGHT_BOLD);
	}
	g_free(families);
}

/* ---- pieces ---- */

PangoLayout *pdf_layout(struct pdf *p, const char *text, enum doc_font font, double points,
			double width, enum doc_align align)
{
	static const PangoAlignment aligns[] = {[DOC_CENTER] = PANGO_ALIGN_CENTER,
						[DOC_LEFT] = PANGO_ALIGN_LEFT,
						[DOC_RIGHT] = PANGO_ALIGN_RIGHT};
	PangoLayout *layout = pango_layout_new(p->context);
	pango_font_description_set_absolute_size(p->font[font], points * PANGO_SCALE);
	pango_layout_set_font_description(layout, p->font[font]);
	if (width > 0) {
		pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
		pango_layout_set_alignment(layout, aligns[align]);
	}
	pango_layout_set_text(layout, text, -1);
	return layout;
}

double pdf_layout_height(PangoLayout *layout)
{
	int width, height;
	pango_layout_get_size(layout, &width, &height);
	return (double)height / PANGO_SCALE;
}

void pdf_draw(struct pdf *p, PangoLayout *layout, double x, double y)
{
	cairo_move_to(p->cr, x, y);
	pango_cairo_show_layout(p->cr, layout);
}

static void set_paper(struct pdf *p)
{
	bool wide = p->sheet->landscape, dense = p->sheet->dense || wide;
	double short_side = 210 * MM, long_side = 297 * MM;
	p->width = wide ? long_side : short_side;
	p->height = wide ? short_side : long_side;
	p->left = (dense ? 15 : 28) * MM;
	p->top = (dense ? 16 : 37) * MM;
	p->text_width = dense ? p->width - 30 * MM : 156 * MM;
	p->bottom = dense ? p->height - 20 * MM : p->top + 225 * MM;
	cairo_pdf_surface_set_size(p->surface, p->width, p->height);
	p->y = p->top;
}

/* In red above the text, at the right. */
static void draw_draft(struct pdf *p)
{
	PangoLayout *layout = pdf_layout(p, p->sheet->draft, FONT_HEAD, DRAFT_POINTS, p->text_width, DOC_RIGHT);
	cairo_set_source_rgb(p->cr, 0.82, 0, 0);
	pdf_draw(p, layout, p->left, p->top - 2 * DRAFT_POINTS);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	g_object_unref(layout);
}

/* "— 1 —": at the outer edge, one character in. */
static void draw_foot(struct pdf *p)
{
	char number[32];
	if (p->sheet->draft)
		draw_draft(p);
	if (p->doc->unmarked)
		return;
	double y = p->bottom + 7 * MM - PAGE_NUMBER_POINTS / 2.0;
	bool odd = p->page % 2 == 1;
	snprintf(number, sizeof(number), "— %d —", p->page);
	PangoLayout *layout = pdf_layout(p, number, FONT_SONG, PAGE_NUMBER_POINTS,
					 p->text_width - 2 * PAGE_NUMBER_POINTS,
					 odd ? DOC_RIGHT : DOC_LEFT);
	pdf_draw(p, layout, p->left + PAGE_NUMBER_POINTS, y);
	g_object_unref(layout);
	if (!p->doc->imprint)
		return;
	layout = pdf_layout(p, p->doc->imprint, FONT_SONG, IMPRINT_POINTS, p->text_width,
			    odd ? DOC_LEFT : DOC_RIGHT);
	pdf_draw(p, layout, p->left, y + 6);
	g_object_unref(layout);
}

static void end_page(struct pdf *p)
{
	if (!p->open)
		return;
	draw_foot(p);
	cairo_show_page(p->cr);
	p->open = false;
}

void pdf_next_page(struct pdf *p)
{
	end_page(p);
	p->page++;
	p->open = true;
	set_paper(p);
}

static void need(struct pdf *p, double height)
{
	if (p->y + height > p->bottom + 0.5 && p->y > p->top)
		pdf_next_page(p);
}

/* ---- lines ---- */

/* Draws the lines of a layout on a grid of `line` points, over pages. Its last
 * two lines stay together with `after` points of what follows. */
static void draw_lines(struct pdf *p, PangoLayout *layout, double x, double line, double after)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	int left = pango_layout_get_line_count(layout);
	do {
		PangoRectangle logical;
		PangoLayoutLine *at = pango_layout_iter_get_line_readonly(iter);
		need(p, after > 0 && left <= 2 ? left * line + after : line);
		left--;
		pango_layout_iter_get_line_extents(iter, NULL, &logical);
		double baseline = (double)(pango_layout_iter_get_baseline(iter) - logical.y) / PANGO_SCALE;
		double own = (double)logical.height / PANGO_SCALE;
		cairo_move_to(p->cr, x + (double)logical.x / PANGO_SCALE,
			      p->y + (line - own) / 2 + baseline);
		pango_cairo_show_layout_line(p->cr, at);
		p->y += line;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
}

static void put_title(struct pdf *p, const struct doc_block *b)
{
	double points = p->sheet->dense ? 20 : 22;
	PangoLayout *layout = pdf_layout(p, b->text, FONT_TITLE, points, p->text_width, DOC_CENTER);
	draw_lines(p, layout, p->left, points + 12, 0);
	p->y += p->sheet->dense ? 6 : LINE;
	g_object_unref(layout);
}

static void put_red_head(struct pdf *p, const struct doc_block *b)
{
	int points = 44;
	PangoLayout *layout;
	/* The office's name fills one line. */
	for (;; points -= 2) {
		int width, height;
		layout = pdf_layout(p, b->text, FONT_TITLE, points, 0, DOC_LEFT);
		pango_layout_get_size(layout, &width, &height);
		if (points <= 16 || (double)width / PANGO_SCALE <= p->text_width)
			break;
		g_object_unref(layout);
	}
	g_object_unref(layout);
	layout = pdf_layout(p, b->text, FONT_TITLE, points, p->text_width, DOC_CENTER);
	cairo_set_source_rgb(p->cr, 0.82, 0, 0);
	draw_lines(p, layout, p->left, points * 1.4, 0);
	g_object_unref(layout);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	p->y += LINE;
	if (b->number && *b->number) {
		layout = pdf_layout(p, b->number, FONT_BODY, 16, p->text_width, DOC_CENTER);
		draw_lines(p, layout, p->left, LINE, 0);
		g_object_unref(layout);
	}
	p->y += 4 * MM;
	cairo_set_source_rgb(p->cr, 0.82, 0, 0);
	cairo_set_line_width(p->cr, 1.4);
	cairo_move_to(p->cr, p->left, p->y);
	cairo_line_to(p->cr, p->left + p->text_width, p->y);
	cairo_stroke(p->cr);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	p->y += 2 * LINE;
}

/* The lines of who signs and the day, as far as they follow: they stay together,
 * and with the end of the text. */
static double sign_after(const struct doc_block *b)
{
	double height = 0;
	for (b = b->next; b && b->kind == DOC_PARA && b->style == DOC_SIGN; b = b->next)
		height += LINE;
	return height;
}

static void put_para(struct pdf *p, const struct doc_block *b)
{
	double points = doc_style_half_points(b->style) / 2.0;
	bool indent = b->style == DOC_BODY || b->style == DOC_HEAD1 || b->style == DOC_HEAD2;
	enum doc_align align = b->style == DOC_SIGN || b->style == DOC_MIDDLE ? DOC_CENTER : DOC_LEFT;
	double width = p->text_width;
	if (b->style == DOC_SIGN && doc_sign_half_characters(p->sheet) * points / 2 < width)
		width = doc_sign_half_characters(p->sheet) * points / 2;
	PangoLayout *layout = pdf_layout(p, b->text, doc_style_font(b->style), points, width, align);
	if (indent)
		pango_layout_set_indent(layout, (int)(2 * points * PANGO_SCALE));
	/* A heading is not left alone at the foot of a page. */
	if (b->style == DOC_HEAD1 || b->style == DOC_HEAD2)
		need(p, (b->next && b->next->table ? 6 : 2) * LINE);
	draw_lines(p, layout, p->left + p->text_width - width, b->style == DOC_NOTE ? 18 : LINE, sign_after(b));
	g_object_unref(layout);
}

static void put_heads(struct pdf *p, const struct doc_block *b)
{
	bool signs = b->kind == DOC_SIGNS;
	double left[DOC_HEADS_MAX + 1] = {0}, most = 0;
	int ends[DOC_HEADS_MAX], whole = (int)(p->text_width * 2 / HEAD_POINTS);
	PangoLayout *layouts[DOC_HEADS_MAX] = {0};
	doc_heads_split(b, whole, ends);
	for (int i = 0; i < b->n_heads; i++) {
		AUTO(buf) struct buf text = {0};
		enum doc_align align = i == 0 ? DOC_LEFT :
				       i == b->n_heads - 1 && !signs ? DOC_RIGHT : DOC_CENTER;
		doc_head_text(b, i, &text);
		p->nomem |= text.failed;
		left[i + 1] = p->text_width * ends[i] / whole;
		layouts[i] = pdf_layout(p, buf_str(&text), FONT_BODY, HEAD_POINTS, left[i + 1] - left[i] - 4,
					align);
		double height = pdf_layout_height(layouts[i]);
		most = height > most ? height : most;
	}
	most = most < HEAD_LINE ? HEAD_LINE : most;
	need(p, most + (signs ? SIGN_ROOM : 0));
	if (signs)
		p->y += SIGN_ROOM / 2.0;
	for (int i = 0; i < b->n_heads; i++) {
		pdf_draw(p, layouts[i], p->left + left[i] + 2, p->y);
		g_object_unref(layouts[i]);
	}
	p->y += most + (signs ? SIGN_ROOM / 2.0 : 4);
}

/* The next piece begins in the lower half of the page, or on the next one. */
static void put_cut(struct pdf *p)
{
	double middle = p->height / 2;
	static const double dashes[] = {4, 4};
	if (p->y > middle) {
		pdf_next_page(p);
		return;
	}
	cairo_save(p->cr);
	cairo_set_line_width(p->cr, 0.6);
	cairo_set_dash(p->cr, dashes, 2, 0);
	cairo_move_to(p->cr, 0, middle);
	cairo_line_to(p->cr, p->width, middle);
	cairo_stroke(p->cr);
	cairo_restore(p->cr);
	p->y = middle + p->top / 2;
}

static int put_block(struct pdf *p, const struct doc_block *b, struct err_info *info)
{
	switch (b->kind) {
	case DOC_RED_HEAD:
		put_red_head(p, b);
		return 0;
	case DOC_TITLE:
		put_title(p, b);
		return 0;
	case DOC_PARA:
		put_para(p, b);
		return 0;
	case DOC_HEADS:
	case DOC_SIGNS:
		put_heads(p, b);
		return 0;
	case DOC_TABLE: {
		/* Who signs does not stand on a page alone. */
		int r = pdf_table(p, b->table, b->next && b->next->kind == DOC_SIGNS ? SIGN_ROOM + HEAD_LINE : 0, info);
		p->y += b->next && b->next->kind == DOC_PARA ? TABLE_GAP : 0;
		return r;
	}
	case DOC_CUT:
		put_cut(p);
		return 0;
	case DOC_BREAK:
		pdf_next_page(p);
		return 0;
	}
	return 0;
}

/* ---- the whole, in a process of its own ---- */

struct work {
	const struct doc *doc;
	int fd;
};

static cairo_status_t write_out(void *arg, const unsigned char *data, unsigned len)
{
	const struct work *w = arg;
	while (len) {
		ssize_t n = write(w->fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRO_STATUS_WRITE_ERROR;
		data += n;
		len -= (unsigned)n;
	}
	return CAIRO_STATUS_SUCCESS;
}

static void set_metadata(struct pdf *p)
{
	char made[40];
	struct tm tm;
	time_t at = (time_t)p->doc->made_s;
	gmtime_r(&at, &tm);
	strftime(made, sizeof(made), "%Y-%m-%dT%H:%M:%SZ", &tm);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, p->doc->title);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "晋位");
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

static int work_apart(void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct pdf p = {.doc = w->doc};
	int r = 0;
	if (lseek(w->fd, 0, SEEK_SET) == 0 && ftruncate(w->fd, 0) < 0)	/* begun again */
		return err_io(info, "写出", "PDF", errno);
	p.surface = cairo_pdf_surface_create_for_stream(write_out, w, 595, 842);
	p.cr = cairo_create(p.surface);
	p.context = pango_cairo_create_context(p.cr);
	/* Rare characters would come out in their Japanese shape. */
	pango_context_set_language(p.context, pango_language_from_string("zh-cn"));
	set_metadata(&p);
	find_fonts(&p);
	for (const struct doc_sheet *s = w->doc->first; s && r == 0; s = s->next) {
		end_page(&p);
		p.sheet = s;
		pdf_next_page(&p);
		for (const struct doc_block *b = s->first; b && r == 0; b = b->next)
			r = put_block(&p, b, info);
	}
	end_page(&p);
	cairo_destroy(p.cr);
	cairo_surface_finish(p.surface);
	cairo_status_t status = cairo_surface_status(p.surface);
	if (r < 0)
		return r;
	if (p.nomem || status == CAIRO_STATUS_NO_MEMORY)
		return err_nomem(info);
	return status == CAIRO_STATUS_SUCCESS ? 0 : err_set(info, ERR_IO, "无法写出 PDF：%s",
							      cairo_status_to_string(status));
}

int doc_write_pdf(const struct doc *doc, int fd, struct err_info *info)
{
	struct work w = {doc, fd};
	return apart_run(work_apart, &w, info);
}
