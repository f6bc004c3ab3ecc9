/* SPDX-License-Identifier: Apache-2.0 */
#include "store/meeting.h"

#include "store/id.h"
#include "store/org_in.h"

/* ---- meetings ---- */

int store_meeting_insert(struct db_tx *tx, struct meeting *m)
{
	int64_t id;
	int r = id_next(tx, id_region(m->node), ID_MEETING, &id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO meeting (region, campaign, meeting, node, kind,"
				     " day, title, number, chair, recorder, expected, present, absent,"
				     " guests, votes_yes, votes_no, votes_abstain, decision, account,"
				     " at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
				     " $12, $13, $14, $15, $16, $17, $18, $19, $20)");
	db_bind_int(q, 1, id_region(m->node));
	db_bind_int(q, 2, m->campaign);
	db_bind_int(q, 3, id);
	db_bind_int(q, 4, m->node);
	db_bind_int(q, 5, m->kind);
	db_bind_int(q, 6, m->day);
	db_bind_text(q, 7, m->title);
	db_bind_text(q, 8, m->number);
	db_bind_text(q, 9, m->chair);
	db_bind_text(q, 10, m->recorder);
	db_bind_int(q, 11, m->expected);
	db_bind_int(q, 12, m->present);
	db_bind_text(q, 13, m->absent);
	db_bind_text(q, 14, m->guests);
	db_bind_int(q, 15, m->votes_yes);
	db_bind_int(q, 16, m->votes_no);
	db_bind_int(q, 17, m->votes_abstain);
	db_bind_text(q, 18, m->decision);
	db_bind_int(q, 19, m->account);
	db_bind_int(q, 20, m->at_ms);
	if ((r = db_run(q)) < 0)
		return r;
	m->id = id;
	return 0;
}

#define MEETING_COLS \
	"m.meeting, m.campaign, m.node, m.kind, m.day, m.title, m.number, m.chair, m.recorder," \
	" m.expected, m.present, m.absent, m.guests, m.votes_yes, m.votes_no, m.votes_abstain," \
	" m.decision, m.account, m.at_ms, o.name FROM meeting m" \
	" LEFT JOIN org o ON o.region = m.region AND o.org = m.node"

static void read_meeting(struct db_stmt *q, struct arena *arena, void *row)
{
	struct meeting *m = row;
	*m = (struct meeting){
		.id = db_col_int(q, 0), .campaign = db_col_int(q, 1), .node = db_col_int(q, 2),
		.kind = (enum meeting_kind)db_col_int(q, 3), .day = (int32_t)db_col_int(q, 4),
		.title = db_col_dup(q, 5, arena), .number = db_col_dup(q, 6, arena),
		.chair = db_col_dup(q, 7, arena), .recorder = db_col_dup(q, 8, arena),
		.expected = (int)db_col_int(q, 9), .present = (int)db_col_int(q, 10),
		.absent = db_col_dup(q, 11, arena), .guests = db_col_dup(q, 12, arena),
		.votes_yes = (int)db_col_int(q, 13), .votes_no = (int)db_col_int(q, 14),
		.votes_abstain = (int)db_col_int(q, 15), .decision = db_col_dup(q, 16, arena),
		.account = db_col_int(q, 17), .at_ms = db_col_int(q, 18),
		.node_name = db_col_dup(q, 19, arena),
	};
}

static const struct rows_kind meeting_rows = {ROWS_ANSWER, sizeof(struct meeting), read_meeting};

int store_meeting_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
		      struct meeting *ret_meeting)
{
	struct db_stmt *q = db_query(tx, "SELECT " MEETING_COLS " WHERE m.region = $1"
				     " AND m.campaign = $2 AND m.meeting = $3");
	store_bind_key(q, campaign, id);
	return store_row(tx, q, &meeting_rows, arena, ret_meeting);
}

int store_meeting_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
		       struct meeting **ret_meetings, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " MEETING_COLS " WHERE m.campaign = $1"
				     " AND ($2 = 0 OR m.node = $2)"
				     " ORDER BY m.day DESC, m.meeting DESC LIMIT 500");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	return store_rows(tx, q, &meeting_rows, arena, ret_meetings, ret_n);
}

int store_meeting_nodes(struct db_tx *tx, int64_t campaign, int kind, struct arena *arena,
			int64_t **ret_nodes, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT DISTINCT m.node FROM meeting m WHERE m.campaign = $1"
				     " AND m.kind = $2");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, kind);
	return store_ids(tx, q, arena, ret_nodes, ret_n);
}

/* ---- adjusted grades ---- */

static int drop_pending(struct db_tx *tx, int64_t campaign, int64_t org)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM adjustment WHERE region = $1 AND campaign = $2"
				     " AND org = $3 AND meeting = 0");
	store_bind_key(q, campaign, org);
	return db_run(q);
}

int store_adjustment_drop(struct db_tx *tx, int64_t campaign, int64_t org)
{
	int r = drop_pending(tx, campaign, org);
	return r < 0 ? r : r ? 0 : ERR_NOT_FOUND;
}

int store_adjustment_note(struct db_tx *tx, int64_t campaign, const struct adjustment *a)
{
	int r = drop_pending(tx, campaign, a->org);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO adjustment (region, campaign, org, adjustment,"
				     " node, meeting, from_grade, to_grade, reason, account, at_ms)"
				     " SELECT $1, $2, $3, coalesce(max(adjustment), 0) + 1, $4, 0, $5,"
				     " $6, $7, $8, $9 FROM adjustment WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, a->org);
	db_bind_int(q, 4, a->node);
	db_bind_int(q, 5, a->from_grade);
	db_bind_int(q, 6, a->to_grade);
	db_bind_text(q, 7, a->reason);
	db_bind_int(q, 8, a->account);
	db_bind_int(q, 9, a->at_ms);
	return store_run(q);
}

int store_adjustments_decide(struct db_tx *tx, int64_t campaign, int64_t node, int64_t meeting)
{
	struct db_stmt *q = db_query(tx, "UPDATE adjustment SET meeting = $3 WHERE campaign = $1"
				     " AND node = $2 AND meeting = 0");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	db_bind_int(q, 3, meeting);
	return store_run(q);
}

static void read_adjustment(struct db_stmt *q, struct arena *arena, void *row)
{
	struct adjustment *a = row;
	*a = (struct adjustment){
		.org = db_col_int(q, 0), .number = (int)db_col_int(q, 1),
		.node = db_col_int(q, 2), .meeting = db_col_int(q, 3),
		.from_grade = (int)db_col_int(q, 4), .to_grade = (int)db_col_int(q, 5),
		.reason = db_col_dup(q, 6, arena), .account = db_col_int(q, 7),
		.at_ms = db_col_int(q, 8), .org_code = db_col_dup(q, 9, arena),
		.org_name = db_col_dup(q, 10, arena),
	};
}

static const struct rows_kind adjustment_rows =
	{ROWS_ANSWER, sizeof(struct adjustment), read_adjustment};

int store_adjustment_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct adjustment **ret_adjustments, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT a.org, a.adjustment, a.node, a.meeting, a.from_grade,"
				     " a.to_grade, a.reason, a.account, a.at_ms, o.code, o.name"
				     " FROM adjustment a JOIN campaign_org o ON o.region = a.region"
				     " AND o.campaign = a.campaign AND o.org = a.org"
				     " WHERE a.campaign = $1 AND ($2 = 0 OR a.org = $2)"
				     " ORDER BY a.org, a.adjustment");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, org);
	return store_rows(tx, q, &adjustment_rows, arena, ret_adjustments, ret_n);
}

/* ---- opinions ---- */

int store_opinion_add(struct db_tx *tx, int64_t campaign, const struct opinion *o)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO opinion (region, campaign, org, opinion,"
				     " regulator, stance, text, day, account, at_ms)"
				     " SELECT $1, $2, $3, coalesce(max(opinion), 0) + 1, $4, $5, $6,"
				     " $7, $8, $9 FROM opinion WHERE region = $1 AND campaign = $2"
				     " AND org = $3");
	store_bind_key(q, campaign, o->org);
	db_bind_text(q, 4, o->regulator);
	db_bind_int(q, 5, o->stance);
	db_bind_text(q, 6, o->text);
	db_bind_int(q, 7, o->day);
	db_bind_int(q, 8, o->account);
	db_bind_int(q, 9, o->at_ms);
	return store_run(q);
}

static void read_opinion(struct db_stmt *q, struct arena *arena, void *row)
{
	struct opinion *o = row;
	*o = (struct opinion){
		.org = db_col_int(q, 0), .number = (int)db_col_int(q, 1),
		.regulator = db_col_dup(q, 2, arena),
		.stance = (enum opinion_stance)db_col_int(q, 3),
		.text = db_col_dup(q, 4, arena), .day = (int32_t)db_col_int(q, 5),
		.account = db_col_int(q, 6), .at_ms = db_col_int(q, 7),
	};
}

static const struct rows_kind opinion_rows = {ROWS_ANSWER, sizeof(struct opinion), read_opinion};

int store_opinion_list(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		       struct opinion **ret_opinions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, opinion, regulator, stance, text, day, account,"
				     " at_ms FROM opinion WHERE campaign = $1 AND ($2 = 0 OR org = $2)"
				     " ORDER BY org, opinion");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, org);
	return store_rows(tx, q, &opinion_rows, arena, ret_opinions, ret_n);
}
