/* SPDX-License-Identifier: Apache-2.0 */
/* The organisations behind a figure of a dashboard, and the same as a file. */
#include "domain/exact.h"
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"
#include "web/table.h"

/* Places in the scheme count from 1 in addresses; 0 is "none". */
static const struct web_choice states[] = {
	{"open", "没办完"}, {"new", "未开始"}, {"begun", "进行中"}, {"done", "完成"},
	{"waived", "免予办理"}, {"returned", "退回"}, {0},
};
static const int state_values[] = {BOARD_STATE_OPEN, STEP_NOT_BEGUN, STEP_BEGUN, STEP_DONE, STEP_WAIVED,
				   STEP_RETURNED};

#define LIST_FIELDS \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}, \
	{.name = "q", .label = "查找", .type = WEB_TEXT, .max = 60}, \
	{.name = "category", .label = "类别", .type = WEB_INT, .min = 1, .max = SCHEME_CATEGORIES_MAX}, \
	{.name = "grade", .label = "等次", .type = WEB_INT, .min = 0, .max = SCHEME_GRADES_MAX}, \
	{.name = "stars", .label = "星级", .type = WEB_INT, .min = 0, .max = SCHEME_STARS_MAX}, \
	{.name = "before", .label = "上年等次", .type = WEB_INT, .min = 1, .max = SCHEME_GRADES_MAX}, \
	{.name = "step", .label = "步骤", .type = WEB_INT, .min = 1, .max = SCHEME_LIST_MAX}, \
	{.name = "state", .label = "办到哪", .type = WEB_CHOICE, .choices = states}, \
	TABLE_FIELDS

const struct web_field campaign_orgs_fields[] = {LIST_FIELDS, {0}};
const struct web_field campaign_orgs_export_fields[] = {LIST_FIELDS, TABLE_FORMAT, {0}};

static const struct table_column columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE, true},
	{"name", "党组织", COLUMN_NAME, ROOM_ALWAYS, true},
	{"parent", "上级", COLUMN_TEXT, ROOM_WIDE, false},
	{"category", "类别", COLUMN_TEXT, ROOM_OFFICE, false},
	{"score", "综合得分", COLUMN_NUMBER, ROOM_ALWAYS, true},
	{"grade", "等次", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"stars", "星级", COLUMN_SHORT, ROOM_OFFICE, false},
	{"rank", "名次", COLUMN_NUMBER, ROOM_OFFICE, true},
	{"past", "上年", COLUMN_SHORT, ROOM_MIDDLE, false},
	{"state", "办到哪", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct list {
	struct campaign_board_page page;
	struct board_filter filter;
	bool figures;			/* the caller may see scores and grades */
	struct web_table table;
};

static enum board_order order_of(const char *sort)
{
	sort += *sort == '-';
	return strcmp(sort, "code") == 0 ? BOARD_BY_CODE
	       : strcmp(sort, "name") == 0 ? BOARD_BY_NAME
	       : strcmp(sort, "score") == 0 ? BOARD_BY_SCORE
	       : strcmp(sort, "rank") == 0 ? BOARD_BY_RANK : BOARD_BY_PATH;
}

static struct board_filter filter_of(struct web_call *call, const struct web_table *table)
{
	struct board_filter f = {
		.category = (int)web_number(call, "category", 0) - 1,
		.grade = (int)web_number(call, "grade", BOARD_ANY),
		.stars = (int)web_number(call, "stars", BOARD_ANY),
		.before = (int)web_number(call, "before", 0) - 1,
		.step = (int)web_number(call, "step", 0) - 1,
		.state = BOARD_ANY, .text = web_text(call, "q"), .order = order_of(table->sort),
		.descending = *table->sort == '-', .limit = table->size,
		.offset = (int64_t)(table->page - 1) * table->size,
	};
	if (f.grade >= 0)
		f.grade = f.grade ? f.grade - 1 : BOARD_NONE;
	if (web_value(call, "state")->given && f.step >= 0)
		f.state = state_values[web_value(call, "state")->number];
	return f;
}

static const char *points(struct web_call *call, int64_t value, int places)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_places(&text, (uint64_t)value, places);
	return page_text(call, "%s", buf_str(&text));
}

/* Why there is no grade, in words. */
static const char *why_not(struct web_call *call, const struct scheme *s, const char *status)
{
	AUTO(buf) struct buf text = {0};
	if (!*status)
		return "还没算";
	if (strncmp(status, "turnout", 7) == 0)
		return "投票人数不够";
	if (strncmp(status, "missing:", 8) != 0)
		return "";
	for (const char *p = status + 8; *p;) {
		size_t len = strcspn(p, "+");
		int source = scheme_find_source(s, (struct str){p, len});
		buf_adds(&text, text.len ? "、" : "缺");
		buf_adds(&text, source >= 0 ? s->sources[source].label : "");
		p += len + (p[len] == '+');
	}
	return page_text(call, "%s", buf_str(&text));
}

static struct table_cell state_cell(struct web_call *call, const struct list *list,
				    const struct board_row *row)
{
	static const enum tone tones[] = {TONE_OFF, TONE_WARN, TONE_OK, TONE_OK, TONE_BAD};
	const struct campaign_detail *d = &list->page.detail;
	if (list->filter.step >= 0)
		return (struct table_cell){.text = campaign_state_label(row->state),
					   .tone = tones[row->state]};
	if (d->scheme->kind != SCHEME_GRADING || !list->figures)
		return (struct table_cell){.text = "", .tone = TONE_OFF};
	bool waits = list->page.handed_in && row->hold != HOLD_SUBMITTED && row->hold != HOLD_ACCEPTED;
	if (row->grade < 0 && waits)
		return (struct table_cell){.text = "未报送", .tone = TONE_OFF};
	if (row->grade < 0)
		return (struct table_cell){.text = why_not(call, d->scheme, row->status), .tone = TONE_WARN};
	return (struct table_cell){.text = row->meeting ? "会议调整" : row->quota >= 0 ? "按比例划入" : "按得分",
				   .tone = TONE_OK};
}

static void fill_row(struct web_call *call, const struct list *list, const struct board_row *row,
		     struct table_cell *cell)
{
	const struct scheme *s = list->page.detail.scheme;
	bool graded = row->grade >= 0 && row->grade < s->n_grades && list->figures;

	cell[0].text = row->code;
	cell[1].text = row->name;
	cell[1].href = page_text(call, "/campaigns/%lld?node=%lld",
				 (long long)list->page.detail.campaign.id, (long long)row->org);
	cell[2].text = row->parent_name;
	cell[3].text = row->category < s->n_categories ? s->categories[row->category].label : "";
	cell[4].text = !graded ? "" : row->score < 0 ? "不公布" : points(call, row->score, row->places);
	cell[5].text = graded ? s->grades[row->grade].label : "";
	cell[6].text = graded ? campaign_stars_label(row->stars) : "";
	cell[7].number = row->rank;
	cell[7].none = !graded || !row->rank;
	cell[8].text = row->past_grade;
	cell[9] = state_cell(call, list, row);
}

static int load(struct web_call *call, bool export, struct list *list)
{
	struct caller caller = page_caller(call);
	struct web_table *t = &list->table;

	table_from_call(call, columns, "", t);
	list->filter = filter_of(call, t);
	if (export) {
		list->filter.limit = TABLE_EXPORT_MAX;
		list->filter.offset = 0;
	}
	int r = campaign_board_list(call->web->app, &caller, web_number(call, "campaign", 0),
				    web_number(call, "node", 0), &list->filter, export, call->arena,
				    &list->page, &call->info);
	if (r)
		return r;
	list->figures = list->page.detail.may >> ACTION_REPORT_READ & 1;
	struct table_cell *cells = arena_zalloc(call->arena, ((size_t)list->page.n + 1) * N_COLUMNS,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < list->page.n; i++)
		fill_row(call, list, &list->page.rows[i], &cells[(size_t)i * N_COLUMNS]);
	t->id = "list";
	t->caption = page_text(call, "%s的党组织", list->page.detail.org.name);
	t->cells = cells;
	t->n_rows = list->page.n;
	t->n_all = list->page.total;
	return 0;
}

int act_campaign_orgs(struct web_call *call)
{
	struct list *list = arena_zalloc(call->arena, 1, sizeof(*list));

	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	int r = load(call, false, list);
	if (r)
		return r;

	list->table.empty = "没有符合条件的党组织";
	list->table.empty_hint = "可以去掉条件再查。";
	list->table.empty_href = page_text(call, "/campaigns/%lld/orgs?node=%lld",
					   (long long)list->page.detail.campaign.id,
					   (long long)list->page.detail.org.id);
	list->table.empty_action = "去掉全部条件";
	return 0;
}

int act_campaign_orgs_export(struct web_call *call)
{
	struct list *list = arena_zalloc(call->arena, 1, sizeof(*list));

	if (!list)
		return err_nomem(&call->info);
	int r = load(call, true, list);

	return r ? r : table_export(call, &list->table,
				    page_text(call, "%s%d年度名单", list->page.detail.org.name,
					      list->page.detail.campaign.year));
}

/* ---- the page ---- */

static void write_option(struct html *h, int64_t value, bool chosen, const char *label)
{
	html(h, "<option value='{}'", value);
	if (chosen)
		html(h, " selected");
	html(h, ">{}</option>", label);
}

static void write_search(struct web_call *call, struct html *h, const struct list *list)
{
	const struct campaign_detail *d = &list->page.detail;
	const struct scheme *s = d->scheme;
	const struct board_filter *f = &list->filter;

	html(h, "<form class='bar' role='search' action='/campaigns/{}/orgs'><input type='hidden' name='node' "
		"value='{}'><label class='vh' for='q'>查找</label><input class='grow' id='q' name='q' "
		"type='search' value='{}' placeholder='名称或代码'>", d->campaign.id, d->org.id,
	     web_text(call, "q"));
	html(h, "<label>类别 <select name='category'><option value=''>全部</option>");
	for (int i = 0; i < s->n_categories; i++)
		write_option(h, i + 1, f->category == i, s->categories[i].label);
	html(h, "</select></label>");
	if (s->kind == SCHEME_GRADING && list->figures) {
		html(h, "<label>等次 <select name='grade'><option value=''>全部</option>");
		for (int i = 0; i < s->n_grades; i++)
			write_option(h, i + 1, f->grade == i, s->grades[i].label);
		write_option(h, 0, f->grade == BOARD_NONE, "还没有");
		html(h, "</select></label>");
	}
	html(h, "<label>步骤 <select name='step'><option value=''>不限</option>");
	for (int i = 0; i < s->n_steps; i++)
		write_option(h, i + 1, f->step == i, s->steps[i].label);
	html(h, "</select></label><label>办到哪 <select name='state'><option value=''>全部</option>");
	for (int i = 0; states[i].id; i++) {
		html(h, "<option value='{}'", states[i].id);
		if (f->state != BOARD_ANY && f->state == state_values[i])
			html(h, " selected");
		html(h, ">{}</option>", states[i].label);
	}
	html(h, "</select></label><button class='btn'>查找</button></form>\n");
}

static void write_chips(struct web_call *call, struct html *h, const struct list *list)
{
	const struct scheme *s = list->page.detail.scheme;
	const struct board_filter *f = &list->filter;

	html(h, "<p class='chips'>找到 <b>{}</b> 个 ", list->page.total);
	if (f->stars >= 0)
		html(h, "<a class='chip' href='{}'>星级：{} ✕</a> ", page_query_with(call, "stars", NULL),
		     campaign_stars_label(f->stars));
	if (f->before >= 0 && f->before < s->n_grades)
		html(h, "<a class='chip' href='{}'>上年：{} ✕</a> ", page_query_with(call, "before", NULL),
		     s->grades[f->before].label);
	html(h, "</p>\n");
}

void page_campaign_orgs(struct web_call *call, struct html *h)
{
	const struct list *list = call->model;
	const struct campaign_detail *d = &list->page.detail;
	struct page page = {.title = "名单"};

	campaign_crumbs(call, &d->campaign, list->page.crumbs, list->page.n_crumbs, "名单", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} 名单</h1><p class='note'>{}，名册以工作开始时为准</p></div>"
		"<div class='acts'>", d->org.name, d->campaign.title);
	if (list->figures)
		table_export_links(call, h, page_text(call, "/campaigns/%lld/orgs/export",
						      (long long)d->campaign.id));
	html(h, "</div></div>\n");
	write_search(call, h, list);
	html(h, "<div id='found'>");
	write_chips(call, h, list);
	table_write(call, h, &list->table);
	html(h, "</div>\n");
	page_end(call, h);
}

json_t *json_campaign_orgs(struct web_call *call)
{
	const struct list *list = call->model;
	json_t *json = table_json(&list->table), *rows = json_object_get(json, "rows");

	for (int i = 0; i < list->page.n; i++)
		json_object_set_new(json_array_get(rows, (size_t)i), "id",
				    json_integer(list->page.rows[i].org));
	return json;
}
