/* SPDX-License-Identifier: Apache-2.0 */
/* Boxes that are held for a case of the ledger. */
#include "store/ballot.h"
#include "store/id.h"
#include "store/org_in.h"

int store_box_case_put(struct db_tx *tx, int64_t box, int64_t case_id, int round, int attempt)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_case (region, box, case_id, round, attempt)"
				     " VALUES ($1, $2, $3, $4, $5)");
	store_bind_id(q, box);
	db_bind_int(q, 3, case_id);
	db_bind_int(q, 4, round);
	db_bind_int(q, 5, attempt);
	return store_run(q);
}

int store_box_of_case(struct db_tx *tx, int64_t case_id, int round, int attempt, int64_t *ret_box)
{
	struct db_stmt *q = db_query(tx, "SELECT c.box FROM ballot_case c JOIN ballot_box b"
				     " ON b.region = c.region AND b.box = c.box"
				     " WHERE c.region = $1 AND c.case_id = $2 AND c.round = $3"
				     " AND c.attempt = $4 AND b.state <> $5 ORDER BY c.box DESC LIMIT 1");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, round);
	db_bind_int(q, 4, attempt);
	db_bind_int(q, 5, BOX_VOID);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_box = db_col_int(q, 0);
	db_finish(q);
	return 1;
}

int store_case_of_box(struct db_tx *tx, int64_t box, int64_t *ret_case, int *ret_round,
		      int *ret_attempt)
{
	struct db_stmt *q = db_query(tx, "SELECT case_id, round, attempt FROM ballot_case"
				     " WHERE region = $1 AND box = $2");
	store_bind_id(q, box);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_case = db_col_int(q, 0);
	*ret_round = (int)db_col_int(q, 1);
	*ret_attempt = (int)db_col_int(q, 2);
	db_finish(q);
	return 1;
}

int store_box_case_copy(struct db_tx *tx, int64_t from, int64_t to)
{
	int64_t case_id;
	int round, attempt, r = store_case_of_box(tx, from, &case_id, &round, &attempt);
	return r <= 0 ? r : store_box_case_put(tx, to, case_id, round, attempt);
}
