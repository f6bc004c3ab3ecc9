/* SPDX-License-Identifier: Apache-2.0 */
#include "web/error_page.h"

#include <stdio.h>

#include "web/layout.h"
#include "web/router.h"

const char *router_status_text(int status)
{
	switch (status) {
	case 400: return "请求读不懂";
	case 401: return "还没有登录";
	case 403: return "不能办理";
	case 404: return "没有这个页面";
	case 405: return "不能这样打开这个地址";
	case 408: return "等得太久";
	case 409: return "现在还不能办理";
	case 411: return "没有写明内容的长度";
	case 413: return "内容太大";
	case 415: return "格式不对";
	case 422: return "填写有误";
	case 429: return "太频繁";
	case 431: return "地址或浏览器附带的内容太长";
	case 503: return "系统正忙";
	default: return "系统出错";
	}
}

/* The wrong fields of a request are told only to who may make it. */
static const char *error_of(const struct web_call *call, int status, int i)
{
	return status == 422 ? call->errors[i] : NULL;
}

/* What the user can do about it. */
static const char *advice(const struct web_call *call, int status)
{
	if (call->stale)
		return "请返回上一页，刷新以后重新填写，再办一次。";
	switch (status) {
	case 401: return "请重新登录，再打开这个页面。";
	case 403: return "没有权限、而工作上需要的，请联系本级的安全管理员。";
	case 404: return "地址可能打错了，或者这一项已经不在了。可以从首页重新查找。";
	case 409: return "请返回上一页看一看最新情况。";
	case 411: return "请用浏览器办理；程序发来的请求要带 Content-Length。";
	case 413: return "请减少内容，或者把文件分成几份。";
	case 405:
	case 400:
	case 415:
	case 422: return "请返回上一页检查后再试。";
	default: return "请稍后再试。如果一直这样，请把下面的编号告诉系统管理员。";
	}
}

static void write_page(struct web_call *call, int status, const char *detail, struct html *h)
{
	const struct page page = {.title = router_status_text(status)};

	page_begin(call, h, &page);
	html(h, "<div class='notice'><h1>{}</h1>", router_status_text(status));
	if (detail && *detail)
		html(h, "<p class='what'>{}</p>", detail);
	for (int i = 0; call->route && call->route->fields && call->route->fields[i].name; i++)
		if (error_of(call, status, i))
			html(h, "<p class='err'>{}：{}</p>", call->route->fields[i].label,
			     call->errors[i]);
	html(h, "<p>{}</p><p class='acts'>", advice(call, status));
	if (status == 401)
		html(h, "<a class='btn main' href='/login'>登录</a>");
	else
		html(h, "<a class='btn' href='/'>回到首页</a>");
	html(h, "</p><p class='note'>编号 <b class='mono'>{}</b></p></div>", call->response->ref);
	page_end(call, h);
}

void error_members(const struct web_call *call, int status, const char *detail, json_t *problem)
{
	char instance[64];

	snprintf(instance, sizeof(instance), "urn:jinwei:ref:%s", call->response->ref);
	json_object_set_new(problem, "type", json_string("about:blank"));
	json_object_set_new(problem, "title", json_string(router_status_text(status)));
	json_object_set_new(problem, "status", json_integer(status));
	if (detail && *detail)
		json_object_set_new(problem, "detail", json_string(detail));
	json_object_set_new(problem, "instance", json_string(instance));
}

static void write_problem(struct web_call *call, int status, const char *detail)
{
	json_t *errors = json_array(), *problem = json_object();

	for (int i = 0; call->route && call->route->fields && call->route->fields[i].name; i++)
		if (error_of(call, status, i))
			json_array_append_new(errors, json_pack("{s:s, s:s}", "field",
								call->route->fields[i].name,
								"detail", call->errors[i]));
	error_members(call, status, detail, problem);
	if (json_array_size(errors))
		json_object_set(problem, "errors", errors);
	char *text = json_dumps(problem, JSON_COMPACT | JSON_ENSURE_ASCII);
	buf_adds(&call->response->body, text ? text : "{}");
	free(text);
	json_decref(errors);
	json_decref(problem);
}

void error_answer(struct web_call *call, int status, const char *detail)
{
	struct web_response *response = call->response;

	if (!response->why[0])
		snprintf(response->why, sizeof(response->why), "%s", detail ? detail : "");
	if (status >= 500)
		detail = NULL;
	response->status = status;
	response->fixed = NULL;
	buf_clear(&response->body);
	if (router_wants_json(call->request)) {
		write_problem(call, status, detail);
		response->type = "application/problem+json";
		return;
	}
	struct html h = {0};
	write_page(call, status, detail, &h);
	buf_done(&response->body);
	response->body = h.out;
	response->type = "text/html; charset=utf-8";
}
