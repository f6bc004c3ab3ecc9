/* SPDX-License-Identifier: Apache-2.0 */
/* What the county tries out in 石桥镇 before all do it next year: related units score
 * (GZ-4), branches score each other (QN-1), the committee sets indicators of its own
 * (ZY-1), ballots on paper are counted twice. Everybody enters his own. */
#ifndef JW_CLI_DEMO_PILOT_H
#define JW_CLI_DEMO_PILOT_H

#include "app/app.h"
#include "cli/demo_people.h"

/* `unit` is a related unit, which signs in as `login`. */
int demo_pilot(struct app *app, const struct caller *officer, const struct caller *unit, const char *login,
	       struct demo_people *people, int64_t county, struct err_info *info);

#endif
