/* SPDX-License-Identifier: Apache-2.0 */
#include "import/grade_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "domain/exact.h"

struct heading {
	const char *id, *label;
	bool required;
};

static const struct heading orgs_headings[ORGS_COLUMNS] = {
	[ORGS_CODE] = {"code", "组织代码", true},
	[ORGS_PARENT] = {"parent", "上级代码", true},
	[ORGS_NAME] = {"name", "名称", true},
	[ORGS_LEVEL] = {"level", "层级", true},
	[ORGS_FIELD] = {"field", "领域", true},
	[ORGS_MEMBERS] = {"members", "党员数", true},
	[ORGS_RESIDENTS] = {"residents", "群众数", true},
	[ORGS_KIND] = {"kind", "组织类型", false},
	[ORGS_PRESENT_MEMBERS] = {"present_members", "在村在岗党员数", false},
	[ORGS_PRESENT_RESIDENTS] = {"present_residents", "在村在岗群众数", false},
};

static const struct heading scores_headings[SCORES_COLUMNS] = {
	[SCORES_ORG] = {"org", "组织代码", true},
	[SCORES_SOURCE] = {"source", "评价主体", true},
	[SCORES_RATER] = {"rater", "评价人", true},
	[SCORES_INDICATOR] = {"indicator", "指标", false},
	[SCORES_POINTS] = {"points", "得分", false},
};

static const struct heading ballots_headings[BALLOTS_COLUMNS] = {
	[BALLOTS_ORG] = {"org", "组织代码", true},
	[BALLOTS_VOTERS] = {"voters", "评议人类别", true},
	[BALLOTS_OPTION] = {"option", "选项", true},
	[BALLOTS_COUNT] = {"count", "票数", false},
};

static const struct heading local_headings[LOCAL_COLUMNS] = {
	[LOCAL_NODE] = {"node", "组织代码", true},
	[LOCAL_ID] = {"id", "指标代码", true},
	[LOCAL_LABEL] = {"label", "指标", true},
	[LOCAL_POINTS] = {"max", "分值", true},
};

static const struct {
	const struct heading *at;
	int n;
} headings[FILE_COUNT] = {
	[FILE_ORGS] = {orgs_headings, ORGS_COLUMNS},
	[FILE_SCORES] = {scores_headings, SCORES_COLUMNS},
	[FILE_BALLOTS] = {ballots_headings, BALLOTS_COLUMNS},
	[FILE_LOCAL] = {local_headings, LOCAL_COLUMNS},
};

/* --- messages --- */

/* "文件 第 N 行 C 列“得分”：…" */
static int wrong(const struct grade_reader *r, int column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(const struct grade_reader *r, int column, const char *format, ...)
{
	if (!r->diag)
		return ERR_INPUT;
	struct err_info text = {0};
	char letters[8], column_name[12] = "";
	va_list args;
	va_start(args, format);
	err_vset(&text, 0, format, args);
	va_end(args);
	if (r->sheet && column >= 0) {
		table_column_name(column, letters);
		snprintf(column_name, sizeof(column_name), "%s ", letters);
	}
	if (column >= 0)
		diag_add(r->diag, "%s 第 %llu 行 %s列“%.*s”：%s", r->name,
			 (unsigned long long)r->line, column_name, STR_ARG(r->head[column]), text.text);
	else
		diag_add(r->diag, "%s 第 %llu 行：%s", r->name, (unsigned long long)r->line, text.text);
	return ERR_INPUT;
}

/* --- heads --- */

static int known_column(enum grade_file file, struct str text)
{
	for (int i = 0; i < headings[file].n; i++)
		if (str_eqs(text, headings[file].at[i].id) ||
		    str_eqs(text, headings[file].at[i].label))
			return i;
	return COLUMN_NONE;
}

bool grade_is_head(void *arg, int n, const struct str *cells)
{
	const struct grade_reader *r = arg;
	int found = 0, required = 0;
	for (int i = 0; i < headings[r->file].n; i++)
		required += headings[r->file].at[i].required;
	for (int i = 0; i < n; i++) {
		int k = known_column(r->file, cells[i]);
		found += k != COLUMN_NONE && headings[r->file].at[k].required;
	}
	/* A heading may be misspelt: then the messages say so. */
	return found * 2 > required;
}

/* Columns that people add for themselves: no word about them. */
static bool plainly_ignored(struct str text)
{
	static const char *const names[] = {"name", "名称", "note", "备注", "序号"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eqs(text, names[i]))
			return true;
	return false;
}

/* A column of a score file that has no fixed name. */
static int score_column(struct grade_reader *r, int column, struct str text, struct diag *warnings)
{
	r->leaf[column] = WIDE_IGNORED;
	if (r->wide) {
		int leaf = scheme_find_leaf(r->scheme, text);
		if (leaf >= 0) {
			for (int i = 0; i < column; i++)
				if (r->leaf[i] == leaf)
					return wrong(r, column, "列重复：与“%.*s”是同一个指标",
						     STR_ARG(r->head[i]));
			r->leaf[column] = leaf;
			return 0;
		}
		if (local_knows(r->local, text)) {
			r->leaf[column] = WIDE_LOCAL;
			return 0;
		}
	}
	if (plainly_ignored(text))
		return 0;
	if (r->wide)
		return wrong(r, column, "不认识的列：应为方案中指标的名称或代码（如“%s”）",
			     r->scheme->n_indicators ? r->scheme->indicators[0].label : "得分");
	if (warnings)
		diag_add(warnings, "%s：忽略不认识的列“%.*s”", r->name, STR_ARG(text));
	return 0;
}

static int other_column(struct grade_reader *r, int column, struct diag *warnings)
{
	struct str text = r->head[column];
	for (int i = 0; i < column; i++)
		if (text.len && str_eq(r->head[i], text))
			return wrong(r, column, "列重复：这个列名出现了两次");
	if (r->file == FILE_SCORES)
		return text.len ? score_column(r, column, text, warnings) :
				  (r->leaf[column] = WIDE_IGNORED, 0);
	if (text.len && warnings && !plainly_ignored(text))
		diag_add(warnings, "%s：忽略不认识的列“%.*s”", r->name, STR_ARG(text));
	return 0;
}

int grade_head(struct grade_reader *r, int n, const struct str *cells, struct diag *warnings)
{
	int result = 0;
	const struct heading *known = headings[r->file].at;

	r->head = cells;
	r->n_columns = n;
	for (int k = 0; k < GRADE_COLUMNS_MAX; k++)
		r->column[k] = COLUMN_NONE;
	for (int i = 0; i < n; i++) {
		int k = known_column(r->file, cells[i]);
		if (k == COLUMN_NONE)
			continue;
		if (r->column[k] != COLUMN_NONE)
			result = wrong(r, i, "列重复：已有一列“%s”（%s）", known[k].label, known[k].id);
		else
			r->column[k] = i;
	}
	r->wide = r->file == FILE_SCORES && r->column[SCORES_INDICATOR] == COLUMN_NONE;
	for (int i = 0; i < n; i++) {
		if (known_column(r->file, cells[i]) != COLUMN_NONE) {
			if (r->leaf)
				r->leaf[i] = WIDE_IGNORED;
		} else if (other_column(r, i, warnings) < 0) {
			result = ERR_INPUT;
		}
	}
	for (int k = 0; k < headings[r->file].n; k++) {
		bool needed = known[k].required ||
			      (r->file == FILE_SCORES && k == SCORES_POINTS && !r->wide);
		if (needed && r->column[k] == COLUMN_NONE)
			result = wrong(r, COLUMN_NONE, "缺少列“%s”（%s）", known[k].label, known[k].id);
	}
	return result;
}

/* --- cells --- */

/* A trimmed cell; with full-width characters folded into `room`. */
static struct str cell_clean(struct str cell, char *room)
{
	cell = str_trim(cell);
	if (str_has_wide(cell)) {
		cell.len = str_fold_width(cell, room);
		cell.data = room;
	}
	return cell;
}

/* Cells that are looked up are short. A longer one stays as it is: it may be a
 * number with many zeros before it, or it is wrong. */
enum { KEY_MAX = 512 };
_Static_assert((int)KEY_MAX >= (int)GRADE_RATER_MAX, "raters are never cut");

struct key_cell {
	struct str text;
	char room[KEY_MAX];
};

static struct str key_clean(const struct grade_reader *r, const struct str *cells, int known,
			    struct key_cell *key)
{
	int column = r->column[known];
	if (column == COLUMN_NONE)
		return key->text = (struct str){"", 0};
	struct str cell = str_trim(cells[column]);
	return key->text = cell.len > KEY_MAX ? cell : cell_clean(cell, key->room);
}

static bool all_empty(const struct grade_reader *r, const struct str *cells)
{
	for (int i = 0; i < r->n_columns; i++)
		if (str_trim(cells[i]).len)
			return false;
	return true;
}

/* Shown of a cell in a message. */
static int shown(struct str text)
{
	size_t n = text.len > 60 ? 60 : text.len;
	while (n && n < text.len && ((unsigned char)text.data[n] & 0xC0) == 0x80)
		n--;
	return (int)n;
}
#define SHOWN(s) shown(s), (s).data

/* --- organisations --- */

static int parse_count(const struct grade_reader *r, const struct str *cells, int known,
		       uint32_t *ret_count)
{
	struct key_cell key;
	uint64_t value;
	struct str text = key_clean(r, cells, known, &key);
	*ret_count = ORG_EMPTY;
	if (!text.len)
		return 0;
	if (!digits_parse(text, ORG_COUNT_MAX, &value))
		return wrong(r, r->column[known], "“%.*s”不是人数：应为 0 到 %u 的整数", SHOWN(text),
			     ORG_COUNT_MAX);
	*ret_count = (uint32_t)value;
	return 0;
}

/* A turnout rule that needs a head-count must find one. */
static int need_counts(const struct grade_reader *r, const struct org_row *row)
{
	static const enum orgs_column column[VOTERS_COUNT] = {ORGS_MEMBERS, ORGS_RESIDENTS};
	int result = 0;
	if (row->level != r->scheme->graded || row->kind == KIND_OTHER || row->field == FIELD_NONE ||
	    r->scheme->category_of_field[row->field] < 0)
		return 0;
	for (int v = 0; v < VOTERS_COUNT; v++) {
		bool needed = false;
		for (int i = 0; i < r->scheme->n_turnout; i++)
			needed |= r->scheme->turnout[i].voters >> v & 1;
		if (needed && row->eligible[v] == ORG_EMPTY)
			result = wrong(r, r->column[column[v]],
				       "空白：方案规定了参评比例，应填写%s人数", voters_label((enum voters)v));
	}
	return result;
}

static uint8_t kind_of(const struct scheme *scheme, struct str text)
{
	if (!text.len)
		return KIND_EMPTY;
	for (int i = 0; i < scheme->kinds.n; i++)
		if (str_eqs(text, scheme->kinds.at[i]))
			return KIND_GRADED;
	return scheme->kinds.n ? KIND_OTHER : KIND_GRADED;
}

/* Level, field and kind: words from fixed lists. */
static int parse_words(const struct grade_reader *r, const struct str *cells, struct org_row *row)
{
	struct key_cell key;
	enum level level = LEVEL_UNIT;
	enum field field;
	int result = 0;

	struct str text = key_clean(r, cells, ORGS_LEVEL, &key);
	if (scheme_find_level(r->scheme, text, &level) < 0)
		result = wrong(r, r->column[ORGS_LEVEL],
			       "“%.*s”不是层级：应为 省级、市级、县级、乡级、基层 或 "
			       "province、city、county、township、unit", SHOWN(text));
	row->level = (uint8_t)level;
	row->field = FIELD_NONE;
	text = key_clean(r, cells, ORGS_FIELD, &key);
	if (text.len && field_find(text, &field) < 0)
		result = wrong(r, r->column[ORGS_FIELD],
			       "“%.*s”不是领域：应为 农村、街道社区、机关、其他事业单位、国有企业、"
			       "非公有制经济组织、社会组织、高等院校、学校、医疗卫生单位、地方党委，或留空",
			       SHOWN(text));
	else if (text.len)
		row->field = (uint8_t)field;
	row->kind = kind_of(r->scheme, key_clean(r, cells, ORGS_KIND, &key));
	if (result < 0)
		row->kind = KIND_BROKEN;
	return result;
}

static int parse_counts(const struct grade_reader *r, const struct str *cells, struct org_row *row)
{
	static const int all[VOTERS_COUNT] = {ORGS_MEMBERS, ORGS_RESIDENTS};
	static const int present[VOTERS_COUNT] = {ORGS_PRESENT_MEMBERS, ORGS_PRESENT_RESIDENTS};
	int result = 0;
	for (int v = 0; v < VOTERS_COUNT; v++) {
		uint32_t here, registered;
		if (parse_count(r, cells, all[v], &registered) < 0 ||
		    parse_count(r, cells, present[v], &here) < 0) {
			result = ERR_INPUT;
			here = 0;
		}
		row->eligible[v] = here != ORG_EMPTY ? here : registered;
	}
	return result;
}

int grade_org_parse(const struct grade_reader *r, const struct str *cells, char *room,
		    struct org_row *ret_row)
{
	struct org_row row = {0};
	int result = 0;

	if (all_empty(r, cells))
		return 1;
	row.code = cell_clean(cells[r->column[ORGS_CODE]], room);
	room += row.code.len;
	row.parent = cell_clean(cells[r->column[ORGS_PARENT]], room);
	row.name = str_trim(cells[r->column[ORGS_NAME]]);
	if (!row.code.len)
		result = wrong(r, r->column[ORGS_CODE], "空白：应填写组织代码");
	if (row.code.len > ORG_CODE_MAX || row.parent.len > ORG_CODE_MAX)
		result = wrong(r, r->column[ORGS_CODE], "代码太长：上限是 %d 个字节", ORG_CODE_MAX);
	if (row.name.len > ORG_NAME_MAX)
		result = wrong(r, r->column[ORGS_NAME], "名称太长：上限是 %d 个字节", ORG_NAME_MAX);
	if (parse_words(r, cells, &row) < 0)
		result = ERR_INPUT;
	if (parse_counts(r, cells, &row) < 0)
		result = ERR_INPUT;
	if (result == 0)
		result = need_counts(r, &row);
	*ret_row = row;	/* also when wrong: the code is known then (no errors that follow) */
	return result;
}

static int org_row(struct grade_reader *r, const struct str *cells)
{
	size_t size = 1;
	for (int i = 0; i < r->n_columns; i++)
		size += cells[i].len;
	AUTO_FREE char *room = malloc(size);
	if (!room)
		return ERR_NOMEM;
	struct org_row row;
	int result = grade_org_parse(r, cells, room, &row);
	if (result == 1)
		return 0;
	if (!row.code.len || row.code.len > ORG_CODE_MAX || row.parent.len > ORG_CODE_MAX)
		return result;
	if (row.name.len > ORG_NAME_MAX)
		row.name.len = 0;
	if (r->diag && r->orgs->n == r->org_lines_cap) {
		size_t cap = r->org_lines_cap ? r->org_lines_cap * 2 : 1024;
		uint64_t *lines = reallocarray(r->org_lines, cap, sizeof(*lines));
		if (!lines)
			return ERR_NOMEM;
		r->org_lines = lines;
		r->org_lines_cap = cap;
	}
	int added = orgs_add(r->orgs, &row);
	if (added < 0)
		return added;
	if (r->diag)
		r->org_lines[r->orgs->n - 1] = r->line;
	return result;
}

void grade_tree_fault(void *arg, enum org_fault fault, uint32_t node, uint32_t other)
{
	struct grade_reader *r = arg;
	struct str code = orgs_code(r->orgs, node), parent = orgs_parent_code(r->orgs, node);
	r->line = r->org_lines ? r->org_lines[node] : 0;
	switch (fault) {
	case FAULT_DUPLICATE:
		wrong(r, r->column[ORGS_CODE], "代码“%.*s”重复：第 %llu 行已有", SHOWN(code),
		      (unsigned long long)(r->org_lines ? r->org_lines[other] : 0));
		break;
	case FAULT_ORPHAN:
		wrong(r, r->column[ORGS_PARENT], "上级“%.*s”不在表中：应为表中另一行的组织代码，最高一级留空",
		      SHOWN(parent));
		break;
	case FAULT_LEVEL:
		if (r->orgs->kind[node] == KIND_BROKEN || r->orgs->kind[other] == KIND_BROKEN)
			break;
		wrong(r, r->column[ORGS_LEVEL], "“%s”不低于上级“%.*s”的“%s”：下级的层级应低于上级",
		      level_label(r->orgs->level[node]), SHOWN(parent),
		      level_label(r->orgs->level[other]));
		break;
	case FAULT_CYCLE:
		wrong(r, r->column[ORGS_PARENT], "“%.*s”绕了一圈成为自己的上级", SHOWN(code));
		break;
	}
}

/* --- scores and ballots: what rows share --- */

/* The organisation of a row, which must be one that is graded. */
static int row_org(const struct grade_reader *r, const struct str *cells, int known,
		   uint32_t *ret_node)
{
	struct key_cell key;
	struct str code = key_clean(r, cells, known, &key);
	if (!code.len)
		return wrong(r, r->column[known], "空白：应填写组织代码");
	uint32_t node = orgs_find(r->orgs, code);
	if (node == ORG_NONE)
		return wrong(r, r->column[known], "没有代码为“%.*s”的组织：应为组织名册中的组织代码",
			     SHOWN(code));
	if (r->orgs->level[node] != r->scheme->graded && r->orgs->kind[node] == KIND_BROKEN)
		return ERR_INPUT;	/* said of the row in the register */
	if (r->orgs->level[node] != r->scheme->graded)
		return wrong(r, r->column[known], "“%.*s”是%s，不参加定级：只有%s可以有得分和测评票",
			     SHOWN(code), level_label(r->orgs->level[node]),
			     r->scheme->level_label[r->scheme->graded]);
	*ret_node = node;
	return 0;
}

/* --- scores --- */

/* Points of one cell, within the leaf's maximum for this organisation. */
static int parse_points(const struct grade_reader *r, int column, struct str cell, uint32_t node,
			int leaf, bool by_points, int64_t *ret_e4)
{
	struct key_cell key;
	int64_t value;
	struct str text = cell.len > KEY_MAX ? cell : cell_clean(cell, key.room);
	if (!decimal_parse_e4(text, &value))
		return wrong(r, column, "“%.*s”不是分数：应为不带正负号的数，小数不超过 4 位",
			     SHOWN(text));
	bool unknown = node == ORG_NONE || r->orgs->kind[node] == KIND_BROKEN;
	int64_t max = by_points ? 100 * E4 : unknown ? value : book_max_e4(r->book, node, leaf);
	if (value > max) {
		AUTO(buf) struct buf limit = {0};
		decimal_format_e4(&limit, max);
		return wrong(r, column, "“%.*s”超出范围：应为 0 到 %s 分", SHOWN(text), buf_str(&limit));
	}
	*ret_e4 = value;
	return 0;
}

/* The indicators a set of leaves touches, as a set. */
static void touch(const struct scheme *s, const uint64_t *seen, bool *ret_touched)
{
	for (int leaf = 0; leaf < s->n_leaves; leaf++)
		ret_touched[s->leaves[leaf].indicator] |= seen[leaf / 64] >> (leaf % 64) & 1;
}

/* Whether a column's score clashes with what its card had before: the same
 * leaf, or (whole against items) the same indicator. Leaves of this row that
 * clash with each other are found at the second of them. */
static bool clashes(const struct grade_reader *r, int leaf, const uint64_t *before, int clash)
{
	bool touched[SCHEME_INDICATORS_MAX] = {0};
	if (before[leaf / 64] >> (leaf % 64) & 1)
		return true;
	if (clash != BOOK_MIXED || leaf >= r->scheme->n_leaves)
		return false;
	touch(r->scheme, before, touched);
	const struct scheme_leaf *at = &r->scheme->leaves[leaf];
	const struct scheme_indicator *in = &r->scheme->indicators[at->indicator];
	bool whole_before = before[in->leaf / 64] >> (in->leaf % 64) & 1;
	return touched[at->indicator] && (at->item < 0 || whole_before);
}

/* One score of a row, and the column it stands in. */
struct scored {
	int column, leaf;
};

static inline void set_bit(uint64_t *seen, int leaf)
{
	seen[leaf / 64] |= (uint64_t)1 << (leaf % 64);
}

static int add_scores(const struct grade_reader *r, uint32_t node, int source, struct str rater,
		      int n, const struct scored *scored, int64_t sum_e4)
{
	uint64_t seen[BOOK_WORDS_MAX] = {0}, before[BOOK_WORDS_MAX] = {0};
	uint32_t number = intern_get(r->raters, rater);
	if (!number)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		set_bit(seen, scored[i].leaf);
	if (r->diag)
		book_seen(r->book, node, source, number, before);
	int result = book_add(r->book, node, source, number, seen, (uint32_t)sum_e4);
	if (!r->diag || (result != BOOK_TWICE && result != BOOK_MIXED))
		return result;
	int column = scored[0].column;
	for (int i = 0; i < n; i++) {
		if (clashes(r, scored[i].leaf, before, result)) {
			column = scored[i].column;
			break;
		}
		set_bit(before, scored[i].leaf);
	}
	return wrong(r, column, result == BOOK_TWICE ?
			     "重复：这个组织、评价主体、评价人的同一个指标前面已有得分" :
			     "同一个指标既有总分又有分项得分：只能填一种");
}

static void tell_figure(const struct grade_reader *r, uint32_t node, int source, struct str rater,
			int leaf, int64_t points_e4)
{
	if (!r->listener || node == ORG_NONE)
		return;
	if (r->listener->every)
		r->listener->every(r->listener->arg, node, r->line, source, rater, leaf, points_e4);
	else if (str_eqs(orgs_code(r->orgs, node), r->listener->code))
		r->listener->figure(r->listener->arg, source, rater, leaf, points_e4);
}

/* The leaf that a text names for an organisation, local ones included. */
static int find_leaf(const struct grade_reader *r, uint32_t node, struct str text)
{
	int leaf = scheme_find_leaf(r->scheme, text);
	if (leaf >= 0 || node == ORG_NONE)
		return leaf;
	int i = local_find(local_of(r->local, node), text);
	return i < 0 ? i : r->scheme->n_leaves + i;
}

static int long_row(struct grade_reader *r, const struct str *cells, uint32_t node, int source,
		    struct str rater)
{
	struct key_cell key;
	bool by_points = r->scheme->sources[source].by == BY_POINTS;
	int column = r->column[SCORES_INDICATOR], leaf = 0;
	struct str text = key_clean(r, cells, SCORES_INDICATOR, &key);
	int result = 0;

	if (by_points && text.len)
		result = wrong(r, column, "“%.*s”应留空：%s直接给出一个总分", SHOWN(text),
			       r->scheme->sources[source].label);
	if (!by_points) {
		leaf = find_leaf(r, node, text);
		if (leaf < 0)
			result = text.len ? wrong(r, column, "“%.*s”不是指标：应为方案中指标的名称或代码",
						  SHOWN(text)) :
					    wrong(r, column, "空白：应填写指标");
	}
	int64_t points = 0;
	struct str cell = str_trim(cells[r->column[SCORES_POINTS]]);
	if (!cell.len)
		return wrong(r, r->column[SCORES_POINTS], "空白：应填写得分");
	int parsed = parse_points(r, r->column[SCORES_POINTS], cell, leaf < 0 ? ORG_NONE : node,
				  leaf < 0 ? 0 : leaf, by_points, &points);
	if (result < 0 || parsed < 0 || node == ORG_NONE)
		return ERR_INPUT;
	struct scored scored = {column, leaf};
	tell_figure(r, node, source, rater, by_points ? -1 : leaf, points);
	return add_scores(r, node, source, rater, 1, &scored, points);
}

/* One column of a wide row: 1 and its leaf and points, 0 if empty (a missing
 * score) or to be ignored. */
static int wide_cell(const struct grade_reader *r, int column, struct str cell, uint32_t node,
		     int source, int *ret_leaf, int64_t *ret_points)
{
	bool by_points = r->scheme->sources[source].by == BY_POINTS;
	bool total = column == r->column[SCORES_POINTS];
	int leaf = total ? 0 : r->leaf[column];

	cell = str_trim(cell);
	if ((!total && leaf == WIDE_IGNORED) || !cell.len)
		return 0;
	if (total != by_points)
		return wrong(r, column, by_points ? "“%.*s”应留空：%s直接给出一个总分，填在“得分”列" :
						    "“%.*s”应留空：%s按指标打分",
			     SHOWN(cell), r->scheme->sources[source].label);
	if (leaf == WIDE_LOCAL) {
		leaf = node == ORG_NONE ? ERR_NOT_FOUND : find_leaf(r, node, r->head[column]);
		if (leaf < 0)
			return node == ORG_NONE ? 0 : wrong(r, column,
				"“%.*s”应留空：这个组织的上级党委没有设这个个性指标", SHOWN(cell));
	}
	int result = parse_points(r, column, cell, node, leaf, by_points, ret_points);
	if (result < 0)
		return result;
	*ret_leaf = leaf;
	return 1;
}

static int wide_row(struct grade_reader *r, const struct str *cells, uint32_t node, int source,
		    struct str rater)
{
	bool by_points = r->scheme->sources[source].by == BY_POINTS;
	struct scored scored[BOOK_LEAVES_MAX];
	int64_t points = 0, sum = 0;
	int result = 0, n = 0;
	for (int i = 0; i < r->n_columns; i++) {
		int leaf = 0, got = wide_cell(r, i, cells[i], node, source, &leaf, &points);
		if (got < 0)
			result = got;
		if (got <= 0 || n == BOOK_LEAVES_MAX)	/* columns name different leaves */
			continue;
		/* An indicator that a committee added may have a column by its code
		 * and one by its name; the scheme's own are checked in the head. */
		for (int k = 0; k < n && leaf >= r->scheme->n_leaves; k++)
			if (scored[k].leaf == leaf)
				result = wrong(r, i, "“%.*s”重复：列“%.*s”是同一个指标", SHOWN(cells[i]),
					       STR_ARG(r->head[scored[k].column]));
		tell_figure(r, node, source, rater, by_points ? -1 : leaf, points);
		scored[n++] = (struct scored){i, leaf};
		sum += points;
	}
	if (result < 0 || !n || node == ORG_NONE)
		return result;	/* only empty scores: no rater */
	return add_scores(r, node, source, rater, n, scored, sum);
}

static int score_row(struct grade_reader *r, const struct str *cells)
{
	struct key_cell key, rater_key;
	uint32_t node = ORG_NONE;
	int result = row_org(r, cells, SCORES_ORG, &node);
	struct str text = key_clean(r, cells, SCORES_SOURCE, &key);
	int source = scheme_find_source(r->scheme, text);
	struct str rater = key_clean(r, cells, SCORES_RATER, &rater_key);

	if (source < 0)
		return text.len ? wrong(r, r->column[SCORES_SOURCE],
					"“%.*s”不是评价主体：应为方案中评价主体的名称或代码", SHOWN(text)) :
				  wrong(r, r->column[SCORES_SOURCE], "空白：应填写评价主体");
	if (r->scheme->sources[source].by == BY_BALLOTS)
		return wrong(r, r->column[SCORES_SOURCE], "“%s”由测评票计算，不能在这里打分",
			     r->scheme->sources[source].label);
	if (str_trim(cells[r->column[SCORES_RATER]]).len > GRADE_RATER_MAX)
		return wrong(r, r->column[SCORES_RATER], "评价人太长：上限是 %d 个字节", GRADE_RATER_MAX);
	int scored = r->wide ? wide_row(r, cells, node, source, rater) :
			       long_row(r, cells, node, source, rater);
	return result < 0 ? result : scored;
}

/* --- ballots --- */

static int ballot_row(struct grade_reader *r, const struct str *cells)
{
	struct key_cell key;
	uint32_t node = ORG_NONE;
	enum voters voters = VOTERS_MEMBER;
	uint64_t count = 1;
	int result = row_org(r, cells, BALLOTS_ORG, &node);

	struct str text = key_clean(r, cells, BALLOTS_VOTERS, &key);
	if (voters_find(text, &voters) < 0)
		result = wrong(r, r->column[BALLOTS_VOTERS],
			       "“%.*s”不是评议人类别：应为 党员、群众 或 member、resident", SHOWN(text));
	text = key_clean(r, cells, BALLOTS_OPTION, &key);
	int option = scheme_find_option(r->scheme, text);
	if (option < 0)
		result = wrong(r, r->column[BALLOTS_OPTION],
			       "“%.*s”不是选项：应为方案中测评选项的名称或代码，或 废票", SHOWN(text));
	if (r->column[BALLOTS_COUNT] != COLUMN_NONE) {
		text = key_clean(r, cells, BALLOTS_COUNT, &key);
		if (!digits_parse(text, BOOK_VOTES_MAX, &count))
			result = wrong(r, r->column[BALLOTS_COUNT],
				       "“%.*s”不是票数：应为 0 到 %u 的整数", SHOWN(text), BOOK_VOTES_MAX);
	}
	if (result < 0)
		return result;
	if (book_vote(r->book, node, voters, option, (uint32_t)count) < 0)
		return wrong(r, r->column[BALLOTS_OPTION], "票数太多：同一组织同一选项合计上限是 %u 票",
			     BOOK_VOTES_MAX);
	return 0;
}

/* --- local indicators --- */

static int local_row(struct grade_reader *r, const struct str *cells)
{
	struct key_cell node_key, id_key, label_key, max_key;
	struct str code = key_clean(r, cells, LOCAL_NODE, &node_key);
	struct str id = key_clean(r, cells, LOCAL_ID, &id_key);
	struct str label = key_clean(r, cells, LOCAL_LABEL, &label_key);
	struct str max = key_clean(r, cells, LOCAL_POINTS, &max_key);
	int64_t max_e4;
	int result = 0;

	uint32_t node = orgs_find(r->orgs, code);
	if (node == ORG_NONE)
		result = wrong(r, r->column[LOCAL_NODE], "没有代码为“%.*s”的组织", SHOWN(code));
	else if (r->orgs->level[node] != r->scheme->local.per)
		result = wrong(r, r->column[LOCAL_NODE], "“%.*s”是%s：个性指标应由%s设定", SHOWN(code),
			       level_label(r->orgs->level[node]),
			       r->scheme->level_label[r->scheme->local.per]);
	/* Columns of a wide score file must tell them from everything else. */
	bool heading = known_column(FILE_SCORES, id) != COLUMN_NONE ||
		       known_column(FILE_SCORES, label) != COLUMN_NONE;
	if (!id.len || !label.len)
		result = wrong(r, r->column[id.len ? LOCAL_LABEL : LOCAL_ID], "空白：应填写指标代码和名称");
	else if (scheme_find_leaf(r->scheme, id) >= 0 || scheme_find_leaf(r->scheme, label) >= 0)
		result = wrong(r, r->column[LOCAL_ID], "“%.*s”与方案的指标重名", SHOWN(id));
	else if (heading)
		result = wrong(r, r->column[LOCAL_ID], "“%.*s”（%.*s）是打分表的列名，请换一个", SHOWN(id),
			       SHOWN(label));
	if (!decimal_parse_e4(max, &max_e4) || max_e4 > (int64_t)SCHEME_POINTS_MAX * E4)
		result = wrong(r, r->column[LOCAL_POINTS], "“%.*s”不是分值：应为 0 到 %d 的数", SHOWN(max),
			       SCHEME_POINTS_MAX);
	if (result < 0)
		return result;
	result = local_add(r->local, node, id, label, (int32_t)max_e4);
	if (result == ERR_LIMIT)
		return wrong(r, r->column[LOCAL_ID], "个性指标太多：每个党委最多 %d 项", LOCAL_MAX);
	if (result == ERR_CONFLICT)
		return wrong(r, r->column[LOCAL_ID], "“%.*s”重复：这个党委已有同名的个性指标", SHOWN(id));
	return result;
}

int grade_row(struct grade_reader *r, const struct str *cells)
{
	if (r->file == FILE_ORGS)
		return org_row(r, cells);
	if (all_empty(r, cells))
		return 0;
	switch (r->file) {
	case FILE_SCORES: return score_row(r, cells);
	case FILE_BALLOTS: return ballot_row(r, cells);
	default: return local_row(r, cells);
	}
}
