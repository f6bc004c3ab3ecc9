/* SPDX-License-Identifier: Apache-2.0 */
#include "store/print.h"

#include <string.h>

#include "store/attachment.h"
#include "store/id.h"
#include "store/org_in.h"

#define COLUMNS \
	"p.print, p.node, p.form, p.campaign, p.detail, p.version, p.code, p.hash, p.at_ms," \
	" p.account, p.who, COALESCE(o.name, '')," \
	" (SELECT count(*) FROM attachment a WHERE a.region = p.region AND a.org = p.node AND a.kind = 13" \
	" AND a.object = p.print AND a.withdrawn_ms = 0)"
#define FROM_PRINT " FROM print p LEFT JOIN org o ON o.region = p.region AND o.org = p.node"

_Static_assert(ATTACHED_PRINT == 13, "as in the statements");

static void read_print(struct db_stmt *q, struct arena *arena, void *row)
{
	struct print *p = row;
	struct str hash = db_col_blob(q, 7);
	*p = (struct print){
		.id = db_col_int(q, 0), .node = db_col_int(q, 1), .form = db_col_dup(q, 2, arena),
		.campaign = db_col_int(q, 3), .detail = db_col_dup(q, 4, arena),
		.version = (int)db_col_int(q, 5), .code = db_col_dup(q, 6, arena),
		.at_ms = db_col_int(q, 8), .account = db_col_int(q, 9), .who = db_col_dup(q, 10, arena),
		.node_name = db_col_dup(q, 11, arena), .scans = (int)db_col_int(q, 12)};
	if (hash.len == PRINT_HASH_LEN)
		memcpy(p->hash, hash.data, PRINT_HASH_LEN);
}

static const struct rows_kind print_rows = {ROWS_ANSWER, sizeof(struct print), read_print};

static int read_one(struct db_stmt *q, struct arena *arena, struct print *ret_print)
{
	int r = db_step(q);
	if (r > 0)
		read_print(q, arena, ret_print);
	db_finish(q);
	return r;
}

int store_print_insert(struct db_tx *tx, struct print *print)
{
	int64_t region = id_region(print->node), id;
	int r = id_next(tx, region, ID_PRINT, &id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO print (region, print, node, form, campaign, detail,"
				     " version, code, hash, at_ms, account, who)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, id);
	db_bind_int(q, 3, print->node);
	db_bind_text(q, 4, print->form);
	db_bind_int(q, 5, print->campaign);
	db_bind_text(q, 6, print->detail);
	db_bind_int(q, 7, print->version);
	db_bind_text(q, 8, print->code);
	db_bind_blob(q, 9, print->hash, PRINT_HASH_LEN);
	db_bind_int(q, 10, print->at_ms);
	db_bind_int(q, 11, print->account);
	db_bind_text(q, 12, print->who);
	r = db_run(q);
	if (r < 0)
		return r;
	print->id = id;
	return 0;
}

int store_print_get(struct db_tx *tx, int64_t id, struct arena *arena, struct print *ret_print)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS FROM_PRINT
				     " WHERE p.region = $1 AND p.print = $2");
	store_bind_id(q, id);
	return read_one(q, arena, ret_print);
}

#define LIKE " WHERE p.region = $1 AND p.node = $2 AND p.form = $3 AND p.campaign = $4 AND p.detail = $5"

static int read_like(struct db_stmt *q, const struct print *like, struct arena *arena, struct print *ret_print)
{
	store_bind_id(q, like->node);
	db_bind_text(q, 3, like->form);
	db_bind_int(q, 4, like->campaign);
	db_bind_text(q, 5, like->detail);
	return read_one(q, arena, ret_print);
}

int store_print_latest(struct db_tx *tx, const struct print *like, struct arena *arena,
		       struct print *ret_print)
{
	return read_like(db_query(tx, "SELECT " COLUMNS FROM_PRINT LIKE " ORDER BY p.version DESC LIMIT 1"), like,
			 arena, ret_print);
}

int store_print_sealed(struct db_tx *tx, const struct print *like, struct arena *arena,
		       struct print *ret_print)
{
	return read_like(db_query(tx, "SELECT " COLUMNS FROM_PRINT LIKE " AND EXISTS (SELECT 1 FROM attachment s"
				  " WHERE s.region = p.region AND s.org = p.node AND s.kind = 13"
				  " AND s.object = p.print AND s.withdrawn_ms = 0)"
				  " ORDER BY p.version DESC LIMIT 1"), like, arena, ret_print);
}

int store_print_by_code(struct db_tx *tx, const char *code, struct arena *arena,
			struct print *ret_print)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS FROM_PRINT
				     " WHERE p.code = $1 ORDER BY p.at_ms DESC LIMIT 1");
	db_bind_text(q, 1, code);
	return read_one(q, arena, ret_print);
}

int store_print_list(struct db_tx *tx, int64_t node, int64_t offset, int64_t limit,
		     struct arena *arena, struct print **ret_prints, int *ret_n, int64_t *ret_total)
{
	int r;
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM print WHERE region = $1 AND node = $2");
	store_bind_id(q, node);
	if ((r = db_step(q)) < 0)
		return r;
	int64_t total = db_col_int(q, 0);
	db_finish(q);
	q = db_query(tx, "SELECT " COLUMNS FROM_PRINT " WHERE p.region = $1 AND p.node = $2"
		     " ORDER BY p.at_ms DESC, p.print DESC LIMIT $3 OFFSET $4");
	store_bind_id(q, node);
	db_bind_int(q, 3, limit > PRINT_LIST_MAX ? PRINT_LIST_MAX : limit);
	db_bind_int(q, 4, offset);
	*ret_total = total;
	return store_rows(tx, q, &print_rows, arena, ret_prints, ret_n);
}

/* ---- chosen columns ---- */

static int count_others(struct db_tx *tx, const struct form_view *view, int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM form_view WHERE region = $1 AND node = $2"
				     " AND name <> $3");
	store_bind_id(q, view->node);
	db_bind_text(q, 3, view->name);
	int r = db_step(q);
	if (r < 0)
		return r;
	*ret_n = db_col_int(q, 0);
	db_finish(q);
	return 0;
}

int store_form_view_put(struct db_tx *tx, const struct form_view *view)
{
	int64_t others;
	int r = count_others(tx, view, &others);
	if (r < 0 || others >= FORM_VIEWS_MAX)
		return r < 0 ? r : ERR_LIMIT;
	struct db_stmt *q = db_query(tx, "INSERT INTO form_view (region, node, name, columns, filter, account,"
				     " at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)"
				     " ON CONFLICT (region, node, name) DO UPDATE SET"
				     " columns = excluded.columns, filter = excluded.filter,"
				     " account = excluded.account, at_ms = excluded.at_ms");
	store_bind_id(q, view->node);
	db_bind_text(q, 3, view->name);
	db_bind_text(q, 4, view->columns);
	db_bind_text(q, 5, view->filter);
	db_bind_int(q, 6, view->account);
	db_bind_int(q, 7, view->at_ms);
	return store_run(q);
}

int store_form_view_delete(struct db_tx *tx, int64_t node, const char *name)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM form_view WHERE region = $1 AND node = $2 AND name = $3");
	store_bind_id(q, node);
	db_bind_text(q, 3, name);
	int r = db_run(q);
	return r < 0 ? r : r == 0 ? ERR_NOT_FOUND : 0;
}

int store_form_views(struct db_tx *tx, int64_t node, struct arena *arena,
		     struct form_view **ret_views, int *ret_n)
{
	struct org_rows rows = {0};
	struct db_stmt *q = db_query(tx, "SELECT name, columns, filter, account, at_ms FROM form_view"
				     " WHERE region = $1 AND node = $2 ORDER BY name LIMIT 200");
	int r;
	store_bind_id(q, node);
	while ((r = db_step(q)) > 0) {
		struct form_view *v = org_rows_add(tx, &rows, arena, sizeof(*v));
		if (!v)
			return ERR_NOMEM;
		*v = (struct form_view){node, db_col_dup(q, 0, arena), db_col_dup(q, 1, arena),
					db_col_dup(q, 2, arena), db_col_int(q, 3), db_col_int(q, 4)};
	}
	if (r < 0)
		return r;
	*ret_views = rows.data;
	*ret_n = rows.n;
	return 0;
}
