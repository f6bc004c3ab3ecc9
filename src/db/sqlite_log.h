/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carries SQLite's write-ahead log over into the database file, beside the
 * writer: whoever commits waits for his own page to reach the log, and not for
 * those of a thousand others to reach the file. One thread of its own with a
 * connection of its own, begun when the log first grows long.
 *
 * Nothing depends on it: a log that it does not empty is only longer, up to
 * LOG_PAGES_MAX, where the writer empties it himself.
 */
#ifndef JW_DB_SQLITE_LOG_H
#define JW_DB_SQLITE_LOG_H

#include <sqlite3.h>

enum {
	/* Carried over from this length on (16 MB): by then most pages that many writes touch are
	 * there several times and are carried once. */
	LOG_PAGES = 4000,
	LOG_PAGES_MAX = 1 << 15,	/* 128 MB */
};

struct sqlite_log;

/* NULL without memory. Borrows `writer` and hooks its commits, until the end. */
struct sqlite_log *sqlite_log_new(sqlite3 *writer);

/* Waits for what it is doing. Before the writer is closed. */
void sqlite_log_free(struct sqlite_log *log);

#endif
