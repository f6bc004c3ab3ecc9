/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The X indicators that committees set themselves (ZY-1): rows of
 * domain/local.h kept per campaign. A place, once given, stays with its
 * indicator: leaf scheme->n_leaves + place of a score sheet is its figure.
 */
#ifndef JW_STORE_LOCAL_H
#define JW_STORE_LOCAL_H

#include "store/score.h"

struct local_row {
	int64_t node;
	const char *path;		/* read only, of the node */
	const char *node_name;		/* read only */
	int place;			/* 0 … SCORE_LOCAL_MAX - 1; -1: new */
	const char *ident, *label;
	int64_t max_e4;
	int64_t account, at_ms;
};

/* Inserts (place -1: the next free one is set; ERR_LIMIT when there is none) or
 * changes one. ERR_CONFLICT where the node has that id or label already. */
int store_local_put(struct db_tx *tx, int64_t campaign, struct local_row *row);

/* ERR_NOT_FOUND. */
int store_local_delete(struct db_tx *tx, int64_t campaign, int64_t node, int place);

/* Those set at nodes above, at and below `path`, by path and place: all that can
 * hold for organisations there. An organisation has those of the nearest node
 * above it (local_finish). */
int store_local_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		     struct local_row **ret_rows, int *ret_n);

/* The rows that hold for an organisation with this path among `rows`: those of
 * the nearest node; *ret_first is their index, the result how many. */
int local_rows_of(const struct local_row *rows, int n, const char *path, int *ret_first);

#endif
