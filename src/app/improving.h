/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After the grading: what an organisation found wrong with itself, its goal,
 * measures and owner (GZ-6, XN-6, XS-4). And a secretary's appraisal (CT-9): what
 * was found before, the report, comments on the spot, delegates, praise and
 * interviews; organisations that have not changed for years.
 */
#ifndef JW_APP_IMPROVING_H
#define JW_APP_IMPROVING_H

#include "app/deciding.h"
#include "app/rectified.h"
#include "store/improve.h"
#include "store/live.h"

struct improvement_view {
	struct campaign_call call;
	struct improvement plan;	/* at_ms 0: nothing is written yet, `goal` is the scheme's */
	struct result result;		/* status "" where there is none */
	bool visible;			/* the caller may see the grade */
	const char *goal;		/* that the scheme sets for the grade; "" */
	bool measures;			/* the grade asks for written measures */
	bool may_write;
	const char *why_not;		/* "还不能…，因为…"; NULL */
};
/* ACTION_CAMPAIGN_READ at the organisation. */
int improvement_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		    struct arena *arena, struct improvement_view *ret_view, struct err_info *info);

/* Writes goal, measures and owner. ACTION_SELF_WRITE (the branch, or the township
 * for it). ERR_STATE before the grade is decided. */
int improvement_put(struct app *app, const struct caller *caller, int64_t campaign,
		    const struct improvement *plan, struct err_info *info);

/* The same within a transaction that writes more. ERR_CONFLICT where the plan was written after
 * plan->at_ms (0: nothing was there). */
int improvement_put_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		       int64_t campaign, const struct improvement *plan, struct err_info *info);

/* Whether it could be written now; the same errors. */
int improvement_check(struct db_tx *tx, struct app *app, const struct caller *caller, int64_t campaign,
		      const struct improvement *plan, struct err_info *info);

/* ---- appraisal ---- */

/* An organisation that has been among the lowest for years (CT-9). */
struct stuck_org {
	int64_t org;
	const char *code, *name;
	int years;			/* in a row, up to last year */
};

struct appraisal_view {
	struct campaign_call call;
	struct appraisal_note *notes;
	int n_notes;
	struct interview *interviews;	/* below and with the organisation */
	int n_interviews;
	struct stuck_org *stuck;	/* below it */
	int n_stuck, stuck_years;
	struct result result;
	bool visible, may_write;
	const char *why_not;		/* NULL */
	struct campaign_org committee;	/* that judges it; id 0: none */
	bool may_score, may_live;	/* there */
	struct live_session *sessions;	/* live scoring held by it, latest first */
	int n_sessions;
	const struct rectified_year *year;	/* of the appraised organisation (HN-7); NULL */
};
int appraisal_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		  struct arena *arena, struct appraisal_view *ret_view, struct err_info *info);

/* Both: ACTION_REVIEW at the organisation. */
int appraisal_note_add(struct app *app, const struct caller *caller, int64_t campaign,
		       const struct appraisal_note *note, struct err_info *info);
int interview_add(struct app *app, const struct caller *caller, int64_t campaign,
		  const struct interview *interview, struct err_info *info);

const char *appraisal_kind_label(enum appraisal_kind kind);

#endif
