/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 7: at least this share has this grade or a lower one. */
#include <stdlib.h>

#include "base/par.h"
#include "domain/grade_parts.h"

struct quota_run {
	struct graded *graded;
	unsigned threads;
	uint8_t index;			/* the quota's place in the scheme */
	int grade;
	struct grouping grouping;
	uint32_t *in_scope, *low;	/* [threads][groups] */
	uint32_t *need;			/* [groups]: how many must go down */
	struct picks picks[PAR_THREADS_MAX];
};

static void count_part(void *arg, unsigned part)
{
	struct quota_run *run = arg;
	const struct graded *g = run->graded;
	uint32_t *in_scope = run->in_scope + part * run->grouping.groups;
	uint32_t *low = run->low + part * run->grouping.groups;
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, run->threads);

	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, run->threads); i < end; i++) {
		if (g->status[i] == STATUS_NODE || g->status[i] == STATUS_OUTSIDE)
			continue;
		size_t group = group_of(&run->grouping, i);
		in_scope[group]++;
		low[group] += g->grade[i] != GRADE_NONE && g->grade[i] >= run->grade;
	}
}

/* Sums the threads' counts; says whether any group needs more. */
static bool find_needs(struct quota_run *run, uint32_t at_least_e6)
{
	size_t groups = run->grouping.groups;
	bool any = false;
	for (size_t group = 0; group < groups; group++) {
		uint64_t in_scope = 0, low = 0;
		for (unsigned t = 0; t < run->threads; t++) {
			in_scope += run->in_scope[t * groups + group];
			low += run->low[t * groups + group];
		}
		uint64_t required = (at_least_e6 * in_scope + E6 - 1) / E6;
		run->need[group] = required > low ? (uint32_t)(required - low) : 0;
		any |= run->need[group] != 0;
	}
	return any;
}

static inline bool may_go_down(const struct quota_run *run, uint32_t node)
{
	return run->graded->grade[node] < run->grade;	/* GRADE_NONE is no grade below */
}

static void pick_part(void *arg, unsigned part)
{
	struct quota_run *run = arg;
	uint32_t n = run->graded->orgs->n;
	uint32_t end = (uint32_t)par_begin(n, part + 1, run->threads);
	for (uint32_t i = (uint32_t)par_begin(n, part, run->threads); i < end; i++)
		if (may_go_down(run, i))
			picks_offer(&run->picks[part], group_of(&run->grouping, i), i);
	picks_trim(&run->picks[part]);
}

/* Everyone not above the last one who must go down goes with it. */
static void demote_part(void *arg, unsigned part)
{
	struct quota_run *run = arg;
	struct graded *g = run->graded;
	const struct picks *picks = &run->picks[0];
	uint32_t end = (uint32_t)par_begin(g->orgs->n, part + 1, run->threads);
	bool failed = false;
	for (uint32_t i = (uint32_t)par_begin(g->orgs->n, part, run->threads); i < end; i++) {
		if (!may_go_down(run, i))
			continue;
		size_t group = group_of(&run->grouping, i);
		if (picks_beyond(picks, group, g->key[i]) || !picks->n[group])
			continue;
		uint32_t last = picks_last(picks, group);
		if (i == last || graded_compare(g, i, last, &failed) <= 0) {
			g->grade[i] = (uint8_t)run->grade;
			g->quota[i] = run->index;
		}
	}
	if (failed)
		run->picks[part].failed = true;
}

static int demote(struct quota_run *run)
{
	size_t groups = run->grouping.groups;
	size_t *first = malloc((groups + 1) * sizeof(*first));
	int r = first ? 0 : ERR_NOMEM;

	for (size_t group = 0, sum = 0; first && group <= groups; group++) {
		first[group] = sum;
		if (group < groups)
			sum += run->need[group];
	}
	for (unsigned t = 0; r == 0 && t < run->threads; t++)
		r = picks_init(&run->picks[t], run->graded, true, groups, first);
	if (r == 0) {
		par_run(run->threads, pick_part, run);
		for (unsigned t = 1; t < run->threads; t++)
			picks_merge(&run->picks[0], &run->picks[t]);
		picks_close(&run->picks[0]);
		par_run(run->threads, demote_part, run);
	}
	for (unsigned t = 0; t < run->threads; t++) {
		if (run->picks[t].failed)
			r = ERR_NOMEM;
		picks_done(&run->picks[t]);
	}
	free(first);
	return r;
}

int grade_quotas(struct graded *g, unsigned threads)
{
	int r = 0;
	for (int q = 0; r == 0 && q < g->scheme->n_quotas; q++) {
		const struct scheme_quota *quota = &g->scheme->quotas[q];
		struct quota_run run = {
			.graded = g,
			.threads = threads,
			.index = (uint8_t)q,
			.grade = quota->grade,
			.grouping = grouping_of(g, &quota->scope),
		};
		size_t groups = run.grouping.groups;
		run.in_scope = calloc(groups * threads, sizeof(uint32_t));
		run.low = calloc(groups * threads, sizeof(uint32_t));
		run.need = calloc(groups, sizeof(uint32_t));
		if (run.in_scope && run.low && run.need) {
			par_run(threads, count_part, &run);
			if (find_needs(&run, quota->at_least_e6))
				r = demote(&run);
		} else {
			r = ERR_NOMEM;
		}
		free(run.in_scope);
		free(run.low);
		free(run.need);
	}
	return r;
}
