/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_local[] =
	/* X indicators that a committee sets itself (ZY-1). */
	"CREATE TABLE local_indicator ("
	" region INTEGER NOT NULL,"		/* of the node */
	" campaign INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" place INTEGER NOT NULL,"		/* its cell behind those of the scheme */
	" ident TEXT NOT NULL,"
	" label TEXT NOT NULL,"
	" max_e4 INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, node, place)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX local_indicator_campaign ON local_indicator (campaign, node);\n"
	/* What a rater has to score, and whose rater a peer is (QN-1). */
	"CREATE INDEX rater_org_rater ON rater_org (campaign, rater, org);\n"
	"CREATE INDEX rater_peer ON rater (org, campaign);\n";

const char schema_self[] =
	/* A self-evaluation besides its score sheet. */
	"CREATE TABLE self_report ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" report TEXT NOT NULL,"
	" grade INTEGER NOT NULL,"		/* proposed; -1: none */
	" sealed INTEGER NOT NULL,"
	" by_township INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"		/* enum self_state */
	" saved_by INTEGER NOT NULL,"
	" saved_ms INTEGER NOT NULL,"
	" handed_by INTEGER NOT NULL,"
	" handed_ms INTEGER NOT NULL,"
	" decided_by INTEGER NOT NULL,"
	" decided_ms INTEGER NOT NULL,"
	" reason TEXT NOT NULL,"
	" PRIMARY KEY (region, campaign, org)) STRICT, WITHOUT ROWID;\n";

const char schema_count[] =
	/* Counts of paper ballots as keyed by each of two counters. */
	"CREATE TABLE count_entry ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" slot INTEGER NOT NULL,"		/* 0 and 1 */
	" counts TEXT NOT NULL,"		/* voters, question, option; commas between */
	" counters TEXT NOT NULL,"
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, slot)) STRICT, WITHOUT ROWID;\n";

const char schema_issued[] =
	/* Paper ballots handed out, by class of voters (ZJ-10). */
	"CREATE TABLE count_issued ("
	" region INTEGER NOT NULL,"
	" campaign INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" voters INTEGER NOT NULL,"		/* enum voters */
	" issued INTEGER NOT NULL,"
	" PRIMARY KEY (region, campaign, org, voters)) STRICT, WITHOUT ROWID;\n";
