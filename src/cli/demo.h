/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The demo county: what `jinwei serve --demo` puts into a new database, through
 * the same use cases as everybody, and the accounts it prints.
 */
#ifndef JW_CLI_DEMO_H
#define JW_CLI_DEMO_H

#include "app/app.h"
#include "base/diag.h"
#include "cli/demo_ballots.h"

/* The setting of region 0 that tells that a database holds the demo. */
#define DEMO_SETTING "demo"

/* Makes administrators, reads the register (examples/组织名册.xlsx, whose codes it
 * knows), makes accounts and a little history. The database must be new. On an
 * error what was done so far remains. ERR_INPUT, with `diag` for the register.
 * `ret_slips`: with which a vote may be tried. */
int demo_load(struct app *app, const char *file, struct diag *diag, struct demo_slips *ret_slips,
	      struct err_info *info);

/* Prints who can sign in, and with what. */
void demo_print_accounts(void);

/* Prints how to vote in the open box; `address` is the server's, with a
 * slash at its end. */
void demo_print_slips(const struct demo_slips *slips, const char *address);

#endif
