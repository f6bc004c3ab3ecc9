/* SPDX-License-Identifier: Apache-2.0 */
/* The committee's meeting: the table with its lines, adjusting, the record. */
#include <stdlib.h>
#include <string.h>

#include "app/meeting.h"
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"
#include "web/pages/pages_decide.h"

enum { WORDS_MAX = 2000 };

const struct web_field meeting_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "adjust", .label = "调整", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field meeting_record_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "problems", .label = "只研究问题，不定等次", .type = WEB_FLAG},
	{.name = "title", .label = "会议", .type = WEB_TEXT, .required = true, .max = 100},
	{.name = "day", .label = "日期", .type = WEB_DATE, .required = true},
	{.name = "number", .label = "编号", .type = WEB_TEXT, .required = true, .max = 60,
	 .hint = "会议记录的编号，例如：石党会〔2026〕21 号"},
	{.name = "chair", .label = "主持", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "recorder", .label = "记录", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "expected", .label = "应到人数", .type = WEB_INT, .required = true, .min = 1,
	 .max = MEETING_PEOPLE_MAX},
	{.name = "present", .label = "实到人数", .type = WEB_INT, .required = true, .min = 1,
	 .max = MEETING_PEOPLE_MAX},
	{.name = "yes", .label = "同意", .type = WEB_INT, .required = true, .min = 0,
	 .max = MEETING_PEOPLE_MAX},
	{.name = "no", .label = "反对", .type = WEB_INT, .min = 0, .max = MEETING_PEOPLE_MAX},
	{.name = "abstain", .label = "弃权", .type = WEB_INT, .min = 0, .max = MEETING_PEOPLE_MAX},
	{.name = "absent", .label = "缺席", .type = WEB_TEXT, .max = 300},
	{.name = "guests", .label = "列席", .type = WEB_TEXT, .max = 300},
	{.name = "decision", .label = "决定", .type = WEB_AREA, .required = true, .max = WORDS_MAX},
	{0},
};
const struct web_field meeting_adjust_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE, DECIDE_ORG,
	{.name = "grade", .label = "调整为", .type = WEB_INT, .required = true, .min = 0,
	 .max = SCHEME_GRADES_MAX},
	{.name = "reason", .label = "理由", .type = WEB_AREA, .required = true, .max = WORDS_MAX,
	 .hint = "写明为什么是它。会后随报表送上级，公示时不显示"},
	{0},
};
const struct web_field meeting_forget_fields[] = {DECIDE_CAMPAIGN, DECIDE_NODE, DECIDE_ORG, {0}};

int act_meeting(struct web_call *call)
{
	struct meeting_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);

	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return meeting_get(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "node", 0), call->arena, v, &call->info);
}

/* ---- the table ---- */

static const char *name_of(struct web_call *call, const struct meeting_view *v, uint32_t node)
{
	struct str name = orgs_name(&v->computed.orgs, node);
	return page_text(call, "%.*s", (int)name.len, name.data);
}

/* "下坪村党支部 81.43" or "下坪村党支部等 2 个 81.43". */
static const char *who_stands(struct web_call *call, const struct meeting_view *v, uint32_t node,
			      uint32_t equals)
{
	const struct graded *g = &v->computed.graded;
	if (node == ORG_NONE)
		return "没有";
	const char *score = decide_score(call, (int64_t)graded_score(g, node), g->scheme->places);
	return equals ? page_text(call, "%s等 %u 个 %s", name_of(call, v, node), equals + 1, score)
		      : page_text(call, "%s %s", name_of(call, v, node), score);
}

static const char *points_text(struct web_call *call, int32_t e4)
{
	AUTO(buf) struct buf b = {0};
	decimal_format_e4(&b, e4);
	return page_text(call, "%s", buf_str(&b));
}

static void write_line(struct web_call *call, struct html *h, const struct meeting_view *v,
		       const struct boundary_line *l)
{
	const struct scheme *s = v->call.scheme;
	const char *above = who_stands(call, v, l->above, l->above_equals);
	const char *below = who_stands(call, v, l->below, l->below_equals);

	if (l->kind == BOUNDARY_GRADE)
		html(h, "<tr class='cut'><td colspan='8'><b>{} 分 · “{}”线</b>线上 {}，线下 {}</td></tr>\n",
		     points_text(call, s->grades[l->index].from_e4), s->grades[l->index].label, above,
		     below);
	else if (l->kind == BOUNDARY_QUOTA && l->below == ORG_NONE)
		html(h, "<tr class='cut dash'><td colspan='8'><b>名额线 · {}不少于 {} 个</b>按分数已有 {} 个，没有降</td></tr>\n",
		     s->grades[s->quotas[l->index].grade].label, l->quota.required, l->quota.had);
	else if (l->kind == BOUNDARY_QUOTA)
		html(h, "<tr class='cut dash'><td colspan='8'><b>名额线 · {}不少于 {} 个</b>线上 {}，线下 {}{}</td></tr>\n",
		     s->grades[s->quotas[l->index].grade].label, l->quota.required, above, below,
		     l->below_equals ? "，同分一并降" : "");
	else
		html(h, "<tr class='cut dash'><td colspan='8'><b>{}线 · 不超过 {} 个</b>{}，第一个没有得到的 {}</td></tr>\n",
		     campaign_stars_label(s->stars[l->index].stars), l->stars.cap,
		     l->above == ORG_NONE ? "还没有谁得到" : page_text(call, "最后得到的 %s", above), below);
}

/* The row of a node, or of the first (last) one that is level with it; -1: it is
 * another committee's. */
static int row_at(const struct meeting_view *v, uint32_t node, bool last)
{
	const char *composite = NULL;
	int found = -1;
	for (int i = 0; i < v->n_rows; i++)
		if (v->rows[i].node == node)
			composite = v->rows[i].proposed.composite;
	for (int i = 0; composite && i < v->n_rows && (found < 0 || last); i++)
		if (strcmp(v->rows[i].proposed.composite, composite) == 0)
			found = i;
	return found;
}

/* The lines that lie directly above row `i` (n_rows: below all). */
static void write_lines(struct web_call *call, struct html *h, const struct meeting_view *v, int i)
{
	for (int k = 0; k < v->boundary.n; k++) {
		const struct boundary_line *l = &v->boundary.lines[k];
		int below = row_at(v, l->below, false), above = row_at(v, l->above, true);
		int at = below >= 0 ? below : above >= 0 ? above + 1 : -1;
		if (at == i)
			write_line(call, h, v, l);
	}
}

static void write_change(struct web_call *call, struct html *h, const struct meeting_view *v,
			 const struct meeting_row *row)
{
	const struct scheme *s = v->call.scheme;
	if (row->preview.grade != row->proposed.grade) {
		decide_grade(h, s, row->preview.grade);
		html(h, "<i class='mk' title='会议调整'>会</i>");
	}
	if (row->note && v->may_write) {
		struct form f = form_begin(call, h,
			page_text(call, "/campaigns/%lld/meeting/forget", (long long)v->call.campaign.id),
			meeting_forget_fields);
		form_hidden(&f, "node", page_text(call, "%lld", (long long)v->call.org.id));
		form_hidden(&f, "org", page_text(call, "%lld", (long long)row->org->org.id));
		html(h, "<button class='link'>撤回</button></form>");
	} else if (v->may_write && row->proposed.grade >= 0 && !hold_locks(row->org->hold.state)) {
		html(h, " <a class='nw' href='/campaigns/{}/meeting?node={}&adjust={}#adjust'>调整</a>",
		     v->call.campaign.id, v->call.org.id, row->org->org.id);
	} else if (hold_locks(row->org->hold.state)) {
		html(h, " <span class='tag'>{}</span>", hold_label(row->org->hold.state));
	}
}

static void write_reason(struct html *h, const struct adjustment *a, const char *state)
{
	html(h, "<tr><td class='skipc'></td><td colspan='7' class='note full'>{}：{}</td></tr>\n", state,
	     a->reason);
}

/* "缺党委评定", "测评人数不够" in the field's words. */
static const char *status_words(struct web_call *call, const struct scheme *s, const char *status)
{
	AUTO(buf) struct buf b = {0};
	if (strncmp(status, "turnout:", 8) == 0)
		return "测评人数不够";
	if (strncmp(status, "missing:", 8) != 0)
		return "";
	buf_adds(&b, "缺");
	for (int i = 0; i < s->n_sources; i++) {
		size_t len = strlen(s->sources[i].id);
		for (const char *p = strstr(status, s->sources[i].id); p; p = strstr(p + 1, s->sources[i].id))
			if ((p[-1] == ':' || p[-1] == '+') && (p[len] == '\0' || p[len] == '+')) {
				buf_addf(&b, "%s%s", b.len > strlen("缺") ? "、" : "",
					 s->sources[i].label);
				break;
			}
	}
	return page_text(call, "%s", buf_str(&b));
}

static void write_row(struct web_call *call, struct html *h, const struct meeting_view *v, int i)
{
	const struct meeting_row *row = &v->rows[i];
	const struct scheme *s = v->call.scheme;
	int64_t id = row->org->org.id;

	html(h, "<tr id='o{}'><td class='n'>", id);
	if (row->proposed.rank)
		html(h, "{}", row->proposed.rank);
	html(h, "</td><th scope='row'><a href='/campaigns/{}/orgs/{}/why'>{}</a></th>"
		"<td class='nw mut skipc'>{}</td><td class='n' data-l='综合'><b>{}</b></td>",
	     v->call.campaign.id, id, row->org->org.name, s->categories[row->org->org.category].label,
	     decide_score(call, row->proposed.score, s->places));
	html(h, "<td class='nw mut skipc'>{}</td><td class='nw'>",
	     row->last_year ? row->last_year->grade : "");
	if (row->proposed.grade < 0)
		html(h, "<span class='light bad'>{}</span>", status_words(call, s, row->proposed.status));
	decide_grade(h, s, row->proposed.grade);
	if (row->proposed.quota >= 0)
		html(h, "<i class='mk' title='按名额定等'>额</i>");
	html(h, "</td><td class='nw skipc'>");
	decide_stars(h, row->preview.stars);
	html(h, "</td><td class='nw'>");
	write_change(call, h, v, row);
	html(h, "</td></tr>\n");
	if (row->note)
		write_reason(h, row->note, "记下的调整，理由");
	else if (row->decided && row->decided->to_grade >= 0)
		write_reason(h, row->decided, "会议调整，理由");
	if (row->consult && row->opinion)
		html(h, "<tr><td class='skipc'></td><td colspan='7' class='note full'>行业主管 {}：{} {}</td></tr>\n",
		     row->opinion->regulator, opinion_stance_label(row->opinion->stance),
		     row->opinion->text);
	else if (row->consult)
		html(h, "<tr><td class='skipc'></td><td colspan='7' class='note full'>"
			"<span class='light warn'>没有征求行业主管意见</span> "
			"<a href='/campaigns/{}/opinions/{}'>记下意见</a></td></tr>\n",
		     v->call.campaign.id, id);
}

static void write_adjust(struct web_call *call, struct html *h, const struct meeting_view *v,
			 int64_t org)
{
	const struct scheme *s = v->call.scheme;
	struct web_choice choices[SCHEME_GRADES_MAX + 1] = {{0}};
	const struct meeting_row *row = NULL;

	for (int i = 0; i < v->n_rows; i++)
		if (v->rows[i].org->org.id == org)
			row = &v->rows[i];
	if (!row || row->proposed.grade < 0)
		return;
	for (int g = 0; g < s->n_grades; g++)
		choices[g] = (struct web_choice){page_text(call, "%d", g), s->grades[g].label};
	html(h, "<section class='box hot gap-b' id='adjust'><h2>调整 {}</h2><p class='note'>测算为“{}”，得分 {}</p>\n",
	     row->org->org.name, s->grades[row->proposed.grade].label,
	     decide_score(call, row->proposed.score, s->places));
	struct form f = form_begin(call, h, page_text(call, "/campaigns/%lld/meeting/adjust",
						      (long long)v->call.campaign.id),
				   meeting_adjust_fields);
	form_hidden(&f, "node", page_text(call, "%lld", (long long)v->call.org.id));
	form_hidden(&f, "org", page_text(call, "%lld", (long long)org));
	form_row_choice(&f, "grade", page_text(call, "%d", row->preview.grade), choices);
	form_row(&f, "reason", row->note ? row->note->reason : NULL);
	form_end(&f, "记下这条调整", "", page_text(call, "/campaigns/%lld/meeting?node=%lld",
						  (long long)v->call.campaign.id,
						  (long long)v->call.org.id));
	html(h, "</section>\n");
}

static void write_table(struct web_call *call, struct html *h, const struct meeting_view *v)
{
	html(h, "<section aria-labelledby='h-t'><div class='sec'><h2 id='h-t'>建议等次 {} 个</h2>"
		"<span class='note'>按综合得分从高到低{}</span></div>\n", v->n_rows,
	     v->withheld.n ? "" : "；实线是分数线，虚线是名额线和星级线");
	if (v->withheld.n)
		html(h, "<p class='note'>有 {} 个组织参加测评的人太少，由审定的一级看得分；这里只看等次，不排名次，不画线。</p>\n",
		     v->withheld.n);
	html(h, "<table class='data stack' aria-labelledby='h-t'><thead><tr><th scope='col' class='n'>名次</th>"
		"<th scope='col'>党组织</th><th scope='col'>类别</th><th scope='col' class='n'>综合得分</th>"
		"<th scope='col'>上年</th><th scope='col'>建议</th><th scope='col'>星级</th>"
		"<th scope='col'>会议</th></tr></thead><tbody>\n");
	for (int i = 0; i < v->n_rows; i++) {
		write_lines(call, h, v, i);
		write_row(call, h, v, i);
	}
	write_lines(call, h, v, v->n_rows);
	html(h, "</tbody></table>\n<p class='note'><i class='mk'>额</i> 按名额降 · <i class='mk'>会</i> 会议调整。"
		"星级是会后会有的样子，由上级审定的以审定为准。</p></section>\n");
}

/* ---- beside the table ---- */

static void write_equals(struct web_call *call, struct html *h, const struct meeting_view *v)
{
	const struct scheme *s = v->call.scheme;
	for (int i = 0; i < v->boundary.n; i++) {
		const struct boundary_line *l = &v->boundary.lines[i];
		uint32_t spare = l->kind == BOUNDARY_QUOTA ? adjust_spare(&l->quota) : 0;
		if (!spare || !l->below_equals)
			continue;
		const char *grade = s->grades[s->quotas[l->index].grade].label;
		html(h, "<div class='box warn gap-b'><p><b class='light warn'>同分一并降级，多降了 {} 个</b></p>"
			"<p>列入定级 {} 个，“{}”不少于 {} 个，按分数已有 {} 个。{} 得分相同，只能一起降，共降了 {} 个。</p>",
		     spare, l->quota.in_scope, grade, l->quota.required, l->quota.had,
		     who_stands(call, v, l->below, l->below_equals), l->quota.moved);
		html(h, "<p>会议可以写明理由恢复其中 <b>{} 个</b>，“{}”不能少于 {} 个。</p></div>\n", spare, grade,
		     l->quota.required);
	}
}

static void write_after(struct html *h, const struct meeting_view *v)
{
	const struct scheme *s = v->call.scheme;
	int by_score[SCHEME_GRADES_MAX] = {0}, proposed[SCHEME_GRADES_MAX] = {0},
	    preview[SCHEME_GRADES_MAX] = {0};

	for (int i = 0; i < v->n_rows; i++) {
		const struct meeting_row *row = &v->rows[i];
		if (row->proposed.grade < 0)
			continue;
		by_score[row->proposed.by_score]++;
		proposed[row->proposed.grade]++;
		if (row->preview.grade >= 0)
			preview[row->preview.grade]++;
	}
	html(h, "<section aria-labelledby='h-sum'><div class='sec'><h2 id='h-sum'>会后会是这样</h2>"
		"<span class='note'>含记下的 {} 条调整</span></div><table class='data'><caption class='vh'>会议前后的等次</caption><thead><tr>"
		"<th scope='col'>等次</th><th scope='col' class='n'>按分数</th>"
		"<th scope='col' class='n'>按名额</th><th scope='col' class='n'>会议</th></tr></thead><tbody>\n",
	     v->n_notes);
	for (int g = 0; g < s->n_grades; g++) {
		html(h, "<tr><th scope='row'>");
		decide_grade(h, s, g);
		html(h, "</th><td class='n'>{}</td><td class='n'>{}</td><td class='n'>{}</td></tr>\n",
		     by_score[g], proposed[g], preview[g]);
	}
	html(h, "</tbody></table></section>\n");
}

static void write_what_if(struct web_call *call, struct html *h, const struct meeting_view *v,
			  const struct meeting_what_if *w)
{
	const struct scheme *s = v->call.scheme;
	const struct meeting_row *row = &v->rows[w->row];
	const struct boundary_change *c = &w->change;

	html(h, "<li><b>{}</b> {}<p>{} 1 分：{}", row->org->org.name,
	     decide_score(call, row->proposed.score, s->places), w->sign > 0 ? "多" : "少",
	     decide_score(call, (int64_t)c->score, s->places));
	if (c->grade != row->proposed.grade)
		html(h, "，{}“{}”", c->grade < row->proposed.grade ? "升为" : "降为",
		     s->grades[c->grade].label);
	else
		html(h, "，仍是“{}”", s->grades[c->grade].label);
	if (c->n_others) {
		struct str name = orgs_name(&v->computed.orgs, c->others[0]);
		html(h, "；{}{}变为“{}”", name, c->n_others > 1 ? page_text(call, "等 %u 个", c->n_others) : "",
		     s->grades[c->others_grade[0]].label);
	}
	html(h, "</p></li>\n");
}

static void write_what_ifs(struct web_call *call, struct html *h, const struct meeting_view *v)
{
	const struct scheme *s = v->call.scheme;
	if (v->source < 0 || v->n_what_ifs == 0)
		return;
	html(h, "<section aria-labelledby='h-1'><div class='sec'><h2 id='h-1'>差一分会怎样</h2>"
		"<span class='note'>{} 1 分，占综合的 {}%</span></div><ul class='list'>\n",
	     s->sources[v->source].label, points_text(call, (int32_t)s->sources[v->source].weight_e6));
	for (int i = 0; i < v->n_what_ifs; i++)
		if (v->what_ifs[i].change.changes)
			write_what_if(call, h, v, &v->what_ifs[i]);
	html(h, "</ul><p class='note'>按测算的建议推，不含会议调整。{}</p></section>\n",
	     v->more_what_ifs ? "党组织多，只列了线边的。" : "没有列出的加减 1 分都不变。");
}

static void write_meetings(struct web_call *call, struct html *h, const struct meeting_view *v)
{
	if (v->n_meetings == 0)
		return;
	html(h, "<section class='gap' aria-labelledby='h-m'><div class='sec'><h2 id='h-m'>开过的会</h2></div>"
		"<ul class='list'>");
	for (int i = 0; i < v->n_meetings; i++) {
		const struct meeting *m = &v->meetings[i];
		html(h, "<li><span class='r'><a href='/files?node={}&kind=meeting&object={}'>会议记录扫描件</a></span>"
			"<b>{} {}</b> {}<p>主持 {}，应到 {} 人，实到 {} 人，", m->node, m->id,
		     page_day(call, m->day, true), m->title, m->number, m->chair, m->expected, m->present);
		html(h, "同意 {} 票，反对 {} 票，弃权 {} 票{}</p><p>{}</p></li>\n", m->votes_yes, m->votes_no,
		     m->votes_abstain, m->kind == MEETING_PROBLEMS ? "（研究问题）" : "", m->decision);
	}
	html(h, "</ul></section>\n");
}

static void write_record(struct web_call *call, struct html *h, const struct meeting_view *v)
{
	const char *kind = v->call.scheme->meetings.grading;
	static const char *const rows[] = {"day", "number", "chair", "recorder", "expected", "present",
					   "yes", "no", "abstain", "absent", "guests", "decision",
					   "problems"};

	html(h, "<section class='gap' id='rec' aria-labelledby='h-rec'><div class='sec'>"
		"<h2 id='h-rec'>会议记录</h2><span class='note'>存了记录，记下的调整才算数，其余照建议通过</span></div>\n");
	struct form f = form_begin(call, h, page_text(call, "/campaigns/%lld/meeting",
						      (long long)v->call.campaign.id),
				   meeting_record_fields);
	form_hidden(&f, "node", page_text(call, "%lld", (long long)v->call.org.id));
	form_row(&f, "title", kind && *kind ? kind : "党委会");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		form_row(&f, rows[i], NULL);
	form_end(&f, "存会议记录", "main", NULL);
	html(h, "</section>\n");
}

void page_meeting(struct web_call *call, struct html *h)
{
	struct meeting_view *v = call->model;
	struct page page = {.title = page_text(call, "%s %d 年度定级会议", v->call.org.name,
					       v->call.campaign.year)};
	/* What was sent and is wrong is shown again for the same organisation. */
	int64_t adjust = strtoll(form_typed(call, meeting_adjust_fields, "org", 0, "0"), NULL, 10);
	if (!adjust)
		adjust = web_number(call, "adjust", 0);

	decide_crumbs(call, &v->call, "考评定级会议", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度定级会议</h1><p class='note'>"
		"系统按得分和名额算出建议，会议逐个通过或写明理由调整 · 会后再改，要另开一次会</p></div></div>\n",
	     v->call.org.name, v->call.campaign.year);
	decide_tabs(call, h, &v->call, "meeting");
	if (v->why_not) {
		html(h, "<div class='empty'><b>还不能看</b><p>{}</p></div>\n", v->why_not);
	} else if (v->n_rows == 0) {
		html(h, "<div class='empty'><b>这里没有要定级的党组织</b><p>它们由下级党委研究，请看下级的会议。</p></div>\n");
	} else {
		if (v->may_write && adjust)
			write_adjust(call, h, v, adjust);
		html(h, "<div class='cols'>\n");
		write_table(call, h, v);
		html(h, "<div><section aria-labelledby='h-eq'><div class='sec'><h2 id='h-eq'>会前要知道</h2></div>\n");
		write_equals(call, h, v);
		decide_gate(call, h, GATE_MEETING, &v->gate);
		html(h, "</section>\n");
		write_after(h, v);
		write_what_ifs(call, h, v);
		html(h, "</div></div>\n");
		if (v->may_write)
			write_record(call, h, v);
	}
	if (!v->why_not)
		write_meetings(call, h, v);
	page_end(call, h);
	meeting_view_done(v);
}

/* ---- JSON ---- */

static json_t *neighbour_json(struct web_call *call, const struct meeting_view *v, uint32_t node,
			      uint32_t equals)
{
	const struct graded *g = &v->computed.graded;
	if (node == ORG_NONE)
		return json_null();
	return json_pack("{s:I, s:s, s:s, s:i}", "org", (json_int_t)v->computed.ids[node], "name",
			 name_of(call, v, node), "score",
			 decide_score(call, (int64_t)graded_score(g, node), g->scheme->places), "equals",
			 (int)equals);
}

static json_t *line_json(struct web_call *call, const struct meeting_view *v,
			 const struct boundary_line *l)
{
	static const char *const kinds[] = {"grade", "quota", "stars"};
	const struct scheme *s = v->call.scheme;
	json_t *o = json_pack("{s:s, s:o, s:o}", "kind", kinds[l->kind], "above",
			      neighbour_json(call, v, l->above, l->above_equals), "below",
			      neighbour_json(call, v, l->below, l->below_equals));
	int grade = l->kind == BOUNDARY_GRADE ? l->index
		: l->kind == BOUNDARY_QUOTA ? s->quotas[l->index].grade : s->stars[l->index].grade;
	json_object_set_new(o, "grade", json_string(s->grades[grade].id));
	if (l->kind == BOUNDARY_QUOTA) {
		json_object_set_new(o, "required", json_integer(l->quota.required));
		json_object_set_new(o, "had", json_integer(l->quota.had));
		json_object_set_new(o, "moved", json_integer(l->quota.moved));
		json_object_set_new(o, "may_restore", json_integer(adjust_spare(&l->quota)));
	} else if (l->kind == BOUNDARY_STARS) {
		json_object_set_new(o, "stars", json_integer(s->stars[l->index].stars));
		json_object_set_new(o, "cap", json_integer(l->stars.cap));
	}
	return o;
}

static json_t *grade_json(const struct scheme *s, int grade)
{
	return grade < 0 ? json_null() : json_string(s->grades[grade].id);
}

static json_t *row_json(struct web_call *call, const struct meeting_view *v,
			const struct meeting_row *row)
{
	const struct scheme *s = v->call.scheme;
	json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:i}", "org",
			      (json_int_t)row->org->org.id, "code", row->org->org.code, "name",
			      row->org->org.name, "status", row->proposed.status, "by_score",
			      grade_json(s, row->proposed.by_score), "proposed",
			      grade_json(s, row->proposed.grade), "after",
			      grade_json(s, row->preview.grade), "stars", row->preview.stars, "rank",
			      (int)row->proposed.rank);
	json_object_set_new(o, "score", row->proposed.score < 0
			    ? json_null() : json_string(decide_score(call, row->proposed.score, s->places)));
	json_object_set_new(o, "note", row->note ? json_string(row->note->reason) : json_null());
	json_object_set_new(o, "state", json_string(hold_label(row->org->hold.state)));
	return o;
}

json_t *json_meeting(struct web_call *call)
{
	struct meeting_view *v = call->model;
	json_t *rows = json_array(), *lines = json_array(), *changes = json_array();
	json_t *meetings = json_array();

	for (int i = 0; i < v->n_rows; i++)
		json_array_append_new(rows, row_json(call, v, &v->rows[i]));
	for (int i = 0; i < v->boundary.n; i++)
		json_array_append_new(lines, line_json(call, v, &v->boundary.lines[i]));
	for (int i = 0; i < v->n_what_ifs; i++)
		json_array_append_new(changes, json_pack(
			"{s:I, s:i, s:b, s:o, s:i}", "org",
			(json_int_t)v->rows[v->what_ifs[i].row].org->org.id, "points",
			v->what_ifs[i].sign, "changes", v->what_ifs[i].change.changes, "grade",
			grade_json(v->call.scheme, v->what_ifs[i].change.grade), "others",
			(int)v->what_ifs[i].change.n_others));
	for (int i = 0; i < v->n_meetings; i++)
		json_array_append_new(meetings, json_pack("{s:I, s:i, s:s, s:s}", "meeting",
							  (json_int_t)v->meetings[i].id, "day",
							  (int)v->meetings[i].day, "number",
							  v->meetings[i].number, "decision",
							  v->meetings[i].decision));
	json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:s}", "rows", rows, "lines", lines, "changes",
			      changes, "meetings", meetings, "gates",
			      decide_gate_json(&v->gate), "csrf", call->csrf);
	if (v->why_not)
		json_object_set_new(o, "why_not", json_string(v->why_not));
	meeting_view_done(v);
	return o;
}

/* ---- doing ---- */

static const char *here(struct web_call *call)
{
	return page_text(call, "/campaigns/%lld/meeting?node=%lld",
			 (long long)web_number(call, "campaign", 0),
			 (long long)web_number(call, "node", 0));
}

int act_meeting_adjust(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t org = web_number(call, "org", 0);
	int r = meeting_adjust(call->web->app, &caller, web_number(call, "campaign", 0),
			       web_number(call, "node", 0), org, (int)web_number(call, "grade", -1),
			       web_text(call, "reason"), &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "%s#o%lld", here(call), (long long)org);
	call->note = "已记下，会议记录存了才算数";
	return 0;
}

int act_meeting_forget(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t org = web_number(call, "org", 0);
	int r = meeting_forget(call->web->app, &caller, web_number(call, "campaign", 0),
			       web_number(call, "node", 0), org, &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "%s#o%lld", here(call), (long long)org);
	call->note = "已撤回，照测算的等次";
	return 0;
}

int act_meeting_record(struct web_call *call)
{
	struct caller caller = page_caller(call);
	bool problems = web_number(call, "problems", 0) != 0;
	const struct meeting m = {
		.campaign = web_number(call, "campaign", 0), .node = web_number(call, "node", 0),
		.kind = problems ? MEETING_PROBLEMS : MEETING_GRADING,
		.day = (int32_t)web_number(call, "day", 0), .title = web_text(call, "title"),
		.number = web_text(call, "number"), .chair = web_text(call, "chair"),
		.recorder = web_text(call, "recorder"),
		.expected = (int)web_number(call, "expected", 0),
		.present = (int)web_number(call, "present", 0), .absent = web_text(call, "absent"),
		.guests = web_text(call, "guests"), .votes_yes = (int)web_number(call, "yes", 0),
		.votes_no = (int)web_number(call, "no", 0),
		.votes_abstain = (int)web_number(call, "abstain", 0),
		.decision = web_text(call, "decision"),
	};
	int64_t id;
	int r = meeting_record(call->web->app, &caller, &m, &id, &call->info);
	if (r < 0)
		return r;
	call->location = here(call);
	call->note = problems ? "已存会议记录" : "已存会议记录，等次定了";
	return 0;
}
