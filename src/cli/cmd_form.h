/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei form` prints a form, `jinwei form list` names them all. */
#ifndef JW_CLI_CMD_FORM_H
#define JW_CLI_CMD_FORM_H

#include "cli/command.h"

extern const struct cli_command cmd_form, cmd_form_list;

#endif
