/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei template list`, `add`, `fill`, and `read` for own and official forms that
 * come back. */
#ifndef JW_CLI_CMD_TEMPLATE_H
#define JW_CLI_CMD_TEMPLATE_H

#include "cli/command.h"

extern const struct cli_command cmd_template_list, cmd_template_add, cmd_template_fill,
	cmd_template_read;

#endif
