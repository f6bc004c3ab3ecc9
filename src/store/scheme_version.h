/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A county's own schemes, version by version (CT-1). A published version never
 * changes: who edits it makes the next one, which is a draft until published.
 */
#ifndef JW_STORE_SCHEME_VERSION_H
#define JW_STORE_SCHEME_VERSION_H

#include "base/arena.h"
#include "db/db.h"

/* Stored; never renumber. */
enum scheme_state {
	SCHEME_DRAFT = 0,
	SCHEME_PUBLISHED = 1,
	SCHEME_WITHDRAWN = 2,	/* published once; new campaigns can't use it */
	SCHEME_STATE_COUNT,
};

enum { SCHEME_VERSIONS_MAX = 1000, SCHEME_TEXT_MAX = 200000 /* bytes */ };

struct scheme_version {
	int64_t scheme;			/* 0: new */
	int version;			/* from 1 */
	int64_t node;			/* whose it is */
	const char *node_name, *node_path;	/* read only */
	const char *name;		/* the file's `id` */
	const char *title;
	const char *text;		/* NULL in lists */
	enum scheme_state state;
	const char *origin;		/* what it was cloned from, "" if nothing */
	const char *note;		/* what changed in this version */
	int64_t account;
	const char *account_label;	/* read only */
	int64_t saved_ms;
};

/* Writes version 1 of a new scheme; `scheme` and `version` are set.
 * ERR_CONFLICT where the node has one of that name. */
int store_scheme_add(struct db_tx *tx, struct scheme_version *scheme);

/* Writes a further version (scheme->version), or over the draft of that number.
 * ERR_STATE where that version is no draft. */
int store_scheme_put(struct db_tx *tx, const struct scheme_version *scheme);

int store_scheme_set_state(struct db_tx *tx, int64_t scheme, int version, enum scheme_state state);

/* The version (0: the latest): 1, 0 where there is none, or an error. */
int store_scheme_get(struct db_tx *tx, int64_t scheme, int version, struct arena *arena,
		     struct scheme_version *ret_scheme);

/* All versions, latest first, without texts. */
int store_scheme_versions(struct db_tx *tx, int64_t scheme, struct arena *arena,
			  struct scheme_version **ret_versions, int *ret_n);

/* The latest version of each scheme at, above and below the node with this
 * path, by title, without texts; at most 1000. */
int store_scheme_list(struct db_tx *tx, const char *path, struct arena *arena,
		      struct scheme_version **ret_schemes, int *ret_n);

#endif
