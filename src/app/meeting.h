/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The committee's meeting (campaign.md, "Meeting"; ZJ-13, XS-3, GZ-7): before it
 * the computed grades with the boundary table, then each accepted or adjusted
 * with a written reason, then the record. Recording decides; adjusting
 * afterwards needs a new meeting. And what regulators say before it (XN-4).
 */
#ifndef JW_APP_MEETING_H
#define JW_APP_MEETING_H

#include "app/campaign_grading.h"
#include "app/review.h"
#include "domain/adjust.h"
#include "domain/boundary.h"
#include "store/meeting.h"

enum {
	MEETING_WHAT_IFS_MAX = 120,	/* gradings for "one point more or less" */
	MEETING_PEOPLE_MAX = 1000,	/* expected at a meeting */
};

/* One organisation on the committee's table. */
struct meeting_row {
	const struct decide_org *org;
	uint32_t node;				/* in both gradings */
	struct result proposed;			/* by score and quotas */
	struct result preview;			/* with what meetings decided and what is noted */
	const struct adjustment *note;		/* noted down, not decided; NULL */
	const struct adjustment *decided;	/* by the last meeting that touched it; NULL */
	const struct past_result *last_year;	/* NULL: not known */
	const struct opinion *opinion;		/* the last one; NULL */
	bool consult;				/* its regulator must be heard (XN-4) */
};

/* What one point more or less of the committee's would change for one row. */
struct meeting_what_if {
	int row;
	int sign;
	struct boundary_change change;
};

struct meeting_view {
	struct campaign_call call;
	struct decide_tree tree;
	struct campaign_grading computed, preview;	/* freed by meeting_view_done */
	const char *why_not;			/* nothing below is filled, and why; NULL */
	struct meeting_row *rows;		/* highest first; those not graded at the end */
	int n_rows;
	bool hides_ranks;			/* decide_hides_ranks: no ranks, no lines between neighbours */
	struct decide_withheld withheld;	/* whose scores the caller does not see: then there is
						 * neither boundary nor what-ifs */
	struct boundary boundary;		/* of `computed`, freed too */
	struct meeting_what_if *what_ifs;
	int n_what_ifs;
	int source;				/* whose points they are; -1: nobody's */
	bool more_what_ifs;			/* there were too many: only neighbours of lines */
	struct adjust_fault faults[16];		/* quotas that `preview` breaks */
	int n_faults;
	int n_notes;
	struct meeting *meetings;		/* of the committee, latest first */
	int n_meetings;
	struct gate_facts facts;
	struct gate_view gate;			/* for recording */
	bool may_write;
};

/* ACTION_CAMPAIGN_READ at the committee `node`; who is no part of it sees only
 * what was handed in (else `why_not` says so). The view stays where it is until
 * meeting_view_done. */
int meeting_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct meeting_view *ret_view, struct err_info *info);
void meeting_view_done(struct meeting_view *view);

/* Notes an adjustment down: `grade` of the scheme, -1: back to the computed one.
 * ACTION_MEETING_WRITE at the committee. */
int meeting_adjust(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int64_t org, int grade, const char *reason, struct err_info *info);

/* Takes back what was noted down. */
int meeting_forget(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int64_t org, struct err_info *info);

/* Records a meeting (its texts are checked). One on the grading decides all that
 * is noted down and accepts the rest; ERR_STATE with what is missing. Then the
 * campaign is graded again. */
int meeting_record(struct app *app, const struct caller *caller, const struct meeting *meeting,
		   int64_t *ret_id, struct err_info *info);

/* ---- regulators (XN-4) ---- */

struct opinion_view {
	struct campaign_call call;
	struct opinion *opinions;
	int n;
	bool consult;			/* the scheme asks for it */
	bool may_write;
	const char *why_not;		/* "还不能…，因为…"; NULL */
};
/* ACTION_OPINION_WRITE or ACTION_CAMPAIGN_READ. */
int opinion_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		struct arena *arena, struct opinion_view *ret_view, struct err_info *info);

/* By the regulator itself, or by the committee that has its letter. */
int opinion_add(struct app *app, const struct caller *caller, int64_t campaign,
		const struct opinion *opinion, struct err_info *info);

/* One organisation whose regulator the caller is. */
struct opinion_duty {
	int64_t campaign, org;
	const char *title, *name, *parent;
	const struct opinion *last;	/* NULL: it is still owed */
};
enum { OPINION_DUTIES_MAX = 500 };

/* All that regulators are asked about in open campaigns, where the caller holds
 * ACTION_OPINION_WRITE; what is owed first, at most OPINION_DUTIES_MAX. */
int opinions_owed(struct app *app, const struct caller *caller, struct arena *arena,
		  struct opinion_duty **ret_duties, int *ret_n, struct err_info *info);

const char *opinion_stance_label(enum opinion_stance stance);

#endif
