/* SPDX-License-Identifier: Apache-2.0 */
#include "store/local.h"

#include "store/id.h"
#include "store/org_in.h"

static int free_place(struct db_tx *tx, int64_t campaign, int64_t node, int *ret_place)
{
	/* A place is never used twice: figures may stand there. */
	struct db_stmt *q = db_query(tx, "SELECT coalesce(max(place), -1) + 1 FROM local_indicator"
				     " WHERE region = $1 AND campaign = $2 AND node = $3");
	store_bind_key(q, campaign, node);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*ret_place = (int)db_col_int(q, 0);
	db_finish(q);
	return *ret_place < SCORE_LOCAL_MAX ? 0 : ERR_LIMIT;
}

static int taken(struct db_tx *tx, int64_t campaign, const struct local_row *row, int place)
{
	struct db_stmt *q = db_query(tx, "SELECT 1 FROM local_indicator WHERE region = $1"
				     " AND campaign = $2 AND node = $3 AND place <> $4"
				     " AND (ident = $5 OR label = $6) LIMIT 1");
	store_bind_key(q, campaign, row->node);
	db_bind_int(q, 4, place);
	db_bind_text(q, 5, row->ident);
	db_bind_text(q, 6, row->label);
	int r = db_step(q);
	if (r > 0)
		db_finish(q);
	return r < 0 ? r : r ? ERR_CONFLICT : 0;
}

int store_local_put(struct db_tx *tx, int64_t campaign, struct local_row *row)
{
	int place = row->place;
	int r = place < 0 ? free_place(tx, campaign, row->node, &place) : 0;
	if (r == 0)
		r = taken(tx, campaign, row, place);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO local_indicator (region, campaign, node, place,"
				     " ident, label, max_e4, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
				     " ON CONFLICT (region, campaign, node, place) DO UPDATE SET"
				     " ident = excluded.ident, label = excluded.label,"
				     " max_e4 = excluded.max_e4, account = excluded.account,"
				     " at_ms = excluded.at_ms");
	store_bind_key(q, campaign, row->node);
	db_bind_int(q, 4, place);
	db_bind_text(q, 5, row->ident);
	db_bind_text(q, 6, row->label);
	db_bind_int(q, 7, row->max_e4);
	db_bind_int(q, 8, row->account);
	db_bind_int(q, 9, row->at_ms);
	if ((r = db_run(q)) < 0)
		return r;
	row->place = place;
	return 0;
}

int store_local_delete(struct db_tx *tx, int64_t campaign, int64_t node, int place)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM local_indicator WHERE region = $1"
				     " AND campaign = $2 AND node = $3 AND place = $4");
	store_bind_key(q, campaign, node);
	db_bind_int(q, 4, place);
	return store_run_found(q);
}

static void read_local_row(struct db_stmt *q, struct arena *arena, void *row)
{
	struct local_row *to = row;
	*to = (struct local_row){
		.node = db_col_int(q, 0), .path = db_col_dup(q, 1, arena),
		.node_name = db_col_dup(q, 2, arena), .place = (int)db_col_int(q, 3),
		.ident = db_col_dup(q, 4, arena), .label = db_col_dup(q, 5, arena),
		.max_e4 = db_col_int(q, 6), .account = db_col_int(q, 7),
		.at_ms = db_col_int(q, 8),
	};
}

static const struct rows_kind local_rows =
	{ROWS_ANSWER, sizeof(struct local_row), read_local_row};

int store_local_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		     struct local_row **ret_rows, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT l.node, o.path, o.name, l.place, l.ident, l.label,"
				     " l.max_e4, l.account, l.at_ms FROM local_indicator l"
				     " JOIN campaign_org o ON o.region = l.region"
				     " AND o.campaign = l.campaign AND o.org = l.node"
				     " WHERE l.campaign = $1 AND ((o.path >= $2 AND o.path < $3)"
				     " OR substr($2, 1, length(o.path)) = o.path)"
				     " ORDER BY o.path, l.place");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &local_rows, arena, ret_rows, ret_n);
}

int local_rows_of(const struct local_row *rows, int n, const char *path, int *ret_first)
{
	int first = 0, count = 0;
	size_t longest = 0;
	for (int i = 0; i < n; i++) {
		size_t len = strlen(rows[i].path);
		if (strncmp(path, rows[i].path, len) != 0)
			continue;
		if (len > longest) {
			longest = len;
			first = i;
			count = 0;
		}
		count += len == longest;
	}
	*ret_first = first;
	return count;
}
