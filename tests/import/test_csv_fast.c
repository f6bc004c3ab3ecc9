/* SPDX-License-Identifier: Apache-2.0 */
/* The fast reader of CSV against the precise one, on good and on hostile text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"
#include "tests/import/csv_diff.h"

static uint64_t seed = 5;

static uint64_t below(uint64_t n)
{
	uint64_t z = seed += 0x9E3779B97F4A7C15ull;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
	z = (z ^ z >> 27) * 0x94D049BB133111EBull;
	return (z ^ z >> 31) % n;
}

static void add_cell(struct buf *b)
{
	static const char *const plain[] = {"", "", "a", "12.5", "张家村", "P.01.007", " x ", "　",
					    "some longer text in a cell", "-", "'"};
	static const char *const quoted[] = {"\"\"", "\"a\"", "\"a,b\"", "\"\"\"\"", "\"x\"\"y\"",
		"\"two\nlines\"", "\"two\r\nlines\"", "\"\n\n\n\"", "\"a \"\"long\"\" one, "
		"with everything:\r\n\"\"\"\" 张\"\"\"", "\",\"", "\"\"\"\n\"\"\""};
	if (below(5))
		buf_adds(b, plain[below(ARRAY_LEN(plain))]);
	else
		buf_adds(b, quoted[below(ARRAY_LEN(quoted))]);
}

/* Correct CSV of `columns` columns. */
static void make_good(struct buf *b, int columns, uint64_t rows)
{
	static const char *const ends[] = {"\n", "\n", "\r\n"};
	const char *end = ends[below(3)];
	buf_adds(b, below(4) ? "" : "\xEF\xBB\xBF");
	for (int i = 0; i < columns; i++)
		buf_addf(b, "%shead%d", i ? "," : "", i);
	buf_adds(b, end);
	for (uint64_t r = 0; r < rows; r++) {
		if (!below(12))
			buf_adds(b, end);
		for (int i = 0; i < columns; i++) {
			buf_adds(b, i ? "," : "");
			add_cell(b);
		}
		buf_adds(b, r == rows - 1 && below(2) ? "" : end);
	}
}

/* Something that does not belong there, somewhere. */
static void spoil(struct buf *b)
{
	static const char *const bad[] = {"\"", "\r", "\n", ",", "\xFF", "\xE5", "\"\"", "\"x", "\r\n\"",
					  "\"\r", ",\"", "\n\n", "\xEF\xBB\xBF", "\0"};
	size_t at = below(b->len + 1), i = below(ARRAY_LEN(bad));
	size_t len = i == ARRAY_LEN(bad) - 1 ? 1 : strlen(bad[i]);
	if (below(3)) {
		buf_add(b, "          ", len);
		memmove(b->data + at + len, b->data + at, b->len - len - at);
	} else if (at + len > b->len) {
		return;
	}
	memcpy(b->data + at, bad[i], len);
}

static void both_read_good_text_alike(void **state)
{
	int taken = 0, rounds = 1200;
	(void)state;
	for (int i = 0; i < rounds; i++) {
		AUTO(buf) struct buf b = {0};
		make_good(&b, 2 + (int)below(5), below(40));
		taken += csv_diff(b.data, b.len, 1 + (unsigned)below(4), i % 8 == 0) >= 0;
	}
	/* Records over a whole block are declined, and few others. */
	if (taken < rounds * 3 / 4)
		fail_msg("only %d of %d taken", taken, rounds);
}

static void both_read_spoilt_text_alike_or_the_fast_one_declines(void **state)
{
	int declined = 0, rounds = 4000;
	(void)state;
	for (int i = 0; i < rounds; i++) {
		AUTO(buf) struct buf b = {0};
		make_good(&b, 2 + (int)below(3), 1 + below(30));
		for (uint64_t n = 1 + below(3); n; n--)
			spoil(&b);
		declined += csv_diff(b.data, b.len, 1 + (unsigned)below(3), i % 16 == 0) < 0;
	}
	assert_true(declined > rounds / 2 && declined < rounds);
}

static int lines(struct buf *b, const char *text)
{
	int r = csv_diff(text, strlen(text), 2, 0);
	buf_clear(b);
	return r;
}

static void corners(void **state)
{
	AUTO(buf) struct buf b = {0};
	(void)state;
	assert_int_equal(lines(&b, "a,b\n"), 0);
	assert_int_equal(lines(&b, "a,b\n1,2"), 1);
	assert_int_equal(lines(&b, "a,b\r\n1,2\r\n"), 1);
	assert_int_equal(lines(&b, "a,b\n\n\r\n1,2\n"), 1);
	assert_int_equal(lines(&b, "a,b\n,\n1,2\n"), 1);
	assert_int_equal(lines(&b, "a,b\n1,2\r"), 1);
	assert_int_equal(lines(&b, "a,b\n1,\"\""), 1);
	assert_int_equal(lines(&b, "a,b"), -1);
	assert_int_equal(lines(&b, "a\n1\n"), -1);
	assert_int_equal(lines(&b, "a,\"b\"\n1,2\n"), -1);
	assert_int_equal(lines(&b, "a,b\n1,2,3\n"), -1);
	assert_int_equal(lines(&b, "a,b\n1\n"), -1);
	assert_int_equal(lines(&b, "a,b\n1,\"2\n"), -1);
	assert_int_equal(lines(&b, "a,b\n1,2\rx\n"), -1);
	assert_int_equal(lines(&b, "a,b\n1,\xB4\xFA\n"), -1);
	/* A line end, then a quote, at every place around a block's edge. */
	int taken = 0;
	for (int pad = 0; pad < 200; pad++)
		for (int kind = 0; kind < 6; kind++) {
			static const char *const cell[] = {"\"x\n\"", "\"\"", "\"\"\"\"", "\"\n\"", "x",
							   "\"\r\n\"\"\r\n\""};
			buf_adds(&b, "a,b\n");
			for (int i = 0; i < pad; i++)
				buf_addc(&b, 'x');
			for (int i = 0; i < 4; i++)
				buf_addf(&b, ",%s\n%s", cell[kind], cell[kind]);
			buf_adds(&b, ",y\n");
			taken += csv_diff(b.data, b.len, 2, 0) >= 0;
			buf_clear(&b);
		}
	assert_true(taken > 700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_read_good_text_alike),
		cmocka_unit_test(both_read_spoilt_text_alike_or_the_fast_one_declines),
		cmocka_unit_test(corners),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
