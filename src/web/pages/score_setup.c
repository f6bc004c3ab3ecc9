/* SPDX-License-Identifier: Apache-2.0 */
/* Related units and what is assigned to them; a committee's X indicators. */
#include <string.h>

#include "base/buf.h"
#include "domain/exact.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_score.h"

#define CAMPAIGN \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}
#define NODE(what) \
	{.name = "node", .label = (what), .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

const struct web_field rater_list_fields[] = {CAMPAIGN, NODE("组织"), {0}};
const struct web_field rater_put_fields[] = {
	CAMPAIGN,
	NODE("组织"),
	{.name = "rater", .label = "编号", .type = WEB_INT, .min = 1, .max = 1000000},
	{.name = "source", .label = "评价主体", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"},
	{.name = "label", .label = "单位名称", .type = WEB_TEXT, .required = true, .max = 60,
	 .hint = "例如 县纪委监委"},
	{.name = "login", .label = "打分账号", .type = WEB_TEXT, .max = 40,
	 .hint = "这个单位的账号；没有账号的由乡镇代录"},
	{0},
};
const struct web_field rater_delete_fields[] = {
	CAMPAIGN, NODE("组织"),
	{.name = "rater", .label = "编号", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};
static const struct web_choice assign_choices[] = {{"add", "分配"}, {"remove", "收回"}, {0}};
const struct web_field rater_assign_fields[] = {
	CAMPAIGN, NODE("组织"),
	{.name = "rater", .label = "评分单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "below", .label = "组织代码", .type = WEB_TEXT, .max = 40,
	 .hint = "这个组织和它下面的；不填就是全部"},
	{.name = "category", .label = "类别", .type = WEB_TEXT, .max = 40, .pattern = "a-z0-9-"},
	{.name = "act", .label = "办法", .type = WEB_CHOICE, .choices = assign_choices},
	{0},
};
const struct web_field local_list_fields[] = {CAMPAIGN, NODE("党委"), {0}};
const struct web_field local_put_fields[] = {
	CAMPAIGN, NODE("党委"),
	{.name = "place", .label = "序号", .type = WEB_INT, .min = 0, .max = SCORE_LOCAL_MAX - 1},
	{.name = "label", .label = "指标名称", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "ident", .label = "代号", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "小写字母、数字或“-”，例如 tea；导入表格时可用作列名"},
	{.name = "points", .label = "满分", .type = WEB_TEXT, .required = true, .max = 12},
	{0},
};
const struct web_field local_delete_fields[] = {
	CAMPAIGN, NODE("党委"),
	{.name = "place", .label = "序号", .type = WEB_INT, .required = true, .min = 0,
	 .max = INT64_MAX},
	{0},
};

/* ---- raters ---- */

int act_rater_list(struct web_call *call)
{
	struct rater_list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);
	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	return raters_list(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "node", 0), call->arena, list, &call->info);
}

static const char *raters_address(struct web_call *call)
{
	return page_text(call, "/campaigns/%lld/raters?node=%lld",
			 (long long)web_number(call, "campaign", 0), (long long)web_number(call, "node", 0));
}

int act_rater_put(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct rater_draft draft = {web_number(call, "rater", 0), web_text(call, "source"),
					  web_text(call, "label"), web_text(call, "login")};
	int64_t id;
	int r = raters_put(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "node", 0), &draft, &id, &call->info);
	call->location = raters_address(call);
	call->note = page_text(call, "已登记 %s", draft.label);
	return r;
}

int act_rater_delete(struct web_call *call)
{
	struct caller caller = page_caller(call);
	call->location = raters_address(call);
	call->note = "已去掉";
	return raters_delete(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0), web_number(call, "rater", 0), &call->info);
}

static int category_index(const struct rater_list *list, const char *id)
{
	for (int i = 0; i < list->scheme->n_categories; i++)
		if (strcmp(list->scheme->categories[i].id, id) == 0)
			return i;
	return -1;
}

int act_rater_assign(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const char *code = web_text(call, "below"), *category = web_text(call, "category");
	int64_t n = 0, node;
	int r = act_rater_list(call);
	const struct rater_list *list = call->model;

	if (r)
		return r;
	node = list->node.id;
	if (*code)
		r = roster_find(call->web->app, &caller, code, &node, &call->info);
	if (r == ERR_NOT_FOUND)
		return web_wrong(call, "below", "没有这个代码的组织");
	if (r == 0)
		r = raters_assign(call->web->app, &caller, list->campaign.id,
				  web_number(call, "rater", 0), node,
				  *category ? category_index(list, category) : -1,
				  web_number(call, "act", 0) == 0, &n, &call->info);
	call->location = raters_address(call);
	call->note = page_text(call, "现在分配了 %lld 个党组织", (long long)n);
	return r;
}

static void write_assign(struct web_call *call, struct html *h, const struct rater_list *list)
{
	struct web_choice raters[RATERS_MAX + 1] = {0}, categories[SCHEME_CATEGORIES_MAX + 1] = {0};
	struct form form = form_begin(call, h, page_text(call, "/campaigns/%lld/raters/assign",
							 (long long)list->campaign.id),
				      rater_assign_fields);

	for (int i = 0; i < list->n; i++)
		raters[i] = (struct web_choice){page_text(call, "%lld", (long long)list->raters[i].id),
						list->raters[i].label};
	for (int i = 0; i < list->scheme->n_categories; i++)
		categories[i] = (struct web_choice){list->scheme->categories[i].id,
						    list->scheme->categories[i].label};
	form_hidden(&form, "node", page_text(call, "%lld", (long long)web_number(call, "node", 0)));
	form_row_choice(&form, "rater", list->n == 1 ? raters[0].id : NULL, raters);
	form_row(&form, "below", NULL);
	form_row_choice(&form, "category", NULL, categories);
	form_row(&form, "act", "add");
	form_end(&form, "分配党组织", "", NULL);
}

/* Those that a unit can score; how many. */
static int unit_sources(const struct rater_list *list, struct web_choice sources[SCHEME_SOURCES_MAX + 1])
{
	int n = 0;
	for (int i = 0; i < list->scheme->n_sources; i++)
		if (list->scheme->sources[i].who == RATED_BY_UNITS ||
		    (list->scheme->sources[i].who == RATED_BY_SOCIETY &&
		     list->scheme->sources[i].by != BY_BALLOTS))
			sources[n++] = (struct web_choice){list->scheme->sources[i].id,
							   list->scheme->sources[i].label};
	return n;
}

static void write_new_rater(struct web_call *call, struct html *h, const struct rater_list *list)
{
	struct web_choice sources[SCHEME_SOURCES_MAX + 1] = {0};

	unit_sources(list, sources);
	struct form form = form_begin(call, h, page_text(call, "/campaigns/%lld/raters",
							 (long long)list->campaign.id), rater_put_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)web_number(call, "node", 0)));
	form_row_choice(&form, "source", sources[0].id, sources);
	form_row(&form, "label", NULL);
	form_row(&form, "login", NULL);
	form_end(&form, "登记单位", "main", NULL);
}

static void write_rater(struct web_call *call, struct html *h, const struct rater_list *list,
			const struct rater *r)
{
	html(h, "<tr><th scope='row'>{}</th><td data-l='评价主体'>{}</td><td data-l='打分账号'>{}</td>"
		"<td class='n' data-l='党组织'>{}</td><td>", r->label,
	     r->source < list->scheme->n_sources ? list->scheme->sources[r->source].label : "",
	     *r->login ? r->login : "乡镇代录", r->assigned);
	if (!list->why_not)
		html(h, "<form method='post' action='/campaigns/{}/raters/delete'><input type='hidden' name='_csrf' value='{}'>"
			"<input type='hidden' name='node' value='{}'><input type='hidden' name='rater' value='{}'>"
			"<button class='link'>去掉</button></form>", list->campaign.id, call->csrf,
		     web_number(call, "node", 0), r->id);
	html(h, "</td></tr>\n");
}

void page_rater_list(struct web_call *call, struct html *h)
{
	const struct rater_list *list = call->model;
	struct page page = {.title = "评分单位"};

	score_crumbs(call, &list->campaign, &list->node, "评分单位", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>评分单位</h1><p class='note'>相关单位只看得到分配给它的党组织和它自己打的分</p>"
		"</div></div>\n");
	struct web_choice sources[SCHEME_SOURCES_MAX + 1] = {0};
	if (!list->n && !unit_sources(list, sources)) {
		html(h, "<div class='empty'><b>这个方案没有由相关单位打分的评价主体</b><p>不用登记评分单位。</p></div>\n");
		page_end(call, h);
		return;
	}
	page_not_yet(h, list->why_not);
	html(h, "<div class='cols'><section>\n");
	if (list->n) {
		html(h, "<table class='data sort stack'><caption class='vh'>评分单位</caption><thead><tr><th scope='col'>单位</th>"
			"<th scope='col'>评价主体</th><th scope='col'>打分账号</th><th scope='col' class='n'>党组织（个）</th>"
			"<th scope='col'></th></tr></thead><tbody>\n");
		for (int i = 0; i < list->n; i++)
			write_rater(call, h, list, &list->raters[i]);
		html(h, "</tbody></table>\n");
	} else {
		html(h, "<div class='empty'><b>还没有评分单位</b><p>先登记单位，再分配党组织。</p></div>\n");
	}
	if (list->n && !list->why_not) {
		html(h, "<div class='sec gap-t'><h2>分配党组织</h2></div>");
		write_assign(call, h, list);
	}
	if (!list->why_not) {
		html(h, "</section><section><div class='sec'><h2>登记单位</h2></div>");
		write_new_rater(call, h, list);
	}
	html(h, "</section></div>\n");
	page_end(call, h);
}

json_t *json_rater_list(struct web_call *call)
{
	const struct rater_list *list = call->model;
	json_t *raters = json_array();

	for (int i = 0; i < list->n; i++)
		json_array_append_new(raters, json_pack("{s:I, s:s, s:s, s:I}", "rater",
							(json_int_t)list->raters[i].id, "label",
							list->raters[i].label, "login", list->raters[i].login,
							"assigned", (json_int_t)list->raters[i].assigned));
	return json_pack("{s:o, s:s*}", "raters", raters, "why_not", list->why_not);
}

/* ---- X indicators ---- */

int act_local_list(struct web_call *call)
{
	struct local_list *list = arena_zalloc(call->arena, 1, sizeof(*list));
	struct caller caller = page_caller(call);
	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	return locals_list(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "node", 0), call->arena, list, &call->info);
}

static const char *local_address(struct web_call *call)
{
	return page_text(call, "/campaigns/%lld/local?node=%lld",
			 (long long)web_number(call, "campaign", 0), (long long)web_number(call, "node", 0));
}

int act_local_put(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct local_draft draft = {(int)web_number(call, "place", -1), web_text(call, "ident"),
					  web_text(call, "label"), web_text(call, "points")};
	call->location = local_address(call);
	call->note = page_text(call, "已设定 %s", draft.label);
	return locals_put(call->web->app, &caller, web_number(call, "campaign", 0),
			  web_number(call, "node", 0), &draft, &call->info);
}

int act_local_delete(struct web_call *call)
{
	struct caller caller = page_caller(call);
	call->location = local_address(call);
	call->note = "已去掉";
	return locals_delete(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0), (int)(web_number(call, "place", 0) & 0xFFFF), &call->info);
}

static const char *points(struct web_call *call, int64_t value_e4)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_e4(&text, value_e4);
	return page_text(call, "%s", buf_str(&text));
}

static void write_local(struct web_call *call, struct html *h, const struct local_list *list,
			const struct local_row *row)
{
	html(h, "<tr><th scope='row'>{}</th><td class='mono' data-l='代号'>{}</td><td class='n' data-l='满分'>{}</td><td>",
	     row->label, row->ident, points(call, row->max_e4));
	if (list->may_write)
		html(h, "<form method='post' action='/campaigns/{}/local/delete'>"
			"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' value='{}'>"
			"<input type='hidden' name='place' value='{}'><button class='link'>去掉</button></form>",
		     list->campaign.id, call->csrf, list->node.id, row->place);
	html(h, "</td></tr>\n");
}

void page_local_list(struct web_call *call, struct html *h)
{
	const struct local_list *list = call->model;
	struct page page = {.title = "自设指标"};

	score_crumbs(call, &list->campaign, &list->node, "自设指标", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}自设指标</h1><p class='note'>", list->node.name);
	if (list->scheme->local.given)
		html(h, "合计 {} 分，方案规定不超过 {} 分；下属党组织打分时排在方案指标后面",
		     points(call, list->sum_e4), points(call, list->scheme->local.max_total_e4));
	html(h, "</p></div></div>\n");
	page_not_yet(h, list->why_not);
	if (list->n) {
		html(h, "<table class='data sort stack'><caption class='vh'>自设指标</caption><thead><tr><th scope='col'>指标</th>"
			"<th scope='col'>代号</th><th scope='col' class='n'>满分</th><th scope='col'></th></tr></thead><tbody>\n");
		for (int i = 0; i < list->n; i++)
			write_local(call, h, list, &list->rows[i]);
		html(h, "</tbody></table>\n");
	} else if (list->scheme->local.given) {
		html(h, "<div class='empty'><b>还没有自设指标</b></div>\n");
	}
	if (list->may_write) {
		html(h, "<div class='sec gap-t'><h2>增加一项</h2></div>");
		struct form form = form_begin(call, h, page_text(call, "/campaigns/%lld/local",
								 (long long)list->campaign.id),
					      local_put_fields);
		form_hidden(&form, "node", page_text(call, "%lld", (long long)list->node.id));
		form_row(&form, "label", NULL);
		form_row(&form, "ident", NULL);
		form_row(&form, "points", NULL);
		form_end(&form, "增加指标", "main", NULL);
	}
	page_end(call, h);
}

json_t *json_local_list(struct web_call *call)
{
	const struct local_list *list = call->model;
	json_t *rows = json_array();

	for (int i = 0; i < list->n; i++)
		json_array_append_new(rows, json_pack("{s:i, s:s, s:s, s:s}", "place", list->rows[i].place,
						      "ident", list->rows[i].ident, "label",
						      list->rows[i].label, "max",
						      points(call, list->rows[i].max_e4)));
	return json_pack("{s:o, s:b}", "indicators", rows, "may_write", list->may_write);
}
