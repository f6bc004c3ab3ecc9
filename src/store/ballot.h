/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballot boxes (spec: ballots.md) in the database. What a vote touches is in
 * the second half and knows no time, address, account or sequence.
 *
 * Numbers of boxes carry their region, as all ids.
 */
#ifndef JW_STORE_BALLOT_H
#define JW_STORE_BALLOT_H

#include "base/arena.h"
#include "db/db.h"
#include "domain/ballot.h"

enum {
	BALLOT_SALT_LEN = 16,
	BALLOT_KEY_LEN = 32,
	BALLOT_HASH_LEN = 32,
	BALLOT_WRAP_LEN = 24 + 16 + BALLOT_KEY_LEN,	/* nonce, tag, private key */
	BALLOT_SEALED_LEN = 48 + BALLOT_PLAIN_LEN,
	BALLOT_RANDOM_LEN = 16,
	BALLOT_SPOILED = -1,				/* option of a count */
};

struct ballot_box {
	int64_t id;			/* 0: new */
	int64_t node, campaign;		/* campaign 0: of none */
	const char *title;
	enum box_state state;
	int64_t opens_ms, closes_ms;			/* as planned */
	int64_t started_ms, closed_ms, counted_ms;	/* as it was; 0: not yet */
	bool has_key;
	unsigned char public_key[BALLOT_KEY_LEN];
	const char *fingerprint;	/* "" */
	int64_t kdf_passes, kdf_kib;
	const char *opened_by, *reason;
	int64_t again;
	/* Read only. */
	const char *node_name;
	const char *campaign_title;	/* "": of none */
	int64_t case_id;		/* 0: not held for a case */
};

/* Stored; never renumber. */
enum ballot_item_kind {
	ITEM_OPTION = 0,
	ITEM_QUESTION = 1,
	ITEM_ORG = 2,
};

struct ballot_item {
	enum ballot_item_kind kind;
	int n;				/* from 0 */
	int64_t org;
	const char *label, *note;
};

struct ballot_counter {
	int n;				/* from 0 */
	const char *name;
	unsigned char salt[BALLOT_SALT_LEN];
};

struct ballot_wrap {
	int a, b;			/* counters, a < b */
	unsigned char sealed[BALLOT_WRAP_LEN];
};

/* Writes the box; its id is set. */
int store_box_insert(struct db_tx *tx, struct ballot_box *box);

/* 1, 0 or an error; texts in `arena`. */
int store_box_get(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_box *ret_box);

/* Writes everything but node and campaign over what is there. */
int store_box_update(struct db_tx *tx, const struct ballot_box *box);

/* Boxes of organisations below and with the node of this path, newest first;
 * `campaign` 0: of any. At most `limit` (1000). */
int store_box_list(struct db_tx *tx, const char *path, int64_t campaign, int limit,
		   struct arena *arena, struct ballot_box **ret_boxes, int *ret_n);

/* How many boxes of the campaign rate the organisation, let `voters` (VOTERS_COUNT:
 * anybody) vote, and are neither counted nor given up. */
int store_boxes_waiting(struct db_tx *tx, int64_t campaign, int64_t org, enum voters voters,
			int64_t *ret_n);

int store_item_add(struct db_tx *tx, int64_t box, const struct ballot_item *item);
/* By kind and number. */
int store_item_list(struct db_tx *tx, int64_t box, struct arena *arena,
		    struct ballot_item **ret_items, int *ret_n);

/* Figures of the classes: `present`, `printed` … are -1 where the class has no
 * row. Slips are counted while their rows are there; sums kept otherwise. */
int store_class_put(struct db_tx *tx, int64_t box, enum voters class,
		    const struct ballot_figures *figures);
int store_class_list(struct db_tx *tx, int64_t box, bool slips_gone,
		     struct ballot_figures ret_figures[VOTERS_COUNT], bool ret_there[VOTERS_COUNT]);

int store_counter_add(struct db_tx *tx, int64_t box, const struct ballot_counter *counter);
int store_counter_list(struct db_tx *tx, int64_t box, struct arena *arena,
		       struct ballot_counter ret_counters[BALLOT_COUNTERS_MAX], int *ret_n);
int store_wrap_add(struct db_tx *tx, int64_t box, const struct ballot_wrap *wrap);
/* 1, 0 or an error. */
int store_wrap_get(struct db_tx *tx, int64_t box, int a, int b, struct ballot_wrap *ret_wrap);

/* A counter's keying of one class's paper, sealed; replaced when he keys again. */
struct ballot_paper {
	enum voters class;
	int counter;
	struct str sealed;
};
int store_paper_put(struct db_tx *tx, int64_t box, const struct ballot_paper *paper);
int store_paper_list(struct db_tx *tx, int64_t box, struct arena *arena,
		     struct ballot_paper **ret_papers, int *ret_n);

struct ballot_count {
	int org, question;		/* numbers of the items */
	enum voters class;
	int option;			/* BALLOT_SPOILED, or the item's number */
	int64_t count;
};
int store_count_add(struct db_tx *tx, int64_t box, const struct ballot_count *count);
int store_count_list(struct db_tx *tx, int64_t box, struct arena *arena,
		     struct ballot_count **ret_counts, int *ret_n);

/* A box held to hear opinions on a case, for one attempt at its acceptance. */
int store_box_case_put(struct db_tx *tx, int64_t box, int64_t case_id, int round, int attempt);
/* 1, 0 or an error; the newest that was not given up. */
int store_box_of_case(struct db_tx *tx, int64_t case_id, int round, int attempt, int64_t *ret_box);
int store_case_of_box(struct db_tx *tx, int64_t box, int64_t *ret_case, int *ret_round,
		      int *ret_attempt);
/* `to` is held for the same as `from`, if that was for a case. */
int store_box_case_copy(struct db_tx *tx, int64_t from, int64_t to);

/* Slips that a counted box handed out to a class (spares that were voided left out); all its slips rate
 * each of its organisations. */
struct box_issued {
	int64_t org;
	enum voters class;
	int64_t issued;
	int n_orgs;			/* of the box */
};
/* Of the campaign's organisations below the path (in its tree), the latest box of one last. */
int store_box_issued(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		     struct box_issued **ret_rows, int *ret_n);

/* ---- slips and ballots (ballot_slip.c) ---- */

int store_slip_add(struct db_tx *tx, int64_t box, const unsigned char hash[BALLOT_HASH_LEN],
		   enum voters class);

struct ballot_slip {
	int64_t box;
	enum voters class;
	enum slip_state state;
	bool same_try;			/* spent by the nonce that was asked with */
};
/* 1 and the slip, 0 where no box knows it, or an error. */
int store_slip_find(struct db_tx *tx, const unsigned char hash[BALLOT_HASH_LEN],
		    const unsigned char nonce[BALLOT_HASH_LEN], struct ballot_slip *ret_slip);

/* From one state to another: 1, or 0 where it is not in that state. */
int store_slip_move(struct db_tx *tx, int64_t box, const unsigned char hash[BALLOT_HASH_LEN],
		    enum slip_state from, enum slip_state to,
		    const unsigned char nonce[BALLOT_HASH_LEN]);

/* All slips of a class that are in a state: how many were moved. */
int store_slip_move_all(struct db_tx *tx, int64_t box, enum voters class, enum slip_state from,
			enum slip_state to);

/* The most votes that are looked up, or put in the box, together. */
enum { VOTES_MAX = 16 };
/* The slips of up to VOTES_MAX codes' hashes; which of them are known. */
struct slip_row {
	const unsigned char *hash, *nonce;	/* BALLOT_HASH_LEN each; nonce may be NULL */
	bool found;
	struct ballot_slip slip;
};
int store_slips_find(struct db_tx *tx, struct slip_row *rows, int n);

/* What a vote wants to know of its box. 1, 0 or an error. */
struct vote_box {
	enum box_state state;
	int64_t closes_ms;
	unsigned char public_key[BALLOT_KEY_LEN];
	int n_options, n_items;
};
int store_vote_box(struct db_tx *tx, int64_t box, struct vote_box *ret_box);
int store_box_state(struct db_tx *tx, int64_t box, enum box_state *ret_state);

/* Up to VOTES_MAX votes of one box, no slip twice: spends the slips and puts in the
 * sealed ballots; sorts the rows. 1; 0 where not all of the slips were active, and then what
 * it did must be undone; or an error. */
struct vote_row {
	const unsigned char *hash, *nonce;	/* BALLOT_HASH_LEN each */
	const unsigned char *random, *sealed;
};
int store_votes_add(struct db_tx *tx, int64_t box, struct vote_row *rows, int n);

/* Calls `each` for the sealed ballots by their random keys: a shuffled order.
 * No other statement may run meanwhile. */
int store_vote_each(struct db_tx *tx, int64_t box, int (*each)(void *arg, struct str sealed),
		    void *arg);

/* Deletes sealed ballots, slips, wrapped keys, salts and sealed keyings. */
int store_box_destroy(struct db_tx *tx, int64_t box);

#endif
