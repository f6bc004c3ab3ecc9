/* SPDX-License-Identifier: Apache-2.0 */
/* Self-evaluation: one long form in large type, for an old PC or a phone. */
#include <string.h>

#include "base/buf.h"
#include "domain/exact.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_files.h"
#include "web/pages/pages_listed.h"
#include "web/pages/pages_score.h"
#include "web/pages/pages_self.h"
#include "web/table.h"

#define CAMPAIGN \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define ORG \
	{.name = "org", .label = "党组织", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field self_list_fields[] = {
	CAMPAIGN,
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	TABLE_FIELDS,
	{0},
};
const struct web_field self_fields[] = {
	CAMPAIGN, ORG, {.name = "enter", .label = "代录", .type = WEB_FLAG}, {0},
};
const struct web_field self_save_fields[] = {
	CAMPAIGN, ORG,
	{.name = "leaf", .label = "指标", .type = WEB_TEXT, .many = true, .max = 8, .pattern = "0-9"},
	{.name = "value", .label = "得分", .type = WEB_TEXT, .many = true, .blanks = true, .max = 40},
	{.name = "report", .label = "自评报告", .type = WEB_AREA, .max = 10000},
	{.name = "grade", .label = "建议等次", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"},
	{.name = "sealed", .label = "已加盖公章", .type = WEB_FLAG},
	{.name = "hand_in", .label = "上报", .type = WEB_FLAG},
	{0},
};
const struct web_field self_return_fields[] = {
	CAMPAIGN, ORG,
	{.name = "reason", .label = "退回理由", .type = WEB_AREA, .required = true, .max = 500},
	{0},
};

struct self_page {
	struct self_view view;
	const struct score_put *puts;	/* wrong ones are shown again */
	int n_puts;
	const char *missing;
	const char *address;
	bool entering;			/* for a branch that has begun itself: he asked for the form */
};

static int load(struct web_call *call, struct self_page **ret_page)
{
	struct self_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);
	int64_t campaign = web_number(call, "campaign", 0), org = web_number(call, "org", 0);

	if (!p)
		return err_nomem(&call->info);
	p->address = page_text(call, "/campaigns/%lld/orgs/%lld/self", (long long)campaign,
			       (long long)org);
	*ret_page = p;
	return selfs_get(call->web->app, &caller, campaign, org, call->arena, &p->view, &call->info);
}

int act_self(struct web_call *call)
{
	struct self_page *p = NULL;
	int r = load(call, &p);
	call->model = p;
	if (r == 0)
		p->entering = web_number(call, "enter", 0) || call->typed_fields == self_save_fields;
	return r;
}

static int grade_of(const struct scheme *scheme, const char *id)
{
	for (int i = 0; *id && i < scheme->n_grades; i++)
		if (strcmp(scheme->grades[i].id, id) == 0)
			return i;
	return -1;
}

static int read_cells(struct web_call *call, struct score_put **ret_puts, int *ret_n)
{
	const struct web_value *leaves = web_value(call, "leaf"), *values = web_value(call, "value");
	struct score_put *puts = arena_zalloc(call->arena, (size_t)leaves->n + 1, sizeof(*puts));

	if (!puts)
		return err_nomem(&call->info);
	if (leaves->n != values->n)
		return err_set(&call->info, ERR_INPUT, "指标和得分的个数不一样");
	for (int i = 0; i < leaves->n; i++) {
		uint64_t leaf;
		if (!digits_parse(leaves->texts[i], SHEET_CELLS_MAX - 1, &leaf))
			return err_set(&call->info, ERR_INPUT, "指标写法不对");
		puts[i] = (struct score_put){.org = web_number(call, "org", 0), .leaf = (int)leaf,
					     .value = arena_strndup(call->arena, values->texts[i].len
						? values->texts[i].data : "", values->texts[i].len)};
		if (!puts[i].value)
			return err_nomem(&call->info);
	}
	*ret_puts = puts;
	*ret_n = leaves->n;
	return 0;
}

int act_self_save(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct self_page *p = NULL;
	struct score_put *puts = NULL;
	const char *missing = NULL;
	int n = 0, wrong = 0, r = read_cells(call, &puts, &n);

	if (r == 0)
		r = load(call, &p);
	if (r)
		return r;
	call->model = p;
	const struct self_draft draft = {
		.report = web_text(call, "report"), .sealed = web_number(call, "sealed", 0) != 0,
		.grade = grade_of(p->view.grid.scheme, web_text(call, "grade")),
		.hand_in = web_number(call, "hand_in", 0) != 0};
	r = selfs_save(call->web->app, &caller, web_number(call, "campaign", 0),
		       web_number(call, "org", 0), puts, n, &draft, call->arena, &missing, &call->info);
	if (r)
		return r;
	for (int i = 0; i < n; i++)
		wrong += puts[i].wrong != NULL;
	if (!wrong && !missing) {
		call->location = p->address;
		call->note = draft.hand_in ? "已上报" : "已保存";
		return 0;
	}
	r = load(call, &p);
	if (r)
		return r;
	p->puts = puts;
	p->n_puts = n;
	p->missing = missing ? missing : page_text(call, "有 %d 格得分不对，没有保存", wrong);
	call->model = p;
	call->problem_status = 422;
	return 0;
}

int act_self_decide(struct web_call *call)
{
	struct caller caller = page_caller(call);
	bool confirm = strstr(call->route->path, "/confirm") != NULL;
	const char *reason = confirm ? NULL : web_text(call, "reason");

	call->location = page_text(call, "/campaigns/%lld/orgs/%lld/self",
				   (long long)web_number(call, "campaign", 0),
				   (long long)web_number(call, "org", 0));
	call->note = confirm ? "已确认" : "已退回";
	return selfs_decide(call->web->app, &caller, web_number(call, "campaign", 0),
			    web_number(call, "org", 0), confirm, reason, &call->info);
}

/* ---- the page ---- */

static const char *points(struct web_call *call, int64_t value_e4)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_e4(&text, value_e4);
	return page_text(call, "%s", buf_str(&text));
}

static const struct score_put *put_of(const struct self_page *p, int leaf)
{
	for (int i = 0; i < p->n_puts; i++)
		if (p->puts[i].leaf == leaf)
			return &p->puts[i];
	return NULL;
}

static void write_score(struct web_call *call, struct html *h, const struct self_page *p, int column,
			int *nth)
{
	const struct score_column *c = &p->view.grid.columns[column];
	const struct score_cell *cell = &p->view.grid.rows[0].cells[column];
	const struct score_put *put = put_of(p, c->leaf);
	const char *max = points(call, cell->max_e4);

	if (!cell->max_e4)
		return;
	html(h, "<tr><th scope='row'>");
	if (*c->group)
		html(h, "<span class='mut'>{} · </span>", c->group);
	html(h, "{}</th><td class='full'>{}</td><td class='n nw' data-l='满分'>{}</td><td class='n'>", c->label,
	     c->notes, max);
	if (!p->view.may_write) {
		html(h, "<b>{}</b></td></tr>\n", *cell->text ? cell->text : "—");
		return;
	}
	html(h, "<input type='hidden' name='leaf' value='{}'><input class='score' name='value' inputmode='decimal' "
		"autocomplete='off' size='7' value='{}' aria-label='{}，满分 {}'", c->leaf,
	     form_typed(call, self_save_fields, "value", (*nth)++, put && put->wrong ? put->value : cell->text),
	     c->label, max);
	if (put && put->wrong)
		html(h, " aria-invalid='true'><p class='err'>{}</p></td></tr>\n", put->wrong);
	else
		html(h, "></td></tr>\n");
}

static void write_scores(struct web_call *call, struct html *h, const struct self_page *p)
{
	const struct score_grid *g = &p->view.grid;

	if (g->source < 0 || !g->n_rows)
		return;
	html(h, "<table class='data stack self'><caption class='vh'>自评打分</caption><thead><tr><th scope='col'>指标</th>"
		"<th scope='col'>评分要点</th><th scope='col' class='n'>满分</th><th scope='col' class='n'>自评分</th></tr></thead><tbody>\n");
	for (int i = 0, nth = 0; i < g->n_columns; i++)
		write_score(call, h, p, i, &nth);
	html(h, "</tbody><tfoot><tr><th scope='row' colspan='2'>合计</th><td class='n' data-l='满分'>{}</td>"
		"<td class='n' data-l='得分'><b>{}</b></td></tr></tfoot></table>\n", g->rows[0].max,
	     *g->rows[0].sum ? g->rows[0].sum : page_text(call, "缺 %d 项", g->rows[0].missing));
}

static void write_rest(struct web_call *call, struct html *h, const struct self_page *p)
{
	const struct scheme *scheme = p->view.grid.scheme;
	const struct self_report *report = &p->view.report;

	html(h, "<div class='form-rows gap-t'><div class='row'><label for='f-report'>自评报告</label>"
		"<textarea id='f-report' name='report' rows='8' maxlength='10000'>\n{}</textarea>"
		"<p class='hint'>{}</p></div>", form_typed(call, self_save_fields, "report", 0, report->report),
	     scheme->self.report ? "这个方案要求写自评报告" : "有就写，没有可以不写");
	if (scheme->self.propose) {
		int grade = report->grade;
		if (call->typed_fields == self_save_fields)
			grade = grade_of(scheme, form_typed(call, self_save_fields, "grade", 0, ""));
		html(h, "<div class='row'><label for='f-grade'>建议等次</label><select id='f-grade' name='grade'>"
			"<option value=''>请选择</option>");
		for (int i = 0; i < scheme->n_grades; i++) {
			html(h, "<option value='{}'", scheme->grades[i].id);
			if (i == grade)
				html(h, " selected");
			html(h, ">{}</option>", scheme->grades[i].label);
		}
		html(h, "</select><p class='hint'>供党委审核时参考</p></div>");
	}
	if (scheme->self.seal) {
		html(h, "<div class='row'><span class='lab'>公章</span><label class='tick'>"
			"<input type='checkbox' name='sealed' value='1'");
		if (call->typed_fields == self_save_fields ? form_typed(call, self_save_fields, "sealed", 0, NULL) != NULL
							   : report->sealed)
			html(h, " checked");
		html(h, "> 纸质自评表已加盖公章</label></div>");
	}
	html(h, "</div>\n");
}

static void write_read_only(struct html *h, const struct self_page *p)
{
	const struct scheme *scheme = p->view.grid.scheme;
	const struct self_report *report = &p->view.report;

	html(h, "<dl class='kv wide gap-t'>");
	if (report->grade >= 0 && report->grade < scheme->n_grades)
		html(h, "<dt>建议等次</dt><dd>{}</dd>", scheme->grades[report->grade].label);
	html(h, "<dt>公章</dt><dd>{}</dd><dt>自评报告</dt><dd class='pre'>{}</dd></dl>\n",
	     report->sealed ? "已加盖" : "未注明", *report->report ? report->report : "没有写");
}

static void write_decide(struct web_call *call, struct html *h, const struct self_page *p)
{
	const struct self_view *v = &p->view;

	if (v->may_confirm)
		html(h, "<form method='post' action='{}/confirm' class='gap-t'><input type='hidden' name='_csrf' value='{}'>"
			"<p>我已核对，打分合理。</p><button class='btn main'>确认自评</button></form>\n", p->address,
		     call->csrf);
	if (!v->may_return)
		return;
	form_problem(call, h, self_return_fields);
	bool confirmer = call->session.may >> ACTION_SELF_CONFIRM & 1;
	html(h, "<form method='post' action='{}/{}' class='form-rows gap-t'><input type='hidden' name='_csrf' value='{}'>"
		"<div class='row'><label for='f-reason'>退回理由</label><textarea id='f-reason' name='reason' rows='3' "
		"maxlength='500' required>{}</textarea></div><div class='acts'><button class='btn'>退回修改</button></div></form>\n",
	     p->address, confirmer ? "return" : "send-back", call->csrf,
	     form_typed(call, self_return_fields, "reason", 0, ""));
}

static void write_state(struct web_call *call, struct html *h, const struct self_page *p)
{
	const struct self_report *r = &p->view.report;

	if (r->state == SELF_RETURNED && *r->reason)
		html(h, "<div class='box warn'><b>已退回，请修改后再上报</b><p>{}：{}（{}）</p></div>\n", r->decided_label,
		     r->reason, page_time(call, r->decided_ms));
	page_not_yet(h, p->view.why_not);
	if (p->missing)
		html(h, "<p class='problem' role='alert'>{}：{}</p>\n",
		     web_number(call, "hand_in", 0) ? "已保存，还不能上报" : "其余已保存", p->missing);
	bool form = !p->view.hidden || p->entering;
	if (p->view.hidden)
		html(h, "<p class='box'>{}，打分、报告和材料要报送以后这里才看得到。</p>\n",
		     r->state == SELF_HANDED_IN || r->state == SELF_CONFIRMED ? "下级党委还没有报送结果"
									      : "自评还没有报送");
	if (p->view.hidden && p->view.may_write && !form)
		html(h, "<p>党支部自己填不了的，可以<a href='{}?enter=1'>替它填写（代录）</a>。</p>\n", p->address);
	if (p->view.hidden && p->view.may_write && form)
		html(h, "<p>党支部已经填的会全部换成您填的，请照盖章的原件把各项都填上。</p>\n");
	if (p->view.may_write && p->view.as_township && form)
		html(h, "<p class='box'>您在替党支部填写（代录）：上报前要<a href='{}'>附上盖章的原件</a>。</p>\n",
		     files_address(call, p->view.grid.node.id, ATTACHED_SELF, p->view.grid.campaign.id));
}

void page_self(struct web_call *call, struct html *h)
{
	const struct self_page *p = call->model;
	const struct score_grid *g = &p->view.grid;
	struct page page = {.title = page_text(call, "%s自评", g->node.name)};

	score_crumbs(call, &g->campaign, &g->node, "自评", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度自评</h1><p class='note'>{}", g->node.name, g->campaign.year,
	     self_state_label(p->view.report.state));
	if (p->view.report.saved_ms)
		html(h, "，{} {} 填写{}", page_time(call, p->view.report.saved_ms), p->view.report.saved_label,
		     p->view.report.by_township ? "（代录）" : "");
	html(h, "</p></div><div class='acts'><a class='btn' href='{}'>附件（{}）</a></div></div>\n",
	     files_address(call, g->node.id, ATTACHED_SELF, g->campaign.id), p->view.n_files);
	write_state(call, h, p);
	if (p->view.may_write && (!p->view.hidden || p->entering)) {
		form_problem(call, h, self_save_fields);
		html(h, "<form method='post' action='{}'><input type='hidden' name='_csrf' value='{}'>\n", p->address,
		     call->csrf);
		write_scores(call, h, p);
		write_rest(call, h, p);
		html(h, "<div class='acts gap-t'><button class='btn main' name='hand_in' value='1'>上报自评</button>"
			"<button class='btn'>先存着</button></div></form>\n");
	} else if (!p->view.hidden) {
		write_scores(call, h, p);
		if (!p->view.why_not || p->view.report.saved_ms)
			write_read_only(h, p);
		write_decide(call, h, p);
	}
	page_end(call, h);
}

json_t *json_self(struct web_call *call)
{
	const struct self_page *p = call->model;
	const struct self_report *r = &p->view.report;
	const struct score_grid *g = &p->view.grid;
	json_t *cells = json_array(), *wrong = json_array();

	for (int i = 0; g->n_rows && i < g->n_columns; i++)
		if (g->rows[0].cells[i].max_e4)
			json_array_append_new(cells, json_pack("{s:i, s:s, s:s, s:s}", "leaf",
							       g->columns[i].leaf, "label", g->columns[i].label,
							       "max", points(call, g->rows[0].cells[i].max_e4),
							       "value", g->rows[0].cells[i].text));
	for (int i = 0; i < p->n_puts; i++)
		if (p->puts[i].wrong)
			json_array_append_new(wrong, json_pack("{s:i, s:s}", "leaf", p->puts[i].leaf, "why",
							       p->puts[i].wrong));
	return json_pack("{s:s, s:o, s:s, s:s*, s:b, s:b, s:s, s:s*, s:o, s:i, s:b, s:b, s:b}", "state",
			 self_state_label(r->state), "cells", cells, "report", r->report, "grade",
			 r->grade >= 0 ? g->scheme->grades[r->grade].id : NULL, "sealed", r->sealed,
			 "by_township", r->by_township, "reason", r->reason, "missing", p->missing, "wrong",
			 wrong, "files", p->view.n_files, "may_write", p->view.may_write, "may_confirm",
			 p->view.may_confirm, "hidden", p->view.hidden);
}

/* ---- the list ---- */

static const struct table_column columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE, false},
	{"name", "党组织", COLUMN_NAME, ROOM_ALWAYS, false},
	{"state", "自评", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{"sum", "自评分", COLUMN_NUMBER, ROOM_ALWAYS, false},
	{"grade", "建议等次", COLUMN_SHORT, ROOM_OFFICE, false},
	{"handed", "上报时间", COLUMN_DATE, ROOM_OFFICE, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

struct list_page {
	struct self_list list;
	struct web_table table;
};

static struct table_cell state_cell(struct web_call *call, const struct self_row *row)
{
	static const enum tone tones[SELF_STATE_COUNT] = {TONE_WARN, TONE_WARN, TONE_OK, TONE_BAD};
	const struct self_report *r = &row->report;

	if (!r->saved_ms)
		return (struct table_cell){.text = "没有填", .tone = TONE_OFF};
	return (struct table_cell){.text = page_text(call, "%s%s", self_state_label(r->state),
						     r->by_township ? "（代录）" : ""),
				   .tone = tones[r->state]};
}

static void fill_row(struct web_call *call, const struct self_list *list, const struct self_row *row,
		     struct table_cell *cell)
{
	cell[0].text = row->org.code;
	cell[1].text = row->org.name;
	cell[1].href = page_text(call, "/campaigns/%lld/orgs/%lld/self", (long long)list->campaign.id,
				 (long long)row->org.id);
	cell[2] = state_cell(call, row);
	cell[3].text = *row->sum ? row->sum : row->hidden && row->report.saved_ms ? "未报送" : row->missing ? page_text(call, "缺 %d 项", row->missing) : "";
	cell[4].text = row->report.grade >= 0 ? list->scheme->grades[row->report.grade].label : "";
	cell[5].text = page_time(call, row->report.handed_ms);
}

int act_self_list(struct web_call *call)
{
	struct list_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	int r = selfs_list(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "node", 0), call->arena, &p->list, &call->info);
	if (r < 0)
		return r;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)(p->list.listed.n + 1) * N_COLUMNS,
						sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < p->list.listed.n; i++)
		fill_row(call, &p->list, &p->list.rows[i], &cells[(size_t)i * N_COLUMNS]);
	r = listed_table(call, &p->list.listed, p->list.scheme, STEP_SELF, "selfs", "self", columns, cells,
			 &p->table);
	p->table.id = "selfs";
	p->table.caption = "各党组织的自评";
	return r;
}

void page_self_list(struct web_call *call, struct html *h)
{
	const struct list_page *p = call->model;
	struct page page = {.title = page_text(call, "%s自评", p->list.node.name)};

	score_crumbs(call, &p->list.campaign, &p->list.node, "自评", &page);
	page_begin(call, h, &page);
	int handed = 0, done = 0;
	for (int i = 0; i < p->list.listed.n; i++) {
		handed += p->list.rows[i].report.state == SELF_HANDED_IN;
		done += p->list.rows[i].report.state == SELF_CONFIRMED;
	}
	html(h, "<div class='head'><div><h1>{} {} 年度自评</h1><p class='note'>", p->list.node.name,
	     p->list.campaign.year);
	listed_note(h, &p->list.listed, "点名称看打分、报告和附件");
	html(h, "</p></div></div>\n");
	if (p->list.listed.n)
		html(h, "<p class='chips'>已完成 <b>{}</b> 个，待确认 <b>{}</b> 个，还没有上报 <b>{}</b> 个</p>\n", done,
		     handed, p->list.listed.n - done - handed);
	table_write(call, h, &p->table);
	page_end(call, h);
}

json_t *json_self_list(struct web_call *call)
{
	const struct list_page *p = call->model;
	return table_json(&p->table);
}
