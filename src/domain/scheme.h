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

struct scheme_source {
	const char *id, *label;
	uint32_t weight_e6;
	enum source_by by;
	uint32_t voters;	/* bit per enum voters; 0 unless by ballots */
};

struct scheme_option {
	const char *id, *label;
	int32_t points_e4;
};

struct scheme_turnout {
	uint32_t voters;	/* bit per enum voters, never 0 */
	uint32_t at_least_e6;
	uint32_t everyone_below;	/* 0: no such rule */
};

struct scheme_grade {
	const char *id, *label;
	const char *goal;	/* next year's goal (GZ-6); "" if none */
	int32_t from_e4;	/* lowest published score; the last grade: INT32_MIN */
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

/* A list of texts. */
struct scheme_texts {
	int n;
	const char **at;
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
