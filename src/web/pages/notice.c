/* SPDX-License-Identifier: Apache-2.0 */
/* The notice: as a table, on A4, and on the public page without signing in. */
#include "app/publicizing.h"
#include "report/forms/forms.h"
#include "store/meeting.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"
#include "web/pages/publicity_in.h"

const struct web_field public_fields[] = {
	{.name = "notice", .label = "公示", .type = WEB_TEXT, .required = true, .min = 1,
	 .max = 2 * PUBLICITY_TOKEN_LEN, .pattern = "a-z0-9"},
	{0},
};

static void write_heads(struct html *h, const struct notice *n)
{
	html(h, "<thead><tr><th scope='col'>序号</th><th scope='col'>党组织名称</th><th scope='col'>类别</th>"
		"<th scope='col'>等次</th>");
	if (n->publicity.show & SHOW_STARS)
		html(h, "<th scope='col'>星级</th>");
	if (n->publicity.show & SHOW_SCORE)
		html(h, "<th scope='col'>得分</th>");
	if (n->publicity.show & SHOW_RANK)
		html(h, "<th scope='col'>名次</th>");
	html(h, "</tr></thead>");
}

static void write_rows(struct html *h, const struct notice *n)
{
	html(h, "<tbody>\n");
	for (int i = 0; i < n->n_rows; i++) {
		const struct notice_row *row = &n->rows[i];
		html(h, "<tr><td>{}</td><td class='l full'>{}</td><td>{}</td><td data-l='等次'>{}</td>", i + 1,
		     row->name, row->category, row->reopened ? "重新评定中" : row->grade);
		if (n->publicity.show & SHOW_STARS)
			html(h, "<td data-l='星级'>{}</td>", row->stars);
		if (n->publicity.show & SHOW_SCORE)
			html(h, "<td data-l='得分'>{}</td>", row->score);
		if (n->publicity.show & SHOW_RANK && row->rank)
			html(h, "<td data-l='名次'>{}</td>", row->rank);
		else if (n->publicity.show & SHOW_RANK)
			html(h, "<td></td>");
		html(h, "</tr>\n");
	}
	html(h, "</tbody>");
}

void notice_write_table(struct html *h, const struct notice *n)
{
	html(h, "<table class='data sort stack'><caption class='vh'>公示的结果</caption>");
	write_heads(h, n);
	write_rows(h, n);
	html(h, "</table>\n");
}

static void write_plans(struct html *h, const struct notice *n)
{
	int shown = 0;
	for (int i = 0; i < n->n_rows; i++)
		shown += n->rows[i].plan != NULL;
	if (!shown)
		return;
	html(h, "<h2>整改方案</h2><ul class='list'>\n");
	for (int i = 0; i < n->n_rows; i++) {
		const struct improvement *p = n->rows[i].plan;
		if (p)
			html(h, "<li><b>{}</b><p>目标：{}</p><p>措施：{}</p><p>责任人：{}</p></li>\n",
			     n->rows[i].name, p->goal, p->measures, p->owner);
	}
	html(h, "</ul>\n");
}

static const char *day_words(struct web_call *call, int32_t day)
{
	return page_text(call, "%d 年 %d 月 %d 日", day / 10000, day / 100 % 100, day % 100);
}

/* "“好”6 个，“较好”9 个" */
static const char *counts_words(struct web_call *call, const struct notice *n)
{
	AUTO(buf) struct buf b = {0};
	for (int g = 0; g < n->scheme->n_grades; g++)
		buf_addf(&b, "%s“%s”%d 个", g ? "，" : "", n->scheme->grades[g].label, n->counts[g]);
	return page_text(call, "%s", buf_str(&b));
}

static void write_words(struct web_call *call, struct html *h, const struct notice *n)
{
	const struct publicity *p = &n->publicity;

	html(h, "<p>根据《{}》，经调查摸底、党组织自评、党员群众测评和考评", n->scheme->title);
	if (n->meeting)
		html(h, "，{}{}研究", day_words(call, n->meeting->day),
		     *n->scheme->meetings.grading ? n->scheme->meetings.grading : "会议");
	html(h, "，拟定 {} 个基层党组织的等次：{}。现予公示。</p>\n", n->n_rows, counts_words(call, n));
	html(h, "<p>公示时间：{} 至 {}。</p>\n", day_words(call, p->from_day), day_words(call, p->to_day));
	html(h, "<p>对公示结果有不同意见的，可以在公示期内反映，署名、不署名都可以。收到的意见逐条登记，逐条答复。</p>"
		"<p>受理地点：{}</p><p>受理电话：{}</p>\n", p->office, p->phone);
}

void page_notice(struct web_call *call, struct html *h)
{
	const struct publicity_view *v = call->model;
	const struct notice *n = &v->notice;
	struct page page = {.title = page_text(call, "公示 · %s", v->call.org.name)};

	decide_crumbs(call, &v->call, "打印公示", &page);
	page_begin(call, h, &page);
	if (!n->rows) {
		html(h, "<div class='empty'><b>还没有公示</b><p>先在公示页开始公示。</p></div>\n");
		page_end(call, h);
		return;
	}
	html(h, "<p class='acts noprint'><a class='btn' href='/campaigns/{}/publicity?node={}'>返回公示</a>"
		"<button class='btn main' type='button' data-print='1'>打印</button></p>\n",
	     v->call.campaign.id, v->call.org.id);
	const char *place = unit_place(call->arena, v->call.org.name);
	html(h, "<div class='papers'><article class='a4 paper'><h1>关于{} {} 年度<br>基层党组织分类定级结果的公示</h1>\n",
	     place, v->call.campaign.year);
	write_words(call, h, n);
	html(h, "<p>网上查看：在本系统地址后加 /p/{}</p><p class='att'>附件：{} {} 年度基层党组织分类定级结果</p>"
		"<p class='sign'>{}</p><p class='sign'>{}</p></article>\n",
	     n->publicity.token, place, v->call.campaign.year, unit_office(call->arena, v->call.org.name),
	     day_words(call, n->publicity.from_day));
	html(h, "<article class='a4 paper'><p class='annex'>附件</p><h1>{} {} 年度<br>基层党组织分类定级结果</h1>"
		"<table class='form'><caption class='vh'>定级结果</caption>", place, v->call.campaign.year);
	write_heads(h, n);
	write_rows(h, n);
	html(h, "</table></article></div>\n");
	page_end(call, h);
}

/* ---- the public page ---- */

int act_public(struct web_call *call)
{
	struct notice *n = arena_zalloc(call->arena, 1, sizeof(*n));
	if (!n)
		return err_nomem(&call->info);
	call->model = n;
	return notice_public(call->web->app, web_text(call, "notice"), page_today(call), call->arena, n,
			     &call->info);
}

void page_public(struct web_call *call, struct html *h)
{
	const struct notice *n = call->model;
	struct page page = {.title = page_text(call, "公示 · %s", n->publicity.node_name)};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度基层党组织分类定级结果公示</h1><p class='note'>{}</p></div></div>\n",
	     n->publicity.node_name, n->campaign.year,
	     n->over ? "公示期已满" : "公示期内，谁都可以反映");
	html(h, "<div class='gap-b'>\n");
	write_words(call, h, n);
	html(h, "</div>\n");
	notice_write_table(h, n);
	if (n->withheld)
		html(h, "<p class='note'>参加测评的人太少的，为了保密不公布得分和名次。</p>\n");
	write_plans(h, n);
	page_end(call, h);
}

json_t *notice_json(struct web_call *call, const struct notice *n)
{
	json_t *rows = json_array();
	for (int i = 0; i < n->n_rows; i++) {
		const struct notice_row *row = &n->rows[i];
		json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", row->name, "category",
				      row->category, "grade", row->grade, "stars", row->stars, "reopened",
				      row->reopened);
		if (n->publicity.show & SHOW_SCORE)
			json_object_set_new(o, "score", *row->score ? json_string(row->score) : json_null());
		if (n->publicity.show & SHOW_RANK)
			json_object_set_new(o, "rank", row->rank ? json_integer(row->rank) : json_null());
		if (row->plan)
			json_object_set_new(o, "plan", json_pack("{s:s, s:s, s:s}", "goal", row->plan->goal, "measures",
								 row->plan->measures, "owner", row->plan->owner));
		json_array_append_new(rows, o);
	}
	return json_pack("{s:s, s:i, s:s, s:s, s:b, s:o}", "node", n->publicity.node_name, "year",
			 n->campaign.year, "from", page_day(call, n->publicity.from_day, false), "to",
			 page_day(call, n->publicity.to_day, false), "over", n->over, "rows", rows);
}

json_t *json_public(struct web_call *call)
{
	return notice_json(call, call->model);
}
