/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key dates of a year's rectification (HN-4, HN-5, LD-11): what each committee
 * has to have done or handed in by which day, read off the ledger or marked by
 * whoever receives it, and who is late.
 */
#ifndef JW_APP_KEY_DATES_H
#define JW_APP_KEY_DATES_H

#include "app/ledger.h"

enum key_sort {
	KEY_LIAISON,		/* a name and a phone in the roster (HN-4) */
	KEY_PICK,		/* nobody is left out, every candidate is decided */
	KEY_PLAN,		/* every case has its plan: the ledger itself */
	KEY_WORK,		/* every case has been reported on */
	KEY_ACCEPT,		/* every case is accepted */
	KEY_PAPER,		/* handed in: marked by who receives it */
	KEY_NOTE,		/* a day to know; nothing is counted */
};

struct key_date {
	const char *id, *label, *notes;	/* of the scheme's report or step */
	enum key_sort sort;
	enum scheme_who who;
	int32_t from_day, day;
	int n_done;			/* committees; some of them late */
	int n_late;			/* not done, and the day is over */
	int n_done_late;
};

/* What one committee has done by one date. */
struct key_cell {
	int open;			/* cases or organisations that are not through; KEY_PAPER: unused */
	bool done;
	int32_t done_day;		/* KEY_PAPER: when it was received */
	const char *note;
	int late;			/* days; 0: not late */
};

struct key_committee {
	int64_t id;
	const char *name, *secretary, *liaison, *phone, *other;
	struct key_cell *cells;		/* [n_dates] */
};

enum { KEY_DATES_MAX = 40, KEY_COMMITTEES_MAX = 500 };

struct key_dates {
	struct campaign campaign;
	const struct scheme *scheme;
	struct org node;
	struct key_date *dates;		/* by day */
	int n_dates;
	struct key_committee *committees;	/* townships below and with the node, by path */
	int n_committees;
	bool cut;			/* more than KEY_COMMITTEES_MAX */
	bool may_mark;
};

/* ACTION_CASE_READ at `node`, an organisation of the campaign. */
int key_dates_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct key_dates *ret, struct err_info *info);

/* Received on a day; `day` 0 takes it back. ACTION_CASE_ACCEPT at the committee.
 * ERR_INPUT: no such report, a day to come. */
int key_dates_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   const char *report, int32_t day, const char *note, struct err_info *info);

#endif
