/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei explain`: why an organisation has its grade. */
#ifndef JW_CLI_CMD_EXPLAIN_H
#define JW_CLI_CMD_EXPLAIN_H

#include "cli/command.h"

extern const struct cli_command cmd_explain;

#endif
