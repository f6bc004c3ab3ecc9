/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is picked for rectification (spec: rectification.md, "Who is picked"):
 * each organisation with every reason of the scheme that holds for it; which
 * committees have named nobody though they must (HN-2); which kind of support
 * fits a weakness (CT-4). Pure.
 */
#ifndef JW_DOMAIN_CANDIDATE_H
#define JW_DOMAIN_CANDIDATE_H

#include "domain/scheme.h"

/* What is known of an organisation. Indices are those of the scheme. */
struct candidate_org {
	int64_t id;
	int64_t ancestor[LEVEL_COUNT];	/* the nearest organisation of each level; 0: none */
	int category;			/* -1: none */
	bool graded;
	int grade;			/* -1: none */
	const char *composite;		/* exact fraction, "18123/200"; "" unless graded */
	int64_t ballot_e4;		/* score of the ballots; -1: none */
	uint64_t criteria;		/* bit per criterion that holds */
	bool carried_over;		/* ranked lowest before and not written off since (LD-3) */
	const char *examination;	/* grade of last year's examination; "" if not kept */
	bool nominated;
};

/* One reason of one organisation. */
struct candidate_reason {
	int org;			/* index */
	int rule;			/* index into the scheme's `rectify` */
	int criterion;			/* BECAUSE_CRITERIA: which; else -1 */
	int place, of;			/* BECAUSE_BOTTOM: 209th of 213 */
};

/* All reasons, by organisation (in the order given), then by rule and
 * criterion; in `arena`. ERR_INPUT: a composite is no fraction; ERR_NOMEM. */
int candidates_find(const struct scheme *scheme, const struct candidate_org *orgs, int n,
		    struct arena *arena, struct candidate_reason **ret_reasons, int *ret_n);

/* Committees below the floor of `nominated`: nodes of that level among the
 * ancestors of `orgs` for which no organisation is nominated. */
struct candidate_floor {
	int64_t node;
	int named, wanted;
};
int candidates_floors(const struct scheme *scheme, const struct candidate_org *orgs, int n,
		      struct arena *arena, struct candidate_floor **ret_floors, int *ret_n);

/* < 0, 0, > 0 as fraction a is below, equal to or above b ("18123/200", "90").
 * Exact. *ret_bad where one is none. */
int fraction_compare(const char *a, const char *b, bool *ret_bad);

/* ---- answers of the survey ---- */

/* Is this answer a warning? `answer` as stored: "yes", "no", the index of a
 * choice, a number. */
bool survey_answer_is_red(const struct scheme_question *question, struct str answer);

/* A stored answer as people read it: "是", the choice's words, "3 次". In `arena`;
 * NULL: no memory. */
const char *survey_answer_words(const struct scheme_question *question, const char *answer,
				struct arena *arena);

/* What warnings speak for; `red` are `n` indices of the scheme's questions. */

/* Bit per criterion. */
uint64_t survey_criteria(const struct scheme *scheme, const int *red, int n);

/* The kind of support (CT-4) that most warnings ask for, the first in the
 * scheme's order of `support` where equal; -1: none. */
int survey_support_kind(const struct scheme *scheme, const int *red, int n);

#endif
