/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "tests/fuzz/fuzz.h"
#include "web/field.h"

static const struct web_choice choices[] = {{"a", "甲"}, {"b", "乙"}, {0}};
static const struct web_field fields[] = {
	{.name = "t", .label = "文字", .type = WEB_TEXT, .max = 20},
	{.name = "i", .label = "数", .type = WEB_INT, .min = -9, .max = 9},
	{.name = "d", .label = "日期", .type = WEB_DATE},
	{.name = "c", .label = "选项", .type = WEB_CHOICE, .choices = choices},
	{.name = "m", .label = "多项", .type = WEB_TEXT, .many = true},
	{.name = "f", .label = "文件", .type = WEB_FILE, .max = 100},
	{0},
};

/* What a body may be: the first byte says which kind. Whatever is accepted is
 * valid UTF-8 and within what its field declares. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {.limit = 64 << 20};
	struct web_params params = {0};
	struct web_value values[ARRAY_LEN(fields)];
	const char *errors[ARRAY_LEN(fields)];
	struct err_info info = {0};
	int r;

	if (size == 0)
		return 0;
	struct str body = {(const char *)data + 1, size - 1};
	if (data[0] == 'j')
		r = web_params_add_json(&params, body, &arena, &info);
	else if (data[0] == 'm')
		r = web_params_add_multipart(&params, STR("multipart/form-data; boundary=x"), body,
					     &arena, &info);
	else
		r = web_params_add_form(&params, body, &arena, &info);
	assert(params.n <= WEB_PARAMS_MAX);
	if (r == 0 && web_fields_read(fields, &params, values, errors, &arena) >= 0) {
		assert(errors[0] || values[0].text.len <= 80);
		assert(errors[0] || str_is_utf8(values[0].text.data, values[0].text.len));
		assert(errors[1] || (values[1].number >= -9 && values[1].number <= 9));
		assert(errors[2] || !values[2].given || values[2].text.len == 10);
		assert(errors[3] || values[3].number < 2);
		assert(values[4].n <= WEB_MANY_MAX);
		assert(errors[5] || values[5].file.data.len <= 100);
	}
	arena_done(&arena);
	return 0;
}
