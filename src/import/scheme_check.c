/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What no single key of a scheme file can say: sums, orders, what goes
 * together; then the parts that are computed from others.
 */
#include "import/scheme_load.h"

/* The node of `key` in entry `index` of the list `list`; of the entry, the list
 * or the whole file where there is none: a place to point to. */
static const struct ynode *place(const struct loader *loader, const char *list, int index,
				 const char *key)
{
	const struct ynode *node = ynode_get(loader->root, list);
	const struct ynode *entry = index >= 0 ? ynode_at(node, index) : NULL;
	const struct ynode *value = key ? ynode_get(entry ? entry : node, key) : NULL;
	if (value)
		return value;
	if (entry)
		return entry;
	return node ? node : loader->root;
}

static bool has(const struct loader *loader, const char *list, int index, const char *key)
{
	return ynode_get(ynode_at(ynode_get(loader->root, list), index), key) != NULL;
}

/* ---- Grading ---- */

static void check_needed(struct loader *loader)
{
	static const struct {
		const char *key, *what;
	} needed[] = {{"indicators", "指标"}, {"sources", "评价主体"}, {"grades", "等次"}};
	if (loader->draft->scheme.kind == SCHEME_RECTIFICATION)
		return;
	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		const struct ynode *node = ynode_get(loader->root, needed[i].key);
		if (!node)
			loader_fault(loader, loader->root, "缺少键 %s（%s）", needed[i].key,
				     needed[i].what);
		else if (node->kind == YNODE_LIST && !node->n)
			loader_fault(loader, node, "有 0 项，至少 1 项");
	}
}

static void check_categories(struct loader *loader)
{
	struct scheme *scheme = &loader->draft->scheme;
	for (int f = 0; f < FIELD_COUNT; f++)
		scheme->category_of_field[f] = -1;
	for (int c = 0; c < scheme->n_categories; c++)
		for (int f = 0; f < FIELD_COUNT; f++) {
			if (!(scheme->categories[c].fields & 1u << f))
				continue;
			int first = scheme->category_of_field[f];
			if (first < 0)
				scheme->category_of_field[f] = c;
			else
				loader_fault(loader, place(loader, "categories", c, "fields"),
					     "领域 %s（%s）已属于类别 %s", field_id((enum field)f),
					     field_label((enum field)f),
					     scheme->categories[first].id
						     ? scheme->categories[first].id : "");
		}
}

/* Headings of score files: an indicator of that name could not be told apart. */
static void check_indicator_names(struct loader *loader)
{
	static const char *const taken[] = {
		"org", "组织代码", "source", "评价主体", "rater", "评价人", "indicator", "指标",
		"points", "得分", "name", "名称", "note", "备注"};
	const struct draft *draft = loader->draft;
	for (int i = 0; i < draft->n_indicators; i++) {
		const struct scheme_indicator *in = &draft->indicators[i].indicator;
		const char *const texts[] = {in->id, in->label}, *const keys[] = {"id", "label"};
		for (int k = 0; k < 2; k++)
			for (size_t j = 0; texts[k] && j < ARRAY_LEN(taken); j++)
				if (strcmp(texts[k], taken[j]) == 0)
					loader_fault(loader, place(loader, "indicators", i, keys[k]),
						     "“%s”是打分表的列名，请换一个", taken[j]);
	}
}

static int32_t max_in_category(const struct draft_indicator *indicator, int category)
{
	int32_t own = indicator->max_by_category_e4[category];
	return own != POINTS_UNKNOWN ? own : indicator->max_e4;
}

/* The items that belong to a category add to the indicator's maximum for it. */
static void check_items(struct loader *loader, int index, int category)
{
	const struct draft_indicator *indicator = &loader->draft->indicators[index];
	int64_t sum = 0;
	int n = 0;
	char a[24], b[24];
	for (int j = 0; j < indicator->n_items; j++) {
		if (!(indicator->items[j].item.categories & 1u << category))
			continue;
		if (indicator->items[j].max_e4 == POINTS_UNKNOWN)
			return;
		sum += indicator->items[j].max_e4;
		n++;
	}
	int32_t max = max_in_category(indicator, category);
	const char *label = loader->draft->scheme.categories[category].label;
	if (n && max != POINTS_UNKNOWN && sum != max)
		loader_fault(loader, place(loader, "indicators", index, "items"),
			     "类别“%s”的小项满分合计 %s，应等于该指标的满分 %s", label ? label : "",
			     points_text(sum, a), points_text(max, b));
}

static void check_maxima(struct loader *loader)
{
	struct draft *draft = loader->draft;
	struct scheme *scheme = &draft->scheme;
	char sum_text[24];

	for (int i = 0; i < draft->n_indicators; i++)
		for (int j = 0; j < draft->indicators[i].n_items; j++)
			if (!draft->indicators[i].items[j].item.categories)
				draft->indicators[i].items[j].item.categories = UINT32_MAX;
	for (int c = 0; c < scheme->n_categories; c++) {
		const char *label = scheme->categories[c].label ? scheme->categories[c].label : "";
		int64_t sum = 0;
		bool known = draft->n_indicators > 0;
		for (int i = 0; i < draft->n_indicators; i++) {
			int32_t max = max_in_category(&draft->indicators[i], c);
			known = known && max != POINTS_UNKNOWN;
			sum += max;
			check_items(loader, i, c);
		}
		if (!known)
			continue;
		points_text(sum, sum_text);
		if (!scheme->scale_to_100 && sum != 100 * 10000)
			loader_fault(loader, place(loader, "indicators", -1, NULL),
				     "类别“%s”的指标满分合计 %s，应为 100（要折算请写 score: {scale_to_100: "
				     "true}）", label, sum_text);
		else if (sum == 0 || sum > (int64_t)SCHEME_TOTAL_MAX * 10000)
			loader_fault(loader, place(loader, "indicators", -1, NULL),
				     "类别“%s”的指标满分合计 %s，应大于 0，不超过 %d", label, sum_text,
				     SCHEME_TOTAL_MAX);
		else
			scheme->categories[c].max_sum_e4 = (int32_t)sum;
	}
}

static void check_sources(struct loader *loader)
{
	struct scheme *scheme = &loader->draft->scheme;
	int64_t sum = 0;
	bool known = scheme->n_sources > 0, ballots = false;
	char text[24];

	for (int i = 0; i < scheme->n_sources; i++) {
		struct scheme_source *source = &scheme->sources[i];
		bool by_ballots = source->by == BY_BALLOTS;
		bool voters = has(loader, "sources", i, "voters");
		ballots = ballots || by_ballots;
		known = known && source->weight_e6 != SHARE_UNKNOWN;
		sum += source->weight_e6;
		if (by_ballots && !voters)
			loader_fault(loader, place(loader, "sources", i, NULL),
				     "缺少键 voters：投票测评要写明谁投票，例如 voters: [member, resident]");
		if (!by_ballots && voters)
			loader_fault(loader, place(loader, "sources", i, "voters"),
				     "只有 by: ballots 才有 voters");
		if (by_ballots && source->who == RATED_BY_COUNT)
			source->who = RATED_BY_VOTERS;
		else if (source->who == RATED_BY_COUNT)
			source->who = source->id && strcmp(source->id, "self") == 0
				? RATED_BY_SELF : RATED_BY_COMMITTEE;
		else if (by_ballots != (source->who == RATED_BY_VOTERS))
			loader_fault(loader, place(loader, "sources", i, "who"),
				     "who: voters 与 by: ballots 要一起用");
	}
	if (known && sum != 1000000)
		loader_fault(loader, place(loader, "sources", -1, NULL),
			     "各评价主体的权重合计 %s%%，应为 100%%", points_text(sum, text));
	if (ballots && !scheme->n_options) {
		const struct ynode *ballot = ynode_get(loader->root, "ballot");
		const struct ynode *options = ynode_get(ballot, "options");
		loader_fault(loader, options ? options : ballot ? ballot : loader->root,
			     "有投票测评（by: ballots）就要有测评票的选项 ballot.options");
	}
}

static void check_options(struct loader *loader)
{
	const struct scheme *scheme = &loader->draft->scheme;
	const struct ynode *list = ynode_get(ynode_get(loader->root, "ballot"), "options");
	for (int i = 0; i < scheme->n_options; i++) {
		const struct ynode *entry = ynode_at(list, i);
		const char *texts[] = {scheme->options[i].id, scheme->options[i].label};
		const struct ynode *nodes[] = {ynode_get(entry, "id"), ynode_get(entry, "label")};
		for (int k = 0; k < 2; k++)
			if (texts[k] && (strcmp(texts[k], "spoiled") == 0 ||
					 strcmp(texts[k], "废票") == 0))
				loader_fault(loader, nodes[k], "“%s”留给废票，请换一个", texts[k]);
	}
}

static void check_grades(struct loader *loader)
{
	struct scheme *scheme = &loader->draft->scheme;
	int32_t above = INT32_MAX;
	char a[24], b[24];

	for (int i = 0; i < scheme->n_grades; i++) {
		struct scheme_grade *grade = &scheme->grades[i];
		bool given = has(loader, "grades", i, "from");
		if (i == scheme->n_grades - 1) {
			if (given)
				loader_fault(loader, place(loader, "grades", i, "from"),
					     "最后一个等次不写 from：其余的都归它");
			grade->from_e4 = INT32_MIN;
		} else if (!given) {
			loader_fault(loader, place(loader, "grades", i, NULL),
				     "缺少键 from（最低得分）；只有最后一个等次不写");
		} else if (grade->from_e4 != INT32_MIN) {
			if (grade->from_e4 >= above)
				loader_fault(loader, place(loader, "grades", i, "from"),
					     "找到 %s，应低于上一等的 %s：等次从高到低写",
					     points_text(grade->from_e4, a), points_text(above, b));
			above = grade->from_e4;
		}
	}
}

static void take_goals(struct loader *loader)
{
	struct scheme *scheme = &loader->draft->scheme;
	for (int i = 0; i < loader->draft->n_goals; i++) {
		const struct draft_goal *goal = &loader->draft->goals[i];
		for (int g = 0; g < scheme->n_grades; g++) {
			if (!(goal->grades & 1u << g))
				continue;
			if (scheme->grades[g].goal[0])
				loader_fault(loader, place(loader, "goals", i, "grades"),
					     "等次 %s 的目标已经写过",
					     scheme->grades[g].id ? scheme->grades[g].id : "");
			scheme->grades[g].goal = goal->goal ? goal->goal : "";
			scheme->grades[g].measures = goal->measures;
		}
	}
}

static void check_rules(struct loader *loader)
{
	const struct scheme *scheme = &loader->draft->scheme;
	for (int i = 0; i < scheme->n_approval; i++)
		if (!has(loader, "approval", i, "stars") && !has(loader, "approval", i, "grades"))
			loader_fault(loader, place(loader, "approval", i, NULL),
				     "要写明哪些星级（stars）或哪些等次（grades）");
	if (scheme->local.given && !scheme->scale_to_100)
		loader_fault(loader, place(loader, "local", -1, NULL),
			     "有自设指标时满分之和不固定，要写 score: {scale_to_100: true}");
}

/* ---- The year ---- */

static void check_steps(struct loader *loader)
{
	static const struct {
		const char *id;
		enum scheme_step_kind kind;
	} known[] = {
		{"survey", STEP_SURVEY}, {"self", STEP_SELF}, {"ballot", STEP_BALLOT},
		{"grading", STEP_GRADING}, {"publicity", STEP_PUBLICITY}, {"review", STEP_REVIEW},
		{"improvement", STEP_IMPROVEMENT}, {"pick", STEP_PICK}, {"ledger", STEP_LEDGER},
		{"rectify", STEP_RECTIFY}, {"report", STEP_REPORT}, {"inspect", STEP_INSPECT},
		{"accept", STEP_ACCEPT}, {"lookback", STEP_LOOKBACK},
	};
	struct scheme *scheme = &loader->draft->scheme;
	for (int i = 0; i < scheme->n_steps; i++) {
		struct scheme_step *step = &scheme->steps[i];
		step->kind = STEP_OTHER;
		for (size_t j = 0; step->id && j < ARRAY_LEN(known); j++)
			if (strcmp(step->id, known[j].id) == 0)
				step->kind = known[j].kind;
		if (has(loader, "steps", i, "days") && has(loader, "steps", i, "from") &&
		    has(loader, "steps", i, "to"))
			loader_fault(loader, place(loader, "steps", i, "days"),
				     "已有 from 和 to，不要再写 days");
	}
}

static void check_survey(struct loader *loader)
{
	struct scheme *scheme = &loader->draft->scheme;
	for (int i = 0; i < scheme->n_survey; i++) {
		struct scheme_question *question = &scheme->survey[i];
		bool choice = question->ask == ASK_CHOICE;
		if (!question->categories)
			question->categories = (1u << scheme->n_categories) - 1;
		if (!has(loader, "survey", i, "ask"))
			continue;	/* said already */
		if (choice && !has(loader, "survey", i, "choices"))
			loader_fault(loader, place(loader, "survey", i, NULL),
				     "缺少键 choices（选择题的选项）");
		else if (choice && question->choices.n < 2)
			loader_fault(loader, place(loader, "survey", i, "choices"),
				     "有 %d 项，至少 2 项", question->choices.n);
		if (!choice && has(loader, "survey", i, "choices"))
			loader_fault(loader, place(loader, "survey", i, "choices"),
				     "只有 ask: choice 才有 choices");
		if (question->ask != ASK_NUMBER && has(loader, "survey", i, "unit"))
			loader_fault(loader, place(loader, "survey", i, "unit"),
				     "只有 ask: number 才有 unit");
		for (int a = 0; a < question->choices.n; a++)
			for (int b = 0; b < a; b++)
				if (strcmp(question->choices.at[a], question->choices.at[b]) == 0)
					loader_fault(loader, place(loader, "survey", i, "choices"),
						     "“%s”重复", question->choices.at[a]);
		static const char *const need_red[] = {"criterion", "support", "condition"};
		for (size_t k = 0; k < ARRAY_LEN(need_red); k++)
			if (has(loader, "survey", i, need_red[k]) && !has(loader, "survey", i, "red"))
				loader_fault(loader, place(loader, "survey", i, need_red[k]),
					     "要先写 red（哪个回答算预警）");
	}
}

/* ---- Rectification ---- */

/* Which keys belong to which reason: bit per enum rectify_because. */
static const struct {
	const char *key;
	uint32_t must, may;
} rectify_keys[] = {
	{"grades", 1u << BECAUSE_GRADE | 1u << BECAUSE_EXAMINATION, 0},
	{"at_least", 1u << BECAUSE_BOTTOM, 0},
	{"within", 0, 1u << BECAUSE_BOTTOM},
	{"by_category", 0, 1u << BECAUSE_BOTTOM},
	{"below", 1u << BECAUSE_BALLOT, 0},
	{"at_least_one_per", 0, 1u << BECAUSE_NOMINATED},
};

static void check_rectify(struct loader *loader)
{
	struct scheme *scheme = &loader->draft->scheme;
	for (int i = 0; i < scheme->n_rectify; i++) {
		struct scheme_rectify *rule = &scheme->rectify[i];
		uint32_t because = 1u << rule->because;
		if (!rule->categories)
			rule->categories = (1u << scheme->n_categories) - 1;
		if (!has(loader, "rectify", i, "because"))
			continue;	/* said already */
		for (size_t k = 0; k < ARRAY_LEN(rectify_keys); k++) {
			bool given = has(loader, "rectify", i, rectify_keys[k].key);
			if (given && !((rectify_keys[k].must | rectify_keys[k].may) & because))
				loader_fault(loader, place(loader, "rectify", i, rectify_keys[k].key),
					     "这条理由不用这个键");
			if (!given && rectify_keys[k].must & because)
				loader_fault(loader, place(loader, "rectify", i, NULL),
					     "这条理由缺少键 %s", rectify_keys[k].key);
		}
		if (rule->because == BECAUSE_CRITERIA && !scheme->n_criteria)
			loader_fault(loader, place(loader, "rectify", i, NULL),
				     "按标准确定就要有整顿标准 criteria");
	}
}

static void check_support(struct loader *loader)
{
	const struct scheme *scheme = &loader->draft->scheme;
	for (int i = 0; i < scheme->n_support; i++)
		for (int j = 0; j < i; j++)
			if (scheme->support[i].kind == scheme->support[j].kind &&
			    has(loader, "support", i, "kind"))
				loader_fault(loader, place(loader, "support", i, "kind"),
					     "重复，第 %d 项已经用过", j + 1);
}

/* LD-5a: what success is. */
static const struct scheme_acceptance_item default_items[] = {
	{"team", "党组织班子配齐配强", 25 * 10000, ""},
	{"activity", "能组织带领党员正常开展活动", 25 * 10000, ""},
	{"problems", "能解决自身建设和党员作风方面存在的突出问题", 25 * 10000, ""},
	{"service", "努力做好服务群众的各项工作", 25 * 10000, ""},
};

static void check_acceptance(struct loader *loader)
{
	struct scheme_acceptance *acceptance = &loader->draft->scheme.acceptance;
	const struct ynode *items = ynode_get(place(loader, "acceptance", -1, NULL), "items");
	int64_t sum = 0;
	char text[24];

	if (!items) {
		acceptance->n_items = ARRAY_LEN(default_items);
		acceptance->items = arena_zalloc(loader->arena, ARRAY_LEN(default_items),
						 sizeof(default_items[0]));
		if (acceptance->items)
			memcpy(acceptance->items, default_items, sizeof(default_items));
		else
			loader->nomem = true;
		return;
	}
	for (int i = 0; i < acceptance->n_items; i++) {
		if (acceptance->items[i].max_e4 == POINTS_UNKNOWN)
			return;
		sum += acceptance->items[i].max_e4;
	}
	if (acceptance->n_items && sum != 100 * 10000)
		loader_fault(loader, items, "验收项目满分合计 %s，应为 100", points_text(sum, text));
}

static void check_case(struct loader *loader)
{
	struct scheme_case *cases = &loader->draft->scheme.cases;
	if (cases->at_most_months && cases->at_least_months > cases->at_most_months)
		loader_fault(loader, place(loader, "case", -1, "at_most_months"),
			     "找到 %d，应不少于 at_least_months 的 %d", cases->at_most_months,
			     cases->at_least_months);
	for (int i = 1; i < cases->n_lookbacks; i++)
		if (cases->lookback_months[i] && cases->lookback_months[i - 1] &&
		    cases->lookback_months[i] <= cases->lookback_months[i - 1])
			loader_fault(loader, place(loader, "case", -1, "lookbacks"),
				     "应从小到大，%d 不大于 %d", cases->lookback_months[i],
				     cases->lookback_months[i - 1]);
}

/* ---- The computed parts ---- */

static void add_leaf(struct scheme *scheme, int indicator, int item, int32_t max_e4)
{
	scheme->leaves[scheme->n_leaves++] = (struct scheme_leaf){
		.indicator = indicator, .item = item, .max_e4 = max_e4};
}

static void finish_items(struct loader *loader, int i)
{
	struct scheme *scheme = &loader->draft->scheme;
	const struct draft_indicator *from = &loader->draft->indicators[i];
	struct scheme_indicator *to = &scheme->indicators[i];

	to->items = arena_zalloc(loader->arena, (size_t)from->n_items, sizeof(*to->items));
	if (!to->items) {
		loader->nomem = true;
		return;
	}
	to->n_items = from->n_items;
	for (int j = 0; j < from->n_items; j++) {
		to->items[j] = from->items[j].item;
		to->items[j].categories &= (1u << scheme->n_categories) - 1;
		to->items[j].leaf = scheme->n_leaves;
		add_leaf(scheme, i, j, from->items[j].max_e4);
		struct scheme_leaf *leaf = &scheme->leaves[scheme->n_leaves - 1];
		for (int c = 0; c < scheme->n_categories; c++)
			if (to->items[j].categories & 1u << c)
				leaf->max_by_category_e4[c] = from->items[j].max_e4;
	}
}

/* Indicators and leaves: wholes first, in order, then items. */
static void finish_indicators(struct loader *loader)
{
	struct draft *draft = loader->draft;
	struct scheme *scheme = &draft->scheme;
	int leaves = draft->n_indicators;

	for (int i = 0; i < draft->n_indicators; i++)
		leaves += draft->indicators[i].n_items;
	if (leaves > SCHEME_LEAVES_MAX) {
		loader_fault(loader, place(loader, "indicators", -1, NULL),
			     "指标和小项共 %d 个，最多 %d 个", leaves, SCHEME_LEAVES_MAX);
		return;
	}
	scheme->indicators = arena_zalloc(loader->arena, (size_t)draft->n_indicators,
					  sizeof(*scheme->indicators));
	scheme->leaves = arena_zalloc(loader->arena, (size_t)leaves, sizeof(*scheme->leaves));
	if (!scheme->indicators || !scheme->leaves) {
		loader->nomem = true;
		return;
	}
	scheme->n_indicators = draft->n_indicators;
	for (int i = 0; i < draft->n_indicators; i++) {
		scheme->indicators[i] = draft->indicators[i].indicator;
		scheme->indicators[i].leaf = scheme->n_leaves;
		add_leaf(scheme, i, -1, draft->indicators[i].max_e4);
		struct scheme_leaf *leaf = &scheme->leaves[scheme->n_leaves - 1];
		for (int c = 0; c < scheme->n_categories; c++)
			leaf->max_by_category_e4[c] = max_in_category(&draft->indicators[i], c);
	}
	for (int i = 0; i < draft->n_indicators && !loader->nomem; i++)
		finish_items(loader, i);
}

void scheme_check(struct loader *loader)
{
	check_needed(loader);
	check_categories(loader);
	check_indicator_names(loader);
	check_maxima(loader);
	check_sources(loader);
	check_options(loader);
	check_grades(loader);
	take_goals(loader);
	check_rules(loader);
	check_steps(loader);
	check_survey(loader);
	check_rectify(loader);
	check_support(loader);
	check_acceptance(loader);
	check_case(loader);
	finish_indicators(loader);
}
