/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The residents' opinion on a case by an anonymous box (spec: rectification.md,
 * "accepted"). The box is like any other; it only knows the case and the attempt
 * at acceptance that it was set up for, and its counts become the opinion on that
 * attempt's score sheet: when it is opened, and whenever the sheet is saved later.
 * Fewer than FLOOR_BALLOTS ballots give no counts; then the opinion is heard in
 * another way.
 */
#ifndef JW_APP_BALLOT_CASE_H
#define JW_APP_BALLOT_CASE_H

#include "app/ballot.h"
#include "store/case.h"

struct ballot_opinion {
	int64_t box;			/* 0: none for the attempt under way */
	enum box_state state;
	bool silent;			/* counted, but of too few to be shown */
	int64_t heard;			/* ballots; -1 until counted, or silent */
	int64_t satisfied, dissatisfied;	/* the same; 基本满意 is satisfied */
	const char *how;		/* "不记名票箱（田国富、彭秀英计票）"; "" until counted */
};

/* Sets up the box of a case that awaits acceptance: who votes, and when; title,
 * organisation, question and options are given. ACTION_BALLOT_WRITE. ERR_STATE
 * where the case is not at that step, or a box is under way for it. */
int ballot_case_create(struct app *app, const struct caller *caller, int64_t case_id,
		       const int64_t heads[VOTERS_COUNT], int64_t opens_ms, int64_t closes_ms,
		       int64_t *ret_box, struct err_info *info);

/* What the box of the case's present attempt says. ACTION_CASE_READ. */
int ballot_case_opinion(struct app *app, const struct caller *caller, int64_t case_id,
			struct arena *arena, struct ballot_opinion *ret, struct err_info *info);

/* The same inside a transaction, of any attempt; texts in `arena`. */
int ballot_case_read(struct db_tx *tx, int64_t case_id, int round, int attempt,
		     struct arena *arena, struct ballot_opinion *ret);

/* Puts the opinion of a counted box over what the sheet says; 1 where it did. */
int ballot_case_fill(struct db_tx *tx, int64_t case_id, struct arena *arena,
		     struct case_sheet *sheet);

/* A box was counted: where it belongs to a case whose sheet is there and open, its
 * counts go onto it, with an event. `who` and `caller` are of the opening. */
int ballot_case_counted(struct db_tx *tx, int64_t box, const struct caller *caller,
			const char *who, struct arena *arena);

#endif
