/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "db/dump.h"
#include "support/engines.h"

static const struct db_migration list[] = {
	{"first", "CREATE TABLE person (region INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT,"
		  " data BLOB, PRIMARY KEY (region, id)) STRICT, WITHOUT ROWID;"
		  "CREATE TABLE by_code (code TEXT NOT NULL PRIMARY KEY, n INTEGER) STRICT;"
		  "CREATE TABLE empty (region INTEGER NOT NULL PRIMARY KEY) STRICT;"},
	{"second", "ALTER TABLE person ADD COLUMN age INTEGER NOT NULL DEFAULT 30;"
		   "DROP TABLE empty;"},
};
static const struct db_schema old = {1, list}, now = {2, list};

enum { ROWS = 400 };

static int fill(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	for (int i = 0; i < ROWS; i++) {
		char code[32];
		struct db_stmt *q = db_query(tx, "INSERT INTO person (region, id, name, data)"
					     " VALUES ($1, $2, $3, $4)");
		db_bind_int(q, 1, i % 3);
		db_bind_int(q, 2, i * 7919 % 5003 - 1000);
		/* NULL first, so that the engine must guess its type. */
		if (i % 5 == 0)
			db_bind_null(q, 3);
		else
			db_bind_text(q, 3, i % 5 == 1 ? "" : "张三\n\"丰\"");
		if (i % 7 == 0)
			db_bind_null(q, 4);
		else
			db_bind_blob(q, 4, "\0\1\xff\\", (size_t)i % 5);
		if (db_run(q) < 0)
			return -1;
		q = db_query(tx, "INSERT INTO by_code (code, n) VALUES ($1, $2)");
		snprintf(code, sizeof(code), "%s%d", i % 2 ? "中" : "Ab", i);
		db_bind_text(q, 1, code);
		db_bind_int(q, 2, i ? INT64_MIN / i : INT64_MAX);
		if (db_run(q) < 0)
			return -1;
	}
	return 0;
}

static int dump_setup(void **state)
{
	if (engine_setup(state) < 0)
		return -1;
	struct engine *engine = *state;
	int r = db_migrate(engine->db, &now, 1, NULL, NULL);
	return r < 0 ? r : db_write(engine->db, 0, fill, NULL, NULL);
}

static void path_in(const struct engine *engine, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", engine->folder, name);
}

static void a_backup_can_be_restored_into_either_engine_and_is_equal(void **state)
{
	struct engine *engine = *state;
	struct db_digest made, put, got;
	struct err_info info = {0};
	char path[128], url[256];
	const char *why;
	struct stat st;

	path_in(engine, "b.jwb", path);
	assert_int_equal(db_backup(engine->db, &now, path, 5, &made, NULL), 0);
	assert_int_equal(made.rows, 2 * ROWS);
	assert_int_equal(made.n_tables, 2);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (int postgres = 0; postgres < 2; postgres++) {
		struct db *other = NULL;
		engine_url(engine, postgres, "other", url);
		assert_int_equal(db_open(&other, url, NULL), 0);
		assert_int_equal(db_restore(other, &now, path, false, 9, NULL, NULL, &put, &info), 0);
		assert_null(db_digest_compare(&made, &put, &why));
		assert_int_equal(db_backup(other, &now, NULL, 5, &got, NULL), 0);
		assert_null(db_digest_compare(&made, &got, &why));
		assert_int_equal(db_schema_check(other, &now, NULL), 0);
		/* Not a second time unasked, and then it replaces. */
		assert_int_equal(db_restore(other, &now, path, false, 9, NULL, NULL, &put, &info),
				 ERR_CONFLICT);
		assert_int_equal(db_restore(other, &now, path, true, 9, NULL, NULL, &put, &info), 0);
		assert_int_equal(db_backup(other, &now, NULL, 5, &got, NULL), 0);
		assert_null(db_digest_compare(&made, &got, &why));
		db_close(other);
	}
}

static int read_age(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT min(age), count(*) FROM person");
	int r = db_step(q);
	*(int64_t *)arg = db_col_int(q, 0) * 1000 + db_col_int(q, 1);
	return r;
}

static void an_older_backup_is_brought_to_the_newest_schema(void **state)
{
	struct engine *engine = *state;
	struct db_digest digest;
	char path[128];
	int64_t n = 0;
	path_in(engine, "old.jwb", path);
	assert_int_equal(db_migrate(engine->db, &old, 1, NULL, NULL), 0);
	assert_int_equal(db_write(engine->db, 0, fill, NULL, NULL), 0);
	assert_int_equal(db_backup(engine->db, &now, path, 5, &digest, NULL), 0);
	assert_int_equal(digest.n_tables, 3);
	assert_int_equal(db_restore(engine->db, &now, path, true, 9, NULL, NULL, &digest, NULL), 0);
	assert_int_equal(db_read(engine->db, read_age, &n, NULL), 0);
	assert_int_equal(n, 30 * 1000 + ROWS);
	/* And a newer one is refused. */
	assert_int_equal(db_backup(engine->db, &now, path, 5, &digest, NULL), 0);
	assert_int_equal(db_restore(engine->db, &old, path, true, 9, NULL, NULL, &digest, NULL),
			 ERR_STATE);
	assert_int_equal(db_read(engine->db, read_age, &n, NULL), 0);
	assert_int_equal(n, 30 * 1000 + ROWS);
}

static int refuse(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)tx;
	(void)arg;
	return err_set(info, ERR_DENIED, "不行");
}

static void a_restore_that_fails_at_the_end_changes_nothing(void **state)
{
	struct engine *engine = *state;
	struct db_digest before, after;
	char path[128];
	const char *why;
	path_in(engine, "b.jwb", path);
	assert_int_equal(db_backup(engine->db, &now, path, 5, &before, NULL), 0);
	assert_int_equal(db_restore(engine->db, &now, path, true, 9, refuse, NULL, &after, NULL),
			 ERR_DENIED);
	assert_int_equal(db_backup(engine->db, &now, NULL, 5, &after, NULL), 0);
	assert_null(db_digest_compare(&before, &after, &why));
}

static void every_altered_byte_and_every_cut_of_a_backup_is_found(void **state)
{
	struct engine *engine = *state;
	struct db_digest digest;
	char path[128];
	AUTO(buf) struct buf text = {0};
	path_in(engine, "b.jwb", path);
	assert_int_equal(db_backup(engine->db, &now, path, 5, &digest, NULL), 0);
	assert_int_equal(file_read(path, 1 << 24, &text, NULL), 0);
	for (size_t i = 0; i < text.len; i += 1 + i / 50) {
		FILE *f = fopen(path, "r+");
		fseek(f, (long)i, SEEK_SET);
		fputc(text.data[i] ^ 0x10, f);
		fclose(f);
		assert_int_equal(db_backup_verify(path, &digest, NULL), ERR_INPUT);
		f = fopen(path, "r+");
		fseek(f, (long)i, SEEK_SET);
		fputc(text.data[i], f);
		fclose(f);
	}
	assert_int_equal(db_backup_verify(path, &digest, NULL), 0);
	for (size_t len = text.len - 1; len > 20; len -= 1 + len / 20) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		assert_int_equal(db_backup_verify(path, &digest, NULL), ERR_INPUT);
		assert_int_equal(db_restore(engine->db, &now, path, true, 9, NULL, NULL, &digest,
					    NULL), ERR_INPUT);
	}
}

struct pair {
	struct db *db;
	atomic_bool stop;
	int wrong;
};

/* Two rows whose numbers always add to 100. */
static int shift(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "UPDATE by_code SET n = $1 WHERE code = $2");
	db_bind_int(q, 1, *(int *)arg);
	db_bind_text(q, 2, "Ab0");
	if (db_run(q) < 0)
		return -1;
	q = db_query(tx, "UPDATE by_code SET n = $1 WHERE code = $2");
	db_bind_int(q, 1, 100 - *(int *)arg);
	db_bind_text(q, 2, "中1");
	return db_run(q) < 0 ? -1 : 0;
}

static void *shift_on(void *arg)
{
	struct pair *pair = arg;
	for (int i = 0; !atomic_load(&pair->stop); i = (i + 1) % 100)
		pair->wrong += db_write(pair->db, 1, shift, &i, NULL) != 0;
	return NULL;
}

static int read_sum(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT sum(n) FROM by_code WHERE code IN ('Ab0', '中1')");
	int r = db_step(q);
	*(int64_t *)arg = db_col_int(q, 0);
	return r;
}

static void a_backup_while_others_write_is_one_moment(void **state)
{
	struct engine *engine = *state;
	struct pair pair = {.db = engine->db};
	struct db_digest digest;
	pthread_t thread;
	char path[128], url[256];
	int zero = 0;

	assert_int_equal(db_write(engine->db, 1, shift, &zero, NULL), 0);
	pthread_create(&thread, NULL, shift_on, &pair);
	engine_url(engine, engine->postgres, "copy", url);
	struct db *copy = NULL;
	assert_int_equal(db_open(&copy, url, NULL), 0);
	path_in(engine, "b.jwb", path);
	int r = 0;
	int64_t sum = 100;
	for (int i = 0; i < 5 && r == 0 && sum == 100; i++) {
		r = db_backup(engine->db, &now, path, 5, &digest, NULL);
		if (r == 0)
			r = db_restore(copy, &now, path, true, 9, NULL, NULL, &digest, NULL);
		if (r == 0)
			r = db_read(copy, read_sum, &sum, NULL);
	}
	atomic_store(&pair.stop, true);
	pthread_join(thread, NULL);
	db_close(copy);
	assert_int_equal(r, 0);
	assert_int_equal(sum, 100);
	assert_int_equal(pair.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH_WITH(a_backup_can_be_restored_into_either_engine_and_is_equal, dump_setup,
			     engine_teardown),
		ON_BOTH(an_older_backup_is_brought_to_the_newest_schema),
		ON_BOTH_WITH(a_restore_that_fails_at_the_end_changes_nothing, dump_setup,
			     engine_teardown),
		ON_BOTH_WITH(every_altered_byte_and_every_cut_of_a_backup_is_found, dump_setup,
			     engine_teardown),
		ON_BOTH_WITH(a_backup_while_others_write_is_one_moment, dump_setup, engine_teardown),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
