/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "db/driver.h"

enum {
	QUEUES_MAX = 8,
	ATTEMPTS_MAX = 20,	/* of a transaction that others keep running into */
};

/* One db_write that waits; lives on its caller's stack. */
struct job {
	db_fn fn;
	void *arg;
	int result;
	bool done;
	struct err_info info;
	struct job *next;
	sem_t wake;		/* done, or it is your turn to lead */
};

/* Writers that share commits. The first to come leads: it runs its own job and
 * those that gathered behind it, commits once, and hands over. */
struct queue {
	pthread_mutex_t lock;
	struct job *head, **tail;
	bool led;		/* somebody is running a group, or has been told to */
	pthread_t leader;
	struct db_tx *conn;	/* used only by the leader */
};

struct db {
	const struct db_driver *driver;
	char *url;
	struct queue queues[QUEUES_MAX];
	pthread_mutex_t lock;
	pthread_cond_t freed;
	int n_readers;		/* open, idle or not */
	int n_idle;
	struct db_tx *idle[DB_READERS_MAX];
	struct db_tx *claim;	/* a connection that does nothing else */
	struct db_hold *holds;
	atomic_uint_fast64_t asked;
};

/* ---- open and close ---- */

static int conn_open(struct db *db, bool write, struct db_tx **ret_tx, struct err_info *info)
{
	int r = db->driver->open(ret_tx, db->url, write, info);
	if (r == 0)
		(*ret_tx)->asked = &db->asked;
	return r;
}

int db_open(struct db **ret_db, const char *url, struct err_info *info)
{
	struct db *db = calloc(1, sizeof(*db));
	if (!db)
		return err_nomem(info);
	db->driver = &db_sqlite;
	if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
		db->driver = &db_postgres;
	else if (strncmp(url, "sqlite:", 7) == 0)
		url += 7;
	db->url = strdup(url);
	if (!db->url) {
		free(db);
		return err_nomem(info);
	}
	assert(db->driver->n_queues <= QUEUES_MAX);
	pthread_mutex_init(&db->lock, NULL);
	pthread_cond_init(&db->freed, NULL);
	for (int i = 0; i < QUEUES_MAX; i++) {
		pthread_mutex_init(&db->queues[i].lock, NULL);
		db->queues[i].tail = &db->queues[i].head;
	}
	/* The first connection tells now whether the address is any good. */
	int r = conn_open(db, true, &db->queues[0].conn, info);
	if (r < 0) {
		db_close(db);
		return r;
	}
	*ret_db = db;
	return 0;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	assert(db->n_readers == db->n_idle);
	for (int i = 0; i < db->n_idle; i++)
		db->driver->close(db->idle[i]);
	for (int i = 0; i < QUEUES_MAX; i++) {
		assert(!db->queues[i].head && !db->queues[i].led);
		if (db->queues[i].conn)
			db->driver->close(db->queues[i].conn);
		pthread_mutex_destroy(&db->queues[i].lock);
	}
	if (db->claim)
		db->driver->close(db->claim);
	pthread_mutex_destroy(&db->lock);
	pthread_cond_destroy(&db->freed);
	free(db->url);
	free(db);
}

int db_claim(struct db *db, bool alone, struct err_info *info)
{
	int r = db->claim ? 0 : conn_open(db, false, &db->claim, info);
	if (r == 0 && (r = db->driver->claim(db->claim, alone)) < 0 && !db_error(db->claim, info))
		return err_set(info, r, alone ? "服务还在运行，请先停止服务，再做这件事"
					      : "数据库正在恢复或搬家，请等它做完");
	return r;
}

uint64_t db_asked(const struct db *db)
{
	return db->asked;
}

const char *db_engine(const struct db *db)
{
	return db->driver->name;
}

/* ---- one transaction ---- */

int db_doom(struct db_tx *tx, int code, const char *format, ...)
{
	if (!tx->error) {
		va_list args;
		va_start(args, format);
		err_vset(&tx->error_info, code, format, args);
		va_end(args);
		tx->error = code;
	}
	return tx->error;
}

int db_doom_nomem(struct db_tx *tx)
{
	return db_doom(tx, ERR_NOMEM, "内存不足");
}

int db_error(struct db_tx *tx, struct err_info *info)
{
	if (tx->error && info)
		*info = tx->error_info;
	return tx->error;
}

static int begin(struct db_tx *tx)
{
	tx->error = 0;
	tx->error_info = (struct err_info){0};
	tx->again = false;
	tx->n_later = 0;
	++*tx->asked;
	return tx->driver->begin(tx);
}

static void roll_back(struct db_tx *tx)
{
	if (tx->hold)
		db_recall_end(tx->hold);
	tx->hold = NULL;
	++*tx->asked;
	tx->driver->rollback(tx);
}

/* A commit, and what it waits for. */
struct saved {
	struct db_tx *tx;	/* NULL: nothing more is to be done */
	uint64_t mark;
};

static int commit(struct db_tx *tx, struct saved *ret_saved)
{
	++*tx->asked;
	int r = tx->driver->commit(tx);
	if (r == 0 && tx->driver->mark)
		*ret_saved = (struct saved){tx, tx->driver->mark(tx)};
	return r;
}

static int sync_saved(const struct saved *saved, struct err_info *info)
{
	int error = saved->tx ? saved->tx->driver->sync(saved->tx, saved->mark) : 0;
	if (!error)
		return 0;
	struct err_info why;
	err_io(&why, "写入", "数据库文件", error);
	return err_set(info, ERR_IO, "%s；可能已保存也可能没有，请检查磁盘，再重新启动服务", why.text);
}

/* A function's verdict: its own error, or that of a statement it overlooked. What it ran
 * with db_later may be answered with the commit, unless `hear`. */
static int verdict(struct db_tx *tx, int r, bool hear, struct err_info *info)
{
	db_finish_all(tx);
	if (r >= 0)
		db_settle(tx);
	if (r < 0 || hear)
		db_hear(tx);
	db_keep_end(tx);
	if (tx->error)
		return db_error(tx, info);
	if (r < 0 && !info->code)
		err_set(info, r, "操作失败（%d）", r);
	return r < 0 ? r : 0;
}

static int call(struct db_tx *tx, db_fn fn, void *arg, bool hear, struct err_info *info)
{
	tx->keyed = false;
	return verdict(tx, fn(tx, arg, info), hear, info);
}

static void pause_before(int attempt)
{
	/* Longer each time, and not the same for two that met. */
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long ms = attempt < 6 ? 1L << attempt : 64;
	struct timespec wait = {.tv_nsec = (ms / 2) * 1000000L + now.tv_nsec % (ms * 1000000L)};
	nanosleep(&wait, NULL);
}

/* ---- reading ---- */

static int reader_take(struct db *db, struct db_tx **ret_tx, struct err_info *info)
{
	struct db_tx *tx = NULL;
	pthread_mutex_lock(&db->lock);
	while (!db->n_idle && db->n_readers == DB_READERS_MAX)
		pthread_cond_wait(&db->freed, &db->lock);
	if (db->n_idle)
		tx = db->idle[--db->n_idle];
	else
		db->n_readers++;
	pthread_mutex_unlock(&db->lock);
	if (!tx) {
		int r = conn_open(db, false, &tx, info);
		if (r < 0) {
			pthread_mutex_lock(&db->lock);
			db->n_readers--;
			pthread_cond_signal(&db->freed);
			pthread_mutex_unlock(&db->lock);
			return r;
		}
	}
	*ret_tx = tx;
	return 0;
}

static void reader_give(struct db *db, struct db_tx *tx)
{
	bool broken = tx->broken;
	if (broken)
		db->driver->close(tx);
	pthread_mutex_lock(&db->lock);
	if (broken)
		db->n_readers--;
	else
		db->idle[db->n_idle++] = tx;
	pthread_cond_signal(&db->freed);
	pthread_mutex_unlock(&db->lock);
}

/* What this thread holds; NULL: nothing. */
static struct db_hold *hold_of(struct db *db)
{
	pthread_mutex_lock(&db->lock);
	struct db_hold *hold = db->holds;
	while (hold && !pthread_equal(hold->thread, pthread_self()))
		hold = hold->next;
	pthread_mutex_unlock(&db->lock);
	return hold;
}

void db_hold(struct db *db, struct db_hold *hold)
{
	assert(!hold_of(db));
	pthread_mutex_lock(&db->lock);
	*hold = (struct db_hold){.thread = pthread_self(), .next = db->holds};
	db->holds = hold;
	pthread_mutex_unlock(&db->lock);
}

void db_release(struct db *db, struct db_hold *hold)
{
	pthread_mutex_lock(&db->lock);
	for (struct db_hold **at = &db->holds; *at; at = &(*at)->next)
		if (*at == hold) {
			*at = hold->next;
			break;
		}
	pthread_mutex_unlock(&db->lock);
	if (hold->tx) {
		roll_back(hold->tx);
		reader_give(db, hold->tx);
	}
	arena_done(&hold->arena);
}

/* The snapshot that is held, else a new one. */
static int snapshot_take(struct db *db, struct db_hold *hold, struct db_tx **ret_tx,
			 struct err_info *info)
{
	if (hold && hold->tx) {
		*ret_tx = hold->tx;
		hold->tx = NULL;
		return 0;
	}
	int r = reader_take(db, ret_tx, info);
	if (r < 0)
		return r;
	(*ret_tx)->hold = hold;
	r = begin(*ret_tx);
	if (r < 0)
		db_error(*ret_tx, info);
	return r;
}

int db_read(struct db *db, db_fn fn, void *arg, struct err_info *info)
{
	struct err_info local = {0};
	struct db_hold *hold = hold_of(db);
	int r = 0;
	/* A kept connection may have died since; reading again harms nobody. More
	 * than one of them may have died, so all are tried and one fresh. */
	for (int attempt = 0; attempt <= DB_READERS_MAX; attempt++) {
		struct db_tx *tx = NULL;
		local = (struct err_info){0};
		r = snapshot_take(db, hold, &tx, &local);
		if (!tx)
			break;
		if (r == 0)
			r = call(tx, fn, arg, false, &local);
		/* A statement that failed has ended the snapshot, too. */
		bool again = tx->broken;
		if (hold && !tx->error && !again) {
			hold->tx = tx;
		} else {
			roll_back(tx);
			reader_give(db, tx);
		}
		if (r == 0 || !again)
			break;
	}
	if (r < 0 && info)
		*info = local;
	return r;
}

/* ---- writing ---- */

enum outcome {
	OVER,		/* every job has its result */
	REPEAT,		/* nothing remains; those without a result run again */
	CROWDED,	/* as REPEAT, because others were faster */
	MARK,		/* as REPEAT, each marked, because one has failed */
};

static void fail_rest(struct job *const *jobs, int n, const struct err_info *why)
{
	for (int i = 0; i < n; i++)
		if (!jobs[i]->done) {
			jobs[i]->result = why->code;
			jobs[i]->info = *why;
			jobs[i]->done = true;
		}
}

/* What they did was not saved after all. */
static void fail_saved(struct job *const *jobs, int n, const struct err_info *why)
{
	for (int i = 0; i < n; i++)
		if (jobs[i]->result == 0) {
			jobs[i]->result = why->code;
			jobs[i]->info = *why;
		}
}

static void run_job(struct db_tx *tx, struct job *job, bool marked)
{
	job->info = (struct err_info){0};
	job->result = call(tx, job->fn, job->arg, marked, &job->info);
}

static bool still_open(struct db_tx *tx)
{
	return !tx->again && !tx->broken && tx->driver->in_transaction(tx);
}

/* Runs it in the open transaction so that its failure leaves no trace. False where the
 * whole transaction is gone. */
static bool run_marked(struct db_tx *tx, struct job *job)
{
	*tx->asked += 2;
	if (tx->driver->exec(tx, "SAVEPOINT job", "开始事务") < 0)
		return false;
	run_job(tx, job, true);
	if (!still_open(tx))
		return false;
	/* The mark's fate decides before the next job runs. */
	tx->error = 0;
	return (job->result == 0 ? tx->driver->exec(tx, "RELEASE SAVEPOINT job", "保存")
				 : tx->driver->exec(tx, "ROLLBACK TO SAVEPOINT job;"
						    "RELEASE SAVEPOINT job", "撤销")) == 0;
}

/* The same where its failure may take all others along. */
static bool run_plain(struct db_tx *tx, struct job *job)
{
	run_job(tx, job, false);
	return still_open(tx);
}

/* Engine and transaction parted ways while job `at` ran. */
static enum outcome lost(struct db_tx *tx, struct job *const *jobs, int n, int at)
{
	bool crowded = tx->again, broken = tx->broken;
	struct err_info why = {0};

	db_error(tx, &why);
	roll_back(tx);
	if (crowded)
		return CROWDED;
	if (!why.code)
		err_set(&why, ERR_IO, "数据库事务意外中断，没有保存");
	/* A dead connection takes all along; else only the one at which it
	 * happened is to blame and the others run again. */
	fail_rest(broken ? jobs : jobs + at, broken ? n : 1, &why);
	return broken ? OVER : REPEAT;
}

/* Marks cost as much as a small job, and jobs seldom fail. */
static enum outcome run_once(struct db_tx *tx, struct job *const *jobs, int n, bool marked,
			     struct saved *ret_saved)
{
	struct err_info why = {0};
	int to_save = 0;

	if (begin(tx) < 0) {
		if (tx->again)
			return CROWDED;
		db_error(tx, &why);
		fail_rest(jobs, n, &why);
		return OVER;
	}
	for (int i = 0; i < n; i++) {
		if (jobs[i]->done)
			continue;
		bool open = marked ? run_marked(tx, jobs[i]) : run_plain(tx, jobs[i]);
		if (!marked && n > 1 && jobs[i]->result < 0 && !tx->again && !tx->broken) {
			roll_back(tx);
			return MARK;
		}
		if (!open)
			return lost(tx, jobs, n, i);
		to_save += jobs[i]->result == 0;
	}
	if (!to_save) {
		roll_back(tx);
	} else if (commit(tx, ret_saved) < 0) {
		if (tx->again)
			return CROWDED;
		db_error(tx, &why);
		fail_saved(jobs, n, &why);
	}
	for (int i = 0; i < n; i++)
		jobs[i]->done = true;
	return OVER;
}

/* Leader only. Afterwards every job has its result. */
static void run_group(struct db *db, struct queue *queue, struct job *const *jobs, int n,
		      struct saved *ret_saved)
{
	bool fresh = false, marked = false;
	for (int attempt = 0;;) {
		struct err_info why = {0};
		if (!queue->conn) {
			if (conn_open(db, true, &queue->conn, &why) < 0) {
				queue->conn = NULL;
				fail_rest(jobs, n, &why);
				return;
			}
			fresh = true;
		}
		struct db_tx *tx = queue->conn;
		enum outcome outcome = run_once(tx, jobs, n, marked, ret_saved);
		if (tx->broken) {
			db->driver->close(tx);
			queue->conn = NULL;
		}
		if (outcome == OVER)
			return;
		marked |= outcome == MARK;
		if (outcome == REPEAT || outcome == MARK || (!queue->conn && !fresh))
			continue;	/* an old connection had died while idle */
		if (++attempt == ATTEMPTS_MAX) {
			err_set(&why, ERR_CONFLICT, "同时修改的人太多，没有保存，请稍后再试");
			fail_rest(jobs, n, &why);
			return;
		}
		pause_before(attempt);
	}
}

/* Takes what waits, runs it, tells everybody, and hands over. */
static void lead(struct db *db, struct queue *queue)
{
	/* A waiter may look at its own as soon as it is told: the group works on copies. */
	struct job *jobs[DB_GROUP_MAX], copies[DB_GROUP_MAX], *group[DB_GROUP_MAX];
	struct saved saved = {0};
	struct err_info why = {0};
	int n = 0;

	pthread_mutex_lock(&queue->lock);
	queue->leader = pthread_self();
	while (queue->head && n < DB_GROUP_MAX) {
		jobs[n++] = queue->head;
		queue->head = queue->head->next;
	}
	if (!queue->head)
		queue->tail = &queue->head;
	pthread_mutex_unlock(&queue->lock);

	for (int i = 0; i < n; i++) {
		copies[i] = (struct job){.fn = jobs[i]->fn, .arg = jobs[i]->arg};
		group[i] = &copies[i];
	}
	run_group(db, queue, group, n, &saved);

	pthread_mutex_lock(&queue->lock);
	struct job *next = queue->head;
	queue->led = next != NULL;
	queue->leader = (pthread_t){0};
	pthread_mutex_unlock(&queue->lock);
	/* The next one leads while this group waits for the disk and the others are told. */
	if (next)
		sem_post(&next->wake);
	if (sync_saved(&saved, &why) < 0)
		fail_saved(group, n, &why);
	for (int i = 0; i < n; i++) {
		jobs[i]->result = copies[i].result;
		jobs[i]->info = copies[i].info;
		jobs[i]->done = true;
		sem_post(&jobs[i]->wake);	/* and it may be gone */
	}
}

int db_write(struct db *db, int64_t region, db_fn fn, void *arg, struct err_info *info)
{
	uint64_t mixed = (uint64_t)region * UINT64_C(0x9E3779B97F4A7C15);
	struct queue *queue = &db->queues[(mixed >> 32) % (uint64_t)db->driver->n_queues];
	struct job job = {.fn = fn, .arg = arg};

	sem_init(&job.wake, 0, 0);
	pthread_mutex_lock(&queue->lock);
	assert(!(queue->led && pthread_equal(queue->leader, pthread_self())));
	*queue->tail = &job;
	queue->tail = &job.next;
	bool first = !queue->led;
	queue->led = true;
	pthread_mutex_unlock(&queue->lock);
	/* Woken undone, it stands at the head, and leads. The first leads at once.
	 * Nothing of it is looked at before it is woken: whoever is done with it must
	 * be done with `wake`, too. */
	while (!first && sem_wait(&job.wake) != 0)
		;
	if (first || !job.done)
		lead(db, queue);
	sem_destroy(&job.wake);
	if (job.result < 0 && info)
		*info = job.info;
	return job.result;
}

int db_exclusive(struct db *db, db_fn fn, void *arg, struct err_info *info)
{
	struct db_tx *tx = NULL;
	struct err_info local = {0};
	struct saved saved = {0};
	int r = conn_open(db, true, &tx, &local);
	if (r == 0) {
		r = tx->driver->lock_schema(tx);
		if (r == 0)
			r = begin(tx);
		if (r < 0) {
			db_error(tx, &local);
		} else {
			r = call(tx, fn, arg, false, &local);
			if (r < 0)
				roll_back(tx);
			else if ((r = commit(tx, &saved)) < 0)
				db_error(tx, &local);
			else
				r = sync_saved(&saved, &local);
		}
		db->driver->close(tx);
	}
	if (r < 0 && info)
		*info = local;
	return r;
}

static int check_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	if (!tx->driver->check_sql)
		return 0;
	struct db_stmt *q = db_query_text(tx, tx->driver->check_sql, false);
	int r = db_step(q);
	if (r > 0 && !str_eqs(db_col_str(q, 0), "ok"))
		r = err_set(info, ERR_IO, "数据库文件已损坏，请用备份恢复：%.*s",
			    STR_ARG(db_col_str(q, 0)));
	return r < 0 ? r : 0;
}

int db_check(struct db *db, struct err_info *info)
{
	return db_read(db, check_fn, NULL, info);
}

int db_forget(struct db *db, struct err_info *info)
{
	struct db_tx *tx = NULL;

	if (!db->driver->forget)
		return 0;
	int r = conn_open(db, true, &tx, info);
	if (r < 0)
		return r;
	r = db->driver->forget(tx);
	if (r < 0)
		db_error(tx, info);
	db->driver->close(tx);
	return r;
}
