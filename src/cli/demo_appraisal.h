/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demo county's appraisal of the townships' secretaries (CT-9): fact-finding
 * is in but for two, the meeting was held with reports, comments, delegates and
 * live scoring; what is next is that the county decides. Made up, the same on
 * every run but for the order of the papers.
 */
#ifndef JW_CLI_DEMO_APPRAISAL_H
#define JW_CLI_DEMO_APPRAISAL_H

#include "app/app.h"

/* `officer` is the county's; `county` its organisation. */
int demo_appraisal(struct app *app, const struct caller *officer, int64_t county,
		   struct err_info *info);

#endif
