/* SPDX-License-Identifier: Apache-2.0 */
/* Placeholders in texts that are cut into runs. */
#include <stdlib.h>
#include <string.h>

#include "report/template_in.h"

void template_join(struct str raw, struct xml_cut *const *texts, int n, struct buf *out)
{
	for (int i = 0; i < n; i++)
		xml_text(raw, texts[i], out);
}

int template_texts(const struct xml_cut *top, const char *name, const char *barrier,
		   struct arena *arena, struct xml_cut ***ret_texts, int *ret_n,
		   struct err_info *info)
{
	struct xml_cut **texts = NULL;
	int n = 0, cap = 0;
	for (struct xml_cut *c = top->first; c; ) {
		if (barrier && xml_is(c, barrier)) {
			/* On with what follows it. */
			while (c != top && !c->next)
				c = c->parent;
			c = c == top ? NULL : c->next;
			continue;
		}
		if (xml_is(c, name)) {
			if (n == cap) {
				cap = cap ? cap * 2 : 8;
				struct xml_cut **more = arena_zalloc(arena, (size_t)cap, sizeof(void *));
				if (!more)
					return err_nomem(info);
				for (int i = 0; i < n; i++)
					more[i] = texts[i];
				texts = more;
			}
			texts[n++] = c;
		}
		c = xml_walk(top, c);
	}
	*ret_texts = texts;
	*ret_n = n;
	return 0;
}

/* Where the text of one element lies in the joined text, and what it becomes. */
struct run {
	size_t from, to;
	struct buf now;
	bool changed;
};

static void runs_done(struct run *runs, int n)
{
	for (int i = 0; i < n; i++)
		buf_done(&runs[i].now);
}

static int run_at(const struct run *runs, int n, size_t at)
{
	int i = 0;
	while (i < n - 1 && at >= runs[i].to)
		i++;
	return i;
}

/* Gives what stands from `from` to `to` to the runs it stands in; `copy` false:
 * it is taken out. */
static void spread(struct run *runs, int n, struct str joined, size_t from, size_t to, bool copy)
{
	for (int i = run_at(runs, n, from); i < n && runs[i].from < to; i++) {
		size_t a = from > runs[i].from ? from : runs[i].from, b = to < runs[i].to ? to : runs[i].to;
		if (a >= b)
			continue;
		if (copy)
			buf_add(&runs[i].now, joined.data + a, b - a);
		else
			runs[i].changed = true;
	}
}

static void fill_runs(const struct template_at *at, struct run *runs, int n, struct str joined)
{
	struct template_hole hole;
	struct template_value value;
	char scratch[32];
	size_t from = 0;
	while (template_next(joined, from, &hole)) {
		bool known = template_value(at, hole.name, scratch, &value);
		spread(runs, n, joined, from, hole.start, true);
		spread(runs, n, joined, hole.start, hole.end, !known);
		if (known)
			buf_adds(&runs[run_at(runs, n, hole.start)].now, value.text ? value.text : "");
		from = hole.end;
	}
	spread(runs, n, joined, from, joined.len, true);
}

/* A line's end is an element of its own in a document. */
static void write_text(const struct template_at *at, const struct xml_cut *t, struct str text,
		       struct buf *out)
{
	int p = (int)t->prefix.len;
	const char *prefix = t->prefix.data ? t->prefix.data : "";
	for (size_t i = 0; ; ) {
		const char *nl = at->place == PLACE_CELL ? NULL : memchr(text.data + i, '\n', text.len - i);
		size_t to = nl ? (size_t)(nl - text.data) : text.len;
		if (at->place == PLACE_DRAWING)
			buf_addf(out, "<%.*st>", p, prefix);
		else
			buf_addf(out, "<%.*st xml:space=\"preserve\">", p, prefix);
		xml_escape((struct str){text.data + i, to - i}, out);
		buf_addf(out, "</%.*st>", p, prefix);
		if (!nl)
			return;
		if (at->place == PLACE_WORD)
			buf_addf(out, "<%.*sbr/>", p, prefix);
		i = to + 1;
	}
}

int template_edit(struct template_edits *edits, size_t from, size_t to, struct str text,
		  struct err_info *info)
{
	if (edits->n == edits->cap) {
		int cap = edits->cap ? edits->cap * 2 : 8;
		struct template_edit *more = arena_alloc(edits->arena, (size_t)cap * sizeof(*more));
		if (!more)
			return err_nomem(info);
		if (edits->n)
			memcpy(more, edits->at, (size_t)edits->n * sizeof(*more));
		edits->at = more;
		edits->cap = cap;
	}
	const char *copy = arena_strndup(edits->arena, text.data ? text.data : "", text.len);
	if (!copy)
		return err_nomem(info);
	edits->at[edits->n++] = (struct template_edit){from, to, {copy, text.len}};
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct template_edit *x = a, *y = b;
	return (x->from > y->from) - (x->from < y->from);
}

void template_write(struct str raw, size_t from, size_t to, struct template_edits *edits,
		    struct buf *out)
{
	if (edits->n)
		qsort(edits->at, (size_t)edits->n, sizeof(*edits->at), by_place);
	for (int i = 0; i < edits->n; i++) {
		const struct template_edit *e = &edits->at[i];
		if (e->from < from || e->to > to)
			continue;
		xml_copy(raw, from, e->from, out);
		buf_add(out, e->text.data, e->text.len);
		from = e->to;
	}
	xml_copy(raw, from, to, out);
}

int template_fill_runs(const struct template_at *at, struct str raw, struct xml_cut *const *texts,
		       int n, struct template_edits *edits, struct err_info *info)
{
	AUTO(buf) struct buf joined = {0};
	struct run *runs = arena_zalloc(edits->arena, (size_t)n + 1, sizeof(*runs));
	int r = 0;
	if (!runs)
		return err_nomem(info);
	for (int i = 0; i < n; i++) {
		runs[i].from = joined.len;
		xml_text(raw, texts[i], &joined);
		runs[i].to = joined.len;
	}
	struct str text = {buf_str(&joined), joined.len};
	if (n && template_has(text))
		fill_runs(at, runs, n, text);
	for (int i = 0; i < n && r == 0; i++) {
		AUTO(buf) struct buf now = {0};
		if (!runs[i].changed)
			continue;
		write_text(at, texts[i], (struct str){buf_str(&runs[i].now), runs[i].now.len}, &now);
		r = now.failed || runs[i].now.failed ? err_nomem(info) :
		    template_edit(edits, texts[i]->start, texts[i]->end, (struct str){now.data, now.len}, info);
	}
	runs_done(runs, n);
	return r < 0 ? r : joined.failed ? err_nomem(info) : 0;
}
