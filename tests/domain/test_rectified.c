/* SPDX-License-Identifier: Apache-2.0 */
/* HN-7: what a year of rectification comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
#include "domain/rectified.h"

#define TURNS(...) .turns = (const struct rectified_turn[]){__VA_ARGS__}, \
	.n_turns = (int)(sizeof((struct rectified_turn[]){__VA_ARGS__}) / sizeof(struct rectified_turn))
#define B(figure) (1u << RECTIFIED_##figure)

static void a_case_counts_for_what_happened_within_the_year(void **state)
{
	(void)state;
	const struct {
		struct rectified_facts f;
		uint32_t bits;
	} cases[] = {
		{{.n_turns = 0}, 0},
		/* A candidate of this year that was dropped. */
		{{TURNS({CASE_DROP, 20260301})}, 0},
		{{TURNS({CASE_APPROVE, 20260301}), .deadline = 20261231}, B(LISTED) | B(OPEN)},
		{{TURNS({CASE_APPROVE, 20250301})}, B(CARRIED) | B(OPEN)},
		/* Its deadline is the day that counts: not over yet. */
		{{TURNS({CASE_APPROVE, 20250301}), .deadline = 20261101}, B(CARRIED) | B(OPEN)},
		{{TURNS({CASE_APPROVE, 20250301}), .deadline = 20261031}, B(CARRIED) | B(OPEN) | B(OVERDUE)},
		{{TURNS({CASE_APPROVE, 20260301}), .open_deadline = 20260930}, B(LISTED) | B(OPEN) | B(OVERDUE)},
		{{TURNS({CASE_APPROVE, 20260301}, {CASE_REJECT, 20260801}, {CASE_WRITE_OFF, 20260901}),
		  .deadline = 20260901, .accepted_day = 20260901},
		 B(LISTED) | B(REJECTED) | B(WRITTEN_OFF) | B(IN_TIME)},
		{{TURNS({CASE_APPROVE, 20250301}, {CASE_WRITE_OFF, 20260901}), .deadline = 20260831,
		  .accepted_day = 20260901}, B(CARRIED) | B(WRITTEN_OFF)},
		{{TURNS({CASE_APPROVE, 20250301}, {CASE_WRITE_OFF, 20260901}), .done_late = true},
		 B(CARRIED) | B(WRITTEN_OFF)},
		/* Last year's: nothing of this one. */
		{{TURNS({CASE_APPROVE, 20240301}, {CASE_WRITE_OFF, 20251231})}, 0},
		/* It came back: no success of this year, whatever was written off before. */
		{{TURNS({CASE_APPROVE, 20250301}, {CASE_WRITE_OFF, 20260201}, {CASE_RELAPSE, 20260801})},
		 B(CARRIED) | B(RELAPSED) | B(OPEN)},
		{{TURNS({CASE_APPROVE, 20240301}, {CASE_WRITE_OFF, 20250201}, {CASE_RELAPSE, 20250801},
			{CASE_WRITE_OFF, 20260301})}, B(CARRIED) | B(WRITTEN_OFF) | B(IN_TIME)},
		/* What happens after the day that counts is another year's. */
		{{TURNS({CASE_APPROVE, 20260301}, {CASE_WRITE_OFF, 20261102})}, B(LISTED) | B(OPEN)},
		{{TURNS({CASE_APPROVE, 20220301}), .stuck = true}, B(CARRIED) | B(OPEN) | B(STUCK)},
		{{TURNS({CASE_APPROVE, 20220301}, {CASE_WRITE_OFF, 20260301}), .stuck = true},
		 B(CARRIED) | B(WRITTEN_OFF) | B(IN_TIME)},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t bits = rectified_of(&cases[i].f, 2026, 20261101);
		if (bits != cases[i].bits)
			fail_msg("case %zu: %x, wanted %x", i, bits, cases[i].bits);
	}
}

static void a_year_ends_with_its_last_day(void **state)
{
	(void)state;
	assert_int_equal(rectified_as_of(2026, 20261101), 20261101);
	assert_int_equal(rectified_as_of(2026, 20270110), 20261231);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_counts_for_what_happened_within_the_year),
		cmocka_unit_test(a_year_ends_with_its_last_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
