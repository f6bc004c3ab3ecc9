/* SPDX-License-Identifier: Apache-2.0 */
#include "store/case.h"

#include "store/id.h"
#include "store/org_in.h"

#define CASE_FIELDS \
	"org, campaign, year, state, round, attempt, priority, " \
	"opened_day, deadline, seen, assessed_by, reviewed_by, assessed_day, reviewed_day, " \
	"meeting_day, meeting_no, decision, shows, support_kind, published_day, started_day, " \
	"reported_day, accepted_day, written_off_day, number, number_year, election, " \
	"election_day, election_note, version"
#define CASE_COLUMNS \
	"c.case_id, c.org, c.campaign, c.year, c.state, c.round, " \
	"c.attempt, c.priority, c.opened_day, c.deadline, c.seen, c.assessed_by, " \
	"c.reviewed_by, c.assessed_day, c.reviewed_day, c.meeting_day, c.meeting_no, " \
	"c.decision, c.shows, c.support_kind, c.published_day, c.started_day, c.reported_day, " \
	"c.accepted_day, c.written_off_day, c.number, c.number_year, c.election, " \
	"c.election_day, c.election_note, c.version, o.code, o.name, o.path, o.secretary_name, " \
	"COALESCE(p.name, ''), o.parent, o.members"
#define CASE_FROM " FROM ledger_case c CROSS JOIN org o" \
	" LEFT JOIN org p ON p.org = o.parent AND p.region = o.parent / 10000000" \
	" WHERE o.region = c.region AND o.org = c.org AND "

static void read_case(struct db_stmt *q, struct arena *arena, void *to)
{
	struct ledger_case *row = to;
	*row = (struct ledger_case){ .id = db_col_int(q, 0), .org = db_col_int(q, 1),
		.campaign = db_col_int(q, 2), .year = (int)db_col_int(q, 3),
		.state = (enum case_state)db_col_int(q, 4), .round = (int)db_col_int(q, 5),
		.attempt = (int)db_col_int(q, 6), .priority = db_col_int(q, 7) != 0,
		.opened_day = (int32_t)db_col_int(q, 8), .deadline = (int32_t)db_col_int(q, 9),
		.seen = db_col_dup(q, 10, arena), .assessed_by = db_col_int(q, 11),
		.reviewed_by = db_col_int(q, 12), .assessed_day = (int32_t)db_col_int(q, 13),
		.reviewed_day = (int32_t)db_col_int(q, 14),
		.meeting_day = (int32_t)db_col_int(q, 15), .meeting_no = db_col_dup(q, 16, arena),
		.decision = db_col_dup(q, 17, arena), .shows = db_col_dup(q, 18, arena),
		.support_kind = (int)db_col_int(q, 19),
		.published_day = (int32_t)db_col_int(q, 20),
		.started_day = (int32_t)db_col_int(q, 21),
		.reported_day = (int32_t)db_col_int(q, 22),
		.accepted_day = (int32_t)db_col_int(q, 23),
		.written_off_day = (int32_t)db_col_int(q, 24), .number = (int)db_col_int(q, 25),
		.number_year = (int)db_col_int(q, 26),
		.election = (enum case_election)db_col_int(q, 27),
		.election_day = (int32_t)db_col_int(q, 28),
		.election_note = db_col_dup(q, 29, arena), .version = db_col_int(q, 30),
		.org_code = db_col_dup(q, 31, arena), .org_name = db_col_dup(q, 32, arena),
		.org_path = db_col_dup(q, 33, arena), .secretary = db_col_dup(q, 34, arena),
		.parent_name = db_col_dup(q, 35, arena), .parent = db_col_int(q, 36),
		.members = db_col_int(q, 37),
	};
}

static const struct rows_kind case_rows = {ROWS_ANSWER, sizeof(struct ledger_case), read_case};

/* All fields after the number, from parameter 3 on. */
static void bind_case(struct db_stmt *q, const struct ledger_case *c, int64_t version)
{
	const int64_t numbers[] = {c->org, c->campaign, c->year, c->state, c->round, c->attempt,
				   c->priority, c->opened_day, c->deadline};
	const int64_t more[] = {c->assessed_by, c->reviewed_by, c->assessed_day, c->reviewed_day,
				c->meeting_day};
	const int64_t rest[] = {c->support_kind, c->published_day, c->started_day, c->reported_day,
				c->accepted_day, c->written_off_day, c->number, c->number_year,
				c->election, c->election_day};
	int at = 3;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		db_bind_int(q, at++, numbers[i]);
	db_bind_text(q, at++, c->seen);
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		db_bind_int(q, at++, more[i]);
	db_bind_text(q, at++, c->meeting_no);
	db_bind_text(q, at++, c->decision);
	db_bind_text(q, at++, c->shows);
	for (size_t i = 0; i < ARRAY_LEN(rest); i++)
		db_bind_int(q, at++, rest[i]);
	db_bind_text(q, at++, c->election_note);
	db_bind_int(q, at, version);
}

int store_case_insert(struct db_tx *tx, struct ledger_case *c)
{
	int r = id_next(tx, id_region(c->org), ID_CASE, &c->id);
	if (r < 0)
		return r;
	c->version = 1;
	struct db_stmt *q = db_query(tx, "INSERT INTO ledger_case (region, case_id, " CASE_FIELDS
				     ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
				     "$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
				     "$23, $24, $25, $26, $27, $28, $29, $30, $31, $32)");
	store_bind_id(q, c->id);
	bind_case(q, c, c->version);
	return store_run(q);
}

int store_case_update(struct db_tx *tx, struct ledger_case *c)
{
	struct db_stmt *q = db_query(tx, "UPDATE ledger_case SET (" CASE_FIELDS ")"
				     "= ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
				     "$15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, "
				     "$26, $27, $28, $29, $30, $31, $32) WHERE region = $1 AND "
				     "case_id = $2 AND version = $33");
	store_bind_id(q, c->id);
	bind_case(q, c, c->version + 1);
	db_bind_int(q, 33, c->version);
	int r = db_run(q);
	if (r != 1)
		return r < 0 ? r : ERR_CONFLICT;
	c->version++;
	return 0;
}

int store_case_get(struct db_tx *tx, int64_t id, struct arena *arena, struct ledger_case *ret_case)
{
	struct db_stmt *q = db_query(tx, "SELECT " CASE_COLUMNS CASE_FROM
				     "c.region = $1 AND c.case_id = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &case_rows, arena, ret_case);
}

int store_case_of_org(struct db_tx *tx, int64_t org, struct arena *arena,
		      struct ledger_case *ret_case)
{
	struct db_stmt *q = db_query(tx, "SELECT " CASE_COLUMNS CASE_FROM
				     "c.region = $1 AND c.org = $2");
	store_bind_id(q, org);
	return store_row(tx, q, &case_rows, arena, ret_case);
}

int store_case_list(struct db_tx *tx, const char *path, int state, struct arena *arena,
		    struct ledger_case **ret_cases, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " CASE_COLUMNS CASE_FROM
				     "o.path >= $1 AND o.path < $2 AND ($5 < 0 OR c.state = $5)"
				     " AND c.region >= $3 AND c.region <= $4 ORDER BY o.path LIMIT 10000");
	_Static_assert(CASE_LIST_MAX == 10000, "as in the statement");
	org_bind_below(q, path, end);
	db_bind_int(q, 5, state);
	return store_rows(tx, q, &case_rows, arena, ret_cases, ret_n);
}

int store_case_counts(struct db_tx *tx, const char *path, int64_t ret_counts[CASE_STATE_COUNT])
{
	char end[ORG_PATH_MAX];
	int r;
	struct db_stmt *q = db_query(tx, "SELECT c.state, count(*) FROM ledger_case c JOIN org o"
				     " ON o.region = c.region AND o.org = c.org"
				     " WHERE o.path >= $1 AND o.path < $2 AND c.region >= $3"
				     " AND c.region <= $4 GROUP BY c.state");
	org_bind_below(q, path, end);
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		ret_counts[i] = 0;
	while ((r = db_step(q)) > 0) {
		int64_t state = db_col_int(q, 0);
		if (state >= 0 && state < CASE_STATE_COUNT)
			ret_counts[state] = db_col_int(q, 1);
	}
	return r;
}

int store_case_number(struct db_tx *tx, int64_t region, int year, int *ret_number)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ledger_number (region, year, last) VALUES ($1, $2, 1)"
				     " ON CONFLICT (region, year) DO UPDATE SET last = ledger_number.last + 1"
				     " RETURNING last");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, year);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*ret_number = (int)db_col_int(q, 0);
	return db_step(q);
}

/* ---- reasons and events ---- */

int store_case_reason_add(struct db_tx *tx, int64_t case_id, const struct case_reason *reason)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_reason (region, case_id, seq, "
				     "round, because, ref, label, seen, day, who, at_ms) "
				     "VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM "
				     "case_reason WHERE region = $1 AND case_id = $2), $3, $4, "
				     "$5, $6, $7, $8, $9, $10)");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, reason->round);
	db_bind_int(q, 4, reason->because);
	db_bind_text(q, 5, reason->ref);
	db_bind_text(q, 6, reason->label);
	db_bind_text(q, 7, reason->seen);
	db_bind_int(q, 8, reason->day);
	db_bind_text(q, 9, reason->who);
	db_bind_int(q, 10, reason->at_ms);
	return store_run(q);
}

static void read_reason(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_reason *row = to;
	*row = (struct case_reason){ .seq = (int)db_col_int(q, 0), .round = (int)db_col_int(q, 1),
		.because = (int)db_col_int(q, 2), .ref = db_col_dup(q, 3, arena),
		.label = db_col_dup(q, 4, arena), .seen = db_col_dup(q, 5, arena),
		.day = (int32_t)db_col_int(q, 6), .who = db_col_dup(q, 7, arena),
		.at_ms = db_col_int(q, 8),
	};
}

static const struct rows_kind reason_rows = {ROWS_ANSWER, sizeof(struct case_reason), read_reason};

int store_case_reasons(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_reason **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT seq, round, because, ref, label, seen, day, "
				     "who, at_ms FROM case_reason WHERE region = $1 AND "
				     "case_id = $2 ORDER BY seq LIMIT 1000");
	store_bind_id(q, case_id);
	return store_rows_of(tx, q, &reason_rows, case_id, arena, ret_rows, ret_n);
}

int store_case_reasons_know(struct db_tx *tx, const char *path)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT x.seq, x.round, x.because, x.ref, x.label, x.seen, x.day, x.who, x.at_ms, c.case_id" CASES_BELOW_WITH("case_reason")
				     " ORDER BY c.case_id, x.seq");
	org_bind_below(q, path, end);
	return store_rows_know(tx, q, &reason_rows, 9);
}

int store_case_event_add(struct db_tx *tx, int64_t case_id, const struct case_event *event)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO case_event (region, case_id, seq, round, "
				     "at_ms, day, account, who, act, before, after, text) "
				     "VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM "
				     "case_event WHERE region = $1 AND case_id = $2), $3, $4, "
				     "$5, $6, $7, $8, $9, $10, $11)");
	store_bind_id(q, case_id);
	db_bind_int(q, 3, event->round);
	db_bind_int(q, 4, event->at_ms);
	db_bind_int(q, 5, event->day);
	db_bind_int(q, 6, event->account);
	db_bind_text(q, 7, event->who);
	db_bind_int(q, 8, event->act);
	db_bind_int(q, 9, event->before);
	db_bind_int(q, 10, event->after);
	db_bind_text(q, 11, event->text);
	return store_run(q);
}

static void read_event(struct db_stmt *q, struct arena *arena, void *to)
{
	struct case_event *row = to;
	*row = (struct case_event){ .case_id = db_col_int(q, 0), .seq = (int)db_col_int(q, 1),
		.round = (int)db_col_int(q, 2), .at_ms = db_col_int(q, 3),
		.day = (int32_t)db_col_int(q, 4), .account = db_col_int(q, 5),
		.who = db_col_dup(q, 6, arena), .act = (int)db_col_int(q, 7),
		.before = (enum case_state)db_col_int(q, 8),
		.after = (enum case_state)db_col_int(q, 9), .text = db_col_dup(q, 10, arena),
		.org_name = db_col_dup(q, 11, arena),
	};
}

static const struct rows_kind event_rows = {ROWS_ANSWER, sizeof(struct case_event), read_event};

int store_case_events(struct db_tx *tx, int64_t case_id, struct arena *arena,
		 struct case_event **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT e.case_id, e.seq, e.round, e.at_ms, e.day, "
				     "e.account, e.who, e.act, e.before, e.after, e.text, "
				     "o.name FROM case_event e JOIN ledger_case c ON c.region "
				     "= e.region AND c.case_id = e.case_id JOIN org o ON "
				     "o.region = c.region AND o.org = c.org WHERE e.region = "
				     "$1 AND e.case_id = $2 ORDER BY e.seq LIMIT 10000");
	store_bind_id(q, case_id);
	return store_rows(tx, q, &event_rows, arena, ret_rows, ret_n);
}

int store_case_events_between(struct db_tx *tx, const char *path, int64_t from_ms, int64_t to_ms, struct arena *arena,
		 struct case_event **ret_rows, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT e.case_id, e.seq, e.round, e.at_ms, e.day, "
				     "e.account, e.who, e.act, e.before, e.after, e.text, "
				     "o.name FROM case_event e CROSS JOIN ledger_case c "
				     "CROSS JOIN org o WHERE c.region = e.region "
				     "AND c.case_id = e.case_id AND o.region = c.region "
				     "AND o.org = c.org AND o.path >= $1 AND o.path < $2 "
				     "AND e.at_ms >= $5 AND e.at_ms < $6 AND e.region >= $3 "
				     "AND e.region <= $4 ORDER BY e.at_ms, e.case_id, e.seq LIMIT 10000");
	org_bind_below(q, path, end);
	db_bind_int(q, 5, from_ms);
	db_bind_int(q, 6, to_ms);
	return store_rows(tx, q, &event_rows, arena, ret_rows, ret_n);
}
