/* SPDX-License-Identifier: Apache-2.0 */
/* F18: columns that somebody chose, of organisations and of their results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms_fill.h"
#include "app/org_field.h"
#include "domain/day.h"
#include "store/case.h"

enum { NUMBER_MAX = 15 /* digits */ };

const struct form_column form_columns[] = {
	{"name", "党组织名称", false}, {"code", "代码", false}, {"parent", "上级党组织", false},
	{"kind", "组织形式", false}, {"level", "层级", false}, {"field", "领域", false},
	{"members", "党员数", false}, {"residents", "群众数", false}, {"secretary_name", "书记姓名", false},
	{"secretary_phone", "书记电话", false}, {"secretary_until", "任期届满", false},
	{"liaison_name", "联络员", false}, {"liaison_phone", "联络员电话", false},
	{"cadre", "包村干部", false}, {"founded", "成立时间", false}, {"election_due", "应换届时间", false},
	{"category", "类别", true}, {"score", "综合得分", true}, {"grade", "等次", true},
	{"stars", "星级", true}, {"rank", "排名", true}, {"result_note", "定级备注", true},
	{"case_state", "整顿进度", false}, {"case_opened", "列入台账时间", false},
	{"case_deadline", "整顿时限", false}, {"case_problems", "问题数", false},
	{"case_done", "已整改问题数", false}, {"case_ended", "销号时间", false},
	{0},
};

#define USUAL_PLAIN "name,kind,field,members,secretary_name"
#define USUAL_CAMPAIGN "name,category,score,grade,stars,rank"

/* A case with how many problems it has, and how many of them are done. */
struct column_case {
	int64_t org;
	const struct ledger_case *row;
	int problems, done;
};

struct rows {
	int n_columns, n, at;
	const struct form_column *columns[FORM_COLUMNS_MAX];
	const char **cells;		/* [n × n_columns] */
	int64_t *ids;			/* [n] */
	int cap;
	struct form_fill *f;
	const char *parents[ORG_DEPTH_MAX];
	struct graded_list list;
	struct graded_org *orgs;	/* of the list, by id */
	bool campaign;			/* rows are those of the campaign */
	int field, grade, ledger;	/* filters; -1: any; ledger 1: in it now, 2: ever */
	bool wants_cases;
	struct column_case *cases;	/* by organisation */
	int n_cases;
};

static const struct form_column *find_column(struct str id)
{
	for (const struct form_column *c = form_columns; c->id; c++)
		if (str_eqs(id, c->id))
			return c;
	return NULL;
}

/* Two columns are called otherwise than the fields they show. */
const char *form_column_field(const struct form_column *c)
{
	const char *id = strcmp(c->id, "secretary_name") == 0 ? "secretary" :
			 strcmp(c->id, "liaison_name") == 0 ? "liaison" : c->id;
	if (strcmp(id, "code") == 0)
		return "代码";
	const struct org_field *field = c->campaign ? NULL : org_field_find(str_from(id));
	return field ? field->label : NULL;
}

static bool is_case_column(const struct form_column *c)
{
	return strncmp(c->id, "case_", 5) == 0;
}

static int choose(struct rows *rows, const char *ids, bool campaign, struct err_info *info)
{
	while (*ids) {
		struct str id = {ids, strcspn(ids, ",")};
		const struct form_column *c = find_column(id);
		if (!c)
			return err_set(info, ERR_INPUT, "没有“%.*s”这一列", STR_ARG(id));
		if (c->campaign && !campaign)
			return err_set(info, ERR_INPUT, "“%s”是定级结果，请先选择年度工作", c->label);
		if (rows->n_columns == FORM_COLUMNS_MAX)
			return err_set(info, ERR_LIMIT, "最多选 %d 列", FORM_COLUMNS_MAX);
		rows->campaign |= c->campaign;
		rows->wants_cases |= is_case_column(c);
		rows->columns[rows->n_columns++] = c;
		ids += id.len + (ids[id.len] == ',');
	}
	return rows->n_columns ? 0 : err_set(info, ERR_INPUT, "请至少选一列");
}

/* "field=0&grade=3&case=1" */
static void read_filter(struct rows *rows, const char *filter)
{
	const char *at;
	rows->field = rows->grade = rows->ledger = -1;
	if (filter && (at = strstr(filter, "case=")))
		rows->ledger = (int)strtol(at + 5, NULL, 10);
	rows->wants_cases |= rows->ledger > 0;
	if (filter && (at = strstr(filter, "field=")))
		rows->field = (int)strtol(at + 6, NULL, 10);
	if (filter && (at = strstr(filter, "grade=")))
		rows->grade = (int)strtol(at + 6, NULL, 10);
}

static const char *org_cell(struct rows *rows, const struct form_column *c, const struct org *org,
			    const char *parent)
{
	char scratch[32];
	if (strcmp(c->id, "code") == 0)
		return arena_strdup(rows->f->arena, org->code);
	if (strcmp(c->id, "parent") == 0)
		return parent;
	const char *label = form_column_field(c);
	const struct org_field *field = label ? org_field_find(str_from(label)) : NULL;
	return field ? arena_strdup(rows->f->arena, org_field_format(field, org, scratch)) : "";
}

static int by_case_org(const void *a, const void *b)
{
	int64_t x = ((const struct column_case *)a)->org, y = ((const struct column_case *)b)->org;
	return (x > y) - (x < y);
}

static struct column_case *case_of(const struct rows *rows, int64_t org)
{
	const struct column_case key = {.org = org};
	return rows->n_cases ? bsearch(&key, rows->cases, (size_t)rows->n_cases, sizeof(key), by_case_org) :
			       NULL;
}

static int load_cases(struct rows *rows)
{
	struct form_fill *f = rows->f;
	struct ledger_case *list;
	struct case_problem *problems = NULL;
	int n, n_problems = 0, r = store_case_list(f->tx, f->node.path, -1, f->arena, &list, &n);
	if (r == 0)
		r = store_problems_below(f->tx, f->node.path, f->arena, &problems, &n_problems);
	if (r < 0)
		return r;
	rows->cases = arena_zalloc(f->arena, (size_t)n + 1, sizeof(*rows->cases));
	if (!rows->cases)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		rows->cases[i] = (struct column_case){list[i].org, &list[i], 0, 0};
	rows->n_cases = n;
	qsort(rows->cases, (size_t)n, sizeof(*rows->cases), by_case_org);
	for (int i = 0; i < n_problems; i++) {
		struct column_case *c = case_of(rows, problems[i].org);
		if (!c)
			continue;
		c->problems++;
		c->done += problems[i].state != PROBLEM_OPEN;
	}
	return 0;
}

static const char *case_cell(struct rows *rows, const char *id, const struct column_case *c)
{
	if (!c)
		return "";
	const char *what = id + strlen("case_");
	if (strcmp(what, "state") == 0)
		return case_state_label(c->row->state);
	if (strcmp(what, "problems") == 0)
		return arena_printf(rows->f->arena, "%d", c->problems);
	if (strcmp(what, "done") == 0)
		return arena_printf(rows->f->arena, "%d", c->done);
	int32_t day = strcmp(what, "opened") == 0 ? c->row->opened_day :
		      strcmp(what, "deadline") == 0 ? c->row->deadline : c->row->written_off_day;
	char text[16];
	day_format(day, text);
	return arena_strdup(rows->f->arena, text);
}

/* Is it in the ledger as the filter wants? */
static bool fits_ledger(const struct rows *rows, const struct column_case *c)
{
	return rows->ledger <= 0 || (c && (rows->ledger == 2 || case_is_open(c->row->state)));
}

static const char *result_cell(struct rows *rows, const char *id, const struct graded_org *o)
{
	if (strcmp(id, "category") == 0)
		return o->category;
	if (strcmp(id, "score") == 0)
		return o->score;
	if (strcmp(id, "grade") == 0)
		return o->grade < 0 ? "" : rows->list.grades[o->grade];
	if (strcmp(id, "stars") == 0)
		return form_stars(o->stars);
	if (strcmp(id, "rank") == 0)
		return o->rank > 0 ? arena_printf(rows->f->arena, "%lld", (long long)o->rank) : "";
	return o->note;
}

/* Room for one more row; NULL without memory. */
static const char **add_row(struct rows *rows)
{
	if (rows->n == rows->cap) {
		int cap = rows->cap ? rows->cap * 2 : 256;
		const char **cells = arena_alloc(rows->f->arena, (size_t)cap * (size_t)rows->n_columns *
								 sizeof(*cells));
		int64_t *ids = arena_alloc(rows->f->arena, (size_t)cap * sizeof(*ids));
		if (!cells || !ids)
			return NULL;
		if (rows->n) {
			memcpy(cells, rows->cells, (size_t)rows->n * (size_t)rows->n_columns * sizeof(*cells));
			memcpy(ids, rows->ids, (size_t)rows->n * sizeof(*ids));
		}
		rows->cells = cells;
		rows->ids = ids;
		rows->cap = cap;
	}
	return rows->cells + (size_t)rows->n++ * (size_t)rows->n_columns;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct graded_org *)a)->id, y = ((const struct graded_org *)b)->id;
	return (x > y) - (x < y);
}

/* NULL where the campaign does not grade it, or not as the filter wants. */
static const struct graded_org *graded_of(const struct rows *rows, int64_t id)
{
	const struct graded_org key = {.id = id};
	const struct graded_org *o = rows->list.n ? bsearch(&key, rows->orgs, (size_t)rows->list.n,
							    sizeof(key), by_id) : NULL;
	return o && (rows->grade < 0 || o->grade == rows->grade) ? o : NULL;
}

/* The names on the way down, by depth, for the parent's name. */
static int each_org(void *arg, const struct org *org, const char *parent_code)
{
	struct rows *rows = arg;
	int depth = -1;
	(void)parent_code;
	for (const char *p = org->path; *p; p++)
		depth += *p == '/';
	if (depth < 1 || depth > ORG_DEPTH_MAX)
		return ERR_LIMIT;
	const char *name = arena_strdup(rows->f->arena, org->name);
	if (!name)
		return ERR_NOMEM;
	const char *parent = depth > 1 && rows->parents[depth - 2] ? rows->parents[depth - 2] : "";
	rows->parents[depth - 1] = name;
	if (org->level != LEVEL_UNIT || org->state != ORG_ACTIVE ||
	    (rows->field >= 0 && org->field != rows->field))
		return 0;
	const struct graded_org *graded = rows->campaign ? graded_of(rows, org->id) : NULL;
	const struct column_case *own = case_of(rows, org->id);
	if ((rows->campaign && !graded) || !fits_ledger(rows, own))
		return 0;
	if (rows->n == FORM_ORGS_MAX)
		return ERR_LIMIT;
	const char **cells = add_row(rows);
	if (!cells)
		return ERR_NOMEM;
	rows->ids[rows->n - 1] = org->id;
	for (int i = 0; i < rows->n_columns; i++)
		cells[i] = is_case_column(rows->columns[i]) ? case_cell(rows, rows->columns[i]->id, own) :
			   graded && rows->columns[i]->campaign ?
				   result_cell(rows, rows->columns[i]->id, graded) :
				   org_cell(rows, rows->columns[i], org, parent);
	if (!rows->f->ask->figure)
		return 0;
	const char *code = arena_strdup(rows->f->arena, org->code);
	return code ? fill_found(rows->f, "all", org->id, code, name) : ERR_NOMEM;
}

static int width_of(const struct form_column *c)
{
	static const struct {
		const char *id;
		int mm;
	} widths[] = {{"name", 56}, {"parent", 40}, {"members", 16}, {"residents", 18}, {"grade", 16},
		      {"rank", 14}, {"score", 20}, {"stars", 20}, {"result_note", 34}, {"level", 14}};
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		if (strcmp(c->id, widths[i].id) == 0)
			return widths[i].mm;
	return 26;
}

/* ---- the rows as the document asks for them ---- */

static void rewind_rows(void *arg)
{
	((struct rows *)arg)->at = 0;
}

/* A plain number, small enough to be the same in any spreadsheet. */
static bool set_number(const char *text, struct doc_cell *cell)
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(text, digits), rest = 0;
	if (!whole || whole > NUMBER_MAX || (text[0] == '0' && whole > 1))
		return false;
	if (text[whole] == '.')
		rest = strspn(text + whole + 1, digits);
	if (text[whole + (rest ? rest + 1 : 0)] || rest > 4 || whole + rest > NUMBER_MAX)
		return false;
	cell->number = 0;
	for (const char *p = text; *p; p++)
		if (*p != '.')
			cell->number = cell->number * 10 + (*p - '0');
	cell->places = (uint8_t)rest;
	cell->kind = DOC_NUMBER;
	return true;
}

static bool is_number_column(const struct form_column *c)
{
	return strcmp(c->id, "case_problems") == 0 || strcmp(c->id, "case_done") == 0 ||
	       strcmp(c->id, "members") == 0 || strcmp(c->id, "residents") == 0 ||
	       strcmp(c->id, "score") == 0 || strcmp(c->id, "rank") == 0;
}

static int next_row(void *arg, struct doc_cell *cells, struct err_info *info)
{
	struct rows *rows = arg;
	(void)info;
	if (rows->at == rows->n)
		return 0;
	const char *const *texts = rows->cells + (size_t)rows->at * (size_t)rows->n_columns;
	cells[0].kind = DOC_NUMBER;
	cells[0].number = ++rows->at;
	for (int i = 0; i < rows->n_columns; i++) {
		struct doc_cell *c = &cells[i + 1];
		if (!texts[i] || !*texts[i] || (is_number_column(rows->columns[i]) && set_number(texts[i], c)))
			continue;
		c->kind = DOC_TEXT;
		c->text = texts[i];
		if (strcmp(rows->columns[i]->id, "name") == 0)
			c->org = rows->ids[rows->at - 1];
	}
	return 1;
}

static int load(struct rows *rows, struct err_info *info)
{
	struct form_fill *f = rows->f;
	int r = rows->campaign ? fill_graded(f, &rows->list, info) : 0;
	f->n_found = 0;		/* the filter may want fewer */
	if (r == 0 && rows->list.n) {
		rows->orgs = arena_alloc(f->arena, (size_t)rows->list.n * sizeof(*rows->orgs));
		if (!rows->orgs)
			return err_nomem(info);
		memcpy(rows->orgs, rows->list.orgs, (size_t)rows->list.n * sizeof(*rows->orgs));
		qsort(rows->orgs, (size_t)rows->list.n, sizeof(*rows->orgs), by_id);
	}
	if (r == 0 && rows->wants_cases)
		r = load_cases(rows);
	if (r == 0)
		r = store_org_each(f->tx, f->node.path, each_org, rows);
	if (r == ERR_LIMIT)
		return err_set(info, r, "一张表最多 %d 个组织，请选择下一级分别导出", FORM_ORGS_MAX);
	return r;
}

int fill_f18(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	bool campaign = f->ask->campaign != 0;
	const char *ids = f->ask->columns && *f->ask->columns ? f->ask->columns :
			  campaign ? USUAL_CAMPAIGN : USUAL_PLAIN;
	struct doc_column columns[FORM_COLUMNS_MAX + 1] = {{"序号", 14, DOC_CENTER}};
	struct rows *rows = arena_zalloc(f->arena, 1, sizeof(*rows));
	if (!rows)
		return err_nomem(info);
	rows->f = f;
	read_filter(rows, f->ask->filter);
	rows->campaign = campaign && rows->grade >= 0;
	int r = choose(rows, ids, campaign, info);
	if (r == 0 && !f->head.blank)
		r = load(rows, info);
	if (r < 0)
		return r;
	for (int i = 0; i < rows->n_columns; i++)
		columns[i + 1] = (struct doc_column){rows->columns[i]->label, width_of(rows->columns[i]),
						     is_number_column(rows->columns[i]) ? DOC_RIGHT : DOC_LEFT};
	f18_make(doc, &(struct f18){f->head, fill_some(f->ask->title), rows->n, rows->n_columns + 1, columns,
				    {rows, next_row, rewind_rows}});
	return 0;
}
