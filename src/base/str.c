/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static size_t blank_at(const char *p, size_t len)
{
	unsigned char c = (unsigned char)p[0];
	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	if (len >= 2 && c == 0xC2 && (unsigned char)p[1] == 0xA0)
		return 2;
	if (len >= 3 && (memcmp(p, "\xE3\x80\x80", 3) == 0 || memcmp(p, "\xEF\xBB\xBF", 3) == 0 ||
			 memcmp(p, "\xE2\x80\x8B", 3) == 0))
		return 3;
	return 0;
}

struct str str_trim(struct str text)
{
	size_t n;
	while (text.len && (n = blank_at(text.data, text.len))) {
		text.data += n;
		text.len -= n;
	}
	while (text.len) {
		const char *end = text.data + text.len;
		if (blank_at(end - 1, 1) == 1)
			n = 1;
		else if (text.len >= 2 && blank_at(end - 2, 2) == 2)
			n = 2;
		else if (text.len >= 3 && blank_at(end - 3, 3) == 3)
			n = 3;
		else
			break;
		text.len -= n;
	}
	return text;
}

/* The ASCII twin of a full-width digit, letter or point at p, or 0. */
static char narrow_at(const char *p, size_t len)
{
	if (len < 3 || (unsigned char)p[0] != 0xEF)
		return 0;
	unsigned b1 = (unsigned char)p[1], b2 = (unsigned char)p[2];
	if ((b1 != 0xBC && b1 != 0xBD) || (b2 & 0xC0) != 0x80)
		return 0;
	/* U+FF01 … U+FF5E are ASCII + 0xFEE0. */
	unsigned cp = 0xF000u | (b1 & 0x3F) << 6 | (b2 & 0x3F);
	unsigned c = cp - 0xFEE0u;
	bool counts = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      c == '.';
	return counts ? (char)c : 0;
}

bool str_has_wide(struct str text)
{
	for (size_t i = 0; i + 2 < text.len; i++)
		if ((unsigned char)text.data[i] == 0xEF && narrow_at(text.data + i, text.len - i))
			return true;
	return false;
}

size_t str_fold_width(struct str text, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len;) {
		char c = narrow_at(text.data + i, text.len - i);
		if (c) {
			out[n++] = c;
			i += 3;
		} else {
			out[n++] = text.data[i++];
		}
	}
	return n;
}

size_t str_utf8_len(const char *data, size_t len)
{
	const unsigned char *p = (const unsigned char *)data;
	if (!len)
		return 0;
	if (p[0] < 0x80)
		return 1;
	size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] < 0xC2 || p[0] > 0xF4 || len < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

static bool is_utf8_plain(const char *data, size_t len)
{
	size_t i = 0;
	while (i < len) {
		uint64_t word;
		/* Eight ASCII bytes at a time. */
		while (len - i >= 8 &&
		       (memcpy(&word, data + i, 8), !(word & 0x8080808080808080u)))
			i += 8;
		/* Runs of Chinese: three bytes with a lead of E1 … EC or EE, EF. */
		while (len - i >= 3) {
			const unsigned char *p = (const unsigned char *)data + i;
			bool run = (p[0] & 0xF0) == 0xE0 && p[0] != 0xE0 && p[0] != 0xED &&
				   (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80;
			if (!run)
				break;
			i += 3;
		}
		if (i == len)
			break;
		size_t n = str_utf8_len(data + i, len - i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

#if defined(__x86_64__)
/* The bytes before each of `v`, `n` of them in, where `before` came before. */
#define SHIFTED_IN(v, before, n) \
	_mm256_alignr_epi8(v, _mm256_permute2x128_si256(before, v, 0x21), 16 - (n))

/*
 * What is wrong with two bytes that follow each other, a bit each, is what three
 * tables say at once: by the first one's upper and lower half, and by the second
 * one's upper half (J. Keiser, D. Lemire: Validating UTF-8 in less than one
 * instruction per byte, 2020). The highest bit, two bytes that only follow, is right
 * where a lead of three or four bytes stands before, and wrong elsewhere.
 */
enum {
	TOO_SHORT = 1,		/* a lead, and no byte that follows */
	TOO_LONG = 2,		/* ASCII, and a byte that follows */
	OVERLONG_3 = 4,
	TOO_LARGE = 8,		/* F4 90 and more */
	SURROGATE = 16,
	OVERLONG_2 = 32,
	FOUR_80 = 64,		/* F0 80, F5 80 and more */
	TWO_FOLLOW = 128,
	ANY_LOW = TOO_SHORT | TOO_LONG | TWO_FOLLOW,
	LARGE_LOW = ANY_LOW | TOO_LARGE | FOUR_80,
	FOLLOWS = TOO_LONG | OVERLONG_2 | TWO_FOLLOW,
};

#define TABLE(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))

__attribute__((target("avx2"))) static inline __m256i wrong_avx2(__m256i v, __m256i before)
{
	const __m256i half = _mm256_set1_epi8(0x0F);
	const __m256i first_high = TABLE(
		TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
		(char)TWO_FOLLOW, (char)TWO_FOLLOW, (char)TWO_FOLLOW, (char)TWO_FOLLOW,
		TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
		TOO_SHORT | TOO_LARGE | FOUR_80);
	const __m256i first_low = TABLE(
		(char)(ANY_LOW | OVERLONG_3 | OVERLONG_2 | FOUR_80), (char)(ANY_LOW | OVERLONG_2),
		(char)ANY_LOW, (char)ANY_LOW, (char)(ANY_LOW | TOO_LARGE), (char)LARGE_LOW,
		(char)LARGE_LOW, (char)LARGE_LOW, (char)LARGE_LOW, (char)LARGE_LOW,
		(char)LARGE_LOW, (char)LARGE_LOW, (char)LARGE_LOW, (char)(LARGE_LOW | SURROGATE),
		(char)LARGE_LOW, (char)LARGE_LOW);
	const __m256i second_high = TABLE(
		TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
		TOO_SHORT, (char)(FOLLOWS | OVERLONG_3 | FOUR_80),
		(char)(FOLLOWS | OVERLONG_3 | TOO_LARGE), (char)(FOLLOWS | SURROGATE | TOO_LARGE),
		(char)(FOLLOWS | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, TOO_SHORT,
		TOO_SHORT);
	__m256i one = SHIFTED_IN(v, before, 1);
	__m256i wrong = _mm256_and_si256(
		_mm256_and_si256(
			_mm256_shuffle_epi8(first_high, _mm256_and_si256(_mm256_srli_epi16(one, 4), half)),
			_mm256_shuffle_epi8(first_low, _mm256_and_si256(one, half))),
		_mm256_shuffle_epi8(second_high, _mm256_and_si256(_mm256_srli_epi16(v, 4), half)));
	__m256i third = _mm256_subs_epu8(SHIFTED_IN(v, before, 2), _mm256_set1_epi8(0xE0 - 0x80));
	__m256i fourth = _mm256_subs_epu8(SHIFTED_IN(v, before, 3), _mm256_set1_epi8(0xF0 - 0x80));
	__m256i follow = _mm256_and_si256(_mm256_or_si256(third, fourth),
					  _mm256_set1_epi8((char)TWO_FOLLOW));
	return _mm256_xor_si256(wrong, follow);
}

__attribute__((target("avx2"))) static bool is_utf8_avx2(const char *data, size_t len)
{
	char rest[32] = {0};	/* ends with a zero: what is cut off is too short */
	__m256i before = _mm256_setzero_si256(), wrong = before;
	size_t whole = len / sizeof(rest) * sizeof(rest);
	for (size_t i = 0; i < whole; i += sizeof(rest)) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(data + i));
		wrong = _mm256_or_si256(wrong, wrong_avx2(v, before));
		before = v;
	}
	memcpy(rest, data + whole, len - whole);
	__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)rest);
	wrong = _mm256_or_si256(wrong, wrong_avx2(v, before));
	return _mm256_testz_si256(wrong, wrong);
}
#endif

bool str_is_utf8(const char *data, size_t len)
{
#if defined(__x86_64__)
	if (len >= 64 && __builtin_cpu_supports("avx2"))
		return is_utf8_avx2(data, len);
#endif
	return is_utf8_plain(data, len);
}

enum { DISTANCE_MAX = 64 };

unsigned str_distance(struct str a, struct str b, unsigned limit)
{
	if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
		return limit + 1;
	unsigned rows[3][DISTANCE_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= b.len; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			unsigned same = a.data[i - 1] == b.data[j - 1] ? 0 : 1;
			unsigned best = last[j - 1] + same;
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
			    a.data[i - 2] == b.data[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		unsigned *swap = before;
		before = last;
		last = now;
		now = swap;
	}
	return last[b.len] <= limit ? last[b.len] : limit + 1;
}
