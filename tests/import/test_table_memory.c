/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at the n-th request, for every n: a message or a table,
 * no crash, and nothing left behind. This program's malloc stands before the C
 * library's, so that libzip, zlib and expat fail too. A sanitizer needs malloc
 * for itself: there only our own requests fail (the linker wraps them), and it
 * is the sanitizer that finds what is left behind.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "import/table.h"

#ifdef WRAPPED
#define OURS(name) __wrap_##name
#define THEIRS(name) __real_##name
void *OURS(malloc)(size_t size);
void *OURS(calloc)(size_t count, size_t size);
void *OURS(realloc)(void *pointer, size_t size);
void OURS(free)(void *pointer);
#else
#define OURS(name) name
#define THEIRS(name) __libc_##name
#endif
void *THEIRS(malloc)(size_t size);
void *THEIRS(calloc)(size_t count, size_t size);
void *THEIRS(realloc)(void *pointer, size_t size);
void THEIRS(free)(void *pointer);

enum { REQUESTS_MAX = 20000 };

static bool counting;
static long requests, fail_at, held;

/* Counts a request; true if it is the one to fail. */
static bool refused(void)
{
	if (!counting || ++requests != fail_at)
		return false;
	errno = ENOMEM;
	return true;
}

void *OURS(malloc)(size_t size)
{
	void *p = refused() ? NULL : THEIRS(malloc)(size);
	held += counting && p;
	return p;
}

void *OURS(calloc)(size_t count, size_t size)
{
	void *p = refused() ? NULL : THEIRS(calloc)(count, size);
	held += counting && p;
	return p;
}

void *OURS(realloc)(void *pointer, size_t size)
{
	if (refused())
		return NULL;
	void *p = THEIRS(realloc)(pointer, size);
	held += counting && p && !pointer;
	return p;
}

void OURS(free)(void *pointer)
{
	held -= counting && pointer;
	THEIRS(free)(pointer);
}

/* Opens and reads; 0, or what it failed with. Counts the rows. */
static int read_all(const char *data, size_t len, struct err_info *info, int *ret_rows)
{
	struct table *table;
	struct table_row row;
	int rows = 0;
	int r = table_open_memory(&table, "f", data, len, NULL, NULL, info);
	if (r < 0)
		return r;
	while ((r = table_next(table, &row, info)) == 1)
		rows++;
	table_free(table);
	*ret_rows = rows;
	return r;
}

/* `lost`: pieces that a library itself loses where it fails. */
static void every_request_may_fail(const char *data, size_t len, int rows, long lost)
{
	struct err_info info = {0};
	int found = 0, r;
	/* Once without failing: the C library keeps its tables of characters. */
	assert_int_equal(read_all(data, len, &info, &found), 0);
	assert_int_equal(found, rows);
	long n = 1;
	for (; n < REQUESTS_MAX; n++) {
		memset(&info, 0, sizeof(info));
		found = 0;
		requests = held = 0;
		fail_at = n;
		counting = true;
		r = read_all(data, len, &info, &found);
		counting = false;
		if (held < 0 || held > (r < 0 ? lost : 0))
			fail_msg("request %ld: %ld pieces left", n, held);
		if (r == 0)
			assert_int_equal(found, rows);
		else if (r != ERR_NOMEM)
			fail_msg("request %ld: %d %s", n, r, info.text);
		else
			assert_true(info.text[0]);
		if (requests < n)
			break;
	}
	assert_true(n > 1 && n < REQUESTS_MAX);
	assert_int_equal(r, 0);
}

static void csv(void **state)
{
	(void)state;
	static const char text[] = "a,b\n\"x\"\"y\",2\n\n3,\"4\n5\"\n";
	every_request_may_fail(text, sizeof(text) - 1, 3, 0);
}

static void csv_in_gb18030(void **state)
{
	(void)state;
	static const char text[] = "\xB4\xFA\xC2\xEB,\xC3\xFB\xB3\xC6\n1,\"\xD5\xC5\"\"\"\n";
	every_request_may_fail(text, sizeof(text) - 1, 2, 0);
}

static void file(const char *path, long lost)
{
	struct buf buf = {0};
	struct err_info info = {0};
	if (file_read(path, 1 << 20, &buf, &info) < 0)
		fail_msg("%s", info.text);
	every_request_may_fail(buf.data, buf.len, 5, lost);
	buf_done(&buf);
}

static void xls(void **state)
{
	(void)state;
	file("tests/import/files/book.xls", 0);
}

static void xlsx(void **state)
{
	(void)state;
	/* libzip 1.7 loses a source where zip_fopen_index runs out of memory. */
	file("tests/import/files/book.xlsx", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv),
		cmocka_unit_test(csv_in_gb18030),
		cmocka_unit_test(xls),
		cmocka_unit_test(xlsx),
	};
	/* libzip asks for the time zone; so it is kept, not loaded each time. */
	setenv("TZ", "UTC0", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
