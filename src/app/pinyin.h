/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How Chinese names are found and sorted: initials ("龙泉镇" → "lqz") and a sort
 * key by pinyin, both stored beside the name. From ICU.
 */
#ifndef JW_APP_PINYIN_H
#define JW_APP_PINYIN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct pinyin;

/* May be used by many threads; one works at a time. ERR_IO without ICU's data. */
int pinyin_new(struct pinyin **ret_pinyin, struct err_info *info);
void pinyin_free(struct pinyin *pinyin);

/* First letters of the syllables of Chinese characters, other letters and
 * digits as they are, all small; signs and blanks are left out. Where
 * characters have two common readings a second word follows after a blank
 * ("长坡" → "zp cp"). In `arena`; NULL without memory. */
const char *pinyin_initials(struct pinyin *pinyin, const char *name, struct arena *arena);

/* Bytes that sort as the names do; data NULL without memory. */
struct str pinyin_sort_key(struct pinyin *pinyin, const char *name, struct arena *arena);

#endif
