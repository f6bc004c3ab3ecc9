/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of scores: the grid (score_grid.c), saving and history
 * (score_save.c), sheets (score_sheet.c), raters and X indicators
 * (score_setup.c). */
#ifndef JW_WEB_PAGES_PAGES_SCORE_H
#define JW_WEB_PAGES_PAGES_SCORE_H

#include "app/score_setup.h"
#include "web/layout.h"
#include "web/web.h"

/* What the three doors share. */
struct score_view {
	struct score_grid grid;
	const char *address;		/* "/campaigns/7/scores" */
	const struct score_put *puts;	/* of a save whose wrong cells are shown again */
	int n_puts;
	struct score_saved saved;
	const struct now *now;		/* who else is there; score_save.c */
};

/* The grid that the call's fields name. */
struct score_at score_at_of(struct web_call *call);

extern const struct web_field score_grid_fields[], score_save_fields[], score_history_fields[],
	score_now_fields[];
int act_score_grid(struct web_call *call);
/* "/campaigns/7/scores": the address of the door the call came through. */
const char *score_address(struct web_call *call);
void page_score_grid(struct web_call *call, struct html *h);
json_t *json_score_grid(struct web_call *call);
int act_score_save(struct web_call *call);
json_t *json_score_save(struct web_call *call);
int act_score_history(struct web_call *call);
void page_score_history(struct web_call *call, struct html *h);
json_t *json_score_history(struct web_call *call);
int act_score_now(struct web_call *call);
json_t *json_score_now(struct web_call *call);

/* What a related unit is to score. */
int act_score_duties(struct web_call *call);
void page_score_duties(struct web_call *call, struct html *h);
json_t *json_score_duties(struct web_call *call);

/* ---- score_sheet.c: out, and in with a dry run ---- */
extern const struct web_field score_export_fields[], score_import_page_fields[],
	score_import_fields[], score_import_run_fields[];
int act_score_export(struct web_call *call);
int act_score_import_page(struct web_call *call);
void page_score_import(struct web_call *call, struct html *h);
int act_score_import(struct web_call *call);
void page_score_import_result(struct web_call *call, struct html *h);
json_t *json_score_import(struct web_call *call);
int act_score_import_run(struct web_call *call);

/* ---- score_setup.c: related units, X indicators ---- */
extern const struct web_field rater_list_fields[], rater_put_fields[], rater_delete_fields[],
	rater_assign_fields[], local_list_fields[], local_put_fields[], local_delete_fields[];
int act_rater_list(struct web_call *call);
void page_rater_list(struct web_call *call, struct html *h);
json_t *json_rater_list(struct web_call *call);
int act_rater_put(struct web_call *call);
int act_rater_delete(struct web_call *call);
int act_rater_assign(struct web_call *call);
int act_local_list(struct web_call *call);
void page_local_list(struct web_call *call, struct html *h);
json_t *json_local_list(struct web_call *call);
int act_local_put(struct web_call *call);
int act_local_delete(struct web_call *call);

/* Crumbs: the campaign, the organisation, this page. */
void score_crumbs(struct web_call *call, const struct campaign *campaign,
		  const struct campaign_org *node, const char *last, struct page *page);

#endif
