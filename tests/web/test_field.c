/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "web/field.h"

static const struct web_choice colours[] = {{"red", "红"}, {"blue", "蓝"}, {0}};
static const struct web_field fields[] = {
	{.name = "name", .label = "名称", .type = WEB_TEXT, .required = true, .min = 2, .max = 4},
	{.name = "code", .label = "代码", .type = WEB_TEXT, .pattern = "a-z0-9-"},
	{.name = "n", .label = "数", .type = WEB_INT, .min = -5, .max = 100},
	{.name = "day", .label = "日期", .type = WEB_DATE},
	{.name = "colour", .label = "颜色", .type = WEB_CHOICE, .choices = colours},
	{.name = "yes", .label = "同意", .type = WEB_FLAG},
	{.name = "many", .label = "多个", .type = WEB_TEXT, .many = true},
	{.name = "secret", .label = "密码", .type = WEB_SECRET},
	{.name = "file", .label = "文件", .type = WEB_FILE, .max = 10},
	{0},
};
enum { NAME, CODE, N, DAY, COLOUR, YES, MANY, SECRET, UPLOAD, COUNT };

struct got {
	struct arena arena;
	struct web_params params;
	struct web_value values[COUNT];
	const char *errors[COUNT];
	struct err_info info;
	int wrong;
};

static void got_done(struct got *got)
{
	arena_done(&got->arena);
}

static struct got read_form(const char *body)
{
	struct got got = {0};
	assert_int_equal(web_params_add_form(&got.params, str_from(body), &got.arena, &got.info), 0);
	got.wrong = web_fields_read(fields, &got.params, got.values, got.errors, &got.arena);
	return got;
}

static void typed_values_come_out(void **state)
{
	(void)state;
	AUTO(got) struct got got = read_form("name=+%E9%95%BF%E5%9D%A1%E6%9D%91+&code=a-1&n=%EF%BC%94"
					     "%EF%BC%92&day=2026/1/5&colour=blue&yes=1&many=a&many=b"
					     "&secret=+p+");
	assert_int_equal(got.wrong, 0);
	assert_true(str_eqs(got.values[NAME].text, "长坡村"));
	assert_int_equal(got.values[N].number, 42);
	assert_true(str_eqs(got.values[DAY].text, "2026-01-05"));
	assert_int_equal(got.values[DAY].number, 20260105);
	assert_int_equal(got.values[COLOUR].number, 1);
	assert_int_equal(got.values[YES].number, 1);
	assert_int_equal(got.values[MANY].n, 2);
	assert_true(str_eqs(got.values[SECRET].text, " p "));
	assert_false(got.values[UPLOAD].given);
}

static void wrong_types_are_said_field_by_field(void **state)
{
	(void)state;
	AUTO(got) struct got got = read_form("name=a&code=A_1&n=4x&day=2026-02-30&colour=green");
	assert_int_equal(got.wrong, 5);
	assert_non_null(strstr(got.errors[NAME], "至少 2 个字"));
	assert_non_null(got.errors[CODE]);
	assert_non_null(strstr(got.errors[N], "整数"));
	assert_non_null(strstr(got.errors[DAY], "年-月-日"));
	assert_non_null(got.errors[COLOUR]);
	assert_null(got.errors[YES]);
}

static void limits_count_characters_and_refuse_control_characters(void **state)
{
	(void)state;
	AUTO(got) struct got four = read_form("name=%E9%95%BF%E5%9D%A1%E6%9D%91%E6%9D%91");
	assert_null(four.errors[NAME]);
	AUTO(got) struct got five = read_form("name=%E9%95%BF%E5%9D%A1%E6%9D%91%E6%9D%91%E6%9D%91");
	assert_non_null(strstr(five.errors[NAME], "最多 4 个字"));
	AUTO(got) struct got control = read_form("name=a%00b&n=101");
	assert_non_null(control.errors[NAME]);
	assert_non_null(strstr(control.errors[N], "-5 到 100"));
	AUTO(got) struct got twice = read_form("name=ab&name=cd");
	assert_non_null(twice.errors[NAME]);
	AUTO(got) struct got missing = read_form("n=99999999999999999999");
	assert_non_null(missing.errors[NAME]);
	assert_non_null(missing.errors[N]);
}

/* What comes behind a wrong one of a list is not "unknown" for that. */
static void a_wrong_one_of_many_leaves_the_rest_known(void **state)
{
	(void)state;
	AUTO(got) struct got got = read_form("name=ab&many=a%00&many=b&many=c");
	assert_non_null(got.errors[MANY]);
	for (int i = 0; i < got.params.n; i++)
		assert_true(got.params.at[i].used);
}

static void days_in_every_spelling(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int number;
	} cases[] = {
		{"2026-11-25", 20261125}, {"2026.1.2", 20260102}, {"2026年11月25日", 20261125},
		{"20261125", 20261125}, {"2024-02-29", 20240229}, {"2023-02-29", 0},
		{"2026-13-01", 0}, {"2026-11-25x", 0}, {"26-1-1", 0}, {"", 0}, {"2026-11", 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int y, m, d;
		bool ok = web_read_date(str_from(cases[i].text), &y, &m, &d);
		assert_int_equal(ok ? y * 10000 + m * 100 + d : 0, cases[i].number);
	}
}

static void broken_encodings_are_refused(void **state)
{
	(void)state;
	static const char *const bodies[] = {"a=%4", "a=%zz", "a=%", "%C0%80=1", "a=%FF"};
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		AUTO(got) struct got got = {0};
		assert_int_equal(web_params_add_form(&got.params, str_from(bodies[i]), &got.arena,
						     &got.info), ERR_INPUT);
	}
}

static void too_many_pairs_are_refused(void **state)
{
	(void)state;
	AUTO(got) struct got got = {0};
	AUTO(buf) struct buf body = {0};
	for (int i = 0; i <= WEB_PARAMS_MAX; i++)
		buf_adds(&body, "a=1&");
	assert_int_equal(web_params_add_form(&got.params, str_from(buf_str(&body)), &got.arena,
					     &got.info), ERR_LIMIT);
}

#define PART(disposition, content) \
	"--xx\r\nContent-Disposition: form-data; " disposition "\r\n\r\n" content "\r\n"

static void multipart_gives_fields_and_the_file(void **state)
{
	(void)state;
	AUTO(got) struct got got = {0};
	struct str body = STR(PART("name=\"name\"", "ab")
			      PART("name=\"file\"; filename=\"\xE8\xA1\xA8.csv\"", "1,\r\n--x\r\n2")
			      "--xx--\r\n");
	assert_int_equal(web_params_add_multipart(&got.params,
						  STR("multipart/form-data; boundary=xx"), body,
						  &got.arena, &got.info), 0);
	got.wrong = web_fields_read(fields, &got.params, got.values, got.errors, &got.arena);
	assert_string_equal(got.errors[UPLOAD] ? got.errors[UPLOAD] : "", "");
	assert_true(str_eqs(got.values[UPLOAD].file.data, "1,\r\n--x\r\n2"));
	assert_true(str_eqs(got.values[UPLOAD].file.name, "表.csv"));
	assert_true(str_eqs(got.values[NAME].text, "ab"));
}

static void cut_multipart_is_refused(void **state)
{
	(void)state;
	static const char whole[] = PART("name=\"name\"", "ab") "--xx--";
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		AUTO(got) struct got got = {0};
		char *copy = arena_strndup(&got.arena, whole, len);
		assert_int_equal(web_params_add_multipart(&got.params, STR("x; boundary=\"xx\""),
							  (struct str){copy, len}, &got.arena,
							  &got.info), ERR_INPUT);
	}
}

static void json_members_become_fields(void **state)
{
	(void)state;
	AUTO(got) struct got got = {0};
	assert_int_equal(web_params_add_json(&got.params,
					     STR("{\"name\":\"ab\",\"n\":42,\"yes\":true,"
						 "\"many\":[\"a\",\"b\"],\"day\":null}"),
					     &got.arena, &got.info), 0);
	got.wrong = web_fields_read(fields, &got.params, got.values, got.errors, &got.arena);
	assert_int_equal(got.wrong, 0);
	assert_int_equal(got.values[N].number, 42);
	assert_int_equal(got.values[MANY].n, 2);
	assert_false(got.values[DAY].given);
}

static void wrong_json_is_refused(void **state)
{
	(void)state;
	static const char *const bodies[] = {"", "[]", "{\"a\":1,\"a\":2}", "{\"n\":1.5}",
					     "{\"n\":{}}", "{\"n\":[[1]]}", "{"};
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		AUTO(got) struct got got = {0};
		assert_int_equal(web_params_add_json(&got.params, str_from(bodies[i]), &got.arena,
						     &got.info), ERR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typed_values_come_out),
		cmocka_unit_test(wrong_types_are_said_field_by_field),
		cmocka_unit_test(limits_count_characters_and_refuse_control_characters),
		cmocka_unit_test(a_wrong_one_of_many_leaves_the_rest_known),
		cmocka_unit_test(days_in_every_spelling),
		cmocka_unit_test(broken_encodings_are_refused),
		cmocka_unit_test(too_many_pairs_are_refused),
		cmocka_unit_test(multipart_gives_fields_and_the_file),
		cmocka_unit_test(cut_multipart_is_refused),
		cmocka_unit_test(json_members_become_fields),
		cmocka_unit_test(wrong_json_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
