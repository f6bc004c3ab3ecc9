/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/desk.h"
#include "app/people.h"
#include "app/secret.h"
#include "store/schema.h"

static const int64_t MINUTE = 60000;

/* An empty installation. */
static int empty_setup(void **state)
{
	if (engine_setup(state) < 0)
		return -1;
	struct engine *engine = *state;
	struct desk *desk = calloc(1, sizeof(*desk));
	engine->own = desk;
	if (db_migrate(engine->db, &store_schema, 1, NULL, NULL) < 0 ||
	    app_init(&desk->app, engine->db, NULL) < 0)
		return -1;
	app_cheap_passwords(&desk->app, true);
	desk->machine = desk_caller(0, 100 * MINUTE);
	return 0;
}

static const struct first_start first = {
	"4301", "云岭县", LEVEL_COUNTY,
	{"xitong", "张一", "Zhang-Yi-77-xt"}, {"anquan", "王二", "Wang-Er-88-aq"},
	{"shenji", "李三", "Li-San-99-sj"},
};

/* ... with the first accounts. */
static int people_setup(void **state)
{
	struct err_info info = {0};
	if (empty_setup(state) < 0)
		return -1;
	struct desk *desk = desk_of(state);
	if (people_first_start(&desk->app, &desk->machine, &first, &desk->county, &info) < 0) {
		print_error("%s\n", info.text);
		return -1;
	}
	return 0;
}

#define ON_PEOPLE(test) ON_BOTH_WITH(test, people_setup, desk_teardown)

static int login(struct desk *desk, const char *name, const char *password, const char *code,
		 int64_t now_ms, unsigned char token, struct person *ret_person)
{
	unsigned char hash[TOKEN_HASH_LEN];
	static struct arena arena;
	struct person person;
	struct caller caller = desk_caller(0, now_ms);
	memset(hash, token, sizeof(hash));
	int r = people_login(&desk->app, &caller, name, password, code, hash, &arena,
			     ret_person ? ret_person : &person, NULL);
	arena_done(&arena);
	return r;
}

static int session(struct desk *desk, unsigned char token, int64_t now_ms, struct person *ret_person)
{
	unsigned char hash[TOKEN_HASH_LEN];
	AUTO(arena) struct arena arena = {0};
	struct person person;
	memset(hash, token, sizeof(hash));
	return people_session(&desk->app, hash, now_ms, &arena, ret_person ? ret_person : &person, NULL);
}

static void the_first_start_makes_three_people_once(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	bool is_new = false;
	int64_t node;
	struct first_start bad = first;
	assert_int_equal(people_is_new(&desk->app, &is_new, NULL), 0);
	assert_true(is_new);
	bad.auditor.name = "xitong";
	assert_int_equal(people_first_start(&desk->app, &desk->machine, &bad, &node, &info), ERR_INPUT);
	bad = first;
	bad.security.password = "admin12345";
	assert_int_equal(people_first_start(&desk->app, &desk->machine, &bad, &node, &info), ERR_INPUT);
	assert_int_equal(people_first_start(&desk->app, &desk->machine, &first, &node, &info), 0);
	assert_int_equal(people_is_new(&desk->app, &is_new, NULL), 0);
	assert_false(is_new);
	assert_int_equal(people_first_start(&desk->app, &desk->machine, &first, &node, &info),
			 ERR_STATE);
	assert_int_equal(login(desk, "XiTong", "Zhang-Yi-77-xt", "", 1000 * MINUTE, 1, NULL), 0);
}

static void the_first_officer_may_come_along(void **state)
{
	struct desk *desk = desk_of(state);
	struct first_start with = first;
	struct person person;
	AUTO(arena) struct arena arena = {0};
	struct app_place *places;
	int64_t node;
	int n;
	with.officer = (struct first_person){"zuzhi", "赵四", "Zhang-Yi-77-xt"};
	assert_int_equal(people_first_start(&desk->app, &desk->machine, &with, &node, NULL), ERR_INPUT);
	with.officer.password = "Zhao-Si-66-zz";
	assert_int_equal(people_first_start(&desk->app, &desk->machine, &with, &node, NULL), 0);
	assert_int_equal(login(desk, "zuzhi", "Zhao-Si-66-zz", "", 1000 * MINUTE, 1, &person), 0);
	struct caller officer = desk_caller(person.account, 1000 * MINUTE);
	assert_int_equal(app_places(&desk->app, &officer, &arena, &places, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(places[0].role, ROLE_OFFICER);
	assert_int_equal(places[0].node, node);
}

static void signing_in_and_out(void **state)
{
	struct desk *desk = desk_of(state);
	struct person person;
	int64_t now = 1000 * MINUTE;
	unsigned char hash[TOKEN_HASH_LEN];
	assert_int_equal(session(desk, 7, now, NULL), ERR_NOT_FOUND);
	assert_int_equal(login(desk, "xitong", "wrong", "", now, 7, NULL), ERR_DENIED);
	assert_int_equal(session(desk, 7, now, NULL), ERR_NOT_FOUND);
	assert_int_equal(login(desk, " Xitong ", "Zhang-Yi-77-xt", "", now, 7, NULL), 0);
	assert_int_equal(session(desk, 7, now, &person), 0);
	assert_int_equal(session(desk, 8, now, NULL), ERR_NOT_FOUND);
	memset(hash, 7, sizeof(hash));
	struct caller caller = desk_caller(person.account, now);
	assert_int_equal(people_logout(&desk->app, &caller, hash, NULL), 0);
	assert_int_equal(session(desk, 7, now, NULL), ERR_NOT_FOUND);
	assert_int_equal(people_logout(&desk->app, &caller, hash, NULL), 0);
}

static void one_sees_ones_own_sessions_and_ends_them(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	int64_t now = 1000 * MINUTE;
	struct person person;
	struct session *mine;
	char mark[SESSION_MARK_LEN + 1];
	unsigned char here[TOKEN_HASH_LEN];
	int n;
	memset(here, 2, sizeof(here));
	for (unsigned char token = 1; token <= 3; token++)
		assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now + token * MINUTE, token,
				       &person), 0);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", "", now + 3 * MINUTE, 9, NULL), 0);
	assert_int_equal(session(desk, 2, now + 20 * MINUTE, NULL), 0);
	struct caller caller = desk_caller(person.account, now + 25 * MINUTE);
	assert_int_equal(people_sessions(&desk->app, &caller, &arena, &mine, &n, NULL), 0);
	assert_int_equal(n, 3);
	assert_memory_equal(mine[0].token_hash, here, TOKEN_HASH_LEN);
	assert_int_equal(mine[0].created_ms, now + 2 * MINUTE);
	assert_int_equal(mine[0].seen_ms, now + 20 * MINUTE);
	assert_string_equal(mine[0].origin, "10.0.0.8");
	assert_int_equal(mine[1].token_hash[0], 3);
	/* One of them, once; nobody else's. */
	session_mark(&mine[1], mark);
	assert_int_equal(people_end_sessions(&desk->app, &caller, mark, here, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(session(desk, 3, now + 25 * MINUTE, NULL), ERR_NOT_FOUND);
	assert_int_equal(people_end_sessions(&desk->app, &caller, mark, here, &n, NULL), ERR_NOT_FOUND);
	assert_int_equal(people_end_sessions(&desk->app, &caller, "0909090909090909", here, &n, NULL),
			 ERR_NOT_FOUND);
	/* One that is idle is no session any more. */
	caller.now_ms = now + 40 * MINUTE;
	assert_int_equal(people_sessions(&desk->app, &caller, &arena, &mine, &n, NULL), 0);
	assert_int_equal(n, 1);
	/* All others. */
	for (unsigned char token = 4; token <= 5; token++)
		assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now + 40 * MINUTE, token, NULL), 0);
	assert_int_equal(people_end_sessions(&desk->app, &caller, NULL, here, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(session(desk, 2, now + 41 * MINUTE, NULL), 0);
	assert_int_equal(session(desk, 4, now + 41 * MINUTE, NULL), ERR_NOT_FOUND);
	assert_int_equal(session(desk, 5, now + 41 * MINUTE, NULL), ERR_NOT_FOUND);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", "", now + 41 * MINUTE, 10, NULL), 0);
	assert_int_equal(session(desk, 10, now + 41 * MINUTE, NULL), 0);
}

static void a_session_ends_when_idle_or_old(void **state)
{
	struct desk *desk = desk_of(state);
	int64_t now = 1000 * MINUTE;
	assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now, 1, NULL), 0);
	assert_int_equal(session(desk, 1, now + 30 * MINUTE, NULL), 0);
	assert_int_equal(session(desk, 1, now + 60 * MINUTE, NULL), 0);
	assert_int_equal(session(desk, 1, now + 91 * MINUTE, NULL), ERR_NOT_FOUND);
	assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now, 2, NULL), 0);
	for (int i = 20; i <= 720; i += 20)
		assert_int_equal(session(desk, 2, now + i * MINUTE, NULL), 0);
	assert_int_equal(session(desk, 2, now + 721 * MINUTE, NULL), ERR_NOT_FOUND);
}

static void failures_lock_for_longer_and_longer_also_unknown_names(void **state)
{
	struct desk *desk = desk_of(state);
	const char *names[] = {"xitong", "nobody"};
	for (int n = 0; n < 2; n++) {
		int64_t now = 1000 * MINUTE;
		for (int i = 0; i < 5; i++)
			assert_int_equal(login(desk, names[n], "wrong", "", now, 1, NULL), ERR_DENIED);
		assert_int_equal(login(desk, names[n], "Zhang-Yi-77-xt", "", now, 1, NULL), ERR_STATE);
		assert_int_equal(login(desk, names[n], "x", "", now + MINUTE - 1, 1, NULL), ERR_STATE);
		now += MINUTE;
		assert_int_equal(login(desk, names[n], "wrong", "", now, 1, NULL), ERR_DENIED);
		assert_int_equal(login(desk, names[n], "x", "", now + 2 * MINUTE - 1, 1, NULL), ERR_STATE);
		now += 2 * MINUTE;
		/* The right one forgets all. */
		assert_int_equal(login(desk, names[n], "Zhang-Yi-77-xt", "", now, 1, NULL),
				 n ? ERR_DENIED : 0);
		if (n == 0)
			assert_int_equal(login(desk, names[n], "wrong", "", now, 1, NULL), ERR_DENIED);
	}
}

struct attempt {
	struct desk *desk;
	int r;
	pthread_t thread;
};

static void *attempt(void *arg)
{
	struct attempt *a = arg;
	unsigned char hash[TOKEN_HASH_LEN] = {9};
	AUTO(arena) struct arena arena = {0};
	struct person person;
	struct caller caller = desk_caller(0, 1000 * MINUTE);
	a->r = people_login(&a->desk->app, &caller, "xitong", "wrong", "", hash, &arena, &person, NULL);
	return NULL;
}

static void many_attempts_at_once_gain_nothing(void **state)
{
	struct desk *desk = desk_of(state);
	struct attempt attempts[16];
	int tried = 0, locked = 0;
	for (int i = 0; i < 16; i++) {
		attempts[i] = (struct attempt){.desk = desk};
		pthread_create(&attempts[i].thread, NULL, attempt, &attempts[i]);
	}
	for (int i = 0; i < 16; i++) {
		pthread_join(attempts[i].thread, NULL);
		tried += attempts[i].r == ERR_DENIED;
		locked += attempts[i].r == ERR_STATE;
	}
	assert_int_equal(tried, 5);
	assert_int_equal(locked, 11);
}

static void a_changed_password_ends_other_sessions(void **state)
{
	struct desk *desk = desk_of(state);
	struct person person;
	struct err_info info = {0};
	int64_t now = 1000 * MINUTE;
	unsigned char keep[TOKEN_HASH_LEN];
	memset(keep, 2, sizeof(keep));
	assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now, 1, NULL), 0);
	assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now, 2, &person), 0);
	struct caller caller = desk_caller(person.account, now);
	assert_int_equal(people_change_password(&desk->app, &caller, "wrong", "Another-One-5", keep,
						&info), ERR_DENIED);
	assert_int_equal(people_change_password(&desk->app, &caller, "Zhang-Yi-77-xt", "short", keep,
						&info), ERR_INPUT);
	assert_int_equal(people_change_password(&desk->app, &caller, "Zhang-Yi-77-xt",
						"Another-One-5", keep, &info), 0);
	assert_int_equal(session(desk, 1, now, NULL), ERR_NOT_FOUND);
	assert_int_equal(session(desk, 2, now, NULL), 0);
	assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now, 3, NULL), ERR_DENIED);
	assert_int_equal(login(desk, "xitong", "Another-One-5", "", now, 3, NULL), 0);
}

static void code_now(const char *secret, int64_t now_ms, char code[7])
{
	unsigned char raw[20];
	assert_true(totp_parse(secret, raw));
	snprintf(code, 7, "%06u", (unsigned)totp_code(raw, now_ms / 30000));
}

static void a_second_factor_is_asked_for_and_a_code_works_once(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct person person;
	char secret[TOTP_TEXT_LEN + 1], code[7];
	const char *address;
	int64_t now = 1000 * MINUTE;
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", "", now, 1, &person), 0);
	struct caller caller = desk_caller(person.account, now);
	assert_int_equal(people_totp_new(&desk->app, &caller, NULL, &arena, secret, &address, NULL), 0);
	assert_non_null(strstr(address, secret));
	assert_int_equal(people_totp_set(&desk->app, &caller, secret, "abcdef", NULL), ERR_INPUT);
	code_now(secret, now, code);
	assert_int_equal(people_totp_set(&desk->app, &caller, secret, code, NULL), 0);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", "", now, 2, NULL), ERR_DENIED);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", code, now, 2, NULL), ERR_DENIED);
	now += 2 * MINUTE;
	code_now(secret, now, code);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", code, now, 2, NULL), 0);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", code, now, 3, NULL), ERR_DENIED);
	caller.now_ms = now;
	assert_int_equal(people_totp_remove(&desk->app, &caller, "wrong", NULL), ERR_DENIED);
	assert_int_equal(people_totp_remove(&desk->app, &caller, "Wang-Er-88-aq", NULL), 0);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", "", now, 3, NULL), 0);
}

static void one_time_codes_are_those_of_rfc_6238(void **state)
{
	(void)state;
	const unsigned char secret[20] = "12345678901234567890";
	char text[TOTP_TEXT_LEN + 1];
	unsigned char back[20];
	/* Appendix B, the last six of eight digits. */
	assert_int_equal(totp_fits(secret, "287082", 59, 0), 1);
	assert_int_equal(totp_fits(secret, "081804", 1111111109, 0), 37037036);
	assert_int_equal(totp_fits(secret, "005 924", 1234567890, 0), 41152263);
	assert_int_equal(totp_fits(secret, "005925", 1234567890, 0), -1);
	assert_int_equal(totp_fits(secret, "279037", 2000000000, 66666666), -1);
	totp_text(secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_true(totp_parse(text, back));
	assert_memory_equal(back, secret, 20);
	assert_false(totp_parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", back));
}

static void weak_passwords_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *password;
		bool good;
	} cases[] = {
		{"K7m2-9qxd", false},		/* nine characters */
		{"K7m2-9qxd4", true},
		{"password2026", false}, {"2026!password", false}, {"Admin@123456", false},
		{"Dangyuan2026", false}, {"abcdefgh1234", false}, {"1111111111a", false},
		{"abc1abc1abc1", false}, {"0123456789", false}, {"correcthorsebattery", false},
		{"correct-horse-battery", true}, {"longquan-K7m2-9q", false},
		{"谢红梅K7m2-9qxd", false}, {"不忘初心2026年方得始终", true}, {"passwordless-is-9x", true},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int r = password_check(cases[i].password, PASSWORD_MIN, "LongQuan", "谢红梅", NULL);
		if ((r == 0) != cases[i].good)
			fail_msg("%s: %d", cases[i].password, r);
	}
	/* Those we make ourselves pass. */
	for (int i = 0; i < 100; i++) {
		char made[PASSWORD_MADE_LEN + 1];
		password_make(made);
		assert_int_equal(password_check(made, PASSWORD_MIN, "abcd", "某某", NULL), 0);
	}
}

static void the_policy_is_changed_by_the_security_administrator_only(void **state)
{
	struct desk *desk = desk_of(state);
	struct person system, security;
	int64_t now = 1000 * MINUTE;
	assert_int_equal(login(desk, "xitong", "Zhang-Yi-77-xt", "", now, 1, &system), 0);
	assert_int_equal(login(desk, "anquan", "Wang-Er-88-aq", "", now, 2, &security), 0);
	struct caller a = desk_caller(system.account, now), b = desk_caller(security.account, now);
	struct policy policy = {12, 10, 3}, got;
	assert_int_equal(policy_set(&desk->app, &a, &policy, NULL), ERR_DENIED);
	assert_int_equal(policy_set(&desk->app, &b, &policy, NULL), 0);
	assert_int_equal(policy_get(&desk->app, &got, NULL), 0);
	assert_int_equal(got.idle_minutes, 10);
	policy.min_length = 6;
	assert_int_equal(policy_set(&desk->app, &b, &policy, NULL), ERR_INPUT);
	assert_int_equal(session(desk, 1, now + 11 * MINUTE, NULL), ERR_NOT_FOUND);
}

/* Tests are cheap; an installation is not. */
static void a_password_costs_64_mib_unless_a_test_says_so(void **state)
{
	struct desk *desk = desk_of(state);
	char hash[PASSWORD_HASH_MAX];
	struct app app;
	assert_int_equal(app_init(&app, desk->app.db, NULL), 0);
	assert_int_equal(password_hash(&app, "Shan-Hua-6-lan", hash, NULL), 0);
	app_done(&app);
	assert_non_null(strstr(hash, "$argon2id$v=19$m=65536,t=2,p=1$"));
	assert_true(password_fits(&desk->app, hash, "Shan-Hua-6-lan"));
	assert_false(password_fits(&desk->app, hash, "Shan-Hua-6-lam"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH_WITH(the_first_start_makes_three_people_once, empty_setup, desk_teardown),
		ON_BOTH_WITH(the_first_officer_may_come_along, empty_setup, desk_teardown),
		ON_PEOPLE(signing_in_and_out),
		ON_PEOPLE(one_sees_ones_own_sessions_and_ends_them),
		ON_PEOPLE(a_session_ends_when_idle_or_old),
		ON_PEOPLE(failures_lock_for_longer_and_longer_also_unknown_names),
		ON_PEOPLE(many_attempts_at_once_gain_nothing),
		ON_PEOPLE(a_changed_password_ends_other_sessions),
		ON_PEOPLE(a_second_factor_is_asked_for_and_a_code_works_once),
		ON_PEOPLE(the_policy_is_changed_by_the_security_administrator_only),
		{"a_password_costs_64_mib_unless_a_test_says_so",
		 a_password_costs_64_mib_unless_a_test_says_so, empty_setup, desk_teardown,
		 (void *)&engine_sqlite},
		cmocka_unit_test(one_time_codes_are_those_of_rfc_6238),
		cmocka_unit_test(weak_passwords_are_refused),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
