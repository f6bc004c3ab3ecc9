/* SPDX-License-Identifier: Apache-2.0 */
/* Where this score comes from: every figure is the explanation's own. */
#include "app/why.h"

#include <string.h>

#include "domain/floor.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"

const struct web_field why_fields[] = {DECIDE_CAMPAIGN, DECIDE_ORG, {0}};

int act_why(struct web_call *call)
{
	struct why_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);

	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return why_get(call->web->app, &caller, web_number(call, "campaign", 0),
		       web_number(call, "org", 0), call->arena, v, &call->info);
}

/* ---- words ---- */

static const char *points(struct web_call *call, int64_t e4)
{
	AUTO(buf) struct buf b = {0};
	decimal_format_e4(&b, e4);
	return page_text(call, "%s", buf_str(&b));
}

static const char *fraction(struct web_call *call, const struct explain_number *n)
{
	return strcmp(n->den, "1") == 0 ? n->num : page_text(call, "%s/%s", n->num, n->den);
}

static const char *neighbour(struct web_call *call, const struct why_view *v, uint32_t node)
{
	const struct graded *g = &v->grading.graded;
	if (v->hides_ranks)
		return "（不公布）";
	if (node == ORG_NONE)
		return "没有";
	struct str name = orgs_name(g->orgs, node);
	if (!why_shows(v, node))
		return "（别的党委的党组织）";
	return page_text(call, "%.*s %s", (int)name.len, name.data,
			 decide_score(call, (int64_t)graded_score(g, node), g->scheme->places));
}

static const char *group_name(struct web_call *call, const struct why_view *v,
			      const struct explain_group *group)
{
	struct str name = group->all || group->node == ORG_NONE
		? STR("全部") : orgs_name(&v->grading.orgs, group->node);
	if (group->category == CATEGORY_NONE)
		return page_text(call, "%.*s", (int)name.len, name.data);
	return page_text(call, "%.*s的“%s”", (int)name.len, name.data,
			 v->call.scheme->categories[group->category].label);
}

/* ---- the head ---- */

static void write_tiles(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct result *r = &v->result;
	const struct scheme *s = v->call.scheme;
	bool figures = v->floor & FLOOR_COMPOSITE;

	html(h, "<dl class='tiles'><div class='tile'><dt>公布得分</dt><dd>{}</dd><p>{}</p></div>",
	     figures ? decide_score(call, r->score, s->places) : "不公布",
	     v->n_past && *v->past[0].score && figures
		     ? page_text(call, "%d 年 %s", v->past[0].year, v->past[0].score) : "");
	html(h, "<div class='tile'><dt>等次</dt><dd>{}</dd><p>{}</p></div>",
	     r->grade >= 0 ? s->grades[r->grade].label : "—",
	     r->meeting ? "会议调整" : r->quota >= 0 ? "按名额定" : r->grade >= 0 ? "按分数定" : "");
	html(h, "<div class='tile'><dt>星级</dt><dd>");
	decide_stars(h, r->stars);
	html(h, " <small>{}</small></dd></div>", decide_stars_text(r->stars));
	if (figures && r->rank && !v->hides_ranks)
		html(h, "<div class='tile'><dt>名次</dt><dd>{} <small>/ {}</small></dd><p>{}</p></div>", r->rank,
		     v->explanation.rank_of, group_name(call, v, &v->explanation.rank_group));
	html(h, "<div class='tile'><dt>审定</dt><dd><small><b>{}</b></small></dd><p>{}</p></div></dl>\n",
	     r->approval >= 0 ? s->level_label[r->approval] : "—", hold_label(v->hold.state));
}

/* ---- one: the sources ---- */

static void write_source(struct web_call *call, struct html *h, const struct why_view *v, int i)
{
	const struct scheme_source *source = &v->call.scheme->sources[i];
	const struct explain_source *x = &v->explanation.sources[i];

	html(h, "<tr><th scope='row'>{}</th><td class='mut full' data-l=''>", source->label);
	if (source->by == BY_BALLOTS)
		html(h, "{} 张有效票", x->valid);
	else
		html(h, "{} 份打分，合计 {} 分", x->raters, points(call, (int64_t)x->sum_e4));
	if (x->max_sum_e4)
		html(h, "，满分 {}，折成百分", points(call, (int64_t)x->max_sum_e4));
	html(h, "</td>");
	if (!x->score.num) {
		html(h, "<td class='n' data-l='得分' colspan='2'><span class='light bad'>还没有</span></td>"
			"<td class='n' data-l='× 权重'>{}%</td><td></td><td></td></tr>\n",
		     points(call, source->weight_e6));
		return;
	}
	html(h, "<td class='n' data-l='得分'>{}</td><td class='n' data-l='≈'>{}</td>"
		"<td class='n' data-l='× 权重'>{}%</td><td class='n' data-l='乘积'>{}</td>"
		"<td class='n' data-l='≈'>{}</td></tr>\n",
	     fraction(call, &x->score), x->score.decimal, points(call, source->weight_e6),
	     fraction(call, &x->product), x->product.decimal);
}

static void write_sources(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct explanation *e = &v->explanation;
	const struct scheme *s = v->call.scheme;

	html(h, "<section aria-labelledby='h1s'><div class='sec'><h2 id='h1s'>一、{} 个来源合成综合得分</h2>"
		"<span class='note'>全程用分数计算，只在公布时四舍五入</span></div>"
		"<table class='data stack' aria-labelledby='h1s'><thead><tr><th scope='col'>来源</th>"
		"<th scope='col'>依据</th><th scope='col' class='n'>来源得分</th><th scope='col' class='n'>约为</th>"
		"<th scope='col' class='n'>权重</th><th scope='col' class='n'>得分 × 权重</th>"
		"<th scope='col' class='n'>约为</th></tr></thead><tbody>\n", s->n_sources);
	for (int i = 0; i < s->n_sources; i++)
		write_source(call, h, v, i);
	html(h, "</tbody>");
	if (v->grading.graded.status[v->node] == STATUS_GRADED)
		html(h, "<tfoot><tr><th scope='row'>综合得分</th><td class='skipc'></td><td class='skipc'></td>"
			"<td class='skipc'></td><td class='n' data-l='权重'>100%</td>"
			"<td class='n' data-l='精确'>{}</td><td class='n' data-l='≈'>{}</td></tr>"
			"<tr><th scope='row'>公布得分</th><td colspan='5' class='mut'>保留 {} 位小数，四舍五入</td>"
			"<td class='n'><b class='pub'>{}</b></td></tr></tfoot>",
		     fraction(call, &e->composite), e->composite.decimal, s->places,
		     decide_score(call, (int64_t)graded_score(&v->grading.graded, v->node), s->places));
	html(h, "</table></section>\n");
}

/* ---- two: the cells ---- */

static const char *leaf_name(struct web_call *call, const struct why_view *v, int leaf)
{
	const struct scheme *s = v->call.scheme;
	const struct local_set *local = local_of(v->grading.graded.book->local, v->node);
	if (leaf < 0)
		return "总分";
	if (leaf >= s->n_leaves)
		return local ? local->at[leaf - s->n_leaves].label : "自设指标";
	const struct scheme_indicator *in = &s->indicators[s->leaves[leaf].indicator];
	int item = s->leaves[leaf].item;
	return item < 0 ? in->label : page_text(call, "%s · %s", in->label, in->items[item].label);
}

/* Papers that nobody's name stands on (of phones in a hall, of neighbours), from cell `i`
 * on: how many. */
static size_t papers_at(const struct why_view *v, size_t i)
{
	const struct explanation *e = &v->explanation;
	size_t n = 0;
	while (i + n < e->n_cells && e->cells[i + n].leaf < 0 && !e->cells[i + n].rater.len &&
	       e->cells[i + n].source == e->cells[i].source)
		n++;
	return n;
}

static void write_papers(struct web_call *call, struct html *h, const struct why_view *v, size_t i, size_t n)
{
	html(h, "<tr><td class='nw'>{}</td><td class='nw mut'>{} 份</td><th scope='row'>",
	     v->call.scheme->sources[v->explanation.cells[i].source].label, (int64_t)n);
	for (size_t k = i; k < i + n; k++)
		html(h, "{}{}", k > i ? "、" : "", points(call, v->explanation.cells[k].points_e4));
	html(h, "</th><td class='n mut'>100</td><td class='n mut'>各份</td></tr>\n");
}

static void write_cells(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct explanation *e = &v->explanation;
	int source = -1;
	const char *rater = NULL;

	if (e->n_cells == 0)
		return;
	html(h, "<section class='gap' aria-labelledby='h2s'><div class='sec'><h2 id='h2s'>二、逐项得分</h2></div>"
		"<div class='scroll'><table class='data' aria-labelledby='h2s'><thead><tr>"
		"<th scope='col'>来源</th><th scope='col'>评分人</th><th scope='col'>指标</th>"
		"<th scope='col' class='n'>满分</th><th scope='col' class='n'>得分</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < e->n_cells; i++) {
		const struct explain_cell *c = &e->cells[i];
		const size_t papers = papers_at(v, i);
		if (papers > 1) {
			write_papers(call, h, v, i, papers);
			i += papers - 1;
			source = -1;
			continue;
		}
		const char *who = page_text(call, "%.*s", (int)c->rater.len, c->rater.len ? c->rater.data : "");
		bool same = c->source == source && rater && strcmp(rater, who) == 0;
		html(h, "<tr><td>{}</td><td class='mut'>{}</td><th scope='row' class='nw'>{}</th>"
			"<td class='n mut'>{}</td><td class='n'>{}</td></tr>\n",
		     same ? "" : v->call.scheme->sources[c->source].label, same ? "" : who,
		     leaf_name(call, v, c->leaf),
		     c->leaf < 0 ? "100" : points(call, book_max_e4(v->grading.graded.book, v->node, c->leaf)),
		     points(call, c->points_e4));
		source = c->source;
		rater = who;
	}
	html(h, "</tbody></table></div></section>\n");
}

/* ---- three: the ballots ---- */

static bool has_ballots(const struct scheme *s)
{
	for (int i = 0; i < s->n_sources; i++)
		if (s->sources[i].by == BY_BALLOTS)
			return true;
	return false;
}

static void write_option(struct web_call *call, struct html *h, const struct why_view *v, int option)
{
	const struct scheme *s = v->call.scheme;
	const struct book *book = v->grading.graded.book;
	uint64_t sum = 0;
	bool spoiled = option == s->n_options;

	html(h, "<tr><th scope='row'>{}</th><td class='n mut'>{}</td>",
	     spoiled ? "废票" : s->options[option].label,
	     spoiled ? "不计" : points(call, s->options[option].points_e4));
	for (int c = 0; c < VOTERS_COUNT; c++) {
		uint32_t n = book_count(book, v->node, c * book->options + option);
		sum += n;
		if (v->floor & FLOOR_BY_CLASS)
			html(h, "<td class='n'>{}</td>", n);
	}
	html(h, "<td class='n'>{}</td></tr>\n", sum);
}

static void write_ballots(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct scheme *s = v->call.scheme;
	bool by_class = v->floor & FLOOR_BY_CLASS;

	if (!has_ballots(s))
		return;
	html(h, "<section aria-labelledby='h3s'><div class='sec'><h2 id='h3s'>三、党员群众测评</h2></div>\n");
	if (!(v->floor & FLOOR_POOLED)) {
		html(h, "<p class='box'>参加测评的不到 5 人，为了保密不显示票数。</p>\n");
	} else {
		html(h, "<table class='data' aria-labelledby='h3s'><thead><tr><th scope='col'>选项</th>"
			"<th scope='col' class='n'>分值</th>");
		if (by_class)
			html(h, "<th scope='col' class='n'>党员</th><th scope='col' class='n'>群众</th>");
		html(h, "<th scope='col' class='n'>合计</th></tr></thead><tbody>\n");
		for (int i = 0; i <= s->n_options; i++)
			write_option(call, h, v, i);
		html(h, "</tbody></table>\n");
	}
	for (int i = 0; i < s->n_turnout; i++) {
		const struct explain_turnout *t = &v->explanation.turnout[i];
		html(h, "<p class='note'><span class='light {}'>{}</span>：投票 {} 张，应参加 {} 人，{}至少 {} 张</p>\n",
		     t->holds ? "ok" : "bad", t->holds ? "参加人数够" : "参加人数不够", t->cast, t->eligible,
		     t->everyone ? "人少，须全部参加，" : "", t->needed);
	}
	html(h, "</section>\n");
}

/* ---- four: line, quotas, stars ---- */

static void write_grade_line(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct scheme *s = v->call.scheme;
	const struct graded *g = &v->grading.graded;
	uint64_t score = graded_score(g, v->node);

	html(h, "<section class='gap' aria-labelledby='h4s'><div class='sec'><h2 id='h4s'>四、等次线</h2></div>"
		"<table class='data' aria-labelledby='h4s'><thead><tr><th scope='col'>等次</th>"
		"<th scope='col' class='n'>起点</th><th scope='col'>本组织</th></tr></thead><tbody>\n");
	for (int i = 0; i < s->n_grades; i++) {
		bool last = i + 1 == s->n_grades;
		html(h, "<tr aria-selected='{}'><th scope='row'>",
		     g->score_grade[v->node] == i ? "true" : "false");
		decide_grade(h, s, i);
		html(h, "</th><td class='n'>{}</td><td>", last ? "" : points(call, s->grades[i].from_e4));
		if (!last) {
			uint64_t from = score_in_places(s->grades[i].from_e4, s->places);
			html(h, "{} {} 分", score >= from ? "高出" : "还差",
			     decide_score(call, (int64_t)(score >= from ? score - from : from - score),
					  s->places));
		}
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody></table></section>\n");
}

static void write_quota(struct web_call *call, struct html *h, const struct why_view *v, int i)
{
	const struct scheme *s = v->call.scheme;
	const struct explain_quota *q = &v->explanation.quotas[i];

	html(h, "<dl class='kv box'><dt>范围</dt><dd>{}，列入定级 {} 个</dd>"
		"<dt>要求</dt><dd>“{}”不少于 {}%，应有 <b>{} 个</b></dd>"
		"<dt>按分数已有</dt><dd>{} 个，按名额降了 {} 个</dd>",
	     group_name(call, v, &q->group), q->in_scope, s->grades[s->quotas[i].grade].label,
	     points(call, s->quotas[i].at_least_e6), q->required, q->had, q->moved);
	html(h, "<dt>线上第一个</dt><dd>{}</dd><dt>线下第一个</dt><dd>{}</dd><dt>本组织</dt><dd>{}</dd></dl>\n",
	     neighbour(call, v, q->first_spared), neighbour(call, v, q->last_moved),
	     q->moves_this ? "按名额降了" : "没有受影响");
}

static void write_star_rule(struct web_call *call, struct html *h, const struct why_view *v, int i)
{
	const struct scheme *s = v->call.scheme;
	const struct scheme_star_rule *rule = &s->stars[i];
	const struct explain_stars *x = &v->explanation.stars[i];

	html(h, "<tr aria-selected='{}'><td>", x->gives_this ? "true" : "false");
	decide_stars(h, rule->stars);
	html(h, "</td><td>{}", s->grades[rule->grade].label);
	if (rule->has_from)
		html(h, "，{} 分以上", points(call, rule->from_e4));
	if (rule->has_cap)
		html(h, "，不超过{}“{}” {} 个的 {}%，即 {} 个", group_name(call, v, &x->group),
		     s->grades[rule->grade].label, x->of_grade, points(call, rule->at_most_e6), x->cap);
	html(h, "</td><td>{}</td><td>{}</td></tr>\n", x->gives_this ? "得到" : "",
	     rule->has_cap && x->grade_fits
		     ? page_text(call, "最后得到的 %s；第一个没得到的 %s",
				 neighbour(call, v, x->last_given), neighbour(call, v, x->first_left))
		     : "");
}

/* The stars its rules give by the computed grade; -1: none does. */
static int computed_stars(const struct why_view *v)
{
	for (int i = 0; i < v->call.scheme->n_stars; i++)
		if (v->explanation.stars[i].gives_this)
			return v->call.scheme->stars[i].stars;
	return -1;
}

static void write_rules(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct scheme *s = v->call.scheme;

	if (s->n_quotas) {
		html(h, "<section class='gap' aria-labelledby='h5s'><div class='sec'><h2 id='h5s'>五、名额</h2></div>\n");
		for (int i = 0; i < s->n_quotas; i++)
			write_quota(call, h, v, i);
		html(h, "</section>\n");
	}
	if (s->n_stars) {
		html(h, "<section class='gap' aria-labelledby='h6s'><div class='sec'><h2 id='h6s'>六、星级</h2>"
			"<span class='note'>名额之后评星；会议调整以后重排</span></div><table class='data'><caption class='vh'>评星</caption><thead><tr>"
			"<th scope='col'>星级</th><th scope='col'>条件</th><th scope='col'>本组织</th>"
			"<th scope='col'>线边</th></tr></thead><tbody>\n");
		for (int i = 0; i < s->n_stars; i++)
			write_star_rule(call, h, v, i);
		html(h, "</tbody></table>");
		if (v->result.grade >= 0 && v->result.stars != computed_stars(v))
			html(h, "<p>表里是按测算的等次评的；会议调整、上级审定以后是 <b>{}</b>。</p>",
			     decide_stars_text(v->result.stars));
		html(h, "</section>\n");
	}
	html(h, "<p class='note'>名次前一个：{}；后一个：{}</p>\n", neighbour(call, v, v->explanation.above),
	     neighbour(call, v, v->explanation.below));
}

/* ---- beside: what was decided, and the years ---- */

static void write_steps(struct web_call *call, struct html *h, const struct why_view *v)
{
	const struct scheme *s = v->call.scheme;
	html(h, "<section aria-labelledby='h8s'><div class='sec'><h2 id='h8s'>走到哪一步</h2></div><ol class='tl'>\n");
	if (v->meeting)
		html(h, "<li><time>{}</time>{} {}<p>{}</p></li>\n", page_day(call, v->meeting->day, true),
		     v->meeting->title, v->meeting->number,
		     v->adjustment && v->adjustment->to_grade >= 0 ? "会议调整" : "照测算通过");
	if (v->adjustment && v->adjustment->to_grade >= 0)
		html(h, "<li><b>由“{}”调整为“{}”</b><p>理由：{}</p></li>\n",
		     s->grades[v->adjustment->from_grade].label,
		     s->grades[v->adjustment->to_grade].label, v->adjustment->reason);
	for (int i = 0; i < v->n_events; i++) {
		const struct hold *e = &v->events[i];
		html(h, "<li class='{}'><time>{}</time><b>{}</b>", i + 1 == v->n_events ? "now" : "",
		     page_time(call, e->at_ms), e->state ? hold_label(e->state) : "撤下公示");
		if (*e->reason)
			html(h, "<p>{}</p>", e->reason);
		html(h, "</li>\n");
	}
	if (!v->meeting && v->n_events == 0)
		html(h, "<li class='now'>还没有开会研究</li>\n");
	html(h, "</ol></section>\n");
}

static void write_years(struct html *h, const struct why_view *v)
{
	if (v->n_past == 0)
		return;
	html(h, "<section class='gap' aria-labelledby='h9s'><div class='sec'><h2 id='h9s'>历年</h2>"
		"<span class='note'>星级一年有效</span><a href='/orgs/{}/years'>全部</a></div>"
		"<table class='data' aria-labelledby='h9s'><thead><tr><th scope='col'>年度</th>"
		"<th scope='col' class='n'>得分</th><th scope='col'>等次</th><th scope='col'>星级</th></tr></thead><tbody>\n",
	     v->call.org.id);
	for (int i = 0; i < v->n_past && i < 3; i++) {
		html(h, "<tr><td>{}</td><td class='n'>{}</td><td>{}</td><td>", v->past[i].year,
		     v->floor & FLOOR_COMPOSITE ? v->past[i].score : "", v->past[i].grade);
		decide_stars(h, v->past[i].stars);
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody></table></section>\n");
}

static void write_figures(struct web_call *call, struct html *h, const struct why_view *v)
{
	if (!(v->floor & FLOOR_COMPOSITE)) {
		html(h, "<p class='box'>参加测评的不到 5 人。知道综合得分和权重就能倒推每张票，"
			"所以审定的那一级以下只显示等次。</p>\n");
		write_ballots(call, h, v);
		return;
	}
	write_sources(call, h, v);
	write_cells(call, h, v);
	write_ballots(call, h, v);
	if (v->grading.graded.status[v->node] != STATUS_GRADED)
		return;
	write_grade_line(call, h, v);
	write_rules(call, h, v);
}

void page_why(struct web_call *call, struct html *h)
{
	struct why_view *v = call->model;
	struct page page = {.title = page_text(call, "这一分从哪里来 · %s", v->call.org.name)};

	decide_crumbs(call, &v->call, "这一分从哪里来", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>这一分从哪里来</h1><p class='note'><b>{}</b> · {} · {}</p></div>",
	     v->call.org.name,
	     v->call.org.category >= 0 ? v->call.scheme->categories[v->call.org.category].label : "",
	     v->call.campaign.title);
	html(h, "<div class='acts'><a class='btn' href='/orgs/{}/years'>历年</a>"
		"<button class='btn' type='button' data-print='1'>打印得分说明</button></div></div>\n",
	     v->call.org.id);
	if (!v->visible) {
		html(h, "<div class='empty'><b>还不能看</b><p>因为{}。</p></div>\n", v->why_not);
	} else {
		write_tiles(call, h, v);
		html(h, "<div class='cols'><div>\n");
		write_figures(call, h, v);
		html(h, "</div><div>\n");
		write_steps(call, h, v);
		write_years(h, v);
		html(h, "</div></div>\n");
	}
	page_end(call, h);
	why_view_done(v);
}

/* The explanation where all of it may be seen; else what may. */
json_t *json_why(struct web_call *call)
{
	struct why_view *v = call->model;
	AUTO(buf) struct buf text = {0};
	struct err_info none = {0};
	json_t *o = NULL;

	if (v->visible && why_json(v, &text, &none) == 0)
		o = json_loadb(text.data, text.len, 0, NULL);
	if (!o)
		o = json_pack("{s:s, s:s}", "code", v->call.org.code, "name", v->call.org.name);
	if (!v->visible)
		json_object_set_new(o, "why_not", json_string(v->why_not));
	else if (none.text[0])
		json_object_set_new(o, "withheld", json_string(none.text));
	if (v->visible)
		json_object_set_new(o, "decided", json_pack(
			"{s:s, s:i, s:I, s:s}", "grade",
			v->result.grade >= 0 ? v->call.scheme->grades[v->result.grade].id : "", "stars",
			v->result.stars, "meeting", (json_int_t)v->result.meeting, "state",
			hold_label(v->hold.state)));
	why_view_done(v);
	return o;
}
