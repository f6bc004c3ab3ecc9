/* SPDX-License-Identifier: Apache-2.0 */
/* A workbook: its sheets, those that are repeated, names, and what hangs on
 * sheets (drawings, comments, tables). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/doc.h"
#include "report/template_in.h"

enum { NAME_CHARS = 31, DEPTH = 3, SHEETS = 1000 };

/* A sheet of the template. */
struct book_sheet {
	const struct xml_cut *tag;	/* in workbook.xml */
	const char *name;		/* as it stands */
	const char *part;		/* NULL: no worksheet, left alone */
	const char *list;		/* repeated for each of; NULL */
	struct template_sheet sheet;
	int first, copies;		/* among those that are written */
};

/* A sheet as it is written. */
struct out_sheet {
	int of;				/* of the template's */
	const char *name, *part, *rid;
	uint32_t id;
};

struct book {
	struct template_file *file;
	const struct template_source *source;
	struct str raw;			/* workbook.xml */
	struct xml_cut root, *sheets;
	struct str rels;
	struct xml_cut rels_root;
	struct template_strings strings;
	struct book_sheet *at;
	int n;
	struct out_sheet *out;
	int n_out, cap_out;
	uint32_t last_id;
	struct arena *arena;
};

static int broken(struct err_info *info)
{
	return err_set(info, ERR_INPUT, "模板的工作簿不完整，请用 Excel 或 WPS 打开后重新保存");
}

static int cut_part(const struct template_file *file, const char *name, struct str *ret_raw,
		    struct xml_cut *ret_root, struct err_info *info)
{
	const struct template_part *part = template_part(file, name);
	*ret_raw = part ? part->data : (struct str){0};
	*ret_root = (struct xml_cut){0};
	return part ? xml_cut(part->data, file->arena, ret_root, info) : 0;
}

/* An attribute whose prefix is the writer's choice: "r:id". */
static struct str attr_ending(struct str raw, const struct xml_cut *node, const char *prefixes[], int n)
{
	struct str value = {0};
	for (int i = 0; i < n && !value.data; i++)
		value = xml_attr(raw, node, prefixes[i]);
	return value;
}

static struct str relation_id(struct str raw, const struct xml_cut *node, const char **ret_name)
{
	const char *names[] = {"r:id", "rel:id", "d3p1:id", "ns1:id", "ns2:id"};
	*ret_name = names[0];
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (xml_attr(raw, node, names[i]).data)
			*ret_name = names[i];
	return attr_ending(raw, node, names, ARRAY_LEN(names));
}

/* The part of a relationship, of the type if one is told; NULL. */
static const char *relation_part(const struct book *b, struct str id, const char *type)
{
	const struct xml_cut *all = b->rels_root.first;
	for (struct xml_cut *c = all ? xml_child(all, "Relationship") : NULL; c;
	     c = xml_from(c->next, "Relationship")) {
		struct str t = xml_attr(b->rels, c, "Type");
		size_t len = strlen(type);
		if ((id.data && !str_eq(xml_attr(b->rels, c, "Id"), id)) || t.len < len ||
		    memcmp(t.data + t.len - len, type, len) != 0)
			continue;
		return template_target("xl/workbook.xml", xml_attr(b->rels, c, "Target"), b->arena);
	}
	return NULL;
}

static int open_strings(struct book *b, struct err_info *info)
{
	struct template_strings *s = &b->strings;
	const char *part = relation_part(b, (struct str){0}, "/sharedStrings");
	int n = 0, r = part ? cut_part(b->file, part, &s->raw, &s->root, info) : 0;
	struct xml_cut *sst = r == 0 && s->root.first ? xml_child(&s->root, "sst") : NULL;
	if (r < 0 || !sst)
		return r;
	for (struct xml_cut *c = xml_child(sst, "si"); c; c = xml_from(c->next, "si"))
		n++;
	s->items = arena_zalloc(b->arena, (size_t)n + 1, sizeof(*s->items));
	if (!s->items)
		return err_nomem(info);
	for (struct xml_cut *c = xml_child(sst, "si"); c; c = xml_from(c->next, "si"))
		s->items[s->n++] = c;
	return 0;
}

static int open_sheet(struct book *b, struct xml_cut *tag, struct err_info *info)
{
	struct book_sheet *s = &b->at[b->n];
	AUTO(buf) struct buf name = {0};
	const char *attribute;
	uint32_t id = (uint32_t)strtoul(xml_attr(b->raw, tag, "sheetId").data ?: "0", NULL, 10);
	xml_unescape(xml_attr(b->raw, tag, "name"), &name);
	struct str rid = relation_id(b->raw, tag, &attribute);
	if (!rid.data)
		return broken(info);
	*s = (struct book_sheet){.tag = tag, .name = arena_strdup(b->arena, buf_str(&name)),
				 .part = relation_part(b, rid, "/worksheet")};
	if (!s->name)
		return err_nomem(info);
	b->last_id = id > b->last_id && id < 65000 ? id : b->last_id;
	b->n++;
	int r = s->part ? template_sheet_open(&s->sheet, b->file, s->part, info) : 0;
	if (r == 0)
		r = template_list_of((struct str){s->name, name.len}, s->name, b->arena, &s->list, info);
	return r;
}

static int open_book(struct book *b, const struct template_file *file, struct err_info *info)
{
	*b = (struct book){.file = (struct template_file *)file, .arena = file->arena};
	int n = 0, r = cut_part(file, "xl/workbook.xml", &b->raw, &b->root, info);
	if (r == 0)
		r = cut_part(file, "xl/_rels/workbook.xml.rels", &b->rels, &b->rels_root, info);
	struct xml_cut *workbook = r == 0 && b->root.first ? xml_child(&b->root, "workbook") : NULL;
	b->sheets = workbook ? xml_child(workbook, "sheets") : NULL;
	if (r < 0 || !b->sheets)
		return r < 0 ? r : broken(info);
	if ((r = open_strings(b, info)) < 0)
		return r;
	for (struct xml_cut *c = xml_child(b->sheets, "sheet"); c; c = xml_from(c->next, "sheet"))
		n++;
	if (n > SHEETS)
		return err_set(info, ERR_LIMIT, "模板的工作表超过 %d 张", SHEETS);
	b->at = arena_zalloc(b->arena, (size_t)n + 1, sizeof(*b->at));
	if (!b->at)
		return err_nomem(info);
	for (struct xml_cut *c = xml_child(b->sheets, "sheet"); c && r == 0; c = xml_from(c->next, "sheet"))
		r = open_sheet(b, c, info);
	return r;
}

/* ---- looking ---- */

int template_scan_xlsx(const struct template_file *file, struct template_finds *finds,
		       struct err_info *info)
{
	struct book b;
	int r = open_book(&b, file, info);
	for (int i = 0; i < (r == 0 ? b.n : 0) && r == 0; i++) {
		const struct book_sheet *s = &b.at[i];
		r = template_note(finds, str_from(s->name), arena_printf(b.arena, "工作表名“%s”", s->name) ?: "工作表名",
				  info);
		if (r == 0 && s->part)
			r = template_sheet_scan(&s->sheet, &b.strings, s->name, finds, info);
		struct xml_cut *heads = s->part ? xml_child(s->sheet.data->parent, "headerFooter") : NULL;
		if (r == 0 && heads) {
			AUTO(buf) struct buf text = {0};
			xml_text(s->sheet.raw, heads, &text);
			r = template_note(finds, (struct str){buf_str(&text), text.len}, "页眉页脚", info);
		}
	}
	return r;
}

/* ---- which sheets there will be ---- */

static bool name_is_taken(const struct book *b, const char *name)
{
	for (int i = 0; i < b->n_out; i++)
		if (strcmp(b->out[i].name, name) == 0)
			return true;
	return false;
}

/* A name that a workbook takes, once. */
static const char *fit_name(struct book *b, struct str text)
{
	AUTO(buf) struct buf name = {0}, whole = {0};
	buf_add(&whole, text.data, text.len);
	doc_name_add(&name, buf_str(&whole), NAME_CHARS);
	if (!name.len)
		buf_adds(&name, "表");
	if (b->n_out >= 100 || name_is_taken(b, buf_str(&name))) {
		buf_clear(&name);
		doc_name_add(&name, buf_str(&whole), NAME_CHARS - 7);
		buf_addf(&name, " %d", b->n_out + 1);
	}
	return name.failed || whole.failed ? NULL : arena_strdup(b->arena, buf_str(&name));
}

static int add_out(struct book *b, int of, const struct template_at *at, int copy, struct err_info *info)
{
	const struct book_sheet *s = &b->at[of];
	struct out_sheet out = {.of = of, .name = s->name, .part = s->part};
	AUTO(buf) struct buf name = {0};
	if (b->n_out == b->cap_out) {
		int cap = b->cap_out ? b->cap_out * 2 : 16;
		struct out_sheet *more = arena_alloc(b->arena, (size_t)cap * sizeof(*more));
		if (!more)
			return err_nomem(info);
		if (b->n_out)
			memcpy(more, b->out, (size_t)b->n_out * sizeof(*more));
		b->out = more;
		b->cap_out = cap;
	}
	if (template_has(str_from(s->name))) {
		template_fill_plain(at, str_from(s->name), &name);
		out.name = fit_name(b, (struct str){buf_str(&name), name.len});
	}
	if (copy > 0) {
		out.id = ++b->last_id;
		out.part = arena_printf(b->arena, "xl/worksheets/jinwei%d-%d.xml", of + 1, copy);
		out.rid = arena_printf(b->arena, "jinwei%u", out.id);
	}
	if (!out.name || (s->part && !out.part) || (copy > 0 && !out.rid))
		return err_nomem(info);
	b->out[b->n_out++] = out;
	return 0;
}

static int plan_sheets(struct book *b, struct err_info *info)
{
	const struct template_data *whole = b->source->whole;
	int r = 0;
	for (int i = 0; i < b->n && r == 0; i++) {
		struct book_sheet *s = &b->at[i];
		const struct template_list *list = s->list && s->part ? template_list(whole, str_from(s->list)) : NULL;
		int n = list && list->n > 0 ? list->n : 1;
		if (n > TEMPLATE_SHEETS_MAX)
			return err_set(info, ERR_LIMIT, "工作表“%s”要重复 %d 次，超过 %d 张，请选择下一级分别填写",
				       s->name, n, TEMPLATE_SHEETS_MAX);
		s->first = b->n_out;
		s->copies = n;
		for (int k = 0; k < n && r == 0; k++) {
			const struct template_at at = {.data = whole, .list = list ? list->name : NULL,
						       .row = list && list->n ? k : -1};
			r = add_out(b, i, &at, k, info);
		}
	}
	return r;
}

/* ---- what hangs on a sheet ---- */

/* A copy of a part and of what it refers to (not of pictures), under a name of
 * its own; content types follow. */
static int copy_part(struct book *b, const char *from, const char *to, int copy, int depth,
		     struct err_info *info);

static int add_type(struct book *b, const char *like, const char *part, struct err_info *info)
{
	static const char types[] = "[Content_Types].xml";
	struct str raw;
	struct xml_cut root;
	AUTO(buf) struct buf out = {0};
	int r = cut_part(b->file, types, &raw, &root, info);
	struct xml_cut *all = r == 0 && root.first ? xml_child(&root, "Types") : NULL;
	if (r < 0 || !all)
		return r < 0 ? r : broken(info);
	for (struct xml_cut *c = xml_child(all, "Override"); c; c = xml_from(c->next, "Override")) {
		struct str name = xml_attr(raw, c, "PartName");
		if (name.len < 2 || !str_eqs((struct str){name.data + 1, name.len - 1}, like))
			continue;
		AUTO(buf) struct buf own = {0};
		buf_addf(&own, "/%s", part);
		const struct xml_set set = {"PartName", {buf_str(&own), own.len}};
		xml_copy(raw, 0, c->end, &out);
		xml_copy_tag(raw, c, &set, 1, false, &out);
		xml_copy(raw, c->inner, c->end, &out);
		xml_copy(raw, c->end, raw.len, &out);
		return template_put(b->file, types, &out, info);
	}
	return 0;
}

static bool is_shared(struct str type, struct str mode)
{
	static const char *const shared[] = {"/image", "/hyperlink", "/printerSettings", "/theme"};
	for (size_t i = 0; i < ARRAY_LEN(shared); i++) {
		size_t len = strlen(shared[i]);
		if (type.len >= len && memcmp(type.data + type.len - len, shared[i], len) == 0)
			return true;
	}
	return str_eqs(mode, "External");
}

/* "xl/drawings/drawing1.xml" → "xl/drawings/drawing1-3.xml" */
static const char *copy_name(const char *part, int copy, struct arena *arena)
{
	const char *dot = strrchr(part, '.');
	int len = dot ? (int)(dot - part) : (int)strlen(part);
	return arena_printf(arena, "%.*s-%d%s", len, part, copy, dot ? dot : "");
}

static int copy_rels(struct book *b, const char *from, const char *to, int copy, int depth,
		     struct err_info *info)
{
	const char *from_rels = template_rels_name(from, b->arena), *to_rels = template_rels_name(to, b->arena);
	struct str raw;
	struct xml_cut root;
	AUTO(buf) struct buf out = {0};
	if (!from_rels || !to_rels)
		return err_nomem(info);
	int r = cut_part(b->file, from_rels, &raw, &root, info);
	struct xml_cut *all = r == 0 && root.first ? xml_child(&root, "Relationships") : NULL;
	if (r < 0 || !all)
		return r;
	size_t at = 0;
	for (struct xml_cut *c = xml_child(all, "Relationship"); c && r == 0; c = xml_from(c->next, "Relationship")) {
		struct str type = xml_attr(raw, c, "Type");
		if (is_shared(type, xml_attr(raw, c, "TargetMode")))
			continue;
		if (memmem(type.data, type.len, "/table", 6) || memmem(type.data, type.len, "/pivotTable", 11))
			return err_set(info, ERR_INPUT, "要重复的工作表里有“表格”或透视表，不能复制，"
				       "请先在 Excel 里转换为普通区域");
		const char *target = template_target(from, xml_attr(raw, c, "Target"), b->arena);
		const char *own = target ? copy_name(target, copy, b->arena) : NULL;
		if (!target || !own)
			return broken(info);
		r = copy_part(b, target, own, copy, depth + 1, info);
		const char *absolute = arena_printf(b->arena, "/%s", own);
		if (!absolute)
			return err_nomem(info);
		const struct xml_set set = {"Target", str_from(absolute)};
		xml_copy(raw, at, c->start, &out);
		xml_copy_tag(raw, c, &set, 1, false, &out);
		at = c->inner;
	}
	xml_copy(raw, at, raw.len, &out);
	return r < 0 ? r : template_put(b->file, to_rels, &out, info);
}

static int copy_part(struct book *b, const char *from, const char *to, int copy, int depth,
		     struct err_info *info)
{
	const struct template_part *part = template_part(b->file, from);
	AUTO(buf) struct buf bytes = {0};
	if (!part || depth > DEPTH)
		return broken(info);
	buf_add(&bytes, part->data.data, part->data.len);
	int r = template_put(b->file, to, &bytes, info);
	if (r == 0)
		r = add_type(b, from, to, info);
	return r < 0 ? r : copy_rels(b, from, to, copy, depth, info);
}

/* ---- drawings, comments and tables move with their rows ---- */

struct moving {
	struct str raw;
	const struct template_spot *spot;
	struct template_at at;
	struct arena *arena;
	struct err_info *info;
	struct buf *out;
};

/* The words of a text box. */
static int fill_paragraph(struct moving *m, const struct xml_cut *p)
{
	struct template_edits edits = {.arena = m->arena};
	struct xml_cut **texts;
	int n, r = template_texts(p, "t", "p", m->arena, &texts, &n, m->info);
	if (r == 0)
		r = template_fill_runs(&m->at, m->raw, texts, n, &edits, m->info);
	template_write(m->raw, p->start, p->end, &edits, m->out);
	return r;
}

static int move_node(struct moving *m, const struct xml_cut *node)
{
	size_t from = node->inner;
	int r = 0;
	struct str ref = xml_attr(m->raw, node, "ref");
	if (ref.data && (xml_is(node, "comment") || xml_is(node, "table") || xml_is(node, "autoFilter"))) {
		AUTO(buf) struct buf mapped = {0};
		template_map(m->spot, ref, &mapped);
		const struct xml_set set = {"ref", {buf_str(&mapped), mapped.len}};
		xml_copy_tag(m->raw, node, &set, 1, false, m->out);
	} else {
		xml_copy(m->raw, node->start, node->inner, m->out);
	}
	/* An anchor counts rows from 0. */
	if (xml_is(node, "row") && !node->first && (xml_is(node->parent, "from") || xml_is(node->parent, "to"))) {
		uint32_t row = (uint32_t)strtoul(m->raw.data + node->inner, NULL, 10);
		if (row < 1048576) {
			buf_addu(m->out, template_row_first(&m->spot->all[m->spot->sheet], row + 1) - 1);
			from = node->inner_end;
		}
	} else if (xml_is(node, "f") && !node->first) {
		template_map(m->spot, (struct str){m->raw.data + node->inner, node->inner_end - node->inner}, m->out);
		from = node->inner_end;
	}
	for (const struct xml_cut *c = node->first; c && r == 0; c = c->next) {
		xml_copy(m->raw, from, c->start, m->out);
		from = c->end;
		r = xml_is(c, "p") ? fill_paragraph(m, c) : move_node(m, c);
	}
	xml_copy(m->raw, from, node->end, m->out);
	return r;
}

static int move_part(struct book *b, const char *part, const struct template_spot *spot,
		     const struct template_data *data, struct err_info *info)
{
	AUTO(buf) struct buf out = {0};
	struct xml_cut root;
	struct moving m = {.spot = spot, .at = {.data = data, .place = PLACE_DRAWING}, .arena = b->arena,
			   .info = info, .out = &out};
	int r = cut_part(b->file, part, &m.raw, &root, info);
	if (r < 0 || !root.first)
		return r;
	xml_copy(m.raw, 0, root.first->start, &out);
	r = move_node(&m, root.first);
	xml_copy(m.raw, root.first->end, m.raw.len, &out);
	return r < 0 ? r : template_put(b->file, part, &out, info);
}

/* The drawings, comments and tables of a sheet, charts within drawings too. */
static int move_hanging(struct book *b, const char *part, const struct template_spot *spot,
			const struct template_data *data, int depth, struct err_info *info)
{
	static const char *const moved[] = {"/drawing", "/comments", "/table", "/chart"};
	const char *rels = template_rels_name(part, b->arena);
	struct str raw;
	struct xml_cut root;
	int r = rels ? cut_part(b->file, rels, &raw, &root, info) : err_nomem(info);
	struct xml_cut *all = r == 0 && root.first ? xml_child(&root, "Relationships") : NULL;
	for (struct xml_cut *c = all ? xml_child(all, "Relationship") : NULL; c && r == 0;
	     c = xml_from(c->next, "Relationship")) {
		struct str type = xml_attr(raw, c, "Type");
		const char *target = template_target(part, xml_attr(raw, c, "Target"), b->arena);
		bool wanted = false;
		for (size_t i = 0; i < ARRAY_LEN(moved); i++) {
			size_t len = strlen(moved[i]);
			wanted |= type.len >= len && memcmp(type.data + type.len - len, moved[i], len) == 0;
		}
		if (!wanted || !target || !template_part(b->file, target))
			continue;
		r = move_part(b, target, spot, data, info);
		if (r == 0 && depth < DEPTH)
			r = move_hanging(b, target, spot, data, depth + 1, info);
	}
	return r;
}

/* ---- writing ---- */

static int fill_sheet(struct book *b, int out, const struct template_data *data,
		      struct template_shifts *all, struct err_info *info)
{
	const struct out_sheet *o = &b->out[out];
	struct book_sheet *s = &b->at[o->of];
	AUTO(buf) struct buf bytes = {0};
	int r = template_sheet_rows(&s->sheet, &b->strings, data, b->arena, info);
	all[o->of] = (struct template_shifts){.sheet = s->name, .n = s->sheet.shifts.n, .at = s->sheet.shifts.at,
					      .renamed = strcmp(o->name, s->name) == 0 ? NULL : o->name};
	const struct template_spot spot = {all, b->n, o->of, -1, 0};
	if (r == 0)
		r = template_sheet_fill(&s->sheet, &b->strings, data, &spot, b->source, o->name, b->arena, &bytes,
					info);
	if (r == 0)
		r = template_put(b->file, o->part, &bytes, info);
	return r < 0 ? r : move_hanging(b, o->part, &spot, data, 0, info);
}

/* The data of the k-th copy. */
static int data_of(const struct book *b, const struct book_sheet *s, int k,
		   const struct template_data **ret_data, struct err_info *info)
{
	*ret_data = b->source->whole;
	const struct template_list *list = s->list ? template_list(b->source->whole, str_from(s->list)) : NULL;
	if (!list || !list->n)
		return 0;
	return b->source->one(b->source->arg, list->name, k, ret_data, info);
}

static int fill_sheets(struct book *b, struct err_info *info)
{
	struct template_shifts *all = arena_zalloc(b->arena, (size_t)b->n + 1, sizeof(*all));
	int r = 0;
	if (!all)
		return err_nomem(info);
	/* Where rows go must be known of all before the first formula is written. */
	for (int i = 0; i < b->n && r == 0; i++) {
		struct book_sheet *s = &b->at[i];
		const struct template_data *data;
		r = data_of(b, s, 0, &data, info);
		if (r == 0 && s->part)
			r = template_sheet_rows(&s->sheet, &b->strings, data, b->arena, info);
		const char *name = b->out[s->first].name;
		all[i] = (struct template_shifts){.sheet = s->name, .n = s->sheet.shifts.n, .at = s->sheet.shifts.at,
						  .renamed = strcmp(name, s->name) == 0 ? NULL : name};
	}
	/* Copies first: they take what hangs on a sheet as it was. */
	for (int i = 0; i < b->n && r == 0; i++)
		for (int k = 1; k < b->at[i].copies && r == 0; k++) {
			const struct out_sheet *o = &b->out[b->at[i].first + k];
			r = add_type(b, b->at[i].part, o->part, info);
			if (r == 0)
				r = copy_rels(b, b->at[i].part, o->part, k, 0, info);
		}
	for (int i = 0; i < b->n && r == 0; i++)
		for (int k = b->at[i].copies - 1; k >= 0 && r == 0 && b->at[i].part; k--) {
			const struct template_data *data;
			r = data_of(b, &b->at[i], k, &data, info);
			if (r == 0)
				r = fill_sheet(b, b->at[i].first + k, data, all, info);
		}
	return r;
}

static void write_sheet_tags(struct book *b, struct buf *out)
{
	for (int i = 0; i < b->n_out; i++) {
		const struct out_sheet *o = &b->out[i];
		const struct book_sheet *s = &b->at[o->of];
		AUTO(buf) struct buf name = {0}, id = {0};
		const char *rid;
		relation_id(b->raw, s->tag, &rid);
		xml_escape(str_from(o->name), &name);
		buf_addf(&id, "%u", o->id);
		struct xml_set sets[] = {{"name", {buf_str(&name), name.len}}, {"sheetId", {buf_str(&id), id.len}},
					 {rid, str_from(o->rid ? o->rid : "")}};
		xml_copy_tag(b->raw, s->tag, sets, o->rid ? 3 : 1, false, out);
		xml_copy(b->raw, s->tag->inner, s->tag->end, out);
	}
}

/* A name of one sheet is written for each of its copies. */
static void write_names(struct book *b, const struct xml_cut *names, const struct template_shifts *all,
			struct buf *out)
{
	xml_copy(b->raw, names->start, names->inner, out);
	for (struct xml_cut *c = xml_child(names, "definedName"); c; c = xml_from(c->next, "definedName")) {
		struct str local = xml_attr(b->raw, c, "localSheetId");
		struct str text = {b->raw.data + c->inner, c->inner_end - c->inner};
		long of = local.data ? strtol(local.data, NULL, 10) : -1;
		if (of >= b->n)
			continue;
		for (int k = 0; k < (of < 0 ? 1 : b->at[of].copies); k++) {
			struct template_shifts *mine = arena_alloc(b->arena, (size_t)b->n * sizeof(*mine));
			AUTO(buf) struct buf place = {0};
			if (!mine) {
				out->failed = true;
				return;
			}
			memcpy(mine, all, (size_t)b->n * sizeof(*mine));
			const struct template_spot spot = {mine, b->n, of < 0 ? 0 : (int)of, -1, 0};
			if (of >= 0) {
				const struct out_sheet *o = &b->out[b->at[of].first + k];
				mine[of].renamed = strcmp(o->name, b->at[of].name) == 0 ? NULL : o->name;
				const struct template_data *data;
				struct template_sheet *sheet = &b->at[of].sheet;
				if (b->at[of].part && data_of(b, &b->at[of], k, &data, NULL) == 0 &&
				    template_sheet_rows(sheet, &b->strings, data, b->arena, NULL) == 0) {
					mine[of].n = sheet->shifts.n;
					mine[of].at = sheet->shifts.at;
				}
				buf_addf(&place, "%d", b->at[of].first + k);
			}
			const struct xml_set set = {"localSheetId", {of < 0 ? NULL : buf_str(&place), place.len}};
			xml_copy_tag(b->raw, c, &set, 1, false, out);
			template_map(&spot, text, out);
			xml_copy(b->raw, c->inner_end, c->end, out);
		}
	}
	xml_copy(b->raw, names->inner_end, names->end, out);
}

/* Figures of formulas are worked out when the workbook is opened. */
static void write_calc(const struct book *b, const struct xml_cut *calc, struct buf *out)
{
	const struct xml_set set = {"fullCalcOnLoad", STR("1")};
	xml_copy_tag(b->raw, calc, &set, 1, false, out);
	xml_copy(b->raw, calc->inner, calc->end, out);
}

static int write_workbook(struct book *b, struct err_info *info)
{
	AUTO(buf) struct buf out = {0};
	const struct xml_cut *workbook = b->sheets ? b->sheets->parent : NULL;
	struct template_shifts *all = arena_zalloc(b->arena, (size_t)b->n + 1, sizeof(*all));
	if (!all || !workbook)
		return all ? broken(info) : err_nomem(info);
	size_t from = workbook->inner;
	for (int i = 0; i < b->n; i++) {
		const char *name = b->out[b->at[i].first].name;
		all[i] = (struct template_shifts){.sheet = b->at[i].name, .n = b->at[i].sheet.shifts.n,
						  .at = b->at[i].sheet.shifts.at,
						  .renamed = strcmp(name, b->at[i].name) == 0 ? NULL : name};
	}
	xml_copy(b->raw, 0, from, &out);
	bool calc = xml_child(workbook, "calcPr") != NULL;
	for (const struct xml_cut *c = workbook->first; c; c = c->next) {
		xml_copy(b->raw, from, c->start, &out);
		from = c->end;
		if (c == b->sheets) {
			xml_copy(b->raw, c->start, c->inner, &out);
			write_sheet_tags(b, &out);
			xml_copy(b->raw, c->inner_end, c->end, &out);
		} else if (xml_is(c, "definedNames") && !c->empty) {
			write_names(b, c, all, &out);
		} else if (xml_is(c, "calcPr")) {
			write_calc(b, c, &out);
		} else {
			xml_copy(b->raw, c->start, c->end, &out);
		}
		/* Where it belongs: behind the sheets and what may follow them at once. */
		bool here = xml_is(c, "definedNames") || (c == b->sheets && !xml_child(workbook, "definedNames") &&
							  !xml_child(workbook, "functionGroups") &&
							  !xml_child(workbook, "externalReferences"));
		if (!calc && here) {
			buf_addf(&out, "<%.*scalcPr fullCalcOnLoad=\"1\"/>", STR_ARG(workbook->prefix));
			calc = true;
		}
	}
	xml_copy(b->raw, from, b->raw.len, &out);
	return template_put(b->file, "xl/workbook.xml", &out, info);
}

/* The copies' relationships; the chain of calculations is none of them. */
static int write_rels(struct book *b, struct err_info *info)
{
	AUTO(buf) struct buf out = {0};
	const struct xml_cut *all = b->rels_root.first;
	if (!all)
		return broken(info);
	size_t from = all->inner;
	xml_copy_tag(b->rels, all, NULL, 0, true, &out);
	buf_clear(&out);
	xml_copy(b->rels, 0, from, &out);
	for (const struct xml_cut *c = all->first; c; c = c->next) {
		struct str type = xml_attr(b->rels, c, "Type");
		xml_copy(b->rels, from, c->start, &out);
		from = c->end;
		if (type.len < 10 || memcmp(type.data + type.len - 10, "/calcChain", 10) != 0)
			xml_copy(b->rels, c->start, c->end, &out);
	}
	xml_copy(b->rels, from, all->inner_end, &out);
	for (int i = 0; i < b->n_out; i++)
		if (b->out[i].rid)
			buf_addf(&out, "<%.*sRelationship Id=\"%s\" Type=\"http://schemas.openxmlformats.org/"
				 "officeDocument/2006/relationships/worksheet\" Target=\"/%s\"/>",
				 STR_ARG(all->prefix), b->out[i].rid, b->out[i].part);
	xml_copy(b->rels, all->inner_end, b->rels.len, &out);
	return template_put(b->file, "xl/_rels/workbook.xml.rels", &out, info);
}

static int drop_chain(struct book *b, struct err_info *info)
{
	static const char types[] = "[Content_Types].xml";
	const char *part = relation_part(b, (struct str){0}, "/calcChain");
	struct str raw;
	struct xml_cut root;
	AUTO(buf) struct buf out = {0};
	if (!part)
		return 0;
	template_drop(b->file, part);
	int r = cut_part(b->file, types, &raw, &root, info);
	struct xml_cut *all = r == 0 && root.first ? xml_child(&root, "Types") : NULL;
	if (r < 0 || !all)
		return r < 0 ? r : broken(info);
	size_t from = 0;
	for (struct xml_cut *c = all->first; c; c = c->next) {
		struct str name = xml_attr(raw, c, "PartName");
		if (name.len < 2 || !str_eqs((struct str){name.data + 1, name.len - 1}, part))
			continue;
		xml_copy(raw, from, c->start, &out);
		from = c->end;
	}
	xml_copy(raw, from, raw.len, &out);
	return template_put(b->file, types, &out, info);
}

int template_fill_xlsx(struct template_file *file, const struct template_source *source,
		       struct err_info *info)
{
	struct book b;
	int r = open_book(&b, file, info);
	if (r < 0)
		return r;
	b.source = source;
	if ((r = plan_sheets(&b, info)) < 0 || (r = fill_sheets(&b, info)) < 0 ||
	    (r = write_workbook(&b, info)) < 0 || (r = drop_chain(&b, info)) < 0)
		return r;
	return write_rels(&b, info);
}
