/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/grade.h"

#include <stdlib.h>

#include "base/big.h"
#include "domain/grade_parts.h"

enum { FEW = 16 };	/* picks that are kept in order */

/* --- groups --- */

struct grouping grouping_of(const struct graded *graded, const struct scope *scope)
{
	const struct orgs *orgs = graded->orgs;
	struct grouping g = {.above = orgs->above, .groups = 1, .n_categories = (uint32_t)graded->scheme->n_categories};
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

static size_t room_of(const struct picks *p, size_t group)
{
	return p->first[group + 1] - p->first[group];
}

/* The bound beyond which everything, or nothing, lies. */
static uint64_t bound_for(const struct picks *p, bool nothing_beyond)
{
	return p->lowest == nothing_beyond ? UINT64_MAX : 0;
}

int picks_init(struct picks *picks, const struct graded *graded, bool lowest, size_t groups,
	       const size_t *first)
{
	*picks = (struct picks){
		.graded = graded, .lowest = lowest, .groups = groups, .first = first};
	picks->n = calloc(groups, sizeof(*picks->n));
	picks->bound = malloc(groups * sizeof(*picks->bound));
	picks->at = malloc((first[groups] ? 2 * first[groups] : 1) * sizeof(*picks->at));
	if (!picks->n || !picks->bound || !picks->at)
		return ERR_NOMEM;
	for (size_t group = 0; group < groups; group++)
		picks->bound[group] = bound_for(picks, room_of(picks, group) != 0);
	return 0;
}

void picks_done(struct picks *picks)
{
	free(picks->n);
	free(picks->bound);
	free(picks->at);
	*picks = (struct picks){0};
}

int graded_compare(const struct graded *g, uint32_t a, uint32_t b, bool *failed)
{
	uint64_t ka = g->key[a], kb = g->key[b];
	if (ka >> 1 != kb >> 1)
		return ka < kb ? -1 : 1;
	return (ka | kb) & 1 ? compose_compare(&g->compose, a, b, failed) :
			       compose_compare_ties(&g->compose, a, b);
}

/* < 0 if `a` is to be kept rather than `b`. */
static inline int better(struct picks *p, struct pick a, struct pick b)
{
	uint64_t ka = a.key >> 1, kb = b.key >> 1;
	int c = ka != kb ? (ka < kb ? -1 : 1) : graded_compare(p->graded, a.node, b.node, &p->failed);
	return p->lowest ? c : -c;
}

static inline void swap(struct pick *a, struct pick *b)
{
	struct pick c = *a;
	*a = *b;
	*b = c;
}

/* Moves the best `k` of `n` to the front. */
static void select_best(struct picks *p, struct pick *a, size_t n, size_t k)
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

/* Puts the worst in front. */
static void worst_first(struct picks *p, struct pick *a, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (better(p, a[0], a[i]) < 0)
			swap(&a[0], &a[i]);
}

static void trim(struct picks *p, size_t group)
{
	size_t room = room_of(p, group);
	struct pick *at = p->at + 2 * p->first[group];
	if (p->n[group] < room || room <= FEW)
		return;
	select_best(p, at, p->n[group], room);
	p->n[group] = (uint32_t)room;
	worst_first(p, at, room);
	p->bound[group] = at[0].key >> 1;
}

/* A few picks are kept in order, the worst in front. */
static void take_in_order(struct picks *p, size_t group, size_t room, struct pick pick)
{
	struct pick *at = p->at + 2 * p->first[group];
	size_t n = p->n[group], i = 0;
	if (n < room) {
		for (i = n++; i && better(p, at[i - 1], pick) < 0; i--)
			at[i] = at[i - 1];
		p->n[group] = (uint32_t)n;
	} else if (better(p, pick, at[0]) < 0) {
		for (; i + 1 < n && better(p, pick, at[i + 1]) < 0; i++)
			at[i] = at[i + 1];
	} else {
		return;
	}
	at[i] = pick;
	if (n == room)
		p->bound[group] = at[0].key >> 1;
}

void picks_take(struct picks *p, size_t group, uint32_t node)
{
	size_t room = room_of(p, group);
	if (room <= FEW) {
		if (room)
			take_in_order(p, group, room, (struct pick){p->graded->key[node], node});
		return;
	}
	if (p->n[group] == 2 * room)
		trim(p, group);
	p->at[2 * p->first[group] + p->n[group]++] = (struct pick){p->graded->key[node], node};
}

void picks_trim(struct picks *p)
{
	for (size_t group = 0; group < p->groups; group++)
		trim(p, group);
}

void picks_merge(struct picks *p, const struct picks *other)
{
	for (size_t group = 0; group < p->groups; group++) {
		const struct pick *from = other->at + 2 * p->first[group];
		for (uint32_t i = 0; i < other->n[group]; i++)
			if (!picks_beyond(p, group, from[i].key))
				picks_take(p, group, from[i].node);
	}
	p->failed |= other->failed;
}

void picks_close(struct picks *p)
{
	for (size_t group = 0; group < p->groups; group++) {
		size_t room = room_of(p, group);
		trim(p, group);
		if (p->n[group] < room) {
			if (room > FEW)
				worst_first(p, p->at + 2 * p->first[group], p->n[group]);
			p->bound[group] = bound_for(p, true);
		}
	}
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

/* Gives the ballots back: their memory is what the rest is made in. */
static void spend_ballots(struct graded *g, struct orgs *orgs, struct book *book)
{
	g->compose.kept = standing_figures(g->standing);
	if (!g->compose.kept)
		return;
	book_drop_votes(book);
	g->spare = orgs_take_lines(orgs, &g->spare_size);
}

/* `spent`: the book where its ballots may be given back, else NULL. */
static int grade(struct graded *g, const struct scheme *scheme, struct orgs *orgs, struct book *spent,
		 unsigned threads)
{
	g->scheme = scheme;
	compose_init(&g->compose, scheme, g->book);
	int r = need_ancestors(scheme, orgs);
	if (r == 0)
		r = grade_standing(g, threads);
	if (r == 0 && spent)
		spend_ballots(g, orgs, spent);
	if (r == 0)
		r = ranking_prepare(g, threads);
	if (r == 0)
		r = grade_scores(g, threads);
	if (r == 0)
		r = grade_quotas(g, threads);
	if (r == 0)
		r = grade_stars(g, threads);
	if (r == 0)
		r = grade_ranks(g, threads);
	return r;
}

int grade_again(struct graded *g, const struct scheme *scheme, struct orgs *orgs, unsigned threads)
{
	return grade(g, scheme, orgs, NULL, threads);
}

static int run(struct graded *ret_graded, const struct scheme *scheme, struct orgs *orgs,
	       const struct book *book, struct book *spent, unsigned threads)
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
	bool ok = g.status && g.key && g.score_grade && g.grade && g.quota && g.rank && g.stars;
	int r = ok ? grade(&g, scheme, orgs, spent, threads) : ERR_NOMEM;
	if (r < 0) {
		graded_done(&g);
		return r;
	}
	*ret_graded = g;
	return 0;
}

int grade_run(struct graded *ret_graded, const struct scheme *scheme, struct orgs *orgs,
	      const struct book *book, unsigned threads)
{
	return run(ret_graded, scheme, orgs, book, NULL, threads);
}

int grade_once(struct graded *ret_graded, const struct scheme *scheme, struct orgs *orgs,
	       struct book *book, unsigned threads)
{
	int r = run(ret_graded, scheme, orgs, book, book, threads);
	if (r == 0) {
		ranking_free(ret_graded->ranking);
		ret_graded->ranking = NULL;
	}
	return r;
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
	ranking_free(g->ranking);
	standing_free(g->standing);
	big_free(g->spare, g->spare_size);
	*g = (struct graded){0};
}

uint8_t approval_level(const struct scheme *scheme, uint8_t grade, uint8_t stars)
{
	for (int i = 0; i < scheme->n_approval; i++) {
		const struct scheme_approval *a = &scheme->approval[i];
		if ((a->grades >> grade & 1) || (stars != STARS_NONE && (a->stars >> stars & 1)))
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
