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
	db_bind_int(q, 1, id_region(s->id));
	db_bind_int(q, 2, s->id);
	db_bind_int(q, 3, s->state);
	db_bind_int(q, 4, s->present);
	db_bind_int(q, 5, s->papers);
	db_bind_int(q, 6, s->closed_ms);
	int r = db_run(q);
	return r < 0 ? r : r ? 0 : ERR_NOT_FOUND;
}

#define COLUMNS \
	"session, campaign, node, source, title, code, state, present, papers, opened_ms, closed_ms," \
	" account"

static void read_session(struct db_stmt *q, struct arena *arena, struct live_session *s)
{
	*s = (struct live_session){
		.id = db_col_int(q, 0), .campaign = db_col_int(q, 1), .node = db_col_int(q, 2),
		.source = (int)db_col_int(q, 3), .title = db_col_dup(q, 4, arena),
		.code = db_col_dup(q, 5, arena), .state = (enum live_state)db_col_int(q, 6),
		.present = db_col_int(q, 7), .papers = db_col_int(q, 8),
		.opened_ms = db_col_int(q, 9), .closed_ms = db_col_int(q, 10),
		.account = db_col_int(q, 11),
	};
}

static int one(struct db_tx *tx, struct db_stmt *q, struct arena *arena,
	       struct live_session *ret_session)
{
	int r = db_step(q);
	if (r <= 0)
		return r;
	read_session(q, arena, ret_session);
	db_finish(q);
	return db_error(tx, NULL) < 0 ? db_error(tx, NULL) : 1;
}

int store_live_get(struct db_tx *tx, int64_t id, struct arena *arena,
		   struct live_session *ret_session)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS " FROM live_session"
				     " WHERE region = $1 AND session = $2");
	db_bind_int(q, 1, id_region(id));
	db_bind_int(q, 2, id);
	return one(tx, q, arena, ret_session);
}

int store_live_by_code(struct db_tx *tx, const char *code, struct arena *arena,
		       struct live_session *ret_session)
{
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS " FROM live_session WHERE code = $1"
				     " ORDER BY opened_ms DESC LIMIT 1");
	db_bind_text(q, 1, code);
	return one(tx, q, arena, ret_session);
}

int store_live_list(struct db_tx *tx, int64_t campaign, struct arena *arena,
		    struct live_session **ret_sessions, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT " COLUMNS " FROM live_session WHERE campaign = $1"
				     " ORDER BY opened_ms DESC, session DESC LIMIT 200");
	db_bind_int(q, 1, campaign);
	while ((r = db_step(q)) > 0) {
		struct live_session *s = org_rows_add(tx, &rows, arena, sizeof(*s));
		if (!s)
			return ERR_NOMEM;
		read_session(q, arena, s);
	}
	if (r < 0)
		return r;
	*ret_sessions = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_live_orgs(struct db_tx *tx, const struct live_session *session, struct arena *arena,
		    struct live_org **ret_orgs, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT l.org, o.name, o.secretary FROM live_org l"
				     " JOIN campaign_org o ON o.org = l.org AND o.campaign = $3"
				     " WHERE l.region = $1 AND l.session = $2 ORDER BY l.n");
	db_bind_int(q, 1, id_region(session->id));
	db_bind_int(q, 2, session->id);
	db_bind_int(q, 3, session->campaign);
	while ((r = db_step(q)) > 0) {
		struct live_org *o = org_rows_add(tx, &rows, arena, sizeof(*o));
		if (!o)
			return ERR_NOMEM;
		*o = (struct live_org){db_col_int(q, 0), db_col_dup(q, 1, arena),
				       db_col_dup(q, 2, arena)};
	}
	if (r < 0)
		return r;
	*ret_orgs = rows.data;
	*ret_n = rows.n;
	return 0;
}

/* ---- what phones sent ---- */

int store_live_paper_count(struct db_tx *tx, int64_t session, int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM live_paper WHERE region = $1"
				     " AND session = $2");
	db_bind_int(q, 1, id_region(session));
	db_bind_int(q, 2, session);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*ret_n = db_col_int(q, 0);
	db_finish(q);
	return 0;
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
	db_bind_int(q, 1, id_region(session));
	db_bind_int(q, 2, session);
	db_bind_blob(q, 3, device, LIVE_DEVICE_LEN);
	db_bind_text(q, 4, figures);
	r = db_run(q);
	return r < 0 ? r : 0;
}

int store_live_paper_get(struct db_tx *tx, int64_t session,
			 const unsigned char device[LIVE_DEVICE_LEN], struct arena *arena,
			 const char **ret_figures)
{
	struct db_stmt *q = db_query(tx, "SELECT figures FROM live_paper WHERE region = $1"
				     " AND session = $2 AND device = $3");
	db_bind_int(q, 1, id_region(session));
	db_bind_int(q, 2, session);
	db_bind_blob(q, 3, device, LIVE_DEVICE_LEN);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_figures = db_col_dup(q, 0, arena);
	db_finish(q);
	return db_error(tx, NULL) < 0 ? db_error(tx, NULL) : 1;
}

int store_live_papers(struct db_tx *tx, int64_t session, struct arena *arena,
		      const char ***ret_figures, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT figures FROM live_paper WHERE region = $1"
				     " AND session = $2 ORDER BY device");
	db_bind_int(q, 1, id_region(session));
	db_bind_int(q, 2, session);
	while ((r = db_step(q)) > 0) {
		const char **figures = org_rows_add(tx, &rows, arena, sizeof(*figures));
		if (!figures)
			return ERR_NOMEM;
		*figures = db_col_dup(q, 0, arena);
	}
	if (r < 0)
		return r;
	*ret_figures = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_live_papers_delete(struct db_tx *tx, int64_t session)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM live_paper WHERE region = $1 AND session = $2");
	db_bind_int(q, 1, id_region(session));
	db_bind_int(q, 2, session);
	int r = db_run(q);
	return r < 0 ? r : 0;
}
