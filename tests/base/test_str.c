/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

static void trim_takes_ideographic_and_no_break_spaces(void **state)
{
	(void)state;
	assert_true(str_eqs(str_trim(STR("\xE3\x80\x80 a b\xC2\xA0\t")), "a b"));
	assert_true(str_eqs(str_trim(STR(" \t ")), ""));
	/* The last byte of a character is not a space of its own. */
	assert_true(str_eqs(str_trim(STR("\xE3\x81\xA0")), "\xE3\x81\xA0"));
}

static void fold_width_turns_digits_letters_and_point(void **state)
{
	(void)state;
	char out[64];
	struct str in = STR("Ａz９．５分，");
	size_t n = str_fold_width(in, out);
	assert_true(str_eqs((struct str){out, n}, "Az9.5分，"));
	assert_true(str_has_wide(in));
	assert_false(str_has_wide(STR("分，A9")));
}

static void utf8_refuses_overlong_surrogates_and_cut_characters(void **state)
{
	(void)state;
	assert_true(str_is_utf8("党组织 abc", strlen("党组织 abc")));
	assert_false(str_is_utf8("\xC0\x80", 2));
	assert_false(str_is_utf8("\xED\xA0\x80", 3));
	assert_false(str_is_utf8("\xE5\x85", 2));
	assert_false(str_is_utf8("\xF4\x90\x80\x80", 4));
}

static void distance_counts_swapped_neighbours_once(void **state)
{
	(void)state;
	assert_int_equal(str_distance(STR("lable"), STR("label"), 3), 1);
	assert_int_equal(str_distance(STR("weight"), STR("weight"), 3), 0);
	assert_int_equal(str_distance(STR("abc"), STR("xyzuvw"), 3), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trim_takes_ideographic_and_no_break_spaces),
		cmocka_unit_test(fold_width_turns_digits_letters_and_point),
		cmocka_unit_test(utf8_refuses_overlong_surrogates_and_cut_characters),
		cmocka_unit_test(distance_counts_swapped_neighbours_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
