/* SPDX-License-Identifier: Apache-2.0 */
/* A campaign's organisations below a node as the arithmetic knows them, for
 * files that are read against them. */
#ifndef JW_APP_CAMPAIGN_TREE_H
#define JW_APP_CAMPAIGN_TREE_H

#include "domain/local.h"
#include "domain/orgs.h"
#include "store/local.h"

struct campaign_tree {
	struct orgs orgs;
	struct local local;
	struct local_row *locals;
	int n_locals;
	struct campaign_org *at;	/* per node of `orgs`; in the caller's arena */
};

/* Loads it; ERR_LIMIT over ORG_MAX. campaign_tree_done in any case. */
int campaign_tree_load(struct db_tx *tx, const struct scheme *scheme, int64_t campaign,
		       const char *path, struct arena *arena, struct campaign_tree *ret_tree,
		       struct err_info *info);
void campaign_tree_done(struct campaign_tree *tree);

/* The cell of a leaf as the score book numbers it: local indicators by place. */
int campaign_tree_cell(const struct campaign_tree *tree, const struct scheme *scheme, uint32_t node,
		       int leaf);

#endif
