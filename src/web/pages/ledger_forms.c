/* SPDX-License-Identifier: Apache-2.0 */
/* What a case page sends, and the forms for it. One form is open at a time:
 * the address says which ("?do=helper"), and a failed try comes back to it. */
#include <stdio.h>
#include <string.h>

#include "domain/day.h"
#include "domain/exact.h"
#include "web/pages/pages_ledger.h"

#define ID(field, text) {.name = (field), .label = (text), .type = WEB_INT, .required = true, .min = 1, \
	.max = INT64_MAX}
#define DO {.name = "do", .label = "正在填的表", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"}

static bool act_choice(int i, struct web_choice *ret)
{
	if (i >= CASE_ACT_COUNT)
		return false;
	*ret = (struct web_choice){case_act_id((enum case_act)i), case_transition((enum case_act)i)->doing};
	return true;
}

static const struct web_choice helper_kinds[] = {
	{"leader", "联系领导"}, {"first-secretary", "第一书记"}, {"cadre", "包村干部"}, {"unit", "帮扶单位"},
	{"team", "工作班子"}, {"adviser", "党建指导员"}, {"pair", "结对帮扶"},
	{"reporting", "在职党员报到"}, {0}};
static const struct web_choice support_kinds[] = {
	{"weak", "软（班子软弱）"}, {"poor", "穷（集体经济薄弱）"}, {"disorderly", "乱（矛盾突出）"},
	{"industry", "产业"}, {0}};
static const struct web_choice was_choices[] = {{"vacant", "书记空缺"}, {"unfit", "书记不胜任"}, {0}};
static const struct web_choice elections[] = {
	{"none", "无"}, {"postponed", "推迟换届"}, {"planned", "已定日期"}, {"held", "已换届"}, {0}};
static const struct web_choice verify_choices[] = {
	{"open", "退回重办"}, {"verified", "核实"}, {"waived", "不再要求"}, {0}};
static const struct web_choice judge_choices[] = {
	{"good", "作数"}, {"explained", "说明后作数"}, {"bad", "不作数"}, {0}};

const char *helper_kind_label(int kind)
{
	return kind >= 0 && kind < HELPER_KINDS ? helper_kinds[kind].label : "";
}

const struct web_field ledger_case_fields[] = {
	ID("case", "台账"), DO,
	{.name = "problem", .label = "问题", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "menu", .label = "典型问题", .type = WEB_TEXT, .max = 40},
	{.name = "seq", .label = "序号", .type = WEB_INT, .min = 1, .max = 1000},
	{0}};
const struct web_field ledger_move_fields[] = {
	ID("case", "台账"), DO,
	{.name = "act", .label = "办什么", .type = WEB_CHOICE, .required = true, .choice_at = act_choice},
	{.name = "version", .label = "版本", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{.name = "text", .label = "理由或意见", .type = WEB_AREA, .max = 2000},
	{.name = "day", .label = "日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{.name = "number", .label = "会议文号或届次", .type = WEB_TEXT, .max = 60,
	 .hint = "例如：石党纪〔2026〕3 号"},
	{.name = "deadline", .label = "期限", .type = WEB_DATE},
	{.name = "aggravating", .label = "重点整顿情形", .type = WEB_TEXT, .many = true, .max = 40,
	 .hint = "只记党组织的情况，不记个人"},
	{.name = "shows", .label = "具体表现", .type = WEB_AREA, .max = 2000},
	{0}};
const struct web_field ledger_plan_fields[] = {
	ID("case", "台账"), DO,
	{.name = "shows", .label = "具体表现", .type = WEB_AREA, .max = 2000,
	 .hint = "软弱涣散具体表现在哪里，写事实"},
	{.name = "deadline", .label = "全案期限", .type = WEB_DATE},
	{.name = "published", .label = "方案公开日期", .type = WEB_DATE, .hint = "没有公开就不填"},
	{0}};
const struct web_field ledger_problem_fields[] = {
	ID("case", "台账"), DO,
	{.name = "problem", .label = "问题", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "version", .label = "版本", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{.name = "title", .label = "问题", .type = WEB_TEXT, .required = true, .max = 100},
	{.name = "ref", .label = "对应标准", .type = WEB_TEXT, .max = 40},
	{.name = "cause", .label = "成因", .type = WEB_AREA, .max = 500},
	{.name = "measure", .label = "措施", .type = WEB_AREA, .max = 500},
	{.name = "goal", .label = "目标", .type = WEB_AREA, .max = 500, .hint = "写能数出来的目标"},
	{.name = "deadline", .label = "期限", .type = WEB_DATE},
	{.name = "owner", .label = "责任人", .type = WEB_TEXT, .max = 40},
	{.name = "post", .label = "职务", .type = WEB_TEXT, .max = 40},
	{.name = "phone", .label = "电话", .type = WEB_TEXT, .max = 40},
	{0}};
const struct web_field ledger_progress_fields[] = {
	ID("case", "台账"), DO, ID("problem", "问题"),
	{.name = "percent", .label = "完成 %", .type = WEB_INT, .required = true, .min = 0, .max = 100},
	{.name = "text", .label = "进展", .type = WEB_TEXT, .required = true, .max = 500},
	{.name = "result", .label = "结果", .type = WEB_AREA, .max = 1000, .hint = "办结（100%）时必填"},
	{.name = "day", .label = "日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{0}};
const struct web_field ledger_extend_fields[] = {
	ID("case", "台账"), DO, ID("problem", "问题"),
	{.name = "deadline", .label = "新的期限", .type = WEB_DATE, .required = true},
	{.name = "reason", .label = "延期理由", .type = WEB_TEXT, .required = true, .max = 200},
	{0}};
const struct web_field ledger_verify_fields[] = {
	ID("case", "台账"), DO, ID("problem", "问题"),
	{.name = "outcome", .label = "结果", .type = WEB_CHOICE, .required = true, .choices = verify_choices},
	{.name = "reason", .label = "说明", .type = WEB_TEXT, .max = 200},
	{0}};
const struct web_field ledger_judge_fields[] = {
	ID("attachment", "材料"), DO,
	{.name = "case", .label = "台账", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "verdict", .label = "查看结果", .type = WEB_CHOICE, .required = true,
	 .choices = judge_choices},
	{.name = "reason", .label = "说明", .type = WEB_TEXT, .max = 200},
	{0}};
const struct web_field ledger_helper_fields[] = {
	ID("case", "台账"), DO,
	{.name = "seq", .label = "序号", .type = WEB_INT, .min = 1, .max = 1000},
	{.name = "kind", .label = "谁", .type = WEB_CHOICE, .required = true, .choices = helper_kinds},
	{.name = "name", .label = "姓名或单位", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "post", .label = "单位和职务", .type = WEB_TEXT, .max = 60},
	{.name = "phone", .label = "电话", .type = WEB_TEXT, .max = 40},
	{.name = "support", .label = "帮扶类型", .type = WEB_CHOICE, .choices = support_kinds},
	{.name = "every", .label = "多少天至少走访一次", .type = WEB_INT, .min = 1, .max = 366},
	{.name = "from", .label = "开始日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{.name = "to", .label = "撤出日期", .type = WEB_DATE, .hint = "还在就不填；没有销号撤出要写理由"},
	{.name = "reason", .label = "撤出理由", .type = WEB_TEXT, .max = 200},
	{0}};
const struct web_field ledger_visit_fields[] = {
	ID("case", "台账"), DO,
	{.name = "helper", .label = "帮扶人", .type = WEB_INT, .min = 0, .max = 1000},
	{.name = "name", .label = "走访人", .type = WEB_TEXT, .max = 60, .hint = "不填就是本人"},
	{.name = "day", .label = "日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{.name = "text", .label = "做了什么", .type = WEB_AREA, .required = true, .max = 1000},
	{0}};
const struct web_field ledger_secretary_fields[] = {
	ID("case", "台账"), DO,
	{.name = "seq", .label = "序号", .type = WEB_INT, .min = 1, .max = 1000},
	{.name = "was", .label = "原来", .type = WEB_CHOICE, .required = true, .choices = was_choices},
	{.name = "since", .label = "从哪天起", .type = WEB_DATE},
	{.name = "old_name", .label = "原书记", .type = WEB_TEXT, .max = 40},
	{.name = "new_name", .label = "新书记", .type = WEB_TEXT, .max = 40},
	{.name = "source", .label = "来源", .type = WEB_TEXT, .max = 60,
	 .hint = "例如：外出务工人员、上级选派"},
	{.name = "new_day", .label = "任职日期", .type = WEB_DATE},
	{.name = "training", .label = "培训天数", .type = WEB_INT, .min = 0, .max = 366},
	{.name = "note", .label = "说明", .type = WEB_TEXT, .max = 200},
	{0}};
const struct web_field ledger_election_fields[] = {
	ID("case", "台账"), DO,
	{.name = "election", .label = "换届", .type = WEB_CHOICE, .required = true, .choices = elections},
	{.name = "day", .label = "日期", .type = WEB_DATE},
	{.name = "note", .label = "说明", .type = WEB_TEXT, .max = 200},
	{0}};
const struct web_field ledger_money_fields[] = {
	ID("case", "台账"), DO,
	{.name = "kind", .label = "哪一项", .type = WEB_TEXT, .required = true, .max = 40},
	{.name = "year", .label = "年份", .type = WEB_INT, .required = true, .min = 2000, .max = 2199},
	{.name = "yuan", .label = "金额（元）", .type = WEB_TEXT, .required = true, .max = 20,
	 .pattern = "0-9."},
	{.name = "note", .label = "说明", .type = WEB_TEXT, .max = 200},
	{0}};
const struct web_field ledger_sheet_fields[] = {
	ID("case", "台账"), DO,
	{.name = "label", .label = "验收项目", .type = WEB_TEXT, .many = true, .max = 100},
	{.name = "max", .label = "满分", .type = WEB_TEXT, .many = true, .max = 10},
	{.name = "points", .label = "得分", .type = WEB_TEXT, .many = true, .max = 10},
	{.name = "pass", .label = "合格分", .type = WEB_INT, .min = 1, .max = 100},
	{.name = "acceptors", .label = "验收人", .type = WEB_TEXT, .required = true, .max = 100,
	 .hint = "至少两人，用顿号隔开，例如：周敏、李强"},
	{.name = "on_spot", .label = "到了现场", .type = WEB_FLAG},
	{.name = "heard", .label = "听取意见人数", .type = WEB_INT, .min = 0, .max = 1000000},
	{.name = "satisfied", .label = "满意人数", .type = WEB_INT, .min = 0, .max = 1000000},
	{.name = "dissatisfied", .label = "不满意人数", .type = WEB_INT, .min = 0, .max = 1000000},
	{.name = "how", .label = "怎么听取的", .type = WEB_TEXT, .max = 100,
	 .hint = "例如：票箱，计票人 张三、李四"},
	{.name = "veto", .label = "一票否决的情形", .type = WEB_TEXT, .max = 200, .hint = "没有就不填"},
	{.name = "opinion", .label = "验收意见", .type = WEB_AREA, .max = 1000},
	{.name = "day", .label = "验收日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{0}};
const struct web_field ledger_lookback_fields[] = {
	ID("case", "台账"), DO,
	{.name = "seq", .label = "第几次", .type = WEB_INT, .required = true, .min = 1,
	 .max = LOOKBACKS_MAX},
	{.name = "good", .label = "合格", .type = WEB_FLAG},
	{.name = "text", .label = "看到的情况", .type = WEB_AREA, .required = true, .max = 1000},
	{.name = "day", .label = "回访日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{0}};
const struct web_field ledger_remind_fields[] = {
	ID("case", "台账"), DO,
	{.name = "text", .label = "提醒内容", .type = WEB_AREA, .required = true, .max = 1000},
	{0}};

/* ---- sending ---- */

static int done(struct web_call *call, int r, const char *part, const char *note)
{
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases/%lld%s", (long long)web_number(call, "case", 0), part);
	call->note = note;
	return 0;
}

static int32_t day_of(const struct web_call *call, const char *name)
{
	return (int32_t)web_number(call, name, 0);
}

/* "a,b" of a field that takes many. */
static const char *joined(struct web_call *call, const char *name)
{
	const struct web_value *value = web_value(call, name);
	const char *text = "";
	for (int i = 0; i < value->n; i++)
		text = page_text(call, "%s%s%.*s", text, *text ? "," : "", STR_ARG(value->texts[i]));
	return text;
}

int act_ledger_move(struct web_call *call)
{
	struct caller caller = page_caller(call);
	enum case_act act = (enum case_act)web_number(call, "act", 0);
	struct ledger_step step = {
		.version = web_number(call, "version", 0), .text = web_text(call, "text"),
		.day = day_of(call, "day"), .number = web_text(call, "number"),
		.deadline = day_of(call, "deadline"), .aggravating = joined(call, "aggravating"),
		.shows = web_text(call, "shows"),
	};
	int r = ledger_move(call->web->app, &caller, web_number(call, "case", 0), act, &step, &call->info);
	return done(call, r, "", page_text(call, "已办：%s", case_transition(act)->doing));
}

int act_ledger_plan(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = ledger_set_plan(call->web->app, &caller, web_number(call, "case", 0),
				web_text(call, "shows"), day_of(call, "deadline"),
				day_of(call, "published"), &call->info);
	return done(call, r, "#plan", "已保存");
}

int act_ledger_problem(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct case_problem p = {
		.id = web_number(call, "problem", 0), .case_id = web_number(call, "case", 0),
		.version = web_number(call, "version", 0), .title = web_text(call, "title"),
		.ref = web_text(call, "ref"), .cause = web_text(call, "cause"),
		.measure = web_text(call, "measure"), .goal = web_text(call, "goal"),
		.deadline = day_of(call, "deadline"), .owner = web_text(call, "owner"),
		.post = web_text(call, "post"), .phone = web_text(call, "phone"),
	};
	int64_t id = p.id;
	int r = ledger_put_problem(call->web->app, &caller, &p, &id, &call->info);
	return done(call, r, page_text(call, "#p%lld", (long long)id), "问题已保存");
}

int act_ledger_progress(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct case_progress p = {.percent = (int)web_number(call, "percent", 0),
				  .text = web_text(call, "text"), .day = day_of(call, "day")};
	int64_t problem = web_number(call, "problem", 0);
	int r = ledger_progress(call->web->app, &caller, problem, &p, web_text(call, "result"),
				&call->info);
	return done(call, r, page_text(call, "#p%lld", (long long)problem), "进展已记下");
}

int act_ledger_extend(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t problem = web_number(call, "problem", 0);
	int r = ledger_extend(call->web->app, &caller, problem, day_of(call, "deadline"),
			      web_text(call, "reason"), &call->info);
	return done(call, r, page_text(call, "#p%lld", (long long)problem), "期限已改");
}

int act_ledger_verify(struct web_call *call)
{
	static const enum problem_state states[] = {PROBLEM_OPEN, PROBLEM_VERIFIED, PROBLEM_WAIVED};
	struct caller caller = page_caller(call);
	int64_t problem = web_number(call, "problem", 0);
	int r = ledger_verify(call->web->app, &caller, problem, states[web_number(call, "outcome", 0)],
			      web_text(call, "reason"), &call->info);
	return done(call, r, page_text(call, "#p%lld", (long long)problem), "已记下");
}

int act_ledger_judge(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = ledger_judge_evidence(call->web->app, &caller, web_number(call, "attachment", 0),
				      (enum evidence_verdict)(1 + web_number(call, "verdict", 0)),
				      web_text(call, "reason"), &call->info);
	return done(call, r, "#evidence", "已记下");
}

int act_ledger_helper(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct case_helper h = {
		.seq = (int)web_number(call, "seq", 0), .kind = (enum helper_kind)web_number(call, "kind", 0),
		.name = web_text(call, "name"), .post = web_text(call, "post"),
		.phone = web_text(call, "phone"), .support_kind = (int)web_number(call, "support", -1),
		.every_days = (int)web_number(call, "every", 0), .from_day = day_of(call, "from"),
		.to_day = day_of(call, "to"), .why = web_text(call, "reason"),
	};
	int r = ledger_put_helper(call->web->app, &caller, web_number(call, "case", 0), &h, &call->info);
	return done(call, r, "#helpers", "已保存");
}

int act_ledger_visit(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct case_visit v = {.helper = (int)web_number(call, "helper", 0), .name = web_text(call, "name"),
			       .day = day_of(call, "day"), .text = web_text(call, "text")};
	int r = ledger_add_visit(call->web->app, &caller, web_number(call, "case", 0), &v, &call->info);
	return done(call, r, "#helpers", "走访已记下");
}

int act_ledger_secretary(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct case_secretary s = {
		.seq = (int)web_number(call, "seq", 0),
		.was = (enum secretary_was)web_number(call, "was", 0), .since_day = day_of(call, "since"),
		.old_name = web_text(call, "old_name"), .new_name = web_text(call, "new_name"),
		.source = web_text(call, "source"), .new_day = day_of(call, "new_day"),
		.training_days = (int)web_number(call, "training", 0), .note = web_text(call, "note"),
	};
	int r = ledger_put_secretary(call->web->app, &caller, web_number(call, "case", 0), &s, &call->info);
	return done(call, r, "#secretary", "已保存");
}

int act_ledger_election(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = ledger_set_election(call->web->app, &caller, web_number(call, "case", 0),
				    (enum case_election)web_number(call, "election", 0),
				    day_of(call, "day"), web_text(call, "note"), &call->info);
	return done(call, r, "#secretary", "已保存");
}

int act_ledger_money(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t yuan_e4;
	if (!decimal_parse_e4(web_value(call, "yuan")->text, &yuan_e4) || yuan_e4 % 100 ||
	    yuan_e4 > INT64_C(10000000000000))
		return web_wrong(call, "yuan", "应为金额，最多两位小数");
	struct case_money m = {.year = (int)web_number(call, "year", 0), .kind = web_text(call, "kind"),
			       .cents = yuan_e4 / 100, .note = web_text(call, "note")};
	int r = ledger_put_money(call->web->app, &caller, web_number(call, "case", 0), &m, &call->info);
	return done(call, r, "#money", "已保存");
}

/* "label\tmax\tgiven\n" … and their sum. */
static int read_items(struct web_call *call, struct case_sheet *sheet)
{
	const struct web_value *labels = web_value(call, "label"), *most = web_value(call, "max"),
			       *points = web_value(call, "points");
	int64_t all = 0;
	sheet->items = "";
	if (!labels->n || labels->n != most->n || labels->n != points->n || labels->n > 20)
		return web_wrong(call, "points", "每个验收项目都要有名称、满分和得分");
	for (int i = 0; i < labels->n; i++) {
		int64_t m, p;
		if (!decimal_parse_e4(most->texts[i], &m) || !decimal_parse_e4(points->texts[i], &p))
			return web_wrong(call, "points", "满分和得分应为数字");
		if (p > m)
			return web_wrong(call, "points", "得分不能超过满分");
		all += m;
		sheet->score_e4 += p;
		sheet->items = page_text(call, "%s%.*s\t%lld\t%lld\n", sheet->items, STR_ARG(labels->texts[i]),
					 (long long)m, (long long)p);
	}
	return all == 1000000 ? 0 : web_wrong(call, "max", "满分加起来应为 100");
}

int act_ledger_sheet(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct case_sheet s = {
		.pass_e4 = web_number(call, "pass", 0) * 10000, .acceptors = web_text(call, "acceptors"),
		.on_spot = web_number(call, "on_spot", 0) != 0, .heard = web_number(call, "heard", 0),
		.satisfied = web_number(call, "satisfied", 0),
		.dissatisfied = web_number(call, "dissatisfied", 0), .how = web_text(call, "how"),
		.veto = web_text(call, "veto"), .opinion = web_text(call, "opinion"),
		.day = day_of(call, "day"),
	};
	int r = read_items(call, &s);
	if (r == 0)
		r = ledger_put_sheet(call->web->app, &caller, web_number(call, "case", 0), &s, &call->info);
	return done(call, r, "#sheet", "验收评分表已保存");
}

int act_ledger_lookback(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = ledger_look_back(call->web->app, &caller, web_number(call, "case", 0),
				 (int)web_number(call, "seq", 0), day_of(call, "day"),
				 web_number(call, "good", 0) != 0, web_text(call, "text"), &call->info);
	return done(call, r, "#lookbacks", "回访已记下");
}

int act_ledger_remind(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = ledger_remind(call->web->app, &caller, web_number(call, "case", 0), web_text(call, "text"),
			      &call->info);
	return done(call, r, "#events", "提醒已发出");
}

/* ---- forms ---- */

bool ledger_doing(struct web_call *call, const char *what)
{
	const struct web_value *value = web_value(call, "do");
	return value->given && str_eqs(value->text, what);
}

static struct form open_form(struct web_call *call, struct html *h, const struct ledger_file *f,
			     const char *path, const struct web_field *fields)
{
	struct form form = form_begin(call, h, page_text(call, "/cases/%lld/%s", (long long)f->c.id, path),
				      fields);
	form_hidden(&form, "do", web_text(call, "do"));
	return form;
}

static void close_form(struct web_call *call, const struct form *form, const struct ledger_file *f,
		       const char *button)
{
	form_end(form, button, "main", page_text(call, "/cases/%lld", (long long)f->c.id));
}

static const char *iso(struct web_call *call, int32_t day)
{
	char text[16];
	day_format(day, text);
	return page_text(call, "%s", text);
}

void ledger_write_move(struct web_call *call, struct html *h, const struct ledger_file *f,
		       enum case_act act)
{
	const struct case_transition *t = case_transition(act);
	const struct scheme *scheme = f->scheme;
	struct form form = open_form(call, h, f, "move", ledger_move_fields);
	form_hidden(&form, "act", case_act_id(act));
	form_hidden(&form, "version", page_text(call, "%lld", (long long)f->c.version));
	if (act == CASE_APPROVE) {
		if (*scheme->meetings.rectify)	/* HN-2 */
			html(h, "<p class='note'>按方案由{}研究确定。</p>\n", scheme->meetings.rectify);
		if (scheme->cases.at_most_months)	/* ZJ-16 */
			html(h, "<p class='note'>按方案整顿 {} 到 {} 个月；期限不填，就是 {} 个月。</p>\n",
			     scheme->cases.at_least_months, scheme->cases.at_most_months, scheme->cases.at_most_months);
		form_row(&form, "number", NULL);
		form_row(&form, "day", NULL);
		form_row(&form, "deadline", iso(call, f->c.deadline));
	} else if (act == CASE_REJECT) {
		form_row(&form, "deadline", NULL);
	} else if (act == CASE_PLAN) {
		form_row(&form, "shows", f->c.shows);
	}
	if (act != CASE_PLAN)
		form_row(&form, "text", act == CASE_ASSESS ? f->c.seen : NULL);
	/* LD-2: of villages and communities. */
	if (act == CASE_ASSESS && (f->org.field == FIELD_VILLAGE || f->org.field == FIELD_COMMUNITY) &&
	    scheme->n_aggravating) {
		struct web_choice *choices = arena_zalloc(call->arena, (size_t)scheme->n_aggravating + 1,
							  sizeof(*choices));
		for (int i = 0; choices && i < scheme->n_aggravating; i++)
			choices[i] = (struct web_choice){scheme->aggravating[i].id, scheme->aggravating[i].label};
		if (choices)
			form_row_many(&form, "aggravating", NULL, choices);
	}
	close_form(call, &form, f, t->label);
}

static const struct scheme_problem *menu_item(struct web_call *call, const struct ledger_file *f)
{
	const struct web_value *value = web_value(call, "menu");
	for (int i = 0; value->given && i < f->scheme->n_problems; i++)
		if (str_eqs(value->text, f->scheme->problems[i].id))
			return &f->scheme->problems[i];
	return NULL;
}

void ledger_write_problem_form(struct web_call *call, struct html *h, const struct ledger_file *f,
			       const struct case_problem *p)
{
	const struct scheme_problem *menu = p ? NULL : menu_item(call, f);
	const char *measures = "";
	struct form form = open_form(call, h, f, "problem", ledger_problem_fields);
	for (int i = 0; menu && i < menu->measures.n; i++)
		measures = page_text(call, "%s%s%s", measures, *measures ? "；" : "", menu->measures.at[i]);
	if (p) {
		form_hidden(&form, "problem", page_text(call, "%lld", (long long)p->id));
		form_hidden(&form, "version", page_text(call, "%lld", (long long)p->version));
	}
	form_hidden(&form, "ref", p ? p->ref : menu ? menu->id : "");
	form_row(&form, "title", p ? p->title : menu ? menu->label : NULL);
	form_row(&form, "cause", p ? p->cause : NULL);
	form_row(&form, "measure", p ? p->measure : measures);
	form_row(&form, "goal", p ? p->goal : NULL);
	form_row(&form, "deadline", p ? iso(call, p->deadline) : NULL);
	form_row(&form, "owner", p ? p->owner : NULL);
	form_row(&form, "post", p ? p->post : NULL);
	form_row(&form, "phone", p ? p->phone : NULL);
	close_form(call, &form, f, "保存问题");
}

static void write_rows(const struct form *form, const char *const *names)
{
	for (; *names; names++)
		form_row(form, *names, NULL);
}

static void write_helper(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	int seq = (int)web_number(call, "seq", 0);
	const struct case_helper *old = NULL;
	for (int i = 0; i < f->n_helpers; i++)
		if (f->helpers[i].seq == seq)
			old = &f->helpers[i];
	struct form form = open_form(call, h, f, "helper", ledger_helper_fields);
	if (old)
		form_hidden(&form, "seq", page_text(call, "%d", seq));
	int support = old ? old->support_kind : f->support_kind;
	form_row(&form, "kind", old ? helper_kinds[old->kind].id : NULL);
	form_row(&form, "name", old ? old->name : NULL);
	form_row(&form, "post", old ? old->post : NULL);
	form_row(&form, "phone", old ? old->phone : NULL);
	form_row(&form, "support", support >= 0 ? support_kinds[support].id : NULL);
	form_row(&form, "every", old && old->every_days ? page_text(call, "%d", old->every_days) : NULL);
	form_row(&form, "from", old ? iso(call, old->from_day) : NULL);
	form_row(&form, "to", old ? iso(call, old->to_day) : NULL);
	form_row(&form, "reason", old ? old->why : NULL);
	close_form(call, &form, f, "保存");
}

/* Where the new one comes from: the scheme's list (LD-6), and what was kept before. */
static void write_secretary_source(struct web_call *call, const struct form *form,
				   const struct scheme *scheme, const char *now)
{
	int n = 0;
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)scheme->n_secretary_sources + 2,
						  sizeof(*choices));
	bool known = !*now;
	if (!scheme->n_secretary_sources || !choices) {
		form_row(form, "source", now);
		return;
	}
	for (int i = 0; i < scheme->n_secretary_sources; i++) {
		const char *label = scheme->secretary_sources[i].label;
		known = known || strcmp(label, now) == 0;
		choices[n++] = (struct web_choice){label, label};
	}
	if (!known)
		choices[n++] = (struct web_choice){now, now};
	form_row_choice(form, "source", now, choices);
}

static void write_secretary(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	int seq = (int)web_number(call, "seq", 0);
	const struct case_secretary *old = NULL;
	for (int i = 0; i < f->n_secretaries; i++)
		if (f->secretaries[i].seq == seq)
			old = &f->secretaries[i];
	struct form form = open_form(call, h, f, "secretary", ledger_secretary_fields);
	if (old)
		form_hidden(&form, "seq", page_text(call, "%d", seq));
	form_row(&form, "was", old ? was_choices[old->was].id : NULL);
	form_row(&form, "since", old ? iso(call, old->since_day) : NULL);
	form_row(&form, "old_name", old ? old->old_name : NULL);
	form_row(&form, "new_name", old ? old->new_name : NULL);
	write_secretary_source(call, &form, f->scheme, old ? old->source : "");
	form_row(&form, "new_day", old ? iso(call, old->new_day) : NULL);
	form_row(&form, "training", old ? page_text(call, "%d", old->training_days) : NULL);
	form_row(&form, "note", old ? old->note : NULL);
	close_form(call, &form, f, "保存");
}

static void write_money(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	struct web_choice *kinds = arena_zalloc(call->arena, (size_t)f->scheme->n_guarantees + 2,
						sizeof(*kinds));
	struct form form = open_form(call, h, f, "money", ledger_money_fields);
	for (int i = 0; kinds && i < f->scheme->n_guarantees; i++)
		kinds[i] = (struct web_choice){f->scheme->guarantees[i].id, f->scheme->guarantees[i].label};
	if (kinds) {
		kinds[f->scheme->n_guarantees] = (struct web_choice){"support", "帮扶资金"};
		form_row_choice(&form, "kind", NULL, kinds);
	}
	form_row(&form, "year", page_text(call, "%d", page_today(call) / 10000));
	write_rows(&form, (const char *const[]){"yuan", "note", NULL});
	close_form(call, &form, f, "保存");
}

static void write_sheet(struct web_call *call, struct html *h, const struct ledger_file *f)
{
	const struct scheme_acceptance *a = &f->scheme->acceptance;
	struct form form = open_form(call, h, f, "sheet", ledger_sheet_fields);
	html(h, "<p class='note'>{}</p>\n<table class='data stack'><caption class='vh'>验收项目</caption>"
		"<thead><tr><th scope='col'>验收项目</th><th scope='col' class='n'>满分</th>"
		"<th scope='col' class='n'>得分</th></tr></thead><tbody>\n",
	     a->given ? "验收标准按方案，可以改" : "文件没有给验收标准，这里按默认四项各 25 分，可以改");
	for (int i = 0; i < a->n_items; i++)
		html(h, "<tr><td class='full'><input name='label' value='{}' aria-label='验收项目 {}'></td><td class='n' data-l='满分'>"
			"<input class='num' name='max' value='{}' aria-label='满分 {}'></td><td class='n' data-l='得分'>"
			"<input class='num' name='points' value='{}' aria-label='得分 {}' required></td></tr>\n",
		     form_typed(call, ledger_sheet_fields, "label", i, a->items[i].label), i + 1,
		     form_typed(call, ledger_sheet_fields, "max", i,
				page_text(call, "%lld", (long long)a->items[i].max_e4 / 10000)), i + 1,
		     form_typed(call, ledger_sheet_fields, "points", i, ""), i + 1);
	html(h, "</tbody></table>\n");
	form_row(&form, "pass", page_text(call, "%d", a->pass_e4 / 10000));
	write_rows(&form, (const char *const[]){"acceptors", "on_spot", NULL});
	html(h, "<p class='note'>群众意见也可以用不记名票箱听：开箱以后票数自动填进来，手工填的改不了它。");
	if (f->may >> ACTION_BALLOT_WRITE & 1)
		html(h, "<a href='/ballots/new?node={}&case={}'>设一个票箱</a>", f->c.org, f->c.id);
	else
		html(h, "票箱由乡镇设。");
	html(h, "</p>\n");
	write_rows(&form, (const char *const[]){"heard", "satisfied", "dissatisfied", "how", "veto",
						"opinion", "day", NULL});
	close_form(call, &form, f, "保存评分表");
}

static void write_of_problem(struct web_call *call, struct html *h, const struct ledger_file *f,
			     const char *what)
{
	const struct {
		const char *what, *button;
		const struct web_field *fields;
		const char *const *rows;
	} forms[] = {
		{"progress", "记下进展", ledger_progress_fields,
		 (const char *const[]){"percent", "text", "result", "day", NULL}},
		{"extend", "延期", ledger_extend_fields, (const char *const[]){"deadline", "reason", NULL}},
		{"verify", "记下", ledger_verify_fields, (const char *const[]){"outcome", "reason", NULL}},
	};
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (strcmp(forms[i].what, what) != 0)
			continue;
		struct form form = open_form(call, h, f, what, forms[i].fields);
		form_hidden(&form, "problem", page_text(call, "%lld", (long long)web_number(call, "problem", 0)));
		write_rows(&form, forms[i].rows);
		close_form(call, &form, f, forms[i].button);
	}
}

void ledger_write_form(struct web_call *call, struct html *h, const struct ledger_file *f,
		       const char *what)
{
	struct form form;
	if (strcmp(what, "helper") == 0) {
		write_helper(call, h, f);
	} else if (strcmp(what, "secretary") == 0) {
		write_secretary(call, h, f);
	} else if (strcmp(what, "money") == 0) {
		write_money(call, h, f);
	} else if (strcmp(what, "sheet") == 0) {
		write_sheet(call, h, f);
	} else if (strcmp(what, "plan") == 0) {
		form = open_form(call, h, f, what, ledger_plan_fields);
		form_row(&form, "shows", f->c.shows);
		form_row(&form, "deadline", iso(call, f->c.deadline));
		form_row(&form, "published", iso(call, f->c.published_day));
		close_form(call, &form, f, "保存");
	} else if (strcmp(what, "visit") == 0) {
		form = open_form(call, h, f, what, ledger_visit_fields);
		form_hidden(&form, "helper", page_text(call, "%d", (int)web_number(call, "seq", 0)));
		write_rows(&form, (const char *const[]){"name", "day", "text", NULL});
		close_form(call, &form, f, "记下走访");
	} else if (strcmp(what, "election") == 0) {
		form = open_form(call, h, f, what, ledger_election_fields);
		form_row(&form, "election", elections[f->c.election].id);
		form_row(&form, "day", iso(call, f->c.election_day));
		form_row(&form, "note", f->c.election_note);
		close_form(call, &form, f, "保存");
	} else if (strcmp(what, "lookback") == 0) {
		form = open_form(call, h, f, what, ledger_lookback_fields);
		form_hidden(&form, "seq", page_text(call, "%d", (int)web_number(call, "seq", 1)));
		write_rows(&form, (const char *const[]){"good", "text", "day", NULL});
		close_form(call, &form, f, "记下回访");
	} else if (strcmp(what, "remind") == 0) {
		form = open_form(call, h, f, what, ledger_remind_fields);
		form_row(&form, "text", NULL);
		close_form(call, &form, f, "发出提醒");
	} else {
		write_of_problem(call, h, f, what);
	}
}
