/* SPDX-License-Identifier: Apache-2.0 */
/* Use case: explain one organisation's result (`jinwei explain`). */
#ifndef JW_APP_EXPLAINING_H
#define JW_APP_EXPLAINING_H

#include "app/grading.h"

/* Grades the job's files and appends the explanation of the organisation with
 * this code to `ret_text`, as text or as JSON. Errors as grading_run;
 * ERR_NOT_FOUND where no organisation of the graded level has that code. */
int explaining_run(const struct grading_job *job, const char *code, bool json,
		   struct buf *ret_text, struct diag *errors, struct diag *warnings,
		   struct err_info *info);

#endif
