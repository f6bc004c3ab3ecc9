/* SPDX-License-Identifier: Apache-2.0 */
/* What a vote touches, and its destruction. */
#include <stdlib.h>
#include <string.h>

#include "store/ballot.h"
#include "store/id.h"
#include "store/org_in.h"

int store_slip_add(struct db_tx *tx, int64_t box, const unsigned char hash[BALLOT_HASH_LEN],
		   enum voters class)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_slip (region, box, hash, class, state, nonce)"
				     " VALUES ($1, $2, $3, $4, 0, $5)");
	static const unsigned char none[BALLOT_HASH_LEN];
	store_bind_id(q, box);
	db_bind_blob(q, 3, hash, BALLOT_HASH_LEN);
	db_bind_int(q, 4, class);
	/* Of full length from the start: spending changes the row where it is. */
	db_bind_blob(q, 5, none, sizeof(none));
	return db_run(q);
}

/* Its box, class, state and nonce are the row's first columns. */
static struct ballot_slip slip_of_row(struct db_stmt *q, const unsigned char *nonce)
{
	struct str spent_by = db_col_blob(q, 3);
	return (struct ballot_slip){
		.box = db_col_int(q, 0), .class = (enum voters)db_col_int(q, 1),
		.state = (enum slip_state)db_col_int(q, 2),
		.same_try = nonce && spent_by.len == BALLOT_HASH_LEN &&
			    memcmp(spent_by.data, nonce, BALLOT_HASH_LEN) == 0,
	};
}

int store_slip_find(struct db_tx *tx, const unsigned char hash[BALLOT_HASH_LEN],
		    const unsigned char nonce[BALLOT_HASH_LEN], struct ballot_slip *ret_slip)
{
	struct db_stmt *q = db_query(tx, "SELECT box, class, state, nonce FROM ballot_slip WHERE hash = $1");
	db_bind_blob(q, 1, hash, BALLOT_HASH_LEN);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_slip = slip_of_row(q, nonce);
	db_finish(q);
	return 1;
}

int store_slip_move(struct db_tx *tx, int64_t box, const unsigned char hash[BALLOT_HASH_LEN],
		    enum slip_state from, enum slip_state to,
		    const unsigned char nonce[BALLOT_HASH_LEN])
{
	static const unsigned char none[BALLOT_HASH_LEN];
	struct db_stmt *q = db_query(tx, "UPDATE ballot_slip SET state = $5, nonce = $6"
				     " WHERE region = $1 AND box = $2 AND hash = $3 AND state = $4");
	store_bind_id(q, box);
	db_bind_blob(q, 3, hash, BALLOT_HASH_LEN);
	db_bind_int(q, 4, from);
	db_bind_int(q, 5, to);
	db_bind_blob(q, 6, nonce ? nonce : none, BALLOT_HASH_LEN);
	return db_run(q);
}

int store_slip_move_all(struct db_tx *tx, int64_t box, enum voters class, enum slip_state from,
			enum slip_state to)
{
	struct db_stmt *q = db_query(tx, "UPDATE ballot_slip SET state = $5"
				     " WHERE region = $1 AND box = $2 AND class = $3 AND state = $4");
	store_bind_id(q, box);
	db_bind_int(q, 3, class);
	db_bind_int(q, 4, from);
	db_bind_int(q, 5, to);
	return db_run(q);
}

/* Always as many, so that the statement is one; what is not used is empty. */
#define HASHES \
	"($1), ($2), ($3), ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12), " \
	"($13), ($14), ($15), ($16)"

int store_slips_find(struct db_tx *tx, struct slip_row *rows, int n)
{
	int r;

	for (int i = 0; i < n; i++)
		rows[i].found = false;
	if (n == 1) {
		r = store_slip_find(tx, rows[0].hash, rows[0].nonce, &rows[0].slip);
		rows[0].found = r > 0;
		return r < 0 ? r : 0;
	}
	/* To SQLite a CROSS JOIN is in this order, whatever it believes the table to hold. */
	struct db_stmt *q = db_query(tx, "SELECT s.box, s.class, s.state, s.nonce, s.hash"
				     " FROM (VALUES " HASHES ") v CROSS JOIN ballot_slip s"
				     " WHERE s.hash = v.column1");
	for (int i = 0; i < VOTES_MAX; i++)
		db_bind_blob(q, 1 + i, i < n ? rows[i].hash : NULL, i < n ? BALLOT_HASH_LEN : 0);
	while ((r = db_step(q)) > 0) {
		struct str hash = db_col_blob(q, 4);
		for (int i = 0; i < n; i++)
			if (hash.len == BALLOT_HASH_LEN && memcmp(hash.data, rows[i].hash, BALLOT_HASH_LEN) == 0) {
				rows[i].slip = slip_of_row(q, rows[i].nonce);
				rows[i].found = true;
			}
	}
	return r;
}

int store_vote_box(struct db_tx *tx, int64_t box, struct vote_box *ret_box)
{
	struct db_stmt *q = db_query(tx, "SELECT b.state, b.closes_ms, b.public_key,"
				     " (SELECT count(*) FROM ballot_item i WHERE i.region = b.region"
				     "  AND i.box = b.box AND i.kind = 0),"
				     " (SELECT count(*) FROM ballot_item i WHERE i.region = b.region"
				     "  AND i.box = b.box AND i.kind = 1) *"
				     " (SELECT count(*) FROM ballot_item i WHERE i.region = b.region"
				     "  AND i.box = b.box AND i.kind = 2)"
				     " FROM ballot_box b WHERE b.region = $1 AND b.box = $2");
	store_bind_id(q, box);
	int r = db_step(q);
	if (r <= 0)
		return r;
	struct str key = db_col_blob(q, 2);
	*ret_box = (struct vote_box){
		.state = (enum box_state)db_col_int(q, 0), .closes_ms = db_col_int(q, 1),
		.n_options = (int)db_col_int(q, 3), .n_items = (int)db_col_int(q, 4),
	};
	if (key.len == BALLOT_KEY_LEN)
		memcpy(ret_box->public_key, key.data, BALLOT_KEY_LEN);
	db_finish(q);
	return 1;
}

int store_box_state(struct db_tx *tx, int64_t box, enum box_state *ret_state)
{
	struct db_stmt *q = db_query(tx, "SELECT state FROM ballot_box WHERE region = $1 AND box = $2");
	store_bind_id(q, box);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_state = (enum box_state)db_col_int(q, 0);
	db_finish(q);
	return 1;
}

static int by_random(const void *a, const void *b)
{
	const struct vote_row *x = a, *y = b;
	return memcmp(x->random, y->random, BALLOT_RANDOM_LEN);
}

static int spend(struct db_tx *tx, int64_t box, const struct vote_row *rows, int n)
{
	struct db_stmt *q = db_query(tx, "UPDATE ballot_slip SET state = $5, nonce = $6"
				     " WHERE region = $1 AND box = $2 AND hash = $3 AND state = $4");
	for (int i = 0; i < n; i++) {
		store_bind_id(q, box);
		db_bind_blob(q, 3, rows[i].hash, BALLOT_HASH_LEN);
		db_bind_int(q, 4, SLIP_ACTIVE);
		db_bind_int(q, 5, SLIP_SPENT);
		db_bind_blob(q, 6, rows[i].nonce, BALLOT_HASH_LEN);
		db_again(q);
	}
	return db_again_end(q);
}

int store_votes_add(struct db_tx *tx, int64_t box, struct vote_row *rows, int n)
{
	int r = spend(tx, box, rows, n);
	if (r < n)
		return r < 0 ? r : 0;
	/* In an order of chance: where rows come to lie must not tell whose slip was spent first. */
	qsort(rows, (size_t)n, sizeof(*rows), by_random);
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_vote (region, box, random, sealed)"
				     " VALUES ($1, $2, $3, $4)");
	for (int i = 0; i < n; i++) {
		store_bind_id(q, box);
		db_bind_blob(q, 3, rows[i].random, BALLOT_RANDOM_LEN);
		db_bind_blob(q, 4, rows[i].sealed, BALLOT_SEALED_LEN);
		db_again(q);
	}
	r = db_again_later(q);
	return r < 0 ? r : 1;
}

int store_vote_each(struct db_tx *tx, int64_t box, int (*each)(void *arg, struct str sealed),
		    void *arg)
{
	struct db_stmt *q = db_stream(tx, "SELECT sealed FROM ballot_vote WHERE region = $1 AND box = $2"
				      " ORDER BY random");
	int r;
	store_bind_id(q, box);
	while ((r = db_step(q)) > 0)
		if ((r = each(arg, db_col_blob(q, 0))) < 0) {
			db_finish(q);
			return r;
		}
	return r;
}

static int run_on(struct db_stmt *q, int64_t box)
{
	store_bind_id(q, box);
	return store_run(q);
}

int store_box_destroy(struct db_tx *tx, int64_t box)
{
	int r = run_on(db_query(tx, "DELETE FROM ballot_vote WHERE region = $1 AND box = $2"), box);
	if (r == 0)
		r = run_on(db_query(tx, "DELETE FROM ballot_slip WHERE region = $1 AND box = $2"), box);
	if (r == 0)
		r = run_on(db_query(tx, "DELETE FROM ballot_wrap WHERE region = $1 AND box = $2"), box);
	if (r == 0)
		r = run_on(db_query(tx, "DELETE FROM ballot_paper WHERE region = $1 AND box = $2"), box);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "UPDATE ballot_counter SET salt = $3 WHERE region = $1 AND box = $2");
	static const unsigned char none[BALLOT_SALT_LEN];
	db_bind_blob(q, 3, none, sizeof(none));
	return run_on(q, box);
}
