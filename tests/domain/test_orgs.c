/* SPDX-License-Identifier: Apache-2.0 */
/* The tree: its index by code, and everything that can be wrong with it. */
#include <stdio.h>

#include "domain/org_index.h"
#include "tests/domain/town.h"

struct told {
	int n[4];
	uint32_t first_node[4], first_other[4], last_node[4];
};

static void tell(void *arg, enum org_fault fault, uint32_t node, uint32_t other)
{
	struct told *told = arg;
	if (!told->n[fault]++) {
		told->first_node[fault] = node;
		told->first_other[fault] = other;
	}
	told->last_node[fault] = node;
}

static uint32_t add(struct orgs *orgs, const char *code, const char *parent, enum level level)
{
	struct org_row row = {
		.code = str_from(code),
		.parent = str_from(parent),
		.name = str_from("名"),
		.level = (uint8_t)level,
		.field = FIELD_NONE,
	};
	assert_int_equal(orgs_add(orgs, &row), 0);
	return orgs->n - 1;
}

/* A code of exactly `len` bytes that begins alike for all numbers. */
static void make_code(char *code, size_t len, unsigned number)
{
	char digits[16];
	int n = snprintf(digits, sizeof(digits), "%u", number);
	memset(code, 'x', len);
	memcpy(code + len - (size_t)n, digits, (size_t)n);
	code[len] = '\0';
}

static void codes_of_every_length_are_found(void **state)
{
	char code[ORG_CODE_MAX + 1], other[ORG_CODE_MAX + 1];
	struct orgs orgs = {0};
	(void)state;
	for (unsigned len = 5; len <= ORG_CODE_MAX; len++)
		for (unsigned k = 0; k < 8; k++) {
			make_code(code, len, 100 * k + 7);
			add(&orgs, code, "", LEVEL_UNIT);
		}
	assert_int_equal(orgs_finish(&orgs, 3, NULL, NULL), 0);
	uint32_t node = 0;
	for (unsigned len = 5; len <= ORG_CODE_MAX; len++)
		for (unsigned k = 0; k < 8; k++, node++) {
			make_code(code, len, 100 * k + 7);
			assert_int_equal(orgs_find(&orgs, str_from(code)), node);
			/* One byte less, another last byte, another first byte. */
			make_code(other, len, 100 * k + 8);
			assert_int_equal(orgs_find(&orgs, str_from(other)), ORG_NONE);
			code[0] = 'y';
			assert_int_equal(orgs_find(&orgs, str_from(code)), ORG_NONE);
		}
	char longer[ORG_CODE_MAX + 2];
	memset(longer, 'x', sizeof(longer));
	assert_int_equal(orgs_find(&orgs, (struct str){longer, sizeof(longer)}), ORG_NONE);
	assert_int_equal(orgs_find(&orgs, str_from("")), ORG_NONE);
	orgs_done(&orgs);
}

static void nothing_is_found_in_an_empty_tree(void **state)
{
	struct orgs orgs = {0};
	(void)state;
	assert_int_equal(orgs_find(&orgs, str_from("a")), ORG_NONE);
	assert_int_equal(orgs_finish(&orgs, 2, NULL, NULL), 0);
	assert_int_equal(orgs_find(&orgs, str_from("a")), ORG_NONE);
	orgs_done(&orgs);
	orgs_done(&orgs);
}

static void each_duplicate_is_told_once(void **state)
{
	struct orgs orgs = {0};
	struct told told = {0};
	char code[40];
	(void)state;
	/* Every second code thrice: short ones and long ones. */
	for (unsigned round = 0; round < 3; round++)
		for (unsigned i = 0; i < 500; i++) {
			make_code(code, i % 4 < 2 ? 12 : 33, i);
			if (round == 0 || i % 2)
				add(&orgs, code, "", LEVEL_UNIT);
		}
	assert_int_equal(orgs_finish(&orgs, 4, tell, &told), ERR_INPUT);
	assert_int_equal(told.n[FAULT_DUPLICATE], 500);
	assert_int_equal(told.first_node[FAULT_DUPLICATE], 500);
	assert_int_equal(told.first_other[FAULT_DUPLICATE], 1);
	assert_int_equal(told.last_node[FAULT_DUPLICATE], 999);
	orgs_done(&orgs);
}

/* Codes whose searches all begin in the same sixteenth of the index. */
static void crowd(struct orgs *orgs, unsigned wanted)
{
	for (unsigned i = 0, n = 0; n < wanted; i++) {
		char code[32] = {0};
		snprintf(code, sizeof(code), "c%u", i);
		if (orgs_hash(str_from(code)) >> 60 != 5)
			continue;
		add(orgs, code, "", LEVEL_UNIT);
		n++;
	}
}

static void a_crowded_index_only_takes_longer(void **state)
{
	struct orgs orgs = {0};
	(void)state;
	crowd(&orgs, 300);
	assert_int_equal(orgs_finish(&orgs, 2, NULL, NULL), 0);
	for (uint32_t i = 0; i < orgs.n; i++)
		assert_int_equal(orgs_find(&orgs, orgs_code(&orgs, i)), i);
	assert_int_equal(orgs_find(&orgs, str_from("c")), ORG_NONE);
	orgs_done(&orgs);
}

static void duplicates_in_a_crowded_index_are_told_once(void **state)
{
	struct orgs orgs = {0};
	struct told told = {0};
	(void)state;
	crowd(&orgs, 5);
	crowd(&orgs, 300);
	assert_int_equal(orgs_finish(&orgs, 1, tell, &told), ERR_INPUT);
	assert_int_equal(told.n[FAULT_DUPLICATE], 5);
	orgs_done(&orgs);
}

static void levels_fall(void **state)
{
	(void)state;
	for (int parent = 0; parent < LEVEL_COUNT; parent++)
		for (int child = 0; child < LEVEL_COUNT; child++) {
			struct orgs orgs = {0};
			struct told told = {0};
			bool fits = child > parent || (child == LEVEL_UNIT && parent == LEVEL_UNIT);
			add(&orgs, "c", "p", (enum level)child);
			add(&orgs, "p", "", (enum level)parent);
			assert_int_equal(orgs_finish(&orgs, 1, tell, &told), fits ? 0 : ERR_INPUT);
			assert_int_equal(told.n[FAULT_LEVEL], !fits);
			orgs_done(&orgs);
		}
}

static void orphans_are_told(void **state)
{
	struct orgs orgs = {0};
	struct told told = {0};
	(void)state;
	add(&orgs, "a", "nobody", LEVEL_UNIT);
	add(&orgs, "b", "a", LEVEL_UNIT);
	add(&orgs, "c", "nobody", LEVEL_UNIT);
	assert_int_equal(orgs_finish(&orgs, 1, tell, &told), ERR_INPUT);
	assert_int_equal(told.n[FAULT_ORPHAN], 2);
	assert_int_equal(told.n[FAULT_CYCLE], 0);
	orgs_done(&orgs);
}

static void each_circle_is_told_once(void **state)
{
	struct orgs orgs = {0};
	struct told told = {0};
	(void)state;
	add(&orgs, "tail", "a", LEVEL_UNIT);
	add(&orgs, "a", "b", LEVEL_UNIT);
	add(&orgs, "b", "c", LEVEL_UNIT);
	add(&orgs, "c", "a", LEVEL_UNIT);
	add(&orgs, "self", "self", LEVEL_UNIT);
	add(&orgs, "good", "", LEVEL_UNIT);
	add(&orgs, "under good", "good", LEVEL_UNIT);
	add(&orgs, "another tail", "tail", LEVEL_UNIT);
	assert_int_equal(orgs_finish(&orgs, 2, tell, &told), ERR_INPUT);
	assert_int_equal(told.n[FAULT_CYCLE], 2);
	for (uint32_t i = 0; i < orgs.n; i++) {	/* nobody is led in circles afterwards */
		uint32_t up = i, steps = 0;
		while (up != ORG_NONE && steps++ < orgs.n)
			up = orgs_parent(&orgs, up);
		assert_int_equal(up, ORG_NONE);
	}
	orgs_done(&orgs);
}

static void ancestors_may_skip_levels(void **state)
{
	struct orgs orgs = {0};
	(void)state;
	uint32_t p = add(&orgs, "p", "", LEVEL_PROVINCE);
	uint32_t u0 = add(&orgs, "u0", "p", LEVEL_UNIT);
	uint32_t t = add(&orgs, "t", "p", LEVEL_TOWNSHIP);
	uint32_t u1 = add(&orgs, "u1", "t", LEVEL_UNIT);
	uint32_t u2 = add(&orgs, "u2", "u1", LEVEL_UNIT);
	uint32_t u3 = add(&orgs, "u3", "u2", LEVEL_UNIT);
	uint32_t root = add(&orgs, "root", "", LEVEL_UNIT);
	assert_int_equal(orgs_finish(&orgs, 1, NULL, NULL), 0);
	for (int l = 0; l < LEVEL_COUNT; l++)
		assert_int_equal(orgs_need_ancestor(&orgs, (enum level)l), 0);
	uint32_t township[8], unit[8];
	for (uint32_t i = 0; i < orgs.n; i++) {
		township[i] = orgs_ancestor(&orgs, LEVEL_TOWNSHIP, i);
		unit[i] = orgs_ancestor(&orgs, LEVEL_UNIT, i);
	}
	assert_true(township[u1] && township[u1] == township[u2] && township[u1] == township[u3]);
	assert_int_equal(township[u0], 0);
	assert_int_equal(township[root], 0);
	assert_int_equal(township[t], 0);	/* no node is its own ancestor */
	assert_int_equal(unit[u1], 0);
	assert_true(unit[u2] && unit[u3] && unit[u2] != unit[u3]);
	assert_int_equal(orgs.n_ancestors[LEVEL_COUNTY], 0);
	assert_int_equal(orgs_ancestor(&orgs, LEVEL_PROVINCE, u3), 1);
	uint32_t *of_units = orgs_uppers(&orgs, LEVEL_UNIT);
	uint32_t *of_townships = orgs_uppers(&orgs, LEVEL_TOWNSHIP);
	assert_non_null(of_units);
	assert_non_null(of_townships);
	assert_int_equal(of_units[orgs.above[u3]], t);
	assert_int_equal(of_townships[orgs.above[u3]], p);
	assert_int_equal(of_units[orgs.above[root]], ORG_NONE);
	assert_int_equal(orgs_parent(&orgs, u3), u2);
	assert_int_equal(orgs_parent(&orgs, root), ORG_NONE);
	free(of_units);
	free(of_townships);
	orgs_done(&orgs);
}

static void there_is_an_end_to_room(void **state)
{
	struct orgs orgs = {0};
	(void)state;
	assert_int_equal(orgs_reserve(&orgs, (size_t)ORG_MAX + 1), ERR_LIMIT);
	assert_int_equal(orgs.cap, 0);
	orgs_done(&orgs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_of_every_length_are_found),
		cmocka_unit_test(nothing_is_found_in_an_empty_tree),
		cmocka_unit_test(each_duplicate_is_told_once),
		cmocka_unit_test(a_crowded_index_only_takes_longer),
		cmocka_unit_test(duplicates_in_a_crowded_index_are_told_once),
		cmocka_unit_test(levels_fall),
		cmocka_unit_test(orphans_are_told),
		cmocka_unit_test(each_circle_is_told_once),
		cmocka_unit_test(ancestors_may_skip_levels),
		cmocka_unit_test(there_is_an_end_to_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
