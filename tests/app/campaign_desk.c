/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "store/id.h"

void campaign_desk_field(struct desk *desk, int64_t id, enum field field)
{
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct org org = desk_get(desk, id, &arena);
	org.field = field;
	org.kind = "党支部";
	org.members = 40;
	org.residents = 300;
	if (roster_change(&desk->app, &desk->machine, &org, &desk_today, &info) < 0)
		fail_msg("%s", info.text);
}

int64_t campaign_desk_fill(struct desk *desk)
{
	int64_t school = desk_add(desk, desk->other_township, "08-701", "柳河中学党支部", LEVEL_UNIT);
	campaign_desk_field(desk, desk->branch[0], FIELD_COMMUNITY);
	campaign_desk_field(desk, desk->branch[1], FIELD_VILLAGE);
	campaign_desk_field(desk, desk->branch[2], FIELD_VILLAGE);
	campaign_desk_field(desk, school, FIELD_SCHOOL);
	return school;
}

int64_t campaign_desk_open(struct desk *desk, int64_t node, const char *scheme)
{
	struct err_info info = {0};
	const struct campaign_draft draft = {.node = node, .year = 2026, .scheme = scheme};
	int64_t id = 0;
	if (campaigns_open(&desk->app, &desk->machine, &draft, &id, &info) < 0)
		fail_msg("%s", info.text);
	return id;
}

void campaign_desk_write(struct desk *desk, db_fn fn, void *arg)
{
	struct err_info info = {0};
	if (db_write(desk->app.db, id_region(desk->county), fn, arg, &info) < 0)
		fail_msg("%s", info.text);
}

struct set {
	int64_t campaign, org;
	int step;
	enum step_state state;
};

static int set_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct set *set = arg;
	(void)info;
	return store_org_step_set(tx, set->campaign, set->org, set->step, set->state, 7, 5000, "说明");
}

void campaign_desk_step(struct desk *desk, int64_t campaign, int64_t org, int step,
			enum step_state state)
{
	struct set set = {campaign, org, step, state};
	campaign_desk_write(desk, set_fn, &set);
}
