/* SPDX-License-Identifier: Apache-2.0 */
#include "store/id.h"

/* Counters of this transaction, newest first: few. */
struct counter {
	struct counter *next;
	int64_t region, kind, last;
	bool changed;
};

static int write_counters(struct db_tx *tx, void *state)
{
	for (struct counter *c = *(struct counter **)state; c; c = c->next) {
		if (!c->changed)
			continue;
		struct db_stmt *q = db_query(tx, "INSERT INTO counter (region, kind, last)"
					     " VALUES ($1, $2, $3) ON CONFLICT (region, kind)"
					     " DO UPDATE SET last = excluded.last");
		db_bind_int(q, 1, c->region);
		db_bind_int(q, 2, c->kind);
		db_bind_int(q, 3, c->last);
		int r = db_run(q);
		if (r < 0)
			return r;
		c->changed = false;
	}
	return 0;
}

static const struct db_kept kept_counters = {sizeof(struct counter *), write_counters};

static int read_counter(struct db_tx *tx, int64_t region, enum id_kind kind, int64_t *ret_last)
{
	struct db_stmt *q = db_query(tx, "SELECT last FROM counter WHERE region = $1 AND kind = $2");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, kind);
	int r = db_step(q);
	*ret_last = r > 0 ? db_col_int(q, 0) : 0;
	db_finish(q);
	return r;
}

static int count_up(struct db_tx *tx, int64_t region, enum id_kind kind, int64_t *ret_number)
{
	struct counter **first = db_keep(tx, &kept_counters);
	if (!first)
		return ERR_NOMEM;
	struct counter *c = *first;
	while (c && (c->region != region || c->kind != kind))
		c = c->next;
	if (!c) {
		int64_t last;
		int r = read_counter(tx, region, kind, &last);
		if (r < 0)
			return r;
		if (!(c = arena_zalloc(db_keep_arena(tx), 1, sizeof(*c))))
			return db_doom_nomem(tx);
		*c = (struct counter){*first, region, kind, last, false};
		*first = c;
	}
	*ret_number = ++c->last;
	c->changed = true;
	return 0;
}

int id_next(struct db_tx *tx, int64_t region, enum id_kind kind, int64_t *ret_id)
{
	int64_t number = 0;
	int r = count_up(tx, region, kind, &number);
	if (r < 0)
		return r;
	if (number >= ID_SPAN)
		return ERR_LIMIT;
	*ret_id = region * ID_SPAN + number;
	return 0;
}

int id_next_region(struct db_tx *tx, int64_t *ret_region)
{
	return count_up(tx, 0, ID_REGION, ret_region);
}
