/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the survey says of an organisation's weakness: which warnings speak for
 * which criterion, and the kind of support they ask for (CT-4, LD-1, LD-3).
 */
#ifndef JW_APP_LEDGER_SURVEY_H
#define JW_APP_LEDGER_SURVEY_H

#include "domain/scheme.h"
#include "store/survey.h"

/* The warnings of one organisation. */
struct ledger_warnings {
	const struct survey_red_row *at;
	int n;
};

/* The warnings of the scheme's questions below a path, by path and question. */
int ledger_warnings_below(struct db_tx *tx, int64_t campaign, const struct scheme *scheme,
			  const char *path, struct arena *arena, struct ledger_warnings *ret);

/* Those of the organisation that stands at `*at` in the list; `*at` moves behind them. */
struct ledger_warnings ledger_warnings_next(const struct ledger_warnings *all, int *at);

/* A bit for each criterion that a warning speaks for. */
uint64_t ledger_warned_criteria(const struct scheme *scheme, struct ledger_warnings warnings);

/* "党组织书记是否空缺：是；班子是否配齐：否" of the warnings for a criterion, and the
 * last day on which one was given. NULL: none, or no memory. */
const char *ledger_warning_words(const struct scheme *scheme, struct ledger_warnings warnings,
				 int criterion, struct arena *arena, int32_t *ret_day);

/* The proposed kind of support, -1 none, and the warnings that ask for it. */
int ledger_support_kind(const struct scheme *scheme, struct ledger_warnings warnings,
			struct arena *arena, const char **ret_why);

#endif
