/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_selfs.h"

#include <string.h>

#include "app/selfs.h"

enum { DAY_MS = 86400000 };

static int decide(const struct demo_selfs *demo, const struct caller *now, const struct campaign_org *org,
		  struct err_info *info)
{
	bool confirm = strcmp(org->code, demo->sent_back) != 0;
	struct caller cadre;
	int r = demo_person_ready(demo->people, demo->app, now, org->code, ROLE_CADRE, &cadre, info);
	return r ? r : selfs_decide(demo->app, &cadre, demo->campaign, org->id, confirm, confirm ? "" : demo->reason,
				    info);
}

static int hand_in(const struct demo_selfs *demo, const struct caller *now, const struct campaign_org *org,
		   struct arena *arena, struct err_info *info)
{
	const struct self_draft draft = {.report = demo->report(demo->arg, org), .grade = -1, .sealed = true,
					 .hand_in = true};
	struct score_put puts[SCORE_CELLS_MAX];
	struct self_view view;
	struct caller clerk;
	const char *missing = NULL;
	int n = 0, r = demo_person_ready(demo->people, demo->app, now, org->code, ROLE_CLERK, &clerk, info);
	if (r == 0)
		r = selfs_get(demo->app, &clerk, demo->campaign, org->id, arena, &view, info);
	for (int i = 0; r == 0 && view.grid.n_rows && i < view.grid.n_columns; i++) {
		int64_t max_e4 = view.grid.rows[0].cells[i].max_e4;
		const char *value = max_e4 ? demo->figure(demo->arg, org, i, max_e4) : "";
		if (!value || !draft.report)
			return err_nomem(info);
		if (*value)
			puts[n++] = (struct score_put){.org = org->id, .leaf = view.grid.columns[i].leaf, .value = value};
	}
	if (r == 0)
		r = selfs_save(demo->app, &clerk, demo->campaign, org->id, puts, n, &draft, arena, &missing, info);
	return r == 0 && missing ? err_set(info, ERR_STATE, "%s的自评：%s", org->name, missing) : r;
}

int demo_selfs(const struct demo_selfs *demo, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct self_list list;
	struct caller now, township;
	int r = 0;
	if (!demo->when(demo->arg, NULL, &now))
		return 0;
	r = demo_person_ready(demo->people, demo->app, &now, "02", ROLE_TOWNSHIP, &township, info);
	if (r == 0)
		r = selfs_list(demo->app, &township, demo->campaign, demo->node, &arena, &list, info);
	for (int i = 0; r == 0 && i < list.listed.n; i++) {
		const struct campaign_org *org = &list.listed.orgs[i];
		if (!demo->when(demo->arg, org, &now))
			continue;
		r = hand_in(demo, &now, org, &arena, info);
		now.now_ms += DAY_MS;
		if (r == 0 && list.scheme->self.confirm)
			r = decide(demo, &now, org, info);
	}
	return r;
}
