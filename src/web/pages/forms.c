/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a node: what each is for, filled or empty, as which file. */
#include <stdio.h>
#include <string.h>

#include "app/campaigns.h"
#include "app/template_read.h"
#include "web/form.h"
#include "web/pages/pages_forms.h"

static bool format_choice(int i, struct web_choice *ret)
{
	if (i >= DOC_FORMAT_COUNT)
		return false;
	*ret = (struct web_choice){doc_format_id((enum doc_format)i), doc_format_label((enum doc_format)i)};
	return true;
}

const struct web_field form_list_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{0},
};
const struct web_field form_file_fields[] = {
	FORM_ASK,
	{.name = "format", .label = "格式", .type = WEB_CHOICE, .choice_at = format_choice, .required = true},
	{0},
};
const struct web_field form_columns_fields[] = {FORM_ASK, {0}};
const struct web_field form_view_fields[] = {
	FORM_ASK,
	{.name = "name", .label = "名称", .type = WEB_TEXT, .required = true, .max = 30,
	 .hint = "例如：六十岁以上书记"},
	{0},
};
const struct web_field form_view_drop_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "name", .label = "名称", .type = WEB_TEXT, .required = true, .max = 30},
	{0},
};

/* ---- what the address asks for ---- */

/* Boxes and filters that were chosen come one by one, an address has them
 * together. NULL: none. */
static const char *join(struct web_call *call, const char *field, const char *between)
{
	const struct web_value *v = web_value(call, field);
	AUTO(buf) struct buf b = {0};
	for (int i = 0; i < v->n; i++)
		if (v->texts[i].len)
			buf_addf(&b, "%s%.*s", b.len ? between : "", STR_ARG(v->texts[i]));
	return b.len ? arena_strdup(call->arena, buf_str(&b)) : NULL;
}

static const char *some(const char *text)
{
	return *text ? text : NULL;
}

struct form_ask form_ask_of(struct web_call *call)
{
	return (struct form_ask){
		.form = web_text(call, "form"), .node = web_number(call, "node", 0),
		.campaign = web_number(call, "campaign", 0), .blank = web_number(call, "blank", 0),
		.each = web_number(call, "each", 0), .red = web_number(call, "red", 0),
		.sheets = (int)web_number(call, "sheets", 0), .columns = join(call, "columns", ","),
		.filter = join(call, "filter", "&"), .title = some(web_text(call, "title")),
	};
}

const char *form_query(struct web_call *call, const struct form_ask *ask)
{
	AUTO(buf) struct buf b = {0};
	buf_addf(&b, "node=%lld", (long long)ask->node);
	if (ask->campaign)
		buf_addf(&b, "&campaign=%lld", (long long)ask->campaign);
	if (ask->blank)
		buf_adds(&b, "&blank=1");
	if (ask->each)
		buf_adds(&b, "&each=1");
	if (ask->red)
		buf_adds(&b, "&red=1");
	if (ask->sheets)
		buf_addf(&b, "&sheets=%d", ask->sheets);
	if (ask->columns)
		buf_addf(&b, "&columns=%s", ask->columns);
	if (ask->filter) {
		buf_adds(&b, "&filter=");
		url_add(&b, str_from(ask->filter));
	}
	if (ask->title) {
		buf_adds(&b, "&title=");
		url_add(&b, str_from(ask->title));
	}
	const char *text = arena_strdup(call->arena, buf_str(&b));
	return text ? text : "";
}

const char *form_address(struct web_call *call, const struct form_ask *ask, const char *path,
			 const char *more)
{
	return page_text(call, "/forms%s%s?%s%s", *path ? "/" : "", path, form_query(call, ask), more);
}

void form_write_files(struct web_call *call, struct html *h, const struct form_kind *kind,
		      const struct form_ask *ask, const char *class)
{
	for (int f = 0; f < DOC_FORMAT_COUNT; f++) {
		const char *id = doc_format_id((enum doc_format)f);
		if (!(kind->formats >> f & 1))
			continue;
		html(h, "<a class='{}' hx-boost='false' href='{}'>{}</a>{}", class,
		     form_address(call, ask, page_text(call, "%s/file", kind->id),
				  page_text(call, "&format=%s", id)),
		     id, *class ? "" : "　");
	}
}

/* ---- files ---- */

int act_form_file(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct form_ask ask = form_ask_of(call);
	enum doc_format format = (enum doc_format)web_number(call, "format", DOC_PDF);
	const struct form_kind *kind = form_find(ask.form);
	struct form_place place;
	struct print print;
	struct doc doc;

	if (!kind)
		return err_set(&call->info, ERR_NOT_FOUND, "没有这种表");
	if (!(kind->formats >> format & 1))
		return err_set(&call->info, ERR_INPUT, "%s没有%s格式", kind->label, doc_format_label(format));
	int r = forms_place(call->web->app, &caller, ask.node, call->arena, &place, &call->info);
	if (r == 0)
		r = forms_issue(call->web->app, &caller, &ask, doc_format_id(format), call->arena, &doc, &print,
				&call->info);
	if (r < 0)
		return r;
	r = doc_write(&doc, format, &call->response->body, &call->info);
	if (r == 0)
		web_file_response(call, page_text(call, "%s.%s",
						  forms_file_name(&doc, place.org.name, call->arena),
						  doc_format_id(format)),
				  doc_format_mime(format));
	doc_done(&doc);
	return r;
}

/* ---- the list ---- */

struct model {
	struct form_place place;
	int64_t campaign;		/* chosen; 0: none */
	const struct scheme *scheme;	/* of the campaign; NULL */
};

int act_form_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct model *m = arena_zalloc(call->arena, 1, sizeof(*m));
	int64_t node;
	int r = page_node(call, &node);

	if (!m)
		return err_nomem(&call->info);
	call->model = m;
	if (r == 0)
		r = forms_place(call->web->app, &caller, node, call->arena, &m->place, &call->info);
	if (r < 0)
		return r;
	/* The latest that grades unless another is asked for. */
	m->campaign = m->place.n_campaigns ? m->place.campaigns[0].id : 0;
	for (int i = m->place.n_campaigns; i-- > 0;)
		if (m->place.campaigns[i].kind == CAMPAIGN_GRADING)
			m->campaign = m->place.campaigns[i].id;
	m->campaign = web_number(call, "campaign", m->campaign);
	return 0;
}

static const struct campaign *chosen(const struct model *m)
{
	for (int i = 0; i < m->place.n_campaigns; i++)
		if (m->place.campaigns[i].id == m->campaign)
			return &m->place.campaigns[i];
	return NULL;
}

/* May it be had of this node and campaign? Else why not. */
static const char *why_not(const struct form_kind *kind, const struct campaign *campaign)
{
	if (kind->campaign && !campaign)
		return "还没有年度工作";
	if (kind->campaign && campaign->kind != CAMPAIGN_GRADING)
		return "这项年度工作不定级";
	return NULL;
}

static void write_links(struct web_call *call, struct html *h, const struct form_kind *kind,
			struct form_ask *ask)
{
	html(h, "<td data-l='看和打印'><a href='{}'>看、打印</a>", form_address(call, ask, kind->id, ""));
	if (strcmp(kind->id, "f18") == 0)
		html(h, "　<a href='{}'>选列</a>", form_address(call, ask, "f18/columns", ""));
	if (template_read_knows(kind->id))
		html(h, "　<a href='{}'>读回</a>",
		     page_text(call, "/read-back?form=%s&%s", kind->id, form_query(call, ask)));
	html(h, "</td><td data-l='下载'>");
	form_write_files(call, h, kind, ask, "");
	html(h, "</td><td data-l='空表'>");
	if (kind->blank) {
		ask->blank = true;
		form_write_files(call, h, kind, ask, "");
		ask->blank = false;
	}
	html(h, "</td>");
}

static void write_form(struct web_call *call, struct html *h, const struct model *m,
		       const struct form_kind *kind)
{
	const struct campaign *campaign = chosen(m);
	const char *why = why_not(kind, campaign);
	bool wants = kind->campaign || strcmp(kind->id, "f18") == 0;
	struct form_ask ask = {.form = kind->id, .node = m->place.org.id,
			       .campaign = wants && campaign ? campaign->id : 0};

	html(h, "<tr><td class='nw' data-l='编号'>{}</td><th scope='row' class='full'>{}"
		"<span class='note block'>{}</span></th>", kind->name, kind->label, kind->about);
	if (why)
		html(h, "<td colspan='3' class='note' data-l='说明'>{}</td>", why);
	else
		write_links(call, h, kind, &ask);
	html(h, "</tr>\n");
}

static void write_choice(struct html *h, const struct model *m)
{
	html(h, "<form class='bar' method='get' action='/forms'><input type='hidden' name='node' value='{}'>"
		"<label>年度工作 <select name='campaign'>", m->place.org.id);
	for (int i = 0; i < m->place.n_campaigns; i++) {
		const struct campaign *c = &m->place.campaigns[i];
		html(h, "<option value='{}'", c->id);
		if (c->id == m->campaign)
			html(h, " selected");
		html(h, ">{}</option>", c->title);
	}
	html(h, "</select></label> <button class='btn'>换</button></form>\n");
}

static void write_views(struct web_call *call, struct html *h, const struct model *m)
{
	if (!m->place.n_views)
		return;
	html(h, "<section><div class='sec'><h2>保存的统计</h2></div><ul class='list'>");
	for (int i = 0; i < m->place.n_views; i++) {
		const struct form_view *v = &m->place.views[i];
		struct form_ask ask = {.form = "f18", .node = m->place.org.id, .campaign = m->campaign,
				       .columns = v->columns, .filter = some(v->filter), .title = v->name};
		html(h, "<li><a href='{}'>{}</a>　<a class='note' href='{}'>改</a>"
			"<form class='inline' method='post' action='/forms/views/drop'>"
			"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='node' value='{}'>"
			"<input type='hidden' name='name' value='{}'><button class='link'>删除</button></form></li>\n",
		     form_address(call, &ask, "f18", ""), v->name, form_address(call, &ask, "f18/columns", ""),
		     call->csrf, ask.node, v->name);
	}
	html(h, "</ul></section>\n");
}

void page_form_list(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	struct page page = {.title = "报表", .menu = "/forms"};
	struct form_ask ask = {.node = m->place.org.id, .campaign = m->campaign};

	page_org_crumbs(call, m->place.crumbs, m->place.n_crumbs, "报表", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}的报表</h1><p class='note'>每次打印都有版本和校验码；"
		"点表里的数字可以看到是哪些党组织</p></div><div class='acts'>"
		"<a class='btn' href='/templates?node={}'>自定模板</a>"
		"<a class='btn' href='/prints?node={}'>打印记录</a><a class='btn' href='/check'>查校验码</a>"
		"<a class='btn main' href='{}'>全部打包</a></div></div>\n",
	     m->place.org.name, m->place.org.id, m->place.org.id, form_address(call, &ask, "batch", ""));
	if (m->place.n_campaigns)
		write_choice(h, m);
	html(h, "<table class='data stack'><caption class='vh'>报表</caption><thead><tr><th scope='col'>编号</th>"
		"<th scope='col'>名称和用途</th><th scope='col'>看和打印</th><th scope='col'>下载</th>"
		"<th scope='col'>空表</th></tr></thead><tbody>\n");
	for (const struct form_kind *k = form_kinds; k->id; k++)
		write_form(call, h, m, k);
	html(h, "</tbody></table>\n");
	write_views(call, h, m);
	page_end(call, h);
}

json_t *json_form_list(struct web_call *call)
{
	const struct model *m = call->model;
	json_t *forms = json_array();

	for (const struct form_kind *k = form_kinds; k->id; k++) {
		json_t *formats = json_array();
		for (int f = 0; f < DOC_FORMAT_COUNT; f++)
			if (k->formats >> f & 1)
				json_array_append_new(formats, json_string(doc_format_id((enum doc_format)f)));
		json_array_append_new(forms, json_pack("{s:s, s:s, s:s, s:s, s:o, s:b, s:b}", "id", k->id, "name",
						       k->name, "label", k->label, "about", k->about, "formats",
						       formats, "campaign", k->campaign, "blank", k->blank));
	}
	return json_pack("{s:I, s:I, s:o}", "node", (json_int_t)m->place.org.id, "campaign",
			 (json_int_t)m->campaign, "forms", forms);
}

/* ---- chosen columns ---- */

int act_form_columns(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct model *m = arena_zalloc(call->arena, 1, sizeof(*m));

	if (!m)
		return err_nomem(&call->info);
	call->model = m;
	m->campaign = web_number(call, "campaign", 0);
	int64_t node = web_number(call, "node", 0);
	int r = forms_place(call->web->app, &caller, node, call->arena, &m->place, &call->info);
	if (r == 0 && m->campaign) {
		struct campaign_detail detail;
		r = campaigns_get(call->web->app, &caller, m->campaign, node, call->arena, &detail, &call->info);
		m->scheme = r == 0 ? detail.scheme : NULL;
	}
	return r;
}

static bool is_ticked(const char *columns, const char *id)
{
	size_t len = strlen(id);
	for (const char *at = columns; at && *at; at += strcspn(at, ","), at += *at == ',')
		if (strcspn(at, ",") == len && strncmp(at, id, len) == 0)
			return true;
	return false;
}

static void write_boxes(struct html *h, const struct model *m, const char *columns)
{
	html(h, "<fieldset class='row'><legend class='lab'>列</legend><div class='ticks'>");
	for (const struct form_column *c = form_columns; c->id; c++) {
		if (c->campaign && !m->campaign)
			continue;
		html(h, "<label class='tick'><input type='checkbox' name='columns' value='{}'", c->id);
		if (is_ticked(columns, c->id))
			html(h, " checked");
		html(h, "> {}</label>", c->label);
	}
	html(h, "</div></fieldset>\n");
}

static const char *field_name(int i, const struct scheme *scheme)
{
	(void)scheme;
	return field_label((enum field)i);
}

static const char *grade_name(int i, const struct scheme *scheme)
{
	return scheme->grades[i].label;
}

/* The first is no filter. */
static const char *ledger_name(int i, const struct scheme *scheme)
{
	static const char *const names[] = {NULL, "正在整顿的", "列入过台账的"};
	(void)scheme;
	return names[i];
}

static void write_filter(struct html *h, const char *id, const char *label, const char *filter, int n,
			 const char *(*name)(int i, const struct scheme *scheme), const struct scheme *scheme)
{
	html(h, "<div class='row'><label class='lab' for='{}'>{}</label><select id='{}' name='filter'>"
		"<option value=''>全部</option>", id, label, id);
	for (int i = 0; i < n; i++) {
		char value[32];
		if (!name(i, scheme))
			continue;
		snprintf(value, sizeof(value), "%s=%d", id, i);
		const char *at = filter ? strstr(filter, value) : NULL;
		html(h, "<option value='{}'", value);
		if (at && (at[strlen(value)] == '\0' || at[strlen(value)] == '&'))
			html(h, " selected");
		html(h, ">{}</option>", name(i, scheme));
	}
	html(h, "</select></div>");
}

void page_form_columns(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	struct form_ask ask = form_ask_of(call);
	struct page page = {.title = "自选列统计", .menu = "/forms"};
	const char *columns = ask.columns ? ask.columns : m->campaign ? "name,category,score,grade,stars,rank" :
									"name,kind,field,members,secretary_name";

	page_org_crumbs(call, m->place.crumbs, m->place.n_crumbs, "自选列统计", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>自选列统计</h1><p class='note'>{}和下级的党组织，一个一行；"
		"最多 {} 列</p></div></div>\n<form class='form-rows' method='get' action='/forms/f18'>"
		"<input type='hidden' name='node' value='{}'>", m->place.org.name, (int)FORM_COLUMNS_MAX,
	     m->place.org.id);
	if (m->campaign)
		html(h, "<input type='hidden' name='campaign' value='{}'>", m->campaign);
	write_boxes(h, m, columns);
	write_filter(h, "field", "领域", ask.filter, FIELD_COUNT, field_name, NULL);
	if (m->campaign)
		write_filter(h, "grade", "等次", ask.filter, m->scheme ? m->scheme->n_grades : 0, grade_name, m->scheme);
	write_filter(h, "case", "整顿台账", ask.filter, 3, ledger_name, NULL);
	html(h, "<div class='row'><label class='lab' for='title'>标题</label>"
		"<input id='title' name='title' maxlength='30' value='{}'></div>"
		"<div class='acts'><button class='btn main'>看统计</button>"
		"<a class='btn' href='/forms?node={}'>返回</a></div></form>\n", ask.title, m->place.org.id);
	page_end(call, h);
}

json_t *json_form_columns(struct web_call *call)
{
	json_t *columns = json_array();

	(void)call;
	for (const struct form_column *c = form_columns; c->id; c++)
		json_array_append_new(columns, json_pack("{s:s, s:s, s:b}", "id", c->id, "label", c->label,
							 "campaign", c->campaign));
	return json_pack("{s:o}", "columns", columns);
}

int act_form_view_save(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct form_ask ask = form_ask_of(call);
	const struct form_view view = {.node = ask.node, .name = web_text(call, "name"),
				       .columns = ask.columns ? ask.columns : "",
				       .filter = ask.filter ? ask.filter : ""};
	int r = forms_view_save(call->web->app, &caller, &view, &call->info);

	if (r < 0)
		return r;
	call->location = page_text(call, "/forms?node=%lld", (long long)ask.node);
	call->note = page_text(call, "已保存“%s”", view.name);
	return 0;
}

int act_form_view_drop(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0);
	int r = forms_view_drop(call->web->app, &caller, node, web_text(call, "name"), &call->info);

	if (r < 0)
		return r;
	call->location = page_text(call, "/forms?node=%lld", (long long)node);
	call->note = page_text(call, "已删除“%s”", web_text(call, "name"));
	return 0;
}
