/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

struct look {
	struct arena arena;
	int64_t campaign, org;
	const char *path;
	struct campaign_org one, *orgs;
	int found, n;
	int64_t total;
};

static int orgs_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	(void)info;
	return store_campaign_orgs(tx, look->campaign, look->path, look->one.category >= 0,
				   &look->arena, &look->orgs, &look->n);
}

static int one_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	(void)info;
	look->found = store_campaign_org_get(tx, look->campaign, look->org, &look->arena, &look->one);
	return look->found < 0 ? look->found : 0;
}

static int page_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	(void)info;
	return store_campaign_orgs_page(tx, look->campaign, look->path, look->one.category, 1, 1,
					&look->arena, &look->orgs, &look->n, &look->total);
}

static void the_tree_is_frozen_with_its_categories(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {.path = "/"};
	campaign_desk_fill(desk);
	look.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	/* What changes in the tree of today does not reach it. */
	desk_add(desk, desk->township, "07-999", "新党支部", LEVEL_UNIT);
	campaign_desk_field(desk, desk->branch[1], FIELD_SCHOOL);
	look.one.category = -1;
	assert_int_equal(db_read(desk->app.db, orgs_fn, &look, NULL), 0);
	assert_int_equal(look.n, 7);
	assert_string_equal(look.orgs[0].name, "云岭县");
	assert_int_equal(look.orgs[0].category, -1);
	look.one.category = 0;
	assert_int_equal(db_read(desk->app.db, orgs_fn, &look, NULL), 0);
	assert_int_equal(look.n, 4);
	look.org = desk->branch[1];
	assert_int_equal(db_read(desk->app.db, one_fn, &look, NULL), 0);
	assert_int_equal(look.found, 1);
	assert_int_equal(look.one.category, 0);
	assert_int_equal(look.one.members, 40);
	assert_int_equal(look.one.present[VOTERS_MEMBER], ORG_UNSET);
	look.org = desk->other_county;
	assert_int_equal(db_read(desk->app.db, one_fn, &look, NULL), 0);
	assert_int_equal(look.found, 0);
	arena_done(&look.arena);
}

static int kind_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct db_stmt *q = db_query(tx, "UPDATE org SET kind = '党委' WHERE org = $1");
	db_bind_int(q, 1, *(const int64_t *)arg);
	int r = db_run(q);
	return r < 0 ? r : 0;
}

static void kinds_that_the_scheme_does_not_grade_stay_outside(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {.path = "/"};
	campaign_desk_fill(desk);
	campaign_desk_write(desk, kind_fn, &desk->branch[0]);
	look.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	look.org = desk->branch[0];
	assert_int_equal(db_read(desk->app.db, one_fn, &look, NULL), 0);
	assert_int_equal(look.one.category, -1);
	assert_string_equal(look.one.kind, "党委");
	arena_done(&look.arena);
}

static void pages_are_by_code_and_category(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {.path = "/"};
	campaign_desk_fill(desk);
	look.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	look.one.category = -1;
	assert_int_equal(db_read(desk->app.db, page_fn, &look, NULL), 0);
	assert_int_equal(look.total, 4);
	assert_int_equal(look.n, 1);
	assert_string_equal(look.orgs[0].code, "07-602");
	look.one.category = 1;
	assert_int_equal(db_read(desk->app.db, page_fn, &look, NULL), 0);
	assert_int_equal(look.total, 2);
	assert_string_equal(look.orgs[0].code, "08-701");
	arena_done(&look.arena);
}

static int present_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	(void)info;
	look->found = store_campaign_org_set_present(tx, look->campaign, look->org, VOTERS_RESIDENT, 180);
	return 0;
}

static void numbers_present_are_kept_by_class_of_voters(void **state)
{
	struct desk *desk = desk_of(state);
	struct look look = {.path = "/"};
	campaign_desk_fill(desk);
	look.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	look.org = desk->branch[2];
	campaign_desk_write(desk, present_fn, &look);
	assert_int_equal(look.found, 0);
	assert_int_equal(db_read(desk->app.db, one_fn, &look, NULL), 0);
	assert_int_equal(look.one.present[VOTERS_RESIDENT], 180);
	assert_int_equal(look.one.present[VOTERS_MEMBER], ORG_UNSET);
	look.org = desk->other_county;
	campaign_desk_write(desk, present_fn, &look);
	assert_int_equal(look.found, ERR_NOT_FOUND);
	arena_done(&look.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(the_tree_is_frozen_with_its_categories),
		ON_DESK(kinds_that_the_scheme_does_not_grade_stay_outside),
		ON_DESK(pages_are_by_code_and_category),
		ON_DESK(numbers_present_are_kept_by_class_of_voters),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
