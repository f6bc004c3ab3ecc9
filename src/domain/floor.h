/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor under small groups (spec: ballots.md, "Small groups"): which
 * figures of an organisation may be shown to whom. Pages, exports, API, forms
 * and explanations all ask here and nowhere else.
 *
 *   - Counts of a class with 1 to 4 ballots are shown pooled with the other
 *     class; counts of fewer than 5 ballots in all are never shown.
 *   - Where a figure computed from ballots would give such counts away, people
 *     below the approving level see the grade alone: with the weights and the
 *     other scores known, the composite gives the ballots away.
 *   - A sum over organisations is shown only if nobody can subtract the ones
 *     he sees and be left with too few ballots.
 *
 * How many have voted is no secret.
 */
#ifndef JW_DOMAIN_FLOOR_H
#define JW_DOMAIN_FLOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/level.h"
#include "domain/scheme.h"

enum { FLOOR_BALLOTS = 5 };

/* What of one organisation may be shown; bits. */
enum floor_show {
	FLOOR_BY_CLASS = 1 << 0,	/* counts of each class of voters */
	FLOOR_POOLED = 1 << 1,		/* counts of both together */
	FLOOR_SHARES = 1 << 2,		/* scores of the sources that are ballots */
	FLOOR_COMPOSITE = 1 << 3,	/* composite, its rank, and other sources beside it */
	FLOOR_GRADE = 1 << 4,
	FLOOR_ALL = (1 << 5) - 1,
};

struct floor_case {
	/* Ballots there are of each class, spoiled ones included. */
	uint64_t ballots[VOTERS_COUNT];
	/* The scheme has a source by ballots of one class only (GZ-4): a class's
	 * own share enters the composite with its own weight. */
	bool class_alone;
	/* Who looks holds a right at the approving level, or above. */
	bool approves;
};

/* What `class_alone` is for the organisations of a scheme. */
bool floor_class_alone(const struct scheme *scheme);

/* Bits of enum floor_show. Without any ballot all may be shown. */
unsigned floor_of(const struct floor_case *what);

/*
 * May a sum of counts (or a mean of scores by ballots) over organisations be
 * shown beside the organisations themselves? `hidden`: those whose figure is
 * withheld; `ballots`: theirs together.
 */
bool floor_sum(uint64_t hidden, uint64_t ballots);

#endif
