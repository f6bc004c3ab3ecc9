/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of a score sheet: which are asked for, what they take, what they
 * add up to. */
#include "tests/domain/town.h"

#include <string.h>

#include "domain/sheet.h"

static const char with_items[] =
	"id: t\ntitle: 测试\nsource: 文件\n"
	"categories:\n  - {id: v, label: 村, fields: [village]}\n"
	"  - {id: o, label: 其他, fields: [agency]}\n"
	"indicators:\n"
	"  - id: a\n    label: 甲\n    max: 60\n"
	"    items:\n"
	"      - {id: x, label: 子一, max: 40, categories: [v]}\n"
	"      - {id: y, label: 子二, max: 20, categories: [v]}\n"
	"  - {id: b, label: 乙, max: 40}\n"
	"sources:\n  - {id: c, label: 党委, weight: 50%, by: indicators, who: committee}\n"
	"  - {id: p, label: 考核, weight: 50%, by: points, who: examination}\n"
	"grades:\n  - {id: good, label: 好, from: 80}\n  - {id: poor, label: 差}\n";

enum { WHOLE_A, WHOLE_B, ITEM_X, ITEM_Y };

static struct sheet_rules rules_of(const struct town *t, int category, enum source_by by)
{
	return (struct sheet_rules){.scheme = &t->scheme, .by = by, .category = category};
}

static void accepts(const struct sheet_rules *rules, int leaf, const char *typed, const char *kept)
{
	char text[SHEET_TEXT_MAX + 1] = "?";
	struct err_info info = {0};
	if (sheet_read(rules, leaf, str_from(typed), text, &info) < 0)
		fail_msg("%s: %s", typed, info.text);
	assert_string_equal(text, kept);
}

static void refuses(const struct sheet_rules *rules, int leaf, const char *typed, int code,
		    const char *why)
{
	char text[SHEET_TEXT_MAX + 1] = "?";
	struct err_info info = {0};
	assert_int_equal(sheet_read(rules, leaf, str_from(typed), text, &info), code);
	assert_string_equal(info.text, why);
	assert_string_equal(text, "?");
}

static void a_cell_is_kept_as_typed_and_checked_against_the_category(void **state)
{
	(void)state;
	struct town t;
	town_init(&t, with_items, NULL);
	struct sheet_rules village = rules_of(&t, 0, BY_INDICATORS), other = rules_of(&t, 1, BY_INDICATORS);

	accepts(&village, WHOLE_B, " 9.50 ", "9.50");
	accepts(&village, WHOLE_B, "９．５", "9.5");
	accepts(&village, WHOLE_B, "40.0000", "40.0000");
	accepts(&village, WHOLE_B, "", "");
	refuses(&village, WHOLE_B, "40.0001", ERR_INPUT, "40.0001 超过满分 40");
	refuses(&village, WHOLE_B, "8,5", ERR_INPUT, "“8,5” 不是数字，应写 8.5");
	refuses(&village, WHOLE_B, "-1", ERR_INPUT, "“-1” 不是数字，应写成 8 或 8.5 这样");
	refuses(&village, WHOLE_B, "1.23456", ERR_INPUT, "“1.23456” 小数太长，最多 4 位小数");
	refuses(&other, ITEM_X, "1", ERR_STATE, "这一项不适用于这类党组织");
	refuses(&village, 99, "1", ERR_STATE, "这一项不适用于这类党组织");
	town_done(&t);
}

static void items_stand_for_their_indicator_where_the_category_has_them(void **state)
{
	(void)state;
	struct town t;
	town_init(&t, with_items, NULL);
	struct sheet_rules village = rules_of(&t, 0, BY_INDICATORS), other = rules_of(&t, 1, BY_INDICATORS);

	assert_false(sheet_asks(&village, WHOLE_A));
	assert_true(sheet_asks(&village, ITEM_X));
	assert_true(sheet_asks(&other, WHOLE_A));
	assert_false(sheet_asks(&other, ITEM_X));

	const char *items[] = {"", "30", "39.5", "20"}, *whole[] = {"50", "30"},
		   *mixed[] = {"50", "30", "39.5"}, *part[] = {"", "30", "39.5"};
	struct sheet_total total = sheet_total(&village, items, 4);
	assert_int_equal(total.sum_e4, 895000);
	assert_int_equal(total.max_e4, 1000000);
	assert_int_equal(total.missing, 0);
	total = sheet_total(&village, whole, 2);
	assert_int_equal(total.missing, 0);
	assert_int_equal(total.sum_e4, 800000);
	total = sheet_total(&village, mixed, 3);
	assert_int_equal(total.mixed, 0);
	total = sheet_total(&village, part, 3);
	assert_int_equal(total.missing, 1);
	total = sheet_total(&village, NULL, 0);
	assert_int_equal(total.missing, 3);
	assert_int_equal(total.filled, 0);
	town_done(&t);
}

static void a_source_by_points_has_one_cell_and_local_indicators_add_theirs(void **state)
{
	(void)state;
	struct town t;
	town_init(&t, with_items, NULL);
	struct sheet_rules points = rules_of(&t, 0, BY_POINTS), local = rules_of(&t, 1, BY_INDICATORS);

	assert_int_equal(sheet_n_cells(&points), 1);
	refuses(&points, 0, "100.5", ERR_INPUT, "100.5 超过满分 100");
	assert_int_equal(sheet_max_e4(&points, 1), 0);

	local.local_max_e4[1] = 55000;
	int leaf = t.scheme.n_leaves + 1;
	assert_true(sheet_asks(&local, leaf));
	assert_false(sheet_asks(&local, leaf - 1));
	accepts(&local, leaf, "5.5", "5.5");
	const char *cells[] = {"60", "40", "", "", "", "5.5"};
	assert_int_equal(leaf, 5);
	struct sheet_total total = sheet_total(&local, cells, 6);
	assert_int_equal(total.sum_e4, 1055000);
	assert_int_equal(total.missing, 0);
	town_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_kept_as_typed_and_checked_against_the_category),
		cmocka_unit_test(items_stand_for_their_indicator_where_the_category_has_them),
		cmocka_unit_test(a_source_by_points_has_one_cell_and_local_indicators_add_theirs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
