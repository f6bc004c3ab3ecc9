/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/summary.h"

#include <stdlib.h>
#include <string.h>

/* A mean has 2 places; composites count in 10^-10 point. */
#define MEAN_UNIT ((uint64_t)100000000)

void summary_done(struct summary *s)
{
	if (!s)
		return;
	free(s->ordinal);
	free(s->upper);
	free(s->cells);
	free(s->first_member);
	free(s->members);
	free(s->first_child);
	free(s->children);
	*s = (struct summary){0};
}

static struct summary_cell *cell_of(const struct summary *s, uint32_t node, uint32_t category)
{
	return &s->cells[(size_t)(s->ordinal[node] - 1) * s->n_cells + category];
}

static void add_cell(struct summary_cell *to, const struct summary_cell *from)
{
	to->orgs += from->orgs;
	to->graded += from->graded;
	for (int i = 0; i < SCHEME_GRADES_MAX; i++)
		to->grades[i] += from->grades[i];
	for (int i = 0; i <= SCHEME_STARS_MAX; i++)
		to->stars[i] += from->stars[i];
	to->key_sum += from->key_sum;
}

static void count_orgs(struct summary *s)
{
	const struct graded *g = s->graded;
	const struct orgs *orgs = g->orgs;

	for (uint32_t i = 0; i < orgs->n; i++) {
		if (g->status[i] == STATUS_NODE)
			continue;
		uint32_t upper = s->upper[s->graded->orgs->above[i]];
		if (upper == ORG_NONE)
			continue;
		uint8_t c = orgs->category[i];
		struct summary_cell *cell =
			cell_of(s, upper, c == CATEGORY_NONE ? s->n_cells - 1 : c);
		cell->orgs++;
		if (g->status[i] != STATUS_GRADED)
			continue;
		cell->graded++;
		cell->grades[g->grade[i]]++;
		if (g->stars[i] != STARS_NONE)
			cell->stars[g->stars[i]]++;
		cell->key_sum += g->key[i] >> 1;
	}
}

int summary_run(struct summary *ret_summary, const struct graded *graded)
{
	const struct orgs *orgs = graded->orgs;
	struct summary s = {
		.graded = graded,
		.n_cells = (uint32_t)graded->scheme->n_categories + 1,
	};
	s.ordinal = calloc(orgs->n ? orgs->n : 1, sizeof(*s.ordinal));
	s.upper = orgs_uppers(orgs, graded->scheme->graded);
	if (!s.ordinal || !s.upper) {
		summary_done(&s);
		return ERR_NOMEM;
	}
	for (uint32_t i = 0; i < orgs->n; i++)
		if (orgs->level[i] < graded->scheme->graded)
			s.ordinal[i] = ++s.n_upper;
	s.cells = calloc((size_t)(s.n_upper ? s.n_upper : 1) * s.n_cells, sizeof(*s.cells));
	if (!s.cells) {
		summary_done(&s);
		return ERR_NOMEM;
	}
	count_orgs(&s);
	/* Upwards, level by level. */
	for (int level = (int)graded->scheme->graded - 1; level > 0; level--)
		for (uint32_t i = 0; i < orgs->n; i++) {
			if (orgs->level[i] != level || orgs_parent(orgs, i) == ORG_NONE)
				continue;
			for (uint32_t c = 0; c < s.n_cells; c++)
				add_cell(cell_of(&s, orgs_parent(orgs, i), c), cell_of(&s, i, c));
		}
	*ret_summary = s;
	return 0;
}

bool summary_get(const struct summary *s, uint32_t node, uint8_t category,
		 struct summary_cell *ret_cell)
{
	if (category != CATEGORY_NONE) {
		*ret_cell = *cell_of(s, node, category);
		return ret_cell->orgs != 0;
	}
	*ret_cell = (struct summary_cell){0};
	for (uint32_t c = 0; c < s->n_cells; c++)
		add_cell(ret_cell, cell_of(s, node, c));
	return true;
}

/* --- means --- */

/* Lists what stands below each upper node: organisations, and upper nodes. */
static int list_members(struct summary *s)
{
	const struct orgs *orgs = s->graded->orgs;
	size_t n = (size_t)s->n_upper + 2;

	s->first_member = calloc(n, sizeof(uint32_t));
	s->first_child = calloc(n, sizeof(uint32_t));
	s->members = malloc(((size_t)orgs->n + 1) * sizeof(uint32_t));
	s->children = malloc(((size_t)s->n_upper + 1) * sizeof(uint32_t));
	if (!s->first_member || !s->first_child || !s->members || !s->children)
		return ERR_NOMEM;
	for (int fill = 0; fill < 2; fill++) {
		for (uint32_t i = 0; i < orgs->n; i++) {
			bool is_upper = s->ordinal[i] != 0;
			if (!is_upper && s->graded->status[i] != STATUS_GRADED)
				continue;
			uint32_t up = s->upper[s->graded->orgs->above[i]];
			if (up == ORG_NONE)
				continue;
			uint32_t *first = is_upper ? s->first_child : s->first_member;
			uint32_t *list = is_upper ? s->children : s->members;
			/* Counted one place up; filling moves each start to its end,
			 * which is the next one's start. */
			if (fill)
				list[first[s->ordinal[up]]++] = i;
			else
				first[s->ordinal[up] + 1]++;
		}
		if (fill)
			continue;
		for (size_t k = 1; k < n; k++) {
			s->first_member[k] += s->first_member[k - 1];
			s->first_child[k] += s->first_child[k - 1];
		}
	}
	return 0;
}

/* a ÷ b += weight · f, keeping b the least common denominator. */
static void add_fraction(struct nat *a, struct nat *b, struct nat *part, uint64_t weight,
			 struct fraction f)
{
	uint64_t more = f.den / gcd_u64(nat_mod(b, f.den), f.den);
	uint64_t factor = f.num >> 64 ? (uint64_t)100 * E4 : 1;
	nat_mul(a, more);
	nat_mul(b, more);
	nat_copy(part, b);
	nat_div(part, f.den);
	nat_mul(part, (uint64_t)(f.num / factor));
	nat_mul(part, factor);
	nat_mul(part, weight);
	nat_add(a, part);
}

static void sum_exactly(const struct summary *s, uint32_t node, uint8_t category, struct nat *a,
			struct nat *b, struct nat *part)
{
	const struct graded *g = s->graded;
	uint32_t o = s->ordinal[node];
	for (uint32_t i = s->first_member[o - 1]; i < s->first_member[o]; i++) {
		uint32_t member = s->members[i];
		if (category != CATEGORY_NONE && g->orgs->category[member] != category)
			continue;
		for (int k = 0; k < g->scheme->n_sources; k++)
			add_fraction(a, b, part, g->scheme->sources[k].weight_e6,
				     compose_source(&g->compose, member, k));
	}
	for (uint32_t i = s->first_child[o - 1]; i < s->first_child[o]; i++)
		sum_exactly(s, s->children[i], category, a, b, part);	/* four levels at most */
}

static int exact_mean(struct summary *s, uint32_t node, uint8_t category, uint64_t n,
		      uint64_t *ret_mean_e2)
{
	struct nat a = {0}, b = {0}, part = {0};
	if (!s->members && list_members(s) < 0)
		return ERR_NOMEM;
	nat_set(&a, 0);
	nat_set(&b, 1);
	sum_exactly(s, node, category, &a, &b, &part);
	/* ⌊(a/b/n + unit/2) ÷ unit⌋ = ⌊(2a + n·unit·b) ÷ (2·n·unit·b)⌋ */
	nat_mul(&b, n);
	nat_mul(&b, MEAN_UNIT);
	nat_mul(&a, 2);
	nat_add(&a, &b);
	nat_mul(&b, 2);
	uint64_t mean = nat_quotient(&a, &b);
	int r = a.failed || b.failed || part.failed ? ERR_NOMEM : 0;
	nat_done(&a);
	nat_done(&b);
	nat_done(&part);
	if (r == 0)
		*ret_mean_e2 = mean;
	return r;
}

int summary_mean(struct summary *s, uint32_t node, uint8_t category,
		 const struct summary_cell *cell, uint64_t *ret_mean_e2)
{
	/* Each key is too small by less than 1: the sum lies in
	 * [key_sum, key_sum + n). Mostly both ends round alike. */
	uint64_t n = cell->graded;
	u128 unit = ((u128)MEAN_UNIT << KEY_FRACTION_BITS) * n;
	u128 low = (cell->key_sum + unit / 2) / unit;
	u128 high = (cell->key_sum + n - 1 + unit / 2) / unit;
	if (low != high)
		return exact_mean(s, node, category, n, ret_mean_e2);
	*ret_mean_e2 = (uint64_t)low;
	return 0;
}
