/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before scores can be given: related units and what is assigned to them
 * (GZ-4), and the X indicators that a committee sets itself (ZY-1).
 */
#ifndef JW_APP_SCORE_SETUP_H
#define JW_APP_SCORE_SETUP_H

#include "app/scores.h"

enum { RATER_LABEL_MAX = 180 /* bytes: 60 characters */, LOCAL_LABEL_MAX = 180 };

/* ---- related units: ACTION_CAMPAIGN_WRITE at a node of the campaign ---- */

struct rater_list {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	struct rater *raters;
	int n;
	const char *why_not;		/* said where nothing can be changed; NULL */
};
int raters_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct rater_list *ret_list, struct err_info *info);

struct rater_draft {
	int64_t id;			/* 0: a new one */
	const char *source;		/* id, of a new one; "": the first that has raters */
	const char *label;		/* "县纪委" */
	const char *login;		/* of the account that scores; "": the committee types it */
};
/* The account must be a related unit's. ERR_INPUT, ERR_NOT_FOUND; ERR_DENIED
 * where it scores beyond the node, too. */
int raters_put(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       const struct rater_draft *draft, int64_t *ret_id, struct err_info *info);

/* ERR_STATE where it has scored; ERR_DENIED as above. */
int raters_delete(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  int64_t rater, struct err_info *info);

/* Assigns all graded organisations below a node (of a category, -1: all), or
 * takes them back; `ret_n`: how many it has now. */
int raters_assign(struct app *app, const struct caller *caller, int64_t campaign, int64_t rater,
		  int64_t node, int category, bool assign, int64_t *ret_n, struct err_info *info);

/* ---- X indicators: ACTION_SCORE_WRITE at the committee ---- */

struct local_list {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	struct local_row *rows;		/* of this node */
	int n;
	int64_t sum_e4;
	bool may_write;
	const char *why_not;
};
int locals_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct local_list *ret_list, struct err_info *info);

struct local_draft {
	int place;			/* -1: a new one */
	const char *ident, *label, *max;	/* as typed */
};
/* ERR_INPUT: more than the scheme's max_total; ERR_STATE: figures stand there
 * already, and only the label may change. */
int locals_put(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       const struct local_draft *draft, struct err_info *info);
int locals_delete(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  int place, struct err_info *info);

#endif
