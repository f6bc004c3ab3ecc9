/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "domain/exact.h"
#include "web/form.h"
#include "web/held.h"
#include "web/pages/pages.h"
#include "web/pages/pages_count.h"
#include "web/pages/pages_files.h"
#include "web/pages/pages_listed.h"
#include "web/pages/pages_score.h"
#include "web/table.h"

#define CAMPAIGN \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define NODE \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define ORG \
	{.name = "org", .label = "党组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

const struct web_field count_list_fields[] = {CAMPAIGN, NODE, TABLE_FIELDS, {0}};
static const struct web_choice slots[] = {{"1", "第一遍"}, {"2", "第二遍"}, {0}};
#define SLOT {.name = "slot", .label = "第几遍", .type = WEB_CHOICE, .choices = slots}
const struct web_field count_fields[] = {CAMPAIGN, ORG, SLOT, {0}};
const struct web_field count_key_fields[] = {
	CAMPAIGN, ORG, SLOT,
	{.name = "counters", .label = "清点人", .type = WEB_TEXT, .max = 100,
	 .hint = "清点并签字的人，几个人用顿号隔开"},
	{.name = "n", .label = "票数", .type = WEB_TEXT, .many = true, .blanks = true, .max = 12,
	 .pattern = "0-9"},
	{0},
};
const struct web_field count_present_fields[] = {
	CAMPAIGN, ORG,
	{.name = "present_members", .label = "在村、在岗党员", .type = WEB_INT, .min = 0, .max = 1000000000,
	 .hint = "人；不填就按党员总数算"},
	{.name = "present_residents", .label = "在村、在岗群众", .type = WEB_INT, .min = 0,
	 .max = 1000000000, .hint = "人；不填就按群众总数算"},
	{.name = "issued_members", .label = "发给党员的票", .type = WEB_INT, .min = 0, .max = 1000000000,
	 .hint = "张；印在测评汇总表上，不知道可以不填"},
	{.name = "issued_residents", .label = "发给群众的票", .type = WEB_INT, .min = 0, .max = 1000000000,
	 .hint = "张"},
	{0},
};
const struct web_field count_waive_fields[] = {
	CAMPAIGN, ORG,
	{.name = "reason", .label = "理由", .type = WEB_AREA, .max = 500,
	 .hint = "参评人数不够也照常定级，要写明理由；清空就是取消"},
	{0},
};
const struct web_field count_import_page_fields[] = {CAMPAIGN, NODE, {0}};
const struct web_field count_import_fields[] = {
	CAMPAIGN, NODE,
	{.name = "file", .label = "测评票表", .type = WEB_FILE, .required = true,
	 .max = WEB_UPLOAD_MAX - WEB_BODY_MAX, .hint = ".xlsx、.xls 或 .csv，最多 31 MB"},
	{0},
};
const struct web_field count_import_run_fields[] = {
	CAMPAIGN, NODE,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

/* ---- one organisation ---- */

static const char *count_address(struct web_call *call)
{
	return page_text(call, "/campaigns/%lld/orgs/%lld/count",
			 (long long)web_number(call, "campaign", 0), (long long)web_number(call, "org", 0));
}

int act_count(struct web_call *call)
{
	struct count_view *view = arena_zalloc(call->arena, 1, sizeof(*view));
	struct caller caller = page_caller(call);
	if (!view)
		return err_nomem(&call->info);
	call->model = view;
	return counts_get(call->web->app, &caller, web_number(call, "campaign", 0),
			  web_number(call, "org", 0), call->arena, view, &call->info);
}

int act_count_key(struct web_call *call)
{
	const struct web_value *values = web_value(call, "n");
	struct caller caller = page_caller(call);
	int64_t counts[COUNT_CELLS_MAX];
	int n = values->n < COUNT_CELLS_MAX ? values->n : COUNT_CELLS_MAX;
	bool agree = false;

	for (int i = 0; i < n; i++) {
		uint64_t value;
		if (!values->texts[i].len || !digits_parse(values->texts[i], COUNTS_FIGURE_MAX, &value))
			return web_wrong(call, "n", "每一格都要填整数，没有票的填 0");
		counts[i] = (int64_t)value;
	}
	int slot = (int)web_number(call, "slot", 0);
	int r = counts_key(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "org", 0), slot, web_text(call, "counters"), counts, n, &agree,
			   &call->info);
	call->location = count_address(call);
	call->note = agree ? "两遍一致，已计票" : page_text(call, "第 %d 遍已录入", slot + 1);
	return r;
}

int act_count_present(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct count_heads heads = {
		{web_number(call, "present_members", -1), web_number(call, "present_residents", -1)},
		{web_number(call, "issued_members", -1), web_number(call, "issued_residents", -1)}};
	call->location = count_address(call);
	call->note = "已保存应到人数和发出的票数";
	return counts_present(call->web->app, &caller, web_number(call, "campaign", 0),
			      web_number(call, "org", 0), &heads, &call->info);
}

int act_count_waive(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const char *reason = web_text(call, "reason");
	call->location = count_address(call);
	call->note = *reason ? "已记下免除的理由" : "已取消免除";
	return counts_waive(call->web->app, &caller, web_number(call, "campaign", 0),
			    web_number(call, "org", 0), reason, &call->info);
}

static const char *rule_voters(struct web_call *call, uint32_t voters)
{
	const char *text = "";
	for (int v = 0; v < VOTERS_COUNT; v++)
		if (voters >> v & 1)
			text = page_text(call, "%s%s%s", text, *text ? "和" : "",
					 voters_label((enum voters)v));
	return text;
}

static void write_turnout(struct web_call *call, struct html *h, const struct count_view *v)
{
	html(h, "<ul class='gate'>");
	for (int i = 0; i < v->n_rules; i++) {
		const struct turnout_now *t = &v->turnout[i];
		const char *who = rule_voters(call, v->scheme->turnout[i].voters);
		if (t->eligible < 0)
			html(h, "<li>{}：还没有应到人数，请先填写</li>", who);
		else if (t->met)
			html(h, "<li class='y'>{}：应到 {} 人，要 {} 人，已收回 {} 张，够了</li>", who, t->eligible,
			     t->need, t->cast);
		else
			html(h, "<li>{}：应到 {} 人，{}要 {} 人，已收回 {} 张，还差 {} 张</li>", who, t->eligible,
			     t->everyone ? "人少要全到，" : "", t->need, t->cast, t->need - t->cast);
	}
	html(h, "</ul>\n");
	if (v->waived)
		html(h, "<p class='box warn'>参评人数已免除要求：{}</p>\n", v->waived_why);
}

static void write_figures_head(struct html *h, const struct count_view *v)
{
	html(h, "<thead><tr><th scope='col'>票</th>");
	for (int o = 0; o < v->scheme->n_options; o++)
		html(h, "<th scope='col' class='n'>{}</th>", v->scheme->options[o].label);
	html(h, "<th scope='col' class='n'>废票</th></tr></thead><tbody>\n");
}

static const char *row_label(struct web_call *call, const struct count_view *v, int voters, int q)
{
	if (v->n_questions == 1)
		return voters_label((enum voters)voters);
	return page_text(call, "%s · %s", voters_label((enum voters)voters), v->scheme->questions[q].label);
}

static const char *option_label(const struct count_view *v, int o)
{
	return o < v->scheme->n_options ? v->scheme->options[o].label : "废票";
}

static void write_key_form(struct web_call *call, struct html *h, const struct count_view *v, int slot)
{
	const struct web_field *fields = count_key_fields;

	html(h, "<form method='post' action='{}'><input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='slot' value='{}'>\n", count_address(call), call->csrf, slot + 1);
	form_problem(call, h, fields);
	html(h, "<div class='scroll'><table class='data grid'><caption class='vh'>录入票数</caption>");
	write_figures_head(h, v);
	int at = 0;
	for (int voters = 0; voters < VOTERS_COUNT; voters++)
		for (int q = 0; v->voters >> voters & 1 && q < v->n_questions; q++) {
			html(h, "<tr><th scope='row'>{}</th>", row_label(call, v, voters, q));
			for (int o = 0; o <= v->scheme->n_options; o++, at++) {
				html(h, "<td class='i'><input name='n' inputmode='numeric' autocomplete='off' "
					"maxlength='9' value='{}' aria-label='{}，{}' required></td>", form_typed(call, fields, "n", at, ""),
				     row_label(call, v, voters, q), option_label(v, o));
			}
			html(h, "</tr>\n");
		}
	html(h, "</tbody></table></div>\n<div class='form-rows gap-s'><div class='row'><label class='req' for='f-counters'>清点人</label>"
		"<input id='f-counters' name='counters' maxlength='100' required value='{}'>"
		"<p class='hint'>清点并签字的人，几个人用顿号隔开</p></div></div>"
		"<div class='acts'><button class='btn main'>录入第 {} 遍</button></div></form>\n",
	     form_typed(call, fields, "counters", 0, ""), slot + 1);
}

static void write_compare(struct web_call *call, struct html *h, const struct count_view *v)
{
	html(h, "<div class='scroll'><table class='data'><caption class='vh'>两遍对照</caption>");
	write_figures_head(h, v);
	for (int voters = 0; voters < VOTERS_COUNT; voters++)
		for (int q = 0; v->voters >> voters & 1 && q < v->n_questions; q++) {
			html(h, "<tr><th scope='row'>{}</th>", row_label(call, v, voters, q));
			for (int o = 0; o <= v->scheme->n_options; o++) {
				int at = count_cell(v, voters, q, o);
				int64_t a = v->entry[0].counts[at], b = v->entry[1].counts[at];
				if (a == b)
					html(h, "<td class='n'>{}</td>", a);
				else
					html(h, "<td class='n'><b class='down'>{} ≠ {}</b></td>", a, b);
			}
			html(h, "</tr>\n");
		}
	html(h, "</tbody></table></div>\n");
}

static void write_slots(struct web_call *call, struct html *h, const struct count_view *v)
{
	html(h, "<ul class='list'>");
	for (int s = 0; s < COUNT_SLOTS; s++) {
		const struct count_entry *e = &v->entry[s];
		html(h, "<li><b>第 {} 遍</b>　", s + 1);
		if (e->n)
			html(h, "{} 清点，{} {} 录入", e->counters, page_time(call, e->at_ms), e->account_label);
		else
			html(h, "还没有录入");
		if (v->may_write)
			html(h, "　<a href='{}?slot={}'>{}</a>", count_address(call), s + 1,
			     e->n ? "重新录入" : "录入");
		html(h, "</li>");
	}
	html(h, "</ul>\n");
}

static int slot_to_key(struct web_call *call, const struct count_view *v)
{
	if (web_value(call, "slot")->given)
		return (int)web_number(call, "slot", 0);
	return !v->entry[0].n ? 0 : !v->entry[1].n ? 1 : -1;
}

static void write_present(struct web_call *call, struct html *h, const struct count_view *v)
{
	struct form form = form_begin(call, h, page_text(call, "%s/present", count_address(call)),
				      count_present_fields);
	static const char *const names[] = {"present_members", "present_residents", "issued_members",
					    "issued_residents"};
	const int64_t numbers[] = {v->org.present[0], v->org.present[1], v->issued[0], v->issued[1]};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		form_row(&form, names[i], numbers[i] < 0 ? "" : page_text(call, "%lld", (long long)numbers[i]));
	form_end(&form, "保存应到人数和票数", "", NULL);
}

static void write_waive(struct web_call *call, struct html *h, const struct count_view *v)
{
	struct form form = form_begin(call, h, page_text(call, "%s/waive", count_address(call)),
				      count_waive_fields);
	form_row(&form, "reason", v->waived_why);
	form_end(&form, v->waived ? "改理由或取消" : "免除参评人数要求", "", NULL);
}

static void write_work(struct web_call *call, struct html *h, const struct count_view *v)
{
	int slot = slot_to_key(call, v);

	html(h, "<div class='sec'><h2>清点</h2><span class='note'>两个人分别清点、分别录入，录入时看不到另一遍；一致才计票</span></div>\n");
	if (v->n_tallies && !v->entry[0].n && !v->entry[1].n)
		html(h, "<p class='note'>票数是从表里导入的，已经计票；在这里重新录两遍，就用录入的代替。</p>\n");
	write_slots(call, h, v);
	/* Whoever keys does not see what the other has keyed. */
	if (v->may_write && slot >= 0) {
		html(h, "<div class='sec gap-t'><h2>录入第 {} 遍</h2></div>\n", slot + 1);
		write_key_form(call, h, v, slot);
	} else if (v->entry[0].n && v->entry[1].n) {
		html(h, "<div class='sec gap-t'><h2>{}</h2></div>\n",
		     v->n_wrong ? "两遍不一致，请找票核对后重新录入" : "两遍一致，已计票");
		/* Once they agree, few ballots are nobody's to look at. */
		if (v->n_wrong || v->floor & FLOOR_BY_CLASS)
			write_compare(call, h, v);
		else
			html(h, "<p class='box'>有一类人收回的票不到 5 张，为了保密不再显示票数；要核对请看签字的计票单。</p>\n");
	}
}

/* The other way to count. */
static void write_boxes(struct web_call *call, struct html *h, const struct count_view *v)
{
	if (v->box)
		html(h, "<div class='sec'><h2>不记名票箱</h2></div><p>票数已由票箱计入。<a href='/ballots?node={}&amp;campaign={}'>看票箱</a></p>\n",
		     v->org.id, v->campaign.id);
	if (v->n_waiting)
		html(h, "<p class='box warn'>还有 {} 个票箱没有计票，计完测评才算完成。<a href='/ballots?node={}&amp;campaign={}'>去票箱</a></p>\n",
		     v->n_waiting, v->org.id, v->campaign.id);
	else if (!v->box && v->may_write && page_may_open(call, "/ballots/new"))
		html(h, "<p class='note'>用手机不记名投票的，<a href='/ballots/new?node={}&amp;campaign={}'>设一个票箱</a>；用纸的，在下面录入。</p>\n",
		     v->org.id, v->campaign.id);
}

void page_count(struct web_call *call, struct html *h)
{
	const struct count_view *v = call->model;
	struct page page = {.title = page_text(call, "%s计票", v->org.name)};

	score_crumbs(call, &v->campaign, &v->org, "测评计票", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度测评计票</h1><p class='note'>党员 {}，群众 {}</p></div>"
		"<div class='acts'><a class='btn' href='{}'>签字的计票单（附件）</a></div></div>\n", v->org.name,
	     v->campaign.year,
	     v->org.members < 0 ? "未登记" : page_text(call, "%lld 人", (long long)v->org.members),
	     v->org.residents < 0 ? "未登记" : page_text(call, "%lld 人", (long long)v->org.residents),
	     files_address(call, v->org.id, ATTACHED_COUNT, v->campaign.id));
	page_not_yet(h, v->why_not);
	if (!v->voters) {
		page_end(call, h);
		return;
	}
	html(h, "<div class='cols'><section>\n");
	write_boxes(call, h, v);
	if (!v->box)
		write_work(call, h, v);
	html(h, "</section><section><div class='sec'><h2>参评人数</h2></div>\n");
	write_turnout(call, h, v);
	if (v->may_count_people) {
		write_present(call, h, v);
		if (!v->met || v->waived)
			write_waive(call, h, v);
	}
	html(h, "</section></div>\n");
	page_end(call, h);
}

json_t *json_count(struct web_call *call)
{
	const struct count_view *v = call->model;
	json_t *rules = json_array();

	for (int i = 0; i < v->n_rules; i++)
		json_array_append_new(rules, json_pack("{s:I, s:I, s:I, s:b}", "eligible",
						       (json_int_t)v->turnout[i].eligible, "cast",
						       (json_int_t)v->turnout[i].cast, "need",
						       (json_int_t)v->turnout[i].need, "met",
						       v->turnout[i].met));
	return json_pack("{s:b, s:b, s:i, s:b, s:b, s:s, s:o, s:i, s:b}", "first", v->entry[0].n > 0,
			 "second", v->entry[1].n > 0, "differ", v->n_wrong, "counted", v->n_tallies > 0, "waived",
			 v->waived, "waived_why", v->waived_why, "turnout", rules, "figures",
			 count_n_cells(v), "may_write", v->may_write);
}

/* ---- the list ---- */

static const struct table_column columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE, false},
	{"name", "党组织", COLUMN_NAME, ROOM_ALWAYS, false},
	{"state", "测评", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{"cast", "收回（张）", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"need", "要（人）", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"note", "说明", COLUMN_TEXT, ROOM_OFFICE, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct list_page {
	struct count_list list;
	struct web_table table;
};

static struct table_cell state_cell(const struct count_row *r)
{
	if (r->differ)
		return (struct table_cell){.text = "两遍不一致", .tone = TONE_BAD};
	if (r->state == STEP_WAIVED)
		return (struct table_cell){.text = "已免除人数要求", .tone = TONE_WARN};
	if (!r->counted)
		return (struct table_cell){.text = r->keyed ? "录了一遍" : "没有录入",
					   .tone = r->keyed ? TONE_WARN : TONE_OFF};
	if (!r->met)
		return (struct table_cell){.text = "参评人数不够", .tone = TONE_BAD};
	return (struct table_cell){.text = r->box ? "测评箱已计票" : "已计票", .tone = TONE_OK};
}

static void fill_row(struct web_call *call, const struct count_list *list, const struct count_row *r,
		     struct table_cell *cell)
{
	cell[0].text = r->org.code;
	cell[1].text = r->org.name;
	if (list->may_write)
		cell[1].href = page_text(call, "/campaigns/%lld/orgs/%lld/count",
					 (long long)list->campaign.id, (long long)r->org.id);
	cell[2] = state_cell(r);
	cell[3].number = r->cast;
	cell[3].none = r->cast < 0;
	cell[4].number = r->need;
	cell[4].none = r->need < 0;
	cell[5].text = r->note;
}

int act_count_list(struct web_call *call)
{
	struct list_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	int r = counts_list(call->web->app, &caller, web_number(call, "campaign", 0),
			    web_number(call, "node", 0), call->arena, &p->list, &call->info);
	if (r < 0)
		return r;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)(p->list.listed.n + 1) * N_COLUMNS,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < p->list.listed.n; i++)
		fill_row(call, &p->list, &p->list.rows[i], &cells[(size_t)i * N_COLUMNS]);
	r = listed_table(call, &p->list.listed, p->list.scheme, STEP_BALLOT, "counts", "count", columns, cells,
			 &p->table);
	p->table.id = "counts";
	p->table.caption = "各党组织的测评计票";
	return r;
}

void page_count_list(struct web_call *call, struct html *h)
{
	const struct list_page *p = call->model;
	struct page page = {.title = page_text(call, "%s测评计票", p->list.node.name)};

	score_crumbs(call, &p->list.campaign, &p->list.node, "测评计票", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度测评计票</h1><p class='note'>", p->list.node.name,
	     p->list.campaign.year);
	listed_note(h, &p->list.listed, "这里只有人数，没有每个选项的票数");
	html(h, "</p></div><div class='acts'>");
	if (p->list.may_write)
		html(h, "<a class='btn' href='/campaigns/{}/counts/import?node={}'>导入测评票</a>",
		     p->list.campaign.id, p->list.node.id);
	html(h, "</div></div>\n");
	table_write(call, h, &p->table);
	page_end(call, h);
}

json_t *json_count_list(struct web_call *call)
{
	const struct list_page *p = call->model;
	return table_json(&p->table);
}
