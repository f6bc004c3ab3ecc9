/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

#include "db/driver.h"

struct db_held {
	struct db_held *next;
	const struct db_kept *kind;
	void *state;
};

void *db_keep(struct db_tx *tx, const struct db_kept *kind)
{
	struct db_held *held = tx->held;
	while (held && held->kind != kind)
		held = held->next;
	if (!held) {
		held = arena_zalloc(&tx->held_arena, 1, sizeof(*held));
		void *state = held ? arena_zalloc(&tx->held_arena, 1, kind->size) : NULL;
		if (!state) {
			db_doom_nomem(tx);
			return NULL;
		}
		*held = (struct db_held){tx->held, kind, state};
		tx->held = held;
	}
	return held->state;
}

struct arena *db_keep_arena(struct db_tx *tx)
{
	return &tx->held_arena;
}

int db_settle(struct db_tx *tx)
{
	int r = db_error(tx, NULL);
	for (struct db_held *held = tx->held; held && r == 0; held = held->next)
		r = held->kind->write(tx, held->state);
	return r;
}

void db_keep_end(struct db_tx *tx)
{
	tx->held = NULL;
	arena_done(&tx->held_arena);
}

/* ---- what is known of a snapshot ---- */

enum { RECALL_MAX = 4096 };	/* answers; what comes later is asked again */

struct db_known {
	struct db_known *next;
	const size_t *kind;
	int64_t a, b;
	_Alignas(max_align_t) char answer[];
};

void *db_recall(struct db_tx *tx, const size_t *size, int64_t a, int64_t b)
{
	struct db_hold *hold = tx->hold;
	if (!hold)
		return NULL;
	uint64_t mixed = ((uint64_t)a * 31 + (uint64_t)b + (uintptr_t)size) * UINT64_C(0x9E3779B97F4A7C15);
	struct db_known **bucket = &hold->known[(mixed >> 32) % DB_HOLD_BUCKETS], *known = *bucket;
	while (known && (known->kind != size || known->a != a || known->b != b))
		known = known->next;
	if (known)
		return known->answer;
	if (hold->n_known == RECALL_MAX)
		return NULL;
	known = arena_zalloc(&hold->arena, 1, sizeof(*known) + *size);
	if (!known)
		return NULL;
	known->kind = size;
	known->a = a;
	known->b = b;
	known->next = *bucket;
	*bucket = known;
	hold->n_known++;
	return known->answer;
}

struct arena *db_recall_arena(struct db_tx *tx)
{
	return tx->hold ? &tx->hold->arena : NULL;
}

void db_recall_end(struct db_hold *hold)
{
	memset(hold->known, 0, sizeof(hold->known));
	hold->n_known = 0;
}
