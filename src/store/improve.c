/* SPDX-License-Identifier: Apache-2.0 */
#include "store/improve.h"

#include "store/id.h"
#include "store/org_in.h"

static int done(int r)
{
	return r < 0 ? r : 0;
}

/* ---- improvement ---- */

int store_improvement_put(struct db_tx *tx, int64_t campaign, const struct improvement *i)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO improvement (region, campaign, org, path,"
				     " problems, goal, measures, owner, due_day, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
				     " ON CONFLICT (region, campaign, org) DO UPDATE SET"
				     " path = excluded.path, problems = excluded.problems,"
				     " goal = excluded.goal, measures = excluded.measures,"
				     " owner = excluded.owner, due_day = excluded.due_day,"
				     " account = excluded.account, at_ms = excluded.at_ms");
	db_bind_int(q, 1, id_region(i->org));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, i->org);
	db_bind_text(q, 4, i->path);
	db_bind_text(q, 5, i->problems);
	db_bind_text(q, 6, i->goal);
	db_bind_text(q, 7, i->measures);
	db_bind_text(q, 8, i->owner);
	db_bind_int(q, 9, i->due_day);
	db_bind_int(q, 10, i->account);
	db_bind_int(q, 11, i->at_ms);
	return done(db_run(q));
}

#define IMPROVEMENT_COLS \
	"org, path, problems, goal, measures, owner, due_day, account, at_ms FROM improvement"

static void read_improvement(struct db_stmt *q, struct arena *arena, struct improvement *i)
{
	*i = (struct improvement){
		.org = db_col_int(q, 0), .path = db_col_dup(q, 1, arena),
		.problems = db_col_dup(q, 2, arena), .goal = db_col_dup(q, 3, arena),
		.measures = db_col_dup(q, 4, arena), .owner = db_col_dup(q, 5, arena),
		.due_day = (int32_t)db_col_int(q, 6), .account = db_col_int(q, 7),
		.at_ms = db_col_int(q, 8),
	};
}

int store_improvement_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct improvement *ret_improvement)
{
	struct db_stmt *q = db_query(tx, "SELECT " IMPROVEMENT_COLS " WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	db_bind_int(q, 1, id_region(org));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, org);
	int r = db_step(q);
	if (r < 0)
		return r;
	if (r == 0) {
		*ret_improvement = (struct improvement){.org = org, .path = "", .problems = "",
							.goal = "", .measures = "", .owner = ""};
		return 0;
	}
	read_improvement(q, arena, ret_improvement);
	db_finish(q);
	return done(db_error(tx, NULL));
}

int store_improvement_list(struct db_tx *tx, int64_t campaign, const char *path,
			   struct arena *arena, struct improvement **ret_list, int *ret_n)
{
	struct org_rows rows = {0};
	char end[ORG_PATH_MAX];
	int r;
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT " IMPROVEMENT_COLS " WHERE campaign = $1"
				     " AND path >= $2 AND path < $3 ORDER BY path");
	db_bind_int(q, 1, campaign);
	db_bind_text(q, 2, path);
	db_bind_text(q, 3, end);
	while ((r = db_step(q)) > 0) {
		struct improvement *i = org_rows_add(tx, &rows, arena, sizeof(*i));
		if (!i)
			return ERR_NOMEM;
		read_improvement(q, arena, i);
	}
	if (r < 0)
		return r;
	*ret_list = rows.data;
	*ret_n = rows.n;
	return 0;
}

/* ---- appraisal ---- */

int store_appraisal_note_add(struct db_tx *tx, int64_t campaign, const struct appraisal_note *n)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO appraisal_note (region, campaign, org, note,"
				     " kind, day, by_whom, text, account, at_ms)"
				     " SELECT $1, $2, $3, coalesce(max(note), 0) + 1, $4, $5, $6, $7,"
				     " $8, $9 FROM appraisal_note WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	db_bind_int(q, 1, id_region(n->org));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, n->org);
	db_bind_int(q, 4, n->kind);
	db_bind_int(q, 5, n->day);
	db_bind_text(q, 6, n->by_whom);
	db_bind_text(q, 7, n->text);
	db_bind_int(q, 8, n->account);
	db_bind_int(q, 9, n->at_ms);
	return done(db_run(q));
}

int store_appraisal_notes(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct appraisal_note **ret_notes, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT org, note, kind, day, by_whom, text, account, at_ms"
				     " FROM appraisal_note WHERE region = $1 AND campaign = $2"
				     " AND org = $3 ORDER BY note LIMIT 2000");
	db_bind_int(q, 1, id_region(org));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, org);
	while ((r = db_step(q)) > 0) {
		struct appraisal_note *n = org_rows_add(tx, &rows, arena, sizeof(*n));
		if (!n)
			return ERR_NOMEM;
		*n = (struct appraisal_note){
			.org = db_col_int(q, 0), .number = (int)db_col_int(q, 1),
			.kind = (enum appraisal_kind)db_col_int(q, 2),
			.day = (int32_t)db_col_int(q, 3), .by_whom = db_col_dup(q, 4, arena),
			.text = db_col_dup(q, 5, arena), .account = db_col_int(q, 6),
			.at_ms = db_col_int(q, 7),
		};
	}
	if (r < 0)
		return r;
	*ret_notes = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_interview_insert(struct db_tx *tx, int64_t campaign, struct interview *v)
{
	int64_t id;
	int r = id_next(tx, id_region(v->org), ID_INTERVIEW, &id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO interview (region, campaign, interview, org,"
				     " path, person, by_whom, day, reason, outcome, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
	db_bind_int(q, 1, id_region(v->org));
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, id);
	db_bind_int(q, 4, v->org);
	db_bind_text(q, 5, v->path);
	db_bind_text(q, 6, v->person);
	db_bind_text(q, 7, v->by_whom);
	db_bind_int(q, 8, v->day);
	db_bind_text(q, 9, v->reason);
	db_bind_text(q, 10, v->outcome);
	db_bind_int(q, 11, v->account);
	db_bind_int(q, 12, v->at_ms);
	if ((r = db_run(q)) < 0)
		return r;
	v->id = id;
	return 0;
}

int store_interview_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			 struct interview **ret_list, int *ret_n)
{
	struct org_rows rows = {0};
	char end[ORG_PATH_MAX];
	int r;
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT v.interview, v.org, v.path, v.person, v.by_whom,"
				     " v.day, v.reason, v.outcome, v.account, v.at_ms, o.name"
				     " FROM interview v LEFT JOIN campaign_org o"
				     " ON o.region = v.region AND o.campaign = v.campaign"
				     " AND o.org = v.org WHERE v.campaign = $1 AND v.path >= $2"
				     " AND v.path < $3 ORDER BY v.day DESC, v.interview DESC LIMIT 2000");
	db_bind_int(q, 1, campaign);
	db_bind_text(q, 2, path);
	db_bind_text(q, 3, end);
	while ((r = db_step(q)) > 0) {
		struct interview *v = org_rows_add(tx, &rows, arena, sizeof(*v));
		if (!v)
			return ERR_NOMEM;
		*v = (struct interview){
			.id = db_col_int(q, 0), .org = db_col_int(q, 1),
			.path = db_col_dup(q, 2, arena), .person = db_col_dup(q, 3, arena),
			.by_whom = db_col_dup(q, 4, arena), .day = (int32_t)db_col_int(q, 5),
			.reason = db_col_dup(q, 6, arena), .outcome = db_col_dup(q, 7, arena),
			.account = db_col_int(q, 8), .at_ms = db_col_int(q, 9),
			.org_name = db_col_dup(q, 10, arena),
		};
	}
	if (r < 0)
		return r;
	*ret_list = rows.data;
	*ret_n = rows.n;
	return 0;
}
