/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/driver.h"
#include "things.h"
#include "support/engines.h"

/* ---- values ---- */

static int write_values(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	/* $2 stands before $1 and twice: SQLite numbers by appearance. */
	struct db_stmt *q = db_query(tx, "INSERT INTO thing (id, region, name, data, note)"
				     " VALUES ($2, $1, $3, $4, $5)");
	db_bind_int(q, 1, 7);
	db_bind_int(q, 2, INT64_MIN);
	db_bind_str(q, 3, (struct str){"组织部xx", 9});
	db_bind_blob(q, 4, "\0\xff\\x'", 5);
	db_bind_null(q, 5);
	assert_int_equal(db_run(q), 1);
	q = db_query(tx, "INSERT INTO thing (id, region, name, data, note)"
		     " VALUES ($2, $1, $3, $4, $5)");
	db_bind_int(q, 1, 7);
	db_bind_int(q, 2, INT64_MAX);
	db_bind_null(q, 3);
	db_bind_null(q, 4);
	db_bind_text(q, 5, "");
	assert_int_equal(db_run(q), 1);
	return 0;
}

static int read_values(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT id, name, data, note, name FROM thing"
				     " WHERE region = $2 AND region = $2 AND id >= $1 ORDER BY id");
	db_bind_int(q, 2, 7);
	db_bind_int(q, 1, INT64_MIN);
	assert_int_equal(db_step(q), 1);
	assert_int_equal(db_columns(q), 5);
	assert_true(db_col_int(q, 0) == INT64_MIN);
	assert_true(str_eqs(db_col_str(q, 1), "组织部"));
	struct str data = db_col_blob(q, 2);
	assert_int_equal(data.len, 5);
	assert_memory_equal(data.data, "\0\xff\\x'", 5);
	assert_int_equal(db_col_type(q, 0), DB_INT);
	assert_int_equal(db_col_type(q, 2), DB_BLOB);
	assert_int_equal(db_col_type(q, 3), DB_NULL);
	assert_null(db_col_str(q, 3).data);
	assert_int_equal(db_step(q), 1);
	assert_true(db_col_int(q, 0) == INT64_MAX);
	assert_int_equal(db_col_type(q, 1), DB_NULL);
	assert_null(db_col_blob(q, 2).data);
	assert_non_null(db_col_str(q, 3).data);
	assert_int_equal(db_col_type(q, 3), DB_TEXT);
	assert_int_equal(db_step(q), 0);
	return 0;
}

static void values_come_back_as_they_were(void **state)
{
	struct engine *engine = *state;
	assert_int_equal(db_write(engine->db, 7, write_values, NULL, NULL), 0);
	for (int i = 0; i < 3; i++)	/* the kept statement works again */
		assert_int_equal(db_read(engine->db, read_values, NULL, NULL), 0);
}

static int bad_text(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT id FROM thing WHERE name = $1");
	db_bind_str(q, 1, *(struct str *)arg);
	return db_step(q);
}

static void text_that_is_no_utf8_is_refused(void **state)
{
	struct engine *engine = *state;
	struct str with_nul = {"a\0b", 3}, broken = {"\xE5\x85", 2};
	assert_int_equal(db_read(engine->db, bad_text, &with_nul, NULL), ERR_INPUT);
	assert_int_equal(db_read(engine->db, bad_text, &broken, NULL), ERR_INPUT);
}

static int unset_param(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT id FROM thing WHERE region = $1 AND id = $2");
	db_bind_int(q, 2, 1);
	return db_step(q);
}

static int missing_param(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT id FROM thing WHERE region = $1 AND id = $2");
	db_bind_int(q, 1, 1);
	return db_step(q);
}

static void a_forgotten_value_is_an_error(void **state)
{
	struct engine *engine = *state;
	assert_int_equal(db_read(engine->db, unset_param, NULL, NULL), ERR_IO);
	assert_int_equal(db_read(engine->db, missing_param, NULL, NULL), ERR_IO);
}

/* ---- sameness of the engines ---- */

static int read_order(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	char *out = arg;
	*out = '\0';
	struct db_stmt *q = db_query(tx, "SELECT name FROM thing WHERE name LIKE $1 ESCAPE '\\'"
				     " ORDER BY name");
	db_bind_text(q, 1, "%\\_a%");
	int r;
	while ((r = db_step(q)) > 0)
		snprintf(out + strlen(out), 100 - strlen(out), "%.*s ", STR_ARG(db_col_str(q, 0)));
	return r;
}

/* Places in characters; of nothing the first, and in nothing none. */
static int read_places(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	int64_t *places = arg;
	struct db_stmt *q = db_query(tx, "SELECT strpos($1, $2), strpos($1, $3), strpos($1, $4),"
				     " strpos($4, $4), strpos($4, $2), COALESCE(strpos(NULL, $2), -1)");
	db_bind_text(q, 1, "长坡村");
	db_bind_text(q, 2, "村");
	db_bind_text(q, 3, "长坡村委");
	db_bind_text(q, 4, "");
	int r = db_step(q);
	for (int i = 0; r > 0 && i < 6; i++)
		places[i] = db_col_int(q, i);
	db_finish(q);
	return r < 0 ? r : 0;
}

static void a_part_of_a_text_has_the_same_place(void **state)
{
	struct engine *engine = *state;
	const int64_t expected[] = {3, 0, 1, 1, 0, -1};
	int64_t places[6] = {0};
	assert_int_equal(db_read(engine->db, read_places, places, NULL), 0);
	assert_memory_equal(places, expected, sizeof(expected));
}

static int insert_names(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	const char *names[] = {"b_a", "B_a", "é_a", "a_a", "_A", "xa", "中_a"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (insert_thing(tx, (int64_t)i, names[i]) < 0)
			return -1;
	return 0;
}

static void text_sorts_by_bytes_and_like_minds_case(void **state)
{
	struct engine *engine = *state;
	char out[100];
	assert_int_equal(db_write(engine->db, 1, insert_names, NULL, NULL), 0);
	assert_int_equal(db_read(engine->db, read_order, out, NULL), 0);
	assert_string_equal(out, "B_a a_a b_a é_a 中_a ");
}

/* ---- failure ---- */

static int insert_twice(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	insert_thing(tx, 50, "一");
	*(int *)arg = insert_thing(tx, 51, "一");
	/* Doomed: this must not be done, and the verdict is the first failure. */
	insert_thing(tx, 52, "二");
	return 0;
}

static void a_doomed_function_leaves_nothing_even_if_it_says_all_is_well(void **state)
{
	struct engine *engine = *state;
	struct err_info info = {0};
	int second = 0;
	assert_int_equal(db_write(engine->db, 1, insert_twice, &second, &info), ERR_CONFLICT);
	assert_int_equal(second, ERR_CONFLICT);
	assert_int_equal(info.code, ERR_CONFLICT);
	assert_non_null(strstr(info.text, "已有相同的记录"));
	assert_int_equal(count_things(engine->db), 0);
}

static int insert_then_deny(struct db_tx *tx, void *arg, struct err_info *info)
{
	insert_numbered(tx, arg, info);
	return err_set(info, ERR_DENIED, "不行");
}

static void a_refusing_function_leaves_nothing(void **state)
{
	struct engine *engine = *state;
	struct err_info info = {0};
	int64_t id = 1;
	assert_int_equal(db_write(engine->db, 1, insert_then_deny, &id, &info), ERR_DENIED);
	assert_string_equal(info.text, "不行");
	assert_int_equal(count_things(engine->db), 0);
	assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, &info), 0);
	assert_int_equal(count_things(engine->db), 1);
}

static void a_read_function_can_not_write(void **state)
{
	struct engine *engine = *state;
	int64_t id = 1;
	assert_true(db_read(engine->db, insert_numbered, &id, NULL) < 0);
	assert_int_equal(count_things(engine->db), 0);
}

static int wrong_sql(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	return db_step(db_query(tx, "SELECT x FROM nowhere"));
}

static void wrong_sql_is_reported_and_the_connection_lives(void **state)
{
	struct engine *engine = *state;
	struct err_info info = {0};
	assert_int_equal(db_write(engine->db, 0, wrong_sql, NULL, &info), ERR_IO);
	assert_non_null(strstr(info.text, "nowhere"));
	int64_t id = 1;
	assert_int_equal(db_write(engine->db, 0, insert_numbered, &id, NULL), 0);
}

/* ---- statements ---- */

static int walk(struct db_tx *tx, int64_t from, int *steps)
{
	struct db_stmt *q = db_query(tx, "SELECT id FROM thing WHERE id > $1 ORDER BY id");
	db_bind_int(q, 1, from);
	int r;
	while ((r = db_step(q)) > 0) {
		(*steps)++;
		if ((r = walk(tx, db_col_int(q, 0), steps)) < 0)
			return r;
	}
	return r;
}

static int walk_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	*(int *)arg = 0;
	return walk(tx, -1, arg);
}

static void one_literal_can_be_open_many_times(void **state)
{
	struct engine *engine = *state;
	int steps = 0;
	for (int64_t id = 0; id < 5; id++)
		assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, NULL), 0);
	assert_int_equal(db_read(engine->db, walk_fn, &steps, NULL), 0);
	assert_int_equal(steps, (1 << 5) - 1);
}

static int stream_half(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_stream(tx, "SELECT id FROM thing ORDER BY id");
	for (int i = 0; i < 2; i++)
		if (db_step(q) != 1 || db_col_int(q, 0) != i)
			return -1;
	db_finish(q);
	return count_thing(tx, arg, info);
}

static int stream_and_more(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct db_stmt *q = db_stream(tx, "SELECT id FROM thing ORDER BY id");
	db_step(q);
	return count_thing(tx, arg, info);
}

static void a_stream_can_be_left_but_not_shared(void **state)
{
	struct engine *engine = *state;
	int64_t n = 0;
	for (int64_t id = 0; id < 5; id++)
		assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, NULL), 0);
	assert_int_equal(db_read(engine->db, stream_half, &n, NULL), 0);
	assert_int_equal(n, 5);
	assert_int_equal(db_read(engine->db, stream_and_more, &n, NULL), ERR_IO);
	assert_int_equal(db_read(engine->db, stream_half, &n, NULL), 0);
}

static int change_all(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "UPDATE thing SET note = $1 WHERE id >= $2");
	db_bind_text(q, 1, "新");
	db_bind_int(q, 2, 2);
	*(int *)arg = db_run(q);
	return 0;
}

static void run_tells_how_many_rows_changed(void **state)
{
	struct engine *engine = *state;
	int n = -1;
	for (int64_t id = 0; id < 5; id++)
		assert_int_equal(db_write(engine->db, 1, insert_numbered, &id, NULL), 0);
	assert_int_equal(db_write(engine->db, 1, change_all, &n, NULL), 0);
	assert_int_equal(n, 3);
}

/* ---- snapshots ---- */

static int read_write_read(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct engine *engine = arg;
	int64_t before = -1, after = -1, id = 9;
	int r = count_thing(tx, &before, info);
	/* Another connection commits while this one reads. */
	if (r >= 0)
		r = db_write(engine->db, 1, insert_numbered, &id, info);
	if (r >= 0)
		r = count_thing(tx, &after, info);
	return r < 0 ? r : before == 0 && after == 0 ? 0 : -1;
}

static void a_reader_sees_one_snapshot_and_blocks_no_writer(void **state)
{
	struct engine *engine = *state;
	assert_int_equal(db_read(engine->db, read_write_read, engine, NULL), 0);
	assert_int_equal(count_things(engine->db), 1);
}

/* ---- opening ---- */

static void foreign_files_and_addresses_are_refused(void **state)
{
	struct engine *engine = *state;
	struct err_info info = {0};
	struct db *db = NULL;
	char path[128];
	snprintf(path, sizeof(path), "%s/text.db", engine->folder);
	FILE *f = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("this is no database\n", f);
	fclose(f);
	assert_int_equal(db_open(&db, path, &info), ERR_IO);
	assert_null(db);
	assert_int_equal(db_open(&db, "/nowhere/at/all.db", &info), ERR_IO);
	assert_int_equal(db_open(&db, "postgresql:///x?host=/nowhere", &info), ERR_IO);
	assert_non_null(strstr(info.text, "无法连接 PostgreSQL"));
	assert_null(db);
}

static void a_new_sqlite_file_is_private(void **state)
{
	struct engine *engine = *state;
	struct stat st;
	if (engine->postgres)
		return;
	assert_int_equal(stat(engine->url, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static int insert_large(struct db_tx *tx, void *arg, struct err_info *info)
{
	static char page[4000];
	int64_t *id = arg;
	int r = 0;
	(void)info;
	memset(page, 'x', sizeof(page) - 1);
	for (int i = 0; r >= 0 && i < 1200; i++) {
		struct db_stmt *q = db_query(tx, "INSERT INTO thing (region, id, note) VALUES ($1, $2, $3)");
		db_bind_int(q, 1, 1);
		db_bind_int(q, 2, ++*id);
		db_bind_text(q, 3, page);
		r = db_run(q);
	}
	return r < 0 ? r : 0;
}

/* Each commit has a thousand pages carried over just when they are to be forgotten. */
static void the_log_is_emptied_while_it_is_carried_over(void **state)
{
	struct engine *engine = *state;
	char log[512];
	struct stat st;
	int64_t id = 100;
	if (engine->postgres)
		return;
	snprintf(log, sizeof(log), "%s-wal", engine->url);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(db_write(engine->db, 1, insert_large, &id, NULL), 0);
		assert_int_equal(db_forget(engine->db, NULL), 0);
		assert_int_equal(stat(log, &st), 0);
		assert_int_equal(st.st_size, 0);
	}
}

/* ---- kept until the function returns ---- */

struct sum {
	int64_t id, n, times;	/* times it was written */
};

static int write_sum(struct db_tx *tx, void *state)
{
	struct sum *sum = *(struct sum **)state;
	if (!sum || !sum->n)
		return 0;
	char name[48];
	snprintf(name, sizeof(name), "%lld个，第%lld次", (long long)sum->n, (long long)++sum->times);
	int r = insert_thing(tx, sum->id++, name);
	sum->n = 0;
	return r < 0 ? r : 0;
}

static const struct db_kept kept_sum = {sizeof(struct sum *), write_sum};

static struct sum *sum_of(struct db_tx *tx, int64_t id)
{
	struct sum **sum = db_keep(tx, &kept_sum);
	assert_non_null(sum);
	if (!*sum) {
		*sum = arena_zalloc(db_keep_arena(tx), 1, sizeof(**sum));
		(*sum)->id = id;
	}
	return *sum;
}

static int add_to_sum(struct db_tx *tx, void *arg, struct err_info *info)
{
	int64_t id = *(int64_t *)arg;
	for (int i = 0; i < 5; i++)
		sum_of(tx, id)->n++;
	return id < 0 ? err_set(info, ERR_STATE, "不要了") : 0;
}

static int settle_between(struct db_tx *tx, void *arg, struct err_info *info)
{
	int64_t n = -1;
	int r = add_to_sum(tx, arg, info);
	if (r == 0)
		r = db_settle(tx);
	if (r == 0)
		r = count_thing(tx, &n, info) < 0 ? ERR_IO : 0;
	*(int64_t *)arg = n;
	return r;
}

static int name_of(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT name FROM thing ORDER BY id");
	int r = db_step(q);
	snprintf(arg, 64, "%.*s", STR_ARG(db_col_str(q, 0)));
	db_finish(q);
	return r;
}

static void what_is_kept_is_written_once_at_the_end(void **state)
{
	struct engine *engine = *state;
	int64_t id = 7;
	char name[64];
	assert_int_equal(db_write(engine->db, 0, add_to_sum, &id, NULL), 0);
	assert_int_equal(count_things(engine->db), 1);
	assert_int_equal(db_read(engine->db, name_of, name, NULL), 0);
	assert_string_equal(name, "5个，第1次");
	/* The next function begins anew. */
	id = 9;
	assert_int_equal(db_write(engine->db, 0, settle_between, &id, NULL), ERR_CONFLICT);
	assert_int_equal(count_things(engine->db), 1);
}

static void what_is_kept_dies_with_a_refusal(void **state)
{
	struct engine *engine = *state;
	int64_t id = -7;
	assert_int_equal(db_write(engine->db, 0, add_to_sum, &id, NULL), ERR_STATE);
	assert_int_equal(count_things(engine->db), 0);
	id = 3;
	assert_int_equal(db_write(engine->db, 0, settle_between, &id, NULL), 0);
	assert_int_equal(id, 1);	/* written before the count, and not again */
	assert_int_equal(count_things(engine->db), 1);
}

/* ---- one snapshot for several functions ---- */

static int look_once(struct db_tx *tx, void *arg, struct err_info *info)
{
	static const size_t size = sizeof(int64_t);
	int64_t *known = db_recall(tx, &size, 3, 4);
	if (!known)
		return err_set(info, ERR_STATE, "没有留住的快照");
	if (db_recall(tx, &size, 4, 3) == known)
		return err_set(info, ERR_STATE, "两个问题");
	if (!*known)
		*known = 1 + *(int64_t *)arg;
	*(int64_t *)arg = *known;
	return 0;
}

static void what_is_held_is_one_snapshot(void **state)
{
	struct engine *engine = *state;
	struct db_hold hold;
	int64_t id = 1, first = 5, second = 6, third = 7;

	db_hold(engine->db, &hold);
	assert_int_equal(count_things(engine->db), 0);
	assert_int_equal(db_write(engine->db, 0, insert_numbered, &id, NULL), 0);
	uint64_t before = db_asked(engine->db);
	assert_int_equal(count_things(engine->db), 0);
	assert_int_equal(db_asked(engine->db), before + 1);	/* no transaction of its own */
	assert_int_equal(db_read(engine->db, look_once, &first, NULL), 0);
	assert_int_equal(db_read(engine->db, look_once, &second, NULL), 0);
	assert_int_equal(second, first);
	/* Whoever fails ends the snapshot; the next function has another. */
	assert_true(db_read(engine->db, wrong_sql, NULL, NULL) < 0);
	assert_int_equal(count_things(engine->db), 1);
	assert_int_equal(db_read(engine->db, look_once, &third, NULL), 0);
	assert_int_equal(third, 8);
	db_release(engine->db, &hold);

	id = 2;
	assert_int_equal(db_write(engine->db, 0, insert_numbered, &id, NULL), 0);
	assert_int_equal(count_things(engine->db), 2);
	assert_int_equal(db_write(engine->db, 0, look_once, &id, NULL), ERR_STATE);
	assert_int_equal(db_read(engine->db, look_once, &id, NULL), ERR_STATE);
	/* Nothing was read: nothing to give back. */
	db_hold(engine->db, &hold);
	db_release(engine->db, &hold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH_WITH(values_come_back_as_they_were, thing_setup, engine_teardown),
		ON_BOTH_WITH(text_that_is_no_utf8_is_refused, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_forgotten_value_is_an_error, thing_setup, engine_teardown),
		ON_BOTH_WITH(text_sorts_by_bytes_and_like_minds_case, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_part_of_a_text_has_the_same_place, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_doomed_function_leaves_nothing_even_if_it_says_all_is_well,
			     thing_setup, engine_teardown),
		ON_BOTH_WITH(a_refusing_function_leaves_nothing, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_read_function_can_not_write, thing_setup, engine_teardown),
		ON_BOTH_WITH(wrong_sql_is_reported_and_the_connection_lives, thing_setup,
			     engine_teardown),
		ON_BOTH_WITH(one_literal_can_be_open_many_times, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_stream_can_be_left_but_not_shared, thing_setup, engine_teardown),
		ON_BOTH_WITH(run_tells_how_many_rows_changed, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_reader_sees_one_snapshot_and_blocks_no_writer, thing_setup,
			     engine_teardown),
		ON_BOTH_WITH(what_is_kept_is_written_once_at_the_end, thing_setup, engine_teardown),
		ON_BOTH_WITH(what_is_kept_dies_with_a_refusal, thing_setup, engine_teardown),
		ON_BOTH_WITH(what_is_held_is_one_snapshot, thing_setup, engine_teardown),
		ON_BOTH_WITH(foreign_files_and_addresses_are_refused, thing_setup, engine_teardown),
		ON_BOTH_WITH(a_new_sqlite_file_is_private, thing_setup, engine_teardown),
		ON_BOTH_WITH(the_log_is_emptied_while_it_is_carried_over, thing_setup, engine_teardown),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
