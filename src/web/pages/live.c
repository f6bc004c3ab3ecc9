/* SPDX-License-Identifier: Apache-2.0 */
/* Live scoring in a meeting: the organiser's page for the screen in the hall,
 * and the one page for phones. */
#include <string.h>

#include "app/live.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_live.h"
#include "web/pages/pages_score.h"
#include "web/qr.h"

#define CAMPAIGN_AND_NODE \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "node", .label = "哪一级的会", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define SESSION \
	{.name = "session", .label = "现场评分", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field live_list_fields[] = {
	CAMPAIGN_AND_NODE,
	{0},
};
const struct web_field live_open_fields[] = {
	CAMPAIGN_AND_NODE,
	{.name = "title", .label = "会议名称", .type = WEB_TEXT, .required = true, .max = 100,
	 .hint = "显示在手机和大屏幕上，例如：2026 年度述职评议会"},
	{.name = "present", .label = "到场人数", .type = WEB_INT, .min = 0, .max = LIVE_PAPERS_MAX,
	 .hint = "还没点名可以不填，结束时再填"},
	{.name = "org", .label = "评哪几个", .type = WEB_TEXT, .many = true, .max = 20,
	 .pattern = "0-9"},
	{0},
};
const struct web_field live_show_fields[] = {
	SESSION,
	{0},
};
const struct web_field live_close_fields[] = {
	SESSION,
	{.name = "present", .label = "到场人数", .type = WEB_INT, .required = true, .min = 1,
	 .max = LIVE_PAPERS_MAX, .hint = "以现场点名为准；收到的份数比人多，就不能结束"},
	{0},
};
const struct web_field live_void_fields[] = {
	SESSION,
	{.name = "reason", .label = "为什么作废", .type = WEB_TEXT, .required = true, .max = 300},
	{0},
};
const struct web_field live_code_fields[] = {
	{.name = "code", .label = "代码", .type = WEB_TEXT, .max = 20},
	{0},
};
const struct web_field live_phone_fields[] = {
	{.name = "code", .label = "代码", .type = WEB_TEXT, .required = true, .max = 20},
	{.name = "sent", .label = "已交", .type = WEB_FLAG},
	{0},
};
const struct web_field live_send_fields[] = {
	{.name = "code", .label = "代码", .type = WEB_TEXT, .required = true, .max = 20},
	{.name = "figure", .label = "分数", .type = WEB_TEXT, .many = true, .blanks = true, .max = 20},
	{0},
};

/* ---- the organiser's list ---- */

int act_live_list(struct web_call *call)
{
	struct live_list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);

	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	return live_list(call->web->app, &caller, web_number(call, "campaign", 0),
			 web_number(call, "node", 0), call->arena, list, &call->info);
}

static const char *const state_labels[] = {"正在评", "已计入", "已作废"};

static void write_sessions(struct web_call *call, struct html *h, const struct live_list *list)
{
	if (!list->n)
		return;
	html(h, "<div class='sec'><h2 id='h-s'>开过的</h2></div><div class='scroll'>"
		"<table class='data sort stack' aria-labelledby='h-s'><thead><tr><th scope='col'>会议</th>"
		"<th scope='col'>状态</th><th scope='col' class='n'>到场（人）</th>"
		"<th scope='col' class='n'>计入（份）</th><th scope='col'>时间</th></tr></thead><tbody>\n");
	for (int i = 0; i < list->n; i++) {
		const struct live_session *s = &list->sessions[i];
		html(h, "<tr><th scope='row'><a href='/live/{}'>{}</a></th><td>{}</td>"
			"<td class='n' data-l='到场'>{}</td><td class='n' data-l='计入'>{}</td><td class='nw'>{}</td></tr>\n",
		     s->id, s->title, state_labels[s->state], s->present, s->papers,
		     page_time(call, s->opened_ms));
	}
	html(h, "</tbody></table></div>\n");
}

void page_live_list(struct web_call *call, struct html *h)
{
	const struct live_list *list = call->model;
	const char *home = page_text(call, "/campaigns/%lld?node=%lld", (long long)list->campaign.id,
				     (long long)list->node.id);
	struct page page = {.title = "现场评分"};

	score_crumbs(call, &list->campaign, &list->node, "现场评分", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>现场评分：{}</h1><p class='note'>到会的人用手机扫码或输入代码，"
		"给每个述职的打 0 到 100 分；结束以后出平均分", list->node.name);
	if (*list->source_label)
		html(h, "，计入“{}”", list->source_label);
	html(h, "</p></div></div>\n");
	if (list->why_not) {
		page_not_yet(h, list->why_not);
	} else {
		struct web_choice *orgs = arena_zalloc(call->arena, (size_t)list->n_orgs + 1,
						       sizeof(*orgs));
		for (int i = 0; orgs && i < list->n_orgs; i++)
			orgs[i] = (struct web_choice){
				page_text(call, "%lld", (long long)list->orgs[i].id), list->orgs[i].name};
		struct form form = form_begin(call, h, page_text(call, "/campaigns/%lld/live",
								 (long long)list->campaign.id),
					      live_open_fields);
		form_hidden(&form, "node", page_text(call, "%lld", (long long)list->node.id));
		form_row(&form, "title", NULL);
		form_row(&form, "present", NULL);
		if (orgs)
			form_row_many(&form, "org", NULL, orgs);
		html(h, "<p class='note'>一个都不选，就是全部。</p>\n");
		form_end(&form, "开始评分", "main", home);
	}
	write_sessions(call, h, list);
	page_end(call, h);
}

json_t *json_live_list(struct web_call *call)
{
	const struct live_list *list = call->model;
	json_t *sessions = json_array(), *orgs = json_array();
	for (int i = 0; i < list->n; i++)
		json_array_append_new(sessions, json_pack("{s:I, s:s, s:i}", "session",
							  (json_int_t)list->sessions[i].id, "title",
							  list->sessions[i].title, "state",
							  (int)list->sessions[i].state));
	for (int i = 0; i < list->n_orgs; i++)
		json_array_append_new(orgs, json_pack("{s:I, s:s}", "org", (json_int_t)list->orgs[i].id,
						      "name", list->orgs[i].name));
	return json_pack("{s:o, s:o, s:s}", "sessions", sessions, "orgs", orgs, "why_not",
			 list->why_not ? list->why_not : "");
}

int act_live_open(struct web_call *call)
{
	const struct web_value *chosen = web_value(call, "org");
	struct caller caller = page_caller(call);
	int64_t ids[LIVE_ORGS_MAX], session;
	struct live_draft draft = {.title = web_text(call, "title"),
				   .present = web_number(call, "present", 0), .orgs = ids};

	if (chosen->n > LIVE_ORGS_MAX)
		return web_wrong(call, "org", page_text(call, "一次最多 %d 个", LIVE_ORGS_MAX));
	for (; draft.n < chosen->n; draft.n++) {
		const char *text = arena_strndup(call->arena, chosen->texts[draft.n].data,
						 chosen->texts[draft.n].len);
		ids[draft.n] = text ? strtoll(text, NULL, 10) : 0;
	}
	int r = live_open(call->web->app, &caller, web_number(call, "campaign", 0),
			  web_number(call, "node", 0), &draft, &session, &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/live/%lld", (long long)session);
	return 0;
}

/* ---- the screen in the hall ---- */

int act_live_show(struct web_call *call)
{
	struct live_view *view = arena_zalloc(call->arena, 1, sizeof(*view));
	struct caller caller = page_caller(call);

	if (!view)
		return err_nomem(&call->info);
	call->model = view;
	return live_show(call->web->app, &caller, web_number(call, "session", 0), call->arena, view,
			 &call->info);
}

void page_live_count(struct web_call *call, struct html *h)
{
	const struct live_view *v = call->model;
	html(h, "<p class='hall' id='live-count' aria-live='polite'");
	/* Only while it is open is there anything to wait for. */
	if (v->session.state == LIVE_OPEN)
		html(h, " hx-get='/live/{}/count' hx-trigger='every 3s' hx-swap='outerHTML'", v->session.id);
	html(h, ">已交 <b>{}</b>", v->received);
	if (v->session.present)
		html(h, " / 到场 <b>{}</b>", v->session.present);
	html(h, "</p>\n");
}

static void write_results(struct html *h, const struct live_view *v)
{
	html(h, "<div class='sec'><h2 id='h-r'>平均分</h2><p class='note'>{} 份，已计入“{}”</p></div>"
		"<div class='scroll'><table class='data sort' aria-labelledby='h-r'><thead><tr><th scope='col'>组织</th>"
		"<th scope='col'>书记</th><th scope='col' class='n'>平均分</th></tr></thead><tbody>\n",
	     v->session.papers, v->source_label);
	for (int i = 0; i < v->n_orgs; i++)
		html(h, "<tr><th scope='row'>{}</th><td>{}</td><td class='n'>{}</td></tr>\n",
		     v->orgs[i].name, v->orgs[i].secretary, v->results[i].mean);
	html(h, "</tbody></table></div>\n");
}

/* ABCD EFGH. */
static const char *spaced(struct web_call *call, const char *code)
{
	return page_text(call, "%.4s %s", code, strlen(code) > 4 ? code + 4 : "");
}

static void write_entrance(struct web_call *call, struct html *h, const struct live_view *v)
{
	const char *address = page_text(call, "%sl/%s", call->web->address, v->session.code);

	html(h, "<div class='hall-way'><div>");
	qr_write(h, address, "打开评分页的二维码；也可以输入地址和代码");
	html(h, "</div><div><p>手机扫码，或者打开</p><p class='hall-code'>{}l</p><p>输入代码</p>"
		"<p class='hall-code'>{}</p>", call->web->address, spaced(call, v->session.code));
	page_live_count(call, h);
	html(h, "<p class='note'>一部手机一份，结束前可以改；没有人看得到谁打了多少分。"
		"收到的份数比到场的人多，就不能计入。</p></div></div>\n");
}

void page_live_show(struct web_call *call, struct html *h)
{
	const struct live_view *v = call->model;
	const struct live_session *s = &v->session;
	const char *list = page_text(call, "/campaigns/%lld/live?node=%lld", (long long)s->campaign,
				     (long long)s->node);
	const struct crumb crumbs[] = {
		{"年度工作", "/campaigns"}, {v->campaign_title, page_text(call, "/campaigns/%lld?node=%lld",
								      (long long)s->campaign, (long long)s->node)},
		{"现场评分", list}, {s->title, ""}};
	struct page page = {.title = s->title, .menu = "/campaigns", .crumbs = crumbs, .n_crumbs = 4};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{} · {} · {} 个</p></div></div>\n", s->title,
	     v->node_name, state_labels[s->state], v->n_orgs);
	if (s->state == LIVE_OPEN) {
		write_entrance(call, h, v);
		html(h, "<div class='sec'><h2>评完了</h2></div>");
		struct form form = form_begin(call, h, page_text(call, "/live/%lld/close",
								 (long long)s->id), live_close_fields);
		form_row(&form, "present", s->present ? page_text(call, "%lld", (long long)s->present) : NULL);
		form_end(&form, "结束评分，出平均分", "main", NULL);
		form = form_fold(call, h, "这次不算，作废", page_text(call, "/live/%lld/void", (long long)s->id),
				 live_void_fields, NULL, NULL);
		form_row(&form, "reason", NULL);
		form_end(&form, "作废这次评分", "danger", NULL);
		html(h, "</details>\n");
	} else if (s->state == LIVE_CLOSED) {
		write_results(h, v);
	} else {
		html(h, "<p class='empty'>这次评分作废了，收到的都没有计入。<a href='{}'>重新评一次</a></p>\n", list);
	}
	page_end(call, h);
}

json_t *json_live_show(struct web_call *call)
{
	const struct live_view *v = call->model;
	json_t *orgs = json_array();
	for (int i = 0; i < v->n_orgs; i++)
		json_array_append_new(orgs, json_pack("{s:I, s:s, s:s}", "org",
						      (json_int_t)v->orgs[i].org, "name", v->orgs[i].name,
						      "mean", v->results ? v->results[i].mean : ""));
	return json_pack("{s:I, s:s, s:i, s:I, s:I, s:o}", "session", (json_int_t)v->session.id, "code",
			 v->session.code, "state", (int)v->session.state, "received",
			 (json_int_t)v->received, "present", (json_int_t)v->session.present, "orgs", orgs);
}

int act_live_close(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t session = web_number(call, "session", 0);
	int r = live_close(call->web->app, &caller, session, web_number(call, "present", 0), &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/live/%lld", (long long)session);
	call->note = "评分结束，平均分已计入";
	return 0;
}

int act_live_void(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t session = web_number(call, "session", 0);
	int r = live_void(call->web->app, &caller, session, web_text(call, "reason"), &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/live/%lld", (long long)session);
	call->note = "已作废";
	return 0;
}

/* ---- the phone ---- */

struct phone {
	const char *code;		/* "": to be typed */
	struct live_view view;
	const char **figures;		/* sent before; NULL */
	bool sent;			/* just now */
};

/* What tells one browser from another. */
static struct str device_of(const struct web_call *call)
{
	return call->token.len ? call->token : str_from(call->guest);
}

int act_live_phone(struct web_call *call)
{
	struct phone *p = arena_zalloc(call->arena, 1, sizeof(*p));
	char code[LIVE_CODE_LEN + 1];

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	p->code = "";
	p->sent = call->route->fields == live_phone_fields && web_number(call, "sent", 0);
	if (!web_value(call, "code")->given)
		return 0;
	int r = live_code_read(web_value(call, "code")->text, code, &call->info);
	if (r)
		return r;
	p->code = page_text(call, "%s", code);
	return live_paper(call->web->app, p->code, device_of(call), call->arena, &p->view, &p->figures,
			  &call->info);
}

static void phone_begin(struct web_call *call, struct html *h, const char *title)
{
	struct page page = {.title = title};
	page_begin(call, h, &page);
	html(h, "<div class='big-page'><h1>{}</h1>\n", title);
}

static void write_paper(struct web_call *call, struct html *h, const struct phone *p)
{
	html(h, "<p>给每个打 0 到 100 分。结束前可以改；没有人看得到您打了多少分。</p>\n");
	form_problem(call, h, call->typed_fields);
	html(h, "<form method='post' action='/l/{}'><input type='hidden' name='_csrf' value='{}'>"
		"<ol class='duties phone-points'>\n", p->code, call->csrf);
	for (int i = 0; i < p->view.n_orgs; i++) {
		const struct live_org *o = &p->view.orgs[i];
		html(h, "<li><label for='f{}'><h2>{}</h2>{}</label>"
			"<input id='f{}' name='figure' inputmode='decimal' autocomplete='off' maxlength='8' value='{}'> 分</li>\n",
		     i, o->name, o->secretary, i,
		     form_typed(call, call->typed_fields, "figure", i, p->figures ? p->figures[i] : ""));
	}
	html(h, "</ol><button class='btn main'>{}</button></form>\n", p->figures ? "改好，重新提交" : "提交");
}

void page_live_phone(struct web_call *call, struct html *h)
{
	const struct phone *p = call->model;

	if (!p || !*p->code) {
		phone_begin(call, h, "现场评分");
		html(h, "<form action='/l'><p><label for='code'>输入大屏幕上的代码（8 个字母和数字）</label></p>"
			"<p><input id='code' name='code' class='code-in' autocomplete='off' autocapitalize='characters' "
			"maxlength='20' required></p><button class='btn main'>开始</button></form>\n");
	} else if (p->view.session.state != LIVE_OPEN) {
		phone_begin(call, h, p->view.session.title);
		html(h, "<p>评分已经结束。谢谢您。</p>\n");
	} else {
		phone_begin(call, h, p->view.session.title);
		if (p->sent)
			html(h, "<p class='light ok' role='status'>收到了。现在可以关掉这一页；结束前回来还能改。</p>\n");
		write_paper(call, h, p);
	}
	html(h, "</div>\n");
	page_end(call, h);
}

json_t *json_live_phone(struct web_call *call)
{
	const struct phone *p = call->model;
	json_t *orgs = json_array();
	for (int i = 0; *p->code && i < p->view.n_orgs; i++)
		json_array_append_new(orgs, json_pack("{s:s, s:s}", "name", p->view.orgs[i].name, "figure",
						      p->figures ? p->figures[i] : ""));
	return json_pack("{s:s, s:i, s:o, s:s}", "code", p->code, "state",
			 *p->code ? (int)p->view.session.state : 0, "orgs", orgs, "_csrf", call->csrf);
}

int act_live_send(struct web_call *call)
{
	const struct web_value *figures = web_value(call, "figure");
	char code[LIVE_CODE_LEN + 1];
	int wrong, r = live_code_read(web_value(call, "code")->text, code, &call->info);
	if (r == 0)
		r = live_send(call->web->app, code, device_of(call), figures->texts, figures->n, &wrong,
			      &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/l/%s?sent=1", code);
	return 0;
}
