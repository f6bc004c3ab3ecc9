/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Grading: from a finished score book to grades, ranks, stars and approval
 * (grading.md, rules 6–10), for one organisation or for a nation of them.
 *
 * Everything is per node, in the order of the organisations; the result does
 * not depend on the number of threads or the order of the input's rows.
 */
#ifndef JW_DOMAIN_GRADE_H
#define JW_DOMAIN_GRADE_H

#include "domain/compose.h"

enum grade_status {
	STATUS_GRADED,
	STATUS_OUTSIDE,		/* its field is empty or in no category, or its kind is not graded */
	STATUS_MISSING,		/* a source is missing */
	STATUS_TURNOUT,		/* too few ballots */
	STATUS_NODE = 0xFE,	/* no organisation of the graded level */
};

#define GRADE_NONE 0xFF
#define STARS_NONE 0xFF
#define LEVEL_NONE 0xFF
#define QUOTA_NONE 0xFF

struct graded {
	const struct scheme *scheme;	/* borrowed, as the next two */
	const struct orgs *orgs;
	const struct book *book;
	struct compose compose;

	uint8_t *status;	/* enum grade_status */
	uint64_t *key;		/* composite (compose.h) where graded; else why not, as bits */
	uint8_t *score_grade;	/* by the score alone; GRADE_NONE where not graded */
	uint8_t *grade;		/* after quotas */
	uint8_t *quota;		/* the quota that gave the grade; QUOTA_NONE: the score did */
	uint32_t *rank;		/* from 1; 0 where not graded */
	uint8_t *stars;		/* STARS_NONE: no rule gives any */
	struct ranking *ranking;	/* memory of the ranking, kept for the next run */
	struct groups
		*groups; /* who is in which group of a quota or a cap, kept for the next run */
	struct standing *standing;	/* what holds until rules about ballots change */
	void *spare;		/* memory that somebody gave back (grade_once) */
	size_t spare_size;

	uint32_t n_orgs;	/* of the graded level */
	uint32_t n_graded;
};

/* Grades. `threads` ≥ 1. ERR_NOMEM. `orgs` gets the ancestors it lacks. */
int grade_run(struct graded *ret_graded, const struct scheme *scheme, struct orgs *orgs,
	      const struct book *book, unsigned threads);

/* The same again with the memory of an earlier run (after a change of rules
 * that keeps categories, indicators, options and sources). What ballots say and
 * who lacks what is made again only if options' points, voters or turnout
 * changed; so a card's points may change between runs, but not whose are missing. */
int grade_again(struct graded *graded, const struct scheme *scheme, struct orgs *orgs,
		unsigned threads);

/* As grade_run for who grades once: the same results, in less memory. The ballots of
 * the book, the organisations' index and numbers of voters and what only grade_again
 * would need are given back (book_count, orgs_find and orgs->eligible must not be asked
 * any more). */
int grade_once(struct graded *ret_graded, const struct scheme *scheme, struct orgs *orgs,
	       struct book *book, unsigned threads);

/* Gives back what sources came to: graded->compose must not be asked any more. */
void graded_drop_sources(struct graded *graded, struct book *book);

void graded_done(struct graded *graded);

/* The published score in units of 10^-places; only where graded. */
static inline uint64_t graded_score(const struct graded *g, uint32_t node)
{
	return key_published(g->key[node], g->scheme->places);
}

/* The level that approves a grade with stars (or STARS_NONE), or LEVEL_NONE (rule
 * 10); its value for an organisation that is graded. */
uint8_t approval_level(const struct scheme *scheme, uint8_t grade, uint8_t stars);
static inline uint8_t graded_approval(const struct graded *g, uint32_t node)
{
	return approval_level(g->scheme, g->grade[node], g->stars[node]);
}

/* Sources that are missing as bits; 0 unless that is the status. */
static inline uint32_t graded_missing(const struct graded *g, uint32_t node)
{
	return g->status[node] == STATUS_MISSING ? (uint32_t)g->key[node] : 0;
}

/* Turnout rules that fail as bits; 0 unless that is the status. */
static inline uint64_t graded_failed_turnout(const struct graded *g, uint32_t node)
{
	return g->status[node] == STATUS_TURNOUT ? g->key[node] : 0;
}

/* A threshold in units of the published score, rounded up: published scores
 * reach it exactly when they reach `from_e4`. */
uint64_t score_in_places(int32_t from_e4, int places);

/* Appends the status as files have it: "graded", "outside",
 * "missing:committee+self", "turnout:member+resident,member". */
void graded_status_text(const struct graded *g, uint32_t node, struct buf *buf);

/* > 0 if `a` stands higher: composite, then ties; both graded. */
int graded_compare(const struct graded *g, uint32_t a, uint32_t b, bool *failed);

#endif
