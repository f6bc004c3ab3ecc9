/* SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign.h"

#include <assert.h>

#include "store/id.h"
#include "store/org_in.h"

enum { SORTED_MAX = 4096 };	/* organisations of a list that are sorted for one page of it */

/* ---- the campaign ---- */

#define COLUMNS(text) \
	"c.campaign, c.node, c.path, c.year, c.title, c.kind, c.scheme_name, c.scheme_title," \
	" c.scheme_version, c.state, c.previous, c.account, c.opened_ms, c.closed_ms," \
	" c.graded_ms, o.name, " text
#define FROM_CAMPAIGN " FROM campaign c LEFT JOIN org o ON o.region = c.region AND o.org = c.node"

static void read_campaign(struct db_stmt *q, struct arena *arena, void *row)
{
	struct campaign *c = row;
	*c = (struct campaign){
		.id = db_col_int(q, 0), .node = db_col_int(q, 1), .path = db_col_dup(q, 2, arena),
		.year = (int)db_col_int(q, 3), .title = db_col_dup(q, 4, arena),
		.kind = (enum campaign_kind)db_col_int(q, 5),
		.scheme_name = db_col_dup(q, 6, arena), .scheme_title = db_col_dup(q, 7, arena),
		.scheme_version = db_col_int(q, 8), .state = (enum campaign_state)db_col_int(q, 9),
		.previous = db_col_int(q, 10), .account = db_col_int(q, 11),
		.opened_ms = db_col_int(q, 12), .closed_ms = db_col_int(q, 13),
		.graded_ms = db_col_int(q, 14), .node_name = db_col_dup(q, 15, arena),
		.scheme_text = db_col_dup(q, 16, arena),
	};
}

static const struct rows_kind campaign_rows = {ROWS_ANSWER, sizeof(struct campaign), read_campaign};

int store_campaign_get(struct db_tx *tx, int64_t id, struct arena *arena,
		       struct campaign *ret_campaign)
{
	static const size_t size = sizeof(struct campaign);
	struct campaign *known = db_recall(tx, &size, id, 0);
	if (known && known->id) {
		*ret_campaign = *known;
		return 1;
	}
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS("c.scheme_text") FROM_CAMPAIGN
				     " WHERE c.region = $1 AND c.campaign = $2");
	store_bind_id(q, id);
	int r = db_step(q);
	if (r <= 0)
		return r;
	read_campaign(q, known ? db_recall_arena(tx) : arena, ret_campaign);
	db_finish(q);
	if ((r = db_error(tx, NULL)) < 0)
		return r;
	if (known)
		*known = *ret_campaign;
	return 1;
}

int store_campaign_list(struct db_tx *tx, const char *path, bool archived, struct arena *arena,
			struct campaign **ret_campaigns, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(path, end);
	/* Below: its path begins with ours; above: ours begins with its. */
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS("NULL") FROM_CAMPAIGN
				     " WHERE ((c.path >= $1 AND c.path < $2)"
				     " OR substr($1, 1, length(c.path)) = c.path)"
				     " AND c.state <= $3 ORDER BY c.year DESC, c.opened_ms DESC,"
				     " c.campaign LIMIT 500");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, archived ? CAMPAIGN_ARCHIVED : CAMPAIGN_CLOSED);
	return store_rows(tx, q, &campaign_rows, arena, ret_campaigns, ret_n);
}

int store_campaign_set_state(struct db_tx *tx, int64_t id, enum campaign_state state,
			     int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "UPDATE campaign SET state = $3, closed_ms = CASE WHEN $3 = 0"
				     " THEN 0 WHEN closed_ms = 0 THEN $4 ELSE closed_ms END"
				     " WHERE region = $1 AND campaign = $2");
	store_bind_id(q, id);
	db_bind_int(q, 3, state);
	db_bind_int(q, 4, now_ms);
	return store_run_found(q);
}

int store_campaign_set_graded(struct db_tx *tx, int64_t id, int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "UPDATE campaign SET graded_ms = $3"
				     " WHERE region = $1 AND campaign = $2");
	store_bind_id(q, id);
	db_bind_int(q, 3, now_ms);
	return store_run_found(q);
}

static int insert_row(struct db_tx *tx, const struct campaign *c)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO campaign (region, campaign, node, path, year,"
				     " title, kind, scheme_name, scheme_title, scheme_version,"
				     " scheme_text, state, previous, account, opened_ms, closed_ms,"
				     " graded_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
				     " $11, $12, $13, $14, $15, 0, 0)");
	store_bind_id(q, c->id);
	db_bind_int(q, 3, c->node);
	db_bind_text(q, 4, c->path);
	db_bind_int(q, 5, c->year);
	db_bind_text(q, 6, c->title);
	db_bind_int(q, 7, c->kind);
	db_bind_text(q, 8, c->scheme_name);
	db_bind_text(q, 9, c->scheme_title);
	db_bind_int(q, 10, c->scheme_version);
	db_bind_text(q, 11, c->scheme_text);
	db_bind_int(q, 12, c->state);
	db_bind_int(q, 13, c->previous);
	db_bind_int(q, 14, c->account);
	db_bind_int(q, 15, c->opened_ms);
	return store_run(q);
}

static int32_t day_in(int year, struct scheme_date date)
{
	return date.month ? year * 10000 + date.month * 100 + date.day : 0;
}

static int insert_steps(struct db_tx *tx, const struct campaign *c, const struct scheme *scheme)
{
	for (int i = 0; i < scheme->n_steps; i++) {
		const struct scheme_step *step = &scheme->steps[i];
		int32_t from = day_in(c->year, step->from), to = day_in(c->year, step->to);
		if (from && to && to < from)
			to += 10000;	/* it ends in the next year */
		struct db_stmt *q = db_query(tx, "INSERT INTO campaign_step (region, campaign, step,"
					     " from_day, to_day) VALUES ($1, $2, $3, $4, $5)");
		store_bind_id(q, c->id);
		db_bind_int(q, 3, i);
		db_bind_int(q, 4, from);
		db_bind_int(q, 5, to);
		int r = db_run(q);
		if (r < 0)
			return r;
	}
	return 0;
}

enum { KINDS_AT_ONCE = 8 };

/* Gives the organisations of a further kind their category. */
static int categorise(struct db_tx *tx, const struct campaign *c, const struct scheme *scheme,
		      int field, const char *kind)
{
	struct db_stmt *q = db_query(tx, "UPDATE campaign_org SET category = $2 WHERE campaign = $1"
				     " AND level = $3 AND field = $4 AND kind = $5");
	db_bind_int(q, 1, c->id);
	db_bind_int(q, 2, scheme->category_of_field[field]);
	db_bind_int(q, 3, scheme->graded);
	db_bind_int(q, 4, field);
	db_bind_text(q, 5, kind);
	return store_run(q);
}

/* In one statement: a nation is not walked once per field and kind. */
static int insert_orgs(struct db_tx *tx, const struct campaign *c, const struct scheme *scheme)
{
	const struct scheme_texts *kinds = &scheme->kinds;
	char end[ORG_PATH_MAX];
	_Static_assert(FIELD_COUNT == 11, "one branch a field");
	store_path_end(c->path, end);
	struct db_stmt *q = db_query(tx, "INSERT INTO campaign_org (region, campaign, org, parent, path,"
				     " code, name, level, field, kind, members, residents, secretary,"
				     " category, present_members, present_residents)"
				     " SELECT region, $1, org, parent, path, code, name, level, field,"
				     " kind, members, residents, secretary_name,"
				     /* A kind that is not known counts as graded. */
				     " CASE WHEN level <> $4 OR NOT ($5 = 0 OR kind = ''"
				     " OR kind IN ($6, $7, $8, $9, $10, $11, $12, $13)) THEN -1"
				     " WHEN field = 0 THEN $14 WHEN field = 1 THEN $15"
				     " WHEN field = 2 THEN $16 WHEN field = 3 THEN $17"
				     " WHEN field = 4 THEN $18 WHEN field = 5 THEN $19"
				     " WHEN field = 6 THEN $20 WHEN field = 7 THEN $21"
				     " WHEN field = 8 THEN $22 WHEN field = 9 THEN $23"
				     " WHEN field = 10 THEN $24 ELSE -1 END, -1, -1 FROM org"
				     " WHERE path >= $2 AND path < $3 AND state = 0");
	db_bind_int(q, 1, c->id);
	db_bind_text(q, 2, c->path);
	db_bind_text(q, 3, end);
	db_bind_int(q, 4, scheme->graded);
	db_bind_int(q, 5, kinds->n);
	for (int k = 0; k < KINDS_AT_ONCE; k++)
		db_bind_text(q, 6 + k, k < kinds->n ? kinds->at[k] : "");
	for (int f = 0; f < FIELD_COUNT; f++)
		db_bind_int(q, 6 + KINDS_AT_ONCE + f, scheme->category_of_field[f]);
	int r = db_run(q);
	for (int f = 0; r >= 0 && f < FIELD_COUNT; f++)
		for (int k = KINDS_AT_ONCE; r >= 0 && k < kinds->n; k++)
			if (scheme->category_of_field[f] >= 0)
				r = categorise(tx, c, scheme, f, kinds->at[k]);
	return r < 0 ? r : 0;
}

int store_campaign_insert(struct db_tx *tx, struct campaign *campaign, const struct scheme *scheme)
{
	char path[ORG_PATH_MAX];
	struct campaign c = *campaign;
	int r = store_org_path(tx, c.node, path);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	c.path = path;
	r = id_next(tx, id_region(c.node), ID_CAMPAIGN, &c.id);
	if (r == 0)
		r = insert_row(tx, &c);
	if (r == 0)
		r = insert_steps(tx, &c, scheme);
	if (r == 0)
		r = insert_orgs(tx, &c, scheme);
	if (r == 0)
		campaign->id = c.id;
	return r;
}

static bool kind_graded(const struct scheme *scheme, struct str kind)
{
	bool graded = !scheme->kinds.n || !kind.len;
	for (int i = 0; i < scheme->kinds.n; i++)
		graded |= str_eqs(kind, scheme->kinds.at[i]);
	return graded;
}

int store_campaign_preview(struct db_tx *tx, const char *path, const struct scheme *scheme,
			   int64_t ret_by_category[SCHEME_CATEGORIES_MAX], int64_t *ret_outside)
{
	int64_t by[SCHEME_CATEGORIES_MAX] = {0}, outside = 0;
	char end[ORG_PATH_MAX];
	int r;
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT field, kind, count(*) FROM org WHERE path >= $1"
				     " AND path < $2 AND state = 0 AND level = $3"
				     " GROUP BY field, kind");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, scheme->graded);
	while ((r = db_step(q)) > 0) {
		int64_t field = db_col_int(q, 0), n = db_col_int(q, 2);
		int category = field >= 0 && field < FIELD_COUNT ? scheme->category_of_field[field] : -1;
		if (category >= 0 && kind_graded(scheme, db_col_str(q, 1)))
			by[category] += n;
		else
			outside += n;
	}
	if (r < 0)
		return r;
	memcpy(ret_by_category, by, sizeof(by));
	*ret_outside = outside;
	return 0;
}

/* ---- its organisations ---- */

#define ORG_COLS \
	"org, parent, path, code, name, level, field, kind, members, residents, secretary," \
	" category, present_members, present_residents"

static void read_org(struct db_stmt *q, struct arena *arena, void *row)
{
	struct campaign_org *o = row;
	*o = (struct campaign_org){
		.id = db_col_int(q, 0), .parent = db_col_int(q, 1), .path = db_col_dup(q, 2, arena),
		.code = db_col_dup(q, 3, arena), .name = db_col_dup(q, 4, arena),
		.level = (enum level)db_col_int(q, 5), .field = (int)db_col_int(q, 6),
		.kind = db_col_dup(q, 7, arena), .members = db_col_int(q, 8),
		.residents = db_col_int(q, 9), .secretary = db_col_dup(q, 10, arena),
		.category = (int)db_col_int(q, 11),
		.present = {[VOTERS_MEMBER] = db_col_int(q, 12),
			    [VOTERS_RESIDENT] = db_col_int(q, 13)},
	};
}

static const struct rows_kind org_rows = {ROWS_ANSWER, sizeof(struct campaign_org), read_org};

/* What db_recall keeps of one. */
static const size_t org_known = sizeof(struct campaign_org);

static int know_orgs(struct db_tx *tx, int64_t campaign, const int64_t *ids, int n)
{
	int r;
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLS " FROM " ORGS_GIVEN " JOIN campaign_org"
				     " ON region = given.column1 / 10000000 AND campaign = $50"
				     " AND org = given.column1");
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_int(q, i + 1, i < n ? ids[i] : 0);
	db_bind_int(q, 50, campaign);
	while ((r = db_step(q)) > 0) {
		struct campaign_org *known = db_recall(tx, &org_known, campaign, db_col_int(q, 0));
		if (known)
			read_org(q, db_recall_arena(tx), known);
	}
	return r;
}

int store_campaign_orgs_know(struct db_tx *tx, int64_t campaign, const int64_t *ids, int n)
{
	int r = 0;
	for (int i = 0; r == 0 && db_recall_arena(tx) && i < n; i += ORGS_BATCH)
		r = know_orgs(tx, campaign, ids + i, n - i < ORGS_BATCH ? n - i : ORGS_BATCH);
	return r;
}

int store_campaign_org_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			   struct campaign_org *ret_org)
{
	struct campaign_org *known = db_recall(tx, &org_known, campaign, org);
	if (known && known->id) {
		*ret_org = *known;
		return 1;
	}
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLS " FROM campaign_org"
				     " WHERE region = $1 AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, org);
	int r = db_step(q);
	if (r <= 0)
		return r;
	read_org(q, known ? db_recall_arena(tx) : arena, ret_org);
	db_finish(q);
	if ((r = db_error(tx, NULL)) < 0)
		return r;
	if (known)
		*known = *ret_org;
	return 1;
}

int store_campaign_orgs(struct db_tx *tx, int64_t campaign, const char *path, bool graded,
			struct arena *arena, struct campaign_org **ret_orgs, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " ORG_COLS " FROM campaign_org WHERE campaign = $1"
				     " AND path >= $2 AND path < $3 AND category >= $4 ORDER BY path");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, graded ? 0 : -1);
	return store_rows(tx, q, &org_rows, arena, ret_orgs, ret_n);
}

int store_campaign_orgs_count(struct db_tx *tx, int64_t campaign, const char *path, int category,
			      int64_t *ret_total)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM campaign_org WHERE campaign = $1"
				     " AND path >= $2 AND path < $3 AND category >= 0"
				     " AND ($4 < 0 OR category = $4)");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, category);
	return store_number(q, ret_total);
}

int store_campaign_orgs_page(struct db_tx *tx, int64_t campaign, const char *path, int category,
			     int64_t offset, int64_t limit, struct arena *arena,
			     struct campaign_org **ret_orgs, int *ret_n, int64_t *ret_total)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q;
	int64_t total;

	assert(limit > 0 && limit <= 10000 && offset >= 0);
	int r = store_campaign_orgs_count(tx, campaign, path, category, &total);
	if (r < 0)
		return r;
	/* Few are sorted; of many, the index by code is walked, and their places are
	 * not what to look for first. */
	if (total <= SORTED_MAX)
		q = db_query(tx, "SELECT " ORG_COLS " FROM campaign_org WHERE campaign = $1"
			     " AND path >= $2 AND path < $3 AND category >= 0"
			     " AND ($4 < 0 OR category = $4) ORDER BY code LIMIT $5 OFFSET $6");
	else
		q = db_query(tx, "SELECT " ORG_COLS " FROM campaign_org WHERE campaign = $1"
			     " AND path || '' >= $2 AND path || '' < $3 AND category >= 0"
			     " AND ($4 < 0 OR category = $4) ORDER BY code LIMIT $5 OFFSET $6");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, category);
	db_bind_int(q, 5, limit);
	db_bind_int(q, 6, offset);
	if ((r = store_rows(tx, q, &org_rows, arena, ret_orgs, ret_n)) == 0)
		*ret_total = total;
	return r;
}

int store_campaign_org_set_present(struct db_tx *tx, int64_t campaign, int64_t org,
				   enum voters voters, int64_t present)
{
	struct db_stmt *q = voters == VOTERS_MEMBER
		? db_query(tx, "UPDATE campaign_org SET present_members = $4"
			   " WHERE region = $1 AND campaign = $2 AND org = $3")
		: db_query(tx, "UPDATE campaign_org SET present_residents = $4"
			   " WHERE region = $1 AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, present);
	return store_run_found(q);
}
