/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/gate.h"

#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/str.h"
#include "domain/day.h"

const char *hold_label(enum hold_state state)
{
	static const char *const labels[HOLD_STATES] = {
		[HOLD_NONE] = "", [HOLD_PUBLISHED] = "公示", [HOLD_SUBMITTED] = "已报送",
		[HOLD_ACCEPTED] = "已通过审查", [HOLD_RETURNED] = "退回", [HOLD_REOPENED] = "重新评定",
	};
	return state >= 0 && state < HOLD_STATES ? labels[state] : "";
}

/* ---- the table ---- */

#define NOT_LOCKED GATE_NOT_SHOWN, GATE_NOT_HANDED_IN, GATE_NOT_ACCEPTED
#define END GATE_CONDITIONS

static const struct {
	const char *doing;
	enum scheme_step_kind step;
	enum gate_condition conditions[GATE_ROWS_MAX + 1];
} table[GATE_ACTIONS] = {
	[GATE_DAYS] = {"改日期", STEP_OTHER, {GATE_IS_RUNNING, END}},
	[GATE_CLOSE] = {"结束", STEP_OTHER, {GATE_IS_RUNNING, GATE_IS_THROUGH, END}},
	[GATE_RERUN] = {"重新打开", STEP_OTHER, {GATE_IS_CLOSED, END}},
	[GATE_ARCHIVE] = {"归档", STEP_OTHER, {GATE_IS_CLOSED, END}},
	[GATE_GRADE] = {"重新计算", STEP_GRADING, {GATE_IS_RUNNING, END}},
	[GATE_MARK] = {"登记这一步", STEP_OTHER, {GATE_IS_RUNNING, END}},
	[GATE_SURVEY] = {"填调查表", STEP_SURVEY, {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, END}},
	[GATE_SELF] = {"填自评", STEP_SELF,
		       {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, GATE_SELF_OPEN, END}},
	[GATE_SELF_CONFIRM] = {"确认自评", STEP_SELF,
			       {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, GATE_SELF_HANDED_IN,
				GATE_SELF_UNCONFIRMED, END}},
	[GATE_SELF_RETURN] = {"退回自评", STEP_SELF,
			      {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, GATE_SELF_HANDED_IN, END}},
	[GATE_BALLOT] = {"录入票数", STEP_BALLOT,
			 {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, GATE_NOT_BOXED, END}},
	[GATE_BOX] = {"用票箱测评", STEP_BALLOT, {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, END}},
	[GATE_SCORE] = {"打分", STEP_GRADING, {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, END}},
	[GATE_OPINION] = {"记行业主管意见", STEP_GRADING,
			  {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, END}},
	[GATE_ADJUST] = {"调整等次", STEP_GRADING,
			 {GATE_IS_RUNNING, GATE_TAKES_PART, NOT_LOCKED, GATE_IS_SCORED, END}},
	[GATE_REGRADE] = {"重新评定", STEP_PUBLICITY,
			  {GATE_IS_RUNNING, GATE_NOT_HANDED_IN, GATE_NOT_ACCEPTED, END}},
	[GATE_REVIEW] = {"审查", STEP_REVIEW, {GATE_IS_RUNNING, GATE_IS_WAITING, END}},
	[GATE_UNLOCK] = {"解锁", STEP_REVIEW, {GATE_IS_RUNNING, GATE_IS_LOCKED, END}},
	[GATE_STARS] = {"审定星级", STEP_REVIEW,
			{GATE_IS_RUNNING, GATE_HAS_STARS, GATE_IS_ACCEPTED, END}},
	[GATE_IMPROVEMENT] = {"写整改目标", STEP_IMPROVEMENT, {GATE_IS_RUNNING, GATE_GRADE_SHOWN, END}},
	[GATE_APPRAISAL] = {"记述职评议", STEP_OTHER, {GATE_IS_RUNNING, END}},
	[GATE_MEETING] = {"开会定等次", STEP_GRADING,
			  {GATE_IS_RUNNING, GATE_HAS_TO_DECIDE, GATE_ALL_SCORED, GATE_ALL_HEARD,
			   GATE_QUOTAS_HOLD, END}},
	[GATE_PUBLISH] = {"公示", STEP_PUBLICITY,
			  {GATE_IS_RUNNING, GATE_HAS_OWN, GATE_ALL_DECIDED, GATE_HAS_TO_SHOW, END}},
	[GATE_NOTICE] = {"改公示", STEP_PUBLICITY, {GATE_IS_RUNNING, END}},
	[GATE_SUBMIT] = {"报送", STEP_REVIEW,
			 {GATE_IS_RUNNING, GATE_HAS_TO_HAND_IN, GATE_ALL_DECIDED, GATE_ALL_SHOWN,
			  GATE_NOTICE_OVER, GATE_ALL_ANSWERED, GATE_BELOW_ACCEPTED, END}},
};

/* What is said where a condition holds and where it does not. {campaign}, {org},
 * {hold}, {state} and the rest are filled in from the facts; {n} is the
 * condition's own count. */
static const struct {
	const char *yes, *no;
} sentences[GATE_CONDITIONS] = {
	[GATE_IS_RUNNING] = {"年度工作正在开展", "“{campaign}”已经结束"},
	[GATE_IS_CLOSED] = {"年度工作已经结束", "“{campaign}”{state}"},
	[GATE_IS_THROUGH] = {"都已经办完", "还有 {n} 个党组织没有完成“{step}”；确实要结束的请写明理由"},
	[GATE_TAKES_PART] = {"“{org}”参加评定", "“{org}”不参加评定"},
	[GATE_NOT_SHOWN] = {"结果没有公示",
			    "“{org}”的结果已经公示，要改请先撤下公示或者答复异议重新评定"},
	[GATE_NOT_HANDED_IN] = {"结果没有报送", "“{org}”的结果已经报送上级，正在审查"},
	[GATE_NOT_ACCEPTED] = {"结果没有锁定", "“{org}”的结果已经审定并锁定，要改请先由上级退回"},
	[GATE_SELF_OPEN] = {"自评没有上报", "“{org}”的自评已经上报，退回以后才能改"},
	[GATE_SELF_HANDED_IN] = {"自评已经上报", "“{org}”的自评还没有上报"},
	[GATE_SELF_UNCONFIRMED] = {"自评还没有确认", "“{org}”的自评已经确认过了"},
	[GATE_NOT_BOXED] = {"没有用票箱计票", "“{org}”已由不记名测评箱计票，不用再录入"},
	[GATE_IS_SCORED] = {"得分齐全", "“{org}”的得分还不齐"},
	[GATE_IS_LOCKED] = {"结果已经锁定", "“{org}”的结果没有锁定，不用解锁"},
	[GATE_IS_WAITING] = {"等待审查", "“{org}”没有等待审查的结果（{hold}）"},
	[GATE_IS_ACCEPTED] = {"结果已通过审查", "“{org}”的结果还没有审查通过"},
	[GATE_HAS_STARS] = {"评上了星级", "“{org}”没有评上星级"},
	[GATE_GRADE_SHOWN] = {"等次已经公示", "“{org}”的等次还没有公示"},
	[GATE_HAS_TO_DECIDE] = {"有 {n} 个要研究", "没有要研究的，等次都已经定了"},
	[GATE_ALL_SCORED] = {"{own} 个得分齐全，测评参加人数都够", "还有 {n} 个的得分不齐或测评人数不够"},
	[GATE_ALL_HEARD] = {"行业主管意见 {asked} 个都已征求", "还有 {n} 个没有征求行业主管意见"},
	[GATE_QUOTAS_HOLD] = {"名额都满足", "“{grade}”不少于 {required} 个，按现在的调整只有 {have} 个"},
	[GATE_HAS_OWN] = {"{n} 个党组织参加定级", "没有由这里定级的党组织"},
	[GATE_ALL_DECIDED] = {"等次都已经会议定了", "还有 {n} 个的等次没有经会议定"},
	[GATE_HAS_TO_SHOW] = {"{n} 个的结果可以公示", "没有可以公示的结果"},
	[GATE_HAS_TO_HAND_IN] = {"有 {n} 个结果要报送", "没有要报送的结果"},
	[GATE_ALL_SHOWN] = {"结果都已公示", "还有 {n} 个的结果没有公示"},
	[GATE_NOTICE_OVER] = {"公示期已满", "公示到 {day} 才满"},
	[GATE_ALL_ANSWERED] = {"异议都已答复", "还有 {n} 件异议没有答复"},
	[GATE_BELOW_ACCEPTED] = {"下级报来的都已审查通过", "下级还有 {n} 个没有审查通过"},
};

const char *gate_doing(enum gate_action action) { return table[action].doing; }
enum scheme_step_kind gate_step(enum gate_action action) { return table[action].step; }

/* ---- conditions ---- */

static bool is_back(enum hold_state hold) { return hold == HOLD_SUBMITTED || hold == HOLD_ACCEPTED; }

static bool applies(enum gate_condition condition, const struct gate_facts *f)
{
	switch (condition) {
	case GATE_ALL_SHOWN:
	case GATE_NOTICE_OVER:
	case GATE_ALL_ANSWERED:
		return f->publicity;
	case GATE_ALL_HEARD:
		return f->asked.n > 0;
	case GATE_QUOTAS_HOLD:
		return f->quotas;
	case GATE_BELOW_ACCEPTED:
		return f->below.n > 0;
	default:
		return true;
	}
}

/* The number a condition speaks of, and whether it must be none. */
static const struct gate_count *count_of(enum gate_condition condition, const struct gate_facts *f,
					 bool *ret_none)
{
	*ret_none = true;
	switch (condition) {
	case GATE_IS_THROUGH: return &f->open;
	case GATE_ALL_SCORED: return &f->unscored;
	case GATE_ALL_HEARD: return &f->unheard;
	case GATE_ALL_DECIDED: return &f->undecided;
	case GATE_ALL_SHOWN: return &f->unshown;
	case GATE_ALL_ANSWERED: return &f->unanswered;
	case GATE_BELOW_ACCEPTED: return &f->below_open;
	default: break;
	}
	*ret_none = false;
	switch (condition) {
	case GATE_HAS_TO_DECIDE: return &f->to_decide;
	case GATE_HAS_OWN: return &f->own;
	case GATE_HAS_TO_SHOW: return &f->to_show;
	case GATE_HAS_TO_HAND_IN: return &f->to_hand_in;
	default: return NULL;
	}
}

static bool holds(enum gate_condition condition, const struct gate_facts *f)
{
	switch (condition) {
	case GATE_IS_RUNNING: return f->state == GATE_CAMPAIGN_OPEN;
	case GATE_IS_CLOSED: return f->state == GATE_CAMPAIGN_CLOSED;
	case GATE_TAKES_PART: return !f->outside;
	case GATE_NOT_SHOWN: return f->hold != HOLD_PUBLISHED;
	case GATE_NOT_HANDED_IN: return f->hold != HOLD_SUBMITTED;
	case GATE_NOT_ACCEPTED: return f->hold != HOLD_ACCEPTED;
	case GATE_SELF_OPEN: return !f->handed_in;
	case GATE_SELF_HANDED_IN: return f->handed_in;
	case GATE_SELF_UNCONFIRMED: return !f->confirmed;
	case GATE_NOT_BOXED: return !f->boxed;
	case GATE_IS_SCORED: return f->scored;
	case GATE_IS_LOCKED: return hold_locks(f->hold);
	case GATE_IS_WAITING: return f->waiting && f->hold == HOLD_SUBMITTED;
	case GATE_IS_ACCEPTED: return f->hold == HOLD_ACCEPTED;
	case GATE_HAS_STARS: return f->starred;
	case GATE_GRADE_SHOWN: return f->decided && (f->hold == HOLD_PUBLISHED || is_back(f->hold));
	case GATE_QUOTAS_HOLD: return !f->quota_grade;
	case GATE_NOTICE_OVER: return !f->shown_up_to;
	default: return true;
	}
}

/* ---- words ---- */

static void word(struct buf *out, struct str name, const struct gate_facts *f,
		 const struct gate_count *count)
{
	static const char *const states[] = {"还没有结束", "已经结束", "已经归档"};
	char day[16];
	day_format(f->shown_up_to, day);
	const struct {
		const char *name, *text;
	} texts[] = {
		{"campaign", f->campaign},
		{"org", f->org},
		{"step", f->step},
		{"state", states[f->state]},
		{"hold", f->hold ? hold_label(f->hold) : "没有报送"},
		{"grade", f->quota_grade},
		{"day", day},
	};
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{"n", count ? count->n : 0}, {"own", f->own.n}, {"asked", f->asked.n},
		{"required", f->quota_required}, {"have", f->quota_have},
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (str_eqs(name, texts[i].name))
			buf_adds(out, texts[i].text ? texts[i].text : "");
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (str_eqs(name, numbers[i].name))
			buf_addu(out, (uint64_t)numbers[i].value);
}

static void say(const char *sentence, const struct gate_facts *f, const struct gate_count *count,
		char ret_text[GATE_TEXT_MAX])
{
	AUTO(buf) struct buf out = {0};
	for (const char *p = sentence; *p; p++) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;
		if (end) {
			word(&out, (struct str){p + 1, (size_t)(end - p - 1)}, f, count);
			p = end;
		} else {
			buf_addc(&out, *p);
		}
	}
	/* Names have limits far below; without memory nothing is said, but it holds. */
	size_t len = out.failed || out.len >= GATE_TEXT_MAX ? 0 : out.len;
	memcpy(ret_text, len ? out.data : "", len);
	ret_text[len] = '\0';
}

static void read_line(enum gate_condition condition, const struct gate_facts *f,
		      struct gate_row *ret_line)
{
	bool none;
	const struct gate_count *count = count_of(condition, f, &none);
	ret_line->condition = condition;
	ret_line->open = count ? none == !count->n : holds(condition, f);
	ret_line->org = count && none ? count->first : 0;
	say(ret_line->open ? sentences[condition].yes : sentences[condition].no, f, count,
	    ret_line->text);
}

void gate_read(enum gate_action action, const struct gate_facts *facts, struct gate_view *ret_gate)
{
	ret_gate->n = 0;
	ret_gate->open = true;
	for (int i = 0; table[action].conditions[i] != END; i++) {
		if (!applies(table[action].conditions[i], facts))
			continue;
		struct gate_row *line = &ret_gate->rows[ret_gate->n++];
		read_line(table[action].conditions[i], facts, line);
		ret_gate->open &= line->open;
	}
}

int gate_check(enum gate_action action, const struct gate_facts *facts, struct err_info *info)
{
	for (int i = 0; table[action].conditions[i] != END; i++) {
		struct gate_row line;
		if (!applies(table[action].conditions[i], facts))
			continue;
		read_line(table[action].conditions[i], facts, &line);
		if (!line.open)
			return err_set(info, ERR_STATE, "还不能%s，因为%s", table[action].doing, line.text);
	}
	return 0;
}
