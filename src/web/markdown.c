/* SPDX-License-Identifier: Apache-2.0 */
#include "web/markdown.h"

#include <string.h>

enum { COLUMNS_MAX = 12 };

struct writer {
	struct html *h;
	struct arena *arena;
	markdown_link link;
	struct str left;	/* what is still to be read */
	int headings;
	struct str heading;	/* the last */
};

/* ---- within a line ---- */

/* The place of `mark` in text, or text.len. */
static size_t find(struct str text, size_t from, const char *mark)
{
	size_t len = strlen(mark);
	const char *at = from < text.len ? memmem(text.data + from, text.len - from, mark, len) : NULL;
	return at ? (size_t)(at - text.data) : text.len;
}

static struct str part(struct str text, size_t from, size_t to)
{
	return (struct str){text.data + from, to - from};
}

/* [label](target) at `at`: where it ends, or 0. */
static size_t write_link(struct writer *w, struct str text, size_t at)
{
	size_t middle = find(text, at, "]("), end = find(text, middle, ")");
	if (middle >= text.len || end >= text.len)
		return 0;
	struct str label = part(text, at + 1, middle), target = part(text, middle + 2, end);
	const char *href = w->link(w->arena, target);
	if (href)
		html(w->h, "<a href='{}'>{}</a>", href, label);
	else
		html(w->h, "{}", label);
	return end + 1;
}

/* `code` or **strong** at `at`: where it ends, or 0. */
static size_t write_marked(struct writer *w, struct str text, size_t at, const char *mark)
{
	size_t len = strlen(mark), end = find(text, at + len, mark);
	if (end >= text.len || end == at + len)
		return 0;
	if (*mark == '`')
		html(w->h, "<code>{}</code>", part(text, at + len, end));
	else
		html(w->h, "<b>{}</b>", part(text, at + len, end));
	return end + len;
}

static void write_inline(struct writer *w, struct str text)
{
	size_t from = 0;

	for (size_t at = 0; at < text.len;) {
		char c = text.data[at];
		size_t plain_end = at, end = 0;
		if (c != '`' && c != '[' && c != '*') {
			at++;
			continue;
		}
		if (from < plain_end)
			html(w->h, "{}", part(text, from, plain_end));
		from = plain_end;
		if (c == '`')
			end = write_marked(w, text, at, "`");
		else if (c == '[')
			end = write_link(w, text, at);
		else if (at + 1 < text.len && text.data[at + 1] == '*')
			end = write_marked(w, text, at, "**");
		at = end ? end : at + 1;
		from = end ? end : from;
	}
	if (from < text.len)
		html(w->h, "{}", part(text, from, text.len));
}

/* ---- lines ---- */

static struct str peek(const struct writer *w)
{
	const char *nl = w->left.len ? memchr(w->left.data, '\n', w->left.len) : NULL;
	struct str line = {w->left.data, nl ? (size_t)(nl - w->left.data) : w->left.len};
	if (line.len && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

static void next(struct writer *w)
{
	const char *nl = w->left.len ? memchr(w->left.data, '\n', w->left.len) : NULL;
	size_t len = nl ? (size_t)(nl - w->left.data) + 1 : w->left.len;
	w->left.data += len;
	w->left.len -= len;
}

static struct str trim(struct str line)
{
	while (line.len && (*line.data == ' ' || *line.data == '\t')) {
		line.data++;
		line.len--;
	}
	while (line.len && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t'))
		line.len--;
	return line;
}

static bool starts(struct str line, const char *with)
{
	size_t len = strlen(with);
	return line.len >= len && memcmp(line.data, with, len) == 0;
}

/* The length of "- " or "12. " at the front; 0: no item. */
static size_t bullet(struct str line, bool *ret_numbered)
{
	size_t digits = 0;
	*ret_numbered = false;
	if (starts(line, "- ") || starts(line, "* "))
		return 2;
	while (digits < line.len && digits < 3 && line.data[digits] >= '0' && line.data[digits] <= '9')
		digits++;
	*ret_numbered = true;
	return digits && starts(part(line, digits, line.len), ". ") ? digits + 2 : 0;
}

static bool is_block(struct str line)
{
	bool numbered;
	return !trim(line).len || *line.data == '#' || *line.data == '|' || starts(line, "```") ||
	       bullet(line, &numbered);
}

/* Lines up to the next block as one text. Chinese is joined without a blank. */
static struct str gather(struct writer *w, struct str first)
{
	struct buf text = {0};
	struct str line = trim(first);

	buf_add(&text, line.data, line.len);
	for (next(w); w->left.len && !is_block(peek(w)); next(w)) {
		line = trim(peek(w));
		bool latin = text.len && (unsigned char)text.data[text.len - 1] < 0x80 &&
			     (unsigned char)line.data[0] < 0x80;
		if (latin)
			buf_addc(&text, ' ');
		buf_add(&text, line.data, line.len);
	}
	const char *copy = arena_strndup(w->arena, text.len ? text.data : "", text.len);
	struct str all = {copy ? copy : "", copy ? text.len : 0};
	if (text.failed || !copy)
		w->h->out.failed = true;
	buf_done(&text);
	return all;
}

/* ---- blocks ---- */

static void write_heading(struct writer *w, struct str line)
{
	size_t level = 0;
	while (level < line.len && line.data[level] == '#')
		level++;
	struct str text = trim(part(line, level, line.len));
	int id = w->headings++;
	w->heading = text;
	if (level == 1)
		html(w->h, "<h1 id='h-{}'>", id);
	else if (level == 2)
		html(w->h, "<h2 id='h-{}'>", id);
	else
		html(w->h, "<h3 id='h-{}'>", id);
	write_inline(w, text);
	if (level == 1)
		html(w->h, "</h1>\n");
	else if (level == 2)
		html(w->h, "</h2>\n");
	else
		html(w->h, "</h3>\n");
	next(w);
}

static void write_fence(struct writer *w)
{
	html(w->h, "<pre><code>");
	for (next(w); w->left.len && !starts(peek(w), "```"); next(w))
		html(w->h, "{}\n", peek(w));
	next(w);
	html(w->h, "</code></pre>\n");
}

/* As far in as its first line, as under a list's item. */
static void write_indented(struct writer *w)
{
	struct str first = peek(w);
	size_t indent = 4;
	while (indent < first.len && first.data[indent] == ' ')
		indent++;
	html(w->h, "<pre><code>");
	for (; w->left.len && starts(peek(w), "    "); next(w)) {
		struct str line = peek(w);
		size_t n = 4;
		while (n < indent && n < line.len && line.data[n] == ' ')
			n++;
		html(w->h, "{}\n", part(line, n, line.len));
	}
	html(w->h, "</code></pre>\n");
}

/* Up to three digits, as bullet found them. */
static int first_number(struct str line)
{
	int number = 0;
	for (size_t i = 0; i < line.len && line.data[i] >= '0' && line.data[i] <= '9'; i++)
		number = number * 10 + (line.data[i] - '0');
	return number;
}

static void write_list(struct writer *w)
{
	bool numbered, now;
	bullet(peek(w), &numbered);
	/* What stands between two items ends the list; the numbers go on. */
	if (numbered)
		html(w->h, "<ol start='{}'>\n", first_number(peek(w)));
	else
		html(w->h, "<ul>\n");
	for (;;) {
		struct str line = peek(w);
		size_t len = w->left.len ? bullet(line, &now) : 0;
		if (!len || now != numbered)
			break;
		struct str text = gather(w, part(line, len, line.len));
		html(w->h, "<li>");
		write_inline(w, text);
		html(w->h, "</li>\n");
	}
	if (numbered)
		html(w->h, "</ol>\n");
	else
		html(w->h, "</ul>\n");
}

/* The cells between the bars. A bar inside `code` is written \| . */
static int cells_of(struct str line, struct str cells[COLUMNS_MAX])
{
	int n = 0;
	size_t from = 1;
	for (size_t at = 1; at < line.len && n < COLUMNS_MAX; at++)
		if (line.data[at] == '|' && line.data[at - 1] != '\\') {
			cells[n++] = trim(part(line, from, at));
			from = at + 1;
		}
	return n;
}

static void write_table(struct writer *w)
{
	struct str cells[COLUMNS_MAX];
	bool head = true;
	html(w->h, "<table class='data'>");
	if (w->heading.len) {
		html(w->h, "<caption class='vh'>");
		write_inline(w, w->heading);
		html(w->h, "</caption>");
	}
	html(w->h, "<thead>\n");
	for (; w->left.len && starts(peek(w), "|"); next(w)) {
		int n = cells_of(trim(peek(w)), cells);
		if (n && starts(cells[0], "--"))
			continue;
		html(w->h, "<tr>");
		for (int i = 0; i < n; i++) {
			if (head)
				html(w->h, "<th scope='col'>");
			else
				html(w->h, "<td>");
			write_inline(w, cells[i]);
			if (head)
				html(w->h, "</th>");
			else
				html(w->h, "</td>");
		}
		if (head)
			html(w->h, "</tr></thead>\n<tbody>\n");
		else
			html(w->h, "</tr>\n");
		head = false;
	}
	if (head)
		html(w->h, "</thead></table>\n");
	else
		html(w->h, "</tbody></table>\n");
}

void markdown_write(struct html *h, struct str text, markdown_link link, struct arena *arena)
{
	struct writer w = {.h = h, .arena = arena, .link = link, .left = text};
	bool numbered;

	while (w.left.len) {
		struct str line = peek(&w);
		if (!trim(line).len) {
			next(&w);
		} else if (*line.data == '#') {
			write_heading(&w, line);
		} else if (starts(line, "```")) {
			write_fence(&w);
		} else if (starts(line, "    ")) {
			write_indented(&w);
		} else if (*line.data == '|') {
			write_table(&w);
		} else if (bullet(line, &numbered)) {
			write_list(&w);
		} else {
			struct str all = gather(&w, line);
			html(h, "<p>");
			write_inline(&w, all);
			html(h, "</p>\n");
		}
	}
}

void markdown_line(struct html *h, struct str line, markdown_link link, struct arena *arena)
{
	struct writer w = {.h = h, .arena = arena, .link = link};
	write_inline(&w, line);
}
