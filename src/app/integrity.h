/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of domain/integrity.h over a campaign and the ledger. Findings stay;
 * an officer marks them explained (with a reason) or confirmed.
 */
#ifndef JW_APP_INTEGRITY_H
#define JW_APP_INTEGRITY_H

#include "app/ledger.h"
#include "domain/integrity.h"

struct integrity_report {
	struct campaign campaign;
	const char *node_name;
	struct integrity_finding *findings;
	const char **keys;		/* [n] to mark it by: "left-out:120000035:…" */
	const struct finding_mark **marks;	/* [n] or NULL each */
	int n, n_open;			/* not marked */
};


/* ACTION_CHECK_READ at `node`, an organisation of the campaign. */
int integrity_run(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct integrity_report *ret_report, struct err_info *info);

/* ACTION_CHECK_WRITE at `node`. ERR_INPUT: explained without a reason. */
int integrity_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   const char *key, bool confirmed, const char *reason, struct err_info *info);

#endif
