/* SPDX-License-Identifier: Apache-2.0 */
#include "store/publicity.h"

#include "store/id.h"
#include "store/org_in.h"

/* ---- publicity ---- */

int store_publicity_insert(struct db_tx *tx, struct publicity *p)
{
	int64_t id;
	int r = id_next(tx, id_region(p->node), ID_PUBLICITY, &id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO publicity (region, campaign, publicity, node,"
				     " token, from_day, to_day, show, plans, scope, office, phone,"
				     " withdrawn, account, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7,"
				     " $8, $9, $10, $11, $12, '', $13, $14)");
	db_bind_int(q, 1, id_region(p->node));
	db_bind_int(q, 2, p->campaign);
	db_bind_int(q, 3, id);
	db_bind_int(q, 4, p->node);
	db_bind_text(q, 5, p->token);
	db_bind_int(q, 6, p->from_day);
	db_bind_int(q, 7, p->to_day);
	db_bind_int(q, 8, p->show);
	db_bind_int(q, 9, p->plans);
	db_bind_text(q, 10, p->scope);
	db_bind_text(q, 11, p->office);
	db_bind_text(q, 12, p->phone);
	db_bind_int(q, 13, p->account);
	db_bind_int(q, 14, p->at_ms);
	if ((r = db_run(q)) < 0)
		return r;
	p->id = id;
	return 0;
}

#define PUBLICITY_COLS \
	"p.publicity, p.campaign, p.node, p.token, p.from_day, p.to_day, p.show, p.plans, p.scope," \
	" p.office, p.phone, p.withdrawn, p.account, p.at_ms, o.name FROM publicity p" \
	" LEFT JOIN org o ON o.region = p.region AND o.org = p.node"

static void read_publicity(struct db_stmt *q, struct arena *arena, void *row)
{
	struct publicity *p = row;
	*p = (struct publicity){
		.id = db_col_int(q, 0), .campaign = db_col_int(q, 1), .node = db_col_int(q, 2),
		.token = db_col_dup(q, 3, arena), .from_day = (int32_t)db_col_int(q, 4),
		.to_day = (int32_t)db_col_int(q, 5), .show = (uint32_t)db_col_int(q, 6),
		.plans = db_col_int(q, 7) != 0, .scope = db_col_dup(q, 8, arena),
		.office = db_col_dup(q, 9, arena), .phone = db_col_dup(q, 10, arena),
		.withdrawn = db_col_dup(q, 11, arena), .account = db_col_int(q, 12),
		.at_ms = db_col_int(q, 13), .node_name = db_col_dup(q, 14, arena),
	};
}

static const struct rows_kind publicity_rows =
	{ROWS_ANSWER, sizeof(struct publicity), read_publicity};

int store_publicity_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
			struct publicity *ret_publicity)
{
	struct db_stmt *q = db_query(tx, "SELECT " PUBLICITY_COLS " WHERE p.region = $1"
				     " AND p.campaign = $2 AND p.publicity = $3");
	store_bind_key(q, campaign, id);
	return store_row(tx, q, &publicity_rows, arena, ret_publicity);
}

int store_publicity_by_token(struct db_tx *tx, const char *token, struct arena *arena,
			     struct publicity *ret_publicity)
{
	struct db_stmt *q = db_query(tx, "SELECT " PUBLICITY_COLS " WHERE p.token = $1"
				     " AND p.withdrawn = '' LIMIT 1");
	db_bind_text(q, 1, token);
	return store_row(tx, q, &publicity_rows, arena, ret_publicity);
}

int store_publicity_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct publicity **ret_list, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " PUBLICITY_COLS " WHERE p.campaign = $1"
				     " AND ($2 = 0 OR p.node = $2)"
				     " ORDER BY p.from_day DESC, p.publicity DESC LIMIT 500");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	return store_rows(tx, q, &publicity_rows, arena, ret_list, ret_n);
}

int store_publicity_withdraw(struct db_tx *tx, int64_t campaign, int64_t id, const char *why)
{
	struct db_stmt *q = db_query(tx, "UPDATE publicity SET withdrawn = $4 WHERE region = $1"
				     " AND campaign = $2 AND publicity = $3");
	store_bind_key(q, campaign, id);
	db_bind_text(q, 4, why);
	return store_run_found(q);
}

/* ---- objections ---- */

int store_objection_insert(struct db_tx *tx, struct objection *o)
{
	int64_t id;
	int r = id_next(tx, id_region(o->node), ID_OBJECTION, &id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO objection (region, campaign, objection,"
				     " publicity, node, org, day, by_whom, text, account, at_ms,"
				     " answer, outcome, answer_account, answer_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, 0, 0)");
	db_bind_int(q, 1, id_region(o->node));
	db_bind_int(q, 2, o->campaign);
	db_bind_int(q, 3, id);
	db_bind_int(q, 4, o->publicity);
	db_bind_int(q, 5, o->node);
	db_bind_int(q, 6, o->org);
	db_bind_int(q, 7, o->day);
	db_bind_text(q, 8, o->by_whom);
	db_bind_text(q, 9, o->text);
	db_bind_int(q, 10, o->account);
	db_bind_int(q, 11, o->at_ms);
	if ((r = db_run(q)) < 0)
		return r;
	o->id = id;
	return 0;
}

int store_objection_answer(struct db_tx *tx, const struct objection *o)
{
	struct db_stmt *q = db_query(tx, "UPDATE objection SET answer = $4, outcome = $5,"
				     " answer_account = $6, answer_ms = $7 WHERE region = $1"
				     " AND campaign = $2 AND objection = $3");
	store_bind_key(q, o->campaign, o->id);
	db_bind_text(q, 4, o->answer);
	db_bind_int(q, 5, o->outcome);
	db_bind_int(q, 6, o->answer_account);
	db_bind_int(q, 7, o->answer_ms);
	return store_run_found(q);
}

#define OBJECTION_COLS \
	"b.objection, b.campaign, b.publicity, b.node, b.org, b.day, b.by_whom, b.text, b.account," \
	" b.at_ms, b.answer, b.outcome, b.answer_account, b.answer_ms, o.name FROM objection b" \
	" LEFT JOIN campaign_org o ON o.region = b.org / 10000000 AND o.campaign = b.campaign" \
	" AND o.org = b.org"

static void read_objection(struct db_stmt *q, struct arena *arena, void *row)
{
	struct objection *o = row;
	*o = (struct objection){
		.id = db_col_int(q, 0), .campaign = db_col_int(q, 1), .publicity = db_col_int(q, 2),
		.node = db_col_int(q, 3), .org = db_col_int(q, 4), .day = (int32_t)db_col_int(q, 5),
		.by_whom = db_col_dup(q, 6, arena), .text = db_col_dup(q, 7, arena),
		.account = db_col_int(q, 8), .at_ms = db_col_int(q, 9),
		.answer = db_col_dup(q, 10, arena),
		.outcome = (enum objection_outcome)db_col_int(q, 11),
		.answer_account = db_col_int(q, 12), .answer_ms = db_col_int(q, 13),
		.org_name = db_col_dup(q, 14, arena),
	};
}

static const struct rows_kind objection_rows =
	{ROWS_ANSWER, sizeof(struct objection), read_objection};

int store_objection_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
			struct objection *ret_objection)
{
	struct db_stmt *q = db_query(tx, "SELECT " OBJECTION_COLS " WHERE b.region = $1"
				     " AND b.campaign = $2 AND b.objection = $3");
	store_bind_key(q, campaign, id);
	return store_row(tx, q, &objection_rows, arena, ret_objection);
}

int store_objection_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct objection **ret_list, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " OBJECTION_COLS " WHERE b.campaign = $1"
				     " AND ($2 = 0 OR b.node = $2)"
				     " ORDER BY b.day DESC, b.objection DESC LIMIT 2000");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	return store_rows(tx, q, &objection_rows, arena, ret_list, ret_n);
}
