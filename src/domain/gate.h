/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a campaign's steps gate (spec: campaign.md, "Steps"): nothing forces the
 * calendar, work may go on early and late; what must be true before something
 * may be done stands here, in one table, and is said everywhere in the same
 * words: "还不能报送，因为还有 3 个的等次没有经会议定". Use cases ask gate_check,
 * pages show gate_read; nobody else decides.
 */
#ifndef JW_DOMAIN_GATE_H
#define JW_DOMAIN_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "domain/scheme.h"

/* Where an organisation's result stands between the committees. What is shown,
 * handed in or accepted is locked; unlocking is an act with a reason
 * (campaign.md, "Review"). Stored; never renumber. */
enum hold_state {
	HOLD_NONE = 0,		/* at work */
	HOLD_PUBLISHED = 1,	/* its notice is up or was */
	HOLD_SUBMITTED = 2,	/* handed in by a committee */
	HOLD_ACCEPTED = 3,	/* by the committee above that one */
	HOLD_RETURNED = 4,	/* sent back by it, with a reason: at work again */
	HOLD_REOPENED = 5,	/* unlocked, with a reason: at work again */
	HOLD_STATES,
};

static inline bool hold_locks(enum hold_state state)
{
	return state >= HOLD_PUBLISHED && state <= HOLD_ACCEPTED;
}

/* "已报送" … "" for HOLD_NONE. */
const char *hold_label(enum hold_state state);

/* What somebody wants to do. */
enum gate_action {
	/* with the campaign */
	GATE_DAYS,		/* move a step's days */
	GATE_CLOSE,		/* end it; with a reason also while some are not through */
	GATE_RERUN,		/* open it again */
	GATE_ARCHIVE,
	GATE_GRADE,		/* work the grades out anew */
	GATE_MARK,		/* mark a step that only people know of (STEP_OTHER) */
	/* with one organisation */
	GATE_SURVEY,		/* answer its form */
	GATE_SELF,		/* write its self-evaluation */
	GATE_SELF_CONFIRM,
	GATE_SELF_RETURN,
	GATE_BALLOT,		/* key or import its counts, numbers present, waiver */
	GATE_BOX,		/* set up or open a box */
	GATE_SCORE,		/* any source's points, also live; X indicators, raters */
	GATE_OPINION,		/* its regulator's */
	GATE_ADJUST,		/* note down an adjustment for the meeting */
	GATE_REGRADE,		/* look at it again after an objection */
	GATE_REVIEW,		/* accept or return it */
	GATE_UNLOCK,
	GATE_STARS,		/* approve or refuse its stars above */
	GATE_IMPROVEMENT,	/* its goal and measures */
	GATE_APPRAISAL,		/* notes and interviews of an appraisal */
	/* with all that a committee decides on */
	GATE_MEETING,		/* record the meeting that decides */
	GATE_PUBLISH,
	GATE_NOTICE,		/* take a notice down, note an objection, answer it */
	GATE_SUBMIT,		/* hand in to the level above */
	GATE_ACTIONS,
};

/* What must be true for it. */
enum gate_condition {
	GATE_IS_RUNNING,	/* the campaign is open */
	GATE_IS_CLOSED,		/* it is closed, and not archived */
	GATE_IS_THROUGH,	/* all are through the last step up to the review */
	GATE_TAKES_PART,
	GATE_NOT_SHOWN,		/* its result is not published */
	GATE_NOT_HANDED_IN,
	GATE_NOT_ACCEPTED,
	GATE_SELF_OPEN,		/* its self-evaluation is not handed in, or came back */
	GATE_SELF_HANDED_IN,
	GATE_SELF_UNCONFIRMED,
	GATE_NOT_BOXED,		/* no anonymous box has counted it */
	GATE_IS_SCORED,		/* it has a composite */
	GATE_IS_LOCKED,
	GATE_IS_WAITING,	/* handed in by the committee asked about */
	GATE_IS_ACCEPTED,
	GATE_HAS_STARS,
	GATE_GRADE_SHOWN,	/* its grade is decided and published or further */
	GATE_HAS_TO_DECIDE,	/* something is left for a meeting */
	GATE_ALL_SCORED,
	GATE_ALL_HEARD,		/* every regulator that must be asked (XN-4) */
	GATE_QUOTAS_HOLD,	/* also with what is noted down */
	GATE_HAS_OWN,		/* organisations that this committee decides on */
	GATE_ALL_DECIDED,	/* by a meeting */
	GATE_HAS_TO_SHOW,
	GATE_HAS_TO_HAND_IN,
	GATE_ALL_SHOWN,
	GATE_NOTICE_OVER,
	GATE_ALL_ANSWERED,	/* objections */
	GATE_BELOW_ACCEPTED,	/* what committees below handed in */
	GATE_CONDITIONS,
};

/* So many, and the first of them (0: not known). */
struct gate_count {
	int64_t n, first;
};

static inline void gate_count_one(struct gate_count *count, bool yes, int64_t org)
{
	if (yes && !count->n++)
		count->first = org;
}

enum gate_campaign { GATE_CAMPAIGN_OPEN, GATE_CAMPAIGN_CLOSED, GATE_CAMPAIGN_ARCHIVED };

/* All that the conditions ask. What an action's conditions don't name may stay
 * zero; texts are borrowed. */
struct gate_facts {
	const char *campaign;		/* its title */
	const char *org;		/* the organisation's name */
	const char *step;		/* the scheme's label of the step it belongs to; NULL: plain */
	enum gate_campaign state;
	/* the organisation */
	bool outside;			/* takes no part */
	enum hold_state hold;
	bool waiting;			/* HOLD_SUBMITTED by the committee asked about */
	bool handed_in, confirmed;	/* its self-evaluation */
	bool boxed, scored, decided, starred;
	/* the committee; counts of organisations, unless said */
	struct gate_count own, to_decide, unscored, asked, unheard, undecided, to_show, to_hand_in,
		unshown, below, below_open, open /* not through */;
	bool publicity;			/* the scheme has it: the three that follow count */
	int32_t shown_up_to;		/* last day of a notice that is still up; 0: none */
	struct gate_count unanswered;	/* objections */
	bool quotas;			/* the scheme has some */
	const char *quota_grade;	/* the first one broken: its grade's label; NULL: none is */
	int64_t quota_required, quota_have;
};

enum { GATE_ROWS_MAX = 8, GATE_TEXT_MAX = 512 };

/* One condition as it stands. */
struct gate_row {
	enum gate_condition condition;
	bool open;
	int64_t org;			/* the first it is about; 0: none */
	char text[GATE_TEXT_MAX];	/* "还有 3 个的等次没有经会议定", or "等次都已经会议定了" */
};

struct gate_view {
	struct gate_row rows[GATE_ROWS_MAX];
	int n;
	bool open;			/* every row is */
};

/* All conditions of an action that apply, in the table's order. */
void gate_read(enum gate_action action, const struct gate_facts *facts, struct gate_view *ret_gate);

/* 0, or ERR_STATE with "还不能报送，因为…", the first reason in the table's order. */
int gate_check(enum gate_action action, const struct gate_facts *facts, struct err_info *info);

/* "报送": what an action is called after "还不能" and "可以". */
const char *gate_doing(enum gate_action action);

/* The step an action belongs to, or STEP_OTHER. */
enum scheme_step_kind gate_step(enum gate_action action);

#endif
