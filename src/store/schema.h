/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables, as numbered scripts. A new table or column is a new script at
 * the end; a released one is never edited.
 *
 * Every table's primary key begins with the region. There are no foreign keys:
 * rows refer across regions (shards), a restore loads tables in any order, and
 * `jinwei db check` looks for references that lead nowhere. Unknown numbers are
 * -1, unknown days 0, unknown texts ''. Days are yyyymmdd (the day 00: only
 * the month is known). Times are UTC in milliseconds.
 */
#ifndef JW_STORE_SCHEMA_H
#define JW_STORE_SCHEMA_H

#include "db/migrate.h"

extern const struct db_schema store_schema;

/* Looks for references that lead nowhere; 0, or ERR_STATE with the first. */
int store_check(struct db_tx *tx, void *unused, struct err_info *info);

#endif
