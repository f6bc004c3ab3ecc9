/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts at a node and below, and the roles that wait for a second person. */
#include <stdlib.h>
#include <string.h>

#include "app/accounts.h"
#include "web/pages/pages.h"
#include "web/table.h"

enum { EXPORT_MAX = 10000 };

/* In the order of enum account_show. */
static const struct web_choice shows[] = {
	{"used", "正常"}, {"fresh", "还没有改初始密码"}, {"closed", "已停用"}, {0},
};

#define LIST_FIELDS \
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}, \
	{.name = "q", .label = "查找", .type = WEB_TEXT, .max = 60}, \
	{.name = "state", .label = "状态", .type = WEB_CHOICE, .choices = shows}, \
	{.name = "role", .label = "角色", .type = WEB_CHOICE, .choice_at = account_role_choice}, \
	TABLE_FIELDS

const struct web_field account_list_fields[] = {LIST_FIELDS, {0}};
const struct web_field account_export_fields[] = {LIST_FIELDS, TABLE_FORMAT, {0}};

static const struct table_column columns[] = {
	{"login", "账号", COLUMN_NAME, ROOM_ALWAYS, true},
	{"name", "姓名", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"phone", "电话", COLUMN_SHORT, ROOM_MIDDLE, false},
	{"node", "所属组织", COLUMN_TEXT, ROOM_ALWAYS, true},
	{"roles", "角色", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"seen", "最近登录", COLUMN_DATE, ROOM_OFFICE, true},
	{"state", "状态", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

enum { REQUESTS_SHOWN = 200 };

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

static int by_account(const void *key, const void *item)
{
	const int64_t *account = key;
	const struct account_role *role = item;
	return *account < role->account ? -1 : *account > role->account;
}

/* With the place where it is another than the account's own; "没有" says that somebody
 * forgot to give one. */
static const char *roles_of(struct web_call *call, const struct accounts_page *page, const struct account *a)
{
	const struct account_role *end = page->roles + page->n_roles;
	const struct account_role *at = page->n_roles ? bsearch(&a->id, page->roles, (size_t)page->n_roles,
								 sizeof(*at), by_account) : NULL;
	const char *text = "";

	if (!at)
		return "没有";
	while (at > page->roles && at[-1].account == a->id)
		at--;
	for (; at < end && at->account == a->id; at++) {
		const char *label = role_label((enum role)at->role);
		text = at->node == a->node
			? page_text(call, "%s%s%s", text, *text ? "、" : "", label)
			: page_text(call, "%s%s%s（%s）", text, *text ? "、" : "", label, at->node_name);
	}
	return text;
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
		cell[4].text = roles_of(call, &list->page, a);
		cell[5].text = a->login_ms ? page_time(call, a->login_ms) : "从未";
		cell[6] = state_of(a);
	}
	t->id = "list";
	t->caption = "账号";
	t->cells = cells;
	t->n_rows = list->page.n;
	t->n_all = list->page.total;
	t->empty = "没有符合条件的账号";
	t->empty_hint = "可以换一个词，或者去掉条件再查。";
	return 0;
}

/* Node, sort and filter as the address asks for. */
static int read_filter(struct web_call *call, struct account_list *list,
		       struct account_filter *ret_filter)
{
	int r = page_node(call, &list->node);

	table_from_call(call, columns, "login", &list->table);
	const char *sort = list->table.sort;
	*ret_filter = (struct account_filter){
		.text = web_value(call, "q")->given ? web_text(call, "q") : NULL,
		.show = (enum account_show)web_number(call, "state", ACCOUNT_SHOW_ALL),
		.holds = (int)web_number(call, "role", -1) + 1,
		.order = strstr(sort, "node") ? ACCOUNT_BY_NODE
			 : strstr(sort, "seen") ? ACCOUNT_BY_LOGIN : ACCOUNT_BY_NAME,
		.descending = *sort == '-',
	};
	return r;
}

int act_account_list(struct web_call *call)
{
	struct account_list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);
	struct account_filter filter;

	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	int r = read_filter(call, list, &filter);
	if (r)
		return r;
	filter.offset = (int64_t)(list->table.page - 1) * list->table.size;
	filter.limit = list->table.size;
	r = accounts_list(call->web->app, &caller, list->node, &filter, call->arena, &list->page,
			  &call->info);
	if (r == 0 && (call->session.may >> ACTION_ROLE_READ & 1))
		r = roles_requests(call->web->app, &caller, list->node, call->arena,
				   &list->requests, &list->n_requests, &call->info);
	return r ? r : fill_table(call, list);
}

int act_account_export(struct web_call *call)
{
	struct account_list list = {0};
	struct caller caller = page_caller(call);
	struct account_filter filter;
	int r = read_filter(call, &list, &filter);

	filter.limit = EXPORT_MAX;
	if (r == 0)
		r = accounts_export(call->web->app, &caller, list.node, &filter, call->arena, &list.page,
				    &call->info);
	if (r == 0)
		r = fill_table(call, &list);
	return r ? r : table_export(call, &list.table,
				    page_text(call, "账号-%s", page_day(call, page_today(call), false)));
}

static void write_search(struct web_call *call, struct html *h, const struct account_list *list)
{
	const struct web_value *state = web_value(call, "state"), *role = web_value(call, "role");

	html(h, "<form class='bar gap-s' role='search' action='/accounts'>"
		"<input type='hidden' name='node' value='{}'><label class='vh' for='q'>查找账号</label>"
		"<input class='grow' id='q' name='q' type='search' value='{}' autocomplete='off' "
		"placeholder='账号、姓名或电话'><label>状态 <select name='state'><option value=''>全部</option>",
	     list->node, web_text(call, "q"));
	for (int i = 0; shows[i].id; i++) {
		html(h, "<option value='{}'", shows[i].id);
		if (state->given && state->number == i)
			html(h, " selected");
		html(h, ">{}</option>", shows[i].label);
	}
	html(h, "</select></label><label>角色 <select name='role'><option value=''>全部</option>");
	for (int i = 0; i < ROLE_COUNT; i++) {
		html(h, "<option value='{}'", role_id((enum role)i));
		if (role->given && role->number == i)
			html(h, " selected");
		html(h, ">{}</option>", role_label((enum role)i));
	}
	html(h, "</select></label><button class='btn'>查找</button></form>\n");
}

/* Grants above the county, and those of a sheet, wait for a second person. Ticked are
 * those that this one may grant. */
static void write_requests(struct web_call *call, struct html *h, const struct account_list *list)
{
	bool may = call->session.may >> ACTION_ROLE_GRANT & 1, stuck = false;

	if (list->n_requests == 0)
		return;
	html(h, "<section class='box hot' aria-labelledby='h-w'><h2 id='h-w'>等第二人确认的角色 {} 个</h2>",
	     list->n_requests);
	if (list->n_requests > REQUESTS_SHOWN)
		html(h, "<p class='note'>先列 {} 个，办完再列后面的</p>", (int)REQUESTS_SHOWN);
	for (int i = 0; i < list->n_requests && !stuck; i++)
		stuck = list->requests[i].stuck;
	if (stuck)
		account_write_stuck(h);
	if (may)
		html(h, "<form method='post' action='/accounts/requests'>"
			"<input type='hidden' name='_csrf' value='{}'>", call->csrf);
	html(h, "<ul class='list'>");
	for (int i = 0; i < list->n_requests && i < REQUESTS_SHOWN; i++) {
		const struct role_request *q = &list->requests[i];
		bool own = q->asked_by == call->session.account, about = q->account == call->session.account;
		html(h, "<li>");
		if (may && !about) {
			html(h, "<label class='tick'><input type='checkbox' name='request' value='{}'", q->id);
			if (!own)
				html(h, " checked");
			html(h, ">");
		}
		html(h, "{}：{}（{}）", q->account_label, role_label((enum role)q->role), q->node_name);
		if (may && !about)
			html(h, "</label>");
		html(h, "<p>{} 提出，{}{}</p></li>", q->asked_by_label, page_time(call, q->asked_ms),
		     !may ? "" : about ? "；您自己的角色，要别人来办" : own ? "；要另一个人同意，选中按“不同意”是撤回" : "");
	}
	html(h, "</ul>");
	if (may)
		html(h, "<div class='acts'><button class='btn main' name='answer' value='yes'>同意选中的</button>"
			"<button class='btn' name='answer' value='no'>不同意选中的</button></div></form>");
	html(h, "</section>\n");
}

void page_account_list(struct web_call *call, struct html *h)
{
	const struct account_list *list = call->model;
	struct page page = {.title = "账号", .menu = "/accounts"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>账号</h1><p class='note'>系统管理员建账号，安全管理员给角色，"
		"审计员看日志；三者不能是同一个人</p></div><div class='acts'>");
	table_export_links(call, h, "/accounts/export");
	if (call->session.may >> ACTION_ACCOUNT_WRITE & 1)
		html(h, "<a class='btn' href='/accounts/import?node={}'>批量导入</a>"
			"<a class='btn main' href='/accounts/new?node={}'>新建账号</a>",
		     list->node, list->node);
	if (call->session.may >> ACTION_POLICY_WRITE & 1)
		html(h, "<a class='btn' href='/policy'>密码和登录规则</a>");
	html(h, "</div></div>\n");
	write_requests(call, h, list);
	write_search(call, h, list);
	html(h, "<p class='chips'>共 <b>{}</b> 个</p>", list->page.total);
	table_write(call, h, &list->table);
	page_end(call, h);
}

json_t *json_account_list(struct web_call *call)
{
	const struct account_list *list = call->model;
	return table_json(&list->table);
}
