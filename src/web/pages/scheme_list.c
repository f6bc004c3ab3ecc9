/* SPDX-License-Identifier: Apache-2.0 */
/* Schemes: the list, one to read, and a new one made from another. */
#include "app/campaigns.h"
#include "app/schemes.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_campaign.h"
#include "web/pages/pages_scheme.h"
#include "web/table.h"

#define REF_FIELD \
	{.name = "scheme", .label = "方案", .type = WEB_TEXT, .required = true, .max = SCHEME_REF_MAX, \
	 .pattern = "a-z0-9.-"}

const struct web_field scheme_list_fields[] = {
	{.name = "sort", .label = "排序", .type = WEB_TEXT, .max = 40, .pattern = "a-z_-"},
	{0},
};
const struct web_field scheme_show_fields[] = {
	REF_FIELD,
	{0},
};
const struct web_field scheme_new_page_fields[] = {
	{.name = "from", .label = "照着哪个方案", .type = WEB_TEXT, .max = SCHEME_REF_MAX,
	 .pattern = "a-z0-9.-"},
	{0},
};
const struct web_field scheme_new_fields[] = {
	{.name = "node", .label = "哪一级的方案", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "from", .label = "照着哪个方案", .type = WEB_TEXT, .required = true,
	 .max = SCHEME_REF_MAX, .pattern = "a-z0-9.-"},
	{.name = "title", .label = "方案名称", .type = WEB_TEXT, .required = true, .max = 60,
	 .hint = "写在表头上的名称，例如：云岭县基层党组织分类定级"},
	{.name = "name", .label = "方案代码", .type = WEB_TEXT, .required = true, .max = SCHEME_NAME_MAX,
	 .pattern = "a-z0-9-", .hint = "小写字母、数字和“-”，定了不能改，例如 yunling-2026"},
	{0},
};

static const char *state_text(struct web_call *call, const struct scheme_version *v)
{
	static const char *const states[SCHEME_STATE_COUNT] = {"草稿", "已发布", "已停用"};
	if (!v->scheme)
		return "自带";
	return page_text(call, "第 %d 版，%s", v->version, states[v->state]);
}

/* ---- the list ---- */

static const struct table_column columns[] = {
	{"title", "方案", COLUMN_NAME, ROOM_ALWAYS, false},
	{"name", "代码", COLUMN_CODE, ROOM_MIDDLE, false},
	{"use", "用途", COLUMN_SHORT, ROOM_OFFICE, false},
	{"owner", "谁的", COLUMN_TEXT, ROOM_MIDDLE, false},
	{"state", "版本", COLUMN_SHORT, ROOM_ALWAYS, false},
	{"saved", "修改时间", COLUMN_DATE, ROOM_WIDE, false},
	{0},
};
enum { N_COLUMNS = ARRAY_LEN(columns) - 1 };

int act_scheme_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct web_table *t = arena_zalloc(call->arena, 1, sizeof(*t));
	struct scheme_entry *entries;
	int n;

	if (!t)
		return err_nomem(&call->info);
	call->model = t;
	int r = schemes_list(call->web->app, &caller, call->arena, &entries, &n, &call->info);
	if (r)
		return r;
	struct table_cell *cells = arena_zalloc(call->arena, (size_t)n * N_COLUMNS + 1, sizeof(*cells));
	if (!cells)
		return err_nomem(&call->info);
	for (int i = 0; i < n; i++) {
		struct table_cell *cell = &cells[(size_t)i * N_COLUMNS];
		const struct scheme_entry *e = &entries[i];
		cell[0].text = e->title;
		cell[0].href = page_text(call, "/schemes/%s", e->ref);
		cell[1].text = e->name;
		cell[2].text = e->scheme ? campaign_kind_label(campaign_kind_of(e->scheme)) : "";
		cell[3].text = e->own.scheme ? e->own.node_name : "随系统";
		cell[4].text = state_text(call, &e->own);
		cell[5].text = page_time(call, e->own.saved_ms);
	}
	*t = (struct web_table){
		.id = "list", .caption = "方案", .columns = columns, .cells = cells, .n_rows = n,
		.n_all = n, .page = 1, .size = n + 1, .whole = true, .sort = "", .empty = "还没有方案",
	};
	return 0;
}

void page_scheme_list(struct web_call *call, struct html *h)
{
	const struct web_table *t = call->model;
	struct page page = {.title = "方案", .menu = "/schemes"};

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>方案</h1><p class='note'>一个方案就是一份文件的全部规则。自带的照文件写好，"
		"不能改；要改就照着它新建一个。年度工作开始时把方案固定下来，以后再改不影响已经开始的工作。</p></div>"
		"<div class='acts'>");
	if (call->session.may >> ACTION_SCHEME_WRITE & 1)
		html(h, "<a class='btn main' href='/schemes/new'>新建方案</a>");
	html(h, "<a class='btn' href='/schemes/compare'>比较两个方案</a></div></div>\n");
	table_write(call, h, t);
	page_end(call, h);
}

json_t *json_scheme_list(struct web_call *call)
{
	const struct web_table *t = call->model;
	return table_json(t);
}

/* ---- one to read ---- */

static int load_shown(struct web_call *call, const char *text, struct scheme_shown *shown)
{
	struct caller caller = page_caller(call);
	struct scheme_ref ref;
	int r = scheme_ref_parse(text, &ref, &call->info);
	return r ? r : schemes_show(call->web->app, &caller, &ref, call->arena, shown, &call->info);
}

/* The words are copied into the request's arena, so that nothing is left over. */
struct words_page {
	struct scheme_version version;
	struct scheme_version *versions;
	int n_versions;
	bool sound, may_write;
	int n_faults;
	unsigned long long total_faults;
	const char **faults;
	struct scheme_text words;	/* its own arena is not used */
	const char *ref;
};

static const char *copy(struct web_call *call, const char *text)
{
	return text ? arena_strdup(call->arena, text) : NULL;
}

static bool copy_words(struct web_call *call, const struct scheme_text *from, struct scheme_text *to)
{
	struct scheme_text_section **next = &to->first;
	for (const struct scheme_text_section *s = from->first; s; s = s->next) {
		struct scheme_text_section *section = arena_zalloc(call->arena, 1, sizeof(*section));
		if (!section)
			return false;
		section->title = copy(call, s->title);
		section->n_columns = s->n_columns;
		for (int c = 0; c < s->n_columns; c++)
			section->head[c] = copy(call, s->head[c]);
		struct scheme_text_row **row = &section->rows;
		for (const struct scheme_text_row *r = s->rows; r; r = r->next) {
			if (!(*row = arena_zalloc(call->arena, 1, sizeof(**row))))
				return false;
			for (int c = 0; c < s->n_columns; c++)
				(*row)->cell[c] = copy(call, r->cell[c]);
			row = &(*row)->next;
		}
		struct scheme_text_line **line = &section->lines;
		for (const struct scheme_text_line *l = s->lines; l; l = l->next) {
			if (!(*line = arena_zalloc(call->arena, 1, sizeof(**line))))
				return false;
			(*line)->text = copy(call, l->text);
			line = &(*line)->next;
		}
		*next = section;
		next = &section->next;
	}
	return true;
}

static int keep_shown(struct web_call *call, const struct scheme_shown *shown,
		      struct words_page *page)
{
	page->version = shown->version;
	page->versions = shown->versions;
	page->n_versions = shown->n_versions;
	page->sound = shown->sound;
	page->may_write = shown->may_write;
	page->n_faults = shown->faults.n;
	page->total_faults = shown->faults.total;
	page->faults = arena_zalloc(call->arena, (size_t)shown->faults.n + 1, sizeof(*page->faults));
	if (!page->faults || !copy_words(call, &shown->words, &page->words))
		return err_nomem(&call->info);
	for (int i = 0; i < shown->faults.n; i++)
		page->faults[i] = copy(call, shown->faults.at[i]);
	return 0;
}

int act_scheme_show(struct web_call *call)
{
	struct words_page *page = arena_zalloc(call->arena, 1, sizeof(*page));
	struct scheme_shown shown;

	if (!page)
		return err_nomem(&call->info);
	call->model = page;
	page->ref = web_text(call, "scheme");
	int r = load_shown(call, page->ref, &shown);
	if (r)
		return r;
	r = keep_shown(call, &shown, page);
	scheme_shown_done(&shown);
	return r;
}

static void write_section(struct html *h, const struct scheme_text_section *s, int number)
{
	html(h, "<section aria-labelledby='s{}'><div class='sec'><h2 id='s{}'>{}</h2></div>\n", number,
	     number, number == 1 ? "基本情况" : s->title);
	if (s->rows) {
		html(h, "<div class='scroll'><table class='data' aria-labelledby='s{}'><thead><tr>",
		     number);
		for (int c = 0; c < s->n_columns; c++)
			html(h, "<th scope='col'>{}</th>", s->head[c]);
		html(h, "</tr></thead><tbody>\n");
		for (const struct scheme_text_row *row = s->rows; row; row = row->next) {
			html(h, "<tr><th scope='row'>{}</th>", row->cell[0]);
			for (int c = 1; c < s->n_columns; c++)
				html(h, "<td>{}</td>", row->cell[c]);
			html(h, "</tr>\n");
		}
		html(h, "</tbody></table></div>\n");
	}
	if (s->lines) {
		html(h, "<ul class='list'>");
		for (const struct scheme_text_line *line = s->lines; line; line = line->next)
			html(h, "<li>{}</li>\n", line->text);
		html(h, "</ul>\n");
	}
	html(h, "</section>\n");
}

static void write_versions(struct web_call *call, struct html *h, const struct words_page *p)
{
	if (!p->n_versions)
		return;
	html(h, "<section aria-labelledby='hv'><div class='sec'><h2 id='hv'>版本</h2></div>"
		"<div class='scroll'><table class='data' aria-labelledby='hv'><thead><tr><th scope='col'>版本</th>"
		"<th scope='col'>改了什么</th><th scope='col'>谁改的</th><th scope='col'>时间</th>"
		"<th scope='col'>比较</th></tr></thead><tbody>\n");
	for (int i = 0; i < p->n_versions; i++) {
		const struct scheme_version *v = &p->versions[i];
		html(h, "<tr><th scope='row'><a href='/schemes/{}.{}'>{}</a></th><td>{}</td><td>{}</td><td>{}</td><td>",
		     v->scheme, v->version, state_text(call, v), v->note, v->account_label,
		     page_time(call, v->saved_ms));
		if (i + 1 < p->n_versions)
			html(h, "<a href='/schemes/compare?a={}.{}&amp;b={}.{}'>和上一版比</a>",
			     v->scheme, p->versions[i + 1].version, v->scheme, v->version);
		html(h, "</td></tr>\n");
	}
	html(h, "</tbody></table></div></section>\n");
}

void page_scheme_show(struct web_call *call, struct html *h)
{
	const struct words_page *p = call->model;
	const struct scheme_version *v = &p->version;
	const struct crumb crumbs[] = {{"方案", "/schemes"}, {v->title, ""}};
	struct page page = {.title = v->title, .menu = "/schemes", .crumbs = crumbs, .n_crumbs = 2};
	int number = 0;

	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>代码 {} · {}", v->title, v->name,
	     state_text(call, v));
	if (*v->origin)
		html(h, " · 照着 {} 新建", v->origin);
	if (v->scheme)
		html(h, " · {}", v->node_name);
	html(h, "</p></div><div class='acts'><a class='btn' href='/schemes/{}/file' hx-boost='false'>下载方案文件</a>", p->ref);
	if (call->session.may >> ACTION_SCHEME_WRITE & 1)
		html(h, "<a class='btn' href='/schemes/new?from={}'>照着它新建</a>", p->ref);
	if (p->may_write)
		html(h, "<a class='btn main' href='/schemes/{}/edit'>修改</a>", v->scheme);
	html(h, "</div></div>\n");
	if (!p->sound) {
		html(h, "<section class='box hot'><h2>有 {} 处错误，改好才能发布</h2><ul class='list'>",
		     p->total_faults);
		for (int i = 0; i < p->n_faults; i++)
			html(h, "<li>{}</li>\n", p->faults[i]);
		html(h, "</ul></section>\n");
	}
	for (const struct scheme_text_section *s = p->words.first; s; s = s->next)
		write_section(h, s, ++number);
	write_versions(call, h, p);
	if (p->may_write && v->state == SCHEME_PUBLISHED) {
		struct form form = form_fold(call, h, "停用这一版", page_text(call, "/schemes/%lld/withdraw",
			(long long)v->scheme), scheme_withdraw_fields, "version", page_text(call, "%d", v->version));
		html(h, "<p class='box warn gap-b'>停用以后不能恢复，新的年度工作不能再用它；已经开始的不受影响。</p>");
		form_end(&form, "确定停用", "danger", NULL);
		html(h, "</details>\n");
	}
	page_end(call, h);
}

json_t *json_scheme_show(struct web_call *call)
{
	const struct words_page *p = call->model;
	json_t *sections = json_array(), *faults = json_array();

	for (const struct scheme_text_section *s = p->words.first; s; s = s->next) {
		json_t *rows = json_array(), *lines = json_array(), *head = json_array();
		for (int c = 0; c < s->n_columns; c++)
			json_array_append_new(head, json_string(s->head[c]));
		for (const struct scheme_text_row *row = s->rows; row; row = row->next) {
			json_t *cells = json_array();
			for (int c = 0; c < s->n_columns; c++)
				json_array_append_new(cells, json_string(row->cell[c]));
			json_array_append_new(rows, cells);
		}
		for (const struct scheme_text_line *line = s->lines; line; line = line->next)
			json_array_append_new(lines, json_string(line->text));
		json_array_append_new(sections, json_pack("{s:s, s:o, s:o, s:o}", "title", s->title,
							  "head", head, "rows", rows, "lines", lines));
	}
	for (int i = 0; i < p->n_faults; i++)
		json_array_append_new(faults, json_string(p->faults[i]));
	return json_pack("{s:s, s:s, s:i, s:I, s:b, s:o, s:o, s:s}", "name", p->version.name, "title",
			 p->version.title, "version", p->version.version, "saved_ms",
			 (json_int_t)p->version.saved_ms, "sound", p->sound, "sections", sections,
			 "faults", faults, "text", p->version.text);
}

int act_scheme_file(struct web_call *call)
{
	struct scheme_shown shown;
	int r = load_shown(call, web_text(call, "scheme"), &shown);
	if (r)
		return r;
	buf_adds(&call->response->body, shown.version.text);
	call->response->type = "application/yaml; charset=utf-8";
	web_header(call->response, "Content-Disposition",
		   page_text(call, "attachment; filename=\"%s.yaml\"", shown.version.name));
	scheme_shown_done(&shown);
	return call->response->body.failed ? err_nomem(&call->info) : 0;
}

/* ---- a new one ---- */

struct new_page {
	struct scheme_entry *entries;
	int n;
	struct app_place *places;
	int n_places;
	const char *from;
};

int act_scheme_new(struct web_call *call)
{
	struct new_page *p = arena_zalloc(call->arena, 1, sizeof(*p));
	struct caller caller = page_caller(call);

	if (!p)
		return err_nomem(&call->info);
	call->model = p;
	p->from = web_value(call, "from")->given ? web_text(call, "from") : "";
	int r = schemes_list(call->web->app, &caller, call->arena, &p->entries, &p->n, &call->info);
	if (r == 0)
		r = app_places(call->web->app, &caller, call->arena, &p->places, &p->n_places,
			       &call->info);
	return r;
}

void page_scheme_new(struct web_call *call, struct html *h)
{
	const struct new_page *p = call->model;
	const struct crumb crumbs[] = {{"方案", "/schemes"}, {"新建方案", ""}};
	struct page page = {.title = "新建方案", .menu = "/schemes", .crumbs = crumbs, .n_crumbs = 2};
	struct web_choice *from = arena_zalloc(call->arena, (size_t)p->n + 1, sizeof(*from));
	struct web_choice *node = arena_zalloc(call->arena, (size_t)p->n_places + 1, sizeof(*node));
	int n = 0;

	for (int i = 0; from && i < p->n; i++)
		from[i] = (struct web_choice){p->entries[i].ref, p->entries[i].title};
	for (int i = 0; node && i < p->n_places; i++)
		if (p->places[i].role == ROLE_OFFICER)
			node[n++] = (struct web_choice){
				page_text(call, "%lld", (long long)p->places[i].node), p->places[i].name};
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>新建方案</h1><p class='note'>先照着一个现成的方案抄一份，再改成自己的；"
		"改的时候随时检查，有错会说在哪一行</p></div></div>\n");
	if (!from || !node || !n)
		html(h, "<p class='empty'>只有组织部的账号能新建方案。</p>\n");
	else {
		struct form form = form_begin(call, h, "/schemes/new", scheme_new_fields);
		form_row_choice(&form, "from", p->from, from);
		form_row(&form, "title", NULL);
		form_row(&form, "name", NULL);
		form_row_choice(&form, "node", node[0].id, node);
		form_end(&form, "新建，接着修改", "main", "/schemes");
	}
	page_end(call, h);
}

int act_scheme_clone(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct scheme_ref ref;
	int64_t scheme;

	int r = scheme_ref_parse(web_text(call, "from"), &ref, &call->info);
	if (r == 0)
		r = schemes_clone(call->web->app, &caller, &ref, web_number(call, "node", 0),
				  web_text(call, "name"), web_text(call, "title"), &scheme,
				  &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/schemes/%lld/edit", (long long)scheme);
	call->note = "已新建，是草稿；改好以后发布";
	return 0;
}

int act_scheme_withdraw(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t scheme = web_number(call, "scheme", 0);
	int r = schemes_withdraw(call->web->app, &caller, scheme, (int)web_number(call, "version", 0),
				 &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/schemes/%lld", (long long)scheme);
	call->note = "已停用这一版";
	return 0;
}
