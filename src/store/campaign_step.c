/* SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign_step.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/id.h"
#include "store/org_in.h"

/* ---- the days ---- */

static void read_campaign_step(struct db_stmt *q, struct arena *arena, void *row)
{
	struct campaign_step *s = row;
	(void)arena;
	*s = (struct campaign_step){(int)db_col_int(q, 0), (int32_t)db_col_int(q, 1),
				    (int32_t)db_col_int(q, 2)};
}

static const struct rows_kind campaign_step_rows =
	{ROWS_ANSWER, sizeof(struct campaign_step), read_campaign_step};

int store_campaign_steps(struct db_tx *tx, int64_t campaign, struct arena *arena,
			 struct campaign_step **ret_steps, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT step, from_day, to_day FROM campaign_step"
				     " WHERE region = $1 AND campaign = $2 ORDER BY step");
	store_bind_id(q, campaign);
	return store_rows(tx, q, &campaign_step_rows, arena, ret_steps, ret_n);
}

int store_campaign_step_put(struct db_tx *tx, int64_t campaign, const struct campaign_step *step)
{
	struct db_stmt *q = db_query(tx, "UPDATE campaign_step SET from_day = $4, to_day = $5"
				     " WHERE region = $1 AND campaign = $2 AND step = $3");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, step->step);
	db_bind_int(q, 4, step->from_day);
	db_bind_int(q, 5, step->to_day);
	return store_run_found(q);
}

int store_campaign_step_move(struct db_tx *tx, int64_t campaign, const struct campaign_step *step,
			     const char *reason, int64_t account, int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO campaign_step_move (region, campaign, step, move,"
				     " from_day, to_day, reason, account, at_ms)"
				     " SELECT region, campaign, step, 1 + (SELECT count(*)"
				     " FROM campaign_step_move m WHERE m.region = $1"
				     " AND m.campaign = $2 AND m.step = $3),"
				     " from_day, to_day, $4, $5, $6 FROM campaign_step"
				     " WHERE region = $1 AND campaign = $2 AND step = $3");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, step->step);
	db_bind_text(q, 4, reason);
	db_bind_int(q, 5, account);
	db_bind_int(q, 6, now_ms);
	int r = db_run(q);
	return r < 0 ? r : r ? store_campaign_step_put(tx, campaign, step) : ERR_NOT_FOUND;
}

static void read_campaign_step_move(struct db_stmt *q, struct arena *arena, void *row)
{
	struct campaign_step_move *m = row;
	*m = (struct campaign_step_move){
		.step = (int)db_col_int(q, 0), .from_day = (int32_t)db_col_int(q, 1),
		.to_day = (int32_t)db_col_int(q, 2), .reason = db_col_dup(q, 3, arena),
		.account = db_col_int(q, 4), .at_ms = db_col_int(q, 5),
		.account_label = db_col_dup(q, 6, arena),
	};
}

static const struct rows_kind campaign_step_move_rows =
	{ROWS_ANSWER, sizeof(struct campaign_step_move), read_campaign_step_move};

int store_campaign_step_moves(struct db_tx *tx, int64_t campaign, struct arena *arena,
			      struct campaign_step_move **ret_moves, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT m.step, m.from_day, m.to_day, m.reason, m.account,"
				     " m.at_ms, COALESCE(a.label, '') FROM campaign_step_move m"
				     " LEFT JOIN account a ON a.account = m.account"
				     " WHERE m.region = $1 AND m.campaign = $2"
				     " ORDER BY m.at_ms DESC, m.step DESC, m.move DESC LIMIT 500");
	store_bind_id(q, campaign);
	return store_rows(tx, q, &campaign_step_move_rows, arena, ret_moves, ret_n);
}

/* ---- the state of an organisation ---- */

static int put_state(struct db_tx *tx, int64_t campaign, const struct org_step *s)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO org_step (region, campaign, org, step, state,"
				     " at_ms, account, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
				     " ON CONFLICT (region, campaign, org, step) DO UPDATE SET"
				     " state = excluded.state, at_ms = excluded.at_ms,"
				     " account = excluded.account, note = excluded.note");
	store_bind_key(q, campaign, s->org);
	db_bind_int(q, 4, s->step);
	db_bind_int(q, 5, s->state);
	db_bind_int(q, 6, s->at_ms);
	db_bind_int(q, 7, s->account);
	db_bind_text(q, 8, s->note);
	return db_later(q);
}

static int add_count(struct db_tx *tx, int64_t campaign, int64_t node, int step, int state,
		     int64_t n)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO step_count (region, campaign, node, step, state, n)"
				     " VALUES ($1, $2, $3, $4, $5, $6)"
				     " ON CONFLICT (region, campaign, node, step, state)"
				     " DO UPDATE SET n = step_count.n + excluded.n");
	store_bind_key(q, campaign, node);
	db_bind_int(q, 4, step);
	db_bind_int(q, 5, state);
	db_bind_int(q, 6, n);
	return db_later(q);
}

/* The nodes of a path from the top down; the last is the organisation itself. */
static int path_nodes(const char *path, int64_t nodes[ORG_DEPTH_MAX + 1])
{
	int n = 0;
	for (const char *p = path; *p == '/' && p[1] && n <= ORG_DEPTH_MAX;) {
		char *end;
		nodes[n++] = strtoll(p + 1, &end, 10);
		p = end;
	}
	return n;
}

/* Adds to the sums of every node above that is of the same region and within
 * the campaign, whose own node is `top`. */
static int add_above(struct db_tx *tx, int64_t campaign, const char *path, int64_t top, int step,
		     enum step_state from, enum step_state to)
{
	int64_t nodes[ORG_DEPTH_MAX + 1];
	int n = path_nodes(path, nodes), r = 0;
	for (int i = n - 2; r == 0 && i >= 0; i--) {
		if (id_region(nodes[i]) != id_region(nodes[n - 1]))
			break;
		r = add_count(tx, campaign, nodes[i], step, from, -1);
		if (r == 0)
			r = add_count(tx, campaign, nodes[i], step, to, 1);
		if (nodes[i] == top)
			break;
	}
	return r;
}

int store_org_step_set(struct db_tx *tx, int64_t campaign, int64_t org, int step,
		       enum step_state state, int64_t account, int64_t now_ms, const char *note)
{
	const struct org_step to = {org, step, state, now_ms, account, note ? note : ""};
	char path[ORG_PATH_MAX];
	int64_t top;
	enum step_state from;

	struct db_stmt *q = db_query(tx, "SELECT o.path, o.category, COALESCE(s.state, 0), c.node"
				     " FROM campaign_org o JOIN campaign c ON c.region = $5"
				     " AND c.campaign = o.campaign"
				     " LEFT JOIN org_step s ON s.region = o.region"
				     " AND s.campaign = o.campaign AND s.org = o.org AND s.step = $4"
				     " WHERE o.region = $1 AND o.campaign = $2 AND o.org = $3");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, step);
	db_bind_int(q, 5, id_region(campaign));
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	snprintf(path, sizeof(path), "%.*s", STR_ARG(db_col_str(q, 0)));
	const struct campaign_org at = {.id = org, .path = path, .category = (int)db_col_int(q, 1)};
	from = (enum step_state)db_col_int(q, 2);
	top = db_col_int(q, 3);
	db_finish(q);
	return store_org_step_change(tx, campaign, top, &at, from, &to);
}

int store_org_step_change(struct db_tx *tx, int64_t campaign, int64_t top, const struct campaign_org *org,
			  enum step_state from, const struct org_step *to)
{
	int r = put_state(tx, campaign, to);
	if (r == 0 && org->category >= 0 && from != to->state)
		r = add_above(tx, campaign, org->path, top, to->step, from, to->state);
	return r;
}

int store_org_steps(struct db_tx *tx, int64_t campaign, int64_t org, int n_steps,
		    struct arena *arena, struct org_step **ret_steps)
{
	int r;
	struct org_step *steps = arena_zalloc(arena, (size_t)n_steps + 1, sizeof(*steps));
	if (!steps)
		return db_doom_nomem(tx);
	for (int i = 0; i < n_steps; i++)
		steps[i] = (struct org_step){.org = org, .step = i, .note = ""};
	struct db_stmt *q = db_query(tx, "SELECT step, state, at_ms, account, note FROM org_step"
				     " WHERE region = $1 AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, org);
	while ((r = db_step(q)) > 0) {
		int64_t step = db_col_int(q, 0);
		if (step < 0 || step >= n_steps)
			continue;
		steps[step].state = (enum step_state)db_col_int(q, 1);
		steps[step].at_ms = db_col_int(q, 2);
		steps[step].account = db_col_int(q, 3);
		steps[step].note = db_col_dup(q, 4, arena);
	}
	if (r < 0)
		return r;
	*ret_steps = steps;
	return 0;
}

int store_org_steps_below(struct db_tx *tx, int64_t campaign, const char *path, int step,
			  struct arena *arena, struct org_step **ret_steps, int *ret_n)
{
	struct org_rows rows = {0};
	char end[ORG_PATH_MAX];
	int r;
	struct db_stmt *q = db_query(tx, "SELECT s.org, s.state, s.at_ms, s.account, s.note"
				     " FROM campaign_org o JOIN org_step s ON s.region = o.region"
				     " AND s.campaign = o.campaign AND s.org = o.org AND s.step = $4"
				     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " AND o.category >= 0 ORDER BY o.path");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, step);
	while ((r = db_step(q)) > 0) {
		struct org_step *s = org_rows_add(tx, &rows, arena, sizeof(*s));
		if (!s)
			return ERR_NOMEM;
		*s = (struct org_step){
			.org = db_col_int(q, 0), .step = step,
			.state = (enum step_state)db_col_int(q, 1), .at_ms = db_col_int(q, 2),
			.account = db_col_int(q, 3), .note = db_col_dup(q, 4, arena),
		};
	}
	if (r < 0)
		return r;
	*ret_steps = rows.data;
	*ret_n = rows.n;
	return 0;
}

/* ---- the sums ---- */

struct node_sum {
	int64_t node, n;
};

/* Writes what one node of the path has gathered. */
static int put_sum(struct db_tx *tx, int64_t campaign, int n_steps, const struct node_sum *sum)
{
	int r = 0;
	for (int i = 0; r == 0 && sum->n && i < n_steps; i++)
		r = add_count(tx, campaign, sum->node, i, STEP_NOT_BEGUN, sum->n);
	return r;
}

/*
 * By path, so that what stands below a node comes right after it: `open` is
 * the chain from the campaign's node to the last organisation, each with the
 * graded ones found below it so far in its own region.
 */
int store_step_counts_begin(struct db_tx *tx, int64_t campaign, int n_steps)
{
	AUTO(arena) struct arena arena = {0};
	struct node_sum *sums;
	struct campaign_org *orgs;
	int open[ORG_DEPTH_MAX + 2], depth = 0, n, r;

	if ((r = store_campaign_orgs(tx, campaign, "/", false, &arena, &orgs, &n)) < 0)
		return r;
	sums = arena_zalloc(&arena, (size_t)n + 1, sizeof(*sums));
	if (!sums)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		while (depth && strncmp(orgs[i].path, orgs[open[depth - 1]].path,
					strlen(orgs[open[depth - 1]].path)) != 0)
			depth--;
		sums[i].node = orgs[i].id;
		for (int k = 0; orgs[i].category >= 0 && k < depth; k++)
			if (id_region(orgs[open[k]].id) == id_region(orgs[i].id))
				sums[open[k]].n++;
		assert(depth <= ORG_DEPTH_MAX);
		open[depth++] = i;
	}
	for (int i = 0; r == 0 && i < n; i++)
		r = put_sum(tx, campaign, n_steps, &sums[i]);
	return r;
}

static int read_counts(struct db_stmt *q, struct step_count *counts, int n_steps)
{
	int r;
	while ((r = db_step(q)) > 0) {
		int64_t step = db_col_int(q, 0), state = db_col_int(q, 1);
		if (step >= 0 && step < n_steps && state >= 0 && state < STEP_STATE_COUNT)
			counts[step].n[state] += db_col_int(q, 2);
	}
	return r;
}

/* Counties that are graded themselves have nothing above them in their region
 * that keeps a sum: their own states, added up. */
static int add_counties(struct db_tx *tx, int64_t campaign, const char *path, const char *end,
			int n_steps, struct step_count *counts)
{
	int64_t all = 0;
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM campaign_org o WHERE o.campaign = $1"
				     " AND o.level = $2 AND o.path > $3 AND o.path < $4"
				     " AND o.category >= 0");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, LEVEL_COUNTY);
	db_bind_text(q, 3, path);
	db_bind_text(q, 4, end);
	int r = db_step(q);
	if (r <= 0)
		return r;
	all = db_col_int(q, 0);
	if (!all)
		return 0;
	for (int i = 0; i < n_steps; i++)
		counts[i].n[STEP_NOT_BEGUN] += all;
	q = db_query(tx, "SELECT s.step, s.state, count(*) FROM campaign_org o JOIN org_step s"
		     " ON s.region = o.region AND s.campaign = o.campaign AND s.org = o.org"
		     " WHERE o.campaign = $1 AND o.level = $2 AND o.path > $3 AND o.path < $4"
		     " AND o.category >= 0 GROUP BY s.step, s.state");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, LEVEL_COUNTY);
	db_bind_text(q, 3, path);
	db_bind_text(q, 4, end);
	while ((r = db_step(q)) > 0) {
		int64_t step = db_col_int(q, 0), state = db_col_int(q, 1), n = db_col_int(q, 2);
		if (step < 0 || step >= n_steps || state < 0 || state >= STEP_STATE_COUNT)
			continue;
		counts[step].n[STEP_NOT_BEGUN] -= n;
		counts[step].n[state] += n;
	}
	return r;
}

/* Those kept for the node itself, and where it stands above counties those of
 * the counties below it. */
static int sum_up(struct db_tx *tx, int64_t campaign, int64_t node, const char *path,
		  int n_steps, struct step_count *counts)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT step, state, n FROM step_count WHERE region = $1"
				     " AND campaign = $2 AND node = $3");
	for (int i = 0; i < n_steps; i++)
		counts[i] = (struct step_count){.node = node, .step = i};
	store_bind_key(q, campaign, node);
	int r = read_counts(q, counts, n_steps);
	if (r < 0 || id_region(node) != 0)
		return r;
	store_path_end(path, end);
	q = db_query(tx, "SELECT s.step, s.state, s.n FROM campaign_org o JOIN step_count s"
		     " ON s.region = o.region AND s.campaign = o.campaign AND s.node = o.org"
		     " WHERE o.campaign = $1 AND o.level = $2 AND o.path > $3 AND o.path < $4");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, LEVEL_COUNTY);
	db_bind_text(q, 3, path);
	db_bind_text(q, 4, end);
	r = read_counts(q, counts, n_steps);
	return r < 0 ? r : add_counties(tx, campaign, path, end, n_steps, counts);
}

int store_step_counts(struct db_tx *tx, int64_t campaign, int64_t node, int n_steps,
		      struct arena *arena, struct step_count **ret_counts)
{
	struct campaign_org org = {.path = ""};
	struct step_count *counts = arena_zalloc(arena, (size_t)n_steps + 1, sizeof(*counts));
	if (!counts)
		return db_doom_nomem(tx);
	int r = store_campaign_org_get(tx, campaign, node, arena, &org);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	if ((r = sum_up(tx, campaign, node, org.path, n_steps, counts)) == 0)
		*ret_counts = counts;
	return r;
}

/* Rows of child, step, state and how many, by the child's code: `own` moves one that has
 * not begun, else they are added. */
static int read_children(struct db_stmt *q, int n_steps, struct step_child *children, int n, bool own)
{
	int r, at = 0;
	while ((r = db_step(q)) > 0) {
		int64_t org = db_col_int(q, 0), step = db_col_int(q, 1), state = db_col_int(q, 2);
		int64_t many = db_col_int(q, 3);
		while (at < n && children[at].node != org)
			at++;
		if (at == n || step < 0 || step >= n_steps || state < 0 || state >= STEP_STATE_COUNT)
			continue;
		if (own)
			children[at].counts[step].n[STEP_NOT_BEGUN] -= many;
		children[at].counts[step].n[state] += many;
	}
	return r;
}

/* The graded children's own states beside those below them. */
static int add_own_states(struct db_tx *tx, int64_t campaign, int64_t node, int n_steps,
			  struct step_child *children, int n)
{
	struct db_stmt *q = db_query(tx, "SELECT o.org, s.step, s.state, 1 FROM campaign_org o"
				     " JOIN org_step s ON s.region = o.region"
				     " AND s.campaign = o.campaign AND s.org = o.org"
				     " WHERE o.campaign = $1 AND o.parent = $2 AND o.category >= 0"
				     " ORDER BY o.code");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	return read_children(q, n_steps, children, n, true);
}

/* What is kept for each child; above counties it must be summed up. */
static int sum_children(struct db_tx *tx, int64_t campaign, int64_t node, int n_steps,
			struct step_child *children, int n)
{
	for (int i = 0; i < n; i++)
		for (int s = 0; s < n_steps; s++)
			children[i].counts[s] = (struct step_count){.node = children[i].node, .step = s};
	if (id_region(node) != 0) {
		struct db_stmt *q = db_query(tx, "SELECT o.org, s.step, s.state, s.n FROM campaign_org o"
					     " JOIN step_count s ON s.region = o.region"
					     " AND s.campaign = o.campaign AND s.node = o.org"
					     " WHERE o.campaign = $1 AND o.parent = $2 ORDER BY o.code");
		db_bind_int(q, 1, campaign);
		db_bind_int(q, 2, node);
		return read_children(q, n_steps, children, n, false);
	}
	int r = 0;
	for (int i = 0; r == 0 && i < n; i++)
		r = sum_up(tx, campaign, children[i].node, children[i].path, n_steps, children[i].counts);
	return r;
}

int store_step_children(struct db_tx *tx, int64_t campaign, int64_t node, int n_steps,
			struct arena *arena, struct step_child **ret_children, int *ret_n)
{
	struct org_rows rows = {0};
	int r, n = 0;
	struct db_stmt *q = db_query(tx, "SELECT org, code, name, path, level, category"
				     " FROM campaign_org WHERE campaign = $1 AND parent = $2"
				     " ORDER BY code");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	while ((r = db_step(q)) > 0) {
		struct step_child *c = org_rows_add(tx, &rows, arena, sizeof(*c));
		if (!c)
			return ERR_NOMEM;
		*c = (struct step_child){
			.node = db_col_int(q, 0), .code = db_col_dup(q, 1, arena),
			.name = db_col_dup(q, 2, arena), .path = db_col_dup(q, 3, arena),
			.level = (enum level)db_col_int(q, 4), .category = (int)db_col_int(q, 5),
		};
	}
	struct step_child *children = rows.data;
	for (int i = 0; r == 0 && i < rows.n; i++) {
		struct step_child *c = &children[i];
		c->counts = arena_zalloc(arena, (size_t)n_steps + 1, sizeof(*c->counts));
		if (!c->counts)
			return db_doom_nomem(tx);
	}
	if (r == 0)
		r = sum_children(tx, campaign, node, n_steps, children, rows.n);
	for (int i = 0; r == 0 && i < rows.n; i++)
		for (int s = 0; s < n_steps && children[i].category >= 0; s++)
			children[i].counts[s].n[STEP_NOT_BEGUN]++;
	if (r == 0)
		r = add_own_states(tx, campaign, node, n_steps, children, rows.n);
	for (int i = 0; r == 0 && i < rows.n; i++) {
		int64_t below = 0;
		for (int s = 0; n_steps && s < STEP_STATE_COUNT; s++)
			below += children[i].counts[0].n[s];
		if (below || children[i].category >= 0)
			children[n++] = children[i];
	}
	if (r < 0)
		return r;
	*ret_children = children;
	*ret_n = n;
	return 0;
}
