/* SPDX-License-Identifier: Apache-2.0 */
#include "report/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "report/pack.h"
#include "report/template_in.h"

#define WIDE_OPEN "\xEF\xBD\x9B"	/* ｛ */
#define WIDE_CLOSE "\xEF\xBD\x9D"	/* ｝ */

/* ---- placeholders ---- */

/* The bytes of two braces at `p`, ASCII or full-width; 0. */
static size_t braces(const char *p, size_t len, char one, const char *wide)
{
	size_t n = 0;
	for (int i = 0; i < 2; i++) {
		if (n < len && p[n] == one)
			n += 1;
		else if (n + 3 <= len && memcmp(p + n, wide, 3) == 0)
			n += 3;
		else
			return 0;
	}
	return n;
}

/* Folded, without blanks; false: too long, or no name. */
static bool clean_name(struct str raw, char out[TEMPLATE_NAME_MAX + 1])
{
	char folded[TEMPLATE_NAME_MAX * 3];
	size_t n = 0;
	if (raw.len > sizeof(folded))
		return false;
	size_t len = str_fold_width(raw, folded);
	for (size_t i = 0, step; i < len; i += step) {
		step = str_utf8_len(folded + i, len - i);
		struct str one = {folded + i, step};
		if (!step || folded[i] == '{' || folded[i] == '}')
			return false;
		if (str_trim(one).len == 0 || folded[i] == '\n')
			continue;
		if (n + step > TEMPLATE_NAME_MAX)
			return false;
		memcpy(out + n, folded + i, step);
		n += step;
	}
	out[n] = '\0';
	return n > 0;
}

bool template_next(struct str text, size_t at, struct template_hole *ret_hole)
{
	for (; at < text.len; at++) {
		size_t open = braces(text.data + at, text.len - at, '{', WIDE_OPEN);
		if (!open)
			continue;
		for (size_t i = at + open; i < text.len && i - at < TEMPLATE_NAME_MAX * 3; i++) {
			if (braces(text.data + i, text.len - i, '{', WIDE_OPEN))
				break;
			size_t close = braces(text.data + i, text.len - i, '}', WIDE_CLOSE);
			if (!close)
				continue;
			if (!clean_name((struct str){text.data + at + open, i - at - open}, ret_hole->name))
				break;
			ret_hole->start = at;
			ret_hole->end = i + close;
			return true;
		}
	}
	return false;
}

bool template_has(struct str text)
{
	struct template_hole hole;
	return template_next(text, 0, &hole);
}

struct template_name template_name_of(const char *name)
{
	struct str whole = str_from(name);
	const struct str sum = STR("合计."), each = STR("每个");
	if (whole.len > each.len && memcmp(name, each.data, each.len) == 0 && !strchr(name, '.'))
		return (struct template_name){TEMPLATE_BLOCK, {name + each.len, whole.len - each.len}, {0}};
	bool is_sum = whole.len > sum.len && memcmp(name, sum.data, sum.len) == 0;
	const char *list = is_sum ? name + sum.len : name, *dot = strchr(list, '.');
	if (!dot || dot == list || !dot[1])
		return (struct template_name){TEMPLATE_ONE, {0}, whole};
	return (struct template_name){is_sum ? TEMPLATE_SUM : TEMPLATE_EACH, {list, (size_t)(dot - list)},
				      str_from(dot + 1)};
}

/* ---- values ---- */

const struct template_list *template_list(const struct template_data *data, struct str name)
{
	for (int i = 0; i < data->n_lists; i++)
		if (str_eqs(name, data->lists[i].name))
			return &data->lists[i];
	return NULL;
}

static int field_of(const struct template_list *list, struct str field)
{
	for (int i = 0; i < list->n_fields; i++)
		if (str_eqs(field, list->fields[i]))
			return i;
	return -1;
}

/* "123.45" in units of 10^-4; false: no such number. */
static bool read_e4(const char *text, int64_t *ret_e4)
{
	int64_t value = 0;
	int places = -1;
	bool minus = *text == '-';
	for (text += minus; *text; text++) {
		if (*text == '.' && places < 0) {
			places = 0;
			continue;
		}
		if (*text < '0' || *text > '9' || value > INT64_MAX / 100000 || places >= 4)
			return false;
		value = value * 10 + (*text - '0');
		places += places >= 0;
	}
	for (places = places < 0 ? 0 : places; places < 4; places++)
		value *= 10;
	*ret_e4 = minus ? -value : value;
	return true;
}

static void sum_of(const struct template_list *list, int field, char scratch[32],
		   struct template_value *ret_value)
{
	int64_t sum = 0, one;
	for (int i = 0; i < list->n; i++) {
		const struct template_value *v = &list->cells[(size_t)i * (size_t)list->n_fields + (size_t)field];
		if (v->text && v->number && read_e4(v->text, &one) &&
		    __builtin_add_overflow(sum, one, &sum))
			sum = 0;
	}
	uint64_t size = sum < 0 ? 0 - (uint64_t)sum : (uint64_t)sum;
	int n = snprintf(scratch, 32, "%s%llu.%04llu", sum < 0 ? "-" : "", (unsigned long long)(size / 10000),
			 (unsigned long long)(size % 10000));
	while (scratch[n - 1] == '0')
		scratch[--n] = '\0';
	if (scratch[n - 1] == '.')
		scratch[--n] = '\0';
	*ret_value = (struct template_value){scratch, true};
}

bool template_value(const struct template_at *at, const char *name, char scratch[32],
		    struct template_value *ret_value)
{
	struct template_name n = template_name_of(name);
	if (n.kind == TEMPLATE_ONE) {
		for (int i = 0; i < at->data->n_fields; i++)
			if (str_eqs(n.field, at->data->fields[i])) {
				*ret_value = at->data->values[i];
				return true;
			}
		return false;
	}
	const struct template_list *list = template_list(at->data, n.list);
	int field = list ? field_of(list, n.field) : -1;
	if (field < 0)
		return false;
	if (n.kind == TEMPLATE_SUM) {
		sum_of(list, field, scratch, ret_value);
		return true;
	}
	if (!at->list || strcmp(at->list, list->name) != 0)
		return false;
	*ret_value = (struct template_value){0};
	if (at->row >= 0 && at->row < list->n)
		*ret_value = list->cells[(size_t)at->row * (size_t)list->n_fields + (size_t)field];
	return true;
}

void template_fill_plain(const struct template_at *at, struct str text, struct buf *out)
{
	struct template_hole hole;
	struct template_value value;
	char scratch[32];
	size_t from = 0;
	while (template_next(text, from, &hole)) {
		buf_add(out, text.data + from, hole.start - from);
		if (template_value(at, hole.name, scratch, &value))
			buf_adds(out, value.text ? value.text : "");
		else
			buf_add(out, text.data + hole.start, hole.end - hole.start);
		from = hole.end;
	}
	buf_add(out, text.data + from, text.len - from);
}

/* ---- what was found ---- */

int template_note(struct template_finds *finds, struct str text, const char *where,
		  struct err_info *info)
{
	struct template_hole hole;
	for (size_t at = 0; template_next(text, at, &hole); at = hole.end) {
		if (finds->n == TEMPLATE_HOLES_MAX)
			return err_set(info, ERR_LIMIT, "模板里的占位符超过 %d 个", TEMPLATE_HOLES_MAX);
		if (finds->n == finds->cap) {
			int cap = finds->cap ? finds->cap * 2 : 64;
			struct template_found *more = arena_alloc(finds->arena, (size_t)cap * sizeof(*more));
			if (!more)
				return err_nomem(info);
			if (finds->n)
				memcpy(more, finds->at, (size_t)finds->n * sizeof(*more));
			finds->at = more;
			finds->cap = cap;
		}
		struct template_found found = {arena_strdup(finds->arena, hole.name),
					       arena_strdup(finds->arena, where)};
		if (!found.name || !found.where)
			return err_nomem(info);
		finds->at[finds->n++] = found;
	}
	return 0;
}

int template_list_of(struct str text, const char *where, struct arena *arena, const char **list,
		     struct err_info *info)
{
	struct template_hole hole;
	for (size_t at = 0; template_next(text, at, &hole); at = hole.end) {
		struct template_name name = template_name_of(hole.name);
		if (name.kind != TEMPLATE_EACH)
			continue;
		if (*list && !str_eqs(name.list, *list))
			return err_set(info, ERR_INPUT, "%s：一行里有两种列表（“%s”和“%.*s”），"
				       "一行只能重复一种，请分成两行", where, *list, STR_ARG(name.list));
		if (!*list && !(*list = arena_strndup(arena, name.list.data, name.list.len)))
			return err_nomem(info);
	}
	return 0;
}

/* ---- parts ---- */

struct template_part *template_part(const struct template_file *file, const char *name)
{
	for (int i = 0; i < file->n; i++)
		if (strcasecmp(file->parts[i].name, name) == 0)
			return &file->parts[i];
	return NULL;
}

int template_put(struct template_file *file, const char *name, struct buf *data,
		 struct err_info *info)
{
	struct template_part *part = template_part(file, name);
	if (data->failed)
		return err_nomem(info);
	if (data->len > TEMPLATE_OUT_MAX)
		return err_set(info, ERR_LIMIT, "填好以后超过 %d MB，请选择下一级分别填写",
			       TEMPLATE_OUT_MAX >> 20);
	char *copy = arena_strndup(file->arena, buf_str(data), data->len);
	size_t len = data->len;
	buf_done(data);
	if (!copy)
		return err_nomem(info);
	if (!part && file->n == file->cap) {
		int cap = file->cap * 2;
		struct template_part *more = arena_alloc(file->arena, (size_t)cap * sizeof(*more));
		if (!more)
			return err_nomem(info);
		memcpy(more, file->parts, (size_t)file->n * sizeof(*more));
		file->parts = more;
		file->cap = cap;
	}
	if (!part) {
		part = &file->parts[file->n++];
		part->name = arena_strdup(file->arena, name);
		if (!part->name)
			return err_nomem(info);
	}
	part->data = (struct str){copy, len};
	part->changed = true;
	return 0;
}

void template_drop(struct template_file *file, const char *name)
{
	struct template_part *part = template_part(file, name);
	if (!part)
		return;
	int i = (int)(part - file->parts);
	memmove(part, part + 1, (size_t)(file->n - i - 1) * sizeof(*part));
	file->n--;
}

const char *template_rels_name(const char *part, struct arena *arena)
{
	const char *slash = strrchr(part, '/');
	int dir = slash ? (int)(slash - part) + 1 : 0;
	return arena_printf(arena, "%.*s_rels/%s.rels", dir, part, part + dir);
}

const char *template_target(const char *part, struct str target, struct arena *arena)
{
	AUTO(buf) struct buf b = {0};
	const char *slash = strrchr(part, '/');
	if (target.len && target.data[0] != '/' && slash)
		buf_add(&b, part, (size_t)(slash - part) + 1);
	for (size_t i = 0; i < target.len; ) {
		const char *next = memchr(target.data + i, '/', target.len - i);
		size_t to = next ? (size_t)(next - target.data) : target.len;
		struct str step = {target.data + i, to - i};
		if (str_eqs(step, "..")) {
			if (!b.len)
				return NULL;
			for (b.len--; b.len && b.data[b.len - 1] != '/'; b.len--)
				;
		} else if (step.len && !str_eqs(step, ".")) {
			buf_add(&b, step.data, step.len);
			if (next)
				buf_addc(&b, '/');
		}
		i = to + 1;
	}
	if (!b.len || b.failed)
		return NULL;
	b.data[b.len] = '\0';
	return arena_strdup(arena, b.data);
}

/* ---- whole files ---- */

int template_kind_of(const struct template_part *parts, int n, enum template_kind *ret_kind,
		     struct err_info *info)
{
	const struct template_file file = {.parts = (struct template_part *)parts, .n = n};
	if (!template_part(&file, "[Content_Types].xml"))
		return err_set(info, ERR_INPUT, "这不是完整的 .xlsx 或 .docx，请用 Office 或 WPS 打开后重新保存");
	if (template_part(&file, "word/document.xml"))
		*ret_kind = TEMPLATE_DOCX;
	else if (template_part(&file, "xl/workbook.xml"))
		*ret_kind = TEMPLATE_XLSX;
	else
		return err_set(info, ERR_INPUT, "模板只收 .xlsx 和 .docx，请用 Office 或 WPS 另存为其中一种");
	return 0;
}

int template_scan(enum template_kind kind, const struct template_part *parts, int n,
		  struct arena *arena, struct template_found **ret_found, int *ret_n,
		  struct err_info *info)
{
	struct template_finds finds = {.arena = arena};
	const struct template_file file = {.parts = (struct template_part *)parts, .n = n, .arena = arena};
	int r = kind == TEMPLATE_XLSX ? template_scan_xlsx(&file, &finds, info) :
					template_scan_docx(&file, &finds, info);
	if (r == 0) {
		*ret_found = finds.at;
		*ret_n = finds.n;
	}
	return r;
}

int template_fill(enum template_kind kind, const struct template_part *parts, int n,
		  const struct template_source *source, int64_t made_s, struct arena *arena,
		  struct buf *out, struct err_info *info)
{
	struct template_file file = {.n = n, .cap = n + 16, .arena = arena};
	file.parts = arena_zalloc(arena, (size_t)file.cap, sizeof(*file.parts));
	if (!file.parts)
		return err_nomem(info);
	if (n)
		memcpy(file.parts, parts, (size_t)n * sizeof(*parts));
	int r = kind == TEMPLATE_XLSX ? template_fill_xlsx(&file, source, info) :
					template_fill_docx(&file, source, info);
	if (r < 0)
		return r;
	struct pack_file *files = arena_zalloc(arena, (size_t)file.n + 1, sizeof(*files));
	if (!files)
		return err_nomem(info);
	for (int i = 0; i < file.n; i++)
		files[i] = (struct pack_file){file.parts[i].name, file.parts[i].data};
	return pack_all(out, files, file.n, made_s, info);
}
