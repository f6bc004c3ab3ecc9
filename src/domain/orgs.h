/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The organisation tree of one grading, made for millions of nodes.
 *
 * Nodes are numbered in the order of the file; columns are plain arrays. Rows
 * are added first (orgs_add), then orgs_finish builds the index by code,
 * resolves parents and checks the tree. After that nothing changes but the
 * caches of ancestors. Texts are borrowed: whoever adds rows keeps their bytes
 * alive (struct orgs owns an arena for it, or the importer its own).
 */
#ifndef JW_DOMAIN_ORGS_H
#define JW_DOMAIN_ORGS_H

#include <stdint.h>

#include "base/err.h"
#include "domain/scheme.h"

enum {
	ORG_CODE_MAX = 120,	/* bytes of a code */
	ORG_NAME_MAX = 600,	/* bytes of a name */
};
#define ORG_MAX 100000000u		/* nodes */
/* Nodes that a thread takes at once in a pass that touches new memory: eight bytes a
 * node are a large page, which only one thread should have to wait for. */
#define ORG_STEP ((size_t)1 << 18)
#define ORG_NONE UINT32_MAX		/* no such node; no parent */
#define ORG_EMPTY UINT32_MAX		/* a count that is not given */
#define ORG_COUNT_MAX 1000000000u	/* members or residents of one node */
#define CATEGORY_NONE 0xFF		/* outside */
#define FIELD_NONE 0xFF

/* Whether a node's kind (党支部 …) is graded. */
enum org_kind {
	KIND_EMPTY,	/* not given: counts as graded */
	KIND_GRADED,	/* among the scheme's kinds, or the scheme names none */
	KIND_OTHER,	/* known, and not among them */
	KIND_BROKEN,	/* the row's level or field could not be read: no errors that follow */
};

/* One row as read. Texts are borrowed. */
struct org_row {
	struct str code, parent, name;
	uint8_t level;		/* enum level */
	uint8_t field;		/* enum field or FIELD_NONE */
	uint8_t kind;		/* enum org_kind */
	/* What turnout counts of each class: present where given, else all;
	 * ORG_EMPTY where neither is given. */
	uint32_t eligible[VOTERS_COUNT];
};

/* Code, parent code and name lie one after the other, with `gap` bytes between
 * them. `sibling`: the parent code is that of the node before. */
struct org_text {
	const char *data;
	uint8_t code_len, parent_len;
	uint16_t gap : 1, sibling : 1, name_len : 14;
} __attribute__((packed, aligned(4)));
_Static_assert(sizeof(struct org_text) == 12 && ORG_NAME_MAX < 1 << 14, "three words a node");

struct org_line;

struct orgs {
	uint32_t n, cap;
	struct org_text *text;
	/* Each node's parent by its place among all that are parents, from 1; 0: none
	 * (orgs_parent). So what holds for all below a parent is a short table. */
	uint32_t *above;
	uint32_t *parents;		/* [n_parents + 1]: their nodes; of 0: ORG_NONE */
	uint32_t n_parents;
	uint8_t *level, *field, *kind;
	uint8_t *category;		/* index or CATEGORY_NONE; set by orgs_categorise */
	uint32_t (*eligible)[VOTERS_COUNT]; /* who may vote, or ORG_EMPTY */

	uint32_t *slots;		/* the index by code (org_index.h) */
	unsigned slot_bits;
	struct org_line *lines;
	size_t lines_room;		/* bytes of them; more than 0 before orgs_finish: given by the importer */

	/* Per level, made on demand, and per parent: the ordinal (from 1) of the
	 * nearest of that level, itself or above it, 0 where there is none; and how
	 * many ordinals there are. */
	uint32_t *ancestor[LEVEL_COUNT];
	uint32_t n_ancestors[LEVEL_COUNT];

	struct arena texts;		/* for rows added one by one */
};

/* Frees everything. NULL and a zeroed struct are fine. */
void orgs_done(struct orgs *orgs);

/* Makes room for `n` nodes in all. ERR_NOMEM; ERR_LIMIT over ORG_MAX. */
int orgs_reserve(struct orgs *orgs, size_t n);

/* Adds a row at the end, copying its texts. ERR_NOMEM, ERR_LIMIT. */
int orgs_add(struct orgs *orgs, const struct org_row *row);

/* As orgs_add with texts in memory that outlives `orgs`, as org_text says, at a
 * node that orgs_reserve made room for. `row` tells all but the texts. Threads
 * may set different nodes at once; the caller sets orgs->n. */
void orgs_set(struct orgs *orgs, uint32_t node, const struct org_row *row, struct org_text text);

/* A node's parent or ORG_NONE; from orgs_finish on, as the next. */
static inline uint32_t orgs_parent(const struct orgs *orgs, uint32_t node)
{
	return orgs->parents[orgs->above[node]];
}

/* The ordinal of a node's nearest ancestor of a level, after orgs_need_ancestor. */
static inline uint32_t orgs_ancestor(const struct orgs *orgs, enum level level, uint32_t node)
{
	return orgs->ancestor[level][orgs->above[node]];
}

static inline struct str orgs_code(const struct orgs *orgs, uint32_t node)
{
	return (struct str){orgs->text[node].data, orgs->text[node].code_len};
}
static inline struct str orgs_parent_code(const struct orgs *orgs, uint32_t node)
{
	const struct org_text *t = &orgs->text[node];
	return (struct str){t->data + t->code_len + t->gap, t->parent_len};
}
static inline struct str orgs_name(const struct orgs *orgs, uint32_t node)
{
	const struct org_text *t = &orgs->text[node];
	return (struct str){t->data + t->code_len + t->parent_len + 2 * t->gap, t->name_len};
}

/* What can be wrong with a tree. */
enum org_fault {
	FAULT_DUPLICATE,	/* `other` has the same code and stands before */
	FAULT_ORPHAN,		/* no node has the parent's code */
	FAULT_LEVEL,		/* not below its parent `other` */
	FAULT_CYCLE,		/* stands below itself */
};

/* Told of each fault, in no order. */
typedef void (*orgs_fault)(void *arg, enum org_fault fault, uint32_t node, uint32_t other);

/* Builds the index, resolves parents, checks the tree. Returns 0, ERR_NOMEM,
 * or ERR_INPUT after telling `fault` (may be NULL) what is wrong. */
int orgs_finish(struct orgs *orgs, unsigned threads, orgs_fault fault, void *arg);

/* Sets each node's category by the scheme: CATEGORY_NONE for those outside
 * (field empty or in no category; kind known and not graded). ERR_NOMEM. */
int orgs_categorise(struct orgs *orgs, const struct scheme *scheme, unsigned threads);

/* Makes orgs->ancestor[level]. ERR_NOMEM. */
int orgs_need_ancestor(struct orgs *orgs, enum level level);

/* Gives back the index's memory when no code will be looked up any more:
 * orgs_find then finds nothing. */
void orgs_drop_index(struct orgs *orgs);

/* The same, and the lines, too: when no book counts in them (book->votes). */
void orgs_drop_lines(struct orgs *orgs);

/* The same for who wants their memory: it is his now, to be freed by big_free. */
void *orgs_take_lines(struct orgs *orgs, size_t *ret_size);

/* How many may vote, [node][VOTERS_COUNT], for who counts turnouts once and then wants
 * the memory: it is his now, to be freed by free(). */
void *orgs_take_eligible(struct orgs *orgs);

/* The node with this code, or ORG_NONE. */
uint32_t orgs_find(const struct orgs *orgs, struct str code);

/* Per parent (orgs->above) the nearest node of a level above `graded`, itself or
 * above it, or ORG_NONE; to be freed by free(). NULL without memory. */
uint32_t *orgs_uppers(const struct orgs *orgs, enum level graded);

#endif
