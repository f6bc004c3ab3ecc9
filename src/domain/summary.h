/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The roll-up: what every node above the graded level adds up to (grading.md,
 * "summary"). Means are of exact composites.
 */
#ifndef JW_DOMAIN_SUMMARY_H
#define JW_DOMAIN_SUMMARY_H

#include "domain/grade.h"

/* A node, or one category of its organisations. */
struct summary_cell {
	uint32_t orgs, graded;
	uint32_t grades[SCHEME_GRADES_MAX];
	uint32_t stars[SCHEME_STARS_MAX + 1];
	u128 key_sum;		/* Σ ⌊composite·2^23⌋ (compose.h) */
};

struct summary {
	const struct graded *graded;	/* borrowed */
	uint32_t *ordinal;		/* per node: place among the upper nodes, from 1; 0: none */
	uint32_t *upper;		/* per node: its nearest upper node, or ORG_NONE */
	uint32_t n_upper;
	uint32_t n_cells;		/* cells a node: each category, then those outside */
	struct summary_cell *cells;	/* [ordinal - 1][category] */
	/* Members of each upper node; made when a mean needs them. */
	uint32_t *first_member, *members, *first_child, *children;
};

/* ERR_NOMEM. Borrows `graded`. */
int summary_run(struct summary *ret_summary, const struct graded *graded);
void summary_done(struct summary *summary);

/* Whether a node has rows: those above the graded level. */
static inline bool summary_has(const struct summary *s, uint32_t node)
{
	return s->ordinal[node] != 0;
}

/* The figures of a node; category CATEGORY_NONE: of all its organisations.
 * False if the node has no organisation of that category (no row). */
bool summary_get(const struct summary *s, uint32_t node, uint8_t category,
		 struct summary_cell *ret_cell);

/* The mean of the exact composites, rounded half up, in 0.01 point; the cell
 * must have some graded. ERR_NOMEM. */
int summary_mean(struct summary *s, uint32_t node, uint8_t category,
		 const struct summary_cell *cell, uint64_t *ret_mean_e2);

#endif
