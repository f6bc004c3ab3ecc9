/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meetings of committees, the grades they change, and what regulators say
 * before (campaign.md, "Meeting"; GZ-7, ZJ-13, XS-3, XN-4).
 */
#ifndef JW_STORE_MEETING_H
#define JW_STORE_MEETING_H

#include "base/arena.h"
#include "db/db.h"

/* Stored; never renumber. */
enum meeting_kind {
	MEETING_GRADING = 0,	/* decides and orders the grades */
	MEETING_PROBLEMS = 1,	/* on the problems the year's grading showed (GZ-7) */
};

enum { MEETING_LIST_MAX = 500 };

struct meeting {
	int64_t id;			/* 0: new; carries the region of its node */
	int64_t campaign, node;
	enum meeting_kind kind;
	int32_t day;
	const char *title, *number, *chair, *recorder;
	int expected, present;
	const char *absent, *guests;
	int votes_yes, votes_no, votes_abstain;
	const char *decision;
	int64_t account, at_ms;
	const char *node_name;		/* read only */
};

/* Sets `id`. */
int store_meeting_insert(struct db_tx *tx, struct meeting *meeting);

/* 1, 0 or an error. */
int store_meeting_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
		      struct meeting *ret_meeting);

/* Of a node (0: of the whole campaign), latest first, at most MEETING_LIST_MAX. */
int store_meeting_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
		       struct meeting **ret_meetings, int *ret_n);

/* The nodes that have held one of this kind. */
int store_meeting_nodes(struct db_tx *tx, int64_t campaign, int kind, struct arena *arena,
			int64_t **ret_nodes, int *ret_n);

/* ---- adjusted grades ---- */

struct adjustment {
	int64_t org;
	int number;			/* of the organisation, from 1; 0: new */
	int64_t node;			/* the committee */
	int64_t meeting;		/* 0: noted down, not yet decided */
	int from_grade, to_grade;	/* to -1: back to what is computed */
	const char *reason;
	int64_t account, at_ms;
	const char *org_code, *org_name;	/* read only */
};

/* Notes one down; an earlier one that was not decided is replaced. */
int store_adjustment_note(struct db_tx *tx, int64_t campaign, const struct adjustment *adjustment);

/* Forgets what was noted down for an organisation; ERR_NOT_FOUND. */
int store_adjustment_drop(struct db_tx *tx, int64_t campaign, int64_t org);

/* All that a node noted down belongs to the meeting from now on. */
int store_adjustments_decide(struct db_tx *tx, int64_t campaign, int64_t node, int64_t meeting);

/* Of one organisation (`org` 0: all) of the campaign, by organisation and
 * number. */
int store_adjustment_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct adjustment **ret_adjustments, int *ret_n);

/* ---- opinions of regulators ---- */

/* Stored; never renumber. */
enum opinion_stance {
	OPINION_AGREES = 0,
	OPINION_DISAGREES = 1,
	OPINION_NONE = 2,		/* was asked, says nothing on it */
	OPINION_STANCES,
};

struct opinion {
	int64_t org;
	int number;			/* from 1; 0: new */
	const char *regulator;
	enum opinion_stance stance;
	const char *text;
	int32_t day;
	int64_t account, at_ms;
};

int store_opinion_add(struct db_tx *tx, int64_t campaign, const struct opinion *opinion);

/* Of one organisation, or of all (`org` 0); by organisation and number. */
int store_opinion_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		       struct opinion **ret_opinions, int *ret_n);

#endif
