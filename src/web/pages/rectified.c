/* SPDX-License-Identifier: Apache-2.0 */
/* The year's rectification in an appraisal (HN-7): of one secretary as figures with the
 * cases behind them, of all side by side. */
#include "app/improving.h"
#include "domain/day.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"
#include "web/pages/pages_ledger.h"

static bool figure_choice(int i, struct web_choice *ret)
{
	if (i >= RECTIFIED_COUNT)
		return false;
	*ret = (struct web_choice){rectified_id((enum rectified)i), rectified_label((enum rectified)i)};
	return true;
}

const struct web_field appraisal_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG,
	{.name = "of", .label = "看哪一项", .type = WEB_CHOICE, .choice_at = figure_choice},
	{0},
};
const struct web_field rectified_list_fields[] = {DECIDE_CAMPAIGN, DECIDE_NODE, {0}};

/* How sure the figures are. */
static const char *as_of_text(struct web_call *call, const struct rectified_year *y)
{
	const char *day = page_day(call, y->as_of, false);
	if (!y->fixed)
		return page_text(call, "从整顿台账取来，算到 %s；会议定等次时固定", day);
	return page_text(call, "%s固定，算到 %s；以后台账再变，这里不变",
			 y->meeting ? "会议定等次时" : "年度工作结束时", day);
}

static const char *address(struct web_call *call, const struct rectified_year *y, int figure)
{
	return page_text(call, "/campaigns/%lld/orgs/%lld/appraisal?of=%s#h-re",
			 (long long)web_number(call, "campaign", 0), (long long)y->org,
			 rectified_id((enum rectified)figure));
}

/* What is bad as soon as there is one. */
static bool is_bad(int figure)
{
	return figure == RECTIFIED_OVERDUE || figure == RECTIFIED_RELAPSED || figure == RECTIFIED_STUCK;
}

static void write_figure(struct web_call *call, struct html *h, const struct rectified_year *y, int k)
{
	int n = y->of[k].n;
	if (n && is_bad(k))
		html(h, "<a href='{}' class='light bad'>{}</a>", address(call, y, k), n);
	else if (n)
		html(h, "<a href='{}'>{}</a>", address(call, y, k), n);
	else
		html(h, "0");
}

/* The cases behind the figure that the address asks for. */
static void write_cases(struct web_call *call, struct html *h, const struct rectified_year *y)
{
	int k = (int)web_number(call, "of", -1);
	if (k < 0 || k >= RECTIFIED_COUNT)
		return;
	html(h, "<p class='gap-s'><b>{}：{} 个</b></p>\n", rectified_label((enum rectified)k), y->of[k].n);
	if (!y->of[k].n)
		return;
	html(h, "<table class='data sort stack'><caption class='vh'>{}</caption><thead><tr><th scope='col'>党组织</th>"
		"<th scope='col'>现在</th><th scope='col' class='n'>全案期限</th><th scope='col' class='n'>销号</th>"
		"</tr></thead><tbody>\n", rectified_label((enum rectified)k));
	for (int i = 0; i < y->of[k].n; i++) {
		const struct rectified_case *c = &y->of[k].cases[i];
		html(h, "<tr><th scope='row'><a href='/cases/{}'>{}</a></th><td data-l='现在'>{}</td>"
			"<td class='n' data-l='期限'>{}</td>", c->id, c->name, case_state_label(c->state),
		     page_day(call, c->deadline, true));
		if (c->written_off_day)
			html(h, "<td class='n' data-l='销号'>{}</td></tr>\n", page_day(call, c->written_off_day, true));
		else
			html(h, "<td></td></tr>\n");
	}
	html(h, "</tbody></table>\n");
}

void rectified_write(struct web_call *call, struct html *h, const struct rectified_year *y)
{
	html(h, "<section class='gap-b' aria-labelledby='h-re'><div class='sec'><h2 id='h-re'>今年整顿情况</h2></div>"
		"<p class='note'>{}。点数字看是哪些党组织。</p><dl class='kv'>\n", as_of_text(call, y));
	for (int k = 0; k < RECTIFIED_COUNT; k++) {
		html(h, "<dt>{}{}</dt><dd>", k == RECTIFIED_IN_TIME || k == RECTIFIED_OVERDUE ? "其中" : "",
		     rectified_label((enum rectified)k));
		write_figure(call, h, y, k);
		html(h, " 个</dd>");
	}
	html(h, "</dl>\n");
	write_cases(call, h, y);
	html(h, "</section>\n");
}

json_t *rectified_json(const struct rectified_year *y)
{
	json_t *figures = json_object();
	char day[16];
	for (int k = 0; k < RECTIFIED_COUNT; k++) {
		json_t *cases = json_array();
		for (int i = 0; i < y->of[k].n; i++)
			json_array_append_new(cases, json_pack("{s:I, s:I, s:s}", "case",
							       (json_int_t)y->of[k].cases[i].id, "org",
							       (json_int_t)y->of[k].cases[i].org, "name",
							       y->of[k].cases[i].name));
		json_object_set_new(figures, rectified_id((enum rectified)k),
				    json_pack("{s:i, s:o}", "n", y->of[k].n, "cases", cases));
	}
	day_format(y->as_of, day);
	return json_pack("{s:I, s:s, s:b, s:s, s:o}", "org", (json_int_t)y->org, "name", y->name, "fixed",
			 y->fixed, "as_of", day, "figures", figures);
}

/* ---- side by side ---- */

int act_rectified_list(struct web_call *call)
{
	struct rectified_list *l = arena_zalloc(call->arena, 1, sizeof(*l));
	struct caller caller = page_caller(call);
	if (!l)
		return err_nomem(&call->info);
	call->model = l;
	return rectified_get(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0), call->arena, l, &call->info);
}

void page_rectified_list(struct web_call *call, struct html *h)
{
	const struct rectified_list *l = call->model;
	struct page page = {.title = page_text(call, "整顿情况 · %s", l->call.org.name)};
	int n_fixed = 0;
	for (int i = 0; i < l->n; i++)
		n_fixed += l->years[i].fixed;
	decide_crumbs(call, &l->call, "整顿情况", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>{} 年整顿情况</span></h1><p class='note'>从整顿台账取来，不用填；点数字看是哪些党组织。"
		"{} 个党委，{} 个已经固定，其余会议定等次时固定</p></div></div>\n", l->call.org.name,
	     l->call.campaign.year, l->n, n_fixed);
	if (!l->n) {
		html(h, "<div class='empty'>{}<p>{}</p></div>\n",
		     l->call.campaign.kind == CAMPAIGN_APPRAISAL ? "这里没有参加述职评议的党委" : "这项年度工作不是述职评议考核",
		     "请从述职评议考核的页面进来");
		page_end(call, h);
		return;
	}
	html(h, "<div class='scroll'><table class='data sort stick'><caption class='vh'>各党委整顿情况</caption><thead><tr><th scope='col'>党委</th>");
	for (int k = 0; k < RECTIFIED_COUNT; k++)
		html(h, "<th scope='col' class='n sum'>{}</th>", rectified_label((enum rectified)k));
	html(h, "<th scope='col'>算到</th></tr></thead><tbody>\n");
	for (int i = 0; i < l->n; i++) {
		const struct rectified_year *y = &l->years[i];
		html(h, "<tr><th scope='row'><a href='/campaigns/{}/orgs/{}/appraisal'>{}</a></th>",
		     l->call.campaign.id, y->org, y->name);
		for (int k = 0; k < RECTIFIED_COUNT; k++) {
			html(h, "<td class='n'>");
			write_figure(call, h, y, k);
			html(h, "</td>");
		}
		html(h, "<td class='nw'>{}{}</td></tr>\n", page_day(call, y->as_of, true),
		     y->fixed ? " 固定" : "");
	}
	html(h, "</tbody></table></div>\n");
	page_end(call, h);
}

json_t *json_rectified_list(struct web_call *call)
{
	const struct rectified_list *l = call->model;
	json_t *list = json_array();
	for (int i = 0; i < l->n; i++)
		json_array_append_new(list, rectified_json(&l->years[i]));
	return json_pack("{s:i, s:o}", "year", l->call.campaign.year, "committees", list);
}
