/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML that cannot be injected into. A page is a row of literal templates with
 * `{}` holes: `html(h, "<a href='/orgs/{}'>{}</a>", code, name)`. Escaping is
 * the only behaviour; there is no function that writes text as it is.
 *
 * The writer reads the markup of the templates as it goes, so that each hole
 * is escaped for its place:
 *   - between tags and in a quoted attribute: & < > " ' become entities;
 *   - inside an address (href, src, action, hx-get …): percent-encoded;
 *   - where a hole is a whole address: only one of this site is written ("/x",
 *     "?x", "#x"), anything else becomes "#".
 * A hole anywhere else (tag names, unquoted values, style, on…) is a bug and
 * stops the program, as does a wrong number of arguments.
 * Broken UTF-8 is written as U+FFFD, control characters are left out.
 */
#ifndef JW_WEB_HTML_H
#define JW_WEB_HTML_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum html_state {
	HTML_TEXT,	/* between tags */
	HTML_TAG,	/* inside < > */
	HTML_VALUE,	/* inside a quoted attribute value */
};

/* Zero-initialised is ready to use. A template may end inside a tag; the next
 * one goes on there. */
struct html {
	struct buf out;
	enum html_state state;
	char quote;		/* HTML_VALUE: the closing one */
	bool url;		/* HTML_VALUE: the attribute is an address */
	bool started;		/* HTML_VALUE: something stands before this point */
	char name[24];		/* HTML_TAG: the attribute's name so far */
	unsigned name_len;
};

struct html_arg {
	enum { HTML_ARG_END, HTML_ARG_STR, HTML_ARG_INT, HTML_ARG_UINT } kind;
	struct str text;
	uint64_t number;
};

void html_done(struct html *h);

/* What html() expands to; not to be called by hand. `args` ends with END. */
void html_write(struct html *h, const char *template, const struct html_arg *args);

/* Appends the percent-encoded text: all but A-Z a-z 0-9 - . _ ~ . */
void url_add(struct buf *out, struct str text);

/* True for an address of this site: "/x", "?x" or "#x", and nothing in it that
 * browsers would read as another host's. */
bool url_is_local(struct str url);

static inline struct html_arg html_arg_chars(const char *text)
{
	return (struct html_arg){HTML_ARG_STR, str_from(text), 0};
}
static inline struct html_arg html_arg_str(struct str text)
{
	return (struct html_arg){HTML_ARG_STR, text, 0};
}
static inline struct html_arg html_arg_int(int64_t number)
{
	return (struct html_arg){HTML_ARG_INT, {0}, (uint64_t)number};
}
static inline struct html_arg html_arg_uint(uint64_t number)
{
	return (struct html_arg){HTML_ARG_UINT, {0}, number};
}

#define HTML_ARG(x) _Generic((x), \
	char *: html_arg_chars, const char *: html_arg_chars, struct str: html_arg_str, \
	unsigned: html_arg_uint, unsigned long: html_arg_uint, unsigned long long: html_arg_uint, \
	default: html_arg_int)(x)

/* Applies HTML_ARG to each of up to 12 arguments. */
#define HTML_A1(x) HTML_ARG(x),
#define HTML_A2(x, ...) HTML_ARG(x), HTML_A1(__VA_ARGS__)
#define HTML_A3(x, ...) HTML_ARG(x), HTML_A2(__VA_ARGS__)
#define HTML_A4(x, ...) HTML_ARG(x), HTML_A3(__VA_ARGS__)
#define HTML_A5(x, ...) HTML_ARG(x), HTML_A4(__VA_ARGS__)
#define HTML_A6(x, ...) HTML_ARG(x), HTML_A5(__VA_ARGS__)
#define HTML_A7(x, ...) HTML_ARG(x), HTML_A6(__VA_ARGS__)
#define HTML_A8(x, ...) HTML_ARG(x), HTML_A7(__VA_ARGS__)
#define HTML_A9(x, ...) HTML_ARG(x), HTML_A8(__VA_ARGS__)
#define HTML_A10(x, ...) HTML_ARG(x), HTML_A9(__VA_ARGS__)
#define HTML_A11(x, ...) HTML_ARG(x), HTML_A10(__VA_ARGS__)
#define HTML_A12(x, ...) HTML_ARG(x), HTML_A11(__VA_ARGS__)
#define HTML_PICK(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, name, ...) name
#define HTML_ARGS(...) \
	HTML_PICK(__VA_ARGS__, HTML_A12, HTML_A11, HTML_A10, HTML_A9, HTML_A8, HTML_A7, HTML_A6, \
		  HTML_A5, HTML_A4, HTML_A3, HTML_A2, HTML_A1, )(__VA_ARGS__)

/* Writes a literal template, its holes filled with the arguments in order:
 * C strings (NULL: empty), struct str, integers. */
#define html(h, template, ...) \
	html_write((h), "" template "", \
		   (const struct html_arg[]){__VA_OPT__(HTML_ARGS(__VA_ARGS__)) {0}})

#endif
