/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tables: mappings into records, lists into arrays; and says faults. */
#include <stdarg.h>
#include <stdio.h>

#include "import/scheme_load.h"

enum {
	NEAR = 3,		/* edits that still count as a slip */
};

/* ---- Messages ---- */

void loader_fault(struct loader *loader, const struct ynode *node, const char *format, ...)
{
	char path[256];
	struct err_info text = {0};
	va_list args;

	va_start(args, format);
	err_vset(&text, 0, format, args);
	va_end(args);
	ynode_path(node, path, sizeof(path));
	faults_add(loader->faults, node->line, "%s%s%s", path, path[0] ? "：" : "", text.text);
}

const char *loader_found(const struct ynode *node, char out[FOUND_MAX])
{
	if (node->kind == YNODE_LIST)
		return "一个列表";
	if (node->kind == YNODE_MAP)
		return "一组“键: 值”";
	if (ynode_is_null(node))
		return "空";
	size_t n = 0;
	while (n < node->text.len && n < FOUND_TEXT_MAX) {
		size_t c = str_utf8_len(node->text.data + n, node->text.len - n);
		if (!c || n + c > FOUND_TEXT_MAX || node->text.data[n] == '\n')
			break;
		n += c;
	}
	snprintf(out, FOUND_MAX, "“%.*s%s”", (int)n, node->text.data,
		 n < node->text.len ? "…" : "");
	return out;
}

void loader_expected(struct loader *loader, const struct ynode *node, const char *format, ...)
{
	char quote[FOUND_MAX];
	struct err_info text = {0};
	va_list args;

	va_start(args, format);
	err_vset(&text, 0, format, args);
	va_end(args);
	loader_fault(loader, node, "找到%s，应为%s", loader_found(node, quote), text.text);
}

static const char *nearest(struct str text, int n, name_at name, const void *arg)
{
	const char *best = NULL;
	unsigned best_distance = NEAR + 1;
	for (int i = 0; i < n; i++) {
		const char *candidate = name(arg, i);
		struct str s = str_from(candidate);
		unsigned d = str_distance(text, s, NEAR);
		/* Half of the word at most: another word is no slip. */
		if (2 * d <= (text.len > s.len ? text.len : s.len) && d < best_distance) {
			best_distance = d;
			best = candidate;
		}
	}
	return best;
}

void loader_unknown(struct loader *loader, const struct ynode *node, const char *what,
		    struct str text, int n, name_at name, const void *arg)
{
	char quote[FOUND_MAX];
	struct ynode word = {.kind = YNODE_TEXT, .text = text};
	const char *near = nearest(text, n, name, arg);
	char all[600];
	size_t len = 0;

	all[0] = '\0';
	for (int i = 0; i < n && len < sizeof(all) - 80; i++) {
		int k = snprintf(all + len, sizeof(all) - len, "%s%s", i ? "、" : "", name(arg, i));
		if (k < 0 || len + (size_t)k >= sizeof(all)) {
			all[len] = '\0';
			break;
		}
		len += (size_t)k;
	}
	loader_fault(loader, node, "没有%s%s%s%s%s%s%s", what, loader_found(&word, quote),
		     near ? "，是不是 " : "", near ? near : "", near ? "？" : "；",
		     n ? "可用的有：" : "这里还没有任何可用的", all);
}

/* ---- Lists ---- */

bool loader_is_list(struct loader *loader, const struct key *key, const struct ynode *node,
		    int max)
{
	if (node->kind != YNODE_LIST) {
		loader_expected(loader, node, "%s%s", key->type->expects,
			 ynode_is_null(node) ? "；没有的话写 [] 或删去这一行" : "");
		return false;
	}
	if (node->n > max) {
		loader_fault(loader, node, "有 %d 项，最多 %d 项", node->n, max);
		return false;
	}
	return true;
}

int loader_list_max(const struct key *key)
{
	return key->max ? key->max : SCHEME_LIST_MAX;
}

/* ---- Mappings and lists of mappings ---- */

static const char *key_name(const void *arg, int index)
{
	return ((const struct key *)arg)[index].name;
}

static const struct key *find_key(const struct shape *shape, const char *name)
{
	for (const struct key *key = shape->keys; key->name; key++)
		if (strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

void loader_read(struct loader *loader, const struct shape *shape, const struct ynode *map,
		 void *record)
{
	int n_keys = 0;
	while (shape->keys[n_keys].name)
		n_keys++;
	for (const struct ynode *child = map->first; child; child = child->next)
		if (!find_key(shape, child->key))
			loader_unknown(loader, child, "这个键：", str_from(child->key), n_keys, key_name,
				shape->keys);
	/* In the order of the table, so that what is referred to is there. */
	for (const struct key *key = shape->keys; key->name; key++) {
		const struct ynode *child = ynode_get(map, key->name);
		if (child)
			key->type->read(loader, key, child, (char *)record + key->at, record);
		else if (key->required)
			loader_fault(loader, map, "缺少键 %s（%s）", key->name, key->doc);
	}
}

static void read_record(struct loader *loader, const struct key *key, const struct ynode *node,
			void *member, void *record)
{
	if (node->kind != YNODE_MAP) {
		loader_expected(loader, node, "%s", key->type->expects);
		return;
	}
	if (key->n_at)
		*(bool *)((char *)record + key->n_at) = true;
	loader_read(loader, key->shape, node, member);
}

/* Ids and labels are unique in their list, and no id is another's label. */
static void check_names(struct loader *loader, const struct shape *shape, const struct ynode *list,
			const char *base)
{
	for (const struct ynode *child = list->first; child; child = child->next) {
		const struct scheme_named *me =
			(const void *)(base + (size_t)child->index * shape->size);
		for (int j = 0; j < child->index; j++) {
			const struct scheme_named *other =
				(const void *)(base + (size_t)j * shape->size);
			const struct ynode *id = ynode_get(child, "id");
			const struct ynode *label = ynode_get(child, "label");
			if (me->id && other->id && strcmp(me->id, other->id) == 0)
				loader_fault(loader, id ? id : child, "“%s”重复，第 %d 项已经用过", me->id,
					     j + 1);
			else if (me->id && other->label && strcmp(me->id, other->label) == 0)
				loader_fault(loader, id ? id : child, "“%s”是第 %d 项的名称，不能作标识",
					     me->id, j + 1);
			if (me->label && other->label && strcmp(me->label, other->label) == 0)
				loader_fault(loader, label ? label : child, "“%s”重复，第 %d 项已经用过",
					     me->label, j + 1);
			else if (me->label && other->id && strcmp(me->label, other->id) == 0)
				loader_fault(loader, label ? label : child,
					     "“%s”是第 %d 项的标识，不能作名称", me->label, j + 1);
		}
	}
}

static void read_list(struct loader *loader, const struct key *key, const struct ynode *node,
		      void *member, void *record)
{
	const struct shape *shape = key->shape;
	if (!loader_is_list(loader, key, node, loader_list_max(key)))
		return;
	if (node->n < key->min) {
		loader_fault(loader, node, "有 %d 项，至少 %d 项", node->n, key->min);
		return;
	}
	char *base = arena_zalloc(loader->arena, (size_t)node->n, shape->size);
	if (!base) {
		loader->nomem = true;
		return;
	}
	/* Every entry has its record, wrong or not: index in the file = index here. */
	for (const struct ynode *child = node->first; child; child = child->next) {
		char *at = base + (size_t)child->index * shape->size;
		if (shape->defaults)
			memcpy(at, shape->defaults, shape->size);
		if (child->kind == YNODE_MAP)
			loader_read(loader, shape, child, at);
		else
			loader_expected(loader, child, "%s：一组“键: 值”，例如 - {id: …, label: …}",
				 shape->what);
	}
	if (shape->named)
		check_names(loader, shape, node, base);
	*(char **)member = base;
	*(int *)((char *)record + key->n_at) = node->n;
}

const struct type type_record = {"一组“键: 值”", read_record};
const struct type type_list = {"一个列表", read_list};
