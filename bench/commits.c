/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peer of bench/ballots.py: what a ballot writes (a slip's state and a sealed
 * ballot) as one transaction each in SQLite, without HTTP, sealing or sharing of
 * commits; and how often the disk makes a page durable at all.
 *
 *	commits FILE SECONDS
 *
 * Prints transactions a second and fdatasyncs a second.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLIPS = 100000, HASH_LEN = 32, SEALED_LEN = 112, PAGE = 4096 };

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		exit(1);
	}
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		exit(1);
	return stmt;
}

/* A key whose order is not that of its number. */
static void key_of(uint64_t i, unsigned char key[HASH_LEN])
{
	memset(key, 0, HASH_LEN);
	i *= UINT64_C(0x9E3779B97F4A7C15);
	memcpy(key, &i, sizeof(i));
}

static void bind_and_run(sqlite3_stmt *stmt, const unsigned char *key, int len)
{
	sqlite3_bind_blob(stmt, 1, key, len, SQLITE_STATIC);
	if (sqlite3_step(stmt) != SQLITE_DONE)
		exit(1);
	sqlite3_reset(stmt);
}

static double transactions(const char *path, double seconds)
{
	unsigned char key[HASH_LEN];
	sqlite3 *db;
	int n = 0;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(1);
	run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		"CREATE TABLE slip (hash BLOB PRIMARY KEY, state INTEGER, nonce BLOB) WITHOUT ROWID;"
		"CREATE TABLE vote (random BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID; BEGIN");
	sqlite3_stmt *slip = prepare(db, "INSERT INTO slip VALUES (?1, 1, zeroblob(32))");
	for (uint64_t i = 0; i < SLIPS; i++) {
		key_of(i, key);
		bind_and_run(slip, key, HASH_LEN);
	}
	run(db, "COMMIT");
	sqlite3_stmt *spend = prepare(db, "UPDATE slip SET state = 2, nonce = ?1 WHERE hash = ?1");
	sqlite3_stmt *vote = prepare(db, "INSERT INTO vote VALUES (?1, zeroblob(112))");
	double start = now_s();
	while (now_s() - start < seconds && n < SLIPS) {
		key_of((uint64_t)n++, key);
		run(db, "BEGIN IMMEDIATE");
		bind_and_run(spend, key, HASH_LEN);
		bind_and_run(vote, key, 16);
		run(db, "COMMIT");
	}
	double rate = n / (now_s() - start);
	sqlite3_finalize(slip);
	sqlite3_finalize(spend);
	sqlite3_finalize(vote);
	sqlite3_close(db);
	return rate;
}

static double syncs(const char *path, double seconds)
{
	char name[4096], page[PAGE] = {0};
	int n = 0;

	snprintf(name, sizeof(name), "%s-sync", path);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		exit(1);
	double start = now_s();
	while (now_s() - start < seconds) {
		if (pwrite(fd, page, sizeof(page), (off_t)(n++ % 1024) * PAGE) != PAGE || fdatasync(fd) < 0)
			exit(1);
	}
	double rate = n / (now_s() - start);
	close(fd);
	unlink(name);
	return rate;
}

int main(int argc, char **argv)
{
	double seconds = argc > 2 ? atof(argv[2]) : 0;

	if (seconds <= 0)
		return 2;
	double rate = transactions(argv[1], seconds);
	printf("%.0f %.0f\n", rate, syncs(argv[1], seconds));
	return 0;
}
