/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same test on both engines: an empty SQLite file, and an empty database of
 * a PostgreSQL server that the test program starts for itself in a temporary
 * folder (Unix socket, unprivileged user) and that dies with it.
 */
#ifndef JW_TESTS_ENGINES_H
#define JW_TESTS_ENGINES_H

#include "db/db.h"

struct engine {
	bool postgres;
	char folder[64];	/* temporary, for the test's own files too */
	char url[256];		/* of an empty database */
	struct db *db;		/* open */
	void *own;		/* for the test's own setup */
};

/* Group setup and teardown: start and stop the server. It syncs nothing to the disk: tests
 * end programs, not the machine. What is measured sets engines_sync before. */
extern bool engines_sync;
int engines_start(void **state);
int engines_stop(void **state);

/* Test setup and teardown; the initial state is &engine_sqlite or
 * &engine_postgres, then *state is a struct engine. */
extern const bool engine_sqlite, engine_postgres;
int engine_setup(void **state);
int engine_teardown(void **state);

/* Another empty database of the kind wanted; freed by the engine's teardown
 * together with its folder. */
void engine_url(struct engine *engine, bool postgres, const char *name, char url[256]);

#define ON_BOTH_WITH(test, setup, teardown) \
	{#test " [SQLite]", test, setup, teardown, (void *)&engine_sqlite}, \
	{#test " [PostgreSQL]", test, setup, teardown, (void *)&engine_postgres}
#define ON_BOTH(test) ON_BOTH_WITH(test, engine_setup, engine_teardown)

#endif
