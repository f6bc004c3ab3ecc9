/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and what an account does for itself: sessions, password, second
 * factor; and the first start.
 *
 * Every attempt is counted before the password is looked at, and forgotten
 * when it was right: many attempts at once gain nothing. After `tries` failures
 * a name is locked, for a minute, then twice as long each time, up to an hour;
 * names that do not exist behave alike.
 */
#ifndef JW_APP_PEOPLE_H
#define JW_APP_PEOPLE_H

#include "app/app.h"
#include "app/secret.h"
#include "app/totp.h"
#include "store/account.h"

enum {
	ACCOUNT_NAME_MAX = 40,
	SESSION_MAX_H = 12,	/* hours after which one signs in again in any case */
	SESSION_MARK_LEN = 16,
};

/* Password and session policy of the installation. */
enum {
	POLICY_LENGTH_MAX = 64,
	POLICY_IDLE_MIN = 5, POLICY_IDLE_MAX = 240,
	POLICY_TRIES_MIN = 3, POLICY_TRIES_MAX = 10,
};
struct policy {
	int min_length;		/* PASSWORD_MIN … POLICY_LENGTH_MAX characters */
	int idle_minutes;	/* default 30 */
	int tries;		/* failures before the first lock; default 5 */
};
/* May the caller set it? Only at the top of the tree. */
int policy_may_set(struct app *app, const struct caller *caller, bool *ret_may,
		   struct err_info *info);

int policy_get(struct app *app, struct policy *ret_policy, struct err_info *info);
/* ACTION_POLICY_WRITE at the topmost organisation. ERR_INPUT. */
int policy_set(struct app *app, const struct caller *caller, const struct policy *policy,
	       struct err_info *info);

/* True while there is no account at all. */
int people_is_new(struct app *app, bool *ret_new, struct err_info *info);

/* The first start: the topmost organisation, the three administrators and the
 * first account that works with the data (officer, or organiser of a township;
 * left out where its name is NULL). The caller has checked the one-time code. ERR_STATE once there are accounts. */
struct first_person {
	const char *name, *label, *password;
};
struct first_start {
	const char *code, *org_name;
	enum level level;
	struct first_person system, security, auditor, officer;
	struct first_person second;	/* security administrator, too; login "" or NULL: none */
};
int people_first_start(struct app *app, const struct caller *caller,
		       const struct first_start *first, int64_t *ret_node, struct err_info *info);

/* Who is signed in. Texts in the caller's arena. */
struct person {
	int64_t account;
	const char *name, *label;
	int64_t node;
	const char *node_name;
	bool must_change;
	bool has_totp;
};

/*
 * Checks name, password and, where one is set up, the one-time code ("" if none
 * was typed), and opens a session under the hash of a token that the caller has
 * made. caller->account is not looked at. ERR_DENIED: wrong (it is not said
 * what), or the code is missing; ERR_STATE: locked, and for how long.
 */
int people_login(struct app *app, const struct caller *caller, const char *name,
		 const char *password, const char *code,
		 const unsigned char token_hash[TOKEN_HASH_LEN], struct arena *arena,
		 struct person *ret_person, struct err_info *info);

/* The session's person; moves its idle clock (written once a minute).
 * ERR_NOT_FOUND: unknown, idle too long, or too old. */
int people_session(struct app *app, const unsigned char token_hash[TOKEN_HASH_LEN],
		   int64_t now_ms, struct arena *arena, struct person *ret_person,
		   struct err_info *info);

/* An unknown session is none, too. */
int people_logout(struct app *app, const struct caller *caller,
		  const unsigned char token_hash[TOKEN_HASH_LEN], struct err_info *info);

/* One's own that still hold, last used first. */
int people_sessions(struct app *app, const struct caller *caller, struct arena *arena,
		    struct session **ret_sessions, int *ret_n, struct err_info *info);
/* Ends the one whose hash begins with `mark` in hex (SESSION_MARK_LEN); NULL: all but
 * `keep`. `ret_n`: how many that still held. ERR_NOT_FOUND. */
int people_end_sessions(struct app *app, const struct caller *caller, const char *mark,
			const unsigned char keep[TOKEN_HASH_LEN], int *ret_n, struct err_info *info);
/* What tells a session from the others and is of no use to sign in. */
void session_mark(const struct session *session, char ret_mark[SESSION_MARK_LEN + 1]);

/* All other sessions of the account end. ERR_DENIED: `old` is wrong. */
int people_change_password(struct app *app, const struct caller *caller, const char *old,
			   const char *now, const unsigned char keep[TOKEN_HASH_LEN],
			   struct err_info *info);

/* A new secret and its address for an authenticator (a QR code); nothing is
 * kept before people_totp_set. `again`: one made before, where it is one (NULL:
 * none). */
int people_totp_new(struct app *app, const struct caller *caller, const char *again,
		    struct arena *arena, char ret_secret[TOTP_TEXT_LEN + 1],
		    const char **ret_address, struct err_info *info);
/* With a code that proves that the authenticator has it. ERR_INPUT; ERR_STATE
 * where there is one already: an open session alone can't replace it. */
int people_totp_set(struct app *app, const struct caller *caller, const char *secret,
		    const char *code, struct err_info *info);
/* With the password. ERR_DENIED. */
int people_totp_remove(struct app *app, const struct caller *caller, const char *password,
		       struct err_info *info);

/* ---- for accounts.c ---- */

/* Small letters, digits, ".", "-", "_" and Chinese characters; 2 to 40. `out`
 * holds the name in small letters. ERR_INPUT. */
int login_name_check(const char *name, char out[ACCOUNT_NAME_MAX * 4 + 1], struct err_info *info);
int policy_read(struct db_tx *tx, struct policy *ret_policy);

#endif
