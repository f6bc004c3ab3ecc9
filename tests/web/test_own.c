/* SPDX-License-Identifier: Apache-2.0 */
/* The second factor and the policy through the router, over a real database. */
#include "tests/web/office.h"

#include <string.h>

#include "app/totp.h"

static void secret_of(struct office *office, char secret[TOTP_TEXT_LEN + 1])
{
	json_t *json = office_json(office, OFFICER, "/totp", "");
	assert_true(json_is_false(json_object_get(json, "on")));
	const char *text = json_string_value(json_object_get(json, "secret"));
	assert_int_equal(strlen(text), TOTP_TEXT_LEN);
	memcpy(secret, text, TOTP_TEXT_LEN + 1);
	json_decref(json);
}

static const char *code_for(const char *secret, char code[7])
{
	unsigned char raw[20];
	assert_true(totp_parse(secret, raw));
	snprintf(code, 7, "%06u", (unsigned)totp_code(raw, OFFICE_NOW_S / 30));
	return code;
}

static void a_second_factor_is_set_up_with_a_code_and_removed_with_the_password(void **state)
{
	struct office *office = office_of(state);
	char secret[TOTP_TEXT_LEN + 1], code[7], body[200];
	const char *password = office_password(OFFICER);

	secret_of(office, secret);
	snprintf(body, sizeof(body), "secret=%s&code=%s", secret, "000000");
	if (strcmp(code_for(secret, code), "000000") == 0)
		skip();
	/* A wrong code: the page again, with the secret that the phone has. */
	char *page = office_post(office, OFFICER, "/totp", body, 422);
	assert_non_null(strstr(page, secret));
	assert_non_null(strstr(page, "<svg class='qr'"));
	assert_non_null(strstr(page, "口令不对"));
	free(page);
	snprintf(body, sizeof(body), "secret=%s&code=%s", secret, code);
	free(office_post(office, OFFICER, "/totp", body, 303));
	json_t *json = office_json(office, OFFICER, "/totp", "");
	assert_true(json_is_true(json_object_get(json, "on")));
	assert_null(json_object_get(json, "secret"));
	json_decref(json);
	/* Whoever finds the session open can't put his own phone in its place. */
	free(office_post(office, OFFICER, "/totp", body, 409));
	free(office_post(office, OFFICER, "/totp/off", "password=wrong", 422));
	snprintf(body, sizeof(body), "password=%s", password);
	free(office_post(office, OFFICER, "/totp/off", body, 303));
	secret_of(office, secret);
}

static int64_t number_in(json_t *json, const char *name)
{
	return json_integer_value(json_object_get(json, name));
}

static void the_policy_changes_within_its_limits_by_the_security_administrator(void **state)
{
	struct office *office = office_of(state);
	static const char *const wrong[] = {
		"min_length=9&idle_minutes=30&tries=5", "min_length=65&idle_minutes=30&tries=5",
		"min_length=12&idle_minutes=4&tries=5", "min_length=12&idle_minutes=241&tries=5",
		"min_length=12&idle_minutes=30&tries=2", "min_length=12&idle_minutes=30&tries=11",
		"min_length=12&idle_minutes=30", "min_length=x&idle_minutes=30&tries=5",
	};
	const char *good = "min_length=12&idle_minutes=45&tries=4";

	free(office_post(office, SYSTEM, "/policy", good, 403));
	free(office_post(office, OFFICER, "/policy", good, 403));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		free(office_post(office, SECURITY, "/policy", wrong[i], 422));
	json_t *json = office_json(office, SECURITY, "/policy", "");
	assert_int_equal(number_in(json, "min_length"), 10);
	json_decref(json);
	free(office_post(office, SECURITY, "/policy", good, 303));
	json = office_json(office, SECURITY, "/policy", "");
	assert_int_equal(number_in(json, "min_length"), 12);
	assert_int_equal(number_in(json, "idle_minutes"), 45);
	assert_int_equal(number_in(json, "tries"), 4);
	json_decref(json);
	/* The next password is held to it. */
	char body[200];
	snprintf(body, sizeof(body), "old=%s&new=%s&new_again=%s", office_password(OFFICER),
		 "Lan-Hua-26x", "Lan-Hua-26x");
	char *page = office_post(office, OFFICER, "/password", body, 422);
	assert_non_null(strstr(page, "12"));
	free(page);
}

static void one_sees_where_one_is_signed_in_and_ends_the_others(void **state)
{
	struct office *office = office_of(state);
	json_t *json = office_json(office, OFFICER, "/sessions", "");
	json_t *list = json_object_get(json, "sessions");
	assert_int_equal(json_array_size(list), 1);
	assert_true(json_is_true(json_object_get(json_array_get(list, 0), "here")));
	json_decref(json);
	struct web_response r = office_get(office, OFFICER, "/sessions", "");
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(buf_str(&r.body), "现在这处"));
	assert_null(strstr(buf_str(&r.body), "退出这处"));
	web_response_done(&r);
	free(office_post(office, OFFICER, "/sessions", "session=0123456789abcdef", 404));
	free(office_post(office, OFFICER, "/sessions", "", 303));
	json_decref(office_json(office, OFFICER, "/sessions", ""));
}

/* Typed into the filter of a list: the list comes, and the field is marked. */
static void a_day_that_is_none_comes_back_with_the_list(void **state)
{
	struct office *office = office_of(state);
	static const struct {
		enum office_who who;
		const char *path, *shows;
	} pages[] = {{AUDITOR, "/audit", "检查日志是否完整"}, {OFFICER, "/cases/bulletin", "通报"}};
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct web_response r = office_get(office, pages[i].who, pages[i].path, "from=2026-13-45&to=2026-11-01");
		const char *page = buf_str(&r.body);
		assert_int_equal(r.status, 422);
		assert_non_null(strstr(page, pages[i].shows));
		assert_non_null(strstr(page, "name='from' value='2026-13-45' placeholder='2026-01-01' inputmode='numeric' "
				       "aria-invalid='true'"));
		assert_non_null(strstr(page, "name='to' value='2026-11-01'"));
		assert_non_null(strstr(page, "role='alert'"));
		web_response_done(&r);
	}
}

static void accounts_are_listed_by_their_roles(void **state)
{
	struct office *office = office_of(state);
	struct web_response r = office_get(office, SECURITY, "/accounts", "role=auditor");
	const char *page = buf_str(&r.body);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(page, "共 <b>1</b> 个"));
	assert_non_null(strstr(page, "<option value='auditor' selected>"));
	web_response_done(&r);
	r = office_get(office, SYSTEM, "/accounts/export", "role=auditor&format=csv");
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(buf_str(&r.body), "审计员"));
	assert_null(strstr(buf_str(&r.body), "系统管理员"));
	web_response_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_OFFICE(a_second_factor_is_set_up_with_a_code_and_removed_with_the_password),
		IN_OFFICE(one_sees_where_one_is_signed_in_and_ends_the_others),
		IN_OFFICE(a_day_that_is_none_comes_back_with_the_list),
		IN_OFFICE(accounts_are_listed_by_their_roles),
		IN_OFFICE(the_policy_changes_within_its_limits_by_the_security_administrator),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
