/* SPDX-License-Identifier: Apache-2.0 */
#include "web/html.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

void html_done(struct html *h)
{
	if (!h)
		return;
	buf_done(&h->out);
	*h = (struct html){0};
}

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* As it may stand between tags and in quoted attributes. */
static void add_escaped(struct buf *out, struct str text)
{
	size_t from = 0, i = 0;

	while (i < text.len) {
		unsigned char c = (unsigned char)text.data[i];
		size_t n = c >= 0x80 ? str_utf8_len(text.data + i, text.len - i) : 1;
		const char *instead = NULL;
		if (n == 0) {
			instead = "\xEF\xBF\xBD";
			n = 1;
		} else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) {
			instead = "";
		} else if (c < 0x80) {
			instead = entity((char)c);
		}
		if (instead) {
			buf_add(out, text.data + from, i - from);
			buf_adds(out, instead);
			from = i + n;
		}
		i += n;
	}
	buf_add(out, text.data + from, text.len - from);
}

void url_add(struct buf *out, struct str text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (isalnum(c) || (c && strchr("-._~", c))) {
			buf_addc(out, (char)c);
		} else {
			buf_addc(out, '%');
			buf_addc(out, hex[c >> 4]);
			buf_addc(out, hex[c & 15]);
		}
	}
}

bool url_is_local(struct str url)
{
	/* Browsers drop tabs and line ends, and take a backslash for a slash. */
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.data[i] <= ' ' || url.data[i] == 0x7F)
			return false;
	if (url.len == 0)
		return false;
	if (url.data[0] == '?' || url.data[0] == '#')
		return true;
	return url.data[0] == '/' &&
	       (url.len == 1 || (url.data[1] != '/' && url.data[1] != '\\'));
}

static struct str arg_text(const struct html_arg *arg, char digits[24])
{
	if (arg->kind == HTML_ARG_STR)
		return arg->text;
	bool negative = arg->kind == HTML_ARG_INT && (int64_t)arg->number < 0;
	uint64_t value = negative ? -arg->number : arg->number;
	size_t at = 24;
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	if (negative)
		digits[--at] = '-';
	return (struct str){digits + at, 24 - at};
}

static void add_hole(struct html *h, const struct html_arg *arg)
{
	char digits[24];
	struct str text = arg_text(arg, digits);

	assert(arg->kind != HTML_ARG_END);	/* fewer arguments than holes */
	assert(h->state != HTML_TAG);		/* a hole in a tag but in no quotes */
	if (h->state == HTML_VALUE && h->url) {
		if (h->started)
			url_add(&h->out, text);
		else
			add_escaped(&h->out, url_is_local(text) ? text : STR("#"));
	} else {
		add_escaped(&h->out, text);
	}
	h->started = true;
}

static bool is_url(const char *name)
{
	static const char *const names[] = {"href", "src", "action", "formaction", "hx-get",
					    "hx-post", "poster"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

static void in_tag(struct html *h, char c)
{
	if (c == '>') {
		h->state = HTML_TEXT;
	} else if (c == '"' || c == '\'') {
		h->name[h->name_len] = '\0';
		assert(strcasecmp(h->name, "style") != 0 && strncasecmp(h->name, "on", 2) != 0);
		h->state = HTML_VALUE;
		h->quote = c;
		h->url = is_url(h->name);
		h->started = false;
		h->name_len = 0;
	} else if (c == ' ' || c == '\n' || c == '\t') {
		h->name_len = 0;
	} else if (c != '=' && h->name_len + 1 < sizeof(h->name)) {
		h->name[h->name_len++] = c;
	}
}

/* Follows one byte of a template. */
static void follow(struct html *h, char c, char next)
{
	switch (h->state) {
	case HTML_TEXT:
		if (c == '<' && (isalpha((unsigned char)next) || next == '/' || next == '!')) {
			h->state = HTML_TAG;
			h->name_len = 0;
		}
		break;
	case HTML_TAG:
		in_tag(h, c);
		break;
	case HTML_VALUE:
		if (c == h->quote)
			h->state = HTML_TAG;
		h->started = true;
		break;
	}
}

void html_write(struct html *h, const char *template, const struct html_arg *args)
{
	const char *from = template;

	for (const char *p = template; *p; p++) {
		if (p[0] == '{' && p[1] == '}') {
			buf_add(&h->out, from, (size_t)(p - from));
			add_hole(h, args++);
			from = p + 2;
			p++;
		} else {
			follow(h, p[0], p[1]);
		}
	}
	buf_adds(&h->out, from);
	assert(args->kind == HTML_ARG_END);	/* more arguments than holes */
}
