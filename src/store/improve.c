/* SPDX-License-Identifier: Apache-2.0 */
#include "store/improve.h"

#include "store/id.h"
#include "store/org_in.h"

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
	store_bind_key(q, campaign, i->org);
	db_bind_text(q, 4, i->path);
	db_bind_text(q, 5, i->problems);
	db_bind_text(q, 6, i->goal);
	db_bind_text(q, 7, i->measures);
	db_bind_text(q, 8, i->owner);
	db_bind_int(q, 9, i->due_day);
	db_bind_int(q, 10, i->account);
	db_bind_int(q, 11, i->at_ms);
	return store_run(q);
}

#define IMPROVEMENT_COLS \
	"org, path, problems, goal, measures, owner, due_day, account, at_ms FROM improvement"

static void read_improvement(struct db_stmt *q, struct arena *arena, void *row)
{
	struct improvement *i = row;
	*i = (struct improvement){
		.org = db_col_int(q, 0), .path = db_col_dup(q, 1, arena),
		.problems = db_col_dup(q, 2, arena), .goal = db_col_dup(q, 3, arena),
		.measures = db_col_dup(q, 4, arena), .owner = db_col_dup(q, 5, arena),
		.due_day = (int32_t)db_col_int(q, 6), .account = db_col_int(q, 7),
		.at_ms = db_col_int(q, 8),
	};
}

static const struct rows_kind improvement_rows =
	{ROWS_ANSWER, sizeof(struct improvement), read_improvement};

int store_improvement_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct improvement *ret_improvement)
{
	struct db_stmt *q = db_query(tx, "SELECT " IMPROVEMENT_COLS " WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, org);
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
	return db_error(tx, NULL);
}

int store_improvement_list(struct db_tx *tx, int64_t campaign, const char *path,
			   struct arena *arena, struct improvement **ret_list, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " IMPROVEMENT_COLS " WHERE campaign = $1"
				     " AND path >= $2 AND path < $3 ORDER BY path");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &improvement_rows, arena, ret_list, ret_n);
}

/* ---- appraisal ---- */

int store_appraisal_note_add(struct db_tx *tx, int64_t campaign, const struct appraisal_note *n)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO appraisal_note (region, campaign, org, note,"
				     " kind, day, by_whom, text, account, at_ms)"
				     " SELECT $1, $2, $3, coalesce(max(note), 0) + 1, $4, $5, $6, $7,"
				     " $8, $9 FROM appraisal_note WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, n->org);
	db_bind_int(q, 4, n->kind);
	db_bind_int(q, 5, n->day);
	db_bind_text(q, 6, n->by_whom);
	db_bind_text(q, 7, n->text);
	db_bind_int(q, 8, n->account);
	db_bind_int(q, 9, n->at_ms);
	return store_run(q);
}

static void read_appraisal_note(struct db_stmt *q, struct arena *arena, void *row)
{
	struct appraisal_note *n = row;
	*n = (struct appraisal_note){
		.org = db_col_int(q, 0), .number = (int)db_col_int(q, 1),
		.kind = (enum appraisal_kind)db_col_int(q, 2),
		.day = (int32_t)db_col_int(q, 3), .by_whom = db_col_dup(q, 4, arena),
		.text = db_col_dup(q, 5, arena), .account = db_col_int(q, 6),
		.at_ms = db_col_int(q, 7),
	};
}

static const struct rows_kind appraisal_note_rows =
	{ROWS_ANSWER, sizeof(struct appraisal_note), read_appraisal_note};

int store_appraisal_notes(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct appraisal_note **ret_notes, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, note, kind, day, by_whom, text, account, at_ms"
				     " FROM appraisal_note WHERE region = $1 AND campaign = $2"
				     " AND org = $3 ORDER BY note LIMIT 2000");
	store_bind_key(q, campaign, org);
	return store_rows(tx, q, &appraisal_note_rows, arena, ret_notes, ret_n);
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

static void read_interview(struct db_stmt *q, struct arena *arena, void *row)
{
	struct interview *v = row;
	*v = (struct interview){
		.id = db_col_int(q, 0), .org = db_col_int(q, 1),
		.path = db_col_dup(q, 2, arena), .person = db_col_dup(q, 3, arena),
		.by_whom = db_col_dup(q, 4, arena), .day = (int32_t)db_col_int(q, 5),
		.reason = db_col_dup(q, 6, arena), .outcome = db_col_dup(q, 7, arena),
		.account = db_col_int(q, 8), .at_ms = db_col_int(q, 9),
		.org_name = db_col_dup(q, 10, arena),
	};
}

static const struct rows_kind interview_rows =
	{ROWS_ANSWER, sizeof(struct interview), read_interview};

int store_interview_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			 struct interview **ret_list, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT v.interview, v.org, v.path, v.person, v.by_whom,"
				     " v.day, v.reason, v.outcome, v.account, v.at_ms, o.name"
				     " FROM interview v LEFT JOIN campaign_org o"
				     " ON o.region = v.region AND o.campaign = v.campaign"
				     " AND o.org = v.org WHERE v.campaign = $1 AND v.path >= $2"
				     " AND v.path < $3 ORDER BY v.day DESC, v.interview DESC LIMIT 2000");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &interview_rows, arena, ret_list, ret_n);
}
