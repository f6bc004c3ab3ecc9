/* SPDX-License-Identifier: Apache-2.0 */
#include "app/key_dates.h"

#include <stdlib.h>

#include "app/ledger_in.h"
#include "domain/day.h"
#include "domain/day_math.h"
#include "store/id.h"

struct keys {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;
	struct campaign_call call;
	const struct ledger_candidates *candidates;
	struct campaign_org *orgs;
	int n_orgs;
	struct key_mark *marks;
	int n_marks;
	struct key_dates *out;
	/* Marking. */
	struct key_mark mark;
};

/* ---- the dates ---- */

static enum key_sort sort_of_step(enum scheme_step_kind kind)
{
	switch (kind) {
	case STEP_PICK: return KEY_PICK;
	case STEP_LEDGER: return KEY_PLAN;
	case STEP_RECTIFY:
	case STEP_REPORT: return KEY_WORK;
	case STEP_ACCEPT: return KEY_ACCEPT;
	default: return KEY_NOTE;
	}
}

static int32_t in_year(int year, struct scheme_date date)
{
	return date.month ? year * 10000 + date.month * 100 + date.day : 0;
}

/* A campaign may begin on other days than the document; what is to be handed in
 * moves with the step that stands next to it there. */
static int32_t moved(const struct keys *k, int32_t day, const struct campaign_step *steps, int n)
{
	const struct scheme *s = k->call.scheme;
	int nearest = -1, shift = 0;
	for (int i = 0; i < n && i < s->n_steps; i++) {
		int32_t own = in_year(k->call.campaign.year, s->steps[i].to);
		if (!own || !steps[i].to_day)
			continue;
		int away = abs(day_between(own, day));
		if (nearest < 0 || away < nearest) {
			nearest = away;
			shift = day_between(own, steps[i].to_day);
		}
	}
	return day_plus(day, shift);
}

static int by_day(const void *a, const void *b)
{
	const struct key_date *x = a, *y = b;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int read_dates(struct db_tx *tx, struct keys *k)
{
	const struct scheme *s = k->call.scheme;
	struct key_dates *out = k->out;
	struct campaign_step *steps;
	int n, r = store_campaign_steps(tx, k->campaign, k->arena, &steps, &n);
	if (r < 0)
		return r;
	out->dates = arena_zalloc(k->arena, KEY_DATES_MAX, sizeof(*out->dates));
	if (!out->dates)
		return db_doom_nomem(tx);
	for (int i = 0; i < n && i < s->n_steps && out->n_dates < KEY_DATES_MAX; i++)
		if (steps[i].to_day)
			out->dates[out->n_dates++] = (struct key_date){
				s->steps[i].id, s->steps[i].label, s->steps[i].notes, sort_of_step(s->steps[i].kind),
				s->steps[i].who, steps[i].from_day, steps[i].to_day, 0, 0};
	for (int i = 0; i < s->n_reports && out->n_dates < KEY_DATES_MAX; i++) {
		const struct scheme_report *report = &s->reports[i];
		int32_t day = in_year(k->call.campaign.year, report->by);
		if (day)
			day = moved(k, day, steps, n);
		if (day)
			out->dates[out->n_dates++] = (struct key_date){
				report->id, report->label, report->notes,
				strcmp(report->id, "liaison") == 0 ? KEY_LIAISON : KEY_PAPER, report->who, 0, day, 0, 0};
	}
	qsort(out->dates, (size_t)out->n_dates, sizeof(*out->dates), by_day);
	return 0;
}

/* ---- what a committee has done ---- */

static bool below(const char *path, const char *top)
{
	return strncmp(path, top, strlen(top)) == 0;
}

/* Is a case not yet through this date? */
static bool is_open_for(enum key_sort sort, enum case_state state)
{
	switch (sort) {
	case KEY_PICK: return state <= CASE_REVIEWED;
	case KEY_PLAN: return state == CASE_APPROVED || state == CASE_RELAPSED;
	case KEY_WORK: return case_is_open(state) && state != CASE_REPORTED && state != CASE_ACCEPTED;
	case KEY_ACCEPT: return case_is_open(state) && state != CASE_ACCEPTED;
	default: return false;
	}
}

static int count_open(const struct keys *k, const char *path, enum key_sort sort)
{
	int open = 0;
	for (int i = 0; i < k->candidates->n; i++) {
		const struct ledger_candidate *c = &k->candidates->at[i];
		if (!below(c->org.path, path))
			continue;
		open += sort == KEY_PICK && c->left_out;
		open += c->ledger && c->ledger->campaign == k->campaign && is_open_for(sort, c->ledger->state);
	}
	return open;
}

/* Has the committee named as many as it must (HN-2)? */
static bool below_floor(const struct keys *k, int64_t node)
{
	for (int i = 0; i < k->candidates->n_floors; i++)
		if (k->candidates->floors[i].node == node)
			return true;
	return false;
}

static const struct key_mark *mark_of(const struct keys *k, int64_t node, const char *report)
{
	for (int i = 0; i < k->n_marks; i++)
		if (k->marks[i].node == node && strcmp(k->marks[i].report, report) == 0)
			return &k->marks[i];
	return NULL;
}

static void fill_cell(const struct keys *k, const struct campaign_org *org, const struct org *now,
		      const struct key_date *date, struct key_cell *cell)
{
	const struct key_mark *mark = mark_of(k, org->id, date->id);
	cell->note = mark ? mark->note : "";
	if (date->sort == KEY_LIAISON) {
		cell->done = *now->liaison_name && *now->liaison_phone;
	} else if (date->sort == KEY_PAPER) {
		cell->done = mark != NULL;
		cell->done_day = mark ? mark->day : 0;
	} else {
		cell->open = count_open(k, org->path, date->sort) +
			     (date->sort == KEY_PICK && below_floor(k, org->id));
		cell->done = !cell->open;
	}
	int32_t until = cell->done_day ? cell->done_day : cell->done ? 0 : k->caller->today;
	cell->late = until > date->day ? day_between(date->day, until) : 0;
}

/* A date is for the committees of its level; what branches do is their committee's
 * to see to. */
static bool concerns(const struct key_date *date, enum level level)
{
	if (date->sort == KEY_NOTE)
		return false;
	return date->who == WHO_UNIT || (int)date->who == (int)level ||
	       (level == LEVEL_TOWNSHIP && date->who != WHO_COUNTY && date->sort != KEY_PAPER);
}

static int add_committee(struct db_tx *tx, struct keys *k, const struct campaign_org *org)
{
	struct key_dates *out = k->out;
	struct key_committee *c = &out->committees[out->n_committees];
	struct org now;
	int r = store_org_get(tx, org->id, k->arena, &now);
	if (r <= 0)
		return r;
	*c = (struct key_committee){
		org->id, org->name, now.secretary_name, now.liaison_name, now.liaison_phone, now.liaison_other,
		arena_zalloc(k->arena, (size_t)out->n_dates + 1, sizeof(*c->cells))};
	if (!c->cells)
		return db_doom_nomem(tx);
	out->n_committees++;
	for (int i = 0; i < out->n_dates; i++) {
		struct key_date *date = &out->dates[i];
		if (!concerns(date, org->level)) {
			c->cells[i] = (struct key_cell){.open = -1, .note = ""};
			continue;
		}
		fill_cell(k, org, &now, date, &c->cells[i]);
		date->n_done += c->cells[i].done;
		date->n_late += c->cells[i].late > 0 && !c->cells[i].done;
		date->n_done_late += c->cells[i].late > 0 && c->cells[i].done;
	}
	return 0;
}

/* Committees with organisations of a category below them, and the county itself
 * where something is due from it. */
static bool is_committee(const struct keys *k, int i)
{
	const struct campaign_org *org = &k->orgs[i];
	bool graded = false;
	if (org->level != LEVEL_TOWNSHIP && org->level != LEVEL_COUNTY)
		return false;
	for (int n = i + 1; n < k->n_orgs && below(k->orgs[n].path, org->path) && !graded; n++)
		graded = k->orgs[n].category >= 0;
	return graded;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct keys *k = arg;
	struct key_dates *out = k->out;
	*out = (struct key_dates){0};
	int r = campaign_enter(tx, k->app, k->caller, ACTION_CASE_READ, k->campaign, k->node, k->arena,
			       &k->call, info);
	if (r < 0 || (r = read_dates(tx, k)) < 0 ||
	    (r = store_key_marks(tx, k->campaign, k->arena, &k->marks, &k->n_marks)) < 0 ||
	    (r = store_campaign_orgs(tx, k->campaign, k->call.path, false, k->arena, &k->orgs,
				     &k->n_orgs)) < 0 ||
	    (r = store_org_get(tx, k->node, k->arena, &out->node)) < 0)
		return r;
	out->campaign = k->call.campaign;
	out->scheme = k->call.scheme;
	out->may_mark = right_check(&k->call.access.holder, ACTION_CASE_ACCEPT, k->call.path);
	out->committees = arena_zalloc(k->arena, KEY_COMMITTEES_MAX, sizeof(*out->committees));
	if (!out->committees)
		return db_doom_nomem(tx);
	int64_t *ids = arena_zalloc(k->arena, KEY_COMMITTEES_MAX, sizeof(*ids));
	int n_ids = 0;
	if (!ids)
		return db_doom_nomem(tx);
	for (int i = 0; i < k->n_orgs && n_ids < KEY_COMMITTEES_MAX; i++)
		if (is_committee(k, i))
			ids[n_ids++] = k->orgs[i].id;
	r = store_orgs_know(tx, ids, n_ids);
	for (int i = 0; r >= 0 && i < k->n_orgs; i++) {
		if (!is_committee(k, i))
			continue;
		out->cut = out->n_committees == KEY_COMMITTEES_MAX;
		if (out->cut)
			break;
		r = add_committee(tx, k, &k->orgs[i]);
	}
	return r < 0 ? r : 0;
}

int key_dates_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct key_dates *ret, struct err_info *info)
{
	struct ledger_candidates candidates;
	struct key_dates out = {0};
	int r = ledger_candidates(app, caller, campaign, node, arena, &candidates, info);
	if (r < 0)
		return r;
	struct keys k = {.app = app, .caller = caller, .campaign = campaign, .node = node, .arena = arena,
			 .candidates = &candidates, .out = &out};
	r = db_read(app->db, get_fn, &k, info);
	if (r == 0)
		*ret = out;
	return r;
}

/* ---- marking ---- */

static const struct scheme_report *report_of(const struct scheme *scheme, const char *id)
{
	for (int i = 0; i < scheme->n_reports; i++)
		if (strcmp(scheme->reports[i].id, id) == 0)
			return &scheme->reports[i];
	return NULL;
}

static int mark_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct keys *k = arg;
	AUTO(arena) struct arena arena = {0};
	int r = campaign_enter(tx, k->app, k->caller, ACTION_CASE_ACCEPT, k->campaign, k->node, &arena,
			       &k->call, info);
	const struct scheme_report *report = r < 0 ? NULL : report_of(k->call.scheme, k->mark.report);
	if (r < 0 || !report)
		return r < 0 ? r : err_set(info, ERR_INPUT, "方案里没有要报的这一项");
	k->mark.who = k->call.access.label;
	k->mark.at_ms = k->caller->now_ms;
	if ((r = store_key_mark(tx, k->campaign, &k->mark)) < 0)
		return r;
	char day[16];
	day_format(k->mark.day, day);
	return app_audit(tx, &k->call.access, "case.received", k->node, report->label, "",
			 k->mark.day ? arena_printf(&arena, "%s 收到 %s", day, k->mark.note) : "收回登记");
}

int key_dates_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   const char *report, int32_t day, const char *note, struct err_info *info)
{
	struct keys k = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			 .mark = {.node = node, .report = report, .day = day, .note = note}};
	if (day > caller->today)
		return err_set(info, ERR_INPUT, "收到的日期不能晚于今天");
	int r = ledger_check_text("说明", note, false, info);
	return r < 0 ? r : db_write(app->db, id_region(campaign), mark_fn, &k, info);
}
