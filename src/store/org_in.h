/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the store share: how statements are bound and run and rows are read. */
#ifndef JW_STORE_ORG_IN_H
#define JW_STORE_ORG_IN_H

#include "store/org.h"

/* The 22 columns that org and org_version share, in the order of org.c's
 * bind_fields and read_fields. */
#define ORG_COMMON \
	"parent, code, name, short_name, level, field, kind, members, residents," \
	" secretary_name, secretary_phone, secretary_since, secretary_until," \
	" liaison_name, liaison_phone, liaison_other, cadre, founded, election_due," \
	" state, successor, note"
#define ORG_COLUMNS "org, " ORG_COMMON ", path, search, sort_key, version, since_day"

enum { ORG_N_COMMON = 22 };

/* A row of ORG_COLUMNS into a struct org. Texts that memory had no room for doom the
 * transaction. */
void org_read(struct db_stmt *q, struct arena *arena, void *ret_org);

/* A list that grows in an arena. */
struct org_rows {
	void *data;
	int n, cap;
};

/* Room for one more of `size` bytes; NULL without memory (dooms). */
void *org_rows_add(struct db_tx *tx, struct org_rows *rows, struct arena *arena, size_t size);

/* How the rows of a list are read. */
struct rows_kind {
	size_t answer;		/* ROWS_ANSWER: what db_recall keeps of a list */
	size_t size;		/* of a row */
	void (*read)(struct db_stmt *q, struct arena *arena, void *row);
};
enum { ROWS_ANSWER = 3 * sizeof(void *) };

/* All rows of a statement that is bound, into *ret_rows (a pointer to rows). */
int store_rows(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, struct arena *arena,
	       void *ret_rows, int *ret_n);

/* The same of numbers. */
int store_ids(struct db_tx *tx, struct db_stmt *q, struct arena *arena, int64_t **ret_ids, int *ret_n);

/* The first row: 1, 0 (there is none) or an error. */
int store_row(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, struct arena *arena,
	      void *ret_row);

/* The number in a row that is always there; 0 or an error. */
int store_number(struct db_stmt *q, int64_t *ret_number);

/* Runs a statement; 0 or an error, and store_run_found's is ERR_NOT_FOUND where no row
 * changed. */
int store_run(struct db_stmt *q);
int store_run_found(struct db_stmt *q);

/* $1: the region of `id`; $2: `id`. */
void store_bind_id(struct db_stmt *q, int64_t id);

/* $1: the region of `id`; $2: the campaign; $3: `id`. */
void store_bind_key(struct db_stmt *q, int64_t campaign, int64_t id);

/* $1: the campaign; $2 and $3: from `path` to the end of what is below. `end` is room that
 * lasts until the first step. */
void store_bind_below(struct db_stmt *q, int64_t campaign, const char *path, char end[ORG_PATH_MAX]);

/* As store_rows of what belongs to `id`: not asked where a page knows it. */
int store_rows_of(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, int64_t id,
		  struct arena *arena, void *ret_rows, int *ret_n);

/* Reads the lists of many at once, so that store_rows_of knows them, where a snapshot is
 * held: rows by owner, who stands in column `owner`; one whose first column is NULL has
 * none. */
int store_rows_know(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, int owner);

/*
 * Rows of another table that belong to organisations below a path. There are
 * few of them beside organisations, so they are read by region and looked up in
 * the tree, not the whole tree in them: a CROSS JOIN, whose order SQLite keeps,
 * with the region between these two.
 */
void org_regions_below(const char *path, int64_t *ret_first, int64_t *ret_last);

/* ---- kept counts (org_tally.c); 0 or an error ---- */

/* Written under `path`, which ends in its own number. */
int org_tally_added(struct db_tx *tx, const struct org *org, const char *path);
/* Is about to be written as `now`; `before` stands in the table (NULL: is looked up there). */
int org_tally_changed(struct db_tx *tx, const struct org *before, const struct org *now);
/* Went with all below it from one path to another. */
int org_tally_moved(struct db_tx *tx, int64_t org, const char *before, const char *after);
/* Below and with `org`, of the filter's level, field and state; its text is
 * not looked at. */
int org_tally_sum(struct db_tx *tx, const struct org *org, const struct org_filter *filter,
		  struct org_sum *ret_sum);

/* ---- what belongs to many organisations, in one question ---- */

/* Up to ORGS_BATCH numbers as $1 … $49, in given.column1; 0 where they are fewer. */
enum { ORGS_BATCH = 49 };
#define ORGS_NINE(d) \
	"($" #d "1), ($" #d "2), ($" #d "3), ($" #d "4), ($" #d "5), ($" #d "6), ($" #d "7)," \
	" ($" #d "8), ($" #d "9)"
#define ORGS_GIVEN \
	"(VALUES " ORGS_NINE() ", " ORGS_NINE(1) ", " ORGS_NINE(2) ", " ORGS_NINE(3) ", " ORGS_NINE(4) \
	", ($10), ($20), ($30), ($40)) given"

/* ---- lists of all cases below a path, for store_rows_know ---- */

/* Cases with what belongs to them, x; the owner is c.case_id (or c.org). */
#define CASES_BELOW \
	" FROM ledger_case c CROSS JOIN org o"
#define CASES_BELOW_WITH(table) \
	CASES_BELOW " LEFT JOIN " table " x ON x.region = c.region AND x.case_id = c.case_id" CASES_WHERE
#define CASES_WHERE \
	" WHERE o.region = c.region AND o.org = c.org AND o.path >= $1 AND o.path < $2" \
	" AND c.region >= $3 AND c.region <= $4"
/* Binds $1 … $4; `end` is room that lasts until the first step. */
void org_bind_below(struct db_stmt *q, const char *path, char end[ORG_PATH_MAX]);

#endif
