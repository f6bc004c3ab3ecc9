/* SPDX-License-Identifier: Apache-2.0 */
/* Spot checks of the demo county: a draw whose visits are over, one that is still
 * secret, findings with photos, reminders, reports that came, findings of the
 * integrity checks that were explained. Made up, the same on every run but for the seeds. */
#ifndef JW_CLI_DEMO_CHECKS_H
#define JW_CLI_DEMO_CHECKS_H

#include "app/app.h"

/* `officer` draws and reminds, `inspector` visits; the cases must be there. */
int demo_checks(struct app *app, const struct caller *officer, const struct caller *inspector,
		int64_t county, struct err_info *info);

#endif
