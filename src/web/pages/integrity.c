/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks found. It accuses nobody: beside each finding stands why it
 * might be harmless, and an officer says what it was; it stays in the list. */
#include "domain/day_math.h"
#include "domain/exact.h"
#include "web/pages/pages_integrity.h"
#include "web/pages/pages_ledger.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define CAMPAIGN {.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 1, .max = INT64_MAX}

const struct web_field integrity_fields[] = {NODE, CAMPAIGN, {0}};
const struct web_field integrity_mark_fields[] = {
	NODE, CAMPAIGN,
	{.name = "finding", .label = "发现", .type = WEB_TEXT, .required = true, .max = 600},
	{.name = "confirmed", .label = "属实", .type = WEB_FLAG},
	{.name = "reason", .label = "说明", .type = WEB_TEXT, .required = true, .max = 200},
	{0}};

const struct web_field integrity_limits_fields[] = {
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "value", .label = "核查标准", .type = WEB_TEXT, .required = true, .many = true, .max = 6,
	 .pattern = "0-9"},
	{0}};
const struct web_field integrity_sheet_fields[] = {
	NODE, CAMPAIGN,
	{.name = "file", .label = "汇总表", .type = WEB_FILE, .required = true, .max = 4 << 20,
	 .pattern = ".xlsx,.xls,.csv",
	 .hint = "下面报来的 .xlsx、.xls 或 .csv，不超过 4 MB；第一列写“合计”“总计”或“小计”，放在明细下面"},
	{0}};

int act_integrity_limits(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_value *values = web_value(call, "value");
	int64_t campaign = web_number(call, "campaign", 0);
	int numbers[INTEGRITY_LIMITS];
	if (values->n != INTEGRITY_LIMITS)
		return web_wrong(call, "value", "每一条都要填");
	for (int i = 0; i < INTEGRITY_LIMITS; i++) {
		uint64_t number;
		if (!digits_parse(values->texts[i], 1000000, &number))
			return web_wrong(call, "value", "应为整数");
		numbers[i] = (int)number;
	}
	int r = integrity_set_limits(call->web->app, &caller, campaign, numbers, &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/integrity?campaign=%lld#limits", (long long)campaign);
	call->note = "核查标准已保存，下面按新的标准重新查过";
	return 0;
}

int act_integrity_sheet(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_file *file = &web_value(call, "file")->file;
	struct integrity_sheet sheet;
	struct table *table = NULL;
	int64_t node = 0, campaign = 0;
	int r = ledger_places_of(call, &node, &campaign);
	const char *name = page_text(call, "%.*s", STR_ARG(file->name));
	if (r == 0)
		r = table_open_memory(&table, name, file->data.data, file->data.len, NULL, NULL, &call->info);
	if (r < 0)
		return r;
	r = integrity_add_up(call->web->app, &caller, campaign, node, table, name, call->arena, &sheet,
			     &call->info);
	table_free(table);
	if (r < 0)
		return r;
	call->location = page_text(call, "/integrity?node=%lld&campaign=%lld", (long long)node, (long long)campaign);
	const char *totals = sheet.n_wrong ? page_text(call, "%d 处对不上", sheet.n_wrong) : "都对得上";
	const char *known = !sheet.n_known ? "" : sheet.n_differ
		? page_text(call, "；和系统里的数比了 %d 处，%d 处不一样", sheet.n_known, sheet.n_differ)
		: page_text(call, "；和系统里的数比了 %d 处，都一样", sheet.n_known);
	call->note = page_text(call, "明细 %d 行，合计 %d 处，%s%s", sheet.n_rows, sheet.n_totals, totals, known);
	return 0;
}

/* ---- the page ---- */

/* What the thresholds are; whoever leads the campaign may change them. */
static void write_limits(struct web_call *call, struct html *h, struct integrity_report *l)
{
	html(h, "<section class='gap' id='limits'><div class='sec'><h2>核查标准</h2><span class='note'>{}</span></div>\n",
	     l->may_set ? "可以改，改动进审计日志" : "由开展年度工作的一级定");
	if (l->may_set)
		html(h, "<form method='post' action='/integrity/limits'><input type='hidden' name='_csrf' value='{}'>"
			"<input type='hidden' name='campaign' value='{}'>\n", call->csrf, l->campaign.id);
	html(h, "<table class='data stack'><caption class='vh'>核查标准</caption><thead><tr><th scope='col'>查什么</th>"
		"<th scope='col'>标准</th><th scope='col' class='n'>现在</th><th scope='col' class='n'>默认</th></tr></thead><tbody>\n");
	for (int i = 0; i < INTEGRITY_LIMITS; i++) {
		const struct integrity_limit *t = &integrity_limit_table[i];
		struct integrity_limits defaults = integrity_defaults;
		int now = *integrity_limit_of(&l->limits, i);
		html(h, "<tr><th scope='row' class='nw'>{}</th><td class='wrap full'>{}</td><td class='n nw' data-l='现在'>",
		     integrity_label(t->check), t->label);
		if (l->may_set)
			html(h, "<input class='num' name='value' inputmode='numeric' maxlength='6' value='{}' aria-label='{}，{} 到 {}'> {}",
			     now, t->label, t->min, t->max, t->unit);
		else
			html(h, "{} {}", now, t->unit);
		html(h, "</td><td class='n note' data-l='默认'>{}</td></tr>\n", *integrity_limit_of(&defaults, i));
	}
	html(h, "</tbody></table>\n");
	if (l->may_set)
		html(h, "<p class='acts'><button class='btn'>保存标准</button></p></form>\n");
	html(h, "</section>\n");
}

/* A reported sheet to be added up. */
static void write_sheet_form(struct web_call *call, struct html *h, const struct integrity_report *l)
{
	html(h, "<section class='gap' id='sheet'><div class='sec'><h2>核对一张汇总表</h2>"
		"<span class='note'>合计和自己的明细对不上的，各党委的个数和系统里不一样的，列进上面的发现</span></div>\n");
	struct form form = form_begin(call, h, "/integrity/sheet", integrity_sheet_fields);
	form_hidden(&form, "campaign", page_text(call, "%lld", (long long)l->campaign.id));
	form_hidden(&form, "node", page_text(call, "%lld", (long long)l->node));
	form_row(&form, "file", NULL);
	form_end(&form, "核对", "", NULL);
	html(h, "</section>\n");
}

int act_integrity(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct integrity_report *report = arena_zalloc(call->arena, 1, sizeof(*report));
	int64_t node = 0, campaign = 0;
	if (!report)
		return err_nomem(&call->info);
	call->model = report;
	int r = ledger_places_of(call, &node, &campaign);
	report->node = node;
	/* Without a campaign there is nothing to look at. */
	return r < 0 || !campaign ? r : integrity_run(call->web->app, &caller, campaign, node, call->arena,
						      report, &call->info);
}

static void write_mark(struct web_call *call, struct html *h, const struct integrity_report *l, int i)
{
	const struct finding_mark *m = l->marks[i];
	if (m) {
		html(h, "<span class='light {}'>{}</span> <span class='note'>{}（{}，{}）</span>", m->confirmed ? "bad" : "ok",
		     m->confirmed ? "属实" : "已说明", m->reason, m->who, page_day(call, day_of_ms(m->at_ms), true));
		return;
	}
	if (!l->may_mark)
		return;
	html(h, "<form class='judge' method='post' action='/integrity'><input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='campaign' value='{}'><input type='hidden' name='node' value='{}'>"
		"<input type='hidden' name='finding' value='{}'><input name='reason' maxlength='200' placeholder='说明' aria-label='说明' required>"
		"<label class='tick'><input type='checkbox' name='confirmed' value='1'>属实</label>"
		"<button class='btn sm'>记下</button></form>", call->csrf, l->campaign.id, l->node, l->keys[i]);
}

/* Those from `from` up to `to`; what is found no more says so. */
static void write_rows(struct web_call *call, struct html *h, const struct integrity_report *l, int from, int to,
		       const char *caption)
{
	html(h, "<table class='data sort stack'><caption class='vh'>{}</caption><thead><tr><th scope='col'>查什么</th><th scope='col'>组织</th>"
		"<th scope='col'>数据</th><th scope='col'>也可能是</th><th scope='col'>处理</th></tr></thead><tbody>\n", caption);
	for (int i = from; i < to; i++) {
		const struct integrity_finding *f = &l->findings[i];
		html(h, "<tr><th scope='row' class='nw'><b>{}</b></th><td><a href='/orgs/{}'>{}</a></td><td class='full'>{}</td>"
			"<td class='full note'>{}</td><td class='full'>", integrity_label(f->check), f->object, f->name,
		     f->figures, integrity_harmless(f->check));
		write_mark(call, h, l, i);
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody></table>\n");
}

static void write_findings(struct web_call *call, struct html *h, const struct integrity_report *l)
{
	int now = l->n - l->n_gone;
	if (now)
		write_rows(call, h, l, 0, now, "发现");
	else
		html(h, "<div class='empty'>{}</div>\n", l->n_gone ? "现在没有可疑的数据" : "没有发现可疑的数据");
	if (!l->n_gone)
		return;
	html(h, "<section class='gap' id='gone'><div class='sec'><h2>标记过、条件已不存在的</h2>"
		"<span class='note'>{} 条，现在查不出了，数据是标记时的</span></div>\n", l->n_gone);
	write_rows(call, h, l, now, l->n, "标记过、条件已不存在的");
	html(h, "</section>\n");
}

void page_integrity(struct web_call *call, struct html *h)
{
	struct integrity_report *l = call->model;
	struct page page = {.title = "真实性核查", .menu = "/cases"};
	page_node_crumbs(call, l->node, "真实性核查", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>真实性核查</span></h1><p class='note'>{} · 发现 {} 条，没有说明的 {} 条。发现不等于结论，旁边写着也可能是什么原因</p></div></div>\n",
	     l->node_name, l->campaign.title, l->n - l->n_gone, l->n_open);
	write_findings(call, h, l);
	if (l->may_mark && l->campaign.id)
		write_sheet_form(call, h, l);
	if (l->campaign.id)
		write_limits(call, h, l);
	page_end(call, h);
}

json_t *json_integrity(struct web_call *call)
{
	const struct integrity_report *l = call->model;
	json_t *list = json_array();
	for (int i = 0; i < l->n; i++)
		json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s, s:s, s:b, s:s, s:s, s:b}", "check",
			integrity_id(l->findings[i].check), "object", (json_int_t)l->findings[i].object, "name",
			l->findings[i].name, "figures", l->findings[i].figures, "finding", l->keys[i], "marked",
			l->marks[i] != NULL, "outcome", !l->marks[i] ? "" : l->marks[i]->confirmed ? "confirmed" : "explained",
			"reason", l->marks[i] ? l->marks[i]->reason : "", "gone", i >= l->n - l->n_gone));
	json_t *limits = json_object();
	for (int i = 0; i < INTEGRITY_LIMITS; i++) {
		struct integrity_limits now = l->limits;
		json_object_set_new(limits, integrity_limit_table[i].id, json_integer(*integrity_limit_of(&now, i)));
	}
	return json_pack("{s:o, s:i, s:i, s:o}", "findings", list, "open", l->n_open, "gone", l->n_gone,
			 "limits", limits);
}

int act_integrity_mark(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = 0, campaign = 0;
	int r = ledger_places_of(call, &node, &campaign);
	if (r == 0)
		r = integrity_mark(call->web->app, &caller, campaign, node, web_text(call, "finding"),
				   web_number(call, "confirmed", 0) != 0, web_text(call, "reason"), &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/integrity?node=%lld&campaign=%lld", (long long)node, (long long)campaign);
	call->note = "已记下，留在核查结果里";
	return 0;
}
