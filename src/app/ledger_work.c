/* SPDX-License-Identifier: Apache-2.0 */
/* The work on a case: problems, progress, evidence, help, the papers of its end. */
#include "app/ballot_case.h"
#include "app/ledger_in.h"
#include "domain/day_math.h"
#include "store/id.h"

static int put_case(struct db_tx *tx, struct ledger_work *work, int act, int32_t day,
		    const char *text, struct err_info *info)
{
	int r = store_case_update(tx, &work->c);
	return r < 0 ? r : ledger_event(tx, work, act, work->c.state, day, text, info);
}

/* ---- the plan ---- */

struct plan_in {
	const char *shows;
	int32_t deadline, published_day;
};

static int plan_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	const struct plan_in *in = work->in;
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r < 0 || (r = ledger_check_open(work, info)) < 0 ||
	    (r = ledger_check_text("具体表现", in->shows, false, info)) < 0 ||
	    (r = ledger_check_day(work, "全案期限", in->deadline, false, info)) < 0 ||
	    (r = ledger_check_day(work, "公开日期", in->published_day, true, info)) < 0)
		return r;
	int32_t listed = work->c.round > 1 ? work->c.opened_day : work->c.meeting_day, deadline;
	if (in->deadline && in->deadline != work->c.deadline && listed &&
	    (r = ledger_case_deadline(&work->scheme->cases, listed, in->deadline, &deadline, info)) < 0)
		return r;
	bool published = in->published_day && in->published_day != work->c.published_day;
	work->c.shows = *in->shows ? in->shows : work->c.shows;
	work->c.deadline = in->deadline ? in->deadline : work->c.deadline;
	work->c.published_day = in->published_day ? in->published_day : work->c.published_day;
	return put_case(tx, work, published ? CASE_EVENT_PUBLISH : CASE_EVENT_PARTICULARS,
			in->published_day, in->shows, info);
}

int ledger_set_plan(struct app *app, const struct caller *caller, int64_t case_id,
		    const char *shows, int32_t deadline, int32_t published_day,
		    struct err_info *info)
{
	struct plan_in in = {shows, deadline, published_day};
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = plan_fn,
				   .in = &in};
	return ledger_run(&work, info);
}

/* ---- problems ---- */

/* Which case a problem belongs to. */
struct owner_ask {
	int64_t problem, case_id;
};

static int owner_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct owner_ask *ask = arg;
	AUTO(arena) struct arena arena = {0};
	struct case_problem p;
	int r = store_problem_get(tx, ask->problem, &arena, &p);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个问题");
	ask->case_id = p.case_id;
	return 0;
}

static int run_problem(struct ledger_work *work, int64_t problem, struct err_info *info)
{
	struct owner_ask ask = {.problem = problem};
	int r = db_read(work->app->db, owner_fn, &ask, info);
	if (r < 0)
		return r;
	work->case_id = ask.case_id;
	work->number = problem;
	return ledger_run(work, info);
}

/* The problem in work->number, of the current round. */
static int load_problem(struct ledger_work *work, struct db_tx *tx, struct case_problem *ret,
			struct err_info *info)
{
	int r = store_problem_get(tx, work->number, &work->arena, ret);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个问题");
	if (ret->round != work->c.round)
		return err_set(info, ERR_STATE, "这是第 %d 轮的问题，不能再改", ret->round);
	return ledger_check_open(work, info);
}

static int check_words(const struct ledger_work *work, const struct case_problem *p,
		       struct err_info *info)
{
	const struct {
		const char *label, *text;
	} texts[] = {{"成因", p->cause}, {"措施", p->measure}, {"目标", p->goal}, {"责任人", p->owner},
		     {"责任人职务", p->post}, {"责任人电话", p->phone}};
	int r = ledger_check_text("问题", p->title, true, info);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(texts); i++)
		r = ledger_check_text(texts[i].label, texts[i].text, false, info);
	return r < 0 ? r : ledger_check_day(work, "期限", p->deadline, false, info);
}

static int put_problem_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	const struct case_problem *in = work->in;
	struct case_problem p = {.case_id = work->c.id, .round = work->c.round, .result = "",
				 .verified_by = "", .verdict = "", .extended = ""};
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r < 0 || (r = ledger_check_open(work, info)) < 0 || (r = check_words(work, in, info)) < 0)
		return r;
	if (in->id) {
		work->number = in->id;
		if ((r = load_problem(work, tx, &p, info)) < 0)
			return r;
		if (p.case_id != work->c.id)
			return err_set(info, ERR_NOT_FOUND, "没有这个问题");
		if (in->version && in->version != p.version)
			return err_set(info, ERR_CONFLICT, "问题 %d 刚被别人改过，请刷新后再改", p.place);
		/* Once work has begun a deadline moves only with a reason. */
		if (work->c.state >= CASE_RECTIFYING && p.deadline && in->deadline != p.deadline)
			return err_set(info, ERR_STATE, "整改已经开始，改期限请用“申请延期”并写明理由");
	}
	p.title = in->title;
	p.ref = in->ref;
	p.cause = in->cause;
	p.measure = in->measure;
	p.goal = in->goal;
	p.deadline = in->deadline;
	p.owner = in->owner;
	p.post = in->post;
	p.phone = in->phone;
	if ((r = store_problem_put(tx, &p)) < 0)
		return r;
	work->number = p.id;
	return ledger_event(tx, work, CASE_EVENT_PROBLEM, work->c.state, 0,
			    arena_printf(&work->arena, "问题 %d：%s", p.place, p.title), info);
}

int ledger_put_problem(struct app *app, const struct caller *caller,
		       const struct case_problem *problem, int64_t *ret_id, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = problem->case_id,
				   .fn = put_problem_fn, .in = problem};
	int r = ledger_run(&work, info);
	if (r == 0 && ret_id)
		*ret_id = work.number;
	return r;
}

int ledger_put_problem_in(struct db_tx *tx, struct app *app, const struct caller *caller,
			  const struct case_problem *problem, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = problem->case_id,
				   .fn = put_problem_fn, .in = problem};
	return ledger_run_in(tx, &work, info);
}

static int progress_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	const struct case_progress *in = work->in;
	struct case_problem p;
	int32_t day = in->day ? in->day : work->caller->today;
	int r = ledger_may(work, ACTION_CASE_PROGRESS, ACTION_CASE_PROGRESS, info);
	if (r < 0 || (r = load_problem(work, tx, &p, info)) < 0 ||
	    (r = ledger_check_text("进展", in->text, true, info)) < 0 ||
	    (r = ledger_check_text("结果", work->text, false, info)) < 0 ||
	    (r = ledger_check_day(work, "日期", day, true, info)) < 0)
		return r;
	if (in->percent < 0 || in->percent > 100)
		return err_set(info, ERR_INPUT, "完成比例应在 0 到 100 之间");
	if (work->c.state != CASE_RECTIFYING && work->c.state != CASE_PLANNED)
		return err_set(info, ERR_STATE, "整改还没有开始或已经上报，不能记进展");
	if (in->percent == 100 && !*work->text)
		return err_set(info, ERR_INPUT, "办结要写明结果");
	struct case_progress row = *in;
	row.problem = p.id;
	row.day = day;
	row.who = work->access.label;
	row.at_ms = work->caller->now_ms;
	p.percent = in->percent;
	p.state = in->percent == 100 ? PROBLEM_DONE : PROBLEM_OPEN;
	p.result = in->percent == 100 ? work->text : p.result;
	p.done_day = in->percent == 100 ? day : 0;
	if ((r = store_progress_add(tx, &row)) < 0 || (r = store_problem_put(tx, &p)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_PROGRESS, work->c.state, day,
			    arena_printf(&work->arena, "问题 %d，%d%%：%s", p.place, in->percent, in->text),
			    info);
}

int ledger_progress(struct app *app, const struct caller *caller, int64_t problem,
		    const struct case_progress *progress, const char *result,
		    struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .fn = progress_fn, .in = progress,
				   .text = result};
	return run_problem(&work, problem, info);
}

static int extend_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_problem p;
	int32_t deadline = work->choice;
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_ACCEPT, info);
	if (r < 0 || (r = load_problem(work, tx, &p, info)) < 0 ||
	    (r = ledger_check_text("延期理由", work->text, true, info)) < 0 ||
	    (r = ledger_check_day(work, "新的期限", deadline, false, info)) < 0)
		return r;
	if (deadline <= p.deadline || deadline < work->caller->today)
		return err_set(info, ERR_INPUT, "新的期限应晚于原来的期限，也不早于今天");
	const char *text = arena_printf(&work->arena, "问题 %d，期限 %d-%02d-%02d 改为 %d-%02d-%02d：%s",
					p.place, p.deadline / 10000, p.deadline / 100 % 100,
					p.deadline % 100, deadline / 10000, deadline / 100 % 100,
					deadline % 100, work->text);
	p.deadline = deadline;
	p.extended = work->text;
	r = store_problem_put(tx, &p);
	return r < 0 ? r : ledger_event(tx, work, CASE_EVENT_EXTEND, work->c.state, 0, text, info);
}

int ledger_extend(struct app *app, const struct caller *caller, int64_t problem, int32_t deadline,
		  const char *why, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .fn = extend_fn, .choice = deadline,
				   .text = why};
	return run_problem(&work, problem, info);
}

static int verify_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_problem p;
	enum problem_state state = (enum problem_state)work->choice;
	int r = 0;
	if (!ledger_may_accept(&work->access, work->scheme, work->c.org_path))
		r = err_set(info, ERR_DENIED, "问题由上级核实");
	if (r < 0 || (r = load_problem(work, tx, &p, info)) < 0 ||
	    (r = ledger_check_text("理由", work->text, state != PROBLEM_VERIFIED, info)) < 0)
		return r;
	if (state == PROBLEM_VERIFIED && p.state == PROBLEM_OPEN)
		return err_set(info, ERR_STATE, "问题 %d 还没有办结，不能核实", p.place);
	p.state = state;
	p.verdict = work->text;
	p.verified_by = work->access.label;
	p.verified_day = state == PROBLEM_OPEN ? 0 : work->caller->today;
	static const char *const words[] = {"退回重办", "办结", "核实", "不再要求"};
	if ((r = store_problem_put(tx, &p)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_VERIFY, work->c.state, 0,
			    arena_printf(&work->arena, "问题 %d %s %s", p.place, words[state], work->text),
			    info);
}

int ledger_verify(struct app *app, const struct caller *caller, int64_t problem,
		  enum problem_state state, const char *words, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .fn = verify_fn, .choice = (int)state,
				   .text = words};
	return run_problem(&work, problem, info);
}

/* ---- evidence ---- */

struct judge_in {
	const struct caller *caller;
	struct case_evidence evidence;
};

static int judge_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct judge_in *in = arg;
	AUTO(arena) struct arena arena = {0};
	struct attachment a;
	struct access access;
	int r = store_attachment_get(tx, in->evidence.attachment, &arena, &a);
	if (r <= 0 || (a.kind != ATTACHED_PROBLEM && a.kind != ATTACHED_CASE))
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这件材料");
	r = app_enter(tx, in->caller, ACTION_CASE_ACCEPT, a.org, &arena, &access, NULL, info);
	if (r < 0 || (r = ledger_check_text("理由", in->evidence.note,
					    in->evidence.verdict != EVIDENCE_GOOD, info)) < 0)
		return r;
	static const char *const words[] = {"没有看", "作数", "说明后作数", "不作数"};
	struct case_evidence e = in->evidence;
	e.who = access.label;
	e.at_ms = in->caller->now_ms;
	r = store_evidence_put(tx, &e);
	return r < 0 ? r : app_audit(tx, &access, "case.evidence", a.org, a.name, "",
				     arena_printf(&arena, "%s %s", words[e.verdict], e.note));
}

int ledger_judge_evidence(struct app *app, const struct caller *caller, int64_t attachment,
			  enum evidence_verdict verdict, const char *note, struct err_info *info)
{
	struct judge_in in = {caller, {.attachment = attachment, .verdict = verdict, .note = note}};
	return db_write(app->db, id_region(attachment), judge_fn, &in, info);
}

/* ---- help ---- */

static int helper_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_helper helper = *(const struct case_helper *)work->in;
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r < 0 || (r = ledger_check_text("姓名或单位", helper.name, true, info)) < 0 ||
	    (r = ledger_check_text("职务", helper.post, false, info)) < 0 ||
	    (r = ledger_check_day(work, "开始日期", helper.from_day, true, info)) < 0 ||
	    (r = ledger_check_day(work, "结束日期", helper.to_day, true, info)) < 0)
		return r;
	/* CT-5: nobody leaves before the write-off without it being said why. */
	if (helper.to_day && case_is_open(work->c.state) &&
	    (r = ledger_check_text("撤出理由（还没有销号）", helper.why, true, info)) < 0)
		return r;
	if (!helper.from_day)
		helper.from_day = work->caller->today;
	if ((r = store_helper_put(tx, work->c.id, &helper)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_HELPER, work->c.state, 0,
			    arena_printf(&work->arena, "%s %s%s%s", helper.name, helper.post,
					 helper.to_day ? " 撤出：" : "", helper.to_day ? helper.why : ""),
			    info);
}

int ledger_put_helper(struct app *app, const struct caller *caller, int64_t case_id,
		      const struct case_helper *helper, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = helper_fn,
				   .in = helper};
	return ledger_run(&work, info);
}

bool ledger_is_helper(const struct case_helper *helper, const char *label)
{
	return *label && (strcmp(helper->name, label) == 0 || strstr(helper->post, label));
}

/* Who does not keep the ledger speaks for himself only (CT-7b): his visit has his
 * name and goes to his own row. */
static int own_visit(struct ledger_work *work, struct db_tx *tx, struct case_visit *visit,
		     struct err_info *info)
{
	struct case_helper *helpers;
	const char *label = work->access.label;
	int n, own = 0, r = store_helpers(tx, work->c.id, &work->arena, &helpers, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		if (helpers[i].to_day || !ledger_is_helper(&helpers[i], label))
			continue;
		if (!own || helpers[i].seq == visit->helper)
			own = helpers[i].seq;
	}
	if (r < 0)
		return r;
	if ((visit->helper && visit->helper != own) || (*visit->name && strcmp(visit->name, label) != 0))
		return err_set(info, ERR_DENIED, "只能记自己的走访；别人的由他本人或者乡镇记");
	visit->helper = own;
	visit->name = label;
	return 0;
}

static int visit_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_visit visit = *(const struct case_visit *)work->in;
	int r = ledger_may(work, ACTION_VISIT_WRITE, ACTION_CASE_WRITE, info);
	visit.day = visit.day ? visit.day : work->caller->today;
	if (r == 0 && !right_check(&work->access.holder, ACTION_CASE_WRITE, work->c.org_path))
		r = own_visit(work, tx, &visit, info);
	visit.name = *visit.name ? visit.name : work->access.label;
	visit.account = work->caller->account;
	visit.at_ms = work->caller->now_ms;
	if (r < 0 || (r = ledger_check_text("做了什么", visit.text, true, info)) < 0 ||
	    (r = ledger_check_day(work, "走访日期", visit.day, true, info)) < 0 ||
	    (r = store_visit_add(tx, work->c.id, &visit)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_VISIT, work->c.state, visit.day,
			    arena_printf(&work->arena, "%s：%s", visit.name, visit.text), info);
}

int ledger_add_visit(struct app *app, const struct caller *caller, int64_t case_id,
		     const struct case_visit *visit, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = visit_fn,
				   .in = visit};
	return ledger_run(&work, info);
}

static int secretary_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_secretary s = *(const struct case_secretary *)work->in;
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r < 0 || (r = ledger_check_text("原书记", s.old_name, false, info)) < 0 ||
	    (r = ledger_check_text("新书记", s.new_name, s.new_day != 0, info)) < 0 ||
	    (r = ledger_check_day(work, "任职日期", s.new_day, true, info)) < 0 ||
	    (r = ledger_check_day(work, "空缺或不胜任起始日期", s.since_day, true, info)) < 0)
		return r;
	if (s.training_days < 0 || s.training_days > 366)
		return err_set(info, ERR_INPUT, "培训天数应在 0 到 366 之间");
	if ((r = store_secretary_put(tx, work->c.id, &s)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_SECRETARY, work->c.state, s.new_day,
			    arena_printf(&work->arena, "%s → %s（%s），培训 %d 天",
					 *s.old_name ? s.old_name : "空缺", *s.new_name ? s.new_name : "待配",
					 s.source, s.training_days), info);
}

int ledger_put_secretary(struct app *app, const struct caller *caller, int64_t case_id,
			 const struct case_secretary *secretary, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id,
				   .fn = secretary_fn, .in = secretary};
	return ledger_run(&work, info);
}

static int election_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	static const char *const words[] = {"无", "推迟换届", "已定换届日期", "已换届"};
	enum case_election election = (enum case_election)work->choice;
	int32_t day = (int32_t)work->number;
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r < 0 || (r = ledger_check_day(work, "换届日期", day, election == ELECTION_HELD, info)) < 0 ||
	    (r = ledger_check_text("说明", work->text, election == ELECTION_POSTPONED, info)) < 0)
		return r;
	if (!day && election >= ELECTION_PLANNED)
		return err_set(info, ERR_INPUT, "请填写换届日期");
	const struct ledger_case *seen = work->in;
	if (seen && seen->version != work->c.version)
		return err_set(info, ERR_CONFLICT, "“%s”的台账刚被别人改过，请再试一次", work->c.org_name);
	work->c.election = election;
	work->c.election_day = day;
	work->c.election_note = work->text;
	return put_case(tx, work, CASE_EVENT_ELECTION, 0,
			arena_printf(&work->arena, "%s %s", words[election], work->text), info);
}

int ledger_set_election(struct app *app, const struct caller *caller, int64_t case_id,
			enum case_election election, int32_t day, const char *note,
			struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = election_fn,
				   .choice = (int)election, .number = day, .text = note};
	return ledger_run(&work, info);
}

int ledger_set_election_in(struct db_tx *tx, struct app *app, const struct caller *caller,
			   const struct ledger_case *c, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = c->id, .fn = election_fn,
				   .choice = (int)c->election, .number = c->election_day,
				   .text = c->election_note, .in = c};
	return ledger_run_in(tx, &work, info);
}

static int money_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_money money = *(const struct case_money *)work->in;
	int r = ledger_may(work, ACTION_CASE_WRITE, ACTION_CASE_WRITE, info);
	if (r < 0)
		return r;
	money.org = work->c.org;
	money.label = "帮扶资金";
	bool known = strcmp(money.kind, "support") == 0;
	for (int i = 0; i < work->scheme->n_guarantees; i++)
		if (strcmp(money.kind, work->scheme->guarantees[i].id) == 0) {
			money.label = work->scheme->guarantees[i].label;
			known = true;
		}
	if (!known)
		return err_set(info, ERR_INPUT, "方案里没有这项经费");
	if (money.year < 2000 || money.year > 2199 || money.cents < 0)
		return err_set(info, ERR_INPUT, "年份或金额不对");
	if ((r = store_money_put(tx, &money)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_MONEY, work->c.state, 0,
			    arena_printf(&work->arena, "%d 年%s %lld.%02lld 元", money.year, money.label,
					 (long long)(money.cents / 100), (long long)(money.cents % 100)), info);
}

int ledger_put_money(struct app *app, const struct caller *caller, int64_t case_id,
		     const struct case_money *money, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = money_fn,
				   .in = money};
	return ledger_run(&work, info);
}

/* ---- the end ---- */

enum { LOOKBACK_EARLY_DAYS = 15 };	/* a good one, before its day */

static int sheet_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	struct case_sheet sheet = *(const struct case_sheet *)work->in;
	int r = 0;
	if (!ledger_may_accept(&work->access, work->scheme, work->c.org_path))
		return err_set(info, ERR_DENIED, "验收评分表由方案规定的上级填写");
	if (work->c.state != CASE_REPORTED)
		return err_set(info, ERR_STATE, "自查上报以后才能填验收评分表，现在是“%s”",
			       case_state_label(work->c.state));
	sheet.round = work->c.round;
	sheet.attempt = work->c.attempt;
	sheet.day = sheet.day ? sheet.day : work->caller->today;
	sheet.outcome = SHEET_OPEN;
	sheet.who = work->access.label;
	sheet.at_ms = work->caller->now_ms;
	sheet.pass_e4 = sheet.pass_e4 ? sheet.pass_e4 : work->scheme->acceptance.pass_e4;
	if ((r = ledger_check_day(work, "验收日期", sheet.day, true, info)) < 0 ||
	    (r = ledger_check_text("验收意见", sheet.opinion, false, info)) < 0)
		return r;
	if (sheet.heard < 0 || sheet.satisfied < 0 || sheet.dissatisfied < 0 ||
	    sheet.satisfied + sheet.dissatisfied > sheet.heard || sheet.heard > 100000000)
		return err_set(info, ERR_INPUT, "满意和不满意的人数加起来不能多于听取意见的人数");
	/* A counted box knows better than what was typed. */
	if ((r = ballot_case_fill(tx, work->c.id, &work->arena, &sheet)) < 0 ||
	    (r = store_sheet_put(tx, work->c.id, &sheet)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_SHEET, work->c.state, sheet.day,
			    arena_printf(&work->arena, "%lld.%02lld 分，验收人 %s",
					 (long long)(sheet.score_e4 / 10000),
					 (long long)(sheet.score_e4 / 100 % 100), sheet.acceptors), info);
}

int ledger_put_sheet(struct app *app, const struct caller *caller, int64_t case_id,
		     const struct case_sheet *sheet, struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = sheet_fn,
				   .in = sheet};
	return ledger_run(&work, info);
}

static int look_back_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	const struct case_lookback *in = work->in;
	struct case_lookback *all, *found = NULL;
	int n, r = ledger_may(work, ACTION_CASE_ACCEPT, ACTION_CASE_ACCEPT, info);
	if (r < 0 || (r = ledger_check_text("看到的情况", in->text, true, info)) < 0 ||
	    (r = ledger_check_day(work, "回访日期", in->done_day, true, info)) < 0 ||
	    (r = store_lookbacks(tx, work->c.id, &work->arena, &all, &n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (all[i].round == work->c.round && all[i].seq == in->seq)
			found = &all[i];
	if (!found)
		return err_set(info, ERR_NOT_FOUND, "没有安排这次回访");
	if (work->c.state != CASE_WRITTEN_OFF)
		return err_set(info, ERR_STATE, "销号以后才回访");
	if (in->done_day < work->c.written_off_day)
		return err_set(info, ERR_INPUT, "回访日期不能早于销号日期");
	if (found->done_day)
		return err_set(info, ERR_CONFLICT, "第 %d 次回访已经记过", in->seq);
	/* A case is not settled by looking three times in a week. */
	int32_t earliest = day_plus(found->due_day, -LOOKBACK_EARLY_DAYS);
	if (in->good && in->done_day < earliest)
		return err_set(info, ERR_STATE, "第 %d 次回访定在 %d-%02d-%02d，合格的最早 %d-%02d-%02d 记", in->seq,
			       found->due_day / 10000, found->due_day / 100 % 100, found->due_day % 100,
			       earliest / 10000, earliest / 100 % 100, earliest % 100);
	found->done_day = in->done_day;
	found->good = in->good;
	found->text = in->text;
	found->who = work->access.label;
	if ((r = store_lookback_put(tx, work->c.id, found)) < 0)
		return r;
	return ledger_event(tx, work, CASE_EVENT_LOOKBACK, work->c.state, in->done_day,
			    arena_printf(&work->arena, "第 %d 次%s：%s", in->seq, in->good ? "合格" : "不合格",
					 in->text), info);
}

int ledger_look_back(struct app *app, const struct caller *caller, int64_t case_id, int seq,
		     int32_t day, bool good, const char *text, struct err_info *info)
{
	struct case_lookback in = {.seq = seq, .done_day = day ? day : caller->today, .good = good,
				   .text = text};
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id,
				   .fn = look_back_fn, .in = &in};
	return ledger_run(&work, info);
}

static int remind_fn(struct ledger_work *work, struct db_tx *tx, struct err_info *info)
{
	int r = ledger_may(work, ACTION_CASE_ACCEPT, ACTION_CHECK_WRITE, info);
	if (r == 0)
		r = ledger_check_text("提醒内容", work->text, true, info);
	return r < 0 ? r : ledger_event(tx, work, CASE_EVENT_REMINDER, work->c.state, 0, work->text, info);
}

int ledger_remind(struct app *app, const struct caller *caller, int64_t case_id, const char *text,
		  struct err_info *info)
{
	struct ledger_work work = {.app = app, .caller = caller, .case_id = case_id, .fn = remind_fn,
				   .text = text};
	return ledger_run(&work, info);
}
