/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days counted: how long something has taken, when something falls due. Days
 * are yyyymmdd (domain/day.h) and must be whole days that exist.
 */
#ifndef JW_DOMAIN_DAY_MATH_H
#define JW_DOMAIN_DAY_MATH_H

#include <stdint.h>

/* Days since 1970-01-01, and back. */
int32_t day_to_number(int32_t day);
int32_t day_from_number(int32_t number);

/* to − from in days; negative where `to` is earlier. */
int32_t day_between(int32_t from, int32_t to);

int32_t day_plus(int32_t day, int32_t days);

/* The same day of a later month, or that month's last. */
int32_t day_plus_months(int32_t day, int months);

/* The day in China (one time zone) at a moment in milliseconds since 1970 UTC,
 * and the moment at which a day begins there. */
int32_t day_of_ms(int64_t ms);
int64_t day_begins_ms(int32_t day);

#endif
