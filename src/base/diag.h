/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is wrong with a file at once: the first DIAG_SHOWN messages and how
 * many there are. Each message is one line of plain Chinese that names file,
 * place, what was found and what was expected.
 */
#ifndef JW_BASE_DIAG_H
#define JW_BASE_DIAG_H

#include <stdint.h>

#include "base/arena.h"

enum { DIAG_SHOWN = 50 };

/* Zero-initialised is ready to use. Not shared between threads. */
struct diag {
	struct arena arena;
	int n;				/* messages kept, at most DIAG_SHOWN */
	uint64_t total;			/* messages added */
	const char *at[DIAG_SHOWN];
};

void diag_done(struct diag *diag);

/* Adds a message; beyond DIAG_SHOWN (or without memory) only counts it. */
void diag_add(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How far it is, and back there: what was added since is forgotten. */
struct diag_mark {
	int n;
	uint64_t total;
};
struct diag_mark diag_mark(const struct diag *diag);
void diag_back(struct diag *diag, struct diag_mark mark);

#endif
