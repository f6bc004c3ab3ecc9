/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Four guarantees of every organisation and year (CT-8), and their sums for every
 * node, kept as amounts are written: whatever writes an amount or moves an organisation
 * goes through here, in the same transaction; store_check counts them anew.
 */
#ifndef JW_STORE_MONEY_H
#define JW_STORE_MONEY_H

#include "base/arena.h"
#include "db/db.h"

/* An amount; where there was one it is replaced. `cents` -1 takes it away. */
struct money {
	int64_t org;
	int year;
	const char *kind, *label, *note;
	int64_t cents;			/* 0.01 yuan */
};
int store_money_set(struct db_tx *tx, const struct money *money);

/* 1 and the amount, 0 or an error. */
int store_money_get(struct db_tx *tx, int64_t org, int year, const char *kind, int64_t *ret_cents);

/* Of a node and all below it: how many organisations have an amount, and the sum. */
struct money_sum {
	int64_t node;
	int year;
	const char *kind;
	int64_t n, cents;
};
int store_money_sums(struct db_tx *tx, int64_t node, int year, struct arena *arena,
		     struct money_sum **ret_sums, int *ret_n);
/* The same of the children of a node. */
int store_money_of_children(struct db_tx *tx, int64_t parent, int year, struct arena *arena,
			    struct money_sum **ret_sums, int *ret_n);

/* An organisation went with all below it from one path to another. */
int store_money_moved(struct db_tx *tx, int64_t org, const char *before, const char *after);

#endif
