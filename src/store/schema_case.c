/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_case[] =
	/* One organisation's rectification; one case each, in rounds. Rows of a case
	 * have the region of its organisation. */
	"CREATE TABLE ledger_case ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"		/* whose scheme rules it; the last round's */
	" year INTEGER NOT NULL,"		/* of the round's listing */
	" state INTEGER NOT NULL,"		/* enum case_state */
	" round INTEGER NOT NULL,"
	" attempt INTEGER NOT NULL,"		/* of acceptance, from 1 in each round */
	" priority INTEGER NOT NULL,"		/* 1: an aggravating condition holds (LD-2) */
	" opened_day INTEGER NOT NULL,"		/* of the round */
	" deadline INTEGER NOT NULL,"		/* of the case (ZJ-16); 0: none */
	" seen TEXT NOT NULL,"			/* what was seen */
	" assessed_by INTEGER NOT NULL,"
	" assessed_day INTEGER NOT NULL,"
	" reviewed_by INTEGER NOT NULL,"
	" reviewed_day INTEGER NOT NULL,"
	" meeting_day INTEGER NOT NULL,"
	" meeting_no TEXT NOT NULL,"
	" decision TEXT NOT NULL,"
	" shows TEXT NOT NULL,"			/* how the weakness shows (LD-5) */
	" support_kind INTEGER NOT NULL,"	/* enum support_kind; -1: none proposed */
	" published_day INTEGER NOT NULL,"	/* the plan (ZJ-17) */
	" started_day INTEGER NOT NULL,"
	" reported_day INTEGER NOT NULL,"
	" accepted_day INTEGER NOT NULL,"
	" written_off_day INTEGER NOT NULL,"
	" number INTEGER NOT NULL,"		/* of the write-off, per county and year; 0: none */
	" number_year INTEGER NOT NULL,"
	" election INTEGER NOT NULL,"		/* enum case_election */
	" election_day INTEGER NOT NULL,"	/* planned, or held */
	" election_note TEXT NOT NULL,"
	" version INTEGER NOT NULL,"
	" PRIMARY KEY (region, case_id)) STRICT, WITHOUT ROWID;\n"
	"CREATE UNIQUE INDEX ledger_case_org ON ledger_case (region, org);\n"
	"CREATE INDEX ledger_case_state ON ledger_case (region, state);\n"
	"CREATE TABLE ledger_number ("
	" region INTEGER NOT NULL,"
	" year INTEGER NOT NULL,"
	" last INTEGER NOT NULL,"
	" PRIMARY KEY (region, year)) STRICT, WITHOUT ROWID;\n"

	/* Why it is listed; every reason that holds, of every round. */
	"CREATE TABLE case_reason ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" round INTEGER NOT NULL,"
	" because INTEGER NOT NULL,"		/* enum rectify_because; 100: aggravating */
	" ref TEXT NOT NULL,"			/* id of the criterion */
	" label TEXT NOT NULL,"
	" seen TEXT NOT NULL,"			/* what was found */
	" day INTEGER NOT NULL,"		/* of what was found */
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, case_id, seq)) STRICT, WITHOUT ROWID;\n"

	/* Whatever was done; only ever appended. */
	"CREATE TABLE case_event ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" round INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" day INTEGER NOT NULL,"		/* when it happened, as told */
	" account INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" act INTEGER NOT NULL,"		/* enum case_act, or a CASE_EVENT */
	" before INTEGER NOT NULL,"		/* state */
	" after INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" PRIMARY KEY (region, case_id, seq)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX case_event_time ON case_event (region, at_ms);\n"

	"CREATE TABLE case_problem ("
	" region INTEGER NOT NULL,"
	" problem INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" round INTEGER NOT NULL,"
	" place INTEGER NOT NULL,"		/* 1, 2 … on the page */
	" title TEXT NOT NULL,"
	" ref TEXT NOT NULL,"			/* criterion or menu item it answers to */
	" cause TEXT NOT NULL,"
	" measure TEXT NOT NULL,"
	" goal TEXT NOT NULL,"
	" deadline INTEGER NOT NULL,"
	" owner TEXT NOT NULL,"
	" post TEXT NOT NULL,"
	" phone TEXT NOT NULL,"
	" state INTEGER NOT NULL,"		/* enum problem_state */
	" percent INTEGER NOT NULL,"
	" result TEXT NOT NULL,"
	" done_day INTEGER NOT NULL,"
	" verified_day INTEGER NOT NULL,"
	" verified_by TEXT NOT NULL,"
	" verdict TEXT NOT NULL,"		/* why it counts, or does not matter */
	" extended TEXT NOT NULL,"		/* why the deadline moved */
	" version INTEGER NOT NULL,"
	" PRIMARY KEY (region, problem)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX case_problem_case ON case_problem (region, case_id, round, place);\n"
	"CREATE TABLE case_progress ("
	" region INTEGER NOT NULL,"
	" problem INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" day INTEGER NOT NULL,"
	" percent INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, problem, seq)) STRICT, WITHOUT ROWID;\n"
	/* Whether a file counts; what is not here was not looked at. */
	"CREATE TABLE case_evidence ("
	" region INTEGER NOT NULL,"
	" attachment INTEGER NOT NULL,"
	" verdict INTEGER NOT NULL,"		/* enum evidence_verdict */
	" note TEXT NOT NULL,"
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, attachment)) STRICT, WITHOUT ROWID;\n"

	/* Who helps, and what came of it. */
	"CREATE TABLE case_helper ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" kind INTEGER NOT NULL,"		/* enum helper_kind */
	" name TEXT NOT NULL,"
	" post TEXT NOT NULL,"
	" phone TEXT NOT NULL,"
	" support_kind INTEGER NOT NULL,"	/* of a support unit; -1 */
	" every_days INTEGER NOT NULL,"		/* visits at least so often; 0: not said */
	" from_day INTEGER NOT NULL,"
	" to_day INTEGER NOT NULL,"		/* 0: still there */
	" why TEXT NOT NULL,"			/* it ended */
	" PRIMARY KEY (region, case_id, seq)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE case_visit ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" helper INTEGER NOT NULL,"		/* seq of the helper; 0: somebody else */
	" name TEXT NOT NULL,"
	" day INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, case_id, seq)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE case_secretary ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" was INTEGER NOT NULL,"		/* enum secretary_was */
	" since_day INTEGER NOT NULL,"		/* vacant or unfit since */
	" old_name TEXT NOT NULL,"
	" new_name TEXT NOT NULL,"
	" source TEXT NOT NULL,"		/* label in the scheme */
	" new_day INTEGER NOT NULL,"
	" training_days INTEGER NOT NULL,"
	" note TEXT NOT NULL,"
	" PRIMARY KEY (region, case_id, seq)) STRICT, WITHOUT ROWID;\n"
	/* Guarantees and support funds of an organisation in a year (CT-8). */
	"CREATE TABLE case_money ("
	" region INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" year INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"			/* id of the guarantee; \"support\" */
	" label TEXT NOT NULL,"
	" cents INTEGER NOT NULL,"		/* 0.01 yuan */
	" note TEXT NOT NULL,"
	" PRIMARY KEY (region, org, year, kind)) STRICT, WITHOUT ROWID;\n"

	/* How it ends. */
	"CREATE TABLE case_sheet ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" round INTEGER NOT NULL,"
	" attempt INTEGER NOT NULL,"
	" day INTEGER NOT NULL,"
	" items TEXT NOT NULL,"			/* label, most and given points; tabs, newlines */
	" score_e4 INTEGER NOT NULL,"
	" pass_e4 INTEGER NOT NULL,"
	" acceptors TEXT NOT NULL,"		/* separated by 、 */
	" on_spot INTEGER NOT NULL,"
	" heard INTEGER NOT NULL,"
	" satisfied INTEGER NOT NULL,"
	" dissatisfied INTEGER NOT NULL,"
	" how TEXT NOT NULL,"			/* the box, or who counted */
	" veto TEXT NOT NULL,"			/* ''; or what vetoes */
	" opinion TEXT NOT NULL,"
	" outcome INTEGER NOT NULL,"		/* 0: open, 1: passed, 2: failed */
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, case_id, round, attempt)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE case_lookback ("
	" region INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" round INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" due_day INTEGER NOT NULL,"
	" done_day INTEGER NOT NULL,"		/* 0: not yet */
	" good INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" who TEXT NOT NULL,"
	" PRIMARY KEY (region, case_id, round, seq)) STRICT, WITHOUT ROWID;\n"

	/* Unannounced checks: the draw commits to its seed before, and shows it after. */
	"CREATE TABLE spot_draw ("
	" region INTEGER NOT NULL,"
	" draw INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" level INTEGER NOT NULL,"		/* every node of this level is covered */
	" each INTEGER NOT NULL,"		/* how many below each */
	" only_cases INTEGER NOT NULL,"		/* 1: among organisations in the ledger */
	" population TEXT NOT NULL,"		/* lines: node code, tab, code, tab, name */
	" fingerprint BLOB NOT NULL,"		/* SHA-256 of seed and population */
	" seed BLOB NOT NULL,"			/* shown once revealed */
	" drawn TEXT NOT NULL,"			/* codes, newlines between */
	" made_ms INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" revealed_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, draw)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX spot_draw_node ON spot_draw (node);\n"
	"CREATE TABLE spot_check ("
	" region INTEGER NOT NULL,"		/* of the organisation */
	" check_id INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"		/* 0: not in the ledger */
	" draw INTEGER NOT NULL,"		/* 0: not drawn */
	" day INTEGER NOT NULL,"
	" good INTEGER NOT NULL,"
	" finding TEXT NOT NULL,"
	" position TEXT NOT NULL,"		/* \"27.7213,112.0085\"; '' */
	" deadline INTEGER NOT NULL,"		/* for what was found; 0: none */
	" closed_day INTEGER NOT NULL,"
	" closing TEXT NOT NULL,"
	" sent TEXT NOT NULL,"			/* the phone's own mark: sent twice is one */
	" account INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, check_id)) STRICT, WITHOUT ROWID;\n"
	"CREATE UNIQUE INDEX spot_check_sent ON spot_check (region, account, sent);\n"
	"CREATE INDEX spot_check_org ON spot_check (region, org);\n"

	/* The address of one's own calendar is a secret; only its hash is kept. */
	"CREATE TABLE calendar_token ("
	" region INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" token_hash BLOB NOT NULL,"
	" made_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, account)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX calendar_token_hash ON calendar_token (token_hash);\n"

	/* What an officer made of a finding (integrity.md). */
	"CREATE TABLE finding_mark ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" finding TEXT NOT NULL,"		/* id and organisations: \"flat:120000035\" */
	" confirmed INTEGER NOT NULL,"		/* 0: explained */
	" reason TEXT NOT NULL,"
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, finding)) STRICT, WITHOUT ROWID;\n";

/* Last year's examination of an organisation, where it is kept (LD-3). */
const char schema_examination[] =
	"ALTER TABLE past_result ADD COLUMN examination TEXT NOT NULL DEFAULT '';\n";

/* What committees have handed in (HN-5), and a campaign's own thresholds of the
 * checks of integrity.md. */
const char schema_received[] =
	"CREATE TABLE case_received ("
	" region INTEGER NOT NULL,"		/* of the campaign */
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" report TEXT NOT NULL,"		/* id in the scheme */
	" day INTEGER NOT NULL,"
	" note TEXT NOT NULL,"
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, node, report)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE finding_limit ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" name TEXT NOT NULL,"			/* of the threshold */
	" value INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, name)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE reported_sum ("
	" region INTEGER NOT NULL,"		/* of the campaign */
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"		/* who reported it */
	" file TEXT NOT NULL,"
	" what TEXT NOT NULL,"			/* row and column */
	" reported_e4 INTEGER NOT NULL,"
	" rows_e4 INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, node, file, what)) STRICT, WITHOUT ROWID;\n";
