/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact numbers: decimals with up to 4 places as integers, and natural numbers
 * of any size for the few cases that do not fit 128 bits.
 */
#ifndef JW_DOMAIN_EXACT_H
#define JW_DOMAIN_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

typedef unsigned __int128 u128;

/* 1 point in units of 0.0001. */
#define E4 10000
/* 100 % in units of 0.0001 %. */
#define E6 1000000

/* Parses `digits[.1–4 digits]` (no sign, exponent or thousands mark) into
 * units of 0.0001. False if it is no such number or over INT64_MAX. The text
 * is trimmed and folded already. */
bool decimal_parse_e4(struct str text, int64_t *ret_e4);

/* Parses `digits` up to `max`. False if it is no such number or over `max`. */
bool digits_parse(struct str text, uint64_t max, uint64_t *ret_value);

/* Appends value_e4 with as many decimals as it needs ("9.5", "100"). */
void decimal_format_e4(struct buf *buf, int64_t value_e4);

/* Appends `value` units of 10^-places with exactly `places` decimals. */
void decimal_format_places(struct buf *buf, uint64_t value, int places);

/* A natural number of any size: limbs of 64 bits, lowest first, no leading
 * zeros. Zero-initialised is 0. After a failure (no memory) the value is
 * undefined and `failed` says so. */
struct nat {
	uint64_t *limb;
	uint32_t n, cap;
	bool failed;
};

void nat_done(struct nat *nat);
void nat_set(struct nat *nat, u128 value);
void nat_copy(struct nat *to, const struct nat *from);
void nat_mul(struct nat *nat, uint64_t by);
void nat_add(struct nat *nat, const struct nat *other);
/* nat -= other; other must not be larger. */
void nat_sub(struct nat *nat, const struct nat *other);
/* Divides by `by` (not 0); returns the remainder. */
uint64_t nat_div(struct nat *nat, uint64_t by);
uint64_t nat_mod(const struct nat *nat, uint64_t by);
/* < 0, 0, > 0. */
int nat_cmp(const struct nat *a, const struct nat *b);
/* ⌊a ÷ b⌋ where it is below 2^63 (else UINT64_MAX); b not 0; `a` becomes the
 * remainder. */
uint64_t nat_quotient(struct nat *a, const struct nat *b);
/* a = ⌊a ÷ b⌋; b not 0. */
void nat_divide(struct nat *a, const struct nat *b);
/* Appends it in decimal digits. */
void nat_format(struct buf *buf, const struct nat *nat);

/* Greatest common divisor. */
uint64_t gcd_u64(uint64_t a, uint64_t b);

#endif
