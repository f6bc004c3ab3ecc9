/* SPDX-License-Identifier: Apache-2.0 */
/* What surveys.c and survey_sheet.c share: forms inside a transaction. */
#ifndef JW_APP_SURVEYS_IN_H
#define JW_APP_SURVEYS_IN_H

#include "app/surveys.h"

/* What a node and all below it have, by organisation: read at once for many forms. */
struct survey_below {
	struct survey_org_answer *answers;
	struct survey_org_reach *reach;
	struct org_step *steps;		/* of STEP_SURVEY */
	int n_answers, n_reach, n_steps;
};

struct survey_desk {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	int64_t campaign;
	struct campaign_call call;	/* call.org: whose form it is */
	struct survey_view view;
	const struct survey_below *below;	/* survey_desk_look takes it from here; NULL: asks */
};

/* Checks ACTION_SURVEY_WRITE at the node, which becomes call.org. */
int survey_desk_open(struct db_tx *tx, struct survey_desk *desk, int64_t node, struct err_info *info);

/* Reads what all forms at and below `path` have, for survey_desk_look. */
int survey_desk_load(struct db_tx *tx, const struct survey_desk *desk, const char *path,
		     struct survey_below *ret_below);

/* Loads the form of call.org, without may_write. */
int survey_desk_look(struct db_tx *tx, struct survey_desk *desk);

/* ERR_STATE with the reason where the form of call.org may not change now. */
int survey_desk_may_change(struct db_tx *tx, const struct survey_desk *desk, struct err_info *info);

/* Saves what is right into the form that was looked at, with its step and an
 * audit entry; as surveys_save. */
int survey_desk_write(struct db_tx *tx, struct survey_desk *desk, struct survey_put *puts, int n,
		      const int64_t *reached, const char *waiver, int *ret_wrong);

/* Reads an answer as the question asks, as it is kept; NULL or what is wrong with
 * it. `room` holds SURVEY_ROOM bytes. */
enum { SURVEY_ROOM = 64 };
const char *survey_read_answer(const struct scheme_question *q, const char *value, char *room,
			       bool *ret_red);

#endif
