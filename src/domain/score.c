/* SPDX-License-Identifier: Apache-2.0 */
/* Rules 1–6: one pass over all nodes from figures to grades by score. */
#include <stdatomic.h>

#include "base/par.h"
#include "domain/compose_row.h"
#include "domain/grade_parts.h"

struct scoring {
	struct graded *graded;
	unsigned threads;
	uint64_t from[SCHEME_GRADES_MAX];	/* in units of the published score */
	uint32_t n_orgs[PAR_THREADS_MAX], n_graded[PAR_THREADS_MAX];
	atomic_int error;
};

/* cast ≥ at_least × eligible, or everyone's where they are few (rule 4). */
static inline bool turnout_holds(const struct orgs *orgs, const struct compose_row *row,
				 const struct scheme_turnout *rule, uint32_t node)
{
	uint64_t cast = 0, eligible = 0;
	for (int v = 0; v < VOTERS_COUNT; v++) {
		if (!(rule->voters >> v & 1))
			continue;
		cast += row->cast[v];
		uint32_t e = orgs->eligible[v][node];
		eligible += e == ORG_EMPTY ? 0 : e;
	}
	if (eligible < rule->everyone_below)
		return cast >= eligible;
	return cast * E6 >= rule->at_least_e6 * eligible;
}

uint32_t graded_missing(const struct graded *g, uint32_t node)
{
	struct compose_row row;
	uint32_t missing = 0;
	row_load(&g->compose, node, &row);
	for (int i = 0; i < g->scheme->n_sources; i++)
		if (!row.den[i])
			missing |= 1u << i;
	return missing;
}

uint64_t graded_failed_turnout(const struct graded *g, uint32_t node)
{
	struct compose_row row;
	uint64_t failed = 0;
	row_load(&g->compose, node, &row);
	for (int i = 0; i < g->scheme->n_turnout; i++)
		if (!turnout_holds(g->orgs, &row, &g->scheme->turnout[i], node))
			failed |= (uint64_t)1 << i;
	return failed;
}

static inline enum grade_status status_of(const struct graded *g, const struct compose_row *row,
					  uint32_t node)
{
	for (int i = 0; i < g->compose.n_sources; i++)
		if (!row->den[i])
			return STATUS_MISSING;
	for (int i = 0; i < g->scheme->n_turnout; i++)
		if (!turnout_holds(g->orgs, row, &g->scheme->turnout[i], node))
			return STATUS_TURNOUT;
	return STATUS_GRADED;
}

static void score_part(void *arg, unsigned part)
{
	struct scoring *s = arg;
	struct graded *g = s->graded;
	const struct orgs *orgs = g->orgs;
	const struct compose *c = &g->compose;
	enum level level = g->scheme->graded;
	int places = g->scheme->places, last = g->scheme->n_grades - 1;
	uint32_t *bucket_count = g->ranking->place + part * g->ranking->buckets;
	uint32_t n_orgs = 0, n_graded = 0;
	uint32_t end = (uint32_t)par_begin(orgs->n, part + 1, s->threads);

	for (uint32_t i = (uint32_t)par_begin(orgs->n, part, s->threads); i < end; i++) {
		struct compose_row row;
		uint64_t key;
		g->score_grade[i] = GRADE_NONE;
		g->rank[i] = 0;
		if (orgs->level[i] != level) {
			g->status[i] = STATUS_NODE;
			continue;
		}
		n_orgs++;
		if (orgs->category[i] == CATEGORY_NONE) {
			g->status[i] = STATUS_OUTSIDE;
			continue;
		}
		row_load(c, i, &row);
		g->status[i] = (uint8_t)status_of(g, &row, i);
		if (g->status[i] != STATUS_GRADED)
			continue;
		if (row_key(c, &row, i, &key) < 0) {
			atomic_store(&s->error, ERR_NOMEM);
			return;
		}
		g->key[i] = key;
		if (c->n_ties)
			g->tie[i] = row_tie_key(c, &row, i, c->ties[0]);
		uint64_t score = key_published(key, places);
		int grade = 0;
		while (grade < last && score < s->from[grade])
			grade++;
		g->score_grade[i] = (uint8_t)grade;
		bucket_count[ranking_bucket(g->ranking, i, key)]++;
		n_graded++;
	}
	s->n_orgs[part] = n_orgs;
	s->n_graded[part] = n_graded;
}

uint64_t score_in_places(int32_t from_e4, int places)
{
	uint64_t unit = 1;
	for (int i = places; i < 4; i++)
		unit *= 10;
	return ((uint64_t)from_e4 + unit - 1) / unit;
}

int grade_scores(struct graded *g, unsigned threads)
{
	struct scoring s = {.graded = g, .threads = threads};
	for (int i = 0; i < g->scheme->n_grades - 1; i++)
		s.from[i] = score_in_places(g->scheme->grades[i].from_e4, g->scheme->places);
	par_run(threads, score_part, &s);
	g->n_orgs = g->n_graded = 0;
	for (unsigned i = 0; i < threads; i++) {
		g->n_orgs += s.n_orgs[i];
		g->n_graded += s.n_graded[i];
	}
	return atomic_load(&s.error);
}
