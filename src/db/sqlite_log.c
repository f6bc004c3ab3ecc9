/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_log.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct sqlite_log {
	sqlite3 *writer, *own;
	pthread_t thread;
	bool begun;
	atomic_bool ending, wanted;
	sem_t called;
};

static void empty(sqlite3 *db)
{
	/* Where readers or another program are in the way the next call goes on. */
	sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void *run(void *arg)
{
	struct sqlite_log *log = arg;

	for (;;) {
		while (sem_wait(&log->called))
			;
		if (atomic_load(&log->ending))
			return NULL;
		atomic_store(&log->wanted, false);
		empty(log->own);
	}
}

static bool begin(struct sqlite_log *log)
{
	const char *path = sqlite3_db_filename(log->writer, "main");

	if (log->begun)
		return true;
	if (sqlite3_open_v2(path, &log->own, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
	    sqlite3_exec(log->own, "PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK)
		log->begun = pthread_create(&log->thread, NULL, run, log) == 0;
	if (!log->begun) {
		sqlite3_close(log->own);
		log->own = NULL;
	}
	return log->begun;
}

/* Within the writer's commit; `pages` are in the log. */
static int committed(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct sqlite_log *log = arg;

	(void)name;
	if (pages < LOG_PAGES)
		return SQLITE_OK;
	if (pages >= LOG_PAGES_MAX || !begin(log))
		empty(db);
	else if (!atomic_exchange(&log->wanted, true))
		sem_post(&log->called);
	return SQLITE_OK;
}

struct sqlite_log *sqlite_log_new(sqlite3 *writer)
{
	struct sqlite_log *log = calloc(1, sizeof(*log));

	if (!log)
		return NULL;
	log->writer = writer;
	sem_init(&log->called, 0, 0);
	sqlite3_wal_hook(writer, committed, log);
	return log;
}

void sqlite_log_free(struct sqlite_log *log)
{
	if (!log)
		return;
	sqlite3_wal_hook(log->writer, NULL, NULL);
	if (log->begun) {
		atomic_store(&log->ending, true);
		sem_post(&log->called);
		pthread_join(log->thread, NULL);
		sqlite3_close(log->own);
	}
	sem_destroy(&log->called);
	free(log);
}
