/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The matrix' database, the same before each request. Of SQLite the file is kept
 * and copied back, and another connection sees whether anything was written
 * (data_version). Of PostgreSQL, where that would take a second each time,
 * nothing is ever saved: each COMMIT of the program becomes a ROLLBACK, and the
 * server tells whether the transaction had written anything. (The linker puts
 * __wrap_PQsendQueryParams in the place of PQsendQueryParams.) A walk that needs what it wrote, and puts
 * the database back a few times only, has a copy of it (`writes`).
 */
#include "tests/web/cm.h"

#include "tests/web/matrix.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

struct matrix_watcher {
	sqlite3 *file;
	int version;
	PGconn *pg;
};

static atomic_bool rehearsing;		/* in the server's threads too */

int __real_PQsendQueryParams(PGconn *pg, const char *sql, int n, const Oid *types, const char *const *values,
			     const int *lengths, const int *formats, int format);
int __wrap_PQsendQueryParams(PGconn *pg, const char *sql, int n, const Oid *types, const char *const *values,
			     const int *lengths, const int *formats, int format);

/* COMMIT goes through a pipeline, and its answer is the last: others may go before it. A sequence
 * remembers what a ROLLBACK undoes. */
int __wrap_PQsendQueryParams(PGconn *pg, const char *sql, int n, const Oid *types, const char *const *values,
			     const int *lengths, const int *formats, int format)
{
	static const char *const instead[] = {
		"SELECT nextval('rehearsed') WHERE pg_current_xact_id_if_assigned() IS NOT NULL",
		"ROLLBACK",
		"BEGIN",
	};
	if (rehearsing && strcmp(sql, "COMMIT") == 0)
		for (size_t i = 0; i < ARRAY_LEN(instead); i++)
			if (!__real_PQsendQueryParams(pg, instead[i], 0, NULL, NULL, NULL, NULL, 0))
				return 0;
	return __real_PQsendQueryParams(pg, sql, n, types, values, lengths, formats, format);
}

/* Here and not with cp: some thousand times, and a process each is what takes longest. */
static void copy(const char *from, const char *to)
{
	struct stat facts;
	char beside[320];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(in >= 0 && out >= 0 && fstat(in, &facts) == 0);
	for (off_t left = facts.st_size; left > 0;) {
		ssize_t n = sendfile(out, in, NULL, (size_t)left);
		assert_true(n > 0);
		left -= n;
	}
	close(in);
	close(out);
	for (int i = 0; i < 2; i++) {
		snprintf(beside, sizeof(beside), "%s%s", to, i ? "-shm" : "-wal");
		assert_true(unlink(beside) == 0 || errno == ENOENT);
	}
}

static void run_on(PGconn *pg, const char *sql)
{
	PGresult *result = PQexec(pg, sql);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(pg));
	PQclear(result);
}

/* Another one whenever a transaction that had written was rolled back. */
static int last_rehearsed(struct matrix *m)
{
	PGresult *result = PQexec(m->watcher->pg, "SELECT last_value + is_called::int FROM rehearsed");
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	int n = atoi(PQgetvalue(result, 0, 0));
	PQclear(result);
	return n;
}

static PGconn *connect_to(const char *url)
{
	PGconn *pg = PQconnectdb(url);
	assert_int_equal(PQstatus(pg), CONNECTION_OK);
	return pg;
}

/* Of a database that nobody uses. */
static void copy_database(const char *url, bool keep)
{
	char name[16], admin[256], sql[100];

	assert_int_equal(sscanf(url, "postgresql:///%15[^?]", name), 1);
	snprintf(admin, sizeof(admin), "postgresql:///postgres%s", strchr(url, '?'));
	PGconn *pg = connect_to(admin);
	if (!keep) {
		snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", name);
		run_on(pg, sql);
	}
	snprintf(sql, sizeof(sql), keep ? "CREATE DATABASE %s_kept TEMPLATE %s" :
					  "CREATE DATABASE %s TEMPLATE %s_kept", name, name);
	run_on(pg, sql);
	PQfinish(pg);
}

static void reopen(struct matrix *m, bool keep)
{
	char kept[300];

	snprintf(kept, sizeof(kept), "%s/kept", m->engine->folder);
	sqlite3_close(m->watcher->file);
	PQfinish(m->watcher->pg);
	db_close(m->engine->db);
	if (m->engine->postgres)
		copy_database(m->engine->url, keep);
	else if (keep)
		copy(m->engine->url, kept);
	else
		copy(kept, m->engine->url);
	assert_int_equal(db_open(&m->engine->db, m->engine->url, NULL), 0);
	m->desk->app.db = m->engine->db;
	if (m->engine->postgres)
		m->watcher->pg = connect_to(m->engine->url);
	else
		assert_int_equal(sqlite3_open(m->engine->url, &m->watcher->file), SQLITE_OK);
}

/* Changes whenever anybody else has written anything. */
static int data_version(struct matrix *m)
{
	sqlite3_stmt *statement = NULL;
	assert_int_equal(sqlite3_prepare_v2(m->watcher->file, "PRAGMA data_version", -1, &statement, NULL),
			 0);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return version;
}

static int version(struct matrix *m)
{
	return !m->engine->postgres ? data_version(m) : rehearsing ? last_rehearsed(m) : 0;
}

void matrix_keep(struct matrix *m)
{
	m->watcher = calloc(1, sizeof(*m->watcher));
	rehearsing = m->engine->postgres && !m->writes;
	if (!rehearsing) {
		reopen(m, true);
		return;
	}
	m->watcher->pg = connect_to(m->engine->url);
	run_on(m->watcher->pg, "CREATE SEQUENCE rehearsed");
}

void matrix_run(struct matrix *m, const char *sql)
{
	if (m->engine->postgres)
		run_on(m->watcher->pg, sql);
	else
		assert_int_equal(sqlite3_exec(m->watcher->file, sql, NULL, NULL, NULL), SQLITE_OK);
}

void matrix_watch(struct matrix *m)
{
	m->watcher->version = version(m);
}

bool matrix_wrote(struct matrix *m)
{
	return version(m) != m->watcher->version;
}

void matrix_put_back(struct matrix *m)
{
	if (!m->engine->postgres || m->writes)
		reopen(m, false);
}

void matrix_rest(void)
{
	rehearsing = false;
}

void matrix_end(struct matrix *m)
{
	matrix_rest();
	sqlite3_close(m->watcher->file);
	PQfinish(m->watcher->pg);
	free(m->watcher);
	m->watcher = NULL;
}
