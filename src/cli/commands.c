/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "cli/command.h"

const struct cli_command *const cli_commands[] = {
	NULL,
};
