/* SPDX-License-Identifier: Apache-2.0 */
/* `jinwei grade` (grading.md, "The command"). */
#ifndef JW_CLI_CMD_GRADE_H
#define JW_CLI_CMD_GRADE_H

#include "cli/command.h"

extern const struct cli_command cmd_grade;

#endif
