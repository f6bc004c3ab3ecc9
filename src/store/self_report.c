/* SPDX-License-Identifier: Apache-2.0 */
#include "store/self_report.h"

#include "store/id.h"
#include "store/org_in.h"

#define SELF_COLS \
	"s.org, s.grade, s.sealed, s.by_township, s.state, s.saved_by, s.saved_ms, s.handed_by," \
	" s.handed_ms, s.decided_by, s.decided_ms, s.reason, coalesce(a.label, ''), coalesce(d.label, '')"
#define SELF_NAMES \
	" LEFT JOIN account a ON a.region = s.saved_by / 10000000 AND a.account = s.saved_by" \
	" LEFT JOIN account d ON d.region = s.decided_by / 10000000 AND d.account = s.decided_by"

static void read_self(struct db_stmt *q, struct arena *arena, void *row)
{
	struct self_report *s = row;
	*s = (struct self_report){
		.org = db_col_int(q, 0), .report = "", .grade = (int)db_col_int(q, 1),
		.sealed = db_col_int(q, 2) != 0, .by_township = db_col_int(q, 3) != 0,
		.state = (enum self_state)db_col_int(q, 4), .saved_by = db_col_int(q, 5),
		.saved_ms = db_col_int(q, 6), .handed_by = db_col_int(q, 7),
		.handed_ms = db_col_int(q, 8), .decided_by = db_col_int(q, 9),
		.decided_ms = db_col_int(q, 10), .reason = db_col_dup(q, 11, arena),
		.saved_label = db_col_dup(q, 12, arena), .decided_label = db_col_dup(q, 13, arena),
	};
}

static const struct rows_kind self_rows = {ROWS_ANSWER, sizeof(struct self_report), read_self};

/* What db_recall keeps of one. */
struct known_self {
	bool asked;
	struct self_report report;
};
static const size_t self_known = sizeof(struct known_self);

static int know_selfs(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n)
{
	int r;
	struct db_stmt *q = db_query(tx, "SELECT " SELF_COLS ", s.report FROM " ORGS_GIVEN " JOIN self_report s"
				     " ON s.region = given.column1 / 10000000 AND s.campaign = $50"
				     " AND s.org = given.column1" SELF_NAMES);
	for (int i = 0; i < ORGS_BATCH; i++) {
		struct known_self *known = i < n ? db_recall(tx, &self_known, campaign, orgs[i].id) : NULL;
		if (known)
			*known = (struct known_self){true, store_self_none(orgs[i].id)};
		db_bind_int(q, i + 1, i < n ? orgs[i].id : 0);
	}
	db_bind_int(q, 50, campaign);
	while ((r = db_step(q)) > 0) {
		struct known_self *known = db_recall(tx, &self_known, campaign, db_col_int(q, 0));
		if (!known)
			continue;
		read_self(q, db_recall_arena(tx), &known->report);
		known->report.report = db_col_dup(q, 14, db_recall_arena(tx));
	}
	return r;
}

int store_selfs_know(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n)
{
	int r = 0;
	for (int i = 0; r == 0 && db_recall_arena(tx) && i < n; i += ORGS_BATCH)
		r = know_selfs(tx, campaign, orgs + i, n - i < ORGS_BATCH ? n - i : ORGS_BATCH);
	return r;
}

int store_self_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		   struct self_report *ret_report)
{
	struct known_self *known = db_recall(tx, &self_known, campaign, org);
	if (known && known->asked) {
		*ret_report = known->report;
		return 0;
	}
	*ret_report = store_self_none(org);
	struct db_stmt *q = db_query(tx, "SELECT " SELF_COLS ", s.report FROM self_report s" SELF_NAMES
				     " WHERE s.region = $1 AND s.campaign = $2 AND s.org = $3");
	store_bind_key(q, campaign, org);
	int r = db_step(q);
	if (r <= 0)
		return r;
	read_self(q, arena, ret_report);
	ret_report->report = db_col_dup(q, 14, arena);
	db_finish(q);
	return db_error(tx, NULL);
}

int store_self_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		    struct self_report **ret_reports, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " SELF_COLS " FROM campaign_org o JOIN self_report s"
				     " ON s.region = o.region AND s.campaign = o.campaign AND s.org = o.org"
				     SELF_NAMES " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &self_rows, arena, ret_reports, ret_n);
}

int store_self_put(struct db_tx *tx, int64_t campaign, const struct self_report *s)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO self_report (region, campaign, org, report, grade,"
				     " sealed, by_township, state, saved_by, saved_ms, handed_by,"
				     " handed_ms, decided_by, decided_ms, reason)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
				     " $14, $15) ON CONFLICT (region, campaign, org) DO UPDATE SET"
				     " report = excluded.report, grade = excluded.grade,"
				     " sealed = excluded.sealed, by_township = excluded.by_township,"
				     " state = excluded.state, saved_by = excluded.saved_by,"
				     " saved_ms = excluded.saved_ms, handed_by = excluded.handed_by,"
				     " handed_ms = excluded.handed_ms, decided_by = excluded.decided_by,"
				     " decided_ms = excluded.decided_ms, reason = excluded.reason");
	store_bind_key(q, campaign, s->org);
	db_bind_text(q, 4, s->report);
	db_bind_int(q, 5, s->grade);
	db_bind_int(q, 6, s->sealed);
	db_bind_int(q, 7, s->by_township);
	db_bind_int(q, 8, s->state);
	db_bind_int(q, 9, s->saved_by);
	db_bind_int(q, 10, s->saved_ms);
	db_bind_int(q, 11, s->handed_by);
	db_bind_int(q, 12, s->handed_ms);
	db_bind_int(q, 13, s->decided_by);
	db_bind_int(q, 14, s->decided_ms);
	db_bind_text(q, 15, s->reason);
	return store_run(q);
}

int store_self_each(struct db_tx *tx, int64_t campaign, const char *path,
		    int (*fn)(void *arg, int64_t org, struct str report), void *arg)
{
	char end[ORG_PATH_MAX];
	int r;
	struct db_stmt *q = db_query(tx, "SELECT s.org, s.report FROM campaign_org o JOIN self_report s"
				     " ON s.region = o.region AND s.campaign = o.campaign AND s.org = o.org"
				     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " AND s.report <> ''");
	store_bind_below(q, campaign, path, end);
	while ((r = db_step(q)) > 0) {
		int bad = fn(arg, db_col_int(q, 0), db_col_str(q, 1));
		if (bad < 0) {
			db_finish(q);
			return bad;
		}
	}
	return r;
}
