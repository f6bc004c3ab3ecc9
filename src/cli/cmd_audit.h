/* SPDX-License-Identifier: Apache-2.0 */
/* The command that checks the audit log. */
#ifndef JW_CLI_CMD_AUDIT_H
#define JW_CLI_CMD_AUDIT_H

#include "cli/command.h"

extern const struct cli_command cmd_audit_verify;

#endif
