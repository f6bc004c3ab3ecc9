/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one const table gives parsing, help and completion.
 *
 * A command is a file cmd_*.c with one `const struct cli_command`; adding it
 * to the table in commands.c is all there is to do. Only here (and in main.c)
 * does the program print messages and choose exit statuses.
 */
#ifndef JW_CLI_COMMAND_H
#define JW_CLI_COMMAND_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/err.h"

enum {
	CLI_OPTIONS_MAX = 16,
	CLI_REST_MAX = 64,	/* words that are no options */
};

/* Exit statuses (spec: grading.md, "Errors"). */
enum cli_exit {
	EXIT_OK = 0,
	EXIT_FAULT = 1,		/* the system failed: memory, disk …; also findings of a check */
	EXIT_WRONG = 2,		/* input, scheme or usage is wrong; nothing was written */
	EXIT_PARTLY = 3,	/* written, but not every organisation is graded */
};

struct cli_option {
	const char *name;	/* without dashes */
	const char *value;	/* what it takes, e.g. "FILE"; NULL: a flag */
	const char *help;	/* Chinese, one line */
	bool required;
};

/* What the user typed; index as in the command's options. */
struct cli_args {
	const char *value[CLI_OPTIONS_MAX];	/* NULL: not given; flags: "" */
	int n_rest;
	const char *rest[CLI_REST_MAX];
};

struct cli_command {
	const char *name;	/* one or two words: "grade", "scheme list" */
	const char *summary;	/* Chinese, one line */
	const char *rest;	/* e.g. "ID"; NULL: takes no further words */
	int rest_min, rest_max;
	const struct cli_option *options;	/* ends with a NULL name; NULL: none */
	int (*run)(const struct cli_args *args);	/* returns an exit status */
};

/* The table; ends with a NULL name. */
extern const struct cli_command *const cli_commands[];

/* Parses and runs; returns the exit status. */
int cli_main(int argc, char **argv);

/* Prints the message on standard error; returns the exit status of its code. */
int cli_fail(const struct err_info *info);

/* For commands that read files where the system keeps them: a file that becomes shorter
 * meanwhile, or whose disk goes away, ends the program with a message and EXIT_FAULT. */
void cli_mind_lost_files(void);

/* Prints all messages and how many there are; returns EXIT_WRONG. */
int cli_fail_diag(const struct diag *diag);

#endif
