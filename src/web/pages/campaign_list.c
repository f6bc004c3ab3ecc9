/* SPDX-License-Identifier: Apache-2.0 */
/* Campaigns of one's part of the tree. */
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"
#include "web/table.h"

const struct web_field campaign_list_fields[] = {
	{.name = "archived", .label = "含已归档", .type = WEB_FLAG},
	TABLE_FIELDS,
	{0},
};

static const struct table_column columns[] = {
	{"title", "年度工作", COLUMN_NAME, ROOM_ALWAYS, false},
	{"year", "年度", COLUMN_CODE, ROOM_ALWAYS, false},
	{"node", "范围", COLUMN_TEXT, ROOM_OFFICE, false},
	{"kind", "种类", COLUMN_SHORT, ROOM_MIDDLE, false},
	{"scheme", "方案", COLUMN_TEXT, ROOM_WIDE, false},
	{"opened", "开始", COLUMN_DATE, ROOM_MIDDLE, false},
	{"state", "状态", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct list {
	int64_t own;			/* where the caller is an officer; 0: nowhere */
	struct campaign *campaigns;
	int n;
	struct web_table table;
};

static struct table_cell state_cell(enum campaign_state state)
{
	static const struct table_cell cells[] = {
		[CAMPAIGN_OPEN] = {.text = "进行中", .tone = TONE_OK},
		[CAMPAIGN_CLOSED] = {.text = "已结束", .tone = TONE_OFF},
		[CAMPAIGN_ARCHIVED] = {.text = "已归档", .tone = TONE_OFF},
	};
	return cells[state];
}

const char *campaign_kind_label(enum campaign_kind kind)
{
	static const char *const labels[] = {"分类定级", "集中整顿", "述职评议"};
	return labels[kind];
}

int act_campaign_list(struct web_call *call)
{
	struct list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);

	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	int r = campaigns_list(call->web->app, &caller, web_number(call, "archived", 0) != 0, call->arena,
			       &list->campaigns, &list->n, &call->info);
	struct app_place *places;
	int n_places = 0;
	if (r == 0 && call->session.may >> ACTION_CAMPAIGN_WRITE & 1)
		r = app_places(call->web->app, &caller, call->arena, &places, &n_places, &call->info);
	for (int i = 0; r == 0 && i < n_places && !list->own; i++)
		if (places[i].role == ROLE_OFFICER)
			list->own = places[i].node;
	if (r)
		return r;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)list->n * N_COLUMNS + 1,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < list->n; i++) {
		const struct campaign *c = &list->campaigns[i];
		struct table_cell *cell = &cells[(size_t)i * N_COLUMNS];
		cell[0].text = c->title;
		cell[0].href = page_text(call, "/campaigns/%lld", (long long)c->id);
		cell[1].text = page_text(call, "%d", c->year);
		cell[2].text = c->node_name;
		cell[3].text = campaign_kind_label(c->kind);
		cell[4].text = c->scheme_title;
		cell[5].text = page_text(call, "%.10s", page_time(call, c->opened_ms));
		cell[6] = state_cell(c->state);
	}
	list->table = (struct web_table){
		.id = "list", .caption = "年度工作", .columns = columns, .cells = cells,
		.n_rows = list->n, .n_all = list->n, .page = 1, .size = list->n + 1, .whole = true, .sort = "",
		.empty = "还没有年度工作", .empty_hint = "选一个方案、一个年度就可以开始。",
	};
	if (call->session.may >> ACTION_CAMPAIGN_WRITE & 1) {
		list->table.empty_href = "/campaigns/new";
		list->table.empty_action = "开展年度工作";
	}
	return 0;
}

void page_campaign_list(struct web_call *call, struct html *h)
{
	const struct list *list = call->model;
	struct page page = {.title = "年度工作", .menu = "/campaigns"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>年度工作</h1><p class='note'>一项工作就是一个方案在一个年度、一个范围里做一遍。</p>"
		"</div><div class='acts'>");
	if (web_number(call, "archived", 0))
		html(h, "<a class='btn' href='/campaigns'>不看已归档的</a>");
	else
		html(h, "<a class='btn' href='/campaigns?archived=1'>含已归档的</a>");
	if (list->own)
		html(h, "<a class='btn' href='/campaigns/last-year?node={}'>导入往年结果</a>", list->own);
	if (call->session.may >> ACTION_CAMPAIGN_WRITE & 1)
		html(h, "<a class='btn main' href='/campaigns/new'>开展年度工作</a>");
	html(h, "</div></div>\n");
	table_write(call, h, &list->table);
	page_end(call, h);
}

json_t *json_campaign_list(struct web_call *call)
{
	const struct list *list = call->model;
	json_t *json = table_json(&list->table), *rows = json_object_get(json, "rows");

	for (int i = 0; i < list->n; i++)
		json_object_set_new(json_array_get(rows, (size_t)i), "id",
				    json_integer(list->campaigns[i].id));
	return json;
}
