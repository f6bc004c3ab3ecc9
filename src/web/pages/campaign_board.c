/* SPDX-License-Identifier: Apache-2.0 */
/* A node's dashboard: how far the steps are, below it and child by child, grades
 * and stars, change on last year. Every figure leads to its organisations. */
#include "domain/exact.h"
#include "web/chart.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"

enum { CHILDREN_SHOWN = 500, LATE_SHOWN = 12, BOARD_CATEGORIES = SCHEME_CATEGORIES_MAX + 1 };

const struct web_field campaign_board_fields[] = {
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{0},
};

int act_campaign_board(struct web_call *call)
{
	struct campaign_board *b = arena_zalloc(call->arena, 1, sizeof(*b));
	struct caller caller = page_caller(call);

	if (!b)
		return err_nomem(&call->info);
	call->model = b;
	return campaign_board_get(call->web->app, &caller, web_number(call, "campaign", 0),
				  web_number(call, "node", 0), call->arena, b, &call->info);
}

/* The list behind a figure; `more` continues the query. */
static const char *list_of(struct web_call *call, const struct campaign_board *b, int64_t node,
			   const char *more)
{
	return page_text(call, "/campaigns/%lld/orgs?node=%lld%s", (long long)b->detail.campaign.id,
			 (long long)node, more);
}

static const char *points(struct web_call *call, int64_t value, int places)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_places(&text, (uint64_t)value, places);
	return page_text(call, "%s", buf_str(&text));
}

static const char *share(struct web_call *call, int64_t part, int64_t all)
{
	return all ? page_text(call, "%lld.%lld%%", (long long)(part * 1000 / all / 10),
			       (long long)(part * 1000 / all % 10)) : "";
}

/* ---- steps ---- */

static const char *step_class(const struct campaign_board *b, int i, int32_t today)
{
	int64_t all = step_count_all(&b->counts[i]), done = step_count_done(&b->counts[i]);
	const struct campaign_step *days = &b->detail.steps[i];
	if (all && done == all)
		return "done";
	if (campaign_step_late(days, today))
		return "late";
	return "";
}

/* One step is the present one: the first that runs and is not done, else the next
 * to come. One without days runs when those before it are through. */
static int present_step(const struct campaign_board *b, int32_t today)
{
	int next = -1;
	for (int i = 0; i < b->detail.scheme->n_steps; i++) {
		const struct campaign_step *d = &b->detail.steps[i];
		if (*step_class(b, i, today) || (next >= 0 && !d->from_day && !d->to_day))
			continue;
		if (d->from_day <= today)
			return i;
		if (next < 0)
			next = i;
	}
	return next;
}

static void write_step(struct web_call *call, struct html *h, const struct campaign_board *b, int i,
		       bool present, int32_t today)
{
	const struct campaign_step *days = &b->detail.steps[i];
	int64_t all = step_count_all(&b->counts[i]), done = step_count_done(&b->counts[i]);
	const char *class = step_class(b, i, today);

	if (*class)
		html(h, "<li class='{}'>", class);
	else if (present)
		html(h, "<li aria-current='step'>");
	else
		html(h, "<li>");
	html(h, "<b>{}</b><span><a href='{}'>{}/{}</a>", b->detail.scheme->steps[i].label,
	     list_of(call, b, b->detail.org.id,
		     page_text(call, done == all ? "&step=%d" : "&step=%d&state=open", i + 1)), done, all);
	if (strcmp(class, "late") == 0)
		html(h, " · <em>逾期 {}</em>", all - done);
	else if (strcmp(class, "done") != 0 && days->from_day > today)
		html(h, " · {} 起", page_day(call, days->from_day, true));
	else if (strcmp(class, "done") != 0 && days->to_day)
		html(h, " · {} 止", page_day(call, days->to_day, true));
	html(h, "</span></li>");
}

static void write_steps(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	int32_t today = page_today(call);
	int present = present_step(b, today);

	html(h, "<ol class='steps' aria-label='年度工作步骤'>");
	for (int i = 0; i < b->detail.scheme->n_steps; i++)
		write_step(call, h, b, i, i == present, today);
	html(h, "</ol>\n");
}

/* ---- tiles ---- */

static void write_tile(struct html *h, const char *name, const char *href, const char *value,
		       const char *unit, const char *about)
{
	html(h, "<div class='tile'><dt>{}</dt><dd>", name);
	if (href)
		html(h, "<a href='{}'>{}</a>", href, value);
	else
		html(h, "{}", value);
	html(h, " <small>{}</small></dd><p>{}</p></div>\n", unit, about);
}

static int64_t late_count(const struct campaign_board *b, int32_t today)
{
	int64_t n = 0;
	for (int i = 0; i < b->detail.scheme->n_steps; i++)
		if (campaign_step_late(&b->detail.steps[i], today))
			n += step_count_all(&b->counts[i]) - step_count_done(&b->counts[i]);
	return n;
}

static void write_tiles(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *s = b->detail.scheme;
	int64_t node = b->detail.org.id, all = s->n_steps ? step_count_all(&b->counts[0]) : 0;
	const struct result_summary *sum = campaign_board_summary(b, node, -1);
	int64_t up = 0, down = 0, same = 0;

	for (int i = 0; i < b->n_changes; i++) {
		const struct result_change *c = &b->changes[i];
		*(c->after < c->before ? &up : c->after > c->before ? &down : &same) += c->n;
	}
	html(h, "<dl class='tiles'>\n");
	write_tile(h, "列入定级", list_of(call, b, node, ""), page_text(call, "%lld", (long long)all), "个",
		   page_text(call, "%d 类", s->n_categories));
	if (s->kind == SCHEME_GRADING) {
		int64_t graded = sum ? sum->graded : 0;
		int last = s->n_grades - 1;
		write_tile(h, b->partial ? "已报送等次" : "已得出等次", list_of(call, b, node, "&sort=rank"),
			   page_text(call, "%lld", (long long)graded), share(call, graded, all),
			   graded < all ? page_text(call, "还差 %lld 个", (long long)(all - graded)) : "全部");
		write_tile(h, "平均综合得分", NULL,
			   sum && sum->mean_e2 >= 0 ? points(call, sum->mean_e2, 2) : "—", "分",
			   b->partial ? "下级报齐后显示" : "");
		write_tile(h, s->grades[last].label,
			   list_of(call, b, node, page_text(call, "&grade=%d", last + 1)),
			   page_text(call, "%lld", (long long)(sum ? sum->grades[last] : 0)),
			   share(call, sum ? sum->grades[last] : 0, graded), "最后等次");
		if (b->partial)
			write_tile(h, "晋位", NULL, "—", "", "下级报齐后显示");
		else
			write_tile(h, "晋位", NULL, page_text(call, "▲ %lld", (long long)up), "个",
				   page_text(call, "不变 %lld · 退位 ▼ %lld", (long long)same, (long long)down));
	}
	write_tile(h, "逾期", page_text(call, "/campaigns/%lld/chase?node=%lld",
					(long long)b->detail.campaign.id, (long long)node),
		   page_text(call, "%lld", (long long)late_count(b, page_today(call))), "件", "过了日期没办完的");
	html(h, "</dl>\n");
}

/* ---- children ---- */

static void write_cell(struct web_call *call, struct html *h, const struct campaign_board *b,
		       const struct step_child *c, int i, int32_t today)
{
	int64_t all = step_count_all(&c->counts[i]), done = step_count_done(&c->counts[i]);
	bool late = campaign_step_late(&b->detail.steps[i], today) && done < all;

	if (all && done == all) {
		html(h, "<td class='c done-c'>✓ {}</td>", all);
	} else if (!done && !c->counts[i].n[STEP_BEGUN] && !c->counts[i].n[STEP_RETURNED] && !late) {
		html(h, "<td class='c mut'>—</td>");
	} else {
		html(h, "<td class='c'><a href='{}'>",
		     list_of(call, b, c->node, page_text(call, "&step=%d&state=open", i + 1)));
		if (late)
			html(h, "<b class='bad'>{}/{}</b>", done, all);
		else
			html(h, "{}/{}", done, all);
		html(h, "</a><progress max='{}' value='{}' aria-hidden='true'></progress></td>", all, done);
	}
}

/* The longest late step, or how far the review is. */
static void write_light(struct html *h, const struct campaign_board *b, const struct step_child *c,
			int32_t today)
{
	int worst = 0, review = campaign_step_of(b->detail.scheme, STEP_REVIEW);
	for (int i = 0; i < b->detail.scheme->n_steps; i++) {
		int late = campaign_step_late(&b->detail.steps[i], today);
		if (late > worst && step_count_done(&c->counts[i]) < step_count_all(&c->counts[i]))
			worst = late;
	}
	if (review >= 0 && step_count_done(&c->counts[review]) == step_count_all(&c->counts[review]))
		html(h, "<span class='light ok'>已审定</span>");
	else if (review >= 0 && c->counts[review].n[STEP_RETURNED])
		html(h, "<span class='light warn'>退回 {} 个</span>", c->counts[review].n[STEP_RETURNED]);
	else if (review >= 0 && c->counts[review].n[STEP_BEGUN])
		html(h, "<span class='light ok'>已报送，待审查</span>");
	else if (worst)
		html(h, "<span class='light bad'>逾期 {} 天</span>", worst);
	else if (review >= 0)
		html(h, "<span class='light off'>未报送</span>");
	else
		html(h, "<span class='light ok'>正常</span>");
}

static void write_child(struct web_call *call, struct html *h, const struct campaign_board *b,
			const struct step_child *c, int32_t today)
{
	html(h, "<tr><th scope='row'><a href='/campaigns/{}?node={}'>{}</a></th><td class='n'>{}</td>",
	     b->detail.campaign.id, c->node, c->name, step_count_all(&c->counts[0]));
	for (int i = 0; i < b->detail.scheme->n_steps; i++)
		write_cell(call, h, b, c, i, today);
	html(h, "<td class='nw'>");
	write_light(h, b, c, today);
	html(h, "</td></tr>\n");
}

static void write_children(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *s = b->detail.scheme;
	int32_t today = page_today(call);

	html(h, "<section aria-labelledby='h-prog'><div class='sec'><h2 id='h-prog'>进度</h2>"
		"<span class='note'>数字是已办完的党组织，点开看没办完的</span></div>\n"
		"<div class='scroll'><table class='data sort prog' aria-labelledby='h-prog'><thead><tr>"
		"<th scope='col'>组织</th><th scope='col' class='n'>个数</th>");
	for (int i = 0; i < s->n_steps; i++)
		html(h, "<th scope='col' class='c wrap'>{}</th>", s->steps[i].label);
	html(h, "<th scope='col'>状态</th></tr></thead><tbody>\n");
	for (int i = 0; i < b->n_children && i < CHILDREN_SHOWN; i++)
		write_child(call, h, b, &b->children[i], today);
	html(h, "</tbody><tfoot><tr><th scope='row'>合计</th><td class='n'>{}</td>",
	     s->n_steps ? step_count_all(&b->counts[0]) : 0);
	for (int i = 0; i < s->n_steps; i++)
		html(h, "<td class='c'>{}</td>", step_count_done(&b->counts[i]));
	html(h, "<td></td></tr></tfoot></table></div>");
	if (b->n_children > CHILDREN_SHOWN)
		html(h, "<p class='note'>只列出前 {} 个，<a href='{}'>看全部名单</a></p>", (int)CHILDREN_SHOWN,
		     list_of(call, b, b->detail.org.id, ""));
	html(h, "</section>\n");
}

/* ---- who is late ---- */

static void write_late(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	int32_t today = page_today(call);
	int shown = 0;

	html(h, "<section aria-labelledby='h-late'><div class='sec'><h2 id='h-late'>逾期</h2>"
		"<a href='/campaigns/{}/chase?node={}'>催办文字</a></div><ul class='list'>",
	     b->detail.campaign.id, b->detail.org.id);
	for (int k = 0; k < b->n_children; k++)
		for (int i = 0; i < b->detail.scheme->n_steps; i++) {
			const struct step_child *c = &b->children[k];
			int late = campaign_step_late(&b->detail.steps[i], today);
			int64_t open = step_count_all(&c->counts[i]) - step_count_done(&c->counts[i]);
			if (!late || !open || ++shown > LATE_SHOWN)
				continue;
			html(h, "<li><span class='r'><span class='light bad'>逾期 {} 天</span></span>"
				"<a href='{}'>{}</a><p>{}：{} 个没办完（{} 止）</p></li>", late,
			     list_of(call, b, c->node, page_text(call, "&step=%d&state=open", i + 1)),
			     c->name, b->detail.scheme->steps[i].label, open,
			     page_day(call, b->detail.steps[i].to_day, true));
		}
	html(h, "</ul>");
	if (!shown)
		html(h, "<p class='note'>没有逾期的。</p>");
	if (shown > LATE_SHOWN)
		html(h, "<p class='note'>共 {} 件，其余看<a href='/campaigns/{}/chase?node={}'>催办文字</a></p>",
		     shown, b->detail.campaign.id, b->detail.org.id);
	html(h, "</section>\n");
}

/* ---- grades, stars, change ---- */

static void write_grades(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *s = b->detail.scheme;
	struct chart_series series[SCHEME_GRADES_MAX];
	struct chart_row rows[BOARD_CATEGORIES];
	int64_t values[BOARD_CATEGORIES * SCHEME_GRADES_MAX] = {0};
	int n_series = s->n_grades < CHART_SERIES_MAX ? s->n_grades : CHART_SERIES_MAX, n = 0;

	for (int g = 0; g < n_series; g++)
		series[g] = (struct chart_series){
			s->grades[g].label,
			(enum chart_fill)(CHART_GRADE_1 + campaign_grade_look(s, g) - 1)};
	for (int c = -1; c < s->n_categories; c++) {
		const struct result_summary *sum = campaign_board_summary(b, b->detail.org.id, c);
		if (!sum || !sum->graded)
			continue;
		for (int g = 0; g < n_series; g++)
			values[n * n_series + g] = sum->grades[g];
		rows[n++] = (struct chart_row){
			c < 0 ? "全部" : s->categories[c].label,
			list_of(call, b, b->detail.org.id,
				c < 0 ? "&sort=rank" : page_text(call, "&category=%d&sort=rank", c + 1))};
	}
	const struct chart chart = {
		.id = "grades", .title = "各类别等次",
		.note = b->partial ? "只算已报送的，没有报送的不显示" : "已得出等次的党组织", .row_head = "类别",
		.unit = "个", .series = series, .n_series = n_series, .rows = rows, .n_rows = n,
		.values = values, .share = true, .sums = true,
	};
	html(h, "<section aria-labelledby='h-g'><h2 class='vh' id='h-g'>等次</h2>\n");
	if (n)
		chart_write(h, &chart);
	else
		html(h, "<p class='note'>{}</p>", b->partial ? "下级还没有报送结果，报送以后这里才显示等次和星级。"
		     : "还没有算出等次。分打齐、票计完以后，按“重新计算”。");
	html(h, "</section>\n");
}

static void write_stars(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	static const struct chart_series series[] = {{"个数", CHART_FILL_1}};
	const struct result_summary *sum = campaign_board_summary(b, b->detail.org.id, -1);
	struct chart_row rows[SCHEME_STARS_MAX + 1];
	int64_t values[SCHEME_STARS_MAX + 1];
	int n = 0;

	if (!b->detail.scheme->n_stars || !sum || !sum->graded)
		return;
	for (int stars = SCHEME_STARS_MAX; stars >= 0; stars--) {
		values[n] = sum->stars[stars];
		rows[n++] = (struct chart_row){
			campaign_stars_label(stars),
			list_of(call, b, b->detail.org.id, page_text(call, "&stars=%d", stars))};
	}
	const struct chart chart = {
		.id = "stars", .title = "星级", .row_head = "星级", .unit = "个", .series = series,
		.n_series = 1, .rows = rows, .n_rows = n, .values = values, .sums = true,
	};
	html(h, "<section aria-labelledby='h-s'><h2 class='vh' id='h-s'>星级</h2>\n");
	chart_write(h, &chart);
	html(h, "</section>\n");
}

static int64_t changed(const struct campaign_board *b, int before, int after)
{
	for (int i = 0; i < b->n_changes; i++)
		if (b->changes[i].before == before && b->changes[i].after == after)
			return b->changes[i].n;
	return 0;
}

static void write_change_row(struct web_call *call, struct html *h, const struct campaign_board *b,
			     int before)
{
	const struct scheme *s = b->detail.scheme;
	int64_t all = 0;
	html(h, "<tr><th scope='row'>{}</th>", s->grades[before].label);
	for (int after = 0; after < s->n_grades; after++) {
		int64_t n = changed(b, before, after);
		all += n;
		if (!n) {
			html(h, "<td class='mut'>·</td>");
			continue;
		}
		html(h, "<td class='{}'><a href='{}'>",
		     after < before ? "up" : after > before ? "down" : "same",
		     list_of(call, b, b->detail.org.id,
			     page_text(call, "&before=%d&grade=%d", before + 1, after + 1)));
		html(h, "{}{}</a></td>", after < before ? "▲ " : after > before ? "▼ " : "", n);
	}
	html(h, "<td class='n'>{}</td></tr>\n", all);
}

static void write_change(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *s = b->detail.scheme;

	if (!b->n_changes)
		return;
	html(h, "<section aria-labelledby='h-ch'><div class='sec'><h2 id='h-ch'>比上年</h2></div>"
		"<div class='scroll'><table class='data matrix' aria-labelledby='h-ch'><thead><tr>"
		"<th scope='col'>上年 ＼ 今年</th>");
	for (int g = 0; g < s->n_grades; g++)
		html(h, "<th scope='col' class='c'>{}</th>", s->grades[g].label);
	html(h, "<th scope='col' class='n'>上年合计</th></tr></thead><tbody>\n");
	for (int g = 0; g < s->n_grades; g++)
		write_change_row(call, h, b, g);
	html(h, "</tbody></table></div></section>\n");
}

/* ---- rectification ---- */

static void write_cases(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	int64_t open = 0, all = 0;
	for (int i = 0; i < CASE_STATE_COUNT; i++) {
		all += b->cases[i];
		open += case_is_open((enum case_state)i) ? b->cases[i] : 0;
	}
	if (!b->may_cases || !page_may_open(call, "/cases"))
		return;
	html(h, "<section class='gap' aria-labelledby='h-cases'><div class='sec'><h2 id='h-cases'>整顿</h2>"
		"<span class='note'>在册 {} 个，各年累计 {} 个</span><a href='/cases?node={}'>整顿台账</a></div>"
		"<ul class='chips'>\n", open, all, b->detail.org.id);
	for (int i = 0; i < CASE_STATE_COUNT; i++)
		if (b->cases[i])
			html(h, "<li class='chip'><a href='/cases?node={}&amp;state={}'>{} <b>{}</b></a></li>\n",
			     b->detail.org.id, case_state_id((enum case_state)i),
			     case_state_label((enum case_state)i), b->cases[i]);
	for (int k = 0; k < CASE_ALARMS; k++)
		if (b->alarms[k] > 0)
			html(h, "<li class='chip alarm'><a href='/cases?node={}&amp;alarm={}'>{} <b>{}</b></a></li>\n",
			     b->detail.org.id, ledger_alarm_id((enum case_alarm)(1u << k)),
			     ledger_alarm_label((enum case_alarm)(1u << k)), b->alarms[k]);
	html(h, "</ul>");
	if (b->alarms[0] < 0)
		html(h, "<p class='note'>在册太多，哪些要提醒到下一级的页面看。</p>");
	html(h, "</section>\n");
}

/* ---- four guarantees (CT-8) ---- */

/* Of ten thousand yuan, rounded to two decimals. */
static const char *wan(struct web_call *call, int64_t cents)
{
	int64_t e2 = (cents + 5000) / 10000;
	return page_text(call, "%lld.%02lld", (long long)(e2 / 100), (long long)(e2 % 100));
}

static void write_money(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	if (!b->may_money || !page_may_open(call, "/guarantees"))
		return;
	html(h, "<section class='gap' aria-labelledby='h-money'><div class='sec'><h2 id='h-money'>四项保障</h2>"
		"<span class='note'>{} 年，下面各党组织合计；单位万元</span><a href='/guarantees?node={}&amp;year={}'>看各党组织</a></div>"
		"<ul class='chips'>\n", b->detail.campaign.year, b->detail.org.id, b->detail.campaign.year);
	for (int k = 0; k < GUARANTEES; k++) {
		int64_t by = b->money[k] - b->money_before[k];
		html(h, "<li class='chip'><a href='/guarantees?node={}&amp;year={}'>{} <b>{}</b>（{} 个有数）{}</a></li>\n",
		     b->detail.org.id, b->detail.campaign.year, guarantee_label(k), wan(call, b->money[k]), b->money_n[k],
		     b->money_n_before[k] ? page_text(call, "上年 %s（%lld 个）%s %s", wan(call, b->money_before[k]),
						      (long long)b->money_n_before[k], by >= 0 ? "▲" : "▼",
						      wan(call, by >= 0 ? by : -by)) : "");
	}
	html(h, "</ul></section>\n");
}

/* ---- one organisation ---- */

static void write_own_steps(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *s = b->detail.scheme;
	int32_t today = page_today(call);

	html(h, "<section aria-labelledby='h-own'><div class='sec'><h2 id='h-own'>办到哪一步</h2></div>"
		"<ul class='list'>");
	for (int i = 0; i < s->n_steps; i++) {
		const struct org_step *o = &b->own[i];
		int late = campaign_step_late(&b->detail.steps[i], today);
		bool through = o->state == STEP_DONE || o->state == STEP_WAIVED;
		html(h, "<li><span class='r'>");
		if (!through && late)
			html(h, "<span class='light bad'>{}，逾期 {} 天</span>",
			     campaign_state_label(o->state), late);
		else
			html(h, "<span class='light {}'>{}</span>",
			     through ? "ok" : o->state == STEP_RETURNED ? "warn" : "off",
			     campaign_state_label(o->state));
		html(h, "</span>{}<p>", s->steps[i].label);
		if (b->detail.steps[i].to_day)
			html(h, "{} 止　", page_day(call, b->detail.steps[i].to_day, true));
		html(h, "{}</p></li>", o->note);
	}
	html(h, "</ul></section>\n");
}

static void write_result(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *s = b->detail.scheme;
	const struct result *r = &b->result;

	if (!r->org || r->grade < 0 || !(b->detail.may >> ACTION_REPORT_READ & 1))
		return;
	html(h, "<dl class='tiles'><div class='tile'><dt>等次</dt><dd><span class='grade g{}'>{}</span></dd>"
		"<p>{}</p></div>", campaign_grade_look(s, r->grade), s->grades[r->grade].label,
	     r->meeting ? "会议调整" : r->quota >= 0 ? "按比例划入" : "按得分");
	if (b->withheld)
		html(h, "<div class='tile'><dt>综合得分</dt><dd>不公布</dd><p>参加测评的不足 5 人</p></div>");
	else
		html(h, "<div class='tile'><dt>综合得分</dt><dd>{}</dd><p>{}</p></div>",
		     points(call, r->score, r->places),
		     r->rank ? page_text(call, "第 %lld 名", (long long)r->rank) : "");
	if (r->stars >= 0)
		html(h, "<div class='tile'><dt>星级</dt><dd>{}</dd><p></p></div>", campaign_stars_label(r->stars));
	html(h, "</dl>\n");
}

static void write_past(struct html *h, const struct campaign_board *b)
{
	html(h, "<section aria-labelledby='h-past'><div class='sec'><h2 id='h-past'>往年</h2></div>");
	if (!b->n_past)
		html(h, "<p class='note'>没有往年结果。</p>");
	else
		html(h, "<ul class='list'>");
	for (int i = 0; i < b->n_past; i++) {
		const struct past_result *p = &b->past[i];
		html(h, "<li>{} 年：{}", p->year, *p->grade ? p->grade : "没有定级");
		if (p->stars >= 0)
			html(h, "，{}", campaign_stars_label(p->stars));
		if (*p->examination)
			html(h, "，年度考核{}", p->examination);
		html(h, "<p>{}{}</p></li>", *p->score ? "得分 " : "", p->score);
	}
	if (b->n_past)
		html(h, "</ul>");
	html(h, "</section>\n");
}

/* Pages of others about this node, as far as they exist and are open to one. */
static bool has_source(const struct scheme *scheme, enum source_who who)
{
	for (int i = 0; i < scheme->n_sources; i++)
		if (scheme->sources[i].who == who)
			return true;
	return false;
}

/* Where the work is done: of a node for those below it, of a branch its own. */
static void write_doors(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct scheme *scheme = b->detail.scheme;
	const bool units = has_source(scheme, RATED_BY_UNITS), live = has_source(scheme, RATED_BY_LIVE);
	const bool ballots = has_source(scheme, RATED_BY_VOTERS);
	const bool appraisal = b->detail.campaign.kind == CAMPAIGN_APPRAISAL;
	const bool survey = scheme->n_survey > 0 && b->detail.may >> ACTION_SURVEY_WRITE & 1;
	const struct {
		const char *route, *tail, *label;
		bool shown;
	} doors[] = {
		{"/campaigns/{campaign}/survey", "survey", "调查摸底", survey},
		{"/campaigns/{campaign}/conditions", "conditions", "调查汇总", scheme->n_survey > 0},
		{"/campaigns/{campaign}/selfs", "selfs", "自评", true},
		{"/campaigns/{campaign}/counts", "counts", "计票", ballots},
		{"/campaigns/{campaign}/scores", "scores", "打分", true},
		{"/campaigns/{campaign}/live", "live", "现场评分", live},
		{"/campaigns/{campaign}/raters", "raters", "相关单位", units},
		{"/campaigns/{campaign}/rectified", "rectified", "整顿情况", appraisal},
		{"/campaigns/{campaign}/meeting", "meeting", "会议定级", true},
		{"/campaigns/{campaign}/publicity", "publicity", "公示", true},
		{"/campaigns/{campaign}/review", "review", "报送和审查", true},
	}, own[] = {
		{"/campaigns/{campaign}/orgs/{org}/survey", "survey", "调查摸底", survey},
		{"/campaigns/{campaign}/orgs/{org}/self", "self", "自评", true},
		{"/campaigns/{campaign}/orgs/{org}/count", "count", "计票", ballots},
		{"/campaigns/{campaign}/orgs/{org}/why", "why", "分数从哪里来", true},
		{"/campaigns/{campaign}/orgs/{org}/appraisal", "appraisal", "述职评议", appraisal},
		{"/campaigns/{campaign}/orgs/{org}/improvement", "improvement", "整改提升", true},
	};
	for (size_t i = 0; !b->leaf && i < ARRAY_LEN(doors); i++)
		if (doors[i].shown && page_may_open(call, doors[i].route))
			html(h, "<a class='btn' href='/campaigns/{}/{}?node={}'>{}</a>",
			     b->detail.campaign.id, doors[i].tail, b->detail.org.id, doors[i].label);
	for (size_t i = 0; b->leaf && i < ARRAY_LEN(own); i++)
		if (own[i].shown && page_may_open(call, own[i].route))
			html(h, "<a class='btn' href='/campaigns/{}/orgs/{}/{}'>{}</a>",
			     b->detail.campaign.id, b->detail.org.id, own[i].tail, own[i].label);
	if (b->leaf && b->detail.may >> ACTION_SELF_WRITE & 1 && has_source(scheme, RATED_BY_MUTUAL))	/* QN-1 */
		html(h, "<a class='btn' href='/campaigns/{}/peer-scores?node={}'>给别的党组织打分</a>",
		     b->detail.campaign.id, b->detail.org.id);
	if (ballots && page_may_open(call, "/ballots"))
		html(h, "<a class='btn' href='/ballots?node={}&amp;campaign={}'>匿名票箱</a>", b->detail.org.id,
		     b->detail.campaign.id);
	if (b->leaf)
		html(h, "<a class='btn' href='/orgs/{}/years'>历年</a>", b->detail.org.id);
	else if (b->may_cases && b->detail.scheme->n_reports)	/* ZJ-15 */
		html(h, "<a class='btn' href='/cases/dates?campaign={}&amp;node={}'>要报的材料</a>",
		     b->detail.campaign.id, b->detail.org.id);
}

/* ---- the page ---- */

static void write_head(struct web_call *call, struct html *h, const struct campaign_board *b)
{
	const struct campaign *c = &b->detail.campaign;

	bool whole = b->detail.org.id == c->node;

	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{}{}", whole ? c->title : b->detail.org.name,
	     whole ? "" : page_text(call, "%s。", c->title), c->state == CAMPAIGN_OPEN ? "" : "已结束。");
	if (c->graded_ms)
		html(h, "得分和等次是 {} 算的。", page_time(call, c->graded_ms));
	html(h, "</p></div><div class='acts'>");
	write_doors(call, h, b);
	if (b->detail.owner)
		html(h, "<a class='btn hide' href='/campaigns/{}/settings'>日期和结束</a>", c->id);
	if (c->state == CAMPAIGN_OPEN && c->kind != CAMPAIGN_RECTIFICATION &&
	    (b->detail.may >> ACTION_SUBMIT & 1))
		html(h, "<form class='inline' method='post' action='/campaigns/{}/grade'>"
			"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' "
			"value='{}'><button class='btn main'>重新计算</button></form>", c->id, call->csrf,
		     b->detail.org.id);
	html(h, "</div></div>\n");
}

void page_campaign_board(struct web_call *call, struct html *h)
{
	const struct campaign_board *b = call->model;
	struct page page = {.title = b->detail.campaign.title};

	campaign_crumbs(call, &b->detail.campaign, b->crumbs, b->n_crumbs, NULL, &page);
	page_begin(call, h, &page);
	write_head(call, h, b);
	if (b->leaf) {
		write_result(call, h, b);
		html(h, "<div class='cols half'>\n");
		write_own_steps(call, h, b);
		write_past(h, b);
		html(h, "</div>\n");
	}
	if (b->n_children) {
		write_steps(call, h, b);
		if (!b->leaf)
			write_tiles(call, h, b);
		html(h, "<div class='cols'>\n");
		write_children(call, h, b);
		write_late(call, h, b);
		html(h, "</div>\n");
	} else if (!b->leaf) {
		html(h, "<div class='empty'><b>这里没有要定级的党组织</b><p>它们可能没有登记领域，或者开始以后才登记。</p></div>");
	}
	if (b->n_children && b->detail.scheme->kind == SCHEME_GRADING &&
	    (b->detail.may >> ACTION_REPORT_READ & 1)) {
		html(h, "<div class='cols half gap'>\n");
		write_grades(call, h, b);
		write_stars(call, h, b);
		html(h, "</div>\n");
		write_change(call, h, b);
	}
	write_cases(call, h, b);
	write_money(call, h, b);
	page_end(call, h);
}

static json_t *json_counts(const struct step_count *counts, int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:I, s:I}", "done",
						      (json_int_t)step_count_done(&counts[i]), "all",
						      (json_int_t)step_count_all(&counts[i])));
	return list;
}

json_t *json_campaign_board(struct web_call *call)
{
	const struct campaign_board *b = call->model;
	const struct scheme *s = b->detail.scheme;
	const struct result_summary *sum = campaign_board_summary(b, b->detail.org.id, -1);
	json_t *children = json_array(), *grades = json_object();

	for (int i = 0; i < b->n_children && i < CHILDREN_SHOWN; i++)
		json_array_append_new(children, json_pack("{s:I, s:s, s:o}", "node",
			(json_int_t)b->children[i].node, "name", b->children[i].name, "steps",
			json_counts(b->children[i].counts, s->n_steps)));
	for (int g = 0; sum && (b->detail.may >> ACTION_REPORT_READ & 1) && g < s->n_grades; g++)
		json_object_set_new(grades, s->grades[g].id, json_integer(sum->grades[g]));
	json_t *json = json_pack("{s:I, s:s, s:i, s:i, s:I, s:s, s:o, s:o, s:o, s:b}", "id",
		(json_int_t)b->detail.campaign.id, "title", b->detail.campaign.title, "year",
		b->detail.campaign.year, "state", (int)b->detail.campaign.state, "node",
		(json_int_t)b->detail.org.id, "name", b->detail.org.name, "steps",
		json_counts(b->counts, s->n_steps), "children", children, "grades", grades,
		"partial", b->partial);
	if (b->may_money) {
		json_t *money = json_object();
		for (int k = 0; k < GUARANTEES; k++)
			json_object_set_new(money, guarantee_id(k), json_pack("{s:I, s:I, s:I}", "cents",
				(json_int_t)b->money[k], "n", (json_int_t)b->money_n[k], "last_year",
				(json_int_t)b->money_before[k]));
		json_object_set_new(json, "guarantees", money);
	}
	if (b->may_cases) {
		json_t *alarms = json_object();
		for (int k = 0; k < CASE_ALARMS; k++)
			json_object_set_new(alarms, ledger_alarm_id((enum case_alarm)(1u << k)),
					    json_integer(b->alarms[k]));
		json_object_set_new(json, "alarms", alarms);
	}
	if (b->leaf) {
		json_t *own = json_object();
		for (int i = 0; i < s->n_steps; i++)
			json_object_set_new(own, s->steps[i].id, json_integer(b->own[i].state));
		json_object_set_new(json, "own", own);
	}
	return json;
}
