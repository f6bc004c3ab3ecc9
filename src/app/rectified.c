/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rectified.h"

#include <stdlib.h>
#include <string.h>

#include "app/ledger_in.h"
#include "store/id.h"
#include "store/rectified.h"

/* Everything of the ledger below a path that the figures ask for. */
struct ledger_year {
	struct ledger_case *cases;
	struct case_turn *turns;	/* by case */
	struct case_problem *problems;
	struct alarm_book alarms;
	const struct scheme_case *rules;
	int n_cases, n_turns, n_problems;
	int year;
	int32_t as_of;
};

static int load(struct db_tx *tx, const char *path, struct arena *arena, struct ledger_year *y)
{
	int r = store_case_list(tx, path, -1, arena, &y->cases, &y->n_cases);
	if (r == 0)
		r = store_case_turns(tx, path, arena, &y->turns, &y->n_turns);
	if (r == 0)
		r = store_problems_below(tx, path, arena, &y->problems, &y->n_problems);
	return r < 0 ? r : ledger_alarm_book(tx, path, arena, &y->alarms);
}

/* The first turn of a case. */
static int turn_of(const struct ledger_year *y, int64_t case_id)
{
	int from = 0, to = y->n_turns;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (y->turns[middle].case_id < case_id)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static int figures_of(struct db_tx *tx, const struct ledger_year *y, const struct ledger_case *c,
		      struct arena *arena, uint32_t *ret_bits)
{
	struct rectified_facts f = {.deadline = c->deadline, .accepted_day = c->accepted_day};
	int at = turn_of(y, c->id);
	while (at + f.n_turns < y->n_turns && y->turns[at + f.n_turns].case_id == c->id)
		f.n_turns++;
	struct rectified_turn *turns = arena_zalloc(arena, (size_t)f.n_turns + 1, sizeof(*turns));
	if (!turns)
		return db_doom_nomem(tx);
	for (int i = 0; i < f.n_turns; i++)
		turns[i] = y->turns[at + i].turn;
	f.turns = turns;
	for (int i = 0; i < y->n_problems; i++) {
		const struct case_problem *p = &y->problems[i];
		if (p->case_id != c->id || !p->deadline)
			continue;
		if (p->state == PROBLEM_OPEN && !f.open_deadline)
			f.open_deadline = p->deadline;	/* they are by deadline */
		f.done_late = f.done_late || p->done_day > p->deadline;
	}
	f.stuck = ledger_case_alarms(&y->alarms, c, y->rules, y->as_of) & ALARM_STUCK;
	*ret_bits = rectified_of(&f, y->year, y->as_of);
	return 0;
}

static int add_case(struct db_tx *tx, struct rectified_year *year, int figure, const struct ledger_case *c,
		    int room, struct arena *arena)
{
	if (!year->of[figure].cases &&
	    !(year->of[figure].cases = arena_zalloc(arena, (size_t)room, sizeof(struct rectified_case))))
		return db_doom_nomem(tx);
	year->of[figure].cases[year->of[figure].n++] = (struct rectified_case){
		c->id, c->org, c->org_name, c->state, c->deadline, c->written_off_day};
	return 0;
}

/* As the ledger says now. */
static int count(struct db_tx *tx, const struct ledger_year *y, const char *path,
		 struct rectified_year *year, struct arena *arena)
{
	int room = 0, r = 0;
	for (int i = 0; i < y->n_cases; i++)
		room += strncmp(y->cases[i].org_path, path, strlen(path)) == 0;
	for (int i = 0; r == 0 && i < y->n_cases; i++) {
		uint32_t bits = 0;
		if (strncmp(y->cases[i].org_path, path, strlen(path)) != 0)
			continue;
		r = figures_of(tx, y, &y->cases[i], arena, &bits);
		for (int k = 0; r == 0 && k < RECTIFIED_COUNT; k++)
			if (bits >> k & 1)
				r = add_case(tx, year, k, &y->cases[i], room, arena);
	}
	return r;
}

/* As it was fixed: the cases are told by number. */
static int take(struct db_tx *tx, const struct ledger_year *y, const struct rectified_fixed *fixed,
		struct rectified_year *year, struct arena *arena)
{
	int room = 1, r = 0;
	year->fixed = true;
	year->as_of = fixed->as_of;
	year->fixed_ms = fixed->at_ms;
	year->meeting = fixed->meeting;
	for (const char *p = fixed->cases; *p; p++)
		room += *p == ',';
	for (const char *p = fixed->cases; r == 0 && *p; p += *p == ',') {
		char *end;
		int64_t id = strtoll(p, &end, 10);
		const struct ledger_case *c = NULL;
		struct ledger_case elsewhere;
		for (int i = 0; !c && i < y->n_cases; i++)
			c = y->cases[i].id == id ? &y->cases[i] : NULL;
		/* The organisation may have been moved since. */
		if (!c && (r = store_case_get(tx, id, arena, &elsewhere)) > 0)
			c = &elsewhere;
		if (r < 0 || end == p)
			return r < 0 ? r : ERR_IO;
		r = c ? add_case(tx, year, fixed->figure, c, room, arena) : 0;
		p = end;
	}
	return r;
}

/* `fresh`: as the ledger says now, whatever was fixed. */
static int load_years(struct db_tx *tx, const struct campaign_call *call, bool fresh, struct arena *arena,
		      struct rectified_year **ret_years, int *ret_n)
{
	struct ledger_year y = {.rules = &call->scheme->cases, .year = call->campaign.year,
				.as_of = rectified_as_of(call->campaign.year, call->access.caller->today)};
	struct campaign_org *orgs;
	struct rectified_fixed *fixed = NULL;
	char path[ORG_PATH_MAX];
	int n = 0, n_fixed = 0, r = store_org_path(tx, call->org.id, path);
	if (r > 0)
		r = load(tx, path, arena, &y);
	if (r == 0)
		r = store_campaign_orgs(tx, call->campaign.id, call->path, true, arena, &orgs, &n);
	if (r == 0 && !fresh)
		r = store_rectified_list(tx, call->campaign.id, n == 1 ? orgs[0].id : 0, arena, &fixed,
					 &n_fixed);
	struct rectified_year *years = r < 0 ? NULL : arena_zalloc(arena, (size_t)n + 1, sizeof(*years));
	if (r == 0 && !years)
		return db_doom_nomem(tx);
	for (int i = 0; r >= 0 && i < n; i++) {
		struct rectified_year *at = &years[i];
		*at = (struct rectified_year){.org = orgs[i].id, .name = orgs[i].name, .as_of = y.as_of};
		for (int k = 0; r >= 0 && k < n_fixed; k++)
			if (fixed[k].org == at->org)
				r = take(tx, &y, &fixed[k], at, arena);
		if (r >= 0 && !at->fixed && (r = store_org_path(tx, at->org, path)) > 0)
			r = count(tx, &y, path, at, arena);
	}
	if (r < 0)
		return r;
	*ret_years = years;
	*ret_n = n;
	return 0;
}

int rectified_load(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		   struct rectified_year **ret_years, int *ret_n)
{
	return load_years(tx, call, false, arena, ret_years, ret_n);
}

static int fix_one(struct db_tx *tx, const struct campaign_call *call, const struct rectified_year *y,
		   int64_t meeting)
{
	int r = 0;
	for (int k = 0; r == 0 && k < RECTIFIED_COUNT; k++) {
		AUTO(buf) struct buf cases = {0};
		for (int i = 0; i < y->of[k].n; i++)
			buf_addf(&cases, "%s%lld", i ? "," : "", (long long)y->of[k].cases[i].id);
		const struct rectified_fixed fixed = {
			.org = y->org, .figure = (enum rectified)k, .cases = buf_str(&cases),
			.as_of = y->as_of, .meeting = meeting, .at_ms = call->access.caller->now_ms};
		r = cases.failed ? db_doom_nomem(tx) : store_rectified_put(tx, call->campaign.id, &fixed);
	}
	return r;
}

/* Handed in or accepted, and decided upon before. */
static int is_settled(struct db_tx *tx, const struct campaign_call *call, int64_t org, struct arena *arena)
{
	struct rectified_fixed *fixed;
	struct hold hold;
	int n, r = store_hold_get(tx, call->campaign.id, org, arena, &hold);
	if (r < 0 || !hold_locks(hold.state))
		return r < 0 ? r : 0;
	r = store_rectified_list(tx, call->campaign.id, org, arena, &fixed, &n);
	return r < 0 ? r : n > 0;
}

int rectified_fix(struct db_tx *tx, const struct campaign_call *call, int64_t meeting,
		  struct arena *arena)
{
	struct rectified_year *years;
	int n, r;
	if (call->campaign.kind != CAMPAIGN_APPRAISAL)
		return 0;
	r = load_years(tx, call, meeting != 0, arena, &years, &n);
	for (int i = 0; r >= 0 && i < n; i++) {
		if (years[i].fixed)
			continue;
		r = is_settled(tx, call, years[i].org, arena);
		if (r == 0)
			r = fix_one(tx, call, &years[i], meeting);
	}
	return r < 0 ? r : 0;
}

struct get_job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;
	struct rectified_list list;
};

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct get_job *job = arg;
	struct rectified_list list = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->node,
			       job->arena, &list.call, info);
	if (r == 0 && list.call.campaign.kind == CAMPAIGN_APPRAISAL)
		r = rectified_load(tx, &list.call, job->arena, &list.years, &list.n);
	job->list = list;
	return r;
}

int rectified_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct rectified_list *ret_list, struct err_info *info)
{
	struct get_job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			      .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_list = job.list;
	return r;
}
