/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 9: stars, rule by rule, after the quotas. */
#include <stdlib.h>

#include "base/par.h"
#include "domain/grade_parts.h"

enum { RULES_AT_ONCE = 32 };	/* bits of a word */

struct star_run {
	struct graded *graded;
	unsigned threads;
	const struct scheme_star_rule *rule;
	int n_rules;			/* rules without a cap from `rule` on */
	struct grouping grouping;
	uint32_t *count;		/* [threads][groups]: organisations of the grade */
	size_t *first;			/* room for one more than the cap */
	struct picks picks[PAR_THREADS_MAX];
};

static inline bool eligible(const struct star_run *run, uint32_t node, uint64_t from)
{
	const struct graded *g = run->graded;
	return g->grade[node] == run->rule->grade && g->stars[node] == STARS_NONE &&
	       (!run->rule->has_from || graded_score(g, node) >= from);
}

static uint64_t lowest_score(const struct star_run *run)
{
	return run->rule->has_from ?
		       score_in_places(run->rule->from_e4, run->graded->scheme->places) : 0;
}

/* Rules without a cap that follow each other, in one pass. */
static void give_all_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	struct graded *g = run->graded;
	uint32_t n = g->orgs->n, end = (uint32_t)par_begin(n, part + 1, run->threads);
	uint64_t from[SCHEME_RULES_MAX];
	uint32_t fits[SCHEME_GRADES_MAX + 1] = {0};	/* bit per rule; 0 for no grade */
	int last = g->scheme->n_grades;
	for (int k = 0; k < run->n_rules; k++) {
		from[k] = run->rule[k].has_from ?
				  score_in_places(run->rule[k].from_e4, g->scheme->places) : 0;
		fits[run->rule[k].grade] |= 1u << k;
	}
	for (uint32_t i = (uint32_t)par_begin(n, part, run->threads); i < end; i++) {
		uint32_t rules = fits[g->grade[i] < last ? g->grade[i] : last];
		if (!rules || g->stars[i] != STARS_NONE)
			continue;
		for (; rules; rules &= rules - 1) {
			int k = __builtin_ctz(rules);
			if (run->rule[k].has_from && graded_score(g, i) < from[k])
				continue;
			g->stars[i] = (uint8_t)run->rule[k].stars;
			break;
		}
	}
}

static void count_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	const struct graded *g = run->graded;
	uint32_t *count = run->count + part * run->grouping.groups;
	uint32_t n = g->orgs->n, end = (uint32_t)par_begin(n, part + 1, run->threads);
	for (uint32_t i = (uint32_t)par_begin(n, part, run->threads); i < end; i++)
		if (g->grade[i] == run->rule->grade)
			count[group_of(&run->grouping, i)]++;
}

static void pick_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	uint32_t n = run->graded->orgs->n, end = (uint32_t)par_begin(n, part + 1, run->threads);
	uint64_t from = lowest_score(run);
	for (uint32_t i = (uint32_t)par_begin(n, part, run->threads); i < end; i++)
		if (eligible(run, i, from))
			picks_offer(&run->picks[part], group_of(&run->grouping, i), i);
}

/* Those above the first that finds no room get the stars: a set of equals
 * that does not fit as a whole gets none. */
static void give_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	struct graded *g = run->graded;
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, run->threads);
	uint64_t from = lowest_score(run);
	bool failed = false;
	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, run->threads); i < end; i++) {
		if (!eligible(run, i, from))
			continue;
		size_t group = group_of(&run->grouping, i);
		size_t room = run->first[group + 1] - run->first[group];
		if (room <= 1)	/* the cap is 0 */
			continue;
		if (run->picks[0].n[group] < room ||
		    graded_compare(g, i, picks_last(&run->picks[0], group), &failed) > 0)
			g->stars[i] = (uint8_t)run->rule->stars;
	}
	if (failed)
		run->picks[part].failed = true;
}

static int give_capped(struct star_run *run)
{
	size_t groups = run->grouping.groups;
	int r = 0;

	run->count = calloc(groups * run->threads, sizeof(*run->count));
	run->first = malloc((groups + 1) * sizeof(*run->first));
	if (!run->count || !run->first) {
		r = ERR_NOMEM;
		goto out;
	}
	par_run(run->threads, count_part, run);
	for (size_t group = 0, sum = 0; group <= groups; group++) {
		run->first[group] = sum;
		if (group == groups)
			break;
		uint64_t count = 0;
		for (unsigned t = 0; t < run->threads; t++)
			count += run->count[t * groups + group];
		sum += (size_t)(run->rule->at_most_e6 * count / E6) + 1;
	}
	for (unsigned t = 0; r == 0 && t < run->threads; t++)
		r = picks_init(&run->picks[t], run->graded, false, groups, run->first);
	if (r == 0) {
		par_run(run->threads, pick_part, run);
		for (unsigned t = 1; t < run->threads; t++)
			picks_merge(&run->picks[0], &run->picks[t]);
		par_run(run->threads, give_part, run);
	}
	for (unsigned t = 0; t < run->threads; t++) {
		if (run->picks[t].failed)
			r = ERR_NOMEM;
		picks_done(&run->picks[t]);
	}
out:
	free(run->count);
	free(run->first);
	return r;
}

int grade_stars(struct graded *g, unsigned threads)
{
	const struct scheme *scheme = g->scheme;
	int r = 0;
	for (int i = 0; r == 0 && i < scheme->n_stars;) {
		const struct scheme_star_rule *rule = &scheme->stars[i];
		struct star_run run = {
			.graded = g,
			.threads = threads,
			.rule = rule,
			.n_rules = 1,
			.grouping = grouping_of(g, &rule->scope),
		};
		if (rule->has_cap) {
			r = give_capped(&run);
		} else {
			while (run.n_rules < RULES_AT_ONCE && i + run.n_rules < scheme->n_stars &&
			       !rule[run.n_rules].has_cap)
				run.n_rules++;
			par_run(threads, give_all_part, &run);
		}
		i += run.n_rules;
	}
	return r;
}
