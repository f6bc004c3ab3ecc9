/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"

#include <assert.h>
#include <sodium.h>

#include "store/id.h"
#include "store/org_in.h"

/* ---- hashing ---- */

static void hash_u64(crypto_hash_sha256_state *state, uint64_t value)
{
	unsigned char bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	crypto_hash_sha256_update(state, bytes, sizeof(bytes));
}

static void hash_str(crypto_hash_sha256_state *state, struct str text)
{
	hash_u64(state, text.len);
	crypto_hash_sha256_update(state, (const unsigned char *)text.data, text.len);
}

/* The fields as they lie in the table, borrowed. */
struct fields {
	int64_t region, seq, at_ms, account, node;
	struct str who, origin, act, object, before, after;
};

static void hash_entry(const unsigned char before[AUDIT_HASH_LEN], const struct fields *f,
		       unsigned char ret_hash[AUDIT_HASH_LEN])
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, before, AUDIT_HASH_LEN);
	hash_u64(&state, (uint64_t)f->region);
	hash_u64(&state, (uint64_t)f->seq);
	hash_u64(&state, (uint64_t)f->at_ms);
	hash_u64(&state, (uint64_t)f->account);
	hash_str(&state, f->who);
	hash_str(&state, f->origin);
	hash_str(&state, f->act);
	hash_u64(&state, (uint64_t)f->node);
	hash_str(&state, f->object);
	hash_str(&state, f->before);
	hash_str(&state, f->after);
	crypto_hash_sha256_final(&state, ret_hash);
}

/* ---- appending ---- */

/* Heads that this transaction has read or moved on, newest first: few. */
struct held_head {
	struct held_head *next;
	struct audit_head head;
	bool changed;
};

static int write_heads(struct db_tx *tx, void *state)
{
	for (struct held_head *h = *(struct held_head **)state; h; h = h->next) {
		if (!h->changed)
			continue;
		struct db_stmt *q = db_query(tx, "INSERT INTO audit_head (region, seq, hash)"
					     " VALUES ($1, $2, $3) ON CONFLICT (region) DO UPDATE"
					     " SET seq = excluded.seq, hash = excluded.hash");
		db_bind_int(q, 1, h->head.region);
		db_bind_int(q, 2, h->head.seq);
		db_bind_blob(q, 3, h->head.hash, AUDIT_HASH_LEN);
		int r = db_run(q);
		if (r < 0)
			return r;
		h->changed = false;
	}
	return 0;
}

static const struct db_kept kept_heads = {sizeof(struct held_head *), write_heads};

/* The region's head, which has seq 0 where there is none; NULL on an error. */
static struct held_head *hold_head(struct db_tx *tx, int64_t region)
{
	struct held_head **first = db_keep(tx, &kept_heads), *h;
	if (!first)
		return NULL;
	for (h = *first; h; h = h->next)
		if (h->head.region == region)
			return h;
	struct db_stmt *q = db_query(tx, "SELECT seq, hash FROM audit_head WHERE region = $1");
	db_bind_int(q, 1, region);
	int r = db_step(q);
	if (r < 0)
		return NULL;
	if (!(h = arena_zalloc(db_keep_arena(tx), 1, sizeof(*h)))) {
		db_doom_nomem(tx);
		return NULL;
	}
	h->head.region = region;
	if (r > 0) {
		struct str hash = db_col_blob(q, 1);
		h->head.seq = db_col_int(q, 0);
		if (hash.len == AUDIT_HASH_LEN)
			memcpy(h->head.hash, hash.data, AUDIT_HASH_LEN);
		db_finish(q);
	}
	h->next = *first;
	*first = h;
	return h;
}

/* 1 and the head, or 0 with an empty one, or an error. */
static int read_head(struct db_tx *tx, int64_t region, struct audit_head *ret_head)
{
	const struct held_head *h = hold_head(tx, region);
	if (!h)
		return db_error(tx, NULL);
	*ret_head = h->head;
	return h->head.seq > 0;
}

static struct str cut(struct db_tx *tx, const char *text, struct arena *arena)
{
	struct str all = str_from(text);
	if (all.len <= AUDIT_TEXT_MAX)
		return all;
	size_t len = AUDIT_TEXT_MAX - 3;
	while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	char *copy = arena_printf(arena, "%.*s…", (int)len, text);
	if (!copy)
		db_doom_nomem(tx);
	return str_from(copy);
}

int store_audit_append(struct db_tx *tx, int64_t region, struct audit_entry *e)
{
	AUTO(arena) struct arena arena = {0};
	struct held_head *held = hold_head(tx, region);
	if (!held)
		return db_error(tx, NULL);
	e->region = region;
	e->seq = held->head.seq + 1;
	const struct fields f = {
		region, e->seq, e->at_ms, e->account, e->node,
		str_from(e->who), str_from(e->origin), str_from(e->act),
		cut(tx, e->object, &arena), cut(tx, e->before, &arena), cut(tx, e->after, &arena),
	};
	hash_entry(held->head.hash, &f, e->hash);

	struct db_stmt *q = db_query(tx, "INSERT INTO audit (region, seq, at_ms, account, who, origin,"
				     " act, node, object, before, after, hash)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
	db_bind_int(q, 1, f.region);
	db_bind_int(q, 2, f.seq);
	db_bind_int(q, 3, f.at_ms);
	db_bind_int(q, 4, f.account);
	db_bind_str(q, 5, f.who);
	db_bind_str(q, 6, f.origin);
	db_bind_str(q, 7, f.act);
	db_bind_int(q, 8, f.node);
	db_bind_str(q, 9, f.object);
	db_bind_str(q, 10, f.before);
	db_bind_str(q, 11, f.after);
	db_bind_blob(q, 12, e->hash, AUDIT_HASH_LEN);
	int r = db_later(q);
	if (r < 0)
		return r;
	held->head.seq = e->seq;
	memcpy(held->head.hash, e->hash, AUDIT_HASH_LEN);
	held->changed = true;
	return 0;
}

/* ---- heads ---- */

int store_audit_heads(struct db_tx *tx, struct arena *arena, struct audit_head **ret_heads,
		      int *ret_n)
{
	int64_t *regions = NULL;
	int n = 0, kept = 0;
	int r = store_audit_regions(tx, arena, &regions, &n);
	if (r < 0)
		return r;
	struct audit_head *heads = arena_zalloc(arena, (size_t)n + 1, sizeof(*heads));
	if (!heads)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		if ((r = read_head(tx, regions[i], &heads[kept])) < 0)
			return r;
		kept += r;
	}
	*ret_heads = heads;
	*ret_n = kept;
	return 0;
}

int store_audit_regions(struct db_tx *tx, struct arena *arena, int64_t **ret_regions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM (SELECT region FROM audit_head"
				     " UNION SELECT DISTINCT region FROM audit) r");
	int r = db_step(q), n = 0;
	if (r < 0)
		return r;
	int64_t room = db_col_int(q, 0);
	db_finish(q);
	int64_t *regions = arena_zalloc(arena, (size_t)room + 1, sizeof(*regions));
	if (!regions)
		return db_doom_nomem(tx);
	q = db_query(tx, "SELECT region FROM audit_head UNION SELECT DISTINCT region FROM audit"
		     " ORDER BY region");
	while ((r = db_step(q)) > 0 && n < room)
		regions[n++] = db_col_int(q, 0);
	db_finish(q);
	if (r < 0)
		return r;
	*ret_regions = regions;
	*ret_n = n;
	return 0;
}

/* ---- verifying ---- */

#define ENTRY "region, seq, at_ms, account, who, origin, act, node, object, before, after, hash"

static struct fields read_fields(struct db_stmt *q)
{
	return (struct fields){
		.region = db_col_int(q, 0), .seq = db_col_int(q, 1), .at_ms = db_col_int(q, 2),
		.account = db_col_int(q, 3), .who = db_col_str(q, 4), .origin = db_col_str(q, 5),
		.act = db_col_str(q, 6), .node = db_col_int(q, 7), .object = db_col_str(q, 8),
		.before = db_col_str(q, 9), .after = db_col_str(q, 10),
	};
}

struct walk {
	unsigned char hash[AUDIT_HASH_LEN];
	int64_t seq;
	enum audit_fault fault;
	int64_t at;
};

static void fault(struct walk *walk, enum audit_fault kind, int64_t seq)
{
	/* The first in the chain's order. */
	if (walk->fault == AUDIT_GOOD || seq < walk->at) {
		walk->fault = kind;
		walk->at = seq;
	}
}

static int walk_entries(struct db_tx *tx, int64_t region, const struct audit_head *kept, int n,
			struct walk *walk)
{
	struct db_stmt *q = db_stream(tx, "SELECT " ENTRY " FROM audit WHERE region = $1 ORDER BY seq");
	int r;
	db_bind_int(q, 1, region);
	while ((r = db_step(q)) > 0) {
		const struct fields f = read_fields(q);
		struct str stored = db_col_blob(q, 11);
		if (f.seq != walk->seq + 1) {
			fault(walk, AUDIT_GAP, walk->seq + 1);
			break;
		}
		hash_entry(walk->hash, &f, walk->hash);
		walk->seq = f.seq;
		if (stored.len != AUDIT_HASH_LEN ||
		    memcmp(stored.data, walk->hash, AUDIT_HASH_LEN) != 0) {
			fault(walk, AUDIT_ALTERED, f.seq);
			break;
		}
		for (int i = 0; i < n; i++)
			if (kept[i].region == region && kept[i].seq == f.seq &&
			    memcmp(kept[i].hash, walk->hash, AUDIT_HASH_LEN) != 0)
				fault(walk, AUDIT_OTHER, f.seq);
	}
	db_finish(q);
	return r < 0 ? r : 0;
}

int store_audit_verify(struct db_tx *tx, int64_t region, const struct audit_head *kept, int n,
		       enum audit_fault *ret_fault, int64_t *ret_seq)
{
	struct walk walk = {0};
	struct audit_head head;
	int r = read_head(tx, region, &head);
	if (r >= 0)
		r = walk_entries(tx, region, kept, n, &walk);
	if (r < 0)
		return r;
	if (walk.fault == AUDIT_GOOD) {
		if (walk.seq < head.seq)
			fault(&walk, AUDIT_CUT, walk.seq + 1);
		else if (walk.seq > head.seq)
			fault(&walk, AUDIT_ALTERED, head.seq + 1);
		else if (memcmp(walk.hash, head.hash, AUDIT_HASH_LEN) != 0)
			fault(&walk, AUDIT_ALTERED, head.seq);
		for (int i = 0; i < n; i++)
			if (kept[i].region == region && kept[i].seq > walk.seq)
				fault(&walk, AUDIT_CUT, walk.seq + 1);
	}
	*ret_fault = walk.fault;
	*ret_seq = walk.fault == AUDIT_GOOD ? walk.seq : walk.at;
	return 0;
}

int store_audit_anchors(struct db_tx *tx, const char *act,
			int (*each)(void *arg, struct str after), void *arg)
{
	struct db_stmt *q = db_query(tx, "SELECT after FROM audit WHERE region = 0 AND act = $1"
				     " ORDER BY seq");
	int r;
	db_bind_text(q, 1, act);
	while ((r = db_step(q)) > 0)
		if ((r = each(arg, db_col_str(q, 0))) < 0)
			break;
	db_finish(q);
	return r;
}

/* ---- listing ---- */

enum { MANY = 2000 };	/* of an act: more are found along the time */

/* $1 to $5: the scope; $6 to $9: time and act, which lie in the indexes. */
#define ONE " WHERE region = $1 AND $2 = 0 AND $3 = '' AND $4 = '' AND $5 = 0"
#define COUNTIES \
	"SELECT c.region FROM org p JOIN org c ON c.parent = p.org" \
	" WHERE p.region = 0 AND p.path >= $3 AND p.path < $4 AND c.region <> 0"
#define MANY_CHAINS \
	" WHERE $1 < 0 AND ($1 = -1 OR region = $2 OR region IN (" COUNTIES ")" \
	" OR (region = 0 AND (node IN (SELECT org FROM org WHERE region = 0 AND path >= $3" \
	" AND path < $4) OR ($5 = 1 AND node = 0))))"
#define WHEN_AND_WHAT " AND at_ms >= $6 AND at_ms < $7 AND act >= $8 AND act < $9"
#define BY_TIME(way) " ORDER BY at_ms" way ", region" way ", seq" way
/* Few of an act are taken from its own index and then sorted. */
#define FEW_FIRST(way) " ORDER BY at_ms + 0" way ", region" way ", seq" way
#define TEXT \
	" AND (strpos(object, $12) > 0 OR strpos(before, $12) > 0 OR strpos(after, $12) > 0" \
	" OR strpos(who, $12) > 0)"

/* How many, up to $10. */
#define COUNT(scope) \
	"SELECT count(*) FROM (SELECT 1 FROM audit" scope WHEN_AND_WHAT " LIMIT $10) counted"
/* First which ones, from the index; then the entries. */
#define PAGE(scope, order, way) \
	"SELECT " ENTRY " FROM (SELECT region AS page_region, seq AS page_seq FROM audit" scope \
	WHEN_AND_WHAT order(way) " LIMIT $10 OFFSET $11) page" \
	" JOIN audit ON region = page_region AND seq = page_seq" BY_TIME(way)
/* The same for a text in $10 entries after $11: all of them, each with whether it fits. */
#define LOOK(scope, order, way) \
	"WITH page AS (SELECT region AS page_region, seq AS page_seq FROM audit" scope \
	WHEN_AND_WHAT order(way) " LIMIT $10 OFFSET $11)" \
	" SELECT region, seq, at_ms, CASE WHEN TRUE" TEXT " THEN 1 ELSE 0 END" \
	" FROM page JOIN audit ON region = page_region AND seq = page_seq" BY_TIME(way)

enum from { FROM_ONE, FROM_ONE_ACT, FROM_MANY };

static struct db_stmt *entries_query(struct db_tx *tx, enum from from, bool look, bool oldest)
{
#define FROM(make, way) \
	(from == FROM_MANY ? db_query(tx, make(MANY_CHAINS, BY_TIME, way)) \
	 : from == FROM_ONE_ACT ? db_query(tx, make(ONE, FEW_FIRST, way)) \
				: db_query(tx, make(ONE, BY_TIME, way)))
	if (look)
		return oldest ? FROM(LOOK, "") : FROM(LOOK, " DESC");
	return oldest ? FROM(PAGE, "") : FROM(PAGE, " DESC");
}

/* The least text that is greater than all that begin with `act`. */
static const char *act_end(struct arena *arena, const char *act)
{
	size_t len = strlen(act);
	char *end = arena_strndup(arena, len ? act : "\x7F", len ? len : 1);
	if (end && len)
		end[len - 1]++;
	return end;
}

static int bind_filter(struct db_tx *tx, struct db_stmt *q, const struct audit_scope *scope,
		       const struct audit_filter *f, struct arena *arena)
{
	const char *act = f->act ? f->act : "", *end = act_end(arena, act);
	char *path_end = arena_zalloc(arena, ORG_PATH_MAX, 1);	/* borrowed until the first step */
	const bool below = scope->region == AUDIT_BELOW;
	if (!end || !path_end)
		return db_doom_nomem(tx);
	if (below)
		store_path_end(scope->path, path_end);
	int64_t own = below ? id_region(scope->node) : 0;
	db_bind_int(q, 1, scope->region);
	db_bind_int(q, 2, below && !own ? -1 : own);
	db_bind_text(q, 3, below ? scope->path : "");
	db_bind_text(q, 4, path_end);
	db_bind_int(q, 5, below && scope->top);
	db_bind_int(q, 6, f->from_ms);
	db_bind_int(q, 7, f->to_ms ? f->to_ms : INT64_MAX);
	db_bind_text(q, 8, act);
	db_bind_text(q, 9, end);
	return 0;
}

static int count_entries(struct db_tx *tx, const struct audit_scope *scope,
			 const struct audit_filter *f, struct arena *arena, int64_t *ret_total)
{
	struct db_stmt *q = scope->region >= 0 ? db_query(tx, COUNT(ONE)) : db_query(tx, COUNT(MANY_CHAINS));
	int r = bind_filter(tx, q, scope, f, arena);
	db_bind_int(q, 10, AUDIT_COUNT_MAX + 1);
	if (r < 0 || (r = db_step(q)) < 0)
		return r;
	*ret_total = db_col_int(q, 0);
	db_finish(q);
	return 0;
}

static void read_entry(struct db_stmt *q, struct arena *arena, struct audit_entry *e)
{
	e->region = db_col_int(q, 0);
	e->seq = db_col_int(q, 1);
	e->at_ms = db_col_int(q, 2);
	e->account = db_col_int(q, 3);
	e->who = db_col_dup(q, 4, arena);
	e->origin = db_col_dup(q, 5, arena);
	e->act = db_col_dup(q, 6, arena);
	e->node = db_col_int(q, 7);
	e->object = db_col_dup(q, 8, arena);
	e->before = db_col_dup(q, 9, arena);
	e->after = db_col_dup(q, 10, arena);
	struct str hash = db_col_blob(q, 11);
	if (hash.len == AUDIT_HASH_LEN)
		memcpy(e->hash, hash.data, AUDIT_HASH_LEN);
}

static int read_page(struct db_tx *tx, enum from from, const struct audit_scope *scope,
		     const struct audit_filter *f, struct arena *arena, struct audit_found *found)
{
	struct db_stmt *q = entries_query(tx, from, false, f->oldest_first);
	int r = bind_filter(tx, q, scope, f, arena);
	db_bind_int(q, 10, f->limit);
	db_bind_int(q, 11, f->offset);
	while (r >= 0 && (r = db_step(q)) > 0)
		read_entry(q, arena, &found->entries[found->n++]);
	return r;
}

/* Which of the first have the text: found->n of them from the offset on, only
 * their numbers for now. */
static int look(struct db_tx *tx, enum from from, const struct audit_scope *scope,
		const struct audit_filter *f, struct arena *arena, struct audit_found *found)
{
	struct db_stmt *q = entries_query(tx, from, true, f->oldest_first);
	int64_t n = 0, last_ms = 0, most = f->look ? f->look : AUDIT_LOOK_PAGE;
	int r = bind_filter(tx, q, scope, f, arena);
	db_bind_int(q, 10, most);
	db_bind_int(q, 11, f->skip);
	db_bind_text(q, 12, f->text);
	found->total = 0;
	while (r >= 0 && (r = db_step(q)) > 0) {
		n++;
		last_ms = db_col_int(q, 2);
		if (!db_col_int(q, 3))
			continue;
		if (found->total++ >= f->offset && found->n < f->limit) {
			found->entries[found->n].region = db_col_int(q, 0);
			found->entries[found->n++].seq = db_col_int(q, 1);
		}
	}
	if (n == most) {
		found->looked_to_ms = last_ms;
		found->next_skip = f->skip + n;
	}
	for (int i = 0; r >= 0 && i < found->n; i++) {
		q = db_query(tx, "SELECT " ENTRY " FROM audit WHERE region = $1 AND seq = $2");
		db_bind_int(q, 1, found->entries[i].region);
		db_bind_int(q, 2, found->entries[i].seq);
		if ((r = db_step(q)) > 0)
			read_entry(q, arena, &found->entries[i]);
		db_finish(q);
	}
	return r;
}

int store_audit_list(struct db_tx *tx, const struct audit_scope *scope,
		     const struct audit_filter *f, struct arena *arena,
		     struct audit_found *ret_found)
{
	struct audit_found found = {0};
	const bool one = scope->region >= 0, act = f->act && *f->act;

	assert(f->limit >= 0 && f->limit <= 10000);
	found.entries = arena_zalloc(arena, (size_t)f->limit + 1, sizeof(*found.entries));
	if (!found.entries)
		return db_doom_nomem(tx);
	int r = count_entries(tx, scope, f, arena, &found.total);
	enum from from = !one ? FROM_MANY : act && found.total < MANY ? FROM_ONE_ACT : FROM_ONE;
	if (r == 0)
		r = f->text && *f->text ? look(tx, from, scope, f, arena, &found)
					: read_page(tx, from, scope, f, arena, &found);
	if (r < 0)
		return r;
	*ret_found = found;
	return 0;
}

int store_audit_regions_below(struct db_tx *tx, const char *path, struct arena *arena,
			      int64_t **ret_regions, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT DISTINCT c.region FROM org p JOIN org c"
				     " ON c.parent = p.org WHERE p.region = 0 AND p.path >= $1"
				     " AND p.path < $2 AND c.region <> 0 ORDER BY c.region");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	return store_ids(tx, q, arena, ret_regions, ret_n);
}
