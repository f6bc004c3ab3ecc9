/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML file as a tree of nodes that know their line: the part of YAML 1.2
 * that a rule file needs. One document; block and flow style, quotes and
 * comments as usual. Anchors, aliases, tags, merge keys, duplicate keys and
 * keys that are no plain texts are faults. A scalar is its text: what it means
 * (a number, a share, a flag) is for the one who reads it.
 */
#ifndef JW_IMPORT_YAML_TREE_H
#define JW_IMPORT_YAML_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "import/faults.h"

enum {
	YTREE_SIZE_MAX = 1 << 20,	/* bytes of a file */
	YTREE_DEPTH_MAX = 12,		/* lists and mappings within each other */
	YTREE_NODES_MAX = 20000,
	YTREE_KEYS_MAX = 200,		/* keys of one mapping */
	YTREE_TEXT_MAX = 4000,		/* bytes of one scalar */
};

enum ynode_kind {
	YNODE_TEXT,
	YNODE_LIST,
	YNODE_MAP,
};

struct ynode {
	enum ynode_kind kind;
	bool plain;			/* a text written without quotes */
	unsigned line;			/* of the key where it has one; from 1 */
	int index;			/* place among its siblings, from 0 */
	int n;				/* children */
	const char *key;		/* in a mapping; NULL elsewhere */
	struct str text;		/* NUL-terminated */
	struct ynode *parent, *first, *last, *next;
};

/* Parses `text`; the tree lives in `arena`. Success still may have added
 * faults: those after which reading goes on (duplicate keys, tags, anchors).
 * ERR_INPUT with a fault added where it can't; ERR_NOMEM. */
int ytree_read(struct ynode **ret_root, struct arena *arena, const char *text, size_t len,
	       struct faults *faults, struct err_info *info);

/* The child of a mapping with this key, or NULL; NULL for a NULL node too. */
struct ynode *ynode_get(const struct ynode *map, const char *key);

/* Child `index` of a list or mapping, or NULL. */
struct ynode *ynode_at(const struct ynode *node, int index);

/* True for a plain scalar that is empty, ~ or null: nothing was written. */
bool ynode_is_null(const struct ynode *node);

/* "grades[good].from": keys, and in lists the entry's id or its place. Fills
 * `out` (cut where it is too small) and returns it. */
const char *ynode_path(const struct ynode *node, char *out, size_t size);

#endif
