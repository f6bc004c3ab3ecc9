/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Use case: grade files (`jinwei grade`): read everything, grade, write the
 * results asked for, all or none of them.
 */
#ifndef JW_APP_GRADING_H
#define JW_APP_GRADING_H

#include <stdio.h>

#include "domain/summary.h"
#include "import/grade_input.h"

struct grading_job {
	const char *scheme;		/* file or id */
	struct grade_paths paths;
	const char *out, *xlsx, *summary;	/* NULL: not wanted; "-": standard output */
	FILE *show;			/* where a table for people goes; NULL: not wanted */
	unsigned threads;		/* 0: as many as there are cores */
	grade_progress progress;	/* NULL: none */
	void *progress_arg;
};

/* Where the time of a grading went, in microseconds. */
struct grading_times {
	uint64_t load_us, compute_us, export_us;
};

/* A finished grading. Must stay where it is until grading_done. */
struct grading {
	struct scheme scheme;
	struct grade_input input;
	struct graded graded;
	struct grading_times times;
};

/* Reads and grades; writes nothing. ERR_INPUT with all that is wrong in
 * `errors` (or, without any there, in `info`); ERR_IO, ERR_NOMEM, ERR_LIMIT. */
int grading_run(struct grading *grading, const struct grading_job *job, struct diag *errors,
		struct diag *warnings, struct err_info *info);
void grading_done(struct grading *grading);

/* Writes what the job asks for. ERR_IO, ERR_NOMEM: then no file has appeared. */
int grading_write(struct grading *grading, const struct grading_job *job, struct err_info *info);

/* Cores of this machine that may be used. */
unsigned grading_threads(void);

#endif
