/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings SQLite's write-ahead log to the disk after the commit instead of within it: while
 * one waits for the disk the next writes, and whoever waits together is served by one sync.
 *
 * The engine commits without syncing (synchronous NORMAL) and is not asked again: what counts
 * of a log is its unbroken beginning, so a sync behind a commit holds it and all before it.
 * The log's name in its folder the engine has synced by then, with the log's head.
 * Readers may see a commit a moment before it is on the disk, as nobody else was told of it.
 */
#ifndef JW_DB_SQLITE_SYNC_H
#define JW_DB_SQLITE_SYNC_H

#include <sqlite3.h>
#include <stdint.h>

struct sqlite_sync;

/* NULL without memory. Borrows `writer`. */
struct sqlite_sync *sqlite_sync_new(sqlite3 *writer);

/* Waits for those who have marked and are not served yet. Before the writer is closed. */
void sqlite_sync_free(struct sqlite_sync *sync);

/* Only for who writes, after his commit and before the next: what is passed to
 * sqlite_sync_wait, which must follow. */
uint64_t sqlite_sync_mark(struct sqlite_sync *sync);

/* Returns when the commit is on the disk: 0, or errno. Once the disk has failed nobody knows
 * what it holds, so it has failed for all that come later. */
int sqlite_sync_wait(struct sqlite_sync *sync, uint64_t mark);

#endif
