/* SPDX-License-Identifier: Apache-2.0 */
/* Who helps, visits, secretaries, money; acceptance sheets and look-backs. */
#include "store/case.h"
#include "store/id.h"
#include "store/money.h"
#include "store/org_in.h"

/* The number after the last of a table's rows of a case. */
static int next_seq(struct db_stmt *q, int64_t case_id, int *seq)
{
	store_bind_id(q, case_id);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*seq = (int)db_col_int(q, 0);
	db_finish(q);
	return *seq > CASE_ROWS_MAX ? ERR_LIMIT : 0;
}

int store_helper_put(struct db_tx *tx, int64_t case_id, struct case_helper *helper)
{
	int r = 0;
	if (!helper->seq)
		r = next_seq(db_query(tx, "SELECT COALESCE(MAX(seq), 0) + 1 FROM case_helper"
				      " WHERE region = $1 AND case_id = $2"), case_id, &helper->seq);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO case_helper (region, case_id, seq, kind, "
				     "name, post, phone, support_kind, every_days, from_day, "
				     "to_day, why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
				     "$10, $11, $12) ON CONFLICT (region, case_id, seq) DO "
				     "UPDATE SET kind = $4, name = $5, post = $6, phone = $7, "
				     "support_kind = $8, every_days = $9, from_day = $10, "
				     "to_day = $11, why = $12");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, helper->seq);
	db_bind_int(q, 4, helper->kind);
	db_bind_text(q, 5, helper->name);
	db_bind_text(q, 6, helper->post);
	db_bind_text(q, 7, helper->phone);
	db_bind_int(q, 8, helper->support_kind);
	db_bind_int(q, 9, helper->every_days);
	db_bind_int(q, 10, helper->from_day);
	db_bind_int(q, 11, helper->to_day);
	db_bind_text(q, 12, helper->why);
	return store_run(q);
}

static void read_helper(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_helper *row = to;
	*row = (struct case_helper){ .seq = (int)db_col_int(q, 0),
		.kind = (enum helper_kind)db_col_int(q, 1), .name = db_col_dup(q, 2, arena),
		.post = db_col_dup(q, 3, arena), .phone = db_col_dup(q, 4, arena),
		.support_kind = (int)db_col_int(q, 5), .every_days = (int)db_col_int(q, 6),
		.from_day = (int32_t)db_col_int(q, 7), .to_day = (int32_t)db_col_int(q, 8),
		.why = db_col_dup(q, 9, arena),
	};
}

static const struct rows_kind helper_rows = {ROWS_ANSWER, sizeof(struct case_helper), read_helper};

int store_helpers(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_helper **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT seq, kind, name, post, phone, support_kind, "
				     "every_days, from_day, to_day, why FROM case_helper WHERE "
				     "region = $1 AND case_id = $2 ORDER BY kind, seq LIMIT "
				     "1000");
	store_bind_id(q, case_id);
	return store_rows_of(tx, q, &helper_rows, case_id, arena, ret_rows, ret_n);
}

int store_helpers_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT x.seq, x.kind, x.name, x.post, x.phone, x.support_kind, x.every_days, x.from_day, x.to_day, x.why, c.case_id" CASES_BELOW_WITH("case_helper")
				     " ORDER BY c.case_id, x.kind, x.seq");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &helper_rows, 10);
}

int store_visit_add(struct db_tx *tx, int64_t case_id, const struct case_visit *visit)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_visit (region, case_id, seq, "
				     "helper, name, day, text, account, at_ms) VALUES ($1, $2, "
				     "(SELECT COALESCE(MAX(seq), 0) + 1 FROM case_visit WHERE "
				     "region = $1 AND case_id = $2), $3, $4, $5, $6, $7, $8)");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, visit->helper);
	db_bind_text(q, 4, visit->name);
	db_bind_int(q, 5, visit->day);
	db_bind_text(q, 6, visit->text);
	db_bind_int(q, 7, visit->account);
	db_bind_int(q, 8, visit->at_ms);
	return store_run(q);
}

static void read_visit(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_visit *row = to;
	*row = (struct case_visit){ .case_id = db_col_int(q, 0), .seq = (int)db_col_int(q, 1),
		.helper = (int)db_col_int(q, 2), .name = db_col_dup(q, 3, arena),
		.day = (int32_t)db_col_int(q, 4), .text = db_col_dup(q, 5, arena),
		.account = db_col_int(q, 6), .at_ms = db_col_int(q, 7),
	};
}

static const struct rows_kind visit_rows = {ROWS_ANSWER, sizeof(struct case_visit), read_visit};

int store_visits(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_visit **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT case_id, seq, helper, name, day, text, "
				     "account, at_ms FROM case_visit WHERE region = $1 AND "
				     "case_id = $2 ORDER BY day, seq LIMIT 1000");
	store_bind_id(q, case_id);
	return store_rows_of(tx, q, &visit_rows, case_id, arena, ret_rows, ret_n);
}

int store_visits_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT x.case_id, x.seq, x.helper, x.name, x.day, x.text, x.account, x.at_ms, c.case_id" CASES_BELOW_WITH("case_visit")
				     " ORDER BY c.case_id, x.day, x.seq");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &visit_rows, 8);
}

int store_secretary_put(struct db_tx *tx, int64_t case_id, struct case_secretary *secretary)
{
	int r = 0;
	if (!secretary->seq)
		r = next_seq(db_query(tx, "SELECT COALESCE(MAX(seq), 0) + 1 FROM case_secretary"
				      " WHERE region = $1 AND case_id = $2"), case_id, &secretary->seq);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO case_secretary (region, case_id, seq, "
				     "was, since_day, old_name, new_name, source, new_day, "
				     "training_days, note) VALUES ($1, $2, $3, $4, $5, $6, $7, "
				     "$8, $9, $10, $11) ON CONFLICT (region, case_id, seq) DO "
				     "UPDATE SET was = $4, since_day = $5, old_name = $6, "
				     "new_name = $7, source = $8, new_day = $9, training_days "
				     "= $10, note = $11");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, secretary->seq);
	db_bind_int(q, 4, secretary->was);
	db_bind_int(q, 5, secretary->since_day);
	db_bind_text(q, 6, secretary->old_name);
	db_bind_text(q, 7, secretary->new_name);
	db_bind_text(q, 8, secretary->source);
	db_bind_int(q, 9, secretary->new_day);
	db_bind_int(q, 10, secretary->training_days);
	db_bind_text(q, 11, secretary->note);
	return store_run(q);
}

static void read_secretary(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_secretary *row = to;
	*row = (struct case_secretary){ .seq = (int)db_col_int(q, 0),
		.was = (enum secretary_was)db_col_int(q, 1),
		.since_day = (int32_t)db_col_int(q, 2), .old_name = db_col_dup(q, 3, arena),
		.new_name = db_col_dup(q, 4, arena), .source = db_col_dup(q, 5, arena),
		.new_day = (int32_t)db_col_int(q, 6), .training_days = (int)db_col_int(q, 7),
		.note = db_col_dup(q, 8, arena),
	};
}

static const struct rows_kind secretary_rows =
	{ROWS_ANSWER, sizeof(struct case_secretary), read_secretary};

int store_secretaries(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_secretary **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT seq, was, since_day, old_name, new_name, "
				     "source, new_day, training_days, note FROM case_secretary "
				     "WHERE region = $1 AND case_id = $2 ORDER BY seq LIMIT "
				     "1000");
	store_bind_id(q, case_id);
	return store_rows(tx, q, &secretary_rows, arena, ret_rows, ret_n);
}

int store_money_put(struct db_tx *tx, const struct case_money *m)
{
	const struct money money = {m->org, m->year, m->kind, m->label, m->note, m->cents};
	return store_money_set(tx, &money);
}

static void read_money(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_money *row = to;
	*row = (struct case_money){ .org = db_col_int(q, 0), .year = (int)db_col_int(q, 1),
		.kind = db_col_dup(q, 2, arena), .label = db_col_dup(q, 3, arena),
		.cents = db_col_int(q, 4), .note = db_col_dup(q, 5, arena),
	};
}

static const struct rows_kind money_rows = {ROWS_ANSWER, sizeof(struct case_money), read_money};

int store_money(struct db_tx *tx, int64_t org, struct arena *arena,
		 struct case_money **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, year, kind, label, cents, note FROM "
				     "case_money WHERE region = $1 AND org = $2 ORDER BY year, "
				     "kind LIMIT 1000");
	store_bind_id(q, org);
	return store_rows(tx, q, &money_rows, arena, ret_rows, ret_n);
}

int store_sheet_put(struct db_tx *tx, int64_t case_id, const struct case_sheet *sheet)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_sheet (region, case_id, round, "
				     "attempt, day, items, score_e4, pass_e4, acceptors, "
				     "on_spot, heard, satisfied, dissatisfied, how, veto, "
				     "opinion, outcome, who, at_ms) VALUES ($1, $2, $3, $4, "
				     "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
				     "$17, $18, $19) ON CONFLICT (region, case_id, round, "
				     "attempt) DO UPDATE SET day = $5, items = $6, score_e4 = "
				     "$7, pass_e4 = $8, acceptors = $9, on_spot = $10, heard = "
				     "$11, satisfied = $12, dissatisfied = $13, how = $14, "
				     "veto = $15, opinion = $16, outcome = $17, who = $18, "
				     "at_ms = $19");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, sheet->round);
	db_bind_int(q, 4, sheet->attempt);
	db_bind_int(q, 5, sheet->day);
	db_bind_text(q, 6, sheet->items);
	db_bind_int(q, 7, sheet->score_e4);
	db_bind_int(q, 8, sheet->pass_e4);
	db_bind_text(q, 9, sheet->acceptors);
	db_bind_int(q, 10, sheet->on_spot);
	db_bind_int(q, 11, sheet->heard);
	db_bind_int(q, 12, sheet->satisfied);
	db_bind_int(q, 13, sheet->dissatisfied);
	db_bind_text(q, 14, sheet->how);
	db_bind_text(q, 15, sheet->veto);
	db_bind_text(q, 16, sheet->opinion);
	db_bind_int(q, 17, sheet->outcome);
	db_bind_text(q, 18, sheet->who);
	db_bind_int(q, 19, sheet->at_ms);
	return store_run(q);
}

static void read_sheet(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_sheet *row = to;
	*row = (struct case_sheet){ .round = (int)db_col_int(q, 0),
		.attempt = (int)db_col_int(q, 1), .day = (int32_t)db_col_int(q, 2),
		.items = db_col_dup(q, 3, arena), .score_e4 = db_col_int(q, 4),
		.pass_e4 = db_col_int(q, 5), .acceptors = db_col_dup(q, 6, arena),
		.on_spot = db_col_int(q, 7) != 0, .heard = db_col_int(q, 8),
		.satisfied = db_col_int(q, 9), .dissatisfied = db_col_int(q, 10),
		.how = db_col_dup(q, 11, arena), .veto = db_col_dup(q, 12, arena),
		.opinion = db_col_dup(q, 13, arena),
		.outcome = (enum sheet_outcome)db_col_int(q, 14), .who = db_col_dup(q, 15, arena),
		.at_ms = db_col_int(q, 16),
	};
}

static const struct rows_kind sheet_rows = {ROWS_ANSWER, sizeof(struct case_sheet), read_sheet};

int store_sheets(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_sheet **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT round, attempt, day, items, score_e4, "
				     "pass_e4, acceptors, on_spot, heard, satisfied, "
				     "dissatisfied, how, veto, opinion, outcome, who, at_ms "
				     "FROM case_sheet WHERE region = $1 AND case_id = $2 ORDER "
				     "BY round, attempt LIMIT 1000");
	store_bind_id(q, case_id);
	return store_rows_of(tx, q, &sheet_rows, case_id, arena, ret_rows, ret_n);
}

int store_sheets_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT x.round, x.attempt, x.day, x.items, x.score_e4, x.pass_e4, x.acceptors, x.on_spot, x.heard,"
				     " x.satisfied, x.dissatisfied, x.how, x.veto, x.opinion, x.outcome, x.who, x.at_ms, c.case_id" CASES_BELOW_WITH("case_sheet")
				     " ORDER BY c.case_id, x.round, x.attempt");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &sheet_rows, 17);
}

int store_lookback_put(struct db_tx *tx, int64_t case_id, const struct case_lookback *lookback)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_lookback (region, case_id, round, "
				     "seq, due_day, done_day, good, text, who) VALUES ($1, $2, "
				     "$3, $4, $5, $6, $7, $8, $9) ON CONFLICT (region, "
				     "case_id, round, seq) DO UPDATE SET due_day = $5, "
				     "done_day = $6, good = $7, text = $8, who = $9");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, lookback->round);
	db_bind_int(q, 4, lookback->seq);
	db_bind_int(q, 5, lookback->due_day);
	db_bind_int(q, 6, lookback->done_day);
	db_bind_int(q, 7, lookback->good);
	db_bind_text(q, 8, lookback->text);
	db_bind_text(q, 9, lookback->who);
	return store_run(q);
}

static void read_lookback(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_lookback *row = to;
	*row = (struct case_lookback){ .round = (int)db_col_int(q, 0),
		.seq = (int)db_col_int(q, 1), .due_day = (int32_t)db_col_int(q, 2),
		.done_day = (int32_t)db_col_int(q, 3), .good = db_col_int(q, 4) != 0,
		.text = db_col_dup(q, 5, arena), .who = db_col_dup(q, 6, arena),
	};
}

static const struct rows_kind lookback_rows =
	{ROWS_ANSWER, sizeof(struct case_lookback), read_lookback};

int store_lookbacks(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_lookback **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT round, seq, due_day, done_day, good, text, "
				     "who FROM case_lookback WHERE region = $1 AND case_id = "
				     "$2 ORDER BY round, seq LIMIT 1000");
	store_bind_id(q, case_id);
	return store_rows(tx, q, &lookback_rows, arena, ret_rows, ret_n);
}

static void read_case_help_facts(struct db_stmt *q, struct arena *arena, void *row)
{
	struct case_help_facts *f = row;
	(void)arena;
	*f = (struct case_help_facts){db_col_int(q, 0), (int32_t)db_col_int(q, 1),
				      (int32_t)db_col_int(q, 2), (int32_t)db_col_int(q, 3),
				      (int)db_col_int(q, 4)};
}

static const struct rows_kind case_help_facts_rows =
	{ROWS_ANSWER, sizeof(struct case_help_facts), read_case_help_facts};

int store_case_help_facts(struct db_tx *tx, const char *path, struct arena *arena,
			  struct case_help_facts **ret_facts, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT c.case_id,"
		" COALESCE((SELECT MIN(h.to_day) FROM case_helper h WHERE h.region = c.region"
		" AND h.case_id = c.case_id AND h.kind = $5 AND h.to_day > 0 AND h.to_day >= c.opened_day), 0),"
		" COALESCE((SELECT MAX(v.day) FROM case_visit v WHERE v.region = c.region"
		" AND v.case_id = c.case_id), 0),"
		" COALESCE((SELECT s.new_day FROM case_secretary s WHERE s.region = c.region"
		" AND s.case_id = c.case_id ORDER BY s.seq DESC LIMIT 1), 0),"
		" COALESCE((SELECT s.training_days FROM case_secretary s WHERE s.region = c.region"
		" AND s.case_id = c.case_id ORDER BY s.seq DESC LIMIT 1), 0)"
		" FROM ledger_case c CROSS JOIN org o WHERE o.region = c.region AND o.org = c.org"
		" AND o.path >= $1 AND o.path < $2 AND c.region >= $3 AND c.region <= $4"
		" ORDER BY c.case_id LIMIT 10000");
	_Static_assert(CASE_LIST_MAX == 10000, "as in the statement");
	org_bind_below(q, path, end);
	db_bind_int(q, 5, HELPER_UNIT);
	return store_rows(tx, q, &case_help_facts_rows, arena, ret_facts, ret_n);
}
