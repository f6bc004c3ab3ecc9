/* SPDX-License-Identifier: Apache-2.0 */
/* The survey's sums for leaders: five conditions and other warnings (CT-7). */
#include "app/conditions.h"

#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"
#include "web/pages/pages_survey.h"

const struct web_field conditions_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "of", .label = "看哪一项", .type = WEB_INT, .min = 1, .max = SCHEME_LIST_MAX},
	{0},
};

int act_conditions(struct web_call *call)
{
	struct conditions *c = arena_zalloc(call->arena, 1, sizeof(*c));
	struct caller caller = page_caller(call);
	if (!c)
		return err_nomem(&call->info);
	call->model = c;
	return conditions_get(call->web->app, &caller, web_number(call, "campaign", 0), web_number(call, "node", 0),
			      (int)web_number(call, "of", 0) - 1, call->arena, c, &call->info);
}

/* Conditions always, of the other questions only those that somebody's answer warns of. */
static bool is_shown(const struct conditions *c, int q)
{
	return c->call.scheme->survey[q].condition || c->own.counts[q];
}

static const char *address(struct web_call *call, const struct conditions *c, int64_t node, int q)
{
	return page_text(call, "/campaigns/%lld/conditions?node=%lld&of=%d#who", (long long)c->call.campaign.id,
			 (long long)node, q + 1);
}

/* What stands above its column: the questions' own words are too long. */
static int number_of(const struct conditions *c, int question)
{
	int n = 1;
	for (int q = 0; q < c->call.scheme->n_survey; q++)
		if (q != question && is_shown(c, q) &&
		    (c->call.scheme->survey[q].condition > c->call.scheme->survey[question].condition ||
		     (c->call.scheme->survey[q].condition == c->call.scheme->survey[question].condition && q < question)))
			n++;
	return n;
}

static void write_sums(struct web_call *call, struct html *h, const struct conditions *c, bool conditions)
{
	int n = 0;
	for (int q = 0; q < c->call.scheme->n_survey; q++) {
		if (c->call.scheme->survey[q].condition != conditions || !is_shown(c, q))
			continue;
		if (!n++)
			html(h, "<div class='sec'><h2>{}</h2><span class='note'>共 {} 个党组织</span></div><ul class='list'>\n",
			     conditions ? "逐级汇总的状况" : "调查表里的预警", c->own.total);
		html(h, "<li><b class='r'><a href='{}'>{} 个</a></b>{}. {}</li>\n", address(call, c, c->own.node, q),
		     c->own.counts[q], number_of(c, q), c->call.scheme->survey[q].label);
	}
	if (n)
		html(h, "</ul>\n");
}

static void write_children(struct web_call *call, struct html *h, const struct conditions *c)
{
	int *order = arena_zalloc(call->arena, (size_t)c->call.scheme->n_survey + 1, sizeof(*order)), n = 0;
	if (!c->n || !order)
		return;
	for (int q = 0; q < c->call.scheme->n_survey; q++)
		if (is_shown(c, q)) {
			order[number_of(c, q) - 1] = q;
			n++;
		}
	html(h, "<section class='gap'><div class='sec'><h2>逐级汇总</h2><span class='note'>列的号码就是上面的号码；点数字看是哪些党组织</span></div>"
		"<div class='scroll'><table class='data sort stick'><caption class='vh'>逐级汇总</caption><thead><tr><th scope='col'>组织</th>"
		"<th scope='col' class='n sum'>党组织</th>");
	for (int k = 0; k < n; k++)
		html(h, "<th scope='col' class='n sum'><abbr title='{}'>{}</abbr></th>", c->call.scheme->survey[order[k]].label, k + 1);
	html(h, "</tr></thead><tbody>\n");
	for (int i = 0; i < c->n; i++) {
		const struct condition_row *row = &c->rows[i];
		html(h, "<tr><th scope='row'><a href='/campaigns/{}/conditions?node={}'>{}</a></th><td class='n'>{}</td>",
		     c->call.campaign.id, row->node, row->name, row->total);
		for (int k = 0; k < n; k++) {
			int q = order[k];
			if (row->counts[q])
				html(h, "<td class='n'><a href='{}'>{}</a></td>", address(call, c, row->node, q), row->counts[q]);
			else
				html(h, "<td class='n'>0</td>");
		}
		html(h, "</tr>\n");
	}
	html(h, "</tbody></table></div></section>\n");
}

static void write_orgs(struct html *h, const struct conditions *c)
{
	if (c->question < 0)
		return;
	const struct scheme_question *q = &c->call.scheme->survey[c->question];
	bool words = q->ask == ASK_NUMBER || q->ask == ASK_TEXT;
	html(h, "<section class='gap' id='who'><div class='sec'><h2>{}：{} 个</h2></div><ul class='list'>\n", q->label,
	     c->own.counts[c->question]);
	for (int i = 0; i < c->n_orgs; i++)
		html(h, "<li><span class='r'>{}{}</span><a href='/orgs/{}'>{}</a></li>\n", words ? c->orgs[i].answer : "",
		     words ? q->unit : "", c->orgs[i].id, c->orgs[i].name);
	html(h, "</ul>\n");
	if (c->n_orgs == CONDITION_ORGS_MAX)
		html(h, "<p class='note'>只列出前 {} 个，请点下级再看</p>", (int)CONDITION_ORGS_MAX);
	html(h, "</section>\n");
}

void page_conditions(struct web_call *call, struct html *h)
{
	const struct conditions *c = call->model;
	struct page page = {.title = page_text(call, "%s 调查汇总", c->call.org.name)};
	int shown = 0;
	for (int q = 0; q < c->call.scheme->n_survey; q++)
		shown += is_shown(c, q);
	decide_crumbs(call, &c->call, "调查汇总", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>{} 年调查汇总</span></h1><p class='note'>调查摸底发现的状况，逐级汇总</p></div></div>\n",
	     c->call.org.name, c->call.campaign.year);
	if (!shown)
		html(h, "<div class='empty'>没有预警<p>调查表还没有填，或者没有发现问题</p></div>\n");
	write_sums(call, h, c, true);
	write_sums(call, h, c, false);
	if (shown)
		write_children(call, h, c);
	write_orgs(h, c);
	page_end(call, h);
}

static json_t *row_json(const struct conditions *c, const struct condition_row *row)
{
	json_t *counts = json_object();
	for (int q = 0; q < c->call.scheme->n_survey; q++)
		if (is_shown(c, q))
			json_object_set_new(counts, c->call.scheme->survey[q].id, json_integer(row->counts[q]));
	return json_pack("{s:I, s:s, s:I, s:o}", "node", (json_int_t)row->node, "name", row->name, "total",
			 (json_int_t)row->total, "counts", counts);
}

json_t *json_conditions(struct web_call *call)
{
	const struct conditions *c = call->model;
	json_t *json = row_json(c, &c->own), *children = json_array(), *orgs = json_array();
	for (int i = 0; i < c->n; i++)
		json_array_append_new(children, row_json(c, &c->rows[i]));
	for (int i = 0; i < c->n_orgs; i++)
		json_array_append_new(orgs, json_pack("{s:I, s:s, s:s}", "org", (json_int_t)c->orgs[i].id, "name",
						      c->orgs[i].name, "answer", c->orgs[i].answer));
	json_object_set_new(json, "children", children);
	json_object_set_new(json, "orgs", orgs);
	return json;
}
