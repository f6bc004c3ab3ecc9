/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/ledger.h"

#include <assert.h>

#include "base/auto.h"
#include "domain/day_math.h"

#define IN(state) (UINT32_C(1) << CASE_##state)

static const struct case_transition transitions[CASE_ACT_COUNT] = {
	[CASE_ASSESS] = {CASE_ASSESS, IN(CANDIDATE), CASE_ASSESSED, CASE_BY_LEDGER, false,
			 "提交初评", "初评"},
	[CASE_REVIEW] = {CASE_REVIEW, IN(ASSESSED), CASE_REVIEWED, CASE_BY_LEDGER, false, "复核同意",
			 "复核"},
	[CASE_APPROVE] = {CASE_APPROVE, IN(REVIEWED), CASE_APPROVED, CASE_BY_LEDGER, false,
			  "会议审定，列入台账", "审定"},
	[CASE_DROP] = {CASE_DROP, IN(CANDIDATE) | IN(ASSESSED) | IN(REVIEWED), CASE_DROPPED,
		       CASE_BY_LEDGER, true, "不列入", "不列入"},
	[CASE_TAKE_UP] = {CASE_TAKE_UP, IN(DROPPED), CASE_CANDIDATE, CASE_BY_LEDGER, true,
			  "重新列为候选", "重新列为候选"},
	[CASE_PLAN] = {CASE_PLAN, IN(APPROVED) | IN(RELAPSED), CASE_PLANNED, CASE_BY_LEDGER, false,
		       "报送整顿方案", "建账"},
	[CASE_RETURN_PLAN] = {CASE_RETURN_PLAN, IN(PLANNED), CASE_APPROVED, CASE_BY_ABOVE, true,
			      "方案太空，退回", "退回方案"},
	[CASE_START] = {CASE_START, IN(PLANNED), CASE_RECTIFYING, CASE_BY_ABOVE, false,
			"同意方案，开始整改", "同意方案"},
	[CASE_REPORT] = {CASE_REPORT, IN(RECTIFYING), CASE_REPORTED, CASE_BY_BRANCH, false,
			 "自查上报", "自查上报"},
	[CASE_REJECT] = {CASE_REJECT, IN(REPORTED) | IN(ACCEPTED), CASE_PLANNED, CASE_BY_ACCEPTOR, true,
			 "验收不通过，限期整改", "验收不通过"},
	[CASE_ACCEPT] = {CASE_ACCEPT, IN(REPORTED), CASE_ACCEPTED, CASE_BY_ACCEPTOR, false, "验收通过",
			 "验收"},
	[CASE_WRITE_OFF] = {CASE_WRITE_OFF, IN(ACCEPTED), CASE_WRITTEN_OFF, CASE_BY_ABOVE, false,
			    "销号", "销号"},
	[CASE_SETTLE] = {CASE_SETTLE, IN(WRITTEN_OFF), CASE_SETTLED, CASE_BY_ABOVE, false,
			 "回访结束，转为稳定", "转为稳定"},
	[CASE_RELAPSE] = {CASE_RELAPSE, IN(WRITTEN_OFF) | IN(SETTLED), CASE_RELAPSED, CASE_BY_LEDGER,
			  true, "反弹，按原案重开", "反弹"},
};

const struct case_transition *case_transition(enum case_act act)
{
	assert(act >= 0 && act < CASE_ACT_COUNT && transitions[act].act == act);
	return &transitions[act];
}

/* ---- words ---- */

static const char *const states[CASE_STATE_COUNT][2] = {
	[CASE_CANDIDATE] = {"candidate", "候选"},
	[CASE_ASSESSED] = {"assessed", "初评"},
	[CASE_REVIEWED] = {"reviewed", "复核"},
	[CASE_APPROVED] = {"approved", "审定"},
	[CASE_PLANNED] = {"planned", "建账"},
	[CASE_RECTIFYING] = {"rectifying", "整改"},
	[CASE_REPORTED] = {"self-reported", "自查上报"},
	[CASE_ACCEPTED] = {"accepted", "验收"},
	[CASE_WRITTEN_OFF] = {"written-off", "销号"},
	[CASE_SETTLED] = {"settled", "稳定"},
	[CASE_DROPPED] = {"dropped", "不列入"},
	[CASE_RELAPSED] = {"relapsed", "反弹"},
};

static const char *const act_ids[CASE_ACT_COUNT] = {
	[CASE_ASSESS] = "assess", [CASE_REVIEW] = "review", [CASE_APPROVE] = "approve",
	[CASE_DROP] = "drop", [CASE_TAKE_UP] = "take-up", [CASE_PLAN] = "plan",
	[CASE_RETURN_PLAN] = "return-plan", [CASE_START] = "start", [CASE_REPORT] = "report",
	[CASE_REJECT] = "reject", [CASE_ACCEPT] = "accept", [CASE_WRITE_OFF] = "write-off",
	[CASE_SETTLE] = "settle", [CASE_RELAPSE] = "relapse",
};

const char *case_state_id(enum case_state state) { return states[state][0]; }
const char *case_state_label(enum case_state state) { return states[state][1]; }
const char *case_act_id(enum case_act act) { return act_ids[act]; }

int case_state_find(struct str text, enum case_state *ret_state)
{
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		if (str_eqs(text, states[i][0]) || str_eqs(text, states[i][1])) {
			*ret_state = (enum case_state)i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

int case_act_find(struct str text, enum case_act *ret_act)
{
	for (int i = 0; i < CASE_ACT_COUNT; i++)
		if (str_eqs(text, act_ids[i])) {
			*ret_act = (enum case_act)i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

const char *case_event_label(int act)
{
	static const char *const labels[] = {
		"列为候选", "补充依据", "改问题清单", "记进展", "申请延期", "核实问题", "查看佐证", "帮扶力量",
		"走访", "书记调整", "换届", "经费", "填验收评分表", "回访", "抽查", "公开方案", "改基本情况",
		"提醒督办",
	};
	if (act >= 0 && act < CASE_ACT_COUNT)
		return transitions[act].doing;
	int i = act - CASE_EVENT_LISTED;
	return i >= 0 && i < (int)ARRAY_LEN(labels) ? labels[i] : "";
}

bool case_is_open(enum case_state state)
{
	return (state >= CASE_APPROVED && state <= CASE_ACCEPTED) || state == CASE_RELAPSED;
}

/* ---- what a step needs ---- */

struct writer {
	struct gate *gate;
	struct arena *arena;
	bool failed;
};

__attribute__((format(printf, 4, 5)))
static void need(struct writer *w, bool ok, const char *where, const char *format, ...)
{
	struct gate *g = w->gate;
	struct err_info info = {0};
	va_list args;
	va_start(args, format);
	err_vset(&info, 0, format, args);
	va_end(args);
	assert(g->n < GATE_LINES_MAX);
	const char *copy = arena_strdup(w->arena, info.text);
	w->failed = w->failed || !copy;
	g->lines[g->n++] = (struct gate_line){ok, copy ? copy : "", where};
	g->n_missing += !ok;
}

static void needs_assess(struct writer *w, const struct case_facts *f)
{
	need(w, f->n_reasons > 0, "reasons", f->n_reasons ? "列入依据 %d 条" : "还没有写列入的依据",
	     f->n_reasons);
	need(w, f->seen, "reasons", f->seen ? "看到的情况已写明" : "还没有写看到了什么情况");
}

static void needs_review(struct writer *w, const struct case_facts *f)
{
	bool other = !f->caller || f->caller != f->assessed_by;
	need(w, other, "reasons", other ? "复核和初评不是同一个人" : "复核要换一个人：初评是您做的");
}

static void needs_approve(struct writer *w, const struct case_facts *f)
{
	need(w, f->meeting_day != 0, "meeting", f->meeting_day ? "会议日期已写" : "还没有会议日期");
	need(w, f->meeting_no, "meeting", f->meeting_no ? "会议文号已写" : "还没有会议文号或届次");
	need(w, f->decision, "meeting", f->decision ? "会议决定已写" : "还没有写会议怎么决定的");
}

static void needs_plan(struct writer *w, const struct case_facts *f)
{
	need(w, f->shows, "plan", f->shows ? "具体表现已写" : "还没有写软弱涣散的具体表现");
	need(w, f->n_problems > 0, "problems", f->n_problems ? "问题 %d 个" : "问题清单是空的",
	     f->n_problems);
	if (f->incomplete)
		need(w, false, "problems", "问题 %d 还缺%s", f->incomplete, f->incomplete_what);
	else if (f->n_problems)
		need(w, true, "problems", "每个问题都有成因、措施、目标、期限和责任人");
	need(w, f->has_leader, "helpers", f->has_leader ? "联系领导已确定" : "还没有确定联系领导");
	need(w, f->has_support, "helpers", f->has_support ? "帮扶单位已确定" : "还没有确定帮扶单位");
	need(w, f->has_team, "helpers", f->has_team ? "工作班子已确定" : "还没有派工作班子");
}

static void needs_start(struct writer *w, const struct case_facts *f)
{
	needs_plan(w, f);
	if (f->n_past_deadline)
		need(w, false, "problems", "%d 个没办结的问题，期限早于今天，要定新的期限",
		     f->n_past_deadline);
}

static void needs_report(struct writer *w, const struct case_facts *f)
{
	if (f->n_no_evidence)
		need(w, false, "evidence", "%d 个已办结的问题没有写明日期的佐证", f->n_no_evidence);
	if (f->n_no_deadline)
		need(w, false, "problems", "%d 个没办结的问题没有期限", f->n_no_deadline);
	if (f->n_past_deadline)
		need(w, false, "problems", "%d 个问题逾期没有办结，也没有延期", f->n_past_deadline);
	if (!f->n_no_evidence && !f->n_no_deadline && !f->n_past_deadline)
		need(w, true, "problems", "每个问题都有结果和佐证，或者还在期限内");
	need(w, f->report_file, "report", f->report_file ? "自查报告已交" : "自查报告没有交（Word 或 PDF）");
	need(w, f->report_scan, "report",
	     f->report_scan ? "盖章扫描件已交" : "自查报告的签字盖章扫描件没有交（照片或 PDF）");
}

static void needs_sheet(struct writer *w, const struct case_facts *f)
{
	if (!f->sheet) {
		need(w, false, "sheet", "还没有填验收评分表");
		return;
	}
	need(w, f->score_e4 >= f->pass_e4, "sheet", "验收得分 %lld.%02lld，合格分 %lld",
	     (long long)(f->score_e4 / 10000), (long long)(f->score_e4 / 100 % 100),
	     (long long)(f->pass_e4 / 10000));
	need(w, f->on_spot, "sheet", f->on_spot ? "到了现场" : "验收没有到现场");
	need(w, f->n_acceptors >= 2, "sheet", f->n_acceptors >= 2 ? "验收人 %d 名" : "验收要两个人，现在 %d 名",
	     f->n_acceptors);
	need(w, f->heard > 0, "sheet", f->heard ? "听取党员群众意见 %lld 人" : "还没有听取党员群众意见",
	     (long long)f->heard);
	/* dissatisfied ÷ heard > limit, without a fraction. */
	bool liked = f->dissatisfied * 1000000 <= f->heard * (int64_t)f->dissatisfied_e6;
	if (f->heard)
		need(w, liked, "sheet", "不满意 %lld 人，超过 %u%% 不通过", (long long)f->dissatisfied,
		     f->dissatisfied_e6 / 10000);
	need(w, !f->veto, "sheet", f->veto ? "有一票否决的情形" : "没有一票否决的情形");
}

static void needs_accept(struct writer *w, const struct case_facts *f)
{
	needs_sheet(w, f);
	need(w, !f->n_unverified, "problems",
	     f->n_unverified ? "%d 个问题没有核实，也没有说明理由" : "每个问题都已核实或说明理由",
	     f->n_unverified);
	if (f->at_end && f->end_day && f->today < f->end_day)
		need(w, false, "sheet", "整顿工作还没有结束，%d-%02d-%02d 起统一验收", f->end_day / 10000,
		     f->end_day / 100 % 100, f->end_day % 100);
}

static void needs_settle(struct writer *w, const struct case_facts *f)
{
	need(w, f->n_good == f->n_lookbacks && f->n_lookbacks > 0, "lookbacks", "回访 %d 次，合格 %d 次",
	     f->n_lookbacks, f->n_good);
	if (f->n_bad)
		need(w, false, "lookbacks", "有 %d 次回访不合格", f->n_bad);
}

static void needs_relapse(struct writer *w, const struct case_facts *f)
{
	bool any = f->n_new_reasons > 0 || f->n_bad > 0;
	need(w, any, "reasons",
	     any ? "有销号以后的新依据" : "没有晚于销号日期的依据：先写明看到的情况和日期，或记一次不合格的回访");
}

int case_gate(enum case_act act, const struct case_facts *f, struct arena *arena,
	      struct gate *ret_gate)
{
	static void (*const needs[CASE_ACT_COUNT])(struct writer *, const struct case_facts *) = {
		[CASE_ASSESS] = needs_assess, [CASE_REVIEW] = needs_review,
		[CASE_APPROVE] = needs_approve, [CASE_PLAN] = needs_plan, [CASE_START] = needs_start,
		[CASE_REPORT] = needs_report, [CASE_ACCEPT] = needs_accept, [CASE_SETTLE] = needs_settle,
		[CASE_RELAPSE] = needs_relapse,
	};
	struct gate gate = {0};
	struct writer w = {&gate, arena, false};
	if (!(case_transition(act)->from >> f->state & 1))
		return ERR_STATE;
	if (needs[act])
		needs[act](&w, f);
	if (w.failed)
		return ERR_NOMEM;
	*ret_gate = gate;
	return 0;
}

/* ---- lights, look-backs, alarms ---- */

enum light ledger_light(int32_t deadline, bool done, int32_t today)
{
	if (done || !deadline)
		return LIGHT_NONE;
	if (deadline < today)
		return LIGHT_RED;
	return day_between(today, deadline) <= LEDGER_SOON_DAYS ? LIGHT_AMBER : LIGHT_GREEN;
}

int ledger_case_deadline(const struct scheme_case *rules, int32_t listed_day, int32_t asked,
			 int32_t *ret_day, struct err_info *info)
{
	int32_t last = day_plus_months(listed_day, rules->at_most_months);
	int32_t first = day_plus_months(listed_day, rules->at_least_months);
	if (rules->at_most_months && !asked)
		asked = last;
	if (rules->at_most_months && (asked < first || asked > last))
		return err_set(info, ERR_INPUT, "按方案整顿 %d 到 %d 个月，全案期限应在 %d-%02d-%02d 到 %d-%02d-%02d 之间",
			       rules->at_least_months, rules->at_most_months, first / 10000, first / 100 % 100,
			       first % 100, last / 10000, last / 100 % 100, last % 100);
	*ret_day = asked;
	return 0;
}

int ledger_lookbacks(const struct scheme_case *rules, int32_t written_off_day,
		     int32_t ret_days[LOOKBACKS_MAX])
{
	for (int i = 0; i < rules->n_lookbacks; i++)
		ret_days[i] = day_plus_months(written_off_day, rules->lookback_months[i]);
	return rules->n_lookbacks;
}

uint32_t ledger_alarms(const struct scheme_case *rules, const struct alarm_facts *f)
{
	enum { UNHELPED_DAYS = 90 };
	uint32_t alarms = 0;
	bool open = case_is_open(f->state);
	int32_t last = f->last_visit_day ? f->last_visit_day : f->started_day;
	/* A candidate that nobody decides on does not change either. */
	bool waits = f->state != CASE_DROPPED && f->state != CASE_WRITTEN_OFF && f->state != CASE_SETTLED;
	if (waits && f->opened_day && day_plus_months(f->opened_day, 12 * rules->stuck_years) <= f->today)
		alarms |= ALARM_STUCK;
	if (rules->stuck_years > 0 && f->lowest_years >= rules->stuck_years && f->state != CASE_SETTLED)
		alarms |= ALARM_STUCK;
	if (f->accepted_day && f->started_day &&
	    day_between(f->started_day, f->accepted_day) < rules->quick_days)
		alarms |= ALARM_QUICK;
	if (f->support_ended_day && (!f->written_off_day || f->support_ended_day < f->written_off_day))
		alarms |= ALARM_WITHDRAWN;
	if (f->new_secretary_day && f->training_days < rules->training_days)
		alarms |= ALARM_UNTRAINED;
	if (open && f->deadline && f->deadline < f->today)
		alarms |= ALARM_LATE;
	if (f->state == CASE_RECTIFYING && last && day_between(last, f->today) > UNHELPED_DAYS)
		alarms |= ALARM_UNHELPED;
	return alarms;
}

const char *ledger_alarm_id(enum case_alarm alarm)
{
	switch (alarm) {
	case ALARM_STUCK: return "stuck";
	case ALARM_QUICK: return "quick";
	case ALARM_WITHDRAWN: return "withdrawn";
	case ALARM_UNTRAINED: return "untrained";
	case ALARM_LATE: return "late";
	case ALARM_UNHELPED: return "unhelped";
	}
	return "";
}

const char *ledger_alarm_label(enum case_alarm alarm)
{
	switch (alarm) {
	case ALARM_STUCK: return "多年没有转化，要问责";
	case ALARM_QUICK: return "整改时间太短就验收";
	case ALARM_WITHDRAWN: return "没有销号就撤走帮扶";
	case ALARM_UNTRAINED: return "新任书记培训天数不够";
	case ALARM_LATE: return "超过全案期限";
	case ALARM_UNHELPED: return "90 天没有人走访";
	}
	return "";
}
