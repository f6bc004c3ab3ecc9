/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_thumbnail.c: the process in which a photo is made small. */
#ifndef JW_CLI_CMD_THUMBNAIL_H
#define JW_CLI_CMD_THUMBNAIL_H

#include "cli/command.h"

extern const struct cli_command cmd_thumbnail;

#endif
