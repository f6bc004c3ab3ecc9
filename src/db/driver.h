/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an engine must be able to do; only for files in db/.
 *
 * A connection and the transaction that runs on it are one struct: a function
 * sees a connection only while a transaction is open. Drivers put `struct
 * db_tx` and `struct db_stmt` at the head of structs of their own.
 */
#ifndef JW_DB_DRIVER_H
#define JW_DB_DRIVER_H

#include <stdatomic.h>

#include "db/db.h"

enum { DB_BUCKETS = 64 };

struct db_value {
	enum db_type type;
	bool set;
	int64_t number;
	const char *data;	/* borrowed until the first step */
	size_t len;
};

struct db_stmt {
	struct db_tx *tx;
	const char *sql;	/* the literal; its address is the key */
	struct db_stmt *next;	/* in the bucket */
	struct db_stmt *next_open;
	bool open;		/* handed out and not finished */
	bool stepped;
	bool stream;
	int n_values;		/* highest parameter bound */
	int n_again;		/* how often it was run with db_again */
	int64_t changes;	/* rows that it changed, once it has run */
	struct db_value values[DB_PARAMS_MAX];
};

/* SQL that is no literal, kept so that its address stays its own. */
struct db_text {
	struct db_text *next;
	char sql[];
};

struct db_tx {
	const struct db_driver *driver;
	struct db_stmt *cache[DB_BUCKETS];
	struct db_stmt *open;	/* statements handed out */
	struct db_text *texts;
	struct db_held *held;	/* what is kept until the function returns (kept.c) */
	struct arena held_arena;
	struct db_hold *hold;	/* whose snapshot it is */
	atomic_uint_fast64_t *asked;	/* by all connections of the database */
	int n_later;		/* statements whose answers nobody has heard yet */
	struct db_stmt dead;	/* stands for one that could not be prepared */
	int error;		/* the first failure; dooms the transaction */
	struct err_info error_info;
	bool again;		/* failed only because others ran at the same time */
	bool broken;		/* the connection is of no use any more */
	bool write;
	bool keyed;		/* db_keyed */
	bool stream;		/* a streaming statement is open */
};

struct db_driver {
	const char *name;
	int n_queues;		/* how many writers work side by side */

	int (*open)(struct db_tx **ret_tx, const char *url, bool write, struct err_info *info);
	void (*close)(struct db_tx *tx);
	/* Keeps all other programs from changing the schema until close. */
	int (*lock_schema)(struct db_tx *tx);
	/* Outside a transaction, until close: says that this program uses the
	 * database, or wants it for itself. ERR_STATE where others claim it so. */
	int (*claim)(struct db_tx *tx, bool alone);

	int (*begin)(struct db_tx *tx);
	/* On failure the transaction is over; `again` tells that it surely left
	 * nothing and may be repeated. */
	int (*commit)(struct db_tx *tx);
	/* NULL: a commit that has returned is on the disk. Else `mark` comes right after it, and it
	 * is there once `sync` of that mark has returned: 0, or errno. That may run on any thread,
	 * beside what the connection does next, and close waits for it. */
	uint64_t (*mark)(struct db_tx *tx);
	int (*sync)(struct db_tx *tx, uint64_t mark);
	void (*rollback)(struct db_tx *tx);
	/* False where the engine ended the transaction by itself. */
	bool (*in_transaction)(struct db_tx *tx);

	/* Statements without values; `doing` is for the error. */
	int (*exec)(struct db_tx *tx, const char *sql, const char *doing);
	/* Several statements of schema, without values. */
	int (*script)(struct db_tx *tx, const char *sql);
	/* Table, column, type (INTEGER, TEXT or BLOB), place in the primary key
	 * (0: not in it); ordered by table, then by column's place. */
	const char *catalog_sql;
	/* One row 'ok' where the engine finds its own files in order; NULL: it
	 * looks after that itself. */
	const char *check_sql;
	/* Outside a transaction: makes the files forget what was deleted, as far
	 * as the engine can; NULL: it can't. */
	int (*forget)(struct db_tx *tx);

	int (*prepare)(struct db_tx *tx, const char *sql, struct db_stmt **ret_stmt);
	void (*free)(struct db_stmt *stmt);
	/* Binds what is in values and takes the first row; then the next. */
	int (*step)(struct db_stmt *stmt);
	void (*reset)(struct db_stmt *stmt);
	/* Runs it with what is in values, or sends it and lets its answer wait for again_end,
	 * which comes before anything else and gives the rows changed by all. */
	int (*again)(struct db_stmt *stmt);
	int64_t (*again_end)(struct db_tx *tx);
	int (*columns)(struct db_stmt *stmt);
	enum db_type (*col_type)(struct db_stmt *stmt, int column);
	int64_t (*col_int)(struct db_stmt *stmt, int column);
	struct str (*col_str)(struct db_stmt *stmt, int column);
	struct str (*col_blob)(struct db_stmt *stmt, int column);
};

extern const struct db_driver db_sqlite;
extern const struct db_driver db_postgres;

/* Dooms the transaction unless it is doomed already; returns the error. */
int db_doom(struct db_tx *tx, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Several statements of schema at once. */
int db_script(struct db_tx *tx, const char *sql);

/* As db_query for text put together from names in the catalog. Copies. */
struct db_stmt *db_query_built(struct db_tx *tx, const char *sql, bool stream);

/* Runs `fn` once on a connection of its own while no other program changes the
 * schema. */
int db_exclusive(struct db *db, db_fn fn, void *arg, struct err_info *info);

/* Waits for what was run with db_later. */
void db_hear(struct db_tx *tx);

/* Forgets what is kept, written or not. */
void db_keep_end(struct db_tx *tx);

/* The snapshot has ended: nothing is known of the next one. */
void db_recall_end(struct db_hold *hold);

/* Gives up the rows of all statements. */
void db_finish_all(struct db_tx *tx);

/* Finishes and frees all statements; for close. */
void db_tx_clear(struct db_tx *tx);

#endif
