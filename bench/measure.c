/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command and writes what it cost: `measure RESULT COMMAND…`.
 *
 * A small program of its own, because the peak memory that the system reports
 * for a child is never below that of the process it was forked from, and
 * because the shortest runs take a few milliseconds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_NOT_RUN = 127 };

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	return EXIT_NOT_RUN;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: measure RESULT COMMAND…\n");
		return EXIT_NOT_RUN;
	}
	struct timespec start, end;
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid_t child = fork();
	if (child < 0)
		return fail("fork");
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(fail(argv[2]));
	}
	int status;
	struct rusage usage;
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return fail("wait");
	clock_gettime(CLOCK_MONOTONIC, &end);

	FILE *out = fopen(argv[1], "w");
	if (!out)
		return fail(argv[1]);
	fprintf(out, "{\"wall\": %.6f, \"cpu\": %.6f, \"memory\": %lld}\n",
		(double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss * 1024LL);
	if (fclose(out) != 0)
		return fail(argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
