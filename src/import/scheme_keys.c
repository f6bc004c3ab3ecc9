/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every key a scheme file knows. A row gives reading, "did you mean" and a
 * line of the reference that `jinwei scheme new` prints.
 */
#include "import/scheme_load.h"

/* The common columns of a row: name, type, required or not, doc, member. */
#define MUST(name, type, record, member, doc) \
	name, &type_##type, true, doc, offsetof(struct record, member)
#define MAY(name, type, record, member, doc) \
	name, &type_##type, false, doc, offsetof(struct record, member)
#define N_AT(record, member) .n_at = offsetof(struct record, member)

/* ---- Words ---- */

static const char *level_word(int i) { return level_id((enum level)i); }
static const char *level_name(int i) { return level_label((enum level)i); }
static const char *field_word(int i) { return field_id((enum field)i); }
static const char *field_name(int i) { return field_label((enum field)i); }
static const char *voters_word(int i) { return voters_id((enum voters)i); }
static const char *voters_name(int i) { return voters_label((enum voters)i); }

static const struct words levels = {LEVEL_COUNT, .id = level_word, .label = level_name};
static const struct words fields = {FIELD_COUNT, .id = field_word, .label = field_name};
static const struct words voters = {VOTERS_COUNT, .id = voters_word, .label = voters_name};

#define WORDS(name, ...) \
	static const char *const name##_ids[] = {__VA_ARGS__}; \
	static const struct words name = {(int)ARRAY_LEN(name##_ids), name##_ids, NULL, NULL}

/* Each in the order of its enum in domain/scheme.h. */
WORDS(kinds, "grading", "rectification");
WORDS(bys, "indicators", "ballots", "points");
WORDS(raters, "committee", "self", "units", "mutual", "society", "examination", "live", "voters");
WORDS(whos, "province", "city", "county", "township", "unit", "team", "inspector");
WORDS(asks, "yes-no", "choice", "number", "text");
WORDS(shows, "grade", "stars", "score", "rank");
WORDS(supports, "weak", "poor", "disorderly", "industry");
WORDS(becauses, "grade", "bottom", "criteria", "carried-over", "examination", "ballot",
      "nominated");

/* ---- What others refer to ---- */

#define TARGET(name, what, list, type) \
	static const struct target name = { \
		what, offsetof(struct draft, scheme.n_##list), offsetof(struct draft, scheme.list), \
		sizeof(struct type)}

TARGET(to_category, "类别", categories, scheme_category);
TARGET(to_source, "评价主体", sources, scheme_source);
TARGET(to_grade, "等次", grades, scheme_grade);
TARGET(to_criterion, "整顿标准", criteria, scheme_named);

/* ---- Grading ---- */

static const struct key category_keys[] = {
	{MUST("id", id, scheme_category, id, "标识")},
	{MUST("label", label, scheme_category, label, "名称")},
	{MUST("fields", words, scheme_category, fields, "包括哪些领域；一个领域只能属于一个类别"),
	 .words = &fields, .min = 1},
	{0},
};
static const struct shape category = {"类别", sizeof(struct scheme_category), category_keys,
				      .named = true};

static const struct key item_keys[] = {
	{MUST("id", id, draft_item, item.id, "标识")},
	{MUST("label", label, draft_item, item.label, "名称")},
	{MUST("max", points, draft_item, max_e4, "满分"), .max = SCHEME_POINTS_MAX},
	{MAY("notes", text, draft_item, item.notes, "评分要点")},
	{MAY("categories", refs, draft_item, item.categories, "只用于这些类别；不写用于全部"),
	 .target = &to_category},
	{0},
};
static const struct draft_item item_defaults = {.item = {.notes = ""}, .max_e4 = POINTS_UNKNOWN};
static const struct shape item = {"小项", sizeof(struct draft_item), item_keys, &item_defaults,
				  true};

static const struct key indicator_keys[] = {
	{MUST("id", id, draft_indicator, indicator.id, "标识")},
	{MUST("label", label, draft_indicator, indicator.label, "名称")},
	{MUST("max", points, draft_indicator, max_e4, "满分"), .max = SCHEME_POINTS_MAX},
	{MAY("max_by_category", points_by_category, draft_indicator, max_by_category_e4,
	     "个别类别另定的满分，例如 {other: 15}；0 表示该类别不评这一项"), .max = SCHEME_POINTS_MAX},
	{MAY("notes", text, draft_indicator, indicator.notes, "评分要点")},
	{MAY("notes_by_category", texts_by_category, draft_indicator, indicator.notes_by_category,
	     "个别类别另写的评分要点")},
	{MAY("items", list, draft_indicator, items, "细分的小项；各类别小项满分之和等于该指标满分"),
	 .shape = &item, N_AT(draft_indicator, n_items), .max = SCHEME_LEAVES_MAX},
	{0},
};
#define U POINTS_UNKNOWN
_Static_assert(SCHEME_CATEGORIES_MAX == 16, "one unknown maximum for each category");
static const struct draft_indicator indicator_defaults = {
	.indicator = {.notes = ""},
	.max_e4 = U,
	.max_by_category_e4 = {U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U},
};
static const struct shape indicator = {"指标", sizeof(struct draft_indicator), indicator_keys,
				       &indicator_defaults, true};

static const struct key source_keys[] = {
	{MUST("id", id, scheme_source, id, "标识")},
	{MUST("label", label, scheme_source, label, "名称")},
	{MUST("weight", share, scheme_source, weight_e6, "权重，例如 30%；合计 100%")},
	{MUST("by", word, scheme_source, by,
	      "怎样评：indicators 按指标打分，ballots 投票测评，points 给一个 0 到 100 的总分"),
	 .words = &bys},
	{MAY("voters", words, scheme_source, voters, "投票的人：member 党员、resident 群众"),
	 .words = &voters, .min = 1},
	{MAY("who", word, scheme_source, who,
	     "谁来评：committee 上级党组织、self 自评、units 相关单位、mutual 互评、"
	     "society 社会评、examination 考核、live 会上现场评；不写时，标识为 self 的是自评，"
	      "其余是上级党组织"),
	 .words = &raters},
	{MAY("raters", texts, scheme_source, raters, "文件点名的评价人，例如 [纪检, 信访]")},
	{0},
};
static const struct scheme_source source_defaults = {
	.weight_e6 = SHARE_UNKNOWN, .who = RATED_BY_COUNT};
static const struct shape source = {"评价主体", sizeof(struct scheme_source), source_keys,
				    &source_defaults, true};

static const struct key option_keys[] = {
	{MUST("id", id, scheme_option, id, "标识；spoiled 留给废票")},
	{MUST("label", label, scheme_option, label, "名称")},
	{MUST("points", points, scheme_option, points_e4, "每票折合的分"), .max = 100},
	{0},
};
static const struct shape option = {"选项", sizeof(struct scheme_option), option_keys,
				    .named = true};

static const struct key turnout_keys[] = {
	{MUST("voters", words, scheme_turnout, voters, "哪些人：member 党员、resident 群众"),
	 .words = &voters, .min = 1, N_AT(scheme_turnout, residents_first)},
	{MUST("at_least", share, scheme_turnout, at_least_e6, "至少多少人参加")},
	{MAY("everyone_below", count, scheme_turnout, everyone_below, "人数少于这个数时全部参加"),
	 .max = 1000000},
	{0},
};
static const struct shape turnout = {"参评率要求", sizeof(struct scheme_turnout), turnout_keys,
				     .named = false};

static const struct key named_keys[] = {
	{MUST("id", id, scheme_named, id, "标识")},
	{MUST("label", label, scheme_named, label, "名称")},
	{0},
};
static const struct shape named = {"一项", sizeof(struct scheme_named), named_keys, .named = true};

static const struct key ballot_keys[] = {
	{MAY("options", list, draft, scheme.options, "测评票的选项；有投票测评时必须有"),
	 .shape = &option, N_AT(draft, scheme.n_options), .max = SCHEME_OPTIONS_MAX},
	{MAY("turnout", list, draft, scheme.turnout, "参评率要求"), .shape = &turnout,
	 N_AT(draft, scheme.n_turnout), .max = SCHEME_RULES_MAX},
	{MAY("questions", list, draft, scheme.questions, "测评听取哪几方面的意见；不写即一个总评"),
	 .shape = &named, N_AT(draft, scheme.n_questions), .max = SCHEME_INDICATORS_MAX},
	{0},
};
static const struct shape ballot = {"测评", sizeof(struct draft), ballot_keys, .named = false};

static const struct key score_keys[] = {
	{MAY("places", count, draft, scheme.places, "公布得分的小数位数，0 到 4，默认 2"), .max = 4},
	{MAY("scale_to_100", flag, draft, scheme.scale_to_100,
	     "满分之和不是 100 时折算为百分制，默认 false")},
	{0},
};
static const struct shape score = {"得分", sizeof(struct draft), score_keys, .named = false};

static const struct key grade_keys[] = {
	{MUST("id", id, scheme_grade, id, "标识")},
	{MUST("label", label, scheme_grade, label, "名称")},
	{MAY("from", points, scheme_grade, from_e4, "最低得分（含）；最后一等不写"), .max = 100},
	{MAY("goal", text, scheme_grade, goal, "下一年的目标")},
	{0},
};
static const struct scheme_grade grade_defaults = {.goal = "", .from_e4 = INT32_MIN};
static const struct shape grade = {"等次", sizeof(struct scheme_grade), grade_keys,
				   &grade_defaults, true};

static const struct key goal_keys[] = {
	{MUST("grades", refs, draft_goal, grades, "哪些等次"), .target = &to_grade},
	{MUST("goal", text, draft_goal, goal, "下一年的目标")},
	{MAY("measures", flag, draft_goal, measures, "是否要写出整改措施，默认 false")},
	{0},
};
static const struct shape goal = {"目标", sizeof(struct draft_goal), goal_keys, .named = false};

#define BY_CATEGORY(record) \
	MAY("by_category", flag, record, scope.by_category, "是否再按类别分开，默认 false")

static const struct key ranking_keys[] = {
	{MAY("within", within, draft, scheme.ranking, "在什么范围内排：all 或一个层级，默认 all"),
	 .words = &levels},
	{MAY("by_category", flag, draft, scheme.ranking.by_category,
	     "是否再按类别分开，默认 false")},
	{0},
};
static const struct shape ranking = {"排名", sizeof(struct draft), ranking_keys, .named = false};

static const struct key quota_keys[] = {
	{MUST("grade", ref, scheme_quota, grade, "哪个等次（更低的也算在内）"), .target = &to_grade},
	{MUST("at_least", share, scheme_quota, at_least_e6, "至少占多少")},
	{MAY("within", within, scheme_quota, scope, "在什么范围内算：all 或一个层级，默认 all"),
	 .words = &levels},
	{BY_CATEGORY(scheme_quota)},
	{0},
};
static const struct scheme_quota quota_defaults = {.scope = {.all = true}};
static const struct shape quota = {"比例要求", sizeof(struct scheme_quota), quota_keys,
				   &quota_defaults, false};

static const struct key star_keys[] = {
	{MUST("stars", count, scheme_star_rule, stars, "几颗星，0 为不定星"),
	 .max = SCHEME_STARS_MAX},
	{MUST("grade", ref, scheme_star_rule, grade, "给哪个等次"), .target = &to_grade},
	{MAY("at_most", share, scheme_star_rule, at_most_e6, "最多占该等次的多少"),
	 N_AT(scheme_star_rule, has_cap)},
	{MAY("from", points, scheme_star_rule, from_e4, "最低得分（含）"),
	 N_AT(scheme_star_rule, has_from), .max = 100},
	{MAY("within", within, scheme_star_rule, scope, "在什么范围内算比例，默认 all"),
	 .words = &levels},
	{BY_CATEGORY(scheme_star_rule)},
	{0},
};
static const struct scheme_star_rule star_defaults = {.scope = {.all = true}};
static const struct shape star = {"评星规则", sizeof(struct scheme_star_rule), star_keys,
				  &star_defaults, false};

static const struct key approval_keys[] = {
	{MAY("stars", counts, scheme_approval, stars, "哪些星级"), .max = SCHEME_STARS_MAX},
	{MAY("grades", refs, scheme_approval, grades, "哪些等次"), .target = &to_grade},
	{MUST("level", word, scheme_approval, level, "由哪一级审定"), .words = &levels},
	{0},
};
static const struct shape approval = {"审定权限", sizeof(struct scheme_approval), approval_keys,
				      .named = false};

/* ---- The year ---- */

static const struct key local_keys[] = {
	{MUST("max_total", points, scheme_local, max_total_e4, "自设指标满分之和的上限"),
	 .max = SCHEME_POINTS_MAX},
	{MUST("per", word, scheme_local, per, "由哪一级党组织自设"), .words = &levels},
	{0},
};
static const struct shape local = {"自设指标", sizeof(struct scheme_local), local_keys,
				   .named = false};

static const struct key step_keys[] = {
	{MUST("id", id, scheme_step, id,
	      "标识；survey 调查摸底、self 自评、ballot 测评、grading 考评定级、publicity 公示、review "
	      "审查、improvement 整改、pick 确定对象、ledger 建账、rectify 整顿、report 自查、inspect "
	      "检查、accept 验收、lookback 回头看由程序核对，其他标识由人确认完成")},
	{MUST("label", label, scheme_step, label, "名称")},
	{MUST("who", word, scheme_step, who, "由谁做：一个层级，或 team 调查组、inspector 督查组"),
	 .words = &whos},
	{MAY("from", date, scheme_step, from, "开始日期，月-日")},
	{MAY("to", date, scheme_step, to, "结束日期，月-日；早于开始日期的算下一年")},
	{MAY("days", count, scheme_step, days, "用几天（不写日期时）"), .min = 1, .max = 366},
	{MAY("notes", text, scheme_step, notes, "文件的具体要求")},
	{0},
};
static const struct scheme_step step_defaults = {.notes = ""};
static const struct shape step = {"步骤", sizeof(struct scheme_step), step_keys, &step_defaults,
				  true};

static const struct key question_keys[] = {
	{MUST("id", id, scheme_question, id, "标识")},
	{MUST("label", label, scheme_question, label, "问什么")},
	{MUST("ask", word, scheme_question, ask,
	      "怎样答：yes-no 是否、choice 选择、number 数字、text 文字"),
	 .words = &asks},
	{MAY("choices", texts, scheme_question, choices, "选择题的选项"), .max = SCHEME_CHOICES_MAX},
	{MAY("unit", label, scheme_question, unit, "数字的单位")},
	{MAY("categories", refs, scheme_question, categories, "只问这些类别；不写问全部"),
	 .target = &to_category},
	{MAY("red", red, scheme_question, red,
	     "算作预警的回答：yes 或 no、选项（可多项）、数或“<数”“<=数”“>数”“>=数”")},
	{MAY("criterion", ref, scheme_question, criterion, "预警时说明符合哪条整顿标准"),
	 .target = &to_criterion},
	{MAY("support", word, scheme_question, support,
	     "预警时建议的帮扶类型：weak 软、poor 穷、disorderly 乱、industry 产业"),
	 .words = &supports},
	{MAY("condition", flag, scheme_question, condition, "是否逐级汇总预警数，默认 false")},
	{0},
};
static const struct scheme_question question_defaults = {
	.ask = ASK_TEXT, .unit = "", .criterion = -1, .support = -1};
static const struct shape question = {"调查题", sizeof(struct scheme_question), question_keys,
				      &question_defaults, true};

static const struct key coverage_keys[] = {
	{MAY("member", share, scheme_coverage, at_least_e6[VOTERS_MEMBER], "至少调查多少党员")},
	{MAY("resident", share, scheme_coverage, at_least_e6[VOTERS_RESIDENT], "至少调查多少群众")},
	{MAY("channels", texts, scheme_coverage, channels, "听取意见的方式")},
	{0},
};
static const struct shape coverage = {"调查覆盖面", sizeof(struct scheme_coverage), coverage_keys,
				      .named = false};

static const struct key teams_keys[] = {
	{MAY("count", count, scheme_teams, count, "几个调查组"), .min = 1, .max = 1000},
	{MAY("hear", texts, scheme_teams, hear, "着重听取谁的意见")},
	{0},
};
static const struct shape teams = {"调查组", sizeof(struct scheme_teams), teams_keys,
				   .named = false};

static const struct key self_keys[] = {
	{MAY("report", flag, scheme_self, report, "要有自评报告")},
	{MAY("propose", flag, scheme_self, propose, "要自报等次")},
	{MAY("confirm", flag, scheme_self, confirm, "要包村干部确认")},
	{MAY("seal", flag, scheme_self, seal, "要盖公章")},
	{0},
};
static const struct shape self = {"自评", sizeof(struct scheme_self), self_keys, .named = false};

static const struct key publicity_keys[] = {
	{MUST("days", count, scheme_publicity, days, "公示几天"), .min = 1, .max = 90},
	{MUST("show", words, scheme_publicity, show,
	      "名称之外公示什么：grade 等次、stars 星级、score 得分、rank 排名"),
	 .words = &shows, .min = 1},
	{MAY("plans", flag, scheme_publicity, plans, "整改方案也公示，默认 false")},
	{0},
};
static const struct shape publicity = {"公示", sizeof(struct scheme_publicity), publicity_keys,
				       .named = false};

static const struct key inspection_keys[] = {
	{MAY("teams", count, scheme_inspection, teams, "几个督查组"), .min = 1, .max = 1000},
	{MUST("cover", word, scheme_inspection, cover, "每个什么层级都要抽到"), .words = &levels},
	{MAY("unannounced", flag, scheme_inspection, unannounced, "不打招呼，默认 false")},
	{0},
};
static const struct shape inspection = {"督查抽查", sizeof(struct scheme_inspection),
					inspection_keys, .named = false};

static const struct key meetings_keys[] = {
	{MAY("grading", label, scheme_meetings, grading, "由什么会议研究定级")},
	{MAY("rectify", label, scheme_meetings, rectify, "由什么会议确定整顿对象")},
	{0},
};
static const struct shape meetings = {"会议", sizeof(struct scheme_meetings), meetings_keys,
				      .named = false};

static const struct key report_keys[] = {
	{MUST("id", id, scheme_report, id, "标识")},
	{MUST("label", label, scheme_report, label, "报什么")},
	{MUST("who", word, scheme_report, who, "由谁报"), .words = &whos},
	{MUST("by", date, scheme_report, by, "最迟日期，月-日")},
	{MAY("forms", texts, scheme_report, forms, "用哪些表，例如 [F4]"), .max = 18},
	{MAY("notes", text, scheme_report, notes, "文件的具体要求")},
	{0},
};
static const struct scheme_report report_defaults = {.notes = ""};
static const struct shape report = {"上报材料", sizeof(struct scheme_report), report_keys,
				    &report_defaults, true};

/* ---- Rectification ---- */

static const struct key problem_keys[] = {
	{MUST("id", id, scheme_problem, id, "标识")},
	{MUST("label", label, scheme_problem, label, "问题")},
	{MAY("measures", texts, scheme_problem, measures, "常用措施")},
	{MAY("criterion", ref, scheme_problem, criterion, "属于哪条整顿标准"),
	 .target = &to_criterion},
	{0},
};
static const struct scheme_problem problem_defaults = {.criterion = -1};
static const struct shape problem = {"问题", sizeof(struct scheme_problem), problem_keys,
				     &problem_defaults, true};

static const struct key rectify_keys[] = {
	{MUST("because", word, scheme_rectify, because,
	      "理由：grade 等次、bottom 倒排、criteria 符合标准、carried-over 去年未转化、examination "
	      "年度考核、ballot 测评分低、nominated 党委提名"),
	 .words = &becauses},
	{MAY("grades", names_of_grades, scheme_rectify, grade_names,
	     "哪些等次（grade、examination）")},
	{MAY("at_least", share, scheme_rectify, at_least_e6, "至少倒排多少（bottom）")},
	{MAY("within", within, scheme_rectify, scope, "在什么范围内倒排，默认 all"),
	 .words = &levels},
	{BY_CATEGORY(scheme_rectify)},
	{MAY("categories", refs, scheme_rectify, categories, "只限这些类别；不写为全部"),
	 .target = &to_category},
	{MAY("below", points, scheme_rectify, below_e4, "测评得分低于多少（ballot）"), .max = 100},
	{MAY("at_least_one_per", word, scheme_rectify, one_per, "每个什么层级至少一个（nominated）"),
	 .words = &levels, N_AT(scheme_rectify, has_at_least_one)},
	{0},
};
static const struct scheme_rectify rectify_defaults = {.scope = {.all = true}, .below_e4 = -1};
static const struct shape rectify = {"整顿对象规则", sizeof(struct scheme_rectify), rectify_keys,
				     &rectify_defaults, false};

static const struct key support_keys[] = {
	{MUST("kind", word, scheme_support, kind, "类型：weak 软、poor 穷、disorderly 乱、industry 产业"),
	 .words = &supports},
	{MUST("label", label, scheme_support, label, "名称")},
	{MUST("units", texts, scheme_support, units, "由哪些部门帮扶")},
	{0},
};
static const struct shape support = {"帮扶类型", sizeof(struct scheme_support), support_keys,
				     .named = false};

static const struct key acceptance_item_keys[] = {
	{MUST("id", id, scheme_acceptance_item, id, "标识")},
	{MUST("label", label, scheme_acceptance_item, label, "名称")},
	{MUST("max", points, scheme_acceptance_item, max_e4, "满分"), .max = 100},
	{MAY("notes", text, scheme_acceptance_item, notes, "评分要点")},
	{0},
};
static const struct scheme_acceptance_item acceptance_item_defaults = {
	.max_e4 = POINTS_UNKNOWN, .notes = ""};
static const struct shape acceptance_item = {
	"验收项目", sizeof(struct scheme_acceptance_item), acceptance_item_keys,
	&acceptance_item_defaults, true};

static const struct key acceptance_keys[] = {
	{MUST("levels", words, scheme_acceptance, levels, "由哪几级验收"), .words = &levels, .min = 1},
	{MAY("at_end", flag, scheme_acceptance, at_end,
	     "整顿结束后统一验收；false 为整顿好一个、验收一个，默认 false")},
	{MAY("pass", points, scheme_acceptance, pass_e4, "多少分合格，默认 70"), .max = 100},
	{MAY("dissatisfied", share, scheme_acceptance, dissatisfied_e6,
	     "不满意的超过多少就不合格，默认 50%")},
	{MAY("items", list, scheme_acceptance, items, "验收评分项目，满分之和 100；不写用默认四项"),
	 .shape = &acceptance_item, N_AT(scheme_acceptance, n_items), .min = 1},
	{0},
};
static const struct shape acceptance = {"验收", sizeof(struct scheme_acceptance),
					acceptance_keys, .named = false};

static const struct key case_keys[] = {
	{MAY("at_least_months", count, scheme_case, at_least_months, "整顿至少几个月"), .max = 60},
	{MAY("at_most_months", count, scheme_case, at_most_months, "整顿最多几个月"), .max = 60},
	{MAY("lookbacks", counts, scheme_case, lookback_months,
	     "销号后第几个月回头看，默认 [3, 6, 12]"),
	 N_AT(scheme_case, n_lookbacks), .min = 1, .max = 60},
	{MAY("training_days", count, scheme_case, training_days, "新任书记至少培训几天，默认 3"),
	 .max = 60},
	{MAY("quick_days", count, scheme_case, quick_days, "不到几天就验收的提示，默认 30"),
	 .max = 366},
	{MAY("stuck_years", count, scheme_case, stuck_years, "几年没有变化要问责，默认 3"), .min = 1,
	 .max = 20},
	{0},
};
static const struct shape cases = {"整顿期限", sizeof(struct scheme_case), case_keys,
				   .named = false};

/* ---- The whole file; read in this order ---- */

static const struct key scheme_keys[] = {
	{MUST("id", id, draft, scheme.id, "方案的标识，与文件名相同")},
	{MUST("title", label, draft, scheme.title, "方案名称")},
	{MUST("source", text, draft, scheme.source, "依据哪个文件")},
	{MAY("kind", word, draft, scheme.kind,
	     "grading 分类定级（不写即是）；rectification 只管整顿，不要指标、评价主体和等次"),
	 .words = &kinds},
	{MAY("assumptions", texts, draft, scheme.assumptions, "文件没有写明、由方案设定的地方")},
	{MAY("graded", word, draft, scheme.graded, "给哪一级党组织定级，默认 unit"),
	 .words = &levels},
	{MAY("levels", level_labels, draft, scheme.level_label,
	     "层级的名称，例如 {county: 学校党委, unit: 党支部}"),
	 .words = &levels},
	{MAY("kinds", texts, draft, scheme.kinds, "只给这些组织类型定级，例如 [党总支, 党支部]"),
	 .max = 32},
	{MUST("categories", list, draft, scheme.categories, "类别：把领域分组"), .shape = &category,
	 N_AT(draft, scheme.n_categories), .min = 1, .max = SCHEME_CATEGORIES_MAX},
	{MAY("indicators", list, draft, indicators, "指标"), .shape = &indicator,
	 N_AT(draft, n_indicators), .max = SCHEME_INDICATORS_MAX},
	{MAY("sources", list, draft, scheme.sources, "评价主体：谁来评，各占多少"), .shape = &source,
	 N_AT(draft, scheme.n_sources), .max = SCHEME_SOURCES_MAX},
	{MAY("ballot", record, draft, scheme, "党员群众测评"), .shape = &ballot},
	{MAY("score", record, draft, scheme, "得分怎样公布"), .shape = &score},
	{MAY("grades", list, draft, scheme.grades, "等次，从高到低"), .shape = &grade,
	 N_AT(draft, scheme.n_grades), .max = SCHEME_GRADES_MAX},
	{MAY("goals", list, draft, goals, "各等次下一年的目标（也可以写在等次的 goal 里）"),
	 .shape = &goal, N_AT(draft, n_goals), .max = SCHEME_GRADES_MAX},
	{MAY("ties", ref_list, draft, scheme.ties, "得分相同时依次比较哪些评价主体"),
	 .target = &to_source, N_AT(draft, scheme.n_ties)},
	{MAY("ranking", record, draft, scheme, "排名"), .shape = &ranking},
	{MAY("quotas", list, draft, scheme.quotas, "等次的最低比例"), .shape = &quota,
	 N_AT(draft, scheme.n_quotas), .max = SCHEME_RULES_MAX},
	{MAY("stars", list, draft, scheme.stars, "评星规则，依次执行"), .shape = &star,
	 N_AT(draft, scheme.n_stars), .max = SCHEME_RULES_MAX},
	{MAY("approval", list, draft, scheme.approval, "由哪一级审定，取第一条符合的"),
	 .shape = &approval, N_AT(draft, scheme.n_approval), .max = SCHEME_RULES_MAX},
	{MAY("local", record, draft, scheme.local, "各级党组织自设指标（5+2+X）"), .shape = &local,
	 N_AT(draft, scheme.local.given)},
	{MAY("criteria", list, draft, scheme.criteria, "整顿标准：符合哪条算软弱涣散"),
	 .shape = &named, N_AT(draft, scheme.n_criteria), .max = 32},
	{MAY("aggravating", list, draft, scheme.aggravating, "重点整顿的情形"), .shape = &named,
	 N_AT(draft, scheme.n_aggravating), .max = 32},
	{MAY("steps", list, draft, scheme.steps, "全年步骤，按顺序"), .shape = &step,
	 N_AT(draft, scheme.n_steps), .max = SCHEME_RULES_MAX},
	{MAY("survey", list, draft, scheme.survey, "调查摸底的问题"), .shape = &question,
	 N_AT(draft, scheme.n_survey)},
	{MAY("coverage", record, draft, scheme.coverage, "调查要覆盖多少人"), .shape = &coverage,
	 N_AT(draft, scheme.coverage.given)},
	{MAY("teams", record, draft, scheme.teams, "调查组"), .shape = &teams},
	{MAY("self", record, draft, scheme.self, "自评要求"), .shape = &self},
	{MAY("consult", words, draft, scheme.consult, "哪些领域定级前征求行业主管部门党组织意见"),
	 .words = &fields},
	{MAY("publicity", record, draft, scheme.publicity, "公示"), .shape = &publicity,
	 N_AT(draft, scheme.publicity.given)},
	{MAY("inspection", record, draft, scheme.inspection, "督查抽查"), .shape = &inspection,
	 N_AT(draft, scheme.inspection.given)},
	{MAY("meetings", record, draft, scheme.meetings, "由什么会议决定"), .shape = &meetings},
	{MAY("reports", list, draft, scheme.reports, "要上报的材料和日期"), .shape = &report,
	 N_AT(draft, scheme.n_reports), .max = SCHEME_RULES_MAX},
	{MAY("problems", list, draft, scheme.problems, "问题菜单"), .shape = &problem,
	 N_AT(draft, scheme.n_problems)},
	{MAY("rectify", list, draft, scheme.rectify, "整顿对象怎样确定"), .shape = &rectify,
	 N_AT(draft, scheme.n_rectify), .max = SCHEME_RULES_MAX},
	{MAY("support", list, draft, scheme.support, "分类帮扶"), .shape = &support,
	 N_AT(draft, scheme.n_support), .max = SUPPORT_COUNT},
	{MAY("guarantees", list, draft, scheme.guarantees, "保障项目，按年记金额"), .shape = &named,
	 N_AT(draft, scheme.n_guarantees), .max = 32},
	{MAY("secretary_sources", list, draft, scheme.secretary_sources, "新任书记从哪里来"),
	 .shape = &named, N_AT(draft, scheme.n_secretary_sources), .max = 32},
	{MAY("acceptance", record, draft, scheme.acceptance, "验收"), .shape = &acceptance,
	 N_AT(draft, scheme.acceptance.given)},
	{MAY("case", record, draft, scheme.cases, "整顿期限和回头看"), .shape = &cases},
	{MAY("remarks", texts, draft, scheme.remarks, "文件的其他要求")},
	{0},
};
const struct shape scheme_shape = {"方案", sizeof(struct draft), scheme_keys, .named = false};
