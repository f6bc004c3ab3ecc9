/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/fake.h"

#include <stdio.h>
#include <string.h>

#include "web/assets.h"
#include "web/form.h"
#include "web/layout.h"
#include "web/metrics.h"
#include "web/session.h"

static const struct web_choice kinds[] = {{"branch", "党支部"}, {"general", "党总支"}, {0}};

static const struct web_field hello_fields[] = {
	{.name = "name", .label = "名称", .type = WEB_TEXT, .max = 200},
	{.name = "page", .label = "页", .type = WEB_INT, .min = 1, .max = 9},
	{0},
};
static const struct web_field thing_fields[] = {
	{.name = "id", .label = "编号", .type = WEB_INT, .required = true, .min = 1, .max = 99},
	{0},
};
static const struct web_field edit_fields[] = {
	{.name = "id", .label = "编号", .type = WEB_INT, .required = true, .min = 1, .max = 99},
	{.name = "name", .label = "名称", .type = WEB_TEXT, .required = true, .min = 2, .max = 10,
	 .hint = "2 到 10 个字"},
	{.name = "members", .label = "党员", .type = WEB_INT, .min = 0, .max = 1000},
	{.name = "founded", .label = "成立日期", .type = WEB_DATE},
	{.name = "kind", .label = "组织类型", .type = WEB_CHOICE, .choices = kinds},
	{.name = "tags", .label = "标签", .type = WEB_TEXT, .many = true, .max = 10},
	{.name = "note", .label = "备注", .type = WEB_AREA, .max = 100},
	{.name = "password", .label = "密码", .type = WEB_SECRET, .max = 100},
	{0},
};
static const struct web_field upload_fields[] = {
	{.name = "file", .label = "文件", .type = WEB_FILE, .required = true, .max = 4096},
	{0},
};
static const struct web_field code_fields[] = {
	{.name = "code", .label = "一次性代码", .type = WEB_TEXT, .max = 100},
	{0},
};

static struct fake *fake_of(struct web_call *call)
{
	return (struct fake *)call->web;
}

static int act(struct web_call *call)
{
	fake_of(call)->acts++;
	return 0;
}

static void page_hello(struct web_call *call, struct html *h)
{
	struct page page = {.title = web_text(call, "name"), .menu = "/hello"};

	page_begin(call, h, &page);
	html(h, "<h1>{}</h1><a href='/things/{}' title=\"{}\">{}</a>", web_text(call, "name"),
	     web_text(call, "name"), web_text(call, "name"), web_text(call, "name"));
	html(h, "<a class='whole' href='{}'>x</a>", web_text(call, "name"));
	page_end(call, h);
}

static json_t *json_hello(struct web_call *call)
{
	return json_pack("{s:s}", "name", web_text(call, "name"));
}

static void page_empty(struct web_call *call, struct html *h)
{
	struct page page = {.title = "空"};
	page_begin(call, h, &page);
	page_end(call, h);
}

static void page_edit(struct web_call *call, struct html *h)
{
	struct page page = {.title = "修改"};

	page_begin(call, h, &page);
	struct form form = form_begin(call, h, "/things/1", edit_fields);
	form_row(&form, "name", "原名");
	form_row(&form, "members", "46");
	form_row(&form, "founded", NULL);
	form_row(&form, "kind", "branch");
	form_row(&form, "note", NULL);
	form_row(&form, "password", NULL);
	form_end(&form, "保存", "main", "/things/1");
	page_end(call, h);
}

static int act_save(struct web_call *call)
{
	struct fake *fake = fake_of(call);

	fake->acts++;
	if (strcmp(web_text(call, "name"), "重名") == 0)
		return web_wrong(call, "name", "已经有这个名称");
	if (strcmp(web_text(call, "name"), "冲突") == 0)
		return err_set(&call->info, ERR_CONFLICT, "别人刚刚改过");
	if (strcmp(web_text(call, "name"), "坏盘") == 0)
		return err_set(&call->info, ERR_IO, "无法写入 /var/secret.db");
	snprintf(fake->saved, sizeof(fake->saved), "%lld|%s|%lld|%lld|%lld|%d", (long long)web_number(call, "id", 0),
		 web_text(call, "name"), (long long)web_number(call, "members", -1),
		 (long long)web_number(call, "founded", -1), (long long)web_number(call, "kind", -1),
		 web_value(call, "tags")->n);
	call->location = "/things/1";
	call->note = "已保存“一”";
	return 0;
}

static int act_upload(struct web_call *call)
{
	struct fake *fake = fake_of(call);
	struct str data = web_value(call, "file")->file.data;

	fake->acts++;
	snprintf(fake->saved, sizeof(fake->saved), "%.*s", STR_ARG(data));
	call->location = "/hello";
	return 0;
}

static int act_login(struct web_call *call)
{
	call->sign_in = FAKE_TOKEN;
	call->location = "/hello";
	return act(call);
}

/* More than sockets hold. */
static int act_big(struct web_call *call)
{
	static const char zeros[64 << 20];

	call->response->fixed = zeros;
	call->response->fixed_len = sizeof(zeros);
	call->response->type = "application/octet-stream";
	return act(call);
}

/* Knows nobody: as a vote. */
static const struct web_field group_fields[] = {
	{.name = "n", .label = "数", .type = WEB_INT, .required = true, .min = 1, .max = 99},
	{0},
};

static void group_together(struct web_call *const *calls, int n)
{
	fake_of(calls[0])->groups++;
	fake_of(calls[0])->grouped += n;
	for (int i = 0; i < n; i++)
		calls[i]->model = (void *)web_value(calls[i], "n");
}

static int act_group(struct web_call *call)
{
	const struct web_value *n = call->model;
	if (n->number == 13)
		return err_set(&call->info, ERR_STATE, "这个不行");
	return act(call);
}

static json_t *json_group(struct web_call *call)
{
	return json_pack("{s:I}", "n", (json_int_t)((const struct web_value *)call->model)->number);
}

static const struct web_route routes[] = {
	{WEB_POST, "/group", WEB_SLIP, .fields = group_fields, .act = act_group, .page = page_empty,
	 .json = json_group, .help = "一起", .together = group_together},
	{WEB_GET, "/hello", WEB_PUBLIC, .fields = hello_fields, .act = act, .page = page_hello,
	 .json = json_hello, .help = "问好"},
	{WEB_GET, "/things/{id}", WEB_RIGHT, FAKE_ACTION, "id", thing_fields, act, page_empty,
	 .help = "看一项"},
	{WEB_GET, "/things/{id}/edit", WEB_RIGHT, FAKE_ACTION, "id", thing_fields, act, page_edit,
	 .help = "修改"},
	{WEB_POST, "/things/{id}", WEB_RIGHT, FAKE_ACTION, "id", edit_fields, act_save,
	 .form = "/things/{id}/edit", .help = "保存"},
	{WEB_POST, "/upload", WEB_SIGNED_IN, .fields = upload_fields, .act = act_upload,
	 .help = "上传", .body_max = 8192},
	{WEB_GET, "/mine", WEB_SIGNED_IN, .act = act, .page = page_empty, .help = "我的"},
	{WEB_GET, "/password", WEB_SIGNED_IN, .act = act, .page = page_empty, .help = "改密码",
	 .change_password_first = true},
	{WEB_GET, "/big", WEB_PUBLIC, .act = act_big, .help = "大文件"},
	{WEB_GET, "/local", WEB_LOCAL, .act = act, .page = page_empty, .help = "本机"},
	{WEB_GET, "/login", WEB_GUEST, .act = act, .page = page_empty, .help = "登录"},
	{WEB_POST, "/login", WEB_GUEST, .act = act_login, .help = "登录"},
	{WEB_GET, "/first", WEB_SETUP, .fields = code_fields, .act = act, .page = page_empty,
	 .help = "首次启动"},
	{WEB_GET, "/assets/{file}", WEB_PUBLIC, .fields = asset_fields, .act = asset_serve,
	 .help = "样式和脚本"},
	{0},
};

static int gate_session(void *arg, struct str token, const struct web_request *request,
			struct web_session *ret_session, struct err_info *info)
{
	(void)arg;
	(void)request;
	bool must_change = str_eqs(token, FAKE_TOKEN_NEW);
	if (!must_change && !str_eqs(token, FAKE_TOKEN))
		return err_set(info, ERR_NOT_FOUND, "没有这个会话");
	*ret_session = (struct web_session){
		.signed_in = true, .must_change_password = must_change, .account = 1,
		.login = "zhoumin", .name = "周敏", .node = FAKE_OWN, .node_name = "县委组织部",
		.may = 1u << FAKE_ACTION};
	return 0;
}

static int gate_may(void *arg, const struct web_session *session,
		    const struct web_request *request, int action, int64_t campaign, int64_t node,
		    struct err_info *info)
{
	(void)arg;
	(void)request;
	(void)campaign;
	if (node != FAKE_OWN && node != FAKE_FOREIGN)
		return err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if (session->signed_in && action == FAKE_ACTION && node == FAKE_OWN)
		return 0;
	return err_set(info, ERR_DENIED, "您没有这个组织的权限");
}

static int gate_is_new(void *arg, struct err_info *info)
{
	(void)info;
	return ((struct fake *)arg)->is_new;
}

void fake_init(struct fake *fake)
{
	*fake = (struct fake){.web = {.routes = routes, .version = "0"}};
	fake->web.gate = (struct web_gate){fake, gate_session, gate_may, gate_is_new};
	fake->web.metrics = metrics_new(routes);
	memset(fake->web.key, 7, sizeof(fake->web.key));
	token_hash(STR(FAKE_CODE), fake->web.setup_hash);
}

void fake_done(struct fake *fake)
{
	metrics_free(fake->web.metrics);
}

struct web_request fake_get(const char *path, const char *query)
{
	return (struct web_request){
		.method = WEB_GET, .path = str_from(path), .query = str_from(query),
		.cookie = STR("jw=" FAKE_TOKEN), .accept = STR("text/html"),
		.host = STR("localhost:1"), .peer = "10.0.0.9", .now = 1795000000};
}

struct web_request fake_post(struct fake *fake, const char *path, const char *body,
			     struct buf *buf)
{
	struct web_request request = fake_get(path, NULL);

	request.method = WEB_POST;
	request.content_type = STR("application/x-www-form-urlencoded");
	if (buf) {
		char csrf[WEB_TOKEN_LEN + 1];
		csrf_make(fake->web.key, STR(FAKE_TOKEN), csrf);
		buf_clear(buf);
		buf_addf(buf, "%s&_csrf=%s", body, csrf);
		body = buf_str(buf);
	}
	request.body = str_from(body);
	return request;
}

const char *fake_header(const struct web_response *response, const char *name)
{
	for (int i = 0; i < response->n_headers; i++)
		if (strcmp(response->headers[i].name, name) == 0)
			return response->headers[i].value;
	return NULL;
}

bool fake_has(const struct web_response *response, const char *text)
{
	return strstr(buf_str(&response->body), text) != NULL;
}
