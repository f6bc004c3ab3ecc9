/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/desk.h"
#include "store/id.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static int try_add(struct desk *desk, const struct caller *caller, int64_t parent, const char *code,
		   enum level level, struct err_info *info)
{
	struct org org = org_blank();
	int64_t id;
	org.parent = parent;
	org.code = code;
	org.name = "某支部";
	org.level = level;
	return roster_add(&desk->app, caller, &org, &desk_today, &id, info);
}

static void a_county_is_a_region_of_its_own(void **state)
{
	struct desk *desk = desk_of(state);
	assert_int_equal(id_region(desk->city), 0);
	assert_true(id_region(desk->county) > 0);
	assert_true(id_region(desk->county) != id_region(desk->other_county));
	assert_int_equal(id_region(desk->branch[2]), id_region(desk->county));
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
}

static void a_detail_shows_path_children_and_counts(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct org_detail d;
	assert_int_equal(roster_detail(&desk->app, &desk->machine, desk->township, &arena, &d, NULL), 0);
	assert_int_equal(d.n_crumbs, 3);
	assert_string_equal(d.crumbs[0].name, "临江市");
	assert_string_equal(d.crumbs[2].name, "龙泉镇");
	assert_int_equal(d.n_children, 3);
	assert_string_equal(d.children[1].org.name, "长坡村党支部");
	assert_int_equal(roster_detail(&desk->app, &desk->machine, desk->city, &arena, &d, NULL), 0);
	assert_int_equal(d.n_children, 2);
	assert_int_equal(d.children[0].below, 3);
	assert_int_equal(d.children[1].below, 0);
}

static void new_organisations_are_checked(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	const struct caller *m = &desk->machine;
	assert_int_equal(try_add(desk, m, desk->township, "07-101", LEVEL_UNIT, &info), ERR_CONFLICT);
	assert_non_null(strstr(info.text, "龙泉社区党总支"));
	/* Taken in another region, too. */
	assert_int_equal(try_add(desk, m, desk->other_county, "07-101", LEVEL_UNIT, &info),
			 ERR_CONFLICT);
	assert_int_equal(try_add(desk, m, desk->township, "a b", LEVEL_UNIT, &info), ERR_INPUT);
	assert_int_equal(try_add(desk, m, desk->township, "", LEVEL_UNIT, &info), ERR_INPUT);
	assert_int_equal(try_add(desk, m, desk->township, "x", LEVEL_COUNTY, &info), ERR_INPUT);
	assert_int_equal(try_add(desk, m, desk->branch[0], "07-101-1", LEVEL_UNIT, &info), 0);
	assert_int_equal(try_add(desk, m, 999, "x", LEVEL_UNIT, &info), ERR_NOT_FOUND);
}

static void search_finds_code_name_and_initials_and_takes_signs_literally(void **state)
{
	struct desk *desk = desk_of(state);
	static const struct {
		const char *text;
		int n;
	} cases[] = {{"长坡", 1}, {"07-6", 2}, {"cpc", 1}, {"CPC", 1}, {"lq", 2}, {"%", 0}, {"_", 0},
		     {"\\", 0}, {"没有", 0}, {"", 4}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(arena) struct arena arena = {0};
		struct org_filter filter = ORG_FILTER(NULL);
		struct roster_page page;
		filter.text = cases[i].text;
		assert_int_equal(roster_list(&desk->app, &desk->machine, desk->township, &filter, &arena,
					   &page, NULL), 0);
		if (page.sum.n != cases[i].n)
			fail_msg("%s: %d", cases[i].text, (int)page.sum.n);
		assert_int_equal(page.n, cases[i].n);
	}
}

static void lists_are_filtered_sorted_and_paged(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct roster_page page;
	struct org_filter filter = ORG_FILTER(NULL);
	filter.level = LEVEL_UNIT;
	filter.order = ORG_BY_NAME;
	filter.limit = 2;
	assert_int_equal(roster_list(&desk->app, &desk->machine, desk->city, &filter, &arena, &page,
				   NULL), 0);
	assert_int_equal(page.sum.n, 3);
	assert_int_equal(page.n, 2);
	/* By pinyin: changpo, longquan, shangping. */
	assert_string_equal(page.orgs[0].name, "长坡村党支部");
	assert_string_equal(page.orgs[1].name, "龙泉社区党总支");
	filter.descending = true;
	filter.offset = 1;
	assert_int_equal(roster_list(&desk->app, &desk->machine, desk->city, &filter, &arena, &page,
				   NULL), 0);
	assert_string_equal(page.orgs[0].name, "龙泉社区党总支");
	filter = ORG_FILTER(NULL);
	filter.parent = desk->county;
	assert_int_equal(roster_list(&desk->app, &desk->machine, desk->county, &filter, &arena, &page,
				   NULL), 0);
	assert_int_equal(page.sum.n, 2);
}

/* What is sorted here and what the engine sorts must agree. */
static void every_order_is_the_same_however_it_is_found(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	for (int i = 0; i < 3; i++) {
		struct org org = desk_get(desk, desk->branch[i], &arena);
		org.members = i == 2 ? ORG_UNSET : 5;
		org.election_due = i == 1 ? 0 : 20260301 + i;
		org.secretary_name = i == 0 ? "" : "周";
		assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &desk_today, NULL), 0);
	}
	for (int order = 0; order < ORG_ORDER_COUNT; order++)
		for (int descending = 0; descending < 2; descending++) {
			struct roster_page engine, here, found;
			struct org_filter filter = ORG_FILTER(NULL);
			filter.order = (enum org_order)order;
			filter.descending = descending;
			filter.parent = desk->township;
			assert_int_equal(roster_list(&desk->app, &desk->machine, desk->township, &filter,
						     &arena, &engine, NULL), 0);
			filter.parent = 0;
			filter.level = LEVEL_UNIT;
			assert_int_equal(roster_list(&desk->app, &desk->machine, desk->township, &filter,
						     &arena, &here, NULL), 0);
			filter.text = "党";
			assert_int_equal(roster_list(&desk->app, &desk->machine, desk->township, &filter,
						     &arena, &found, NULL), 0);
			assert_int_equal(engine.n, 3);
			assert_int_equal(here.n, 3);
			assert_int_equal(found.n, 3);
			assert_int_equal(engine.sum.members, 10);
			assert_int_equal(here.sum.members, 10);
			assert_int_equal(found.sum.members, 10);
			for (int i = 0; i < 3; i++)
				if (here.orgs[i].id != engine.orgs[i].id ||
				    found.orgs[i].id != engine.orgs[i].id)
					fail_msg("order %d, descending %d", order, descending);
		}
}

static void a_change_keeps_what_was_and_a_stale_one_is_refused(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct org org = desk_get(desk, desk->branch[1], &arena), stale = org;
	struct org_version *versions;
	int n;
	const struct org_when when = {20260320, "换届"};
	org.secretary_name = "欧阳明";
	org.members = 46;
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &when, &info), 0);
	stale.note = "另一个窗口";
	assert_int_equal(roster_change(&desk->app, &desk->machine, &stale, &when, &info), ERR_CONFLICT);
	assert_int_equal(roster_history(&desk->app, &desk->machine, org.id, &arena, &versions, &n, NULL),
			 0);
	assert_int_equal(n, 2);
	assert_string_equal(versions[0].org.secretary_name, "欧阳明");
	assert_string_equal(versions[0].stamp.reason, "换届");
	assert_int_equal(versions[0].stamp.since_day, 20260320);
	assert_string_equal(versions[1].org.secretary_name, "");
	/* The same again changes nothing. */
	org = desk_get(desk, org.id, &arena);
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &when, &info), 0);
	assert_int_equal(desk_get(desk, org.id, &arena).version, 2);
	org.founded = 20260230;
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &when, &info), ERR_INPUT);
}

static void a_change_is_not_older_than_the_last_one_nor_to_come(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct caller late = desk->machine;
	struct org org = desk_get(desk, desk->branch[1], &arena);
	struct org new = org_blank();
	struct org_when when = {20260321, NULL};
	int64_t id;
	new.code = "07-990";
	new.parent = desk->township;
	new.name = "新支部";
	new.level = LEVEL_UNIT;
	/* Registered on the twentieth of March. */
	assert_int_equal(org.since_day, 20260320);
	org.members = 47;
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &when, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "2026-03-21"));
	assert_non_null(strstr(info.text, "最晚填今天 2026-03-20"));
	late.today = 20260420;
	when.since_day = 20260319;
	assert_int_equal(roster_change(&desk->app, &late, &org, &when, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "2026-03-19 早于"));
	assert_non_null(strstr(info.text, "2026-03-20 到今天 2026-04-20"));
	when.since_day = 20260410;
	assert_int_equal(roster_change(&desk->app, &late, &org, &when, &info), 0);
	when.since_day = 20260409;
	assert_int_equal(roster_move(&desk->app, &late, org.id, 0, desk->other_township, &when, &info), ERR_INPUT);
	assert_int_equal(roster_merge(&desk->app, &late, &org.id, 1, desk->branch[0], &when, &info), ERR_INPUT);
	assert_int_equal(roster_split(&desk->app, &late, org.id, 0, &new, 1, false, &when, &id, &info), ERR_INPUT);
	assert_int_equal(roster_dissolve(&desk->app, &late, org.id, 0, &when, &info), ERR_INPUT);
	assert_int_equal(desk_get(desk, org.id, &arena).version, 2);
	when.since_day = 20260410;
	assert_int_equal(roster_dissolve(&desk->app, &late, org.id, 0, &when, &info), 0);
	/* And stays as it was then. */
	org.members = 48;
	org.version = 0;
	assert_int_equal(roster_change(&desk->app, &late, &org, &when, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "已撤销，不能再改"));
	assert_int_equal(roster_move(&desk->app, &late, org.id, 0, desk->other_township, &when, &info), ERR_STATE);
	when.since_day = 20260409;
	assert_int_equal(roster_establish(&desk->app, &late, org.id, 0, &when, &info), ERR_INPUT);
	/* A new one may have been there for long, but is not to come. */
	assert_int_equal(roster_add(&desk->app, &late, &new, &when, &id, &info), 0);
	when.since_day = 20260421;
	assert_int_equal(roster_add(&desk->app, &late, &new, &when, &id, &info), ERR_INPUT);
}

static void a_level_that_breaks_the_order_of_the_tree_is_refused(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct org org = desk_get(desk, desk->county, &arena);
	org.level = LEVEL_UNIT;
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &desk_today, NULL), ERR_INPUT);
	org.level = LEVEL_CITY;
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &desk_today, NULL), ERR_INPUT);
}

static void a_move_takes_everything_below_along(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	int64_t below = desk_add(desk, desk->branch[0], "07-101-1", "一支部", LEVEL_UNIT);
	struct org org = desk_get(desk, desk->branch[0], &arena);
	assert_int_equal(roster_move(&desk->app, &desk->machine, org.id, org.version,
				   desk->other_township, &desk_today, &info), 0);
	char path[ORG_PATH_MAX];
	snprintf(path, sizeof(path), "/%lld/%lld/%lld/%lld/%lld/", (long long)desk->city,
		 (long long)desk->county, (long long)desk->other_township, (long long)org.id,
		 (long long)below);
	assert_string_equal(desk_get(desk, below, &arena).path, path);
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
	/* Not under itself, not into another county. */
	org = desk_get(desk, org.id, &arena);
	assert_int_equal(roster_move(&desk->app, &desk->machine, org.id, org.version, below, &desk_today,
				   &info), ERR_STATE);
	assert_int_equal(roster_move(&desk->app, &desk->machine, org.id, org.version, org.id,
				   &desk_today, &info), ERR_STATE);
	assert_int_equal(roster_move(&desk->app, &desk->machine, org.id, org.version,
				   desk->other_county, &desk_today, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "跨县"));
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
}

static void a_merge_keeps_the_past_of_both(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct org_detail d;
	struct org_version *versions;
	int n;
	int64_t below = desk_add(desk, desk->branch[1], "07-602-1", "一支部", LEVEL_UNIT);
	assert_int_equal(roster_merge(&desk->app, &desk->machine, &desk->branch[1], 1, desk->branch[2],
				    &desk_today, NULL), 0);
	assert_int_equal(roster_detail(&desk->app, &desk->machine, desk->branch[1], &arena, &d, NULL), 0);
	assert_int_equal(d.org.state, ORG_MERGED);
	assert_string_equal(d.successor_name, "上坪村党支部");
	assert_int_equal(d.n_links, 1);
	assert_int_equal(desk_get(desk, below, &arena).parent, desk->branch[2]);
	assert_int_equal(roster_history(&desk->app, &desk->machine, desk->branch[1], &arena, &versions,
				      &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(versions[1].org.state, ORG_ACTIVE);
	/* Not twice, and not into itself or below itself. */
	assert_int_equal(roster_merge(&desk->app, &desk->machine, &desk->branch[1], 1, desk->branch[2],
				    &desk_today, NULL), ERR_STATE);
	assert_int_equal(roster_merge(&desk->app, &desk->machine, &desk->branch[2], 1, below, &desk_today,
				    NULL), ERR_INPUT);
}

static void a_split_and_a_dissolution_are_remembered(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct org parts[2] = {org_blank(), org_blank()}, from = desk_get(desk, desk->branch[1], &arena);
	int64_t ids[2];
	struct org_detail d;
	parts[0].code = "07-602-A";
	parts[0].name = "上长坡村党支部";
	parts[1].code = "07-602-B";
	parts[1].name = "下长坡村党支部";
	assert_int_equal(roster_split(&desk->app, &desk->machine, from.id, from.version, parts, 2, true,
				    &desk_today, ids, &info), 0);
	assert_int_equal(roster_detail(&desk->app, &desk->machine, from.id, &arena, &d, NULL), 0);
	assert_int_equal(d.org.state, ORG_DISSOLVED);
	assert_int_equal(d.n_links, 2);
	assert_int_equal(desk_get(desk, ids[1], &arena).parent, desk->township);
	/* A township with branches can't go. */
	struct org township = desk_get(desk, desk->township, &arena);
	assert_int_equal(roster_dissolve(&desk->app, &desk->machine, township.id, township.version,
				       &desk_today, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "07") ? info.text : strstr(info.text, "下面还有"));
}

static void one_that_should_exist_can_be_established(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct org org = org_blank();
	int64_t id;
	org.parent = desk->township;
	org.code = "07-701";
	org.name = "电商园党支部";
	org.state = ORG_SHOULD_EXIST;
	assert_int_equal(roster_add(&desk->app, &desk->machine, &org, &desk_today, &id, NULL), 0);
	assert_int_equal(roster_establish(&desk->app, &desk->machine, id, 1, &desk_today, NULL), 0);
	assert_int_equal(desk_get(desk, id, &arena).state, ORG_ACTIVE);
	assert_int_equal(roster_establish(&desk->app, &desk->machine, id, 2, &desk_today, NULL),
			 ERR_STATE);
}

struct as_of {
	int64_t node, at_ms;
	struct arena *arena;
	struct org *orgs;
	int n;
};

static int as_of_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct as_of *a = arg;
	return store_org_as_of(tx, a->node, a->at_ms, a->arena, &a->orgs, &a->n);
}

static void the_tree_can_be_seen_as_it_stood(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct org org = desk_get(desk, desk->branch[0], &arena);
	desk->machine.now_ms += 1000;
	assert_int_equal(roster_move(&desk->app, &desk->machine, org.id, org.version,
				   desk->other_township, &desk_today, NULL), 0);
	desk_add(desk, desk->township, "07-999", "新支部", LEVEL_UNIT);
	struct as_of before = {desk->township, desk->machine.now_ms - 1, &arena, NULL, 0};
	struct as_of after = {desk->township, desk->machine.now_ms, &arena, NULL, 0};
	struct as_of city = {desk->city, desk->machine.now_ms - 1, &arena, NULL, 0};
	assert_int_equal(db_read(desk->app.db, as_of_fn, &before, NULL), 0);
	assert_int_equal(before.n, 4);
	assert_int_equal(before.orgs[0].id, desk->township);
	assert_string_equal(before.orgs[1].code, "07-101");
	assert_int_equal(db_read(desk->app.db, as_of_fn, &after, NULL), 0);
	assert_int_equal(after.n, 4);
	assert_string_equal(after.orgs[1].code, "07-602");
	assert_string_equal(after.orgs[3].code, "07-999");
	assert_int_equal(db_read(desk->app.db, as_of_fn, &city, NULL), 0);
	assert_int_equal(city.n, 8);
}

static void rights_end_at_the_own_tree(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct org_detail d;
	struct roster_page page;
	struct org_filter filter = ORG_FILTER(NULL);
	int64_t township = desk_account(desk, desk->township, "longquan", ROLE_TOWNSHIP);
	int64_t officer = desk_account(desk, desk->county, "officer", ROLE_OFFICER);
	struct caller t = desk_caller(township, 2000000), o = desk_caller(officer, 2000000);
	struct caller nobody = desk_caller(0, 2000000), ghost = desk_caller(123456, 2000000);

	assert_int_equal(roster_detail(&desk->app, &t, desk->branch[0], &arena, &d, &info), 0);
	assert_int_equal(d.n_crumbs, 2);	/* it begins at its township */
	assert_true(d.may & UINT64_C(1) << ACTION_ORG_EDIT);
	assert_false(d.may & UINT64_C(1) << ACTION_ORG_STRUCTURE);
	assert_int_equal(roster_detail(&desk->app, &t, desk->other_township, &arena, &d, &info),
			 ERR_DENIED);
	assert_int_equal(roster_list(&desk->app, &t, desk->county, &filter, &arena, &page, &info),
			 ERR_DENIED);
	assert_int_equal(roster_detail(&desk->app, &o, desk->other_county, &arena, &d, &info), ERR_DENIED);
	assert_int_equal(roster_detail(&desk->app, &nobody, desk->branch[0], &arena, &d, &info),
			 ERR_DENIED);
	assert_int_equal(roster_detail(&desk->app, &ghost, desk->branch[0], &arena, &d, &info),
			 ERR_DENIED);
	assert_int_equal(try_add(desk, &t, desk->township, "07-9", LEVEL_UNIT, &info), ERR_DENIED);
	assert_int_equal(try_add(desk, &o, desk->township, "07-9", LEVEL_UNIT, &info), 0);
	assert_int_equal(try_add(desk, &o, 0, "9", LEVEL_CITY, &info), ERR_DENIED);
	int64_t id;
	assert_int_equal(roster_find(&desk->app, &t, "4301-08", &id, &info), ERR_NOT_FOUND);
	assert_int_equal(roster_find(&desk->app, &t, "07-602", &id, &info), 0);

	struct org org = desk_get(desk, desk->branch[0], &arena);
	org.secretary_name = "谢红梅";
	assert_int_equal(roster_change(&desk->app, &t, &org, &desk_today, &info), 0);
	org = desk_get(desk, desk->branch[0], &arena);
	org.kind = "党总支";
	assert_int_equal(roster_change(&desk->app, &t, &org, &desk_today, &info), ERR_DENIED);
}

struct collected {
	int n, restarts;
	char text[512];
};

static void restart(void *arg)
{
	struct collected *c = arg;
	*c = (struct collected){.restarts = c->restarts + 1};
}

static int collect(void *arg, const struct org *org, const char *parent_code, struct err_info *info)
{
	(void)info;
	struct collected *c = arg;
	c->n++;
	size_t len = strlen(c->text);
	snprintf(c->text + len, sizeof(c->text) - len, "%s<%s ", org->code, parent_code);
	return 0;
}

static void an_export_gives_every_row_and_is_logged(void **state)
{
	struct desk *desk = desk_of(state);
	struct collected c = {0};
	const struct roster_sink sink = {&c, restart, collect};
	assert_int_equal(roster_export(&desk->app, &desk->machine, desk->county, NULL, &sink, NULL), 0);
	assert_int_equal(c.restarts, 1);
	assert_int_equal(c.n, 6);
	assert_non_null(strstr(c.text, "4301<43 4301-07<4301 07-101<4301-07 "));
	struct org_filter filter = ORG_FILTER(NULL);
	filter.level = LEVEL_UNIT;
	filter.text = "CPC";
	assert_int_equal(roster_export(&desk->app, &desk->machine, desk->county, &filter, &sink, NULL), 0);
	assert_string_equal(c.text, "07-602<4301-07 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_county_is_a_region_of_its_own),
		ON_DESK(a_detail_shows_path_children_and_counts),
		ON_DESK(new_organisations_are_checked),
		ON_DESK(search_finds_code_name_and_initials_and_takes_signs_literally),
		ON_DESK(lists_are_filtered_sorted_and_paged),
		ON_DESK(every_order_is_the_same_however_it_is_found),
		ON_DESK(a_change_keeps_what_was_and_a_stale_one_is_refused),
		ON_DESK(a_change_is_not_older_than_the_last_one_nor_to_come),
		ON_DESK(a_level_that_breaks_the_order_of_the_tree_is_refused),
		ON_DESK(a_move_takes_everything_below_along),
		ON_DESK(a_merge_keeps_the_past_of_both),
		ON_DESK(a_split_and_a_dissolution_are_remembered),
		ON_DESK(one_that_should_exist_can_be_established),
		ON_DESK(the_tree_can_be_seen_as_it_stood),
		ON_DESK(rights_end_at_the_own_tree),
		ON_DESK(an_export_gives_every_row_and_is_logged),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
