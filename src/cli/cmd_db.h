/* SPDX-License-Identifier: Apache-2.0 */
/* The commands about the database as a whole. */
#ifndef JW_CLI_CMD_DB_H
#define JW_CLI_CMD_DB_H

#include "cli/command.h"

extern const struct cli_command cmd_db_migrate, cmd_db_check, cmd_db_backup, cmd_db_restore,
	cmd_db_move;

#endif
