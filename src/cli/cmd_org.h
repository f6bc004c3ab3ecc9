/* SPDX-License-Identifier: Apache-2.0 */
/* The command that reads organisations from a sheet into the database. */
#ifndef JW_CLI_CMD_ORG_H
#define JW_CLI_CMD_ORG_H

#include "cli/command.h"

extern const struct cli_command cmd_org_import;

#endif
