/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scores (spec: campaign.md, "Scores are entered in a grid"): what one rater of
 * one source gave one organisation is a sheet; its cells are the figures as they
 * were typed, one a leaf of the scheme, and after those (from scheme->n_leaves
 * on) one a local indicator by its place. A source by points has one cell.
 * Every change of a cell is kept.
 *
 * Raters besides the committee and the organisation itself: related units with
 * the organisations assigned to them, peers (QN-1), live sessions (SY-1).
 */
#ifndef JW_STORE_SCORE_H
#define JW_STORE_SCORE_H

#include "domain/local.h"
#include "store/campaign.h"

enum {
	SCORE_CELL_MAX = 24,		/* bytes of a figure as typed */
	SCORE_LOCAL_MAX = LOCAL_MAX,	/* local indicators of one committee */
	SCORE_CELLS_MAX = SCHEME_LEAVES_MAX + SCORE_LOCAL_MAX,
	SCORE_HISTORY_MAX = 200,	/* changes of one cell that are shown */
	RATERS_MAX = 500,		/* listed raters of one campaign, peers aside */
};

/* Whose sheet. */
struct score_key {
	int64_t campaign, org;
	int source;			/* of the scheme */
	int64_t rater;			/* 0: the source's only one */
};

struct score_sheet {
	int64_t org, rater;
	int source;
	int n;				/* cells kept; those behind are empty */
	const char **cells;		/* never NULL */
	int64_t version;		/* 0: there is none yet */
	int64_t saved_ms;
};

/* The cell's text; "" where it is empty. */
const char *score_cell(const struct score_sheet *sheet, int leaf);

/* Where a page holds its snapshot (db_hold): two questions for the sheets of these, and
 * what was changed in them, which are going to be asked for one by one; of the key the
 * organisation is not looked at. */
int store_scores_know(struct db_tx *tx, const struct score_key *key, const struct campaign_org *orgs,
		      int n);

/* The sheet, an empty one of version 0 where there is none. */
int store_score_get(struct db_tx *tx, const struct score_key *key, struct arena *arena,
		    struct score_sheet *ret_sheet);

/* One cell to be written. */
struct score_edit {
	int leaf;
	const char *value;		/* "" empties it */
	const char *seen;		/* what the writer saw there; NULL: does not matter */
	bool conflict;			/* out: it holds something else by now */
};

/* Writes the cells that differ, a row of history for each. An edit whose cell no
 * longer holds what its writer saw (nor the new value) is marked and left out.
 * The sheet as it is then goes to `ret_sheet`; `ret_changed` counts. */
int store_score_save(struct db_tx *tx, const struct score_key *key, struct score_edit *edits, int n,
		     int64_t account, int64_t now_ms, struct arena *arena,
		     struct score_sheet *ret_sheet, int *ret_changed);

/* The number of a cell's last change. */
struct score_last {
	int64_t org;
	int leaf;
	int64_t change;
};
/* Of all cells of the key's source and rater at and below a path, by organisation; the key's
 * own is not looked at. */
int store_score_lasts_below(struct db_tx *tx, const struct score_key *key, const char *path,
			    struct arena *arena, struct score_last **ret_lasts, int *ret_n);

/* As store_score_save over what this function has read: nobody is asked. */
struct score_was {
	struct score_sheet sheet;
	const struct score_last *lasts;	/* of the sheet's cells */
	int n_lasts;
};
int store_score_change(struct db_tx *tx, const struct score_key *key, const struct score_was *was,
		       struct score_edit *edits, int n, int64_t account, int64_t now_ms,
		       struct arena *arena, struct score_sheet *ret_sheet, int *ret_changed);

/* Every sheet of the campaign's organisations below and with the node, by
 * organisation, source and rater; the arena lives for one call. No other
 * statement may run meanwhile. */
int store_score_each(struct db_tx *tx, int64_t campaign, const char *path,
		     int (*each)(void *arg, const struct score_sheet *sheet), void *arg);

/* The sheets of one organisation, or of one of its sources (-1: all). */
int store_score_list(struct db_tx *tx, int64_t campaign, int64_t org, int source,
		     struct arena *arena, struct score_sheet **ret_sheets, int *ret_n);

/* All sheets of the key's source and rater at and below a path, by organisation; the key's
 * own is not looked at. */
int store_score_below(struct db_tx *tx, const struct score_key *key, const char *path, struct arena *arena,
		      struct score_sheet **ret_sheets, int *ret_n);

/* What was changed in a cell (leaf -1: in any), latest first, at most
 * SCORE_HISTORY_MAX. */
struct score_change {
	int leaf;
	const char *before, *after;
	int64_t account;
	const char *account_label;	/* "" if it is gone */
	int64_t at_ms;
};
int store_score_history(struct db_tx *tx, const struct score_key *key, int leaf,
			struct arena *arena, struct score_change **ret_changes, int *ret_n);

/* Sets ret_changed[leaf] for the cells that were changed after they were first
 * filled. */
int store_score_changed(struct db_tx *tx, const struct score_key *key,
			bool ret_changed[SCORE_CELLS_MAX]);

/* ---- raters ---- */

struct rater {
	int64_t id;			/* from 1 within the campaign; 0: new */
	int source;
	const char *label;
	int64_t account;		/* who enters it; 0: the committee */
	int64_t org;			/* of a peer; 0: none */
	const char *login;		/* read only, of the account */
	int64_t assigned;		/* read only: organisations */
	int64_t done;			/* filled in by who counts: organisations with a full sheet */
};

/* Inserts (id 0: it is set) or changes label and account. ERR_NOT_FOUND. */
int store_rater_put(struct db_tx *tx, int64_t campaign, struct rater *rater);

/* Takes a rater away with what is assigned to it. ERR_STATE where it has scored. */
int store_rater_delete(struct db_tx *tx, int64_t campaign, int64_t rater);

/* 1, 0 or an error. */
int store_rater_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
		    struct rater *ret_rater);
int store_rater_of_peer(struct db_tx *tx, int64_t campaign, int source, int64_t org,
			struct arena *arena, struct rater *ret_rater);

/* Of one source (-1: of all), peers left out; at most RATERS_MAX. */
int store_raters(struct db_tx *tx, int64_t campaign, int source, struct arena *arena,
		 struct rater **ret_raters, int *ret_n);

/* Peers at or below a path that have scored, by code; at most RATERS_MAX. */
int store_rater_peers(struct db_tx *tx, int64_t campaign, int source, const char *path, struct arena *arena,
		      struct rater **ret_raters, int *ret_n);

/* What an account is to score: open campaigns and raters, at most RATERS_MAX. */
struct rater_duty {
	int64_t campaign;
	const char *title;
	int year;
	struct rater rater;
};
int store_raters_of_account(struct db_tx *tx, int64_t account, struct arena *arena,
			    struct rater_duty **ret_duties, int *ret_n);

/* Assigns the graded organisations below and with a node, of a category (-1:
 * of any), or takes them back; how many goes to `ret_n`. */
int store_rater_assign(struct db_tx *tx, int64_t campaign, int64_t rater, const char *path,
		       int category, bool assign, int64_t *ret_n);

/* 1 if the organisation is assigned to the rater, else 0. */
int store_rater_has(struct db_tx *tx, int64_t campaign, int64_t rater, int64_t org);

/* A page of those assigned below a node, by code, and how many there are. */
int store_rater_orgs_page(struct db_tx *tx, int64_t campaign, int64_t rater, const char *path,
			  int64_t offset, int64_t limit, struct arena *arena,
			  struct campaign_org **ret_orgs, int *ret_n, int64_t *ret_total);

/* The raters to whom an organisation is assigned; at most RATERS_MAX. */
int store_raters_of_org(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			int64_t **ret_raters, int *ret_n);

#endif
