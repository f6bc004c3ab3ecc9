/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts from a sheet: 账号, 姓名, 组织代码, and optionally 电话 and 角色. One
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
	const char *role;			/* asked for; "" */
	char password[PASSWORD_MADE_LEN + 1];	/* "" after a dry run */
};

/* ACTION_ACCOUNT_WRITE at `node`, below which all organisations must stand.
 * ERR_INPUT with all that is wrong in `diag`; `file` is for its messages. A dry
 * run finds the same and keeps nothing. */
int accounts_import(struct app *app, const struct caller *caller, int64_t node,
		    struct table *table, const char *file, bool dry_run, struct arena *arena,
		    struct diag *diag, struct account_slip **ret_slips, int *ret_n,
		    struct err_info *info);

/* The headings of the sheet, in order; NULL at the end. */
const char *accounts_column(int i, bool *ret_required);

/* Tells whether a row of a workbook is the head; for table_open. */
bool accounts_is_head(void *unused, int n, const struct str *cells);

#endif
