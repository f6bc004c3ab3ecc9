/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's pages: board, candidates, one case, calendar, bulletin, spot checks. */
#ifndef JW_WEB_PAGES_PAGES_LEDGER_H
#define JW_WEB_PAGES_PAGES_LEDGER_H

#include "app/ledger.h"
#include "store/helper_goal.h"
#include "web/form.h"
#include "web/pages/pages.h"

/* ---- ledger_board.c ---- */
extern const struct web_field ledger_board_fields[], ledger_candidates_fields[],
	ledger_list_fields[], ledger_list_all_fields[], ledger_bulletin_fields[],
	ledger_calendar_fields[];
int act_ledger_board(struct web_call *call);
void page_ledger_board(struct web_call *call, struct html *h);
json_t *json_ledger_board(struct web_call *call);
int act_ledger_candidates(struct web_call *call);
void page_ledger_candidates(struct web_call *call, struct html *h);
json_t *json_ledger_candidates(struct web_call *call);
int act_ledger_list(struct web_call *call);
int act_ledger_list_all(struct web_call *call);
int act_ledger_bulletin(struct web_call *call);
void page_ledger_bulletin(struct web_call *call, struct html *h);
json_t *json_ledger_bulletin(struct web_call *call);

/* ---- ledger_calendar.c ---- */
int act_ledger_calendar_new(struct web_call *call);
void page_ledger_calendar_new(struct web_call *call, struct html *h);
json_t *json_ledger_calendar_new(struct web_call *call);
int act_ledger_calendar(struct web_call *call);

/* ---- ledger_case.c: the page; ledger_forms.c: what it sends ---- */
extern const struct web_field ledger_case_fields[], ledger_move_fields[], ledger_plan_fields[],
	ledger_problem_fields[], ledger_progress_fields[], ledger_extend_fields[],
	ledger_verify_fields[], ledger_judge_fields[], ledger_helper_fields[],
	ledger_visit_fields[], ledger_secretary_fields[], ledger_election_fields[],
	ledger_money_fields[], ledger_sheet_fields[], ledger_lookback_fields[],
	ledger_remind_fields[];
int act_ledger_case(struct web_call *call);
void page_ledger_case(struct web_call *call, struct html *h);
json_t *json_ledger_case(struct web_call *call);
int act_ledger_move(struct web_call *call);
int act_ledger_plan(struct web_call *call);
int act_ledger_problem(struct web_call *call);
int act_ledger_progress(struct web_call *call);
int act_ledger_extend(struct web_call *call);
int act_ledger_verify(struct web_call *call);
int act_ledger_judge(struct web_call *call);
int act_ledger_helper(struct web_call *call);
int act_ledger_visit(struct web_call *call);
int act_ledger_secretary(struct web_call *call);
int act_ledger_election(struct web_call *call);
int act_ledger_money(struct web_call *call);
int act_ledger_sheet(struct web_call *call);
int act_ledger_lookback(struct web_call *call);
int act_ledger_remind(struct web_call *call);

/* The form that the address asks for ("?do=helper"), where `what` is its name. */
bool ledger_doing(struct web_call *call, const char *what);
/* The forms of ledger_forms.c, shown inside the case page. */
void ledger_write_move(struct web_call *call, struct html *h, const struct ledger_file *f,
		       enum case_act act);
void ledger_write_form(struct web_call *call, struct html *h, const struct ledger_file *f,
		       const char *what);
void ledger_write_problem_form(struct web_call *call, struct html *h, const struct ledger_file *f,
			       const struct case_problem *problem);

/* Words for a light: "逾期 6 天", "剩 7 天". */
void ledger_write_light(struct html *h, int32_t deadline, bool done, int32_t today);
const char *helper_kind_label(int kind);

/* The scheme's name of a kind of support, and the units that give it; "" where it
 * names none. */
const char *ledger_support_label(struct web_call *call, const struct scheme *scheme, int kind,
				 const char **ret_units);

/* The fields `node` and `campaign`, or the caller's topmost node and the latest
 * campaign that picks for the ledger (0: there is none). */
int ledger_places_of(struct web_call *call, int64_t *ret_node, int64_t *ret_campaign);

/* ---- guarantees.c: four guarantees (CT-8) ---- */
extern const struct web_field guarantees_fields[], guarantees_put_fields[], guarantees_import_fields[],
	guarantees_run_fields[];
int act_guarantees(struct web_call *call);
void page_guarantees(struct web_call *call, struct html *h);
json_t *json_guarantees(struct web_call *call);
int act_guarantees_put(struct web_call *call);
int act_guarantees_template(struct web_call *call);
int act_guarantees_import(struct web_call *call);
void page_guarantees_result(struct web_call *call, struct html *h);
json_t *json_guarantees_import(struct web_call *call);
int act_guarantees_run(struct web_call *call);

/* ---- helpers.c: goals of helpers and their appraisal (CT-7b) ---- */
extern const struct web_field helpers_fields[], helper_goal_fields[], helper_judge_fields[];
int act_helpers(struct web_call *call);
void page_helpers(struct web_call *call, struct html *h);
json_t *json_helpers(struct web_call *call);
int act_helper_goal(struct web_call *call);
int act_helper_judge(struct web_call *call);
/* A goal in a line, with the visits so far and the verdict. */
void helpers_write_goal(struct web_call *call, struct html *h, const struct helper_goal *goal, int visits);

/* ---- leaders.c: leaders and whom they are linked to (LD-8) ---- */
extern const struct web_field leaders_fields[], leader_put_fields[], leader_paste_fields[],
	leader_drop_fields[], leader_link_fields[];
int act_leaders(struct web_call *call);
void page_leaders(struct web_call *call, struct html *h);
json_t *json_leaders(struct web_call *call);
int act_leader_put(struct web_call *call);
int act_leader_paste(struct web_call *call);
int act_leader_drop(struct web_call *call);
int act_leader_link(struct web_call *call);

extern const struct web_field key_dates_fields[], key_dates_mark_fields[];
int act_key_dates(struct web_call *call);
void page_key_dates(struct web_call *call, struct html *h);
json_t *json_key_dates(struct web_call *call);
int act_key_dates_mark(struct web_call *call);

#endif
