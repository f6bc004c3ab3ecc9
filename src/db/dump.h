/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole database as one file, the same for both engines: what is backed up
 * from one can be restored into the other.
 *
 * The file is a sequence of records (kind, length, content): head, then per
 * table its columns, its rows by primary key and its end with count and hash,
 * then the end with a hash of everything before. Equal content gives equal
 * table hashes on both engines, and that is how a move is proved.
 *
 * A backup is taken from one snapshot while others write. Restoring an older
 * schema's file works: it is loaded into the tables of its time and migrated.
 * The file holds secrets (password hashes): it is made readable by its owner
 * only. Limit: 256 MiB a row.
 */
#ifndef JW_DB_DUMP_H
#define JW_DB_DUMP_H

#include "db/migrate.h"

enum {
	DB_TABLES_MAX = 128,
	DB_COLUMNS_MAX = DB_PARAMS_MAX,
	DB_NAME_LEN_MAX = 63,
	DB_ROW_LEN_MAX = 256 << 20,
};

/* What a database or a backup holds. About 14 KiB. */
struct db_digest {
	int schema;			/* number of its last migration */
	int64_t made_ms;		/* of a backup */
	uint64_t rows;
	int n_tables;
	struct db_digest_table {
		char name[DB_NAME_LEN_MAX + 1];
		uint64_t rows;
		unsigned char hash[32];
	} tables[DB_TABLES_MAX];	/* by name */
};

/* Writes a backup and reads it back; it appears at `path` only if both went
 * well. With `path` NULL nothing is written and only the digest is made. */
int db_backup(struct db *db, const struct db_schema *schema, const char *path, int64_t now_ms,
	      struct db_digest *ret_digest, struct err_info *info);

/* Reads a backup to its end and checks its hashes. ERR_INPUT where it is no
 * backup, cut off or altered. */
int db_backup_verify(const char *path, struct db_digest *ret_digest, struct err_info *info);

/*
 * Puts a backup into the database, in one transaction: afterwards it holds
 * exactly what the file holds (brought to the newest schema), or is as before.
 * ERR_CONFLICT where it holds rows already and `replace` is false. `after` (may be
 * NULL) runs at the end, in the transaction. Nobody else may use the database
 * meanwhile: a server has to be stopped.
 */
int db_restore(struct db *db, const struct db_schema *schema, const char *path, bool replace,
	       int64_t now_ms, db_fn after, void *arg, struct db_digest *ret_digest,
	       struct err_info *info);

/* The first table in which two digests differ, or NULL. `ret_why` says how. */
const char *db_digest_compare(const struct db_digest *a, const struct db_digest *b,
			      const char **ret_why);

#endif
