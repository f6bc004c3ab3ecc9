/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log: who did what, when, from where; whether it is whole. */
#include <string.h>

#include "app/audits.h"
#include "store/id.h"
#include "web/pages/pages.h"
#include "web/form.h"
#include "web/table.h"

enum { DAY_MS = 86400000, CHINA_MS = 8 * 3600000, EXPORT_MAX = 10000 };

/* Entries whose act begins with the id. */
static const struct web_choice groups[] = {
	{"log", "登录和退出"}, {"org.", "组织"}, {"account.", "账号"}, {"role.", "角色"},
	{"password.", "密码"}, {"totp.", "动态口令"}, {"session.", "别处的登录"}, {"policy.", "密码规则"}, {"audit.", "日志"},
	{"form.", "报表"}, {"table.", "表格"}, {"template.", "模板"}, {"db.", "备份"},
	{"past.", "往年结果"}, {"campaign.", "年度工作"}, {"scheme.", "方案"}, {"survey.", "调查"},
	{"self.", "自评"}, {"score.", "打分"}, {"live.", "现场评分"}, {"count.", "票数和到会人数"},
	{"ballot.", "票箱"}, {"opinion.", "行业主管意见"}, {"appraisal.", "述职评议"},
	{"interview.", "约谈"}, {"meeting.", "会议"}, {"publicity.", "公示"}, {"objection.", "异议"},
	{"review.", "审查"}, {"stars.", "五星"}, {"improvement.", "整改措施"}, {"file.", "附件"},
	{"case.", "整顿台账"}, {"guarantee.", "四项保障"}, {"leader.", "领导"},
	{"calendar.", "日历"}, {"draw.", "抽查"}, {"check.", "检查和疑点"}, {0},
};

#define AUDIT_FILTER_FIELDS \
	{.name = "from", .label = "从", .type = WEB_DATE}, \
	{.name = "to", .label = "到", .type = WEB_DATE}, \
	{.name = "act", .label = "事项", .type = WEB_CHOICE, .choices = groups}, \
	{.name = "q", .label = "内容", .type = WEB_TEXT, .max = 60}, \
	{.name = "past", .label = "已查过", .type = WEB_INT, .min = 0, .max = INT64_MAX / 2}

const struct web_field audit_fields[] = {
	AUDIT_FILTER_FIELDS,
	TABLE_FIELDS,
	{0},
};
const struct web_field audit_export_fields[] = {
	AUDIT_FILTER_FIELDS,
	TABLE_FIELDS,
	TABLE_FORMAT,
	{0},
};

static const struct table_column columns[] = {
	{"seq", "序号", COLUMN_CODE, ROOM_MIDDLE, false},
	{"at", "时间", COLUMN_DATE, ROOM_ALWAYS, true},
	{"who", "谁", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"act", "事项", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"object", "对象", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"before", "之前", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"after", "之后", COLUMN_TEXT, ROOM_ALWAYS, false},
	{"origin", "从哪里", COLUMN_CODE, ROOM_ALWAYS, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct audit_page {
	int64_t node;
	struct audit_found found;
	struct web_table table;
};

/* An act of another program's version is shown as it is. */
static const char *act_word(const char *act)
{
	for (int i = 0; audit_words[i].id; i++)
		if (strcmp(audit_words[i].id, act) == 0)
			return audit_words[i].label;
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

/* The filter that the address asks for. */
static struct audit_filter read_filter(struct web_call *call)
{
	struct audit_filter filter = {0};
	const struct web_value *from = web_value(call, "from"), *to = web_value(call, "to");

	if (from->given)
		filter.from_ms = days_of(from->number) * DAY_MS - CHINA_MS;
	if (to->given)
		filter.to_ms = (days_of(to->number) + 1) * DAY_MS - CHINA_MS;
	if (web_value(call, "act")->given)
		filter.act = web_text(call, "act");
	if (web_value(call, "q")->given)
		filter.text = web_text(call, "q");
	filter.skip = web_number(call, "past", 0);
	return filter;
}

/* A chain other than one's own county's is named by its region. */
static const char *number_of(struct web_call *call, const struct audit_entry *e, int64_t node)
{
	if (e->region && e->region == id_region(node))
		return page_text(call, "%lld", (long long)e->seq);
	return page_text(call, "%lld:%lld", (long long)e->region, (long long)e->seq);
}

static void fill_row(struct web_call *call, const struct audit_entry *e, int64_t node,
		     struct table_cell *cell)
{
	cell[0].text = number_of(call, e, node);
	cell[1].text = page_time(call, e->at_ms);
	cell[2].text = e->who;
	cell[3].text = act_word(e->act);
	cell[4].text = e->object;
	cell[5].text = e->before;
	cell[6].text = e->after;
	cell[7].text = e->origin;
}

static bool capped(const struct audit_found *found)
{
	return found->total > AUDIT_COUNT_MAX;
}

static int fill_table(struct web_call *call, struct audit_page *audit)
{
	struct web_table *t = &audit->table;
	const struct audit_found *found = &audit->found;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)found->n * N_COLUMNS + 1,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < found->n; i++)
		fill_row(call, &found->entries[i], audit->node, &cells[(size_t)i * N_COLUMNS]);
	t->id = "list";
	t->caption = "审计日志";
	t->cells = cells;
	t->n_rows = found->n;
	t->n_all = capped(found) ? -1 : found->total;
	t->more = capped(found) && found->n == t->size;
	t->empty = "没有符合条件的记录";
	t->empty_hint = "可以放宽日期，或者去掉条件再查。";
	t->empty_href = "/audit";
	t->empty_action = "去掉全部条件";
	return 0;
}

static int read_filter_at(struct web_call *call, struct audit_page *audit,
			  struct audit_filter *ret_filter)
{
	int r = page_top_node(call, &audit->node);
	if (r)
		return r;
	table_from_call(call, columns, "-at", &audit->table);
	*ret_filter = read_filter(call);
	ret_filter->oldest_first = *audit->table.sort != '-';
	return 0;
}

int act_audit(struct web_call *call)
{
	struct audit_page *audit = arena_zalloc(call->arena, 1, sizeof(*audit));
	struct caller caller = page_caller(call);
	struct audit_filter filter;

	if (!audit)
		return err_nomem(&call->info);
	call->model = audit;
	int r = read_filter_at(call, audit, &filter);
	if (r)
		return r;
	filter.offset = (int64_t)(audit->table.page - 1) * audit->table.size;
	filter.limit = audit->table.size;
	if (filter.offset > AUDIT_COUNT_MAX)
		return err_set(&call->info, ERR_INPUT, "翻得太远了，请用日期缩小范围");
	r = audits_list(call->web->app, &caller, audit->node, &filter, call->arena, &audit->found,
			&call->info);
	return r ? r : fill_table(call, audit);
}

int act_audit_export(struct web_call *call)
{
	struct audit_page audit = {0};
	struct caller caller = page_caller(call);
	struct audit_filter filter;
	int r = read_filter_at(call, &audit, &filter);

	filter.limit = EXPORT_MAX;
	if (r == 0)
		r = audits_export(call->web->app, &caller, audit.node, &filter, call->arena,
				  &audit.found, &call->info);
	if (r == 0)
		r = fill_table(call, &audit);
	return r ? r : table_export(call, &audit.table,
				    page_text(call, "审计日志-%s",
					      page_day(call, page_today(call), false)));
}

static void write_filter(struct web_call *call, struct html *h)
{
	const struct web_value *act = web_value(call, "act");

	form_problem(call, h, audit_fields);
	html(h, "<form class='bar' role='search' action='/audit'>");
	form_filter_day(call, h, "from", web_text(call, "from"));
	form_filter_day(call, h, "to", web_text(call, "to"));
	html(h, "<label>事项 <select name='act'><option value=''>全部</option>");
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

/* A text is looked for in some entries at a time; whence it goes on. */
static void write_found(struct web_call *call, struct html *h, const struct audit_page *audit)
{
	const struct audit_found *found = &audit->found;

	if (capped(found))
		html(h, "<p class='chips'>超过 <b>{}</b> 条，请用日期缩小范围</p>", (int)AUDIT_COUNT_MAX);
	else
		html(h, "<p class='chips'>共 <b>{}</b> 条</p>", found->total);
	if (found->next_skip)
		html(h, "<p class='note'>按内容一次查 {} 条，这次查到 {} 为止。<a href='{}'>接着往{}查</a></p>",
		     (int)AUDIT_LOOK_PAGE, page_time(call, found->looked_to_ms),
		     page_query_with(call, "past", page_text(call, "%lld", (long long)found->next_skip)),
		     *audit->table.sort == '-' ? "前" : "后");
}

void page_audit(struct web_call *call, struct html *h)
{
	const struct audit_page *audit = call->model;
	struct page page = {.title = "审计日志", .menu = "/audit"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>审计日志</h1><p class='note'>只增不改，每条都含前一条的校验值</p></div>"
		"<div class='acts'><a class='btn' href='/audit/verify'>检查日志是否完整</a>");
	table_export_links(call, h, "/audit/export");
	html(h, "</div></div>\n");
	write_filter(call, h);
	write_found(call, h, audit);
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

	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return audits_verify(call->web->app, &caller, -1, NULL, 0, call->arena, &v->at, &v->n,
			     &call->info);
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
		"并与存过的锚点对照</p></div></div>\n<table class='data sort'><caption class='vh'>检查结果</caption>"
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
