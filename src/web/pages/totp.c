/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One's own second factor: set up with an authenticator, switch off. A new
 * secret is kept nowhere until a code proves that the phone has it; it goes
 * along in the form.
 */
#include "app/people.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/qr.h"

const struct web_field totp_set_fields[] = {
	{.name = "secret", .label = "密钥", .type = WEB_TEXT, .required = true, .min = TOTP_TEXT_LEN,
	 .max = TOTP_TEXT_LEN, .pattern = "A-Z2-7"},
	{.name = "code", .label = "动态口令", .type = WEB_TEXT, .required = true, .min = 6, .max = 7,
	 .pattern = "0-9 ", .hint = "手机上现在显示的 6 位数字，每 30 秒换一次"},
	{0},
};
const struct web_field totp_off_fields[] = {
	{.name = "password", .label = "登录密码", .type = WEB_SECRET, .required = true,
	 .max = PASSWORD_MAX},
	{0},
};

struct totp_page {
	char secret[TOTP_TEXT_LEN + 1];
	const char *address;
};

int act_totp(struct web_call *call)
{
	struct totp_page *model = arena_zalloc(call->arena, 1, sizeof(*model));
	struct caller caller = page_caller(call);

	if (!model)
		return err_nomem(&call->info);
	call->model = model;
	if (call->session.has_totp)
		return 0;
	return people_totp_new(call->web->app, &caller,
			       /* Of a try whose code was wrong: the phone has it already. */
			       form_typed(call, totp_set_fields, "secret", 0, NULL), call->arena,
			       model->secret, &model->address, &call->info);
}

int act_totp_set(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = people_totp_set(call->web->app, &caller, web_text(call, "secret"),
				web_text(call, "code"), &call->info);

	if (r == ERR_INPUT)
		return web_wrong(call, "code", page_text(call, "%s", call->info.text));
	if (r)
		return r;
	call->location = "/totp";
	call->note = "动态口令已开通，下次登录要填";
	return 0;
}

int act_totp_off(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = people_totp_remove(call->web->app, &caller, web_text(call, "password"), &call->info);

	if (r == ERR_DENIED)
		return web_wrong(call, "password", page_text(call, "%s", call->info.text));
	if (r)
		return r;
	call->location = "/totp";
	call->note = "动态口令已关闭";
	return 0;
}

static void write_set_up(struct web_call *call, struct html *h, const struct totp_page *model)
{
	html(h, "<ol class='list gap-b'><li><b>1. 手机上装一个动态口令应用</b><p>应用商店里搜“身份验证器”或“动态口令”，"
		"支持 TOTP 的都可以，不需要联网</p></li>"
		"<li><b>2. 用它扫这个二维码</b><div class='gap-s'>");
	qr_write(h, model->address, "动态口令密钥的二维码；也可以手工输入下面的密钥");
	html(h, "</div><p>扫不了就手工输入密钥：</p><p class='key'>");
	for (int i = 0; i < TOTP_TEXT_LEN; i += 4) {
		struct str part = {model->secret + i, 4};
		html(h, "<span>{}</span> ", part);
	}
	html(h, "</p></li><li><b>3. 输入手机上显示的 6 位数字</b></li></ol>\n");
	struct form form = form_begin(call, h, "/totp", totp_set_fields);
	form_hidden(&form, "secret", model->secret);
	form_row(&form, "code", NULL);
	form_end(&form, "开通", "main", "/");
}

static void write_switch_off(struct web_call *call, struct html *h)
{
	html(h, "<p class='box gap-b'><span class='light ok'>已开通</span>　登录时除了密码，还要填手机上的 6 位数字。</p>"
		"<h2>关闭动态口令</h2><p class='note gap-b'>换手机时，先关闭，再用新手机重新开通。</p>\n");
	struct form form = form_begin(call, h, "/totp/off", totp_off_fields);
	form_row(&form, "password", NULL);
	form_end(&form, "关闭动态口令", "danger", "/");
}

void page_totp(struct web_call *call, struct html *h)
{
	const struct totp_page *model = call->model;
	struct page page = {.title = "动态口令"};

	page_begin(call, h, &page);
	html(h, "<div class='door'><div class='head'><h1>动态口令</h1><p class='note'>"
		"密码被别人知道了，没有您的手机也登录不了。</p></div>\n");
	if (call->session.has_totp)
		write_switch_off(call, h);
	else
		write_set_up(call, h, model);
	html(h, "<h2 class='gap'>手机丢了怎么办</h2><p class='note'>请本级的系统管理员重置密码：动态口令会一起取消，"
		"用新的初始密码登录后可以重新开通。手机时间差得太多，口令也会不对，请打开“自动设置时间”。</p>"
		"<p class='note gap-s'><a href='/password'>修改密码</a></p></div>\n");
	page_end(call, h);
}

json_t *json_totp(struct web_call *call)
{
	const struct totp_page *model = call->model;

	if (call->session.has_totp)
		return json_pack("{s:b, s:s}", "on", true, "csrf", call->csrf);
	return json_pack("{s:b, s:s, s:s, s:s}", "on", false, "secret", model->secret, "address",
			 model->address, "csrf", call->csrf);
}
