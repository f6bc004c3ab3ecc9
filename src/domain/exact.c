/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/exact.h"

#include <assert.h>
#include <stdlib.h>

bool digits_parse(struct str text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;
	if (!text.len)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned d = (unsigned char)text.data[i] - '0';
		if (d > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, d, &value) || value > max)
			return false;
	}
	*ret_value = value;
	return true;
}

bool decimal_parse_e4(struct str text, int64_t *ret_e4)
{
	const char *point = text.len ? memchr(text.data, '.', text.len) : NULL;
	struct str whole = text, part = {0};
	uint64_t w, p = 0;

	if (point) {
		whole.len = (size_t)(point - text.data);
		part = (struct str){point + 1, text.len - whole.len - 1};
		if (part.len < 1 || part.len > 4 || !digits_parse(part, 9999, &p))
			return false;
		for (size_t i = part.len; i < 4; i++)
			p *= 10;
	}
	if (!digits_parse(whole, INT64_MAX / E4 - 1, &w))
		return false;
	*ret_e4 = (int64_t)(w * E4 + p);
	return true;
}

void decimal_format_places(struct buf *buf, uint64_t value, int places)
{
	uint64_t unit = 1;
	for (int i = 0; i < places; i++)
		unit *= 10;
	buf_addu(buf, value / unit);
	if (!places)
		return;
	char digits[20];
	uint64_t rest = value % unit;
	for (int i = places; i > 0; i--, rest /= 10)
		digits[i - 1] = (char)('0' + rest % 10);
	buf_addc(buf, '.');
	buf_add(buf, digits, (size_t)places);
}

void decimal_format_e4(struct buf *buf, int64_t value_e4)
{
	assert(value_e4 >= 0);
	uint64_t value = (uint64_t)value_e4;
	int places = 4;
	while (places && value % 10 == 0) {
		value /= 10;
		places--;
	}
	decimal_format_places(buf, value, places);
}

uint64_t gcd_u64(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* --- natural numbers --- */

void nat_done(struct nat *nat)
{
	free(nat->limb);
	*nat = (struct nat){0};
}

static bool nat_room(struct nat *nat, uint32_t n)
{
	if (nat->failed)
		return false;
	if (n <= nat->cap)
		return true;
	uint32_t cap = nat->cap ? nat->cap : 8;
	while (cap < n)
		cap *= 2;
	uint64_t *limb = reallocarray(nat->limb, cap, sizeof(*limb));
	if (!limb) {
		nat->failed = true;
		return false;
	}
	nat->limb = limb;
	nat->cap = cap;
	return true;
}

static void nat_trim(struct nat *nat)
{
	while (nat->n && !nat->limb[nat->n - 1])
		nat->n--;
}

void nat_set(struct nat *nat, u128 value)
{
	if (!nat_room(nat, 2))
		return;
	nat->limb[0] = (uint64_t)value;
	nat->limb[1] = (uint64_t)(value >> 64);
	nat->n = 2;
	nat_trim(nat);
}

void nat_copy(struct nat *to, const struct nat *from)
{
	to->failed |= from->failed;
	if (!nat_room(to, from->n))
		return;
	if (from->n)
		memcpy(to->limb, from->limb, from->n * sizeof(*to->limb));
	to->n = from->n;
}

void nat_mul(struct nat *nat, uint64_t by)
{
	uint64_t carry = 0;
	if (!nat_room(nat, nat->n + 1))
		return;
	for (uint32_t i = 0; i < nat->n; i++) {
		u128 m = (u128)nat->limb[i] * by + carry;
		nat->limb[i] = (uint64_t)m;
		carry = (uint64_t)(m >> 64);
	}
	if (carry)
		nat->limb[nat->n++] = carry;
	nat_trim(nat);
}

void nat_add(struct nat *nat, const struct nat *other)
{
	uint32_t n = (nat->n > other->n ? nat->n : other->n) + 1;
	nat->failed |= other->failed;
	if (!nat_room(nat, n))
		return;
	for (uint32_t i = nat->n; i < n; i++)
		nat->limb[i] = 0;
	uint64_t carry = 0;
	for (uint32_t i = 0; i < n; i++) {
		u128 s = (u128)nat->limb[i] + (i < other->n ? other->limb[i] : 0) + carry;
		nat->limb[i] = (uint64_t)s;
		carry = (uint64_t)(s >> 64);
	}
	nat->n = n;
	nat_trim(nat);
}

void nat_sub(struct nat *nat, const struct nat *other)
{
	uint64_t borrow = 0;
	nat->failed |= other->failed;
	if (nat->failed)
		return;
	assert(nat_cmp(nat, other) >= 0);
	for (uint32_t i = 0; i < nat->n; i++) {
		u128 d = (u128)nat->limb[i] - (i < other->n ? other->limb[i] : 0) - borrow;
		nat->limb[i] = (uint64_t)d;
		borrow = (uint64_t)(d >> 64) & 1;
	}
	nat_trim(nat);
}

uint64_t nat_div(struct nat *nat, uint64_t by)
{
	uint64_t rest = 0;
	for (uint32_t i = nat->n; i-- > 0;) {
		u128 part = (u128)rest << 64 | nat->limb[i];
		nat->limb[i] = (uint64_t)(part / by);
		rest = (uint64_t)(part % by);
	}
	nat_trim(nat);
	return rest;
}

uint64_t nat_mod(const struct nat *nat, uint64_t by)
{
	uint64_t rest = 0;
	for (uint32_t i = nat->n; i-- > 0;)
		rest = (uint64_t)(((u128)rest << 64 | nat->limb[i]) % by);
	return rest;
}

int nat_cmp(const struct nat *a, const struct nat *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (uint32_t i = a->n; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

uint64_t nat_quotient(struct nat *a, const struct nat *b)
{
	/* Schoolbook in base 2: rare, so plain. */
	struct nat step = {0};
	uint64_t quotient = 0;
	unsigned shift = 0;

	nat_copy(&step, b);
	while (!step.failed && nat_cmp(&step, a) <= 0 && shift < 64) {
		nat_mul(&step, 2);
		shift++;
	}
	if (shift == 64) {
		nat_done(&step);
		return UINT64_MAX;
	}
	while (shift-- && !step.failed) {
		nat_div(&step, 2);
		quotient <<= 1;
		if (nat_cmp(&step, a) <= 0) {
			nat_sub(a, &step);
			quotient |= 1;
		}
	}
	a->failed |= step.failed;
	nat_done(&step);
	return quotient;
}

void nat_divide(struct nat *a, const struct nat *b)
{
	/* By hand, in digits of 32 bits: each quotient digit fits nat_quotient. */
	struct nat rest = {0}, digit = {0};
	for (uint32_t i = 2 * a->n; i-- > 0 && !a->failed;) {
		uint64_t *limb = &a->limb[i / 2];
		unsigned shift = i % 2 * 32;
		nat_set(&digit, *limb >> shift & UINT32_MAX);
		nat_mul(&rest, (uint64_t)1 << 32);
		nat_add(&rest, &digit);
		uint64_t quotient = nat_quotient(&rest, b);
		*limb = (*limb & ~((uint64_t)UINT32_MAX << shift)) | quotient << shift;
		a->failed |= rest.failed;
	}
	a->failed |= b->failed;
	nat_trim(a);
	nat_done(&rest);
	nat_done(&digit);
}

void nat_format(struct buf *buf, const struct nat *nat)
{
	struct nat rest = {0};
	struct buf turned = {0};
	nat_copy(&rest, nat);
	do
		buf_addc(&turned, (char)('0' + nat_div(&rest, 10)));
	while (rest.n);
	for (size_t i = turned.len; i-- > 0;)
		buf_addc(buf, turned.data[i]);
	buf->failed |= turned.failed | rest.failed;
	buf_done(&turned);
	nat_done(&rest);
}
