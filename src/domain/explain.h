/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this score: the whole way of one organisation from its cells to its
 * grade, stars and approval (campaign.md, "Why this score"), as data. The
 * figures are the engine's own; nothing is computed a second way.
 */
#ifndef JW_DOMAIN_EXPLAIN_H
#define JW_DOMAIN_EXPLAIN_H

#include "domain/grade.h"

/* One figure a rater gave. Texts are borrowed from whoever collected it. */
struct explain_cell {
	int source;
	struct str rater;	/* empty: the one unnamed rater */
	int leaf;		/* from n_leaves on: local; of sources by points: -1 */
	int64_t points_e4;
};

/* An exact number, reduced: num ÷ den, both in decimal digits, and its value cut
 * (not rounded) to 10 decimals. */
struct explain_number {
	const char *num, *den, *decimal;
};

struct explain_source {
	struct explain_number score;	/* in points; num NULL: missing */
	struct explain_number product;	/* weight × score */
	uint32_t raters;		/* of sources by indicators or points */
	uint64_t sum_e4;		/* all raters' points together */
	uint64_t max_sum_e4;		/* if scaled: the sum of the maxima that hold */
	uint64_t valid;			/* of sources by ballots */
};

struct explain_turnout {
	uint64_t cast, eligible;
	uint64_t needed;	/* fewest ballots that would do */
	bool everyone;		/* few: all must vote */
	bool holds;
};

/* A scope's group: the node it hangs on (ORG_NONE: all, or those without such
 * an ancestor) and a category (CATEGORY_NONE: all). */
struct explain_group {
	bool all;
	uint32_t node;
	uint8_t category;
};

struct explain_quota {
	struct explain_group group;
	uint32_t in_scope, required, had;
	uint32_t moved;			/* organisations it moved down */
	bool moves_this;
	uint32_t last_moved, first_spared;	/* next to the line; ORG_NONE: nobody */
};

struct explain_stars {
	struct explain_group group;
	uint32_t of_grade;		/* organisations of the grade in the group */
	uint32_t cap, given;
	bool grade_fits, score_fits, gives_this;
	uint32_t last_given, first_left;	/* next to the line; ORG_NONE: nobody */
};

struct explanation {
	const struct graded *graded;	/* borrowed */
	struct arena arena;
	uint32_t node;
	size_t n_cells;
	const struct explain_cell *cells;	/* borrowed */
	struct explain_source sources[SCHEME_SOURCES_MAX];
	struct explain_turnout *turnout;	/* [scheme->n_turnout] */
	/* From here on only if graded. */
	struct explain_number composite;
	struct explain_quota *quotas;		/* [scheme->n_quotas] */
	struct explain_group rank_group;
	uint32_t rank_of, rank_equals;		/* graded in the group; equals of this one */
	uint32_t above, below;			/* neighbours by rank; ORG_NONE */
	struct explain_stars *stars;		/* [scheme->n_stars] */
};

/* Explains `node`, an organisation of the graded level. `cells` are what its
 * raters gave. ERR_NOMEM. */
int explain_run(struct explanation *ret_explanation, const struct graded *graded,
		struct orgs *orgs, uint32_t node, const struct explain_cell *cells, size_t n_cells,
		unsigned threads);
void explanation_done(struct explanation *explanation);

/* The group of a scope in which an organisation stands. */
struct explain_group explain_group_of(const struct graded *graded, const struct scope *scope,
				      uint32_t node);

/* The composite of a graded one, exactly; texts in `arena`. ERR_NOMEM. */
int explain_composite(const struct graded *graded, uint32_t node, struct arena *arena,
		      struct explain_number *ret_composite);

/* A turnout rule for one organisation. */
struct explain_turnout explain_turnout_of(const struct graded *graded, int rule, uint32_t node);

#endif
