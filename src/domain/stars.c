/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 9: stars, rule by rule, after the quotas. */
#include "base/par.h"
#include "domain/grade_parts.h"

enum { RULES_AT_ONCE = 32, GROUPS_AT_ONCE = 4 };

struct star_run {
	struct graded *graded;
	unsigned threads;
	const struct scheme_star_rule *rule;
	int n_rules;			/* rules without a cap from `rule` on */
	const struct groups *groups;    /* of a rule with a cap */
	struct picker pickers[PAR_THREADS_MAX];
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

/* The capped stars of a group go to those above the first that finds no room: a set
 * of equals that does not fit as a whole gets none. */
static int give_group(struct star_run *run, struct picker *picker, size_t group)
{
	struct graded *g = run->graded;
	const struct run *runs = run->groups->runs + run->groups->first[group];
	const struct run *end = run->groups->runs + run->groups->first[group + 1];
	uint8_t grade = (uint8_t)run->rule->grade;
	uint64_t count = groups_count(run->groups, group, g->grade, grade, grade);
	uint64_t least = least_key(run, run->rule);
	size_t cap = (size_t)(run->rule->at_most_e6 * count / E6);
	if (!cap)
		return 0;
	int r = picker_begin(picker, cap + 1);
	if (r < 0)
		return r;
	for (const struct run *at = runs; at < end; at++)
		for (uint32_t i = at->begin; i < at->end; i++)
			if (g->grade[i] == grade && g->stars[i] == STARS_NONE && g->key[i] >= least)
				picker_offer(picker, i);
	bool full = picker_close(picker);
	for (size_t k = 0; k < picker->n; k++)
		if (!full || picker_side(picker, picker->at[k].node) < 0)
			g->stars[picker->at[k].node] = (uint8_t)run->rule->stars;
	return 0;
}

static void give_capped_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct star_run *run = arg;
	for (size_t group = begin; group < end; group++)
		if (give_group(run, &run->pickers[part], group) < 0)
			return; /* the picker says so */
}

static int give_capped(struct star_run *run)
{
	struct graded *g = run->graded;
	int r = groups_need(g, &run->rule->scope, run->threads, &run->groups);
	if (r < 0)
		return r;
	for (unsigned t = 0; t < run->threads; t++)
		run->pickers[t] = (struct picker){.graded = g};
	par_each(run->threads, run->groups->n, GROUPS_AT_ONCE, give_capped_part, run);
	for (unsigned t = 0; t < run->threads; t++) {
		r = run->pickers[t].failed ? ERR_NOMEM : r;
		picker_done(&run->pickers[t]);
	}
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
