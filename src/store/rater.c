/* SPDX-License-Identifier: Apache-2.0 */
/* Who scores besides the committee and the organisation itself. */
#include <assert.h>

#include "store/id.h"
#include "store/org_in.h"
#include "store/score.h"

#define RATER_COLS \
	"r.rater, r.source, r.label, r.account, r.org, coalesce(a.name, '')," \
	" (SELECT count(*) FROM rater_org x WHERE x.campaign = r.campaign AND x.rater = r.rater)"
#define FROM_RATER \
	" FROM rater r LEFT JOIN account a ON a.region = r.account / 10000000 AND a.account = r.account"

static void read_rater(struct db_stmt *q, struct arena *arena, void *row)
{
	struct rater *rater = row;
	*rater = (struct rater){
		.id = db_col_int(q, 0), .source = (int)db_col_int(q, 1),
		.label = db_col_dup(q, 2, arena), .account = db_col_int(q, 3),
		.org = db_col_int(q, 4), .login = db_col_dup(q, 5, arena),
		.assigned = db_col_int(q, 6),
	};
}

static const struct rows_kind rater_rows = {ROWS_ANSWER, sizeof(struct rater), read_rater};

static int next_rater(struct db_tx *tx, int64_t campaign, int64_t *ret_id)
{
	struct db_stmt *q = db_query(tx, "SELECT coalesce(max(rater), 0) + 1 FROM rater"
				     " WHERE region = $1 AND campaign = $2");
	store_bind_id(q, campaign);
	return store_number(q, ret_id);
}

int store_rater_put(struct db_tx *tx, int64_t campaign, struct rater *rater)
{
	int64_t id = rater->id;
	int r = id ? 0 : next_rater(tx, campaign, &id);
	if (r < 0)
		return r;
	struct db_stmt *q = rater->id
		? db_query(tx, "UPDATE rater SET label = $4, account = $5 WHERE region = $1"
			   " AND campaign = $2 AND rater = $3")
		: db_query(tx, "INSERT INTO rater (region, campaign, rater, label, account, source,"
			   " org) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, id);
	db_bind_text(q, 4, rater->label);
	db_bind_int(q, 5, rater->account);
	if (!rater->id) {
		db_bind_int(q, 6, rater->source);
		db_bind_int(q, 7, rater->org);
	}
	r = db_run(q);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	rater->id = id;
	return 0;
}

int store_rater_delete(struct db_tx *tx, int64_t campaign, int64_t rater)
{
	struct db_stmt *q = db_query(tx, "SELECT 1 FROM score_sheet s JOIN campaign_org o"
				     " ON o.region = s.region AND o.campaign = s.campaign"
				     " AND o.org = s.org WHERE o.campaign = $1 AND s.rater = $2"
				     " AND s.cells <> '' LIMIT 1");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, rater);
	int r = db_step(q);
	if (r != 0) {
		db_finish(q);
		return r < 0 ? r : ERR_STATE;
	}
	q = db_query(tx, "DELETE FROM rater_org WHERE campaign = $1 AND rater = $2");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, rater);
	if ((r = db_run(q)) < 0)
		return r;
	q = db_query(tx, "DELETE FROM rater WHERE region = $1 AND campaign = $2 AND rater = $3");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, rater);
	return store_run_found(q);
}

int store_rater_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
		    struct rater *ret_rater)
{
	struct db_stmt *q = db_query(tx, "SELECT " RATER_COLS FROM_RATER
				     " WHERE r.region = $1 AND r.campaign = $2 AND r.rater = $3");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, id);
	return store_row(tx, q, &rater_rows, arena, ret_rater);
}

int store_rater_of_peer(struct db_tx *tx, int64_t campaign, int source, int64_t org,
			struct arena *arena, struct rater *ret_rater)
{
	struct db_stmt *q = db_query(tx, "SELECT " RATER_COLS FROM_RATER
				     " WHERE r.org = $1 AND r.campaign = $2 AND r.source = $3");
	db_bind_int(q, 1, org);
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, source);
	return store_row(tx, q, &rater_rows, arena, ret_rater);
}

int store_raters(struct db_tx *tx, int64_t campaign, int source, struct arena *arena,
		 struct rater **ret_raters, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " RATER_COLS FROM_RATER
				     " WHERE r.region = $1 AND r.campaign = $2 AND r.org = 0"
				     " AND ($3 < 0 OR r.source = $3) ORDER BY r.source, r.rater LIMIT 500");
	_Static_assert(RATERS_MAX == 500, "the LIMIT of these queries");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, source);
	return store_rows(tx, q, &rater_rows, arena, ret_raters, ret_n);
}

int store_rater_peers(struct db_tx *tx, int64_t campaign, int source, const char *path, struct arena *arena,
		      struct rater **ret_raters, int *ret_n)
{
	char end[ORG_PATH_MAX];

	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT " RATER_COLS FROM_RATER
				     " JOIN campaign_org o ON o.region = r.org / 10000000 AND o.campaign = r.campaign"
				     " AND o.org = r.org WHERE r.region = $1 AND r.campaign = $2 AND r.source = $3"
				     " AND o.path >= $4 AND o.path < $5 ORDER BY o.code LIMIT 500");
	_Static_assert(RATERS_MAX == 500, "the LIMIT of these queries");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, source);
	db_bind_text(q, 4, path);
	db_bind_text(q, 5, end);
	return store_rows(tx, q, &rater_rows, arena, ret_raters, ret_n);
}

static void read_duty(struct db_stmt *q, struct arena *arena, void *row)
{
	struct rater_duty *duty = row;
	read_rater(q, arena, &duty->rater);
	duty->campaign = db_col_int(q, 7);
	duty->title = db_col_dup(q, 8, arena);
	duty->year = (int)db_col_int(q, 9);
}

int store_raters_of_account(struct db_tx *tx, int64_t account, struct arena *arena,
			    struct rater_duty **ret_duties, int *ret_n)
{
	static const struct rows_kind duties = {ROWS_ANSWER, sizeof(struct rater_duty), read_duty};
	struct db_stmt *q = db_query(tx, "SELECT " RATER_COLS ", c.campaign, c.title, c.year" FROM_RATER
				     " JOIN campaign c ON c.region = r.region AND c.campaign = r.campaign"
				     " WHERE r.account = $1 AND c.state = 0"
				     " ORDER BY c.year DESC, c.campaign, r.rater LIMIT 500");
	db_bind_int(q, 1, account);
	return store_rows(tx, q, &duties, arena, ret_duties, ret_n);
}

/* ---- what is assigned to them ---- */

int store_rater_assign(struct db_tx *tx, int64_t campaign, int64_t rater, const char *path,
		       int category, bool assign, int64_t *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = assign
		? db_query(tx, "INSERT INTO rater_org (region, campaign, org, rater)"
			   " SELECT region, campaign, org, $5 FROM campaign_org WHERE campaign = $1"
			   " AND path >= $2 AND path < $3 AND category >= 0"
			   " AND ($4 < 0 OR category = $4)"
			   " ON CONFLICT (region, campaign, org, rater) DO NOTHING")
		: db_query(tx, "DELETE FROM rater_org WHERE campaign = $1 AND rater = $5"
			   " AND org IN (SELECT org FROM campaign_org WHERE campaign = $1"
			   " AND path >= $2 AND path < $3 AND category >= 0"
			   " AND ($4 < 0 OR category = $4))");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, category);
	db_bind_int(q, 5, rater);
	int r = db_run(q);
	if (r < 0)
		return r;
	*ret_n = r;
	return 0;
}

int store_rater_has(struct db_tx *tx, int64_t campaign, int64_t rater, int64_t org)
{
	struct db_stmt *q = db_query(tx, "SELECT 1 FROM rater_org WHERE region = $1 AND campaign = $2"
				     " AND org = $3 AND rater = $4");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, rater);
	int r = db_step(q);
	if (r > 0)
		db_finish(q);
	return r;
}

#define ASSIGNED \
	" FROM campaign_org o JOIN rater_org x ON x.region = o.region AND x.campaign = o.campaign" \
	" AND x.org = o.org WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3 AND x.rater = $4"

int store_rater_orgs_page(struct db_tx *tx, int64_t campaign, int64_t rater, const char *path,
			  int64_t offset, int64_t limit, struct arena *arena,
			  struct campaign_org **ret_orgs, int *ret_n, int64_t *ret_total)
{
	char end[ORG_PATH_MAX];
	int64_t *ids, total;
	int n, r;

	assert(limit > 0 && limit <= 10000 && offset >= 0);
	struct db_stmt *q = db_query(tx, "SELECT count(*)" ASSIGNED);
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, rater);
	if ((r = store_number(q, &total)) < 0)
		return r;
	q = db_query(tx, "SELECT o.org" ASSIGNED " ORDER BY o.code LIMIT $5 OFFSET $6");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, rater);
	db_bind_int(q, 5, limit);
	db_bind_int(q, 6, offset);
	if ((r = store_ids(tx, q, arena, &ids, &n)) < 0)
		return r;
	struct campaign_org *orgs = arena_zalloc(arena, (size_t)n + 1, sizeof(*orgs));
	if (!orgs)
		return db_doom_nomem(tx);
	if ((r = store_campaign_orgs_know(tx, campaign, ids, n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if ((r = store_campaign_org_get(tx, campaign, ids[i], arena, &orgs[i])) <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
	*ret_orgs = orgs;
	*ret_n = n;
	*ret_total = total;
	return 0;
}

int store_raters_of_org(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			int64_t **ret_raters, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT rater FROM rater_org WHERE region = $1"
				     " AND campaign = $2 AND org = $3 ORDER BY rater LIMIT 500");
	store_bind_key(q, campaign, org);
	return store_ids(tx, q, arena, ret_raters, ret_n);
}
