/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of a node by state and committee, what is late, the candidates of a
 * campaign, the bulletin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ledger_standing.h"
#include "domain/day.h"
#include "domain/day_math.h"
#include "web/pages/pages_ledger.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define CAMPAIGN {.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 1, .max = INT64_MAX}

static bool state_choice(int i, struct web_choice *ret)
{
	if (i >= CASE_STATE_COUNT)
		return false;
	*ret = (struct web_choice){case_state_id((enum case_state)i), case_state_label((enum case_state)i)};
	return true;
}

static bool alarm_choice(int i, struct web_choice *ret)
{
	if (i >= CASE_ALARMS)
		return false;
	*ret = (struct web_choice){ledger_alarm_id((enum case_alarm)(1u << i)),
				   ledger_alarm_label((enum case_alarm)(1u << i))};
	return true;
}

const struct web_field ledger_board_fields[] = {
	NODE, {.name = "state", .label = "状态", .type = WEB_CHOICE, .choice_at = state_choice},
	{.name = "alarm", .label = "提醒", .type = WEB_CHOICE, .choice_at = alarm_choice}, {0}};
const struct web_field ledger_candidates_fields[] = {NODE, CAMPAIGN, {0}};
const struct web_field ledger_list_fields[] = {
	NODE, CAMPAIGN,
	{.name = "id", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "nominate", .label = "党委提名", .type = WEB_FLAG},
	{.name = "criteria", .label = "符合哪条标准", .type = WEB_TEXT, .many = true, .max = 40},
	{.name = "seen", .label = "看到的情况", .type = WEB_AREA, .max = 2000},
	{.name = "day", .label = "哪天看到的", .type = WEB_DATE},
	{0}};
const struct web_field ledger_list_all_fields[] = {NODE, CAMPAIGN, {0}};
const struct web_field ledger_bulletin_fields[] = {
	NODE,
	{.name = "from", .label = "从", .type = WEB_DATE},
	{.name = "to", .label = "到", .type = WEB_DATE},
	{0}};

/* ---- the board ---- */

int act_ledger_board(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ledger_board *b = arena_zalloc(call->arena, 1, sizeof(*b));
	int64_t node = 0;
	if (!b)
		return err_nomem(&call->info);
	call->model = b;
	int r = page_node(call, &node);
	return r < 0 ? r : ledger_board(call->web->app, &caller, node, call->arena, b, &call->info);
}

static int chosen_state(const struct web_call *call)
{
	return (int)web_number(call, "state", -1);
}

/* Of the state and with the alarm that are asked for; without a state all that is going
 * on, and with an alarm whatever has it. */
static bool is_chosen(const struct web_call *call, const struct ledger_board *b, int i)
{
	const int state = chosen_state(call), alarm = (int)web_number(call, "alarm", -1);
	const enum case_state s = b->cases[i].state;
	if (alarm >= 0 && !(b->alarms[i] >> alarm & 1))
		return false;
	return state >= 0 ? (int)s == state : alarm >= 0 || (s != CASE_SETTLED && s != CASE_DROPPED);
}

/* A row for each committee, a column for each state. */
struct committee {
	int64_t id;
	const char *name;
	int by_state[CASE_STATE_COUNT], n, late;
};

static int find_committee(struct committee *list, int *n, const struct ledger_case *c)
{
	for (int i = 0; i < *n; i++)
		if (list[i].id == c->parent)
			return i;
	list[*n] = (struct committee){.id = c->parent, .name = c->parent_name};
	return (*n)++;
}

static int count_late(const struct ledger_board *b, int64_t case_id, int32_t today)
{
	int late = 0;
	for (int i = 0; i < b->n_problems; i++)
		late += b->problems[i].case_id == case_id && case_is_open(b->problems[i].case_state) &&
			ledger_light(b->problems[i].deadline, b->problems[i].state != PROBLEM_OPEN, today) ==
				LIGHT_RED;
	return late;
}

static void write_matrix(struct web_call *call, struct html *h, const struct ledger_board *b)
{
	struct committee *list = arena_zalloc(call->arena, (size_t)b->n_cases + 1, sizeof(*list));
	int n = 0, sum[CASE_STATE_COUNT] = {0};
	for (int i = 0; list && i < b->n_cases; i++) {
		struct committee *k = &list[find_committee(list, &n, &b->cases[i])];
		k->by_state[b->cases[i].state]++;
		k->n++;
		k->late += count_late(b, b->cases[i].id, page_today(call));
		sum[b->cases[i].state]++;
	}
	html(h, "<div class='scroll'><table class='data sort stick matrix'><caption class='vh'>各党委各状态的台账数</caption><thead><tr>"
		"<th scope='col'>党委</th>");
	for (int s = 0; s < CASE_STATE_COUNT; s++)
		html(h, "<th scope='col' class='c'>{}</th>", case_state_label((enum case_state)s));
	html(h, "<th scope='col' class='c'>合计</th><th scope='col' class='c'>逾期问题</th></tr></thead><tbody>\n");
	for (int i = 0; i < n; i++) {
		html(h, "<tr><th scope='row'><a href='/cases?node={}'>{}</a></th>", list[i].id, list[i].name);
		for (int s = 0; s < CASE_STATE_COUNT; s++) {
			if (list[i].by_state[s])
				html(h, "<td><a href='/cases?node={}&state={}'>{}</a></td>", list[i].id,
				     case_state_id((enum case_state)s), list[i].by_state[s]);
			else
				html(h, "<td class='done-c'>·</td>");
		}
		html(h, "<td><b>{}</b></td><td>", list[i].n);
		if (list[i].late)
			html(h, "<span class='light bad'>{}</span>", list[i].late);
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody><tfoot><tr><th scope='row'>合计</th>");
	for (int s = 0; s < CASE_STATE_COUNT; s++)
		html(h, "<td>{}</td>", sum[s]);
	html(h, "<td>{}</td><td></td></tr></tfoot></table></div>\n", b->n_cases);
}

static void write_case_row(struct web_call *call, struct html *h, const struct ledger_board *b, int i)
{
	const struct ledger_case *c = &b->cases[i];
	int n = 0, finished = 0, late = count_late(b, c->id, page_today(call));
	for (int k = 0; k < b->n_problems; k++)
		if (b->problems[k].case_id == c->id) {
			n++;
			finished += b->problems[k].state != PROBLEM_OPEN;
		}
	html(h, "<tr><th scope='row' class='full'><a href='/cases/{}'>{}</a>", c->id, c->org_name);
	if (c->priority)
		html(h, " <span class='tag red'>重点</span>");
	if (c->round > 1)
		html(h, " <span class='tag'>第 {} 轮</span>", c->round);
	html(h, "</th><td data-l='党委'>{}</td><td class='nw' data-l='状态'><b>{}</b></td><td class='n' data-l='列入'>{}</td>"
		"<td class='c' data-l='问题'>", c->parent_name, case_state_label(c->state),
	     page_day(call, c->opened_day, true));
	if (n)
		html(h, "{}/{}", finished, n);
	html(h, "</td><td class='nw' data-l='期限'>{} ", page_day(call, c->deadline, true));
	ledger_write_light(h, c->deadline, !case_is_open(c->state), page_today(call));
	html(h, "</td><td class='full'>");
	if (late)
		html(h, "<span class='light bad'>{} 个问题逾期</span> ", late);
	for (uint32_t bit = 1; bit && b->alarms && bit <= b->alarms[i]; bit <<= 1)
		if (b->alarms[i] & bit)
			html(h, "<span class='tag red'>{}</span> ", ledger_alarm_label((enum case_alarm)bit));
	html(h, "</td></tr>\n");
}

static void write_cases(struct web_call *call, struct html *h, const struct ledger_board *b)
{
	int n = 0;
	html(h, "<table class='data sort stack'><caption class='vh'>台账</caption><thead><tr><th scope='col'>组织</th><th scope='col'>党委</th>"
		"<th scope='col'>状态</th><th scope='col' class='n'>列入</th><th scope='col' class='c'>办结/问题</th>"
		"<th scope='col'>全案期限</th><th scope='col'>提醒</th></tr></thead><tbody>\n");
	for (int i = 0; i < b->n_cases; i++) {
		if (!is_chosen(call, b, i))
			continue;
		write_case_row(call, h, b, i);
		n++;
	}
	html(h, "</tbody></table>\n");
	if (!n)
		html(h, "<div class='empty'>这里没有台账<p>从“候选名单”列入，或者换一个状态看</p></div>\n");
}

static void write_late(struct web_call *call, struct html *h, const struct ledger_board *b)
{
	int32_t today = page_today(call);
	int n = 0;
	html(h, "<section id='late'><div class='sec'><h2>逾期和快到期的</h2><span class='note'>问题、回访和抽查</span></div><ul class='list'>\n");
	for (int i = 0; i < b->n_problems; i++) {
		const struct case_problem *p = &b->problems[i];
		enum light light = ledger_light(p->deadline, p->state != PROBLEM_OPEN, today);
		if (light < LIGHT_AMBER || !case_is_open(p->case_state))
			continue;
		html(h, "<li><span class='r'>");
		ledger_write_light(h, p->deadline, false, today);
		html(h, "</span><a href='/cases/{}#p{}'>{}</a> 问题 {}：{}<p>责任人 {} {} {}</p></li>\n", p->case_id, p->id,
		     p->org_name, p->place, p->title, p->owner, p->post, p->phone);
		n++;
	}
	for (int i = 0; i < b->n_lookbacks; i++) {
		const struct case_lookback *l = &b->lookbacks[i].lookback;
		if (ledger_light(l->due_day, false, today) < LIGHT_AMBER)
			continue;
		html(h, "<li><span class='r'>");
		ledger_write_light(h, l->due_day, false, today);
		html(h, "</span><a href='/cases/{}#lookbacks'>{}</a> 第 {} 次回访</li>\n", b->lookbacks[i].c->id,
		     b->lookbacks[i].c->org_name, l->seq);
		n++;
	}
	for (int i = 0; i < b->n_checks; i++) {
		if (ledger_light(b->checks[i].deadline, false, today) < LIGHT_AMBER)
			continue;
		html(h, "<li><span class='r'>");
		ledger_write_light(h, b->checks[i].deadline, false, today);
		html(h, "</span>{} 抽查发现：{}</li>\n", b->checks[i].org_name, b->checks[i].finding);
		n++;
	}
	html(h, "</ul>\n");
	if (!n)
		html(h, "<p class='note'>没有逾期的，7 天内也没有到期的。</p>\n");
	html(h, "</section>\n");
}

void page_ledger_board(struct web_call *call, struct html *h)
{
	const struct ledger_board *b = call->model;
	const int state = chosen_state(call), alarm = (int)web_number(call, "alarm", -1);
	int open = 0;
	struct page page = {.title = "整顿台账", .menu = "/cases"};

	for (int i = 0; i < b->n_cases; i++)
		open += case_is_open(b->cases[i].state);
	page_org_crumbs(call, b->crumbs, b->n_crumbs, "整顿台账", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>整顿台账</span></h1><p class='note'>在账 {} 个，全部 {} 个",
	     b->node.name, open, b->n_cases);
	if (state >= 0)
		html(h, " · 只看“{}”", case_state_label((enum case_state)state));
	if (alarm >= 0)
		html(h, " · 只看“{}”", ledger_alarm_label((enum case_alarm)(1u << alarm)));
	if (state >= 0 || alarm >= 0)
		html(h, " <a href='/cases?node={}'>看全部</a>", b->node.id);
	html(h, "</p></div><div class='acts'><a class='btn' href='/cases/candidates?node={}'>候选名单</a>"
		"<a class='btn' href='/cases/bulletin?node={}'>通报</a><a class='btn' href='/cases/draws?node={}'>抽查</a>"
		"<a class='btn' href='/cases/dates?node={}'>关键日期</a><a class='btn' href='/my'>我要办的</a>",
	     b->node.id, b->node.id, b->node.id, b->node.id);
	if (page_may_open(call, "/cases/leaders"))
		html(h, "<a class='btn' href='/cases/leaders?node={}'>领导联系</a>", b->node.id);
	if (page_may_open(call, "/cases/helpers"))
		html(h, "<a class='btn' href='/cases/helpers?node={}'>帮扶力量</a>", b->node.id);
	if (page_may_open(call, "/guarantees"))
		html(h, "<a class='btn' href='/guarantees?node={}'>四项保障</a>", b->node.id);
	if (page_may_open(call, "/integrity"))
		html(h, "<a class='btn' href='/integrity?node={}'>真实性核查</a>", b->node.id);
	html(h, "</div></div>\n");
	if (b->n_cases && b->node.level < LEVEL_UNIT)
		write_matrix(call, h, b);
	html(h, "<div class='cols gap'><section>");
	write_cases(call, h, b);
	html(h, "</section>");
	write_late(call, h, b);
	html(h, "</div>\n");
	page_end(call, h);
}

json_t *json_ledger_board(struct web_call *call)
{
	const struct ledger_board *b = call->model;
	const bool all = chosen_state(call) < 0 && !web_value(call, "alarm")->given;
	json_t *cases = json_array(), *problems = json_array();
	for (int i = 0; i < b->n_cases; i++)
		if (all || is_chosen(call, b, i))
			json_array_append_new(cases, json_pack("{s:I, s:I, s:s, s:s, s:s, s:i, s:i, s:b}", "id",
				(json_int_t)b->cases[i].id, "org", (json_int_t)b->cases[i].org, "name",
				b->cases[i].org_name, "committee", b->cases[i].parent_name, "state",
				case_state_id(b->cases[i].state), "round", b->cases[i].round, "alarms",
				(int)b->alarms[i], "priority", b->cases[i].priority));
	for (int i = 0; i < b->n_problems; i++) {
		char day[16];
		day_format(b->problems[i].deadline, day);
		json_array_append_new(problems, json_pack("{s:I, s:I, s:s, s:s, s:i}", "id",
			(json_int_t)b->problems[i].id, "case", (json_int_t)b->problems[i].case_id, "title",
			b->problems[i].title, "deadline", day, "state", (int)b->problems[i].state));
	}
	return json_pack("{s:o, s:o}", "cases", cases, "problems", problems);
}

/* ---- candidates ---- */

/* The latest campaign in which the node stands, unless one is named. */
static int campaign_of(struct web_call *call, int64_t node, int64_t *ret_campaign)
{
	struct caller caller = page_caller(call);
	struct campaign *list;
	int n;
	*ret_campaign = web_number(call, "campaign", 0);
	if (*ret_campaign)
		return 0;
	int r = campaigns_of(call->web->app, &caller, node, call->arena, &list, &n, &call->info);
	for (int i = 0; r == 0 && i < n; i++)
		if (list[i].kind != CAMPAIGN_APPRAISAL) {
			*ret_campaign = list[i].id;
			return 0;
		}
	return r;
}

int ledger_places_of(struct web_call *call, int64_t *ret_node, int64_t *ret_campaign)
{
	int r = page_node(call, ret_node);
	return r < 0 ? r : campaign_of(call, *ret_node, ret_campaign);
}

int act_ledger_candidates(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ledger_candidates *c = arena_zalloc(call->arena, 1, sizeof(*c));
	int64_t node = 0, campaign = 0;
	if (!c)
		return err_nomem(&call->info);
	call->model = c;
	int r = ledger_places_of(call, &node, &campaign);
	c->node.id = node;
	/* No campaign yet: the page says what to do. */
	return r < 0 || !campaign ? r : ledger_candidates(call->web->app, &caller, campaign, node, call->arena,
							  c, &call->info);
}

const char *ledger_support_label(struct web_call *call, const struct scheme *scheme, int kind,
				 const char **ret_units)
{
	const char *units = "";
	*ret_units = "";
	for (int i = 0; i < scheme->n_support; i++) {
		const struct scheme_support *s = &scheme->support[i];
		if ((int)s->kind != kind)
			continue;
		for (int k = 0; k < s->units.n; k++)
			units = page_text(call, "%s%s%s", units, k ? "、" : "", s->units.at[k]);
		*ret_units = units;
		return s->label;
	}
	return "";
}

/* A form of one button. */
static void write_list_button(struct web_call *call, struct html *h, const struct ledger_candidates *l,
			      int64_t org, const char *label)
{
	html(h, "<form method='post' action='/cases/candidates'><input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='campaign' value='{}'><input type='hidden' name='node' value='{}'>"
		"<input type='hidden' name='id' value='{}'><button class='btn sm'>{}</button></form>",
	     call->csrf, l->campaign.id, l->node.id, org, label);
}

static void write_candidate(struct web_call *call, struct html *h, const struct ledger_candidates *l,
			    const struct ledger_candidate *c)
{
	const char *units;
	const char *support = ledger_support_label(call, l->scheme, c->support_kind, &units);
	html(h, "<tr><th scope='row' class='full'><b>{}</b><br><span class='note'>{}</span></th><td data-l='得分'>{} {}</td>"
		"<td class='full'><ul>", c->org.name, c->parent, c->score, c->grade);
	for (int i = 0; i < c->n_reasons; i++)
		html(h, "<li>{} <span class='note'>{}</span></li>", c->reasons[i].label, c->reasons[i].seen);
	if (!c->n_reasons)
		html(h, "<li class='note'>现在没有一条依据成立</li>");
	html(h, "</ul>");
	if (*support)
		html(h, "<p class='note'>建议按“{}”帮扶{}{}：{}</p>", support, *units ? "，由" : "", units, c->support_why);
	html(h, "</td><td>");
	if (!c->ledger) {
		html(h, "<span class='light bad'>还没有列入</span>");
		write_list_button(call, h, l, c->org.id, "列为候选");
	} else if (!c->left_out) {
		html(h, "<a href='/cases/{}'>{}</a>", c->ledger->id, case_state_label(c->ledger->state));
	} else if (c->ledger->state == CASE_DROPPED) {
		html(h, "<span class='light bad'>{} 年没有列入，今年依据成立</span> <a href='/cases/{}'>去重新列为候选</a>",
		     c->ledger->year, c->ledger->id);
	} else {
		html(h, "<span class='light bad'>销号以后又有新的依据</span> <a href='/cases/{}'>{}</a>", c->ledger->id,
		     case_state_label(c->ledger->state));
		write_list_button(call, h, l, c->org.id, "把依据记到台账");
	}
	html(h, "</td></tr>\n");
}

static void write_nominate(struct web_call *call, struct html *h, const struct ledger_candidates *l)
{
	const struct scheme *s = l->scheme;
	bool nominate = false;
	for (int i = 0; i < s->n_rectify; i++)
		nominate = nominate || s->rectify[i].because == BECAUSE_NOMINATED;
	struct form form = form_begin(call, h, "/cases/candidates", ledger_list_fields);
	form_hidden(&form, "campaign", page_text(call, "%lld", (long long)l->campaign.id));
	form_hidden(&form, "node", page_text(call, "%lld", (long long)l->node.id));
	struct web_choice *orgs = arena_zalloc(call->arena, (size_t)l->n_others + 1, sizeof(*orgs));
	for (int i = 0; orgs && i < l->n_others; i++)
		orgs[i] = (struct web_choice){page_text(call, "%lld", (long long)l->others[i]->id),
					      l->others[i]->name};
	if (orgs)
		form_row_choice(&form, "id", NULL, orgs);
	if (nominate)
		form_row(&form, "nominate", NULL);
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)s->n_criteria + 1, sizeof(*choices));
	for (int i = 0; choices && i < s->n_criteria; i++)
		choices[i] = (struct web_choice){s->criteria[i].id, s->criteria[i].label};
	if (choices && s->n_criteria)
		form_row_many(&form, "criteria", NULL, choices);
	form_row(&form, "seen", NULL);
	form_row(&form, "day", NULL);
	form_end(&form, nominate ? "提名" : "列为候选", "main", NULL);
}

void page_ledger_candidates(struct web_call *call, struct html *h)
{
	const struct ledger_candidates *l = call->model;
	struct page page = {.title = "候选名单", .menu = "/cases"};

	page_node_crumbs(call, l->node.id, "候选名单", &page);
	page_begin(call, h, &page);
	if (!l->scheme) {
		html(h, "<h1>候选名单</h1><div class='empty'>还没有年度工作<p>先由县委组织部按一个方案开展年度工作，再确定整顿对象</p></div>\n");
		page_end(call, h);
		return;
	}
	html(h, "<div class='head'><div><h1>{} <span class='nw'>候选名单</span></h1><p class='note'>{} · 候选和在账的 {} 个，其中该列没列的 {} 个</p></div>",
	     l->node.name, l->campaign.title, l->n, l->n_left_out);
	if (l->n_unlisted)
		html(h, "<form class='acts' method='post' action='/cases/candidates/all'><input type='hidden' name='_csrf' value='{}'>"
			"<input type='hidden' name='campaign' value='{}'><input type='hidden' name='node' value='{}'>"
			"<button class='btn main'>把 {} 个都列为候选</button></form>", call->csrf, l->campaign.id,
		     l->node.id, l->n_unlisted);
	html(h, "</div>\n");
	for (int i = 0; i < l->n_floors; i++)
		html(h, "<div class='box warn'>{} 至少要提名 {} 个，现在提了 {} 个</div>\n", l->floors[i].name,
		     l->floors[i].wanted, l->floors[i].named);
	if (l->n) {
		html(h, "<table class='data sort stack'><caption class='vh'>候选</caption><thead><tr><th scope='col'>组织</th><th scope='col'>得分</th>"
			"<th scope='col'>成立的每一条依据</th><th scope='col'>台账</th></tr></thead><tbody>\n");
		for (int i = 0; i < l->n; i++)
			write_candidate(call, h, l, &l->at[i]);
		html(h, "</tbody></table>\n");
	} else {
		html(h, "<div class='empty'>还没有组织符合列入的依据<p>定级以后自动列出；也可以按标准或提名列入</p></div>\n");
	}
	html(h, "<div class='sec gap'><h2>按标准或提名列入</h2><span class='note'>每条都要写明看到的情况</span></div>\n");
	write_nominate(call, h, l);
	page_end(call, h);
}

json_t *json_ledger_candidates(struct web_call *call)
{
	const struct ledger_candidates *l = call->model;
	json_t *list = json_array(), *floors = json_array();
	for (int i = 0; i < l->n; i++) {
		json_t *reasons = json_array();
		for (int k = 0; k < l->at[i].n_reasons; k++)
			json_array_append_new(reasons, json_pack("{s:s, s:s, s:s, s:i}", "label", l->at[i].reasons[k].label,
				"ref", l->at[i].reasons[k].ref, "seen", l->at[i].reasons[k].seen, "because",
				l->at[i].reasons[k].because));
		const char *units;
		json_array_append_new(list, json_pack("{s:I, s:s, s:o, s:I, s:b, s:s, s:s}", "org",
			(json_int_t)l->at[i].org.id, "name", l->at[i].org.name, "reasons", reasons, "case",
			(json_int_t)(l->at[i].ledger ? l->at[i].ledger->id : 0), "left_out", l->at[i].left_out,
			"support", ledger_support_label(call, l->scheme, l->at[i].support_kind, &units), "support_why",
			l->at[i].support_why));
	}
	for (int i = 0; i < l->n_floors; i++)
		json_array_append_new(floors, json_pack("{s:s, s:i, s:i}", "committee", l->floors[i].name, "named",
							l->floors[i].named, "wanted", l->floors[i].wanted));
	return json_pack("{s:o, s:i, s:o}", "candidates", list, "left_out", l->n_left_out, "below_floor", floors);
}

int act_ledger_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_value *criteria = web_value(call, "criteria");
	struct ledger_listing in = {.campaign = 0, .org = web_number(call, "id", 0),
				    .nominate = web_number(call, "nominate", 0) != 0, .criteria = "",
				    .seen = web_text(call, "seen"), .day = (int32_t)web_number(call, "day", 0)};
	int64_t id = 0;
	for (int i = 0; i < criteria->n; i++)
		in.criteria = page_text(call, "%s%s%.*s", in.criteria, *in.criteria ? "," : "",
					STR_ARG(criteria->texts[i]));
	int r = campaign_of(call, in.org, &in.campaign);
	if (r == 0)
		r = ledger_list(call->web->app, &caller, &in, &id, &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases/%lld", (long long)id);
	call->note = "已列为候选";
	return 0;
}

int act_ledger_list_all(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = 0, campaign = 0;
	int n = 0, r = ledger_places_of(call, &node, &campaign);
	if (r == 0)
		r = ledger_list_all(call->web->app, &caller, campaign, node, &n, &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases?node=%lld", (long long)node);
	call->note = page_text(call, "已把 %d 个列为候选", n);
	return 0;
}

/* ---- the bulletin ---- */

int act_ledger_bulletin(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ledger_bulletin *b = arena_zalloc(call->arena, 1, sizeof(*b));
	int32_t today = page_today(call);
	int64_t node = 0;
	if (!b)
		return err_nomem(&call->info);
	call->model = b;
	int r = page_node(call, &node);
	return r < 0 ? r : ledger_bulletin(call->web->app, &caller, node,
					   (int32_t)web_number(call, "from", today / 100 * 100 + 1),
					   (int32_t)web_number(call, "to", today), call->arena, b, &call->info);
}

static int standings(struct web_call *call, const struct ledger_bulletin *b,
		     struct ledger_standing **ret)
{
	const struct ledger_board *board = &b->board;
	const struct ledger_case **rows = arena_zalloc(call->arena, (size_t)board->n_cases + 1, sizeof(*rows));
	int n = 0;
	*ret = NULL;
	for (int i = 0; rows && i < board->n_cases; i++)
		rows[i] = &board->cases[i];
	if (rows && ledger_standings(rows, board->n_cases, board->problems, board->n_problems, b->to_day,
				     call->arena, ret, &n) < 0)
		n = 0;
	return n;
}

static int count_events(const struct ledger_bulletin *b, int act)
{
	int n = 0;
	for (int i = 0; i < b->n_events; i++)
		n += b->events[i].act == act;
	return n;
}

/* This month, the last one; and the same as a document with a red head (F13). */
static void write_periods(struct web_call *call, struct html *h, const struct ledger_bulletin *b)
{
	int32_t first = page_today(call) / 100 * 100 + 1, last = day_plus(first, -1);
	const struct {
		const char *label;
		int32_t from, to;
	} months[] = {{"本月", first, page_today(call)}, {"上月", last / 100 * 100 + 1, last}};
	for (size_t i = 0; i < ARRAY_LEN(months); i++)
		html(h, " <a href='/cases/bulletin?node={}&from={}&to={}'>{}</a>", b->board.node.id,
		     page_day(call, months[i].from, false), page_day(call, months[i].to, false), months[i].label);
	if (page_may_open(call, "/forms/{form}"))
		html(h, " <a class='btn sm' href='/forms/f13?node={}&filter={}'>红头通报（Word、PDF）</a>", b->board.node.id,
		     page_text(call, "from=%d&to=%d", b->from_day, b->to_day));
}

/* The names of those on the first or the last place. */
static const char *names_of(struct web_call *call, const struct ledger_standing *list, int n,
			    bool first)
{
	const char *names = "";
	int place = first ? 1 : list[n - 1].place;
	for (int i = 0; i < n; i++)
		if (list[i].place == place)
			names = page_text(call, "%s%s%s", names, *names ? "、" : "", list[i].name);
	return names;
}

void page_ledger_bulletin(struct web_call *call, struct html *h)
{
	const struct ledger_bulletin *b = call->model;
	struct ledger_standing *list;
	int n = standings(call, b, &list), open = 0;
	struct page page = {.title = "整顿工作通报", .menu = "/cases"};
	char from[16], to[16];

	for (int i = 0; i < b->board.n_cases; i++)
		open += case_is_open(b->board.cases[i].state);
	day_format(b->from_day, from);
	day_format(b->to_day, to);
	page_org_crumbs(call, b->board.crumbs, b->board.n_crumbs, "通报", &page);
	page_begin(call, h, &page);
	form_problem(call, h, ledger_bulletin_fields);
	html(h, "<form class='bar noprint' method='get' action='/cases/bulletin'><input type='hidden' name='node' value='{}'>",
	     b->board.node.id);
	form_filter_day(call, h, "from", from);
	form_filter_day(call, h, "to", to);
	html(h, "<button class='btn sm'>重写</button>");
	write_periods(call, h, b);
	html(h, "</form>\n");
	html(h, "<article class='sheet'><h1>软弱涣散基层党组织整顿工作通报</h1><p class='note'>{} · {} 至 {}</p>\n",
	     b->board.node.name, from, to);
	html(h, "<p>目前在账 {} 个。这段时间列为候选 {} 个，审定列入 {} 个，开始整改 {} 个，自查上报 {} 个，验收通过 {} 个、不通过 {} 个，销号 {} 个，反弹 {} 个；"
		"走访 {} 次。</p>\n", open, count_events(b, CASE_EVENT_LISTED),
	     count_events(b, CASE_APPROVE), count_events(b, CASE_START), count_events(b, CASE_REPORT),
	     count_events(b, CASE_ACCEPT), count_events(b, CASE_REJECT), count_events(b, CASE_WRITE_OFF),
	     count_events(b, CASE_RELAPSE), count_events(b, CASE_EVENT_VISIT));
	if (n) {
		html(h, "<h2>各党委进展</h2><table class='data sort'><caption class='vh'>各党委进展</caption><thead><tr><th scope='col'>位次</th><th scope='col'>党委</th>"
			"<th scope='col' class='n sum'>问题</th><th scope='col' class='n sum'>办结</th><th scope='col' class='n sum'>逾期</th></tr></thead><tbody>\n");
		for (int i = 0; i < n; i++)
			html(h, "<tr><td>{}</td><th scope='row'>{}</th><td class='n'>{}</td><td class='n'>{}</td><td class='n'>{}</td></tr>\n",
			     list[i].place, list[i].name, list[i].problems, list[i].done, list[i].late);
		html(h, "</tbody></table>\n");
		if (list[n - 1].place > 1)
			html(h, "<p>办结最快的是{}，最慢的是{}。位次按办结的比例排，一样的看逾期。</p>\n", names_of(call, list, n, true),
			     names_of(call, list, n, false));
	}
	write_late(call, h, &b->board);
	html(h, "<h2>动态</h2><ul class='list'>\n");
	for (int i = 0; i < b->n_events; i++)
		if (b->events[i].act < CASE_ACT_COUNT)
			html(h, "<li><span class='r'>{}</span><a href='/cases/{}'>{}</a> <b>{}</b> {}</li>\n",
			     page_day(call, b->events[i].day, true), b->events[i].case_id, b->events[i].org_name,
			     case_event_label(b->events[i].act), b->events[i].text);
	html(h, "</ul>\n");
	if (!b->n_events)
		html(h, "<p class='note'>这段时间没有变化。</p>\n");
	html(h, "</article>\n");
	page_end(call, h);
}

json_t *json_ledger_bulletin(struct web_call *call)
{
	const struct ledger_bulletin *b = call->model;
	json_t *events = json_array(), *order = json_array();
	struct ledger_standing *list;
	int n = standings(call, b, &list);
	for (int i = 0; i < b->n_events; i++) {
		char day[16];
		day_format(b->events[i].day, day);
		json_array_append_new(events, json_pack("{s:s, s:s, s:s, s:s}", "day", day, "name", b->events[i].org_name,
							"what", case_event_label(b->events[i].act), "text", b->events[i].text));
	}
	for (int i = 0; i < n; i++)
		json_array_append_new(order, json_pack("{s:s, s:i, s:i, s:i}", "committee", list[i].name, "problems",
						       list[i].problems, "done", list[i].done, "late", list[i].late));
	return json_pack("{s:o, s:o}", "events", events, "committees", order);
}
