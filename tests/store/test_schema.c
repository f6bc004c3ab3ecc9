/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Can the schema be spread over several servers by region (Citus)? That is not
 * packaged in Debian and not tried; what it asks of a schema is read here from
 * the catalogue of a PostgreSQL that holds it: every primary key and unique
 * index begins with the region, which is a bigint that is never NULL; no
 * triggers, no foreign keys, no sequences. schema_migration is the same
 * everywhere (a reference table).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libpq-fe.h>

#include "base/buf.h"
#include "db/migrate.h"
#include "store/schema.h"
#include "support/engines.h"

#define TABLES \
	" FROM pg_class t WHERE t.relnamespace = current_schema()::regnamespace" \
	" AND t.relkind IN ('r', 'p') AND t.relname <> 'schema_migration'"

/* At least so many rows; and their first column, with commas between (NULL: any). */
static void expect(struct engine *engine, const char *sql, int least, const char *found)
{
	AUTO(buf) struct buf all = {0};
	PGconn *pg = PQconnectdb(engine->url);
	PGresult *result = PQexec(pg, sql);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		print_error("%s\n", PQerrorMessage(pg));
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	int n = PQntuples(result);
	for (int i = 0; i < n; i++)
		buf_addf(&all, "%s%s", i ? "," : "", PQgetvalue(result, i, 0));
	PQclear(result);
	PQfinish(pg);
	assert_true(n >= least);
	if (found)
		assert_string_equal(buf_str(&all), found);
}

static int schema_setup(void **state)
{
	if (engine_setup(state))
		return -1;
	struct engine *engine = *state;
	return db_migrate(engine->db, &store_schema, 1, NULL, NULL);
}

static void every_key_begins_with_the_region(void **state)
{
	expect(*state, "SELECT t.relname" TABLES, 40, NULL);
	expect(*state, "SELECT t.relname" TABLES " AND NOT EXISTS (SELECT 1 FROM pg_index x"
	       " WHERE x.indrelid = t.oid AND x.indisprimary)", 0, "");
	expect(*state, "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
	       " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]"
	       " WHERE x.indisunique AND a.attname <> 'region' AND x.indrelid IN (SELECT t.oid" TABLES ")",
	       0, "");
	/* That it looks at something at all. */
	expect(*state, "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
	       " WHERE x.indisunique AND x.indrelid IN (SELECT t.oid" TABLES ")", 60, NULL);
}

static void the_region_is_a_number_and_never_null(void **state)
{
	expect(*state, "SELECT t.relname" TABLES " AND NOT EXISTS (SELECT 1 FROM pg_attribute a"
	       " WHERE a.attrelid = t.oid AND a.attname = 'region' AND a.attnotnull"
	       " AND a.atttypid = 'bigint'::regtype)", 0, "");
}

static void nothing_crosses_servers_by_itself(void **state)
{
	expect(*state, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal", 0, "");
	expect(*state, "SELECT conname FROM pg_constraint WHERE contype = 'f'", 0, "");
	expect(*state, "SELECT relname FROM pg_class WHERE relkind = 'S'"
	       " AND relnamespace = current_schema()::regnamespace", 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ON_POSTGRES(test) {#test, test, schema_setup, engine_teardown, (void *)&engine_postgres}
		ON_POSTGRES(every_key_begins_with_the_region),
		ON_POSTGRES(the_region_is_a_number_and_never_null),
		ON_POSTGRES(nothing_crosses_servers_by_itself),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
