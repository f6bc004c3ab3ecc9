/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei check`: looks for false figures in a campaign and the ledger. */
#ifndef JW_CLI_CMD_CHECK_H
#define JW_CLI_CMD_CHECK_H

#include "cli/command.h"

extern const struct cli_command cmd_check;

#endif
