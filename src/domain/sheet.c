/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/sheet.h"

#include <assert.h>

#include "domain/exact.h"

enum { POINTS_MAX_E4 = 100 * E4, SHOWN_MAX = 40 };

int sheet_n_cells(const struct sheet_rules *rules)
{
	return rules->by == BY_POINTS ? 1 : rules->scheme->n_leaves + LOCAL_MAX;
}

int64_t sheet_max_e4(const struct sheet_rules *rules, int leaf)
{
	const struct scheme *scheme = rules->scheme;

	if (rules->by == BY_POINTS)
		return leaf == 0 ? POINTS_MAX_E4 : 0;
	if (leaf < 0 || leaf >= scheme->n_leaves + LOCAL_MAX)
		return 0;
	if (leaf >= scheme->n_leaves)
		return rules->local_max_e4[leaf - scheme->n_leaves];
	assert(rules->category >= 0 && rules->category < scheme->n_categories);
	return scheme->leaves[leaf].max_by_category_e4[rules->category];
}

/* True if items of the indicator belong to this category. */
static bool has_items(const struct sheet_rules *rules, const struct scheme_indicator *indicator)
{
	for (int i = 0; i < indicator->n_items; i++)
		if (sheet_max_e4(rules, indicator->items[i].leaf) > 0)
			return true;
	return false;
}

bool sheet_asks(const struct sheet_rules *rules, int leaf)
{
	const struct scheme *scheme = rules->scheme;

	if (sheet_max_e4(rules, leaf) <= 0)
		return false;
	if (rules->by == BY_POINTS || leaf >= scheme->n_leaves || scheme->leaves[leaf].item >= 0)
		return true;
	return !has_items(rules, &scheme->indicators[scheme->leaves[leaf].indicator]);
}

static int wrong_text(struct str text, struct err_info *info)
{
	const char *comma = memchr(text.data, ',', text.len);
	char mended[SHOWN_MAX + 1];

	if (text.len > SHOWN_MAX)
		return err_set(info, ERR_INPUT, "不是数字，应写成 8 或 8.5 这样");
	if (comma && memchr(comma + 1, ',', (size_t)(text.data + text.len - comma - 1)) == NULL) {
		memcpy(mended, text.data, text.len);
		mended[comma - text.data] = '.';
		int64_t value;
		if (decimal_parse_e4((struct str){mended, text.len}, &value))
			return err_set(info, ERR_INPUT, "“%.*s” 不是数字，应写 %.*s", STR_ARG(text),
				       (int)text.len, mended);
	}
	const char *point = memchr(text.data, '.', text.len);
	if (point && text.data + text.len - point - 1 > 4) {
		struct str cut = {text.data, (size_t)(point - text.data) + 5};
		int64_t value;
		if (decimal_parse_e4(cut, &value))
			return err_set(info, ERR_INPUT, "“%.*s” 小数太长，最多 4 位小数", STR_ARG(text));
	}
	return err_set(info, ERR_INPUT, "“%.*s” 不是数字，应写成 8 或 8.5 这样", STR_ARG(text));
}

int sheet_read(const struct sheet_rules *rules, int leaf, struct str typed,
	       char ret_text[SHEET_TEXT_MAX + 1], struct err_info *info)
{
	char room[4 * SHOWN_MAX];
	AUTO(buf) struct buf most = {0};
	int64_t value, max = sheet_max_e4(rules, leaf);
	struct str text = str_trim(typed);

	if (text.len > sizeof(room))
		return err_set(info, ERR_INPUT, "不是数字，应写成 8 或 8.5 这样");
	text.len = str_fold_width(text, room);
	text.data = room;
	if (max <= 0)
		return err_set(info, ERR_STATE, "这一项不适用于这类党组织");
	if (!text.len) {
		ret_text[0] = '\0';
		return 0;
	}
	if (!decimal_parse_e4(text, &value))
		return wrong_text(text, info);
	if (value > max) {
		decimal_format_e4(&most, max);
		return err_set(info, ERR_INPUT, "%.*s 超过满分 %s", text.len > SHOWN_MAX ? SHOWN_MAX :
			       (int)text.len, text.data, buf_str(&most));
	}
	if (text.len > SHEET_TEXT_MAX)
		return err_set(info, ERR_INPUT, "写得太长，最多 %d 位", SHEET_TEXT_MAX);
	memcpy(ret_text, text.data, text.len);
	ret_text[text.len] = '\0';
	return 0;
}

static const char *cell_at(const char *const *cells, int n, int leaf)
{
	return leaf < n ? cells[leaf] : "";
}

/* An indicator whose whole is filled: its items are not asked for. */
static bool whole_filled(const struct sheet_rules *rules, const char *const *cells, int n, int leaf)
{
	const struct scheme *scheme = rules->scheme;

	if (rules->by == BY_POINTS || leaf >= scheme->n_leaves || scheme->leaves[leaf].item < 0)
		return false;
	int whole = scheme->indicators[scheme->leaves[leaf].indicator].leaf;
	return *cell_at(cells, n, whole) != '\0';
}

struct sheet_total sheet_total(const struct sheet_rules *rules, const char *const *cells, int n)
{
	struct sheet_total total = {.mixed = -1};
	int n_cells = sheet_n_cells(rules);

	for (int leaf = 0; leaf < n_cells; leaf++) {
		int64_t max = sheet_max_e4(rules, leaf), value;
		const char *text = cell_at(cells, n, leaf);
		bool asked = sheet_asks(rules, leaf);
		if (max <= 0)
			continue;
		if (asked)
			total.max_e4 += max;
		if (*text && decimal_parse_e4(str_from(text), &value)) {
			total.sum_e4 += value;
			total.filled++;
			if (whole_filled(rules, cells, n, leaf))
				total.mixed = rules->scheme->leaves[leaf].indicator;
		} else if (asked && !whole_filled(rules, cells, n, leaf)) {
			total.missing++;
		}
	}
	return total;
}
