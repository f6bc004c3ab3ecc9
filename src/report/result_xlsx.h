/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result as a workbook for people: organisations with grades in colour,
 * the roll-up, and the scheme's rules and assumptions.
 */
#ifndef JW_REPORT_RESULT_XLSX_H
#define JW_REPORT_RESULT_XLSX_H

#include "base/file.h"
#include "domain/summary.h"

/* ERR_IO, ERR_NOMEM; ERR_LIMIT with more organisations than a sheet has rows. */
int result_xlsx_write(struct outfile *file, const struct graded *graded, struct summary *summary,
		      struct err_info *info);

#endif
