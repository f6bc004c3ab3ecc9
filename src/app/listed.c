/* SPDX-License-Identifier: Apache-2.0 */
#include "app/listed.h"

#include <stdlib.h>

static int compare(const void *a, const void *b, void *orgs)
{
	const struct campaign_org *all = orgs;
	int64_t x = all[*(const int *)a].id, y = all[*(const int *)b].id;
	return x < y ? -1 : x > y;
}

int listed_load(struct db_tx *tx, int64_t campaign, int64_t node, const char *path, int n_steps,
		struct arena *arena, struct listed *ret_listed)
{
	struct listed l = {0};
	int r = store_campaign_orgs_count(tx, campaign, path, -1, &l.total);

	if (r == 0 && l.total > LISTED_WHOLE)
		r = store_step_children(tx, campaign, node, n_steps, arena, &l.units, &l.n_units);
	else if (r == 0)
		r = store_campaign_orgs_page(tx, campaign, path, -1, 0, LISTED_WHOLE, arena, &l.orgs, &l.n,
					     &l.total);
	if (r < 0)
		return r;
	int *by_id = arena_zalloc(arena, (size_t)l.n + 1, sizeof(*by_id));
	if (!by_id)
		return db_doom_nomem(tx);
	for (int i = 0; i < l.n; i++)
		by_id[i] = i;
	qsort_r(by_id, (size_t)l.n, sizeof(*by_id), compare, l.orgs);
	l.by_id = by_id;
	*ret_listed = l;
	return 0;
}

int listed_find(const struct listed *l, int64_t org)
{
	int from = 0, to = l->n;
	while (from < to) {
		int middle = from + (to - from) / 2;
		int64_t id = l->orgs[l->by_id[middle]].id;
		if (id == org)
			return l->by_id[middle];
		if (id < org)
			from = middle + 1;
		else
			to = middle;
	}
	return -1;
}
