/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The survey: forms by category, whom it reached, teams, progress, and the
 * conditions rolled up for leaders (CT-7). It is done for an organisation when
 * every question is answered and the coverage the scheme asks for is reached or
 * waived with a reason (GY-1).
 */
#ifndef JW_APP_SURVEYS_H
#define JW_APP_SURVEYS_H

#include "app/campaigns.h"
#include "app/listed.h"
#include "store/survey.h"

enum {
	SURVEY_TEXT_MAX = 6000,		/* bytes of a text answer: 2,000 characters */
	SURVEY_NAME_MAX = 300,		/* bytes of a team's name, leader, members */
	SURVEY_REASON_MAX = 1500,
};

struct survey_view {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org org;
	struct survey_answer *answers;	/* [scheme->n_survey]; answer "" where there is none */
	int asked, answered, red;	/* of this category */
	int64_t *reached;		/* [voters][channels + 1], channel -1 first */
	int64_t reach[VOTERS_COUNT];	/* sums */
	int64_t need[VOTERS_COUNT];	/* 0: nothing is asked; -1: the number of people is not known */
	bool covered;
	enum step_state state;
	const char *note;		/* of a waiver */
	bool may_write;
	const char *why_not;
};

/* True if the question is put to this category. */
bool survey_asks(const struct scheme_question *question, int category);

/* Places of `reached` for one class of voters. */
int survey_n_channels(const struct scheme *scheme);

/* ACTION_SURVEY_WRITE at the organisation. */
int surveys_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		struct arena *arena, struct survey_view *ret_view, struct err_info *info);

/* One answer as typed, and what is wrong with it. */
struct survey_put {
	int question;
	const char *value;
	const char *wrong;		/* out, in the arena; NULL: it is saved */
};

/* Saves what is right: answers, numbers reached ([voters][channel + 1], -1: as
 * it was), and the reason why the coverage is waived ("" none). ACTION_SURVEY_WRITE. */
int surveys_save(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 struct survey_put *puts, int n, const int64_t *reached, const char *waiver,
		 struct arena *arena, int *ret_wrong, struct err_info *info);

struct survey_row {
	struct campaign_org org;
	int asked, answered, red;
	enum step_state state;
};
struct survey_list {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	struct listed listed;
	struct survey_row *rows;	/* [listed.n] */
	int64_t *red_counts;		/* [scheme->n_survey]: organisations below the node */
	struct survey_team *teams;
	int n_teams;
	bool may_write;			/* teams */
};
/* ACTION_SURVEY_WRITE at the node. */
int surveys_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		 struct arena *arena, struct survey_list *ret_list,
		 struct err_info *info);

/* A team and its area (ZJ-8); at the area's node, ACTION_SURVEY_WRITE. An empty
 * name takes it away. */
int surveys_team(struct app *app, const struct caller *caller, int64_t campaign,
		 const struct survey_team *team, struct err_info *info);

#endif
