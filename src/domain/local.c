/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/local.h"

#include <stdlib.h>

void local_done(struct local *local)
{
	if (!local)
		return;
	free(local->sets);
	free(local->set_of);
	arena_done(&local->arena);
	*local = (struct local){0};
}

int local_find(const struct local_set *set, struct str text)
{
	for (int i = 0; set && i < set->n; i++)
		if (str_eqs(text, set->at[i].id) || str_eqs(text, set->at[i].label))
			return i;
	return ERR_NOT_FOUND;
}

bool local_knows(const struct local *local, struct str text)
{
	for (uint32_t i = 0; local && i < local->n; i++)
		if (local_find(&local->sets[i], text) >= 0)
			return true;
	return false;
}

static struct local_set *set_of_node(struct local *local, uint32_t node)
{
	for (uint32_t i = 0; i < local->n; i++)
		if (local->sets[i].node == node)
			return &local->sets[i];
	if (local->n == local->cap) {
		uint32_t cap = local->cap ? local->cap * 2 : 16;
		struct local_set *sets = reallocarray(local->sets, cap, sizeof(*sets));
		if (!sets)
			return NULL;
		local->sets = sets;
		local->cap = cap;
	}
	struct local_set *set = &local->sets[local->n++];
	*set = (struct local_set){.node = node};
	return set;
}

int local_add(struct local *local, uint32_t node, struct str id, struct str label, int32_t max_e4)
{
	struct local_set *set = set_of_node(local, node);
	if (!set)
		return ERR_NOMEM;
	if (set->n == LOCAL_MAX)
		return ERR_LIMIT;
	if (local_find(set, id) >= 0 || local_find(set, label) >= 0)
		return ERR_CONFLICT;
	struct local_indicator *at = &set->at[set->n];
	at->id = arena_strndup(&local->arena, id.data, id.len);
	at->label = arena_strndup(&local->arena, label.data, label.len);
	if (!at->id || !at->label)
		return ERR_NOMEM;
	at->max_e4 = max_e4;
	set->max_sum_e4 += max_e4;
	set->n++;
	return 0;
}

int local_finish(struct local *local, const struct orgs *orgs)
{
	if (!local->n)
		return 0;
	local->set_of = malloc((orgs->n ? orgs->n : 1) * sizeof(*local->set_of));
	if (!local->set_of)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < orgs->n; i++)
		local->set_of[i] = ORG_NONE;
	for (uint32_t s = 0; s < local->n; s++)
		local->set_of[local->sets[s].node] = s;
	/* Each node looks upwards; committees themselves keep their own. */
	for (uint32_t i = 0; i < orgs->n; i++) {
		uint32_t up = i;
		while (up != ORG_NONE && local->set_of[up] == ORG_NONE)
			up = orgs_parent(orgs, up);
		if (up != ORG_NONE)
			local->set_of[i] = local->set_of[up];
	}
	return 0;
}
