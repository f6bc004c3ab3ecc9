/* SPDX-License-Identifier: Apache-2.0 */
/* One account: its particulars, its roles, and what administrators do with it. */
#include <stdlib.h>
#include <string.h>

#include "app/accounts.h"
#include "web/form.h"
#include "web/pages/pages.h"

bool account_role_choice(int i, struct web_choice *ret)
{
	if (i >= ROLE_COUNT)
		return false;
	*ret = (struct web_choice){role_id((enum role)i), role_label((enum role)i)};
	return true;
}

static const struct web_choice answers[] = {{"yes", "同意"}, {"no", "不同意"}, {0}};

#define ACCOUNT \
	{.name = "account", .label = "账号", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field account_id_fields[] = {ACCOUNT, {0}};
const struct web_field account_new_page_fields[] = {
	{.name = "node", .label = "所属组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{0},
};
const struct web_field account_new_fields[] = {
	{.name = "node", .label = "管理范围", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "login", .label = "账号", .type = WEB_TEXT, .required = true, .min = 2,
	 .max = ACCOUNT_NAME_MAX, .hint = "登录时输入，例如姓名拼音；建好以后不能改"},
	{.name = "name", .label = "姓名", .type = WEB_TEXT, .required = true, .max = 40},
	{.name = "phone", .label = "电话", .type = WEB_TEXT, .max = 40},
	{.name = "org", .label = "所属组织", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "填组织代码"},
	{0},
};
const struct web_field account_grant_fields[] = {
	ACCOUNT,
	{.name = "role", .label = "角色", .type = WEB_CHOICE, .required = true,
	 .choice_at = account_role_choice},
	{.name = "org", .label = "在哪个组织", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "填组织代码；角色管到它和它下面的组织"},
	{0},
};
const struct web_field account_revoke_fields[] = {
	ACCOUNT,
	{.name = "role", .label = "角色", .type = WEB_CHOICE, .required = true,
	 .choice_at = account_role_choice},
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{0},
};
const struct web_field account_decide_fields[] = {
	{.name = "request", .label = "申请", .type = WEB_TEXT, .required = true, .many = true, .max = 18,
	 .pattern = "0-9"},
	{.name = "answer", .label = "意见", .type = WEB_CHOICE, .required = true, .choices = answers},
	{0},
};

/* A password that is shown this once. */
struct fresh {
	const char *login, *name;
	char password[PASSWORD_MADE_LEN + 1];
	int64_t account;
};

int act_account_show(struct web_call *call)
{
	struct account_detail *detail = arena_zalloc(call->arena, 1, sizeof(*detail));
	struct caller caller = page_caller(call);

	if (!detail)
		return err_nomem(&call->info);
	call->model = detail;
	return accounts_detail(call->web->app, &caller, web_number(call, "account", 0), call->arena,
			       detail, &call->info);
}

/* ---- the page ---- */

static void write_button(struct web_call *call, struct html *h, int64_t account, const char *verb,
			 const char *kind, const char *label)
{
	html(h, "<form method='post' action='/accounts/{}/{}'>"
		"<input type='hidden' name='_csrf' value='{}'><button class='btn {}'>{}</button></form>",
	     account, verb, call->csrf, kind, label);
}

/* The same after a second look at what it does; without script, too. */
static void write_sure(struct web_call *call, struct html *h, int64_t account, const char *verb,
		       const char *kind, const char *label, const char *what)
{
	html(h, "<details class='menu sure'><summary class='btn {}'>{}</summary><div class='box warn'><p>{}</p>", kind,
	     label, what);
	write_button(call, h, account, verb, "main", page_text(call, "确认%s", label));
	html(h, "</div></details>");
}

void account_write_stuck(struct html *h)
{
	html(h, "<p class='box warn'>现在只有您一位安全管理员，没有第二个人能同意。请管服务器的人在服务器上用 "
		"<code>jinwei account recover</code> 命令补一位，做法见<a href='/help/accounts'>手册“账号和角色”</a>；"
		"补好以后由那一位同意，不用重新提出。</p>");
}

static void write_roles(struct web_call *call, struct html *h, const struct account_detail *d)
{
	bool may = call->session.may >> ACTION_ROLE_GRANT & 1;

	html(h, "<section aria-labelledby='h-r'><div class='sec'><h2 id='h-r'>角色</h2>"
		"<span class='note'>角色管到那个组织和它下面的组织</span></div>");
	if (d->n_grants == 0 && d->n_requests == 0)
		html(h, "<div class='empty'><b>还没有角色</b><p>没有角色就什么也看不到，由安全管理员给。</p></div>");
	else
		html(h, "<ul class='list'>");
	for (int i = 0; i < d->n_requests; i++)
		html(h, "<li><b>{}</b> <span class='light warn'>等第二个人同意</span><p>{}　{} 提出，{}</p></li>",
		     role_label((enum role)d->requests[i].role), d->requests[i].node_name,
		     d->requests[i].asked_by_label, page_time(call, d->requests[i].asked_ms));
	for (int i = 0; i < d->n_grants; i++) {
		const struct grant *g = &d->grants[i];
		html(h, "<li>");
		if (may)
			html(h, "<form class='r' method='post' action='/accounts/{}/revoke'>"
				"<input type='hidden' name='_csrf' value='{}'>"
				"<input type='hidden' name='role' value='{}'>"
				"<input type='hidden' name='node' value='{}'>"
				"<button class='btn sm danger'>收回</button></form>",
			     d->account.id, call->csrf, role_id((enum role)g->role), g->node);
		html(h, "<b>{}</b><p>{}　{} 起</p></li>", role_label((enum role)g->role), g->node_name,
		     page_time(call, g->granted_ms));
	}
	if (d->n_grants || d->n_requests)
		html(h, "</ul>");
	for (int i = 0; i < d->n_requests; i++)
		if (d->requests[i].stuck) {
			account_write_stuck(h);
			break;
		}
	html(h, "</section>\n");
}

static void write_grant_form(struct web_call *call, struct html *h, const struct account_detail *d)
{
	if (!(call->session.may >> ACTION_ROLE_GRANT & 1))
		return;
	if (d->account.id == call->session.account) {
		html(h, "<p class='note'>自己的角色，由另一位安全管理员给</p>");
		return;
	}
	html(h, "<section aria-labelledby='h-g'><div class='sec'><h2 id='h-g'>给角色</h2></div>");
	struct form form = form_begin(call, h, page_text(call, "/accounts/%lld/grant",
							 (long long)d->account.id),
				      account_grant_fields);
	form_row(&form, "role", NULL);
	form_row(&form, "org", NULL);
	form_end(&form, "给这个角色", "main", NULL);
	html(h, "</section>\n");
}

static const char *locked(struct web_call *call, const struct account_detail *d)
{
	if (d->locked_until_ms / 1000 <= call->request->now)
		return "";
	return page_text(call, "；密码错了太多次，锁到 %s，重置密码马上解开",
			 page_time(call, d->locked_until_ms));
}

void page_account_show(struct web_call *call, struct html *h)
{
	const struct account_detail *d = call->model;
	const struct account *a = &d->account;
	struct page page = {.title = a->label, .menu = "/accounts"};
	struct crumb crumbs[] = {{"账号", "/accounts"}, {a->label, NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>账号 <b class='mono'>{}</b> · {}</p></div>"
		"<div class='acts'>", a->label, a->name, a->node_name);
	if (call->session.may >> ACTION_ACCOUNT_WRITE & 1) {
		write_sure(call, h, a->id, "reset", "", "重置密码",
			   "现在的密码马上失效，动态口令一起取消，已经登录的都退出；新的初始密码只显示一次，请当面交给本人。");
		if (a->state == ACCOUNT_CLOSED)
			write_button(call, h, a->id, "open", "", "重新启用");
		else if (a->id != call->session.account)
			write_sure(call, h, a->id, "close", "danger", "停用",
				   "马上退出，不能再登录；做过的事和日志都保留，以后可以重新启用。");
	}
	html(h, "</div></div>\n<div class='cols half'><section aria-labelledby='h-a'>"
		"<div class='sec'><h2 id='h-a'>基本情况</h2></div><dl class='kv'>"
		"<dt>状态</dt><dd>{}{}</dd><dt>建立</dt><dd>{}</dd>"
		"<dt>最近登录</dt><dd>{}</dd><dt>改密码</dt><dd>{}</dd><dt>动态口令</dt><dd>{}</dd>",
	     a->state == ACCOUNT_CLOSED ? "已停用" : "正常", locked(call, d), page_time(call, a->created_ms),
	     a->login_ms ? page_time(call, a->login_ms) : "从未",
	     a->must_change ? "还没有改初始密码" : page_time(call, a->password_ms),
	     a->has_totp ? "已开通" : "没有开通");
	if (*a->phone)
		html(h, "<dt>电话</dt><dd>{}</dd>", a->phone);
	html(h, "</dl></section><div>");
	write_roles(call, h, d);
	write_grant_form(call, h, d);
	html(h, "</div></div>\n");
	page_end(call, h);
}

json_t *json_account_show(struct web_call *call)
{
	const struct account_detail *d = call->model;
	json_t *roles = json_array();

	for (int i = 0; i < d->n_grants; i++)
		json_array_append_new(roles, json_pack("{s:s, s:I, s:s}", "role",
						       role_id((enum role)d->grants[i].role), "node",
						       (json_int_t)d->grants[i].node, "org",
						       d->grants[i].node_name));
	return json_pack("{s:I, s:s, s:s, s:s, s:I, s:b, s:b, s:o}", "id",
			 (json_int_t)d->account.id, "login", d->account.name, "name",
			 d->account.label, "phone", d->account.phone, "node",
			 (json_int_t)d->account.node, "closed", d->account.state == ACCOUNT_CLOSED,
			 "must_change", d->account.must_change, "roles", roles);
}

/* ---- new, reset: a password to hand over ---- */

void page_account_new(struct web_call *call, struct html *h)
{
	const struct org_detail *d = call->model;
	struct page page = {.title = "新建账号", .menu = "/accounts"};
	struct crumb crumbs[] = {{"账号", "/accounts"}, {"新建账号", NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>新建账号</h1><p class='note'>建好后显示一次初始密码，"
		"交给本人；第一次登录必须改掉</p></div></div>\n");
	struct form form = form_begin(call, h, "/accounts/new", account_new_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)d->org.id));
	form_row(&form, "login", NULL);
	form_row(&form, "name", NULL);
	form_row(&form, "phone", NULL);
	form_row(&form, "org", d->org.code);
	form_end(&form, "建立账号", "main", "/accounts");
	page_end(call, h);
}

static int find_org(struct web_call *call, const struct caller *caller, int64_t *ret_id)
{
	int r = roster_find(call->web->app, caller, web_text(call, "org"), ret_id, &call->info);
	return r == ERR_NOT_FOUND ? web_wrong(call, "org", "没有这个代码的组织") : r;
}

int act_account_new(struct web_call *call)
{
	struct fresh *fresh = arena_zalloc(call->arena, 1, sizeof(*fresh));
	struct caller caller = page_caller(call);
	struct new_account account = {web_text(call, "login"), web_text(call, "name"),
				      web_text(call, "phone"), 0};

	if (!fresh)
		return err_nomem(&call->info);
	int r = find_org(call, &caller, &account.node);
	if (r == 0)
		r = accounts_add(call->web->app, &caller, &account, &fresh->account, fresh->password,
				 &call->info);
	if (r == ERR_CONFLICT || r == ERR_INPUT)
		return web_wrong(call, "login", page_text(call, "%s", call->info.text));
	fresh->login = account.name;
	fresh->name = account.label;
	call->model = fresh;
	return r;
}

int act_account_reset(struct web_call *call)
{
	struct fresh *fresh = arena_zalloc(call->arena, 1, sizeof(*fresh));
	struct caller caller = page_caller(call);
	struct account_detail d;

	if (!fresh)
		return err_nomem(&call->info);
	fresh->account = web_number(call, "account", 0);
	int r = accounts_detail(call->web->app, &caller, fresh->account, call->arena, &d,
				&call->info);
	if (r == 0)
		r = accounts_reset(call->web->app, &caller, fresh->account, fresh->password,
				   &call->info);
	if (r)
		return r;
	fresh->login = d.account.name;
	fresh->name = d.account.label;
	call->model = fresh;
	return 0;
}

void page_account_fresh(struct web_call *call, struct html *h)
{
	const struct fresh *fresh = call->model;
	struct page page = {.title = "初始密码", .menu = "/accounts"};

	page_begin(call, h, &page);
	html(h, "<div class='notice'><h1>初始密码只显示这一次</h1><div class='box hot'><dl class='kv'>"
		"<dt>姓名</dt><dd>{}</dd><dt>账号</dt><dd class='mono'>{}</dd>"
		"<dt>初始密码</dt><dd class='code'>{}</dd></dl></div>"
		"<p class='note'>请抄下或打印后交给本人。第一次登录必须改成自己的密码。</p>"
		"<p class='acts'><button class='btn' type='button' data-print='1'>打印</button>"
		"<a class='btn main' href='/accounts/{}'>好了，去看账号</a></p></div>\n",
	     fresh->name, fresh->login, fresh->password, fresh->account);
	page_end(call, h);
}

json_t *json_account_fresh(struct web_call *call)
{
	const struct fresh *fresh = call->model;
	return json_pack("{s:I, s:s, s:s}", "id", (json_int_t)fresh->account, "login", fresh->login,
			 "password", fresh->password);
}

/* ---- close, open, grant, revoke, decide ---- */

static int back_to_account(struct web_call *call, int r, const char *note)
{
	if (r)
		return r;
	call->location = page_text(call, "/accounts/%lld", (long long)web_number(call, "account", 0));
	call->note = note;
	return 0;
}

int act_account_close(struct web_call *call)
{
	struct caller caller = page_caller(call);
	bool close = strstr(call->route->path, "/close") != NULL;
	int r = accounts_close(call->web->app, &caller, web_number(call, "account", 0), close,
			       &call->info);
	return back_to_account(call, r, close ? "已停用，正在用的登录都已退出" : "已重新启用");
}

int act_account_grant(struct web_call *call)
{
	struct caller caller = page_caller(call);
	bool pending = false;
	int64_t node;

	int r = find_org(call, &caller, &node);
	if (r == 0)
		r = roles_grant(call->web->app, &caller, web_number(call, "account", 0),
				(enum role)web_number(call, "role", 0), node, &pending, &call->info);
	return back_to_account(call, r, pending ? "已提出，等第二位安全管理员同意" : "已给角色");
}

int act_account_revoke(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = roles_revoke(call->web->app, &caller, web_number(call, "account", 0),
			     (enum role)web_number(call, "role", 0), web_number(call, "node", 0),
			     &call->info);
	return back_to_account(call, r, "已收回角色");
}

int act_account_decide(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_value *chosen = web_value(call, "request");
	bool yes = web_number(call, "answer", 1) == 0;
	int64_t *requests = arena_zalloc(call->arena, (size_t)chosen->n + 1, sizeof(*requests));
	if (!requests)
		return err_nomem(&call->info);
	for (int i = 0; i < chosen->n; i++)
		requests[i] = strtoll(page_text(call, "%.*s", (int)chosen->texts[i].len, chosen->texts[i].data),
				      NULL, 10);
	int r = roles_decide(call->web->app, &caller, requests, chosen->n, yes, &call->info);
	if (r)
		return r;
	call->location = "/accounts";
	call->note = page_text(call, "%s %d 个", yes ? "已同意" : "已回绝", chosen->n);
	return 0;
}
