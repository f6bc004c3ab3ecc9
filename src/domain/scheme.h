/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scheme: the rules of one document (spec: "A scheme file").
 *
 * A loaded scheme is complete and checked: every reference is an index that
 * exists, weights add to 100 %, maxima are summed per category. It lives in
 * one arena and never changes; everything in it is borrowed from the scheme.
 *
 * Numbers are exact integers: points have 4 decimals (`_e4`, 10000 = 1 point),
 * shares and weights 6 (`_e6`, 1000000 = 100 %).
 */
#ifndef JW_DOMAIN_SCHEME_H
#define JW_DOMAIN_SCHEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/level.h"

enum {
	SCHEME_CATEGORIES_MAX = 16,
	SCHEME_INDICATORS_MAX = 64,
	SCHEME_LEAVES_MAX = 256,	/* indicators and their items together */
	SCHEME_SOURCES_MAX = 12,
	SCHEME_OPTIONS_MAX = 12,
	SCHEME_GRADES_MAX = 12,
	SCHEME_RULES_MAX = 64,		/* of each sort: quotas, stars, approval, turnout … */
	SCHEME_STARS_MAX = 5,
	SCHEME_POINTS_MAX = 10000,	/* most points of one indicator */
	SCHEME_TOTAL_MAX = 100000,	/* most points of one category's indicators together */
	SCHEME_LIST_MAX = 256,		/* entries of any other list */
	SCHEME_CHOICES_MAX = 32,	/* answers of one survey question */
};

enum scheme_kind {
	SCHEME_GRADING,
	SCHEME_RECTIFICATION,	/* has no indicators, sources or grades */
};

/* How a source scores. */
enum source_by {
	BY_INDICATORS,	/* points per indicator, summed */
	BY_BALLOTS,	/* shares of a ballot's options */
	BY_POINTS,	/* one figure from 0 to 100 per rater */
};

/* Whom a rule compares: all, or those with the same nearest ancestor of a
 * level, and if so wished of the same category. */
struct scope {
	bool all;		/* true: `level` does not matter */
	enum level level;
	bool by_category;
};

/* A list of texts. */
struct scheme_texts {
	int n;
	const char **at;
};

/* Something that only has a name: a criterion, a guarantee … Every listed
 * thing with an id begins with these two members. */
struct scheme_named {
	const char *id, *label;
};

struct scheme_category {
	const char *id, *label;
	uint32_t fields;	/* bit per enum field */
	int32_t max_sum_e4;	/* sum of its indicators' maxima */
};

/* One thing that is scored as a figure: an indicator as a whole, or an item. */
struct scheme_leaf {
	int indicator;		/* index into indicators */
	int item;		/* index into that indicator's items; -1: as a whole */
	int32_t max_e4;		/* plain maximum (for organisations outside) */
	int32_t max_by_category_e4[SCHEME_CATEGORIES_MAX];	/* 0: not applicable */
};

/* An item that does not belong to a category has a maximum of 0 there. A
 * category to which no item of an indicator belongs scores it as a whole. */
struct scheme_item {
	const char *id, *label;
	const char *notes;	/* scoring notes; "" if none */
	uint32_t categories;	/* bit per category it belongs to */
	int leaf;		/* index into leaves */
};

struct scheme_indicator {
	const char *id, *label;
	const char *notes;					/* "" if none */
	const char *notes_by_category[SCHEME_CATEGORIES_MAX];	/* NULL: `notes` */
	int leaf;		/* the leaf of the whole */
	int n_items;		/* 0: scored as a whole only */
	struct scheme_item *items;
};

/* Who gives a source's figures. */
enum source_who {
	RATED_BY_COMMITTEE,	/* the committee above */
	RATED_BY_SELF,		/* the organisation itself */
	RATED_BY_UNITS,		/* related units that are assigned to it (GZ-4) */
	RATED_BY_MUTUAL,	/* the other organisations of the township (QN-1) */
	RATED_BY_SOCIETY,	/* people and units from outside (QN-1) */
	RATED_BY_EXAMINATION,	/* the yearly examination's figure (QN-1) */
	RATED_BY_LIVE,		/* those present in a meeting, by phone (SY-1, CT-9) */
	RATED_BY_VOTERS,	/* members and residents by ballot */
	RATED_BY_COUNT,
};

struct scheme_source {
	const char *id, *label;
	uint32_t weight_e6;
	enum source_by by;
	uint32_t voters;	/* bit per enum voters; 0 unless by ballots */
	enum source_who who;	/* RATED_BY_VOTERS exactly where by ballots */
	struct scheme_texts raters;	/* whom the document names, e.g. 纪检; may be empty */
};

struct scheme_option {
	const char *id, *label;
	int32_t points_e4;
};

struct scheme_turnout {
	uint32_t voters;	/* bit per enum voters, never 0 */
	uint32_t at_least_e6;
	uint32_t everyone_below;	/* 0: no such rule */
	int residents_first;	/* 0 or 1; as written: the status names them in this order */
};

struct scheme_grade {
	const char *id, *label;
	const char *goal;	/* next year's goal (GZ-6); "" if none */
	int32_t from_e4;	/* lowest published score; the last grade: INT32_MIN */
	bool measures;		/* written measures are asked of this grade (GZ-6) */
};

struct scheme_quota {
	int grade;		/* this grade and lower ones count */
	uint32_t at_least_e6;
	struct scope scope;
};

struct scheme_star_rule {
	int stars;		/* 0 … SCHEME_STARS_MAX */
	int grade;
	bool has_cap, has_from;
	uint32_t at_most_e6;	/* if has_cap */
	int32_t from_e4;	/* if has_from */
	struct scope scope;
};

struct scheme_approval {
	uint32_t stars;		/* bit per number of stars */
	uint32_t grades;	/* bit per grade */
	enum level level;
};

/* A day of any year. month 0: not given. */
struct scheme_date {
	uint8_t month, day;
};

/* Who must act: a level of the tree, or one of the teams. */
enum scheme_who {
	WHO_PROVINCE,		/* the levels, numbered as enum level */
	WHO_CITY,
	WHO_COUNTY,
	WHO_TOWNSHIP,
	WHO_UNIT,
	WHO_TEAM,		/* survey team (ZJ-8) */
	WHO_INSPECTOR,		/* inspection group (GZ-9) */
	WHO_COUNT,
};

/* What a step is to the program, known from its id. */
enum scheme_step_kind {
	STEP_SURVEY,		/* survey 调查摸底 */
	STEP_SELF,		/* self 自评 */
	STEP_BALLOT,		/* ballot 测评 */
	STEP_GRADING,		/* grading 考评定级 */
	STEP_PUBLICITY,		/* publicity 公示 */
	STEP_REVIEW,		/* review 审查 */
	STEP_IMPROVEMENT,	/* improvement 整改 */
	STEP_PICK,		/* pick 确定整顿对象 */
	STEP_LEDGER,		/* ledger 建立台账 */
	STEP_RECTIFY,		/* rectify 集中整顿 */
	STEP_REPORT,		/* report 自查报告 */
	STEP_INSPECT,		/* inspect 检查抽查 */
	STEP_ACCEPT,		/* accept 验收销号 */
	STEP_LOOKBACK,		/* lookback 回头看 */
	STEP_OTHER,		/* any other id: marked done by hand */
};

/* One step of the year (ZJ-7, HN-5): dates, or a number of days, or neither. A
 * `to` before `from` lies in the next year. */
struct scheme_step {
	const char *id, *label;
	enum scheme_step_kind kind;
	enum scheme_who who;
	struct scheme_date from, to;	/* each may be missing */
	int days;			/* 0: not given */
	const char *notes;		/* what the document says of it; "" if none */
};

/* Something handed in by a day (ZJ-15, LD-11, HN-4, HN-5). */
struct scheme_report {
	const char *id, *label;
	enum scheme_who who;
	struct scheme_date by;
	struct scheme_texts forms;	/* ids of forms.md, "F4"; may be empty */
	const char *notes;
};

enum survey_ask {
	ASK_YES_NO,
	ASK_CHOICE,
	ASK_NUMBER,
	ASK_TEXT,
};

/* When an answer is a warning. */
enum survey_red {
	RED_NEVER,
	RED_YES,
	RED_NO,
	RED_CHOICES,	/* one of red_choices */
	RED_EQUAL,	/* the number against red_e4 … */
	RED_BELOW,
	RED_AT_MOST,
	RED_ABOVE,
	RED_AT_LEAST,
};

/* Kinds of weakness and of the support that helps (CT-4). */
enum support_kind {
	SUPPORT_WEAK,		/* 软: party and government departments */
	SUPPORT_POOR,		/* 穷: economic departments */
	SUPPORT_DISORDERLY,	/* 乱: political-legal departments */
	SUPPORT_INDUSTRY,	/* 产业: agriculture and science departments */
	SUPPORT_COUNT,
};

/* A question of the survey (GZ-2, CT-7). */
struct scheme_question {
	const char *id, *label;
	enum survey_ask ask;
	struct scheme_texts choices;	/* of ASK_CHOICE */
	const char *unit;		/* of ASK_NUMBER: 人, 元 …; "" if none */
	uint32_t categories;		/* bit per category it is asked in; never 0 */
	enum survey_red red;
	uint32_t red_choices;		/* bit per choice */
	int32_t red_e4;
	int criterion;			/* a warning speaks for this criterion; -1: none */
	int support;			/* … for this enum support_kind; -1: none */
	bool condition;			/* one of the conditions rolled up for leaders (CT-7) */
};

/* How many the survey must reach (GY-1). */
struct scheme_coverage {
	bool given;
	uint32_t at_least_e6[VOTERS_COUNT];
	struct scheme_texts channels;	/* 电话, 邮件, 上门走访 … */
};

/* Survey teams (ZJ-8). */
struct scheme_teams {
	int count;			/* 0: not said */
	struct scheme_texts hear;	/* whose opinion is sought first */
};

/* What the self-evaluation must bring (ZJ-9, XS-1). */
struct scheme_self {
	bool report;	/* a written report */
	bool propose;	/* proposes a grade */
	bool confirm;	/* the resident cadre confirms */
	bool seal;	/* sealed */
};

/* What a public notice shows beside names; bits of scheme_publicity.show. */
enum {
	SHOW_GRADE = 1 << 0,
	SHOW_STARS = 1 << 1,
	SHOW_SCORE = 1 << 2,
	SHOW_RANK = 1 << 3,
};

struct scheme_publicity {
	bool given;
	int days;
	uint32_t show;
	bool plans;	/* improvement plans are published too (ZJ-17) */
};

/* Indicators a committee adds itself (ZY-1). */
struct scheme_local {
	bool given;
	int32_t max_total_e4;	/* most points of one committee's own indicators */
	enum level per;		/* the level of the committees */
};

/* Random unannounced checks (GZ-9, HN-6). */
struct scheme_inspection {
	bool given;
	int teams;		/* 0: not said */
	enum level cover;	/* every node of this level is visited */
	bool unannounced;
};

/* Why an organisation is a candidate for rectification. */
enum rectify_because {
	BECAUSE_GRADE,		/* one of `grades` */
	BECAUSE_BOTTOM,		/* ⌈at_least × graded⌉ lowest of each group (CT-2) */
	BECAUSE_CRITERIA,	/* a criterion holds (LD-1) */
	BECAUSE_CARRIED_OVER,	/* backward before and not yet converted (LD-3) */
	BECAUSE_EXAMINATION,	/* last year's examination is one of `grades` (LD-3) */
	BECAUSE_BALLOT,		/* ballot score below below_e4 (LD-3) */
	BECAUSE_NOMINATED,	/* named by its committee (HN-2) */
};

struct scheme_rectify {
	enum rectify_because because;
	uint32_t grades;		/* bit per grade of this scheme */
	struct scheme_texts grade_names;	/* as written; all there is where the scheme has no grades */
	uint32_t at_least_e6;		/* bottom */
	struct scope scope;		/* bottom */
	uint32_t categories;		/* bit per category; never 0 */
	int32_t below_e4;		/* ballot */
	bool has_at_least_one;		/* nominated: at least one per node of `one_per` */
	enum level one_per;
};

/* A typical problem (HN-1, CT-7a). */
struct scheme_problem {
	const char *id, *label;
	struct scheme_texts measures;	/* usual measures; may be empty */
	int criterion;			/* -1: none */
};

/* Who supports organisations of a kind of weakness (CT-4). */
struct scheme_support {
	enum support_kind kind;
	const char *label;
	struct scheme_texts units;
};

struct scheme_acceptance_item {
	const char *id, *label;
	int32_t max_e4;
	const char *notes;
};

/* How a case is accepted (LD-10, CT-5). Complete even where the file says
 * nothing: then LD-5a's four items of 25 points, 70 to pass, 50 %. */
struct scheme_acceptance {
	bool given;
	uint32_t levels;		/* bit per level that accepts */
	bool at_end;			/* all together when the action ends; else one by one */
	int32_t pass_e4;
	uint32_t dissatisfied_e6;	/* more than this dissatisfied: failed */
	int n_items;			/* their maxima add to 100 */
	struct scheme_acceptance_item *items;
};

/* Times of a case. */
struct scheme_case {
	int at_least_months, at_most_months;	/* ZJ-16; 0: not said */
	int n_lookbacks;
	int lookback_months[12];	/* rising; default 3, 6, 12 */
	int training_days;		/* of a new secretary (LD-7); default 3 */
	int quick_days;			/* accepted sooner: alarm; default 30 */
	int stuck_years;		/* without change: accountability (CT-9); default 3 */
};

/* Which meeting decides (ZJ-13, HN-2); "" where the scheme does not say. */
struct scheme_meetings {
	const char *grading, *rectify;
};

struct scheme {
	struct arena arena;

	enum scheme_kind kind;
	const char *id, *title, *source;
	struct scheme_texts assumptions;	/* what the document leaves open */
	enum level graded;			/* level of the organisations graded */
	const char *level_label[LEVEL_COUNT];	/* as relabelled by the scheme; never NULL */
	struct scheme_texts kinds;		/* which kinds are graded; none: all */

	int n_categories;
	struct scheme_category *categories;
	int category_of_field[FIELD_COUNT];	/* -1: in no category */

	int n_indicators;
	struct scheme_indicator *indicators;
	int n_leaves;				/* wholes first, in order, then items */
	struct scheme_leaf *leaves;

	int n_sources;
	struct scheme_source *sources;
	int n_options;
	struct scheme_option *options;
	int n_turnout;
	struct scheme_turnout *turnout;

	int places;				/* decimals of the published score, 0 … 4 */
	bool scale_to_100;
	int n_grades;				/* highest first */
	struct scheme_grade *grades;
	int n_ties;
	int *ties;				/* sources that break ties, in order */
	struct scope ranking;
	int n_quotas;
	struct scheme_quota *quotas;
	int n_stars;
	struct scheme_star_rule *stars;
	int n_approval;
	struct scheme_approval *approval;

	/* What only the campaign and the ledger use; the arithmetic does not. */
	int n_questions;			/* what a ballot hears (XN-2a); none: one question */
	struct scheme_named *questions;
	struct scheme_local local;
	int n_steps;				/* in order */
	struct scheme_step *steps;
	int n_survey;
	struct scheme_question *survey;
	struct scheme_coverage coverage;
	struct scheme_teams teams;
	struct scheme_self self;
	uint32_t consult;			/* bit per field whose regulator is heard (XN-4) */
	struct scheme_publicity publicity;
	struct scheme_inspection inspection;
	struct scheme_meetings meetings;
	int n_reports;
	struct scheme_report *reports;

	int n_criteria;
	struct scheme_named *criteria;
	int n_aggravating;
	struct scheme_named *aggravating;
	int n_problems;
	struct scheme_problem *problems;
	int n_rectify;
	struct scheme_rectify *rectify;
	int n_support;
	struct scheme_support *support;
	int n_guarantees;			/* kinds of money kept per year (CT-8) */
	struct scheme_named *guarantees;
	int n_secretary_sources;		/* where a new secretary comes from (LD-6) */
	struct scheme_named *secretary_sources;
	struct scheme_acceptance acceptance;
	struct scheme_case cases;
	struct scheme_texts remarks;		/* further points people must observe */
};

/* Frees what the scheme holds. NULL and a zeroed scheme are fine. */
void scheme_done(struct scheme *scheme);

/* Index by id or label (`text` trimmed and folded); ERR_NOT_FOUND. */
int scheme_find_indicator(const struct scheme *scheme, struct str text);
int scheme_find_source(const struct scheme *scheme, struct str text);
int scheme_find_option(const struct scheme *scheme, struct str text);	/* "spoiled" and 废票: n_options */
int scheme_find_level(const struct scheme *scheme, struct str text, enum level *ret_level);
/* A leaf by "indicator" or "indicator/item", each by id or label. */
int scheme_find_leaf(const struct scheme *scheme, struct str text);

#endif
