/* SPDX-License-Identifier: Apache-2.0 */
/* How the value of one key is read. */
#include <stdio.h>

#include "domain/exact.h"
#include "import/scheme_load.h"

enum {
	LABEL_MAX = 200,	/* bytes */
};

/* ---- Texts ---- */

static bool is_text(struct loader *loader, const struct key *key, const struct ynode *node)
{
	if (node->kind == YNODE_TEXT && !ynode_is_null(node) && str_trim(node->text).len)
		return true;
	loader_expected(loader, node, "%s", key->type->expects);
	return false;
}

static const char *keep(struct loader *loader, struct str text)
{
	const char *copy = arena_strndup(loader->arena, text.data, text.len);
	if (!copy)
		loader->nomem = true;
	return copy ? copy : "";
}

static bool is_id_char(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return !first && (c == '-' || c == '_' || c == '.');
}

static void read_id(struct loader *loader, const struct key *key, const struct ynode *node,
		    void *member, void *record)
{
	(void)record;
	bool good = node->kind == YNODE_TEXT && node->text.len >= 1 && node->text.len <= 64 &&
		    !ynode_is_null(node);
	for (size_t i = 0; good && i < node->text.len; i++)
		good = is_id_char(node->text.data[i], i == 0);
	if (good)
		*(const char **)member = keep(loader, node->text);
	else
		loader_expected(loader, node, "%s", key->type->expects);
}

static void read_label(struct loader *loader, const struct key *key, const struct ynode *node,
		       void *member, void *record)
{
	(void)record;
	char folded[LABEL_MAX];
	if (!is_text(loader, key, node))
		return;
	struct str text = str_trim(node->text);
	if (text.len > LABEL_MAX || memchr(text.data, '\n', text.len)) {
		loader_expected(loader, node, "一行文字，不超过 %d 字节", LABEL_MAX);
		return;
	}
	/* Cells are compared folded: a label in full-width letters would never be met. */
	text = (struct str){folded, str_fold_width(text, folded)};
	*(const char **)member = keep(loader, text);
}

static void read_text(struct loader *loader, const struct key *key, const struct ynode *node,
		      void *member, void *record)
{
	(void)record;
	if (is_text(loader, key, node))
		*(const char **)member = keep(loader, str_trim(node->text));
}

static void read_texts(struct loader *loader, const struct key *key, const struct ynode *node,
		       void *member, void *record)
{
	(void)record;
	struct scheme_texts *texts = member;
	if (!loader_is_list(loader, key, node, loader_list_max(key)))
		return;
	texts->at = arena_zalloc(loader->arena, (size_t)node->n, sizeof(*texts->at));
	if (!texts->at) {
		loader->nomem = true;
		return;
	}
	texts->n = node->n;
	for (const struct ynode *child = node->first; child; child = child->next) {
		texts->at[child->index] = "";
		if (child->kind != YNODE_TEXT || ynode_is_null(child) ||
		    !str_trim(child->text).len)
			loader_expected(loader, child, "文字（含有“: ”的句子请加半角引号）");
		else
			texts->at[child->index] = keep(loader, str_trim(child->text));
	}
}

/* ---- Figures ---- */

const char *points_text(int64_t e4, char out[24])
{
	AUTO(buf) struct buf text = {0};
	decimal_format_e4(&text, e4);
	snprintf(out, 24, "%s", buf_str(&text));
	return out;
}

static void read_points(struct loader *loader, const struct key *key, const struct ynode *node,
			void *member, void *record)
{
	int64_t e4;
	if (node->kind == YNODE_TEXT && node->plain && decimal_parse_e4(node->text, &e4) &&
	    e4 >= (int64_t)key->min * 10000 && e4 <= (int64_t)key->max * 10000) {
		*(int32_t *)member = (int32_t)e4;
		if (key->n_at)
			*(bool *)((char *)record + key->n_at) = true;
	} else {
		loader_expected(loader, node, " %d 到 %d 的数，最多 4 位小数%s", key->min, key->max,
			 node->kind == YNODE_TEXT && !node->plain ? "，不加引号" : "");
	}
}

static void read_share(struct loader *loader, const struct key *key, const struct ynode *node,
		       void *member, void *record)
{
	int64_t e4;
	struct str text = node->text;
	bool sign = node->kind == YNODE_TEXT && text.len && text.data[text.len - 1] == '%';

	if (sign)
		text.len--;
	if (sign && decimal_parse_e4(text, &e4) && e4 <= 1000000) {
		*(uint32_t *)member = (uint32_t)e4;
		if (key->n_at)
			*(bool *)((char *)record + key->n_at) = true;
	} else {
		loader_expected(loader, node, "%s", key->type->expects);
	}
}

static void read_count(struct loader *loader, const struct key *key, const struct ynode *node,
		       void *member, void *record)
{
	(void)record;
	uint64_t value;
	if (node->kind == YNODE_TEXT && node->plain &&
	    digits_parse(node->text, (uint64_t)key->max, &value) && (int64_t)value >= key->min)
		*(int *)member = (int)value;
	else
		loader_expected(loader, node, " %d 到 %d 的整数", key->min, key->max);
}

/* A list of whole numbers. With n_at: an int array and its count; without: a
 * bit per number. */
static void read_counts(struct loader *loader, const struct key *key, const struct ynode *node,
			void *member, void *record)
{
	if (!loader_is_list(loader, key, node, 12))
		return;
	for (const struct ynode *child = node->first; child; child = child->next) {
		uint64_t value;
		if (child->kind != YNODE_TEXT || !child->plain ||
		    !digits_parse(child->text, (uint64_t)key->max, &value) ||
		    (int64_t)value < key->min) {
			loader_expected(loader, child, " %d 到 %d 的整数", key->min, key->max);
			continue;
		}
		if (key->n_at)
			((int *)member)[child->index] = (int)value;
		else if (*(uint32_t *)member & 1u << value)
			loader_fault(loader, child, "%llu 重复", (unsigned long long)value);
		else
			*(uint32_t *)member |= 1u << value;
	}
	if (key->n_at)
		*(int *)((char *)record + key->n_at) = node->n;
}

static void read_flag(struct loader *loader, const struct key *key, const struct ynode *node,
		      void *member, void *record)
{
	(void)record;
	if (node->kind == YNODE_TEXT && node->plain && str_eqs(node->text, "true"))
		*(bool *)member = true;
	else if (node->kind == YNODE_TEXT && node->plain && str_eqs(node->text, "false"))
		*(bool *)member = false;
	else
		loader_expected(loader, node, "%s", key->type->expects);
}

static void read_date(struct loader *loader, const struct key *key, const struct ynode *node,
		      void *member, void *record)
{
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	(void)record;
	uint64_t month, day;
	const char *dash = node->kind == YNODE_TEXT && node->text.len <= 5
		? memchr(node->text.data, '-', node->text.len) : NULL;
	if (dash) {
		size_t n = (size_t)(dash - node->text.data);
		if (digits_parse((struct str){node->text.data, n}, 12, &month) && month >= 1 &&
		    digits_parse((struct str){dash + 1, node->text.len - n - 1}, days[month - 1],
				 &day) && day >= 1) {
			*(struct scheme_date *)member = (struct scheme_date){
				.month = (uint8_t)month, .day = (uint8_t)day};
			return;
		}
	}
	loader_expected(loader, node, "%s", key->type->expects);
}

/* ---- Words and references ---- */

static const char *word_id(const void *arg, int index)
{
	const struct words *words = arg;
	return words->ids ? words->ids[index] : words->id(index);
}

/* The index of the word at a node, or -1 with a fault. */
static int word_of(struct loader *loader, const struct key *key, const struct ynode *node)
{
	const struct words *words = key->words;
	if (node->kind != YNODE_TEXT || ynode_is_null(node)) {
		loader_expected(loader, node, "一个词");
		return -1;
	}
	for (int i = 0; i < words->n; i++)
		if (str_eqs(node->text, word_id(words, i)) ||
		    (words->label && str_eqs(node->text, words->label(i))))
			return i;
	loader_unknown(loader, node, "这个词：", node->text, words->n, word_id, words);
	return -1;
}

static void read_word(struct loader *loader, const struct key *key, const struct ynode *node,
		      void *member, void *record)
{
	int i = word_of(loader, key, node);
	if (i < 0)
		return;
	_Static_assert(sizeof(enum level) == sizeof(int), "words are read as int");
	*(int *)member = i;
	if (key->n_at)
		*(bool *)((char *)record + key->n_at) = true;
}

static void set_bit(struct loader *loader, const struct ynode *node, uint32_t *bits, int i)
{
	char quote[FOUND_MAX];
	if (i < 0)
		return;
	if (*bits & 1u << i)
		loader_fault(loader, node, "%s重复", loader_found(node, quote));
	*bits |= 1u << i;
}

static void read_words(struct loader *loader, const struct key *key, const struct ynode *node,
		       void *member, void *record)
{
	int last = -1;
	bool sorted = true;
	if (!loader_is_list(loader, key, node, 32))
		return;
	if (!node->n && key->min)
		loader_expected(loader, node, "至少一项");
	*(uint32_t *)member = 0;	/* instead of the default */
	for (const struct ynode *child = node->first; child; child = child->next) {
		int i = word_of(loader, key, child);
		set_bit(loader, child, member, i);
		sorted &= i > last;
		last = i;
	}
	if (key->n_at)
		*(int *)((char *)record + key->n_at) = !sorted;
}

struct entries {
	const char *base;
	size_t size;
};

static const char *entry_id(const void *arg, int index)
{
	const struct entries *entries = arg;
	const char *id = ((const struct scheme_named *)(entries->base +
							(size_t)index * entries->size))->id;
	return id ? id : "";
}

/* The index of the entry a text refers to, or -1 with a fault at `node`. */
static int ref_of(struct loader *loader, const struct target *target, const struct ynode *node,
		  struct str text)
{
	int n = *(const int *)((const char *)loader->draft + target->n_at);
	struct entries entries = {
		*(const char *const *)((const char *)loader->draft + target->at), target->size};
	for (int i = 0; i < n; i++)
		if (text.len && str_eqs(text, entry_id(&entries, i)))
			return i;
	loader_unknown(loader, node, target->what, text, n, entry_id, &entries);
	return -1;
}

static int ref_at(struct loader *loader, const struct key *key, const struct ynode *node)
{
	if (node->kind == YNODE_TEXT && !ynode_is_null(node))
		return ref_of(loader, key->target, node, node->text);
	loader_expected(loader, node, "%s的标识（id）", key->target->what);
	return -1;
}

static void read_ref(struct loader *loader, const struct key *key, const struct ynode *node,
		     void *member, void *record)
{
	(void)record;
	int i = ref_at(loader, key, node);
	if (i >= 0)
		*(int *)member = i;
}

static void read_refs(struct loader *loader, const struct key *key, const struct ynode *node,
		      void *member, void *record)
{
	(void)record;
	if (!loader_is_list(loader, key, node, 32))
		return;
	if (!node->n)
		loader_expected(loader, node, "至少一项");
	for (const struct ynode *child = node->first; child; child = child->next)
		set_bit(loader, child, member, ref_at(loader, key, child));
}

/* An int array and its count: order counts. */
static void read_ref_list(struct loader *loader, const struct key *key, const struct ynode *node,
			  void *member, void *record)
{
	uint32_t seen = 0;
	int n = 0;
	if (!loader_is_list(loader, key, node, 32))
		return;
	int *list = arena_zalloc(loader->arena, (size_t)node->n, sizeof(*list));
	if (!list) {
		loader->nomem = true;
		return;
	}
	for (const struct ynode *child = node->first; child; child = child->next) {
		int i = ref_at(loader, key, child);
		set_bit(loader, child, &seen, i);
		if (i >= 0)
			list[n++] = i;
	}
	*(int **)member = list;
	*(int *)((char *)record + key->n_at) = n;
}

static void read_within(struct loader *loader, const struct key *key, const struct ynode *node,
			void *member, void *record)
{
	(void)record;
	struct scope *scope = member;
	if (node->kind == YNODE_TEXT && str_eqs(node->text, "all")) {
		scope->all = true;
		return;
	}
	int i = word_of(loader, key, node);
	if (i >= 0) {
		scope->all = false;
		scope->level = (enum level)i;
	}
}

/* ---- Values of one kind only ---- */

static const struct target categories_target = {
	"类别", offsetof(struct draft, scheme.n_categories), offsetof(struct draft, scheme.categories),
	sizeof(struct scheme_category)};

/* Calls for each pair of a mapping from a category to a value. */
static int category_of_pair(struct loader *loader, const struct ynode *pair)
{
	return ref_of(loader, &categories_target, pair, str_from(pair->key));
}

static void read_points_by_category(struct loader *loader, const struct key *key,
				    const struct ynode *node, void *member, void *record)
{
	const struct key one = {.type = &type_points, .min = key->min, .max = key->max};
	(void)record;
	if (node->kind != YNODE_MAP) {
		loader_expected(loader, node, "%s", key->type->expects);
		return;
	}
	for (const struct ynode *pair = node->first; pair; pair = pair->next) {
		int i = category_of_pair(loader, pair);
		if (i >= 0)
			read_points(loader, &one, pair, (int32_t *)member + i, NULL);
	}
}

static void read_texts_by_category(struct loader *loader, const struct key *key,
				   const struct ynode *node, void *member, void *record)
{
	const struct key one = {.type = &type_text};
	(void)record;
	if (node->kind != YNODE_MAP) {
		loader_expected(loader, node, "%s", key->type->expects);
		return;
	}
	for (const struct ynode *pair = node->first; pair; pair = pair->next) {
		int i = category_of_pair(loader, pair);
		if (i >= 0)
			read_text(loader, &one, pair, (const char **)member + i, NULL);
	}
}

/* {county: 学校党委}: labels of levels; none may be mistaken for another level. */
static void read_level_labels(struct loader *loader, const struct key *key,
			      const struct ynode *node, void *member, void *record)
{
	const struct key label = {.type = &type_label};
	const char **labels = member;
	(void)record;
	if (node->kind != YNODE_MAP) {
		loader_expected(loader, node, "%s", key->type->expects);
		return;
	}
	for (const struct ynode *pair = node->first; pair; pair = pair->next) {
		struct ynode name = {.kind = YNODE_TEXT, .line = pair->line, .key = pair->key,
				     .parent = pair->parent, .text = str_from(pair->key)};
		enum level other;
		int i = word_of(loader, key, &name);
		if (i < 0)
			continue;
		labels[i] = NULL;
		read_label(loader, &label, pair, &labels[i], NULL);
		if (!labels[i])
			labels[i] = level_label((enum level)i);
		if (level_find(str_from(labels[i]), &other) == 0 && (int)other != i)
			loader_fault(loader, pair, "“%s”是 %s 一级的名称", labels[i],
				     level_id(other));
		else
			for (int j = 0; j < LEVEL_COUNT; j++)
				if (j != i && strcmp(labels[j], labels[i]) == 0)
					loader_fault(loader, pair, "“%s”重复", labels[i]);
	}
}

static const struct target grades_target = {
	"等次", offsetof(struct draft, scheme.n_grades), offsetof(struct draft, scheme.grades),
	sizeof(struct scheme_grade)};

/* Grades of this scheme, or where it has none, of whatever the place uses. */
static void read_names_of_grades(struct loader *loader, const struct key *key,
				 const struct ynode *node, void *member, void *record)
{
	struct scheme_rectify *rule = record;
	(void)member;
	read_texts(loader, key, node, &rule->grade_names, record);
	if (node->kind != YNODE_LIST || !loader->draft->scheme.n_grades)
		return;
	for (const struct ynode *child = node->first; child; child = child->next)
		if (child->kind == YNODE_TEXT && !ynode_is_null(child))
			set_bit(loader, child, &rule->grades,
				ref_of(loader, &grades_target, child, child->text));
}

static const struct {
	const char *sign;
	enum survey_red red;
} red_signs[] = {	/* longer ones first */
	{"<=", RED_AT_MOST}, {">=", RED_AT_LEAST}, {"≤", RED_AT_MOST}, {"≥", RED_AT_LEAST},
	{"<", RED_BELOW}, {">", RED_ABOVE}, {"", RED_EQUAL},
};

static void read_red_number(struct loader *loader, const struct ynode *node,
			    struct scheme_question *question)
{
	int64_t e4;
	for (size_t i = 0; node->kind == YNODE_TEXT && i < ARRAY_LEN(red_signs); i++) {
		struct str sign = str_from(red_signs[i].sign), rest = node->text;
		if (rest.len < sign.len || (sign.len && memcmp(rest.data, sign.data, sign.len) != 0))
			continue;
		rest = str_trim((struct str){rest.data + sign.len, rest.len - sign.len});
		if (!decimal_parse_e4(rest, &e4) || e4 > INT32_MAX)
			break;
		question->red = red_signs[i].red;
		question->red_e4 = (int32_t)e4;
		return;
	}
	loader_expected(loader, node, "一个数，或“<数”“<=数”“>数”“>=数”（要加引号）");
}

static const char *choice_at(const void *arg, int index)
{
	return ((const struct scheme_texts *)arg)->at[index];
}

static void read_red_choice(struct loader *loader, const struct ynode *node,
			    struct scheme_question *question)
{
	if (node->kind != YNODE_TEXT) {
		loader_expected(loader, node, "choices 中的一项");
		return;
	}
	for (int i = 0; i < question->choices.n && i < SCHEME_CHOICES_MAX; i++)
		if (str_eqs(str_trim(node->text), question->choices.at[i])) {
			set_bit(loader, node, &question->red_choices, i);
			question->red = RED_CHOICES;
			return;
		}
	loader_unknown(loader, node, "这个选项：", node->text, question->choices.n, choice_at,
		&question->choices);
}

static void read_red(struct loader *loader, const struct key *key, const struct ynode *node,
		     void *member, void *record)
{
	struct scheme_question *question = record;
	(void)key, (void)member;
	switch (question->ask) {
	case ASK_YES_NO:
		if (node->kind == YNODE_TEXT &&
		    (str_eqs(node->text, "yes") || str_eqs(node->text, "是")))
			question->red = RED_YES;
		else if (node->kind == YNODE_TEXT &&
			 (str_eqs(node->text, "no") || str_eqs(node->text, "否")))
			question->red = RED_NO;
		else
			loader_expected(loader, node, "yes 或 no");
		break;
	case ASK_CHOICE:
		if (node->kind != YNODE_LIST)
			read_red_choice(loader, node, question);
		else
			for (const struct ynode *child = node->first; child; child = child->next)
				read_red_choice(loader, child, question);
		break;
	case ASK_NUMBER:
		read_red_number(loader, node, question);
		break;
	case ASK_TEXT:
		loader_fault(loader, node, "文字题没有预警值，请删去这一行");
		break;
	}
}

const struct type type_id = {"标识：字母、数字、- _ .，以字母或数字开头，不超过 64 个", read_id};
const struct type type_label = {"一行文字", read_label};
const struct type type_text = {"文字", read_text};
const struct type type_texts = {"文字的列表", read_texts};
const struct type type_flag = {"true 或 false", read_flag};
const struct type type_points = {"数，最多 4 位小数", read_points};
const struct type type_share = {" 0% 到 100% 的百分比，带半角 %，最多 4 位小数", read_share};
const struct type type_count = {"整数", read_count};
const struct type type_counts = {"整数的列表", read_counts};
const struct type type_word = {"一个词", read_word};
const struct type type_words = {"词的列表", read_words};
const struct type type_ref = {"一个标识（id）", read_ref};
const struct type type_refs = {"标识（id）的列表", read_refs};
const struct type type_ref_list = {"标识（id）的列表，按顺序", read_ref_list};
const struct type type_within = {"all 或一个层级", read_within};
const struct type type_date = {"月-日，例如 03-27", read_date};
const struct type type_points_by_category = {"一组“类别: 数”", read_points_by_category};
const struct type type_texts_by_category = {"一组“类别: 文字”", read_texts_by_category};
const struct type type_level_labels = {"一组“层级: 名称”", read_level_labels};
const struct type type_names_of_grades = {"等次的列表", read_names_of_grades};
const struct type type_red = {"预警值", read_red};
