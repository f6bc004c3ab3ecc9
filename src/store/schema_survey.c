/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_survey[] =
	"CREATE TABLE survey_answer ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" question INTEGER NOT NULL,"		/* index in the scheme */
	" answer TEXT NOT NULL,"
	" red INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, question)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX survey_answer_red ON survey_answer (campaign, red, org, question);\n"

	/* Counts only: nobody's name (GY-1). */
	"CREATE TABLE survey_reach ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" voters INTEGER NOT NULL,"		/* enum voters */
	" channel INTEGER NOT NULL,"		/* of the scheme's; -1: in person */
	" n INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, voters, channel)) STRICT, WITHOUT ROWID;\n"

	"CREATE TABLE survey_team ("
	" region INTEGER NOT NULL,"		/* of the campaign */
	" campaign INTEGER NOT NULL,"
	" team INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" leader TEXT NOT NULL,"
	" members TEXT NOT NULL,"
	" node INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, team)) STRICT, WITHOUT ROWID;\n";
