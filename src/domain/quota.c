/* SPDX-License-Identifier: Apache-2.0 */
/* Rule 7: at least this share has this grade or a lower one. */
#include "base/par.h"
#include "domain/grade_parts.h"

enum { GROUPS_AT_ONCE = 64 };

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

/* The best grade that must be looked at for the lowest `need`. Until a quota has been
 * settled grades follow keys, so that the lowest are those of the lowest grades. */
static uint8_t from_of(const struct quota_run *run, size_t group, size_t need)
{
	uint8_t to = (uint8_t)(run->grade - 1), from = run->index ? 0 : to;
	while (from && groups_count(run->groups, group, run->graded->grade, from, to) < need)
		from--;
	return from;
}

/* The lowest ones go down, and everyone equal to the last of them with it. */
int quota_settle(struct quota_run *run, unsigned part, size_t group)
{
	struct picker *picker = &run->pickers[part];
	struct graded *g = run->graded;
	size_t need = run->grade ? need_of(run, group) : 0;
	struct offer offer = {.to = (uint8_t)(run->grade - 1)};
	if (!need)
		return 0;
	offer.from = from_of(run, group, need);
	int r = picker_begin(picker, need);
	if (r == 0)
		r = picker_offer(picker, run->groups, group, &offer);
	if (r < 0)
		return r;
	bool full = picker_close(picker);
	for (size_t k = 0; k < picker->n; k++) {
		if (full && picker_side(picker, picker->at[k]) > 0)
			continue;
		g->grade[picker->at[k].node] = (uint8_t)run->grade;
		g->quota[picker->at[k].node] = run->index;
	}
	return 0;
}

static void settle_part(void *arg, unsigned part, size_t begin, size_t end)
{
	for (size_t group = begin; group < end; group++)
		if (quota_settle(arg, part, group) < 0)
			return; /* the picker says so */
}

int quota_begin(struct quota_run *run, struct graded *g, int index, unsigned threads)
{
	const struct scheme_quota *quota = &g->scheme->quotas[index];
	*run = (struct quota_run){
		.graded = g,
		.threads = threads,
		.at_least_e6 = (uint64_t)quota->at_least_e6,
		.index = (uint8_t)index,
		.grade = quota->grade,
	};
	for (unsigned t = 0; t < threads; t++)
		run->pickers[t] = (struct picker){.graded = g, .lowest = true};
	return groups_need(g, &quota->scope, threads, &run->groups);
}

int quota_end(struct quota_run *run)
{
	int r = 0;
	for (unsigned t = 0; t < run->threads; t++) {
		r = run->pickers[t].failed ? ERR_NOMEM : r;
		picker_done(&run->pickers[t]);
	}
	return r;
}

int grade_quotas(struct graded *g, int first, unsigned threads)
{
	int r = 0;
	for (int q = first; r == 0 && q < g->scheme->n_quotas; q++) {
		struct quota_run run;
		r = quota_begin(&run, g, q, threads);
		if (r < 0)
			break;
		par_each(threads, run.groups->n, GROUPS_AT_ONCE, settle_part, &run);
		r = quota_end(&run);
	}
	return r;
}
