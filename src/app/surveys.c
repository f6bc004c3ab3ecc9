/* SPDX-License-Identifier: Apache-2.0 */
#include "app/surveys.h"

#include <stdio.h>

#include "domain/candidate.h"
#include "domain/exact.h"
#include "store/id.h"

struct survey_job {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	int64_t campaign, org;
	struct campaign_call call;
	struct survey_view view;
	struct survey_put *puts;
	int n, wrong;
	const int64_t *reached;
	const char *waiver;
	struct survey_list list;
	int64_t offset, limit;
	const struct survey_team *team;
};

bool survey_asks(const struct scheme_question *question, int category)
{
	return category >= 0 && (question->categories >> category & 1);
}

int survey_n_channels(const struct scheme *scheme)
{
	return scheme->coverage.channels.n + 1;
}

/* ---- what there is ---- */

static void work_coverage(struct survey_view *v)
{
	const int64_t people[VOTERS_COUNT] = {v->org.members, v->org.residents};
	int channels = survey_n_channels(v->scheme);

	v->covered = true;
	for (int i = 0; i < VOTERS_COUNT; i++) {
		uint32_t share = v->scheme->coverage.given ? v->scheme->coverage.at_least_e6[i] : 0;
		v->reach[i] = 0;
		for (int c = 0; c < channels; c++)
			v->reach[i] += v->reached[i * channels + c];
		v->need[i] = !share ? 0 : people[i] < 0 ? -1
			: (int64_t)(((u128)share * (u128)people[i] + E6 - 1) / E6);
		v->covered &= v->need[i] >= 0 && v->reach[i] >= v->need[i];
	}
}

static int load_answers(struct db_tx *tx, struct survey_job *job)
{
	struct survey_view *v = &job->view;
	struct survey_answer *kept;
	int n, r = store_survey_answers(tx, job->campaign, v->org.id, job->arena, &kept, &n);

	if (r < 0)
		return r;
	v->answers = arena_zalloc(job->arena, (size_t)v->scheme->n_survey + 1, sizeof(*v->answers));
	if (!v->answers)
		return db_doom_nomem(tx);
	for (int i = 0; i < v->scheme->n_survey; i++)
		v->answers[i] = (struct survey_answer){.question = i, .answer = ""};
	for (int i = 0; i < n; i++)
		if (kept[i].question >= 0 && kept[i].question < v->scheme->n_survey)
			v->answers[kept[i].question] = kept[i];
	for (int i = 0; i < v->scheme->n_survey; i++) {
		if (!survey_asks(&v->scheme->survey[i], v->org.category))
			continue;
		v->asked++;
		v->answered += *v->answers[i].answer != '\0';
		v->red += v->answers[i].red;
	}
	return 0;
}

static int load_reach(struct db_tx *tx, struct survey_job *job)
{
	struct survey_view *v = &job->view;
	struct survey_reach *reach;
	int channels = survey_n_channels(v->scheme), n;
	int r = store_survey_reach(tx, job->campaign, v->org.id, job->arena, &reach, &n);

	v->reached = arena_zalloc(job->arena, (size_t)(VOTERS_COUNT * channels), sizeof(*v->reached));
	if (!v->reached)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < n; i++)
		if (reach[i].channel >= -1 && reach[i].channel < channels - 1)
			v->reached[(int)reach[i].voters * channels + reach[i].channel + 1] = reach[i].n;
	work_coverage(v);
	return r;
}

static int load_view(struct db_tx *tx, struct survey_job *job)
{
	struct survey_view *v = &job->view;
	const struct scheme *scheme = job->call.scheme;
	int step = campaign_step_of(scheme, STEP_SURVEY), r;
	struct org_step *steps;

	*v = (struct survey_view){.campaign = job->call.campaign, .scheme = scheme, .org = job->call.org,
				  .note = ""};
	r = load_answers(tx, job);
	if (r == 0)
		r = load_reach(tx, job);
	if (r == 0)
		r = store_org_steps(tx, job->campaign, v->org.id, scheme->n_steps, job->arena, &steps);
	if (r == 0 && step >= 0) {
		v->state = steps[step].state;
		v->note = steps[step].note;
	}
	return r;
}

static int enter(struct db_tx *tx, struct survey_job *job, enum action action, struct err_info *info)
{
	int r = campaign_enter(tx, job->app, job->caller, action, job->campaign, job->org, job->arena,
			       &job->call, info);
	return r < 0 ? r : load_view(tx, job);
}

static int may_change(const struct survey_job *job, struct err_info *info)
{
	if (!job->call.scheme->n_survey)
		return err_set(info, ERR_STATE, "这个方案没有调查问题");
	return campaign_gate(&job->call, GATE_SURVEY, info);
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	struct err_info why = {0};
	int r = enter(tx, job, ACTION_SURVEY_WRITE, info);

	if (r < 0)
		return r;
	r = may_change(job, &why);
	job->view.may_write = r == 0;
	job->view.why_not = r < 0 ? arena_strdup(job->arena, why.text) : NULL;
	return 0;
}

int surveys_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		struct arena *arena, struct survey_view *ret_view, struct err_info *info)
{
	struct survey_job job = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
				 .org = org};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}

/* ---- answers ---- */

/* Reads an answer as the question asks; NULL or what is wrong with it. */
static const char *read_answer(const struct scheme_question *q, const char *value, char *room,
			       bool *ret_red)
{
	struct str text = str_trim(str_from(value));
	uint64_t choice;
	int64_t number;

	*ret_red = false;
	if (!text.len || q->ask == ASK_TEXT)
		return text.len > SURVEY_TEXT_MAX ? "太长，应在 2000 字以内" : NULL;
	if (text.len > 40)
		return "太长";
	text.len = str_fold_width(text, room);
	text.data = room;
	switch (q->ask) {
	case ASK_YES_NO:
		if (!str_eqs(text, "yes") && !str_eqs(text, "no"))
			return "请选“是”或“否”";
		break;
	case ASK_CHOICE:
		if (!digits_parse(text, (uint64_t)q->choices.n - 1, &choice))
			return "请从列出的几项里选一项";
		break;
	default:
		if (!decimal_parse_e4(text, &number))
			return "请填数字，例如 12 或 3.5";
	}
	*ret_red = survey_answer_is_red(q, text);
	return NULL;
}

static int save_answer(struct db_tx *tx, struct survey_job *job, struct survey_put *put)
{
	const struct scheme *scheme = job->call.scheme;
	char room[64];
	bool red;

	put->wrong = NULL;
	if (put->question < 0 || put->question >= scheme->n_survey ||
	    !survey_asks(&scheme->survey[put->question], job->call.org.category)) {
		put->wrong = "这一题不问这类党组织";
	} else {
		put->wrong = read_answer(&scheme->survey[put->question], put->value, room, &red);
	}
	if (put->wrong) {
		job->wrong++;
		return 0;
	}
	struct str text = str_trim(str_from(put->value));
	const char *kept = arena_strndup(job->arena, text.data, text.len);
	if (!kept)
		return db_doom_nomem(tx);
	if (strcmp(kept, job->view.answers[put->question].answer) == 0)
		return 0;
	const struct survey_answer answer = {put->question, kept, red, job->caller->account,
					     job->caller->now_ms};
	return store_survey_put(tx, job->campaign, job->org, &answer);
}

static int save_reach(struct db_tx *tx, struct survey_job *job)
{
	int channels = survey_n_channels(job->call.scheme), r = 0;

	for (int v = 0; job->reached && v < VOTERS_COUNT; v++)
		for (int c = 0; r == 0 && c < channels; c++) {
			int64_t n = job->reached[v * channels + c];
			if (n < 0 || n == job->view.reached[v * channels + c])
				continue;
			const struct survey_reach reach = {(enum voters)v, c - 1, n};
			r = store_survey_reach_put(tx, job->campaign, job->org, &reach,
						   job->caller->account, job->caller->now_ms);
		}
	return r;
}

static int set_step(struct db_tx *tx, struct survey_job *job)
{
	struct survey_view *v = &job->view;
	int step = campaign_step_of(v->scheme, STEP_SURVEY);
	bool full = v->answered == v->asked;
	enum step_state state = full && v->covered ? STEP_DONE
		: full && *job->waiver ? STEP_WAIVED : STEP_BEGUN;
	if (step < 0)
		return 0;
	v->state = state;
	return store_org_step_set(tx, job->campaign, job->org, step, state, job->caller->account,
				  job->caller->now_ms, state == STEP_WAIVED ? job->waiver : "");
}

static int save_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	char before[64], after[64];
	int r = enter(tx, job, ACTION_SURVEY_WRITE, info);

	job->wrong = 0;
	if (r == 0)
		r = may_change(job, info);
	if (r < 0)
		return r;
	snprintf(before, sizeof(before), "%d/%d 题，%d 项预警", job->view.answered, job->view.asked,
		 job->view.red);
	for (int i = 0; r == 0 && i < job->n; i++)
		r = save_answer(tx, job, &job->puts[i]);
	if (r == 0)
		r = save_reach(tx, job);
	if (r == 0)
		r = load_view(tx, job);
	if (r == 0)
		r = set_step(tx, job);
	if (r < 0)
		return r;
	snprintf(after, sizeof(after), "%d/%d 题，%d 项预警", job->view.answered, job->view.asked,
		 job->view.red);
	return app_audit(tx, &job->call.access, "survey.save", job->org, job->call.org.name, before, after);
}

int surveys_save(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 struct survey_put *puts, int n, const int64_t *reached, const char *waiver,
		 struct arena *arena, int *ret_wrong, struct err_info *info)
{
	struct survey_job job = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
				 .org = org, .puts = puts, .n = n, .reached = reached,
				 .waiver = waiver ? waiver : ""};
	if (strlen(job.waiver) > SURVEY_REASON_MAX)
		return err_set(info, ERR_INPUT, "理由太长，应在 500 字以内");
	int r = db_write(app->db, id_region(org), save_fn, &job, info);
	if (r == 0)
		*ret_wrong = job.wrong;
	return r;
}

/* ---- below a node ---- */

static int list_rows(struct db_tx *tx, struct survey_job *job)
{
	struct survey_list *l = &job->list;
	struct campaign_org *orgs;
	int r = store_campaign_orgs_page(tx, job->campaign, job->call.path, -1, job->offset, job->limit,
					 job->arena, &orgs, &l->n, &l->total);
	if (r < 0)
		return r;
	l->rows = arena_zalloc(job->arena, (size_t)l->n + 1, sizeof(*l->rows));
	if (!l->rows)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < l->n; i++) {
		job->call.org = orgs[i];
		r = load_view(tx, job);
		l->rows[i] = (struct survey_row){orgs[i], job->view.asked, job->view.answered,
						 job->view.red, job->view.state};
	}
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	struct survey_list *l = &job->list;
	struct survey_team *teams;
	int n = 0, r = campaign_enter(tx, job->app, job->caller, ACTION_SURVEY_WRITE, job->campaign,
				      job->org, job->arena, &job->call, info);
	if (r < 0)
		return r;
	*l = (struct survey_list){.campaign = job->call.campaign, .scheme = job->call.scheme,
				  .node = job->call.org};
	l->red_counts = arena_zalloc(job->arena, (size_t)l->scheme->n_survey + 1, sizeof(int64_t));
	if (!l->red_counts)
		return db_doom_nomem(tx);
	if ((r = store_survey_red_counts(tx, job->campaign, job->call.path, l->scheme->n_survey,
					 l->red_counts)) < 0 ||
	    (r = store_survey_teams(tx, job->campaign, job->arena, &teams, &n)) < 0)
		return r;
	/* Teams whose area the caller may work in. */
	l->teams = teams;
	for (int i = 0; i < n; i++) {
		struct err_info why = {0};
		if (app_may(tx, &job->call.access, ACTION_SURVEY_WRITE, teams[i].node, NULL, &why) == 0)
			l->teams[l->n_teams++] = teams[i];
	}
	return list_rows(tx, job);
}

int surveys_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		 int64_t offset, int64_t limit, struct arena *arena, struct survey_list *ret_list,
		 struct err_info *info)
{
	struct survey_job job = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
				 .org = node, .offset = offset,
				 .limit = limit < SURVEY_LIST_MAX ? limit : SURVEY_LIST_MAX};
	int r = db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_list = job.list;
	return r;
}

/* ---- teams ---- */

static int team_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	struct survey_team team = *job->team, *teams;
	const struct survey_team *old = NULL;
	int n, r = campaign_enter(tx, job->app, job->caller, ACTION_SURVEY_WRITE, job->campaign, job->org,
				  job->arena, &job->call, info);
	if (r == 0)
		r = store_survey_teams(tx, job->campaign, job->arena, &teams, &n);
	if (r < 0)
		return r;
	for (int i = 0; team.team && i < n; i++)
		if (teams[i].team == team.team)
			old = &teams[i];
	if (team.team && !old)
		return err_set(info, ERR_NOT_FOUND, "没有这个调查组");
	if (old && (r = app_may(tx, &job->call.access, ACTION_SURVEY_WRITE, old->node, NULL, info)) < 0)
		return r;
	r = !*team.name && old ? store_survey_team_delete(tx, job->campaign, team.team)
			       : store_survey_team_put(tx, job->campaign, &team);
	if (r == ERR_LIMIT)
		return err_set(info, r, "调查组最多 %d 个", SURVEY_TEAMS_MAX);
	return r < 0 ? r : app_audit(tx, &job->call.access, "survey.team", job->org,
				     old ? old->name : team.name, old ? old->leader : "", team.leader);
}

int surveys_team(struct app *app, const struct caller *caller, int64_t campaign,
		 const struct survey_team *team, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct survey_job job = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
				 .org = team->node, .team = team};
	if ((!*team->name && !team->team) || strlen(team->name) > SURVEY_NAME_MAX ||
	    strlen(team->leader) > SURVEY_NAME_MAX || strlen(team->members) > SURVEY_NAME_MAX)
		return err_set(info, ERR_INPUT, "请写明调查组名称，各项在 100 字以内");
	return db_write(app->db, id_region(campaign), team_fn, &job, info);
}
