/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts, their roles, sessions, and failed logins. An account belongs to an
 * organisation and to its region. Of a session's token only the hash is kept.
 */
#ifndef JW_STORE_ACCOUNT_H
#define JW_STORE_ACCOUNT_H

#include "base/arena.h"
#include "db/db.h"

/* Stored; never renumber. */
enum account_state {
	ACCOUNT_ACTIVE = 0,
	ACCOUNT_CLOSED = 1,
};

enum { TOTP_SECRET_LEN = 20, TOKEN_HASH_LEN = 32 };

struct account {
	int64_t id;			/* 0: new; carries its region */
	int64_t node;			/* organisation it belongs to */
	const char *name;		/* to sign in with; small letters; unique */
	const char *label;		/* the person's name */
	const char *phone;
	const char *password;		/* Argon2id text; "": none yet */
	bool must_change;
	bool has_totp;
	unsigned char totp[TOTP_SECRET_LEN];
	int64_t totp_step;		/* the last used */
	enum account_state state;
	int64_t created_ms, password_ms, login_ms;
	const char *node_path;		/* read only */
	const char *node_name;		/* read only */
};

/* 1 and the account (texts in `arena`), 0 or an error. */
int store_account_get(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct account *ret_account);
int store_account_by_name(struct db_tx *tx, const char *name, struct arena *arena,
			  struct account *ret_account);

/* Sets `account->id`. ERR_CONFLICT where the name is taken in any region. */
int store_account_insert(struct db_tx *tx, struct account *account);

/* Which of up to 49 names are taken, in any region. */
enum { ACCOUNT_NAMES_MAX = 49 };
int store_account_names_taken(struct db_tx *tx, const char *const *names, int n, bool *ret_taken);
/* As store_account_insert of a name that this function knows to be free: nobody is asked. */
int store_account_add(struct db_tx *tx, struct account *account);

/* Writes all but id, node's texts and creation. The name does not change. */
int store_account_update(struct db_tx *tx, const struct account *account);

enum account_order { ACCOUNT_BY_NAME, ACCOUNT_BY_NODE, ACCOUNT_BY_LOGIN };
/* As people see it: in use, password not yet changed, closed. */
enum account_show { ACCOUNT_SHOW_ALL = -1, ACCOUNT_SHOW_IN_USE, ACCOUNT_SHOW_FRESH, ACCOUNT_SHOW_CLOSED };

struct account_filter {
	const char *text;		/* part of name, person or phone; NULL: any */
	enum account_show show;
	int holds;			/* enum role + 1; 0: any or none */
	enum account_order order;
	bool descending;
	int64_t offset, limit;		/* limit: at most 10,000 */
};

/* Accounts at a node and below. */
int store_account_list(struct db_tx *tx, const char *node_path, const struct account_filter *filter,
		       struct arena *arena, struct account **ret_accounts, int *ret_n,
		       int64_t *ret_total);

/* The roles of those that store_account_list gives, by account. */
struct account_role {
	int64_t account, node;
	int role;
	const char *node_name;
};
int store_account_roles(struct db_tx *tx, const char *node_path, const struct account_filter *filter,
			struct arena *arena, struct account_role **ret_roles, int *ret_n);

/* How many accounts there are at all. */
int store_account_count(struct db_tx *tx, int64_t *ret_n);

/* ---- roles ---- */

struct grant {
	int role;			/* enum role */
	int64_t node;
	const char *node_path, *node_name;
	int node_level;
	int64_t granted_by, granted_ms;
};

/* Grants whose node exists. */
int store_grants(struct db_tx *tx, int64_t account, struct arena *arena, struct grant **ret_grants,
		 int *ret_n);
int store_grant_add(struct db_tx *tx, int64_t account, int role, int64_t node, int64_t by,
		    int64_t now_ms);
/* The number removed: 0 or 1. */
int store_grant_remove(struct db_tx *tx, int64_t account, int role, int64_t node);

/* How many accounts in use hold the role at the node itself. */
int store_grant_count(struct db_tx *tx, int role, int64_t node, int64_t *ret_n);

/* Whether an account in use holds the role at the node or above it, but for what `account`
 * holds at `node` (0: anywhere). 1, 0 or an error. */
int store_grant_elsewhere(struct db_tx *tx, int role, const char *path, int64_t account, int64_t node);

struct role_request {
	int64_t id, account, node, asked_by, asked_ms;
	int role;
	const char *account_label, *node_name, *asked_by_label, *node_path;
	bool stuck;	/* not kept: set by app/, where nobody but who asked may say yes */
};
int store_request_add(struct db_tx *tx, struct role_request *request);
/* 1, 0 or an error. */
int store_request_get(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct role_request *ret_request);
int store_request_remove(struct db_tx *tx, int64_t id);
/* At a node and below; `account` 0: of all. */
int store_requests(struct db_tx *tx, const char *node_path, int64_t account, struct arena *arena,
		   struct role_request **ret_requests, int *ret_n);

/* ---- sessions ---- */

struct session {
	int64_t region;
	unsigned char token_hash[TOKEN_HASH_LEN];
	int64_t account;
	int64_t created_ms, seen_ms;
	const char *origin;
};

/* 1, 0 or an error. */
int store_session_get(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_LEN],
		      struct arena *arena, struct session *ret_session);
int store_session_insert(struct db_tx *tx, const struct session *session);
int store_session_seen(struct db_tx *tx, const struct session *session, int64_t now_ms);
int store_session_remove(struct db_tx *tx, const struct session *session);
/* Of an account, last used first. */
int store_sessions(struct db_tx *tx, int64_t account, struct arena *arena,
		   struct session **ret_sessions, int *ret_n);
/* All of an account but `keep` (NULL: all). */
int store_session_remove_all(struct db_tx *tx, int64_t account,
			     const unsigned char keep[TOKEN_HASH_LEN]);
/* Those of a region not seen since; `region` -1: all. */
int store_session_expire(struct db_tx *tx, int64_t region, int64_t seen_before_ms);

/* ---- failed logins ---- */

struct login_guard {
	int64_t failures, last_ms, locked_until_ms;
};

/* All zero where nothing is known of the name. */
int store_guard_get(struct db_tx *tx, const char *name, struct login_guard *ret_guard);
/* Also forgets names whose last failure is older than `forget_before_ms`. */
int store_guard_set(struct db_tx *tx, const char *name, const struct login_guard *guard,
		    int64_t forget_before_ms);
int store_guard_clear(struct db_tx *tx, const char *name);

#endif
