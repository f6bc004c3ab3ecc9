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

/* A wrong file and all that is said about it ("|" between messages). */
static const struct {
	const char *text, *says;
} wrongs[] = {
	/* -- YAML -- */
	{"", "1 行 文件是空的"},
	{"- a\n", "1 行 方案应由“键: 值”组成，例如 id: zhangji-town（冒号用半角，后面加空格）"},
	{"id：t\ntitle：x\n", "1 行 方案应由“键: 值”组成，例如 id: zhangji-town（冒号用半角，后面加空格）"},
	{"id: t\ntitle：x\nsource: y\n",
	 "3 行 键后面缺少半角冒号和空格；这一行有全角冒号“：”，键后面要用半角冒号加空格“: ”"},
	{"id: t\n\ttitle: x\n", "2 行 缩进只能用空格，不能用制表符；这一行有制表符，请换成空格"},
	{"id: [a, b\ntitle: x\n", "2 行 方括号里的各项应以半角逗号分隔，并以 ] 结束"},
	{"id: \"t\ntitle: x\n", "3 行 引号没有配对"},
	{"id: t\n---\nid: u\n", "2 行 一个文件只能有一份内容，这里又开始了一份（---）"},
	{"id: t\nx: *a\n", "2 行 不能使用别名 *a，请把内容写全"},
	{"[[[[[[[[[[[[[[[[", "1 行 嵌套太深：上限是 12 层"},
	{"? [a]\n: b\n", "1 行 键必须是一个词，不能是列表或映射"},
	{"id: t\n\xff\n", "2 行 不是 UTF-8 文字，请在编辑器里另存为 UTF-8 编码"},
	{WHOLE "id: u\n", "15 行 键 id 重复：第 1 行已经写过"},
	{WHOLE "ties: !!seq []\n", "15 行 不能使用标签 tag:yaml.org,2002:seq"},
	{WHOLE "ties: &x []\n", "15 行 不能使用锚点 &x，请把内容写全"},
	{WHOLE "score: {<<: {places: 1}}\n",
	 "15 行 score.<<：没有这个键：“<<”；可用的有：places、scale_to_100"},
	/* -- types -- */
	{WHOLE "ties:\n", "15 行 ties：找到空，应为标识（id）的列表，按顺序；没有的话写 [] 或删去这一行"},
	{WHOLE "ties: c\n", "15 行 ties：找到“c”，应为标识（id）的列表，按顺序"},
	{WHOLE "ties: [c, c]\n", "15 行 ties[第 2 项]：“c”重复"},
	{WHOLE "score: 2\n", "15 行 score：找到“2”，应为一组“键: 值”"},
	{WHOLE "score: {scale_to_100: yes}\n", "15 行 score.scale_to_100：找到“yes”，应为true 或 false"},
	{WHOLE "graded: villag\n",
	 "15 行 graded：没有这个词：“villag”；可用的有：province、city、county、township、unit"},
	{WHOLE "graded: townshp\n", "15 行 graded：没有这个词：“townshp”，是不是 township？可用的有："
	 "province、city、county、township、unit"},
	{WHOLE "quotas: [poor]\n",
	 "15 行 quotas[第 1 项]：找到“poor”，应为比例要求：一组“键: 值”，例如 - {id: …, label: …}"},
	{WHOLE "quotas:\n  - {grade: poor, at_least: 101%}\n",
	 "16 行 quotas[第 1 项].at_least：找到“101%”，应为 0% 到 100% 的百分比，带半角 %，最多 4 位小数"},
	{WHOLE "quotas:\n  - {grade: 差, at_least: 5%, within: all}\n",
	 "16 行 quotas[第 1 项].grade：没有等次“差”；可用的有：good、poor"},
	{WHOLE "steps:\n  - {id: a, label: 甲, who: unit, from: 02-30}\n",
	 "16 行 steps[a].from：找到“02-30”，应为月-日，例如 03-27"},
	{WHOLE "steps:\n  - {id: a, label: 甲, who: nobody}\n",
	 "16 行 steps[a].who：没有这个词：“nobody”；可用的有：province、city、county、township、unit、"
	 "team、inspector"},
	{WHOLE "levels: {county: 市级}\n", "15 行 levels.county：“市级”是 city 一级的名称"},
	{WHOLE "levels: {county: 党委, township: 党委}\n", "15 行 levels.township：“党委”重复"},
	/* -- names -- */
	{HEAD INDICATORS SOURCES GRADES
	 "categories:\n  - {id: v, label: 村, fields: [village]}\n  - {id: v, label: 村, fields: [village]}\n",
	 "14 行 categories[v].id：“v”重复，第 1 项已经用过|"
	 "14 行 categories[v].label：“村”重复，第 1 项已经用过|"
	 "14 行 categories[v].fields：领域 village（农村）已属于类别 v"},
	{HEAD CATEGORIES INDICATORS SOURCES
	 "grades:\n  - {id: good, label: bad, from: 80}\n  - {id: bad, label: 差}\n",
	 "14 行 grades[bad].id：“bad”是第 1 项的名称，不能作标识"},
	{HEAD CATEGORIES SOURCES GRADES "indicators:\n  - {id: name, label: 得分, max: 100}\n",
	 "13 行 indicators[name].id：“name”是打分表的列名，请换一个|"
	 "13 行 indicators[name].label：“得分”是打分表的列名，请换一个"},
	{WHOLE "ballot:\n  options:\n    - {id: spoiled, label: 废票, points: 0}\n",
	 "17 行 ballot.options[spoiled].id：“spoiled”留给废票，请换一个|"
	 "17 行 ballot.options[spoiled].label：“废票”留给废票，请换一个"},
	/* -- sums and orders -- */
	{HEAD CATEGORIES SOURCES GRADES
	 "indicators:\n  - {id: a, label: 甲, max: 60, max_by_category: {o: 70, x: 1}}\n"
	 "  - {id: b, label: 乙, max: 30}\n",
	 "12 行 indicators：类别“村”的指标满分合计 90，应为 100（要折算请写 score: {scale_to_100: true}）|"
	 "13 行 indicators[a].max_by_category.x：没有类别“x”；可用的有：v、o"},
	{HEAD CATEGORIES SOURCES GRADES
	 "indicators:\n  - {id: a, label: 甲, max: 100, items: [{id: x, label: 子, max: 99.5}]}\n",
	 "13 行 indicators[a].items：类别“村”的小项满分合计 99.5，应等于该指标的满分 100|"
	 "13 行 indicators[a].items：类别“其他”的小项满分合计 99.5，应等于该指标的满分 100"},
	{HEAD CATEGORIES INDICATORS GRADES
	 "sources:\n  - {id: c, label: 党委, weight: 50%, by: indicators}\n"
	 "  - {id: d, label: 自评, weight: 49.9999%, by: points}\n",
	 "13 行 sources：各评价主体的权重合计 99.9999%，应为 100%"},
	{HEAD CATEGORIES INDICATORS GRADES
	 "sources:\n  - {id: c, label: 党委, weight: 50%, by: ballots}\n"
	 "  - {id: d, label: 自评, weight: 50%, by: points, voters: [member]}\n",
	 "1 行 有投票测评（by: ballots）就要有测评票的选项 ballot.options|"
	 "14 行 sources[c]：缺少键 voters：投票测评要写明谁投票，例如 voters: [member, resident]|"
	 "15 行 sources[d].voters：只有 by: ballots 才有 voters"},
	{HEAD CATEGORIES INDICATORS SOURCES
	 "grades:\n  - {id: a, label: 甲, from: 80}\n  - {id: b, label: 乙, from: 80}\n"
	 "  - {id: c, label: 丙}\n  - {id: d, label: 丁, from: 10}\n",
	 "14 行 grades[b].from：找到 80，应低于上一等的 80：等次从高到低写|"
	 "15 行 grades[c]：缺少键 from（最低得分）；只有最后一个等次不写|"
	 "16 行 grades[d].from：最后一个等次不写 from：其余的都归它"},
	{HEAD CATEGORIES "sources: []\n",
	 "1 行 缺少键 indicators（指标）|1 行 缺少键 grades（等次）|7 行 sources：有 0 项，至少 1 项"},
	{HEAD "kind: rectification\ncategories: []\n", "5 行 categories：有 0 项，至少 1 项"},
	/* -- rules -- */
	{WHOLE "approval:\n  - {level: city}\n",
	 "16 行 approval[第 1 项]：要写明哪些星级（stars）或哪些等次（grades）"},
	{WHOLE "local: {max_total: 10, per: township}\n",
	 "15 行 local：有自设指标时满分之和不固定，要写 score: {scale_to_100: true}"},
	{WHOLE "goals:\n  - {grades: [good], goal: 甲}\n  - {grades: [good], goal: 乙}\n",
	 "17 行 goals[第 2 项].grades：等次 good 的目标已经写过"},
	{WHOLE "survey:\n  - {id: a, label: 甲, ask: choice, red: 好}\n"
	 "  - {id: b, label: 乙, ask: text, choices: [x, y]}\n  - {id: c, label: 丙, ask: number, red: 多}\n"
	 "  - {id: d, label: 丁, ask: choice, choices: [好, 差], red: 坏}\n",
	 "16 行 survey[a].red：没有这个选项：“好”；这里还没有任何可用的|"
	 "16 行 survey[a]：缺少键 choices（选择题的选项）|"
	 "17 行 survey[b].choices：只有 ask: choice 才有 choices|"
	 "18 行 survey[c].red：找到“多”，应为一个数，或“<数”“<=数”“>数”“>=数”（要加引号）|"
	 "19 行 survey[d].red：没有这个选项：“坏”；可用的有：好、差"},
	{WHOLE "rectify:\n  - {because: bottom}\n  - {because: grade, grades: [x], below: 3}\n"
	 "  - {because: criteria}\n",
	 "16 行 rectify[第 1 项]：这条理由缺少键 at_least|"
	 "17 行 rectify[第 2 项].grades[第 1 项]：没有等次“x”；可用的有：good、poor|"
	 "17 行 rectify[第 2 项].below：这条理由不用这个键|"
	 "18 行 rectify[第 3 项]：按标准确定就要有整顿标准 criteria"},
	{WHOLE "acceptance:\n  levels: [county]\n  items:\n    - {id: a, label: 甲, max: 90}\n",
	 "17 行 acceptance.items：验收项目满分合计 90，应为 100"},
	{WHOLE "case: {at_least_months: 6, at_most_months: 3, lookbacks: [6, 3]}\n",
	 "15 行 case.at_most_months：找到 3，应不少于 at_least_months 的 6|"
	 "15 行 case.lookbacks：应从小到大，3 不大于 6"},
};

static void every_wrong_file_is_told_what_is_wrong(void **state)
{
	int failed = 0;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++) {
		AUTO(diag) struct diag diag = {0};
		AUTO(scheme) struct scheme scheme = {0};
		AUTO(buf) struct buf said = {0};
		assert_int_equal(load(&scheme, wrongs[i].text, &diag), ERR_INPUT);
		assert_null(scheme.id);
		for (int k = 0; k < diag.n; k++) {
			const char *head = "f.yaml 第 ";
			assert_memory_equal(diag.at[k], head, strlen(head));
			buf_addf(&said, "%s%s", k ? "|" : "", diag.at[k] + strlen(head));
		}
		if (strcmp(buf_str(&said), wrongs[i].says) != 0) {
			print_error("%zu: said %s\n   want %s\n", i, buf_str(&said), wrongs[i].says);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static void a_rectification_scheme_needs_no_grading(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	takes(&s, HEAD "kind: rectification\n" CATEGORIES
	      "criteria:\n  - {id: a, label: 甲}\n"
	      "rectify:\n  - {because: criteria}\n  - {because: grade, grades: [后进]}\n"
	      "  - {because: bottom, at_least: 10%, within: county, categories: [v]}\n");
	assert_int_equal(s.kind, SCHEME_RECTIFICATION);
	assert_string_equal(s.rectify[1].grade_names.at[0], "后进");
	assert_int_equal(s.rectify[1].grades, 0);
	assert_int_equal(s.rectify[0].categories, 3);
	assert_int_equal(s.rectify[2].categories, 1);
	assert_int_equal(s.rectify[2].scope.level, LEVEL_COUNTY);
}

static void survey_warnings_are_read_in_all_forms(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	takes(&s, WHOLE "survey:\n  - {id: a, label: 甲, ask: yes-no, red: no}\n"
	      "  - {id: b, label: 乙, ask: number, red: \"<= 2.5\"}\n"
	      "  - {id: c, label: 丙, ask: number, red: 0}\n"
	      "  - {id: d, label: 丁, ask: choice, choices: [好, 中, 差], red: [差, 中]}\n"
	      "  - {id: e, label: 戊, ask: text, categories: [o]}\n");
	assert_int_equal(s.survey[0].red, RED_NO);
	assert_int_equal(s.survey[1].red, RED_AT_MOST);
	assert_int_equal(s.survey[1].red_e4, 25000);
	assert_int_equal(s.survey[2].red, RED_EQUAL);
	assert_int_equal(s.survey[3].red_choices, 6);
	assert_int_equal(s.survey[4].red, RED_NEVER);
	assert_int_equal(s.survey[4].categories, 2);
	assert_int_equal(s.survey[0].categories, 3);
}

static void labels_are_folded_as_cells_are(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	takes(&s, HEAD CATEGORIES SOURCES GRADES
	      "indicators:\n  - {id: a, label: \" Ａ１项　\", max: 100}\n");
	assert_string_equal(s.indicators[0].label, "A1项");
}

static void byte_order_mark_and_windows_lines_are_fine(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	AUTO(buf) struct buf text = {0};
	buf_adds(&text, "\xEF\xBB\xBF");
	for (const char *p = WHOLE; *p; p++) {
		if (*p == '\n')
			buf_addc(&text, '\r');
		buf_addc(&text, *p);
	}
	takes(&s, buf_str(&text));
	assert_string_equal(s.title, "测试");
}

static void only_the_first_fifty_faults_are_shown(void **state)
{
	(void)state;
	AUTO(scheme) struct scheme s = {0};
	AUTO(diag) struct diag diag = {0};
	AUTO(buf) struct buf text = {0};
	buf_adds(&text, WHOLE);
	for (int i = 0; i < 120; i++)
		buf_addf(&text, "key%d: 1\n", i);
	assert_int_equal(load(&s, buf_str(&text), &diag), ERR_INPUT);
	assert_int_equal(diag.n, DIAG_SHOWN);
	assert_int_equal(diag.total, 120);
	assert_non_null(strstr(diag.at[49], "第 64 行 key49："));
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
		cmocka_unit_test(every_wrong_file_is_told_what_is_wrong),
		cmocka_unit_test(a_rectification_scheme_needs_no_grading),
		cmocka_unit_test(survey_warnings_are_read_in_all_forms),
		cmocka_unit_test(labels_are_folded_as_cells_are),
		cmocka_unit_test(byte_order_mark_and_windows_lines_are_fine),
		cmocka_unit_test(only_the_first_fifty_faults_are_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
