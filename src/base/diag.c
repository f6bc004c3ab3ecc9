/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

void diag_done(struct diag *diag)
{
	if (!diag)
		return;
	arena_done(&diag->arena);
	*diag = (struct diag){0};
}

void diag_add(struct diag *diag, const char *format, ...)
{
	diag->total++;
	if (diag->n == DIAG_SHOWN)
		return;
	struct err_info cut = {0};	/* cuts long texts at a character's edge */
	va_list args;
	va_start(args, format);
	err_vset(&cut, 0, format, args);
	va_end(args);
	char *text = arena_strdup(&diag->arena, cut.text);
	if (text)
		diag->at[diag->n++] = text;
}

struct diag_mark diag_mark(const struct diag *diag)
{
	return (struct diag_mark){diag->n, diag->total};
}

void diag_back(struct diag *diag, struct diag_mark mark)
{
	diag->n = mark.n;
	diag->total = mark.total;
}
