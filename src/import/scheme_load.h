/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a scheme file is read: one table of known keys per mapping (a shape)
 * gives reading, "did you mean" and the reference in `jinwei scheme new`.
 * Internal to the loader: scheme_keys.c holds the tables, scheme_shape.c
 * runs them, scheme_values.c reads single values, scheme_check.c checks what no single key can say.
 *
 * Reading never stops at a fault: what is wrong is left at its default, which
 * is a value no correct file gives where a later check would trip over it.
 */
#ifndef JW_IMPORT_SCHEME_LOAD_H
#define JW_IMPORT_SCHEME_LOAD_H

#include "domain/scheme.h"
#include "import/yaml_tree.h"

/* A figure that is missing or wrong. */
#define POINTS_UNKNOWN (-1)
#define SHARE_UNKNOWN UINT32_MAX

struct draft_item {
	struct scheme_item item;
	int32_t max_e4;
};

struct draft_indicator {
	struct scheme_indicator indicator;
	int32_t max_e4;
	int32_t max_by_category_e4[SCHEME_CATEGORIES_MAX];	/* POINTS_UNKNOWN: max_e4 */
	int n_items;
	struct draft_item *items;
};

struct draft_goal {
	uint32_t grades;
	const char *goal;
	bool measures;
};

/* A scheme while it is read. */
struct draft {
	struct scheme scheme;
	int n_indicators;
	struct draft_indicator *indicators;
	int n_goals;
	struct draft_goal *goals;
};

struct loader {
	struct arena *arena;		/* the scheme's */
	struct faults *faults;
	struct draft *draft;
	const struct ynode *root;
	bool nomem;
};

struct shape;
struct key;

/* How a value is read. `member` points to the key's member of the record. */
struct type {
	const char *expects;		/* "文字": for messages and the reference */
	void (*read)(struct loader *, const struct key *, const struct ynode *, void *member,
		     void *record);
};

/* The words a key takes: own ids, or those of domain/level.h. */
struct words {
	int n;
	const char *const *ids;		/* NULL: ask id() */
	const char *(*id)(int index);
	const char *(*label)(int index);	/* accepted too; may be NULL */
};

/* A list of the draft that others refer to; entries begin with id, label. */
struct target {
	const char *what;		/* "等次" */
	size_t n_at, at, size;
};

struct key {
	const char *name;
	const struct type *type;
	bool required;
	const char *doc;		/* Chinese, one line */
	size_t at;			/* offset of the member */
	size_t n_at;			/* lists: of the int count; words: of an int, 1 if not in
					 * their own order; else of a bool that is set; 0: none */
	int min, max;
	const struct words *words;
	const struct target *target;
	const struct shape *shape;
};

struct shape {
	const char *what;		/* "等次": what one mapping stands for */
	size_t size;
	const struct key *keys;		/* ends with a NULL name */
	const void *defaults;		/* NULL: zeros */
	bool named;			/* begins with id, label: unique in their list */
};

extern const struct type type_id, type_label, type_text, type_texts, type_flag, type_points,
	type_share, type_count, type_counts, type_word, type_words, type_ref, type_refs,
	type_ref_list, type_within, type_date, type_record, type_list, type_points_by_category,
	type_texts_by_category, type_level_labels, type_names_of_grades, type_red;

extern const struct shape scheme_shape;		/* a whole file: struct draft */

/* Adds a fault at a node: "<path>：<text>". */
void loader_fault(struct loader *loader, const struct ynode *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

enum {
	FOUND_TEXT_MAX = 60,			/* bytes of a text that a message repeats */
	FOUND_MAX = FOUND_TEXT_MAX + 16,
};

/* What stands at a node, for messages: “abc”, 一个列表, 空. May use `out`. */
const char *loader_found(const struct ynode *node, char out[FOUND_MAX]);

/* Adds "找到“abc”，应为<text>". */
void loader_expected(struct loader *loader, const struct ynode *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The name of the index-th of something. */
typedef const char *(*name_at)(const void *arg, int index);

/* Adds "没有<what>“lable”，是不是 label？可用的有：id、label". */
void loader_unknown(struct loader *loader, const struct ynode *node, const char *what,
		    struct str text, int n, name_at name, const void *arg);

/* True for a list of at most `max` entries; else adds a fault. */
bool loader_is_list(struct loader *loader, const struct key *key, const struct ynode *node,
		    int max);

/* The most entries a key's list takes. */
int loader_list_max(const struct key *key);

/* Reads a mapping into `record`, which holds the shape's defaults already. */
void loader_read(struct loader *loader, const struct shape *shape, const struct ynode *map,
		 void *record);

/* Checks the draft as a whole and completes its scheme. */
void scheme_check(struct loader *loader);

/* "12.5" for 125000. `out` holds 24 bytes. */
const char *points_text(int64_t e4, char out[24]);

#endif
