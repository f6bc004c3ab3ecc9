/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on the data of an installation: who calls (the machine's operator,
 * now), and the database opened around them. */
#ifndef JW_CLI_OFFICE_H
#define JW_CLI_OFFICE_H

#include "app/app.h"
#include "base/diag.h"
#include "cli/command.h"

struct caller office_caller(void);

/* Opens the database at `db` (NULL: the default), runs `fn` and closes it; says
 * what went wrong, all that `fn` left in `diag` or else its error. Exit status. */
int office_run(const struct cli_args *args, const char *db,
	       int (*fn)(struct app *app, const struct cli_args *args, struct diag *diag,
			 struct err_info *info));

#endif
