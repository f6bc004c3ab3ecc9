/* SPDX-License-Identifier: Apache-2.0 */
/* The demo county's leaders and whom they are linked to (LD-8). Made up. */
#ifndef JW_CLI_DEMO_RULES_H
#define JW_CLI_DEMO_RULES_H

#include "app/app.h"

struct demo_leader {
	const char *name, *post;
};

/* Who is linked to the i-th case, of the organisation with this code. */
const struct demo_leader *demo_leader_of(int i, const char *code);

/* Enters the lists of leaders, some of whom are linked to nothing yet. */
int demo_rules(struct app *app, const struct caller *officer, int64_t county, struct err_info *info);

#endif
