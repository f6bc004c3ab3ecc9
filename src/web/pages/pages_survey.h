/* SPDX-License-Identifier: Apache-2.0 */
/* survey.c: forms of the survey, whom it reached, teams, progress;
 * survey_sheet.c: the same as sheets. */
#ifndef JW_WEB_PAGES_PAGES_SURVEY_H
#define JW_WEB_PAGES_PAGES_SURVEY_H

#include "app/surveys.h"
#include "web/web.h"

extern const struct web_field survey_list_fields[], survey_fields[], survey_save_fields[],
	survey_team_fields[];
int act_survey_list(struct web_call *call);
void page_survey_list(struct web_call *call, struct html *h);
json_t *json_survey_list(struct web_call *call);
int act_survey(struct web_call *call);
void page_survey(struct web_call *call, struct html *h);
json_t *json_survey(struct web_call *call);
int act_survey_save(struct web_call *call);
int act_survey_team(struct web_call *call);

/* ---- survey_sheet.c ---- */
extern const struct web_field survey_export_fields[], survey_import_page_fields[],
	survey_import_fields[], survey_import_run_fields[];
/* Links to the blank sheets. */
void survey_write_blanks(struct html *h, const struct survey_list *l);
int act_survey_export(struct web_call *call);
int act_survey_import_page(struct web_call *call);
void page_survey_import(struct web_call *call, struct html *h);
int act_survey_import(struct web_call *call);
void page_survey_import_result(struct web_call *call, struct html *h);
json_t *json_survey_import(struct web_call *call);
int act_survey_import_run(struct web_call *call);

/* ---- conditions.c: the sums for leaders (CT-7) ---- */
extern const struct web_field conditions_fields[];
int act_conditions(struct web_call *call);
void page_conditions(struct web_call *call, struct html *h);
json_t *json_conditions(struct web_call *call);

#endif
