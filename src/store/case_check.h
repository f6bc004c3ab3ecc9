/* SPDX-License-Identifier: Apache-2.0 */
/* Spot checks: draws that anybody can repeat, findings and their ends; secret
 * addresses of calendars; what officers made of findings of integrity.md. */
#ifndef JW_STORE_CASE_CHECK_H
#define JW_STORE_CASE_CHECK_H

#include "base/arena.h"
#include "db/db.h"

enum { DRAW_SEED_LEN = 32, DRAW_HASH_LEN = 32, DRAWS_MAX = 100 };

struct spot_draw {
	int64_t id, node;
	int level, each;
	bool only_cases;
	const char *population, *drawn;
	unsigned char fingerprint[DRAW_HASH_LEN], seed[DRAW_SEED_LEN];
	int64_t made_ms, account, revealed_ms;
	int groups;			/* inspection groups that it is dealt out to; 0: none */
};
/* Sets `id`. */
int store_draw_insert(struct db_tx *tx, struct spot_draw *draw);
int store_draw_get(struct db_tx *tx, int64_t id, struct arena *arena, struct spot_draw *ret_draw);
/* Of a node, newest first, at most DRAWS_MAX. */
int store_draws(struct db_tx *tx, int64_t node, struct arena *arena, struct spot_draw **ret_draws,
		int *ret_n);
/* ERR_CONFLICT where it was revealed before. */
int store_draw_reveal(struct db_tx *tx, int64_t id, int64_t now_ms);

/* Who goes in an inspection group of a draw (GZ-9). */
struct spot_group {
	int64_t draw;
	int number;			/* from 1 */
	const char *leader, *members;
};
int store_draw_group_put(struct db_tx *tx, const struct spot_group *group);
/* Those of a draw that are named, by number. */
int store_draw_groups(struct db_tx *tx, int64_t draw, struct arena *arena,
		      struct spot_group **ret_groups, int *ret_n);

struct spot_check {
	int64_t id, org, case_id, draw;
	int32_t day;
	bool good;
	const char *finding, *position;
	int32_t deadline, closed_day;
	const char *closing, *sent;
	int64_t account;
	const char *who;
	int64_t at_ms;
	const char *org_name;		/* read only */
};
/* Sets `id`; where the same mark was sent before, that one's id and 1. */
int store_check_insert(struct db_tx *tx, struct spot_check *check);
int store_check_get(struct db_tx *tx, int64_t id, struct arena *arena,
		    struct spot_check *ret_check);
int store_check_close(struct db_tx *tx, int64_t id, int32_t day, const char *closing);
/* Below and with a path, newest first, at most 2,000; `open`: not closed, with
 * something to mend. */
int store_checks(struct db_tx *tx, const char *path, bool open, struct arena *arena,
		 struct spot_check **ret_checks, int *ret_n);

int store_calendar_set(struct db_tx *tx, int64_t account, const unsigned char hash[32],
		       int64_t now_ms);
/* 1 and the account, 0 or an error. */
int store_calendar_find(struct db_tx *tx, const unsigned char hash[32], int64_t *ret_account);

struct finding_mark {
	const char *finding;
	bool confirmed;
	const char *reason, *who;
	int64_t at_ms;
};
int store_finding_mark(struct db_tx *tx, int64_t campaign, const struct finding_mark *mark);
int store_finding_marks(struct db_tx *tx, int64_t campaign, struct arena *arena,
			struct finding_mark **ret_marks, int *ret_n);

/* A report that was received from a committee (HN-5, LD-11). */
struct key_mark {
	int64_t node;
	const char *report;		/* id in the scheme */
	int32_t day;			/* 0 takes it back */
	const char *note, *who;
	int64_t at_ms;
};
int store_key_mark(struct db_tx *tx, int64_t campaign, const struct key_mark *mark);
/* Of a campaign, at most 10,000. */
int store_key_marks(struct db_tx *tx, int64_t campaign, struct arena *arena,
		    struct key_mark **ret_marks, int *ret_n);

/* A campaign's own threshold of integrity.md; `keep` false: the default again. */
struct finding_limit {
	const char *name;
	int value;
};
int store_finding_limit_put(struct db_tx *tx, int64_t campaign, const struct finding_limit *limit,
			    bool keep);
int store_finding_limits(struct db_tx *tx, int64_t campaign, struct arena *arena,
			 struct finding_limit **ret_limits, int *ret_n);

/* A total of a sheet that somebody reported, and what its rows add up to; or
 * (`own`) a figure of a row, and what was known here when it came. */
struct reported_sum {
	int64_t node;
	const char *file, *what;
	int64_t reported_e4, rows_e4;
	bool own;
	const char *node_name;		/* read only */
};
/* Forgets the sheet of this name at the node, so that it can come again; how many
 * totals it had. A total put twice is kept once. */
int store_reported_clear(struct db_tx *tx, int64_t campaign, int64_t node, const char *file);
int store_reported_put(struct db_tx *tx, int64_t campaign, const struct reported_sum *sum,
		       int64_t now_ms, const char *who);
/* Of nodes below and with a path, at most 10,000. */
int store_reported(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		   struct reported_sum **ret_sums, int *ret_n);

#endif
