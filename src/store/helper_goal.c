/* SPDX-License-Identifier: Apache-2.0 */
#include "store/helper_goal.h"

#include "store/id.h"
#include "store/org_in.h"

int store_goal_put(struct db_tx *tx, struct helper_goal *g)
{
	int r;
	if (!g->seq) {
		struct db_stmt *q = db_query(tx, "SELECT COALESCE(MAX(seq), 0) + 1 FROM helper_goal"
					     " WHERE region = $1 AND case_id = $2");
		store_bind_id(q, g->case_id);
		if ((r = db_step(q)) <= 0)
			return r < 0 ? r : ERR_IO;
		g->seq = (int)db_col_int(q, 0);
		db_finish(q);
		if (g->seq > CASE_ROWS_MAX)
			return ERR_LIMIT;
	}
	struct db_stmt *q = db_query(tx, "INSERT INTO helper_goal (region, case_id, seq, helper, from_day, to_day,"
				     " visits, text, verdict, reason, judge, judged_day)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
				     " ON CONFLICT (region, case_id, seq) DO UPDATE SET helper = excluded.helper,"
				     " from_day = excluded.from_day, to_day = excluded.to_day,"
				     " visits = excluded.visits, text = excluded.text, verdict = excluded.verdict,"
				     " reason = excluded.reason, judge = excluded.judge,"
				     " judged_day = excluded.judged_day");
	store_bind_id(q, g->case_id);
	db_bind_int(q, 3, g->seq);
	db_bind_int(q, 4, g->helper);
	db_bind_int(q, 5, g->from_day);
	db_bind_int(q, 6, g->to_day);
	db_bind_int(q, 7, g->visits);
	db_bind_text(q, 8, g->text);
	db_bind_int(q, 9, g->verdict);
	db_bind_text(q, 10, g->reason);
	db_bind_text(q, 11, g->judge);
	db_bind_int(q, 12, g->judged_day);
	return store_run(q);
}

/* case_id, helper, seq, from_day, to_day, visits, text, verdict, reason, judge, judged_day */
static void read_goal(struct db_stmt *q, struct arena *arena, void *row)
{
	struct helper_goal *g = row;
	*g = (struct helper_goal){
		.case_id = db_col_int(q, 0), .helper = (int)db_col_int(q, 1), .seq = (int)db_col_int(q, 2),
		.from_day = (int32_t)db_col_int(q, 3), .to_day = (int32_t)db_col_int(q, 4),
		.visits = (int)db_col_int(q, 5), .text = db_col_dup(q, 6, arena),
		.verdict = (enum goal_verdict)db_col_int(q, 7), .reason = db_col_dup(q, 8, arena),
		.judge = db_col_dup(q, 9, arena), .judged_day = (int32_t)db_col_int(q, 10),
	};
}

static const struct rows_kind goal_rows = {ROWS_ANSWER, sizeof(struct helper_goal), read_goal};

int store_goals(struct db_tx *tx, int64_t case_id, struct arena *arena, struct helper_goal **ret_goals,
		int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT case_id, helper, seq, from_day, to_day, visits, text, verdict,"
				     " reason, judge, judged_day FROM helper_goal"
				     " WHERE region = $1 AND case_id = $2 ORDER BY helper, seq LIMIT 1000");
	store_bind_id(q, case_id);
	return store_rows_of(tx, q, &goal_rows, case_id, arena, ret_goals, ret_n);
}

int store_goals_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT x.case_id, x.helper, x.seq, x.from_day, x.to_day, x.visits, x.text,"
				     " x.verdict, x.reason, x.judge, x.judged_day, c.case_id"
				     CASES_BELOW_WITH("helper_goal") " ORDER BY c.case_id, x.helper, x.seq");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &goal_rows, 11);
}
