/* SPDX-License-Identifier: Apache-2.0 */
/* Texts on their way to PostgreSQL and from it. */
#ifndef JW_DB_POSTGRES_TEXT_H
#define JW_DB_POSTGRES_TEXT_H

#include "base/buf.h"

/* The schema is written for SQLite's STRICT tables: the words that differ are replaced, text
 * sorts by bytes as in SQLite, and "-- PostgreSQL: " at the head of a line is taken away. */
void postgres_schema(const char *sql, struct buf *out);

/* What the library says in English of the commonest mistakes when connecting, for a clerk;
 * NULL: none of them. */
const char *postgres_why_refused(const char *text);

#endif
