/* SPDX-License-Identifier: Apache-2.0 */
/* The ballot boxes of a place, and a new one. */
#include <string.h>
#include <time.h>

#include "app/ballot_case.h"
#include "app/campaigns.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ballot.h"

#define DEFAULT_OPTIONS "好 一年来做得好，我满意\n较好 大体做得好，有小的不足\n一般 过得去，有明显的不足\n较差 问题多，需要整顿"
#define DEFAULT_QUESTION "你对党组织今年的工作怎么看？"

static const struct web_choice per_choices[] = {
	{"overall", "按方案的测评内容（没有就一项）"}, {"indicators", "每个指标各一项"}, {NULL, NULL},
};

const struct web_field ballot_list_fields[] = {
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{0},
};
const struct web_field ballot_new_page_fields[] = {
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{.name = "case", .label = "整改案件", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{0},
};
const struct web_field ballot_new_fields[] = {
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX,
	 .hint = "票数计入这次年度工作；选项用它的方案里的"},
	{.name = "case", .label = "整改案件", .type = WEB_INT, .min = 0, .max = INT64_MAX,
	 .hint = "整改验收听取群众意见：名称、测评内容和选项都是定好的"},
	{.name = "title", .label = "名称", .type = WEB_TEXT, .required = true, .max = BALLOT_TITLE_MAX},
	{.name = "orgs", .label = "测评哪些组织", .type = WEB_TEXT, .many = true, .max = 20, .pattern = "0-9",
	 .hint = "一次会议可以测评几个组织；不选就是本组织"},
	{.name = "members", .label = "党员人数", .type = WEB_INT, .min = 0, .max = BALLOT_HEADS_MAX},
	{.name = "residents", .label = "群众人数", .type = WEB_INT, .min = 0, .max = BALLOT_HEADS_MAX,
	 .hint = "能来投票的人数，只记人数，不记名字"},
	{.name = "day", .label = "日期", .type = WEB_DATE, .required = true},
	{.name = "opens", .label = "开箱时间", .type = WEB_TEXT, .required = true, .max = 5, .pattern = "0-9:",
	 .hint = "例如 09:00"},
	{.name = "closes", .label = "关箱时间", .type = WEB_TEXT, .required = true, .max = 5, .pattern = "0-9:"},
	{.name = "per", .label = "测评内容", .type = WEB_CHOICE, .choices = per_choices},
	{.name = "questions", .label = "自拟测评内容", .type = WEB_AREA, .max = 1200,
	 .hint = "一行一项；选了年度工作就不用填"},
	{.name = "options", .label = "自拟选项", .type = WEB_AREA, .max = 600,
	 .hint = "一行一个，从好到差，后面可以加说明；选了年度工作就不用填"},
	{0},
};

/* ---- the list ---- */

struct ballot_list_page {
	struct org_detail detail;
	struct ballot_boxes list;
	struct campaign_detail campaign;	/* of which the boxes are, if one was asked for */
};

int act_ballot_list(struct web_call *call)
{
	struct ballot_list_page *page = arena_zalloc(call->arena, 1, sizeof(*page));
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0), campaign = web_number(call, "campaign", 0);
	int r = page ? 0 : err_nomem(&call->info);

	call->model = page;
	if (r == 0 && !node)
		r = page_top_node(call, &node);
	if (r == 0)
		r = roster_detail(call->web->app, &caller, node, call->arena, &page->detail, &call->info);
	if (r == 0 && campaign)
		r = campaigns_get(call->web->app, &caller, campaign, node, call->arena, &page->campaign,
				  &call->info);
	return r ? r : ballot_list(call->web->app, &caller, node, campaign, call->arena, &page->list,
				   &call->info);
}

void ballot_write_purpose(struct html *h, const struct ballot_box *box)
{
	if (box->campaign)
		html(h, "<a href='/campaigns/{}?node={}'>{}</a>", box->campaign, box->node, box->campaign_title);
	else if (box->case_id)
		html(h, "<a href='/cases/{}'>整改验收听意见</a>", box->case_id);
	else
		html(h, "单独的测评");
}

void page_ballot_list(struct web_call *call, struct html *h)
{
	const struct ballot_list_page *list = call->model;
	const struct org *org = &list->detail.org;
	struct page page = {.title = "民主测评", .menu = "/ballots"};

	page_org_crumbs(call, list->detail.crumbs, list->detail.n_crumbs, "民主测评", &page);
	page_begin(call, h, &page);
	int64_t campaign = list->campaign.campaign.id;
	html(h, "<div class='head'><div><h1>民主测评</h1><p class='note'>{} · {}不记名票箱</p></div><div class='acts'>",
	     org->name, campaign ? page_text(call, "%s · ", list->campaign.campaign.title) : "");
	if (campaign)
		html(h, "<a class='btn' href='/campaigns/{}/counts?node={}'>计票和参评人数</a>", campaign, org->id);
	if (list->list.may_hold && campaign)
		html(h, "<a class='btn main' href='/ballots/new?node={}&amp;campaign={}'>设一个票箱</a>", org->id, campaign);
	else if (list->list.may_hold)
		html(h, "<a class='btn main' href='/ballots/new?node={}'>设一个票箱</a>", org->id);
	html(h, "</div></div>\n");
	if (!list->list.n) {
		html(h, "<div class='empty'><p>还没有票箱。</p><p class='note'>票箱按组织设，几个组织开一次会的，"
			"在乡镇设一个。</p></div>\n");
		page_end(call, h);
		return;
	}
	html(h, "<table class='data sort stack'><caption class='vh'>票箱</caption><thead><tr><th scope='col'>组织</th><th scope='col'>名称</th>"
		"<th scope='col'>用于</th><th scope='col'>关箱时间</th><th scope='col'>情况</th></tr></thead><tbody>\n");
	for (int i = 0; i < list->list.n; i++) {
		const struct ballot_box *box = &list->list.boxes[i];
		html(h, "<tr><th scope='row'><a href='/ballots/{}'>{}</a></th><td data-l='名称'>{}</td>"
			"<td data-l='用于'>", box->id, box->node_name, box->title);
		ballot_write_purpose(h, box);
		html(h, "</td><td data-l='关箱'>{}</td><td data-l='情况'>{}</td></tr>\n",
		     page_time(call, box->closes_ms), box_state_label(box->state));
	}
	html(h, "</tbody></table>\n");
	if (list->list.n == BALLOT_BOXES_SHOWN)
		html(h, "<p class='note'>只列出最近的 {} 个，更早的请到下级组织查找。</p>\n", list->list.n);
	page_end(call, h);
}

json_t *json_ballot_list(struct web_call *call)
{
	const struct ballot_list_page *list = call->model;
	json_t *boxes = json_array();

	for (int i = 0; i < list->list.n; i++) {
		const struct ballot_box *box = &list->list.boxes[i];
		json_array_append_new(boxes, json_pack("{s:I, s:I, s:s, s:s, s:I, s:I}", "id", (json_int_t)box->id,
						       "node", (json_int_t)box->node, "title", box->title, "state",
						       box_state_label(box->state), "campaign",
						       (json_int_t)box->campaign, "case", (json_int_t)box->case_id));
	}
	return json_pack("{s:I, s:o}", "node", (json_int_t)list->detail.org.id, "boxes", boxes);
}

/* ---- a new one ---- */

struct ballot_new_model {
	struct org_detail detail;
	struct campaign *campaigns;
	int n_campaigns;
};

int act_ballot_new_page(struct web_call *call)
{
	struct ballot_new_model *model = arena_zalloc(call->arena, 1, sizeof(*model));
	struct caller caller = page_caller(call);
	int r = model ? 0 : err_nomem(&call->info);

	call->model = model;
	if (r == 0)
		r = roster_detail(call->web->app, &caller, web_number(call, "node", 0), call->arena,
				  &model->detail, &call->info);
	return r ? r : campaigns_of(call->web->app, &caller, web_number(call, "node", 0), call->arena,
				    &model->campaigns, &model->n_campaigns, &call->info);
}

static const struct web_choice *campaign_choices(struct web_call *call,
						 const struct ballot_new_model *model)
{
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)model->n_campaigns + 1,
						  sizeof(*choices));
	int n = 0;

	for (int i = 0; choices && i < model->n_campaigns; i++) {
		const struct campaign *c = &model->campaigns[i];
		if (c->state == CAMPAIGN_OPEN && c->kind == CAMPAIGN_GRADING)
			choices[n++] = (struct web_choice){page_text(call, "%lld", (long long)c->id), c->title};
	}
	return choices;
}

static void write_orgs(struct web_call *call, const struct form *form,
		       const struct ballot_new_model *model)
{
	const struct org_detail *d = &model->detail;
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)d->n_children + 1, sizeof(*choices));
	int n = 0;

	if (d->org.level == LEVEL_UNIT || !choices)
		return;
	for (int i = 0; i < d->n_children && n < WEB_MANY_MAX; i++)
		if (d->children[i].org.state == ORG_ACTIVE)
			choices[n++] = (struct web_choice){
				page_text(call, "%lld", (long long)d->children[i].org.id),
				d->children[i].org.name};
	if (n)
		form_row_many(form, "orgs", NULL, choices);
}

/* What is asked, of whom, and for what. */
static void write_asked(struct web_call *call, const struct form *form,
			const struct ballot_new_model *model)
{
	const struct web_choice *campaigns = campaign_choices(call, model);
	int64_t campaign = web_number(call, "campaign", 0);

	int year = page_today(call) / 10000;
	for (int i = 0; i < model->n_campaigns; i++)
		if (model->campaigns[i].id == campaign)
			year = model->campaigns[i].year;
	form_row_choice(form, "campaign", campaign ? page_text(call, "%lld", (long long)campaign)
			: campaigns && campaigns[0].id ? campaigns[0].id : NULL, campaigns);
	form_row(form, "title", page_text(call, "%d 年度民主测评", year));
	write_orgs(call, form, model);
}

/* Opinions on a case: all but who votes and when is given. */
static void write_for_case(struct web_call *call, struct html *h, const struct form *form,
			   int64_t ledger_case)
{
	form_hidden(form, "case", page_text(call, "%lld", (long long)ledger_case));
	form_hidden(form, "title", "整改验收群众评议");
	html(h, "<p class='note'>整改验收听取群众意见：问“你对整改的结果满意吗？”，选“满意”“基本满意”“不满意”。"
		"票箱打开以后，票数自动填进验收评分表；不足 5 票的，票数不公布，要用别的办法再听意见。</p>\n");
}

void page_ballot_new(struct web_call *call, struct html *h)
{
	const struct ballot_new_model *model = call->model;
	const struct org *org = &model->detail.org;
	struct page page = {.title = "设票箱", .menu = "/ballots"};
	int32_t today = page_today(call);

	page_org_crumbs(call, model->detail.crumbs, model->detail.n_crumbs, "设票箱", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>设票箱</h1><p class='note'>{}</p></div></div>\n", org->name);
	struct form form = form_begin(call, h, "/ballots/new", ballot_new_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)org->id));
	int64_t ledger_case = web_number(call, "case", 0);
	if (ledger_case)
		write_for_case(call, h, &form, ledger_case);
	else
		write_asked(call, &form, model);
	form_row(&form, "members", org->members >= 0 ? page_text(call, "%lld", (long long)org->members) : NULL);
	form_row(&form, "residents", org->residents >= 0 ? page_text(call, "%lld", (long long)org->residents)
							 : NULL);
	form_row(&form, "day", page_day(call, today, false));
	form_row(&form, "opens", "08:00");
	form_row(&form, "closes", "18:00");
	if (!ledger_case)
		form_row(&form, "per", "overall");
	/* A campaign's scheme has its own. */
	if (!ledger_case && !web_number(call, "campaign", 0)) {
		form_row(&form, "questions", DEFAULT_QUESTION);
		form_row(&form, "options", DEFAULT_OPTIONS);
	}
	form_end(&form, "设好票箱", "main", ledger_case
		 ? page_text(call, "/cases/%lld", (long long)ledger_case)
		 : page_text(call, "/ballots?node=%lld", (long long)org->id));
	page_end(call, h);
}
/* "9:05" of a day, as UTC milliseconds of China's time; -1. */
static int64_t time_of(int64_t day, struct str text)
{
	int64_t part[2] = {0, 0};
	int at = 0, digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == ':' && at == 0 && digits) {
			at = 1;
			digits = 0;
		} else if (text.data[i] >= '0' && text.data[i] <= '9' && digits < 2) {
			part[at] = part[at] * 10 + (text.data[i] - '0');
			digits++;
		} else {
			return -1;
		}
	}
	struct tm tm = {.tm_year = (int)(day / 10000) - 1900, .tm_mon = (int)(day / 100 % 100) - 1,
			.tm_mday = (int)(day % 100)};
	if (at != 1 || !digits || part[0] > 24 || part[1] > 59)
		return -1;
	return ((int64_t)timegm(&tm) - 8 * 3600 + part[0] * 3600 + part[1] * 60) * 1000;
}

int ballot_read_times(struct web_call *call, int64_t *ret_opens_ms, int64_t *ret_closes_ms)
{
	int64_t day = web_number(call, "day", 0);
	int64_t opens = time_of(day, web_value(call, "opens")->text);
	int64_t closes = time_of(day, web_value(call, "closes")->text);

	if (opens < 0)
		return web_wrong(call, "opens", "时间应像 09:00");
	if (closes < 0)
		return web_wrong(call, "closes", "时间应像 17:30");
	*ret_opens_ms = opens;
	*ret_closes_ms = closes;
	return 0;
}

/* Texts of a setup, in the arena. */
struct texts {
	const char *questions[BALLOT_QUESTIONS_MAX], *options[BALLOT_OPTIONS_MAX],
		*notes[BALLOT_OPTIONS_MAX];
	int64_t orgs[BALLOT_ORGS_MAX];
};

/* The lines of a text; more than `max` count as `max` + 1. */
static int split_lines(struct web_call *call, const char *name, int max, const char **lines)
{
	struct str text = web_value(call, name)->text;
	int n = 0;

	for (size_t at = 0; at < text.len;) {
		const char *end = memchr(text.data + at, '\n', text.len - at);
		size_t len = end ? (size_t)(end - text.data) - at : text.len - at;
		struct str line = str_trim((struct str){text.data + at, len});
		at += len + 1;
		if (!line.len)
			continue;
		if (n == max)
			return max + 1;
		lines[n++] = arena_strndup(call->arena, line.data, line.len);
	}
	return n;
}

/* "好 一年来做得好": the word, and what it means. */
static void split_note(struct web_call *call, struct texts *texts, int i)
{
	const char *blank = strpbrk(texts->options[i], " \t");

	texts->notes[i] = "";
	if (!blank)
		return;
	struct str note = str_trim(str_from(blank));
	texts->notes[i] = arena_strndup(call->arena, note.data, note.len);
	texts->options[i] = arena_strndup(call->arena, texts->options[i],
					  (size_t)(blank - texts->options[i]));
}

static void take_scheme(struct web_call *call, const struct scheme *scheme, struct texts *texts,
			struct ballot_setup *setup)
{
	setup->n_options = scheme->n_options;
	for (int i = 0; i < scheme->n_options && i < BALLOT_OPTIONS_MAX; i++) {
		texts->options[i] = scheme->options[i].label;
		texts->notes[i] = "";
	}
	bool indicators = web_number(call, "per", 0) == 1;
	setup->n_questions = indicators ? scheme->n_indicators : scheme->n_questions;
	for (int i = 0; i < setup->n_questions && i < BALLOT_QUESTIONS_MAX; i++)
		texts->questions[i] = indicators ? scheme->indicators[i].label : scheme->questions[i].label;
	if (!setup->n_questions) {
		setup->n_questions = 1;
		texts->questions[0] = DEFAULT_QUESTION;
	}
}

static int read_questions(struct web_call *call, const struct caller *caller, struct texts *texts,
			  struct ballot_setup *setup)
{
	struct campaign_detail detail;

	if (setup->campaign) {
		int r = campaigns_get(call->web->app, caller, setup->campaign, 0, call->arena, &detail,
				      &call->info);
		if (r == 0)
			take_scheme(call, detail.scheme, texts, setup);
		return r;
	}
	setup->n_options = split_lines(call, "options", BALLOT_OPTIONS_MAX, texts->options);
	for (int i = 0; i < setup->n_options && i < BALLOT_OPTIONS_MAX; i++)
		split_note(call, texts, i);
	setup->n_questions = split_lines(call, "questions", BALLOT_QUESTIONS_MAX, texts->questions);
	return 0;
}

static int read_orgs(struct web_call *call, struct texts *texts, struct ballot_setup *setup)
{
	const struct web_value *orgs = web_value(call, "orgs");

	if (orgs->n > BALLOT_ORGS_MAX)
		return web_wrong(call, "orgs", page_text(call, "最多 %d 个组织", BALLOT_ORGS_MAX));
	for (int i = 0; i < orgs->n; i++) {
		texts->orgs[i] = 0;
		for (size_t k = 0; k < orgs->texts[i].len && k < 18; k++)
			texts->orgs[i] = texts->orgs[i] * 10 + (orgs->texts[i].data[k] - '0');
	}
	setup->n_orgs = orgs->n;
	if (!orgs->n) {
		texts->orgs[0] = setup->node;
		setup->n_orgs = 1;
	}
	return 0;
}

static int created(struct web_call *call, int64_t box)
{
	call->location = page_text(call, "/ballots/%lld", (long long)box);
	call->note = "票箱已设好，下一步请监票人设口令";
	return 0;
}

int act_ballot_new(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct texts *texts = arena_zalloc(call->arena, 1, sizeof(*texts));
	struct ballot_setup setup = {
		.node = web_number(call, "node", 0), .campaign = web_number(call, "campaign", 0),
		.title = web_text(call, "title"),
		.heads = {web_number(call, "members", 0), web_number(call, "residents", 0)},
	};
	int64_t box = 0, ledger_case = web_number(call, "case", 0);

	if (!texts)
		return err_nomem(&call->info);
	int r = ballot_read_times(call, &setup.opens_ms, &setup.closes_ms);
	if (r == 0 && ledger_case) {
		r = ballot_case_create(call->web->app, &caller, ledger_case, setup.heads, setup.opens_ms,
				       setup.closes_ms, &box, &call->info);
		return r ? r : created(call, box);
	}
	if (r == 0)
		r = read_questions(call, &caller, texts, &setup);
	if (r == 0)
		r = read_orgs(call, texts, &setup);
	setup.orgs = texts->orgs;
	setup.questions = texts->questions;
	setup.options = texts->options;
	setup.option_notes = texts->notes;
	if (r == 0)
		r = ballot_create(call->web->app, &caller, &setup, &box, &call->info);
	return r ? r : created(call, box);
}
