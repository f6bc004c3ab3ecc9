/* SPDX-License-Identifier: Apache-2.0 */
#include "store/hold.h"

#include "store/campaign.h"
#include "store/id.h"
#include "store/org_in.h"

/* ---- holds ---- */

static int put_hold(struct db_tx *tx, int64_t campaign, const struct hold *h)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO org_hold (region, campaign, org, path, state,"
				     " node, reason, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
				     " ON CONFLICT (region, campaign, org) DO UPDATE SET"
				     " path = excluded.path, state = excluded.state,"
				     " node = excluded.node, reason = excluded.reason,"
				     " account = excluded.account, at_ms = excluded.at_ms");
	store_bind_key(q, campaign, h->org);
	db_bind_text(q, 4, h->path);
	db_bind_int(q, 5, h->state);
	db_bind_int(q, 6, h->node);
	db_bind_text(q, 7, h->reason ? h->reason : "");
	db_bind_int(q, 8, h->account);
	db_bind_int(q, 9, h->at_ms);
	return store_run(q);
}

/* Lists of results ask of each whether it was handed in. */
static int keep_with_result(struct db_tx *tx, int64_t campaign, const struct hold *h)
{
	struct db_stmt *q = db_query(tx, "UPDATE result SET hold = $4 WHERE region = $1 AND campaign = $2"
				     " AND org = $3");
	store_bind_key(q, campaign, h->org);
	db_bind_int(q, 4, h->state);
	return store_run(q);
}

int store_hold_set(struct db_tx *tx, int64_t campaign, const struct hold *h)
{
	int r = put_hold(tx, campaign, h);
	if (r == 0)
		r = keep_with_result(tx, campaign, h);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO org_hold_event (region, campaign, org, event,"
				     " state, node, reason, account, at_ms)"
				     " SELECT $1, $2, $3, coalesce(max(event), 0) + 1, $4, $5, $6,"
				     " $7, $8 FROM org_hold_event WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, h->org);
	db_bind_int(q, 4, h->state);
	db_bind_int(q, 5, h->node);
	db_bind_text(q, 6, h->reason ? h->reason : "");
	db_bind_int(q, 7, h->account);
	db_bind_int(q, 8, h->at_ms);
	return store_run(q);
}

/* org, path, state, node, reason, account, at_ms */
static void read_hold(struct db_stmt *q, struct arena *arena, void *row)
{
	struct hold *h = row;
	*h = (struct hold){
		.org = db_col_int(q, 0), .path = db_col_dup(q, 1, arena),
		.state = (enum hold_state)db_col_int(q, 2), .node = db_col_int(q, 3),
		.reason = db_col_dup(q, 4, arena), .account = db_col_int(q, 5),
		.at_ms = db_col_int(q, 6),
	};
}

static const struct rows_kind hold_rows = {ROWS_ANSWER, sizeof(struct hold), read_hold};

/* What db_recall keeps of one. */
struct known_hold {
	bool asked;
	struct hold hold;
};
static const size_t hold_known = sizeof(struct known_hold);

static int know_holds(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n)
{
	int r;
	struct db_stmt *q = db_query(tx, "SELECT h.org, h.path, h.state, h.node, h.reason, h.account, h.at_ms"
				     " FROM " ORGS_GIVEN " JOIN org_hold h ON h.region = given.column1 / 10000000"
				     " AND h.campaign = $50 AND h.org = given.column1");
	for (int i = 0; i < ORGS_BATCH; i++) {
		struct known_hold *known = i < n ? db_recall(tx, &hold_known, campaign, orgs[i].id) : NULL;
		if (known)
			*known = (struct known_hold){true, {.org = orgs[i].id, .path = "", .reason = ""}};
		db_bind_int(q, i + 1, i < n ? orgs[i].id : 0);
	}
	db_bind_int(q, 50, campaign);
	while ((r = db_step(q)) > 0) {
		struct known_hold *known = db_recall(tx, &hold_known, campaign, db_col_int(q, 0));
		if (known)
			read_hold(q, db_recall_arena(tx), &known->hold);
	}
	return r;
}

int store_holds_know(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n)
{
	int r = 0;
	for (int i = 0; r == 0 && db_recall_arena(tx) && i < n; i += ORGS_BATCH)
		r = know_holds(tx, campaign, orgs + i, n - i < ORGS_BATCH ? n - i : ORGS_BATCH);
	return r;
}

int store_hold_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		   struct hold *ret_hold)
{
	struct known_hold *known = db_recall(tx, &hold_known, campaign, org);
	if (known && known->asked) {
		*ret_hold = known->hold;
		return 0;
	}
	struct db_stmt *q = db_query(tx, "SELECT org, path, state, node, reason, account, at_ms"
				     " FROM org_hold WHERE region = $1 AND campaign = $2"
				     " AND org = $3");
	store_bind_key(q, campaign, org);
	int r = db_step(q);
	if (r < 0)
		return r;
	if (r == 0) {
		*ret_hold = (struct hold){.org = org, .path = "", .reason = ""};
		return 0;
	}
	read_hold(q, arena, ret_hold);
	db_finish(q);
	return db_error(tx, NULL);
}

int store_hold_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		    struct hold **ret_holds, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT org, path, state, node, reason, account, at_ms"
				     " FROM org_hold WHERE campaign = $1 AND path >= $2"
				     " AND path < $3 ORDER BY path");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &hold_rows, arena, ret_holds, ret_n);
}

int store_hold_events(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		      struct hold **ret_events, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, '', state, node, reason, account, at_ms"
				     " FROM org_hold_event WHERE region = $1 AND campaign = $2"
				     " AND org = $3 ORDER BY event LIMIT 500");
	store_bind_key(q, campaign, org);
	return store_rows(tx, q, &hold_rows, arena, ret_events, ret_n);
}

/* ---- submissions ---- */

int store_submission_add(struct db_tx *tx, int64_t campaign, struct submission *s)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO submission (region, campaign, node, submission,"
				     " signed_by, note, orgs, account, at_ms)"
				     " SELECT $1, $2, $3, coalesce(max(submission), 0) + 1, $4, $5,"
				     " $6, $7, $8 FROM submission WHERE region = $1"
				     " AND campaign = $2 AND node = $3 RETURNING submission");
	store_bind_key(q, campaign, s->node);
	db_bind_text(q, 4, s->signed_by);
	db_bind_text(q, 5, s->note);
	db_bind_int(q, 6, s->orgs);
	db_bind_int(q, 7, s->account);
	db_bind_int(q, 8, s->at_ms);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	s->number = (int)db_col_int(q, 0);
	r = db_step(q);
	return r < 0 ? r : 0;
}

static void read_submission(struct db_stmt *q, struct arena *arena, void *row)
{
	struct submission *s = row;
	*s = (struct submission){
		.node = db_col_int(q, 0), .number = (int)db_col_int(q, 1),
		.signed_by = db_col_dup(q, 2, arena), .note = db_col_dup(q, 3, arena),
		.orgs = (int)db_col_int(q, 4), .account = db_col_int(q, 5),
		.at_ms = db_col_int(q, 6),
	};
}

static const struct rows_kind submission_rows =
	{ROWS_ANSWER, sizeof(struct submission), read_submission};

int store_submission_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			  struct submission **ret_submissions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT node, submission, signed_by, note, orgs, account,"
				     " at_ms FROM submission WHERE campaign = $1"
				     " AND ($2 = 0 OR node = $2) ORDER BY node, submission LIMIT 2000");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	return store_rows(tx, q, &submission_rows, arena, ret_submissions, ret_n);
}

/* ---- stars ---- */

int store_star_approval_put(struct db_tx *tx, int64_t campaign, const struct star_approval *a)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO star_approval (region, campaign, org, level,"
				     " stars, approved, reason, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
				     " ON CONFLICT (region, campaign, org) DO UPDATE SET"
				     " level = excluded.level, stars = excluded.stars,"
				     " approved = excluded.approved, reason = excluded.reason,"
				     " account = excluded.account, at_ms = excluded.at_ms");
	store_bind_key(q, campaign, a->org);
	db_bind_int(q, 4, a->level);
	db_bind_int(q, 5, a->stars);
	db_bind_int(q, 6, a->approved);
	db_bind_text(q, 7, a->reason ? a->reason : "");
	db_bind_int(q, 8, a->account);
	db_bind_int(q, 9, a->at_ms);
	return store_run(q);
}

int store_star_approval_drop(struct db_tx *tx, int64_t campaign, int64_t org)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM star_approval WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, org);
	return store_run(q);
}

static void read_star_approval(struct db_stmt *q, struct arena *arena, void *row)
{
	struct star_approval *a = row;
	*a = (struct star_approval){
		.org = db_col_int(q, 0), .level = (int)db_col_int(q, 1),
		.stars = (int)db_col_int(q, 2), .approved = db_col_int(q, 3) != 0,
		.reason = db_col_dup(q, 4, arena), .account = db_col_int(q, 5),
		.at_ms = db_col_int(q, 6),
	};
}

static const struct rows_kind star_approval_rows =
	{ROWS_ANSWER, sizeof(struct star_approval), read_star_approval};

int store_star_approval_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			     struct star_approval **ret_approvals, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, level, stars, approved, reason, account, at_ms"
				     " FROM star_approval WHERE campaign = $1"
				     " AND ($2 = 0 OR org = $2) ORDER BY org");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, org);
	return store_rows(tx, q, &star_approval_rows, arena, ret_approvals, ret_n);
}
