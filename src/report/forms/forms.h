/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The printed forms (spec: forms.md), each from a plain struct to a document.
 * A form knows how the paper looks, not where its figures come from. With
 * head.blank it is empty, for filling in by hand.
 *
 * Inputs are borrowed. Texts may be NULL where nothing is known. Days are
 * texts as people write them ("2026年11月20日").
 */
#ifndef JW_REPORT_FORMS_FORMS_H
#define JW_REPORT_FORMS_FORMS_H

#include "report/doc.h"

enum {
	FORM_UNKNOWN = -1,	/* a number nobody has told */
	FORM_BLANK_ROWS = 10,	/* of an empty list, as on the printed originals */
	F01_CRITERIA = 6,
	F01_KINDS = 3,
};

struct form_head {
	const char *unit;	/* 填报单位 */
	const char *day;	/* 填表时间; no part of the check code */
	int year;
	bool blank;
	bool red;		/* letters begin with the office's name in red */
};

/* A line of text with one part that leads to organisations: a figure, or a
 * name. `before` and `after` may be NULL. */
struct form_line {
	const char *before, *linked, *after;
	const char *figure;	/* as of a cell; NULL: none */
	int64_t org;		/* 0: none */
};
struct form_lines {
	int n;
	const struct form_line *at;
};

/* ---- shared by the forms ---- */

/* 填报单位 and 填表时间 on one line, with `middle` between them unless NULL. */
void form_heads(struct doc *doc, const struct form_head *head, const struct doc_head *middle);
/* A number, or an empty cell where it is FORM_UNKNOWN. */
void form_number(struct doc *doc, int64_t number);
/* A score as text ("88.50"): a figure with as many decimals; else a text. */
void form_score(struct doc *doc, const char *score);
/* Tenths of a percent of part in whole, half up; `whole` > 0. */
int64_t form_share_e1(int64_t part, int64_t whole);
/* Rows with a number in the first of `n` columns and nothing else. */
void form_blank_rows(struct doc *doc, int n_columns, int rows);
/* "五星级", "不定星"; "" for FORM_UNKNOWN. */
const char *form_stars(int stars);
/* "石桥镇" of "中共石桥镇委员会"; other names as they are. NULL without memory. */
const char *unit_place(struct arena *arena, const char *unit);
/* Who signs: "中共石桥镇委员会" for the place "石桥镇"; offices as they are called. NULL
 * without memory. */
const char *unit_office(struct arena *arena, const char *unit);
/* The same for a document, which fails without memory. */
const char *form_place_name(struct doc *doc, const char *unit);
const char *form_office(struct doc *doc, const char *unit);
/* Points as people write them: whole ones without decimals; FORM_UNKNOWN: empty. */
void form_points(struct doc *doc, int64_t points_e4);
/* Whether a text ends its sentence itself. */
bool form_ends(const char *text);
/* Below a ledger: who filled it in, who checked it, the seal. */
void form_signs(struct doc *doc);
/* The red head of a letter, where it is wanted. */
void form_red_head(struct doc *doc, const struct form_head *head);
/* Who issues it and the day, at the end of a letter. */
void form_sign(struct doc *doc, const struct form_head *head, const char *office);
/* The line at the end of the last paragraph. */
void form_add_line(struct doc *doc, const struct form_line *line);
/* "甲：还有 4 个没有完成，逾期 15 天": `days` 0 says nothing of them. */
struct form_late {
	struct form_line line;
	int64_t days;
};
void form_add_late(struct doc *doc, const struct form_late *late, const char *by);
/* A line to write on, behind a label or alone. */
#define FORM_WRITE "________________________"

/* ---- F1 软弱涣散基层党组织情况汇总表 (LD-11 form 1) ---- */

/* One sheet: a category of LD-11, or all. Figures carry `key`/orgs, …/kind0–2,
 * …/weak, …/criterion0–5. */
struct f01_sheet {
	const char *category, *key;
	int64_t orgs, kind[F01_KINDS], weak, criterion[F01_CRITERIA];
};
struct f01 {
	struct form_head head;
	int n;
	const struct f01_sheet *sheets;
};
/* The nine categories of LD-11, in the note's order. */
enum { F01_CATEGORIES = 9 };
const char *f01_category(int category);
const char *f01_criterion(int criterion);
void f01_make(struct doc *doc, const struct f01 *in);

/* ---- F2 软弱涣散基层党组织简要情况一览表, F3 换届选举难点村 (LD-11) ---- */

struct weak_org {
	int64_t org;
	const char *name;
	int64_t members;
	const char *problems, *measures, *election, *secretary, *phone;
};
struct f02 {
	struct form_head head;
	int n;
	const struct weak_org *orgs;
};
void f02_make(struct doc *doc, const struct f02 *in);
void f03_make(struct doc *doc, const struct f02 *in);

/* ---- F4 分类定级结果汇总表 (ZJ-14), F14 台账 (GZ-7), F15 评星结果 (ZJ-5) ---- */

struct graded_org {
	int64_t id;
	const char *name, *parent, *category, *secretary;
	int64_t members;
	const char *const *scores;	/* one for each source; "" or NULL: not shown */
	const char *score;		/* composite */
	int grade;			/* index into grades, or FORM_UNKNOWN */
	int stars;			/* or FORM_UNKNOWN */
	int64_t rank;			/* 0: none */
	const char *note;
	/* F14 */
	const char *findings, *decision, *goal, *measures, *owner;
	/* F15 */
	int approval;			/* index into levels, or FORM_UNKNOWN */
	const char *approved;		/* what the approving level said */
};
struct graded_list {
	struct form_head head;
	const char *scheme;		/* title of the scheme; NULL */
	int n_sources, n_grades, n_levels;
	const char *const *sources, *const *grades, *const *levels;
	int n;
	const struct graded_org *orgs;
	const char *draft;		/* not handed in yet; NULL: it is */
	unsigned approving;		/* bit per level that approves stars: the empty F15 has a sheet for each */
};
/* How many have the grade. Figures: "all", "graded", "ungraded", "grade0" …;
 * "stars5"; of F15 "stars5-2": five stars that level 2 approves. */
int graded_count(const struct graded_list *list, int grade);
/* "“好” 6 个，“较好” 9 个" at the end of the last paragraph. */
void graded_add_counts(struct doc *doc, const struct graded_list *list, bool zeros);
void f04_make(struct doc *doc, const struct graded_list *in);
void f14_make(struct doc *doc, const struct graded_list *in);
void f15_make(struct doc *doc, const struct graded_list *in);

/* ---- F5 分类定级量化评分表 (ZJ-9) ---- */

struct f05_line {
	const char *indicator;		/* the same text again: one merged cell */
	const char *item;		/* NULL: scored as a whole */
	const char *notes;
	int64_t max_e4;
	int64_t self_e4, committee_e4;	/* or FORM_UNKNOWN */
};
struct f05_org {
	int64_t org;
	const char *name, *category, *secretary;
	const char *draft;		/* its self-evaluation is not handed in; NULL */
	int n;
	const struct f05_line *lines;
};
struct f05 {
	struct form_head head;
	int n;
	const struct f05_org *orgs;	/* one sheet each */
};
void f05_make(struct doc *doc, const struct f05 *in);

/* The standards of each field, a sheet each (XN-5): what is asked, its points, the
 * grades and what they ask of the next year. */
struct f05_field {
	const char *category;
	const char *n_orgs;		/* "24 个": whom it is for */
	const char *figure;		/* they stand behind it */
	int n;
	const struct f05_line *lines;	/* without scores */
};
struct f05_grade {
	const char *label, *range, *goal;	/* range: "90 分及以上" */
};
struct f05_standard {
	struct form_head head;
	const char *scheme;
	int n, n_grades;
	const struct f05_field *fields;
	const struct f05_grade *grades;
};
void f05_standards_make(struct doc *doc, const struct f05_standard *in);

/* ---- F6 党员群众测评票, 测评汇总表 (ZJ-10, ZJ-11) ---- */

struct f06 {
	struct form_head head;
	const char *org;
	int64_t org_id;
	int n_questions, n_options, n_sheets;	/* n_sheets: pages of two ballots */
	const char *const *questions;		/* none: the organisation as a whole */
	const char *const *options;
};
/* Of each organisation its pages. */
void f06_ballots(struct doc *doc, int n, const struct f06 *in);

struct f06_class {
	const char *label;		/* 党员 */
	int64_t present, issued, returned, valid, spoiled;
	const int64_t *counts;		/* one for each option */
};
struct f06_tally {
	struct form_head head;
	const char *org, *question;	/* question NULL: the only one */
	int64_t org_id;
	int n_options, n_classes;
	const char *const *options, *const *points;	/* "100" */
	const struct f06_class *classes;
	const char *score;		/* of the ballots; NULL: not shown */
	const char *hidden;		/* why no counts are shown; NULL: they are */
	const char *together;		/* what is said of a box for several organisations; NULL */
};
/* One sheet for each. */
void f06_tallies(struct doc *doc, int n, const struct f06_tally *in);

/* ---- F7 后进党组织调查摸底表 (XN-5), F8 菜单式整顿台账 (HN-3), F9 整顿方案 (LD-5) ---- */

struct form_problem {
	const char *text, *cause, *measure, *goal, *leader, *owner, *deadline, *progress;
	const char *done;		/* 是否销号 */
};
struct form_case {
	int64_t org;
	const char *name, *parent, *category, *secretary, *phone;
	int64_t members;
	/* F7: "2025年\n较差" of the last graded year and its score ("": not shown), "2024年 一般 63.10" of the
	 * years before, a line each */
	const char *graded, *score, *before;
	const char *signs;		/* how the weakness shows (LD-5) */
	const char *leader, *support, *team, *first_secretary, *until;
	int n;
	const struct form_problem *problems;
};
struct case_list {
	struct form_head head;
	int n;
	const struct form_case *cases;
};
void f07_make(struct doc *doc, const struct case_list *in);
void f08_make(struct doc *doc, const struct case_list *in);
/* One plan for each case, a sheet each. */
void f09_make(struct doc *doc, const struct case_list *in);

/* ---- F10 公示 ---- */

struct f10 {
	struct form_head head;
	const char *scheme, *office;	/* 方案; whose decision: "镇党委" */
	const char *meeting;		/* "2026年11月20日镇党委会议"; NULL */
	const char *from, *to, *place, *phone, *address;
	bool show_stars, show_score, show_rank;
	const struct graded_list *list;
};
void f10_make(struct doc *doc, const struct f10 *in);

/* ---- F11 情况说明和工作总结 (ZJ-15) ---- */

struct f11_step {
	const char *label, *days;
	int64_t done, all;		/* figures "step0-done", "step0-all" … */
};
struct f11 {
	const struct graded_list *list;
	int first, last;		/* grades that are explained: the first and the last */
	int n_steps;
	const struct f11_step *steps;
};
void f11_make(struct doc *doc, const struct f11 *in);

/* ---- F12 验收表, 销号通知 (LD-10, CT-5) ---- */

struct f12_item {
	const char *label;
	int64_t max_e4, points_e4;	/* points: or FORM_UNKNOWN */
};
struct f12 {
	struct form_head head;
	const struct form_case *of;
	int n_items;
	const struct f12_item *items;
	int64_t pass_e4;
	const char *residents;		/* what they said, in figures; NULL */
	const char *verdict, *inspectors, *day;
	const char *number;		/* of the write-off; NULL: none yet */
	const char *office;		/* who writes off */
};
void f12_sheet(struct doc *doc, int n, const struct f12 *in);
void f12_notice(struct doc *doc, int n, const struct f12 *in);

/* ---- F13 督查通报 (LD-9), F16 领导一页纸, F17 催办文字 ---- */

struct form_count {
	const char *label, *figure, *figure_before;
	int64_t now, before;		/* before: last year, or FORM_UNKNOWN */
};
struct f13 {
	struct form_head head;
	const char *number, *from, *to;
	int64_t orgs, cases, written_off;	/* figures "orgs", "cases", "written-off", "open" */
	struct form_lines moved;
	int n_late;
	const struct form_late *late;
	struct form_lines first, last;
};
void f13_make(struct doc *doc, const struct f13 *in);

struct f16 {
	struct form_head head;
	const char *campaign;
	int64_t orgs, graded;
	int n_counts, n_late;
	const struct form_count *counts;
	const struct form_late *late;
	struct form_lines first, last, decide;
};
void f16_make(struct doc *doc, const struct f16 *in);

struct f17 {
	struct form_head head;
	const char *campaign;
	int n_late;
	const struct form_late *late;
};
void f17_make(struct doc *doc, const struct f17 *in);

/* ---- F18 自选列统计 ---- */

struct f18 {
	struct form_head head;
	const char *title;
	int64_t n;			/* rows, figure "all"; FORM_UNKNOWN: not told */
	int n_columns;
	const struct doc_column *columns;
	struct doc_source rows;
};
void f18_make(struct doc *doc, const struct f18 *in);

#endif
