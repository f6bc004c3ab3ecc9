/* SPDX-License-Identifier: Apache-2.0 */
/* What was printed, and whether a paper still says what the data say. */
#include <string.h>

#include "web/form.h"
#include "web/pages/pages_files.h"
#include "web/pages/pages_forms.h"
#include "web/table.h"

const struct web_field print_list_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	TABLE_FIELDS,
	{0},
};
const struct web_field form_check_find_fields[] = {
	{.name = "code", .label = "校验码", .type = WEB_TEXT, .max = 20},
	{0},
};
const struct web_field form_check_fields[] = {
	{.name = "code", .label = "校验码", .type = WEB_TEXT, .required = true, .max = 20},
	{0},
};

/* ---- the list ---- */

struct prints {
	struct form_place place;
	struct print *prints;
	int n;
	int64_t total;
};

static const struct table_column columns[] = {
	{"form", "表", COLUMN_NAME}, {"version", "版本", COLUMN_NUMBER},
	{"code", "校验码", COLUMN_CODE}, {"at", "打印时间", COLUMN_DATE},
	{"who", "打印人", COLUMN_SHORT, ROOM_MIDDLE}, {"scan", "盖章件", COLUMN_SHORT}, {0},
};

int act_print_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct prints *p = arena_zalloc(call->arena, 1, sizeof(*p));
	int64_t node = web_number(call, "node", 0);

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	int r = forms_place(call->web->app, &caller, node, call->arena, &p->place, &call->info);
	if (r == 0)
		r = forms_prints(call->web->app, &caller, node, 0, PRINT_LIST_MAX, call->arena, &p->prints,
				 &p->n, &p->total, &call->info);
	return r;
}

static void set_row(struct web_call *call, const struct print *p, struct table_cell *cells)
{
	const struct form_kind *kind = form_find(p->form);
	const char *label = kind ? page_text(call, "%s %s", kind->name, kind->label) : p->form;

	cells[0] = (struct table_cell){.text = label, .href = page_text(call, "/check/%s", p->code)};
	cells[1] = (struct table_cell){.number = p->version};
	cells[2] = (struct table_cell){.text = p->code};
	cells[3] = (struct table_cell){.text = page_time(call, p->at_ms)};
	cells[4] = (struct table_cell){.text = p->who};
	cells[5] = (struct table_cell){.text = p->scans ? page_text(call, "%d 件", p->scans) : "上传",
				       .href = files_address(call, p->node, ATTACHED_PRINT, p->id)};
}

static struct web_table table_of(struct web_call *call, const struct prints *p)
{
	int width = (int)ARRAY_LEN(columns) - 1;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)(p->n + 1) * (size_t)width, sizeof(*cells));
	struct web_table t;

	table_from_call(call, columns, "", &t);
	t.id = "prints";
	t.caption = "打印记录";
	t.columns = columns;
	t.cells = cells;
	t.n_rows = cells ? p->n : 0;
	t.n_all = t.n_rows;
	t.whole = true;
	t.empty = "还没有打印过";
	t.empty_hint = "在报表里打印或下载一张表，这里就有记录。";
	for (int i = 0; i < t.n_rows; i++)
		set_row(call, &p->prints[i], cells + i * width);
	return t;
}

void page_print_list(struct web_call *call, struct html *h)
{
	const struct prints *p = call->model;
	struct page page = {.title = "打印记录", .menu = "/forms"};
	struct web_table t = table_of(call, p);

	page_org_crumbs(call, p->place.crumbs, p->place.n_crumbs, "打印记录", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}的打印记录</h1><p class='note'>数据没有变的，再打印还是同一版；"
		"盖章后扫描上传，和电子数据放在一起</p></div><div class='acts'>"
		"<a class='btn' href='/forms?node={}'>‹ 返回报表</a></div></div>\n", p->place.org.name,
	     p->place.org.id);
	if (p->total > p->n)
		html(h, "<p class='note'>一共 {} 次，列出最近的 {} 次；更早的用校验码查</p>\n", p->total, p->n);
	table_write(call, h, &t);
	page_end(call, h);
}

json_t *json_print_list(struct web_call *call)
{
	struct web_table t = table_of(call, call->model);
	return table_json(&t);
}

/* ---- one paper ---- */

static void write_find(struct html *h, const char *code)
{
	html(h, "<form class='bar' method='get' action='/check'><label>校验码 <input name='code' value='{}' "
		"maxlength='20' autocomplete='off' required></label> <button class='btn main'>查</button></form>\n",
	     code);
}

static void begin(struct web_call *call, struct html *h, const char *note)
{
	struct page page = {.title = "查校验码", .menu = "/forms"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>查校验码</h1><p class='note'>{}</p></div></div>\n", note);
}

void page_check_find(struct web_call *call, struct html *h)
{
	if (call->model) {
		page_form_check(call, h);
		return;
	}
	begin(call, h, "校验码印在每张表的下端，10 位字母和数字，例如 K7M2Q-9XD4A");
	write_find(h, "");
	page_end(call, h);
}

int act_form_check(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct form_check *c = arena_zalloc(call->arena, 1, sizeof(*c));
	const char *code = web_text(call, "code");

	if (!*code)
		return 0;
	if (!c)
		return err_nomem(&call->info);
	call->model = c;
	return forms_check(call->web->app, &caller, code, call->arena, c, &call->info);
}

static void write_verdict(struct html *h, const struct form_check *c)
{
	if (c->why_unknown)
		html(h, "<div class='box warn'><b>现在无法核对</b><p>{}</p></div>\n", c->why_unknown);
	else if (c->moved && c->print.scans)
		html(h, "<div class='box warn'><b>▲ 盖章以后数据变了</b><p>纸上的数字和现在的数据不一样。请核对是谁改了什么，"
			"需要的话重新打印、重新盖章。</p></div>\n");
	else if (c->moved)
		html(h, "<div class='box warn'><b>▲ 打印以后数据变了</b><p>请重新打印后再用。</p></div>\n");
	else
		html(h, "<div class='box'><b>● 数据没有变</b><p>现在打印，每个字、每个数都和这一版一样。"
			"请再看纸面：有没有涂改。</p></div>\n");
	if (!c->latest)
		html(h, "<p class='note'>这不是最后一版，后来又打印过新的版本。</p>\n");
}

void page_form_check(struct web_call *call, struct html *h)
{
	const struct form_check *c = call->model;
	const struct print *p = &c->print;
	struct form_ask ask = {.form = p->form, .node = p->node, .campaign = p->campaign};

	begin(call, h, "纸上的和现在的数据是不是一样");
	write_find(h, p->code);
	write_verdict(h, c);
	html(h, "<dl class='kv gap-t'><dt>表</dt><dd>{} {}</dd><dt>单位</dt><dd>{}</dd><dt>版本</dt><dd>第 {} 版</dd>"
		"<dt>打印时间</dt><dd>{}</dd><dt>打印人</dt><dd>{}</dd><dt>盖章件</dt><dd>",
	     c->kind ? c->kind->name : p->form, c->kind ? c->kind->label : "", p->node_name, p->version,
	     page_time(call, p->at_ms), p->who);
	if (c->print.scans)
		html(h, "{} 件　", c->print.scans);
	html(h, "<a href='{}'>{}</a></dd></dl>\n", files_address(call, p->node, ATTACHED_PRINT, p->id),
	     c->print.scans ? "看" : "还没有，上传扫描件");
	if (c->kind && !*p->detail)
		html(h, "<p class='acts gap-t'><a class='btn' href='{}'>看现在的数据</a></p>\n",
		     form_address(call, &ask, c->kind->id, ""));
	page_end(call, h);
}

json_t *json_form_check(struct web_call *call)
{
	const struct form_check *c = call->model;

	if (!c)
		return json_pack("{}");
	return json_pack("{s:s, s:s, s:I, s:i, s:b, s:b, s:i}", "code", c->print.code, "form", c->print.form,
			 "node", (json_int_t)c->print.node, "version", c->print.version, "latest", c->latest,
			 "moved", c->moved, "scans", c->print.scans);
}
