/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "db/migrate.h"
#include "support/engines.h"

static const struct db_migration list[] = {
	{"first", "CREATE TABLE a (region INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL"
		  " DEFAULT 'INTEGER TEXT', PRIMARY KEY (region, id)) STRICT, WITHOUT ROWID;\n"
		  "CREATE INDEX a_name ON a (region, name);"},
	{"second", "ALTER TABLE a ADD COLUMN data BLOB;\n"
		   "INSERT INTO a (region, id) VALUES (1, 1);"},
	{"third", "-- PostgreSQL: ALTER TABLE a SET (fillfactor = 45);\n"
		  "CREATE TABLE b (region INTEGER NOT NULL PRIMARY KEY) STRICT;\n"
		  "-- PostgreSQL: CREATE TABLE c (n INTEGER NOT NULL PRIMARY KEY) STRICT;\n"},
};
static const struct db_schema one = {1, list}, two = {2, list}, three = {3, list};

static int read_a(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT name, data FROM a");
	int r = db_step(q);
	if (r <= 0 || !str_eqs(db_col_str(q, 0), "INTEGER TEXT") || db_col_type(q, 1) != DB_NULL)
		return -1;
	return db_step(q);
}

static int read_own(struct db_tx *tx, void *arg, struct err_info *info)
{
	int64_t *n = arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM c");
	int r = db_step(q);
	if (r <= 0)
		return r;
	q = db_query(tx, "SELECT count(*) FROM pg_class WHERE relname = 'a' AND reloptions[1] = 'fillfactor=45'");
	r = db_step(q);
	*n = r > 0 ? db_col_int(q, 0) : -1;
	return r < 0 ? r : 0;
}

/* What the third says to PostgreSQL alone. */
static void only_postgres_hears_its_own(const struct engine *engine)
{
	int64_t n = -1;
	assert_int_equal(db_read(engine->db, read_own, &n, NULL), engine->postgres ? 0 : ERR_IO);
	assert_int_equal(n, engine->postgres ? 1 : -1);
}

static void migrations_run_once_and_in_order(void **state)
{
	struct engine *engine = *state;
	int at = -1, ran = -1;
	assert_int_equal(db_schema_at(engine->db, &at, NULL), 0);
	assert_int_equal(at, 0);
	assert_int_equal(db_schema_check(engine->db, &one, NULL), ERR_STATE);
	assert_int_equal(db_migrate(engine->db, &one, 1000, &ran, NULL), 0);
	assert_int_equal(ran, 1);
	assert_int_equal(db_schema_check(engine->db, &one, NULL), 0);
	assert_int_equal(db_migrate(engine->db, &three, 2000, &ran, NULL), 0);
	assert_int_equal(ran, 2);
	assert_int_equal(db_migrate(engine->db, &three, 3000, &ran, NULL), 0);
	assert_int_equal(ran, 0);
	assert_int_equal(db_read(engine->db, read_a, NULL, NULL), 0);
	only_postgres_hears_its_own(engine);
	assert_int_equal(db_schema_at(engine->db, &at, NULL), 0);
	assert_int_equal(at, 3);
}

static void a_newer_database_is_refused(void **state)
{
	struct engine *engine = *state;
	struct err_info info = {0};
	assert_int_equal(db_migrate(engine->db, &three, 1, NULL, NULL), 0);
	assert_int_equal(db_migrate(engine->db, &two, 1, NULL, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "请升级程序"));
	assert_int_equal(db_schema_check(engine->db, &two, &info), ERR_STATE);
}

static void an_edited_migration_is_refused(void **state)
{
	struct engine *engine = *state;
	struct db_migration edited[3] = {list[0], list[1], list[2]};
	edited[1].sql = "ALTER TABLE a ADD COLUMN other BLOB;";
	const struct db_schema schema = {3, edited};
	assert_int_equal(db_migrate(engine->db, &two, 1, NULL, NULL), 0);
	assert_int_equal(db_migrate(engine->db, &schema, 1, NULL, NULL), ERR_STATE);
}

static void a_failing_migration_changes_nothing(void **state)
{
	struct engine *engine = *state;
	struct db_migration bad[3] = {list[0], list[1], {"bad", "CREATE TABLE c (x INTEGER) STRICT;"
							 "INSERT INTO nowhere VALUES (1);"}};
	const struct db_schema schema = {3, bad};
	int at = -1;
	assert_int_equal(db_migrate(engine->db, &one, 1, NULL, NULL), 0);
	assert_true(db_migrate(engine->db, &schema, 1, NULL, NULL) < 0);
	assert_int_equal(db_schema_at(engine->db, &at, NULL), 0);
	assert_int_equal(at, 1);
	assert_int_equal(db_migrate(engine->db, &three, 1, NULL, NULL), 0);
}

static int make_other(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	return db_run(db_query(tx, "CREATE TABLE other (x TEXT)")) < 0 ? -1 : 0;
}

static void a_database_of_another_program_is_refused(void **state)
{
	struct engine *engine = *state;
	assert_int_equal(db_write(engine->db, 0, make_other, NULL, NULL), 0);
	assert_int_equal(db_migrate(engine->db, &one, 1, NULL, NULL), ERR_INPUT);
}

static void *migrate_thread(void *arg)
{
	struct db *db = NULL;
	const struct engine *engine = arg;
	intptr_t r = db_open(&db, engine->url, NULL);
	if (r == 0)
		r = db_migrate(db, &three, 1, NULL, NULL);
	db_close(db);
	return (void *)r;
}

static void servers_that_start_together_migrate_once(void **state)
{
	struct engine *engine = *state;
	pthread_t threads[6];
	for (int i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, migrate_thread, engine);
	for (int i = 0; i < 6; i++) {
		void *r;
		pthread_join(threads[i], &r);
		assert_null(r);
	}
	assert_int_equal(db_read(engine->db, read_a, NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(migrations_run_once_and_in_order),
		ON_BOTH(a_newer_database_is_refused),
		ON_BOTH(an_edited_migration_is_refused),
		ON_BOTH(a_failing_migration_changes_nothing),
		ON_BOTH(a_database_of_another_program_is_refused),
		ON_BOTH(servers_that_start_together_migrate_once),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
