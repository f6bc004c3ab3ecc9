/* SPDX-License-Identifier: Apache-2.0 */
#include "store/case_check.h"

#include "store/id.h"
#include "store/org_in.h"

#define DRAW_COLUMNS "draw, node, level, each, only_cases, population, drawn, made_ms, account," \
	" revealed_ms, fingerprint, seed, n_groups"

static void read_draw(struct db_stmt *q, struct arena *arena, void *to)
{
	struct spot_draw *row = to;
	*row = (struct spot_draw){ .id = db_col_int(q, 0), .node = db_col_int(q, 1),
		.level = (int)db_col_int(q, 2), .each = (int)db_col_int(q, 3),
		.only_cases = db_col_int(q, 4) != 0, .population = db_col_dup(q, 5, arena),
		.drawn = db_col_dup(q, 6, arena), .made_ms = db_col_int(q, 7),
		.account = db_col_int(q, 8), .revealed_ms = db_col_int(q, 9),
		.groups = (int)db_col_int(q, 12),
	};
	struct str fingerprint = db_col_blob(q, 10), seed = db_col_blob(q, 11);
	if (fingerprint.len == DRAW_HASH_LEN && seed.len == DRAW_SEED_LEN) {
		memcpy(row->fingerprint, fingerprint.data, DRAW_HASH_LEN);
		memcpy(row->seed, seed.data, DRAW_SEED_LEN);
	}
}

static const struct rows_kind draw_rows = {ROWS_ANSWER, sizeof(struct spot_draw), read_draw};

int store_draw_insert(struct db_tx *tx, struct spot_draw *d)
{
	int r = id_next(tx, id_region(d->node), ID_DRAW, &d->id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO spot_draw (region, " DRAW_COLUMNS ") VALUES ($1, $2, $3,"
				     " $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
	store_bind_id(q, d->id);
	db_bind_int(q, 3, d->node);
	db_bind_int(q, 4, d->level);
	db_bind_int(q, 5, d->each);
	db_bind_int(q, 6, d->only_cases);
	db_bind_text(q, 7, d->population);
	db_bind_text(q, 8, d->drawn);
	db_bind_int(q, 9, d->made_ms);
	db_bind_int(q, 10, d->account);
	db_bind_int(q, 11, d->revealed_ms);
	db_bind_blob(q, 12, d->fingerprint, DRAW_HASH_LEN);
	db_bind_blob(q, 13, d->seed, DRAW_SEED_LEN);
	db_bind_int(q, 14, d->groups);
	return store_run(q);
}

int store_draw_group_put(struct db_tx *tx, const struct spot_group *g)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO spot_group (region, draw, number, leader, members)"
				     " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (region, draw, number)"
				     " DO UPDATE SET leader = excluded.leader, members = excluded.members");
	store_bind_id(q, g->draw);
	db_bind_int(q, 3, g->number);
	db_bind_text(q, 4, g->leader);
	db_bind_text(q, 5, g->members);
	return store_run(q);
}

static void read_spot_group(struct db_stmt *q, struct arena *arena, void *row)
{
	struct spot_group *g = row;
	*g = (struct spot_group){db_col_int(q, 0), (int)db_col_int(q, 1), db_col_dup(q, 2, arena),
				 db_col_dup(q, 3, arena)};
}

static const struct rows_kind spot_group_rows =
	{ROWS_ANSWER, sizeof(struct spot_group), read_spot_group};

int store_draw_groups(struct db_tx *tx, int64_t draw, struct arena *arena,
		      struct spot_group **ret_groups, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT draw, number, leader, members FROM spot_group"
				     " WHERE region = $1 AND draw = $2 ORDER BY number");
	store_bind_id(q, draw);
	return store_rows(tx, q, &spot_group_rows, arena, ret_groups, ret_n);
}

int store_draw_get(struct db_tx *tx, int64_t id, struct arena *arena, struct spot_draw *ret_draw)
{
	struct db_stmt *q = db_query(tx, "SELECT " DRAW_COLUMNS " FROM spot_draw"
				     " WHERE region = $1 AND draw = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &draw_rows, arena, ret_draw);
}

int store_draws(struct db_tx *tx, int64_t node, struct arena *arena,
		 struct spot_draw **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " DRAW_COLUMNS " FROM spot_draw WHERE node = $1 ORDER BY "
				     "draw DESC LIMIT 100");
	db_bind_int(q, 1, node);
	return store_rows(tx, q, &draw_rows, arena, ret_rows, ret_n);
}

int store_draw_reveal(struct db_tx *tx, int64_t id, int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "UPDATE spot_draw SET revealed_ms = $3 WHERE region = $1"
				     " AND draw = $2 AND revealed_ms = 0");
	store_bind_id(q, id);
	db_bind_int(q, 3, now_ms);
	int r = db_run(q);
	return r < 0 ? r : r == 1 ? 0 : ERR_CONFLICT;
}

/* ---- findings on the spot ---- */

#define CHECK_COLUMNS \
	"k.check_id, k.org, k.case_id, k.draw, k.day, k.good, " \
	"k.finding, k.position, k.deadline, k.closed_day, k.closing, k.sent, k.account, k.who, " \
	"k.at_ms, o.name"
#define CHECK_FROM " FROM spot_check k CROSS JOIN org o" \
	" WHERE o.region = k.region AND o.org = k.org AND "

static void read_check(struct db_stmt *q, struct arena *arena, void *to)
{
	struct spot_check *row = to;
	*row = (struct spot_check){ .id = db_col_int(q, 0), .org = db_col_int(q, 1),
		.case_id = db_col_int(q, 2), .draw = db_col_int(q, 3),
		.day = (int32_t)db_col_int(q, 4), .good = db_col_int(q, 5) != 0,
		.finding = db_col_dup(q, 6, arena), .position = db_col_dup(q, 7, arena),
		.deadline = (int32_t)db_col_int(q, 8), .closed_day = (int32_t)db_col_int(q, 9),
		.closing = db_col_dup(q, 10, arena), .sent = db_col_dup(q, 11, arena),
		.account = db_col_int(q, 12), .who = db_col_dup(q, 13, arena),
		.at_ms = db_col_int(q, 14), .org_name = db_col_dup(q, 15, arena),
	};
}

static const struct rows_kind check_rows = {ROWS_ANSWER, sizeof(struct spot_check), read_check};

/* 1 and the id where this phone's mark is known. */
static int find_sent(struct db_tx *tx, const struct spot_check *c, int64_t *ret_id)
{
	struct db_stmt *q = db_query(tx, "SELECT check_id FROM spot_check WHERE region = $1"
				     " AND account = $2 AND sent = $3");
	db_bind_int(q, 1, id_region(c->org));
	db_bind_int(q, 2, c->account);
	db_bind_text(q, 3, c->sent);
	int r = db_step(q);
	if (r > 0)
		*ret_id = db_col_int(q, 0);
	db_finish(q);
	return r;
}

int store_check_insert(struct db_tx *tx, struct spot_check *c)
{
	int r = find_sent(tx, c, &c->id);
	if (r)
		return r;
	if ((r = id_next(tx, id_region(c->org), ID_CHECK, &c->id)) < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO spot_check (region, check_id, org, "
				     "case_id, draw, day, good, finding, position, deadline, "
				     "closed_day, closing, sent, account, who, at_ms) VALUES "
				     "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
				     "$14, $15, $16)");
	store_bind_id(q, c->id);
	db_bind_int(q, 3, c->org);
	db_bind_int(q, 4, c->case_id);
	db_bind_int(q, 5, c->draw);
	db_bind_int(q, 6, c->day);
	db_bind_int(q, 7, c->good);
	db_bind_text(q, 8, c->finding);
	db_bind_text(q, 9, c->position);
	db_bind_int(q, 10, c->deadline);
	db_bind_int(q, 11, c->closed_day);
	db_bind_text(q, 12, c->closing);
	db_bind_text(q, 13, c->sent);
	db_bind_int(q, 14, c->account);
	db_bind_text(q, 15, c->who);
	db_bind_int(q, 16, c->at_ms);
	return store_run(q);
}

int store_check_get(struct db_tx *tx, int64_t id, struct arena *arena,
		    struct spot_check *ret_check)
{
	struct db_stmt *q = db_query(tx, "SELECT " CHECK_COLUMNS CHECK_FROM
				     "k.region = $1 AND k.check_id = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &check_rows, arena, ret_check);
}

int store_check_close(struct db_tx *tx, int64_t id, int32_t day, const char *closing)
{
	struct db_stmt *q = db_query(tx, "UPDATE spot_check SET closed_day = $3, closing = $4"
				     " WHERE region = $1 AND check_id = $2 AND closed_day = 0");
	store_bind_id(q, id);
	db_bind_int(q, 3, day);
	db_bind_text(q, 4, closing);
	int r = db_run(q);
	return r < 0 ? r : r == 1 ? 0 : ERR_CONFLICT;
}

int store_checks(struct db_tx *tx, const char *path, bool open, struct arena *arena,
		 struct spot_check **ret_rows, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " CHECK_COLUMNS CHECK_FROM "o.path >= $1 AND o.path < $2 AND "
				     "k.region >= $3 AND k.region <= $4 AND ($5 = 0 OR (k.closed_day = 0 AND k.good = 0)) ORDER BY "
				     "k.day DESC, k.check_id DESC LIMIT 2000");
	org_bind_below(q, path, end);
	db_bind_int(q, 5, open);
	return store_rows(tx, q, &check_rows, arena, ret_rows, ret_n);
}

/* ---- calendars and marks ---- */

int store_calendar_set(struct db_tx *tx, int64_t account, const unsigned char hash[32],
		       int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO calendar_token (region, account, token_hash, made_ms)"
				     " VALUES ($1, $2, $3, $4) ON CONFLICT (region, account)"
				     " DO UPDATE SET token_hash = $3, made_ms = $4");
	store_bind_id(q, account);
	db_bind_blob(q, 3, hash, 32);
	db_bind_int(q, 4, now_ms);
	return store_run(q);
}

int store_calendar_find(struct db_tx *tx, const unsigned char hash[32], int64_t *ret_account)
{
	struct db_stmt *q = db_query(tx, "SELECT account FROM calendar_token WHERE token_hash = $1");
	db_bind_blob(q, 1, hash, 32);
	int r = db_step(q);
	if (r > 0)
		*ret_account = db_col_int(q, 0);
	db_finish(q);
	return r;
}

int store_finding_mark(struct db_tx *tx, int64_t campaign, const struct finding_mark *mark)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO finding_mark (region, campaign, finding, confirmed,"
				     " reason, who, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)"
				     " ON CONFLICT (region, campaign, finding) DO UPDATE SET"
				     " confirmed = $4, reason = $5, who = $6, at_ms = $7");
	store_bind_id(q, campaign);
	db_bind_text(q, 3, mark->finding);
	db_bind_int(q, 4, mark->confirmed);
	db_bind_text(q, 5, mark->reason);
	db_bind_text(q, 6, mark->who);
	db_bind_int(q, 7, mark->at_ms);
	return store_run(q);
}

static void read_mark(struct db_stmt *q, struct arena *arena, void *to)
{
	struct finding_mark *row = to;
	*row = (struct finding_mark){ .finding = db_col_dup(q, 0, arena),
		.confirmed = db_col_int(q, 1) != 0, .reason = db_col_dup(q, 2, arena),
		.who = db_col_dup(q, 3, arena), .at_ms = db_col_int(q, 4),
	};
}

static const struct rows_kind mark_rows = {ROWS_ANSWER, sizeof(struct finding_mark), read_mark};

int store_finding_marks(struct db_tx *tx, int64_t campaign, struct arena *arena,
		 struct finding_mark **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT finding, confirmed, reason, who, at_ms FROM "
				     "finding_mark WHERE region = $1 AND campaign = $2 ORDER "
				     "BY finding LIMIT 10000");
	store_bind_id(q, campaign);
	return store_rows(tx, q, &mark_rows, arena, ret_rows, ret_n);
}

/* ---- what was handed in ---- */

int store_key_mark(struct db_tx *tx, int64_t campaign, const struct key_mark *mark)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM case_received WHERE region = $1 AND campaign = $2"
				     " AND node = $3 AND report = $4");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, mark->node);
	db_bind_text(q, 4, mark->report);
	int r = db_run(q);
	if (r < 0 || !mark->day)
		return r < 0 ? r : 0;
	q = db_query(tx, "INSERT INTO case_received (region, campaign, node, report, day, note, who,"
		     " at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, mark->node);
	db_bind_text(q, 4, mark->report);
	db_bind_int(q, 5, mark->day);
	db_bind_text(q, 6, mark->note);
	db_bind_text(q, 7, mark->who);
	db_bind_int(q, 8, mark->at_ms);
	return store_run(q);
}

static void read_key_mark(struct db_stmt *q, struct arena *arena, void *row)
{
	struct key_mark *to = row;
	*to = (struct key_mark){db_col_int(q, 0), db_col_dup(q, 1, arena),
				 (int32_t)db_col_int(q, 2), db_col_dup(q, 3, arena),
				 db_col_dup(q, 4, arena), db_col_int(q, 5)};
}

static const struct rows_kind key_mark_rows = {ROWS_ANSWER, sizeof(struct key_mark), read_key_mark};

int store_key_marks(struct db_tx *tx, int64_t campaign, struct arena *arena,
		    struct key_mark **ret_marks, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT node, report, day, note, who, at_ms FROM case_received"
				     " WHERE region = $1 AND campaign = $2 ORDER BY node, report"
				     " LIMIT 10000");
	store_bind_id(q, campaign);
	return store_rows(tx, q, &key_mark_rows, arena, ret_marks, ret_n);
}
