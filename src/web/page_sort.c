/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page_sort.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/pinyin.h"
#include "base/auto.h"
#include "base/buf.h"
#include "domain/exact.h"
#include "web/layout.h"
#include "web/page_read.h"
#include "web/pages/pages.h"
#include "web/table.h"

enum {
	TABLES_MAX = 10,
	FIND_LEAST = 12,	/* fewer rows are seen at once */
	DIGITS_MAX = 11,	/* of a number that is compared or summed, before the point */
	PLACES = 6,
};

struct column {
	struct str tag, inner;	/* <th …> and what stands in it */
	bool number, sum, sortable;
};

enum rank { RANK_NUMBER, RANK_TEXT, RANK_NONE };

struct row {
	struct str html;	/* <tr …>…</tr> */
	enum rank rank;
	int64_t number;
	struct str key;		/* sorts as its text does */
	int at;			/* where it stood */
};

struct listing {
	struct web_call *call;
	struct page_table table;
	const char *nth;		/* "0" … */
	const char *head, *head_end;	/* inside of the head's <tr> */
	const char *body, *body_end;	/* inside of <tbody> */
	bool whole;			/* all rows stay: they are sent together */
	bool foot;
	struct column columns[TABLE_WIDTH_MAX];
	int n_columns;
	struct row *rows;
	int n, n_all;
	int sort;			/* column from 1; negative: descending; 0: as written */
	int page;
	const char *find;		/* "" */
	const char *row;		/* id of the row to be on the page shown; "" */
};

/* The next <td> or <th> of a row from `*at`; false at its end. */
static bool next_cell(const char **at, const char *end, struct str *ret_tag, struct str *ret_inner)
{
	for (const char *tag = page_find(*at, end, "<t"); tag < end; tag = page_find(tag + 2, end, "<t")) {
		if (end - tag < 4 || (tag[2] != 'd' && tag[2] != 'h') || (tag[3] != ' ' && tag[3] != '>'))
			continue;
		const char *inner = page_find(tag, end, ">");
		const char *close = page_find(inner, end, tag[2] == 'h' ? "</th>" : "</td>");
		*ret_tag = page_between(tag, inner);
		*ret_inner = page_between(inner + 1, close);
		*at = close;
		return true;
	}
	return false;
}

static struct str cell_of(struct str row, int column)
{
	const char *at = row.data;
	struct str tag, inner;
	while (next_cell(&at, row.data + row.len, &tag, &inner))
		if (column-- == 0)
			return inner;
	return (struct str){0};
}

/* ---- reading the table and what is asked of it ---- */

static bool has(struct str text, const char *needle)
{
	return text.data && page_find(text.data, text.data + text.len, needle) < text.data + text.len;
}

/* Fields whose form is not in the same row. */
static bool has_bare_field(const char *at, const char *end)
{
	while ((at = page_find(at, end, "<")) < end) {
		struct str rest = page_between(at, end);
		if (page_begins(rest, "<form"))
			at = page_find(at, end, "</form>");
		else if (page_begins(rest, "<input") || page_begins(rest, "<select") ||
			 page_begins(rest, "<textarea"))
			return true;
		else
			at++;
	}
	return false;
}

static bool inside_form(const char *from, const char *table)
{
	bool inside = false;
	for (const char *at = page_find(from, table, "<form"); at < table; at = page_find(at, table, "<form")) {
		at = page_find(at, table, "</form>");
		inside = at == table;
	}
	return inside;
}

static bool read_heads(struct listing *l)
{
	const char *at = l->head;
	struct str tag, inner;
	while (l->n_columns < TABLE_WIDTH_MAX && next_cell(&at, l->head_end, &tag, &inner)) {
		struct str class = page_attribute(tag.data, tag.data + tag.len + 1, " class='");
		l->columns[l->n_columns++] = (struct column){
			tag, inner, page_begins(class, "n") && !page_begins(class, "nw"), has(class, "sum"),
			inner.len && !has(inner, "<a") && !has(inner, "<input")};
	}
	return l->n_columns > 0;
}

static bool add_row(struct listing *l, struct str html)
{
	if ((l->n_all & (l->n_all - 1)) == 0) {
		size_t cap = l->n_all ? (size_t)l->n_all * 2 : 1;
		struct row *rows = reallocarray(l->rows, cap, sizeof(*rows));
		if (!rows)
			return false;
		l->rows = rows;
	}
	l->rows[l->n_all] = (struct row){.html = html, .at = l->n_all};
	l->n = ++l->n_all;
	return true;
}

/* False: it is not one of these tables. */
static bool find_parts(struct listing *l, const char *page)
{
	struct str t = l->table.all;
	const char *end = t.data + t.len, *tag_end = page_find(t.data, end, ">");
	if (page_find(t.data, tag_end, "class='data sort") == tag_end)
		return false;
	const char *thead = page_find(tag_end, end, "<thead"), *tbody = page_find(thead, end, "<tbody");
	const char *row = page_find(thead, tbody, "<tr");
	l->head = page_find(row, tbody, ">") + 1;
	l->head_end = page_find(row, tbody, "</tr>");
	l->body = page_find(tbody, end, ">") + 1;
	l->body_end = page_find(tbody, end, "</tbody>");
	if (l->head_end == tbody || l->body_end == end)
		return false;
	l->foot = page_find(l->body_end, end, "<tfoot") < end;
	bool pick = has(page_attribute(t.data, tag_end, " class='"), " pick");
	l->whole = !pick && (inside_form(page, t.data) || has_bare_field(l->body, l->body_end));
	return read_heads(l);
}

static void read_asked(struct listing *l)
{
	struct web_params params = {0};
	struct err_info info = {0};
	long number;

	l->page = 1;
	l->find = l->row = "";
	web_params_add_form(&params, l->call->request->query, l->call->arena, &info);
	for (int i = 0; i < params.n; i++) {
		struct str name = params.at[i].name;
		const char *value = page_text(l->call, "%.*s", (int)params.at[i].value.len,
					      params.at[i].value.data);
		if (str_eqs(name, "row"))
			l->row = value;
		if (name.len != 5 || name.data[4] != *l->nth)
			continue;
		if (page_begins(name, "find"))
			l->find = value;
		number = strtol(value, NULL, 10);
		if (page_begins(name, "page") && number > 0 && number < INT32_MAX / TABLE_ROWS)
			l->page = (int)number;
		if (page_begins(name, "sort") && labs(number) <= l->n_columns && number &&
		    l->columns[labs(number) - 1].sortable)
			l->sort = (int)number;
	}
}

/* ---- finding ---- */

/* A word in a cell, or the first letters of the name's pinyin. */
static bool is_found(struct listing *l, struct str row)
{
	struct pinyin *pinyin = l->call->web && l->call->web->app ? l->call->web->app->pinyin : NULL;
	const char *at = row.data;
	struct str tag, inner;
	while (next_cell(&at, row.data + row.len, &tag, &inner)) {
		const char *text = page_text_of(l->call, inner), *initials = NULL;
		if (text && strcasestr(text, l->find))
			return true;
		if (text && pinyin && page_begins(tag, "<th"))
			initials = pinyin_initials(pinyin, text, l->call->arena);
		if (initials && strcasestr(initials, l->find))
			return true;
	}
	return false;
}

static void keep_found(struct listing *l)
{
	if (!*l->find || l->whole)
		return;
	l->n = 0;
	for (int i = 0; i < l->n_all; i++)
		if (is_found(l, l->rows[i].html))
			l->rows[l->n++] = l->rows[i];
}

/* ---- sorting ---- */

/* The first number in a text, as PLACES more digits; *ret_places: those written. */
static bool number_in(const char *text, int64_t *ret_number, int *ret_places)
{
	const char *p = text + strcspn(text, "0123456789");
	bool minus = p > text && p[-1] == '-';
	int64_t n = 0;
	int digits = 0, places = 0;

	for (; (*p >= '0' && *p <= '9') || *p == ','; p++)
		if (*p != ',' && ++digits <= DIGITS_MAX)
			n = n * 10 + (*p - '0');
	if (!digits || digits > DIGITS_MAX)
		return false;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9' && places < PLACES; p++, places++)
			n = n * 10 + (*p - '0');
	*ret_places = places;
	for (int i = places; i < PLACES; i++)
		n *= 10;
	*ret_number = minus ? -n : n;
	return true;
}

/* "2025-11-25 …" or, within the year, "11-25 …". */
static bool day_in(struct listing *l, const char *text, int64_t *ret_day)
{
	struct str day = {text, strcspn(text, " ")};
	int y, m, d;
	if (day.len == strlen("11-25"))
		day = str_from(page_text(l->call, "%d-%.5s", page_today(l->call) / 10000, text));
	if (day.len != strlen("2025-11-25") || !web_read_date(day, &y, &m, &d))
		return false;
	*ret_day = y * 10000 + m * 100 + d;
	return true;
}

/* Grades and stars have an order of their own. */
static bool shown_in(struct str html, const char *text, int64_t *ret_number)
{
	const char *end = html.data + html.len, *grade = page_find(html.data, end, "class='grade g");
	if (grade < end) {
		*ret_number = (unsigned char)grade[strlen("class='grade g")];
		return true;
	}
	if (!has(html, "class='stars"))
		return false;
	*ret_number = 0;
	while ((text = strstr(text, "★"))) {
		++*ret_number;
		text += strlen("★");
	}
	return true;
}

/* Names sort by pinyin, numbers in them as numbers. */
static struct str key_of(struct listing *l, const char *text)
{
	struct pinyin *pinyin = l->call->web && l->call->web->app ? l->call->web->app->pinyin : NULL;
	AUTO(buf) struct buf padded = {0};
	for (const char *p = text; *p;) {
		size_t digits = strspn(p, "0123456789");
		for (size_t i = digits; digits && i < DIGITS_MAX; i++)
			buf_addc(&padded, '0');
		buf_add(&padded, p, digits ? digits : 1);
		p += digits ? digits : 1;
	}
	if (pinyin)
		return pinyin_sort_key(pinyin, buf_str(&padded), l->call->arena);
	return str_from(arena_strdup(l->call->arena, buf_str(&padded)));
}

static void make_key(struct listing *l, int column, struct row *row)
{
	struct str html = cell_of(row->html, column);
	const char *text = page_text_of(l->call, html);
	int places;

	if (!text || !*text || strcmp(text, "—") == 0 || strcmp(text, "·") == 0) {
		row->rank = RANK_NONE;
		return;
	}
	row->key = key_of(l, text);
	row->rank = shown_in(html, text, &row->number) || day_in(l, text, &row->number) ||
			    (l->columns[column].number && number_in(text, &row->number, &places))
			    ? RANK_NUMBER : RANK_TEXT;
}

static int compare(const void *a, const void *b, void *descending)
{
	const struct row *x = a, *y = b;
	size_t len = x->key.len < y->key.len ? x->key.len : y->key.len;
	int d = 0;

	if (x->rank != y->rank)		/* what is empty stands last in either order */
		return x->rank < y->rank ? -1 : 1;
	if (x->rank == RANK_NUMBER)
		d = x->number < y->number ? -1 : x->number > y->number;
	if (d == 0 && len)
		d = memcmp(x->key.data, y->key.data, len);
	if (d == 0)
		d = x->key.len < y->key.len ? -1 : x->key.len > y->key.len;
	if (d == 0)
		return x->at < y->at ? -1 : 1;
	return *(bool *)descending ? -d : d;
}

static void sort_rows(struct listing *l)
{
	bool descending = l->sort < 0;
	if (!l->sort)
		return;
	for (int i = 0; i < l->n; i++)
		make_key(l, abs(l->sort) - 1, &l->rows[i]);
	qsort_r(l->rows, (size_t)l->n, sizeof(*l->rows), compare, &descending);
}

/* ---- writing ---- */

static void add(struct buf *out, const char *from, const char *to)
{
	buf_add(out, from, (size_t)(to - from));
}

static void add_html(struct buf *out, struct html *h)
{
	buf_add(out, h->out.data, h->out.len);
	out->failed |= h->out.failed;
	html_done(h);
}

static const char *address(struct listing *l, const char *what, const char *value)
{
	return page_text(l->call, "%s#t%s", page_query_with(l->call, page_text(l->call, "%s%s", what, l->nth),
							    value), l->nth);
}

static void write_find(struct listing *l, struct buf *out)
{
	struct html h = {0};
	struct web_params params = {0};
	struct err_info info = {0};
	const char *name = page_text(l->call, "find%s", l->nth);
	struct str path = l->call->request->path;

	html(&h, "<form class='bar find noprint' role='search' action='{}#t{}'>",
	     page_text(l->call, "%.*s", (int)path.len, path.data), l->nth);
	web_params_add_form(&params, l->call->request->query, l->call->arena, &info);
	for (int i = 0; i < params.n; i++)
		if (params.at[i].value.len && !str_eqs(params.at[i].name, name) &&
		    !page_begins(params.at[i].name, "page"))
			html(&h, "<input type='hidden' name='{}' value='{}'>", params.at[i].name,
			     params.at[i].value);
	html(&h, "<label class='vh' for='{}'>在这张表里找</label><input class='grow' id='{}' name='{}' type='search' "
		 "value='{}' autocomplete='off' placeholder='在这张表里找：名称、拼音首字母或其他字'>"
		 "<button class='btn'>查找</button>", name, name, name, l->find);
	if (*l->find)
		html(&h, "<span>找到 {} 行</span><a href='{}'>看全部 {} 行</a>", l->n, address(l, "find", NULL),
		     l->n_all);
	html(&h, "</form>\n");
	add_html(out, &h);
}

static void write_heads(struct listing *l, struct buf *out)
{
	for (int i = 0; i < l->n_columns; i++) {
		const struct column *c = &l->columns[i];
		bool by = abs(l->sort) == i + 1;
		struct html h = {0};
		buf_add(out, c->tag.data, c->tag.len);
		if (c->sortable) {
			if (by)
				buf_adds(out, l->sort > 0 ? " aria-sort='ascending'" : " aria-sort='descending'");
			html(&h, " data-so='1'><a href='{}'>",
			     address(l, "sort", page_text(l->call, "%d", by && l->sort > 0 ? -(i + 1) : i + 1)));
			add_html(out, &h);
		} else {
			buf_addc(out, '>');
		}
		buf_add(out, c->inner.data, c->inner.len);
		buf_adds(out, c->sortable ? "</a>" : "");
		buf_adds(out, page_begins(c->tag, "<th") ? "</th>" : "</td>");
	}
}

static void write_rows(struct listing *l, struct buf *out, int from, int to)
{
	struct html h = {0};
	for (int i = from; i < to; i++) {
		buf_add(out, l->rows[i].html.data, l->rows[i].html.len);
		buf_addc(out, '\n');
	}
	if (from < to || !*l->find)
		return;
	html(&h, "<tr><td colspan='{}'>没有找到“{}”</td></tr>\n", l->n_columns, l->find);
	add_html(out, &h);
}

static void write_sum(struct listing *l, struct html *h, int column)
{
	static const int64_t powers[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	int64_t sum = 0, number;
	int most = 0, places;

	for (int i = 0; i < l->n; i++) {
		const char *text = page_text_of(l->call, cell_of(l->rows[i].html, column));
		if (!text || !number_in(text, &number, &places) || __builtin_add_overflow(sum, number, &sum))
			continue;
		most = places > most ? places : most;
	}
	html(h, "<td class='n' data-l='{}'>", page_text_of(l->call, l->columns[column].inner));
	AUTO(buf) struct buf text = {0};
	decimal_format_places(&text, (uint64_t)(sum < 0 ? -sum : sum) / (uint64_t)powers[most], most);
	if (most)
		html(h, "{}{}", sum < 0 ? "-" : "", buf_str(&text));
	else
		table_number(h, sum / powers[0]);
	html(h, "</td>");
}

static void write_foot(struct listing *l, struct buf *out)
{
	struct html h = {0};
	bool any = false, said = false;

	for (int i = 0; i < l->n_columns; i++)
		any |= l->columns[i].sum;
	if (!any || l->foot)
		return;
	html(&h, "<tfoot><tr>");
	for (int i = 0; i < l->n_columns; i++) {
		if (l->columns[i].sum)
			write_sum(l, &h, i);
		else if (said)
			html(&h, "<td class='skipc'></td>");
		else
			html(&h, "<th scope='row'>{}</th>", *l->find ? "找到的合计" : "合计");
		said = true;
	}
	html(&h, "</tr></tfoot>\n");
	add_html(out, &h);
}

static void write_pages(struct listing *l, struct buf *out, int shown)
{
	struct html h = {0};
	const struct web_table pages = {.page = l->page, .size = TABLE_ROWS, .n_rows = shown,
					.n_all = l->n, .nth = l->nth};
	table_pager(l->call, &h, &pages);
	add_html(out, &h);
}

/* Writes what stands between `at` and the end of the table; returns where it ended. */
static const char *write_table(struct listing *l, const char *at, struct buf *out)
{
	static const char scroll[] = "<div class='scroll'>";
	struct str t = l->table.all;
	const char *end = t.data + t.len, *start = t.data, *thead = page_find(start, end, "<thead");
	bool paged = !l->whole && !l->call->file && l->n > TABLE_ROWS;
	int from = 0, to = l->n;

	if (paged) {
		const char *id = page_text(l->call, "<tr id='%s'", l->row);
		for (int i = 0; *l->row && i < l->n; i++)
			if (page_begins(l->rows[i].html, id))
				l->page = i / TABLE_ROWS + 1;
		if ((l->page - 1) * TABLE_ROWS >= l->n)
			l->page = 1;
		from = (l->page - 1) * TABLE_ROWS;
		to = from + TABLE_ROWS < l->n ? from + TABLE_ROWS : l->n;
	}
	if (start - at >= (ptrdiff_t)strlen(scroll) &&
	    memcmp(start - strlen(scroll), scroll, strlen(scroll)) == 0)
		start -= strlen(scroll);
	add(out, at, start);
	if (!l->whole && l->n_all >= FIND_LEAST)
		write_find(l, out);
	add(out, start, t.data + strlen("<table"));
	if (page_find(t.data, page_find(t.data, end, ">"), " id='") == page_find(t.data, end, ">")) {
		buf_adds(out, " id='t");
		buf_adds(out, l->nth);
		buf_addc(out, '\'');
	}
	add(out, t.data + strlen("<table"), thead);
	buf_adds(out, "<thead class='so'");
	add(out, thead + strlen("<thead"), l->head);
	write_heads(l, out);
	add(out, l->head_end, l->body);
	write_rows(l, out, from, to);
	add(out, l->body_end, l->body_end + strlen("</tbody>"));
	write_foot(l, out);
	add(out, l->body_end + strlen("</tbody>"), end);
	if (paged) {
		if (start < t.data) {
			buf_adds(out, "</div>");
			end += strlen("</div>");
		}
		write_pages(l, out, to - from);
	}
	return end;
}

static bool load_rows(struct listing *l)
{
	for (const char *at = page_find(l->body, l->body_end, "<tr"); at < l->body_end;) {
		const char *close = page_find(at, l->body_end, "</tr>");
		if (close == l->body_end)
			break;
		close += strlen("</tr>");
		if (!add_row(l, page_between(at, close)))
			return false;
		at = page_find(close, l->body_end, "<tr");
	}
	return true;
}

int page_sort(struct web_call *call, struct buf *page)
{
	static const char *const numbers[TABLES_MAX] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
	struct str text = str_from(buf_str(page));
	struct buf out = {0};
	const char *at = text.data;
	bool ok = true;

	if (call->request->method != WEB_GET || !call->session.signed_in || !has(text, "class='data sort"))
		return 0;
	for (int i = 0; ok && i < TABLES_MAX; i++) {
		struct listing l = {.call = call, .nth = numbers[i]};
		if (!page_find_table(text, i, &l.table))
			break;
		if (!find_parts(&l, text.data))
			continue;
		ok = load_rows(&l);
		if (ok && l.n_all > 1) {
			read_asked(&l);
			keep_found(&l);
			sort_rows(&l);
			at = write_table(&l, at, &out);
		}
		free(l.rows);
	}
	add(&out, at, text.data + text.len);
	if (!ok || out.failed) {
		buf_done(&out);
		return err_nomem(&call->info);
	}
	buf_done(page);
	*page = out;
	return 0;
}
