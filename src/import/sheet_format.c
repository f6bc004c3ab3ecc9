/* SPDX-License-Identifier: Apache-2.0 */
#include "import/sheet_format.h"

#include <stdint.h>
#include <stdio.h>
#include <strings.h>

enum { DIGITS = 15, FAR = 40, DAY_SECONDS = 86400 };

enum sheet_format sheet_format_builtin(unsigned id)
{
	switch (id) {
	case 14: case 15: case 16: case 17:
	case 27: case 28: case 29: case 30: case 31: case 36:
	case 50: case 51: case 52: case 53: case 54: case 57: case 58:
		return FORMAT_DATE;
	case 18: case 19: case 20: case 21:
	case 32: case 33: case 34: case 35:
	case 45: case 46: case 47:
	case 55: case 56:
		return FORMAT_TIME;
	case 22:
		return FORMAT_DATETIME;
	default:
		return FORMAT_NUMBER;
	}
}

static bool begins(struct str text, const char *with)
{
	size_t n = strlen(with);
	return text.len >= n && strncasecmp(text.data, with, n) == 0;
}

/* The length of what stands for itself at the start of a format: "…", \x, _x,
 * *x, […], General; 0 for a letter or digit that means something. [h] and the
 * like are times: *time. */
static size_t literal_len(struct str code, bool *time)
{
	const char *end = NULL;
	switch (code.data[0]) {
	case '"':
		end = memchr(code.data + 1, '"', code.len - 1);
		return end ? (size_t)(end - code.data) + 1 : code.len;
	case '\\': case '_': case '*':
		return code.len < 2 ? code.len : 2;
	case '[':
		end = memchr(code.data, ']', code.len);
		if (begins(code, "[h]") || begins(code, "[hh]") || begins(code, "[m]") ||
		    begins(code, "[mm]") || begins(code, "[s]") || begins(code, "[ss]"))
			*time = true;
		return end ? (size_t)(end - code.data) + 1 : code.len;
	default:
		if (begins(code, "General"))
			return 7;
		if (begins(code, "AM/PM") || begins(code, "A/P")) {
			*time = true;
			return begins(code, "A/P") ? 3 : 5;
		}
		return 0;
	}
}

enum sheet_format sheet_format_custom(struct str code)
{
	bool date = false, month = false, time = false;
	while (code.len && code.data[0] != ';') {
		size_t n = literal_len(code, &time);
		if (!n) {
			n = 1;
			switch (code.data[0]) {
			case 'e': case 'E':	/* 0.00E+00 or the year of an era */
				if (code.len > 1 && (code.data[1] == '+' || code.data[1] == '-'))
					return FORMAT_NUMBER;
				date = true;
				break;
			case 'y': case 'Y': case 'd': case 'D': case 'a': case 'A':
			case 'g': case 'G': case 'b': case 'B':
				date = true;
				break;
			case 'm': case 'M':
				month = true;
				break;
			case 'h': case 'H': case 's': case 'S':
				time = true;
				break;
			default:
				break;
			}
		}
		code.data += n;
		code.len -= n;
	}
	if (date || (month && !time))
		return time ? FORMAT_DATETIME : FORMAT_DATE;
	return time ? FORMAT_TIME : FORMAT_NUMBER;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number as its significant digits: 0.d1d2d3… × 10^point. */
struct decimal {
	bool negative;
	int n;			/* digits; 0: zero */
	long point;
	char digits[DIGITS + 1];
};

/* The exponent at `p`, held within ±100000. False where there is none. */
static bool read_exponent(const char *p, const char *end, long *ret_exponent)
{
	long exponent = 0;
	bool negative = p < end && *p == '-';
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end)
		return false;
	for (; p < end; p++) {
		if (!is_digit(*p))
			return false;
		if (exponent < 100000)
			exponent = exponent * 10 + (*p - '0');
	}
	*ret_exponent = negative ? -exponent : exponent;
	return true;
}

/* Reads the first 16 significant digits, of which the last only rounds. */
static bool read_decimal(struct str text, struct decimal *ret_decimal)
{
	struct decimal d = {0};
	const char *p = text.data, *end = p + text.len;
	bool any = false, behind = false;
	if (p < end && (*p == '-' || *p == '+'))
		d.negative = *p++ == '-';
	for (; p < end && (is_digit(*p) || (*p == '.' && !behind)); p++) {
		if (*p == '.') {
			behind = true;
			continue;
		}
		any = true;
		if (*p == '0' && d.n == 0) {
			d.point -= behind;
			continue;
		}
		if (d.n <= DIGITS)
			d.digits[d.n++] = *p;
		d.point += !behind;
	}
	if (!any)
		return false;
	if (p < end) {
		long exponent;
		if ((*p != 'e' && *p != 'E') || !read_exponent(p + 1, end, &exponent))
			return false;
		d.point += exponent;
	}
	*ret_decimal = d;
	return true;
}

static void round_decimal(struct decimal *d)
{
	if (d->n > DIGITS) {
		bool up = d->digits[DIGITS] >= '5';
		d->n = DIGITS;
		while (up && d->n && d->digits[d->n - 1] == '9')
			d->n--;
		if (up && d->n) {
			d->digits[d->n - 1]++;
		} else if (up) {
			d->digits[d->n++] = '1';
			d->point++;
		}
	}
	while (d->n && d->digits[d->n - 1] == '0')
		d->n--;
}

size_t sheet_number(struct str text, char out[SHEET_TEXT_MAX])
{
	struct decimal d;
	text = str_trim(text);
	if (!read_decimal(text, &d))
		return 0;
	round_decimal(&d);
	size_t n = 0;
	if (d.n == 0) {
		out[n++] = '0';
		return n;
	}
	if (d.point > FAR || d.point < -FAR)
		return 0;
	if (d.negative)
		out[n++] = '-';
	if (d.point <= 0) {
		out[n++] = '0';
		out[n++] = '.';
		for (long i = d.point; i < 0; i++)
			out[n++] = '0';
	}
	for (long i = 0; i < d.n || i < d.point; i++) {
		if (i == d.point && d.point > 0)
			out[n++] = '.';
		out[n++] = i < d.n ? d.digits[i] : '0';
	}
	return n;
}

/* Year, month and day of a count of days from 1970-01-01 (Gregorian). */
static void civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
	days += 719468;			/* from 0000-03-01 */
	int64_t era = days / 146097;
	int64_t day_of_era = days % 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
					    year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	*ret_day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
	*ret_month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	*ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2));
}

/* Writes the date of a day count; false where there is none. */
static bool put_date(int64_t day, bool date1904, char out[SHEET_TEXT_MAX])
{
	int y, m, d;
	if (date1904)
		day += 1462;
	if (day < 1 || day > 2958465)
		return false;
	if (day == 60) {		/* Excel's leap day that never was */
		y = 1900;
		m = 2;
		d = 29;
	} else {
		civil_from_days(day - (day < 60 ? 25568 : 25569), &y, &m, &d);
	}
	snprintf(out, SHEET_TEXT_MAX, "%04d-%02d-%02d", y % 10000, m, d);
	return true;
}

size_t sheet_date(struct str text, enum sheet_format format, bool date1904,
		  char out[SHEET_TEXT_MAX])
{
	char number[SHEET_TEXT_MAX];
	size_t len = sheet_number(text, number);
	if (!len || number[0] == '-' || format == FORMAT_NUMBER)
		return 0;

	size_t i = 0;
	int64_t day = 0;
	for (; i < len && number[i] != '.'; i++) {
		day = day * 10 + (number[i] - '0');
		if (day > 10000000)
			return 0;
	}
	/* Seconds, rounded half up; at most 15 digits follow that count. */
	__int128 fraction = 0, one = 1;
	for (i++; i < len && one < 1000000000000000; i++) {
		fraction = fraction * 10 + (number[i] - '0');
		one *= 10;
	}
	int seconds = (int)((fraction * DAY_SECONDS * 2 + one) / (one * 2));
	if (format == FORMAT_DATE)
		seconds = 0;
	day += seconds / DAY_SECONDS;
	seconds %= DAY_SECONDS;

	size_t n = 0;
	if (format != FORMAT_TIME) {
		if (!put_date(day, date1904, out))
			return 0;
		n = 10;
		if (seconds)
			out[n++] = ' ';
	}
	if (seconds || format == FORMAT_TIME)
		n += (size_t)snprintf(out + n, SHEET_TEXT_MAX - n, "%02d:%02d:%02d",
				      seconds / 3600, seconds / 60 % 60, seconds % 60);
	return n;
}
