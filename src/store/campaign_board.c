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
	return store_run(q);
}

int store_result_change_put(struct db_tx *tx, int64_t campaign, const struct result_change *c)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO result_change (region, campaign, node,"
				     " place_before, place_after, n) VALUES ($1, $2, $3, $4, $5, $6)");
	store_bind_key(q, campaign, c->node);
	db_bind_int(q, 4, c->before);
	db_bind_int(q, 5, c->after);
	db_bind_int(q, 6, c->n);
	return store_run(q);
}

int store_result_changes(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct result_change **ret_changes, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT place_before, place_after, n FROM result_change"
				     " WHERE region = $1 AND campaign = $2 AND node = $3"
				     " ORDER BY place_before, place_after");
	store_bind_key(q, campaign, node);
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

/*
 * A list of 100,000 picks the organisations of its page first, in the shape that
 * reads least, and then what is shown of these few. Each shape numbers its own
 * conditions from $5, then come those of DETAIL, then LIMIT and OFFSET.
 */
enum shape {
	SHAPE_ORG,	/* place and category: out of one index */
	SHAPE_TEXT,	/* code or name */
	SHAPE_STEP,	/* the state of one step */
	SHAPE_RESULT,	/* grade, stars, the order of scores: out of one index */
	SHAPE_ANY,
};

#define SCOPE(table) \
	" WHERE " table ".campaign = $1 AND " table ".path >= $2 AND " table ".path < $3" \
	" AND " table ".category >= 0 AND ($4 < 0 OR " table ".category = $4)"
#define TEXT " AND ($5 = '' OR strpos(o.name, $5) > 0 OR strpos(o.code, $5) > 0)"
#define STEP(step) \
	" LEFT JOIN org_step s ON s.region = o.region AND s.campaign = o.campaign AND s.org = o.org" \
	" AND s.step = " step
#define STATE(n) \
	"(" n " = -1 OR (" n " = 9 AND COALESCE(s.state, 0) NOT IN (2, 3)) OR COALESCE(s.state, 0) = " n ")"
/* Who may see no more than what was handed in (2) or accepted (3). */
#define JOINED(step, year, handed_in, own) \
	STEP(step) \
	" LEFT JOIN past_result p ON p.region = o.region AND p.org = o.org AND p.year = " year \
	" LEFT JOIN org_hold h ON h.region = o.region AND h.campaign = o.campaign AND h.org = o.org" \
	" LEFT JOIN result r ON r.region = o.region AND r.campaign = o.campaign AND r.org = o.org" \
	" AND (" handed_in " = 0 OR o.parent = " own " OR h.state IN (2, 3))"

#define FROM_ORG " FROM campaign_org o" SCOPE("o")
#define FROM_TEXT FROM_ORG TEXT
#define FROM_STEP " FROM campaign_org o" STEP("$5") SCOPE("o") " AND " STATE("$6")
#define FROM_RESULT \
	" FROM result r" SCOPE("r") " AND ($5 = -1 OR r.grade = $5) AND ($6 = -1 OR r.stars = $6)" \
	" AND ($7 = 0 OR r.hold IN (2, 3) OR r.parent = $8)"
#define FROM_SCORED FROM_RESULT " AND r.score >= 0"
#define FROM_ANY \
	" FROM campaign_org o" JOINED("$11", "$12", "$13", "$14") SCOPE("o") TEXT \
	" AND " STATE("$6") \
	" AND ($7 = -1 OR COALESCE(r.grade, -1) = CASE WHEN $7 = -2 THEN -1 ELSE $7 END)" \
	" AND ($8 = -1 OR COALESCE(r.stars, -1) = CASE WHEN $8 = -2 THEN -1 ELSE $8 END)" \
	" AND ($9 < 0 OR (p.place = $9 AND p.places = $10))"

#define DETAIL(pick, key, step, year, handed_in, own, limit, offset, order) \
	"SELECT o.org, o.code, o.name, COALESCE(u.name, ''), o.category, COALESCE(s.state, 0)," \
	" COALESCE(r.score, -1), COALESCE(r.places, 0), COALESCE(r.grade, -1)," \
	" COALESCE(r.stars, -1), COALESCE(r.quota, -1), COALESCE(r.rank, 0)," \
	" COALESCE(r.meeting, 0), COALESCE(r.status, ''), COALESCE(p.grade, '')," \
	" COALESCE(p.place, -1), COALESCE(p.places, 0), COALESCE(h.state, 0)" \
	" FROM (SELECT " key ".region, " key ".org" pick " ORDER BY " order " LIMIT " limit " OFFSET " offset ") k" \
	" JOIN campaign_org o ON o.region = k.region AND o.campaign = $1 AND o.org = k.org" \
	JOINED(step, year, handed_in, own) \
	" LEFT JOIN campaign_org u ON u.region = o.parent / 10000000 AND u.campaign = o.campaign" \
	" AND u.org = o.parent ORDER BY " order
#define PAGE_ORG(order) db_query(tx, DETAIL(FROM_ORG, "o", "$5", "$6", "$7", "$8", "$9", "$10", order))
#define PAGE_TEXT(order) db_query(tx, DETAIL(FROM_TEXT, "o", "$6", "$7", "$8", "$9", "$10", "$11", order))
#define PAGE_STEP(order) db_query(tx, DETAIL(FROM_STEP, "o", "$5", "$7", "$8", "$9", "$10", "$11", order))
#define PAGE_RESULT(pick, order) db_query(tx, DETAIL(pick, "r", "$9", "$10", "$7", "$11", "$12", "$13", order))
#define PAGE_ANY(order) db_query(tx, DETAIL(FROM_ANY, "o", "$11", "$12", "$13", "$14", "$15", "$16", order))
/* Nobody's score and rank come last in either direction. */
#define SCORE "CASE WHEN COALESCE(r.score, -1) < 0 THEN 1 ELSE 0 END"
#define RANK "CASE WHEN COALESCE(r.rank, 0) = 0 THEN 1 ELSE 0 END"

static struct db_stmt *page_org(struct db_tx *tx, const struct board_filter *f)
{
	switch (f->order) {
	case BOARD_BY_CODE:
		return f->descending ? PAGE_ORG("o.code DESC") : PAGE_ORG("o.code");
	case BOARD_BY_NAME:
		return f->descending ? PAGE_ORG("o.name DESC, o.code DESC") : PAGE_ORG("o.name, o.code");
	default:
		return PAGE_ORG("o.path");
	}
}

static struct db_stmt *page_text(struct db_tx *tx, const struct board_filter *f)
{
	switch (f->order) {
	case BOARD_BY_CODE:
		return f->descending ? PAGE_TEXT("o.code DESC") : PAGE_TEXT("o.code");
	case BOARD_BY_NAME:
		return f->descending ? PAGE_TEXT("o.name DESC, o.code DESC") : PAGE_TEXT("o.name, o.code");
	default:
		return PAGE_TEXT("o.path");
	}
}

static struct db_stmt *page_result(struct db_tx *tx, const struct board_filter *f)
{
	if (f->order != BOARD_BY_SCORE)
		return PAGE_RESULT(FROM_RESULT, "r.path");
	return f->descending ? PAGE_RESULT(FROM_SCORED, "r.score DESC, r.path")
			     : PAGE_RESULT(FROM_SCORED, "r.score, r.path");
}

static struct db_stmt *page_any(struct db_tx *tx, const struct board_filter *f)
{
	switch (f->order) {
	case BOARD_BY_CODE:
		return f->descending ? PAGE_ANY("o.code DESC") : PAGE_ANY("o.code");
	case BOARD_BY_NAME:
		return f->descending ? PAGE_ANY("o.name DESC, o.code DESC") : PAGE_ANY("o.name, o.code");
	case BOARD_BY_SCORE:
		return f->descending ? PAGE_ANY(SCORE ", COALESCE(r.score, -1) DESC, o.path")
				     : PAGE_ANY(SCORE ", COALESCE(r.score, -1), o.path");
	case BOARD_BY_RANK:
		return f->descending ? PAGE_ANY(RANK ", COALESCE(r.rank, 0) DESC, o.path")
				     : PAGE_ANY(RANK ", COALESCE(r.rank, 0), o.path");
	default:
		return PAGE_ANY("o.path");
	}
}

struct list {
	int64_t campaign;
	const struct board_filter *filter;
	const char *end;
};

/* What the shape asks; the number of its last parameter. */
static int bind_shape(struct db_stmt *q, const struct list *list, enum shape shape)
{
	const struct board_filter *f = list->filter;
	int state = f->step < 0 ? BOARD_ANY : f->state;
	db_bind_int(q, 1, list->campaign);
	db_bind_text(q, 2, f->path);
	db_bind_text(q, 3, list->end);
	db_bind_int(q, 4, f->category);
	if (shape == SHAPE_RESULT) {
		db_bind_int(q, 5, f->grade);
		db_bind_int(q, 6, f->stars);
		db_bind_int(q, 7, f->handed_in);
		db_bind_int(q, 8, f->own);
		return 8;
	}
	if (shape == SHAPE_ORG)
		return 4;
	if (shape == SHAPE_STEP) {
		db_bind_int(q, 5, f->step);
		db_bind_int(q, 6, state);
		return 6;
	}
	db_bind_text(q, 5, f->text ? f->text : "");
	if (shape == SHAPE_TEXT)
		return 5;
	db_bind_int(q, 6, state);
	db_bind_int(q, 7, f->grade);
	db_bind_int(q, 8, f->stars);
	db_bind_int(q, 9, f->before);
	db_bind_int(q, 10, f->n_grades);
	db_bind_int(q, 11, f->step);
	db_bind_int(q, 12, f->year - 1);
	db_bind_int(q, 13, f->handed_in);
	db_bind_int(q, 14, f->own);
	return 14;
}

static void bind_page(struct db_stmt *q, const struct list *list, enum shape shape)
{
	const struct board_filter *f = list->filter;
	int at = bind_shape(q, list, shape);
	if (shape == SHAPE_ORG || shape == SHAPE_TEXT || shape == SHAPE_RESULT)
		db_bind_int(q, ++at, f->step);
	if (shape != SHAPE_ANY) {
		db_bind_int(q, ++at, f->year - 1);
		if (shape != SHAPE_RESULT)
			db_bind_int(q, ++at, f->handed_in);
		db_bind_int(q, ++at, f->own);
	}
	db_bind_int(q, ++at, f->limit);
	db_bind_int(q, ++at, f->offset);
}

/* What answers the conditions; results alone only where they leave nobody out. */
static enum shape shape_of(const struct list *list)
{
	const struct board_filter *f = list->filter;
	bool step = f->step >= 0 && f->state != BOARD_ANY, text = f->text && *f->text;
	bool none = f->grade == BOARD_NONE || f->stars == BOARD_NONE;
	if (f->before >= 0 || none || (step && text))
		return SHAPE_ANY;
	if (f->grade != BOARD_ANY || f->stars != BOARD_ANY)
		return step || text ? SHAPE_ANY : SHAPE_RESULT;
	return step ? SHAPE_STEP : text ? SHAPE_TEXT : SHAPE_ORG;
}

/* Sums of steps are kept for every node above the graded ones; 0: not for this list. */
static int count_kept(struct db_tx *tx, const struct list *list, enum shape shape, struct arena *arena,
		      int64_t *ret_n)
{
	const struct board_filter *f = list->filter;
	const int step = f->step < 0 ? 0 : f->step;
	struct step_count *counts;
	*ret_n = 0;
	if ((shape != SHAPE_ORG && shape != SHAPE_STEP) || f->category >= 0)
		return 0;
	int r = store_step_counts(tx, list->campaign, store_path_last(f->path), step + 1, arena, &counts);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	int64_t all = 0, some = 0;
	for (int i = 0; i < STEP_STATE_COUNT; i++) {
		bool done = i == STEP_DONE || i == STEP_WAIVED;
		all += counts[step].n[i];
		if (f->state == BOARD_STATE_OPEN ? !done : i == f->state)
			some += counts[step].n[i];
	}
	*ret_n = all && shape == SHAPE_STEP ? some : all;
	return 0;
}

static int count(struct db_tx *tx, const struct list *list, enum shape shape, int64_t *ret_n)
{
	struct db_stmt *q;
	switch (shape) {
	case SHAPE_ORG:
		q = db_query(tx, "SELECT count(*)" FROM_ORG);
		break;
	case SHAPE_TEXT:
		q = db_query(tx, "SELECT count(*)" FROM_TEXT);
		break;
	case SHAPE_STEP:
		q = db_query(tx, "SELECT count(*)" FROM_STEP);
		break;
	case SHAPE_RESULT:
		q = db_query(tx, "SELECT count(*)" FROM_RESULT);
		break;
	default:
		q = db_query(tx, "SELECT count(*)" FROM_ANY);
	}
	bind_shape(q, list, shape);
	return store_number(q, ret_n);
}

static int page(struct db_tx *tx, const struct list *list, enum shape shape, struct arena *arena,
		struct org_rows *rows)
{
	const struct board_filter *f = list->filter;
	struct db_stmt *q = shape == SHAPE_ORG ? page_org(tx, f) : shape == SHAPE_TEXT ? page_text(tx, f)
			    : shape == SHAPE_STEP ? PAGE_STEP("o.path")
			    : shape == SHAPE_RESULT ? page_result(tx, f) : page_any(tx, f);
	int r;
	bind_page(q, list, shape);
	while ((r = db_step(q)) > 0) {
		struct board_row *row = org_rows_add(tx, rows, arena, sizeof(*row));
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
	return r;
}

/* The shape in which a page is read, which may have to order by more than was asked. */
static enum shape page_shape(const struct board_filter *f, enum shape shape)
{
	if (f->order == BOARD_BY_SCORE)
		return shape == SHAPE_ORG || shape == SHAPE_RESULT ? SHAPE_RESULT : SHAPE_ANY;
	if (f->order == BOARD_BY_PATH)
		return shape;
	return f->order != BOARD_BY_RANK && (shape == SHAPE_ORG || shape == SHAPE_TEXT) ? shape : SHAPE_ANY;
}

int store_board_list(struct db_tx *tx, int64_t campaign, const struct board_filter *f,
		     struct arena *arena, struct board_row **ret_rows, int *ret_n,
		     int64_t *ret_total)
{
	struct org_rows rows = {0};
	char end[ORG_PATH_MAX];
	const struct list list = {campaign, f, end};
	enum shape shape = shape_of(&list), paged = page_shape(f, shape);
	int64_t total = 0;
	int r;

	assert(f->limit > 0 && f->limit <= 200000 && f->offset >= 0);
	store_path_end(f->path, end);
	if ((r = page(tx, &list, paged, arena, &rows)) < 0)
		return r;
	/* A page that is not full is the last one and tells how many there are, unless it
	 * leaves out those without a score, which come after all others. */
	bool scored = paged == SHAPE_RESULT && f->order == BOARD_BY_SCORE;
	if (!scored && rows.n < f->limit && (rows.n || !f->offset))
		total = f->offset + rows.n;
	else if ((r = count_kept(tx, &list, shape, arena, &total)) == 0 && !total)
		r = count(tx, &list, shape, &total);
	if (r == 0 && scored && rows.n < f->limit && f->offset + rows.n < total) {
		rows = (struct org_rows){0};
		r = page(tx, &list, SHAPE_ANY, arena, &rows);
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
