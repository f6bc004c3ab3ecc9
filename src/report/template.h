/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Own templates (spec: forms.md): a workbook or document that somebody made,
 * with placeholders, filled in place. Everything else stays to the byte:
 * styles, merged cells, heights, print settings, pictures, headers, footers.
 *
 * A placeholder is {{名称}} or {{列表.字段}}; braces, letters and the point may be
 * full-width, blanks do not count, and a word processor may have cut it into
 * runs.
 *
 *   {{名称}}           one value
 *   {{列表.字段}}      the row of the sheet or table (a block of adjoining rows, or of
 *                      paragraphs outside tables) is repeated for each of the list;
 *                      once and empty where the list is
 *   {{合计.列表.字段}} the sum of the numbers
 *   a sheet whose name holds {{列表.字段}}, and in a document the paragraph
 *   {{每个列表}} and what follows it: repeated for each of the list, with the data
 *   of that one as its own
 *
 * What is no known name is left standing as it is. A value is never a formula.
 */
#ifndef JW_REPORT_TEMPLATE_H
#define JW_REPORT_TEMPLATE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
	TEMPLATE_NAME_MAX = 90,		/* bytes of a placeholder's name */
	TEMPLATE_HOLES_MAX = 2000,	/* placeholders of one template */
	TEMPLATE_SHEETS_MAX = 300,	/* copies of one sheet, or of a document's text */
	TEMPLATE_OUT_MAX = 64 << 20,	/* bytes of one part when filled */
	TEMPLATE_CELL_CHARS = 32000,	/* of a cell; the rest is cut off with "…" */
};

enum template_kind { TEMPLATE_XLSX, TEMPLATE_DOCX };

/* A part of the file, unpacked. Borrowed. */
struct template_part {
	const char *name;
	struct str data;
	bool changed;			/* out: `data` is new */
};

/* ---- values ---- */

struct template_value {
	const char *text;		/* NULL: nothing */
	bool number;			/* plain decimal digits: a figure, where it stands alone in a cell */
};

struct template_list {
	const char *name;
	int n_fields, n;
	const char *const *fields;
	const struct template_value *cells;	/* [n][n_fields] */
};

struct template_data {
	int n_fields, n_lists;
	const char *const *fields;
	const struct template_value *values;	/* [n_fields] */
	const struct template_list *lists;
};

/* Where a placeholder that is alone in its cell was filled: for reading the
 * workbook back. */
struct template_placed {
	const char *sheet;		/* as named in the filled workbook */
	uint32_t row, column;		/* of the filled workbook, row from 1, column from 0 */
	const char *name;
	int block;			/* which repeated rows of the sheet; -1: none */
	int item;			/* of the list; -1: none, or the list is empty */
	uint32_t offset;		/* row within the repeated rows */
};

/* The values, and those of each of a list where a whole sheet is repeated. */
struct template_source {
	const struct template_data *whole;
	void *arg;
	/* The data of the i-th of a list of `whole`; ERR_NOT_FOUND: not of this list. */
	int (*one)(void *arg, const char *list, int i, const struct template_data **ret_data,
		   struct err_info *info);
	/* Told of each cell of a workbook, sheet by sheet from top to bottom; NULL. Texts
	 * live for the call. */
	int (*placed)(void *placed_arg, const struct template_placed *placed, struct err_info *info);
	void *placed_arg;
};

/* ---- placeholders ---- */

/* One within a text. */
struct template_hole {
	size_t start, end;		/* of all of it, braces included */
	char name[TEMPLATE_NAME_MAX + 1];	/* folded, without blanks */
};

/* The next at or after `at`; false: there is none. */
bool template_next(struct str text, size_t at, struct template_hole *ret_hole);

enum template_name_kind {
	TEMPLATE_ONE,			/* {{field}} */
	TEMPLATE_EACH,			/* {{list.field}} */
	TEMPLATE_SUM,			/* {{合计.list.field}} */
	TEMPLATE_BLOCK,			/* {{每个list}} */
};
struct template_name {
	enum template_name_kind kind;
	struct str list, field;		/* in the name given */
};
struct template_name template_name_of(const char *name);

/* Where placeholders stand, in the order of the file. */
struct template_found {
	const char *name;		/* as of a hole */
	const char *where;		/* "Sheet1!B3", "正文", "页眉" */
};

/* Which of the two it is, by its parts. ERR_INPUT: neither, or not whole. */
int template_kind_of(const struct template_part *parts, int n, enum template_kind *ret_kind,
		     struct err_info *info);

/* All placeholders, in `arena`. ERR_INPUT: broken, or two lists in one row; ERR_LIMIT. */
int template_scan(enum template_kind kind, const struct template_part *parts, int n,
		  struct arena *arena, struct template_found **ret_found, int *ret_n,
		  struct err_info *info);

/*
 * Fills the template and appends the finished file to `out`; `made_s` is the
 * time its parts bear. ERR_INPUT, ERR_LIMIT, ERR_NOMEM, or what `source` says.
 */
int template_fill(enum template_kind kind, const struct template_part *parts, int n,
		  const struct template_source *source, int64_t made_s, struct arena *arena,
		  struct buf *out, struct err_info *info);

#endif
