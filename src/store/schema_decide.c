/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_decide[] =
	/* A meeting of a committee: on the grading, or on the year's problems (GZ-7). */
	"CREATE TABLE meeting ("
	" region INTEGER NOT NULL,"		/* of the committee's node */
	" campaign INTEGER NOT NULL,"
	" meeting INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" kind INTEGER NOT NULL,"		/* enum meeting_kind */
	" day INTEGER NOT NULL,"
	" title TEXT NOT NULL,"
	" number TEXT NOT NULL,"
	" chair TEXT NOT NULL,"
	" recorder TEXT NOT NULL,"
	" expected INTEGER NOT NULL,"		/* who should have come, who came */
	" present INTEGER NOT NULL,"
	" absent TEXT NOT NULL,"
	" guests TEXT NOT NULL,"
	" votes_yes INTEGER NOT NULL,"
	" votes_no INTEGER NOT NULL,"
	" votes_abstain INTEGER NOT NULL,"
	" decision TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, meeting)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX meeting_node ON meeting (campaign, node);\n"

	/* A grade that a meeting changes. Before the meeting is recorded it is noted
	 * down (meeting 0); afterwards it never changes. */
	"CREATE TABLE adjustment ("
	" region INTEGER NOT NULL,"		/* of the organisation */
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" adjustment INTEGER NOT NULL,"		/* from 1; the last one of a meeting holds */
	" node INTEGER NOT NULL,"		/* the committee's */
	" meeting INTEGER NOT NULL,"		/* 0: not yet decided */
	" from_grade INTEGER NOT NULL,"		/* as computed when it was noted */
	" to_grade INTEGER NOT NULL,"		/* -1: back to the computed one */
	" reason TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, adjustment)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX adjustment_node ON adjustment (campaign, node, meeting);\n"

	/* What a regulator's party organisation says before the grade is fixed (XN-4). */
	"CREATE TABLE opinion ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" opinion INTEGER NOT NULL,"		/* from 1; the last one holds */
	" regulator TEXT NOT NULL,"
	" stance INTEGER NOT NULL,"		/* enum opinion_stance */
	" text TEXT NOT NULL,"
	" day INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, opinion)) STRICT, WITHOUT ROWID;\n"

	/* A result shown for some days. */
	"CREATE TABLE publicity ("
	" region INTEGER NOT NULL,"		/* of the node */
	" campaign INTEGER NOT NULL,"
	" publicity INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" token TEXT NOT NULL,"			/* of the public address; no secret */
	" from_day INTEGER NOT NULL,"
	" to_day INTEGER NOT NULL,"
	" show INTEGER NOT NULL,"		/* bits SHOW_… of the scheme */
	" plans INTEGER NOT NULL,"		/* improvement plans too (ZJ-17) */
	" scope TEXT NOT NULL,"			/* where it hangs: 镇、村公开栏 */
	" office TEXT NOT NULL,"		/* who takes objections */
	" phone TEXT NOT NULL,"
	" withdrawn TEXT NOT NULL,"		/* why it was taken down; '': it was not */
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, publicity)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX publicity_token ON publicity (token);\n"
	"CREATE INDEX publicity_node ON publicity (campaign, node);\n"

	"CREATE TABLE objection ("
	" region INTEGER NOT NULL,"		/* of the publicity */
	" campaign INTEGER NOT NULL,"
	" objection INTEGER NOT NULL,"
	" publicity INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" day INTEGER NOT NULL,"
	" by_whom TEXT NOT NULL,"		/* '': not said */
	" text TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" answer TEXT NOT NULL,"
	" outcome INTEGER NOT NULL,"		/* enum objection_outcome */
	" answer_account INTEGER NOT NULL,"
	" answer_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, objection)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX objection_node ON objection (campaign, node);\n"

	/* Where an organisation's result stands between the committees; what is
	 * published, handed in or accepted is locked. No row: at work. */
	"CREATE TABLE org_hold ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" path TEXT NOT NULL,"
	" state INTEGER NOT NULL,"		/* enum hold_state */
	" node INTEGER NOT NULL,"		/* who published it or handed it in */
	" reason TEXT NOT NULL,"		/* why it came back or was unlocked */
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX org_hold_path ON org_hold (campaign, path, state);\n"
	"CREATE TABLE org_hold_event ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" event INTEGER NOT NULL,"		/* from 1 */
	" state INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, event)) STRICT, WITHOUT ROWID;\n"

	/* What a committee hands in to the one above. */
	"CREATE TABLE submission ("
	" region INTEGER NOT NULL,"		/* of the node */
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" submission INTEGER NOT NULL,"		/* from 1 */
	" signed_by TEXT NOT NULL,"		/* who signed the sealed summary (ZJ-14) */
	" note TEXT NOT NULL,"
	" orgs INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, node, submission)) STRICT, WITHOUT ROWID;\n"

	/* Stars that a level above approves (ZJ-5). */
	"CREATE TABLE star_approval ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" level INTEGER NOT NULL,"		/* enum level that decided */
	" stars INTEGER NOT NULL,"		/* that were asked for */
	" approved INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org)) STRICT, WITHOUT ROWID;\n"

	/* Next year's goal, measures and owner (GZ-6, XN-6). */
	"CREATE TABLE improvement ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" path TEXT NOT NULL,"
	" problems TEXT NOT NULL,"		/* what the organisation found itself (XS-4) */
	" goal TEXT NOT NULL,"
	" measures TEXT NOT NULL,"
	" owner TEXT NOT NULL,"
	" due_day INTEGER NOT NULL,"		/* 0: none */
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX improvement_path ON improvement (campaign, path);\n"

	/* What is said of a secretary under appraisal (CT-9). */
	"CREATE TABLE appraisal_note ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" note INTEGER NOT NULL,"		/* from 1 */
	" kind INTEGER NOT NULL,"		/* enum appraisal_kind */
	" day INTEGER NOT NULL,"
	" by_whom TEXT NOT NULL,"
	" text TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, note)) STRICT, WITHOUT ROWID;\n"

	/* Talks with secretaries and heads of weak organisations (约谈). */
	"CREATE TABLE interview ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" interview INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" path TEXT NOT NULL,"
	" person TEXT NOT NULL,"		/* name and office */
	" by_whom TEXT NOT NULL,"
	" day INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" outcome TEXT NOT NULL,"		/* what was asked for and promised */
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, interview)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX interview_path ON interview (campaign, path);\n";
