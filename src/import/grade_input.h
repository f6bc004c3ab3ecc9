/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All input of one grading: organisations, scores and ballots from files
 * (grading.md, "The command") into a finished score book. All errors of all
 * files are found before anything is said.
 */
#ifndef JW_IMPORT_GRADE_INPUT_H
#define JW_IMPORT_GRADE_INPUT_H

#include "base/diag.h"
#include "base/intern.h"
#include "domain/book.h"
#include "import/grade_fast.h"

struct grade_paths {
	const char *orgs, *scores, *ballots;	/* "-": standard input, for one of them */
	const char *local;			/* NULL: none */
	const struct score_listener *listener;	/* NULL: none */
	bool look_up_later;	/* keep the index by code, and the ballots, after reading */
};

/* Told of what is being read: bytes of the file `name` so far and in all (0:
 * not known). Called from one thread. */
typedef void (*grade_progress)(void *arg, const char *name, uint64_t done, uint64_t total);

struct grade_input {
	struct orgs orgs;
	struct org_texts texts;
	struct local local;
	struct book book;
	struct intern raters;
};

/* Reads everything into `input`, which must stay where it is until
 * grade_input_done. Returns 0; ERR_INPUT with everything that is wrong in
 * `errors`; or ERR_IO, ERR_NOMEM, ERR_LIMIT with `info`. `warnings` gets
 * columns that were ignored. On failure `input` is empty. */
int grade_input_read(struct grade_input *input, const struct scheme *scheme,
		     const struct grade_paths *paths, unsigned threads, grade_progress progress,
		     void *progress_arg, struct diag *errors, struct diag *warnings,
		     struct err_info *info);
void grade_input_done(struct grade_input *input);

#endif
