/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include <string.h>

#include "base/auto.h"
#include "web/chart.h"

static const struct chart_series grades[] = {{"好", CHART_GRADE_1}, {"较差", CHART_GRADE_5}};
static const struct chart_row places[] = {{"<柳河镇>", "/orgs/1"}, {"石桥镇", NULL}};

static void a_stacked_bar_has_its_parts_and_the_table_the_same_figures(void **state)
{
	(void)state;
	AUTO(html) struct html h = {0};
	const int64_t values[] = {30, 10, 1200, 800};
	const struct chart chart = {.id = "g", .title = "等次", .row_head = "乡镇", .unit = "个",
				    .series = grades, .n_series = 2, .rows = places, .n_rows = 2,
				    .values = values, .sums = true};
	chart_write(&h, &chart);
	const char *page = buf_str(&h.out);
	/* 40 of 2,000 fill 2 % of the line; the greatest row fills it. */
	assert_non_null(strstr(page, "<rect x='0.00%' width='1.50%'"));
	assert_non_null(strstr(page, "<rect x='1.50%' width='0.50%'"));
	assert_non_null(strstr(page, "<rect x='60.00%' width='40.00%'"));
	assert_non_null(strstr(page, "<title>石桥镇：好 1,200 个，较差 800 个</title>"));
	assert_non_null(strstr(page, "<a href='/orgs/1'>&lt;柳河镇&gt;</a>"));
	assert_non_null(strstr(page, "fill='url(#g-g5)'"));
	assert_non_null(strstr(page, "<pattern id='g-g5'"));
	assert_null(strstr(page, "g-g1"));
	assert_non_null(strstr(page, "<tr><th scope='row'>石桥镇</th><td class='n'>1,200</td>"
				     "<td class='n'>800</td><td class='n'>2,000</td></tr>"));
	assert_non_null(strstr(page, "<tfoot><tr><th scope='row'>合计</th><td class='n'>1,230</td>"
				     "<td class='n'>810</td><td class='n'>2,040</td></tr></tfoot>"));
	assert_null(strstr(page, "<details open>"));
}

static void plain_bars_show_decimals_and_what_is_not_known(void **state)
{
	(void)state;
	AUTO(html) struct html h = {0};
	const int64_t values[] = {8460, CHART_NONE};
	const struct chart_series score = {"得分", CHART_FILL_1};
	const struct chart chart = {.id = "s", .title = "得分", .row_head = "党支部", .unit = "分",
				    .series = &score, .n_series = 1, .rows = places, .n_rows = 2,
				    .values = values, .decimals = 2, .full = 10000,
				    .table_shown = true};
	chart_write(&h, &chart);
	const char *page = buf_str(&h.out);
	assert_non_null(strstr(page, "<rect x='0.00%' width='84.60%'"));
	assert_non_null(strstr(page, "<b>84.60</b>"));
	assert_non_null(strstr(page, "<b>—</b>"));
	assert_non_null(strstr(page, "<td class='n'>—</td>"));
	assert_non_null(strstr(page, "<details open>"));
	assert_null(strstr(page, "<tfoot>"));
	assert_null(strstr(page, "class='keys'"));
}

static void shares_fill_each_line_without_gaps(void **state)
{
	(void)state;
	AUTO(html) struct html h = {0};
	const struct chart_series thirds[] = {{"甲", CHART_FILL_1}, {"乙", CHART_FILL_2},
					      {"丙", CHART_FILL_3}};
	const int64_t values[] = {1, 1, 1, 0, 0, 0};
	const struct chart chart = {.id = "t", .title = "份额", .row_head = "乡镇", .unit = "",
				    .series = thirds, .n_series = 3, .rows = places, .n_rows = 2,
				    .values = values, .share = true};
	chart_write(&h, &chart);
	const char *page = buf_str(&h.out);
	assert_non_null(strstr(page, "<rect x='0.00%' width='33.33%'"));
	assert_non_null(strstr(page, "<rect x='33.33%' width='33.33%'"));
	assert_non_null(strstr(page, "<rect x='66.66%' width='33.34%'"));
}

static void enormous_sums_do_not_wrap(void **state)
{
	(void)state;
	AUTO(html) struct html h = {0};
	const int64_t values[] = {INT64_MAX, INT64_MAX, 1, 2};
	const struct chart chart = {.id = "m", .title = "大", .row_head = "乡镇", .unit = "",
				    .series = grades, .n_series = 2, .rows = places, .n_rows = 2,
				    .values = values, .sums = true};
	chart_write(&h, &chart);
	assert_null(strstr(buf_str(&h.out), "-9,223"));
	assert_non_null(strstr(buf_str(&h.out), "<b>9,223,372,036,854,775,807</b>"));
}

static void nothing_is_drawn_for_no_rows(void **state)
{
	(void)state;
	AUTO(html) struct html h = {0};
	const struct chart chart = {.id = "n", .title = "空", .row_head = "乡镇", .unit = "",
				    .series = grades, .n_series = 2};
	chart_write(&h, &chart);
	assert_string_equal(buf_str(&h.out), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stacked_bar_has_its_parts_and_the_table_the_same_figures),
		cmocka_unit_test(plain_bars_show_decimals_and_what_is_not_known),
		cmocka_unit_test(shares_fill_each_line_without_gaps),
		cmocka_unit_test(enormous_sums_do_not_wrap),
		cmocka_unit_test(nothing_is_drawn_for_no_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
