/* SPDX-License-Identifier: Apache-2.0 */
/* Where one is signed in, and ending it elsewhere. */
#include <string.h>

#include "app/people.h"
#include "web/pages/pages.h"
#include "web/session.h"

const struct web_field session_end_fields[] = {
	{.name = "session", .label = "登录", .type = WEB_TEXT, .max = SESSION_MARK_LEN, .pattern = "0-9a-f",
	 .hint = "不填是现在这处以外的全部"},
	{0}};

struct own_sessions {
	struct session *at;
	int n;
	unsigned char here[WEB_HASH_LEN];
};
_Static_assert((int)WEB_HASH_LEN == (int)TOKEN_HASH_LEN, "the same hash");

int act_sessions(struct web_call *call)
{
	struct own_sessions *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);

	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	token_hash(call->token, list->here);
	return people_sessions(call->web->app, &caller, call->arena, &list->at, &list->n, &call->info);
}

int act_session_end(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const char *mark = web_text(call, "session");
	unsigned char here[WEB_HASH_LEN];
	int n = 0;

	token_hash(call->token, here);
	int r = people_end_sessions(call->web->app, &caller, *mark ? mark : NULL, here, &n, &call->info);
	if (r)
		return r;
	call->location = "/sessions";
	call->note = n ? page_text(call, "已退出 %d 处登录", n) : "没有别的登录";
	return 0;
}

static bool is_here(const struct own_sessions *list, int i)
{
	return memcmp(list->at[i].token_hash, list->here, WEB_HASH_LEN) == 0;
}

static void write_row(struct web_call *call, struct html *h, const struct own_sessions *list, int i)
{
	const struct session *s = &list->at[i];
	char mark[SESSION_MARK_LEN + 1];

	session_mark(s, mark);
	html(h, "<tr><th scope='row' class='nw'>{}</th><td class='nw' data-l='最近使用'>{}</td>"
		"<td data-l='从哪里'>{}</td><td>", page_time(call, s->created_ms), page_time(call, s->seen_ms),
	     s->origin);
	if (is_here(list, i))
		html(h, "<span class='light ok'>现在这处</span>");
	else
		html(h, "<form method='post' action='/sessions'><input type='hidden' name='_csrf' value='{}'>"
			"<input type='hidden' name='session' value='{}'><button class='btn sm'>退出这处</button></form>",
		     call->csrf, mark);
	html(h, "</td></tr>\n");
}

void page_sessions(struct web_call *call, struct html *h)
{
	const struct own_sessions *list = call->model;
	struct page page = {.title = "我的登录"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>我的登录</h1><p class='note'>您的账号现在在 {} 处登录着。有不认识的，就在这里退出，"
		"再<a href='/password'>改密码</a></p></div>", list->n);
	if (list->n > 1)
		html(h, "<form class='acts' method='post' action='/sessions'>"
			"<input type='hidden' name='_csrf' value='{}'>"
			"<button class='btn'>退出其他 {} 处</button></form>", call->csrf, list->n - 1);
	html(h, "</div>\n<table class='data sort stack'><caption class='vh'>我的登录</caption><thead><tr>"
		"<th scope='col'>登录时间</th><th scope='col'>最近使用</th><th scope='col'>从哪里（网络地址）</th>"
		"<th scope='col'>操作</th></tr></thead><tbody>\n");
	for (int i = 0; i < list->n; i++)
		write_row(call, h, list, i);
	html(h, "</tbody></table>\n<p class='note'>只记时间和网络地址；最近使用每分钟记一次。{} 小时后或者太久没有操作，"
		"登录会自己失效。</p>\n", (int)SESSION_MAX_H);
	page_end(call, h);
}

json_t *json_sessions(struct web_call *call)
{
	const struct own_sessions *list = call->model;
	json_t *sessions = json_array();
	char mark[SESSION_MARK_LEN + 1];

	for (int i = 0; i < list->n; i++) {
		const struct session *s = &list->at[i];
		session_mark(s, mark);
		json_array_append_new(sessions, json_pack("{s:s, s:I, s:I, s:s, s:b}", "session", mark, "signed_in_ms",
							  (json_int_t)s->created_ms, "seen_ms",
							  (json_int_t)s->seen_ms, "origin", s->origin, "here",
							  is_here(list, i)));
	}
	return json_pack("{s:o, s:s}", "sessions", sessions, "csrf", call->csrf);
}
