/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/big.h"

enum { MB = 1 << 20, PIECES = 3 };

static void fill(void **pieces, size_t piece)
{
	for (size_t i = 0; i < PIECES; i++) {
		pieces[i] = big_zalloc(piece);
		assert_non_null(pieces[i]);
		for (size_t k = 0; k < piece; k += 4096)
			((char *)pieces[i])[k] = (char)(i * 50 + k / 4096 % 50 + 1);
	}
}

/* A block of more, of as much and of less than the pieces hold. */
static void pieces_are_joined_with_what_stands_in_them(void **state)
{
	static const size_t sizes[] = {40 * MB, 24 * MB, 19 * MB, 9 * MB + 5};
	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(*sizes); s++) {
		void *pieces[PIECES];
		size_t piece = 8 * MB;
		fill(pieces, piece);
		char *block = big_join(pieces, PIECES, piece, sizes[s]);
		assert_non_null(block);
		size_t whole = sizes[s] / (2 * MB) * (2 * MB);
		for (size_t at = 0; at < whole && at < PIECES * piece; at += 4096)
			assert_int_equal((unsigned char)block[at], at / piece * 50 + at % piece / 4096 % 50 + 1);
		memset(block, 1, sizes[s]);
		big_free(block, sizes[s]);
	}
}

static void small_pieces_are_given_back(void **state)
{
	void *pieces[PIECES];
	(void)state;
	fill(pieces, 10000);
	char *block = big_join(pieces, PIECES, 10000, 30000);
	assert_non_null(block);
	memset(block, 1, 30000);
	big_free(block, 30000);
}

static void one_is_cut_into_two(void **state)
{
	size_t size = 19 * MB, kept = 0;
	char *block = big_zalloc(size);
	(void)state;
	assert_non_null(block);
	for (size_t at = 0; at < size; at += 4096)
		block[at] = (char)(at / 4096 % 50 + 1);
	assert_null(big_cut(block, size, 13 * MB, 7 * MB, &kept));
	assert_null(big_cut(block, size, 3 * MB, 5 * MB, &kept));
	assert_null(big_cut(block, size, 5 * MB, 3 * MB, &kept));
	assert_null(big_cut(block, size, 20 * MB, 5 * MB, &kept));
	char *rest = big_cut(block, size, 7 * MB, 5 * MB, &kept);
	assert_non_null(rest);
	assert_true(kept >= 7 * MB && rest >= block + 7 * MB);
	for (size_t at = 0; at < 7 * MB; at += 4096)
		assert_int_equal(block[at], at / 4096 % 50 + 1);
	for (size_t at = 0; at < 5 * MB; at += 4096)
		assert_int_equal(rest[at], ((size_t)(rest - block) + at) / 4096 % 50 + 1);
	big_free(block, kept);
	memset(rest, 1, 5 * MB);
	big_free(rest, 5 * MB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_joined_with_what_stands_in_them),
		cmocka_unit_test(small_pieces_are_given_back),
		cmocka_unit_test(one_is_cut_into_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
