/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anonymous ballots (spec: ballots.md): the way of a box. Each function is one
 * transaction with the right ACTION_BALLOT_WRITE at the box's organisation and
 * an entry in the audit log; voting itself is in app/ballot_vote.h and leaves
 * no entry.
 *
 *   set up → counters set phrases → test ballot → slips, numbers present,
 *   spares voided → open → people vote, slips exchanged for paper → close →
 *   paper keyed by two counters apart → opened by two phrases: counts
 */
#ifndef JW_APP_BALLOT_H
#define JW_APP_BALLOT_H

#include "app/app.h"
#include "app/ballot_seal.h"
#include "domain/ballot.h"
#include "domain/floor.h"

enum {
	BALLOT_TITLE_MAX = 60,		/* characters */
	BALLOT_PHRASE_MIN = 8,		/* characters */
	BALLOT_PHRASE_MAX = 200,	/* bytes */
	BALLOT_BOXES_SHOWN = 200,	/* of a list */
	BALLOT_CELLS_MAX = 190,		/* answers × options: one form of paper counts */
	BALLOT_CODES_MAX = 2000,	/* typed at once */
};

/* ---- set up ---- */

struct ballot_setup {
	int64_t node;			/* whose box; who holds the meeting */
	int64_t campaign;		/* 0: of none */
	const char *title;		/* "2026 年度民主测评" */
	int64_t opens_ms, closes_ms;
	int64_t heads[VOTERS_COUNT];	/* 0: the class does not vote */
	const int64_t *orgs;		/* who is rated; at or below the node */
	int n_orgs;
	const char *const *questions;	/* texts */
	int n_questions;
	const char *const *options;	/* labels, best first; explanations may be NULL */
	const char *const *option_notes;
	int n_options;
};

/* ERR_INPUT says what is missing or too much. With a campaign, options must be
 * the frozen scheme's, in its order, or the counts would not fit it. */
int ballot_create(struct app *app, const struct caller *caller, const struct ballot_setup *setup,
		  int64_t *ret_box, struct err_info *info);

/* ---- looking ---- */

struct ballot_view {
	struct ballot_box box;
	char path[ORG_PATH_MAX];	/* of its node */
	struct ballot_figures figures[VOTERS_COUNT];
	bool there[VOTERS_COUNT];	/* the class votes */
	struct ballot_counter counters[BALLOT_COUNTERS_MAX];
	int n_counters;
	struct ballot_item *options, *questions, *orgs;
	int n_options, n_questions, n_orgs;
	bool keyed[VOTERS_COUNT][BALLOT_COUNTERS_MAX];	/* paper */
	/* After the opening: all counts there are. Shown only through
	 * ballot_count_shown. */
	struct ballot_count *counts;
	int n_counts;
	int64_t voted, present;		/* both classes; sheets as handed out until counted */
	bool may_hold;			/* whoever looks holds the ballot (ACTION_BALLOT_WRITE) */
	bool sees_classes;		/* and may see each class's score in the campaign */
};

/* `action` is ACTION_BALLOT_WRITE, or ACTION_REPORT_READ for how far it is, and the
 * result. */
int ballot_view(struct app *app, const struct caller *caller, enum action action, int64_t box,
		struct arena *arena, struct ballot_view *ret_view, struct err_info *info);

/* What of a counted box may be shown (domain/floor.h), whoever looks. */
unsigned ballot_floor(const struct ballot_view *view);

/* Ballots for an option (BALLOT_SPOILED: none) as the floor lets it be seen;
 * `class` VOTERS_COUNT: both together. -1: not to be shown. */
int64_t ballot_count_shown(const struct ballot_view *view, int org, int question, int class,
			   int option);

/* Boxes at or below a node, of a campaign (0: any); ACTION_REPORT_READ. */
struct ballot_boxes {
	struct ballot_box *boxes;
	int n;
	bool may_hold;			/* and make one here */
};
int ballot_list(struct app *app, const struct caller *caller, int64_t node, int64_t campaign,
		struct arena *arena, struct ballot_boxes *ret_boxes, struct err_info *info);

/* ---- keys (ballot_keys.c) ---- */

struct ballot_counter_in {
	const char *name, *phrase;
};

/* The counters' names and phrases: makes the key pair, seals the private half to
 * each pair and opens every copy once. The phrases are not kept. */
int ballot_set_counters(struct app *app, const struct caller *caller, int64_t box,
			const struct ballot_counter_in *counters, int n,
			const struct ballot_cost *cost, struct err_info *info);

/* Two of the counters, by number, and their phrases. */
struct ballot_pair {
	int a, b;
	const char *phrase_a, *phrase_b;
};

/* Seals a test ballot with the given answers as a vote does, opens it with two
 * phrases and compares; the box may then open. ERR_INPUT: a wrong phrase. */
int ballot_test(struct app *app, const struct caller *caller, int64_t box,
		const struct ballot_pair *pair, const unsigned char *answers,
		struct err_info *info);

/* ---- slips (ballot_slips.c) ---- */

/*
 * Makes `n` slips of a class (0: as many as there are voters, and 10 %). Their
 * codes are in `arena` and nowhere else; slips of the class that were printed
 * before and not used become void. ERR_STATE while people vote.
 */
int ballot_print(struct app *app, const struct caller *caller, int64_t box, enum voters class,
		 int64_t n, struct arena *arena, char (**ret_codes)[BALLOT_CODE_LEN + 1], int *ret_n,
		 struct err_info *info);

/* How many people are there. */
int ballot_set_present(struct app *app, const struct caller *caller, int64_t box,
		       enum voters class, int64_t present, struct err_info *info);

enum ballot_act {
	BALLOT_ACTIVATE,	/* the slips named; never more than people present */
	BALLOT_ACTIVATE_REST,	/* all that are left: exactly as many as people present */
	BALLOT_VOID,		/* the slips named */
	BALLOT_VOID_REST,	/* all that were not activated */
	BALLOT_EXCHANGE,	/* the slip named, for a sheet of paper */
};

/* `codes` is what was typed or scanned, one a line; all are good or nothing is
 * done. `ret_n`: how many slips. */
int ballot_act_on(struct app *app, const struct caller *caller, int64_t box, enum ballot_act act,
		  enum voters class, struct str codes, int64_t *ret_n, struct err_info *info);

/* Other times than planned, while people do not vote or still vote. */
int ballot_set_times(struct app *app, const struct caller *caller, int64_t box, int64_t opens_ms,
		     int64_t closes_ms, struct err_info *info);

/* Opens the box for voting, not before its time: it was tested, and of each class exactly as many
 * slips are active as people are present. */
int ballot_start(struct app *app, const struct caller *caller, int64_t box, struct err_info *info);

/* Ends the voting. */
int ballot_close(struct app *app, const struct caller *caller, int64_t box, struct err_info *info);

/* ---- paper and opening (ballot_count.c) ---- */

/* One counter's counts of one class's sheets: per item (organisation by
 * organisation) and option. Sealed at once. */
struct ballot_paper_in {
	int counter;
	enum voters class;
	int64_t sheets;
	const int64_t *counts;	/* n_items × n_options */
	int n_counts;
};
int ballot_key_paper(struct app *app, const struct caller *caller, int64_t box,
		     const struct ballot_paper_in *paper, struct err_info *info);

/* A row in which the two keyings differ. */
struct ballot_mismatch {
	enum voters class;
	int org, question, option;	/* org -1: the number of sheets */
	int64_t by[2];
};

/*
 * Opens the box with two phrases: opens all ballots in memory, counts, adds the
 * paper, checks the equations; stores the counts (and gives them to the
 * campaign), destroys ballots, slips and wrapped keys. ERR_CONFLICT with the
 * rows where the two keyings of paper differ: nothing was done.
 */
int ballot_open(struct app *app, const struct caller *caller, int64_t box,
		const struct ballot_pair *pair, struct arena *arena,
		struct ballot_mismatch **ret_mismatches, int *ret_n, struct err_info *info);

/* Gives the box up, e.g. where two phrases are lost: ballots and keys are
 * destroyed unopened; a new box with the same questions takes its place. */
int ballot_abandon(struct app *app, const struct caller *caller, int64_t box, const char *reason,
		   int64_t *ret_again, struct err_info *info);

#endif
