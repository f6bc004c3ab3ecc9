/* SPDX-License-Identifier: Apache-2.0 */
#include "store/account.h"

#include <assert.h>

#include "store/id.h"
#include "store/org.h"
#include "store/org_in.h"

enum { LIMIT_MAX = 10000 };

/* ---- accounts ---- */

#define ACCOUNT \
	"a.account, a.node, a.name, a.label, a.phone, a.password, a.must_change, a.totp," \
	" a.totp_step, a.state, a.created_ms, a.password_ms, a.login_ms," \
	" COALESCE(o.path, ''), COALESCE(o.name, '')"
#define FROM_ACCOUNT \
	" FROM account a LEFT JOIN org o ON o.region = a.node / 10000000 AND o.org = a.node"

static void read_account(struct db_stmt *q, struct arena *arena, void *row)
{
	struct account *a = row;
	struct str totp = db_col_blob(q, 7);
	*a = (struct account){
		.id = db_col_int(q, 0), .node = db_col_int(q, 1), .name = db_col_dup(q, 2, arena),
		.label = db_col_dup(q, 3, arena), .phone = db_col_dup(q, 4, arena),
		.password = db_col_dup(q, 5, arena), .must_change = db_col_int(q, 6) != 0,
		.has_totp = totp.len == TOTP_SECRET_LEN, .totp_step = db_col_int(q, 8),
		.state = (enum account_state)db_col_int(q, 9), .created_ms = db_col_int(q, 10),
		.password_ms = db_col_int(q, 11), .login_ms = db_col_int(q, 12),
		.node_path = db_col_dup(q, 13, arena), .node_name = db_col_dup(q, 14, arena),
	};
	if (a->has_totp)
		memcpy(a->totp, totp.data, TOTP_SECRET_LEN);
}

static const struct rows_kind account_rows = {ROWS_ANSWER, sizeof(struct account), read_account};

int store_account_get(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct account *ret_account)
{
	static const size_t size = sizeof(struct account);
	struct account *known = db_recall(tx, &size, id, 0);
	if (known && known->id) {
		*ret_account = *known;
		return 1;
	}
	struct db_stmt *q = db_query(tx, "SELECT " ACCOUNT FROM_ACCOUNT
				     " WHERE a.region = $1 AND a.account = $2");
	store_bind_id(q, id);
	int r = store_row(tx, q, &account_rows, known ? db_recall_arena(tx) : arena, ret_account);
	if (known && r > 0)
		*known = *ret_account;
	return r;
}

int store_account_by_name(struct db_tx *tx, const char *name, struct arena *arena,
			  struct account *ret_account)
{
	struct db_stmt *q = db_query(tx, "SELECT " ACCOUNT FROM_ACCOUNT " WHERE a.name = $1");
	db_bind_text(q, 1, name);
	return store_row(tx, q, &account_rows, arena, ret_account);
}

/* $3 … $13: what can change. */
static void bind_account(struct db_stmt *q, const struct account *a)
{
	db_bind_int(q, 3, a->node);
	db_bind_text(q, 4, a->label);
	db_bind_text(q, 5, a->phone);
	db_bind_text(q, 6, a->password);
	db_bind_int(q, 7, a->must_change);
	if (a->has_totp)
		db_bind_blob(q, 8, a->totp, TOTP_SECRET_LEN);
	else
		db_bind_null(q, 8);
	db_bind_int(q, 9, a->totp_step);
	db_bind_int(q, 10, a->state);
	db_bind_int(q, 11, a->password_ms);
	db_bind_int(q, 12, a->login_ms);
}

int store_account_insert(struct db_tx *tx, struct account *a)
{
	bool taken;
	int r = store_account_names_taken(tx, &a->name, 1, &taken);
	if (r < 0)
		return r;
	return taken ? ERR_CONFLICT : store_account_add(tx, a);
}

int store_account_names_taken(struct db_tx *tx, const char *const *names, int n, bool *ret_taken)
{
	int r;
	assert(n <= ACCOUNT_NAMES_MAX);
	_Static_assert((int)ACCOUNT_NAMES_MAX == (int)ORGS_BATCH, "as many as one question takes");
	struct db_stmt *q = db_query(tx, "SELECT a.name FROM " ORGS_GIVEN " JOIN account a"
				     " ON a.name = given.column1");
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_text(q, i + 1, i < n ? names[i] : "");
	memset(ret_taken, 0, (size_t)n * sizeof(*ret_taken));
	while ((r = db_step(q)) > 0)
		for (int i = 0; i < n; i++)
			ret_taken[i] |= str_eqs(db_col_str(q, 0), names[i]);
	return r;
}

int store_account_add(struct db_tx *tx, struct account *a)
{
	int64_t region = id_region(a->node);
	int r = id_next(tx, region, ID_ACCOUNT, &a->id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO account (region, account, node, label, phone, password,"
				     " must_change, totp, totp_step, state, password_ms, login_ms, name,"
				     " created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
				     " $12, $13, $14)");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, a->id);
	bind_account(q, a);
	db_bind_text(q, 13, a->name);
	db_bind_int(q, 14, a->created_ms);
	return db_later(q);
}

int store_account_update(struct db_tx *tx, const struct account *a)
{
	struct db_stmt *q = db_query(tx, "UPDATE account SET node = $3, label = $4, phone = $5,"
				     " password = $6, must_change = $7, totp = $8, totp_step = $9,"
				     " state = $10, password_ms = $11, login_ms = $12"
				     " WHERE region = $1 AND account = $2");
	store_bind_id(q, a->id);
	bind_account(q, a);
	return store_run_found(q);
}

/* "%text%" with LIKE's own signs taken literally; "" for none. */
static const char *part(struct db_tx *tx, const char *text, struct arena *arena)
{
	size_t n = 0;
	if (!text || !*text)
		return "";
	char *out = arena_alloc(arena, 2 * strlen(text) + 3);
	if (!out) {
		db_doom_nomem(tx);
		return "";
	}
	out[n++] = '%';
	for (const char *p = text; *p; p++) {
		if (*p == '%' || *p == '_' || *p == '\\')
			out[n++] = '\\';
		out[n++] = *p;
	}
	out[n++] = '%';
	out[n] = '\0';
	return out;
}

#define WHERE_ACCOUNT \
	" WHERE o.path >= $1 AND o.path < $2" \
	" AND ($3 = '' OR a.name LIKE $3 ESCAPE '\\' OR a.label LIKE $3 ESCAPE '\\'" \
	" OR a.phone LIKE $3 ESCAPE '\\')" \
	" AND ($4 < 0 OR $4 = CASE WHEN a.state <> 0 THEN 2 WHEN a.must_change <> 0 THEN 1 ELSE 0 END)" \
	" AND ($5 = 0 OR EXISTS (SELECT 1 FROM role_grant h WHERE h.region = a.region" \
	" AND h.account = a.account AND h.role = $5 - 1))"
_Static_assert(ACCOUNT_ACTIVE == 0 && ACCOUNT_SHOW_FRESH == 1 && ACCOUNT_SHOW_CLOSED == 2, "as in the SQL");

/* The accounts, or the roles that these hold. */
static struct db_stmt *list_query(struct db_tx *tx, const struct account_filter *f, bool roles)
{
#define LIST(order) \
	(roles ? db_query(tx, "SELECT g.account, g.node, g.role, n.name FROM (SELECT a.region, a.account" \
			  FROM_ACCOUNT WHERE_ACCOUNT " ORDER BY " order " LIMIT $6 OFFSET $7) l" \
			  " JOIN role_grant g ON g.region = l.region AND g.account = l.account" \
			  " JOIN org n ON n.region = g.node / 10000000 AND n.org = g.node" \
			  " ORDER BY g.account, g.role, g.node") \
	       : db_query(tx, "SELECT " ACCOUNT FROM_ACCOUNT WHERE_ACCOUNT " ORDER BY " order \
			  " LIMIT $6 OFFSET $7"))
	switch (f->order) {
	case ACCOUNT_BY_NODE:
		return f->descending ? LIST("o.sort_key DESC, a.name DESC") : LIST("o.sort_key, a.name");
	case ACCOUNT_BY_LOGIN:
		return f->descending ? LIST("a.login_ms DESC, a.name DESC") : LIST("a.login_ms, a.name");
	default:
		return f->descending ? LIST("a.name DESC") : LIST("a.name");
	}
}

static void bind_filter(struct db_stmt *q, const char *path, const char *end, const char *pattern,
			const struct account_filter *f)
{
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	db_bind_text(q, 3, pattern);
	db_bind_int(q, 4, f->show);
	db_bind_int(q, 5, f->holds);
}

int store_account_list(struct db_tx *tx, const char *node_path, const struct account_filter *f,
		       struct arena *arena, struct account **ret_accounts, int *ret_n,
		       int64_t *ret_total)
{
	char end[ORG_PATH_MAX];
	const char *pattern = part(tx, f->text, arena);
	int r;

	assert(f->limit >= 0 && f->limit <= LIMIT_MAX);
	store_path_end(node_path, end);
	struct db_stmt *q = db_query(tx, "SELECT count(*)" FROM_ACCOUNT WHERE_ACCOUNT);
	bind_filter(q, node_path, end, pattern, f);
	if ((r = store_number(q, ret_total)) < 0)
		return r;
	q = list_query(tx, f, false);
	bind_filter(q, node_path, end, pattern, f);
	db_bind_int(q, 6, f->limit);
	db_bind_int(q, 7, f->offset);
	return store_rows(tx, q, &account_rows, arena, ret_accounts, ret_n);
}

static void read_account_role(struct db_stmt *q, struct arena *arena, void *row)
{
	*(struct account_role *)row = (struct account_role){db_col_int(q, 0), db_col_int(q, 1),
							    (int)db_col_int(q, 2), db_col_dup(q, 3, arena)};
}

int store_account_roles(struct db_tx *tx, const char *node_path, const struct account_filter *f,
			struct arena *arena, struct account_role **ret_roles, int *ret_n)
{
	static const struct rows_kind kind = {ROWS_ANSWER, sizeof(struct account_role), read_account_role};
	char end[ORG_PATH_MAX];

	store_path_end(node_path, end);
	struct db_stmt *q = list_query(tx, f, true);
	bind_filter(q, node_path, end, part(tx, f->text, arena), f);
	db_bind_int(q, 6, f->limit);
	db_bind_int(q, 7, f->offset);
	return store_rows(tx, q, &kind, arena, ret_roles, ret_n);
}

int store_account_count(struct db_tx *tx, int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM account");
	return store_number(q, ret_n);
}

/* ---- roles ---- */

static void read_grant(struct db_stmt *q, struct arena *arena, void *row)
{
	*(struct grant *)row = (struct grant){
		(int)db_col_int(q, 0), db_col_int(q, 1), db_col_dup(q, 2, arena),
		db_col_dup(q, 3, arena), (int)db_col_int(q, 4), db_col_int(q, 5),
		db_col_int(q, 6),
	};
}

int store_grants(struct db_tx *tx, int64_t account, struct arena *arena, struct grant **ret_grants,
		 int *ret_n)
{
	struct known {
		bool asked;
		struct grant *grants;
		int n;
	};
	static const size_t size = sizeof(struct known);
	static const struct rows_kind grants = {ROWS_ANSWER, sizeof(struct grant), read_grant};
	struct known *known = db_recall(tx, &size, account, 0);
	if (known && known->asked) {
		*ret_grants = known->grants;
		*ret_n = known->n;
		return 0;
	}
	if (known)
		arena = db_recall_arena(tx);
	struct db_stmt *q = db_query(tx, "SELECT g.role, g.node, o.path, o.name, o.level, g.granted_by,"
				     " g.granted_ms FROM role_grant g JOIN org o"
				     " ON o.region = g.node / 10000000 AND o.org = g.node"
				     " WHERE g.region = $1 AND g.account = $2 ORDER BY g.role, g.node");
	store_bind_id(q, account);
	int r = store_rows(tx, q, &grants, arena, ret_grants, ret_n);
	if (known && r == 0)
		*known = (struct known){true, *ret_grants, *ret_n};
	return r;
}

int store_grant_add(struct db_tx *tx, int64_t account, int role, int64_t node, int64_t by,
		    int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO role_grant (region, account, role, node,"
				     " granted_by, granted_ms) VALUES ($1, $2, $3, $4, $5, $6)"
				     " ON CONFLICT DO NOTHING");
	store_bind_id(q, account);
	db_bind_int(q, 3, role);
	db_bind_int(q, 4, node);
	db_bind_int(q, 5, by);
	db_bind_int(q, 6, now_ms);
	return store_run(q);
}

int store_grant_remove(struct db_tx *tx, int64_t account, int role, int64_t node)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM role_grant WHERE region = $1 AND account = $2"
				     " AND role = $3 AND node = $4");
	store_bind_id(q, account);
	db_bind_int(q, 3, role);
	db_bind_int(q, 4, node);
	return db_run(q);
}

int store_grant_count(struct db_tx *tx, int role, int64_t node, int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM role_grant g"
				     " JOIN account a ON a.region = g.region AND a.account = g.account"
				     " WHERE g.role = $1 AND g.node = $2 AND a.state = 0");
	db_bind_int(q, 1, role);
	db_bind_int(q, 2, node);
	return store_number(q, ret_n);
}

int store_grant_elsewhere(struct db_tx *tx, int role, const char *path, int64_t account, int64_t node)
{
	struct db_stmt *q = db_query(tx, "SELECT 1 FROM role_grant g"
				     " JOIN account a ON a.region = g.region AND a.account = g.account"
				     " JOIN org o ON o.region = g.node / 10000000 AND o.org = g.node"
				     " WHERE g.role = $1 AND a.state = 0"
				     " AND substr($2, 1, length(o.path)) = o.path"
				     " AND (g.account <> $3 OR ($4 <> 0 AND g.node <> $4)) LIMIT 1");
	db_bind_int(q, 1, role);
	db_bind_text(q, 2, path);
	db_bind_int(q, 3, account);
	db_bind_int(q, 4, node);
	int r = db_step(q);
	db_finish(q);
	return r;
}

int store_request_add(struct db_tx *tx, struct role_request *request)
{
	int64_t region = id_region(request->account);
	int r = id_next(tx, region, ID_ROLE_REQUEST, &request->id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO role_request (region, request, account, role,"
				     " node, asked_by, asked_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, request->id);
	db_bind_int(q, 3, request->account);
	db_bind_int(q, 4, request->role);
	db_bind_int(q, 5, request->node);
	db_bind_int(q, 6, request->asked_by);
	db_bind_int(q, 7, request->asked_ms);
	return db_later(q);
}

#define REQUEST \
	"SELECT r.request, r.account, r.node, r.asked_by, r.asked_ms, r.role," \
	" COALESCE(a.label, ''), o.name, COALESCE(b.label, ''), o.path" \
	" FROM role_request r JOIN org o ON o.region = r.node / 10000000 AND o.org = r.node" \
	" LEFT JOIN account a ON a.region = r.region AND a.account = r.account" \
	" LEFT JOIN account b ON b.region = r.asked_by / 10000000 AND b.account = r.asked_by"

static void read_request(struct db_stmt *q, struct arena *arena, void *row)
{
	*(struct role_request *)row = (struct role_request){
		.id = db_col_int(q, 0), .account = db_col_int(q, 1), .node = db_col_int(q, 2),
		.asked_by = db_col_int(q, 3), .asked_ms = db_col_int(q, 4),
		.role = (int)db_col_int(q, 5), .account_label = db_col_dup(q, 6, arena),
		.node_name = db_col_dup(q, 7, arena), .asked_by_label = db_col_dup(q, 8, arena),
		.node_path = db_col_dup(q, 9, arena),
	};
}

static const struct rows_kind request_rows =
	{ROWS_ANSWER, sizeof(struct role_request), read_request};

int store_request_get(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct role_request *ret_request)
{
	struct db_stmt *q = db_query(tx, REQUEST " WHERE r.region = $1 AND r.request = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &request_rows, arena, ret_request);
}

int store_request_remove(struct db_tx *tx, int64_t id)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM role_request WHERE region = $1 AND request = $2");
	store_bind_id(q, id);
	return store_run_found(q);
}

int store_requests(struct db_tx *tx, const char *node_path, int64_t account, struct arena *arena,
		   struct role_request **ret_requests, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(node_path, end);
	struct db_stmt *q = db_query(tx, REQUEST " WHERE o.path >= $1 AND o.path < $2"
				     " AND ($3 = 0 OR r.account = $3)"
				     " ORDER BY r.asked_ms, r.request");
	db_bind_text(q, 1, node_path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, account);
	return store_rows(tx, q, &request_rows, arena, ret_requests, ret_n);
}

/* ---- sessions ---- */

#define SESSION "SELECT region, account, created_ms, seen_ms, origin, token_hash FROM session"

static void read_session(struct db_stmt *q, struct arena *arena, void *row)
{
	struct session *s = row;
	struct str hash = db_col_blob(q, 5);
	*s = (struct session){
		.region = db_col_int(q, 0), .account = db_col_int(q, 1),
		.created_ms = db_col_int(q, 2), .seen_ms = db_col_int(q, 3),
		.origin = db_col_dup(q, 4, arena),
	};
	if (hash.len == TOKEN_HASH_LEN)
		memcpy(s->token_hash, hash.data, TOKEN_HASH_LEN);
}

static const struct rows_kind session_rows = {ROWS_ANSWER, sizeof(struct session), read_session};

int store_session_get(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_LEN],
		      struct arena *arena, struct session *ret_session)
{
	struct db_stmt *q = db_query(tx, SESSION " WHERE token_hash = $1");
	db_bind_blob(q, 1, hash, TOKEN_HASH_LEN);
	return store_row(tx, q, &session_rows, arena, ret_session);
}

int store_sessions(struct db_tx *tx, int64_t account, struct arena *arena,
		   struct session **ret_sessions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, SESSION " WHERE region = $1 AND account = $2"
				     " ORDER BY seen_ms DESC, created_ms DESC");
	store_bind_id(q, account);
	return store_rows(tx, q, &session_rows, arena, ret_sessions, ret_n);
}

int store_session_insert(struct db_tx *tx, const struct session *s)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO session (region, token_hash, account, created_ms,"
				     " seen_ms, origin) VALUES ($1, $2, $3, $4, $5, $6)");
	db_bind_int(q, 1, s->region);
	db_bind_blob(q, 2, s->token_hash, TOKEN_HASH_LEN);
	db_bind_int(q, 3, s->account);
	db_bind_int(q, 4, s->created_ms);
	db_bind_int(q, 5, s->seen_ms);
	db_bind_text(q, 6, s->origin);
	return store_run(q);
}

int store_session_seen(struct db_tx *tx, const struct session *s, int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "UPDATE session SET seen_ms = $3"
				     " WHERE region = $1 AND token_hash = $2 AND seen_ms < $3");
	db_bind_int(q, 1, s->region);
	db_bind_blob(q, 2, s->token_hash, TOKEN_HASH_LEN);
	db_bind_int(q, 3, now_ms);
	return store_run(q);
}

int store_session_remove(struct db_tx *tx, const struct session *s)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM session WHERE region = $1 AND token_hash = $2");
	db_bind_int(q, 1, s->region);
	db_bind_blob(q, 2, s->token_hash, TOKEN_HASH_LEN);
	return store_run(q);
}

int store_session_remove_all(struct db_tx *tx, int64_t account,
			     const unsigned char keep[TOKEN_HASH_LEN])
{
	struct db_stmt *q = db_query(tx, "DELETE FROM session WHERE region = $1 AND account = $2"
				     " AND token_hash <> $3");
	store_bind_id(q, account);
	db_bind_blob(q, 3, keep, keep ? TOKEN_HASH_LEN : 0);
	return store_run(q);
}

int store_session_expire(struct db_tx *tx, int64_t region, int64_t seen_before_ms)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM session WHERE ($1 < 0 OR region = $1)"
				     " AND seen_ms < $2");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, seen_before_ms);
	return store_run(q);
}

/* ---- failed logins: all in region 0, for the name may not exist ---- */

int store_guard_get(struct db_tx *tx, const char *name, struct login_guard *ret_guard)
{
	struct db_stmt *q = db_query(tx, "SELECT failures, last_ms, locked_until_ms FROM login_guard"
				     " WHERE region = 0 AND name = $1");
	db_bind_text(q, 1, name);
	int r = db_step(q);
	if (r < 0)
		return r;
	*ret_guard = (struct login_guard){0};
	if (r)
		*ret_guard = (struct login_guard){db_col_int(q, 0), db_col_int(q, 1), db_col_int(q, 2)};
	db_finish(q);
	return 0;
}

int store_guard_set(struct db_tx *tx, const char *name, const struct login_guard *guard,
		    int64_t forget_before_ms)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO login_guard (region, name, failures, last_ms,"
				     " locked_until_ms) VALUES (0, $1, $2, $3, $4)"
				     " ON CONFLICT (region, name) DO UPDATE SET failures ="
				     " excluded.failures, last_ms = excluded.last_ms,"
				     " locked_until_ms = excluded.locked_until_ms");
	db_bind_text(q, 1, name);
	db_bind_int(q, 2, guard->failures);
	db_bind_int(q, 3, guard->last_ms);
	db_bind_int(q, 4, guard->locked_until_ms);
	int r = db_run(q);
	if (r < 0)
		return r;
	q = db_query(tx, "DELETE FROM login_guard WHERE region = 0 AND last_ms < $1");
	db_bind_int(q, 1, forget_before_ms);
	return store_run(q);
}

int store_guard_clear(struct db_tx *tx, const char *name)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM login_guard WHERE region = 0 AND name = $1");
	db_bind_text(q, 1, name);
	return store_run(q);
}
