/* SPDX-License-Identifier: Apache-2.0 */
/* The leaders of counties and townships, each of whom is to be linked to weak
 * organisations (LD-8), and who helps where. */
#ifndef JW_STORE_LEADER_H
#define JW_STORE_LEADER_H

#include "store/case.h"
#include "store/org.h"

enum { LEADERS_MAX = 300 };		/* of one node */

struct leader {
	int64_t node;
	int seq;			/* within the node; 0: new */
	const char *name, *post, *phone;
	const char *node_name, *node_path;	/* read only */
	int level;
};

/* Sets `seq` of a new one. ERR_LIMIT beyond LEADERS_MAX. */
int store_leader_put(struct db_tx *tx, struct leader *leader);
/* 1, 0 or an error. */
int store_leader_get(struct db_tx *tx, int64_t node, int seq, struct arena *arena, struct leader *ret_leader);
int store_leader_drop(struct db_tx *tx, int64_t node, int seq);

/* Of all nodes below and with the path, and (`above`) of those above it; by path, then
 * as entered; at most CASE_LIST_MAX. */
int store_leaders(struct db_tx *tx, const char *path, bool above, struct arena *arena,
		  struct leader **ret_leaders, int *ret_n);

/* Somebody who helps in a case, and his visits. */
struct case_hand {
	int64_t case_id;
	struct case_helper helper;
	int visits;			/* since the day asked for */
	int32_t last_day;		/* of all; 0: never there */
};
/* All of cases below a path, gone ones too, by case; at most HANDS_MAX. */
enum { HANDS_MAX = 50000 };
int store_case_hands(struct db_tx *tx, const char *path, int32_t since_day, struct arena *arena,
		     struct case_hand **ret_hands, int *ret_n);

#endif
