/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at the n-th request, for every n, while a scheme is
 * read: a scheme or a message, no crash; the sanitizer finds what is left
 * behind. The linker puts these functions before the C library's; libyaml's own
 * requests are not reached.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import/scheme_yaml.h"

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);

static bool counting;
static int requests, fail_at;

static bool refused(void)
{
	return counting && ++requests == fail_at;
}

void *__wrap_malloc(size_t size)
{
	return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
	return refused() ? NULL : __real_realloc(pointer, size);
}

/* Reads `text` with every request failing once; `want`: what it ends with when
 * none does. Where only the message of a fault was lost, that is `want` too. */
static void every_request_may_fail(const char *text, size_t len, int want)
{
	int n = 1;
	do {
		AUTO(scheme) struct scheme scheme = {0};
		AUTO(diag) struct diag diag = {0};
		struct err_info info = {0};
		requests = 0;
		fail_at = n;
		counting = true;
		int r = scheme_load_text(&scheme, "f", text, len, &diag, &info);
		counting = false;
		assert_true(r == want || (r == ERR_NOMEM && requests >= n));
		assert_true(r == 0 ? scheme.id != NULL : scheme.id == NULL && info.text[0]);
		assert_true(r != ERR_INPUT || diag.total > 0);
	} while (requests >= n++ && n < 1000);
	assert_true(n > 5 && n < 1000);
}

static void a_scheme_or_a_message(void **state)
{
	const struct shipped_scheme *guizhou = shipped_scheme_find("guizhou");
	(void)state;
	every_request_may_fail(guizhou->text, guizhou->len, 0);
}

static void a_wrong_scheme_too(void **state)
{
	static const char text[] = "id: a\nid: b\ntitle: [x]\nx: &a !!map {y: 1}\n";
	(void)state;
	every_request_may_fail(text, sizeof(text) - 1, ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scheme_or_a_message),
		cmocka_unit_test(a_wrong_scheme_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
