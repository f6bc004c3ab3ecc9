/* SPDX-License-Identifier: Apache-2.0 */
#include "store/template.h"

#include <string.h>

#include "store/attachment.h"
#include "store/id.h"
#include "store/org_in.h"

#define COLUMNS \
	"t.template, t.node, t.name, t.kind, t.file_name, t.size, t.sha256, t.note, t.version, t.added_ms," \
	" t.account, t.who, t.withdrawn_ms, t.withdrawn_by, t.withdrawn_why, COALESCE(o.name, '')," \
	" COALESCE(o.path, '')"
#define FROM_TEMPLATE " FROM form_template t LEFT JOIN org o ON o.region = t.region AND o.org = t.node"

static void read_row(struct db_stmt *q, struct arena *arena, void *row)
{
	struct form_template *t = row;
	struct str hash = db_col_blob(q, 6);
	*t = (struct form_template){
		.id = db_col_int(q, 0), .node = db_col_int(q, 1), .name = db_col_dup(q, 2, arena),
		.kind = (enum template_file_kind)db_col_int(q, 3), .file_name = db_col_dup(q, 4, arena),
		.size = db_col_int(q, 5), .note = db_col_dup(q, 7, arena), .version = (int)db_col_int(q, 8),
		.added_ms = db_col_int(q, 9), .account = db_col_int(q, 10), .who = db_col_dup(q, 11, arena),
		.withdrawn_ms = db_col_int(q, 12), .withdrawn_by = db_col_dup(q, 13, arena),
		.withdrawn_why = db_col_dup(q, 14, arena), .node_name = db_col_dup(q, 15, arena),
		.node_path = db_col_dup(q, 16, arena)};
	if (hash.len == TEMPLATE_HASH_LEN)
		memcpy(t->sha256, hash.data, TEMPLATE_HASH_LEN);
}

static const struct rows_kind template_rows = {ROWS_ANSWER, sizeof(struct form_template), read_row};

/* The last version of the name at the node, and how many are in use there. */
static int look_before(struct db_tx *tx, const struct form_template *t, int *ret_version, int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT COALESCE(max(CASE WHEN name = $3 THEN version ELSE 0 END), 0),"
				     " COALESCE(sum(CASE WHEN withdrawn_ms = 0 AND name <> $3 THEN 1 ELSE 0 END), 0)"
				     " FROM form_template WHERE region = $1 AND node = $2");
	store_bind_id(q, t->node);
	db_bind_text(q, 3, t->name);
	int r = db_step(q);
	if (r < 0)
		return r;
	*ret_version = (int)db_col_int(q, 0);
	*ret_n = db_col_int(q, 1);
	db_finish(q);
	return 0;
}

static int withdraw_before(struct db_tx *tx, const struct form_template *t)
{
	struct db_stmt *q = db_query(tx, "UPDATE form_template SET withdrawn_ms = $1, withdrawn_by = $2,"
				     " withdrawn_why = '换成新版' WHERE region = $3 AND node = $4 AND name = $5"
				     " AND withdrawn_ms = 0");
	db_bind_int(q, 1, t->added_ms);
	db_bind_text(q, 2, t->who);
	db_bind_int(q, 3, id_region(t->node));
	db_bind_int(q, 4, t->node);
	db_bind_text(q, 5, t->name);
	return store_run(q);
}

static int insert_row(struct db_tx *tx, const struct form_template *t)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO form_template (region, template, node, name, kind,"
				     " file_name, size, sha256, note, version, added_ms, account, who,"
				     " withdrawn_ms, withdrawn_by, withdrawn_why) VALUES ($1, $2, $3, $4, $5, $6, $7,"
				     " $8, $9, $10, $11, $12, $13, 0, '', '')");
	store_bind_id(q, t->id);
	db_bind_int(q, 3, t->node);
	db_bind_text(q, 4, t->name);
	db_bind_int(q, 5, t->kind);
	db_bind_text(q, 6, t->file_name);
	db_bind_int(q, 7, t->size);
	db_bind_blob(q, 8, t->sha256, TEMPLATE_HASH_LEN);
	db_bind_text(q, 9, t->note);
	db_bind_int(q, 10, t->version);
	db_bind_int(q, 11, t->added_ms);
	db_bind_int(q, 12, t->account);
	db_bind_text(q, 13, t->who);
	return store_run(q);
}

int store_template_insert(struct db_tx *tx, struct form_template *t, struct str data)
{
	int64_t region = id_region(t->node), others;
	int version, r;
	if (!data.len || data.len > TEMPLATE_FILE_MAX)
		return ERR_LIMIT;
	if ((r = look_before(tx, t, &version, &others)) < 0)
		return r;
	if (others >= TEMPLATES_MAX)
		return ERR_LIMIT;
	t->version = version + 1;
	t->size = (int64_t)data.len;
	if ((r = store_bytes_put(tx, region, data, t->sha256)) < 0 ||
	    (r = withdraw_before(tx, t)) < 0 ||
	    (r = id_next(tx, region, ID_TEMPLATE, &t->id)) < 0)
		return r;
	return insert_row(tx, t);
}

int store_template_get(struct db_tx *tx, int64_t id, struct arena *arena,
		       struct form_template *ret_template)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS FROM_TEMPLATE
				     " WHERE t.region = $1 AND t.template = $2");
	store_bind_id(q, id);
	int r = db_step(q);
	if (r > 0)
		read_row(q, arena, ret_template);
	db_finish(q);
	return r;
}

int store_template_list(struct db_tx *tx, int64_t node, struct arena *arena,
			struct form_template **ret_templates, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS FROM_TEMPLATE " WHERE t.region = $1"
				     " AND t.node = $2 AND t.withdrawn_ms = 0 ORDER BY t.name LIMIT 200");
	_Static_assert(TEMPLATES_MAX == 200, "as in the statement");
	store_bind_id(q, node);
	return store_rows(tx, q, &template_rows, arena, ret_templates, ret_n);
}

int store_template_read(struct db_tx *tx, const struct form_template *t, struct buf *out)
{
	return store_bytes_get(tx, id_region(t->id), t->sha256, out);
}

int store_template_withdraw(struct db_tx *tx, int64_t id, int64_t now_ms, const char *who,
			    const char *why)
{
	return store_withdraw(db_query(tx, "UPDATE form_template" STORE_WITHDRAWS " AND template = $5"), id, now_ms,
			      who, why);
}
