/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables read back from a page that the HTML writer has written: every tag is
 * closed, every attribute stands in single quotes, no table lies in another.
 * What is found borrows from the page.
 */
#ifndef JW_WEB_PAGE_READ_H
#define JW_WEB_PAGE_READ_H

#include "web/web.h"

struct page_table {
	struct str all;			/* from <table to </table> */
	struct str inner;		/* between these */
	struct str name;		/* caption, or the heading before it; with its markup */
	bool data;			/* of things, not of a form's layout or of help */
};

/* Table number `which` of the page's <main>, from 0; false where there are fewer. */
bool page_find_table(struct str page, int which, struct page_table *ret_table);

/* The first `needle` in [at, end), or end. */
const char *page_find(const char *at, const char *end, const char *needle);

static inline struct str page_between(const char *from, const char *to)
{
	return (struct str){from, from < to ? (size_t)(to - from) : 0};
}

bool page_begins(struct str text, const char *with);

/* What follows `name` (" class='") up to the next quote in the tag [tag, end). */
struct str page_attribute(const char *tag, const char *end, const char *name);

/* What a person reads in it, and what stands in its fields: one line, in the
 * arena; NULL without memory. */
const char *page_text_of(struct web_call *call, struct str html);

#endif
