/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rectified.h"

#include "store/id.h"
#include "store/org_in.h"

static void read_case_turn(struct db_stmt *q, struct arena *arena, void *row)
{
	struct case_turn *t = row;
	(void)arena;
	*t = (struct case_turn){db_col_int(q, 0), {(enum case_act)db_col_int(q, 1),
						   (int32_t)db_col_int(q, 2)}};
}

static const struct rows_kind case_turn_rows =
	{ROWS_ANSWER, sizeof(struct case_turn), read_case_turn};

int store_case_turns(struct db_tx *tx, const char *path, struct arena *arena,
		     struct case_turn **ret_turns, int *ret_n)
{
	char end[ORG_PATH_MAX];
	_Static_assert(CASE_APPROVE == 2 && CASE_DROP == 3 && CASE_REJECT == 9 && CASE_WRITE_OFF == 11 &&
		       CASE_RELAPSE == 13 && TURNS_MAX == 100000, "as in the statement");
	struct db_stmt *q = db_query(tx, "SELECT e.case_id, e.act, e.day FROM ledger_case c"
				     " CROSS JOIN org o CROSS JOIN case_event e"
				     " WHERE o.region = c.region AND o.org = c.org"
				     " AND e.region = c.region AND e.case_id = c.case_id"
				     " AND o.path >= $1 AND o.path < $2"
				     " AND c.region >= $3 AND c.region <= $4"
				     " AND e.act IN (2, 3, 9, 11, 13)"
				     " ORDER BY e.case_id, e.seq LIMIT 100000");
	org_bind_below(q, path, end);
	return store_rows(tx, q, &case_turn_rows, arena, ret_turns, ret_n);
}

int store_rectified_put(struct db_tx *tx, int64_t campaign, const struct rectified_fixed *f)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO rectified (region, campaign, org, figure, cases,"
				     " as_of, meeting, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
				     " ON CONFLICT (region, campaign, org, figure) DO UPDATE SET"
				     " cases = excluded.cases, as_of = excluded.as_of,"
				     " meeting = excluded.meeting, at_ms = excluded.at_ms");
	store_bind_key(q, campaign, f->org);
	db_bind_int(q, 4, f->figure);
	db_bind_text(q, 5, f->cases);
	db_bind_int(q, 6, f->as_of);
	db_bind_int(q, 7, f->meeting);
	db_bind_int(q, 8, f->at_ms);
	return store_run(q);
}

#define FIXED "SELECT org, figure, cases, as_of, meeting, at_ms FROM rectified WHERE campaign = $1"
#define BY_FIGURE " ORDER BY org, figure"

static void read_rectified_fixed(struct db_stmt *q, struct arena *arena, void *row)
{
	struct rectified_fixed *f = row;
	*f = (struct rectified_fixed){
		.org = db_col_int(q, 0), .figure = (enum rectified)db_col_int(q, 1),
		.cases = db_col_dup(q, 2, arena), .as_of = (int32_t)db_col_int(q, 3),
		.meeting = db_col_int(q, 4), .at_ms = db_col_int(q, 5),
	};
}

static const struct rows_kind rectified_fixed_rows =
	{ROWS_ANSWER, sizeof(struct rectified_fixed), read_rectified_fixed};

int store_rectified_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			 struct rectified_fixed **ret_list, int *ret_n)
{
	struct db_stmt *q = org ? db_query(tx, FIXED " AND region = $2 AND org = $3" BY_FIGURE)
				: db_query(tx, FIXED BY_FIGURE);
	db_bind_int(q, 1, campaign);
	if (org) {
		db_bind_int(q, 2, id_region(org));
		db_bind_int(q, 3, org);
	}
	return store_rows(tx, q, &rectified_fixed_rows, arena, ret_list, ret_n);
}
