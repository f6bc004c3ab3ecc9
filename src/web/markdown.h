/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manual's Markdown as HTML, all of it through the escaping writer: headings,
 * paragraphs, lists of one level, tables, code, **strong**, `code` and links.
 * Whatever else stands there is shown as text; HTML is text, too.
 */
#ifndef JW_WEB_MARKDOWN_H
#define JW_WEB_MARKDOWN_H

#include "base/arena.h"
#include "web/html.h"

/* The address of this site for what a link says, e.g. "orgs.md", or NULL: then
 * only the link's text is shown. In the arena, or static. */
typedef const char *(*markdown_link)(struct arena *arena, struct str target);

/* Headings are numbered from 0 and get the id "h-N". */
void markdown_write(struct html *h, struct str text, markdown_link link, struct arena *arena);

/* One line without blocks. */
void markdown_line(struct html *h, struct str line, markdown_link link, struct arena *arena);

#endif
