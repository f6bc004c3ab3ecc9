/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "domain/compose_row.h"

enum {
	ROOM_MIN = 1024,	/* picks that are listed before some are forgotten */
	LIST_MOST = 512,	/* nodes that are looked at together */
	FEW = 8,		/* that are compared at once */
	STEPS_FEW = 64,		/* for fewer than STEPS_MAX picks */
	STEPS_MAX = 1024,
};

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
	groups->runs = calloc(n + 1, sizeof(*groups->runs));
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
	for (size_t g = 0; g < groups->n; g++) {
		uint32_t nodes = 0;
		for (uint32_t k = groups->first[g]; k < groups->first[g + 1]; k++)
			nodes += groups->runs[k].end - groups->runs[k].begin;
		groups->most = nodes > groups->most ? nodes : groups->most;
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

static int make_room(struct picker *p, size_t room)
{
	struct pick *at = malloc(2 * room * sizeof(*at));
	if (!at) {
		p->failed = true;
		return ERR_NOMEM;
	}
	if (p->n)
		memcpy(at, p->at, p->n * sizeof(*at));
	free(p->at);
	p->at = at;
	p->room = room;
	return 0;
}

int picker_begin(struct picker *p, size_t k)
{
	size_t room = 2 * k < ROOM_MIN ? ROOM_MIN : 2 * k;
	p->k = k;
	p->n = 0;
	p->bound = UINT64_MAX;
	return room <= p->room ? 0 : make_room(p, room);
}

void picker_done(struct picker *p)
{
	free(p->at);
	p->at = NULL;
	p->room = 0;
}

int picker_compare_behind(struct picker *p, uint32_t a, uint32_t b)
{
	const struct graded *g = p->graded;
	const struct compose *c = &g->compose;
	int r;
	if (a == b)
		return 0;
	if ((g->key[a] | g->key[b]) & 1 || c->n_ties > 1) {
		r = graded_compare(g, a, b, &p->failed);
	} else {
		uint32_t ta = compose_tie(c, a), tb = compose_tie(c, b);
		if (ta >> 1 == tb >> 1)
			r = (ta | tb) & 1 ? compose_compare_ties(c, a, b) : 0;
		else
			r = ta < tb ? -1 : 1;
	}
	return p->lowest ? r : -r;
}

static inline int better(struct picker *p, struct pick a, struct pick b)
{
	if (a.value != b.value)
		return a.value < b.value ? -1 : 1;
	return picker_compare_behind(p, a.node, b.node);
}

static inline void swap(struct pick *a, struct pick *b)
{
	struct pick c = *a;
	*a = *b;
	*b = c;
}

/* The k-th of n, which are put into another order. */
static struct pick select_kth(struct picker *p, struct pick *a, size_t n, size_t k)
{
	size_t begin = 0, end = n;
	for (;;) {
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
		else if (k > worse)
			begin = worse;
		else
			return middle;
	}
}

/* The k-th of those listed. Values are counted in even steps from the least to the
 * greatest; then only those of the step with the k-th matter, and so on. */
static struct pick find_edge(struct picker *p)
{
	struct pick *few = p->at + p->room;
	const struct pick *a = p->at;
	size_t n = p->n, k = p->k;
	while (n > FEW) {
		uint32_t count[STEPS_MAX];
		uint64_t min = UINT64_MAX, max = 0, steps = n < STEPS_MAX ? STEPS_FEW : STEPS_MAX;
		for (size_t i = 0; i < n; i++) {
			min = a[i].value < min ? a[i].value : min;
			max = a[i].value > max ? a[i].value : max;
		}
		if (min == max)
			break;
		uint64_t wide = (max - min) / steps;
		unsigned shift = wide ? 64 - (unsigned)__builtin_clzll(wide) : 0;
		memset(count, 0, steps * sizeof(*count));
		for (size_t i = 0; i < n; i++)
			count[(a[i].value - min) >> shift]++;
		size_t step = 0, found = 0;
		while (count[step] < k)
			k -= count[step++];
		for (size_t i = 0; i < n; i++) {
			few[found] = a[i];
			found += (few[found].value - min) >> shift == step;
		}
		a = few;
		n = found;
	}
	if (a != few)
		memcpy(few, a, n * sizeof(*a));
	return select_kth(p, few, n, k);
}

/* Forgets who is beyond the k-th. */
static int trim(struct picker *p)
{
	size_t n = 0;
	p->edge = find_edge(p);
	p->bound = p->edge.value;
	for (size_t i = 0; i < p->n; i++)
		if (picker_side(p, p->at[i]) <= 0)
			p->at[n++] = p->at[i];
	p->n = n;
	/* More than k are left where many are equal. */
	return n > p->room / 4 * 3 ? make_room(p, p->room * 2) : 0;
}

/* Lists who of some nodes, not more than there is room for and than LIST_MOST, may be
 * picked. Grades are looked at first, many at once: the keys of most are not read. */
static void list(struct picker *p, const struct offer *offer, struct run run)
{
	const uint64_t *key = p->graded->key;
	const uint8_t *grade = p->graded->grade + run.begin, *stars = p->graded->stars + run.begin;
	uint64_t flip = p->lowest ? 0 : UINT64_MAX >> 1, bound = p->bound, least = offer->least;
	uint8_t from = offer->from, range = (uint8_t)(offer->to - from);
	uint8_t fits[LIST_MOST];
	uint32_t count = run.end - run.begin;
	for (uint32_t i = 0; i < count; i++)
		fits[i] = (uint8_t)(grade[i] - from) <= range;
	for (uint32_t i = 0; offer->starless && i < count; i++)
		fits[i] &= stars[i] == STARS_NONE;
	struct pick *listed = p->at + p->n, *to = listed;
	for (uint32_t i = 0; i < count; i++) {
		listed->node = run.begin + i;
		listed += fits[i];
	}
	for (const struct pick *one = to; one < listed; one++) {
		uint32_t node = one->node;
		uint64_t k = key[node], value = (k >> 1) ^ flip;
		*to = (struct pick){value, node};
		to += (k >= least) & (value <= bound);
	}
	p->n = (size_t)(to - p->at);
}

int picker_offer(struct picker *p, const struct groups *groups, size_t group,
		 const struct offer *offer)
{
	for (uint32_t k = groups->first[group]; k < groups->first[group + 1]; k++) {
		struct run run = groups->runs[k];
		while (run.begin < run.end) {
			if (p->n == p->room && trim(p) < 0)
				return ERR_NOMEM;
			size_t room = p->room - p->n, most = room < LIST_MOST ? room : LIST_MOST;
			struct run some = run;
			if (run.end - run.begin > most)
				some.end = run.begin + (uint32_t)most;
			list(p, offer, some);
			run.begin = some.end;
		}
	}
	return 0;
}

bool picker_close(struct picker *p)
{
	if (p->n < p->k)
		return false;
	p->edge = find_edge(p);
	return true;
}
