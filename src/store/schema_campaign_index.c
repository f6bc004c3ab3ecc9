/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

/* A dashboard looks for the children of a node and, above counties, for the
 * counties below it. */
const char schema_campaign_index[] =
	"CREATE INDEX campaign_org_parent ON campaign_org (campaign, parent, code);\n"
	"CREATE INDEX campaign_org_level ON campaign_org (campaign, level, path);\n";

/* A list of very many is walked in its order. */
const char schema_campaign_code[] =
	"CREATE INDEX campaign_org_code ON campaign_org (campaign, code, path, category);\n";

/* Whoever hides figures of small groups looks at small ones only. */
const char schema_tally_few[] =
	"CREATE INDEX tally_few ON tally (campaign, org) WHERE " STORE_TALLY_FEW ";\n";

/* One index answers every list of results that asks for grade, stars or score. */
const char schema_list[] =
	"DROP INDEX result_path;\n"
	"DROP INDEX result_grade;\n"
	"CREATE INDEX result_list ON result (campaign, path, category, grade, stars, score, region, org);\n";

/* Whether a result was handed in, and whose own decision it is, stand in its index;
 * names stand in one of their own, in which a part of a name is looked for. */
const char schema_list_hold[] =
	"ALTER TABLE result ADD COLUMN hold INTEGER NOT NULL DEFAULT 0;\n"	/* enum hold_state */
	"ALTER TABLE result ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;\n"
	"UPDATE result SET hold = COALESCE((SELECT h.state FROM org_hold h WHERE h.region = result.region"
	" AND h.campaign = result.campaign AND h.org = result.org), 0),"
	" parent = COALESCE((SELECT o.parent FROM campaign_org o WHERE o.region = result.region"
	" AND o.campaign = result.campaign AND o.org = result.org), 0);\n"
	"DROP INDEX result_list;\n"
	"CREATE INDEX result_list ON result (campaign, path, category, grade, stars, hold, parent, score,"
	" region, org);\n"
	"CREATE INDEX campaign_org_text ON campaign_org (campaign, path, category, name, code, region, org);\n";

/* Whose groups are small is read out of the index alone, by number. */
const char schema_tally_few_org[] =
	"DROP INDEX tally_few;\n"
	"CREATE INDEX tally_few ON tally (campaign, region, org, counts) WHERE " STORE_TALLY_FEW ";\n";
