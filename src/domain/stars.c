/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 9: stars, rule by rule, after the quotas. */
#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "domain/grade_parts.h"

enum { RULES_AT_ONCE = 32 };

struct star_run {
	struct graded *graded;
	unsigned threads;
	const struct scheme_star_rule *rule;
	int n_rules;			/* rules without a cap from `rule` on */
	struct grouping grouping;
	uint32_t *count;		/* [threads][groups]: organisations of the grade */
	uint32_t *list[PAR_THREADS_MAX];	/* those who may get the capped stars */
	size_t n_list[PAR_THREADS_MAX];
	size_t *first;			/* room for one more than the cap */
	struct picks picks[PAR_THREADS_MAX];
};

/* What a rule, or those before it without a cap, give to a grade: `stars` from
 * the key `least` on, otherwise what `next` (0: nothing) gives. */
struct gift {
	uint64_t least;
	uint8_t stars;
	int next;
};

static uint64_t least_key(const struct star_run *run, const struct scheme_star_rule *rule)
{
	int places = run->graded->scheme->places;
	return rule->has_from ? key_reaching(score_in_places(rule->from_e4, places), places) : 0;
}

/* Rules without a cap that follow each other, in one pass. */
static void give_all_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	struct graded *g = run->graded;
	uint32_t n = g->orgs->n, end = (uint32_t)par_begin(n, part + 1, run->threads);
	struct gift gift[RULES_AT_ONCE + 1] = {{0, STARS_NONE, 0}};
	uint8_t first[UINT8_MAX + 1] = {0};	/* by grade: a gift */
	for (int k = run->n_rules; k > 0; k--) {
		const struct scheme_star_rule *rule = &run->rule[k - 1];
		gift[k] = (struct gift){least_key(run, rule), (uint8_t)rule->stars, first[rule->grade]};
		first[rule->grade] = (uint8_t)k;
	}
	for (uint32_t i = (uint32_t)par_begin(n, part, run->threads); i < end; i++) {
		if (g->stars[i] != STARS_NONE)
			continue;
		int k = first[g->grade[i]];
		while (g->key[i] < gift[k].least)
			k = gift[k].next;
		g->stars[i] = gift[k].stars;
	}
}

/* Lists the organisations of the rule's grade, and counts them by group. */
static void list_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	const struct graded *g = run->graded;
	uint32_t *count = run->count + part * run->grouping.groups;
	const uint8_t *begin = g->grade + par_begin(g->orgs->n, part, run->threads);
	const uint8_t *end = g->grade + par_begin(g->orgs->n, part + 1, run->threads);
	uint64_t least = least_key(run, run->rule);
	/* Pages that are never touched cost nothing. */
	uint32_t *list = run->list[part] = malloc(((size_t)(end - begin) + 1) * sizeof(*list));
	if (!list)
		return;
	for (const uint8_t *at = begin;
	     (at = memchr(at, run->rule->grade, (size_t)(end - at))); at++) {
		uint32_t node = (uint32_t)(at - g->grade);
		count[group_of(&run->grouping, node)]++;
		if (g->stars[node] == STARS_NONE && g->key[node] >= least)
			*list++ = node;
	}
	run->n_list[part] = (size_t)(list - run->list[part]);
}

static void pick_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	const uint32_t *list = run->list[part];
	for (size_t k = 0; k < run->n_list[part]; k++)
		picks_offer(&run->picks[part], group_of(&run->grouping, list[k]), list[k]);
	picks_trim(&run->picks[part]);
}

/* Those above the first that finds no room get the stars: a set of equals
 * that does not fit as a whole gets none. */
static void give_part(void *arg, unsigned part)
{
	struct star_run *run = arg;
	struct graded *g = run->graded;
	const struct picks *picks = &run->picks[0];
	bool failed = false;
	for (size_t k = 0; k < run->n_list[part]; k++) {
		uint32_t node = run->list[part][k];
		size_t group = group_of(&run->grouping, node);
		size_t room = run->first[group + 1] - run->first[group];
		/* A room of one: the cap is 0. */
		if (room <= 1 || picks_beyond(picks, group, g->key[node]))
			continue;
		if (picks->n[group] < room ||
		    graded_compare(g, node, picks_last(picks, group), &failed) > 0)
			g->stars[node] = (uint8_t)run->rule->stars;
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
	par_run(run->threads, list_part, run);
	for (unsigned t = 0; t < run->threads; t++)
		if (!run->list[t])
			r = ERR_NOMEM;
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
		picks_close(&run->picks[0]);
		par_run(run->threads, give_part, run);
	}
	for (unsigned t = 0; t < run->threads; t++) {
		if (run->picks[t].failed)
			r = ERR_NOMEM;
		picks_done(&run->picks[t]);
	}
out:
	for (unsigned t = 0; t < run->threads; t++)
		free(run->list[t]);
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
