/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: who did what, when, from where; whether it is whole. */
#include <string.h>

#include "app/audits.h"
#include "store/id.h"
#include "web/pages/pages.h"
#include "web/table.h"

enum { DAY_MS = 86400000, CHINA_MS = 8 * 3600000, EXPORT_PART = 10000 };

/* Entries whose act begins with the id. */
static const struct web_choice groups[] = {
	{"log", "登录和退出"}, {"org.", "组织"}, {"account.", "账号"}, {"role.", "角色"},
	{"password.", "密码"}, {"totp.", "动态口令"}, {"policy.", "密码规则"}, {"audit.", "日志"}, {0},
};

/* What people call an act; others are shown as they are. */
static const struct web_choice words[] = {
	{"login", "登录"}, {"login.fail", "登录失败"}, {"logout", "退出"},
	{"org.add", "登记组织"}, {"org.change", "修改组织"}, {"org.move", "划转组织"},
	{"org.merge", "合并组织"}, {"org.split", "分设组织"}, {"org.dissolve", "撤销组织"},
	{"org.establish", "成立组织"}, {"org.export", "导出组织"}, {"org.import", "导入组织"},
	{"account.add", "新建账号"}, {"account.close", "停用账号"}, {"account.open", "启用账号"},
	{"account.import", "导入账号"}, {"role.grant", "给角色"}, {"role.revoke", "收回角色"},
	{"role.ask", "提出角色"}, {"role.refuse", "回绝角色"}, {"password.change", "改密码"},
	{"password.reset", "重置密码"}, {"totp.set", "开通动态口令"}, {"totp.remove", "取消动态口令"},
	{"policy.change", "改密码规则"}, {"audit.anchor", "锚定日志"}, {0},
};

#define AUDIT_FILTER_FIELDS \
	{.name = "from", .label = "从", .type = WEB_DATE}, \
	{.name = "to", .label = "到", .type = WEB_DATE}, \
	{.name = "act", .label = "事项", .type = WEB_CHOICE, .choices = groups}, \
	{.name = "q", .label = "内容", .type = WEB_TEXT, .max = 60}

const struct web_field audit_fields[] = {
	AUDIT_FILTER_FIELDS,
	TABLE_FIELDS,
	{0},
};
const struct web_field audit_export_fields[] = {
	AUDIT_FILTER_FIELDS,
	{0},
};

static const struct table_column columns[] = {
	{"seq", "序号", COLUMN_CODE, ROOM_MIDDLE, false},
	{"at", "时间", COLUMN_DATE, ROOM_ALWAYS, false},
	{"who", "谁", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"act", "事项", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"object", "对象", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"before", "之前", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"after", "之后", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"origin", "从哪里", COLUMN_CODE, ROOM_MIDDLE, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct audit_page {
	int64_t node;
	struct audits_page page;
	struct web_table table;
};

static const char *act_word(const char *act)
{
	for (int i = 0; words[i].id; i++)
		if (strcmp(words[i].id, act) == 0)
			return words[i].label;
	return act;
}

/* Days since 1970, by the civil calendar. */
static int64_t days_of(int64_t day)
{
	int64_t y = day / 10000, m = day / 100 % 100, d = day % 100;

	y -= m <= 2;
	int64_t era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* The filter that the address asks for, in the auditor's region. */
static struct audit_filter read_filter(struct web_call *call, int64_t node)
{
	struct audit_filter filter = {.region = id_region(node)};
	const struct web_value *from = web_value(call, "from"), *to = web_value(call, "to");

	if (filter.region == 0)
		filter.region = AUDIT_ALL_REGIONS;
	if (from->given)
		filter.from_ms = days_of(from->number) * DAY_MS - CHINA_MS;
	if (to->given)
		filter.to_ms = (days_of(to->number) + 1) * DAY_MS - CHINA_MS;
	if (web_value(call, "act")->given)
		filter.act = web_text(call, "act");
	if (web_value(call, "q")->given)
		filter.text = web_text(call, "q");
	return filter;
}

static void fill_row(struct web_call *call, const struct audit_entry *e, struct table_cell *cell)
{
	cell[0].text = page_text(call, "%lld", (long long)e->seq);
	cell[1].text = page_time(call, e->at_ms);
	cell[2].text = e->who;
	cell[3].text = act_word(e->act);
	cell[4].text = e->object;
	cell[5].text = e->before;
	cell[6].text = e->after;
	cell[7].text = e->origin;
}

static int fill_table(struct web_call *call, struct audit_page *audit)
{
	struct web_table *t = &audit->table;
	const struct audits_page *page = &audit->page;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)page->n * N_COLUMNS + 1,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < page->n; i++)
		fill_row(call, &page->entries[i], &cells[(size_t)i * N_COLUMNS]);
	t->id = "list";
	t->caption = "审计日志，最近的在上面";
	t->cells = cells;
	t->n_rows = page->n;
	t->n_all = page->total;
	t->empty = "没有符合条件的记录";
	t->empty_hint = "可以放宽日期，或者去掉条件再查。";
	t->empty_href = "/audit";
	t->empty_action = "去掉全部条件";
	return 0;
}

static int load(struct web_call *call, struct audit_page *audit, int64_t offset, int64_t limit)
{
	struct caller caller = page_caller(call);

	int r = page_top_node(call, &audit->node);
	if (r)
		return r;
	struct audit_filter filter = read_filter(call, audit->node);
	filter.offset = offset;
	filter.limit = limit;
	return audits_list(call->web->app, &caller, audit->node, &filter, call->arena, &audit->page,
			   &call->info);
}

int act_audit(struct web_call *call)
{
	struct audit_page *audit = arena_zalloc(call->arena, 1, sizeof(*audit));

	if (!audit)
		return err_nomem(&call->info);
	call->model = audit;
	table_from_call(call, columns, "", &audit->table);
	int r = load(call, audit, (int64_t)(audit->table.page - 1) * audit->table.size,
		     audit->table.size);
	return r ? r : fill_table(call, audit);
}

int act_audit_export(struct web_call *call)
{
	struct audit_page audit = {.table = {.columns = columns}};
	int r = load(call, &audit, 0, EXPORT_PART);

	if (r == 0)
		r = fill_table(call, &audit);
	if (r)
		return r;
	if (audit.page.total > audit.page.n)
		return err_set(&call->info, ERR_LIMIT,
			       "符合条件的有 %lld 条，一次最多导出 %d 条，请缩小日期范围",
			       (long long)audit.page.total, EXPORT_PART);
	return table_csv(call, &audit.table,
			 page_text(call, "审计日志-%s.csv", page_day(call, page_today(call), false)));
}

static void write_filter(struct web_call *call, struct html *h)
{
	const struct web_value *act = web_value(call, "act");

	html(h, "<form class='bar' role='search' action='/audit'>"
		"<label>从 <input class='day' name='from' value='{}' placeholder='2026-01-01' inputmode='numeric'></label>"
		"<label>到 <input class='day' name='to' value='{}' placeholder='2026-12-31' inputmode='numeric'></label>"
		"<label>事项 <select name='act'><option value=''>全部</option>",
	     web_text(call, "from"), web_text(call, "to"));
	for (int i = 0; groups[i].id; i++) {
		html(h, "<option value='{}'", groups[i].id);
		if (act->given && act->number == i)
			html(h, " selected");
		html(h, ">{}</option>", groups[i].label);
	}
	html(h, "</select></label><label class='vh' for='q'>内容</label>"
		"<input class='grow' id='q' name='q' type='search' value='{}' autocomplete='off' "
		"placeholder='对象、之前或之后的内容'><button class='btn'>查找</button></form>\n",
	     web_text(call, "q"));
}

void page_audit(struct web_call *call, struct html *h)
{
	const struct audit_page *audit = call->model;
	struct page page = {.title = "审计日志", .menu = "/audit"};
	const char *query = page_query_with(call, "page", NULL);

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>审计日志</h1><p class='note'>只增不改，每条都含前一条的校验值</p></div>"
		"<div class='acts'><a class='btn' href='/audit/verify'>检查日志是否完整</a>"
		"<a class='btn' hx-boost='false' href='{}'>导出</a></div></div>\n",
	     page_text(call, "/audit/export%s", query));
	write_filter(call, h);
	html(h, "<p class='chips'>共 <b>{}</b> 条</p>", audit->page.total);
	table_write(call, h, &audit->table);
	page_end(call, h);
}

json_t *json_audit(struct web_call *call)
{
	const struct audit_page *audit = call->model;
	return table_json(&audit->table);
}

/* ---- whether it is whole ---- */

struct verdicts {
	struct audit_verdict *at;
	int n;
};

int act_audit_verify(struct web_call *call)
{
	struct verdicts *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);
	int64_t node;

	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	int r = page_top_node(call, &node);
	if (r)
		return r;
	int64_t region = id_region(node);
	return audits_verify(call->web->app, &caller, region ? region : AUDIT_ALL_REGIONS, NULL, 0,
			     call->arena, &v->at, &v->n, &call->info);
}

void page_audit_verify(struct web_call *call, struct html *h)
{
	const struct verdicts *v = call->model;
	struct page page = {.title = "检查日志", .menu = "/audit"};
	struct crumb crumbs[] = {{"审计日志", "/audit"}, {"检查日志", NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>检查日志是否完整</h1><p class='note'>从第一条算到最后一条，"
		"并与存过的锚点对照</p></div></div>\n<table class='data'><caption class='vh'>检查结果</caption>"
		"<thead><tr><th scope='col'>日志</th><th scope='col'>结果</th><th scope='col' class='n'>条数或位置</th></tr></thead><tbody>");
	for (int i = 0; i < v->n; i++) {
		const struct audit_verdict *one = &v->at[i];
		bool good = one->fault == AUDIT_GOOD;
		html(h, "<tr><th scope='row'>{}</th><td><span class='light {}'>{}</span></td><td class='n'>{}</td></tr>",
		     *one->name ? one->name : "全局", good ? "ok" : "bad", audit_fault_label(one->fault),
		     one->seq);
	}
	html(h, "</tbody></table>\n");
	page_end(call, h);
}

json_t *json_audit_verify(struct web_call *call)
{
	const struct verdicts *v = call->model;
	json_t *list = json_array();

	for (int i = 0; i < v->n; i++)
		json_array_append_new(list, json_pack("{s:I, s:s, s:b, s:s, s:I}", "region",
						      (json_int_t)v->at[i].region, "name",
						      v->at[i].name, "good",
						      v->at[i].fault == AUDIT_GOOD, "result",
						      audit_fault_label(v->at[i].fault), "seq",
						      (json_int_t)v->at[i].seq));
	return json_pack("{s:o}", "chains", list);
}
