/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a year of rectification comes to, for the yearly examination and the appraisal
 * of secretaries (HN-7): which of the figures a case counts for. Pure; the same
 * turns give the same figures whenever they are asked for.
 */
#ifndef JW_DOMAIN_RECTIFIED_H
#define JW_DOMAIN_RECTIFIED_H

#include "domain/ledger.h"

/* Stored; never renumber. */
enum rectified {
	RECTIFIED_CARRIED = 0,		/* in the ledger when the year began */
	RECTIFIED_LISTED = 1,		/* decided upon within the year */
	RECTIFIED_WRITTEN_OFF = 2,	/* within the year, and has not come back by its end */
	RECTIFIED_IN_TIME = 3,		/* of these: accepted, and each problem done, by its deadline */
	RECTIFIED_OPEN = 4,		/* still in the ledger at the end */
	RECTIFIED_OVERDUE = 5,		/* of these: the case's or a problem's deadline is over */
	RECTIFIED_REJECTED = 6,		/* failed an acceptance within the year */
	RECTIFIED_RELAPSED = 7,		/* within the year */
	RECTIFIED_STUCK = 8,		/* of those still in the ledger: no change for years (CT-9) */
	RECTIFIED_COUNT,
};

/* A change of state that these figures look at; others may be left out. */
struct rectified_turn {
	enum case_act act;
	int32_t day;
};

struct rectified_facts {
	const struct rectified_turn *turns;	/* of the case, as they happened */
	int n_turns;
	int32_t deadline;		/* of the case; 0: none */
	int32_t accepted_day;		/* of the last round */
	bool done_late;			/* a problem of the last round was done after its deadline */
	int32_t open_deadline;		/* the first of the problems still open; 0: none */
	bool stuck;			/* ALARM_STUCK */
};

/* The last day that counts for a year, asked on `today`: the year's last, or today. */
int32_t rectified_as_of(int year, int32_t today);

/* Bits 1 << enum rectified. Turns after `as_of` are left out of account. */
uint32_t rectified_of(const struct rectified_facts *facts, int year, int32_t as_of);

const char *rectified_id(enum rectified figure);	/* "written-off" */
const char *rectified_label(enum rectified figure);	/* "今年销号" */

#endif
