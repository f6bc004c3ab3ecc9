/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's rows: cases with reasons, events, problems, helpers, money and
 * the papers of their end. An organisation has one case; a relapse is a further
 * round of it. Events are only appended. Rows of a case have its organisation's
 * region. Texts are never NULL; days are yyyymmdd, 0 where unknown.
 */
#ifndef JW_STORE_CASE_H
#define JW_STORE_CASE_H

#include "base/arena.h"
#include "db/db.h"
#include "domain/ledger.h"

enum {
	CASE_ROWS_MAX = 1000,		/* of one case, of each sort */
	CASE_LIST_MAX = 10000,		/* cases of one list */
	CASE_BECAUSE_AGGRAVATING = 100,	/* beside enum rectify_because */
};

/* Stored; never renumber. */
enum case_election { ELECTION_NONE, ELECTION_POSTPONED, ELECTION_PLANNED, ELECTION_HELD };
enum helper_kind {
	HELPER_LEADER = 0,		/* 联系领导 */
	HELPER_FIRST_SECRETARY = 1,
	HELPER_CADRE = 2,		/* 包村干部 */
	HELPER_UNIT = 3,		/* 帮扶单位 */
	HELPER_TEAM = 4,		/* 工作班子 */
	HELPER_ADVISER = 5,		/* 党建指导员 */
	HELPER_PAIR = 6,		/* 结对 */
	HELPER_REPORTING = 7,		/* 在职党员报到: employed members who report to a community (LD-8) */
	HELPER_KINDS,
};
enum secretary_was { SECRETARY_VACANT, SECRETARY_UNFIT };
enum evidence_verdict { EVIDENCE_UNSEEN, EVIDENCE_GOOD, EVIDENCE_EXPLAINED, EVIDENCE_BAD };

struct ledger_case {
	int64_t id, org, campaign;
	int year;
	enum case_state state;
	int round, attempt;
	bool priority;
	int32_t opened_day, deadline;
	const char *seen;
	int64_t assessed_by, reviewed_by;
	int32_t assessed_day, reviewed_day, meeting_day;
	const char *meeting_no, *decision, *shows;
	int support_kind;
	int32_t published_day, started_day, reported_day, accepted_day, written_off_day;
	int number, number_year;
	enum case_election election;
	int32_t election_day;
	const char *election_note;
	int64_t version;
	/* Read only. */
	const char *org_code, *org_name, *org_path, *secretary, *parent_name;
	int64_t parent;
	int64_t members;
};

/* Sets `id` and version 1. ERR_CONFLICT: the organisation has a case. */
int store_case_insert(struct db_tx *tx, struct ledger_case *c);

/* Writes all but id and org; ERR_CONFLICT where it is no longer at `version`,
 * which grows by one. */
int store_case_update(struct db_tx *tx, struct ledger_case *c);

/* 1, 0 or an error. */
int store_case_get(struct db_tx *tx, int64_t id, struct arena *arena, struct ledger_case *ret_case);
int store_case_of_org(struct db_tx *tx, int64_t org, struct arena *arena,
		      struct ledger_case *ret_case);

/* Cases of organisations below and with the path; `state` -1: any. By path. */
int store_case_list(struct db_tx *tx, const char *path, int state, struct arena *arena,
		    struct ledger_case **ret_cases, int *ret_n);

/* How many of them are in each state. */
int store_case_counts(struct db_tx *tx, const char *path, int64_t ret_counts[CASE_STATE_COUNT]);

/* The next write-off number of the county in the year, from 1. */
int store_case_number(struct db_tx *tx, int64_t region, int year, int *ret_number);

/* ---- reasons and events ---- */

struct case_reason {
	int seq, round;
	int because;			/* enum rectify_because, or CASE_BECAUSE_AGGRAVATING */
	const char *ref, *label, *seen;
	int32_t day;
	const char *who;
	int64_t at_ms;
};
int store_case_reason_add(struct db_tx *tx, int64_t case_id, const struct case_reason *reason);
int store_case_reasons(struct db_tx *tx, int64_t case_id, struct arena *arena,
		       struct case_reason **ret_reasons, int *ret_n);

/* Where a page holds its snapshot (db_hold): one question for what is going to be asked
 * of all cases below a path, one after the other; elsewhere nothing. */
int store_case_reasons_know(struct db_tx *tx, const char *path);
int store_problems_know(struct db_tx *tx, const char *path);
int store_helpers_know(struct db_tx *tx, const char *path);
int store_visits_know(struct db_tx *tx, const char *path);
int store_sheets_know(struct db_tx *tx, const char *path);
int store_evidence_know(struct db_tx *tx, const char *path);

struct case_event {
	int64_t case_id;		/* read only */
	int seq, round;
	int64_t at_ms;
	int32_t day;
	int64_t account;
	const char *who;
	int act;			/* enum case_act, or a CASE_EVENT */
	enum case_state before, after;
	const char *text;
	const char *org_name;		/* read only, of lists */
};
int store_case_event_add(struct db_tx *tx, int64_t case_id, const struct case_event *event);
/* Oldest first. */
int store_case_events(struct db_tx *tx, int64_t case_id, struct arena *arena,
		      struct case_event **ret_events, int *ret_n);
/* Of all cases below a path in a span of time, oldest first, at most
 * CASE_LIST_MAX: for the bulletin. */
int store_case_events_between(struct db_tx *tx, const char *path, int64_t from_ms, int64_t to_ms,
			      struct arena *arena, struct case_event **ret_events, int *ret_n);

/* ---- problems ---- */

struct case_problem {
	int64_t id, case_id;
	int round, place;
	const char *title, *ref, *cause, *measure, *goal;
	int32_t deadline;
	const char *owner, *post, *phone;
	enum problem_state state;
	int percent;
	const char *result;
	int32_t done_day, verified_day;
	const char *verified_by, *verdict, *extended;
	int64_t version;
	int64_t org;			/* read only, of lists */
	const char *org_name;
	enum case_state case_state;
};
/* id 0: a new one, whose id, place and version are set; else written over what
 * is there (ERR_CONFLICT: not at `version`). */
int store_problem_put(struct db_tx *tx, struct case_problem *problem);
int store_problem_get(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct case_problem *ret_problem);
/* Of one round; 0: all. */
int store_problems(struct db_tx *tx, int64_t case_id, int round, struct arena *arena,
		   struct case_problem **ret_problems, int *ret_n);
/* Of the current rounds of all cases below a path, by deadline. */
int store_problems_below(struct db_tx *tx, const char *path, struct arena *arena,
			 struct case_problem **ret_problems, int *ret_n);

struct case_progress {
	int64_t problem;
	int seq;
	int32_t day;
	int percent;
	const char *text, *who;
	int64_t at_ms;
};
int store_progress_add(struct db_tx *tx, const struct case_progress *progress);
/* Of all problems of a case, oldest first. */
int store_progress(struct db_tx *tx, int64_t case_id, struct arena *arena,
		   struct case_progress **ret_progress, int *ret_n);

struct case_evidence {
	int64_t attachment;
	enum evidence_verdict verdict;
	const char *note, *who;
	int64_t at_ms;
};
int store_evidence_put(struct db_tx *tx, const struct case_evidence *evidence);
/* Of the files of an organisation. */
int store_evidence(struct db_tx *tx, int64_t org, struct arena *arena,
		   struct case_evidence **ret_evidence, int *ret_n);

/* ---- help ---- */

struct case_helper {
	int seq;			/* 0: new */
	enum helper_kind kind;
	const char *name, *post, *phone;
	int support_kind;		/* -1 */
	int every_days;
	int32_t from_day, to_day;
	const char *why;
};
int store_helper_put(struct db_tx *tx, int64_t case_id, struct case_helper *helper);
int store_helpers(struct db_tx *tx, int64_t case_id, struct arena *arena,
		  struct case_helper **ret_helpers, int *ret_n);

struct case_visit {
	int64_t case_id;		/* read only */
	int seq, helper;
	const char *name;
	int32_t day;
	const char *text;
	int64_t account, at_ms;
};
int store_visit_add(struct db_tx *tx, int64_t case_id, const struct case_visit *visit);
int store_visits(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_visit **ret_visits, int *ret_n);

struct case_secretary {
	int seq;			/* 0: new */
	enum secretary_was was;
	int32_t since_day;
	const char *old_name, *new_name, *source;
	int32_t new_day;
	int training_days;
	const char *note;
};
int store_secretary_put(struct db_tx *tx, int64_t case_id, struct case_secretary *secretary);
int store_secretaries(struct db_tx *tx, int64_t case_id, struct arena *arena,
		      struct case_secretary **ret_secretaries, int *ret_n);

struct case_money {
	int64_t org;
	int year;
	const char *kind, *label;
	int64_t cents;
	const char *note;
};
int store_money_put(struct db_tx *tx, const struct case_money *money);
int store_money(struct db_tx *tx, int64_t org, struct arena *arena, struct case_money **ret_money,
		int *ret_n);

/* ---- the end ---- */

enum sheet_outcome { SHEET_OPEN, SHEET_PASSED, SHEET_FAILED };
struct case_sheet {
	int round, attempt;
	int32_t day;
	const char *items;		/* "label\tmax_e4\tgiven_e4\n" … */
	int64_t score_e4, pass_e4;
	const char *acceptors;
	bool on_spot;
	int64_t heard, satisfied, dissatisfied;
	const char *how, *veto, *opinion;
	enum sheet_outcome outcome;
	const char *who;
	int64_t at_ms;
};
int store_sheet_put(struct db_tx *tx, int64_t case_id, const struct case_sheet *sheet);
int store_sheets(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_sheet **ret_sheets, int *ret_n);

struct case_lookback {
	int round, seq;
	int32_t due_day, done_day;
	bool good;
	const char *text, *who;
};
int store_lookback_put(struct db_tx *tx, int64_t case_id, const struct case_lookback *lookback);
int store_lookbacks(struct db_tx *tx, int64_t case_id, struct arena *arena,
		    struct case_lookback **ret_lookbacks, int *ret_n);

/* What alarms ask of a case's help: days 0 and training 0 where there is nothing. */
struct case_help_facts {
	int64_t case_id;
	int32_t support_ended_day;	/* the first support unit that left since the case was opened */
	int32_t last_visit_day, new_secretary_day;
	int training_days;		/* of the last new secretary */
};
/* Of all cases below a path (at most CASE_LIST_MAX), by number: one question for all. */
int store_case_help_facts(struct db_tx *tx, const char *path, struct arena *arena,
			  struct case_help_facts **ret_facts, int *ret_n);

#endif
