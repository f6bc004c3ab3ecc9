/* SPDX-License-Identifier: Apache-2.0 */
#include "store/org.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/id.h"
#include "store/money.h"
#include "store/org_in.h"

static const int64_t FAR_END_MS = INT64_MAX;

/* ---- rows and structs ---- */

static void bind_fields(struct db_stmt *q, int at, const struct org *o)
{
	db_bind_int(q, at++, o->parent);
	db_bind_text(q, at++, o->code);
	db_bind_text(q, at++, o->name);
	db_bind_text(q, at++, o->short_name);
	db_bind_int(q, at++, o->level);
	db_bind_int(q, at++, o->field);
	db_bind_text(q, at++, o->kind);
	db_bind_int(q, at++, o->members);
	db_bind_int(q, at++, o->residents);
	db_bind_text(q, at++, o->secretary_name);
	db_bind_text(q, at++, o->secretary_phone);
	db_bind_int(q, at++, o->secretary_since);
	db_bind_int(q, at++, o->secretary_until);
	db_bind_text(q, at++, o->liaison_name);
	db_bind_text(q, at++, o->liaison_phone);
	db_bind_text(q, at++, o->liaison_other);
	db_bind_text(q, at++, o->cadre);
	db_bind_int(q, at++, o->founded);
	db_bind_int(q, at++, o->election_due);
	db_bind_int(q, at++, o->state);
	db_bind_int(q, at++, o->successor);
	db_bind_text(q, at, o->note);
}

static void read_fields(struct db_stmt *q, int at, struct arena *arena, struct org *o)
{
	o->parent = db_col_int(q, at++);
	o->code = db_col_dup(q, at++, arena);
	o->name = db_col_dup(q, at++, arena);
	o->short_name = db_col_dup(q, at++, arena);
	o->level = (enum level)db_col_int(q, at++);
	o->field = (int)db_col_int(q, at++);
	o->kind = db_col_dup(q, at++, arena);
	o->members = db_col_int(q, at++);
	o->residents = db_col_int(q, at++);
	o->secretary_name = db_col_dup(q, at++, arena);
	o->secretary_phone = db_col_dup(q, at++, arena);
	o->secretary_since = (int32_t)db_col_int(q, at++);
	o->secretary_until = (int32_t)db_col_int(q, at++);
	o->liaison_name = db_col_dup(q, at++, arena);
	o->liaison_phone = db_col_dup(q, at++, arena);
	o->liaison_other = db_col_dup(q, at++, arena);
	o->cadre = db_col_dup(q, at++, arena);
	o->founded = (int32_t)db_col_int(q, at++);
	o->election_due = (int32_t)db_col_int(q, at++);
	o->state = (enum org_state)db_col_int(q, at++);
	o->successor = db_col_int(q, at++);
	o->note = db_col_dup(q, at, arena);
}

void org_read(struct db_stmt *q, struct arena *arena, void *row)
{
	struct org *o = row;
	*o = (struct org){.id = db_col_int(q, 0)};
	read_fields(q, 1, arena, o);
	int at = 1 + ORG_N_COMMON;
	o->path = db_col_dup(q, at, arena);
	o->search = db_col_dup(q, at + 1, arena);
	struct str key = db_col_blob(q, at + 2);
	o->sort_key.data = arena_strndup(arena, key.data ? key.data : "", key.len);
	o->sort_key.len = key.len;
	o->version = db_col_int(q, at + 3);
	o->since_day = (int32_t)db_col_int(q, at + 4);
}

/* ---- one organisation ---- */

static const struct rows_kind org_kind = {ROWS_ANSWER, sizeof(struct org), org_read};

/* What db_recall keeps of one. */
static const size_t org_known = sizeof(struct org);

int store_org_get(struct db_tx *tx, int64_t id, struct arena *arena, struct org *ret_org)
{
	struct org *known = db_recall(tx, &org_known, id, 0);
	if (known && known->id) {
		*ret_org = *known;
		return 1;
	}
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS " FROM org WHERE region = $1 AND org = $2");
	store_bind_id(q, id);
	int r = store_row(tx, q, &org_kind, known ? db_recall_arena(tx) : arena, ret_org);
	if (known && r > 0)
		*known = *ret_org;
	return r;
}

int store_case_orgs_know(struct db_tx *tx, const char *path)
{
	struct arena *arena = db_recall_arena(tx);
	char end[ORG_PATH_MAX];
	int r;
	if (!arena)
		return 0;
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS " FROM org WHERE org IN (SELECT c.org"
				     " FROM ledger_case c WHERE c.region >= $3 AND c.region <= $4)"
				     " AND path >= $1 AND path < $2 AND region >= $3 AND region <= $4");
	org_bind_below(q, path, end);
	while ((r = db_step(q)) > 0) {
		struct org *known = db_recall(tx, &org_known, db_col_int(q, 0), 0);
		if (known)
			org_read(q, arena, known);
	}
	return r;
}

static int know_orgs(struct db_tx *tx, const int64_t *ids, int n)
{
	int r;
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS " FROM " ORGS_GIVEN " JOIN org"
				     " ON org.region = given.column1 / 10000000 AND org.org = given.column1");
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_int(q, i + 1, i < n ? ids[i] : 0);
	while ((r = db_step(q)) > 0) {
		struct org *known = db_recall(tx, &org_known, db_col_int(q, 0), 0);
		if (known)
			org_read(q, db_recall_arena(tx), known);
	}
	return r;
}

int store_orgs_know(struct db_tx *tx, const int64_t *ids, int n)
{
	int r = 0;
	for (int i = 0; r == 0 && db_recall_arena(tx) && i < n; i += ORGS_BATCH)
		r = know_orgs(tx, ids + i, n - i < ORGS_BATCH ? n - i : ORGS_BATCH);
	return r;
}

int store_org_by_code(struct db_tx *tx, const char *code, struct arena *arena,
		      struct org *ret_org)
{
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS " FROM org WHERE code = $1");
	db_bind_text(q, 1, code);
	return store_row(tx, q, &org_kind, arena, ret_org);
}

int store_orgs_by_codes(struct db_tx *tx, const char *const *codes, int n, struct arena *arena,
			struct org **ret_orgs, int *ret_n)
{
	_Static_assert((int)ORG_CODES_MAX == (int)ORGS_BATCH, "as many as one question takes");
	/* Each code by itself: as a join PostgreSQL reads the whole table until it has
	 * statistics of it, which it has not within the import that fills it. */
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS " FROM (SELECT (SELECT o.org FROM org o"
				     " WHERE o.code = given.column1 LIMIT 1) AS found FROM " ORGS_GIVEN ") ids"
				     " JOIN org ON org.region = ids.found / 10000000 AND org.org = ids.found");
	assert(n <= ORG_CODES_MAX);
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_text(q, i + 1, i < n ? codes[i] : "");
	return store_rows(tx, q, &org_kind, arena, ret_orgs, ret_n);
}

int store_org_path(struct db_tx *tx, int64_t id, char ret_path[ORG_PATH_MAX])
{
	static const size_t size = ORG_PATH_MAX;
	char *known = db_recall(tx, &size, id, 0);
	if (known && *known) {
		memcpy(ret_path, known, ORG_PATH_MAX);
		return 1;
	}
	const struct org *whole = db_recall(tx, &org_known, id, 0);
	if (whole && whole->id) {
		snprintf(ret_path, ORG_PATH_MAX, "%s", whole->path);
		return 1;
	}
	struct db_stmt *q = db_query(tx, "SELECT path FROM org WHERE region = $1 AND org = $2");
	store_bind_id(q, id);
	int r = db_step(q);
	if (r <= 0)
		return r;
	snprintf(ret_path, ORG_PATH_MAX, "%.*s", STR_ARG(db_col_str(q, 0)));
	db_finish(q);
	if (known)
		memcpy(known, ret_path, strlen(ret_path) + 1);
	return 1;
}

void store_path_end(const char *path, char ret_end[ORG_PATH_MAX])
{
	size_t len = strlen(path);
	assert(len && len < ORG_PATH_MAX && path[len - 1] == '/');
	memcpy(ret_end, path, len + 1);
	ret_end[len - 1] = '/' + 1;
}

/* Where the number that ends before `end` begins. */
static const char *number_before(const char *path, const char *end)
{
	while (end > path && end[-1] != '/')
		end--;
	return end;
}

int64_t store_path_last(const char *path)
{
	size_t len = strlen(path);
	return len < 2 ? 0 : strtoll(number_before(path, path + len - 1), NULL, 10);
}

int64_t store_path_parent(const char *path)
{
	size_t len = strlen(path);
	const char *last = len < 2 ? path : number_before(path, path + len - 1);
	return last - path < 2 ? 0 : strtoll(number_before(path, last - 1), NULL, 10);
}

/* ---- writing ---- */

static int insert_version(struct db_tx *tx, const struct org *o, const struct org_stamp *stamp)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO org_version (region, org, version, " ORG_COMMON ","
				     " since_day, recorded_ms, replaced_ms, account, act, reason)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
				     " $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,"
				     " $27, $28, $29, $30, $31)");
	store_bind_id(q, o->id);
	db_bind_int(q, 3, o->version);
	bind_fields(q, 4, o);
	int at = 4 + ORG_N_COMMON;
	db_bind_int(q, at, stamp->since_day);
	db_bind_int(q, at + 1, stamp->now_ms);
	db_bind_int(q, at + 2, FAR_END_MS);
	db_bind_int(q, at + 3, stamp->account);
	db_bind_int(q, at + 4, stamp->act);
	db_bind_text(q, at + 5, stamp->reason);
	return db_later(q);
}

/* `known`: the parent's path; NULL: in the table. */
static int own_path(struct db_tx *tx, int64_t id, int64_t parent, const char *known,
		    char ret_path[ORG_PATH_MAX])
{
	char above[ORG_PATH_MAX] = "/";
	int depth = 0;
	if (known) {
		snprintf(above, sizeof(above), "%s", known);
	} else if (parent) {
		int r = store_org_path(tx, parent, above);
		if (r <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
	}
	for (const char *p = above; *p; p++)
		depth += *p == '/';
	if (depth > ORG_DEPTH_MAX ||
	    snprintf(ret_path, ORG_PATH_MAX, "%s%lld/", above, (long long)id) >= ORG_PATH_MAX)
		return ERR_LIMIT;
	return 0;
}

int store_org_insert(struct db_tx *tx, struct org *o, const char *above, const struct org_stamp *stamp)
{
	char path[ORG_PATH_MAX];
	int64_t region = o->parent ? id_region(o->parent) : 0;
	int r = 0;

	if (o->level == LEVEL_COUNTY)
		r = id_next_region(tx, &region);
	if (r == 0)
		r = id_next(tx, region, ID_ORG, &o->id);
	if (r == 0)
		r = own_path(tx, o->id, o->parent, above, path);
	if (r < 0)
		return r;
	o->version = 1;
	struct db_stmt *q = db_query(tx, "INSERT INTO org (region, " ORG_COLUMNS ") VALUES ($1, $2, $3, $4,"
				     " $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
				     " $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, o->id);
	bind_fields(q, 3, o);
	int at = 3 + ORG_N_COMMON;
	db_bind_text(q, at, path);
	db_bind_text(q, at + 1, o->search);
	db_bind_blob(q, at + 2, o->sort_key.data, o->sort_key.len);
	db_bind_int(q, at + 3, o->version);
	db_bind_int(q, at + 4, stamp->since_day);
	if ((r = db_later(q)) < 0 || (r = org_tally_added(tx, o, path)) < 0)
		return r;
	return insert_version(tx, o, stamp);
}

/* The next version over what stands in the table, to be run; after it the version that
 * was is closed and the new one kept. */
static struct db_stmt *update(struct db_tx *tx, const struct org *o, const struct org_stamp *stamp)
{
	struct db_stmt *q = db_query(tx, "UPDATE org SET (" ORG_COMMON ", search, sort_key, version,"
				     " since_day) = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
				     " $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,"
				     " $26) WHERE region = $27 AND org = $28 AND version = $29");
	bind_fields(q, 1, o);
	int at = 1 + ORG_N_COMMON;
	db_bind_text(q, at, o->search);
	db_bind_blob(q, at + 1, o->sort_key.data, o->sort_key.len);
	db_bind_int(q, at + 2, o->version + 1);
	db_bind_int(q, at + 3, stamp->since_day);
	db_bind_int(q, at + 4, id_region(o->id));
	db_bind_int(q, at + 5, o->id);
	db_bind_int(q, at + 6, o->version);
	return q;
}

static int next_version(struct db_tx *tx, struct org *o, const struct org_stamp *stamp)
{
	struct db_stmt *q = db_query(tx, "UPDATE org_version SET replaced_ms = $1"
		     " WHERE region = $2 AND org = $3 AND version = $4");
	db_bind_int(q, 1, stamp->now_ms);
	db_bind_int(q, 2, id_region(o->id));
	db_bind_int(q, 3, o->id);
	db_bind_int(q, 4, o->version);
	int r = db_later(q);
	if (r < 0)
		return r;
	o->version++;
	o->since_day = stamp->since_day;
	return insert_version(tx, o, stamp);
}

int store_org_update(struct db_tx *tx, struct org *o, const struct org_stamp *stamp)
{
	int r = org_tally_changed(tx, NULL, o);
	if (r < 0)
		return r;
	r = db_run(update(tx, o, stamp));
	return r < 0 ? r : r != 1 ? ERR_CONFLICT : next_version(tx, o, stamp);
}

int store_org_change(struct db_tx *tx, const struct org *before, struct org *o, const struct org_stamp *stamp)
{
	int r = org_tally_changed(tx, before, o);
	if (r == 0)
		r = db_later(update(tx, o, stamp));
	return r < 0 ? r : next_version(tx, o, stamp);
}

int store_org_move(struct db_tx *tx, struct org *o, int64_t parent, const struct org_stamp *stamp)
{
	char before[ORG_PATH_MAX], end[ORG_PATH_MAX], after[ORG_PATH_MAX] = "";
	int r = store_org_path(tx, o->id, before);
	if (r == 0)
		return ERR_NOT_FOUND;
	if (r > 0)
		r = own_path(tx, o->id, parent, NULL, after);
	if (r < 0)
		return r;
	if (strncmp(after, before, strlen(before)) == 0 && parent != o->parent)
		return ERR_STATE;
	store_path_end(before, end);
	/* The numbers of the path's text are ASCII: characters are bytes. */
	struct db_stmt *q = db_query(tx, "UPDATE org SET path = $1 || substr(path, CAST($2 AS INTEGER))"
				     " WHERE path >= $3 AND path < $4");
	db_bind_text(q, 1, after);
	db_bind_int(q, 2, (int64_t)strlen(before) + 1);
	db_bind_text(q, 3, before);
	db_bind_text(q, 4, end);
	if ((r = db_run(q)) < 0 ||
	    (r = org_tally_moved(tx, o->id, before, after)) < 0 ||
	    (r = store_money_moved(tx, o->id, before, after)) < 0)
		return r;
	/* Nobody below may have become too deep. */
	q = db_query(tx, "SELECT max(length(path)) FROM org WHERE path >= $1 AND path < $2");
	store_path_end(after, end);
	db_bind_text(q, 1, after);
	db_bind_text(q, 2, end);
	if ((r = db_step(q)) < 0)
		return r;
	if (db_col_int(q, 0) >= ORG_PATH_MAX)
		return ERR_LIMIT;
	db_finish(q);
	o->parent = parent;
	return store_org_update(tx, o, stamp);
}

int store_org_link(struct db_tx *tx, int64_t org, int64_t other, enum org_act act,
		   int32_t since_day)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO org_link (region, org, other, act, since_day)"
				     " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
	store_bind_id(q, org);
	db_bind_int(q, 3, other);
	db_bind_int(q, 4, act);
	db_bind_int(q, 5, since_day);
	return store_run(q);
}

/* ---- history ---- */

static void read_org_version(struct db_stmt *q, struct arena *arena, void *row)
{
	struct org_version *v = row;
	*v = (struct org_version){.org.id = db_col_int(q, 0)};
	read_fields(q, 1, arena, &v->org);
	int at = 1 + ORG_N_COMMON;
	v->org.version = db_col_int(q, at);
	v->org.since_day = v->stamp.since_day = (int32_t)db_col_int(q, at + 1);
	v->stamp.now_ms = db_col_int(q, at + 2);
	v->stamp.account = db_col_int(q, at + 3);
	v->stamp.act = (enum org_act)db_col_int(q, at + 4);
	v->stamp.reason = db_col_dup(q, at + 5, arena);
	v->account_label = db_col_dup(q, at + 6, arena);
	v->parent_name = db_col_dup(q, at + 7, arena);
}

static const struct rows_kind org_version_rows =
	{ROWS_ANSWER, sizeof(struct org_version), read_org_version};

int store_org_history(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct org_version **ret_versions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT v.org, parent, code, v.name, short_name, level, field,"
				     " kind, members, residents, secretary_name, secretary_phone,"
				     " secretary_since, secretary_until, liaison_name, liaison_phone,"
				     " liaison_other, cadre, founded, election_due, v.state, successor,"
				     " note, version, since_day, recorded_ms, v.account, act, reason,"
				     " COALESCE(a.label, ''), COALESCE((SELECT p.name FROM org p"
				     " WHERE p.region = v.parent / 10000000 AND p.org = v.parent), '')"
				     " FROM org_version v LEFT JOIN account a"
				     " ON a.region = v.account / 10000000 AND a.account = v.account"
				     " WHERE v.region = $1 AND v.org = $2 ORDER BY version DESC");
	store_bind_id(q, id);
	return store_rows(tx, q, &org_version_rows, arena, ret_versions, ret_n);
}

static void read_org_link(struct db_stmt *q, struct arena *arena, void *row)
{
	struct org_link *link = row;
	*link = (struct org_link){db_col_int(q, 0), db_col_int(q, 1), db_col_dup(q, 2, arena),
				  (enum org_act)db_col_int(q, 3), (int32_t)db_col_int(q, 4)};
}

static const struct rows_kind org_link_rows = {ROWS_ANSWER, sizeof(struct org_link), read_org_link};

int store_org_links(struct db_tx *tx, int64_t id, struct arena *arena, struct org_link **ret_links,
		    int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT l.org, l.other, o.name, l.act, l.since_day"
				     " FROM org_link l JOIN org o ON o.region = l.region"
				     " AND o.org = CASE WHEN l.org = $2 THEN l.other ELSE l.org END"
				     " WHERE l.region = $1 AND (l.org = $2 OR l.other = $2)"
				     " ORDER BY l.since_day, l.org, l.other");
	store_bind_id(q, id);
	return store_rows(tx, q, &org_link_rows, arena, ret_links, ret_n);
}

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct org *)a)->id, y = ((const struct org *)b)->id;
	return x < y ? -1 : x > y;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct org *)a)->path, ((const struct org *)b)->path);
}

/* The path as parents were then; NULL where it does not lead to `node`. */
static const char *path_then(const struct org *orgs, int n, const struct org *org, int64_t node,
			     struct arena *arena)
{
	int64_t chain[ORG_DEPTH_MAX + 1];
	int depth = 0;
	char path[ORG_PATH_MAX];
	for (const struct org *at = org; at;) {
		if (depth > ORG_DEPTH_MAX)
			return NULL;
		chain[depth++] = at->id;
		if (at->id == node)
			break;
		struct org key = {.id = at->parent};
		at = at->parent ? bsearch(&key, orgs, (size_t)n, sizeof(key), by_id) : NULL;
		if (!at)
			return NULL;
	}
	size_t len = 0;
	path[len++] = '/';
	while (depth)
		len += (size_t)snprintf(path + len, sizeof(path) - len, "%lld/",
					(long long)chain[--depth]);
	return arena_strndup(arena, path, len);
}

int store_org_as_of(struct db_tx *tx, int64_t node, int64_t at_ms, struct arena *arena,
		    struct org **ret_orgs, int *ret_n)
{
	struct org_rows rows = {0};
	int64_t region = id_region(node);
	/* A node above the counties reaches into all regions. */
	struct db_stmt *q = db_query(tx, "SELECT org, " ORG_COMMON ", version, since_day FROM org_version"
				     " WHERE ($1 = 0 OR region = $1) AND recorded_ms <= $2"
				     " AND replaced_ms > $2 ORDER BY org");
	int r, n = 0;
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, at_ms);
	while ((r = db_step(q)) > 0) {
		struct org *org = org_rows_add(tx, &rows, arena, sizeof(*org));
		if (!org)
			return ERR_NOMEM;
		*org = (struct org){.id = db_col_int(q, 0), .path = "", .search = ""};
		read_fields(q, 1, arena, org);
		org->version = db_col_int(q, 1 + ORG_N_COMMON);
		org->since_day = (int32_t)db_col_int(q, 2 + ORG_N_COMMON);
	}
	if (r < 0)
		return r;
	struct org *all = rows.data, *kept = arena_zalloc(arena, (size_t)rows.n + 1, sizeof(*kept));
	if (!kept)
		return db_doom_nomem(tx);
	for (int i = 0; i < rows.n; i++) {
		const char *path = path_then(all, rows.n, &all[i], node, arena);
		if (!path)
			continue;
		kept[n] = all[i];
		kept[n++].path = path;
	}
	/* A parent's path is the beginning of its children's. */
	qsort(kept, (size_t)n, sizeof(*kept), by_path);
	*ret_orgs = kept;
	*ret_n = n;
	return 0;
}
