/* SPDX-License-Identifier: Apache-2.0 */
/* Editing a scheme, with what is wrong told while one types; comparing two. */
#include "app/schemes.h"
#include "import/scheme_yaml.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_scheme.h"

#define TEXT_FIELD \
	{.name = "text", .label = "方案文件", .type = WEB_AREA, .required = true, .max = SCHEME_TEXT_MAX}

const struct web_field scheme_edit_page_fields[] = {
	{.name = "scheme", .label = "方案", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field scheme_edit_fields[] = {
	{.name = "scheme", .label = "方案", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "version", .label = "版本", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "saved", .label = "读的时候", .type = WEB_INT, .required = true, .min = 0,
	 .max = INT64_MAX},
	TEXT_FIELD,
	{.name = "note", .label = "改了什么", .type = WEB_TEXT, .max = 200},
	{.name = "publish", .label = "发布", .type = WEB_FLAG},
	{0},
};
const struct web_field scheme_check_fields[] = {
	{.name = "text", .label = "方案文件", .type = WEB_AREA, .max = SCHEME_TEXT_MAX},
	/* What else the form sends along. */
	{.name = "version", .label = "版本", .type = WEB_INT, .min = 1, .max = SCHEME_VERSIONS_MAX},
	{.name = "saved", .label = "读的时候", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{.name = "note", .label = "改了什么", .type = WEB_TEXT, .max = 200},
	{0},
};
const struct web_field scheme_withdraw_fields[] = {
	{.name = "scheme", .label = "方案", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "version", .label = "版本", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field scheme_compare_fields[] = {
	{.name = "a", .label = "左边的方案", .type = WEB_TEXT, .max = SCHEME_REF_MAX, .pattern = "a-z0-9.-"},
	{.name = "b", .label = "右边的方案", .type = WEB_TEXT, .max = SCHEME_REF_MAX, .pattern = "a-z0-9.-"},
	{.name = "all", .label = "相同的也显示", .type = WEB_FLAG},
	{0},
};

/* Browsers send CRLF. */
static const char *unix_lines(struct web_call *call, const char *text)
{
	size_t len = strlen(text), n = 0;
	char *out = arena_alloc(call->arena, len + 2);
	if (!out)
		return text;
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r')
			out[n++] = text[i];
	out[n++] = '\n';
	out[n] = '\0';
	return out;
}

/* ---- what is wrong ---- */

struct faults {
	int n;
	unsigned long long total;
	const char **at;
};

static int keep_faults(struct web_call *call, const struct diag *diag, struct faults *faults)
{
	faults->at = arena_zalloc(call->arena, (size_t)diag->n + 1, sizeof(*faults->at));
	if (!faults->at)
		return err_nomem(&call->info);
	for (int i = 0; i < diag->n; i++)
		if (!(faults->at[i] = arena_strdup(call->arena, diag->at[i])))
			return err_nomem(&call->info);
	faults->n = diag->n;
	faults->total = diag->total;
	return 0;
}

static int find_faults(struct web_call *call, const char *text, struct faults *faults)
{
	AUTO(diag) struct diag diag = {0};
	struct err_info info = {0};
	int r = schemes_check(text, &diag, &info);
	if (r < 0 && r != ERR_INPUT) {
		call->info = info;
		return r;
	}
	return keep_faults(call, &diag, faults);
}

static void write_faults(struct html *h, const struct faults *faults)
{
	html(h, "<div id='faults' aria-live='polite'>");
	if (!faults->n) {
		html(h, "<p class='light ok'>没有错误，可以发布</p></div>\n");
		return;
	}
	html(h, "<p class='light bad'>{} 处错误</p><ol class='faults'>", faults->total);
	for (int i = 0; i < faults->n; i++)
		html(h, "<li><a href='#text'>{}</a></li>\n", faults->at[i]);
	html(h, "</ol></div>\n");
}

int act_scheme_check(struct web_call *call)
{
	struct faults *faults = arena_zalloc(call->arena, 1, sizeof(*faults));
	if (!faults)
		return err_nomem(&call->info);
	call->model = faults;
	return find_faults(call, unix_lines(call, web_text(call, "text")), faults);
}

void page_scheme_check(struct web_call *call, struct html *h)
{
	const struct faults *faults = call->model;
	write_faults(h, faults);
}

json_t *json_scheme_check(struct web_call *call)
{
	const struct faults *faults = call->model;
	json_t *list = json_array();
	for (int i = 0; i < faults->n; i++)
		json_array_append_new(list, json_string(faults->at[i]));
	return json_pack("{s:I, s:o}", "total", (json_int_t)faults->total, "faults", list);
}

/* ---- the editor ---- */

int act_scheme_edit(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct scheme_ref ref = {.scheme = web_number(call, "scheme", 0)};
	struct scheme_version *version = arena_zalloc(call->arena, 1, sizeof(*version));
	struct scheme_shown shown;

	if (!version)
		return err_nomem(&call->info);
	call->model = version;
	int r = schemes_show(call->web->app, &caller, &ref, call->arena, &shown, &call->info);
	if (r)
		return r;
	*version = shown.version;
	if (!shown.may_write)
		r = err_set(&call->info, ERR_DENIED, "这个方案是“%s”的，您不能改；可以照着它新建一个",
			    shown.version.node_name);
	scheme_shown_done(&shown);
	return r;
}

json_t *json_scheme_edit(struct web_call *call)
{
	const struct scheme_version *v = call->model;
	return json_pack("{s:I, s:i, s:I, s:s, s:s, s:s}", "scheme", (json_int_t)v->scheme, "version",
			 v->version, "saved", (json_int_t)v->saved_ms, "note", v->note, "text", v->text,
			 "_csrf", call->csrf);
}

void page_scheme_edit(struct web_call *call, struct html *h)
{
	const struct scheme_version v = *(const struct scheme_version *)call->model;
	struct faults faults = {0};
	const char *here = page_text(call, "/schemes/%lld", (long long)v.scheme);
	const char *text = form_typed(call, call->typed_fields, "text", 0, v.text);
	const struct crumb crumbs[] = {{"方案", "/schemes"}, {v.title, here}, {"修改", ""}};
	struct page page = {.title = "修改方案", .menu = "/schemes", .crumbs = crumbs, .n_crumbs = 3};

	find_faults(call, unix_lines(call, text ? text : ""), &faults);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>修改：{}</h1><p class='note'>", v.title);
	if (v.state == SCHEME_DRAFT)
		html(h, "第 {} 版草稿；发布以后年度工作才能用它", v.version);
	else
		html(h, "第 {} 版已经发布，不再变动；这里改的存为第 {} 版", v.version, v.version + 1);
	html(h, "</p></div></div>\n");
	form_problem(call, h, call->typed_fields);
	html(h, "<form method='post' action='{}/edit' class='editor'>\n"
		"<input type='hidden' name='_csrf' value='{}'>"
		"<input type='hidden' name='version' value='{}'><input type='hidden' name='saved' value='{}'>\n",
	     here, call->csrf, v.version, v.saved_ms);
	html(h, "<div class='editor-cols'><div><label class='lab' for='text'>方案文件（缩进用空格；写得对不对随时检查，"
		"点一条错误就到那一行）</label>"
		"<textarea id='text' name='text' class='yaml' rows='30' spellcheck='false' wrap='off' "
		"hx-post='/schemes/check' hx-trigger='input changed delay:500ms' hx-target='#faults' "
		"hx-swap='outerHTML' hx-push-url='false'>{}</textarea></div>\n<aside>",
	     text);
	write_faults(h, &faults);
	html(h, "<p class='note'>全部写法：<a href='/schemes/template' hx-boost='false'>带说明的模板</a></p></aside></div>\n"
		"<p class='row gap-t'><label class='lab' for='note'>改了什么</label>"
		"<input id='note' name='note' maxlength='200' value='{}'></p>\n"
		"<div class='acts'><button class='btn main' name='publish' value='1'>发布</button>"
		"<button class='btn'>存草稿</button><a class='btn' href='{}'>不改了</a></div></form>\n",
	     form_typed(call, call->typed_fields, "note", 0, v.state == SCHEME_DRAFT ? v.note : ""), here);
	page_end(call, h);
}

int act_scheme_save(struct web_call *call)
{
	struct caller caller = page_caller(call);
	AUTO(diag) struct diag faults = {0};
	int version;
	const struct scheme_edit edit = {
		.scheme = web_number(call, "scheme", 0), .version = (int)web_number(call, "version", 0),
		.saved_ms = web_number(call, "saved", 0),
		.text = unix_lines(call, web_text(call, "text")), .note = web_text(call, "note"),
		.publish = web_number(call, "publish", 0),
	};
	int r = schemes_save(call->web->app, &caller, &edit, &faults, &version, &call->info);
	if (r)
		return r;
	call->location = page_text(call, edit.publish ? "/schemes/%lld" : "/schemes/%lld/edit",
				   (long long)edit.scheme);
	call->note = page_text(call, edit.publish ? "已发布第 %d 版" : "已存第 %d 版草稿", version);
	return 0;
}

int act_scheme_template(struct web_call *call)
{
	scheme_write_template(&call->response->body);
	call->response->type = "application/yaml; charset=utf-8";
	web_header(call->response, "Content-Disposition", "attachment; filename=\"scheme.yaml\"");
	return call->response->body.failed ? err_nomem(&call->info) : 0;
}

/* ---- two of them ---- */

struct compare_page {
	const char *a, *b;
	bool all;
	struct scheme_diff diff;	/* only with both */
	struct scheme_entry *entries;
	int n;
};

int act_scheme_compare(struct web_call *call)
{
	struct compare_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);
	struct scheme_ref a, b;

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	p->a = web_text(call, "a");
	p->b = web_text(call, "b");
	p->all = web_number(call, "all", 0);
	int r = schemes_list(call->web->app, &caller, call->arena, &p->entries, &p->n, &call->info);
	if (r || !*p->a || !*p->b)
		return r;
	if ((r = scheme_ref_parse(p->a, &a, &call->info)) == 0 &&
	    (r = scheme_ref_parse(p->b, &b, &call->info)) == 0)
		r = schemes_compare(call->web->app, &caller, &a, &b, call->arena, &p->diff, &call->info);
	return r;
}

static const char *side_name(struct web_call *call, const struct scheme_version *v)
{
	return v->scheme ? page_text(call, "%s（第 %d 版）", v->title, v->version) : v->title;
}

static void write_choice(struct html *h, const struct compare_page *p, const char *name,
			 const char *label, const char *chosen, const char *chosen_name)
{
	bool found = !*chosen;
	html(h, "<label class='lab' for='{}'>{}</label><select id='{}' name='{}'>", name, label, name,
	     name);
	for (int i = 0; i < p->n; i++) {
		bool this = strcmp(p->entries[i].ref, chosen) == 0;
		found = found || this;
		html(h, "<option value='{}'", p->entries[i].ref);
		if (this)
			html(h, " selected");
		html(h, ">{}</option>", p->entries[i].title);
	}
	if (!found)
		html(h, "<option value='{}' selected>{}</option>", chosen, chosen_name);
	html(h, "</select>\n");
}

/* What only the left says beside what only the right says in its place; returns
 * the first line behind them. */
static int write_change(struct html *h, const struct scheme_diff *d, int at)
{
	int left = at, right;
	const char *section = d->lines[at].section;

	while (left < d->n && d->lines[left].side == SIDE_LEFT &&
	       strcmp(d->lines[left].section, section) == 0)
		left++;
	for (right = left; right < d->n && d->lines[right].side == SIDE_RIGHT &&
	     strcmp(d->lines[right].section, section) == 0;)
		right++;
	for (int i = 0; at + i < left || left + i < right; i++) {
		html(h, "<tr><td>");
		if (at + i < left)
			html(h, "<del>{}</del>", d->lines[at + i].text);
		html(h, "</td><td>");
		if (left + i < right)
			html(h, "<ins>{}</ins>", d->lines[left + i].text);
		html(h, "</td></tr>\n");
	}
	return right;
}

static void write_diff(struct web_call *call, struct html *h, const struct compare_page *p)
{
	const struct scheme_diff *d = &p->diff;
	const char *section = "";

	html(h, "<p class='chips'>只有左边有 <b>{}</b> 条，只有右边有 <b>{}</b> 条</p>\n", d->n_left, d->n_right);
	if (!d->n_left && !d->n_right)
		html(h, "<p class='empty'>两个方案的规则一样。</p>\n");
	html(h, "<div class='scroll'><table class='data diff'><caption class='vh'>两个方案的不同</caption><thead><tr>"
		"<th scope='col'>{}</th><th scope='col'>{}</th></tr></thead><tbody>\n",
	     side_name(call, &d->left), side_name(call, &d->right));
	for (int i = 0; i < d->n;) {
		const struct scheme_diff_line *line = &d->lines[i];
		if (line->side == SIDE_BOTH && !p->all) {
			i++;
			continue;
		}
		if (strcmp(section, line->section) != 0)
			html(h, "<tr class='part'><th scope='colgroup' colspan='2'>{}</th></tr>\n",
			     line->section);
		section = line->section;
		if (line->side == SIDE_BOTH) {
			html(h, "<tr><td>{}</td><td>{}</td></tr>\n", line->text, line->text);
			i++;
		} else {
			i = write_change(h, d, i);
		}
	}
	html(h, "</tbody></table></div>\n");
}

void page_scheme_compare(struct web_call *call, struct html *h)
{
	const struct compare_page *p = call->model;
	const struct crumb crumbs[] = {{"方案", "/schemes"}, {"比较两个方案", ""}};
	struct page page = {.title = "比较两个方案", .menu = "/schemes", .crumbs = crumbs, .n_crumbs = 2};
	bool both = *p->a && *p->b;

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>比较两个方案</h1><p class='note'>比的是规则，用文字说；只有一边有的标出来</p>"
		"</div></div>\n<form class='bar' action='/schemes/compare'>\n");
	write_choice(h, p, "a", "左边", p->a, both ? side_name(call, &p->diff.left) : "");
	write_choice(h, p, "b", "右边", p->b, both ? side_name(call, &p->diff.right) : "");
	html(h, "<label><input type='checkbox' name='all' value='1'");
	if (p->all)
		html(h, " checked");
	html(h, "> 相同的也显示</label><button class='btn'>比较</button></form>\n");
	if (both)
		write_diff(call, h, p);
	else
		html(h, "<p class='empty'>选两个方案，再点“比较”。</p>\n");
	page_end(call, h);
}

json_t *json_scheme_compare(struct web_call *call)
{
	const struct compare_page *p = call->model;
	static const char *const sides[] = {"both", "left", "right"};
	json_t *lines = json_array();
	for (int i = 0; i < p->diff.n; i++)
		json_array_append_new(lines, json_pack("{s:s, s:s, s:s}", "side",
						       sides[p->diff.lines[i].side], "section",
						       p->diff.lines[i].section, "text",
						       p->diff.lines[i].text));
	return json_pack("{s:i, s:i, s:o}", "only_left", p->diff.n_left, "only_right", p->diff.n_right,
			 "lines", lines);
}
