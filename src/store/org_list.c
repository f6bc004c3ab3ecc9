/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, children, breadcrumb and counts, quick in a tree of 100,000. */
#include <assert.h>
#include <stdlib.h>

#include "store/id.h"
#include "store/org.h"
#include "store/org_in.h"

enum {
	FEW = 1000,		/* up to here sort in memory */
};

#define CLASS " AND ($3 < 0 OR level = $3) AND ($4 < 0 OR field = $4) AND ($5 < 0 OR state = $5)"
#define TEXT " AND strpos(search, $6) > 0"
/* Nothing but what lies in the index org_below. */
#define BELOW " FROM org WHERE path >= $1 AND path < $2" CLASS TEXT
/* The same, but so that no index on the path is used: along the index of the
 * wanted order, which has all but the text, to the page's end. (A planner takes
 * "CASE … <> 0" to be true nearly always, and so the walk to be short.) */
#define WALK " FROM org WHERE CASE WHEN path >= $1 AND path < $2 THEN 1 ELSE 0 END <> 0" CLASS
/* First which rows, then the rows: what lies before a page is not read whole. */
#define PAGE(from, order) \
	"SELECT " ORG_COLUMNS " FROM (SELECT org / 10000000 AS page_region, org AS page_org" from \
	" ORDER BY " order " LIMIT $7 OFFSET $8) page JOIN org ON org.region = page_region" \
	" AND org.org = page_org ORDER BY " order
#define LIST(tx, how, order) \
	((how) == BY_PARENT ? db_query(tx, PAGE(WALK TEXT " AND parent = $9", order)) \
	 : (how) == BY_ORDER ? db_query(tx, PAGE(WALK " AND $6 = ''", order)) \
	 : (how) == BY_ORDER_TEXT ? db_query(tx, PAGE(WALK TEXT, order)) \
				  : db_query(tx, PAGE(BELOW, order)))

enum how { BY_PATH, BY_ORDER, BY_ORDER_TEXT, BY_PARENT };

static struct db_stmt *list_query(struct db_tx *tx, const struct org_filter *f, enum how how)
{
	switch (f->order) {
	case ORG_BY_NAME:
		return f->descending ? LIST(tx, how, "sort_key DESC, code DESC")
				     : LIST(tx, how, "sort_key, code");
	case ORG_BY_MEMBERS:
		return f->descending ? LIST(tx, how, "members DESC, code DESC")
				     : LIST(tx, how, "members, code");
	case ORG_BY_ELECTION:
		return f->descending ? LIST(tx, how, "election_due DESC, code DESC")
				     : LIST(tx, how, "election_due, code");
	case ORG_BY_SECRETARY:
		return f->descending ? LIST(tx, how, "secretary_name DESC, code DESC")
				     : LIST(tx, how, "secretary_name, code");
	default:
		return f->descending ? LIST(tx, how, "code DESC") : LIST(tx, how, "code");
	}
}

/* In small letters, as what is searched. */
static const char *small_text(struct db_tx *tx, const char *text, struct arena *arena)
{
	char *out = arena_strdup(arena, text ? text : "");
	if (!out) {
		db_doom_nomem(tx);
		return "";
	}
	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return out;
}

bool org_fits(const struct org_filter *f, const struct org *org)
{
	char small[ORG_TEXT_MAX + 1];
	size_t n = 0;
	for (const char *p = f->text; p && *p && n < ORG_TEXT_MAX; p++)
		small[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	small[n] = '\0';
	return (f->level < 0 || f->level == (int)org->level) &&
	       (f->field < 0 || f->field == org->field) &&
	       (f->state < 0 || f->state == (int)org->state) && (!n || strstr(org->search, small));
}

static void bind_filter(struct db_stmt *q, const struct org_filter *f, const char *end,
			const char *text)
{
	db_bind_text(q, 1, f->path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, f->level);
	db_bind_int(q, 4, f->field);
	db_bind_int(q, 5, f->state);
	db_bind_text(q, 6, text);
}

struct sorted {
	const struct org_filter *filter;
	struct org org;
};

static int compare_str(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int c = len ? memcmp(a.data, b.data, len) : 0;
	return c ? c : a.len < b.len ? -1 : a.len > b.len;
}

/* As the engine orders a page. */
static int in_order(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int64_t m = x->org.members, n = y->org.members;
	int c = 0;
	switch (x->filter->order) {
	case ORG_BY_NAME:
		c = compare_str(x->org.sort_key, y->org.sort_key);
		break;
	case ORG_BY_MEMBERS:
		c = m < n ? -1 : m > n;
		break;
	case ORG_BY_ELECTION:
		c = x->org.election_due < y->org.election_due ? -1
		    : x->org.election_due > y->org.election_due;
		break;
	case ORG_BY_SECRETARY:
		c = strcmp(x->org.secretary_name, y->org.secretary_name);
		break;
	default:
		break;
	}
	if (!c)
		c = strcmp(x->org.code, y->org.code);
	return x->filter->descending ? -c : c;
}

/* These organisations, at most ORGS_BATCH, in no order. */
static int read_batch(struct db_tx *tx, const struct org_filter *f, const int64_t *ids, int n,
		      struct arena *arena, struct sorted *ret_orgs)
{
	int r, got = 0;
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS " FROM " ORGS_GIVEN " JOIN org"
				     " ON org.region = given.column1 / 10000000 AND org.org = given.column1");
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_int(q, i + 1, i < n ? ids[i] : 0);
	while ((r = db_step(q)) > 0 && got < n) {
		ret_orgs[got].filter = f;
		org_read(q, arena, &ret_orgs[got++].org);
	}
	db_finish(q);
	/* Without memory texts are missing. */
	if (r == 0)
		r = db_error(tx, NULL);
	return r < 0 ? r : got == n ? 0 : ERR_NOT_FOUND;
}

/* Everything that has the text is found and summed up with one look through the
 * index. Where it is few they are read one by one and sorted here: 1; else 0. */
static int look_for_text(struct db_tx *tx, const struct org_filter *f, const char *end,
			 const char *text, struct arena *arena, struct org_rows *rows,
			 struct org_sum *ret_sum)
{
	int64_t ids[FEW];
	struct org_sum sum = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT org, members" BELOW);
	bind_filter(q, f, end, text);
	for (; (r = db_step(q)) > 0; sum.n++) {
		int64_t members = db_col_int(q, 1);
		sum.members += members > 0 ? members : 0;
		if (sum.n < FEW)
			ids[sum.n] = db_col_int(q, 0);
	}
	if (r < 0)
		return r;
	*ret_sum = sum;
	if (sum.n > FEW)
		return 0;
	struct sorted *sorted = arena_zalloc(arena, (size_t)sum.n + 1, sizeof(*sorted));
	if (!sorted)
		return db_doom_nomem(tx);
	for (int i = 0; i < sum.n; i += ORGS_BATCH) {
		int n = sum.n - i < ORGS_BATCH ? (int)(sum.n - i) : ORGS_BATCH;
		if ((r = read_batch(tx, f, &ids[i], n, arena, &sorted[i])) < 0)
			return r;
	}
	qsort(sorted, (size_t)sum.n, sizeof(*sorted), in_order);
	for (int64_t i = f->offset; i < sum.n && i - f->offset < f->limit; i++) {
		struct org *org = org_rows_add(tx, rows, arena, sizeof(*org));
		if (!org)
			return ERR_NOMEM;
		*org = sorted[i].org;
	}
	return 1;
}

static int sum_children(struct db_tx *tx, const struct org_filter *f, const char *end,
			const char *text, struct org_sum *ret_sum)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*), CAST(COALESCE(sum(CASE WHEN members > 0"
				     " THEN members ELSE 0 END), 0) AS BIGINT)" WALK TEXT
				     " AND parent = $7");
	bind_filter(q, f, end, text);
	db_bind_int(q, 7, f->parent);
	int r = db_step(q);
	if (r < 0)
		return r;
	*ret_sum = (struct org_sum){db_col_int(q, 0), db_col_int(q, 1)};
	db_finish(q);
	return 0;
}

/* The number at the front (the root) or at the end of a path. */
static int64_t path_first(const char *path)
{
	return strtoll(path + 1, NULL, 10);
}

static int64_t path_last(const char *path)
{
	const char *last = path + strlen(path) - 1;
	while (last > path && last[-1] != '/')
		last--;
	return strtoll(last, NULL, 10);
}

void org_regions_below(const char *path, int64_t *ret_first, int64_t *ret_last)
{
	int64_t region = id_region(path_last(path));
	*ret_first = region;
	*ret_last = region ? region : INT64_MAX;
}

static int tally_of(struct db_tx *tx, int64_t node, const struct org_filter *f, struct arena *arena,
		    struct org_sum *ret_sum)
{
	struct org org;
	int r = store_org_get(tx, node, arena, &org);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	return org_tally_sum(tx, &org, f, ret_sum);
}

/*
 * Which way is quicker for `fit` rows of a subtree: to look through the whole
 * subtree and sort what fits, or to walk through all in the wanted order until
 * the page is full. A row that has to be read whole costs some that lie in an
 * index; on a walk for a text every row has.
 */
static int choose(struct db_tx *tx, const struct org_filter *f, const char *text, int64_t fit,
		  struct arena *arena, enum how *ret_how)
{
	const struct org_filter any = ORG_FILTER(f->path);
	struct org_sum all = {0}, below = {0};
	int r = tally_of(tx, path_first(f->path), &any, arena, &all);
	if (r == 0)
		r = tally_of(tx, path_last(f->path), &any, arena, &below);
	if (r < 0)
		return r;
	int64_t to_end = f->offset + f->limit, walked = to_end < fit ? to_end : fit;
	/* As if what fits were spread evenly. */
	int64_t walk = fit ? (int64_t)((__int128)walked * all.n / fit) : all.n;
	int64_t look = below.n + 8 * fit;
	if (*text)
		walk *= 32;
	*ret_how = walk > look ? BY_PATH : *text ? BY_ORDER_TEXT : BY_ORDER;
	return 0;
}

static int read_page(struct db_tx *tx, const struct org_filter *f, enum how how, const char *end,
		     const char *text, struct arena *arena, struct org_rows *rows)
{
	struct db_stmt *q = list_query(tx, f, how);
	int r;
	bind_filter(q, f, end, text);
	db_bind_int(q, 7, f->limit);
	db_bind_int(q, 8, f->offset);
	if (f->parent)
		db_bind_int(q, 9, f->parent);
	while ((r = db_step(q)) > 0) {
		struct org *org = org_rows_add(tx, rows, arena, sizeof(*org));
		if (!org)
			return ERR_NOMEM;
		org_read(q, arena, org);
	}
	return r;
}

int store_org_list(struct db_tx *tx, const struct org_filter *f, struct arena *arena,
		   struct org **ret_orgs, int *ret_n, struct org_sum *ret_sum)
{
	char end[ORG_PATH_MAX];
	struct org_rows rows = {0};
	struct org_sum sum;
	const char *text = small_text(tx, f->text, arena);
	enum how how = BY_PARENT;
	int r = 0;

	assert(f->limit >= 0 && f->limit <= 10000 && f->offset >= 0);
	store_path_end(f->path, end);
	if (f->parent)
		r = sum_children(tx, f, end, text, &sum);
	else if (*text)
		r = look_for_text(tx, f, end, text, arena, &rows, &sum);
	else
		r = tally_of(tx, path_last(f->path), f, arena, &sum);
	if (r == 0 && !f->parent)
		r = choose(tx, f, text, sum.n, arena, &how);
	if (r == 0)
		r = read_page(tx, f, how, end, text, arena, &rows);
	if (r < 0)
		return r;
	*ret_orgs = rows.data;
	*ret_n = rows.n;
	*ret_sum = sum;
	return 0;
}

static void read_child(struct db_stmt *q, struct arena *arena, void *row)
{
	struct org_child *child = row;
	org_read(q, arena, &child->org);
	child->below = db_col_int(q, 1 + ORG_N_COMMON + 5);
}

int store_org_children(struct db_tx *tx, int64_t parent, struct arena *arena,
		       struct org_child **ret_children, int *ret_n)
{
	static const struct rows_kind children = {ROWS_ANSWER, sizeof(struct org_child), read_child};
	db_settle(tx);		/* kept counts */
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS ", (SELECT CAST(COALESCE(sum(t.n), 0)"
				     " AS BIGINT) FROM org_tally t WHERE t.org = org.org"
				     " AND t.level = $2 AND t.state = 0)"
				     " FROM org WHERE parent = $1 ORDER BY code");
	db_bind_int(q, 1, parent);
	db_bind_int(q, 2, LEVEL_UNIT);
	return store_rows(tx, q, &children, arena, ret_children, ret_n);
}

int store_org_roots(struct db_tx *tx, struct arena *arena, struct org_child **ret_roots, int *ret_n)
{
	return store_org_children(tx, 0, arena, ret_roots, ret_n);
}

int store_org_breadcrumb(struct db_tx *tx, const char *path, struct arena *arena,
			 struct org **ret_orgs, int *ret_n)
{
	struct org_rows rows = {0};
	for (const char *p = path; p[0] == '/' && p[1];) {
		char *end;
		int64_t id = strtoll(p + 1, &end, 10);
		struct org *org = org_rows_add(tx, &rows, arena, sizeof(*org));
		if (!org)
			return ERR_NOMEM;
		int r = store_org_get(tx, id, arena, org);
		if (r <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
		p = end;
	}
	*ret_orgs = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_org_each(struct db_tx *tx, const char *path,
		   int (*each)(void *arg, const struct org *org, const char *parent_code), void *arg)
{
	char end[ORG_PATH_MAX];
	int r;
	store_path_end(path, end);
	struct db_stmt *q = db_stream(tx, "SELECT " ORG_COLUMNS ", (SELECT p.code FROM org p"
				      " WHERE p.region = org.parent / 10000000 AND p.org = org.parent)"
				      " FROM org WHERE path >= $1 AND path < $2 ORDER BY path");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	while ((r = db_step(q)) > 0) {
		AUTO(arena) struct arena arena = {0};
		struct org org;
		org_read(q, &arena, &org);
		const char *parent_code = db_col_dup(q, 1 + ORG_N_COMMON + 5, &arena);
		if ((r = db_error(tx, NULL)) < 0 ||
		    (r = each(arg, &org, parent_code ? parent_code : "")) < 0)
			break;
	}
	db_finish(q);
	return r;
}

