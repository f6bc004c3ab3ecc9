/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/accounts_import.h"
#include "app/desk.h"
#include "base/buf.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static const int64_t NOW = 60000000;

static int login(struct desk *desk, const char *name, const char *password, bool *ret_must_change)
{
	unsigned char hash[TOKEN_HASH_LEN] = {5};
	AUTO(arena) struct arena arena = {0};
	struct person person;
	struct caller caller = desk_caller(0, NOW);
	hash[1] = (unsigned char)name[0];
	hash[2] = (unsigned char)password[1];
	int r = people_login(&desk->app, &caller, name, password, "", hash, &arena, &person, NULL);
	if (r == 0 && ret_must_change)
		*ret_must_change = person.must_change;
	return r;
}

static void a_new_account_must_change_its_password_before_anything_else(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller system = desk_caller(desk_account(desk, desk->county, "sys", ROLE_SYSTEM), NOW);
	struct caller security = desk_caller(desk_account(desk, desk->county, "sec", ROLE_SECURITY), NOW);
	const struct new_account new = {"LiuMei", "刘梅", "139", desk->township};
	char password[PASSWORD_MADE_LEN + 1];
	struct err_info info = {0};
	struct account_detail detail;
	struct org_detail d;
	bool must_change = false, pending = true;
	int64_t id;
	assert_int_equal(accounts_add(&desk->app, &security, &new, &id, password, &info), ERR_DENIED);
	assert_int_equal(accounts_add(&desk->app, &system, &new, &id, password, &info), 0);
	assert_int_equal(accounts_add(&desk->app, &system, &new, &id, password, &info), ERR_CONFLICT);
	assert_int_equal(roles_grant(&desk->app, &security, id, ROLE_TOWNSHIP, desk->township, &pending,
				     &info), 0);
	assert_false(pending);
	assert_int_equal(login(desk, "liumei", password, &must_change), 0);
	assert_true(must_change);
	struct caller liu = desk_caller(id, NOW);
	assert_int_equal(roster_detail(&desk->app, &liu, desk->township, &arena, &d, &info), ERR_DENIED);
	assert_non_null(strstr(info.text, "修改密码"));
	const unsigned char none[TOKEN_HASH_LEN] = {0};
	assert_int_equal(people_change_password(&desk->app, &liu, password, "Shan-Hua-6-lan", none,
						&info), 0);
	assert_int_equal(roster_detail(&desk->app, &liu, desk->township, &arena, &d, &info), 0);
	/* A reset: the old one is gone. */
	for (int i = 0; i < 5; i++)
		assert_int_equal(login(desk, "liumei", "wrong", NULL), ERR_DENIED);
	assert_int_equal(accounts_detail(&desk->app, &system, id, &arena, &detail, &info), 0);
	assert_true(detail.locked_until_ms > NOW);
	assert_int_equal(accounts_reset(&desk->app, &system, id, password, &info), 0);
	assert_int_equal(accounts_detail(&desk->app, &system, id, &arena, &detail, &info), 0);
	assert_int_equal(detail.locked_until_ms, 0);
	assert_int_equal(login(desk, "liumei", "Shan-Hua-6-lan", NULL), ERR_DENIED);
	assert_int_equal(login(desk, "liumei", password, &must_change), 0);
	assert_int_equal(accounts_close(&desk->app, &system, id, true, &info), 0);
	assert_int_equal(login(desk, "liumei", password, NULL), ERR_DENIED);
	assert_int_equal(accounts_close(&desk->app, &system, system.account, true, &info), ERR_DENIED);
	/* Nobody is told a password, not even hashed. */
	struct accounts_page page;
	struct account_filter filter = {.text = "liu", .show = ACCOUNT_SHOW_ALL, .limit = 10};
	assert_int_equal(accounts_list(&desk->app, &system, desk->county, &filter, &arena, &page,
				       &info), 0);
	assert_int_equal(page.total, 1);
	filter.show = ACCOUNT_SHOW_IN_USE;
	assert_int_equal(accounts_list(&desk->app, &system, desk->county, &filter, &arena, &page,
				       &info), 0);
	assert_int_equal(page.total, 0);
	filter.show = ACCOUNT_SHOW_CLOSED;
	filter.descending = true;
	filter.order = ACCOUNT_BY_LOGIN;
	assert_int_equal(accounts_list(&desk->app, &system, desk->county, &filter, &arena, &page,
				       &info), 0);
	assert_int_equal(page.total, 1);
	assert_string_equal(page.accounts[0].password, "*");
}

static void roles_keep_the_administrators_apart_and_nobody_grants_to_himself(void **state)
{
	struct desk *desk = desk_of(state);
	struct caller security = desk_caller(desk_account(desk, desk->county, "sec", ROLE_SECURITY), NOW);
	int64_t system = desk_account(desk, desk->county, "sys", ROLE_SYSTEM);
	int64_t officer = desk_account(desk, desk->county, "off", ROLE_OFFICER);
	struct caller s = desk_caller(system, NOW);
	struct err_info info = {0};
	bool pending;
	assert_int_equal(roles_grant(&desk->app, &security, system, ROLE_AUDITOR, desk->county, &pending,
				     &info), ERR_STATE);
	assert_int_equal(roles_grant(&desk->app, &security, system, ROLE_OFFICER, desk->county, &pending,
				     &info), ERR_STATE);
	assert_int_equal(roles_grant(&desk->app, &security, officer, ROLE_AUDITOR, desk->county,
				     &pending, &info), ERR_STATE);
	assert_int_equal(roles_grant(&desk->app, &security, security.account, ROLE_LEADER, desk->county,
				     &pending, &info), ERR_DENIED);
	assert_int_equal(roles_grant(&desk->app, &s, officer, ROLE_LEADER, desk->county, &pending,
				     &info), ERR_DENIED);
	/* Not at a level where the role does not belong, not in another county. */
	assert_int_equal(roles_grant(&desk->app, &security, officer, ROLE_OFFICER, desk->township,
				     &pending, &info), ERR_STATE);
	assert_int_equal(roles_grant(&desk->app, &security, officer, ROLE_LEADER, desk->other_county,
				     &pending, &info), ERR_DENIED);
	assert_int_equal(roles_grant(&desk->app, &security, officer, ROLE_LEADER, desk->township,
				     &pending, &info), 0);
	assert_int_equal(roles_revoke(&desk->app, &security, officer, ROLE_LEADER, desk->township,
				      &info), 0);
	assert_int_equal(roles_revoke(&desk->app, &security, officer, ROLE_LEADER, desk->township,
				      &info), ERR_NOT_FOUND);
}

static int64_t holders(struct desk *desk, const struct caller *caller, enum role role, struct arena *arena,
		       struct accounts_page *ret_page)
{
	const struct account_filter filter = {.show = ACCOUNT_SHOW_ALL, .holds = (int)role + 1, .limit = 10};
	assert_int_equal(accounts_list(&desk->app, caller, desk->county, &filter, arena, ret_page, NULL), 0);
	return ret_page->total;
}

static void the_last_security_administrator_of_a_place_stays(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct accounts_page page;
	struct err_info info = {0};
	int64_t first = desk_account(desk, desk->county, "sec", ROLE_SECURITY);
	struct caller security = desk_caller(first, NOW);
	struct caller system = desk_caller(desk_account(desk, desk->county, "sys", ROLE_SYSTEM), NOW);
	assert_int_equal(roles_revoke(&desk->app, &security, first, ROLE_SECURITY, desk->county, &info),
			 ERR_STATE);
	assert_non_null(strstr(info.text, "最后一名安全管理员"));
	assert_int_equal(accounts_close(&desk->app, &system, first, true, &info), ERR_STATE);
	assert_int_equal(roles_revoke(&desk->app, &desk->machine, first, ROLE_SECURITY, desk->county, &info),
			 ERR_STATE);
	assert_int_equal(holders(desk, &system, ROLE_SECURITY, &arena, &page), 1);
	assert_int_equal(page.accounts[0].id, first);
	assert_int_equal(page.n_roles, 1);
	assert_int_equal(page.roles[0].account, first);
	assert_int_equal(page.roles[0].role, ROLE_SECURITY);
	assert_int_equal(page.roles[0].node, desk->county);
	assert_int_equal(holders(desk, &system, ROLE_LEADER, &arena, &page), 0);
	assert_int_equal(page.n_roles, 0);
	/* One whose account is closed is nobody. */
	int64_t second = desk_account(desk, desk->county, "sec2", ROLE_SECURITY);
	assert_int_equal(accounts_close(&desk->app, &system, second, true, &info), 0);
	assert_int_equal(roles_revoke(&desk->app, &security, first, ROLE_SECURITY, desk->county, &info),
			 ERR_STATE);
	assert_int_equal(accounts_close(&desk->app, &system, second, false, &info), 0);
	assert_int_equal(roles_revoke(&desk->app, &security, first, ROLE_SECURITY, desk->county, &info), 0);
	assert_int_equal(accounts_close(&desk->app, &system, second, true, &info), ERR_STATE);
	/* One below does not reach up to here; one above reaches down. */
	desk_account(desk, desk->township, "sec3", ROLE_SECURITY);
	assert_int_equal(accounts_close(&desk->app, &system, second, true, &info), ERR_STATE);
	desk_account(desk, desk->city, "sec4", ROLE_SECURITY);
	assert_int_equal(accounts_close(&desk->app, &system, second, true, &info), 0);
}

static void above_the_county_a_second_person_confirms(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller one = desk_caller(desk_account(desk, desk->city, "sec1", ROLE_SECURITY), NOW);
	struct caller two = desk_caller(desk_account(desk, desk->city, "sec2", ROLE_SECURITY), NOW);
	struct caller county = desk_caller(desk_account(desk, desk->county, "sec3", ROLE_SECURITY), NOW);
	int64_t officer = desk_account(desk, desk->city, "off", ROLE_LEADER);
	struct caller o = desk_caller(officer, NOW);
	struct role_request *requests;
	struct account_detail account;
	struct org_detail d;
	struct err_info info = {0};
	bool pending = false;
	int n;
	assert_int_equal(roles_grant(&desk->app, &one, officer, ROLE_OFFICER, desk->city, &pending,
				     &info), 0);
	assert_true(pending);
	/* Asked for once, whoever asks; the account's page tells of it. */
	assert_int_equal(roles_grant(&desk->app, &two, officer, ROLE_OFFICER, desk->city, &pending,
				     &info), ERR_STATE);
	assert_int_equal(accounts_detail(&desk->app, &two, officer, &arena, &account, &info), 0);
	assert_int_equal(account.n_requests, 1);
	assert_int_equal(account.requests[0].role, ROLE_OFFICER);
	assert_int_equal(roles_requests(&desk->app, &two, desk->city, &arena, &requests, &n, &info), 0);
	assert_int_equal(n, 1);
	assert_int_equal(roster_detail(&desk->app, &o, desk->city, &arena, &d, &info), 0);
	assert_false(d.may & UINT64_C(1) << ACTION_ORG_STRUCTURE);
	assert_int_equal(roles_decide(&desk->app, &one, &requests[0].id, 1, true, &info), ERR_DENIED);
	assert_int_equal(roles_decide(&desk->app, &county, &requests[0].id, 1, true, &info), ERR_DENIED);
	assert_int_equal(roles_decide(&desk->app, &o, &requests[0].id, 1, true, &info), ERR_DENIED);
	assert_int_equal(roles_decide(&desk->app, &two, &requests[0].id, 1, true, &info), 0);
	assert_int_equal(roles_decide(&desk->app, &two, &requests[0].id, 1, true, &info), ERR_NOT_FOUND);
	assert_int_equal(roster_detail(&desk->app, &o, desk->city, &arena, &d, &info), 0);
	assert_true(d.may & UINT64_C(1) << ACTION_ORG_STRUCTURE);
	/* A request may be taken back by who asked. */
	assert_int_equal(roles_grant(&desk->app, &one, officer, ROLE_INSPECTOR, desk->city, &pending,
				     &info), 0);
	assert_int_equal(roles_requests(&desk->app, &two, desk->city, &arena, &requests, &n, &info), 0);
	assert_int_equal(roles_decide(&desk->app, &one, &requests[0].id, 1, false, &info), 0);
	/* Several at once: all or none. */
	for (int i = 0; i < 2; i++)
		assert_int_equal(roles_grant(&desk->app, i ? &two : &one, officer, i ? ROLE_INSPECTOR : ROLE_SURVEYOR,
					     desk->city, &pending, &info), 0);
	assert_int_equal(roles_requests(&desk->app, &two, desk->city, &arena, &requests, &n, &info), 0);
	assert_int_equal(n, 2);
	const int64_t both[] = {requests[0].id, requests[1].id};
	assert_int_equal(roles_decide(&desk->app, &two, both, 2, true, &info), ERR_DENIED);
	assert_int_equal(roles_requests(&desk->app, &two, desk->city, &arena, &requests, &n, &info), 0);
	assert_int_equal(n, 2);
	struct caller third = desk_caller(desk_account(desk, desk->city, "third", ROLE_SECURITY), NOW);
	assert_int_equal(roles_decide(&desk->app, &third, both, 2, true, &info), 0);
	assert_int_equal(roles_requests(&desk->app, &two, desk->city, &arena, &requests, &n, &info), 0);
	assert_int_equal(n, 0);
}

/* Above the county one alone gets nobody a role, and the page says so; the machine's
 * operator makes the second, no more, and nobody else can. */
static void the_operator_replaces_administrators_who_are_missing(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct recovery in = {ROLE_SECURITY, "Sec2", "孙五", NULL, NULL};
	struct err_info info = {0};
	char password[PASSWORD_MADE_LEN + 1];
	struct role_request *requests;
	struct account_detail d;
	struct accounts_page page;
	bool pending, must_change = false;
	int n;
	int64_t first = desk_account(desk, desk->city, "sec1", ROLE_SECURITY);
	struct caller one = desk_caller(first, NOW);
	int64_t boss = desk_account(desk, desk->city, "boss", ROLE_LEADER);
	desk_account(desk, desk->county, "sec3", ROLE_SECURITY);	/* does not reach up */

	assert_int_equal(roles_grant(&desk->app, &one, boss, ROLE_OFFICER, desk->city, &pending, &info), 0);
	assert_true(pending);
	assert_int_equal(roles_requests(&desk->app, &one, desk->city, &arena, &requests, &n, &info), 0);
	assert_true(n == 1 && requests[0].stuck);
	assert_int_equal(accounts_detail(&desk->app, &one, boss, &arena, &d, &info), 0);
	assert_true(d.requests[0].stuck);
	/* Only at the command line, only the three, only with names that may be. */
	assert_int_equal(accounts_recover(&desk->app, &one, &in, password, &info), ERR_DENIED);
	in.role = ROLE_OFFICER;
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_INPUT);
	in.role = ROLE_SECURITY;
	in.name = "sec1";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_CONFLICT);
	in.name = "Sec2";
	in.org = "nowhere";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_NOT_FOUND);
	in.org = NULL;
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), 0);
	assert_int_equal(login(desk, "sec2", password, &must_change), 0);
	assert_true(must_change);
	assert_int_equal(roles_requests(&desk->app, &one, desk->city, &arena, &requests, &n, &info), 0);
	assert_false(requests[0].stuck);
	/* Two are enough; where one is gone, another comes instead, and he is out. */
	in.name = "sec4";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_STATE);
	in.instead = "sec3";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_STATE);
	in.instead = "nobody";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_NOT_FOUND);
	assert_int_equal(accounts_list(&desk->app, &desk->machine, desk->city,
				       &(struct account_filter){.text = "sec4", .show = ACCOUNT_SHOW_ALL, .limit = 1},
				       &arena, &page, &info), 0);
	assert_int_equal(page.n, 0);
	in.instead = "sec1";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), 0);
	assert_int_equal(accounts_list(&desk->app, &one, desk->city,
				       &(struct account_filter){.show = ACCOUNT_SHOW_ALL, .limit = 9},
				       &arena, &page, &info), ERR_DENIED);
	/* What was asked for by who is gone is confirmed by one who came. */
	assert_int_equal(accounts_list(&desk->app, &desk->machine, desk->city,
				       &(struct account_filter){.text = "sec4", .show = ACCOUNT_SHOW_ALL, .limit = 1},
				       &arena, &page, &info), 0);
	assert_int_equal(page.n, 1);
	const unsigned char none[TOKEN_HASH_LEN] = {0};
	struct caller four = desk_caller(page.accounts[0].id, NOW);
	assert_int_equal(people_change_password(&desk->app, &four, password, "Shan-Hua-6-lan", none, &info), 0);
	assert_int_equal(roles_decide(&desk->app, &four, &requests[0].id, 1, true, &info), 0);
	/* The only system administrator, and an auditor where there is none. */
	desk_account(desk, desk->city, "sys", ROLE_SYSTEM);
	in = (struct recovery){ROLE_SYSTEM, "sys2", "赵六", NULL, NULL};
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_STATE);
	in.instead = "sys";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), 0);
	in = (struct recovery){ROLE_AUDITOR, "aud", "钱七", NULL, NULL};
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), 0);
	in.name = "aud2";
	assert_int_equal(accounts_recover(&desk->app, &desk->machine, &in, password, &info), ERR_STATE);
}

static int import(struct desk *desk, const struct caller *caller, const char *csv, bool dry_run,
		  struct arena *arena, struct diag *diag, struct account_slip **ret_slips, int *ret_n)
{
	struct table *table = NULL;
	struct err_info info = {0};
	assert_int_equal(table_open_memory(&table, "账号.csv", csv, strlen(csv), accounts_is_head, NULL,
					   &info), 0);
	int r = accounts_import(&desk->app, caller, desk->county, table, "账号.csv", dry_run, arena,
				diag, ret_slips, ret_n, &info);
	table_free(table);
	return r;
}

/* Every pair with one of the three, in both orders: by one grant, by the
 * operator of the machine, and by two requests asked for before either was
 * granted and confirmed by a second person. */
static void nobody_holds_two_of_the_three_by_any_way(void **state)
{
	struct desk *desk = desk_of(state);
	struct caller one = desk_caller(desk_account(desk, desk->city, "sec1", ROLE_SECURITY), NOW);
	struct caller two = desk_caller(desk_account(desk, desk->city, "sec2", ROLE_SECURITY), NOW);
	int tried = 0;

	for (int a = ROLE_SYSTEM; a <= ROLE_AUDITOR; a++)
		for (int b = 0; b < ROLE_COUNT; b++) {
			AUTO(arena) struct arena arena = {0};
			struct role_request *requests;
			struct account_detail d;
			char name[40];
			bool pending;
			int n;
			/* What belongs at a county: others are refused for that alone. */
			if (a == b || b == ROLE_TOWNSHIP || b == ROLE_CLERK)
				continue;
			snprintf(name, sizeof(name), "holder-%d-%d", a, b);
			int64_t id = desk_account(desk, desk->city, name, (enum role)a);
			assert_int_equal(roles_grant(&desk->app, &one, id, (enum role)b, desk->county, &pending,
						     NULL), ERR_STATE);
			assert_int_equal(roles_grant(&desk->app, &desk->machine, id, (enum role)b,
						     desk->county, &pending, NULL), ERR_STATE);
			snprintf(name, sizeof(name), "waiting-%d-%d", a, b);
			id = desk_account(desk, desk->city, name, ROLE_LEADER);
			assert_int_equal(roles_revoke(&desk->app, &one, id, ROLE_LEADER, desk->city, NULL), 0);
			assert_int_equal(roles_grant(&desk->app, &one, id, (enum role)a, desk->city, &pending,
						     NULL), 0);
			assert_int_equal(roles_grant(&desk->app, &one, id, (enum role)b, desk->city, &pending,
						     NULL), 0);
			assert_int_equal(roles_requests(&desk->app, &two, desk->city, &arena, &requests, &n,
							NULL), 0);
			assert_int_equal(n, 2);
			assert_int_equal(roles_decide(&desk->app, &two, &requests[0].id, 1, true, NULL), 0);
			assert_int_equal(roles_decide(&desk->app, &two, &requests[1].id, 1, true, NULL), ERR_STATE);
			assert_int_equal(roles_decide(&desk->app, &two, &requests[1].id, 1, false, NULL), 0);
			assert_int_equal(accounts_detail(&desk->app, &desk->machine, id, &arena, &d, NULL), 0);
			assert_int_equal(d.n_grants, 1);
			tried++;
		}
	assert_int_equal(tried, 3 * (ROLE_COUNT - 3));
}

static void a_sheet_makes_accounts_with_slips_and_asks_for_their_roles(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	AUTO(diag) struct diag diag = {0};
	struct caller system = desk_caller(desk_account(desk, desk->county, "sys", ROLE_SYSTEM), NOW);
	struct caller security = desk_caller(desk_account(desk, desk->county, "sec", ROLE_SECURITY), NOW);
	struct account_slip *slips;
	struct role_request *requests;
	struct err_info info = {0};
	bool must_change = false;
	int n = 0;
	assert_int_equal(import(desk, &security, "账号,姓名,组织代码\nlq1,张三,4301-07\n", false, &arena, &diag,
				&slips, &n), ERR_DENIED);
	assert_int_equal(import(desk, &system, "账号,姓名,组织代码,角色\n"
				"lq1,张三,4301-07,乡镇组织委员\n"
				"lq 2,李四,4301-07,\n"
				"LQ1,王五,4301-07,\n"
				"lq4,,4301-07,\n"
				"lq5,赵六,4301-07,国王\n"
				"sys,李四,4301-07,\n"
				"lq7,王五,4302,\n"
				"lq8,孙七,4301,乡镇组织委员\n", false, &arena, &diag, &slips, &n), ERR_INPUT);
	/* All at once, in the order of the rows, each with what was found. */
	assert_int_equal(diag.total, 7);
	assert_string_equal(diag.at[1], "账号.csv 第 4 行：账号“lq1”与第 2 行重复");
	assert_non_null(strstr(diag.at[3], "“国王”"));
	assert_non_null(strstr(diag.at[4], "“sys”"));
	assert_non_null(strstr(diag.at[5], "“4302”"));
	assert_non_null(strstr(diag.at[6], "没有“乡镇组织委员”"));
	diag_done(&diag);
	/* A dry run finds the same and keeps nothing: it can be done again. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(import(desk, &system, "账号,姓名,组织代码\nlq1,张三,4301-07\n", true,
					&arena, &diag, &slips, &n), 0);
		assert_int_equal(n, 1);
		assert_string_equal(slips[0].password, "");
	}
	assert_int_equal(import(desk, &system, "账号,姓名,组织代码\nsys,李四,4301-07\n", true, &arena,
				&diag, &slips, &n), ERR_INPUT);
	diag_done(&diag);
	assert_int_equal(import(desk, &system, "账号,姓名,组织代码,角色,电话\n"
				"LQ1,张三,4301-07,乡镇组织委员,139\nlq2,李四,07-602,,\n", false, &arena, &diag,
				&slips, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(slips[0].name, "lq1");
	assert_string_equal(slips[1].org, "长坡村党支部");
	assert_int_equal(login(desk, "lq1", slips[0].password, &must_change), 0);
	assert_true(must_change);
	assert_int_equal(roles_requests(&desk->app, &security, desk->county, &arena, &requests, &n,
					&info), 0);
	assert_int_equal(n, 1);
	assert_int_equal(roles_decide(&desk->app, &security, &requests[0].id, 1, true, &info), 0);
}

/* A round trip each would take PostgreSQL minutes over a network. */
static void a_long_sheet_of_accounts_asks_few_questions(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	AUTO(diag) struct diag diag = {0};
	AUTO(buf) struct buf csv = {0};
	struct caller system = desk_caller(desk_account(desk, desk->county, "sys", ROLE_SYSTEM), NOW);
	struct account_slip *slips;
	enum { N = 400 };
	int n = 0;
	buf_adds(&csv, "账号,姓名,组织代码,角色\n");
	for (int i = 0; i < N; i++)
		buf_addf(&csv, "row%d,张三,%s\n", i, i % 2 ? "4301-07,乡镇组织委员" : "07-602,");
	uint64_t before = db_asked(desk->app.db);
	assert_int_equal(import(desk, &system, buf_str(&csv), false, &arena, &diag, &slips, &n), 0);
	assert_int_equal(n, N);
	assert_string_equal(slips[N - 1].org, "龙泉镇");
	assert_in_range(db_asked(desk->app.db) - before, 1, N / 4);
	/* Whoever is there twice, far apart, is told the first row of his. */
	buf_adds(&csv, "Row7,张三,4301-07,\nrow7,张三,4301-07,\n");
	assert_int_equal(import(desk, &system, buf_str(&csv), false, &arena, &diag, &slips, &n), ERR_INPUT);
	assert_int_equal(diag.total, N + 2);
	assert_string_equal(diag.at[7], "账号.csv 第 9 行：账号“row7”已被使用");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_new_account_must_change_its_password_before_anything_else),
		ON_DESK(roles_keep_the_administrators_apart_and_nobody_grants_to_himself),
		ON_DESK(the_last_security_administrator_of_a_place_stays),
		ON_DESK(the_operator_replaces_administrators_who_are_missing),
		ON_DESK(above_the_county_a_second_person_confirms),
		ON_DESK(nobody_holds_two_of_the_three_by_any_way),
		ON_DESK(a_sheet_makes_accounts_with_slips_and_asks_for_their_roles),
		ON_DESK(a_long_sheet_of_accounts_asks_few_questions),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
