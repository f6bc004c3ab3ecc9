/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

/* A dashboard looks for the children of a node and, above counties, for the
 * counties below it. */
const char schema_campaign_index[] =
	"CREATE INDEX campaign_org_parent ON campaign_org (campaign, parent, code);\n"
	"CREATE INDEX campaign_org_level ON campaign_org (campaign, level, path);\n";
