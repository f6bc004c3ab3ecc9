/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of a page's own that are sorted, searched and leafed through as those of
 * table.h are: whatever page writes <table class='data sort …'> gets it, from the
 * finished HTML, so it needs no line for it. Such a table has one row of heads, and
 * bodies' rows have no spans. Its part of the address, for table number N of the
 * page: sortN=COLUMN (from 1; -COLUMN: descending), findN=WORD, pageN; row=ID shows the
 * page on which the row with this id stands.
 *
 * A column whose head has class 'sum' is summed over all rows, also those of other
 * pages (after a search: over what was found), unless the table has a foot.
 * Every list of things that can grow has this class or is a table of table.h: sorted,
 * searched, leafed through, summed where sums mean something, and saved as a file
 * (page_file.h). Not sorted: documents as they are printed (forms, notices, schemes in
 * words), tables whose order is what they say (the proposal with its lines, why a score
 * is so, a plan), and the few fixed rows of a figure (grades, stars, channels).
 *
 * Tables inside a form, or with fields of one that stands elsewhere, keep all their
 * rows: these are sent together. With class 'pick' a row's tick speaks for this row
 * only, and the table has pages: what is done is done to those chosen on this one.
 */
#ifndef JW_WEB_PAGE_SORT_H
#define JW_WEB_PAGE_SORT_H

#include "web/web.h"

/* Rewrites the finished page. ERR_NOMEM. */
int page_sort(struct web_call *call, struct buf *page);

#endif
