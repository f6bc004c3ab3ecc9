/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/boundary.h"

#include <assert.h>
#include <stdlib.h>

#include "domain/compose_row.h"

void boundary_done(struct boundary *b)
{
	if (!b)
		return;
	free(b->lines);
	*b = (struct boundary){0};
}

static struct boundary_line *add_line(struct boundary *b, enum boundary_kind kind, int index)
{
	if (b->n == b->cap) {
		int cap = b->cap ? b->cap * 2 : 16;
		struct boundary_line *lines = reallocarray(b->lines, (size_t)cap, sizeof(*lines));
		if (!lines)
			return NULL;
		b->lines = lines;
		b->cap = cap;
	}
	b->lines[b->n] = (struct boundary_line){.kind = kind, .index = index, .above = ORG_NONE,
						.below = ORG_NONE};
	return &b->lines[b->n++];
}

/* What stands on one side: the nearest one, and how many are level with it. */
static void stand(const struct graded *g, uint32_t *best, uint32_t *equals, uint32_t node, int sign,
		  bool *failed)
{
	int c = *best == ORG_NONE ? 1 : sign * graded_compare(g, node, *best, failed);
	if (c > 0) {
		*best = node;
		*equals = 0;
	} else if (c == 0) {
		++*equals;
	}
}

static int add_grade_lines(struct boundary *b, const struct graded *g, const uint32_t *nodes,
			   size_t n)
{
	bool failed = false;
	for (int grade = 0; grade + 1 < g->scheme->n_grades; grade++) {
		struct boundary_line *line = add_line(b, BOUNDARY_GRADE, grade);
		if (!line)
			return ERR_NOMEM;
		for (size_t i = 0; i < n; i++) {
			if (g->status[nodes[i]] != STATUS_GRADED)
				continue;
			if (g->score_grade[nodes[i]] <= grade)
				stand(g, &line->above, &line->above_equals, nodes[i], -1, &failed);
			else
				stand(g, &line->below, &line->below_equals, nodes[i], 1, &failed);
		}
	}
	return failed ? ERR_NOMEM : 0;
}

/* Others of the same group that are level with `node` and on its side. */
static uint32_t count_equals(const struct graded *g, const struct scope *scope, uint32_t node,
			     const uint8_t *side, uint8_t value, bool *failed)
{
	struct explain_group group, other;
	uint32_t n = 0;
	if (node == ORG_NONE)
		return 0;
	group = explain_group_of(g, scope, node);
	for (uint32_t i = 0; i < g->orgs->n; i++) {
		if (i == node || g->status[i] != STATUS_GRADED || (side && side[i] != value) ||
		    graded_compare(g, i, node, failed) != 0)
			continue;
		other = explain_group_of(g, scope, i);
		n += other.node == group.node && other.category == group.category;
	}
	return n;
}

/* The rules' groups in which a node is, as far as they tell lines apart. */
static bool same_groups(const struct graded *g, uint32_t a, uint32_t b)
{
	const struct scheme *s = g->scheme;
	for (int i = 0; i < s->n_quotas + s->n_stars; i++) {
		const struct scope *scope = i < s->n_quotas ? &s->quotas[i].scope
							    : &s->stars[i - s->n_quotas].scope;
		struct explain_group x = explain_group_of(g, scope, a);
		struct explain_group y = explain_group_of(g, scope, b);
		if (x.node != y.node || x.category != y.category)
			return false;
	}
	return true;
}

static bool has_line(const struct boundary *b, enum boundary_kind kind, int index,
		     const struct explain_group *group)
{
	for (int i = 0; i < b->n; i++) {
		const struct boundary_line *l = &b->lines[i];
		const struct explain_group *x = kind == BOUNDARY_QUOTA ? &l->quota.group
								       : &l->stars.group;
		if (l->kind == kind && l->index == index && x->node == group->node &&
		    x->category == group->category)
			return true;
	}
	return false;
}

static int add_rules_of(struct boundary *b, const struct explanation *e)
{
	const struct graded *g = e->graded;
	bool failed = false;
	for (int i = 0; i < g->scheme->n_quotas; i++) {
		const struct scope *scope = &g->scheme->quotas[i].scope;
		if (has_line(b, BOUNDARY_QUOTA, i, &e->quotas[i].group))
			continue;
		struct boundary_line *line = add_line(b, BOUNDARY_QUOTA, i);
		if (!line)
			return ERR_NOMEM;
		line->quota = e->quotas[i];
		line->above = e->quotas[i].first_spared;
		line->below = e->quotas[i].last_moved;
		line->above_equals = count_equals(g, scope, line->above, g->quota, QUOTA_NONE, &failed);
		line->below_equals = count_equals(g, scope, line->below, g->quota, (uint8_t)i, &failed);
	}
	for (int i = 0; i < g->scheme->n_stars; i++) {
		const struct scheme_star_rule *rule = &g->scheme->stars[i];
		if (!rule->has_cap || has_line(b, BOUNDARY_STARS, i, &e->stars[i].group))
			continue;
		struct boundary_line *line = add_line(b, BOUNDARY_STARS, i);
		if (!line)
			return ERR_NOMEM;
		line->stars = e->stars[i];
		line->above = e->stars[i].last_given;
		line->below = e->stars[i].first_left;
		line->above_equals = count_equals(g, &rule->scope, line->above, g->stars,
						  (uint8_t)rule->stars, &failed);
		line->below_equals = count_equals(g, &rule->scope, line->below, g->grade,
						  (uint8_t)rule->grade, &failed);
	}
	return failed ? ERR_NOMEM : 0;
}

static int by_kind(const void *a, const void *b)
{
	const struct boundary_line *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->index - y->index;
}

/* One organisation of each combination of groups speaks for all of it. */
static int add_rules(struct boundary *b, const struct graded *g, struct orgs *orgs,
		     const uint32_t *nodes, size_t n, unsigned threads)
{
	uint32_t heard[BOUNDARY_GROUPS_MAX];
	int n_heard = 0, r = 0;
	for (size_t i = 0; r == 0 && i < n; i++) {
		bool known = g->status[nodes[i]] != STATUS_GRADED;
		for (int k = 0; k < n_heard && !known; k++)
			known = same_groups(g, nodes[i], heard[k]);
		if (known)
			continue;
		if (n_heard == BOUNDARY_GROUPS_MAX) {
			b->more = true;
			break;
		}
		heard[n_heard++] = nodes[i];
		struct explanation e = {0};
		r = explain_run(&e, g, orgs, nodes[i], NULL, 0, threads);
		if (r == 0)
			r = add_rules_of(b, &e);
		explanation_done(&e);
	}
	return r;
}

int boundary_run(struct boundary *ret, const struct graded *g, struct orgs *orgs,
		 const uint32_t *nodes, size_t n, unsigned threads)
{
	struct boundary b = {0};
	int r = add_grade_lines(&b, g, nodes, n);
	if (r == 0 && g->scheme->n_quotas + g->scheme->n_stars)
		r = add_rules(&b, g, orgs, nodes, n, threads);
	if (r < 0) {
		boundary_done(&b);
		return r;
	}
	if (b.n)
		qsort(b.lines, (size_t)b.n, sizeof(*b.lines), by_kind);
	*ret = b;
	return 0;
}

/* ---- what if ---- */

int boundary_source(const struct scheme *scheme)
{
	int other = -1;
	for (int i = 0; i < scheme->n_sources; i++) {
		if (scheme->sources[i].by == BY_BALLOTS)
			continue;
		if (scheme->sources[i].who == RATED_BY_COMMITTEE)
			return i;
		if (other < 0)
			other = i;
	}
	return other;
}

static void compare(const struct graded *before, const struct graded *after, uint32_t node,
		    struct boundary_change *c)
{
	c->changes = after->grade[node] != before->grade[node] ||
		     after->stars[node] != before->stars[node];
	for (uint32_t i = 0; i < before->orgs->n; i++) {
		if (i == node || before->status[i] != STATUS_GRADED ||
		    (after->grade[i] == before->grade[i] && after->stars[i] == before->stars[i]))
			continue;
		c->changes = true;
		if (c->n_others < BOUNDARY_OTHERS_MAX) {
			c->others[c->n_others] = i;
			c->others_grade[c->n_others] = after->grade[i];
			c->others_stars[c->n_others] = after->stars[i];
		}
		c->n_others++;
	}
}

int boundary_point(const struct graded *g, struct book *book, struct orgs *orgs,
		   struct graded *scratch, uint32_t node, int source, int sign, unsigned threads,
		   struct boundary_change *ret_change)
{
	assert(g->book == book && book->card_of[source] >= 0 && g->status[node] == STATUS_GRADED);
	struct figure *figure = book_figure(book, node, book->card_of[source]);
	const struct figure kept = *figure;
	uint64_t max = g->scheme->sources[source].by == BY_POINTS ? (uint64_t)100 * E4
								 : compose_max_sum(&g->compose, node);
	uint64_t step = (uint64_t)kept.raters * E4;
	struct boundary_change c = {0};
	int r = 0;

	c.possible = sign > 0 ? kept.sum_e4 + step <= max * kept.raters : kept.sum_e4 >= step;
	if (c.possible) {
		figure->sum_e4 = sign > 0 ? kept.sum_e4 + step : kept.sum_e4 - step;
		r = scratch->orgs ? grade_again(scratch, g->scheme, orgs, threads)
				  : grade_run(scratch, g->scheme, orgs, book, threads);
		*figure = kept;
		if (r < 0)
			return r;
		c.score = graded_score(scratch, node);
		c.grade = scratch->grade[node];
		c.stars = scratch->stars[node];
		compare(g, scratch, node, &c);
	}
	*ret_change = c;
	return 0;
}
