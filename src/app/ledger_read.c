/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: one case whole, the board, tasks, the bulletin, the calendar. */
#include "app/ledger_in.h"

#include <stdlib.h>

#include "app/ledger_survey.h"
#include "app/scheme_cache.h"
#include "domain/day_math.h"
#include "store/id.h"

/* ---- alarms ---- */

int ledger_alarm_book(struct db_tx *tx, const char *path, struct arena *arena, struct alarm_book *ret_book)
{
	int r = store_case_help_facts(tx, path, arena, &ret_book->facts, &ret_book->n_facts);
	return r < 0 ? r : store_past_of_cases(tx, path, arena, &ret_book->past, &ret_book->n_past);
}

/* Years in a row with the lowest grade, up to last year or this one; the latest stands
 * first. */
static int lowest_years(const struct past_result *past, const struct past_result *end, int32_t today)
{
	const int64_t org = past < end ? past->org : 0;
	int years = 0, next = past < end ? past->year : 0;
	if (next < today / 10000 - 1)
		return 0;
	for (; past < end && past->org == org && past->year >= next; past++) {
		if (past->year > next)
			continue;	/* graded twice in a year */
		if (past->places <= 0 || past->place != past->places - 1)
			break;
		years++;
		next--;
	}
	return years;
}

static const struct past_result *past_of(const struct alarm_book *book, int64_t org)
{
	int from = 0, to = book->n_past;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (book->past[middle].org < org)
			from = middle + 1;
		else
			to = middle;
	}
	return from < book->n_past && book->past[from].org == org ? &book->past[from] : book->past + book->n_past;
}

static int compare_facts(const void *id, const void *facts)
{
	int64_t a = *(const int64_t *)id, b = ((const struct case_help_facts *)facts)->case_id;
	return a < b ? -1 : a > b;
}

uint32_t ledger_case_alarms(const struct alarm_book *book, const struct ledger_case *c,
			    const struct scheme_case *rules, int32_t today)
{
	const struct case_help_facts *help = book->n_facts
		? bsearch(&c->id, book->facts, (size_t)book->n_facts, sizeof(*help), compare_facts) : NULL;
	struct alarm_facts f = {.state = c->state, .opened_day = c->opened_day,
				.started_day = c->started_day, .accepted_day = c->accepted_day,
				.written_off_day = c->written_off_day, .deadline = c->deadline,
				.today = today};
	if (book->n_past)
		f.lowest_years = lowest_years(past_of(book, c->org), book->past + book->n_past, today);
	if (help) {
		f.support_ended_day = help->support_ended_day;
		f.last_visit_day = help->last_visit_day;
		f.new_secretary_day = help->new_secretary_day;
		f.training_days = help->training_days;
	}
	return ledger_alarms(rules, &f);
}

static int rules_of(struct db_tx *tx, struct app *app, int64_t campaign, struct arena *arena,
		    const struct scheme **scheme, struct err_info *info)
{
	struct campaign c;
	int r = store_campaign_get(tx, campaign, arena, &c);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_STATE, "台账的年度工作不存在");
	return scheme_cache_get(app->schemes, c.scheme_text, scheme, info);
}

int ledger_alarms_below(struct db_tx *tx, struct app *app, const char *path, const struct ledger_case *cases, int n,
			int32_t today, struct arena *arena, uint32_t **ret_alarms, struct err_info *info)
{
	enum { KNOWN_MAX = 16 };
	struct {
		int64_t campaign;
		const struct scheme *scheme;
	} known[KNOWN_MAX] = {0};
	struct alarm_book book;
	int r = ledger_alarm_book(tx, path, arena, &book);
	if (r < 0)
		return r;
	uint32_t *alarms = arena_zalloc(arena, (size_t)n + 1, sizeof(*alarms));
	if (!alarms)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		int64_t campaign = cases[i].campaign;
		int at = 0;
		while (at < KNOWN_MAX - 1 && known[at].campaign && known[at].campaign != campaign)
			at++;
		if (known[at].campaign != campaign) {
			if ((r = rules_of(tx, app, campaign, arena, &known[at].scheme, info)) < 0)
				return r;
			known[at].campaign = campaign;
		}
		alarms[i] = ledger_case_alarms(&book, &cases[i], &known[at].scheme->cases, today);
	}
	*ret_alarms = alarms;
	return 0;
}

/* ---- one case ---- */

struct get_job {
	struct ledger_work work;
	struct ledger_file *out;
};

static int read_lists(struct db_tx *tx, struct ledger_file *f, struct arena *a)
{
	int64_t id = f->c.id, org = f->c.org;
	int r;
	if ((r = store_case_reasons(tx, id, a, &f->reasons, &f->n_reasons)) < 0 ||
	    (r = store_case_events(tx, id, a, &f->events, &f->n_events)) < 0 ||
	    (r = store_problems(tx, id, 0, a, &f->problems, &f->n_problems)) < 0 ||
	    (r = store_progress(tx, id, a, &f->progress, &f->n_progress)) < 0 ||
	    (r = store_helpers(tx, id, a, &f->helpers, &f->n_helpers)) < 0 ||
	    (r = store_visits(tx, id, a, &f->visits, &f->n_visits)) < 0 ||
	    (r = store_goals(tx, id, a, &f->goals, &f->n_goals)) < 0 ||
	    (r = store_secretaries(tx, id, a, &f->secretaries, &f->n_secretaries)) < 0 ||
	    (r = store_money(tx, org, a, &f->money, &f->n_money)) < 0 ||
	    (r = store_sheets(tx, id, a, &f->sheets, &f->n_sheets)) < 0 ||
	    (r = store_lookbacks(tx, id, a, &f->lookbacks, &f->n_lookbacks)) < 0 ||
	    (r = store_evidence(tx, org, a, &f->evidence, &f->n_evidence)) < 0)
		return r;
	return store_checks(tx, f->c.org_path, false, a, &f->checks, &f->n_checks);
}

/* Files of the case and of its problems, not those of the campaign. */
static int read_files(struct db_tx *tx, struct ledger_file *f, struct arena *a)
{
	struct attachment *files;
	int n, r = store_attachment_list(tx, f->c.org, -1, -1, a, &files, &n);
	if (r < 0)
		return r;
	f->files = files;
	for (int i = 0; i < n; i++)
		if (files[i].kind >= ATTACHED_CASE && files[i].kind <= ATTACHED_ACCEPTANCE)
			f->files[f->n_files++] = files[i];
	return 0;
}

static int read_next(struct ledger_work *work, struct ledger_file *f, struct arena *a)
{
	for (int act = 0; act < CASE_ACT_COUNT; act++) {
		const struct case_transition *t = case_transition((enum case_act)act);
		const char *path = f->c.org_path;
		if (!(t->from >> f->c.state & 1))
			continue;
		int at = f->n_next++;
		f->next[at].act = (enum case_act)act;
		f->next[at].may = t->actor == CASE_BY_LEDGER
			? right_check(&work->access.holder, ACTION_CASE_WRITE, path)
			: t->actor == CASE_BY_BRANCH
			? right_check(&work->access.holder, ACTION_CASE_PROGRESS, path)
			: t->actor == CASE_BY_ABOVE
			? right_check(&work->access.holder, ACTION_CASE_ACCEPT, path)
			: ledger_may_accept(&work->access, f->scheme, path);
		int r = case_gate((enum case_act)act, &f->facts, a, &f->next[at].gate);
		if (r < 0)
			return r;
	}
	return 0;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct get_job *job = arg;
	struct ledger_work *work = &job->work;
	struct ledger_file *f = job->out;
	struct ledger_warnings warnings;
	struct alarm_book book;
	*f = (struct ledger_file){0};
	int r = ledger_load(tx, work, info);
	if (r < 0)
		return r;
	f->c = work->c;
	f->campaign = work->campaign;
	f->scheme = work->scheme;
	f->label = work->access.label;
	for (int i = 0; i < ACTION_COUNT; i++)
		if (right_check(&work->access.holder, (enum action)i, f->c.org_path))
			f->may |= UINT64_C(1) << i;
	if ((r = read_lists(tx, f, &work->arena)) < 0 || (r = read_files(tx, f, &work->arena)) < 0 ||
	    (r = store_org_get(tx, f->c.org, &work->arena, &f->org)) < 0 ||
	    (r = store_org_breadcrumb(tx, f->c.org_path, &work->arena, &f->crumbs, &f->n_crumbs)) < 0 ||
	    (r = ledger_facts(tx, work, &f->facts)) < 0 ||
	    (r = ledger_alarm_book(tx, f->c.org_path, &work->arena, &book)) < 0)
		return r;
	f->alarms = ledger_case_alarms(&book, &f->c, &f->scheme->cases, work->caller->today);
	app_cut_crumbs(&work->access, &f->crumbs, &f->n_crumbs);
	if ((r = ledger_warnings_below(tx, f->c.campaign, f->scheme, f->c.org_path, &work->arena,
				       &warnings)) < 0)
		return r;
	if ((r = ballot_case_read(tx, f->c.id, f->c.round, f->c.attempt, &work->arena, &f->opinion)) < 0)
		return r;
	f->support_kind = ledger_support_kind(f->scheme, warnings, &work->arena, &f->support_why);
	if (f->support_kind < 0)
		f->support_kind = f->c.support_kind;
	r = read_next(work, f, &work->arena);
	return r == ERR_NOMEM ? db_doom_nomem(tx) : r;
}

int ledger_get(struct app *app, const struct caller *caller, int64_t case_id, struct arena *arena,
	       struct ledger_file *ret_file, struct err_info *info)
{
	struct ledger_file out = {0};
	struct get_job job = {.work = {.app = app, .caller = caller, .case_id = case_id},
			      			      .out = &out};
	/* What is loaded lives in the work's arena: for once that is the caller's. */
	job.work.arena = *arena;
	int r = db_read(app->db, get_fn, &job, info);
	*arena = job.work.arena;
	if (r == 0)
		*ret_file = out;
	return r;
}

/* ---- the board ---- */

struct board_job {
	struct app *app;
	const struct caller *caller;
	int64_t node, from_ms, to_ms;
	struct arena *arena;
	struct ledger_board *out;
	struct ledger_bulletin *bulletin;
	struct access access;
};

static int read_due(struct db_tx *tx, struct board_job *job)
{
	struct ledger_board *b = job->out;
	size_t room = 0;
	for (int i = 0; i < b->n_cases; i++)
		room += b->cases[i].state == CASE_WRITTEN_OFF ? LOOKBACKS_MAX : 0;
	b->lookbacks = arena_zalloc(job->arena, room + 1, sizeof(*b->lookbacks));
	if (!b->lookbacks)
		return db_doom_nomem(tx);
	for (int i = 0; i < b->n_cases; i++) {
		struct case_lookback *all;
		int n, r;
		if (b->cases[i].state != CASE_WRITTEN_OFF)
			continue;
		if ((r = store_lookbacks(tx, b->cases[i].id, job->arena, &all, &n)) < 0)
			return r;
		for (int k = 0; k < n && k < LOOKBACKS_MAX; k++)
			if (all[k].round == b->cases[i].round && !all[k].done_day) {
				b->lookbacks[b->n_lookbacks].c = &b->cases[i];
				b->lookbacks[b->n_lookbacks++].lookback = all[k];
			}
	}
	return 0;
}

static int board_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct board_job *job = arg;
	struct ledger_board *b = job->out;
	char path[ORG_PATH_MAX];
	*b = (struct ledger_board){0};
	int r = app_enter(tx, job->caller, ACTION_CASE_READ, job->node, job->arena, &job->access, path,
			  info);
	if (r < 0 || (r = store_org_get(tx, job->node, job->arena, &b->node)) < 0 ||
	    (r = store_org_breadcrumb(tx, path, job->arena, &b->crumbs, &b->n_crumbs)) < 0 ||
	    (r = store_case_list(tx, path, -1, job->arena, &b->cases, &b->n_cases)) < 0 ||
	    (r = store_problems_below(tx, path, job->arena, &b->problems, &b->n_problems)) < 0 ||
	    (r = store_checks(tx, path, true, job->arena, &b->checks, &b->n_checks)) < 0 ||
	    (r = ledger_alarms_below(tx, job->app, path, b->cases, b->n_cases, job->caller->today, job->arena,
				     &b->alarms, info)) < 0 || (r = read_due(tx, job)) < 0)
		return r;
	app_cut_crumbs(&job->access, &b->crumbs, &b->n_crumbs);
	if (!job->bulletin)
		return 0;
	return store_case_events_between(tx, path, job->from_ms, job->to_ms, job->arena,
					 &job->bulletin->events, &job->bulletin->n_events);
}

int ledger_board(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		 struct ledger_board *ret_board, struct err_info *info)
{
	struct ledger_board out = {0};
	struct board_job job = {.app = app, .caller = caller, .node = node, .arena = arena, .out = &out};
	int r = db_read(app->db, board_fn, &job, info);
	if (r == 0)
		*ret_board = out;
	return r;
}

int ledger_bulletin(struct app *app, const struct caller *caller, int64_t node, int32_t from_day,
		    int32_t to_day, struct arena *arena, struct ledger_bulletin *ret_bulletin,
		    struct err_info *info)
{
	struct ledger_bulletin out = {.from_day = from_day, .to_day = to_day};
	if (from_day > to_day)
		return err_set(info, ERR_INPUT, "开始日期不能晚于结束日期");
	struct board_job job = {.app = app, .caller = caller, .node = node, .arena = arena,
				.out = &out.board, .bulletin = &out,
				.from_ms = day_begins_ms(from_day),
				.to_ms = day_begins_ms(day_plus(to_day, 1))};
	int r = db_read(app->db, board_fn, &job, info);
	if (r == 0)
		*ret_bulletin = out;
	return r;
}

/* ---- tasks ---- */

enum { TASKS_MAX = 500, TASKS_AHEAD_DAYS = 30 };

struct tasks {
	struct arena *arena;
	struct ledger_task *at;
	int n;
	int32_t today;
};

static void add_task(struct tasks *t, const struct ledger_case *c, const char *what, int32_t day)
{
	if (t->n == TASKS_MAX)
		return;
	t->at[t->n++] = (struct ledger_task){
		c->id, c->org, c->org_name, what, day, ledger_light(day, false, t->today),
		arena_printf(t->arena, "/cases/%lld", (long long)c->id)};
}

static void state_task(struct tasks *t, const struct right_holder *who, int64_t account,
		       const struct ledger_case *c)
{
	bool write = right_check(who, ACTION_CASE_WRITE, c->org_path);
	bool above = right_check(who, ACTION_CASE_ACCEPT, c->org_path);
	if (c->state == CASE_CANDIDATE && write)
		add_task(t, c, "写初评", 0);
	else if (c->state == CASE_ASSESSED && write && account != c->assessed_by)
		add_task(t, c, "复核", 0);
	else if (c->state == CASE_REVIEWED && write)
		add_task(t, c, "开会审定", 0);
	else if ((c->state == CASE_APPROVED || c->state == CASE_RELAPSED) && write)
		add_task(t, c, "建账，报送整顿方案", 0);
	else if (c->state == CASE_PLANNED && above)
		add_task(t, c, "看整顿方案", 0);
	else if (c->state == CASE_REPORTED && above)
		add_task(t, c, "验收", c->deadline);
	else if (c->state == CASE_ACCEPTED && above)
		add_task(t, c, "销号", 0);
}

static void tasks_of_board(struct tasks *t, const struct right_holder *who, int64_t account,
			   const struct ledger_board *b)
{
	int32_t until = day_plus(t->today, TASKS_AHEAD_DAYS);
	for (int i = 0; i < b->n_problems; i++) {
		const struct case_problem *p = &b->problems[i];
		if (p->state != PROBLEM_OPEN || !case_is_open(p->case_state) || !p->deadline ||
		    p->deadline > until)
			continue;
		struct ledger_case c = {.id = p->case_id, .org = p->org, .org_name = p->org_name};
		add_task(t, &c, arena_printf(t->arena, "问题 %d：%s", p->place, p->title), p->deadline);
	}
	for (int i = 0; i < b->n_cases; i++) {
		const struct ledger_case *c = &b->cases[i];
		state_task(t, who, account, c);
		/* LD-4: put off, and held in time after all. */
		if ((c->election == ELECTION_POSTPONED || c->election == ELECTION_PLANNED) && c->election_day &&
		    c->election_day <= until && c->state != CASE_DROPPED &&
		    right_check(who, ACTION_CASE_WRITE, c->org_path))
			add_task(t, c, "换届", c->election_day);
	}
	for (int i = 0; i < b->n_lookbacks; i++)
		if (b->lookbacks[i].lookback.due_day <= until &&
		    right_check(who, ACTION_CASE_ACCEPT, b->lookbacks[i].c->org_path))
			add_task(t, b->lookbacks[i].c,
				 arena_printf(t->arena, "第 %d 次回访", b->lookbacks[i].lookback.seq),
				 b->lookbacks[i].lookback.due_day);
}

struct visit_job {
	const struct ledger_board *board;
	const struct access *access;
	struct tasks *tasks;
};

/* The caller's own next visits, where he is named as a helper (CT-7b). */
static int visits_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct visit_job *job = arg;
	struct tasks *t = job->tasks;
	const char *path = job->board->node.path;
	(void)info;
	if (!right_anywhere(&job->access->holder, ACTION_VISIT_WRITE))
		return 0;
	int r = store_helpers_know(tx, path);
	if (r < 0 || (r = store_visits_know(tx, path)) < 0)
		return r;
	for (int i = 0; i < job->board->n_cases; i++) {
		const struct ledger_case *c = &job->board->cases[i];
		struct case_helper *helpers;
		struct case_visit *visits;
		int n, m;
		if (!case_is_open(c->state) || !right_check(&job->access->holder, ACTION_VISIT_WRITE, c->org_path))
			continue;
		if ((r = store_helpers(tx, c->id, t->arena, &helpers, &n)) < 0 ||
		    (r = store_visits(tx, c->id, t->arena, &visits, &m)) < 0)
			return r;
		for (int k = 0; k < n; k++) {
			const struct case_helper *own = &helpers[k];
			int32_t last = own->from_day;
			if (own->to_day || !own->every_days || !ledger_is_helper(own, job->access->label))
				continue;
			for (int v = 0; v < m; v++)
				if ((visits[v].helper == own->seq || strcmp(visits[v].name, own->name) == 0) && visits[v].day > last)
					last = visits[v].day;
			int32_t due = day_plus(last, own->every_days);
			if (due <= day_plus(t->today, TASKS_AHEAD_DAYS))
				add_task(t, c, arena_printf(t->arena, "走访，每 %d 天至少一次", own->every_days), due);
		}
	}
	return 0;
}

/* Those without a day stand between what is late and what is to come. */
static int by_day(const void *a, const void *b)
{
	const struct ledger_task *x = a, *y = b;
	int lx = x->light == LIGHT_RED ? 0 : x->day ? 2 : 1, ly = y->light == LIGHT_RED ? 0 : y->day ? 2 : 1;
	if (lx != ly)
		return lx - ly;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->case_id < y->case_id ? -1 : x->case_id > y->case_id;
}

int ledger_tasks(struct app *app, const struct caller *caller, struct arena *arena,
		 struct ledger_task **ret_tasks, int *ret_n, struct err_info *info)
{
	struct tasks t = {.arena = arena, .today = caller->today,
			  .at = arena_zalloc(arena, TASKS_MAX, sizeof(*t.at))};
	struct app_place *places;
	int n, r = app_places(app, caller, arena, &places, &n, info);
	if (!t.at)
		return err_nomem(info);
	for (int i = 0; r == 0 && i < n; i++) {
		struct ledger_board board;
		struct board_job job = {.app = app, .caller = caller, .node = places[i].node, .arena = arena,
					.out = &board};
		bool inside = false;
		for (int k = 0; k < i; k++)
			inside = inside || strncmp(places[i].path, places[k].path, strlen(places[k].path)) == 0;
		struct right_grant grant = {places[i].role, places[i].path};
		struct right_holder holder = {&grant, 1, caller->machine};
		if (inside || !right_check(&holder, ACTION_CASE_READ, places[i].path))
			continue;
		r = db_read(app->db, board_fn, &job, info);
		if (r < 0)
			break;
		tasks_of_board(&t, &job.access.holder, caller->account, &board);
		/* Read again from the start if the transaction has to be. */
		struct tasks mine = t;
		struct visit_job visits = {&board, &job.access, &mine};
		if ((r = db_read(app->db, visits_fn, &visits, info)) == 0)
			t.n = mine.n;
	}
	if (r < 0)
		return r;
	qsort(t.at, (size_t)t.n, sizeof(*t.at), by_day);
	*ret_tasks = t.at;
	*ret_n = t.n;
	return 0;
}

/* ---- calendar ---- */

struct calendar_job {
	const struct caller *caller;
	const unsigned char *hash;
	int64_t account;
};

static int calendar_set_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct calendar_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	int r = app_who(tx, job->caller, &arena, &access, info);
	if (r == 0)
		r = store_calendar_set(tx, job->caller->account, job->hash, job->caller->now_ms);
	return r < 0 ? r : app_audit(tx, &access, "calendar.set", 0, access.label, "", "新的日历地址");
}

int ledger_calendar_set(struct app *app, const struct caller *caller,
			const unsigned char token_hash[32], struct err_info *info)
{
	struct calendar_job job = {.caller = caller, .hash = token_hash};
	if (!caller->account)
		return err_set(info, ERR_DENIED, "请先登录");
	return db_write(app->db, id_region(caller->account), calendar_set_fn, &job, info);
}

static int calendar_find_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct calendar_job *job = arg;
	int r = store_calendar_find(tx, job->hash, &job->account);
	return r < 0 ? r : r ? 0 : err_set(info, ERR_NOT_FOUND, "没有这个日历，地址可能已经换过");
}

int ledger_calendar(struct app *app, const struct caller *nobody,
		    const unsigned char token_hash[32], struct arena *arena,
		    struct ledger_task **ret_tasks, int *ret_n, struct err_info *info)
{
	struct calendar_job job = {.hash = token_hash};
	int r = db_read(app->db, calendar_find_fn, &job, info);
	if (r < 0)
		return r;
	struct caller caller = *nobody;
	caller.account = job.account;
	return ledger_tasks(app, &caller, arena, ret_tasks, ret_n, info);
}
