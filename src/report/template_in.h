/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that fill templates share. Internal to report/. */
#ifndef JW_REPORT_TEMPLATE_IN_H
#define JW_REPORT_TEMPLATE_IN_H

#include "report/template.h"
#include "report/template_xml.h"

/* ---- parts ---- */

/* The file while it is filled: parts may be added, replaced and dropped. */
struct template_file {
	struct template_part *parts;
	int n, cap;
	struct arena *arena;
};

struct template_part *template_part(const struct template_file *file, const char *name);
/* Takes the bytes of `data`, which becomes empty, into the arena. */
int template_put(struct template_file *file, const char *name, struct buf *data,
		 struct err_info *info);
void template_drop(struct template_file *file, const char *name);

/* "xl/worksheets/_rels/sheet1.xml.rels" of "xl/worksheets/sheet1.xml". */
const char *template_rels_name(const char *part, struct arena *arena);
/* The part that a relationship's target means, seen from `part`; NULL: it climbs out. */
const char *template_target(const char *part, struct str target, struct arena *arena);

/* ---- values in texts ---- */

enum template_place { PLACE_CELL, PLACE_WORD, PLACE_DRAWING };

/* What is true at one place of the file. */
struct template_at {
	const struct template_data *data;
	const char *list;		/* whose row is being repeated; NULL: none */
	int row;			/* -1: the list is empty */
	enum template_place place;
};

/* The value of a name here; false: not known here. `scratch` holds sums. */
bool template_value(const struct template_at *at, const char *name, char scratch[32],
		    struct template_value *ret_value);

const struct template_list *template_list(const struct template_data *data, struct str name);

/* A plain text with its placeholders filled. */
void template_fill_plain(const struct template_at *at, struct str text, struct buf *out);

/* Whether a text has placeholders. */
bool template_has(struct str text);

/* What is to be put in place of ranges of a text. Zero-initialised but for the
 * arena is ready to use. */
struct template_edit {
	size_t from, to;
	struct str text;
};
struct template_edits {
	struct arena *arena;
	struct template_edit *at;
	int n, cap;
};
/* Puts `text` (copied) in place of a range; none may overlap another. ERR_NOMEM. */
int template_edit(struct template_edits *edits, size_t from, size_t to, struct str text,
		  struct err_info *info);
/* Copies the range from `from` to `to` with the edits inside it. */
void template_write(struct str raw, size_t from, size_t to, struct template_edits *edits,
		    struct buf *out);

/*
 * The edits that fill the text elements `texts` (n, in order) as one text: a
 * placeholder may begin in one and end in another, its value stands where it begins.
 */
int template_fill_runs(const struct template_at *at, struct str raw, struct xml_cut *const *texts,
		       int n, struct template_edits *edits, struct err_info *info);

/* Joins the texts of elements, for looking at. */
void template_join(struct str raw, struct xml_cut *const *texts, int n, struct buf *out);

/* Collects the elements `name` within `top` (and not within another `barrier`
 * element inside it); in `arena`. */
int template_texts(const struct xml_cut *top, const char *name, const char *barrier,
		   struct arena *arena, struct xml_cut ***ret_texts, int *ret_n,
		   struct err_info *info);

/* ---- what was found ---- */

struct template_finds {
	struct arena *arena;
	struct template_found *at;
	int n, cap;
};
/* Notes the placeholders of a text. ERR_LIMIT, ERR_NOMEM. */
int template_note(struct template_finds *finds, struct str text, const char *where,
		  struct err_info *info);

/* The list whose rows this text repeats; a second one is ERR_INPUT. `*list` is
 * NULL or what was found before. */
int template_list_of(struct str text, const char *where, struct arena *arena, const char **list,
		     struct err_info *info);

/* ---- references of a worksheet ---- */

/* Rows `row` … `row + height - 1` (from 1) stand `copies` times. In order. */
struct template_shift {
	uint32_t row, height, copies;
};
struct template_shifts {
	const char *sheet;		/* its name in formulas, unquoted */
	const char *renamed;		/* NULL: as it was */
	int n;
	struct template_shift *at;
};

/* Where row `row` (from 1) goes: its first, its last place. */
uint32_t template_row_first(const struct template_shifts *s, uint32_t row);
uint32_t template_row_last(const struct template_shifts *s, uint32_t row);

/* Where a formula stands: the sheet, and in which copy of which repeated rows. */
struct template_spot {
	const struct template_shifts *all;
	int n_all, sheet;
	int shift;			/* -1: in no repeated row */
	uint32_t copy;
};
/* A formula, or a range of cells ("A1:B2 C3"), as it reads afterwards. Raw XML
 * in and out. */
void template_map(const struct template_spot *spot, struct str formula, struct buf *out);
/* A formula moved by rows and columns, as a shared one is. */
void template_move(struct str formula, int32_t rows, int32_t columns, struct buf *out);

/* ---- the two kinds ---- */

int template_scan_xlsx(const struct template_file *file, struct template_finds *finds,
		       struct err_info *info);
int template_scan_docx(const struct template_file *file, struct template_finds *finds,
		       struct err_info *info);
int template_fill_xlsx(struct template_file *file, const struct template_source *source,
		       struct err_info *info);
int template_fill_docx(struct template_file *file, const struct template_source *source,
		       struct err_info *info);

/* One sheet (template_sheet.c). */
struct template_sheet {
	const char *part;		/* its name */
	struct str raw;
	struct xml_cut root;
	struct xml_cut *data;		/* <sheetData> */
	struct template_shifts shifts;
	const char **lists;		/* of each shift: whose rows they are */
};
struct template_strings {
	struct str raw;
	struct xml_cut root;
	struct xml_cut **items;
	int n;
};
int template_sheet_open(struct template_sheet *sheet, const struct template_file *file,
			const char *part, struct err_info *info);
/* Finds the rows that are repeated; their copies follow from `data`. */
int template_sheet_rows(struct template_sheet *sheet, const struct template_strings *strings,
			const struct template_data *data, struct arena *arena,
			struct err_info *info);
int template_sheet_scan(const struct template_sheet *sheet, const struct template_strings *strings,
			const char *name, struct template_finds *finds, struct err_info *info);
int template_sheet_fill(const struct template_sheet *sheet, const struct template_strings *strings,
			const struct template_data *data, const struct template_spot *spot,
			const struct template_source *source, const char *name, struct arena *arena,
			struct buf *out, struct err_info *info);

#endif
