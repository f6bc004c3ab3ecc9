/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A printed document, before it is xlsx, docx, pdf, a page or plain text
 * (spec: forms.md). It knows paper: sheets of A4 with a title, head lines,
 * paragraphs, tables with merged cells and repeated heads, signature lines.
 *
 * It is built from top to bottom: what is added goes to the end of the last
 * sheet, cells into the next free place of the last row. All texts are copied
 * into its arena. Building never reports: without memory the document turns
 * `failed`, and the one who writes it out asks once.
 */
#ifndef JW_REPORT_DOC_H
#define JW_REPORT_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	DOC_COLUMNS_MAX = 40,
	DOC_HEADS_MAX = 4,
	DOC_SHEETS_MAX = 5000,		/* thousands of score sheets */
	DOC_ROWS_MAX = 1000000,		/* of one table: what a workbook takes */
	DOC_TEXT_MAX = 32000,		/* bytes of one cell, what a workbook takes */
};

enum doc_align { DOC_CENTER, DOC_LEFT, DOC_RIGHT };

enum doc_cell_kind {
	DOC_EMPTY,
	DOC_TEXT,
	DOC_NUMBER,
	DOC_COVERED,	/* by a merged one */
};

struct doc_cell {
	const char *text;	/* DOC_TEXT */
	const char *figure;	/* which organisations stand behind it; NULL: no way there */
	int64_t org;		/* the one it tells of; 0: no way there */
	int64_t number;		/* DOC_NUMBER: ÷ 10^places */
	uint8_t kind, places, align;
	bool bold;
	uint16_t across, down;	/* how many places it takes, 0 counts as 1; of a covered cell:
				 * what is still to cover (across 0: not its left edge) */
};

struct doc_row {
	struct doc_row *next;
	struct doc_cell *cells;	/* one for each column */
	bool head;		/* repeated on each page */
	int min_mm;		/* at least so high; 0: as the text needs */
};

struct doc_column {
	const char *head;	/* NULL in all columns: head rows are added by hand */
	int width_mm;
	enum doc_align align;
};

/* Rows that are made one by one, for lists too large to keep. `row` fills the
 * cells (cleared before, column's alignment set) with texts that live until
 * the next call: 1, 0 at the end, or an error. `rewind` starts anew. */
struct doc_source {
	void *arg;
	int (*row)(void *arg, struct doc_cell *cells, struct err_info *info);
	void (*rewind)(void *arg);
};

struct doc_table {
	int n_columns, n_rows;
	struct doc_column *columns;
	struct doc_row *first, *last;
	struct doc_source source;	/* after the rows; row NULL: none */
	bool spans_down;		/* some cell takes several rows */
};

enum doc_style {
	DOC_BODY,	/* 仿宋 16 pt, two characters in */
	DOC_FLAT,	/* the same without indent: whom it goes to */
	DOC_HEAD1,	/* 一、 黑体 */
	DOC_HEAD2,	/* （一） 楷体 */
	DOC_ANNEX,	/* 附件1, above the title */
	DOC_NOTE,	/* small, below a table */
	DOC_SIGN,	/* right: who issues it, the day */
	DOC_MIDDLE,	/* centred */
};

enum doc_block_kind {
	DOC_RED_HEAD,	/* issuing office in red, number, red line */
	DOC_TITLE,
	DOC_HEADS,	/* 填报单位：… 填表时间：… on one line */
	DOC_PARA,
	DOC_TABLE,
	DOC_SIGNS,	/* lines to sign on, below a table */
	DOC_CUT,	/* a line to cut along */
	DOC_BREAK,	/* a new page */
};

/* "填报单位：" and what stands there. What tells only when it was printed
 * (`passing`) is no part of the document's check code. */
struct doc_head {
	const char *label, *value;
	bool passing;
	const char *figure;	/* as of a cell: behind the value */
	int64_t org;
};

/* A part of a paragraph that leads to organisations, as a cell does. */
struct doc_span {
	struct doc_span *next;
	size_t from, len;	/* bytes of the paragraph's text */
	const char *figure;
	int64_t org;
};

struct doc_block {
	struct doc_block *next;
	enum doc_block_kind kind;
	enum doc_style style;
	const char *text, *number;	/* number: of a red head; may be NULL */
	bool passing;
	struct doc_span *spans;	/* of a paragraph, from left to right */
	int n_heads;
	struct doc_head heads[DOC_HEADS_MAX];
	struct doc_table *table;
};

struct doc_sheet {
	struct doc_sheet *next;
	const char *name;	/* of the sheet in a workbook: 1 to 31 characters, made so */
	bool landscape;
	bool dense;		/* narrow margins: a form that is one table */
	int64_t node;		/* whose form it is, of taken ones; 0: the document's */
	const char *draft;	/* why it is not yet to be signed, on each page; NULL: it is */
	struct doc_block *first, *last;
};

struct doc {
	struct arena arena;
	const char *form;	/* "F1" */
	const char *title;	/* what it is called: file, window, metadata */
	const char *imprint;	/* version and check code, at the foot of each page; NULL: none */
	bool unmarked;		/* no page numbers and no imprint: ballots are all alike */
	int64_t made_s;		/* UTC seconds, for the files' metadata */
	struct doc_sheet *first, *last;
	int n_sheets;
	struct doc_table *table;	/* the last one, which cells go to */
	int column;			/* of the last cell added; -1: none in this row */
	struct doc *taken;		/* documents whose sheets are now here */
	bool failed;
};

void doc_done(struct doc *doc);

/* An empty document; form and title are copied. */
void doc_init(struct doc *doc, const char *form, const char *title);

/* Moves the sheets of `from` behind those of `to`, named after `name` (and
 * their own, where there are several), marked as those of `node`; `from` is
 * empty afterwards. */
void doc_take(struct doc *to, struct doc *from, const char *name, int64_t node);

/* A further sheet: a new page, in a workbook a new sheet. Characters that no
 * sheet's name may hold are left out, a name that is taken gets a number. */
void doc_sheet(struct doc *doc, const char *name, bool landscape, bool dense);

/* Marks the last sheet as a draft; NULL and "" do not. */
void doc_draft(struct doc *doc, const char *why);

void doc_red_head(struct doc *doc, const char *office, const char *number);
void doc_title(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_para(struct doc *doc, enum doc_style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* More text at the end of the last paragraph; a figure or a name that leads to
 * its organisations. */
void doc_add(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_add_figure(struct doc *doc, int64_t number, const char *figure);
void doc_add_link(struct doc *doc, const char *text, const char *figure, int64_t org);
/* As doc_para, of what only tells when it was printed. */
void doc_para_passing(struct doc *doc, enum doc_style style, const char *text);
/* 1 to DOC_HEADS_MAX; a value NULL leaves room to write. */
void doc_heads(struct doc *doc, int n, const struct doc_head *heads);
void doc_signs(struct doc *doc, int n, const struct doc_head *heads);
void doc_cut(struct doc *doc);
void doc_break(struct doc *doc);

/* A table; with heads in the columns its head row is there already. */
void doc_table(struct doc *doc, int n, const struct doc_column *columns);
void doc_row(struct doc *doc);
void doc_head_row(struct doc *doc);
/* The height of the row begun last, at least. */
void doc_row_height(struct doc *doc, int mm);

/* The next free cell of the row. NULL and "" leave it empty. */
void doc_text(struct doc *doc, const char *text);
void doc_textf(struct doc *doc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void doc_int(struct doc *doc, int64_t number);
/* number ÷ 10^places, shown with so many decimals. */
void doc_decimal(struct doc *doc, int64_t number, int places);

/* Of the cell added last: */
void doc_span(struct doc *doc, int across, int down);
void doc_align(struct doc *doc, enum doc_align align);
void doc_bold(struct doc *doc);
void doc_figure(struct doc *doc, const char *figure);
void doc_org(struct doc *doc, int64_t org);

/* ---- for those who write documents out (doc_*.c) ---- */

/* The rows of a table, kept ones first, then those of its source. */
struct doc_walk {
	const struct doc_table *table;
	const struct doc_row *at;
	struct doc_row made;
	struct doc_cell cells[DOC_COLUMNS_MAX];
};
void doc_walk_begin(struct doc_walk *walk, const struct doc_table *table);
/* 1 and the row, 0 at the end, or an error of the source. */
int doc_walk_next(struct doc_walk *walk, const struct doc_row **ret_row, struct err_info *info);

/* The number as it is shown. */
enum { DOC_NUMBER_LEN = 32 };
void doc_number_format(const struct doc_cell *cell, char ret_text[DOC_NUMBER_LEN]);

/* Text or number as shown; "" for an empty cell. Borrowed, or in `scratch`. */
const char *doc_cell_text(const struct doc_cell *cell, char scratch[DOC_NUMBER_LEN]);

/* Half characters that the longest line takes: Chinese counts two. */
int doc_text_width(const char *text);

/* A head line with its value, or with room to write one; "" for signs. */
void doc_head_text(const struct doc_block *block, int i, struct buf *ret_text);

/* How a line of heads shares `total` half characters: evenly where all fit so,
 * else by what each needs. Ends where the last one ends, at `total`. */
void doc_heads_split(const struct doc_block *block, int total, int ret_ends[DOC_HEADS_MAX]);

/* The half characters of 16 points that who signs and the day are centred in, at
 * the right edge: so the day ends four characters from it (GB/T 9704). */
int doc_sign_half_characters(const struct doc_sheet *sheet);

/* How many lines the text takes where `width` half characters fit. */
int doc_text_lines(const char *text, int width);

/* Appends the first `characters` of a name, without what no sheet's name may hold. */
void doc_name_add(struct buf *out, const char *name, int characters);

#endif
