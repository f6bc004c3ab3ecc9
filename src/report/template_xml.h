/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML as the text it is: a tree of byte ranges over a text that stays as it
 * is. What is filled in place is written by copying ranges and putting others
 * in between, so whatever isn't understood is kept to the byte.
 *
 * The text was found well-formed by whoever loaded it; broken text gives
 * ERR_INPUT here, never a wrong range. Entities: the five of XML and numbers.
 */
#ifndef JW_REPORT_TEMPLATE_XML_H
#define JW_REPORT_TEMPLATE_XML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { XML_CUT_DEPTH = 64 };

/* An element; texts between elements are the gaps. Positions in the text. */
struct xml_cut {
	struct str name;		/* without prefix */
	struct str prefix;		/* "w:"; empty */
	size_t start, inner, inner_end, end;	/* <a …>|…|</a>; inner == inner_end == end of <a/> */
	bool empty;			/* <a/> */
	struct xml_cut *parent, *first, *last, *next;
};

/* The tree of `text`; its root element is the only child of `ret_root`, which
 * spans the whole text. In `arena`. ERR_INPUT, ERR_NOMEM. */
int xml_cut(struct str text, struct arena *arena, struct xml_cut *ret_root, struct err_info *info);

/* The first child of that name; NULL. */
struct xml_cut *xml_child(const struct xml_cut *parent, const char *name);
/* The next sibling of that name, beginning with `node` itself; NULL. */
struct xml_cut *xml_from(struct xml_cut *node, const char *name);
/* In the order of the text; NULL at the end of what is within `top`. */
struct xml_cut *xml_walk(const struct xml_cut *top, struct xml_cut *node);

static inline bool xml_is(const struct xml_cut *node, const char *name)
{
	return str_eqs(node->name, name);
}

/* The raw value of an attribute of the start tag at `node`, with entities; {0}
 * if it isn't there. The name is with its prefix, as it stands ("r:id"). */
struct str xml_attr(struct str text, const struct xml_cut *node, const char *name);

/* The text within a node, entities resolved, its elements' texts included. */
void xml_text(struct str text, const struct xml_cut *node, struct buf *out);
/* Resolves entities. */
void xml_unescape(struct str raw, struct buf *out);
/* Escapes for text and attributes; what XML can't hold is left out. */
void xml_escape(struct str plain, struct buf *out);

/* An attribute whose value is replaced while a start tag is copied. */
struct xml_set {
	const char *name;
	struct str value;		/* raw; {0}: the attribute is left out */
};
/* Copies the start tag of `node` with some attributes replaced, left out or, where
 * they are missing, added. It stays as open or empty as it is, unless `open`. */
void xml_copy_tag(struct str text, const struct xml_cut *node, const struct xml_set *sets, int n,
		  bool open, struct buf *out);

static inline void xml_copy(struct str text, size_t from, size_t to, struct buf *out)
{
	if (to > from)
		buf_add(out, text.data + from, to - from);
}

#endif
