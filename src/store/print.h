/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was printed: form, node, campaign, a version for each state of the data
 * and the check code on the paper; and lists with chosen columns (F18). Prints
 * are never changed or deleted. Texts are never NULL.
 */
#ifndef JW_STORE_PRINT_H
#define JW_STORE_PRINT_H

#include "base/arena.h"
#include "db/db.h"

enum {
	PRINT_HASH_LEN = 32,
	PRINT_LIST_MAX = 2000,
	FORM_VIEWS_MAX = 200,		/* of one node */
};

struct print {
	int64_t id;			/* 0: new */
	int64_t node, campaign;
	const char *form, *detail;
	int version;
	const char *code;
	unsigned char hash[PRINT_HASH_LEN];
	int64_t at_ms, account;
	const char *who;
	const char *node_name;		/* read only */
	int scans;			/* read only: stamped ones attached */
};

/* Sets `id`. */
int store_print_insert(struct db_tx *tx, struct print *print);

/* 1 and the print, 0 if there is none, or an error. */
int store_print_get(struct db_tx *tx, int64_t id, struct arena *arena, struct print *ret_print);

/* The latest version of the same thing; `like` gives node, form, campaign and
 * detail. */
int store_print_latest(struct db_tx *tx, const struct print *like, struct arena *arena,
		       struct print *ret_print);

/* The latest version of the same thing that has a stamped scan. */
int store_print_sealed(struct db_tx *tx, const struct print *like, struct arena *arena,
		       struct print *ret_print);

/* By the code on the paper, of all regions; the latest where two share it. */
int store_print_by_code(struct db_tx *tx, const char *code, struct arena *arena,
			struct print *ret_print);

/* Of a node, latest first; `limit` at most PRINT_LIST_MAX. */
int store_print_list(struct db_tx *tx, int64_t node, int64_t offset, int64_t limit,
		     struct arena *arena, struct print **ret_prints, int *ret_n, int64_t *ret_total);

struct form_view {
	int64_t node;
	const char *name, *columns, *filter;
	int64_t account, at_ms;
};

/* Writes it over one of the same name. ERR_LIMIT: FORM_VIEWS_MAX are there. */
int store_form_view_put(struct db_tx *tx, const struct form_view *view);
int store_form_view_delete(struct db_tx *tx, int64_t node, const char *name);
/* Of a node, by name. */
int store_form_views(struct db_tx *tx, int64_t node, struct arena *arena,
		     struct form_view **ret_views, int *ret_n);

#endif
