/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boundary table of a meeting (campaign.md, "Meeting"): who stands next to
 * each grade's line, each quota and each cap of stars, on both sides, and what
 * one point more or less would change. Every answer is the engine's: a "what
 * if" is a grading with that one figure changed.
 */
#ifndef JW_DOMAIN_BOUNDARY_H
#define JW_DOMAIN_BOUNDARY_H

#include "domain/explain.h"

enum boundary_kind {
	BOUNDARY_GRADE,		/* the lowest score of a grade */
	BOUNDARY_QUOTA,		/* who was moved down, who was not */
	BOUNDARY_STARS,		/* who got the last stars under a cap */
};

enum {
	BOUNDARY_GROUPS_MAX = 64,	/* different groups of one table; further ones are left out */
	BOUNDARY_OTHERS_MAX = 8,	/* others named in one change */
};

struct boundary_line {
	enum boundary_kind kind;
	int index;			/* of the grade, the quota or the rule */
	uint32_t above, below;		/* next to the line; ORG_NONE: nobody */
	uint32_t above_equals, below_equals;	/* others level with them */
	struct explain_quota quota;	/* BOUNDARY_QUOTA */
	struct explain_stars stars;	/* BOUNDARY_STARS */
};

struct boundary {
	int n, cap;
	struct boundary_line *lines;	/* grades from the top, quotas, stars */
	bool more;			/* groups were left out */
};

/* The table for the organisations `nodes` (those of a committee). Grade lines
 * are among them; groups of quotas and stars may reach further. ERR_NOMEM. */
int boundary_run(struct boundary *ret_boundary, const struct graded *graded, struct orgs *orgs,
		 const uint32_t *nodes, size_t n, unsigned threads);
void boundary_done(struct boundary *boundary);

/* The source whose points a meeting can talk about: the committee's, else the
 * first that is no ballot; -1: there is none. */
int boundary_source(const struct scheme *scheme);

/* What would be with one point more (sign 1) or less (-1) in that source. */
struct boundary_change {
	bool possible;			/* the source's figure stays within 0 and its maximum */
	uint64_t score;			/* published, in 10^-places */
	uint8_t grade, stars;		/* its own */
	bool changes;			/* somebody's grade or stars */
	uint32_t n_others;		/* others whose grade or stars change */
	uint32_t others[BOUNDARY_OTHERS_MAX];
	uint8_t others_grade[BOUNDARY_OTHERS_MAX], others_stars[BOUNDARY_OTHERS_MAX];
};

/* `book` is graded->book, changed and put back; `scratch` is zeroed before the
 * first call, keeps its memory between calls, and ends with graded_done. The
 * node is graded. ERR_NOMEM. */
int boundary_point(const struct graded *graded, struct book *book, struct orgs *orgs,
		   struct graded *scratch, uint32_t node, int source, int sign, unsigned threads,
		   struct boundary_change *ret_change);

#endif
