/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_template[] =
	/* Own templates of a node, for it and all below; bytes are in file_piece. */
	"CREATE TABLE form_template ("
	" region INTEGER NOT NULL,"		/* of the node */
	" template INTEGER NOT NULL,"
	" node INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" kind INTEGER NOT NULL,"		/* enum template_file_kind */
	" file_name TEXT NOT NULL,"
	" size INTEGER NOT NULL,"
	" sha256 BLOB NOT NULL,"
	" note TEXT NOT NULL,"			/* what it is for */
	" version INTEGER NOT NULL,"		/* of this name at this node, from 1 */
	" added_ms INTEGER NOT NULL,"
	" account INTEGER NOT NULL,"
	" who TEXT NOT NULL,"			/* as named then */
	" withdrawn_ms INTEGER NOT NULL,"	/* 0: in use */
	" withdrawn_by TEXT NOT NULL,"
	" withdrawn_why TEXT NOT NULL,"
	" PRIMARY KEY (region, template)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX form_template_node ON form_template (region, node, name, version);\n";
