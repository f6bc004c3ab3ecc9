/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scheme files (spec: "A scheme file") into schemes. All that is wrong with a
 * file is reported at once, each with file, line, key, what was found and what
 * was expected. The shipped schemes are part of the program.
 */
#ifndef JW_IMPORT_SCHEME_YAML_H
#define JW_IMPORT_SCHEME_YAML_H

#include "base/buf.h"
#include "base/diag.h"
#include "domain/scheme.h"

/* Reads a scheme from memory; `name` is for messages. The scheme borrows
 * nothing from `text`. ERR_INPUT: the file is wrong, `diag` says how (at least
 * one entry); ERR_NOMEM. */
int scheme_load_text(struct scheme *ret_scheme, const char *name, const char *text, size_t len,
		     struct diag *diag, struct err_info *info);

/* As scheme_load_text, from a file ("-": standard input) or, where no file has
 * that name, from the shipped scheme of that id. ERR_NOT_FOUND names the
 * nearest id and lists all; ERR_IO, ERR_LIMIT. */
int scheme_load(struct scheme *ret_scheme, const char *file_or_id, struct diag *diag,
		struct err_info *info);

struct shipped_scheme {
	const char *id;
	const char *text;	/* the file, `len` bytes */
	size_t len;
};

/* All of them, in the order they are listed. */
const struct shipped_scheme *shipped_schemes(size_t *ret_n);

/* The shipped scheme of that id, or NULL. */
const struct shipped_scheme *shipped_scheme_find(const char *id);

/* Appends a commented scheme to begin with: a small one that loads, then every
 * key there is, as comments. */
void scheme_write_template(struct buf *buf);

#endif
