/* SPDX-License-Identifier: Apache-2.0 */
/* Paper ballots keyed by two counters apart, turnout, waiver, import. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "app/counts.h"
#include "base/diag.h"
#include "import/table.h"

enum { NOW_MS = 1774000000, CELLS = 10 /* two classes, four options, spoiled */ };

struct people {
	struct desk *desk;
	struct caller one, two, clerk;
	int64_t campaign, org;
	struct arena arena;
	struct err_info info;
};

static void begin(struct people *p, void **state)
{
	*p = (struct people){.desk = desk_of(state)};
	struct desk *d = p->desk;
	campaign_desk_fill(d);
	p->campaign = campaign_desk_open(d, d->county, "zhangji-town");
	p->org = d->branch[1];
	p->one = desk_caller(desk_account(d, d->township, "one", ROLE_TOWNSHIP), NOW_MS);
	p->two = desk_caller(desk_account(d, d->township, "two", ROLE_TOWNSHIP), NOW_MS);
	p->clerk = desk_caller(desk_account(d, p->org, "clerk", ROLE_CLERK), NOW_MS);
}

static int key(struct people *p, const struct caller *caller, int slot, const char *who,
	       const int64_t counts[CELLS], bool *agree)
{
	*agree = false;
	return counts_key(&p->desk->app, caller, p->campaign, p->org, slot, who, counts, CELLS, agree,
			  &p->info);
}

static struct count_view look(struct people *p)
{
	struct count_view view = {0};
	if (counts_get(&p->desk->app, &p->one, p->campaign, p->org, &p->arena, &view, &p->info) < 0)
		fail_msg("%s", p->info.text);
	return view;
}

static void two_counters_must_agree_before_anything_counts(void **state)
{
	struct people p;
	bool agree;
	begin(&p, state);
	int64_t a[CELLS] = {20, 8, 1, 0, 1, 60, 20, 3, 2, 0}, b[CELLS];
	memcpy(b, a, sizeof(b));
	b[6] = 21;

	assert_int_equal(key(&p, &p.one, 0, "王某、李某", a, &agree), 0);
	assert_false(agree);
	assert_int_equal(look(&p).n_tallies, 0);
	/* The same person doesn't count twice. */
	assert_int_equal(key(&p, &p.two, 1, "王某、李某", a, &agree), ERR_INPUT);
	assert_int_equal(key(&p, &p.two, 1, "赵某", b, &agree), 0);
	assert_false(agree);
	struct count_view view = look(&p);
	assert_int_equal(view.n_wrong, 1);
	assert_int_equal(view.n_tallies, 0);
	assert_int_equal(key(&p, &p.two, 1, "赵某", a, &agree), 0);
	assert_true(agree);
	view = look(&p);
	assert_int_equal(view.n_tallies, 2);
	assert_string_equal(view.tallies[0].counters, "王某、李某、赵某");
	assert_int_equal(view.tallies[1].counts[0], 60);
	/* 40 members and 300 residents: 102 of 340 must vote, 115 did. */
	assert_int_equal(view.turnout[0].need, 102);
	assert_int_equal(view.turnout[0].cast, 115);
	assert_true(view.met);
	/* A new count takes the tally back until both agree again. */
	assert_int_equal(key(&p, &p.one, 0, "王某、李某", b, &agree), 0);
	assert_int_equal(look(&p).n_tallies, 0);
	arena_done(&p.arena);
}

static void those_present_are_the_base_and_few_must_all_come(void **state)
{
	struct people p;
	bool agree;
	begin(&p, state);
	const int64_t a[CELLS] = {9, 0, 0, 0, 0, 5, 0, 0, 0, 0}, b[CELLS] = {10, 0, 0, 0, 0, 5, 0, 0, 0, 0};
	struct count_heads few = {{10, 5}, {11, -1}};

	/* Paper for more people than are present, and then for one less. */
	assert_int_equal(counts_present(&p.desk->app, &p.one, p.campaign, p.org, &few, &p.info), ERR_INPUT);
	few.issued[0] = 9;
	assert_int_equal(counts_present(&p.desk->app, &p.one, p.campaign, p.org, &few, &p.info), 0);
	assert_int_equal(look(&p).issued[0], 9);
	assert_int_equal(look(&p).issued[1], -1);
	assert_int_equal(key(&p, &p.one, 0, "甲", b, &agree), ERR_INPUT);
	assert_int_equal(key(&p, &p.one, 0, "甲", a, &agree), 0);
	assert_int_equal(key(&p, &p.one, 1, "乙", a, &agree), 0);
	assert_true(agree);
	struct count_view view = look(&p);
	/* Nor may the number be less than came back. */
	few.issued[0] = 8;
	assert_int_equal(counts_present(&p.desk->app, &p.one, p.campaign, p.org, &few, &p.info), ERR_INPUT);
	assert_true(view.turnout[0].everyone);
	assert_int_equal(view.turnout[0].need, 15);
	assert_false(view.met);
	/* One is in hospital: waived, in writing. */
	assert_int_equal(counts_waive(&p.desk->app, &p.one, p.campaign, p.org, "一人住院", &p.info), 0);
	view = look(&p);
	assert_true(view.waived);
	assert_string_equal(view.waived_why, "一人住院");
	assert_int_equal(counts_waive(&p.desk->app, &p.one, p.campaign, p.org, "", &p.info), 0);
	assert_false(look(&p).waived);
	/* More ballots than people. */
	const int64_t many[CELLS] = {11, 0, 0, 0, 0, 5, 0, 0, 0, 0};
	assert_int_equal(key(&p, &p.one, 0, "甲", many, &agree), ERR_INPUT);
	/* The branch does not count its own. */
	assert_int_equal(key(&p, &p.clerk, 0, "丙", a, &agree), ERR_DENIED);
	arena_done(&p.arena);
}

static int import(struct people *p, const char *text, bool dry_run, struct count_import *ret,
		  struct diag *diag)
{
	struct table *table = NULL;
	p->info = (struct err_info){0};
	assert_int_equal(table_open_memory(&table, "票.csv", text, strlen(text), NULL, NULL, &p->info), 0);
	int r = counts_import(&p->desk->app, &p->one, p->campaign, p->desk->township, table, "票.csv",
			      dry_run, diag, ret, &p->info);
	table_free(table);
	return r;
}

static void a_ballot_file_is_read_whole_or_not_at_all(void **state)
{
	struct people p;
	struct count_import done = {0};
	AUTO(diag) struct diag wrong = {0}, none = {0};
	begin(&p, state);

	assert_int_equal(import(&p, "组织代码,评议人类别,选项,票数\n07-602,党员,好,30\n07-602,党员,很好,1\n"
				"08-701,党员,好,1\n", false, &done, &wrong), ERR_INPUT);
	assert_int_equal(wrong.total, 2);
	assert_string_equal(wrong.at[0], "票.csv 第 3 行 列“选项”：“很好”不是选项：应为方案中测评选项的名称或代码，或 废票");
	const char *good = "组织代码,评议人类别,选项,票数\n07-602,党员,好,30\n07-602,群众,较好,80\n"
			   "07-602,群众,废票,2\n07-603,党员,好,5\n";
	assert_int_equal(import(&p, good, true, &done, &none), 0);
	assert_int_equal(done.n_orgs, 2);
	assert_int_equal(done.n_ballots, 117);
	assert_int_equal(look(&p).n_tallies, 0);
	assert_int_equal(import(&p, good, false, &done, &none), 0);
	struct count_view view = look(&p);
	assert_int_equal(view.n_tallies, 2);
	assert_int_equal(view.tallies[1].counts[4], 2);
	assert_int_equal(view.tallies[0].origin, TALLY_IMPORTED);

	struct count_list list;
	assert_int_equal(counts_list(&p.desk->app, &p.one, p.campaign, p.desk->township, &p.arena,
				     &list, &p.info), 0);
	assert_int_equal(list.listed.total, 3);
	arena_done(&p.arena);
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(two_counters_must_agree_before_anything_counts),
		DESK(those_present_are_the_base_and_few_must_all_come),
		DESK(a_ballot_file_is_read_whole_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
