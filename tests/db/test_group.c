/* SPDX-License-Identifier: Apache-2.0 */
/* Concurrent writers: shared commits, and kill -9 in the middle of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/driver.h"
#include "support/engines.h"

enum { THREADS = 8, WRITES = 60, TOTAL = THREADS * WRITES };

static int make_table(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	return db_script(tx, "CREATE TABLE entry (region INTEGER NOT NULL, n INTEGER NOT NULL,"
			     " who INTEGER NOT NULL, PRIMARY KEY (region, n)) STRICT, WITHOUT ROWID;"
			     "CREATE TABLE head (region INTEGER NOT NULL PRIMARY KEY,"
			     " last INTEGER NOT NULL) STRICT;"
			     "INSERT INTO head (region, last) VALUES (1, 0), (2, 0);");
}

static int group_setup(void **state)
{
	if (engine_setup(state) < 0)
		return -1;
	struct engine *engine = *state;
	return db_write(engine->db, 0, make_table, NULL, NULL);
}

struct append {
	int64_t region, who, n;
	bool refuse;
};

/* Read, add one, write back: any two that overlapped would meet in `entry`. */
static int append(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct append *a = arg;
	struct db_stmt *q = db_query(tx, "SELECT last FROM head WHERE region = $1");
	db_bind_int(q, 1, a->region);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有");
	a->n = db_col_int(q, 0) + 1;
	q = db_query(tx, "UPDATE head SET last = $2 WHERE region = $1");
	db_bind_int(q, 1, a->region);
	db_bind_int(q, 2, a->n);
	if ((r = db_run(q)) != 1)
		return r;
	q = db_query(tx, "INSERT INTO entry (region, n, who) VALUES ($1, $2, $3)");
	db_bind_int(q, 1, a->region);
	db_bind_int(q, 2, a->n);
	db_bind_int(q, 3, a->who);
	if ((r = db_run(q)) < 0)
		return r;
	return a->refuse ? err_set(info, ERR_DENIED, "不行") : 0;
}

struct writer {
	struct db *db;
	int64_t region, who;
	int wrong;
	int64_t got[WRITES];
	int ack;		/* a pipe to tell each acknowledged number; 0: none */
	pthread_t thread;
};

static void *write_all(void *arg)
{
	struct writer *w = arg;
	for (int i = 0; i < WRITES; i++) {
		/* Every third refuses after it has written. */
		struct append a = {w->region, w->who, .refuse = i % 3 == 2};
		int r = db_write(w->db, w->region, append, &a, NULL);
		w->wrong += r != (a.refuse ? ERR_DENIED : 0);
		w->got[i] = a.refuse ? 0 : a.n;
	}
	return NULL;
}

struct sum {
	int64_t region, n, last;
};

static int sum_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct sum *s = arg;
	struct db_stmt *q = db_query(tx, "SELECT (SELECT count(*) FROM entry WHERE region = $1),"
				     " (SELECT last FROM head WHERE region = $1)");
	db_bind_int(q, 1, s->region);
	int r = db_step(q);
	if (r > 0) {
		s->n = db_col_int(q, 0);
		s->last = db_col_int(q, 1);
	}
	return r;
}

static void storm(struct db *a, struct db *b)
{
	static struct writer writers[THREADS];
	const int kept = WRITES - WRITES / 3;
	for (int i = 0; i < THREADS; i++) {
		writers[i] = (struct writer){.db = i % 2 ? a : b, .region = 1, .who = i};
		pthread_create(&writers[i].thread, NULL, write_all, &writers[i]);
	}
	bool seen[TOTAL + 1] = {0};
	for (int i = 0; i < THREADS; i++) {
		pthread_join(writers[i].thread, NULL);
		assert_int_equal(writers[i].wrong, 0);
		for (int j = 0; j < WRITES; j++)
			if (writers[i].got[j]) {
				assert_false(seen[writers[i].got[j]]);
				seen[writers[i].got[j]] = true;
			}
	}
	struct sum s = {.region = 1};
	assert_int_equal(db_read(a, sum_fn, &s, NULL), 0);
	assert_int_equal(s.n, kept * THREADS);
	assert_int_equal(s.last, kept * THREADS);
}

static void writers_of_one_region_never_overlap_and_failures_undo_only_themselves(void **state)
{
	struct engine *engine = *state;
	storm(engine->db, engine->db);
}

static void two_programs_writing_at_once_lose_nothing(void **state)
{
	struct engine *engine = *state;
	struct db *other = NULL;
	assert_int_equal(db_open(&other, engine->url, NULL), 0);
	/* In turns of one each, so that neither gives up waiting. */
	storm(engine->db, other);
	db_close(other);
}

/* ---- one commit for many ---- */

struct member {
	struct db *db;
	db_fn fn;
	int64_t n;
	int result;
	bool postgres;
	sem_t *inside, *go;
	pthread_t thread;
};

static int enter(struct db_tx *tx, int64_t n, bool later)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO entry (region, n, who) VALUES (1, $1, 0)");
	db_bind_int(q, 1, n);
	int r = later ? db_later(q) : db_run(q);
	return r < 0 ? r : 0;
}

static int enter_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	return enter(tx, ((struct member *)arg)->n, false);
}

/* Whether it is there already is known with the commit. */
static int enter_later_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	return enter(tx, ((struct member *)arg)->n, true);
}

static int keyed_refuse_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	db_keyed(tx);
	int r = enter(tx, ((struct member *)arg)->n, false);
	return r < 0 ? r : err_set(info, ERR_DENIED, "不行");
}

static int plans_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct member *m = arg;
	int r = enter(tx, m->n, false);
	if (r < 0 || !m->postgres)
		return r;
	struct db_stmt *q = db_query(tx, "SELECT 1 WHERE current_setting('plan_cache_mode') = 'force_custom_plan'");
	r = db_step(q);
	db_finish(q);
	return r == 1 ? 0 : err_set(info, ERR_STATE, "计划不对");
}

/* While it runs the others gather. */
static int gather_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct member *m = arg;
	(void)tx;
	(void)info;
	sem_post(m->inside);
	sem_wait(m->go);
	sem_post(m->go);	/* it may run twice */
	return 0;
}

static void *run_member(void *arg)
{
	struct member *m = arg;
	m->result = db_write(m->db, 1, m->fn, m, NULL);
	return NULL;
}

static void of_many_that_share_a_commit_only_those_that_fail_are_undone(void **state)
{
	struct engine *engine = *state;
	static const struct {
		db_fn fn;
		bool taken;	/* its number is there already */
		int result;
	} kinds[] = {
		{enter_fn, false, 0}, {enter_later_fn, false, 0}, {keyed_refuse_fn, false, ERR_DENIED},
		{plans_fn, false, 0}, {enter_later_fn, true, ERR_CONFLICT}, {plans_fn, false, 0},
		{enter_fn, true, ERR_CONFLICT}, {enter_later_fn, false, 0},
	};
	enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), ROUNDS = 12, SAVED = 5 };
	struct member taken = {.db = engine->db, .fn = enter_fn, .n = 1};
	run_member(&taken);
	assert_int_equal(taken.result, 0);
	for (int round = 0; round < ROUNDS; round++) {
		struct member members[KINDS], first;
		sem_t inside, go;
		sem_init(&inside, 0, 0);
		sem_init(&go, 0, 0);
		first = (struct member){.db = engine->db, .fn = gather_fn, .inside = &inside, .go = &go};
		pthread_create(&first.thread, NULL, run_member, &first);
		sem_wait(&inside);
		for (int i = 0; i < KINDS; i++) {
			members[i] = (struct member){.db = engine->db, .fn = kinds[(i + round) % KINDS].fn,
						     .n = 2 + round * KINDS + i, .postgres = engine->postgres};
			if (kinds[(i + round) % KINDS].taken)
				members[i].n = 1;
			pthread_create(&members[i].thread, NULL, run_member, &members[i]);
		}
		usleep(20000);
		sem_post(&go);
		for (int i = 0; i < KINDS; i++) {
			pthread_join(members[i].thread, NULL);
			assert_int_equal(members[i].result, kinds[(i + round) % KINDS].result);
		}
		pthread_join(first.thread, NULL);
		struct sum s = {.region = 1};
		assert_int_equal(db_read(engine->db, sum_fn, &s, NULL), 0);
		assert_int_equal(s.n, 1 + SAVED * (round + 1));
		sem_destroy(&inside);
		sem_destroy(&go);
	}
}

/* ---- the disk (SQLite) ---- */

static atomic_int n_syncs, failing;
static sem_t *held_at, *let_go;

/* In place of the system's, for the program and the library alike. */
int fdatasync(int fd)
{
	atomic_fetch_add(&n_syncs, 1);
	if (held_at) {
		sem_post(held_at);
		sem_wait(let_go);
	}
	if (atomic_load(&failing)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static void *append_one(void *arg)
{
	struct writer *w = arg;
	struct append a = {w->region, w->who};
	w->wrong = db_write(w->db, w->region, append, &a, NULL);
	atomic_thread_fence(memory_order_seq_cst);
	w->got[0] = a.n;
	return NULL;
}

static void the_next_writes_while_one_waits_for_the_disk(void **state)
{
	struct engine *engine = *state;
	struct writer a = {.db = engine->db, .region = 1}, b = a;
	struct sum s = {.region = 1};
	sem_t inside, go;

	if (engine->postgres)
		return;
	append_one(&a);
	assert_int_equal(a.wrong, 0);
	sem_init(&inside, 0, 0);
	sem_init(&go, 0, 0);
	let_go = &go;
	held_at = &inside;
	int before = atomic_load(&n_syncs);
	pthread_create(&a.thread, NULL, append_one, &a);
	sem_wait(&inside);
	pthread_create(&b.thread, NULL, append_one, &b);
	for (int i = 0; i < 5000 && s.n < 3; i++, usleep(1000))
		assert_int_equal(db_read(engine->db, sum_fn, &s, NULL), 0);
	assert_int_equal(s.n, 3);
	/* Written, but nobody was told: the disk has neither. */
	assert_int_equal(pthread_tryjoin_np(a.thread, NULL), EBUSY);
	assert_int_equal(pthread_tryjoin_np(b.thread, NULL), EBUSY);
	sem_post(&go);
	pthread_join(a.thread, NULL);
	/* The first sync began before the second commit and does not count for it. */
	sem_wait(&inside);
	assert_int_equal(pthread_tryjoin_np(b.thread, NULL), EBUSY);
	sem_post(&go);
	pthread_join(b.thread, NULL);
	held_at = NULL;
	assert_int_equal(a.wrong, 0);
	assert_int_equal(b.wrong, 0);
	assert_int_equal(atomic_load(&n_syncs) - before, 2);
	sem_destroy(&inside);
	sem_destroy(&go);
}

static void a_disk_that_has_failed_is_not_believed_again(void **state)
{
	struct engine *engine = *state;
	struct append a = {1, 1};
	struct err_info info = {0};

	if (engine->postgres)
		return;
	assert_int_equal(db_write(engine->db, 1, append, &a, &info), 0);
	atomic_store(&failing, 1);
	assert_int_equal(db_write(engine->db, 1, append, &a, &info), ERR_IO);
	assert_non_null(strstr(info.text, "无法写入 数据库文件：磁盘读写出错；可能已保存也可能没有"));
	atomic_store(&failing, 0);
	info = (struct err_info){0};
	assert_int_equal(db_write(engine->db, 1, append, &a, &info), ERR_IO);
	assert_non_null(strstr(info.text, "无法写入 数据库文件"));
	db_close(engine->db);
	assert_int_equal(db_open(&engine->db, engine->url, NULL), 0);
	assert_int_equal(db_write(engine->db, 1, append, &a, &info), 0);
}

/* ---- a dead connection ---- */

static int count_entries(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM entry");
	int r = db_step(q);
	if (r > 0)
		*(int64_t *)arg = db_col_int(q, 0);
	return r;
}

static int kill_others(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	struct db_stmt *q = db_query(tx, "SELECT count(pg_terminate_backend(pid))"
				     " FROM pg_stat_activity WHERE datname = current_database()"
				     " AND pid <> pg_backend_pid()");
	int r = db_step(q);
	return r < 0 ? r : 0;
}

static void idle_connections_that_died_are_replaced(void **state)
{
	struct engine *engine = *state;
	struct db *killer = NULL;
	struct append a = {1, 1};
	int64_t n = 0;
	if (!engine->postgres)
		return;
	assert_int_equal(db_write(engine->db, 1, append, &a, NULL), 0);
	assert_int_equal(db_read(engine->db, count_entries, &n, NULL), 0);
	assert_int_equal(db_open(&killer, engine->url, NULL), 0);
	assert_int_equal(db_read(killer, kill_others, NULL, NULL), 0);
	db_close(killer);
	assert_int_equal(db_read(engine->db, count_entries, &n, NULL), 0);
	assert_int_equal(db_write(engine->db, 1, append, &a, NULL), 0);
	assert_int_equal(a.n, 2);
}

static int die_inside(struct db_tx *tx, void *arg, struct err_info *info)
{
	int *times = arg;
	struct append a = {1, 1};
	++*times;
	int r = append(tx, &a, info);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "SELECT pg_terminate_backend(pg_backend_pid())");
	r = db_step(q);
	return r < 0 ? r : 0;
}

static void a_connection_that_dies_in_the_middle_is_an_error_and_nothing_is_saved(void **state)
{
	struct engine *engine = *state;
	int times = 0;
	int64_t n = -1;
	if (!engine->postgres)
		return;
	assert_int_equal(db_write(engine->db, 1, die_inside, &times, NULL), ERR_IO);
	assert_int_equal(times, 1);
	assert_int_equal(db_read(engine->db, count_entries, &n, NULL), 0);
	assert_int_equal(n, 0);
}

/* ---- kill -9 ---- */

static void *write_and_tell(void *arg)
{
	struct writer *w = arg;
	for (;;) {
		struct append a = {w->region, w->who};
		int64_t told[2] = {w->region, 0};
		if (db_write(w->db, w->region, append, &a, NULL) < 0)
			return NULL;
		told[1] = a.n;
		/* Small writes to a pipe are whole or not at all. */
		if (write(w->ack, told, sizeof(told)) != sizeof(told))
			return NULL;
	}
}

static void child(const char *url, int ack)
{
	struct db *db = NULL;
	static struct writer writers[THREADS];
	if (db_open(&db, url, NULL) < 0)
		_exit(1);
	for (int i = 0; i < THREADS; i++) {
		writers[i] = (struct writer){.db = db, .region = 1 + i % 2, .who = i, .ack = ack};
		pthread_create(&writers[i].thread, NULL, write_and_tell, &writers[i]);
	}
	for (;;)
		pause();
}

struct has {
	int64_t region, n;
	bool found;
};

static int has_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct has *h = arg;
	struct db_stmt *q = db_query(tx, "SELECT 1 FROM entry WHERE region = $1 AND n = $2");
	db_bind_int(q, 1, h->region);
	db_bind_int(q, 2, h->n);
	int r = db_step(q);
	h->found = r > 0;
	return r;
}

static void kill_9_in_a_storm_of_writes_loses_nothing_acknowledged(void **state)
{
	struct engine *engine = *state;
	int64_t n_acks = 0, last[3] = {0};

	db_close(engine->db);
	for (int round = 0; round < 3; round++) {
		int pipes[2];
		assert_int_equal(pipe(pipes), 0);
		pid_t pid = fork();
		if (pid == 0) {
			close(pipes[0]);
			child(engine->url, pipes[1]);
		}
		close(pipes[1]);
		int64_t told[2];
		static int64_t acks[200000][2];
		int n = 0;
		/* Killed after so many, at a moment nobody chose. */
		while (n < 100 + 37 * round && read(pipes[0], told, sizeof(told)) == sizeof(told)) {
			acks[n][0] = told[0];
			acks[n++][1] = told[1];
		}
		kill(pid, SIGKILL);
		while (n < 200000 && read(pipes[0], told, sizeof(told)) == sizeof(told)) {
			acks[n][0] = told[0];
			acks[n++][1] = told[1];
		}
		waitpid(pid, NULL, 0);
		close(pipes[0]);
		assert_true(n >= 100);
		assert_int_equal(db_open(&engine->db, engine->url, NULL), 0);
		for (int i = 0; i < n; i++) {
			struct has h = {acks[i][0], acks[i][1]};
			assert_int_equal(db_read(engine->db, has_fn, &h, NULL), 0);
			assert_true(h.found);
		}
		n_acks += n;
		/* And what is there is whole: no gap, no half of a function. */
		for (int64_t region = 1; region <= 2; region++) {
			struct sum s = {.region = region};
			assert_int_equal(db_read(engine->db, sum_fn, &s, NULL), 0);
			assert_int_equal(s.n, s.last);
			last[region] = s.last;
		}
		if (round < 2)
			db_close(engine->db);
	}
	assert_true(last[1] + last[2] >= n_acks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH_WITH(writers_of_one_region_never_overlap_and_failures_undo_only_themselves,
			     group_setup, engine_teardown),
		ON_BOTH_WITH(two_programs_writing_at_once_lose_nothing, group_setup, engine_teardown),
		ON_BOTH_WITH(of_many_that_share_a_commit_only_those_that_fail_are_undone, group_setup,
			     engine_teardown),
		ON_BOTH_WITH(the_next_writes_while_one_waits_for_the_disk, group_setup, engine_teardown),
		ON_BOTH_WITH(a_disk_that_has_failed_is_not_believed_again, group_setup, engine_teardown),
		ON_BOTH_WITH(idle_connections_that_died_are_replaced, group_setup, engine_teardown),
		ON_BOTH_WITH(a_connection_that_dies_in_the_middle_is_an_error_and_nothing_is_saved,
			     group_setup, engine_teardown),
		ON_BOTH_WITH(kill_9_in_a_storm_of_writes_loses_nothing_acknowledged, group_setup,
			     engine_teardown),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
