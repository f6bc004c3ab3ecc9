/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger as people use it (spec: rectification.md). A change of state is one
 * use case, ledger_move: THE table of domain/ledger.h says from where to where
 * and what must be there, this floor who may and what is written. All else that
 * is kept of a case (problems, progress, help …) is a use case of its own, and
 * each leaves an event in the case and an entry in the audit log.
 */
#ifndef JW_APP_LEDGER_H
#define JW_APP_LEDGER_H

#include "app/ballot_case.h"
#include "app/campaigns.h"
#include "store/attachment.h"
#include "store/case.h"
#include "store/case_check.h"
#include "store/helper_goal.h"

/* ---- candidates ---- */

struct ledger_candidate {
	struct campaign_org org;
	const char *parent;		/* name of the committee above */
	int n_reasons;
	struct case_reason *reasons;	/* every reason that holds now */
	int support_kind;		/* proposed by the survey (CT-4); -1 */
	const char *support_why;	/* the answers that propose it; "" */
	bool left_out;			/* should be in the ledger and is not (CT-3) */
	struct ledger_case *ledger;	/* its case, or NULL: left out so far */
	const char *score, *grade;	/* as graded; "" */
};
struct ledger_candidates {
	struct campaign campaign;
	const struct scheme *scheme;
	struct org node;
	struct ledger_candidate *at;
	int n;
	int n_left_out;			/* of `at` */
	int n_unlisted;			/* … of which have never had a case */
	struct {
		int64_t node;
		const char *name;
		int named, wanted;
	} *floors;			/* committees that named too few (HN-2) */
	int n_floors;
	struct campaign_org **others;	/* all that could be listed below the node, at most 2,000 */
	int n_others;
};
/* ACTION_CASE_READ at `node`, an organisation of the campaign. */
int ledger_candidates(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		      struct arena *arena, struct ledger_candidates *ret, struct err_info *info);

struct ledger_listing {
	int64_t campaign, org;
	bool nominate;			/* named by its committee (HN-2), with `seen` why */
	const char *criteria;		/* ids that hold besides, separated by commas */
	const char *seen;
	int32_t day;
};
/* Opens the case of an organisation with every reason that holds, or, where it is
 * in the ledger, adds what is new. ACTION_CASE_WRITE. ERR_INPUT: nothing holds. */
int ledger_list(struct app *app, const struct caller *caller, const struct ledger_listing *in,
		int64_t *ret_case, struct err_info *info);
/* The same for all candidates below a node that have no case; `ret_n` how many. */
int ledger_list_all(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		    int *ret_n, struct err_info *info);

/* ---- one case ---- */

struct ledger_file {
	struct ledger_case c;
	struct org *crumbs;
	int n_crumbs;
	struct org org;
	struct campaign campaign;
	const struct scheme *scheme;
	struct case_reason *reasons;
	struct case_event *events;
	struct case_problem *problems;	/* of all rounds */
	struct case_progress *progress;
	struct case_helper *helpers;
	struct case_visit *visits;
	struct helper_goal *goals;
	struct case_secretary *secretaries;
	struct case_money *money;
	struct case_sheet *sheets;
	struct case_lookback *lookbacks;
	struct spot_check *checks;
	struct attachment *files;	/* of the case and of its problems */
	struct case_evidence *evidence;
	int n_reasons, n_events, n_problems, n_progress, n_helpers, n_visits, n_goals, n_secretaries, n_money,
		n_sheets, n_lookbacks, n_checks, n_files, n_evidence;
	struct case_facts facts;
	int support_kind;		/* proposed: by this campaign's survey, or as at the listing; -1 */
	const char *support_why;	/* answers that propose it; "" */
	struct ballot_opinion opinion;	/* of the attempt under way, by the anonymous box */
	uint32_t alarms;
	uint64_t may;			/* a bit per action at the organisation */
	const char *label;		/* of the caller */
	struct {
		enum case_act act;
		bool may;		/* the caller has the right */
		struct gate gate;
	} next[CASE_ACT_COUNT];		/* what the table allows from here */
	int n_next;
};
/* Everything of a case. ACTION_CASE_READ at its organisation. */
int ledger_get(struct app *app, const struct caller *caller, int64_t case_id, struct arena *arena,
	       struct ledger_file *ret_file, struct err_info *info);

/* What goes along with a change of state; what an act does not use is ignored. */
struct ledger_step {
	int64_t version;		/* of the case as it was shown; 0: any */
	const char *text;		/* reason, decision, opinion */
	int32_t day;			/* when; 0: today */
	const char *number;		/* CASE_APPROVE: of the meeting */
	int32_t deadline;		/* CASE_REJECT: the new one; CASE_APPROVE: of the case */
	bool priority;			/* CASE_ASSESS: an aggravating condition holds */
	const char *aggravating;	/* CASE_ASSESS: ids, separated by commas */
	const char *shows;		/* CASE_PLAN */
};
/* ERR_STATE: not from here, or something is missing (the first lines are told);
 * ERR_DENIED; ERR_CONFLICT; ERR_INPUT: no reason where one is needed. */
int ledger_move(struct app *app, const struct caller *caller, int64_t case_id, enum case_act act,
		const struct ledger_step *step, struct err_info *info);

/* How the weakness shows, the case's deadline, the day the plan was published
 * (ZJ-17). ACTION_CASE_WRITE. */
int ledger_set_plan(struct app *app, const struct caller *caller, int64_t case_id,
		    const char *shows, int32_t deadline, int32_t published_day,
		    struct err_info *info);

/* A new problem (id 0) or all its words over an old one; not state or result.
 * ACTION_CASE_WRITE. `_in`: within a transaction that writes more. */
int ledger_put_problem_in(struct db_tx *tx, struct app *app, const struct caller *caller,
			  const struct case_problem *problem, struct err_info *info);
int ledger_put_problem(struct app *app, const struct caller *caller,
		       const struct case_problem *problem, int64_t *ret_id, struct err_info *info);
/* ACTION_CASE_PROGRESS. `percent` 100 with a result: done. */
int ledger_progress(struct app *app, const struct caller *caller, int64_t problem,
		    const struct case_progress *progress, const char *result,
		    struct err_info *info);
/* A later deadline, with a reason. ACTION_CASE_WRITE. */
int ledger_extend(struct app *app, const struct caller *caller, int64_t problem, int32_t deadline,
		  const char *why, struct err_info *info);
/* Verified, sent back (open again), or waived with a reason. ACTION_CASE_ACCEPT. */
int ledger_verify(struct app *app, const struct caller *caller, int64_t problem,
		  enum problem_state state, const char *words, struct err_info *info);
/* Does a file count as evidence? ACTION_CASE_ACCEPT. */
int ledger_judge_evidence(struct app *app, const struct caller *caller, int64_t attachment,
			  enum evidence_verdict verdict, const char *note, struct err_info *info);

/* ACTION_CASE_WRITE; one who leaves before the write-off needs a reason (CT-5). */
int ledger_put_helper(struct app *app, const struct caller *caller, int64_t case_id,
		      const struct case_helper *helper, struct err_info *info);
/* Is this row the account of that name: its own name, or the contact in a unit's post. */
bool ledger_is_helper(const struct case_helper *helper, const char *label);
/* ACTION_VISIT_WRITE for oneself (no name; the row is found), or ACTION_CASE_WRITE for
 * anybody. */
int ledger_add_visit(struct app *app, const struct caller *caller, int64_t case_id,
		     const struct case_visit *visit, struct err_info *info);
int ledger_put_secretary(struct app *app, const struct caller *caller, int64_t case_id,
			 const struct case_secretary *secretary, struct err_info *info);
/* Election, its day and note of `c`, within a transaction that writes more; ERR_CONFLICT where the case is
 * no longer at its version. */
int ledger_set_election_in(struct db_tx *tx, struct app *app, const struct caller *caller,
			   const struct ledger_case *c, struct err_info *info);
int ledger_set_election(struct app *app, const struct caller *caller, int64_t case_id,
			enum case_election election, int32_t day, const char *note,
			struct err_info *info);
int ledger_put_money(struct app *app, const struct caller *caller, int64_t case_id,
		     const struct case_money *money, struct err_info *info);
/* Fills or changes the sheet of the attempt under way. The score is the sum of
 * the items. Who accepts follows the scheme's levels. */
int ledger_put_sheet(struct app *app, const struct caller *caller, int64_t case_id,
		     const struct case_sheet *sheet, struct err_info *info);
/* ACTION_CASE_ACCEPT. */
int ledger_look_back(struct app *app, const struct caller *caller, int64_t case_id, int seq,
		     int32_t day, bool good, const char *text, struct err_info *info);
/* A reminder in writing (HN-6). ACTION_CASE_ACCEPT or ACTION_CHECK_WRITE. */
int ledger_remind(struct app *app, const struct caller *caller, int64_t case_id, const char *text,
		  struct err_info *info);

/* ---- the board and the lists ---- */

struct ledger_board {
	struct org node;
	struct org *crumbs;
	int n_crumbs;
	struct ledger_case *cases;
	uint32_t *alarms;		/* [n_cases], bits of enum case_alarm */
	int n_cases;
	struct case_problem *problems;	/* of their current rounds, by deadline */
	int n_problems;
	struct spot_check *checks;	/* not closed */
	int n_checks;
	struct case_lookback_due {
		struct ledger_case *c;
		struct case_lookback lookback;
	} *lookbacks;			/* not done */
	int n_lookbacks;
};
/* ACTION_CASE_READ at `node`. */
int ledger_board(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		 struct ledger_board *ret_board, struct err_info *info);

/* What lies before the caller: today's and coming work in his places. */
struct ledger_task {
	int64_t case_id, org;
	const char *org_name;
	const char *what;		/* "问题 2 到期" */
	int32_t day;			/* 0: no day */
	enum light light;
	const char *href;
};
int ledger_tasks(struct app *app, const struct caller *caller, struct arena *arena,
		 struct ledger_task **ret_tasks, int *ret_n, struct err_info *info);

/* What happened below a node in a span of days, for the bulletin. */
struct ledger_bulletin {
	struct ledger_board board;
	int32_t from_day, to_day;
	struct case_event *events;
	int n_events;
};
int ledger_bulletin(struct app *app, const struct caller *caller, int64_t node, int32_t from_day,
		    int32_t to_day, struct arena *arena, struct ledger_bulletin *ret_bulletin,
		    struct err_info *info);

/* ---- calendar ---- */

enum { CALENDAR_TOKEN_LEN = 43 };
/* Keeps the hash of a new secret; the old address stops working. For oneself. */
int ledger_calendar_set(struct app *app, const struct caller *caller,
			const unsigned char token_hash[32], struct err_info *info);
/* The tasks of whoever has this secret. ERR_NOT_FOUND. */
int ledger_calendar(struct app *app, const struct caller *nobody,
		    const unsigned char token_hash[32], struct arena *arena,
		    struct ledger_task **ret_tasks, int *ret_n, struct err_info *info);

#endif
