/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the three files of a grading (grading.md, "The command"): head
 * rows to columns, cells to typed values, and words for everything that can be
 * wrong with them. Both readers, the precise and the fast one, end here; the
 * fast one only takes short cuts for cells that need no thought.
 */
#ifndef JW_IMPORT_GRADE_ROWS_H
#define JW_IMPORT_GRADE_ROWS_H

#include "base/diag.h"
#include "base/intern.h"
#include "domain/book.h"
#include "import/table.h"

enum grade_file {
	FILE_ORGS,
	FILE_SCORES,
	FILE_BALLOTS,
	FILE_LOCAL,
	FILE_COUNT,
};

enum { COLUMN_NONE = -1 };

enum orgs_column {
	ORGS_CODE,
	ORGS_PARENT,
	ORGS_NAME,
	ORGS_LEVEL,
	ORGS_FIELD,
	ORGS_MEMBERS,
	ORGS_RESIDENTS,
	ORGS_KIND,
	ORGS_PRESENT_MEMBERS,
	ORGS_PRESENT_RESIDENTS,
	ORGS_COLUMNS,
};

enum scores_column {
	SCORES_ORG,
	SCORES_SOURCE,
	SCORES_RATER,
	SCORES_INDICATOR,	/* present: the long form */
	SCORES_POINTS,
	SCORES_COLUMNS,
};

enum ballots_column {
	BALLOTS_ORG,
	BALLOTS_VOTERS,
	BALLOTS_OPTION,
	BALLOTS_COUNT,
	BALLOTS_COLUMNS,
};

enum local_column {
	LOCAL_NODE,
	LOCAL_ID,
	LOCAL_LABEL,
	LOCAL_POINTS,
	LOCAL_COLUMNS,
};

enum {
	GRADE_COLUMNS_MAX = ORGS_COLUMNS,
	GRADE_RATER_MAX = 512,	/* bytes of a rater's name */
};

/* What a column of a wide score file holds. */
enum {
	WIDE_IGNORED = -1,
	WIDE_LOCAL = -2,	/* an indicator that committees added (local.h) */
};

/* Told of every figure of one organisation, for `jinwei explain`. Called by the
 * precise reader only. `leaf` is -1 for a source by points. */
struct score_listener {
	const char *code;
	void (*figure)(void *arg, int source, struct str rater, int leaf, int64_t points_e4);
	void *arg;
	/* Told of every organisation's figures, with the line; NULL: of nobody else's. */
	void (*every)(void *arg, uint32_t node, uint64_t line, int source, struct str rater, int leaf,
		      int64_t points_e4);
};

/* One file while it is read. Threads may share it: rows change only the book,
 * and `diag` only in the precise reading, which has one thread. */
struct grade_reader {
	const struct scheme *scheme;
	struct orgs *orgs;
	struct local *local;
	struct book *book;
	struct intern *raters;

	enum grade_file file;
	const char *name;	/* for messages */
	bool sheet;
	int n_columns;
	const struct str *head;		/* [n_columns], trimmed and folded */
	int column[GRADE_COLUMNS_MAX];	/* where each known column is, or COLUMN_NONE */
	bool wide;			/* scores: one column per indicator */
	int *leaf;			/* wide: per column a leaf, or WIDE_… */

	struct diag *diag;	/* NULL: errors are not told, only counted by the code */
	uint64_t line;		/* of the present row, if diag */
	const struct score_listener *listener;	/* scores; NULL: none */
	uint64_t *org_lines;	/* orgs: line of each node, if diag */
	size_t org_lines_cap;
};

/* Finds the columns in a head row: cells are trimmed and folded, and must live
 * as long as the reader; `leaf` (for scores) has room for n. Tells all errors
 * to `diag` and unknown columns to `warnings` (either may be NULL). Returns 0
 * or ERR_INPUT. */
int grade_head(struct grade_reader *reader, int n, const struct str *cells, struct diag *warnings);

/* True if the cells look like the head of this file (table_is_head). */
bool grade_is_head(void *reader, int n, const struct str *cells);

/* Takes one row; an empty one is skipped. Returns 0, ERR_INPUT (told to diag),
 * ERR_NOMEM or ERR_LIMIT. Cells are not trimmed yet. */
int grade_row(struct grade_reader *reader, const struct str *cells);

/* Parses an organisation's row without adding it: 0, 1 for an empty row, or as
 * grade_row. Texts are borrowed from `cells`, or from `room` (as large as all
 * cells together) where full-width characters were folded. */
int grade_org_parse(const struct grade_reader *reader, const struct str *cells, char *room,
		    struct org_row *ret_row);

/* Tells what is wrong with the tree (orgs_fault; arg: the reader). */
void grade_tree_fault(void *reader, enum org_fault fault, uint32_t node, uint32_t other);

#endif
