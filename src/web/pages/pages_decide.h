/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of deciding: meeting (meeting.c), why (why.c), publicity and the
 * public notice (publicity.c, notice.c), review (review.c), goals, opinions and
 * appraisal (improve.c), years and last year's results (years.c). */
#ifndef JW_WEB_PAGES_PAGES_DECIDE_H
#define JW_WEB_PAGES_PAGES_DECIDE_H

#include "app/campaigns.h"
#include "app/rectified.h"
#include "app/review.h"
#include "web/form.h"
#include "web/layout.h"

/* ---- decide_common.c ---- */

#define DECIDE_CAMPAIGN \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define DECIDE_NODE \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define DECIDE_ORG \
	{.name = "org", .label = "党组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

/* Crumbs: the campaign, the organisation, this page. */
void decide_crumbs(struct web_call *call, const struct campaign_call *at, const char *last,
		   struct page *page);

/* The tabs 会议 · 公示 · 报送审查 of a committee; `now` is one of their paths. */
void decide_tabs(struct web_call *call, struct html *h, const struct campaign_call *at,
		 const char *now);

/* A grade as its badge; nothing for -1. */
void decide_grade(struct html *h, const struct scheme *scheme, int grade);

/* Stars in signs and words; nothing for -1. */
void decide_stars(struct html *h, int stars);
const char *decide_stars_text(int stars);

/* A published score, "84.60"; "—" for -1. */
const char *decide_score(struct web_call *call, int64_t score, int places);

/* The rows of a gate under "还不能报送，因为…" or "可以报送了"; each leads to its
 * organisation where it has one. */
void decide_gate(struct web_call *call, struct html *h, enum gate_action action, const struct gate_view *gate);
json_t *decide_gate_json(const struct gate_view *gate);


/* ---- meeting.c ---- */
extern const struct web_field meeting_fields[], meeting_record_fields[], meeting_adjust_fields[],
	meeting_forget_fields[];
int act_meeting(struct web_call *call);
void page_meeting(struct web_call *call, struct html *h);
json_t *json_meeting(struct web_call *call);
int act_meeting_record(struct web_call *call);
int act_meeting_adjust(struct web_call *call);
int act_meeting_forget(struct web_call *call);

/* ---- why.c ---- */
extern const struct web_field why_fields[];
int act_why(struct web_call *call);
void page_why(struct web_call *call, struct html *h);
json_t *json_why(struct web_call *call);

/* ---- publicity.c, notice.c ---- */
extern const struct web_field publicity_fields[], publicity_begin_fields[],
	publicity_withdraw_fields[], objection_fields[], objection_answer_fields[], notice_fields[],
	public_fields[];
int act_publicity(struct web_call *call);
void page_publicity(struct web_call *call, struct html *h);
json_t *json_publicity(struct web_call *call);
int act_publicity_begin(struct web_call *call);
int act_publicity_withdraw(struct web_call *call);
int act_objection(struct web_call *call);
int act_objection_answer(struct web_call *call);
void page_notice(struct web_call *call, struct html *h);
int act_public(struct web_call *call);
void page_public(struct web_call *call, struct html *h);
json_t *json_public(struct web_call *call);

/* ---- review.c ---- */
extern const struct web_field review_fields[], review_submit_fields[], review_decide_fields[],
	review_unlock_fields[], review_stars_fields[];
int act_review(struct web_call *call);
void page_review(struct web_call *call, struct html *h);
json_t *json_review(struct web_call *call);
int act_review_submit(struct web_call *call);
int act_review_decide(struct web_call *call);
int act_review_unlock(struct web_call *call);
int act_review_stars(struct web_call *call);

/* ---- improve.c ---- */
extern const struct web_field org_in_campaign_fields[], improvement_fields[], opinion_fields[],
	appraisal_note_fields[], interview_fields[];
int act_improvement(struct web_call *call);
void page_improvement(struct web_call *call, struct html *h);
json_t *json_improvement(struct web_call *call);
int act_improvement_put(struct web_call *call);
int act_opinion(struct web_call *call);
void page_opinion(struct web_call *call, struct html *h);
json_t *json_opinion(struct web_call *call);
int act_opinion_add(struct web_call *call);
int act_opinion_duties(struct web_call *call);
void page_opinion_duties(struct web_call *call, struct html *h);
json_t *json_opinion_duties(struct web_call *call);
int act_appraisal(struct web_call *call);
void page_appraisal(struct web_call *call, struct html *h);
json_t *json_appraisal(struct web_call *call);
int act_appraisal_note(struct web_call *call);
int act_interview(struct web_call *call);

/* ---- years.c ---- */
extern const struct web_field years_fields[], past_page_fields[], past_try_fields[],
	past_run_fields[];
int act_years(struct web_call *call);
void page_years(struct web_call *call, struct html *h);
json_t *json_years(struct web_call *call);
int act_past_template(struct web_call *call);
void page_past(struct web_call *call, struct html *h);
int act_past_try(struct web_call *call);
void page_past_result(struct web_call *call, struct html *h);
json_t *json_past_result(struct web_call *call);
int act_past_run(struct web_call *call);

/* ---- rectified.c: the year's rectification in an appraisal (HN-7) ---- */
extern const struct web_field appraisal_fields[], rectified_list_fields[];
/* A section of the page of one appraisal; `of` in the address opens a figure. */
void rectified_write(struct web_call *call, struct html *h, const struct rectified_year *year);
json_t *rectified_json(const struct rectified_year *year);
int act_rectified_list(struct web_call *call);
void page_rectified_list(struct web_call *call, struct html *h);
json_t *json_rectified_list(struct web_call *call);

#endif
