/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei scheme …`: what schemes there are, what they say, whether a file is right. */
#ifndef JW_CLI_CMD_SCHEME_H
#define JW_CLI_CMD_SCHEME_H

#include "cli/command.h"

extern const struct cli_command cmd_scheme_list, cmd_scheme_show, cmd_scheme_check,
	cmd_scheme_new;

#endif
