/* SPDX-License-Identifier: Apache-2.0 */
#include "app/surveys_in.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/candidate.h"
#include "domain/exact.h"
#include "store/id.h"

struct survey_job {
	struct survey_desk desk;
	int64_t org;
	struct survey_put *puts;
	int n, wrong;
	const int64_t *reached;
	const char *waiver;
	struct survey_list list;
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

static void count_answers(struct survey_view *v)
{
	v->asked = v->answered = v->red = 0;
	for (int i = 0; i < v->scheme->n_survey; i++) {
		if (!survey_asks(&v->scheme->survey[i], v->org.category))
			continue;
		v->asked++;
		v->answered += *v->answers[i].answer != '\0';
		v->red += v->answers[i].red;
	}
}

static void take_answer(struct survey_view *v, const struct survey_answer *answer)
{
	if (answer->question >= 0 && answer->question < v->scheme->n_survey)
		v->answers[answer->question] = *answer;
}

static void take_reach(struct survey_view *v, const struct survey_reach *reach)
{
	int channels = survey_n_channels(v->scheme);
	if (reach->channel >= -1 && reach->channel < channels - 1)
		v->reached[(int)reach->voters * channels + reach->channel + 1] = reach->n;
}

/* The first row of an organisation among rows that begin with its number, sorted by it. */
static int first_of(const void *rows, int n, size_t size, int64_t org)
{
	int low = 0, high = n;
	while (low < high) {
		int mid = low + (high - low) / 2;
		int64_t at;
		memcpy(&at, (const char *)rows + (size_t)mid * size, sizeof(at));
		if (at < org)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void look_below(struct survey_view *v, const struct survey_below *b)
{
	const int64_t org = v->org.id;
	_Static_assert(offsetof(struct survey_org_answer, org) == 0 && offsetof(struct survey_org_reach, org) == 0 &&
		       offsetof(struct org_step, org) == 0, "the number comes first");
	for (int i = first_of(b->answers, b->n_answers, sizeof(*b->answers), org);
	     i < b->n_answers && b->answers[i].org == org; i++)
		take_answer(v, &b->answers[i].answer);
	for (int i = first_of(b->reach, b->n_reach, sizeof(*b->reach), org);
	     i < b->n_reach && b->reach[i].org == org; i++)
		take_reach(v, &b->reach[i].reach);
	int step = first_of(b->steps, b->n_steps, sizeof(*b->steps), org);
	if (step < b->n_steps && b->steps[step].org == org) {
		v->state = b->steps[step].state;
		v->note = b->steps[step].note;
	}
}

static int ask(struct db_tx *tx, struct survey_desk *desk)
{
	struct survey_view *v = &desk->view;
	const int step = campaign_step_of(v->scheme, STEP_SURVEY);
	struct survey_answer *answers;
	struct survey_reach *reach;
	struct org_step *steps;
	int n, r = store_survey_answers(tx, desk->call.campaign.id, v->org.id, desk->arena, &answers, &n);
	for (int i = 0; r == 0 && i < n; i++)
		take_answer(v, &answers[i]);
	if (r == 0)
		r = store_survey_reach(tx, desk->call.campaign.id, v->org.id, desk->arena, &reach, &n);
	for (int i = 0; r == 0 && i < n; i++)
		take_reach(v, &reach[i]);
	if (r == 0)
		r = store_org_steps(tx, desk->call.campaign.id, v->org.id, v->scheme->n_steps, desk->arena, &steps);
	if (r == 0 && step >= 0) {
		v->state = steps[step].state;
		v->note = steps[step].note;
	}
	return r;
}

int survey_desk_look(struct db_tx *tx, struct survey_desk *desk)
{
	struct survey_view *v = &desk->view;
	const struct scheme *scheme = desk->call.scheme;
	int r = 0;

	*v = (struct survey_view){.campaign = desk->call.campaign, .scheme = scheme, .org = desk->call.org,
				  .note = ""};
	v->answers = arena_zalloc(desk->arena, (size_t)scheme->n_survey + 1, sizeof(*v->answers));
	v->reached = arena_zalloc(desk->arena, (size_t)(VOTERS_COUNT * survey_n_channels(scheme)),
				  sizeof(*v->reached));
	if (!v->answers || !v->reached)
		return db_doom_nomem(tx);
	for (int i = 0; i < scheme->n_survey; i++)
		v->answers[i] = (struct survey_answer){.question = i, .answer = ""};
	if (desk->below)
		look_below(v, desk->below);
	else
		r = ask(tx, desk);
	count_answers(v);
	work_coverage(v);
	return r;
}

static int by_org(const void *a, const void *b)
{
	int64_t x = ((const struct org_step *)a)->org, y = ((const struct org_step *)b)->org;
	return (x > y) - (x < y);
}

int survey_desk_load(struct db_tx *tx, const struct survey_desk *desk, const char *path,
		     struct survey_below *ret_below)
{
	struct survey_below b = {0};
	int step = campaign_step_of(desk->call.scheme, STEP_SURVEY);
	int r = store_survey_answers_below(tx, desk->campaign, path, desk->arena, &b.answers, &b.n_answers);
	if (r == 0)
		r = store_survey_reach_below(tx, desk->campaign, path, desk->arena, &b.reach, &b.n_reach);
	if (r == 0 && step >= 0)
		r = store_org_steps_below(tx, desk->campaign, path, step, desk->arena, &b.steps, &b.n_steps);
	if (r < 0)
		return r;
	if (b.n_steps)
		qsort(b.steps, (size_t)b.n_steps, sizeof(*b.steps), by_org);
	*ret_below = b;
	return 0;
}

int survey_desk_open(struct db_tx *tx, struct survey_desk *desk, int64_t node, struct err_info *info)
{
	return campaign_enter(tx, desk->app, desk->caller, ACTION_SURVEY_WRITE, desk->campaign, node,
			      desk->arena, &desk->call, info);
}

static int enter(struct db_tx *tx, struct survey_job *job, struct err_info *info)
{
	int r = survey_desk_open(tx, &job->desk, job->org, info);
	return r < 0 ? r : survey_desk_look(tx, &job->desk);
}

int survey_desk_may_change(struct db_tx *tx, const struct survey_desk *desk, struct err_info *info)
{
	if (!desk->call.scheme->n_survey)
		return err_set(info, ERR_STATE, "这个方案没有调查问题");
	return campaign_gate_of(tx, &desk->call, &desk->call.org, GATE_SURVEY, info);
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	struct err_info why = {0};
	int r = enter(tx, job, info);

	if (r < 0)
		return r;
	r = survey_desk_may_change(tx, &job->desk, &why);
	job->desk.view.may_write = r == 0;
	job->desk.view.why_not = r < 0 ? arena_strdup(job->desk.arena, why.text) : NULL;
	return 0;
}

int surveys_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		struct arena *arena, struct survey_view *ret_view, struct err_info *info)
{
	struct survey_job job = {.desk = {app, caller, arena, campaign}, .org = org};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_view = job.desk.view;
	return r;
}

/* ---- answers ---- */

const char *survey_read_answer(const struct scheme_question *q, const char *value, char *room,
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

static int save_answer(struct db_tx *tx, struct survey_desk *desk, struct survey_put *put, int *wrong)
{
	const struct scheme *scheme = desk->call.scheme;
	char room[64];
	bool red;

	put->wrong = NULL;
	if (put->question < 0 || put->question >= scheme->n_survey ||
	    !survey_asks(&scheme->survey[put->question], desk->call.org.category)) {
		put->wrong = "这一题不问这类党组织";
	} else {
		put->wrong = survey_read_answer(&scheme->survey[put->question], put->value, room, &red);
	}
	if (put->wrong) {
		++*wrong;
		return 0;
	}
	struct str text = str_trim(str_from(put->value));
	const char *kept = arena_strndup(desk->arena, text.data, text.len);
	if (!kept)
		return db_doom_nomem(tx);
	if (strcmp(kept, desk->view.answers[put->question].answer) == 0)
		return 0;
	const struct survey_answer answer = {put->question, kept, red, desk->caller->account,
					     desk->caller->now_ms};
	take_answer(&desk->view, &answer);
	return store_survey_put(tx, desk->campaign, desk->call.org.id, &answer);
}

static int save_reach(struct db_tx *tx, struct survey_desk *desk, const int64_t *reached)
{
	int channels = survey_n_channels(desk->call.scheme), r = 0;

	for (int v = 0; reached && v < VOTERS_COUNT; v++)
		for (int c = 0; r == 0 && c < channels; c++) {
			int64_t n = reached[v * channels + c];
			if (n < 0 || n == desk->view.reached[v * channels + c])
				continue;
			const struct survey_reach reach = {(enum voters)v, c - 1, n};
			take_reach(&desk->view, &reach);
			r = store_survey_reach_put(tx, desk->campaign, desk->call.org.id, &reach,
						   desk->caller->account, desk->caller->now_ms);
		}
	return r;
}

static int set_step(struct db_tx *tx, struct survey_desk *desk, const char *waiver)
{
	struct survey_view *v = &desk->view;
	int step = campaign_step_of(v->scheme, STEP_SURVEY);
	bool full = v->answered == v->asked;
	enum step_state state = full && v->covered ? STEP_DONE
		: full && *waiver ? STEP_WAIVED : STEP_BEGUN;
	if (step < 0)
		return 0;
	v->state = state;
	return store_org_step_set(tx, desk->campaign, desk->call.org.id, step, state, desk->caller->account,
				  desk->caller->now_ms, state == STEP_WAIVED ? waiver : "");
}

int survey_desk_write(struct db_tx *tx, struct survey_desk *desk, struct survey_put *puts, int n,
		      const int64_t *reached, const char *waiver, int *ret_wrong)
{
	char before[64], after[64];
	int wrong = 0, r = 0;

	snprintf(before, sizeof(before), "%d/%d 题，%d 项预警", desk->view.answered, desk->view.asked,
		 desk->view.red);
	for (int i = 0; r == 0 && i < n; i++)
		r = save_answer(tx, desk, &puts[i], &wrong);
	if (r == 0)
		r = save_reach(tx, desk, reached);
	count_answers(&desk->view);
	work_coverage(&desk->view);
	if (r == 0)
		r = set_step(tx, desk, waiver);
	if (r < 0)
		return r;
	snprintf(after, sizeof(after), "%d/%d 题，%d 项预警", desk->view.answered, desk->view.asked,
		 desk->view.red);
	*ret_wrong = wrong;
	return app_audit(tx, &desk->call.access, "survey.save", desk->call.org.id, desk->call.org.name,
			 before, after);
}

static int save_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	int r = enter(tx, job, info);

	if (r == 0)
		r = survey_desk_may_change(tx, &job->desk, info);
	return r < 0 ? r : survey_desk_write(tx, &job->desk, job->puts, job->n, job->reached, job->waiver,
					     &job->wrong);
}

int surveys_save(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 struct survey_put *puts, int n, const int64_t *reached, const char *waiver,
		 struct arena *arena, int *ret_wrong, struct err_info *info)
{
	struct survey_job job = {.desk = {app, caller, arena, campaign}, .org = org, .puts = puts,
				 .n = n, .reached = reached, .waiver = waiver ? waiver : ""};
	if (strlen(job.waiver) > SURVEY_REASON_MAX)
		return err_set(info, ERR_INPUT, "理由太长，应在 500 字以内");
	int r = db_write(app->db, id_region(org), save_fn, &job, info);
	if (r == 0)
		*ret_wrong = job.wrong;
	return r;
}

/* ---- below a node ---- */

/* Counts answers to what is asked of the category; more may be kept of before a
 * change of category. */
static void count_below(struct survey_job *job, const struct survey_red_row *answers, int n, bool red)
{
	const struct scheme *scheme = job->desk.call.scheme;
	const struct listed *listed = &job->list.listed;
	for (int i = 0; i < n; i++) {
		int at = listed_find(listed, answers[i].org), q = answers[i].question;
		if (at < 0 || q < 0 || q >= scheme->n_survey ||
		    !survey_asks(&scheme->survey[q], listed->orgs[at].category))
			continue;
		job->list.rows[at].answered += !red;
		job->list.rows[at].red += red;
	}
}

static int fill_below(struct db_tx *tx, struct survey_job *job, const char *path)
{
	struct survey_desk *desk = &job->desk;
	struct survey_red_row *given = NULL, *red = NULL;
	struct org_step *steps;
	int step = campaign_step_of(desk->call.scheme, STEP_SURVEY), n = 0, n_red = 0, n_steps = 0;
	int r = store_survey_given(tx, desk->campaign, path, desk->arena, &given, &n);

	if (r == 0)
		r = store_survey_reds(tx, desk->campaign, path, desk->arena, &red, &n_red);
	if (r == 0 && step >= 0)
		r = store_org_steps_below(tx, desk->campaign, path, step, desk->arena, &steps, &n_steps);
	if (r < 0)
		return r;
	count_below(job, given, n, false);
	count_below(job, red, n_red, true);
	for (int i = 0; i < n_steps; i++) {
		int at = listed_find(&job->list.listed, steps[i].org);
		if (at >= 0)
			job->list.rows[at].state = steps[i].state;
	}
	return 0;
}

static int list_rows(struct db_tx *tx, struct survey_job *job)
{
	struct survey_list *l = &job->list;
	const struct listed *listed = &l->listed;
	int r = listed_load(tx, job->desk.campaign, job->org, job->desk.call.path, l->scheme->n_steps,
			    job->desk.arena, &l->listed);
	if (r < 0)
		return r;
	l->rows = arena_zalloc(job->desk.arena, (size_t)listed->n + 1, sizeof(*l->rows));
	if (!l->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < listed->n; i++) {
		l->rows[i] = (struct survey_row){.org = listed->orgs[i], .state = STEP_NOT_BEGUN};
		for (int q = 0; q < l->scheme->n_survey; q++)
			l->rows[i].asked += survey_asks(&l->scheme->survey[q], listed->orgs[i].category);
	}
	return listed->n ? fill_below(tx, job, job->desk.call.path) : 0;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	struct survey_list *l = &job->list;
	struct survey_team *teams;
	int n = 0, r = survey_desk_open(tx, &job->desk, job->org, info);
	if (r < 0)
		return r;
	*l = (struct survey_list){.campaign = job->desk.call.campaign, .scheme = job->desk.call.scheme,
				  .node = job->desk.call.org};
	l->red_counts = arena_zalloc(job->desk.arena, (size_t)l->scheme->n_survey + 1, sizeof(int64_t));
	if (!l->red_counts)
		return db_doom_nomem(tx);
	if ((r = store_survey_red_counts(tx, job->desk.campaign, job->desk.call.path, l->scheme->n_survey,
					 l->red_counts)) < 0 ||
	    (r = store_survey_teams(tx, job->desk.campaign, job->desk.arena, &teams, &n)) < 0)
		return r;
	/* Teams whose area the caller may work in. */
	l->teams = teams;
	for (int i = 0; i < n; i++)
		if (right_check(&job->desk.call.access.holder, ACTION_SURVEY_WRITE, teams[i].path))
			l->teams[l->n_teams++] = teams[i];
	return list_rows(tx, job);
}

int surveys_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		 struct arena *arena, struct survey_list *ret_list,
		 struct err_info *info)
{
	struct survey_job job = {.desk = {app, caller, arena, campaign}, .org = node};
	int r = db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_list = job.list;
	return r;
}

/* ---- teams ---- */

static int team_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct survey_job *job = arg;
	struct survey_team team = *job->team, *teams = NULL;
	const struct survey_team *old = NULL;
	int n = 0, r = survey_desk_open(tx, &job->desk, job->org, info);
	if (r == 0)
		r = store_survey_teams(tx, job->desk.campaign, job->desk.arena, &teams, &n);
	if (r < 0)
		return r;
	for (int i = 0; team.team && i < n; i++)
		if (teams[i].team == team.team)
			old = &teams[i];
	if (team.team && !old)
		return err_set(info, ERR_NOT_FOUND, "没有这个调查组");
	if (old && (r = app_may(tx, &job->desk.call.access, ACTION_SURVEY_WRITE, old->node, NULL, info)) < 0)
		return r;
	r = !*team.name && old ? store_survey_team_delete(tx, job->desk.campaign, team.team)
			       : store_survey_team_put(tx, job->desk.campaign, &team);
	if (r == ERR_LIMIT)
		return err_set(info, r, "调查组最多 %d 个", SURVEY_TEAMS_MAX);
	return r < 0 ? r : app_audit(tx, &job->desk.call.access, "survey.team", job->org,
				     old ? old->name : team.name, old ? old->leader : "", team.leader);
}

int surveys_team(struct app *app, const struct caller *caller, int64_t campaign,
		 const struct survey_team *team, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct survey_job job = {.desk = {app, caller, &arena, campaign}, .org = team->node, .team = team};
	if ((!*team->name && !team->team) || strlen(team->name) > SURVEY_NAME_MAX ||
	    strlen(team->leader) > SURVEY_NAME_MAX || strlen(team->members) > SURVEY_NAME_MAX)
		return err_set(info, ERR_INPUT, "请写明调查组名称，各项在 100 字以内");
	return db_write(app->db, id_region(campaign), team_fn, &job, info);
}
