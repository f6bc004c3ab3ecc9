/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "cli/cmd_explain.h"
#include "cli/cmd_grade.h"
#include "cli/cmd_scheme.h"
#include "cli/command.h"

const struct cli_command *const cli_commands[] = {
	&cmd_grade,
	&cmd_explain,
	&cmd_scheme_list,
	&cmd_scheme_show,
	&cmd_scheme_check,
	&cmd_scheme_new,
	NULL,
};
