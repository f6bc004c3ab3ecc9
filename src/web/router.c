/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page_file.h"
#include "web/page_sort.h"
#include "web/router.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "web/error_page.h"
#include "web/layout.h"
#include "web/session.h"

/* ---- the response ---- */

void web_response_done(struct web_response *response)
{
	if (!response)
		return;
	buf_done(&response->body);
	arena_done(&response->arena);
	*response = (struct web_response){0};
}

void web_header(struct web_response *response, const char *name, const char *value)
{
	assert(response->n_headers < WEB_HEADERS_MAX);
	response->headers[response->n_headers++] = (struct web_header){name, value};
}

void web_file_response(struct web_call *call, const char *name, const char *type)
{
	struct buf value = {0};

	/* RFC 6266: the name percent-encoded in UTF-8. */
	buf_adds(&value, "attachment; filename*=UTF-8''");
	url_add(&value, str_from(name));
	const char *copy = arena_strdup(call->arena, buf_str(&value));
	buf_done(&value);
	web_header(call->response, "Content-Disposition", copy ? copy : "attachment");
	call->response->type = type;
}

static void add_safety_headers(const struct web_request *request, struct web_response *response)
{
	web_header(response, "Content-Security-Policy",
		   "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
		   "frame-ancestors 'none'");
	web_header(response, "X-Content-Type-Options", "nosniff");
	web_header(response, "X-Frame-Options", "DENY");
	web_header(response, "Referrer-Policy", "same-origin");
	web_header(response, "Cross-Origin-Opener-Policy", "same-origin");
	web_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	web_header(response, "Permissions-Policy", "camera=(), microphone=(), geolocation=(self)");
	if (request->tls)
		web_header(response, "Strict-Transport-Security", "max-age=31536000");
	for (int i = 0; i < response->n_headers; i++)
		if (strcmp(response->headers[i].name, "Cache-Control") == 0)
			return;
	web_header(response, "Cache-Control", "no-store");
}

/* A number to read out on the telephone: no 0 O 1 I. */
static void make_ref(char out[WEB_REF_LEN + 1])
{
	static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	unsigned char bytes[8];

	randombytes_buf(bytes, sizeof(bytes));
	for (int i = 0, j = 0; i < WEB_REF_LEN; i++)
		out[i] = i == 4 ? '-' : letters[bytes[j++] % 32];
	out[WEB_REF_LEN] = '\0';
}

bool router_wants_json(const struct web_request *request)
{
	struct str accept = request->accept;
	if (!accept.data)
		return false;
	const char *json = memmem(accept.data, accept.len, "json", 4);
	const char *page = memmem(accept.data, accept.len, "text/html", 9);

	return json && (!page || json < page);
}

/* ---- finding the route ---- */

/* The next segment of a path, without slashes; data NULL at the end. */
static struct str next_segment(struct str *path)
{
	if (!path->len || path->data[0] != '/')
		return (struct str){0};
	const char *from = path->data + 1;
	size_t rest = path->len - 1;
	const char *slash = memchr(from, '/', rest);
	size_t len = slash ? (size_t)(slash - from) : rest;

	*path = (struct str){from + len, rest - len};
	return (struct str){from, len};
}

static bool path_matches(const char *pattern, struct str path)
{
	struct str want = str_from(pattern), have = path;

	for (;;) {
		struct str w = next_segment(&want), p = next_segment(&have);
		if (!w.data || !p.data)
			return !w.data && !p.data && !have.len;
		bool hole = w.len && w.data[0] == '{';
		if (hole ? p.len == 0 : !str_eq(w, p))
			return false;
	}
}

/* NULL without; *ret_other tells whether another method has this path. */
static const struct web_route *find_route(const struct web *web, enum web_method method,
					  struct str path, bool *ret_other)
{
	*ret_other = false;
	char first = path.len > 1 ? path.data[1] : '\0';

	for (const struct web_route *r = web->routes; r->path; r++) {
		/* Most differ in their first letter. */
		if ((r->path[1] != first && r->path[1] != '{') || !path_matches(r->path, path))
			continue;
		if (r->method == method)
			return r;
		*ret_other = true;
	}
	return NULL;
}

static const char *allowed_methods(const struct web *web, struct str path)
{
	bool other, get = find_route(web, WEB_GET, path, &other);
	bool post = find_route(web, WEB_POST, path, &other);

	return !get ? "POST" : post ? "GET, HEAD, POST" : "GET, HEAD";
}

size_t router_body_max(const struct web *web, enum web_method method, struct str path)
{
	bool other;
	const struct web_route *route = find_route(web, method, path, &other);

	if (!route || method != WEB_POST)
		return 0;
	return route->body_max ? route->body_max : WEB_BODY_MAX;
}

bool router_is_together(const struct web *web, enum web_method method, struct str path)
{
	bool other;
	const struct web_route *route = find_route(web, method, path, &other);

	return route && route->together;
}

/* Adds the path's holes as params under their names. */
static int add_path_params(struct web_call *call, struct web_params *params)
{
	struct str want = str_from(call->route->path), have = call->request->path;

	for (;;) {
		struct str w = next_segment(&want), p = next_segment(&have);
		if (!w.data)
			return 0;
		if (!w.len || w.data[0] != '{')
			continue;
		int r = web_params_add_encoded(params, (struct str){w.data + 1, w.len - 2}, p,
					       call->arena, &call->info);
		if (r)
			return r;
	}
}

/* ---- who is calling ---- */

static int load_session(struct web_call *call)
{
	const struct web_request *request = call->request;
	struct str token = cookie_find(request->cookie, session_cookie_name(request->tls));
	struct err_info info = {0};

	if (token.len && token.len <= WEB_SESSION_TOKEN_MAX && str_is_utf8(token.data, token.len)) {
		int r = call->web->gate.session(call->web->gate.arg, token, request,
						&call->session, &info);
		if (r == 0) {
			call->token = token;
			csrf_make(call->web->key, token, call->csrf);
			snprintf(call->response->account, sizeof(call->response->account), "%s",
				 call->session.login);
			return 0;
		}
		call->session = (struct web_session){0};
		if (r != ERR_NOT_FOUND) {
			call->info = info;
			return r;
		}
	}
	struct str guest = cookie_find(request->cookie, guest_cookie_name(request->tls));
	if (guest.len == WEB_TOKEN_LEN && str_is_utf8(guest.data, guest.len)) {
		memcpy(call->guest, guest.data, guest.len);
		csrf_make(call->web->key, guest, call->csrf);
	}
	return 0;
}

/* Gives a visitor that has none the token behind the forms of a guest. */
static void give_guest_token(struct web_call *call)
{
	if (call->csrf[0])
		return;
	token_make(call->guest);
	csrf_make(call->web->key, str_from(call->guest), call->csrf);
	cookie_set(call, guest_cookie_name(call->request->tls), call->guest, 0);
}

static void send_to(struct web_call *call, int status, const char *location)
{
	call->response->status = status;
	web_header(call->response, "Location", location);
}

static void send_to_sign_in(struct web_call *call)
{
	struct buf next = {0};

	buf_adds(&next, "/login?next=");
	url_add(&next, call->request->path);
	if (call->request->query.len) {
		url_add(&next, STR("?"));
		url_add(&next, call->request->query);
	}
	const char *location = arena_strdup(call->arena, buf_str(&next));
	buf_done(&next);
	send_to(call, 303, location ? location : "/login");
}

/* 0: go on. Else the response is made, or is to be made by the error. */
static int check_caller(struct web_call *call, bool *ret_answered)
{
	const struct web_route *route = call->route;
	bool account = route->access == WEB_SIGNED_IN || route->access == WEB_RIGHT;

	*ret_answered = false;
	if (route->access == WEB_LOCAL && !call->request->peer_local)
		return err_set(&call->info, ERR_NOT_FOUND, "没有这个页面");
	if (route->access == WEB_SETUP) {
		int r = call->web->gate.is_new(call->web->gate.arg, &call->info);
		if (r <= 0)
			return r ? r : err_set(&call->info, ERR_NOT_FOUND,
					       "首批账号已经建好，请直接登录");
	}
	if (route->access == WEB_GUEST || route->access == WEB_SETUP)
		give_guest_token(call);
	if (!account)
		return 0;
	bool page = route->method == WEB_GET && !router_wants_json(call->request);
	if (!call->session.signed_in) {
		if (page) {
			send_to_sign_in(call);
			*ret_answered = true;
			return 0;
		}
		call->problem_status = 401;
		return err_set(&call->info, ERR_DENIED, "还没有登录，或者登录已过期，请重新登录");
	}
	if (call->session.must_change_password && !route->change_password_first) {
		if (page) {
			send_to(call, 303, "/password");
			*ret_answered = true;
			return 0;
		}
		return err_set(&call->info, ERR_DENIED, "请先修改密码");
	}
	return 0;
}

/* True if a header that only browsers send shows another site behind it. */
static bool from_elsewhere(const struct web_request *request)
{
	if (request->fetch_site.len && !str_eqs(request->fetch_site, "same-origin") &&
	    !str_eqs(request->fetch_site, "none"))
		return true;
	if (!request->origin.len)
		return false;
	struct str scheme = request->tls ? STR("https://") : STR("http://");
	struct str origin = request->origin;
	return origin.len != scheme.len + request->host.len ||
	       memcmp(origin.data, scheme.data, scheme.len) != 0 ||
	       memcmp(origin.data + scheme.len, request->host.data, request->host.len) != 0;
}

static int check_csrf(struct web_call *call, struct web_params *params)
{
	struct str token = call->request->csrf;

	for (int i = 0; i < params->n; i++)
		if (str_eqs(params->at[i].name, "_csrf")) {
			params->at[i].used = true;
			if (!token.len)
				token = params->at[i].value;
		}
	call->stale = from_elsewhere(call->request) || !token_equal(token, call->csrf);
	if (call->stale)
		return err_set(&call->info, ERR_DENIED,
			       "这个页面放得太久，或者来自别的网站");
	return 0;
}

/* ---- what was sent ---- */

static bool has_prefix(struct str text, const char *prefix)
{
	size_t len = strlen(prefix);
	return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

static bool takes_file(const struct web_route *route)
{
	for (int i = 0; route->fields && route->fields[i].name; i++)
		if (route->fields[i].type == WEB_FILE)
			return true;
	return false;
}

static int read_body(struct web_call *call, struct web_params *params)
{
	const struct web_request *request = call->request;
	struct str type = request->content_type;

	if (request->body.len > router_body_max(call->web, WEB_POST, request->path)) {
		call->problem_status = 413;
		return err_set(&call->info, ERR_LIMIT, "提交的内容太大");
	}
	if (has_prefix(type, "application/x-www-form-urlencoded") || (!type.len && !request->body.len))
		return web_params_add_form(params, request->body, call->arena, &call->info);
	if (has_prefix(type, "application/json"))
		return web_params_add_json(params, request->body, call->arena, &call->info);
	if (has_prefix(type, "multipart/form-data") && takes_file(call->route))
		return web_params_add_multipart(params, type, request->body, call->arena,
						&call->info);
	call->problem_status = 415;
	return err_set(&call->info, ERR_INPUT, "不接受这种格式的内容");
}

/* What a body brings must be declared; a query may carry other things along. */
static int refuse_undeclared(struct web_call *call, const struct web_params *params)
{
	for (int i = 0; i < params->n; i++)
		if (!params->at[i].used)
			return err_set(&call->info, ERR_INPUT, "不认识的填写项：%.64s",
				       arena_strndup(call->arena, params->at[i].name.data,
						     params->at[i].name.len));
	return 0;
}

/* Reads params and fields; *ret_wrong: fields that are wrong. */
static int read_fields(struct web_call *call, struct web_params *params, int *ret_wrong)
{
	const struct web_route *route = call->route;
	int r = add_path_params(call, params);

	if (r == 0 && route->method == WEB_POST)
		r = read_body(call, params);
	else if (r == 0)
		r = web_params_add_form(params, call->request->query, call->arena, &call->info);
	if (r == 0 && route->method == WEB_POST && route->access != WEB_SLIP)
		r = check_csrf(call, params);
	if (r)
		return r;
	if (route->method == WEB_GET && route->page)
		page_file_read(call, params);
	r = web_fields_read(route->fields, params, call->values, call->errors, call->arena);
	if (r < 0)
		return err_nomem(&call->info);
	*ret_wrong = r;
	return route->method == WEB_POST ? refuse_undeclared(call, params) : 0;
}

static int check_setup_code(struct web_call *call)
{
	unsigned char hash[WEB_HASH_LEN];
	const struct web_value *code = web_value(call, "code");

	token_hash(code->text, hash);
	if (!code->given || sodium_is_zero(call->web->setup_hash, WEB_HASH_LEN) ||
	    sodium_memcmp(hash, call->web->setup_hash, WEB_HASH_LEN) != 0)
		return err_set(&call->info, ERR_DENIED,
			       "一次性地址不对。请打开服务器启动时在终端上显示的完整地址");
	return 0;
}

/* The campaign in the address, or 0. */
static int64_t campaign_of(const struct web_call *call)
{
	return web_field_find(call->route->fields, STR("campaign")) < 0
		? 0 : web_number(call, "campaign", 0);
}

static int check_right(struct web_call *call)
{
	const struct web_route *route = call->route;

	if (route->access == WEB_SETUP)
		return check_setup_code(call);
	if (route->access != WEB_RIGHT)
		return 0;
	int64_t node = route->node ? web_number(call, route->node, 0) : 0;
	if (node)
		return call->web->gate.may(call->web->gate.arg, &call->session, call->request,
					   route->action, campaign_of(call), node, &call->info);
	if (call->session.may >> route->action & 1)
		return 0;
	return err_set(&call->info, ERR_DENIED, "您没有做这件事的权限");
}

/* ---- values for handlers ---- */

const struct web_value *web_value(const struct web_call *call, const char *name)
{
	int i = web_field_find(call->route->fields, str_from(name));
	assert(i >= 0);	/* a handler asks for a field its route does not declare */
	return &call->values[i];
}

const char *web_text(struct web_call *call, const char *name)
{
	const struct web_value *value = web_value(call, name);
	const char *text = NULL;

	if (value->given)
		text = arena_strndup(call->arena, value->text.data, value->text.len);
	return text ? text : "";
}

int64_t web_number(const struct web_call *call, const char *name, int64_t otherwise)
{
	const struct web_value *value = web_value(call, name);
	return value->given ? value->number : otherwise;
}

int web_wrong(struct web_call *call, const char *name, const char *why)
{
	int i = web_field_find(call->route->fields, str_from(name));
	assert(i >= 0);
	call->errors[i] = why;
	return err_set(&call->info, ERR_INPUT, "%s：%s", call->route->fields[i].label, why);
}

/* ---- the answer ---- */

static int status_of(int code)
{
	switch (code) {
	case ERR_INPUT: return 422;
	case ERR_LIMIT: return 413;
	case ERR_NOT_FOUND: return 404;
	case ERR_STATE:
	case ERR_CONFLICT: return 409;
	case ERR_DENIED: return 403;
	default: return 500;
	}
}

/* A page that shows what was wrong says it as JSON in its own members and in those of RFC 9457. */
static void finish_json(struct web_call *call, json_t *json)
{
	bool problem = json_is_object(json) && call->response->status >= 400;

	if (problem)
		error_members(call, call->response->status, call->problem, json);
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

	json_decref(json);
	buf_clear(&call->response->body);
	if (!text) {
		error_answer(call, 500, "内存不足");
		return;
	}
	buf_adds(&call->response->body, text);
	free(text);
	call->response->type = problem ? "application/problem+json" : "application/json";
}

static void finish_page(struct web_call *call)
{
	struct html h = {0};

	call->route->page(call, &h);
	if (h.out.failed || h.state != HTML_TEXT) {
		html_done(&h);
		error_answer(call, 500, "内存不足");
		return;
	}
	if (page_sort(call, &h.out) < 0) {
		html_done(&h);
		error_answer(call, 500, "内存不足");
		return;
	}
	if (call->file) {
		/* A page of something else (an error, a form) has no such table. */
		int r = page_file_answer(call, str_from(buf_str(&h.out)));
		html_done(&h);
		if (r < 0)
			error_answer(call, status_of(r), call->info.text);
		return;
	}
	buf_done(&call->response->body);
	call->response->body = h.out;
	call->response->type = "text/html; charset=utf-8";
}

static void set_cookies(struct web_call *call)
{
	bool tls = call->request->tls;

	if (call->sign_in) {
		cookie_set(call, session_cookie_name(tls), call->sign_in, 0);
		cookie_set(call, guest_cookie_name(tls), "", 1);
	}
	if (call->sign_out)
		cookie_set(call, session_cookie_name(tls), "", 1);
	if (call->note && call->location && !router_wants_json(call->request)) {
		struct buf text = {0};
		url_add(&text, (struct str){call->note, strnlen(call->note, 300)});
		cookie_set(call, note_cookie_name(), buf_str(&text), 60);
		buf_done(&text);
	}
}

static json_t *json_done(const struct web_call *call)
{
	json_t *json = json_object();
	json_object_set_new(json, "done", json_true());
	if (call->note)
		json_object_set_new(json, "note", json_string(call->note));
	if (call->location)
		json_object_set_new(json, "location", json_string(call->location));
	return json;
}

static void answer(struct web_call *call)
{
	struct web_response *response = call->response;
	bool json = router_wants_json(call->request);

	set_cookies(call);
	if (!response->status)
		response->status = call->problem_status ? call->problem_status : 200;
	if (response->type || response->fixed || response->status == 304)
		return;		/* a file, made by act */
	if (json && call->route->json)
		finish_json(call, call->route->json(call));
	else if (json)
		finish_json(call, json_done(call));
	else if (call->location)
		send_to(call, 303, call->location);
	else
		finish_page(call);
}

/* What was typed, for the page that shows it again. */
static void keep_typed(struct web_call *call, const struct web_params *params, int code)
{
	call->typed_fields = call->route->fields;
	call->typed = *params;
	memcpy(call->typed_errors, call->errors, sizeof(call->errors));
	call->problem = call->info.text[0] ? arena_strdup(call->arena, call->info.text) : NULL;
	call->problem_status = status_of(code);
	call->info = (struct err_info){0};
	call->location = call->note = NULL;
}

/* Shows a list whose filter has a day that is none: as if no day were given, and says so. */
static bool show_list_again(struct web_call *call, struct web_params *params, int code)
{
	const struct web_field *fields = call->route->fields;
	bool days = false;

	if (call->route->method != WEB_GET || !call->route->page || router_wants_json(call->request) ||
	    call->file)
		return false;
	for (int i = 0; fields && fields[i].name; i++) {
		if (call->errors[i] && (fields[i].type != WEB_DATE || fields[i].required))
			return false;
		days |= call->errors[i] != NULL;
	}
	if (!days)
		return false;
	keep_typed(call, params, code);
	if (call->route->act(call))
		return false;
	answer(call);
	return true;
}

/* Shows the form of a failed POST again, with what was typed. */
static bool show_form_again(struct web_call *call, struct web_params *params, int code)
{
	const struct web_route *post = call->route, *get = NULL;

	if (!post->form || router_wants_json(call->request) ||
	    (code != ERR_INPUT && code != ERR_STATE && code != ERR_CONFLICT))
		return false;
	for (const struct web_route *r = call->web->routes; r->path && !get; r++)
		if (r->method == WEB_GET && strcmp(r->path, post->form) == 0)
			get = r;
	assert(get);		/* the table test finds it */
	keep_typed(call, params, code);
	call->route = get;
	/* The page's own fields come from the same names; what is wrong with
	 * them is said at the form. */
	web_fields_read(get->fields, params, call->values, call->errors, call->arena);
	if (check_right(call) || get->act(call))
		return false;
	answer(call);
	return true;
}

static void fail(struct web_call *call, struct web_params *params, int code)
{
	snprintf(call->response->why, sizeof(call->response->why), "%.*s",
		 (int)sizeof(call->response->why) - 1, call->info.text);
	if (!call->problem_status &&
	    (show_list_again(call, params, code) || show_form_again(call, params, code)))
		return;
	error_answer(call, call->problem_status ? call->problem_status : status_of(code),
		     call->info.text);
}

/* Everything before `act`: the call is ready for it, or answered. */
static void prepare(struct web_call *call)
{
	bool answered, slip = call->route->access == WEB_SLIP;
	int wrong = 0;

	call->response->quiet = slip;
	call->arena->wipe = slip || call->route->secret;
	/* Looking the session up would leave a trace of when its owner voted. */
	int r = slip ? 0 : load_session(call);

	if (r == 0)
		r = check_caller(call, &answered);
	if (r == 0 && answered)
		return;
	if (r == 0)
		r = read_fields(call, &call->params, &wrong);
	if (r) {
		/* Nothing typed is worth showing before the token was checked. */
		if (!call->problem_status && r == ERR_INPUT)
			call->problem_status = 400;
		fail(call, &call->params, r);
		return;
	}
	r = check_right(call);
	if (r == 0 && wrong)
		r = err_set(&call->info, ERR_INPUT, "有 %d 处需要改正", wrong);
	if (r)
		fail(call, &call->params, r);
	call->ready = r == 0;
}

static void finish(struct web_call *call)
{
	int r = call->route->act(call);

	if (r)
		fail(call, &call->params, r);
	else
		answer(call);
}

static struct web_call *begin(struct web *web, const struct web_request *request,
			      struct web_response *response)
{
	response->arena.limit = WEB_ARENA_MAX;
	make_ref(response->ref);
	struct web_call *call = arena_zalloc(&response->arena, 1, sizeof(*call));
	if (!call)
		return NULL;
	call->web = web;
	call->request = request;
	call->response = response;
	call->arena = &response->arena;
	return call;
}

/* Without memory for anything else. */
static void answer_plainly(struct web_response *response)
{
	response->status = 503;
	response->type = "text/plain; charset=utf-8";
	response->fixed = "内存不足，请稍后再试\n";
	response->fixed_len = strlen(response->fixed);
}

/* NULL where there is nothing left to be done. */
static struct web_call *find_and_prepare(struct web *web, const struct web_request *request,
					 struct web_response *response)
{
	bool other = false;
	struct web_call *call = begin(web, request, response);

	if (!call) {
		answer_plainly(response);
		return NULL;
	}
	call->route = find_route(web, request->method, request->path, &other);
	if (!call->route) {
		response->quiet = router_is_quiet(web, request->path);
		if (!response->quiet)
			load_session(call);
		if (other)
			web_header(response, "Allow", allowed_methods(web, request->path));
		error_answer(call, other ? 405 : 404, NULL);
		return NULL;
	}
	response->route = call->route->path;
	prepare(call);
	return call->ready ? call : NULL;
}

void router_handle_together(struct web *web, const struct web_request *const *requests,
			    struct web_response *const *responses, int n)
{
	struct web_call *ready[ROUTER_TOGETHER_MAX], *call;
	struct db *db = n == 1 && requests[0]->method == WEB_GET && web->app ? web->app->db : NULL;
	struct db_hold hold;
	int n_ready = 0;

	assert(n <= ROUTER_TOGETHER_MAX);
	/* A page asks in many functions and tells of one moment. */
	if (db)
		db_hold(db, &hold);
	for (int i = 0; i < n; i++)
		if ((call = find_and_prepare(web, requests[i], responses[i])))
			ready[n_ready++] = call;
	if (n_ready && ready[0]->route->together)
		ready[0]->route->together(ready, n_ready);
	for (int i = 0; i < n_ready; i++) {
		assert(n == 1 || ready[i]->route == ready[0]->route);
		finish(ready[i]);
	}
	if (db)
		db_release(db, &hold);
	for (int i = 0; i < n; i++)
		add_safety_headers(requests[i], responses[i]);
}

void router_handle(struct web *web, const struct web_request *request,
		   struct web_response *response)
{
	router_handle_together(web, &request, &response, 1);
}

bool router_is_quiet(const struct web *web, struct str path)
{
	for (const struct web_route *r = web->routes; r->path; r++)
		if (r->access == WEB_SLIP && path_matches(r->path, path))
			return true;
	return false;
}

void router_refuse(struct web *web, const struct web_request *request, int status,
		   struct web_response *response)
{
	struct web_call *call = begin(web, request, response);

	response->quiet = router_is_quiet(web, request->path);
	if (!call)
		answer_plainly(response);
	else
		error_answer(call, status, NULL);
	add_safety_headers(request, response);
}
