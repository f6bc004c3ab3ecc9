/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "cli/cmd_explain.h"
#include "cli/cmd_grade.h"
#include "cli/command.h"

const struct cli_command *const cli_commands[] = {
	&cmd_grade,
	&cmd_explain,
	NULL,
};
