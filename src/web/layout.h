/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame around every page: brand, menu, account, the path in the tree and
 * the foot. The menu shows only what the account may open; the right is the
 * one its route declares.
 */
#ifndef JW_WEB_LAYOUT_H
#define JW_WEB_LAYOUT_H

#include "web/web.h"

struct crumb {
	const char *name, *href;
};

struct page {
	const char *title;		/* of the window; the page writes its own h1 */
	const char *menu;		/* path of the menu entry it belongs to; NULL: none */
	const struct crumb *crumbs;	/* from the top down; the last is this page */
	int n_crumbs;
};

/* Everything up to the inside of <main>. */
void page_begin(struct web_call *call, struct html *h, const struct page *page);

/* The rest. */
void page_end(struct web_call *call, struct html *h);

/* A menu the account may use: for the home page too. NULL at the end of the
 * table; `i` counts all entries, *ret_open tells whether it is for them. */
struct menu_entry {
	const char *path, *label, *about;
	const char *group;		/* the entry it stands under; NULL: it stands alone */
};
const struct menu_entry *menu_entry(struct web_call *call, int i, bool *ret_open);

/* True if the session may open the GET route of this path somewhere. */
bool page_may_open(struct web_call *call, const char *path);

/* An address on this page with one part of the query changed (NULL: dropped)
 * and what names a page of a table dropped: "?q=…&sort=…". In the arena. */
const char *page_query_with(struct web_call *call, const char *name, const char *value);

#endif
