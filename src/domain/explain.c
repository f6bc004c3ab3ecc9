/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/explain.h"

#include <stdlib.h>

#include "domain/compose_row.h"

enum { DECIMALS = 10 };

void explanation_done(struct explanation *e)
{
	if (!e)
		return;
	arena_done(&e->arena);
	*e = (struct explanation){0};
}

/* --- exact numbers --- */

static void nat_gcd(struct nat *a, struct nat *b)
{
	/* Euclid by subtraction of shifted multiples; b ends as the divisor. */
	while (a->n && !a->failed && !b->failed) {
		if (nat_cmp(a, b) < 0) {
			struct nat swap = *a;
			*a = *b;
			*b = swap;
		}
		if (!b->n) {
			struct nat swap = *a;
			*a = *b;
			*b = swap;
			return;
		}
		/* a mod b; the quotient may be large, so in pieces below 2^63. */
		while (nat_cmp(a, b) >= 0 && !a->failed) {
			struct nat step = {0};
			nat_copy(&step, b);
			while (nat_cmp(&step, a) <= 0 && !step.failed)
				nat_mul(&step, 2);
			nat_div(&step, 2);
			a->failed |= step.failed;
			if (!a->failed)
				nat_sub(a, &step);
			nat_done(&step);
		}
	}
}

static const char *digits(struct arena *arena, const struct nat *nat)
{
	AUTO(buf) struct buf text = {0};
	nat_format(&text, nat);
	return text.failed ? NULL : arena_strdup(arena, buf_str(&text));
}

/* num ÷ (den · unit): reduced, and its first decimals. Destroys its input. */
static int number(struct arena *arena, struct nat *num, struct nat *den, uint64_t unit,
		  struct explain_number *ret)
{
	struct nat a = {0}, g = {0};
	AUTO(buf) struct buf decimal = {0};
	struct explain_number n = {0};

	nat_mul(den, unit);
	nat_copy(&a, num);
	nat_copy(&g, den);
	nat_gcd(&a, &g);
	if (!g.failed) {
		nat_divide(num, &g);
		nat_divide(den, &g);
	}
	n.num = digits(arena, num);
	n.den = digits(arena, den);
	nat_copy(&a, num);
	buf_addu(&decimal, nat_quotient(&a, den));
	if (a.n)
		buf_addc(&decimal, '.');
	for (int i = 0; i < DECIMALS && a.n && !a.failed; i++) {
		nat_mul(&a, 10);
		buf_addu(&decimal, nat_quotient(&a, den));
	}
	if (a.n)
		buf_adds(&decimal, "…");
	n.decimal = arena_strdup(arena, buf_str(&decimal));
	bool ok = n.num && n.den && n.decimal && !num->failed && !den->failed && !a.failed &&
		  !g.failed && !decimal.failed;
	nat_done(&a);
	nat_done(&g);
	if (!ok)
		return ERR_NOMEM;
	*ret = n;
	return 0;
}

/* factor_e6 · fraction (0.0001 point) as a number of points. */
static int number_of(struct arena *arena, struct fraction f, uint64_t factor_e6,
		     struct explain_number *ret)
{
	struct nat num = {0}, den = {0};
	uint64_t part = f.num >> 64 ? (uint64_t)100 * E4 : 1;
	nat_set(&num, f.num / part);
	nat_mul(&num, part);
	nat_mul(&num, factor_e6);
	nat_set(&den, f.den);
	int r = number(arena, &num, &den, (uint64_t)E4 * E6, ret);
	nat_done(&num);
	nat_done(&den);
	return r;
}

/* --- sources --- */

static int explain_sources(struct explanation *e)
{
	const struct graded *g = e->graded;
	const struct scheme *s = g->scheme;
	int r = 0;
	if (g->orgs->category[e->node] == CATEGORY_NONE)
		return 0;
	for (int i = 0; r == 0 && i < s->n_sources; i++) {
		struct explain_source *source = &e->sources[i];
		struct fraction f = compose_source(&g->compose, e->node, i);
		if (s->sources[i].by == BY_BALLOTS) {
			source->valid = f.den;
		} else {
			struct figure figure = *book_figure(g->book, e->node, g->book->card_of[i]);
			source->raters = figure.raters;
			source->sum_e4 = figure.sum_e4;
			if (s->scale_to_100 && s->sources[i].by == BY_INDICATORS && figure.raters)
				source->max_sum_e4 = f.den / figure.raters;
		}
		if (!f.den)
			continue;
		r = number_of(&e->arena, f, E6, &source->score);
		if (r == 0)
			r = number_of(&e->arena, f, s->sources[i].weight_e6, &source->product);
	}
	return r;
}

struct explain_turnout explain_turnout_of(const struct graded *g, int index, uint32_t node)
{
	const struct scheme_turnout *rule = &g->scheme->turnout[index];
	struct explain_turnout t = {0};
	struct compose_row row;
	uint64_t sum[VOTERS_COUNT], valid[VOTERS_COUNT];
	row_ballots(&g->compose, node, &row, sum, valid);
	for (int v = 0; v < VOTERS_COUNT; v++) {
		if (!(rule->voters >> v & 1))
			continue;
		t.cast += row.cast[v];
		if (g->orgs->eligible[node][v] != ORG_EMPTY)
			t.eligible += g->orgs->eligible[node][v];
	}
	t.everyone = t.eligible < rule->everyone_below;
	t.needed = t.everyone ? t.eligible : (rule->at_least_e6 * t.eligible + E6 - 1) / E6;
	t.holds = t.cast >= t.needed;
	return t;
}

static int explain_turnouts(struct explanation *e)
{
	int n = e->graded->scheme->n_turnout;
	e->turnout = arena_zalloc(&e->arena, (size_t)n, sizeof(*e->turnout));
	if (!e->turnout)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		e->turnout[i] = explain_turnout_of(e->graded, i, e->node);
	return 0;
}

int explain_composite(const struct graded *graded, uint32_t node, struct arena *arena,
		      struct explain_number *ret_composite)
{
	struct nat num = {0}, den = {0};
	int r = compose_fraction(&graded->compose, node, &num, &den);
	if (r == 0)
		r = number(arena, &num, &den, (uint64_t)E4 * E6, ret_composite);
	nat_done(&num);
	nat_done(&den);
	return r;
}

/* --- groups --- */

/* The ancestor of a level that stands for a node's group. */
static uint32_t ancestor_of(const struct orgs *orgs, uint32_t node, enum level level)
{
	uint32_t up = orgs_parent(orgs, node);
	while (up != ORG_NONE && orgs->level[up] != level)
		up = orgs_parent(orgs, up);
	return up;
}

struct explain_group explain_group_of(const struct graded *g, const struct scope *scope,
				      uint32_t node)
{
	return (struct explain_group){
		.all = scope->all,
		.node = scope->all ? ORG_NONE : ancestor_of(g->orgs, node, scope->level),
		.category = scope->by_category ? g->orgs->category[node] : CATEGORY_NONE,
	};
}

/* Is another node of the graded level, not outside, in the same group? */
static bool in_group(const struct graded *g, const struct scope *scope,
		     const struct explain_group *group, uint32_t node)
{
	if (g->status[node] == STATUS_NODE || g->status[node] == STATUS_OUTSIDE)
		return false;
	if (scope->by_category && g->orgs->category[node] != group->category)
		return false;
	return scope->all || ancestor_of(g->orgs, node, scope->level) == group->node;
}

/* Keeps in *best the highest (sign 1) or lowest (-1). */
static void keep(const struct graded *g, uint32_t *best, uint32_t node, int sign, bool *failed)
{
	if (*best == ORG_NONE || sign * graded_compare(g, node, *best, failed) > 0)
		*best = node;
}

/* --- quotas --- */

/* The grades as they were with the first `quotas` quotas only. */
static int graded_with(struct graded *ret, const struct graded *g, struct scheme *copy,
		       struct orgs *orgs, int quotas, unsigned threads)
{
	*copy = *g->scheme;
	copy->n_quotas = quotas;
	copy->n_stars = 0;
	return grade_run(ret, copy, orgs, g->book, threads);
}

static void explain_quota(const struct explanation *e, const struct scheme_quota *quota,
			  const struct graded *before, const struct graded *after,
			  struct explain_quota *q, bool *failed)
{
	const struct graded *g = e->graded;
	*q = (struct explain_quota){
		.group = explain_group_of(g, &quota->scope, e->node),
		.last_moved = ORG_NONE,
		.first_spared = ORG_NONE,
	};
	for (uint32_t i = 0; i < g->orgs->n; i++) {
		if (!in_group(g, &quota->scope, &q->group, i))
			continue;
		q->in_scope++;
		if (g->status[i] != STATUS_GRADED)
			continue;
		if (before->grade[i] >= quota->grade) {
			q->had++;
		} else if (after->grade[i] != before->grade[i]) {
			q->moved++;
			q->moves_this |= i == e->node;
			keep(g, &q->last_moved, i, 1, failed);
		} else {
			keep(g, &q->first_spared, i, -1, failed);
		}
	}
	q->required = (uint32_t)(((uint64_t)quota->at_least_e6 * q->in_scope + E6 - 1) / E6);
}

static int explain_quotas(struct explanation *e, struct orgs *orgs, unsigned threads)
{
	const struct graded *g = e->graded;
	struct scheme copies[2];
	struct graded before = {0}, after = {0};
	bool failed = false;
	int n = g->scheme->n_quotas;

	e->quotas = arena_zalloc(&e->arena, (size_t)n, sizeof(*e->quotas));
	int r = e->quotas ? 0 : ERR_NOMEM;
	if (r == 0 && n)
		r = graded_with(&before, g, &copies[0], orgs, 0, threads);
	for (int i = 0; r == 0 && i < n; i++) {
		r = graded_with(&after, g, &copies[(i + 1) % 2], orgs, i + 1, threads);
		if (r < 0)
			break;
		explain_quota(e, &g->scheme->quotas[i], &before, &after, &e->quotas[i], &failed);
		graded_done(&before);
		before = after;
		after = (struct graded){0};
	}
	graded_done(&before);
	return failed ? ERR_NOMEM : r;
}

/* --- rank and stars --- */

static int explain_rank(struct explanation *e)
{
	const struct graded *g = e->graded;
	const struct scope *scope = &g->scheme->ranking;
	bool failed = false;

	e->rank_group = explain_group_of(g, scope, e->node);
	e->above = e->below = ORG_NONE;
	for (uint32_t i = 0; i < g->orgs->n; i++) {
		if (!in_group(g, scope, &e->rank_group, i) || g->status[i] != STATUS_GRADED)
			continue;
		e->rank_of++;
		if (g->rank[i] == g->rank[e->node])
			e->rank_equals += i != e->node;
		else if (g->rank[i] < g->rank[e->node])
			keep(g, &e->above, i, -1, &failed);
		else
			keep(g, &e->below, i, 1, &failed);
	}
	return failed ? ERR_NOMEM : 0;
}

static bool score_fits(const struct graded *g, const struct scheme_star_rule *rule, uint32_t node)
{
	return !rule->has_from ||
	       graded_score(g, node) >= score_in_places(rule->from_e4, g->scheme->places);
}

/* Stars given by an earlier rule are told by their number, which rules may
 * share: so each rule is seen as the engine left it after that rule. */
static int explain_star_rule(struct explanation *e, int index, const struct graded *before,
			     const struct graded *after)
{
	const struct graded *g = e->graded;
	const struct scheme_star_rule *rule = &g->scheme->stars[index];
	struct explain_stars *s = &e->stars[index];
	bool failed = false;

	s->group = explain_group_of(g, &rule->scope, e->node);
	s->last_given = s->first_left = ORG_NONE;
	s->grade_fits = g->grade[e->node] == rule->grade;
	s->score_fits = score_fits(g, rule, e->node);
	for (uint32_t i = 0; i < g->orgs->n; i++) {
		if (!in_group(g, &rule->scope, &s->group, i) || g->grade[i] != rule->grade)
			continue;
		s->of_grade++;
		bool had = before && before->stars[i] != STARS_NONE;
		if (!had && after->stars[i] != STARS_NONE) {
			s->given++;
			s->gives_this |= i == e->node;
			keep(g, &s->last_given, i, -1, &failed);
		} else if (!had && score_fits(g, rule, i)) {
			keep(g, &s->first_left, i, 1, &failed);
		}
	}
	s->cap = rule->has_cap ? (uint32_t)((uint64_t)rule->at_most_e6 * s->of_grade / E6) : s->of_grade;
	return failed ? ERR_NOMEM : 0;
}

static int explain_star_rules(struct explanation *e, struct orgs *orgs, unsigned threads)
{
	const struct graded *g = e->graded;
	struct scheme copies[2];
	struct graded before = {0}, after = {0};
	int n = g->scheme->n_stars;

	e->stars = arena_zalloc(&e->arena, (size_t)n, sizeof(*e->stars));
	int r = e->stars ? 0 : ERR_NOMEM;
	for (int i = 0; r == 0 && i < n; i++) {
		struct scheme *copy = &copies[i % 2];
		*copy = *g->scheme;
		copy->n_stars = i + 1;
		r = grade_run(&after, copy, orgs, g->book, threads);
		if (r == 0)
			r = explain_star_rule(e, i, i ? &before : NULL, &after);
		graded_done(&before);
		before = after;
		after = (struct graded){0};
	}
	graded_done(&before);
	return r;
}

int explain_run(struct explanation *ret, const struct graded *graded, struct orgs *orgs,
		uint32_t node, const struct explain_cell *cells, size_t n_cells, unsigned threads)
{
	struct explanation e = {
		.graded = graded,
		.node = node,
		.cells = cells,
		.n_cells = n_cells,
	};
	int r = explain_sources(&e);
	if (r == 0)
		r = explain_turnouts(&e);
	if (r == 0 && graded->status[node] == STATUS_GRADED) {
		r = explain_composite(graded, node, &e.arena, &e.composite);
		if (r == 0)
			r = explain_quotas(&e, orgs, threads);
		if (r == 0)
			r = explain_rank(&e);
		if (r == 0)
			r = explain_star_rules(&e, orgs, threads);
	}
	if (r < 0) {
		explanation_done(&e);
		return r;
	}
	*ret = e;
	return 0;
}
