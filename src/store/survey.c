/* SPDX-License-Identifier: Apache-2.0 */
#include "store/survey.h"

#include <stdlib.h>

#include "store/id.h"
#include "store/org_in.h"

/* ---- answers ---- */

int store_survey_put(struct db_tx *tx, int64_t campaign, int64_t org,
		     const struct survey_answer *answer)
{
	struct db_stmt *q;
	if (!*answer->answer) {
		q = db_query(tx, "DELETE FROM survey_answer WHERE region = $1 AND campaign = $2"
			     " AND org = $3 AND question = $4");
		store_bind_key(q, campaign, org);
		db_bind_int(q, 4, answer->question);
	} else {
		q = db_query(tx, "INSERT INTO survey_answer (region, campaign, org, question, answer,"
			     " red, account, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
			     " ON CONFLICT (region, campaign, org, question) DO UPDATE SET"
			     " answer = excluded.answer, red = excluded.red,"
			     " account = excluded.account, at_ms = excluded.at_ms");
		store_bind_key(q, campaign, org);
		db_bind_int(q, 4, answer->question);
		db_bind_text(q, 5, answer->answer);
		db_bind_int(q, 6, answer->red);
		db_bind_int(q, 7, answer->account);
		db_bind_int(q, 8, answer->at_ms);
	}
	return db_later(q);
}

#define ANSWER_COLS "s.question, s.answer, s.red, s.account, s.at_ms"

static void read_survey_answer(struct db_stmt *q, struct arena *arena, void *row)
{
	struct survey_answer *a = row;
	*a = (struct survey_answer){(int)db_col_int(q, 0), db_col_dup(q, 1, arena),
				    db_col_int(q, 2) != 0, db_col_int(q, 3), db_col_int(q, 4)};
}

static void read_org_answer(struct db_stmt *q, struct arena *arena, void *row)
{
	struct survey_org_answer *a = row;
	read_survey_answer(q, arena, &a->answer);
	a->org = db_col_int(q, 5);
}

static const struct rows_kind survey_answer_rows =
	{ROWS_ANSWER, sizeof(struct survey_answer), read_survey_answer};

int store_survey_answers(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			 struct survey_answer **ret_answers, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " ANSWER_COLS " FROM survey_answer s"
				     " WHERE s.region = $1 AND s.campaign = $2 AND s.org = $3"
				     " ORDER BY s.question");
	store_bind_key(q, campaign, org);
	return store_rows(tx, q, &survey_answer_rows, arena, ret_answers, ret_n);
}

#define ANSWERS_BELOW(which) \
	" FROM survey_answer s JOIN campaign_org o ON o.region = s.region AND o.campaign = s.campaign" \
	" AND o.org = s.org WHERE s.campaign = $1 AND " which " AND o.path >= $2 AND o.path < $3"
int store_survey_answers_below(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			       struct survey_org_answer **ret_answers, int *ret_n)
{
	static const struct rows_kind rows = {ROWS_ANSWER, sizeof(struct survey_org_answer), read_org_answer};
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " ANSWER_COLS ", s.org" ANSWERS_BELOW("s.answer <> ''")
				     " ORDER BY s.org, s.question");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &rows, arena, ret_answers, ret_n);
}

#define ANSWER_ROWS(which) "SELECT s.org, s.question, s.answer, s.at_ms, o.name" \
	ANSWERS_BELOW(which) " ORDER BY o.path, s.question"

static int read_rows(struct db_tx *tx, struct db_stmt *q, int64_t campaign, const char *path,
		     struct arena *arena, struct survey_red_row **ret_rows, int *ret_n)
{
	struct org_rows rows = {0};
	char end[ORG_PATH_MAX];
	int r;

	store_bind_below(q, campaign, path, end);
	while ((r = db_step(q)) > 0) {
		struct survey_red_row *red = rows.n < SURVEY_REDS_MAX
			? org_rows_add(tx, &rows, arena, sizeof(*red)) : NULL;
		if (!red) {
			db_finish(q);
			return rows.n < SURVEY_REDS_MAX ? ERR_NOMEM : ERR_LIMIT;
		}
		*red = (struct survey_red_row){db_col_int(q, 0), (int)db_col_int(q, 1),
					       db_col_dup(q, 2, arena), db_col_int(q, 3), db_col_dup(q, 4, arena)};
	}
	if (r < 0)
		return r;
	*ret_rows = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_survey_reds(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		      struct survey_red_row **ret_reds, int *ret_n)
{
	return read_rows(tx, db_query(tx, ANSWER_ROWS("s.red = 1")), campaign, path, arena, ret_reds, ret_n);
}

int store_survey_given(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		       struct survey_red_row **ret_rows, int *ret_n)
{
	return read_rows(tx, db_query(tx, ANSWER_ROWS("s.answer <> ''")), campaign, path, arena, ret_rows, ret_n);
}

int store_survey_of_question(struct db_tx *tx, int64_t campaign, const char *path, int question,
			     struct arena *arena, struct survey_red_row **ret_rows, int *ret_n)
{
	struct db_stmt *q = db_query(tx, ANSWER_ROWS("s.question = $4"));
	db_bind_int(q, 4, question);
	return read_rows(tx, q, campaign, path, arena, ret_rows, ret_n);
}

int store_survey_red_counts(struct db_tx *tx, int64_t campaign, const char *path, int n_questions,
			    int64_t *ret_counts)
{
	char end[ORG_PATH_MAX];
	int r;

	for (int i = 0; i < n_questions; i++)
		ret_counts[i] = 0;
	struct db_stmt *q = db_query(tx, "SELECT s.question, count(*)" ANSWERS_BELOW("s.red = 1") " GROUP BY s.question");
	store_bind_below(q, campaign, path, end);
	while ((r = db_step(q)) > 0) {
		int64_t question = db_col_int(q, 0);
		if (question >= 0 && question < n_questions)
			ret_counts[question] = db_col_int(q, 1);
	}
	return r;
}

static void read_child(struct db_stmt *q, struct arena *arena, void *row)
{
	struct survey_red_child *c = row;
	*c = (struct survey_red_child){strtoll(db_col_dup(q, 0, arena), NULL, 10), (int)db_col_int(q, 1), db_col_int(q, 2)};
}

int store_survey_red_children(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			      struct survey_red_child **ret_rows, int *ret_n)
{
	static const struct rows_kind children = {ROWS_ANSWER, sizeof(struct survey_red_child), read_child};
	char end[ORG_PATH_MAX];
	/* What stands in the path between the node's own and the next slash. */
	struct db_stmt *q = db_query(tx, "SELECT substr(rest, 1, strpos(rest, '/') - 1) AS child, question, count(*)"
				     " FROM (SELECT s.question AS question, substr(o.path, CAST($4 AS INTEGER)) AS rest"
				     ANSWERS_BELOW("s.red = 1") ") below WHERE rest <> '' GROUP BY child, question"
				     " ORDER BY child, question");
	db_bind_int(q, 4, (int64_t)strlen(path) + 1);
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &children, arena, ret_rows, ret_n);
}

/* ---- reach ---- */

int store_survey_reach_put(struct db_tx *tx, int64_t campaign, int64_t org,
			   const struct survey_reach *reach, int64_t account, int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO survey_reach (region, campaign, org, voters,"
				     " channel, n, account, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
				     " ON CONFLICT (region, campaign, org, voters, channel) DO UPDATE SET"
				     " n = excluded.n, account = excluded.account, at_ms = excluded.at_ms");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, reach->voters);
	db_bind_int(q, 5, reach->channel);
	db_bind_int(q, 6, reach->n);
	db_bind_int(q, 7, account);
	db_bind_int(q, 8, now_ms);
	return db_later(q);
}

static void read_survey_reach(struct db_stmt *q, struct arena *arena, void *row)
{
	struct survey_reach *reach = row;
	(void)arena;
	*reach = (struct survey_reach){(enum voters)db_col_int(q, 0), (int)db_col_int(q, 1),
				       db_col_int(q, 2)};
}

static void read_org_reach(struct db_stmt *q, struct arena *arena, void *row)
{
	struct survey_org_reach *reach = row;
	read_survey_reach(q, arena, &reach->reach);
	reach->org = db_col_int(q, 3);
}

static const struct rows_kind survey_reach_rows =
	{ROWS_ANSWER, sizeof(struct survey_reach), read_survey_reach};

int store_survey_reach(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		       struct survey_reach **ret_reach, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT voters, channel, n FROM survey_reach WHERE region = $1"
				     " AND campaign = $2 AND org = $3 ORDER BY voters, channel");
	store_bind_key(q, campaign, org);
	return store_rows(tx, q, &survey_reach_rows, arena, ret_reach, ret_n);
}

int store_survey_reach_below(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			     struct survey_org_reach **ret_reach, int *ret_n)
{
	static const struct rows_kind rows = {ROWS_ANSWER, sizeof(struct survey_org_reach), read_org_reach};
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT s.voters, s.channel, s.n, s.org FROM survey_reach s"
				     " JOIN campaign_org o ON o.region = s.region AND o.campaign = s.campaign"
				     " AND o.org = s.org WHERE s.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " ORDER BY s.org, s.voters, s.channel");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &rows, arena, ret_reach, ret_n);
}

/* ---- teams ---- */

int store_survey_team_put(struct db_tx *tx, int64_t campaign, struct survey_team *team)
{
	int number = team->team;
	if (!number) {
		struct db_stmt *q = db_query(tx, "SELECT coalesce(max(team), 0) + 1 FROM survey_team"
					     " WHERE region = $1 AND campaign = $2");
		store_bind_id(q, campaign);
		int r = db_step(q);
		if (r <= 0)
			return r < 0 ? r : ERR_IO;
		number = (int)db_col_int(q, 0);
		db_finish(q);
		if (number > SURVEY_TEAMS_MAX)
			return ERR_LIMIT;
	}
	struct db_stmt *q = db_query(tx, "INSERT INTO survey_team (region, campaign, team, name, leader,"
				     " members, node) VALUES ($1, $2, $3, $4, $5, $6, $7)"
				     " ON CONFLICT (region, campaign, team) DO UPDATE SET"
				     " name = excluded.name, leader = excluded.leader,"
				     " members = excluded.members, node = excluded.node");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, number);
	db_bind_text(q, 4, team->name);
	db_bind_text(q, 5, team->leader);
	db_bind_text(q, 6, team->members);
	db_bind_int(q, 7, team->node);
	int r = db_run(q);
	if (r < 0)
		return r;
	team->team = number;
	return 0;
}

int store_survey_team_delete(struct db_tx *tx, int64_t campaign, int team)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM survey_team WHERE region = $1 AND campaign = $2"
				     " AND team = $3");
	store_bind_id(q, campaign);
	db_bind_int(q, 3, team);
	return store_run_found(q);
}

static void read_survey_team(struct db_stmt *q, struct arena *arena, void *row)
{
	struct survey_team *t = row;
	*t = (struct survey_team){
		.team = (int)db_col_int(q, 0), .name = db_col_dup(q, 1, arena),
		.leader = db_col_dup(q, 2, arena), .members = db_col_dup(q, 3, arena),
		.node = db_col_int(q, 4), .node_name = db_col_dup(q, 5, arena),
		.path = db_col_dup(q, 6, arena),
	};
}

static const struct rows_kind survey_team_rows =
	{ROWS_ANSWER, sizeof(struct survey_team), read_survey_team};

int store_survey_teams(struct db_tx *tx, int64_t campaign, struct arena *arena,
		       struct survey_team **ret_teams, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT t.team, t.name, t.leader, t.members, t.node,"
				     " coalesce(o.name, ''), coalesce(w.path, '') FROM survey_team t"
				     " LEFT JOIN campaign_org o ON o.region = t.node / 10000000"
				     " AND o.campaign = t.campaign AND o.org = t.node"
				     " LEFT JOIN org w ON w.region = t.node / 10000000 AND w.org = t.node WHERE t.region = $1 AND t.campaign = $2"
				     " ORDER BY t.team");
	store_bind_id(q, campaign);
	return store_rows(tx, q, &survey_team_rows, arena, ret_teams, ret_n);
}
