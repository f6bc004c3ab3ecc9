/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ballot: type the code (or have it taken from the address's fragment),
 * choose, read back, confirm, done. Every step is a POST to the same address,
 * so that neither code nor choice is ever part of one; GET and HEAD only show
 * the form for the code. Works without script and without cookies.
 */
#include <sodium.h>
#include <string.h>

#include "app/ballot_vote.h"
#include "web/assets.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ballot.h"
#include "web/router.h"
#include "web/session.h"

#define ANSWER(i) {.name = "a" #i, .label = "选择", .type = WEB_INT, .min = 0, .max = BALLOT_OPTIONS_MAX}
#define TEN(t) ANSWER(t##0), ANSWER(t##1), ANSWER(t##2), ANSWER(t##3), ANSWER(t##4), ANSWER(t##5), \
	ANSWER(t##6), ANSWER(t##7), ANSWER(t##8), ANSWER(t##9)

static const struct web_choice steps[] = {
	{"open", "打开选票"}, {"choose", "返回重选"}, {"check", "核对"}, {"cast", "确认投票"}, {NULL, NULL},
};
enum { STEP_OPEN, STEP_CHOOSE, STEP_CHECK, STEP_CAST };

const struct web_field vote_page_fields[] = {{0}};
const struct web_field kiosk_fields[] = {
	{.name = "box", .label = "票箱", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field vote_fields[] = {
	{.name = "code", .label = "代码", .type = WEB_TEXT, .max = 400},
	{.name = "nonce", .label = "这一次", .type = WEB_TEXT, .max = BALLOT_NONCE_MAX},
	{.name = "kiosk", .label = "会场平板", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "step", .label = "步骤", .type = WEB_CHOICE, .choices = steps},
	ANSWER(0), ANSWER(1), ANSWER(2), ANSWER(3), ANSWER(4), ANSWER(5), ANSWER(6), ANSWER(7), ANSWER(8),
	ANSWER(9), TEN(1), TEN(2), TEN(3),
	{0},
};

enum screen { SCREEN_CODE, SCREEN_CHOOSE, SCREEN_CHECK, SCREEN_DONE, SCREEN_REFUSED };

struct vote_page {
	enum screen screen;
	struct ballot_sheet sheet;
	enum ballot_refusal refusal;
	const char *problem;
	const char *code, *nonce;
	int step;
	int64_t kiosk;
	const char *place;		/* of the tablet: whose box */
	int chosen[BALLOT_ITEMS_MAX];	/* -1: nothing */
};

static const struct vote_refusal {
	const char *head, *big, *small;
	int status;
} refusals[BALLOT_REFUSALS] = {
	[BALLOT_UNKNOWN] = {"这不是本次测评的票", "不能投", "看看票头的单位和日期；测评也可能已经结束、开箱", 404},
	[BALLOT_INACTIVE] = {"这张票还没有启用", "还不能投", "在场多少人就启用多少张，请监票人看一看", 409},
	[BALLOT_USED] = {"这张票已经投过了", "不能再投", "一张票只能投一次", 409},
	[BALLOT_VOIDED] = {"这张票已作废", "不能投", "多印的票都当众作废，请监票人另给一张", 409},
	[BALLOT_FOR_PAPER] = {"这张票已经换了纸质票", "不能投", "请用换到的纸质票投", 409},
	[BALLOT_NOT_YET] = {"还没有开始投票", "请等一等", "监票人宣布开始以后再试", 409},
	[BALLOT_OVER] = {"投票已经结束", "不能再投", "票箱已经关了", 409},
};

/* ---- acts ---- */

static struct vote_page *page_new(struct web_call *call)
{
	struct vote_page *page = arena_zalloc(call->arena, 1, sizeof(*page));
	if (!page)
		return NULL;
	for (int i = 0; i < BALLOT_ITEMS_MAX; i++)
		page->chosen[i] = -1;
	page->code = page->nonce = page->place = "";
	call->model = page;
	return page;
}

int act_vote_page(struct web_call *call)
{
	return page_new(call) ? 0 : err_nomem(&call->info);
}

int act_kiosk(struct web_call *call)
{
	struct vote_page *page = page_new(call);
	struct ballot_view view;
	int64_t box = web_number(call, "box", 0);

	if (!page)
		return err_nomem(&call->info);
	int r = ballot_kiosk(call->web->app, box, call->arena, &view, &call->info);
	if (r)
		return r;
	page->kiosk = box;
	page->place = page_text(call, "%s · %s", view.box.node_name, view.box.title);
	return 0;
}

/* Choice `i` as sent; -1: none. Forms count options from 1. */
static int read_answer(const struct web_call *call, int i)
{
	char name[16];

	snprintf(name, sizeof(name), "a%d", i);
	return (int)web_number(call, name, 0) - 1;
}

static int items_of(const struct vote_page *page)
{
	return page->sheet.view.n_orgs * page->sheet.view.n_questions;
}

static int refuse(struct web_call *call, struct vote_page *page)
{
	page->screen = SCREEN_REFUSED;
	call->problem_status = refusals[page->refusal].status;
	return 0;
}

/* The first `n` choices; what else is wrong with them is the application's to say. */
static int cast(struct web_call *call, struct vote_page *page, int n)
{
	unsigned char options[BALLOT_ITEMS_MAX];

	for (int i = 0; i < n; i++)
		options[i] = (unsigned char)page->chosen[i];
	int r = ballot_cast_vote(call->web->app, web_value(call, "code")->text,
				 web_value(call, "nonce")->text, page->kiosk, options, n,
				 call->request->now * 1000, &page->refusal, &call->info);
	sodium_memzero(options, sizeof(options));
	if (r == 0 && page->refusal == BALLOT_FINE)
		page->screen = SCREEN_DONE;
	return r;
}

/* The choices as sent, up to the first that is missing: how many. */
static int read_answers(const struct web_call *call, unsigned char ret_options[BALLOT_ITEMS_MAX])
{
	int n = 0, answer;

	while (n < BALLOT_ITEMS_MAX && (answer = read_answer(call, n)) >= 0)
		ret_options[n++] = (unsigned char)answer;
	return n;
}

static struct vote_page *page_typed(struct web_call *call)
{
	struct vote_page *page = page_new(call);
	if (!page)
		return NULL;
	page->kiosk = web_number(call, "kiosk", 0);
	page->code = web_text(call, "code");
	page->nonce = web_text(call, "nonce");
	page->step = (int)web_number(call, "step", STEP_OPEN);
	return page;
}

/* Where all is as it should be, a confirmed vote needs nothing of the ballot but the
 * choices, and hundreds confirm at the same moment. Whose vote is not in the box
 * after this is looked at again by act_vote, for the right words. */
void vote_together(struct web_call *const *calls, int n)
{
	unsigned char options[ROUTER_TOGETHER_MAX][BALLOT_ITEMS_MAX];
	struct ballot_try tries[ROUTER_TOGETHER_MAX];
	struct vote_page *pages[ROUTER_TOGETHER_MAX];
	int n_tries = 0;

	_Static_assert((int)ROUTER_TOGETHER_MAX <= (int)VOTES_MAX, "all in one go");
	for (int i = 0; i < n; i++) {
		struct vote_page *page = page_typed(calls[i]);
		if (!page || page->step != STEP_CAST)
			continue;
		tries[n_tries] = (struct ballot_try){
			.code = web_value(calls[i], "code")->text, .nonce = web_value(calls[i], "nonce")->text,
			.kiosk = page->kiosk, .options = options[n_tries],
			.n = read_answers(calls[i], options[n_tries])};
		pages[n_tries++] = page;
	}
	if (!n_tries)
		return;
	ballot_cast_votes(calls[0]->web->app, tries, n_tries, calls[0]->request->now * 1000);
	for (int i = 0; i < n_tries; i++)
		if (tries[i].result == 0 && tries[i].refusal == BALLOT_FINE)
			pages[i]->screen = SCREEN_DONE;
	sodium_memzero(options, sizeof(options));
}

static int answer_step(struct web_call *call, struct vote_page *page, int step)
{
	int n = items_of(page), chosen = 0;

	for (int i = 0; i < n; i++) {
		page->chosen[i] = read_answer(call, i);
		if (page->chosen[i] >= page->sheet.view.n_options)
			page->chosen[i] = -1;
		chosen += page->chosen[i] >= 0;
	}
	page->screen = SCREEN_CHOOSE;
	if (!*page->nonce) {
		char nonce[WEB_TOKEN_LEN + 1];
		token_make(nonce);
		page->nonce = arena_strdup(call->arena, nonce);
		if (!page->nonce)
			return err_nomem(&call->info);
	}
	if (step < STEP_CHECK)
		return 0;
	if (chosen < n) {
		page->problem = n == 1 ? "还没有选，请选一项"
				       : page_text(call, "还有 %d 处没有选，每处选一项", n - chosen);
		call->problem_status = 422;
		return 0;
	}
	page->screen = SCREEN_CHECK;
	if (step == STEP_CAST && (chosen = cast(call, page, n)) < 0)
		return chosen;
	if (page->refusal != BALLOT_FINE)
		return refuse(call, page);
	return 0;
}

/* Wrong codes are said above the form, with what was typed. */
static int code_again(struct web_call *call, struct vote_page *page, int r)
{
	if (r != ERR_INPUT)
		return r;
	page->screen = SCREEN_CODE;
	page->problem = page_text(call, "%s", call->info.text);
	call->info = (struct err_info){0};
	call->problem_status = 422;
	return 0;
}

int act_vote(struct web_call *call)
{
	struct vote_page *page = call->model;	/* of vote_together */

	if (!page)
		return err_nomem(&call->info);
	if (page->screen == SCREEN_DONE)
		return 0;
	int r = ballot_look(call->web->app, web_value(call, "code")->text, page->kiosk,
			    call->request->now * 1000, call->arena, &page->sheet, &page->refusal,
			    &call->info);
	if (r)
		return code_again(call, page, r);
	if (page->refusal != BALLOT_FINE)
		return refuse(call, page);
	return code_again(call, page, answer_step(call, page, page->step));
}

/* ---- the frame ---- */

static void frame_begin(struct web_call *call, struct html *h, const struct vote_page *page,
			const char *title)
{
	html(h, "<!doctype html>\n<html lang='zh-CN'>\n<head>\n<meta charset='utf-8'>\n"
		"<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
		"<meta name='robots' content='noindex'>\n<title>{} · 民主测评</title>\n", title);
	html(h, "<link rel='stylesheet' href='{}'>\n<link rel='icon' href='{}'>\n"
		"<script src='{}' defer></script>\n", asset_url("vote.css"),
	     asset_url("icon.svg"), asset_url("vote.js"));
	if (page && page->kiosk && (page->screen == SCREEN_DONE || page->screen == SCREEN_REFUSED))
		html(h, "<meta http-equiv='refresh' content='10;url=/v/kiosk/{}'>\n", page->kiosk);
	html(h, "</head>\n<body");
	if (page && page->kiosk)
		html(h, " data-home='/v/kiosk/{}'", page->kiosk);
	html(h, ">\n");
	if (call->web->demo)
		html(h, "<p class='demo' role='note'>演示系统，数据全部虚构</p>\n");
	html(h, "<header class='top'><b>民主测评</b></header>\n<main>\n");
}

static void frame_end(struct html *h)
{
	html(h, "</main>\n</body>\n</html>\n");
}

static void hidden(struct html *h, const struct vote_page *page, const char *code)
{
	html(h, "<input type='hidden' name='code' value='{}'>"
		"<input type='hidden' name='nonce' value='{}'>", code, page->nonce);
	if (page->kiosk)
		html(h, "<input type='hidden' name='kiosk' value='{}'>", page->kiosk);
}

/* ---- the screens ---- */

static void write_code(struct html *h, const struct vote_page *page)
{
	html(h, "<h1>输入票上的代码</h1>\n");
	if (*page->place)
		html(h, "<p class='note'>{}</p>", page->place);
	html(h, "<p class='note'>代码印在票的下边，共 7 组，每组 4 个。</p>\n"
		"<form action='/v' method='post' autocomplete='off' data-fresh='1'>\n");
	if (page->kiosk)
		html(h, "<input type='hidden' name='kiosk' value='{}'>", page->kiosk);
	if (page->problem)
		html(h, "<p class='err' id='e' role='alert'>{}</p>", page->problem);
	html(h, "<p><label for='code'><b>代码</b></label></p>\n"
		"<textarea id='code' name='code' rows='3' maxlength='200' spellcheck='false' "
		"autocomplete='off' autocapitalize='characters' aria-describedby='{}'", page->problem
		? "e h" : "h");
	if (page->problem)
		html(h, " aria-invalid='true'");
	html(h, ">{}</textarea>\n<p class='note' id='h'>大小写都行，空格可以不打。代码里只有 2 到 9 和字母，"
		"没有数字 0、1，也没有字母 B、I、L、O、S、U、Z。</p>\n"
		"<button class='btn main' name='step' value='open'>打开选票</button>\n</form>\n", page->code);
	html(h, "<ol class='note'><li>打开选票不算投票，确认以后才算。</li>"
		"<li>看不清、打不好的，请监票人换一张纸质票。</li></ol>\n"
		"<p class='note'><a href='/v/about'>查得出我投了什么吗？</a></p>\n");
}

/* Questions under their organisation; alone, without a heading. */
static void write_items(struct html *h, const struct vote_page *page)
{
	const struct ballot_view *view = &page->sheet.view;
	bool many = items_of(page) > 1;

	for (int i = 0; i < items_of(page); i++) {
		int org = i / view->n_questions, question = i % view->n_questions;
		if (question == 0 && view->n_orgs > 1)
			html(h, "<h2>{}</h2>\n", view->orgs[org].label);
		html(h, "<fieldset><legend>{}</legend>\n", view->questions[question].label);
		if (page->problem && many && page->chosen[i] < 0)
			html(h, "<p class='err'>这一项还没有选</p>\n");
		for (int o = 0; o < view->n_options; o++) {
			html(h, "<label class='opt'><input type='radio' name='a{}' value='{}'", i, o + 1);
			if (page->chosen[i] == o)
				html(h, " checked");
			html(h, "><b>{}</b>", view->options[o].label);
			if (!many && *view->options[o].note)
				html(h, "<span>{}</span>", view->options[o].note);
			html(h, "</label>\n");
		}
		html(h, "</fieldset>\n");
	}
}

static void write_heading(struct html *h, const struct ballot_view *view)
{
	html(h, "<h1>{}<br>{}</h1>\n",
	     view->n_orgs == 1 ? view->orgs[0].label : view->box.node_name, view->box.title);
}

static void write_promise(struct html *h)
{
	html(h, "<p class='note'><b>查不出：</b>这张票投了什么，管理员查不出，数据库、日志和备份也查不出；"
		"没有人登记谁抽到哪张票，票箱关闭后由两名监票人一起打开一次。</p>\n"
		"<p class='note'><b>防不住：</b>有人在旁边看你的屏幕、服务器事先被改、两名监票人串通；"
		"不放心的，可以凭票换一张纸质票。</p>\n");
}

static void write_questions(struct html *h)
{
	html(h, "<details><summary>大家都投得一样，会怎样？</summary><p class='note'>那么结果一公布，人人都知道"
		"每张票投了什么。所以一类人不足 5 票时，和另一类合在一起公布；全箱不足 5 票时，票数不公布。</p>"
		"</details>\n<details><summary>怎样换成纸质票？</summary><p class='note'>把这张票交给监票人，当场换一张"
		"纸质票。所有纸质票一模一样，没有任何记号。</p></details>\n"
		"<details><summary>扫码软件看得到吗？</summary><p class='note'>扫码软件看得到票上的代码；在软件自带的"
		"网页里投，它还可能看到你的选择。担心的，用手机浏览器手工输入代码，或者换纸质票。</p></details>\n");
}

/* "今天 17:00", or with the date; midnight is the end of its day. */
static const char *closing(struct web_call *call, int64_t closes_ms)
{
	const char *closes = page_time(call, closes_ms), *last = page_time(call, closes_ms - 1);
	const char *now = page_time(call, call->request->now * 1000);
	const char *space = strchr(closes, ' ');
	if (space && strcmp(space, " 00:00") == 0 && strncmp(last, now, 10) == 0)
		return "今天 24:00";
	return space && strncmp(closes, now, 10) == 0 ? page_text(call, "今天%s", space) : closes;
}

static void write_choose(struct web_call *call, struct html *h, const struct vote_page *page,
			 const char *code)
{
	const struct ballot_view *view = &page->sheet.view;

	write_heading(h, view);
	html(h, "<p class='note'>这是一次不记名评议，一张票投一次，{} 截止。你手里的是<b>{}票</b>。</p>\n",
	     closing(call, view->box.closes_ms), voters_label(page->sheet.class));
	html(h, "<form action='/v' method='post' autocomplete='off' class='{}'>\n",
	     items_of(page) > 1 ? "many" : "one");
	if (page->problem)
		html(h, "<p class='err' role='alert'>{}</p>", page->problem);
	hidden(h, page, code);
	write_items(h, page);
	write_promise(h);
	html(h, "<button class='btn main' name='step' value='check'>下一步：核对</button>\n</form>\n");
	write_questions(h);
}

static void write_chosen(struct html *h, const struct vote_page *page)
{
	const struct ballot_view *view = &page->sheet.view;

	if (items_of(page) == 1) {
		html(h, "<div class='picked'>你选的是<b>{}</b></div>\n", view->options[page->chosen[0]].label);
		return;
	}
	html(h, "<table class='read' aria-label='你选的'>\n");
	for (int i = 0; i < items_of(page); i++) {
		if (i % view->n_questions == 0 && view->n_orgs > 1)
			html(h, "<tr><th colspan='2'>{}</th></tr>\n", view->orgs[i / view->n_questions].label);
		html(h, "<tr><th scope='row'>{}</th><td>{}</td></tr>\n",
		     view->questions[i % view->n_questions].label, view->options[page->chosen[i]].label);
	}
	html(h, "</table>\n");
}

static void write_check(struct html *h, const struct vote_page *page, const char *code)
{
	const struct ballot_view *view = &page->sheet.view;

	html(h, "<h1>请核对你的选择</h1>\n<p class='note'>{} · {}</p>\n",
	     view->n_orgs == 1 ? view->orgs[0].label : view->box.node_name, view->box.title);
	write_chosen(h, page);
	html(h, "<p>现在还没有投出。按下“确认投票”以后，不能改，也不能撤回。</p>\n"
		"<form action='/v' method='post' autocomplete='off'>\n");
	hidden(h, page, code);
	for (int i = 0; i < items_of(page); i++)
		html(h, "<input type='hidden' name='a{}' value='{}'>", i, page->chosen[i] + 1);
	html(h, "\n<button class='btn main' name='step' value='cast'>确认投票</button>\n"
		"<button class='btn' name='step' value='choose'>返回重选</button>\n</form>\n"
		"<p class='note'>确认前看一眼身边：有没有人在看你的屏幕。</p>\n");
}

static void write_next(struct html *h, const struct vote_page *page)
{
	if (page->kiosk)
		html(h, "<p><a class='btn' href='/v/kiosk/{}'>下一位</a></p>\n", page->kiosk);
}

static void write_done(struct html *h, const struct vote_page *page)
{
	html(h, "<h1 data-done='1'>投票完成</h1>\n<div class='picked'><b>已投出</b>已存入票箱，等待关箱后一起打开"
		"</div>\n<p>这张票用完了，可以关掉本页，把纸片撕掉。</p>\n");
	write_next(h, page);
	html(h, "<p class='note'>没有回执，本页也不再显示你选了什么，任何人都不能要你拿出投票的证明。</p>\n"
		"<p class='note'>刚才信号断过也不要紧：同一次确认只算一票。</p>\n"
		"<details><summary>结果什么时候公布？</summary><p class='note'>关箱以后，由两名监票人当场一起打开，"
		"计票单签字后宣布。在这以前，谁都看不到票数。</p></details>\n");
}

static void write_refused(struct html *h, const struct vote_page *page)
{
	const struct vote_refusal *r = &refusals[page->refusal];
	const struct ballot_view *view = &page->sheet.view;

	html(h, "<h1 data-done='1'>{}</h1>\n<div class='picked'><b>{}</b>{}</div>\n", r->head, r->big, r->small);
	if (page->refusal == BALLOT_USED)
		html(h, "<p>如果是你刚才投的：不用再做什么，那一票已经算上。</p>\n"
			"<p>如果你还没有投过：不要离开会场，拿着这张票去找监票人。</p>\n"
			"<p class='note'>已经投出的票，谁也查不出、撤不回。监票人会在会议记录里写明；"
			"由监票人商定这次测评是否重来。</p>\n");
	if (page->kiosk)
		write_next(h, page);
	else
		html(h, "<p><a class='btn' href='/v'>输入另一张票的代码</a></p>\n");
	if (page->refusal == BALLOT_UNKNOWN || !view->n_counters)
		return;
	html(h, "<p class='note'>监票人：");
	for (int i = 0; i < view->n_counters; i++)
		html(h, "{}{}", i ? "、" : "", view->counters[i].name);
	html(h, "</p>\n");
}

void page_vote(struct web_call *call, struct html *h)
{
	static const char *const titles[] = {"输入代码", "选择", "核对", "完成", "不能投"};
	const struct vote_page *page = call->model;
	char code[BALLOT_CODE_LEN + 1] = "";

	frame_begin(call, h, page, titles[page->screen]);
	if (page->screen == SCREEN_CHOOSE || page->screen == SCREEN_CHECK)
		ballot_code_read(str_from(page->code), code, NULL);
	switch (page->screen) {
	case SCREEN_CODE: write_code(h, page); break;
	case SCREEN_CHOOSE: write_choose(call, h, page, code); break;
	case SCREEN_CHECK: write_check(h, page, code); break;
	case SCREEN_DONE: write_done(h, page); break;
	case SCREEN_REFUSED: write_refused(h, page); break;
	}
	sodium_memzero(code, sizeof(code));
	frame_end(h);
}

json_t *json_vote(struct web_call *call)
{
	static const char *const screens[] = {"code", "choose", "check", "done", "refused"};
	const struct vote_page *page = call->model;
	json_t *json = json_pack("{s:s}", "screen", screens[page->screen]);

	if (page->screen == SCREEN_REFUSED)
		json_object_set_new(json, "detail", json_string(refusals[page->refusal].head));
	if (page->problem)
		json_object_set_new(json, "detail", json_string(page->problem));
	if (page->screen != SCREEN_CHOOSE)
		return json;
	json_object_set_new(json, "nonce", json_string(page->nonce));
	json_object_set_new(json, "items", json_integer(items_of(page)));
	json_object_set_new(json, "options", json_integer(page->sheet.view.n_options));
	return json;
}

/* ---- what is and is not protected ---- */

static const char *const about[][2] = {
	{"查不出的", NULL},
	{NULL, "谁抽到哪张票：票不编号、不记名，打乱后抽取，没有人登记。"},
	{NULL, "一张票投了什么：选择在服务器内存里当场封进票箱，只有两名监票人的口令合在一起才能打开；"
	       "管理员、数据库、日志和备份都打不开。"},
	{NULL, "什么时候、从哪里投的：投票不记时间、地址、账号和次序，也不写日志。"},
	{NULL, "开箱以后：只留下每一类人、每一项、每个选项的票数；封着的票、票的记录和密钥当场销毁。"},
	{"防不住的", NULL},
	{NULL, "有人在旁边看你的屏幕，或者手机里装了偷看屏幕的软件。"},
	{NULL, "扫码软件看得到票上的代码；在它自带的网页里投，它还可能看到你的选择。可以用浏览器手工输入代码。"},
	{NULL, "服务器的程序在投票以前被人改过。"},
	{NULL, "两名监票人串通，并且拿到了开箱以前的数据库副本。"},
	{NULL, "大家都投得一样：结果一公布，人人都知道。不足 5 票的不公布票数，不足 5 票的一类人合并公布。"},
	{NULL, "网络上的设备看得到某个地址在某时打开过投票页，看不到代码和选择（网址以 https 开头时）。"},
	{"不放心的", NULL},
	{NULL, "把票交给监票人换一张纸质票。所有纸质票一模一样，没有任何记号。"},
};

void page_vote_about(struct web_call *call, struct html *h)
{
	bool list = false;

	frame_begin(call, h, NULL, "查得出吗");
	html(h, "<h1>查得出我投了什么吗？</h1>\n");
	for (size_t i = 0; i < ARRAY_LEN(about); i++) {
		if (about[i][0] && list)
			html(h, "</ul>\n");
		if (about[i][0])
			html(h, "<h2>{}</h2>\n<ul>\n", about[i][0]);
		else
			html(h, "<li>{}</li>\n", about[i][1]);
		list = true;
	}
	html(h, "</ul>\n<p><a class='btn' href='/v'>去投票</a></p>\n");
	frame_end(h);
}

json_t *json_vote_about(struct web_call *call)
{
	json_t *lines = json_array();
	(void)call;
	for (size_t i = 0; i < ARRAY_LEN(about); i++)
		json_array_append_new(lines, json_string(about[i][0] ? about[i][0] : about[i][1]));
	return lines;
}
