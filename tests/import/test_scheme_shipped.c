/* SPDX-License-Identifier: Apache-2.0 */
/* Every shipped scheme says what its document says (requirements.md). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "import/scheme_yaml.h"

#define POINTS(n) ((n) * 10000)
#define SHARE(percent) ((percent) * 10000u)

static void load(struct scheme *ret_scheme, const char *id)
{
	AUTO(diag) struct diag diag = {0};
	struct err_info info = {0};
	int r = scheme_load(ret_scheme, id, &diag, &info);
	for (int i = 0; i < diag.n; i++)
		print_error("%s\n", diag.at[i]);
	assert_int_equal(r, 0);
}

static const struct scheme_source *source(const struct scheme *s, const char *id)
{
	int i = scheme_find_source(s, str_from(id));
	assert_true(i >= 0);
	return &s->sources[i];
}

static void is_grade(const struct scheme_grade *grade, const char *label, int from)
{
	assert_string_equal(grade->label, label);
	assert_int_equal(grade->from_e4, from ? POINTS(from) : INT32_MIN);
}

static void is_step(const struct scheme_step *step, enum scheme_step_kind kind, int from, int to)
{
	assert_int_equal(step->kind, kind);
	assert_int_equal(step->from.month * 100 + step->from.day, from);
	assert_int_equal(step->to.month * 100 + step->to.day, to);
}

static void is_report(const struct scheme *s, const char *id, int by)
{
	for (int i = 0; i < s->n_reports; i++)
		if (strcmp(s->reports[i].id, id) == 0) {
			assert_int_equal(s->reports[i].by.month * 100 + s->reports[i].by.day, by);
			return;
		}
	fail_msg("no report %s", id);
}

/* The labels begin with these texts. */
static void begin_with(const struct scheme_named *list, int n, ...)
{
	va_list args;
	va_start(args, n);
	for (int i = 0; i < n; i++) {
		const char *head = va_arg(args, const char *);
		assert_memory_equal(list[i].label, head, strlen(head));
	}
	va_end(args);
}

static void all_twelve_load_under_their_names(void **state)
{
	static const char *const ids[] = {
		"guizhou", "guiyang", "zunyi", "qiannan", "zhangji-town", "gaide-township",
		"xiashuang-township", "county-notice", "loudi-2014", "hnust-2019", "city-2020",
		"appraisal"};
	size_t n;
	const struct shipped_scheme *all = shipped_schemes(&n);
	(void)state;
	assert_int_equal(n, ARRAY_LEN(ids));
	for (size_t i = 0; i < n; i++) {
		AUTO(scheme) struct scheme s = {0};
		load(&s, ids[i]);
		assert_string_equal(all[i].id, ids[i]);
		assert_string_equal(s.id, ids[i]);
		assert_true(s.assumptions.n > 0);
		assert_true(s.n_steps > 0);
		assert_true(s.n_survey >= 5);
		for (int k = 0; k < s.n_survey; k++)
			assert_true(s.survey[k].categories != 0);
	}
}

/* GZ-1, GZ-3 … GZ-6, GZ-9. */
static void guizhou_has_seven_categories_and_five_sources(void **state)
{
	static const int fields[] = {FIELD_VILLAGE, FIELD_COMMUNITY, FIELD_PRIVATE, FIELD_AGENCY,
				     FIELD_UNIVERSITY, FIELD_SOE, FIELD_SOCIAL};
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "guizhou");
	assert_int_equal(s.n_categories, 7);
	for (int i = 0; i < 7; i++)
		assert_int_equal(s.category_of_field[fields[i]], i);
	assert_int_equal(s.category_of_field[FIELD_INSTITUTION], 3);
	assert_int_equal(s.n_indicators, 7);
	for (int i = 0; i < 7; i++)
		for (int c = 0; c < 7; c++)
			assert_non_null(s.indicators[i].notes_by_category[c]);
	assert_int_equal(s.n_sources, 5);
	assert_int_equal(source(&s, "superior")->weight_e6, SHARE(30));
	assert_int_equal(source(&s, "self")->weight_e6, SHARE(10));
	assert_int_equal(source(&s, "members")->weight_e6, SHARE(20));
	assert_int_equal(source(&s, "members")->voters, 1u << VOTERS_MEMBER);
	assert_int_equal(source(&s, "residents")->weight_e6, SHARE(20));
	assert_int_equal(source(&s, "residents")->voters, 1u << VOTERS_RESIDENT);
	assert_int_equal(source(&s, "units")->weight_e6, SHARE(20));
	assert_int_equal(source(&s, "units")->who, RATED_BY_UNITS);
	assert_int_equal(source(&s, "units")->raters.n, 6);
	assert_int_equal(s.n_grades, 5);
	is_grade(&s.grades[0], "很好", 95);
	is_grade(&s.grades[1], "好", 85);
	is_grade(&s.grades[2], "较好", 75);
	is_grade(&s.grades[3], "一般", 60);
	is_grade(&s.grades[4], "差", 0);
	assert_non_null(strstr(s.grades[0].goal, "巩固提高"));
	assert_string_equal(s.grades[1].goal, s.grades[2].goal);
	assert_non_null(strstr(s.grades[1].goal, "比学赶超"));
	assert_non_null(strstr(s.grades[4].goal, "转化整治"));
	assert_false(s.grades[2].measures);
	assert_true(s.grades[3].measures && s.grades[4].measures);
	assert_int_equal(s.inspection.teams, 15);
	assert_int_equal(s.inspection.cover, LEVEL_COUNTY);
	assert_int_equal(s.n_stars, 0);
	assert_int_equal(s.n_quotas, 0);
}

/* GZ-2: six questions of the village's own, four of the community, five of the
 * company, four of the agency; five are common. */
static void guizhou_asks_each_category_its_own_questions(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	int own[SCHEME_CATEGORIES_MAX] = {0}, common = 0;
	(void)state;
	load(&s, "guizhou");
	for (int i = 0; i < s.n_survey; i++) {
		if (s.survey[i].categories == (1u << 7) - 1)
			common++;
		for (int c = 0; c < 7; c++)
			own[c] += s.survey[i].categories == 1u << c;
	}
	assert_int_equal(common, 5);
	assert_int_equal(own[0], 6);
	assert_int_equal(own[1], 4);
	assert_int_equal(own[2], 5);
	assert_int_equal(own[3], 4);
}

/* GY-1, and nothing else, sets Guiyang apart. */
static void guiyang_is_guizhou_with_its_coverage(void **state)
{
	AUTO(scheme) struct scheme a = {0}, b = {0};
	(void)state;
	load(&a, "guizhou");
	load(&b, "guiyang");
	assert_false(a.coverage.given);
	assert_true(b.coverage.given);
	assert_int_equal(b.coverage.at_least_e6[VOTERS_MEMBER], SHARE(100));
	assert_int_equal(b.coverage.at_least_e6[VOTERS_RESIDENT], SHARE(10));
	assert_int_equal(b.coverage.channels.n, 3);
	assert_int_equal(b.n_turnout, 0);
	assert_int_equal(a.n_leaves, b.n_leaves);
	assert_memory_equal(a.leaves, b.leaves, sizeof(*a.leaves) * (size_t)a.n_leaves);
	assert_int_equal(a.n_survey, b.n_survey);
	for (int i = 0; i < a.n_survey; i++)
		assert_string_equal(a.survey[i].label, b.survey[i].label);
	for (int i = 0; i < a.n_sources; i++)
		assert_int_equal(a.sources[i].weight_e6, b.sources[i].weight_e6);
	for (int i = 0; i < a.n_grades; i++)
		assert_int_equal(a.grades[i].from_e4, b.grades[i].from_e4);
}

/* ZY-1: five, two, and X of each committee's own. */
static void zunyi_lets_committees_add_indicators(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "zunyi");
	assert_int_equal(s.n_indicators, 7);
	assert_true(s.scale_to_100);
	assert_true(s.local.given);
	assert_int_equal(s.local.per, LEVEL_TOWNSHIP);
	assert_int_equal(s.local.max_total_e4, POINTS(20));
	for (int c = 0; c < s.n_categories; c++)
		assert_int_equal(s.categories[c].max_sum_e4 + s.local.max_total_e4, POINTS(100));
}

/* QN-1. */
static void qiannan_has_five_other_sources(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "qiannan");
	assert_int_equal(s.n_sources, 5);
	assert_string_equal(source(&s, "organisation")->label, "组织评");
	assert_int_equal(source(&s, "examination")->who, RATED_BY_EXAMINATION);
	assert_string_equal(source(&s, "society")->label, "社会评");
	assert_int_equal(source(&s, "mutual")->who, RATED_BY_MUTUAL);
	assert_int_equal(source(&s, "self")->who, RATED_BY_SELF);
}

/* ZJ-1 … ZJ-17 and GD: the same rules, another range of fields. */
static void is_town(const char *id, bool communities)
{
	static const struct {
		int stars;
		const char *grade;
		enum level level;
	} stars[] = {
		{5, "好", LEVEL_CITY}, {4, "好", LEVEL_COUNTY}, {3, "较好", LEVEL_COUNTY},
		{2, "一般", LEVEL_TOWNSHIP}, {1, "一般", LEVEL_TOWNSHIP}, {0, "较差", LEVEL_TOWNSHIP}};
	AUTO(scheme) struct scheme s = {0};
	load(&s, id);
	assert_int_equal(s.kinds.n, 2);
	assert_int_equal(s.category_of_field[FIELD_VILLAGE], 0);
	assert_int_equal(s.category_of_field[FIELD_AGENCY], 1);
	assert_int_equal(s.category_of_field[FIELD_COMMUNITY] >= 0, communities);
	assert_int_equal(s.category_of_field[FIELD_SOE] >= 0, communities);
	is_grade(&s.grades[0], "好", 90);
	is_grade(&s.grades[1], "较好", 80);
	is_grade(&s.grades[2], "一般", 60);
	is_grade(&s.grades[3], "较差", 0);
	assert_int_equal(s.n_quotas, 1);
	assert_int_equal(s.quotas[0].grade, 3);
	assert_int_equal(s.quotas[0].at_least_e6, SHARE(5));
	assert_int_equal(s.quotas[0].scope.level, LEVEL_TOWNSHIP);
	assert_int_equal(s.n_stars, 6);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(s.stars[i].stars, stars[i].stars);
		assert_string_equal(s.grades[s.stars[i].grade].label, stars[i].grade);
		assert_int_equal(s.stars[i].has_cap, i == 0);
		for (int k = 0; k < s.n_approval; k++)
			if (s.approval[k].stars & 1u << stars[i].stars)
				assert_int_equal(s.approval[k].level, stars[i].level);
	}
	assert_int_equal(s.stars[0].at_most_e6, SHARE(20));
	assert_int_equal(s.options[0].points_e4, POINTS(100));
	assert_int_equal(s.options[1].points_e4, POINTS(60));
	assert_int_equal(s.options[2].points_e4, POINTS(30));
	assert_int_equal(s.options[3].points_e4, POINTS(10));
	assert_int_equal(s.n_turnout, 1);
	assert_int_equal(s.turnout[0].at_least_e6, SHARE(30));
	assert_int_equal(s.turnout[0].everyone_below, 20);
	assert_int_equal(source(&s, "committee")->weight_e6, SHARE(50));
	assert_int_equal(source(&s, "ballots")->weight_e6, SHARE(30));
	assert_int_equal(source(&s, "self")->weight_e6, SHARE(20));
	assert_int_equal(s.n_steps, 6);
	is_step(&s.steps[0], STEP_SURVEY, 327, 330);
	is_step(&s.steps[1], STEP_SELF, 330, 401);
	is_step(&s.steps[2], STEP_BALLOT, 401, 403);
	is_step(&s.steps[3], STEP_GRADING, 404, 407);
	is_step(&s.steps[4], STEP_REVIEW, 409, 409);
	is_step(&s.steps[5], STEP_IMPROVEMENT, 0, 0);
	/* ZJ-8: ten teams; each of the seven items is asked, also of old members and cadres. */
	assert_int_equal(s.teams.count, 10);
	assert_int_equal(s.teams.hear.n, 2);
	assert_string_equal(s.teams.hear.at[0], "老党员");
	assert_string_equal(s.teams.hear.at[1], "老干部");
	assert_int_equal(s.n_indicators, 7);
	for (int i = 0; i < 7; i++) {
		size_t len = strlen(s.indicators[i].label);
		int asked = 0;
		for (int k = 0; k < s.n_survey; k++)
			asked += strncmp(s.survey[k].label, s.indicators[i].label, len) == 0;
		assert_int_equal(asked, 1);
	}
	assert_true(s.self.confirm && s.self.seal);
	assert_true(s.publicity.plans);
	is_report(&s, "summary", 407);
	is_report(&s, "work-summary", 415);
	is_report(&s, "explanations", 415);
	assert_int_equal(s.cases.at_least_months, 6);
	assert_int_equal(s.cases.at_most_months, 12);
}

static void zhangji_has_four_grades_and_six_star_tiers(void **state)
{
	(void)state;
	is_town("zhangji-town", true);
}

static void gaide_grades_villages_agencies_and_institutions(void **state)
{
	(void)state;
	is_town("gaide-township", false);
}

/* XS-1 … XS-4. */
static void xiashuang_asks_for_a_report_that_proposes_a_grade(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "xiashuang-township");
	assert_int_equal(s.n_indicators, 7);
	assert_true(s.self.report && s.self.propose);
	assert_int_equal(s.n_steps, 5);
	assert_int_equal(source(&s, "ballots")->voters, 1u << VOTERS_MEMBER | 1u << VOTERS_RESIDENT);
	assert_string_equal(s.meetings.grading, "乡党委会");
	for (int i = 1; i < s.n_grades - 1; i++)
		assert_string_not_equal(s.grades[i].goal, s.grades[i - 1].goal);
}

/* XN-1 … XN-6. */
static void county_notice_has_six_categories_and_consults(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "county-notice");
	assert_int_equal(s.n_categories, 6);
	assert_int_equal(s.kinds.n, 1);
	assert_string_equal(s.kinds.at[0], "党支部");
	assert_int_equal(s.n_indicators, 7);
	assert_true(s.indicators[0].n_items > 0);
	is_grade(&s.grades[0], "好", 90);
	is_grade(&s.grades[1], "较好", 80);
	is_grade(&s.grades[2], "一般", 60);
	is_grade(&s.grades[3], "较差", 0);
	for (int c = 0; c < 6; c++)	/* XN-2: refined, and still a hundred */
		assert_int_equal(s.categories[c].max_sum_e4, POINTS(100));
	is_report(&s, "backward", 401);	/* XN-5 */
	assert_int_equal(s.n_questions, 3);
	assert_int_equal(s.consult, 1u << FIELD_PRIVATE | 1u << FIELD_SOCIAL);
	is_report(&s, "results", 401);
	is_step(&s.steps[4], STEP_GRADING, 0, 401);
	for (int i = 0; i < s.n_grades; i++)
		assert_true(s.grades[i].goal[0]);
}

/* LD-1 … LD-12. */
static void loudi_has_six_criteria_and_nine_categories(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	uint32_t because = 0;
	(void)state;
	load(&s, "loudi-2014");
	assert_int_equal(s.kind, SCHEME_RECTIFICATION);
	assert_int_equal(s.n_indicators + s.n_sources + s.n_grades, 0);
	assert_int_equal(s.n_categories, 9);
	assert_int_equal(s.n_criteria, 6);
	begin_with(s.criteria, 6, "党组织班子配备不齐", "党组织书记不胜任", "班子不团结",
		   "党组织长期不换届", "组织制度形同虚设", "党组织服务意识不强");
	assert_int_equal(s.n_aggravating, 4);
	begin_with(s.aggravating, 4, "换届选举拉票贿选", "宗族宗教", "村务居务财务公开", "社会治安");
	for (int i = 0; i < s.n_rectify; i++)
		because |= 1u << s.rectify[i].because;
	assert_int_equal(because, 1u << BECAUSE_GRADE | 1u << BECAUSE_CRITERIA |
		1u << BECAUSE_CARRIED_OVER | 1u << BECAUSE_EXAMINATION | 1u << BECAUSE_BALLOT);
	is_report(&s, "forms", 312);
	assert_int_equal(s.reports[0].forms.n, 3);
	is_step(&s.steps[2], STEP_RECTIFY, 301, 430);
	assert_int_equal(s.acceptance.levels, 1u << LEVEL_COUNTY | 1u << LEVEL_TOWNSHIP);
	assert_true(s.acceptance.at_end);
	assert_int_equal(s.acceptance.n_items, 4);
	assert_int_equal(s.cases.training_days, 3);
	assert_int_equal(s.n_secretary_sources, 10);
	for (int i = 0; i < 6; i++) {	/* every criterion is asked and has a usual measure */
		bool asked = false, known = false;
		for (int k = 0; k < s.n_survey; k++)
			asked = asked || s.survey[k].criterion == i;
		for (int k = 0; k < s.n_problems; k++)
			known = known || (s.problems[k].criterion == i && s.problems[k].measures.n);
		assert_true(asked && known);
	}
}

/* HN-1 … HN-7. */
static void hnust_has_eight_problems_and_its_own_levels(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "hnust-2019");
	assert_int_equal(s.kind, SCHEME_RECTIFICATION);
	assert_string_equal(s.level_label[LEVEL_COUNTY], "学校党委");
	assert_string_equal(s.level_label[LEVEL_TOWNSHIP], "直属党委");
	assert_string_equal(s.level_label[LEVEL_UNIT], "党支部");
	assert_int_equal(s.n_problems, 8);	/* HN-1 */
	begin_with((const struct scheme_named[]){
		{"", s.problems[0].label}, {"", s.problems[1].label}, {"", s.problems[2].label},
		{"", s.problems[3].label}, {"", s.problems[4].label}, {"", s.problems[5].label},
		{"", s.problems[6].label}, {"", s.problems[7].label}}, 8, "教师党支部书记“双带头人”",
		"组织生活形式单一", "发展党员工作", "主体责任落实不到位", "党务工作者", "党支部设置不规范",
		"党支部“五化”", "落实上级决策部署");
	assert_int_equal(s.n_rectify, 1);
	assert_int_equal(s.rectify[0].because, BECAUSE_NOMINATED);
	assert_true(s.rectify[0].has_at_least_one);
	assert_int_equal(s.rectify[0].one_per, LEVEL_TOWNSHIP);
	assert_true(s.meetings.rectify[0]);
	is_report(&s, "liaison", 913);
	is_report(&s, "ledger", 913);
	is_report(&s, "self-report", 1025);
	is_step(&s.steps[1], STEP_LEDGER, 0, 913);
	is_step(&s.steps[2], STEP_RECTIFY, 0, 1031);
	is_step(&s.steps[3], STEP_REPORT, 0, 1025);
	is_step(&s.steps[4], STEP_INSPECT, 0, 1031);
}

/* CT-2, CT-4 … CT-9. */
static void city_ranks_a_tenth_lowest_and_keeps_at_it(void **state)
{
	static const enum support_kind kinds[] = {SUPPORT_WEAK, SUPPORT_POOR, SUPPORT_DISORDERLY,
						  SUPPORT_INDUSTRY};
	AUTO(scheme) struct scheme s = {0};
	struct scheme_rectify bottom = {0};
	int conditions = 0;
	(void)state;
	load(&s, "city-2020");
	assert_int_equal(s.quotas[0].at_least_e6, SHARE(10));
	assert_int_equal(s.quotas[0].grade, s.n_grades - 1);
	for (int i = 0; i < s.n_rectify; i++)
		if (s.rectify[i].because == BECAUSE_BOTTOM)
			bottom = s.rectify[i];
	assert_int_equal(bottom.at_least_e6, SHARE(10));
	assert_int_equal(bottom.categories, 3);
	assert_int_equal(bottom.scope.level, LEVEL_COUNTY);
	assert_int_equal(s.n_support, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(s.support[i].kind, kinds[i]);
	assert_string_equal(s.support[2].units.at[0], "政法部门");
	for (int i = 0; i < s.n_survey; i++)
		conditions += s.survey[i].condition;
	assert_int_equal(conditions, 5);
	assert_string_equal(s.support[0].units.at[0], "党政部门");	/* CT-4 */
	assert_string_equal(s.support[1].units.at[0], "经济部门");
	assert_string_equal(s.support[3].units.at[0], "涉农科技部门");
	bool carried = false;	/* CT-6: those not converted come again */
	for (int i = 0; i < s.n_rectify; i++)
		carried = carried || s.rectify[i].because == BECAUSE_CARRIED_OVER;
	assert_true(carried && s.cases.n_lookbacks > 0);
	for (int i = 0; i < s.n_steps; i++)	/* CT-11: no day ends the work on the ledger */
		assert_int_equal(s.steps[i].to.month, 0);
	assert_int_equal(s.n_problems, 5);
	assert_int_equal(s.n_guarantees, 4);
	assert_false(s.acceptance.at_end);
	assert_int_equal(s.cases.stuck_years, 3);
}

/* CT-9. */
static void appraisal_grades_townships_with_rectification_in_it(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	(void)state;
	load(&s, "appraisal");
	assert_int_equal(s.graded, LEVEL_TOWNSHIP);
	assert_int_equal(s.category_of_field[FIELD_AREA], 0);
	assert_true(scheme_find_indicator(&s, STR("整顿软弱涣散基层党组织")) >= 0);
	assert_int_equal(source(&s, "live")->who, RATED_BY_LIVE);
	assert_int_equal(s.cases.stuck_years, 3);
	/* What the ledger knows nobody is asked (HN-7). */
	for (int i = 0; i < s.n_survey; i++)
		assert_int_not_equal(s.survey[i].ask, ASK_NUMBER);
}

static void an_unknown_scheme_is_told_the_nearest(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	AUTO(diag) struct diag diag = {0};
	struct err_info info = {0};
	(void)state;
	assert_int_equal(scheme_load(&s, "guizou", &diag, &info), ERR_NOT_FOUND);
	assert_non_null(strstr(info.text, "“guizou”，是不是 guizhou？内置方案有：guizhou、guiyang、"));
	assert_int_equal(diag.total, 0);
}

static void the_template_loads(void **state)
{
	AUTO(scheme) struct scheme s = {0};
	AUTO(diag) struct diag diag = {0};
	AUTO(buf) struct buf text = {0};
	struct err_info info = {0};
	(void)state;
	scheme_write_template(&text);
	assert_int_equal(scheme_load_text(&s, "t", buf_str(&text), text.len, &diag, &info), 0);
	assert_string_equal(s.id, "my-scheme");
	/* Its reference comes from the tables: also keys the example does not use. */
	assert_non_null(strstr(buf_str(&text), "#   stuck_years "));
	assert_non_null(strstr(buf_str(&text), "# ballot.turnout 里的键"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_twelve_load_under_their_names),
		cmocka_unit_test(guizhou_has_seven_categories_and_five_sources),
		cmocka_unit_test(guizhou_asks_each_category_its_own_questions),
		cmocka_unit_test(guiyang_is_guizhou_with_its_coverage),
		cmocka_unit_test(zunyi_lets_committees_add_indicators),
		cmocka_unit_test(qiannan_has_five_other_sources),
		cmocka_unit_test(zhangji_has_four_grades_and_six_star_tiers),
		cmocka_unit_test(gaide_grades_villages_agencies_and_institutions),
		cmocka_unit_test(xiashuang_asks_for_a_report_that_proposes_a_grade),
		cmocka_unit_test(county_notice_has_six_categories_and_consults),
		cmocka_unit_test(loudi_has_six_criteria_and_nine_categories),
		cmocka_unit_test(hnust_has_eight_problems_and_its_own_levels),
		cmocka_unit_test(city_ranks_a_tenth_lowest_and_keeps_at_it),
		cmocka_unit_test(appraisal_grades_townships_with_rectification_in_it),
		cmocka_unit_test(an_unknown_scheme_is_told_the_nearest),
		cmocka_unit_test(the_template_loads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
