/* SPDX-License-Identifier: Apache-2.0 */
/* The survey: one organisation at a time, on a phone in the village, too. */
#include <string.h>

#include "domain/exact.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_listed.h"
#include "web/pages/pages_score.h"
#include "web/pages/pages_survey.h"
#include "web/table.h"

#define CAMPAIGN \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define NODE \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define ORG \
	{.name = "org", .label = "党组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

const struct web_field survey_list_fields[] = {CAMPAIGN, NODE, TABLE_FIELDS, {0}};
const struct web_field survey_fields[] = {CAMPAIGN, ORG, {0}};
const struct web_field survey_save_fields[] = {
	CAMPAIGN, ORG,
	{.name = "question", .label = "题", .type = WEB_TEXT, .many = true, .max = 8, .pattern = "0-9"},
	{.name = "answer", .label = "回答", .type = WEB_TEXT, .many = true, .blanks = true, .max = 2000},
	{.name = "reached", .label = "听取意见的人数", .type = WEB_TEXT, .many = true, .blanks = true,
	 .max = 9, .pattern = "0-9"},
	{.name = "waiver", .label = "覆盖不够的理由", .type = WEB_TEXT, .max = 500},
	{0},
};
const struct web_field survey_team_fields[] = {
	CAMPAIGN, NODE,
	{.name = "team", .label = "编号", .type = WEB_INT, .min = 1, .max = 100000},
	{.name = "name", .label = "调查组", .type = WEB_TEXT, .max = 100, .hint = "例如 第一调查组"},
	{.name = "leader", .label = "组长", .type = WEB_TEXT, .max = 100},
	{.name = "members", .label = "成员", .type = WEB_TEXT, .max = 100, .hint = "用顿号隔开"},
	{0},
};

struct survey_page {
	struct survey_view view;
	const struct survey_put *puts;
	int n_puts, wrong;
	const char *address;
};

static int load(struct web_call *call, struct survey_page **ret_page)
{
	struct survey_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);
	int64_t campaign = web_number(call, "campaign", 0), org = web_number(call, "org", 0);

	if (!p)
		return err_nomem(&call->info);
	p->address = page_text(call, "/campaigns/%lld/orgs/%lld/survey", (long long)campaign,
			       (long long)org);
	*ret_page = p;
	return surveys_get(call->web->app, &caller, campaign, org, call->arena, &p->view, &call->info);
}

int act_survey(struct web_call *call)
{
	struct survey_page *p = NULL;
	int r = load(call, &p);
	call->model = p;
	return r;
}

static int read_puts(struct web_call *call, struct survey_put **ret_puts, int *ret_n)
{
	const struct web_value *questions = web_value(call, "question"), *answers = web_value(call, "answer");
	struct survey_put *puts = arena_zalloc(call->arena, (size_t)questions->n + 1, sizeof(*puts));

	if (!puts)
		return err_nomem(&call->info);
	if (questions->n != answers->n)
		return err_set(&call->info, ERR_INPUT, "题和回答的个数不一样");
	for (int i = 0; i < questions->n; i++) {
		uint64_t question;
		if (!digits_parse(questions->texts[i], SCHEME_LIST_MAX, &question))
			return err_set(&call->info, ERR_INPUT, "题号不对");
		puts[i].question = (int)question;
		puts[i].value = arena_strndup(call->arena, answers->texts[i].len ? answers->texts[i].data : "",
					      answers->texts[i].len);
		if (!puts[i].value)
			return err_nomem(&call->info);
	}
	*ret_puts = puts;
	*ret_n = questions->n;
	return 0;
}

/* As many numbers as classes and channels; what is left empty stays. */
static int read_reached(struct web_call *call, const struct scheme *scheme, int64_t **ret_reached)
{
	const struct web_value *values = web_value(call, "reached");
	int n = VOTERS_COUNT * survey_n_channels(scheme);
	int64_t *reached = arena_zalloc(call->arena, (size_t)n, sizeof(*reached));

	if (!reached)
		return err_nomem(&call->info);
	*ret_reached = NULL;
	if (values->n != n)
		return values->n ? err_set(&call->info, ERR_INPUT, "人数没有填全") : 0;
	for (int i = 0; i < n; i++) {
		uint64_t value = 0;
		reached[i] = -1;
		if (values->texts[i].len && digits_parse(values->texts[i], 100000000, &value))
			reached[i] = (int64_t)value;
	}
	*ret_reached = reached;
	return 0;
}

int act_survey_save(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct survey_page *p = NULL;
	struct survey_put *puts = NULL;
	int64_t *reached = NULL;
	int n = 0, wrong = 0, r = read_puts(call, &puts, &n);

	if (r == 0)
		r = load(call, &p);
	if (r == 0)
		r = read_reached(call, p->view.scheme, &reached);
	if (r == 0)
		r = surveys_save(call->web->app, &caller, web_number(call, "campaign", 0),
				 web_number(call, "org", 0), puts, n, reached, web_text(call, "waiver"),
				 call->arena, &wrong, &call->info);
	if (r)
		return r;
	call->model = p;
	if (!wrong) {
		call->location = p->address;
		call->note = "已保存";
		return 0;
	}
	if ((r = load(call, &p)) < 0)
		return r;
	p->puts = puts;
	p->n_puts = n;
	p->wrong = wrong;
	call->model = p;
	call->problem_status = 422;
	return 0;
}

/* ---- one organisation ---- */

static const struct survey_put *put_of(const struct survey_page *p, int question)
{
	for (int i = 0; i < p->n_puts; i++)
		if (p->puts[i].question == question && p->puts[i].wrong)
			return &p->puts[i];
	return NULL;
}

static void write_option(struct html *h, const char *value, const char *label, const char *now)
{
	html(h, "<option value='{}'", value);
	if (strcmp(value, now) == 0)
		html(h, " selected");
	html(h, ">{}</option>", label);
}

static void write_answer(struct web_call *call, struct html *h, const struct scheme_question *q, int i,
			 const char *now)
{
	switch (q->ask) {
	case ASK_YES_NO:
		html(h, "<select id='q-{}' name='answer'><option value=''>请选择</option>", i);
		write_option(h, "yes", "是", now);
		write_option(h, "no", "否", now);
		html(h, "</select>");
		break;
	case ASK_CHOICE:
		html(h, "<select id='q-{}' name='answer'><option value=''>请选择</option>", i);
		for (int c = 0; c < q->choices.n; c++)
			write_option(h, page_text(call, "%d", c), q->choices.at[c], now);
		html(h, "</select>");
		break;
	case ASK_NUMBER:
		html(h, "<input id='q-{}' name='answer' inputmode='decimal' maxlength='20' value='{}'>", i, now);
		break;
	default:
		html(h, "<input id='q-{}' name='answer' maxlength='2000' value='{}'>", i, now);
	}
}

static void write_question(struct web_call *call, struct html *h, const struct survey_page *p, int i,
			   int nth)
{
	const struct scheme_question *q = &p->view.scheme->survey[i];
	const struct survey_answer *a = &p->view.answers[i];
	const struct survey_put *wrong = put_of(p, i);

	html(h, "<div class='row'><label for='q-{}'>{}</label><input type='hidden' name='question' value='{}'>", i,
	     q->label, i);
	write_answer(call, h, q, i, form_typed(call, survey_save_fields, "answer", nth,
					       wrong ? wrong->value : a->answer));
	if (wrong)
		html(h, "<p class='err'>{}</p>", wrong->wrong);
	else if (a->red)
		html(h, "<p class='hint'><span class='light bad'>预警</span>{}</p>",
		     q->criterion >= 0 ? page_text(call, "：%s", p->view.scheme->criteria[q->criterion].label) : "");
	else if (q->ask == ASK_NUMBER && *q->unit)
		html(h, "<p class='hint'>{}</p>", q->unit);
	html(h, "</div>\n");
}

static const char *channel_label(const struct scheme *scheme, int channel)
{
	return channel < 0 ? "当面" : scheme->coverage.channels.at[channel];
}

static void write_coverage(struct web_call *call, struct html *h, const struct survey_page *p)
{
	const struct survey_view *v = &p->view;
	int channels = survey_n_channels(v->scheme);

	html(h, "<div class='sec gap-t'><h2>听取了多少人的意见</h2><span class='note'>只记多少人，不记姓名</span></div>\n<ul class='gate'>");
	for (int i = 0; i < VOTERS_COUNT; i++) {
		if (!v->need[i])
			continue;
		const char *who = voters_label((enum voters)i);
		if (v->need[i] < 0)
			html(h, "<li>{}：总数没有登记，算不出要多少人</li>", who);
		else
			html(h, "<li class='{}'>{}：要 {} 人，已听取 {} 人</li>",
			     v->reach[i] >= v->need[i] ? "y" : "", who, v->need[i], v->reach[i]);
	}
	html(h, "</ul>\n<table class='data reach'><caption class='vh'>听取意见的人数</caption><thead><tr><th scope='col'></th>");
	for (int c = 0; c < channels; c++)
		html(h, "<th scope='col' class='n'>{}</th>", channel_label(v->scheme, c - 1));
	html(h, "</tr></thead><tbody>\n");
	for (int i = 0; i < VOTERS_COUNT; i++) {
		html(h, "<tr><th scope='row'>{}</th>", voters_label((enum voters)i));
		for (int c = 0; c < channels; c++) {
			int64_t n = v->reached[i * channels + c];
			if (v->may_write)
				html(h, "<td class='n'><input name='reached' inputmode='numeric' maxlength='9' size='4' "
					"aria-label='{}，{}' value='{}'></td>", voters_label((enum voters)i),
				     channel_label(v->scheme, c - 1),
				     form_typed(call, survey_save_fields, "reached", i * channels + c,
						page_text(call, "%lld", (long long)n)));
			else
				html(h, "<td class='n'>{}</td>", n);
		}
		html(h, "</tr>\n");
	}
	html(h, "</tbody></table>\n");
	if (!v->may_write)
		return;
	html(h, "<div class='form-rows gap-s'>");
	html(h, "<div class='row'><label for='f-waiver'>覆盖不够的理由</label><input id='f-waiver' name='waiver' maxlength='500' "
		"value='{}'><p class='hint'>有人始终联系不上的，写明理由后不影响定级</p></div></div>\n",
	     form_typed(call, survey_save_fields, "waiver", 0, v->state == STEP_WAIVED ? v->note : ""));
}

/* Whose opinion the document wants to hear first (ZJ-8). */
static void write_hear(struct html *h, const struct scheme *scheme)
{
	if (!scheme->teams.hear.n)
		return;
	html(h, "<p class='note'>逐项问清，如实填写；着重听取：");
	for (int i = 0; i < scheme->teams.hear.n; i++)
		html(h, "{}{}", i ? "、" : "", scheme->teams.hear.at[i]);
	html(h, "</p>\n");
}

void page_survey(struct web_call *call, struct html *h)
{
	const struct survey_page *p = call->model;
	const struct survey_view *v = &p->view;
	struct page page = {.title = page_text(call, "%s调查", v->org.name)};

	score_crumbs(call, &v->campaign, &v->org, "调查", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度调查</h1><p class='note'>已答 {}/{} 题，{} 项预警</p></div></div>\n",
	     v->org.name, v->campaign.year, v->answered, v->asked, v->red);
	page_not_yet(h, v->why_not);
	write_hear(h, v->scheme);
	form_problem(call, h, survey_save_fields);
	if (p->wrong)
		html(h, "<p class='problem' role='alert'>其余已保存，有 {} 题要改</p>\n", p->wrong);
	if (v->asked) {
		html(h, "<form method='post' action='{}'><input type='hidden' name='_csrf' value='{}'>\n<fieldset class='form-rows'",
		     p->address, call->csrf);
		if (!v->may_write)
			html(h, " disabled");
		html(h, ">");
		for (int i = 0, nth = 0; i < v->scheme->n_survey; i++)
			if (survey_asks(&v->scheme->survey[i], v->org.category))
				write_question(call, h, p, i, nth++);
		html(h, "</fieldset>\n");
		write_coverage(call, h, p);
		if (v->may_write)
			html(h, "<div class='acts gap-t'><button class='btn main'>保存调查</button></div>");
		html(h, "</form>\n");
	}
	page_end(call, h);
}

/* A question with all that somebody needs who fills it in elsewhere. */
static json_t *question_json(const struct survey_view *v, int i)
{
	static const char *const asks[] = {
		[ASK_YES_NO] = "yes-no", [ASK_CHOICE] = "choice", [ASK_NUMBER] = "number", [ASK_TEXT] = "text",
	};
	const struct scheme_question *q = &v->scheme->survey[i];
	json_t *choices = json_array();
	for (int k = 0; k < q->choices.n; k++)
		json_array_append_new(choices, json_string(q->choices.at[k]));
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:s, s:b}", "question", i, "id", q->id, "label",
			 q->label, "ask", asks[q->ask], "unit", q->unit, "choices", choices, "answer",
			 v->answers[i].answer, "red", v->answers[i].red);
}

json_t *json_survey(struct web_call *call)
{
	const struct survey_page *p = call->model;
	const struct survey_view *v = &p->view;
	json_t *answers = json_array(), *wrong = json_array();

	for (int i = 0; i < v->scheme->n_survey; i++)
		if (survey_asks(&v->scheme->survey[i], v->org.category))
			json_array_append_new(answers, question_json(v, i));
	for (int i = 0; i < p->n_puts; i++)
		if (p->puts[i].wrong)
			json_array_append_new(wrong, json_pack("{s:i, s:s}", "question", p->puts[i].question, "why",
							       p->puts[i].wrong));
	return json_pack("{s:o, s:o, s:i, s:i, s:i, s:b, s:i, s:b, s:s*}", "answers", answers, "wrong",
			 wrong, "asked", v->asked, "answered", v->answered, "red", v->red, "covered",
			 v->covered, "reached_cells", VOTERS_COUNT * survey_n_channels(v->scheme), "may_write",
			 v->may_write, "why_not", v->why_not);
}

/* ---- the list ---- */

static const struct table_column columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE, false},
	{"name", "党组织", COLUMN_NAME, ROOM_ALWAYS, false},
	{"state", "调查", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{"answered", "已答", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"asked", "共（题）", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"red", "预警（项）", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct list_page {
	struct survey_list list;
	struct web_table table;
};

static struct table_cell state_cell(const struct survey_row *r)
{
	if (r->state == STEP_DONE)
		return (struct table_cell){.text = "已完成", .tone = TONE_OK};
	if (r->state == STEP_WAIVED)
		return (struct table_cell){.text = "覆盖不够，已说明", .tone = TONE_WARN};
	if (r->answered && r->answered == r->asked)
		return (struct table_cell){.text = "覆盖不够", .tone = TONE_WARN};
	return (struct table_cell){.text = r->answered ? "填写中" : "没有填",
				   .tone = r->answered ? TONE_WARN : TONE_OFF};
}

int act_survey_list(struct web_call *call)
{
	struct list_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	int r = surveys_list(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0), call->arena, &p->list, &call->info);
	if (r < 0)
		return r;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)(p->list.listed.n + 1) * N_COLUMNS,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < p->list.listed.n; i++) {
		const struct survey_row *row = &p->list.rows[i];
		struct table_cell *cell = &cells[(size_t)i * N_COLUMNS];
		cell[0].text = row->org.code;
		cell[1].text = row->org.name;
		cell[1].href = page_text(call, "/campaigns/%lld/orgs/%lld/survey",
					 (long long)p->list.campaign.id, (long long)row->org.id);
		cell[2] = state_cell(row);
		cell[3].number = row->answered;
		cell[4].number = row->asked;
		cell[5].number = row->red;
	}
	r = listed_table(call, &p->list.listed, p->list.scheme, STEP_SURVEY, "survey", "survey", columns,
			 cells, &p->table);
	p->table.id = "surveys";
	p->table.caption = "各党组织的调查";
	return r;
}

/* The conditions that are rolled up level by level (CT-7), also those nobody has. */
static void write_conditions(struct html *h, const struct survey_list *l)
{
	int n = 0;
	for (int i = 0; i < l->scheme->n_survey; i++) {
		if (!l->scheme->survey[i].condition)
			continue;
		if (!n++)
			html(h, "<div class='sec'><h2>逐级汇总的状况</h2><span class='note'>有这种状况的党组织</span></div>"
				"<ul class='list'>");
		html(h, "<li><b class='r'>{} 个</b>{}</li>", l->red_counts[i], l->scheme->survey[i].label);
	}
	if (n)
		html(h, "</ul>\n");
}

static void write_reds(struct html *h, const struct survey_list *l)
{
	write_conditions(h, l);
	int n = 0;
	html(h, "<div class='sec'><h2>预警汇总</h2><span class='note'>有这一项的党组织</span></div><ul class='list'>");
	for (int i = 0; i < l->scheme->n_survey; i++)
		if (l->red_counts[i] && !l->scheme->survey[i].condition && ++n)
			html(h, "<li><b class='r'>{} 个</b>{}</li>", l->red_counts[i], l->scheme->survey[i].label);
	if (!n)
		html(h, "<li>还没有</li>");
	html(h, "</ul>\n");
}

static void write_teams(struct web_call *call, struct html *h, const struct survey_list *l)
{
	html(h, "<div class='sec gap-t'><h2>调查组</h2>");
	if (l->scheme->teams.count)
		html(h, "<span class='note'>方案要求 {} 个，这里登记了 {} 个</span>", l->scheme->teams.count, l->n_teams);
	html(h, "</div>");
	write_hear(h, l->scheme);
	html(h, "<ul class='list'>");
	for (int i = 0; i < l->n_teams; i++) {
		const struct survey_team *t = &l->teams[i];
		html(h, "<li><b>{}</b>：{}<p>组长 {}，成员 {}</p><form method='post' action='/campaigns/{}/survey/team'>"
			"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' value='{}'>"
			"<input type='hidden' name='team' value='{}'><button class='link'>去掉</button></form></li>",
		     t->name, t->node_name, t->leader, t->members, l->campaign.id, call->csrf, t->node, t->team);
	}
	html(h, "</ul>\n");
	struct form form = form_begin(call, h, page_text(call, "/campaigns/%lld/survey/team",
							 (long long)l->campaign.id), survey_team_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)l->node.id));
	form_row(&form, "name", NULL);
	form_row(&form, "leader", NULL);
	form_row(&form, "members", NULL);
	form_end(&form, "增加调查组", "", NULL);
}

void page_survey_list(struct web_call *call, struct html *h)
{
	const struct list_page *p = call->model;
	const struct survey_list *l = &p->list;
	struct page page = {.title = page_text(call, "%s调查摸底", l->node.name)};

	score_crumbs(call, &l->campaign, &l->node, "调查摸底", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度调查摸底</h1><p class='note'>", l->node.name, l->campaign.year);
	listed_note(h, &l->listed, "点名称填写");
	html(h, "</p></div>");
	if (l->scheme->n_survey)
		html(h, "<div class='acts'><a class='btn' href='/campaigns/{}/survey/import?node={}'>导入 Excel</a>"
			"<a class='btn' hx-boost='false' href='/campaigns/{}/survey/export?node={}&amp;format=xlsx'>"
			"导出</a></div>", l->campaign.id, l->node.id, l->campaign.id, l->node.id);
	html(h, "</div>\n");
	page_not_yet(h, l->scheme->n_survey ? NULL : "这个方案没有调查问题");
	html(h, "<div class='cols'><section>\n");
	table_write(call, h, &p->table);
	html(h, "</section><section>\n");
	write_reds(h, l);
	write_teams(call, h, l);
	html(h, "</section></div>\n");
	page_end(call, h);
}

json_t *json_survey_list(struct web_call *call)
{
	const struct list_page *p = call->model;
	json_t *json = table_json(&p->table), *reds = json_object();

	for (int i = 0; i < p->list.scheme->n_survey; i++)
		if (p->list.red_counts[i])
			json_object_set_new(reds, p->list.scheme->survey[i].id,
					    json_integer(p->list.red_counts[i]));
	json_object_set_new(json, "reds", reds);
	json_t *teams = json_array(), *conditions = json_object();
	for (int i = 0; i < p->list.n_teams; i++)
		json_array_append_new(teams, json_pack("{s:s, s:s, s:s, s:s}", "name", p->list.teams[i].name, "leader",
						       p->list.teams[i].leader, "members", p->list.teams[i].members,
						       "area", p->list.teams[i].node_name));
	for (int i = 0; i < p->list.scheme->n_survey; i++)
		if (p->list.scheme->survey[i].condition)
			json_object_set_new(conditions, p->list.scheme->survey[i].id,
					    json_integer(p->list.red_counts[i]));
	json_object_set_new(json, "teams", teams);
	json_object_set_new(json, "teams_wanted", json_integer(p->list.scheme->teams.count));
	json_object_set_new(json, "conditions", conditions);
	return json;
}

int act_survey_team(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct survey_team team = {
		.team = (int)web_number(call, "team", 0), .name = web_text(call, "name"),
		.leader = web_text(call, "leader"), .members = web_text(call, "members"),
		.node = web_number(call, "node", 0)};

	call->location = page_text(call, "/campaigns/%lld/survey?node=%lld",
				   (long long)web_number(call, "campaign", 0), (long long)team.node);
	call->note = *team.name ? "已保存调查组" : "已去掉调查组";
	return surveys_team(call->web->app, &caller, web_number(call, "campaign", 0), &team, &call->info);
}
