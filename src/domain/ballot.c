/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/ballot.h"

#include <assert.h>
#include <string.h>

/* Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: of each pair at most one. */
static const char signs[] = "23456789ACDEFGHJKMNPQRTVWXY";
enum { N_SIGNS = 27, MAGIC_LEN = 4, HEAD_LEN = 14 };
_Static_assert(sizeof(signs) - 1 == N_SIGNS, "27 signs");
_Static_assert(HEAD_LEN + BALLOT_ITEMS_MAX <= BALLOT_PLAIN_LEN, "room for all answers");

static const char magic[MAGIC_LEN] = {'J', 'W', 'B', '1'};

const char *box_state_label(enum box_state state)
{
	static const char *const labels[BOX_STATE_COUNT] = {
		"待设口令", "待试投", "待开箱投票", "正在投票", "已关箱", "已计票", "已作废",
	};
	return (unsigned)state < BOX_STATE_COUNT ? labels[state] : "";
}

const char *slip_state_label(enum slip_state state)
{
	static const char *const labels[SLIP_STATE_COUNT] = {
		"未启用", "已启用", "已投", "已作废", "已换纸质票",
	};
	return (unsigned)state < SLIP_STATE_COUNT ? labels[state] : "";
}

/* ---- codes ---- */

/*
 * All signs together, weighted 1 and 2 in turn, add up to a multiple of 27: no
 * factor of 27 hides a wrong sign, and the difference of two neighbours'
 * weights hides no swap. The check sign's own weight is 2, and 2 × 14 = 27 + 1.
 */
static int check_of(const unsigned char digits[BALLOT_CODE_LEN - 1])
{
	int sum = 0;
	for (int i = 0; i < BALLOT_CODE_LEN - 1; i++)
		sum += digits[i] * (1 + i % 2);
	return (N_SIGNS - sum % N_SIGNS) * 14 % N_SIGNS;
}

void ballot_code_make(const unsigned char bytes[BALLOT_CODE_BYTES],
		      char ret_code[BALLOT_CODE_LEN + 1])
{
	unsigned __int128 number = 0;
	unsigned char digits[BALLOT_CODE_LEN - 1];

	for (int i = 0; i < BALLOT_CODE_BYTES; i++)
		number = number << 8 | bytes[i];
	for (int i = BALLOT_CODE_LEN - 2; i >= 0; i--, number /= N_SIGNS)
		digits[i] = (unsigned char)(number % N_SIGNS);
	assert(number == 0);	/* 27^27 > 2^128 */
	for (int i = 0; i < BALLOT_CODE_LEN - 1; i++)
		ret_code[i] = signs[digits[i]];
	ret_code[BALLOT_CODE_LEN - 1] = signs[check_of(digits)];
	ret_code[BALLOT_CODE_LEN] = '\0';
}

void ballot_code_print(const char code[BALLOT_CODE_LEN + 1], char ret_text[BALLOT_PRINTED_LEN + 1])
{
	int at = 0;
	for (int i = 0; i < BALLOT_CODE_LEN; i++) {
		if (i && i % BALLOT_GROUP_LEN == 0)
			ret_text[at++] = ' ';
		ret_text[at++] = code[i];
	}
	ret_text[at] = '\0';
}

/* The digit of a sign; -1: between signs; -2: none. */
static int digit_of(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	const char *at = c ? strchr(signs, c) : NULL;
	if (at)
		return (int)(at - signs);
	return c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r' ? -1 : -2;
}

int ballot_code_read(struct str typed, char ret_code[BALLOT_CODE_LEN + 1], struct err_info *info)
{
	enum { TYPED_MAX = 400 };
	char folded[TYPED_MAX];
	unsigned char digits[BALLOT_CODE_LEN];
	int n = 0;

	if (typed.len > TYPED_MAX)
		return err_set(info, ERR_INPUT, "太长了，代码共 7 组，每组 4 个");
	size_t len = str_fold_width(typed, folded);
	const char *hash = memrchr(folded, '#', len);
	for (const char *p = hash ? hash + 1 : folded; p < folded + len; p++) {
		/* The ideographic blank, which is no full-width sign. */
		if (folded + len - p >= 3 && memcmp(p, "\xE3\x80\x80", 3) == 0) {
			p += 2;
			continue;
		}
		int digit = digit_of(*p);
		if (digit == -1)
			continue;
		if (digit < 0)
			return err_set(info, ERR_INPUT, "有一个字不是代码里的字，请从头对一遍");
		if (n == BALLOT_CODE_LEN)
			return err_set(info, ERR_INPUT, "打多了，代码共 7 组，每组 4 个");
		digits[n++] = (unsigned char)digit;
	}
	if (n == 0)
		return err_set(info, ERR_INPUT, "请输入票上的代码");
	if (n < BALLOT_CODE_LEN)
		return err_set(info, ERR_INPUT, "还差 %d 个字，代码共 7 组，每组 4 个",
			       BALLOT_CODE_LEN - n);
	if (digits[BALLOT_CODE_LEN - 1] != check_of(digits))
		return err_set(info, ERR_INPUT, "有一个字打错了，请从头对一遍");
	for (int i = 0; i < BALLOT_CODE_LEN; i++)
		ret_code[i] = signs[digits[i]];
	ret_code[BALLOT_CODE_LEN] = '\0';
	return 0;
}

/* ---- an answered ballot ---- */

void ballot_pack(const struct ballot_answers *answers, unsigned char ret_plain[BALLOT_PLAIN_LEN])
{
	assert(answers->n > 0 && answers->n <= BALLOT_ITEMS_MAX);
	memset(ret_plain, 0, BALLOT_PLAIN_LEN);
	memcpy(ret_plain, magic, MAGIC_LEN);
	for (int i = 0; i < 8; i++)
		ret_plain[MAGIC_LEN + i] = (unsigned char)((uint64_t)answers->box >> (8 * i));
	ret_plain[12] = (unsigned char)answers->class;
	ret_plain[13] = (unsigned char)answers->n;
	memcpy(ret_plain + HEAD_LEN, answers->option, (size_t)answers->n);
}

int ballot_unpack(const unsigned char plain[BALLOT_PLAIN_LEN], int64_t box, int n, int options,
		  struct ballot_answers *ret_answers)
{
	struct ballot_answers answers = {.class = (enum voters)plain[12], .n = plain[13]};
	uint64_t number = 0;

	for (int i = 7; i >= 0; i--)
		number = number << 8 | plain[MAGIC_LEN + i];
	answers.box = (int64_t)number;
	if (memcmp(plain, magic, MAGIC_LEN) != 0 || answers.box != box || answers.n != n ||
	    plain[12] >= VOTERS_COUNT)
		return ERR_INPUT;
	for (int i = 0; i < n; i++) {
		answers.option[i] = plain[HEAD_LEN + i];
		if (answers.option[i] >= options)
			return ERR_INPUT;
	}
	*ret_answers = answers;
	return 0;
}

/* ---- the figures of a class ---- */

int64_t ballot_slips_for(int64_t heads)
{
	if (heads <= 0)
		return 0;
	return heads + (heads * BALLOT_SPARE_PERCENT + 99) / 100;
}

int64_t ballot_cast(const struct ballot_figures *f)
{
	return f->by_state[SLIP_SPENT] + (f->sheets > 0 ? f->sheets : 0);
}

int ballot_check(const struct ballot_figures *f, enum voters class, bool closing,
		 struct err_info *info)
{
	const char *who = voters_label(class);
	int64_t sum = 0;

	for (int i = 0; i < SLIP_STATE_COUNT; i++)
		sum += f->by_state[i];
	if (sum != f->printed)
		return err_set(info, ERR_STATE, "%s票数对不上：印 %lld 张，各种去向合计 %lld 张", who,
			       (long long)f->printed, (long long)sum);
	if (closing && f->by_state[SLIP_INACTIVE])
		return err_set(info, ERR_STATE, "%s还有 %lld 张备用票没有作废", who,
			       (long long)f->by_state[SLIP_INACTIVE]);
	if (f->sheets > f->by_state[SLIP_EXCHANGED])
		return err_set(info, ERR_STATE, "%s纸质票收回 %lld 张，比换出的 %lld 张多", who,
			       (long long)f->sheets, (long long)f->by_state[SLIP_EXCHANGED]);
	if (ballot_cast(f) > f->present)
		return err_set(info, ERR_STATE, "%s投票 %lld 张，比到场的 %lld 人多", who,
			       (long long)ballot_cast(f), (long long)f->present);
	return 0;
}
