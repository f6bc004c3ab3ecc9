/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/report/sample.h"

#include <stdio.h>

#include "base/auto.h"

enum { ORGS = 24, SOURCES = 3, GRADES = 4 };

static struct form_head head(bool blank)
{
	return (struct form_head){"中共石桥镇委员会", "2026年11月20日", 2026, blank};
}

/* ---- F1 to F3 ---- */

static void make_f1(struct doc *doc, bool blank)
{
	static const struct f01_sheet sheets[] = {
		{"全部", "all", 48, {2, 6, 40}, 5, {1, 2, 0, 1, 1, 3}},
		{"农村", "c0", 24, {0, 4, 20}, 3, {1, 1, 0, 1, 0, 2}},
		{"学校", "c4", 0, {0}, 0, {0}},
	};
	const struct f01 in = {head(blank), ARRAY_LEN(sheets), sheets};
	f01_make(doc, &in);
}

static const struct weak_org weak[] = {
	{1, SAMPLE_LONG_NAME, 38, "班子不团结，三年没有发展党员；“三会一课”流于形式，村务公开不及时，群众意见大",
	 "派驻第一书记，集中整顿", "2026年12月", "欧阳建国", "0000-1234567"},
	{2, "柳树沟村党支部", 21, "=HYPERLINK(\"http://x\")", "选派书记", "2027年3月", "王秀英", "+00 0000"},
	{3, "三岔口村党支部", 17, "书记长期空缺", "从退役军人中选配", "2026年12月", "", ""},
};

static void make_f2(struct doc *doc, bool blank)
{
	f02_make(doc, &(struct f02){head(blank), ARRAY_LEN(weak), weak});
}

static void make_f3(struct doc *doc, bool blank)
{
	f03_make(doc, &(struct f02){head(blank), ARRAY_LEN(weak), weak});
}

/* ---- lists of graded organisations ---- */

struct list {
	struct graded_list list;
	struct graded_org orgs[ORGS];
	char names[ORGS][96], scores[ORGS][16];
};

static void fill(struct list *l, bool blank)
{
	static const char *const sources[SOURCES] = {"党委评定得分", "党员群众测评得分", "自评得分"};
	static const char *const grades[GRADES] = {"好", "较好", "一般", "较差"};
	static const char *const levels[] = {"省", "市委", "县委", "镇党委", "支部"};
	static const char *const some[SOURCES] = {"92.50", "88.00", "95.00"};
	l->list = (struct graded_list){head(blank), "《云岭县基层党组织分类定级评星方案》", SOURCES, GRADES, 5,
				       sources, grades, levels, ORGS, l->orgs};
	l->list.approving = 1u << 1 | 1u << 2 | 1u << 3;
	for (int i = 0; i < ORGS; i++) {
		int grade = i < 6 ? 0 : i < 15 ? 1 : i < 22 ? 2 : 3;
		snprintf(l->names[i], sizeof(l->names[i]), i ? "第%d村党支部" : SAMPLE_LONG_NAME, i);
		snprintf(l->scores[i], sizeof(l->scores[i]), "%d.%02d", 98 - 2 * i, i * 7 % 100);
		l->orgs[i] = (struct graded_org){
			i + 1, l->names[i], "石桥镇党委", "行政村", "张三", 20 + i, some, l->scores[i], grade,
			i == 0 ? 5 : grade == 3 ? 0 : 4 - grade, i + 1, i == 22 ? "按比例定为“较差”" : "",
			i % 5 == 3 ? "活动场所年久失修；流动党员联系不上" : "", "同意定为该等次", "晋位升级",
			grade > 1 ? "建立每月主题党日制度" : "", "李四", i == 0 ? 1 : grade < 2 ? 2 : 3, i % 4 ? "同意" : NULL};
	}
}

static void make_f4(struct doc *doc, bool blank)
{
	struct list l;
	fill(&l, blank);
	f04_make(doc, &l.list);
}

static void make_f14(struct doc *doc, bool blank)
{
	struct list l;
	fill(&l, blank);
	f14_make(doc, &l.list);
}

static void make_f15(struct doc *doc, bool blank)
{
	struct list l;
	fill(&l, blank);
	f15_make(doc, &l.list);
}

static void make_f10(struct doc *doc, bool blank)
{
	struct list l;
	fill(&l, false);
	f10_make(doc, &(struct f10){.head = {"石桥镇", "2026年11月20日", 2026, blank, !blank},
				     .scheme = "县委组织部《云岭县基层党组织分类定级评星方案》",
				     .office = "镇党委", .meeting = "2026年11月20日镇党委会议",
				     .from = "2026年11月21日", .to = "2026年11月27日",
				     .place = "石桥镇政府一楼党群办公室", .phone = blank ? NULL : "（办公室电话）",
				     .show_stars = true, .show_score = true, .list = &l.list});
}

static void make_f11(struct doc *doc, bool blank)
{
	static const struct f11_step steps[] = {{"调查摸底", "3月27日至30日", 24, 24},
						{"自评", "3月30日至4月1日", 23, 24}};
	struct list l;
	fill(&l, blank);
	f11_make(doc, &(struct f11){&l.list, 0, GRADES - 1, ARRAY_LEN(steps), steps});
}

/* ---- F5, F6 ---- */

static const char leader[] = "带头人";
static const struct f05_line lines[] = {
	{leader, "班子配备齐全", "缺一人扣 2 分", 100000, 90000, 85000},
	{leader, "书记作用发挥好", "群众公认得满分，其余酌情", 100000, 95000, 92500},
	{"工作思路", NULL, "有三年规划、有年度计划、有季度安排，每缺一项扣 3 分", 150000, 140000, 130000},
	{"工作制度", NULL, "", 150000, 150000, 135000},
	{"活动阵地", NULL, "有固定场所、有标牌、有制度、有远教设备", 100000, 95000, 90000},
	{"保障机制", NULL, "", 100000, 100000, 95000},
	{"工作业绩", NULL, "", 200000, 185000, 180000},
	{"群众评价", NULL, "", 100000, 95000, 92000},
};

static void make_f5(struct doc *doc, bool blank)
{
	static const struct f05_org orgs[] = {
		{1, SAMPLE_LONG_NAME, "行政村", "张三", NULL, ARRAY_LEN(lines), lines},
		{2, "柳树沟村党支部", "行政村", "李四", "自评未提交", ARRAY_LEN(lines), lines},
	};
	f05_make(doc, &(struct f05){head(blank), ARRAY_LEN(orgs), orgs});
}

static void make_f5_standards(struct doc *doc, bool blank)
{
	static const struct f05_field fields[] = {{"行政村", "24 个", "category0", ARRAY_LEN(lines), lines},
						  {"非公有制经济组织和社会组织", "0 个", "category1", 4, lines}};
	static const struct f05_grade grades[] = {{"好", "90 分及以上", "巩固提高，发挥示范带动作用"},
						  {"较好", "80 分及以上", NULL},
						  {"一般", "60 分及以上", "查找差距、落实整改，争取晋位升级"},
						  {"较差", "不到 60 分", NULL}};
	f05_standards_make(doc, &(struct f05_standard){head(blank), "《云岭县基层党组织分类定级评星方案》",
						       ARRAY_LEN(fields), ARRAY_LEN(grades), fields, grades});
}

static const char *const options[] = {"好", "较好", "一般", "较差"};

static void make_f6(struct doc *doc, bool blank)
{
	static const char *const questions[] = {"党组织和党员干部联系服务群众情况",
						"党组织和班子成员在群众中的威信", "各项工作在群众中的认可程度"};
	f06_ballots(doc, 1, &(struct f06){head(blank), SAMPLE_LONG_NAME, 1, ARRAY_LEN(questions),
				       ARRAY_LEN(options), 1, questions, options});
}

static void make_f6_tally(struct doc *doc, bool blank)
{
	static const char *const points[] = {"100", "60", "30", "10"};
	static const int64_t members[] = {12, 5, 2, 1}, residents[] = {30, 20, 7, 3};
	static const struct f06_class classes[] = {{"党员", 22, 22, 21, 20, 1, members},
						   {"群众", 180, 66, 62, 60, 2, residents}};
	f06_tallies(doc, 1, &(struct f06_tally){head(blank), SAMPLE_LONG_NAME, NULL, 1, ARRAY_LEN(options),
						ARRAY_LEN(classes), options, points, classes, "73.63", NULL});
}

/* ---- the ledger ---- */

static const struct form_problem problems[] = {
	{"班子配备不齐，缺副书记和组织委员", "能人外流，后备干部储备不足", "从致富能手和返乡毕业生中选配 2 名委员",
	 "2 月底前配齐", "县委常委、组织部部长", "镇组织委员 王五", "2027-02-28", "已物色 3 名人选，正在考察（60%）", "否"},
	{"“三会一课”不经常", "制度不落实，没有人督促", "每月 5 日主题党日，驻村干部到场", "每月一次，有记录", NULL,
	 "驻村干部 赵六", "2026-12-31", "11 月已开展", "是"},
	{"村务公开不及时", "没有专人负责", "每季度公开一次", "按季公开", NULL, "村监委会主任", "2026-12-31", "", "否"},
};
static const struct form_case cases[] = {
	{1, SAMPLE_LONG_NAME, "石桥镇党委", "行政村", "张三", "", 38, "2025年\n较差", "56.30", "2024年 一般 61.20\n2023年 一般",
	 "班子不齐、组织生活不经常、村务公开不及时，党员群众满意率只有 41%。", "县委常委、组织部部长",
	 "县农业农村局", "组长 王五，成员 赵六、钱七", "孙八（县委办公室）", "2027年6月30日", ARRAY_LEN(problems), problems},
	{4, "柳树沟村党支部", "石桥镇党委", "行政村", "李四", "", 21, "2025年\n较差", "58.00", NULL, "组织生活不经常", "副县长",
	 "县财政局", "", NULL, "2027年3月31日", ARRAY_LEN(problems), problems},
	{5, "双龙村党支部", "石桥镇党委", "行政村", "王五", "", 25, "2025年\n较差", "57.00", NULL, "村务公开不及时", "副县长",
	 "县财政局", "", NULL, "2027年3月31日", ARRAY_LEN(problems), problems},
	{6, "青山村党支部", "石桥镇党委", "行政村", "赵六", "", 33, "2025年\n较差", "59.50", NULL, "班子不团结", "副县长",
	 "县财政局", "", NULL, "2027年3月31日", ARRAY_LEN(problems), problems},
	{3, "三岔口村党支部", "石桥镇党委", "行政村", "", "", FORM_UNKNOWN, "2025年\n较差", "", NULL, "书记长期空缺", "副县长", "县财政局",
	 "", NULL, "2027年3月31日", 1, problems},
};

static const struct case_list *list_of(bool blank)
{
	static const struct case_list filled = {{"中共石桥镇委员会", "2026年11月20日", 2026, false},
						ARRAY_LEN(cases), cases};
	static const struct case_list empty = {{"中共石桥镇委员会", "2026年11月20日", 2026, true}, 0, NULL};
	return blank ? &empty : &filled;
}

static void make_f7(struct doc *doc, bool blank) { f07_make(doc, list_of(blank)); }
static void make_f8(struct doc *doc, bool blank) { f08_make(doc, list_of(blank)); }
static void make_f9(struct doc *doc, bool blank) { f09_make(doc, list_of(blank)); }

static struct f12 acceptance(bool blank)
{
	static const struct form_case empty = {.members = FORM_UNKNOWN};
	static const struct f12_item items[] = {{"党组织班子配齐配强", 250000, 230000},
						{"能组织带领党员正常开展活动", 250000, 220000},
						{"能解决自身建设和党员作风方面存在的突出问题", 250000, 205000},
						{"努力做好服务群众的各项工作", 250000, 210000}};
	return (struct f12){head(blank), blank ? &empty : &cases[0], ARRAY_LEN(items), items, 700000,
			    "测评 52 人，满意和基本满意 45 人，占 86.5%", "合格，同意销号", "刘一、陈二",
			    blank ? NULL : "2027年6月20日", blank ? NULL : "云组销〔2027〕3号", "中共云岭县委组织部"};
}

static void make_f12(struct doc *doc, bool blank)
{
	struct f12 in = acceptance(blank);
	f12_sheet(doc, 1, &in);
}

static void make_f12_notice(struct doc *doc, bool blank)
{
	struct f12 in = acceptance(blank);
	f12_notice(doc, 1, &in);
}

/* ---- for leaders ---- */

static const struct form_late late[] = {
	{{"石桥镇：自评还有 ", "4", " 个党组织没有完成", "late1-7", 0}, 15},
	{{NULL, "柳河镇机关党支部", "：测评结果还没有录入", NULL, 9}, 0}};
static const struct form_line names[] = {{.linked = "龙泉镇", .org = 4}, {.linked = "白马镇", .org = 5},
					 {.linked = "青山乡", .org = 6}};

static void make_f13(struct doc *doc, bool blank)
{
	static const struct form_line moved[] = {
		{"2026年11月20日 ", "石桥镇青龙潭村党支部", "：通过验收，已销号。", NULL, 7},
		{"2026年11月12日 ", "柳河镇三岔口村党支部", "：补齐班子，书记到任。", NULL, 8}};
	struct f13 in = {.head = head(blank)};
	if (!blank)
		in = (struct f13){head(false), "2026年第3期", "2026年11月1日", "2026年11月30日", 612, 31, 9,
				  {ARRAY_LEN(moved), moved}, ARRAY_LEN(late), late, {3, names}, {3, names}};
	f13_make(doc, &in);
}

static void make_f16(struct doc *doc, bool blank)
{
	static const struct form_count counts[] = {{"好", "grade0", "before0", 150, 140},
						   {"较好", "grade1", "before1", 260, 265},
						   {"一般", "grade2", "before2", 150, 150},
						   {"较差", "grade3", "before3", 32, FORM_UNKNOWN}};
	static const struct form_line decide[] = {
		{"“较差”不足 5%，还差 ", "2", " 个，是否由会议增补", NULL, 0}, {"五星级 ", "3", " 个，报市委", "stars5", 0}};
	f16_make(doc, &(struct f16){head(blank), "2026年度基层党组织分类定级", 612, 592, ARRAY_LEN(counts),
				    ARRAY_LEN(late), counts, late, {3, names}, {3, names}, {2, decide}});
}

static void make_f17(struct doc *doc, bool blank)
{
	f17_make(doc, &(struct f17){head(blank), "2026年度分类定级", ARRAY_LEN(late), late});
}

/* ---- F18 ---- */

enum { F18_ROWS = 100 };

static void f18_rewind(void *arg)
{
	*(int *)arg = 0;
}

static int f18_row(void *arg, struct doc_cell *cells, struct err_info *info)
{
	int *at = arg;
	(void)info;
	if (*at == F18_ROWS)
		return 0;
	++*at;
	cells[0].kind = DOC_NUMBER;
	cells[0].number = *at;
	cells[1].kind = DOC_TEXT;
	cells[1].text = *at % 9 ? "柳树沟村党支部" : SAMPLE_LONG_NAME;
	cells[2].kind = DOC_NUMBER;
	cells[2].places = 2;
	cells[2].number = 9999 - *at * 7;
	return 1;
}

static void make_f18(struct doc *doc, bool blank)
{
	static const struct doc_column columns[] = {{"序号", 15, DOC_CENTER}, {"党组织名称", 80, DOC_LEFT},
						    {"综合得分", 30, DOC_RIGHT}};
	static int at;	/* a document keeps pointing to it */
	at = 0;
	f18_make(doc, &(struct f18){head(blank), NULL, blank ? FORM_UNKNOWN : F18_ROWS, 3, columns, {&at, blank ? NULL : f18_row, f18_rewind}});
}

const struct sample samples[] = {
	{"F1", make_f1, "xlsx pdf"},	  {"F2", make_f2, "xlsx pdf"},
	{"F3", make_f3, "xlsx pdf"},	  {"F4", make_f4, "xlsx pdf"},
	{"F5", make_f5, "xlsx pdf"},	  {"F5-standards", make_f5_standards, "xlsx docx pdf"},
	{"F6", make_f6, "pdf"},
	{"F6-tally", make_f6_tally, "pdf"}, {"F7", make_f7, "xlsx pdf"},
	{"F8", make_f8, "xlsx pdf"},	  {"F9", make_f9, "docx pdf"},
	{"F10", make_f10, "docx pdf"},	  {"F11", make_f11, "docx pdf"},
	{"F12", make_f12, "docx pdf"},	  {"F12-notice", make_f12_notice, "docx pdf"},
	{"F13", make_f13, "docx pdf"},	  {"F14", make_f14, "xlsx pdf"},
	{"F15", make_f15, "xlsx pdf"},	  {"F16", make_f16, "docx pdf"},
	{"F17", make_f17, "txt"},	  {"F18", make_f18, "xlsx pdf"},
	{0},
};
