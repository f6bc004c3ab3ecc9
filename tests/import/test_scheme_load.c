/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "import/scheme_yaml.h"

/* A scheme of the fewest keys, with holes for what a test changes. */
#define HEAD "id: t\ntitle: 测试\nsource: 文件\n"
#define CATEGORIES "categories:\n  - {id: v, label: 村, fields: [village]}\n" \
	"  - {id: o, label: 其他, fields: [agency]}\n"
#define INDICATORS "indicators:\n  - {id: a, label: 甲, max: 60}\n  - {id: b, label: 乙, max: 40}\n"
#define SOURCES "sources:\n  - {id: c, label: 党委, weight: 100%, by: indicators}\n"
#define GRADES "grades:\n  - {id: good, label: 好, from: 80}\n  - {id: poor, label: 差}\n"
#define WHOLE HEAD CATEGORIES INDICATORS SOURCES GRADES

static int load(struct scheme *ret_scheme, const char *text, struct diag *diag)
{
	struct err_info info = {0};
	return scheme_load_text(ret_scheme, "f.yaml", text, strlen(text), diag, &info);
}

static void refuses(const char *text, int n, ...)
{
	AUTO(diag) struct diag diag = {0};
	AUTO(scheme) struct scheme scheme = {0};
	va_list args;

	assert_int_equal(load(&scheme, text, &diag), ERR_INPUT);
	va_start(args, n);
	for (int i = 0; i < n; i++) {
		const char *want = va_arg(args, const char *);
		if (i < diag.n)
			assert_string_equal(diag.at[i], want);
	}
	va_end(args);
	for (int i = n; i < diag.n; i++)
		print_error("also: %s\n", diag.at[i]);
	assert_int_equal(diag.n, n);
	assert_int_equal(diag.total, n);
}

static void takes(struct scheme *ret_scheme, const char *text)
{
	AUTO(diag) struct diag diag = {0};
	int r = load(ret_scheme, text, &diag);
	for (int i = 0; i < diag.n; i++)
		print_error("%s\n", diag.at[i]);
	assert_int_equal(r, 0);
}

static void a_small_scheme_gets_its_defaults(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	takes(&s, WHOLE);
	assert_string_equal(s.id, "t");
	assert_int_equal(s.kind, SCHEME_GRADING);
	assert_int_equal(s.graded, LEVEL_UNIT);
	assert_int_equal(s.places, 2);
	assert_false(s.scale_to_100);
	assert_true(s.ranking.all);
	assert_false(s.ranking.by_category);
	assert_int_equal(s.category_of_field[FIELD_VILLAGE], 0);
	assert_int_equal(s.category_of_field[FIELD_AGENCY], 1);
	assert_int_equal(s.category_of_field[FIELD_SOE], -1);
	assert_int_equal(s.categories[1].max_sum_e4, 100 * 10000);
	assert_int_equal(s.n_leaves, 2);
	assert_int_equal(s.leaves[1].indicator, 1);
	assert_int_equal(s.leaves[1].item, -1);
	assert_int_equal(s.leaves[1].max_by_category_e4[1], 40 * 10000);
	assert_int_equal(s.grades[0].from_e4, 80 * 10000);
	assert_int_equal(s.grades[1].from_e4, INT32_MIN);
	assert_string_equal(s.grades[1].goal, "");
	assert_string_equal(s.level_label[LEVEL_COUNTY], "县级");
	/* LD-5a, rectification.md: what holds where the file is silent. */
	assert_int_equal(s.acceptance.n_items, 4);
	assert_int_equal(s.acceptance.pass_e4, 70 * 10000);
	assert_int_equal(s.acceptance.dissatisfied_e6, 500000);
	assert_int_equal(s.cases.n_lookbacks, 3);
	assert_int_equal(s.cases.lookback_months[2], 12);
}

static void leaves_are_wholes_first_then_items(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	takes(&s, HEAD CATEGORIES SOURCES GRADES
	      "indicators:\n"
	      "  - {id: a, label: 甲, max: 60, max_by_category: {o: 70}, items: [\n"
	      "      {id: x, label: 子, max: 60, categories: [v]},\n"
	      "      {id: y, label: 丑, max: 70, categories: [o]}]}\n"
	      "  - {id: b, label: 乙, max: 40, max_by_category: {o: 30}}\n");
	assert_int_equal(s.n_leaves, 4);
	assert_int_equal(s.indicators[1].leaf, 1);
	assert_int_equal(s.indicators[0].items[0].leaf, 2);
	assert_int_equal(s.leaves[2].max_by_category_e4[0], 60 * 10000);
	assert_int_equal(s.leaves[2].max_by_category_e4[1], 0);
	assert_int_equal(s.leaves[3].max_by_category_e4[1], 70 * 10000);
	assert_int_equal(s.leaves[3].max_e4, 70 * 10000);
	assert_int_equal(scheme_find_leaf(&s, STR("甲/丑")), 3);
}

static void unknown_keys_name_the_nearest(void **state)
{
	(void)state;
	refuses(HEAD CATEGORIES INDICATORS SOURCES
		"grades:\n  - {id: good, lable: 好, from: 80}\n  - {id: poor, label: 差}\n",
		2, "f.yaml 第 13 行 grades[good].lable：没有这个键：“lable”，是不是 label？"
		"可用的有：id、label、from、goal",
		"f.yaml 第 13 行 grades[good]：缺少键 label（名称）");
	refuses(WHOLE "gardes: []\n", 1,
		"f.yaml 第 15 行 gardes：没有这个键：“gardes”，是不是 grades？可用的有：id、title、source、"
		"kind、assumptions、graded、levels、kinds、categories、indicators、sources、ballot、score、"
		"grades、goals、ties、ranking、quotas、stars、approval、local、criteria、aggravating、"
		"steps、survey、coverage、teams、self、consult、publicity、inspection、meetings、reports、"
		"problems、rectify、support、guarantees、secretary_sources、acceptance、case、remarks");
}

static void all_faults_are_reported_at_once_by_line(void **state)
{
	(void)state;
	refuses("id: 甲\ntitle: [x]\nsource: ~\n" CATEGORIES INDICATORS SOURCES GRADES
		"score: {places: 5}\nstars:\n  - {stars: 6, grade: god}\n",
		6,
		"f.yaml 第 1 行 id：找到“甲”，应为标识：字母、数字、- _ .，以字母或数字开头，不超过 64 个",
		"f.yaml 第 2 行 title：找到一个列表，应为一行文字",
		"f.yaml 第 3 行 source：找到空，应为文字",
		"f.yaml 第 15 行 score.places：找到“5”，应为 0 到 4 的整数",
		"f.yaml 第 17 行 stars[第 1 项].stars：找到“6”，应为 0 到 5 的整数",
		"f.yaml 第 17 行 stars[第 1 项].grade：没有等次“god”，是不是 good？可用的有：good、poor");
}

static void figures_are_read_from_their_text(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	takes(&s, HEAD CATEGORIES GRADES
	      "indicators:\n  - {id: a, label: 甲, max: 010.5}\n  - {id: b, label: 乙, max: 89.5000}\n"
	      "sources:\n  - {id: c, label: 党委, weight: 33.3333%, by: points}\n"
	      "  - {id: d, label: 自评, weight: '66.6667%', by: points}\n");
	assert_int_equal(s.leaves[0].max_e4, 105000);
	assert_int_equal(s.sources[0].weight_e6, 333333);
	assert_int_equal(s.sources[1].weight_e6, 666667);
	static const char *const bad[] = {"+5", "5.", ".5", "1e2", "0x10", "1_0", "5.00001", "-1",
					  "\"60\"", "inf", "10001"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(diag) struct diag diag = {0};
		AUTO(buf) struct buf text = {0};
		buf_adds(&text, HEAD CATEGORIES SOURCES GRADES);
		buf_addf(&text, "indicators:\n  - {id: a, label: 甲, max: %s}\n", bad[i]);
		assert_int_equal(load(&s, buf_str(&text), &diag), ERR_INPUT);
		assert_int_equal(diag.total, 1);
		assert_non_null(strstr(diag.at[0], "第 13 行 indicators[a].max：找到"));
	}
}

static void shares_need_their_sign(void **state)
{
	(void)state;
	refuses(HEAD CATEGORIES INDICATORS GRADES
		"sources:\n  - {id: c, label: 党委, weight: 0.5, by: indicators}\n", 1,
		"f.yaml 第 14 行 sources[c].weight：找到“0.5”，应为 0% 到 100% 的百分比，带半角 %，最多 4 位小数");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_scheme_gets_its_defaults),
		cmocka_unit_test(leaves_are_wholes_first_then_items),
		cmocka_unit_test(unknown_keys_name_the_nearest),
		cmocka_unit_test(all_faults_are_reported_at_once_by_line),
		cmocka_unit_test(figures_are_read_from_their_text),
		cmocka_unit_test(shares_need_their_sign),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
