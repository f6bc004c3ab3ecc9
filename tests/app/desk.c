/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/desk.h"

#include <stdlib.h>

#include "store/account.h"
#include "store/id.h"
#include "store/schema.h"

enum { NOW_MS = 1000000 };

const struct org_when desk_today = {0, NULL};

struct desk *desk_of(void **state)
{
	return ((struct engine *)*state)->own;
}

struct caller desk_caller(int64_t account, int64_t now_ms)
{
	return (struct caller){.account = account, .origin = "10.0.0.8", .now_ms = now_ms,
			       .today = 20260320};
}

int64_t desk_add(struct desk *desk, int64_t parent, const char *code, const char *name,
		 enum level level)
{
	struct err_info info = {0};
	struct org org = org_blank();
	int64_t id = 0;
	org.parent = parent;
	org.code = code;
	org.name = name;
	org.level = level;
	if (roster_add(&desk->app, &desk->machine, &org, &desk_today, &id, &info) < 0)
		fail_msg("%s: %s", name, info.text);
	return id;
}

struct org desk_get(struct desk *desk, int64_t id, struct arena *arena)
{
	struct org_detail detail;
	struct err_info info = {0};
	if (roster_detail(&desk->app, &desk->machine, id, arena, &detail, &info) < 0)
		fail_msg("%s", info.text);
	return detail.org;
}

struct new_account {
	struct account account;
	enum role role;
};

static int account_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct new_account *new = arg;
	int r = store_account_insert(tx, &new->account);
	return r < 0 ? r : store_grant_add(tx, new->account.id, new->role, new->account.node, 0, 1);
}

int64_t desk_account(struct desk *desk, int64_t node, const char *name, enum role role)
{
	struct new_account new = {
		.account = {.node = node, .name = name, .label = name, .phone = "", .password = "",
			    .created_ms = 1},
		.role = role,
	};
	assert_int_equal(db_write(desk->app.db, id_region(node), account_fn, &new, NULL), 0);
	return new.account.id;
}

int desk_setup(void **state)
{
	if (engine_setup(state) < 0)
		return -1;
	struct engine *engine = *state;
	struct desk *desk = calloc(1, sizeof(*desk));
	struct err_info info = {0};
	engine->own = desk;
	if (db_migrate(engine->db, &store_schema, 1, NULL, &info) < 0 ||
	    app_init(&desk->app, engine->db, &info) < 0) {
		print_error("%s\n", info.text);
		return -1;
	}
	app_cheap_passwords(&desk->app, true);
	desk->machine = (struct caller){.machine = true, .origin = "命令行", .now_ms = NOW_MS,
					.today = 20260320};
	desk->city = desk_add(desk, 0, "43", "临江市", LEVEL_CITY);
	desk->county = desk_add(desk, desk->city, "4301", "云岭县", LEVEL_COUNTY);
	desk->other_county = desk_add(desk, desk->city, "4302", "石桥县", LEVEL_COUNTY);
	desk->township = desk_add(desk, desk->county, "4301-07", "龙泉镇", LEVEL_TOWNSHIP);
	desk->other_township = desk_add(desk, desk->county, "4301-08", "柳河镇", LEVEL_TOWNSHIP);
	desk->branch[0] = desk_add(desk, desk->township, "07-101", "龙泉社区党总支", LEVEL_UNIT);
	desk->branch[1] = desk_add(desk, desk->township, "07-602", "长坡村党支部", LEVEL_UNIT);
	desk->branch[2] = desk_add(desk, desk->township, "07-603", "上坪村党支部", LEVEL_UNIT);
	return 0;
}

/* Whatever a test did, the tables agree with each other (as `jinwei db check`). */
int desk_teardown(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	int r = db_read(desk->app.db, store_check, NULL, &info);
	if (r < 0)
		print_error("%s\n", info.text);
	app_done(&desk->app);
	free(desk);
	return engine_teardown(state) < 0 || r < 0 ? -1 : 0;
}
