/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small grading built by hand: a scheme from text, nodes, points and ballots,
 * without files. Everything that fails on the way fails the test.
 */
#ifndef JW_TESTS_DOMAIN_TOWN_H
#define JW_TESTS_DOMAIN_TOWN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/summary.h"

/* Two sources by ballots, one by points and one by indicators; two categories.
 * `{}` takes further sections. */
extern const char town_scheme_text[];

struct town {
	struct scheme scheme;
	struct orgs orgs;
	struct local local;
	struct book book;
	struct graded graded;
};

/* Reads a scheme; `more` (may be NULL) are sections added at its end. */
void town_init(struct town *town, const char *scheme, const char *more);
void town_done(struct town *town);

/* Adds a node and returns it. `parent` NULL: a root. */
uint32_t town_add(struct town *town, const char *code, const char *parent, enum level level,
		  uint8_t field);

/* After the last node: finishes the tree and opens the book. */
void town_open(struct town *town);

/* One rater's figure for a source by points, or for the first leaf. */
void town_points(struct town *town, uint32_t node, const char *source, uint32_t rater,
		 uint32_t points_e4);
void town_vote(struct town *town, uint32_t node, enum voters voters, int option, uint32_t count);

/* Closes the book and grades. */
void town_grade(struct town *town, unsigned threads);

/* A random number below `n` (> 0) from a seed that moves on. */
uint64_t town_random(uint64_t *seed, uint64_t n);

#endif
