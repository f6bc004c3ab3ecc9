/* SPDX-License-Identifier: Apache-2.0 */
/* The three ways a body spells name=value pairs. */
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "web/field.h"

enum { PLACES_FIRST = 8 };	/* few requests bring more */

static bool have_place(struct web_params *params, struct arena *arena)
{
	if (params->n < params->places)
		return true;
	int places = params->places ? 2 * params->places : PLACES_FIRST;
	struct web_param *at = arena_zalloc(arena, (size_t)places, sizeof(*at));
	if (!at)
		return false;
	if (params->n)
		memcpy(at, params->at, sizeof(*at) * (size_t)params->n);
	params->at = at;
	params->places = places;
	return true;
}

int web_params_add(struct web_params *params, struct str name, struct str value,
		   struct arena *arena, struct err_info *info)
{
	if (params->n == WEB_PARAMS_MAX)
		return err_set(info, ERR_LIMIT, "填写的项目太多，一次最多 %d 项", WEB_PARAMS_MAX);
	if (!have_place(params, arena))
		return err_nomem(info);
	if (!str_is_utf8(name.data, name.len) || !str_is_utf8(value.data, value.len))
		return err_set(info, ERR_INPUT, "提交的文字编码不对，应为 UTF-8");
	params->at[params->n++] = (struct web_param){.name = name, .value = value};
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX, and + where it stands for a blank; data NULL where it is broken. */
static struct str decode(struct str text, bool plus, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < text.len; i++) {
		if (plus && text.data[i] == '+') {
			out[n++] = ' ';
		} else if (text.data[i] != '%') {
			out[n++] = text.data[i];
		} else {
			int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
			int low = i + 2 < text.len ? hex_digit(text.data[i + 2]) : -1;
			if (high < 0 || low < 0)
				return (struct str){0};
			out[n++] = (char)(high << 4 | low);
			i += 2;
		}
	}
	return (struct str){out, n};
}

static int broken_code(struct err_info *info)
{
	return err_set(info, ERR_INPUT, "网址或表单里有坏掉的 %% 编码");
}

int web_params_add_encoded(struct web_params *params, struct str name, struct str encoded,
			   struct arena *arena, struct err_info *info)
{
	struct str value = decode(encoded, false, arena);
	return value.data ? web_params_add(params, name, value, arena, info) : broken_code(info);
}

int web_params_add_form(struct web_params *params, struct str text, struct arena *arena,
			struct err_info *info)
{
	size_t at = 0;

	while (at < text.len) {
		const char *amp = memchr(text.data + at, '&', text.len - at);
		size_t end = amp ? (size_t)(amp - text.data) : text.len;
		const char *equals = memchr(text.data + at, '=', end - at);
		size_t name_end = equals ? (size_t)(equals - text.data) : end;
		size_t from = equals ? name_end + 1 : end;
		struct str name = decode((struct str){text.data + at, name_end - at}, true, arena);
		struct str value = decode((struct str){text.data + from, end - from}, true, arena);
		at = end + 1;
		if (!name.data || !value.data)
			return broken_code(info);
		if (!name.len)
			continue;
		int r = web_params_add(params, name, value, arena, info);
		if (r)
			return r;
	}
	return 0;
}

static struct str find(struct str in, struct str what)
{
	const char *p = in.len ? memmem(in.data, in.len, what.data, what.len) : NULL;
	return (struct str){p, p ? in.len - (size_t)(p - in.data) : 0};
}

/* The quoted value of `key="…"` in a head line; data NULL without. */
static struct str quoted(struct str head, struct str key)
{
	struct str at = head;

	while ((at = find(at, key)).data) {
		bool whole = at.data > head.data && (at.data[-1] == ' ' || at.data[-1] == ';');
		at.data += key.len;
		at.len -= key.len;
		const char *end = whole && at.len ? memchr(at.data, '"', at.len) : NULL;
		if (end)
			return (struct str){at.data, (size_t)(end - at.data)};
	}
	return (struct str){0};
}

static int broken(struct err_info *info)
{
	return err_set(info, ERR_INPUT, "上传的内容不完整，请重新选择文件再试");
}

/* One part: head, empty line, content. */
static int add_part(struct web_params *params, struct str part, struct arena *arena,
		    struct err_info *info)
{
	struct str rest = find(part, STR("\r\n\r\n"));
	if (!rest.data)
		return broken(info);
	struct str head = {part.data, (size_t)(rest.data - part.data)};
	struct str content = {rest.data + 4, rest.len - 4};
	struct str name = quoted(head, STR("name=\""));
	struct str file = quoted(head, STR("filename=\""));

	if (!name.data)
		return broken(info);
	int r = web_params_add(params, name, file.data ? file : content, arena, info);
	if (r == 0 && file.data && (file.len || content.len))
		params->at[params->n - 1].file = (struct web_file){file, content};
	return r;
}

int web_params_add_multipart(struct web_params *params, struct str content_type, struct str body,
			     struct arena *arena, struct err_info *info)
{
	struct str mark = find(content_type, STR("boundary="));
	if (!mark.data)
		return broken(info);
	mark = (struct str){mark.data + 9, mark.len - 9};
	if (mark.len > 1 && mark.data[0] == '"') {
		const char *end = memchr(mark.data + 1, '"', mark.len - 1);
		mark = (struct str){mark.data + 1, end ? (size_t)(end - mark.data - 1) : 0};
	}
	if (mark.len == 0 || mark.len > 70)
		return broken(info);
	const char *between = arena_printf(arena, "\r\n--%.*s", STR_ARG(mark));
	if (!between)
		return err_nomem(info);
	struct str sep = str_from(between);
	/* The first separator has no line end before it. */
	if (body.len < sep.len - 2 || memcmp(body.data, sep.data + 2, sep.len - 2) != 0)
		return broken(info);
	struct str at = {body.data + sep.len - 2, body.len - (sep.len - 2)};
	while (at.len >= 2 && memcmp(at.data, "\r\n", 2) == 0) {
		at = (struct str){at.data + 2, at.len - 2};
		struct str next = find(at, sep);
		if (!next.data)
			return broken(info);
		struct str part = {at.data, (size_t)(next.data - at.data)};
		int r = add_part(params, part, arena, info);
		if (r)
			return r;
		at = (struct str){next.data + sep.len, next.len - sep.len};
	}
	return at.len >= 2 && memcmp(at.data, "--", 2) == 0 ? 0 : broken(info);
}

static int add_json_value(struct web_params *params, struct str name, json_t *value,
			  struct arena *arena, struct err_info *info)
{
	const char *text;

	switch (json_typeof(value)) {
	case JSON_NULL:
		return 0;
	case JSON_STRING:
		text = arena_strndup(arena, json_string_value(value), json_string_length(value));
		if (!text)
			return err_nomem(info);
		return web_params_add(params, name, (struct str){text, json_string_length(value)},
				      arena, info);
	case JSON_INTEGER:
		text = arena_printf(arena, "%lld", (long long)json_integer_value(value));
		break;
	case JSON_TRUE:
		text = "1";
		break;
	case JSON_FALSE:
		text = "0";
		break;
	default:
		return err_set(info, ERR_INPUT, "JSON 里“%.*s”的类型不对", STR_ARG(name));
	}
	return text ? web_params_add(params, name, str_from(text), arena, info) : err_nomem(info);
}

static int add_json_members(struct web_params *params, json_t *root, struct arena *arena,
			    struct err_info *info)
{
	const char *key;
	json_t *value, *item;
	size_t i;
	int r = 0;

	if (!json_is_object(root))
		return err_set(info, ERR_INPUT, "JSON 应是一个对象，例如 {\"name\": \"…\"}");
	json_object_foreach(root, key, value) {
		struct str name = str_from(arena_strdup(arena, key));
		if (!name.data)
			return err_nomem(info);
		if (!json_is_array(value)) {
			r = add_json_value(params, name, value, arena, info);
		} else {
			json_array_foreach(value, i, item) {
				r = r ? r : add_json_value(params, name, item, arena, info);
			}
		}
		if (r)
			return r;
	}
	return 0;
}

int web_params_add_json(struct web_params *params, struct str body, struct arena *arena,
			struct err_info *info)
{
	json_error_t error;
	json_t *root = json_loadb(body.data ? body.data : "", body.len, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		return err_set(info, ERR_INPUT, "JSON 第 %d 行第 %d 列读不懂", error.line,
			       error.column);
	int r = add_json_members(params, root, arena, info);
	json_decref(root);
	return r;
}
