/* SPDX-License-Identifier: Apache-2.0 */
#include "store/attachment.h"

#include <sodium.h>

#include "store/id.h"
#include "store/org_in.h"

#define COLUMNS "attachment, org, kind, object, name, what, type, size, sha256, day, added_ms," \
	" account, who, withdrawn_ms, withdrawn_by, withdrawn_why"

/* … and whether there is a small picture: piece -1 of its bytes, empty where none
 * can be made. */
#define SELECTED COLUMNS ", (SELECT coalesce(max(CASE WHEN length(p.data) > 0 THEN 1 ELSE 2 END), 0)" \
	" FROM file_piece p WHERE p.region = attachment.region" \
	" AND p.sha256 = attachment.sha256 AND p.piece = -1)"

static void read_row(struct db_stmt *q, struct arena *arena, void *row)
{
	struct attachment *a = row;
	*a = (struct attachment){
		.id = db_col_int(q, 0), .org = db_col_int(q, 1),
		.kind = (enum attachment_kind)db_col_int(q, 2), .object = db_col_int(q, 3),
		.name = db_col_dup(q, 4, arena), .what = db_col_dup(q, 5, arena),
		.type = (enum file_type)db_col_int(q, 6), .size = db_col_int(q, 7),
		.day = (int32_t)db_col_int(q, 9), .added_ms = db_col_int(q, 10),
		.account = db_col_int(q, 11), .who = db_col_dup(q, 12, arena),
		.withdrawn_ms = db_col_int(q, 13), .withdrawn_by = db_col_dup(q, 14, arena),
		.withdrawn_why = db_col_dup(q, 15, arena), .small = (enum attachment_small)db_col_int(q, 16),
	};
	struct str hash = db_col_blob(q, 8);
	if (hash.len == ATTACHMENT_HASH_LEN)
		memcpy(a->sha256, hash.data, hash.len);
}

static const struct rows_kind attachment_rows = {ROWS_ANSWER, sizeof(struct attachment), read_row};

/* ---- bytes ---- */

static int has_bytes(struct db_tx *tx, int64_t region, const unsigned char *sha256)
{
	struct db_stmt *q = db_query(tx, "SELECT piece FROM file_piece"
				     " WHERE region = $1 AND sha256 = $2 AND piece = 0");
	db_bind_int(q, 1, region);
	db_bind_blob(q, 2, sha256, ATTACHMENT_HASH_LEN);
	int r = db_step(q);
	db_finish(q);
	return r;
}

static int put_bytes(struct db_tx *tx, int64_t region, const unsigned char *sha256,
		     struct str data)
{
	for (size_t at = 0, piece = 0; at < data.len; at += ATTACHMENT_PIECE, piece++) {
		size_t len = data.len - at < ATTACHMENT_PIECE ? data.len - at : ATTACHMENT_PIECE;
		struct db_stmt *q = db_query(tx, "INSERT INTO file_piece (region, sha256, piece, data)"
					     " VALUES ($1, $2, $3, $4)");
		db_bind_int(q, 1, region);
		db_bind_blob(q, 2, sha256, ATTACHMENT_HASH_LEN);
		db_bind_int(q, 3, (int64_t)piece);
		db_bind_blob(q, 4, data.data + at, len);
		int r = db_run(q);
		if (r < 0)
			return r;
	}
	return 0;
}

int store_bytes_put(struct db_tx *tx, int64_t region, struct str data,
		    unsigned char ret_sha256[ATTACHMENT_HASH_LEN])
{
	crypto_hash_sha256(ret_sha256, (const unsigned char *)data.data, data.len);
	int r = has_bytes(tx, region, ret_sha256);
	return r == 0 ? put_bytes(tx, region, ret_sha256, data) : r < 0 ? r : 0;
}

int store_bytes_get(struct db_tx *tx, int64_t region, const unsigned char *wanted, struct buf *out)
{
	unsigned char sha256[crypto_hash_sha256_BYTES];
	size_t before = out->len;
	int r;
	_Static_assert(sizeof(sha256) == ATTACHMENT_HASH_LEN, "one hash");
	struct db_stmt *q = db_query(tx, "SELECT data FROM file_piece WHERE region = $1 AND sha256 = $2"
				     " AND piece >= 0 ORDER BY piece");
	db_bind_int(q, 1, region);
	db_bind_blob(q, 2, wanted, ATTACHMENT_HASH_LEN);
	while ((r = db_step(q)) > 0) {
		struct str piece = db_col_blob(q, 0);
		buf_add(out, piece.data, piece.len);
	}
	if (r < 0)
		return r;
	if (out->failed)
		return db_doom_nomem(tx);
	if (out->len == before)
		return ERR_IO;
	crypto_hash_sha256(sha256, (const unsigned char *)out->data + before, out->len - before);
	return memcmp(sha256, wanted, sizeof(sha256)) == 0 ? 0 : ERR_IO;
}

int store_attachment_read(struct db_tx *tx, const struct attachment *attachment, struct buf *out)
{
	return store_bytes_get(tx, id_region(attachment->id), attachment->sha256, out);
}

int store_attachment_put_small(struct db_tx *tx, const struct attachment *a, struct str small)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO file_piece (region, sha256, piece, data)"
				     " VALUES ($1, $2, -1, $3) ON CONFLICT (region, sha256, piece)"
				     " DO NOTHING");
	db_bind_int(q, 1, id_region(a->id));
	db_bind_blob(q, 2, a->sha256, ATTACHMENT_HASH_LEN);
	db_bind_blob(q, 3, small.data, small.len);
	return store_run(q);
}

int store_attachment_read_small(struct db_tx *tx, const struct attachment *a, struct buf *out)
{
	struct db_stmt *q = db_query(tx, "SELECT data FROM file_piece WHERE region = $1 AND sha256 = $2"
				     " AND piece = -1");
	db_bind_int(q, 1, id_region(a->id));
	db_bind_blob(q, 2, a->sha256, ATTACHMENT_HASH_LEN);
	size_t before = out->len;
	int r = db_step(q);
	if (r > 0) {
		struct str small = db_col_blob(q, 0);
		buf_add(out, small.data, small.len);
	}
	db_finish(q);
	return r < 0 ? r : out->failed ? db_doom_nomem(tx) : r && out->len > before;
}

/* ---- rows ---- */

static int insert_row(struct db_tx *tx, const struct attachment *a)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO attachment (region, " COLUMNS ") VALUES ($1, $2, $3,"
				     " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, '', '')");
	store_bind_id(q, a->id);
	db_bind_int(q, 3, a->org);
	db_bind_int(q, 4, a->kind);
	db_bind_int(q, 5, a->object);
	db_bind_text(q, 6, a->name);
	db_bind_text(q, 7, a->what);
	db_bind_int(q, 8, a->type);
	db_bind_int(q, 9, a->size);
	db_bind_blob(q, 10, a->sha256, ATTACHMENT_HASH_LEN);
	db_bind_int(q, 11, a->day);
	db_bind_int(q, 12, a->added_ms);
	db_bind_int(q, 13, a->account);
	db_bind_text(q, 14, a->who);
	return store_run(q);
}

/* 1 and the id where the same was sent before and counts. */
static int find_sent(struct db_tx *tx, struct attachment *a)
{
	struct db_stmt *q = db_query(tx, "SELECT attachment FROM attachment WHERE region = $1 AND sha256 = $2"
				     " AND org = $3 AND kind = $4 AND object = $5 AND what = $6 AND day = $7"
				     " AND account = $8 AND withdrawn_ms = 0");
	db_bind_int(q, 1, id_region(a->org));
	db_bind_blob(q, 2, a->sha256, ATTACHMENT_HASH_LEN);
	db_bind_int(q, 3, a->org);
	db_bind_int(q, 4, a->kind);
	db_bind_int(q, 5, a->object);
	db_bind_text(q, 6, a->what);
	db_bind_int(q, 7, a->day);
	db_bind_int(q, 8, a->account);
	int r = db_step(q);
	if (r > 0)
		a->id = db_col_int(q, 0);
	db_finish(q);
	return r;
}

int store_attachment_insert(struct db_tx *tx, struct attachment *a, struct str data)
{
	int64_t region = id_region(a->org);
	if (!data.len || data.len > ATTACHMENT_MAX)
		return ERR_LIMIT;
	a->size = (int64_t)data.len;
	int r = store_bytes_put(tx, region, data, a->sha256);
	if (r < 0 || (r = find_sent(tx, a)) != 0)
		return r;
	r = id_next(tx, region, ID_ATTACHMENT, &a->id);
	return r < 0 ? r : insert_row(tx, a);
}

int store_attachment_get(struct db_tx *tx, int64_t id, struct arena *arena,
			 struct attachment *ret_attachment)
{
	struct db_stmt *q = db_query(tx, "SELECT " SELECTED " FROM attachment"
				     " WHERE region = $1 AND attachment = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &attachment_rows, arena, ret_attachment);
}

int store_attachment_list(struct db_tx *tx, int64_t org, int kind, int64_t object,
			  struct arena *arena, struct attachment **ret_attachments, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " SELECTED " FROM attachment WHERE region = $1"
				     " AND org = $2 AND ($3 < 0 OR kind = $3) AND ($4 < 0 OR object = $4)"
				     " ORDER BY attachment LIMIT 2000");
	_Static_assert(ATTACHMENT_LIST_MAX == 2000, "as in the statement");
	store_bind_id(q, org);
	db_bind_int(q, 3, kind);
	db_bind_int(q, 4, object);
	if (kind < 0 && object < 0)
		return store_rows_of(tx, q, &attachment_rows, org, arena, ret_attachments, ret_n);
	return store_rows(tx, q, &attachment_rows, arena, ret_attachments, ret_n);
}

int store_attachments_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " SELECTED ", case_org FROM (SELECT DISTINCT c.region AS case_region,"
				     " c.org AS case_org" CASES_BELOW CASES_WHERE ") cases LEFT JOIN attachment"
				     " ON attachment.region = case_region AND attachment.org = case_org"
				     " ORDER BY case_org, attachment");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &attachment_rows, 17);
}

int store_attachments_of_checks(struct db_tx *tx, const char *path, struct arena *arena,
				struct attachment **ret_attachments, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " SELECTED " FROM attachment WHERE region >= $3 AND region <= $4"
				     " AND kind = $5 AND org IN (SELECT k.org FROM spot_check k CROSS JOIN org o"
				     " WHERE o.region = k.region AND o.org = k.org AND k.region >= $3"
				     " AND k.region <= $4 AND o.path >= $1 AND o.path < $2)"
				     " ORDER BY attachment LIMIT 2000");
	org_bind_below(q, path, end);
	db_bind_int(q, 5, ATTACHED_CHECK);
	return store_rows(tx, q, &attachment_rows, arena, ret_attachments, ret_n);
}

int store_withdraw(struct db_stmt *q, int64_t id, int64_t now_ms, const char *who, const char *why)
{
	db_bind_int(q, 1, now_ms);
	db_bind_text(q, 2, who);
	db_bind_text(q, 3, why);
	db_bind_int(q, 4, id_region(id));
	db_bind_int(q, 5, id);
	int r = db_run(q);
	return r < 0 ? r : r == 1 ? 0 : ERR_CONFLICT;
}

int store_attachment_withdraw(struct db_tx *tx, int64_t id, int64_t now_ms, const char *who,
			      const char *why)
{
	return store_withdraw(db_query(tx, "UPDATE attachment" STORE_WITHDRAWS " AND attachment = $5"), id, now_ms,
			      who, why);
}
