/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/day.h"

#include "base/err.h"

bool day_valid(int32_t day)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = day / 10000, month = day / 100 % 100, d = day % 100;
	if (day == 0)
		return true;
	if (year < 1900 || year > 2199 || month > 12 || (!month && d))
		return false;
	if (!month)
		return true;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return d <= lengths[month - 1] + (leap && month == 2);
}

int32_t day_serial(int32_t day)
{
	int32_t year = day / 10000, month = day / 100 % 100, d = day % 100;
	/* March is the first month, so that the leap day comes last. */
	month = (month + 9) % 12;
	year -= month / 10;
	return 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + d - 1;
}

static bool number(struct str *text, size_t max, int *ret_value)
{
	size_t n = 0;
	int value = 0;
	while (n < text->len && n < max && text->data[n] >= '0' && text->data[n] <= '9')
		value = value * 10 + (text->data[n++] - '0');
	text->data += n;
	text->len -= n;
	*ret_value = value;
	return n > 0;
}

static bool skip(struct str *text, const char *sign)
{
	size_t len = strlen(sign);
	if (text->len < len || memcmp(text->data, sign, len) != 0)
		return false;
	text->data += len;
	text->len -= len;
	return true;
}

static bool skip_one(struct str *text, const char *word)
{
	return skip(text, word) || skip(text, "-") || skip(text, "/") || skip(text, ".");
}

int day_parse(struct str text, int32_t *ret_day)
{
	int year = 0, month = 0, day = 0;
	bool compact = text.len == 8 || text.len == 6;
	for (size_t i = 0; i < text.len; i++)
		compact = compact && text.data[i] >= '0' && text.data[i] <= '9';
	if (!number(&text, 4, &year))
		return ERR_INPUT;
	if (text.len && (compact || skip_one(&text, "年")) && text.len) {
		if (!number(&text, 2, &month) || month == 0)
			return ERR_INPUT;
		if (text.len && (compact || skip_one(&text, "月")) && text.len) {
			if (!number(&text, 2, &day) || day == 0)
				return ERR_INPUT;
			skip(&text, "日");
		}
	}
	int32_t value = year * 10000 + month * 100 + day;
	if (text.len || !value || !day_valid(value))
		return ERR_INPUT;
	*ret_day = value;
	return 0;
}

static char *put(char *out, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + digits;
}

void day_format(int32_t day, char ret_text[16])
{
	int year = day / 10000, month = day / 100 % 100, d = day % 100;
	char *out = ret_text;
	if (day > 0) {
		out = put(out, year, 4);
		if (month) {
			*out++ = '-';
			out = put(out, month, 2);
		}
		if (d) {
			*out++ = '-';
			out = put(out, d, 2);
		}
	}
	*out = '\0';
}
