/* SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign_board.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "store/id.h"
#include "store/org_in.h"

/* ---- change on last year ---- */

int store_result_changes_clear(struct db_tx *tx, int64_t campaign, int64_t region)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM result_change WHERE region = $1"
				     " AND campaign = $2");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	int r = db_run(q);
	return r < 0 ? r : 0;
}

int store_result_change_put(struct db_tx *tx, int64_t campaign, const struct result_change *c)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO result_change (region, campaign, node,"
				     " place_before, place_after, n) VALUES ($1, $2, $3, $4, $5, $6)");
	db_bind_int(q, 1, id_region(c->node));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, c->node);
	db_bind_int(q, 4, c->before);
	db_bind_int(q, 5, c->after);
	db_bind_int(q, 6, c->n);
	int r = db_run(q);
	return r < 0 ? r : 0;
}

int store_result_changes(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct result_change **ret_changes, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT place_before, place_after, n FROM result_change"
				     " WHERE region = $1 AND campaign = $2 AND node = $3"
				     " ORDER BY place_before, place_after");
	db_bind_int(q, 1, id_region(node));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, node);
	while ((r = db_step(q)) > 0) {
		struct result_change *c = org_rows_add(tx, &rows, arena, sizeof(*c));
		if (!c)
			return ERR_NOMEM;
		*c = (struct result_change){node, (int)db_col_int(q, 0), (int)db_col_int(q, 1),
					    db_col_int(q, 2)};
	}
	if (r < 0)
		return r;
	*ret_changes = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_bulk_past(struct db_tx *tx, int64_t region, int64_t campaign, int year, int places,
		    int (*each)(void *arg, int64_t org, int place), void *arg)
{
	int r;
	struct db_stmt *q = db_stream(tx, "SELECT o.org, p.place FROM campaign_org o"
				      " JOIN past_result p ON p.region = o.region AND p.org = o.org"
				      " AND p.year = $3 WHERE o.region = $1 AND o.campaign = $2"
				      " AND o.category >= 0 AND p.places = $4 AND p.place >= 0"
				      " ORDER BY o.org");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, year);
	db_bind_int(q, 4, places);
	while ((r = db_step(q)) > 0)
		if ((r = each(arg, db_col_int(q, 0), (int)db_col_int(q, 1))) < 0)
			break;
	if (r < 0)
		db_finish(q);
	return r;
}

/* ---- the list ---- */

#define FROM \
	" FROM campaign_org o" \
	" LEFT JOIN org_hold h ON h.region = o.region AND h.campaign = o.campaign AND h.org = o.org" \
	/* Who may see no more than what was handed in (2) or accepted (3). */ \
	" LEFT JOIN result r ON r.region = o.region AND r.campaign = o.campaign AND r.org = o.org" \
	" AND ($13 = 0 OR o.parent = $14 OR h.state IN (2, 3))" \
	" LEFT JOIN org_step s ON s.region = o.region AND s.campaign = o.campaign AND s.org = o.org" \
	" AND s.step = $5" \
	" LEFT JOIN past_result p ON p.region = o.region AND p.org = o.org AND p.year = $6"
#define WHERE \
	" WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3 AND o.category >= 0" \
	" AND ($4 < 0 OR o.category = $4)" \
	" AND ($7 = -1 OR ($7 = 9 AND COALESCE(s.state, 0) NOT IN (2, 3)) OR COALESCE(s.state, 0) = $7)" \
	" AND ($8 = -1 OR COALESCE(r.grade, -1) = CASE WHEN $8 = -2 THEN -1 ELSE $8 END)" \
	" AND ($9 = -1 OR COALESCE(r.stars, -1) = CASE WHEN $9 = -2 THEN -1 ELSE $9 END)" \
	" AND ($10 < 0 OR (p.place = $10 AND p.places = $11))" \
	" AND ($12 = '' OR o.code LIKE $12 ESCAPE '\\' OR o.name LIKE $12 ESCAPE '\\')"
#define COLUMNS \
	"SELECT o.org, o.code, o.name, COALESCE(u.name, ''), o.category, COALESCE(s.state, 0)," \
	" COALESCE(r.score, -1), COALESCE(r.places, 0), COALESCE(r.grade, -1)," \
	" COALESCE(r.stars, -1), COALESCE(r.quota, -1), COALESCE(r.rank, 0)," \
	" COALESCE(r.meeting, 0), COALESCE(r.status, ''), COALESCE(p.grade, '')," \
	" COALESCE(p.place, -1), COALESCE(p.places, 0), COALESCE(h.state, 0)" FROM \
	" LEFT JOIN campaign_org u ON u.region = o.parent / 10000000 AND u.campaign = o.campaign" \
	" AND u.org = o.parent" WHERE
#define PAGE(order) " ORDER BY " order " LIMIT $15 OFFSET $16"
/* Nobody's score and rank come last in either direction. */
#define SCORE "CASE WHEN COALESCE(r.score, -1) < 0 THEN 1 ELSE 0 END"
#define RANK "CASE WHEN COALESCE(r.rank, 0) = 0 THEN 1 ELSE 0 END"

static struct db_stmt *list_query(struct db_tx *tx, const struct board_filter *f)
{
	switch (f->order) {
	case BOARD_BY_CODE:
		return f->descending ? db_query(tx, COLUMNS PAGE("o.code DESC"))
				     : db_query(tx, COLUMNS PAGE("o.code"));
	case BOARD_BY_NAME:
		return f->descending ? db_query(tx, COLUMNS PAGE("o.name DESC, o.code DESC"))
				     : db_query(tx, COLUMNS PAGE("o.name, o.code"));
	case BOARD_BY_SCORE:
		return f->descending ? db_query(tx, COLUMNS PAGE(SCORE ", r.score DESC, o.code"))
				     : db_query(tx, COLUMNS PAGE(SCORE ", r.score, o.code"));
	case BOARD_BY_RANK:
		return f->descending ? db_query(tx, COLUMNS PAGE(RANK ", r.rank DESC, o.code"))
				     : db_query(tx, COLUMNS PAGE(RANK ", r.rank, o.code"));
	default:
		return db_query(tx, COLUMNS PAGE("o.path"));
	}
}

static const char *pattern_of(const char *text, struct buf *out)
{
	if (!text || !*text)
		return "";
	buf_addc(out, '%');
	for (; *text; text++) {
		if (*text == '%' || *text == '_' || *text == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *text);
	}
	buf_addc(out, '%');
	return buf_str(out);
}

static void bind_filter(struct db_stmt *q, int64_t campaign, const struct board_filter *f,
			const char *end, const char *pattern)
{
	db_bind_int(q, 1, campaign);
	db_bind_text(q, 2, f->path);
	db_bind_text(q, 3, end);
	db_bind_int(q, 4, f->category);
	db_bind_int(q, 5, f->step);
	db_bind_int(q, 6, f->year - 1);
	db_bind_int(q, 7, f->step < 0 ? BOARD_ANY : f->state);
	db_bind_int(q, 8, f->grade);
	db_bind_int(q, 9, f->stars);
	db_bind_int(q, 10, f->before);
	db_bind_int(q, 11, f->n_grades);
	db_bind_text(q, 12, pattern);
	db_bind_int(q, 13, f->handed_in);
	db_bind_int(q, 14, f->own);
}

/* Without conditions on what is joined nothing needs to be joined. */
static int count(struct db_tx *tx, int64_t campaign, const struct board_filter *f, const char *end,
		 const char *pattern, int64_t *ret_total)
{
	struct db_stmt *q;
	bool plain = (f->step < 0 || f->state == BOARD_ANY) && f->grade == BOARD_ANY &&
		     f->stars == BOARD_ANY && f->before < 0 && !*pattern;
	if (plain) {
		q = db_query(tx, "SELECT count(*) FROM campaign_org WHERE campaign = $1"
			     " AND path >= $2 AND path < $3 AND category >= 0"
			     " AND ($4 < 0 OR category = $4)");
		db_bind_int(q, 1, campaign);
		db_bind_text(q, 2, f->path);
		db_bind_text(q, 3, end);
		db_bind_int(q, 4, f->category);
	} else {
		q = db_query(tx, "SELECT count(*)" FROM WHERE);
		bind_filter(q, campaign, f, end, pattern);
	}
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*ret_total = db_col_int(q, 0);
	db_finish(q);
	return 0;
}

int store_board_list(struct db_tx *tx, int64_t campaign, const struct board_filter *f,
		     struct arena *arena, struct board_row **ret_rows, int *ret_n,
		     int64_t *ret_total)
{
	struct org_rows rows = {0};
	AUTO(buf) struct buf text = {0};
	char end[ORG_PATH_MAX];
	const char *pattern = pattern_of(f->text, &text);
	int64_t total;
	int r;

	assert(f->limit > 0 && f->limit <= 200000 && f->offset >= 0);
	store_path_end(f->path, end);
	if ((r = count(tx, campaign, f, end, pattern, &total)) < 0)
		return r;
	struct db_stmt *q = list_query(tx, f);
	bind_filter(q, campaign, f, end, pattern);
	db_bind_int(q, 15, f->limit);
	db_bind_int(q, 16, f->offset);
	while ((r = db_step(q)) > 0) {
		struct board_row *row = org_rows_add(tx, &rows, arena, sizeof(*row));
		if (!row)
			return ERR_NOMEM;
		*row = (struct board_row){
			.org = db_col_int(q, 0), .code = db_col_dup(q, 1, arena),
			.name = db_col_dup(q, 2, arena), .parent_name = db_col_dup(q, 3, arena),
			.category = (int)db_col_int(q, 4),
			.state = (enum step_state)db_col_int(q, 5), .score = db_col_int(q, 6),
			.places = (int)db_col_int(q, 7), .grade = (int)db_col_int(q, 8),
			.stars = (int)db_col_int(q, 9), .quota = (int)db_col_int(q, 10),
			.rank = db_col_int(q, 11), .meeting = db_col_int(q, 12),
			.status = db_col_dup(q, 13, arena), .past_grade = db_col_dup(q, 14, arena),
			.past_place = (int)db_col_int(q, 15), .past_places = (int)db_col_int(q, 16),
			.hold = (int)db_col_int(q, 17),
		};
	}
	if (r < 0)
		return r;
	*ret_rows = rows.data;
	*ret_n = rows.n;
	*ret_total = total;
	return 0;
}

int store_board_crumbs(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		       struct campaign_org **ret_orgs, int *ret_n)
{
	struct org_rows rows = {0};
	for (const char *p = path; *p == '/' && p[1];) {
		char *end;
		struct campaign_org org;
		int64_t id = strtoll(p + 1, &end, 10);
		int r = store_campaign_org_get(tx, campaign, id, arena, &org);
		if (r < 0)
			return r;
		struct campaign_org *to = r ? org_rows_add(tx, &rows, arena, sizeof(*to)) : NULL;
		if (r && !to)
			return ERR_NOMEM;
		if (to)
			*to = org;
		p = end;
	}
	*ret_orgs = rows.data;
	*ret_n = rows.n;
	return 0;
}
