/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 7: at least this share has this grade or a lower one. */
#include "base/par.h"
#include "domain/grade_parts.h"

enum { GROUPS_AT_ONCE = 64 };

struct quota_run {
	struct graded *graded;
	const struct groups *groups;
	uint64_t at_least_e6;
	uint8_t index;			/* the quota's place in the scheme */
	int grade;
	struct picker pickers[PAR_THREADS_MAX];
};

/* How many of a group must go down. */
static size_t need_of(const struct quota_run *run, size_t group)
{
	const struct graded *g = run->graded;
	uint64_t in_scope =
		groups_count(run->groups, group, g->status, STATUS_GRADED, STATUS_GRADED) +
		groups_count(run->groups, group, g->status, STATUS_MISSING, STATUS_TURNOUT);
	uint64_t low = groups_count(run->groups, group, g->grade, (uint8_t)run->grade,
				    GRADE_NONE - 1);
	uint64_t required = (run->at_least_e6 * in_scope + E6 - 1) / E6;
	return required > low ? (size_t)(required - low) : 0;
}

/* The lowest ones go down, and everyone equal to the last of them with it. */
static int settle_group(struct quota_run *run, struct picker *picker, size_t group)
{
	struct graded *g = run->graded;
	const struct run *runs = run->groups->runs + run->groups->first[group];
	const struct run *end = run->groups->runs + run->groups->first[group + 1];
	uint8_t *grade = g->grade, to = (uint8_t)run->grade;
	size_t need = need_of(run, group);
	if (!need)
		return 0;
	int r = picker_begin(picker, need);
	if (r < 0)
		return r;
	/* GRADE_NONE is no grade below. */
	for (const struct run *at = runs; at < end; at++)
		for (uint32_t i = at->begin; i < at->end; i++)
			if (grade[i] < to)
				picker_offer(picker, i);
	bool full = picker_close(picker);
	for (size_t k = 0; k < picker->n; k++) {
		grade[picker->at[k].node] = to;
		g->quota[picker->at[k].node] = run->index;
	}
	for (const struct run *at = runs; full && at < end; at++)
		for (uint32_t i = at->begin; i < at->end; i++)
			if (g->key[i] >> 1 == picker->bound && grade[i] < to &&
			    picker_side(picker, i) == 0) {
				grade[i] = to;
				g->quota[i] = run->index;
			}
	return 0;
}

static void settle_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct quota_run *run = arg;
	for (size_t group = begin; group < end; group++)
		if (settle_group(run, &run->pickers[part], group) < 0)
			return; /* the picker says so */
}

int grade_quotas(struct graded *g, unsigned threads)
{
	int r = 0;
	for (int q = 0; r == 0 && q < g->scheme->n_quotas; q++) {
		const struct scheme_quota *quota = &g->scheme->quotas[q];
		struct quota_run run = {
			.graded = g,
			.at_least_e6 = (uint64_t)quota->at_least_e6,
			.index = (uint8_t)q,
			.grade = quota->grade,
		};
		r = groups_need(g, &quota->scope, threads, &run.groups);
		if (r < 0)
			break;
		for (unsigned t = 0; t < threads; t++)
			run.pickers[t] = (struct picker){.graded = g, .lowest = true};
		par_each(threads, run.groups->n, GROUPS_AT_ONCE, settle_part, &run);
		for (unsigned t = 0; t < threads; t++) {
			r = run.pickers[t].failed ? ERR_NOMEM : r;
			picker_done(&run.pickers[t]);
		}
	}
	return r;
}
