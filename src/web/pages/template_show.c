/* SPDX-License-Identifier: Apache-2.0 */
/* One own template: its placeholders with what they are worth now, filling it,
 * taking it out of use. */
#include <string.h>

#include "domain/file_type.h"
#include "web/form.h"
#include "web/pages/pages_templates.h"

#define CAMPAIGN \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX}

const struct web_field template_show_fields[] = {TEMPLATE_ID, TEMPLATE_NODE, CAMPAIGN, {0}};
const struct web_field template_fill_fields[] = {TEMPLATE_ID, TEMPLATE_NODE, CAMPAIGN, {0}};
const struct web_field template_withdraw_fields[] = {
	TEMPLATE_ID,
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},	/* shown for */
	CAMPAIGN,
	{.name = "reason", .label = "理由", .type = WEB_TEXT, .required = true, .max = 200},
	{0},
};

static struct template_ask ask_of(struct web_call *call)
{
	return (struct template_ask){.template = web_number(call, "template", 0),
				     .node = web_number(call, "node", 0),
				     .campaign = web_number(call, "campaign", 0)};
}

static const char *mime_of(enum template_file_kind kind)
{
	return file_type_mime(kind == TEMPLATE_FILE_XLSX ? FILE_XLSX : FILE_DOCX);
}

struct model {
	struct template_ask ask;
	struct template_detail detail;
};

int act_template_show(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct model *m = arena_zalloc(call->arena, 1, sizeof(*m));

	if (!m)
		return err_nomem(&call->info);
	call->model = m;
	m->ask = ask_of(call);
	int r = templates_get(call->web->app, &caller, &m->ask, call->arena, &m->detail, &call->info);
	/* The latest campaign, unless another or none is asked for. */
	if (r == 0 && !web_value(call, "campaign")->given && m->detail.n_campaigns) {
		m->ask.campaign = m->detail.campaigns[0].id;
		r = templates_get(call->web->app, &caller, &m->ask, call->arena, &m->detail, &call->info);
	}
	return r;
}

static void write_unknown(struct html *h, const struct template_detail *d)
{
	if (!d->n_unknown)
		return;
	html(h, "<div class='box warn'><b>有 {} 个占位符不认识，填的时候原样留着</b><ul class='gate'>", d->n_unknown);
	for (int i = 0; i < d->n_holes; i++) {
		const struct template_hole_info *hole = &d->holes[i];
		if (hole->known)
			continue;
		html(h, "<li>{}：{}{}{}", hole->where, "{{", hole->name, "}}");
		if (hole->nearest)
			html(h, "，是不是 <b>{}{}{}</b>？", "{{", hole->nearest, "}}");
		html(h, "</li>");
	}
	html(h, "</ul></div>\n");
}

static void write_holes(struct html *h, const struct template_detail *d)
{
	html(h, "<section><div class='sec'><h2>占位符</h2><span class='note'>{} 个，按现在的数据</span></div>"
		"<table class='data sort stack'><caption class='vh'>占位符</caption><thead><tr><th scope='col'>占位符</th><th scope='col'>在哪里</th>"
		"<th scope='col'>是什么</th><th scope='col'>现在的值</th><th scope='col' class='n'>行数</th>"
		"</tr></thead><tbody>\n", d->n_holes);
	for (int i = 0; i < d->n_holes; i++) {
		const struct template_hole_info *hole = &d->holes[i];
		html(h, "<tr><th scope='row' class='full mono'>{}{}{}</th><td data-l='在哪里'>{}", "{{", hole->name, "}}",
		     hole->where);
		if (hole->times > 1)
			html(h, " 等 {} 处", hole->times);
		html(h, "</td>");
		if (hole->known)
			html(h, "<td data-l='是什么'>{}</td><td data-l='现在的值'>{}</td>", hole->known->about, hole->value);
		else
			html(h, "<td data-l='是什么'><span class='light warn'>不认识</span></td><td></td>");
		if (hole->rows >= 0)
			html(h, "<td class='n' data-l='行数'>{}</td></tr>\n", hole->rows);
		else
			html(h, "<td class='n'></td></tr>\n");
	}
	html(h, "</tbody></table></section>\n");
}

static void write_campaigns(struct html *h, const struct model *m)
{
	const struct template_detail *d = &m->detail;

	if (d->template.withdrawn_ms) {
		html(h, "<div class='box warn'>已停用：{}（{}）</div>\n", d->template.withdrawn_why,
		     d->template.withdrawn_by);
		return;
	}
	html(h, "<form class='bar' method='get' action='/templates/{}'><input type='hidden' name='node' value='{}'>"
		"<label>年度工作 <select name='campaign'>", d->template.id, m->ask.node);
	for (int i = 0; i < d->n_campaigns; i++) {
		html(h, "<option value='{}'", d->campaigns[i].id);
		if (d->campaigns[i].id == m->ask.campaign)
			html(h, " selected");
		html(h, ">{}</option>", d->campaigns[i].title);
	}
	html(h, "<option value='0'");
	if (!m->ask.campaign)
		html(h, " selected");
	html(h, ">不用</option></select></label> <button class='btn'>换</button></form>\n");
}

static void write_withdraw(struct web_call *call, struct html *h, const struct model *m)
{
	struct form form;

	html(h, "<section><div class='sec'><h2>停用</h2><span class='note'>停用后不能再填，留有记录；"
		"换新版请用同一个名称再上传</span></div>\n");
	form = form_fold(call, h, "停用这个模板", page_text(call, "/templates/%lld/withdraw",
			 (long long)m->detail.template.id), template_withdraw_fields, NULL, NULL);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)m->ask.node));
	form_hidden(&form, "campaign", page_text(call, "%lld", (long long)m->ask.campaign));
	form_row(&form, "reason", NULL);
	form_end(&form, "停用", "danger", NULL);
	html(h, "</details></section>\n");
}

void page_template_show(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	const struct template_detail *d = &m->detail;
	const struct form_template *t = &d->template;
	struct page page = {.title = t->name, .menu = "/forms"};

	page_org_crumbs(call, d->shelf.crumbs, d->shelf.n_crumbs, t->name, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{}　{}，第 {} 版，{} {} 上传</p></div>"
		"<div class='acts'><a class='btn' href='/templates?node={}'>全部模板</a>"
		"<a class='btn' hx-boost='false' href='/templates/{}/file?node={}'>下载原件</a>",
	     t->name, t->note, t->node_name, t->version, page_time(call, t->added_ms), t->who, m->ask.node, t->id,
	     m->ask.node);
	if (!t->withdrawn_ms && d->readable)
		html(h, "<a class='btn' href='{}'>读回</a>",
		     page_text(call, "/read-back?node=%lld&template=%lld&campaign=%lld", (long long)m->ask.node,
			       (long long)t->id, (long long)m->ask.campaign));
	if (!t->withdrawn_ms)
		html(h, "<a class='btn main' hx-boost='false' href='{}'>填好下载</a>",
		     page_text(call, "/templates/%lld/fill?node=%lld&campaign=%lld", (long long)t->id,
			       (long long)m->ask.node, (long long)m->ask.campaign));
	html(h, "</div></div>\n");
	write_unknown(h, d);
	write_campaigns(h, m);
	write_holes(h, d);
	if (d->may_withdraw)
		write_withdraw(call, h, m);
	page_end(call, h);
}

json_t *json_template_show(struct web_call *call)
{
	const struct model *m = call->model;
	const struct template_detail *d = &m->detail;
	json_t *holes = json_array();

	for (int i = 0; i < d->n_holes; i++) {
		const struct template_hole_info *hole = &d->holes[i];
		json_array_append_new(holes, json_pack("{s:s, s:s, s:i, s:b, s:s, s:s, s:i}", "name", hole->name,
						       "where", hole->where, "times", hole->times, "known",
						       hole->known != NULL, "nearest",
						       hole->nearest ? hole->nearest : "", "value", hole->value, "rows",
						       hole->rows));
	}
	return json_pack("{s:I, s:s, s:i, s:I, s:o, s:i, s:b}", "id", (json_int_t)d->template.id, "name",
			 d->template.name, "version", d->template.version, "campaign",
			 (json_int_t)m->ask.campaign, "holes", holes, "unknown", d->n_unknown, "readable",
			 d->readable);
}

/* ---- files ---- */

int act_template_file(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct template_ask ask = ask_of(call);
	struct form_template t;
	int r = templates_file(call->web->app, &caller, &ask, call->arena, &t, &call->response->body,
			       &call->info);

	if (r == 0)
		web_file_response(call, t.file_name, mime_of(t.kind));
	return r;
}

int act_template_fill(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct template_ask ask = ask_of(call);
	const char *name;
	int r = templates_fill(call->web->app, &caller, &ask, call->arena, &call->response->body, &name,
			       &call->info);

	if (r == 0)
		web_file_response(call, name, mime_of(strstr(name, ".xlsx") ? TEMPLATE_FILE_XLSX : TEMPLATE_FILE_DOCX));
	return r;
}

int act_template_withdraw(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = templates_withdraw(call->web->app, &caller, web_number(call, "template", 0),
				   web_text(call, "reason"), &call->info);

	if (r == 0) {
		call->location = "/templates";
		call->note = "已停用";
	}
	return r;
}
