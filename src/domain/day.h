/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A calendar day as the number yyyymmdd; dd 00 means that only the month is
 * known, mmdd 0000 only the year; 0 means not known.
 */
#ifndef JW_DOMAIN_DAY_H
#define JW_DOMAIN_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* "2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301"; without day
 * or without month and day. `text` is trimmed and folded. ERR_INPUT. */
int day_parse(struct str text, int32_t *ret_day);

/* "2026-03-01", "2026-03", "2026" or "". */
void day_format(int32_t day, char ret_text[16]);

/* Days since 1 March of the year 0; for the time between two days. Both month and
 * day are known. */
int32_t day_serial(int32_t day);

/* A day that exists, 1900 to 2199, or 0. */
bool day_valid(int32_t day);

#endif
