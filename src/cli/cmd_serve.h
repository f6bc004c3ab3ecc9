/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `jinwei serve`: the web server. Brings the database up to date, prints the
 * one-time address where there is no account yet, serves until SIGTERM.
 */
#ifndef JW_CLI_CMD_SERVE_H
#define JW_CLI_CMD_SERVE_H

#include "cli/command.h"

extern const struct cli_command cmd_serve;

#endif
