/* SPDX-License-Identifier: Apache-2.0 */
#include "report/template_xml.h"

#include <string.h>

static int broken(struct err_info *info)
{
	return err_set(info, ERR_INPUT, "模板里的标记不完整，请用 Office 或 WPS 打开后重新保存");
}

/* Where `what` ends, looked for from `from`; 0: nowhere. */
static size_t after(struct str text, size_t from, const char *what)
{
	size_t len = strlen(what);
	const char *at = from < text.len ? memmem(text.data + from, text.len - from, what, len) : NULL;
	return at ? (size_t)(at - text.data) + len : 0;
}

/* The '>' of the tag at `from`, past quoted values; 0: there is none. */
static size_t tag_end(struct str text, size_t from)
{
	char quote = 0;
	for (size_t i = from; i < text.len; i++) {
		char c = text.data[i];
		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return i;
		else if (c == '<' && i > from)
			return 0;
	}
	return 0;
}

static bool ends_name(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '/' || c == '>' || c == '=';
}

static struct str name_at(struct str text, size_t from)
{
	size_t to = from;
	while (to < text.len && !ends_name(text.data[to]))
		to++;
	return (struct str){text.data + from, to - from};
}

static void split_name(struct str whole, struct xml_cut *node)
{
	const char *colon = memchr(whole.data, ':', whole.len);
	size_t prefix = colon ? (size_t)(colon - whole.data) + 1 : 0;
	node->prefix = (struct str){whole.data, prefix};
	node->name = (struct str){whole.data + prefix, whole.len - prefix};
}

static struct xml_cut *add(struct xml_cut *parent, struct arena *arena)
{
	struct xml_cut *node = arena_zalloc(arena, 1, sizeof(*node));
	if (!node)
		return NULL;
	node->parent = parent;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

/* What is no element: comments, CDATA, instructions. Its end, or 0. */
static size_t skip_other(struct str text, size_t at)
{
	struct str rest = {text.data + at, text.len - at};
	if (rest.len >= 4 && memcmp(rest.data, "<!--", 4) == 0)
		return after(text, at + 4, "-->");
	if (rest.len >= 9 && memcmp(rest.data, "<![CDATA[", 9) == 0)
		return after(text, at + 9, "]]>");
	return after(text, at + 2, "?>");
}

int xml_cut(struct str text, struct arena *arena, struct xml_cut *ret_root, struct err_info *info)
{
	struct xml_cut *open = ret_root;
	int depth = 0;
	*ret_root = (struct xml_cut){.inner_end = text.len, .end = text.len};
	for (size_t at = 0; at < text.len; ) {
		const char *lt = memchr(text.data + at, '<', text.len - at);
		if (!lt)
			break;
		at = (size_t)(lt - text.data);
		char c = at + 1 < text.len ? text.data[at + 1] : '\0';
		if (c == '!' || c == '?') {
			if (!(at = skip_other(text, at)))
				return broken(info);
			continue;
		}
		size_t gt = tag_end(text, at);
		if (!gt)
			return broken(info);
		if (c == '/') {
			struct str name = name_at(text, at + 2);
			if (open == ret_root || name.len != open->prefix.len + open->name.len ||
			    memcmp(name.data, open->prefix.data, name.len) != 0)
				return broken(info);
			open->inner_end = at;
			open->end = gt + 1;
			open = open->parent;
			depth--;
		} else {
			struct xml_cut *node = add(open, arena);
			if (!node)
				return err_nomem(info);
			struct str name = name_at(text, at + 1);
			if (!name.len)
				return broken(info);
			split_name(name, node);
			node->start = at;
			node->empty = text.data[gt - 1] == '/';
			node->inner = node->inner_end = node->end = gt + 1;
			if (!node->empty) {
				if (++depth > XML_CUT_DEPTH)
					return err_set(info, ERR_LIMIT, "模板的标记嵌套超过 %d 层", XML_CUT_DEPTH);
				open = node;
			}
		}
		at = gt + 1;
	}
	return open == ret_root && ret_root->first ? 0 : broken(info);
}

struct xml_cut *xml_from(struct xml_cut *node, const char *name)
{
	while (node && !xml_is(node, name))
		node = node->next;
	return node;
}

struct xml_cut *xml_child(const struct xml_cut *parent, const char *name)
{
	return xml_from(parent->first, name);
}

struct xml_cut *xml_walk(const struct xml_cut *top, struct xml_cut *node)
{
	if (node->first)
		return node->first;
	while (node && node != top) {
		if (node->next)
			return node->next;
		node = node->parent;
	}
	return NULL;
}

/* ---- attributes ---- */

struct attr {
	struct str name, value;
	size_t start, end;		/* of name="value", in the text */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The attribute at or after `*at`, which moves behind it. */
static bool next_attr(struct str text, const struct xml_cut *node, size_t *at, struct attr *ret)
{
	size_t end = node->inner - 1, i = *at;
	while (i < end && (is_blank(text.data[i]) || text.data[i] == '/'))
		i++;
	ret->start = i;
	ret->name = name_at(text, i);
	i += ret->name.len;
	while (i < end && text.data[i] != '"' && text.data[i] != '\'')
		i++;
	if (!ret->name.len || i >= end)
		return false;
	const char *close = memchr(text.data + i + 1, text.data[i], end - i - 1);
	if (!close)
		return false;
	ret->value = (struct str){text.data + i + 1, (size_t)(close - text.data) - i - 1};
	ret->end = (size_t)(close - text.data) + 1;
	*at = ret->end;
	return true;
}

static size_t first_attr(const struct xml_cut *node)
{
	return node->start + 1 + node->prefix.len + node->name.len;
}

struct str xml_attr(struct str text, const struct xml_cut *node, const char *name)
{
	struct attr a;
	for (size_t at = first_attr(node); next_attr(text, node, &at, &a); )
		if (str_eqs(a.name, name))
			return a.value;
	return (struct str){0};
}

static void write_attr(const struct xml_set *set, struct buf *out)
{
	bool single = memchr(set->value.data, '"', set->value.len) != NULL;
	buf_addf(out, " %s=%c%.*s%c", set->name, single ? '\'' : '"', STR_ARG(set->value),
		 single ? '\'' : '"');
}

void xml_copy_tag(struct str text, const struct xml_cut *node, const struct xml_set *sets, int n,
		  bool open, struct buf *out)
{
	size_t at = first_attr(node);
	struct attr a;
	unsigned seen = 0;
	xml_copy(text, node->start, at, out);
	while (next_attr(text, node, &at, &a)) {
		int s = 0;
		while (s < n && !str_eqs(a.name, sets[s].name))
			s++;
		if (s == n) {
			buf_addc(out, ' ');
			xml_copy(text, a.start, a.end, out);
			continue;
		}
		seen |= 1u << s;
		if (sets[s].value.data)
			write_attr(&sets[s], out);
	}
	for (int s = 0; s < n; s++)
		if (!(seen >> s & 1) && sets[s].value.data)
			write_attr(&sets[s], out);
	buf_adds(out, node->empty && !open ? "/>" : ">");
}

/* ---- texts ---- */

static void add_character(unsigned long c, struct buf *out)
{
	if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
		return;
	if (c < 0x80) {
		buf_addc(out, (char)c);
	} else if (c < 0x800) {
		buf_addc(out, (char)(0xC0 | c >> 6));
		buf_addc(out, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		if (c >= 0xD800 && c <= 0xDFFF)
			return;
		buf_addc(out, (char)(0xE0 | c >> 12));
		buf_addc(out, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_addc(out, (char)(0x80 | (c & 0x3F)));
	} else if (c <= 0x10FFFF) {
		buf_addc(out, (char)(0xF0 | c >> 18));
		buf_addc(out, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_addc(out, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_addc(out, (char)(0x80 | (c & 0x3F)));
	}
}

static void add_entity(struct str entity, struct buf *out)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eqs(entity, known[i].name)) {
			buf_addc(out, known[i].c);
			return;
		}
	unsigned long c = 0;
	bool hex = entity.len > 2 && (entity.data[1] == 'x' || entity.data[1] == 'X');
	for (size_t i = hex ? 2 : 1; i < entity.len && c <= 0x10FFFF; i++) {
		char d = entity.data[i];
		unsigned digit = d >= '0' && d <= '9' ? (unsigned)(d - '0') :
				 d >= 'a' && d <= 'f' ? (unsigned)(d - 'a') + 10 :
				 d >= 'A' && d <= 'F' ? (unsigned)(d - 'A') + 10 : 99;
		if (digit >= (hex ? 16u : 10u))
			return;
		c = c * (hex ? 16 : 10) + digit;
	}
	if (entity.len > 1 && entity.data[0] == '#' && c)
		add_character(c, out);
}

void xml_unescape(struct str raw, struct buf *out)
{
	for (size_t i = 0; i < raw.len; ) {
		const char *amp = memchr(raw.data + i, '&', raw.len - i);
		size_t to = amp ? (size_t)(amp - raw.data) : raw.len;
		buf_add(out, raw.data + i, to - i);
		if (!amp)
			return;
		const char *semicolon = memchr(amp, ';', raw.len - to);
		if (!semicolon)
			return;
		add_entity((struct str){amp + 1, (size_t)(semicolon - amp) - 1}, out);
		i = (size_t)(semicolon - raw.data) + 1;
	}
}

/* The text from `from` to `to`, in which no element begins. */
static void gap_text(struct str text, size_t from, size_t to, struct buf *out)
{
	while (from < to) {
		const char *lt = memchr(text.data + from, '<', to - from);
		size_t at = lt ? (size_t)(lt - text.data) : to;
		xml_unescape((struct str){text.data + from, at - from}, out);
		if (!lt)
			return;
		size_t end = skip_other(text, at);
		if (!end || end > to)
			return;
		if (end - at >= 12 && memcmp(lt, "<![CDATA[", 9) == 0)
			buf_add(out, lt + 9, end - at - 12);
		from = end;
	}
}

void xml_text(struct str text, const struct xml_cut *node, struct buf *out)
{
	size_t from = node->inner;
	for (const struct xml_cut *child = node->first; child; child = child->next) {
		gap_text(text, from, child->start, out);
		xml_text(text, child, out);
		from = child->end;
	}
	gap_text(text, from, node->inner_end, out);
}

void xml_escape(struct str plain, struct buf *out)
{
	for (size_t i = 0; i < plain.len; ) {
		size_t len = str_utf8_len(plain.data + i, plain.len - i);
		unsigned char c = (unsigned char)plain.data[i];
		if (!len) {
			i++;
			continue;
		}
		/* U+FFFE and U+FFFF are no characters of XML. */
		bool none = len == 3 && c == 0xEF && (unsigned char)plain.data[i + 1] == 0xBF &&
			    (unsigned char)plain.data[i + 2] >= 0xBE;
		if (c == '&')
			buf_adds(out, "&amp;");
		else if (c == '<')
			buf_adds(out, "&lt;");
		else if (c == '>')
			buf_adds(out, "&gt;");
		else if (c == '"')
			buf_adds(out, "&quot;");
		else if ((c >= 0x20 || c == '\n' || c == '\t') && !none)
			buf_add(out, plain.data + i, len);
		i += len;
	}
}
