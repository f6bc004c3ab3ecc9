/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/candidate.h"

#include <stdlib.h>

#include "domain/exact.h"

/* ---- exact fractions ---- */

static bool is_zero(const struct nat *nat)
{
	for (uint32_t i = 0; i < nat->n; i++)
		if (nat->limb[i])
			return false;
	return true;
}

static bool read_nat(struct str digits, struct nat *ret_nat)
{
	if (!digits.len)
		return false;
	nat_set(ret_nat, 0);
	for (size_t i = 0; i < digits.len; i++) {
		struct nat one = {0};
		char c = digits.data[i];
		if (c < '0' || c > '9')
			return false;
		nat_mul(ret_nat, 10);
		nat_set(&one, (u128)(c - '0'));
		nat_add(ret_nat, &one);
		nat_done(&one);
	}
	return !ret_nat->failed;
}

struct fraction {
	struct nat n, d;
};

static void fraction_done(struct fraction *f)
{
	nat_done(&f->n);
	nat_done(&f->d);
}

static bool read_fraction(const char *text, struct fraction *f)
{
	struct str all = str_from(text);
	const char *slash = all.len ? memchr(all.data, '/', all.len) : NULL;
	if (!slash) {
		nat_set(&f->d, 1);
		return read_nat(all, &f->n);
	}
	size_t at = (size_t)(slash - all.data);
	return read_nat((struct str){all.data, at}, &f->n) &&
	       read_nat((struct str){slash + 1, all.len - at - 1}, &f->d) && !is_zero(&f->d);
}

/* out = a × b. */
static void multiply(struct nat *out, const struct nat *a, const struct nat *b)
{
	nat_set(out, 0);
	for (uint32_t i = b->n; i-- > 0;) {
		struct nat part = {0};
		nat_mul(out, UINT64_C(1) << 32);
		nat_mul(out, UINT64_C(1) << 32);
		nat_copy(&part, a);
		nat_mul(&part, b->limb[i]);
		nat_add(out, &part);
		nat_done(&part);
	}
}

static int compare(const struct fraction *a, const struct fraction *b)
{
	struct nat left = {0}, right = {0};
	multiply(&left, &a->n, &b->d);
	multiply(&right, &b->n, &a->d);
	int order = nat_cmp(&left, &right);
	nat_done(&left);
	nat_done(&right);
	return order;
}

int fraction_compare(const char *a, const char *b, bool *ret_bad)
{
	AUTO(fraction) struct fraction x = {0}, y = {0};
	if (!read_fraction(a, &x) || !read_fraction(b, &y)) {
		*ret_bad = true;
		return 0;
	}
	return compare(&x, &y);
}

/* ---- reasons ---- */

struct finder {
	const struct scheme *scheme;
	const struct candidate_org *orgs;
	int n;
	struct arena *arena;
	struct candidate_reason *reasons;
	int n_reasons, cap;
	bool bad, failed;
};

static void add(struct finder *f, struct candidate_reason reason)
{
	if (f->n_reasons == f->cap) {
		int cap = f->cap ? f->cap * 2 : 64;
		struct candidate_reason *more = arena_zalloc(f->arena, (size_t)cap, sizeof(*more));
		if (!more) {
			f->failed = true;
			return;
		}
		if (f->n_reasons)
			memcpy(more, f->reasons, (size_t)f->n_reasons * sizeof(*more));
		f->reasons = more;
		f->cap = cap;
	}
	f->reasons[f->n_reasons++] = reason;
}

static bool in_categories(const struct scheme_rectify *rule, const struct candidate_org *org)
{
	return org->category < 0 ? false : rule->categories >> org->category & 1;
}

/* Those of one group beside each other, lowest composite first. */
struct ranked {
	int org;
	int64_t group;
	int category;
	const char *composite;
};

static int by_group_then_composite(const void *a, const void *b, void *arg)
{
	const struct ranked *x = a, *y = b;
	struct finder *f = arg;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->category != y->category)
		return x->category < y->category ? -1 : 1;
	int c = fraction_compare(x->composite, y->composite, &f->bad);
	return c ? c : x->org < y->org ? -1 : x->org > y->org;
}

/* ⌈share × n⌉ of a group, and whoever equals the last of them. */
static void pick_bottom(struct finder *f, const struct ranked *group, int n, int rule)
{
	const struct scheme_rectify *r = &f->scheme->rectify[rule];
	int want = (int)(((int64_t)n * r->at_least_e6 + E6 - 1) / E6);
	for (int i = 0; i < n; i++) {
		if (i >= want && (!want || fraction_compare(group[i].composite, group[want - 1].composite,
							    &f->bad) != 0))
			break;
		add(f, (struct candidate_reason){group[i].org, rule, -1, n - i, n});
	}
}

static void find_bottom(struct finder *f, int rule)
{
	const struct scheme_rectify *r = &f->scheme->rectify[rule];
	struct ranked *ranked = arena_zalloc(f->arena, (size_t)f->n + 1, sizeof(*ranked));
	int n = 0;
	if (!ranked) {
		f->failed = true;
		return;
	}
	for (int i = 0; i < f->n; i++) {
		const struct candidate_org *o = &f->orgs[i];
		if (o->graded && *o->composite && in_categories(r, o))
			ranked[n++] = (struct ranked){i, r->scope.all ? 0 : o->ancestor[r->scope.level],
						      r->scope.by_category ? o->category : 0, o->composite};
	}
	qsort_r(ranked, (size_t)n, sizeof(*ranked), by_group_then_composite, f);
	for (int from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && ranked[to].group == ranked[from].group &&
				    ranked[to].category == ranked[from].category;)
			to++;
		pick_bottom(f, ranked + from, to - from, rule);
	}
}

static bool grade_named(const struct scheme_texts *names, const char *grade)
{
	for (int i = 0; i < names->n; i++)
		if (*grade && strcmp(names->at[i], grade) == 0)
			return true;
	return false;
}

static bool holds(const struct scheme_rectify *r, const struct candidate_org *o)
{
	switch (r->because) {
	case BECAUSE_GRADE: return o->grade >= 0 && (r->grades >> o->grade & 1);
	case BECAUSE_CARRIED_OVER: return o->carried_over;
	case BECAUSE_EXAMINATION: return grade_named(&r->grade_names, o->examination);
	case BECAUSE_BALLOT: return o->ballot_e4 >= 0 && o->ballot_e4 < r->below_e4;
	case BECAUSE_NOMINATED: return o->nominated;
	case BECAUSE_BOTTOM:
	case BECAUSE_CRITERIA: return false;	/* found otherwise */
	}
	return false;
}

static void find_criteria(struct finder *f, int org, int rule)
{
	for (int c = 0; c < f->scheme->n_criteria && c < 64; c++)
		if (f->orgs[org].criteria >> c & 1)
			add(f, (struct candidate_reason){org, rule, c, 0, 0});
}

static int by_org_rule_criterion(const void *a, const void *b)
{
	const struct candidate_reason *x = a, *y = b;
	if (x->org != y->org)
		return x->org < y->org ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	return x->criterion < y->criterion ? -1 : x->criterion > y->criterion;
}

int candidates_find(const struct scheme *scheme, const struct candidate_org *orgs, int n,
		    struct arena *arena, struct candidate_reason **ret_reasons, int *ret_n)
{
	struct finder f = {.scheme = scheme, .orgs = orgs, .n = n, .arena = arena};
	for (int rule = 0; rule < scheme->n_rectify; rule++) {
		const struct scheme_rectify *r = &scheme->rectify[rule];
		if (r->because == BECAUSE_BOTTOM) {
			find_bottom(&f, rule);
			continue;
		}
		for (int i = 0; i < n; i++) {
			if (!in_categories(r, &orgs[i]))
				continue;
			if (r->because == BECAUSE_CRITERIA)
				find_criteria(&f, i, rule);
			else if (holds(r, &orgs[i]))
				add(&f, (struct candidate_reason){i, rule, -1, 0, 0});
		}
	}
	if (f.failed)
		return ERR_NOMEM;
	if (f.bad)
		return ERR_INPUT;
	if (f.n_reasons)
		qsort(f.reasons, (size_t)f.n_reasons, sizeof(*f.reasons), by_org_rule_criterion);
	*ret_reasons = f.reasons;
	*ret_n = f.n_reasons;
	return 0;
}

/* ---- nomination floors ---- */

static int by_node(const void *a, const void *b)
{
	const struct candidate_floor *x = a, *y = b;
	return x->node < y->node ? -1 : x->node > y->node;
}

static int floors_of(const struct scheme_rectify *r, const struct candidate_org *orgs, int n,
		     struct candidate_floor *all)
{
	int kept = 0, n_all = 0;
	for (int i = 0; i < n; i++)
		if (orgs[i].ancestor[r->one_per])
			all[n_all++] = (struct candidate_floor){orgs[i].ancestor[r->one_per],
								orgs[i].nominated, 1};
	qsort(all, (size_t)n_all, sizeof(*all), by_node);
	for (int from = 0, to; from < n_all; from = to) {
		struct candidate_floor floor = all[from];
		for (to = from + 1; to < n_all && all[to].node == floor.node; to++)
			floor.named += all[to].named;
		if (floor.named < floor.wanted)
			all[kept++] = floor;
	}
	return kept;
}

int candidates_floors(const struct scheme *scheme, const struct candidate_org *orgs, int n,
		      struct arena *arena, struct candidate_floor **ret_floors, int *ret_n)
{
	*ret_floors = NULL;
	*ret_n = 0;
	for (int rule = 0; rule < scheme->n_rectify; rule++) {
		const struct scheme_rectify *r = &scheme->rectify[rule];
		if (r->because != BECAUSE_NOMINATED || !r->has_at_least_one)
			continue;
		struct candidate_floor *all = arena_zalloc(arena, (size_t)n + 1, sizeof(*all));
		if (!all)
			return ERR_NOMEM;
		*ret_n = floors_of(r, orgs, n, all);
		*ret_floors = all;
		return 0;
	}
	return 0;
}

/* ---- the survey ---- */

static bool number_is_red(const struct scheme_question *q, struct str answer)
{
	bool negative = answer.len && answer.data[0] == '-';
	int64_t value;
	if (negative)
		answer = (struct str){answer.data + 1, answer.len - 1};
	if (!decimal_parse_e4(answer, &value))
		return false;
	if (negative)
		value = -value;
	switch (q->red) {
	case RED_EQUAL: return value == q->red_e4;
	case RED_BELOW: return value < q->red_e4;
	case RED_AT_MOST: return value <= q->red_e4;
	case RED_ABOVE: return value > q->red_e4;
	case RED_AT_LEAST: return value >= q->red_e4;
	default: return false;
	}
}

bool survey_answer_is_red(const struct scheme_question *q, struct str answer)
{
	uint64_t choice;
	if (!answer.len)
		return false;
	switch (q->red) {
	case RED_NEVER: return false;
	case RED_YES: return str_eqs(answer, "yes");
	case RED_NO: return str_eqs(answer, "no");
	case RED_CHOICES:
		return digits_parse(answer, (uint64_t)q->choices.n - 1, &choice) &&
		       (q->red_choices >> choice & 1);
	default: return number_is_red(q, answer);
	}
}

const char *survey_answer_words(const struct scheme_question *q, const char *answer,
				struct arena *arena)
{
	uint64_t choice;
	switch (q->ask) {
	case ASK_YES_NO: return strcmp(answer, "yes") == 0 ? "是" : "否";
	case ASK_CHOICE:
		return digits_parse(str_from(answer), (uint64_t)q->choices.n - 1, &choice)
			? q->choices.at[choice] : "";
	case ASK_NUMBER: return arena_printf(arena, "%s %s", answer, q->unit);
	default: return answer;
	}
}

uint64_t survey_criteria(const struct scheme *scheme, const int *red, int n)
{
	uint64_t criteria = 0;
	for (int i = 0; i < n; i++)
		if (scheme->survey[red[i]].criterion >= 0)
			criteria |= UINT64_C(1) << scheme->survey[red[i]].criterion;
	return criteria;
}

int survey_support_kind(const struct scheme *scheme, const int *red, int n)
{
	int warnings[SUPPORT_COUNT] = {0}, best = -1;
	for (int i = 0; i < n; i++)
		if (scheme->survey[red[i]].support >= 0)
			warnings[scheme->survey[red[i]].support]++;
	for (int i = 0; i < scheme->n_support; i++) {
		int kind = (int)scheme->support[i].kind;
		if (warnings[kind] > 0 && (best < 0 || warnings[kind] > warnings[best]))
			best = kind;
	}
	return best;
}
