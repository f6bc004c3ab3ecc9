/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
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

/* Character by character, without a short cut. */
static bool is_utf8_slowly(const char *data, size_t len)
{
	for (size_t n; len; data += n, len -= n)
		if (!(n = str_utf8_len(data, len)))
			return false;
	return true;
}

/* Long texts are looked at many bytes at once: all pairs of bytes and what may follow
 * them, at every place. */
static void utf8_of_long_texts_is_the_same(void **state)
{
	static const unsigned char edge[] = {0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xE5, 0xF1};
	enum { LEN = 100 };
	char text[LEN];
	unsigned n = 0, right = 0;
	(void)state;
	for (unsigned pair = 0x8000; pair < 0x10000; pair++)
		for (size_t k = 0; k < ARRAY_LEN(edge) * ARRAY_LEN(edge); k++) {
			size_t at = n++ % (LEN - 3);
			memset(text, 'x', LEN);
			text[at] = (char)(pair >> 8);
			text[at + 1] = (char)pair;
			text[at + 2] = (char)edge[k / ARRAY_LEN(edge)];
			if (at + 3 < LEN)
				text[at + 3] = (char)edge[k % ARRAY_LEN(edge)];
			bool valid = is_utf8_slowly(text, LEN);
			right += valid;
			if (str_is_utf8(text, LEN) != valid)
				fail_msg("%02x %02x %02x %02x at %zu", pair >> 8, pair & 0xFF,
					 edge[k / ARRAY_LEN(edge)], edge[k % ARRAY_LEN(edge)], at);
		}
	assert_true(right > 10000 && right < n / 4);
	/* Cut off at every length. */
	for (size_t i = 0; i + 3 <= LEN; i += 3)
		memcpy(text + i, "党", 3);
	for (size_t len = 60; len < LEN; len++)
		assert_int_equal(str_is_utf8(text, len), len % 3 == 0);
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
		cmocka_unit_test(utf8_of_long_texts_is_the_same),
		cmocka_unit_test(distance_counts_swapped_neighbours_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
