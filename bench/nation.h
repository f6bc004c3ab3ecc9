/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A made-up nation for benchmarks: a tree of organisations with their scores
 * and ballots, every figure a pure function of the seed and the organisation's
 * number. Nothing is kept but the tree, so that rows can be written in any
 * order, by any thread, always the same.
 *
 * Points come in halves and quarters and ballots in small numbers, so that
 * exact ties and scores that end on a rounding edge are frequent. Some scores
 * are missing, some turnouts fail, some organisations are outside the scheme.
 */
#ifndef JW_BENCH_NATION_H
#define JW_BENCH_NATION_H

#include <stdbool.h>
#include <stdint.h>

enum {
	NATION_LEVELS = 5, /* province, city, county, township, unit */
	NATION_UNIT = 4,
	NATION_INDICATORS = 7,
	NATION_OPTIONS = 5,   /* good, fair, average, poor, spoiled */
	NATION_CODE_MAX = 16, /* bytes of a code with its NUL */
	NATION_UNITS_MAX = 20000000,
	NATION_NO_POINTS = 255, /* a missing score */
};

/* The nodes of a level are numbered from 0; the children of node i of a level
 * are numbers first[i] … first[i + 1] - 1 of the next level. */
struct nation {
	uint64_t seed;
	uint32_t count[NATION_LEVELS];
	uint32_t *first[NATION_UNIT];
	char (*code[NATION_LEVELS])[NATION_CODE_MAX];
	uint32_t *ballots_before; /* [units + 1]: ballots of the units before */
	uint32_t *ballot_hint;    /* the unit of ballot 0, 64, 128 … */
};

/* One organisation's figures. */
struct nation_unit {
	const char *field; /* "" : outside every category */
	uint32_t members, residents;
	uint32_t ballots[2][NATION_OPTIONS]; /* of members, of residents */
};

/* Points in quarters (NATION_NO_POINTS: missing); `any` false: no row. */
struct nation_scores {
	bool any;
	uint8_t quarters[NATION_INDICATORS];
};

/* The nation of `units` (1 … NATION_UNITS_MAX) graded organisations. Returns
 * false without memory. `nation_done` frees it. */
bool nation_init(struct nation *ret_nation, uint64_t seed, uint32_t units);
void nation_done(struct nation *nation);

/* Total number of ballots. */
uint32_t nation_ballots(const struct nation *nation);

struct nation_unit nation_unit(const struct nation *nation, uint32_t unit);

/* The scores of a unit by the committee or by itself. */
struct nation_scores nation_scores(const struct nation *nation, uint32_t unit, bool self);

/* The unit, voters (0 members, 1 residents) and option of the i-th ballot. */
void nation_ballot(const struct nation *nation, uint32_t i, uint32_t *ret_unit, int *ret_voters,
		   int *ret_option);

/* A name in Chinese, appended at `out` (at most 40 bytes); returns its end. */
char *nation_name(const struct nation *nation, int level, uint32_t node, char *out);

/* A permutation of 0 … n - 1 that needs no memory: four Feistel rounds, walked
 * until the value falls below n. The same `key` gives the same permutation. */
uint32_t nation_shuffle(uint64_t key, uint32_t i, uint32_t n);

#endif
