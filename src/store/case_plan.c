/* SPDX-License-Identifier: Apache-2.0 */
/* Problems, progress and evidence; helpers and visits. */
#include "store/case.h"
#include "store/id.h"
#include "store/org_in.h"

#define PROBLEM_FIELDS \
	"case_id, round, place, title, ref, cause, measure, goal, " \
	"deadline, owner, post, phone, state, percent, result, done_day, verified_day, " \
	"verified_by, verdict, extended, version"
#define PROBLEM_COLUMNS \
	"p.problem, p.case_id, p.round, p.place, p.title, p.ref, " \
	"p.cause, p.measure, p.goal, p.deadline, p.owner, p.post, p.phone, p.state, p.percent, " \
	"p.result, p.done_day, p.verified_day, p.verified_by, p.verdict, p.extended, " \
	"p.version, c.org, o.name, c.state"
#define PROBLEM_FROM " FROM case_problem p CROSS JOIN ledger_case c CROSS JOIN org o" \
	" WHERE c.region = p.region AND c.case_id = p.case_id AND o.region = c.region" \
	" AND o.org = c.org AND "

static void read_problem(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_problem *row = to;
	*row = (struct case_problem){ .id = db_col_int(q, 0), .case_id = db_col_int(q, 1),
		.round = (int)db_col_int(q, 2), .place = (int)db_col_int(q, 3),
		.title = db_col_dup(q, 4, arena), .ref = db_col_dup(q, 5, arena),
		.cause = db_col_dup(q, 6, arena), .measure = db_col_dup(q, 7, arena),
		.goal = db_col_dup(q, 8, arena), .deadline = (int32_t)db_col_int(q, 9),
		.owner = db_col_dup(q, 10, arena), .post = db_col_dup(q, 11, arena),
		.phone = db_col_dup(q, 12, arena), .state = (enum problem_state)db_col_int(q, 13),
		.percent = (int)db_col_int(q, 14), .result = db_col_dup(q, 15, arena),
		.done_day = (int32_t)db_col_int(q, 16),
		.verified_day = (int32_t)db_col_int(q, 17),
		.verified_by = db_col_dup(q, 18, arena), .verdict = db_col_dup(q, 19, arena),
		.extended = db_col_dup(q, 20, arena), .version = db_col_int(q, 21),
		.org = db_col_int(q, 22), .org_name = db_col_dup(q, 23, arena),
		.case_state = (enum case_state)db_col_int(q, 24),
	};
}

static const struct rows_kind problem_rows =
	{ROWS_ANSWER, sizeof(struct case_problem), read_problem};

static void bind_problem(struct db_stmt *q, const struct case_problem *p)
{
	store_bind_id(q, p->id);
	db_bind_int(q, 3, p->case_id);
	db_bind_int(q, 4, p->round);
	db_bind_int(q, 5, p->place);
	db_bind_text(q, 6, p->title);
	db_bind_text(q, 7, p->ref);
	db_bind_text(q, 8, p->cause);
	db_bind_text(q, 9, p->measure);
	db_bind_text(q, 10, p->goal);
	db_bind_int(q, 11, p->deadline);
	db_bind_text(q, 12, p->owner);
	db_bind_text(q, 13, p->post);
	db_bind_text(q, 14, p->phone);
	db_bind_int(q, 15, p->state);
	db_bind_int(q, 16, p->percent);
	db_bind_text(q, 17, p->result);
	db_bind_int(q, 18, p->done_day);
	db_bind_int(q, 19, p->verified_day);
	db_bind_text(q, 20, p->verified_by);
	db_bind_text(q, 21, p->verdict);
	db_bind_text(q, 22, p->extended);
	db_bind_int(q, 23, p->version);
}

static int insert_problem(struct db_tx *tx, struct case_problem *p)
{
	struct db_stmt *q = db_query(tx, "SELECT COALESCE(MAX(place), 0) + 1 FROM case_problem"
				     " WHERE region = $1 AND case_id = $2 AND round = $3");
	store_bind_id(q, p->case_id);
	db_bind_int(q, 3, p->round);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	p->place = (int)db_col_int(q, 0);
	db_finish(q);
	if (p->place > CASE_ROWS_MAX)
		return ERR_LIMIT;
	if ((r = id_next(tx, id_region(p->case_id), ID_PROBLEM, &p->id)) < 0)
		return r;
	p->version = 1;
	q = db_query(tx, "INSERT INTO case_problem (region, problem, " PROBLEM_FIELDS
		     ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
		     "$15, $16, $17, $18, $19, $20, $21, $22, $23)");
	bind_problem(q, p);
	return store_run(q);
}

int store_problem_put(struct db_tx *tx, struct case_problem *p)
{
	if (!p->id)
		return insert_problem(tx, p);
	struct db_stmt *q = db_query(tx, "UPDATE case_problem SET (" PROBLEM_FIELDS ")"
				     "= ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
				     "$15, $16, $17, $18, $19, $20, $21, $22, $23) WHERE "
				     "region = $1 AND problem = $2 AND version = $23 - 1");
	p->version++;
	bind_problem(q, p);
	int r = db_run(q);
	return r < 0 ? r : r == 1 ? 0 : ERR_CONFLICT;
}

int store_problem_get(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct case_problem *ret_problem)
{
	struct db_stmt *q = db_query(tx, "SELECT " PROBLEM_COLUMNS PROBLEM_FROM
				     "p.region = $1 AND p.problem = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &problem_rows, arena, ret_problem);
}

int store_problems(struct db_tx *tx, int64_t case_id, int round, struct arena *arena,
		 struct case_problem **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " PROBLEM_COLUMNS PROBLEM_FROM "p.region = $1 AND p.case_id = $2 "
				     "AND ($3 = 0 OR p.round = $3) ORDER BY p.round, p.place "
				     "LIMIT 1000");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, round);
	struct case_problem *rows;
	int n, r = store_rows_of(tx, q, &problem_rows, case_id, arena, &rows, &n);
	if (r < 0)
		return r;
	/* What is known is of all rounds. */
	for (; round && n && rows->round != round; rows++)
		n--;
	while (round && n && rows[n - 1].round != round)
		n--;
	*ret_rows = rows;
	*ret_n = n;
	return 0;
}

int store_problems_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " PROBLEM_COLUMNS ", c.case_id" CASES_BELOW
				     " LEFT JOIN case_problem p ON p.region = c.region AND p.case_id = c.case_id"
				     CASES_WHERE " ORDER BY c.case_id, p.round, p.place");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &problem_rows, 25);
}

int store_problems_below(struct db_tx *tx, const char *path, struct arena *arena,
		 struct case_problem **ret_rows, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " PROBLEM_COLUMNS PROBLEM_FROM "o.path >= $1 AND o.path < $2 AND "
				     "p.region >= $3 AND p.region <= $4 AND p.round = c.round ORDER BY p.deadline, p.problem LIMIT "
				     "10000");
	org_bind_below(q, path, end);
	return store_rows(tx, q, &problem_rows, arena, ret_rows, ret_n);
}

int store_progress_add(struct db_tx *tx, const struct case_progress *progress)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_progress (region, problem, seq, "
				     "day, percent, text, who, at_ms) VALUES ($1, $2, (SELECT "
				     "COALESCE(MAX(seq), 0) + 1 FROM case_progress WHERE "
				     "region = $1 AND problem = $2), $3, $4, $5, $6, $7)");
	store_bind_id(q, progress->problem);
	db_bind_int(q, 3, progress->day);
	db_bind_int(q, 4, progress->percent);
	db_bind_text(q, 5, progress->text);
	db_bind_text(q, 6, progress->who);
	db_bind_int(q, 7, progress->at_ms);
	return store_run(q);
}

static void read_progress(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_progress *row = to;
	*row = (struct case_progress){ .problem = db_col_int(q, 0), .seq = (int)db_col_int(q, 1),
		.day = (int32_t)db_col_int(q, 2), .percent = (int)db_col_int(q, 3),
		.text = db_col_dup(q, 4, arena), .who = db_col_dup(q, 5, arena),
		.at_ms = db_col_int(q, 6),
	};
}

static const struct rows_kind progress_rows =
	{ROWS_ANSWER, sizeof(struct case_progress), read_progress};

int store_progress(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_progress **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT g.problem, g.seq, g.day, g.percent, g.text, "
				     "g.who, g.at_ms FROM case_progress g JOIN case_problem p "
				     "ON p.region = g.region AND p.problem = g.problem WHERE "
				     "p.region = $1 AND p.case_id = $2 ORDER BY g.at_ms, "
				     "g.problem, g.seq LIMIT 10000");
	store_bind_id(q, case_id);
	return store_rows(tx, q, &progress_rows, arena, ret_rows, ret_n);
}

int store_evidence_put(struct db_tx *tx, const struct case_evidence *evidence)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_evidence (region, attachment, verdict, note, who,"
				     " at_ms) VALUES ($1, $2, $3, $4, $5, $6)"
				     " ON CONFLICT (region, attachment) DO UPDATE SET verdict = $3,"
				     " note = $4, who = $5, at_ms = $6");
	store_bind_id(q, evidence->attachment);
	db_bind_int(q, 3, evidence->verdict);
	db_bind_text(q, 4, evidence->note);
	db_bind_text(q, 5, evidence->who);
	db_bind_int(q, 6, evidence->at_ms);
	return store_run(q);
}

static void read_evidence(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_evidence *row = to;
	*row = (struct case_evidence){ .attachment = db_col_int(q, 0),
		.verdict = (enum evidence_verdict)db_col_int(q, 1),
		.note = db_col_dup(q, 2, arena), .who = db_col_dup(q, 3, arena),
		.at_ms = db_col_int(q, 4),
	};
}

static const struct rows_kind evidence_rows =
	{ROWS_ANSWER, sizeof(struct case_evidence), read_evidence};

int store_evidence(struct db_tx *tx, int64_t org, struct arena *arena,
		 struct case_evidence **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT e.attachment, e.verdict, e.note, e.who, "
				     "e.at_ms FROM case_evidence e JOIN attachment a ON "
				     "a.region = e.region AND a.attachment = e.attachment "
				     "WHERE a.region = $1 AND a.org = $2 ORDER BY e.attachment "
				     "LIMIT 2000");
	store_bind_id(q, org);
	return store_rows_of(tx, q, &evidence_rows, org, arena, ret_rows, ret_n);
}

int store_evidence_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT e.attachment, e.verdict, e.note, e.who, e.at_ms, c.org" CASES_BELOW
				     " LEFT JOIN attachment a ON a.region = c.region AND a.org = c.org"
				     " LEFT JOIN case_evidence e ON e.region = a.region"
				     " AND e.attachment = a.attachment" CASES_WHERE " ORDER BY c.org, e.attachment");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &evidence_rows, 5);
}
