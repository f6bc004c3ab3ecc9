/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regrading in memory after a change of rules: scores and counts are loaded,
 * weights, lines and quotas change, everything is graded again. Prints a line
 * for run.py; exit status 1 if one and two threads, or who grades but once, do not agree
 * byte for byte.
 *
 * usage: regrade SCHEME ORGS SCORES BALLOTS [RUNS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "import/grade_input.h"
#include "import/scheme_yaml.h"
#include "domain/grade.h"

enum { RUNS_MAX = 99 };

/* Milliseconds on the clock, and of processor time: of two runs on a busy machine
 * only the latter can be compared. */
struct took {
	double wall, cpu;
};

static double clock_ms(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The other rules: every weight, line and quota a little different. */
static void change(struct scheme *scheme, int step)
{
	uint32_t move = (uint32_t)(step % 2 ? 10000 : 0);	/* 1 % */
	scheme->sources[0].weight_e6 = 500000 - move;
	scheme->sources[1].weight_e6 = 300000 + move;
	scheme->grades[0].from_e4 = 900000 - step % 2 * 5000;
	scheme->quotas[0].at_least_e6 = 50000 + move;
}

/* Medians of `runs` regradings, each after a change. */
static struct took measure(struct graded *graded, struct scheme *scheme, struct orgs *orgs,
			   unsigned threads, int runs)
{
	double wall[RUNS_MAX], cpu[RUNS_MAX];
	for (int i = 0; i < runs; i++) {
		change(scheme, i + 1);
		double start = clock_ms(CLOCK_MONOTONIC), cpu_start = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
		if (grade_again(graded, scheme, orgs, threads) < 0)
			exit(1);
		wall[i] = clock_ms(CLOCK_MONOTONIC) - start;
		cpu[i] = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
	}
	qsort(wall, (size_t)runs, sizeof(*wall), order);
	qsort(cpu, (size_t)runs, sizeof(*cpu), order);
	return (struct took){wall[runs / 2], cpu[runs / 2]};
}

static int same(const struct graded *a, const struct graded *b, uint32_t n)
{
	if (memcmp(a->status, b->status, n) != 0 || memcmp(a->grade, b->grade, n) != 0 ||
	    memcmp(a->quota, b->quota, n) != 0 || memcmp(a->stars, b->stars, n) != 0 ||
	    memcmp(a->rank, b->rank, n * sizeof(*a->rank)) != 0)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		if (a->status[i] == STATUS_GRADED && a->key[i] != b->key[i])
			return 0;
	return 1;
}

int main(int argc, char **argv)
{
	struct scheme scheme;
	struct diag errors = {0}, warnings = {0};
	struct err_info info = {0};
	struct grade_input input;
	struct graded one, two, once;

	if (argc < 5) {
		fprintf(stderr, "usage: regrade SCHEME ORGS SCORES BALLOTS [RUNS]\n");
		return 2;
	}
	int runs = argc > 5 ? atoi(argv[5]) : 7;
	runs = runs < 1 ? 1 : runs > RUNS_MAX ? RUNS_MAX : runs | 1;
	struct grade_paths paths = {argv[2], argv[3], argv[4], NULL, NULL};
	if (scheme_load(&scheme, argv[1], &errors, &info) < 0 ||
	    grade_input_read(&input, &scheme, &paths, 2, NULL, NULL, &errors, &warnings, &info) < 0) {
		fprintf(stderr, "regrade: %s%s\n", errors.n ? errors.at[0] : "", info.text);
		return 1;
	}
	uint32_t n = input.orgs.n;
	if (grade_run(&one, &scheme, &input.orgs, &input.book, 1) < 0 ||
	    grade_run(&two, &scheme, &input.orgs, &input.book, 2) < 0)
		return 1;
	struct took with_two = measure(&two, &scheme, &input.orgs, 2, runs);
	struct took with_one = measure(&one, &scheme, &input.orgs, 1, runs);
	/* Spends the book: last. */
	if (grade_once(&once, &scheme, &input.orgs, &input.book, 2) < 0)
		return 1;
	int agree = same(&one, &two, n) && same(&two, &once, n);
	printf("%.0f ms with 2 threads, %.0f ms with 1 (of processor time %.0f and %.0f ms); %s\n",
	       with_two.wall, with_one.wall, with_two.cpu, with_one.cpu,
	       agree ? "the same bytes" : "DIFFERENT");
	graded_done(&one);
	graded_done(&two);
	graded_done(&once);
	grade_input_done(&input);
	scheme_done(&scheme);
	diag_done(&errors);
	diag_done(&warnings);
	return agree ? 0 : 1;
}
