/* SPDX-License-Identifier: Apache-2.0 */
/* The command that replaces an administrator whom nobody in the browser can. */
#ifndef JW_CLI_CMD_ACCOUNT_H
#define JW_CLI_CMD_ACCOUNT_H

#include "cli/command.h"

extern const struct cli_command cmd_account_recover;

#endif
