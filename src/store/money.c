/* SPDX-License-Identifier: Apache-2.0 */
#include "store/money.h"

#include <stdlib.h>

#include "store/id.h"
#include "store/org_in.h"

/* A sum of one region's organisations at a node changes. */
struct change {
	int64_t region;
	int year;
	const char *kind;
	int64_t n, cents;
};

static int add_at(struct db_tx *tx, int64_t node, const struct change *c)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO money_tally (region, node, year, kind, n, cents)"
				     " VALUES ($1, $2, $3, $4, $5, $6)"
				     " ON CONFLICT (region, node, year, kind) DO UPDATE"
				     " SET n = money_tally.n + excluded.n,"
				     " cents = money_tally.cents + excluded.cents");
	db_bind_int(q, 1, c->region);
	db_bind_int(q, 2, node);
	db_bind_int(q, 3, c->year);
	db_bind_text(q, 4, c->kind);
	db_bind_int(q, 5, c->n);
	db_bind_int(q, 6, c->cents);
	int r = db_run(q);
	if (r < 0 || c->n >= 0)
		return r < 0 ? r : 0;
	q = db_query(tx, "DELETE FROM money_tally WHERE region = $1 AND node = $2 AND year = $3"
		     " AND kind = $4 AND n = 0");
	db_bind_int(q, 1, c->region);
	db_bind_int(q, 2, node);
	db_bind_int(q, 3, c->year);
	db_bind_text(q, 4, c->kind);
	return store_run(q);
}

/* At every node of the path, up to `but` (0: all). */
static int add_along(struct db_tx *tx, const char *path, int64_t but, const struct change *c)
{
	int r = 0;
	for (const char *p = path; r == 0 && p[0] == '/' && p[1];) {
		char *end;
		int64_t node = strtoll(p + 1, &end, 10);
		if (node == but)
			break;
		r = add_at(tx, node, c);
		p = end;
	}
	return r;
}

int store_money_get(struct db_tx *tx, int64_t org, int year, const char *kind, int64_t *ret_cents)
{
	struct db_stmt *q = db_query(tx, "SELECT cents FROM case_money WHERE region = $1 AND org = $2"
				     " AND year = $3 AND kind = $4");
	store_bind_id(q, org);
	db_bind_int(q, 3, year);
	db_bind_text(q, 4, kind);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_cents = db_col_int(q, 0);
	db_finish(q);
	return 1;
}

static int write_row(struct db_tx *tx, const struct money *m)
{
	struct db_stmt *q = m->cents < 0
		? db_query(tx, "DELETE FROM case_money WHERE region = $1 AND org = $2 AND year = $3 AND kind = $4")
		: db_query(tx, "INSERT INTO case_money (region, org, year, kind, label, cents, note)"
			   " VALUES ($1, $2, $3, $4, $5, $6, $7)"
			   " ON CONFLICT (region, org, year, kind) DO UPDATE SET label = excluded.label,"
			   " cents = excluded.cents, note = excluded.note");
	store_bind_id(q, m->org);
	db_bind_int(q, 3, m->year);
	db_bind_text(q, 4, m->kind);
	if (m->cents >= 0) {
		db_bind_text(q, 5, m->label);
		db_bind_int(q, 6, m->cents);
		db_bind_text(q, 7, m->note);
	}
	return store_run(q);
}

int store_money_set(struct db_tx *tx, const struct money *m)
{
	char path[ORG_PATH_MAX];
	int64_t before = 0;
	int had = store_money_get(tx, m->org, m->year, m->kind, &before), r;
	if (had < 0 || (had == 0 && m->cents < 0))
		return had;
	if ((r = store_org_path(tx, m->org, path)) <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	const struct change c = {id_region(m->org), m->year, m->kind, (m->cents >= 0) - had,
				 (m->cents >= 0 ? m->cents : 0) - before};
	if ((r = write_row(tx, m)) < 0)
		return r;
	return c.n || c.cents ? add_along(tx, path, 0, &c) : 0;
}

static void read_money_sum(struct db_stmt *q, struct arena *arena, void *row)
{
	struct money_sum *s = row;
	*s = (struct money_sum){db_col_int(q, 0), (int)db_col_int(q, 1), db_col_dup(q, 2, arena),
				db_col_int(q, 3), db_col_int(q, 4)};
}

static const struct rows_kind money_sum_rows =
	{ROWS_ANSWER, sizeof(struct money_sum), read_money_sum};

#define SUMS "SELECT t.node, t.year, t.kind, CAST(sum(t.n) AS BIGINT), CAST(sum(t.cents) AS BIGINT)" \
	" FROM money_tally t "
#define GROUPED " GROUP BY t.node, t.year, t.kind ORDER BY t.node, t.kind"

int store_money_sums(struct db_tx *tx, int64_t node, int year, struct arena *arena,
		     struct money_sum **ret_sums, int *ret_n)
{
	struct db_stmt *q = db_query(tx, SUMS "WHERE t.node = $1 AND t.year = $2" GROUPED);
	db_bind_int(q, 1, node);
	db_bind_int(q, 2, year);
	return store_rows(tx, q, &money_sum_rows, arena, ret_sums, ret_n);
}

int store_money_of_children(struct db_tx *tx, int64_t parent, int year, struct arena *arena,
			    struct money_sum **ret_sums, int *ret_n)
{
	struct db_stmt *q = db_query(tx, SUMS "JOIN org o ON o.org = t.node AND o.region = t.node / 10000000"
				     " WHERE o.parent = $1 AND t.year = $2" GROUPED);
	db_bind_int(q, 1, parent);
	db_bind_int(q, 2, year);
	return store_rows(tx, q, &money_sum_rows, arena, ret_sums, ret_n);
}

int store_money_moved(struct db_tx *tx, int64_t org, const char *before, const char *after)
{
	AUTO(arena) struct arena arena = {0};
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT region, year, kind, n, cents FROM money_tally WHERE node = $1");
	db_bind_int(q, 1, org);
	while ((r = db_step(q)) > 0) {
		struct change *c = org_rows_add(tx, &rows, &arena, sizeof(*c));
		if (!c)
			return ERR_NOMEM;
		*c = (struct change){db_col_int(q, 0), (int)db_col_int(q, 1), db_col_dup(q, 2, &arena),
				     db_col_int(q, 3), db_col_int(q, 4)};
	}
	struct change *all = rows.data;
	for (int i = 0; r == 0 && i < rows.n; i++) {
		if ((r = add_along(tx, after, org, &all[i])) < 0)
			return r;
		all[i].n = -all[i].n;
		all[i].cents = -all[i].cents;
		r = add_along(tx, before, org, &all[i]);
	}
	return r;
}
