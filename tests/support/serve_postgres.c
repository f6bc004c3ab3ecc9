/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PostgreSQL server for script tests: prints the addresses of two empty
 * databases, and stops the server when its standard input ends. With --sync, for
 * measurements, commits are synced to the disk as they are on a real server.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "support/engines.h"

int main(int argc, char **argv)
{
	struct engine engine = {0};
	char url[256];

	engines_sync = argc > 1 && strcmp(argv[1], "--sync") == 0;
	int r = engines_start(NULL);
	if (r == 0) {
		for (int i = 0; i < 2; i++) {
			engine_url(&engine, true, "main", url);
			printf("%s\n", url);
		}
		fflush(stdout);
		while (getchar() != EOF)
			;
	}
	engines_stop(NULL);
	return r == 0 ? 0 : 1;
}
