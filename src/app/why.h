/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this score (campaign.md): the whole way of one organisation from its cells
 * to its grade, as the engine's own explanation, with what meetings, notices and
 * reviews made of it since. The one place where the small-group floor is asked
 * for it (ballots.md).
 */
#ifndef JW_APP_WHY_H
#define JW_APP_WHY_H

#include "app/campaign_grading.h"
#include "app/deciding.h"
#include "store/meeting.h"

enum { WHY_HIDDEN_MAX = 4 * SCHEME_RULES_MAX + 2 };

struct why_view {
	struct campaign_call call;
	struct campaign_grading grading;	/* computed; freed by why_view_done */
	struct explanation explanation;		/* freed too */
	uint32_t node;				/* in the grading; ORG_NONE: not graded */
	bool visible;				/* else nothing below is filled; `why_not` says why */
	const char *why_not;
	unsigned floor;				/* enum floor_show: what may be shown */
	bool hides_ranks;			/* and no place among the others */
	struct result result;			/* as stored: after meetings; status "" */
	const struct adjustment *adjustment;	/* that holds; NULL */
	const struct meeting *meeting;		/* that decided it; NULL */
	struct hold hold;
	struct hold *events;			/* oldest first */
	int n_events;
	struct past_result *past;		/* latest first */
	int n_past;
	bool approves;
	uint32_t hidden[WHY_HIDDEN_MAX];	/* neighbours whose score may not be shown */
	int n_hidden;
};

/* May the score of a neighbour (a node of the grading) be shown? */
bool why_shows(const struct why_view *view, uint32_t node);

/* ACTION_CAMPAIGN_READ at `org`. The view stays where it is until
 * why_view_done. */
int why_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	    struct arena *arena, struct why_view *ret_view, struct err_info *info);
void why_view_done(struct why_view *view);

/* The explanation as `jinwei explain --json` prints it, byte for byte. Only where
 * the floor lets all be shown, of its neighbours too: ERR_DENIED otherwise. */
int why_json(const struct why_view *view, struct buf *buf, struct err_info *info);

#endif
