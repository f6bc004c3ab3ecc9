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

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_OFFICE(a_second_factor_is_set_up_with_a_code_and_removed_with_the_password),
		IN_OFFICE(the_policy_changes_within_its_limits_by_the_security_administrator),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
