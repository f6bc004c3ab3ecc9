/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/groups.h"

#include <stdlib.h>

#include "base/par.h"
#include "domain/compose_row.h"

enum { FEW = 16 }; /* picks that are kept in order */

struct grouping grouping_of(const struct graded *graded, const struct scope *scope)
{
	const struct orgs *orgs = graded->orgs;
	struct grouping g = {.above = orgs->above,
			     .groups = 1,
			     .n_categories = (uint32_t)graded->scheme->n_categories};
	if (!scope->all) {
		g.ancestor = orgs->ancestor[scope->level];
		g.groups = (size_t)orgs->n_ancestors[scope->level] + 1;
	}
	if (scope->by_category) {
		g.category = orgs->category;
		g.groups *= g.n_categories;
	}
	return g;
}

/* --- runs --- */

/* The runs that one thread finds, in the order of the nodes. */
struct found {
	struct found_run {
		size_t group;
		struct run run;
	} * at;
	size_t n, room;
	bool failed;
};

struct finding {
	const struct graded *graded;
	struct grouping grouping;
	unsigned threads;
	struct found found[PAR_THREADS_MAX];
};

static struct found_run *add_run(struct found *f)
{
	if (f->n == f->room) {
		size_t room = f->room ? f->room * 2 : 1024;
		struct found_run *at = realloc(f->at, room * sizeof(*at));
		if (!at)
			return NULL;
		f->at = at;
		f->room = room;
	}
	return &f->at[f->n++];
}

static void find_part(void *arg, unsigned part)
{
	struct finding *finding = arg;
	struct found *f = &finding->found[part];
	const struct orgs *orgs = finding->graded->orgs;
	enum level level = finding->graded->scheme->graded;
	uint32_t end = (uint32_t)par_begin(orgs->n, part + 1, finding->threads);
	const uint8_t *category = finding->grouping.category;
	struct found_run *last = NULL;
	uint32_t before = 0;	/* the last one that was of a run */
	for (uint32_t i = (uint32_t)par_begin(orgs->n, part, finding->threads); i < end; i++) {
		if (orgs->level[i] != level || orgs->category[i] == CATEGORY_NONE)
			continue;
		/* Those below the same parent are of the same group. */
		if (!last || orgs->above[i] != orgs->above[before] ||
		    (category && category[i] != category[before])) {
			size_t group = group_of(&finding->grouping, i);
			if (!last || last->group != group) {
				last = add_run(f);
				if (!last) {
					f->failed = true;
					return;
				}
				*last = (struct found_run){group, {i, i}};
			}
		}
		last->run.end = i + 1;
		before = i;
	}
}

/* Puts the runs that were found in the order of their groups. */
static int sort_runs(struct groups *groups, const struct finding *finding)
{
	size_t n = 0;
	for (unsigned t = 0; t < finding->threads; t++) {
		if (finding->found[t].failed)
			return ERR_NOMEM;
		n += finding->found[t].n;
	}
	groups->first = calloc(groups->n + 2, sizeof(*groups->first));
	groups->runs = malloc((n + 1) * sizeof(*groups->runs));
	if (!groups->first || !groups->runs)
		return ERR_NOMEM;
	/* first[g + 1]: where the next run of g goes, in the end where g ends. */
	for (unsigned t = 0; t < finding->threads; t++)
		for (size_t i = 0; i < finding->found[t].n; i++)
			groups->first[finding->found[t].at[i].group + 2]++;
	for (size_t g = 2; g <= groups->n; g++)
		groups->first[g] += groups->first[g - 1];
	for (unsigned t = 0; t < finding->threads; t++)
		for (size_t i = 0; i < finding->found[t].n; i++) {
			const struct found_run *f = &finding->found[t].at[i];
			groups->runs[groups->first[f->group + 1]++] = f->run;
		}
	return 0;
}

static bool scope_is(const struct groups *groups, const struct graded *graded,
		     const struct scope *scope)
{
	const struct scope *a = &groups->scope;
	return a->all == scope->all && (a->all || a->level == scope->level) &&
	       a->by_category == scope->by_category &&
	       groups->n_categories == graded->scheme->n_categories &&
	       groups->graded == graded->scheme->graded;
}

int groups_need(struct graded *graded, const struct scope *scope, unsigned threads,
		const struct groups **ret_groups)
{
	for (const struct groups *g = graded->groups; g; g = g->next)
		if (scope_is(g, graded, scope)) {
			*ret_groups = g;
			return 0;
		}
	struct finding finding = {
		.graded = graded, .grouping = grouping_of(graded, scope), .threads = threads};
	struct groups *groups = calloc(1, sizeof(*groups));
	int r = groups ? 0 : ERR_NOMEM;
	if (r == 0) {
		*groups = (struct groups){
			.scope = *scope,
			.n_categories = graded->scheme->n_categories,
			.graded = graded->scheme->graded,
			.n = finding.grouping.groups,
		};
		par_run(threads, find_part, &finding);
		r = sort_runs(groups, &finding);
	}
	for (unsigned t = 0; t < threads; t++)
		free(finding.found[t].at);
	if (r < 0) {
		groups_free(groups);
		return r;
	}
	groups->next = graded->groups;
	*ret_groups = graded->groups = groups;
	return 0;
}

static size_t count_bytes(const uint8_t *at, size_t n, uint8_t from, uint8_t range)
{
	size_t sum = 0;
	while (n) {
		size_t some = n < UINT8_MAX ? n : UINT8_MAX;
		uint8_t found = 0; /* many at once, as bytes */
		for (size_t i = 0; i < some; i++)
			found += (uint8_t)(at[i] - from) <= range;
		sum += found;
		at += some;
		n -= some;
	}
	return sum;
}

size_t groups_count(const struct groups *groups, size_t group, const uint8_t *at, uint8_t from,
		    uint8_t to)
{
	size_t n = 0;
	for (uint32_t k = groups->first[group]; k < groups->first[group + 1]; k++)
		n += count_bytes(at + groups->runs[k].begin,
				 groups->runs[k].end - groups->runs[k].begin, from,
				 (uint8_t)(to - from));
	return n;
}

void groups_free(struct groups *groups)
{
	while (groups) {
		struct groups *next = groups->next;
		free(groups->first);
		free(groups->runs);
		free(groups);
		groups = next;
	}
}

/* --- picks --- */

int picker_begin(struct picker *p, size_t k)
{
	p->k = k;
	p->n = 0;
	p->bound = p->lowest ? UINT64_MAX : 0;
	if (2 * k <= p->room)
		return 0;
	free(p->at);
	p->room = 2 * k;
	p->at = malloc(p->room * sizeof(*p->at));
	if (p->at)
		return 0;
	p->room = 0;
	p->failed = true;
	return ERR_NOMEM;
}

void picker_done(struct picker *p)
{
	free(p->at);
	p->at = NULL;
	p->room = 0;
}

/* Of two with the same key. */
static int compare_behind(struct picker *p, struct pick a, struct pick b)
{
	const struct compose *c = &p->graded->compose;
	if ((a.key | b.key) & 1 || c->n_ties > 1)
		return graded_compare(p->graded, a.node, b.node, &p->failed);
	uint32_t ta = compose_tie(c, a.node), tb = compose_tie(c, b.node);
	if (ta >> 1 == tb >> 1)
		return (ta | tb) & 1 ? compose_compare_ties(c, a.node, b.node) : 0;
	return ta < tb ? -1 : 1;
}

/* < 0 if `a` is to be kept rather than `b`. */
static inline int better(struct picker *p, struct pick a, struct pick b)
{
	uint64_t ka = a.key >> 1, kb = b.key >> 1;
	int c = ka != kb ? (ka < kb ? -1 : 1) : compare_behind(p, a, b);
	return p->lowest ? c : -c;
}

static inline void swap(struct pick *a, struct pick *b)
{
	struct pick c = *a;
	*a = *b;
	*b = c;
}

/* Moves the best `k` of `n` to the front. */
static void select_best(struct picker *p, struct pick *a, size_t n, size_t k)
{
	size_t begin = 0, end = n;
	while (begin < k && k < end) {
		/* Better ones than the middle one, equals, worse ones. */
		struct pick middle = a[begin + (end - begin) / 2];
		size_t equal = begin, worse = end;
		for (size_t i = begin; i < worse;) {
			int c = better(p, a[i], middle);
			if (c < 0)
				swap(&a[equal++], &a[i++]);
			else if (c > 0)
				swap(&a[i], &a[--worse]);
			else
				i++;
		}
		if (k <= equal)
			end = equal;
		else if (k >= worse)
			begin = worse;
		else
			return;
	}
}

/* Keeps k, the worst in front. */
static void trim(struct picker *p)
{
	if (p->n < p->k || p->k <= FEW)
		return;
	select_best(p, p->at, p->n, p->k);
	p->n = p->k;
	for (size_t i = 1; i < p->n; i++)
		if (better(p, p->at[0], p->at[i]) < 0)
			swap(&p->at[0], &p->at[i]);
	p->bound = p->at[0].key >> 1;
}

static void take_in_order(struct picker *p, struct pick pick)
{
	struct pick *at = p->at;
	size_t i = 0;
	if (p->n < p->k) {
		for (i = p->n++; i && better(p, at[i - 1], pick) < 0; i--)
			at[i] = at[i - 1];
	} else if (better(p, pick, at[0]) < 0) {
		for (; i + 1 < p->n && better(p, pick, at[i + 1]) < 0; i++)
			at[i] = at[i + 1];
	} else {
		return;
	}
	at[i] = pick;
	if (p->n == p->k)
		p->bound = at[0].key >> 1;
}

void picker_take(struct picker *p, uint32_t node)
{
	struct pick pick = {p->graded->key[node], node};
	if (p->k <= FEW) {
		take_in_order(p, pick);
		return;
	}
	if (p->n == p->room)
		trim(p);
	p->at[p->n++] = pick;
}

bool picker_close(struct picker *p)
{
	trim(p);
	return p->n == p->k;
}

int picker_side(struct picker *p, uint32_t node)
{
	if (node == p->at[0].node)
		return 0;
	return better(p, (struct pick){p->graded->key[node], node}, p->at[0]);
}
