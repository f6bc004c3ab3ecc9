/* SPDX-License-Identifier: Apache-2.0 */
/* Handing in, accepting and returning, unlocking, stars approved above. */
#include "app/review.h"

#include <stdlib.h>
#include <string.h>

#include "app/campaign_grading.h"
#include "web/pages/pages.h"
#include "web/pages/pages_decide.h"
#include "web/table.h"

const struct web_field review_fields[] = {DECIDE_CAMPAIGN, DECIDE_NODE, {0}};
const struct web_field review_submit_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "signed", .label = "签字的负责人", .type = WEB_TEXT, .required = true, .max = 60,
	 .hint = "在盖章汇总表上签字的书记"},
	{.name = "note", .label = "说明", .type = WEB_AREA, .max = 1000},
	{0},
};
const struct web_field review_decide_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_NODE,
	{.name = "orgs", .label = "党组织", .type = WEB_TEXT, .many = true, .max = 20, .pattern = "0-9"},
	{.name = "accept", .label = "通过", .type = WEB_FLAG},
	{.name = "reason", .label = "退回的理由", .type = WEB_AREA, .max = 2000,
	 .hint = "退回必须写明理由；只有退回的才解锁"},
	{0},
};
/* Whose page it was done on. */
#define BACK_TO {.name = "node", .label = "回到", .type = WEB_INT, .min = 1, .max = INT64_MAX}
const struct web_field review_unlock_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG, BACK_TO,
	{.name = "reason", .label = "解锁的理由", .type = WEB_TEXT, .required = true, .max = 1000}, {0}};
const struct web_field review_stars_fields[] = {
	DECIDE_CAMPAIGN, DECIDE_ORG, BACK_TO, {.name = "approve", .label = "批准", .type = WEB_FLAG},
	{.name = "reason", .label = "不批准的理由", .type = WEB_TEXT, .max = 1000, .hint = "批准的不用写"}, {0}};

int act_review(struct web_call *call)
{
	struct review_view *v = arena_zalloc(call->arena, 1, sizeof(*v));
	struct caller caller = page_caller(call);

	if (!v)
		return err_nomem(&call->info);
	call->model = v;
	return review_get(call->web->app, &caller, web_number(call, "campaign", 0),
			  web_number(call, "node", 0), call->arena, v, &call->info);
}

static const char *base(struct web_call *call, const struct review_view *v, const char *what)
{
	return page_text(call, "/campaigns/%lld/review%s", (long long)v->call.campaign.id, what);
}

static const char *number_text(struct web_call *call, int64_t number)
{
	return page_text(call, "%lld", (long long)number);
}

/* ---- the parts ---- */

static void write_children(struct web_call *call, struct html *h, const struct review_view *v)
{
	if (v->n_children == 0)
		return;
	(void)call;
	html(h, "<section aria-labelledby='h-c'><div class='sec'><h2 id='h-c'>下级报来的</h2></div>"
		"<table class='data sort stack' aria-labelledby='h-c'><thead><tr><th scope='col'>党委</th>"
		"<th scope='col' class='n sum'>定级</th><th scope='col' class='n sum'>等待审查</th>"
		"<th scope='col' class='n sum'>已通过</th><th scope='col' class='n sum'>退回</th>"
		"<th scope='col' class='n sum'>没报</th></tr></thead><tbody>\n");
	for (int i = 0; i < v->n_children; i++) {
		const struct review_child *c = &v->children[i];
		int back = c->states[HOLD_RETURNED] + c->states[HOLD_REOPENED];
		html(h, "<tr><th scope='row'><a href='/campaigns/{}/review?node={}'>{}</a></th>"
			"<td class='n' data-l='定级'>{}</td><td class='n' data-l='等待审查'>{}</td>"
			"<td class='n' data-l='已通过'>{}</td><td class='n' data-l='退回'>{}</td>"
			"<td class='n' data-l='没报'>{}</td></tr>\n",
		     v->call.campaign.id, c->node->org.id, c->node->org.name, c->orgs, c->ready,
		     c->states[HOLD_ACCEPTED], back, c->states[HOLD_NONE] + c->states[HOLD_PUBLISHED]);
	}
	html(h, "</tbody></table></section>\n");
}

static const struct star_approval *approval_of(const struct review_view *v, int64_t org)
{
	for (int i = 0; i < v->n_approvals; i++)
		if (v->approvals[i].org == org)
			return &v->approvals[i];
	return NULL;
}

static void write_acts(struct web_call *call, struct html *h, const struct review_view *v,
		       const struct decide_org *o)
{
	bool locked = hold_locks(o->hold.state) && o->hold.state != HOLD_PUBLISHED;
	const struct star_approval *a = approval_of(v, o->org.id);
	bool stars = (review_stars_wait(v, o) && v->approves[o->result.approval]) ||
		     (a && !a->approved && o->hold.state == HOLD_ACCEPTED && v->approves[a->level]);

	if (v->may_unlock && locked) {
		struct form f = form_fold(call, h, "解锁", page_text(call, "/campaigns/%lld/orgs/%lld/unlock",
								     (long long)v->call.campaign.id,
								     (long long)o->org.id),
					  review_unlock_fields, NULL, NULL);
		form_hidden(&f, "node", number_text(call, v->call.org.id));
		form_row(&f, "reason", NULL);
		form_end(&f, "解锁", "danger", NULL);
		html(h, "</details>");
	}
	if (stars) {
		struct form f = form_fold(call, h, "审定星级", page_text(call, "/campaigns/%lld/orgs/%lld/stars",
									 (long long)v->call.campaign.id,
									 (long long)o->org.id),
					  review_stars_fields, NULL, NULL);
		form_hidden(&f, "node", number_text(call, v->call.org.id));
		html(h, "<button class='btn' name='approve' value='1'>批准{}</button>",
		     decide_stars_text(a && !a->approved ? a->stars : o->result.stars));
		form_row(&f, "reason", NULL);
		form_end(&f, "不批准", "", NULL);
		html(h, "</details>");
	}
}

static void write_state(struct html *h, const struct review_view *v, const struct decide_org *o)
{
	const struct star_approval *a = approval_of(v, o->org.id);
	static const char *const tones[HOLD_STATES] = {"off", "ok", "warn", "ok", "bad", "bad"};

	html(h, "<span class='light {}'>{}</span>", tones[o->hold.state],
	     o->hold.state ? hold_label(o->hold.state) : "没有报送");
	if (*o->hold.reason)
		html(h, "<p class='note'>{}</p>", o->hold.reason);
	if (review_stars_wait(v, o))
		html(h, "<p class='note'>{}等{}审定</p>", decide_stars_text(o->result.stars),
		     v->call.scheme->level_label[o->result.approval]);
	if (a)
		html(h, "<p class='note'>{}{}审定：{}{}</p>", decide_stars_text(a->stars),
		     v->call.scheme->level_label[a->level], a->approved ? "批准" : "不批准，", a->reason);
}

static bool waits(const struct review_view *v, const struct decide_org *o)
{
	return v->may_review_own && o->hold.state == HOLD_SUBMITTED && o->hold.node == v->call.org.id;
}

/* All are chosen at first, and after a failed try those that were. */
static void write_tick(struct web_call *call, struct html *h, const struct decide_org *o)
{
	const char *id = number_text(call, o->org.id), *typed = id;

	for (int i = 0; call->typed_fields == review_decide_fields; i++)
		if (!(typed = form_typed(call, review_decide_fields, "orgs", i, NULL)) || strcmp(typed, id) == 0)
			break;
	html(h, "<input type='checkbox' form='decide' name='orgs' value='{}' aria-label='{}'", id, o->org.name);
	if (typed)
		html(h, " checked");
	html(h, ">");
}

static void write_org(struct web_call *call, struct html *h, const struct review_view *v, int i,
		      bool tick)
{
	const struct decide_org *o = &v->tree.orgs[i];
	const struct scheme *s = v->call.scheme;
	bool seen = v->visible[i];

	html(h, "<tr id='o{}'><td class='c'>", o->org.id);
	if (tick && waits(v, o))
		write_tick(call, h, o);
	html(h, "</td><th scope='row'><a href='/campaigns/{}/orgs/{}/why'>{}</a></th><td class='nw mut skipc'>{}</td>",
	     v->call.campaign.id, o->org.id, o->org.name, s->categories[o->org.category].label);
	html(h, "<td class='nw' data-l='等次'>");
	if (seen) {
		decide_grade(h, s, o->result.grade);
		if (o->result.meeting)
			html(h, "<i class='mk' title='会议调整'>会</i>");
		else if (o->result.quota >= 0)
			html(h, "<i class='mk' title='按名额定等'>额</i>");
	} else {
		html(h, "<span class='mut'>报送后可看</span>");
	}
	html(h, "</td><td class='nw' data-l='星级'>");
	if (seen)
		decide_stars(h, o->result.stars);
	html(h, "</td><td>");
	write_state(h, v, o);
	html(h, "</td><td>");
	write_acts(call, h, v, o);
	html(h, "</td></tr>\n");
}

static void write_orgs(struct web_call *call, struct html *h, const struct review_view *v)
{
	int waiting = 0;
	for (int i = 0; i < v->tree.n; i++)
		waiting += v->tree.orgs[i].org.category >= 0 && waits(v, &v->tree.orgs[i]);
	html(h, "<section class='gap' aria-labelledby='h-o'><div class='sec'><h2 id='h-o'>党组织 {} 个</h2>"
		"<span class='note'>{}</span></div><table class='data sort pick stack' aria-labelledby='h-o'><thead><tr>"
		"<th scope='col' class='c'>{}</th><th scope='col'>党组织</th><th scope='col'>类别</th>"
		"<th scope='col'>等次</th><th scope='col'>星级</th><th scope='col'>状态</th>"
		"<th scope='col'></th></tr></thead><tbody>\n", v->tree.n_graded,
	     waiting ? page_text(call, "%d 个等待审查，已全选%s", waiting,
				 v->tree.n_graded > TABLE_ROWS ? "；一页一页地办，只办这一页上选中的" : "") : "",
	     waiting ? "选" : "");
	for (int i = 0; i < v->tree.n; i++)
		if (v->tree.orgs[i].org.category >= 0)
			write_org(call, h, v, i, waiting > 0);
	html(h, "</tbody></table>\n");
	if (waiting) {
		form_problem(call, h, review_decide_fields);
		html(h, "<form id='decide' class='box gap-b' method='post' action='{}'>"
			"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' value='{}'>"
			"<div class='row'><label for='f-back'>退回的理由</label><textarea id='f-back' name='reason' rows='2'>{}</textarea>"
			"<p class='hint'>退回必须写明理由；只有选中的退回、解锁</p></div>"
			"<div class='acts'><button class='btn main' name='accept' value='1'>通过选中的</button>"
			"<button class='btn danger'>退回选中的</button></div></form>\n",
		     base(call, v, "/decide"), call->csrf, v->call.org.id,
		     form_typed(call, review_decide_fields, "reason", 0, ""));
	}
	html(h, "</section>\n");
}

static void write_submit(struct web_call *call, struct html *h, const struct review_view *v)
{
	html(h, "<section aria-labelledby='h-s'><div class='sec'><h2 id='h-s'>报送{}</h2></div>\n",
	     *v->above ? v->above : "上级");
	decide_gate(call, h, GATE_SUBMIT, &v->gate);
	if (v->may_submit && v->gate.open) {
		struct form f = form_begin(call, h, base(call, v, "/submit"), review_submit_fields);
		form_hidden(&f, "node", number_text(call, v->call.org.id));
		form_row(&f, "signed", NULL);
		form_row(&f, "note", NULL);
		form_end(&f, *v->above ? page_text(call, "报送%s", v->above) : "报送上级", "main", NULL);
	}
	if (v->n_submissions)
		html(h, "<ul class='list gap'>");
	for (int i = v->n_submissions - 1; i >= 0; i--) {
		const struct submission *s = &v->submissions[i];
		html(h, "<li><b>第 {} 次报送</b> {}<p>{} 个，{}签字。{}</p></li>", s->number,
		     page_time(call, s->at_ms), s->orgs, s->signed_by, s->note);
	}
	if (v->n_submissions)
		html(h, "</ul>");
	html(h, "</section>\n");
}

void page_review(struct web_call *call, struct html *h)
{
	const struct review_view *v = call->model;
	struct page page = {.title = page_text(call, "%s %d 年度报送审查", v->call.org.name,
					       v->call.campaign.year)};
	bool committee = v->call.org.level < v->call.scheme->graded;

	decide_crumbs(call, &v->call, "报送审查", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {} 年度报送审查</h1><p class='note'>"
		"报送以后上级才看得到结果；通过的锁定，退回的写明理由</p></div></div>\n",
	     v->call.org.name, v->call.campaign.year);
	decide_tabs(call, h, &v->call, "review");
	html(h, "<div class='cols'><div>\n");
	write_children(call, h, v);
	write_orgs(call, h, v);
	html(h, "</div><div>\n");
	if (committee)
		write_submit(call, h, v);
	html(h, "</div></div>\n");
	page_end(call, h);
}

json_t *json_review(struct web_call *call)
{
	const struct review_view *v = call->model;
	json_t *orgs = json_array();

	for (int i = 0; i < v->tree.n; i++) {
		const struct decide_org *o = &v->tree.orgs[i];
		if (o->org.category < 0)
			continue;
		json_t *one = json_pack("{s:I, s:s, s:s, s:i, s:s, s:s}", "org", (json_int_t)o->org.id,
					"code", o->org.code, "name", o->org.name, "state",
					(int)o->hold.state, "state_label", hold_label(o->hold.state),
					"reason", o->hold.reason);
		if (v->visible[i] && o->result.grade >= 0) {
			json_object_set_new(one, "grade", json_string(
						    v->call.scheme->grades[o->result.grade].id));
			json_object_set_new(one, "stars", json_integer(o->result.stars));
			json_object_set_new(one, "stars_wait", json_boolean(review_stars_wait(v, o)));
			const struct star_approval *a = approval_of(v, o->org.id);
			if (a)
				json_object_set_new(one, "approval", json_pack(
					"{s:i, s:b, s:s}", "stars", a->stars, "approved", a->approved,
					"reason", a->reason));
		}
		json_array_append_new(orgs, one);
	}
	return json_pack("{s:o, s:o, s:b, s:b, s:s}", "orgs", orgs, "gates",
			 decide_gate_json(&v->gate), "may_submit",
			 v->may_submit && v->gate.open, "may_review", v->may_review_own, "csrf", call->csrf);
}

/* ---- doing ---- */

static int done(struct web_call *call, int r, int64_t node, const char *note)
{
	if (r < 0)
		return r;
	call->location = page_text(call, "/campaigns/%lld/review?node=%lld",
				   (long long)web_number(call, "campaign", 0), (long long)node);
	call->note = note;
	return 0;
}

int act_review_submit(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0);
	int orgs = 0;
	int r = review_submit(call->web->app, &caller, web_number(call, "campaign", 0), node,
			      web_text(call, "signed"), web_text(call, "note"), &orgs, &call->info);
	return done(call, r, node, page_text(call, "已报送 %d 个", orgs));
}

int act_review_decide(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0);
	const struct web_value *value = web_value(call, "orgs");
	bool accept = web_number(call, "accept", 0) != 0;
	int64_t *orgs = arena_zalloc(call->arena, (size_t)value->n + 1, sizeof(*orgs));

	if (!orgs)
		return err_nomem(&call->info);
	for (int i = 0; i < value->n; i++)
		orgs[i] = strtoll(page_text(call, "%.*s", (int)value->texts[i].len, value->texts[i].data),
				  NULL, 10);
	int r = review_decide(call->web->app, &caller, web_number(call, "campaign", 0), node, orgs,
			      value->n, accept, web_text(call, "reason"), &call->info);
	return done(call, r, node, page_text(call, "已%s %d 个", accept ? "通过" : "退回", value->n));
}

int act_review_unlock(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t org = web_number(call, "org", 0);
	int r = review_unlock(call->web->app, &caller, web_number(call, "campaign", 0), org,
			      web_text(call, "reason"), &call->info);
	return done(call, r, web_number(call, "node", org), "已解锁，要重新研究、重新报送");
}

int act_review_stars(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t org = web_number(call, "org", 0), campaign = web_number(call, "campaign", 0);
	bool approve = web_number(call, "approve", 0) != 0;
	struct campaign_graded graded;
	int r = review_stars(call->web->app, &caller, campaign, org, approve, web_text(call, "reason"),
			     &call->info);
	if (r == 0 && !approve)
		r = campaign_grading_run(call->web->app, &caller, campaign, org, &graded, &call->info);
	return done(call, r, web_number(call, "node", org), approve ? "已批准星级" : "没有批准，星级已重排");
}
