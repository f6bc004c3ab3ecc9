/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include "web/held.h"

static void an_upload_comes_back_to_its_account_only(void **state)
{
	(void)state;
	struct held *held = held_new();
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct str name, data;
	char id[HELD_ID_LEN + 1];

	assert_int_equal(held_put(held, 7, STR("表.csv"), STR("a\0b"), 1000, id, &info), 0);
	assert_int_equal(held_get(held, 7, id, 1000 + HELD_S, &arena, &name, &data, &info), 0);
	assert_true(str_eqs(name, "表.csv"));
	assert_int_equal(data.len, 3);
	assert_int_equal(held_get(held, 8, id, 1000, &arena, &name, &data, &info), ERR_STATE);
	assert_int_equal(held_get(held, 7, "", 1000, &arena, &name, &data, &info), ERR_STATE);
	assert_int_equal(held_get(held, 7, id, 1001 + HELD_S, &arena, &name, &data, &info),
			 ERR_STATE);
	held_drop(held, 8, id);
	assert_int_equal(held_get(held, 7, id, 1000, &arena, &name, &data, &info), 0);
	held_drop(held, 7, id);
	assert_int_equal(held_get(held, 7, id, 1000, &arena, &name, &data, &info), ERR_STATE);
	held_free(held);
}

static void the_oldest_gives_way(void **state)
{
	(void)state;
	struct held *held = held_new();
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct str name, data;
	char first[HELD_ID_LEN + 1], id[HELD_ID_LEN + 1];

	assert_int_equal(held_put(held, 1, STR("a"), STR("1"), 1, first, &info), 0);
	for (int i = 0; i < HELD_MAX; i++)
		assert_int_equal(held_put(held, 1, STR("b"), STR("2"), 2, id, &info), 0);
	assert_int_equal(held_get(held, 1, first, 2, &arena, &name, &data, &info), ERR_STATE);
	assert_int_equal(held_get(held, 1, id, 2, &arena, &name, &data, &info), 0);
	held_free(held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upload_comes_back_to_its_account_only),
		cmocka_unit_test(the_oldest_gives_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
