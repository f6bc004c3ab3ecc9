/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of deciding share. */
#include <string.h>

#include "domain/exact.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"

void decide_crumbs(struct web_call *call, const struct campaign_call *at, const char *last,
		   struct page *page)
{
	struct crumb *crumbs = arena_zalloc(call->arena, 3, sizeof(*crumbs));
	const char *home = page_text(call, "/campaigns/%lld?node=%lld", (long long)at->campaign.id,
				     (long long)at->org.id);
	bool open = page_may_open(call, "/campaigns/{campaign}");

	if (!crumbs)
		return;
	crumbs[0] = (struct crumb){at->campaign.title, open ? home : "/"};
	crumbs[1] = (struct crumb){at->org.name, open ? home : "/"};
	crumbs[2] = (struct crumb){last, NULL};
	page->crumbs = crumbs;
	page->n_crumbs = 3;
	page->menu = "/campaigns";
}

void decide_tabs(struct web_call *call, struct html *h, const struct campaign_call *at,
		 const char *now)
{
	static const struct {
		const char *path, *label;
	} tabs[] = {{"meeting", "考评定级会议"}, {"publicity", "公示"}, {"review", "报送审查"}};
	(void)call;
	html(h, "<nav class='tabs' aria-label='考评定级'>");
	for (size_t i = 0; i < ARRAY_LEN(tabs); i++) {
		html(h, "<a href='/campaigns/{}/{}?node={}'", at->campaign.id, tabs[i].path, at->org.id);
		if (strcmp(now, tabs[i].path) == 0)
			html(h, " aria-current='page'");
		html(h, ">{}</a>", tabs[i].label);
	}
	html(h, "</nav>\n");
}

void decide_grade(struct html *h, const struct scheme *scheme, int grade)
{
	int n = scheme->n_grades, tint = 1;
	if (grade < 0 || grade >= n)
		return;
	if (grade > 0)
		tint = grade == n - 1 ? 5 : 1 + (grade * 4 + (n - 1) / 2) / (n - 1);
	html(h, "<span class='grade g{}'>{}</span>", tint, scheme->grades[grade].label);
}

const char *decide_stars_text(int stars)
{
	static const char *const words[] = {"不定星", "一星", "二星", "三星", "四星", "五星"};
	return stars >= 0 && stars < (int)ARRAY_LEN(words) ? words[stars] : "";
}

void decide_stars(struct html *h, int stars)
{
	static const char *const signs[] = {"", "★", "★★", "★★★", "★★★★", "★★★★★"};
	if (stars < 0 || stars >= (int)ARRAY_LEN(signs))
		return;
	if (stars == 0)
		html(h, "<span class='stars none'>不定星</span>");
	else
		html(h, "<span class='stars' title='{}'>{}</span>", decide_stars_text(stars), signs[stars]);
}

const char *decide_score(struct web_call *call, int64_t score, int places)
{
	AUTO(buf) struct buf b = {0};
	if (score < 0)
		return "—";
	decimal_format_places(&b, (uint64_t)score, places);
	return page_text(call, "%s", buf_str(&b));
}

void decide_gate(struct web_call *call, struct html *h, enum gate_action action, const struct gate_view *gate)
{
	html(h, "<div class='box{}' id='gate'><p><b>{}{}{}</b></p><ul class='gate'>\n",
	     gate->open ? "" : " hot", gate->open ? "可以" : "还不能", gate_doing(action),
	     gate->open ? "了" : "，因为…");
	for (int i = 0; i < gate->n; i++) {
		const struct gate_row *row = &gate->rows[i];
		html(h, "<li class='{}'>{}", row->open ? "y" : "", row->text);
		if (!row->open && row->org)
			html(h, "：<a href='{}#o{}'>看是哪个</a>",
			     page_query_with(call, "row", page_text(call, "o%lld", (long long)row->org)),
			     row->org);
		html(h, "</li>\n");
	}
	html(h, "</ul></div>\n");
}

json_t *decide_gate_json(const struct gate_view *gate)
{
	json_t *list = json_array();
	for (int i = 0; i < gate->n; i++)
		json_array_append_new(list, json_pack("{s:b, s:s}", "open", gate->rows[i].open, "text",
						      gate->rows[i].text));
	return list;
}
