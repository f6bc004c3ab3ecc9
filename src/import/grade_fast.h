/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short cuts for the rows of large files: batches of look-ups that wait for
 * memory together, and words compared as integers. Whatever is not plain goes
 * to grade_rows.h, row by row, so that there is one set of rules.
 */
#ifndef JW_IMPORT_GRADE_FAST_H
#define JW_IMPORT_GRADE_FAST_H

#include "import/csv_fast.h"
#include "import/grade_rows.h"

/* Memory in large pieces that threads take parts of. */
struct pieces {
	size_t n, cap;
	char **at;
	size_t size;		/* of each piece */
};

/* Texts of organisations that were read in blocks; they must outlive `orgs`. */
struct org_texts {
	const char *file;	/* the file, if it is mapped: most texts stay there */
	size_t file_size;
	struct pieces pieces;	/* of the others */
};
void org_texts_done(struct org_texts *texts);

/* Reads the rows of a file whose head the reader knows (diag is NULL). Returns
 * 0 or an error; CSV_UNUSUAL and ERR_INPUT mean: read it again precisely, what
 * was read so far is void. `texts` only for organisations; texts->file is the
 * source's data if that stays as long as they do, else NULL. */
int grade_fast_read(struct grade_reader *reader, const struct csv_source *source, uint64_t body,
		    unsigned threads, void (*progress)(void *arg, uint64_t bytes), void *arg,
		    struct org_texts *texts);

/* One row of a block by the rules of grade_rows.h, for those that are not plain. */
int grade_fast_row(struct grade_reader *reader, const struct csv_block *block, size_t row);

#endif
