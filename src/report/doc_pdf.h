/* SPDX-License-Identifier: Apache-2.0 */
/* What doc_pdf.c (pages and lines) and doc_pdf_table.c (tables) share. Lengths
 * are points of 1/72 inch. */
#ifndef JW_REPORT_DOC_PDF_H
#define JW_REPORT_DOC_PDF_H

#include <pango/pangocairo.h>

#include "report/doc_font.h"

struct pdf {
	const struct doc *doc;
	const struct doc_sheet *sheet;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoContext *context;
	PangoFontDescription *font[FONT_COUNT];
	double width, height;			/* of the page */
	double left, top, text_width, bottom;	/* of the text */
	double y;
	int page;
	bool open;		/* something may stand on this page */
	bool nomem;
};

/* A text in a font and size, broken into lines of `width` (0: one line). The
 * caller unrefs it. */
PangoLayout *pdf_layout(struct pdf *p, const char *text, enum doc_font font, double points,
			double width, enum doc_align align);

/* Its height. */
double pdf_layout_height(PangoLayout *layout);

void pdf_draw(struct pdf *p, PangoLayout *layout, double x, double y);

/* Ends this page, if there is one, and begins the next. */
void pdf_next_page(struct pdf *p);

/* The whole table, over as many pages as it takes: heads repeated, rows never
 * broken; so much room is left below it on its last page. ERR_LIMIT where one row does not fit a page. */
int pdf_table(struct pdf *p, const struct doc_table *table, double after, struct err_info *info);

#endif
