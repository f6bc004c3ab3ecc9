/* SPDX-License-Identifier: Apache-2.0 */
#include "store/live.h"

#include <assert.h>

#include "store/id.h"
#include "store/org_in.h"

int store_live_insert(struct db_tx *tx, struct live_session *session, const int64_t *orgs, int n)
{
	struct live_session s = *session;
	int64_t region = id_region(s.node);
	int r = id_next(tx, region, ID_LIVE, &s.id);
	if (r < 0)
		return r;
	assert(n > 0 && n <= LIVE_ORGS_MAX);
	struct db_stmt *q = db_query(tx, "INSERT INTO live_session (region, session, campaign, node,"
				     " source, title, code, state, present, papers, opened_ms,"
				     " closed_ms, account)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, 0, $11)");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, s.id);
	db_bind_int(q, 3, s.campaign);
	db_bind_int(q, 4, s.node);
	db_bind_int(q, 5, s.source);
	db_bind_text(q, 6, s.title);
	db_bind_text(q, 7, s.code);
	db_bind_int(q, 8, s.state);
	db_bind_int(q, 9, s.present);
	db_bind_int(q, 10, s.opened_ms);
	db_bind_int(q, 11, s.account);
	r = db_run(q);
	for (int i = 0; r >= 0 && i < n; i++) {
		q = db_query(tx, "INSERT INTO live_org (region, session, n, org)"
			     " VALUES ($1, $2, $3, $4)");
		db_bind_int(q, 1, region);
		db_bind_int(q, 2, s.id);
		db_bind_int(q, 3, i);
		db_bind_int(q, 4, orgs[i]);
		r = db_run(q);
	}
	if (r < 0)
		return r;
	*session = s;
	return 0;
}

int store_live_update(struct db_tx *tx, const struct live_session *s)
{
	struct db_stmt *q = db_query(tx, "UPDATE live_session SET state = $3, present = $4, papers = $5,"
				     " closed_ms = $6 WHERE region = $1 AND session = $2");
	store_bind_id(q, s->id);
	db_bind_int(q, 3, s->state);
	db_bind_int(q, 4, s->present);
	db_bind_int(q, 5, s->papers);
	db_bind_int(q, 6, s->closed_ms);
	return store_run_found(q);
}

#define COLUMNS \
	"session, campaign, node, source, title, code, state, present, papers, opened_ms, closed_ms," \
	" account"

static void read_session(struct db_stmt *q, struct arena *arena, void *row)
{
	struct live_session *s = row;
	*s = (struct live_session){
		.id = db_col_int(q, 0), .campaign = db_col_int(q, 1), .node = db_col_int(q, 2),
		.source = (int)db_col_int(q, 3), .title = db_col_dup(q, 4, arena),
		.code = db_col_dup(q, 5, arena), .state = (enum live_state)db_col_int(q, 6),
		.present = db_col_int(q, 7), .papers = db_col_int(q, 8),
		.opened_ms = db_col_int(q, 9), .closed_ms = db_col_int(q, 10),
		.account = db_col_int(q, 11),
	};
}

static const struct rows_kind session_rows =
	{ROWS_ANSWER, sizeof(struct live_session), read_session};

int store_live_get(struct db_tx *tx, int64_t id, struct arena *arena,
		   struct live_session *ret_session)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS " FROM live_session"
				     " WHERE region = $1 AND session = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &session_rows, arena, ret_session);
}

int store_live_by_code(struct db_tx *tx, const char *code, struct arena *arena,
		       struct live_session *ret_session)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS " FROM live_session WHERE code = $1"
				     " ORDER BY opened_ms DESC LIMIT 1");
	db_bind_text(q, 1, code);
	return store_row(tx, q, &session_rows, arena, ret_session);
}

int store_live_list(struct db_tx *tx, int64_t campaign, struct arena *arena,
		    struct live_session **ret_sessions, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS " FROM live_session WHERE campaign = $1"
				     " ORDER BY opened_ms DESC, session DESC LIMIT 200");
	db_bind_int(q, 1, campaign);
	return store_rows(tx, q, &session_rows, arena, ret_sessions, ret_n);
}

static void read_live_org(struct db_stmt *q, struct arena *arena, void *row)
{
	struct live_org *o = row;
	*o = (struct live_org){db_col_int(q, 0), db_col_dup(q, 1, arena),
			       db_col_dup(q, 2, arena)};
}

static const struct rows_kind live_org_rows = {ROWS_ANSWER, sizeof(struct live_org), read_live_org};

int store_live_orgs(struct db_tx *tx, const struct live_session *session, struct arena *arena,
		    struct live_org **ret_orgs, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT l.org, o.name, o.secretary FROM live_org l"
				     " JOIN campaign_org o ON o.org = l.org AND o.campaign = $3"
				     " WHERE l.region = $1 AND l.session = $2 ORDER BY l.n");
	store_bind_id(q, session->id);
	db_bind_int(q, 3, session->campaign);
	return store_rows(tx, q, &live_org_rows, arena, ret_orgs, ret_n);
}

/* ---- what phones sent ---- */

int store_live_paper_count(struct db_tx *tx, int64_t session, int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM live_paper WHERE region = $1"
				     " AND session = $2");
	store_bind_id(q, session);
	return store_number(q, ret_n);
}

int store_live_paper_put(struct db_tx *tx, int64_t session,
			 const unsigned char device[LIVE_DEVICE_LEN], const char *figures)
{
	int64_t n;
	int r = store_live_paper_count(tx, session, &n);
	if (r < 0)
		return r;
	if (n >= LIVE_PAPERS_MAX)
		return ERR_LIMIT;
	struct db_stmt *q = db_query(tx, "INSERT INTO live_paper (region, session, device, figures)"
				     " VALUES ($1, $2, $3, $4) ON CONFLICT (region, session, device)"
				     " DO UPDATE SET figures = excluded.figures");
	store_bind_id(q, session);
	db_bind_blob(q, 3, device, LIVE_DEVICE_LEN);
	db_bind_text(q, 4, figures);
	return store_run(q);
}

static void read_figures(struct db_stmt *q, struct arena *arena, void *row)
{
	*(const char **)row = db_col_dup(q, 0, arena);
}

static const struct rows_kind figures_rows = {ROWS_ANSWER, sizeof(const char *), read_figures};

int store_live_paper_get(struct db_tx *tx, int64_t session,
			 const unsigned char device[LIVE_DEVICE_LEN], struct arena *arena,
			 const char **ret_figures)
{
	struct db_stmt *q = db_query(tx, "SELECT figures FROM live_paper WHERE region = $1"
				     " AND session = $2 AND device = $3");
	store_bind_id(q, session);
	db_bind_blob(q, 3, device, LIVE_DEVICE_LEN);
	return store_row(tx, q, &figures_rows, arena, ret_figures);
}

int store_live_papers(struct db_tx *tx, int64_t session, struct arena *arena,
		      const char ***ret_figures, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT figures FROM live_paper WHERE region = $1"
				     " AND session = $2 ORDER BY device");
	store_bind_id(q, session);
	return store_rows(tx, q, &figures_rows, arena, ret_figures, ret_n);
}

int store_live_papers_delete(struct db_tx *tx, int64_t session)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM live_paper WHERE region = $1 AND session = $2");
	store_bind_id(q, session);
	return store_run(q);
}
