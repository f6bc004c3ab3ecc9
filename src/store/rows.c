/* SPDX-License-Identifier: Apache-2.0 */
#include "store/id.h"
#include "store/org_in.h"

/* The answer that db_recall keeps of a list. */
struct known_rows {
	bool asked;
	void *rows;
	int n;
};
_Static_assert(sizeof(struct known_rows) <= ROWS_ANSWER, "room for the answer");

void *org_rows_add(struct db_tx *tx, struct org_rows *rows, struct arena *arena, size_t size)
{
	if (rows->n == rows->cap) {
		int cap = rows->cap ? rows->cap * 2 : 16;
		void *more = arena_zalloc(arena, (size_t)cap, size);
		if (!more) {
			db_doom_nomem(tx);
			return NULL;
		}
		if (rows->n)
			memcpy(more, rows->data, (size_t)rows->n * size);
		rows->data = more;
		rows->cap = cap;
	}
	return (char *)rows->data + (size_t)rows->n++ * size;
}

static int read_rows(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind,
		     struct arena *arena, struct org_rows *rows)
{
	int r;
	while ((r = db_step(q)) > 0) {
		void *row = org_rows_add(tx, rows, arena, kind->size);
		if (!row)
			return ERR_NOMEM;
		kind->read(q, arena, row);
	}
	return r;
}

int store_rows(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, struct arena *arena,
	       void *ret_rows, int *ret_n)
{
	struct org_rows rows = {0};
	int r = read_rows(tx, q, kind, arena, &rows);
	if (r < 0)
		return r;
	memcpy(ret_rows, &rows.data, sizeof(rows.data));
	*ret_n = rows.n;
	return 0;
}

static void read_id(struct db_stmt *q, struct arena *arena, void *row)
{
	(void)arena;
	*(int64_t *)row = db_col_int(q, 0);
}

int store_ids(struct db_tx *tx, struct db_stmt *q, struct arena *arena, int64_t **ret_ids, int *ret_n)
{
	static const struct rows_kind ids = {ROWS_ANSWER, sizeof(int64_t), read_id};
	return store_rows(tx, q, &ids, arena, ret_ids, ret_n);
}

int store_row(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, struct arena *arena,
	      void *ret_row)
{
	int r = db_step(q);
	if (r <= 0)
		return r;
	kind->read(q, arena, ret_row);
	db_finish(q);
	r = db_error(tx, NULL);
	return r < 0 ? r : 1;
}

int store_number(struct db_stmt *q, int64_t *ret_number)
{
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*ret_number = db_col_int(q, 0);
	db_finish(q);
	return 0;
}

int store_run(struct db_stmt *q)
{
	int r = db_run(q);
	return r < 0 ? r : 0;
}

int store_run_found(struct db_stmt *q)
{
	int r = db_run(q);
	return r < 0 ? r : r ? 0 : ERR_NOT_FOUND;
}

int store_rows_of(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, int64_t id,
		  struct arena *arena, void *ret_rows, int *ret_n)
{
	struct known_rows *known = db_recall(tx, &kind->answer, id, 0);
	if (known && known->asked) {
		db_finish(q);
		/* The caller's own: he may change them. */
		void *rows = arena_zalloc(arena, (size_t)known->n + 1, kind->size);
		if (!rows)
			return db_doom_nomem(tx);
		if (known->n)
			memcpy(rows, known->rows, (size_t)known->n * kind->size);
		memcpy(ret_rows, &rows, sizeof(rows));
		*ret_n = known->n;
		return 0;
	}
	return store_rows(tx, q, kind, arena, ret_rows, ret_n);
}

int store_rows_know(struct db_tx *tx, struct db_stmt *q, const struct rows_kind *kind, int owner)
{
	struct arena *arena = db_recall_arena(tx);
	struct known_rows *known = NULL;
	struct org_rows rows = {0};
	int64_t last = 0;
	int r = 0;

	if (!arena) {		/* nothing is kept */
		db_finish(q);
		return 0;
	}
	while ((r = db_step(q)) > 0) {
		int64_t id = db_col_int(q, owner);
		if (id != last) {
			known = db_recall(tx, &kind->answer, id, 0);
			rows = (struct org_rows){0};
			last = id;
		}
		if (known)
			known->asked = true;
		if (!known || db_col_type(q, 0) == DB_NULL)
			continue;
		void *row = org_rows_add(tx, &rows, arena, kind->size);
		if (!row)
			return ERR_NOMEM;
		kind->read(q, arena, row);
		known->rows = rows.data;
		known->n = rows.n;
	}
	return r;
}

void store_bind_id(struct db_stmt *q, int64_t id)
{
	db_bind_int(q, 1, id_region(id));
	db_bind_int(q, 2, id);
}

void store_bind_key(struct db_stmt *q, int64_t campaign, int64_t id)
{
	db_bind_int(q, 1, id_region(id));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, id);
}

void store_bind_below(struct db_stmt *q, int64_t campaign, const char *path, char end[ORG_PATH_MAX])
{
	store_path_end(path, end);
	db_bind_int(q, 1, campaign);
	db_bind_text(q, 2, path);
	db_bind_text(q, 3, end);
}

void org_bind_below(struct db_stmt *q, const char *path, char end[ORG_PATH_MAX])
{
	int64_t first, last;
	store_path_end(path, end);
	org_regions_below(path, &first, &last);
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, first);
	db_bind_int(q, 4, last);
}
