/* SPDX-License-Identifier: Apache-2.0 */
/* Stored numbers and day counts as Excel shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/auto.h"
#include "import/sheet_format.h"

static void shows(const char *text, const char *expected)
{
	char out[SHEET_TEXT_MAX];
	size_t n = sheet_number(str_from(text), out);
	assert_true(n <= sizeof(out));
	if (!str_eqs((struct str){out, n}, expected))
		fail_msg("%s gives %.*s, not %s", text, (int)n, out, expected);
}

static void numbers_have_15_significant_digits(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"0", "0"}, {"-0", "0"}, {"0.000", "0"}, {"0e5", "0"}, {"00012", "12"},
		{"90.5", "90.5"}, {"90.50", "90.5"}, {"+7", "7"}, {"-3.25", "-3.25"},
		{".5", "0.5"}, {"5.", "5"}, {" 5 ", "5"}, {"100", "100"}, {"1000000", "1000000"},
		/* What doubles make of sums and products */
		{"0.30000000000000004", "0.3"}, {"0.1", "0.1"}, {"2.6749999999999998", "2.675"},
		{"1.1000000000000001", "1.1"}, {"89.999999999999986", "90"},
		{"8.4999999999999996E-1", "0.85"}, {"79.949999999999989", "79.95"},
		{"99.999999999999972", "100"}, {"0.99999999999999989", "1"},
		/* At the edge of 15 digits */
		{"123456789012345", "123456789012345"}, {"1234567890123456", "1234567890123460"},
		{"1234567890123454", "1234567890123450"}, {"999999999999999", "999999999999999"},
		{"999999999999999.4", "999999999999999"}, {"999999999999999.5", "1000000000000000"},
		{"0.1234567890123445", "0.123456789012345"}, {"1.23456789012344999", "1.23456789012345"},
		{"1.234567890123444999", "1.23456789012344"},
		{"9.99999999999999999999", "10"}, {"522121199001011234", "522121199001011000"},
		/* Exponents */
		{"1E+20", "100000000000000000000"}, {"1e20", "100000000000000000000"},
		{"5.2212119900101101E+17", "522121199001011000"}, {"1.5E-3", "0.0015"},
		{"1E-10", "0.0000000001"}, {"12.5e1", "125"}, {"-2.5E+2", "-250"},
		{"1E39", "1000000000000000000000000000000000000000"},
		{"1E-40", "0.0000000000000000000000000000000000000001"},
		/* Too far, and no numbers */
		{"1E40", ""}, {"1E+300", ""}, {"1E-42", ""}, {"1E99999999999999999999", ""},
		{"1E-99999999999999999999", ""}, {"0E99999999999999999999", "0"},
		{"", ""}, {"-", ""}, {".", ""}, {"1E", ""}, {"1E+", ""}, {"abc", ""}, {"1,5", ""},
		{"1.2.3", ""}, {"0x10", ""}, {"INF", ""}, {"NaN", ""}, {"１", ""}, {"1 2", ""}, {"--1", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		shows(cases[i][0], cases[i][1]);
}

/* Each decimal of up to 4 places comes back from the double that stands for it,
 * however that is written: this is what makes scores exact. */
static void decimals_come_back_from_doubles(void **state)
{
	(void)state;
	for (int i = 0; i <= 1000000; i += 17) {
		char plain[32], stored[64];
		int whole = i / 10000, rest = i % 10000;
		int n = snprintf(plain, sizeof(plain), "%d.%04d", whole, rest);
		while (plain[n - 1] == '0')
			plain[--n] = '\0';
		if (plain[n - 1] == '.')
			plain[--n] = '\0';
		double value = strtod(plain, NULL);
		snprintf(stored, sizeof(stored), "%.17g", value);
		shows(stored, plain);
		snprintf(stored, sizeof(stored), "%.16e", value);
		shows(stored, plain);
		/* and with a little dirt from a calculation */
		snprintf(stored, sizeof(stored), "%.17g", (value + 100.1) - 100.1);
		if (value >= 10)
			shows(stored, plain);
	}
}

/* Except for exact ties, which printf rounds to even and Excel away from zero. */
static void a_random_double_matches_printf(void **state)
{
	(void)state;
	uint64_t seed = 88172645463325252u;
	for (int i = 0; i < 50000; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		double value = (double)(int64_t)(seed >> 11) / (double)(1 << seed % 30);
		char stored[64], expected[64], out[SHEET_TEXT_MAX];
		snprintf(stored, sizeof(stored), "%.40f", value);	/* all its digits */
		snprintf(expected, sizeof(expected), "%.14e", value);
		char tie[64];
		snprintf(tie, sizeof(tie), "%.15e", value);
		if (strchr(tie, 'e')[-1] == '5' && strtod(tie, NULL) == value)
			continue;
		size_t n = sheet_number(str_from(stored), out);
		assert_true(n > 0);
		size_t m = sheet_number(str_from(expected), expected);
		assert_true(str_eq((struct str){out, n}, (struct str){expected, m}));
	}
}

static void dates(const char *text, enum sheet_format format, bool date1904, const char *expected)
{
	char out[SHEET_TEXT_MAX];
	size_t n = sheet_date(str_from(text), format, date1904, out);
	if (!str_eqs((struct str){out, n}, expected))
		fail_msg("%s gives %.*s, not %s", text, (int)n, out, expected);
}

static void day_counts_become_dates(void **state)
{
	(void)state;
	dates("1", FORMAT_DATE, false, "1900-01-01");
	dates("59", FORMAT_DATE, false, "1900-02-28");
	dates("60", FORMAT_DATE, false, "1900-02-29");
	dates("61", FORMAT_DATE, false, "1900-03-01");
	dates("25569", FORMAT_DATE, false, "1970-01-01");
	dates("36585", FORMAT_DATE, false, "2000-02-29");
	dates("45658", FORMAT_DATE, false, "2025-01-01");
	dates("4.5658E4", FORMAT_DATE, false, "2025-01-01");
	dates("45658.75", FORMAT_DATE, false, "2025-01-01");
	dates("2958465", FORMAT_DATE, false, "9999-12-31");
	dates("0", FORMAT_DATE, true, "1904-01-01");
	dates("44196", FORMAT_DATE, true, "2025-01-01");
	dates("0", FORMAT_DATE, false, "");
	dates("-1", FORMAT_DATE, false, "");
	dates("2958466", FORMAT_DATE, false, "");
	dates("2957004", FORMAT_DATE, true, "");
	dates("1E20", FORMAT_DATE, false, "");
	dates("abc", FORMAT_DATE, false, "");
	dates("45658", FORMAT_NUMBER, false, "");
}

static void fractions_become_times(void **state)
{
	(void)state;
	dates("45658", FORMAT_DATETIME, false, "2025-01-01");
	dates("45658.75", FORMAT_DATETIME, false, "2025-01-01 18:00:00");
	dates("45658.000011574", FORMAT_DATETIME, false, "2025-01-01 00:00:01");
	dates("45658.9999999", FORMAT_DATETIME, false, "2025-01-02");
	dates("0.5", FORMAT_TIME, false, "12:00:00");
	dates("0", FORMAT_TIME, false, "00:00:00");
	dates("0.3958333333333333", FORMAT_TIME, false, "09:30:00");
	dates("0.999999999999999", FORMAT_TIME, false, "00:00:00");
	dates("0.00000000000000000001", FORMAT_TIME, false, "00:00:00");
}

/* Every day of two centuries, against the C library's calendar. */
static void dates_agree_with_the_calendar(void **state)
{
	(void)state;
	for (int serial = 61; serial < 73051; serial++) {
		time_t t = ((time_t)serial - 25569) * 86400;
		struct tm tm;
		char expected[32], text[16];
		assert_non_null(gmtime_r(&t, &tm));
		strftime(expected, sizeof(expected), "%Y-%m-%d", &tm);
		snprintf(text, sizeof(text), "%d", serial);
		dates(text, FORMAT_DATE, false, expected);
	}
}

static void formats_are_told_apart(void **state)
{
	(void)state;
	static const struct { const char *code; enum sheet_format format; } cases[] = {
		{"General", FORMAT_NUMBER}, {"general", FORMAT_NUMBER}, {"0.00_ ", FORMAT_NUMBER},
		{"0.00_);[Red]\\(0.00\\)", FORMAT_NUMBER}, {"#,##0", FORMAT_NUMBER},
		{"0%", FORMAT_NUMBER}, {"0.00E+00", FORMAT_NUMBER}, {"##0.0e-0", FORMAT_NUMBER},
		{"@", FORMAT_NUMBER}, {"", FORMAT_NUMBER}, {"0\"分\"", FORMAT_NUMBER},
		{"General\"day\"", FORMAT_NUMBER}, {"0\" days\"", FORMAT_NUMBER}, {"0\\d", FORMAT_NUMBER},
		{"[DBNum1][$-804]General", FORMAT_NUMBER}, {"[$¥-804]#,##0.00", FORMAT_NUMBER},
		{"0;yyyy", FORMAT_NUMBER}, {"_ * #,##0.00_ ", FORMAT_NUMBER}, {"0_d", FORMAT_NUMBER},
		{"yyyy-mm-dd", FORMAT_DATE}, {"yyyy\"年\"m\"月\"d\"日\"", FORMAT_DATE},
		{"[$-804]yyyy\"年\"m\"月\"", FORMAT_DATE}, {"m/d/yy", FORMAT_DATE}, {"mmm", FORMAT_DATE},
		{"[$-804]aaaa", FORMAT_DATE}, {"yyyy\\-mm\\-dd;@", FORMAT_DATE}, {"e年", FORMAT_DATE},
		{"YYYY/MM/DD", FORMAT_DATE}, {"[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\"", FORMAT_DATE},
		{"yyyy-mm-dd hh:mm", FORMAT_DATETIME}, {"m/d/yy h:mm", FORMAT_DATETIME},
		{"h:mm", FORMAT_TIME}, {"[h]:mm:ss", FORMAT_TIME}, {"mm:ss.0", FORMAT_TIME},
		{"h:mm AM/PM", FORMAT_TIME}, {"[mm]:ss", FORMAT_TIME}, {"h\"时\"mm\"分\"", FORMAT_TIME},
		{"\"unclosed", FORMAT_NUMBER}, {"[unclosed", FORMAT_NUMBER}, {"\\", FORMAT_NUMBER},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (sheet_format_custom(str_from(cases[i].code)) != cases[i].format)
			fail_msg("%s is taken for %d", cases[i].code,
				 sheet_format_custom(str_from(cases[i].code)));
	assert_int_equal(sheet_format_builtin(0), FORMAT_NUMBER);
	assert_int_equal(sheet_format_builtin(2), FORMAT_NUMBER);
	assert_int_equal(sheet_format_builtin(14), FORMAT_DATE);
	assert_int_equal(sheet_format_builtin(22), FORMAT_DATETIME);
	assert_int_equal(sheet_format_builtin(31), FORMAT_DATE);
	assert_int_equal(sheet_format_builtin(32), FORMAT_TIME);
	assert_int_equal(sheet_format_builtin(49), FORMAT_NUMBER);
	assert_int_equal(sheet_format_builtin(164), FORMAT_NUMBER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_15_significant_digits),
		cmocka_unit_test(decimals_come_back_from_doubles),
		cmocka_unit_test(a_random_double_matches_printf),
		cmocka_unit_test(day_counts_become_dates),
		cmocka_unit_test(fractions_become_times),
		cmocka_unit_test(dates_agree_with_the_calendar),
		cmocka_unit_test(formats_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
