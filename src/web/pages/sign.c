/* SPDX-License-Identifier: Apache-2.0 */
/* Coming in and going out: sign in, sign out, change the password. */
#include <string.h>

#include "app/people.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/session.h"

const struct web_field login_fields[] = {
	{.name = "login", .label = "账号", .type = WEB_TEXT, .required = true, .max = ACCOUNT_NAME_MAX},
	{.name = "password", .label = "密码", .type = WEB_SECRET, .required = true,
	 .max = PASSWORD_MAX},
	{.name = "totp", .label = "动态口令", .type = WEB_TEXT, .max = 10, .pattern = "0-9",
	 .hint = "没有开通就不填"},
	{.name = "next", .label = "登录后去", .type = WEB_TEXT, .max = 500},
	{0},
};
const struct web_field login_page_fields[] = {
	{.name = "next", .label = "登录后去", .type = WEB_TEXT, .max = 500},
	{0},
};
const struct web_field password_fields[] = {
	{.name = "old", .label = "现在的密码", .type = WEB_SECRET, .required = true,
	 .max = PASSWORD_MAX},
	{.name = "new", .label = "新密码", .type = WEB_SECRET, .required = true,
	 .max = PASSWORD_MAX},
	{.name = "new_again", .label = "再输一遍", .type = WEB_SECRET, .required = true,
	 .max = PASSWORD_MAX},
	{0},
};

static void page_door(struct web_call *call, struct html *h, const char *title, const char *about)
{
	struct page page = {.title = title};

	page_begin(call, h, &page);
	html(h, "<div class='door'><div class='head'><h1>{}</h1><p class='note'>{}</p></div>\n", title,
	     about);
}

int act_login(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct str next = web_value(call, "next")->text;
	char token[WEB_TOKEN_LEN + 1];
	unsigned char hash[WEB_HASH_LEN];
	struct person person;

	token_make(token);
	token_hash(str_from(token), hash);
	int r = people_login(call->web->app, &caller, web_text(call, "login"),
			     web_text(call, "password"), web_text(call, "totp"), hash, call->arena,
			     &person, &call->info);
	/* Wrong or locked: the form again, with the reason above it. */
	if (r == ERR_DENIED)
		r = err_set(&call->info, ERR_INPUT, "%s", page_text(call, "%s", call->info.text));
	if (r)
		return r;
	call->sign_in = arena_strdup(call->arena, token);
	call->location = "/";
	if (url_is_local(next) && next.data[0] == '/')
		call->location = web_text(call, "next");
	return call->sign_in ? 0 : err_nomem(&call->info);
}

int act_logout(struct web_call *call)
{
	struct caller caller = page_caller(call);
	unsigned char hash[WEB_HASH_LEN];

	token_hash(call->token, hash);
	int r = people_logout(call->web->app, &caller, hash, &call->info);
	if (r)
		return r;
	call->sign_out = true;
	call->location = "/login";
	call->note = "已退出";
	return 0;
}

int act_password(struct web_call *call)
{
	struct caller caller = page_caller(call);
	unsigned char keep[WEB_HASH_LEN];
	struct str now = web_value(call, "new")->text;

	if (!str_eq(now, web_value(call, "new_again")->text))
		return web_wrong(call, "new_again", "两遍输入的不一样");
	token_hash(call->token, keep);
	int r = people_change_password(call->web->app, &caller, web_text(call, "old"),
				       web_text(call, "new"), keep, &call->info);
	if (r == ERR_DENIED)
		return web_wrong(call, "old", page_text(call, "%s", call->info.text));
	if (r == ERR_INPUT)
		return web_wrong(call, "new", page_text(call, "%s", call->info.text));
	if (r)
		return r;
	call->location = "/";
	call->note = "密码已修改";
	return 0;
}

void page_login(struct web_call *call, struct html *h)
{
	struct err_info info = {0};

	page_door(call, h, "登录", "基层党组织分类定级、评星晋位和整顿销号");
	if (call->web->gate.is_new(call->web->gate.arg, &info) == 1) {
		html(h, "<p>这台服务器刚刚装好，还没有账号。请在服务器的终端上找到启动时显示的一次性地址，"
			"用浏览器打开它，建立首批账号。</p></div>\n");
		page_end(call, h);
		return;
	}
	struct form form = form_begin(call, h, "/login", login_fields);
	form_row(&form, "login", NULL);
	form_row(&form, "password", NULL);
	form_row(&form, "totp", NULL);
	form_hidden(&form, "next", web_text(call, "next"));
	form_end(&form, "登录", "main", NULL);
	html(h, "<p class='note'>忘了密码，请找本级的系统管理员重置。</p></div>\n");
	page_end(call, h);
}

void page_password(struct web_call *call, struct html *h)
{
	page_door(call, h, "修改密码",
		  call->session.must_change_password ? "第一次登录，或者密码刚被重置，请先换成自己的密码。"
						     : "改好以后，其他地方的登录都会退出。");
	struct form form = form_begin(call, h, "/password", password_fields);
	form_row(&form, "old", NULL);
	form_row(&form, "new", NULL);
	form_row(&form, "new_again", NULL);
	form_end(&form, "修改密码", "main", call->session.must_change_password ? NULL : "/");
	html(h, "</div>\n");
	page_end(call, h);
}

/* ---- the first start ---- */

#define PERSON(who, what, needed) \
	{.name = who "_login", .label = what "账号", .type = WEB_TEXT, .required = (needed), \
	 .max = ACCOUNT_NAME_MAX}, \
	{.name = who "_name", .label = what "姓名", .type = WEB_TEXT, .required = (needed), .max = 40}, \
	{.name = who "_password", .label = what "密码", .type = WEB_SECRET, .required = (needed), \
	 .max = PASSWORD_MAX}

static bool level_choice(int i, struct web_choice *ret)
{
	if (i >= LEVEL_UNIT)
		return false;
	*ret = (struct web_choice){level_id((enum level)i), level_label((enum level)i)};
	return true;
}

const struct web_field first_page_fields[] = {
	{.name = "code", .label = "一次性代码", .type = WEB_TEXT, .max = 64},
	{0},
};
const struct web_field first_fields[] = {
	{.name = "code", .label = "一次性代码", .type = WEB_TEXT, .max = 64},
	{.name = "org_name", .label = "本级党组织名称", .type = WEB_TEXT, .required = true, .max = 100,
	 .hint = "例如：中共云岭县委员会"},
	{.name = "org_code", .label = "本级代码", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "以后不能再改，例如行政区划代码"},
	{.name = "org_level", .label = "层级", .type = WEB_CHOICE, .required = true,
	 .choice_at = level_choice},
	PERSON("system", "系统管理员", true),
	PERSON("security", "安全管理员", true),
	PERSON("auditor", "审计员", true),
	PERSON("officer", "组织部", true),
	PERSON("second", "第二位", false),
	{0},
};

/* Whoever is named at all is named in full: nobody is left out silently. */
static int check_second(struct web_call *call)
{
	static const struct {
		const char *name, *why;
	} parts[] = {
		{"second_login", "请填第二位的账号；不要第二位，姓名和密码就都空着"},
		{"second_name", "请填第二位的姓名"},
		{"second_password", "请填第二位的密码"},
	};
	bool any = false;
	int r = 0;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		any |= *web_text(call, parts[i].name) != 0;
	for (size_t i = 0; any && i < ARRAY_LEN(parts); i++)
		if (!*web_text(call, parts[i].name))
			r = web_wrong(call, parts[i].name, parts[i].why);
	return r;
}

static struct first_person person_of(struct web_call *call, const char *who)
{
	return (struct first_person){web_text(call, page_text(call, "%s_login", who)),
				     web_text(call, page_text(call, "%s_name", who)),
				     web_text(call, page_text(call, "%s_password", who))};
}

int act_first(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct first_start first = {
		.code = web_text(call, "org_code"),
		.org_name = web_text(call, "org_name"),
		.level = (enum level)web_number(call, "org_level", LEVEL_COUNTY),
		.system = person_of(call, "system"),
		.security = person_of(call, "security"),
		.auditor = person_of(call, "auditor"),
		.officer = person_of(call, "officer"),
		.second = person_of(call, "second"),
	};
	int64_t node;

	/* Above a county it takes two to give a role, also that of the second one. */
	if (first.level < LEVEL_COUNTY && !*first.second.name)
		return web_wrong(call, "second_login", "省、市一级给角色要两个人同意，请填第二位安全管理员");
	int r = check_second(call);
	if (r == 0)
		r = people_first_start(call->web->app, &caller, &first, &node, &call->info);
	if (r)
		return r;
	call->location = "/login";
	call->note = "首批账号已建好，请登录。系统管理员建工作账号，安全管理员给角色";
	return 0;
}

static void write_person(const struct form *form, struct web_call *call, const char *who,
			 const char *about)
{
	html(form->h, "<h2 class='wide'>{}</h2>", about);
	form_row(form, page_text(call, "%s_login", who), NULL);
	form_row(form, page_text(call, "%s_name", who), NULL);
	form_row(form, page_text(call, "%s_password", who), NULL);
}

void page_first(struct web_call *call, struct html *h)
{
	struct page page = {.title = "首次启动"};

	page_begin(call, h, &page);
	html(h, "<div class='first'><div class='head'><div><h1>首次启动</h1><p class='note'>先建三个管理员账号，"
		"由三个人分别保管；再建第一个办业务的账号。密码至少 10 个字符，每个人各用各的。</p>"
		"</div></div>\n");
	struct form form = form_begin(call, h, "/first", first_fields);
	form_hidden(&form, "code", web_text(call, "code"));
	form_row(&form, "org_name", NULL);
	form_row(&form, "org_code", NULL);
	form_row(&form, "org_level", "county");
	write_person(&form, call, "system", "系统管理员：建账号、管组织树，看不到业务数据");
	write_person(&form, call, "security", "安全管理员：给角色、定密码规则，不能给自己");
	write_person(&form, call, "auditor", "审计员：只看日志");
	write_person(&form, call, "officer", "组织部：办业务的第一个账号");
	write_person(&form, call, "second", "第二位安全管理员：省、市一级必填，给角色要两个人同意；县和乡镇不用填");
	form_end(&form, "建立首批账号", "main", NULL);
	html(h, "</div>\n");
	page_end(call, h);
}
