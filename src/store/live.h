/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live scoring: a session of a meeting, the organisations that report in it,
 * and what the phones sent. When the session is closed the figures become
 * score sheets, shuffled, and what tells phones apart is deleted.
 */
#ifndef JW_STORE_LIVE_H
#define JW_STORE_LIVE_H

#include "base/arena.h"
#include "db/db.h"

enum {
	LIVE_ORGS_MAX = 60,		/* organisations of one session */
	LIVE_PAPERS_MAX = 1000,		/* phones */
	LIVE_CODE_LEN = 8,
	LIVE_DEVICE_LEN = 32,
};

/* Stored; never renumber. */
enum live_state {
	LIVE_OPEN = 0,
	LIVE_CLOSED = 1,		/* the figures count */
	LIVE_VOID = 2,			/* thrown away */
};

struct live_session {
	int64_t id;			/* 0: new */
	int64_t campaign, node;
	int source;
	const char *title, *code;
	enum live_state state;
	int64_t present, papers;
	int64_t opened_ms, closed_ms, account;
};

struct live_org {
	int64_t org;
	const char *name, *secretary;	/* read only */
};

/* Sets `id`. */
int store_live_insert(struct db_tx *tx, struct live_session *session, const int64_t *orgs, int n);
/* State, numbers and time of closing. */
int store_live_update(struct db_tx *tx, const struct live_session *session);

/* 1, 0 or an error. */
int store_live_get(struct db_tx *tx, int64_t id, struct arena *arena,
		   struct live_session *ret_session);
int store_live_by_code(struct db_tx *tx, const char *code, struct arena *arena,
		       struct live_session *ret_session);
/* Of a campaign, latest first, at most 200. */
int store_live_list(struct db_tx *tx, int64_t campaign, struct arena *arena,
		    struct live_session **ret_sessions, int *ret_n);
int store_live_orgs(struct db_tx *tx, const struct live_session *session, struct arena *arena,
		    struct live_org **ret_orgs, int *ret_n);

/* Puts what a phone sent in the place of what it sent before. ERR_LIMIT. */
int store_live_paper_put(struct db_tx *tx, int64_t session,
			 const unsigned char device[LIVE_DEVICE_LEN], const char *figures);
/* 1 and the figures, 0 or an error. */
int store_live_paper_get(struct db_tx *tx, int64_t session,
			 const unsigned char device[LIVE_DEVICE_LEN], struct arena *arena,
			 const char **ret_figures);
int store_live_paper_count(struct db_tx *tx, int64_t session, int64_t *ret_n);
/* All, in the order of the hashes. */
int store_live_papers(struct db_tx *tx, int64_t session, struct arena *arena,
		      const char ***ret_figures, int *ret_n);
int store_live_papers_delete(struct db_tx *tx, int64_t session);

#endif
