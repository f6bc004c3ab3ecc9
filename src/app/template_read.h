/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filled workbook that comes back (spec: forms.md): what somebody changed in it
 * is found cell by cell, checked, shown, and written by the same use cases as
 * everything else, with their rights and their entries in the log.
 *
 * Of an own template the system knows where each placeholder stood; rows may
 * have been added, taken out or moved. Of an official form (F2, F3, F4, F7, F8) the
 * heads tell; so of F14 (goal, measures, owner) and F18; F1 and F15 are only
 * checked; F5 brings self and committee scores. Totals must be what the rows add up to; one that is
 * not becomes a finding of the campaign, until the form comes back right. An empty cell leaves what is known, "-" makes it unknown.
 * What is worked out by the system is never read, only compared.
 *
 * One wrong cell and nothing is written; what is written is written in one
 * transaction, all of it or nothing.
 */
#ifndef JW_APP_TEMPLATE_READ_H
#define JW_APP_TEMPLATE_READ_H

#include "app/app.h"

enum {
	READ_ITEMS_MAX = 1000,		/* that are listed, of each kind */
	READ_FILE_MAX = 20 << 20,	/* bytes of the workbook */
	READ_SHEETS_MAX = 5000,		/* as many score sheets as are printed at once */
};

enum read_item_kind { READ_CHANGE, READ_WRONG, READ_NOTE, READ_KINDS };

struct read_item {
	enum read_item_kind kind;
	const char *sheet, *cell;	/* "C12"; "" for the sheet as a whole */
	const char *object, *label;	/* "三岔口村党支部", "党员数"; "" */
	const char *before, *after;	/* of a change */
	const char *text;		/* else: what is wrong and what was expected */
};
struct read_result {
	struct read_item *items;	/* wrong ones first, then changes, then notes */
	int n;
	int count[READ_KINDS];		/* all of them, listed or not */
	int rows;			/* that were recognised */
	int written;			/* changes that were written; 0 in a dry run */
	int sums;			/* totals that now stand among the findings (integrity.md) */
};

struct read_ask {
	int64_t template;		/* 0: an official form */
	const char *form;		/* "f4" */
	int64_t node, campaign;		/* campaign 0: none */
};

/* Whether there is anything to read back of an official form. */
bool template_read_knows(const char *form);

/*
 * Reads the workbook and, unless `dry_run`, writes what changed. ACTION_REPORT_READ
 * at the node; writing needs the right of each thing. ERR_INPUT: no workbook of
 * this template at all, or (not dry) something is wrong in it; `ret_result` is set
 * whenever the cells could be read.
 */
int template_read(struct app *app, const struct caller *caller, const struct read_ask *ask,
		  const char *name, struct str data, bool dry_run, struct arena *arena,
		  struct read_result *ret_result, struct err_info *info);

#endif
