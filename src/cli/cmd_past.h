/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei past import`: results of past years from a sheet. */
#ifndef JW_CLI_CMD_PAST_H
#define JW_CLI_CMD_PAST_H

#include "cli/command.h"

extern const struct cli_command cmd_past_import;

#endif
