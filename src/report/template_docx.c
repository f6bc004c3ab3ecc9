/* SPDX-License-Identifier: Apache-2.0 */
/* A document: paragraphs, rows of tables, the part that is repeated for each. */
#include <string.h>

#include "report/template_in.h"

struct word {
	const struct template_source *source;
	struct template_at at;
	struct str raw;
	struct arena *arena;
	struct buf *out;
	struct err_info *info;
	bool copy;			/* not the last: what may stand once is left out */
};

static bool is_text_part(const char *name)
{
	static const char *const begins[] = {"word/document", "word/header", "word/footer", "word/footnotes",
					     "word/endnotes"};
	size_t len = strlen(name);
	if (len < 4 || strcmp(name + len - 4, ".xml") != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* The words of a paragraph, of those inside it too. */
static int words_of(const struct word *w, const struct xml_cut *node, struct buf *out)
{
	AUTO(arena) struct arena scratch = {0};
	struct xml_cut **texts;
	int n, r = template_texts(node, "t", NULL, &scratch, &texts, &n, w->info);
	if (r == 0)
		template_join(w->raw, texts, n, out);
	return r;
}

/* The list that a row or paragraph repeats; NULL: none that is known here. */
static int list_of(const struct word *w, const struct xml_cut *node, const struct template_list **ret_list)
{
	AUTO(buf) struct buf text = {0};
	AUTO(arena) struct arena scratch = {0};
	const char *name = NULL;
	int r = words_of(w, node, &text);
	if (r == 0)
		r = template_list_of((struct str){buf_str(&text), text.len}, "正文", &scratch, &name, w->info);
	*ret_list = r == 0 && name ? template_list(w->at.data, str_from(name)) : NULL;
	return r;
}

static bool has_row(const struct xml_cut *node)
{
	for (struct xml_cut *c = node->first; c; c = xml_walk(node, c))
		if (xml_is(c, "tr"))
			return true;
	return false;
}

static int write_within(struct word *w, const struct xml_cut *node);

/* What may stand once in a document: marks of places, and a section's end. */
static bool stands_once(const struct xml_cut *node)
{
	return xml_is(node, "bookmarkStart") || xml_is(node, "bookmarkEnd") || xml_is(node, "sectPr") ||
	       xml_is(node, "commentRangeStart") || xml_is(node, "commentRangeEnd") ||
	       xml_is(node, "commentReference");
}

/* What a paragraph becomes: its own runs as one text, the paragraphs of text
 * boxes in it each as theirs. */
static int paragraph_edits(struct word *w, const struct xml_cut *p, struct template_edits *edits)
{
	struct xml_cut **texts;
	int n, r = template_texts(p, "t", "p", edits->arena, &texts, &n, w->info);
	if (r == 0)
		r = template_fill_runs(&w->at, w->raw, texts, n, edits, w->info);
	size_t done = 0;
	for (struct xml_cut *c = p->first; c && r == 0; c = xml_walk(p, c)) {
		if (c->start < done)
			continue;
		if (xml_is(c, "p"))
			r = paragraph_edits(w, c, edits);
		else if (w->copy && stands_once(c))
			r = template_edit(edits, c->start, c->end, (struct str){0}, w->info);
		else
			continue;
		done = c->end;
	}
	return r;
}

static int write_paragraph(struct word *w, const struct xml_cut *p)
{
	AUTO(arena) struct arena scratch = {0};
	struct template_edits edits = {.arena = &scratch};
	int r = paragraph_edits(w, p, &edits);
	template_write(w->raw, p->start, p->end, &edits, w->out);
	return r;
}

/* The last of the rows or paragraphs side by side that repeat this list. */
static int block_end(const struct word *w, struct xml_cut *first, const struct template_list *list,
		     struct xml_cut **ret_last)
{
	*ret_last = first;
	for (struct xml_cut *c = first->next; c && str_eq(c->name, first->name); c = c->next) {
		const struct template_list *own;
		int r = list_of(w, c, &own);
		if (r < 0)
			return r;
		if (own != list)
			break;
		*ret_last = c;
	}
	return 0;
}

static int write_block(struct word *w, const struct template_list *list, struct xml_cut *first,
		       struct xml_cut *last)
{
	const struct template_at before = w->at;
	bool copy = w->copy;
	int n = list->n ? list->n : 1, r = 0;
	for (int i = 0; i < n && r == 0; i++) {
		w->at.list = list->name;
		w->at.row = list->n ? i : -1;
		w->copy = copy || i < n - 1;
		for (const struct xml_cut *c = first; r == 0; c = c->next) {
			r = xml_is(c, "p") ? write_paragraph(w, c) : write_within(w, c);
			if (c == last)
				break;
			xml_copy(w->raw, c->end, c->next->start, w->out);
		}
		if (r == 0 && w->out->len > TEMPLATE_OUT_MAX)
			r = err_set(w->info, ERR_LIMIT, "填好以后超过 %d MB，请选择下一级分别填写",
				    TEMPLATE_OUT_MAX >> 20);
	}
	w->at = before;
	w->copy = copy;
	return r;
}

/* Rows of tables, paragraphs beside them, and whatever holds them. */
static int write_children(struct word *w, struct xml_cut *first, const struct xml_cut *end, size_t *from)
{
	int r = 0;
	for (struct xml_cut *c = first; c && c != end && r == 0; c = c->next) {
		const struct template_list *list = NULL;
		xml_copy(w->raw, *from, c->start, w->out);
		*from = c->end;
		if (w->copy && stands_once(c))
			continue;
		bool row = xml_is(c, "tr") && !has_row(c), paragraph = xml_is(c, "p");
		if (!w->at.list && (row || paragraph) && (r = list_of(w, c, &list)) < 0)
			return r;
		if (list) {
			struct xml_cut *last;
			r = block_end(w, c, list, &last);
			if (r == 0)
				r = write_block(w, list, c, last);
			*from = last->end;
			c = last;
		} else {
			r = paragraph ? write_paragraph(w, c) : write_within(w, c);
		}
	}
	return r;
}

static int write_within(struct word *w, const struct xml_cut *node)
{
	size_t from = node->inner;
	xml_copy(w->raw, node->start, node->inner, w->out);
	int r = write_children(w, node->first, NULL, &from);
	xml_copy(w->raw, from, node->end, w->out);
	return r;
}

/* ---- the text repeated for each of a list ---- */

/* The list that a paragraph {{每个…}} names; false: it is none. */
static bool each_of(const struct word *w, const struct xml_cut *p, char name[TEMPLATE_NAME_MAX + 1])
{
	AUTO(buf) struct buf text = {0};
	struct template_hole hole;
	if (!xml_is(p, "p") || words_of(w, p, &text) < 0)
		return false;
	struct str words = str_trim((struct str){buf_str(&text), text.len});
	if (!template_next(words, 0, &hole) || hole.start != 0 || hole.end != words.len)
		return false;
	struct template_name n = template_name_of(hole.name);
	if (n.kind != TEMPLATE_BLOCK)
		return false;
	memcpy(name, n.list.data, n.list.len);
	name[n.list.len] = '\0';
	return true;
}

static int write_each(struct word *w, struct xml_cut *first, const struct xml_cut *end, size_t start,
		      size_t stop, const struct template_list *list)
{
	const struct template_at before = w->at;
	int n = list->n ? list->n : 1, r = 0;
	if (n > TEMPLATE_SHEETS_MAX)
		return err_set(w->info, ERR_LIMIT, "“%s”有 %d 个，一个文件最多 %d 份，请选择下一级分别填写", list->name, n,
			       TEMPLATE_SHEETS_MAX);
	for (int i = 0; i < n && r == 0; i++) {
		size_t from = start;
		if (list->n)
			r = w->source->one(w->source->arg, list->name, i, &w->at.data, w->info);
		w->copy = i < n - 1;
		if (i > 0)
			buf_addf(w->out, "<%.*sp><%.*sr><%.*sbr %.*stype=\"page\"/></%.*sr></%.*sp>",
				 STR_ARG(first->prefix), STR_ARG(first->prefix), STR_ARG(first->prefix),
				 STR_ARG(first->prefix), STR_ARG(first->prefix), STR_ARG(first->prefix));
		if (r == 0)
			r = write_children(w, first, end, &from);
		if (r == 0)
			xml_copy(w->raw, from, stop, w->out);
		if (w->out->len > TEMPLATE_OUT_MAX)
			r = err_set(w->info, ERR_LIMIT, "填好以后超过 %d MB，请选择下一级分别填写",
				    TEMPLATE_OUT_MAX >> 20);
	}
	w->at = before;
	w->copy = false;
	return r;
}

/* The body; a paragraph {{每个…}} at its top level begins what is repeated, up to
 * the end but for the last section's settings. */
static int write_body(struct word *w, struct xml_cut *body)
{
	char name[TEMPLATE_NAME_MAX + 1];
	const struct template_list *list = NULL;
	struct xml_cut *mark = body->first, *end;
	while (mark && !each_of(w, mark, name))
		mark = mark->next;
	if (mark)
		list = template_list(w->source->whole, str_from(name));
	if (!list || !mark->next)
		return write_within(w, body);
	end = body->last && xml_is(body->last, "sectPr") ? body->last : NULL;
	size_t from = body->inner;
	xml_copy(w->raw, body->start, body->inner, w->out);
	int r = write_children(w, body->first, mark, &from);
	if (r == 0)
		xml_copy(w->raw, from, mark->start, w->out);
	if (r == 0 && mark->next != end)
		r = write_each(w, mark->next, end, mark->end, end ? end->start : body->inner_end, list);
	xml_copy(w->raw, end ? end->start : body->inner_end, body->end, w->out);
	return r;
}

static int fill_part(struct template_file *file, struct template_part *part,
		     const struct template_source *source, struct err_info *info)
{
	AUTO(buf) struct buf out = {0};
	struct xml_cut root;
	struct word w = {.source = source, .at = {.data = source->whole, .place = PLACE_WORD},
			 .raw = part->data, .arena = file->arena, .out = &out, .info = info};
	int r = xml_cut(w.raw, file->arena, &root, info);
	if (r < 0)
		return r;
	struct xml_cut *top = root.first, *body = xml_is(top, "document") ? xml_child(top, "body") : NULL;
	if (body) {
		xml_copy(w.raw, 0, body->start, &out);
		r = write_body(&w, body);
		xml_copy(w.raw, body->end, w.raw.len, &out);
	} else {
		xml_copy(w.raw, 0, top->start, &out);
		r = write_within(&w, top);
		xml_copy(w.raw, top->end, w.raw.len, &out);
	}
	return r < 0 ? r : template_put(file, part->name, &out, info);
}

int template_fill_docx(struct template_file *file, const struct template_source *source,
		       struct err_info *info)
{
	int r = 0;
	for (int i = 0; i < file->n && r == 0; i++)
		if (is_text_part(file->parts[i].name))
			r = fill_part(file, &file->parts[i], source, info);
	return r;
}

/* ---- looking ---- */

static const char *place_name(const char *part)
{
	return strstr(part, "header") ? "页眉" : strstr(part, "footer") ? "页脚" :
	       strstr(part, "notes") ? "脚注" : "正文";
}

static int scan_part(const struct template_part *part, struct template_finds *finds,
		     struct err_info *info)
{
	struct xml_cut root, **paragraphs;
	int n, r = xml_cut(part->data, finds->arena, &root, info);
	if (r == 0)
		r = template_texts(&root, "p", NULL, finds->arena, &paragraphs, &n, info);
	for (int i = 0; r == 0 && i < n; i++) {
		AUTO(buf) struct buf text = {0};
		struct xml_cut **texts;
		int k;
		const char *list = NULL;
		r = template_texts(paragraphs[i], "t", "p", finds->arena, &texts, &k, info);
		if (r < 0)
			break;
		template_join(part->data, texts, k, &text);
		struct str words = {buf_str(&text), text.len};
		r = template_note(finds, words, place_name(part->name), info);
		if (r == 0)
			r = template_list_of(words, place_name(part->name), finds->arena, &list, info);
	}
	return r;
}

int template_scan_docx(const struct template_file *file, struct template_finds *finds,
		       struct err_info *info)
{
	int r = 0;
	for (int i = 0; i < file->n && r == 0; i++)
		if (is_text_part(file->parts[i].name))
			r = scan_part(&file->parts[i], finds, info);
	return r;
}
