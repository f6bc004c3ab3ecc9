/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of state; what all use cases of the ledger share. */
#include "app/ledger_in.h"

#include "app/scheme_cache.h"
#include "domain/day.h"
#include "domain/day_math.h"
#include "store/id.h"

/* ---- shared ---- */

int ledger_load(struct db_tx *tx, struct ledger_work *work, struct err_info *info)
{
	int r = store_case_get(tx, work->case_id, &work->arena, &work->c);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个整顿台账");
	r = app_enter(tx, work->caller, ACTION_CASE_READ, work->c.org, &work->arena, &work->access, NULL,
		      info);
	if (r == 0)
		r = store_campaign_get(tx, work->c.campaign, &work->arena, &work->campaign);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_STATE, "这个台账的年度工作不存在");
	return scheme_cache_get(work->app->schemes, work->campaign.scheme_text, &work->scheme, info);
}

static int run_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct ledger_work *work = arg;
	arena_done(&work->arena);
	int r = ledger_load(tx, work, info);
	return r < 0 ? r : work->fn(work, tx, info);
}

int ledger_run_in(struct db_tx *tx, struct ledger_work *work, struct err_info *info)
{
	int r = run_fn(tx, work, info);
	arena_done(&work->arena);
	return r;
}

int ledger_run(struct ledger_work *work, struct err_info *info)
{
	int r = db_write(work->app->db, id_region(work->case_id), run_fn, work, info);
	arena_done(&work->arena);
	return r;
}

int ledger_may(const struct ledger_work *work, enum action one, enum action other,
	       struct err_info *info)
{
	const struct right_holder *who = &work->access.holder;
	if (right_check(who, one, work->c.org_path) || right_check(who, other, work->c.org_path))
		return 0;
	return err_set(info, ERR_DENIED, "您没有权限在“%s”做这件事", work->c.org_name);
}

bool ledger_may_accept(const struct access *access, const struct scheme *scheme, const char *path)
{
	if (right_check(&access->holder, ACTION_CASE_ACCEPT, path))
		return true;
	return (scheme->acceptance.levels >> LEVEL_TOWNSHIP & 1) &&
	       right_check(&access->holder, ACTION_CASE_WRITE, path);
}

int ledger_event(struct db_tx *tx, struct ledger_work *work, int act, enum case_state before,
		 int32_t day, const char *text, struct err_info *info)
{
	const struct caller *caller = work->caller;
	struct case_event event = {
		.round = work->c.round, .at_ms = caller->now_ms, .day = day ? day : caller->today,
		.account = caller->account, .who = work->access.label, .act = act, .before = before,
		.after = work->c.state, .text = text,
	};
	(void)info;
	int r = store_case_event_add(tx, work->c.id, &event);
	if (r < 0)
		return r;
	const char *name = act < CASE_ACT_COUNT ? case_act_id((enum case_act)act) : "work";
	return app_audit(tx, &work->access, arena_printf(&work->arena, "case.%s", name), work->c.org,
			 arena_printf(&work->arena, "%s %s", work->c.org_code, work->c.org_name),
			 case_state_label(before),
			 arena_printf(&work->arena, "%s（%s）%s", case_state_label(work->c.state),
				      case_event_label(act), text));
}

int ledger_check_day(const struct ledger_work *work, const char *label, int32_t day, bool past,
		     struct err_info *info)
{
	if (day && (!day_valid(day) || day % 100 == 0 || day / 100 % 100 == 0))
		return err_set(info, ERR_INPUT, "%s不对，应写明年月日", label);
	if (past && day > work->caller->today)
		return err_set(info, ERR_INPUT, "%s不能晚于今天", label);
	return 0;
}

int ledger_check_text(const char *label, const char *text, bool required, struct err_info *info)
{
	if (required && !*text)
		return err_set(info, ERR_INPUT, "请填写%s", label);
	if (strlen(text) > LEDGER_TEXT_MAX)
		return err_set(info, ERR_INPUT, "%s太长，应在 2000 字以内", label);
	return 0;
}

int ledger_check_open(const struct ledger_work *work, struct err_info *info)
{
	enum case_state state = work->c.state;
	if (state == CASE_DROPPED || state == CASE_WRITTEN_OFF || state == CASE_SETTLED)
		return err_set(info, ERR_STATE, "“%s”的台账现在是“%s”，不能再改", work->c.org_name,
			       case_state_label(state));
	return 0;
}

/* ---- facts ---- */

static bool lacks(struct ledger_work *work, const struct case_problem *p, const char **ret_what)
{
	const struct {
		bool missing;
		const char *name;
	} parts[] = {
		{!*p->cause, "成因"}, {!*p->measure, "措施"}, {!*p->goal, "目标"}, {!p->deadline, "期限"},
		{!*p->owner, "责任人"},
	};
	const char *what = "";
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (parts[i].missing)
			what = arena_printf(&work->arena, "%s%s%s", what ? what : "", what && *what ? "、" : "",
					    parts[i].name);
	*ret_what = what ? what : "";
	return what && *what;
}

/* A dated file of the problem that nobody found wanting. */
static bool has_evidence(const struct attachment *files, int n, const struct case_evidence *seen, int n_seen,
			 int64_t problem)
{
	for (int i = 0; i < n; i++) {
		bool bad = files[i].withdrawn_ms || !files[i].day;
		for (int k = 0; k < n_seen; k++)
			bad = bad || (seen[k].attachment == files[i].id && seen[k].verdict == EVIDENCE_BAD);
		if (files[i].kind == ATTACHED_PROBLEM && files[i].object == problem && !bad)
			return true;
	}
	return false;
}

static void facts_of_problems(struct ledger_work *work, const struct case_problem *problems, int n,
			      const struct attachment *files, int n_files, const struct case_evidence *seen,
			      int n_seen, struct case_facts *f)
{
	for (int i = 0; i < n; i++) {
		const struct case_problem *p = &problems[i];
		const char *what;
		f->n_problems++;
		if (!f->incomplete && lacks(work, p, &what)) {
			f->incomplete = p->place;
			f->incomplete_what = what;
		}
		if (p->state == PROBLEM_OPEN) {
			f->n_no_deadline += !p->deadline;
			f->n_past_deadline += p->deadline && p->deadline < f->today;
		} else if (p->state != PROBLEM_WAIVED && !has_evidence(files, n_files, seen, n_seen, p->id)) {
			f->n_no_evidence++;
		}
		f->n_unverified += p->state != PROBLEM_VERIFIED && p->state != PROBLEM_WAIVED;
	}
}

static void facts_of_files(const struct ledger_case *c, const struct attachment *files, int n,
			   struct case_facts *f)
{
	for (int i = 0; i < n; i++) {
		const struct attachment *a = &files[i];
		if (a->kind != ATTACHED_CASE || a->object != c->id || a->withdrawn_ms ||
		    !strstr(a->what, "自查报告") || (a->day && a->day < c->opened_day))
			continue;
		if (strstr(a->what, "扫描"))
			f->report_scan = f->report_scan || a->type == FILE_PDF || file_type_is_image(a->type);
		else
			f->report_file = f->report_file || !file_type_is_image(a->type);
	}
}

static void facts_of_help(const struct case_helper *helpers, int n, struct case_facts *f)
{
	for (int i = 0; i < n; i++) {
		if (helpers[i].to_day)
			continue;
		f->has_leader = f->has_leader || helpers[i].kind == HELPER_LEADER;
		f->has_support = f->has_support || helpers[i].kind == HELPER_UNIT;
		f->has_team = f->has_team || helpers[i].kind == HELPER_TEAM;
	}
}

static void facts_of_reasons(const struct ledger_case *c, const struct case_reason *reasons, int n,
			     struct case_facts *f)
{
	for (int i = 0; i < n; i++) {
		f->n_reasons += reasons[i].round == c->round;
		f->n_criteria += reasons[i].round == c->round && reasons[i].because == BECAUSE_CRITERIA;
		f->n_new_reasons += reasons[i].round == c->round + 1 && c->written_off_day &&
				    reasons[i].day > c->written_off_day;
	}
}

/* "周敏、李强" or "周敏，李强"; a blank may stand within a name. */
static int count_names(const char *names)
{
	static const char *const between[] = {"、", "，", ",", "；", ";"};
	bool in = false;
	int n = 0;
	while (*names) {
		size_t len = 0;
		for (size_t i = 0; i < ARRAY_LEN(between) && !len; i++)
			len = strncmp(names, between[i], strlen(between[i])) == 0 ? strlen(between[i]) : 0;
		n += !len && !in;
		in = !len;
		names += len ? len : 1;
	}
	return n;
}

static void facts_of_end(const struct ledger_case *c, const struct case_sheet *sheets, int n_sheets,
			 const struct case_lookback *lookbacks, int n_lookbacks, struct case_facts *f)
{
	for (int i = 0; i < n_sheets; i++) {
		const struct case_sheet *s = &sheets[i];
		if (s->round != c->round || s->attempt != c->attempt)
			continue;
		f->sheet = true;
		f->score_e4 = s->score_e4;
		f->pass_e4 = s->pass_e4;
		f->n_acceptors = count_names(s->acceptors);
		f->on_spot = s->on_spot;
		f->heard = s->heard;
		f->dissatisfied = s->dissatisfied;
		f->veto = *s->veto != '\0';
	}
	for (int i = 0; i < n_lookbacks; i++) {
		if (lookbacks[i].round != c->round)
			continue;
		f->n_lookbacks++;
		f->n_good += lookbacks[i].done_day && lookbacks[i].good;
		f->n_bad += lookbacks[i].done_day && !lookbacks[i].good;
	}
}

static int32_t end_of_campaign(const struct scheme *scheme, int year)
{
	for (int i = 0; i < scheme->n_steps; i++)
		if (scheme->steps[i].kind == STEP_RECTIFY && scheme->steps[i].to.month)
			return year * 10000 + scheme->steps[i].to.month * 100 + scheme->steps[i].to.day;
	return 0;
}

int ledger_facts(struct db_tx *tx, struct ledger_work *work, struct case_facts *ret_facts)
{
	const struct ledger_case *c = &work->c;
	struct case_problem *problems;
	struct attachment *files;
	struct case_helper *helpers;
	struct case_reason *reasons;
	struct case_sheet *sheets;
	struct case_lookback *lookbacks;
	struct case_evidence *seen;
	int n_seen, n_problems, n_files, n_helpers, n_reasons, n_sheets, n_lookbacks, r;
	struct case_facts f = {
		.state = c->state, .round = c->round, .today = work->caller->today,
		.caller = work->caller->account, .seen = *c->seen != '\0', .assessed_by = c->assessed_by,
		.reviewed_by = c->reviewed_by, .assessed_day = c->assessed_day,
		.meeting_day = c->meeting_day, .meeting_no = *c->meeting_no != '\0',
		.decision = *c->decision != '\0', .shows = *c->shows != '\0', .deadline = c->deadline,
		.started_day = c->started_day, .pass_e4 = work->scheme->acceptance.pass_e4,
		.dissatisfied_e6 = work->scheme->acceptance.dissatisfied_e6,
		.at_end = work->scheme->acceptance.at_end, .accepted_day = c->accepted_day,
		.written_off_day = c->written_off_day,
	};
	if ((r = store_problems(tx, c->id, c->round, &work->arena, &problems, &n_problems)) < 0 ||
	    (r = store_attachment_list(tx, c->org, -1, -1, &work->arena, &files, &n_files)) < 0 ||
	    (r = store_evidence(tx, c->org, &work->arena, &seen, &n_seen)) < 0 ||
	    (r = store_helpers(tx, c->id, &work->arena, &helpers, &n_helpers)) < 0 ||
	    (r = store_case_reasons(tx, c->id, &work->arena, &reasons, &n_reasons)) < 0 ||
	    (r = store_sheets(tx, c->id, &work->arena, &sheets, &n_sheets)) < 0 ||
	    (r = store_lookbacks(tx, c->id, &work->arena, &lookbacks, &n_lookbacks)) < 0)
		return r;
	if (f.at_end && c->round == 1)
		f.end_day = end_of_campaign(work->scheme, c->year);
	facts_of_problems(work, problems, n_problems, files, n_files, seen, n_seen, &f);
	facts_of_files(c, files, n_files, &f);
	facts_of_help(helpers, n_helpers, &f);
	facts_of_reasons(c, reasons, n_reasons, &f);
	facts_of_end(c, sheets, n_sheets, lookbacks, n_lookbacks, &f);
	*ret_facts = f;
	return 0;
}

/* ---- a change of state ---- */

/* A criterion or a condition by id; its label, or NULL. */
static const char *named(const struct scheme_named *list, int n, struct str id)
{
	for (int i = 0; i < n; i++)
		if (str_eqs(id, list[i].id))
			return list[i].label;
	return NULL;
}

static int add_aggravating(struct db_tx *tx, struct ledger_work *work,
			   const struct ledger_step *step, struct err_info *info)
{
	const char *p = step->aggravating ? step->aggravating : "";
	struct org org;
	int r = *p ? store_org_get(tx, work->c.org, &work->arena, &org) : 0;
	if (r < 0)
		return r;
	if (*p && org.field != FIELD_VILLAGE && org.field != FIELD_COMMUNITY)	/* LD-2 */
		return err_set(info, ERR_INPUT, "重点整顿情形只用于村和社区党组织");
	while (*p) {
		size_t len = strcspn(p, ",");
		const char *label = named(work->scheme->aggravating, work->scheme->n_aggravating,
					  (struct str){p, len});
		if (!label)
			return err_set(info, ERR_INPUT, "方案里没有这种重点整顿情形：%.*s", (int)len, p);
		struct case_reason reason = {
			.round = work->c.round, .because = CASE_BECAUSE_AGGRAVATING,
			.ref = arena_strndup(&work->arena, p, len), .label = label, .seen = step->text,
			.day = work->caller->today, .who = work->access.label,
			.at_ms = work->caller->now_ms,
		};
		if ((r = store_case_reason_add(tx, work->c.id, &reason)) < 0)
			return r;
		work->c.priority = true;
		p += len + (p[len] == ',');
	}
	return 0;
}

/* From now on the rules of the latest campaign hold that picks for the ledger. */
static int adopt_campaign(struct db_tx *tx, struct ledger_work *work, struct err_info *info)
{
	struct campaign *list;
	int n, r = store_campaign_list(tx, work->c.org_path, false, &work->arena, &list, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct campaign campaign;
		const struct scheme *scheme;
		if (list[i].year < work->campaign.year)
			break;
		if (list[i].kind == CAMPAIGN_APPRAISAL || list[i].state != CAMPAIGN_OPEN)
			continue;
		if ((r = store_campaign_get(tx, list[i].id, &work->arena, &campaign)) <= 0)
			return r < 0 ? r : ERR_IO;
		if ((r = scheme_cache_get(work->app->schemes, campaign.scheme_text, &scheme, info)) < 0)
			return r;
		if (!scheme->n_rectify)
			continue;
		work->c.campaign = campaign.id;
		work->campaign = campaign;
		work->scheme = scheme;
		break;
	}
	return r < 0 ? r : 0;
}

/* A relapse: the same case goes on, in a round of its own. */
static void begin_round(struct ledger_case *c, int32_t day)
{
	c->round++;
	c->attempt = 1;
	c->year = day / 10000;
	c->opened_day = day;
	c->deadline = c->published_day = c->started_day = c->reported_day = c->accepted_day = 0;
	c->written_off_day = 0;
	c->number = c->number_year = 0;
	c->shows = "";
}

/* What the step itself brings, before it is asked whether all is there. */
static void take(struct ledger_work *work, enum case_act act, const struct ledger_step *step,
		 int32_t day)
{
	struct ledger_case *c = &work->c;
	const char *text = step->text ? step->text : "";
	switch (act) {
	case CASE_ASSESS:
		c->seen = *text ? text : c->seen;
		c->assessed_by = work->caller->account;
		c->assessed_day = day;
		c->priority = c->priority || step->priority;
		break;
	case CASE_REVIEW:
		c->reviewed_by = work->caller->account;
		c->reviewed_day = day;
		break;
	case CASE_APPROVE:
		c->meeting_day = step->day;
		c->meeting_no = step->number ? step->number : "";
		c->decision = text;
		c->deadline = step->deadline ? step->deadline : c->deadline;
		break;
	case CASE_PLAN:
		c->shows = step->shows && *step->shows ? step->shows : c->shows;
		break;
	case CASE_START: c->started_day = day; break;
	case CASE_REPORT: c->reported_day = day; break;
	case CASE_ACCEPT: c->accepted_day = day; break;
	case CASE_WRITE_OFF: c->written_off_day = day; break;
	default: break;
	}
}

static int close_sheet(struct db_tx *tx, struct ledger_work *work, enum sheet_outcome outcome)
{
	struct case_sheet *sheets;
	int n, r = store_sheets(tx, work->c.id, &work->arena, &sheets, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (sheets[i].round == work->c.round && sheets[i].attempt == work->c.attempt) {
			sheets[i].outcome = outcome;
			r = store_sheet_put(tx, work->c.id, &sheets[i]);
		}
	return r;
}

static int write_off(struct db_tx *tx, struct ledger_work *work, int32_t day)
{
	int32_t days[LOOKBACKS_MAX];
	struct ledger_case *c = &work->c;
	c->number_year = day / 10000;
	int r = store_case_number(tx, id_region(c->id), c->number_year, &c->number);
	int n = ledger_lookbacks(&work->scheme->cases, day, days);
	for (int i = 0; r == 0 && i < n; i++) {
		struct case_lookback l = {.round = c->round, .seq = i + 1, .due_day = days[i], .text = "",
					  .who = ""};
		r = store_lookback_put(tx, c->id, &l);
	}
	return r;
}

/* What follows from the change. */
static int follow(struct db_tx *tx, struct ledger_work *work, enum case_act act,
		  const struct ledger_step *step, int32_t day, struct err_info *info)
{
	struct ledger_case *c = &work->c;
	int r = 0;
	switch (act) {
	case CASE_ASSESS: return add_aggravating(tx, work, step, info);
	case CASE_APPROVE:
		return ledger_case_deadline(&work->scheme->cases, c->meeting_day, c->deadline, &c->deadline, info);
	case CASE_RETURN_PLAN: c->state = c->round > 1 ? CASE_RELAPSED : CASE_APPROVED; break;
	case CASE_ACCEPT: return close_sheet(tx, work, SHEET_PASSED);
	case CASE_REJECT:
		if (step->deadline <= work->caller->today)
			return err_set(info, ERR_INPUT, "请定新的期限，要晚于今天");
		r = close_sheet(tx, work, SHEET_FAILED);
		c->attempt++;
		c->deadline = step->deadline;
		c->reported_day = c->accepted_day = 0;
		break;
	case CASE_WRITE_OFF: return write_off(tx, work, day);
	case CASE_RELAPSE:
		begin_round(c, day);
		r = adopt_campaign(tx, work, info);
		return r < 0 ? r : ledger_case_deadline(&work->scheme->cases, day, 0, &c->deadline, info);
	case CASE_TAKE_UP:
		c->year = day / 10000;
		c->opened_day = day;
		return adopt_campaign(tx, work, info);
	default: break;
	}
	return r;
}

static int check_actor(struct ledger_work *work, const struct case_transition *t,
		       struct err_info *info)
{
	switch (t->actor) {
	case CASE_BY_LEDGER: return ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	case CASE_BY_BRANCH: return ledger_may(work, ACTION_CASE_PROGRESS, ACTION_CASE_PROGRESS, info);
	case CASE_BY_ABOVE: return ledger_may(work, ACTION_CASE_ACCEPT, ACTION_CASE_ACCEPT, info);
	case CASE_BY_ACCEPTOR:
		if (ledger_may_accept(&work->access, work->scheme, work->c.org_path))
			return 0;
		return err_set(info, ERR_DENIED, "验收由%s办理", "方案规定的上级");
	}
	return ERR_DENIED;
}

/* "还不能验收，因为：…；…" */
static int refuse(const struct case_transition *t, const struct gate *gate, struct err_info *info)
{
	AUTO(buf) struct buf text = {0};
	for (int i = 0; i < gate->n; i++)
		if (!gate->lines[i].ok)
			buf_addf(&text, "%s%s", text.len ? "；" : "", gate->lines[i].text);
	return err_set(info, ERR_STATE, "还不能%s，因为：%s", t->doing, buf_str(&text));
}

static const char *event_text(struct ledger_work *work, enum case_act act,
			      const struct ledger_step *step)
{
	const struct ledger_case *c = &work->c;
	const char *text = step->text ? step->text : "";
	if (act == CASE_APPROVE)
		return arena_printf(&work->arena, "%s：%s", c->meeting_no, text);
	if (act == CASE_WRITE_OFF)
		return arena_printf(&work->arena, "销号〔%d〕%d 号%s%s", c->number_year, c->number,
				    *text ? "：" : "", text);
	if (act == CASE_REJECT)
		return arena_printf(&work->arena, "%s（新的期限 %d-%02d-%02d）", text,
				    step->deadline / 10000, step->deadline / 100 % 100,
				    step->deadline % 100);
	return text;
}

static int move_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	enum case_act act = (enum case_act)work->choice;
	const struct ledger_step *step = work->in;
	const struct case_transition *t = case_transition(act);
	int32_t day = step->day ? step->day : work->caller->today;
	enum case_state before = work->c.state;
	struct case_facts facts;
	struct gate gate;
	int r = check_actor(work, t, info);
	if (r == 0)
		r = ledger_check_day(work, "日期", day, true, info);
	if (r == 0)
		r = ledger_check_text(t->needs_reason ? "理由" : "内容", step->text ? step->text : "",
				      t->needs_reason, info);
	if (r < 0)
		return r;
	if (step->version && step->version != work->c.version)
		return err_set(info, ERR_CONFLICT, "这个台账刚被别人改过，请刷新后再办");
	take(work, act, step, day);
	if ((r = ledger_facts(tx, work, &facts)) < 0)
		return r;
	r = case_gate(act, &facts, &work->arena, &gate);
	if (r == ERR_STATE)
		return err_set(info, r, "台账现在是“%s”，不能%s", case_state_label(before), t->doing);
	if (r < 0 || gate.n_missing)
		return r < 0 ? r : refuse(t, &gate, info);
	work->c.state = t->to;
	if ((r = follow(tx, work, act, step, day, info)) < 0 ||
	    (r = store_case_update(tx, &work->c)) < 0)
		return r;
	return ledger_event(tx, work, (int)act, before, day, event_text(work, act, step), info);
}

int ledger_move(struct app *app, const struct caller *caller, int64_t case_id, enum case_act act,
		const struct ledger_step *step, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = move_fn,
				   .in = step, .choice = (int)act};
	return ledger_run(&work, info);
}
