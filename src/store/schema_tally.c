/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_tally[] =
	/* How many stand below a node (itself not counted), by class; kept with every
	 * write. The region is that of the counted ones: counties write side by side
	 * even below the same province. */
	"CREATE TABLE org_tally ("
	" region INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"		/* the node */
	" level INTEGER NOT NULL,"
	" field INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"			/* never 0 */
	" members INTEGER NOT NULL,"		/* of those whose number is known */
	" PRIMARY KEY (region, org, level, field, state)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX org_tally_org ON org_tally (org, level, field, state, n, members);\n"
	"INSERT INTO org_tally (region, org, level, field, state, n, members)"
	" SELECT x.region, a.org, x.level, x.field, x.state, count(*),"
	" CAST(sum(CASE WHEN x.members > 0 THEN x.members ELSE 0 END) AS INTEGER)"
	" FROM org a JOIN org x ON x.path > a.path"
	" AND x.path < substr(a.path, 1, length(a.path) - 1) || '0'"
	" GROUP BY x.region, a.org, x.level, x.field, x.state;\n"

	/* Searches of a subtree read nothing but this. */
	"DROP INDEX org_path;\n"
	"DROP INDEX org_class;\n"
	"CREATE INDEX org_below ON org (path, state, level, field, members, search);\n"
	/* Every order in which a list is read, with all that decides whether a row
	 * belongs to it: what lies before a page is passed over in the index. */
	"DROP INDEX org_code_all;\n"
	"DROP INDEX org_sort;\n"
	"DROP INDEX org_members;\n"
	"DROP INDEX org_election;\n"
	"DROP INDEX org_secretary;\n"
	"CREATE INDEX org_by_code ON org (code, path, state, level, field, org);\n"
	"CREATE INDEX org_by_name ON org (sort_key, code, path, state, level, field, org);\n"
	"CREATE INDEX org_by_members ON org (members, code, path, state, level, field, org);\n"
	"CREATE INDEX org_by_election ON org (election_due, code, path, state, level, field, org);\n"
	"CREATE INDEX org_by_secretary ON org (secretary_name, code, path, state, level, field, org);\n"

	/* The log from its end, by what was done, and over several regions. */
	"DROP INDEX audit_time;\n"
	"CREATE INDEX audit_by_time ON audit (region, at_ms, seq, act);\n"
	"CREATE INDEX audit_by_act ON audit (region, act, at_ms, seq);\n"
	"CREATE INDEX audit_by_all ON audit (at_ms, region, seq, act, node);\n";

const char schema_tally_index[] =
	/* With the number: PostgreSQL adds no key to an index by itself. */
	"DROP INDEX org_below;\n"
	"CREATE INDEX org_below ON org (path, state, level, field, members, search, org);\n";
