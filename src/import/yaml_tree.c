/* SPDX-License-Identifier: Apache-2.0 */
#include "import/yaml_tree.h"

#include <stdio.h>
#include <yaml.h>

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	struct faults *faults;
	const char *text;		/* the file, for looking at a line */
	size_t len;
	struct ynode *root;
	struct ynode *open;		/* innermost list or mapping */
	const char *key;		/* read, its value not yet; in a mapping */
	unsigned key_line;
	int depth, nodes, documents;
	bool nomem;
	bool stopped;			/* at a fault that can't be gone on after */
};

/* libyaml's reasons in plain Chinese; the first that begins alike. */
static const struct {
	const char *problem, *text;
} problems[] = {
	{"mapping values are not allowed", "这里不能出现“键: 值”，多半是缩进不对，或上一行少了引号"},
	{"block sequence entries are not allowed", "这里不能出现“- ”列表项，多半是缩进不对"},
	{"block mapping", "缩进不对"},
	{"could not find expected ':'", "键后面缺少半角冒号和空格"},
	{"did not find expected key", "缩进不对，或者少了一个键"},
	{"did not find expected '-' indicator", "列表项应以“- ”开头，并与上一项对齐"},
	{"did not find expected ',' or ']'", "方括号里的各项应以半角逗号分隔，并以 ] 结束"},
	{"did not find expected ',' or '}'", "花括号里的各项应以半角逗号分隔，并以 } 结束"},
	{"did not find expected node content", "缺少内容"},
	{"did not find expected <document start>", "前面的内容已经结束，这里不应再有内容"},
	{"found character that cannot start any token", "不能以这个字符开头（缩进只能用空格，不能用制表符）"},
	{"found a tab character", "缩进只能用空格，不能用制表符"},
	{"found unexpected end of stream", "引号没有配对"},
	{"found unexpected document indicator", "引号没有配对"},
	{"found unknown escape character", "双引号里有不认识的反斜杠写法"},
	{"control characters are not allowed", "含有控制字符"},
	{"found unexpected ':'", "冒号的位置不对，请给这段文字加上引号"},
	{"found undefined", "不能使用标签"},
	{"while parsing", "写法有误"},
};

static struct str source_line(const struct reader *r, unsigned line)
{
	const char *p = r->text, *end = r->text + r->len;
	for (unsigned i = 1; i < line && p < end; i++) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		p = lf ? lf + 1 : end;
	}
	const char *lf = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
	return (struct str){p, (size_t)((lf ? lf : end) - p)};
}

/* A guess from the line itself: the slips of people who type Chinese. */
static const char *hint_for_line(struct str line)
{
	if (!line.data || !line.len)
		return "";
	if (memmem(line.data, line.len, "：", strlen("：")))
		return "；这一行有全角冒号“：”，键后面要用半角冒号加空格“: ”";
	if (memmem(line.data, line.len, "，", strlen("，")))
		return "；这一行有全角逗号“，”，各项之间要用半角逗号“, ”";
	if (memchr(line.data, '\t', line.len))
		return "；这一行有制表符，请换成空格";
	if (memmem(line.data, line.len, "“", strlen("“")))
		return "；这一行有中文引号，需要引号时请用半角 \"";
	return "";
}

static void syntax_fault(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "";
	const char *text = "YAML 写法有误";
	unsigned line = (unsigned)p->problem_mark.line + 1;

	for (size_t i = 0; i < ARRAY_LEN(problems); i++)
		if (strncmp(problem, problems[i].problem, strlen(problems[i].problem)) == 0) {
			text = problems[i].text;
			break;
		}
	if (p->error == YAML_READER_ERROR) {
		/* The reader knows an offset, not a line. */
		line = 1;
		for (size_t i = 0; i < p->problem_offset && i < r->len; i++)
			line += r->text[i] == '\n';
	}
	const char *hint = hint_for_line(source_line(r, line));
	if (!hint[0] && line > 1)
		hint = hint_for_line(source_line(r, line - 1));
	faults_add(r->faults, line, "%s%s", text, hint);
}

static bool add_node(struct reader *r, enum ynode_kind kind, unsigned line,
		     struct ynode **ret_node)
{
	if (++r->nodes > YTREE_NODES_MAX) {
		faults_add(r->faults, line, "内容太多：上限是 %d 项", YTREE_NODES_MAX);
		return false;
	}
	struct ynode *node = arena_zalloc(r->arena, 1, sizeof(*node));
	if (!node) {
		r->nomem = true;
		return false;
	}
	node->kind = kind;
	node->line = r->key ? r->key_line : line;
	node->key = r->key;
	node->parent = r->open;
	r->key = NULL;
	if (!r->open) {
		r->root = node;
	} else {
		node->index = r->open->n++;
		if (r->open->last)
			r->open->last->next = node;
		else
			r->open->first = node;
		r->open->last = node;
	}
	*ret_node = node;
	return true;
}

static bool at_key(const struct reader *r)
{
	return r->open && r->open->kind == YNODE_MAP && !r->key;
}

static bool read_key(struct reader *r, const yaml_event_t *event, unsigned line)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;

	r->key = arena_strndup(r->arena, text, len);
	r->key_line = line;
	if (!r->key) {
		r->nomem = true;
		return false;
	}
	if (r->open->n >= YTREE_KEYS_MAX) {
		faults_add(r->faults, line, "键太多：一处的上限是 %d 个", YTREE_KEYS_MAX);
		return false;
	}
	const struct ynode *first = ynode_get(r->open, r->key);
	if (first)
		faults_add(r->faults, line, "键 %s 重复：第 %u 行已经写过", r->key, first->line);
	return true;
}

static bool read_scalar(struct reader *r, const yaml_event_t *event, unsigned line)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct ynode *node;

	if (event->data.scalar.anchor)
		faults_add(r->faults, line, "不能使用锚点 &%s，请把内容写全",
			   (const char *)event->data.scalar.anchor);
	if (event->data.scalar.tag)
		faults_add(r->faults, line, "不能使用标签 %s", (const char *)event->data.scalar.tag);
	if (len > YTREE_TEXT_MAX) {
		faults_add(r->faults, line, "文字太长：%zu 字节，上限是 %d", len, YTREE_TEXT_MAX);
		len = 0;
	}
	if (memchr(text, 0, len))
		faults_add(r->faults, line, "文字里含有控制字符");
	if (at_key(r))
		return read_key(r, event, line);
	if (!add_node(r, YNODE_TEXT, line, &node))
		return false;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->text.data = arena_strndup(r->arena, text, len);
	node->text.len = len;
	if (!node->text.data)
		r->nomem = true;
	return !r->nomem;
}

static bool open_node(struct reader *r, enum ynode_kind kind, const yaml_char_t *anchor,
		      const yaml_char_t *tag, unsigned line)
{
	struct ynode *node;

	if (anchor)
		faults_add(r->faults, line, "不能使用锚点 &%s，请把内容写全", (const char *)anchor);
	if (tag)
		faults_add(r->faults, line, "不能使用标签 %s", (const char *)tag);
	if (at_key(r)) {
		faults_add(r->faults, line, "键必须是一个词，不能是列表或映射");
		return false;
	}
	if (++r->depth > YTREE_DEPTH_MAX) {
		faults_add(r->faults, line, "嵌套太深：上限是 %d 层", YTREE_DEPTH_MAX);
		return false;
	}
	if (!add_node(r, kind, line, &node))
		return false;
	r->open = node;
	return true;
}

/* Takes one event; false: stop (end, fault or no memory). */
static bool take(struct reader *r, const yaml_event_t *event)
{
	unsigned line = (unsigned)event->start_mark.line + 1;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++r->documents > 1) {
			faults_add(r->faults, line, "一个文件只能有一份内容，这里又开始了一份（---）");
			return false;
		}
		return true;
	case YAML_SCALAR_EVENT:
		return read_scalar(r, event, line);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(r, YNODE_LIST, event->data.sequence_start.anchor,
				 event->data.sequence_start.tag, line);
	case YAML_MAPPING_START_EVENT:
		return open_node(r, YNODE_MAP, event->data.mapping_start.anchor,
				 event->data.mapping_start.tag, line);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->open = r->open->parent;
		r->depth--;
		return true;
	case YAML_ALIAS_EVENT:
		faults_add(r->faults, line, "不能使用别名 *%s，请把内容写全",
			   (const char *)event->data.alias.anchor);
		return false;
	case YAML_STREAM_END_EVENT:
		return false;
	default:
		return true;
	}
}

static void read_events(struct reader *r)
{
	bool more = true;
	while (more) {
		yaml_event_t event;
		if (!yaml_parser_parse(&r->parser, &event)) {
			if (r->parser.error == YAML_MEMORY_ERROR)
				r->nomem = true;
			else
				syntax_fault(r);
			r->stopped = true;
			return;
		}
		more = take(r, &event);
		r->stopped = !more && event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
}

static bool is_readable(const char *text, size_t len, struct faults *faults)
{
	unsigned line = 1;

	if (len > YTREE_SIZE_MAX) {
		faults_add(faults, 1, "文件太大：%zu 字节，上限是 %d", len, YTREE_SIZE_MAX);
		return false;
	}
	for (size_t i = 0; i < len;) {
		size_t n = str_utf8_len(text + i, len - i);
		if (!n) {
			faults_add(faults, line, "不是 UTF-8 文字，请在编辑器里另存为 UTF-8 编码");
			return false;
		}
		line += text[i] == '\n';
		i += n;
	}
	return true;
}

int ytree_read(struct ynode **ret_root, struct arena *arena, const char *text, size_t len,
	       struct faults *faults, struct err_info *info)
{
	/* Told the encoding, libyaml does not look for a byte order mark. */
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		len -= 3;
	}
	struct reader r = {.arena = arena, .faults = faults, .text = text, .len = len};

	if (!is_readable(text, len, faults))
		return err_set(info, ERR_INPUT, "%s 读不下去", faults->name);
	if (!yaml_parser_initialize(&r.parser))
		return err_nomem(info);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	read_events(&r);
	yaml_parser_delete(&r.parser);

	if (r.nomem)
		return err_nomem(info);
	if (!r.root && !r.stopped)
		faults_add(faults, 1, "文件是空的");
	if (!r.root || r.stopped)
		return err_set(info, ERR_INPUT, "%s 读不下去", faults->name);
	*ret_root = r.root;
	return 0;
}

struct ynode *ynode_get(const struct ynode *map, const char *key)
{
	if (!map || map->kind != YNODE_MAP)
		return NULL;
	for (struct ynode *child = map->first; child; child = child->next)
		if (strcmp(child->key, key) == 0)
			return child;
	return NULL;
}

struct ynode *ynode_at(const struct ynode *node, int index)
{
	if (!node || node->kind == YNODE_TEXT)
		return NULL;
	struct ynode *child = node->first;
	while (child && child->index != index)
		child = child->next;
	return child;
}

bool ynode_is_null(const struct ynode *node)
{
	return node->kind == YNODE_TEXT && node->plain &&
	       (node->text.len == 0 || str_eqs(node->text, "~") || str_eqs(node->text, "null"));
}

/* Writes one step of a path; returns the new length. */
static size_t path_step(const struct ynode *node, char *out, size_t size, size_t len)
{
	int n;
	const struct ynode *id = ynode_get(node, "id");
	if (node->key)
		n = snprintf(out + len, size - len, "%s%s", len ? "." : "", node->key);
	else if (id && id->kind == YNODE_TEXT && id->text.len && id->text.len <= 64)
		n = snprintf(out + len, size - len, "[%s]", id->text.data);
	else
		n = snprintf(out + len, size - len, "[第 %d 项]", node->index + 1);
	if (n < 0)
		return len;
	return len + (size_t)n < size ? len + (size_t)n : size - 1;
}

const char *ynode_path(const struct ynode *node, char *out, size_t size)
{
	const struct ynode *chain[YTREE_DEPTH_MAX + 2];
	int depth = 0;
	size_t len = 0;

	for (; node && node->parent && depth < YTREE_DEPTH_MAX + 2; node = node->parent)
		chain[depth++] = node;
	out[0] = '\0';
	while (depth)
		len = path_step(chain[--depth], out, size, len);
	for (size_t i = 0, n; i < len; i += n) {
		n = str_utf8_len(out + i, len - i);
		if (!n)
			len = i;	/* cut in the middle of a character */
	}
	out[len] = '\0';
	return out;
}
