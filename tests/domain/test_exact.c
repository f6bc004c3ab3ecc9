/* SPDX-License-Identifier: Apache-2.0 */
/* Exact numbers against plain 128-bit arithmetic and against their own laws. */
#include "tests/domain/town.h"

static uint64_t seed = 20250601;

static void parses(const char *text, int64_t e4)
{
	int64_t value = -1;
	if (!decimal_parse_e4(str_from(text), &value) || value != e4)
		fail_msg("%s: %lld", text, (long long)value);
}

static void refuses(const char *text)
{
	int64_t value = -7;
	if (decimal_parse_e4(str_from(text), &value) || value != -7)
		fail_msg("%s: %lld", text, (long long)value);
}

static void decimals_are_digits_and_up_to_four_more(void **state)
{
	(void)state;
	parses("0", 0);
	parses("0.0001", 1);
	parses("007.50", 75000);
	parses("99.9999", 999999);
	parses("100.0", 1000000);
	parses("922337203685476.9999", 9223372036854769999);
	static const char *const bad[] = {"", ".", ".5", "5.", "1.23456", "1.2.3", "-1", "+1", "1e1",
		" 1", "1 ", "1,0", "0x1", "1.+2", "１", "922337203685477", "99999999999999999999999"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		refuses(bad[i]);
	int64_t value = -7;
	assert_false(decimal_parse_e4((struct str){"1\0", 2}, &value));
	assert_false(decimal_parse_e4((struct str){0}, &value));
}

static void digits_have_a_maximum(void **state)
{
	uint64_t value = 7;
	(void)state;
	assert_true(digits_parse(str_from("18446744073709551615"), UINT64_MAX, &value));
	assert_true(value == UINT64_MAX);
	assert_false(digits_parse(str_from("18446744073709551616"), UINT64_MAX, &value));
	assert_true(digits_parse(str_from("0000000000000000000000042"), 42, &value));
	assert_int_equal(value, 42);
	assert_false(digits_parse(str_from("43"), 42, &value));
	assert_false(digits_parse(str_from(""), 42, &value));
	assert_int_equal(value, 42);
}

static void shows(struct buf *buf, const char *text)
{
	assert_string_equal(buf_str(buf), text);
	buf_clear(buf);
}

static void numbers_are_written_as_people_do(void **state)
{
	AUTO(buf) struct buf b = {0};
	(void)state;
	decimal_format_e4(&b, 0), shows(&b, "0");
	decimal_format_e4(&b, 95000), shows(&b, "9.5");
	decimal_format_e4(&b, 1000000), shows(&b, "100");
	decimal_format_e4(&b, 1), shows(&b, "0.0001");
	decimal_format_e4(&b, INT64_MAX), shows(&b, "922337203685477.5807");
	decimal_format_places(&b, 5, 2), shows(&b, "0.05");
	decimal_format_places(&b, 8000, 2), shows(&b, "80.00");
	decimal_format_places(&b, 80, 0), shows(&b, "80");
	decimal_format_places(&b, 1, 4), shows(&b, "0.0001");
}

static u128 random_wide(void)
{
	u128 wide = (u128)town_random(&seed, UINT64_MAX) << 64 | town_random(&seed, UINT64_MAX);
	return wide >> town_random(&seed, 128);
}

/* By the compiler's own arithmetic, to compare nat_format with. */
static void u128_format(struct buf *buf, u128 value)
{
	char digits[40];
	size_t n = sizeof(digits);
	do {
		digits[--n] = (char)('0' + (unsigned)(value % 10));
		value /= 10;
	} while (value);
	buf_add(buf, digits + n, sizeof(digits) - n);
}

static u128 value_of(const struct nat *nat)
{
	assert_true(!nat->failed && nat->n <= 2);
	assert_true(!nat->n || nat->limb[nat->n - 1]);
	return (nat->n > 1 ? (u128)nat->limb[1] << 64 : 0) | (nat->n ? nat->limb[0] : 0);
}

static void agrees_with_128_bits(void **state)
{
	struct nat a = {0}, b = {0};
	AUTO(buf) struct buf shown = {0}, wanted = {0};
	(void)state;
	for (int i = 0; i < 20000; i++) {
		u128 x = random_wide() >> 1, y = random_wide() >> 1, high = x > y ? x : y;
		u128 low = x > y ? y : x;
		uint64_t by = (uint64_t)random_wide() | 1;
		nat_set(&a, x), nat_set(&b, y);
		assert_int_equal(nat_cmp(&a, &b), x < y ? -1 : x > y);
		nat_add(&a, &b);
		assert_true(value_of(&a) == x + y);
		nat_set(&a, high), nat_set(&b, low);
		nat_sub(&a, &b);
		assert_true(value_of(&a) == high - low);
		nat_set(&a, x);
		assert_true(nat_mod(&a, by) == (uint64_t)(x % by));
		assert_true(nat_div(&a, by) == (uint64_t)(x % by));
		assert_true(value_of(&a) == x / by);
		nat_set(&a, (uint64_t)x);
		nat_mul(&a, by);
		assert_true(value_of(&a) == (u128)(uint64_t)x * by);
		if (!y)
			continue;
		nat_set(&a, x), nat_set(&b, y);
		nat_divide(&a, &b);
		assert_true(value_of(&a) == x / y);
		nat_set(&a, x);
		uint64_t quotient = nat_quotient(&a, &b);
		if (x / y >> 63) {
			assert_true(quotient == UINT64_MAX);
		} else {
			assert_true(quotient == (uint64_t)(x / y));
			assert_true(value_of(&a) == x % y);
		}
		buf_clear(&shown), buf_clear(&wanted);
		nat_set(&a, x);
		nat_format(&shown, &a);
		u128_format(&wanted, x);
		assert_string_equal(buf_str(&shown), buf_str(&wanted));
	}
	nat_done(&a);
	nat_done(&b);
}

/* A number of up to `limbs` limbs. */
static void set_random(struct nat *nat, unsigned limbs)
{
	nat_set(nat, random_wide());
	for (uint64_t n = town_random(&seed, limbs); n; n--) {
		struct nat low = {0};
		nat_mul(nat, (uint64_t)1 << 63);
		nat_mul(nat, 2);
		nat_set(&low, (uint64_t)random_wide());
		nat_add(nat, &low);
		nat_done(&low);
	}
}

static void large_ones_keep_the_laws(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct nat a = {0}, b = {0}, c = {0}, q = {0};
		uint64_t by = (uint64_t)random_wide() | 1, small = town_random(&seed, by);
		set_random(&a, 12);
		set_random(&b, 12);
		/* (a + b) - b = a, and a + b > b exactly where a > 0 */
		nat_copy(&c, &a);
		nat_add(&c, &b);
		assert_int_equal(nat_cmp(&c, &b), a.n != 0);
		nat_sub(&c, &b);
		assert_int_equal(nat_cmp(&c, &a), 0);
		/* (a · by + small) ÷ by = a, the rest small */
		struct nat rest = {0};
		nat_set(&rest, small);
		nat_mul(&c, by);
		nat_add(&c, &rest);
		assert_true(nat_mod(&c, by) == small);
		assert_true(nat_div(&c, by) == small);
		assert_int_equal(nat_cmp(&c, &a), 0);
		/* b · k + r, with r < b, gives k and r back */
		uint64_t k = town_random(&seed, (uint64_t)1 << 63);
		if (b.n) {
			nat_copy(&c, &b);
			nat_mul(&c, k);
			nat_set(&rest, nat_mod(&a, b.limb[0] | 1));
			if (nat_cmp(&rest, &b) < 0) {
				nat_add(&c, &rest);
				assert_true(nat_quotient(&c, &b) == k);
				assert_int_equal(nat_cmp(&c, &rest), 0);
			}
			/* q = ⌊a ÷ b⌋ where a has the factors b, by and k + 1 */
			nat_copy(&c, &b);
			nat_mul(&c, by);
			nat_mul(&c, k + 1);
			nat_divide(&c, &b);
			nat_set(&q, (u128)by * (k + 1));
			assert_int_equal(nat_cmp(&c, &q), 0);
		}
		assert_false(a.failed || b.failed || c.failed || q.failed || rest.failed);
		nat_done(&a);
		nat_done(&b);
		nat_done(&c);
		nat_done(&q);
		nat_done(&rest);
	}
}

static void divisors_divide(void **state)
{
	(void)state;
	assert_int_equal(gcd_u64(0, 0), 0);
	assert_int_equal(gcd_u64(0, 12), 12);
	assert_int_equal(gcd_u64(12, 0), 12);
	assert_int_equal(gcd_u64(12, 18), 6);
	assert_true(gcd_u64(UINT64_MAX, UINT64_MAX) == UINT64_MAX);
	assert_int_equal(gcd_u64((uint64_t)1 << 63, 6), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals_are_digits_and_up_to_four_more),
		cmocka_unit_test(digits_have_a_maximum),
		cmocka_unit_test(numbers_are_written_as_people_do),
		cmocka_unit_test(agrees_with_128_bits),
		cmocka_unit_test(large_ones_keep_the_laws),
		cmocka_unit_test(divisors_divide),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
