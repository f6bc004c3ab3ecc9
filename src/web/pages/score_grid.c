/* SPDX-License-Identifier: Apache-2.0 */
/* The score grid: a form that works as it is, and what assets/js/grid.js needs
 * to make a spreadsheet of it. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "domain/exact.h"
#include "web/assets.h"
#include "web/pages/pages.h"
#include "web/pages/pages_score.h"
#include "web/table.h"

/* Columns that have room beside the panel, and on an office's screen. */
enum { BESIDE_COLUMNS = 10, SCREEN_COLUMNS = 14 };

#define SCORE_FIELDS \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "source", .label = "评价主体", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"}, \
	{.name = "rater", .label = "评分人", .type = WEB_INT, .min = 1, .max = 1000000}, \
	{.name = "category", .label = "类别", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"}, \
	{.name = "todo", .label = "只看没填完的", .type = WEB_FLAG}, \
	{.name = "page", .label = "页", .type = WEB_INT, .min = 1, .max = 1000000}, \
	{.name = "size", .label = "每页", .type = WEB_INT, .min = 1, .max = SCORES_PAGE_MAX}

const struct web_field score_grid_fields[] = {SCORE_FIELDS, {0}};
const struct web_field score_save_fields[] = {
	SCORE_FIELDS,
	{.name = "key", .label = "格子", .type = WEB_TEXT, .many = true, .max = 80},
	{.name = "value", .label = "得分", .type = WEB_TEXT, .many = true, .blanks = true, .max = 80},
	{0},
};
const struct web_field score_history_fields[] = {
	SCORE_FIELDS,
	{.name = "unit", .label = "党组织", .type = WEB_INT, .min = 1,
	 .max = INT64_MAX},
	{.name = "leaf", .label = "指标", .type = WEB_INT, .min = 0, .max = SHEET_CELLS_MAX},
	{0},
};
const struct web_field score_now_fields[] = {
	SCORE_FIELDS,
	{.name = "unit", .label = "党组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "leaf", .label = "指标", .type = WEB_INT, .min = 0, .max = SHEET_CELLS_MAX},
	{0},
};

static enum score_door door_of(const struct web_call *call)
{
	const char *path = call->route->path;
	return strstr(path, "/unit-scores") ? SCORE_UNIT
		: strstr(path, "/peer-scores") ? SCORE_PEER : SCORE_COMMITTEE;
}

struct score_at score_at_of(struct web_call *call)
{
	return (struct score_at){door_of(call), web_number(call, "campaign", 0),
				 web_number(call, "node", 0), web_text(call, "source"),
				 web_number(call, "rater", 0)};
}

void score_crumbs(struct web_call *call, const struct campaign *campaign,
		  const struct campaign_org *node, const char *last, struct page *page)
{
	struct crumb *crumbs = arena_zalloc(call->arena, 3, sizeof(*crumbs));
	const char *home = page_text(call, "/campaigns/%lld?node=%lld", (long long)campaign->id,
				     (long long)node->id);
	bool open = page_may_open(call, "/campaigns/{campaign}");

	if (!crumbs)
		return;
	crumbs[0] = (struct crumb){campaign->title, open ? home : "/"};
	crumbs[1] = (struct crumb){node->name, open ? home : "/"};
	crumbs[2] = (struct crumb){last, NULL};
	page->crumbs = crumbs;
	page->n_crumbs = 3;
	page->menu = open ? "/campaigns" : "/unit-scores";
}

static int category_of(const struct scheme *scheme, const char *id)
{
	for (int i = 0; i < scheme->n_categories; i++)
		if (strcmp(scheme->categories[i].id, id) == 0)
			return i;
	return -1;
}

/* Which category is asked for is known once the scheme is. */
static int load_grid(struct web_call *call, struct score_grid *grid)
{
	struct caller caller = page_caller(call);
	struct score_query query = {
		.at = score_at_of(call), .category = -1, .todo = web_number(call, "todo", 0) != 0,
		.page = call->file ? 1 : (int)web_number(call, "page", 1),
		.size = call->file ? TABLE_ALL : (int)web_number(call, "size", 0)};
	const char *category = web_text(call, "category");

	int r = scores_grid(call->web->app, &caller, &query, call->arena, grid, &call->info);
	if (r || !*category || grid->source < 0)
		return r;
	query.category = category_of(grid->scheme, category);
	return query.category < 0 ? 0 : scores_grid(call->web->app, &caller, &query, call->arena, grid,
						    &call->info);
}

const char *score_address(struct web_call *call)
{
	static const char *const names[] = {"scores", "unit-scores", "peer-scores"};
	return page_text(call, "/campaigns/%lld/%s", (long long)web_number(call, "campaign", 0),
			 names[door_of(call)]);
}

int act_score_grid(struct web_call *call)
{
	struct score_view *view = arena_zalloc(call->arena, 1, sizeof(*view));

	if (!view)
		return err_nomem(&call->info);
	call->model = view;
	view->address = score_address(call);
	return load_grid(call, &view->grid);
}

/* ---- above the table ---- */

static const struct scheme_source *source_of(const struct score_grid *g)
{
	return &g->scheme->sources[g->source];
}

static const char *weight_text(struct web_call *call, uint32_t weight_e6)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_e4(&text, weight_e6);
	return page_text(call, "%s%%", buf_str(&text));
}

/* One tab a source; those of the committee's door only. */
static void write_tabs(struct web_call *call, struct html *h, const struct score_view *view)
{
	const struct score_grid *g = &view->grid;

	if (g->door != SCORE_COMMITTEE)
		return;
	html(h, "<nav class='tabs' aria-label='评价主体'>");
	for (int i = 0; i < g->scheme->n_sources; i++) {
		const struct scheme_source *s = &g->scheme->sources[i];
		if (s->by == BY_BALLOTS)
			html(h, "<a href='/campaigns/{}/counts?node={}'>{} {}", g->campaign.id, g->node.id,
			     s->label, weight_text(call, s->weight_e6));
		else
			html(h, "<a href='{}?node={}&amp;source={}'", view->address, g->node.id, s->id);
		if (s->by != BY_BALLOTS) {
			if (i == g->source)
				html(h, " aria-current='page'");
			html(h, ">{} {}", s->label, weight_text(call, s->weight_e6));
			if (g->counted && s->who != RATED_BY_UNITS && s->who != RATED_BY_MUTUAL)
				html(h, "<small class='hide'>已填齐 {}/{}</small>", g->done[i], g->n_orgs);
		}
		html(h, "</a>");
	}
	html(h, "</nav>\n");
}

static void write_rater_choice(struct html *h, const struct score_grid *g)
{
	if (!g->n_raters)
		return;
	html(h, "<label>{} <select name='rater'>", source_of(g)->who == RATED_BY_MUTUAL ? "谁打的" : "评分单位");
	if (!g->rater.id)
		html(h, "<option value=''>请选择</option>");
	for (int i = 0; i < g->n_raters; i++) {
		html(h, "<option value='{}'", g->raters[i].id);
		if (g->raters[i].id == g->rater.id)
			html(h, " selected");
		if (g->counted)
			html(h, ">{}（已打 {}/{}）</option>", g->raters[i].label, g->raters[i].done,
			     g->raters[i].org ? g->n_orgs - 1 : g->raters[i].assigned);
		else
			html(h, ">{}（{} 个党组织）</option>", g->raters[i].label, g->raters[i].assigned);
	}
	html(h, "</select></label>");
}

static void write_filter(struct web_call *call, struct html *h, const struct score_view *view)
{
	const struct score_grid *g = &view->grid;
	const char *category = web_text(call, "category");

	html(h, "<form class='bar' action='{}' role='search'>"
		"<input type='hidden' name='node' value='{}'>"
		"<input type='hidden' name='source' value='{}'>", view->address, g->node.id,
	     source_of(g)->id);
	write_rater_choice(h, g);
	if (g->door == SCORE_COMMITTEE && g->scheme->n_categories > 1) {
		html(h, "<label>类别 <select name='category'><option value=''>全部</option>");
		for (int i = 0; i < g->scheme->n_categories; i++) {
			html(h, "<option value='{}'", g->scheme->categories[i].id);
			if (strcmp(category, g->scheme->categories[i].id) == 0)
				html(h, " selected");
			html(h, ">{}</option>", g->scheme->categories[i].label);
		}
		html(h, "</select></label>");
	}
	if (g->counted && !g->rater.id) {
		html(h, "<label><input type='checkbox' name='todo' value='1'");
		if (web_number(call, "todo", 0))
			html(h, " checked");
		html(h, ">只看没填完的（{}）</label>", g->n_orgs - g->done[g->source]);
	}
	if (g->n_raters || (g->door == SCORE_COMMITTEE && g->scheme->n_categories > 1) || g->counted)
		html(h, "<button class='btn'>查看</button>");
	html(h, "<span class='grow'></span>"
		"<span class='grid legend'><span class='nw'><span class='sample i ok'></span>刚保存</span>"
		"<span class='nw'><span class='sample i bad'></span>有误</span>"
		"<span class='nw'><span class='sample i hist'></span>改过</span>"
		"<span class='nw'><span class='sample i lock'></span>锁定</span>"
		"<span class='nw'><span class='sample i none'></span>不适用</span></span></form>\n");
}

static void write_head(struct web_call *call, struct html *h, const struct score_view *view)
{
	const struct score_grid *g = &view->grid;
	const char *query = page_text(call, "?node=%lld&source=%s&rater=%lld", (long long)g->node.id,
				      source_of(g)->id, (long long)g->rater.id);

	html(h, "<div class='head'><div><h1>{} {} 年度打分</h1><p class='note'>{}{}{}：{} 个党组织", g->node.name,
	     g->campaign.year, source_of(g)->label, *g->rater.label ? " · " : "", g->rater.label, g->total);
	if (g->may_write)
		html(h, "，边填边存，改动都留记录");
	html(h, "</p></div><div class='acts'>");
	if (g->door == SCORE_COMMITTEE) {
		if (g->may_write && !g->rater.id)
			html(h, "<a class='btn' hx-boost='false' href='{}'>下载空表</a>"
				"<a class='btn' href='{}'>导入 Excel</a>",
			     page_text(call, "%s/export%s&blank=1", view->address, query),
			     page_text(call, "%s/import%s", view->address, query));
		if (g->scheme->local.given)
			html(h, "<a class='btn hide' href='/campaigns/{}/local?node={}'>自设指标</a>",
			     g->campaign.id, g->node.id);
		html(h, "<a class='btn hide' hx-boost='false' href='{}'>导出</a>",
		     page_text(call, "%s/export%s", view->address, query));
	}
	if (g->may_write)
		html(h, "<button class='btn main' form='grid' data-save>保存本页</button>");
	html(h, "</div></div>\n");
}

/* ---- the table ---- */

static void write_max(struct html *h, int64_t max_e4)
{
	AUTO(buf) struct buf text = {0};
	if (!max_e4) {
		html(h, "<span class='mut'>满分按类别</span>");
		return;
	}
	decimal_format_e4(&text, max_e4);
	html(h, "<span class='mut'>满分</span> <b>{}</b>", buf_str(&text));
}

static void write_columns(struct html *h, const struct score_grid *g)
{
	html(h, "<thead><tr><th scope='col' class='n'>序</th><th scope='col'>党组织</th>");
	for (int i = 0; i < g->n_columns; i++) {
		const struct score_column *c = &g->columns[i];
		html(h, "<th scope='col' class='n' data-leaf='{}'", c->leaf);
		if (*c->notes)
			html(h, " title='{}'", c->notes);
		html(h, ">");
		if (*c->group)
			html(h, "<span class='mut'>{}</span><br>", c->group);
		html(h, "{}<br>", c->label);
		write_max(h, c->max_e4);
		html(h, "</th>");
	}
	html(h, "<th scope='col' class='n'>合计</th><th scope='col'>填写</th></tr></thead>\n");
}

/* What was typed wrongly into this cell a moment ago; NULL: nothing. */
static const struct score_put *wrong_put(const struct score_view *view, int64_t org, int leaf)
{
	for (int i = 0; i < view->n_puts; i++)
		if (view->puts[i].org == org && view->puts[i].leaf == leaf && view->puts[i].wrong)
			return &view->puts[i];
	return NULL;
}

static void write_cell(struct web_call *call, struct html *h, const struct score_view *view,
		       const struct score_row *row, int column)
{
	const struct score_grid *g = &view->grid;
	const struct score_cell *cell = &row->cells[column];
	const struct score_column *c = &g->columns[column];
	const struct score_put *wrong = wrong_put(view, row->org.id, c->leaf);
	AUTO(buf) struct buf max = {0};

	if (row->hidden) {
		html(h, "<td class='n i'><span class='vh'>未报送</span></td>");
		return;
	}
	if (!cell->max_e4) {
		html(h, "<td class='i none'><span class='vh'>不适用</span></td>");
		return;
	}
	decimal_format_e4(&max, cell->max_e4);
	if (!g->may_write || row->locked) {
		html(h, "<td class='n i{}{}' data-leaf='{}'><span class='v'>{}</span></td>",
		     row->locked ? " lock" : "", cell->changed ? " hist" : "", c->leaf, cell->text);
		return;
	}
	html(h, "<td class='i{}{}' data-leaf='{}' data-max='{}'>"
		"<input type='hidden' name='key' value='{}:{}:{}'>"
		"<input name='value' inputmode='decimal' autocomplete='off' maxlength='20' value='{}'",
	     cell->changed ? " hist" : "", wrong ? " bad" : "", c->leaf, buf_str(&max), row->org.id,
	     c->leaf, cell->text, wrong ? wrong->value : cell->text);
	html(h, " aria-label='{}，{}，满分 {}'", row->org.name, c->label, buf_str(&max));
	if (wrong)
		html(h, " aria-invalid='true' title='{}'", wrong->wrong);
	html(h, "></td>");
	(void)call;
}

static void write_state(struct html *h, const struct score_row *row)
{

	if (row->hidden)
		html(h, "<span class='mut' title='报送以后，上级才看得到分'>未报送</span>");
	else if (row->locked)
		html(h, "<span class='mut' title='{}'>已锁定</span>", row->locked);
	else if (row->mixed >= 0)
		html(h, "<b class='down'>“{}”总分和分项只能填一种</b>",
		     row->mixed_label);
	else if (row->missing)
		html(h, "<b class='miss'>缺 {} 格</b>", row->missing);
	else
		html(h, "<span class='mut'>已填齐</span>");
}

static void write_row(struct web_call *call, struct html *h, const struct score_view *view, int i)
{
	const struct score_grid *g = &view->grid;
	const struct score_row *row = &g->rows[i];

	html(h, "<tr data-org='{}'><td class='n mut'>{}</td><th scope='row'>", row->org.id,
	     (int64_t)(g->page - 1) * g->size + i + 1);
	if (g->door == SCORE_COMMITTEE)
		html(h, "<a href='/campaigns/{}/orgs/{}/why'>{}</a>", g->campaign.id, row->org.id,
		     row->org.name);
	else
		html(h, "{}", row->org.name);
	html(h, "</th>");
	for (int c = 0; c < g->n_columns; c++)
		write_cell(call, h, view, row, c);
	html(h, "<td class='n' data-sum>");
	if (*row->sum)
		html(h, "<b>{}</b>", row->sum);
	else
		html(h, "<span class='mut'>—</span>");
	html(h, "</td><td class='nw'><span data-state>");
	write_state(h, row);
	html(h, "</span>");
	if (!row->hidden)
		html(h, " <a class='hide' href='{}/history?node={}&amp;source={}&amp;rater={}&amp;unit={}'>记录</a>",
		     view->address, g->node.id, source_of(g)->id,
		     page_text(call, g->rater.id && g->door != SCORE_PEER ? "%lld" : "",
			       (long long)g->rater.id), row->org.id);
	html(h, "</td></tr>\n");
}

static void write_hidden(struct web_call *call, struct html *h, const struct score_grid *g)
{
	html(h, "<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' value='{}'>"
		"<input type='hidden' name='source' value='{}'>", call->csrf, g->node.id, source_of(g)->id);
	if (g->rater.id && g->door != SCORE_PEER)
		html(h, "<input type='hidden' name='rater' value='{}'>", g->rater.id);
	html(h, "<input type='hidden' name='category' value='{}'><input type='hidden' name='page' value='{}'>",
	     web_text(call, "category"), g->page);
	if (web_number(call, "todo", 0))
		html(h, "<input type='hidden' name='todo' value='1'>");
}

static void write_table(struct web_call *call, struct html *h, const struct score_view *view)
{
	const struct score_grid *g = &view->grid;
	struct web_table pager = {.id = "scores", .n_rows = g->n_rows, .n_all = g->total,
				  .page = g->page, .size = g->size, .sort = ""};

	html(h, "<form id='grid' method='post' action='{}' hx-boost='false' data-grid "
		"data-code='{}' data-write='{}'>", view->address, asset_url("grid.js"),
	     g->may_write ? "1" : "");
	write_hidden(call, h, g);
	if (call->problem_status && view->n_puts)
		html(h, "<p class='problem' role='alert'>已保存 {} 格，{} 格有误没有保存，改好后再保存</p>\n",
		     view->saved.n_saved, view->saved.n_wrong);
	html(h, "<div class='scroll{}'><table class='data grid stick' aria-labelledby='h-grid'>\n",
	     g->n_columns > SCREEN_COLUMNS ? " wide" : "");
	write_columns(h, g);
	html(h, "<tbody>\n");
	for (int i = 0; i < g->n_rows; i++)
		write_row(call, h, view, i);
	html(h, "</tbody></table></div>\n</form>\n");
	table_pager(call, h, &pager);
}

static void write_aside(struct html *h, const struct score_grid *g)
{
	html(h, "<aside class='side' aria-labelledby='h-hist'><div class='sec'><h2 id='h-hist'>这一格</h2></div>"
		"<div id='hist' aria-live='polite'><p class='mut'>点一格，这里显示它的评分要点和修改记录。</p></div>"
		"<div class='sec gap-t'><h2>谁也在填</h2></div><p id='others' class='mut'>只有您</p>");
	if (g->may_write)
		html(h, "<div class='sec gap-t'><h2>按键</h2></div><dl class='kv'>"
			"<dt>方向键 Enter Tab</dt><dd>换格</dd><dt>F2</dt><dd>改格内的字</dd>"
			"<dt>Esc</dt><dd>不改了</dd><dt>Ctrl+C Ctrl+V</dt><dd>和 Excel、WPS 互相复制一块</dd>"
			"<dt>Shift+方向键</dt><dd>选一块</dd><dt>Ctrl+Z</dt><dd>撤销</dd></dl>");
	html(h, "</aside>");
}

static void write_empty(struct html *h, const char *what, const char *hint)
{
	html(h, "<div class='empty'><b>{}</b><p>{}</p></div>\n", what, hint);
}

void page_score_grid(struct web_call *call, struct html *h)
{
	const struct score_view *view = call->model;
	const struct score_grid *g = &view->grid;
	struct page page = {.title = page_text(call, "%s %d 年度打分", g->node.name, g->campaign.year)};

	score_crumbs(call, &g->campaign, &g->node, "打分", &page);
	page_begin(call, h, &page);
	if (g->source < 0) {
		html(h, "<div class='head'><div><h1>{} {} 年度打分</h1></div></div>\n", g->node.name,
		     g->campaign.year);
		write_empty(h, g->why_not ? g->why_not : "没有要打的分", "有疑问请问县委组织部。");
		page_end(call, h);
		return;
	}
	write_head(call, h, view);
	write_tabs(call, h, view);
	write_filter(call, h, view);
	page_not_yet(h, g->why_not);
	/* Beside more columns there is no room. */
	html(h, "<div class='{}gap-s'>\n<section aria-labelledby='h-grid'>"
		"<h2 class='vh' id='h-grid'>{}</h2>\n", g->n_columns > BESIDE_COLUMNS ? "" : "cols slim ",
	     source_of(g)->label);
	if (g->n_rows)
		write_table(call, h, view);
	else
		write_empty(h, web_number(call, "todo", 0) ? "都填齐了" : "这里没有要打分的党组织",
			    "可以换一个类别，或者去掉条件再看。");
	html(h, "</section>\n");
	write_aside(h, g);
	html(h, "</div>\n");
	if (g->may_write)
		html(h, "<div class='status noprint' role='status' hidden data-status>"
			"<span data-said></span><span class='err' data-wrong></span></div>\n");
	page_end(call, h);
}

/* ---- JSON ---- */

static json_t *row_json(const struct score_grid *g, const struct score_row *row)
{
	json_t *cells = json_object(), *maxima = json_object();
	AUTO(buf) struct buf max = {0};

	for (int c = 0; row->cells && c < g->n_columns; c++) {
		char leaf[16];
		if (!row->cells[c].max_e4)
			continue;
		snprintf(leaf, sizeof(leaf), "%d", g->columns[c].leaf);
		json_object_set_new(cells, leaf, json_string(row->cells[c].text));
		buf_clear(&max);
		decimal_format_e4(&max, row->cells[c].max_e4);
		json_object_set_new(maxima, leaf, json_string(buf_str(&max)));
	}
	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:s, s:s, s:i, s:b, s:b, s:I}", "org",
			 (json_int_t)row->org.id, "code", row->org.code, "name", row->org.name, "cells",
			 cells, "maxima", maxima, "sum", row->sum,
			 "max", row->max, "missing", row->missing, "locked", row->locked != NULL,
			 "hidden", row->hidden, "version", (json_int_t)row->version);
}

json_t *json_score_grid(struct web_call *call)
{
	const struct score_view *view = call->model;
	const struct score_grid *g = &view->grid;
	json_t *rows = json_array(), *columns = json_array();

	for (int i = 0; i < g->n_columns; i++)
		json_array_append_new(columns, json_pack("{s:i, s:s, s:s}", "leaf", g->columns[i].leaf,
							 "label", g->columns[i].label, "group",
							 g->columns[i].group));
	for (int i = 0; i < g->n_rows; i++)
		json_array_append_new(rows, row_json(g, &g->rows[i]));
	return json_pack("{s:s, s:b, s:s*, s:o, s:o, s:I, s:i, s:i}", "source",
			 g->source < 0 ? "" : source_of(g)->id, "may_write", g->may_write, "why_not",
			 g->why_not, "columns", columns, "rows", rows, "total", (json_int_t)g->total, "page",
			 g->page, "size", g->size);
}
