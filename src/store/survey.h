/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The survey (spec: campaign.md, "survey"; GZ-2, ZJ-8, GY-1, CT-7): one answer
 * an organisation and question, how many people were reached by which channel
 * (counts only), and the teams that go out.
 *
 * An answer: "yes" or "no"; the index of a choice; a number as typed; a text.
 */
#ifndef JW_STORE_SURVEY_H
#define JW_STORE_SURVEY_H

#include "store/campaign.h"

enum {
	SURVEY_TEAMS_MAX = 200,
	SURVEY_REDS_MAX = 2000000,	/* red answers of one list */
};

struct survey_answer {
	int question;			/* of the scheme */
	const char *answer;		/* "" takes it back */
	bool red;			/* a warning when it was given */
	int64_t account, at_ms;
};

/* Replaces one answer. */
int store_survey_put(struct db_tx *tx, int64_t campaign, int64_t org,
		     const struct survey_answer *answer);

/* Of one organisation, by question. */
int store_survey_answers(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			 struct survey_answer **ret_answers, int *ret_n);

/* Of all organisations below and with a node, by organisation and question. */
struct survey_org_answer {
	int64_t org;
	struct survey_answer answer;
};
int store_survey_answers_below(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			       struct survey_org_answer **ret_answers, int *ret_n);

/* The red answers of the campaign's organisations below and with a node, by
 * path and question; ERR_LIMIT where there are more than SURVEY_REDS_MAX. For the
 * ledger: the question's `criterion` and `support` say what they speak for. */
struct survey_red_row {
	int64_t org;
	int question;			/* may lie outside a scheme that was changed since */
	const char *answer;
	int64_t at_ms;
	const char *name;		/* of the organisation */
};
int store_survey_reds(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		      struct survey_red_row **ret_reds, int *ret_n);

/* All that is answered, as red ones. */
int store_survey_given(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		       struct survey_red_row **ret_rows, int *ret_n);

/* The answers to one question, as red ones. */
int store_survey_of_question(struct db_tx *tx, int64_t campaign, const char *path, int question,
			     struct arena *arena, struct survey_red_row **ret_rows, int *ret_n);

/* How many organisations below a node have a red answer, by question. */
int store_survey_red_counts(struct db_tx *tx, int64_t campaign, const char *path, int n_questions,
			    int64_t *ret_counts);

/* The same of each child of the node at `path` and what is below it, those without any
 * left out: by child. */
struct survey_red_child {
	int64_t child;
	int question;
	int64_t n;
};
int store_survey_red_children(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			      struct survey_red_child **ret_rows, int *ret_n);

/* ---- whom the survey reached ---- */

struct survey_reach {
	enum voters voters;
	int channel;			/* of the scheme's channels; -1: in person */
	int64_t n;
};
int store_survey_reach_put(struct db_tx *tx, int64_t campaign, int64_t org,
			   const struct survey_reach *reach, int64_t account, int64_t now_ms);
int store_survey_reach(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		       struct survey_reach **ret_reach, int *ret_n);

/* Of all organisations below and with a node, by organisation. */
struct survey_org_reach {
	int64_t org;
	struct survey_reach reach;
};
int store_survey_reach_below(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			     struct survey_org_reach **ret_reach, int *ret_n);

/* ---- teams ---- */

struct survey_team {
	int team;			/* from 1; 0: new */
	const char *name, *leader, *members;	/* members separated by 、 */
	int64_t node;			/* its area: this organisation and below */
	const char *node_name, *path;	/* read only; today's path */
};
int store_survey_team_put(struct db_tx *tx, int64_t campaign, struct survey_team *team);
int store_survey_team_delete(struct db_tx *tx, int64_t campaign, int team);
int store_survey_teams(struct db_tx *tx, int64_t campaign, struct arena *arena,
		       struct survey_team **ret_teams, int *ret_n);

#endif
