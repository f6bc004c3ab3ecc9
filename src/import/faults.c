/* SPDX-License-Identifier: Apache-2.0 */
#include "import/faults.h"

#include <stdarg.h>

#include "base/err.h"

void faults_done(struct faults *faults)
{
	if (!faults)
		return;
	arena_done(&faults->arena);
	faults->n = 0;
	faults->total = 0;
}

void faults_add(struct faults *faults, unsigned line, const char *format, ...)
{
	faults->total++;
	if (faults->n == FAULTS_KEPT)
		return;
	struct err_info cut = {0};	/* cuts long texts at a character's edge */
	va_list args;
	va_start(args, format);
	err_vset(&cut, 0, format, args);
	va_end(args);
	faults->at[faults->n] = (struct fault){
		.line = line,
		.seq = faults->n,
		.text = arena_strdup(&faults->arena, cut.text),
	};
	faults->n++;
}

static int by_line(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void faults_report(struct faults *faults, struct diag *diag)
{
	qsort(faults->at, faults->n, sizeof(faults->at[0]), by_line);
	for (unsigned i = 0; i < faults->n; i++)
		diag_add(diag, "%s 第 %u 行 %s", faults->name, faults->at[i].line,
			 faults->at[i].text ? faults->at[i].text : "有错误（内存不足，说明未能列出）");
	diag->total += faults->total - faults->n;
}
