/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/pinyin.h"

static void initials_of_names(void **state)
{
	(void)state;
	static const struct {
		const char *name, *initials;
	} cases[] = {
		{"龙泉镇", "lqz"},
		{"周家垭村党支部", "zjycdzb"},
		{"第３党支部（A区）", "d3dzbaq"},
		{"欧阳·明 2组", "oym2z"},
		{"", ""},
		{"——", ""},
		{"长坡村", "zpc cpc"},
		{"𠮷", "j"},
	};
	AUTO(arena) struct arena arena = {0};
	struct pinyin *pinyin;
	assert_int_equal(pinyin_new(&pinyin, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases) - 1; i++)
		assert_string_equal(pinyin_initials(pinyin, cases[i].name, &arena), cases[i].initials);
	/* A rare character beyond the first plane at least does no harm. */
	assert_non_null(pinyin_initials(pinyin, cases[ARRAY_LEN(cases) - 1].name, &arena));
	pinyin_free(pinyin);
}

static void names_sort_by_pinyin(void **state)
{
	(void)state;
	const char *sorted[] = {"1村", "2村", "安村", "长坡村", "龙泉村", "上坪村", "周村", "A村"};
	AUTO(arena) struct arena arena = {0};
	struct pinyin *pinyin;
	struct str before = {0};
	assert_int_equal(pinyin_new(&pinyin, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(sorted); i++) {
		struct str key = pinyin_sort_key(pinyin, sorted[i], &arena);
		size_t len = key.len < before.len ? key.len : before.len;
		assert_true(key.len > 0);
		if (i)
			assert_true(memcmp(before.data, key.data, len) < 0 ||
				    (memcmp(before.data, key.data, len) == 0 && before.len < key.len));
		before = key;
	}
	pinyin_free(pinyin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(initials_of_names),
		cmocka_unit_test(names_sort_by_pinyin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
