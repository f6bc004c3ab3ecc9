/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, children, breadcrumb and counts, quick in a tree of 100,000. */
#include <assert.h>
#include <stdlib.h>

#include "store/id.h"
#include "store/org.h"
#include "store/org_in.h"

enum {
	LARGE = 4096,		/* from here on walk in the wanted order */
	FEW = 256,		/* up to here sort in memory */
};

#define FILTER \
	" AND ($3 < 0 OR level = $3) AND ($4 < 0 OR field = $4) AND ($5 < 0 OR state = $5)" \
	" AND ($6 = '' OR search LIKE $6 ESCAPE '\\')"
/* Nothing but what lies in the index org_path. */
#define WHERE " FROM org WHERE path >= $1 AND path < $2" FILTER
/* The same, but so that no index on the path is used: where most of a large
 * subtree fits it is quicker to walk in the wanted order to the page's end. */
#define WALK " FROM org WHERE path || '' >= $1 AND path || '' < $2" FILTER
/* The children of one, by the index org_parent. */
#define KIDS(parent) WALK " AND parent = " parent
#define PAGE(order) " ORDER BY " order " LIMIT $7 OFFSET $8"
#define LIST(tx, how, order) \
	((how) == BY_PARENT ? db_query(tx, "SELECT " ORG_COLUMNS KIDS("$9") PAGE(order)) \
	 : (how) == BY_ORDER ? db_query(tx, "SELECT " ORG_COLUMNS WALK PAGE(order)) \
			     : db_query(tx, "SELECT " ORG_COLUMNS WHERE PAGE(order)))

enum how { BY_PATH, BY_ORDER, BY_PARENT };

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

/* "%text%" in small letters, with LIKE's own signs taken literally. */
static const char *pattern_of(struct db_tx *tx, const char *text, struct arena *arena)
{
	size_t len = text ? strlen(text) : 0, n = 0;
	if (!len)
		return "";
	char *out = arena_alloc(arena, 2 * len + 3);
	if (!out) {
		db_doom_nomem(tx);
		return "";
	}
	out[n++] = '%';
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (c == '%' || c == '_' || c == '\\')
			out[n++] = '\\';
		out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out[n++] = '%';
	out[n] = '\0';
	return out;
}

static void bind_filter(struct db_stmt *q, const struct org_filter *f, const char *end,
			const char *pattern)
{
	db_bind_text(q, 1, f->path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, f->level);
	db_bind_int(q, 4, f->field);
	db_bind_int(q, 5, f->state);
	db_bind_text(q, 6, pattern);
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

/* Few matches are found with one look through the index: then they are read
 * one by one and sorted here. 0 where there are more than FEW. */
static int list_few(struct db_tx *tx, const struct org_filter *f, const char *end,
		    const char *pattern, struct arena *arena, struct org_rows *rows, int64_t *ret_total)
{
	int64_t ids[FEW + 1];
	int n = 0, r;
	struct db_stmt *q = db_query(tx, "SELECT org" WHERE " LIMIT $7");
	bind_filter(q, f, end, pattern);
	db_bind_int(q, 7, FEW + 1);
	while ((r = db_step(q)) > 0)
		ids[n++] = db_col_int(q, 0);
	if (r < 0 || n > FEW)
		return r;
	struct sorted *sorted = arena_zalloc(arena, (size_t)n + 1, sizeof(*sorted));
	if (!sorted)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		sorted[i].filter = f;
		if ((r = store_org_get(tx, ids[i], arena, &sorted[i].org)) <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
	}
	/* Without memory texts are missing. */
	if ((r = db_error(tx, NULL)) < 0)
		return r;
	qsort(sorted, (size_t)n, sizeof(*sorted), in_order);
	for (int64_t i = f->offset; i < n && i - f->offset < f->limit; i++) {
		struct org *org = org_rows_add(tx, rows, arena, sizeof(*org));
		if (!org)
			return ERR_NOMEM;
		*org = sorted[i].org;
	}
	*ret_total = n;
	return 1;
}

int store_org_list(struct db_tx *tx, const struct org_filter *f, struct arena *arena,
		   struct org **ret_orgs, int *ret_n, int64_t *ret_total)
{
	char end[ORG_PATH_MAX];
	struct org_rows rows = {0};
	const char *pattern = pattern_of(tx, f->text, arena);
	int r;

	assert(f->limit >= 0 && f->limit <= 10000 && f->offset >= 0);
	store_path_end(f->path, end);
	if (!f->parent && (*pattern || f->level >= 0 || f->field >= 0 || f->state >= 0)) {
		r = list_few(tx, f, end, pattern, arena, &rows, ret_total);
		if (r > 0) {
			*ret_orgs = rows.data;
			*ret_n = rows.n;
		}
		if (r != 0)
			return r < 0 ? r : 0;
	}
	struct db_stmt *q = f->parent ? db_query(tx, "SELECT count(*)" KIDS("$7"))
				      : db_query(tx, "SELECT count(*)" WHERE);
	bind_filter(q, f, end, pattern);
	if (f->parent)
		db_bind_int(q, 7, f->parent);
	if ((r = db_step(q)) < 0)
		return r;
	int64_t total = db_col_int(q, 0);
	db_finish(q);

	q = list_query(tx, f, f->parent ? BY_PARENT : total >= LARGE ? BY_ORDER : BY_PATH);
	bind_filter(q, f, end, pattern);
	db_bind_int(q, 7, f->limit);
	db_bind_int(q, 8, f->offset);
	if (f->parent)
		db_bind_int(q, 9, f->parent);
	while ((r = db_step(q)) > 0) {
		struct org *org = org_rows_add(tx, &rows, arena, sizeof(*org));
		if (!org)
			return ERR_NOMEM;
		org_read(q, arena, org);
	}
	if (r < 0)
		return r;
	*ret_orgs = rows.data;
	*ret_n = rows.n;
	*ret_total = total;
	return 0;
}

static int count_below(struct db_tx *tx, const struct org *org, int64_t *ret_n)
{
	char end[ORG_PATH_MAX];
	if (!org->path)
		return db_doom_nomem(tx);
	store_path_end(org->path, end);
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM org"
				     " WHERE path > $1 AND path < $2 AND state = 0 AND level = $3");
	db_bind_text(q, 1, org->path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, LEVEL_UNIT);
	int r = db_step(q);
	if (r > 0)
		*ret_n = db_col_int(q, 0);
	db_finish(q);
	return r < 0 ? r : 0;
}

int store_org_children(struct db_tx *tx, int64_t parent, struct arena *arena,
		       struct org_child **ret_children, int *ret_n)
{
	struct org_rows rows = {0};
	/* Nothing stands below most units: only where something does is it
	 * counted. */
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLUMNS ", (SELECT count(*) FROM"
				     " (SELECT 1 FROM org k WHERE k.parent = org.org LIMIT 1) x)"
				     " FROM org WHERE parent = $1 ORDER BY code");
	int r;
	db_bind_int(q, 1, parent);
	while ((r = db_step(q)) > 0) {
		struct org_child *child = org_rows_add(tx, &rows, arena, sizeof(*child));
		if (!child)
			return ERR_NOMEM;
		org_read(q, arena, &child->org);
		child->below = 0;
		if (db_col_int(q, 1 + ORG_N_COMMON + 5) &&
		    (r = count_below(tx, &child->org, &child->below)) < 0)
			return r;
	}
	if (r < 0)
		return r;
	*ret_children = rows.data;
	*ret_n = rows.n;
	return 0;
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

/* The regions below a node above the counties: its own, and those of the
 * counties that stand under it. */
static int regions_below(struct db_tx *tx, const char *path, const char *end, struct arena *arena,
			 struct org_rows *regions)
{
	int64_t *own = org_rows_add(tx, regions, arena, sizeof(*own));
	int r;
	if (!own)
		return ERR_NOMEM;
	*own = 0;
	struct db_stmt *q = db_query(tx, "SELECT DISTINCT c.region FROM org p JOIN org c"
				     " ON c.parent = p.org WHERE p.region = 0 AND p.path >= $1"
				     " AND p.path < $2 AND c.region <> 0 ORDER BY c.region");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	while ((r = db_step(q)) > 0) {
		int64_t *region = org_rows_add(tx, regions, arena, sizeof(*region));
		if (!region)
			return ERR_NOMEM;
		*region = db_col_int(q, 0);
	}
	return r;
}

static int add_count(struct db_tx *tx, struct org_rows *rows, struct arena *arena,
		     const struct org_count *count)
{
	struct org_count *all = rows->data;
	for (int i = 0; i < rows->n; i++)
		if (all[i].level == count->level && all[i].field == count->field &&
		    all[i].state == count->state) {
			all[i].n += count->n;
			return 0;
		}
	struct org_count *added = org_rows_add(tx, rows, arena, sizeof(*added));
	if (!added)
		return ERR_NOMEM;
	*added = *count;
	return 0;
}

static int by_class(const void *a, const void *b)
{
	const struct org_count *x = a, *y = b;
	return x->level != y->level ? x->level - y->level
	       : x->field != y->field ? x->field - y->field : x->state - y->state;
}

int store_org_counts(struct db_tx *tx, const char *path, struct arena *arena,
		     struct org_count **ret_counts, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct org_rows rows = {0}, regions = {0};
	int64_t own;
	const char *last = path + strlen(path) - 1;
	int r = 0;
	store_path_end(path, end);
	while (last > path && last[-1] != '/')
		last--;
	own = id_region(strtoll(last, NULL, 10));
	if (own) {
		int64_t *region = org_rows_add(tx, &regions, arena, sizeof(*region));
		if (!region)
			return ERR_NOMEM;
		*region = own;
	} else if ((r = regions_below(tx, path, end, arena, &regions)) < 0) {
		return r;
	}
	for (int i = 0; i < regions.n; i++) {
		struct db_stmt *q = db_query(tx, "SELECT level, field, state, count(*) FROM org"
					     " WHERE region = $1 AND path >= $2 AND path < $3"
					     " GROUP BY level, field, state");
		db_bind_int(q, 1, ((int64_t *)regions.data)[i]);
		db_bind_text(q, 2, path);
		db_bind_text(q, 3, end);
		while ((r = db_step(q)) > 0) {
			const struct org_count count = {(int)db_col_int(q, 0), (int)db_col_int(q, 1),
							(int)db_col_int(q, 2), db_col_int(q, 3)};
			if ((r = add_count(tx, &rows, arena, &count)) < 0)
				return r;
		}
		if (r < 0)
			return r;
	}
	if (rows.n)
		qsort(rows.data, (size_t)rows.n, sizeof(struct org_count), by_class);
	*ret_counts = rows.data;
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

