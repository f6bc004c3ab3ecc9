/* SPDX-License-Identifier: Apache-2.0 */
/* A table for the tests of db/: thing (region, id, name, data, note). */
#ifndef JW_TESTS_DB_THINGS_H
#define JW_TESTS_DB_THINGS_H

#include "db/db.h"

int thing_setup(void **state);	/* an empty one on the engine of *state */

/* Of region 1: the rows put in, or an error; `id` is an int64_t, whose name is 名<id>. */
int insert_thing(struct db_tx *tx, int64_t id, const char *name);
int insert_numbered(struct db_tx *tx, void *id, struct err_info *info);

int count_thing(struct db_tx *tx, void *n, struct err_info *info);	/* n: int64_t; 1 or an error */
int64_t count_things(struct db *db);

#endif
