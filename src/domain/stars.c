/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 9: stars, rule by rule, after the quotas. */
#include "base/par.h"
#include "domain/grade_parts.h"

enum { RULES_AT_ONCE = 32, GROUPS_AT_ONCE = 4 };

/* What a rule without a cap, or those before it, give to a grade: `stars` from the key
 * `least` on, otherwise what `next` (0: nothing) gives. */
struct gift {
	uint64_t least;
	uint8_t stars;
	int next;
};

/* A rule with a cap and the rules without one that follow it: what the first leaves of
 * a small group, the others give out while it is in the cache. Or only the latter. */
struct star_run {
	struct graded *graded;
	const struct scheme_star_rule *capped;	/* NULL: none */
	const struct groups *groups;		/* its groups: everybody is in one of them */
	struct picker pickers[PAR_THREADS_MAX];
	struct gift gift[RULES_AT_ONCE + 1];
	uint8_t first[UINT8_MAX + 1];		/* by grade: a gift */
};

static uint64_t least_key(const struct graded *g, const struct scheme_star_rule *rule)
{
	int places = g->scheme->places;
	return rule->has_from ? key_reaching(score_in_places(rule->from_e4, places), places) : 0;
}

static void give_all(struct graded *g, const struct star_run *run, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++) {
		if (g->stars[i] != STARS_NONE)
			continue;
		int k = run->first[g->grade[i]];
		while (g->key[i] < run->gift[k].least)
			k = run->gift[k].next;
		g->stars[i] = run->gift[k].stars;
	}
}

static void give_all_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct star_run *run = arg;
	(void)part;
	give_all(run->graded, run, begin, end);
}

/* The capped stars of a group go to those above the first that finds no room: a set
 * of equals that does not fit as a whole gets none. */
static int give_capped(struct star_run *run, struct picker *picker, size_t group)
{
	struct graded *g = run->graded;
	uint8_t grade = (uint8_t)run->capped->grade;
	uint64_t count = groups_count(run->groups, group, g->grade, grade, grade);
	struct offer offer = {grade, grade, true, least_key(g, run->capped)};
	size_t cap = (size_t)(run->capped->at_most_e6 * count / E6);
	if (!cap)
		return 0;
	int r = picker_begin(picker, cap + 1);
	if (r == 0)
		r = picker_offer(picker, run->groups, group, &offer);
	if (r < 0)
		return r;
	bool full = picker_close(picker);
	for (size_t k = 0; k < picker->n; k++)
		if (!full || picker_side(picker, picker->at[k]) < 0)
			g->stars[picker->at[k].node] = (uint8_t)run->capped->stars;
	return 0;
}

static void give_groups_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct star_run *run = arg;
	const struct groups *groups = run->groups;
	for (size_t group = begin; group < end; group++) {
		if (give_capped(run, &run->pickers[part], group) < 0)
			return; /* the picker says so */
		if (!groups_are_small(groups))
			continue;
		for (uint32_t k = groups->first[group]; k < groups->first[group + 1]; k++)
			give_all(run->graded, run, groups->runs[k].begin, groups->runs[k].end);
	}
}

static int give_groups(struct star_run *run, unsigned threads)
{
	struct graded *g = run->graded;
	int r = groups_need(g, &run->capped->scope, threads, &run->groups);
	if (r < 0)
		return r;
	for (unsigned t = 0; t < threads; t++)
		run->pickers[t] = (struct picker){.graded = g};
	par_each(threads, run->groups->n, GROUPS_AT_ONCE, give_groups_part, run);
	for (unsigned t = 0; t < threads; t++) {
		r = run->pickers[t].failed ? ERR_NOMEM : r;
		picker_done(&run->pickers[t]);
	}
	return r;
}

/* Takes the rules without a cap that follow each other; returns how many. */
static int take_gifts(struct star_run *run, const struct scheme_star_rule *rule, int n)
{
	int taken = 0;
	while (taken < n && taken < RULES_AT_ONCE && !rule[taken].has_cap)
		taken++;
	for (int k = taken; k > 0; k--) {
		uint8_t *first = &run->first[rule[k - 1].grade];
		run->gift[k] = (struct gift){least_key(run->graded, &rule[k - 1]),
					     (uint8_t)rule[k - 1].stars, *first};
		*first = (uint8_t)k;
	}
	return taken;
}

int grade_stars(struct graded *g, unsigned threads)
{
	const struct scheme *scheme = g->scheme;
	int r = 0;
	for (int i = 0; r == 0 && i < scheme->n_stars;) {
		struct star_run run = {.graded = g, .gift = {{0, STARS_NONE, 0}}};
		if (scheme->stars[i].has_cap)
			run.capped = &scheme->stars[i++];
		i += take_gifts(&run, &scheme->stars[i], scheme->n_stars - i);
		if (run.capped)
			r = give_groups(&run, threads);
		if (r == 0 && !(run.capped && groups_are_small(run.groups)))
			par_each(threads, g->orgs->n, ORG_STEP, give_all_part, &run);
	}
	return r;
}
