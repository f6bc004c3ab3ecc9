/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "web/gate.h"
#include "web/pages/pages.h"

/* China has one time zone, without summer time. */
static void in_china(int64_t utc_s, struct tm *ret_tm)
{
	time_t local = (time_t)utc_s + 8 * 3600;
	gmtime_r(&local, ret_tm);
}

int32_t page_today(const struct web_call *call)
{
	return gate_caller(call->request, 0).today;
}

struct caller page_caller(const struct web_call *call)
{
	return gate_caller(call->request, call->session.signed_in ? call->session.account : 0);
}

const char *page_day(struct web_call *call, int32_t day, bool brief)
{
	if (!day)
		return "";
	if (brief && day / 10000 == page_today(call) / 10000)
		return page_text(call, "%02d-%02d", day / 100 % 100, day % 100);
	return page_text(call, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

const char *page_time(struct web_call *call, int64_t ms)
{
	struct tm tm;

	if (!ms)
		return "";
	in_china(ms / 1000, &tm);
	return page_text(call, "%04d-%02d-%02d %02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
			 tm.tm_mday, tm.tm_hour, tm.tm_min);
}

void page_not_yet(struct html *h, const char *why)
{
	if (why)
		html(h, "<p class='box hot gap-b' id='gate'>{}</p>\n", why);
}

const char *page_text(struct web_call *call, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = len < 0 ? NULL : arena_alloc(call->arena, (size_t)len + 1);
	if (!text)
		return "";
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void page_org_crumbs(struct web_call *call, const struct org *orgs, int n, const char *last,
		     struct page *page)
{
	struct crumb *crumbs = arena_zalloc(call->arena, (size_t)n + 1, sizeof(*crumbs));
	int at = 0;

	if (!crumbs)
		return;
	for (int i = 0; i < n; i++)
		crumbs[at++] = (struct crumb){orgs[i].name,
					      page_text(call, orgs[i].level == LEVEL_UNIT
									? "/orgs/%lld"
									: "/orgs?node=%lld",
							(long long)orgs[i].id)};
	if (last)
		crumbs[at++] = (struct crumb){last, NULL};
	page->crumbs = crumbs;
	page->n_crumbs = at;
}

void page_node_crumbs(struct web_call *call, int64_t node, const char *last, struct page *page)
{
	struct caller caller = page_caller(call);
	struct err_info info = {0};
	struct org *orgs;
	int n;
	if (node && app_path_to(call->web->app, &caller, node, call->arena, &orgs, &n, &info) == 0)
		page_org_crumbs(call, orgs, n, last, page);
}

int page_top_node(struct web_call *call, int64_t *ret_node)
{
	struct caller caller = page_caller(call);
	struct app_place *places;
	int n;
	int r = app_places(call->web->app, &caller, call->arena, &places, &n, &call->info);

	if (r)
		return r;
	if (n == 0)
		return err_set(&call->info, ERR_DENIED, "您的账号还没有角色，请联系安全管理员");
	*ret_node = places[0].node;
	return 0;
}

int page_node(struct web_call *call, int64_t *ret_node)
{
	*ret_node = web_number(call, "node", 0);
	return *ret_node ? 0 : page_top_node(call, ret_node);
}

int page_act_none(struct web_call *call)
{
	(void)call;
	return 0;
}

/* The fields of the form that a page shows: those of the POST at its address. */
json_t *json_form(struct web_call *call)
{
	json_t *names = json_array();

	for (const struct web_route *r = call->web->routes; r->path; r++) {
		if (r->method != WEB_POST || !r->form || strcmp(r->form, call->route->path) != 0)
			continue;
		for (int i = 0; r->fields && r->fields[i].name; i++)
			json_array_append_new(names, json_pack("{s:s, s:s, s:b}", "name",
							       r->fields[i].name, "label",
							       r->fields[i].label, "required",
							       r->fields[i].required));
	}
	return json_pack("{s:o, s:s}", "fields", names, "csrf", call->csrf);
}
