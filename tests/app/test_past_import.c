/* SPDX-License-Identifier: Apache-2.0 */
/* Results of past years from a sheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/desk.h"
#include "app/past_import.h"
#include "app/schemes.h"
#include "store/campaign.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

struct trial {
	struct arena arena;
	struct diag diag;
	struct past_import done;
	struct err_info info;
};

static void trial_done(struct trial *t)
{
	arena_done(&t->arena);
	diag_done(&t->diag);
}

static int try_import(struct desk *desk, const struct caller *caller, int64_t node,
		      const char *scheme, const char *text, bool dry_run, struct trial *t)
{
	struct table *table;
	diag_done(&t->diag);
	assert_int_equal(table_open_memory(&table, "往年.csv", text, strlen(text), past_is_head, NULL,
					   &t->info), 0);
	int r = past_import(&desk->app, caller, node, scheme, table, "往年.csv", dry_run, &t->arena,
			    &t->diag, &t->done, &t->info);
	table_free(table);
	return r;
}

struct look {
	int64_t org;
	struct arena *arena;
	struct past_result *list;
	int n;
};

static int look_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	(void)info;
	return store_past_list(tx, look->org, look->arena, &look->list, &look->n);
}

static struct look look(struct desk *desk, int64_t org, struct arena *arena)
{
	struct look l = {.org = org, .arena = arena};
	assert_int_equal(db_read(desk->app.db, look_fn, &l, NULL), 0);
	return l;
}

static const char good[] =
	"组织代码,名称,年度,等次,得分,星级,名次,整顿情况,联系人\n"
	"07-101,龙泉社区,2025,好,91.25,四星,3,,某\n"
	"07-602,长坡村,2025,较差,55,不定星,24,整顿中,\n"
	"07-602,长坡村,2024,一般,71.5,★★,20,,\n";

static void a_dry_run_finds_all_and_keeps_nothing(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	assert_int_equal(try_import(desk, &desk->machine, 0, "zhangji-town", good, true, &t), 0);
	assert_int_equal(t.done.count[PAST_ADDED], 3);
	assert_string_equal(t.done.ignored, "联系人");
	assert_string_equal(t.done.items[0].after, "好 91.25 4 星");
	assert_int_equal(look(desk, desk->branch[0], &t.arena).n, 0);
}

static void rows_are_kept_with_the_place_of_their_grade(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	for (int i = 0; i < 2; i++)
		assert_int_equal(try_import(desk, &desk->machine, desk->county, "zhangji-town", good, false, &t), 0);
	assert_int_equal(t.done.count[PAST_SAME], 3);
	struct look l = look(desk, desk->branch[1], &t.arena);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.list[0].year, 2025);
	assert_int_equal(l.list[0].place, 3);
	assert_int_equal(l.list[0].places, 4);
	assert_int_equal(l.list[0].stars, 0);
	assert_string_equal(l.list[0].ledger, "整顿中");
	assert_int_equal(l.list[1].stars, 2);
	assert_int_equal(l.list[1].rank, 20);
	/* A later sheet says better. */
	assert_int_equal(try_import(desk, &desk->machine, desk->county, "", "组织代码,年度,等次\n07-602,2025,差评\n",
				    false, &t), 0);
	assert_int_equal(t.done.count[PAST_CHANGED], 1);
	assert_int_equal(t.done.unplaced, 1);
	assert_int_equal(look(desk, desk->branch[1], &t.arena).list[0].place, -1);
}

static void every_wrong_cell_is_named_and_nothing_is_kept(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	static const char bad[] =
		"组织代码,年度,等次,得分,星级,名次\n"
		"07-101,2025,好,91,4,1\n"
		"07-101,2025,好,91,4,1\n"
		"07-602,2099,好,,,\n"
		"07-602,二五年,,九十,七星,第一\n"
		"07-603,2025,优秀,,,\n";
	assert_int_equal(try_import(desk, &desk->machine, desk->county, "zhangji-town", bad, false, &t), ERR_INPUT);
	assert_true(t.diag.total >= 7);
	assert_non_null(strstr(t.diag.at[0], "第 4 行：年度“2099”"));
	assert_int_equal(try_import(desk, &desk->machine, desk->township, "", "组织代码,年度,等次\n4301-08,2025,好\n",
				    false, &t), ERR_INPUT);
	assert_non_null(strstr(t.diag.at[0], "不在您管理的范围内"));
	assert_int_equal(look(desk, desk->branch[0], &t.arena).n, 0);
}

/* What only the tables know is told with what the sheet alone shows, whether tried or not. */
static void all_errors_come_at_once(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	for (int dry_run = 0; dry_run < 2; dry_run++) {
		assert_int_equal(try_import(desk, &desk->machine, desk->county, "zhangji-town",
					    "组织代码,年度,等次\n07-101,2025,优秀\n没有的,2025,好\n"
					    "07-602,2025,好\n07-602,2025,好\n也没有,2024,好\n",
					    dry_run, &t), ERR_INPUT);
		assert_int_equal(t.diag.total, 4);
		assert_non_null(strstr(t.diag.at[0], "第 2 行：方案"));
		assert_non_null(strstr(t.diag.at[1], "第 5 行：“07-602”2025 年度与第 4 行重复"));
		assert_non_null(strstr(t.diag.at[2], "第 3 行：没有代码为“没有的”的组织"));
		assert_non_null(strstr(t.diag.at[3], "第 6 行：没有代码为“也没有”的组织"));
		assert_string_equal(t.info.text, "往年.csv 有 4 处错误，没有导入");
	}
	assert_int_equal(look(desk, desk->branch[1], &t.arena).n, 0);
}

/* More rows than are looked up together, and each finds what was there of its own year. */
static void many_years_of_one_organisation(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	AUTO(buf) struct buf text = {0};
	for (int run = 0; run < 2; run++) {
		buf_clear(&text);
		buf_adds(&text, "组织代码,年度,等次,名次\n");
		for (int year = 1991; year <= 2025; year++)
			buf_addf(&text, "07-602,%d,好,%d\n07-101,%d,好,1\n", year, run && year % 5 == 0 ? 2 : 1, year);
		assert_int_equal(try_import(desk, &desk->machine, desk->county, "zhangji-town", buf_str(&text),
					    false, &t), 0);
		assert_int_equal(t.done.n, 70);
		assert_int_equal(t.done.count[run ? PAST_CHANGED : PAST_ADDED], run ? 7 : 70);
		assert_int_equal(t.done.count[PAST_SAME], run ? 63 : 0);
	}
	struct look l = look(desk, desk->branch[1], &t.arena);
	assert_int_equal(l.n, 35);
	assert_int_equal(l.list[0].rank, 2);
	assert_int_equal(l.list[1].rank, 1);
}

static int own_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct desk *desk = arg;
	struct past_result past = {.org = desk->branch[0], .year = 2025, .campaign = 77,
				   .scheme_title = "", .score = "88.00", .grade = "较好", .place = 1,
				   .places = 4, .stars = 3, .ledger = "", .note = ""};
	(void)info;
	return store_past_put(tx, &past);
}

static void what_a_campaign_graded_is_not_overwritten(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	assert_int_equal(db_write(desk->app.db, 0, own_fn, desk, NULL), 0);
	assert_int_equal(try_import(desk, &desk->machine, desk->county, "zhangji-town", good, false, &t), ERR_INPUT);
	assert_non_null(strstr(t.diag.at[0], "不能用表格覆盖"));
}

static void the_grades_of_a_countys_own_scheme_are_known(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "甲", ROLE_OFFICER), 9);
	const struct scheme_ref zhangji = {.shipped = "zhangji-town"};
	int64_t scheme;
	assert_int_equal(schemes_clone(&desk->app, &officer, &zhangji, desk->county, "yunling", "云岭县方案",
				       &scheme, &t.info), 0);
	assert_int_equal(try_import(desk, &officer, desk->county, "",
				    "组织代码,年度,等次,方案\n07-602,2025,较好,云岭县方案\n", false, &t), 0);
	assert_int_equal(look(desk, desk->branch[1], &t.arena).list[0].place, 1);
}

static void only_officers_import(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(trial) struct trial t = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "甲", ROLE_OFFICER), 9);
	struct caller town = desk_caller(desk_account(desk, desk->township, "乙", ROLE_TOWNSHIP), 9);
	assert_int_equal(try_import(desk, &town, desk->township, "", good, false, &t), ERR_DENIED);
	assert_int_equal(try_import(desk, &officer, 0, "", good, false, &t), ERR_DENIED);
	assert_int_equal(try_import(desk, &officer, desk->county, "", good, false, &t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_dry_run_finds_all_and_keeps_nothing),
		ON_DESK(rows_are_kept_with_the_place_of_their_grade),
		ON_DESK(every_wrong_cell_is_named_and_nothing_is_kept),
		ON_DESK(all_errors_come_at_once),
		ON_DESK(many_years_of_one_organisation),
		ON_DESK(what_a_campaign_graded_is_not_overwritten),
		ON_DESK(the_grades_of_a_countys_own_scheme_are_known),
		ON_DESK(only_officers_import),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
