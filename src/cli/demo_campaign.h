/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demo county's campaigns: a closed one of last year and this year's, in
 * which the townships stand at different steps. All figures are made up, from
 * the organisations' codes, so that they are the same on every run.
 */
#ifndef JW_CLI_DEMO_CAMPAIGN_H
#define JW_CLI_DEMO_CAMPAIGN_H

#include "app/app.h"

struct demo_people;

/* `officer` is the county's; `county` its organisation. */
int demo_campaigns(struct app *app, const struct caller *officer, struct demo_people *people, int64_t county,
		   struct err_info *info);

#endif
