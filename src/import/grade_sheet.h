/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One score file or ballot file on its own, against organisations that are known
 * already: what people upload into a campaign. Rows, words and errors are those
 * of `jinwei grade` (grade_rows.h).
 */
#ifndef JW_IMPORT_GRADE_SHEET_H
#define JW_IMPORT_GRADE_SHEET_H

#include "import/grade_rows.h"

/* True if the cells look like the head of a score file (table_open's is_head;
 * `arg` unused). Or of a ballot file. */
bool grade_sheet_is_scores(void *arg, int n, const struct str *cells);
bool grade_sheet_is_ballots(void *arg, int n, const struct str *cells);

/*
 * Reads all rows of `table` into `book`, telling `listener` (may be NULL) of each
 * figure. `orgs` is finished and categorised, `book` open for both. Returns 0;
 * ERR_INPUT with what is wrong in `errors`; ERR_NOMEM, ERR_IO, ERR_LIMIT.
 */
int grade_sheet_read(enum grade_file which, const struct scheme *scheme, struct orgs *orgs,
		     struct local *local, struct book *book, struct table *table, const char *name,
		     const struct score_listener *listener, struct diag *errors,
		     struct err_info *info);

#endif
