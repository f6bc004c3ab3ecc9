/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules 1–6, in two passes over all nodes. The first makes of ballots figures
 * and statuses: it depends on the options' points, on who votes and on the
 * turnout only, and is not made again while these stay as they are. The second
 * makes composites and grades by score.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/compose_row.h"
#include "domain/grade_parts.h"

/* The rules that the first pass follows. Compared as bytes: filled from zero. */
struct standing_rules {
	enum level graded;
	int n_sources, n_options, n_turnout;
	enum source_by by[SCHEME_SOURCES_MAX];
	uint32_t voters[SCHEME_SOURCES_MAX];
	uint64_t points_e4[SCHEME_OPTIONS_MAX];
	struct scheme_turnout turnout[SCHEME_RULES_MAX];
};

struct standing {
	struct standing_rules rules;
	struct figure *ballots;         /* [node][source by ballots]; but for those outside */
	bool all;			/* none of them is too large for a figure */
};

struct scoring {
	struct graded *graded;
	void *ballots;                          /* where the figures go (struct standing) */
	uint64_t from[SCHEME_GRADES_MAX];	/* least keys */
	const struct weighing *weighing;
	struct quota_run quota;			/* the first one */
	uint32_t n_orgs[PAR_THREADS_MAX], n_graded[PAR_THREADS_MAX];
	atomic_bool large;	/* ballots that a figure cannot say */
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
		uint32_t e = orgs->eligible[node][v];
		eligible += e == ORG_EMPTY ? 0 : e;
	}
	if (eligible < rule->everyone_below)
		return cast >= eligible;
	return cast * E6 >= rule->at_least_e6 * eligible;
}

/* The status, and why it is not STATUS_GRADED: the sources that are missing, or
 * the turnout rules that fail. */
static inline enum grade_status status_of(const struct graded *g, const struct compose_row *row,
					  uint32_t node, uint64_t *ret_why)
{
	uint64_t missing = 0, failed = 0;
	for (int i = 0; i < g->compose.n_sources; i++)
		missing |= (uint64_t)!row->den[i] << i;
	for (int i = 0; !missing && i < g->scheme->n_turnout; i++)
		failed |= (uint64_t)!turnout_holds(g->orgs, row, &g->scheme->turnout[i], node) << i;
	*ret_why = missing | failed;
	return missing ? STATUS_MISSING : failed ? STATUS_TURNOUT : STATUS_GRADED;
}

static struct figure ballots_figure(uint64_t sum_e4, uint64_t valid)
{
	return valid < FIGURE_LARGE ? (struct figure){sum_e4, valid} : (struct figure){0, FIGURE_LARGE};
}

/* What the ballots of a node come to, source by source; false: too many for a figure. */
static bool keep_ballots(struct scoring *s, const struct compose_row *row, uint32_t node)
{
	const struct compose *c = &s->graded->compose;
	char *ballots = (char *)s->ballots +
			(size_t)node * (size_t)c->n_ballots * sizeof(struct figure);
	bool large = false;
	for (int k = 0; k < c->n_sources; k++)
		if (c->source[k].by == BY_BALLOTS) {
			/* Copied: voters may have stood there. */
			struct figure figure = ballots_figure(row->num[k], row->den[k]);
			ballots = mempcpy(ballots, &figure, sizeof(figure));
			large |= row->den[k] >= FIGURE_LARGE;
		}
	return !large;
}

static void stand_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct scoring *s = arg;
	struct graded *g = s->graded;
	const struct orgs *orgs = g->orgs;
	enum level level = g->scheme->graded;
	uint32_t n_orgs = 0, n_graded = 0;
	bool all = true;

	for (uint32_t i = (uint32_t)begin; i < end; i++) {
		enum grade_status status = STATUS_NODE;
		uint64_t why = 0;
		if (orgs->level[i] == level) {
			n_orgs++;
			status = STATUS_OUTSIDE;
			if (orgs->category[i] != CATEGORY_NONE) {
				struct compose_row row;
				row_load(&g->compose, i, &row);
				status = status_of(g, &row, i, &why);
				all &= keep_ballots(s, &row, i);
			}
		}
		g->status[i] = (uint8_t)status;
		if (status == STATUS_GRADED) {
			n_graded++;
			continue;
		}
		g->key[i] = why;
		g->score_grade[i] = g->grade[i] = GRADE_NONE;
		g->quota[i] = QUOTA_NONE;
		g->stars[i] = STARS_NONE;
		g->rank[i] = 0;
	}
	if (!all)
		atomic_store(&s->large, true);
	s->n_orgs[part] += n_orgs;
	s->n_graded[part] += n_graded;
}

static struct standing_rules rules_of(const struct compose *c)
{
	struct standing_rules rules;
	memset(&rules, 0, sizeof(rules));
	rules.graded = c->scheme->graded;
	rules.n_sources = c->n_sources;
	rules.n_options = c->n_options;
	rules.n_turnout = c->scheme->n_turnout;
	for (int i = 0; i < c->n_sources; i++) {
		rules.by[i] = c->source[i].by;
		rules.voters[i] = c->source[i].voters;
	}
	memcpy(rules.points_e4, c->points_e4, sizeof(rules.points_e4));
	if (rules.n_turnout)
		memcpy(rules.turnout, c->scheme->turnout,
		       (size_t)rules.n_turnout * sizeof(*rules.turnout));
	return rules;
}

void standing_free(struct standing *standing)
{
	if (!standing)
		return;
	free(standing->ballots);
	free(standing);
}

/* Who grades once needs nobody's number of voters after his turnout: where one figure
 * takes its place, it is put there. */
static bool figures_in_place(const struct graded *g, const struct orgs *spent)
{
	return spent && spent->eligible &&
	       (size_t)g->compose.n_ballots * sizeof(struct figure) == sizeof(*spent->eligible);
}

int grade_standing(struct graded *g, struct orgs *spent, unsigned threads)
{
	struct scoring scoring = {.graded = g}, *s = &scoring;
	struct standing_rules rules = rules_of(&g->compose);
	if (g->standing && memcmp(&g->standing->rules, &rules, sizeof(rules)) == 0)
		return 0;
	standing_free(g->standing);
	g->standing = calloc(1, sizeof(*g->standing));
	if (!g->standing)
		return ERR_NOMEM;
	bool in_place = figures_in_place(g, spent);
	s->ballots = in_place ? (void *)spent->eligible :
				big_malloc((size_t)g->orgs->n * (size_t)g->compose.n_ballots *
					   sizeof(struct figure));
	g->standing->ballots = s->ballots;
	if (!s->ballots)
		return ERR_NOMEM;
	g->standing->rules = rules;
	par_each(threads, g->orgs->n, ORG_STEP, stand_part, s);
	if (in_place)
		orgs_take_eligible(spent);
	g->n_orgs = g->n_graded = 0;
	for (unsigned i = 0; i < threads; i++) {
		g->n_orgs += s->n_orgs[i];
		g->n_graded += s->n_graded[i];
	}
	g->standing->all = !atomic_load(&s->large);
	return 0;
}

const struct figure *standing_figures(const struct standing *standing)
{
	return standing->all ? standing->ballots : NULL;
}

/* --- the second pass --- */

enum {
	BLOCK = 256,		/* nodes that go through the second pass together */
	LINE = 64,		/* bytes that are fetched at once */
	GROUPS_AT_ONCE = 256,
};

/* The graded ones of some nodes, and what is computed of them. */
struct block {
	int n;
	uint32_t node[BLOCK];
	uint64_t key[BLOCK]; /* composite (compose.h) */
	uint32_t tie[BLOCK];
	size_t bucket[BLOCK];
};

/* Lists the graded ones of the nodes, and clears what the rules may set. */
static void block_list(struct graded *g, uint32_t begin, uint32_t end, struct block *b)
{
	const uint8_t *status = g->status;
	int n = 0;
	memset(g->quota + begin, QUOTA_NONE, end - begin);
	memset(g->stars + begin, STARS_NONE, end - begin);
	for (uint32_t i = begin; i < end; i++) {
		b->node[n] = i;
		n += status[i] == STATUS_GRADED;
	}
	b->n = n;
}

/* A source's figures: where they begin, and the bytes from node to node. */
struct figures {
	const char *at;
	size_t stride;
};

/* Those by indicators, node by node with all their cards; those by ballots. */
static struct figures cards_of(const struct book *book)
{
	return (struct figures){(const char *)book->cards, (size_t)book->n_cards * book->card_size};
}

static struct figures ballots_of(const struct graded *g)
{
	return (struct figures){(const char *)g->standing->ballots,
				(size_t)g->compose.n_ballots * sizeof(struct figure)};
}

static struct figures figures_of(const struct graded *g, int source)
{
	const struct compose *c = &g->compose;
	bool ballots = c->source[source].by == BY_BALLOTS;
	struct figures of = ballots ? ballots_of(g) : cards_of(c->book);
	of.at += (size_t)c->source[source].card * (ballots ? sizeof(struct figure) : c->book->card_size);
	return of;
}

static inline struct figure figure_at(struct figures figures, uint32_t node)
{
	struct figure f;
	memcpy(&f, figures.at + node * figures.stride, sizeof(f));
	return f;
}

/* Where the figures of all sources are, and what they weigh. */
struct weighing {
	const struct compose *compose;
	int n;
	struct {
		struct figures figures;
		uint64_t weight_e6;
	} source[SCHEME_SOURCES_MAX];
	struct figures all[2];	 /* where the sources' stand side by side, to be fetched */
	struct figures tie;	 /* of the first tie-breaker, if any */
	uint64_t inverse_unit;	 /* inverse_of(tie_unit); 0: it is 1 */
	uint64_t inverse[INVERSES]; /* inverse_of; from 2 on */
};

static struct weighing weighing_of(const struct graded *g)
{
	const struct compose *c = &g->compose;
	struct weighing w = {.compose = c, .n = c->n_sources, .all = {cards_of(c->book), ballots_of(g)}};
	if (c->n_ties)
		w.tie = figures_of(g, c->ties[0]);
	if (c->tie_unit > 1)
		w.inverse_unit = inverse_of(c->tie_unit);
	for (int i = 0; i < w.n; i++) {
		w.source[i].figures = figures_of(g, i);
		w.source[i].weight_e6 = g->compose.source[i].weight_e6;
	}
	for (uint64_t d = 2; d < INVERSES; d++)
		w.inverse[d] = inverse_of(d);
	return w;
}

/* N ÷ D in 64 bits: N ≤ 10^12·D fits as long as D stays below COMPOSE_SMALL_DEN.
 * False where it does not. */
static inline bool weigh(const struct weighing *w, uint32_t node, uint64_t *ret_num,
			 uint64_t *ret_den)
{
	uint64_t num = 0, den = 1;
	bool small = true;
	for (int i = 0; i < w->n; i++) {
		struct figure f = figure_at(w->source[i].figures, node);
		num = num * f.raters + w->source[i].weight_e6 * f.sum_e4 * den;
		den *= f.raters;
		small &= den < COMPOSE_SMALL_DEN && f.raters != FIGURE_LARGE;
	}
	*ret_num = num;
	*ret_den = den;
	return small;
}

/* Asks for the figures of some nodes before they are needed: a processor that sees them
 * read one after the other does not look beyond the end of a page by itself. */
static inline void fetch_figures(const struct weighing *w, uint32_t begin, uint32_t end)
{
	for (size_t i = 0; i < ARRAY_LEN(w->all); i++) {
		const char *stop = w->all[i].at + end * w->all[i].stride;
		for (const char *at = w->all[i].at + begin * w->all[i].stride; at < stop; at += LINE)
			__builtin_prefetch(at);
	}
}

static int block_keys(const struct weighing *w, struct block *b)
{
	const struct compose *c = w->compose;
	for (int k = 0; k < b->n; k++) {
		uint64_t num, den;
		if (!c->scale && weigh(w, b->node[k], &num, &den)) {
			b->key[k] = den > 1 && den < INVERSES ?
					    key_by_inverse(num, den, w->inverse[den]) :
					    key_of(num, den);
			continue;
		}
		struct compose_row row;
		row_load(c, b->node[k], &row);
		int r = row_key(c, &row, b->node[k], &b->key[k]);
		if (r < 0)
			return r;
	}
	return 0;
}

/* As tie_of; by multiplications where that does. */
static inline uint32_t tie_at(const struct weighing *w, struct figure f)
{
	const struct compose *c = w->compose;
	uint64_t units = w->inverse_unit ? inverse_divide(f.sum_e4, w->inverse_unit) : f.sum_e4;
	unsigned bits = c->tie_fraction_bits;
	if (f.raters < 2 || f.raters >= INVERSES || units >> (INVERSE_BITS - bits))
		return tie_of(c, f.sum_e4, f.raters);
	return (uint32_t)inverse_divide(units << bits, w->inverse[f.raters]) << 1 |
	       (f.raters >> bits / 2 != 0);
}

static void block_ties(const struct weighing *w, struct block *b)
{
	const struct compose *c = w->compose;
	for (int k = 0; k < b->n; k++) {
		b->tie[k] = 0;
		if (!c->n_ties)
			continue;
		struct figure f = figure_at(w->tie, b->node[k]);
		if (f.raters != FIGURE_LARGE && !c->scale) {
			b->tie[k] = tie_at(w, f);
			continue;
		}
		struct compose_row row;
		row_load(c, b->node[k], &row);
		b->tie[k] = row_tie(c, &row, b->node[k]);
	}
}

static void block_grade(struct scoring *s, unsigned part, struct block *b)
{
	struct graded *g = s->graded;
	int last = g->scheme->n_grades - 1;
	for (int k = 0; k < b->n; k++) {
		uint32_t node = b->node[k];
		uint8_t grade = 0;
		for (int i = 0; i < last; i++)
			grade += b->key[k] < s->from[i];
		g->key[node] = b->key[k];
		g->score_grade[node] = g->grade[node] = grade;
		b->bucket[k] = ranking_bucket(g->ranking, node, b->key[k]);
		ranking_prefetch(g->ranking, part, b->bucket[k]);
	}
	for (int k = 0; k < b->n; k++)
		ranking_deal(g->ranking, part, b->bucket[k],
			     (struct rank_record){b->key[k], b->tie[k], b->node[k]});
}

static void score_run(struct scoring *s, unsigned part, struct block *b, struct run run)
{
	uint32_t n = s->graded->orgs->n;
	for (uint32_t i = run.begin; i < run.end; i += BLOCK) {
		uint32_t end = run.end - i < BLOCK ? run.end : i + BLOCK;
		block_list(s->graded, i, end, b);
		fetch_figures(s->weighing, end, n - end < BLOCK ? n : end + BLOCK);
		if (block_keys(s->weighing, b) < 0) {
			atomic_store(&s->error, ERR_NOMEM);
			return;
		}
		block_ties(s->weighing, b);
		block_grade(s, part, b);
	}
}

static void score_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct block b = {0};
	score_run(arg, part, &b, (struct run){(uint32_t)begin, (uint32_t)end});
}

/* The same group by group, each of which then settles its quota while it is in the cache. */
static void score_groups_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct scoring *s = arg;
	const struct groups *groups = s->quota.groups;
	struct block b = {0};

	for (size_t group = begin; group < end; group++) {
		for (uint32_t k = groups->first[group]; k < groups->first[group + 1]; k++)
			score_run(s, part, &b, groups->runs[k]);
		if (quota_settle(&s->quota, part, group) < 0)
			return; /* the picker says so */
	}
}

uint64_t score_in_places(int32_t from_e4, int places)
{
	uint64_t unit = 1;
	for (int i = places; i < 4; i++)
		unit *= 10;
	return ((uint64_t)from_e4 + unit - 1) / unit;
}

int grade_scores(struct graded *g, unsigned threads, int *ret_quotas)
{
	struct weighing weighing = weighing_of(g);
	struct scoring s = {.graded = g, .weighing = &weighing};
	int r = 0;
	for (int i = 0; i < g->scheme->n_grades - 1; i++)
		s.from[i] = key_reaching(score_in_places(g->scheme->grades[i].from_e4,
							 g->scheme->places), g->scheme->places);
	*ret_quotas = 0;
	if (g->scheme->n_quotas)
		r = quota_begin(&s.quota, g, 0, threads);
	if (r < 0)
		return r;
	if (s.quota.groups && groups_are_small(s.quota.groups)) {
		*ret_quotas = 1;
		par_each(threads, s.quota.groups->n, GROUPS_AT_ONCE, score_groups_part, &s);
	} else {
		par_each(threads, g->orgs->n, ORG_STEP, score_part, &s);
	}
	if (s.quota.groups)
		r = quota_end(&s.quota);
	return r < 0 ? r : atomic_load(&s.error);
}
