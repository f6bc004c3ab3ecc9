/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/desk.h"
#include "app/roster_import.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

struct outcome {
	struct arena arena;
	struct diag diag;
	struct roster_import done;
	struct err_info info;
};

static void outcome_done(struct outcome *o)
{
	arena_done(&o->arena);
	diag_done(&o->diag);
}

static int import_since(struct desk *desk, const struct caller *caller, int64_t node, const char *csv,
			const struct org_when *when, bool dry_run, struct outcome *o)
{
	struct table *table = NULL;
	outcome_done(o);
	*o = (struct outcome){0};
	assert_int_equal(table_open_memory(&table, "名册.csv", csv, strlen(csv), roster_is_head, NULL,
					   &o->info), 0);
	int r = roster_import(&desk->app, caller, node, table, "名册.csv", when, dry_run,
			      &o->arena, &o->diag, &o->done, &o->info);
	table_free(table);
	return r;
}

static int import(struct desk *desk, const struct caller *caller, int64_t node, const char *csv,
		  bool dry_run, struct outcome *o)
{
	return import_since(desk, caller, node, csv, &desk_today, dry_run, o);
}

static int expect(struct outcome *o, const char *part)
{
	for (int i = 0; i < o->diag.n; i++)
		if (strstr(o->diag.at[i], part))
			return 1;
	for (int i = 0; i < o->diag.n; i++)
		print_error("%s\n", o->diag.at[i]);
	return 0;
}

static void a_dry_run_tells_and_changes_nothing_and_the_real_one_does_it(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	const char *csv = "组织代码,上级代码,名称,层级,党员数,书记,备注x\n"
			  "07-602-1,07-701,一支部,基层,5,,\n"	/* its parent comes later */
			  "07-701,4301-07,新党总支,基层,,李四,\n"
			  "07-602,4301-08,长坡村党总支,,46,-,\n"	/* moved and changed */
			  "07-603,4301-07,上坪村党支部,,,,\n"	/* the same */
			  "07-101,,,,86,,\n";
	for (int dry = 1; dry >= 0; dry--) {
		assert_int_equal(import(desk, &desk->machine, desk->county, csv, dry, &o), 0);
		assert_int_equal(o.done.n, 5);
		assert_int_equal(o.done.count[IMPORT_ADDED], 2);
		assert_int_equal(o.done.count[IMPORT_CHANGED], 1);
		assert_int_equal(o.done.count[IMPORT_MOVED], 1);
		assert_int_equal(o.done.count[IMPORT_SAME], 1);
		assert_string_equal(o.done.ignored, "备注x");
		assert_int_equal(o.done.items[2].act, IMPORT_MOVED);
		assert_non_null(strstr(o.done.items[2].after, "上级：4301-08；"));
		assert_non_null(strstr(o.done.items[2].after, "长坡村党总支"));
		struct org org = desk_get(desk, desk->branch[1], &o.arena);
		assert_int_equal(org.version, dry ? 1 : 2);
		assert_int_equal(org.parent, dry ? desk->township : desk->other_township);
		int64_t id;
		assert_int_equal(roster_find(&desk->app, &desk->machine, "07-602-1", &id, NULL),
				 dry ? ERR_NOT_FOUND : 0);
	}
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
	assert_int_equal(import(desk, &desk->machine, desk->county, csv, false, &o), 0);
	assert_int_equal(o.done.count[IMPORT_SAME], 5);
}

static void an_empty_cell_leaves_and_a_dash_clears(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"code,secretary,members,election_due\n07-101,谢红梅,86,2026年12月\n",
				false, &o), 0);
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"code,secretary,members,election_due\n07-101,,-,\n", false, &o), 0);
	struct org org = desk_get(desk, desk->branch[0], &o.arena);
	assert_string_equal(org.secretary_name, "谢红梅");
	assert_int_equal(org.members, ORG_UNSET);
	assert_int_equal(org.election_due, 20261200);
}

static void a_day_before_the_last_change_is_told_by_row(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	const struct org_when before = {20260319, NULL}, after = {20260321, NULL};
	const char *csv = "组织代码,上级代码,名称,层级,党员数\n"
			  "07-604,4301-07,新党支部,基层,5\n"
			  "07-602,,,,46\n"
			  "07-603,4301-08,,,\n";
	assert_int_equal(import_since(desk, &desk->machine, desk->county, csv, &after, true, &o), ERR_INPUT);
	assert_non_null(strstr(o.info.text, "2026-03-21 还没有到"));
	assert_int_equal(import_since(desk, &desk->machine, desk->county, csv, &before, true, &o), ERR_INPUT);
	assert_int_equal(o.diag.total, 2);
	assert_true(expect(&o, "第 3 行：生效日期 2026-03-19 早于"));
	assert_true(expect(&o, "第 4 行：生效日期 2026-03-19 早于"));
}

static void one_bad_row_changes_nothing_and_all_are_told(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"组织代码,上级代码,名称,层级,党员数,成立时间,领域\n"
				"07-101,,龙泉社区党委,,,,村里\n"
				"07-102,4301-07,好支部,基层,many,\n"
				"07-103,4301-07,好支部,村级,1,2026-02-30\n"
				",4301-07,无代码,基层,1,\n"
				"07-101,,重复,,,\n", false, &o), ERR_INPUT);
	assert_int_equal(o.diag.total, 6);
	for (int i = 0; i < FIELD_COUNT; i++)
		assert_true(expect(&o, field_label((enum field)i)));
	assert_true(expect(&o, "第 2 行：领域“村里”不对，应为农村、街道社区"));
	assert_true(expect(&o, "名册.csv 第 3 行：党员数“many”不对"));
	assert_true(expect(&o, "第 4 行：层级“村级”不对"));
	assert_true(expect(&o, "第 4 行：成立时间“2026-02-30”不对"));
	assert_true(expect(&o, "第 5 行：没有组织代码"));
	assert_true(expect(&o, "第 6 行：组织代码与第 2 行重复"));
	assert_string_equal(desk_get(desk, desk->branch[0], &o.arena).name, "龙泉社区党总支");
}

static void errors_of_the_tree_are_told_too(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"组织代码,上级代码,名称,层级\n"
				"a,没有,甲,基层\n"		/* 2 */
				"b,,乙,基层\n"			/* 3 */
				"c,d,丙,基层\n"			/* 4: a circle */
				"d,c,丁,基层\n"
				"e,07-101,戊,乡级\n"		/* 6 */
				"f,4302,己,乡级\n"		/* 7: another county */
				"4302,,石桥,\n"			/* 8 */
				"g,4301-07,庚,\n"		/* 9 */
				"4301-07,,,基层\n"		/* 10: its children stay units: fine */
				"4301,,,基层\n",		/* 11: not under a township */
				false, &o), ERR_INPUT);
	assert_true(expect(&o, "第 2 行：没有代码为“没有”的上级组织"));
	assert_true(expect(&o, "第 3 行：新组织要填上级代码"));
	assert_true(expect(&o, "绕成了圈"));
	assert_true(expect(&o, "第 6 行：层级“乡级”不对，应低于上级“"));
	assert_true(expect(&o, "第 7 行：上级不在您管理的范围内"));
	assert_true(expect(&o, "第 8 行：这个代码的组织不在您管理的范围内"));
	assert_true(expect(&o, "第 9 行：新组织要填层级"));
	/* Alone, the level of a township's parent is found at the end. */
	assert_int_equal(import(desk, &desk->machine, desk->county, "code,level\n4301-07,county\n",
				false, &o), ERR_INPUT);
	assert_true(expect(&o, "层级与上级或下级的层级不合"));
	assert_int_equal(import(desk, &desk->machine, desk->county, "name\nx\n", false, &o), ERR_INPUT);
	assert_non_null(strstr(o.info.text, "组织代码"));
}

static void rows_and_tree_are_told_together_in_the_order_of_the_sheet(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	static const char *const lines[] = {"第 2 行", "第 3 行", "第 4 行", "第 4 行", "第 5 行", "第 5 行",
					    "第 6 行"};
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"组织代码,上级代码,名称,层级,党员数\n"
				"n1,没有,甲,基层,1\n"
				"n1,4301-07,乙,基层,1\n"
				"n2,4301-07,,基层,many\n"
				"07-602,没有,,,many\n"
				"n4,n2,丁,基层,-1\n", false, &o), ERR_INPUT);
	assert_true(expect(&o, "第 2 行：没有代码为“没有”的上级组织"));
	assert_true(expect(&o, "第 3 行：组织代码与第 2 行重复"));
	assert_true(expect(&o, "第 4 行：党员数“many”不对"));
	assert_true(expect(&o, "第 4 行：新组织要填名称"));
	assert_true(expect(&o, "第 5 行：没有代码为“没有”的上级组织"));
	assert_int_equal(o.diag.total, 7);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_non_null(strstr(o.diag.at[i], lines[i]));
}

static void a_term_does_not_end_before_it_began(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"组织代码,书记任职时间,书记任期届满\n"
				"07-602,2024-06-09,2020-01-01\n", true, &o), ERR_INPUT);
	assert_true(expect(&o, "第 2 行：书记任期届满早于书记任职时间"));
	/* Of the same month, where only that is known. */
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"组织代码,书记任职时间,书记任期届满\n"
				"07-602,2024-06-09,2024-06\n", true, &o), 0);
}

static void moves_within_one_sheet_take_each_other_along(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	/* 07-602 goes under 07-101, which goes to the other township. */
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"code,parent\n07-602,07-101\n07-101,4301-08\n", false, &o), 0);
	assert_int_equal(o.done.count[IMPORT_MOVED], 2);
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
	/* Turned round: now 07-101 would stand below itself at some moment. */
	assert_int_equal(import(desk, &desk->machine, desk->county,
				"code,parent\n07-101,07-602\n07-602,4301-07\n", false, &o), 0);
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
	assert_int_equal(desk_get(desk, desk->branch[0], &o.arena).parent, desk->branch[1]);
}

static void only_who_may_imports_and_only_there(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "off", ROLE_OFFICER), 2000000);
	struct caller township = desk_caller(desk_account(desk, desk->township, "tow", ROLE_TOWNSHIP),
					     2000000);
	const char *csv = "code,members\n07-101,5\n";
	assert_int_equal(import(desk, &township, desk->township, csv, false, &o), ERR_DENIED);
	assert_int_equal(import(desk, &township, desk->township, csv, true, &o), ERR_DENIED);
	assert_int_equal(import(desk, &officer, desk->other_county, csv, false, &o), ERR_DENIED);
	assert_int_equal(import(desk, &officer, 0, csv, false, &o), ERR_DENIED);
	assert_int_equal(import(desk, &officer, desk->other_township, csv, false, &o), ERR_INPUT);
	assert_int_equal(import(desk, &officer, desk->township, csv, false, &o), 0);
}

/* A round trip each would take PostgreSQL minutes for a city. */
static void a_long_sheet_asks_few_questions(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(outcome) struct outcome o = {0};
	AUTO(buf) struct buf csv = {0};
	enum { N = 400 };
	buf_adds(&csv, "组织代码,上级代码,名称,层级\n07-900,4301-07,总支,基层\n");
	for (int i = 0; i < N; i++)
		buf_addf(&csv, "07-900-%d,07-900,支部%d,基层\n", i, i);
	uint64_t before = db_asked(desk->app.db);
	assert_int_equal(import(desk, &desk->machine, desk->county, buf_str(&csv), false, &o), 0);
	assert_int_equal(o.done.count[IMPORT_ADDED], N + 1);
	assert_in_range(db_asked(desk->app.db) - before, 1, N / 4);
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_dry_run_tells_and_changes_nothing_and_the_real_one_does_it),
		ON_DESK(an_empty_cell_leaves_and_a_dash_clears),
		ON_DESK(a_day_before_the_last_change_is_told_by_row),
		ON_DESK(one_bad_row_changes_nothing_and_all_are_told),
		ON_DESK(errors_of_the_tree_are_told_too),
		ON_DESK(rows_and_tree_are_told_together_in_the_order_of_the_sheet),
		ON_DESK(a_term_does_not_end_before_it_began),
		ON_DESK(moves_within_one_sheet_take_each_other_along),
		ON_DESK(only_who_may_imports_and_only_there),
		ON_DESK(a_long_sheet_asks_few_questions),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
