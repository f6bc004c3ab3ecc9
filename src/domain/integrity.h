/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that find false figures (spec: integrity.md). Pure: what is known of a
 * county's organisations goes in, findings come out; each names the organisation
 * or committee, the figures, and why it might be harmless. It accuses nobody.
 */
#ifndef JW_DOMAIN_INTEGRITY_H
#define JW_DOMAIN_INTEGRITY_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum integrity_check {
	CHECK_REUSED, CHECK_COPIED, CHECK_INFLATED, CHECK_FLAT, CHECK_BALLOT_PATTERN,
	CHECK_WEAK_AS_GOOD, CHECK_GOOD_FOR_WEAK, CHECK_ABSENT_HELPERS, CHECK_LEFT_OUT,
	CHECK_BELOW_QUOTA, CHECK_QUICK, CHECK_PAPER_CONVERSION, CHECK_NO_SOURCE, CHECK_SUMS,
	CHECK_COUNT,
};
const char *integrity_id(enum integrity_check check);		/* "left-out" */
const char *integrity_label(enum integrity_check check);	/* "该列没列" */
const char *integrity_harmless(enum integrity_check check);	/* why it might be so honestly */

/* Thresholds; integrity_defaults has them all, a campaign may have its own. */
struct integrity_limits {
	int reused_share;	/* % of a committee's sheets equal to last year's */
	int copied_sheets;	/* equal sheets below one committee */
	int copied_chance;	/* … where by chance fewer than so many thousandths are expected */
	int copied_texts;	/* equal measures or reports below one committee */
	int copied_words;	/* characters; shorter texts are not compared */
	int inflated_points;	/* self above ballot, at least so many points … */
	int inflated_mads;	/* … and so many MADs above the committee's median */
	int flat_share;		/* % of a committee's sheets with the same sum */
	int few;		/* organisations below which a committee is not judged */
	int tally_least;	/* ballots of an equal tally, or of one with a single option */
	int quick_days;
	int unvisited_days;	/* a helper without a visit for so long */
};
extern const struct integrity_limits integrity_defaults;

/* The table of thresholds: what each is called, and between which numbers it may
 * be set. */
struct integrity_limit {
	const char *id;		/* "reused-share" */
	enum integrity_check check;	/* what it is a threshold of */
	const char *label, *unit;
	int min, max;
	size_t at;		/* where in struct integrity_limits */
};
enum { INTEGRITY_LIMITS = 12 };
extern const struct integrity_limit integrity_limit_table[INTEGRITY_LIMITS];
int *integrity_limit_of(struct integrity_limits *limits, int i);

struct integrity_org {
	int64_t id, parent;
	const char *name, *parent_name;
	bool graded;
	int grade, n_grades;		/* index from the top; -1 */
	int32_t graded_day;
	int last_grade;			/* last year's, of as many; -1 */
	const char *sheet, *last_sheet;	/* the committee's figures; "" none */
	int64_t sum_e4;			/* of the sheet; -1 none */
	int64_t self_e4, ballot_e4;	/* scores; -1 none */
	int64_t last_ballot_e4;		/* last year's; -1 none */
	const char *tally;		/* counts in words, equal where the counts are; "" none */
	int64_t voted, base;		/* ballots; who could have voted (-1 not known) */
	bool one_option;		/* all valid ballots for one option */
	bool everyone;			/* the rule asks for everyone here */
	bool counters;			/* the tally names who counted */
	bool few;			/* its ballots are below the floor of small groups: nothing of them is told */
	bool criterion;			/* a criterion of weakness holds */
	bool reason;			/* any reason to be in the ledger */
	const char *why;		/* the criterion, else the first reason, in words; "" */
	const char *unvisited;		/* names of the helpers without a visit; "" */
	bool listed, open, dropped;	/* has a case; is in the ledger; dropped with a reason */
	int32_t started_day, accepted_day, written_off_day;
	int n_problems, n_closed_one_day, n_closed_on_eve;
	int n_helpers, n_unvisited;
	const char *measures;		/* of all its problems; "" */
	const char *report;		/* the self-evaluation's words; "" */
	const char *paper;		/* mark of the report's file; "" */
	int n_unproved;			/* problems closed without a file that counts */
	bool no_meeting;		/* handed in, and its committee has no meeting on record */
};

/* What a rule asks of a committee: at least `wanted` of `what` ("较差", "村里的较差",
 * "提名"). */
struct integrity_quota {
	int64_t node;
	const char *name, *what;
	int wanted, have;
};

struct integrity_finding {
	enum integrity_check check;
	int64_t object;			/* organisation or committee */
	const char *name;
	const char *figures;
};

/* All findings, by check; `reported` are sums that a node reported beside what
 * its rows add up to. In `arena`. ERR_NOMEM. */
struct integrity_sum {
	int64_t node;
	const char *name, *what;
	int64_t reported_e4, rows_e4;
	bool own;			/* rows_e4 is what is known here, not the sum of the rows */
};
struct integrity_input {
	const struct integrity_org *orgs;
	int n_orgs;
	const struct integrity_quota *quotas;
	int n_quotas;
	const struct integrity_sum *sums;
	int n_sums;
};
int integrity_find(const struct integrity_input *input, const struct integrity_limits *limits,
		   struct arena *arena, struct integrity_finding **ret_findings, int *ret_n);

#endif
