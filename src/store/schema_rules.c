/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

/* A year's rectification as it stood when an appraisal was decided (HN-7). */
const char schema_rectified[] =
	"CREATE TABLE rectified ("
	" region INTEGER NOT NULL,"		/* of the appraised organisation */
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" figure INTEGER NOT NULL,"		/* enum rectified */
	" cases TEXT NOT NULL,"			/* numbers, commas between */
	" as_of INTEGER NOT NULL,"		/* day */
	" meeting INTEGER NOT NULL,"		/* that decided; 0: closed without one */
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, figure)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX rectified_campaign ON rectified (campaign, org, figure);\n";

/* Leaders of counties and townships (LD-8). */
const char schema_leader[] =
	"CREATE TABLE leader ("
	" region INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" post TEXT NOT NULL,"
	" phone TEXT NOT NULL,"
	" PRIMARY KEY (region, node, seq)) STRICT, WITHOUT ROWID;\n";

/* Sums of the guarantees for every node (CT-8). Rows have the region of the organisations
 * they are summed over. */
const char schema_money[] =
	"CREATE TABLE money_tally ("
	" region INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" year INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" n INTEGER NOT NULL,"			/* organisations with an amount, the node with them */
	" cents INTEGER NOT NULL,"
	" PRIMARY KEY (region, node, year, kind)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX money_tally_node ON money_tally (node, year, kind);\n"
	"INSERT INTO money_tally (region, node, year, kind, n, cents)"
	" WITH RECURSIVE up (region, year, kind, cents, node, parent) AS ("
	"SELECT m.region, m.year, m.kind, m.cents, o.org, o.parent FROM case_money m"
	" JOIN org o ON o.region = m.region AND o.org = m.org"
	" UNION ALL SELECT u.region, u.year, u.kind, u.cents, p.org, p.parent FROM up u"
	" JOIN org p ON p.org = u.parent AND p.region = u.parent / 10000000)"
	" SELECT region, node, year, kind, count(*), CAST(sum(cents) AS BIGINT) FROM up"
	" GROUP BY region, node, year, kind;\n";

/* Inspection groups of a draw (GZ-9). */
const char schema_spot_group[] =
	"ALTER TABLE spot_draw ADD COLUMN n_groups INTEGER NOT NULL DEFAULT 0;\n"
	"CREATE TABLE spot_group ("
	" region INTEGER NOT NULL,"
	" draw INTEGER NOT NULL,"
	" number INTEGER NOT NULL,"
	" leader TEXT NOT NULL,"
	" members TEXT NOT NULL,"
	" PRIMARY KEY (region, draw, number)) STRICT, WITHOUT ROWID;\n";

/* Goals of helpers and how they were judged (CT-7b). */
const char schema_helper_goal[] =
	"CREATE TABLE helper_goal ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" helper INTEGER NOT NULL,"		/* seq of the helper */
	" from_day INTEGER NOT NULL,"
	" to_day INTEGER NOT NULL,"
	" visits INTEGER NOT NULL,"		/* at least; 0: not said */
	" text TEXT NOT NULL,"
	" verdict INTEGER NOT NULL,"		/* enum goal_verdict */
	" reason TEXT NOT NULL,"
	" judge TEXT NOT NULL,"
	" judged_day INTEGER NOT NULL,"
	" PRIMARY KEY (region, case_id, seq)) STRICT, WITHOUT ROWID;\n";
