/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page_read.h"

#include <string.h>

#include "base/buf.h"

bool page_begins(struct str text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && memcmp(text.data, with, len) == 0;
}

const char *page_find(const char *at, const char *end, const char *needle)
{
	const char *found = at && at < end ? memmem(at, (size_t)(end - at), needle, strlen(needle)) : NULL;
	return found ? found : end;
}

/* What stands in the last <h1>, <h2> or <h3> before `end`. */
static struct str heading_before(const char *from, const char *end)
{
	struct str name = {0};
	for (const char *at = page_find(from, end, "<h"); at < end; at = page_find(at + 2, end, "<h"))
		if (at + 4 < end && at[2] >= '1' && at[2] <= '3') {
			const char *text = page_find(at, end, ">") + 1;
			name = page_between(text, page_find(text, end, "</h"));
		}
	return name;
}

bool page_find_table(struct str page, int which, struct page_table *ret_table)
{
	const char *end = page.data + page.len, *at = page_find(page.data, end, "<main");
	for (const char *from = at; (at = page_find(at, end, "<table")) < end; which--) {
		const char *head_end = page_find(at, end, ">"), *close = page_find(at, end, "</table>");
		if (which == 0) {
			const char *caption = page_find(head_end, close, "<caption");
			struct str name = caption < close
				? page_between(page_find(caption, close, ">") + 1,
					       page_find(caption, close, "</caption>"))
				: heading_before(from, at);
			*ret_table = (struct page_table){
				page_between(at, close < end ? close + strlen("</table>") : end),
				page_between(head_end + 1, close), name,
				page_find(at, head_end, "class='data") < head_end};
			return true;
		}
		at = close;
	}
	return false;
}

/* ---- text of a cell ---- */

static bool tag_is(const char *tag, const char *end, const char *name)
{
	size_t len = strlen(name);
	return (size_t)(end - tag) > len && memcmp(tag, name, len) == 0 &&
	       (tag[len] == ' ' || tag[len] == '>');
}

struct str page_attribute(const char *tag, const char *end, const char *name)
{
	const char *at = page_find(tag, end, name);
	if (at == end)
		return (struct str){0};
	at += strlen(name);
	return page_between(at, page_find(at, end, "'"));
}

static void add_plain(struct buf *out, struct str text)
{
	static const struct {
		const char *entity;
		char plain;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
	for (size_t i = 0; i < text.len;) {
		size_t len = 1;
		char c = text.data[i];
		for (size_t e = 0; c == '&' && e < ARRAY_LEN(entities); e++)
			if (page_begins((struct str){text.data + i, text.len - i}, entities[e].entity)) {
				c = entities[e].plain;
				len = strlen(entities[e].entity);
			}
		if (c == '\n' || c == '\t')
			c = ' ';
		/* Markup is broken into lines; a cell is one. */
		if (c != ' ' || (out->len && buf_str(out)[out->len - 1] != ' '))
			buf_addc(out, c);
		i += len;
	}
}

/* Where what is not read ends: what one can do there, and choices not taken. */
static const char *pass_over(const char *tag, const char *tag_end, const char *end)
{
	if (tag_is(tag, end, "<button"))
		return page_find(tag, end, "</button>");
	if (tag_is(tag, end, "<form"))
		return page_find(tag, end, "</form>");
	if (tag_is(tag, end, "<svg"))
		return page_find(tag, end, "</svg>");
	if (tag_is(tag, end, "<option") && page_find(tag, tag_end, " selected") == tag_end)
		return page_find(tag, end, "</option>");
	return NULL;
}

const char *page_text_of(struct web_call *call, struct str html)
{
	AUTO(buf) struct buf out = {0};
	const char *end = html.data + html.len;
	for (const char *at = html.data; at && at < end;) {
		const char *tag = page_find(at, end, "<");
		add_plain(&out, page_between(at, tag));
		if (tag == end)
			break;
		const char *tag_end = page_find(tag, end, ">"), *past = pass_over(tag, tag_end, end);
		if (tag_is(tag, end, "<input") && (page_find(tag, tag_end, "type='text'") < tag_end ||
						    page_find(tag, tag_end, "type='number'") < tag_end))
			add_plain(&out, page_attribute(tag, tag_end, " value='"));
		if (tag_is(tag, end, "<br") || tag_is(tag, end, "<p") || tag_is(tag, end, "<div") ||
		    tag_is(tag, end, "<li") || tag_is(tag, end, "<span"))
			add_plain(&out, STR(" "));
		at = past ? past : tag_end < end ? tag_end + 1 : end;
	}
	struct str text = str_trim(str_from(buf_str(&out)));
	return arena_strndup(call->arena, text.data ? text.data : "", text.len);
}
