/* SPDX-License-Identifier: Apache-2.0 */
/* The demo county's rectification ledger: cases in every state, of those that
 * last year's grading put lowest. Made up, the same on every run. */
#ifndef JW_CLI_DEMO_CASES_H
#define JW_CLI_DEMO_CASES_H

#include "app/app.h"

/* `officer` and `township` (of 石桥镇) act; last year's campaign must be there. */
int demo_cases(struct app *app, const struct caller *officer, const struct caller *township,
	       int64_t county, struct err_info *info);

#endif
