/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_print[] =
	/* What was printed or exported: a version for each state of the data. */
	"CREATE TABLE print ("
	" region INTEGER NOT NULL,"		/* of the node */
	" print INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" form TEXT NOT NULL,"			/* its id, \"f1\" */
	" campaign INTEGER NOT NULL,"		/* 0: none */
	" detail TEXT NOT NULL,"		/* what else was asked for; '' */
	" version INTEGER NOT NULL,"		/* of (node, form, campaign, detail), from 1 */
	" code TEXT NOT NULL,"			/* as on the paper */
	" hash BLOB NOT NULL,"			/* SHA-256 of its words and figures */
	" at_ms INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" who TEXT NOT NULL,"			/* as named then */
	" PRIMARY KEY (region, print)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX print_code ON print (code);\n"
	"CREATE INDEX print_of ON print (region, node, form, campaign, version);\n"

	/* Columns that somebody chose and gave a name (F18). */
	"CREATE TABLE form_view ("
	" region INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" columns TEXT NOT NULL,"		/* ids with commas between */
	" filter TEXT NOT NULL,"		/* \"field=0&grade=3\" */
	" account INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (region, node, name)) STRICT, WITHOUT ROWID;\n";
