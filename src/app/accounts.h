/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts and roles, as the system administrator (accounts) and the security
 * administrator (roles) work with them. Nobody holds two of the three
 * administrators' roles, nobody grants to himself, and above the county a grant
 * waits for a second person.
 */
#ifndef JW_APP_ACCOUNTS_H
#define JW_APP_ACCOUNTS_H

#include "app/people.h"

struct accounts_page {
	struct account *accounts;	/* `password` and `totp` are blanked */
	struct account_role *roles;	/* of these, by account */
	int n, n_roles;
	int64_t total;
};

/* At `node` and below. ACTION_ACCOUNT_READ. */
int accounts_list(struct app *app, const struct caller *caller, int64_t node,
		  const struct account_filter *filter, struct arena *arena,
		  struct accounts_page *ret_page, struct err_info *info);

/* The same for a file, which the log notes. ERR_LIMIT where the filter's limit
 * leaves some out. */
int accounts_export(struct app *app, const struct caller *caller, int64_t node,
		    const struct account_filter *filter, struct arena *arena,
		    struct accounts_page *ret_page, struct err_info *info);

struct account_detail {
	struct account account;
	struct grant *grants;
	int n_grants;
	struct role_request *requests;	/* that wait for a second person */
	int n_requests;
	int64_t locked_until_ms;	/* after wrong passwords; past or 0: it is not */
};
int accounts_detail(struct app *app, const struct caller *caller, int64_t account,
		    struct arena *arena, struct account_detail *ret_detail, struct err_info *info);

/* A new account with a password to hand over once; it must be changed at the
 * first login. ACTION_ACCOUNT_WRITE at its node. ERR_CONFLICT: name taken. */
struct new_account {
	const char *name, *label, *phone;
	int64_t node;
};
int accounts_add(struct app *app, const struct caller *caller, const struct new_account *account,
		 int64_t *ret_id, char ret_password[PASSWORD_MADE_LEN + 1], struct err_info *info);

/* A new password, as for a new account; ends its sessions, forgets its second
 * factor and its lock. */
int accounts_reset(struct app *app, const struct caller *caller, int64_t account,
		   char ret_password[PASSWORD_MADE_LEN + 1], struct err_info *info);

/* Closes or opens it again; its sessions end. Not one's own (ERR_DENIED), not the last
 * security administrator's of a place (ERR_STATE). */
int accounts_close(struct app *app, const struct caller *caller, int64_t account, bool closed,
		   struct err_info *info);

/* Grants a role at a node. `ret_pending`: it waits for a second person (above
 * the county). ACTION_ROLE_GRANT at the node and at the account's node.
 * ERR_STATE: would hold what is kept apart, or the role does not belong at this
 * level; ERR_DENIED also for oneself. */
int roles_grant(struct app *app, const struct caller *caller, int64_t account, enum role role,
		int64_t node, bool *ret_pending, struct err_info *info);

/* ERR_NOT_FOUND where it is not held; ERR_STATE: nobody would be left who may grant roles
 * there. */
int roles_revoke(struct app *app, const struct caller *caller, int64_t account, enum role role,
		 int64_t node, struct err_info *info);

/* Grants that wait, at `node` and below. ACTION_ROLE_READ. */
int roles_requests(struct app *app, const struct caller *caller, int64_t node,
		   struct arena *arena, struct role_request **ret_requests, int *ret_n,
		   struct err_info *info);

/*
 * The way out where nobody is left: another system administrator, security
 * administrator or auditor at the topmost organisation, made by the machine's operator
 * (at the command line; ERR_DENIED to everybody else), who may start the program anew
 * anyway. Only where fewer are in use than it takes: two security
 * administrators above a county, else one; or ERR_STATE. `instead`,
 * who is gone or shut out, is closed first. The password is shown once and must be
 * changed. ERR_INPUT, ERR_CONFLICT (name taken), ERR_NOT_FOUND (`instead`, `org`).
 */
struct recovery {
	enum role role;
	const char *name, *label;	/* to sign in with; the person's */
	const char *instead;		/* who held the role; NULL: nobody */
	const char *org;		/* code of the topmost; NULL: there is only one */
};
int accounts_recover(struct app *app, const struct caller *caller, const struct recovery *recovery,
		     char ret_password[PASSWORD_MADE_LEN + 1], struct err_info *info);

enum { ROLES_DECIDE_MAX = 1000 };

/* The second person's word on up to ROLES_DECIDE_MAX requests of one region: on all of
 * them or on none. ERR_DENIED to who asked and to whom it is for (who asked may take it
 * back); ERR_NOT_FOUND where one was decided already. */
int roles_decide(struct app *app, const struct caller *caller, const int64_t *requests, int n, bool grant,
		 struct err_info *info);

#endif
