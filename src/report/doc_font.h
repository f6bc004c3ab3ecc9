/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The letters of official paper (GB/T 9704), each with the name that files
 * carry, and with those that are tried where it is not installed: the nearest
 * free one last.
 */
#ifndef JW_REPORT_DOC_FONT_H
#define JW_REPORT_DOC_FONT_H

#include "report/doc.h"

enum doc_font {
	FONT_TITLE,	/* 小标宋: titles, red heads */
	FONT_BODY,	/* 仿宋: text */
	FONT_HEAD,	/* 黑体: first headings, heads of tables */
	FONT_SUB,	/* 楷体: second headings */
	FONT_SONG,	/* 宋体: page numbers */
	FONT_COUNT,
};

struct doc_font_names {
	const char *name;	/* the standard one */
	const char *others;	/* further names of it and what stands in, "；"-free, comma between */
	const char *free_ones;	/* fonts anybody may have; comma between */
	bool free_bold;		/* the free one in its bold weight comes nearest */
};

const struct doc_font_names *doc_font_names(enum doc_font font);

/* Font and half-points of a paragraph. */
enum doc_font doc_style_font(enum doc_style style);
int doc_style_half_points(enum doc_style style);

#endif
