/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database: one interface, two engines (SQLite, PostgreSQL), one SQL text.
 *
 * All work happens in functions that run inside a transaction. A read function
 * sees one snapshot; write functions behave as if run one after another
 * (SQLite has one writer, PostgreSQL is asked for SERIALIZABLE). db_write
 * returns 0 only after the engine has made the commit durable.
 *
 * A function may run more than once (a group or a serialization failure is
 * repeated as a whole) and on another thread than the caller's, so it has no
 * effect outside the database but assigning to `arg`, and it starts no other
 * transaction of the same database.
 *
 * The first failure of a statement dooms the function's transaction: further
 * statements return that error and everything the function did is undone. So a
 * function never works on after an error, on either engine.
 *
 * SQL that runs on both engines: no floats, BOOLEAN, now(), ILIKE, string_agg,
 * triggers, sequences; placeholders $1, $2 … without gaps; LIKE always with
 * ESCAPE '\' (it minds case); a comparison is never selected as a value; a
 * column that is sorted by text sorts by bytes. Time is UTC in milliseconds.
 */
#ifndef JW_DB_DB_H
#define JW_DB_DB_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
	DB_PARAMS_MAX = 64,	/* placeholders of one statement */
	DB_READERS_MAX = 16,	/* transactions that read at the same time; more wait */
	DB_GROUP_MAX = 64,	/* writes that share one commit */
	DB_AGAIN_MAX = 64,	/* runs of one statement that are sent together */
};

struct db;
struct db_tx;
struct db_stmt;

enum db_type {
	DB_NULL,
	DB_INT,
	DB_TEXT,
	DB_BLOB,
};

/*
 * Opens a database: "postgresql://…" (or "postgres://…"), else the path of an
 * SQLite file (made if missing, readable by its owner only; "sqlite:" may stand
 * before it). Connections are opened as needed. ERR_INPUT, ERR_IO, ERR_NOMEM.
 */
int db_open(struct db **ret_db, const char *url, struct err_info *info);

/* Closes it; nobody may be using it any more. NULL is fine. */
void db_close(struct db *db);

/* Until db_close: the server claims the database together with others, what
 * replaces it all claims it alone. ERR_STATE where the other has it. */
int db_claim(struct db *db, bool alone, struct err_info *info);

/* "SQLite" or "PostgreSQL". */
const char *db_engine(const struct db *db);

/* Lets the engine check its own files. ERR_IO tells what is broken. */
int db_check(struct db *db, struct err_info *info);

/*
 * Makes the files forget what was deleted and committed before: SQLite has
 * overwritten it with zeros in the database (secure_delete), and its log is
 * emptied here; PostgreSQL keeps old rows until it cleans up by itself, and
 * nothing is done. Waits some seconds for readers; ERR_STATE where one stays.
 */
int db_forget(struct db *db, struct err_info *info);

/* Runs in a transaction; returns 0 or a negative error, after which nothing it
 * did remains. `info` may be NULL elsewhere but never inside. */
typedef int (*db_fn)(struct db_tx *tx, void *arg, struct err_info *info);

/* Runs `fn` on one snapshot; it can't write. */
int db_read(struct db *db, db_fn fn, void *arg, struct err_info *info);

/*
 * Between these two all db_read of this thread share one snapshot: a page asks in
 * several functions and tells of one moment, and what is known of the snapshot
 * (db_recall) is asked once. What others, or this thread, write meanwhile it does not
 * see. Nothing is opened before the first read. A thread holds one at a time.
 */
enum { DB_HOLD_BUCKETS = 64 };
struct db_hold {		/* for db/ */
	struct db_hold *next;
	pthread_t thread;
	struct db_tx *tx;
	struct db_known *known[DB_HOLD_BUCKETS];
	int n_known;
	struct arena arena;
};
void db_hold(struct db *db, struct db_hold *hold);
void db_release(struct db *db, struct db_hold *hold);

/* How many statements all have run so far, beginnings and ends of transactions
 * included: what PostgreSQL is asked, one after the other. */
uint64_t db_asked(const struct db *db);

/*
 * Runs `fn` and commits. `region` is the county whose rows it writes (0: none
 * in particular): on PostgreSQL functions of one region share commits and
 * never run into each other, those of different regions run side by side; on
 * SQLite all share commits. One function's failure does not undo another's.
 * ERR_CONFLICT where a unique key exists already or others were always faster;
 * ERR_STATE where another program holds the database; ERR_IO also where the
 * commit itself failed, and then the message says that the outcome is unknown.
 */
int db_write(struct db *db, int64_t region, db_fn fn, void *arg, struct err_info *info);

/*
 * A statement of this transaction, ready to be bound. Never NULL: where it
 * could not be prepared its db_step reports so. Only literals compile. A
 * statement is kept per connection by its literal's address. Valid until its
 * db_step has returned 0 or an error, db_finish, or the function's end.
 */
#define db_query(tx, sql) db_query_text((tx), "" sql, false)

/* As db_query, for results larger than memory should hold: until it is
 * finished no other statement of this transaction may run. */
#define db_stream(tx, sql) db_query_text((tx), "" sql, true)

/* What stands behind the two macros; used directly only inside db/. */
struct db_stmt *db_query_text(struct db_tx *tx, const char *sql, bool stream);

/* Values, numbered from 1. Text and blobs are borrowed until the first
 * db_step. Text must be UTF-8 without NUL, else the statement fails with
 * ERR_INPUT. A NULL pointer with length 0 is empty, not NULL. */
void db_bind_int(struct db_stmt *stmt, int param, int64_t value);
void db_bind_str(struct db_stmt *stmt, int param, struct str value);
void db_bind_text(struct db_stmt *stmt, int param, const char *value);
void db_bind_blob(struct db_stmt *stmt, int param, const void *data, size_t len);
void db_bind_null(struct db_stmt *stmt, int param);

/* The next row: 1, 0 at the end, or an error (kept by the transaction, which
 * gives it to the caller's info). */
int db_step(struct db_stmt *stmt);

/* Gives up the rows not yet read. */
void db_finish(struct db_stmt *stmt);

/* Runs to the end, ignoring rows: the number of rows inserted, changed or
 * deleted (at most INT32_MAX), or an error. */
int db_run(struct db_stmt *stmt);

/*
 * One statement that changes rows, for many of them: bind all and db_again, once for each
 * (1 to DB_AGAIN_MAX of few small values), then db_again_end: as db_run, of all together.
 * PostgreSQL is sent all in one go, asked once, and plans it once and for all: it inserts, or
 * takes its rows by a whole key. Values are borrowed until db_again.
 */
void db_again(struct db_stmt *stmt);
int db_again_end(struct db_stmt *stmt);

/*
 * Before a function's first statement: each of its statements takes a row or a few by their
 * whole keys, whatever their tables hold. PostgreSQL plans such once and for all.
 */
void db_keyed(struct db_tx *tx);

/*
 * As db_run of a statement that changes rows where nobody asks how many: PostgreSQL is sent
 * it, and answers together for all up to the next statement of another kind or the commit.
 * What fails then dooms the transaction there. 0, or the error that is known already.
 */
int db_later(struct db_stmt *stmt);

/* In place of db_again_end where nobody asks how many: as db_later. */
int db_again_later(struct db_stmt *stmt);

/* Values of the row, columns from 0. Text and blobs are borrowed until the
 * next db_step; NULL reads as 0 and as {NULL, 0}. */
int db_columns(struct db_stmt *stmt);
enum db_type db_col_type(struct db_stmt *stmt, int column);
int64_t db_col_int(struct db_stmt *stmt, int column);
struct str db_col_str(struct db_stmt *stmt, int column);
struct str db_col_blob(struct db_stmt *stmt, int column);

/* The column copied into the arena as a C string; NULL where it is NULL or
 * memory ran out (the latter dooms the transaction). */
char *db_col_dup(struct db_stmt *stmt, int column, struct arena *arena);

/*
 * A row that many writes of one function would change again and again (a
 * counter, the head of a log) is kept in memory while the function runs and
 * written once after it has returned 0: PostgreSQL leaves a dead version behind
 * with each change, which the next one must pass. There is one state of a kind,
 * beginning as zeros; whoever reads such rows looks into it too, or lets all be
 * written first (db_settle).
 */
struct db_kept {
	size_t size;		/* of the state */
	/* Writes what differs from the tables and forgets it; 0 or an error. */
	int (*write)(struct db_tx *tx, void *state);
};

/* The state; further memory from db_keep_arena lives as long. NULL without
 * memory (dooms). */
void *db_keep(struct db_tx *tx, const struct db_kept *kind);
struct arena *db_keep_arena(struct db_tx *tx);
int db_settle(struct db_tx *tx);

/*
 * Where a snapshot is held, the answer to a question about (a, b) that was asked of it
 * before; zeros where it is new, and the asker fills it in. `size`: of the answer; its
 * address is the question. It, and what is taken from the arena, lives until db_release.
 * NULL where nothing is kept: no snapshot is held (then there is no arena, either), or
 * too much is known already.
 */
void *db_recall(struct db_tx *tx, const size_t *size, int64_t a, int64_t b);
struct arena *db_recall_arena(struct db_tx *tx);

/* Dooms the transaction for want of memory; returns ERR_NOMEM or the error that
 * doomed it before. */
int db_doom_nomem(struct db_tx *tx);

/* The error that doomed the transaction, also put into `info`; 0 if none. */
int db_error(struct db_tx *tx, struct err_info *info);

#endif
