/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kept counts: how many organisations stand below each node, by level, field
 * and state, and their members. Whatever writes organisations says so here, in
 * the same transaction; store_check counts them anew.
 */
#include <stdlib.h>

#include "store/id.h"
#include "store/org_in.h"

/* One class with its figures, which may be taken away (negative). */
struct tally {
	int64_t level, field, state, n, members;
};

static struct tally tally_of(const struct org *org)
{
	return (struct tally){org->level, org->field, org->state, 1,
			      org->members > 0 ? org->members : 0};
}

static struct tally negative(struct tally t)
{
	t.n = -t.n;
	t.members = -t.members;
	return t;
}

/* What this transaction adds to one row of org_tally. */
struct delta {
	struct delta *next;		/* in the bucket */
	int64_t region, node;
	struct tally t;
};

enum { BUCKETS = 1024 };

struct deltas {
	bool any;			/* not written */
	struct delta *buckets[BUCKETS];
};

static int write_delta(struct db_tx *tx, const struct delta *d)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO org_tally (region, org, level, field, state, n,"
				     " members) VALUES ($1, $2, $3, $4, $5, $6, $7)"
				     " ON CONFLICT (region, org, level, field, state) DO UPDATE"
				     " SET n = org_tally.n + excluded.n,"
				     " members = org_tally.members + excluded.members");
	db_bind_int(q, 1, d->region);
	db_bind_int(q, 2, d->node);
	db_bind_int(q, 3, d->t.level);
	db_bind_int(q, 4, d->t.field);
	db_bind_int(q, 5, d->t.state);
	db_bind_int(q, 6, d->t.n);
	db_bind_int(q, 7, d->t.members);
	int r = db_later(q);
	if (r < 0 || d->t.n > 0)
		return r;
	q = db_query(tx, "DELETE FROM org_tally WHERE region = $1 AND org = $2 AND level = $3"
		     " AND field = $4 AND state = $5 AND n = 0");
	db_bind_int(q, 1, d->region);
	db_bind_int(q, 2, d->node);
	db_bind_int(q, 3, d->t.level);
	db_bind_int(q, 4, d->t.field);
	db_bind_int(q, 5, d->t.state);
	return db_later(q);
}

static int write_deltas(struct db_tx *tx, void *state)
{
	struct deltas *all = state;
	for (int i = 0; all->any && i < BUCKETS; i++)
		for (struct delta *d = all->buckets[i]; d; d = d->next) {
			int r = d->t.n || d->t.members ? write_delta(tx, d) : 0;
			if (r < 0)
				return r;
			d->t.n = d->t.members = 0;
		}
	all->any = false;
	return 0;
}

static const struct db_kept kept_deltas = {sizeof(struct deltas), write_deltas};

/* Where all classes of a node are. */
static struct delta **bucket_of(struct deltas *all, int64_t node)
{
	return &all->buckets[((uint64_t)node * UINT64_C(0x9E3779B97F4A7C15) >> 32) % BUCKETS];
}

static bool same_class(const struct tally *a, const struct tally *b)
{
	return a->level == b->level && a->field == b->field && a->state == b->state;
}

static int add_at(struct db_tx *tx, int64_t region, int64_t node, const struct tally *t)
{
	struct deltas *all = db_keep(tx, &kept_deltas);
	if (!all)
		return ERR_NOMEM;
	struct delta **bucket = bucket_of(all, node), *d = *bucket;
	while (d && (d->node != node || d->region != region || !same_class(&d->t, t)))
		d = d->next;
	if (!d) {
		if (!(d = arena_zalloc(db_keep_arena(tx), 1, sizeof(*d))))
			return db_doom_nomem(tx);
		*d = (struct delta){*bucket, region, node, {t->level, t->field, t->state, 0, 0}};
		*bucket = d;
	}
	all->any = true;
	d->t.n += t->n;
	d->t.members += t->members;
	return 0;
}

/* At every node above `org`, whose path this is. */
static int add_above(struct db_tx *tx, int64_t org, const char *path, const struct tally *t)
{
	for (const char *p = path; p[0] == '/' && p[1];) {
		char *end;
		int64_t node = strtoll(p + 1, &end, 10);
		int r = node == org ? 0 : add_at(tx, id_region(org), node, t);
		if (r < 0)
			return r;
		p = end;
	}
	return 0;
}

int org_tally_added(struct db_tx *tx, const struct org *org, const char *path)
{
	const struct tally t = tally_of(org);
	return add_above(tx, org->id, path, &t);
}

/* As it stands in the table; its path unless NULL. 1, 0 or an error. */
static int stored(struct db_tx *tx, int64_t id, struct tally *ret_tally, char *ret_path)
{
	struct db_stmt *q = db_query(tx, "SELECT level, field, state, members, path FROM org"
				     " WHERE region = $1 AND org = $2");
	store_bind_id(q, id);
	int r = db_step(q);
	if (r <= 0)
		return r;
	int64_t members = db_col_int(q, 3);
	*ret_tally = (struct tally){db_col_int(q, 0), db_col_int(q, 1), db_col_int(q, 2), 1,
				    members > 0 ? members : 0};
	struct str path = db_col_str(q, 4);
	if (path.len >= ORG_PATH_MAX)
		return ERR_LIMIT;
	if (ret_path) {
		memcpy(ret_path, path.data, path.len);
		ret_path[path.len] = '\0';
	}
	db_finish(q);
	return 1;
}

int org_tally_changed(struct db_tx *tx, const struct org *known, const struct org *now)
{
	struct tally before, after = tally_of(now);
	char room[ORG_PATH_MAX];
	const char *path = known ? known->path : room;
	int r = 1;
	if (known)
		before = tally_of(known);
	else
		r = stored(tx, now->id, &before, room);
	if (r <= 0)
		return r;
	if (before.level != after.level || before.field != after.field || before.state != after.state) {
		r = add_above(tx, now->id, path, &after);
		before = negative(before);
		return r < 0 ? r : add_above(tx, now->id, path, &before);
	}
	after.n = 0;
	after.members -= before.members;
	return after.members ? add_above(tx, now->id, path, &after) : 0;
}

/* What stands below `org`: as stored, and what is not written yet. */
static int tallies_below(struct db_tx *tx, int64_t org, struct arena *arena, struct org_rows *rows)
{
	struct db_stmt *q = db_query(tx, "SELECT level, field, state, n, members FROM org_tally"
				     " WHERE region = $1 AND org = $2");
	int r;
	store_bind_id(q, org);
	while ((r = db_step(q)) > 0) {
		struct tally *t = org_rows_add(tx, rows, arena, sizeof(*t));
		if (!t)
			return ERR_NOMEM;
		*t = (struct tally){db_col_int(q, 0), db_col_int(q, 1), db_col_int(q, 2),
				    db_col_int(q, 3), db_col_int(q, 4)};
	}
	struct deltas *all = db_keep(tx, &kept_deltas);
	for (const struct delta *d = all ? *bucket_of(all, org) : NULL; d && r == 0; d = d->next) {
		struct tally *t = d->node == org ? org_rows_add(tx, rows, arena, sizeof(*t)) : NULL;
		if (t)
			*t = d->t;
	}
	return db_error(tx, NULL);
}

int org_tally_moved(struct db_tx *tx, int64_t org, const char *before, const char *after)
{
	AUTO(arena) struct arena arena = {0};
	struct org_rows rows = {0};
	int r = tallies_below(tx, org, &arena, &rows);
	if (r < 0)
		return r;
	struct tally *own = org_rows_add(tx, &rows, &arena, sizeof(*own));
	if (!own)
		return ERR_NOMEM;
	if ((r = stored(tx, org, own, NULL)) <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	const struct tally *all = rows.data;
	for (int i = 0; r >= 0 && i < rows.n; i++) {
		const struct tally gone = negative(all[i]);
		if ((r = add_above(tx, org, after, &all[i])) >= 0)
			r = add_above(tx, org, before, &gone);
	}
	return r;
}

/* ---- reading ---- */

/* Of one node in a county everything lies in its region; above, in many. */
#define OF_ONE " FROM org_tally WHERE org = $1 AND region = $2"
#define OF_ALL " FROM org_tally WHERE org = $1 AND $2 = 0"

int org_tally_sum(struct db_tx *tx, const struct org *org, const struct org_filter *f,
		  struct org_sum *ret_sum)
{
#define SUM "SELECT CAST(COALESCE(sum(n), 0) AS BIGINT), CAST(COALESCE(sum(members), 0) AS BIGINT)"
#define FITS " AND ($3 < 0 OR level = $3) AND ($4 < 0 OR field = $4) AND ($5 < 0 OR state = $5)"
	int64_t region = id_region(org->id);
	db_settle(tx);
	struct db_stmt *q = region ? db_query(tx, SUM OF_ONE FITS) : db_query(tx, SUM OF_ALL FITS);
	db_bind_int(q, 1, org->id);
	db_bind_int(q, 2, region);
	db_bind_int(q, 3, f->level);
	db_bind_int(q, 4, f->field);
	db_bind_int(q, 5, f->state);
	int r = db_step(q);
	if (r < 0)
		return r;
	struct org_sum sum = {db_col_int(q, 0), db_col_int(q, 1)};
	struct org_filter class = *f;
	class.text = NULL;
	db_finish(q);
	if (org_fits(&class, org)) {
		sum.n++;
		sum.members += org->members > 0 ? org->members : 0;
	}
	*ret_sum = sum;
	return 0;
}

static int by_class(const void *a, const void *b)
{
	const struct org_count *x = a, *y = b;
	return x->level != y->level ? x->level - y->level
	       : x->field != y->field ? x->field - y->field : x->state - y->state;
}

int store_org_counts(struct db_tx *tx, const struct org *org, struct arena *arena,
		     struct org_count **ret_counts, int *ret_n)
{
#define CLASS "SELECT level, field, state, CAST(sum(n) AS BIGINT)"
#define GROUPED " GROUP BY level, field, state ORDER BY level, field, state"
	struct org_rows rows = {0};
	int64_t region = id_region(org->id);
	bool counted = false;
	db_settle(tx);
	struct db_stmt *q = region ? db_query(tx, CLASS OF_ONE GROUPED) : db_query(tx, CLASS OF_ALL GROUPED);
	int r;
	db_bind_int(q, 1, org->id);
	db_bind_int(q, 2, region);
	while ((r = db_step(q)) > 0) {
		struct org_count *count = org_rows_add(tx, &rows, arena, sizeof(*count));
		if (!count)
			return ERR_NOMEM;
		*count = (struct org_count){(int)db_col_int(q, 0), (int)db_col_int(q, 1),
					    (int)db_col_int(q, 2), db_col_int(q, 3)};
		if (count->level == (int)org->level && count->field == org->field &&
		    count->state == (int)org->state) {
			count->n++;
			counted = true;
		}
	}
	if (r < 0)
		return r;
	if (!counted) {
		struct org_count *own = org_rows_add(tx, &rows, arena, sizeof(*own));
		if (!own)
			return ERR_NOMEM;
		*own = (struct org_count){(int)org->level, org->field, (int)org->state, 1};
		qsort(rows.data, (size_t)rows.n, sizeof(*own), by_class);
	}
	*ret_counts = rows.data;
	*ret_n = rows.n;
	return 0;
}
