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

/* ---- one statement for many rows ---- */

struct again {
	int64_t first, n, twice;	/* twice: a number that is put in two times; 0: none */
	int inserted, changed, none;
	bool postgres;
};

static bool plans_are_new(struct db_tx *tx)
{
	struct db_stmt *q = db_query(tx, "SELECT CASE WHEN current_setting('plan_cache_mode') = 'force_custom_plan'"
				     " THEN 2 ELSE 0 END"
				     " + CASE WHEN current_setting('enable_seqscan') = 'on' THEN 1 ELSE 0 END");
	assert_int_equal(db_step(q), 1);
	int64_t is = db_col_int(q, 0);
	db_finish(q);
	assert_true(is == 0 || is == 3);
	return is == 3;
}

/* Other statements of the transaction are planned as they always are. */
static void plans_are_made_anew(struct db_tx *tx)
{
	assert_true(plans_are_new(tx));
}

static int again_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct again *a = arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "INSERT INTO thing (region, id, name, data) VALUES ($1, $2, $3, $4)");
	for (int64_t i = 0; i < a->n; i++) {
		char name[32];
		snprintf(name, sizeof(name), "名%lld", (long long)(a->first + i));
		db_bind_int(q, 1, 1);
		db_bind_int(q, 2, a->twice && i == a->n / 2 ? a->twice : a->first + i);
		db_bind_text(q, 3, name);
		db_bind_blob(q, 4, "\0b", 2);
		db_again(q);
	}
	if ((a->inserted = db_again_end(q)) < 0)
		return a->inserted;
	if (a->postgres)
		plans_are_made_anew(tx);
	q = db_query(tx, "UPDATE thing SET note = 'x' WHERE region = $1 AND id = $2");
	for (int64_t i = 0; i < a->n; i++) {
		db_bind_int(q, 1, 1);
		db_bind_int(q, 2, a->first + 2 * i);	/* every other is there */
		db_again(q);
	}
	a->changed = db_again_end(q);
	q = db_query(tx, "UPDATE thing SET note = 'y' WHERE region = $1 AND id = $2");
	a->none = db_again_end(q);
	return a->changed < 0 ? a->changed : a->none;
}

static void a_statement_runs_again_and_again(void **state)
{
	struct engine *engine = *state;
	struct again a = {.first = 100, .n = DB_AGAIN_MAX, .postgres = engine->postgres};
	struct err_info info = {0};
	int64_t id = 7;
	for (int round = 0; round < 2; round++, a.first += 1000) {
		assert_int_equal(db_write(engine->db, 1, again_fn, &a, &info), 0);
		assert_int_equal(a.inserted, DB_AGAIN_MAX);
		assert_int_equal(a.changed, DB_AGAIN_MAX / 2);
		assert_int_equal(a.none, 0);
	}
	/* One that fails takes all along, and the connection lives. */
	a = (struct again){.first = 5000, .n = 9, .twice = 100};
	assert_int_equal(db_write(engine->db, 1, again_fn, &a, &info), ERR_CONFLICT);
	assert_int_equal(count_things(engine->db), 2 * DB_AGAIN_MAX);
	assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, &info), 0);
	a = (struct again){.first = 6000, .n = 1};
	assert_int_equal(db_write(engine->db, 1, again_fn, &a, &info), 0);
	assert_int_equal(a.inserted, 1);
	assert_int_equal(count_things(engine->db), 2 * DB_AGAIN_MAX + 2);
}

static int keyed_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct again *a = arg;
	int r = 0;
	db_keyed(tx);
	if (a->postgres)
		assert_false(plans_are_new(tx));
	for (int i = 0; r == 0 && i < 2; i++, a->first++) {
		r = insert_numbered(tx, &a->first, info);
		if (r == 0 && a->postgres)
			assert_false(plans_are_new(tx));
	}
	return r;
}

static int anew_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct again *a = arg;
	(void)info;
	if (a->postgres)
		plans_are_made_anew(tx);
	return 0;
}

static void who_takes_rows_by_keys_keeps_plans_and_nobody_after_him(void **state)
{
	struct engine *engine = *state;
	struct again a = {.first = 100, .postgres = engine->postgres};
	for (int round = 0; round < 2; round++) {
		assert_int_equal(db_write(engine->db, 1, keyed_fn, &a, NULL), 0);
		assert_int_equal(db_write(engine->db, 1, anew_fn, &a, NULL), 0);
		assert_int_equal(db_read(engine->db, anew_fn, &a, NULL), 0);
	}
	assert_int_equal(count_things(engine->db), 4);
	a.first--;
	assert_int_equal(db_write(engine->db, 1, keyed_fn, &a, NULL), ERR_CONFLICT);
	assert_int_equal(db_write(engine->db, 1, anew_fn, &a, NULL), 0);
	assert_int_equal(count_things(engine->db), 4);
}

static int left_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "INSERT INTO thing (region, id) VALUES ($1, $2)");
	db_bind_int(q, 1, 1);
	db_bind_int(q, 2, 42);
	db_again(q);
	return ERR_DENIED;
}

static void what_was_run_again_can_be_left(void **state)
{
	struct engine *engine = *state;
	int64_t id = 7;
	assert_int_equal(db_write(engine->db, 1, left_fn, NULL, NULL), ERR_DENIED);
	assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, NULL), 0);
	assert_int_equal(count_things(engine->db), 1);
}

/* ---- statements whose answers nobody waits for ---- */

struct later {
	int64_t first, n, twice;	/* twice: a number that is put in two times; 0: none */
	int64_t seen;			/* by a question in the middle */
	bool leave;
};

static int put_later(struct db_tx *tx, int64_t id, const char *note)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO thing (region, id, note) VALUES ($1, $2, $3)");
	db_bind_int(q, 1, 1);
	db_bind_int(q, 2, id);
	if (note)
		db_bind_text(q, 3, note);
	else
		db_bind_null(q, 3);
	return db_later(q);
}

static int later_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct later *l = arg;
	(void)info;
	for (int64_t i = 0; i < l->n; i++) {
		int64_t id = l->twice && i == l->n / 2 ? l->twice : l->first + i;
		/* Of two kinds, in turns, and with values of other types. */
		if (put_later(tx, id, i % 3 ? "y" : NULL) < 0)
			break;
		struct db_stmt *q = db_query(tx, "UPDATE thing SET note = $1 WHERE region = 1 AND id = $2");
		db_bind_text(q, 1, "x");
		db_bind_int(q, 2, id);
		db_later(q);
		if (i == l->n / 4) {
			q = db_query(tx, "SELECT count(*) FROM thing WHERE note = 'x'");
			if (db_step(q) > 0)
				l->seen = db_col_int(q, 0);
			db_finish(q);
		}
	}
	return l->leave ? ERR_DENIED : 0;
}

static void what_nobody_waits_for_is_done_all_the_same(void **state)
{
	struct engine *engine = *state;
	struct later l = {.first = 100, .n = 3 * DB_AGAIN_MAX};
	struct err_info info = {0};
	int64_t id = 7;
	uint64_t before = db_asked(engine->db);
	assert_int_equal(db_write(engine->db, 1, later_fn, &l, &info), 0);
	assert_int_equal(l.seen, l.n / 4 + 1);
	assert_int_equal(count_things(engine->db), l.n);
	assert_in_range(db_asked(engine->db) - before, 1, 16);
	/* One that fails takes all along, though nobody looked; and so does leaving. */
	l = (struct later){.first = 5000, .n = 9, .twice = 100};
	assert_int_equal(db_write(engine->db, 1, later_fn, &l, &info), ERR_CONFLICT);
	l = (struct later){.first = 5000, .n = 9, .leave = true};
	assert_int_equal(db_write(engine->db, 1, later_fn, &l, &info), ERR_DENIED);
	assert_int_equal(count_things(engine->db), 3 * DB_AGAIN_MAX);
	assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, &info), 0);
	assert_int_equal(count_things(engine->db), 3 * DB_AGAIN_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH_WITH(a_statement_runs_again_and_again, thing_setup, engine_teardown),
		ON_BOTH_WITH(who_takes_rows_by_keys_keeps_plans_and_nobody_after_him, thing_setup,
			     engine_teardown),
		ON_BOTH_WITH(what_was_run_again_can_be_left, thing_setup, engine_teardown),
		ON_BOTH_WITH(what_nobody_waits_for_is_done_all_the_same, thing_setup, engine_teardown),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
