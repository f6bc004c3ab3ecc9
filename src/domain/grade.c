/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/grade.h"

#include <stdlib.h>
#include <string.h>

#include "base/big.h"
#include "domain/grade_parts.h"

/* --- groups --- */

struct grouping grouping_of(const struct graded *graded, const struct scope *scope)
{
	const struct orgs *orgs = graded->orgs;
	struct grouping g = {.groups = 1, .n_categories = (uint32_t)graded->scheme->n_categories};
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

/* --- picks --- */

int picks_init(struct picks *picks, const struct graded *graded, bool lowest, size_t groups,
	       size_t *first)
{
	*picks = (struct picks){
		.graded = graded, .lowest = lowest, .groups = groups, .first = first};
	picks->n = calloc(groups, sizeof(*picks->n));
	picks->at = malloc((first[groups] ? first[groups] : 1) * sizeof(*picks->at));
	return picks->n && picks->at ? 0 : ERR_NOMEM;
}

void picks_done(struct picks *picks)
{
	free(picks->n);
	free(picks->at);
	*picks = (struct picks){0};
}

int graded_compare(const struct graded *g, uint32_t a, uint32_t b, bool *failed)
{
	uint64_t ka = g->key[a] >> 1, kb = g->key[b] >> 1;
	if (ka != kb)
		return ka < kb ? -1 : 1;
	return compose_compare(&g->compose, a, b, failed);
}

/* True if `a` is worse to keep than `b`: it goes first. */
static inline bool goes_first(struct picks *p, struct pick a, struct pick b)
{
	uint64_t ka = a.key >> 1, kb = b.key >> 1;
	if (ka != kb)
		return p->lowest ? ka > kb : ka < kb;
	int c = compose_compare(&p->graded->compose, a.node, b.node, &p->failed);
	return p->lowest ? c > 0 : c < 0;
}

static void sift_down(struct picks *p, struct pick *heap, size_t n)
{
	struct pick moved = heap[0];
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= n)
			break;
		if (child + 1 < n && goes_first(p, heap[child + 1], heap[child]))
			child++;
		if (!goes_first(p, heap[child], moved))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = moved;
}

static void sift_up(struct picks *p, struct pick *heap, size_t i)
{
	struct pick moved = heap[i];
	while (i && goes_first(p, moved, heap[(i - 1) / 2])) {
		heap[i] = heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap[i] = moved;
}

void picks_offer_slow(struct picks *p, size_t group, uint32_t node)
{
	size_t room = p->first[group + 1] - p->first[group];
	struct pick *heap = p->at + p->first[group];
	struct pick pick = {p->graded->key[node], node};
	if (p->n[group] < room) {
		heap[p->n[group]++] = pick;
		sift_up(p, heap, p->n[group] - 1);
	} else if (room && goes_first(p, heap[0], pick)) {
		heap[0] = pick;
		sift_down(p, heap, room);
	}
}

void picks_merge(struct picks *p, const struct picks *other)
{
	for (size_t g = 0; g < p->groups; g++)
		for (uint32_t i = 0; i < other->n[g]; i++)
			picks_offer(p, g, other->at[other->first[g] + i].node);
	p->failed |= other->failed;
}

/* --- the whole --- */

static int need_ancestors(const struct scheme *scheme, struct orgs *orgs)
{
	int r = scheme->ranking.all ? 0 : orgs_need_ancestor(orgs, scheme->ranking.level);
	for (int i = 0; r == 0 && i < scheme->n_quotas; i++)
		if (!scheme->quotas[i].scope.all)
			r = orgs_need_ancestor(orgs, scheme->quotas[i].scope.level);
	for (int i = 0; r == 0 && i < scheme->n_stars; i++)
		if (!scheme->stars[i].scope.all)
			r = orgs_need_ancestor(orgs, scheme->stars[i].scope.level);
	return r;
}

int grade_again(struct graded *g, const struct scheme *scheme, struct orgs *orgs, unsigned threads)
{
	g->scheme = scheme;
	compose_init(&g->compose, scheme, g->book);
	int r = need_ancestors(scheme, orgs);
	if (r == 0)
		r = ranking_prepare(g, threads);
	if (r == 0)
		r = grade_scores(g, threads);
	if (r < 0)
		return r;
	memcpy(g->grade, g->score_grade, orgs->n);
	memset(g->quota, QUOTA_NONE, orgs->n);
	memset(g->stars, STARS_NONE, orgs->n);
	r = grade_quotas(g, threads);
	if (r == 0)
		r = grade_stars(g, threads);
	if (r == 0)
		r = grade_ranks(g, threads);
	return r;
}

int grade_run(struct graded *ret_graded, const struct scheme *scheme, struct orgs *orgs,
	      const struct book *book, unsigned threads)
{
	struct graded g = {.orgs = orgs, .book = book};
	size_t n = orgs->n ? orgs->n : 1;
	g.status = big_malloc(n);
	g.key = big_zalloc(n * sizeof(*g.key));
	g.score_grade = big_malloc(n);
	g.grade = big_malloc(n);
	g.quota = big_malloc(n);
	g.rank = big_zalloc(n * sizeof(*g.rank));
	g.stars = big_malloc(n);
	g.tie = big_zalloc(n * sizeof(*g.tie));
	bool ok = g.status && g.key && g.score_grade && g.grade && g.quota && g.rank && g.stars && g.tie;
	int r = ok ? grade_again(&g, scheme, orgs, threads) : ERR_NOMEM;
	if (r < 0) {
		graded_done(&g);
		return r;
	}
	*ret_graded = g;
	return 0;
}

void graded_done(struct graded *g)
{
	if (!g || !g->orgs)
		return;
	size_t n = g->orgs->n ? g->orgs->n : 1;
	free(g->status);
	big_free(g->key, n * sizeof(*g->key));
	free(g->score_grade);
	free(g->grade);
	free(g->quota);
	big_free(g->rank, n * sizeof(*g->rank));
	free(g->stars);
	big_free(g->tie, n * sizeof(*g->tie));
	ranking_free(g->ranking);
	*g = (struct graded){0};
}

uint8_t graded_approval(const struct graded *g, uint32_t node)
{
	for (int i = 0; i < g->scheme->n_approval; i++) {
		const struct scheme_approval *a = &g->scheme->approval[i];
		if ((a->grades >> g->grade[node] & 1) ||
		    (g->stars[node] != STARS_NONE && (a->stars >> g->stars[node] & 1)))
			return (uint8_t)a->level;
	}
	return LEVEL_NONE;
}

static void add_bits(struct buf *buf, uint32_t bits, const char *separator,
		     const char *(*name)(const struct scheme *, int), const struct scheme *scheme)
{
	bool first = true;
	for (int i = 0; i < 32; i++) {
		if (!(bits >> i & 1))
			continue;
		if (!first)
			buf_adds(buf, separator);
		buf_adds(buf, name(scheme, i));
		first = false;
	}
}

static const char *source_name(const struct scheme *scheme, int i)
{
	return scheme->sources[i].id;
}

static const char *voters_name(const struct scheme *scheme, int i)
{
	(void)scheme;
	return voters_id((enum voters)i);
}

void graded_status_text(const struct graded *g, uint32_t node, struct buf *buf)
{
	switch (g->status[node]) {
	case STATUS_OUTSIDE:
		buf_adds(buf, "outside");
		break;
	case STATUS_MISSING:
		buf_adds(buf, "missing:");
		add_bits(buf, graded_missing(g, node), "+", source_name, g->scheme);
		break;
	case STATUS_TURNOUT: {
		uint64_t failed = graded_failed_turnout(g, node);
		buf_adds(buf, "turnout:");
		for (int i = 0; failed >> i; i++) {
			if (!(failed >> i & 1))
				continue;
			add_bits(buf, g->scheme->turnout[i].voters, "+", voters_name, g->scheme);
			if (failed >> i >> 1)
				buf_addc(buf, ',');
		}
		break;
	}
	default:
		buf_adds(buf, "graded");
	}
}
