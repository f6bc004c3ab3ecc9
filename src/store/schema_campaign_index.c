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
