/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <stdbool.h>

#include "base/par.h"

enum { THINGS = 1000 };

struct seen {
	size_t count, step;
	atomic_uchar times[THINGS];
	atomic_bool wrong;
};

static void see(void *arg, unsigned part, size_t begin, size_t end)
{
	struct seen *seen = arg;
	if (part >= 3 || begin >= end || end > seen->count || end - begin > seen->step)
		atomic_store(&seen->wrong, true);
	for (size_t i = begin; i < end; i++)
		atomic_fetch_add(&seen->times[i], 1);
}

static void each_thing_is_done_once(void **state)
{
	static const size_t counts[] = {0, 1, 2, 3, 11, 12, 13, 999, THINGS};
	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		for (size_t step = 1; step < 2 * THINGS; step += 1 + step / 2) {
			struct seen seen = {.count = counts[i], .step = step};
			par_each(3, seen.count, step, see, &seen);
			assert_false(atomic_load(&seen.wrong));
			for (size_t k = 0; k < THINGS; k++)
				assert_int_equal(atomic_load(&seen.times[k]), k < seen.count);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_is_done_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
