/* SPDX-License-Identifier: Apache-2.0 */
/* Self-evaluations of a demo township, as its people make them: each secretary fills in
 * and hands in his own, the cadre of the village confirms it or sends it back. */
#ifndef JW_CLI_DEMO_SELFS_H
#define JW_CLI_DEMO_SELFS_H

#include "app/campaigns.h"
#include "cli/demo_people.h"

struct demo_selfs {
	struct app *app;
	struct demo_people *people;
	int64_t campaign, node;
	const char *sent_back, *reason;		/* code of the one that comes back, and why */
	void *arg;
	/* When he does it; only the time is looked at. False: he hasn't yet. */
	bool (*when)(void *arg, const struct campaign_org *org, struct caller *ret_now);
	/* What he gives himself in a column that has this maximum; NULL: no memory. */
	const char *(*figure)(void *arg, const struct campaign_org *org, int column, int64_t max_e4);
	const char *(*report)(void *arg, const struct campaign_org *org);
};

int demo_selfs(const struct demo_selfs *demo, struct err_info *info);

#endif
