/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_campaign_board[] =
	/* Kept with each grading: last year's grade against this year's. */
	"CREATE TABLE result_change ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" place_before INTEGER NOT NULL,"	/* from the top, 0 first */
	" place_after INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, node, place_before, place_after)) STRICT, WITHOUT ROWID;\n";
