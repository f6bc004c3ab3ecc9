/* SPDX-License-Identifier: Apache-2.0 */
#include "store/leader.h"

#include <stdlib.h>

#include "store/id.h"
#include "store/org_in.h"

int store_leader_put(struct db_tx *tx, struct leader *l)
{
	int64_t region = id_region(l->node);
	int r;
	if (!l->seq) {
		struct db_stmt *q = db_query(tx, "SELECT COALESCE(MAX(seq), 0) + 1, count(*) FROM leader"
					     " WHERE region = $1 AND node = $2");
		db_bind_int(q, 1, region);
		db_bind_int(q, 2, l->node);
		if ((r = db_step(q)) <= 0)
			return r < 0 ? r : ERR_IO;
		int64_t count = db_col_int(q, 1);
		l->seq = (int)db_col_int(q, 0);
		db_finish(q);
		if (count >= LEADERS_MAX)
			return ERR_LIMIT;
	}
	struct db_stmt *q = db_query(tx, "INSERT INTO leader (region, node, seq, name, post, phone)"
				     " VALUES ($1, $2, $3, $4, $5, $6)"
				     " ON CONFLICT (region, node, seq) DO UPDATE SET"
				     " name = excluded.name, post = excluded.post, phone = excluded.phone");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, l->node);
	db_bind_int(q, 3, l->seq);
	db_bind_text(q, 4, l->name);
	db_bind_text(q, 5, l->post);
	db_bind_text(q, 6, l->phone);
	return store_run(q);
}

int store_leader_drop(struct db_tx *tx, int64_t node, int seq)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM leader WHERE region = $1 AND node = $2 AND seq = $3");
	store_bind_id(q, node);
	db_bind_int(q, 3, seq);
	return store_run(q);
}

#define LEADER "SELECT l.node, l.seq, l.name, l.post, l.phone, o.name, o.path, o.level" \
	" FROM leader l CROSS JOIN org o WHERE o.region = l.region AND o.org = l.node"

static void read_leader(struct db_stmt *q, struct arena *arena, void *row)
{
	struct leader *l = row;
	*l = (struct leader){
		.node = db_col_int(q, 0), .seq = (int)db_col_int(q, 1), .name = db_col_dup(q, 2, arena),
		.post = db_col_dup(q, 3, arena), .phone = db_col_dup(q, 4, arena),
		.node_name = db_col_dup(q, 5, arena), .node_path = db_col_dup(q, 6, arena),
		.level = (int)db_col_int(q, 7),
	};
}

static const struct rows_kind leader_rows = {ROWS_ANSWER, sizeof(struct leader), read_leader};

int store_leader_get(struct db_tx *tx, int64_t node, int seq, struct arena *arena, struct leader *ret_leader)
{
	struct db_stmt *q = db_query(tx, LEADER " AND l.region = $1 AND l.node = $2 AND l.seq = $3");
	store_bind_id(q, node);
	db_bind_int(q, 3, seq);
	return store_row(tx, q, &leader_rows, arena, ret_leader);
}

static int add_leaders(struct db_tx *tx, struct db_stmt *q, struct org_rows *rows, struct arena *arena)
{
	int r;
	while ((r = db_step(q)) > 0) {
		struct leader *l = org_rows_add(tx, rows, arena, sizeof(*l));
		if (!l)
			return ERR_NOMEM;
		read_leader(q, arena, l);
	}
	return r;
}

int store_leaders(struct db_tx *tx, const char *path, bool above, struct arena *arena,
		  struct leader **ret_leaders, int *ret_n)
{
	struct org_rows rows = {0};
	char end[ORG_PATH_MAX];
	int r = 0;
	for (const char *p = path; above && r == 0 && *p == '/' && p[1];) {
		char *next;
		int64_t node = strtoll(p + 1, &next, 10);
		if (!next[1])
			break;
		struct db_stmt *q = db_query(tx, LEADER " AND l.region = $1 AND l.node = $2 ORDER BY l.seq");
		store_bind_id(q, node);
		r = add_leaders(tx, q, &rows, arena);
		p = next;
	}
	_Static_assert(CASE_LIST_MAX == 10000, "as in the statement");
	if (r == 0) {
		struct db_stmt *q = db_query(tx, LEADER " AND o.path >= $1 AND o.path < $2 AND l.region >= $3"
					     " AND l.region <= $4 ORDER BY o.path, l.seq LIMIT 10000");
		org_bind_below(q, path, end);
		r = add_leaders(tx, q, &rows, arena);
	}
	if (r < 0)
		return r;
	*ret_leaders = rows.data;
	*ret_n = rows.n;
	return 0;
}

static void read_case_hand(struct db_stmt *q, struct arena *arena, void *row)
{
	struct case_hand *to = row;
	*to = (struct case_hand){
		.case_id = db_col_int(q, 0),
		.helper = {.seq = (int)db_col_int(q, 1), .kind = (enum helper_kind)db_col_int(q, 2),
			   .name = db_col_dup(q, 3, arena), .post = db_col_dup(q, 4, arena),
			   .phone = db_col_dup(q, 5, arena), .support_kind = (int)db_col_int(q, 6),
			   .every_days = (int)db_col_int(q, 7), .from_day = (int32_t)db_col_int(q, 8),
			   .to_day = (int32_t)db_col_int(q, 9), .why = db_col_dup(q, 10, arena)},
		.visits = (int)db_col_int(q, 11), .last_day = (int32_t)db_col_int(q, 12),
	};
}

static const struct rows_kind case_hand_rows =
	{ROWS_ANSWER, sizeof(struct case_hand), read_case_hand};

int store_case_hands(struct db_tx *tx, const char *path, int32_t since_day, struct arena *arena,
		     struct case_hand **ret_hands, int *ret_n)
{
	char end[ORG_PATH_MAX];
	_Static_assert(HANDS_MAX == 50000, "as in the statement");
	/* A visit belongs to the helper that it names, by number or (without one) by name. */
	struct db_stmt *q = db_query(tx, "SELECT h.case_id, h.seq, h.kind, h.name, h.post, h.phone, h.support_kind,"
		" h.every_days, h.from_day, h.to_day, h.why,"
		" (SELECT count(*) FROM case_visit v WHERE v.region = h.region AND v.case_id = h.case_id"
		" AND v.day >= $5 AND (v.helper = h.seq OR (v.helper = 0 AND v.name = h.name))),"
		" (SELECT COALESCE(MAX(v.day), 0) FROM case_visit v WHERE v.region = h.region"
		" AND v.case_id = h.case_id AND (v.helper = h.seq OR (v.helper = 0 AND v.name = h.name)))"
		" FROM ledger_case c CROSS JOIN org o CROSS JOIN case_helper h"
		" WHERE o.region = c.region AND o.org = c.org AND h.region = c.region AND h.case_id = c.case_id"
		" AND o.path >= $1 AND o.path < $2 AND c.region >= $3 AND c.region <= $4"
		" ORDER BY h.case_id, h.kind, h.seq LIMIT 50000");
	org_bind_below(q, path, end);
	db_bind_int(q, 5, since_day);
	return store_rows(tx, q, &case_hand_rows, arena, ret_hands, ret_n);
}
