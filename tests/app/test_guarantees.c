/* SPDX-License-Identifier: Apache-2.0 */
/* CT-8: four guarantees of every organisation, summed for every node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/desk.h"
#include "app/guarantees.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

struct people {
	struct desk *desk;
	struct caller county, town, other, leader, clerk;
	struct arena arena;
	struct err_info info;
};

static struct people begin(void **state)
{
	struct desk *d = desk_of(state);
	return (struct people){
		.desk = d, .county = desk_caller(desk_account(d, d->county, "周", ROLE_OFFICER), 7000),
		.town = desk_caller(desk_account(d, d->township, "陈", ROLE_TOWNSHIP), 7000),
		.other = desk_caller(desk_account(d, d->other_township, "何", ROLE_TOWNSHIP), 7000),
		.leader = desk_caller(desk_account(d, d->county, "唐", ROLE_LEADER), 7000),
		.clerk = desk_caller(desk_account(d, d->branch[0], "谭", ROLE_CLERK), 7000)};
}

static struct guarantees look(struct people *p, const struct caller *who, int64_t node, int year)
{
	struct guarantees g;
	if (guarantees_get(&p->desk->app, who, node, year, &p->arena, &g, &p->info) < 0)
		fail_msg("%s", p->info.text);
	return g;
}

static int put(struct people *p, const struct caller *who, int64_t node, int year, int64_t org, int k,
	       const char *text)
{
	const struct guarantee_edit e = {org, k, text};
	int n = 0, r = guarantees_put(&p->desk->app, who, node, year, &e, 1, &n, &p->info);
	return r < 0 ? r : n;
}

static int check_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	return store_check(tx, arg, info);
}

static void is_sound(struct people *p)
{
	if (db_read(p->desk->app.db, check_fn, NULL, &p->info) < 0)
		fail_msg("%s", p->info.text);
}

static void amounts_are_summed_for_every_node_and_follow_a_move(void **state)
{
	struct people p = begin(state);
	struct desk *d = p.desk;
	const int64_t *b = d->branch;
	assert_int_equal(put(&p, &p.town, d->township, 2025, b[0], 0, "40000"), 1);
	assert_int_equal(put(&p, &p.town, d->township, 2026, b[0], 0, "42,000.50"), 1);
	assert_int_equal(put(&p, &p.town, d->township, 2026, b[1], 0, "30000"), 1);
	assert_int_equal(put(&p, &p.county, d->county, 2026, b[1], 3, "0"), 1);
	assert_int_equal(put(&p, &p.town, d->township, 2026, b[1], 0, "30000.00"), 0);
	struct guarantees g = look(&p, &p.leader, d->county, 2026);
	assert_int_equal(g.own.cents[0], 7200050);
	assert_int_equal(g.own.n[0], 2);
	assert_int_equal(g.own.n[3], 1);
	assert_int_equal(g.own.before[0], 4000000);
	assert_int_equal(g.own.units, 3);
	assert_false(g.may_write);
	for (int i = 0; i < g.n; i++)
		assert_int_equal(g.rows[i].cents[0], g.rows[i].org == d->township ? 7200050 : 0);
	g = look(&p, &p.town, d->township, 2026);
	assert_int_equal(g.n, 3);
	assert_true(g.rows[0].unit && g.may_write);
	/* A city sums its counties' regions. */
	struct caller city = desk_caller(desk_account(d, d->city, "市", ROLE_OFFICER), 7000);
	assert_int_equal(look(&p, &city, d->city, 2026).own.cents[0], 7200050);

	struct org org = desk_get(d, b[1], &p.arena);
	assert_int_equal(roster_move(&d->app, &p.county, org.id, org.version, d->other_township, &desk_today, &p.info), 0);
	assert_int_equal(look(&p, &p.county, d->township, 2026).own.cents[0], 4200050);
	assert_int_equal(look(&p, &p.county, d->other_township, 2026).own.cents[0], 3000000);
	assert_int_equal(look(&p, &p.county, d->other_township, 2026).own.n[3], 1);
	assert_int_equal(look(&p, &p.county, d->county, 2026).own.cents[0], 7200050);
	is_sound(&p);
	/* Taken away again. */
	assert_int_equal(put(&p, &p.other, d->other_township, 2026, b[1], 0, ""), 1);
	assert_int_equal(look(&p, &p.county, d->county, 2026).own.n[0], 1);
	is_sound(&p);
	arena_done(&p.arena);
}

static void amounts_are_checked_and_written_by_who_may(void **state)
{
	struct people p = begin(state);
	struct desk *d = p.desk;
	struct guarantees g;
	assert_int_equal(put(&p, &p.leader, d->county, 2026, d->branch[0], 0, "1"), ERR_DENIED);
	assert_int_equal(put(&p, &p.clerk, d->branch[0], 2026, d->branch[0], 0, "1"), ERR_DENIED);
	assert_int_equal(put(&p, &p.other, d->township, 2026, d->branch[0], 0, "1"), ERR_DENIED);
	assert_int_equal(put(&p, &p.other, d->other_township, 2026, d->branch[0], 0, "1"), ERR_INPUT);
	assert_int_equal(put(&p, &p.town, d->township, 2026, d->township, 0, "1"), ERR_INPUT);
	assert_int_equal(put(&p, &p.town, d->township, 2026, d->branch[0], 0, "-1"), ERR_INPUT);
	assert_int_equal(put(&p, &p.town, d->township, 2026, d->branch[0], 0, "1.005"), ERR_INPUT);
	assert_int_equal(put(&p, &p.town, d->township, 2026, d->branch[0], 0, "一万"), ERR_INPUT);
	assert_int_equal(put(&p, &p.town, d->township, 1999, d->branch[0], 0, "1"), ERR_INPUT);
	/* One wrong amount changes nothing. */
	const struct guarantee_edit two[] = {{d->branch[0], 0, "5"}, {d->branch[1], 0, "x"}};
	int n;
	assert_int_equal(guarantees_put(&d->app, &p.town, d->township, 2026, two, 2, &n, &p.info), ERR_INPUT);
	assert_int_equal(look(&p, &p.town, d->township, 2026).own.n[0], 0);
	assert_int_equal(guarantees_get(&d->app, &p.clerk, d->branch[0], 2026, &p.arena, &g, &p.info), ERR_DENIED);
	arena_done(&p.arena);
}

static int import(struct people *p, const struct caller *who, int64_t node, const char *text, bool dry,
		  struct guarantee_import *im, struct diag *diag)
{
	struct table *table;
	int r = table_open_memory(&table, "保障.csv", text, strlen(text), guarantees_is_head, NULL, &p->info);
	if (r < 0)
		return r;
	r = guarantees_import(&p->desk->app, who, node, 2026, table, "保障.csv", dry, &p->arena, diag, im, &p->info);
	table_free(table);
	return r;
}

static void a_sheet_is_tried_first_and_one_bad_row_changes_nothing(void **state)
{
	struct people p = begin(state);
	struct desk *d = p.desk;
	AUTO(diag) struct diag diag = {0};
	struct guarantee_import im;
	const char *a = desk_get(d, d->branch[0], &p.arena).code, *b = desk_get(d, d->branch[1], &p.arena).code;
	const char *good = arena_printf(&p.arena, "组织代码,党组织,年度,运转经费（元）,干部报酬,备注\n%s,甲,2026,100.5,\n%s,乙,2025,7,8\n", a, b);
	const char *bad = arena_printf(&p.arena, "组织代码,运转经费\n%s,5\n%s,五百\n无此代码,6\n", a, b);
	assert_int_equal(import(&p, &p.town, d->township, good, true, &im, &diag), 0);
	assert_int_equal(im.n_new, 3);
	assert_string_equal(im.ignored, "备注");
	assert_int_equal(look(&p, &p.town, d->township, 2026).own.n[0], 0);
	assert_int_equal(import(&p, &p.town, d->township, good, false, &im, &diag), 0);
	assert_int_equal(look(&p, &p.town, d->township, 2026).own.cents[0], 10050);
	assert_int_equal(look(&p, &p.town, d->township, 2025).own.cents[2], 800);
	assert_int_equal(import(&p, &p.town, d->township, good, false, &im, &diag), 0);
	assert_int_equal(im.n_same, 3);
	assert_int_equal(im.n_new + im.n_changed, 0);
	assert_int_equal(import(&p, &p.town, d->township, bad, false, &im, &diag), ERR_INPUT);
	assert_int_equal(diag.total, 1);	/* what can't be read is told before what is not known */
	assert_int_equal(look(&p, &p.town, d->township, 2026).own.cents[0], 10050);
	diag_done(&diag);
	assert_int_equal(import(&p, &p.other, d->other_township, good, false, &im, &diag), ERR_INPUT);
	diag_done(&diag);
	assert_int_equal(import(&p, &p.leader, d->county, good, false, &im, &diag), ERR_DENIED);
	arena_done(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(amounts_are_summed_for_every_node_and_follow_a_move),
		ON_DESK(amounts_are_checked_and_written_by_who_may),
		ON_DESK(a_sheet_is_tried_first_and_one_bad_row_changes_nothing),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
