/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook that comes back: choose it, see what would change and what is wrong
 * cell by cell, say yes. Between the two clicks the file is held. */
#include <string.h>

#include "app/forms.h"
#include "app/template_read.h"
#include "web/form.h"
#include "web/held.h"
#include "web/pages/pages_templates.h"

#define WHAT \
	TEMPLATE_NODE, \
	{.name = "template", .label = "模板", .type = WEB_INT, .min = 0, .max = INT64_MAX}, \
	{.name = "form", .label = "表", .type = WEB_TEXT, .max = 20, .pattern = "a-z0-9-"}, \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX}

const struct web_field read_page_fields[] = {WHAT, {0}};
const struct web_field read_try_fields[] = {
	WHAT,
	{.name = "file", .label = "文件", .type = WEB_FILE, .required = true, .max = READ_FILE_MAX,
	 .pattern = ".xlsx", .hint = "在系统填好的表上改过的 .xlsx，不超过 20 MB"},
	{0},
};
const struct web_field read_run_fields[] = {
	WHAT,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

struct model {
	struct read_ask ask;
	struct template_shelf shelf;
	const char *title;
	const char *file;
	char held[HELD_ID_LEN + 1];
	bool tried;
	struct read_result result;
	const char *why;		/* it could not be read at all; NULL */
};

static struct read_ask ask_of(struct web_call *call)
{
	return (struct read_ask){.template = web_number(call, "template", 0), .form = web_text(call, "form"),
				 .node = web_number(call, "node", 0), .campaign = web_number(call, "campaign", 0)};
}

static const char *query_of(struct web_call *call, const struct read_ask *ask)
{
	return page_text(call, "node=%lld&template=%lld&form=%s&campaign=%lld", (long long)ask->node,
			 (long long)ask->template, ask->form, (long long)ask->campaign);
}

/* Where it came from. */
static const char *back_of(struct web_call *call, const struct read_ask *ask)
{
	return ask->template ? page_text(call, "/templates/%lld?node=%lld&campaign=%lld", (long long)ask->template,
					 (long long)ask->node, (long long)ask->campaign) :
			       page_text(call, "/forms?node=%lld", (long long)ask->node);
}

static int open_model(struct web_call *call, struct model **ret_model)
{
	struct caller caller = page_caller(call);
	struct model *m = arena_zalloc(call->arena, 1, sizeof(*m));
	if (!m)
		return err_nomem(&call->info);
	call->model = m;
	m->ask = ask_of(call);
	int r = templates_list(call->web->app, &caller, m->ask.node, call->arena, &m->shelf, &call->info);
	if (r < 0)
		return r;
	if (m->ask.template) {
		for (int i = 0; i < m->shelf.n; i++)
			if (m->shelf.templates[i].id == m->ask.template)
				m->title = m->shelf.templates[i].name;
	} else {
		const struct form_kind *kind = form_find(m->ask.form);
		m->title = kind && template_read_knows(m->ask.form) ?
			   page_text(call, "%s %s", kind->name, kind->label) : NULL;
	}
	*ret_model = m;
	bool asked = m->ask.template || *m->ask.form;
	if (!m->title && asked)
		return err_set(&call->info, ERR_NOT_FOUND, "没有可以读回的这种表");
	return m->title || call->request->method == WEB_GET ? 0 :
	       err_set(&call->info, ERR_INPUT, "请先选择要读回哪张表");
}

int act_read_page(struct web_call *call)
{
	struct model *m;
	return open_model(call, &m);
}

int act_read_try(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_file *file = &web_value(call, "file")->file;
	struct model *m = NULL;
	int r = open_model(call, &m);
	if (r < 0 || !m)
		return r;
	const char *name = arena_strndup(call->arena, file->name.data ? file->name.data : "", file->name.len);
	m->file = name && *name ? name : "表格";
	m->tried = true;
	r = template_read(call->web->app, &caller, &m->ask, m->file, file->data, true, call->arena, &m->result,
			  &call->info);
	if (r == ERR_INPUT || r == ERR_LIMIT) {
		m->why = page_text(call, "%s", call->info.text);
		call->problem_status = 422;
		return 0;
	}
	if (r < 0)
		return r;
	if (m->result.count[READ_WRONG]) {
		call->problem_status = 422;
		return 0;
	}
	return held_put(call->web->held, call->session.account, file->name, file->data, call->request->now,
			m->held, &call->info);
}

int act_read_run(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const char *id = web_text(call, "held");
	struct read_result result = {0};
	struct str name = {0}, data = {0};
	struct model *m = NULL;
	int r = open_model(call, &m);
	if (r == 0)
		r = held_get(call->web->held, call->session.account, id, call->request->now, call->arena, &name,
			     &data, &call->info);
	if (r < 0)
		return r;
	const char *file = arena_strndup(call->arena, name.data ? name.data : "", name.len);
	r = template_read(call->web->app, &caller, &m->ask, file && *file ? file : "表格", data, false, call->arena,
			  &result, &call->info);
	if (r < 0)
		return r;
	held_drop(call->web->held, call->session.account, id);
	call->location = back_of(call, &m->ask);
	call->note = page_text(call, "已读回“%s”，写入 %d 项", m->title, result.written);
	return 0;
}

/* ---- the pages ---- */

static void write_choose(struct web_call *call, struct html *h, const struct model *m)
{
	struct form form = form_begin(call, h, page_text(call, "/read-back?%s", query_of(call, &m->ask)),
				      read_try_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)m->ask.node));
	form_hidden(&form, "template", page_text(call, "%lld", (long long)m->ask.template));
	form_hidden(&form, "form", m->ask.form);
	form_hidden(&form, "campaign", page_text(call, "%lld", (long long)m->ask.campaign));
	form_row(&form, "file", NULL);
	form_end(&form, "试读", "main", back_of(call, &m->ask));
}

/* Which table it is. */
static void write_kinds(struct web_call *call, struct html *h, const struct model *m)
{
	html(h, "<div class='head'><div><h1>读回哪张表</h1><p class='note'>{}</p></div></div>\n<ul class='list'>",
	     m->shelf.org.name);
	for (int i = 0; i < m->shelf.n; i++) {
		struct read_ask ask = m->ask;
		ask.template = m->shelf.templates[i].id;
		if (m->shelf.templates[i].kind == TEMPLATE_FILE_XLSX)
			html(h, "<li><a href='{}'>{}</a></li>\n", page_text(call, "/read-back?%s", query_of(call, &ask)),
			     m->shelf.templates[i].name);
	}
	for (const struct form_kind *k = form_kinds; k->id; k++) {
		struct read_ask ask = m->ask;
		ask.form = k->id;
		if (template_read_knows(k->id))
			html(h, "<li><a href='{}'>{} {}</a></li>\n", page_text(call, "/read-back?%s", query_of(call, &ask)),
			     k->name, k->label);
	}
	html(h, "</ul>\n");
}

void page_read(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	struct page page = {.title = "读回", .menu = "/forms"};

	page_org_crumbs(call, m->shelf.crumbs, m->shelf.n_crumbs, "读回", &page);
	page_begin(call, h, &page);
	if (!m->title) {
		write_kinds(call, h, m);
		page_end(call, h);
		return;
	}
	html(h, "<div class='head'><div><h1>读回{}</h1><p class='note'>{}</p></div></div>\n"
		"<ul class='list gap-b'><li>在系统填好的 Excel 上改，改完原样交回；可以增删行、挪动次序</li>"
		"<li>空格子不改，填“-”清空；系统算出来的得分、等次不从表里读</li>"
		"<li>合计要和各行加起来一样；不一样的不能写入，还会列进“真实性核查”，改对以后再读一次就没有了</li><li>先试读，看清楚改了什么再确认</li></ul>\n",
	     m->title, m->shelf.org.name);
	write_choose(call, h, m);
	page_end(call, h);
}

static void write_place(struct html *h, const struct read_item *item)
{
	html(h, "<tr><td data-l='工作表'>{}</td><td class='mono' data-l='单元格'>{}</td>"
		"<th scope='row' data-l='对象'>{}</th>", item->sheet, item->cell, item->object);
}

static void write_said(struct html *h, const struct model *m, enum read_item_kind kind, const char *title)
{
	if (!m->result.count[kind])
		return;
	html(h, "<section><div class='sec'><h2>{}</h2><span class='note'>{} 处</span></div>"
		"<table class='data sort stack'><caption class='vh'>{}</caption><thead><tr><th scope='col'>工作表</th>"
		"<th scope='col'>单元格</th><th scope='col'>对象</th><th scope='col'>说明</th></tr></thead><tbody>\n",
	     title, m->result.count[kind], title);
	for (int i = 0; i < m->result.n; i++) {
		if (m->result.items[i].kind != kind)
			continue;
		write_place(h, &m->result.items[i]);
		html(h, "<td data-l='说明'>{}</td></tr>\n", m->result.items[i].text);
	}
	html(h, "</tbody></table>");
	if (m->result.count[kind] > READ_ITEMS_MAX)
		html(h, "<p class='note'>只列出前 {} 处</p>", (int)READ_ITEMS_MAX);
	html(h, "</section>\n");
}

static void write_changes(struct html *h, const struct model *m)
{
	if (!m->result.count[READ_CHANGE])
		return;
	html(h, "<section><div class='sec'><h2>会改什么</h2><span class='note'>{} 项</span></div>"
		"<table class='data sort stack'><caption class='vh'>会改什么</caption><thead><tr><th scope='col'>工作表</th><th scope='col'>单元格</th>"
		"<th scope='col'>对象</th><th scope='col'>项目</th><th scope='col'>之前</th><th scope='col'>之后</th>"
		"</tr></thead><tbody>\n", m->result.count[READ_CHANGE]);
	for (int i = 0; i < m->result.n; i++) {
		const struct read_item *item = &m->result.items[i];
		if (item->kind != READ_CHANGE)
			continue;
		write_place(h, item);
		html(h, "<td data-l='项目'>{}</td><td data-l='之前'>{}</td><td data-l='之后'>{}</td></tr>\n",
		     item->label, *item->before ? item->before : "（空）", *item->after ? item->after : "（空）");
	}
	html(h, "</tbody></table>");
	if (m->result.count[READ_CHANGE] > READ_ITEMS_MAX)
		html(h, "<p class='note'>只列出前 {} 项</p>", (int)READ_ITEMS_MAX);
	html(h, "</section>\n");
}

static void write_confirm(struct web_call *call, struct html *h, const struct model *m)
{
	if (!m->result.count[READ_CHANGE]) {
		html(h, "<div class='empty'><b>没有要改的</b><p>读了 {} 行，表里的内容和现在的一样。</p>"
			"<a class='btn' href='{}'>返回</a></div>\n", m->result.rows, back_of(call, &m->ask));
		return;
	}
	struct form form = form_begin(call, h, "/read-back/run", read_run_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)m->ask.node));
	form_hidden(&form, "template", page_text(call, "%lld", (long long)m->ask.template));
	form_hidden(&form, "form", m->ask.form);
	form_hidden(&form, "campaign", page_text(call, "%lld", (long long)m->ask.campaign));
	form_hidden(&form, "held", m->held);
	html(h, "<p>读了 {} 行，要改 {} 项，还没有写入。</p>", m->result.rows, m->result.count[READ_CHANGE]);
	form_end(&form, "确认写入", "main", back_of(call, &m->ask));
}

void page_read_result(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	bool wrong = m->why || m->result.count[READ_WRONG];
	struct page page = {.title = "试读", .menu = "/forms"};

	page_org_crumbs(call, m->shelf.crumbs, m->shelf.n_crumbs, "试读", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>试读{}</h1><p class='note'>{}：{}</p></div></div>\n", m->title, m->file,
	     wrong ? "有问题，什么也没有写入" : "还没有写入，确认以后才生效");
	if (m->why)
		html(h, "<div class='box warn'><b>读不了</b><p>{}</p></div>\n", m->why);
	else if (!wrong)
		write_confirm(call, h, m);
	if (m->result.sums)
		html(h, "<div class='box warn'>有 {} 处合计和自己的明细对不上，已经列进“真实性核查”。改对以后再读一次，就从那里去掉。</div>\n",
		     m->result.sums);
	write_said(h, m, READ_WRONG, "不对的地方");
	if (wrong) {
		html(h, "<section><div class='sec'><h2>改好以后再选一次</h2></div>");
		write_choose(call, h, m);
		html(h, "</section>\n");
	}
	write_changes(h, m);
	write_said(h, m, READ_NOTE, "没有读的");
	page_end(call, h);
}

json_t *json_read(struct web_call *call)
{
	static const char *const kinds[READ_KINDS] = {"change", "wrong", "note"};
	const struct model *m = call->model;
	json_t *items = json_array();

	for (int i = 0; i < m->result.n; i++) {
		const struct read_item *item = &m->result.items[i];
		json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "kind",
						       kinds[item->kind], "sheet", item->sheet, "cell", item->cell,
						       "object", item->object, "label", item->label, "before",
						       item->before, "after", item->after, "text", item->text));
	}
	return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:s, s:o}", "held", m->held, "rows", m->result.rows,
			 "sums", m->result.sums,
			 "changes", m->result.count[READ_CHANGE], "wrong", m->result.count[READ_WRONG], "notes",
			 m->result.count[READ_NOTE], "why", m->why ? m->why : "", "items", items);
}
