/* SPDX-License-Identifier: Apache-2.0 */
/* Results shown in public for some days, and objections to them (GZ-8, ZJ-13). */
#ifndef JW_STORE_PUBLICITY_H
#define JW_STORE_PUBLICITY_H

#include <stdbool.h>

#include "base/arena.h"
#include "db/db.h"

enum { PUBLICITY_TOKEN_LEN = 16 };	/* characters of a public address */

struct publicity {
	int64_t id;			/* 0: new; carries the region of its node */
	int64_t campaign, node;
	const char *token;		/* no secret: it is printed on the notice */
	int32_t from_day, to_day;
	uint32_t show;			/* bits SHOW_… (domain/scheme.h) */
	bool plans;			/* improvement plans too (ZJ-17) */
	const char *scope;		/* where the notice hangs */
	const char *office, *phone;	/* who takes objections */
	const char *withdrawn;		/* why it was taken down; "" */
	int64_t account, at_ms;
	const char *node_name;		/* read only */
};

/* Sets `id`. */
int store_publicity_insert(struct db_tx *tx, struct publicity *publicity);

/* By number, or by token (`id` 0; only those not taken down). 1, 0 or an error. */
int store_publicity_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
			struct publicity *ret_publicity);
int store_publicity_by_token(struct db_tx *tx, const char *token, struct arena *arena,
			     struct publicity *ret_publicity);

/* Of a node (0: all), latest first, at most 500. */
int store_publicity_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct publicity **ret_list, int *ret_n);

int store_publicity_withdraw(struct db_tx *tx, int64_t campaign, int64_t id, const char *why);

/* ---- objections ---- */

/* Stored; never renumber. */
enum objection_outcome {
	OBJECTION_OPEN = 0,
	OBJECTION_KEPT = 1,		/* answered; the result stays */
	OBJECTION_REOPENED = 2,		/* answered; the organisation is looked at again */
};

struct objection {
	int64_t id;			/* 0: new */
	int64_t campaign, publicity, node, org;
	int32_t day;
	const char *by_whom;		/* "": not said */
	const char *text;
	int64_t account, at_ms;
	const char *answer;
	enum objection_outcome outcome;
	int64_t answer_account, answer_ms;
	const char *org_name;		/* read only */
};

/* Sets `id`. */
int store_objection_insert(struct db_tx *tx, struct objection *objection);
int store_objection_get(struct db_tx *tx, int64_t campaign, int64_t id, struct arena *arena,
			struct objection *ret_objection);
int store_objection_answer(struct db_tx *tx, const struct objection *objection);

/* Of a node (0: all), latest first, at most 2000. */
int store_objection_list(struct db_tx *tx, int64_t campaign, int64_t node, struct arena *arena,
			 struct objection **ret_list, int *ret_n);

#endif
