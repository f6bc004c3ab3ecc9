/* SPDX-License-Identifier: Apache-2.0 */
/* One case: its life line on top, what is missing for the next step, the table
 * of problems, evidence, help, and everything that ever happened. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/day.h"
#include "domain/day_math.h"
#include "web/pages/pages_files.h"
#include "web/pages/pages_ledger.h"

int act_ledger_case(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ledger_file *f = arena_zalloc(call->arena, 1, sizeof(*f));
	if (!f)
		return err_nomem(&call->info);
	call->model = f;
	return ledger_get(call->web->app, &caller, web_number(call, "case", 0), call->arena, f,
			  &call->info);
}

static bool may(const struct ledger_file *f, enum action action)
{
	return f->may >> action & 1;
}

/* "?do=helper&seq=2" of this case. */
static const char *address(struct web_call *call, const struct ledger_file *f, const char *what)
{
	return page_text(call, "/cases/%lld?do=%s", (long long)f->c.id, what);
}

void ledger_write_light(struct html *h, int32_t deadline, bool finished, int32_t today)
{
	switch (ledger_light(deadline, finished, today)) {
	case LIGHT_NONE: break;
	case LIGHT_GREEN:
		html(h, "<span class='light ok'>剩 {} 天</span>", day_between(today, deadline));
		break;
	case LIGHT_AMBER:
		html(h, "<span class='light warn'>剩 {} 天</span>", day_between(today, deadline));
		break;
	case LIGHT_RED:
		html(h, "<span class='light bad'>逾期 {} 天</span>", day_between(deadline, today));
		break;
	}
}

/* ---- the life line ---- */

/* What led to each station; the day on which it was last passed in the round. */
static const struct {
	enum case_state state;
	const char *label;
} stations[] = {
	{CASE_CANDIDATE, "候选"}, {CASE_ASSESSED, "初评"}, {CASE_REVIEWED, "复核"}, {CASE_APPROVED, "审定"},
	{CASE_PLANNED, "建账"}, {CASE_RECTIFYING, "整改"}, {CASE_REPORTED, "自查上报"}, {CASE_ACCEPTED, "验收"},
	{CASE_WRITTEN_OFF, "销号"}, {CASE_SETTLED, "稳定"},
};

static int32_t passed_on(const struct ledger_file *f, int round, enum case_state state,
			 int *ret_returns)
{
	int32_t day = 0;
	int returns = 0;
	for (int i = 0; i < f->n_events; i++) {
		const struct case_event *e = &f->events[i];
		if (e->round != round)
			continue;
		if (e->act < CASE_ACT_COUNT && e->after == state && e->before != e->after)
			day = e->day;
		if (e->act == CASE_EVENT_LISTED && state == CASE_CANDIDATE)
			day = e->day;
		returns += state == CASE_PLANNED && (e->act == CASE_RETURN_PLAN || e->act == CASE_REJECT);
	}
	*ret_returns = returns;
	return day;
}

static void write_station(struct web_call *call, struct html *h, const struct ledger_file *f,
			  int round, size_t i)
{
	bool now = round == f->c.round;
	int returns;
	int32_t day = passed_on(f, round, stations[i].state, &returns);
	bool here = now && (f->c.state == stations[i].state ||
			    (f->c.state == CASE_RELAPSED && stations[i].state == CASE_PLANNED));
	bool passed = !now ? day != 0 : stations[i].state < f->c.state && f->c.state < CASE_DROPPED;
	if (here)
		html(h, "<li aria-current='step'>");
	else if (passed)
		html(h, "<li class='done'>");
	else
		html(h, "<li>");
	html(h, "<b>{}</b><span>", stations[i].label);
	if (day && (passed || here))
		html(h, "{}", page_day(call, day, true));
	else if (stations[i].state == CASE_ACCEPTED && f->c.deadline && now)
		html(h, "{} 前", page_day(call, f->c.deadline, true));
	if (returns)
		html(h, " 退回 {} 次", returns);
	html(h, "</span></li>");
	/* Look-backs stand between the write-off and being settled. */
	if (stations[i].state == CASE_WRITTEN_OFF) {
		int done_n = 0, all = 0;
		for (int k = 0; k < f->n_lookbacks; k++)
			if (f->lookbacks[k].round == round) {
				all++;
				done_n += f->lookbacks[k].done_day != 0;
			}
		html(h, "<li");
		if (all && done_n == all)
			html(h, " class='done'");
		html(h, "><b>回访</b><span>");
		if (all)
			html(h, "{}/{} 次", done_n, all);
		html(h, "</span></li>");
	}
}

static void write_life(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	for (int round = 1; round <= f->c.round; round++) {
		bool now = round == f->c.round;
		if (f->c.round > 1)
			html(h, "<div class='sec'><h2>第 {} 轮</h2><span class='note'>{}</span></div>\n", round,
			     now ? "沿用原案" : "已销号，后来反弹");
		html(h, "<ol class='steps' aria-label='第 {} 轮整顿各步'>", round);
		for (size_t i = round > 1 ? 4 : 0; i < ARRAY_LEN(stations); i++) {
			if (round > 1 && i == 4) {
				int unused;
				int32_t day = passed_on(f, round, CASE_RELAPSED, &unused);
				html(h, "<li class='late'><b>反弹</b><span>{}</span></li>",
				     page_day(call, day, true));
			}
			write_station(call, h, f, round, i);
		}
		html(h, "</ol>\n");
	}
	if (f->c.state == CASE_DROPPED)
		html(h, "<div class='box warn'>决定不列入台账：{}</div>\n",
		     f->n_events ? f->events[f->n_events - 1].text : "");
}

/* ---- why, and what next ---- */

static void write_reasons(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	html(h, "<section id='reasons' aria-labelledby='h-why'><div class='sec'><h2 id='h-why'>为什么列入</h2>"
		"<span class='note'>{}</span></div>\n<table class='data stack'><caption class='vh'>列入的依据</caption><thead><tr>"
		"<th scope='col'>依据</th><th scope='col'>看到的情况</th><th scope='col'>谁、哪天</th></tr></thead><tbody>\n",
	     f->c.round > 1 ? "从新到旧各轮都在" : "每一条成立的依据都列出来");
	for (int i = f->n_reasons - 1; i >= 0; i--) {
		const struct case_reason *r = &f->reasons[i];
		html(h, "<tr><th scope='row'>");
		if (r->because == CASE_BECAUSE_AGGRAVATING)
			html(h, "<span class='tag red'>重点</span> ");
		html(h, "<b>{}</b></th><td class='full'>{}</td><td class='nw'>{} {}</td></tr>\n", r->label,
		     r->seen, r->who, page_day(call, r->day, true));
	}
	html(h, "</tbody></table>\n");
	if (*f->c.seen)
		html(h, "<p class='note'>初评：{}</p>\n", f->c.seen);
	if (f->c.meeting_day)
		html(h, "<p class='note' id='meeting'>审定：{} {}，{}</p>\n", page_day(call, f->c.meeting_day, true),
		     f->c.meeting_no, f->c.decision);
	html(h, "<p class='note'>情形记在组织名下，不记到个人。</p></section>\n");
}

static void write_gate(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	bool any = false;
	html(h, "<section aria-labelledby='h-gate'><div class='sec'><h2 id='h-gate'>下一步</h2></div>\n");
	for (int i = 0; i < f->n_next; i++) {
		const struct case_transition *t = case_transition(f->next[i].act);
		const struct gate *g = &f->next[i].gate;
		char what[40];
		snprintf(what, sizeof(what), "act-%s", case_act_id(t->act));
		bool main_way = t->act != CASE_DROP && t->act != CASE_REJECT && t->act != CASE_RETURN_PLAN &&
				t->act != CASE_RELAPSE;
		/* Some of what is missing is only typed into the form of the step. */
		bool form_brings = t->act == CASE_ASSESS || t->act == CASE_APPROVE || t->act == CASE_PLAN;
		bool open = f->next[i].may && (!g->n_missing || form_brings || ledger_doing(call, what));
		any = any || (main_way && g->n) || open;
		if (main_way && g->n) {
			html(h, "<div class='box{}'><p><b>{}{}</b></p><ul class='gate'>",
			     g->n_missing ? " hot" : "", g->n_missing ? "还不能" : "可以", t->doing);
			for (int k = 0; k < g->n; k++) {
				html(h, "<li");
				if (g->lines[k].ok)
					html(h, " class='y'");
				html(h, "><a href='#{}'>{}</a></li>", g->lines[k].where, g->lines[k].text);
			}
			html(h, "</ul></div>\n");
		}
		if (f->next[i].may && ledger_doing(call, what))
			ledger_write_move(call, h, f, t->act);
		else if (f->next[i].may && (!g->n_missing || form_brings))
			html(h, "<p><a class='btn{}' href='{}#h-gate'>{}</a></p>\n", main_way ? " main" : "",
			     address(call, f, what), t->label);
	}
	if (!any)
		html(h, "<p class='note'>{}</p>\n", f->c.state == CASE_SETTLED
			? "回访都合格，已经稳定。以后有新的依据，在候选名单里记下，再按原案重开。"
			: "这一步由别的人办，办好以后这里写着下一步。");
	html(h, "</section>\n");
}

/* ---- problems ---- */

static const char *last_progress(const struct ledger_file *f, int64_t problem, int32_t *ret_day)
{
	const char *text = NULL;
	for (int i = 0; i < f->n_progress; i++)
		if (f->progress[i].problem == problem) {
			text = f->progress[i].text;
			*ret_day = f->progress[i].day;
		}
	return text;
}

static void write_problem_links(struct web_call *call, struct html *h, const struct ledger_file *f,
				const struct case_problem *p)
{
	static const char *const words[] = {"办理中", "已办结，待核实", "已核实", "不再要求"};
	bool work = p->round == f->c.round;
	html(h, "<p class='acts'>");
	if (p->state != PROBLEM_OPEN)
		html(h, "<span class='note'>{}{}{}</span> ", words[p->state], *p->verdict ? "：" : "", p->verdict);
	if (work && may(f, ACTION_CASE_PROGRESS) &&
	    (f->c.state == CASE_RECTIFYING || f->c.state == CASE_PLANNED))
		html(h, "<a class='btn sm' href='{}&problem={}#p{}'>记进展</a> ", address(call, f, "progress"), p->id,
		     p->id);
	if (work && (may(f, ACTION_CASE_PROGRESS) || may(f, ACTION_CASE_WRITE)))
		html(h, "<a class='btn sm' href='{}'>传佐证</a> ",
		     files_address(call, f->c.org, ATTACHED_PROBLEM, p->id));
	if (work && may(f, ACTION_CASE_WRITE) && p->state == PROBLEM_OPEN && case_is_open(f->c.state)) {
		html(h, "<a class='btn sm' href='{}&problem={}#p{}'>改</a> ", address(call, f, "problem"), p->id, p->id);
		if (f->c.state >= CASE_RECTIFYING)
			html(h, "<a class='btn sm' href='{}&problem={}#p{}'>申请延期</a> ",
			     address(call, f, "extend"), p->id, p->id);
	}
	if (work && may(f, ACTION_CASE_ACCEPT) && case_is_open(f->c.state))
		html(h, "<a class='btn sm' href='{}&problem={}#p{}'>核实</a>", address(call, f, "verify"), p->id, p->id);
	html(h, "</p>");
}

static void write_problem(struct web_call *call, struct html *h, const struct ledger_file *f,
			  const struct case_problem *p)
{
	int32_t today = page_today(call), day = 0;
	const char *last = last_progress(f, p->id, &day);
	bool finished = p->state != PROBLEM_OPEN;
	bool chosen = web_number(call, "problem", 0) == p->id;
	html(h, "<tr id='p{}'", p->id);
	if (chosen)
		html(h, " aria-selected='true'");
	html(h, "><th scope='row' class='full'><b>{}　{}</b>", p->place, p->title);
	html(h, "<p class='note'>成因：{}</p></th><td class='full' data-l='措施'>{}</td>"
		"<td class='full' data-l='目标'>{}</td><td class='full' data-l='责任人'>{} <span class='nw'>{}</span><br>"
		"<span class='note'>{}</span></td><td class='nw' data-l='期限'>{}<br>", *p->cause ? p->cause : "还没有写",
	     p->measure, p->goal, p->owner, p->post, p->phone, page_day(call, p->deadline, true));
	if (p->state == PROBLEM_VERIFIED)
		html(h, "<span class='light ok'>{} 核实</span>", page_day(call, p->verified_day, true));
	else if (finished)
		html(h, "<span class='light ok'>已办结</span>");
	else
		ledger_write_light(h, p->deadline, false, today);
	html(h, "</td><td class='full'><b class='nw'>{}%</b><progress max='100' value='{}'></progress>", p->percent,
	     p->percent);
	if (last)
		html(h, "<p class='note'>{}：{}</p>", page_day(call, day, true), last);
	if (*p->result)
		html(h, "<p class='note'>结果：{}</p>", p->result);
	write_problem_links(call, h, f, p);
	html(h, "</td></tr>\n");
	if (!chosen)
		return;
	static const char *const forms[] = {"progress", "extend", "verify"};
	html(h, "<tr class='edit'><td colspan='6' class='full'>");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (ledger_doing(call, forms[i]))
			ledger_write_form(call, h, f, forms[i]);
	if (ledger_doing(call, "problem"))
		ledger_write_problem_form(call, h, f, p);
	html(h, "</td></tr>\n");
}

static void write_problem_menu(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	const struct scheme *s = f->scheme;
	if (!may(f, ACTION_CASE_WRITE) || !case_is_open(f->c.state))
		return;
	if (ledger_doing(call, "new")) {
		ledger_write_problem_form(call, h, f, NULL);
		return;
	}
	html(h, "<details class='menu'><summary class='btn sm'>加一个问题</summary><ul class='chips'>"
		"<li><a class='chip' href='{}#problems'>自己写</a></li>", address(call, f, "new"));
	for (int i = 0; i < s->n_problems; i++)
		html(h, "<li><a class='chip' href='{}&menu={}#problems'>{}</a></li>", address(call, f, "new"),
		     s->problems[i].id, s->problems[i].label);
	html(h, "</ul></details>\n");
}

static void write_problems(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	int n = 0, finished = 0, late = 0;
	for (int i = 0; i < f->n_problems; i++) {
		if (f->problems[i].round != f->c.round)
			continue;
		n++;
		finished += f->problems[i].state != PROBLEM_OPEN;
		late += ledger_light(f->problems[i].deadline, f->problems[i].state != PROBLEM_OPEN,
				     page_today(call)) == LIGHT_RED;
	}
	html(h, "<section class='gap' id='problems' aria-labelledby='h-p'><div class='sec'><h2 id='h-p'>问题 {} 个</h2>"
		"<span class='note'>办结 {} · 逾期 {}</span></div>\n", n, finished, late);
	if (n) {
		html(h, "<table class='data stack prog'><caption class='vh'>整改方案</caption><thead><tr><th scope='col'>问题和成因</th><th scope='col'>措施</th>"
			"<th scope='col'>目标</th><th scope='col'>责任人</th><th scope='col'>期限</th>"
			"<th scope='col'>进展</th></tr></thead><tbody>\n");
		for (int i = 0; i < f->n_problems; i++)
			if (f->problems[i].round == f->c.round)
				write_problem(call, h, f, &f->problems[i]);
		html(h, "</tbody></table>\n");
	}
	write_problem_menu(call, h, f);
	html(h, "</section>\n");
}

/* ---- evidence ---- */

static int place_of(const struct ledger_file *f, const struct attachment *a)
{
	for (int i = 0; a->kind == ATTACHED_PROBLEM && i < f->n_problems; i++)
		if (f->problems[i].id == a->object)
			return f->problems[i].place;
	return 0;
}

static void write_verdict(struct web_call *call, struct html *h, const struct ledger_file *f,
			  const struct attachment *a)
{
	static const char *const words[] = {"还没有看", "作数", "说明后作数", "不作数"};
	static const char *const lights[] = {"off", "ok", "warn", "bad"};
	const struct case_evidence *e = NULL;
	for (int i = 0; i < f->n_evidence; i++)
		if (f->evidence[i].attachment == a->id)
			e = &f->evidence[i];
	int v = e ? (int)e->verdict : 0;
	if (a->withdrawn_ms)
		html(h, "<span class='light bad'>已作废：{}</span>", a->withdrawn_why);
	else if (f->c.written_off_day && a->day && f->c.round > 1 && a->day < f->c.opened_day)
		html(h, "<span class='light off'>上一轮的</span>");
	else
		html(h, "<span class='light {}'>{}</span> <span class='note'>{}</span>", lights[v], words[v],
		     e ? e->note : "");
	if (!may(f, ACTION_CASE_ACCEPT) || a->withdrawn_ms)
		return;
	html(h, "<form class='judge' method='post' action='/evidence/{}'><input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='case' value='{}'><select name='verdict' aria-label='查看结果'>"
		"<option value='good'>作数</option><option value='explained'>说明后作数</option>"
		"<option value='bad'>不作数</option></select>"
		"<input name='reason' maxlength='200' aria-label='说明'><button class='btn sm'>记下</button></form>",
	     a->id, call->csrf, f->c.id);
}

static void write_evidence(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	html(h, "<section class='gap' id='evidence' aria-labelledby='h-e'><div class='sec'><h2 id='h-e'>佐证材料 {} 件</h2>"
		"<span class='note'>材料日期和上传日期分开记</span>", f->n_files);
	if (may(f, ACTION_CASE_PROGRESS) || may(f, ACTION_CASE_WRITE))
		html(h, "<a id='report' href='{}'>传自查报告等材料</a>",
		     files_address(call, f->c.org, ATTACHED_CASE, f->c.id));
	html(h, "</div>\n");
	if (!f->n_files) {
		html(h, "<div class='empty'>还没有材料<p>自查报告要交文件和签字盖章的扫描件，说明分别写“自查报告”和“自查报告盖章扫描件”</p></div></section>\n");
		return;
	}
	html(h, "<table class='data sort stack'><caption class='vh'>佐证材料</caption><thead><tr><th scope='col'>材料</th><th scope='col' class='c'>问题</th>"
		"<th scope='col' class='n'>材料日期</th><th scope='col' class='n'>上传</th><th scope='col' class='n'>相隔</th>"
		"<th scope='col'>上传人</th><th scope='col'>查看结果</th></tr></thead><tbody>\n");
	for (int i = 0; i < f->n_files; i++) {
		const struct attachment *a = &f->files[i];
		int place = place_of(f, a);
		int32_t up = day_of_ms(a->added_ms);
		html(h, "<tr><th scope='row' class='full'>");
		files_write_small(h, a);
		html(h, "<a href='/files/{}' download>{}</a></th><td class='c' data-l='问题'>", a->id,
		     *a->what ? a->what : a->name);
		if (place)
			html(h, "{}", place);
		else if (a->kind != ATTACHED_CASE)
			html(h, "<span class='tag'>{}</span>", a->kind == ATTACHED_VISIT ? "走访"
				: a->kind == ATTACHED_CHECK ? "抽查" : "验收");
		html(h, "</td><td class='n' data-l='材料'>{}</td><td class='n' data-l='上传'>{}</td><td class='n' data-l='相隔'>",
		     a->day ? page_day(call, a->day, true) : "没有写", page_day(call, up, true));
		if (a->day)
			html(h, "{} 天", day_between(a->day, up));
		html(h, "</td><td>{}</td><td class='full'>", a->who);
		write_verdict(call, h, f, a);
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody></table></section>\n");
}

/* ---- help ---- */

static void write_helper_row(struct web_call *call, struct html *h, const struct ledger_file *f,
			     const struct case_helper *p)
{
	int n = 0, year = page_today(call) / 10000;
	const struct case_visit *last = NULL;
	for (int i = 0; i < f->n_visits; i++)
		if (f->visits[i].helper == p->seq || (!f->visits[i].helper && strcmp(f->visits[i].name, p->name) == 0)) {
			last = &f->visits[i];
			n += last->day / 10000 == year;
		}
	html(h, "<tr><th scope='row' class='nw'><b>{}</b></th><td class='full'>{}{}{}</td><td class='n' data-l='今年走访'>{}</td>"
		"<td class='n' data-l='最近'>{}</td><td class='full'>{}</td><td>", p->name, helper_kind_label(p->kind),
	     *p->post ? " · " : "", p->post, n, last ? page_day(call, last->day, true) : "", last ? last->text : "");
	if (p->to_day)
		html(h, "<span class='light bad'>{} 撤出</span> <span class='note'>{}</span>",
		     page_day(call, p->to_day, true), p->why);
	else if (!last)
		html(h, "<span class='light bad'>没有走访记录</span>");
	else if (p->every_days && day_between(last->day, page_today(call)) > p->every_days)
		html(h, "<span class='light warn'>{} 天没来</span>", day_between(last->day, page_today(call)));
	else
		html(h, "<span class='light ok'>够数</span>");
	if (may(f, ACTION_CASE_WRITE) || (may(f, ACTION_VISIT_WRITE) && !p->to_day && ledger_is_helper(p, f->label)))
		html(h, " <a href='{}&seq={}#helpers'>记走访</a>", address(call, f, "visit"), p->seq);
	if (may(f, ACTION_CASE_WRITE))
		html(h, " <a href='{}&seq={}#helpers'>改</a>", address(call, f, "helper"), p->seq);
	html(h, "</td></tr>\n");
}

/* All of them, newest first; the table shows only each one's last. */
static void write_visits(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	bool write = may(f, ACTION_VISIT_WRITE) || may(f, ACTION_CASE_WRITE);
	if (write)
		html(h, "<p class='acts'>");
	if (may(f, ACTION_VISIT_WRITE))
		html(h, "<a class='btn sm' href='{}#helpers'>记我的走访</a> ", address(call, f, "visit"));
	if (write)
		html(h, "<a class='btn sm' href='{}'>传走访照片和材料</a></p>\n",
		     files_address(call, f->c.org, ATTACHED_VISIT, f->c.id));
	if (!f->n_visits)
		return;
	html(h, "<details><summary>全部走访 {} 次</summary><ul class='list'>", f->n_visits);
	for (int i = f->n_visits; i-- > 0;)
		html(h, "<li><span class='r'>{}</span><b>{}</b> {}</li>\n", page_day(call, f->visits[i].day, true),
		     f->visits[i].name, f->visits[i].text);
	html(h, "</ul></details>\n");
}

/* What each is to do, and what came of it (CT-7b). */
static void write_goals(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	if (f->n_goals)
		html(h, "<ul class='list'>");
	for (int i = 0; i < f->n_goals; i++) {
		const struct helper_goal *g = &f->goals[i];
		int visits = 0;
		for (int k = 0; k < f->n_helpers; k++) {
			const struct case_helper *p = &f->helpers[k];
			if (p->seq != g->helper)
				continue;
			for (int v = 0; v < f->n_visits; v++)
				visits += (f->visits[v].helper == p->seq ||
					   (!f->visits[v].helper && strcmp(f->visits[v].name, p->name) == 0)) &&
					  f->visits[v].day >= g->from_day && f->visits[v].day <= g->to_day;
			html(h, "<li><b>{}</b> ", p->name);
			helpers_write_goal(call, h, g, visits);
			html(h, "</li>\n");
		}
	}
	if (f->n_goals)
		html(h, "</ul>\n");
	if (page_may_open(call, "/cases/helpers") && f->n_helpers)
		html(h, "<p><a href='/cases/helpers?node={}'>目标和考核</a></p>\n", f->c.org);
}

static void write_helpers(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	html(h, "<section class='gap' id='helpers' aria-labelledby='h-t'><div class='sec'><h2 id='h-t'>帮扶和走访</h2><span class='note'>");
	const char *units, *support = ledger_support_label(call, f->scheme, f->support_kind, &units);
	if (*support)
		html(h, "建议按“{}”帮扶{}{}{}{}", support, *units ? "，由" : "", units, *f->support_why ? "。" : "",
		     f->support_why);
	html(h, "</span>");
	if (may(f, ACTION_CASE_WRITE))
		html(h, "<a href='{}#helpers'>加帮扶力量</a>", address(call, f, "helper"));
	html(h, "</div>\n");
	if (f->n_helpers) {
		html(h, "<table class='data sort stack'><caption class='vh'>帮扶力量</caption><thead><tr><th scope='col'>谁</th><th scope='col'>单位和职务</th>"
			"<th scope='col' class='n'>今年走访</th><th scope='col' class='n'>最近一次</th>"
			"<th scope='col'>做了什么</th><th scope='col'>状态</th></tr></thead><tbody>\n");
		for (int i = 0; i < f->n_helpers; i++)
			write_helper_row(call, h, f, &f->helpers[i]);
		html(h, "</tbody></table>\n");
	} else {
		html(h, "<div class='empty'>还没有联系领导、帮扶单位和工作班子<p>三样都有才能报送整顿方案，由乡镇按“加帮扶力量”登记</p></div>\n");
	}
	write_goals(call, h, f);
	write_visits(call, h, f);
	if (ledger_doing(call, "helper"))
		ledger_write_form(call, h, f, "helper");
	if (ledger_doing(call, "visit"))
		ledger_write_form(call, h, f, "visit");
	html(h, "</section>\n");
}

static void write_secretary(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	static const char *const elections[] = {"", "换届推迟", "换届日期", "已换届"};
	html(h, "<section class='gap' id='secretary'><div class='sec'><h2>书记和换届</h2>");
	if (may(f, ACTION_CASE_WRITE))
		html(h, "<a href='{}#secretary'>记书记调整</a> <a href='{}#secretary'>换届</a>",
		     address(call, f, "secretary"), address(call, f, "election"));
	html(h, "</div>\n<dl class='kv'>");
	for (int i = 0; i < f->n_secretaries; i++) {
		const struct case_secretary *s = &f->secretaries[i];
		html(h, "<dt>{}</dt><dd>{} → {}", s->was == SECRETARY_VACANT ? "空缺" : "不胜任",
		     *s->old_name ? s->old_name : "空缺", *s->new_name ? s->new_name : "还没有配");
		if (s->new_day)
			html(h, "，{} 到任，来源：{}，培训 {} 天", page_day(call, s->new_day, true), s->source,
			     s->training_days);
		if (s->new_day && s->training_days < f->scheme->cases.training_days)
			html(h, " <span class='light bad'>不足 {} 天</span>", f->scheme->cases.training_days);
		if (may(f, ACTION_CASE_WRITE))
			html(h, " <a href='{}&seq={}#secretary'>改</a>", address(call, f, "secretary"), s->seq);
		html(h, "</dd>");
	}
	if (!f->n_secretaries && !f->c.election)
		html(h, "<dd class='note'>没有调整</dd>");
	if (f->c.election)
		html(h, "<dt>{}</dt><dd>{} {}</dd>", elections[f->c.election], page_day(call, f->c.election_day, true),
		     f->c.election_note);
	html(h, "</dl>\n");
	if (ledger_doing(call, "secretary"))
		ledger_write_form(call, h, f, "secretary");
	if (ledger_doing(call, "election"))
		ledger_write_form(call, h, f, "election");
	html(h, "</section>\n<section class='gap' id='money'><div class='sec'><h2>经费保障</h2>");
	if (may(f, ACTION_CASE_WRITE))
		html(h, "<a href='{}#money'>记一笔</a>", address(call, f, "money"));
	html(h, "</div>\n<dl class='kv'>");
	if (!f->n_money)
		html(h, "<dd class='note'>没有记</dd>");
	for (int i = 0; i < f->n_money; i++)
		html(h, "<dt>{} 年{}</dt><dd>{} 元 <span class='note'>{}</span></dd>", f->money[i].year,
		     f->money[i].label, page_text(call, "%lld.%02lld", (long long)(f->money[i].cents / 100),
						  (long long)(f->money[i].cents % 100)), f->money[i].note);
	html(h, "</dl>\n");
	if (ledger_doing(call, "money"))
		ledger_write_form(call, h, f, "money");
	html(h, "</section>\n");
}

/* ---- the end ---- */

static void write_one_sheet(struct web_call *call, struct html *h, const struct case_sheet *s)
{
	static const char *const words[] = {"还没有定", "通过", "不通过"};
	html(h, "<p><b>第 {} 轮第 {} 次验收</b> {} · {} 分（{} 分合格）· {}</p><p class='note'>验收人 {}{}，听取意见 {} 人，满意 {}、"
		"不满意 {}", s->round, s->attempt, page_day(call, s->day, true),
	     page_text(call, "%lld.%02lld", (long long)(s->score_e4 / 10000), (long long)(s->score_e4 / 100 % 100)),
	     s->pass_e4 / 10000, words[s->outcome], s->acceptors, s->on_spot ? "，到现场" : "，没有到现场", s->heard,
	     s->satisfied, s->dissatisfied);
	html(h, "（{}）{}{}{}</p><ul class='chips'>", s->how, *s->veto ? " 一票否决：" : "", s->veto, s->opinion);
	for (const char *p = s->items; *p;) {
		int len = (int)strcspn(p, "\t");
		char *end = NULL;
		long long most = strtoll(p + len, &end, 10), given = strtoll(end, &end, 10);
		html(h, "<li class='chip'>{} {}/{}</li>", ((struct str){p, (size_t)len}), given / 10000,
		     most / 10000);
		p = end + strcspn(end, "\n");
		p += *p == '\n';
	}
	html(h, "</ul>\n");
}

/* How the residents are heard while the case awaits acceptance. */
static void write_opinion(struct html *h, const struct ledger_file *f)
{
	const struct ballot_opinion *o = &f->opinion;
	if (f->c.state != CASE_REPORTED || !f->scheme->acceptance.dissatisfied_e6)
		return;
	html(h, "<p>群众意见：");
	if (!o->box && may(f, ACTION_BALLOT_WRITE))
		html(h, "<a class='btn sm' href='/ballots/new?node={}&case={}'>设不记名票箱</a> <span class='note'>或者当场清点，把人数填进评分表</span>",
		     f->c.org, f->c.id);
	else if (!o->box)
		html(h, "<span class='note'>可以由乡镇设不记名票箱，也可以当场清点</span>");
	else if (o->heard >= 0)
		html(h, "<span class='light ok'>{} 人投票，满意 {}，不满意 {}</span> <span class='note'>{}，自动填进评分表</span>",
		     o->heard, o->satisfied, o->dissatisfied, o->how);
	else if (o->silent)
		html(h, "<span class='light warn'>票太少，不公布票数，请换一种办法听取意见</span>");
	else
		html(h, "<span class='light'>票箱已设，还没有计票</span>");
	if (o->box && may(f, ACTION_BALLOT_WRITE))
		html(h, " <a href='/ballots/{}'>看票箱</a>", o->box);
	html(h, "</p>\n");
}

static void write_end(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	html(h, "<section class='gap' id='sheet'><div class='sec'><h2>验收</h2><span class='note'>{}</span>",
	     f->scheme->acceptance.at_end ? "整顿结束后统一验收" : "完成一个、验收一个、销号一个");
	if (may(f, ACTION_CASE_WRITE) && f->c.state == CASE_REPORTED)
		html(h, "<a href='{}#sheet'>填验收评分表</a>", address(call, f, "sheet"));
	html(h, "</div>\n");
	write_opinion(h, f);
	if (!f->n_sheets && !ledger_doing(call, "sheet"))
		html(h, "<p class='note'>自查上报以后填</p>");
	for (int i = 0; i < f->n_sheets; i++)
		write_one_sheet(call, h, &f->sheets[i]);
	if (ledger_doing(call, "sheet"))
		ledger_write_form(call, h, f, "sheet");
	if (f->c.number)
		html(h, "<p><span class='tag'>销号〔{}〕{} 号</span> {}</p>\n", f->c.number_year, f->c.number,
		     page_day(call, f->c.written_off_day, true));
	html(h, "</section>\n<section class='gap' id='lookbacks'><div class='sec'><h2>回访</h2></div><dl class='kv'>");
	if (!f->n_lookbacks)
		html(h, "<dd class='note'>销号以后按期回访</dd>");
	for (int i = 0; i < f->n_lookbacks; i++) {
		const struct case_lookback *l = &f->lookbacks[i];
		html(h, "<dt>第 {} 次</dt><dd>{} ", l->seq, page_day(call, l->due_day, false));
		if (l->done_day)
			html(h, "<span class='light {}'>{} {}</span> {}（{}）", l->good ? "ok" : "bad",
			     page_day(call, l->done_day, true), l->good ? "合格" : "不合格", l->text, l->who);
		else {
			ledger_write_light(h, l->due_day, false, page_today(call));
			if (may(f, ACTION_CASE_ACCEPT) && f->c.state == CASE_WRITTEN_OFF)
				html(h, " <a href='{}&seq={}#lookbacks'>记回访</a>", address(call, f, "lookback"), l->seq);
		}
		html(h, "</dd>");
	}
	html(h, "</dl>\n");
	if (ledger_doing(call, "lookback"))
		ledger_write_form(call, h, f, "lookback");
	html(h, "</section>\n");
}

static void write_events(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	html(h, "<section class='gap' id='events'><div class='sec'><h2>经过</h2><span class='note'>从早到晚，一条不删</span>");
	if (may(f, ACTION_CASE_ACCEPT))
		html(h, "<a href='{}#events'>提醒督办</a>", address(call, f, "remind"));
	html(h, "</div>\n");
	if (ledger_doing(call, "remind"))
		ledger_write_form(call, h, f, "remind");
	html(h, "<ul class='tl'>");
	for (int i = 0; i < f->n_events; i++) {
		const struct case_event *e = &f->events[i];
		bool back = e->act == CASE_RETURN_PLAN || e->act == CASE_REJECT || e->act == CASE_RELAPSE ||
			    e->act == CASE_DROP;
		html(h, "<li class='{}'><time>{}</time><b>{}</b> {}<p>{}</p></li>\n",
		     back ? "back" : e->act < CASE_ACT_COUNT ? "step" : "more",
		     page_day(call, e->day, false), case_event_label(e->act), e->who, e->text);
	}
	html(h, "</ul></section>\n");
}

static void write_alarms(struct html *h, uint32_t alarms)
{
	for (uint32_t bit = 1; bit && bit <= alarms; bit <<= 1)
		if (alarms & bit)
			html(h, " <span class='tag red'>{}</span>", ledger_alarm_label((enum case_alarm)bit));
}

void page_ledger_case(struct web_call *call, struct html *h)
{
	const struct ledger_file *f = call->model;
	struct page page = {.title = page_text(call, "%s 整顿台账", f->c.org_name), .menu = "/cases"};

	page_org_crumbs(call, f->crumbs, f->n_crumbs, "整顿", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>整顿台账</span></h1><p class='note'>{}", f->c.org_name,
	     f->campaign.scheme_title);
	html(h, " · 书记 {} · 党员 {} 名", *f->c.secretary ? f->c.secretary : "空缺", f->c.members < 0 ? 0 : f->c.members);
	if (f->c.priority)
		html(h, " <span class='tag red'>重点整顿</span>");
	write_alarms(h, f->alarms);
	html(h, "</p></div><div class='acts'>");
	if (may(f, ACTION_CASE_WRITE) && case_is_open(f->c.state))
		html(h, "<a class='btn' href='{}#plan'>改方案</a>", address(call, f, "plan"));
	if (may(f, ACTION_CHECK_WRITE))
		html(h, "<a class='btn' href='/checks?id={}' hx-boost='false'>现场记录</a>", f->c.org);
	html(h, "</div></div>\n");
	write_life(call, h, f);
	html(h, "<div class='cols'>");
	write_reasons(call, h, f);
	write_gate(call, h, f);
	html(h, "</div>\n<section id='plan'>");
	if (*f->c.shows)
		html(h, "<p><b>具体表现：</b>{}</p>", f->c.shows);
	if (ledger_doing(call, "plan"))
		ledger_write_form(call, h, f, "plan");
	html(h, "</section>\n");
	write_problems(call, h, f);
	write_evidence(call, h, f);
	write_helpers(call, h, f);
	html(h, "<div class='cols half'><div>");
	write_secretary(call, h, f);
	html(h, "</div><div>");
	write_end(call, h, f);
	html(h, "</div></div>\n");
	write_events(call, h, f);
	page_end(call, h);
}
