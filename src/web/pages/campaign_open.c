/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a campaign: scheme, year and range first, then its days and whom it
 * will grade, and only then the button. */
#include "app/roster.h"
#include "app/schemes.h"
#include "domain/day.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"

#define CHOICE_FIELDS(must) \
	{.name = "node", .label = "范围", .type = WEB_INT, .required = (must), .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "scheme", .label = "方案", .type = WEB_TEXT, .required = (must), \
	 .max = SCHEME_REF_MAX, .pattern = "a-z0-9.-"}, \
	{.name = "year", .label = "年度", .type = WEB_INT, .min = 2000, .max = 2199}

enum { RANGES_MAX = 500 };

const struct web_field campaign_new_fields[] = {CHOICE_FIELDS(false), {0}};
const struct web_field campaign_open_fields[] = {
	CHOICE_FIELDS(true),
	{.name = "title", .label = "名称", .type = WEB_TEXT, .max = 100,
	 .hint = "不填就用年度和方案的名称"},
	{.name = "from", .label = "开始", .type = WEB_TEXT, .max = 20, .many = true, .blanks = true},
	{.name = "to", .label = "结束", .type = WEB_TEXT, .max = 20, .many = true, .blanks = true},
	{0},
};

struct range {
	int64_t node;
	const char *name;
	bool below;
};

struct opening {
	int64_t node;
	int year;
	struct range *ranges;		/* an officer's own places and what stands right below them */
	int n_ranges;
	struct scheme_entry *schemes;
	int n_schemes;
	bool has_preview;
	struct campaign_preview preview;
};

static struct campaign_draft draft_of(struct web_call *call, const struct opening *o)
{
	return (struct campaign_draft){.node = o->node, .year = o->year,
				       .scheme = web_text(call, "scheme")};
}

static int add_range(struct web_call *call, struct opening *o, const struct app_place *place)
{
	struct org_filter filter = ORG_FILTER(NULL);
	struct caller caller = page_caller(call);
	struct roster_page below;

	filter.parent = place->node;
	filter.state = ORG_ACTIVE;
	filter.limit = RANGES_MAX;
	int r = roster_list(call->web->app, &caller, place->node, &filter, call->arena, &below, &call->info);
	if (r)
		return r;
	struct range *all = arena_zalloc(call->arena, (size_t)(o->n_ranges + below.n) + 1, sizeof(*all));
	if (!all)
		return err_nomem(&call->info);
	if (o->n_ranges)
		memcpy(all, o->ranges, (size_t)o->n_ranges * sizeof(*all));
	o->ranges = all;
	all[o->n_ranges++] = (struct range){place->node, place->name, false};
	for (int i = 0; i < below.n; i++)
		if (below.orgs[i].level < LEVEL_UNIT)
			all[o->n_ranges++] = (struct range){below.orgs[i].id, below.orgs[i].name, true};
	return 0;
}

static int find_ranges(struct web_call *call, struct opening *o)
{
	struct caller caller = page_caller(call);
	struct app_place *places;
	int n, r = app_places(call->web->app, &caller, call->arena, &places, &n, &call->info);
	for (int i = 0; r == 0 && i < n; i++)
		if (places[i].role == ROLE_OFFICER)
			r = add_range(call, o, &places[i]);
	return r;
}

int act_campaign_new(struct web_call *call)
{
	struct opening *o = arena_zalloc(call->arena, 1, sizeof(*o));
	struct caller caller = page_caller(call);

	if (!o)
		return err_nomem(&call->info);
	call->model = o;
	o->year = (int)web_number(call, "year", caller.today / 10000);
	o->node = web_number(call, "node", 0);
	int r = find_ranges(call, o);
	if (r == 0 && !o->node && o->n_ranges)
		o->node = o->ranges[0].node;
	if (r == 0)
		r = schemes_list(call->web->app, &caller, call->arena, &o->schemes, &o->n_schemes,
				 &call->info);
	if (r || !web_value(call, "scheme")->given)
		return r;
	const struct campaign_draft draft = draft_of(call, o);
	r = campaigns_preview(call->web->app, &caller, &draft, call->arena, &o->preview, &call->info);
	o->has_preview = r == 0;
	return r;
}

static void write_choice(struct web_call *call, struct html *h, const struct opening *o)
{
	html(h, "<form class='bar' action='/campaigns/new'><label>方案 <select name='scheme'>");
	for (int i = 0; i < o->n_schemes; i++) {
		const struct scheme_entry *e = &o->schemes[i];
		if (!e->published)
			continue;
		html(h, "<option value='{}'", e->published);
		if (strcmp(e->published, web_text(call, "scheme")) == 0)
			html(h, " selected");
		html(h, ">{}</option>", e->title);
	}
	html(h, "</select></label><label>年度 <input name='year' inputmode='numeric' size='5' value='{}'>"
		"</label><label>范围 <select name='node'>", o->year);
	for (int i = 0; i < o->n_ranges; i++) {
		html(h, "<option value='{}'", o->ranges[i].node);
		if (o->ranges[i].node == o->node)
			html(h, " selected");
		html(h, ">{}{}</option>", o->ranges[i].below ? "只在" : "", o->ranges[i].name);
	}
	html(h, "</select></label><button class='btn'>看一看</button></form>\n");
}

static void write_steps(struct web_call *call, struct html *h, const struct campaign_preview *p)
{
	html(h, "<table class='data days' aria-labelledby='h-s'><thead><tr><th scope='col'>步骤</th>"
		"<th scope='col'>开始</th><th scope='col'>结束</th><th scope='col' class='hide'>文件怎么说</th></tr>"
		"</thead><tbody>\n");
	for (int i = 0; i < p->scheme->n_steps; i++) {
		const struct scheme_step *s = &p->scheme->steps[i];
		html(h, "<tr><th scope='row'>{}</th><td class='nw'><input name='from' size='11' "
			"aria-label='{}开始' value='{}'></td><td class='nw'><input name='to' size='11' "
			"aria-label='{}结束' value='{}'></td><td class='hide'>{}</td></tr>\n", s->label,
		     s->label, form_typed(call, campaign_open_fields, "from", i,
					  page_day(call, p->steps[i].from_day, false)), s->label,
		     form_typed(call, campaign_open_fields, "to", i,
				page_day(call, p->steps[i].to_day, false)), s->notes);
	}
	html(h, "</tbody></table><p class='hint'>日期写成 2026-03-27 的样子；空着表示不限。开始以后还可以改，改要写理由。</p>\n");
}

static void write_preview(struct web_call *call, struct html *h, const struct opening *o)
{
	const struct campaign_preview *p = &o->preview;

	if (p->conflict) {
		html(h, "<p class='box warn gap'>{}</p>\n", p->conflict);
		return;
	}
	struct form form = form_begin(call, h, "/campaigns/new", campaign_open_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)o->node));
	form_hidden(&form, "scheme", web_text(call, "scheme"));
	form_hidden(&form, "year", page_text(call, "%d", o->year));
	form_row(&form, "title", p->title);
	html(h, "<div class='sec gap'><h2 id='h-s'>步骤和日期</h2></div>\n");
	write_steps(call, h, p);
	html(h, "<div class='sec gap'><h2>要定级的党组织 {} 个</h2></div><ul class='list'>", p->graded);
	for (int i = 0; i < p->scheme->n_categories; i++)
		html(h, "<li>{}<p>{} 个</p></li>", p->scheme->categories[i].label, p->by_category[i]);
	if (p->outside)
		html(h, "<li>不参加的<p>{} 个：没有登记领域，或者领域、组织类型不在方案里</p></li>", p->outside);
	html(h, "</ul>\n");
	if (p->scheme->assumptions.n) {
		html(h, "<div class='sec gap'><h2>文件没有写明、由方案设定的地方</h2></div><ol class='list'>");
		for (int i = 0; i < p->scheme->assumptions.n; i++)
			html(h, "<li>{}</li>", p->scheme->assumptions.at[i]);
		html(h, "</ol>\n");
	}
	html(h, "<p class='box gap-t gap-b'>开始以后，方案和组织名册就固定下来：以后再改方案、调整组织，都不影响这项工作。</p>\n");
	form_end(&form, "开始这项年度工作", "main", "/campaigns");
}

void page_campaign_new(struct web_call *call, struct html *h)
{
	const struct opening *o = call->model;
	const struct crumb crumbs[] = {{"年度工作", "/campaigns"}, {"开展年度工作", NULL}};
	struct page page = {.title = "开展年度工作", .menu = "/campaigns", .crumbs = crumbs, .n_crumbs = 2};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>开展年度工作</h1>"
		"<p class='note'>先选方案、年度和范围，看清楚日期和名单，再开始。</p></div></div>\n");
	if (!o) {
		form_problem(call, h, call->typed_fields);
		html(h, "<p><a class='btn' href='/campaigns/new'>重新选</a></p>");
		page_end(call, h);
		return;
	}
	write_choice(call, h, o);
	if (o->has_preview)
		write_preview(call, h, o);
	page_end(call, h);
}

json_t *json_campaign_new(struct web_call *call)
{
	const struct opening *o = call->model;
	json_t *json = json_form(call);

	if (!o || !o->has_preview)
		return json;
	json_t *steps = json_array();
	for (int i = 0; i < o->preview.scheme->n_steps; i++)
		json_array_append_new(steps, json_pack("{s:s, s:s, s:s, s:s}", "id",
			o->preview.scheme->steps[i].id, "label", o->preview.scheme->steps[i].label,
			"from", page_day(call, o->preview.steps[i].from_day, false), "to",
			page_day(call, o->preview.steps[i].to_day, false)));
	json_object_set_new(json, "steps", steps);
	json_object_set_new(json, "graded", json_integer(o->preview.graded));
	json_object_set_new(json, "outside", json_integer(o->preview.outside));
	return json;
}

/* The i-th of many days; 0 where it is empty. */
static int read_day(struct web_call *call, const char *name, int i, int32_t *ret_day)
{
	const struct web_value *v = web_value(call, name);
	*ret_day = 0;
	if (i >= v->n || !v->texts[i].len)
		return 0;
	if (day_parse(str_trim(v->texts[i]), ret_day) < 0)
		return err_set(&call->info, ERR_INPUT, "第 %d 个步骤的日期不对，应写成 2026-03-27 的样子",
			       i + 1);
	return 0;
}

int act_campaign_open(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int n = web_value(call, "from")->n, r = 0;
	struct campaign_step *steps = arena_zalloc(call->arena, (size_t)n + 1, sizeof(*steps));
	int64_t id;

	if (!steps)
		return err_nomem(&call->info);
	for (int i = 0; r == 0 && i < n; i++) {
		steps[i].step = i;
		r = read_day(call, "from", i, &steps[i].from_day);
		if (r == 0)
			r = read_day(call, "to", i, &steps[i].to_day);
	}
	const struct campaign_draft draft = {
		.node = web_number(call, "node", 0), .scheme = web_text(call, "scheme"),
		.year = (int)web_number(call, "year", caller.today / 10000),
		.title = web_text(call, "title"), .steps = steps, .n_steps = n,
	};
	if (r == 0)
		r = campaigns_open(call->web->app, &caller, &draft, &id, &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/campaigns/%lld", (long long)id);
	call->note = "年度工作已开始";
	return 0;
}
