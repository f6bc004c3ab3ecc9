/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scheme in words: what its rules say, in plain Chinese, as sections with a
 * table or lines or both. The command line prints it, the page shows it.
 */
#ifndef JW_REPORT_SCHEME_TEXT_H
#define JW_REPORT_SCHEME_TEXT_H

#include "base/buf.h"
#include "domain/scheme.h"

/* The widest table: indicators, one column a category. */
enum { SCHEME_TEXT_COLUMNS = 1 + SCHEME_CATEGORIES_MAX };

struct scheme_text_line {
	struct scheme_text_line *next;
	const char *text;
};

struct scheme_text_row {
	struct scheme_text_row *next;
	const char *cell[SCHEME_TEXT_COLUMNS];	/* n_columns are set */
};

/* Never empty: it has rows or lines. */
struct scheme_text_section {
	struct scheme_text_section *next;
	const char *title;
	int n_columns;				/* 0: no table */
	const char *head[SCHEME_TEXT_COLUMNS];
	struct scheme_text_row *rows;
	struct scheme_text_line *lines;		/* below the table */
};

struct scheme_text {
	struct arena arena;
	struct scheme_text_section *first;
};

/* Frees it. NULL and zeroed are fine. */
void scheme_text_done(struct scheme_text *text);

/* Puts a scheme into words; borrows the scheme's texts. ERR_NOMEM. */
int scheme_text_make(struct scheme_text *ret_text, const struct scheme *scheme,
		     struct err_info *info);

/* Appends it for a terminal: tables aligned, Chinese counted two columns wide
 * (the locale must be UTF-8). ERR_NOMEM. */
int scheme_text_write(struct buf *buf, const struct scheme_text *text, struct err_info *info);

#endif
