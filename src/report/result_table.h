/* SPDX-License-Identifier: Apache-2.0 */
/* Results as a table on the terminal, with Chinese headings. */
#ifndef JW_REPORT_RESULT_TABLE_H
#define JW_REPORT_RESULT_TABLE_H

#include <stdio.h>

#include "domain/summary.h"

/* Prints the roll-up of the top nodes and every organisation (at most
 * RESULT_TABLE_ROWS) to `out`. ERR_NOMEM, ERR_IO. */
enum { RESULT_TABLE_ROWS = 1000 };
int result_table_show(FILE *out, const struct graded *graded, struct summary *summary,
		      struct err_info *info);

#endif
