/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All forms of a node as one zip, a form a step, so that a bar can show how far
 * it is and no request takes long. Between the steps the zip is held like an
 * upload. With script the steps follow by themselves, without it by a button.
 */
#include <string.h>

#include "report/pack.h"
#include "web/form.h"
#include "web/held.h"
#include "web/pages/pages_forms.h"

const struct web_field form_batch_page_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{0},
};
const struct web_field form_batch_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{.name = "step", .label = "第几步", .type = WEB_INT, .min = 0, .max = 1000},
	{.name = "held", .label = "文件", .type = WEB_TEXT, .max = HELD_ID_LEN},
	{.name = "blank", .label = "空表", .type = WEB_FLAG},
	{.name = "left", .label = "没有的", .type = WEB_AREA, .max = 2000},
	{0},
};
const struct web_field form_batch_file_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

struct model {
	struct form_place place;
	int64_t campaign;
	bool blank;
	int step, steps;		/* done, in all */
	char held[HELD_ID_LEN + 1];
	const char *left;		/* forms that could not be made, and why, a line each */
};

/* The forms of a batch: ballots and chosen columns are for their own pages. */
static const struct form_kind *batch_kind(int i, bool blank)
{
	for (const struct form_kind *k = form_kinds; k->id; k++) {
		if (strcmp(k->id, "f6") == 0 || strcmp(k->id, "f18") == 0 || (blank && !k->blank))
			continue;
		if (i-- == 0)
			return k;
	}
	return NULL;
}

static int count(bool blank)
{
	int n = 0;
	while (batch_kind(n, blank))
		n++;
	return n;
}

static int begin(struct web_call *call, struct model **ret_model)
{
	struct caller caller = page_caller(call);
	struct model *m = arena_zalloc(call->arena, 1, sizeof(*m));

	if (!m)
		return err_nomem(&call->info);
	call->model = *ret_model = m;
	m->campaign = web_number(call, "campaign", 0);
	return forms_place(call->web->app, &caller, web_number(call, "node", 0), call->arena, &m->place,
			   &call->info);
}

int act_form_batch_page(struct web_call *call)
{
	struct model *m;
	return begin(call, &m);
}

void page_form_batch_page(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	struct page page = {.title = "全部打包", .menu = "/forms"};
	const char *back = page_text(call, "/forms?node=%lld", (long long)m->place.org.id);

	page_org_crumbs(call, m->place.crumbs, m->place.n_crumbs, "全部打包", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}的报表，全部打包</h1><p class='note'>一张表一个文件，放进一个压缩包；"
		"测评票和自选列统计请在报表里单独打印</p></div></div>\n", m->place.org.name);
	struct form form = form_begin(call, h, "/forms/batch", form_batch_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)m->place.org.id));
	form_hidden(&form, "campaign", page_text(call, "%lld", (long long)m->campaign));
	form_row(&form, "blank", NULL);
	form_end(&form, "开始", "main", back);
	page_end(call, h);
}

/* ---- a step ---- */

static enum doc_format first_format(const struct form_kind *kind)
{
	for (int f = 0; f < DOC_FORMAT_COUNT; f++)
		if (kind->formats >> f & 1)
			return (enum doc_format)f;
	return DOC_PLAIN;
}

/* Adds the form to the zip; one that has nothing to tell is left out. */
static int add_form(struct web_call *call, struct model *m, const struct form_kind *kind, struct buf *zip)
{
	struct caller caller = page_caller(call);
	struct form_ask ask = {.form = kind->id, .node = m->place.org.id, .blank = m->blank,
			       .campaign = kind->campaign ? m->campaign : 0};
	enum doc_format format = first_format(kind);
	AUTO(buf) struct buf file = {0};
	struct print print;
	struct doc doc;
	int r = forms_issue(call->web->app, &caller, &ask, "打包", call->arena, &doc, &print, &call->info);

	if (r == ERR_INPUT || r == ERR_STATE || r == ERR_LIMIT || r == ERR_NOT_FOUND) {
		m->left = page_text(call, "%s%s%s %s：%s", m->left, *m->left ? "\n" : "", kind->name,
				    kind->label, call->info.text);
		call->info = (struct err_info){0};
		return 0;
	}
	if (r < 0)
		return r;
	r = doc_write(&doc, format, &file, &call->info);
	if (r == 0)
		r = pack_add(zip, page_text(call, "%s-%s.%s", kind->name, kind->label, doc_format_id(format)),
			    (struct str){file.data, file.len}, call->request->now, &call->info);
	doc_done(&doc);
	return r;
}

static int load_held(struct web_call *call, struct buf *zip)
{
	struct str name, data;
	const char *held = web_text(call, "held");
	int r = *held ? held_get(call->web->held, call->session.account, held, call->request->now, call->arena,
				 &name, &data, &call->info) : 0;

	if (r == 0 && *held)
		buf_add(zip, data.data, data.len);
	return r;
}

int act_form_batch(struct web_call *call)
{
	AUTO(buf) struct buf zip = {0};
	struct model *m;
	int r = begin(call, &m);

	if (r < 0)
		return r;
	m->blank = web_number(call, "blank", 0);
	m->step = (int)web_number(call, "step", 0);
	m->steps = count(m->blank);
	m->left = web_text(call, "left");
	const struct form_kind *kind = batch_kind(m->step, m->blank);
	if (!kind)
		return err_set(&call->info, ERR_INPUT, "已经打包完了");
	r = load_held(call, &zip);
	if (r == 0)
		r = add_form(call, m, kind, &zip);
	if (r < 0)
		return r;
	m->step++;
	if (*web_text(call, "held"))
		held_drop(call->web->held, call->session.account, web_text(call, "held"));
	/* Nothing in it yet: nothing to hold. */
	return zip.len ? held_put(call->web->held, call->session.account, STR("报表.zip"),
				  (struct str){zip.data, zip.len}, call->request->now, m->held, &call->info) : 0;
}

static void write_left(struct html *h, const char *left)
{
	if (!*left)
		return;
	html(h, "<div class='box warn'><b>这些没有打包</b><ul class='gate'>");
	while (*left) {
		size_t len = strcspn(left, "\n");
		html(h, "<li>{}</li>", ((struct str){left, len}));
		left += len + (left[len] == '\n');
	}
	html(h, "</ul></div>\n");
}

static void write_next(struct web_call *call, struct html *h, const struct model *m,
		       const struct form_kind *kind)
{
	html(h, "<p class='note' role='status'>已完成 {} 张，共 {} 张；正在做 {} {}</p>\n"
		"<form method='post' action='/forms/batch' hx-post='/forms/batch' hx-trigger='load, submit' "
		"hx-target='body'>", m->step, m->steps, kind->name, kind->label);
	html(h, "<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' value='{}'>"
		"<input type='hidden' name='campaign' value='{}'><input type='hidden' name='step' value='{}'>"
		"<input type='hidden' name='held' value='{}'>", call->csrf, m->place.org.id, m->campaign, m->step,
	     m->held);
	if (m->blank)
		html(h, "<input type='hidden' name='blank' value='1'>");
	html(h, "<textarea name='left' hidden>{}</textarea><button class='btn'>继续</button></form>\n", m->left);
}

void page_form_batch(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	struct page page = {.title = "全部打包", .menu = "/forms"};
	const struct form_kind *next = batch_kind(m->step, m->blank);

	page_org_crumbs(call, m->place.crumbs, m->place.n_crumbs, "全部打包", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}的报表，全部打包</h1></div></div>\n"
		"<p><progress value='{}' max='{}'>{}/{}</progress></p>\n", m->place.org.name, m->step, m->steps,
	     m->step, m->steps);
	if (next)
		write_next(call, h, m, next);
	else if (m->held[0])
		html(h, "<p role='status'>打包好了。</p><p class='acts gap-s gap-b'><a class='btn main' hx-boost='false' "
			"href='/forms/batch/file?node={}&amp;held={}'>下载压缩包</a>"
			"<a class='btn' href='/forms?node={}'>返回报表</a></p>\n", m->place.org.id, m->held,
		     m->place.org.id);
	else
		html(h, "<div class='empty'><b>没有可以打包的表</b><p>原因见下面。</p></div>\n");
	write_left(h, m->left);
	page_end(call, h);
}

json_t *json_form_batch(struct web_call *call)
{
	const struct model *m = call->model;
	return json_pack("{s:i, s:i, s:s, s:s}", "step", m->step, "steps", m->steps, "held", m->held, "left",
			 m->left);
}

int act_form_batch_file(struct web_call *call)
{
	struct str name, data = {0};
	struct caller caller = page_caller(call);
	struct form_place place;
	int r = forms_place(call->web->app, &caller, web_number(call, "node", 0), call->arena, &place,
			    &call->info);

	if (r == 0)
		r = held_get(call->web->held, call->session.account, web_text(call, "held"), call->request->now,
			     call->arena, &name, &data, &call->info);
	if (r < 0)
		return r;
	buf_add(&call->response->body, data.data, data.len);
	if (call->response->body.failed)
		return err_nomem(&call->info);
	web_file_response(call, page_text(call, "报表-%s-%s.zip", place.org.name,
					  page_day(call, page_today(call), false)), "application/zip");
	return 0;
}
