/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The composition root: here the parts of the program are put together. It
 * runs the command table.
 */
#include <locale.h>

#include "cli/command.h"

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return cli_main(argc, argv);
}
