/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "db/driver.h"
#include "things.h"
#include "support/engines.h"

static int make_table(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	return db_script(tx, "CREATE TABLE thing (region INTEGER NOT NULL, id INTEGER NOT NULL,"
			     " name TEXT, data BLOB, note TEXT,"
			     " PRIMARY KEY (region, id)) STRICT, WITHOUT ROWID;"
			     "CREATE UNIQUE INDEX thing_name ON thing (region, name);");
}

int thing_setup(void **state)
{
	if (engine_setup(state) < 0)
		return -1;
	struct engine *engine = *state;
	return db_write(engine->db, 0, make_table, NULL, NULL);
}

int insert_thing(struct db_tx *tx, int64_t id, const char *name)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO thing (region, id, name) VALUES ($1, $2, $3)");
	db_bind_int(q, 1, 1);
	db_bind_int(q, 2, id);
	db_bind_text(q, 3, name);
	return db_run(q);
}

int insert_numbered(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	char name[32];
	snprintf(name, sizeof(name), "名%lld", (long long)*(int64_t *)arg);
	int r = insert_thing(tx, *(int64_t *)arg, name);
	return r < 0 ? r : 0;
}

int count_thing(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM thing");
	int r = db_step(q);
	if (r > 0)
		*(int64_t *)arg = db_col_int(q, 0);
	return r;
}

int64_t count_things(struct db *db)
{
	int64_t n = -1;
	assert_int_equal(db_read(db, count_thing, &n, NULL), 0);
	return n;
}
