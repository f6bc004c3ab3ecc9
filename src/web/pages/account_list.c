/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts at a node and below, and the roles that wait for a second person. */
#include "app/accounts.h"
#include "web/pages/pages.h"
#include "web/table.h"

const struct web_field account_list_fields[] = {
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "q", .label = "查找", .type = WEB_TEXT, .max = 60},
	TABLE_FIELDS,
	{0},
};

static const struct table_column columns[] = {
	{"login", "账号", COLUMN_NAME, ROOM_ALWAYS, false},
	{"name", "姓名", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"phone", "电话", COLUMN_TEXT, ROOM_MIDDLE, false},
	{"node", "所属组织", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"seen", "最近登录", COLUMN_DATE, ROOM_OFFICE, false},
	{"state", "状态", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct account_list {
	int64_t node;
	struct accounts_page page;
	struct role_request *requests;
	int n_requests;
	struct web_table table;
};

static struct table_cell state_of(const struct account *a)
{
	if (a->state == ACCOUNT_CLOSED)
		return (struct table_cell){.text = "已停用", .tone = TONE_OFF};
	if (a->must_change)
		return (struct table_cell){.text = "还没有改初始密码", .tone = TONE_WARN};
	return (struct table_cell){.text = "正常", .tone = TONE_OK};
}

static int fill_table(struct web_call *call, struct account_list *list)
{
	struct web_table *t = &list->table;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)list->page.n * N_COLUMNS + 1,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < list->page.n; i++) {
		const struct account *a = &list->page.accounts[i];
		struct table_cell *cell = &cells[(size_t)i * N_COLUMNS];
		cell[0].text = a->name;
		cell[0].href = page_text(call, "/accounts/%lld", (long long)a->id);
		cell[1].text = a->label;
		cell[2].text = a->phone;
		cell[3].text = a->node_name;
		cell[4].text = a->login_ms ? page_time(call, a->login_ms) : "从未";
		cell[5] = state_of(a);
	}
	t->id = "list";
	t->caption = "账号";
	t->cells = cells;
	t->n_rows = list->page.n;
	t->n_all = list->page.total;
	t->empty = "没有符合条件的账号";
	t->empty_hint = "可以换一个词再查。";
	return 0;
}

int act_account_list(struct web_call *call)
{
	struct account_list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);
	int r = 0;

	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	list->node = web_number(call, "node", 0);
	if (!list->node)
		r = page_top_node(call, &list->node);
	if (r)
		return r;
	table_from_call(call, columns, "", &list->table);
	r = accounts_list(call->web->app, &caller, list->node,
			  web_value(call, "q")->given ? web_text(call, "q") : NULL,
			  (int64_t)(list->table.page - 1) * list->table.size, list->table.size,
			  call->arena, &list->page, &call->info);
	if (r == 0 && (call->session.may >> ACTION_ROLE_READ & 1))
		r = roles_requests(call->web->app, &caller, list->node, call->arena,
				   &list->requests, &list->n_requests, &call->info);
	return r ? r : fill_table(call, list);
}

/* Grants above the county wait for a second person. */
static void write_requests(struct web_call *call, struct html *h, const struct account_list *list)
{
	bool may = call->session.may >> ACTION_ROLE_GRANT & 1;

	if (list->n_requests == 0)
		return;
	html(h, "<section class='box hot' aria-labelledby='h-w'><h2 id='h-w'>等第二人确认的角色 {} 个</h2>"
		"<ul class='list'>", list->n_requests);
	for (int i = 0; i < list->n_requests; i++) {
		const struct role_request *q = &list->requests[i];
		html(h, "<li>");
		if (may)
			html(h, "<form class='r acts' method='post' action='/accounts/requests/{}'>"
				"<input type='hidden' name='_csrf' value='{}'>"
				"<button class='btn sm' name='answer' value='yes'>同意</button>"
				"<button class='btn sm' name='answer' value='no'>不同意</button></form>",
			     q->id, call->csrf);
		html(h, "{}：{}（{}）<p>{} 提出，{}</p></li>", q->account_label,
		     role_label((enum role)q->role), q->node_name, q->asked_by_label,
		     page_time(call, q->asked_ms));
	}
	html(h, "</ul></section>\n");
}

void page_account_list(struct web_call *call, struct html *h)
{
	const struct account_list *list = call->model;
	struct page page = {.title = "账号", .menu = "/accounts"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>账号</h1><p class='note'>系统管理员建账号，安全管理员给角色，"
		"审计员看日志；三者不能是同一个人</p></div><div class='acts'>");
	if (call->session.may >> ACTION_ACCOUNT_WRITE & 1)
		html(h, "<a class='btn' href='/accounts/import?node={}'>批量导入</a>"
			"<a class='btn main' href='/accounts/new?node={}'>新建账号</a>",
		     list->node, list->node);
	if (call->session.may >> ACTION_POLICY_WRITE & 1)
		html(h, "<a class='btn' href='/policy'>密码和登录规则</a>");
	html(h, "</div></div>\n");
	write_requests(call, h, list);
	html(h, "<form class='bar gap-s' role='search' action='/accounts'>"
		"<input type='hidden' name='node' value='{}'><label class='vh' for='q'>查找账号</label>"
		"<input class='grow' id='q' name='q' type='search' value='{}' autocomplete='off' "
		"placeholder='账号、姓名或电话'><button class='btn'>查找</button></form>\n",
	     list->node, web_text(call, "q"));
	html(h, "<p class='chips'>共 <b>{}</b> 个</p>", list->page.total);
	table_write(call, h, &list->table);
	page_end(call, h);
}

json_t *json_account_list(struct web_call *call)
{
	const struct account_list *list = call->model;
	return table_json(&list->table);
}
