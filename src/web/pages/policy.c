/* SPDX-License-Identifier: Apache-2.0 */
/* The password and session policy of the installation. */
#include "app/people.h"
#include "web/form.h"
#include "web/pages/pages.h"

const struct web_field policy_fields[] = {
	{.name = "min_length", .label = "密码最短", .type = WEB_INT, .required = true,
	 .min = PASSWORD_MIN, .max = POLICY_LENGTH_MAX,
	 .hint = "10 到 64 个字符；已有的密码不受影响，下次修改时按新的要求"},
	{.name = "idle_minutes", .label = "无操作退出", .type = WEB_INT, .required = true,
	 .min = POLICY_IDLE_MIN, .max = POLICY_IDLE_MAX,
	 .hint = "5 到 240 分钟没有操作就要重新登录；立即对所有人生效"},
	{.name = "tries", .label = "可错次数", .type = WEB_INT, .required = true,
	 .min = POLICY_TRIES_MIN, .max = POLICY_TRIES_MAX,
	 .hint = "3 到 10 次；连续错这么多次就锁 1 分钟，再错加倍，最长 1 小时"},
	{0},
};
_Static_assert((int)PASSWORD_MIN == 10 && (int)POLICY_LENGTH_MAX == 64 &&
	       (int)POLICY_IDLE_MIN == 5 && (int)POLICY_IDLE_MAX == 240 &&
	       (int)POLICY_TRIES_MIN == 3 && (int)POLICY_TRIES_MAX == 10, "the hints name the limits");

struct rules {
	struct policy policy;
	bool may_set;
};

int act_policy(struct web_call *call)
{
	struct rules *rules = arena_zalloc(call->arena, 1, sizeof(*rules));
	struct caller caller = page_caller(call);

	if (!rules)
		return err_nomem(&call->info);
	call->model = rules;
	int r = policy_may_set(call->web->app, &caller, &rules->may_set, &call->info);
	return r ? r : policy_get(call->web->app, &rules->policy, &call->info);
}

int act_policy_set(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct policy policy = {
		.min_length = (int)web_number(call, "min_length", 0),
		.idle_minutes = (int)web_number(call, "idle_minutes", 0),
		.tries = (int)web_number(call, "tries", 0),
	};

	int r = policy_set(call->web->app, &caller, &policy, &call->info);
	if (r)
		return r;
	call->location = "/policy";
	call->note = "密码和登录规则已修改";
	return 0;
}

static void write_number(struct web_call *call, const struct form *form, const char *name, int value)
{
	form_row(form, name, page_text(call, "%d", value));
}

static void write_form(struct web_call *call, struct html *h, const struct policy *policy)
{
	struct form form = form_begin(call, h, "/policy", policy_fields);
	write_number(call, &form, "min_length", policy->min_length);
	write_number(call, &form, "idle_minutes", policy->idle_minutes);
	write_number(call, &form, "tries", policy->tries);
	form_end(&form, "保存", "main", "/accounts");
}

void page_policy(struct web_call *call, struct html *h)
{
	const struct rules *rules = call->model;
	const struct policy *policy = &rules->policy;
	struct page page = {.title = "密码和登录规则", .menu = "/accounts"};
	struct crumb crumbs[] = {{"账号", "/accounts"}, {"密码和登录规则", NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>密码和登录规则</h1><p class='note'>对全部账号有效，"
		"由最上级的安全管理员修改，修改记入日志</p></div></div>\n");
	if (rules->may_set)
		write_form(call, h, policy);
	else
		html(h, "<dl class='kv'><dt>密码最短</dt><dd>{} 个字符</dd><dt>无操作退出</dt><dd>{} 分钟</dd>"
			"<dt>可错次数</dt><dd>{} 次</dd></dl>\n",
		     policy->min_length, policy->idle_minutes, policy->tries);
	html(h, "<h2 class='gap'>改不了的规则</h2><ul class='list'><li>密码不能是常见的弱密码，"
		"不能含账号或姓名，不能只用一类字符</li><li>初始密码和重置的密码，第一次登录必须改</li>"
		"<li>登录满 {} 小时，一定要重新登录</li></ul>\n", (int)SESSION_MAX_H);
	page_end(call, h);
}

json_t *json_policy(struct web_call *call)
{
	const struct rules *rules = call->model;
	const struct policy *policy = &rules->policy;
	return json_pack("{s:i, s:i, s:i, s:b, s:s}", "min_length", policy->min_length, "idle_minutes",
			 policy->idle_minutes, "tries", policy->tries, "may_set", rules->may_set, "csrf",
			 call->csrf);
}
