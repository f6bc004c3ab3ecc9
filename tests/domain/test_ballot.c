/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "domain/ballot.h"

static void code_of(unsigned seed, char code[BALLOT_CODE_LEN + 1])
{
	unsigned char bytes[BALLOT_CODE_BYTES];
	for (int i = 0; i < BALLOT_CODE_BYTES; i++) {
		seed = seed * 1103515245u + 12345u;
		bytes[i] = (unsigned char)(seed >> 16);
	}
	ballot_code_make(bytes, code);
}

static int reads(const char *typed, char code[BALLOT_CODE_LEN + 1])
{
	struct err_info info = {0};
	return ballot_code_read(str_from(typed), code, &info);
}

static void a_code_is_read_however_it_was_typed(void **state)
{
	(void)state;
	char code[BALLOT_CODE_LEN + 1], back[BALLOT_CODE_LEN + 1], text[200], printed[BALLOT_PRINTED_LEN + 1];
	for (unsigned seed = 1; seed < 200; seed++) {
		code_of(seed, code);
		assert_int_equal(strspn(code, "23456789ACDEFGHJKMNPQRTVWXY"), BALLOT_CODE_LEN);
		ballot_code_print(code, printed);
		assert_int_equal(reads(printed, back), 0);
		assert_string_equal(code, back);
		snprintf(text, sizeof(text), "https://cp.example/v#%s", code);
		assert_int_equal(reads(text, back), 0);
		assert_string_equal(code, back);
		for (char *p = printed; *p; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p - 'A' + 'a');
		snprintf(text, sizeof(text), " %.4s-%s\n", printed, printed + 4);
		assert_int_equal(reads(text, back), 0);
		assert_string_equal(code, back);
	}
	assert_int_equal(reads("Ａ", back), ERR_INPUT);
}

static void different_bytes_give_different_codes_at_both_ends(void **state)
{
	(void)state;
	unsigned char low[BALLOT_CODE_BYTES] = {0}, high[BALLOT_CODE_BYTES];
	char a[BALLOT_CODE_LEN + 1], b[BALLOT_CODE_LEN + 1];
	memset(high, 0xFF, sizeof(high));
	ballot_code_make(low, a);
	ballot_code_make(high, b);
	assert_string_not_equal(a, b);
	low[15] = 1;
	ballot_code_make(low, b);
	assert_string_not_equal(a, b);
}

static void one_wrong_sign_and_a_swap_are_always_found(void **state)
{
	(void)state;
	const char *const signs = "23456789ACDEFGHJKMNPQRTVWXY";
	char code[BALLOT_CODE_LEN + 1], wrong[BALLOT_CODE_LEN + 1], back[BALLOT_CODE_LEN + 1];
	for (unsigned seed = 1; seed < 50; seed++) {
		code_of(seed, code);
		for (int i = 0; i < BALLOT_CODE_LEN; i++) {
			for (const char *s = signs; *s; s++) {
				memcpy(wrong, code, sizeof(code));
				wrong[i] = *s;
				assert_int_equal(reads(wrong, back), *s == code[i] ? 0 : ERR_INPUT);
			}
			if (i + 1 == BALLOT_CODE_LEN || code[i] == code[i + 1])
				continue;
			memcpy(wrong, code, sizeof(code));
			wrong[i] = code[i + 1];
			wrong[i + 1] = code[i];
			assert_int_equal(reads(wrong, back), ERR_INPUT);
		}
	}
}

static void what_is_no_code_says_why(void **state)
{
	(void)state;
	static const char *const wrong[][2] = {
		{"", "请输入"}, {"   ", "请输入"}, {"2345", "还差 24 个"}, {"O0IL", "不是代码里的字"},
		{"22222222222222222222222222222", "打多了"}, {"票上的代码", "不是代码里的字"},
	};
	char back[BALLOT_CODE_LEN + 1];
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct err_info info = {0};
		assert_int_equal(ballot_code_read(str_from(wrong[i][0]), back, &info), ERR_INPUT);
		if (!strstr(info.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], info.text);
	}
}

static void an_answered_ballot_comes_back_and_only_to_its_box(void **state)
{
	(void)state;
	struct ballot_answers in = {.box = 120000007, .class = VOTERS_RESIDENT, .n = 3,
				    .option = {3, 0, 1}}, out;
	unsigned char plain[BALLOT_PLAIN_LEN];
	ballot_pack(&in, plain);
	assert_int_equal(ballot_unpack(plain, 120000007, 3, 4, &out), 0);
	assert_int_equal(out.class, VOTERS_RESIDENT);
	assert_memory_equal(out.option, in.option, 3);
	assert_int_equal(ballot_unpack(plain, 120000008, 3, 4, &out), ERR_INPUT);
	assert_int_equal(ballot_unpack(plain, 120000007, 2, 4, &out), ERR_INPUT);
	assert_int_equal(ballot_unpack(plain, 120000007, 3, 3, &out), ERR_INPUT);
	plain[0] ^= 1;
	assert_int_equal(ballot_unpack(plain, 120000007, 3, 4, &out), ERR_INPUT);
}

static void equations_hold_or_say_which_does_not(void **state)
{
	(void)state;
	struct err_info info = {0};
	struct ballot_figures f = {.head = 64, .present = 60, .printed = 71, .sheets = 9};
	f.by_state[SLIP_SPENT] = 48;
	f.by_state[SLIP_VOIDED] = 11;
	f.by_state[SLIP_EXCHANGED] = 10;
	f.by_state[SLIP_ACTIVE] = 2;
	assert_int_equal(ballot_slips_for(64), 71);
	assert_int_equal(ballot_slips_for(1), 2);
	assert_int_equal(ballot_cast(&f), 57);
	assert_int_equal(ballot_check(&f, VOTERS_RESIDENT, true, &info), 0);
	f.sheets = 11;
	assert_int_equal(ballot_check(&f, VOTERS_RESIDENT, true, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "换出的 10 张"));
	f.sheets = 9;
	f.present = 56;
	assert_int_equal(ballot_check(&f, VOTERS_RESIDENT, true, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "到场的 56 人"));
	f.present = 60;
	f.by_state[SLIP_VOIDED] = 10;
	assert_int_equal(ballot_check(&f, VOTERS_RESIDENT, true, &info), ERR_STATE);
	f.by_state[SLIP_INACTIVE] = 1;
	assert_int_equal(ballot_check(&f, VOTERS_RESIDENT, false, &info), 0);
	assert_int_equal(ballot_check(&f, VOTERS_RESIDENT, true, &info), ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_read_however_it_was_typed),
		cmocka_unit_test(different_bytes_give_different_codes_at_both_ends),
		cmocka_unit_test(one_wrong_sign_and_a_swap_are_always_found),
		cmocka_unit_test(what_is_no_code_says_why),
		cmocka_unit_test(an_answered_ballot_comes_back_and_only_to_its_box),
		cmocka_unit_test(equations_hold_or_say_which_does_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
