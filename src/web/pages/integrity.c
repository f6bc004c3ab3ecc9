/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks found. It accuses nobody: beside each finding stands why it
 * might be harmless, and an officer says what it was; it stays in the list. */
#include "web/pages/pages_integrity.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define CAMPAIGN {.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 1, .max = INT64_MAX}

const struct web_field integrity_fields[] = {NODE, CAMPAIGN, {0}};
const struct web_field integrity_mark_fields[] = {
	NODE, CAMPAIGN,
	{.name = "finding", .label = "发现", .type = WEB_TEXT, .required = true, .max = 600},
	{.name = "confirmed", .label = "属实", .type = WEB_FLAG},
	{.name = "reason", .label = "说明", .type = WEB_TEXT, .required = true, .max = 200},
	{0}};

static int places_of(struct web_call *call, int64_t *ret_node, int64_t *ret_campaign)
{
	struct caller caller = page_caller(call);
	struct campaign *list;
	int n, r = 0;
	*ret_node = web_number(call, "node", 0);
	*ret_campaign = web_number(call, "campaign", 0);
	if (!*ret_node)
		r = page_top_node(call, ret_node);
	if (r < 0 || *ret_campaign)
		return r;
	r = campaigns_list(call->web->app, &caller, false, call->arena, &list, &n, &call->info);
	for (int i = n; r == 0 && i-- > 0;)
		if (list[i].kind != CAMPAIGN_APPRAISAL)
			*ret_campaign = list[i].id;
	return r;
}

int act_integrity(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct integrity_report *report = arena_zalloc(call->arena, 1, sizeof(*report));
	int64_t node = 0, campaign = 0;
	if (!report)
		return err_nomem(&call->info);
	call->model = report;
	int r = places_of(call, &node, &campaign);
	/* Without a campaign there is nothing to look at. */
	return r < 0 || !campaign ? r : integrity_run(call->web->app, &caller, campaign, node, call->arena,
						      report, &call->info);
}

static void write_mark(struct web_call *call, struct html *h, const struct integrity_report *l, int i)
{
	const struct finding_mark *m = l->marks[i];
	if (m) {
		html(h, "<span class='light {}'>{}</span> <span class='note'>{}（{}）</span>", m->confirmed ? "bad" : "ok",
		     m->confirmed ? "属实" : "已说明", m->reason, m->who);
		return;
	}
	if (!(call->session.may >> ACTION_CHECK_WRITE & 1))
		return;
	html(h, "<form class='judge' method='post' action='/integrity'><input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='campaign' value='{}'><input type='hidden' name='finding' value='{}'>"
		"<input name='reason' maxlength='200' aria-label='说明' required>"
		"<label class='tick'><input type='checkbox' name='confirmed' value='1'>属实</label>"
		"<button class='btn sm'>记下</button></form>", call->csrf, l->campaign.id, l->keys[i]);
}

void page_integrity(struct web_call *call, struct html *h)
{
	const struct integrity_report *l = call->model;
	struct page page = {.title = "真实性核查", .menu = "/cases"};
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>真实性核查</span></h1><p class='note'>{} · 发现 {} 条，没有说明的 {} 条。发现不等于结论，旁边写着也可能是什么原因</p></div></div>\n",
	     l->node_name, l->campaign.title, l->n, l->n_open);
	if (!l->n) {
		html(h, "<div class='empty'>没有发现可疑的数据</div>\n");
		page_end(call, h);
		return;
	}
	html(h, "<table class='data stack'><caption class='vh'>发现</caption><thead><tr><th scope='col'>查什么</th><th scope='col'>组织</th>"
		"<th scope='col'>数据</th><th scope='col'>也可能是</th><th scope='col'>处理</th></tr></thead><tbody>\n");
	for (int i = 0; i < l->n; i++) {
		const struct integrity_finding *f = &l->findings[i];
		html(h, "<tr><th scope='row' class='nw'><b>{}</b></th><td><a href='/orgs/{}'>{}</a></td><td class='full'>{}</td>"
			"<td class='full note'>{}</td><td class='full'>", integrity_label(f->check), f->object, f->name,
		     f->figures, integrity_harmless(f->check));
		write_mark(call, h, l, i);
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody></table>\n");
	page_end(call, h);
}

json_t *json_integrity(struct web_call *call)
{
	const struct integrity_report *l = call->model;
	json_t *list = json_array();
	for (int i = 0; i < l->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s, s:s, s:b}", "check",
			integrity_id(l->findings[i].check), "object", (json_int_t)l->findings[i].object, "name",
			l->findings[i].name, "figures", l->findings[i].figures, "finding", l->keys[i], "marked",
			l->marks[i] != NULL));
	return json_pack("{s:o, s:i}", "findings", list, "open", l->n_open);
}

int act_integrity_mark(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = 0, campaign = 0;
	int r = places_of(call, &node, &campaign);
	if (r == 0)
		r = integrity_mark(call->web->app, &caller, campaign, node, web_text(call, "finding"),
				   web_number(call, "confirmed", 0) != 0, web_text(call, "reason"), &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/integrity?node=%lld&campaign=%lld", (long long)node, (long long)campaign);
	call->note = "已记下，留在核查结果里";
	return 0;
}
