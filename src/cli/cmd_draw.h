/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei draw verify`: repeats the draw of a spot check. */
#ifndef JW_CLI_CMD_DRAW_H
#define JW_CLI_CMD_DRAW_H

#include "cli/command.h"

extern const struct cli_command cmd_draw_verify;

#endif
