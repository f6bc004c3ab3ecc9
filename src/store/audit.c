/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"

#include <assert.h>
#include <sodium.h>

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

/* 1 and the head, or 0 with an empty one, or an error. */
static int read_head(struct db_tx *tx, int64_t region, struct audit_head *ret_head)
{
	struct db_stmt *q = db_query(tx, "SELECT seq, hash FROM audit_head WHERE region = $1");
	*ret_head = (struct audit_head){.region = region};
	db_bind_int(q, 1, region);
	int r = db_step(q);
	if (r <= 0)
		return r;
	struct str hash = db_col_blob(q, 1);
	ret_head->seq = db_col_int(q, 0);
	if (hash.len == AUDIT_HASH_LEN)
		memcpy(ret_head->hash, hash.data, AUDIT_HASH_LEN);
	db_finish(q);
	return 1;
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
	struct audit_head head;
	int r = read_head(tx, region, &head);
	if (r < 0)
		return r;
	e->region = region;
	e->seq = head.seq + 1;
	const struct fields f = {
		region, e->seq, e->at_ms, e->account, e->node,
		str_from(e->who), str_from(e->origin), str_from(e->act),
		cut(tx, e->object, &arena), cut(tx, e->before, &arena), cut(tx, e->after, &arena),
	};
	hash_entry(head.hash, &f, e->hash);

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
	if ((r = db_run(q)) < 0)
		return r;
	q = db_query(tx, "INSERT INTO audit_head (region, seq, hash) VALUES ($1, $2, $3)"
		     " ON CONFLICT (region) DO UPDATE SET seq = excluded.seq, hash = excluded.hash");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, e->seq);
	db_bind_blob(q, 3, e->hash, AUDIT_HASH_LEN);
	r = db_run(q);
	return r < 0 ? r : 0;
}

/* ---- heads ---- */

int store_audit_heads(struct db_tx *tx, struct arena *arena, struct audit_head **ret_heads,
		      int *ret_n)
{
	int64_t *regions;
	int n, kept = 0;
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

/* Of all regions ($1 is -1) every entry is looked at. */
#define FILTER(at_ms) \
	" AND ($2 = 0 OR account = $2) AND ($3 = 0 OR node = $3) AND " at_ms " >= $4 AND ($5 = 0 OR at_ms < $5)" \
	" AND ($6 = '' OR act LIKE $6 ESCAPE '\\')" \
	" AND ($7 = '' OR object LIKE $7 ESCAPE '\\' OR before LIKE $7 ESCAPE '\\'" \
	" OR after LIKE $7 ESCAPE '\\' OR who LIKE $7 ESCAPE '\\')"
#define ALL " FROM audit WHERE region >= $1" FILTER("at_ms")
/* One region along the index audit_time from its end: a page where there are
 * many, or a few days. */
#define WALK " FROM audit WHERE region = $1" FILTER("at_ms")
/* One region from its first entry to its last, not by that index: to find few. */
#define SCAN " FROM audit WHERE region = $1" FILTER("at_ms + 0")
enum { MANY = 2000 };
#define PAGE(order) " ORDER BY " order " LIMIT $8 OFFSET $9"

/* `text` for LIKE, its own signs taken literally; NULL without memory. */
static const char *like(struct arena *arena, const char *start, const char *text)
{
	size_t n = 0;
	if (!text || !*text)
		return "";
	char *out = arena_alloc(arena, 2 * strlen(text) + 3);
	if (!out)
		return NULL;
	for (const char *p = start; *p; p++)
		out[n++] = *p;
	for (const char *p = text; *p; p++) {
		if (*p == '%' || *p == '_' || *p == '\\')
			out[n++] = '\\';
		out[n++] = *p;
	}
	out[n++] = '%';
	out[n] = '\0';
	return out;
}

/* How many in a region and a time; from the index alone. */
static int count_plain(struct db_tx *tx, const struct audit_filter *f, int64_t *ret_total)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM audit WHERE region = $1 AND at_ms >= $2"
				     " AND ($3 = 0 OR at_ms < $3)");
	db_bind_int(q, 1, f->region);
	db_bind_int(q, 2, f->from_ms);
	db_bind_int(q, 3, f->to_ms);
	int r = db_step(q);
	if (r < 0)
		return r;
	*ret_total = db_col_int(q, 0);
	db_finish(q);
	return 0;
}

static struct db_stmt *list_query(struct db_tx *tx, bool count, bool one, bool walk)
{
	if (!one)
		return count ? db_query(tx, "SELECT count(*)" ALL)
			     : db_query(tx, "SELECT " ENTRY ALL PAGE("at_ms DESC, region, seq DESC"));
	if (walk)
		return count ? db_query(tx, "SELECT count(*)" WALK)
			     : db_query(tx, "SELECT " ENTRY WALK PAGE("at_ms DESC, seq DESC"));
	return count ? db_query(tx, "SELECT count(*)" SCAN)
		     : db_query(tx, "SELECT " ENTRY SCAN PAGE("at_ms DESC, seq DESC"));
}

int store_audit_list(struct db_tx *tx, const struct audit_filter *f, struct arena *arena,
		     struct audit_entry **ret_entries, int *ret_n, int64_t *ret_total)
{
	const char *act = like(arena, "", f->act), *text = like(arena, "%", f->text);
	const bool one = f->region >= 0;
	const bool plain = one && !f->account && !f->node && act && !*act && text && !*text;
	struct db_stmt *q;
	int r, n = 0;

	assert(f->limit >= 0 && f->limit <= 10000);
	struct audit_entry *entries = arena_zalloc(arena, (size_t)f->limit + 1, sizeof(*entries));
	if (!entries || !act || !text)
		return db_doom_nomem(tx);
	if (plain && (r = count_plain(tx, f, ret_total)) < 0)
		return r;
	for (int round = plain; round < 2; round++) {
		bool walk = f->from_ms || f->to_ms || (round == 1 && *ret_total >= MANY);
		q = list_query(tx, round == 0, one, walk);
		db_bind_int(q, 1, f->region);
		db_bind_int(q, 2, f->account);
		db_bind_int(q, 3, f->node);
		db_bind_int(q, 4, f->from_ms);
		db_bind_int(q, 5, f->to_ms);
		db_bind_text(q, 6, act);
		db_bind_text(q, 7, text);
		if (round == 0) {
			if ((r = db_step(q)) < 0)
				return r;
			*ret_total = db_col_int(q, 0);
			db_finish(q);
		}
	}
	db_bind_int(q, 8, f->limit);
	db_bind_int(q, 9, f->offset);
	while ((r = db_step(q)) > 0) {
		struct audit_entry *e = &entries[n++];
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
	if (r < 0)
		return r;
	*ret_entries = entries;
	*ret_n = n;
	return 0;
}
