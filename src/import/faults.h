/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with one text file, gathered in any order and handed over in
 * the order of its lines. Each fault says "<file> 第 N 行 <text>".
 */
#ifndef JW_IMPORT_FAULTS_H
#define JW_IMPORT_FAULTS_H

#include <stdint.h>

#include "base/diag.h"

enum { FAULTS_KEPT = 1000 };

struct fault {
	unsigned line;
	unsigned seq;		/* equal lines keep the order they came in */
	const char *text;	/* NULL: there was no memory for it */
};

/* Zero-initialised but for the name is ready to use. */
struct faults {
	struct arena arena;
	const char *name;	/* the file, borrowed */
	uint64_t total;
	unsigned n;		/* kept, at most FAULTS_KEPT */
	struct fault at[FAULTS_KEPT];
};

void faults_done(struct faults *faults);

/* Adds one; beyond FAULTS_KEPT only counts it. */
void faults_add(struct faults *faults, unsigned line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds all to `diag`, by line. */
void faults_report(struct faults *faults, struct diag *diag);

#endif
