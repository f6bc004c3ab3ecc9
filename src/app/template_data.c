/* SPDX-License-Identifier: Apache-2.0 */
/* The placeholders there are, and what each is worth at a node. */
#include "app/template_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms_cases.h"
#include "app/org_field.h"

/* ---- names ---- */

struct name {
	const char *name, *about, *example;
	bool number, written;
};

static const struct name ones[] = {
	{"单位", "填报单位的名称", "石桥镇", false, false},
	{"单位简称", "填报单位的简称", "石桥", false, false},
	{"单位代码", "填报单位的组织代码", "02", false, false},
	{"上级单位", "填报单位的上级", "云岭县", false, false},
	{"单位书记", "填报单位的书记", "马建军", false, false},
	{"单位联络员", "填报单位的联络员", "冯雪", false, false},
	{"单位联络员电话", "填报单位联络员的电话", "0000-0102", false, false},
	{"年度", "年度工作的年份；没有选时是今年", "2026", true, false},
	{"年度工作", "年度工作的名称", "2026年分类定级", false, false},
	{"方案", "年度工作所用的方案", "分类定级评星晋位实施方案", false, false},
	{"填表时间", "今天", "2026年11月22日", false, false},
	{"填表人", "正在填表的人", "冯雪", false, false},
	{"组织数", "所辖党组织（基层）的个数", "23", true, false},
	{"党员总数", "所辖党组织的党员数之和", "862", true, false},
	{"整顿数", "正在整顿的党组织个数", "3", true, false},
	{"问题数", "正在整顿的党组织的问题个数", "7", true, false},
	{0},
};
enum { ONE_UNIT, ONE_SHORT, ONE_CODE, ONE_PARENT, ONE_SECRETARY, ONE_LIAISON, ONE_LIAISON_PHONE, ONE_YEAR,
       ONE_CAMPAIGN, ONE_SCHEME, ONE_DAY, ONE_WHO, ONE_ORGS, ONE_MEMBERS, ONE_CASES, ONE_PROBLEMS, ONES };
_Static_assert(ARRAY_LEN(ones) == ONES + 1, "one index a name");

/* Those of an organisation; its particulars, from ORG_FIELDS on, are those of org_field.h
 * and stand between. */
static const struct name org_before[] = {
	{"序号", "第几个", "1", true, false},
	{"代码", "组织代码；读回时靠它认出是哪个党组织", "02-602", false, false},
	{"上级", "上级党组织", "石桥镇", false, false},
};
static const struct name org_after[] = {
	{"类别", "方案里的类别", "农村", false, false},
	{"综合得分", "综合得分", "88.50", true, false},
	{"等次", "等次", "较好", false, false},
	{"星级", "星级", "三星级", false, false},
	{"排名", "排名", "5", true, false},
	{"定级备注", "调整、票数少等说明", "票数少，只公布等次", false, false},
	{"得分1", "第一个评价主体的得分，依方案的次序", "90.00", true, false},
	{"得分2", "第二个评价主体的得分", "86.00", true, false},
	{"得分3", "第三个评价主体的得分", "89.00", true, false},
	{"得分4", "第四个评价主体的得分", "87.00", true, false},
	{"得分5", "第五个评价主体的得分", "87.00", true, false},
	{"得分6", "第六个评价主体的得分", "87.00", true, false},
};
enum { ORG_NUMBER_, ORG_CODE, ORG_PARENT, ORG_FIELDS, AFTER_CATEGORY = 0, AFTER_SCORE, AFTER_GRADE,
       AFTER_STARS, AFTER_RANK, AFTER_NOTE, AFTER_SOURCES };

static const struct name child_names[] = {
	{"序号", "第几个", "1", true, false}, {"名称", "下级单位的名称", "石桥镇", false, false},
	{"简称", "简称", "石桥", false, false}, {"代码", "组织代码", "02", false, false},
	{"书记", "书记", "马建军", false, false}, {"联络员", "联络员", "冯雪", false, false},
	{"联络员电话", "联络员电话", "0000-0102", false, false},
	{"组织数", "所辖党组织（基层）的个数", "23", true, false},
	{"党员总数", "所辖党组织的党员数之和", "862", true, false},
	{"整顿数", "正在整顿的党组织个数", "3", true, false},
	{0},
};
enum { CHILD_N, CHILD_NAME, CHILD_SHORT, CHILD_CODE, CHILD_SECRETARY, CHILD_LIAISON, CHILD_PHONE, CHILD_ORGS,
       CHILD_MEMBERS, CHILD_CASES };

static const struct name case_names[] = {
	{"序号", "第几个", "1", true, false}, {"名称", "整顿的党组织", "柳树沟村党支部", false, false},
	{"代码", "它的组织代码", "02-601", false, false}, {"上级", "上级党组织", "石桥镇", false, false},
	{"领域", "领域", "农村", false, false}, {"党员数", "党员数", "41", true, false},
	{"书记", "书记", "何平", false, false}, {"书记电话", "书记电话", "0000-0101", false, false},
	{"主要表现", "具体表现", "书记空缺七个月", false, false},
	{"主要问题", "全部问题连成一句", "书记空缺；账目不公开", false, false},
	{"整顿措施", "全部措施连成一句", "下派书记；镇里代管", false, false},
	{"问题数", "问题的个数", "2", true, false}, {"联系领导", "联系领导", "唐国强", false, false},
	{"帮扶单位", "帮扶单位", "县司法局", false, false}, {"工作班子", "工作班子", "罗群", false, false},
	{"第一书记", "第一书记", "罗群", false, false}, {"完成时限", "全案期限", "2026年12月30日", false, false},
	{0},
};
enum { CASE_N, CASE_NAME, CASE_CODE, CASE_PARENT, CASE_FIELD, CASE_MEMBERS, CASE_SECRETARY, CASE_PHONE,
       CASE_SHOWS, CASE_PROBLEMS_TEXT, CASE_MEASURES, CASE_COUNT, CASE_LEADER, CASE_SUPPORT, CASE_TEAM,
       CASE_FIRST, CASE_UNTIL };

static const struct name problem_names[] = {
	{"序号", "第几个", "1", true, false}, {"编号", "问题的编号；读回时靠它认出是哪个问题", "10000012", false, false},
	{"党组织", "整顿的党组织", "柳树沟村党支部", false, false}, {"代码", "它的组织代码", "02-601", false, false},
	{"上级", "上级党组织", "石桥镇", false, false}, {"问题", "存在的问题", "书记空缺", false, true},
	{"原因", "成因", "原书记因病辞职", false, true}, {"措施", "整顿措施", "镇里下派书记", false, true},
	{"目标", "整顿目标", "配齐委员", false, true}, {"责任领导", "联系领导", "唐国强", false, false},
	{"责任人", "责任人姓名", "何平", false, true}, {"责任人职务", "责任人职务", "镇党建办主任", false, true},
	{"责任人电话", "责任人电话", "0000-0146", false, true},
	{"时限", "完成时限；整改开始以后要走“申请延期”", "2026-12-01", false, true},
	{"进展", "进展情况", "正在整改，50%", false, false}, {"是否销号", "是或否", "否", false, false},
	{0},
};
enum { PROBLEM_N, PROBLEM_ID, PROBLEM_ORG, PROBLEM_CODE, PROBLEM_PARENT, PROBLEM_TEXT, PROBLEM_CAUSE,
       PROBLEM_MEASURE, PROBLEM_GOAL, PROBLEM_LEADER, PROBLEM_OWNER, PROBLEM_POST, PROBLEM_PHONE,
       PROBLEM_UNTIL, PROBLEM_PROGRESS, PROBLEM_SETTLED };

static const struct name grade_names[] = {
	{"序号", "第几个", "1", true, false}, {"名称", "等次", "较好", false, false},
	{"数量", "这一等次的党组织个数", "12", true, false}, {"占比", "占已定级的百分比，一位小数", "48.0", true, false},
	{0},
};

const struct template_list_kind template_lists[] = {
	{"组织", "所辖党组织（基层），按组织树的次序", true},
	{"名次", "已定级的党组织，按得分从高到低；字段和“组织”一样", false},
	{"下级", "下一级单位，每个一行；放在工作表名里，每个一张表", true},
	{"整顿", "正在整顿的党组织", true},
	{"问题", "正在整顿的党组织的问题，一个问题一行", false},
	{"等次", "年度工作的各个等次", false},
	{0},
};

static int org_names(void)
{
	return (int)ARRAY_LEN(org_before) + org_n_fields + (int)ARRAY_LEN(org_after);
}

/* By the id of the field. */
static const char *field_example(const char *id)
{
	static const struct {
		const char *id, *example;
	} examples[] = {
		{"name", "三岔口村党支部"}, {"short_name", "三岔口"}, {"level", "基层"}, {"field", "农村"},
		{"kind", "党支部"}, {"members", "41"}, {"residents", "1260"}, {"secretary", "张垚"},
		{"secretary_phone", "0000-0107"}, {"secretary_since", "2024-03-01"},
		{"secretary_until", "2027-03-01"}, {"liaison", "宋玉兰"}, {"liaison_phone", "0000-0108"},
		{"liaison_other", "工作群"}, {"cadre", "何平"}, {"founded", "1987-07-01"},
		{"election_due", "2027-03-01"}, {"note", "与邻村联建"},
	};
	for (size_t i = 0; i < ARRAY_LEN(examples); i++)
		if (strcmp(id, examples[i].id) == 0)
			return examples[i].example;
	return "";
}

static struct name org_name(int i)
{
	if (i < (int)ARRAY_LEN(org_before))
		return org_before[i];
	i -= (int)ARRAY_LEN(org_before);
	if (i >= org_n_fields)
		return org_after[i - org_n_fields];
	const struct org_field *f = &org_fields[i];
	return (struct name){f->label, f->label, field_example(f->id), f->kind == ORG_NUMBER, true};
}

/* The i-th name of a list; name NULL at the end. */
static struct name list_name(enum template_list_id list, int i)
{
	static const struct name *const tables[LIST_COUNT] = {
		[LIST_CHILDREN] = child_names, [LIST_CASES] = case_names, [LIST_PROBLEMS] = problem_names,
		[LIST_GRADES] = grade_names,
	};
	if (list == LIST_ORGS || list == LIST_RANKED) {
		struct name n = i < org_names() ? org_name(i) : (struct name){0};
		n.written &= list == LIST_ORGS;
		return n;
	}
	return tables[list][i];
}

const struct template_known *templates_known(struct arena *arena, int *ret_n)
{
	int n = ONES, at = 0;
	for (int l = 0; l < LIST_COUNT; l++)
		for (int i = 0; list_name((enum template_list_id)l, i).name; i++)
			n++;
	struct template_known *known = arena_zalloc(arena, (size_t)n, sizeof(*known));
	for (int i = 0; known && i < ONES; i++)
		known[at++] = (struct template_known){ones[i].name, ones[i].about, ones[i].example, false};
	for (int l = 0; known && l < LIST_COUNT; l++)
		for (int i = 0; list_name((enum template_list_id)l, i).name; i++) {
			struct name one = list_name((enum template_list_id)l, i);
			known[at++] = (struct template_known){
				arena_printf(arena, "%s.%s", template_lists[l].name, one.name), one.about,
				one.example, one.written};
			if (!known[at - 1].name)
				return NULL;
		}
	*ret_n = n;
	return known;
}

/* ---- what a template uses ---- */

static int list_id(struct str name)
{
	for (int l = 0; l < LIST_COUNT; l++)
		if (str_eqs(name, template_lists[l].name))
			return l;
	return -1;
}

static int want(struct template_wants *wants, int list, struct str field, struct arena *arena)
{
	int i = 0, n = 0;
	while (list_name((enum template_list_id)list, n).name)
		n++;
	while (i < n && !str_eqs(field, list_name((enum template_list_id)list, i).name))
		i++;
	if (!wants->lists[list].fields) {
		wants->lists[list].fields = arena_alloc(arena, ((size_t)n + 1) * sizeof(char *));
		wants->lists[list].at = arena_alloc(arena, ((size_t)n + 1) * sizeof(int));
		if (!wants->lists[list].fields || !wants->lists[list].at)
			return ERR_NOMEM;
	}
	for (int k = 0; k < wants->lists[list].n; k++)
		if (wants->lists[list].at[k] == i)
			return 0;
	if (i == n)
		return 0;
	wants->lists[list].at[wants->lists[list].n] = i;
	wants->lists[list].fields[wants->lists[list].n++] = list_name((enum template_list_id)list, i).name;
	return 0;
}

static void want_one(struct template_wants *wants, struct str name)
{
	wants->sums |= str_eqs(name, ones[ONE_ORGS].name) || str_eqs(name, ones[ONE_MEMBERS].name);
	wants->cases |= str_eqs(name, ones[ONE_CASES].name) || str_eqs(name, ones[ONE_PROBLEMS].name);
}

int template_wants(const struct template_found *found, int n, struct arena *arena,
		   struct template_wants *ret_wants, struct err_info *info)
{
	*ret_wants = (struct template_wants){0};
	for (int i = 0; i < n; i++) {
		struct template_name name = template_name_of(found[i].name);
		int list = name.kind == TEMPLATE_ONE ? -1 : list_id(name.list);
		if (name.kind == TEMPLATE_ONE)
			want_one(ret_wants, name.field);
		if (list < 0)
			continue;
		ret_wants->lists[list].any = true;
		if (want(ret_wants, list, name.field, arena) < 0)
			return err_nomem(info);
	}
	return 0;
}

/* ---- rows ---- */

struct rows {
	struct template_context *c;
	enum template_list_id list;
	struct template_value *cells;
	int64_t *ids;
	int n, cap;
	struct graded_org *graded;	/* by id */
	int n_graded;
	const char *parents[ORG_DEPTH_MAX];
};

static struct template_value *add_row(struct rows *rows, int64_t id)
{
	struct arena *arena = rows->c->fill.arena;
	size_t width = (size_t)rows->c->wants->lists[rows->list].n;
	if (rows->n == rows->cap) {
		int cap = rows->cap ? rows->cap * 2 : 64;
		struct template_value *cells = arena_zalloc(arena, (size_t)cap * (width + 1), sizeof(*cells));
		int64_t *ids = arena_alloc(arena, (size_t)cap * sizeof(*ids));
		if (!cells || !ids)
			return NULL;
		if (rows->n) {
			memcpy(cells, rows->cells, (size_t)rows->n * width * sizeof(*cells));
			memcpy(ids, rows->ids, (size_t)rows->n * sizeof(*ids));
		}
		rows->cells = cells;
		rows->ids = ids;
		rows->cap = cap;
	}
	rows->ids[rows->n] = id;
	return rows->cells + (size_t)rows->n++ * width;
}

static struct template_value text_of(const char *text)
{
	return (struct template_value){text && *text ? text : NULL, false};
}

static struct template_value number_of(struct form_fill *f, int64_t number)
{
	return (struct template_value){number < 0 ? NULL : arena_printf(f->arena, "%lld", (long long)number), true};
}

/* "88.50": a figure; anything else that a score may read as stays a text. */
static struct template_value score_of(const char *text)
{
	static const char digits[] = "0123456789";
	size_t whole = text ? strspn(text, digits) : 0, rest = 0;
	if (whole && text[whole] == '.')
		rest = 1 + strspn(text + whole + 1, digits);
	bool number = whole && whole < 10 && rest != 1 && rest < 6 && !text[whole + rest];
	return (struct template_value){text && *text ? text : NULL, number};
}

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct graded_org *)a)->id, y = ((const struct graded_org *)b)->id;
	return (x > y) - (x < y);
}

static struct template_value result_cell(struct rows *rows, const struct graded_list *list, int field,
					 const struct graded_org *o)
{
	struct form_fill *f = &rows->c->fill;
	switch (field) {
	case AFTER_CATEGORY:
		return text_of(o->category);
	case AFTER_SCORE:
		return score_of(o->score);
	case AFTER_GRADE:
		return text_of(o->grade < 0 ? NULL : list->grades[o->grade]);
	case AFTER_STARS:
		return text_of(form_stars(o->stars));
	case AFTER_RANK:
		return number_of(f, o->rank > 0 ? o->rank : -1);
	case AFTER_NOTE:
		return text_of(o->note);
	default:
		field -= AFTER_SOURCES;
		return score_of(field < list->n_sources && o->scores ? o->scores[field] : NULL);
	}
}

struct org_rows_of {
	struct rows rows;
	struct graded_list list;
	struct err_info *info;
};

/* One organisation as a row; `o` NULL: not graded. */
static int put_org(struct org_rows_of *of, const struct org *org, const char *parent,
		   const struct graded_org *o)
{
	struct rows *rows = &of->rows;
	struct form_fill *f = &rows->c->fill;
	struct template_value *cells = add_row(rows, org->id);
	const int *at = rows->c->wants->lists[rows->list].at;
	char scratch[32];
	if (!cells)
		return ERR_NOMEM;
	for (int i = 0; i < rows->c->wants->lists[rows->list].n; i++) {
		int field = at[i] - (int)ARRAY_LEN(org_before);
		if (at[i] == ORG_NUMBER_)
			cells[i] = number_of(f, rows->n);
		else if (at[i] == ORG_CODE)
			cells[i] = text_of(arena_strdup(f->arena, org->code));
		else if (at[i] == ORG_PARENT)
			cells[i] = text_of(parent);
		else if (field < org_n_fields)
			cells[i] = (struct template_value){
				fill_some(arena_strdup(f->arena, org_field_format(&org_fields[field], org, scratch))),
				org_fields[field].kind == ORG_NUMBER};
		else if (o)
			cells[i] = result_cell(rows, &of->list, field - org_n_fields, o);
	}
	return 0;
}

static int each_org(void *arg, const struct org *org, const char *parent_code)
{
	struct org_rows_of *of = arg;
	struct rows *rows = &of->rows;
	int depth = -1;
	(void)parent_code;
	for (const char *p = org->path; *p; p++)
		depth += *p == '/';
	if (depth < 1 || depth > ORG_DEPTH_MAX)
		return ERR_LIMIT;
	const char *name = arena_strdup(rows->c->fill.arena, org->name);
	if (!name)
		return ERR_NOMEM;
	const char *parent = depth > 1 && rows->parents[depth - 2] ? rows->parents[depth - 2] : "";
	rows->parents[depth - 1] = name;
	if (org->level != LEVEL_UNIT || org->state != ORG_ACTIVE)
		return 0;
	if (rows->n == TEMPLATE_ROWS_MAX)
		return ERR_LIMIT;
	const struct graded_org key = {.id = org->id};
	const struct graded_org *o = rows->n_graded ? bsearch(&key, rows->graded, (size_t)rows->n_graded,
							      sizeof(key), by_id) : NULL;
	return put_org(of, org, parent, o);
}

static bool wants_results(const struct template_context *c, enum template_list_id list)
{
	for (int i = 0; i < c->wants->lists[list].n; i++)
		if (c->wants->lists[list].at[i] >= (int)ARRAY_LEN(org_before) + org_n_fields)
			return true;
	return false;
}

static int load_orgs(struct template_context *c, struct rows *rows, struct err_info *info)
{
	struct org_rows_of of = {.rows = *rows, .info = info};
	struct form_fill *f = &c->fill;
	struct org above;
	int r = 0;
	if (wants_results(c, LIST_ORGS) && c->ask.campaign)
		r = fill_graded(f, &of.list, info);
	if (r == 0 && of.list.n) {
		of.rows.n_graded = of.list.n;
		of.rows.graded = arena_alloc(f->arena, (size_t)of.list.n * sizeof(*of.rows.graded));
		if (!of.rows.graded)
			return err_nomem(info);
		memcpy(of.rows.graded, of.list.orgs, (size_t)of.list.n * sizeof(*of.rows.graded));
		qsort(of.rows.graded, (size_t)of.list.n, sizeof(*of.rows.graded), by_id);
	}
	/* The name above the node itself is not met on the way down. */
	int depth = -1;
	for (const char *p = f->node.path; *p; p++)
		depth += *p == '/';
	if (r == 0 && f->node.parent && depth > 1 && depth <= ORG_DEPTH_MAX &&
	    (r = store_org_get(f->tx, f->node.parent, f->arena, &above)) > 0) {
		of.rows.parents[depth - 2] = above.name;
		r = 0;
	}
	if (r == 0)
		r = store_org_each(f->tx, f->node.path, each_org, &of);
	if (r == ERR_LIMIT)
		return err_set(info, r, "一个模板最多 %d 个党组织，请选择下一级分别填写", TEMPLATE_ROWS_MAX);
	*rows = of.rows;
	return r;
}

static int load_ranked(struct template_context *c, struct rows *rows, struct err_info *info)
{
	struct org_rows_of of = {.rows = *rows, .info = info};
	struct form_fill *f = &c->fill;
	int r = c->ask.campaign ? fill_graded(f, &of.list, info) : 0;
	int64_t *ids = arena_alloc(f->arena, ((size_t)of.list.n + 1) * sizeof(*ids));
	if (!ids)
		return err_nomem(info);
	for (int i = 0; r == 0 && i < of.list.n; i++)
		ids[i] = of.list.orgs[i].id;
	if (r == 0)
		r = store_orgs_know(f->tx, ids, of.list.n);
	for (int i = 0; r == 0 && i < of.list.n && i < TEMPLATE_ROWS_MAX; i++) {
		struct org org;
		if ((r = store_org_get(f->tx, of.list.orgs[i].id, f->arena, &org)) > 0)
			r = put_org(&of, &org, of.list.orgs[i].parent, &of.list.orgs[i]);
	}
	*rows = of.rows;
	return r;
}

/* ---- what stands below, and what is being rectified ---- */

static int sum_below(struct form_fill *f, const char *path, struct org_sum *ret_sum)
{
	struct org_filter filter = ORG_FILTER(path);
	struct org *orgs;
	int n;
	filter.level = LEVEL_UNIT;
	filter.state = ORG_ACTIVE;
	filter.limit = 1;
	return store_org_list(f->tx, &filter, f->arena, &orgs, &n, ret_sum);
}

static int load_children(struct template_context *c, struct rows *rows, struct err_info *info)
{
	struct form_fill *f = &c->fill;
	struct org_child *children;
	struct fill_case *cases = NULL;
	int n, n_cases = 0, r = store_org_children(f->tx, f->node.id, f->arena, &children, &n);
	if (r == 0)
		r = fill_cases(f, true, &cases, &n_cases, info);
	for (int i = 0; r == 0 && i < n; i++) {
		const struct org *o = &children[i].org;
		struct org_sum sum;
		int open = 0;
		if (o->state != ORG_ACTIVE || (o->level != LEVEL_UNIT && children[i].below == 0))
			continue;
		/* With no other below it is itself all that is summed up. */
		if (children[i].below == 0)
			sum = (struct org_sum){1, o->members > 0 ? o->members : 0};
		else if ((r = sum_below(f, o->path, &sum)) < 0)
			return r;
		for (int k = 0; k < n_cases; k++)
			open += strncmp(cases[k].row.org_path, o->path, strlen(o->path)) == 0;
		struct template_value *cells = add_row(rows, o->id);
		if (!cells)
			return err_nomem(info);
		const struct template_value values[] = {
			number_of(f, rows->n), text_of(o->name), text_of(*o->short_name ? o->short_name : o->name),
			text_of(o->code), text_of(o->secretary_name), text_of(o->liaison_name),
			text_of(o->liaison_phone), number_of(f, sum.n), number_of(f, sum.members), number_of(f, open),
		};
		for (int k = 0; k < c->wants->lists[LIST_CHILDREN].n; k++)
			cells[k] = values[c->wants->lists[LIST_CHILDREN].at[k]];
	}
	return r;
}

/* "一；二" */
static const char *joined(struct form_fill *f, const struct form_case *c, bool measures)
{
	AUTO(buf) struct buf b = {0};
	for (int i = 0; i < c->n; i++) {
		const char *text = measures ? c->problems[i].measure : c->problems[i].text;
		if (fill_some(text))
			buf_addf(&b, "%s%s", b.len ? "；" : "", text);
	}
	return b.len ? arena_strdup(f->arena, buf_str(&b)) : NULL;
}

static int load_cases(struct template_context *c, struct rows *rows, struct err_info *info)
{
	struct form_fill *f = &c->fill;
	struct fill_case *cases;
	int n, r = fill_cases(f, true, &cases, &n, info);
	for (int i = 0; r == 0 && i < n; i++) {
		struct form_case one;
		if ((r = fill_form_case(f, &cases[i], &one)) < 0)
			return r;
		struct template_value *cells = add_row(rows, cases[i].row.org);
		if (!cells)
			return err_nomem(info);
		const struct template_value values[] = {
			number_of(f, rows->n), text_of(one.name), text_of(cases[i].org.code), text_of(one.parent),
			text_of(one.category), number_of(f, one.members), text_of(one.secretary), text_of(one.phone),
			text_of(one.signs), text_of(joined(f, &one, false)), text_of(joined(f, &one, true)),
			number_of(f, one.n), text_of(one.leader), text_of(one.support), text_of(one.team),
			text_of(one.first_secretary), text_of(one.until),
		};
		for (int k = 0; k < c->wants->lists[LIST_CASES].n; k++)
			cells[k] = values[c->wants->lists[LIST_CASES].at[k]];
	}
	return r;
}

static int put_problems(struct template_context *c, struct rows *rows, const struct fill_case *of,
			struct err_info *info)
{
	struct form_fill *f = &c->fill;
	struct form_case one;
	struct case_problem *kept;
	int n, r = fill_form_case(f, of, &one);
	if (r == 0)
		r = store_problems(f->tx, of->row.id, of->row.round, f->arena, &kept, &n);
	for (int i = 0; r == 0 && i < n && i < one.n; i++) {
		const struct form_problem *p = &one.problems[i];
		struct template_value *cells = add_row(rows, of->row.org);
		if (!cells)
			return err_nomem(info);
		const struct template_value values[] = {
			number_of(f, rows->n), text_of(arena_printf(f->arena, "%lld", (long long)kept[i].id)),
			text_of(one.name), text_of(of->org.code), text_of(one.parent), text_of(p->text),
			text_of(p->cause), text_of(p->measure), text_of(p->goal), text_of(one.leader),
			text_of(kept[i].owner), text_of(kept[i].post), text_of(kept[i].phone), text_of(p->deadline),
			text_of(p->progress), text_of(p->done),
		};
		for (int k = 0; k < c->wants->lists[LIST_PROBLEMS].n; k++)
			cells[k] = values[c->wants->lists[LIST_PROBLEMS].at[k]];
	}
	return r;
}

static int load_problems(struct template_context *c, struct rows *rows, struct err_info *info)
{
	struct fill_case *cases;
	int n, r = fill_cases(&c->fill, true, &cases, &n, info);
	for (int i = 0; r == 0 && i < n; i++)
		r = put_problems(c, rows, &cases[i], info);
	return r;
}

static int load_grades(struct template_context *c, struct rows *rows, struct err_info *info)
{
	struct form_fill *f = &c->fill;
	struct graded_list list = {0};
	int graded = 0, r = c->ask.campaign ? fill_graded(f, &list, info) : 0;
	for (int i = 0; r == 0 && i < list.n; i++)
		graded += list.orgs[i].grade >= 0;
	for (int g = 0; r == 0 && g < list.n_grades; g++) {
		int n = 0;
		for (int i = 0; i < list.n; i++)
			n += list.orgs[i].grade == g;
		struct template_value *cells = add_row(rows, f->node.id);
		int64_t share = graded ? form_share_e1(n, graded) : 0;
		if (!cells)
			return err_nomem(info);
		const struct template_value values[] = {
			number_of(f, g + 1), text_of(list.grades[g]), number_of(f, n),
			{arena_printf(f->arena, "%lld.%lld", (long long)(share / 10), (long long)(share % 10)), true},
		};
		for (int k = 0; k < c->wants->lists[LIST_GRADES].n; k++)
			cells[k] = values[c->wants->lists[LIST_GRADES].at[k]];
	}
	return r;
}

/* ---- the whole ---- */

static int load_list(struct template_context *c, enum template_list_id list, struct template_list *out,
		     struct err_info *info)
{
	static int (*const loads[LIST_COUNT])(struct template_context *, struct rows *, struct err_info *) = {
		load_orgs, load_ranked, load_children, load_cases, load_problems, load_grades,
	};
	struct rows rows = {.c = c, .list = list};
	int r = c->wants->lists[list].any ? loads[list](c, &rows, info) : 0;
	*out = (struct template_list){template_lists[list].name, c->wants->lists[list].n, rows.n,
				      c->wants->lists[list].fields, rows.cells};
	c->ids[list] = rows.ids;
	return r;
}

static int load_ones(struct template_context *c, struct template_value *values, struct err_info *info)
{
	struct form_fill *f = &c->fill;
	struct org above = {.name = NULL};
	struct org_sum sum = {0};
	struct fill_case *cases = NULL;
	int n = 0, problems = 0, r = c->wants->sums ? sum_below(f, f->node.path, &sum) : 0;
	if (r == 0 && f->node.parent && (r = store_org_get(f->tx, f->node.parent, f->arena, &above)) > 0)
		r = 0;
	if (r == 0 && c->wants->cases)
		r = fill_cases(f, true, &cases, &n, info);
	for (int i = 0; r == 0 && i < n; i++) {
		struct case_problem *kept;
		int k;
		r = store_problems(f->tx, cases[i].row.id, cases[i].row.round, f->arena, &kept, &k);
		problems += r == 0 ? k : 0;
	}
	if (r < 0)
		return r;
	const struct org *o = &f->node;
	const struct template_value all[ONES] = {
		[ONE_UNIT] = text_of(o->name), [ONE_SHORT] = text_of(*o->short_name ? o->short_name : o->name),
		[ONE_CODE] = text_of(o->code), [ONE_PARENT] = text_of(above.name),
		[ONE_SECRETARY] = text_of(o->secretary_name), [ONE_LIAISON] = text_of(o->liaison_name),
		[ONE_LIAISON_PHONE] = text_of(o->liaison_phone), [ONE_YEAR] = number_of(f, f->head.year),
		[ONE_CAMPAIGN] = text_of(c->ask.campaign ? f->call.campaign.title : NULL),
		[ONE_SCHEME] = text_of(c->ask.campaign ? f->call.campaign.scheme_title : NULL),
		[ONE_DAY] = text_of(f->head.day), [ONE_WHO] = text_of(f->access.label),
		[ONE_ORGS] = number_of(f, sum.n), [ONE_MEMBERS] = number_of(f, sum.members),
		[ONE_CASES] = number_of(f, n), [ONE_PROBLEMS] = number_of(f, problems),
	};
	memcpy(values, all, sizeof(all));
	return 0;
}

/* The values of the organisation behind a row, as if it filled the template. */
static int one(void *arg, const char *list, int i, const struct template_data **ret_data,
	       struct err_info *info)
{
	struct template_context *c = arg;
	struct form_fill *f = &c->fill;
	int l = list_id(str_from(list));
	if (l < 0 || !template_lists[l].sheets || !c->ids[l])
		return err_set(info, ERR_INPUT, "“%s”不能一个一份，可以用的是：下级、组织、整顿", list);
	/* All rows are going to be asked for, from the first on. */
	if (i == 0 && store_orgs_know(f->tx, c->ids[l], c->data.lists[l].n) < 0)
		return db_error(f->tx, info);
	struct template_context *below = arena_zalloc(f->arena, 1, sizeof(*below));
	if (!below)
		return err_nomem(info);
	const struct template_ask ask = {.node = c->ids[l][i], .campaign = c->ask.campaign};
	int r = template_context(below, f->app, f->tx, f->caller, &ask, c->wants, f->arena, info);
	if (r == ERR_NOT_FOUND && ask.campaign) {
		/* It came after the campaign began. */
		const struct template_ask without = {.node = ask.node};
		r = template_context(below, f->app, f->tx, f->caller, &without, c->wants, f->arena, info);
	}
	if (r == 0)
		*ret_data = &below->data;
	return r;
}

int template_context(struct template_context *c, struct app *app, struct db_tx *tx,
		     const struct caller *caller, const struct template_ask *ask,
		     const struct template_wants *wants, struct arena *arena, struct err_info *info)
{
	*c = (struct template_context){.ask = {.form = "own", .node = ask->node, .campaign = ask->campaign},
				       .wants = wants};
	c->fill = (struct form_fill){.app = app, .tx = tx, .caller = caller, .ask = &c->ask, .arena = arena};
	int r = fill_enter(&c->fill, info);
	if (r < 0)
		return r;
	const char **names = arena_alloc(arena, ONES * sizeof(*names));
	struct template_value *values = arena_zalloc(arena, ONES, sizeof(*values));
	struct template_list *lists = arena_zalloc(arena, LIST_COUNT, sizeof(*lists));
	if (!names || !values || !lists)
		return err_nomem(info);
	for (int i = 0; i < ONES; i++)
		names[i] = ones[i].name;
	r = load_ones(c, values, info);
	for (int l = 0; l < LIST_COUNT && r == 0; l++)
		r = load_list(c, (enum template_list_id)l, &lists[l], info);
	if (r == ERR_NOMEM && !info->text[0])
		return err_nomem(info);
	c->data = (struct template_data){ONES, LIST_COUNT, names, values, lists};
	c->source = (struct template_source){&c->data, c, one};
	return r;
}
