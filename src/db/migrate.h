/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema's history: numbered scripts that are run once, in order, and
 * recorded with a hash of their text.
 *
 * One text for both engines, written for SQLite's STRICT tables (INTEGER, TEXT,
 * BLOB; `) STRICT;` or `) STRICT, WITHOUT ROWID;` ends a table) and translated
 * for PostgreSQL. What stands behind "-- PostgreSQL: " in a line is for it alone,
 * and changes only how it stores, never what. A script once released is never edited: a new
 * one follows.
 */
#ifndef JW_DB_MIGRATE_H
#define JW_DB_MIGRATE_H

#include "db/db.h"

struct db_migration {
	const char *name;
	const char *sql;
};

/* Number 1 comes first; numbers have no gaps. */
struct db_schema {
	int n;
	const struct db_migration *migrations;
};

/* How far the database is: its last migration's number, 0 for an empty one. */
int db_schema_at(struct db *db, int *ret_number, struct err_info *info);

/*
 * Runs what is missing, all in one transaction: afterwards the schema is
 * complete, or nothing has changed. ERR_STATE where the database is newer than
 * the program, or was made by other scripts than ours. `ret_ran` may be NULL.
 */
int db_migrate(struct db *db, const struct db_schema *schema, int64_t now_ms, int *ret_ran,
	       struct err_info *info);

/* 0 if the schema is complete and ours; ERR_STATE tells what to do. */
int db_schema_check(struct db *db, const struct db_schema *schema, struct err_info *info);

/* Inside a transaction, up to and with number `to`. Returns how many were run. */
int db_migrate_tx(struct db_tx *tx, const struct db_schema *schema, int to, int64_t now_ms,
		  struct err_info *info);

/* The hash of all texts up to number `to`, in hex: tells schemas apart. */
enum { DB_HASH_HEX = 64 };
void db_schema_hash(const struct db_schema *schema, int to, char ret_hex[DB_HASH_HEX + 1]);

#endif
