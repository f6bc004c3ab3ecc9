/* SPDX-License-Identifier: Apache-2.0 */
/* Who is late, as text to copy into a chat. */
#include <string.h>

#include "app/chasing.h"
#include "report/doc_write.h"
#include "report/forms/forms.h"
#include "web/pages/pages.h"
#include "web/pages/pages_chase.h"
#include "web/pages/pages_score.h"

const struct web_field chase_fields[] = {
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "node", .label = "哪一级", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{0},
};

struct chase_page {
	struct chasing chasing;
	const char *text;
	int lines;
};

/* Rows from `i` on of which the same is to be said (branches of a township): their
 * names. Returns how many. */
static int same_rows(const struct chasing *c, int i, struct buf *names)
{
	int n = 0;
	for (; i + n < c->n && c->rows[i + n].step == c->rows[i].step && strcmp(c->rows[i + n].what, c->rows[i].what) == 0; n++)
		buf_addf(names, "%s%s", n ? "、" : "", c->rows[i + n].name);
	if (n > 2)
		buf_addf(names, "（%d 个）", n);
	return n;
}

/* The printed form F17, as text. */
static int write_text(struct web_call *call, struct chase_page *p)
{
	const struct chasing *c = &p->chasing;
	struct form_late *late = arena_zalloc(call->arena, (size_t)c->n + 1, sizeof(*late));
	AUTO(doc) struct doc doc = {0};
	AUTO(buf) struct buf text = {0}, names = {0};
	int n_late = 0;

	if (!late)
		return err_nomem(&call->info);
	for (int i = 0; i < c->n;) {
		const struct chase_row *row = &c->rows[i];
		buf_clear(&names);
		i += same_rows(c, i, &names);
		late[n_late++] = (struct form_late){
			{.before = page_text(call, "%s：%s%s", buf_str(&names), row->what,
					     row->days > 0 ? "" : page_text(call, "，%s 到期", page_day(call, row->to_day, true)))},
			row->days > 0 ? row->days : 0};
	}
	if (names.failed)
		return err_nomem(&call->info);
	const struct f17 in = {
		.head = {.unit = c->detail.org.name, .day = page_day(call, page_today(call), false)},
		.campaign = c->detail.campaign.title, .n_late = n_late, .late = late,
	};
	p->lines = n_late + 5;
	f17_make(&doc, &in);
	int r = doc_write_plain(&doc, &text, &call->info);
	if (r == 0 && !(p->text = arena_strdup(call->arena, buf_str(&text))))
		r = err_nomem(&call->info);
	return r;
}

int act_chase(struct web_call *call)
{
	struct chase_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	int r = chasing_list(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0), call->arena, &p->chasing, &call->info);
	return r ? r : write_text(call, p);
}

const char *chase_when(struct web_call *call, int64_t days, int32_t day)
{
	if (days > 0)
		return page_text(call, "逾期 %lld 天", (long long)days);
	if (days == 0)
		return "今天到期";
	return page_text(call, "%s 到期，还有 %lld 天", page_day(call, day, true), (long long)-days);
}

void page_chase(struct web_call *call, struct html *h)
{
	const struct chase_page *p = call->model;
	const struct chasing *c = &p->chasing;
	const struct campaign *campaign = &c->detail.campaign;
	const char *home = page_text(call, "/campaigns/%lld?node=%lld", (long long)campaign->id,
				     (long long)c->detail.org.id);
	struct page page = {.title = "催办"};

	score_crumbs(call, campaign, &c->detail.org, "催办", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>催办：{}</h1><p class='note'>到期三天以内和已经逾期、还没有完成的；"
		"文字里没有分数和电话，可以直接发到群里</p></div></div>\n", c->detail.org.name);
	if (!c->n) {
		html(h, "<p class='empty'>没有要催的，都按时完成了。<a href='{}'>回到这项工作</a></p>\n", home);
		page_end(call, h);
		return;
	}
	html(h, "<section class='box' aria-labelledby='h-t'><div class='sec'><h2 id='h-t'>发到群里的文字</h2></div>"
		"<textarea id='chase-text' rows='{}' readonly aria-labelledby='h-t'>{}</textarea>"
		"<p class='acts'><button class='btn main' type='button' data-copy='chase-text' hidden>复制文字</button></p>"
		"</section>\n", p->lines < 20 ? p->lines : 20, p->text);
	html(h, "<div class='sec'><h2 id='h-l'>逐项</h2></div><div class='scroll'>"
		"<table class='data sort stack' aria-labelledby='h-l'><thead><tr><th scope='col'>组织</th>"
		"<th scope='col'>哪一步</th><th scope='col' class='n sum'>没有完成（个）</th><th scope='col'>期限</th>"
		"</tr></thead><tbody>\n");
	for (int i = 0; i < c->n; i++) {
		const struct chase_row *row = &c->rows[i];
		html(h, "<tr><th scope='row' class='wrap'><a href='/campaigns/{}/orgs?node={}&amp;step={}&amp;state=open'>{}</a></th>"
			"<td data-l='步骤'>{}</td><td class='n' data-l='没有完成'>{}</td><td><span class='light {}'>{}</span></td></tr>\n",
		     campaign->id, row->node, row->step + 1, row->name,
		     c->detail.scheme->steps[row->step].label, row->n, row->days > 0 ? "bad" : "warn",
		     chase_when(call, row->days, row->to_day));
	}
	html(h, "</tbody></table></div>\n");
	if (c->cut)
		html(h, "<p class='note'>只列出前 {} 项，先办这些。</p>\n", (int)CHASE_ROWS_MAX);
	page_end(call, h);
}

json_t *json_chase(struct web_call *call)
{
	const struct chase_page *p = call->model;
	const struct chasing *c = &p->chasing;
	json_t *rows = json_array();
	for (int i = 0; i < c->n; i++)
		json_array_append_new(rows, json_pack("{s:s, s:I, s:s, s:s, s:I, s:I}", "step",
						      c->detail.scheme->steps[c->rows[i].step].id, "node",
						      (json_int_t)c->rows[i].node, "name", c->rows[i].name,
						      "what", c->rows[i].what, "count",
						      (json_int_t)c->rows[i].n, "days",
						      (json_int_t)c->rows[i].days));
	return json_pack("{s:s, s:o}", "text", p->text, "rows", rows);
}
