/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
#include "domain/day.h"

static void days_are_read_as_people_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int32_t day;
	} cases[] = {
		{"2026-03-01", 20260301}, {"2026/3/1", 20260301}, {"2026.3.1", 20260301},
		{"2026年3月1日", 20260301}, {"20260301", 20260301}, {"2026年3月", 20260300},
		{"2026-12", 20261200}, {"202612", 20261200}, {"2026", 20260000},
		{"2026年", 20260000}, {"2024-02-29", 20240229}, {"2026-02-29", -1},
		{"2026-13-01", -1}, {"2026-00-01", -1}, {"2026-04-31", -1}, {"", -1}, {"今天", -1},
		{"2026-03-01 00:00", -1}, {"1026-01-01", -1}, {"26-3-1", -1}, {"2026-", 20260000},
		{"46082", -1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int32_t day = -1;
		day_parse(str_from(cases[i].text), &day);
		if (day != cases[i].day)
			fail_msg("%s: %d", cases[i].text, (int)day);
	}
}

static void days_are_written_as_far_as_they_are_known(void **state)
{
	(void)state;
	char text[16];
	day_format(20260301, text);
	assert_string_equal(text, "2026-03-01");
	day_format(20260300, text);
	assert_string_equal(text, "2026-03");
	day_format(20260000, text);
	assert_string_equal(text, "2026");
	day_format(0, text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_read_as_people_write_them),
		cmocka_unit_test(days_are_written_as_far_as_they_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
