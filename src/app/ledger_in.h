/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the ledger share: how a use case finds its case, who may, and
 * how an event is written. */
#ifndef JW_APP_LEDGER_IN_H
#define JW_APP_LEDGER_IN_H

#include "app/ledger.h"

enum { LEDGER_TEXT_MAX = 6000 /* bytes: 2,000 characters */ };

/* A use case on its way through one transaction. */
struct ledger_work {
	struct app *app;
	const struct caller *caller;
	int64_t case_id;
	/* The work itself; `c`, `campaign` and `scheme` are loaded, the caller is
	 * looked up, his right to read the case is checked. */
	int (*fn)(struct ledger_work *work, struct db_tx *tx, struct err_info *info);
	const void *in;
	int64_t number;			/* further arguments and a result */
	int choice;
	const char *text;

	struct arena arena;		/* emptied when the function runs again */
	struct access access;
	struct ledger_case c;
	struct campaign campaign;
	const struct scheme *scheme;
};

/* Runs work->fn in a writing transaction of the case. */
int ledger_run(struct ledger_work *work, struct err_info *info);
/* The same within a transaction that writes more. */
int ledger_run_in(struct db_tx *tx, struct ledger_work *work, struct err_info *info);

/* Loads case, campaign, scheme and caller. ERR_NOT_FOUND, ERR_DENIED. */
int ledger_load(struct db_tx *tx, struct ledger_work *work, struct err_info *info);

/* ERR_DENIED unless the caller may do one of two actions at the case. */
int ledger_may(const struct ledger_work *work, enum action one, enum action other,
	       struct err_info *info);

/* May the caller accept: as the scheme's levels say. */
bool ledger_may_accept(const struct access *access, const struct scheme *scheme,
		       const char *path);

/* An event in the case and an entry in the log. `act`: enum case_act or a
 * CASE_EVENT. */
int ledger_event(struct db_tx *tx, struct ledger_work *work, int act, enum case_state before,
		 int32_t day, const char *text, struct err_info *info);

/* ERR_INPUT where a day is not whole, or after today (`past`); 0 is fine. */
int ledger_check_day(const struct ledger_work *work, const char *label, int32_t day, bool past,
		     struct err_info *info);

/* ERR_INPUT where a text is missing (`required`) or too long. */
int ledger_check_text(const char *label, const char *text, bool required, struct err_info *info);

/* What the guards look at, of the case as it is in `work`. */
int ledger_facts(struct db_tx *tx, struct ledger_work *work, struct case_facts *ret_facts);

/* ERR_STATE: the case is closed for work (dropped, written off, settled). */
int ledger_check_open(const struct ledger_work *work, struct err_info *info);

/* What the alarms of all cases below a path ask for, and those of one of them. */
struct alarm_book {
	struct case_help_facts *facts;
	struct past_result *past;
	int n_facts, n_past;
};
int ledger_alarm_book(struct db_tx *tx, const char *path, struct arena *arena,
		      struct alarm_book *ret_book);
/* Of each of the cases at or below a path, by the rules of its campaign. */
int ledger_alarms_below(struct db_tx *tx, struct app *app, const char *path, const struct ledger_case *cases, int n,
			int32_t today, struct arena *arena, uint32_t **ret_alarms, struct err_info *info);
uint32_t ledger_case_alarms(const struct alarm_book *book, const struct ledger_case *c,
			    const struct scheme_case *rules, int32_t today);

#endif
