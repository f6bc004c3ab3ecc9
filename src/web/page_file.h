/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of any page as files, as they are shown: the page's own address
 * with `table=xlsx0` (or csv0; the number counts the page's tables from 0) answers
 * with a workbook or CSV of all rows of that table, also of those on further
 * pages (up to TABLE_ALL). So a page needs no line for it. Lists whose export
 * holds more than is shown have one of their own (table_export).
 */
#ifndef JW_WEB_PAGE_FILE_H
#define JW_WEB_PAGE_FILE_H

#include "web/web.h"

/* What the query asks for; call->file stays TAKE_NONE where it is nothing. */
void page_file_read(struct web_call *call, const struct web_params *params);

/* The links, below the tables of the page written so far. */
void page_file_links(struct web_call *call, struct html *h);

/* Makes the response the file that was asked for of the finished page.
 * ERR_NOT_FOUND where it has no such table; ERR_LIMIT above TABLE_ALL rows. */
int page_file_answer(struct web_call *call, struct str page);

#endif
