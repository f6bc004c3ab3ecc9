/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

const char schema_attachment[] =
	/* Bytes are kept once in a region, however often they are sent. */
	"CREATE TABLE file_piece ("
	" region INTEGER NOT NULL,"
	" sha256 BLOB NOT NULL,"		/* of the whole file */
	" piece INTEGER NOT NULL,"		/* from 0; at most 1 MiB each */
	" data BLOB NOT NULL,"
	" PRIMARY KEY (region, sha256, piece)) STRICT, WITHOUT ROWID;\n"

	/* A file or photo and what it belongs to. Never deleted: withdrawn. */
	"CREATE TABLE attachment ("
	" region INTEGER NOT NULL,"		/* of the organisation */
	" attachment INTEGER NOT NULL,"
	" org INTEGER NOT NULL,"
	" kind INTEGER NOT NULL,"		/* enum attachment_kind */
	" object INTEGER NOT NULL,"		/* number of the thing of that kind; 0: the organisation */
	" name TEXT NOT NULL,"			/* the file's, as sent */
	" what TEXT NOT NULL,"			/* what it shows */
	" type INTEGER NOT NULL,"		/* enum file_type, by its bytes */
	" size INTEGER NOT NULL,"
	" sha256 BLOB NOT NULL,"
	" day INTEGER NOT NULL,"		/* of the thing itself; 0: not told */
	" added_ms INTEGER NOT NULL,"		/* of the upload */
	" account INTEGER NOT NULL,"
	" who TEXT NOT NULL,"			/* as named then */
	" withdrawn_ms INTEGER NOT NULL,"	/* 0: it counts */
	" withdrawn_by TEXT NOT NULL,"
	" withdrawn_why TEXT NOT NULL,"
	" PRIMARY KEY (region, attachment)) STRICT, WITHOUT ROWID;\n"
	"CREATE INDEX attachment_object ON attachment (region, org, kind, object);\n"
	"CREATE INDEX attachment_file ON attachment (region, sha256);\n";
