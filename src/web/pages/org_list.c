/* SPDX-License-Identifier: Apache-2.0 */
/* The tree and the list of organisations below one of its nodes. */
#include <string.h>

#include "web/pages/pages.h"
#include "web/table.h"

enum { TREE_SHOWN = 300, ELECTION_SOON_DAYS = 90 };

static bool level_choice(int i, struct web_choice *ret)
{
	if (i >= LEVEL_COUNT)
		return false;
	*ret = (struct web_choice){level_id((enum level)i), level_label((enum level)i)};
	return true;
}

static bool field_choice(int i, struct web_choice *ret)
{
	if (i >= FIELD_COUNT)
		return false;
	*ret = (struct web_choice){field_id((enum field)i), field_label((enum field)i)};
	return true;
}

/* In the order of enum org_state. */
static const char *const state_ids[ORG_STATE_COUNT] = {"active", "merged", "dissolved",
						       "should-exist"};

static bool state_choice(int i, struct web_choice *ret)
{
	if (i >= ORG_STATE_COUNT)
		return false;
	*ret = (struct web_choice){state_ids[i], org_state_label((enum org_state)i)};
	return true;
}

#define LIST_FIELDS \
	{.name = "node", .label = "上级组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}, \
	{.name = "q", .label = "查找", .type = WEB_TEXT, .max = 60}, \
	{.name = "level", .label = "层级", .type = WEB_CHOICE, .choice_at = level_choice}, \
	{.name = "field", .label = "领域", .type = WEB_CHOICE, .choice_at = field_choice}, \
	{.name = "state", .label = "状态", .type = WEB_CHOICE, .choice_at = state_choice}, \
	TABLE_FIELDS

const struct web_field org_list_fields[] = {LIST_FIELDS, {0}};
const struct web_field org_export_fields[] = {LIST_FIELDS, TABLE_FORMAT, {0}};

static const struct table_column columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE, true},
	{"name", "党组织", COLUMN_NAME, ROOM_ALWAYS, true},
	{"kind", "组织类型", COLUMN_TEXT, ROOM_WIDE, false},
	{"field", "领域", COLUMN_TEXT, ROOM_WIDE, false},
	{"members", "党员（人）", COLUMN_NUMBER, ROOM_ALWAYS, true},
	{"secretary", "书记", COLUMN_TEXT, ROOM_ALWAYS, true},
	{"election", "换届时间", COLUMN_DATE, ROOM_OFFICE, true},
	{"light", "提醒", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct org_list {
	int64_t node;
	struct org_detail at;		/* the node itself */
	struct org_detail above;	/* its parent, where the tree shows siblings */
	bool siblings;
	struct roster_page page;
	struct web_table table;
};

/* Days between two days; good enough for a warning. */
static int days_until(int32_t day, int32_t today)
{
	int months = (day / 10000 - today / 10000) * 12 + day / 100 % 100 - today / 100 % 100;
	return months * 30 + day % 100 - today % 100;
}

static struct table_cell light_of(struct web_call *call, const struct org *org)
{
	int32_t today = page_today(call);

	if (org->state != ORG_ACTIVE)
		return (struct table_cell){.text = org_state_label(org->state),
					   .tone = org->state == ORG_SHOULD_EXIST ? TONE_WARN : TONE_OFF};
	if (!*org->secretary_name)
		return (struct table_cell){.text = "书记空缺", .tone = TONE_BAD};
	if (org->election_due && org->election_due < today)
		return (struct table_cell){.text = "换届已到期", .tone = TONE_BAD};
	if (org->election_due && days_until(org->election_due, today) <= ELECTION_SOON_DAYS)
		return (struct table_cell){.text = page_text(call, "换届 %s 到期",
							     page_day(call, org->election_due, true)),
					   .tone = TONE_WARN};
	if (!*org->liaison_name)
		return (struct table_cell){.text = "无联络员", .tone = TONE_OFF};
	return (struct table_cell){.text = "正常", .tone = TONE_OK};
}

static void fill_row(struct web_call *call, const struct org *org, struct table_cell *cell)
{
	cell[0].text = org->code;
	cell[1].text = org->name;
	cell[1].href = page_text(call, "/orgs/%lld", (long long)org->id);
	cell[2].text = org->kind;
	cell[3].text = org->field == ORG_UNSET ? "" : field_label((enum field)org->field);
	cell[4].number = org->members;
	cell[4].none = org->members == ORG_UNSET;
	cell[5].text = org->secretary_name;
	cell[6].text = page_day(call, org->election_due, false);
	cell[7] = light_of(call, org);
}

static int fill_table(struct web_call *call, struct org_list *list)
{
	struct web_table *t = &list->table;
	const struct roster_page *page = &list->page;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)(page->n + 1) * N_COLUMNS,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	struct table_cell *totals = &cells[(size_t)page->n * N_COLUMNS];
	for (int i = 0; i < page->n; i++)
		fill_row(call, &page->orgs[i], &cells[(size_t)i * N_COLUMNS]);
	totals[4].number = page->sum.members;
	t->id = "list";
	t->caption = page_text(call, "%s的党组织", list->at.org.name);
	t->cells = cells;
	t->n_rows = page->n;
	t->n_all = page->sum.n;
	t->totals = totals;
	t->totals_label = page_text(call, "合计 %lld 个", (long long)page->sum.n);
	t->empty = "没有符合条件的党组织";
	t->empty_hint = "可以换一个词，或者去掉条件再查。";
	t->empty_href = page_text(call, "/orgs?node=%lld", (long long)list->node);
	t->empty_action = "去掉全部条件";
	return 0;
}

static enum org_order order_of(const char *sort)
{
	static const struct {
		const char *key;
		enum org_order order;
	} orders[] = {{"name", ORG_BY_NAME}, {"members", ORG_BY_MEMBERS},
		      {"election", ORG_BY_ELECTION}, {"secretary", ORG_BY_SECRETARY}};

	sort += *sort == '-';
	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		if (strcmp(orders[i].key, sort) == 0)
			return orders[i].order;
	return ORG_BY_CODE;
}

/* The lowest nodes of the tree show their neighbours instead of units. */
static int load_siblings(struct web_call *call, const struct caller *caller, struct org_list *list)
{
	const struct org_detail *at = &list->at;

	for (int i = 0; i < at->n_children; i++)
		if (at->children[i].org.level != LEVEL_UNIT)
			return 0;
	if (at->n_crumbs < 2)
		return 0;
	list->siblings = true;
	return roster_detail(call->web->app, caller, at->crumbs[at->n_crumbs - 2].id, call->arena,
			   &list->above, &call->info);
}

int org_list_read(struct web_call *call, int64_t *ret_node, struct org_filter *ret_filter)
{
	struct org_filter filter = ORG_FILTER(NULL);

	filter.level = (int)web_number(call, "level", ORG_UNSET);
	filter.field = (int)web_number(call, "field", ORG_UNSET);
	filter.state = (int)web_number(call, "state", ORG_UNSET);
	filter.text = web_value(call, "q")->given ? web_text(call, "q") : NULL;
	*ret_filter = filter;
	return page_node(call, ret_node);
}

int act_org_list(struct web_call *call)
{
	struct org_list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);
	struct org_filter filter;

	if (!list)
		return err_nomem(&call->info);
	int r = org_list_read(call, &list->node, &filter);
	if (r == 0)
		r = roster_detail(call->web->app, &caller, list->node, call->arena, &list->at,
				&call->info);
	if (r == 0)
		r = load_siblings(call, &caller, list);
	if (r)
		return r;
	table_from_call(call, columns, "code", &list->table);
	filter.order = order_of(list->table.sort);
	filter.descending = *list->table.sort == '-';
	filter.limit = list->table.size;
	filter.offset = (int64_t)(list->table.page - 1) * list->table.size;
	r = roster_list(call->web->app, &caller, list->node, &filter, call->arena, &list->page,
		      &call->info);
	call->model = list;
	return r ? r : fill_table(call, list);
}

/* ---- the page ---- */

static void write_leaf(struct html *h, const struct org *org, int64_t below, bool selected)
{
	html(h, "<li><div class='leaf");
	if (selected)
		html(h, " sel");
	html(h, "'><a href='/orgs?node={}'", org->id);
	if (selected)
		html(h, " aria-current='true'");
	html(h, ">{}</a>", *org->short_name ? org->short_name : org->name);
	if (below >= 0)
		html(h, "<i>{}</i>", below);
	html(h, "</div>");
}

static void write_children(struct html *h, const struct org_child *children, int n,
			   int64_t selected)
{
	int shown = 0;

	html(h, "<ul>");
	for (int i = 0; i < n; i++) {
		if (children[i].org.level == LEVEL_UNIT)
			continue;
		if (++shown > TREE_SHOWN)
			break;
		write_leaf(h, &children[i].org, children[i].below, children[i].org.id == selected);
		html(h, "</li>");
	}
	if (shown > TREE_SHOWN)
		html(h, "<li><div class='leaf mut'>只列出前 {} 个，其余请搜索</div></li>", (int)TREE_SHOWN);
	html(h, "</ul>");
}

/* The way down to the node, and what lies below it (or beside it). */
static void write_tree(struct html *h, const struct org_list *list)
{
	const struct org_detail *at = &list->at;
	int chain = at->n_crumbs - list->siblings;

	html(h, "<aside class='hide' id='tree' aria-label='组织树'><div class='sec'><h2>组织树</h2></div>"
		"<nav class='tree'><ul>");
	for (int i = 0; i < chain; i++) {
		write_leaf(h, &at->crumbs[i], -1, at->crumbs[i].id == list->node);
		if (i + 1 < chain)
			html(h, "<ul>");
	}
	if (list->siblings)
		write_children(h, list->above.children, list->above.n_children, list->node);
	else
		write_children(h, at->children, at->n_children, list->node);
	for (int i = 0; i < chain; i++) {
		html(h, "</li>");
		if (i + 1 < chain)
			html(h, "</ul>");
	}
	html(h, "</ul></nav></aside>\n");
}

static void write_select(struct web_call *call, struct html *h, const char *name, const char *all)
{
	int field = web_field_find(org_list_fields, str_from(name));
	const struct web_value *value = web_value(call, name);
	struct web_choice choice;

	html(h, "<label>{} <select name='{}'><option value=''>{}</option>",
	     org_list_fields[field].label, name, all);
	for (int i = 0; web_choice_at(&org_list_fields[field], i, &choice); i++) {
		html(h, "<option value='{}'", choice.id);
		if (value->given && value->number == i)
			html(h, " selected");
		html(h, ">{}</option>", choice.label);
	}
	html(h, "</select></label>");
}

static void write_search(struct web_call *call, struct html *h, const struct org_list *list)
{
	html(h, "<form class='bar' role='search' action='/orgs' hx-get='/orgs' hx-target='#found' "
		"hx-select='#found' hx-swap='outerHTML' hx-push-url='true' "
		"hx-trigger='submit, change, input changed delay:300ms from:#q'>"
		"<input type='hidden' name='node' value='{}'>"
		"<label class='vh' for='q'>查找组织</label>"
		"<input class='grow' id='q' name='q' type='search' value='{}' autocomplete='off' "
		"placeholder='名称、代码或拼音首字母'>", list->node, web_text(call, "q"));
	write_select(call, h, "level", "全部");
	write_select(call, h, "field", "全部");
	write_select(call, h, "state", "全部");
	html(h, "<button class='btn'>查找</button></form>\n");
}

/* What the list is narrowed by; each can be taken away. */
static void write_chips(struct web_call *call, struct html *h, const struct org_list *list)
{
	bool any = false;

	for (int i = 0; org_list_fields[i].name; i++) {
		const char *name = org_list_fields[i].name;
		const struct web_value *value = &call->values[i];
		struct web_choice choice;
		bool text = strcmp(name, "q") == 0;
		if (!value->given || (!text && org_list_fields[i].type != WEB_CHOICE))
			continue;
		if (!any)
			html(h, "<p class='chips'>找到 <b>{}</b> 个 ", list->page.sum.n);
		any = true;
		html(h, "<a class='chip' href='{}'>{}：{} ✕</a> ", page_query_with(call, name, NULL),
		     org_list_fields[i].label,
		     !text && web_choice_at(&org_list_fields[i], (int)value->number, &choice)
			     ? choice.label : web_text(call, name));
	}
	if (any) {
		html(h, "<a href='/orgs?node={}'>清除条件</a></p>\n", list->node);
		return;
	}
	html(h, "<p class='chips'>");
	for (int f = 0; f < FIELD_COUNT; f++) {
		int64_t n = 0;
		for (int i = 0; i < list->at.n_counts; i++)
			if (list->at.counts[i].field == f && list->at.counts[i].state == ORG_ACTIVE &&
			    list->at.counts[i].level == LEVEL_UNIT)
				n += list->at.counts[i].n;
		if (n)
			html(h, "<a href='/orgs?node={}&amp;field={}'>{} {}</a> ", list->node,
			     field_id((enum field)f), field_label((enum field)f), n);
	}
	html(h, "</p>\n");
}

static void write_buttons(struct web_call *call, struct html *h, const struct org_list *list)
{
	uint64_t may = list->at.may;

	html(h, "<div class='acts'>");
	html(h, "<a class='btn' href='/orgs/{}'>本级情况</a>", list->node);
	if (may >> ACTION_ORG_EXPORT & 1)
		table_export_links(call, h, "/orgs/export");
	if (may >> ACTION_ORG_STRUCTURE & 1) {
		html(h, "<a class='btn hide' href='/orgs/import?node={}'>从表格导入</a>", list->node);
		html(h, "<a class='btn main' href='/orgs/new?parent={}'>登记新组织</a>", list->node);
	}
	html(h, "</div>");
}

void page_org_list(struct web_call *call, struct html *h)
{
	const struct org_list *list = call->model;
	struct page page = {.title = list->at.org.name, .menu = "/orgs"};

	page_org_crumbs(call, list->at.crumbs, list->at.n_crumbs, NULL, &page);
	page_begin(call, h, &page);
	html(h, "<div class='cols left'>\n");
	write_tree(h, list);
	html(h, "<section aria-labelledby='h-l'><div class='head'><div><h1 id='h-l'>{}</h1>"
		"<p class='note'>本级和下级党组织</p></div>", list->at.org.name);
	write_buttons(call, h, list);
	html(h, "</div>\n");
	write_search(call, h, list);
	html(h, "<div id='found'>");
	write_chips(call, h, list);
	table_write(call, h, &list->table);
	html(h, "</div></section></div>\n");
	page_end(call, h);
}

json_t *json_org_list(struct web_call *call)
{
	const struct org_list *list = call->model;
	json_t *json = table_json(&list->table), *rows = json_object_get(json, "rows");

	for (int i = 0; i < list->page.n; i++)
		json_object_set_new(json_array_get(rows, (size_t)i), "id",
				    json_integer(list->page.orgs[i].id));
	json_object_set_new(json, "node", json_integer(list->node));
	return json;
}
