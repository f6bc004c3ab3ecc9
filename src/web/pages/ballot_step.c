/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to a box, step by step. The pass phrases of the counters are
 * typed at the township's computer; nothing keeps them. */
#include <string.h>

#include "report/ballot_pdf.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ballot.h"

#define BOX {.name = "box", .label = "票箱", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define COUNTER(name_, label_) \
	{.name = (name_), .label = (label_), .type = WEB_INT, .required = true, .min = 1, \
	 .max = BALLOT_COUNTERS_MAX}
#define PHRASE(name_, label_, required_) \
	{.name = (name_), .label = (label_), .type = WEB_SECRET, .required = (required_), \
	 .max = BALLOT_PHRASE_MAX}
#define PAIR \
	COUNTER("a", "第一名监票人"), PHRASE("phrase_a", "他的口令", true), \
	COUNTER("b", "第二名监票人"), PHRASE("phrase_b", "他的口令", true)

static const struct web_choice classes[] = {{"member", "党员"}, {"resident", "群众"}, {NULL, NULL}};
/* Several forms stand on one page: no two have a field of one name. */
#define CLASS(name_) {.name = (name_), .label = "票", .type = WEB_CHOICE, .required = true, .choices = classes}

static const struct web_choice slip_acts[] = {
	[BALLOT_ACTIVATE] = {"activate", "启用这些代码的票"},
	[BALLOT_ACTIVATE_REST] = {"activate-rest", "启用其余全部"},
	[BALLOT_VOID] = {"void", "作废这些代码的票"},
	[BALLOT_VOID_REST] = {"void-rest", "作废其余全部"},
	{NULL, NULL},
};

const struct web_field ballot_keys_fields[] = {
	BOX,
	{.name = "name1", .label = "监票人一", .type = WEB_TEXT, .required = true, .max = 40},
	PHRASE("new_phrase1", "口令", true), PHRASE("new_again1", "口令再输一遍", true),
	{.name = "name2", .label = "监票人二", .type = WEB_TEXT, .required = true, .max = 40},
	PHRASE("new_phrase2", "口令", true), PHRASE("new_again2", "口令再输一遍", true),
	{.name = "name3", .label = "监票人三", .type = WEB_TEXT, .max = 40,
	 .hint = "三人里任意两人能打开，一人忘了口令也不要紧"},
	PHRASE("new_phrase3", "口令", false), PHRASE("new_again3", "口令再输一遍", false),
	{0},
};
const struct web_field ballot_test_fields[] = {
	BOX, PAIR,
	{.name = "option", .label = "试投哪一项", .type = WEB_INT, .required = true, .min = 1,
	 .max = BALLOT_OPTIONS_MAX},
	{0},
};
const struct web_field ballot_print_fields[] = {
	BOX, CLASS("print_class"),
	{.name = "print_n", .label = "张数", .type = WEB_INT, .min = 1, .max = BALLOT_SLIPS_MAX,
	 .hint = "不填就是人数加一成"},
	{.name = "address", .label = "投票网址", .type = WEB_TEXT, .required = true, .max = 200,
	 .hint = "手机能打开的地址，最好以 https:// 开头；印在票上和二维码里"},
	{0},
};
const struct web_field ballot_present_fields[] = {
	BOX, CLASS("present_class"),
	{.name = "present", .label = "到场人数", .type = WEB_INT, .required = true, .min = 0,
	 .max = BALLOT_HEADS_MAX},
	{0},
};
const struct web_field ballot_slips_fields[] = {
	BOX,
	{.name = "act", .label = "做什么", .type = WEB_CHOICE, .required = true, .choices = slip_acts},
	{.name = "class", .label = "票", .type = WEB_CHOICE, .choices = classes},
	{.name = "codes", .label = "代码", .type = WEB_AREA, .max = 60000,
	 .hint = "一行一个，可以用扫码枪；启用或作废其余全部时不填"},
	{0},
};
const struct web_field ballot_times_fields[] = {
	BOX,
	{.name = "day", .label = "日期", .type = WEB_DATE, .required = true},
	{.name = "opens", .label = "开箱时间", .type = WEB_TEXT, .required = true, .max = 5, .pattern = "0-9:"},
	{.name = "closes", .label = "关箱时间", .type = WEB_TEXT, .required = true, .max = 5, .pattern = "0-9:"},
	{0},
};
const struct web_field ballot_sheets_fields[] = {
	BOX,
	{.name = "n", .label = "张数", .type = WEB_INT, .min = 1, .max = 2000},
	{0},
};
const struct web_field ballot_exchange_fields[] = {
	BOX,
	{.name = "slip", .label = "收回的票的代码", .type = WEB_TEXT, .required = true, .max = 400},
	{0},
};
const struct web_field ballot_paper_page_fields[] = {
	BOX,
	{.name = "class", .label = "票", .type = WEB_CHOICE, .choices = classes},
	{0},
};
const struct web_field ballot_paper_fields[] = {
	BOX, CLASS("class"), COUNTER("counter", "监票人"),
	{.name = "sheets", .label = "收回张数", .type = WEB_INT, .required = true, .min = 0, .max = BALLOT_HEADS_MAX},
	{.name = "n", .label = "票数", .type = WEB_TEXT, .required = true, .many = true, .max = 6,
	 .pattern = "0-9"},
	{0},
};
const struct web_field ballot_open_fields[] = {BOX, PAIR, {0}};
const struct web_field ballot_abandon_fields[] = {
	BOX,
	{.name = "reason", .label = "为什么作废", .type = WEB_AREA, .required = true, .max = 500},
	{0},
};

static int64_t box_of(const struct web_call *call)
{
	return web_number(call, "box", 0);
}

static enum voters class_of(const struct web_call *call, const char *field)
{
	return (enum voters)web_number(call, field, VOTERS_MEMBER);
}

/* Back to the box with a note. */
static int done(struct web_call *call, int r, const char *note)
{
	if (r)
		return r;
	call->location = page_text(call, "/ballots/%lld", (long long)box_of(call));
	call->note = note;
	return 0;
}

static struct ballot_pair pair_of(struct web_call *call)
{
	return (struct ballot_pair){(int)web_number(call, "a", 0) - 1, (int)web_number(call, "b", 0) - 1,
				    web_text(call, "phrase_a"), web_text(call, "phrase_b")};
}

/* ---- before the voting ---- */

int act_ballot_keys(struct web_call *call)
{
	struct ballot_counter_in counters[BALLOT_COUNTERS_MAX];
	struct caller caller = page_caller(call);
	int n = 0;

	for (int i = 1; i <= BALLOT_COUNTERS_MAX; i++) {
		const char *name = page_text(call, "name%d", i);
		const char *phrase = page_text(call, "new_phrase%d", i);
		const char *again = page_text(call, "new_again%d", i);
		if (i == BALLOT_COUNTERS_MAX && !web_value(call, name)->given)
			break;
		if (!str_eq(web_value(call, phrase)->text, web_value(call, again)->text))
			return web_wrong(call, again, "两遍输入的不一样");
		counters[n++] = (struct ballot_counter_in){web_text(call, name), web_text(call, phrase)};
	}
	return done(call, ballot_set_counters(call->web->app, &caller, box_of(call), counters, n,
					      &ballot_cost_normal, &call->info),
		    "口令已设好。请每名监票人记牢自己的口令，系统没有留底");
}

int act_ballot_test(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ballot_pair pair = pair_of(call);
	unsigned char answers[BALLOT_ITEMS_MAX];

	memset(answers, (int)web_number(call, "option", 1) - 1, sizeof(answers));
	int r = ballot_test(call->web->app, &caller, box_of(call), &pair, answers, &call->info);
	return done(call, r, "试投的票封好又打开，内容相符；试投的票不计数");
}

/* The PDF as a download. */
static int pdf(struct web_call *call, const char *name, int r)
{
	if (r == 0)
		web_file_response(call, name, "application/pdf");
	return r;
}

int act_ballot_print(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ballot_view view;
	const char *address = web_text(call, "address");
	char (*codes)[BALLOT_CODE_LEN + 1];
	int n, r;

	if (strncmp(address, "https://", 8) != 0 && strncmp(address, "http://", 7) != 0)
		return web_wrong(call, "address", "应以 https:// 或 http:// 开头");
	if (strpbrk(address, "# \t"))
		return web_wrong(call, "address", "里面不能有空格和 # 号");
	r = ballot_view(call->web->app, &caller, ACTION_BALLOT_WRITE, box_of(call), call->arena, &view,
			&call->info);
	if (r == 0)
		r = ballot_print(call->web->app, &caller, box_of(call), class_of(call, "print_class"),
				 web_number(call, "print_n", 0), call->arena, &codes, &n, &call->info);
	if (r)
		return r;
	const struct ballot_slips slips = {
		.title = view.box.title, .org = view.n_orgs == 1 ? view.orgs[0].label : view.box.node_name,
		.class_label = voters_label(class_of(call, "print_class")), .address = address,
		.codes = (const char (*)[BALLOT_CODE_LEN + 1])codes, .n = n,
	};
	return pdf(call, page_text(call, "测评票-%s.pdf", slips.class_label),
		   ballot_slips_pdf(&slips, &call->response->body, &call->info));
}

int act_ballot_sheets(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ballot_view view;
	const char *rows[BALLOT_ITEMS_MAX], *options[BALLOT_OPTIONS_MAX];

	int r = ballot_view(call->web->app, &caller, ACTION_BALLOT_WRITE, box_of(call), call->arena, &view,
			    &call->info);
	if (r)
		return r;
	int n = view.n_orgs * view.n_questions;
	for (int i = 0; i < n && i < BALLOT_ITEMS_MAX; i++) {
		const char *question = view.questions[i % view.n_questions].label;
		const char *org = view.orgs[i / view.n_questions].label;
		rows[i] = view.n_orgs == 1 ? question : view.n_questions == 1
			  ? org : page_text(call, "%s：%s", org, question);
	}
	for (int o = 0; o < view.n_options && o < BALLOT_OPTIONS_MAX; o++)
		options[o] = view.options[o].label;
	const struct ballot_sheets sheets = {
		.title = view.box.title, .org = view.n_orgs == 1 ? view.orgs[0].label : view.box.node_name,
		.rows = rows, .n_rows = n, .options = options, .n_options = view.n_options,
		.n = (int)web_number(call, "n", 2),
	};
	return pdf(call, "纸质票.pdf", ballot_sheets_pdf(&sheets, &call->response->body, &call->info));
}

int act_ballot_present(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = ballot_set_present(call->web->app, &caller, box_of(call), class_of(call, "present_class"),
				   web_number(call, "present", 0), &call->info);
	return done(call, r, page_text(call, "%s到场 %lld 人", voters_label(class_of(call, "present_class")),
				       (long long)web_number(call, "present", 0)));
}

int act_ballot_slips(struct web_call *call)
{
	static const char *const words[] = {"启用", "启用", "作废", "作废"};
	struct caller caller = page_caller(call);
	enum ballot_act act = (enum ballot_act)web_number(call, "act", BALLOT_VOID);
	int64_t n = 0;
	int r = ballot_act_on(call->web->app, &caller, box_of(call), act, class_of(call, "class"),
			      web_value(call, "codes")->text, &n, &call->info);
	return done(call, r, page_text(call, "已%s %lld 张", words[act], (long long)n));
}

int act_ballot_exchange(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t n = 0;
	int r = ballot_act_on(call->web->app, &caller, box_of(call), BALLOT_EXCHANGE, VOTERS_MEMBER,
			      web_value(call, "slip")->text, &n, &call->info);
	return done(call, r, "已换一张纸质票");
}

int act_ballot_times(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t opens, closes;
	int r = ballot_read_times(call, &opens, &closes);
	if (r == 0)
		r = ballot_set_times(call->web->app, &caller, box_of(call), opens, closes, &call->info);
	return done(call, r, "时间已改");
}

int act_ballot_start(struct web_call *call)
{
	struct caller caller = page_caller(call);
	return done(call, ballot_start(call->web->app, &caller, box_of(call), &call->info),
		    "开始投票");
}

int act_ballot_close(struct web_call *call)
{
	struct caller caller = page_caller(call);
	return done(call, ballot_close(call->web->app, &caller, box_of(call), &call->info),
		    "已关箱");
}

/* ---- paper ---- */

struct paper_page {
	struct ballot_view view;
	enum voters class;
};

int act_ballot_paper_page(struct web_call *call)
{
	struct paper_page *page = arena_zalloc(call->arena, 1, sizeof(*page));
	struct caller caller = page_caller(call);

	if (!page)
		return err_nomem(&call->info);
	call->model = page;
	page->class = class_of(call, "class");
	return ballot_view(call->web->app, &caller, ACTION_BALLOT_WRITE, box_of(call), call->arena,
			   &page->view, &call->info);
}

static void write_grid(struct web_call *call, struct html *h, const struct paper_page *page)
{
	const struct ballot_view *view = &page->view;
	int items = view->n_orgs * view->n_questions;

	html(h, "<table class='data'><caption class='vh'>纸质票票数</caption><thead><tr><th>测评内容</th>");
	for (int o = 0; o < view->n_options; o++)
		html(h, "<th class='n'>{}</th>", view->options[o].label);
	html(h, "</tr></thead><tbody>\n");
	for (int i = 0; i < items; i++) {
		const char *question = view->questions[i % view->n_questions].label;
		const char *org = view->orgs[i / view->n_questions].label;
		html(h, "<tr><th scope='row'>");
		if (view->n_orgs > 1)
			html(h, "{} ", org);
		html(h, "{}</th>", question);
		for (int o = 0; o < view->n_options; o++)
			html(h, "<td class='n'><input class='num' name='n' inputmode='numeric' size='4' "
				"autocomplete='off' aria-label='{} {}' value='{}'></td>", question,
			     view->options[o].label, form_typed(call, ballot_paper_fields, "n", i * view->n_options + o, "0"));
		html(h, "</tr>\n");
	}
	html(h, "</tbody></table>\n");
}

static const struct web_choice *counter_choices(struct web_call *call, const struct ballot_view *view)
{
	struct web_choice *choices = arena_zalloc(call->arena, BALLOT_COUNTERS_MAX + 1, sizeof(*choices));
	for (int i = 0; choices && i < view->n_counters; i++)
		choices[i] = (struct web_choice){page_text(call, "%d", i + 1), view->counters[i].name};
	return choices;
}

void page_ballot_paper(struct web_call *call, struct html *h)
{
	const struct paper_page *paper = call->model;
	const struct ballot_view *view = &paper->view;
	const char *back = page_text(call, "/ballots/%lld", (long long)view->box.id);
	struct page page = {.title = "录入纸质票", .menu = "/ballots"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>录入纸质票：{}</h1><p class='note'>{} · {} · 换出 {} 张</p></div></div>\n"
		"<p class='note'>两名监票人各数一遍、各录一遍，互相不看。录入的数当场封存，开箱时才对照；"
		"不一样的，会列出来重数。一行里多选、不选的不录。</p>\n",
	     voters_label(paper->class), view->box.node_name, view->box.title,
	     view->figures[paper->class].by_state[SLIP_EXCHANGED]);
	struct form form = form_begin(call, h, page_text(call, "%s/paper", back), ballot_paper_fields);
	form_hidden(&form, "class", classes[paper->class].id);
	form_row_choice(&form, "counter", NULL, counter_choices(call, view));
	form_row(&form, "sheets", NULL);
	write_grid(call, h, paper);
	form_end(&form, "封存", "main", back);
	page_end(call, h);
}

int act_ballot_paper(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_value *cells = web_value(call, "n");
	int64_t *counts = arena_zalloc(call->arena, (size_t)cells->n + 1, sizeof(*counts));

	if (!counts)
		return err_nomem(&call->info);
	for (int i = 0; i < cells->n; i++)
		for (size_t k = 0; k < cells->texts[i].len; k++)
			counts[i] = counts[i] * 10 + (cells->texts[i].data[k] - '0');
	const struct ballot_paper_in paper = {
		.counter = (int)web_number(call, "counter", 0) - 1, .class = class_of(call, "class"),
		.sheets = web_number(call, "sheets", -1), .counts = counts, .n_counts = cells->n,
	};
	return done(call, ballot_key_paper(call->web->app, &caller, box_of(call), &paper, &call->info),
		    "已封存，开箱时对照");
}

/* ---- opening ---- */

struct opened {
	struct ballot_view view;
	struct ballot_mismatch *rows;
	int n;
	const char *problem;
};

int act_ballot_open(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct ballot_pair pair = pair_of(call);
	struct opened *opened = arena_zalloc(call->arena, 1, sizeof(*opened));

	if (!opened)
		return err_nomem(&call->info);
	call->model = opened;
	int r = ballot_open(call->web->app, &caller, box_of(call), &pair, call->arena, &opened->rows,
			    &opened->n, &call->info);
	if (r != ERR_CONFLICT || !opened->n)
		return done(call, r, "已开箱计票；封着的票和密钥已销毁，请打印计票单签字");
	opened->problem = page_text(call, "%s", call->info.text);
	call->problem_status = 409;
	call->info = (struct err_info){0};
	return ballot_view(call->web->app, &caller, ACTION_BALLOT_WRITE, box_of(call), call->arena,
			   &opened->view, &call->info);
}

void page_ballot_opened(struct web_call *call, struct html *h)
{
	const struct opened *opened = call->model;
	const struct ballot_view *view = &opened->view;
	struct page page = {.title = "纸质票对不上", .menu = "/ballots"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>纸质票对不上</h1><p class='note'>{} · {}</p></div></div>\n"
		"<p class='problem' role='alert'>{}</p><p>票箱没有打开。请把下面几处重新数一遍，再各自录入。</p>\n"
		"<table class='data sort'><caption class='vh'>对不上的票</caption><thead><tr><th scope='col'>票</th><th scope='col'>组织</th><th scope='col'>测评内容</th><th scope='col'>选项</th>"
		"<th scope='col' class='n'>一人录</th><th scope='col' class='n'>另一人录</th></tr></thead><tbody>\n",
	     view->box.node_name, view->box.title, opened->problem);
	for (int i = 0; i < opened->n; i++) {
		const struct ballot_mismatch *m = &opened->rows[i];
		html(h, "<tr><td>{}</td>", voters_label(m->class));
		if (m->org < 0)
			html(h, "<td colspan='3'>收回张数</td>");
		else
			html(h, "<td>{}</td><td>{}</td><td>{}</td>", view->orgs[m->org].label,
			     view->questions[m->question].label, view->options[m->option].label);
		html(h, "<td class='n'>{}</td><td class='n'>{}</td></tr>\n", m->by[0], m->by[1]);
	}
	html(h, "</tbody></table>\n<p class='acts'><a class='btn main' href='/ballots/{}'>回到票箱</a></p>\n",
	     view->box.id);
	page_end(call, h);
}

json_t *json_ballot_opened(struct web_call *call)
{
	const struct opened *opened = call->model;
	if (!opened->n)
		return json_pack("{s:b, s:s?}", "done", 1, "location", call->location);
	return json_pack("{s:s, s:i}", "detail", opened->problem, "mismatches", opened->n);
}

int act_ballot_abandon(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t again;
	int r = ballot_abandon(call->web->app, &caller, box_of(call), web_text(call, "reason"), &again,
			       &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/ballots/%lld", (long long)again);
	call->note = "原来的票箱已作废，这是重新测评用的票箱";
	return 0;
}
