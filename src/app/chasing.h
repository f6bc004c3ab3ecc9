/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has what to do, and who is late with what (催办, F17): for an office to
 * call in what is missing, for a branch to see what it owes. No scores and no
 * phone numbers.
 */
#ifndef JW_APP_CHASING_H
#define JW_APP_CHASING_H

#include "app/campaigns.h"

enum {
	CHASE_SOON_DAYS = 3,		/* due within so many days counts as well */
	CHASE_NAMES = 6,		/* organisations that a line names */
	CHASE_ROWS_MAX = 2000,
	MARK_MAX = 20000,		/* organisations marked at once */
};

/* A committee (or, for a committee, a branch) that has not finished a step. */
struct chase_row {
	int step;
	int64_t node;
	const char *name;		/* 石桥镇 */
	const char *what;		/* 自评还有 4 个没有完成：…… */
	int64_t n;			/* organisations that are not through */
	int32_t to_day;
	int64_t days;			/* late by; 0 or less: due in so many days */
};

struct chasing {
	struct campaign_detail detail;
	struct chase_row *rows;		/* by step, then in the tree's order */
	int n;
	bool cut;			/* more than CHASE_ROWS_MAX */
};

/* ACTION_CAMPAIGN_READ at the node (0: the caller's topmost). */
int chasing_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		 struct arena *arena, struct chasing *ret_chasing, struct err_info *info);

/* What one organisation is to do in one campaign: a branch for itself, a
 * committee for those below it, a cadre for what he confirms. */
struct duty {
	int64_t campaign, org;
	const char *campaign_title, *org_name;
	int step;			/* index in the scheme */
	enum scheme_step_kind kind;
	const char *label, *notes;
	bool below;			/* a committee's: `open` tells how much is left */
	int64_t open, all;		/* organisations not through, and all; only if `below` */
	enum step_state state;
	const char *reason;		/* why it came back; "" */
	int32_t from_day, to_day;
	int64_t days;			/* late by, as above; INT64_MIN: no day is set */
	bool confirm;			/* a cadre's: the self-evaluation waits for him */
	bool may_mark;			/* STEP_OTHER, and duties_mark is the caller's */
	/* STEP_GRADING of a committee that has still to score: the source whose grid comes
	 * next, and how many organisations lack it; NULL: the meeting comes next. */
	const char *source, *source_label;
	int64_t unscored;
	/* A branch's, with the step of grading: it scores its neighbours (QN-1), of `all` of
	 * whom `unscored` are left; the label is the source's. */
	bool mutual;
};

/* The steps that are the caller's to take in open campaigns: as a branch's clerk,
 * as a township's organiser, as an officer of the level that the step names; done
 * ones too, so that he sees it. And the self-evaluations that wait for the resident
 * cadre (ZJ-9). Those that came back first, then by day. */
int duties_list(struct app *app, const struct caller *caller, struct arena *arena,
		struct duty **ret_duties, int *ret_n, struct err_info *info);

/* Marks a step that no act of this system completes (STEP_OTHER: 述职, 点评, 细化标准) as
 * done, or as not done, for the organisation and all graded ones below it; says how
 * many were changed. ACTION_SUBMIT at the node. ERR_INPUT for another step,
 * ERR_LIMIT over MARK_MAX organisations. */
int duties_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node, int step,
		bool done, int64_t *ret_n, struct err_info *info);

#endif
