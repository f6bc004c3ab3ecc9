/* SPDX-License-Identifier: Apache-2.0 */
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
