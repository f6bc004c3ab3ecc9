/* SPDX-License-Identifier: Apache-2.0 */
#include "app/campaign_tree.h"

#include <stdlib.h>

void campaign_tree_done(struct campaign_tree *tree)
{
	orgs_done(&tree->orgs);
	local_done(&tree->local);
}

static struct str code_of_parent(const struct campaign_org *all, int n, int i)
{
	/* Parents stand before their children, mostly close by. */
	for (int j = i - 1; j >= 0; j--)
		if (all[j].id == all[i].parent)
			return str_from(all[j].code);
	(void)n;
	return (struct str){"", 0};
}

static int add_orgs(struct campaign_tree *tree, const struct scheme *scheme, int n)
{
	for (int i = 0; i < n; i++) {
		const struct campaign_org *o = &tree->at[i];
		struct org_row row = {
			.code = str_from(o->code), .name = str_from(o->name),
			.parent = code_of_parent(tree->at, n, i), .level = (uint8_t)o->level,
			.field = o->field < 0 ? FIELD_NONE : (uint8_t)o->field,
			.kind = o->category < 0 ? KIND_OTHER : KIND_GRADED};
		const int64_t all[VOTERS_COUNT] = {o->members, o->residents};
		for (int v = 0; v < VOTERS_COUNT; v++) {
			int64_t eligible = o->present[v] >= 0 ? o->present[v] : all[v];
			row.eligible[v] = eligible < 0 || eligible > ORG_COUNT_MAX ? ORG_EMPTY
										  : (uint32_t)eligible;
		}
		int r = orgs_add(&tree->orgs, &row);
		if (r < 0)
			return r;
	}
	int r = orgs_finish(&tree->orgs, 1, NULL, NULL);
	return r < 0 ? r : orgs_categorise(&tree->orgs, scheme, 1);
}

static int add_locals(struct campaign_tree *tree)
{
	for (int i = 0; i < tree->n_locals; i++) {
		const struct local_row *row = &tree->locals[i];
		/* One set above the top holds for all: it stands at the top. */
		uint32_t node = 0;
		for (uint32_t k = 0; k < tree->orgs.n; k++)
			if (tree->at[k].id == row->node)
				node = k;
		int r = local_add(&tree->local, node, str_from(row->ident), str_from(row->label),
				  (int32_t)row->max_e4);
		if (r < 0 && r != ERR_CONFLICT)
			return r;
	}
	return local_finish(&tree->local, &tree->orgs);
}

int campaign_tree_load(struct db_tx *tx, const struct scheme *scheme, int64_t campaign,
		       const char *path, struct arena *arena, struct campaign_tree *ret_tree,
		       struct err_info *info)
{
	int n = 0, r;
	campaign_tree_done(ret_tree);
	*ret_tree = (struct campaign_tree){0};
	r = store_campaign_orgs(tx, campaign, path, false, arena, &ret_tree->at, &n);
	if (r == 0 && scheme->local.given)
		r = store_local_list(tx, campaign, path, arena, &ret_tree->locals, &ret_tree->n_locals);
	if (r < 0)
		return r;
	r = add_orgs(ret_tree, scheme, n);
	if (r == 0)
		r = add_locals(ret_tree);
	if (r == ERR_NOMEM)
		return db_doom_nomem(tx);
	return r < 0 ? err_set(info, ERR_STATE, "这项年度工作的组织树有误，请先用“jinwei db check”检查") : 0;
}

int campaign_tree_cell(const struct campaign_tree *tree, const struct scheme *scheme, uint32_t node,
		       int leaf)
{
	int first;
	if (leaf < scheme->n_leaves)
		return leaf;
	int n = local_rows_of(tree->locals, tree->n_locals, tree->at[node].path, &first);
	int i = leaf - scheme->n_leaves;
	return i < n ? scheme->n_leaves + tree->locals[first + i].place : leaf;
}
