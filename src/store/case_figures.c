/* SPDX-License-Identifier: Apache-2.0 */
/* Thresholds of the checks and the totals that were reported (integrity.md). */
#include "store/case_check.h"

#include "store/id.h"
#include "store/org_in.h"

int store_finding_limit_put(struct db_tx *tx, int64_t campaign, const struct finding_limit *limit,
			    bool keep)
{
	struct db_stmt *q;
	if (!keep)
		q = db_query(tx, "DELETE FROM finding_limit WHERE region = $1 AND campaign = $2 AND name = $3");
	else
		q = db_query(tx, "INSERT INTO finding_limit (region, campaign, name, value)"
			     " VALUES ($1, $2, $3, $4) ON CONFLICT (region, campaign, name)"
			     " DO UPDATE SET value = excluded.value");
	store_bind_id(q, campaign);
	db_bind_text(q, 3, limit->name);
	if (keep)
		db_bind_int(q, 4, limit->value);
	return store_run(q);
}

static void read_finding_limit(struct db_stmt *q, struct arena *arena, void *row)
{
	struct finding_limit *to = row;
	*to = (struct finding_limit){db_col_dup(q, 0, arena), (int)db_col_int(q, 1)};
}

static const struct rows_kind finding_limit_rows =
	{ROWS_ANSWER, sizeof(struct finding_limit), read_finding_limit};

int store_finding_limits(struct db_tx *tx, int64_t campaign, struct arena *arena,
			 struct finding_limit **ret_limits, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT name, value FROM finding_limit WHERE region = $1"
				     " AND campaign = $2 ORDER BY name");
	store_bind_id(q, campaign);
	return store_rows(tx, q, &finding_limit_rows, arena, ret_limits, ret_n);
}

/* ---- reported totals ---- */

int store_reported_clear(struct db_tx *tx, int64_t campaign, int64_t node, const char *file)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM reported_sum WHERE region = $1 AND campaign = $2"
				     " AND node = $3 AND file = $4");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, node);
	db_bind_text(q, 4, file);
	return db_run(q);
}

int store_reported_put(struct db_tx *tx, int64_t campaign, const struct reported_sum *sum,
		       int64_t now_ms, const char *who)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO reported_sum (region, campaign, node, file, what,"
				     " reported_e4, rows_e4, who, at_ms, own)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
				     " ON CONFLICT (region, campaign, node, file, what) DO UPDATE SET"
				     " reported_e4 = excluded.reported_e4, rows_e4 = excluded.rows_e4,"
				     " own = excluded.own");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, sum->node);
	db_bind_text(q, 4, sum->file);
	db_bind_text(q, 5, sum->what);
	db_bind_int(q, 6, sum->reported_e4);
	db_bind_int(q, 7, sum->rows_e4);
	db_bind_text(q, 8, who);
	db_bind_int(q, 9, now_ms);
	db_bind_int(q, 10, sum->own);
	return store_run(q);
}

static void read_reported_sum(struct db_stmt *q, struct arena *arena, void *row)
{
	struct reported_sum *to = row;
	*to = (struct reported_sum){db_col_int(q, 0), db_col_dup(q, 1, arena),
				    db_col_dup(q, 2, arena), db_col_int(q, 3),
				    db_col_int(q, 4), db_col_int(q, 5) != 0,
				    db_col_dup(q, 6, arena)};
}

static const struct rows_kind reported_sum_rows =
	{ROWS_ANSWER, sizeof(struct reported_sum), read_reported_sum};

int store_reported(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		   struct reported_sum **ret_sums, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT s.node, s.file, s.what, s.reported_e4, s.rows_e4, s.own, o.name"
				     " FROM reported_sum s JOIN campaign_org o"
				     " ON o.region = s.node / 10000000 AND o.campaign = s.campaign"
				     " AND o.org = s.node WHERE s.region = $1 AND s.campaign = $2"
				     " AND o.path >= $3 AND o.path < $4"
				     " ORDER BY s.node, s.file, s.what LIMIT 10000");
	store_bind_id(q, campaign);
	db_bind_text(q, 3, path);
	db_bind_text(q, 4, end);
	return store_rows(tx, q, &reported_sum_rows, arena, ret_sums, ret_n);
}
