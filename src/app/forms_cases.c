/* SPDX-License-Identifier: Apache-2.0 */
/* Forms that tell of the ledger as lists: F1, F2, F3, F7, F8, F9. */
#include "app/forms_cases.h"

#include <stdio.h>
#include <string.h>

#include "app/deciding.h"

enum {
	PAST_BEFORE = 2,	/* earlier years on F7 */
	FEW_CASES = 5,		/* are asked for one by one */
};

int fill_cases(struct form_fill *f, bool open, struct fill_case **ret_cases, int *ret_n,
	       struct err_info *info)
{
	struct ledger_case *rows;
	const char *path = f->node.path;
	int n, kept = 0, r = store_case_list(f->tx, path, -1, f->arena, &rows, &n);
	/* What forms ask of each. */
	if (r == 0 && n > FEW_CASES &&
	    ((r = store_case_orgs_know(f->tx, path)) < 0 || (r = store_case_reasons_know(f->tx, path)) < 0 ||
	     (r = store_problems_know(f->tx, path)) < 0 || (r = store_helpers_know(f->tx, path)) < 0))
		return r;
	if (r == 0 && n > FEW_CASES)
		r = store_sheets_know(f->tx, path);
	if (r < 0)
		return r;
	struct fill_case *cases = arena_zalloc(f->arena, (size_t)n + 1, sizeof(*cases));
	if (!cases)
		return err_nomem(info);
	for (int i = 0; i < n; i++) {
		struct fill_case *c = &cases[kept];
		if (open && !case_is_open(rows[i].state))
			continue;
		c->row = rows[i];
		if ((r = store_org_get(f->tx, rows[i].org, f->arena, &c->org)) < 0)
			return r;
		kept += r > 0;
	}
	*ret_cases = cases;
	*ret_n = kept;
	return 0;
}

static const char *day_text(struct form_fill *f, int32_t day)
{
	return day ? arena_printf(f->arena, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100) : NULL;
}

/* "县委常委 唐国强、…" of the helpers of a kind who still help; of a unit "县司法局（联系人 宋玉兰）". */
static const char *helper_names(struct form_fill *f, const struct case_helper *helpers, int n,
				enum helper_kind kind)
{
	AUTO(buf) struct buf b = {0};
	for (int i = 0; i < n; i++)
		if (helpers[i].kind == kind && !helpers[i].to_day && kind == HELPER_UNIT && *helpers[i].post)
			buf_addf(&b, "%s%s（%s）", b.len ? "、" : "", helpers[i].name, helpers[i].post);
		else if (helpers[i].kind == kind && !helpers[i].to_day)
			buf_addf(&b, "%s%s%s%s", b.len ? "、" : "", helpers[i].post,
				 *helpers[i].post ? " " : "", helpers[i].name);
	return b.len ? arena_strdup(f->arena, buf_str(&b)) : NULL;
}

static const char *progress_text(struct form_fill *f, const struct case_problem *p)
{
	switch (p->state) {
	case PROBLEM_VERIFIED:
		return "已整改，已核实";
	case PROBLEM_DONE:
		return *p->result ? arena_printf(f->arena, "已整改：%s", p->result) : "已整改";
	case PROBLEM_WAIVED:
		return *p->verdict ? arena_printf(f->arena, "不再整改：%s", p->verdict) : "不再整改";
	default:
		return p->percent ? arena_printf(f->arena, "正在整改，%d%%", p->percent) : NULL;
	}
}

static int set_problems(struct form_fill *f, const struct fill_case *c, struct form_case *out)
{
	struct case_problem *rows;
	int n, r = store_problems(f->tx, c->row.id, c->row.round, f->arena, &rows, &n);
	if (r < 0)
		return r;
	struct form_problem *problems = arena_zalloc(f->arena, (size_t)n + 1, sizeof(*problems));
	if (!problems)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++) {
		const struct case_problem *p = &rows[i];
		problems[i] = (struct form_problem){
			p->title, fill_some(p->cause), fill_some(p->measure), fill_some(p->goal), out->leader,
			*p->post ? arena_printf(f->arena, "%s %s", p->post, p->owner) : fill_some(p->owner),
			day_text(f, p->deadline), progress_text(f, p),
			c->row.state == CASE_WRITTEN_OFF || c->row.state == CASE_SETTLED ? "是" : "否"};
	}
	out->problems = problems;
	out->n = n;
	return 0;
}

int fill_form_case(struct form_fill *f, const struct fill_case *c, struct form_case *out)
{
	struct case_helper *helpers;
	int n, r = store_helpers(f->tx, c->row.id, f->arena, &helpers, &n);
	if (r < 0)
		return r;
	*out = (struct form_case){
		.org = c->row.org, .name = c->row.org_name, .parent = fill_some(c->row.parent_name),
		.category = c->org.field == ORG_UNSET ? NULL : field_label((enum field)c->org.field),
		.secretary = fill_some(c->org.secretary_name), .phone = fill_some(c->org.secretary_phone),
		.members = c->org.members == ORG_UNSET ? FORM_UNKNOWN : c->org.members,
		.signs = fill_some(c->row.shows), .leader = helper_names(f, helpers, n, HELPER_LEADER),
		.support = helper_names(f, helpers, n, HELPER_UNIT),
		.team = helper_names(f, helpers, n, HELPER_TEAM),
		.first_secretary = helper_names(f, helpers, n, HELPER_FIRST_SECRETARY),
		.until = fill_day(f, c->row.deadline)};
	return set_problems(f, c, out);
}

/* "2024年 一般 63.10": a year's result; without a score where few voted. */
static const char *past_text(struct form_fill *f, const struct past_result *past)
{
	return arena_printf(f->arena, "%d年 %s%s%s", past->year, past->grade, *past->score ? " " : "",
			    past->score);
}

/* The last graded year, and up to PAST_BEFORE years before it. */
static int set_past(struct form_fill *f, const struct fill_case *c, struct form_case *out)
{
	AUTO(buf) struct buf before = {0};
	struct past_result *past;
	int n, r = store_past_list(f->tx, c->row.org, f->arena, &past, &n);
	if (r == 0)
		r = decide_past(f->tx, f->app, &f->access, c->org.path, past, n, f->arena);
	if (r < 0 || n == 0)
		return r;
	out->graded = arena_printf(f->arena, "%d年\n%s", past[0].year, past[0].grade);
	out->score = fill_some(past[0].score);
	for (int i = 1; i < n && i <= PAST_BEFORE; i++)
		buf_addf(&before, "%s%s", before.len ? "\n" : "", past_text(f, &past[i]));
	out->before = before.len ? arena_strdup(f->arena, buf_str(&before)) : NULL;
	return before.failed || !out->graded || (before.len && !out->before) ? ERR_NOMEM : 0;
}

static int fill_list(struct form_fill *f, bool past, struct case_list *ret_list,
		     struct err_info *info)
{
	struct fill_case *cases = NULL;
	int n = 0, r = f->head.blank ? 0 : fill_cases(f, true, &cases, &n, info);
	if (r < 0)
		return r;
	struct form_case *out = arena_zalloc(f->arena, (size_t)n + 1, sizeof(*out));
	if (!out)
		return err_nomem(info);
	for (int i = 0; i < n && r == 0; i++) {
		r = fill_form_case(f, &cases[i], &out[i]);
		if (r == 0 && past)
			r = set_past(f, &cases[i], &out[i]);
	}
	*ret_list = (struct case_list){f->head, n, out};
	return r;
}

int fill_f7(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct case_list list;
	int r = fill_list(f, true, &list, info);
	if (r == 0)
		f07_make(doc, &list);
	return r;
}

int fill_f8(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct case_list list;
	int r = fill_list(f, false, &list, info);
	if (r == 0)
		f08_make(doc, &list);
	return r;
}

int fill_f9(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct case_list list;
	int r = fill_list(f, false, &list, info);
	if (r == 0)
		f09_make(doc, &list);
	return r;
}

/* ---- F2, F3 ---- */

/* "一；二" of the problems, or what was seen where none are listed yet. */
static const char *joined(struct form_fill *f, const struct form_case *c, bool measures)
{
	AUTO(buf) struct buf b = {0};
	for (int i = 0; i < c->n; i++) {
		const char *text = measures ? c->problems[i].measure : c->problems[i].text;
		if (fill_some(text))
			buf_addf(&b, "%s%s", b.len ? "；" : "", text);
	}
	return b.len ? arena_strdup(f->arena, buf_str(&b)) : measures ? NULL : c->signs;
}

static const char *election_text(struct form_fill *f, const struct ledger_case *row)
{
	if (row->election == ELECTION_HELD)
		return arena_printf(f->arena, "已于%s完成", row->election_day ? fill_day(f, row->election_day) : "");
	return fill_day(f, row->election_day);
}

static int fill_weak(struct form_fill *f, bool elections, struct f02 *ret_in, struct err_info *info)
{
	struct fill_case *cases = NULL;
	int n = 0, kept = 0, r = f->head.blank ? 0 : fill_cases(f, true, &cases, &n, info);
	if (r < 0)
		return r;
	struct weak_org *orgs = arena_zalloc(f->arena, (size_t)n + 1, sizeof(*orgs));
	if (!orgs)
		return err_nomem(info);
	for (int i = 0; i < n; i++) {
		struct form_case c;
		if (elections && (cases[i].row.election == ELECTION_NONE || cases[i].org.field != FIELD_VILLAGE))
			continue;
		if ((r = fill_form_case(f, &cases[i], &c)) < 0)
			return r;
		orgs[kept++] = (struct weak_org){c.org, c.name, c.members, joined(f, &c, false), joined(f, &c, true),
						 election_text(f, &cases[i].row), c.secretary, c.phone};
	}
	*ret_in = (struct f02){f->head, kept, orgs};
	return 0;
}

int fill_f2(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct f02 in;
	int r = fill_weak(f, false, &in, info);
	if (r == 0)
		f02_make(doc, &in);
	return r;
}

int fill_f3(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct f02 in;
	int r = fill_weak(f, true, &in, info);
	if (r == 0)
		f03_make(doc, &in);
	return r;
}

/* ---- F1 ---- */

enum { ALL = F01_CATEGORIES, SHEETS };

/* Of the nine categories of LD-11; -1: of none, only among all. */
static int category_of(int field)
{
	static const int8_t of[FIELD_COUNT] = {
		[FIELD_VILLAGE] = 0, [FIELD_COMMUNITY] = 1, [FIELD_SOE] = 2, [FIELD_AGENCY] = 3,
		[FIELD_UNIVERSITY] = 4, [FIELD_SCHOOL] = 4, [FIELD_HOSPITAL] = 5, [FIELD_INSTITUTION] = 6,
		[FIELD_PRIVATE] = 7, [FIELD_SOCIAL] = 8, [FIELD_AREA] = -1,
	};
	return field < 0 || field >= FIELD_COUNT ? -1 : of[field];
}

static int kind_of(const char *kind)
{
	if (strstr(kind, "党总支"))
		return 1;
	if (strstr(kind, "党支部"))
		return 2;
	return strstr(kind, "党委") || strstr(kind, "党工委") ? 0 : -1;
}

struct counting {
	struct form_fill *f;
	struct f01_sheet sheets[SHEETS];
	int64_t top;			/* who hands in: not one of those below it */
};

static int add(struct counting *c, int sheet, const char *figure, int64_t *count, int64_t id,
	       const char *code, const char *name)
{
	char key[64];
	struct form_fill *f = c->f;
	++*count;
	if (!f->ask->figure)
		return 0;
	snprintf(key, sizeof(key), "%s/%s", c->sheets[sheet].key, figure);
	if (strcmp(key, f->ask->figure) != 0)
		return 0;
	const char *own_code = arena_strdup(f->arena, code), *own_name = arena_strdup(f->arena, name);
	return own_code && own_name ? fill_found(f, key, id, own_code, own_name) : ERR_NOMEM;
}

static int count_org(void *arg, const struct org *org, const char *parent_code)
{
	struct counting *c = arg;
	int category = category_of(org->field), kind = kind_of(org->kind), r = 0;
	char figure[16];
	(void)parent_code;
	if (org->state != ORG_ACTIVE || org->id == c->top)
		return 0;
	for (int s = 0; s < SHEETS && r == 0; s++) {
		if (s != ALL && s != category)
			continue;
		r = add(c, s, "orgs", &c->sheets[s].orgs, org->id, org->code, org->name);
		if (r == 0 && kind >= 0) {
			snprintf(figure, sizeof(figure), "kind%d", kind);
			r = add(c, s, figure, &c->sheets[s].kind[kind], org->id, org->code, org->name);
		}
	}
	return r;
}

/* The criteria of LD-1 by the ids that schemes give them; other documents'
 * criteria are not among the form's six. */
static unsigned criteria_of(const struct case_reason *reasons, int n, int round)
{
	static const char *const ids[F01_CRITERIA] = {"vacancy", "unfit", "divided", "overdue", "idle",
						       "dissatisfied"};
	unsigned found = 0;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < F01_CRITERIA; k++)
			if (reasons[i].round == round && reasons[i].because == BECAUSE_CRITERIA &&
			    strcmp(reasons[i].ref, ids[k]) == 0)
				found |= 1u << k;
	return found;
}

static int count_case(struct counting *c, const struct fill_case *one)
{
	struct case_reason *reasons;
	const struct ledger_case *row = &one->row;
	int n, r = store_case_reasons(c->f->tx, row->id, c->f->arena, &reasons, &n);
	int category = category_of(one->org.field);
	if (r < 0)
		return r;
	unsigned criteria = criteria_of(reasons, n, row->round);
	for (int s = 0; s < SHEETS && r == 0; s++) {
		if (s != ALL && s != category)
			continue;
		r = add(c, s, "weak", &c->sheets[s].weak, row->org, row->org_code, row->org_name);
		for (int k = 0; k < F01_CRITERIA && r == 0; k++) {
			char figure[16];
			snprintf(figure, sizeof(figure), "criterion%d", k);
			if (criteria >> k & 1)
				r = add(c, s, figure, &c->sheets[s].criterion[k], row->org, row->org_code,
					row->org_name);
		}
	}
	return r;
}

int fill_f1(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	static const char *const keys[SHEETS] = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "all"};
	struct counting c = {.f = f, .top = f->node.id};
	struct fill_case *cases = NULL;
	int n = 0, r = 0;
	for (int s = 0; s < SHEETS; s++) {
		c.sheets[s].key = keys[s];
		c.sheets[s].category = s == ALL ? "全部" : f01_category(s);
	}
	if (!f->head.blank) {
		r = store_org_each(f->tx, f->node.path, count_org, &c);
		if (r == 0)
			r = fill_cases(f, true, &cases, &n, info);
	}
	for (int i = 0; i < n && r == 0; i++)
		r = count_case(&c, &cases[i]);
	if (r < 0)
		return r;
	f01_make(doc, &(struct f01){f->head, SHEETS, c.sheets});
	return 0;
}
