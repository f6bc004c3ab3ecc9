/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of things. Every row belongs to a region: the county (or, for what
 * stands above counties, region 0), and its key begins with it. The number of
 * a thing carries its region, so that one number finds the row and its shard:
 * region 12's organisation 35 is 120000035. A thing never changes its region.
 *
 * Limits: 9,999,999 things of a kind in a region, 900 million regions.
 */
#ifndef JW_STORE_ID_H
#define JW_STORE_ID_H

#include "db/db.h"

enum { ID_SPAN = 10000000 };

static inline int64_t id_region(int64_t id)
{
	return id / ID_SPAN;
}

/* What is counted; never renumber. */
enum id_kind {
	ID_REGION = 1,		/* only in region 0 */
	ID_ORG = 2,
	ID_ACCOUNT = 3,
	ID_ROLE_REQUEST = 4,
	ID_CAMPAIGN = 5,
	ID_CASE = 6,
	ID_MEETING = 16,
	ID_PUBLICITY = 17,
	ID_OBJECTION = 18,
	ID_INTERVIEW = 19,
	ID_ATTACHMENT = 10,
	ID_PROBLEM = 11,
	ID_DRAW = 12,
	ID_CHECK = 13,
	ID_SCHEME = 7,
	ID_BALLOT = 20,
	ID_PRINT = 21,
	ID_LIVE = 24,
	ID_TEMPLATE = 30,
};

/* The next number of a kind in a region. ERR_LIMIT. */
int id_next(struct db_tx *tx, int64_t region, enum id_kind kind, int64_t *ret_id);

/* A new region. */
int id_next_region(struct db_tx *tx, int64_t *ret_region);

#endif
