/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document for Word and WPS: the few parts that such a file needs, zipped.
 * Fonts are named by their standard names; the font table says what may stand
 * in for them.
 */
#include <string.h>
#include <zip.h>

#include "base/str.h"
#include "report/doc_font.h"
#include "report/doc_write.h"

#define W_NS \
	"xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"" \
	" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006"

enum {
	LINE_TWIPS = 560,		/* 28 points */
	TEXT_TWIPS = 8844,		/* 156 mm */
	DENSE_TWIPS = 10204,		/* 180 mm */
	DENSE_WIDE_TWIPS = 15136,	/* 267 mm */
	CELL_HALF_POINTS = 21,
	HEADS_HALF_POINTS = 24,
	MM_E3_TWIPS = 56693,		/* twips of a metre of paper, for mm ÷ 1000 */
};

static int twips(int mm)
{
	return mm * MM_E3_TWIPS / 1000;
}

/* ---- escaping ---- */

static void add_escaped(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)text[i];
		size_t n = str_utf8_len(text + i, len - i);
		if (n == 0) {
			buf_adds(out, "\xEF\xBF\xBD");
			n = 1;
		} else if (c == '&') {
			buf_adds(out, "&amp;");
		} else if (c == '<') {
			buf_adds(out, "&lt;");
		} else if (c == '>') {
			buf_adds(out, "&gt;");
		} else if (c == '"') {
			buf_adds(out, "&quot;");
		} else if (c >= ' ' || c == '\t') {
			buf_add(out, text + i, n);
		}
		i += n;
	}
}

/* ---- runs and paragraphs ---- */

struct para {
	enum doc_font font;
	int half_points;
	enum doc_align align;
	int indent;		/* first line, in twips */
	int left;		/* from the left edge */
	int line;		/* exact height in twips; 0: as the font */
	bool bold, red, keep_next;
	int before, after;
};

static void add_run_look(struct buf *out, const struct para *p)
{
	const char *font = doc_font_names(p->font)->name;
	buf_addf(out, "<w:rPr><w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\" w:cs=\"%s\""
		      " w:hint=\"eastAsia\"/>", font, font, font, font);
	if (p->bold)
		buf_adds(out, "<w:b/>");
	if (p->red)
		buf_adds(out, "<w:color w:val=\"D00000\"/>");
	buf_addf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr>", p->half_points,
		 p->half_points);
}

static void begin_para(struct buf *out, const struct para *p)
{
	static const char *const aligns[] = {[DOC_CENTER] = "center", [DOC_LEFT] = "both",
					     [DOC_RIGHT] = "right"};
	buf_adds(out, "<w:p><w:pPr>");
	if (p->keep_next)
		buf_adds(out, "<w:keepNext/>");
	buf_addf(out, "<w:spacing w:before=\"%d\" w:after=\"%d\"", p->before, p->after);
	if (p->line)
		buf_addf(out, " w:line=\"%d\" w:lineRule=\"exact\"", p->line);
	buf_adds(out, "/>");
	if (p->indent || p->left)
		buf_addf(out, "<w:ind w:left=\"%d\" w:firstLine=\"%d\"/>", p->left, p->indent);
	buf_addf(out, "<w:jc w:val=\"%s\"/></w:pPr>", aligns[p->align]);
}

static void add_text(struct buf *out, const struct para *p, const char *text)
{
	/* A line end in the text is one on paper. */
	for (;;) {
		size_t len = strcspn(text, "\n");
		buf_adds(out, "<w:r>");
		add_run_look(out, p);
		buf_adds(out, "<w:t xml:space=\"preserve\">");
		add_escaped(out, text, len);
		buf_adds(out, "</w:t>");
		if (text[len])
			buf_adds(out, "<w:br/>");
		buf_adds(out, "</w:r>");
		if (!text[len])
			return;
		text += len + 1;
	}
}

static void add_para(struct buf *out, const struct para *p, const char *text)
{
	begin_para(out, p);
	add_text(out, p, text);
	buf_adds(out, "</w:p>");
}

/* ---- blocks ---- */

static int text_width(const struct doc_sheet *s)
{
	return s->landscape ? DENSE_WIDE_TWIPS : s->dense ? DENSE_TWIPS : TEXT_TWIPS;
}

static int twips_of_sign(const struct doc_sheet *s)
{
	int width = doc_sign_half_characters(s) * 160;
	return width < text_width(s) ? width : text_width(s);
}

static void put_para(struct buf *out, const struct doc_sheet *s, const struct doc_block *b, bool below_table)
{
	struct para p = {.font = doc_style_font(b->style),
			 .half_points = doc_style_half_points(b->style), .before = below_table ? 140 : 0,
			 .align = DOC_LEFT, .line = b->style == DOC_NOTE ? 360 : LINE_TWIPS};
	if (b->style == DOC_BODY || b->style == DOC_HEAD1 || b->style == DOC_HEAD2)
		p.indent = 2 * p.half_points * 10;
	/* Centred over each other, the day four characters from the edge. */
	if (b->style == DOC_SIGN) {
		p.align = DOC_CENTER;
		p.left = text_width(s) - twips_of_sign(s);
	}
	if (b->style == DOC_MIDDLE)
		p.align = DOC_CENTER;
	/* Neither a heading nor the day and seal stand alone on a page. */
	p.keep_next = b->style == DOC_HEAD1 || b->style == DOC_HEAD2 ||
		      (b->next && b->next->kind == DOC_PARA && b->next->style == DOC_SIGN);
	add_para(out, &p, b->text);
}

static void add_cell_begin(struct buf *out, int width, int across, const char *merge)
{
	buf_addf(out, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>", width);
	if (across > 1)
		buf_addf(out, "<w:gridSpan w:val=\"%d\"/>", across);
	buf_adds(out, merge);
	buf_adds(out, "<w:vAlign w:val=\"center\"/></w:tcPr>");
}

/* Head lines: a table without borders, so that they stand where they belong. */
static void put_heads(struct buf *out, const struct doc_sheet *s, const struct doc_block *b)
{
	bool signs = b->kind == DOC_SIGNS;
	/* Twelve points: half a character is 120 twips. */
	int ends[DOC_HEADS_MAX], parts[DOC_HEADS_MAX], whole = text_width(s) / 120;
	doc_heads_split(b, whole, ends);
	for (int i = 0; i < b->n_heads; i++)
		parts[i] = text_width(s) * ends[i] / whole - (i ? text_width(s) * ends[i - 1] / whole : 0);
	buf_addf(out, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/>"
		      "<w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>", text_width(s));
	for (int i = 0; i < b->n_heads; i++)
		buf_addf(out, "<w:gridCol w:w=\"%d\"/>", parts[i]);
	buf_adds(out, "</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>");
	for (int i = 0; i < b->n_heads; i++) {
		AUTO(buf) struct buf text = {0};
		struct para p = {.font = FONT_BODY, .half_points = HEADS_HALF_POINTS,
				 .align = i == 0 ? DOC_LEFT :
					  i == b->n_heads - 1 && !signs ? DOC_RIGHT : DOC_CENTER,
				 .before = signs ? 360 : 0, .after = 60};
		doc_head_text(b, i, &text);
		out->failed |= text.failed;
		add_cell_begin(out, parts[i], 1, "");
		add_para(out, &p, buf_str(&text));
		buf_adds(out, "</w:tc>");
	}
	buf_adds(out, "</w:tr></w:tbl>");
}

static int sum(const int *widths, int n)
{
	int total = 0;
	for (int i = 0; i < n; i++)
		total += widths[i];
	return total;
}

static void put_cell(struct buf *out, const struct doc_row *row, int i, const int *widths)
{
	const struct doc_cell *c = &row->cells[i];
	char scratch[DOC_NUMBER_LEN];
	int across = c->across > 1 ? c->across : 1;
	add_cell_begin(out, sum(widths + i, across), across, c->down > 1 ? "<w:vMerge w:val=\"restart\"/>" : "");
	struct para p = {.font = row->head || c->bold ? FONT_HEAD : FONT_BODY,
			 .half_points = CELL_HALF_POINTS, .align = (enum doc_align)c->align,
			 .before = 40, .after = 40};
	add_para(out, &p, doc_cell_text(c, scratch));
	buf_adds(out, "</w:tc>");
}

static bool reaches_from(const struct doc_row *above, int column)
{
	return above && above->cells[column].down > 1;
}

static void put_row(struct buf *out, const struct doc_table *t, const struct doc_row *row,
		    const struct doc_row *above, const int *widths)
{
	buf_adds(out, "<w:tr><w:trPr><w:cantSplit/>");
	if (row->min_mm)
		buf_addf(out, "<w:trHeight w:val=\"%d\"/>", twips(row->min_mm));
	if (row->head)
		buf_adds(out, "<w:tblHeader/>");
	buf_adds(out, "</w:trPr>");
	for (int i = 0; i < t->n_columns; i++) {
		const struct doc_cell *c = &row->cells[i];
		if (c->kind != DOC_COVERED) {
			put_cell(out, row, i, widths);
		} else if (c->across && reaches_from(above, i)) {
			add_cell_begin(out, sum(widths + i, c->across), c->across, "<w:vMerge/>");
			buf_adds(out, "<w:p/></w:tc>");
		}
	}
	buf_adds(out, "</w:tr>");
}

static int put_table(struct buf *out, const struct doc_sheet *s, const struct doc_table *t,
		     struct err_info *info)
{
	int widths[DOC_COLUMNS_MAX], total = 0, r;
	struct doc_walk walk;
	const struct doc_row *row, *above = NULL;
	for (int i = 0; i < t->n_columns; i++)
		total += t->columns[i].width_mm;
	buf_addf(out, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>"
		      "<w:tblBorders>", text_width(s));
	static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
	for (size_t i = 0; i < ARRAY_LEN(sides); i++)
		buf_addf(out, "<w:%s w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
	buf_adds(out, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>"
		      "<w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/>"
		      "</w:tblCellMar></w:tblPr><w:tblGrid>");
	for (int i = 0; i < t->n_columns; i++) {
		widths[i] = (int)((int64_t)text_width(s) * t->columns[i].width_mm / total);
		buf_addf(out, "<w:gridCol w:w=\"%d\"/>", widths[i]);
	}
	buf_adds(out, "</w:tblGrid>");
	doc_walk_begin(&walk, t);
	while ((r = doc_walk_next(&walk, &row, info)) > 0 && !out->failed) {
		put_row(out, t, row, above, widths);
		above = row == &walk.made ? NULL : row;
	}
	buf_adds(out, "</w:tbl>");
	return r;
}

static void put_red_head(struct buf *out, const struct doc_block *b)
{
	struct para p = {.font = FONT_TITLE, .half_points = 72, .align = DOC_CENTER, .red = true,
			 .after = 400};
	add_para(out, &p, b->text);
	p = (struct para){.font = FONT_BODY, .half_points = 32, .align = DOC_CENTER};
	begin_para(out, &p);
	if (b->number)
		add_text(out, &p, b->number);
	buf_adds(out, "</w:p><w:p><w:pPr><w:pBdr><w:top w:val=\"single\" w:sz=\"12\" w:space=\"1\""
		      " w:color=\"D00000\"/></w:pBdr><w:spacing w:before=\"160\" w:after=\"400\"/></w:pPr></w:p>");
}

static int put_block(struct buf *out, const struct doc_sheet *s, const struct doc_block *b, bool below_table,
		     struct err_info *info)
{
	const struct para title = {.font = FONT_TITLE, .half_points = s->dense ? 40 : 44,
				   .align = DOC_CENTER, .line = s->dense ? 600 : 680,
				   .after = s->dense ? 120 : LINE_TWIPS};
	switch (b->kind) {
	case DOC_RED_HEAD:
		put_red_head(out, b);
		return 0;
	case DOC_TITLE:
		add_para(out, &title, b->text);
		return 0;
	case DOC_PARA:
		put_para(out, s, b, below_table);
		return 0;
	case DOC_HEADS:
	case DOC_SIGNS:
		put_heads(out, s, b);
		return 0;
	case DOC_TABLE:
		return put_table(out, s, b->table, info);
	case DOC_CUT:
	case DOC_BREAK:
		buf_adds(out, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
		return 0;
	}
	return 0;
}

/* ---- sections and parts ---- */

static void add_section(struct buf *out, const struct doc_sheet *s)
{
	bool dense = s->dense || s->landscape;
	buf_adds(out, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId1\"/>"
		      "<w:footerReference w:type=\"even\" r:id=\"rId2\"/>");
	if (s->landscape)
		buf_adds(out, "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>");
	else
		buf_adds(out, "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>");
	buf_addf(out, "<w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\""
		      " w:header=\"851\" w:footer=\"%d\" w:gutter=\"0\"/></w:sectPr>",
		 twips(dense ? 16 : 37), twips(dense ? 15 : 26), twips(dense ? 20 : 35),
		 twips(dense ? 15 : 28), twips(dense ? 9 : 24));
}

static int write_body(const struct doc *doc, struct buf *out, struct err_info *info)
{
	buf_adds(out, XML_HEAD "<w:document " W_NS "><w:body>");
	for (const struct doc_sheet *s = doc->first; s; s = s->next) {
		if (s->draft)
			add_para(out, &(struct para){.font = FONT_HEAD, .half_points = 22, .align = DOC_RIGHT,
						     .red = true}, s->draft);
		const struct doc_block *before = NULL;
		for (const struct doc_block *b = s->first; b; before = b, b = b->next) {
			int r = put_block(out, s, b, before && before->table, info);
			if (r < 0)
				return r;
			/* Two tables in a row would become one. */
			if ((b->table || b->kind == DOC_HEADS) && (!b->next || b->next->table ||
			    b->next->kind == DOC_HEADS || b->next->kind == DOC_SIGNS))
				buf_adds(out, "<w:p><w:pPr><w:spacing w:line=\"120\" w:lineRule=\"exact\"/>"
					      "</w:pPr></w:p>");
		}
		if (s->next) {
			buf_adds(out, "<w:p><w:pPr><w:spacing w:line=\"20\" w:lineRule=\"exact\"/>");
			add_section(out, s);
			buf_adds(out, "</w:pPr></w:p>");
		} else {
			if (s->last && s->last->kind == DOC_SIGNS)
				buf_adds(out, "<w:p/>");
			add_section(out, s);
		}
	}
	buf_adds(out, "</w:body></w:document>");
	return 0;
}

static void write_footer(const struct doc *doc, struct buf *out, bool odd)
{
	struct para p = {.font = FONT_SONG, .half_points = 28, .align = odd ? DOC_RIGHT : DOC_LEFT};
	struct para small = {.font = FONT_SONG, .half_points = 16, .align = odd ? DOC_LEFT : DOC_RIGHT};
	buf_adds(out, XML_HEAD "<w:ftr " W_NS ">");
	if (doc->unmarked) {
		buf_adds(out, "<w:p/></w:ftr>");
		return;
	}
	begin_para(out, &p);
	add_text(out, &p, "　— ");
	buf_adds(out, "<w:r>");
	add_run_look(out, &p);
	buf_adds(out, "<w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>");
	add_run_look(out, &p);
	buf_adds(out, "<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r>");
	add_run_look(out, &p);
	buf_adds(out, "<w:fldChar w:fldCharType=\"separate\"/></w:r>");
	add_text(out, &p, "1");
	buf_adds(out, "<w:r>");
	add_run_look(out, &p);
	buf_adds(out, "<w:fldChar w:fldCharType=\"end\"/></w:r>");
	add_text(out, &p, " —　");
	buf_adds(out, "</w:p>");
	if (doc->imprint)
		add_para(out, &small, doc->imprint);
	buf_adds(out, "</w:ftr>");
}

static void write_fonts(struct buf *out)
{
	buf_adds(out, XML_HEAD "<w:fonts " W_NS ">");
	for (int f = 0; f < FONT_COUNT; f++) {
		const struct doc_font_names *n = doc_font_names((enum doc_font)f);
		buf_addf(out, "<w:font w:name=\"%s\"><w:altName w:val=\"%s\"/><w:charset w:val=\"86\"/>"
			      "<w:family w:val=\"%s\"/></w:font>", n->name, n->others,
			 f == FONT_HEAD ? "swiss" : "roman");
	}
	buf_adds(out, "</w:fonts>");
}

static void write_styles(struct buf *out)
{
	const char *font = doc_font_names(FONT_BODY)->name;
	buf_addf(out, XML_HEAD "<w:styles " W_NS "><w:docDefaults><w:rPrDefault><w:rPr>"
		      "<w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\"/><w:sz w:val=\"32\"/>"
		      "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults>"
		      "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>"
		      "</w:style></w:styles>", font, font, font);
}

static void write_properties(const struct doc *doc, struct buf *out)
{
	buf_adds(out, XML_HEAD "<cp:coreProperties xmlns:cp=\"" PACKAGE "/metadata/core-properties\""
		      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
	add_escaped(out, doc->title, strlen(doc->title));
	buf_adds(out, "</dc:title><dc:creator>晋位</dc:creator></cp:coreProperties>");
}

static const char types_part[] = XML_HEAD
	"<Types xmlns=\"" PACKAGE "/content-types\">"
	"<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
	"<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
#define WORD_TYPE(part, kind) "<Override PartName=\"/word/" part ".xml\" ContentType=\"application/" \
	"vnd.openxmlformats-officedocument.wordprocessingml." kind "+xml\"/>"
	WORD_TYPE("document", "document.main") WORD_TYPE("footer1", "footer")
	WORD_TYPE("footer2", "footer") WORD_TYPE("fontTable", "fontTable")
	WORD_TYPE("styles", "styles") WORD_TYPE("settings", "settings")
	"<Override PartName=\"/docProps/core.xml\" ContentType=\"application/"
	"vnd.openxmlformats-package.core-properties+xml\"/></Types>";

static const char rels_part[] = XML_HEAD
	"<Relationships xmlns=\"" PACKAGE "/relationships\">"
	"<Relationship Id=\"rId1\" Type=\"" OFFICE "/officeDocument\" Target=\"word/document.xml\"/>"
	"<Relationship Id=\"rId2\" Type=\"" PACKAGE "/relationships/metadata/core-properties\""
	" Target=\"docProps/core.xml\"/></Relationships>";

static const char document_rels_part[] = XML_HEAD
	"<Relationships xmlns=\"" PACKAGE "/relationships\">"
	"<Relationship Id=\"rId1\" Type=\"" OFFICE "/footer\" Target=\"footer1.xml\"/>"
	"<Relationship Id=\"rId2\" Type=\"" OFFICE "/footer\" Target=\"footer2.xml\"/>"
	"<Relationship Id=\"rId3\" Type=\"" OFFICE "/fontTable\" Target=\"fontTable.xml\"/>"
	"<Relationship Id=\"rId4\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/>"
	"<Relationship Id=\"rId5\" Type=\"" OFFICE "/settings\" Target=\"settings.xml\"/></Relationships>";

static const char settings_part[] = XML_HEAD
	"<w:settings " W_NS "><w:evenAndOddHeaders/><w:compat><w:compatSetting"
	" w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>"
	"</w:compat></w:settings>";

/* ---- the zip ---- */

static bool add_part(zip_t *zip, const char *name, const char *data, size_t len, int64_t made_s)
{
	zip_source_t *source = zip_source_buffer(zip, data, len, 0);
	zip_int64_t at = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
	if (at < 0) {
		zip_source_free(source);
		return false;
	}
	return zip_file_set_mtime(zip, (zip_uint64_t)at, (time_t)(made_s ? made_s : 315532800), 0) == 0;
}

static int close_zip(zip_t *zip, zip_source_t *whole, struct buf *out, struct err_info *info)
{
	zip_stat_t stat;
	if (zip_close(zip) < 0) {
		zip_discard(zip);
		return err_nomem(info);
	}
	if (zip_source_stat(whole, &stat) < 0 || zip_source_open(whole) < 0)
		return err_nomem(info);
	int r = buf_reserve(out, stat.size) ? 0 : ERR_NOMEM;
	if (r == 0 && zip_source_read(whole, out->data + out->len, stat.size) != (zip_int64_t)stat.size)
		r = ERR_NOMEM;
	if (r == 0) {
		out->len += stat.size;
		out->data[out->len] = '\0';
	}
	zip_source_close(whole);
	return r < 0 ? err_nomem(info) : 0;
}

int doc_write_docx(const struct doc *doc, struct buf *out, struct err_info *info)
{
	AUTO(buf) struct buf body = {0}, odd = {0}, even = {0}, fonts = {0}, styles = {0}, core = {0};
	zip_error_t error;
	int r = write_body(doc, &body, info);
	if (r < 0)
		return r;
	write_footer(doc, &odd, true);
	write_footer(doc, &even, false);
	write_fonts(&fonts);
	write_styles(&styles);
	write_properties(doc, &core);
	if (body.failed || odd.failed || even.failed || fonts.failed || styles.failed || core.failed)
		return err_nomem(info);
	zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
	if (!whole)
		return err_nomem(info);
	zip_source_keep(whole);
	zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, &error);
	if (!zip) {
		zip_source_free(whole);
		zip_source_free(whole);
		return err_nomem(info);
	}
	const struct {
		const char *name, *data;
		size_t len;
	} parts[] = {
		{"[Content_Types].xml", types_part, sizeof(types_part) - 1},
		{"_rels/.rels", rels_part, sizeof(rels_part) - 1},
		{"word/document.xml", body.data, body.len},
		{"word/_rels/document.xml.rels", document_rels_part, sizeof(document_rels_part) - 1},
		{"word/footer1.xml", odd.data, odd.len},
		{"word/footer2.xml", even.data, even.len},
		{"word/fontTable.xml", fonts.data, fonts.len},
		{"word/styles.xml", styles.data, styles.len},
		{"word/settings.xml", settings_part, sizeof(settings_part) - 1},
		{"docProps/core.xml", core.data, core.len},
	};
	bool good = true;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		good &= add_part(zip, parts[i].name, parts[i].data, parts[i].len, doc->made_s);
	if (good) {
		r = close_zip(zip, whole, out, info);
	} else {
		zip_discard(zip);
		r = err_nomem(info);
	}
	zip_source_free(whole);
	return r;
}
