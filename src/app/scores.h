/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scores, typed into a grid: organisations down, the scheme's leaves across, one
 * grid a source and rater. There are three doors to it, with a right each:
 *
 *   the committee's   ACTION_SCORE_WRITE below its node; to read ACTION_REPORT_READ.
 *                     It fills in the committee's own source, society and the
 *                     yearly examination (QN-1), and raters without an account.
 *   a related unit's  ACTION_SCORE_UNIT, and only what was assigned to the rater
 *                     whose account it is (GZ-4); it sees no other figure.
 *   a peer's          ACTION_SELF_WRITE at the organisation that scores; the rows
 *                     are the others of its township, never itself (QN-1).
 *
 * Every cell is saved as typed, checked against the scheme alone, kept with its
 * history and written to the audit log. What is wrong is not saved, and said.
 */
#ifndef JW_APP_SCORES_H
#define JW_APP_SCORES_H

#include "app/campaigns.h"
#include "domain/sheet.h"
#include "store/local.h"
#include "store/score.h"

enum {
	SCORES_PAGE_MAX = 50,		/* rows of a page */
	SCORES_PAGE_ROWS = 20,		/* unless asked otherwise */
	SCORES_PUTS_MAX = 200,		/* cells of one save */
	SCORES_COUNTED_MAX = 500,	/* organisations up to which all sheets are looked through */
	SCORES_PEERS_MAX = 500,		/* organisations of a township that score each other */
};

enum score_door {
	SCORE_COMMITTEE,
	SCORE_UNIT,
	SCORE_PEER,
	SCORE_SELF,	/* app/selfs.h: one row, the organisation itself */
};

/* Which grid. */
struct score_at {
	enum score_door door;
	int64_t campaign, node;		/* SCORE_PEER: the organisation that scores */
	const char *source;		/* its id; "": the first that this door writes */
	int64_t rater;			/* 0: the only one; SCORE_UNIT: the account's first */
};

struct score_query {
	struct score_at at;
	int category;			/* -1: all */
	bool todo;			/* only those not filled in; up to SCORES_COUNTED_MAX */
	bool counts;			/* no rows: how many are done, and whether one may write */
	int page;			/* from 1 */
	int size;			/* rows; 0: as many as one form may send */
};

struct score_column {
	int leaf;
	const char *label;
	const char *group;		/* of an item: its indicator; "" */
	const char *notes;		/* "" if none, or if they differ */
	int64_t max_e4;			/* 0: differs from row to row */
};

struct score_cell {
	const char *text;
	int64_t max_e4;			/* 0: not applicable */
	bool changed;			/* after it was first filled */
};

struct score_row {
	struct campaign_org org;
	struct score_cell *cells;	/* one a column; NULL in what a save returns */
	const char *sum, *max;		/* points; sum "" while cells are missing */
	int missing, mixed;		/* as struct sheet_total */
	const char *mixed_label;	/* that indicator's; NULL: none */
	int64_t version;
	const char *locked;		/* why it can't be changed; NULL: it can */
	bool hidden;			/* its figures are not for the level above yet: cells are empty */
};

struct score_grid {
	struct campaign campaign;
	const struct scheme *scheme;
	struct campaign_org node;
	enum score_door door;
	int source;			/* -1: there is none for this door; `why_not` says so */
	struct rater rater;		/* id 0: the source's only one */
	struct rater *raters;		/* of the source; of a township, peers that have scored */
	int n_raters;
	bool may_write;
	const char *why_not;		/* said where nothing can be written; NULL */
	struct score_column *columns;
	int n_columns;
	struct score_row *rows;
	int n_rows;
	int64_t total;			/* on all pages */
	int page, size;
	bool counted;			/* up to SCORES_COUNTED_MAX organisations: */
	int64_t done[SCHEME_SOURCES_MAX];	/* organisations with a full sheet, by source */
	int64_t n_orgs;			/* organisations below the node */
};

/* ERR_NOT_FOUND: no such source, rater or campaign; ERR_DENIED. */
int scores_grid(struct app *app, const struct caller *caller, const struct score_query *query,
		struct arena *arena, struct score_grid *ret_grid, struct err_info *info);

/* One cell to write, and what came of it. */
struct score_put {
	int64_t org;
	int leaf;
	const char *value;		/* as typed; "" empties */
	const char *seen;		/* what the writer saw; NULL: does not matter */
	const char *wrong;		/* out: why it was not saved; NULL: it is */
	const char *now;		/* out: what the cell holds now */
};

struct score_saved {
	int n_saved, n_wrong;
	struct score_row *rows;		/* of the organisations written to, without cells */
	int n_rows;
};

/* Saves what is right. 0 also where every cell is wrong; ERR_DENIED, ERR_LIMIT,
 * ERR_NOT_FOUND, ERR_STATE (the whole grid is closed). Texts in `arena`. */
int scores_save(struct app *app, const struct caller *caller, const struct score_at *at,
		struct score_put *puts, int n, struct arena *arena, struct score_saved *ret_saved,
		struct err_info *info);

/* The same within a transaction that writes more, of any number of cells. */
int scores_save_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		   const struct score_at *at, struct score_put *puts, int n, struct arena *arena,
		   struct score_saved *ret_saved, struct err_info *info);

/* How many of its neighbours an organisation has to score (QN-1), and has not. Both 0 where
 * the scheme does not ask for it. ACTION_SELF_WRITE at it. */
int scores_peers_left(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		      int64_t *ret_left, int64_t *ret_all, struct err_info *info);

/* Every change of one cell (leaf -1: of any), latest first. */
int scores_history(struct app *app, const struct caller *caller, const struct score_at *at,
		   int64_t org, int leaf, struct arena *arena, struct score_change **ret_changes,
		   int *ret_n, struct err_info *info);

/* What the caller's account is to score as a related unit, in open campaigns. */
struct score_duty {
	struct rater_duty duty;
	const char *source;		/* id */
	const char *source_label;
	int64_t node;			/* where its grid begins */
};
int scores_duties(struct app *app, const struct caller *caller, struct arena *arena,
		  struct score_duty **ret_duties, int *ret_n, struct err_info *info);

/* ---- for scores_import.c and the pages ---- */

/* True where this door writes the source: `rater` has an account of its own or
 * not. */
bool score_door_writes(enum score_door door, const struct scheme_source *source,
		       const struct rater *rater);

/* The label of a leaf: "工作制度", of an item "工作制度/三会一课". In `arena`. */
const char *score_leaf_label(const struct scheme *scheme, const struct local_row *locals,
			     int n_locals, int leaf, struct arena *arena);

#endif
