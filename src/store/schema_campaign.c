/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_campaign[] =
	/* A county's own schemes; the shipped ones are in the program. */
	"CREATE TABLE scheme_version ("
	" region INTEGER NOT NULL,"
	" scheme INTEGER NOT NULL,"
	" version INTEGER NOT NULL,"		/* from 1 */
	" node INTEGER NOT NULL,"		/* whose it is */
	" name TEXT NOT NULL,"			/* the file's `id` */
	" title TEXT NOT NULL,"
	" text TEXT NOT NULL,"			/* the file, byte by byte */
	" state INTEGER NOT NULL,"		/* enum scheme_state */
	" origin TEXT NOT NULL,"		/* what it was cloned from: \"zhangji-town\" */
	" note TEXT NOT NULL,"			/* what changed in this version */
	" account INTEGER NOT NULL,"
	" saved_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, scheme, version)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX scheme_version_node ON scheme_version (node, name);\n"

	/* One run of one scheme version in one year over one subtree. */
	"CREATE TABLE campaign ("
	" region INTEGER NOT NULL,"		/* of the node */
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" path TEXT NOT NULL,"			/* the node's, when it opened */
	" year INTEGER NOT NULL,"
	" title TEXT NOT NULL,"
	" kind INTEGER NOT NULL,"		/* enum campaign_kind */
	" scheme_name TEXT NOT NULL,"
	" scheme_title TEXT NOT NULL,"
	" scheme_version INTEGER NOT NULL,"	/* 0: a shipped one */
	" scheme_text TEXT NOT NULL,"		/* frozen */
	" state INTEGER NOT NULL,"		/* enum campaign_state */
	" previous INTEGER NOT NULL,"		/* campaign of the year before; 0: none */
	" account INTEGER NOT NULL,"
	" opened_ms INTEGER NOT NULL,"
	" closed_ms INTEGER NOT NULL,"
	" graded_ms INTEGER NOT NULL,"		/* last grading; 0: never */
	" PRIMARY KEY (region, campaign)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX campaign_path ON campaign (path, year);\n"

	"CREATE TABLE campaign_step ("
	" region INTEGER NOT NULL,"		/* of the campaign */
	" campaign INTEGER NOT NULL,"
	" step INTEGER NOT NULL,"		/* index in the scheme */
	" from_day INTEGER NOT NULL,"		/* 0: none */
	" to_day INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, step)) STRICT, WITHOUT ROWID;\n"

	"CREATE TABLE campaign_step_move ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" step INTEGER NOT NULL,"
	" move INTEGER NOT NULL,"		/* from 1 */
	" from_day INTEGER NOT NULL,"		/* as it was before */
	" to_day INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, step, move)) STRICT, WITHOUT ROWID;\n"

	/* The tree as it stood when the campaign opened. From here on `region` is
	 * that of the organisation, not of the campaign. */
	"CREATE TABLE campaign_org ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" parent INTEGER NOT NULL,"
	" path TEXT NOT NULL,"
	" code TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" level INTEGER NOT NULL,"
	" field INTEGER NOT NULL,"
	" kind TEXT NOT NULL,"
	" members INTEGER NOT NULL,"		/* -1: not known */
	" residents INTEGER NOT NULL,"
	" secretary TEXT NOT NULL,"
	" category INTEGER NOT NULL,"		/* index in the scheme; -1: not graded */
	" present_members INTEGER NOT NULL,"	/* base of the turnout; -1: not entered */
	" present_residents INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX campaign_org_path ON campaign_org (campaign, path, category);\n"
	"CREATE INDEX campaign_org_org ON campaign_org (org, campaign);\n"

	/* How far a step is for an organisation; no row: not begun. */
	"CREATE TABLE org_step ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" step INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"		/* enum step_state */
	" at_ms INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" note TEXT NOT NULL,"			/* why it was waived or came back */
	" PRIMARY KEY (region, campaign, org, step)) STRICT, WITHOUT ROWID;\n"

	/* Kept sums of org_step: how many graded organisations below and with a
	 * node are in a state. Nodes of one region; what stands above counties
	 * adds up its counties. */
	"CREATE TABLE step_count ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" step INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, node, step, state)) STRICT, WITHOUT ROWID;\n"

	/* Who scores besides committee and self: related units, peers, society,
	 * the yearly examination, one for each live session. */
	"CREATE TABLE rater ("
	" region INTEGER NOT NULL,"		/* of the campaign */
	" campaign INTEGER NOT NULL,"
	" rater INTEGER NOT NULL,"		/* from 1; 0 is the source's only rater */
	" source INTEGER NOT NULL,"		/* index in the scheme */
	" label TEXT NOT NULL,"
	" account INTEGER NOT NULL,"		/* who enters it; 0: the committee */
	" org INTEGER NOT NULL,"		/* of a peer (QN-1); 0: none */
	" PRIMARY KEY (region, campaign, rater)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX rater_account ON rater (account);\n"
	"CREATE TABLE rater_org ("
	" region INTEGER NOT NULL,"		/* of the organisation */
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" rater INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, rater)) STRICT, WITHOUT ROWID;\n"

	/* What one rater of one source gave one organisation: a text per leaf, as
	 * typed, separated by tabs; empty: not scored. */
	"CREATE TABLE score_sheet ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" source INTEGER NOT NULL,"
	" rater INTEGER NOT NULL,"
	" cells TEXT NOT NULL,"
	" version INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" saved_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, source, rater)) STRICT, WITHOUT ROWID;\n"
	"CREATE TABLE score_change ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" source INTEGER NOT NULL,"
	" rater INTEGER NOT NULL,"
	" leaf INTEGER NOT NULL,"
	" change INTEGER NOT NULL,"		/* from 1 */
	" before TEXT NOT NULL,"
	" after TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, source, rater, leaf, change)) STRICT, WITHOUT ROWID;\n"

	/* Counts of ballots, per class of voters and question: the options' and the
	 * spoiled ones', separated by commas. Never anything of a single ballot. */
	"CREATE TABLE tally ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" voters INTEGER NOT NULL,"		/* enum voters */
	" question INTEGER NOT NULL,"		/* from 0 */
	" counts TEXT NOT NULL,"
	" origin INTEGER NOT NULL,"		/* enum tally_origin */
	" counters TEXT NOT NULL,"		/* the named counters, separated by 、 */
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, voters, question)) STRICT, WITHOUT ROWID;\n"

	/* The outcome of the last grading, and what a meeting made of it. */
	"CREATE TABLE result ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" path TEXT NOT NULL,"
	" category INTEGER NOT NULL,"
	" status TEXT NOT NULL,"		/* as in result files: graded, missing:… */
	" composite TEXT NOT NULL,"		/* exact fraction, in points; '' unless graded */
	" score INTEGER NOT NULL,"		/* published, in 10^-places; -1 unless graded */
	" places INTEGER NOT NULL,"
	" sources TEXT NOT NULL,"		/* published score of each source, tabs between */
	" grade INTEGER NOT NULL,"		/* final; index in the scheme, -1: none */
	" computed INTEGER NOT NULL,"		/* by score and quotas */
	" by_score INTEGER NOT NULL,"		/* by the score alone */
	" quota INTEGER NOT NULL,"		/* the quota that moved it; -1: none */
	" meeting INTEGER NOT NULL,"		/* that adjusted it; 0: none */
	" stars INTEGER NOT NULL,"		/* -1: none given */
	" rank INTEGER NOT NULL,"		/* 0: none */
	" approval INTEGER NOT NULL,"		/* enum level; -1: none */
	" graded_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX result_path ON result (campaign, path);\n"
	"CREATE INDEX result_grade ON result (campaign, grade, path);\n"

	/* The roll-up of every node above the graded level (domain/summary.h). */
	"CREATE TABLE result_summary ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" category INTEGER NOT NULL,"		/* -1: all */
	" orgs INTEGER NOT NULL,"
	" graded INTEGER NOT NULL,"
	" grades TEXT NOT NULL,"		/* counts, separated by commas */
	" stars TEXT NOT NULL,"			/* of 0, 1 … stars */
	" mean_e2 INTEGER NOT NULL,"		/* -1: none graded */
	" PRIMARY KEY (region, campaign, node, category)) STRICT, WITHOUT ROWID;\n"

	/* Results of past years: of closed campaigns, or imported from a sheet. */
	"CREATE TABLE past_result ("
	" region INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" year INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"		/* 0: imported */
	" scheme_title TEXT NOT NULL,"
	" score TEXT NOT NULL,"			/* as published; '': none */
	" grade TEXT NOT NULL,"			/* label */
	" place INTEGER NOT NULL,"		/* of the grade, from the top; -1: not known */
	" places INTEGER NOT NULL,"		/* how many grades there were; 0: not known */
	" stars INTEGER NOT NULL,"		/* -1: none */
	" rank INTEGER NOT NULL,"
	" ledger TEXT NOT NULL,"		/* '', or the state in that year's ledger */
	" note TEXT NOT NULL,"
	" PRIMARY KEY (region, org, year)) STRICT, WITHOUT ROWID;\n";
