/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts from a sheet: 登录名, 姓名, 组织代码, and optionally 电话 and 角色. One
 * bad row makes none. A role becomes a request, at the account's organisation,
 * that a security administrator confirms. The slips hold the first passwords,
 * for printing; they are kept nowhere else.
 */
#ifndef JW_APP_ACCOUNTS_IMPORT_H
#define JW_APP_ACCOUNTS_IMPORT_H

#include "app/accounts.h"
#include "base/diag.h"
#include "import/table.h"

enum { ACCOUNTS_IMPORT_MAX = 5000 };

struct account_slip {
	const char *name, *label, *org;
	char password[PASSWORD_MADE_LEN + 1];
};

/* ACTION_ACCOUNT_WRITE at `node`, below which all organisations must stand.
 * ERR_INPUT with all that is wrong in `diag`; `file` is for its messages. */
int accounts_import(struct app *app, const struct caller *caller, int64_t node,
		    struct table *table, const char *file, struct arena *arena, struct diag *diag,
		    struct account_slip **ret_slips, int *ret_n, struct err_info *info);

/* Tells whether a row of a workbook is the head; for table_open. */
bool accounts_is_head(void *unused, int n, const struct str *cells);

#endif
