/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/adjust.h"

#include <stdlib.h>
#include <string.h>

#include "domain/grade_parts.h"

int adjust_run(struct graded *g, struct adjust_item *items, size_t n, unsigned threads)
{
	/* First what was computed, also of nodes that are named twice. */
	for (size_t i = 0; i < n; i++)
		items[i].computed = g->grade[items[i].node];
	for (size_t i = 0; i < n; i++) {
		if (g->status[items[i].node] != STATUS_GRADED)
			continue;
		g->grade[items[i].node] = items[i].grade == GRADE_NONE ? items[i].computed
									: items[i].grade;
	}
	memset(g->stars, STARS_NONE, g->orgs->n);
	return grade_stars(g, threads);
}

/* Who is in a group, how many are low enough, and whether more could be. */
struct quota_count {
	uint32_t in_scope, low, free;
};

static struct quota_count count_group(const struct graded *g, const struct scheme_quota *quota,
				      const struct grouping *grouping, size_t group)
{
	struct quota_count c = {0};
	for (uint32_t i = 0; i < g->orgs->n; i++) {
		if (g->status[i] == STATUS_NODE || g->status[i] == STATUS_OUTSIDE ||
		    group_of(grouping, i) != group)
			continue;
		c.in_scope++;
		if (g->grade[i] != GRADE_NONE && g->grade[i] >= quota->grade)
			c.low++;
		else if (g->status[i] == STATUS_GRADED)
			c.free++;
	}
	return c;
}

int adjust_check(const struct graded *g, const uint32_t *nodes, size_t n,
		 struct adjust_fault *ret_faults, int max)
{
	int found = 0;
	for (int q = 0; q < g->scheme->n_quotas; q++) {
		const struct scheme_quota *quota = &g->scheme->quotas[q];
		struct grouping grouping = grouping_of(g, &quota->scope);
		unsigned char *seen = calloc(grouping.groups, 1);
		if (!seen)
			return ERR_NOMEM;
		for (size_t i = 0; i < n && found < max; i++) {
			if (g->status[nodes[i]] == STATUS_NODE || g->status[nodes[i]] == STATUS_OUTSIDE)
				continue;
			size_t group = group_of(&grouping, nodes[i]);
			if (seen[group])
				continue;
			seen[group] = 1;
			struct quota_count c = count_group(g, quota, &grouping, group);
			uint32_t required = (uint32_t)(((uint64_t)quota->at_least_e6 * c.in_scope +
							E6 - 1) / E6);
			if (c.low < required && c.free)
				ret_faults[found++] = (struct adjust_fault){
					q, explain_group_of(g, &quota->scope, nodes[i]), required, c.low};
		}
		free(seen);
	}
	return found;
}

void adjust_refuse_stars(struct graded *g, uint32_t node)
{
	const struct scheme *s = g->scheme;
	uint8_t refused = g->stars[node];
	g->stars[node] = STARS_NONE;
	for (int i = 0; i < s->n_stars; i++) {
		const struct scheme_star_rule *rule = &s->stars[i];
		if (rule->has_cap || rule->grade != g->grade[node] || rule->stars >= refused)
			continue;
		if (rule->has_from &&
		    graded_score(g, node) < score_in_places(rule->from_e4, s->places))
			continue;
		g->stars[node] = (uint8_t)rule->stars;
		return;
	}
}
