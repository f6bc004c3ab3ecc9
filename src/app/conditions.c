/* SPDX-License-Identifier: Apache-2.0 */
#include "app/conditions.h"

#include "store/survey.h"

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;
	struct conditions out;
};

static int count(struct db_tx *tx, struct job *job, const struct campaign_org *org, struct condition_row *row)
{
	int n = job->out.call.scheme->n_survey;
	*row = (struct condition_row){.node = org->id, .name = org->name,
				      .counts = arena_zalloc(job->arena, (size_t)n + 1, sizeof(int64_t))};
	if (!row->counts)
		return db_doom_nomem(tx);
	int r = store_campaign_orgs_count(tx, job->campaign, org->path, -1, &row->total);
	return r < 0 ? r : store_survey_red_counts(tx, job->campaign, org->path, n, row->counts);
}

static int count_children(struct db_tx *tx, struct job *job)
{
	struct conditions *out = &job->out;
	const int n_questions = out->call.scheme->n_survey, n_steps = out->call.scheme->n_steps;
	struct step_child *children;
	struct survey_red_child *reds;
	int n, n_reds, r = store_step_children(tx, job->campaign, out->call.org.id, n_steps, job->arena,
					       &children, &n);
	if (r == 0)
		r = store_survey_red_children(tx, job->campaign, out->call.org.path, job->arena, &reds, &n_reds);
	if (r < 0)
		return r;
	out->rows = arena_zalloc(job->arena, (size_t)n + 1, sizeof(*out->rows));
	if (!out->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < n && r == 0; i++) {
		struct condition_row *row = &out->rows[out->n];
		*row = (struct condition_row){.node = children[i].node, .name = children[i].name,
					      .counts = arena_zalloc(job->arena, (size_t)n_questions + 1,
								     sizeof(int64_t))};
		if (!row->counts)
			return db_doom_nomem(tx);
		/* Every step counts all of them; a scheme may have none. */
		for (int state = 0; n_steps && state < STEP_STATE_COUNT; state++)
			row->total += children[i].counts[0].n[state];
		if (!n_steps)
			r = store_campaign_orgs_count(tx, job->campaign, children[i].path, -1, &row->total);
		for (int k = 0; k < n_reds; k++)
			if (reds[k].child == row->node && reds[k].question >= 0 && reds[k].question < n_questions)
				row->counts[reds[k].question] = reds[k].n;
		out->n += row->total > 0;
	}
	return r;
}

static int list_orgs(struct db_tx *tx, struct job *job)
{
	struct conditions *out = &job->out;
	struct survey_red_row *reds;
	int n, r = store_survey_reds(tx, job->campaign, out->call.path, job->arena, &reds, &n);
	out->orgs = arena_zalloc(job->arena, CONDITION_ORGS_MAX, sizeof(*out->orgs));
	if (r == 0 && !out->orgs)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < n && out->n_orgs < CONDITION_ORGS_MAX; i++)
		if (reds[i].question == out->question)
			out->orgs[out->n_orgs++] = (struct condition_org){reds[i].org, reds[i].name, reds[i].answer};
	return r;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct conditions *out = &job->out;
	int question = out->question;
	*out = (struct conditions){.question = question};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_REPORT_READ, job->campaign, job->node,
			       job->arena, &out->call, info);
	if (r == 0)
		r = count(tx, job, &out->call.org, &out->own);
	if (r == 0)
		r = count_children(tx, job);
	if (r == 0 && question >= 0 && question < out->call.scheme->n_survey)
		r = list_orgs(tx, job);
	else if (r == 0)
		out->question = -1;
	return r;
}

int conditions_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int question, struct arena *arena, struct conditions *ret, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node, .arena = arena,
			  .out = {.question = question}};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret = job.out;
	return r;
}
