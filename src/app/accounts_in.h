/* SPDX-License-Identifier: Apache-2.0 */
/* What accounts.c and accounts_import.c share. */
#ifndef JW_APP_ACCOUNTS_IN_H
#define JW_APP_ACCOUNTS_IN_H

#include "app/accounts.h"

/* The account and the right at its organisation. */
int account_enter(struct db_tx *tx, const struct caller *caller, enum action action,
		  int64_t id, struct arena *arena, struct access *ret_access,
		  struct account *ret_account, struct err_info *info);

/* ERR_CONFLICT: somebody has this name. */
int account_name_taken(const char *name, struct err_info *info);

/* Inserts and logs; `name` is checked and free, `hash` made. */
int account_insert(struct db_tx *tx, const struct access *access, const struct new_account *in,
		   const char *name, const char *hash, int64_t *ret_id);

/* The role belongs at the organisation's level. ERR_STATE. */
int account_role_check(enum role role, const struct org *org, struct err_info *info);

/* Name, person and phone; the name in small letters. */
int account_new_check(const struct new_account *in, char name[ACCOUNT_NAME_MAX * 4 + 1],
		      struct err_info *info);

#endif
