/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a campaign is: the days of its steps, the state of every step for
 * every organisation, and their kept sums for the nodes above.
 *
 * Sums are kept for the nodes of the organisation's own region; what stands
 * above counties adds up its counties when it is asked.
 */
#ifndef JW_STORE_CAMPAIGN_STEP_H
#define JW_STORE_CAMPAIGN_STEP_H

#include "store/campaign.h"

/* Stored; never renumber. Of the step `review`: BEGUN is handed in, DONE
 * accepted, RETURNED sent back. */
enum step_state {
	STEP_NOT_BEGUN = 0,
	STEP_BEGUN = 1,
	STEP_DONE = 2,
	STEP_WAIVED = 3,	/* need not be, with a reason */
	STEP_RETURNED = 4,	/* came back, with a reason */
};
enum { STEP_STATE_COUNT = STEP_RETURNED + 1 };

/* ---- the days ---- */

struct campaign_step {
	int step;			/* index in the scheme */
	int32_t from_day, to_day;	/* yyyymmdd; 0: none */
};
/* In the scheme's order. */
int store_campaign_steps(struct db_tx *tx, int64_t campaign, struct arena *arena,
			 struct campaign_step **ret_steps, int *ret_n);

/* Other days, without remembering: only while the campaign is being opened. */
int store_campaign_step_put(struct db_tx *tx, int64_t campaign, const struct campaign_step *step);

/* A move that is remembered. */
struct campaign_step_move {
	int step;
	int32_t from_day, to_day;	/* as they were before */
	const char *reason;
	int64_t account, at_ms;
	const char *account_label;	/* read only */
};
/* Sets the days of `step` and keeps those before it. */
int store_campaign_step_move(struct db_tx *tx, int64_t campaign, const struct campaign_step *step,
			     const char *reason, int64_t account, int64_t now_ms);

/* Latest first, at most 500. */
int store_campaign_step_moves(struct db_tx *tx, int64_t campaign, struct arena *arena,
			      struct campaign_step_move **ret_moves, int *ret_n);

/* ---- the state of an organisation ---- */

struct org_step {
	int64_t org;
	int step;
	enum step_state state;
	int64_t at_ms, account;		/* 0: not begun */
	const char *note;		/* why it was waived or came back; "" if none */
};

/* Sets it and the kept sums. ERR_NOT_FOUND where the campaign has no such
 * organisation. */
int store_org_step_set(struct db_tx *tx, int64_t campaign, int64_t org, int step,
		       enum step_state state, int64_t account, int64_t now_ms, const char *note);

/* The same where this function knows the organisation, the state it is in, and the
 * campaign's own node `top`: nobody is asked. */
int store_org_step_change(struct db_tx *tx, int64_t campaign, int64_t top, const struct campaign_org *org,
			  enum step_state from, const struct org_step *to);

/* All `n_steps` of one organisation, by step; those without a row are not begun. */
int store_org_steps(struct db_tx *tx, int64_t campaign, int64_t org, int n_steps,
		    struct arena *arena, struct org_step **ret_steps);

/* One step of all graded organisations below and with a path, by path; those
 * that have not begun are missing. */
int store_org_steps_below(struct db_tx *tx, int64_t campaign, const char *path, int step,
			  struct arena *arena, struct org_step **ret_steps, int *ret_n);

/* ---- the sums ---- */

/* Graded organisations below a node by state of one step. */
struct step_count {
	int64_t node;
	int step;
	int64_t n[STEP_STATE_COUNT];
};

/* Makes the sums of a campaign that has just been opened. */
int store_step_counts_begin(struct db_tx *tx, int64_t campaign, int n_steps);

/* `n_steps` sums of a node, by step. */
int store_step_counts(struct db_tx *tx, int64_t campaign, int64_t node, int n_steps,
		      struct arena *arena, struct step_count **ret_counts);

/* Each child of a node that is graded or has graded organisations below it: with
 * itself, `n_steps` sums each, by the children's code. */
struct step_child {
	int64_t node;
	const char *code, *name, *path;
	enum level level;
	int category;			/* -1: not itself graded */
	struct step_count *counts;	/* [n_steps] */
};
int store_step_children(struct db_tx *tx, int64_t campaign, int64_t node, int n_steps,
			struct arena *arena, struct step_child **ret_children, int *ret_n);

#endif
