/* SPDX-License-Identifier: Apache-2.0 */
#include "store/scheme_version.h"

#include "store/id.h"
#include "store/org_in.h"

#define COLUMNS(text) \
	"s.scheme, s.version, s.node, o.name, o.path, s.name, s.title, " text ", s.state," \
	" s.origin, s.note, s.account, a.label, s.saved_ms"
#define FROM \
	" FROM scheme_version s LEFT JOIN org o ON o.region = s.region AND o.org = s.node" \
	" LEFT JOIN account a ON a.account = s.account"

static void read_row(struct db_stmt *q, struct arena *arena, void *row)
{
	struct scheme_version *s = row;
	*s = (struct scheme_version){
		.scheme = db_col_int(q, 0), .version = (int)db_col_int(q, 1),
		.node = db_col_int(q, 2), .node_name = db_col_dup(q, 3, arena),
		.node_path = db_col_dup(q, 4, arena), .name = db_col_dup(q, 5, arena),
		.title = db_col_dup(q, 6, arena), .text = db_col_dup(q, 7, arena),
		.state = (enum scheme_state)db_col_int(q, 8), .origin = db_col_dup(q, 9, arena),
		.note = db_col_dup(q, 10, arena), .account = db_col_int(q, 11),
		.account_label = db_col_dup(q, 12, arena), .saved_ms = db_col_int(q, 13),
	};
}

static const struct rows_kind version_rows = {ROWS_ANSWER, sizeof(struct scheme_version), read_row};

static int insert(struct db_tx *tx, const struct scheme_version *s)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO scheme_version (region, scheme, version, node,"
				     " name, title, text, state, origin, note, account, saved_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
	store_bind_id(q, s->scheme);
	db_bind_int(q, 3, s->version);
	db_bind_int(q, 4, s->node);
	db_bind_text(q, 5, s->name);
	db_bind_text(q, 6, s->title);
	db_bind_text(q, 7, s->text);
	db_bind_int(q, 8, s->state);
	db_bind_text(q, 9, s->origin);
	db_bind_text(q, 10, s->note);
	db_bind_int(q, 11, s->account);
	db_bind_int(q, 12, s->saved_ms);
	return store_run(q);
}

int store_scheme_add(struct db_tx *tx, struct scheme_version *scheme)
{
	struct scheme_version s = *scheme;
	struct db_stmt *q = db_query(tx, "SELECT scheme FROM scheme_version WHERE node = $1"
				     " AND name = $2 LIMIT 1");
	db_bind_int(q, 1, s.node);
	db_bind_text(q, 2, s.name);
	int r = db_step(q);
	db_finish(q);
	if (r)
		return r < 0 ? r : ERR_CONFLICT;
	s.version = 1;
	r = id_next(tx, id_region(s.node), ID_SCHEME, &s.scheme);
	if (r == 0)
		r = insert(tx, &s);
	if (r == 0)
		*scheme = s;
	return r;
}

int store_scheme_put(struct db_tx *tx, const struct scheme_version *s)
{
	struct db_stmt *q = db_query(tx, "SELECT state FROM scheme_version WHERE region = $1"
				     " AND scheme = $2 AND version = $3");
	store_bind_id(q, s->scheme);
	db_bind_int(q, 3, s->version);
	int r = db_step(q);
	if (r < 0)
		return r;
	if (r == 0)
		return insert(tx, s);
	if (db_col_int(q, 0) != SCHEME_DRAFT)
		return ERR_STATE;
	db_finish(q);
	q = db_query(tx, "UPDATE scheme_version SET name = $4, title = $5, text = $6, state = $7,"
		     " note = $8, account = $9, saved_ms = $10"
		     " WHERE region = $1 AND scheme = $2 AND version = $3");
	store_bind_id(q, s->scheme);
	db_bind_int(q, 3, s->version);
	db_bind_text(q, 4, s->name);
	db_bind_text(q, 5, s->title);
	db_bind_text(q, 6, s->text);
	db_bind_int(q, 7, s->state);
	db_bind_text(q, 8, s->note);
	db_bind_int(q, 9, s->account);
	db_bind_int(q, 10, s->saved_ms);
	return store_run(q);
}

int store_scheme_set_state(struct db_tx *tx, int64_t scheme, int version, enum scheme_state state)
{
	struct db_stmt *q = db_query(tx, "UPDATE scheme_version SET state = $4 WHERE region = $1"
				     " AND scheme = $2 AND version = $3");
	store_bind_id(q, scheme);
	db_bind_int(q, 3, version);
	db_bind_int(q, 4, state);
	return store_run_found(q);
}

int store_scheme_get(struct db_tx *tx, int64_t scheme, int version, struct arena *arena,
		     struct scheme_version *ret_scheme)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS("s.text") FROM
				     " WHERE s.region = $1 AND s.scheme = $2"
				     " AND ($3 = 0 OR s.version = $3) ORDER BY s.version DESC LIMIT 1");
	store_bind_id(q, scheme);
	db_bind_int(q, 3, version);
	return store_row(tx, q, &version_rows, arena, ret_scheme);
}

int store_scheme_versions(struct db_tx *tx, int64_t scheme, struct arena *arena,
			  struct scheme_version **ret_versions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS("NULL") FROM
				     " WHERE s.region = $1 AND s.scheme = $2 ORDER BY s.version DESC");
	store_bind_id(q, scheme);
	return store_rows(tx, q, &version_rows, arena, ret_versions, ret_n);
}

int store_scheme_list(struct db_tx *tx, const char *path, struct arena *arena,
		      struct scheme_version **ret_schemes, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(path, end);
	/* Below: its node's path begins with ours; above: ours begins with its. */
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS("NULL") FROM
				     " WHERE ((o.path >= $1 AND o.path < $2)"
				     " OR substr($1, 1, length(o.path)) = o.path)"
				     " AND NOT EXISTS (SELECT 1 FROM scheme_version l"
				     " WHERE l.region = s.region AND l.scheme = s.scheme"
				     " AND l.version > s.version)"
				     " ORDER BY s.title, s.scheme LIMIT 1000");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	return store_rows(tx, q, &version_rows, arena, ret_schemes, ret_n);
}
