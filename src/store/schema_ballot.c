/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anonymous ballots. ballot_slip and ballot_vote are what a vote touches: no
 * time, address, account or sequence, and nothing in one that leads to the
 * other. Both, with the wrapped keys, are emptied when the box is opened.
 */
#include "store/schema_part.h"

const char schema_ballot[] =
	"CREATE TABLE ballot_box ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"		/* whose it is: the organisation, or who holds the meeting */
	" campaign INTEGER NOT NULL,"		/* 0: of none */
	" title TEXT NOT NULL,"
	" state INTEGER NOT NULL,"		/* enum box_state */
	" opens_ms INTEGER NOT NULL,"		/* as planned */
	" closes_ms INTEGER NOT NULL,"
	" started_ms INTEGER NOT NULL,"		/* as it was; 0: not yet */
	" closed_ms INTEGER NOT NULL,"
	" counted_ms INTEGER NOT NULL,"
	" public_key BLOB NOT NULL,"		/* X25519; empty: none yet */
	" fingerprint TEXT NOT NULL,"
	" kdf_passes INTEGER NOT NULL,"		/* Argon2id */
	" kdf_kib INTEGER NOT NULL,"
	" opened_by TEXT NOT NULL,"		/* the two counters, 、 between */
	" reason TEXT NOT NULL,"		/* why it was given up */
	" again INTEGER NOT NULL,"		/* the box that took its place; 0: none */
	" PRIMARY KEY (region, box)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX ballot_box_node ON ballot_box (node, box);\n"
	"CREATE INDEX ballot_box_campaign ON ballot_box (campaign, node);\n"

	/* What is asked, frozen: options, questions, organisations. */
	"CREATE TABLE ballot_item ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" kind INTEGER NOT NULL,"		/* enum ballot_item_kind */
	" n INTEGER NOT NULL,"			/* from 0 */
	" org INTEGER NOT NULL,"		/* 0: no organisation */
	" label TEXT NOT NULL,"
	" note TEXT NOT NULL,"
	" PRIMARY KEY (region, box, kind, n)) STRICT, WITHOUT ROWID;\n"

	/* Figures of a class of voters. While people vote, slips are counted by
	 * their states; the sums are kept here when those rows go. */
	"CREATE TABLE ballot_class ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"		/* enum voters */
	" head INTEGER NOT NULL,"
	" present INTEGER NOT NULL,"
	" printed INTEGER NOT NULL,"
	" unreturned INTEGER NOT NULL,"
	" spent INTEGER NOT NULL,"
	" voided INTEGER NOT NULL,"
	" exchanged INTEGER NOT NULL,"
	" sheets INTEGER NOT NULL,"		/* -1: not counted yet */
	" PRIMARY KEY (region, box, class)) STRICT, WITHOUT ROWID;\n"

	"CREATE TABLE ballot_counter ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" salt BLOB NOT NULL,"
	" PRIMARY KEY (region, box, n)) STRICT, WITHOUT ROWID;\n"

	/* The private key, sealed to a pair of counters. */
	"CREATE TABLE ballot_wrap ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" a INTEGER NOT NULL,"
	" b INTEGER NOT NULL,"
	" sealed BLOB NOT NULL,"
	" PRIMARY KEY (region, box, a, b)) STRICT, WITHOUT ROWID;\n"

	"CREATE TABLE ballot_slip ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" hash BLOB NOT NULL,"			/* keyed, of the code */
	" class INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"		/* enum slip_state */
	" nonce BLOB NOT NULL,"			/* keyed hash, of the try that spent it */
	" PRIMARY KEY (region, box, hash)) STRICT, WITHOUT ROWID;\n"
	/* A code does not tell its box. */
	"CREATE INDEX ballot_slip_hash ON ballot_slip (hash);\n"

	"CREATE TABLE ballot_vote ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" random BLOB NOT NULL,"
	" sealed BLOB NOT NULL,"		/* all of one length */
	" PRIMARY KEY (region, box, random)) STRICT, WITHOUT ROWID;\n"

	/* The counts of paper as one counter keyed them, sealed like a ballot. */
	"CREATE TABLE ballot_paper ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"
	" counter INTEGER NOT NULL,"
	" sealed BLOB NOT NULL,"
	" PRIMARY KEY (region, box, class, counter)) STRICT, WITHOUT ROWID;\n"

	/* All that remains: counts. */
	"CREATE TABLE ballot_count ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"		/* n of the item */
	" question INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"
	" option INTEGER NOT NULL,"		/* n of the item; -1: spoiled */
	" count INTEGER NOT NULL,"
	" PRIMARY KEY (region, box, org, question, class, option)) STRICT, WITHOUT ROWID;\n";

const char schema_ballot_case[] =
	/* Held to hear opinions on a case, for one attempt at its acceptance. */
	"CREATE TABLE ballot_case ("
	" region INTEGER NOT NULL,"
	" box INTEGER NOT NULL,"
	" case_id INTEGER NOT NULL,"
	" round INTEGER NOT NULL,"
	" attempt INTEGER NOT NULL,"
	" PRIMARY KEY (region, box)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX ballot_case_case ON ballot_case (region, case_id, round, attempt);\n";

const char schema_ballot_fill[] =
	/* Every slip changes twice, and where its page has room nothing else must change: PostgreSQL
	 * finds it through the same entries of its indexes. */
	"-- PostgreSQL: ALTER TABLE ballot_slip SET (fillfactor = 45);\n";
