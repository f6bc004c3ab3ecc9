/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a campaign as a whole: list, opening, days and end
 * (campaign_list.c, campaign_open.c, campaign_own.c), a node's dashboard
 * (campaign_board.c), the list behind its figures (campaign_orgs.c). */
#ifndef JW_WEB_PAGES_PAGES_CAMPAIGN_H
#define JW_WEB_PAGES_PAGES_CAMPAIGN_H

#include "app/campaign_board.h"
#include "web/layout.h"
#include "web/web.h"

/* ---- shared (campaign_own.c) ---- */

/* Crumbs: the nodes down to this one, each its dashboard, then `last` (NULL). */
void campaign_crumbs(struct web_call *call, const struct campaign *campaign,
		     const struct campaign_org *crumbs, int n, const char *last, struct page *page);

/* The place of a grade among the five looks: 1 best … 5 worst. */
int campaign_grade_look(const struct scheme *scheme, int grade);

/* "五星", "不定星". */
const char *campaign_stars_label(int stars);

const char *campaign_state_label(enum step_state state);
const char *campaign_kind_label(enum campaign_kind kind);

/* ---- campaign_list.c ---- */
extern const struct web_field campaign_list_fields[];
int act_campaign_list(struct web_call *call);
void page_campaign_list(struct web_call *call, struct html *h);
json_t *json_campaign_list(struct web_call *call);

/* ---- campaign_open.c ---- */
extern const struct web_field campaign_new_fields[], campaign_open_fields[];
int act_campaign_new(struct web_call *call);
void page_campaign_new(struct web_call *call, struct html *h);
json_t *json_campaign_new(struct web_call *call);
int act_campaign_open(struct web_call *call);

/* ---- campaign_own.c: days, close, reopen, archive, grade ---- */
extern const struct web_field campaign_id_fields[], campaign_days_fields[],
	campaign_reason_fields[], campaign_reopen_fields[], campaign_grade_fields[];
int act_campaign_own(struct web_call *call);
void page_campaign_own(struct web_call *call, struct html *h);
json_t *json_campaign_own(struct web_call *call);
int act_campaign_days(struct web_call *call);
int act_campaign_close(struct web_call *call);
int act_campaign_reopen(struct web_call *call);
int act_campaign_archive(struct web_call *call);
int act_campaign_grade(struct web_call *call);

/* ---- campaign_board.c ---- */
extern const struct web_field campaign_board_fields[];
int act_campaign_board(struct web_call *call);
void page_campaign_board(struct web_call *call, struct html *h);
json_t *json_campaign_board(struct web_call *call);

/* ---- campaign_orgs.c ---- */
extern const struct web_field campaign_orgs_fields[], campaign_orgs_export_fields[];
int act_campaign_orgs(struct web_call *call);
void page_campaign_orgs(struct web_call *call, struct html *h);
json_t *json_campaign_orgs(struct web_call *call);
int act_campaign_orgs_export(struct web_call *call);

#endif
