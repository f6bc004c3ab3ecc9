/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_live[] =
	/* Scoring in a meeting by those present (SY-1, CT-9). */
	"CREATE TABLE live_session ("
	" region INTEGER NOT NULL,"		/* of the node */
	" session INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"		/* whose meeting */
	" source INTEGER NOT NULL,"		/* of the scheme, who: live */
	" title TEXT NOT NULL,"
	" code TEXT NOT NULL,"			/* typed by those present */
	" state INTEGER NOT NULL,"		/* enum live_state */
	" present INTEGER NOT NULL,"
	" papers INTEGER NOT NULL,"		/* that counted; set when it is closed */
	" opened_ms INTEGER NOT NULL,"
	" closed_ms INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" PRIMARY KEY (region, session)) STRICT, WITHOUT ROWID;\n"
	"CREATE UNIQUE INDEX live_session_code ON live_session (region, code);\n"
	"CREATE INDEX live_session_find ON live_session (code);\n"
	"CREATE INDEX live_session_campaign ON live_session (campaign, node);\n"

	"CREATE TABLE live_org ("
	" region INTEGER NOT NULL,"
	" session INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"			/* from 0, in the order of reports */
	" org INTEGER NOT NULL,"
	" PRIMARY KEY (region, session, n)) STRICT, WITHOUT ROWID;\n"

	/* What one phone sent, until the session is closed; no time, no name. */
	"CREATE TABLE live_paper ("
	" region INTEGER NOT NULL,"
	" session INTEGER NOT NULL,"
	" device BLOB NOT NULL,"		/* keyed hash of the phone's cookie */
	" figures TEXT NOT NULL,"		/* as typed, tabs between, in the order of live_org */
	" PRIMARY KEY (region, session, device)) STRICT, WITHOUT ROWID;\n";
