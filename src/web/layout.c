/* SPDX-License-Identifier: Apache-2.0 */
#include "web/layout.h"
#include "web/page_file.h"
#include "web/page_read.h"

#include <string.h>
#include <time.h>

#include "web/assets.h"
#include "web/form.h"
#include "web/help.h"
#include "web/session.h"

static const struct menu_entry menu[] = {
	{"/", "首页", "今天要办的事"},
	{"/my", "我要办的", "到期的、退回的、台账里的、已经办完的"},
	{"/campaigns", "年度工作", "进度、等次、逾期和催办"},
	{"/unit-scores", "打分", "分配给我单位打分的党组织"},
	{"/opinions", "征求意见", "就哪些党组织征求我单位的意见"},
	{"/ballots", "测评票箱", "不记名票箱：设箱、印票、投票、开箱", "/campaigns"},
	{"/schemes", "方案", "各份文件的规则：看、改、比较", "/campaigns"},
	{"/cases", "整顿台账", "候选、问题、验收、销号、回访"},
	{"/forms", "报表", "报表：看、打印、下载、打包、查校验码"},
	{"/orgs", "组织", "组织树、登记、变更、导入和导出"},
	{"/accounts", "账号", "账号、角色和重置密码"},
	{"/audit", "日志", "谁在什么时候做了什么"},
	{NULL, NULL, NULL, NULL},
};

bool page_may_open(struct web_call *call, const char *path)
{
	for (const struct web_route *r = call->web->routes; r->path; r++) {
		if (r->method != WEB_GET || strcmp(r->path, path) != 0)
			continue;
		if (r->access != WEB_RIGHT)
			return r->access != WEB_SIGNED_IN || call->session.signed_in;
		return call->session.signed_in && (call->session.may >> r->action & 1);
	}
	return false;
}

const struct menu_entry *menu_entry(struct web_call *call, int i, bool *ret_open)
{
	if (!menu[i].path)
		return NULL;
	*ret_open = page_may_open(call, menu[i].path);
	return &menu[i];
}

const char *page_query_with(struct web_call *call, const char *name, const char *value)
{
	struct web_params params = {0};
	struct err_info info = {0};
	struct buf out = {0};

	web_params_add_form(&params, call->request->query, call->arena, &info);
	for (int i = 0; i < params.n; i++) {
		struct str key = params.at[i].name;
		if (str_eqs(key, name) || page_begins(key, "page") || str_eqs(key, "row") || !params.at[i].value.len)
			continue;
		buf_addc(&out, out.len ? '&' : '?');
		url_add(&out, key);
		buf_addc(&out, '=');
		url_add(&out, params.at[i].value);
	}
	if (value) {
		buf_addc(&out, out.len ? '&' : '?');
		buf_addf(&out, "%s=", name);
		url_add(&out, str_from(value));
	}
	const char *text = arena_strdup(call->arena, out.len ? buf_str(&out) : "?");
	buf_done(&out);
	return text ? text : "?";
}

static void write_head(struct web_call *call, struct html *h, const char *title)
{
	(void)call;
	html(h, "<!doctype html>\n<html lang='zh-CN'>\n<head>\n<meta charset='utf-8'>\n"
		"<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
		"<title>{} · 晋位</title>\n", title);
	/* No eval, no style of its own (CSP), only this site; errors are pages too. */
	html(h, "<meta name='htmx-config' content='{\"includeIndicatorStyles\":false,"
		"\"allowEval\":false,\"allowScriptTags\":false,\"selfRequestsOnly\":true,"
		"\"historyCacheSize\":0,\"refreshOnHistoryMiss\":true,\"scrollIntoViewOnBoost\":false,"
		"\"responseHandling\":[{\"code\":\"204\",\"swap\":false},"
		"{\"code\":\"...\",\"swap\":true}]}'>\n");
	html(h, "<link rel='stylesheet' href='{}'>\n<link rel='icon' href='{}'>\n"
		"<script src='{}' defer></script>\n<script src='{}' defer></script>\n</head>\n",
	     asset_url("style.css"), asset_url("icon.svg"), asset_url("htmx.min.js"),
	     asset_url("app.js"));
}

/* Of the manual's page on what is shown. */
static const char *help_address(struct web_call *call)
{
	const struct help_page *page = help_for(call->request->path);
	const char *address = strcmp(page->name, "README") == 0
				      ? "/help" : arena_printf(call->arena, "/help/%s", page->name);
	return address ? address : "/help";
}

static const struct menu_entry *menu_find(const char *path)
{
	for (const struct menu_entry *m = menu; path && m->path; m++)
		if (strcmp(m->path, path) == 0)
			return m;
	return NULL;
}

/* The entry under which one stands in the menu: its group's, if one may open that. */
static const char *menu_top(struct web_call *call, const struct menu_entry *m)
{
	return m->group && page_may_open(call, m->group) ? m->group : m->path;
}

static void write_menu(struct web_call *call, struct html *h, const struct page *page)
{
	const struct menu_entry *own = menu_find(page->menu);
	const char *now = own ? menu_top(call, own) : "";
	html(h, "<nav class='nav' aria-label='主菜单'>");
	for (const struct menu_entry *m = menu; m->path; m++) {
		if (!page_may_open(call, m->path) || menu_top(call, m) != m->path)
			continue;
		html(h, "<a href='{}'", m->path);
		if (strcmp(now, m->path) == 0)
			html(h, " aria-current='page'");
		html(h, ">{}</a>", m->label);
	}
	html(h, "</nav>\n<div class='me'><span class='hide'>{}", call->session.name);
	if (call->session.node_name[0])
		html(h, " · {}", call->session.node_name);
	html(h, "</span><a class='hide' href='{}'>怎么用</a><a class='hide' href='/password'>改密码</a>"
		"<form method='post' action='/logout'>"
		"<input type='hidden' name='_csrf' value='{}'>"
		"<button class='link'>退出</button></form></div>\n", help_address(call), call->csrf);
}

/* The pages of a menu entry that has several. */
static void write_group(struct web_call *call, struct html *h, const struct page *page)
{
	const struct menu_entry *own = menu_find(page->menu);
	int n = 0;
	if (!own)
		return;
	const char *top = menu_top(call, own);
	for (const struct menu_entry *m = menu; m->path; m++)
		n += page_may_open(call, m->path) && strcmp(menu_top(call, m), top) == 0;
	if (n < 2)
		return;
	html(h, "<nav class='tabs group' aria-label='相关页面'>");
	for (const struct menu_entry *m = menu; m->path; m++) {
		if (!page_may_open(call, m->path) || strcmp(menu_top(call, m), top) != 0)
			continue;
		html(h, "<a href='{}'", m->path);
		if (m == own)
			html(h, " aria-current='page'");
		html(h, ">{}</a>", m->label);
	}
	html(h, "</nav>\n");
}

static void write_crumbs(struct html *h, const struct page *page)
{
	html(h, "<div class='crumb'><nav aria-label='组织路径'><ol>");
	for (int i = 0; i < page->n_crumbs; i++) {
		const struct crumb *c = &page->crumbs[i];
		if (i == page->n_crumbs - 1)
			html(h, "<li aria-current='page'>{}</li>", c->name);
		else
			html(h, "<li><a href='{}'>{}</a></li>", c->href, c->name);
	}
	html(h, "</ol></nav></div>\n");
}

/* What the last page's button did, once. */
static void write_note(struct web_call *call, struct html *h)
{
	struct str cookie = cookie_find(call->request->cookie, note_cookie_name());
	struct web_params params = {0};
	struct err_info info = {0};

	if (!cookie.len || cookie.len > 3000)
		return;
	cookie_set(call, note_cookie_name(), "", 1);
	if (web_params_add_encoded(&params, STR("note"), cookie, call->arena, &info) == 0)
		html(h, "<div class='toast' role='status'>{}</div>\n", params.at[0].value);
}

void page_begin(struct web_call *call, struct html *h, const struct page *page)
{
	write_head(call, h, page->title);
	html(h, "<body hx-boost='true'>\n<a class='skip' href='#main'>跳到正文</a>\n");
	if (call->web->demo)
		html(h, "<p class='demo' role='note'>演示系统，数据全部虚构</p>\n");
	html(h, "<header class='top'>\n<a class='brand' href='/'>晋位</a>\n");
	if (call->session.signed_in)
		write_menu(call, h, page);
	html(h, "</header>\n");
	if (page->n_crumbs)
		write_crumbs(h, page);
	html(h, "<main class='page' id='main' tabindex='-1'>\n");
	/* Further in, the path says where one is. */
	if (!page->n_crumbs && call->session.signed_in)
		write_group(call, h, page);
	write_note(call, h);
}

void page_end(struct web_call *call, struct html *h)
{
	static const char *const weekday[] = {"日", "一", "二", "三", "四", "五", "六"};
	time_t local = (time_t)call->request->now + 8 * 3600;	/* China has one time zone */
	struct tm tm;

	gmtime_r(&local, &tm);
	page_file_links(call, h);
	/* Its form is not there any more, or has no place for it. */
	if (call->problem && !call->problem_said) {
		html(h, "<div class='toast bad stay'>");
		form_problem(call, h, call->typed_fields);
		html(h, "</div>\n");
	}
	html(h, "</main>\n<footer class='foot noprint'><span>晋位 {}</span>", call->web->version);
	/* The head has no room for these on a phone. */
	if (call->session.signed_in)
		html(h, "<span><a href='{}'>怎么用</a>　<a href='/password'>修改密码</a>　"
			"<a href='/totp'>动态口令</a>　<a href='/sessions'>我的登录</a></span>", help_address(call));
	else
		html(h, "<span><a href='{}'>怎么用</a></span>", help_address(call));
	html(h, "<span>今天 {} 月 {} 日 周{}</span></footer>\n</body>\n</html>\n", tm.tm_mon + 1,
	     tm.tm_mday, weekday[tm.tm_wday]);
}
