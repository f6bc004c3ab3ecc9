/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manual (docs/manual), embedded at build, so that it is there without the
 * Internet and always fits the program. README is its table of contents.
 */
#ifndef JW_WEB_HELP_H
#define JW_WEB_HELP_H

#include "base/arena.h"
#include "base/str.h"

struct help_page {
	const char *name;	/* "orgs" */
	const char *title;
	const char *text, *end;	/* Markdown */
};
extern const struct help_page help_pages[];	/* by name; ends with a NULL name */

/* NULL where there is none of this name. */
const struct help_page *help_find(struct str name);

/* The page that tells how to use what is at a path of the site; the contents
 * where none does. Never NULL. */
const struct help_page *help_for(struct str path);

enum { HELP_HITS_MAX = 50, HELP_WORDS_MAX = 8 };

/* A section with all words. */
struct help_hit {
	const struct help_page *page;
	int heading;		/* its number on the page, as markdown_write counts; 0: the title */
	struct str title;	/* of the section */
	struct str line;	/* the first with one of the words; may be empty */
};

/* Sections in which all words of `text` (parted by blanks) stand, in the order of
 * the pages; capital letters do not matter. ERR_NOMEM. */
int help_search(const char *text, struct arena *arena, struct help_hit **ret_hits, int *ret_n);

#endif
