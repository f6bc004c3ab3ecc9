/* SPDX-License-Identifier: Apache-2.0 */
#include "app/org_field.h"

#include <stdio.h>

#include "domain/day.h"

enum { NUMBER_MAX = 100000000 };

#define F(id, label, kind, required, max, member) \
	{id, label, kind, required, max, offsetof(struct org, member)}

const struct org_field org_fields[] = {
	F("name", "名称", ORG_TEXT, true, 100, name),
	F("short_name", "简称", ORG_TEXT, false, 40, short_name),
	F("level", "层级", ORG_LEVEL, true, 0, level),
	F("field", "领域", ORG_FIELD, false, 0, field),
	F("kind", "组织类型", ORG_TEXT, false, 20, kind),
	F("members", "党员数", ORG_NUMBER, false, 0, members),
	F("residents", "群众数", ORG_NUMBER, false, 0, residents),
	F("secretary", "书记", ORG_TEXT, false, 40, secretary_name),
	F("secretary_phone", "书记电话", ORG_TEXT, false, 40, secretary_phone),
	F("secretary_since", "书记任职时间", ORG_DAY, false, 0, secretary_since),
	F("secretary_until", "书记任期届满", ORG_DAY, false, 0, secretary_until),
	F("liaison", "联络员", ORG_TEXT, false, 40, liaison_name),
	F("liaison_phone", "联络员电话", ORG_TEXT, false, 40, liaison_phone),
	F("liaison_other", "联络员其他联系方式", ORG_TEXT, false, 100, liaison_other),
	F("cadre", "包村干部", ORG_TEXT, false, 40, cadre),
	F("founded", "成立时间", ORG_DAY, false, 0, founded),
	F("election_due", "换届时间", ORG_DAY, false, 0, election_due),
	F("note", "备注", ORG_TEXT, false, 1000, note),
};
const int org_n_fields = ARRAY_LEN(org_fields);

static const char *const states[ORG_STATE_COUNT] = {"正常", "已并入", "已撤销", "应建未建"};
static const char *const acts[ORG_ACT_COUNT] = {"登记", "修改", "划转", "合并", "分设", "撤销",
						"导入"};

const char *org_state_label(enum org_state state)
{
	return state >= 0 && state < ORG_STATE_COUNT ? states[state] : "?";
}

const char *org_act_label(enum org_act act)
{
	return act >= 0 && act < ORG_ACT_COUNT ? acts[act] : "?";
}

const struct org_field *org_field_find(struct str text)
{
	for (int i = 0; i < org_n_fields; i++)
		if (str_eqs(text, org_fields[i].id) || str_eqs(text, org_fields[i].label))
			return &org_fields[i];
	return NULL;
}

struct org org_blank(void)
{
	return (struct org){
		.code = "", .name = "", .short_name = "", .level = LEVEL_UNIT, .field = ORG_UNSET,
		.kind = "", .members = ORG_UNSET, .residents = ORG_UNSET, .secretary_name = "",
		.secretary_phone = "", .liaison_name = "", .liaison_phone = "", .liaison_other = "",
		.cadre = "", .note = "", .path = "", .search = "",
	};
}

/* ---- one value ---- */

static const char **text_of(const struct org_field *f, struct org *org)
{
	return (const char **)((char *)org + f->offset);
}

static const char *const_text_of(const struct org_field *f, const struct org *org)
{
	return *(const char *const *)((const char *)org + f->offset);
}

/* Numbers, days and enums, whatever their width. */
static int64_t value_of(const struct org_field *f, const struct org *org)
{
	const char *at = (const char *)org + f->offset;
	int64_t wide;
	int32_t narrow;
	if (f->kind == ORG_NUMBER) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static void set_value(const struct org_field *f, struct org *org, int64_t value)
{
	char *at = (char *)org + f->offset;
	int32_t narrow = (int32_t)value;
	_Static_assert(sizeof(enum level) == sizeof(int32_t) && sizeof(int) == sizeof(int32_t),
		       "enums and days are of one width");
	if (f->kind == ORG_NUMBER)
		memcpy(at, &value, sizeof(value));
	else
		memcpy(at, &narrow, sizeof(narrow));
}

static int characters(struct str text)
{
	int n = 0;
	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.data[i] & 0xC0) != 0x80;
	return n;
}

static bool has_controls(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < 0x20 && text.data[i] != '\n' && text.data[i] != '\t')
			return true;
	return false;
}

static int bad(const struct org_field *f, struct str cell, const char *expected,
	       struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s“%.*s”不对，应为%s", f->label,
		       cell.len > 60 ? 60 : (int)cell.len, cell.data, expected);
}

/* Names them all: nobody guesses "其他事业单位". */
static int bad_field(const struct org_field *f, struct str cell, struct err_info *info)
{
	AUTO(buf) struct buf all = {0};
	for (int i = 0; i < FIELD_COUNT; i++)
		buf_addf(&all, "%s%s", i ? "、" : "", field_label((enum field)i));
	return all.failed ? err_nomem(info) : bad(f, cell, buf_str(&all), info);
}

static int parse_number(const struct org_field *f, struct str cell, struct org *org,
			struct err_info *info)
{
	int64_t value = 0;
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.data[i] < '0' || cell.data[i] > '9' || value > NUMBER_MAX)
			return bad(f, cell, "0 到 1 亿之间的整数", info);
		value = value * 10 + (cell.data[i] - '0');
	}
	if (value > NUMBER_MAX)
		return bad(f, cell, "0 到 1 亿之间的整数", info);
	set_value(f, org, value);
	return 0;
}

static int parse_text(const struct org_field *f, struct str cell, struct arena *arena,
		      struct org *org, struct err_info *info)
{
	char limit[48];
	snprintf(limit, sizeof(limit), "%d 个字以内的文字", f->max);
	if (!str_is_utf8(cell.data, cell.len) || has_controls(cell) || characters(cell) > f->max)
		return bad(f, cell, limit, info);
	char *copy = arena_strndup(arena, cell.data, cell.len);
	if (!copy)
		return err_nomem(info);
	*text_of(f, org) = copy;
	return 0;
}

int org_field_parse(const struct org_field *f, struct str cell, struct arena *arena,
		    struct org *org, struct err_info *info)
{
	char folded[64];
	cell = str_trim(cell);
	if (!cell.len || str_eqs(cell, "-") || str_eqs(cell, "—")) {
		if (f->required)
			return err_set(info, ERR_INPUT, "%s不能空着", f->label);
		if (f->kind == ORG_TEXT)
			*text_of(f, org) = "";
		else
			set_value(f, org, f->kind == ORG_DAY ? 0 : ORG_UNSET);
		return 0;
	}
	if (f->kind == ORG_TEXT)
		return parse_text(f, cell, arena, org, info);
	if (cell.len > sizeof(folded))
		return bad(f, cell, "更短的值", info);
	struct str text = {folded, str_fold_width(cell, folded)};
	enum level level;
	enum field field;
	int32_t day;
	switch (f->kind) {
	case ORG_NUMBER:
		return parse_number(f, text, org, info);
	case ORG_DAY:
		if (day_parse(text, &day) < 0)
			return bad(f, cell, "日期，如 2026-03-01", info);
		set_value(f, org, day);
		return 0;
	case ORG_LEVEL:
		if (level_find(text, &level) < 0)
			return bad(f, cell, "省级、市级、县级、乡级或基层", info);
		set_value(f, org, level);
		return 0;
	case ORG_FIELD:
		if (field_find(text, &field) < 0)
			return bad_field(f, cell, info);
		set_value(f, org, field);
		return 0;
	default:
		return bad(f, cell, "可以修改的项目", info);
	}
}

const char *org_field_format(const struct org_field *f, const struct org *org, char scratch[32])
{
	int64_t value;
	if (f->kind == ORG_TEXT)
		return const_text_of(f, org);
	value = value_of(f, org);
	switch (f->kind) {
	case ORG_LEVEL:
		return value >= 0 && value < LEVEL_COUNT ? level_label((enum level)value) : "";
	case ORG_FIELD:
		return value >= 0 && value < FIELD_COUNT ? field_label((enum field)value) : "";
	case ORG_STATE:
		return org_state_label((enum org_state)value);
	case ORG_DAY:
		day_format((int32_t)value, scratch);
		return scratch;
	default:
		if (value < 0)
			return "";
		snprintf(scratch, 32, "%lld", (long long)value);
		return scratch;
	}
}

bool org_field_equal(const struct org_field *f, const struct org *a, const struct org *b)
{
	if (f->kind == ORG_TEXT)
		return strcmp(const_text_of(f, a), const_text_of(f, b)) == 0;
	return value_of(f, a) == value_of(f, b);
}

static const char *shown(const char *value)
{
	return *value ? value : "（空）";
}

bool org_diff(const struct org *old, const struct org *now, struct buf *before,
	      struct buf *after)
{
	char scratch[32];
	bool differs = false;
	for (int i = 0; i < org_n_fields; i++) {
		const struct org_field *f = &org_fields[i];
		if (org_field_equal(f, old, now))
			continue;
		buf_addf(before, "%s%s：%s", before->len ? "；" : "", f->label,
			 shown(org_field_format(f, old, scratch)));
		buf_addf(after, "%s%s：%s", after->len ? "；" : "", f->label,
			 shown(org_field_format(f, now, scratch)));
		differs = true;
	}
	return differs;
}

/* Both known, and the one before the other even if only its month is. */
static bool day_before(int32_t a, int32_t b)
{
	int32_t part = a % 10000 == 0 ? 10000 : a % 100 == 0 ? 100 : 1;
	return a && b && a / part < b / part;
}

int org_validate(const struct org *org, struct err_info *info)
{
	for (int i = 0; i < org_n_fields; i++) {
		const struct org_field *f = &org_fields[i];
		int64_t value;
		if (f->kind == ORG_TEXT) {
			struct str text = str_from(const_text_of(f, org));
			if (f->required && !text.len)
				return err_set(info, ERR_INPUT, "%s不能空着", f->label);
			if (!str_is_utf8(text.data, text.len) || has_controls(text) ||
			    characters(text) > f->max)
				return err_set(info, ERR_INPUT, "%s应为 %d 个字以内的文字", f->label,
					       f->max);
			continue;
		}
		value = value_of(f, org);
		if ((f->kind == ORG_NUMBER && (value < ORG_UNSET || value > NUMBER_MAX)) ||
		    (f->kind == ORG_DAY && !day_valid((int32_t)value)) ||
		    (f->kind == ORG_LEVEL && (value < 0 || value >= LEVEL_COUNT)) ||
		    (f->kind == ORG_FIELD && (value < ORG_UNSET || value >= FIELD_COUNT)))
			return err_set(info, ERR_INPUT, "%s的值不对", f->label);
	}
	if (day_before(org->secretary_until, org->secretary_since))
		return err_set(info, ERR_INPUT, "书记任期届满早于书记任职时间，请核对这两个日期");
	return 0;
}
