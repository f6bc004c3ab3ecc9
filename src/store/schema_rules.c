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
