/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a case (spec: rectification.md, "A case"): its states, THE table
 * of what leads from one to another, and what each step needs. Pure: all that
 * is known of a case is an argument; what is missing is told line by line
 * ("not yet, because …"). One organisation has one case; a relapse goes on with
 * it in a further round.
 */
#ifndef JW_DOMAIN_LEDGER_H
#define JW_DOMAIN_LEDGER_H

#include "base/arena.h"
#include "base/err.h"
#include "domain/scheme.h"

/* Stored; never renumber. */
enum case_state {
	CASE_CANDIDATE = 0,
	CASE_ASSESSED = 1,
	CASE_REVIEWED = 2,
	CASE_APPROVED = 3,
	CASE_PLANNED = 4,
	CASE_RECTIFYING = 5,
	CASE_REPORTED = 6,
	CASE_ACCEPTED = 7,
	CASE_WRITTEN_OFF = 8,		/* and watched: look-backs */
	CASE_SETTLED = 9,
	CASE_DROPPED = 10,
	CASE_RELAPSED = 11,
	CASE_STATE_COUNT,
};

/* Stored in events; never renumber. */
enum case_act {
	CASE_ASSESS = 0,
	CASE_REVIEW = 1,
	CASE_APPROVE = 2,
	CASE_DROP = 3,
	CASE_TAKE_UP = 4,		/* a dropped one becomes a candidate again */
	CASE_PLAN = 5,
	CASE_RETURN_PLAN = 6,
	CASE_START = 7,
	CASE_REPORT = 8,
	CASE_REJECT = 9,
	CASE_ACCEPT = 10,
	CASE_WRITE_OFF = 11,
	CASE_SETTLE = 12,
	CASE_RELAPSE = 13,
	CASE_ACT_COUNT,
	/* Events that change no state. */
	CASE_EVENT_LISTED = 20,
	CASE_EVENT_REASON = 21,
	CASE_EVENT_PROBLEM = 22,
	CASE_EVENT_PROGRESS = 23,
	CASE_EVENT_EXTEND = 24,
	CASE_EVENT_VERIFY = 25,
	CASE_EVENT_EVIDENCE = 26,
	CASE_EVENT_HELPER = 27,
	CASE_EVENT_VISIT = 28,
	CASE_EVENT_SECRETARY = 29,
	CASE_EVENT_ELECTION = 30,
	CASE_EVENT_MONEY = 31,
	CASE_EVENT_SHEET = 32,
	CASE_EVENT_LOOKBACK = 33,
	CASE_EVENT_CHECK = 34,
	CASE_EVENT_PUBLISH = 35,
	CASE_EVENT_PARTICULARS = 36,
	CASE_EVENT_REMINDER = 37,
};

/* Who makes a change; app/ knows which right that is. */
enum case_actor {
	CASE_BY_LEDGER,		/* keeps the ledger: township and above */
	CASE_BY_BRANCH,		/* works on it: the branch, or the township for it */
	CASE_BY_ABOVE,		/* the level above: county and above */
	CASE_BY_ACCEPTOR,	/* the level that the standard names */
};

struct case_transition {
	enum case_act act;
	uint32_t from;			/* bit per enum case_state */
	enum case_state to;
	enum case_actor actor;
	bool needs_reason;		/* a text saying why */
	const char *label;		/* of the button: "复核同意" */
	const char *doing;		/* as a noun: "复核" */
};

/* The row of an act; the table has one each. */
const struct case_transition *case_transition(enum case_act act);

const char *case_state_id(enum case_state state);	/* "rectifying" */
const char *case_state_label(enum case_state state);	/* "整改" */
int case_state_find(struct str text, enum case_state *ret_state);
const char *case_act_id(enum case_act act);		/* "start" */
int case_act_find(struct str text, enum case_act *ret_act);
const char *case_event_label(int act);			/* of acts and events: "记进展" */

/* Is it in the ledger now: approved and not yet written off. */
bool case_is_open(enum case_state state);

/* Problems of a case. Stored; never renumber. */
enum problem_state {
	PROBLEM_OPEN = 0,
	PROBLEM_DONE = 1,		/* the branch says so */
	PROBLEM_VERIFIED = 2,		/* the level above has seen it */
	PROBLEM_WAIVED = 3,		/* not verified, with a reason why it does not matter */
};

/* What the guards look at. Days 0: not yet. */
struct case_facts {
	enum case_state state;
	int round;			/* from 1 */
	int32_t today;
	int64_t caller;			/* account that asks */
	int n_reasons, n_criteria;	/* of this round */
	bool seen;			/* what was seen is written down */
	int64_t assessed_by, reviewed_by;
	int32_t assessed_day, meeting_day;
	bool meeting_no, decision;
	bool shows;			/* how the weakness shows */
	int n_problems;
	int incomplete;			/* number of the first problem that lacks something; 0: none */
	const char *incomplete_what;	/* "措施、期限" */
	bool has_leader, has_support, has_team;
	int32_t deadline;		/* of the case; 0: none */
	int n_past_deadline;		/* open problems whose deadline lies before today */
	int n_no_evidence;		/* done without dated evidence */
	int n_no_deadline;		/* open without a deadline */
	int n_unverified;		/* neither verified nor given a reason */
	bool report_file, report_scan;
	int32_t started_day;
	bool sheet;			/* an acceptance sheet of this round and attempt */
	int64_t score_e4, pass_e4;
	int n_acceptors;
	bool on_spot;
	int64_t heard, dissatisfied;	/* residents */
	uint32_t dissatisfied_e6;	/* most that may be */
	bool veto;
	bool at_end;			/* all are accepted together at the end … */
	int32_t end_day;		/* … on this day; 0: not told */
	int32_t accepted_day, written_off_day;
	int n_lookbacks, n_good, n_bad;	/* due in all; done well; done badly */
	int n_new_reasons;		/* noted after the write-off, with newer evidence */
};

struct gate_line {
	bool ok;
	const char *text;		/* Chinese */
	const char *where;		/* part of the page: "problems"; never NULL */
};
enum { GATE_LINES_MAX = 24 };
struct gate {
	struct gate_line lines[GATE_LINES_MAX];
	int n, n_missing;
};

/* What the act needs and whether it is there; texts in `arena`. ERR_STATE: the
 * table has no way from here; ERR_NOMEM. */
int case_gate(enum case_act act, const struct case_facts *facts, struct arena *arena,
	      struct gate *ret_gate);

/* ---- lights ---- */

enum light {
	LIGHT_NONE,		/* no deadline, or done */
	LIGHT_GREEN,
	LIGHT_AMBER,		/* LEDGER_SOON_DAYS or less */
	LIGHT_RED,		/* late */
};
enum { LEDGER_SOON_DAYS = 7 };

enum light ledger_light(int32_t deadline, bool done, int32_t today);

/* The deadline of a whole case, where the scheme says how long one may last (ZJ-16:
 * half a year to a year), counted from the day it was listed: `asked`, or the last
 * day that there is where it is 0. ERR_INPUT: sooner or later than the scheme says. */
int ledger_case_deadline(const struct scheme_case *rules, int32_t listed_day, int32_t asked,
			 int32_t *ret_day, struct err_info *info);

/* ---- look-backs ---- */

enum { LOOKBACKS_MAX = 12 };

/* The days on which a written-off case is looked at again; returns how many. */
int ledger_lookbacks(const struct scheme_case *rules, int32_t written_off_day,
		     int32_t ret_days[LOOKBACKS_MAX]);

/* ---- alarms ---- */

enum case_alarm {
	ALARM_STUCK = 1 << 0,		/* years without change, or ranked lowest year after year (CT-9) */
	ALARM_QUICK = 1 << 1,		/* accepted too soon */
	ALARM_WITHDRAWN = 1 << 2,	/* support ended before the write-off (CT-5) */
	ALARM_UNTRAINED = 1 << 3,	/* a new secretary trained too little (LD-7) */
	ALARM_LATE = 1 << 4,		/* the case's own deadline is over (ZJ-16) */
	ALARM_UNHELPED = 1 << 5,	/* nobody has visited it for 90 days */
};
enum { CASE_ALARMS = 6 };
struct alarm_facts {
	enum case_state state;
	int32_t opened_day, started_day, accepted_day, written_off_day, deadline, today;
	int32_t support_ended_day;	/* the first support unit that left; 0: none */
	int32_t new_secretary_day;	/* 0: not changed */
	int training_days;
	int32_t last_visit_day;
	int lowest_years;		/* in a row, up to the last grading, ranked lowest */
};
uint32_t ledger_alarms(const struct scheme_case *rules, const struct alarm_facts *facts);
const char *ledger_alarm_id(enum case_alarm alarm);	/* "late" */
const char *ledger_alarm_label(enum case_alarm alarm);

#endif
