/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/grade.h"

#include <stdlib.h>

#include "base/big.h"
#include "domain/grade_parts.h"

int graded_compare(const struct graded *g, uint32_t a, uint32_t b, bool *failed)
{
	uint64_t ka = g->key[a], kb = g->key[b];
	if (ka >> 1 != kb >> 1)
		return ka < kb ? -1 : 1;
	return (ka | kb) & 1 ? compose_compare(&g->compose, a, b, failed) :
			       compose_compare_ties(&g->compose, a, b);
}

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
	book_drop_votes(book);
	g->spare = orgs_take_lines(orgs, &g->spare_size);
}

/* `spent`: the book where its ballots may be given back, else NULL. */
static int grade(struct graded *g, const struct scheme *scheme, struct orgs *orgs, struct book *spent,
		 unsigned threads)
{
	g->scheme = scheme;
	compose_init(&g->compose, scheme, g->book);
	int settled = 0, r = need_ancestors(scheme, orgs);
	if (r == 0)
		r = grade_standing(g, spent ? orgs : NULL, threads);
	if (r == 0)
		g->compose.kept = standing_figures(g->standing);
	if (r == 0 && spent && g->compose.kept)
		spend_ballots(g, orgs, spent);
	if (r == 0)
		r = ranking_prepare(g, threads);
	if (r == 0)
		r = grade_scores(g, threads, &settled);
	if (r == 0)
		r = grade_quotas(g, settled, threads);
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
		groups_free(ret_graded->groups);
		ret_graded->ranking = NULL;
		ret_graded->groups = NULL;
	}
	return r;
}

void graded_drop_sources(struct graded *g, struct book *book)
{
	standing_free(g->standing);
	g->standing = NULL;
	book_drop_cards(book);
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
	groups_free(g->groups);
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
			if (g->scheme->turnout[i].residents_first)
				buf_addf(buf, "%s+%s", voters_id(VOTERS_RESIDENT), voters_id(VOTERS_MEMBER));
			else
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
