/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form as a page of paper: what Chromium prints is what the PDF shows. Each
 * figure that has organisations behind it is a link to them.
 */
#include <string.h>

#include "web/pages/pages_files.h"
#include "web/pages/pages_forms.h"

const struct web_field form_print_fields[] = {FORM_ASK, {0}};
const struct web_field form_orgs_fields[] = {
	FORM_ASK,
	{.name = "figure", .label = "数字", .type = WEB_TEXT, .required = true, .max = FORM_FIGURE_MAX,
	 .pattern = "a-z0-9/-"},
	{0},
};

const struct web_field form_mark_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "version", .label = "版本", .type = WEB_INT, .required = true, .min = 1, .max = INT32_MAX},
	{.name = "code", .label = "校验码", .type = WEB_TEXT, .required = true, .max = 20, .pattern = "A-Z0-9-"},
	{0},
};

enum { ROWS_SHOWN = 5000 };	/* of one table; the file has them all */

struct model {
	struct form_place place;
	struct form_ask ask;
	const struct form_kind *kind;
	struct print print;
	struct form_check sealed;	/* an earlier version, if is_sealed */
	bool is_sealed;
	struct doc doc;
	struct form_org *orgs;
	int n_orgs;
};

static int begin(struct web_call *call, struct model **ret_model)
{
	struct caller caller = page_caller(call);
	struct model *m = arena_zalloc(call->arena, 1, sizeof(*m));

	if (!m)
		return err_nomem(&call->info);
	m->ask = form_ask_of(call);
	m->kind = form_find(m->ask.form);
	if (!m->kind)
		return err_set(&call->info, ERR_NOT_FOUND, "没有这种表");
	call->model = *ret_model = m;
	return forms_place(call->web->app, &caller, m->ask.node, call->arena, &m->place, &call->info);
}

/* The face that follows frees the document. */
int act_form_print(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct model *m;
	int r = begin(call, &m);

	if (r == 0)
		r = forms_issue(call->web->app, &caller, &m->ask, "打印", call->arena, &m->doc, &m->print,
				&call->info);
	if (r < 0 || !m->print.id)
		return r;
	r = forms_sealed(call->web->app, &caller, &m->print, call->arena, &m->sealed, &call->info);
	m->is_sealed = r > 0;
	if (r < 0)
		doc_done(&m->doc);
	return r < 0 ? r : 0;
}

/* ---- the paper ---- */

/* Of a sheet of many the node is its own. */
static const char *link_href(struct web_call *call, const struct model *m, const struct doc_sheet *s,
			     const char *figure, int64_t org)
{
	struct form_ask ask = m->ask;
	if (!figure)
		return org ? page_text(call, "/orgs/%lld", (long long)org) : NULL;
	if (s->node) {
		ask.node = s->node;
		ask.each = false;
	}
	return form_address(call, &ask, page_text(call, "%s/orgs", m->kind->id),
			    page_text(call, "&figure=%s", figure));
}

/* Figures are underlined with dots, names only when pointed at. */
static void write_link(struct html *h, const char *href, const char *figure)
{
	if (href && figure)
		html(h, "<a href='{}'>", href);
	else if (href)
		html(h, "<a class='org' href='{}'>", href);
}

static void write_text(struct html *h, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\n");
		html(h, "{}", ((struct str){text, len}));
		if (!text[len])
			return;
		html(h, "<br>");
		text += len + 1;
	}
}

static void write_cell(struct web_call *call, struct html *h, const struct model *m,
		       const struct doc_sheet *s, const struct doc_row *row, int i)
{
	const struct doc_cell *c = &row->cells[i];
	const char *href = link_href(call, m, s, c->figure, c->org);
	char scratch[DOC_NUMBER_LEN];

	if (c->kind == DOC_COVERED)
		return;
	if (row->head)
		html(h, "<th");
	else
		html(h, "<td");
	if (c->across > 1)
		html(h, " colspan='{}'", (int)c->across);
	if (c->down > 1)
		html(h, " rowspan='{}'", (int)c->down);
	if (c->align == DOC_LEFT)
		html(h, " class='l'");
	else if (c->align == DOC_RIGHT)
		html(h, " class='r'");
	html(h, ">");
	write_link(h, href, c->figure);
	if (c->bold)
		html(h, "<b>");
	write_text(h, doc_cell_text(c, scratch));
	if (c->bold)
		html(h, "</b>");
	if (href)
		html(h, "</a>");
	if (row->head)
		html(h, "</th>");
	else
		html(h, "</td>");
}

/* Columns wider than the paper take smaller letters, as in the PDF. */
static void write_columns(struct html *h, const struct doc_sheet *s, const struct doc_table *t)
{
	int total = 0, paper = s->landscape ? 267 : s->dense ? 180 : 156;

	for (int i = 0; i < t->n_columns; i++)
		total += t->columns[i].width_mm;
	if (total * 20 <= paper * 21)
		html(h, "<table class='form'>");
	else if (total * 20 <= paper * 24)
		html(h, "<table class='form tight'>");
	else
		html(h, "<table class='form tight least'>");
	html(h, "<caption class='vh'>{}</caption><colgroup>", s->name);
	for (int i = 0; i < t->n_columns; i++)
		html(h, "<col width='{}.{}%'>", t->columns[i].width_mm * 100 / total,
		     t->columns[i].width_mm * 1000 / total % 10);
	html(h, "</colgroup>");
}

static void write_head(struct web_call *call, struct html *h, const struct model *m,
		       const struct doc_sheet *s, const struct doc_head *head)
{
	const char *href = link_href(call, m, s, head->figure, head->org);

	html(h, "<span>{}", head->label);
	write_link(h, href, head->figure);
	html(h, "{}", head->value);
	if (href)
		html(h, "</a>");
	html(h, "</span>");
}

static void write_heads(struct web_call *call, struct html *h, const struct model *m,
			const struct doc_sheet *s, const struct doc_block *b)
{
	if (b->kind == DOC_SIGNS)
		html(h, "<div class='heads signs'>");
	else
		html(h, "<div class='heads'>");
	for (int i = 0; i < b->n_heads; i++)
		write_head(call, h, m, s, &b->heads[i]);
	html(h, "</div>\n");
}

static void write_spans(struct web_call *call, struct html *h, const struct model *m,
			const struct doc_sheet *s, const struct doc_block *b)
{
	size_t at = 0;

	for (const struct doc_span *span = b->spans; span; span = span->next) {
		const char *href = link_href(call, m, s, span->figure, span->org);
		html(h, "{}", ((struct str){b->text + at, span->from - at}));
		write_link(h, href, span->figure);
		html(h, "{}", ((struct str){b->text + span->from, span->len}));
		if (href)
			html(h, "</a>");
		at = span->from + span->len;
	}
	write_text(h, b->text + at);
}

static void write_para(struct web_call *call, struct html *h, const struct model *m,
		       const struct doc_sheet *s, const struct doc_block *b)
{
	switch (b->style) {
	case DOC_BODY: html(h, "<p>"); break;
	case DOC_HEAD1: html(h, "<h2>"); break;
	case DOC_HEAD2: html(h, "<p class='h2'>"); break;
	case DOC_FLAT: html(h, "<p class='flat'>"); break;
	case DOC_ANNEX: html(h, "<p class='annex'>"); break;
	case DOC_NOTE: html(h, "<p class='rem'>"); break;
	case DOC_SIGN: html(h, "<p class='sign'>"); break;
	case DOC_MIDDLE: html(h, "<p class='middle'>"); break;
	}
	write_spans(call, h, m, s, b);
	if (b->style == DOC_HEAD1)
		html(h, "</h2>\n");
	else
		html(h, "</p>\n");
}

/* The page's title is that of its first sheet. */
static bool is_first_title(const struct model *m, const struct doc_block *block)
{
	const struct doc_block *b = NULL;
	for (const struct doc_sheet *s = m->doc.first; s && !b; s = s->next)
		for (b = s->first; b && b->kind != DOC_TITLE; b = b->next)
			;
	return b == block;
}

static void write_title(struct html *h, const struct model *m, const struct doc_block *b)
{
	bool first = is_first_title(m, b);
	if (first)
		html(h, "<h1>");
	else
		html(h, "<h2 class='h1'>");
	write_text(h, b->text);
	if (first)
		html(h, "</h1>\n");
	else
		html(h, "</h2>\n");
}

static void write_block(struct web_call *call, struct html *h, const struct model *m,
			const struct doc_sheet *s, const struct doc_block *b)
{
	switch (b->kind) {
	case DOC_RED_HEAD:
		html(h, "<p class='redhead'>{}</p><p class='redno'>{}</p>\n", b->text, b->number);
		break;
	case DOC_TITLE:
		write_title(h, m, b);
		break;
	case DOC_HEADS:
	case DOC_SIGNS:
		write_heads(call, h, m, s, b);
		break;
	case DOC_PARA:
		write_para(call, h, m, s, b);
		break;
	case DOC_TABLE:		/* write_table */
		break;
	case DOC_CUT:
		html(h, "</div><div class='halfsheet'>\n");
		break;
	case DOC_BREAK:
		html(h, "<div class='pagebreak'></div>\n");
		break;
	}
}

/* Notes and who signs below a table: they do not stand on a page alone. */
static bool stays_below(const struct doc_block *b)
{
	return b && (b->kind == DOC_SIGNS || (b->kind == DOC_PARA && b->style == DOC_NOTE));
}

/* How many rows a cell of this one holds together; 0: none does. */
static int rows_held(const struct doc_table *t, const struct doc_row *row)
{
	int most = 0;
	for (int i = 0; i < t->n_columns; i++)
		if (row->cells[i].kind != DOC_COVERED && row->cells[i].down > most)
			most = row->cells[i].down;
	return most > 1 ? most : 0;
}

/* The table of `b` and what stays below it; the last block that was written. */
static const struct doc_block *write_table(struct web_call *call, struct html *h, const struct model *m,
					   const struct doc_sheet *s, const struct doc_block *b)
{
	const struct doc_table *t = b->table;
	struct doc_walk walk;
	const struct doc_row *row;
	bool heads = true;
	int n = 0, held = 0, r;

	write_columns(h, s, t);
	html(h, "<thead>");
	doc_walk_begin(&walk, t);
	while ((r = doc_walk_next(&walk, &row, &call->info)) > 0 && n < ROWS_SHOWN) {
		if (heads && !row->head) {
			html(h, "</thead><tbody>\n");
			heads = false;
		}
		/* Rows that a cell holds together do not part at a page's end. */
		if (!heads && held == 0 && (held = rows_held(t, row)) > 1)
			html(h, "</tbody><tbody class='keep'>\n");
		/* Pixels: 96 of them are an inch. */
		if (row->min_mm)
			html(h, "<tr height='{}'>", row->min_mm * 960 / 254);
		else
			html(h, "<tr>");
		for (int i = 0; i < t->n_columns; i++)
			write_cell(call, h, m, s, row, i);
		html(h, "</tr>\n");
		if (held > 0 && --held == 0)
			html(h, "</tbody><tbody>\n");
		n++;
	}
	if (heads)
		html(h, "</thead><tbody>");
	bool below = stays_below(b->next);
	if (below)
		html(h, "<tr class='below'><td colspan='{}'>\n", t->n_columns);
	for (; stays_below(b->next); b = b->next)
		write_block(call, h, m, s, b->next);
	if (below)
		html(h, "</td></tr>");
	html(h, "</tbody></table>\n");
	if (r > 0)
		html(h, "<p class='flat noprint'>这里只显示前 {} 行，下载的文件里是全部</p>\n", (int)ROWS_SHOWN);
	return b;
}

static void write_sheet(struct web_call *call, struct html *h, const struct model *m,
			const struct doc_sheet *s)
{
	const char *kind = m->doc.unmarked ? "a4 paper dense ballot" : s->landscape ? "a4 paper wide dense" :
			   s->dense ? "a4 paper dense" : "a4 paper";

	html(h, "<article class='{}'>\n", kind);
	if (s->draft)
		html(h, "<p class='draft'>{}</p>\n", s->draft);
	/* What is cut apart has two halves. */
	if (m->doc.unmarked)
		html(h, "<div class='halfsheet'>\n");
	for (const struct doc_block *b = s->first; b; b = b->next)
		if (b->table)
			b = write_table(call, h, m, s, b);
		else
			write_block(call, h, m, s, b);
	if (m->doc.unmarked)
		html(h, "</div>\n");
	if (m->doc.imprint)
		html(h, "<p class='imprint'>{}</p>\n", m->doc.imprint);
	html(h, "</article>\n");
}

/* Ballots: how many pages of two. */
static void write_sheets(struct html *h, const struct model *m)
{
	html(h, "<form class='inline' method='get' action='/forms/f6'>"
		"<input type='hidden' name='node' value='{}'><input type='hidden' name='campaign' value='{}'>"
		"<label>每个党组织几页（一页两张） <input class='num' name='sheets' type='number' min='1' max='{}' value='{}'></label>"
		" <button class='btn'>改</button></form>", m->ask.node, m->ask.campaign, (int)FORM_SHEETS_MAX,
	     m->ask.sheets ? m->ask.sheets : 1);
}

static void write_bar(struct web_call *call, struct html *h, const struct model *m)
{
	const struct form_ask list = {.node = m->ask.node, .campaign = m->ask.campaign};

	html(h, "<div class='bar noprint'><a class='btn' href='{}'>‹ 返回报表</a>"
		"<b class='grow'>{} {}</b>", form_address(call, &list, "", ""), m->kind->name, m->kind->label);
	if (m->print.id)
		html(h, "<a href='/check/{}'>第 {} 版　{}</a><a href='{}'>{}</a>", m->print.code, m->print.version,
		     m->print.code, files_address(call, m->print.node, ATTACHED_PRINT, m->print.id),
		     m->print.scans ? page_text(call, "盖章件 %d 件", m->print.scans) : "上传盖章件");
	struct form_ask each = m->ask;
	each.each = !m->ask.each;
	if (m->place.org.level < LEVEL_TOWNSHIP)
		html(h, "<a class='btn' href='{}'>{}</a>", form_address(call, &each, m->kind->id, ""),
		     m->ask.each ? "合成一张" : "下级各一张");
	struct form_ask red = m->ask;
	red.red = !m->ask.red;
	if (m->kind->red)
		html(h, "<a class='btn' href='{}'>{}</a>", form_address(call, &red, m->kind->id, ""),
		     m->ask.red ? "不要红头" : "加红头");
	if (strcmp(m->kind->id, "f6") == 0)
		write_sheets(h, m);
	form_write_files(call, h, m->kind, &m->ask, "btn");
	html(h, "<button class='btn main' type='button' data-print='1'>打印</button></div>\n");
}

static void write_save(struct web_call *call, struct html *h, const struct model *m)
{
	html(h, "<form class='bar noprint' method='post' action='/forms/views'>"
		"<input type='hidden' name='_csrf' value='{}'><input type='hidden' name='form' value='f18'>"
		"<input type='hidden' name='node' value='{}'>", call->csrf, m->ask.node);
	if (m->ask.columns)
		html(h, "<input type='hidden' name='columns' value='{}'>", m->ask.columns);
	if (m->ask.filter)
		html(h, "<input type='hidden' name='filter' value='{}'>", m->ask.filter);
	html(h, "<label>名称 <input name='name' maxlength='30' value='{}'></label> "
		"<button class='btn'>保存这个统计</button> <a class='btn' href='{}'>选列</a></form>\n",
	     m->ask.title, form_address(call, &m->ask, "f18/columns", ""));
}

void page_form_print(struct web_call *call, struct html *h)
{
	struct model *m = call->model;
	struct page page = {.title = m->kind->label, .menu = "/forms"};

	page_org_crumbs(call, m->place.crumbs, m->place.n_crumbs, m->kind->name, &page);
	page_begin(call, h, &page);
	write_bar(call, h, m);
	if (m->is_sealed)
		html(h, "<div class='box warn noprint'><b>▲ 盖章以后数据变了</b><p>盖章的是<a href='/check/{}'>第 {} 版</a>，"
			"现在的数据和它不一样。请核对是谁改了什么，需要的话重新打印、重新盖章。</p></div>\n",
		     m->sealed.print.code, m->sealed.print.version);
	if (strcmp(m->ask.form, "f18") == 0)
		write_save(call, h, m);
	/* Where every page of the paper has its foot, the last need not say it again. */
	if (m->print.id)
		html(h, "<link rel='stylesheet' href='{}'>\n",
		     page_text(call, "/forms/mark?node=%lld&version=%lld&code=%s", (long long)m->ask.node,
			       (long long)m->print.version, m->print.code));
	html(h, "<div class='papers'>\n");
	for (const struct doc_sheet *s = m->doc.first; s; s = s->next)
		write_sheet(call, h, m, s);
	html(h, "</div>\n");
	doc_done(&m->doc);
	page_end(call, h);
}

int act_form_mark(struct web_call *call)
{
	static const char *const pages[] = {"letter", "dense", "wide"};
	struct buf *css = &call->response->body;

	buf_adds(css, "@media print{.a4 .imprint{display:none}}\n");
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		buf_addf(css, "@page %s{@bottom-left{content:\"第 %lld 版　校验码 %s\";white-space:nowrap;"
			 "font:8pt/14pt \"宋体\",\"SimSun\",\"Noto Serif CJK SC\",serif}}\n", pages[i],
			 (long long)web_number(call, "version", 0), web_text(call, "code"));
	call->response->type = "text/css; charset=utf-8";
	return css->failed ? err_nomem(&call->info) : 0;
}

/* ---- as JSON ---- */

static json_t *cell_json(const struct doc_cell *c)
{
	char scratch[DOC_NUMBER_LEN];
	return c->kind == DOC_EMPTY || c->kind == DOC_COVERED ? json_null() :
								json_string(doc_cell_text(c, scratch));
}

static json_t *table_rows(struct web_call *call, const struct doc_table *t)
{
	struct doc_walk walk;
	const struct doc_row *row;
	json_t *rows = json_array();
	int n = 0;

	doc_walk_begin(&walk, t);
	while (n++ < ROWS_SHOWN && doc_walk_next(&walk, &row, &call->info) > 0) {
		json_t *cells = json_array();
		for (int i = 0; i < t->n_columns; i++)
			json_array_append_new(cells, cell_json(&row->cells[i]));
		json_array_append_new(rows, cells);
	}
	return rows;
}

json_t *json_form_print(struct web_call *call)
{
	struct model *m = call->model;
	json_t *sheets = json_array();

	for (const struct doc_sheet *s = m->doc.first; s; s = s->next) {
		json_t *tables = json_array();
		for (const struct doc_block *b = s->first; b; b = b->next)
			if (b->table)
				json_array_append_new(tables, table_rows(call, b->table));
		json_array_append_new(sheets, json_pack("{s:s, s:o}", "name", s->name, "tables", tables));
	}
	json_t *answer = json_pack("{s:s, s:s, s:i, s:s, s:o}", "form", m->doc.form, "title", m->doc.title,
				   "version", m->print.version, "code", m->print.code ? m->print.code : "",
				   "sheets", sheets);
	doc_done(&m->doc);
	return answer;
}

/* ---- behind a figure ---- */

int act_form_orgs(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct model *m;
	int r = begin(call, &m);

	if (r < 0)
		return r;
	m->ask.figure = web_text(call, "figure");
	return forms_figure(call->web->app, &caller, &m->ask, call->arena, &m->orgs, &m->n_orgs, &call->info);
}

void page_form_orgs(struct web_call *call, struct html *h)
{
	const struct model *m = call->model;
	struct page page = {.title = m->kind->label, .menu = "/forms"};

	page_org_crumbs(call, m->place.crumbs, m->place.n_crumbs, m->kind->name, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>这个数字是哪些党组织</h1><p class='note'>{} · 共 {} 个</p></div>"
		"<div class='acts'><a class='btn' href='{}'>‹ 返回表</a></div></div>\n",
	     m->kind->label, m->n_orgs, form_address(call, &m->ask, m->kind->id, ""));
	if (!m->n_orgs) {
		html(h, "<div class='empty'><b>没有</b><p>这个数字是 0。</p></div>\n");
		page_end(call, h);
		return;
	}
	html(h, "<table class='data sort'><caption class='vh'>党组织</caption><thead><tr><th scope='col' class='n'>序号</th>"
		"<th scope='col'>党组织</th><th scope='col'>代码</th></tr></thead><tbody>\n");
	for (int i = 0; i < m->n_orgs && i < ROWS_SHOWN; i++)
		html(h, "<tr><td class='n'>{}</td><th scope='row'><a href='/orgs/{}'>{}</a></th>"
			"<td class='mono'>{}</td></tr>\n", i + 1, m->orgs[i].id, m->orgs[i].name, m->orgs[i].code);
	html(h, "</tbody></table>\n");
	if (m->n_orgs > ROWS_SHOWN)
		html(h, "<p class='note'>只列出前 {} 个</p>\n", (int)ROWS_SHOWN);
	page_end(call, h);
}

json_t *json_form_orgs(struct web_call *call)
{
	const struct model *m = call->model;
	json_t *orgs = json_array();

	for (int i = 0; i < m->n_orgs; i++)
		json_array_append_new(orgs, json_pack("{s:I, s:s, s:s}", "id", (json_int_t)m->orgs[i].id, "code",
						      m->orgs[i].code, "name", m->orgs[i].name));
	return json_pack("{s:o}", "orgs", orgs);
}
