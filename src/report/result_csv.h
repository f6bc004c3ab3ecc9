/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results for programs: the CSV files `out` and `summary` of the contract
 * (grading.md, "The command"): ids, English headings, UTF-8 without BOM, LF.
 */
#ifndef JW_REPORT_RESULT_CSV_H
#define JW_REPORT_RESULT_CSV_H

#include "base/file.h"
#include "domain/summary.h"

/* Work that one of the threads does first while the others make rows already.
 * Returns 0 or a negative error, told to `info`. */
struct result_first {
	int (*work)(void *arg, struct err_info *info);
	void *arg;
};

/* Writes one row per organisation of the graded level, in their order. `first` may
 * be NULL. ERR_IO, ERR_NOMEM, or what `first` returned. */
int result_csv_write(struct outfile *file, const struct graded *graded, unsigned threads,
		     const struct result_first *first, struct err_info *info);

/* Writes the roll-up of every node above the graded level. ERR_IO, ERR_NOMEM. */
int summary_csv_write(struct outfile *file, struct summary *summary, struct err_info *info);

#endif
