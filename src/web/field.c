/* SPDX-License-Identifier: Apache-2.0 */
#include "web/field.h"

#include <stdio.h>
#include <string.h>

int web_field_count(const struct web_field *fields)
{
	int n = 0;
	while (fields && fields[n].name)
		n++;
	return n;
}

int web_field_find(const struct web_field *fields, struct str name)
{
	for (int i = 0; fields && fields[i].name; i++)
		if (str_eqs(name, fields[i].name))
			return i;
	return -1;
}

bool web_choice_at(const struct web_field *field, int i, struct web_choice *ret_choice)
{
	if (field->choice_at)
		return field->choice_at(i, ret_choice);
	if (!field->choices || !field->choices[i].id)
		return false;
	*ret_choice = field->choices[i];
	return true;
}

static size_t count_chars(struct str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.data[i] & 0xC0) != 0x80;
	return n;
}

/* Digits folded to ASCII; in the arena. */
static struct str fold(struct str text, struct arena *arena)
{
	char *out = arena_strndup(arena, text.data, text.len);
	if (!out)
		return (struct str){0};
	return (struct str){out, str_fold_width(text, out)};
}

static bool read_int(struct str text, int64_t *ret_value)
{
	bool negative = text.len && text.data[0] == '-';
	int64_t value = 0;

	if (text.len == (size_t)negative || text.len > 18)
		return false;
	for (size_t i = negative; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		value = value * 10 + (text.data[i] - '0');
	}
	*ret_value = negative ? -value : value;
	return true;
}

/* Takes up to `most` digits and the separator behind them. */
static bool take_part(struct str *text, int most, int *ret_value)
{
	static const char *const between[] = {"-", "/", ".", "年", "月", "日"};
	int value = 0, n = 0;

	while (n < most && text->len && text->data[0] >= '0' && text->data[0] <= '9') {
		value = value * 10 + (text->data[0] - '0');
		text->data++;
		text->len--;
		n++;
	}
	if (n == 0)
		return false;
	*ret_value = value;
	for (size_t i = 0; i < ARRAY_LEN(between); i++) {
		size_t len = strlen(between[i]);
		if (text->len >= len && memcmp(text->data, between[i], len) == 0) {
			text->data += len;
			text->len -= len;
			break;
		}
	}
	return true;
}

bool web_read_date(struct str text, int *ret_year, int *ret_month, int *ret_day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;

	if (!take_part(&text, 4, &year) || !take_part(&text, 2, &month) ||
	    !take_part(&text, 2, &day) || text.len)
		return false;
	if (year < 1900 || year > 2200 || month < 1 || month > 12)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day < 1 || day > days[month - 1] + (month == 2 && leap))
		return false;
	*ret_year = year;
	*ret_month = month;
	*ret_day = day;
	return true;
}

/* True if `c` is in a list such as "a-z0-9-". */
static bool in_pattern(const char *pattern, char c)
{
	for (const char *p = pattern; *p; p++) {
		if (p[1] == '-' && p[2]) {
			if (c >= p[0] && c <= p[2])
				return true;
			p += 2;
		} else if (c == *p) {
			return true;
		}
	}
	return false;
}

static const char *check_text(const struct web_field *field, struct str text, struct arena *arena)
{
	size_t chars = count_chars(text);
	int64_t max = field->max ? field->max : WEB_TEXT_MAX;

	if ((int64_t)chars < field->min)
		return arena_printf(arena, "至少 %lld 个字，现在是 %zu 个", (long long)field->min, chars);
	if ((int64_t)chars > max)
		return arena_printf(arena, "最多 %lld 个字，现在是 %zu 个", (long long)max, chars);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c == 0x7F || (c < 0x20 && !(field->type == WEB_AREA && strchr("\t\r\n", c))))
			return "有看不见的控制字符，请重新输入";
		if (field->pattern && !in_pattern(field->pattern, (char)c))
			return strcmp(field->pattern, "0-9") == 0 ? "只能填数字"
								  : "只能用字母、数字和短横线";
	}
	return NULL;
}

static const char *read_choice(const struct web_field *field, struct str text,
			       struct web_value *value)
{
	struct web_choice choice;

	for (int i = 0; web_choice_at(field, i, &choice); i++)
		if (str_eqs(text, choice.id)) {
			value->number = i;
			return NULL;
		}
	return "请从列出的几项里选一项";
}

static const char *read_number(const struct web_field *field, struct str text,
			       struct web_value *value, struct arena *arena)
{
	if (!read_int(fold(text, arena), &value->number))
		return "请填整数，例如 46";
	if ((field->min || field->max) &&
	    (value->number < field->min || value->number > field->max))
		return arena_printf(arena, "应在 %lld 到 %lld 之间", (long long)field->min,
				    (long long)field->max);
	return NULL;
}

static const char *read_day(struct str text, struct web_value *value, struct arena *arena)
{
	int year, month, day;

	if (!web_read_date(fold(text, arena), &year, &month, &day))
		return "请写成 年-月-日，例如 2026-11-25";
	value->number = year * 10000 + month * 100 + day;
	value->text = str_from(arena_printf(arena, "%04d-%02d-%02d", year, month, day));
	return NULL;
}

/* One value that is not empty. */
static const char *read_value(const struct web_field *field, const struct web_param *param,
			      struct str text, struct web_value *value, struct arena *arena)
{
	value->given = true;
	value->text = text;
	switch (field->type) {
	case WEB_TEXT:
	case WEB_AREA:
	case WEB_SECRET:
		return check_text(field, text, arena);
	case WEB_INT:
		return read_number(field, text, value, arena);
	case WEB_DATE:
		return read_day(text, value, arena);
	case WEB_CHOICE:
		return read_choice(field, text, value);
	case WEB_FLAG:
		value->number = !str_eqs(text, "0") && !str_eqs(text, "false");
		return NULL;
	case WEB_FILE:
		value->file = param->file;
		if (!param->file.data.data)
			return "请选择一个文件";
		if (field->max && param->file.data.len > (uint64_t)field->max)
			return arena_printf(arena, "文件太大，最多 %lld MB",
					    (long long)(field->max >> 20));
		return NULL;
	}
	return "这一项不认识";
}

static const char *add_to_list(struct web_value *value, struct str text, struct arena *arena)
{
	if (!value->texts)
		value->texts = arena_zalloc(arena, WEB_MANY_MAX, sizeof(*value->texts));
	if (!value->texts)
		return "内存不足";
	if (value->n == WEB_MANY_MAX)
		return "选得太多，一次最多 200 项";
	value->texts[value->n++] = text;
	return NULL;
}

static const char *read_field(const struct web_field *field, struct web_params *params,
			      struct web_value *value, struct arena *arena)
{
	const char *why = NULL;

	for (int i = 0; i < params->n; i++) {
		struct web_param *param = &params->at[i];
		if (!str_eqs(param->name, field->name))
			continue;
		param->used = true;	/* also behind a wrong one: it is declared */
		if (why)
			continue;
		struct str text = field->type == WEB_SECRET ? param->value : str_trim(param->value);
		if (!text.len && !param->file.data.len && !field->blanks)
			continue;
		why = value->given && !field->many ? "只能填一次"
		      : read_value(field, param, text, value, arena);
		if (!why && field->many)
			why = add_to_list(value, text, arena);
	}
	if (!why && field->required && !value->given)
		why = field->type == WEB_CHOICE || field->type == WEB_FILE ? "请选择" : "这一项必须填";
	return why;
}

int web_fields_read(const struct web_field *fields, struct web_params *params,
		    struct web_value *values, const char **errors, struct arena *arena)
{
	int wrong = 0;

	for (int i = 0; fields && fields[i].name; i++) {
		values[i] = (struct web_value){0};
		errors[i] = read_field(&fields[i], params, &values[i], arena);
		wrong += errors[i] != NULL;
	}
	return wrong;
}
