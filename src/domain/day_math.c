/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/day_math.h"

/* Years begin in March here, so that the leap day is the last one. */
int32_t day_to_number(int32_t day)
{
	int32_t y = day / 10000, m = day / 100 % 100, d = day % 100;
	y -= m <= 2;
	int32_t era = y / 400, of_era = y % 400;
	int32_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int32_t day_from_number(int32_t number)
{
	int32_t z = number + 719468, era = z / 146097, of_era = z % 146097;
	int32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int32_t mp = (5 * of_year + 2) / 153, d = of_year - (153 * mp + 2) / 5 + 1;
	int32_t m = mp < 10 ? mp + 3 : mp - 9, y = year + era * 400 + (m <= 2);
	return y * 10000 + m * 100 + d;
}

int32_t day_between(int32_t from, int32_t to)
{
	return day_to_number(to) - day_to_number(from);
}

int32_t day_plus(int32_t day, int32_t days)
{
	return day_from_number(day_to_number(day) + days);
}

int32_t day_plus_months(int32_t day, int months)
{
	int32_t month = day / 10000 * 12 + day / 100 % 100 - 1 + months;
	int32_t first = month / 12 * 10000 + (month % 12 + 1) * 100 + 1;
	int32_t next = (month + 1) / 12 * 10000 + ((month + 1) % 12 + 1) * 100 + 1;
	int32_t last = day_between(first, next), d = day % 100;
	return first + (d < last ? d : last) - 1;
}

enum { CHINA_MS = 8 * 3600 * 1000, DAY_MS = 86400 * 1000 };

int32_t day_of_ms(int64_t ms)
{
	int64_t local = ms + CHINA_MS;
	return day_from_number((int32_t)(local / DAY_MS - (local % DAY_MS < 0)));
}

int64_t day_begins_ms(int32_t day)
{
	return (int64_t)day_to_number(day) * DAY_MS - CHINA_MS;
}
