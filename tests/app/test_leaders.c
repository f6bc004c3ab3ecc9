/* SPDX-License-Identifier: Apache-2.0 */
/* LD-8: every county and township leader is linked to weak organisations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/decide_desk.h"
#include "app/leaders.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static const struct leader_row *row_of(const struct leaders *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->rows[i].leader.name, name) == 0)
			return &l->rows[i];
	fail_msg("%s is not in the list", name);
	return &l->rows[0];
}

static void add_helper(struct decide_desk *d, int64_t case_id, enum helper_kind kind, const char *name,
		       const char *post)
{
	struct err_info info = {0};
	const struct case_helper h = {.kind = kind, .name = name, .post = post, .phone = "", .support_kind = -1,
				      .why = ""};
	if (ledger_put_helper(&d->desk->app, &d->township, case_id, &h, &info) < 0)
		fail_msg("%s", info.text);
}

static void who_is_linked_to_nothing_and_what_has_nobody(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct leaders l;
	int n;
	for (int i = 0; i < 3; i++)
		decide_desk_case(&d, desk->branch[i], i == 2 ? CASE_WRITTEN_OFF : CASE_RECTIFYING, 1);
	assert_int_equal(leaders_paste(&desk->app, &d.county, desk->county,
				       "姓名\t职务\t电话\n贺建军\t县委书记\t0000-1\n罗秀英，副县长\n\n", &n, &info), 0);
	assert_int_equal(n, 2);
	assert_int_equal(leaders_paste(&desk->app, &d.township, desk->township, "陈卫东 镇党委书记\r\n罗秀英 镇长\r\n", &n,
				       &info), 0);
	assert_int_equal(leaders_get(&desk->app, &d.county, desk->county, &arena, &l, &info), 0);
	assert_int_equal(l.n, 4);
	assert_int_equal(l.n_unlinked, 4);
	/* What is written off is no longer weak. */
	assert_int_equal(l.n_weak, 2);
	assert_int_equal(l.n_without, 2);
	const int64_t first = l.weak[0].c->id, second = l.weak[1].c->id;

	const struct leader_row *he = row_of(&l, "贺建军");
	assert_int_equal(leaders_link(&desk->app, &d.county, desk->county, he->leader.seq, first, 90, &info), 0);
	assert_int_equal(leaders_link(&desk->app, &d.county, desk->county, he->leader.seq, first, 90, &info),
			 ERR_CONFLICT);
	/* Two of that name: the post tells which. */
	add_helper(&d, first, HELPER_LEADER, "罗秀英", "镇长");
	add_helper(&d, second, HELPER_UNIT, "县司法局", "");
	add_helper(&d, second, HELPER_LEADER, "外来的", "市里");
	assert_int_equal(leaders_get(&desk->app, &d.county, desk->county, &arena, &l, &info), 0);
	assert_int_equal(row_of(&l, "贺建军")->n_links, 1);
	assert_int_equal(l.n_unlinked, 2);
	for (int i = 0; i < l.n; i++)
		if (strcmp(l.rows[i].leader.name, "罗秀英") == 0)
			assert_int_equal(l.rows[i].n_links, strcmp(l.rows[i].leader.post, "镇长") == 0);
	assert_int_equal(l.n_without, 0);
	assert_string_equal(l.weak[0].leaders, "贺建军、罗秀英");
	assert_string_equal(l.weak[1].units, "县司法局");
	assert_int_equal(l.n_support, 2);
	assert_int_equal(l.support[0].kind, HELPER_LEADER);
	assert_string_equal(l.support[0].name, "外来的");

	/* The township sees its own leaders, and that the county's man helps. */
	assert_int_equal(leaders_get(&desk->app, &d.township, desk->township, &arena, &l, &info), 0);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.weak[0].leaders, "贺建军、罗秀英");
	assert_int_equal(l.n_support, 2);
}

static void lists_of_leaders_are_kept_by_who_may(void **state)
{
	struct desk *desk = desk_of(state);
	struct decide_desk d = decide_desk_open(desk);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct leaders l;
	int n;
	struct leader one = {.node = desk->county, .name = "贺建军", .post = "县委书记", .phone = ""};
	struct caller leader = desk_caller(desk_account(desk, desk->county, "唐", ROLE_LEADER), 7000);
	struct caller other = desk_caller(desk_account(desk, desk->other_township, "何", ROLE_TOWNSHIP), 7000);
	assert_int_equal(leaders_put(&desk->app, &d.township, &one, &info), ERR_DENIED);
	assert_int_equal(leaders_put(&desk->app, &leader, &one, &info), ERR_DENIED);
	assert_int_equal(leaders_put(&desk->app, &d.county, &one, &info), 0);
	one.node = desk->branch[0];
	assert_int_equal(leaders_put(&desk->app, &d.county, &one, &info), ERR_INPUT);
	/* One bad line changes nothing; the same name again is a new post. */
	assert_int_equal(leaders_paste(&desk->app, &d.county, desk->county, "罗秀英 副县长\n孤零零\n", &n, &info), ERR_INPUT);
	assert_string_equal(info.text, "第 2 行“孤零零”没有职务；一行一名领导：姓名、职务、电话");
	assert_int_equal(leaders_paste(&desk->app, &d.county, desk->county, "贺建军 县长 0000-3\n", &n, &info), 0);
	assert_int_equal(n, 0);
	assert_int_equal(leaders_get(&desk->app, &leader, desk->county, &arena, &l, &info), 0);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.rows[0].leader.post, "县长");
	assert_false(l.rows[0].may_write);
	assert_int_equal(leaders_get(&desk->app, &d.clerk, desk->branch[0], &arena, &l, &info), ERR_DENIED);
	/* A leader's own are the villages below him. */
	decide_desk_case(&d, desk->branch[0], CASE_RECTIFYING, 1);
	one = (struct leader){.node = desk->other_township, .name = "何某", .post = "镇长", .phone = ""};
	assert_int_equal(leaders_put(&desk->app, &other, &one, &info), 0);
	assert_int_equal(leaders_get(&desk->app, &d.county, desk->county, &arena, &l, &info), 0);
	assert_int_equal(leaders_link(&desk->app, &d.county, desk->other_township, 1, l.weak[0].c->id, 30, &info),
			 ERR_INPUT);
	assert_int_equal(leaders_drop(&desk->app, &d.county, desk->other_township, 1, &info), 0);
	assert_int_equal(leaders_drop(&desk->app, &d.county, desk->other_township, 1, &info), ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(who_is_linked_to_nothing_and_what_has_nobody),
		ON_DESK(lists_of_leaders_are_kept_by_who_may),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
