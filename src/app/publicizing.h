/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publicity (GZ-8, ZJ-13, ZJ-17): the results of a committee in a chosen range
 * for some days, on a public page without signing in and as a printable notice;
 * objections (by whom is optional), their answers, and one organisation looked
 * at again. Names, grades and stars; scores only if chosen, and never under the
 * small-group floor.
 */
#ifndef JW_APP_PUBLICIZING_H
#define JW_APP_PUBLICIZING_H

#include "app/review.h"
#include "store/improve.h"
#include "store/publicity.h"

enum { PUBLICITY_DAYS_MAX = 60 };

/* One line of a notice. */
struct notice_row {
	const char *name, *category;
	const char *grade, *stars;	/* "" where not shown or none */
	const char *score;		/* "" where not shown, or withheld */
	int64_t rank;			/* 0: likewise */
	bool reopened;			/* is being looked at again */
	const struct improvement *plan;	/* NULL: none, or not shown */
};

struct notice {
	struct publicity publicity;
	struct campaign campaign;
	const struct scheme *scheme;
	const struct meeting *meeting;	/* that decided; NULL */
	struct notice_row *rows;	/* by grade, then name's code */
	int n_rows;
	int withheld;			/* scores that the floor withholds */
	int counts[SCHEME_GRADES_MAX];	/* rows of each grade */
	bool over;			/* its days have passed */
};

/* The notice behind a public address; anybody may look. ERR_NOT_FOUND where
 * there is none, it was taken down or has not begun. `today` is yyyymmdd. */
int notice_public(struct app *app, const char *token, int32_t today, struct arena *arena,
		  struct notice *ret_notice, struct err_info *info);

struct publicity_view {
	struct campaign_call call;
	struct publicity *list;		/* of the committee, latest first */
	int n;
	struct notice notice;		/* the latest one that is up, or a preview; rows NULL: none */
	struct objection *objections;
	int n_objections;
	struct gate_facts facts;
	struct gate_view gate;		/* for beginning one */
	bool may_write;
	struct decide_tree tree;
};
/* ACTION_CAMPAIGN_READ at the committee. `publicity` 0: the latest. */
int publicity_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  int64_t publicity, struct arena *arena, struct publicity_view *ret_view,
		  struct err_info *info);

/* Begins one (its texts and days are checked) for all of the committee's decided
 * results, which are locked from now on. ACTION_PUBLICITY_WRITE. */
int publicity_begin(struct app *app, const struct caller *caller, const struct publicity *publicity,
		    int64_t *ret_id, struct err_info *info);

/* Takes it down with a reason; its results are at work again. */
int publicity_withdraw(struct app *app, const struct caller *caller, int64_t campaign,
		       int64_t publicity, const char *why, struct err_info *info);

/* Records an objection while the notice is up, or later with its own day. */
int objection_add(struct app *app, const struct caller *caller, const struct objection *objection,
		  int64_t *ret_id, struct err_info *info);

/* Answers it; `reopen` unlocks the organisation, to be decided anew. */
int objection_answer(struct app *app, const struct caller *caller, int64_t campaign,
		     int64_t objection, const char *answer, bool reopen, struct err_info *info);

const char *objection_outcome_label(enum objection_outcome outcome);

#endif
