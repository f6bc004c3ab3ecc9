/* SPDX-License-Identifier: Apache-2.0 */
#include "db/migrate.h"

#include <sodium.h>

#include "db/driver.h"

static void hash_text(const char *text, char ret_hex[DB_HASH_HEX + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
	sodium_bin2hex(ret_hex, DB_HASH_HEX + 1, hash, sizeof(hash));
}

void db_schema_hash(const struct db_schema *schema, int to, char ret_hex[DB_HASH_HEX + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	for (int i = 0; i < to; i++) {
		const char *sql = schema->migrations[i].sql;
		/* With its NUL, so that two texts never read as one. */
		crypto_hash_sha256_update(&state, (const unsigned char *)sql, strlen(sql) + 1);
	}
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(ret_hex, DB_HASH_HEX + 1, hash, sizeof(hash));
}

/* 1 if the table of migrations exists; 0 in an empty database. ERR_INPUT in
 * one that belongs to somebody else. */
static int has_history(struct db_tx *tx)
{
	int found = 0, n = 0, r;
	struct db_stmt *q = db_query_text(tx, tx->driver->catalog_sql, false);
	while ((r = db_step(q)) > 0) {
		n++;
		found |= str_eqs(db_col_str(q, 0), "schema_migration");
	}
	if (r < 0)
		return r;
	if (n && !found)
		return db_doom(tx, ERR_INPUT, "这个数据库里有别的程序的表，请换一个空的数据库");
	return found;
}

/* Checks what was run against our texts. Returns the last number. With
 * `schema` NULL only that. */
static int read_history(struct db_tx *tx, const struct db_schema *schema)
{
	int number = 0, r = has_history(tx);
	if (r <= 0)
		return r;
	struct db_stmt *q = db_query(tx, "SELECT number, hash FROM schema_migration ORDER BY number");
	while ((r = db_step(q)) > 0) {
		char hex[DB_HASH_HEX + 1];
		int64_t at = db_col_int(q, 0);
		if (at != ++number)
			return db_doom(tx, ERR_STATE, "数据库的升级记录不连续：缺第 %d 号", number);
		if (!schema)
			continue;
		if (number > schema->n)
			return db_doom(tx, ERR_STATE, "数据库由更新版本的程序建立（第 %d 号），"
				       "本程序只到第 %d 号，请升级程序", number, schema->n);
		hash_text(schema->migrations[number - 1].sql, hex);
		if (!str_eqs(db_col_str(q, 1), hex))
			return db_doom(tx, ERR_STATE, "数据库第 %d 号升级与本程序的不同，"
				       "不是同一来源的程序建立的", number);
	}
	return r < 0 ? r : number;
}

int db_migrate_tx(struct db_tx *tx, const struct db_schema *schema, int to, int64_t now_ms,
		  struct err_info *info)
{
	int at = read_history(tx, schema), ran = 0;
	if (at < 0)
		return db_error(tx, info);
	if (!at && db_script(tx, "CREATE TABLE IF NOT EXISTS schema_migration ("
				 " number INTEGER NOT NULL PRIMARY KEY,"
				 " name TEXT NOT NULL,"
				 " hash TEXT NOT NULL,"
				 " applied_ms INTEGER NOT NULL) STRICT;") < 0)
		return db_error(tx, info);
	for (; at < to; at++, ran++) {
		const struct db_migration *m = &schema->migrations[at];
		char hex[DB_HASH_HEX + 1];
		if (db_script(tx, m->sql) < 0)
			return db_error(tx, info);
		hash_text(m->sql, hex);
		struct db_stmt *q = db_query(tx, "INSERT INTO schema_migration"
					     " (number, name, hash, applied_ms)"
					     " VALUES ($1, $2, $3, $4)");
		db_bind_int(q, 1, at + 1);
		db_bind_text(q, 2, m->name);
		db_bind_text(q, 3, hex);
		db_bind_int(q, 4, now_ms);
		if (db_run(q) < 0)
			return db_error(tx, info);
	}
	return ran;
}

struct task {
	const struct db_schema *schema;
	int64_t now_ms;
	int number;
};

static int migrate_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct task *task = arg;
	int r = db_migrate_tx(tx, task->schema, task->schema->n, task->now_ms, info);
	task->number = r;
	return r;
}

int db_migrate(struct db *db, const struct db_schema *schema, int64_t now_ms, int *ret_ran,
	       struct err_info *info)
{
	struct task task = {.schema = schema, .now_ms = now_ms};
	int r = db_exclusive(db, migrate_fn, &task, info);
	if (r == 0 && ret_ran)
		*ret_ran = task.number;
	return r;
}

static int history_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct task *task = arg;
	task->number = read_history(tx, task->schema);
	return task->number < 0 ? db_error(tx, info) : 0;
}

int db_schema_at(struct db *db, int *ret_number, struct err_info *info)
{
	struct task task = {0};
	int r = db_read(db, history_fn, &task, info);
	if (r == 0)
		*ret_number = task.number;
	return r;
}

int db_schema_check(struct db *db, const struct db_schema *schema, struct err_info *info)
{
	struct task task = {.schema = schema};
	int r = db_read(db, history_fn, &task, info);
	if (r == 0 && task.number < schema->n)
		return err_set(info, ERR_STATE, "数据库需要升级（第 %d 号，程序要第 %d 号），"
			       "请先运行 jinwei db migrate", task.number, schema->n);
	return r;
}
