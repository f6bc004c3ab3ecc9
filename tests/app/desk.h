/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A county to test with: 临江市 over 云岭县 and 石桥县; 云岭县 over 龙泉镇 (with
 * three branches) and 柳河镇. On either engine.
 */
#ifndef JW_TESTS_DESK_H
#define JW_TESTS_DESK_H

#include "app/roster.h"
#include "support/engines.h"

struct desk {
	struct app app;
	struct caller machine;
	int64_t city, county, other_county, township, other_township, branch[3];
};

/* Setup and teardown for ON_BOTH_WITH; (*state)->own is a struct desk. */
int desk_setup(void **state);
int desk_teardown(void **state);
struct desk *desk_of(void **state);

/* Adds an organisation as the machine's operator. Fails the test if it can't. */
int64_t desk_add(struct desk *desk, int64_t parent, const char *code, const char *name,
		 enum level level);

/* Reads one as the machine's operator; texts in `arena`. */
struct org desk_get(struct desk *desk, int64_t id, struct arena *arena);

/* An account with one role; granted directly in the store. */
int64_t desk_account(struct desk *desk, int64_t node, const char *name, enum role role);

struct caller desk_caller(int64_t account, int64_t now_ms);

extern const struct org_when desk_today;

#endif
