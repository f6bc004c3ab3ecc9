/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct sqlite_sync {
	sqlite3 *writer;
	pthread_mutex_t lock;
	pthread_cond_t served;	/* somebody: look again */
	int log;		/* the file; -1: not opened yet */
	bool busy;		/* one is waiting for the disk */
	uint64_t marked, synced;
	int n_waiting;
	int failed;		/* errno */
};

struct sqlite_sync *sqlite_sync_new(sqlite3 *writer)
{
	struct sqlite_sync *sync = calloc(1, sizeof(*sync));

	if (!sync)
		return NULL;
	sync->writer = writer;
	sync->log = -1;
	pthread_mutex_init(&sync->lock, NULL);
	pthread_cond_init(&sync->served, NULL);
	return sync;
}

void sqlite_sync_free(struct sqlite_sync *sync)
{
	if (!sync)
		return;
	pthread_mutex_lock(&sync->lock);
	while (sync->n_waiting)
		pthread_cond_wait(&sync->served, &sync->lock);
	pthread_mutex_unlock(&sync->lock);
	/* The engine holds its locks on other files: closing this one drops none. */
	if (sync->log >= 0)
		close(sync->log);
	pthread_mutex_destroy(&sync->lock);
	pthread_cond_destroy(&sync->served);
	free(sync);
}

uint64_t sqlite_sync_mark(struct sqlite_sync *sync)
{
	pthread_mutex_lock(&sync->lock);
	/* There from the first commit on, and the same until the last connection is closed. */
	if (sync->log < 0 && !sync->failed) {
		sync->log = open(sqlite3_filename_wal(sqlite3_db_filename(sync->writer, "main")),
				 O_RDONLY | O_CLOEXEC);
		sync->failed = sync->log < 0 ? errno : 0;
	}
	uint64_t mark = ++sync->marked;
	sync->n_waiting++;
	pthread_mutex_unlock(&sync->lock);
	return mark;
}

int sqlite_sync_wait(struct sqlite_sync *sync, uint64_t mark)
{
	pthread_mutex_lock(&sync->lock);
	while (sync->busy && sync->synced < mark && !sync->failed)
		pthread_cond_wait(&sync->served, &sync->lock);
	if (sync->synced < mark && !sync->failed) {
		uint64_t up_to = sync->marked;
		sync->busy = true;
		pthread_mutex_unlock(&sync->lock);
		int error = fdatasync(sync->log) < 0 ? errno : 0;
		pthread_mutex_lock(&sync->lock);
		sync->busy = false;
		sync->failed = error;
		if (!error)
			sync->synced = up_to;
	}
	int r = sync->synced < mark ? sync->failed : 0;
	sync->n_waiting--;
	pthread_cond_broadcast(&sync->served);
	pthread_mutex_unlock(&sync->lock);
	return r;
}
